"""Scenarios beside each other: masses by year, what measures contribute, energy, targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from inventories.scenarios.answers.compared import Compared
from inventories.scenarios.answers.contributions import contributions
from inventories.scenarios.answers.energy import energy
from inventories.scenarios.answers.tables import dataset, tables
from inventories.scenarios.plan.scenario import Scenario, ScenarioError
from inventories.scenarios.projection.projector import Projector
from inventories.targets import Target, assess

if TYPE_CHECKING:
    from inventories.scenarios.projection.outlook import Outlook
    from inventories.year.inventory import Inventory


class Comparison(Compared):
    """Any number of scenarios of one base year, with their tables; attributes are those of `Compared`."""

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables by name, long, one fact a row; see `inventories.scenarios.answers.tables`."""
        return tables(self)

    def dataset(self) -> xr.Dataset:
        """Return a Dataset over (scenario, year, source_category, measure, pollutant); units in attrs."""
        return dataset(self)


def compare(
    base: Inventory | Projector,
    scenarios: Sequence[Scenario],
    baseline: Scenario | None = None,
    *,
    until: int | None = None,
    targets: Iterable[Target] = (),
    base_years: Mapping[int, Inventory] | None = None,
    hydrogen: str = "",
) -> Comparison:
    """Project any number of scenarios and lay them beside each other.

    Parameters
    ----------
    base : Inventory or Projector
        The base year of all.
    scenarios : sequence of Scenario
    baseline : Scenario, optional
        What effects are measured against; it is put first.
    until : int, optional
        Last year of all.
    targets, base_years
        See `inventories.targets.assess`.
    hydrogen : str
        How hydrogen is made in all scenarios; as each says where left out. A key of
        `inventories.scenarios.base_year.well_to_tank.HYDROGEN_PATHWAYS`.

    Raises
    ------
    ScenarioError
        If two scenarios share a name, or there is none.
    """
    strange = [item for item in (scenarios, baseline) if isinstance(item, str)]
    if isinstance(scenarios, Scenario) or strange or not all(isinstance(s, Scenario) for s in scenarios):
        raise TypeError(
            f"compare takes a list of scenarios, as compare(inventory, [scenario]); found {scenarios!r}"
        )
    projector = base if isinstance(base, Projector) else Projector.of(base)
    every = [*([baseline] if baseline else []), *(s for s in scenarios if baseline is None or s != baseline)]
    names = [scenario.name for scenario in every]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        said = f"several scenarios are called {', '.join(twice)}" if twice else "name at least one scenario"
        raise ScenarioError("comparison", [said])
    if hydrogen:
        projector = replace(projector, hydrogen=hydrogen)
    outlooks = _projected(projector, every, until)
    undecided = {
        scenario.name: projector.project(scenario, until, present=frozenset())
        for scenario in every
        if baseline is None or scenario is every[0]
    }
    effects = {
        scenario.name: contributions(
            projector, scenario, None if scenario is every[0] and baseline else baseline, until
        )
        for scenario in every
    }
    energies = {o.scenario.name: energy(projector, o) for o in outlooks}
    wanted = tuple(targets)
    assessed = [assess(wanted, o, base_years).assign(scenario=o.scenario.name) for o in outlooks]
    held = pd.concat(assessed, ignore_index=True)
    return Comparison(outlooks, baseline.name if baseline else "", effects, energies, held, undecided)


def _projected(projector: Projector, scenarios: Sequence[Scenario], until: int | None) -> tuple[Outlook, ...]:
    """Project scenarios; what the port cannot carry of all of them in one message, each problem once."""
    found, told = [], []
    for scenario in scenarios:
        try:
            found.append(projector.project(scenario, until))
        except ScenarioError as error:
            told.append(error)
    if len(told) == 1:
        raise told[0]
    if told:
        named = (f"{error.file}: {problem}" for error in told for problem in error.problems)
        raise ScenarioError(f"{len(told)} scenarios", list(dict.fromkeys(named)))
    return tuple(found)
