"""Files as they lie on the disk: found, hashed, and read as text, with the rows a spreadsheet counts.

Everything is read as text first, whatever the format, so that one set of rules reads numbers and times and
every
message can quote what stands in the cell. No file is ever written to.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inventories.activity.problems import ProblemLog
from inventories.activity.tables import TABLES
from inventories.port.port import Port, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Raw", "Source", "cell_text", "find_sources", "read_raw", "sha256"]

SUFFIXES = (".csv", ".xlsx", ".parquet")
MISSING = frozenset({"", "nan", "NaN", "#N/A", "N/A", "NULL", "null", "NaT", "<NA>"})


@dataclass(frozen=True)
class Source:
    """One file (and sheet) that holds one table; ``one_year`` if its place says of which year it is."""

    table: str
    path: Path
    label: str
    sheet: str = ""
    one_year: bool = True


@dataclass
class Raw:
    """A table as text: blanks are empty strings; ``rows`` are the spreadsheet's row numbers."""

    source: Source
    frame: pd.DataFrame
    rows: Any
    decimal_comma: bool = False


def sha256(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def find_sources(port: Port, year: int, log: ProblemLog) -> list[Source]:
    """Where each table lies: by ``[[files]]`` of port.toml, else ``activity/<year>/<table>.*``."""
    sources: list[Source] = []
    for entry in port.files:
        label = entry.path.format(year=year)
        path = port.folder / label
        if not path.is_file():
            log.add(
                f'is not there; [[files]] of port.toml names it for the table "{entry.table}".',
                file=label,
                table=entry.table,
                advice=f"Put the file there or correct the path ({path}).",
            )
            continue
        sources.append(Source(entry.table, path, label, entry.sheet, "{year}" in entry.path))
    declared = {entry.table for entry in port.files}
    folder = port.folder / "activity" / str(year)
    workbook = folder / "activity.xlsx"
    sheets = _sheets(workbook, log, port) if workbook.is_file() else []
    for table in TABLES:
        if table in declared:
            continue
        found = [
            folder / f"{table}{suffix}" for suffix in SUFFIXES if (folder / f"{table}{suffix}").is_file()
        ]
        labels = [_label(path, port) for path in found]
        if table in sheets:
            found.append(workbook)
            labels.append(f"sheet {table} of {_label(workbook, port)}")
        if len(found) > 1:
            log.add(
                f"the table {table} is there {len(found)} times: {', '.join(labels)}.",
                file=_label(folder, port),
                table=table,
                advice="Keep one of them, or name the one to read in [[files]] of port.toml.",
            )
        elif found:
            sheet = table if found[0] == workbook else ""
            sources.append(Source(table, found[0], _label(found[0], port), sheet))
    _stray_files(folder, port, log)
    if not sources and not len(log):
        log.add(
            f"no activity of {year} was found.",
            file=_label(folder, port),
            advice=f"Looked for {looked_for(year, *TABLES)}, the sheets of activity.xlsx there, "
            "and [[files]] in port.toml.",
        )
    return sources


def looked_for(year: int, *tables: str) -> str:
    """The file names under which tables are looked for."""
    return ", ".join(f"activity/{year}/{table}.csv|.xlsx|.parquet" for table in tables)


def _label(path: Path, port: Port) -> str:
    return path.relative_to(port.folder).as_posix()


def _sheets(workbook: Path, log: ProblemLog, port: Port) -> list[str]:
    import pandas as pd

    try:
        with pd.ExcelFile(workbook, engine="calamine") as book:
            return [str(name) for name in book.sheet_names]
    except Exception as error:  # calamine's own errors share no base class with pandas'
        log.add(f"is no Excel workbook that can be read ({error}).", file=_label(workbook, port))
        return []


def _stray_files(folder: Path, port: Port, log: ProblemLog) -> None:
    """A file with a slip in its name would otherwise just be missing."""
    if not folder.is_dir():
        return
    used = {(port.folder / entry.path.format(year=folder.name)).name for entry in port.files}
    for path in sorted(folder.iterdir()):
        if (
            path.suffix.lower() not in SUFFIXES
            or path.stem in TABLES
            or path.name in used
            or path.stem == "activity"
        ):
            continue
        hint = nearest(path.stem, list(TABLES))
        if hint:
            log.add(
                f"is not the name of a table. {hint}",
                file=_label(path, port),
                advice=f"Tables: {', '.join(TABLES)}.",
            )
        elif not path.name.startswith("~$"):
            log.note(f"{_label(path, port)} is not the name of a table and was not read")


def read_raw(source: Source, log: ProblemLog) -> Raw | None:
    """Read one file as text.

    Returns
    -------
    Raw or None
        None if the file cannot be read (the log says why) or has headings and no rows (the log notes it).
    """
    readers = {
        ".csv": _read_csv,
        ".txt": _read_csv,
        ".xlsx": _read_excel,
        ".xlsm": _read_excel,
        ".xls": _read_excel,
        ".parquet": _read_parquet,
    }
    reader = readers.get(source.path.suffix.lower())
    if reader is None:
        log.add(
            f'has the ending "{source.path.suffix}", which is not read.',
            file=source.label,
            table=source.table,
            advice="CSV, Excel (.xlsx) and Parquet are.",
        )
        return None
    raw = reader(source, log)
    if raw is None:
        return None
    filled = (raw.frame != "").any(axis=1).to_numpy()
    if not filled.any():
        log.note(f"{source.label} has headings and no rows; read as no records")
        return None
    raw.frame, raw.rows = raw.frame.loc[filled].reset_index(drop=True), raw.rows[filled]
    return raw


def _empty(source: Source, log: ProblemLog) -> None:
    log.add(
        "is empty: it has not even headings.",
        file=source.label,
        sheet=source.sheet,
        table=source.table,
        advice="Fill it, or take it away if the port has no such activity.",
    )


def _doubled(source: Source, names: list[str], log: ProblemLog) -> bool:
    stripped = [name.strip() for name in names]
    doubled = sorted({name for name in stripped if name and stripped.count(name) > 1})
    for name in doubled:
        log.add(
            "the heading is there twice.",
            file=source.label,
            sheet=source.sheet,
            table=source.table,
            column=name,
            advice="Keep one.",
        )
    return bool(doubled)


def _read_csv(source: Source, log: ProblemLog) -> Raw | None:
    import numpy as np
    import pandas as pd

    data = source.path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        log.add(
            f"is not UTF-8 text (byte {error.start:,}).",
            file=source.label,
            table=source.table,
            advice='In Excel, save as "CSV UTF-8 (comma delimited)".',
        )
        return None
    if not text.strip():
        _empty(source, log)
        return None
    first = text.lstrip("\r\n").splitlines()[0]
    separator = max(",;\t", key=lambda mark: len(next(csv.reader([first], delimiter=mark))))
    header = next(csv.reader(io.StringIO(text), delimiter=separator))
    if _doubled(source, header, log):
        return None
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            dtype="str",
            keep_default_na=False,
            skip_blank_lines=False,
            index_col=False,
            header=0,
        )
    except pd.errors.ParserError as error:
        log.add(
            f"a row has more cells than there are headings ({str(error).strip()}).",
            file=source.label,
            table=source.table,
            advice="Text that holds the separator must stand in quotes.",
        )
        return None
    frame.columns = pd.Index([str(name).strip() for name in header[: len(frame.columns)]])
    return Raw(source, clean(frame), np.arange(2, len(frame) + 2), decimal_comma=separator == ";")


def _read_excel(source: Source, log: ProblemLog) -> Raw | None:
    import numpy as np
    import pandas as pd

    try:
        with pd.ExcelFile(source.path, engine="calamine") as book:
            names = [str(name) for name in book.sheet_names]
            sheet = source.sheet or (source.table if source.table in names else names[0])
            if sheet not in names:
                log.add(
                    f'has no sheet "{sheet}". {nearest(sheet, names)}'.strip(),
                    file=source.label,
                    table=source.table,
                    advice=f"Its sheets: {', '.join(names)}.",
                )
                return None
            cells = pd.read_excel(book, sheet_name=sheet, header=None, dtype=object, na_filter=False)
    except Exception as error:  # calamine's own errors share no base class with pandas'
        log.add(f"is no Excel workbook that can be read ({error}).", file=source.label, table=source.table)
        return None
    if len(names) > 1 and not source.sheet and source.table not in names:
        log.note(
            f"{source.label}: read the first of its sheets, {sheet} (the others: {', '.join(names[1:])})"
        )
    source = Source(source.table, source.path, source.label, sheet, source.one_year)
    if cells.empty or not any(cell_text(value) for value in cells.iloc[0]):
        _empty(source, log)
        return None
    header = [cell_text(value) for value in cells.iloc[0]]
    kept = [place for place, name in enumerate(header) if name]
    if _doubled(source, header, log):
        return None
    body = {header[place]: [cell_text(value) for value in cells.iloc[1:, place]] for place in kept}
    frame = pd.DataFrame(body, dtype="str")
    return Raw(source, clean(frame), np.arange(2, len(frame) + 2))


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
        _empty(source, log)
        return None
    frame = pd.DataFrame({str(name): column_text(typed[name]) for name in typed}, dtype="str")
    return Raw(source, clean(frame), np.arange(2, len(frame) + 2))


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
