"""The cells of an inventory summed to what reports tell apart: thousands of rows instead of many more."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from factors.library import classify
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory

KEYS = ("source_category", "source_type", "mode_or_segment", "terminal", "zone", "month", "in_domain",
        "quantity_kind")  # fmt: skip

_made: dict[int, tuple[weakref.ref[Inventory], pd.DataFrame]] = {}


def summed_cells(inventory: Inventory) -> pd.DataFrame:
    """Return sums over cells that share `KEYS` and their coverage group.

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    pandas.DataFrame
        `KEYS` and ``coverage_group`` as plain columns, ``quantity``, and a column of mass for each pollutant,
        carrier and CO2e. [kg; kWh of electricity]
    """
    found = _made.get(id(inventory))
    if found is None or found[0]() is not inventory:
        key = id(inventory)
        found = (weakref.ref(inventory, lambda _: _made.pop(key, None)), _sum_cells(inventory))
        _made[key] = found
    return found[1]


def _sum_cells(inventory: Inventory) -> pd.DataFrame:
    cells = inventory.cells
    group = inventory.classes.classes["coverage_group"].astype("category")
    keys = cells[list(KEYS)].assign(coverage_group=group.iloc[cells["class_id"].to_numpy()].to_numpy())
    keys["coverage_group"] = keys["coverage_group"].astype("category")
    number, distinct = classify(keys)

    def summed(column: pd.Series) -> np.ndarray:
        return np.bincount(number, weights=column.fillna(0.0).to_numpy(dtype=float), minlength=len(distinct))

    columns = {"quantity": summed(cells["quantity"])}
    columns |= {str(name): summed(inventory.mass[name]) for name in inventory.mass}
    columns[CO2E] = summed(inventory.column(CO2E))
    plain = distinct.assign(in_domain=distinct["in_domain"].astype(bool))
    for name in distinct.columns.difference(["month", "in_domain"]):
        plain[name] = plain[name].astype(str)
    return pd.concat([plain, pd.DataFrame(columns)], axis=1)
