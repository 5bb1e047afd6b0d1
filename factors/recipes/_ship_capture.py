"""Emission capture at berth: exhaust drawn off and cleaned, by efficiencies that the port brings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

SOURCE = "ocean_going_vessels"
UNTOUCHED = ("CO2", "CO2_biogenic")
"""CO2 passes through a capture system, whatever a table says."""


class Captured:
    """Stands before a `TermBuilder` and takes off what a capture system removes.

    The table's value is capture times removal, as a share of the exhaust, by system, engine group and
    pollutant. A pollutant it does not name is not removed. DPM follows PM10.
    """

    def __init__(self, terms: TermBuilder, classes: pd.DataFrame, table: FactorTable) -> None:
        self._terms = terms
        self._classes = classes
        self._table = table

    @staticmethod
    def over(terms: TermBuilder, classes: pd.DataFrame, method: Method) -> Any:
        """Return the builder itself where nothing is captured, else one that takes off what is."""
        if not (classes["capture"] != "").any():
            return terms
        return Captured(terms, classes, method.table(SOURCE, "capture_efficiency"))

    def add(
        self, pollutant: str, process: str, *rows: Rows, number: Any = 1.0, note: Any = "", **told: Any
    ) -> None:
        """Add terms as `TermBuilder.add`, their number times what is left after capture."""
        if not len(rows[0].index):
            return
        left = self._left(pollutant, rows[0].index)
        if (left < 1).any():
            number = np.broadcast_to(np.asarray(number, dtype=float), len(left)) * left
            told_of = np.array([f"; {1 - share:.4g} captured" if share < 1 else "" for share in left])
            plain = np.broadcast_to(np.asarray(note, dtype=object), len(left))
            note = np.array(
                [f"{text}{more}".removeprefix("; ") for text, more in zip(plain, told_of, strict=True)]
            )
        self._terms.add(pollutant, process, *rows, number=number, note=note, **told)

    def curve(self, *args: Any, **told: Any) -> str:
        """Declare a curve, as `TermBuilder.curve`."""
        return self._terms.curve(*args, **told)

    def _left(self, pollutant: str, index: pd.Index) -> NDArray[np.float64]:
        left = np.ones(len(index))
        classes = self._classes.loc[index]
        inside = (classes["capture"] != "").to_numpy()
        asked = "PM10" if pollutant == "DPM" else pollutant
        if ":" in pollutant or pollutant in UNTOUCHED or asked not in self._table.quantities:
            return left
        query = classes[inside].rename(columns={"capture": "capture_system"})
        answered = self._table.has(query, asked)
        share = self._table.find(query[answered], asked).to("fraction")
        left[np.flatnonzero(inside)[answered]] -= share
        return left
