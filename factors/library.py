"""Resolve what records need: keys of work rows -> classes -> terms -> factor rows."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method, MethodError
from factors.terms import FactorClasses, TermBuilder, is_carrier


class Recipe(Protocol):
    """What a module of `factors.recipes` offers.

    It may also have ``DEFAULTS``, values of keys that work rows may leave out;
    ``coverage(classes, method, stated)``, which returns the method's coverage statement as a user's own
    tables and the options change it; and ``alike(classes, method)``, which returns what tells the factors of
    classes apart, where that is less than their keys.
    """

    KEYS: Sequence[str]

    def describe(self, classes: pd.DataFrame, method: Method) -> pd.DataFrame:
        """Return the classes with ``quantity_kind`` and ``coverage_group``."""

    def resolve(self, classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
        """Add the terms of all classes."""
        ...


class CoverageError(ValueError):
    """A method does not state, or states otherwise, what its recipe gives."""


def recipe_for(source_category: str, method: Method) -> Recipe:
    """Return the module that resolves a source category's classes by a method."""
    return cast(Recipe, import_module(f"factors.recipes.{method.recipe(source_category)}"))


def classify(keys: pd.DataFrame, *, keep_categories: bool = False) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Number the distinct combinations of key columns.

    Parameters
    ----------
    keys : pandas.DataFrame, shape (n, k)
        Categorical columns are fastest.
    keep_categories : bool
        Leave categorical columns of the classes as they are.

    Returns
    -------
    number : ndarray of int, shape (n,)
        Class of each row, in order of the sorted key codes.
    distinct : pandas.DataFrame, shape (m, k)
        The classes, index 0 .. m-1; plain columns.

    Examples
    --------
    >>> number, distinct = classify(pd.DataFrame({"tier": ["I", "II", "I"], "fuel": ["MGO", "MGO", "MGO"]}))
    >>> number.tolist(), len(distinct)
    ([0, 1, 0], 2)
    """
    if not len(keys):
        return np.zeros(0, dtype=np.int64), _taken(keys, np.zeros(0, dtype=np.int64), keep_categories)
    code = np.zeros(len(keys), dtype=np.int64)
    span = 1
    for column in keys.columns:
        codes, size = _codes(keys[column])
        if span > 1 and span * size > np.iinfo(np.int64).max // 2:
            code, span = _dense(code, span)
        code = code * size + codes
        span *= size
    number, span = _dense(code, span)
    first = np.full(span, -1, dtype=np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number, _taken(keys, first, keep_categories)


def _taken(keys: pd.DataFrame, place: NDArray[np.int64], keep_categories: bool) -> pd.DataFrame:
    """Some rows of key columns, numbered anew; categories with their values unless they are kept."""
    taken = {}
    for name in keys.columns:
        column = keys[name].array.take(place)
        plain = isinstance(column, pd.Categorical) and not keep_categories
        taken[name] = column.categories.array.take(column.codes, allow_fill=True) if plain else column
    return pd.DataFrame(taken, copy=False)


def plain(column: pd.Series) -> pd.Series:
    """Return a categorical column with its values in place of its codes; missing ones stay missing.

    Examples
    --------
    >>> plain(pd.Series(["I", "II", "I"], dtype="category")).tolist()
    ['I', 'II', 'I']
    """
    named = column.cat.categories.array.take(column.cat.codes.to_numpy(), allow_fill=True)
    return pd.Series(named, index=column.index, name=column.name)


_FEW = 1_000


def _codes(column: pd.Series) -> tuple[NDArray[np.int64], int]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype(np.int64) + 1, len(column.cat.categories) + 1
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "bif":
        values = column.to_numpy()
        if values.dtype.kind == "f" and np.isnan(values).all():
            return np.zeros(len(values), dtype=np.int64), 1
        if values.dtype.kind == "b":
            return values.astype(np.int64) + 1, 3
        if values.dtype.kind == "i" and len(values):
            first, last = int(values.min()), int(values.max())
            if last - first < _FEW:  # years, zeros: as they are
                return values.astype(np.int64) - first + 1, last - first + 2
        codes, found = pd.factorize(values, sort=True)
        return codes.astype(np.int64) + 1, len(found) + 1
    codes, distinct = pd.factorize(column, sort=True)
    return codes.astype(np.int64) + 1, len(distinct) + 1


def _dense(code: NDArray[np.int64], span: int) -> tuple[NDArray[np.int64], int]:
    """Renumber codes 0 .. m-1 in sorted order; by a table where the span is small, else by sorting."""
    if span <= 4_000_000:
        seen = np.zeros(span, dtype=bool)
        seen[code] = True
        rank = np.cumsum(seen, dtype=np.int64) - 1
        return rank[code], int(rank[-1]) + 1
    distinct, number = np.unique(code, return_inverse=True)
    return number.astype(np.int64), len(distinct)


def resolve(
    source_category: str, keys: pd.DataFrame, method: Method, *, described: bool = True
) -> tuple[NDArray[np.int64], FactorClasses]:
    """Resolve the factor classes that an array of work rows needs.

    Parameters
    ----------
    source_category : str
    keys : pandas.DataFrame, shape (n, k)
        At least the recipe's key columns; factors are looked up once per distinct combination.
    method : Method
    described : bool
        Whether `FactorClasses.factor_rows` says where its values stand, as explanations need it.

    Returns
    -------
    class_id : ndarray of int, shape (n,)
    classes : FactorClasses

    Raises
    ------
    factors.tables.FactorMissing
        If a table does not have a key.
    CoverageError
        If the method does not state what the recipe gives.
    factors.units.UnitError
        If a factor is not mass per the quantity its class takes.
    """
    recipe = recipe_for(source_category, method)
    defaults = getattr(recipe, "DEFAULTS", {})
    keys = keys.assign(**{key: value for key, value in defaults.items() if key not in keys.columns})
    absent = [key for key in recipe.KEYS if key not in keys.columns]
    if absent:
        raise MethodError(f"work rows of {source_category} lack the key columns {', '.join(absent)}")
    class_id, classes = classify(keys[list(recipe.KEYS)])
    classes = recipe.describe(classes, method)
    classes.insert(0, "source_category", source_category)
    terms = TermBuilder(classes)
    recipe.resolve(classes, method, terms)
    coverage = _coverage_of(source_category, method)
    if hasattr(recipe, "coverage"):
        coverage = recipe.coverage(classes, method, coverage)
    resolved = terms.build(coverage, described=described)
    check_coverage(resolved)
    return class_id, resolved


def _coverage_of(source_category: str, method: Method) -> pd.DataFrame:
    coverage = method.coverage
    return coverage[coverage["source_category"] == source_category].reset_index(drop=True)


def check_coverage(resolved: FactorClasses) -> None:
    """Hold what the recipe gave against what the method states.

    Raises
    ------
    CoverageError
        If a class gives a component the method does not call `value`, or lacks one that it does.
    """
    line = ["coverage_group", "process", "pollutant"]
    keys = zip(*(resolved.coverage[column].astype(str) for column in line), strict=True)
    stated: dict[tuple[str, ...], str] = dict(zip(keys, resolved.coverage["state"], strict=True))
    members = {str(name): int(n) for name, n in resolved.classes["coverage_group"].value_counts().items()}
    given = _classes_that_give(resolved)
    problems = [
        f"{' / '.join(key)} is computed but stated as {stated.get(key, 'nothing')}"
        for key in given
        if stated.get(key) != "value" and not is_carrier(key[-1])
    ][:10]
    problems += [
        f"{' / '.join(key)} is stated as estimated but has no factor"
        for key, state in stated.items()
        if state == "value" and given.get(key, 0) < members.get(key[0], 0)
    ][:10]
    for group in sorted(set(members) - set(resolved.coverage["coverage_group"])):
        problems.append(f"{group} has no coverage statement at all")
    if problems:
        raise CoverageError("coverage does not hold: " + "; ".join(problems))


def _classes_that_give(resolved: FactorClasses) -> dict[tuple[str, ...], int]:
    """Number of classes with a factor, by coverage group, process and pollutant."""
    groups, group_names = pd.factorize(resolved.classes["coverage_group"])
    processes, process_names = pd.factorize(resolved.terms["process"])
    pollutants, pollutant_names = pd.factorize(resolved.terms["pollutant"])
    class_id = resolved.terms["class_id"].to_numpy()
    component = processes * len(pollutant_names) + pollutants
    span = len(process_names) * len(pollutant_names)
    each = np.unique(class_id * span + component)
    lines, counts = np.unique(groups[each // span] * span + each % span, return_counts=True)
    return {
        (
            str(group_names[line // span]),
            str(process_names[line % span // len(pollutant_names)]),
            str(pollutant_names[line % len(pollutant_names)]),
        ): int(count)
        for line, count in zip(lines.tolist(), counts.tolist(), strict=True)
    }
