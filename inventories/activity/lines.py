"""A table as it stands in a file: lines of cells as text, with the number that a spreadsheet gives each line.

From lines come headings and columns: blank lines above the headings are passed over, rows of titles are told,
and so are values without a heading and cells beyond the last one. All formats that hold lines share this.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inventories.activity.problems import ProblemLog

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_LOOKED_THROUGH = 20
"""Lines from the top among which the headings are looked for."""
ERRORS = (
    *("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#GETTING_DATA", "#BLOCKED!", "#CONNECT!", "#FIELD!", "#UNKNOWN!"),
)
"""What spreadsheets write where a formula failed."""


@dataclass(frozen=True)
class Mark:
    """A cell that cannot be taken as a value, whatever stands there.

    Attributes
    ----------
    row : int
        As the spreadsheet counts.
    column : int
        From 0.
    value, what, advice : str
    """

    row: int
    column: int
    value: str
    what: str
    advice: str


@dataclass
class Lines:
    """Lines of cells as text, the number of each, and the cells that cannot be used."""

    cells: list[list[str]]
    numbers: list[int]
    marks: tuple[Mark, ...] = ()


@dataclass
class Columns:
    """A table of text by heading, with the number of each row, and unusable cells by heading."""

    frame: pd.DataFrame
    rows: NDArray[np.int64]
    unusable: dict[str, list[Mark]]


def cell_text(value: Any) -> str:
    """One cell as text: times in ISO form, whole numbers without ``.0``, blanks empty.

    Examples
    --------
    >>> cell_text(2014.0), cell_text(0.1), cell_text(None)
    ('2014', '0.1', '')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    return str(value).strip()


def column_letters(place: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def columns_of(
    lines: Lines, is_heading: Callable[[str], bool], where: dict[str, Any], log: ProblemLog
) -> Columns | None:
    """Return the columns of a table by their headings.

    Parameters
    ----------
    lines : Lines
    is_heading : callable
        Whether a text is a heading of the table, as it is declared or mapped.
    where : dict
        ``file, sheet, table`` of messages.
    log : ProblemLog

    Returns
    -------
    Columns or None
        None where the lines are no table; the log says why.
    """
    import numpy as np
    import pandas as pd

    place = _place_of_headings(lines, is_heading, where, log)
    if place is None:
        return None
    header = [cell.strip() for cell in lines.cells[place]]
    body, numbers = lines.cells[place + 1 :], np.array(lines.numbers[place + 1 :], dtype=np.int64)
    if _doubled(header, where, log) | _too_long(body, numbers, header, where, log):
        return None
    width = len(header)
    ragged = [line for line in body if len(line) < width]
    if ragged:
        body = [line if len(line) >= width else [*line, *[""] * (width - len(line))] for line in body]
    columns: list[tuple[Any, ...]] = list(zip(*body, strict=False)) if body else [()] * width
    if _without_heading(header, columns, numbers, where, log):
        return None
    named = [column for column, name in enumerate(header) if name]
    frame = pd.DataFrame({header[column]: pd.Series(columns[column], dtype="str") for column in named})
    unusable: dict[str, list[Mark]] = {}
    for mark in lines.marks:
        if mark.row > lines.numbers[place] and mark.column < width and header[mark.column]:
            unusable.setdefault(header[mark.column], []).append(mark)
    return Columns(frame, numbers, unusable)


def _place_of_headings(
    lines: Lines, is_heading: Callable[[str], bool], where: dict[str, Any], log: ProblemLog
) -> int | None:
    filled = [place for place, line in enumerate(lines.cells) if any(cell.strip() for cell in line)]
    if not filled:
        log.add(
            "is empty: it has not even headings.",
            advice="Fill it, or take it away if the port has no such activity.",
            **where,
        )
        return None
    first = filled[0]

    def known(place: int) -> int:
        return sum(is_heading(cell.strip()) for cell in lines.cells[place] if cell.strip())

    here = known(first)
    if 2 * here >= sum(bool(cell.strip()) for cell in lines.cells[first]):
        return first
    better = max(filled[:_LOOKED_THROUGH], key=known)
    if known(better) < 2 or 2 * here >= known(better):
        return first
    titles = [line for line in lines.cells[first:better] if any(cell.strip() for cell in line)]
    said = "; ".join(" ".join(filter(None, (cell.strip() for cell in line))) for line in titles)
    log.add(
        f'the headings seem to be in row {lines.numbers[better]}; above them stands "{said[:80]}".',
        advice=f"Take the rows above row {lines.numbers[better]} out, so that the headings come first.",
        **where,
    )
    return None


def _doubled(header: list[str], where: dict[str, Any], log: ProblemLog) -> bool:
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    for name in doubled:
        log.add("the heading is there twice.", column=name, advice="Keep one.", **where)
    return bool(doubled)


def _too_long(
    body: list[list[str]],
    numbers: NDArray[np.int64],
    header: list[str],
    where: dict[str, Any],
    log: ProblemLog,
) -> bool:
    """Cells beyond the last heading, but blank ones that all rows have: one row alone may hold ``1,200``."""
    width = len(header)
    alike = len({len(line) for line in body if any(cell.strip() for cell in line)}) == 1
    rows = [
        (int(number), ",".join(line[width - 1 :]))
        for line, number in zip(body, numbers, strict=True)
        if len(line) > width and not (alike and not any(cell.strip() for cell in line[width:]))
        if any(cell.strip() for cell in line)
    ]
    if not rows:
        return False
    listed = ", ".join(str(row) for row, _ in rows[:3]) + (
        f" and {len(rows) - 3:,} more" if len(rows) > 3 else ""
    )
    log.add(
        f"a row has more cells than there are headings ({width}): row {listed}.",
        values=[cell for _, cell in rows[:3]],
        advice="Text that holds the separator, and a number with a comma, must stand in quotes; a column of "
        "values needs a heading.",
        **where,
    )
    return True


def _without_heading(
    header: list[str],
    columns: list[tuple[str, ...]],
    numbers: NDArray[np.int64],
    where: dict[str, Any],
    log: ProblemLog,
) -> bool:
    found = False
    for place, name in enumerate(header):
        if name:
            continue
        filled = [at for at, cell in enumerate(columns[place]) if cell.strip()]
        if filled:
            found = True
            log.add(
                f"column {column_letters(place)} has values and no heading, the first in row "
                f"{numbers[filled[0]]}.",
                values=[columns[place][filled[0]]],
                advice="Give it a heading, or take the column out.",
                **where,
            )
    return found
