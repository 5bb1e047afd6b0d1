"""Greenhouse gases from well to wake: what was burnt, what was made elsewhere, and what nobody knows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from factors.method import load_method
from factors.units import conversion
from factors.well_to_tank import of_land, of_ships
from inventories import Inventory, Port
from inventories.examples import copy_example
from inventories.year.storage import WELL_TO_WAKE
from inventories.year.well_to_wake import WellToWake, well_to_wake

SHIPS = "ocean_going_vessels"
GRID = {"grid_region": "CAMX"}


def write_renewable(folder: Path) -> Port:
    """The small harbor with HVO in one ship, and renewable diesel in its tractors, tug and shunter."""
    activity = copy_example("small-harbor", folder) / "activity" / "2024"

    def change(table: str, at: int, **values: object) -> None:
        frame = pd.read_csv(activity / f"{table}.csv", dtype=str)
        for name, value in values.items():
            if name not in frame:
                frame[name] = pd.Series([None] * len(frame), dtype=object)
            frame.loc[at, name] = str(value)
        frame.to_csv(activity / f"{table}.csv", index=False)

    change("vessels", 0, biofuel="HVO", biofuel_share_pct=30)
    change("equipment", 1, fuel="renewable_diesel")
    change("harbor_craft_engines", 0, fuel="renewable_diesel")
    change("locomotives", 0, renewable_share=0.3)
    return Port.load(folder)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Port:
    return write_renewable(tmp_path_factory.mktemp("wake") / "port")


@pytest.fixture(scope="module")
def harbor(port: Port) -> Inventory:
    return Inventory.build(port, year=2024, **GRID)


@pytest.fixture(scope="module")
def found(harbor: Inventory) -> WellToWake:
    return well_to_wake(harbor)


def test_making_fuels_by_hand() -> None:
    """FuelEU: MGO 14.4 g/MJ x 42.7 MJ/kg, HVO -20.7 x 44. Diesel: (100.45 - 74.14) g/MJ x 42.869 MJ/kg."""
    ships = of_ships(["MGO/MDO", "HVO"], load_method("epa-2022"))["kg_co2e_per_kg"]
    assert ships.tolist() == pytest.approx([14.4 * 42.7 / 1000, -20.7 * 44 / 1000])
    land = of_land(["fuel:diesel"])
    assert land["kg_co2e_per_kg"].item() == pytest.approx((100.45 - 74.14) * 42.869 / 1000)
    assert land["confidence"].item() == "unverified", "the look-up table could not be checked"


def test_a_fuel_without_a_well_to_tank_value_is_not_estimated_and_never_free(found: WellToWake) -> None:
    for key in [("cargo_handling_equipment", "lpg"), ("cargo_handling_equipment", "renewable_diesel")]:
        assert found.states.loc[key, "well_to_tank"] == "NE"
        assert found.states.loc[key, "well_to_wake"] == "NE"
        assert found.values.loc[key, ["well_to_tank", "well_to_wake"]].isna().all()
        assert found.values.loc[key, "fuel_burnt"] > 0
    told = " ".join(found.not_estimated())
    assert "lpg of cargo handling equipment" in told
    assert "renewable_diesel of harbor craft" in told


def test_a_placeholder_zero_of_fueleu_is_no_value() -> None:
    method = load_method("epa-2022").with_options(fuel_pathway="rfnbo")
    assert of_ships(["ammonia"], method)["kg_co2e_per_kg"].isna().all()


def test_a_pathway_that_fueleu_does_not_list_is_not_estimated_and_stops_nothing() -> None:
    """FuelEU has bio-methanol and no ammonia made from biomass."""
    method = load_method("epa-2022").with_options(fuel_pathway="bio")
    made = of_ships(["methanol", "ammonia"], method)
    assert made.loc["methanol", "kg_co2e_per_kg"] == pytest.approx(0.0199 * -58.35376884)
    assert made["kg_co2e_per_kg"].isna().tolist() == [False, True]
    assert made.loc["ammonia", "why_not"]


def test_biogenic_carbon_stands_on_its_own_line_for_ships_craft_machines_and_locomotives(
    harbor: Inventory, found: WellToWake
) -> None:
    by_source = found.values["biogenic_co2"].groupby(level="source_category").sum()
    carriers = {SHIPS: "fuel:HVO"} | dict.fromkeys(
        ("cargo_handling_equipment", "harbor_craft", "locomotives"), "fuel:renewable_diesel"
    )
    for source, carrier in carriers.items():
        inside = harbor.select(source_category=source)
        burnt = harbor.mass.loc[inside, carrier].sum() / 1000
        assert 3.0 < by_source[source] / burnt < 3.3, "kilograms of CO2 from a kilogram of fuel"
    gases = harbor.total("CO2", "tonne").magnitude + 28 * harbor.total("CH4", "tonne").magnitude
    gases += 265 * harbor.total("N2O", "tonne").magnitude
    assert found.values["tank_to_wake"].sum() == pytest.approx(gases)
    table = harbor.table()
    assert table["CO2_biogenic [tonne]"].sum() == pytest.approx(by_source.sum())


def test_a_blend_counts_the_carbon_that_its_well_to_tank_value_takes_up(
    harbor: Inventory, found: WellToWake
) -> None:
    """HVO of a ship: 44 MJ/kg x (-20.7 g/MJ) made, and its biogenic carbon beside it."""
    ship = found.values.loc[(SHIPS, "HVO")]
    assert ship["well_to_tank"] == pytest.approx(ship["fuel_burnt"] * -0.9108)
    expected = ship["tank_to_wake"] + ship["biogenic_co2"] + ship["well_to_tank"]
    assert ship["well_to_wake"] == pytest.approx(expected)
    assert ship["well_to_wake"] < 0.75 * (ship["fuel_burnt"] * (3.206 + 0.6149)), "less than gas oil"


def test_fuel_made_is_that_of_the_source_built_for_it(port: Port, found: WellToWake) -> None:
    """Another road: the build's own rows of fuel made elsewhere (option well_to_tank)."""
    built = Inventory.build(port, year=2024, well_to_tank="fueleu", **GRID)
    made = built.mass["CO2e_well_to_tank"].groupby(built.cells["fuel"].astype(str)).sum() / 1000
    for fuel in ("MGO/MDO", "HVO"):
        assert found.values.loc[(SHIPS, fuel), "well_to_tank"] == pytest.approx(made[fuel])
    again = well_to_wake(built)
    pd.testing.assert_frame_equal(again.values, found.values)


def test_electricity_at_the_meter_is_made_at_power_stations(harbor: Inventory, found: WellToWake) -> None:
    meters = found.values.loc["electricity"]
    gases = harbor.total("CO2e", "tonne", source_category="electricity", in_domain=False).magnitude
    assert meters["well_to_tank"].sum() == pytest.approx(gases)
    assert (meters["tank_to_wake"] == 0).all()
    # eGRID2023 CAMX, the year nearest to 2024: 428.464 lb/MWh of CO2 and little else.
    per_kwh = meters["well_to_tank"].sum() * 1000 / meters["electricity"].sum()
    generated = 428.464 * conversion("lb", "kg") / 1000
    assert per_kwh == pytest.approx(generated, rel=0.005)


def test_what_machines_draw_is_made_once_and_as_the_lines_of_electricity_say(tmp_path: Path) -> None:
    """Another road: the power stations' own line of what machines draw."""
    folder = copy_example("small-harbor", tmp_path / "electric")
    machines = folder / "activity" / "2024" / "equipment.csv"
    table = pd.read_csv(machines, dtype=str).assign(kwh_metered="")
    table.loc[1, "fuel"] = "electric"
    table.loc[1, "kwh_metered"] = "90000"
    table.to_csv(machines, index=False)
    built = Inventory.build(Port.load(folder), year=2024, **GRID)
    made = well_to_wake(built)
    assert "equipment" not in made.values.loc["electricity"].index
    line = made.values.loc[("cargo_handling_equipment", "electric")]
    assert line["electricity"] == pytest.approx(2 * 90_000)
    assert line["tank_to_wake"] == 0
    stations = built.total(
        "CO2e", "tonne", source_category="electricity", source_type="equipment", in_domain=False
    )
    assert line["well_to_tank"] == pytest.approx(stations.magnitude)
    everything = built.total("CO2e", "tonne", source_category="electricity", in_domain=False).magnitude
    drawn = made.values["well_to_tank"][made.values["electricity"] > 0].sum()
    assert drawn == pytest.approx(everything), "each kilowatt-hour once"


def test_without_a_grid_region_electricity_is_not_estimated(port: Port) -> None:
    blind = well_to_wake(Inventory.build(port, year=2024, grid_region=""))
    assert (blind.states.loc["electricity", "well_to_tank"] == "NE").all()


def test_over_twenty_years_another_set_is_named_where_its_own_was_not_read(found: WellToWake) -> None:
    assert found.gwp["tank_to_wake"] == "AR5"
    assert found.gwp["tank_to_wake_20_years"] == "AR6_fossil@20"
    ships = found.values.loc[SHIPS]
    assert (ships["tank_to_wake_20_years"] > ships["tank_to_wake"]).all()
    assert any("100 years alone" in note for note in found.notes)


def test_a_sum_over_sources_says_what_it_lacks_and_is_no_smaller_than_its_parts(found: WellToWake) -> None:
    values, states = found.by_source()
    machines = values.loc["cargo_handling_equipment"]
    assert states.loc["cargo_handling_equipment", "well_to_wake"] == "partial"
    assert machines["well_to_wake"] == pytest.approx(
        machines[["tank_to_wake", "biogenic_co2", "well_to_tank"]].sum()
    )
    assert values.loc["total", "tank_to_wake"] == pytest.approx(found.values["tank_to_wake"].sum())


def test_the_saved_year_has_a_file_that_staff_can_open(harbor: Inventory, tmp_path: Path) -> None:
    harbor.save(tmp_path / "results")
    text = pd.read_csv(tmp_path / "results" / WELL_TO_WAKE, dtype=str, keep_default_na=False)
    line = text.set_index(["source_category", "fuel"]).loc[("cargo_handling_equipment", "lpg")]
    assert line["well_to_tank [tonne CO2e, AR4 over 100 years]"] == "NE"
    assert "carbon of compressed gas" in line["not_estimated"]
    assert float(line["tank_to_wake [tonne CO2e, AR5 over 100 years]"]) > 0
    again = well_to_wake(Inventory.open(tmp_path / "results"))
    assert again.values.loc[(SHIPS, "HVO"), "well_to_wake"] == pytest.approx(
        float(text.set_index(["source_category", "fuel"]).loc[(SHIPS, "HVO")].iloc[-3])
    )
