"""A year's activity: every table found, read, checked, made whole; or one error that tells all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from factors.brief import counted, lines
from inventories.activity.checks import check_between, check_table, drop_rejected
from inventories.activity.columns import Column, Table
from inventories.activity.counts import read_counts
from inventories.activity.decimal_marks import mark_of
from inventories.activity.expand import expand
from inventories.activity.files import Raw, read_raw
from inventories.activity.found_files import Source, find_sources, sha256
from inventories.activity.headings import Heading, is_heading_of, resolve
from inventories.activity.marked_rows import blank_table, mark
from inventories.activity.problems import ActivityError, Problem, ProblemLog
from inventories.activity.remarks import remark
from inventories.activity.rows import distinct, of_the_year, only, repeated_rows
from inventories.activity.table_names import check_table_names
from inventories.activity.tables import TABLES
from inventories.activity.tables.cell_checks import tell
from inventories.activity.values import parse
from inventories.port.port import Port, TableMapping

if TYPE_CHECKING:
    import pandas as pd

LARGE_CSV_BYTES = 5_000_000

__all__ = ["Activity", "check_activity", "load_activity", "read_activity"]


@dataclass
class Activity:
    """What a port did in a year, in canonical columns and units.

    Attributes
    ----------
    tables : dict[str, DataFrame]
        Every table of the toolkit; those that the port does not bring are empty. Columns as declared, in
        canonical
        units; ``<column>_from`` says *given*, *registry* or *default* where something was filled; ``_file,
        _sheet,
        _row`` say where a row comes from (the heading being row 1).
    rejected : DataFrame
        Rows not used: ``table, file, sheet, row, record, reason``; only where the port's policy allows it.
    notes : list[str]
        What a reader of the result should know.
    files : DataFrame
        ``table, path, sha256, rows``.
    """

    port: str
    year: int
    tables: dict[str, pd.DataFrame]
    rejected: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    files: pd.DataFrame = field(default_factory=lambda: _files([]))

    def __repr__(self) -> str:
        brought = {name: counted(len(table), "row") for name, table in self.tables.items() if len(table)}
        rejected = {"rejected": counted(len(self.rejected), "record")} if len(self.rejected) else {}
        notes = {"notes": f"{len(self.notes):,}"} if self.notes else {}
        return lines(f"Activity of {self.port}, {self.year}", brought | rejected | notes)


def load_activity(port: Port, year: int) -> Activity:
    """Read all activity of *year* from the port's folder; input files are never changed.

    Raises
    ------
    ActivityError
        With every problem of every file.
    """
    activity, problems = read_activity(port, year)
    if problems:
        raise ActivityError(problems, f"{port.name}, {year}")
    return activity


def earlier_vessels(port: Port, year: int) -> pd.DataFrame | None:
    """Ships as the port's own tables of earlier years describe them, the newest year first; None without any.

    They only fill gaps: a problem in an old table is that year's to tell.
    """
    import pandas as pd

    found = []
    for earlier in sorted((known for known in port.years() if known < year), reverse=True):
        log = ProblemLog()
        sources = [source for source in find_sources(port, earlier, log) if source.table == "vessels"]
        read = [_read_table(source, port, earlier, log) for source in sources]
        found += [frame for frame in read if frame is not None and not log.problems()]
    return pd.concat(found, ignore_index=True).drop_duplicates("vessel_id") if found else None


def check_activity(port: Port, year: int) -> list[Problem]:
    """All problems of a year's inputs; an empty list if there are none."""
    return read_activity(port, year)[1]


def read_activity(port: Port, year: int) -> tuple[Activity, list[Problem]]:
    """Read what can be read of a year, and return it with all problems; use it where there are none."""
    import pandas as pd

    check_table_names(port)
    rejecting = frozenset(name for name, policy in port.tables.items() if policy.on_unusable == "reject")
    log = ProblemLog(rejecting=rejecting)
    frames: dict[str, pd.DataFrame] = {}
    listed = []
    for source in find_sources(port, year, log):
        listed.append({"table": source.table, "path": source.label, "sha256": sha256(source.path), "rows": 0})
        frame = _read_table(source, port, year, log)
        if frame is None:
            continue
        listed[-1]["rows"] = frame.attrs["rows_read"]
        if source.table in frames:
            frame = pd.concat([frames[source.table], frame], ignore_index=True)
        frames[source.table] = frame
    for name, frame in frames.items():
        frame.attrs["table"] = name
        check_table(name, frame, port, year, log)
    names = _record_names(frames) if log.rejecting else {}
    drop_rejected(frames, log)
    check_between(frames, port, year, log, brought=frozenset(str(entry["table"]) for entry in listed))
    drop_rejected(frames, log)
    problems = log.problems()
    if not problems:
        expand(frames, port, log)
        remark(frames, port, year, log)
    for name in TABLES:
        frames[name] = frames[name] if name in frames else blank_table(name)
        frames[name].attrs = {}
    rejected = _rejected(log, names)
    if len(rejected):
        log.note(f"{len(rejected):,} rows cannot be used and were left out, each with its reason")
    return Activity(
        port.slug, year, {name: frames[name] for name in TABLES}, rejected, log.notes, _files(listed)
    ), problems


def _files(listed: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(listed, columns=["table", "path", "sha256", "rows"])


def _record_names(frames: dict[str, pd.DataFrame]) -> dict[tuple[str, str, str, int], str]:
    """The key of each row of the tables that have one, to name rejected rows by."""
    names: dict[tuple[str, str, str, int], str] = {}
    for name, frame in frames.items():
        if TABLES[name].key:
            key = TABLES[name].column(TABLES[name].key[0]).out
            places = zip(frame["_file"], frame["_sheet"], frame["_row"], strict=True)
            names |= {
                (name, *place): value
                for place, value in zip(places, frame[key].fillna("").astype("str"), strict=True)
            }
    return names


def _rejected(log: ProblemLog, names: dict[tuple[str, str, str, int], str]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (*place[:3], place[3], names.get(place) or log.records.get(place, ""), reason)
        for place, reason in sorted(log.rejected.items())
    ]
    return pd.DataFrame(rows, columns=["table", "file", "sheet", "row", "record", "reason"])


def _read_table(source: Source, port: Port, year: int, log: ProblemLog) -> pd.DataFrame | None:
    table = TABLES[source.table]
    summed = table.sums and _is_large(source)
    is_heading = is_heading_of(table, port.mapping.get(table.name, TableMapping()))
    raw = read_counts(source, port, year, log) if summed else read_raw(source, is_heading, log)
    if raw is None:
        return None
    raw = only(raw, port, log)
    rows_read = len(raw.frame)
    found = resolve(list(raw.frame.columns), table, raw.source, port, log)
    if summed and "count" not in found:
        found["count"] = Heading(table.column("count"), ("count",))
    if not table.repeats or ("count" in found and not summed):
        raw = repeated_rows(raw, table, port, log)
    frame, years = _parse(raw, table, found, port, log)
    frame.attrs["rows_read"] = rows_read
    frame.attrs["table"] = table.name
    mapping = port.mapping.get(table.name)
    frame = of_the_year(frame, years, raw, port, year, log)
    if mapping and mapping.distinct:
        frame = distinct(frame, table, log)
        for column in table.columns:
            # only now: what one row of a record leaves blank another may say
            nothing = frame[column.out].notna() & False
            _required(frame, column, found.get(column.name), nothing, raw, log)
    return frame


def _is_large(source: Source) -> bool:
    """Whether a file may hold millions of rows: any Parquet, and a CSV above some megabytes."""
    suffix = source.path.suffix.lower()
    if suffix != ".csv" or source.path.stat().st_size <= LARGE_CSV_BYTES:
        return suffix == ".parquet"
    with source.path.open("rb") as stream:
        heading = stream.readline()
    # semicolons mean decimal commas, which the plain reader knows how to read
    return b"," in heading and b";" not in heading and b"\t" not in heading


def _parse(
    raw: Raw, table: Table, found: dict[str, Heading], port: Port, log: ProblemLog
) -> tuple[pd.DataFrame, Any]:
    """All columns of a table as values; blank ones where the file does not have them."""
    import pandas as pd

    mapping = port.mapping.get(table.name, TableMapping())
    frame = blank_table(table.name).reindex(index=range(len(raw.frame)))
    frame["_file"], frame["_sheet"], frame["_row"] = raw.source.label, raw.source.sheet, raw.rows
    years = None
    decimal_mark = _decimal_mark(raw, table, found)
    where: dict[str, Any] = {"file": raw.source.label, "sheet": raw.source.sheet, "table": table.name}
    for column in table.columns:
        heading = found.get(column.name)
        filled = pd.Series(False, index=frame.index)
        written = pd.Series("", index=raw.rows, dtype="str")
        for place, theirs in enumerate(heading.theirs if heading else ()):
            if not theirs:
                continue
            assert heading is not None
            text = _mapped_values(
                raw.frame[theirs], mapping.values.get(column.name) or mapping.values.get(column.out)
            )
            filled |= _tell_unusable(raw, theirs, frame, where, log)
            use = (text != "") & ~filled
            parsed = parse(
                text.where(use, ""),
                column,
                timezone=port.timezone,
                factor=heading.factor,
                mark=decimal_mark,
            )
            for finding in parsed.findings:
                bad = finding.mask & use
                if bad.any():
                    log.add(
                        finding.what,
                        column=theirs,
                        rows=raw.rows[bad.to_numpy()].tolist(),
                        values=text[bad].tolist(),
                        allowed=finding.allowed,
                        advice=finding.advice,
                        **where,
                    )
            for note in parsed.notes:
                log.note(f"{raw.source.label}, column {theirs}: {note}")
            frame[column.out] = parsed.values.where(use, frame[column.out]) if place else parsed.values
            if place and use.any():
                mark(frame, column.out, use, "default")
                log.note(
                    f"{raw.source.label}: {column.name} of {int(use.sum()):,} rows taken from {theirs}, "
                    "marked default"
                )
            if parsed.years is not None:
                years = parsed.years
            for unit, output in column.also.items():
                other = parse(
                    text.where(use, ""),
                    column,
                    timezone=port.timezone,
                    factor=heading.also[output],
                    mark=decimal_mark,
                )
                frame[output] = other.values.where(parsed.values.notna())
                del unit
            filled |= use
            written = written.mask(use.to_numpy(), text.set_axis(written.index))
        # rows taken together keep the row number of the first only, and their times may be another row's
        if heading and column.kind in ("time", "date") and not mapping.distinct:
            log.written[raw.source.table, raw.source.label, raw.source.sheet, column.name] = written
        _defaults(frame, column, filled, mapping, port, log, where)
        if not mapping.distinct:
            _required(frame, column, heading, filled, raw, log)
        if column.name in mapping.provenance:
            mark(frame, column.out, frame[column.out].notna(), mapping.provenance[column.name])
    return frame, years


def _tell_unusable(
    raw: Raw, theirs: str, frame: pd.DataFrame, where: dict[str, Any], log: ProblemLog
) -> pd.Series:
    """Tell cells that are no value whatever stands there, and return in which rows."""
    import pandas as pd

    marks = {mark.row: mark for mark in raw.unusable.get(theirs, ())}
    here = pd.Series([int(row) in marks for row in raw.rows] if marks else False, index=frame.index)
    for row in raw.rows[here.to_numpy()].tolist():
        cell = marks[row]
        log.add(cell.what, column=theirs, rows=[row], values=[cell.value], advice=cell.advice, **where)
    return here


def _decimal_mark(raw: Raw, table: Table, found: dict[str, Heading]) -> str | None:
    """The decimal mark of a file parted by semicolons, by all of its numbers; None where it is a point."""
    if not raw.decimal_comma:
        return None
    numeric = (found[column.name] for column in table.columns if column.kind in ("number", "integer")
               and column.name in found)  # fmt: skip
    return mark_of(raw.frame[theirs] for heading in numeric for theirs in heading.theirs if theirs)


def _mapped_values(text: pd.Series, values: dict[str, str] | None) -> pd.Series:
    """Their codes as our words; codes that the mapping does not name stay, and are judged as any other."""
    if not values:
        return text
    folded = {theirs.casefold(): ours for theirs, ours in values.items()}
    codes = text.str.casefold().str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    return text.mask(codes.isin(list(folded)), codes.map(folded)).astype("str")


def _defaults(
    frame: pd.DataFrame,
    column: Column,
    filled: pd.Series,
    mapping: TableMapping,
    port: Port,
    log: ProblemLog,
    where: dict[str, Any],
) -> None:
    """Values for blank cells: those of the mapping, of the schema, and the only port where there is one."""
    import pandas as pd

    value: Any = mapping.defaults.get(column.name, column.default)
    if column.name == "port" and value is None and len(port.ports) == 1:
        value = next(iter(port.ports))
    if value is None:
        return
    text = pd.Series([str(value).lower() if isinstance(value, bool) else str(value)], dtype="str")
    parsed = parse(text, column, timezone=port.timezone)
    if any(finding.mask.any() for finding in parsed.findings):
        log.add(
            f'[mapping.{where["table"]}] defaults: "{value}" cannot be read.',
            column=column.name,
            allowed=column.allowed,
            **where,
        )
        return
    blank = ~filled
    if blank.any():
        frame[column.out] = frame[column.out].mask(blank, parsed.values.iloc[0])
        if column.name in mapping.defaults:
            mark(frame, column.out, blank, "default")


def _required(
    frame: pd.DataFrame,
    column: Column,
    heading: Heading | None,
    filled: pd.Series,
    raw: Raw,
    log: ProblemLog,
) -> None:
    """A required column is there, and filled in every row."""
    if not column.required:
        return
    blank = frame[column.out].isna() & ~filled
    table = raw.source.table
    if heading is None and blank.all():
        log.add(
            f'the column "{column.heading}" is missing; it is required.',
            file=raw.source.label,
            sheet=raw.source.sheet,
            table=table,
            column=column.heading,
            allowed=column.allowed,
            advice=f"Its headings: {', '.join(raw.frame.columns)}.",
        )
        return
    theirs = heading.theirs[0] if heading and heading.theirs[0] else column.heading
    words = f"{column.name} is blank; it is required."
    tell(log, table, frame, blank, words, column=theirs, allowed=column.allowed)
