"""Stays at berth cut where shore power and emission capture begin and end."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from factors.method import Method


class BerthError(ValueError):
    """Connections at berth cannot be worked out; every problem in one message."""


def stay_pieces(stays: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Cut stays so that in every piece a ship is connected or not, captured or not.

    Parameters
    ----------
    stays : pandas.DataFrame, shape (n, ...)
        ``call_id, from_utc, to_utc, auxiliary_kw``; ``shore_power_from_utc, shore_power_to_utc,
        shore_power_kwh, shore_power_used`` and ``capture_from_utc, capture_to_utc, capture_system,
        capture_groups`` where the port has them.
    method : Method
        Its options `connect_h` and `disconnect_h` serve stops marked as connected without times.

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        Pieces with ``start, end, connected, captured_by, captures_auxiliary, captures_boiler`` and whether
        the stay was connected at all, ``is_at_plugged_berth``, and captured at all, ``captured_auxiliary,
        captured_boiler``; their hours add up to those of the stays.

    Raises
    ------
    BerthError
        If a stop is marked as connected and neither times, nor a meter, nor the method's hours say when; or
        is connected and captured at the same time.
    """
    on, off = _connection(stays, method)
    caught, freed = _interval(stays, "capture")
    _refuse_both(stays, on, off, caught, freed)
    groups, system = _text(stays, "capture_groups", "auxiliary"), _text(stays, "capture_system", "capture")
    whole = stays.assign(
        is_at_plugged_berth=(off > on).astype(float),
        captured_auxiliary=((freed > caught) & groups.str.contains("auxiliary")).astype(float),
        captured_boiler=((freed > caught) & groups.str.contains("boiler")).astype(float),
    )
    instants = [stays["from_utc"], *_in_order(on, off, caught, freed), stays["to_utc"]]
    pieces = []
    for start, end in pairwise(instants):
        captured = (caught <= start) & (end <= freed)
        pieces.append(
            whole.assign(
                start=start,
                end=end,
                connected=(on <= start) & (end <= off),
                captured_by=system.where(captured, ""),
                captures_auxiliary=captured & groups.str.contains("auxiliary"),
                captures_boiler=captured & groups.str.contains("boiler"),
            )
        )
    cut = pd.concat(pieces, ignore_index=True)
    return cut[cut["end"] > cut["start"]].reset_index(drop=True)


def _in_order(*marks: pd.Series) -> list[pd.Series]:
    """Sort instants row by row."""
    # Times may come in other resolutions; they are compared in nanoseconds.
    number = np.column_stack([mark.dt.as_unit("ns").astype("int64").to_numpy() for mark in marks])
    ordered = np.sort(number, axis=1).astype("datetime64[ns]")
    return [
        pd.Series(pd.DatetimeIndex(ordered[:, place], tz="UTC"), index=marks[0].index)
        for place in range(len(marks))
    ]


def _connection(stays: pd.DataFrame, method: Method) -> tuple[pd.Series, pd.Series]:
    """When shore power begins and ends.

    Times come first. Metered energy alone is taken as the last hours of the stay. A stop that only says it
    was connected takes the method's hours to connect and disconnect; one too short stays on its engines.
    """
    end = stays["to_utc"]
    on, off = _interval(stays, "shore_power")
    stay_h = (end - stays["from_utc"]).dt.total_seconds() / 3600
    timed = stays["shore_power_from_utc"].notna()
    metered = stays["shore_power_kwh"].astype(float)
    only_energy = ~timed & (metered > 0)
    # A ship with no load of its own is connected all the time: what the meter says is not lost.
    at_ship = metered * float(method.option("shore_power_efficiency"))
    hours = (at_ship / stays["auxiliary_kw"]).clip(upper=stay_h).where(only_energy, 0.0)
    on = on.mask(only_energy, end - pd.to_timedelta(hours, unit="h"))
    if "shore_power_used" not in stays:
        return on.clip(lower=stays["from_utc"]), off
    marked = stays["shore_power_used"].fillna(False).astype(bool) & ~timed & ~only_energy
    if marked.any():
        connect, disconnect = _hours_of(method, stays[marked])
        long_enough = marked & (stay_h > connect + disconnect)
        on = on.mask(long_enough, stays["from_utc"] + pd.Timedelta(hours=connect))
        off = off.mask(long_enough, end - pd.Timedelta(hours=disconnect))
    return on.clip(lower=stays["from_utc"]), off


def _hours_of(method: Method, marked: pd.DataFrame) -> tuple[float, float]:
    stated = [method.option(name) for name in ("connect_h", "disconnect_h")]
    if not all(stated):
        raise BerthError(
            f"stops: {len(marked):,} stops are marked shore_power_used without times or a meter (first: "
            f"call {marked['call_id'].iloc[0]}). Give shore_power_from and shore_power_to, or the hours to "
            "connect and disconnect in port.toml: [method.options] connect_h and disconnect_h, from a "
            "source you can name."
        )
    return float(stated[0]), float(stated[1])


def _interval(stays: pd.DataFrame, what: str) -> tuple[pd.Series, pd.Series]:
    """Begin and end within the stay; both its end where there is none."""
    end = stays["to_utc"]
    if f"{what}_from_utc" not in stays:
        return end, end
    begin = stays[f"{what}_from_utc"].fillna(end).clip(lower=stays["from_utc"], upper=end)
    return begin, stays[f"{what}_to_utc"].fillna(end).clip(lower=begin, upper=end)


def _refuse_both(
    stays: pd.DataFrame, on: pd.Series, off: pd.Series, caught: pd.Series, freed: pd.Series
) -> None:
    together = (on.where(on > caught, caught) < off.where(off < freed, freed)) & (on < off)
    both = together & _text(stays, "capture_groups", "auxiliary").str.contains("auxiliary")
    if both.any():
        calls = ", ".join(map(str, stays.loc[both, "call_id"].head(5)))
        raise BerthError(
            f"stops: {int(both.sum()):,} stops are on shore power while the exhaust of their auxiliary "
            f"engines is captured (calls {calls}). A ship is connected or captured at one time; correct the "
            "times, or the capture_groups."
        )


def _text(stays: pd.DataFrame, column: str, otherwise: str) -> pd.Series:
    if column not in stays:
        return pd.Series(otherwise, index=stays.index)
    named = stays[column].astype(object)
    return named.where(named.notna() & (named != ""), otherwise).astype("str")
