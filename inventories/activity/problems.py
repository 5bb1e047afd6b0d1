"""Problems in the inputs, gathered over all files and told once, so that one round of repair is enough."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ActivityError", "Problem", "ProblemLog"]

SHOWN = 3


@dataclass(frozen=True)
class Problem:
    """One problem, of one row or of many alike.

    Attributes
    ----------
    file, sheet, column : str
        Where; ``sheet`` is empty but for workbooks.
    row : int or None
        Row as a spreadsheet counts, the heading being row 1; None if the whole file or column is meant.
    value : str
        What stands there.
    what, allowed, advice : str
        What is wrong, what may stand there, what to do.
    rows : tuple[int, ...]
        All rows with the same problem.
    """

    file: str
    what: str
    sheet: str = ""
    column: str = ""
    row: int | None = None
    value: str = ""
    allowed: str = ""
    advice: str = ""
    table: str = ""
    rows: tuple[int, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many rows have it; 1 for a problem of a file or a column."""
        return max(len(self.rows), 1)

    def __str__(self) -> str:
        """One sentence or two: where, what, allowed, advice."""
        where = self.file + (f", sheet {self.sheet}" if self.sheet else "")
        if self.rows:
            shown = ", ".join(str(row) for row in self.rows[:SHOWN])
            more = len(self.rows) - SHOWN
            where += f", row{'s' if len(self.rows) > 1 else ''} {shown}" + (
                f" and {more:,} more" if more > 0 else ""
            )
        if self.column:
            where += f", column {self.column}"
        shown_values = list(dict.fromkeys(self.values))
        found = ""
        if shown_values and any(shown_values):
            listed = ", ".join(f'"{value}"' for value in shown_values[:SHOWN])
            found = f" Found {listed}" + (" and others." if len(shown_values) > SHOWN else ".")
        allowed = f" Allowed: {self.allowed}." if self.allowed else ""
        return f"{where}: {self.what}{found}{allowed}{' ' + self.advice if self.advice else ''}"


class ActivityError(ValueError):
    """The activity of a year cannot be used as it is; ``problems`` lists each finding."""

    def __init__(self, problems: list[Problem], heading: str = "activity") -> None:
        self.problems = problems
        files = len({problem.file for problem in problems})
        noun = "problem" if len(problems) == 1 else "problems"
        head = f"{heading}: {len(problems)} {noun} in {files} file{'s' if files > 1 else ''}"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in problems)]))


@dataclass
class ProblemLog:
    """Where readers and checks put what they find; equal findings on several rows become one problem."""

    _groups: dict[tuple[str, ...], list[tuple[int, str]]] = field(default_factory=dict)
    rejected: dict[tuple[str, str, str, int], str] = field(default_factory=dict)
    rejecting: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)
    records: dict[tuple[str, str, str, int], str] = field(default_factory=dict)
    # times as the files write them, by row, so that a later check can quote what its reader will search for
    written: dict[tuple[str, str, str, str], pd.Series] = field(default_factory=dict)

    def add(
        self,
        what: str,
        *,
        file: str,
        table: str = "",
        sheet: str = "",
        column: str = "",
        rows: Iterable[int] = (),
        values: Iterable[Any] = (),
        allowed: str = "",
        advice: str = "",
    ) -> None:
        """Add one finding; with *rows*, one per row, which a table's policy may turn into rejected rows."""
        rows = [int(row) for row in rows]
        texts = ["" if value is None else str(value) for value in values] or [""] * len(rows)
        if rows and table in self.rejecting:
            for row, text in zip(rows, texts, strict=True):
                found = f' ("{text}")' if text else ""
                reason = what.rstrip(".") + (f" (column {column})" if column else "") + found
                self.rejected.setdefault((table, file, sheet, row), reason)
            return
        group = self._groups.setdefault((table, file, sheet, column, what, allowed, advice), [])
        group.extend(zip(rows, texts, strict=True) if rows else [(0, text) for text in texts or [""]])

    def note(self, text: str) -> None:
        """Something a reader of the result should know, which stops nothing."""
        if text not in self.notes:
            self.notes.append(text)

    def __len__(self) -> int:
        return len(self._groups)

    def problems(self) -> list[Problem]:
        """All findings, by file in the order in which they were met."""
        found = []
        for (table, file, sheet, column, what, allowed, advice), entries in self._groups.items():
            entries = sorted(dict.fromkeys(entries))
            rows = tuple(row for row, _ in entries if row)
            values = tuple(text for _, text in entries)
            found.append(
                Problem(
                    file=file,
                    what=what,
                    sheet=sheet,
                    column=column,
                    row=rows[0] if rows else None,
                    value=values[0] if values else "",
                    allowed=allowed,
                    advice=advice,
                    table=table,
                    rows=rows,
                    values=values,
                )
            )
        order = list(dict.fromkeys(problem.file for problem in found))
        return sorted(found, key=lambda problem: order.index(problem.file))
