"""Loud misses: a key that a table does not have, with the nearest keys that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from factors.tables import FactorTable


class FactorMissing(KeyError):
    """A table has the pollutant but not the key; the build stops.

    Attributes
    ----------
    table : str
        ``edition/table``.
    quantity : str
        The pollutant or quantity looked for.
    missing : pandas.DataFrame
        The keys that were not found, one row each.
    """

    def __init__(self, table: str, quantity: str, missing: pd.DataFrame, message: str) -> None:
        super().__init__(message)
        self.table = table
        self.quantity = quantity
        self.missing = missing
        self.message = message

    def __str__(self) -> str:
        return self.message


def missing(table: FactorTable, keys: pd.DataFrame, quantity: str) -> FactorMissing:
    """Return the miss of keys that a table does not answer, each with what would have been answered."""
    distinct = keys.drop_duplicates().reset_index(drop=True)
    lines = [
        "  "
        + ", ".join(f"{key}={value}" for key, value in entry.items())
        + "; "
        + _nearest(table, entry, quantity)
        for entry in distinct.head(5).to_dict("records")
    ]
    more = f"\n  and {len(distinct) - 5} more" if len(distinct) > 5 else ""
    message = f"{table.name} has no {quantity} for\n" + "\n".join(lines) + more
    return FactorMissing(table.name, quantity, distinct, message)


def _nearest(table: FactorTable, entry: Mapping[Any, Any], quantity: str) -> str:
    """Say which values of which one key would have been answered, the others as asked."""
    rows = table.available(quantity)
    found = []
    for key in table.spec.keys:
        others = rows
        for other, columns in table.spec.columns.items():
            if other != key:
                others = others[_holds(others, columns, table.spec.keys[other], entry[other])]
        if len(others):
            shown = others[list(table.spec.columns[key])].drop_duplicates().head(12).astype(str)
            found.append(f"{key} may be " + " | ".join(shown.agg("..".join, axis=1)))
    return "; ".join(found) if found else "no single key would mend it"


def _holds(rows: pd.DataFrame, columns: tuple[str, ...], kind: str, value: Any) -> NDArray[np.bool_]:
    first = rows[columns[0]]
    if kind == "exact":
        return (first.astype(str) == str(value)).to_numpy()
    if kind == "from":
        return (first <= value).to_numpy()
    last = rows[columns[1]]
    inside = (first < value) & (value <= last) if kind == "gt_le" else (first <= value) & (value < last)
    return inside.to_numpy()
