"""Meters of the port: every kilowatt-hour is counted once."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emissions.meters import (
    CallsOverMeters,
    CountedElsewhere,
    EstimateOverMeter,
    MeterError,
    net_rows,
)

TERMINALS = pd.DataFrame(
    {
        "terminal": ["T1", "T2"],
        "port": "P",
        "operator": ["", "Ops"],
        "zone": ["z1", "z2"],
        "control": "tenant",
    }
)


def meter(name: str, use: str, kwh: float, first: str = "2023-01-01", last: str = "2023-12-31", **more: str):
    dates = {"from_date": pd.Timestamp(first), "to_date": pd.Timestamp(last)}
    return {"meter": name, "use": use, "kwh": kwh, "terminal": "T1", "net_of": "", **dates, **more}


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def carried(*rows: tuple[str, str, int, float]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["group", "terminal", "month", "kwh"]).assign(port="P")


NOTHING = carried()


def total(meters: pd.DataFrame, others: pd.DataFrame = NOTHING) -> float:
    return float(net_rows(meters, TERMINALS, others, 2023)[0]["quantity"].sum())


def test_a_meter_alone_counts_what_it_reads_by_the_days_of_months():
    rows, told = net_rows(table(meter("M1", "cranes", 365_000.0)), TERMINALS, NOTHING, 2023)
    assert rows.set_index("month")["quantity"][2] == pytest.approx(28_000)
    assert set(rows["zone"]) == {"z1"}
    assert told == ()


def test_a_reading_across_new_year_counts_its_days_in_the_year():
    rows, _ = net_rows(
        table(meter("M1", "reefers", 62_000.0, "2022-12-01", "2023-01-31")), TERMINALS, NOTHING, 2023
    )
    assert rows["quantity"].tolist() == pytest.approx([31_000])


def test_a_whole_terminal_is_net_of_shore_power_and_metered_machines():
    ships = carried(("shore_power", "T1", 7, 60_000.0), ("machines", "T1", 3, 40_000.0))
    whole = table(meter("M1", "terminal", 1_000_000.0))
    rows, told = net_rows(whole, TERMINALS, ships, 2023)
    assert rows["quantity"].sum() == pytest.approx(900_000)
    assert told == (
        CountedElsewhere("terminal T1", "shore_power", 60_000.0),
        CountedElsewhere("terminal T1", "machines", 40_000.0),
    )


def test_what_is_metered_apart_is_not_taken_off_again():
    ships = carried(("shore_power", "T1", 7, 60_000.0))
    both = table(meter("M1", "terminal", 1_000_000.0), meter("M2", "shore_power", 61_000.0))
    rows, told = net_rows(both, TERMINALS, ships, 2023)
    assert rows["quantity"].sum() == pytest.approx(1_000_000)
    assert set(rows["use"]) == {"terminal"}
    (over,) = told
    assert isinstance(over, CallsOverMeters)
    assert (over.place, over.calls_kwh) == ("terminal T1", 60_000.0)
    assert over.metered_kwh == pytest.approx(61_000)


def test_shore_power_meters_count_where_no_calls_bring_any():
    assert total(table(meter("M2", "shore_power", 61_000.0))) == pytest.approx(61_000)


def test_ships_at_another_terminal_are_not_taken_off():
    ships = carried(("shore_power", "T2", 7, 60_000.0))
    assert total(table(meter("M1", "terminal", 1e6)), ships) == pytest.approx(1e6)


def test_a_meter_of_the_port_is_net_of_ships_at_all_its_terminals():
    ships = carried(("shore_power", "T1", 7, 60_000.0), ("shore_power", "T2", 1, 5_000.0))
    whole = table(meter("M1", "terminal", 1e6, terminal="", port="P"))
    assert total(whole, ships) == pytest.approx(935_000)


def test_cranes_and_chargers_are_net_of_what_machines_are_counted_with():
    machines = carried(("machines", "T1", 1, 10_000.0), ("cranes", "T1", 1, 20_000.0))
    assert total(table(meter("C", "cranes", 1e5)), machines) == pytest.approx(80_000)
    assert total(table(meter("B", "charging", 1e5)), machines) == pytest.approx(90_000)
    assert total(table(meter("R", "reefers", 1e5)), machines) == pytest.approx(100_000)


def test_a_meter_is_net_of_the_meters_it_names_while_both_were_read():
    meters = table(
        meter("MAIN", "buildings", 365_000.0, net_of="SUB; shore_power"),
        meter("SUB", "reefers", 10_000.0, "2022-12-22", "2023-01-10"),
    )
    ships = carried(("shore_power", "T1", 5, 1_000.0))
    rows, _ = net_rows(meters, TERMINALS, ships, 2023)
    by = rows.groupby("use")["quantity"].sum()
    assert by["buildings"] == pytest.approx(365_000 - 5_000 - 1_000)
    assert by["reefers"] == pytest.approx(5_000)


def test_two_meters_of_a_terminal_share_what_they_are_net_of():
    ships = carried(("shore_power", "T1", 7, 60_000.0))
    two = table(meter("M1", "terminal", 3e6), meter("M2", "terminal", 1e6))
    assert total(two, ships) == pytest.approx(4e6 - 60_000)


def test_a_meter_that_is_net_of_more_than_it_reads_is_refused():
    ships = carried(("shore_power", "T1", 7, 60_000.0))
    with pytest.raises(MeterError, match=r"M1 \(terminal\): reads 50,000 kWh, is net of 60,000 kWh"):
        total(table(meter("M1", "terminal", 50_000.0)), ships)


@given(
    st.lists(st.floats(0, 1e5), min_size=1, max_size=6), st.lists(st.integers(1, 12), min_size=6, max_size=6)
)
def test_every_kilowatt_hour_is_counted_once(ships: list[float], months: list[int]):
    """Meter and ships together are what the meter reads."""
    plugged = carried(*(("shore_power", "T1", month, kwh) for kwh, month in zip(ships, months, strict=False)))
    assert total(table(meter("M1", "terminal", 1e6)), plugged) + sum(ships) == pytest.approx(1e6)


def test_chargers_are_net_of_estimated_machines_and_of_the_trucks_that_call():
    """100,000 read, 30,000 by hours and 20,000 by miles: 50,000 are left to nobody else."""
    estimates = carried(("machines by hours", "T1", 3, 30_000.0), ("trucks", "T1", 5, 20_000.0))
    assert total(table(meter("B", "charging", 1e5)), estimates) == pytest.approx(50_000)


def test_chargers_that_name_who_charges_are_net_of_these_alone():
    estimates = carried(("machines by hours", "T1", 3, 30_000.0), ("trucks", "T1", 5, 20_000.0))
    assert total(table(meter("B", "charging", 1e5, net_of="equipment")), estimates) == pytest.approx(70_000)
    assert total(table(meter("B", "charging", 1e5, net_of="trucks")), estimates) == pytest.approx(80_000)


def test_trucks_come_off_a_whole_terminal_only_where_it_says_that_it_charges_them():
    estimates = carried(("machines by hours", "T1", 3, 30_000.0), ("trucks", "T1", 5, 20_000.0))
    assert total(table(meter("M", "terminal", 1e5)), estimates) == pytest.approx(70_000)
    assert total(table(meter("M", "terminal", 1e5, net_of="trucks")), estimates) == pytest.approx(50_000)


def test_machines_with_chargers_metered_apart_are_not_taken_off_the_terminal_again():
    estimates = carried(("machines by hours", "T1", 3, 30_000.0))
    both = table(meter("M", "terminal", 1e6), meter("B", "charging", 1e5))
    assert total(both, estimates) == pytest.approx(1e6 + 70_000)


def test_an_estimate_above_the_meter_is_counted_and_told():
    """What trucks take elsewhere is theirs: the meter of 10,000 kWh has nothing left, and no negative."""
    estimates = carried(("machines", "T1", 1, 4_000.0), ("trucks", "T1", 5, 20_000.0))
    rows, told = net_rows(table(meter("B", "charging", 1e4)), TERMINALS, estimates, 2023)
    assert rows["quantity"].sum() == 0
    (beyond,) = (fact for fact in told if isinstance(fact, EstimateOverMeter))
    assert (beyond.meter, beyond.use, beyond.group) == ("B", "charging", "trucks")
    assert (beyond.estimated_kwh, beyond.left_kwh) == pytest.approx((20_000, 6_000))


def test_the_power_of_capture_systems_is_the_ships_on_a_terminal_meter():
    ships = carried(("shore_power", "T1", 7, 60_000.0), ("emission_capture", "T1", 7, 5_000.0))
    assert total(table(meter("M", "terminal", 1e6)), ships) == pytest.approx(935_000)


@given(
    st.sampled_from(["charging", "terminal"]),
    st.floats(0, 1e6),
    st.dictionaries(st.sampled_from(["machines by hours", "trucks"]), st.floats(0, 1e6)),
)
def test_meters_add_only_what_no_estimate_has(use: str, reads: float, estimates: dict[str, float]):
    """Meter and estimates together are the larger of the two, of what the meter serves."""
    others = carried(*((group, "T1", 6, kwh) for group, kwh in estimates.items()))
    served = sum(kwh for group, kwh in estimates.items() if use == "charging" or group != "trucks")
    left = total(table(meter("M", use, reads)), others)
    assert left + served == pytest.approx(max(reads, served), abs=1e-3)
