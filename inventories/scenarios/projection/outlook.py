"""What a projection found: masses by year, source and pollutant, and the levels that were reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from factors.brief import lines, listed
from factors.guarded import guarded, guarded_property
from factors.terms import is_carrier
from factors.warming import warming_potentials
from inventories.scenarios.base_year.stock import COUNTED, over_years
from inventories.scenarios.measures.file_problems import nearest
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.scenarios.plan.scenario import Scenario
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

Array = NDArray[np.float64]


class Level(NamedTuple):
    """Of one option: the level present, the one reached by year, the fraction changed by year and group.

    ``wanted`` is what would be reached if no stock were short, ``told`` further shares, by name and year.
    ``share`` is the level of each year as it stands: where nothing is changed it moves with what grows.
    """

    present: float
    reached: Array
    changed: Array
    wanted: Array
    told: Mapping[str, Array]
    share: Array


Levels = dict[tuple[str, str], Level]
"""By measure and label of the option."""

OUTPUT = ("source_category", "in_domain", "pollutant")


@guarded("outputs", "values")
@dataclass(frozen=True)
class Outlook:
    """What a scenario does to a port's emissions.

    Attributes
    ----------
    scenario : Scenario
    base_year : int
    span : ndarray of int, shape (n_years,)
        The years projected, the base year first.
    outputs : pandas.DataFrame, shape (n_outputs, 3)
        ``source_category, in_domain, pollutant``.
    values : ndarray, shape (n_years, n_outputs)
        [kg; kWh of electricity]
    reached : dict
        See `Levels`.
    gwp_set, method : str
        Warming potentials, and the name of the method, of the base year.
    notes : tuple of str
        What is taken for granted: how each fleet turns over.
    warnings : tuple of str
        What the scenario says and a rule in force does not allow.
    """

    scenario: Scenario
    base_year: int
    span: NDArray[np.int64]
    outputs: pd.DataFrame
    values: Array
    reached: Levels
    gwp_set: str
    method: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    base: BaseYear | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        first, last = self.years[0], self.years[-1]
        inside = self.outputs[self.outputs["in_domain"].to_numpy() & (self.values != 0).any(axis=0)]
        made = {*inside["pollutant"], CO2E}
        told = {
            "method": f"{self.method} (CO2e by {self.gwp_set})",
            "sources": ", ".join(sorted(map(str, inside["source_category"].unique()))),
            "measures": listed([measure.title for measure in self.scenario.measures], most=12),
        }
        for name in (name for name in ("NOx", "SOx", "PM2.5", "DPM", CO2E) if name in made):
            mass = self.series(name)
            told[name] = f"{mass.iloc[0]:,.0f} kg in {first}, {mass.iloc[-1]:,.0f} kg in {last}"
        for name in ("notes", "warnings"):
            told[name] = f"{len(getattr(self, name)):,}" if getattr(self, name) else ""
        return lines(f"Outlook of {self.scenario.name}, {first} to {last}", told)

    @property
    def years(self) -> list[int]:
        """The years projected, the base year first."""
        return [int(year) for year in self.span]

    @guarded_property
    def mass(self) -> pd.DataFrame:
        """``year, source_category, in_domain, pollutant, mass_kg`` (kWh for electricity)."""
        count = len(self.outputs)
        columns = {name: np.tile(self.outputs[name].to_numpy(), len(self.span)) for name in OUTPUT}
        frame = {"year": np.repeat(self.span, count), **columns, "mass_kg": self.values.ravel()}
        return pd.DataFrame(frame)

    @guarded_property
    def levels(self) -> pd.DataFrame:
        """``measure, option, year, present, level, unmet``: shares in the base year and reached.

        ``unmet`` is what limits prevented. Measures may tell more: of shore power ``level`` is of stops, and
        ``energy_share`` the connected fraction of the hotelling energy.
        """
        return _levels_frame(self.reached, self.span)

    @guarded_property
    def stock(self) -> pd.DataFrame:
        """Stock by age of each fleet that turns over.

        ``year, source_category, source_type, port, age, stock, counted``: visits of ships, miles of trucks,
        work of the others. Each year sums to the base year, for growth multiplies every age alike.
        """
        names = ["year", "source_category", "source_type", "port", "age", "stock", "counted"]
        found = stock_tables(self.scenario, self.base, self.years) if self.base is not None else []
        return pd.concat(found, ignore_index=True)[names] if found else pd.DataFrame(columns=names)

    def series(
        self, pollutant: str, *, gwp: str | None = None, in_domain: bool = True, source: str | None = None
    ) -> pd.Series:
        """Return the mass of a pollutant by year, over all sources or of one. [kg; kWh of electricity]

        Electricity at the meter is drawn outside the domain line: ask for it with ``in_domain=False``.

        Raises
        ------
        ValueError
            If no source has such a pollutant by any method, or there is no such source, so that zeros would
            be a wrong answer.
        """
        self._refuse_unknown(pollutant)
        if source is not None:
            self._refuse_unknown_source(source)
        taken = (self.outputs["in_domain"] == in_domain).to_numpy()
        if source is not None:
            taken = taken & (self.outputs["source_category"] == source).to_numpy()
        weight = pollutant_weight(self.outputs, pollutant, gwp or self.gwp_set) * taken
        return pd.Series(self.values @ weight, index=pd.Index(self.years, name="year"), name=pollutant)

    def _refuse_unknown(self, pollutant: str) -> None:
        if pollutant not in self._known_pollutants and not is_carrier(pollutant):
            listed = sorted(
                {name for name in (*self.outputs["pollutant"], CO2E) if not is_carrier(str(name))}
            )
            raise ValueError(
                f"no pollutant {pollutant!r} in this projection{nearest(pollutant, listed)} "
                f"There are {', '.join(listed)}"
            )

    @cached_property
    def _known_pollutants(self) -> frozenset[str]:
        """Pollutants of this projection, and those that the method states anything of."""
        known = {CO2E, *map(str, self.outputs["pollutant"])}
        if self.base is not None:
            known |= set(self.base.method.coverage["pollutant"].unique().astype(str))
        return frozenset(known)

    def _refuse_unknown_source(self, source: str) -> None:
        if source not in self._known_sources:
            listed = sorted({*map(str, self.outputs["source_category"])})
            raise ValueError(
                f"no source {source!r} in this projection{nearest(source, listed)} "
                f"There are {', '.join(listed)}"
            )

    @cached_property
    def _known_sources(self) -> frozenset[str]:
        stated = () if self.base is None else self.base.method.sources
        return frozenset({*map(str, self.outputs["source_category"]), *stated})

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


def stock_tables(scenario: Scenario, base: BaseYear, years: list[int]) -> list[pd.DataFrame]:
    """Return the stock by age of each fleet that turns over, a table a source."""
    found = []
    for turnover in scenario.measures:
        if isinstance(turnover, FleetTurnover):
            for source in (name for name in base.sources if name in COUNTED and turnover.turns(name)):
                table = over_years(base, source, turnover.renewal(source), np.asarray(years))
                found.append(table.assign(source_category=source, counted=COUNTED[source]))
    return found


def pollutant_weight(outputs: pd.DataFrame, pollutant: str, gwp_set: str) -> Array:
    """Return what each output is multiplied by to give a pollutant or CO2e, shape (n_outputs,)."""
    names = outputs["pollutant"]
    if pollutant == CO2E:
        potentials = warming_potentials(gwp_set)
        return np.array([potentials.get(str(name), 0.0) for name in names])
    return np.asarray(names == pollutant, dtype=np.float64)


def _levels_frame(levels: Levels, years: NDArray[np.int64]) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {"measure": measure, "option": option, "year": years, "present": of.present, "level": of.share,
             "unmet": np.maximum(of.wanted - of.reached, 0.0), **of.told}
        )
        for (measure, option), of in levels.items()
    ]  # fmt: skip
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["measure", "option", "year", "present", "level", "unmet"])
    )
