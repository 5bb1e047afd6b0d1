"""The local calendar: New Year, leap years, daylight saving and month ends."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventories.port.calendar import month_starts, split_by_month

LOS_ANGELES, TALLINN = "America/Los_Angeles", "Europe/Tallinn"


def stay(start: str, end: str, timezone: str = LOS_ANGELES) -> pd.DataFrame:
    """Cut a stay given in local times."""
    times = [pd.Series([pd.Timestamp(text, tz=timezone).tz_convert("UTC")]) for text in (start, end)]
    return split_by_month(*times, timezone)


def parts(frame: pd.DataFrame) -> list[tuple[int, int, float]]:
    return list(zip(frame["year"], frame["month"], frame["hours"], strict=True))


def test_a_stay_across_new_year_gives_each_year_its_hours() -> None:
    assert parts(stay("2023-12-31 18:00", "2024-01-01 10:00")) == [(2023, 12, 6.0), (2024, 1, 10.0)]


def test_years_are_local_and_not_those_of_greenwich() -> None:
    # Six in the evening in California is already next year in UTC, and not yet in Los Angeles.
    assert parts(stay("2023-12-31 17:00", "2023-12-31 23:00")) == [(2023, 12, 6.0)]
    assert parts(stay("2024-01-01 00:00", "2024-01-01 01:00", TALLINN)) == [(2024, 1, 1.0)]


def test_february_of_a_leap_year_has_696_hours() -> None:
    assert parts(stay("2024-02-01", "2024-03-01")) == [(2024, 2, 696.0)]
    assert parts(stay("2023-02-01", "2023-03-01")) == [(2023, 2, 672.0)]


@pytest.mark.parametrize(("year", "hours"), [(2023, 8760.0), (2024, 8784.0), (2100, 8760.0)])
@pytest.mark.parametrize("timezone", ["UTC", LOS_ANGELES, TALLINN])
def test_a_year_has_8760_or_8784_hours_with_or_without_daylight_saving(
    year: int, hours: float, timezone: str
) -> None:
    cut = stay(f"{year}-01-01", f"{year + 1}-01-01", timezone)
    assert cut["hours"].sum() == hours
    assert cut["month"].tolist() == list(range(1, 13))
    starts = month_starts(year, year, timezone)
    assert (starts[-1] - starts[0]) / pd.Timedelta(hours=1) == hours


@pytest.mark.parametrize(
    ("day", "next_day", "hours"),
    [
        ("2023-03-12", "2023-03-13", 23.0),
        ("2023-11-05", "2023-11-06", 25.0),
        ("2023-06-10", "2023-06-11", 24.0),
    ],
)
def test_days_of_daylight_saving_have_23_and_25_hours(day: str, next_day: str, hours: float) -> None:
    assert stay(day, next_day)["hours"].sum() == hours


def test_months_of_daylight_saving_have_an_hour_less_or_more() -> None:
    assert parts(stay("2023-03-01", "2023-04-01")) == [(2023, 3, 743.0)]
    assert parts(stay("2023-11-01", "2023-12-01")) == [(2023, 11, 721.0)]


def test_a_stay_across_a_month_end_is_cut_there() -> None:
    assert parts(stay("2023-04-29", "2023-06-02")) == [(2023, 4, 48.0), (2023, 5, 744.0), (2023, 6, 24.0)]


def test_an_end_at_midnight_of_the_first_opens_no_new_month() -> None:
    assert parts(stay("2023-04-30 12:00", "2023-05-01 00:00")) == [(2023, 4, 12.0)]
    assert parts(stay("2023-05-01 00:00", "2023-05-01 12:00")) == [(2023, 5, 12.0)]


def test_an_empty_stay_keeps_one_piece_of_no_hours() -> None:
    assert stay("2023-05-01", "2023-05-01")["hours"].tolist() == [0.0]
    assert parts(stay("2023-05-07", "2023-05-07")) == [(2023, 5, 0.0)]


def test_no_stays_are_cut_to_none() -> None:
    nothing = pd.Series([], dtype="datetime64[ns, UTC]")
    assert len(split_by_month(nothing, nothing, LOS_ANGELES)) == 0


def test_an_end_before_its_start_or_a_missing_time_is_refused() -> None:
    with pytest.raises(ValueError, match="1 intervals end before they start"):
        stay("2023-05-02", "2023-05-01")
    with pytest.raises(ValueError, match="no start or no end"):
        split_by_month(
            pd.Series(pd.to_datetime(["2023-05-01T00:00Z"])),
            pd.Series(pd.DatetimeIndex([pd.NaT], tz="UTC")),
            "UTC",
        )


instants = st.integers(0, 3 * 365 * 24 * 60)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(instants, instants), min_size=1, max_size=8), st.sampled_from([LOS_ANGELES, TALLINN])
)
def test_the_hours_of_the_pieces_are_the_hours_of_the_stays(
    minutes: list[tuple[int, int]], timezone: str
) -> None:
    ordered = [sorted(pair) for pair in minutes]
    zero = pd.Timestamp("2022-06-01", tz="UTC")
    start, end = (pd.Series([zero + pd.Timedelta(minutes=pair[at]) for pair in ordered]) for at in (0, 1))
    cut = split_by_month(start, end, timezone)
    by_stay = cut.groupby("interval")["hours"].sum()
    assert by_stay.index.tolist() == list(range(len(ordered)))
    assert by_stay.to_list() == pytest.approx([(last - first) / 60 for first, last in ordered], abs=1e-9)
    assert (cut["hours"] >= 0).all()
    assert (cut["hours"] <= 745).all()
