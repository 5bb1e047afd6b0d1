"""The cells of an inventory as an xarray Dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from factors.terms import is_carrier
from inventories.year.coverage import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from inventories.year.inventory import Inventory

DIMENSIONS = ("source_category", "port", "zone", "mode_or_segment", "month", "in_domain")
STATE_DIMENSIONS = ("source_category", "in_domain", "pollutant")
NO_NUMBER = ("NE", "IE")
"""States of what has no mass to give."""


def cube(inventory: Inventory) -> xr.Dataset:
    """Return masses over the shared dimensions.

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    xarray.Dataset
        ``mass`` [kg] over (source_category, port, zone, mode_or_segment, month, in_domain, pollutant) and
        ``electricity`` [kWh] without pollutant. Missing (NaN) where a source does not estimate a pollutant,
        0 where it has none there. ``state`` over (source_category, in_domain, pollutant) says what the masses
        are, as CF flags: `STATES` by their number. Attributes name port, year, method, GWP set and toolkit
        version.
    """
    cells, mass = inventory.cells, inventory.mass
    axes = {name: _labels(cells[name]) for name in DIMENSIONS}
    codes = [pd.Categorical(cells[name].to_numpy(), categories=axes[name]).codes for name in DIMENSIONS]
    shape = tuple(len(axes[name]) for name in DIMENSIONS)
    flat = np.ravel_multi_index(tuple(np.asarray(code, dtype=np.int64) for code in codes), shape)
    size = int(np.prod(shape))
    pollutants = [str(name) for name in mass if not is_carrier(str(name))]
    values = np.empty((*shape, len(pollutants)))
    told = inventory.states(STATE_DIMENSIONS[:2], pollutants, in_domain=[True, False])
    flags = state_flags(told, axes["source_category"], axes["in_domain"], pollutants)
    for place, name in enumerate(pollutants):
        summed = np.bincount(flat, weights=mass[name].fillna(0.0).to_numpy(), minlength=size).reshape(shape)
        values[..., place] = without_number(summed, flags[..., place])
    values.flags.writeable = False  # the inventory keeps and saves this very Dataset
    flags.flags.writeable = False
    data = xr.Dataset(
        {
            "mass": ((*DIMENSIONS, "pollutant"), values, {"units": "kg", "long_name": "emitted mass"}),
            "state": (STATE_DIMENSIONS, flags, state_attributes()),
        },
        coords={**{name: list(axes[name]) for name in DIMENSIONS}, "pollutant": pollutants},
        attrs={
            "title": f"{inventory.port_name} {inventory.year}",
            "port": inventory.port_name,
            "inventory_year": inventory.year,
            "method": str(inventory.manifest["method"]["name"]),
            "gwp_set": inventory.gwp_set,
            "toolkit_version": str(inventory.manifest["versions"]["caap-inventory"]),
            "illustrative": str(bool(inventory.manifest["port"]["illustrative"])),
        },
    )
    if "electricity" in mass:
        summed = np.bincount(flat, weights=mass["electricity"].to_numpy(), minlength=size).reshape(shape)
        summed.flags.writeable = False
        data["electricity"] = (DIMENSIONS, summed, {"units": "kWh", "long_name": "electricity at the meter"})
    return data


def state_flags(
    told: pd.DataFrame, sources: Iterable[object], sides: Iterable[object], pollutants: list[str]
) -> NDArray[np.int8]:
    """Return states by their place in `STATES`.

    Parameters
    ----------
    told : pandas.DataFrame
        States as `Inventory.states` gives them by source category and ``in_domain``. A side of the domain on
        which a source does no work has no row: zero there, unless the source has no number on the other.
    sources, sides : iterable
        Labels of source categories and of ``in_domain``.
    pollutants : list of str

    Returns
    -------
    ndarray of int8, shape (n_sources, n_sides, n_pollutants)
    """
    rows, columns = list(map(str, sources)), list(map(str, sides))
    every = pd.MultiIndex.from_product([rows, columns])
    words = told.reindex(index=every, columns=pollutants).to_numpy(dtype=object)
    codes = pd.Categorical(words.ravel(), categories=list(STATES)).codes.astype(np.int8)
    flags = codes.reshape(len(rows), len(columns), len(pollutants))
    # STATES end with zero, NE and IE: the greater of zero and the other side is what is meant.
    other = np.maximum(flags.max(axis=1, keepdims=True), np.int8(STATES.index("zero")))
    return np.where(flags < 0, other, flags)


def state_attributes() -> dict[str, object]:
    """Return the attributes by which CF conventions tell what flags mean."""
    return {
        "long_name": "what the mass is: estimated (value), in part (partial), none (zero), NE or IE",
        "flag_values": np.arange(len(STATES), dtype=np.int8),
        "flag_meanings": " ".join(STATES),
    }


def without_number(summed: NDArray[Any], flags: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return sums over `DIMENSIONS`, missing where their source and side of the domain have no number.

    Parameters
    ----------
    summed : ndarray of float, shape (n_sources, ..., n_sides)
    flags : ndarray of int8, shape (n_sources, n_sides)
    """
    lacking = np.isin(flags, [STATES.index(state) for state in NO_NUMBER])
    between = (1,) * (summed.ndim - 2)
    return np.where(lacking.reshape(lacking.shape[0], *between, lacking.shape[1]), np.nan, summed)


def _labels(column: pd.Series) -> list[object]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [label for label in column.cat.categories if (column == label).any()]
    return sorted(column.unique().tolist())
