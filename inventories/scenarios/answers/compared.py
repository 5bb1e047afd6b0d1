"""Scenarios of one base year beside each other, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from factors.brief import counted, lines, listed
from factors.terms import ELECTRICITY, is_carrier
from factors.units import conversion
from factors.warming import GREENHOUSE_GASES
from inventories.scenarios.answers.contributions import Contributions
from inventories.scenarios.answers.energy import Energy
from inventories.scenarios.base_year.grid_rates import GRID
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from inventories.scenarios.projection.outlook import Outlook


@dataclass(frozen=True)
class Compared:
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

    def __repr__(self) -> str:
        last = max(outlook.years[-1] for outlook in self.outlooks)
        return lines(
            f"{type(self).__name__} of {counted(len(self.outlooks), 'scenario')}, {self.base_year} to {last}",
            {
                "scenarios": listed(self.names, most=12),
                "against": self.baseline or "growth and turnover alone",
                "targets": counted(len(self.targets), "assessment") if len(self.targets) else "",
                "see": ".tables(), .series(pollutant), .ends(pollutant), .effects, .energies",
            },
        )

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


def _is_known_of_grid(outlook: Outlook, pollutant: str) -> bool:
    """Whether power stations have the pollutant, or nothing is drawn: what is not estimated is no zero."""
    there = (outlook.values != 0).any(axis=0) & (outlook.outputs["source_category"] == GRID).to_numpy()
    made = set(outlook.outputs["pollutant"][there])
    wanted = GREENHOUSE_GASES if pollutant == CO2E else (pollutant,)
    # No power station counts as a diesel engine.
    return pollutant == "DPM" or ELECTRICITY not in made or not made.isdisjoint(wanted)
