r"""What each measure contributes to a scenario, whatever the order in which measures are written.

A year's mass is a polynomial in the presence of the measures, of degree one in each: shares of families
multiply, options of a family add, growth multiplies. Such a function has one coefficient for every set of
measures that interact (its dividend, after Harsanyi), and the Shapley value shares each dividend equally:

.. math:: \phi_j = \sum_{T \ni j} d_T / |T|

The dividends are read off the variants already worked out, so that the value is exact for any number of
measures and nothing needs sampling: its standard error is zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from factors.terms import is_carrier
from inventories.coverage import CO2E
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.scenarios.measures.growth import Growth
from inventories.scenarios.measures.kind import ShareMeasure
from inventories.scenarios.outlook import OUTPUT, Array, pollutant_weight
from inventories.scenarios.projection import share_measures
from inventories.scenarios.scenario import Scenario, ScenarioError
from inventories.scenarios.weighing import fractions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inventories.scenarios.measures.kind import Measure, Option
    from inventories.scenarios.outlook import Levels
    from inventories.scenarios.projection import Projector
    from inventories.scenarios.variants import Choice, Outputs, Variants

MOST_GROWTHS = 12
"""Growth measures of one source whose interplay is taken apart: their sets are counted one by one."""

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
        As in `Projector.project`; or if more than 12 growths of one source would have to be told apart.
    """
    scenario, _ = projector.fitted(scenario)
    projector.check(scenario)
    projector = projector.supplied_by(scenario)
    years = np.arange(projector.base.year, (until or scenario.horizon) + 1)
    if baseline is not None:
        baseline, _ = projector.fitted(baseline)
    players = sorted(measure.title for measure in scenario.measures if _is_player(measure, baseline))
    turnover = _turnover_of(scenario)
    before = None
    if turnover is not None and turnover.title in players:
        before = _turnover_of(baseline) if baseline is not None else None
    # Where the oldest go first, shares by model year depend on how trucks turn over.
    others = tuple(m for m in scenario.measures if not isinstance(m, FleetTurnover))
    still = replace(scenario, measures=(*others, before) if before is not None else others)
    ways = {"scenario": projector.levels(scenario, years)}
    if turnover is not None and turnover.title in players:
        ways["turned before"] = projector.levels(still, years)
    told = _Told(
        projector, scenario, frozenset(players), years, ways, before, _held(projector, baseline, years)
    )
    found: Dividends = {}
    for source in projector.base.sources:
        _add_source(told, source, found)
    return _gathered(projector, scenario, players, years, found)


@dataclass(frozen=True)
class _Held:
    """What a baseline holds by the names of its measures: what a measure of the same name replaces."""

    growths: dict[str, Growth]
    changed: dict[tuple[str, tuple[str, str]], Array]


@dataclass(frozen=True)
class _Told:
    """What contributions are told apart in; ``before`` is the turnover that the scenario's own replaces."""

    projector: Projector
    scenario: Scenario
    players: Members
    years: NDArray[np.int64]
    levels: dict[str, Levels]
    before: FleetTurnover | None
    held: _Held


def _held(projector: Projector, baseline: Scenario | None, years: NDArray[np.int64]) -> _Held:
    if baseline is None:
        return _Held({}, {})
    levels = projector.levels(baseline, years)
    growths = {m.title: m for m in baseline.measures if isinstance(m, Growth)}
    shares = {
        (m.title, option.key): levels[m.title, option.label].changed
        for m in baseline.measures
        if isinstance(m, ShareMeasure)
        for option in m.options()
    }
    return _Held(growths, shares)


def _turnover_of(scenario: Scenario) -> FleetTurnover | None:
    return next((m for m in scenario.measures if isinstance(m, FleetTurnover)), None)


def _is_player(measure: Measure, baseline: Scenario | None) -> bool:
    if measure.IS_SETTING:
        return False
    if baseline is None:
        return not isinstance(measure, (Growth, FleetTurnover))
    return measure not in baseline.measures


def _add_source(told: _Told, source: str, found: Dividends) -> None:
    turnover = _turnover_of(told.scenario)
    measures = share_measures(told.scenario, source)
    # Each: the turnover to work with, the sign of what it adds, and whether the turnover is a member.
    states: list[tuple[FleetTurnover | None, float, bool, str]] = [(turnover, 1.0, False, "scenario")]
    if turnover is not None and turnover.title in told.players:
        states = [
            (told.before, 1.0, False, "turned before"),
            (turnover, 1.0, True, "scenario"),
            (told.before, -1.0, True, "turned before"),
        ]
    for state, sign, is_member, way in states:
        variants = told.projector.variants(source, measures, state, told.years)
        name = frozenset([turnover.title]) if is_member and turnover is not None else frozenset[str]()
        for members, values in _dividends(told, source, variants, told.levels[way]):
            _add(found, members | name, variants.outputs, sign * values)


def _dividends(
    told: _Told, source: str, variants: Variants, levels: Levels
) -> Iterator[tuple[Members, Array]]:
    """Yield sets of members and what their meeting adds, shape (n_years, n_outputs)."""
    group = variants.parts["group"].to_numpy()
    shape = (len(told.years), len(group))
    taken = []
    for number, shares in enumerate(fractions(variants, levels)):
        bits = variants.parts[f"touched_{number}"].to_numpy()
        taken.append(
            [
                _atoms(told, option, share, group, (bits >> place) & 1 == 1)
                for place, (option, share) in enumerate(zip(variants.families[number], shares, strict=True))
            ]
        )
    steps = list(_growth_steps(told, source))
    for choice in variants.choices:
        chosen = [shares[n - 1] for shares, n in zip(taken, choice, strict=True) if n]
        adds: Array | None = None
        for atoms in product(*chosen):
            share = np.ones(shape)
            meeting: Members = frozenset()
            for member, part in atoms:
                share, meeting = share * part, meeting | member
            if not share.any():
                continue
            adds = _alternating(variants, choice) if adds is None else adds
            for members, factor in steps:
                weight = share * factor[:, group]
                yield (
                    meeting | members,
                    np.einsum(
                        "yp,ypo->yo", weight, np.broadcast_to(adds, (len(told.years), *adds.shape[1:]))
                    ),
                )


def _atoms(
    told: _Told, option: Option, share: Array, group: NDArray[np.int64], touched: NDArray[np.bool_]
) -> list[tuple[Members, Array]]:
    """The fraction that an option takes: what is there without its measure, and what its measure adds."""
    title = option.measure.title
    if title not in told.players:
        return [(frozenset(), share)]
    before = told.held.changed.get((title, option.key))
    if before is None:
        return [(frozenset([title]), share)]
    held = before[:, group] * touched
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


def _growth_steps(told: _Told, source: str) -> Iterator[tuple[Members, Array]]:
    """Yield sets of growths told apart, each with the factor of its meeting, shape (n_years, n_groups)."""
    base, years = told.projector.base, told.years
    own = (base.groups["source_category"] == source).to_numpy()
    common = np.ones((len(years), len(own)))
    apart: list[tuple[str, Array]] = []
    for measure in told.scenario.measures:
        if isinstance(measure, Growth):
            factor = measure.factor(base, years)
            if measure.title not in told.players:
                common = common * factor
                continue
            before = told.held.growths.get(measure.title)
            held = before.factor(base, years) if before is not None else np.ones_like(factor)
            if (held > 0).all():
                common, factor = common * held, factor / held
            if (factor[:, own] != 1.0).any():
                apart.append((measure.title, factor - 1.0))
    if len(apart) > MOST_GROWTHS:
        raise ScenarioError(
            told.scenario.name,
            [f"{len(apart)} growths of {source} cannot be told apart; at most {MOST_GROWTHS}: join some"],
        )
    for chosen in _subsets(range(len(apart))):
        factor = common
        for number in chosen:
            factor = factor * apart[number][1]
        yield frozenset(apart[number][0] for number in chosen), factor


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
