"""The command `caap`: a port's year from the terminal.

Only click is imported here; what computes and what draws is imported by the command that needs it, so that
`caap --help` answers at once. (typer takes a quarter of a second to import, click a quarter of that.)
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

OURS = ("factors", "emissions", "inventories", "reports")
STOPPED = 130

_FOLDER = click.Path(path_type=Path)
_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _pairs(_context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, list[str]]:
    """Read ``name=value`` options; a name given twice gathers its values."""
    found: dict[str, list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{text!r} is not of the form name=value", param=parameter)
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def _version(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"caap-inventory {version('caap-inventory')}")
        except PackageNotFoundError:
            click.echo("caap-inventory, from a checkout that is not installed")
        context.exit()


@click.group(context_settings=_HELP)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Show the version and stop.")  # fmt: skip
def caap() -> None:
    """Yearly emission inventories of ports: activity times factors, summed, and every number explained."""


def _methodical(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose a method."""
    for option in (
        click.option("--option", "options", multiple=True, metavar="NAME=VALUE", callback=_pairs,
                     help="Set an option of the method; may be given several times."),
        click.option("--method", metavar="NAME", help="A shipped method instead of the port's own."),
    ):  # fmt: skip
        command = option(command)
    return command


@caap.command()
@click.option("--folder", type=_FOLDER, default=Path("caap-demo"), show_default=True,
              help="Where to put the example port.")  # fmt: skip
def demo(folder: Path) -> None:
    """Build the packaged example year.

    Shows its summary and says where the files are.
    """
    from reports.cli import years as commands

    commands.demo(folder)


@caap.command()
@click.argument("folder", type=_FOLDER)
@click.option("--example", metavar="NAME", help="Copy a packaged example port instead of empty templates.")
def init(folder: Path, example: str | None) -> None:
    """Make a port's FOLDER.

    It holds templates that explain themselves, or a copy of an example port.
    """
    from reports.cli import years as commands

    commands.init(folder, example)


@caap.command()
@click.argument("folder", type=_FOLDER)
@click.argument("year", type=int)
@_methodical
def check(folder: Path, year: int, method: str | None, options: dict[str, list[str]]) -> int:
    """List every problem in the inputs.

    Writes nothing. Exit code 1 if there are any.
    """
    from reports.cli import years as commands

    return commands.check(folder, year, method, _last(options))


@caap.command()
@click.argument("folder", type=_FOLDER)
@click.argument("year", type=int)
@_methodical
@click.option("--no-page", is_flag=True, help="Write no report.html.")
def build(folder: Path, year: int, method: str | None, options: dict[str, list[str]], no_page: bool) -> None:
    """Build the inventory of a year.

    Writes FOLDER/results/YEAR, whole or not at all; other results that stand there are kept.
    """
    from reports.cli import years as commands

    commands.build(folder, year, method, _last(options), page=not no_page)


@caap.command()
@click.argument("folder", type=_FOLDER)
@click.argument("year", type=int)
@click.argument("pollutant")
@click.option("--where", multiple=True, metavar="DIMENSION=VALUE", callback=_pairs,
              help="Only this part, for example mode=hotelling; may be given several times.")  # fmt: skip
@click.option("--unit", metavar="UNIT", help="short_ton, tonne, kg ...; as in the summary where left out.")
def explain(folder: Path, year: int, pollutant: str, where: dict[str, list[str]], unit: str | None) -> None:
    """Say where a number comes from.

    Goes down from a total of a built YEAR to records, factors and documents.
    """
    from reports.cli import years as commands

    commands.explain(folder, year, pollutant, where, unit)


@caap.command("project")
@click.argument("folder", type=_FOLDER)
@click.argument("scenario", nargs=-1, required=True)
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
def project_scenarios(
    folder: Path,
    scenario: tuple[str, ...],
    base_year: int | None,
    until: int | None,
    baseline: str | None,
    hydrogen: str | None,
) -> None:
    """Project a built year by one or more SCENARIOs and compare them.

    A SCENARIO is a file, the name of one in FOLDER/scenarios, or of a packaged one. Writes
    FOLDER/results/projections/NAME, whole or not at all: tables, NetCDF and a page.
    """
    from reports.cli import scenarios as scenario_commands

    scenario_commands.project(
        folder, scenario, base_year, until=until, baseline=baseline, hydrogen=hydrogen or ""
    )


@caap.group()
def scenarios() -> None:
    """List, show and check scenarios."""


@scenarios.command("list")
@click.option("--folder", type=_FOLDER, help="A port's folder, for its own scenarios as well.")
def list_scenarios(folder: Path | None) -> int:
    """List packaged scenarios, and a port's own.

    Exit code 1 if one of the port's own cannot be used.
    """
    from reports.cli import scenarios as scenario_commands

    return scenario_commands.list_all(folder)


@scenarios.command("show")
@click.argument("scenario")
@click.option("--folder", type=_FOLDER, help="A port's folder, for its own scenarios as well.")
def show_scenario(scenario: str, folder: Path | None) -> None:
    """Show a SCENARIO with all it takes over.

    Names the rules in force on its day, what they assume, and which nothing here represents.
    """
    from reports.cli import scenarios as scenario_commands

    scenario_commands.show(scenario, folder)


@scenarios.command("check")
@click.argument("folder", type=_FOLDER)
@click.argument("scenario", nargs=-1, required=True)
@click.option("--base-year", type=int, metavar="YEAR", help="A built year; the newest where left out.")
def check_scenarios(folder: Path, scenario: tuple[str, ...], base_year: int | None) -> int:
    """Hold SCENARIOs against a port's built year.

    Writes nothing. Exit code 1 if one cannot be used.
    """
    from reports.cli import scenarios as scenario_commands

    return scenario_commands.check(folder, scenario, base_year)


@scenarios.command("seek")
@click.argument("folder", type=_FOLDER)
@click.argument("scenario")
@click.argument("measure")
@click.option("--option", metavar="TECHNOLOGY", help="Of a measure with several, for example battery.")
@click.option("--target", metavar="NAME", help="A target of port.toml, or of the Clean Air Action Plans.")
@click.option("--at-most", metavar="MASS", help='Instead of a target, for example "900 short_ton".')
@click.option("--pollutant", metavar="POLLUTANT", help="With --at-most.")
@click.option("--year", type=int, metavar="YEAR", help="When; the target's own where left out.")
@click.option("--base-year", type=int, metavar="YEAR", help="A built year; the newest where left out.")
def seek_level(folder: Path, scenario: str, measure: str, **asked: Any) -> int:
    """Seek the smallest adoption of a MEASURE that meets a target.

    The MEASURE by its name in `caap scenarios show`. Prints the level with the mass on both sides of it, or
    what remains where no level does it; then exit code 1.
    """
    from reports.cli import scenarios as scenario_commands

    return scenario_commands.seek(folder, scenario, measure, **asked)


@caap.group()
def factors() -> None:
    """Show and check emission factors."""


@factors.command("list")
def list_factors() -> None:
    """List editions and methods.

    Editions with how far each was verified, methods with their options.
    """
    from reports.cli import factors as factor_commands

    factor_commands.list_all()


@factors.command("show")
@click.argument("name", metavar="EDITION/TABLE")
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", callback=_pairs,
              help="Only these rows, for example quantity=NOx; may be given several times.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), default=40, show_default=True, help="Rows at most.")
def show_factors(name: str, where: dict[str, list[str]], limit: int) -> None:
    """Show factors as printed, with sources.

    Of an edition or a method alone, what it says of itself.
    """
    from reports.cli import factors as factor_commands

    factor_commands.show(name, where, limit)


@factors.command("lint")
@click.argument("target", metavar="EDITION|FILE.csv")
@click.option("--sulfur-pct", type=click.FloatRange(min=0, max=5), metavar="PERCENT",
              help="Fuel sulfur by mass, for the sulfur balance.")  # fmt: skip
def lint_factors(target: str, sulfur_pct: float | None) -> int:
    """Check a table as a reviewer would.

    A shipped edition, or a CSV of your own. Exit code 1 if something cannot be right.
    """
    from reports.cli import factors as factor_commands

    return factor_commands.lint(target, sulfur_pct)


@factors.command("moves")
@click.argument("files", nargs=-1, required=True, type=_FOLDER, metavar="FILE.csv ...")
@click.option("--haul", type=click.Choice(["short-haul", "long-haul", "all"]), default="short-haul",
              show_default=True, help="Source type 61, 62 or both, as option moves_haul.")  # fmt: skip
@click.option("--road", default="Urban Unrestricted Access", show_default=True, help="As option moves_road.")
@click.option("--hours", type=click.Choice(["refuse", "mean"]), default="refuse", show_default=True,
              help="Rates of several months, days or hours, as option moves_hours.")  # fmt: skip
@click.option("--idle", type=click.Choice(["off_network", "extended"]), default="off_network",
              show_default=True, help="As option moves_idle.")  # fmt: skip
def read_moves_run(files: tuple[Path, ...], haul: str, road: str, hours: str, idle: str) -> None:
    """Read the output tables of a run of MOVES.

    Says what truck rates the run gives, what is not taken, or every reason to refuse it.
    """
    from reports.cli import factors as factor_commands

    factor_commands.moves(files, haul=haul, road=road, hours=hours, idle=idle)


@factors.command("template")
@click.argument("need", metavar="SOURCE.NEED")
@click.option("--method", default="epa-2022", show_default=True, help="The method that has the need.")
@click.option("--file", type=_FOLDER, help="Write to a new file instead of the screen.")
def template_of_factors(need: str, method: str, file: Path | None) -> None:
    """Write the empty form of a table of your own.

    For example harbor_craft.emission_factors.
    """
    from reports.cli import methods as method_commands

    method_commands.template(need, method, file)


@caap.command()
@click.argument("folder", type=_FOLDER)
def validate(folder: Path) -> None:
    """Check a FOLDER of results against its written format.

    For example port/results/2023 or port/results/projections/NAME: files, columns, words, keys, sums.
    """
    from inventories import validate as validate_results

    click.echo(str(validate_results(folder)))


@caap.command()
@click.argument("folder", type=_FOLDER)
@click.argument("year", type=int)
@click.argument("names", nargs=-1, metavar="METHOD METHOD ...")
@click.option(
    "--why", "pollutant", metavar="POLLUTANT", help="Explain why this pollutant differs, by factor."
)
@click.option("--gwp", metavar="SET", help="Warming potentials for all, where the methods' own differ.")
def methods(folder: Path, year: int, names: tuple[str, ...], pollutant: str | None, gwp: str | None) -> None:
    """Put one year through several methods.

    Shows totals side by side; with --why, what makes the difference.
    """
    from reports.cli import methods as method_commands

    method_commands.compare(folder, year, names, pollutant, gwp)


def _last(options: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in options.items()}


def message(error: BaseException) -> str | None:
    """Return what to tell the user of an error of ours or of the file system; None of a fault in the code."""
    ours = type(error).__module__.partition(".")[0] in OURS
    if ours and isinstance(error, (ValueError, LookupError, OSError)):
        # A KeyError shows its message in quotes unless it is asked for it.
        return str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    if isinstance(error, OSError):
        return str(error)
    return None


def _stop(_signal: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and leave with its exit code.

    0 is well, 1 something wrong in the inputs, 2 wrong usage, 130 stopped.
    """
    # A polite request to end is treated as Ctrl-C: what was begun is taken away before leaving.
    signal.signal(signal.SIGTERM, _stop)
    code: int | None = 0
    try:
        code = caap.main(
            args=None if arguments is None else list(arguments), prog_name="caap", standalone_mode=False
        )
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped. No half results were left.", err=True)
        code = STOPPED
    except Exception as error:
        told = message(error)
        if told is None:
            raise
        click.echo(told, err=True)
        code = 1
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
