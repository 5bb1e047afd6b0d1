"""Hours of a call that no stop covers: shifts by their legs, and what is left of the time between stops.

A ship in port runs its auxiliary engines and boilers whether a record says where it is or not. Hours of a
call are therefore the hours of its parts: its stops, the legs of its shifts, and the rest. A short rest is
taken as time under way within the port; a longer one is named *unaccounted* and worked as at anchor, in the
zone of the stop before it. Both are marked default and told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SHIFT = "shift"
UNACCOUNTED = "unaccounted"


@dataclass(frozen=True)
class TimeBetween:
    """What no stop of the calls covers.

    Attributes
    ----------
    shifts, shift_hours
        Short intervals that no leg covers, taken as time under way. [1], [h]
    unaccounted, unaccounted_hours
        Longer ones. [1], [h]
    longest : tuple of (str, int, str, float)
        File, row, call and hours of the longest unaccounted intervals.
    crowded, crowded_hours
        Calls whose shift legs take longer than their stops leave, and by how much. [1], [h]
    most_crowded : tuple of (str, int, str, float)
        File and row of the first shift leg, call and hours too many, of the worst of these calls.
    bound_hours : float
        Up to which an interval counts as a shift. [h]
    """

    shifts: int
    shift_hours: float
    unaccounted: int
    unaccounted_hours: float
    longest: tuple[tuple[str, int, str, float], ...]
    crowded: int
    crowded_hours: float
    most_crowded: tuple[tuple[str, int, str, float], ...]
    bound_hours: float


def intervals(stops: pd.DataFrame, calls: pd.DataFrame) -> pd.DataFrame:
    """Return the intervals of calls that no stop covers, in order.

    Parameters
    ----------
    stops : pandas.DataFrame, shape (n, ...)
        ``call_id, zone, from_utc, to_utc``, not overlapping and within their calls.
    calls : pandas.DataFrame
        ``arrival_utc, departure_utc``, by call.

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        The columns of the stop before (of the first stop where it is before it), with ``start, end``,
        ``length`` and ``passed``, the length of the intervals before within the call. [h]
    """
    order = stops.sort_values(["call_id", "from_utc"], kind="stable").reset_index(drop=True)
    ends = calls[["arrival_utc", "departure_utc"]].reindex(order["call_id"]).reset_index(drop=True)
    first = ~order.duplicated("call_id")
    last = ~order.duplicated("call_id", keep="last")
    before = order["to_utc"].shift().mask(first, ends["arrival_utc"])
    # The interval before a stop takes the place of the stop that it follows.
    earlier = order.shift().where(~first, order).astype(order.dtypes.to_dict())
    ahead = earlier.assign(call_id=order["call_id"], start=before, end=order["from_utc"])
    behind = order.assign(start=order["to_utc"], end=ends["departure_utc"])[last]
    found = pd.concat([ahead, behind], ignore_index=True)
    found = found[found["end"] > found["start"]].sort_values(["call_id", "start"], kind="stable")
    found["length"] = _hours(found["end"] - found["start"])
    found["passed"] = found.groupby("call_id")["length"].cumsum() - found["length"]
    return found.reset_index(drop=True)


def shift_starts(legs: pd.DataFrame, free: pd.DataFrame) -> pd.Series:
    """Place the legs of shifts into the intervals between stops, one after another.

    Parameters
    ----------
    legs : pandas.DataFrame, shape (n, ...)
        Legs of shifts: ``call_id``, ``hours`` and ``passed``, the hours of the call's shift legs before. [h]
    free : pandas.DataFrame
        As `intervals` returns.

    Returns
    -------
    pandas.Series of datetime64, shape (n,)
        Missing where a call has no such interval.
    """
    asked = (
        legs[["call_id", "passed"]].assign(place=np.arange(len(legs))).sort_values("passed", kind="stable")
    )
    open_ = free[["call_id", "passed", "start"]].sort_values("passed", kind="stable")
    open_ = open_.assign(since=open_["passed"])
    met = pd.merge_asof(asked, open_, on="passed", by="call_id").sort_values("place")
    start = met["start"] + pd.to_timedelta(met["passed"] - met["since"], unit="h")
    return pd.Series(start.to_numpy(), index=legs.index, dtype=free["start"].dtype)


def rests(
    free: pd.DataFrame, shifts: pd.DataFrame, calls: pd.DataFrame, stops: pd.DataFrame, bound_hours: float
) -> tuple[pd.DataFrame, TimeBetween]:
    """Return what shift legs leave of the intervals as stops of their own kinds, and what is to be said.

    Parameters
    ----------
    free : pandas.DataFrame
        As `intervals` returns.
    shifts : pandas.DataFrame
        Legs of shifts: ``call_id, hours`` [h], and ``_file, _row`` where they are known.
    calls, stops : pandas.DataFrame
        As for `intervals`.
    bound_hours : float
        Up to which a rest counts as a shift. [h]

    Returns
    -------
    pandas.DataFrame
        The columns of ``stops``, of kind ``shift`` or ``unaccounted``; nothing else is known of them.
    TimeBetween

    Raises
    ------
    AssertionError
        If the hours of the parts of a call are not its hours: a fault of ours, never of the data.
    """
    shift_hours = shifts.groupby("call_id")["hours"].sum()
    taken = (free["call_id"].map(shift_hours).astype(float).fillna(0.0) - free["passed"]).clip(lower=0.0)
    taken = taken.where(taken < free["length"], free["length"])
    length = free["length"] - taken
    left = length > 0
    kept = free[left]
    kind = np.where(length[left] <= bound_hours, SHIFT, UNACCOUNTED)
    known = ["call_id", "zone", "_file", "_sheet", "_row"]
    made = kept[[name for name in known if name in kept]].assign(
        kind=kind,
        from_utc=kept["start"] + pd.to_timedelta(taken[left], unit="h"),
        to_utc=kept["end"],
    )
    made = made.reindex(columns=stops.columns).astype(stops.dtypes.to_dict())
    _assert_hours(calls, stops, free, taken, length)
    over = (
        shift_hours - free.groupby("call_id")["length"].sum().reindex(shift_hours.index).fillna(0.0)
    ).clip(lower=0.0)
    over = over[over > 1e-6]
    long = made.assign(hours=length[left].to_numpy())[kind == UNACCOUNTED]
    worst = shifts.drop_duplicates("call_id").drop(columns="hours").join(over.rename("hours"), on="call_id")
    worst = worst[worst["hours"].notna()]
    said = TimeBetween(
        shifts=int((kind == SHIFT).sum()),
        shift_hours=float(length[left][kind == SHIFT].sum()),
        unaccounted=int((kind == UNACCOUNTED).sum()),
        unaccounted_hours=float(length[left][kind == UNACCOUNTED].sum()),
        longest=_places(long),
        crowded=len(over),
        crowded_hours=float(over.sum()),
        most_crowded=_places(worst),
        bound_hours=bound_hours,
    )
    return made, said


def _places(rows: pd.DataFrame) -> tuple[tuple[str, int, str, float], ...]:
    """File, row, call and hours of the three longest; nothing where no file is known."""
    if "_row" not in rows:
        return ()
    return tuple(
        (str(row["_file"]), int(row["_row"]), str(row["call_id"]), float(row["hours"]))
        for row in rows.nlargest(3, "hours").to_dict("records")
    )


def _assert_hours(
    calls: pd.DataFrame, stops: pd.DataFrame, free: pd.DataFrame, taken: pd.Series, rest: pd.Series
) -> None:
    """Hours of each call are the hours of its stops, of its shift legs between them, and of the rest."""
    whole = _hours(calls["departure_utc"] - calls["arrival_utc"])
    parts = _hours(stops["to_utc"] - stops["from_utc"]).groupby(stops["call_id"]).sum()
    between = (taken + rest).groupby(free["call_id"]).sum()
    held = parts.add(between, fill_value=0.0)
    stated = whole.reindex(held.index)
    wrong = ~np.isclose(held, stated, rtol=1e-9, atol=1e-6)
    if wrong.any():
        call = held.index[wrong][0]
        raise AssertionError(f"call {call}: {stated[call]} h, and its parts {held[call]} h")


def _hours(length: pd.Series) -> pd.Series:
    """Lengths of time in hours."""
    return length.dt.total_seconds() / 3600
