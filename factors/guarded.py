"""Tables that belong to a result: they can be read, and changed only by making another result.

Sums, explanations and saved files are made from the same tables. If one of them could be changed in place, a
result would disagree with itself, and a table of factors would be another for everybody in the process.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

import numpy as np
import pandas as pd

T = TypeVar("T")
C = TypeVar("C")


def read_only(value: T) -> T:
    """Return a table or array that shares its memory and leaves the original as it is.

    A DataFrame is handed out as a copy that pandas makes whole when somebody writes to it; an array refuses
    to be written to. Neither copies numbers.

    Examples
    --------
    >>> table = pd.DataFrame({"NOx": [1.0, 2.0]})
    >>> mine = read_only(table)
    >>> mine["NOx"] = 0.0
    >>> table["NOx"].tolist()
    [1.0, 2.0]
    """
    if isinstance(value, pd.DataFrame):
        return value.copy(deep=False)
    if isinstance(value, np.ndarray):
        view = value.view()
        view.flags.writeable = False
        return view
    return value


class _Field:
    """A field of a dataclass whose table is read-only on its way in and on its way out."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        try:
            return read_only(instance.__dict__[self.name])
        except KeyError:
            raise AttributeError(self.name) from None

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.name] = read_only(value)


def guarded(*names: str) -> Callable[[type[C]], type[C]]:
    """Make the tables in some fields of a dataclass read-only; stands above ``@dataclass``.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @guarded("cells")
    ... @dataclass(frozen=True)
    ... class Result:
    ...     cells: pd.DataFrame
    >>> result = Result(pd.DataFrame({"quantity": [1.0]}))
    >>> cells = result.cells
    >>> cells.loc[0, "quantity"] = 9.0
    >>> float(result.cells.loc[0, "quantity"])
    1.0
    """

    def with_guards(cls: type[C]) -> type[C]:
        for name in names:
            setattr(cls, name, _Field(name))
        return cls

    return with_guards


class guarded_property(Generic[T]):  # noqa: N801  is used as `property` is
    """A table that follows from the fields: worked out once, and read-only each time it is asked for."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make
        self.name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> guarded_property[T]: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> T: ...
    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        kept = instance.__dict__
        if self.name not in kept:
            kept[self.name] = self.make(instance)
        return read_only(kept[self.name])

    def __set__(self, instance: object, value: object) -> None:
        raise AttributeError(f"{self.name} follows from other tables and cannot be set")
