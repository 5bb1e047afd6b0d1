"""What a ship's NOx rests on: attribute by attribute, how many ships and what share of NOx by each mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method

SOURCE = "ocean_going_vessels"

_ENGINES = {
    "size": ("propulsion", "auxiliary", "boiler"),
    "max_speed_kn": ("propulsion",),
    "main_kw": ("propulsion",),
    "engine_type": ("propulsion",),
    "aux_engine_type": ("auxiliary",),
    "tier_main": ("propulsion",),
    "tier_aux": ("auxiliary",),
}
"""Engines whose NOx rests on each attribute of a ship."""

_LOADS = {"auxiliary_load": "auxiliary", "boiler_load": "boiler"}
SOFT = ("converted", "median", "default")
"""Marks of what nobody stated of the ship itself."""


@dataclass(frozen=True)
class Basis:
    """How much rests on one mark of one attribute.

    Attributes
    ----------
    attribute : str
        For example ``size`` or ``auxiliary_load``.
    mark : str
        ``converted, median`` or ``default``.
    ships : int
    of_ships : int
    nox_share : float
        Of the NOx of all ships' engines. [1]
    """

    attribute: str
    mark: str
    ships: int
    of_ships: int
    nox_share: float


def bases(marks: pd.DataFrame, rows: pd.DataFrame, method: Method) -> list[Basis]:
    """Work out what ships' NOx rests on.

    Parameters
    ----------
    marks : pandas.DataFrame
        Where each attribute came from; index ``vessel_id``. The size is that of the loads, or of the engine
        defaults where these are worse.
    rows : pandas.DataFrame, shape (n, ...)
        Work rows of ships, with ``vessel_id`` and ``loads_from``.
    method : Method

    Returns
    -------
    list of Basis
        By attribute and mark, none of what is stated.
    """
    if not len(rows):
        return []
    class_id, classes = resolve(SOURCE, rows, method, described=False)
    mass = row_mass(rows, class_id, classes, ["NOx"])
    total = float(mass["NOx"].sum()) if "NOx" in mass else 0.0
    if total <= 0:
        return []
    work = pd.DataFrame(
        {
            "vessel_id": rows["vessel_id"].to_numpy(),
            "group": rows["engine_group"].astype(str).to_numpy(),
            "loads_from": rows["loads_from"].astype(str).to_numpy(),
            "share": mass["NOx"].to_numpy() / total,
        }
    )
    found: list[Basis] = []
    for attribute, groups in _ENGINES.items():
        ours = work[work["group"].isin(groups)]
        found += _of(attribute, ours["vessel_id"].map(marks[attribute]), ours, marks[attribute])
    for attribute, group in _LOADS.items():
        ours = work[work["group"] == group]
        found += _of(attribute, ours["loads_from"], ours, None)
    return found


def _of(attribute: str, mark: pd.Series, work: pd.DataFrame, of_all: pd.Series | None) -> list[Basis]:
    share: Mapping[object, float] = work["share"].groupby(mark.to_numpy()).sum().to_dict()
    if of_all is None:
        ships = work["vessel_id"].groupby(mark.to_numpy()).nunique().to_dict()
        count = int(work["vessel_id"].nunique())
    else:
        ships, count = of_all.value_counts().to_dict(), len(of_all)
    return [
        Basis(attribute, name, int(ships[name]), count, float(share.get(name, np.float64(0.0))))
        for name in SOFT
        if name in ships
    ]
