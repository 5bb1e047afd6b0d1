"""Checks within one table, each a function of the whole table that writes what it finds into the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventories.activity.columns import Check
from inventories.activity.problems import ProblemLog

if TYPE_CHECKING:
    import pandas as pd

    from inventories.port import Port


def tell(
    log: ProblemLog,
    table: str,
    frame: pd.DataFrame,
    mask: Any,
    what: str,
    *,
    column: str = "",
    values: pd.Series | None = None,
    allowed: str = "",
    advice: str = "",
) -> None:
    """Put the rows of *frame* under *mask* into the log, file by file."""
    bad = frame.loc[mask]
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


def in_order(first: str, last: str) -> Check:
    """*last* is later than *first*."""

    def check(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
        start, end = (f"{name}_date" if f"{name}_date" in frame else f"{name}_utc" for name in (first, last))
        wrong = frame[end] < frame[start]
        what = f"{last} is before {first}."
        tell(
            log,
            _table_of(frame),
            frame,
            wrong,
            what,
            column=last,
            values=frame[end].dt.strftime("%Y-%m-%d %H:%M %Z"),
        )
        same = (frame[end] == frame[start]) & frame[start].notna()
        if first in ("arrival", "from"):
            tell(
                log,
                _table_of(frame),
                frame,
                same,
                f"{last} is at the same minute as {first}.",
                column=last,
                advice="A stay takes time.",
            )

    return check


def stay_intervals(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """Shore power and capture lie in order within the stay; both ends are given or neither."""
    start, end = ("arrival", "departure") if "arrival_utc" in frame else ("from", "to")
    for what in ("shore_power", "capture"):
        on, off = frame[f"{what}_from_utc"], frame[f"{what}_to_utc"]
        half = on.isna() ^ off.isna()
        tell(
            log,
            _table_of(frame),
            frame,
            half,
            f"{what} has one end only.",
            column=f"{what}_from",
            advice=f"Give {what}_from and {what}_to.",
        )
        tell(log, _table_of(frame), frame, off < on, f"{what}_to is before {what}_from.", column=f"{what}_to")
        outside = (on < frame[f"{start}_utc"]) | (off > frame[f"{end}_utc"])
        tell(
            log,
            _table_of(frame),
            frame,
            outside,
            f"{what} reaches beyond the stay.",
            column=f"{what}_from",
            allowed=f"times from {start} to {end}",
        )


def one_place_at_a_time(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """A ship has one call at a time; of two that overlap, tell the estimated one, else the later."""
    kept = frame.loc[frame["vessel_id"].notna() & (frame["departure_utc"] > frame["arrival_utc"])]
    guessed = _estimated(kept)
    kept = kept.assign(_guessed=guessed).sort_values(["vessel_id", "arrival_utc", "_guessed"], kind="stable")
    same = kept["vessel_id"] == kept["vessel_id"].shift()
    # the latest departure so far of the same ship, so that a long call is held against all that lie within it
    so_far = kept.groupby("vessel_id")["departure_utc"].cummax()
    overlap = same & (so_far.shift() > kept["arrival_utc"])
    partner = kept["call_id"].shift()
    swap = overlap & kept["_guessed"].shift(fill_value=False) & ~kept["_guessed"]
    told = (overlap & ~swap) | swap.shift(-1, fill_value=False)
    other = partner.mask(swap.shift(-1, fill_value=False), kept["call_id"].shift(-1))
    values = kept["call_id"].astype("str") + " and " + other.astype("str")
    tell(
        log,
        "calls",
        kept,
        told,
        "one ship has two calls at the same time.",
        column="arrival",
        values=values,
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
    kept = frame.loc[frame["to_utc"] > frame["from_utc"]].sort_values(["call_id", "from_utc"], kind="stable")
    same = kept["call_id"] == kept["call_id"].shift()
    overlap = same & (kept.groupby("call_id")["to_utc"].cummax().shift() > kept["from_utc"])
    tell(
        log,
        "stops",
        kept,
        overlap,
        "the stop begins before the one before it ends.",
        column="from",
        values=kept["call_id"],
        advice="Stops of a call must not overlap.",
    )
    disorder = same & ~overlap & (kept["seq"] < kept["seq"].shift())
    tell(log, "stops", kept, disorder, "seq does not follow the times.", column="seq", values=kept["call_id"])


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
