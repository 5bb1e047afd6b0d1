"""What a scenario draws and what making it emits: carriers by year, grid mass, peak demand, well to wake.

Making fuel and power happens outside the port. It is printed beside the port's own masses and never inside
their sum. A carrier without a factor is not estimated and is named.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from factors.brief import brief
from factors.recipes.electricity.recipe import DRAWN
from factors.terms import ELECTRICITY, is_carrier
from factors.warming import GREENHOUSE_GASES, over_20_years, warming_potentials
from inventories.scenarios.base_year.base import SHIPS
from inventories.scenarios.base_year.grid_rates import GRID, change_of_rates, grid_rates, marginal_rates
from inventories.scenarios.base_year.well_to_tank import HYDROGEN_PATHWAYS, making
from inventories.scenarios.measures.electricity_supply import ElectricitySupply
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear
    from inventories.scenarios.projection.outlook import Outlook
    from inventories.scenarios.projection.projector import Projector

LOAD_FACTORS: Mapping[str, float] = {
    "ships and meters": 0.5,
    "trucks": 0.4,
    "equipment": 0.4,
    "harbor craft": 0.4,
}
"""Average over peak power, by use. Assumptions of ours, unverified: a port that meters knows better.

Half of the berths' power at once on average; chargers busy some ten hours a day.
"""

REST = "ships and meters"
"""What neither machines, trucks nor craft draw: shore power, and what meters of the port read beyond."""

_USES = {**{source: use.replace("_", " ") for source, use in DRAWN.items()}, GRID: REST}
_USE_OF_LABEL = {use.replace("_", " "): use for use in DRAWN.values()}


@dataclass(frozen=True)
class Energy:
    """Energy of a scenario and what making it emits elsewhere.

    Attributes
    ----------
    carriers : pandas.DataFrame
        Years by carrier: ``electricity_mwh`` and kilograms of each fuel and of hydrogen, for work in the
        domain.
    electricity : pandas.DataFrame
        Years by use: MWh at the meter, each once; their sum is ``electricity_mwh``.
    peak_mw : pandas.DataFrame
        Years by use: power of all berths or chargers that are busy at once where the scenario says how many,
        else average power over the load factor assumed. [MW]
    grid_mass : pandas.DataFrame
        ``year, use, pollutant, mass_kg`` at power stations: the projection's lines of electricity, by use.
    supply : pandas.DataFrame
        ``year, pollutant, location_kg, market_kg``: by where power is drawn, less the port's own, and by whom
        it is bought from. Empty where the scenario has no power of its own or under contract.
    in_basin : pandas.DataFrame
        ``year, pollutant, mass_kg`` of grid_mass that leaves stacks in the port's air basin; empty if not
        said.
    marginal_change : pandas.DataFrame
        ``year, pollutant, mass_kg``: the demand added since the base year by marginal rates. Another question
        than that of a trend, and never in one; empty if no region was named.
    tank_to_wake, well_to_wake : pandas.DataFrame
        CO2e by year, a column a set of warming potentials over 100 and over 20 years. [kg]
    not_estimated : tuple of str
        Carriers that have no factor for being made.
    assumptions : tuple of str
        What the numbers rest on, in sentences.
    """

    carriers: pd.DataFrame
    electricity: pd.DataFrame
    peak_mw: pd.DataFrame
    grid_mass: pd.DataFrame
    supply: pd.DataFrame
    in_basin: pd.DataFrame
    marginal_change: pd.DataFrame
    tank_to_wake: pd.DataFrame
    well_to_wake: pd.DataFrame
    not_estimated: tuple[str, ...]
    assumptions: tuple[str, ...]

    __repr__ = brief


def energy(
    projector: Projector,
    outlook: Outlook,
    *,
    hydrogen: str = "",
    load_factors: Mapping[str, float] = LOAD_FACTORS,
) -> Energy:
    """Return a scenario's energy.

    Parameters
    ----------
    projector : Projector
    outlook : Outlook
        Of the same projector.
    hydrogen : str
        How hydrogen is made: a key of `HYDROGEN_PATHWAYS`; as the scenario says where left out.
    load_factors : mapping of str to float
        Average over peak power of each use. [1]

    Returns
    -------
    Energy

    Raises
    ------
    KeyError
        If a pathway or use is not known.
    """
    hydrogen = hydrogen or projector.supplied_by(outlook.scenario).hydrogen
    if hydrogen not in HYDROGEN_PATHWAYS:
        raise KeyError(f"no pathway {hydrogen!r} of hydrogen; known are {', '.join(HYDROGEN_PATHWAYS)}")
    setting = next((m for m in outlook.scenario.measures if isinstance(m, ElectricitySupply)), None)
    setting = setting or ElectricitySupply()
    drawn = _drawn(outlook)
    carriers = _carriers(outlook, drawn)
    peak, assumed = _peak(outlook, drawn, setting, load_factors)
    grid = _grid_mass(projector, outlook, drawn)
    sets = _sets(outlook.gwp_set)
    tank = pd.DataFrame({name: outlook.series(CO2E, gwp=name) for name in sets})
    made, lacking = _made(projector.base, outlook, hydrogen)
    if len(drawn.columns) and not grid_rates(projector.base):
        lacking = (*lacking, "electricity (no grid region)")
    lacking = (*lacking, *_drawn_unknown(outlook))
    well = pd.DataFrame({name: tank[name] + made + _co2e(grid, name, outlook.years) for name in sets})
    assumptions = (
        *assumed,
        f"Hydrogen is made from {HYDROGEN_PATHWAYS[hydrogen]} (LCFS look-up table, unverified).",
        "Ships' fuels well to tank by FuelEU Maritime; land fuels by the LCFS look-up table less the carbon "
        "burnt (derived). Both are printed in CO2e over 100 years, and enter both horizons as they are.",
        _said_of_rates(projector),
    )
    return Energy(
        carriers,
        drawn,
        peak,
        grid,
        _supplied(outlook, drawn, grid, setting),
        _in_basin(grid, setting),
        _marginal_change(projector, outlook, drawn, setting),
        tank,
        well,
        lacking,
        assumptions,
    )


def _said_of_rates(projector: Projector) -> str:
    method = projector.base.method
    kind, year = method.option("grid_kind"), method.option("grid_year")
    if kind == "projected":
        return (
            f"Grid mass by projected rates in every year: each year's own from {year} on, straight lines "
            "between the years printed."
        )
    return f"Grid mass by {kind.replace('_', ' ')} rates of {year} in every year."


def _peak(
    outlook: Outlook, drawn: pd.DataFrame, setting: ElectricitySupply, load_factors: Mapping[str, float]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Peak power by use, and what it rests on. [MW]"""
    hours = np.array([8784 if isleap(year) else 8760 for year in outlook.years])
    known = {entry.use: entry for entry in setting.at_once}
    columns, assumed, told = {}, [], []
    for use in [*drawn, *(use for use in known if use not in drawn)]:
        if use in known:
            entry = known[use]
            columns[str(use)] = entry.peak_mw(outlook.span)
            told.append(f"Peak power of {use}: {entry.kw_each:g} kW each, busy at once by {entry.source}.")
        else:
            columns[str(use)] = drawn[use].to_numpy() / hours / load_factors[str(use)]
            assumed.append(f"{use} {load_factors[str(use)]:g}")
    if assumed or not told:
        told.insert(
            0,
            f"Peak power is average power over a load factor ({', '.join(assumed)}): assumed, unverified.",
        )
    return pd.DataFrame(columns, index=drawn.index), tuple(told)


def _sets(gwp_set: str) -> list[str]:
    """The set in use over 100 years, and one over 20."""
    return [gwp_set.partition("@")[0], over_20_years(gwp_set)]


def _in_domain(outlook: Outlook) -> np.ndarray:
    """Outputs of work in the domain, and of the electricity that is drawn for it."""
    outputs = outlook.outputs
    return (outputs["in_domain"].astype(bool) | (outputs["source_category"] == GRID)).to_numpy()


def _carriers(outlook: Outlook, drawn: pd.DataFrame) -> pd.DataFrame:
    outputs = outlook.outputs
    columns = {}
    for carrier in sorted({str(name) for name in outputs["pollutant"] if is_carrier(str(name))}):
        if carrier == ELECTRICITY:
            if len(drawn.columns):
                columns["electricity_mwh"] = drawn.sum(axis=1).to_numpy()
            continue
        mine = (outputs["pollutant"] == carrier).to_numpy() & _in_domain(outlook)
        total = outlook.values[:, mine].sum(axis=1)
        if total.any():
            columns[f"{carrier.removeprefix('fuel:')}_kg"] = total
    return pd.DataFrame(columns, index=pd.Index(outlook.years, name="year"))


def _drawn(outlook: Outlook) -> pd.DataFrame:
    """Megawatt-hours at the meter by use, each once: those whose mass the lines of electricity hold."""
    outputs = outlook.outputs
    columns: dict[str, np.ndarray] = {}
    for number in np.flatnonzero((outputs["pollutant"] == ELECTRICITY).to_numpy() & _in_domain(outlook)):
        if outlook.values[:, number].any():
            source = str(outputs["source_category"].iloc[number])
            use = _USES.get(source, REST)
            columns[use] = columns.get(use, 0.0) + outlook.values[:, number] / 1000
    return pd.DataFrame(columns, index=pd.Index(outlook.years, name="year"))


def _grid_mass(projector: Projector, outlook: Outlook, drawn: pd.DataFrame) -> pd.DataFrame:
    """The projection's lines of electricity by use: what machines, trucks and craft draw, and the rest."""
    base, years = projector.base, outlook.years
    columns = ["year", "use", "pollutant", "mass_kg"]
    rates = {use: grid_rates(base, _USE_OF_LABEL.get(str(use), "shore_power")) for use in drawn}
    by_year = change_of_rates(base, outlook.span)
    frames = []
    for pollutant in dict.fromkeys(name for known in rates.values() for name in known):
        whole = outlook.series(pollutant, in_domain=False, source=GRID).to_numpy()
        for use in [name for name in drawn if name != REST]:
            mass = drawn[use].to_numpy() * 1000 * rates[use].get(pollutant, 0.0) * by_year.get(pollutant, 1.0)
            whole = whole - mass
            frames.append(pd.DataFrame({"year": years, "use": use, "pollutant": pollutant, "mass_kg": mass}))
        if REST in drawn:
            frames.append(
                pd.DataFrame({"year": years, "use": REST, "pollutant": pollutant, "mass_kg": whole})
            )
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _supplied(
    outlook: Outlook, drawn: pd.DataFrame, grid: pd.DataFrame, setting: ElectricitySupply
) -> pd.DataFrame:
    """Location-based and market-based mass; missing where a supply does not say what it emits. [kg]"""
    columns = ["year", "pollutant", "location_kg", "market_kg"]
    if not setting.supplies or not len(grid):
        return pd.DataFrame(columns=columns)
    mwh = drawn.sum(axis=1).to_numpy()
    frames = []
    for pollutant, lines in grid.groupby("pollutant", sort=False):
        whole = lines.groupby("year")["mass_kg"].sum().reindex(outlook.years).to_numpy()
        location = market = whole
        for supply in setting.supplies:
            share = supply.level(outlook.span)
            rate = supply.kg_per_mwh.get(str(pollutant), np.nan)
            instead = np.where(share > 0, share * (mwh * rate - whole), 0.0)
            market = market + instead
            if supply.what == "own":
                location = location + instead
        frames.append(
            pd.DataFrame(
                {
                    "year": outlook.years,
                    "pollutant": pollutant,
                    "location_kg": location,
                    "market_kg": market,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)[columns]


def _in_basin(grid: pd.DataFrame, setting: ElectricitySupply) -> pd.DataFrame:
    columns = ["year", "pollutant", "mass_kg"]
    if setting.in_basin_share is None or not len(grid):
        return pd.DataFrame(columns=columns)
    summed = grid.groupby(["year", "pollutant"], as_index=False)["mass_kg"].sum()
    return summed.assign(mass_kg=summed["mass_kg"] * setting.in_basin_share)[columns]


def _marginal_change(
    projector: Projector, outlook: Outlook, drawn: pd.DataFrame, setting: ElectricitySupply
) -> pd.DataFrame:
    columns = ["year", "pollutant", "mass_kg"]
    if not setting.marginal_region or not len(drawn.columns):
        return pd.DataFrame(columns=columns)
    mwh = drawn.sum(axis=1).to_numpy()
    rates = marginal_rates(projector.base, setting.marginal_region, setting.marginal_year)
    frames = [
        pd.DataFrame({"year": outlook.years, "pollutant": name, "mass_kg": (mwh - mwh[0]) * 1000 * rate})
        for name, rate in rates.items()
    ]
    return pd.concat(frames, ignore_index=True)[columns]


def _co2e(grid: pd.DataFrame, gwp: str, years: list[int]) -> pd.Series:
    if not len(grid):
        return pd.Series(0.0, index=years)
    potentials = warming_potentials(gwp)
    mine = grid[grid["pollutant"].isin(GREENHOUSE_GASES)]
    weighted = mine["mass_kg"] * mine["pollutant"].map(potentials)
    return weighted.groupby(mine["year"]).sum().reindex(years, fill_value=0.0)


def _made(base: BaseYear, outlook: Outlook, hydrogen: str) -> tuple[pd.Series, tuple[str, ...]]:
    """CO2e of making the fuels burnt in the domain, and which have no factor. [kg]

    What making ships' fuels emits counts the carbon that biofuels took up, so that the biogenic CO2 of
    burning them belongs to it.
    """
    total = np.zeros(len(outlook.span))
    lacking: dict[str, None] = {}
    for number in np.flatnonzero(outlook.outputs["in_domain"].astype(bool)):
        source, _, name = outlook.outputs.iloc[number]
        burnt = outlook.values[:, number]
        if name == "CO2_biogenic" and source == SHIPS:
            total = total + burnt
        if name == ELECTRICITY or not is_carrier(str(name)) or not burnt.any():
            continue
        rate = making(base, str(source), str(name), hydrogen)
        if rate is None:
            lacking[str(name).removeprefix("fuel:")] = None
        else:
            total = total + burnt * rate
    return pd.Series(total, index=outlook.years), tuple(lacking)


def _drawn_unknown(outlook: Outlook) -> list[str]:
    """Fuels that ships change to without a table that says how much they draw."""
    outputs = outlook.outputs
    ships = outputs["source_category"] == "ocean_going_vessels"
    known = {str(name).removeprefix("fuel:") for name in outputs["pollutant"][ships] if is_carrier(str(name))}
    asked = {str(getattr(measure, "fuel", "")) for measure in outlook.scenario.measures}
    unknown = sorted((asked & {"hydrogen", "ammonia", "methanol"}) - known)
    return [f"{fuel} of ships (no table says how much they draw)" for fuel in unknown]
