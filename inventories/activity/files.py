"""One file as a table of text, with the rows a spreadsheet counts, whatever its format.

Everything is read as text first, so that one set of rules reads numbers and times and every message can quote
what stands in the cell. No file is ever written to.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inventories.activity.found_files import PARQUET, SUFFIXES, TEXTS, WORKBOOKS, Source
from inventories.activity.lines import ERRORS, Lines, Mark, cell_text, columns_of
from inventories.activity.problems import ProblemLog

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Raw", "read_raw"]

MISSING = frozenset(
    {"", "nan", "NaN", "NAN", "Nan", "N/A", "n/a", "NULL", "null", "Null", "NaT", "nat", "<NA>", "<na>"}
)
_SEPARATORS = ",;\t|"
_MOST_CELL_CHARACTERS = 10_000_000


@dataclass
class Raw:
    """A table as text: blanks are empty strings; ``rows`` are the spreadsheet's row numbers.

    ``unusable`` holds, by heading, cells that are no value whatever stands there.
    """

    source: Source
    frame: pd.DataFrame
    rows: Any
    decimal_comma: bool = False
    unusable: dict[str, list[Mark]] = field(default_factory=dict)


def read_raw(source: Source, is_heading: Callable[[str], bool], log: ProblemLog) -> Raw | None:
    """Read one file as text.

    Parameters
    ----------
    source : Source
    is_heading : callable
        Whether a text is a heading of the table.
    log : ProblemLog

    Returns
    -------
    Raw or None
        None if the file cannot be read (the log says why) or has headings and no rows (the log notes it).
    """
    suffix = source.path.suffix.lower()
    if suffix in TEXTS:
        raw = _read_text(source, is_heading, log)
    elif suffix in WORKBOOKS:
        raw = _read_workbook(source, is_heading, log)
    elif suffix in PARQUET:
        raw = _read_parquet(source, log)
    else:
        log.add(
            f'has the ending "{source.path.suffix}", which is not read.',
            file=source.label,
            table=source.table,
            advice=f"Those that are: {', '.join(SUFFIXES)}.",
        )
        return None
    if raw is None:
        return None
    filled = (raw.frame != "").any(axis=1).to_numpy()
    if not filled.any():
        log.note(f"{source.label} has headings and no rows; read as no records")
        return None
    raw.frame, raw.rows = raw.frame.loc[filled].reset_index(drop=True), raw.rows[filled]
    return with_errors(raw)


def with_errors(raw: Raw) -> Raw:
    """Set aside what a spreadsheet wrote where a formula failed, in a copy of a table as text, too."""
    for name in raw.frame:
        text = raw.frame[name]
        failed = text.isin(list(ERRORS))
        if failed.any():
            told = {mark.row for mark in raw.unusable.get(str(name), ())}
            marks = [
                Mark(int(row), 0, str(value), "is an error of the spreadsheet.", "")
                for row, value in zip(raw.rows[failed.to_numpy()], text[failed], strict=True)
                if int(row) not in told
            ]
            raw.unusable.setdefault(str(name), []).extend(marks)
            raw.frame[name] = text.mask(failed, "")
    return raw


def decoded(path: Path, label: str, table: str, log: ProblemLog) -> str | None:
    """Return the text of a file: UTF-8 or UTF-16 by its mark, else as Windows writes it, which is told."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[1:2] == b"\0" or data[:1] == b"\0":
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = "\0"
        if encoding != "utf-8-sig" or "\0" in text:
            log.add(
                f"is no text that can be read (byte {error.start:,}).",
                file=label,
                table=table,
                advice='In Excel, save as "CSV UTF-8 (comma delimited)".',
            )
            return None
        log.note(
            f"WARNING: {label} is not UTF-8 (byte {error.start:,}) and was read as Windows-1252: look at "
            "names with letters beyond a to z"
        )
    if "\0" in text:
        log.add(
            "holds NUL characters, which no text has.", file=label, table=table, advice="Export it again."
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_text(source: Source, is_heading: Callable[[str], bool], log: ProblemLog) -> Raw | None:
    text = decoded(source.path, source.label, source.table, log)
    if text is None:
        return None
    stated = text[:4].casefold().startswith("sep=")  # Excel's own way to say it
    head = [line for line in text[:20_000].split("\n") if line.strip(" " + _SEPARATORS)][:3]
    separator = text[4:5] if stated else _separator(head, is_heading)
    try:
        csv.field_size_limit(_MOST_CELL_CHARACTERS)
        cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        log.add(f"is no table as text ({error}).", file=source.label, table=source.table)
        return None
    if stated:
        cells[0] = []
    where = {"file": source.label, "sheet": source.sheet, "table": source.table}
    found = columns_of(Lines(cells, list(range(1, len(cells) + 1))), is_heading, where, log)
    if found is None:
        return None
    return Raw(source, clean(found.frame), found.rows, separator == ";", found.unusable)


def _separator(head: list[str], is_heading: Callable[[str], bool]) -> str:
    """The mark that parts the most headings of the table; where it has none, that makes the most cells."""

    def parted(mark: str) -> tuple[int, int]:
        try:
            lines = list(csv.reader(head, delimiter=mark))
        except csv.Error:
            return (0, 0)
        known = max((sum(is_heading(cell.strip()) for cell in line if cell) for line in lines), default=0)
        return (known, len(lines[0]) if lines else 0)

    return max(_SEPARATORS, key=parted)


def _read_workbook(source: Source, is_heading: Callable[[str], bool], log: ProblemLog) -> Raw | None:
    from inventories.activity.workbooks import read_sheet

    read = read_sheet(source.path, source.label, source.table, source.sheet, log)
    if read is None:
        return None
    source = replace(source, sheet=read[0])
    where = {"file": source.label, "sheet": source.sheet, "table": source.table}
    found = columns_of(read[1], is_heading, where, log)
    return None if found is None else Raw(source, clean(found.frame), found.rows, unusable=found.unusable)


def _read_parquet(source: Source, log: ProblemLog) -> Raw | None:
    import numpy as np
    import pandas as pd

    try:
        typed = pd.read_parquet(source.path)
    except Exception as error:  # arrow errors of many kinds, all meaning: not a Parquet file
        log.add(f"is no Parquet file that can be read ({error}).", file=source.label, table=source.table)
        return None
    typed = typed.reset_index(drop=True)
    if typed.columns.empty:
        log.add(
            "is empty: it has not even headings.",
            file=source.label,
            table=source.table,
            advice="Fill it, or take it away if the port has no such activity.",
        )
        return None
    frame = pd.DataFrame({str(name): column_text(typed[name]) for name in typed}, dtype="str")
    return Raw(source, clean(frame), np.arange(2, len(frame) + 2))


def column_text(series: pd.Series) -> pd.Series:
    """Text of a typed column, exactly: floats keep every digit, times their offset."""
    import pandas as pd

    missing = series.isna()
    if pd.api.types.is_bool_dtype(series.dtype):
        text = series.astype("boolean").map({True: "yes", False: "no"}).astype("str")
    elif isinstance(series.dtype, pd.DatetimeTZDtype):
        text = series.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    elif pd.api.types.is_datetime64_any_dtype(series.dtype):
        text = series.dt.strftime("%Y-%m-%d %H:%M:%S.%f").str.removesuffix(".000000")
    elif pd.api.types.is_numeric_dtype(series.dtype) or isinstance(series.dtype, pd.StringDtype):
        text = series.astype("str")
    else:
        text = pd.Series(
            [cell_text(value) for value in series.where(~missing, None)], index=series.index, dtype="str"
        )
    return text.astype("str").mask(missing, "")


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Blanks at the ends off; the spellings of *nothing* become empty."""
    for name in frame.columns:
        text = frame[name].fillna("").astype("str").str.strip()
        frame[name] = text.mask(text.isin(list(MISSING)), "")
    return frame
