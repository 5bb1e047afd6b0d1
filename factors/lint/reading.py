"""Reading a CSV as people save it: marks, separators, headings and blanks are told, not tripped over."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from factors.lint import names
from factors.lint.finding import Finding

# Blanks and marks that do not show, and that a spreadsheet or a web page leaves behind.
_HIDDEN = "\u00a0\u200b\u200c\u200d\u200e\u200f\u202f\u2060\ufeff"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


def read(path: Path) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Read a user's file as text, and tell what is wrong with its form.

    Returns
    -------
    DataFrame or None
        All cells as text, without blanks around them; row *i* stands on line *i* + 2 of the file. None where
        nothing can be read.
    list of Finding
    """
    raw = path.read_bytes()
    if raw[:2] == b"PK" or path.suffix.lower() in (".xlsx", ".xls", ".ods"):
        return None, [_about("the file is a workbook: save the sheet as CSV in UTF-8")]
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        return None, [_about(f'line {line} is not UTF-8: save the file as "CSV UTF-8 (comma delimited)"')]
    found = []
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        found.append(_about("the file is in UTF-16; tables are read in UTF-8: save it so"))
    if not text.strip():
        return None, [_about("the file is empty")]
    separator = _separator(text.splitlines()[0])
    if separator != ",":
        message = f"cells are parted by {_SEPARATORS[separator]}; a table has commas: save it as CSV (comma)"
        found.append(_about(message))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    headings, told = _headings(next(reader))
    found += told
    lines, cells = [], []
    start = reader.line_num
    for row in reader:
        line, start = start + 1, reader.line_num
        if not any(cell.strip(_HIDDEN + " ") for cell in row):
            continue
        if len(row) > len(headings) and any(cell.strip() for cell in row[len(headings) :]):
            found.append(Finding("error", "columns", line, _too_many(row, headings)))
            continue
        lines.append(line - 2)
        cells.append((row + [""] * len(headings))[: len(headings)])
    frame = pd.DataFrame(cells, columns=headings, index=lines, dtype="str")
    return _without_blanks(frame, found), found


def _about(message: str) -> Finding:
    return Finding("error", "columns", None, message)


def _separator(first: str) -> str:
    if "," in first:
        return ","
    return next((mark for mark in _SEPARATORS if mark in first), ",")


def _headings(given: list[str]) -> tuple[list[str], list[Finding]]:
    """Headings as tables have them; what had to be read otherwise is told."""
    while given and not given[-1].strip():
        given = given[:-1]
    headings, found = [], []
    plain = [text.strip(_HIDDEN + " ") for text in given]
    for text, clean in zip(given, plain, strict=True):
        name = names.heading(clean)
        ours = name in (*names.REQUIRED, *names.SOURCE) and (clean == name or name not in plain)
        headings.append(name if ours or clean.lower() == name else clean)
        # `pollutant` is as good as `quantity`, and keys may be called what their owner likes.
        if ours and clean not in (name, "pollutant"):
            message = f'the heading "{clean}" is read as {name}: write it so'
            found.append(Finding("error", "columns", 1, message, column=clean))
        elif headings[-1] != clean and not ours:
            message = f'the heading "{clean}" is read as {name}: headings are in small letters'
            found.append(Finding("warning", "columns", 1, message, column=clean))
        elif clean != text:
            message = f'there are blanks or hidden characters around the heading "{clean}": take them out'
            found.append(Finding("error", "columns", 1, message, column=clean))
    return headings, found


def _too_many(row: list[str], headings: list[str]) -> str:
    message = f"the row has {len(row)} cells, the heading {len(headings)}"
    place = headings.index("value") if "value" in headings else -1
    around = row[place : place + 2]
    if place >= 0 and all(cell.strip().isdigit() for cell in around):
        number = ".".join(cell.strip() for cell in around)
        return f"{message}: a decimal comma in the value parts it in two; write {number} with a point"
    return f'{message}: put text that holds a comma in "quotation marks"'


def _without_blanks(frame: pd.DataFrame, found: list[Finding]) -> pd.DataFrame:
    stripped = frame.copy()
    for place, column in enumerate(frame.columns):
        cells = frame.iloc[:, place]
        clean = cells.str.strip(_HIDDEN + " \t")
        stripped.isetitem(place, clean.to_numpy())
        if column in ("note", "source_document", "source_address", "table"):
            continue
        for line in cells.index[cells != clean]:
            message = f'there are blanks or hidden characters around "{clean[line]}": take them out'
            found.append(Finding("error", "blanks", int(line) + 2, message, column=str(column)))
    return stripped


def why_no_number(text: str) -> str:
    """Say what may be meant by a value that is no number, and what to do.

    Examples
    --------
    >>> why_no_number("14,4")
    'the decimal mark is a point: write 14.4'
    >>> why_no_number("<0.01")
    'a bound is not a value: give the number and note that it is a bound, or leave the row out'
    """
    plain = text.strip()
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        decimal = f", or {plain.replace(',', '.')} if the comma is decimal" if plain.count(",") == 1 else ""
        return f"no mark between thousands: write {plain.replace(',', '')}{decimal}"
    if re.fullmatch(r"-?\d+,\d+", plain):
        return f"the decimal mark is a point: write {plain.replace(',', '.')}"
    if re.fullmatch(r"-?[\d.]+,\d+", plain):
        return f"the decimal mark is a point: write {plain.replace('.', '').replace(',', '.')}"
    if plain[:1] in "<>~≤≥±":
        return "a bound is not a value: give the number and note that it is a bound, or leave the row out"
    if re.fullmatch(r"-?[\d.]+\s*%", plain):
        return 'put the number alone here and "%" into the column unit'
    found = _NUMBER.match(plain)
    if found and len(found.group()) < len(plain):
        rest = plain[len(found.group()) :].strip(" ()")
        return f'put {found.group().replace(",", ".")} alone here; "{rest}" belongs to the unit or the note'
    return "leave the row out where nothing is known"
