"""Tiers that locomotives state, against those of the years in which they were built."""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.method import Method

SOURCE = "locomotives"
_TOLD = ("kind", "year_built", "tier")
_TIER_0_TO = 2001
"""Up to this year line haul without a cooling circuit of its own for intake air is of Tier 0 (40 CFR
1033.101, Table 1, note a), and a locomotive that was never remanufactured to a standard is uncontrolled."""


def unlawful_tiers(locomotives: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return locomotives whose stated tier is not that of the year in which they were built.

    Parameters
    ----------
    locomotives : pandas.DataFrame, shape (n, ...)
        ``kind, tier, year_built``; the last two with gaps.
    method : Method

    Returns
    -------
    pandas.DataFrame
        ``kind, year_built, tier`` and ``lawful`` [tier number]; the index is that of `locomotives`. Rows
        without a tier or a year are not judged, and years before the first tier neither.

    References
    ----------
    40 CFR 1033.101, Tables 1 and 2; the years of switch locomotives could not be verified.

    Examples
    --------
    >>> from factors.method import load_method
    >>> old = pd.DataFrame({"kind": ["line_haul"] * 2, "tier": ["Tier 4", "Tier 0+"],
    ...     "year_built": [1990] * 2})
    >>> unlawful_tiers(old, load_method("epa-2022"))[["tier", "lawful"]].to_numpy().tolist()
    [['Tier 4', 0]]
    """
    if not {"tier", "year_built"} <= set(locomotives):
        return pd.DataFrame(columns=[*_TOLD, "lawful"])
    stated = locomotives["tier"].notna() & (locomotives["tier"] != "") & locomotives["year_built"].notna()
    mine = locomotives.loc[stated, list(_TOLD)]
    table = method.table(SOURCE, "tier_dates")
    asked = mine[["kind"]].assign(model_year=mine["year_built"].astype("int64"))
    mine, asked = (frame[table.has(asked, "tier")] for frame in (mine, asked))
    lawful = table.find(asked, "tier").value.astype(np.int64)
    digit = mine["tier"].astype("str").str.extract(r"Tier (\d)", expand=False)
    number = digit.fillna("-1").astype("int64").to_numpy()
    early = mine["year_built"].to_numpy(dtype=float) <= _TIER_0_TO
    wrong = (number != lawful) & ~(early & (number <= 0))
    return mine[wrong].assign(lawful=lawful[wrong])
