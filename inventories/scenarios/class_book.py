"""Classes resolved so far: variants and years ask for the same few again and again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import classify, resolve
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
    _number: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _classes: FactorClasses | None = None

    def resolve(self, keys: pd.DataFrame) -> tuple[NDArray[np.int64], FactorClasses]:
        """Return the class of each row and all classes of the book; see `factors.library.resolve`."""
        number, distinct = classify(keys)
        named = list(zip(*(distinct[key].to_numpy(dtype=object).tolist() for key in distinct), strict=True))
        unknown = [place for place, key in enumerate(named) if key not in self._number]
        if unknown:
            self._add(distinct.iloc[unknown].reset_index(drop=True), [named[place] for place in unknown])
        assert self._classes is not None
        known = np.array([self._number[key] for key in named], dtype=np.int64)
        return known[number], self._classes

    def _add(self, keys: pd.DataFrame, named: list[tuple[Any, ...]]) -> None:
        class_id, classes = resolve(self.source, keys, self.method)
        start = 0 if self._classes is None else len(self._classes.classes)
        self._number.update(zip(named, (class_id + start).tolist(), strict=True))
        if self._classes is None:
            self._classes = classes
        else:
            self._classes = replace(concat([self._classes, classes]), coverage=self._classes.coverage)
