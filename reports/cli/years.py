"""`caap demo, init, check, build, explain`: a port's year from its folder to its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reports.cli.options import FOLDER, pairs, verbose, with_method
from reports.cli.port_folder import built_year
from reports.cli.refusals import refusing
from reports.cli.terminal import progress

if TYPE_CHECKING:
    from inventories.port.port import Port
    from inventories.year.inventory import Inventory

DEMO = ("san-pedro-bay", 2023)
PAGE = "report.html"


@click.command()
@click.option("--folder", type=FOLDER, default=Path("caap-demo"), show_default=True,
              help="Where to put the example port.")  # fmt: skip
@verbose
def demo(folder: Path, verbose: bool) -> None:
    """Build the packaged example year.

    Shows its summary and says where the files are.
    """
    import shutil

    from inventories.examples import copy_example

    example, year = DEMO
    free = _free_name(folder)
    if free != folder:
        click.echo(f"{folder} is there already and stays as it is; this demo goes to {free}.", err=True)
    copy_example(example, free)
    try:
        _build(free, year, None, {}, page=True, verbose=verbose)
    except BaseException:
        shutil.rmtree(free, ignore_errors=True)  # made a moment ago, by us
        raise
    click.echo(f"Next:    caap explain {free} {year} NOx --where mode=hotelling")


@click.command()
@click.argument("folder", type=FOLDER)
@click.option("--example", metavar="NAME", help="Copy a packaged example port instead of empty templates.")
def init(folder: Path, example: str | None) -> None:
    """Make a port's FOLDER.

    It holds templates that explain themselves, or a copy of an example port.
    """
    if example is None:
        from inventories.templates import write_template

        with refusing(FileExistsError):
            written = write_template(folder)
        click.echo(
            f"{folder} holds {len(written)} templates. Fill port.toml, then the tables below activity/;"
        )
        click.echo(f"{folder}/activity/README.md says what each column means.")
        return
    from inventories.examples import copy_example
    from inventories.port.port import Port

    with refusing(ValueError, FileExistsError):
        copy_example(example, folder)
    port = Port.load(folder)
    years = port.years()
    click.echo(f"{folder} holds a copy of {example}: {port.name}, {', '.join(map(str, years)) or 'no year'}.")
    if years:
        click.echo(f"Next: caap check {folder} {years[-1]}")


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("year", type=int)
@with_method
def check(folder: Path, year: int, method: str | None, options: dict[str, str]) -> int:
    """List every problem in the inputs.

    Writes nothing. Exit code 1 if there are any.
    """
    from inventories.activity import ActivityError

    try:
        inventory = _inventory(_port(folder), year, method, options)
    except ActivityError as error:
        click.echo(str(error))
        return 1
    from reports.year.footer import records

    click.echo(f"{inventory.port_name} {year}: no problems found.")
    for line in records(inventory):
        click.echo(f"  {line}")
    return 0


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("year", type=int)
@with_method
@click.option("--no-page", is_flag=True, help="Write no report.html.")
@verbose
def build(
    folder: Path, year: int, method: str | None, options: dict[str, str], no_page: bool, verbose: bool
) -> None:
    """Build the inventory of a year.

    Writes FOLDER/results/YEAR, whole or not at all; other results that stand there are kept. Prints the
    summary and the remarks that matter most; the page, and --verbose, say all.
    """
    _build(folder, year, method, options, page=not no_page, verbose=verbose)


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("year", type=int)
@click.argument("pollutant")
@click.option("--where", multiple=True, metavar="DIMENSION=VALUE", callback=pairs,
              help="Only this part, for example mode=hotelling; may be given several times.")  # fmt: skip
@click.option("--unit", metavar="UNIT", help="short_ton, tonne, kg ...; as in the summary where left out.")
def explain(folder: Path, year: int, pollutant: str, where: dict[str, list[str]], unit: str | None) -> None:
    """Say where a number comes from.

    Goes down from a total of a built YEAR to records, factors and documents.
    """
    from dataclasses import replace

    inventory = built_year(folder, year)
    chosen: dict[str, Any] = {
        name: values if len(values) > 1 else values[0] for name, values in where.items()
    }
    if "in_domain" in chosen:
        told = _yes_or_no(where["in_domain"])
        chosen["in_domain"] = told if len(told) > 1 else told[0]
    with refusing(KeyError, ValueError):
        answer = inventory.explain(pollutant, **chosen)
        text = str(replace(answer, unit=unit or _usual_unit(pollutant)))
    click.echo(text)


# ------------------------------------------------------------------ parts


def _build(
    folder: Path, year: int, method: str | None, options: Mapping[str, str], *, page: bool, verbose: bool
) -> None:
    """Build a year, write its results, print its summary and where the rest is."""
    from inventories.year.storage import save_inventory
    from reports.cli.year_summary import print_all, print_essentials
    from reports.year.summary import summarize

    port = _port(folder)
    results = folder / "results" / str(year)
    with progress() as step:
        inventory = _inventory(port, year, method, options, step)
        step("summing up")
        summary = summarize(inventory)
        also = {}
        if page:
            step("drawing the page")
            from reports.year.page import page as render

            also[PAGE] = render(inventory, port, summary)
        step("writing results")
        before = _kept(results)
        stood = results.exists()
        save_inventory(inventory, results, also)
    if verbose:
        print_all(inventory, summary)
    else:
        print_essentials(inventory, summary, page=page)
    kept = sorted(_kept(results) - before)
    if kept:
        click.echo(f"Earlier results are kept in {kept[0]}")
    elif stood:
        click.echo("The same results stood there already; nothing was changed.")
    click.echo(f"Results: {results} (manifest.json lists inputs, options and versions)")
    if page:
        click.echo(f"Page:    {results / PAGE} (opens in a browser with no network)")


def _free_name(folder: Path) -> Path:
    """Return the folder, or the first numbered name beside it that is free."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


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
