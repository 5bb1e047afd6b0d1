"""Greenhouse gases of ships from well to wake, beside those from tank to wake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from factors.recipes.fuel_supply import COMPONENT
from factors.warming import warming_potentials

if TYPE_CHECKING:
    from inventories.inventory import Inventory

SHIPS = "ocean_going_vessels"


def well_to_wake(inventory: Inventory, gwp: str | None = None) -> pd.DataFrame:
    """Return CO2e of ships' fuels: burnt on board in the domain, made elsewhere, and both.

    Parameters
    ----------
    inventory : Inventory
        Built with ``well_to_tank = fueleu``.
    gwp : str, optional
        Warming potentials of what is burnt; the inventory's own where left out. What making a fuel emitted
        is CO2e by those of AR4 already, whatever is asked here.

    Returns
    -------
    pandas.DataFrame
        One row a fuel and one for all: ``tank_to_wake, biogenic, well_to_tank, well_to_wake``, in tonnes of
        CO2e; ``attrs["gwp"]`` says which sets. The sum takes biogenic CO2 in, because the well-to-tank value
        of a biofuel counts the same carbon taken up. Slip and pilot fuel stand with the engine's own fuel. A
        part that is not estimated is missing.

    Raises
    ------
    ValueError
        If the inventory has no well-to-tank values.
    """
    if COMPONENT not in inventory.mass:
        raise ValueError(
            "this inventory has no well-to-tank values: build it with well_to_tank = fueleu "
            "([method.options] of port.toml, or an argument of Inventory.build)"
        )
    potential = warming_potentials(gwp or inventory.gwp_set)
    mass = inventory.mass / 1000
    cells = inventory.cells
    ships = (cells["source_category"].astype(str) == SHIPS) & cells["in_domain"].astype(bool)
    fuel = cells["fuel"].astype(str)
    burnt = sum(mass[gas] * weight for gas, weight in potential.items() if gas in mass)
    bio = mass["CO2_biogenic"] if "CO2_biogenic" in mass else mass["CO2"] * 0.0
    table = pd.DataFrame(
        {
            "tank_to_wake": pd.Series(burnt)[ships].groupby(fuel[ships]).sum(),
            "biogenic": bio[ships].groupby(fuel[ships]).sum(),
            "well_to_tank": mass[COMPONENT][~ships].groupby(fuel[~ships]).sum(),
        }
    )
    supplied = set(fuel[cells["source_category"].astype(str) == "fuel_supply"])
    table = table[table.index.isin(set(fuel[ships]) | supplied)]
    made = mass[COMPONENT].groupby(fuel).sum()
    table["well_to_tank"] = table["well_to_tank"].where(made.reindex(table.index) != 0)
    table.loc["all fuels"] = table.sum(min_count=1)
    table["well_to_wake"] = table[["tank_to_wake", "biogenic", "well_to_tank"]].sum(axis=1, skipna=False)
    table.attrs["gwp"] = {"tank_to_wake": gwp or inventory.gwp_set, "well_to_tank": "AR4"}
    table.attrs["units"] = "tonne of CO2e"
    return table
