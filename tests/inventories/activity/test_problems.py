"""Bad input: each kind is refused, and the message says where, what, what is allowed and what to do."""

import pandas as pd
import pytest

from inventories.activity import ActivityError, check_activity, load_activity
from inventories.port.port import Port

PORT = """
name = "Small Harbor"
timezone = "America/Los_Angeles"
[terminals.T1]
[terminals.T2]
"""

CALLS = """call_id,vessel_id,arrival,departure,terminal
C1,9000001,2023-03-31 14:05,2023-04-02 02:40,T1
C2,9000002,2023-05-01 08:00,2023-05-01 20:00,T2
"""
VESSELS = """vessel_id,type,main_kw,tier_main
9000001,container,50000,Tier 1
9000002,bulk_carrier,9000,Tier 2
"""
STOPS = """call_id,seq,kind,terminal,from,to
C1,1,anchorage,,2023-03-31 14:05,2023-03-31 20:00
C1,2,berth,T1,2023-03-31 21:00,2023-04-02 02:40
"""
EQUIPMENT = """unit_id,terminal,type,engine_model_year,power (hp),fuel,hours
Y1,T1,yard_tractor,2012,175,diesel,1850
Y2,T1,forklift,2015,80,lpg,900
"""
VISITS = """terminal,month,count,engine_model_year,fuel
T1,2023-03,100,2014,diesel
"""


def harbor(tmp_path, port=PORT, year=2023, **tables):
    """A port's folder with the tables given as text; calls bring their ships."""
    place = tmp_path / "activity" / str(year)
    place.mkdir(parents=True, exist_ok=True)
    (tmp_path / "port.toml").write_text(port, encoding="utf-8")
    if "calls" in tables:
        tables.setdefault("vessels", VESSELS)
    for name, text in tables.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return Port.load(tmp_path)


def refused(port, match, year=2023):
    with pytest.raises(ActivityError, match=match) as error:
        load_activity(port, year)
    return error.value


def test_good_tables_are_read_without_a_word(tmp_path):
    port = harbor(tmp_path, calls=CALLS, stops=STOPS, equipment=EQUIPMENT, gate_visits=VISITS)
    assert check_activity(port, 2023) == []


# ------------------------------------------------ units and headings


def test_a_unit_that_does_not_fit_is_refused(tmp_path):
    port = harbor(tmp_path, equipment=EQUIPMENT.replace("power (hp)", "power (kWh)"))
    refused(
        port,
        r'equipment.csv, column power \(kWh\): is in "kWh", which does not fit.*Allowed: kW or a like unit',
    )


def test_a_bare_ton_is_refused(tmp_path):
    cargo = "terminal,period,tonnes (tons)\nT1,2023,5\n"
    refused(harbor(tmp_path, cargo=cargo), r'tonnes \(tons\): is in "tons".*short')


def test_a_number_without_a_unit_is_refused_and_units_of_port_toml_help(tmp_path):
    text = EQUIPMENT.replace("power (hp)", "power")
    refused(
        harbor(tmp_path, equipment=text), r'column power: has no unit.*\[units\] "equipment.power" = "kW"'
    )
    port = harbor(tmp_path, PORT + '[units]\n"equipment.power" = "hp"\n', equipment=text)
    assert load_activity(port, 2023).tables["equipment"]["power_hp"].tolist() == [175.0, 80.0]


def test_a_heading_with_a_slip_is_told_with_the_nearest(tmp_path):
    port = harbor(tmp_path, calls=CALLS.replace("departure", "departuer"))
    error = refused(
        port, r'column departuer: is not a heading of the table calls. Did you mean "departure"\?'
    )
    assert 'the column "departure" is missing; it is required' in str(error)


def test_a_column_of_ones_own_is_noted_and_left_unread(tmp_path):
    port = harbor(tmp_path, calls=CALLS.replace("terminal\n", "terminal,zzz\n").replace(",T1", ",T1,hello"))
    assert any("columns not read: zzz" in note for note in load_activity(port, 2023).notes)


def test_two_headings_for_one_column_are_refused(tmp_path):
    text = EQUIPMENT.replace("hours", "hours,hours [min]").replace("1850", "1850,1").replace("900", "900,1")
    refused(harbor(tmp_path, equipment=text), r'"hours" and "hours \[min\]" both mean hours')


def test_a_heading_given_twice_is_refused(tmp_path):
    text = EQUIPMENT.replace("hours", "hours,hours").replace("1850", "1850,1").replace("900", "900,1")
    refused(harbor(tmp_path, equipment=text), "column hours: the heading is there twice")


def test_trips_are_refused_until_their_meaning_is_stated(tmp_path):
    text = VISITS.replace("count", "Trips")
    refused(harbor(tmp_path, gate_visits=text), "column Trips: cannot be read.*factor of two.*trip_means")


@pytest.mark.parametrize(("meaning", "visits"), [("gate_visit", 100), ("one_way", 50), ("round_trip", 100)])
def test_trips_with_a_meaning_become_gate_visits_and_are_noted(tmp_path, meaning, visits):
    port = PORT + f'[tables.gate_visits]\ntrip_means = "{meaning}"\n'
    activity = load_activity(harbor(tmp_path, port, gate_visits=VISITS.replace("count", "trips")), 2023)
    assert activity.tables["gate_visits"]["count"].tolist() == [visits]
    assert any('"trips" read as' in note for note in activity.notes)


def test_trips_do_not_slip_in_through_a_mapping(tmp_path):
    port = PORT + '[mapping.gate_visits]\ncolumns = { "trips" = "count" }\n'
    refused(harbor(tmp_path, port, gate_visits=VISITS.replace("count", "trips")), "trip_means")


def test_a_bare_ton_under_a_heading_that_is_not_read_is_refused(tmp_path):
    cargo = "terminal,period,tonnes,{}\nT1,2023,5,6\n"
    for heading in ("weight (ton)", "mass [MT]", "cargo (ton)", "tons handled", "cargo_tons"):
        port = harbor(tmp_path, cargo=cargo.format(heading))
        error = refused(
            port, 'speaks of a bare ton.*Allowed: .*teu_loaded.*write "short ton" or "tonne".*ignore'
        )
        assert error.problems[0].column == heading
    harbor(
        tmp_path, PORT + '[mapping.cargo]\nignore = ["tons handled"]\n', cargo=cargo.format("tons handled")
    )
    assert load_activity(Port.load(tmp_path), 2023).tables["cargo"]["cargo_tonnes"].tolist() == [5.0]


def test_a_bare_ton_does_not_slip_in_through_a_mapping_and_units_say_which(tmp_path):
    port = PORT + '[mapping.cargo]\ncolumns = { "Cargo (ton)" = "tonnes" }\n'
    cargo = "terminal,period,Cargo (ton)\nT1,2023,1000\n"
    refused(harbor(tmp_path, port, cargo=cargo), r'Cargo \(ton\): is in "ton".*refused')
    port += '[units]\n"cargo.Cargo (ton)" = "short ton"\n'
    tonnes = load_activity(harbor(tmp_path, port, cargo=cargo), 2023).tables["cargo"]["cargo_tonnes"]
    assert tonnes.tolist() == pytest.approx([907.18474])


@pytest.mark.parametrize(
    ("heading", "match"),
    [
        ("energy (kWh)", 'is not a heading of the table equipment. It carries the unit "kWh"'),
        ("idle_min", 'It carries the unit "min"'),
        ("hours2", "It resembles hours, which is there already"),
    ],
)
def test_a_heading_of_ones_own_with_a_unit_or_like_ours_must_be_listed(tmp_path, heading, match):
    text = EQUIPMENT.replace("hours", f"hours,{heading}").replace("1850", "1850,1").replace("900", "900,1")
    refused(harbor(tmp_path, equipment=text), match + ".*Allowed: .*mapping.equipment. ignore")


def test_a_gallon_says_whose_it_is(tmp_path):
    text = (
        EQUIPMENT.replace("hours", "hours,fuel_used ({})").replace("1850", "1850,10").replace("900", "900,")
    )
    for unit in ("gal", "gallons"):
        refused(
            harbor(tmp_path, equipment=text.format(unit)), 'fuel_used .*refused.*"US gal", "imperial gal"'
        )
    refused(harbor(tmp_path, equipment=text.replace(" ({})", "_gal")), 'fuel_used_gal: .*"US gal"')
    for unit, liters in (("US gal", 37.85411784), ("U.S. gallons", 37.85411784), ("imperial gal", 45.4609)):
        read = load_activity(harbor(tmp_path, equipment=text.format(unit)), 2023).tables["equipment"]
        assert read["fuel_used_l"].iloc[0] == pytest.approx(liters)


# ------------------------------------------------ values


def test_a_model_year_after_the_next_is_told_with_all_other_problems(tmp_path):
    text = EQUIPMENT.replace("2012", "2031").replace("900", "many")
    error = refused(
        harbor(tmp_path, equipment=text),
        r'equipment.csv, row 2, column engine_model_year: .*Found "2031". Allowed: at most 2024.*Correct it',
    )
    assert len(error.problems) == 2
    assert check_activity(harbor(tmp_path, equipment=EQUIPMENT.replace("2012", "2024")), 2023) == []


def test_hours_of_a_machine_that_was_not_there_are_told(tmp_path):
    text = EQUIPMENT.replace("hours", "hours,in_service_from").replace("1850", "1850,2024-02-01")
    text = text.replace("900", "900,2023-02-01")
    refused(
        harbor(tmp_path, equipment=text),
        'row 2, column in_service_from: .*no day of 2023.*Found "2024-02-01". Allowed: at most 2023-12-31',
    )


def test_an_error_of_the_equipment_work_is_one_of_ours():
    from emissions.equipment import EquipmentError, work_rows
    from factors.method import load_method

    with pytest.raises(EquipmentError, match=r"equipment: column unit_id.* is missing") as error:
        work_rows(pd.DataFrame(), pd.DataFrame({"terminal": []}), year=2023, method=load_method("epa-2022"))
    assert isinstance(error.value, ValueError)


def test_a_choice_is_suggested_in_our_own_word(tmp_path):
    vessels = VESSELS.replace("container", "cruise shp")
    refused(harbor(tmp_path, calls=CALLS, vessels=vessels), 'is not known as type. Did you mean "cruise"')


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("1850", "many", r'row 2, column hours: is text where a number is needed. Found "many"'),
        (
            "1850",
            "-3",
            r'row 2, column hours: is negative. Found "-3". Allowed: a number, 0 or more and at most 8784 h',
        ),
        ("1850", "9999", r"row 2, column hours: is too large"),
        ("1850", '"12,5"', r"row 2, column hours: is not read: a decimal comma, or thousands"),
        ("1850", "inf", r"row 2, column hours: is not finite"),
        ("1850", "", r"row 2, column hours: hours is blank; it is required"),
        ("2012", "2012.5", r"column engine_model_year: is not a whole number"),
        ("2012", "212", r"column engine_model_year: is too small"),
        ("175", "0", r"column power \(hp\): is too small.*above 0"),
        ("yard_tractor", "yard_traktor", r'"yard_traktor" is not known as type. Did you mean "yard_tractor"'),
        ("diesel", "deisel", r'"deisel" is not known as fuel. Did you mean "diesel".*lpg'),
        ("Y1,T1", "Y1,T9", r'column terminal: "T9" is not in \[terminals\] of port.toml.*Allowed: T1, T2'),
    ],
)
def test_a_value_that_cannot_be_is_told_with_its_row_and_what_is_allowed(tmp_path, old, new, match):
    refused(harbor(tmp_path, equipment=EQUIPMENT.replace(old, new)), match)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("container", "contaner", r'"contaner" is not known as type. Did you mean "container".*bulk_carrier'),
        (
            "Tier 1",
            "Tier 7",
            r'"Tier 7" is not known as tier_main.*Allowed: one of Tier 0, Tier 1, Tier 2, Tier 3',
        ),
    ],
)
def test_an_unknown_vessel_type_or_tier_lists_what_is_known(tmp_path, old, new, match):
    refused(harbor(tmp_path, calls=CALLS, vessels=VESSELS.replace(old, new)), match)


def test_the_same_slip_on_many_rows_is_told_once(tmp_path):
    rows = "".join(f"Y{n},T1,yard_traktor,2012,175,diesel,5\n" for n in range(100))
    error = refused(
        harbor(tmp_path, equipment=EQUIPMENT.splitlines()[0] + "\n" + rows), "rows 2, 3, 4 and 97 more"
    )
    assert len(error.problems) == 1
    assert error.problems[0].count == 100
    assert error.problems[0].row == 2


def test_thousands_and_decimal_commas_are_read_where_they_are_clear(tmp_path):
    activity = load_activity(harbor(tmp_path, equipment=EQUIPMENT.replace("1850", '"1,850"')), 2023)
    assert activity.tables["equipment"]["hours"].tolist() == [1850.0, 900.0]
    text = EQUIPMENT.replace(",", ";").replace("1850", "1850,5")
    activity = load_activity(harbor(tmp_path, equipment=text), 2023)
    assert activity.tables["equipment"]["hours"].tolist() == [1850.5, 900.0]


# ------------------------------------------------ times


@pytest.mark.parametrize(
    ("value", "match"),
    [
        ("2023-03-30 14:05", r"column departure: departure is before arrival"),
        ("2023-03-31 14:05", r"departure is at the same minute as arrival"),
        (
            "04/02/2023 02:40",
            r"row 2, column departure: is a date as text whose order of day and month cannot be told.*ISO",
        ),
        ("45018.11", r"is a day number as Excel keeps dates.*Format the cells"),
        ("2023-04-02", r"is a date without a time of day"),
        ("tomorrow", r'column departure: is not a time. Found "tomorrow"'),
        ("2023-02-29 10:00", r"column departure: does not exist: the calendar"),
        ("2203-04-02 02:40", r"has a year out of range"),
        ("2023-03-32 02:40", r"column departure: does not exist: the calendar"),
    ],
)
def test_a_time_that_cannot_be_is_told_with_what_to_write(tmp_path, value, match):
    refused(harbor(tmp_path, calls=CALLS.replace("2023-04-02 02:40", value)), match)


def test_a_leap_day_is_a_day_like_others_in_a_leap_year(tmp_path):
    calls = "call_id,vessel_id,arrival,departure\nC1,9000001,2024-02-29 10:00,2024-03-01 10:00\n"
    activity = load_activity(harbor(tmp_path, year=2024, calls=calls), 2024)
    stay = activity.tables["calls"]["departure_utc"] - activity.tables["calls"]["arrival_utc"]
    assert stay.tolist() == [pd.Timedelta(hours=24)]


def test_times_without_a_zone_are_local_and_with_one_are_as_written(tmp_path):
    text = CALLS.replace("2023-03-31 14:05", "2023-03-31T14:05").replace(
        "2023-04-02 02:40", "2023-04-02T02:40+02:00"
    )
    calls = load_activity(harbor(tmp_path, calls=text), 2023).tables["calls"]
    assert calls.loc[0, "arrival_utc"] == pd.Timestamp("2023-03-31T21:05Z")
    assert calls.loc[0, "departure_utc"] == pd.Timestamp("2023-04-02T00:40Z")


def test_a_local_time_that_the_clocks_skip_is_refused(tmp_path):
    text = CALLS.replace("2023-03-31 14:05", "2023-03-12 02:30")
    refused(harbor(tmp_path, calls=text), "does not exist in America/Los_Angeles: the clocks went forward")


def test_a_local_time_that_comes_twice_is_its_first_passing_and_noted(tmp_path):
    text = CALLS.replace("2023-05-01 08:00", "2023-11-05 01:30").replace(
        "2023-05-01 20:00", "2023-11-05 20:00"
    )
    activity = load_activity(harbor(tmp_path, calls=text), 2023)
    assert activity.tables["calls"].loc[1, "arrival_utc"] == pd.Timestamp("2023-11-05T08:30Z")
    assert any("first passing" in note for note in activity.notes)


def test_a_call_across_new_year_belongs_to_both_years(tmp_path):
    calls = "call_id,vessel_id,arrival,departure\nC1,9000001,2022-12-31 10:00,2023-01-01 10:00\n"
    assert len(load_activity(harbor(tmp_path, calls=calls), 2023).tables["calls"]) == 1
    assert len(load_activity(harbor(tmp_path, year=2022, calls=calls), 2022).tables["calls"]) == 1


def test_a_call_of_another_year_is_told(tmp_path):
    refused(
        harbor(tmp_path, calls=CALLS.replace("2023-05", "2021-05")),
        r'column arrival: lies outside 2023. Found "2021-05-01"',
    )


def test_a_month_of_another_year_and_a_month_that_is_none_are_told(tmp_path):
    refused(
        harbor(tmp_path, gate_visits=VISITS.replace("2023-03", "2022-03")), "date_or_month: lies outside 2023"
    )
    refused(harbor(tmp_path, gate_visits=VISITS.replace("2023-03", "13")), "column month: is not a month")


def test_one_file_for_several_years_is_read_by_year(tmp_path):
    port = PORT + '[[files]]\ntable = "gate_visits"\npath = "visits.csv"\n'
    (tmp_path / "visits.csv").write_text(VISITS + "T1,2022-03,7,2014,diesel\n")
    harbor(tmp_path, port)
    loaded = Port.load(tmp_path)
    assert load_activity(loaded, 2022).tables["gate_visits"]["count"].tolist() == [7]
    assert load_activity(loaded, 2023).tables["gate_visits"]["count"].tolist() == [100]


# ------------------------------------------------ records and their keys


def test_stops_that_overlap_are_told(tmp_path):
    text = STOPS.replace("2023-03-31 21:00", "2023-03-31 19:00")
    refused(
        harbor(tmp_path, calls=CALLS, stops=text),
        "stops.csv, row 3, column from: the stop begins before the one before it ends",
    )


def test_stops_out_of_order_are_told(tmp_path):
    text = STOPS.replace("C1,1", "C1,3")
    refused(harbor(tmp_path, calls=CALLS, stops=text), "column seq: seq does not follow the times")


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        (
            "1,anchorage,,2023-03-31 14:05",
            "1,anchorage,,2023-03-31 13:00",
            "row 2, column from: the stop begins before its call's arrival",
        ),
        (
            "2023-04-02 02:40",
            "2023-04-02 03:00",
            "row 3, column to: the stop ends after its call's departure",
        ),
        ("C1,1", "C9,1", r'row 2, column call_id: call_id is not in the table calls. Found "C9"'),
        ("anchorage", "anchorge", r'"anchorge" is not known as kind. Did you mean "anchorage"'),
    ],
)
def test_stops_that_leave_their_call_are_told(tmp_path, old, new, match):
    refused(harbor(tmp_path, calls=CALLS, stops=STOPS.replace(old, new)), match)


def test_two_calls_of_one_ship_at_once_are_told(tmp_path):
    text = CALLS + "C3,9000001,2023-04-01 10:00,2023-04-05 10:00,T1\n"
    refused(
        harbor(tmp_path, calls=text),
        'row 4, column arrival: one ship has two calls at the same time. Found "2023-04-01 10:00 to '
        '2023-04-05 10:00 and 2023-03-31 14:05 to 2023-04-02 02:40". Allowed: an arrival not before.*Correct',
    )


def test_times_are_shown_as_they_are_written_with_what_is_allowed(tmp_path):
    text = CALLS.replace("2023-04-02 02:40", "2023-03-30T14:05")
    refused(
        harbor(tmp_path, calls=text),
        'departure is before arrival. Found "2023-03-30T14:05". Allowed: a time after arrival. Correct',
    )
    text = STOPS.replace("2023-03-31 21:00", "2023-03-31 19:00")
    refused(
        harbor(tmp_path, calls=CALLS, stops=text),
        'Found "2023-03-31 19:00, and the one before ends 2023-03-31 20:00". Allowed: a time not.*Correct',
    )
    text = STOPS.replace("2023-04-02 02:40", "2023-04-02 03:00")
    refused(
        harbor(tmp_path, calls=CALLS, stops=text),
        'Found "2023-04-02 03:00, the call\'s departure being 2023-04-02 02:40". Allowed: times.*Correct',
    )


def test_a_call_that_is_there_twice_is_one_problem(tmp_path):
    last = CALLS.splitlines()[-1]
    for again in (last, last.replace("20:00", "21:00")):
        error = refused(harbor(tmp_path, calls=CALLS + again + "\n"), "row 4.*before.*Allowed: each .* once")
        assert len(error.problems) == 1


def test_a_long_call_is_held_against_every_call_within_it(tmp_path):
    text = (
        CALLS
        + "C3,9000001,2023-03-31 15:00,2023-03-31 16:00,T1\nC4,9000001,2023-04-01 15:00,2023-04-01 16:00,T1\n"
    )
    error = refused(harbor(tmp_path, calls=text), "two calls at the same time")
    assert error.problems[0].rows == (4, 5)


def test_a_repeated_row_is_told(tmp_path):
    text = EQUIPMENT + "Y2,T1,forklift,2015,80,lpg,900\n"
    told = r'equipment.csv, row 4, column unit_id: the row is the same as one before it. Found "Y2"'
    refused(harbor(tmp_path, equipment=text), told)


def test_a_number_given_twice_is_told(tmp_path):
    text = EQUIPMENT + "Y2,T1,forklift,2015,90,lpg,900\n"
    refused(harbor(tmp_path, equipment=text), r'row 4, column unit_id: unit_id is there before. Found "Y2"')


def test_single_visits_may_look_alike(tmp_path):
    text = "terminal,date,engine_model_year,fuel\n" + 2 * "T1,2023-03-05,2014,diesel\n"
    assert load_activity(harbor(tmp_path, gate_visits=text), 2023).tables["gate_visits"]["count"].sum() == 2


def test_a_call_of_an_unknown_ship_is_told(tmp_path):
    refused(
        harbor(tmp_path, calls=CALLS.replace("9000002", "9000003")),
        r'vessel_id is not in the table vessels. Found "9000003". Allowed: 9000001, 9000002. Correct it',
    )


def test_a_visit_key_without_legs_is_told(tmp_path):
    text = "terminal,month,count,engine_model_year,fuel,visit_key\nT1,3,10,2014,diesel,local\n"
    refused(
        harbor(tmp_path, gate_visits=text),
        r"the table truck_legs is missing.*Looked for activity/2023/truck_legs.csv",
    )
    legs = "visit_key,miles\nregional,10\n"
    refused(
        harbor(tmp_path, gate_visits=text, truck_legs=legs),
        r'visit_key is not in the table truck_legs. Found "local"',
    )


def test_shore_power_lies_within_the_stay(tmp_path):
    head = "call_id,vessel_id,arrival,departure,shore_power_from,shore_power_to\n"
    row = "C1,9000001,2023-03-31 14:00,2023-04-02 02:00,2023-03-31 13:00,2023-04-01 12:00\n"
    refused(harbor(tmp_path, calls=head + row), "shore_power reaches beyond the stay")
    refused(
        harbor(tmp_path, calls=head + row.replace(",2023-04-01 12:00", ",")), "shore_power has one end only"
    )


# ------------------------------------------------ files


def test_an_empty_file_is_told(tmp_path):
    refused(harbor(tmp_path, calls=""), "calls.csv: is empty: it has not even headings")


def test_headings_without_rows_are_no_records_and_noted(tmp_path):
    activity = load_activity(
        harbor(tmp_path, equipment=EQUIPMENT, calls=CALLS.splitlines()[0] + "\n", vessels=VESSELS), 2023
    )
    assert activity.tables["calls"].empty
    assert "call_id" in activity.tables["calls"]
    assert any("calls.csv has headings and no rows" in note for note in activity.notes)


def test_a_year_without_activity_says_what_was_looked_for(tmp_path):
    refused(harbor(tmp_path), r"no activity of 2023 was found.*activity/2023/calls.csv\|.xlsx\|.parquet")


def test_a_file_of_port_toml_that_is_not_there_is_told(tmp_path):
    port = PORT + '[[files]]\ntable = "calls"\npath = "activity/{year}/export.csv"\n'
    refused(
        harbor(tmp_path, port, equipment=EQUIPMENT), r"activity/2023/export.csv: is not there.*\[\[files\]\]"
    )


def test_calls_without_their_ships_say_what_was_looked_for(tmp_path):
    port = harbor(tmp_path, calls=CALLS)
    (tmp_path / "activity/2023/vessels.csv").unlink()
    refused(port, "table vessels is missing.*activity/2023/vessels.csv")


def test_a_file_with_a_slip_in_its_name_is_told(tmp_path):
    refused(
        harbor(tmp_path, equipment=EQUIPMENT, cals=CALLS),
        r'cals.csv: is not the name of a table. Did you mean "calls"',
    )


def test_a_table_in_two_files_is_told(tmp_path):
    port = harbor(tmp_path, equipment=EQUIPMENT)
    (tmp_path / "activity/2023/equipment.parquet").write_bytes(b"")
    refused(port, "the table equipment is there 2 times")


def test_files_that_are_not_what_they_say_are_told(tmp_path):
    port = harbor(tmp_path)
    place = tmp_path / "activity/2023"
    (place / "calls.xlsx").write_bytes(b"no workbook")
    (place / "cargo.parquet").write_bytes(b"no parquet")
    (place / "gate_visits.parquet").write_bytes(b"no parquet")
    (place / "equipment.csv").write_bytes(EQUIPMENT.replace("yard", "y\x81rd").encode("latin-1"))
    error = refused(port, "4 problems")
    text = str(error)
    assert "calls.xlsx: is no workbook that can be read" in text
    assert "cargo.parquet: is no Parquet file" in text
    assert "gate_visits.parquet: is no Parquet file" in text
    assert "equipment.csv: is no text that can be read" in text


def test_problems_of_all_files_come_in_one_error(tmp_path):
    port = harbor(
        tmp_path,
        calls=CALLS.replace("2023-05-01 08:00", "x"),
        equipment=EQUIPMENT.replace("1850", "y"),
        gate_visits=VISITS.replace("diesel", "z"),
    )
    error = refused(port, "3 problems in 3 files")
    assert {problem.file for problem in error.problems} == {
        "activity/2023/calls.csv",
        "activity/2023/equipment.csv",
        "activity/2023/gate_visits.csv",
    }
    assert [problem.row for problem in error.problems] == [3, 2, 2]
    assert [problem.value for problem in error.problems] == ["x", "z", "y"]


def test_a_table_that_cannot_be_read_is_not_told_again_as_missing(tmp_path):
    port = harbor(tmp_path, calls=CALLS, stops=STOPS)
    (tmp_path / "activity/2023/vessels.csv").unlink()
    error = refused(port, "1 problem in 1 file\n.*table vessels is missing: calls refer to it by vessel_id")
    assert len(error.problems) == 1
    for broken in (b"", b"vessel_id,typ\x81\n"):
        (tmp_path / "activity/2023/vessels.csv").write_bytes(broken)
        error = refused(port, "1 problem in 1 file\n.*vessels.csv: is")
        assert len(error.problems) == 1
    (tmp_path / "activity/2023/calls.csv").write_bytes(b"")
    error = refused(port, "calls.csv: is empty")
    assert [problem.table for problem in error.problems] == ["calls", "vessels"]


def test_keys_of_a_table_whose_key_is_not_read_are_not_told_one_by_one(tmp_path):
    port = harbor(tmp_path, calls=CALLS.replace("call_id", "cal_id"), stops=STOPS)
    error = refused(port, 'Did you mean "call_id"')
    assert {problem.file for problem in error.problems} == {"activity/2023/calls.csv"}


# ------------------------------------------------ rejecting by policy


def test_unusable_calls_are_left_out_with_their_reason_where_the_port_says_so(tmp_path):
    text = CALLS + "C3,9000001,2023-06-01 10:00,,T1\nC4,9000001,2023-07-02 10:00,2023-07-01 10:00,T1\n"
    stops = STOPS + "C3,1,berth,T1,2023-06-01 10:00,2023-06-01 12:00\n"
    port = harbor(tmp_path, PORT + '[tables.calls]\non_unusable = "reject"\n', calls=text, stops=stops)
    activity = load_activity(port, 2023)
    assert activity.tables["calls"]["call_id"].tolist() == ["C1", "C2"]
    assert set(activity.tables["stops"]["call_id"]) == {"C1", "C2"}
    reasons = activity.rejected.set_index(["table", "record"])["reason"]
    assert "departure is blank" in reasons["calls", "C3"]
    assert "departure is before arrival" in reasons["calls", "C4"]
    assert "its call C3 cannot be used" in reasons["stops", "C3"]
    assert activity.rejected["row"].tolist() == [4, 5, 4]


def test_a_heading_at_fault_stops_even_a_port_that_rejects_rows(tmp_path):
    port = harbor(
        tmp_path, PORT + '[tables.calls]\non_unusable = "reject"\n', calls=CALLS.replace("arrival", "arival")
    )
    refused(port, 'Did you mean "arrival"')
