"""Checks between tables: names used in one are known in the other, and stops lie within their calls."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from inventories.activity.found_files import looked_for
from inventories.activity.problems import ProblemLog
from inventories.activity.route_checks import check_routes
from inventories.activity.tables import TABLES
from inventories.activity.tables.cell_checks import as_written, by_clock, tell
from inventories.port.port import Port, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_between", "check_table", "drop_rejected"]

Frames = dict[str, "pd.DataFrame"]

# table, column -> table whose key it is
_KEYS = {
    ("stops", "call_id"): "calls",
    ("legs", "call_id"): "calls",
    ("calls", "vessel_id"): "vessels",
    ("gate_visits", "visit_key"): "truck_legs",
}


def check_table(name: str, frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """Keys given twice, and the table's own checks."""
    table = TABLES[name]
    outs = [table.column(key).out for key in table.key]
    if outs:
        again = frame.duplicated(outs) & frame[outs].notna().all(axis=1)
        words = " and ".join(table.key)
        values = frame[outs[0]].astype("str")
        for out in outs[1:]:
            values = values + ", " + frame[out].astype("str")
        tell(
            log,
            name,
            frame,
            again,
            f"{words} is there before.",
            column=table.key[-1],
            values=values,
            allowed=f"each {words} once",
            advice="Take one out, or give it its own number.",
        )
    for check in table.checks:
        check(frame, port, year, log)


def check_between(
    frames: Frames, port: Port, year: int, log: ProblemLog, brought: frozenset[str] = frozenset()
) -> None:
    """Names of calls, ships, terminals, ports, zones, routes and visit keys, and stops within their calls.

    *brought* are the tables of which there is a file, even one without rows.
    """
    problems = log.problems()
    # a table that has a problem of its own, or a workbook that could hold it, is not told again as missing
    told = {problem.table for problem in problems}
    unread = any(not problem.table and problem.file.endswith("activity.xlsx") for problem in problems)
    for (name, key), other in _KEYS.items():
        if name not in frames or frames[name][key].isna().all():
            continue
        frame = frames[name]
        if other in frames:
            known = frames[other][TABLES[other].column(key).out].dropna().drop_duplicates().tolist()
        elif other in told or unread:
            continue
        elif other in brought:
            known = []
        else:
            log.add(
                f"the table {other} is missing: {name} refer to it by {key}.",
                file=f"activity/{year}",
                table=other,
                advice=f"Looked for {looked_for(year, other)}, and [[files]] in port.toml.",
            )
            continue
        if not known and other in told:
            continue
        tell(
            log,
            name,
            frame,
            frame[key].notna() & ~frame[key].isin(known),
            f"{key} is not in the table {other}.",
            column=key,
            values=frame[key],
            allowed=_listed(key, other, known),
            advice=f"Correct it, or add it to the table {other}.",
        )
    _names(frames, port, log)
    check_routes(frames, port, log)
    if {"stops", "calls"} <= set(frames):
        _stops_within_calls(frames["stops"], frames["calls"], port, log)


_SHOWN = 5


def _listed(key: str, table: str, known: list[str]) -> str:
    """The keys of a table, or how many there are and the first."""
    if not known:
        return f"nothing yet: the table {table} has no rows"
    if len(known) <= _SHOWN:
        return ", ".join(known)
    return f"one of the {len(known):,} {key}s of the table {table}, such as {', '.join(known[:_SHOWN])}"


def _names(frames: Frames, port: Port, log: ProblemLog) -> None:
    zones = port.zones()["zone"].tolist()
    lists = {
        "terminal": (port.terminals["terminal"].tolist(), "[terminals] of port.toml"),
        "port": (list(port.ports), "[ports] of port.toml"),
        "zone": (zones, port.geography.zones),
    }
    for name, frame in frames.items():
        for column, (known, where) in lists.items():
            if column not in frame or (column == "zone" and not known):
                continue
            missing = frame[column].notna() & ~frame[column].isin(known)
            for value in frame.loc[missing, column].unique():
                what = f'"{value}" is not in {where}. {nearest(value, known)}'.strip()
                allowed = ", ".join(known) if known else f"nothing yet: {where} has none"
                tell(
                    log, name, frame, missing & (frame[column] == value), what, column=column, allowed=allowed
                )


def _stops_within_calls(stops: pd.DataFrame, calls: pd.DataFrame, port: Port, log: ProblemLog) -> None:
    ends = calls.drop_duplicates("call_id").set_index("call_id")[["arrival_utc", "departure_utc"]]
    joined = stops.join(ends, on="call_id")
    for column, end, words, mask in (
        ("from", "arrival", "begins before", joined["from_utc"] < joined["arrival_utc"]),
        ("to", "departure", "ends after", joined["to_utc"] > joined["departure_utc"]),
    ):
        tell(
            log,
            "stops",
            stops,
            mask,
            f"the stop {words} its call's {end}.",
            column=column,
            values=partial(_beside_limit, log, stops, column, end, joined[f"{end}_utc"], port),
            allowed="times from the arrival to the departure of the call",
            advice=f"Correct {column}, or the {end} of the call.",
        )


def _beside_limit(
    log: ProblemLog, stops: pd.DataFrame, column: str, end: str, limit: pd.Series, port: Port
) -> pd.Series:
    """Times of stops as written, each with the end of its call that it oversteps."""
    return as_written(log, stops, column, port) + f", the call's {end} being " + by_clock(limit, port)


def drop_rejected(frames: Frames, log: ProblemLog) -> None:
    """Take rejected rows out, and with a call its stops and legs."""
    while True:
        before = len(log.rejected)
        for name, frame in frames.items():
            places = {(file, sheet, row) for table, file, sheet, row in log.rejected if table == name}
            if not places or frame.empty:
                continue
            here = frame.set_index(["_file", "_sheet", "_row"]).index.isin(list(places))
            gone = frame.loc[here]
            frames[name] = frame.loc[~here].reset_index(drop=True)
            if name == "calls":
                _reject_dependents(frames, gone["call_id"], log)
        if len(log.rejected) == before:
            return


def _reject_dependents(frames: Frames, calls: pd.Series, log: ProblemLog) -> None:
    for name in ("stops", "legs"):
        if name in frames:
            frame = frames[name]
            kept_calls = frames["calls"]["call_id"]
            lost = frame.loc[frame["call_id"].isin(calls) & ~frame["call_id"].isin(kept_calls)]
            for row in lost[["_file", "_sheet", "_row", "call_id"]].itertuples(index=False, name=None):
                log.rejected.setdefault(
                    (name, str(row[0]), str(row[1]), int(row[2])), f"its call {row[3]} cannot be used"
                )
