"""What a port's own records are told before and with the build: file, row, value, remedy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from factors.tables import FactorMissing
from inventories.activity import ActivityError
from inventories.activity.kept_columns import idle_hulls, idle_in
from inventories.port.port import Port
from inventories.year.coverage import NotEstimated, PartialTotal
from inventories.year.inventory import Inventory
from reports.year.summary import summarize
from tests.inventories.conftest import write_harbor

MACHINES = "unit_id,terminal,type,engine_model_year,power_kw,fuel,hours"
ENGINES = "craft_id,craft_type,engine_id,role,model_year,power_kw,fuel,hours,load_factor,tier,port"
TRAINS = "kind,record,tier,year_built,fuel_gal,port"


def built(folder: Path, options: str = "", **tables: str) -> Inventory:
    write_harbor(folder, ships=(), calls=())
    for name, text in tables.items():
        (folder / "activity" / "2023" / f"{name}.csv").write_text(text, encoding="utf-8")
    settings = folder / "port.toml"
    text = settings.read_text(encoding="utf-8").replace(
        'name = "epa-2022"\n', f'name = "epa-2022"\n[method.options]\n{options}\n'
    )
    settings.write_text('country = "US"\nstate = "CA"\n' + text, encoding="utf-8")
    return Inventory.build(Port.load(folder), 2023)


def notes(inventory: Inventory, word: str) -> list[str]:
    return [note for note in inventory.manifest["notes"] if word in note]


def problems(error: pytest.ExceptionInfo[ActivityError]) -> list[str]:
    return [str(problem) for problem in error.value.problems]


# ---------------------------------------------------------------- codes


@pytest.mark.parametrize("code", ["99", "abc", "2267003020"])
def test_a_code_that_is_none_of_the_engine_is_one_problem_with_its_row(tmp_path: Path, code: str):
    """2267003020 is a propane forklift: a code, and not one of a diesel tractor."""
    text = f"{MACHINES},scc\nT1,T,yard_tractor,2018,150,diesel,1200,2270003070\n"
    with pytest.raises(ActivityError) as error:
        built(tmp_path, equipment=f"{text}T2,T,yard_tractor,2018,150,diesel,1200,{code}\n")
    (told,) = problems(error)
    assert "equipment.csv, row 3, column scc" in told
    assert f'Found "{code}"' in told
    assert "for example 2270003070 of a yard_tractor" in told


def test_a_machine_that_california_s_rates_do_not_reach_is_named_with_the_remedy(tmp_path: Path):
    """The Moyer Guidelines begin at 25 hp."""
    text = f"{MACHINES.replace('power_kw', 'power (hp)')}\nT1,T,yard_tractor,2018,20,diesel,1200\n"
    with pytest.raises(FactorMissing, match=r"T1 \(yard_tractor, diesel, 20 hp, 2018\)") as error:
        built(tmp_path, 'equipment_form = "carb"', equipment=text)
    assert "equipment_form = nonroad" in str(error.value)


# ---------------------------------------------------------------- tiers


def test_standards_that_machines_cannot_have_are_told_with_file_and_row(tmp_path: Path):
    """40 CFR 1039: no Tier 4 before 2008; 40 CFR 89: a 150 kW diesel of 1995 is under no standard."""
    inventory = built(
        tmp_path,
        equipment=f"{MACHINES},tier\nL1,T,loader,1995,150,diesel,1200,Tier 4 final\n"
        "L2,T,loader,2018,150,diesel,1200,Tier 4 final\nL3,T,loader,2005,150,diesel,1200,Tier 2\n"
        "L4,T,loader,2018,150,diesel,1200,Tier 0\n",
    )
    (told,) = notes(inventory, "40 CFR 89")
    assert told.startswith("WARNING: 2 records of equipment")
    assert "equipment.csv row 2, L1 Tier 4 final of 1995, 150 kW, where Tier 0 was the standard" in told
    assert "equipment.csv row 5, L4 Tier 0 of 2018" in told
    assert "L2" not in told
    assert "L3" not in told


def test_tiers_of_locomotives_follow_the_year_they_were_built(tmp_path: Path):
    """40 CFR 1033.101, Table 1: 1973-1992 Tier 0, 1993-2004 Tier 1, 2005-2011 Tier 2, 2015 on Tier 4."""
    rows = ["line_haul,A,Tier 4,1990,10,P", "line_haul,B,Tier 0,2020,10,P", "switch,C,Tier 4,2000,10,P"]
    fine = ["line_haul,D,Tier 0+,1999,10,P", "line_haul,E,Tier 2+,2008,10,P", "line_haul,F,Tier 4,2020,10,P"]
    inventory = built(
        tmp_path,
        'switch_locomotives = "accept_unverified"',
        locomotives="\n".join([TRAINS, *rows, *fine, ""]),
    )
    (told,) = notes(inventory, "40 CFR 1033")
    assert told.startswith("WARNING: 3 locomotives")
    for line in (
        "locomotives.csv row 2, line haul Tier 4 built in 1990, where Tier 0 was the standard",
        "locomotives.csv row 3, line haul Tier 0 built in 2020, where Tier 4 was the standard",
        "locomotives.csv row 4, switch Tier 4 built in 2000, where Tier 0 was the standard",
    ):
        assert line in told
    assert "row 5" not in told


def test_craft_below_75_kw_are_of_tier_3_and_all_offenders_are_named_in_full(tmp_path: Path):
    """EPA's reference guide: Tier 3 below 75 kW from 2009; 1,500 kW of 2018 is held to Tier 4."""
    odd = [f"tug,tug,{n},propulsion,2018,1500,diesel,100,0.5,Tier 3,P" for n in range(5)]
    small = "launch,crew_boat,1,propulsion,2018,60,diesel,100,0.5,Tier 3,P"
    inventory = built(tmp_path, harbor_craft_engines="\n".join([ENGINES, *odd, small, ""]))
    first, whole = notes(inventory, "that the law does not give")
    assert first.startswith("WARNING: 5 engines of harbor craft")
    assert "harbor_craft_engines.csv row 2, tug/0 Tier 3 of 2018, 1,500 kW, where Tier 4 was" in first
    assert "and 2 more" in first
    assert all(f"tug/{n} " in whole for n in range(5))
    assert "launch" not in whole


def test_a_tier_4_engine_below_600_kw_is_named_with_its_row(tmp_path: Path):
    text = f"{ENGINES}\ntug,tug,1,propulsion,2018,400,diesel,100,0.5,Tier 4,P\n"
    with pytest.raises(ActivityError) as error:
        built(tmp_path, 'harbor_craft_tier4 = "certification_limit"', harbor_craft_engines=text)
    (told,) = problems(error)
    assert "harbor_craft_engines.csv, row 2, column tier: Tier 4 begins at 600 kW" in told
    assert "tug/1 Tier 4, 400.0 kW" in told


# ---------------------------------------------------------------- fuel


@pytest.mark.parametrize("taken", ["compare", "stated"])
def test_fuel_hundreds_of_times_what_a_loader_can_burn_is_warned_of(tmp_path: Path, taken: str):
    text = f"{MACHINES},fuel_used (US gal)\nL1,T,loader,2018,150,diesel,500,999999\n"
    text += "L2,T,loader,2018,150,diesel,500,2500\n"
    inventory = built(tmp_path, f'equipment_fuel = "{taken}"', equipment=text)
    (told,) = notes(inventory, "more than three times")
    assert told.startswith("WARNING: fuel_used of 1 records of equipment")
    # By hand: 150 kW x 0.59 x 500 h = 59,341 hp-hr; x 0.367 lb at 3,206 g a gallon = 3,081 gal; 324 times.
    assert "equipment.csv row 2: 32" in told


def test_fuel_that_needs_more_than_full_load_names_record_column_and_option(tmp_path: Path):
    text = f"{ENGINES},fuel_used (US gal)\ntug,tug,1,propulsion,2010,1000,diesel,100,0.5,Tier 2,P,40000\n"
    with pytest.raises(ActivityError) as error:
        built(tmp_path, 'harbor_craft_fuel_used = "stated"', harbor_craft_engines=text)
    (told,) = problems(error)
    assert "harbor_craft_engines.csv, row 2, column fuel_used" in told
    assert "harbor_craft_fuel_used = stated" in told
    assert "tug/1" in told


# ---------------------------------------------------------------- devices


@pytest.mark.parametrize("form", ["nonroad", "carb"])
def test_devices_are_credited_on_diesels_older_than_tier_4_alone(tmp_path: Path, form: str):
    """13 CCR 2702(f): level 3 leaves 15 % of a diesel's particles; it verifies diesel strategies alone."""
    rows = [
        ("D1", "yard_tractor", 2004, 150, "diesel", "Tier 2"),
        ("N1", "yard_tractor", 2018, 150, "diesel", "Tier 4 final"),
        ("P1", "forklift", 2004, 60, "lpg", ""),
        ("G1", "forklift", 2004, 60, "gasoline", ""),
    ]
    text = f"{MACHINES},tier,device_level,operator\n"
    for unit, kind, year, power, fuel, tier in rows:
        text += f"{unit},T,{kind},{year},{power},{fuel},1000,{tier},L3,{unit}\n"
        text += f"{unit}-bare,T,{kind},{year},{power},{fuel},1000,{tier},none,{unit}-bare\n"
    inventory = built(tmp_path, f'equipment_form = "{form}"', equipment=text)
    left = {
        unit: inventory.total("PM10", operator=unit) / inventory.total("PM10", operator=f"{unit}-bare")
        for unit, *_ in rows
    }
    assert left == pytest.approx({"D1": 0.15, "N1": 1.0, "P1": 1.0, "G1": 1.0}, rel=1e-9)
    (told,) = notes(inventory, "verified particle devices")
    # Load of tractors and forklifts by form: only the order is checked here, each share below 1.
    assert "not credited on engines that are no diesels" in told
    assert "not credited, as engines of Tier 4" in told
    assert "100" not in told.split("work): ")[1]


# ---------------------------------------------------------------- electricity that nobody knows


def test_electricity_of_machines_without_a_meter_makes_every_sum_of_it_partial(tmp_path: Path):
    """A yard tractor has a draw by the hour; a top handler has none, and no meter."""
    text = f"{MACHINES}\nY1,T,yard_tractor,2020,150,electric,1000\nH1,T,top_handler,2020,250,electric,1000\n"
    inventory = built(tmp_path, 'grid_region = "CAMX"', equipment=text)
    (told,) = notes(inventory, "kwh_metered")
    assert told.startswith("WARNING: electricity of 1 records")
    assert "1 top handler" in told
    with pytest.warns(PartialTotal, match="electricity lacks that of top handler"):
        known = inventory.total("electricity", "kWh", source="cargo_handling_equipment")
    assert known.magnitude > 0
    with pytest.raises(NotEstimated, match="top handler"):
        inventory.total("electricity", "kWh", source="cargo_handling_equipment", source_type="top_handler")
    printed = summarize(inventory).text()
    energy = next(name for name in printed if name.startswith("energy [") and "kWh" in name)
    assert printed.loc["Cargo handling equipment", energy].endswith("*")
    assert printed.loc["Total in the domain", energy].endswith("*")


# ---------------------------------------------------------------- cells that nothing uses


def test_cells_that_a_record_of_its_kind_cannot_use_are_named_with_their_row(tmp_path: Path):
    head = f"{MACHINES},kwh_metered,hydrogen_used_kg,device_level,cumulative_hours,tier"
    diesel = "D1,T,loader,2018,150,diesel,1000,500,7,,,"
    electric = "E1,T,loader,2018,150,electric,1000,9000,,3,4000,"
    gas = "P1,T,forklift,2018,60,lpg,1000,,,,,Tier 4 final"
    inventory = built(
        tmp_path, 'grid_region = "CAMX"', equipment="\n".join([head, diesel, electric, gas, ""])
    )
    rows = {"kwh_metered": 2, "hydrogen_used_kg": 2, "device_level": 3, "cumulative_hours": 3, "tier": 4}
    for column, row in rows.items():
        (told,) = notes(inventory, f"equipment.{column} is used for nothing in 1 row")
        assert f"equipment.csv row {row})" in told
    assert not notes(inventory, "calls.confidential")


@pytest.mark.parametrize(
    ("load_model", "idle"),
    [
        ("propeller_law", "length_m, propellers, draught_max_m"),
        ("admiralty", "length_m, propellers"),
        ("imo_ghg4", "length_m, propellers"),
        ("holtrop_mennen", ""),
        ("kristensen", ""),
    ],
)
def test_dimensions_of_ships_that_a_load_model_has_no_use_for_are_named(load_model: str, idle: str) -> None:
    ships = pd.DataFrame(
        {"length_m": [200.0], "propellers": [1.0], "draught_max_m": [12.0], "breadth_m": [None]}
    )
    said = idle_hulls({"vessels": ships}, load_model)
    assert said == ([f"vessels: used for nothing with load_model = {load_model}: {idle}"] if idle else [])


def test_a_pump_drive_of_a_ship_without_cargo_pumps_is_named_with_its_row() -> None:
    ships = pd.DataFrame(
        {
            "type": ["container", "oil_tanker"],
            "pump_drive": ["steam", "steam"],
            "_file": "v.csv",
            "_row": [2, 3],
        }
    )
    assert idle_in({"vessels": ships}) == [
        "vessels.pump_drive is used for nothing in 1 row of ships that are no tankers (first: v.csv row 2)"
    ]
