r"""What each measure contributes to a scenario, whatever the order in which measures are written.

A year's mass is a polynomial in the presence of the measures, of degree one in each: shares of families
multiply, options of a family add. Which shares those are depends on what grows and how fleets turn over, so
that each set of these is worked out by itself. Such a function has one coefficient for every set of measures
that interact (its dividend, after Harsanyi), and the Shapley value shares each dividend equally:

.. math:: \phi_j = \sum_{T \ni j} d_T / |T|

The dividends are read off the variants already worked out, so that the value is exact for any number of
measures with a share and nothing needs sampling: its standard error is zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from factors.brief import brief
from factors.terms import is_carrier
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.scenarios.measures.growth import Growth
from inventories.scenarios.measures.kind import ShareMeasure
from inventories.scenarios.plan.scenario import Scenario, ScenarioError
from inventories.scenarios.projection.outlook import OUTPUT, Array, pollutant_weight
from inventories.scenarios.projection.projector import share_measures
from inventories.scenarios.projection.shares_to_masses import fractions
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inventories.scenarios.measures.kind import Measure, Option
    from inventories.scenarios.projection.outlook import Levels
    from inventories.scenarios.projection.projector import Projector
    from inventories.scenarios.projection.variants import Choice, Outputs, Variants

MOST_GROWTHS = 8
"""Growths and turnover of one source whose interplay is taken apart: their sets are counted one by one."""

Members = frozenset[str]
Dividends = dict[Members, dict[tuple[str, bool, str], Array]]


@dataclass(frozen=True)
class Contributions:
    """The effect of each measure of a scenario, negative where it reduces.

    Attributes
    ----------
    scenario : str
    measures : tuple of str
        Titles of the measures told apart.
    span : ndarray of int, shape (n_years,)
    outputs : pandas.DataFrame
        ``source_category, in_domain, pollutant``.
    shapley, alone, last_in : ndarray, shape (n_measures, n_years, n_outputs)
        Average effect over all orders of joining; effect as the only measure; effect when all others are
        there. [kg; kWh of electricity]
    gwp_set : str
    """

    scenario: str
    measures: tuple[str, ...]
    span: NDArray[np.int64]
    outputs: pd.DataFrame
    shapley: Array
    alone: Array
    last_in: Array
    gwp_set: str

    __repr__ = brief

    def series(self, pollutant: str, *, in_domain: bool = True, gwp: str | None = None) -> pd.DataFrame:
        """Return the contribution of each measure by year: a column a measure. [kg]"""
        taken = (self.outputs["in_domain"] == in_domain).to_numpy()
        weight = pollutant_weight(self.outputs, pollutant, gwp or self.gwp_set) * taken
        return pd.DataFrame((self.shapley @ weight).T, index=self.span, columns=list(self.measures))

    def frame(self) -> pd.DataFrame:
        """Return all effects: ``measure, year, source_category, in_domain, pollutant`` and kilograms.

        CO2e is there as a pollutant of its own, by the set in use; carriers, and sources that a measure does
        not touch, are left out.
        """
        parts = []
        for source, inside in self.outputs[["source_category", "in_domain"]].drop_duplicates().to_numpy():
            here = (
                (self.outputs["source_category"] == source) & (self.outputs["in_domain"] == inside)
            ).to_numpy()
            touching = np.flatnonzero((self.last_in[:, :, here] != 0).any(axis=(1, 2)))
            names = [str(name) for name in self.outputs["pollutant"][here] if not is_carrier(str(name))]
            for pollutant in (*names, CO2E) if len(touching) else ():
                weight = pollutant_weight(self.outputs, pollutant, self.gwp_set) * here
                columns = {
                    f"{effect}_kg": (values[touching] @ weight).ravel()
                    for effect, values in (
                        ("contribution", self.shapley), ("alone", self.alone), ("last_in", self.last_in),
                    )
                }  # fmt: skip
                keys = {
                    "measure": np.repeat([self.measures[number] for number in touching], len(self.span)),
                    "year": np.tile(self.span, len(touching)),
                    "source_category": source, "in_domain": inside, "pollutant": pollutant,
                }  # fmt: skip
                parts.append(pd.DataFrame(keys | columns))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def table(
        self, pollutant: str, year: int, *, in_domain: bool = True, gwp: str | None = None
    ) -> pd.DataFrame:
        """Return for each measure its contribution, its effect alone, and last in, in one year. [kg]

        Raises
        ------
        ValueError
            If the year was not projected.
        """
        if year not in self.span:
            raise ValueError(f"year {year} lies outside the horizon {self.span[0]}-{self.span[-1]}")
        taken = (self.outputs["in_domain"] == in_domain).to_numpy()
        weight = pollutant_weight(self.outputs, pollutant, gwp or self.gwp_set) * taken
        at = int(np.flatnonzero(self.span == year)[0])
        columns = {
            f"{name}_kg": values[:, at] @ weight
            for name, values in (
                ("contribution", self.shapley),
                ("alone", self.alone),
                ("last_in", self.last_in),
            )
        }
        return pd.DataFrame(columns, index=pd.Index(self.measures, name="measure"))


def contributions(
    projector: Projector, scenario: Scenario, baseline: Scenario | None = None, until: int | None = None
) -> Contributions:
    """Share a scenario's effect among its measures.

    Parameters
    ----------
    projector : Projector
    scenario : Scenario
    baseline : Scenario, optional
        Measures that it holds in the same words are there from the start, and the effect is that of the
        others. One that the scenario replaces, under its name, counts against what it replaces: another
        growth or turnover, or other shares of the same change. What the baseline has and the scenario leaves
        out, or makes in another way, is nobody's contribution. Where left out, growth and turnover are there,
        and every measure with a share is told apart.
    until : int, optional
        Last year.

    Returns
    -------
    Contributions
        They sum to the scenario's effect. Which measures there are depends on their names, not their order.

    Raises
    ------
    ScenarioError
        As in `Projector.project`; or if more than 8 growths of one source would have to be told apart.
    """
    scenario, _ = projector.fitted(scenario)
    projector.check(scenario)
    projector = projector.supplied_by(scenario)
    years = np.arange(projector.base.year, (until or scenario.horizon) + 1)
    if baseline is not None:
        baseline, _ = projector.fitted(baseline)
    players = sorted(measure.title for measure in scenario.measures if _is_player(measure, baseline))
    told = _Told(projector, scenario, frozenset(players), years, _by_title(baseline))
    found: Dividends = {}
    for source in projector.base.sources:
        _add_source(told, source, found)
    return _gathered(projector, scenario, players, years, found)


@dataclass(frozen=True)
class _Context:
    """What shares depend on: who grows and how fleets turn over, and the shares of the scenario there.

    ``held`` are the shares there of measures that the baseline has by the same names.
    """

    growth: Array
    turnover: FleetTurnover | None
    levels: Levels
    held: Levels


@dataclass(frozen=True)
class _Told:
    """What contributions are told apart in; ``baseline`` is its measures by name."""

    projector: Projector
    scenario: Scenario
    players: Members
    years: NDArray[np.int64]
    baseline: Mapping[str, Measure]
    known: dict[tuple[str, ...], _Context] = field(default_factory=dict)

    def before(self, measure: Measure) -> Measure | None:
        """What the scenario's measure replaces: the baseline's of its name and kind, or any turnover."""
        if isinstance(measure, FleetTurnover):
            return next((m for m in self.baseline.values() if isinstance(m, FleetTurnover)), None)
        same = self.baseline.get(measure.title)
        return same if same is not None and same.kind() == measure.kind() else None

    def movers(self, source: str) -> list[str]:
        """Names of the growths and turnover told apart that a source's work depends on."""
        base = self.projector.base
        own = (base.groups["source_category"] == source).to_numpy()
        found = []
        for measure in self.scenario.measures:
            if measure.title not in self.players:
                continue
            before = self.before(measure)
            if isinstance(measure, Growth):
                factor = measure.factor(base, self.years)
                was = before.factor(base, self.years) if isinstance(before, Growth) else 1.0
                if (factor != was)[:, own].any():
                    found.append(measure.title)
            elif isinstance(measure, FleetTurnover):
                ways = [m for m in (measure, before) if isinstance(m, FleetTurnover)]
                if any(way.turns(source) for way in ways):
                    found.append(measure.title)
        return found

    def context(self, without: Members) -> _Context:
        """The context of all growths and turnover but some, in whose place is what they replace."""
        key = tuple(sorted(without))
        if key not in self.known:
            measures = [self.before(m) if m.title in without else m for m in self.scenario.measures]
            there = replace(self.scenario, measures=tuple(m for m in measures if m is not None))
            replaced = tuple(self._share_before(m) for m in there.measures)
            levels = held = self.projector.levels(there, self.years)
            if replaced != there.measures:
                # A technology that the baseline's measure has not is nowhere in it.
                none = {name: of._replace(changed=np.zeros_like(of.changed)) for name, of in levels.items()}
                held = none | self.projector.levels(replace(there, measures=replaced), self.years)
            growth = self.projector.growth(there, self.years)
            turnover = next((m for m in there.measures if isinstance(m, FleetTurnover)), None)
            self.known[key] = _Context(growth, turnover, levels, held)
        return self.known[key]

    def _share_before(self, measure: Measure) -> Measure:
        before = self.before(measure)
        if not isinstance(before, ShareMeasure) or before.fingerprint() != measure.fingerprint():
            return measure
        return before if _labels(before) <= _labels(measure) else measure

    def is_held(self, option: Option) -> bool:
        """Whether the baseline has an option's measure, with other shares."""
        before = self._share_before(option.measure)
        return before is not option.measure and option.label in _labels(before)


def _labels(measure: Measure) -> set[str]:
    return {option.label for option in measure.options()} if isinstance(measure, ShareMeasure) else set()


def _by_title(baseline: Scenario | None) -> dict[str, Measure]:
    return {} if baseline is None else {measure.title: measure for measure in baseline.measures}


def _is_player(measure: Measure, baseline: Scenario | None) -> bool:
    if measure.IS_SETTING:
        return False
    if baseline is None:
        return not isinstance(measure, (Growth, FleetTurnover))
    return measure not in baseline.measures


def _add_source(told: _Told, source: str, found: Dividends) -> None:
    measures = share_measures(told.scenario, source)
    movers = told.movers(source)
    if len(movers) > MOST_GROWTHS:
        raise ScenarioError(
            told.scenario.name,
            [f"{len(movers)} growths of {source} cannot be told apart; at most {MOST_GROWTHS}: join some"],
        )
    # Shares of groups depend on who grows and who leaves, so that each set of these is a context of its own.
    for chosen in _subsets(range(len(movers))):
        there = frozenset(movers[number] for number in chosen)
        rest = [name for name in movers if name not in there]
        context = told.context(frozenset(rest))
        variants = told.projector.variants(source, measures, context.turnover, told.years)
        for members, values in _dividends(told, variants, context):
            for more in _subsets(range(len(rest))):
                joined = members | there | {rest[number] for number in more}
                _add(found, joined, variants.outputs, (-1.0) ** len(more) * values)


def _dividends(told: _Told, variants: Variants, context: _Context) -> Iterator[tuple[Members, Array]]:
    """Yield sets of measures with a share and what their meeting adds, shape (n_years, n_outputs)."""
    growth = context.growth[:, variants.parts["group"].to_numpy()]
    taken = [
        [_atoms(told, *entry) for entry in zip(family, shares, held, strict=True)]
        for family, shares, held in zip(
            variants.families,
            fractions(variants, context.levels),
            fractions(variants, context.held),
            strict=True,
        )
    ]
    for choice in variants.choices:
        chosen = [options[n - 1] for options, n in zip(taken, choice, strict=True) if n]
        adds: Array | None = None
        for atoms in product(*chosen):
            share = np.ones(growth.shape)
            meeting: Members = frozenset()
            for member, part in atoms:
                share, meeting = share * part, meeting | member
            if not share.any():
                continue
            adds = _alternating(variants, choice) if adds is None else adds
            every = np.broadcast_to(adds, (len(told.years), *adds.shape[1:]))
            yield meeting, np.einsum("yp,ypo->yo", share * growth, every)


def _atoms(told: _Told, option: Option, share: Array, held: Array) -> list[tuple[Members, Array]]:
    """The fraction that an option takes: what is there without its measure, and what its measure adds."""
    title = option.measure.title
    if title not in told.players:
        return [(frozenset(), share)]
    if not told.is_held(option):
        return [(frozenset([title]), share)]
    return [(frozenset(), held), (frozenset([title]), share - held)]


def _alternating(variants: Variants, choice: Choice) -> Array:
    """What options add by meeting: the mass of all, less that of each without one, and so on."""
    place = {known: number for number, known in enumerate(variants.choices)}
    taken = [family for family, number in enumerate(choice) if number]
    total = np.zeros_like(variants.mass[:, :, 0, :])
    for dropped in _subsets(taken):
        kept = tuple(0 if family in dropped else number for family, number in enumerate(choice))
        total += (-1.0) ** len(dropped) * variants.mass[:, :, place[kept], :]
    return total


def _subsets(things: list[int] | range) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(things, size) for size in range(len(things) + 1))


def _add(found: Dividends, members: Members, outputs: Outputs, values: Array) -> None:
    if not members:
        return
    mine = found.setdefault(members, {})
    for number, name in enumerate(outputs):
        mine[name] = mine[name] + values[:, number] if name in mine else values[:, number]


def _gathered(
    projector: Projector, scenario: Scenario, players: list[str], years: NDArray[np.int64], found: Dividends
) -> Contributions:
    names = sorted({name for values in found.values() for name in values})
    place = {name: number for number, name in enumerate(names)}
    shape = (len(players), len(years), len(names))
    shapley, alone, last_in = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for members in sorted(found, key=sorted):
        for name, values in found[members].items():
            for player in members:
                at = players.index(player), slice(None), place[name]
                shapley[at] += values / len(members)
                last_in[at] += values
                if len(members) == 1:
                    alone[at] += values
    outputs = pd.DataFrame(names, columns=list(OUTPUT))
    return Contributions(
        scenario.name, tuple(players), years, outputs, shapley, alone, last_in, projector.gwp_set
    )
