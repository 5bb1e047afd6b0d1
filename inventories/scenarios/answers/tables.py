"""The tables of scenarios beside each other: long, one fact a row, the unit in the name of its column.

They are what `caap project` writes, one file each, and what people sort and sum in a spreadsheet.
"""

from __future__ import annotations

import pandas as pd
import xarray as xr

from factors.terms import is_carrier
from inventories.scenarios.answers.compared import Compared

EFFECTS = ("contribution", "alone", "last_in")
"""Of a measure: its Shapley value; its effect as the only measure; its effect when all others are there."""


def tables(comparison: Compared) -> dict[str, pd.DataFrame]:
    """Return all tables by name.

    Parameters
    ----------
    comparison : Compared

    Returns
    -------
    dict of str to pandas.DataFrame
        ``masses, cumulative, contributions, moved, levels, stock, carriers, electricity, power_stations,
        electricity_supply, well_to_wake, targets``.
    """
    return {
        "masses": masses(comparison),
        "cumulative": cumulative(comparison),
        "contributions": contributions(comparison),
        "moved": moved(comparison),
        "levels": levels(comparison),
        "stock": stock(comparison),
        "carriers": carriers(comparison),
        "electricity": electricity(comparison),
        "power_stations": power_stations(comparison),
        "electricity_supply": electricity_supply(comparison),
        "well_to_wake": well_to_wake(comparison),
        "targets": comparison.targets,
    }


def masses(comparison: Compared) -> pd.DataFrame:
    """Return all masses: ``scenario, year, source_category, in_domain, pollutant, mass_kg``."""
    frame = _stacked({outlook.scenario.name: outlook.mass for outlook in comparison.outlooks})
    return frame[~frame["pollutant"].map(is_carrier)].reset_index(drop=True)


def cumulative(comparison: Compared) -> pd.DataFrame:
    """Return what is emitted in the domain over all years after the base year, and the change of it.

    ``scenario, pollutant, first_year, last_year, mass_kg, change_kg``: the change against the
    first scenario over the years that both have; missing for the first itself.
    """
    first, base = comparison.outlooks[0], comparison.base_year
    rows = []
    for outlook in comparison.outlooks:
        last = min(outlook.years[-1], first.years[-1])
        for pollutant in comparison.pollutants:
            mine, other = outlook.series(pollutant), first.series(pollutant)
            change = float((mine - other).loc[base + 1 : last].sum()) if outlook is not first else None
            total = float(mine.loc[base + 1 :].sum())
            rows.append((outlook.scenario.name, pollutant, base + 1, outlook.years[-1], total, change))
    heading = ["scenario", "pollutant", "first_year", "last_year", "mass_kg", "change_kg"]
    return pd.DataFrame(rows, columns=heading)


def contributions(comparison: Compared) -> pd.DataFrame:
    """Return what each measure does, in kilograms: its `EFFECTS`.

    ``scenario, measure, year, source_category, in_domain, pollutant``; a source that a measure does not touch
    is left out.
    """
    return _stacked({name: effect.frame() for name, effect in comparison.effects.items()})


def moved(comparison: Compared) -> pd.DataFrame:
    """Return what is avoided apart from what is moved; see `Compared.moved`.

    ``scenario, year, pollutant`` and kilograms.
    """
    frames = {}
    for name in comparison.names:
        parts = [
            comparison.moved(name, p).add_suffix("_kg").assign(pollutant=p) for p in comparison.pollutants
        ]
        frames[name] = pd.concat(parts).rename_axis("year").reset_index()
    frame = _stacked(frames)
    keys = ["scenario", "year", "pollutant"]
    return frame[[*keys, *frame.columns.drop(keys)]] if len(frame) else frame


def levels(comparison: Compared) -> pd.DataFrame:
    """Return shares reached: ``scenario, measure, option, year``, and what `Outlook.levels` tells."""
    return _stacked({outlook.scenario.name: outlook.levels for outlook in comparison.outlooks})


def stock(comparison: Compared) -> pd.DataFrame:
    """Return fleets by age: ``scenario, year, source_category, source_type, port, age, stock, counted``."""
    frame = _stacked({outlook.scenario.name: outlook.stock for outlook in comparison.outlooks})
    return frame if len(frame) else pd.DataFrame(columns=["scenario", *comparison.outlooks[0].stock.columns])


def carriers(comparison: Compared) -> pd.DataFrame:
    """Return ``scenario, year, carrier, quantity``: MWh of electricity, kg of all else."""
    return _stacked({
        name: held.carriers.rename_axis("year").reset_index().melt(
            id_vars="year", var_name="carrier", value_name="quantity"
        )
        for name, held in comparison.energies.items()
    })  # fmt: skip


def electricity(comparison: Compared) -> pd.DataFrame:
    """Return ``scenario, year, use, mwh, peak_mw``: at the meter, and the peak that is estimated from it."""
    frames = {}
    for name, held in comparison.energies.items():
        drawn = held.electricity.rename_axis("year", axis=0).rename_axis("use", axis=1).stack()
        peak = held.peak_mw.rename_axis("year", axis=0).rename_axis("use", axis=1).stack()
        frames[name] = pd.DataFrame({"mwh": drawn, "peak_mw": peak}).reset_index()
    return _stacked(frames)


def power_stations(comparison: Compared) -> pd.DataFrame:
    """Return ``scenario, year, use, pollutant, mass_kg`` at power stations, by what drew the electricity."""
    return _stacked({name: held.grid_mass for name, held in comparison.energies.items()})


def electricity_supply(comparison: Compared) -> pd.DataFrame:
    """Return what stands beside the lines of power stations, where a scenario has an `electricity_supply`.

    ``scenario, year, pollutant, grid_kg``, and of the setting ``location_kg, market_kg, in_basin_kg,
    marginal_change_kg``: missing where it does not say.
    """
    frames = {}
    for name, held in comparison.energies.items():
        keys = ["year", "pollutant"]
        beside = [
            held.supply.set_index(keys),
            held.in_basin.set_index(keys).rename(columns={"mass_kg": "in_basin_kg"}),
            held.marginal_change.set_index(keys).rename(columns={"mass_kg": "marginal_change_kg"}),
        ]
        if any(len(part) for part in beside):
            whole = held.grid_mass.groupby(keys, sort=False)["mass_kg"].sum().rename("grid_kg")
            frames[name] = pd.concat([whole, *beside], axis=1).reset_index()
    if not frames:
        columns = ["grid_kg", "location_kg", "market_kg", "in_basin_kg", "marginal_change_kg"]
        return pd.DataFrame(columns=["scenario", "year", "pollutant", *columns])
    return _stacked(frames)


def well_to_wake(comparison: Compared) -> pd.DataFrame:
    """Return ``scenario, year, gwp_set, tank_to_wake_kg, well_to_wake_kg`` of CO2e."""
    frames = {}
    for name, held in comparison.energies.items():
        sides = {"tank_to_wake_kg": held.tank_to_wake, "well_to_wake_kg": held.well_to_wake}
        stacked = {
            side: frame.rename_axis("year", axis=0).rename_axis("gwp_set", axis=1).stack()
            for side, frame in sides.items()
        }
        frames[name] = pd.DataFrame(stacked).reset_index()
    return _stacked(frames)


def dataset(comparison: Compared) -> xr.Dataset:
    """Return a Dataset over (scenario, year, source_category, measure, pollutant); units in attrs.

    ``mass`` and ``mass_elsewhere`` have no measure; `EFFECTS` are masses in the domain by measure; carriers
    and CO2e from well to wake have neither source nor pollutant.
    """
    data = xr.concat([outlook.dataset() for outlook in comparison.outlooks], dim="scenario", join="outer")
    told = contributions(comparison)
    told = told[told["in_domain"].astype(bool)] if len(told) else told
    if len(told):
        keys = ["scenario", "year", "source_category", "measure", "pollutant"]
        for effect in EFFECTS:
            data[effect] = told.set_index(keys)[f"{effect}_kg"].to_xarray().fillna(0.0)
            data[effect].attrs = {"units": "kg", "long_name": _EFFECT_NAMES[effect]}
    drawn = carriers(comparison).set_index(["scenario", "year", "carrier"])["quantity"]
    data["carrier_quantity"] = drawn.to_xarray().fillna(0.0)
    data["carrier_quantity"].attrs = {"units": "MWh of electricity, kg of all else"}
    for side in ("tank_to_wake", "well_to_wake"):
        co2e = well_to_wake(comparison).set_index(["scenario", "year", "gwp_set"])[f"{side}_kg"]
        data[f"CO2e_{side}"] = co2e.to_xarray()
        data[f"CO2e_{side}"].attrs = {"units": "kg", "long_name": f"CO2e, {side.replace('_', ' ')}"}
    data.attrs = {
        "base_year": comparison.base_year,
        "baseline": comparison.baseline,
        "gwp_set": comparison.outlooks[0].gwp_set,
        "method": comparison.outlooks[0].method,
    }
    return data


_EFFECT_NAMES = {
    "contribution": "Shapley value of a measure in the domain",
    "alone": "effect of a measure as the only one, in the domain",
    "last_in": "effect of a measure when all others are there, in the domain",
}


def _stacked(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One frame of several scenarios', the scenario's name first."""
    named = [frame.assign(scenario=name) for name, frame in frames.items() if len(frame)]
    if not named:
        return pd.DataFrame()
    frame = pd.concat(named, ignore_index=True)
    return frame[["scenario", *frame.columns.drop("scenario")]]
