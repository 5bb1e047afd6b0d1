"""Millions of gate visits, one row each, summed to counts before anything else is done with them.

DuckDB groups the rows by all that later steps tell apart (terminal, month, model year, fuel, technology,
visit key,
route); hours and miles are carried as exact sums. A cell that cannot be read keeps a group of its own, so
that the
ordinary checks meet it afterwards with the number of its first row.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from inventories.activity.files import Raw, clean, column_text, with_errors
from inventories.activity.found_files import Source
from inventories.activity.headings import resolve
from inventories.activity.problems import ProblemLog
from inventories.activity.tables import TABLES
from inventories.port.port import Port

__all__ = ["read_counts"]

# Sums are kept in whole billionths, so that they do not depend on the order in which threads add.
_SCALE = 1_000_000_000
_SUMMED = ("on_terminal_idle", "on_terminal_miles", "gate", "queue", "starts")


def read_counts(source: Source, port: Port, year: int, log: ProblemLog) -> Raw | None:
    """Read a large file of gate visits, Parquet or CSV, as counts.

    Returns
    -------
    Raw or None
        Text as :func:`inventories.activity.files.read_raw` gives it, one row per group; ``rows`` are first
        rows. Hours and miles are means per visit, so that mean times count is the sum. A column *count* is
        always there.
    """
    import duckdb

    # the rows of a CSV file have no number of their own, and get it by their order
    text = source.path.suffix.lower() == ".csv"
    con = duckdb.connect(config={"preserve_insertion_order": "true" if text else "false"})
    try:
        relation, place = _relation(text), str(source.path)
        described = con.execute(f"DESCRIBE SELECT * FROM {relation}", [place]).fetchall()
        types = {str(name): str(kind) for name, kind, *_ in described}
        names = [name for name in types if name != "file_row_number"]
        found = resolve(names, TABLES[source.table], source, port, ProblemLog())
        query, columns = _query(found, types, port, year, relation)
        grouped = con.execute(query, [place]).df()
    except duckdb.Error as error:
        log.add(
            f"is no {'CSV' if text else 'Parquet'} file that can be read ({str(error).splitlines()[0]}).",
            file=source.label,
            table=source.table,
        )
        return None
    finally:
        con.close()
    if grouped.empty:
        log.note(f"{source.label} has headings and no rows; read as no records")
        return None
    others = [name for name in names if name not in columns]
    frame = grouped[list(columns)].copy()
    for name in columns:
        frame[name] = column_text(frame[name])
    for name in others:  # kept as empty columns, so that a slip in a heading is told
        frame[name] = ""
    log.note(
        f"{source.label}: {int(grouped['_rows'].sum()):,} rows summed to {len(frame):,} groups of visits"
    )
    return with_errors(Raw(source, clean(frame), grouped["_first"].to_numpy() + 2))


def _relation(text: bool) -> str:
    """What the query reads: the file, with the number of each row from 0."""
    if not text:
        return "read_parquet($1, file_row_number=true)"
    return (
        "(SELECT *, row_number() OVER () - 1 AS file_row_number "
        "FROM read_csv($1, all_varchar=true, header=true, strict_mode=true))"
    )


def _query(
    found: dict[str, Any], types: dict[str, str], port: Port, year: int, relation: str
) -> tuple[str, list[str]]:
    """The grouping as SQL, and the columns that it gives besides ``_first`` and ``_rows``."""
    groups: dict[str, str] = {}
    keys: dict[str, str] = {}
    counted = found["count"].theirs[0] if "count" in found else ""
    weight = f"coalesce(TRY_CAST({_quote(counted)} AS DOUBLE), 0)" if counted else "1.0"
    sums: dict[str, str] = {}
    hidden: list[str] = []
    for name, heading in found.items():
        if name == "truck_id":
            continue
        for theirs in filter(None, heading.theirs):
            text = _quote(theirs)
            if name == "count":
                hidden.append(
                    f"CASE WHEN TRY_CAST({text} AS DOUBLE) >= 0 THEN NULL ELSE coalesce(CAST({text} AS "
                    f"VARCHAR), '') END"
                )
            elif name in _SUMMED:
                column = heading.column
                # a value that fits is summed; blanks, texts and values out of bounds stay apart
                low, high = column.minimum, column.maximum / heading.factor
                fits = f"TRY_CAST({text} AS DOUBLE) BETWEEN {low} AND {high}"
                hidden.append(f"CASE WHEN {fits} THEN NULL ELSE coalesce(CAST({text} AS VARCHAR), '') END")
                scaled = f"CAST(round(CAST({text} AS DOUBLE) * {weight} * {_SCALE}) AS HUGEINT)"
                total = f"sum(CASE WHEN {fits} THEN {scaled} END)"
                bad = f"any_value(CAST({text} AS VARCHAR))"
                mean = f"CAST(CAST({total} AS DOUBLE) / {_SCALE} / nullif(sum({weight}), 0) AS VARCHAR)"
                sums[theirs] = f"coalesce({mean}, {bad})"
            elif heading.column.kind == "month":
                groups[theirs], keys[theirs] = _month(text, types[theirs], port, year)
            else:
                groups[theirs] = keys[theirs] = text
    shown = [f"{expression} AS {_quote(theirs)}" for theirs, expression in {**keys, **sums}.items()]
    count = counted or "count"
    bad_count = f"any_value(CAST({_quote(counted)} AS VARCHAR))" if counted else "NULL"
    good = f"bool_and(TRY_CAST({_quote(counted)} AS DOUBLE) >= 0)" if counted else "true"
    whole = f"CAST(CAST(round(sum({weight}) * 1e6) AS HUGEINT) / 1e6 AS VARCHAR)"
    shown.append(f"CASE WHEN {good} THEN {whole} ELSE {bad_count} END AS {_quote(count)}")
    grouped = [*groups.values(), *hidden]
    group = f"GROUP BY {', '.join(grouped)}" if grouped else ""
    query = (
        f"SELECT {', '.join(shown)}, min(file_row_number) AS _first, count(*) AS _rows "
        f"FROM {relation} {group} ORDER BY _first"
    )
    return query, [*keys, *sums, count]


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _month(text: str, kind: str, port: Port, year: int) -> tuple[str, str]:
    """What to group a day by, and year and month as text; of a moment with a zone, by the port's clock."""
    if "WITH TIME ZONE" in kind:
        zone = zoneinfo.ZoneInfo(port.timezone)
        ends = [
            dt.datetime(year + (place - 1) // 12, (place - 1) % 12 + 1, 1, tzinfo=zone) for place in range(15)
        ]
        cases = " ".join(f"WHEN epoch({text}) < {end.timestamp():.0f} THEN '{_before(end)}'" for end in ends)
        by_clock = f"CASE WHEN {text} IS NULL THEN '' {cases} ELSE '{year + 1}-02' END"
        return by_clock, by_clock
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        first = f"date_trunc('month', {text})"
        return first, f"strftime({first}, '%Y-%m')"
    words = f"CAST({text} AS VARCHAR)"
    shape = "\\d{4}-\\d{2}-\\d{2}([T ][0-9:.]*)?"
    day = f"regexp_full_match({words}, '{shape}') AND TRY_CAST(left({words}, 10) AS DATE) IS NOT NULL"
    month = f"coalesce(CASE WHEN {day} THEN left({words}, 7) ELSE {words} END, '')"
    return month, month


def _before(end: dt.datetime) -> str:
    last = end.replace(tzinfo=None) - dt.timedelta(days=1)
    return f"{last.year:04d}-{last.month:02d}"
