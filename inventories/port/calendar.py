"""The local calendar: hours fall in the year and month in which they happen.

A year has 8,760 or 8,784 hours, counted from dates; a day of daylight saving has 23 or 25.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def month_starts(first_year: int, last_year: int, timezone: str) -> pd.DatetimeIndex:
    """Return the first instants of all months from January of one year to January after another.

    Parameters
    ----------
    first_year, last_year : int
    timezone : str
        IANA name.

    Returns
    -------
    pandas.DatetimeIndex, shape (12 * years + 1,)
        In UTC.

    Examples
    --------
    >>> starts = month_starts(2024, 2024, "America/Los_Angeles")
    >>> int((starts[-1] - starts[0]) / pd.Timedelta(hours=1))
    8784
    """
    local = pd.date_range(f"{first_year}-01-01", f"{last_year + 1}-01-01", freq="MS", tz=timezone)
    return local.tz_convert("UTC")


def split_by_month(start: pd.Series, end: pd.Series, timezone: str) -> pd.DataFrame:
    """Cut intervals at local month boundaries.

    Parameters
    ----------
    start, end : pandas.Series of datetime64[UTC], shape (n,)
        Aligned; no end before its start.
    timezone : str
        IANA name of the port's clock.

    Returns
    -------
    pandas.DataFrame, shape (m, 4), m >= n
        ``interval`` (position in the input, ascending), ``year``, ``month`` and ``hours`` of each piece.
        Hours of the pieces add up to the hours of the intervals. An empty interval keeps one piece of 0 h.

    Raises
    ------
    ValueError
        If an end is before its start, or a time is missing.

    Examples
    --------
    >>> begin = pd.Series(pd.to_datetime(["2023-12-31T20:00Z"]))
    >>> finish = pd.Series(pd.to_datetime(["2024-01-01T04:00Z"]))
    >>> split_by_month(begin, finish, "UTC")
       interval  year  month  hours
    0         0  2023     12    4.0
    1         0  2024      1    4.0
    """
    if not len(start):
        return pd.DataFrame({"interval": [], "year": [], "month": [], "hours": []}).astype(
            {"interval": np.int64, "year": np.int64, "month": np.int64}
        )
    if start.isna().any() or end.isna().any():
        raise ValueError("an interval has no start or no end")
    begin, finish = _nanoseconds(start), _nanoseconds(end)
    if (finish < begin).any():
        raise ValueError(f"{int((finish < begin).sum())} intervals end before they start")
    # One more year on each side: local years begin up to a day before or after those of UTC.
    first, last = int(start.dt.year.min()) - 1, int(end.dt.year.max()) + 1
    bounds = month_starts(first, last, timezone).as_unit("ns").asi8
    opening = np.searchsorted(bounds, begin, side="right") - 1
    closing = np.maximum(np.searchsorted(bounds, finish, side="left") - 1, opening)
    pieces = closing - opening + 1
    interval = np.repeat(np.arange(len(begin)), pieces)
    offset = np.arange(len(interval)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    month = opening[interval] + offset
    overlap = np.minimum(finish[interval], bounds[month + 1]) - np.maximum(begin[interval], bounds[month])
    return pd.DataFrame(
        {
            "interval": interval,
            "year": first + month // 12,
            "month": month % 12 + 1,
            "hours": np.maximum(overlap, 0) / 3.6e12,
        }
    )


def _nanoseconds(times: pd.Series) -> NDArray[np.int64]:
    return np.asarray(pd.DatetimeIndex(times).tz_convert("UTC").as_unit("ns").asi8, dtype=np.int64)
