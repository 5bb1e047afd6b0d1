"""Project an inventory by a scenario: mass by year, source and pollutant, anchored to the base year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from factors.terms import is_carrier
from factors.warming import warming_potentials
from inventories.inventory import CO2E, GREENHOUSE_GASES
from inventories.scenarios.base import BaseYear
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.scenarios.measures.growth import Growth
from inventories.scenarios.measures.kind import Option, ShareMeasure
from inventories.scenarios.scenario import Scenario, ScenarioError
from inventories.scenarios.variants import Variants, work_out

if TYPE_CHECKING:
    from factors.method import Method
    from inventories.inventory import Inventory

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """What a scenario does to a port's emissions.

    Attributes
    ----------
    scenario : Scenario
    base_year : int
    mass : pandas.DataFrame
        ``year, source_category, in_domain, pollutant, mass_kg`` (kWh for electricity).
    levels : pandas.DataFrame
        ``measure, option, year, level``: the share of each measure reached, and ``present`` in the base year.
    gwp_set : str
    """

    scenario: Scenario
    base_year: int
    mass: pd.DataFrame
    levels: pd.DataFrame
    gwp_set: str

    @property
    def years(self) -> list[int]:
        """The years projected, the base year first."""
        return sorted(int(year) for year in self.mass["year"].unique())

    def series(self, pollutant: str, *, gwp: str | None = None, in_domain: bool = True) -> pd.Series:
        """Return the mass of a pollutant by year, over all sources. [kg; kWh of electricity]

        Electricity at the meter is drawn outside the domain line: ask for it with ``in_domain=False``.
        """
        mine = self.mass[self.mass["in_domain"] == in_domain]
        if pollutant == CO2E:
            potentials = warming_potentials(gwp or self.gwp_set)
            mine = mine[mine["pollutant"].isin(GREENHOUSE_GASES)]
            weighted = mine["mass_kg"] * mine["pollutant"].map(potentials)
        else:
            mine = mine[mine["pollutant"] == pollutant]
            weighted = mine["mass_kg"]
        return weighted.groupby(mine["year"]).sum().reindex(self.years, fill_value=0.0).rename(pollutant)

    def table(self, rows: str = "source_category", *, in_domain: bool = True) -> pd.DataFrame:
        """Return masses with years as columns, a row a source category and pollutant. [kg]"""
        mine = self.mass[self.mass["in_domain"] == in_domain]
        return mine.pivot_table(index=[rows, "pollutant"], columns="year", values="mass_kg", aggfunc="sum")

    def dataset(self) -> xr.Dataset:
        """Return masses as a Dataset over (scenario, year, source_category, pollutant), units in attrs."""
        stack = self.mass[self.mass["in_domain"] & ~self.mass["pollutant"].map(is_carrier)]
        away = self.mass[~self.mass["in_domain"] & ~self.mass["pollutant"].map(is_carrier)]
        keys = ["year", "source_category", "pollutant"]
        arrays = {
            "mass": stack.groupby(keys)["mass_kg"].sum().to_xarray(),
            "mass_elsewhere": away.groupby(keys)["mass_kg"].sum().to_xarray(),
        }
        data = xr.Dataset(arrays).expand_dims(scenario=[self.scenario.name])
        data["mass"].attrs = {"units": "kg", "long_name": "mass emitted in the domain"}
        data["mass_elsewhere"].attrs = {
            "units": "kg",
            "long_name": "mass emitted outside: grid, and work out of the domain",
        }
        data.attrs = {"base_year": self.base_year, "scenario": self.scenario.name, "gwp_set": self.gwp_set}
        return data


@dataclass(frozen=True)
class Projector:
    """An inventory made ready for projecting: what takes long is done once.

    Attributes
    ----------
    base : BaseYear
    gwp_set : str
    """

    base: BaseYear
    gwp_set: str

    @classmethod
    def of(cls, inventory: Inventory, method: Method | None = None) -> Projector:
        """Prepare an inventory."""
        return cls(BaseYear.of(inventory, method or inventory.method), inventory.gwp_set)

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
        self.check(scenario)
        years = np.arange(self.base.year, (until or scenario.horizon) + 1)
        growth = self.growth(scenario, years)
        turnover = next((m for m in scenario.measures if isinstance(m, FleetTurnover)), None)
        frames = []
        levels = self.levels(scenario, years)
        for source in self.base.sources:
            measures = share_measures(scenario, source)
            variants = self.variants(source, measures, turnover, years)
            weights = self.weights(variants, measures, levels, present)
            frames.append(self._frame(source, variants, weights, growth, years))
        mass = _anchored(pd.concat(frames, ignore_index=True), self.base, years)
        return Outlook(scenario, self.base.year, mass, _levels_frame(levels, years), self.gwp_set)

    def check(self, scenario: Scenario) -> None:
        """Refuse what this port, year or method cannot carry; every problem in one message."""
        problems = [problem for measure in scenario.measures for problem in measure.check(self.base)]
        if scenario.horizon < self.base.year:
            problems.append(f"the horizon {scenario.horizon} lies before the base year {self.base.year}")
        turning = [measure.title for measure in scenario.measures if isinstance(measure, FleetTurnover)]
        if len(turning) > 1:
            problems.append(f"{', '.join(turning)}: a fleet turns over in one way; keep one fleet_turnover")
        if problems:
            raise ScenarioError(scenario.name, problems)

    def growth(self, scenario: Scenario, years: NDArray[np.int64]) -> Array:
        """Return what each group's work is multiplied by, shape (n_years, n_groups)."""
        out = np.ones((len(years), len(self.base.groups)))
        for measure in scenario.measures:
            if isinstance(measure, Growth):
                out = out * measure.factor(self.base, years)
        return out

    def variants(
        self,
        source: str,
        measures: list[ShareMeasure],
        turnover: FleetTurnover | None,
        years: NDArray[np.int64],
    ) -> Variants:
        """Work out, or remember, the variants of a source."""
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
        found: Variants = self.base.cache[key]
        return found

    def levels(
        self, scenario: Scenario, years: NDArray[np.int64]
    ) -> dict[tuple[str, str], tuple[float, Array, Array]]:
        """Return for each option the level present, the level reached and the fraction changed by group.

        Raises
        ------
        ScenarioError
            If a level falls below the one present.
        """
        found: dict[tuple[str, str], tuple[float, Array, Array]] = {}
        problems: list[str] = []
        for family in _by_family(scenario):
            options = [option for measure in family for option in measure.options()]
            present = [(option, option.measure.present(self.base, option)) for option in options]
            for option, now in present:
                level = np.asarray(option.measure.level(option, years, now), dtype=float)
                level[0] = now
                problems += _falls(option, now, level, years)
                free = max(1.0 - self._already(option, now, present), 0.0)
                fraction = np.maximum(level - now, 0.0) / free if free > 0 else np.zeros(len(years))
                spread = option.measure.spread(self.base, option, fraction)
                found[option.measure.title, option.label] = (now, level, spread)
        if problems:
            raise ScenarioError(scenario.name, problems)
        return found

    def _already(self, option: Option, own: float, present: list[tuple[Option, float]]) -> float:
        """Share of an option's activity that is changed already, by it or by those it meets.

        Measures of one family that touch no rows in common (two types of ship) say nothing of each other.
        """
        others: dict[str, float] = {}
        for other, now in present:
            if other.label != option.label and self._meet(option, other):
                others[other.label] = max(now, others.get(other.label, 0.0))
        return own + sum(others.values())

    def _meet(self, one: Option, other: Option) -> bool:
        if one.measure is other.measure:
            return True
        key = ("meet", one.key, other.key)
        if key not in self.base.cache:
            self.base.cache[key] = any(
                bool((one.measure.affected(source, rows) & other.measure.affected(source, rows)).any())
                for source, rows in self.base.rows.items()
                if source in one.measure.sources() and source in other.measure.sources()
            )
        found: bool = self.base.cache[key]
        return found

    def weights(
        self,
        variants: Variants,
        measures: list[ShareMeasure],
        levels: dict[tuple[str, str], tuple[float, Array, Array]],
        present: frozenset[str] | None = None,
    ) -> Array:
        """Return the share of each part that each choice has, shape (n_years, n_parts, n_choices).

        Raises
        ------
        ScenarioError
            If options that exclude each other reach more than all of a part.
        """
        group = variants.parts["group"].to_numpy()
        by_family = []
        n_years = next(iter(levels.values()))[1].shape[0] if levels else 1
        for number, family in enumerate(variants.families):
            bits = variants.parts[f"touched_{number}"].to_numpy()
            taken = []
            for place, option in enumerate(family):
                fraction = levels[option.measure.title, option.label][2][:, group]
                here = ((bits >> place) & 1 == 1) & (present is None or option.measure.title in present)
                taken.append(np.where(here[None, :], fraction, 0.0))
            left = 1.0 - np.sum(taken, axis=0)
            if (left < -1e-9).any():
                raise ScenarioError("scenario", [_overfull(family, left, self.base.year)])
            by_family.append([np.maximum(left, 0.0), *taken])
        out = np.ones((n_years, len(group), len(variants.choices)))
        for place, choice in enumerate(variants.choices):
            for number, option_number in enumerate(choice):
                out[:, :, place] = out[:, :, place] * by_family[number][option_number]
        return out

    def _frame(
        self, source: str, variants: Variants, weights: Array, growth: Array, years: NDArray[np.int64]
    ) -> pd.DataFrame:
        """Change against the base year, by year and output."""
        group = variants.parts["group"].to_numpy()
        grown = weights * growth[:, group][:, :, None]
        mass = variants.mass
        if mass.shape[0] == 1:
            total = np.einsum("ypc,pco->ypo", np.broadcast_to(grown, (len(years), *grown.shape[1:])), mass[0])
        else:
            total = np.einsum("ypc,ypco->ypo", np.broadcast_to(grown, (len(years), *grown.shape[1:])), mass)
        # Taken off part by part: where nothing changes the difference is exactly zero.
        change = (total - mass[0, :, 0, :][None]).sum(axis=1)
        outputs = variants.outputs
        return pd.DataFrame(
            {
                "year": np.repeat(years, len(outputs)),
                "source_category": np.tile(outputs["source_category"].to_numpy(), len(years)),
                "in_domain": np.tile(outputs["in_domain"].to_numpy(), len(years)),
                "pollutant": np.tile(outputs["pollutant"].to_numpy(), len(years)),
                "change_kg": change.ravel(),
            }
        )


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
    return Projector.of(inventory).project(scenario, until)


def share_measures(scenario: Scenario, source: str) -> list[ShareMeasure]:
    """Return the share measures of a scenario that change a source."""
    return [m for m in scenario.measures if isinstance(m, ShareMeasure) and source in m.sources()]


def _by_family(scenario: Scenario) -> list[list[ShareMeasure]]:
    families: dict[tuple[int, str], list[ShareMeasure]] = {}
    for measure in scenario.measures:
        if isinstance(measure, ShareMeasure):
            families.setdefault((measure.LEVEL, measure.family()), []).append(measure)
    return list(families.values())


def _falls(option: Option, now: float, level: Array, years: NDArray[np.int64]) -> list[str]:
    below = np.flatnonzero(level < now - 1e-9)
    if not len(below) or getattr(option.measure, "allow_decrease", False):
        return []
    return [
        f"{option.measure.title} ({option.label}): a share of {level[below[0]]:.3g} in {years[below[0]]} "
        f"lies below today's level of {now:.3g}. A share is the level reached, not an increment; to go back "
        "set allow_decrease = true"
    ]


def _overfull(family: list[Option], left: Array, first_year: int) -> str:
    """Say which options take more than there is, and when first."""
    at = int(np.flatnonzero((left < -1e-9).any(axis=1))[0])
    names = ", ".join(dict.fromkeys(f"{option.measure.title} ({option.label})" for option in family))
    return (
        f"{names} exclude each other and reach {1 - left[at].min():.0%} of what is left in "
        f"{first_year + at}; at most 100 %. Lower one of the shares"
    )


def _anchored(changes: pd.DataFrame, base: BaseYear, years: NDArray[np.int64]) -> pd.DataFrame:
    """Add the change of each year to the inventory's own total."""
    keys = ["year", "source_category", "in_domain", "pollutant"]
    named = base.totals.rename_axis(["source_category", "in_domain"]).reset_index()
    own = named.melt(id_vars=keys[1:3], var_name="pollutant", value_name="own_kg")
    every = pd.DataFrame({"year": years}).merge(own, how="cross")
    summed = changes.groupby(keys, as_index=False)["change_kg"].sum()
    joined = every.merge(summed, on=keys, how="outer").fillna({"own_kg": 0.0, "change_kg": 0.0})
    return joined.assign(mass_kg=joined["own_kg"] + joined["change_kg"])[[*keys, "mass_kg"]]


def _levels_frame(
    levels: dict[tuple[str, str], tuple[float, Array, Array]], years: NDArray[np.int64]
) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"measure": measure, "option": option, "year": years, "present": now, "level": level})
        for (measure, option), (now, level, _) in levels.items()
    ]
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["measure", "option", "year", "present", "level"])
    )
