"""Work of drayage trucks: from gate visits to miles, idle and mass."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions import trucks
from emissions.mass import cell_mass, cell_sums, row_mass
from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.units import conversion

SOURCE = trucks.SOURCE
METHOD = load_method("epa-2022").with_options(emfac_category="T7 POLA")
HELD = METHOD.with_options(outside_edition="hold_by_age")
TERMINALS = pd.DataFrame(
    {
        "terminal": ["T1", "T2"],
        "port": ["POLA", "POLB"],
        "operator": ["Alpha", ""],
        "zone": ["t1", "t2"],
        "control": ["tenant", "tenant"],
    }
)
ZONES = {
    "t1": {"in_domain": True, "jurisdiction": "South Coast", "kind": "berth"},
    "t2": {"in_domain": True, "jurisdiction": "South Coast", "kind": "berth"},
    "port": {"in_domain": True, "jurisdiction": "South Coast", "kind": "land"},
    "basin": {"in_domain": True, "jurisdiction": "South Coast", "kind": "road"},
    "desert": {"in_domain": False, "jurisdiction": "Mojave", "kind": "road"},
}
LEGS = pd.DataFrame(
    {
        "visit_key": ["local", "local", "far", "far", "far"],
        "zone": ["port", "basin", "port", "basin", "desert"],
        "miles": [2.0, 10.0, 2.0, 60.0, 40.0],
        "speed_mph": [12.0, 35.0, 12.0, 55.0, 60.0],
    }
)


def visits(**columns: object) -> pd.DataFrame:
    usual: dict[str, object] = {
        "terminal": ["T1", "T2"],
        "month": [1, 7],
        "count": [10.0, 20.0],
        "engine_model_year": [2014, 2016],
        "fuel": ["diesel", "diesel"],
        "visit_key": ["local", "far"],
        "on_terminal_miles": [1.5, 1.0],
        "on_terminal_idle_h": [0.5, 0.25],
        "queue_h": [0.25, 0.25],
    }
    return pd.DataFrame(usual | columns)


def work(
    gate_visits: pd.DataFrame | None = None,
    legs: pd.DataFrame = LEGS,
    method: Method = METHOD,
    year: int = 2020,
) -> pd.DataFrame:
    table = visits() if gate_visits is None else gate_visits
    return trucks.work_rows(table, legs, TERMINALS, ZONES, year=year, method=method)


def mass(rows: pd.DataFrame, method: Method = METHOD) -> pd.DataFrame:
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes)


def quantity(rows: pd.DataFrame, process_set: str) -> float:
    return float(rows.loc[rows["process_set"] == process_set, "quantity"].sum())


# ------------------------------------------------------------------------------------ bare functions


def test_twelve_miles_an_hour_use_the_bin_named_fifteen() -> None:
    assert trucks.speed_bin(12.0) == 15
    assert trucks.speed_bin([4.9, 5.0, 5.01]).tolist() == [5, 5, 10]
    assert trucks.speed_bin([0.4, 7.4, 7.5], "nearest").tolist() == [5, 5, 10]
    assert trucks.speed_bin(pd.Series([], dtype=float)).tolist() == []


def test_a_speed_converted_from_metric_stays_in_its_bin() -> None:
    assert trucks.speed_bin(15 * conversion("mph", "km/h") * conversion("km/h", "mph")) == 15


@pytest.mark.parametrize("speed", [0.0, -5.0, np.nan])
def test_a_truck_that_does_not_move_has_no_speed_bin(speed: float) -> None:
    with pytest.raises(ValueError, match=r"missing|not above 0 mph|negative in 1 of 2"):
        trucks.speed_bin([10.0, speed])


def test_an_unknown_speed_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="'below' is not among at_or_above, nearest"):
        trucks.speed_bin([10.0], "below")


def test_distance_is_visits_times_miles_times_share() -> None:
    assert trucks.running_distance([100, 0], [12.5, 3.0], 0.5).tolist() == [625.0, 0.0]
    with pytest.raises(ValueError, match="0 or more"):
        trucks.running_distance([-1], [1.0])
    with pytest.raises(ValueError, match=r"share lies in \[0, 1\]"):
        trucks.running_distance([1], [1.0], 1.2)


def test_summer_is_what_the_method_says() -> None:
    assert trucks.season(np.arange(1, 13)).tolist().count("summer") == 6
    assert trucks.season([4], "4-9").tolist() == ["summer"]
    with pytest.raises(MethodError, match="summer_months is 'May'"):
        trucks.season([5], "May")


# ----------------------------------------------------------------------------------------- work rows


def test_visits_become_miles_by_segment() -> None:
    """By hand: T1 10 x (1.5 + 2 + 10) = 135; T2 20 x (1 + 2 + 60 + 40) = 2,060 miles."""
    rows = work()
    assert quantity(rows, "running") == pytest.approx(135 + 2060)
    running = rows[rows["process_set"] == "running"]
    miles = running.groupby(running["mode_or_segment"].astype(str))["quantity"].sum()
    assert miles.to_dict() == pytest.approx({"on_terminal": 35.0, "on_port": 60.0, "regional": 2100.0})
    assert set(running["quantity_kind"]) == {"distance"}
    bins = running.groupby("zone", observed=True)["speed_bin_mph"].first().astype(int).to_dict()
    assert bins == {"t1": 10, "t2": 10, "port": 15, "basin": 35, "desert": 60}


def test_ways_outside_the_domain_are_kept_and_marked() -> None:
    rows = work()
    outside = rows[~rows["in_domain"]]
    assert set(outside["zone"]) == {"desert"}
    assert set(outside["jurisdiction"]) == {"Mojave"}
    assert quantity(outside, "running") == pytest.approx(800.0)


def test_hours_of_idling_and_queueing_are_the_visits_own() -> None:
    """By hand: 10 x 0.75 + 20 x 0.5 = 17.5 h."""
    assert quantity(work(), "idle_hour") == pytest.approx(17.5)


BY_DAY = METHOD.with_options(idle_rate="vehicle_day")


def test_a_visit_idles_by_its_recorded_hours_or_by_the_day_and_never_by_both() -> None:
    """Ten visits at T1 record hours, 7.5 in all; twenty at T2 none, and drive 20 x (102 + 1) miles."""
    table = visits(on_terminal_idle_h=[0.5, np.nan], queue_h=[0.25, np.nan])
    rows = work(table)
    idle = rows[rows["process_set"].isin(["idle_hour", "idle_day"])]
    assert set(idle.loc[idle["terminal"] == "T1", "process_set"]) == {"idle_hour"}
    assert set(idle.loc[idle["terminal"] == "T2", "process_set"]) == {"idle_day"}
    assert quantity(rows, "idle_hour") == pytest.approx(7.5)
    assert quantity(rows, "idle_day") == pytest.approx(20 * 103 / 122.462, rel=1e-5)
    idles = mass(rows)[rows["process_set"].isin(["idle_hour", "idle_day"]).to_numpy()]
    assert (idles["NOx"] > 0).all()
    assert trucks.idling(table, METHOD) == trucks.Idling(by_hours=10, by_day=20)
    assert trucks.idling(table, BY_DAY) is None


def test_zero_hours_are_recorded_hours_and_creeping_is_no_idling() -> None:
    still = work(visits(on_terminal_idle_h=[0.0, 0.0], queue_h=[0.0, 0.0]))
    assert quantity(still, "idle_day") == quantity(still, "idle_hour") == 0
    creeping = work(visits(on_terminal_idle_h=np.nan, queue_speed_mph=[3.0, 3.0]))
    assert quantity(creeping, "idle_hour") == 0
    assert quantity(creeping, "idle_day") > 0


def test_idle_by_the_hour_may_rest_on_the_ports_own_co2() -> None:
    method = METHOD.with_options(idle_rate="hourly", idle_co2_g_per_h="8000")
    rows = work(method=method)
    idle = mass(rows, method)[(rows["process_set"] == "idle_hour").to_numpy()]
    assert idle["CO2"].sum() == pytest.approx(17.5 * 8.0)
    by_model = work(method=METHOD.with_options(idle_rate="hourly"))
    idle = mass(by_model)[(by_model["process_set"] == "idle_hour").to_numpy()]
    assert idle["CO2"].sum() == pytest.approx(17.5 * 7.1979)  # MOVES5, model years from 2007


def test_vehicle_days_follow_emfacs_miles_a_day() -> None:
    """T7 POLA: 122.462 miles per vehicle and day, every model year (EMFAC2017 activity)."""
    rows = work(method=BY_DAY)
    assert quantity(rows, "idle_day") == pytest.approx(2195 / 122.462, rel=1e-5)
    days = rows[rows["process_set"] == "idle_day"]
    assert set(days["provenance"]) == {"default"}
    assert set(days["zone"]) == {"t1", "t2", "port", "basin", "desert"}


def test_vehicle_days_may_follow_the_ports_visits_a_day() -> None:
    method = BY_DAY.with_options(vehicle_days="visits", visits_per_vehicle_day="3")
    days = work(method=method).query("process_set == 'idle_day'")
    assert days["quantity"].sum() == pytest.approx(10.0)
    assert set(days["mode_or_segment"]) == {"on_terminal"}
    with pytest.raises(MethodError, match="visits_per_vehicle_day is ''"):
        work(method=BY_DAY.with_options(vehicle_days="visits"))


def test_idle_by_the_hour_takes_hours_and_no_vehicle_days() -> None:
    method = METHOD.with_options(idle_rate="emfac_ratio", idle_co2_g_per_h="8000")
    rows = work(method=method)
    assert quantity(rows, "idle_day") == 0
    idle = mass(rows, method)[(rows["process_set"] == "idle_hour").to_numpy()]
    assert idle["CO2"].sum() == pytest.approx(17.5 * 8.0)


def test_idle_by_the_hour_wants_hours_in_every_row() -> None:
    method = METHOD.with_options(idle_rate="emfac_ratio", idle_co2_g_per_h="8000")
    without = visits(on_terminal_idle_h=[np.nan, 0.1], queue_h=[np.nan, np.nan])
    with pytest.raises(ValueError, match="1 rows have neither on_terminal_idle_h nor queue_h"):
        work(without, method=method)


def test_one_row_a_visit_gives_what_counts_give() -> None:
    single = visits().loc[np.repeat([0, 1], [10, 20])].drop(columns="count").reset_index(drop=True)
    pd.testing.assert_frame_equal(work(single), work())


def test_the_order_of_records_changes_nothing() -> None:
    pd.testing.assert_frame_equal(work(visits().iloc[::-1]), work())


def test_a_visit_without_a_pattern_stays_on_its_terminal() -> None:
    rows = work(visits(visit_key=[None, "far"]))
    assert quantity(rows[rows["terminal"] == "T1"], "running") == pytest.approx(15.0)


def test_a_year_without_visits_has_no_rows_and_keeps_its_columns() -> None:
    rows = work(visits().iloc[:0])
    assert len(rows) == 0
    assert set(work().columns) == set(rows.columns)


def test_a_port_that_draws_no_zones_is_all_in_its_domain() -> None:
    rows = trucks.work_rows(visits(), LEGS, TERMINALS, {}, year=2020, method=METHOD)
    assert rows["in_domain"].all()
    assert quantity(rows, "running") == pytest.approx(2195)


def test_a_zone_may_name_its_segment() -> None:
    zones = {**ZONES, "basin": {**ZONES["basin"], "segment": "on_port"}}
    rows = trucks.work_rows(visits(), LEGS, TERMINALS, zones, year=2020, method=METHOD)
    assert set(rows.loc[rows["zone"] == "basin", "mode_or_segment"]) == {"on_port"}
    zones["basin"]["segment"] = "freeway"
    with pytest.raises(ValueError, match="segments freeway are not among on_terminal, on_port, regional"):
        trucks.work_rows(visits(), LEGS, TERMINALS, zones, year=2020, method=METHOD)


def test_a_row_carries_the_worst_provenance_it_used() -> None:
    marked = visits(engine_model_year_from=["given", "default"])
    legs = LEGS.assign(miles_from=["given", "registry", "given", "given", "given"])
    rows = work(marked, legs).query("process_set == 'running' and mode_or_segment != 'on_terminal'")
    worst = rows.groupby(["terminal", "zone"], observed=True)["provenance"].first().astype(str)
    assert worst["T1"].to_dict() == {"port": "given", "basin": "registry"}
    assert set(worst["T2"]) == {"default"}


def test_engine_years_may_stand_one_before_the_vehicles() -> None:
    rows = work(method=METHOD.with_options(engine_year_lag="1"))
    assert set(rows["model_year"]) == {2015, 2017}
    assert set(rows["tier_or_model_year"]) == {"2014", "2016"}


def test_all_problems_of_the_tables_are_told_at_once() -> None:
    legs = LEGS.assign(
        speed_mph=[12.0, np.nan, 12.0, 0.0, 60.0], zone=["port", "moon", "port", "basin", "desert"]
    )
    with pytest.raises(ValueError, match="T9") as told:
        work(visits(terminal=["T1", "T9"], visit_key=["local", "afar"]), legs)
    for words in ("visit_key afar not in truck_legs", "zone moon not in", "2 legs have no speed_mph above 0"):
        assert words in str(told.value)
    with pytest.raises(ValueError, match="1 legs have no miles of 0 or more"):
        work(legs=LEGS.assign(miles=[np.nan, 1.0, 1.0, 1.0, 1.0]))


def test_the_speed_on_terminals_is_the_methods() -> None:
    slow = work(method=METHOD.with_options(on_terminal_speed_mph="5")).query(
        "mode_or_segment == 'on_terminal'"
    )
    assert set(slow.loc[slow["process_set"] == "running", "speed_bin_mph"]) == {5}
    with pytest.raises(MethodError, match="on_terminal_speed_mph is 'walking'"):
        work(method=METHOD.with_options(on_terminal_speed_mph="walking"))


# ---------------------------------------------------------------------------------------- properties

# Each example resolves factors anew, which is the dear part; a few say as much as many.
few = settings(max_examples=6)

fleets = st.lists(
    st.tuples(
        st.sampled_from(["T1", "T2"]),
        st.integers(1, 12),
        st.integers(0, 5000),
        st.integers(2008, 2021),
        st.sampled_from(["local", "far"]),
        st.floats(0, 5),
    ),
    min_size=1,
    max_size=5,
)


def fleet(records: list[tuple[object, ...]]) -> pd.DataFrame:
    names = ["terminal", "month", "count", "engine_model_year", "visit_key", "on_terminal_miles"]
    return pd.DataFrame(records, columns=names).assign(fuel="diesel", count=lambda f: f["count"] + 1.0)


@few
@given(fleets)
def test_twice_the_visits_twice_the_mass(records: list[tuple[object, ...]]) -> None:
    once = fleet(records)
    twice = once.assign(count=once["count"] * 2)
    np.testing.assert_allclose(mass(work(twice)).sum(), 2 * mass(work(once)).sum(), rtol=1e-12)


@few
@given(fleets)
def test_parts_add_up_to_the_whole(records: list[tuple[object, ...]]) -> None:
    table = fleet(records)
    rows = work(table)
    whole = mass(rows).sum()
    parts = [work(table.iloc[[place]]) for place in range(len(table))]
    np.testing.assert_allclose(mass(pd.concat(parts, ignore_index=True)).sum(), whole, rtol=1e-9)
    class_id, classes = resolve(SOURCE, rows, METHOD)
    _, cells = cell_sums(rows, class_id, classes, ["zone", "month"])
    np.testing.assert_allclose(cell_mass(cells, classes).sum(), whole, rtol=1e-9)


@few
@given(fleets)
def test_a_battery_fleet_keeps_brakes_and_tyres_and_loses_its_tailpipe(
    records: list[tuple[object, ...]],
) -> None:
    table = fleet(records)
    diesel, battery = work(table, method=HELD), work(table.assign(fuel="electric"), method=HELD)
    assert quantity(battery, "running") == pytest.approx(quantity(diesel, "running"))
    burnt, charged = mass(diesel, HELD).sum(), mass(battery, HELD).sum()
    assert set(charged.index[charged > 0]) == {"PM10", "PM2.5", "electricity"}
    assert 0 < charged["PM10"] < burnt["PM10"]
    assert charged["PM10"] > 0.036e-3 * quantity(battery, "running")  # the tyres alone


def test_no_visits_no_mass() -> None:
    rows = work(visits(count=[0.0, 0.0]))
    assert len(rows) == 0


def test_a_port_share_takes_its_part_of_the_mass() -> None:
    visited = visits(on_terminal_miles=0.0)
    half = mass(work(visited, LEGS.assign(port_share=0.5), BY_DAY), BY_DAY).sum()
    whole = mass(work(visited, method=BY_DAY), BY_DAY).sum()
    np.testing.assert_allclose(half, whole / 2, rtol=1e-12)


@few
@given(st.floats(0.1, 200), st.floats(2, 65))
def test_the_unit_of_the_input_does_not_matter(miles: float, speed_mph: float) -> None:
    """Kilometres and km/h, turned at the door, give the mass of miles and mph."""
    there, back = conversion("mile", "km"), conversion("km", "mile")
    metric = LEGS.assign(miles=miles * there * back, speed_mph=speed_mph * there * back)
    plain = LEGS.assign(miles=miles, speed_mph=speed_mph)
    np.testing.assert_allclose(mass(work(legs=metric)).sum(), mass(work(legs=plain)).sum(), rtol=1e-12)


# --------------------------------------------------------------------------------------------- scale


def test_five_million_visits_as_counts_become_cells_times_legs() -> None:
    rng = np.random.default_rng(5)
    n = 300_000
    table = pd.DataFrame(
        {
            "terminal": rng.choice(["T1", "T2"], n),
            "month": rng.integers(1, 13, n),
            "count": np.full(n, 5_000_000 / n),
            "engine_model_year": rng.integers(2008, 2022, n),
            "fuel": "diesel",
            "visit_key": rng.choice(["local", "far"], n),
            "on_terminal_miles": rng.uniform(0.5, 2.0, n),
            "on_terminal_idle_h": rng.uniform(0.1, 1.0, n),
        }
    )
    assert len(work(table)) < 10_000  # cells times legs, not records times legs
