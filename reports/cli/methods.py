"""`caap methods`: one year's activity under several methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.cli.options import FOLDER, verbose
from reports.cli.terminal import console, plain_table, print_whole

if TYPE_CHECKING:
    import pandas as pd

    from inventories.methods.side_by_side import SideBySide


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("year", type=int)
@click.argument("names", nargs=-1, metavar="METHOD METHOD ...")
@click.option(
    "--why", "pollutant", metavar="POLLUTANT", help="Explain why this pollutant differs, by factor."
)
@click.option("--gwp", metavar="SET", help="Warming potentials for all, where the methods' own differ.")
@verbose
def methods(
    folder: Path, year: int, names: tuple[str, ...], pollutant: str | None, gwp: str | None, verbose: bool
) -> None:
    """Put one year through several methods.

    Shows totals side by side; with --why, what makes the difference; with --verbose, every source.
    """
    from inventories.methods.side_by_side import side_by_side
    from inventories.port.port import Port

    if len(names) < 2:
        raise click.UsageError("name two methods at least; `caap factors list` shows them")
    both = side_by_side(Port.load(folder), year, list(names), gwp=gwp)
    if verbose:
        click.echo(str(both))
    else:
        _print_totals(both)
    if pollutant is not None:
        for second in names[1:]:
            click.echo("")
            click.echo(str(both.explain(pollutant, second=second)))


def _print_totals(both: SideBySide) -> None:
    """Print whole totals, and totals of what all methods estimate, of the pollutants that reports show."""
    from inventories.methods.totals import ALL, BOTH
    from reports.words import POLLUTANTS, UNIT_NAMES

    table = both.table(pollutants=POLLUTANTS)
    states = both.states()
    click.echo(f"{both.port_name} {both.year}, {both.domain}; CO2e by {both.gwp_set}")
    columns = [str(name) for name in table]
    rows: list[list[str]] = []
    for part, heading in ((ALL, "all sources"), (BOTH, "estimated by all methods")):
        rows.append([heading, *("" for _ in columns)])
        own, states_of = table.loc[part], states.loc[part]
        for place, (name, unit) in enumerate(own.index.to_list()):
            cells = _cells(own.iloc[place], states_of.loc[name], both.labels)
            rows.append([f"  {name} [{UNIT_NAMES[unit]}]", *cells])
    headings = [name.replace(" - ", "\n- ") for name in columns]
    print_whole(console(), plain_table("", ["", *headings], rows, right=range(1, len(columns) + 1)))
    click.echo("NE not estimated; * a part of it is not estimated. Every source: by --verbose.")


def _cells(row: pd.Series, states: pd.Series, labels: tuple[str, ...]) -> list[str]:
    """Four digits of each number; of a method, its state where it has none."""
    told = []
    for name, value in row.items():
        state = str(states[name]) if name in labels else ""
        text = "" if value != value else f"{value:,.4g}"
        told.append(state if state in ("NE", "IE") else text + "*" * (state == "partial"))
    return told
