"""What `caap project` and `caap scenarios` do."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reports.cli.scenario_summary import law_parts, print_summary

if TYPE_CHECKING:
    from inventories.port.port import Port
    from inventories.scenarios import Projector, Scenario
    from inventories.scenarios.answers.comparison import Comparison
    from inventories.targets import Target
    from inventories.year.inventory import Inventory

PAGE = "comparison.html"
BASELINE = "current-law"
LONGEST_NAME = 80


def project(
    folder: Path,
    names: Sequence[str],
    base_year: int | None,
    *,
    until: int | None,
    baseline: str | None,
    hydrogen: str,
) -> None:
    """Project a saved year by scenarios; print base and end, write the comparison whole or not at all."""
    from inventories.port.port import Port
    from inventories.scenarios.answers.comparison import compare

    port = Port.load(folder)
    scenarios = _all_of(names, folder)
    first = _baseline(scenarios, baseline, folder)
    inventory = _opened(folder, base_year)
    targets = _targets_of(port)
    click.echo(f"projecting {inventory.port_name} {inventory.year} ...", err=True)
    comparison = compare(
        inventory, scenarios, first, until=until, hydrogen=hydrogen,
        targets=targets, base_years=_base_years(folder, [target.base_year for target in targets]),
    )  # fmt: skip
    place = folder / "results" / "projections" / _named(scenarios)
    click.echo("writing results ...", err=True)
    _write(comparison, inventory, place)
    print_summary(comparison, inventory)
    click.echo(f"\nResults: {place}")
    click.echo(f"Page:    {place / PAGE} (open it in a browser; it needs no network)")


def list_all(folder: Path | None) -> int:
    """List packaged scenarios and a port's own, with what is wrong with those that cannot be used."""
    from inventories.scenarios import ScenarioError, list_scenarios

    if folder is not None:
        _is_folder(folder)

    for name in list_scenarios():
        click.echo(f"{name}: {load(name, None).describes}")
    own = sorted((folder / "scenarios").glob("*.toml")) if folder is not None else []
    wrong = 0
    for path in own:
        try:
            click.echo(f"{path.stem} ({path}): {load(str(path), folder).describes}")
        except ScenarioError as error:
            wrong += 1
            click.echo(f"{path.stem} ({path}): {str(error).partition(': ')[2]}")
    return 1 if wrong else 0


def show(name: str, folder: Path | None) -> None:
    """Show a scenario with all it takes over, and the law it names."""
    if folder is not None:
        _is_folder(folder)
    scenario = load(name, folder)
    click.echo(f"{scenario.name}: {scenario.describes}")
    click.echo(f"to {scenario.horizon}")
    for measure in scenario.measures:
        told = measure.model_dump(mode="json", exclude_defaults=True, exclude={"name"}, by_alias=True)
        click.echo(f"\n{measure.title} ({measure.kind()})")
        for key, value in told.items():
            click.echo(f"  {key} = {json.dumps(value, ensure_ascii=False)}")
    if scenario.law is None:
        return
    click.echo(f"\nRules in force on {scenario.law.as_of}")
    for heading, lines in law_parts(scenario):
        click.echo(f"{heading}:" if lines else f"{heading}: none")
        for line in lines:
            click.echo(f"  {line}")


def check(folder: Path, names: Sequence[str], base_year: int | None) -> int:
    """Hold scenarios against a port's saved year; every problem of each."""
    from inventories.scenarios import Projector, ScenarioError

    _is_folder(folder)
    projector: Projector | None = None
    wrong = 0
    for name in names:
        try:
            scenario = load(name, folder)
            projector = projector or Projector.of(_opened(folder, base_year))
            projector.project(scenario)
        except ScenarioError as error:
            wrong += 1
            click.echo(str(error))
        else:
            click.echo(f"{scenario.name}: no problems found.")
    return 1 if wrong else 0


def seek(
    folder: Path,
    name: str,
    measure: str,
    *,
    option: str | None,
    target: str | None,
    at_most: str | None,
    pollutant: str | None,
    year: int | None,
    base_year: int | None,
) -> int:
    """Seek the smallest adoption of a measure that meets a target or a mass; print both sides of it."""
    from inventories.scenarios.answers import goals

    if (target is None) == (at_most is None):
        raise click.UsageError('name a target (--target), or a mass (--at-most "900 short_ton"); not both')
    scenario, inventory = load(name, folder), _opened(folder, base_year)
    if target is not None:
        pollutant, year, limit_kg = _limit_of(target, year, scenario, inventory, folder)
    elif pollutant is None or year is None:
        raise click.UsageError("--at-most needs --pollutant and --year beside it")
    else:
        limit_kg = _kilograms(str(at_most))
    found = goals.seek(
        Projector.of(inventory), scenario, measure,
        pollutant=pollutant, year=year, limit_kg=limit_kg, option=option,
    )  # fmt: skip
    click.echo(str(found))
    return 1 if found.adoption is None else 0


def load(name: str, folder: Path | None) -> Scenario:
    """Load a scenario by file, by name below FOLDER/scenarios, or by the name of a packaged one."""
    from inventories.scenarios import Scenario
    from inventories.scenarios.plan.scenario import find_scenario

    path = Path(name)
    if path.suffix == ".toml":
        within = folder / path if folder is not None else path
        return Scenario.load(path if path.is_file() or not within.is_file() else within)
    return Scenario.load(
        find_scenario(name, folder / "scenarios" if folder is not None else Path("scenarios"))
    )


# ------------------------------------------------------------------ parts


def _is_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise click.ClickException(
            f"there is no folder {folder}; name the folder of a port, with its port.toml"
        )


def _all_of(names: Sequence[str], folder: Path) -> list[Scenario]:
    """Load scenarios; what is wrong with all of them in one message."""
    from inventories.scenarios import ScenarioError

    found, told = [], []
    for name in names:
        try:
            found.append(load(name, folder))
        except ScenarioError as error:
            told.append(error)
    if len(told) == 1:
        raise told[0]
    if told:
        raise click.ClickException("\n".join(map(str, told)))
    return found


def _targets_of(port: Port) -> tuple[Target, ...]:
    """A port's own targets; for San Pedro Bay those of its Clean Air Action Plans as well."""
    from inventories.targets import caap_targets, port_targets

    return (*port_targets(port), *(caap_targets() if port.slug == "san-pedro-bay" else ()))


def _limit_of(
    name: str, year: int | None, scenario: Scenario, inventory: Inventory, folder: Path
) -> tuple[str, int, float]:
    """Pollutant, year and mass of a target; its year may be another than the plan's. [kg]"""
    from dataclasses import replace

    from inventories.port.port import Port
    from inventories.targets import assess

    known = _targets_of(Port.load(folder))
    found = next((target for target in known if target.name == name), None)
    if found is None:
        listed = ", ".join(dict.fromkeys(target.name for target in known)) or "none; see docs/policy.md"
        raise click.ClickException(f"no target {name!r} here; there are {listed}")
    due = found if year is None else replace(found, year=year)
    outlook = Projector.of(inventory).project(scenario)
    held = assess([due], outlook, _base_years(folder, [due.base_year])).to_dict("records")[0]
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


def _baseline(scenarios: list[Scenario], name: str | None, folder: Path) -> Scenario | None:
    if name is not None:
        return load(name, folder)
    # A scenario that stands on the law is measured against the law, with nothing decided.
    if any(scenario.law is not None for scenario in scenarios):
        law = load(BASELINE, folder)
        if all(scenario.law in (None, law.law) for scenario in scenarios):
            return law
    return None


def _opened(folder: Path, year: int | None) -> Inventory:
    from inventories.year.storage import open_inventory

    results = folder / "results"
    built = sorted(int(path.parent.name) for path in results.glob("[0-9][0-9][0-9][0-9]/manifest.json"))
    if not built or (year is not None and year not in built):
        wanted = year if year is not None else "YEAR"
        raise click.ClickException(
            f"{results / str(wanted)} holds no inventory. Run `caap build {folder} {wanted}` first."
        )
    return open_inventory(results / str(year if year is not None else built[-1]))


def _base_years(folder: Path, years: Sequence[int | None]) -> dict[int, Inventory]:
    """Saved inventories of the years that targets count from."""
    from inventories.year.storage import open_inventory

    found = {}
    for year in sorted({year for year in years if year is not None}):
        if (folder / "results" / str(year) / "manifest.json").is_file():
            found[year] = open_inventory(folder / "results" / str(year))
    return found


def _named(scenarios: list[Scenario]) -> str:
    joined = "+".join("".join(c if c.isalnum() or c in "-_" else "-" for c in s.name) for s in scenarios)
    return (
        joined if len(joined) <= LONGEST_NAME else f"{joined[: LONGEST_NAME - 12]}-and-more-{len(scenarios)}"
    )


def _write(comparison: Comparison, inventory: Inventory, place: Path) -> None:
    from inventories.year.storage import put_in_place
    from reports.explorer import explorer_page

    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        for name, frame in comparison.tables().items():
            frame.to_csv(beside / f"{name}.csv", index=False, lineterminator="\n")
        comparison.dataset().to_netcdf(beside / "projection.nc", engine="h5netcdf")
        text = json.dumps(_manifest(comparison, inventory), indent=1, sort_keys=True, ensure_ascii=False)
        (beside / "manifest.json").write_text(text + "\n", encoding="utf-8")
        (beside / PAGE).write_text(explorer_page(comparison, inventory), encoding="utf-8", newline="\n")
        put_in_place(beside, place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _manifest(comparison: Comparison, inventory: Inventory) -> dict[str, Any]:
    from inventories.scenarios.answers.format import VERSION

    scenarios = {}
    for outlook in comparison.outlooks:
        scenario = outlook.scenario
        scenarios[scenario.name] = {
            "describes": scenario.describes,
            "last_year": outlook.years[-1],
            "measures": {
                m.title: {"kind": m.kind(), **m.model_dump(mode="json", by_alias=True, exclude={"name"})}
                for m in scenario.measures
            },
            "law": None
            if scenario.law is None
            else {"as_of": str(scenario.law.as_of)} | dict(law_parts(scenario)),
            "notes": list(outlook.notes),
            "warnings": list(outlook.warnings),
        }
    kept = ("port", "year", "method", "gwp_set", "versions", "domain")
    base = {key: inventory.manifest[key] for key in kept if key in inventory.manifest}
    return {"format": VERSION, "base": base, "baseline": comparison.baseline, "scenarios": scenarios}
