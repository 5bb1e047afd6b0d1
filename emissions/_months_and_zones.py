"""What sources without dates share: a year spread over its months, and places looked up in zones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def days_of_months(year: int) -> NDArray[np.float64]:
    """Return the days of each month of a year, shape (12,).

    Examples
    --------
    >>> days_of_months(2024)[1]
    np.float64(29.0)
    """
    first = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="MS").to_numpy("datetime64[D]")
    return np.diff(first).astype(float)


def over_months(rows: pd.DataFrame, amounts: Sequence[str], year: int) -> pd.DataFrame:
    """Spread rows over the months of a year by days; rows that name their month stay in it.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
        ``month`` optional, with gaps.
    amounts : sequence of str
        Columns that are spread; all others are repeated.
    year : int

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        With ``month`` 1 to 12.
    """
    days = days_of_months(year)
    given = rows["month"] if "month" in rows else pd.Series(np.nan, index=rows.index)
    share = np.tile(days / days.sum(), (len(rows), 1))
    named = given.notna().to_numpy()
    share[named] = np.eye(12)[given[named].astype(int) - 1]
    row, month = np.nonzero(share)
    spread = rows.iloc[row].reset_index(drop=True)
    part = share[row, month]
    return spread.assign(
        month=month.astype(np.int64) + 1, **{name: spread[name].to_numpy() * part for name in amounts}
    )


def zone_of(zone: pd.Series, zones: pd.DataFrame | None) -> tuple[NDArray[np.bool_], NDArray[np.object_]]:
    """Return whether places are in the domain, and whose they are; a place that is not drawn is within.

    Parameters
    ----------
    zone : pandas.Series of str, shape (n,)
    zones : pandas.DataFrame, optional
        ``zone, in_domain, jurisdiction``.

    Returns
    -------
    in_domain : ndarray of bool, shape (n,)
    jurisdiction : ndarray of str, shape (n,)
    """
    if zones is None or not len(zones):
        return np.ones(len(zone), dtype=bool), np.full(len(zone), "", dtype=object)
    listed = zones.set_index("zone").reindex(zone.astype("str"))
    within = (listed["in_domain"].isna() | listed["in_domain"].eq(True)).to_numpy(dtype=bool)
    return within, listed["jurisdiction"].fillna("").astype(object).to_numpy()
