"""Electricity and hydrogen that is drawn and not known: such a sum is partial, or no number at all."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd

from inventories.year.coverage import NotEstimated, PartialTotal

if TYPE_CHECKING:
    from factors.terms import FactorClasses

CARRIERS = ("electricity", "hydrogen")


def unknown(cells: pd.DataFrame, classes: FactorClasses, carrier: str) -> pd.Series:
    """Return which cells draw a carrier of which there is no number (NE), shape (n,).

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, ...)
        ``class_id, quantity``.
    classes : FactorClasses
    carrier : str
    """
    stated = classes.coverage
    mine = stated[(stated["pollutant"] == carrier) & (stated["state"] == "NE")]
    groups = ["source_category", "coverage_group"]
    named = pd.MultiIndex.from_frame(mine[groups].astype(str))
    lacking = pd.MultiIndex.from_frame(classes.classes[groups].astype(str)).isin(named)
    return pd.Series(lacking[cells["class_id"].to_numpy()], index=cells.index) & (cells["quantity"] > 0)


def refuse_or_warn(cells: pd.DataFrame, classes: FactorClasses, carrier: str, amount: float) -> None:
    """Refuse a total of a carrier of which nothing is known; warn of one that lacks a part.

    Parameters
    ----------
    cells : pandas.DataFrame
        The cells that are summed.
    classes : FactorClasses
    carrier : str
    amount : float
        The sum of what is known.

    Raises
    ------
    NotEstimated
    """
    if carrier not in CARRIERS:
        return
    lacking = unknown(cells, classes, carrier)
    if not lacking.any():
        return
    mine = cells[lacking]
    types = mine["source_type"].astype(str).unique()
    named = ", ".join(sorted(str(kind).replace("_", " ") for kind in types))
    if amount > 0:
        warnings.warn(
            f"{carrier} lacks that of {named}, of which nobody knows it (NE): what is drawn is more. "
            "inventory.coverage() says why.",
            PartialTotal,
            stacklevel=3,
        )
        return
    raise NotEstimated(carrier, f"{carrier} is not estimated (NE) for {named}: there is no number")
