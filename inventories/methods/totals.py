"""Totals of a year under several methods: by source and pollutant, with what is not estimated kept apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from emissions.mass import CURVE_COLUMN, cell_sums
from factors import library, terms
from factors.method import Method
from factors.terms import is_carrier
from inventories.methods.lines import ESTIMATED, Piece
from inventories.methods.reuse import Reuse
from inventories.work.part import Part
from inventories.work.rows import complete
from inventories.year.coverage import CO2E
from inventories.year.inventory import Inventory

LEAN = ("source_category", "source_type", "engine_group", "mode_or_segment", "in_domain")
ALL, BOTH = "all sources", "estimated by all methods"
NOISE = 1e-12
"""Part of a total below which a difference is the order in which numbers were added."""


def piece_of(part: Part, method: Method, reuse: Reuse) -> Piece:
    """Return a part's classes and sums by a method; asked again, the same answer."""

    def work(asked: Method) -> tuple[Part, Piece]:
        rows = complete(part.rows)
        class_id, classes = library.resolve(part.source_category, rows, asked)
        _, cells = cell_sums(rows, class_id, classes, LEAN)
        return part, Piece(part.source_category, rows, class_id, classes, cells)

    # The part is kept with its answer, so that its id stays its own.
    return reuse.answer((part.source_category, id(part)), method, part.source_category, work)[1]


def totals_of(pieces: Sequence[Piece], method: Method, gwp: str) -> pd.DataFrame:
    """Mass and state by source and pollutant within the domain."""
    inventory = _lean(pieces, method, gwp)
    wanted = [name for name in dict.fromkeys([*method.pollutants, *inventory.pollutants, CO2E])]
    inside = inventory.select()
    by = inventory.cells.loc[inside, "source_category"].astype(str)
    states = inventory.states("source_category", wanted)
    parts = []
    for name in wanted:
        known = name == CO2E or name in inventory.mass
        mass = inventory.column(name)[inside].groupby(by).sum() if known else pd.Series(0.0, states.index)
        parts.append(pd.DataFrame({"pollutant": name, "kg": mass, "state": states[name]}))
    long = pd.concat(parts).rename_axis("source_category").reset_index()
    return long[~long["pollutant"].map(is_carrier)]


def _lean(pieces: Sequence[Piece], method: Method, gwp: str) -> Inventory:
    """Put the sources together as an inventory that knows totals and states, not records."""
    cells, number = [], 0
    for piece in pieces:
        cells.append(piece.cells.assign(class_id=piece.cells["class_id"] + number))
        number += len(piece.classes.classes)
    curves = dict.fromkeys(str(name) for part in cells for name in part if str(name).startswith(CURVE_COLUMN))
    whole = [
        part.assign(**dict.fromkeys((name for name in curves if name not in part), 0.0)) for part in cells
    ]
    for part in whole:
        part["source_category"] = part["source_category"].astype(str)
    joined = pd.concat([part.astype({name: str for name in LEAN[:4]}) for part in whole], ignore_index=True)
    manifest = {"gwp_set": gwp, "pollutants": list(method.pollutants)}
    classes = terms.concat([piece.classes for piece in pieces])
    return Inventory(pd.DataFrame(), joined, classes, manifest, method, pd.DataFrame())


def difference(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return second minus first; 0 where that is rounding of sums, missing where either is.

    Parameters
    ----------
    first, second : pandas.Series
        Totals in one unit, aligned.

    Examples
    --------
    >>> difference(pd.Series([100.0, 100.0]), pd.Series([100.0 + 2e-14, 101.0])).tolist()
    [0.0, 1.0]
    """
    change = second - first
    larger = np.maximum(first.abs(), second.abs())
    return change.mask(change.abs() < NOISE * larger, 0.0)


def completed(totals: pd.DataFrame, labels: tuple[str, ...]) -> pd.DataFrame:
    """Add what a method does not have as NE, and the totals over sources."""
    sources = list(dict.fromkeys(totals["source_category"]))
    pollutants = list(dict.fromkeys(totals["pollutant"]))
    every = pd.MultiIndex.from_product(
        [labels, pollutants, sources], names=["method", "pollutant", "source_category"]
    )
    whole = totals.set_index(["method", "pollutant", "source_category"]).reindex(every).reset_index()
    whole["state"] = whole["state"].fillna("NE")
    whole["kg"] = whole["kg"].where(whole["state"].isin(ESTIMATED))
    estimated = whole["state"].isin(ESTIMATED)
    by = [whole["pollutant"], whole["source_category"]]
    by_all = estimated.groupby(by).transform("all")
    sums = []
    partial = whole["state"] == "partial"
    for name, taken in ((ALL, estimated), (BOTH, estimated & by_all)):
        left_out = ~taken if name == ALL else np.zeros(len(whole), dtype=bool)
        marked = whole.assign(
            kg=whole["kg"].where(taken, 0.0), taken=taken, is_part=(taken & partial) | left_out
        )
        grouped = marked.groupby(["method", "pollutant"], sort=False)
        part = grouped.agg(kg=("kg", "sum"), any=("taken", "any"), part=("is_part", "any")).reset_index()
        state = np.where(~part["any"], "NE", np.where(part["part"], "partial", "value"))
        sums.append(part.assign(source_category=name, state=state).drop(columns=["any", "part"]))
    out = pd.concat([whole, *sums], ignore_index=True)
    out["kg"] = out["kg"].where(out["state"].isin(ESTIMATED))
    return out[["source_category", "pollutant", "method", "kg", "state"]]
