"""Checks within one table, each a function of the whole table that writes what it finds into the log."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from inventories.activity.columns import Check
from inventories.activity.problems import ProblemLog

if TYPE_CHECKING:
    import pandas as pd

    from inventories.port.port import Port


def tell(
    log: ProblemLog,
    table: str,
    frame: pd.DataFrame,
    mask: Any,
    what: str,
    *,
    column: str = "",
    values: pd.Series | Callable[[], pd.Series] | None = None,
    allowed: str = "",
    advice: str = "",
) -> None:
    """Put the rows of *frame* under *mask* into the log, file by file.

    What is to be shown may be a function where it takes long to spell: most tables have nothing to tell.
    """
    if not mask.any():
        return
    bad = frame.loc[mask]
    values = values() if callable(values) else values
    for (file, sheet), rows in bad.groupby(["_file", "_sheet"], sort=False):
        shown = values.loc[rows.index].astype("str").tolist() if values is not None else ()
        log.add(
            what,
            file=str(file),
            sheet=str(sheet),
            table=table,
            column=column,
            rows=rows["_row"].tolist(),
            values=shown,
            allowed=allowed,
            advice=advice,
        )


def _table_of(frame: pd.DataFrame) -> str:
    return str(frame.attrs["table"])


def as_written(log: ProblemLog, frame: pd.DataFrame, column: str, port: Port) -> pd.Series:
    """Times of *column* as the files write them; by the port's clock where a time is put together."""
    table = _table_of(frame)
    if f"{column}_date" in frame or column in frame:
        shown = frame[f"{column}_date" if f"{column}_date" in frame else column].dt.strftime("%Y-%m-%d")
    else:
        shown = by_clock(frame[f"{column}_utc"], port)
    shown = shown.fillna("").astype("str")
    for (file, sheet), rows in frame.groupby(["_file", "_sheet"], sort=False):
        text = log.written.get((table, str(file), str(sheet), column))
        if text is not None:
            found = rows["_row"].map(text).fillna("").astype("str")
            shown = shown.mask(shown.index.isin(found.index[found != ""]), found.reindex(shown.index))
    return shown.astype("str")


def by_clock(times: pd.Series, port: Port) -> pd.Series:
    """Moments as text, by the port's clock."""
    return times.dt.tz_convert(port.timezone).dt.strftime("%Y-%m-%d %H:%M").fillna("").astype("str")


def in_order(first: str, last: str) -> Check:
    """*last* is later than *first*."""

    def check(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
        dates = f"{first}_date" in frame
        start, end = (f"{name}_date" if dates else f"{name}_utc" for name in (first, last))
        stay = first in ("arrival", "from")
        clock = "" if dates else f"; a time without an offset is by the clock of {port.timezone}"
        log_it = partial(
            tell,
            log,
            _table_of(frame),
            frame,
            column=last,
            values=lambda: as_written(log, frame, last, port),
            allowed=f"a {'date not before' if dates else 'time after'} {first}",
        )
        log_it(frame[end] < frame[start], f"{last} is before {first}.", advice=f"Correct one of them{clock}.")
        if stay:
            log_it(
                (frame[end] == frame[start]) & frame[start].notna(),
                f"{last} is at the same minute as {first}.",
                advice="A stay takes time: correct one of them.",
            )

    return check


def model_year_is_of_the_year(column: str) -> Check:
    """Engines are sold from the year before their model year, so the year after the inventory's may be."""

    def check(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
        tell(
            log,
            _table_of(frame),
            frame,
            frame[column] > year + 1,
            f"{column} is later than an engine of {year} can have.",
            column=column,
            values=frame[column].astype("Int64"),
            allowed=f"at most {year + 1}, the year after that of the inventory",
            advice=f"Correct it, or take the row out if the engine came after {year}.",
        )

    return check


def in_service_within_the_year(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """A machine that has hours was there on some day of the year."""
    import pandas as pd

    new_year, next_year = pd.Timestamp(year, 1, 1), pd.Timestamp(year + 1, 1, 1)
    hours = frame["hours"] > 0
    for column, outside, allowed in (
        ("in_service_from", frame["in_service_from_date"] >= next_year, f"at most {year}-12-31"),
        ("in_service_to", frame["in_service_to_date"] < new_year, f"{year}-01-01 or later"),
    ):
        tell(
            log,
            _table_of(frame),
            frame,
            hours & outside,
            f"hours are given, and {column} leaves no day of {year} to work them.",
            column=column,
            values=partial(as_written, log, frame, column, port),
            allowed=allowed,
            advice=f"Correct {column}, or take the row out.",
        )


def stay_intervals(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """Shore power and capture lie in order within the stay; both ends are given or neither."""
    start, end = ("arrival", "departure") if "arrival_utc" in frame else ("from", "to")
    for what in ("shore_power", "capture"):
        on, off = frame[f"{what}_from_utc"], frame[f"{what}_to_utc"]
        log_it = partial(tell, log, _table_of(frame), frame)
        begin, finish = (partial(as_written, log, frame, f"{what}_{side}", port) for side in ("from", "to"))
        span = partial(_span, log, frame, what, port)
        log_it(
            on.isna() ^ off.isna(),
            f"{what} has one end only.",
            column=f"{what}_from",
            values=partial(_either_end, begin, finish),
            allowed="both ends, or neither",
            advice=f"Give {what}_from and {what}_to.",
        )
        log_it(
            off < on,
            f"{what}_to is before {what}_from.",
            column=f"{what}_to",
            values=finish,
            allowed=f"a time after {what}_from",
            advice="Correct one of them.",
        )
        log_it(
            (on < frame[f"{start}_utc"]) | (off > frame[f"{end}_utc"]),
            f"{what} reaches beyond the stay.",
            column=f"{what}_from",
            values=span,
            allowed=f"times from {start} to {end}",
            advice=f"Correct {what}_from and {what}_to, or {start} and {end}.",
        )


def _either_end(begin: Callable[[], pd.Series], finish: Callable[[], pd.Series]) -> pd.Series:
    first = begin()
    return first.mask(first == "", finish())


def _span(log: ProblemLog, frame: pd.DataFrame, what: str, port: Port) -> pd.Series:
    begin, end = (as_written(log, frame, f"{what}_{side}", port) for side in ("from", "to"))
    return begin + " to " + end


def connected_or_captured(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """Auxiliary engines that are off have no exhaust to capture: shore power and capture do not overlap."""
    on, off = frame["shore_power_from_utc"], frame["shore_power_to_utc"]
    caught, freed = frame["capture_from_utc"], frame["capture_to_utc"]
    groups = frame["capture_groups"].astype(object).where(frame["capture_groups"].notna(), "auxiliary")
    auxiliary = groups.astype(str).str.contains("auxiliary") | (groups == "")
    both = auxiliary & (on < freed) & (caught < off) & (on < off) & (caught < freed)
    power, capture = (partial(_span, log, frame, what, port) for what in ("shore_power", "capture"))
    tell(
        log,
        _table_of(frame),
        frame,
        both,
        "the ship is on shore power while the exhaust of its auxiliary engines is captured.",
        column="capture_from",
        values=lambda: power() + " and " + capture(),
        allowed="connected or captured at one time; boilers may be captured while the ship is connected",
        advice="Correct the times, or capture_groups.",
    )


def one_place_at_a_time(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """A ship has one call at a time; of two that overlap, tell the estimated one, else the later."""
    # a call that is there twice is told as that
    kept = frame.loc[
        frame["vessel_id"].notna()
        & (frame["departure_utc"] > frame["arrival_utc"])
        & ~(frame["call_id"].notna() & frame.duplicated("call_id"))
    ]
    guessed = _estimated(kept)
    kept = kept.assign(_guessed=guessed).sort_values(["vessel_id", "arrival_utc", "_guessed"], kind="stable")
    same = kept["vessel_id"] == kept["vessel_id"].shift()
    # the latest departure so far of the same ship, so that a long call is held against all that lie within it
    so_far = kept.groupby("vessel_id")["departure_utc"].cummax()
    overlap = same & (so_far.shift() > kept["arrival_utc"])
    swap = overlap & kept["_guessed"].shift(fill_value=False) & ~kept["_guessed"]
    told = (overlap & ~swap) | swap.shift(-1, fill_value=False)
    # the call that departs last so far is the one that is still there
    longest = kept["departure_utc"].where(kept["departure_utc"] == so_far).notna()

    def both() -> pd.Series:
        span = as_written(log, kept, "arrival", port) + " to " + as_written(log, kept, "departure", port)
        partner = span.where(longest).ffill().shift()
        other = partner.mask(swap.shift(-1, fill_value=False), span.shift(-1)).fillna("").astype("str")
        return span + " and " + other

    tell(
        log,
        "calls",
        kept,
        told,
        "one ship has two calls at the same time.",
        column="arrival",
        values=both,
        allowed="an arrival not before the ship's call before it has departed",
        advice="Correct the times, or the vessel_id.",
    )


def _estimated(frame: pd.DataFrame) -> pd.Series:
    import pandas as pd

    guessed = pd.Series(False, index=frame.index)
    for name in ("arrival_utc_from", "departure_utc_from"):
        if name in frame:
            guessed |= frame[name].eq("default")
    return guessed


def stops_do_not_overlap(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """Within a call the stops follow one another, in the order of seq."""
    again = frame.duplicated(["call_id", "seq"]) & frame[["call_id", "seq"]].notna().all(axis=1)
    kept = frame.loc[(frame["to_utc"] > frame["from_utc"]) & ~again]
    kept = kept.sort_values(["call_id", "from_utc"], kind="stable")
    same = kept["call_id"] == kept["call_id"].shift()
    before = kept.groupby("call_id")["to_utc"].cummax().shift()
    overlap = same & (before > kept["from_utc"])
    tell(
        log,
        "stops",
        kept,
        overlap,
        "the stop begins before the one before it ends.",
        column="from",
        values=lambda: (
            as_written(log, kept, "from", port) + ", and the one before ends " + by_clock(before, port)
        ),
        allowed="a time not before the end of the stop before",
        advice="Correct from, or the end of the stop before: a ship is at one place at a time.",
    )
    disorder = same & ~overlap & (kept["seq"] < kept["seq"].shift())
    tell(
        log,
        "stops",
        kept,
        disorder,
        "seq does not follow the times.",
        column="seq",
        values=kept["seq"].astype("Int64"),
        allowed="numbers that rise with the times of the stops",
        advice="Number the stops of the call in the order of their times.",
    )


HOURS_TOLERANCE = 0.05
"""Hours, distance and speed of a leg may differ by rounding, not by more than this share."""


def hours_agree_with_speed(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """A leg that states hours, distance and speed states the same thing three times."""
    expected = frame["distance_nmi"] / frame["speed_kn"]
    wrong = (frame["hours"] - expected).abs() > HOURS_TOLERANCE * expected.clip(lower=0.2)
    shown = frame["hours"].round(2).astype("str") + " h, not " + expected.round(2).astype("str") + " h"
    tell(
        log,
        _table_of(frame),
        frame,
        wrong,
        "hours contradict distance over speed.",
        column="hours",
        values=shown,
        allowed="hours = distance / speed, within 5 %",
        advice="Correct one of the three, or leave hours or speed blank.",
    )
