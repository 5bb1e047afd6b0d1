"""How firm a number is: which part of it rests on filled activity, and which on marked factors.

A factor counts for the part of the mass that it makes. The carbon dioxide of an engine may be read in its
document while the methane beside it is derived: of their CO2e only the methane's part is derived.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions.mass import term_mass
from factors.terms import ROW_COLUMNS, FactorClasses
from factors.warming import warming_potentials
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory

ACTIVITY = ("default", "median")
FACTORS = ("unverified", "derived", "extrapolated")
_LEVELS = ("read", "derived", "unverified")
"""Confidence of factor rows, from the firmest down."""


def shares(inventory: Inventory, pollutant: str, where: Mapping[str, object]) -> dict[str, float]:
    """Return which share of a pollutant rests on defaults, medians and marked factors; 0 to 1.

    Parameters
    ----------
    inventory : Inventory
    pollutant : str
    where : mapping
        As for `Inventory.select`.

    Returns
    -------
    dict
        ``default``, ``median`` (activity); ``unverified``, ``derived``, ``extrapolated`` (factors).

    Notes
    -----
    A term is a product of factor rows and as firm as the least firm of them: unverified, then derived, then
    read, so that these three add up to the whole. Extrapolated is a mark of its own and may stand on any.
    Some terms take off (the sulfur that a cleaner fuel lacks); each weighs by its size, whatever its sign.
    """
    chosen = inventory.select(**where)
    mass = inventory.column(pollutant)[chosen].fillna(0.0).to_numpy()
    total = mass.sum()
    if total == 0:
        return dict.fromkeys((*ACTIVITY, *FACTORS), 0.0)
    cells = inventory.cells[chosen]
    provenance = cells["provenance"].astype("category")
    out = {name: float(mass[(provenance == name).to_numpy()].sum() / total) for name in ACTIVITY}
    weights = warming_potentials(inventory.gwp_set) if pollutant == CO2E else {pollutant: 1.0}
    classes = inventory.classes
    mine = np.flatnonzero(classes.terms["pollutant"].isin(list(weights)))
    made = np.abs(term_mass(cells, classes, mine))
    made *= classes.terms["pollutant"].iloc[mine].map(weights).to_numpy(dtype=float)
    level = confidence(classes)[mine]
    extrapolated = classes.terms["extrapolated"].to_numpy(dtype=bool)[mine]
    for name in FACTORS:
        marked = extrapolated if name == "extrapolated" else level == _LEVELS.index(name)
        out[name] = float(made[marked].sum() / made.sum())
    return out


def confidence(classes: FactorClasses) -> NDArray[np.int64]:
    """Return the least firm confidence among each term's rows: 0 read, 1 derived, 2 unverified."""
    rows = classes.factor_rows["confidence"].astype(str)
    rank = np.append(rows.map({name: place for place, name in enumerate(_LEVELS)}).to_numpy(np.int64), 0)
    pointers: pd.DataFrame = classes.terms[list(ROW_COLUMNS)]
    return np.asarray(rank[pointers.to_numpy()].max(axis=1))
