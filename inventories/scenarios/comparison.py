"""Scenarios beside each other: masses by year, what measures contribute, energy, targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from factors.terms import ELECTRICITY, is_carrier
from factors.units import conversion
from factors.warming import GREENHOUSE_GASES
from inventories.coverage import CO2E
from inventories.scenarios.contributions import Contributions, contributions
from inventories.scenarios.energy import Energy, energy
from inventories.scenarios.off_site import GRID
from inventories.scenarios.projection import Projector
from inventories.scenarios.scenario import Scenario, ScenarioError
from inventories.scenarios.tables import dataset, tables
from inventories.targets import Target, assess

if TYPE_CHECKING:
    from inventories.inventory import Inventory
    from inventories.scenarios.outlook import Outlook


@dataclass(frozen=True)
class Comparison:
    """Any number of scenarios of one base year.

    Attributes
    ----------
    outlooks : tuple of Outlook
        The baseline first, where there is one.
    baseline : str
        Name of the scenario that effects are measured against; empty for growth and turnover alone.
    effects : dict of str to Contributions
        By scenario; the baseline is told apart against growth and turnover.
    energies : dict of str to Energy
    targets : pandas.DataFrame
        As of `inventories.targets.assess`, with a column ``scenario``.
    undecided : dict of str to Outlook
        Growth and turnover alone, of the scenarios whose effects are measured against these.
    """

    outlooks: tuple[Outlook, ...]
    baseline: str
    effects: dict[str, Contributions]
    energies: dict[str, Energy]
    targets: pd.DataFrame
    undecided: dict[str, Outlook] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of the scenarios, in their order."""
        return [outlook.scenario.name for outlook in self.outlooks]

    @property
    def base_year(self) -> int:
        """The year all start from."""
        return self.outlooks[0].base_year

    @property
    def pollutants(self) -> list[str]:
        """Pollutants with mass in the domain in any scenario and year, and CO2e."""
        found: dict[str, None] = {}
        for outlook in self.outlooks:
            inside = outlook.outputs["in_domain"].to_numpy() & (outlook.values != 0).any(axis=0)
            found |= dict.fromkeys(str(name) for name in outlook.outputs["pollutant"][inside])
        return [*(name for name in found if not is_carrier(name)), CO2E]

    def series(self, pollutant: str, *, in_domain: bool = True) -> pd.DataFrame:
        """Return the mass by year, a column a scenario. [kg]"""
        columns = {o.scenario.name: o.series(pollutant, in_domain=in_domain) for o in self.outlooks}
        return pd.DataFrame(columns)

    def by_source(self, scenario: str, pollutant: str) -> pd.DataFrame:
        """Return the mass in the domain by year, a column a source category. [kg]"""
        outlook = self.outlook(scenario)
        inside = outlook.outputs[outlook.outputs["in_domain"]]
        names = sorted(str(name) for name in inside["source_category"].unique())
        frame = pd.DataFrame({name: outlook.series(pollutant, source=name) for name in names})
        return frame.loc[:, (frame != 0).any()]

    def ends(self, pollutant: str, unit: str = "short_ton") -> pd.DataFrame:
        """Return base and end year by scenario and source, and in all; the unit in the heading."""
        rows = []
        for name in self.names:
            frame = self.by_source(name, pollutant)
            frame = frame.assign(total=frame.sum(axis=1)) * conversion("kg", unit)
            for source in frame:
                rows.append((name, source, frame[source].iloc[0], frame[source].iloc[-1]))
        heading = ["scenario", "source_category", f"base [{unit}]", f"end [{unit}]"]
        return pd.DataFrame(rows, columns=heading)

    def cumulative(self, pollutant: str) -> pd.Series:
        """Return what is emitted in the domain over all years after the base year, by scenario. [kg]"""
        return self.series(pollutant).iloc[1:].sum()

    def moved(self, scenario: str, pollutant: str) -> pd.DataFrame:
        """Return the change by year against what effects are against, in and out of the domain. [kg]

        That is the baseline; for the baseline itself, and where there is none, growth and turnover alone.

        What rises outside while it falls inside was *moved*, not avoided: ships that wait farther out, and
        power stations (on a line of their own; missing where the factors do not have the pollutant).
        """
        own = self.outlook(scenario)
        first = self.undecided.get(scenario, self.outlooks[0])
        last = min(own.years[-1], first.years[-1])

        def change(**where: object) -> pd.Series:
            return (own.series(pollutant, **where) - first.series(pollutant, **where)).loc[:last]  # type: ignore[arg-type]

        power = change(in_domain=False, source=GRID)
        return pd.DataFrame(
            {
                "avoided_in_domain": change(),
                "moved_outside": change(in_domain=False) - power,
                "power_stations": power if _is_known_of_grid(own, pollutant) else power * float("nan"),
            }
        )

    @property
    def notes(self) -> list[str]:
        """What is taken for granted at the port, each once; with the scenario's name where not all say it."""
        told: dict[str, list[str]] = {}
        for outlook in self.outlooks:
            for line in outlook.notes:
                told.setdefault(line, []).append(outlook.scenario.name)
        return [
            f"{line}." if len(names) == len(self.outlooks) else f"{', '.join(names)}: {line}."
            for line, names in told.items()
        ]

    def outlook(self, scenario: str) -> Outlook:
        """Return the outlook of a scenario.

        Raises
        ------
        KeyError
            If it is not compared here.
        """
        for outlook in self.outlooks:
            if outlook.scenario.name == scenario:
                return outlook
        raise KeyError(f"no scenario {scenario!r} here; there are {', '.join(self.names)}")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables by name, long, one fact a row; see `inventories.scenarios.tables`."""
        return tables(self)

    def dataset(self) -> xr.Dataset:
        """Return a Dataset over (scenario, year, source_category, measure, pollutant); units in attrs."""
        return dataset(self)


def _is_known_of_grid(outlook: Outlook, pollutant: str) -> bool:
    """Whether power stations have the pollutant, or nothing is drawn: what is not estimated is no zero."""
    there = (outlook.values != 0).any(axis=0) & (outlook.outputs["source_category"] == GRID).to_numpy()
    made = set(outlook.outputs["pollutant"][there])
    wanted = GREENHOUSE_GASES if pollutant == CO2E else (pollutant,)
    # No power station counts as a diesel engine.
    return pollutant == "DPM" or ELECTRICITY not in made or not made.isdisjoint(wanted)


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
        How hydrogen is made in all scenarios, a key of `inventories.scenarios.making.HYDROGEN_PATHWAYS`; as
        each says where left out.

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
    projector = base if isinstance(base, Projector) else base.projector
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
