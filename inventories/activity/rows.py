"""Which rows of a file count: those of the port and the year, each record once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inventories.activity.columns import Table
from inventories.activity.files import Raw
from inventories.activity.problems import ProblemLog
from inventories.activity.tables import TABLES
from inventories.activity.tables.cell_checks import tell
from inventories.port.port import Port

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["distinct", "of_the_year", "only", "repeated_rows"]


def only(raw: Raw, port: Port, log: ProblemLog) -> Raw:
    """Leave out rows that port.toml says are of others, each with its reason."""
    mapping = port.mapping.get(raw.source.table)
    for theirs, wanted in (mapping.only if mapping else {}).items():
        if theirs not in raw.frame:
            log.add(
                f'[mapping.{raw.source.table}] only: the file has no heading "{theirs}".',
                file=raw.source.label,
                table=raw.source.table,
            )
            continue
        values = raw.frame[theirs]
        other = ~values.isin(wanted)
        words = f"rows left out, as {theirs} is not {' or '.join(wanted)}"
        log.note(f"{raw.source.label}, {raw.source.table}: {int(other.sum()):,} {words}")
        if not TABLES[raw.source.table].register:
            key = TABLES[raw.source.table].key[:1]
            named = [name for name, ours in (mapping.columns if mapping else {}).items() if ours in key]
            records = raw.frame.loc[other, named[0]] if named else values[other]
            rows = raw.rows[other.to_numpy()].tolist()
            for row, value, record in zip(rows, values[other], records, strict=True):
                place = (raw.source.table, raw.source.label, raw.source.sheet, row)
                log.records[place] = record if named else ""
                log.rejected[place] = f'{theirs} is "{value}", not {" or ".join(wanted)}'
        raw.frame = raw.frame.loc[~other].reset_index(drop=True)
        raw.rows = raw.rows[~other.to_numpy()]
    return raw


def repeated_rows(raw: Raw, table: Table, port: Port, log: ProblemLog) -> Raw:
    """Tell rows that are the same to the letter as one before them, and leave them out of further checks."""
    mapping = port.mapping.get(table.name)
    if mapping and mapping.distinct:
        return raw
    again = raw.frame.duplicated()
    log_rows = raw.rows[again.to_numpy()].tolist()
    if log_rows:
        log.add(
            "the row is the same as one before it.",
            file=raw.source.label,
            sheet=raw.source.sheet,
            table=table.name,
            column=str(raw.frame.columns[0]),
            rows=log_rows,
            # the first cell tells which record: tables begin with what they are known by
            values=raw.frame.loc[again].iloc[:, 0].astype("str").tolist(),
            allowed="each record once",
            advice="Take it out if it is a copy; if there really are two, give each its own number.",
        )
    # a copy would be told again as a key given twice, and as a ship in two places; where rows may be
    # rejected it stays, to be listed by its name
    if log_rows and table.name not in log.rejecting:
        raw.frame = raw.frame.loc[~again].reset_index(drop=True)
        raw.rows = raw.rows[~again.to_numpy()]
    return raw


def of_the_year(
    frame: pd.DataFrame, years: Any, raw: Raw, port: Port, year: int, log: ProblemLog
) -> pd.DataFrame:
    """Records of other years: a problem in a year's own folder, left out of a file of several years.

    A call belongs to every year that it reaches into; a month or period to its own.
    """
    import pandas as pd

    if raw.source.table == "calls":
        start = pd.Timestamp(year, 1, 1, tz=port.timezone)
        end = pd.Timestamp(year + 1, 1, 1, tz=port.timezone)
        other = (frame["departure_utc"] <= start) | (frame["arrival_utc"] >= end)
        column = "arrival"
    elif years is not None:
        other = years.notna() & (years != year)
        column = "period" if raw.source.table == "cargo" else "date_or_month"
    else:
        return frame
    if not other.any():
        return frame
    if raw.source.one_year:
        values = (
            frame["arrival_utc"].dt.strftime("%Y-%m-%d") if column == "arrival" else years.astype("Int64")
        )
        tell(
            log,
            raw.source.table,
            frame,
            other.to_numpy(),
            f"lies outside {year}.",
            column=column,
            values=values,
            advice="Move it to the folder of its year, or name one file for several years in [[files]].",
        )
        return frame
    log.note(f"{raw.source.label}: {int(other.sum()):,} rows of other years than {year} left out")
    attrs = frame.attrs
    frame = frame.loc[~other].reset_index(drop=True)
    frame.attrs = attrs
    return frame


def distinct(frame: pd.DataFrame, table: Table, log: ProblemLog) -> pd.DataFrame:
    """Take rows of one record together: earliest arrival, latest departure, the first word of the rest."""
    import pandas as pd

    keys = [table.column(key).out for key in table.key]
    again = frame.duplicated(keys, keep=False) & frame[keys].notna().all(axis=1)
    if not again.any():
        return frame
    groups = frame.loc[again].groupby(keys, sort=False)
    first = groups.first(skipna=True)
    for column in table.columns:
        if column.out in keys:
            continue
        if column.merge in ("min", "max"):
            # what was given goes before what was estimated
            given = frame.loc[again]
            source = f"{column.out}_from"
            if source in frame:
                some = given.groupby(keys)[source].transform(lambda marks: marks.eq("given").any())
                given = given.loc[~some | given[source].eq("given")]
            best = given.groupby(keys, sort=False)[column.out].agg(column.merge)
            first[column.out] = best.reindex(first.index)
        elif column.merge == "same":
            differs = groups[column.out].nunique(dropna=True)
            for key in differs.index[differs > 1]:
                rows = frame.loc[again & (frame[keys[0]] == (key if len(keys) == 1 else key[0]))]
                tell(
                    log,
                    table.name,
                    rows,
                    rows[column.out].notna(),
                    f"rows of the same {keys[0]} differ in {column.name}.",
                    column=column.name,
                    values=rows[column.out],
                    advice="Make them agree.",
                )
    merged = first.reset_index()[frame.columns]
    attrs = frame.attrs
    frame = (
        pd.concat([frame.loc[~again], merged], ignore_index=True)
        .sort_values("_row", kind="stable")
        .reset_index(drop=True)
    )
    frame.attrs = attrs
    log.note(
        f"{frame['_file'].iloc[0] if len(frame) else table.name}: {int(again.sum()):,} rows taken together "
        f"as {len(merged):,} records of {table.name}"
    )
    return frame
