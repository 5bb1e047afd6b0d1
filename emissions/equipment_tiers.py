"""Standards that machines state, against those that engines of their power and model year were held to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.method import Method
from factors.recipes.equipment.names import ENGINES, TIERS
from factors.recipes.equipment.parts import tiers_of_mix
from factors.units import conversion

_TOLD = ("unit_id", "engine_model_year", "power_kw", "tier")


def unlawful_tiers(equipment: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return diesels whose stated standard is not one that engines of their power and model year had.

    What they had is EPA's phase-in as MOVES5 keeps it, the same years as 40 CFR 89.112 and 1039.102 with the
    engines that manufacturers could still sell to older standards.

    Parameters
    ----------
    equipment : pandas.DataFrame, shape (n, ...)
        As `emissions.equipment.work_rows` takes it.
    method : Method

    Returns
    -------
    pandas.DataFrame
        ``unit_id, engine_model_year, power_kw, tier`` and ``least, most``, the oldest and the newest standard
        of that model year; the index is that of `equipment`.

    References
    ----------
    EPA, MOVES5, table ``nrengtechfraction``, https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31).

    Examples
    --------
    >>> from factors.method import load_method
    >>> loader = pd.DataFrame({"unit_id": ["L1"], "type": ["loader"], "fuel": ["diesel"], "power_kw": [150.0],
    ...     "engine_model_year": [1995], "tier": ["Tier 4 final"]})
    >>> unlawful_tiers(loader, load_method("epa-2022"))[["tier", "most"]].to_numpy().tolist()
    [['Tier 4 final', 'Tier 0']]
    """
    if "tier" not in equipment:
        return pd.DataFrame(columns=[*_TOLD, "least", "most"])
    diesel = equipment["fuel"].map(ENGINES) == "diesel"
    stated = equipment["tier"].isin(TIERS)
    mine = equipment[diesel & stated]
    hp = mine["power_kw"] * conversion("kW", "hp")
    if "power_hp" in mine:
        hp = mine["power_hp"].where(mine["power_hp"].notna(), hp)
    asked = pd.DataFrame({"hp": hp.round(1), "model_year": mine["engine_model_year"].astype("int64")})
    least, most = tiers_of_mix(asked, method)
    place = mine["tier"].map({name: number for number, name in enumerate(TIERS)}).to_numpy(dtype=np.int64)
    wrong = (place < least) | (place > most)
    names = np.array(TIERS)
    found = mine.loc[wrong, list(_TOLD)]
    return found.assign(least=names[least[wrong]], most=names[most[wrong]])
