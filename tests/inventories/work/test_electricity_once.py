"""Every kilowatt-hour that ships, machines, trucks and craft draw has its mass at power stations once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.electricity import drawn
from factors.method import load_method
from factors.units import conversion
from inventories import Inventory
from inventories.activity import ActivityError
from inventories.examples import copy_example
from inventories.port.port import Port
from reports.year.summary import summarize

YEAR = 2024
CAMX = 428.464 * conversion("lb", "kg") / 1000
"""Kilograms of CO2 per kilowatt-hour, eGRID2023 revision 2: the year nearest to 2024."""

MACHINES = """
unit_id,terminal,type,count,engine_model_year,power (kW),fuel,hours,kwh_metered
crane-1,quay,rtg_crane,1,2020,300,electric,1000,40000
forklift-1,quay,forklift,2,2021,40,electric,500,5000
tractor-1,quay,yard_tractor,1,2022,150,electric,1000,
reach-1,quay,reach_stacker,1,2012,250,diesel,1000,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = copy_example("small-harbor", tmp_path / "harbor")
    write(path, "equipment", MACHINES)
    return path


def write(folder: Path, table: str, text: str) -> None:
    (folder / f"activity/{YEAR}/{table}.csv").write_text(text.strip() + "\n", encoding="utf-8")


def build(folder: Path, **options: str) -> Inventory:
    return Inventory.build(Port.load(folder), YEAR, grid_region="CAMX", **options)


def by_use(inventory: Inventory) -> pd.Series:
    rows = inventory.work[inventory.work["source_category"].astype(str) == "electricity"]
    return rows.groupby(rows["source_type"].astype(str))["quantity"].sum()


def off_site(inventory: Inventory, pollutant: str) -> pd.Series:
    """Mass at power stations by use. [kg]"""
    mine = inventory.cells["source_category"].astype(str) == "electricity"
    use = inventory.cells.loc[mine, "source_type"].astype(str)
    return inventory.mass.loc[mine, pollutant].groupby(use).sum()


def kwh(inventory: Inventory) -> float:
    return float(inventory.mass["electricity"].sum())


def test_machines_have_their_kilowatt_hours_and_their_grid_mass_once(folder: Path) -> None:
    """40,000 and 2 x 5,000 metered, a tractor by its hours: each once in kWh, once in CO2."""
    inventory = build(folder)
    machines = inventory.cells["source_category"].astype(str) == "cargo_handling_equipment"
    own = float(inventory.mass.loc[machines, "electricity"].sum())
    use = by_use(inventory)
    assert own > 50_000
    assert use["equipment"] == pytest.approx(own)
    assert off_site(inventory, "CO2")["equipment"] == pytest.approx(own * CAMX)
    assert use.sum() == pytest.approx(kwh(inventory))


def test_the_meter_of_the_terminal_has_what_is_left(folder: Path) -> None:
    """250,000 kWh read: ships, machines and the rest of the terminal, and not one kilowatt-hour more."""
    inventory = build(folder)
    assert by_use(inventory).sum() == pytest.approx(250_000)
    assert off_site(inventory, "CO2").sum() == pytest.approx(250_000 * CAMX)


def test_chargers_and_cranes_with_meters_of_their_own_are_not_counted_again(folder: Path) -> None:
    write(folder, "electricity", """
meter,use,from,to,kwh,terminal
C1,cranes,2024-01-01,2024-12-31,60000,quay
B1,charging,2024-01-01,2024-12-31,90000,quay
R1,reefers,2024-01-01,2024-12-31,10000,quay
""")  # fmt: skip
    inventory = build(folder)
    use = by_use(inventory)
    assert use["cranes"] == pytest.approx(60_000 - 40_000)
    assert use["charging"] + use["equipment"] == pytest.approx(90_000 + 40_000)
    assert use.drop("shore_power").sum() == pytest.approx(160_000)
    assert kwh(inventory) == pytest.approx(use.sum())


def test_battery_trucks_come_off_the_chargers_they_call_at(folder: Path) -> None:
    """100 visits of 30 miles; what they take by the mile is not metered again."""
    write(folder, "gate_visits", """
visit_key,terminal,month,count,engine_model_year,fuel
z,quay,3,100,2024,electric
""")  # fmt: skip
    write(folder, "truck_legs", """
visit_key,seq,zone,miles,speed_mph
z,1,quay,30,25
""")  # fmt: skip
    write(folder, "electricity", """
meter,use,from,to,kwh,terminal
B1,charging,2024-01-01,2024-12-31,90000,quay
""")  # fmt: skip
    inventory = build(folder, outside_edition="hold_by_age")
    use = by_use(inventory)
    trucks = inventory.cells["source_category"].astype(str) == "heavy_duty_vehicles"
    own = float(inventory.mass.loc[trucks, "electricity"].sum())
    assert use["trucks"] == pytest.approx(own)
    assert 3000 < own < 12_000  # between one and four kilowatt-hours a mile
    tractor = use["equipment"] - 50_000
    assert use["charging"] == pytest.approx(90_000 - 10_000 - tractor - own)  # the crane does not charge
    assert off_site(inventory, "CO2").sum() == pytest.approx(use.sum() * CAMX)


def test_the_summary_shows_what_machines_draw_without_a_meter(folder: Path) -> None:
    """A tractor without a meter is counted by its hours; its kilowatt-hours stand in its line too."""
    inventory = build(folder)
    work = summarize(inventory).work.loc["cargo_handling_equipment"]
    engines = work["energy [hp-hr]"] * conversion("hp-hr", "kWh")
    mine = inventory.cells["source_category"].astype(str) == "cargo_handling_equipment"
    drawn_kwh = inventory.mass.loc[mine, "electricity"].sum()
    assert drawn_kwh > 40_000 + 2 * 5_000  # the meters, and 1,000 hours of a tractor
    assert work["energy [kWh]"] == pytest.approx(engines + drawn_kwh)


def test_meters_that_are_net_of_each_other_are_refused(folder: Path) -> None:
    write(
        folder,
        "electricity",
        """
meter,use,from,to,kwh,terminal,net_of
m1,terminal,2024-01-01,2024-12-31,500000,quay,m2
m2,reefers,2024-01-01,2024-12-31,500000,quay,m3
m3,buildings,2024-01-01,2024-12-31,500000,quay,m1
""",
    )
    with pytest.raises(ActivityError, match="net of each other"):
        build(folder)


def test_without_a_region_the_energy_is_still_counted_once(folder: Path) -> None:
    inventory = Inventory.build(Port.load(folder), YEAR)
    assert by_use(inventory).sum() == pytest.approx(kwh(inventory)) == pytest.approx(250_000)
    assert "NE" in set(inventory.states("source_category", ["CO2"], in_domain=False)["CO2"])


def test_saved_and_opened_the_lines_are_the_same(folder: Path, tmp_path: Path) -> None:
    inventory = build(folder)
    again = Inventory.open(inventory.save(tmp_path / "kept"))
    pd.testing.assert_series_equal(off_site(again, "NOx"), off_site(inventory, "NOx"))


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(0, 1e5), st.booleans(), st.sampled_from(["A", "B"])), min_size=1, max_size=8)
)
def test_what_is_drawn_in_the_domain_is_the_sum_of_its_parts(rows: list[tuple[float, bool, str]]) -> None:
    machines = pd.DataFrame(
        {
            "quantity": [kwh for kwh, _, _ in rows],
            "in_domain": [inside for _, inside, _ in rows],
            "terminal": [place for _, _, place in rows],
            "port": "P",
            "fuel": "electric",
            "source_type": "forklift",
            "quantity_kind": "electricity",
            "technology": "electric",
            "scc": 0,
            "power_bin": "",
            "model_year": 0,
            "tier": "",
            "sulfur_wt_pct": float("nan"),
            "certification": "",
            "device": "",
            "month": 1,
        }
    )
    taken = drawn({"cargo_handling_equipment": machines}, load_method("epa-2022"))
    assert taken["quantity"].sum() == pytest.approx(sum(kwh for kwh, inside, _ in rows if inside), abs=1e-6)
