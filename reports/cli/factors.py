"""`caap factors`: list, show, lint, read a run of MOVES, write an empty form. Every digit is as printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.cli.options import FOLDER, pairs
from reports.cli.refusals import nearest
from reports.cli.terminal import console, plain_table

if TYPE_CHECKING:
    from factors.method import Method
    from factors.sources import Edition
    from factors.tables import FactorTable

_TOLD_APART = ("source_document", "table", "source_address", "confidence", "note")
WIDE = 120
"""Columns that tables of factors take where there is no terminal to fit."""


@click.group()
def factors() -> None:
    """Show and check emission factors."""


@factors.command("list")
def list_all() -> None:
    """List editions and methods.

    Editions with how far each was verified, methods with their options.
    """
    from collections import Counter

    from factors.method import list_methods, load_method
    from factors.sources import CONFIDENCES, list_editions, load_edition

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
    screen = console(at_least=80)
    for name in list_methods():
        method = load_method(name)
        options = [[option.name, option.default or "(none)", ", ".join(option.allowed) or option.span]
                   for _, option in sorted(method.declared.items())]  # fmt: skip
        title = f"Method {name}: {method.title}"
        screen.print(plain_table(title, ["option", "default", "allowed"], options))
    screen.print(
        "`caap factors show EDITION/TABLE` shows rows; `caap factors show NAME` tells of one of these."
    )


@factors.command()
@click.argument("name", metavar="EDITION/TABLE")
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", callback=pairs,
              help="Only these rows, for example quantity=NOx; may be given several times.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=40, show_default=True, help="Rows at most.")
def show(name: str, where: dict[str, list[str]], limit: int) -> None:
    """Show factors as printed, with sources.

    Of an edition or a method alone, what it says of itself.
    """
    from factors.method import list_methods, load_method
    from factors.sources import list_editions, load_edition

    edition_name, _, table = name.partition("/")
    if edition_name in list_methods() and not table:
        return _show_method(load_method(edition_name))
    if edition_name not in list_editions():
        known = [*list_editions(), *list_methods()]
        raise click.ClickException(f"no edition or method {edition_name!r}. {nearest(edition_name, known)}")
    edition = load_edition(edition_name)
    if not table:
        return _show_edition(edition)
    if table not in edition.tables:
        raise click.ClickException(
            f"{edition_name} has no table {table!r}. {nearest(table, list(edition.tables))}"
        )
    rows = _rows(edition, table)
    unknown = [column for column in where if rows and column not in rows[0]]
    if unknown:
        hint = nearest(unknown[0], list(rows[0]))
        raise click.ClickException(f"{name} has no column {unknown[0]!r}. {hint}")
    found = [row for row in rows if all(row[column] in values for column, values in where.items())]
    if not found:
        column, values = next(iter(where.items()))
        there = sorted({row[column] for row in rows})
        raise click.ClickException(
            f"no row of {name} fits. {column} {values[0]!r}: {nearest(values[0], there)}"
        )
    _show_rows(edition, table, found, limit)
    return None


@factors.command()
@click.argument("target", metavar="EDITION|FILE.csv")
@click.option("--sulfur-pct", type=click.FloatRange(min=0, max=5), metavar="PERCENT",
              help="Fuel sulfur by mass, for the sulfur balance.")  # fmt: skip
def lint(target: str, sulfur_pct: float | None) -> int:
    """Check a table as a reviewer would.

    A shipped edition, or a CSV of your own. Exit code 1 if something cannot be right.
    """
    from factors.lint import linter
    from factors.sources import list_editions

    path = Path(target)
    if target in list_editions():
        found = linter.lint_edition(target)
    elif path.is_file():
        found = linter.lint_file(path, sulfur_pct=sulfur_pct)
    else:
        raise click.ClickException(
            f"{target} is neither a file nor a shipped edition. {nearest(target, list_editions())}"
        )
    for finding in found:
        click.echo(str(finding))
    wrong = len(linter.errors(found))
    click.echo(f"{target}: {_count(wrong, 'error')}, {_count(len(found) - wrong, 'warning')}")
    return 1 if wrong else 0


@factors.command()
@click.argument("files", nargs=-1, required=True, type=FOLDER, metavar="FILE.csv ...")
@click.option("--haul", type=click.Choice(["short-haul", "long-haul", "all"]), default="short-haul",
              show_default=True, help="Source type 61, 62 or both, as option moves_haul.")  # fmt: skip
@click.option("--road", default="Urban Unrestricted Access", show_default=True, help="As option moves_road.")
@click.option("--hours", type=click.Choice(["refuse", "mean"]), default="refuse", show_default=True,
              help="Rates of several months, days or hours, as option moves_hours.")  # fmt: skip
@click.option("--idle", type=click.Choice(["off_network", "extended"]), default="off_network",
              show_default=True, help="As option moves_idle.")  # fmt: skip
def moves(files: tuple[Path, ...], haul: str, road: str, hours: str, idle: str) -> None:
    """Read the output tables of a run of MOVES.

    Says what truck rates the run gives, what is not taken, or every reason to refuse it.
    """
    from factors.models.moves.reading import MovesError, read_moves
    from factors.models.moves.untaken import said

    try:
        run = read_moves(files, haul=haul, road=road, hours=hours, idle=idle)
    except MovesError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{run.title}: a run of {run.mode}")
    rows = [_rates(need, table) for need, table in run.tables.items()]
    heading = ["rates", "fuels", "years", "model years", "speeds", "pollutants", "unit"]
    console(at_least=WIDE).print(plain_table("", heading, rows))
    for fact in run.untaken:
        click.echo(said(fact))


@factors.command()
@click.argument("need", metavar="SOURCE.NEED")
@click.option("--method", default="epa-2022", show_default=True, help="The method that has the need.")
@click.option("--file", type=FOLDER, help="Write to a new file instead of the screen.")
def template(need: str, method: str, file: Path | None) -> None:
    """Write the empty form of a table of your own.

    For example harbor_craft.emission_factors.
    """
    from factors import user_tables
    from factors.method import load_method

    source, _, name = need.partition(".")
    known = load_method(method).needs()
    if (source, name) not in known:
        names = sorted(".".join(parts) for parts in known)
        raise click.ClickException(f"method {method!r} has no need {need!r}. {nearest(need, names)}")
    text = user_tables.template(known[source, name])
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise click.ClickException(f"{file} exists; nothing was written") from error
    click.echo(f"{file}: fill it, and name it in port.toml under [factor_tables]")
    click.echo(f'"{need}" = "{file.name}"')


# ------------------------------------------------------------------ parts


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _rows(edition: Edition, table: str) -> list[dict[str, str]]:
    import csv
    import io

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
    console(at_least=WIDE).print(plain_table("", [*columns, "source"], cells, right=right))
    if len(rows) > limit:
        click.echo(f"and {len(rows) - limit:,} more rows; narrow them with --where, or raise --limit")
    for place, (document, printed, address, confidence, note) in enumerate(sources, start=1):
        click.echo(f"[{place}] {confidence}: {document}, {printed}{'; ' + note if note else ''}")
        click.echo(f"    {address}")


def _rates(need: str, table: FactorTable) -> list[str]:
    """Say in cells what rates a run of MOVES gives of one kind."""
    frame = table.frame
    ends = (frame["model_year"].min(), frame["model_year"].max()) if "model_year" in frame else ("all",)
    return [
        need.removeprefix("moves_"),
        ", ".join(sorted(set(frame["fuel"]))),
        ", ".join(str(year) for year in sorted(set(frame["calendar_year"]))),
        " to ".join(dict.fromkeys(map(str, ends))),
        str(frame["speed_bin_mph"].nunique()) if "speed_bin_mph" in frame else "",
        ", ".join(table.quantities),
        ", ".join(sorted(set(frame["unit"]))),
    ]
