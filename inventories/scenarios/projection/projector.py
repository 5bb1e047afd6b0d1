"""Project an inventory by a scenario: mass by year, source and pollutant, anchored to the base year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from inventories.scenarios.base_year.base import SHIPS, BaseYear
from inventories.scenarios.base_year.grid_rates import change_of_rates
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.scenarios.measures.growth import Growth
from inventories.scenarios.measures.hydrogen_supply import DEFAULT_PATHWAY, pathway_of
from inventories.scenarios.measures.kind import Measure, MeasureError, ShareMeasure
from inventories.scenarios.plan.named_years import begun
from inventories.scenarios.plan.scenario import END_OF_YEARS, Scenario, ScenarioError
from inventories.scenarios.projection.impossible_shares import falls, held, overfull, passed
from inventories.scenarios.projection.off_site import unmade, with_supply
from inventories.scenarios.projection.outlook import Level, Levels, Outlook
from inventories.scenarios.projection.present_levels import ROUNDING, Standing
from inventories.scenarios.projection.rules_in_force import below_rules, fitted
from inventories.scenarios.projection.shares_to_masses import anchored, change, fractions, unrecorded
from inventories.scenarios.projection.variants import Variants, families_of, work_out

if TYPE_CHECKING:
    from factors.method import Method
    from inventories.year.inventory import Inventory

Array = NDArray[np.float64]


_KEPT = "projector"


@dataclass(frozen=True)
class Projector:
    """An inventory made ready for projecting: what takes long is done once.

    Attributes
    ----------
    base : BaseYear
    gwp_set : str
    hydrogen : str
        How hydrogen is made, whatever a scenario says; blank for what it says.
    """

    base: BaseYear
    gwp_set: str
    hydrogen: str = ""

    def __repr__(self) -> str:
        return f"Projector of {self.base.year}, by {self.base.method.name} (CO2e by {self.gwp_set})"

    @classmethod
    def of(cls, inventory: Inventory, method: Method | None = None) -> Projector:
        """Prepare an inventory; what was prepared is kept with it and given again.

        Parameters
        ----------
        inventory : Inventory
        method : Method, optional
            Another than the inventory's own; prepared anew at each call.
        """
        if method is not None:
            return cls(BaseYear.of(inventory, method), inventory.gwp_set)
        if _KEPT not in inventory.kept:
            inventory.kept[_KEPT] = cls(BaseYear.of(inventory, inventory.method), inventory.gwp_set)
        return cast(Projector, inventory.kept[_KEPT])

    def project(
        self, scenario: Scenario, until: int | None = None, present: frozenset[str] | None = None
    ) -> Outlook:
        """Project a scenario.

        Parameters
        ----------
        scenario : Scenario
        until : int, optional
            Last year; the scenario's horizon where left out.
        present : frozenset of str, optional
            Titles of the share measures that take part; all where left out.

        Raises
        ------
        ScenarioError
            All problems of all measures at this port.
        """
        scenario, set_aside = self.fitted(scenario)
        self.check(scenario, until)
        years = np.arange(self.base.year, (until or scenario.horizon) + 1)
        growth = self.growth(scenario, years)
        turnover = next((m for m in scenario.measures if isinstance(m, FleetTurnover)), None)
        levels = self.levels(scenario, years)
        changes = []
        supplied = self.supplied_by(scenario)
        for source in self.base.sources:
            measures = share_measures(scenario, source)
            variants = supplied.variants(source, measures, turnover, years)
            try:
                weights = self.weights(variants, measures, levels, present, scenario.where)
            except MeasureError as error:
                raise ScenarioError(scenario.file or scenario.name, [str(error)]) from error
            changes.append((variants.outputs, unrecorded(variants) + change(variants, weights, growth)))
        outputs, values = anchored(changes, self.base, len(years))
        return Outlook(
            scenario,
            self.base.year,
            years,
            outputs,
            values,
            levels,
            self.gwp_set,
            self.base.method.name,
            notes=(*self._notes(turnover), *set_aside),
            warnings=(
                *held(levels, scenario),
                *passed(scenario, self.base.year),
                *unmade(self.base, outputs, values),
                *below_rules(self.base, scenario, levels, years, self.standing.present),
            ),
            base=self.base,
        )

    def _notes(self, turnover: FleetTurnover | None) -> tuple[str, ...]:
        """What turnover takes for granted at this port; asked once."""
        if turnover is None:
            return ()
        key = ("notes", turnover.fingerprint())
        if key not in self.base.cache:
            self.base.cache[key] = tuple(turnover.notes(self.base))
        found: tuple[str, ...] = self.base.cache[key]
        return found

    def supplied_by(self, scenario: Scenario) -> Projector:
        """Return the projector with hydrogen made as a scenario says, unless it was told already."""
        return self if self.hydrogen else replace(self, hydrogen=pathway_of(scenario.measures))

    def fitted(self, scenario: Scenario) -> tuple[Scenario, tuple[str, ...]]:
        """Return a scenario with its rules as they act on this port's year, and why some do not."""
        return fitted(scenario, self.base, self._problems)

    def check(self, scenario: Scenario, until: int | None = None) -> None:
        """Refuse what this port, year or method cannot carry; every problem in one message."""
        problems = [
            f"{scenario.where(measure)} ({measure.kind()}), {problem}"
            for measure in scenario.measures
            for problem in self._problems(measure)
        ]
        if scenario.horizon < self.base.year:
            problems.append(
                f"the horizon {scenario.horizon} lies before the base year {self.base.year}; write horizon = "
                f"{self.base.year + 25}, or project from an earlier year"
            )
        elif until is not None and (wrong := _no_last_year(until)):
            problems.append(wrong)
        elif until is not None and until < self.base.year:
            problems.append(
                f"until {until} lies before the base year {self.base.year}, which is the first that is "
                f"projected; choose a year up to the horizon, {scenario.horizon}"
            )
        turning = [measure.title for measure in scenario.measures if isinstance(measure, FleetTurnover)]
        if len(turning) > 1:
            problems.append(f"{', '.join(turning)}: a fleet turns over in one way; keep one fleet_turnover")
        for kind in sorted({measure.kind() for measure in scenario.measures if measure.IS_SETTING}):
            told = [measure.title for measure in scenario.measures if measure.kind() == kind]
            if len(told) > 1:
                problems.append(f"{', '.join(told)}: a scenario has one {kind}; join them")
        if problems:
            raise ScenarioError(scenario.file or scenario.name, problems)

    def _problems(self, measure: Measure) -> list[str]:
        """What is wrong with a measure at this port; asked once, as it depends on no share."""
        labels = (
            tuple(option.label for option in measure.options()) if isinstance(measure, ShareMeasure) else ()
        )
        key = ("check", measure.title, measure.fingerprint(), labels)
        if key not in self.base.cache:
            self.base.cache[key] = measure.check(self.base)
        found: list[str] = self.base.cache[key]
        return found

    @cached_property
    def standing(self) -> Standing:
        """What stands of options in the base year."""
        return Standing(self.base)

    def growth(self, scenario: Scenario, years: NDArray[np.int64]) -> Array:
        """Return what each group's work is multiplied by, shape (n_years, n_groups)."""
        out = np.ones((len(years), len(self.base.groups)))
        for measure in scenario.measures:
            if isinstance(measure, Growth):
                out = out * measure.factor(self.base, years)
        return out

    def _survival(self, scenario: Scenario, years: NDArray[np.int64]) -> Array:
        """What survival and purchases multiply each group's work by, shape (n_years, n_groups).

        One for ships, whose groups hold all ages.
        """
        turnover = next((m for m in scenario.measures if isinstance(m, FleetTurnover)), None)
        out = np.ones((len(years), len(self.base.groups)))
        if turnover is None or not turnover.survival:
            return out
        key = ("survival", turnover.fingerprint(), years.tobytes())
        if key not in self.base.cache:
            groups = self.base.groups
            for source in set(self.base.sources) - {SHIPS}:
                mine = np.flatnonzero((groups["source_category"] == source).to_numpy())
                found = turnover.weights(
                    self.base,
                    source,
                    mine,
                    groups["vintage"].to_numpy(dtype=float)[mine],
                    years - self.base.year,
                )
                if found is not None:
                    out[:, mine] = found
            self.base.cache[key] = out
        known: Array = self.base.cache[key]
        return known

    def variants(
        self,
        source: str,
        measures: list[ShareMeasure],
        turnover: FleetTurnover | None,
        years: NDArray[np.int64],
    ) -> Variants:
        """Work out, or remember, the variants of a source, and what making their energy emits."""
        turning = turnover.model_dump_json() if turnover is not None and turnover.turns(source) else ""
        key = (
            "variants",
            source,
            tuple(o.key for m in measures for o in m.options()),
            turning,
            years.tobytes() if turning else b"",
        )
        if key not in self.base.cache:
            self.base.cache[key] = work_out(self.base, source, measures, turnover, years)
        by_year = years.tobytes() if turning or change_of_rates(self.base, years) else b""
        made = (*key, self.hydrogen, by_year)
        if made not in self.base.cache:
            self.base.cache[made] = with_supply(
                self.base, self.base.cache[key], years, self.hydrogen or DEFAULT_PATHWAY
            )
        found: Variants = self.base.cache[made]
        # What was worked out knows no names and no shares: those are the scenario's own.
        return replace(found, families=families_of(measures))

    def levels(self, scenario: Scenario, years: NDArray[np.int64]) -> Levels:
        """Return for each option the level present, the level reached and the fraction changed by group.

        Raises
        ------
        ScenarioError
            If a level falls below the one present.
        """
        found: Levels = {}
        problems: list[str] = []
        growth = self.growth(scenario, years)
        grown = growth * self._survival(scenario, years)
        for family in _by_family(scenario):
            options = [option for measure in family for option in measure.options()]
            present = [(option, self.standing.share(option, grown)) for option in options]
            fractions: dict[tuple[str, str], Array] = {}  # by measure and label
            for option, stands in present:
                now = self.standing.present(option)
                asks = begun(option.measure, self.base.year)
                level = np.asarray(asks.level(option, years, now), dtype=float)
                level[0] = now
                if scenario.is_rule(option.measure):
                    level = np.maximum(level, now)  # the baseline keeps what is there
                wanted = np.asarray(asks.wanted(option, years, now), dtype=float)
                wanted[0] = now
                where = scenario.where(option.measure)
                if not scenario.is_rule(option.measure):
                    problems += [f"{where}, {text}" for text in falls(option, now, level, wanted, years)]
                free = np.maximum(1.0 - self.standing.already(option, present, grown), 0.0)
                # What is there today stays; only a share above it is something to be done.
                asked = np.where(level > now + ROUNDING, np.maximum(level - stands, 0.0), 0.0)
                fraction = np.divide(asked, free, out=np.zeros(len(years)), where=free > 0)
                fractions[option.measure.title, option.label] = fraction
                share = np.where(fraction > 0, level, stands)
                found[option.measure.title, option.label] = Level(now, level, fraction, wanted, {}, share)
            for option in options:
                place = option.measure.title, option.label
                together = np.sum(
                    [fractions[place[0], other.label] for other in option.measure.options()], axis=0
                )
                spread = option.measure.spread(self.base, option, fractions[place], together, grown)
                told = option.measure.told(self.base, option, spread, growth)
                found[place] = found[place]._replace(changed=spread, told=told)
        if problems:
            raise ScenarioError(scenario.file or scenario.name, problems)
        return found

    def weights(
        self,
        variants: Variants,
        measures: list[ShareMeasure],
        levels: Levels,
        present: frozenset[str] | None = None,
        where: Callable[[Measure], str] | None = None,
    ) -> Array:
        """Return the share of each part that each choice has, shape (n_years, n_parts, n_choices).

        ``where`` names the table of a measure, for messages.

        Raises
        ------
        MeasureError
            If options that exclude each other reach more than all of a part.
        """
        shares = []
        for family, taken in zip(variants.families, fractions(variants, levels, present), strict=True):
            left = 1.0 - taken.sum(axis=0)
            if (left < -1e-9).any():
                raise MeasureError(overfull(family, left, self.base.year, where))
            shares.append(np.stack([np.maximum(left, 0.0), *taken]))
        n_years = len(next(iter(levels.values())).reached) if levels else 1
        out = np.ones((n_years, len(variants.parts), len(variants.choices)))
        for place, choice in enumerate(variants.choices):
            for share, number in zip(shares, choice, strict=True):
                out[:, :, place] *= share[number]
        return out


def project(inventory: Inventory, scenario: Scenario, until: int | None = None) -> Outlook:
    """Project an inventory by a scenario.

    Parameters
    ----------
    inventory : Inventory
        The base year; the first projected year equals it exactly.
    scenario : Scenario
    until : int, optional
        Last year; the scenario's horizon where left out.

    Returns
    -------
    Outlook
    """
    if not isinstance(scenario, Scenario):
        raise TypeError(f"project takes a Scenario, such as Scenario.load(file) gives; found {scenario!r}")
    return Projector.of(inventory).project(scenario, until)


def share_measures(scenario: Scenario, source: str) -> list[ShareMeasure]:
    """Return the share measures of a scenario that change a source."""
    return [m for m in scenario.measures if isinstance(m, ShareMeasure) and source in m.sources()]


def _no_last_year(until: object) -> str:
    """What is wrong with a last year, in words; blank where it is one."""
    if isinstance(until, (int, np.integer)) and not isinstance(until, bool) and until < END_OF_YEARS:
        return ""
    return f"until: the last year, a whole number before {END_OF_YEARS}, such as 2050; found {until!r}"


def _by_family(scenario: Scenario) -> list[list[ShareMeasure]]:
    families: dict[tuple[int, str], list[ShareMeasure]] = {}
    for measure in scenario.measures:
        if isinstance(measure, ShareMeasure):
            families.setdefault((measure.LEVEL, measure.family()), []).append(measure)
    return list(families.values())
