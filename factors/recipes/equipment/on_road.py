"""Engines of equipment that are certified to on-road standards: which off-road standard stands for them."""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.recipes.equipment.names import ENGINES, SOURCE, TIERS

ON_ROAD = "on_road"
NOTE = "an on-road engine, rated as the off-road standard whose limits it meets"


def as_off_road(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Give on-road diesels without a stated off-road standard that whose limits their certificate meets.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        ``certification, fuel, tier, model_year``.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        With ``tier`` filled, and ``stood_in``, whether it was.
    """
    diesel = classes["fuel"].map(ENGINES) == "diesel"
    mine = diesel & (classes["certification"] == ON_ROAD) & (classes["tier"] == "")
    mine &= method.option("on_road_engines") == "by_limits"
    tier = classes["tier"].astype(object).copy()
    if mine.any():
        number = method.table(SOURCE, "on_road_standards").find(classes[mine], "off_road_standard").value
        tier[mine] = [TIERS[int(place)] for place in number]
    return classes.assign(tier=tier, stood_in=mine)
