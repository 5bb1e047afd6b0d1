"""What a terminal shows: tables with all their digits, remarks that wrap, the steps of long work."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

MOST_REMARKS = 5
"""Remarks below a table; the rest stands on the page."""


def console(*, stderr: bool = False, at_least: int = 0) -> Console:
    """Return a console that changes no text; what is no terminal is at least as wide as asked for."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal and made.width < at_least:
        made.width = at_least
    return made


def natural_width(screen: Console, table: RenderableType) -> int:
    """Return how many columns a table needs to be printed whole."""
    return screen.measure(table, options=screen.options.update(max_width=1000)).maximum


def print_whole(screen: Console, table: RenderableType) -> None:
    """Print a table with all its digits, though it be wider than the terminal."""
    usual = screen.width
    screen.width = max(usual, natural_width(screen, table))
    screen.print(table)
    screen.width = usual


def hanging(line: str) -> RenderableType:
    """Return a line whose wrapped rest stands under its beginning."""
    from rich.padding import Padding
    from rich.text import Text

    indent = len(line) - len(line.lstrip())
    return Padding(Text(line.strip()), (0, 0, 0, indent), expand=False)


def print_remarks(screen: Console, remarks: Sequence[str], besides: str, *, page: bool) -> None:
    """Print the foremost remarks, a paragraph each, and where the others and what is *besides* stand."""
    from rich.table import Table
    from rich.text import Text

    told = Table.grid(padding=(0, 1, 0, 0))
    for remark in remarks[:MOST_REMARKS]:
        told.add_row("-", Text(remark))
    screen.print(told)
    screen.print("")
    screen.file.flush()
    left = len(remarks) - MOST_REMARKS
    more = f"{left} remark{'s' * (left != 1)}, " if left > 0 else ""
    where = "on the page, or by --verbose" if page else "by --verbose"
    click.echo(f"More:    {more}{besides}: {where}")


def plain_table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()
) -> Table:
    """Return a table of text; columns named in *right*, and the first, are never broken."""
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


@contextmanager
def progress() -> Iterator[Any]:
    """Tell the steps of long work: one moving line with seconds on a terminal, a plain line each elsewhere.

    The moving line is gone when the work is done, so that what it found has the screen for itself.
    """
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield lambda words: click.echo(f"{words} ...", err=True)
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    began = time.perf_counter()
    with Progress(*columns, console=screen, transient=True) as moving:
        task = moving.add_task("", total=None)
        yield lambda words: moving.update(task, description=words)
    screen.print(f"built in {time.perf_counter() - began:.1f} s", style="dim")
