"""What `caap factors` does: list, show, lint. Reads tables as text, so that every digit is as printed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from factors.method import Method, list_methods, load_method
from factors.sources import CONFIDENCES, Edition, list_editions, load_edition

_TOLD_APART = ("source_document", "table", "source_address", "confidence", "note")


def list_all() -> None:
    """List editions with how far they are verified, and methods with their options."""
    for name in list_editions():
        edition = load_edition(name)
        counts: Counter[str] = Counter()
        for table in edition.tables:
            counts.update(row["confidence"] for row in _rows(edition, table))
        levels = ", ".join(f"{counts[level]:,} {level}" for level in CONFIDENCES)
        click.echo(
            f"{name}: {_count(len(edition.tables), 'table')}, {_count(counts.total(), 'row')}: {levels}"
        )
        click.echo(f"    {edition.title}")
        click.echo(f"    {_dates(edition)}")
    console = _console()
    for name in list_methods():
        method = load_method(name)
        options = [[option.name, option.default or "(none)", ", ".join(option.allowed) or option.span]
                   for _, option in sorted(method.declared.items())]  # fmt: skip
        console.print(_table(f"Method {name}: {method.title}", ["option", "default", "allowed"], options))
    console.print(
        "`caap factors show EDITION/TABLE` shows rows; `caap factors show NAME` tells of one of these."
    )


def show(name: str, where: Mapping[str, Sequence[str]], limit: int) -> None:
    """Show a table's rows, or what an edition or a method says of itself."""
    edition_name, _, table = name.partition("/")
    if edition_name in list_methods() and not table:
        return _show_method(load_method(edition_name))
    if edition_name not in list_editions():
        known = [*list_editions(), *list_methods()]
        raise click.ClickException(f"no edition or method {edition_name!r}. {_near(edition_name, known)}")
    edition = load_edition(edition_name)
    if not table:
        return _show_edition(edition)
    if table not in edition.tables:
        raise click.ClickException(
            f"{edition_name} has no table {table!r}. {_near(table, list(edition.tables))}"
        )
    rows = _rows(edition, table)
    unknown = [column for column in where if rows and column not in rows[0]]
    if unknown:
        raise click.ClickException(f"{name} has no column {unknown[0]!r}. {_near(unknown[0], list(rows[0]))}")
    found = [row for row in rows if all(row[column] in values for column, values in where.items())]
    if not found:
        column, values = next(iter(where.items()))
        there = sorted({row[column] for row in rows})
        raise click.ClickException(
            f"no row of {name} fits. {column} {values[0]!r}: {_near(values[0], there)}"
        )
    _show_rows(edition, table, found, limit)
    return None


def lint(target: str, sulfur_pct: float | None) -> int:
    """Lint an edition or a file; 1 if there are errors."""
    from factors.lint import linter

    path = Path(target)
    if target in list_editions():
        found = linter.lint_edition(target)
    elif path.is_file():
        found = linter.lint_file(path, sulfur_pct=sulfur_pct)
    else:
        raise click.ClickException(
            f"{target} is neither a file nor a shipped edition. {_near(target, list_editions())}"
        )
    for finding in found:
        click.echo(str(finding))
    wrong = len(linter.errors(found))
    click.echo(f"{target}: {_count(wrong, 'error')}, {_count(len(found) - wrong, 'warning')}")
    return 1 if wrong else 0


def moves(files: Sequence[Path], **choices: str) -> None:
    """Say what truck rates a run of MOVES gives, and what of it is not taken."""
    from factors.models.moves.reading import MovesError, read_moves
    from factors.models.moves.untaken import said

    try:
        run = read_moves(files, **choices)
    except MovesError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{run.title}: a run of {run.mode}")
    rows = []
    for need, table in run.tables.items():
        frame = table.frame
        ends = (frame["model_year"].min(), frame["model_year"].max()) if "model_year" in frame else ("all",)
        rows.append(
            [
                need.removeprefix("moves_"),
                ", ".join(sorted(set(frame["fuel"]))),
                ", ".join(str(year) for year in sorted(set(frame["calendar_year"]))),
                " to ".join(dict.fromkeys(map(str, ends))),
                str(frame["speed_bin_mph"].nunique()) if "speed_bin_mph" in frame else "",
                ", ".join(table.quantities),
                ", ".join(sorted(set(frame["unit"]))),
            ]
        )
    heading = ["rates", "fuels", "years", "model years", "speeds", "pollutants", "unit"]
    _console(120).print(_table("", heading, rows))
    for fact in run.untaken:
        click.echo(said(fact))


# ------------------------------------------------------------------ parts


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    shown = ", ".join(known[:30]) + (" ..." if len(known) > 30 else "")
    return f"{hint}There are: {shown}."


def _rows(edition: Edition, table: str) -> list[dict[str, str]]:
    text = edition.path(table).read_text(encoding="utf-8-sig")
    lines = [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""))]
    return [{"line": str(place), **row} for place, row in enumerate(lines, start=2)]


def _show_method(method: Method) -> None:
    click.echo(f"{method.name}: {method.title}")
    for heading, lines in (
        ("implements", method.implements),
        ("departs from it", method.departs_from),
        ("is missing", method.missing),
        ("draws on the editions", method.editions()),
    ):
        click.echo(f"{heading}")
        for line in lines:
            click.echo(f"  {line}")
    click.echo("options")
    for name, option in sorted(method.declared.items()):
        allowed = f"; allowed: {', '.join(option.allowed)}" if option.allowed else ""
        click.echo(f"  {name} = {option.default or '(none)'}{allowed}")
        click.echo(f"      {option.describes}")


def _show_edition(edition: Edition) -> None:
    click.echo(f"{edition.name}: {edition.title}")
    click.echo(f"{edition.publisher}, {edition.address}")
    click.echo(f"{_dates(edition)} ({edition.as_stated})")
    for name, table in edition.tables.items():
        keys = ", ".join(table.keys)
        click.echo(f"  {edition.name}/{name}: {table.describes} Keys: {keys}.")
    for slip in edition.errata:
        click.echo(f"Erratum: {slip}")


def _dates(edition: Edition) -> str:
    """When an edition was published, which years it describes, and from when until when it applies."""
    first, last = edition.applies_from, edition.applies_until
    applies = " ".join([f"from {first}"] * bool(first) + [f"until {last}"] * bool(last)) or "not stated"
    years = _spans(edition.describes_years) or "not stated"
    return f"published {edition.published}; describes years: {years}; applies: {applies}"


def _spans(years: Sequence[int]) -> str:
    """Write years with those that follow each other as a span: ``2010, 2016-2018``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans)


def _show_rows(edition: Edition, table: str, rows: list[dict[str, str]], limit: int) -> None:
    click.echo(f"{edition.name}/{table}: {edition.tables[table].describes}")
    shown = rows[:limit]
    sources = list(dict.fromkeys(tuple(row[column] for column in _TOLD_APART) for row in shown))
    columns = [name for name in shown[0] if name not in _TOLD_APART]
    # What all rows share is said once, so that the rest finds room.
    same = [name for name in columns if len(shown) > 1 and len({row[name] for row in shown}) == 1]
    if same:
        click.echo("all with " + ", ".join(f"{name} = {shown[0][name] or '(blank)'}" for name in same))
    columns = [name for name in columns if name not in same]
    cells = [
        [*(row[name] for name in columns), str(1 + sources.index(tuple(row[name] for name in _TOLD_APART)))]
        for row in shown
    ]
    right = [place for place, name in enumerate(columns) if name in ("line", "value")]
    _console(120).print(_table("", [*columns, "source"], cells, right=right))
    if len(rows) > limit:
        click.echo(f"and {len(rows) - limit:,} more rows; narrow them with --where, or raise --limit")
    for place, (document, printed, address, confidence, note) in enumerate(sources, start=1):
        click.echo(f"[{place}] {confidence}: {document}, {printed}{'; ' + note if note else ''}")
        click.echo(f"    {address}")


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], right: Any = ()) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, title=Text(title) if title else None, title_justify="left"
    )
    for place, heading in enumerate(headings):
        table.add_column(
            Text(heading),
            justify="right" if place in right else "left",
            no_wrap=place in right or not place,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _console(at_least: int = 80) -> Any:
    """A console; what is not a terminal is as wide as asked for."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and console.width < at_least:
        console.width = at_least
    return console
