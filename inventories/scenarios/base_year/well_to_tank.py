"""What making a carrier emits before it is burnt: fuels as in the inventory, hydrogen by how it is made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from factors.recipes.ships.fuels import CARRIER
from factors.tables import load_table
from factors.well_to_tank import LAND_FUELS, LCFS, of_land, of_ships
from inventories.scenarios.base_year.base import SHIPS

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

_LCFS_DENSITY = "17 CCR 95486 Table 4"

HYDROGEN_PATHWAYS: Mapping[str, str] = {
    "fossil_gas": "compressed H2, central SMR of fossil gas",
    "landfill_gas": "compressed H2, SMR of landfill-gas biomethane",
    "grid_electrolysis": "compressed H2, electrolysis from California average grid",
    "renewable_electrolysis": "compressed H2, electrolysis from zero-CI electricity",
}
"""How hydrogen was made, by the names of the source."""


def making(base: BaseYear, source: str, carrier: str, hydrogen: str = "fossil_gas") -> float | None:
    """Return what making a source's carrier emits; None where no factor was read. [kg CO2e/kg]

    Parameters
    ----------
    base : BaseYear
        Its method says by which pathway ships' fuels are made.
    source : str
        Source category that burns it: ships' fuels and those of the land are printed in different documents.
    carrier : str
        As in outputs, such as ``fuel:MGO``.
    hydrogen : str
        How hydrogen is made, whoever takes it.
    """
    if carrier == "hydrogen":
        return making_hydrogen(hydrogen)
    key = ("making", source if source == SHIPS else "land")
    if key not in base.cache:
        if source == SHIPS:
            told = of_ships(list(CARRIER), base.method)["kg_co2e_per_kg"].set_axis(list(CARRIER.values()))
        else:
            told = of_land(list(LAND_FUELS))["kg_co2e_per_kg"]
        base.cache[key] = {str(name): float(value) for name, value in told.items()}
    rate = base.cache[key].get(carrier, np.nan)
    return None if np.isnan(rate) else float(rate)


@cache
def making_hydrogen(pathway: str = "fossil_gas") -> float:
    """Return what making hydrogen emits. [kg CO2e/kg]

    Examples
    --------
    >>> round(making_hydrogen("fossil_gas"), 2), round(making_hydrogen("renewable_electrolysis"), 2)
    (14.12, 1.26)
    """
    row = {"source_set": _LCFS_DENSITY, "fuel": "hydrogen"}
    energy_mj = _value("LCFS_energy_density", **row)
    intensity = _value("LCFS_lookup_carbon_intensity", source_set=LCFS, fuel=HYDROGEN_PATHWAYS[pathway])
    return intensity * energy_mj / 1000


def _value(quantity: str, **where: str) -> float:
    frame = load_table("fuels", "landside").frame
    mine = frame["quantity"] == quantity
    for column, value in where.items():
        mine &= frame[column] == value
    found = frame.loc[mine, "value"]
    if len(found) != 1:
        raise LookupError(f"fuels/landside has {len(found)} rows of {quantity} for {where}; one is needed")
    return float(found.iloc[0])
