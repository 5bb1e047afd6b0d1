"""What the commands of `caap` do. Results go to standard output, progress and remarks to standard error."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from inventories.port.port import Port
    from inventories.year.inventory import Inventory

DEMO = ("san-pedro-bay", 2023)
PAGE = "report.html"


def demo(folder: Path) -> None:
    """Copy the packaged example into a new folder, build it, and say where things are."""
    from inventories.examples import copy_example

    example, year = DEMO
    free = _free_name(folder)
    if free != folder:
        click.echo(f"{folder} is there already and stays as it is; this demo goes to {free}.", err=True)
    copy_example(example, free)
    try:
        build(free, year, None, {}, page=True)
    except BaseException:
        shutil.rmtree(free, ignore_errors=True)  # made a moment ago, by us
        raise
    click.echo(f"\nNext: caap explain {free} {year} NOx --where mode=hotelling")


def _free_name(folder: Path) -> Path:
    """Return the folder, or the first numbered name beside it that is free."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def init(folder: Path, example: str | None) -> None:
    """Make a port's folder from templates or an example."""
    if example is None:
        from inventories.templates import write_template

        with _refusing(FileExistsError):
            written = write_template(folder)
        click.echo(
            f"{folder} holds {len(written)} templates. Fill port.toml, then the tables below activity/;"
        )
        click.echo(f"{folder}/activity/README.md says what each column means.")
        return
    from inventories.examples import copy_example
    from inventories.port.port import Port

    with _refusing(ValueError, FileExistsError):
        copy_example(example, folder)
    port = Port.load(folder)
    years = port.years()
    click.echo(f"{folder} holds a copy of {example}: {port.name}, {', '.join(map(str, years)) or 'no year'}.")
    if years:
        click.echo(f"Next: caap check {folder} {years[-1]}")


def check(folder: Path, year: int, method: str | None, options: Mapping[str, str]) -> int:
    """Tell every problem of a year's inputs; what reading does not find, a build without writing does."""
    from inventories.activity import ActivityError

    try:
        inventory = _inventory(_port(folder), year, method, options)
    except ActivityError as error:
        click.echo(str(error))
        return 1
    from reports.footer import footer

    click.echo(f"{inventory.port_name} {year}: no problems found.")
    for line in footer(inventory, inventory.pollutants).records:
        click.echo(f"  {line}")
    return 0


def build(folder: Path, year: int, method: str | None, options: Mapping[str, str], *, page: bool) -> None:
    """Build a year, write its results, print its summary."""
    from inventories.year.storage import save_inventory
    from reports.hydrocarbons import hydrocarbons
    from reports.tables import summarize
    from reports.wake import wake

    port = _port(folder)
    results = folder / "results" / str(year)
    with _progress() as step:
        inventory = _inventory(port, year, method, options, step)
        step("summing up")
        summary = summarize(inventory)
        shown = wake(inventory)
        also = {}
        if page:
            step("drawing the page")
            from reports.html import page as render

            also[PAGE] = render(inventory, port, summary, shown)
        step("writing results")
        before = _kept(results)
        stood = results.exists()
        save_inventory(inventory, results, also)
    _print_summary(summary, shown, hydrocarbons(inventory, summary))
    click.echo("")
    kept = sorted(_kept(results) - before)
    if kept:
        click.echo(f"Earlier results are kept in {kept[0]}")
    elif stood:
        click.echo("The same results stood there already; nothing was changed.")
    click.echo(f"Results: {results}")
    if page:
        click.echo(f"Page:    {results / PAGE} (open it in a browser; it needs no network)")


def explain(
    folder: Path, year: int, pollutant: str, where: Mapping[str, list[str]], unit: str | None
) -> None:
    """Open a saved year and say where a number comes from."""
    from inventories.year.storage import open_inventory

    results = folder / "results" / str(year)
    if not results.is_dir():
        raise click.ClickException(f"{results} is not there. Run `caap build {folder} {year}` first.")
    inventory = open_inventory(results)
    chosen: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in where.items()
    }
    if "in_domain" in chosen:
        told = _yes_or_no(where["in_domain"])
        chosen["in_domain"] = told if len(told) > 1 else told[0]
    with _refusing(KeyError, ValueError):
        answer = inventory.explain(pollutant, **chosen)
        text = str(replace(answer, unit=unit or _usual_unit(pollutant)))
    click.echo(text)


def _usual_unit(pollutant: str) -> str:
    from factors.terms import is_carrier, result_unit
    from reports.words import unit_of

    return result_unit(pollutant) if is_carrier(pollutant) else unit_of(pollutant)


def _yes_or_no(texts: list[str]) -> list[bool]:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    unknown = [text for text in texts if text.casefold() not in known]
    if unknown:
        raise click.UsageError(f"in_domain is true or false, not {unknown[0]!r}")
    return [known[text.casefold()] for text in texts]


# ------------------------------------------------------------------ parts


@contextmanager
def _refusing(*kinds: type[Exception]) -> Iterator[None]:
    """Turn plain errors, which these calls raise on purpose, into a message without a traceback."""
    try:
        yield
    except kinds as error:
        text = error.args[0] if isinstance(error, KeyError) and error.args else error
        raise click.ClickException(str(text)) from error


def _port(folder: Path) -> Port:
    from inventories.port.port import Port

    return Port.load(folder)


def _inventory(
    port: Port, year: int, method: str | None, options: Mapping[str, str], step: Any = lambda _words: None
) -> Inventory:
    from inventories.year.build import build

    return build(port, year, method, options, step)


def _kept(results: Path) -> set[Path]:
    return set(results.parent.glob(f"{results.name}.before-*"))


def _print_summary(summary: Any, wake: Any, species: Any) -> None:
    console = _console()
    broad = summary.to_rich(upright=False)
    fits = _natural_width(console, broad) <= console.width
    _print_whole(console, broad if fits else summary.to_rich())
    for heading, lines in summary.footer_lines():
        if not lines:
            continue
        if heading == "Method":
            _print_whole(console, summary.shares_rich())
            _print_species(console, species)
            _print_wake(console, wake)
        if heading:
            console.print(heading, style="bold", markup=False)
        for line in lines:
            console.print(_hanging(f"  {line}" if heading else line))
    console.file.flush()


def _print_species(console: Console, species: Any) -> None:
    from reports.hydrocarbons import NOTE

    _print_whole(console, species.to_rich())
    for line in (NOTE, *species.reasons):
        console.print(_hanging(f"  {line}"))
    console.print("")


def _print_wake(console: Console, wake: Any) -> None:
    _print_whole(console, wake.to_rich())
    for line in (*wake.notes, *(f"NE, not zero: {text}" for text in wake.not_estimated)):
        console.print(_hanging(f"  {line}"))
    console.print("")


def _natural_width(console: Console, table: Any) -> int:
    return console.measure(table, options=console.options.update(max_width=1000)).maximum


def _print_whole(console: Console, table: Any) -> None:
    """Print a table with all its digits, though it be wider than the terminal."""
    usual = console.width
    console.width = max(usual, _natural_width(console, table))
    console.print(table)
    console.width = usual


def _hanging(line: str) -> Any:
    """A line whose wrapped rest stands under its beginning."""
    from rich.padding import Padding
    from rich.text import Text

    indent = len(line) - len(line.lstrip())
    return Padding(Text(line.strip()), (0, 0, 0, indent), expand=False)


def _console(stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


@contextmanager
def _progress() -> Iterator[Any]:
    """Tell the steps of long work: a moving line with seconds on a terminal, a plain line each elsewhere."""
    console = _console(stderr=True)
    if not console.is_terminal:
        yield lambda words: click.echo(f"{words} ...", err=True)
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}", markup=False))
    began = time.perf_counter()
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        running: list[Any] = []

        def finish() -> None:
            for task in running:
                progress.update(task, total=1, completed=1)
            running.clear()

        def step(words: str) -> None:
            finish()
            running.append(progress.add_task(words, total=None))

        yield step
        finish()
    console.print(f"built in {time.perf_counter() - began:.1f} s", style="dim")
