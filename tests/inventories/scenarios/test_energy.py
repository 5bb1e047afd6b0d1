"""Energy: what is drawn, what making it emits, and that neither is hidden in the port's own sum."""

from __future__ import annotations

import pytest

from inventories.build import build
from inventories.coverage import CO2E
from inventories.examples import copy_example
from inventories.port import Port
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.energy import energy
from inventories.scenarios.making import HYDROGEN_PATHWAYS, making

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


def test_making_by_hand() -> None:
    assert making("fuel:MGO") == pytest.approx(14.4 * 0.0427)  # FuelEU: g CO2e/MJ times MJ/g
    assert making("hydrogen") == pytest.approx(117.67 * 120 / 1000)
    assert making("fuel:diesel") == pytest.approx((100.45 - 74.14) * 42.869 / 1000)
    assert making("fuel:lpg") is None


def test_hydrogen_depends_on_how_it_is_made_and_is_never_free() -> None:
    rates = {name: making("hydrogen", name) for name in HYDROGEN_PATHWAYS}
    assert all(rate is not None and rate > 0 for rate in rates.values())
    assert rates["grid_electrolysis"] > rates["fossil_gas"] > rates["renewable_electrolysis"]  # type: ignore[operator]


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
