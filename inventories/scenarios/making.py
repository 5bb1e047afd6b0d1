"""What making a carrier emits before it is burnt: ships' fuels, land fuels, hydrogen by how it is made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from factors.tables import load_table
from factors.well_to_tank import LAND_FUELS, LCFS, of_land

_SHIP_FUELS = {"fuel:MGO": "MDO/MGO", "fuel:RM": "HFO", "fuel:LNG": "LNG Otto slow speed"}
_FUELEU = "FuelEU_second_transcription"
_LCFS_DENSITY = "17 CCR 95486 Table 4"

HYDROGEN_PATHWAYS: Mapping[str, str] = {
    "fossil_gas": "compressed H2, central SMR of fossil gas",
    "landfill_gas": "compressed H2, SMR of landfill-gas biomethane",
    "grid_electrolysis": "compressed H2, electrolysis from California average grid",
    "renewable_electrolysis": "compressed H2, electrolysis from zero-CI electricity",
}
"""How hydrogen was made, by the names of the source."""


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
