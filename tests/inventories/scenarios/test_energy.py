"""Energy: what is drawn, what making it emits, and that neither is hidden in the port's own sum."""

from __future__ import annotations

import pytest

from factors.recipes.fuel_supply import COMPONENT
from inventories import Inventory
from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.answers.energy import energy
from inventories.scenarios.base_year.base import SHIPS
from inventories.scenarios.base_year.well_to_tank import HYDROGEN_PATHWAYS, making, making_hydrogen
from inventories.year.build import build
from inventories.year.coverage import CO2E
from inventories.year.well_to_wake import well_to_wake

YEAR = 2030
PLUGS = {
    "kind": "shore_power",
    "share_of": "stops",
    "adoption": {"from": 2024, "to": YEAR, "reaches": 1.0},
}


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Projector:
    port = Port.load(copy_example("small-harbor", tmp_path_factory.mktemp("energy") / "harbor"))
    return Projector.of(build(port, 2024, None, {"grid_region": "CAMX"}))


def test_making_by_hand(projector: Projector) -> None:
    base = projector.base
    assert making(base, SHIPS, "fuel:MGO") == pytest.approx(14.4 * 0.0427)  # FuelEU: g CO2e/MJ times MJ/g
    assert making(base, SHIPS, "fuel:LNG") == pytest.approx(18.5 * 0.0491)
    assert making(base, SHIPS, "fuel:methanol") == pytest.approx(31.3 * 0.0199)
    assert making(base, "locomotives", "hydrogen") == pytest.approx(117.67 * 120 / 1000)
    assert making(base, "harbor_craft", "fuel:diesel") == pytest.approx((100.45 - 74.14) * 42.869 / 1000)
    assert making(base, "cargo_handling_equipment", "fuel:lpg") is None
    assert making(base, "cargo_handling_equipment", "fuel:LNG") is None  # printed for ships


def test_hydrogen_depends_on_how_it_is_made_and_is_never_free() -> None:
    rates = {name: making_hydrogen(name) for name in HYDROGEN_PATHWAYS}
    assert all(rate > 0 for rate in rates.values())
    assert rates["grid_electrolysis"] > rates["fossil_gas"] > rates["renewable_electrolysis"]


# ---------------------------------------------------------------- making ships' fuels

GAS = {"kind": "ship_fuel", "fuel": "LNG", "cycle": "otto_medium_speed", "share_of": "calls",
       "accept_not_estimated": ["BC", "N2O", "PM10", "PM2.5", "CH4", "CO", "VOC", "NH3", "DPM", "NOx", "HC"],
       "adoption": {"from": 2024, "to": YEAR, "reaches": 0.5}}  # fmt: skip


@pytest.fixture(scope="module")
def made_known(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """A year that counts what making ships' fuels emits."""
    port = Port.load(copy_example("small-harbor", tmp_path_factory.mktemp("made") / "harbor"))
    return build(port, 2024, None, {"grid_region": "CAMX", "well_to_tank": "fueleu"})


def test_the_base_year_is_the_inventorys_own_from_well_to_wake(made_known: Inventory) -> None:
    projector = Projector.of(made_known)
    held = energy(projector, projector.project(Scenario.from_dict({"name": "s", "horizon": 2026})))
    own = well_to_wake(made_known).by_source()[0].loc["total", "well_to_wake"]
    assert held.well_to_wake.loc[2024, made_known.gwp_set] == pytest.approx(own * 1000, rel=1e-12)


def test_what_making_ships_fuels_emits_follows_what_they_burn(made_known: Inventory) -> None:
    projector = Projector.of(made_known)
    outlook = projector.project(Scenario.from_dict({"name": "s", "horizon": YEAR, "measures": [GAS]}))
    told = outlook.series(COMPONENT, in_domain=False, source="fuel_supply")
    oil, gas = (outlook.series(f"fuel:{name}", source=SHIPS) for name in ("MGO", "LNG"))
    residual = outlook.series("fuel:RM", source=SHIPS)
    assert gas[YEAR] > 0
    by_hand = oil * 14.4 * 0.0427 + residual * 13.5 * 0.0405 + gas * 18.5 * 0.0491
    assert told.to_numpy() == pytest.approx(by_hand.to_numpy(), rel=1e-12)
    assert told[2024] == pytest.approx(made_known.mass[COMPONENT].sum(), rel=1e-12)


def test_methanol_is_made_by_the_methods_pathway(made_known: Inventory) -> None:
    """In CO2e of making it a kilogram is 31.3 x 0.0199 from gas; no number was said for it before."""
    projector = Projector.of(made_known)
    burning = {name: value for name, value in GAS.items() if name != "cycle"} | {"fuel": "methanol"}
    outlook = projector.project(Scenario.from_dict({"name": "s", "horizon": YEAR, "measures": [burning]}))
    held = energy(projector, outlook)
    assert "methanol" not in held.not_estimated
    told = outlook.series(COMPONENT, in_domain=False, source="fuel_supply")
    burnt = outlook.series("fuel:methanol", source=SHIPS)
    oil = outlook.series("fuel:MGO", source=SHIPS) * 14.4 * 0.0427
    assert (told - oil)[YEAR] == pytest.approx(burnt[YEAR] * 31.3 * 0.0199, rel=1e-9)


def test_power_of_ships_stands_beside_the_ports_own_mass(projector: Projector) -> None:
    outlook = projector.project(Scenario.from_dict({"name": "s", "horizon": YEAR, "measures": [PLUGS]}))
    held = energy(projector, outlook)
    drawn = held.electricity["ships and meters"]
    assert drawn.loc[YEAR] > drawn.loc[2024]
    assert held.peak_mw.loc[YEAR, "ships and meters"] == pytest.approx(drawn.loc[YEAR] / 8760 / 0.5)
    grid = held.grid_mass[(held.grid_mass["year"] == YEAR) & (held.grid_mass["pollutant"] == "CO2")]
    assert grid["mass_kg"].sum() > 0
    gwp = outlook.gwp_set
    assert held.tank_to_wake[gwp].loc[YEAR] == pytest.approx(outlook.series(CO2E).loc[YEAR])
    assert held.well_to_wake[gwp].loc[YEAR] > held.tank_to_wake[gwp].loc[YEAR]
    assert len(held.tank_to_wake.columns) == 2  # over 100 and over 20 years


def test_an_unknown_pathway_is_refused(projector: Projector) -> None:
    outlook = projector.project(Scenario.from_dict({"name": "s", "horizon": YEAR}))
    with pytest.raises(KeyError, match="no pathway 'magic' of hydrogen; known are fossil_gas"):
        energy(projector, outlook, hydrogen="magic")
