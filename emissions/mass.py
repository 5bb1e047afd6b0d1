"""Work rows times classes: the sum that an inventory is.

    mass[row, p] = quantity[row] * sum over components k of p of  curve_k[row] * factor[class[row], k]

Quantity times curve is summed by cell and class first; then one small product with the factors. This module
names no pollutant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions import curves
from emissions._arguments import formula
from factors.library import classify
from factors.terms import FactorClasses, Factors, following

CURVE_COLUMN = "curve:"
"""Prefix of the columns of cells that hold quantity times curve, summed."""


def cell_sums(
    rows: pd.DataFrame, class_id: NDArray[np.int64], classes: Factors, dimensions: Sequence[str]
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Sum quantity, and quantity times each curve, by cell and class.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
        Work rows: ``quantity``, the state columns of the curves, the dimensions; ``port_share`` if any.
    class_id : ndarray of int, shape (n,)
    classes : Factors
    dimensions : sequence of str
        Columns that make a cell.

    Returns
    -------
    cell : ndarray of int, shape (n,)
        Cell of each row.
    cells : pandas.DataFrame, shape (m, ...)
        The dimensions, ``class_id, quantity_kind, quantity`` and one column ``curve:<name>`` for each curve
        other than `one`. [canonical unit of the quantity]
    """
    keys = rows[list(dimensions)].assign(class_id=class_id)
    cell, cells = classify(keys)
    quantity = _shared(rows)
    kinds = classes.classes["quantity_kind"].to_numpy()
    cells["quantity_kind"] = kinds[cells["class_id"].to_numpy()]
    cells["quantity"] = np.bincount(cell, weights=quantity, minlength=len(cells))
    for name in _curves_used(classes):
        follows = following(classes, name)
        cells[CURVE_COLUMN + name] = _curve_sum(name, follows, rows, quantity, class_id, classes, cell, cells)
    return cell, cells


def _curve_sum(
    name: str,
    follows: NDArray[np.bool_],
    rows: pd.DataFrame,
    quantity: NDArray[np.float64],
    class_id: NDArray[np.int64],
    classes: Factors,
    cell: NDArray[np.int64],
    cells: pd.DataFrame,
) -> NDArray[np.float64]:
    """Sum quantity times one curve by cell, in the order of the rows.

    Where a curve can differ from one on some rows only, the sum is that of the quantity plus what these rows
    differ by.
    """
    varying = curves.varies(name, classes.curves, rows)
    takes = follows[class_id] if varying is None else follows[class_id] & varying
    taken = np.flatnonzero(takes)
    state = curves.states(name, classes.curves, rows).iloc[taken]
    value = curves.evaluate(name, classes.curves, state)
    if varying is None:
        plain = np.bincount(cell[taken], weights=quantity[taken] * value, minlength=len(cells))
        return np.asarray(plain, dtype=float)
    whole = np.where(follows[cells["class_id"].to_numpy()], cells["quantity"].to_numpy(), 0.0)
    more = np.bincount(cell[taken], weights=quantity[taken] * (value - 1.0), minlength=len(cells))
    return np.asarray(whole + more, dtype=float)


@formula()
def cell_components(cells: pd.DataFrame, classes: FactorClasses) -> NDArray[np.float64]:
    """Return the mass of each cell by component, shape (n_cells, n_components). [kg; kWh of electricity]"""
    factor = classes.matrix
    class_id = cells["class_id"].to_numpy()
    out = np.empty((len(cells), factor.shape[1]))
    for number, name in enumerate(classes.components["curve"]):
        work = cells["quantity" if name == "one" else CURVE_COLUMN + str(name)].to_numpy(dtype=float)
        out[:, number] = work * factor[class_id, number]
    return out


@formula()
def cell_mass(cells: pd.DataFrame, classes: FactorClasses) -> pd.DataFrame:
    """Return the mass of each cell, one column a pollutant or carrier. [kg; kWh of electricity]

    Returns
    -------
    pandas.DataFrame, shape (n_cells, n_pollutants)
        Index as `cells`. A pollutant that a cell's class does not have is 0 here; the coverage of
        `classes` says whether that is zero, NE or IE.

    Notes
    -----
    A sum of products, the same for all source categories. The documents are those of the factor rows
    that `factors.library.resolve` multiplies.
    """
    parts = cell_components(cells, classes)
    pollutants, names = pd.factorize(classes.components["pollutant"])
    out = np.zeros((len(cells), len(names)))
    for component, pollutant in enumerate(pollutants):
        out[:, pollutant] += parts[:, component]
    return pd.DataFrame(out, index=cells.index, columns=list(names))


@formula()
def term_mass(
    cells: pd.DataFrame, classes: FactorClasses, terms: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """Return the mass that terms make in some cells: value times the work of their class along their curve.

    Parameters
    ----------
    cells : pandas.DataFrame
    classes : FactorClasses
    terms : ndarray of int, shape (k,), optional
        Positions in ``classes.terms``; all where left out.

    Returns
    -------
    ndarray, shape (k,)
        [kg; kWh of electricity]
    """
    picked = classes.terms if terms is None else classes.terms.iloc[terms]
    value = classes.term_values if terms is None else classes.term_values[terms]
    of_class = picked["class_id"].to_numpy()
    curve = picked["curve"].to_numpy()
    class_id = cells["class_id"].to_numpy()
    work = np.zeros(len(picked))
    for name in dict.fromkeys(curve):
        column = cells["quantity" if name == "one" else CURVE_COLUMN + str(name)].to_numpy(dtype=float)
        summed = np.bincount(class_id, weights=column, minlength=len(classes.classes))
        follows = curve == name
        work[follows] = summed[of_class[follows]]
    return np.asarray(value * work)


@formula()
def row_mass(
    rows: pd.DataFrame,
    class_id: NDArray[np.int64],
    classes: FactorClasses,
    pollutants: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the mass of each work row, one column a pollutant or carrier. [kg; kWh of electricity]

    For explanations and for researchers; an inventory sums to cells first.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
    class_id : ndarray of int, shape (n,)
    classes : FactorClasses
    pollutants : sequence of str, optional
        Only these; all where left out.

    Returns
    -------
    pandas.DataFrame, shape (n, n_pollutants)

    Notes
    -----
    The sum of `cell_mass` with a cell for each row.
    """
    if pollutants is not None:
        classes = replace(classes, terms=classes.terms[classes.terms["pollutant"].isin(pollutants)])
    work = pd.DataFrame({"class_id": class_id, "quantity": _shared(rows)})
    for name in _curves_used(classes):
        takes = following(classes, name)[class_id]
        value = np.zeros(len(rows))
        state = curves.states(name, classes.curves, rows).iloc[np.flatnonzero(takes)]
        value[takes] = work["quantity"].to_numpy()[takes] * curves.evaluate(name, classes.curves, state)
        work[CURVE_COLUMN + name] = value
    return cell_mass(work, classes).set_axis(rows.index)


def _shared(rows: pd.DataFrame) -> NDArray[np.float64]:
    quantity = rows["quantity"].to_numpy(dtype=float)
    return quantity * rows["port_share"].to_numpy(dtype=float) if "port_share" in rows else quantity


def _curves_used(classes: Factors) -> list[str]:
    return [str(name) for name in dict.fromkeys(classes.components["curve"]) if name != "one"]
