"""What a scenario draws and what making it emits: carriers by year, grid mass, peak demand, well to wake.

Making fuel and power happens outside the port. It is printed beside the port's own masses and never inside
their sum. A carrier without a factor is not estimated and is named.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from factors.library import recipe_for
from factors.tables import load_table
from factors.terms import ELECTRICITY, is_carrier
from factors.warming import GREENHOUSE_GASES, warming_potentials
from factors.well_to_tank import LAND_FUELS, LCFS, of_land
from inventories.coverage import CO2E

if TYPE_CHECKING:
    from inventories.scenarios.outlook import Outlook
    from inventories.scenarios.projection import Projector

GRID = "electricity"
"""Source category whose grid mass a projection holds already: ships at berth, and what a port meters."""

LOAD_FACTORS: Mapping[str, float] = {"ships and meters": 0.5, "trucks": 0.4, "equipment": 0.4}
"""Average over peak power, by use. Assumptions of ours, unverified: a port that meters knows better.

Half of the berths' power at once on average; chargers busy some ten hours a day.
"""

_USES = {"heavy_duty_vehicles": "trucks", "cargo_handling_equipment": "equipment", GRID: "ships and meters"}
_SHIP_FUELS = {"fuel:MGO": "MDO/MGO", "fuel:RM": "HFO", "fuel:LNG": "LNG Otto slow speed"}
_FUELEU = "FuelEU_second_transcription"
_LCFS_DENSITY = "17 CCR 95486 Table 4"

OVER_20 = "AR4@20"
"""Warming potentials over 20 years where the set in use has none: the only set read with both gases."""

HYDROGEN_PATHWAYS: Mapping[str, str] = {
    "fossil_gas": "compressed H2, central SMR of fossil gas",
    "landfill_gas": "compressed H2, SMR of landfill-gas biomethane",
    "grid_electrolysis": "compressed H2, electrolysis from California average grid",
    "renewable_electrolysis": "compressed H2, electrolysis from zero-CI electricity",
}
"""How hydrogen was made, by the names of the source."""


@dataclass(frozen=True)
class Energy:
    """Energy of a scenario and what making it emits elsewhere.

    Attributes
    ----------
    carriers : pandas.DataFrame
        Years by carrier: ``electricity_mwh`` and kilograms of each fuel and of hydrogen.
    electricity : pandas.DataFrame
        Years by use: MWh at the meter.
    peak_mw : pandas.DataFrame
        Years by use: average power over the load factor assumed. [MW]
    grid_mass : pandas.DataFrame
        ``year, use, pollutant, mass_kg`` at power stations, of all that is drawn.
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
    tank_to_wake: pd.DataFrame
    well_to_wake: pd.DataFrame
    not_estimated: tuple[str, ...]
    assumptions: tuple[str, ...]


def energy(
    projector: Projector,
    outlook: Outlook,
    *,
    hydrogen: str = "fossil_gas",
    load_factors: Mapping[str, float] = LOAD_FACTORS,
) -> Energy:
    """Return a scenario's energy.

    Parameters
    ----------
    projector : Projector
    outlook : Outlook
        Of the same projector.
    hydrogen : str
        How hydrogen is made: a key of `HYDROGEN_PATHWAYS`.
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
    if hydrogen not in HYDROGEN_PATHWAYS:
        raise KeyError(f"no pathway {hydrogen!r} of hydrogen; known are {', '.join(HYDROGEN_PATHWAYS)}")
    carriers = _carriers(outlook)
    drawn = _drawn(outlook)
    hours = np.array([8784 if isleap(year) else 8760 for year in outlook.years])
    peak = drawn.div(hours, axis=0).div([load_factors[str(use)] for use in drawn], axis=1)
    grid = _grid_mass(projector, outlook, drawn)
    sets = _sets(outlook.gwp_set)
    tank = pd.DataFrame({name: outlook.series(CO2E, gwp=name) for name in sets})
    made, lacking = _made(carriers, hydrogen)
    if len(drawn.columns) and not _rates(projector):
        lacking = (*lacking, "electricity (no grid region)")
    lacking = (*lacking, *_drawn_unknown(outlook))
    well = pd.DataFrame({name: tank[name] + made + _co2e(grid, name, outlook.years) for name in sets})
    factors = ", ".join(f"{use} {load_factors[str(use)]:g}" for use in drawn)
    assumptions = (
        f"Peak power is average power over a load factor ({factors}): assumed, unverified.",
        f"Hydrogen is made from {HYDROGEN_PATHWAYS[hydrogen]} (LCFS look-up table, unverified).",
        "Ships' fuels well to tank by FuelEU Maritime; land fuels by the LCFS look-up table less the carbon "
        "burnt (derived). Both are printed in CO2e over 100 years, and enter both horizons as they are.",
        "Grid mass by the method's own rates, held at those of their year.",
        "A machine that a port meters as well as counts by its hours (a crane) is in both uses, and twice in "
        "their sum.",
    )
    return Energy(carriers, drawn, peak, grid, tank, well, lacking, assumptions)


def _sets(gwp_set: str) -> list[str]:
    """The set in use over 100 years, and over 20; another's where its own document was not read over 20."""
    name = gwp_set.partition("@")[0]
    try:
        warming_potentials(f"{name}@20")
    except ValueError:
        return [name, OVER_20]
    return [name, f"{name}@20"]


def _carriers(outlook: Outlook) -> pd.DataFrame:
    outputs = outlook.outputs
    columns = {}
    for carrier in sorted({str(name) for name in outputs["pollutant"] if is_carrier(str(name))}):
        total = outlook.values[:, (outputs["pollutant"] == carrier).to_numpy()].sum(axis=1)
        if total.any():
            name = "electricity_mwh" if carrier == ELECTRICITY else f"{carrier.removeprefix('fuel:')}_kg"
            columns[name] = total / 1000 if carrier == ELECTRICITY else total
    return pd.DataFrame(columns, index=pd.Index(outlook.years, name="year"))


def _drawn(outlook: Outlook) -> pd.DataFrame:
    outputs = outlook.outputs
    columns: dict[str, np.ndarray] = {}
    for number, (source, _, pollutant) in enumerate(outputs.itertuples(index=False, name=None)):
        if pollutant == ELECTRICITY and outlook.values[:, number].any():
            use = _USES.get(str(source), str(source).replace("_", " "))
            columns[use] = columns.get(use, 0.0) + outlook.values[:, number] / 1000
    return pd.DataFrame(columns, index=pd.Index(outlook.years, name="year"))


def _grid_mass(projector: Projector, outlook: Outlook, drawn: pd.DataFrame) -> pd.DataFrame:
    """Mass at power stations: that of ships as projected, that of all else by the same rates."""
    frames = []
    rates = _rates(projector)
    for use in drawn:
        if use == _USES[GRID]:
            # What the method's rates do not have is not estimated, and no zero.
            mine = outlook.mass["source_category"].eq(GRID) & outlook.mass["pollutant"].isin(list(rates))
            summed = outlook.mass[mine].groupby(["year", "pollutant"], as_index=False)["mass_kg"].sum()
            frames.append(summed.assign(use=use))
            continue
        for pollutant, rate in rates.items():
            mass = drawn[use].to_numpy() * 1000 * rate
            frames.append(
                pd.DataFrame({"year": outlook.years, "use": use, "pollutant": pollutant, "mass_kg": mass})
            )
    columns = ["year", "use", "pollutant", "mass_kg"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _rates(projector: Projector) -> dict[str, float]:
    """Kilograms per kilowatt-hour at the meter, of the method's own grid; none where it names no region."""
    base = projector.base
    region = str(base.method.option("grid_region"))
    if not region:
        return {}
    keys = list(recipe_for(GRID, base.method).KEYS)
    named = pd.DataFrame({key: [""] for key in keys}).assign(grid_region=region)
    if "use" in keys:
        named["use"] = "shore_power"
    class_id, classes = base.resolve(GRID, named[keys])
    factor = classes.matrix[class_id[0]]
    out: dict[str, float] = {}
    for pollutant, value in zip(classes.components["pollutant"], factor, strict=True):
        if not is_carrier(str(pollutant)) and value:
            out[str(pollutant)] = out.get(str(pollutant), 0.0) + float(value)
    return out


def _co2e(grid: pd.DataFrame, gwp: str, years: list[int]) -> pd.Series:
    if not len(grid):
        return pd.Series(0.0, index=years)
    potentials = warming_potentials(gwp)
    mine = grid[grid["pollutant"].isin(GREENHOUSE_GASES)]
    weighted = mine["mass_kg"] * mine["pollutant"].map(potentials)
    return weighted.groupby(mine["year"]).sum().reindex(years, fill_value=0.0)


def _made(carriers: pd.DataFrame, hydrogen: str) -> tuple[pd.Series, tuple[str, ...]]:
    """CO2e of making the fuels, and which have no factor. [kg]"""
    total = pd.Series(0.0, index=carriers.index)
    lacking = []
    for column in carriers.columns.drop("electricity_mwh", errors="ignore"):
        carrier = column.removesuffix("_kg")
        rate = making(carrier if carrier == "hydrogen" else f"fuel:{carrier}", hydrogen)
        if rate is None:
            lacking.append(carrier)
        else:
            total = total + carriers[column] * rate
    return total, tuple(lacking)


def _drawn_unknown(outlook: Outlook) -> list[str]:
    """Fuels that ships change to without a table that says how much they draw."""
    outputs = outlook.outputs
    ships = outputs["source_category"] == "ocean_going_vessels"
    known = {str(name).removeprefix("fuel:") for name in outputs["pollutant"][ships] if is_carrier(str(name))}
    asked = {str(getattr(measure, "fuel", "")) for measure in outlook.scenario.measures}
    unknown = sorted((asked & {"hydrogen", "ammonia", "methanol"}) - known)
    return [f"{fuel} of ships (no table says how much they draw)" for fuel in unknown]


@cache
def making(carrier: str, hydrogen: str = "fossil_gas") -> float | None:
    """Return what making a carrier emits; None where no factor was read. [kg CO2e/kg]

    Examples
    --------
    >>> round(making("fuel:MGO"), 3), round(making("hydrogen"), 2), making("fuel:lpg") is None
    (0.615, 14.12, True)
    """
    if carrier in _SHIP_FUELS:
        row = {"source_set": _FUELEU, "fuel": _SHIP_FUELS[carrier]}
        # g/MJ times MJ/g is g per g.
        return _value("lifecycle", "WtT", **row) * _value("lifecycle", "LCV", **row)
    if carrier == "hydrogen":
        energy_mj = _value("landside", "LCFS_energy_density", source_set=_LCFS_DENSITY, fuel="hydrogen")
        fuel = HYDROGEN_PATHWAYS[hydrogen]
        intensity = _value("landside", "LCFS_lookup_carbon_intensity", source_set=LCFS, fuel=fuel)
        return intensity * energy_mj / 1000
    if carrier in LAND_FUELS:
        return float(of_land([carrier])["kg_co2e_per_kg"].iloc[0])
    return None


def _value(table: str, quantity: str, **where: str) -> float:
    frame = load_table("fuels", table).frame
    mine = frame["quantity"] == quantity
    for column, value in where.items():
        mine &= frame[column] == value
    found = frame.loc[mine, "value"]
    if len(found) != 1:
        raise LookupError(f"fuels/{table} has {len(found)} rows of {quantity} for {where}; one is needed")
    return float(found.iloc[0])
