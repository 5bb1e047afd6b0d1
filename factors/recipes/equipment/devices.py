"""What a verified particle device leaves, by its level, of the particles of older diesels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.recipes import power_bins
from factors.recipes.equipment import on_road
from factors.recipes.equipment.names import ENGINES, SCC_GROUPS, SOURCE, TIERS
from factors.recipes.equipment.parts import Part
from factors.tables import Rows

LEVELS = ("none", "1", "2", "3", "3+")
_FIRST_MODERN = TIERS.index("Tier 4 interim")


def left(part: Part, method: Method) -> tuple[Rows, ...]:
    """Return the share of particles that the device of a part leaves at most; nothing where none counts.

    A level says the least reduction, so what is left is an upper bound. Levels are of diesel emission control
    strategies (13 CCR 2702), and engines of Tier 4 are certified with the treatment they have: a device
    stated for another engine, or for one of these, is counted and not credited.
    """
    if not is_credited(part) or method.option("device_credit") == "none":
        return ()
    return (part.look_up(method.table(SOURCE, "devices"), "PM10", device_level=part.device),)


def is_credited(part: Part) -> bool:
    """Return whether a part has a device that counts: on a diesel older than Tier 4."""
    return part.device not in ("", "none") and part.engine == "diesel" and not part.modern


def older_share(classes: pd.DataFrame, method: Method) -> NDArray[np.float64]:
    """Return which share of each class is diesels older than Tier 4, whose devices are credited, shape (n,).

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        The recipe's keys, of engines.
    method : Method

    Returns
    -------
    ndarray of float, shape (n,)
        1 or 0 where the standard is known, what the technology mix of the model year has where it is not,
        and 0 of engines that are no diesels. [1]
    """
    known = on_road.as_off_road(classes, method)
    share = (known["fuel"].map(ENGINES) == "diesel").to_numpy(dtype=float)
    place = known["tier"].map({name: number for number, name in enumerate(TIERS)}).to_numpy(dtype=float)
    share[place >= _FIRST_MODERN] = 0.0
    mixed = np.flatnonzero((share > 0) & np.isnan(place))
    if len(mixed):
        hp = known["power_bin"].iloc[mixed].map(power_bins.inside)
        asked = known.iloc[mixed].assign(hp=hp, scc_group=SCC_GROUPS["diesel"])
        position, rows = method.table(SOURCE, "tech_mix").expand(asked, "fraction")
        modern = pd.Series(rows.member("tech_type")).astype(str).str.startswith("T4").to_numpy()
        of_four = np.bincount(position, weights=np.where(modern, rows.value, 0.0), minlength=len(mixed))
        share[mixed] = 1.0 - of_four
    return np.clip(share, 0.0, 1.0)
