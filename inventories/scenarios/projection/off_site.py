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

from factors.recipes.electricity.recipe import DRAWN
from factors.recipes.fuel_supply import COMPONENT, SHIPS
from factors.recipes.fuel_supply import SOURCE as FUEL_SUPPLY
from factors.terms import ELECTRICITY, is_carrier
from inventories.scenarios.base_year.grid_rates import ANY_USE, GRID, change_of_rates, grid_rates
from inventories.scenarios.base_year.well_to_tank import making, making_hydrogen

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear
    from inventories.scenarios.projection.variants import Variants

Array = NDArray[np.float64]
Output = tuple[str, bool, str]

HYDROGEN = "hydrogen_supply"
"""Source category of what making hydrogen emits: never hidden in a tailpipe of zero."""


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
        How hydrogen is made; see `inventories.scenarios.base_year.well_to_tank.HYDROGEN_PATHWAYS`.

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
            rates = grid_rates(base, DRAWN.get(source, ANY_USE))
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
