"""Which file, and which sheet of a workbook, holds which table of a year; every other file is named.

A table that is not recognised would be a source of emissions that is not there, so names are read as people
write them (`equipment.CSV`, a sheet "Equipment"), and what is still no table is told.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inventories.activity.problems import ProblemLog
from inventories.activity.table_names import table_named
from inventories.activity.tables import TABLES
from inventories.activity.workbooks import sheet_names
from inventories.port.port import Port, nearest

__all__ = ["Source", "find_sources", "looked_for", "sha256"]

TEXTS = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
PARQUET = (".parquet",)
SUFFIXES = (*TEXTS, *WORKBOOKS, *PARQUET)
SHEETS_OF = "activity"
"""A workbook of this name holds a table a sheet."""
_WRITTEN_BY_SYSTEMS = ("~$", ".", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Source:
    """One file (and sheet) that holds one table; ``one_year`` if its place says of which year it is."""

    table: str
    path: Path
    label: str
    sheet: str = ""
    one_year: bool = True


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
    taken = {source.path for source in sources}
    folder = port.folder / "activity" / str(year)
    by_table: dict[str, list[Source]] = {}
    for source in _by_name(folder, port, taken, log):
        by_table.setdefault(source.table, []).append(source)
    for table in TABLES:
        found = by_table.get(table, [])
        if table in declared:
            for source in found:
                log.note(
                    f"WARNING: {_where(source)} was not read: [[files]] of port.toml names another file for "
                    f"the table {table}"
                )
        elif len(found) > 1:
            log.add(
                f"the table {table} is there {len(found)} times: {', '.join(map(_where, found))}.",
                file=_label(folder, port),
                table=table,
                advice="Keep one of them, or name the one to read in [[files]] of port.toml.",
            )
        else:
            sources += found
    if not sources and not len(log):
        log.add(
            f"no activity of {year} was found.",
            file=_label(folder, port),
            advice=f"Looked for {looked_for(year, *TABLES)}, the sheets of {SHEETS_OF}.xlsx there, "
            "and [[files]] in port.toml.",
        )
    return sources


def looked_for(year: int, *tables: str) -> str:
    """The file names under which tables are looked for."""
    return ", ".join(f"activity/{year}/{table}.csv|.xlsx|.parquet" for table in tables)


def _label(path: Path, port: Port) -> str:
    return path.relative_to(port.folder).as_posix()


def _where(source: Source) -> str:
    return f"sheet {source.sheet} of {source.label}" if source.sheet else source.label


def _by_name(folder: Path, port: Port, taken: set[Path], log: ProblemLog) -> Iterator[Source]:
    """Files of a folder, and sheets of its workbook, that are called after a table; the others are told."""
    year = int(folder.name)
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name.startswith(_WRITTEN_BY_SYSTEMS) or path in taken:
            continue
        if path.is_dir():
            log.note(f"the folder {_label(path, port)} was not read")
            continue
        stem, suffix = path.stem, path.suffix.lower()
        if suffix == ".txt":  # equipment.csv.txt, as some editors name what they save
            stem = re.sub(r"\.(csv|tsv)$", "", stem, flags=re.IGNORECASE)
        table = table_named(stem, year)
        if table and suffix in SUFFIXES:
            yield Source(table, path, _label(path, port))
        elif suffix in WORKBOOKS and stem.strip().casefold() == SHEETS_OF:
            yield from _sheets(path, port, year, log)
        else:
            _unread(path, stem, suffix, bool(table), port, log)


def _unread(path: Path, stem: str, suffix: str, is_table: bool, port: Port, log: ProblemLog) -> None:
    """A file with a slip in its name would otherwise just be missing."""
    label, hint = _label(path, port), nearest(stem, list(TABLES))
    if is_table:
        log.add(
            f'has the ending "{path.suffix}", which is not read.',
            file=label,
            advice=f"Save it as one of {', '.join(SUFFIXES)}.",
        )
    elif hint and suffix in SUFFIXES:
        log.add(f"is not the name of a table. {hint}", file=label, advice=f"Tables: {', '.join(TABLES)}.")
    else:
        log.note(
            f"{'WARNING: ' if suffix in SUFFIXES else ''}{label} is not the name of a table and was not read"
        )


def _sheets(workbook: Path, port: Port, year: int, log: ProblemLog) -> Iterator[Source]:
    label = _label(workbook, port)
    for sheet in sheet_names(workbook, label, log):
        table = table_named(sheet, year)
        if table:
            yield Source(table, workbook, label, sheet)
        elif hint := nearest(sheet, list(TABLES)):
            log.add(
                f"is not the name of a table. {hint}",
                file=label,
                sheet=sheet,
                advice=f"Rename the sheet. Tables: {', '.join(TABLES)}.",
            )
        else:
            log.note(f"WARNING: sheet {sheet} of {label} is not the name of a table and was not read")
