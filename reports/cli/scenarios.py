"""`caap scenarios`: list, show, check, and seek the level of a measure that meets a target."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reports.cli.options import FOLDER
from reports.cli.port_folder import (
    built_year,
    load_scenario,
    need_folder,
    targets_of,
    years_counted_from,
)

if TYPE_CHECKING:
    from inventories.scenarios import Projector, Scenario
    from inventories.year.inventory import Inventory


@click.group()
def scenarios() -> None:
    """List, show and check scenarios."""


@scenarios.command("list")
@click.option("--folder", type=FOLDER, help="A port's folder, for its own scenarios as well.")
def list_all(folder: Path | None) -> int:
    """List packaged scenarios, and a port's own.

    Exit code 1 if one of the port's own cannot be used.
    """
    from inventories.scenarios import ScenarioError, list_scenarios

    if folder is not None:
        need_folder(folder)
    for name in list_scenarios():
        click.echo(f"{name}: {load_scenario(name, None).describes}")
    own = sorted((folder / "scenarios").glob("*.toml")) if folder is not None else []
    wrong = 0
    for path in own:
        try:
            click.echo(f"{path.stem} ({path}): {load_scenario(str(path), folder).describes}")
        except ScenarioError as error:
            wrong += 1
            click.echo(f"{path.stem} ({path}): {str(error).partition(': ')[2]}")
    return 1 if wrong else 0


@scenarios.command()
@click.argument("scenario")
@click.option("--folder", type=FOLDER, help="A port's folder, for its own scenarios as well.")
def show(scenario: str, folder: Path | None) -> None:
    """Show a SCENARIO with all it takes over.

    Names the rules in force on its day, what they assume, and which nothing here represents.
    """
    import json

    from reports.scenarios.tables import law_parts

    if folder is not None:
        need_folder(folder)
    found = load_scenario(scenario, folder)
    whose: tuple[str, ...] = ()
    if folder is not None and (folder / "port.toml").is_file():
        found, whose = found.at(_place_of(folder))
    click.echo(f"{found.name}: {found.describes}")
    click.echo(f"to {found.horizon}")
    for measure in found.measures:
        told = measure.model_dump(mode="json", exclude_defaults=True, exclude={"name"}, by_alias=True)
        click.echo(f"\n{measure.title} ({measure.kind()})")
        for key, value in told.items():
            click.echo(f"  {key} = {json.dumps(value, ensure_ascii=False)}")
    if found.law is None:
        return
    click.echo(f"\nRules in force on {found.law.as_of}")
    if found.law.is_of_port:
        click.echo("of all places; a projection takes those of its port's place, which --folder shows.")
    for line in whose:
        click.echo(f"{line}.")
    for heading, lines in law_parts(found):
        click.echo(f"{heading}:" if lines else f"{heading}: none")
        for line in lines:
            click.echo(f"  {line}")


@scenarios.command()
@click.argument("folder", type=FOLDER)
@click.argument("names", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--base-year", type=int, metavar="YEAR", help="A built year; the newest where left out.")
def check(folder: Path, names: tuple[str, ...], base_year: int | None) -> int:
    """Hold SCENARIOs against a port's built year.

    Writes nothing. Exit code 1 if one cannot be used.
    """
    from inventories.scenarios import Projector, ScenarioError

    need_folder(folder)
    projector: Projector | None = None
    wrong = 0
    for name in names:
        try:
            scenario = load_scenario(name, folder)
            projector = projector or Projector.of(built_year(folder, base_year))
            projector.project(scenario)
        except ScenarioError as error:
            wrong += 1
            click.echo(str(error))
        else:
            click.echo(f"{scenario.name}: no problems found.")
    return 1 if wrong else 0


@scenarios.command()
@click.argument("folder", type=FOLDER)
@click.argument("scenario")
@click.argument("measure")
@click.option("--option", metavar="TECHNOLOGY", help="Of a measure with several, for example battery.")
@click.option("--target", metavar="NAME", help="A target of port.toml, or of the Clean Air Action Plans.")
@click.option("--at-most", metavar="MASS", help='Instead of a target, for example "900 short_ton".')
@click.option("--pollutant", metavar="POLLUTANT", help="With --at-most.")
@click.option("--year", type=int, metavar="YEAR", help="When; the target's own where left out.")
@click.option("--base-year", type=int, metavar="YEAR", help="A built year; the newest where left out.")
def seek(
    folder: Path,
    scenario: str,
    measure: str,
    option: str | None,
    target: str | None,
    at_most: str | None,
    pollutant: str | None,
    year: int | None,
    base_year: int | None,
) -> int:
    """Seek the smallest adoption of a MEASURE that meets a target.

    The MEASURE by its name in `caap scenarios show`. Prints the level with the mass on both sides of it, or
    what remains where no level does it; then exit code 1.
    """
    from inventories.scenarios import Projector
    from inventories.scenarios.answers import goals

    if (target is None) == (at_most is None):
        raise click.UsageError('name a target (--target), or a mass (--at-most "900 short_ton"); not both')
    asked, inventory = load_scenario(scenario, folder), built_year(folder, base_year)
    if target is not None:
        pollutant, year, limit_kg = _limit_of(target, year, asked, inventory, folder)
    elif pollutant is None or year is None:
        raise click.UsageError("--at-most needs --pollutant and --year beside it")
    else:
        limit_kg = _kilograms(str(at_most))
    found = goals.seek(
        Projector.of(inventory), asked, measure,
        pollutant=pollutant, year=year, limit_kg=limit_kg, option=option,
    )  # fmt: skip
    click.echo(str(found))
    return 1 if found.adoption is None else 0


# ------------------------------------------------------------------ parts


def _place_of(folder: Path) -> dict[str, Any]:
    from inventories.port.port import Port
    from inventories.port.whereabouts import whereabouts

    return whereabouts(Port.load(folder))


def _limit_of(
    name: str, year: int | None, scenario: Scenario, inventory: Inventory, folder: Path
) -> tuple[str, int, float]:
    """Pollutant, year and mass of a target; its year may be another than the plan's. [kg]"""
    from dataclasses import replace

    from inventories.port.port import Port
    from inventories.scenarios import Projector
    from inventories.targets import assess

    known = targets_of(Port.load(folder))
    found = next((target for target in known if target.name == name), None)
    if found is None:
        listed = ", ".join(dict.fromkeys(target.name for target in known)) or "none; see docs/policy.md"
        raise click.ClickException(f"no target {name!r} here; there are {listed}")
    due = found if year is None else replace(found, year=year)
    outlook = Projector.of(inventory).project(scenario)
    held = assess([due], outlook, years_counted_from(folder, [due])).to_dict("records")[0]
    if held["why"]:
        raise click.ClickException(f"target {name!r} is not assessable: {held['why']}")
    return due.pollutant, int(held["year"]), float(held["required_kg"])


def _kilograms(text: str) -> float:
    from factors.units import UnitError, conversion

    number, _, unit = text.strip().partition(" ")
    try:
        found = float(number.replace(",", "")) * conversion(unit.strip(), "kg")
        if not 0 <= found < math.inf:
            raise ValueError("a mass is 0 or more")
        return found
    except (ValueError, UnitError) as problem:
        raise click.UsageError(
            f"--at-most {text!r} is no mass ({problem}); write a number and a unit, for example "
            '"900 short_ton" or "800 tonne"'
        ) from problem
