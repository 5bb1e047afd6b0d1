"""Classes resolved so far: variants and years ask for the same few again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import classify, recipe_for, resolve
from factors.terms import CurveSpec, FactorClasses, Factors

if TYPE_CHECKING:
    from factors.method import Method

_REMEMBERED = 5_000
"""As many keys at once are remembered one by one: more are those of all years, which are asked for once."""


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
    _told: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _page: Page | None = None

    def learn(self, keys: pd.DataFrame, page: Page) -> None:
        """Take over classes that an inventory has resolved already.

        Parameters
        ----------
        keys : pandas.DataFrame, shape (n, k)
            The recipe's keys, in the order of the page's classes.
        page : Page
        """
        numbers = range(len(keys))
        self._asked.update(zip(_spelled(keys), numbers, strict=True))
        self._told.update(zip(_spelled(self._told_apart(keys)), numbers, strict=True))
        self._page = page

    def resolve(self, keys: pd.DataFrame) -> tuple[NDArray[np.int64], Factors]:
        """Return the class of each row and the factors of all classes so far.

        Rows whose factors are the same may share a class.

        Raises
        ------
        factors.tables.FactorMissing
            As `factors.library.resolve` does.
        """
        recipe = recipe_for(self.source, self.method)
        defaults = getattr(recipe, "DEFAULTS", {})
        absent = {key: value for key, value in defaults.items() if key not in keys}
        number, distinct = classify((keys.assign(**absent) if absent else keys)[list(recipe.KEYS)])
        if len(distinct) > _REMEMBERED:
            class_id = self._add(distinct)
            assert self._page is not None
            return class_id[number], self._page
        asked = _spelled(distinct)
        new = [place for place, key in enumerate(asked) if key not in self._asked]
        if new:
            added = self._add(distinct.iloc[new].reset_index(drop=True))
            self._asked.update(zip((asked[place] for place in new), added.tolist(), strict=True))
        assert self._page is not None
        return np.array([self._asked[key] for key in asked], dtype=np.int64)[number], self._page

    def _add(self, distinct: pd.DataFrame) -> NDArray[np.int64]:
        """The class of each of some keys that were not asked for before."""
        number, few = classify(self._told_apart(distinct))
        told = _spelled(few)
        unknown = [place for place, key in enumerate(told) if key not in self._told]
        if unknown:
            _, first = np.unique(number, return_index=True)
            keys = distinct.iloc[first[unknown]].reset_index(drop=True)
            class_id, classes = resolve(self.source, keys, self.method, described=False)
            start = 0 if self._page is None else len(self._page.classes)
            self._told.update(
                zip((told[place] for place in unknown), (class_id + start).tolist(), strict=True)
            )
            more = Page.of(classes)
            self._page = more if self._page is None else self._page.followed_by(more)
        return np.array([self._told[key] for key in told], dtype=np.int64)[number]

    def _told_apart(self, distinct: pd.DataFrame) -> pd.DataFrame:
        """What classes may differ by in their factors: their keys, or less where the recipe knows it."""
        alike = getattr(recipe_for(self.source, self.method), "alike", None)
        return distinct if alike is None else cast(pd.DataFrame, alike(distinct, self.method))


@dataclass(frozen=True)
class Page:
    """Factors of classes, without the terms they are made of; see `factors.terms.Factors`.

    Attributes
    ----------
    classes : pandas.DataFrame
        ``quantity_kind, coverage_group``; the index is the class.
    components : pandas.DataFrame
        ``pollutant, process, curve``; the index is the component.
    matrix : ndarray, shape (n_classes, n_components)
        [kg or kWh per quantity]
    given : ndarray of bool, shape (n_classes, n_components)
    coverage : pandas.DataFrame
    curves : mapping of str to CurveSpec
    """

    classes: pd.DataFrame
    components: pd.DataFrame
    matrix: NDArray[np.float64]
    given: NDArray[np.bool_]
    coverage: pd.DataFrame
    curves: Mapping[str, CurveSpec]

    @classmethod
    def of(cls, resolved: FactorClasses, class_id: NDArray[np.int64] | None = None) -> Page:
        """Take the factors of resolved classes, of all or of those of one source category."""
        mine = np.arange(len(resolved.classes)) if class_id is None else class_id
        used = np.flatnonzero(resolved.given[mine].any(axis=0))
        classes = resolved.classes.iloc[mine]
        sources = classes["source_category"].unique()
        return cls(
            classes[["quantity_kind", "coverage_group"]].reset_index(drop=True),
            resolved.components.iloc[used].reset_index(drop=True),
            resolved.matrix[np.ix_(mine, used)],
            resolved.given[np.ix_(mine, used)],
            resolved.coverage[resolved.coverage["source_category"].isin(sources)],
            resolved.curves,
        )

    def followed_by(self, more: Page) -> Page:
        """Return the classes of two pages behind each other."""
        both = pd.concat([self.components, more.components], ignore_index=True)
        place: dict[tuple[str, ...], int] = {}
        named = both.itertuples(index=False, name=None)
        number = np.array([place.setdefault(name, len(place)) for name in named], dtype=np.int64)
        own, other = number[: len(self.components)], number[len(self.components) :]
        n, shape = len(self.classes), (len(self.classes) + len(more.classes), len(place))
        matrix, given = np.zeros(shape), np.zeros(shape, dtype=bool)
        matrix[:n, own], matrix[n:, other] = self.matrix, more.matrix
        given[:n, own], given[n:, other] = self.given, more.given
        return Page(
            classes=pd.concat([self.classes, more.classes], ignore_index=True),
            components=pd.DataFrame(list(place), columns=both.columns),
            matrix=matrix,
            given=given,
            coverage=pd.concat([self.coverage, more.coverage]).drop_duplicates(ignore_index=True),
            curves={**self.curves, **more.curves},
        )


def _spelled(keys: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Keys as tuples; a missing number, equal to no other, as None."""
    columns = (keys[name] for name in keys)
    plain = (
        column.astype(object).where(column.notna(), None) if column.hasnans else column for column in columns
    )
    return list(zip(*(column.to_numpy(dtype=object).tolist() for column in plain), strict=True))
