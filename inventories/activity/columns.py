"""How a table of activity is declared: a :class:`Column` per heading, a :class:`Table` per kind of record.

The same declaration drives the reader, the checks, the templates and their explanation, so they cannot
differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from inventories.activity.problems import ProblemLog
    from inventories.port.port import Port

__all__ = ["Column", "Table"]

Kind = Literal["text", "number", "integer", "date", "time", "bool", "choice", "month", "period"]


@dataclass(frozen=True)
class Column:
    """One column as staff write it and as the toolkit uses it.

    Attributes
    ----------
    name : str
        Heading without its unit (``power``), or a heading that says its unit itself (``hours``, ``miles``).
    kind : str
        ``text | number | integer | date | time | bool | choice | month | period``.
    unit : str
        Canonical unit of a number; any unit of the same dimension is accepted in the heading.
    output : str
        Name after reading, unit included (``power_kw``); ``name`` where empty, and ``<name>_utc`` for times.
    states_unit : bool
        The name says the unit, so a heading without one is clear.
    required : bool
        The column must be there and filled in every row.
    choices : tuple[str, ...]
        Allowed values of a choice; with ``many`` several may stand in one cell, parted by ``;``.
    synonyms : dict[str, str]
        Other spellings of the choices.
    identifier : bool
        A name or number of a thing: ``9856842.0``, as spreadsheets make of numbers with gaps, is read as
        ``9856842``.
    minimum, maximum, above : float
        Bounds, in the canonical unit; ``above`` is an open lower bound.
    also : dict[str, str]
        Further outputs of the same number in other units, converted straight from what was written.
    merge : str
        With ``distinct`` mappings, how two rows of one record agree: ``same``, ``first``, ``min``, ``max``.
    """

    name: str
    kind: Kind = "text"
    description: str = ""
    unit: str = ""
    output: str = ""
    states_unit: bool = False
    required: bool = False
    choices: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    many: bool = False
    identifier: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    default: Any = None
    aliases: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    merge: Literal["same", "first", "min", "max"] = "same"
    example: str = ""

    @property
    def out(self) -> str:
        """Name of the column after reading."""
        if self.output:
            return self.output
        return f"{self.name}_utc" if self.kind == "time" else self.name

    @property
    def heading(self) -> str:
        """Heading in the templates: the name with its unit."""
        return self.output if self.unit and not self.states_unit else self.name

    @property
    def names(self) -> tuple[str, ...]:
        """All that the heading may be called, without a unit in it."""
        return tuple(dict.fromkeys((self.name, self.heading, self.out, *self.aliases)))

    @property
    def allowed(self) -> str:
        """What may stand in a cell, in words."""
        words = {
            "text": "text",
            "number": "a number",
            "integer": "a whole number",
            "date": "a date such as 2023-03-31",
            "time": "a time such as 2023-03-31 14:05 (port's local time) or 2023-03-31T14:05+02:00",
            "bool": "yes or no",
            "month": "a date, a month such as 2023-03, or a month's number 1-12",
            "period": "a year such as 2023, or a month such as 2023-03",
            "choice": "one of " + ", ".join(self.choices),
        }[self.kind]
        if self.many and self.kind == "choice":
            words = "one or more, parted by ;, of " + ", ".join(self.choices)
        bounds = []
        if self.above is not None:
            bounds.append(f"above {self.above:g}")
        if self.minimum is not None:
            bounds.append(f"{self.minimum:g} or more")
        if self.maximum is not None:
            bounds.append(f"at most {self.maximum:g}")
        unit = f" {self.unit}" if self.unit and bounds else ""
        return f"{words}, {' and '.join(bounds)}{unit}" if bounds else words


Check = Callable[["pd.DataFrame", "Port", "int", "ProblemLog"], None]


@dataclass(frozen=True)
class Table:
    """One kind of record: its columns, what tells two records apart, and the checks within a table."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    repeats: bool = False
    checks: tuple[Check, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    sums: bool = False
    register: bool = False

    def column(self, name: str) -> Column:
        """Return the column called *name* (heading, output or alias).

        Raises
        ------
        KeyError
            If there is none.
        """
        for column in self.columns:
            if name in column.names:
                return column
        raise KeyError(name)

    @property
    def headings(self) -> list[str]:
        """Headings of a file in our own names."""
        return [column.heading for column in self.columns]

    @property
    def outputs(self) -> list[str]:
        """Columns after reading."""
        return [name for column in self.columns for name in (column.out, *column.also.values())]
