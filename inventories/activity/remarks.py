"""What can be so and seldom is: remarks by built-in ranges, with file and row, which stop nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventories.activity.marked_rows import Frames
from inventories.activity.problems import ProblemLog
from inventories.port.port import Port

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LONG_LEG_H", "LONG_STAY_DAYS", "remark"]

LONG_STAY_DAYS = {"berth": 30, "anchorage": 60, "other": 60}
"""Longer stays are mostly months typed wrong; ships laid up or under repair are the true ones. [day]"""

LONG_LEG_H = 72.0
"""A leg within a port's waters that takes longer than three days."""

_SHOWN = 3


def remark(frames: Frames, port: Port, year: int, log: ProblemLog) -> None:
    """Look at what was read and made whole, and say what is improbable."""
    if "stops" in frames:
        _long_stays(frames["stops"], log)
    if "legs" in frames:
        _long_legs(frames["legs"], log)
        _undrawn(frames["legs"], port, log)
    if "electricity" in frames:
        _meters(frames["electricity"], year, log)


def _places(rows: pd.DataFrame, shown: pd.Series) -> str:
    first = rows.head(_SHOWN)
    told = "; ".join(
        f"{file} row {row}: {text}"
        for file, row, text in zip(first["_file"], first["_row"], shown[first.index], strict=True)
    )
    return told + (f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else "")


def _of_calls(rows: pd.DataFrame, length: pd.Series, unit: str) -> pd.Series:
    return (
        "call "
        + rows["call_id"].astype("str")
        + ", "
        + length[rows.index].round(1).astype("str")
        + f" {unit}"
    )


def _long_stays(stops: pd.DataFrame, log: ProblemLog) -> None:
    days = (stops["to_utc"] - stops["from_utc"]).dt.total_seconds() / 86400
    for kind, most in LONG_STAY_DAYS.items():
        rows = stops[(stops["kind"] == kind) & (days > most)]
        if len(rows):
            said = (
                "call "
                + rows["call_id"].astype("str")
                + ", "
                + days[rows.index].round(1).astype("str")
                + " days"
            )
            log.note(
                f"WARNING: {len(rows):,} stays ({kind}) are longer than {most} days ({_places(rows, said)}): "
                "look at the months of from and to, or of arrival and departure; they are counted as written"
            )


def _long_legs(legs: pd.DataFrame, log: ProblemLog) -> None:
    hours = legs["hours"].fillna(legs["distance_nmi"] / legs["speed_kn"])
    rows = legs[hours > LONG_LEG_H]
    if len(rows):
        said = (
            "call " + rows["call_id"].astype("str") + ", " + hours[rows.index].round(1).astype("str") + " h"
        )
        log.note(
            f"WARNING: {len(rows):,} legs take longer than {LONG_LEG_H:g} hours ({_places(rows, said)}): "
            "look at distance and speed; they are counted as written"
        )


def _undrawn(legs: pd.DataFrame, port: Port, log: ProblemLog) -> None:
    """Zones that only tables name: nothing says their mode, domain, jurisdiction or control area."""
    drawn = set(port.zones()["zone"])
    zones = [zone for zone in legs["zone"].dropna().unique() if zone not in drawn]
    if zones:
        log.note(
            f"zones that {port.geography.zones} does not draw ({', '.join(sorted(zones))}): they count as in "
            "the domain and in the default control areas; ships there maneuver at loads up to 20 % of their "
            "power and are in transit above, by EPA's rule"
        )


def _meters(readings: pd.DataFrame, year: int, log: ProblemLog) -> None:
    """Say of each meter which months of the year no reading touches, and how many days are read."""
    import pandas as pd

    first_day, last_day = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    of_year = (last_day - first_day).days + 1
    begin = readings["from_date"].where(readings["from_date"] > first_day, first_day)
    end = readings["to_date"].where(readings["to_date"] < last_day, last_day)
    days = ((end - begin).dt.days + 1).clip(lower=0)
    read = days.groupby(readings["meter"]).sum()
    for meter in read.index[read < of_year]:
        mine = (readings["meter"] == meter) & (days > 0)
        months: set[int] = set()
        for start, stop in zip(begin[mine], end[mine], strict=True):  # a handful of bills of one meter
            months |= set(range(start.month, stop.month + 1))
        absent = [month for month in range(1, 13) if month not in months]
        named = ", ".join(pd.Timestamp(year, month, 1).strftime("%b") for month in absent)
        said = f", {len(absent)} months missing ({named})" if absent else ""
        first = readings[readings["meter"] == meter].iloc[0]
        log.note(
            f"WARNING: readings of meter {meter} ({first['_file']} row {first['_row']}) cover "
            f"{int(read[meter])} of {of_year} days{said}: what it took on the other days is not counted"
        )
