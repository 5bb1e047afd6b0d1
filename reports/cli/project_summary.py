"""What is printed of scenarios: a screenful, or all that their page says in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reports.cli.terminal import console, hanging, print_remarks, print_whole

if TYPE_CHECKING:
    from inventories.scenarios.answers.comparison import Comparison
    from inventories.year.inventory import Inventory


def print_essentials(comparison: Comparison, inventory: Inventory) -> None:
    """Print totals of base and end year, the foremost remarks, and how much more there is."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from reports.scenarios.essentials import legend, remarks, totals_table

    screen = console()
    frame = totals_table(comparison, inventory)
    title = f"{inventory.port_name}: all sources in the domain; short tons, CO2e in tonnes"
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, show_edge=False, padding=0)
    table.add_column("", overflow="fold", no_wrap=True)
    for pollutant in frame:
        table.add_column(Text(str(pollutant)), justify="right", no_wrap=True)
    for name, cells in frame.iterrows():
        table.add_row(Text(str(name)), *cells, style="" if str(name).startswith(" ") else "bold")
    print_whole(screen, table)
    against = f"Effects are against {comparison.baseline}." if comparison.baseline else ""
    screen.print(hanging(" ".join(filter(None, (legend(frame), against)))))
    screen.print("")
    print_remarks(screen, remarks(comparison, inventory), "sources, measures, energy", page=True)


def print_all(comparison: Comparison, inventory: Inventory) -> None:
    """Print base and end year of each scenario, what is said of them, and how they stand to the targets."""
    from rich.table import Table

    from reports.scenarios.ends import last_years, names_with_end
    from reports.scenarios.essentials import making_lacks
    from reports.scenarios.tables import accepted, ends_table
    from reports.words import source_name
    from reports.year.footer import illustrative, screening

    frame = ends_table(comparison, inventory)
    called = names_with_end(comparison)
    screen = console()
    years = f"{comparison.base_year} → {last_years(comparison)}"
    table = Table(title=f"{inventory.port_name}: {years}, in the domain")
    table.add_column("scenario, source")
    for heading in frame:
        table.add_column(str(heading), justify="right")
    for name in comparison.names:
        table.add_section()
        table.add_row(called[name], style="bold")
        for source, cells in zip(frame.loc[name].index, frame.loc[name].to_numpy(), strict=True):
            said = "All sources" if source == "total" else source_name(str(source))
            table.add_row(f"  {said}", *map(str, cells))
    print_whole(screen, table)
    click.echo("NE not estimated; * without parts that are not estimated.")
    for text in filter(None, (illustrative(inventory), screening(inventory), *accepted(comparison))):
        click.echo(text)
    _print_levels(comparison)
    if lacking := making_lacks(comparison):
        click.echo(lacking)
    for outlook in comparison.outlooks:
        for line in outlook.warnings:
            click.echo(f"Warning, {outlook.scenario.name}: {line}.")
    for line in comparison.notes:
        click.echo(line)
    _print_rules(comparison)
    _print_targets(comparison)
    click.echo("")


def _print_rules(comparison: Comparison) -> None:
    """Print what is in force and nothing represents, of each day of the law once."""
    from reports.scenarios.tables import laws

    for law in laws(comparison):
        click.echo(f"Rules in force on {law.as_of}; in force and not represented:")
        for line in law.not_represented or ["none"]:
            click.echo(f"  {line}")


def _print_levels(comparison: Comparison) -> None:
    """Print levels of which more is to be said than a share: what part of the energy, what limits prevent."""
    from reports.scenarios.essentials import level_told

    for outlook in comparison.outlooks:
        year, told = outlook.years[-1], outlook.levels
        more = told["unmet"] > 0
        if "energy_share" in told:
            more |= told["energy_share"].notna()
        for measure in told.loc[more & (told["year"] == year), "measure"].unique():
            click.echo(level_told(outlook, measure))


def _print_targets(comparison: Comparison) -> None:
    from factors.units import conversion
    from reports.words import UNIT_NAMES, number, unit_of

    told = comparison.targets
    known = told[told["status"] != "not assessable"]
    for row in known.to_dict("records"):
        unit = unit_of(row["pollutant"])
        margin = number(abs(row["margin_kg"]) * conversion("kg", unit))
        first = row["year_first_met"]
        said = "never in these years" if first is None or first != first else f"first met in {first}"
        side = "below" if row["margin_kg"] >= 0 else "above"
        click.echo(
            f"{row['scenario']}, {row['target']} ({row['year']}): {row['status']}, {margin} "
            f"{UNIT_NAMES[unit]} {side} what is required; {said}"
        )
    lacking = told[told["status"] == "not assessable"].drop_duplicates(["target", "year"])
    if len(lacking):
        click.echo(f"{len(lacking)} targets are not assessable; the page says why of each.")
