"""What a kilowatt-hour emits at power stations: in the base year, at the margin, and in years to come.

The rate is of the method's own kind of grid in every year; kinds are never mixed in one trend.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import recipe_for, resolve
from factors.method import Method
from factors.recipes.electricity.recipe import SOURCE, chosen
from factors.terms import is_carrier
from inventories.scenarios.base_year.base import BaseYear

Array = NDArray[np.float64]

GRID = SOURCE
"""Source category of all that is emitted at power stations."""

ANY_USE = "shore_power"
"""The use whose rate stands for power that nothing in the base year draws."""


def grid_rates(base: BaseYear, use: str = ANY_USE) -> dict[str, float]:
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
    return _mean_rates(base, method, pd.DataFrame({"use": [ANY_USE], "grid_region": [region]}), np.ones(1))


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
    keys = pd.DataFrame({"use": [ANY_USE], "grid_region": [region]})
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
