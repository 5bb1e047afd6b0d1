"""Sheets of workbooks as lines of cells, with what only the workbook knows: errors, formulas, percent.

calamine reads the values. A cell whose formula failed, or was never calculated, has none and looks like a
blank one; so of Excel's own format the sheet itself is looked through for such cells, and for its extent,
before anything is read: one stray cell in the last column would make a table of billions.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

from inventories.activity.lines import Lines, Mark, cell_text
from inventories.activity.problems import ProblemLog
from inventories.activity.table_names import table_named
from inventories.port.port import nearest

__all__ = ["read_sheet", "sheet_names"]

_MOST_CELLS = 60_000_000
_MOST_COLUMNS = 2_000
_MOST_BYTES = 2_000_000_000
"""Of one sheet, unpacked."""
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_OLD_FORMAT = b"\xd0\xcf\x11\xe0"

_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]+)"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)</', re.DOTALL
)
_NEVER = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STYLED = re.compile(rb'<(?:\w+:)?c\b([^>]*\bs="([0-9]+)"[^>]*)(?<!/)>')
_TEXT = re.compile(rb'\bt="(?:s|str|inlineStr|b|e)"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]+)"')
_PERCENT_FORMATS = {9, 10}

_SAVE = "Open the workbook in Excel, let it calculate, and save it."
_PLAIN = "Format the cells as plain numbers, and look at what is then shown."


def sheet_names(path: Path, label: str, log: ProblemLog) -> list[str]:
    """Return the sheets of a workbook, and tell why where it cannot be read."""
    book = _opened(path, label, "", log)
    return [] if book is None else [str(name) for name in book.sheet_names]


def read_sheet(path: Path, label: str, table: str, sheet: str, log: ProblemLog) -> tuple[str, Lines] | None:
    """Return the lines of a sheet and its name; of a workbook without that name, of its first sheet.

    Parameters
    ----------
    path : Path
    label : str
        Name of the file in messages.
    table : str
        The table that is looked for, which a sheet may be called after.
    sheet : str
        The sheet asked for, or empty.
    log : ProblemLog

    Returns
    -------
    (str, Lines) or None
        None where it cannot be read; the log says why.
    """
    book = _opened(path, label, table, log)
    if book is None:
        return None
    names = [str(name) for name in book.sheet_names]
    chosen = _chosen(names, sheet, table, label, log)
    if chosen is None:
        return None
    where: dict[str, Any] = {"file": label, "sheet": chosen, "table": table}
    marks: tuple[Mark, ...] = ()
    if zipfile.is_zipfile(path) and path.suffix.lower() in (".xlsx", ".xlsm"):
        held = _sheet_xml(path, chosen)
        if isinstance(held, str):
            log.add(held, **where)
            return None
        if held is not None:
            too_wide = _extent(held[0])
            if too_wide:
                log.add(too_wide, advice="Delete the empty columns and rows beyond the table.", **where)
                return None
            marks = tuple(_marks(*held))
    try:
        values = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except BaseException as error:  # a panic of calamine's Rust code is no Exception
        _reraise_signals(error)
        log.add(f"cannot be read ({_first_line(error)}).", **where)
        return None
    # A date cell is midnight of that day, as it is where Excel shows the time too.
    cells = [[cell_text(_midnight(value)) for value in line] for line in values]
    return chosen, Lines(cells, list(range(1, len(cells) + 1)), marks)


def _midnight(value: Any) -> Any:
    if type(value) is dt.date:
        return dt.datetime(value.year, value.month, value.day)
    return value


def _opened(path: Path, label: str, table: str, log: ProblemLog) -> Any:
    from python_calamine import CalamineWorkbook

    with path.open("rb") as stream:
        begin = stream.read(4)
    is_old = begin == _OLD_FORMAT
    if not is_old and not begin.startswith(b"PK"):
        log.add(
            "is no workbook that can be read, whatever its ending says.",
            file=label,
            table=table,
            advice="If it is text, give it the ending .csv; else save it as .xlsx from a spreadsheet.",
        )
        return None
    try:
        if is_old and path.suffix.lower() != ".xls" and _PROTECTED in path.read_bytes():
            raise PermissionError("it is protected by a password: save it without one")
        return CalamineWorkbook.from_path(str(path))
    except BaseException as error:
        _reraise_signals(error)
        log.add(f"is no workbook that can be read ({_first_line(error)}).", file=label, table=table)
        return None


def _reraise_signals(error: BaseException) -> None:
    if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError | GeneratorExit):
        raise error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _chosen(names: list[str], sheet: str, table: str, label: str, log: ProblemLog) -> str | None:
    if sheet and sheet not in names:
        log.add(
            f'has no sheet "{sheet}". {nearest(sheet, names)}'.strip(),
            file=label,
            table=table,
            advice=f"Its sheets: {', '.join(names)}.",
        )
        return None
    if sheet:
        return sheet
    called = [name for name in names if table_named(name) == table]
    if len(called) > 1:
        log.add(
            f"has {len(called)} sheets for the table: {', '.join(called)}.",
            file=label,
            table=table,
            advice="Keep one of them, or name the one to read in [[files]] of port.toml.",
        )
        return None
    chosen = called[0] if called else names[0]
    others = [name for name in names if name != chosen]
    if others:
        said = "" if called else ", the first of its sheets"
        log.note(f"WARNING: {label}: read sheet {chosen}{said}, and not: {', '.join(others)}")
    return chosen


# ------------------------------------------------------------------ what Excel's own format says of a sheet


def _sheet_xml(path: Path, sheet: str) -> tuple[bytes, set[int]] | str | None:
    """The text of a sheet and the styles that show percent; or what is wrong; None where it is not found."""
    try:
        with zipfile.ZipFile(path) as book:
            sizes = {info.filename: info.file_size for info in book.infolist()}
            workbook = book.read("xl/workbook.xml").decode("utf-8", "replace")
            links = book.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
            target = _target(workbook, links, sheet)
            if target is None or target not in sizes:
                return None
            if sizes[target] > _MOST_BYTES:
                return f"unpacks to {sizes[target] / 1e9:.1f} GB, which no table of a port has."
            percent = _percent_styles(book.read("xl/styles.xml")) if "xl/styles.xml" in sizes else set()
            return book.read(target), percent
    except (KeyError, zipfile.BadZipFile, OSError, zipfile.LargeZipFile, ValueError):
        return None


def _target(workbook: str, links: str, sheet: str) -> str | None:
    from html import unescape

    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", workbook):
        name, link = re.search(r'\bname="([^"]*)"', tag), re.search(r'\br?:?id="([^"]*)"', tag)
        if name and link and unescape(name[1]) == sheet:
            for line in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
                if re.search(rf'\bId="{re.escape(link[1])}"', line):
                    found = re.search(r'\bTarget="([^"]*)"', line)
                    if found:
                        target = found[1].lstrip("/")
                        return target if target.startswith("xl/") else f"xl/{target}"
    return None


def _percent_styles(styles: bytes) -> set[int]:
    own = {
        int(number): b"%" in code
        for number, code in re.findall(
            rb'<(?:\w+:)?numFmt\b[^>]*\bnumFmtId="([0-9]+)"[^>]*\bformatCode="([^"]*)"', styles
        )
    }
    used = re.search(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    if used is None:
        return set()
    formats = re.findall(rb"<(?:\w+:)?xf\b[^>]*>", used[0])
    found = set()
    for place, style in enumerate(formats):
        number = re.search(rb'\bnumFmtId="([0-9]+)"', style)
        if number and (int(number[1]) in _PERCENT_FORMATS or own.get(int(number[1]), False)):
            found.add(place)
    return found


def _extent(xml: bytes) -> str:
    """What is wrong with the extent of a sheet, or nothing."""
    last_row = last_column = 0
    for letters, row in _CELL.findall(xml):
        last_row, last_column = max(last_row, int(row)), max(last_column, _number(letters))
    if last_column > _MOST_COLUMNS:
        return f"has a cell in column {last_column:,}; no table has more than {_MOST_COLUMNS:,} columns."
    if last_row * last_column > _MOST_CELLS:
        return f"reaches to row {last_row:,} and column {last_column:,}, more cells than can be read."
    return ""


def _marks(xml: bytes, percent: set[int]) -> list[Mark]:
    found = []
    for attributes, value in _ERROR.findall(xml):
        found.append((attributes, value.decode("utf-8", "replace"), "is an error of the spreadsheet.", ""))
    for attributes in _NEVER.findall(xml):
        if not _TEXT.search(attributes):  # a formula that gives an empty text has a value, and it is blank
            found.append((attributes, "", "is a formula without a value: it was never calculated.", _SAVE))
    if percent:
        for attributes, style in _STYLED.findall(xml):
            if int(style) in percent and not _TEXT.search(attributes):
                found.append((attributes, "", "is formatted in percent: 0.5 is shown as 50 %.", _PLAIN))
    marks = []
    for attributes, value, what, advice in found:
        place = _PLACE.search(attributes)
        if place:
            marks.append(Mark(int(place[2]), _number(place[1]) - 1, value, what, advice))
    return marks


def _number(letters: bytes) -> int:
    """Column of a sheet by its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
