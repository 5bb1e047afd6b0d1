"""Classes resolved so far: variants and years ask for the same few again and again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import classify, recipe_for, resolve
from factors.terms import FactorClasses, concat

if TYPE_CHECKING:
    from factors.method import Method


@dataclass
class ClassBook:
    """The classes of one source category, resolved once each.

    Attributes
    ----------
    source : str
    method : Method
    """

    source: str
    method: Method
    _asked: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _number: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _classes: FactorClasses | None = None

    def learn(self, keys: pd.DataFrame, classes: FactorClasses) -> None:
        """Take over classes that an inventory has resolved already.

        Parameters
        ----------
        keys : pandas.DataFrame, shape (n, k)
            The recipe's keys, in the order of `classes`.
        classes : FactorClasses
        """
        numbers = range(len(keys))
        self._asked.update(zip(_spelled(keys), numbers, strict=True))
        self._number.update(zip(_spelled(self._told_apart(keys)), numbers, strict=True))
        self._classes = classes

    def resolve(self, keys: pd.DataFrame) -> tuple[NDArray[np.int64], FactorClasses]:
        """Return the class of each row and all classes of the book; see `factors.library.resolve`.

        Rows whose factors are the same share a class: it has the keys of the first that asked.
        """
        number, distinct = classify(keys)
        asked = _spelled(distinct)
        new = [place for place, key in enumerate(asked) if key not in self._asked]
        if new:
            added = distinct.iloc[new].reset_index(drop=True)
            self._asked.update(zip((asked[place] for place in new), self._add(added), strict=True))
        assert self._classes is not None
        return np.array([self._asked[key] for key in asked], dtype=np.int64)[number], self._classes

    def _told_apart(self, distinct: pd.DataFrame) -> pd.DataFrame:
        """What classes may differ by in their factors: their keys, or less where the recipe knows it."""
        recipe = recipe_for(self.source, self.method)
        defaults = getattr(recipe, "DEFAULTS", {})
        keyed = distinct.assign(**{key: value for key, value in defaults.items() if key not in distinct})
        alike = getattr(recipe, "alike", None)
        return keyed if alike is None else cast(pd.DataFrame, alike(keyed, self.method))

    def _add(self, distinct: pd.DataFrame) -> list[int]:
        """The class of each of some keys that were not asked for before."""
        told = _spelled(self._told_apart(distinct))
        unknown = {key: place for place, key in enumerate(told) if key not in self._number}
        if unknown:
            keys = distinct.iloc[list(unknown.values())].reset_index(drop=True)
            class_id, classes = resolve(self.source, keys, self.method)
            start = 0 if self._classes is None else len(self._classes.classes)
            self._number.update(zip(unknown, (class_id + start).tolist(), strict=True))
            self._classes = classes if self._classes is None else _behind(self._classes, classes)
        return [self._number[key] for key in told]


def _spelled(keys: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Keys as tuples; a missing number, equal to no other, as None."""
    columns = (keys[name] for name in keys)
    plain = (
        column.astype(object).where(column.notna(), None) if column.hasnans else column for column in columns
    )
    return list(zip(*(column.to_numpy(dtype=object).tolist() for column in plain), strict=True))


def _behind(known: FactorClasses, more: FactorClasses) -> FactorClasses:
    joined = concat([known, more])
    return replace(joined, coverage=joined.coverage.drop_duplicates(ignore_index=True))
