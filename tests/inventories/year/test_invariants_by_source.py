"""What must always hold, source by source: a year that has records of all of them.

`test_invariants.py` holds every year to the same things as a whole. A cleaner tier of ships, craft and
locomotives is held in `tests/emissions`, of machines and trucks here; meters have none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.mass import cell_mass, cell_sums, row_mass
from emissions.work import DIMENSIONS
from factors.library import resolve
from factors.method import load_method
from factors.recipes.equipment.recipe import power_bin
from factors.tables import load_table
from factors.terms import is_carrier
from factors.units import conversion
from inventories.activity import ActivityError, load_activity
from inventories.port.port import Port
from inventories.year.inventory import Inventory

YEAR = 2024
SOURCES = (
    "cargo_handling_equipment",
    "electricity",
    "harbor_craft",
    "heavy_duty_vehicles",
    "locomotives",
    "ocean_going_vessels",
    "other_sources",
)
EPA = load_method("epa-2022")


def by_source(inventory: Inventory) -> pd.DataFrame:
    """Masses and carriers of each source, inside and outside the domain. [kg, kWh]"""
    return inventory.mass.groupby(inventory.cells["source_category"].astype(str).to_numpy()).sum()


def of(inventory: Inventory, source: str) -> np.ndarray:
    return (inventory.cells["source_category"].astype(str) == source).to_numpy()


def rewrite(folder: Path, table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    path = folder / f"activity/{YEAR}/{table}.csv"
    records = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(records).to_csv(path, index=False)


def test_the_year_has_every_source(whole: Inventory) -> None:
    assert tuple(by_source(whole).index) == SOURCES


# --- sums ---


@pytest.mark.parametrize("source", SOURCES)
def test_modes_engines_zones_and_months_of_a_source_add_up_to_it(whole: Inventory, source: str) -> None:
    cells, mass = whole.cells[of(whole, source)], whole.mass[of(whole, source)]
    total = by_source(whole).loc[source]
    for dimension in DIMENSIONS:
        parts = mass.groupby(cells[dimension].astype(str).to_numpy()).sum()
        np.testing.assert_allclose(parts.sum(), total, rtol=1e-10, err_msg=dimension)
    table = whole.table(
        rows=["mode", "engine_group", "zone"], unit="kg", in_domain=[True, False], source_category=source
    )
    for column in table:
        pollutant = str(column).split(" [")[0]
        if pollutant in total and str(column).endswith("[kg]"):
            assert np.nansum(table[column]) == pytest.approx(total[pollutant], rel=1e-10), column


@pytest.mark.parametrize("source", SOURCES)
def test_no_work_of_a_source_no_mass_and_twice_the_work_twice_the_mass(whole: Inventory, source: str) -> None:
    rows = whole.work[(whole.work["source_category"].astype(str) == source).to_numpy()].reset_index(drop=True)
    class_id = rows["class_id"].to_numpy()

    def mass(frame: pd.DataFrame, classes: np.ndarray) -> np.ndarray:
        _, cells = cell_sums(frame, classes, whole.classes, ["month"])
        return cell_mass(cells, whole.classes).sum().to_numpy()

    once = mass(rows, class_id)
    assert once.sum() > 0
    twice = mass(pd.concat([rows, rows], ignore_index=True), np.tile(class_id, 2))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-12, atol=1e-300)
    assert (mass(rows.assign(quantity=0.0), class_id) == 0).all()


def test_work_is_what_the_records_say(whole: Inventory) -> None:
    """By hand, from the records.

    830 visits of 26.2 miles and 45 minutes; 250,000 kWh at the meters, a tractor among what they feed;

    120 visits of battery trucks, 6.2 miles of each in the domain at 2.70 kWh; engines times hours.
    """
    work = whole.work
    sums = work.groupby([work["source_category"].astype(str), work["quantity_kind"].astype(str)])[
        "quantity"
    ].sum()
    assert sums["heavy_duty_vehicles", "distance"] == pytest.approx(830 * (1.2 + 0.5 + 4.5 + 20))
    assert sums["heavy_duty_vehicles", "duration"] == pytest.approx(830 * 0.75)
    assert sums["locomotives", "fuel_volume"] == pytest.approx(2000)
    assert sums["locomotives", "energy"] == pytest.approx(500 * 3200 * 0.28)
    assert sums["locomotives", "gross_ton_mile"] == pytest.approx(5000 * 30 * 40)
    assert sums["cargo_handling_equipment", "electricity"] == pytest.approx(20_000)
    assert sums["electricity", "electricity"] == pytest.approx(250_000 + 120 * 6.2 * 2.70, rel=1e-5)
    craft = 2 * 1000 * 0.5 * 500 + 100 * 0.43 * 600 + 400 * 0.51 * 900
    assert sums["harbor_craft", "energy"] == pytest.approx(craft)
    machines = 250 * 0.21 * 1000 + 2 * 150 * 0.59 * 1200 + 55 * 0.30 * 600 + 180 * 0.59 * 400
    assert sums["cargo_handling_equipment", "energy"] == pytest.approx(machines)
    assert sums["other_sources", "fuel_volume"] == pytest.approx(1000)


# --- records ---


# Columns that tell one record from another.
NAMES = {
    "vessels": ("vessel_id",),
    "calls": ("call_id", "vessel_id"),
    "stops": ("call_id",),
    "legs": ("call_id",),
    "equipment": ("unit_id",),
    "harbor_craft_engines": ("craft_id",),
    "locomotives": ("record",),
    "electricity": ("meter",),
}


def again(records: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    copy = records.assign(**{name: records[name] + "-again" for name in names})
    return pd.concat([records, copy], ignore_index=True)


def twice(folder: Path) -> None:
    """Write every record a second time under another name; visits and a port's own sources are amounts."""
    for table, names in NAMES.items():
        rewrite(folder, table, partial(again, names=names))
    for table, amount in (("gate_visits", "count"), ("other_sources", "quantity")):
        rewrite(
            folder, table, lambda records, amount=amount: records.assign(
                **{amount: [str(2 * int(cell)) for cell in records[amount]]}
            ),
        )  # fmt: skip


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory, write_whole: Callable[[Path], Path]) -> pd.DataFrame:
    folder = write_whole(tmp_path_factory.mktemp("doubled") / "harbor")
    twice(folder)
    return by_source(Inventory.build(Port.load(folder), YEAR))


@pytest.mark.parametrize("source", SOURCES)
def test_two_records_of_everything_give_twice_the_mass(
    whole: Inventory, doubled: pd.DataFrame, source: str
) -> None:
    once = by_source(whole).loc[source]
    np.testing.assert_allclose(doubled.loc[source, once.index], 2 * once, rtol=1e-9)


# --- the unit of the input ---

# Heading, the same column in another unit, and the two units.
OTHER_UNITS = {
    "vessels": [("main (MW)", "main (hp)", "MW", "hp"), ("max_speed_kn", "max_speed (m/s)", "kn", "m/s")],
    "legs": [
        ("distance (km)", "distance (mile)", "km", "mile"),
        ("speed (km/h)", "speed (mph)", "km/h", "mph"),
    ],
    "calls": [("tonnes", "tonnes (short ton)", "tonne", "short_ton")],
    "stops": [("tonnes", "tonnes (kg)", "tonne", "kg")],
    "equipment": [
        ("power (kW)", "power (hp)", "kW", "hp"),
        ("hours", "hours (min)", "h", "min"),
        ("kwh_metered", "kwh_metered (MWh)", "kWh", "MWh"),
        ("fuel_used (L)", "fuel_used (US gal)", "L", "gal"),
    ],
    "harbor_craft_engines": [("power (kW)", "power (hp)", "kW", "hp"), ("hours", "hours (day)", "h", "day")],
    "gate_visits": [
        ("on_terminal_idle (h)", "on_terminal_idle (min)", "h", "min"),
        ("on_terminal_miles", "on_terminal_miles (km)", "mile", "km"),
        ("queue (h)", "queue (s)", "h", "s"),
    ],
    "truck_legs": [("miles", "miles (km)", "mile", "km"), ("speed (mph)", "speed (km/h)", "mph", "km/h")],
    "locomotives": [
        ("fuel_gal", "fuel_gal (L)", "gal", "L"),
        ("hours", "hours (day)", "h", "day"),
        ("power (kW)", "power (hp)", "kW", "hp"),
        ("miles", "miles (km)", "mile", "km"),
        ("domain_miles", "domain_miles (km)", "mile", "km"),
    ],
    "electricity": [("kwh", "kwh (GJ)", "kWh", "GJ")],
}


def in_other_units(folder: Path) -> None:
    for table, columns in OTHER_UNITS.items():

        def converted(records: pd.DataFrame, columns: list[tuple[str, ...]] = columns) -> pd.DataFrame:
            for heading, other, unit, another in columns:
                scale = conversion(unit, another)
                records[heading] = [repr(float(cell) * scale) if cell else "" for cell in records[heading]]
                records = records.rename(columns={heading: other})
            return records

        rewrite(folder, table, converted)
    rewrite(folder, "other_sources", lambda records: records.assign(
        quantity=[repr(1000 * conversion("gal", "L")), repr(12 * conversion("kg", "lb"))], unit=["L", "lb"]
    ))  # fmt: skip


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory, write_whole: Callable[[Path], Path]) -> pd.DataFrame:
    folder = write_whole(tmp_path_factory.mktemp("units") / "harbor")
    in_other_units(folder)
    return by_source(Inventory.build(Port.load(folder), YEAR))


@pytest.mark.parametrize("source", SOURCES)
def test_the_unit_of_the_records_does_not_matter(
    whole: Inventory, converted: pd.DataFrame, source: str
) -> None:
    expected = by_source(whole).loc[source]
    np.testing.assert_allclose(converted.loc[source, expected.index], expected, rtol=1e-9)


@pytest.mark.parametrize("table", OTHER_UNITS)
def test_a_unit_of_another_kind_is_refused_in_every_table(
    tmp_path: Path, write_whole: Callable[[Path], Path], table: str
) -> None:
    folder = write_whole(tmp_path / "harbor")
    heading, other, *_ = OTHER_UNITS[table][0]
    wrong = other.partition(" (")[0] + " (lb/MWh)"
    rewrite(folder, table, lambda records: records.rename(columns={heading: wrong}))
    with pytest.raises(ActivityError, match=r"lb/MWh"):
        load_activity(Port.load(folder), YEAR)


@pytest.mark.parametrize("table", ["calls", "stops", "cargo"])
def test_a_bare_ton_is_refused_in_every_table_that_has_masses(
    tmp_path: Path, write_whole: Callable[[Path], Path], table: str
) -> None:
    folder = write_whole(tmp_path / "harbor")
    rewrite(folder, table, lambda records: records.rename(columns={"tonnes": "cargo mass (ton)"}))
    with pytest.raises(ActivityError, match="short ton"):
        load_activity(Port.load(folder), YEAR)


# --- carbon and sulfur ---


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory, write_whole: Callable[[Path], Path]) -> Inventory:
    """The year with no low-load factor of SO2, which no fuel balance supports."""
    folder = write_whole(tmp_path_factory.mktemp("flat") / "harbor")
    return Inventory.build(Port.load(folder), YEAR, llaf_so2="none", llaf_co2="none")


SULFUR = {  # parts per million by mass
    "cargo_handling_equipment": 6,
    "harbor_craft": 15,
    "heavy_duty_vehicles": 15,
    "locomotives": 15,
    "ocean_going_vessels": 1000,
}


@pytest.mark.parametrize("source", SULFUR)
def test_sulfur_dioxide_of_a_source_is_the_sulfur_of_its_fuel(flat: Inventory, source: str) -> None:
    """SO2 = 2 S fuel, less what leaves as sulfate (2 %, of Tier 4 machines 30 %) or unburnt; EMFAC rounds."""
    mass = flat.mass[of(flat, source)].sum()
    diesel = sum(mass.get(f"fuel:{name}", 0.0) for name in ("diesel", "MGO"))
    others = mass.get("fuel:lpg", 0.0)
    most = 2 * SULFUR[source] * 1e-6 * (diesel + others)
    assert mass["SOx"] <= most * 1.002
    assert mass["SOx"] >= 0.7 * 2 * SULFUR[source] * 1e-6 * diesel


@pytest.mark.parametrize("source", SULFUR)
def test_carbon_dioxide_of_a_source_is_the_carbon_of_its_fuel(flat: Inventory, source: str) -> None:
    mass = flat.mass[of(flat, source)].sum()
    fuels = {name: mass[name] for name in mass.index if str(name).startswith("fuel:") and mass[name] > 0}
    fuels.pop("fuel:hydrogen", None)
    assert fuels
    ratio = mass["CO2"] / sum(fuels.values())
    assert 2.9 < ratio < 3.25, (source, ratio)


# --- what has no exhaust ---


def exhaust_of(inventory: Inventory, source: str, fuel: str) -> tuple[pd.Series, pd.DataFrame]:
    there = of(inventory, source) & (inventory.cells["fuel"].astype(str) == fuel).to_numpy()
    mass = inventory.mass[there].sum()
    classes = inventory.cells.loc[there, "class_id"].unique()
    terms = inventory.classes.terms
    return mass, terms[terms["class_id"].isin(classes) & ~terms["pollutant"].map(is_carrier)]


@pytest.mark.parametrize("fuel", ["electric", "hydrogen"])
def test_trucks_without_a_tailpipe_still_have_brakes_and_tires(whole: Inventory, fuel: str) -> None:
    mass, terms = exhaust_of(whole, "heavy_duty_vehicles", fuel)
    assert set(terms["process"]) <= {"brake", "tyre"}
    for pollutant in ("NOx", "SOx", "DPM", "CO", "CO2"):
        assert mass[pollutant] == 0, pollutant
    assert mass["PM10"] > 0
    assert mass["electricity" if fuel == "electric" else "hydrogen"] > 0


def test_a_machine_on_a_meter_draws_what_it_says_and_emits_nothing(whole: Inventory) -> None:
    mass, terms = exhaust_of(whole, "cargo_handling_equipment", "electric")
    assert not len(terms)
    assert mass["electricity"] == pytest.approx(20_000)
    assert (mass.drop("electricity") == 0).all()


def test_under_shore_power_for_a_whole_stay_no_auxiliary_exhaust_remains(
    tmp_path: Path, write_whole: Callable[[Path], Path], whole: Inventory
) -> None:
    folder = write_whole(tmp_path / "harbor")

    def connected(records: pd.DataFrame) -> pd.DataFrame:
        stay = records["shore_power_from"] != ""
        return records.assign(
            shore_power_from=records["from"].where(stay, ""), shore_power_to=records["to"].where(stay, "")
        )

    rewrite(folder, "stops", connected)
    inventory = Inventory.build(Port.load(folder), YEAR)

    def at_berth(year: Inventory) -> pd.Series:
        work = year.work
        there = (work["record_id"].astype(str) == "H4") & (work["mode_or_segment"].astype(str) == "hotelling")
        there &= work["source_category"].astype(str) == "ocean_going_vessels"
        return work[there].groupby(work["engine_group"].astype(str))["quantity"].sum()

    assert at_berth(whole)["auxiliary"] > 0
    assert at_berth(inventory).get("auxiliary", 0.0) == 0
    assert at_berth(inventory)["boiler"] == pytest.approx(at_berth(whole)["boiler"])
    delivered = inventory.work[inventory.work["source_type"].astype(str) == "shore_power"]["quantity"].sum()
    before = whole.work[whole.work["source_type"].astype(str) == "shore_power"]["quantity"].sum()
    assert delivered - before == pytest.approx(at_berth(whole)["auxiliary"])


# --- a cleaner tier ---


@settings(max_examples=15)
@given(
    hp=st.floats(75.1, 740), load=st.floats(0, 1), code=st.sampled_from([2270003070, 2270003050, 2270003020])
)
def test_a_machine_of_a_cleaner_tier_never_emits_more_nox(hp: float, load: float, code: int) -> None:
    """From 75 hp (56 kW) to 750 hp, where each limit is below the last; below them Tier 4 keeps Tier 3's."""
    tiers = ["Tier 0", "Tier 1", "Tier 2", "Tier 3", "Tier 4 interim", "Tier 4 final"]
    rows = pd.DataFrame(
        {
            "technology": "combustion", "scc": code, "power_bin": power_bin([hp] * len(tiers), EPA),
            "model_year": 2010, "tier": tiers, "fuel": "diesel", "sulfur_wt_pct": np.nan, "certification": "",
            "device": "", "life_used": load, "quantity": 1.0,
        }
    )  # fmt: skip
    class_id, classes = resolve("cargo_handling_equipment", rows, EPA)
    nox = row_mass(rows, class_id, classes)["NOx"].to_numpy()
    assert (np.diff(nox) <= 0).all(), nox


def test_trucks_of_a_later_nox_standard_never_emit_more_at_any_speed() -> None:
    """EMFAC2017, mean over the model years of each federal standard: 1998, 2004, 2007, 2010, and later.

    Diesels: refuse trucks on natural gas, a proxy at most, rise by 3 % from one standard to another.
    """
    rates = load_table("emfac2017", "running").frame
    rates = rates[(rates["quantity"] == "NOx") & (rates["fuel"] == "Diesel")]
    standard = pd.cut(rates["model_year"], [1997, 2003, 2006, 2009, 2012, 2100], labels=False)
    mean = (
        rates["value"]
        .groupby(
            [rates["emfac_category"], rates["season"], rates["speed_bin_mph"], standard.rename("standard")]
        )
        .mean()
    )
    later = mean.groupby(level=[0, 1, 2]).shift()
    assert later.notna().sum() > 400
    assert (mean[later.notna()] <= later[later.notna()] * (1 + 1e-9)).all()
