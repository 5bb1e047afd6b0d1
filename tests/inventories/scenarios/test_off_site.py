"""Power stations and hydrogen plants in a projection: each kilowatt-hour once, by that year's rate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from factors.grid_hours import days_of
from factors.method import load_method
from factors.units import conversion
from inventories import Inventory
from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.answers.comparison import compare
from inventories.scenarios.answers.contributions import contributions
from inventories.scenarios.answers.energy import Energy, energy
from inventories.scenarios.answers.tables import tables
from inventories.scenarios.base_year.well_to_tank import making_hydrogen

YEAR, LAST = 2024, 2040
CAMX = 428.464 * conversion("lb", "kg") / 1000
MACHINES = """
unit_id,terminal,type,count,engine_model_year,power (kW),fuel,hours,kwh_metered
crane-1,quay,rtg_crane,1,2020,300,electric,1000,40000
tractor-1,quay,yard_tractor,4,2015,150,diesel,1000,
reach-1,quay,reach_stacker,1,2012,250,diesel,1000,
"""
BATTERY = {
    "kind": "equipment",
    "share_of": "hours",
    "types": ["yard_tractor"],
    "kwh_per_hour": {"yard_tractor": 20.0},
    "technologies": {"battery": {"from": YEAR, "to": 2034, "reaches": 1.0}},
}
PLUGS = {"kind": "shore_power", "share_of": "stops", "adoption": {"from": YEAR, "to": 2034, "reaches": 1.0}}
GROWN = {"kind": "growth", "sources": ["cargo_handling_equipment"], "rate": 0.02}
CRAFT = {"kind": "harbor_craft", "share_of": "energy", "drive_efficiency": 0.8,
         "technologies": {"battery": {"from": YEAR, "to": 2034, "reaches": 1.0}}}  # fmt: skip


def inventory(folder: Path, **options: str) -> Inventory:
    path = copy_example("small-harbor", folder / "harbor")
    (path / f"activity/{YEAR}/equipment.csv").write_text(MACHINES.lstrip(), encoding="utf-8")
    return Inventory.build(Port.load(path), YEAR, **{"grid_region": "CAMX", **options})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    return inventory(tmp_path_factory.mktemp("average"))


@pytest.fixture(scope="module")
def projector(built: Inventory) -> Projector:
    return Projector.of(built)


def scenario(*measures: dict[str, Any], **keys: Any) -> Scenario:
    return Scenario.from_dict({"name": "s", "horizon": LAST, "measures": list(measures), **keys})


def looked(projector: Projector, *measures: dict[str, Any]) -> tuple[Any, Energy]:
    outlook = projector.project(scenario(*measures))
    return outlook, energy(projector, outlook)


def grid(outlook: Any, pollutant: str = "CO2") -> pd.Series:
    return outlook.series(pollutant, in_domain=False, source="electricity")


def test_the_first_year_is_the_inventory_and_without_measures_so_are_all(
    built: Inventory, projector: Projector
) -> None:
    outlook, _ = looked(projector)
    totals = built.mass.groupby(built.cells["source_category"].astype(str)).sum()
    for pollutant in ("CO2", "NOx", "electricity"):
        assert (grid(outlook, pollutant) == totals.loc["electricity", pollutant]).all()


def test_batteries_add_their_grid_mass_to_the_lines_of_power_stations(projector: Projector) -> None:
    """4 tractors x 1,000 h x 20 kWh = 80,000 kWh, at 428.464 lb CO2/MWh."""
    outlook, _ = looked(projector, BATTERY)
    assert grid(outlook)[2034] - grid(outlook)[YEAR] == pytest.approx(80_000 * CAMX)
    assert grid(outlook)[2029] - grid(outlook)[YEAR] == pytest.approx(40_000 * CAMX)


def test_battery_craft_add_theirs(projector: Projector) -> None:
    outlook, held = looked(projector, CRAFT)
    drawn = held.electricity["harbor craft"]
    assert drawn[2034] > 0
    assert grid(outlook)[2034] - grid(outlook)[YEAR] == pytest.approx(drawn[2034] * 1000 * CAMX)


def test_grid_mass_of_machines_grows_with_machines_and_not_with_meters(projector: Projector) -> None:
    """40,000 kWh of the crane follow the equipment, 12,000 of a ship the calls; the rest is the terminal's.

    The ship is a ro-ro of unknown gross tons: 10 h at 1,200 kW, the larger of the two middle bins.
    """
    outlook, held = looked(projector, GROWN)
    assert held.electricity["equipment"][2030] == pytest.approx(40 * 1.02**6)
    assert grid(outlook)[2030] - grid(outlook)[YEAR] == pytest.approx(40_000 * (1.02**6 - 1) * CAMX)
    meters, _ = looked(projector, {**GROWN, "sources": ["electricity"]})
    rest = 250_000 - 40_000 - 12_000
    assert grid(meters)[2030] - grid(meters)[YEAR] == pytest.approx(rest * (1.02**6 - 1) * CAMX)


@pytest.mark.parametrize("measures", [(), (BATTERY,), (PLUGS, BATTERY, GROWN, CRAFT)])
def test_the_energy_table_sums_the_kilowatt_hours_that_the_grid_lines_hold(
    projector: Projector, measures: tuple[dict[str, Any], ...]
) -> None:
    outlook, held = looked(projector, *measures)
    drawn = held.electricity.sum(axis=1)
    assert held.carriers["electricity_mwh"].to_numpy() == pytest.approx(drawn.to_numpy())
    assert grid(outlook).to_numpy() == pytest.approx(drawn.to_numpy() * 1000 * CAMX)
    for pollutant in ("CO2", "SOx"):
        mine = held.grid_mass[held.grid_mass["pollutant"] == pollutant]
        told = mine.groupby("year")["mass_kg"].sum()
        assert told.to_numpy() == pytest.approx(grid(outlook, pollutant).to_numpy())
    co2 = held.grid_mass[held.grid_mass["pollutant"] == "CO2"].pivot(
        index="year", columns="use", values="mass_kg"
    )
    assert co2.to_numpy() == pytest.approx(held.electricity[co2.columns].to_numpy() * 1000 * CAMX)


def test_contributions_of_grid_mass_sum_to_the_effect(projector: Projector) -> None:
    measures = (BATTERY, PLUGS, GROWN)
    outlook, _ = looked(projector, *measures)
    bare, _ = looked(projector, GROWN)
    told = contributions(projector, scenario(*measures)).series("CO2", in_domain=False)
    effect = outlook.series("CO2", in_domain=False) - bare.series("CO2", in_domain=False)
    assert told.sum(axis=1).to_numpy() == pytest.approx(effect.to_numpy(), abs=1e-6)
    assert (told.loc[2030, ["equipment", "shore_power"]] > 0).all()


def test_projected_rates_are_each_years_own(tmp_path: Path) -> None:
    """Cambium 2023, CAISO mid case, long-run marginal: straight lines between the years printed."""
    base = inventory(tmp_path, grid_kind="projected", grid_region="CAISO (MidCase)", grid_year="2025")
    frame = base.method.table("electricity", "rates").frame
    mine = frame[
        (frame["region"] == "CAISO (MidCase)")
        & (frame["rate_type"] == "long-run marginal")
        & (frame["qualifier"] == "combustion only")
        & (frame["quantity"] == "CO2")
    ]
    printed = dict(zip(mine["year"], mine["value"], strict=True))
    outlook, held = looked(Projector.of(base), BATTERY)
    drawn = held.electricity.sum(axis=1)
    for year in (2025, 2030, 2035):
        ratio = grid(outlook)[year] / grid(outlook)[YEAR] / (drawn[year] / drawn[YEAR])
        assert ratio == pytest.approx(printed[year] / printed[2025])
    between = np.interp(2032, [2030, 2035], [printed[2030], printed[2035]])
    assert grid(outlook)[2032] / drawn[2032] == pytest.approx(
        grid(outlook)[2030] / drawn[2030] * between / printed[2030]
    )
    told = held.grid_mass.groupby("year")["mass_kg"].sum()
    assert told.to_numpy() == pytest.approx(grid(outlook).to_numpy())
    assert any("each year's own from 2025" in text for text in held.assumptions)


def test_average_rates_are_held_and_say_so(projector: Projector) -> None:
    _, held = looked(projector)
    assert any("average rates of 2023 in every year" in text for text in held.assumptions)


def test_without_a_region_kilowatt_hours_are_told_and_mass_is_not(tmp_path: Path) -> None:
    outlook, held = looked(Projector.of(inventory(tmp_path, grid_region="")), BATTERY)
    assert held.electricity["equipment"][2034] == pytest.approx(120)
    assert not len(held.grid_mass)
    assert "electricity (no grid region)" in held.not_estimated
    assert grid(outlook).eq(0).all()


# ---------------------------------------------------------------- hydrogen

CELLS = {
    "kind": "equipment",
    "share_of": "hours",
    "types": ["yard_tractor"],
    "hydrogen_kg_per_hour": {"yard_tractor": 1.5},
    "technologies": {"fuel_cell": {"from": YEAR, "to": 2034, "reaches": 1.0}},
}


@pytest.mark.parametrize("pathway", ["", "fossil_gas", "grid_electrolysis", "renewable_electrolysis"])
def test_what_making_hydrogen_emits_stands_in_the_dataset(projector: Projector, pathway: str) -> None:
    """4,000 h x 1.5 kg = 6,000 kg, by how it is made; from fossil gas where nobody says."""
    made = [{"kind": "hydrogen_supply", "pathway": pathway}] if pathway else []
    outlook, held = looked(projector, CELLS, *made)
    told = outlook.series("CO2e_well_to_tank", in_domain=False, source="hydrogen_supply")
    rate = making_hydrogen(pathway or "fossil_gas")
    assert told[YEAR] == 0
    assert told[2034] == pytest.approx(6_000 * rate)
    data = outlook.dataset()["mass_elsewhere"]
    kept = data.sel(source_category="hydrogen_supply", pollutant="CO2e_well_to_tank", year=2034)
    assert float(kept.squeeze()) == pytest.approx(6_000 * rate)
    well = held.well_to_wake - held.tank_to_wake
    plain, _ = looked(projector, CELLS, {"kind": "hydrogen_supply", "pathway": "renewable_electrolysis"})
    assert plain.mass["mass_kg"].sum() <= outlook.mass["mass_kg"].sum()
    assert (well.loc[2034] > 0).all()


def test_hydrogen_of_the_base_year_is_not_hidden(write_base: Callable[..., Any]) -> None:
    machine = {"key_technology": "fuel_cell_metered", "key_fuel": "hydrogen", "quantity": 1000.0,
               "process_set": "fuel", "key_scc": 0, "key_power_bin": "", "key_model_year": 0}  # fmt: skip
    base = write_base({"cargo_handling_equipment": [machine]})
    outlook = Projector(base, "AR5").project(scenario())
    told = outlook.series("CO2e_well_to_tank", in_domain=False, source="hydrogen_supply")
    assert told.to_numpy() == pytest.approx(1000 * making_hydrogen("fossil_gas"))


# ---------------------------------------------------------------- supply

SUPPLY = {
    "kind": "electricity_supply",
    "supplies": [
        {"name": "roofs", "what": "own", "share": {2025: 0.2}, "kg_per_mwh": {"CO2": 0.0},
         "source": "meter"},
        {"name": "wind", "what": "contract", "share": {2030: 0.3}, "kg_per_mwh": {"CO2": 11.0},
         "source": "contract 7"},
    ],
    "in_basin_share": 0.25,
    "in_basin_source": "plants of the utility",
    "marginal_region": "California (AVERT region)",
    "marginal_year": 2023,
    "at_once": [{"use": "equipment", "count": {2024: 0, 2034: 4}, "kw_each": 150, "source": "terminal"}],
}  # fmt: skip


def test_location_and_market_stand_beside_each_other(projector: Projector) -> None:
    """A fifth made on roofs leaves the grid; three tenths bought as wind change the market's sum alone."""
    outlook, held = looked(projector, BATTERY, SUPPLY)
    co2 = held.supply[held.supply["pollutant"] == "CO2"].set_index("year")
    mwh = held.electricity.sum(axis=1)
    whole = grid(outlook)
    assert co2["location_kg"][YEAR] == co2["market_kg"][YEAR] == pytest.approx(whole[YEAR])
    assert co2["location_kg"][2030] == pytest.approx(0.8 * whole[2030])
    assert co2["market_kg"][2030] == pytest.approx(0.5 * whole[2030] + 0.3 * mwh[2030] * 11.0)
    nox = held.supply[held.supply["pollutant"] == "NOx"].set_index("year")
    assert np.isnan(nox["location_kg"][2030])  # nobody said what the roofs emit: not estimated, and no zero
    assert nox["location_kg"][YEAR] > 0


def test_a_supply_changes_no_trend(projector: Projector) -> None:
    with_it, _ = looked(projector, BATTERY, SUPPLY)
    without, _ = looked(projector, BATTERY)
    pd.testing.assert_frame_equal(with_it.mass, without.mass)
    told = contributions(projector, scenario(BATTERY, SUPPLY))
    assert told.measures == ("equipment",)


def test_the_basin_has_its_share_apart(projector: Projector) -> None:
    outlook, held = looked(projector, SUPPLY)
    mine = held.in_basin[held.in_basin["pollutant"] == "NOx"].set_index("year")["mass_kg"]
    assert mine[2030] == pytest.approx(0.25 * grid(outlook, "NOx")[2030])


def test_added_demand_by_marginal_rates_is_a_table_of_its_own(projector: Projector) -> None:
    """80,000 kWh more at AVERT's 1,037.04 lb CO2/MWh at the meter; lines' losses are inside."""
    _, held = looked(projector, BATTERY, SUPPLY)
    co2 = held.marginal_change[held.marginal_change["pollutant"] == "CO2"].set_index("year")["mass_kg"]
    assert co2[YEAR] == 0
    assert co2[2034] == pytest.approx(80 * 1037.0430484669807 * conversion("lb", "kg"))


def test_peak_power_is_that_of_chargers_busy_at_once(projector: Projector) -> None:
    _, held = looked(projector, BATTERY, SUPPLY)
    assert held.peak_mw["equipment"][2034] == pytest.approx(0.6)
    assert held.peak_mw["equipment"][2029] == pytest.approx(0.3)
    rest = held.electricity["ships and meters"]
    assert held.peak_mw["ships and meters"][2030] == pytest.approx(rest[2030] / 8760 / 0.5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"supplies": [{**SUPPLY["supplies"][0], "share": {2030: 0.8}},
                       {**SUPPLY["supplies"][1], "share": {2030: 0.5}}]},
         "supplies reach 130% of all electricity in 2030"),
        ({"in_basin_source": ""}, "in_basin_share needs in_basin_source"),
        ({"marginal_region": "CAMX"}, r"(?s)marginal_region: .*region may be California"),
        ({"supplies": [{**SUPPLY["supplies"][0], "source": ""}]}, "source"),
    ],
)  # fmt: skip
def test_a_supply_that_cannot_be_is_refused(projector: Projector, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        projector.project(scenario({**SUPPLY, **change}))


def test_two_supplies_of_one_kind_are_refused(projector: Projector) -> None:
    with pytest.raises(ScenarioError, match="a scenario has one hydrogen_supply"):
        projector.project(
            scenario(
                {"kind": "hydrogen_supply", "name": "a", "pathway": "fossil_gas"},
                {"kind": "hydrogen_supply", "name": "b", "pathway": "landfill_gas"},
            )
        )


def test_own_power_needs_a_grid_to_differ_from(write_base: Callable[..., Any]) -> None:
    base = write_base({"electricity": [{"quantity": 1000.0}]}, method=load_method("epa-2022"))
    with pytest.raises(ScenarioError, match="names no grid_region"):
        Projector(base, "AR5").project(scenario(SUPPLY))


def test_the_tables_of_a_comparison_have_power_stations_and_supply(projector: Projector) -> None:
    other = Scenario.from_dict({"name": "other", "horizon": LAST, "measures": [BATTERY, SUPPLY]})
    both = compare(projector, [scenario(BATTERY), other])
    found = tables(both)
    mass = found["power_stations"].groupby(["scenario", "year", "pollutant"])["mass_kg"].sum()
    assert mass["other", 2034, "CO2"] == pytest.approx(grid(both.outlooks[1])[2034])
    supply = found["electricity_supply"].set_index(["scenario", "year", "pollutant"])
    assert {name for name, _, _ in supply.index} == {"other"}
    row = supply.loc[("other", 2034, "CO2")]
    assert row["grid_kg"] == pytest.approx(mass["other", 2034, "CO2"])
    assert row["market_kg"] < row["location_kg"] < row["grid_kg"]
    assert row["in_basin_kg"] == pytest.approx(0.25 * row["grid_kg"])


def test_one_way_of_making_hydrogen_may_hold_for_all_scenarios(projector: Projector) -> None:
    said = scenario(CELLS, {"kind": "hydrogen_supply", "pathway": "grid_electrolysis"})
    both = [compare(projector, [said], hydrogen=way) for way in ("", "renewable_electrolysis")]
    told = [
        one.outlooks[0].series("CO2e_well_to_tank", in_domain=False, source="hydrogen_supply")[2034]
        for one in both
    ]
    rates = [making_hydrogen(name) for name in ("grid_electrolysis", "renewable_electrolysis")]
    assert told == pytest.approx([6_000 * float(rate or 0) for rate in rates])


# ---------------------------------------------------------------- by the hour

BY_HOUR = {"grid_kind": "marginal", "grid_region": "California (AVERT region)", "grid_year": "2023",
           "grid_hours": "by_hour"}  # fmt: skip


def test_rates_by_the_hour_hold_in_the_year_and_in_its_projection(tmp_path: Path) -> None:
    """A flat load takes the plain mean of each month's hours; new chargers that of all the year's."""
    base = inventory(tmp_path, **BY_HOUR)
    rows = base.work[base.work["source_category"].astype(str) == "electricity"]
    drawn = rows.groupby("month")["quantity"].sum()
    frame = base.method.table("electricity", "by_hour").frame.query("quantity == 'CO2'")
    days = days_of(YEAR)
    weighed = frame.merge(days, on=["month", "day_type"])
    total = weighed["value"] * weighed["days"]
    mean = total.groupby(weighed["month"]).sum() / weighed["days"].groupby(weighed["month"]).sum()
    expected = float((drawn * mean).sum()) / 1000 * conversion("lb", "kg")
    outlook, held = looked(Projector.of(base), BATTERY, PLUGS, CRAFT)
    assert grid(outlook)[YEAR] == pytest.approx(expected)
    plain = looked(Projector.of(base), BATTERY)[0]
    machines = plain.series("CO2", in_domain=False, source="electricity")
    added = (machines[2034] - machines[YEAR]) / 80_000
    of_base = float((mean * days.groupby("month")["days"].sum()).sum()) / 366 / 1000 * conversion("lb", "kg")
    assert added == pytest.approx(of_base, rel=2e-3)  # the crane's months are those of its own hours
    told = held.grid_mass[held.grid_mass["pollutant"] == "CO2"].groupby("year")["mass_kg"].sum()
    assert told.to_numpy() == pytest.approx(grid(outlook).to_numpy())
