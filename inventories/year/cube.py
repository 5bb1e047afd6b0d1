"""The cells of an inventory as an xarray Dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from factors.terms import is_carrier

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory

DIMENSIONS = ("source_category", "port", "zone", "mode_or_segment", "month", "in_domain")


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
        0 where it has none there. Attributes name port, year, method, GWP set and toolkit version.
    """
    cells, mass = inventory.cells, inventory.mass
    axes = {name: _labels(cells[name]) for name in DIMENSIONS}
    codes = [pd.Categorical(cells[name].to_numpy(), categories=axes[name]).codes for name in DIMENSIONS]
    shape = tuple(len(axes[name]) for name in DIMENSIONS)
    flat = np.ravel_multi_index(tuple(np.asarray(code, dtype=np.int64) for code in codes), shape)
    size = int(np.prod(shape))
    pollutants = [str(name) for name in mass if not is_carrier(str(name))]
    values = np.empty((*shape, len(pollutants)))
    states = inventory.states("source_category", pollutants, in_domain=[True, False])
    for place, name in enumerate(pollutants):
        summed = np.bincount(flat, weights=mass[name].fillna(0.0).to_numpy(), minlength=size).reshape(shape)
        missing = states[name].reindex(axes["source_category"]).isin(["NE", "IE"]).to_numpy()
        summed[missing] = np.nan
        values[..., place] = summed
    values.flags.writeable = False  # the inventory keeps and saves this very Dataset
    data = xr.Dataset(
        {"mass": ((*DIMENSIONS, "pollutant"), values, {"units": "kg", "long_name": "emitted mass"})},
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


def _labels(column: pd.Series) -> list[object]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [label for label in column.cat.categories if (column == label).any()]
    return sorted(column.unique().tolist())
