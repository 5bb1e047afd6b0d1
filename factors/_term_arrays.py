"""Terms while they are gathered: plain arrays, texts and tables as numbers, one table at the end.

A recipe adds some hundred terms to thousands of classes and says the same few words again and again; a frame
for each would cost more than all else that a resolution does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from factors.tables import SOURCE_COLUMNS, FactorTable, Rows

MAX_ROWS = 4
ROW_COLUMNS = tuple(f"row_{number}" for number in range(1, MAX_ROWS + 1))
TEXT_COLUMNS = ("pollutant", "process", "curve", "note")
TERM_COLUMNS = (
    "class_id", "pollutant", "process", "curve", "number", "conversion", "extrapolated", "note",
    *ROW_COLUMNS,
)  # fmt: skip
DESCRIBED = (
    "row_id",
    "edition",
    "table_name",
    "line",
    "keys",
    "quantity",
    "value",
    "unit",
    *SOURCE_COLUMNS,
)
"""Columns of the factor rows that resolved classes carry with them."""

_TABLE = "_table_"
_NO_TERM: Mapping[str, NDArray[Any]] = {
    **{column: np.zeros(0, dtype=np.int64) for column in (*TERM_COLUMNS, *map(_TABLE.__add__, ROW_COLUMNS))},
    "number": np.zeros(0),
    "conversion": np.zeros(0),
    "extrapolated": np.zeros(0, dtype=bool),
}
"""No term at all: classes that neither emit nor burn anything known, such as fuel cells."""


class TermArrays:
    """The terms gathered so far, and the factor tables they point into."""

    def __init__(self) -> None:
        self._terms: list[Mapping[str, NDArray[Any]]] = []
        self._words: dict[str, dict[str, int]] = {name: {} for name in TEXT_COLUMNS}
        self._tables: dict[str, FactorTable] = {}

    def add(
        self,
        index: pd.Index,
        words: Mapping[str, str | ArrayLike],
        rows: Sequence[Rows],
        number: ArrayLike,
        conversion: NDArray[np.float64],
        extrapolated: ArrayLike,
    ) -> None:
        """Keep one term of each of an array of classes."""
        n = len(index)
        term: dict[str, NDArray[Any]] = {
            "class_id": index.to_numpy(dtype=np.int64),
            "number": np.broadcast_to(np.asarray(number, dtype=float), n),
            "conversion": conversion,
            "extrapolated": np.broadcast_to(np.asarray(extrapolated, dtype=bool), n),
        }
        for column, said in words.items():
            term[column] = self._spelled(column, said, n)
        for place, column in enumerate(ROW_COLUMNS):
            known = place < len(rows)
            term[column] = rows[place].position if known else np.full(n, -1, dtype=np.int64)
            table = self._numbered(rows[place].table) if known else -1
            term[_TABLE + column] = np.full(n, table, dtype=np.int64)
        self._terms.append(term)

    def _spelled(self, column: str, said: str | ArrayLike, n: int) -> NDArray[np.int64]:
        """Numbers of texts, shape (n,), by the words of a column so far."""
        known = self._words[column]
        if isinstance(said, str):
            return np.full(n, known.setdefault(said, len(known)), dtype=np.int64)
        # A Series would be aligned by its index; its values stand in the order of the rows.
        codes, distinct = pd.factorize(np.asarray(said, dtype=object))
        return np.array([known.setdefault(str(one), len(known)) for one in distinct], dtype=np.int64)[codes]

    def _numbered(self, table: FactorTable) -> int:
        self._tables[table.name] = table
        return list(self._tables).index(table.name)

    def frames(self, *, described: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the terms in the order of their classes, and the factor rows they point at.

        Where nobody will explain them, rows are values alone: describing them costs more than finding them.
        """
        gathered = {
            column: np.concatenate([_NO_TERM[column], *(term[column] for term in self._terms)])
            for column in _NO_TERM
        }
        # A stable order of terms gives the same bytes for the same classes.
        order = np.argsort(gathered["class_id"], kind="stable")
        gathered = {column: values[order] for column, values in gathered.items()}
        found = self._point(gathered, described=described)
        columns: dict[str, Any] = dict(gathered)
        for column in TEXT_COLUMNS:
            columns[column] = pd.array(list(self._words[column]), dtype="str").take(gathered[column])
        terms = pd.DataFrame({column: columns[column] for column in TERM_COLUMNS})
        types = dict.fromkeys(DESCRIBED, "str") | {"line": "int64", "value": "float64"}
        types = types if described else {"value": "float64"}
        # Classes that only carry their own quantity over rest on no factor row at all.
        rows = {
            name: pd.Series([value for rows in found for value in rows[name]], dtype=kind)
            for name, kind in types.items()
        }
        return terms, pd.DataFrame(rows)

    def _point(self, gathered: dict[str, NDArray[Any]], *, described: bool) -> list[dict[str, Any]]:
        """Turn row numbers of tables into pointers at the rows used, which are returned table by table."""
        tables = list(self._tables.values())
        by_name = sorted(range(len(tables)), key=lambda number: tables[number].name)
        start, offset = np.zeros(len(tables) + 1, dtype=np.int64), 0
        for number in by_name:
            start[number] = offset
            offset += len(tables[number].frame)
        asked = {}
        for column in ROW_COLUMNS:
            position = gathered[column]
            asked[column] = np.where(position >= 0, position + start[gathered[_TABLE + column]], -1)
        used = np.unique(np.concatenate(list(asked.values())))
        used = used[used >= 0]
        for column, wanted in asked.items():
            gathered[column] = np.where(wanted >= 0, np.searchsorted(used, wanted), -1)
        found = []
        for number in by_name:
            first = start[number]
            mine = used[(used >= first) & (used < first + len(tables[number].frame))]
            if len(mine):
                rows = mine - first
                values = {"value": tables[number].values[rows].tolist()}
                found.append(_described(tables[number], rows) if described else values)
        return found


def _described(table: FactorTable, position: NDArray[np.int64]) -> dict[str, Any]:
    """Columns of the rows of a table that classes rest on, as they are saved and explained."""
    taken = table.frame.iloc[position]
    keys = [*dict.fromkeys(c for cs in table.spec.columns.values() for c in cs), *table.spec.member]
    named = [[f"{key}={value}" for value in taken[key].astype(str).tolist()] for key in keys]
    lines = (position + 2).tolist()
    # A row that a port laid over the method's says its own file and line.
    given = taken["origin"].tolist() if "origin" in taken else [""] * len(lines)
    rows = [own or f"{table.name}:{line}" for own, line in zip(given, lines, strict=True)]
    parts = [(*row.rpartition(":")[0].split("/", 1), row.rpartition(":")[2]) for row in rows]
    return {
        "row_id": rows,
        "edition": [part[0] for part in parts],
        "table_name": [part[1] for part in parts],
        "line": [int(part[2]) for part in parts],
        "keys": [", ".join(parts) for parts in zip(*named, strict=True)],
        **{name: taken[name].tolist() for name in ("quantity", "value", "unit", *SOURCE_COLUMNS)},
    }
