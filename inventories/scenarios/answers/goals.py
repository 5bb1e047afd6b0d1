"""Goal seeking: the smallest adoption of one measure that brings a pollutant down to a mass in a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from factors.brief import lines
from factors.terms import is_carrier
from inventories.scenarios.measures.adoption import Adoption, Line, Logistic, Reached, Table
from inventories.scenarios.measures.kind import ShareMeasure
from inventories.scenarios.plan.scenario import Scenario, ScenarioError
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from inventories.scenarios.projection.outlook import Outlook
    from inventories.scenarios.projection.projector import Projector

TOLERANCE = 1e-4
_EXACT = 1e-9
_STEPS = 200


@dataclass(frozen=True)
class Goal:
    """What was sought, and the proof of both sides.

    Attributes
    ----------
    measure, option, pollutant : str
    year : int
    limit_kg : float
    adoption : float or None
        Smallest level that meets the limit, to 1e-4; None if no level does.
    mass_kg : float
        At that level; at the highest level if none does.
    below : float or None
        A level that does not meet it, at most 1e-4 lower; None if the level of today does already.
    mass_below_kg : float or None
    lowest, highest : float
        The levels between which was sought.
    reached : float
        The level in that year: less than the one sought where a line still rises or a limit prevents more.
    remaining_kg : float
        What is too much at the highest level; 0 where the limit is met.
    left : pandas.Series
        Mass by source category at the level given, the largest first. [kg]
    """

    measure: str
    option: str
    pollutant: str
    year: int
    limit_kg: float
    adoption: float | None
    mass_kg: float
    below: float | None
    mass_below_kg: float | None
    lowest: float
    highest: float
    reached: float
    remaining_kg: float
    left: pd.Series

    def __repr__(self) -> str:
        return lines("Goal", {"answer": self})

    def __str__(self) -> str:
        """The answer in a sentence or two."""
        asked = f"{self.pollutant} of at most {self.limit_kg:,.0f} kg in {self.year}"
        if self.adoption is None:
            most = f"{self.left.index[0]} ({self.left.iloc[0]:,.0f} kg)" if len(self.left) else "nothing"
            return (
                f"No level of {self.measure} ({self.option}) gives {asked}: at {self._level(self.highest)}, "
                f"{self.mass_kg:,.0f} kg stay, {self.remaining_kg:,.0f} kg too much. Most of it is of {most}."
            )
        if self.below is None:
            return (
                f"{asked[0].upper()}{asked[1:]} is met at the lowest level of {self.measure} "
                f"({self.option}), {self._level(self.adoption)}: {self.mass_kg:,.0f} kg."
            )
        return (
            f"{self.measure} ({self.option}) at {self._level(self.adoption)} gives {self.mass_kg:,.0f} kg of "
            f"{self.pollutant} in {self.year}, at most {self.limit_kg:,.0f} kg; at {self.below:.3%} it is "
            f"{self.mass_below_kg:,.0f} kg, too much."
        )

    def _level(self, sought: float) -> str:
        if abs(sought - self.reached) <= TOLERANCE:
            return f"{sought:.3%}"
        return f"{sought:.3%} ({self.reached:.3%} is reached in {self.year})"


def seek(
    projector: Projector,
    scenario: Scenario,
    measure: str,
    *,
    pollutant: str,
    year: int,
    limit_kg: float,
    option: str | None = None,
) -> Goal:
    """Seek the smallest adoption of a measure that meets a limit.

    Mass is monotone in one adoption while all else is held: shares enter it one by one. Bisection therefore
    finds the only crossing there is, and both its sides are projected as proof. Where the oldest trucks go
    first it may fall and rise again: there the first crossing is found in 200 steps and then by bisection.

    Parameters
    ----------
    projector : Projector
    scenario : Scenario
    measure : str
        Title of a measure with an adoption.
    pollutant : str
    year : int
    limit_kg : float
        Highest mass allowed in the domain. [kg]
    option : str, optional
        Technology, for a measure that has several.

    Returns
    -------
    Goal

    Raises
    ------
    ScenarioError
        If the scenario has no such measure or option, or the year is not projected.
    """
    chosen, label = _chosen(projector, scenario, measure, option, year)

    def outlook(level: float) -> Outlook:
        varied = _with_level(chosen, label, level, year)
        measures = tuple(varied if entry is chosen else entry for entry in scenario.measures)
        return projector.project(replace(scenario, measures=measures), until=year)

    def mass(level: float) -> float:
        return float(outlook(level).series(pollutant).loc[year])

    own = next(entry for entry in chosen.options() if entry.label == label)
    low = float(chosen.present(projector.base, own))
    _require_known(pollutant, outlook(low), scenario)
    high = _highest(outlook, low)

    def goal(level: float | None, below: float | None) -> Goal:
        at = outlook(high if level is None else level)
        value = float(at.series(pollutant).loc[year])
        by_source = {
            str(s): float(at.series(pollutant, source=str(s)).loc[year]) for s in projector.base.sources
        }
        left = pd.Series(by_source, dtype=float).sort_values(ascending=False)
        levels = at.levels.set_index(["measure", "option", "year"])["level"]
        return Goal(
            measure, label, pollutant, year, limit_kg, level, value, below,
            None if below is None else mass(below), low, high,
            float(levels.sort_index().loc[(measure, label, year)]),
            max(value - limit_kg, 0.0) if level is None else 0.0, left[left > 0],
        )  # fmt: skip

    if mass(low) <= limit_kg:
        return goal(low, None)
    levels = _steps(chosen, low, high)
    masses = [mass(level) for level in levels]
    first = next((place for place, value in enumerate(masses) if value <= limit_kg), None)
    if first is None:
        high = levels[masses.index(min(masses))] if len(levels) > 2 else high
        return goal(None, None)
    fails, meets = levels[first - 1], levels[first]
    while meets - fails > TOLERANCE:
        middle = (fails + meets) / 2
        if mass(middle) <= limit_kg:
            meets = middle
        else:
            fails = middle
    return goal(meets, fails)


def _require_known(pollutant: str, outlook: Outlook, scenario: Scenario) -> None:
    inside = outlook.outputs[outlook.outputs["in_domain"].astype(bool)]
    known = [*sorted({str(name) for name in inside["pollutant"] if not is_carrier(str(name))}), CO2E]
    if pollutant not in known:
        raise ScenarioError(
            scenario.name, [f"no {pollutant} is estimated in the domain; there are {', '.join(known)}"]
        )


def _chosen(
    projector: Projector, scenario: Scenario, measure: str, option: str | None, year: int
) -> tuple[ShareMeasure, str]:
    sharing = [m for m in scenario.measures if isinstance(m, ShareMeasure)]
    found = next((m for m in sharing if m.title == measure), None)
    if found is None:
        known = ", ".join(m.title for m in sharing) or "none"
        raise ScenarioError(scenario.name, [f"no measure {measure!r} has an adoption; there are {known}"])
    if not projector.base.year < year <= scenario.horizon:
        raise ScenarioError(
            scenario.name, [f"year {year} does not lie within {projector.base.year + 1}-{scenario.horizon}"]
        )
    labels = [entry.label for entry in found.options()]
    if option is None and len(labels) > 1:
        raise ScenarioError(scenario.name, [f"{measure}: say which option: {', '.join(labels)}"])
    label = option or labels[0]
    if label not in labels:
        raise ScenarioError(
            scenario.name, [f"{measure} has no option {label!r}; there are {', '.join(labels)}"]
        )
    return found, label


def _highest(outlook: Callable[[float], Outlook], low: float) -> float:
    """All that the other options leave, of this measure and of those that exclude it: the last that fits."""

    def fits(level: float) -> bool:
        try:
            outlook(level)
        except ScenarioError:
            return False
        return True

    if fits(1.0):
        return 1.0
    fitting, beyond = low, 1.0
    while beyond - fitting > _EXACT:
        middle = (fitting + beyond) / 2
        fitting, beyond = (middle, beyond) if fits(middle) else (fitting, middle)
    return fitting


def _steps(measure: ShareMeasure, low: float, high: float) -> list[float]:
    """Levels between which mass is monotone: its ends, or small steps where the oldest trucks go first.

    What replaces the oldest trucks may be cleaner than they and dirtier than the newest.
    """
    if getattr(measure, "displaces", "") != "oldest":
        return [low, high]
    return [low + (high - low) * step / _STEPS for step in range(_STEPS)] + [high]


def _with_level(measure: ShareMeasure, label: str, level: float, year: int) -> ShareMeasure:
    """The same measure, its adoption reaching another level."""
    technologies = getattr(measure, "technologies", None)
    if technologies is not None:
        varied = {name: _reaching(a, level, year) if name == label else a for name, a in technologies.items()}
        return measure.model_copy(update={"technologies": varied})
    adoption: Adoption = measure.adoption  # type: ignore[attr-defined]
    return measure.model_copy(update={"adoption": _reaching(adoption, level, year)})


def _reaching(adoption: Adoption, level: float, year: int) -> Adoption:
    """A curve of the same kind that reaches a level; a table does so in the year asked."""
    if isinstance(adoption, Line):
        return adoption.model_copy(update={"reaches": level})
    if isinstance(adoption, Logistic):
        return adoption.model_copy(update={"ceiling": level})
    if isinstance(adoption, Reached):
        return adoption.model_copy(update={"share": level})
    assert isinstance(adoption, Table)
    before = {at: min(share, level) for at, share in adoption.table.items() if at < year}
    return adoption.model_copy(update={"table": {**before, year: level}})
