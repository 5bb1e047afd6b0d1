"""Tiny ports as staff build them, each with one thing that once vanished, was misread or crashed."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from inventories.activity import ActivityError
from inventories.port.port import Port, PortError
from inventories.year.inventory import Inventory

CASES = Path(__file__).parents[1] / "data/cases/staff"
Case = Callable[[str], Path]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """Copy one of the cases to a folder of the test's own."""
    return lambda name: Path(shutil.copytree(CASES / name, tmp_path / name))


def built(folder: Path) -> Inventory:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=UserWarning)
        return Inventory.build(Port.load(folder), year=2023)


def kwh(inventory: Inventory, group: str, mode: str) -> float:
    work = inventory.work
    chosen = (work["engine_group"].astype(str) == group) & (work["mode_or_segment"].astype(str) == mode)
    return float(work.loc[chosen, "quantity"].sum())


def note(inventory: Inventory, *words: str) -> str:
    found = [text for text in inventory.manifest["notes"] if all(word in text for word in words)]
    assert len(found) == 1, inventory.manifest["notes"]
    return str(found[0])


# ---------------------------------------------------------------- hours of a call are those of its parts


def test_hours_between_two_stops_are_unaccounted_and_worked_as_at_anchor(case: Case) -> None:
    """From 25 March 06:59 to 27 March 18:16 are 59 h 17 min; the ship has 420 and 200 kW at anchor."""
    inventory = built(case("wrong_gap_between_stops"))
    hours = 59 + 17 / 60
    assert kwh(inventory, "auxiliary", "unaccounted") == pytest.approx(420 * hours)
    assert kwh(inventory, "boiler", "unaccounted") == pytest.approx(200 * hours)
    assert kwh(inventory, "propulsion", "unaccounted") == 0
    rows = inventory.work[inventory.work["mode_or_segment"].astype(str) == "unaccounted"]
    assert set(rows["provenance"].astype(str)) == {"default"}
    assert set(rows["zone"].astype(str)) == {"harbor"}
    assert "59.3 h" in note(inventory, "unaccounted", "stops.csv row 2", "23-1")


def test_stops_and_the_time_between_them_are_the_whole_stay(case: Case) -> None:
    """Auxiliary engines: 600 kW at berth for the 22.3 h of two stops and 420 kW for the 59.28 h between."""
    inventory = built(case("wrong_gap_between_stops"))
    at_berth = kwh(inventory, "auxiliary", "hotelling") / 600
    between = kwh(inventory, "auxiliary", "unaccounted") / 420
    stay = pd.Timestamp("2023-03-28 06:30") - pd.Timestamp("2023-03-24 20:55")
    assert at_berth + between == pytest.approx(stay.total_seconds() / 3600)


def test_a_short_time_between_stops_is_a_shift_at_maneuvering_loads(case: Case) -> None:
    folder = case("wrong_gap_between_stops")
    stops = folder / "activity/2023/stops.csv"
    stops.write_text(stops.read_text().replace("2023-03-27 18:16", "2023-03-25 09:59"))
    before = built(case("wrong_shift_leg_drops_ways"))
    inventory = built(folder)
    ways = kwh(before, "auxiliary", "maneuvering") - 680 * 1.0  # without the hour of its shift leg
    assert kwh(inventory, "auxiliary", "maneuvering") - ways == pytest.approx(680 * 3.0)
    assert kwh(inventory, "auxiliary", "unaccounted") == 0
    assert "3.0 hours that no leg covers" in note(inventory, "shifts between stops", "shift_h")


def test_the_port_says_up_to_how_many_hours_a_shift_takes(case: Case) -> None:
    folder = case("wrong_gap_between_stops")
    port = folder / "port.toml"
    port.write_text(port.read_text().replace("[method.options]", "[method.options]\nshift_h = 48"))
    stops = folder / "activity/2023/stops.csv"
    stops.write_text(stops.read_text().replace("2023-03-27 18:16", "2023-03-26 06:59"))
    inventory = built(folder)
    assert kwh(inventory, "auxiliary", "unaccounted") == 0


def test_a_shift_leg_leaves_the_ways_in_and_out_and_takes_its_hours_of_the_gap(case: Case) -> None:
    inventory = built(case("wrong_shift_leg_drops_ways"))
    without = built(case("wrong_gap_between_stops"))
    assert kwh(inventory, "propulsion", "transit") == kwh(without, "propulsion", "transit") > 0
    shift_h = 1.0
    more = kwh(inventory, "auxiliary", "maneuvering") - kwh(without, "auxiliary", "maneuvering")
    assert more == pytest.approx(680 * shift_h)
    less = kwh(without, "auxiliary", "unaccounted") - kwh(inventory, "auxiliary", "unaccounted")
    assert less == pytest.approx(420 * shift_h)
    assert "23-1" in note(inventory, "legs of their own but none in", "calls.csv row 2")
    assert "23-1" in note(inventory, "legs of their own but none out")


def test_a_way_in_that_is_given_stands_and_the_way_out_is_added(case: Case) -> None:
    folder = case("wrong_shift_leg_drops_ways")
    legs = folder / "activity/2023/legs.csv"
    legs.write_text(legs.read_text().replace("shift", "inbound"))
    inventory = built(folder)
    note(inventory, "none out")
    assert not [text for text in inventory.manifest["notes"] if "none in (" in text]
    whole = built(case("wrong_gap_between_stops"))
    assert kwh(inventory, "propulsion", "transit") == pytest.approx(kwh(whole, "propulsion", "transit") / 2)


# ---------------------------------------------------------------- names


def test_a_mistyped_route_of_a_terminal_is_refused_with_the_nearest(case: Case) -> None:
    with pytest.raises(PortError, match=r'BCT.arrival_route" is "chanel".*Did you mean "channel"'):
        Port.load(case("wrong_route_typo"))


def test_a_road_is_no_way_for_a_ship(case: Case) -> None:
    folder = case("wrong_route_typo")
    routes = folder / "routes.geojson"
    port = folder / "port.toml"
    port.write_text(port.read_text().replace("chanel", "channel"))
    routes.write_text(routes.read_text().replace('"sea"', '"road"'))
    with pytest.raises(PortError, match="which is a road"):
        Port.load(folder)


def test_a_mistyped_route_of_a_call_is_refused_with_the_nearest(case: Case) -> None:
    folder = case("wrong_four_month_stay")
    calls = folder / "activity/2023/calls.csv"
    first, second = calls.read_text().splitlines()
    calls.write_text(f"{first},arrival_route\n{second},chanel\n")
    with pytest.raises(ActivityError, match=r'row 2, column arrival_route: "chanel".*Did you mean "channel"'):
        built(folder)


def test_distances_by_hand_need_no_zones(case: Case) -> None:
    """The three stretches are named; ships there maneuver or sail by EPA's rule of load."""
    folder = case("crash1_routes_csv_without_zones")
    inventory = built(folder)
    told = note(inventory, "does not draw")
    assert "harbor, offshore, ship channel" in told
    assert inventory.total("NOx", unit="short_ton").magnitude > 90


def test_a_route_that_begins_outside_the_zones_is_told_with_the_place(case: Case) -> None:
    """From 29.9 to 30.08 degrees north are 0.18 degrees of latitude: 10.8 nautical miles."""
    with pytest.raises(ActivityError, match=r'route "channel" leaves.*10.8 nmi from latitude 29.9000'):
        built(case("crash2_route_begins_outside_zones"))


# ---------------------------------------------------------------- flags

NO = ("no", "false", "N", "0", None, False, 0)


def with_flag(folder: Path, value: object) -> Path:
    zones = folder / "zones.geojson"
    content = json.loads(zones.read_text())
    content["features"][2]["properties"]["in_domain"] = value
    zones.write_text(json.dumps(content))
    return folder


def test_a_zone_whose_in_domain_says_no_lies_outside(case: Case) -> None:
    """17.7 outside and 90.5 inside were read while unknown sizes took the smaller of two middle bins."""
    inventory = built(case("wrong1_in_domain_text"))
    outside = inventory.total("NOx", unit="short_ton", in_domain=False).magnitude
    inside = inventory.total("NOx", unit="short_ton").magnitude
    assert outside == pytest.approx(17.7, rel=0.035)
    assert inside == pytest.approx(90.5, rel=0.035)


@pytest.mark.parametrize("value", NO)
def test_every_word_for_no_is_read_as_no(case: Case, value: object) -> None:
    from inventories.port.zone_table import zone_table

    port = Port.load(with_flag(case("wrong1_in_domain_text"), value))
    assert zone_table(port).set_index("zone")["in_domain"].to_dict() == {
        "harbor": True, "ship channel": True, "offshore": False,
    }  # fmt: skip
    assert port.zones().set_index("zone")["in_domain"].to_dict()["offshore"] is False


@pytest.mark.parametrize("value", ["perhaps", 2, "nein!", [True]])
def test_what_is_neither_yes_nor_no_is_refused_with_its_zone(case: Case, value: object) -> None:
    with pytest.raises(PortError, match=r'zones.geojson, zone "offshore", property "in_domain"'):
        Port.load(with_flag(case("wrong1_in_domain_text"), value))


# ---------------------------------------------------------------- visits, stays, meters, numbers


def test_gate_visits_without_ways_are_refused(case: Case) -> None:
    with pytest.raises(ActivityError, match=r"gate_visits.csv, row 2.*no way, no hours and no starts"):
        built(case("wrong_gate_visits_without_ways"))


def test_a_stay_of_four_months_is_told_with_file_and_row(case: Case) -> None:
    inventory = built(case("wrong_four_month_stay"))
    assert "120.8 days" in note(inventory, "WARNING", "longer than 30 days", "calls.csv row 2")


def test_a_meter_of_one_month_is_told_with_the_months_missing(case: Case) -> None:
    inventory = built(case("wrong_meter_one_month"))
    assert "Feb, Mar" in note(inventory, "meter M", "31 of 365 days", "11 months missing")


def test_a_point_between_thousands_is_none_between_decimals(case: Case) -> None:
    """Two forklifts of 74.6 kW and load factor 0.30: (1,250 + 900) h of 22.38 kW."""
    inventory = built(case("wrong_semicolon_thousands_dot"))
    assert kwh(inventory, "equipment", "on_terminal") == pytest.approx(74.6 * 0.30 * 2150, rel=1e-6)


@pytest.mark.parametrize(
    ("power", "hours", "said"),
    [("74", "1.250", "no other number says"), ("74,6", "11.45", "has both marks")],
)
def test_a_point_that_may_be_either_is_refused(case: Case, power: str, hours: str, said: str) -> None:
    folder = case("wrong_semicolon_thousands_dot")
    table = folder / "activity/2023/equipment.csv"
    table.write_text(table.read_text().replace("74,6", power).replace("1.250", hours))
    port = folder / "port.toml"
    port.write_text(port.read_text() + '[tables.equipment]\non_unusable = "error"\n')
    with pytest.raises(ActivityError, match=said):
        built(folder)


def test_semicolons_with_decimal_points_are_read_as_such(case: Case) -> None:
    folder = case("wrong_semicolon_thousands_dot")
    table = folder / "activity/2023/equipment.csv"
    table.write_text(table.read_text().replace("74,6", "74.60").replace("1.250", "11.45"))
    assert kwh(built(folder), "equipment", "on_terminal") == pytest.approx(74.6 * 0.30 * 911.45, rel=1e-6)


# ---------------------------------------------------------------- every record, every column


def test_every_record_is_worked_or_named(case: Case) -> None:
    folder = case("wrong_semicolon_thousands_dot")
    table = folder / "activity/2023/equipment.csv"
    table.write_text(table.read_text() + "F3;GCT;forklift;2012;74,6;lpg;0\n")
    inventory = built(folder)
    told = inventory.manifest["records"]["accounts"]["equipment"]
    assert told == {"read": 3, "worked": 2, "without_work": 1, "rejected": 0}
    assert "F3, activity/2023/equipment.csv row 4" in note(inventory, "1 of 3 records of equipment")


def test_columns_on_which_no_number_rests_are_named(case: Case) -> None:
    folder = case("wrong_semicolon_thousands_dot")
    table = folder / "activity/2023/equipment.csv"
    head, *rows = table.read_text().splitlines()
    table.write_text("\n".join([f"{head};owner", *(f"{row};Acme" for row in rows)]))
    assert "equipment.owner" in note(built(folder), "on which no number rests")


def test_a_column_is_used_by_a_calculation_or_is_said_to_be_kept() -> None:
    """A quoted name in code that computes is taken as use; a column that nothing computes with fails here."""
    import re

    import emissions
    import factors
    import inventories
    from inventories.activity import TABLES
    from inventories.activity.kept_columns import KEPT_COLUMNS

    code = ""
    for room in (emissions, factors, inventories):
        for path in sorted(Path(str(room.__file__)).parent.rglob("*.py")):
            if not {"tables", "examples"} & set(path.parts) and path.name != "kept_columns.py":
                code += re.sub(r'"""(.|\n)*?"""', "", path.read_text(encoding="utf-8"))
    quoted = set(re.findall(r"[\"'](\w+)[\"']", code)) | {
        f"{head}_{middle}_kw" for head in ("auxiliary", "boiler")
        for middle in ("transit", "maneuvering", "hotelling", "anchorage")
    } | {f"{what}_{side}_utc" for what in ("shore_power", "capture") for side in ("from", "to")}  # fmt: skip
    idle = {
        f"{name}.{column.out}"
        for name, table in TABLES.items()
        for column in table.columns
        if column.out not in quoted and column.out not in KEPT_COLUMNS.get(name, ())
    }
    assert idle == set()


def test_kept_columns_are_columns() -> None:
    from inventories.activity import TABLES
    from inventories.activity.kept_columns import KEPT_COLUMNS

    for name, columns in KEPT_COLUMNS.items():
        assert set(columns) <= {column.out for column in TABLES[name].columns}


def test_quantities_per_teu_are_divided_by_the_table_cargo(small: Inventory) -> None:
    """A year's row of a terminal stands for its months; two terminals add up."""
    from inventories.work.plausibility import _of_cargo, of_cargo

    cargo = pd.DataFrame({
        "terminal": ["A", "A", "B"], "period": ["2023", "2023-01", "2023-01"], "teu_loaded": [10.0, 5.0, 1.0],
        "teu_empty": [2.0, 1.0, None], "cargo_tonnes": [None] * 3, "lifts": [None] * 3, "autos": [None] * 3,
        "passengers": [None, 7.0, None],
    })  # fmt: skip
    assert _of_cargo(cargo) == {"cargo_teu": 13.0}
    assert of_cargo({"cargo_teu": 13.0, "teu_total": 12.0})[0].endswith("the stops of ships state 12")
    assert small.manifest["measured"]["cargo_tonnes"] > 0
