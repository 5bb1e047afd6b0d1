"""Loud misses: a key that a table does not have, with the nearest keys that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from factors.sources import TableSpec


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


def missing(
    table: str, spec: TableSpec, available: pd.DataFrame, keys: pd.DataFrame, quantity: str
) -> FactorMissing:
    """Return the miss of keys that a table does not answer, each with what would have been answered.

    Parameters
    ----------
    table : str
        ``edition/table``.
    spec : TableSpec
        How the table is keyed.
    available : pandas.DataFrame
        Its rows of the quantity.
    keys : pandas.DataFrame
        The keys without an answer.
    quantity : str
    """
    distinct = keys.drop_duplicates().reset_index(drop=True)
    lines = [
        "  "
        + ", ".join(f"{key}={value}" for key, value in entry.items())
        + "; "
        + _nearest(spec, available, entry)
        for entry in distinct.head(5).to_dict("records")
    ]
    more = f"\n  and {len(distinct) - 5} more" if len(distinct) > 5 else ""
    message = f"{table} has no {quantity} for\n" + "\n".join(lines) + more
    return FactorMissing(table, quantity, distinct, message)


def _nearest(spec: TableSpec, rows: pd.DataFrame, entry: Mapping[Any, Any]) -> str:
    """Say which values of which one key would have been answered, the others as asked."""
    found = []
    for key in spec.keys:
        others = rows
        for other, columns in spec.columns.items():
            if other != key:
                others = others[_holds(others, columns, spec.keys[other], entry[other])]
        if len(others):
            shown = others[list(spec.columns[key])].drop_duplicates().head(12).astype(str)
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
