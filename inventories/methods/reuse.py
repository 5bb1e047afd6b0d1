"""Answers of one method that serve another: work and factors are worked out again only where they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, cast

from factors.method import Method

T = TypeVar("T")


@dataclass(frozen=True)
class _Watched(Method):
    """A method that keeps what it was asked, so that an answer can serve another method."""

    asked: dict[str, str] = field(default_factory=dict, repr=False)
    touched: set[str] = field(default_factory=set, repr=False)

    def option(self, name: str) -> str:
        value = super().option(name)
        self.asked[name] = value
        return value

    def _source(self, source_category: str) -> Mapping[str, Any]:
        self.touched.add(source_category)
        return super()._source(source_category)


class Reuse:
    """Answers that were worked out, each with all that it depended on."""

    def __init__(self) -> None:
        self._known: dict[Any, list[tuple[_Watched, set[str], Any]]] = {}

    def answer(self, key: Any, method: Method, source: str, work: Callable[[Method], T]) -> T:
        """Return the answer of an equal question, or work it out."""
        for watched, touched, result in self._known.get(key, ()):
            if _is_alike(watched, method, touched):
                return cast(T, result)
        watched = _Watched(**{each.name: getattr(method, each.name) for each in fields(Method)})
        result = work(watched)
        # Recipes read their own section directly; ships ask whether there is electricity.
        self._known.setdefault(key, []).append((watched, watched.touched | {source, "electricity"}, result))
        return result


def _is_alike(watched: _Watched, method: Method, touched: set[str]) -> bool:
    for name, value in watched.asked.items():
        if name not in method.declared or method.option(name) != value:
            return False
    if any(watched.sources.get(name) != method.sources.get(name) for name in touched):
        return False
    one, two = (
        {key: table for key, table in each.own_tables.items() if key[0] in touched}
        for each in (watched, method)
    )
    return one.keys() == two.keys() and all(
        one[key].spec == two[key].spec and one[key].frame.equals(two[key].frame) for key in one
    )
