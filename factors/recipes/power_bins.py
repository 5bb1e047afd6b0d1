"""Power bins of engines: the finest that all tables of a source have, open below and closed above."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from factors.tables import FactorTable


def edges_of(tables: Iterable[FactorTable]) -> NDArray[np.float64]:
    """Return the edges of all bins of some tables, ascending; the last may be infinite. [hp]"""
    bounds = [table.frame[column].to_numpy(dtype=float) for table in tables for column in ("hp_gt", "hp_le")]
    found: NDArray[np.float64] = np.unique(np.concatenate(bounds))
    return found[found >= 0]


def label(power_hp: ArrayLike, edges: NDArray[np.float64], source_category: str) -> NDArray[np.object_]:
    """Return the bin of each power, as ``75-100 hp``.

    Parameters
    ----------
    power_hp : array_like, shape (n,)
        Rated power. [hp] Taken to 0.1 hp, so that 100 hp written in kilowatts is still 100.
    edges : ndarray, shape (m,)
        Ascending. [hp]
    source_category : str
        For the message.

    Raises
    ------
    ValueError
        If a power is not above zero, or beyond the last edge.

    Examples
    --------
    >>> label([75.0, 75.2, 100.0], np.array([0.0, 75.0, 100.0]), "tugs").tolist()
    ['0-75 hp', '75-100 hp', '75-100 hp']
    """
    power = np.asarray(power_hp, dtype=float)
    place = np.searchsorted(edges, np.maximum(power.round(1), 0.1), side="left")
    if not ((power > 0) & (place < len(edges))).all():
        raise ValueError(f"{source_category}: power must be above 0 and at most {edges[-1]:g} hp")
    labels = [f"{low:g}-{high:g} hp" for low, high in pairwise(edges)]
    return np.array(labels, dtype=object)[place - 1]


def inside(power_bin: str) -> float:
    """Return a power inside a bin, and inside every coarser one: its upper edge, if it has one. [hp]

    Examples
    --------
    >>> inside("75-100 hp"), inside("1200-inf hp")
    (100.0, 1201.0)
    """
    low, high = power_bin.removesuffix(" hp").split("-")
    return float(high) if high != "inf" else float(low) + 1.0
