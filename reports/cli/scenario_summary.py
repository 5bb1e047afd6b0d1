"""What `caap project` prints: base and end year, levels, warnings, rules and targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from inventories.scenarios import Scenario
    from inventories.scenarios.answers.comparison import Comparison
    from inventories.year.inventory import Inventory


def law_parts(scenario: Scenario) -> list[tuple[str, list[str]]]:
    """Return what a scenario's law assumes, could not represent and leaves out, under their headings."""
    law = scenario.law
    if law is None:
        return []
    return [
        ("assumed", law.assumed),
        ("in force, not represented", law.not_represented),
        ("left out, not in force", law.not_in_force),
    ]


def print_summary(comparison: Comparison, inventory: Inventory) -> None:
    """Print base and end year of each scenario, what is said of them, and how they stand to the targets."""
    from rich.table import Table

    from reports.cli.years import _console, _print_whole
    from reports.explorer import accepted, ends_table
    from reports.footer import illustrative, screening
    from reports.words import source_name

    frame = ends_table(comparison, inventory)
    last = max(outlook.years[-1] for outlook in comparison.outlooks)
    console = _console()
    table = Table(title=f"{inventory.port_name}: {comparison.base_year} → {last}, in the domain")
    table.add_column("scenario, source")
    for heading in frame:
        table.add_column(str(heading), justify="right")
    for name in comparison.names:
        table.add_section()
        table.add_row(name, style="bold")
        for source, cells in zip(frame.loc[name].index, frame.loc[name].to_numpy(), strict=True):
            said = "All sources" if source == "total" else source_name(str(source))
            table.add_row(f"  {said}", *map(str, cells))
    _print_whole(console, table)
    click.echo("NE not estimated; * without parts that are not estimated.")
    for text in filter(None, (illustrative(inventory), screening(inventory), *accepted(comparison))):
        click.echo(text)
    _print_levels(comparison)
    lacking = sorted({text for held in comparison.energies.values() for text in held.not_estimated})
    if lacking:
        click.echo(f"Making these is not estimated, well to wake lacks it: {', '.join(lacking)}.")
    for outlook in comparison.outlooks:
        for line in outlook.warnings:
            click.echo(f"Warning, {outlook.scenario.name}: {line}.")
    for line in comparison.notes:
        click.echo(line)
    told = []
    for outlook in comparison.outlooks:
        law = outlook.scenario.law
        if law is None or law in told:
            continue
        told.append(law)
        click.echo(f"Rules in force on {law.as_of}; in force and not represented:")
        for line in law.not_represented or ["none"]:
            click.echo(f"  {line}")
    _print_targets(comparison)


def _print_levels(comparison: Comparison) -> None:
    """Print levels of which more is to be said than a share: what part of the energy, what limits prevent."""
    from reports.explorer import level_reached

    for outlook in comparison.outlooks:
        name, year, told = outlook.scenario.name, outlook.years[-1], outlook.levels
        more = told["unmet"] > 0
        if "energy_share" in told:
            more |= told["energy_share"].notna()
        for measure in told.loc[more & (told["year"] == year), "measure"].unique():
            click.echo(f"{name}, {measure}, {year}: {level_reached(outlook, measure, year)}")


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
