"""Emission capture: exhaust drawn off and cleaned, by efficiencies that the port brings, and what it costs.

    left = 1 - captured x removed, by system, engine group and pollutant

Systems differ so much that none is usual: no efficiency is shipped, and a system without one is refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method, MethodError
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

SOURCE = "ocean_going_vessels"
NEED = "capture_efficiency"
UNTOUCHED = ("CO2", "CO2_biogenic")
"""CO2 passes through a capture system, whatever a table says."""

FOLLOWS = {"DPM": "PM10", "PM2.5": "PM10", "VOC": "HC", "HC": "VOC", "NMVOC": "VOC"}
"""A pollutant that a table leaves out and another it gives hold the same matter: it goes with it."""

CAPTURED = "captured"
"""Share of the exhaust that is drawn off; 1 where the table has captured times removed in one number."""

SYSTEM = "system"
"""Engine group under which a table says what a system itself draws and emits."""

POWER = "electric_power"
FUEL_RATE = "fuel_rate"
OWN = "_emitted"
"""Ending of what a system's own burner or engine emits per hour."""

SYSTEM_ENGINE = "Capture"
"""Engine type of a system that burns fuel; its work is counted in hours."""

SYSTEM_GROUP = "capture_system"
"""Engine group and coverage group of the same."""


class Captured:
    """Stands before a `TermBuilder` and takes off what a capture system removes.

    The table's value is the share of a pollutant removed of the exhaust drawn off, times the share drawn off
    where the table gives that apart. A pollutant that it names neither itself nor by `FOLLOWS` passes.
    """

    def __init__(self, terms: TermBuilder, classes: pd.DataFrame, table: FactorTable) -> None:
        self._terms = terms
        self._classes = classes
        self._table = table
        _refuse_unknown(classes, table)

    @staticmethod
    def over(terms: TermBuilder, classes: pd.DataFrame, method: Method) -> Any:
        """Return the builder itself where nothing is captured, else one that takes off what is."""
        if not (classes["capture"] != "").any():
            return terms
        return Captured(terms, classes, method.table(SOURCE, NEED))

    def add(
        self, pollutant: str, process: str, *rows: Rows, number: Any = 1.0, note: Any = "", **told: Any
    ) -> None:
        """Add terms as `TermBuilder.add`, their number times what is left after capture."""
        if not len(rows[0].index):
            return
        left = self._left(pollutant, rows[0].index)
        if (left < 1).any():
            number = np.broadcast_to(np.asarray(number, dtype=float), len(left)) * left
            name = self._table.name
            told_of = [
                f"; number has {1 - share:.4g} taken off ({name})" if share < 1 else "" for share in left
            ]
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
        if ":" in pollutant or pollutant in UNTOUCHED or not inside.any():
            return left
        query = _asked(classes[inside])
        removed = self._share(query, pollutant)
        if pollutant in FOLLOWS:
            removed = np.where(np.isnan(removed), self._share(query, FOLLOWS[pollutant]), removed)
        drawn = np.nan_to_num(self._share(query, CAPTURED), nan=1.0)
        left[inside] -= drawn * np.nan_to_num(removed)
        return left

    def _share(self, query: pd.DataFrame, quantity: str) -> NDArray[np.float64]:
        """What the table has of a quantity, missing where it has nothing. [1]"""
        found = np.full(len(query), np.nan)
        answered = self._table.has(query, quantity)
        if answered.any():
            found[answered] = self._table.find(query[answered], quantity).to("fraction")
        return found


def _asked(classes: pd.DataFrame) -> pd.DataFrame:
    return classes.rename(columns={"capture": "capture_system"})


def _refuse_unknown(classes: pd.DataFrame, table: FactorTable) -> None:
    """A system that the table says nothing of for the engines it is put on would clean nothing, silently."""
    asked = _asked(classes[(classes["capture"] != "") & (classes["engine_group"] != SYSTEM_GROUP)])
    removing = [name for name in table.quantities if name not in (CAPTURED, POWER, FUEL_RATE)]
    removing = [name for name in removing if not name.endswith(OWN)]
    known = np.zeros(len(asked), dtype=bool)
    for quantity in removing:
        known |= table.has(asked, quantity)
    lacking = asked[~known]
    if len(lacking):
        pairs = sorted(set(zip(lacking["capture_system"], lacking["engine_group"], strict=True)))
        there = table.frame.loc[table.frame["quantity"].isin(removing), ["capture_system", "engine_group"]]
        has = sorted({f"{system} on {group}" for system, group in there.itertuples(index=False)})
        raise MethodError(
            f"{table.name}: exhaust is captured by {', '.join(f'{s} on {g}' for s, g in pairs)} engines, "
            f"and the table has no efficiency of it; it has {', '.join(has) or 'none'}. Add lines for it, "
            "or correct capture_system and capture_groups of the stops (without a name a system is called "
            "'capture')."
        )


def is_system(classes: pd.DataFrame) -> pd.Series:
    """Return which classes are capture systems that burn fuel themselves."""
    return classes["engine_type"] == SYSTEM_ENGINE


def add_system(classes: pd.DataFrame, method: Method, terms: TermBuilder, carbon: Any) -> None:
    """Add what systems burn and emit themselves, per hour: fuel, its CO2, and what the table gives.

    Parameters
    ----------
    classes : pandas.DataFrame
        Classes with engine type `SYSTEM_ENGINE`.
    method : Method
    terms : TermBuilder
    carbon : callable
        CO2 per fuel of classes.
    """
    mine = classes[is_system(classes)]
    if not len(mine):
        return
    table = method.table(SOURCE, NEED)
    asked = _asked(mine).assign(engine_group=SYSTEM)
    rate = table.find(asked, FUEL_RATE)
    terms.add("fuel:MGO", SYSTEM_GROUP, rate, note="taken as gas oil")
    terms.add("CO2", SYSTEM_GROUP, rate, carbon(mine, method), note="taken as gas oil")
    for quantity in own_emissions(method):
        known = table.has(asked, quantity)
        terms.add(quantity.removesuffix(OWN), SYSTEM_GROUP, table.find(asked[known], quantity))


def own_emissions(method: Method) -> list[str]:
    """Return the quantities that say what systems emit themselves, where the port's table has any."""
    if not method.has_table(SOURCE, NEED):
        return []
    return [name for name in method.table(SOURCE, NEED).quantities if name.endswith(OWN)]
