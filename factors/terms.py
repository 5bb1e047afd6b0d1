"""Factor classes: each factor of a class as a sum of products of factor rows.

    factor[class, component] = sum over terms of  number * product of factor rows

A component is (pollutant, process, curve). Terms are what an explanation prints, what an edition swap
multiplies again and what uncertainty draws, so nothing is folded into a bare number on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pint import DimensionalityError

from factors._term_arrays import MAX_ROWS as MAX_ROWS
from factors._term_arrays import ROW_COLUMNS as ROW_COLUMNS
from factors._term_arrays import TermArrays
from factors.brief import brief
from factors.guarded import guarded, guarded_property
from factors.tables import Rows
from factors.units import UnitError, parse_unit, registry

QUANTITY_UNITS: Mapping[str, str] = {
    "energy": "kWh",
    "distance": "mile",
    "duration": "h",
    "fuel": "kg",
    "fuel_volume": "gal",
    "electricity": "kWh",
    "vehicle_day": "vehicle_day",
    "start": "start",
    "gross_ton_mile": "gross_ton_mile",
    "cargo_mass": "kg",
    "count": "count",
}
"""The kinds of work a class can take, each with its canonical unit. Never an emitted mass."""

ELECTRICITY = "electricity"


def is_carrier(component: str) -> bool:
    """Return whether a component is an energy carrier rather than a pollutant.

    Examples
    --------
    >>> is_carrier("fuel:MGO"), is_carrier("NOx")
    (True, False)
    """
    return component.startswith("fuel:") or component in (ELECTRICITY, "hydrogen")


def result_unit(component: str) -> str:
    """Return the unit of a component's result: kWh of electricity, kg of all else."""
    return "kWh" if component == ELECTRICITY else "kg"


@dataclass(frozen=True)
class CurveSpec:
    """A named pure function of a work row's state that a component follows.

    Attributes
    ----------
    name : str
        For example ``llaf_nox``.
    function : str
        Name of the function in `emissions.curves`.
    parameters : mapping of str to float
        What the method sets in it: coefficients of a published curve, thresholds.
    source : str
        The rows the parameters come from.
    """

    name: str
    function: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    source: str = ""


ONE = CurveSpec("one", "one")

LESSER = " min "
"""Stands between two curves, or products of curves, of which the lesser holds."""


def curve_parts(name: str) -> list[list[str]]:
    """Return the declared curves in a curve's name: products, of which the least holds.

    Examples
    --------
    >>> curve_parts("black_carbon*fuel_rate min at_most*llaf_pm10")
    [['black_carbon', 'fuel_rate'], ['at_most', 'llaf_pm10']]
    """
    return [product.split("*") for product in name.split(LESSER)]


def curves_named(name: str) -> list[str]:
    """Return the declared curves in a curve's name, each once.

    Examples
    --------
    >>> curves_named("llaf_pm10*fuel_rate")
    ['llaf_pm10', 'fuel_rate']
    """
    return list(dict.fromkeys(part for product in curve_parts(name) for part in product))


class Factors(Protocol):
    """What multiplying work needs of classes; `FactorClasses` has it, and the terms it rests on as well."""

    @property
    def classes(self) -> pd.DataFrame:
        """One row a class, with ``quantity_kind`` and ``coverage_group``."""

    @property
    def components(self) -> pd.DataFrame:
        """``pollutant, process, curve``; the index is the component."""

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Factor of each class and component, shape (n_classes, n_components). [kg or kWh per quantity]"""

    @property
    def given(self) -> NDArray[np.bool_]:
        """Whether a class has a component, be it zero, shape (n_classes, n_components)."""

    @property
    def curves(self) -> Mapping[str, CurveSpec]:
        """The curves that components name."""

    @property
    def coverage(self) -> pd.DataFrame:
        """``coverage_group, process, pollutant, state, rule``."""


def following(factors: Factors, curve: str) -> NDArray[np.bool_]:
    """Return which classes have a component along a curve, shape (n_classes,)."""
    along = (factors.components["curve"] == curve).to_numpy()
    return np.asarray(factors.given[:, along].any(axis=1))


@guarded("classes", "terms", "factor_rows", "coverage")
@dataclass(frozen=True)
class FactorClasses:
    """Resolved classes with their terms and the factor rows these rest on.

    Attributes
    ----------
    classes : pandas.DataFrame
        One row a class, the index its number; keys, ``source_category``, ``quantity_kind``,
        ``coverage_group``.
    terms : pandas.DataFrame
        ``class_id, pollutant, process, curve, number, conversion, row_1 .. row_4, extrapolated, note``.
        Rows point into `factor_rows`; -1 where there is none. `conversion` takes the product of the
        printed units times the class's quantity to kg (kWh for electricity).
    factor_rows : pandas.DataFrame
        ``row_id, edition, table_name, line, keys, quantity, value, unit`` and the source columns.
    coverage : pandas.DataFrame
        ``source_category, coverage_group, process, pollutant, state, rule``.
    curves : mapping of str to CurveSpec
    """

    classes: pd.DataFrame
    terms: pd.DataFrame
    factor_rows: pd.DataFrame
    coverage: pd.DataFrame
    curves: Mapping[str, CurveSpec]

    __repr__ = brief

    @guarded_property
    def term_values(self) -> NDArray[np.float64]:
        """Value of each term in kg (kWh) per unit of the class's quantity, shape (n_terms,)."""
        rows = np.append(self.factor_rows["value"].to_numpy(dtype=float), 1.0)  # -1 points at the one
        value = self.terms["number"].to_numpy(dtype=float) * self.terms["conversion"].to_numpy(dtype=float)
        for column in ROW_COLUMNS:
            value = value * rows[self.terms[column].to_numpy()]
        return value

    @guarded_property
    def components(self) -> pd.DataFrame:
        """Distinct (pollutant, process, curve), in order of appearance; the index is the component."""
        _, first = np.unique(self.component_of_term, return_index=True)
        return self.terms[["pollutant", "process", "curve"]].iloc[first].reset_index(drop=True)

    @guarded_property
    def component_of_term(self) -> NDArray[np.int64]:
        """Component of each term, shape (n_terms,)."""
        code = np.zeros(len(self.terms), dtype=np.int64)
        for column in ("pollutant", "process", "curve"):
            codes, names = pd.factorize(self.terms[column])
            code = code * len(names) + codes
        return pd.factorize(code)[0].astype(np.int64)

    @guarded_property
    def matrix(self) -> NDArray[np.float64]:
        """Factor of each class and component, shape (n_classes, n_components). [kg or kWh per quantity]"""
        shape = (len(self.classes), len(self.components))
        flat = self.terms["class_id"].to_numpy() * shape[1] + self.component_of_term
        summed = np.bincount(flat, weights=self.term_values, minlength=shape[0] * shape[1])
        return summed.astype(float).reshape(shape)

    @guarded_property
    def given(self) -> NDArray[np.bool_]:
        """Whether a class has terms of a component, shape (n_classes, n_components)."""
        found = np.zeros((len(self.classes), len(self.components)), dtype=bool)
        found[self.terms["class_id"].to_numpy(), self.component_of_term] = True
        return found

    def factors(self, unit: str = "g") -> pd.DataFrame:
        """Return factors of all classes where every curve is one, a column a pollutant.

        The sum over processes and curves; the real factor of a row multiplies each curve in.
        """
        scale = float(registry().Quantity(1, "kg").to(unit).magnitude)
        names = self.components["pollutant"]
        frame = (
            pd.DataFrame(self.matrix * scale, index=self.classes.index).T.groupby(names.to_numpy()).sum().T
        )
        return frame

    def with_values(self, factor_rows: pd.DataFrame) -> FactorClasses:
        """Return the same classes with other factor values: an edition swap, a draw, a what-if."""
        if list(factor_rows["row_id"]) != list(self.factor_rows["row_id"]):
            raise ValueError("other factor values must come for the same rows, in the same order")
        return replace(self, factor_rows=factor_rows)


def concat(parts: Sequence[FactorClasses]) -> FactorClasses:
    """Put the classes of several source categories behind each other.

    Class numbers, and row pointers, of each part are raised by the length of the parts before it.
    """
    classes, terms, rows = [], [], []
    n_classes = n_rows = 0
    for part in parts:
        classes.append(part.classes)
        moved = part.terms.assign(class_id=part.terms["class_id"] + n_classes)
        for column in ROW_COLUMNS:
            pointer = moved[column].to_numpy()
            moved[column] = np.where(pointer >= 0, pointer + n_rows, -1)
        terms.append(moved)
        rows.append(part.factor_rows)
        n_classes += len(part.classes)
        n_rows += len(part.factor_rows)
    return FactorClasses(
        classes=pd.concat(classes, ignore_index=True),
        terms=pd.concat(terms, ignore_index=True),
        factor_rows=pd.concat(rows, ignore_index=True),
        coverage=pd.concat([part.coverage for part in parts], ignore_index=True),
        curves=_curves_of(parts),
    )


def _curves_of(parts: Sequence[FactorClasses]) -> dict[str, CurveSpec]:
    """Curves of several sources by name; two of one name are one curve, read in both their tables.

    Raises
    ------
    ValueError
        If two sources mean different curves by one name.
    """
    found: dict[str, CurveSpec] = {}
    for spec in (spec for part in parts for spec in part.curves.values()):
        known = found.setdefault(spec.name, spec)
        if (known.function, known.parameters) != (spec.function, spec.parameters):
            raise ValueError(f"two sources mean different curves by {spec.name!r}: {known} and {spec}")
        if spec.source not in known.source.split("; "):
            found[spec.name] = replace(known, source=f"{known.source}; {spec.source}".strip("; "))
    return found


class TermBuilder:
    """Gathers the terms of a recipe, a whole array of classes at a time.

    Parameters
    ----------
    classes : pandas.DataFrame
        The classes to resolve, index 0 .. n-1, with ``quantity_kind``.
    """

    def __init__(self, classes: pd.DataFrame) -> None:
        self.classes = classes
        self.curves: dict[str, CurveSpec] = {"one": ONE}
        self._gathered = TermArrays()

    def curve(self, name: str, function: str, parameters: Mapping[str, float], source: str = "") -> str:
        """Declare a curve and return its name."""
        self.curves[name] = CurveSpec(name, function, dict(parameters), source)
        return name

    def add(
        self,
        pollutant: str,
        process: str,
        *rows: Rows,
        number: ArrayLike = 1.0,
        unit: str = "",
        curve: str | ArrayLike = "one",
        extrapolated: ArrayLike = False,
        note: str | ArrayLike = "",
    ) -> None:
        """Add one term to each of an array of classes.

        Parameters
        ----------
        pollutant, process : str
        *rows : Rows, shape (n,)
            At most four, all for the same classes in the same order; their product times `number` is the
            term.
        number : float or array_like, shape (n,)
            What the record or the method says, in `unit`; a share, a sulfur content, a sign.
        unit : str
            Unit of `number`; empty for a pure number.
        curve : str or array_like of str
            Name of the curve the component follows; ``a*b`` for a product of declared curves.
        extrapolated : bool or array_like of bool
            Whether the rows stand in for a key the edition does not reach.
        note : str or array_like of str
            What the explanation says beside the term.
        """
        if not 1 <= len(rows) <= MAX_ROWS:
            raise ValueError(f"a term is a product of one to {MAX_ROWS} factor rows, not {len(rows)}")
        index = rows[0].index
        if any(not index.equals(row.index) for row in rows):
            raise ValueError(f"the rows of a {pollutant} term answer different classes")
        if not len(index):
            return
        conversion = self._conversion(pollutant, rows, unit)
        words = {"pollutant": pollutant, "process": process, "curve": curve, "note": note}
        self._gathered.add(index, words, rows, number, conversion, extrapolated)

    def add_number(self, component: str, process: str, index: pd.Index, number: float, note: str) -> None:
        """Add a term that rests on no factor row: a class's own quantity, carried over by definition."""
        kinds = self.classes.loc[index, "quantity_kind"].astype(str)
        scale = {kind: _to_result(component, result_unit(component), kind, ()) for kind in kinds.unique()}
        words = {"pollutant": component, "process": process, "curve": "one", "note": note}
        self._gathered.add(index, words, (), number, kinds.map(scale).to_numpy(dtype=float), False)

    def _conversion(self, pollutant: str, rows: Sequence[Rows], unit: str) -> NDArray[np.float64]:
        """One scalar a combination of units: the dimensional check of every term."""
        kinds, spelled_kinds = self._kinds
        code = kinds[self.classes.index.get_indexer(rows[0].index)]
        kind_of = code
        for row in rows:
            code = code * len(row.table.unit_names) + row.table.unit_codes[row.position]
        first, codes = _distinct(code)
        target = result_unit(pollutant)
        scale = [
            _to_result(
                pollutant,
                target,
                spelled_kinds[kind_of[place]],
                (*(str(row.table.unit_spellings[row.position[place]]) for row in rows), unit),
            )
            for place in first
        ]
        return np.array(scale)[codes]

    @cached_property
    def _kinds(self) -> tuple[NDArray[np.int64], list[str]]:
        """Quantity kind of each class as a number, and the kinds."""
        codes, names = pd.factorize(self.classes["quantity_kind"])
        return codes.astype(np.int64), [str(name) for name in names]

    def build(self, coverage: pd.DataFrame, *, described: bool = True) -> FactorClasses:
        """Return the classes with all terms, pointing at the factor rows they use, described or not."""
        terms, rows = self._gathered.frames(described=described)
        return FactorClasses(self.classes, terms, rows, coverage, dict(self.curves))


def _distinct(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First place of each distinct number, and which of them each number is."""
    if len(code) and (code == code[0]).all():
        return np.zeros(1, dtype=np.int64), np.zeros(len(code), dtype=np.int64)
    _, first, codes = np.unique(code, return_index=True, return_inverse=True)
    return first.astype(np.int64), codes.astype(np.int64)


@cache
def _to_result(pollutant: str, target: str, kind: str, units: tuple[str, ...]) -> float:
    """Scalar that takes ``quantity * product(units)`` to the result's unit."""
    # Canonical unit names, not agencies' spellings: a count has no spelling.
    product = registry().Quantity(1.0, QUANTITY_UNITS[kind])
    for unit in units:
        if unit:
            product = product * registry().Quantity(1.0, parse_unit(unit))
    try:
        return float(product.to(target).magnitude)
    except DimensionalityError as problem:
        spelled = " x ".join(unit for unit in units if unit)
        raise UnitError(
            f"{pollutant}: a factor in {spelled} times {kind} in {QUANTITY_UNITS[kind]} is "
            f"{product.units:~P}, not {target}; the class takes another kind of work than its factor is per"
        ) from problem
