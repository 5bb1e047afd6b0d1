"""Rules in force against a scenario: those a port cannot carry, and those that a scenario falls below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inventories.scenarios.measures.kind import Measure, Option, ShareMeasure
from inventories.scenarios.plan.named_years import begun
from inventories.scenarios.plan.scenario import Scenario

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear
    from inventories.scenarios.plan.regulations import Rule
    from inventories.scenarios.projection.outlook import Levels

Problems = Callable[[Measure], list[str]]
Present = Callable[[Option], float]
SLACK = 1e-9
_TYPES = ("vessel_types", "types")


def fitted(scenario: Scenario, base: BaseYear, problems_of: Problems) -> tuple[Scenario, tuple[str, ...]]:
    """Return a scenario with its rules as they act on a port's year, and why some do not.

    Rules of other places than the port's are no part of a law that leaves the place to the port. A rule is
    narrowed to the types that the port has. One that the base year's records hold already acts on
    earlier years only. One for what a port does not have, or what its method cannot estimate, must not stop
    the baseline: it is set aside and named.

    Parameters
    ----------
    scenario : Scenario
    base : BaseYear
    problems_of : callable
        What is wrong with a measure at the port.
    """
    scenario, notes = scenario.at(base.place)
    if scenario.law is None:
        return scenario, ()
    held = {rule.name: rule for rule in scenario.law.in_force}
    acting: dict[str, Measure] = {}
    said = list(notes)
    for title, measure in scenario.rules.items():
        narrow = _narrowed(measure, base)
        if _is_in_records(held[title], base.year):
            said.append(f"{title}: the records of {base.year} hold it already")
        elif problems := problems_of(narrow):
            told = "; ".join(text.removeprefix(f"{title}: ") for text in problems)
            said.append(f"{title} is in force and not represented here: {told}")
        else:
            acting[title] = narrow
    kept = (acting.get(m.title) if scenario.is_rule(m) else m for m in scenario.measures)
    return replace(scenario, measures=tuple(m for m in kept if m is not None), rules=acting), tuple(said)


def below_rules(
    base: BaseYear, scenario: Scenario, levels: Levels, years: NDArray[np.int64], present: Present
) -> tuple[str, ...]:
    """Return a sentence for each rule in force whose floor a scenario falls below.

    Parameters
    ----------
    base : BaseYear
    scenario : Scenario
        As fitted to the port.
    levels : Levels
        Of the scenario.
    years : ndarray of int, shape (n_years,)
    present : callable
        The level of an option in the base year.
    """
    if scenario.law is None:
        return ()
    mine = [measure for measure in scenario.measures if isinstance(measure, ShareMeasure)]
    named = {rule.name: rule for rule in scenario.law.in_force}
    found = []
    for title, rule in scenario.rules.items():
        if rule in scenario.measures or not isinstance(rule, ShareMeasure):
            continue
        floor, reached = _floor_and_reached(base, rule, mine, levels, years, present)
        below = np.flatnonzero(reached < floor - SLACK)
        if len(below):
            at = below[0]
            found.append(
                f"{title} ({named[title].rule}), in force on {scenario.law.as_of}, asks for {floor[at]:.0%} "
                f"in {years[at]}; the scenario reaches {reached[at]:.0%}. The baseline keeps the rule; raise "
                "the share"
            )
    return tuple(found)


def _floor_and_reached(
    base: BaseYear,
    rule: ShareMeasure,
    mine: list[ShareMeasure],
    levels: Levels,
    years: NDArray[np.int64],
    present: Present,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of a rule's own activity that it asks for, and that the scenario's measures of its kind reach."""
    now = [present(option) for option in rule.options()]
    asked = [
        np.maximum(begun(rule, base.year).level(option, years, at), at)
        for option, at in zip(rule.options(), now, strict=True)
    ]
    floor, today = np.sum(asked, axis=0), sum(now)
    floor[0] = today
    reached, covered = np.zeros(len(years)), 0.0
    for measure in mine:
        if measure.kind() == rule.kind() and (part := min(_part(base, rule, measure), 1.0 - covered)) > 0:
            covered += part
            options = [levels[measure.title, option.label] for option in measure.options()]
            reached = reached + part * np.sum([level.reached for level in options], axis=0)
    return floor, reached + (1.0 - covered) * today


def _part(base: BaseYear, rule: ShareMeasure, measure: ShareMeasure) -> float:
    """Part of the work a rule is about that a measure is about as well; asked once."""
    key = ("part", rule.fingerprint(), measure.fingerprint())
    if key not in base.cache:
        both = whole = 0.0
        for source in set(rule.sources()) & set(base.rows):
            rows = base.rows[source]
            ours = rule.affected(source, rows)
            work = rows["quantity"].to_numpy(dtype=float)
            whole += work[ours].sum()
            if source in measure.sources():
                both += work[ours & measure.affected(source, rows)].sum()
        base.cache[key] = both / whole if whole > 0 else 0.0
    return float(base.cache[key])


def _narrowed(measure: Measure, base: BaseYear) -> Measure:
    """The same rule for those of its types that the port has; as it is where the port has none of them."""
    named = next((name for name in _TYPES if getattr(measure, name, ())), None)
    if named is None:
        return measure
    key = ("types", measure.SOURCES)
    if key not in base.cache:
        there = [base.rows[source]["source_type"] for source in measure.SOURCES if source in base.rows]
        base.cache[key] = {str(name) for types in there for name in types.unique()}
    kept = tuple(name for name in getattr(measure, named) if name in base.cache[key])
    return measure.model_copy(update={named: kept}) if kept else measure


def _is_in_records(rule: Rule, base_year: int) -> bool:
    """Whether a rule that became part of the records did so before the base year ended."""
    return rule.carried_by == "inventory" and rule.effective[:4] <= str(base_year)
