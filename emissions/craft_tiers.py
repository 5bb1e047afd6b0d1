"""Tiers of engines of harbor craft: by certificate, by model year, and what the law allows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from factors.method import Method

SOURCE = "harbor_craft"
SMALLER_THAN_C2 = 7.0  # liters a cylinder; 40 CFR 1042.901, and factors/editions/epa-ogv-2022/category.csv
_TOLD = ("craft_id", "engine_id", "model_year", "power_kw", "tier")


def tiers(engines: pd.DataFrame, method: Method) -> tuple[pd.Series, pd.Series]:
    """Return the tier of each engine, and whether it was taken from its model year.

    Where the displacement of a cylinder is not known the latest first model year among the displacements
    counts: a cleaner tier is never presumed.

    Parameters
    ----------
    engines : pandas.DataFrame, shape (n, ...)
        ``category, cylinder_l, power_kw, model_year, tier``; the last with gaps.
    method : Method

    Returns
    -------
    tier : pandas.Series of str, shape (n,)
    assumed : pandas.Series of bool, shape (n,)
    """
    given = _column(engines, "tier", "").astype("str")
    blank = given == ""
    asked = engines.loc[blank, ["category", "cylinder_l", "power_kw", "model_year"]]
    if asked.empty:
        return given, blank
    least, _ = lawful_tiers(asked, method)
    names = "Tier " + least.astype(int).astype("str")
    # Tier 0 of engines before 1988 is the set's Base; the rates are the same.
    return given.where(~blank, names.reindex(given.index)), blank


def lawful_tiers(engines: pd.DataFrame, method: Method) -> tuple[pd.Series, pd.Series]:
    """Return the least and the greatest tier that engines of a model year were held to.

    Parameters
    ----------
    engines : pandas.DataFrame, shape (n, ...)
        ``category, cylinder_l, power_kw, model_year``; over all displacements where that is not known.
    method : Method

    Returns
    -------
    least, most : pandas.Series of float, shape (n,)
    """
    table = method.table(SOURCE, "tier_dates")
    sizes = {
        category: sorted(rows["cylinder_l_ge"].clip(lower=0.1).unique())
        for category, rows in table.frame.groupby("category")
    }
    least, most = (pd.Series(edge, index=engines.index) for edge in (np.inf, -np.inf))
    for category, lowest in sizes.items():
        mine = engines[engines["category"] == category]
        unknown = mine[mine["cylinder_l"].isna()]
        known = mine[mine["cylinder_l"].notna()]
        for size in lowest:
            found = table.find(unknown.assign(cylinder_l=size), "tier").value
            least[unknown.index] = np.minimum(least[unknown.index], found)
            most[unknown.index] = np.maximum(most[unknown.index], found)
        if len(known):
            least[known.index] = most[known.index] = table.find(known, "tier").value
    return least, most


def unlawful_tiers(engines: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return engines whose stated tier is not one that their power and model year can have.

    Parameters
    ----------
    engines : pandas.DataFrame
        As for `work_rows`.
    method : Method

    Returns
    -------
    pandas.DataFrame
        ``craft_id, engine_id, model_year, power_kw, tier`` and ``least, most`` [tier number] of the standards
        that an engine of that model year and power was held to (40 CFR 1042); the index is that of `engines`.
    """
    stated = _column(engines, "tier", "").astype("str")
    mine = engines[(stated != "") & (engines["fuel"] != "electric")]
    if mine.empty:
        return pd.DataFrame(
            columns=["craft_id", "engine_id", "model_year", "power_kw", "tier", "least", "most"]
        )
    cylinder = _column(mine, "cylinder_l", np.nan).astype(float)
    category = _column(mine, "category", "").astype("str")
    by_size = pd.Series("C1", index=mine.index, dtype="str").mask(cylinder >= SMALLER_THAN_C2, "C2")
    category = category.where(category != "", by_size)
    least, most = lawful_tiers(mine.assign(cylinder_l=cylinder, category=category), method)
    number = mine["tier"].astype("str").str.removeprefix("Tier ").astype(float)
    found = mine[list(_TOLD)].assign(least=least, most=most)
    return found[(number < least) | (number > most)]


def _column(frame: pd.DataFrame, name: str, otherwise: Any) -> pd.Series:
    if name not in frame:
        return pd.Series(otherwise, index=frame.index)
    return frame[name].where(frame[name].notna(), otherwise)
