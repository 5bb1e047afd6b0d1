"""Sentences for shares out of bounds: below what is there today, or together more than all there is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inventories.scenarios.measures.adoption import Logistic, Reached
from inventories.scenarios.measures.kind import Measure, Option, ShareMeasure
from inventories.scenarios.plan.named_years import last_years
from inventories.scenarios.plan.scenario import Scenario
from inventories.scenarios.projection.outlook import Array, Levels

_NOT_AN_INCREMENT = (
    "A share is the level reached, not an increment; to go back set allow_decrease = true, and what is there "
    "today stays"
)


def falls(option: Option, now: float, level: Array, wanted: Array, years: NDArray[np.int64]) -> list[str]:
    """Return what is wrong with a share that falls below today's level; nothing where it may or does not."""
    below = np.flatnonzero(level < now - 1e-9)
    if option.measure.allow_decrease:
        return []
    at_key = f"{option.measure.title} ({option.label}), {_key(option)}"
    if not len(below):
        return [f"{at_key}: {text}" for text in _at_most(option, now)]
    at = below[0]
    said = f"a share of {level[at]:.3g} in {years[at]} lies below today's level of {now:.3g}"
    if wanted[at] >= now - 1e-9:
        return [
            f"{at_key}: its limits allow less than there is: {said}. Correct "
            'the stock or what it is of; where what is capable is sent to what is, limits_meet = "matched"'
        ]
    return [f"{at_key}: {said}. {_NOT_AN_INCREMENT}"]


def _at_most(option: Option, now: float) -> list[str]:
    """A curve or a date that keeps today's level because all it asks for is less."""
    how = getattr(option.measure, "technologies", {}).get(option.label) or getattr(
        option.measure, "adoption", None
    )
    key, most = "", 1.0
    if isinstance(how, Logistic):
        key, most = "ceiling", how.ceiling
    elif isinstance(how, Reached):
        key, most = "share", how.share
    if most >= now - 1e-9:
        return []
    return [f"{key} = {most:.3g} lies below today's level of {now:.3g}. {_NOT_AN_INCREMENT}"]


def held(levels: Levels, scenario: Scenario) -> list[str]:
    """Say which shares fall below today's level by permission: records that are changed stay as recorded."""
    allowed = {m.title for m in scenario.measures if isinstance(m, ShareMeasure) and m.allow_decrease}
    return [
        f"{title} ({label}): the scenario goes below today's level of {level.present:.3g}; what is changed "
        "already stays as recorded, and no more is changed"
        for (title, label), level in levels.items()
        if title in allowed and (level.reached < level.present - 1e-9).any()
    ]


def passed(scenario: Scenario, base_year: int) -> list[str]:
    """Say which shares end before the first projected year: the last of them holds from there on."""
    return [
        f"{measure.title}, {key}: no year after the base year {base_year} is named (the last is {last}); "
        f"the share of that year holds in full from {base_year + 1} on"
        for measure in scenario.measures
        if isinstance(measure, ShareMeasure) and not scenario.is_rule(measure)
        for key, last in last_years(measure)
        if last <= base_year
    ]


def overfull(
    family: list[Option], left: Array, first_year: int, where: Callable[[Measure], str] | None = None
) -> str:
    """Say which options take more than there is, in which table and key, and when first."""
    at = int(np.flatnonzero((left < -1e-9).any(axis=1))[0])
    told: dict[str, None] = {}
    for option in family:
        place = f"; {where(option.measure)}, {_key(option)}" if where is not None else ""
        told[f"{option.measure.title} ({option.label}{place})"] = None
    names = list(told)
    meet = "exclude each other and reach" if len(names) > 1 else "cannot reach"
    return (
        f"{', '.join(names)} {meet} {1 - left[at].min():.0%} of what is left in "
        f"{first_year + at}; at most 100 %. Lower one of the shares; a rule gives way to a measure of "
        "its own name, or to without = [...]"
    )


def _key(option: Option) -> str:
    """The key that holds an option's share."""
    return f"technologies.{option.label}" if hasattr(option.measure, "technologies") else "adoption"
