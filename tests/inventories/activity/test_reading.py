"""Activity as it is meant to be: formats, units, mappings, simple forms made whole, and counts of visits."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.activity import TABLES, load_activity, vessel_types
from inventories.port.port import Port

PORT = """
name = "Small Harbor"
timezone = "Europe/Helsinki"
[terminals.T1]
zone = "harbor"
arrival_route = "west"
departure_route = "west"
[terminals.T2]
[speeds]
sea = 14.0
"""
VESSELS = "vessel_id,type\n9000001,Container Ship\n"
CALLS = (
    "call_id,vessel_id,arrival,departure,terminal,teu\nC1,9000001,2023-03-31 14:00,2023-04-01 02:00,T1,100\n"
)
ROUTES = "route,seq,zone,distance_nmi\nwest,1,sea,10\nwest,2,harbor,2\n"


def harbor(folder, port=PORT, year=2023, routes=ROUTES, **tables):
    place = folder / "activity" / str(year)
    place.mkdir(parents=True, exist_ok=True)
    (folder / "port.toml").write_text(port, encoding="utf-8")
    if routes:
        (folder / "routes.csv").write_text(routes, encoding="utf-8")
    for name, text in tables.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return Port.load(folder)


# ------------------------------------------------ formats

MACHINES = pd.DataFrame(
    {
        "unit_id": ["Y1", "Y2", "0003"],
        "terminal": ["T1", "T1", "T2"],
        "type": ["yard_tractor", "forklift", "rtg_crane"],
        "engine_model_year": [2012, 2015, 2020],
        "power [hp]": [175.0, 80.5, 0.3],
        "fuel": ["diesel", "lpg", "electric"],
        "hours": [1850.25, 900.0, 1 / 3],
        "in_service_from": [pd.Timestamp("2023-02-03"), pd.NaT, pd.NaT],
        "on_road_engine": pd.array([True, None, False], dtype="boolean"),
    }
)


def save(frame, place, name, kind):
    if kind == "csv":
        frame.to_csv(place / f"{name}.csv", index=False)
    elif kind == "semicolons":
        frame.to_csv(place / f"{name}.csv", index=False, sep=";", encoding="utf-8-sig")
    elif kind == "xlsx":
        frame.to_excel(place / f"{name}.xlsx", index=False)
    elif kind == "sheet":
        with pd.ExcelWriter(place / "activity.xlsx") as book:
            pd.DataFrame({"nothing": [1]}).to_excel(book, sheet_name="notes", index=False)
            frame.to_excel(book, sheet_name=name, index=False)
    else:
        frame.to_parquet(place / f"{name}.parquet", index=False)


def bare(frame):
    return frame.drop(columns=["_file", "_sheet", "_row"])


@pytest.mark.parametrize("kind", ["csv", "semicolons", "xlsx", "sheet", "parquet"])
def test_all_formats_say_the_same(tmp_path, kind):
    port = harbor(tmp_path)
    save(MACHINES, tmp_path / "activity/2023", "equipment", kind)
    machines = load_activity(port, 2023).tables["equipment"]
    assert machines["unit_id"].tolist() == ["Y1", "Y2", "0003"]
    assert machines["power_hp"].tolist() == [175.0, 80.5, 0.3]
    assert machines["power_kw"].tolist() == pytest.approx([130.49747, 60.02884, 0.2237100], rel=1e-6)
    assert machines["hours"].tolist() == [1850.25, 900.0, 1 / 3]
    assert machines["in_service_from_date"].tolist() == [pd.Timestamp("2023-02-03"), pd.NaT, pd.NaT]
    assert machines["has_on_road_engine"].tolist() == [True, pd.NA, False]
    assert machines["count"].tolist() == [1, 1, 1]
    assert machines["_row"].tolist() == [2, 3, 4]
    assert machines["machine_model_year"].tolist() == [2012, 2015, 2020]
    assert set(machines["machine_model_year_from"]) == {"default"}


def test_the_horsepower_that_was_written_is_kept_to_the_digit(tmp_path):
    port = harbor(tmp_path)
    save(
        MACHINES.assign(**{"power [hp]": [25.0, 175.0, 600.0]}),
        tmp_path / "activity/2023",
        "equipment",
        "csv",
    )
    assert load_activity(port, 2023).tables["equipment"]["power_hp"].tolist() == [25.0, 175.0, 600.0]


def test_excel_times_are_local_times(tmp_path):
    port = harbor(tmp_path, vessels=VESSELS)
    calls = pd.DataFrame(
        {
            "call_id": ["C1"],
            "vessel_id": [9000001.0],
            "arrival": [pd.Timestamp("2023-07-01 12:00")],
            "departure": [pd.Timestamp("2023-07-02 00:00")],
        }
    )
    save(calls, tmp_path / "activity/2023", "calls", "xlsx")
    found = load_activity(port, 2023).tables["calls"]
    assert found["arrival_utc"].tolist() == [pd.Timestamp("2023-07-01T09:00Z")]
    assert found["departure_utc"].tolist() == [pd.Timestamp("2023-07-01T21:00Z")]
    assert found["vessel_id"].tolist() == ["9000001"]


def test_reading_never_changes_the_files_and_tells_their_hashes(tmp_path):
    port = harbor(tmp_path, calls=CALLS, vessels=VESSELS)
    for kind, name in (("xlsx", "equipment"), ("parquet", "cargo")):
        frame = (
            MACHINES
            if name == "equipment"
            else pd.DataFrame({"terminal": ["T1"], "period": ["2023"], "teu_loaded": [5.0]})
        )
        save(frame, tmp_path / "activity/2023", name, kind)

    def hashes():
        files = sorted((tmp_path / "activity/2023").iterdir())
        return {f"activity/2023/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = hashes()
    activity = load_activity(port, 2023)
    assert hashes() == before
    assert dict(zip(activity.files["path"], activity.files["sha256"], strict=True)) == before
    assert activity.files.set_index("table")["rows"].to_dict() == {
        "calls": 1,
        "vessels": 1,
        "equipment": 3,
        "cargo": 1,
    }


names = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=8).filter(
    lambda text: text.casefold() not in ("nan", "null", "nat")
)
moments = st.datetimes(min_value=pd.Timestamp("2023-01-02"), max_value=pd.Timestamp("2023-12-30")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(
    ids=st.lists(names.filter(lambda text: not text.isnumeric()), min_size=1, max_size=5, unique=True),
    values=st.data(),
    kind=st.sampled_from(["csv", "xlsx", "parquet"]),
)
@settings(max_examples=25)
def test_what_was_read_is_read_the_same_when_written_and_read_again(tmp_path_factory, ids, values, kind):
    folder = tmp_path_factory.mktemp("port")
    port = harbor(folder, routes="")
    hours = st.floats(min_value=0, max_value=8784, allow_subnormal=False)
    count = len(ids)
    machines = pd.DataFrame(
        {
            "unit_id": ids,
            "terminal": values.draw(st.lists(st.sampled_from(["T1", "T2"]), min_size=count, max_size=count)),
            "type": values.draw(
                st.lists(
                    st.sampled_from(TABLES["equipment"].column("type").choices),
                    min_size=count,
                    max_size=count,
                )
            ),
            "engine_model_year": values.draw(
                st.lists(st.integers(1950, 2024), min_size=count, max_size=count)
            ),
            "power_kw": values.draw(st.lists(st.floats(0.1, 5000), min_size=count, max_size=count)),
            "fuel": "diesel",
            "hours": values.draw(st.lists(hours, min_size=count, max_size=count)),
            "owner": values.draw(st.lists(st.none() | names, min_size=count, max_size=count)),
            "repower_date": values.draw(
                st.lists(
                    st.none() | st.dates(pd.Timestamp("1950-01-01").date()).filter(lambda d: d.year < 2100),
                    min_size=count,
                    max_size=count,
                )
            ),
        }
    )
    save(machines, folder / "activity/2023", "equipment", kind)
    first = load_activity(port, 2023).tables["equipment"]
    (folder / f"activity/2023/equipment.{kind}").unlink()
    table = TABLES["equipment"]
    again = first[[column.out for column in table.columns]].set_axis(table.headings, axis=1)
    save(again, folder / "activity/2023", "equipment", kind)
    second = load_activity(port, 2023).tables["equipment"]
    pd.testing.assert_frame_equal(
        first[table.outputs].drop(columns="power_hp"), second[table.outputs].drop(columns="power_hp")
    )


@given(start=moments, minutes=st.integers(1, 60 * 24))
@settings(max_examples=25)
def test_moments_written_with_their_offset_come_back(tmp_path_factory, start, minutes):
    folder = tmp_path_factory.mktemp("port")
    arrival = pd.Timestamp(start, tz="UTC")
    departure = arrival + pd.Timedelta(minutes=minutes)
    text = f"call_id,vessel_id,arrival,departure\nC1,9000001,{arrival.isoformat()},{departure.isoformat()}\n"
    calls = load_activity(harbor(folder, routes="", vessels=VESSELS, calls=text), 2023).tables["calls"]
    assert (calls.loc[0, "arrival_utc"], calls.loc[0, "departure_utc"]) == (arrival, departure)


# ------------------------------------------------ tables and types


def test_every_table_is_there_with_all_its_columns(tmp_path):
    activity = load_activity(harbor(tmp_path, calls=CALLS, vessels=VESSELS), 2023)
    assert list(activity.tables) == list(TABLES)
    for name, table in TABLES.items():
        assert set(table.outputs) <= set(activity.tables[name].columns)


def test_no_mark_of_a_source_bears_the_name_of_a_column():
    for table in TABLES.values():
        outputs = table.outputs
        assert len(set(outputs)) == len(outputs)
        assert not {f"{name}_from" for name in outputs} & set(outputs)


def test_ships_are_known_by_the_names_epa_gives_their_types():
    types = vessel_types()
    assert types["type"].is_unique
    choice = TABLES["vessels"].column("type")
    assert set(choice.choices) == set(types["type"])
    for name in types["epa_ship_type"].unique():
        assert choice.synonyms[name] in set(types.loc[types["epa_ship_type"] == name, "type"])


# ------------------------------------------------ simple forms, routes


def test_a_call_without_stops_is_one_stay_at_berth_marked_default(tmp_path):
    activity = load_activity(harbor(tmp_path, calls=CALLS, vessels=VESSELS), 2023)
    stop = activity.tables["stops"].iloc[0]
    assert (stop["kind"], stop["terminal"], stop["zone"], stop["teu"]) == ("berth", "T1", "harbor", 100.0)
    assert stop["to_utc"] - stop["from_utc"] == pd.Timedelta(hours=12)
    assert (stop["from_utc_from"], stop["kind_from"], stop["zone_from"]) == ("default", "default", "registry")


def test_calls_with_stops_keep_theirs_beside_those_without(tmp_path):
    calls = CALLS + "C2,9000001,2023-05-01 10:00,2023-05-01 20:00,T2,5\n"
    stops = "call_id,seq,kind,terminal,from,to\nC1,1,anchorage,,2023-03-31 14:00,2023-03-31 15:00\n"
    found = load_activity(harbor(tmp_path, calls=calls, stops=stops, vessels=VESSELS), 2023).tables["stops"]
    assert found["call_id"].tolist() == ["C1", "C2"]
    assert found["kind_from"].tolist() == ["given", "default"]


def test_legs_follow_from_the_routes_in_and_out_again(tmp_path):
    legs = load_activity(harbor(tmp_path, calls=CALLS, vessels=VESSELS), 2023).tables["legs"]
    assert legs["kind"].tolist() == ["inbound", "inbound", "outbound", "outbound"]
    assert legs["zone"].tolist() == ["sea", "harbor", "harbor", "sea"]
    assert legs["distance_nmi"].tolist() == [10, 2, 2, 10]
    assert legs["seq"].tolist() == [1, 2, 3, 4]
    assert legs["speed_kn"].fillna(0).tolist() == [14, 0, 0, 14]
    assert set(legs["distance_nmi_from"]) == {"given"}
    assert legs["speed_kn_from"].fillna("").tolist() == ["default", "", "", "default"]


def test_legs_of_the_port_are_not_added_to(tmp_path):
    legs = "call_id,seq,zone,distance (km)\nC1,1,sea,18.52\n"
    found = load_activity(harbor(tmp_path, calls=CALLS, vessels=VESSELS, legs=legs), 2023).tables["legs"]
    assert found["distance_nmi"].tolist() == pytest.approx([10.0])


def test_trucks_that_name_a_route_drive_it_in_and_out(tmp_path):
    routes = "route,seq,zone,distance_mile,speed_mph\nroad,1,port,1.5,20\nroad,2,city,10,40\n"
    visits = "terminal,month,count,engine_model_year,fuel,route\nT1,2023-03,10,2014,diesel,road\n"
    port = PORT.replace('arrival_route = "west"\ndeparture_route = "west"\n', "")
    tables = load_activity(harbor(tmp_path, port, routes=routes, gate_visits=visits), 2023).tables
    assert tables["gate_visits"]["visit_key"].tolist() == ["route:road"]
    assert tables["gate_visits"]["visit_key_from"].tolist() == ["default"]
    legs = tables["truck_legs"]
    assert set(legs["visit_key"]) == {"route:road"}
    assert legs["miles"].sum() == pytest.approx(23.0)
    assert legs.groupby("zone")["speed_mph"].first().to_dict() == {"port": 20.0, "city": 40.0}


def test_a_truck_leg_on_a_route_is_parted_by_zone(tmp_path):
    routes = "route,seq,zone,distance_mile\nroad,1,port,1.5\nroad,2,city,10\n"
    legs = "visit_key,zone,route,miles,speed_mph\nlocal,port,,3,15\nlocal,,road,,35\n"
    port = PORT.replace('arrival_route = "west"\ndeparture_route = "west"\n', "")
    found = load_activity(harbor(tmp_path, port, routes=routes, truck_legs=legs), 2023).tables["truck_legs"]
    assert found["zone"].tolist() == ["port", "port", "city"]
    assert found["miles"].tolist() == [3.0, 1.5, 10.0]
    assert found["speed_mph"].tolist() == [15.0, 35.0, 35.0]
    assert found["port_share"].tolist() == [1.0, 1.0, 1.0]


# ------------------------------------------------ mappings


def test_columns_and_words_of_another_system_are_mapped(tmp_path):
    port = (
        PORT
        + """
[mapping.calls]
other_columns = "ignore"
fallbacks = { departure = ["ETD"] }
defaults = { purpose = "cargo" }
[mapping.calls.columns]
"Voyage" = "call_id"
"IMO No" = "vessel_id"
"ATA" = "arrival"
"ATD" = "departure"
"Quay" = "terminal"
[mapping.calls.values.terminal]
"west" = "T1"
"""
    )
    calls = (
        "Voyage,IMO No,ATA,ATD,ETD,Quay,Agent\n"
        "7,9000001.0,2023-03-01 10:00,2023-03-02 10:00,2023-03-02 09:00,West,x\n"
        "8,9000001.0,2023-04-01 10:00,,2023-04-02 09:00,T2,y\n"
    )
    activity = load_activity(harbor(tmp_path, port, calls=calls, vessels=VESSELS), 2023)
    found = activity.tables["calls"]
    assert found["call_id"].tolist() == ["7", "8"]
    assert found["terminal"].tolist() == ["T1", "T2"]
    assert found["departure_utc"].tolist() == [
        pd.Timestamp("2023-03-02T08:00Z"),
        pd.Timestamp("2023-04-02T06:00Z"),
    ]
    assert found["departure_utc_from"].tolist() == ["given", "default"]
    assert found["purpose_from"].tolist() == ["default", "default"]
    assert any("taken from ETD, marked default" in note for note in activity.notes)


# ------------------------------------------------ millions of visits


def visits(count, seed=7):
    draw = np.random.default_rng(seed)
    idle = draw.gamma(2, 0.3, count).round(3)
    idle[::7] = np.nan
    return pd.DataFrame(
        {
            "terminal": draw.choice(["T1", "T2"], count),
            "date": pd.Timestamp("2023-01-01")
            + pd.to_timedelta(draw.integers(0, 365 * 1440, count), unit="min"),
            "truck_id": draw.integers(0, 300, count).astype(str),
            "engine_model_year": draw.integers(2010, 2013, count),
            "fuel": draw.choice(["diesel", "Diesel", "electric"], count),
            "on_terminal_idle [min]": idle * 60,
            "on_terminal_miles": draw.uniform(1, 2, count).round(2),
        }
    )


def totals(frame):
    frame = frame.assign(
        idle=frame["count"] * frame["on_terminal_idle_h"],
        miles=frame["count"] * frame["on_terminal_miles"],
        known=frame["count"].where(frame["on_terminal_idle_h"].notna(), 0),
    )
    return frame.groupby(["terminal", "month", "engine_model_year", "fuel"])[
        ["count", "idle", "miles", "known"]
    ].sum()


@pytest.mark.parametrize("kind", ["stamps", "zoned", "text", "dates", "counted"])
def test_visits_in_parquet_are_summed_and_lose_nothing(tmp_path, kind):
    port = harbor(tmp_path)
    frame = visits(3000)
    if kind == "zoned":
        frame["date"] = (
            frame["date"]
            .dt.tz_localize("Europe/Helsinki", ambiguous=True, nonexistent="shift_forward")
            .dt.tz_convert("UTC")
        )
    elif kind == "text":
        frame["date"] = frame["date"].dt.strftime("%Y-%m-%d %H:%M")
    elif kind == "dates":
        frame["date"] = frame["date"].dt.date
    elif kind == "counted":
        frame["count"] = np.arange(len(frame)) % 4
    place = tmp_path / "activity/2023"
    save(frame, place, "gate_visits", "parquet")
    activity = load_activity(port, 2023)
    summed = activity.tables["gate_visits"]
    (place / "gate_visits.parquet").unlink()
    plain = frame.assign(date=visits(3000)["date"].dt.strftime("%Y-%m"), row=range(len(frame)))
    save(plain.drop(columns="row").assign(truck_id=plain["row"].astype(str)), place, "gate_visits", "csv")
    single = load_activity(port, 2023).tables["gate_visits"]
    assert len(single) == 3000
    assert len(summed) < 600
    assert summed["count"].sum() == single["count"].sum()
    pd.testing.assert_frame_equal(totals(summed), totals(single), rtol=1e-9)
    assert any("3,000 rows summed" in note for note in activity.notes)


def test_a_bad_visit_among_many_in_parquet_is_told_with_its_row(tmp_path):
    from inventories.activity import ActivityError

    port = harbor(tmp_path)
    frame = visits(1000)
    frame.loc[500, "on_terminal_miles"] = -1.0
    frame.loc[600, "fuel"] = "deisel"
    frame.loc[700, "date"] = pd.Timestamp("2021-05-05")
    save(frame, tmp_path / "activity/2023", "gate_visits", "parquet")
    with pytest.raises(ActivityError) as error:
        load_activity(port, 2023)
    assert {(problem.row, problem.column) for problem in error.value.problems} == {
        (502, "on_terminal_miles"),
        (602, "fuel"),
        (702, "date_or_month"),
    }


def test_trips_in_parquet_are_refused_as_well(tmp_path):
    from inventories.activity import ActivityError

    port = harbor(tmp_path)
    save(visits(10).assign(trips=2), tmp_path / "activity/2023", "gate_visits", "parquet")
    with pytest.raises(ActivityError, match="trip_means"):
        load_activity(port, 2023)


def test_a_large_csv_of_visits_is_summed_as_well(tmp_path):
    port = harbor(tmp_path)
    frame = visits(120_000)
    frame["date"] = frame["date"].dt.strftime("%Y-%m-%d %H:%M")
    save(frame, tmp_path / "activity/2023", "gate_visits", "csv")
    summed = load_activity(port, 2023).tables["gate_visits"]
    assert len(summed) < 600
    assert summed["count"].sum() == 120_000
    assert (summed["count"] * summed["on_terminal_miles"]).sum() == pytest.approx(
        frame["on_terminal_miles"].sum(), rel=1e-12
    )
    idle = (summed["count"] * summed["on_terminal_idle_h"]).sum()
    assert idle == pytest.approx(frame["on_terminal_idle [min]"].sum() / 60, rel=1e-9)


@pytest.mark.parametrize("arrival", ["2023-03-31 14:00+03", "2023-03-31T14:00:00+03:00", "2023-03-31 11:00Z"])
@pytest.mark.parametrize("departure", ["2023-03-31 16:00+00", "2023-03-31 19:00 +03", "2023-03-31 19:00"])
def test_offsets_are_read_as_databases_write_them(tmp_path, arrival, departure):
    """Helsinki lies three hours before Greenwich in summer; each pair is the same two moments."""
    text = CALLS.replace("2023-03-31 14:00", arrival).replace("2023-04-01 02:00", departure)
    port = harbor(tmp_path, vessels=VESSELS, calls=text)
    calls = load_activity(port, 2023).tables["calls"]
    assert calls["arrival_utc"].tolist() == [pd.Timestamp("2023-03-31 11:00", tz="UTC")]
    assert calls["departure_utc"].tolist() == [pd.Timestamp("2023-03-31 16:00", tz="UTC")]
