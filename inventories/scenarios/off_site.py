"""What making the power and the hydrogen of a scenario emits, elsewhere: worked out with what draws them.

A source's variants say what is drawn under every choice. Times a rate, that is mass at power stations or at
hydrogen plants: outputs like all others, so that growth, shares and contributions hold for them without a
word more. The rate is of the method's own kind of grid in every year; kinds are never mixed in one trend.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import recipe_for
from factors.recipes.electricity import DRAWN, chosen
from factors.recipes.fuel_supply import COMPONENT, SHIPS
from factors.recipes.fuel_supply import SOURCE as FUEL_SUPPLY
from factors.terms import ELECTRICITY, is_carrier
from inventories.scenarios.making import making, making_hydrogen

if TYPE_CHECKING:
    from factors.method import Method
    from inventories.scenarios.base import BaseYear
    from inventories.scenarios.variants import Variants

Array = NDArray[np.float64]
Output = tuple[str, bool, str]

GRID = "electricity"
"""Source category of all that is emitted at power stations."""

HYDROGEN = "hydrogen_supply"
"""Source category of what making hydrogen emits: never hidden in a tailpipe of zero."""

_USE = "shore_power"


def with_supply(
    base: BaseYear, variants: Variants, years: NDArray[np.int64], pathway: str = "fossil_gas"
) -> Variants:
    """Add to a source's variants what making their electricity and hydrogen emits.

    Parameters
    ----------
    base : BaseYear
    variants : Variants
    years : ndarray of int, shape (n_years,)
        The base year first.
    pathway : str
        How hydrogen is made; see `inventories.scenarios.making.HYDROGEN_PATHWAYS`.

    Returns
    -------
    Variants
        With outputs ``electricity`` and ``hydrogen_supply``, outside the domain. [kg]
    """
    names = list(variants.outputs)
    by_year = change_of_rates(base, years)
    mass = variants.mass
    if by_year:
        mass = np.repeat(mass, len(years), axis=0) if len(mass) == 1 else mass.copy()
        for number, (source, _, name) in enumerate(names):
            if source == GRID and name in by_year:
                mass[..., number] *= by_year[name][:, None, None]
    added: dict[Output, Array] = {}
    for number, (source, inside, name) in enumerate(names):
        if not inside or source == GRID:
            continue
        rates: dict[str, float] = {}
        elsewhere = GRID
        if name == ELECTRICITY:
            rates = grid_rates(base, DRAWN.get(source, _USE))
        elif name == "hydrogen":
            elsewhere, rates = HYDROGEN, {COMPONENT: making_hydrogen(pathway)}
        elif is_carrier(name) and source == SHIPS and base.counts_fuel_supply:
            elsewhere, rates = FUEL_SUPPLY, {COMPONENT: making(base, source, name) or 0.0}
        for pollutant, rate in rates.items():
            key = (elsewhere, False, pollutant)
            made = mass[..., number] * rate
            if name == ELECTRICITY and pollutant in by_year:
                made = made * by_year[pollutant][:, None, None]
            added[key] = added[key] + made if key in added else made
    if not added and mass is variants.mass:
        return variants
    new = [key for key in added if key not in names]
    mass = np.concatenate([mass, np.zeros((*mass.shape[:3], len(new)))], axis=3)
    names += new
    for key, made in added.items():
        mass[..., names.index(key)] += made
    return replace(variants, outputs=names, mass=mass)


def unmade(base: BaseYear, outputs: pd.DataFrame, values: Array) -> list[str]:
    """Say which ships' fuels have no value for being made, so that the line of fuel supply lacks them.

    Parameters
    ----------
    base : BaseYear
    outputs : pandas.DataFrame, shape (n_outputs, 3)
    values : ndarray, shape (n_years, n_outputs)
    """
    if not base.counts_fuel_supply:
        return []
    burnt = outputs[(outputs["source_category"] == SHIPS).to_numpy() & (values != 0).any(axis=0)]
    fuels = [str(name) for name in burnt["pollutant"].unique() if str(name).startswith("fuel:")]
    lacking = [name.removeprefix("fuel:") for name in fuels if making(base, SHIPS, name) is None]
    pathway = base.method.option("fuel_pathway")
    return [
        f"making {name} of ships has no value by the pathway {pathway}: the line of fuel supply leaves it "
        "out, and is no lower for that; choose another fuel_pathway, or read tank to wake alone"
        for name in lacking
    ]


def grid_rates(base: BaseYear, use: str = _USE) -> dict[str, float]:
    """Return what a kilowatt-hour at the meter emits at power stations; nothing where no region is named.

    A use that the base year has takes its own mean rate, by the months and hours in which it drew. [kg/kWh]
    """
    key = ("grid rates", use)
    if key not in base.cache:
        base.cache[key] = _grid_rates(base, use)
    found: dict[str, float] = base.cache[key]
    return found


def _grid_rates(base: BaseYear, use: str) -> dict[str, float]:
    region = base.method.option("grid_region")
    if not region:
        return {}
    keys = list(recipe_for(GRID, base.method).KEYS)
    mine = base.drawn[base.drawn["key_use"] == use] if len(base.drawn) else base.drawn
    if len(mine) and mine["quantity"].sum() > 0:
        named = mine[[f"key_{key}" for key in keys]].set_axis(keys, axis=1).reset_index(drop=True)
        weight = mine["quantity"].to_numpy(dtype=float)
    else:
        named = pd.DataFrame({"use": [use], **base.grid_keys})
        weight = np.ones(1)
    return _mean_rates(base, base.method, named, weight)


def _mean_rates(base: BaseYear, method: Method, keys: pd.DataFrame, weight: Array) -> dict[str, float]:
    from factors.library import resolve

    # The base year's own method has its classes in a book.
    class_id, classes = base.resolve(GRID, keys) if method is base.method else resolve(GRID, keys, method)
    factor = weight @ classes.matrix[class_id] / weight.sum()
    out: dict[str, float] = {}
    for pollutant, value in zip(classes.components["pollutant"], factor, strict=True):
        if not is_carrier(str(pollutant)):
            out[str(pollutant)] = out.get(str(pollutant), 0.0) + float(value)
    return out


def marginal_rates(base: BaseYear, region: str, year: int) -> dict[str, float]:
    """Return what a little more demand emits in a region, by marginal rates. [kg/kWh at the meter]"""
    method = base.method.with_options(
        grid_kind="marginal",
        grid_region=region,
        grid_year=str(year),
        grid_rate="",
        grid_qualifier="",
        grid_hours="annual",
    )
    return _mean_rates(base, method, pd.DataFrame({"use": [_USE], "grid_region": [region]}), np.ones(1))


def change_of_rates(base: BaseYear, years: NDArray[np.int64]) -> dict[str, Array]:
    """Return each year's rate over that of the base year; nothing where the kind has no future years.

    Projected rates take each year's own, straight lines between the years printed, held at either end and
    never earlier than the method's `grid_year`. Average and marginal rates are held at that year.

    Returns
    -------
    dict of str to ndarray, shape (n_years,)
    """
    region = base.method.option("grid_region")
    if not region or base.method.option("grid_kind") != "projected":
        return {}
    key = ("grid years", years.tobytes())
    if key not in base.cache:
        base.cache[key] = _change_of_rates(base, years, region)
    found: dict[str, Array] = base.cache[key]
    return found


def _change_of_rates(base: BaseYear, years: NDArray[np.int64], region: str) -> dict[str, Array]:
    # How the year's rates change, not when in the day energy is drawn.
    method = base.method.with_options(grid_hours="annual")
    _, rate_type, qualifier = chosen(method)
    frame = base.method.table(GRID, "rates").frame
    mine = (frame["region"] == region) & (frame["rate_type"] == rate_type)
    printed = sorted({int(year) for year in frame.loc[mine & (frame["qualifier"] == qualifier), "year"]})
    own = int(base.method.option("grid_year"))
    keys = pd.DataFrame({"use": [_USE], "grid_region": [region]})
    by_year = {
        year: _mean_rates(base, method.with_options(grid_year=str(year)), keys, np.ones(1))
        for year in sorted({*printed, own})
    }
    now = by_year[own]
    out = {}
    for pollutant, rate in now.items():
        if rate > 0:
            known = sorted(by_year)
            line = np.interp(np.maximum(years, own), known, [by_year[year][pollutant] for year in known])
            out[pollutant] = np.where(years <= base.year, 1.0, line / rate)
    return out
