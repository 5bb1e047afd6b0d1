"""What stands in a port's folder: built years, scenarios, targets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from inventories.port.port import Port
    from inventories.scenarios import Scenario
    from inventories.targets import Target
    from inventories.year.inventory import Inventory


def need_folder(folder: Path) -> None:
    """Refuse a folder that is not there."""
    if not folder.is_dir():
        raise click.ClickException(
            f"there is no folder {folder}; name the folder of a port, with its port.toml"
        )


def built_year(folder: Path, year: int | None) -> Inventory:
    """Open a built year; the newest where none is named."""
    from inventories.year.storage import open_inventory

    results = folder / "results"
    built = sorted(int(path.parent.name) for path in results.glob("[0-9][0-9][0-9][0-9]/manifest.json"))
    if not built or (year is not None and year not in built):
        wanted = year if year is not None else "YEAR"
        raise click.ClickException(
            f"{results / str(wanted)} holds no inventory. Run `caap build {folder} {wanted}` first."
        )
    return open_inventory(results / str(year if year is not None else built[-1]))


def years_counted_from(folder: Path, targets: Sequence[Target]) -> dict[int, Inventory]:
    """Open the built years that targets count from, as far as they are there."""
    from inventories.year.storage import open_inventory

    found = {}
    for year in sorted({target.base_year for target in targets if target.base_year is not None}):
        if (folder / "results" / str(year) / "manifest.json").is_file():
            found[year] = open_inventory(folder / "results" / str(year))
    return found


def load_scenario(name: str, folder: Path | None) -> Scenario:
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


def load_scenarios(names: Sequence[str], folder: Path) -> list[Scenario]:
    """Load scenarios; what is wrong with all of them in one message."""
    from inventories.scenarios import ScenarioError

    found, told = [], []
    for name in names:
        try:
            found.append(load_scenario(name, folder))
        except ScenarioError as error:
            told.append(error)
    if len(told) == 1:
        raise told[0]
    if told:
        raise click.ClickException("\n".join(map(str, told)))
    return found


def targets_of(port: Port) -> tuple[Target, ...]:
    """Return a port's own targets; for San Pedro Bay those of its Clean Air Action Plans as well."""
    from inventories.targets import caap_targets, port_targets

    return (*port_targets(port), *(caap_targets() if port.slug == "san-pedro-bay" else ()))
