"""The stock of a fleet by age: who leaves, who is bought, and what that does to the work of each age."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

SHIPS = "ocean_going_vessels"
COUNTED = {
    SHIPS: "visits",
    "heavy_duty_vehicles": "miles",
    "cargo_handling_equipment": "work",
    "harbor_craft": "work",
    "locomotives": "work",
}
"""What the stock of a source is weighed by: what its work follows."""


class Renewal(NamedTuple):
    """How a fleet renews itself: share left by age, and share of what is bought by age.

    Without survival the age distribution stays; without purchases by age all that is bought is new.
    """

    survival: Mapping[int, float] = MappingProxyType({})
    purchases: Mapping[int, float] = MappingProxyType({})


def by_age(base: BaseYear, source: str) -> pd.DataFrame:
    """Return the stock of a source in the base year by type, port and age.

    Ships are counted by visits, not as ships: a ship that comes ten times is ten of the stock.

    Returns
    -------
    pandas.DataFrame
        ``source_type, port, age, base``; what has no year is no part of it.
    """
    if source == SHIPS:
        berthed = base.stays["mode_or_segment"] == "hotelling"
        calls = base.stays[berthed].drop_duplicates("record_id")
        calls = calls[calls["model_year"].fillna(0) > 0]
        each = calls[["source_type", "port"]].assign(
            age=base.year - calls["model_year"].astype(np.int64), base=1.0
        )
    else:
        groups = base.groups[(base.groups["source_category"] == source) & (base.groups["vintage"] > 0)]
        work = base.quantity(source, _counted(source, base.rows[source]))[groups.index]
        each = groups[["source_type", "port"]].assign(age=base.year - groups["vintage"], base=work)
    each["age"] = each["age"].clip(lower=0)
    return each.groupby(["source_type", "port", "age"])["base"].sum().reset_index()


def after(base: BaseYear, source: str, renewal: Renewal, elapsed: int) -> pd.DataFrame:
    """Return the stock by age in the base year and after some years.

    Parameters
    ----------
    base : BaseYear
    source : str
    renewal : Renewal
    elapsed : int
        Years since the base year.

    Returns
    -------
    pandas.DataFrame
        ``source_type, port, age, base, work``; both sum to the same for each type and port: demand.
    """
    table = by_age(base, source)
    table["work"] = table["base"]
    for _, part in table.groupby(["source_type", "port"]):
        table.loc[part.index, "work"] = survived(
            part["age"].to_numpy(), part["base"].to_numpy(dtype=float), renewal, elapsed
        )
    return table


def over_years(base: BaseYear, source: str, renewal: Renewal, years: NDArray[np.int64]) -> pd.DataFrame:
    """Return the stock of a source by age in each of some years.

    Returns
    -------
    pandas.DataFrame
        ``year, source_type, port, age, stock``.
    """
    table = by_age(base, source)
    now = _all_years(table, renewal, years - base.year)
    repeated = {name: np.tile(table[name].to_numpy(), len(years)) for name in ("source_type", "port", "age")}
    return pd.DataFrame({"year": np.repeat(years, len(table)), **repeated, "stock": now.ravel()})


def survived(
    age: NDArray[np.int64], work: NDArray[np.float64], renewal: Renewal, elapsed: int
) -> NDArray[np.float64]:
    """Return work by age after some years of leaving and purchases that keep its sum.

    Parameters
    ----------
    age, work : ndarray, shape (n,)
        Ages that work today, and their work.
    renewal : Renewal
    elapsed : int

    Returns
    -------
    ndarray, shape (n,)
        Ages without work today lend theirs to the nearest that has.

    Examples
    --------
    >>> half_leave = {1: 0.5, 2: 0.0}
    >>> survived(np.array([0, 1]), np.array([60.0, 40.0]), Renewal(half_leave), 1)
    array([70., 30.])
    >>> survived(np.array([0, 1]), np.array([60.0, 40.0]), Renewal(half_leave, {0: 0.5, 1: 0.5}), 1)
    array([35., 65.])
    """
    return _by_year(age, work, renewal, np.array([elapsed]))[0]


def _by_year(
    age: NDArray[np.int64], work: NDArray[np.float64], renewal: Renewal, elapsed: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Work by age after each of some years; see `survived`. Shape (n_years, n)."""
    found = np.repeat(work[None, :], len(elapsed), axis=0)
    if not renewal.survival or not work.sum() > 0:
        return found
    oldest = max(int(age.max()), max(renewal.survival)) + 1
    known = {0: 1.0, **renewal.survival}
    left = np.interp(np.arange(oldest + 1), sorted(known), [known[at] for at in sorted(known)])
    stays = np.divide(left[1:], left[:-1], out=np.zeros(oldest), where=left[:-1] > 0)
    purchases = renewal.purchases or {0: 1.0}
    bought = np.zeros(oldest + 1)
    bought[list(purchases)] = list(purchases.values())
    stock = np.bincount(age, weights=work, minlength=oldest + 1).astype(float)
    present = age[work > 0]
    nearest = present[np.abs(np.arange(oldest + 1)[:, None] - present[None, :]).argmin(axis=1)]
    for passed in range(1, int(elapsed.max()) + 1):
        older = np.concatenate([[0.0], stock[:-1] * stays])
        stock = older + (stock.sum() - older.sum()) * bought
        lent = np.bincount(nearest, weights=stock, minlength=oldest + 1)
        found[elapsed == passed] = np.where(work > 0, lent[age], 0.0)
    return found


def weights(
    base: BaseYear,
    source: str,
    group: NDArray[np.int64],
    model_year: NDArray[np.float64],
    renewal: Renewal,
    elapsed: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return what the work of cells becomes, over what it was.

    Parameters
    ----------
    base : BaseYear
    source : str
    group : ndarray of int, shape (n,)
        Group of each cell; it says the vintage, save of ships.
    model_year : ndarray, shape (n,)
        Keel year of a ship.
    renewal : Renewal
    elapsed : ndarray of int, shape (n_years,)

    Returns
    -------
    ndarray, shape (n_years, n)
        1 where no year is known.
    """
    table = by_age(base, source)
    if table.empty:
        return np.ones((len(elapsed), len(group)))
    was, now = table["base"].to_numpy(dtype=float), _all_years(table, renewal, elapsed)
    ratio = np.divide(now, was, out=np.ones_like(now), where=was > 0)
    groups = base.groups
    vintage = model_year if source == SHIPS else groups["vintage"].to_numpy(dtype=float)[group]
    vintage = np.nan_to_num(vintage)
    asked = pd.MultiIndex.from_arrays(
        [
            groups["source_type"].to_numpy()[group],
            groups["port"].to_numpy()[group],
            np.clip(base.year - vintage, 0, None).astype(np.int64),
        ]
    )
    known = pd.MultiIndex.from_frame(table[["source_type", "port", "age"]])
    place = known.get_indexer(asked)
    return np.where((vintage > 0) & (place >= 0), ratio[:, place], 1.0)


def _all_years(table: pd.DataFrame, renewal: Renewal, elapsed: NDArray[np.int64]) -> NDArray[np.float64]:
    """Stock of each row of a table by age after each of some years, shape (n_years, n_rows)."""
    was = table["base"].to_numpy(dtype=float)
    now = np.repeat(was[None, :], len(elapsed), axis=0)
    if renewal.survival:
        for place in table.groupby(["source_type", "port"]).indices.values():
            age = table["age"].to_numpy()[place]
            now[:, place] = _by_year(age, was[place], renewal, elapsed)
    return now


def _counted(source: str, rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Miles of trucks; all work of the others."""
    if source == "heavy_duty_vehicles":
        return (rows["process_set"].astype(str) == "running").to_numpy()
    return np.ones(len(rows), dtype=bool)
