"""`caap project`: a built year by scenarios, compared, written and summed up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reports.cli.options import FOLDER, verbose
from reports.cli.port_folder import (
    built_year,
    load_scenario,
    load_scenarios,
    targets_of,
    years_counted_from,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventories.scenarios import Scenario

BASELINE = "current-law"
LONGEST_NAME = 80


@click.command()
@click.argument("folder", type=FOLDER)
@click.argument("names", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--base-year", type=int, metavar="YEAR", help="A built year; the newest where left out.")
@click.option("--until", type=int, metavar="YEAR", help="Last year; each scenario's own where left out.")
@click.option(
    "--baseline",
    metavar="SCENARIO",
    help="What effects are measured against; current law for scenarios that stand on it.",
)
@click.option(
    "--hydrogen",
    metavar="PATHWAY",
    type=click.Choice(["fossil_gas", "landfill_gas", "grid_electrolysis", "renewable_electrolysis"]),
    help="How hydrogen is made: fossil_gas and others; as each scenario says where left out.",
)
@verbose
def project(
    folder: Path,
    names: tuple[str, ...],
    base_year: int | None,
    until: int | None,
    baseline: str | None,
    hydrogen: str | None,
    verbose: bool,
) -> None:
    """Project a built year by one or more SCENARIOs and compare them.

    A SCENARIO is a file, the name of one in FOLDER/scenarios, or of a packaged one. Writes
    FOLDER/results/projections/NAME, whole or not at all: tables, NetCDF and a page. Prints totals and the
    remarks that matter most; the page, and --verbose, say all.
    """
    from inventories.port.port import Port
    from inventories.scenarios.answers.comparison import compare
    from reports.cli.project_summary import print_all, print_essentials
    from reports.scenarios.files import PAGE, write_comparison

    port = Port.load(folder)
    scenarios = load_scenarios(names, folder)
    inventory = built_year(folder, base_year)
    first = _baseline(scenarios, baseline, folder, inventory.manifest.get("place"))
    targets = targets_of(port)
    click.echo(f"projecting {inventory.port_name} {inventory.year} ...", err=True)
    comparison = compare(
        inventory, scenarios, first, until=until, hydrogen=hydrogen or "",
        targets=targets, base_years=years_counted_from(folder, targets),
    )  # fmt: skip
    place = folder / "results" / "projections" / _named(scenarios)
    click.echo("writing results ...", err=True)
    write_comparison(comparison, inventory, place)
    (print_all if verbose else print_essentials)(comparison, inventory)
    click.echo(f"Results: {place}")
    click.echo(f"Page:    {place / PAGE} (opens in a browser with no network)")


# ------------------------------------------------------------------ parts


def _baseline(
    scenarios: list[Scenario], name: str | None, folder: Path, place: Mapping[str, Any] | None
) -> Scenario | None:
    if name is not None:
        return load_scenario(name, folder)
    # A scenario that stands on the law is measured against the law, with nothing decided.
    if any(scenario.law is not None for scenario in scenarios):
        law = load_scenario(BASELINE, folder)
        if all(scenario.law in (None, law.law) for scenario in scenarios):
            return law
        # Jurisdictions by name may be those that the place has.
        if place is not None:
            here = law.at(place)[0].law
            if all(scenario.at(place)[0].law in (None, here) for scenario in scenarios):
                return law
    return None


def _named(scenarios: list[Scenario]) -> str:
    joined = "+".join("".join(c if c.isalnum() or c in "-_" else "-" for c in s.name) for s in scenarios)
    return (
        joined if len(joined) <= LONGEST_NAME else f"{joined[: LONGEST_NAME - 12]}-and-more-{len(scenarios)}"
    )
