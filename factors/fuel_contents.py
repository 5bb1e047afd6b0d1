"""What the fuels of classes hold: sulfur and carbon, by which balances are checked.

Both are looked up apart from the terms of the classes, so that a recipe that makes more of a fuel than there
is in it is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from factors.method import Method
from factors.tables import load_table

ROAD_DIESEL_PPM = 15.0
"""Sulfur of road diesel at most, in parts per million by mass (40 CFR 1090.305)."""

PILOT_SULFUR_PCT = 0.1
"""Sulfur of the gas oil that ignites other fuels, at most: the limit of control areas."""

_PRINTED = {
    "fuel:MGO": ("fuels", "ship_carbon", {"source_set": "IMO_MEPC308", "fuel": "Diesel"}),
    "fuel:RM": ("fuels", "ship_carbon", {"source_set": "IMO_MEPC308", "fuel": "HFO"}),
    "fuel:VLSFO": ("fuels", "ship_carbon", {"source_set": "IMO_MEPC308", "fuel": "VLSFO"}),
    "fuel:LNG": ("fuels", "ship_carbon", {"source_set": "IMO_MEPC308", "fuel": "LNG"}),
    "fuel:methanol": ("fuels", "ship_carbon", {"source_set": "IMO_MEPC308", "fuel": "Methanol"}),
    "fuel:diesel": ("moves5-nonroad", "fuels", {"fuel": "diesel"}),
    "fuel:renewable_diesel": ("moves5-nonroad", "fuels", {"fuel": "diesel"}),
    "fuel:gasoline": ("moves5-nonroad", "fuels", {"fuel": "gasoline"}),
    "fuel:lpg": ("moves5-nonroad", "fuels", {"fuel": "LPG"}),
    "fuel:cng": ("moves5-nonroad", "fuels", {"fuel": "CNG"}),
}
_CO2_OF_CARBON = 44 / 12


@cache
def carbon_dioxide() -> Mapping[str, float]:
    """Return the CO2 that a fuel's carbon makes, by energy carrier. [kg/kg]

    Returns
    -------
    mapping of str to float
        Of ships' fuels as MEPC.308(73) prints it; of others their carbon by NONROAD times 44/12. Carriers
        whose carbon no printed table has are left out.

    Examples
    --------
    >>> carbon_dioxide()["fuel:MGO"], round(carbon_dioxide()["fuel:diesel"], 2)
    (3.206, 3.19)
    """
    found = {}
    for carrier, (edition, name, keys) in _PRINTED.items():
        quantity = "CO2_per_fuel" if name == "ship_carbon" else "carbon_mass_fraction"
        frame = load_table(edition, name).frame
        ours = frame["quantity"] == quantity
        for column, value in keys.items():
            ours &= frame[column] == value
        (value,) = frame.loc[ours, "value"]
        found[carrier] = float(value) * (1.0 if quantity == "CO2_per_fuel" else _CO2_OF_CARBON)
    return found


def sulfur(source: str, classes: pd.DataFrame, method: Method) -> pd.Series:
    """Return the sulfur of the fuel that each class burns, as a fraction of its mass.

    Parameters
    ----------
    source : str
        The source category.
    classes : pandas.DataFrame
        Its classes.
    method : Method

    Returns
    -------
    pandas.Series
        Missing where neither class nor method says.
    """
    found = _SULFUR.get(source)
    unknown = pd.Series(np.nan, index=classes.index)
    return unknown if found is None else found(classes, method).astype(float)


def _of_ships(classes: pd.DataFrame, method: Method) -> pd.Series:
    return classes["sulfur_pct"].astype(float) / 100


def _of_equipment(classes: pd.DataFrame, method: Method) -> pd.Series:
    chosen = method.option("diesel_sulfur_ppm")
    table = method.table("cargo_handling_equipment", "fuels").frame
    in_use = table[(table["quantity"] == "in_use_sulfur") & (table["fuel"] == "diesel")]["value"]
    diesel = float(in_use.iloc[0]) / 100 if chosen == "moves" else float(chosen) / 1e6
    burnt = classes["fuel"].astype(str).isin(["diesel", "renewable_diesel", "hybrid_diesel"])
    told = pd.Series(diesel, index=classes.index).where(burnt)
    return (classes["sulfur_wt_pct"].astype(float) / 100).fillna(told)


def _of_craft(classes: pd.DataFrame, method: Method) -> pd.Series:
    return pd.Series(float(method.option("marine_diesel_sulfur_ppm")) / 1e6, index=classes.index)


def _of_locomotives(classes: pd.DataFrame, method: Method) -> pd.Series:
    return pd.Series(float(method.option("locomotive_sulfur_ppm")) / 1e6, index=classes.index)


def _of_trucks(classes: pd.DataFrame, method: Method) -> pd.Series:
    diesel = classes["fuel"].astype(str).isin(["diesel", "renewable_diesel"])
    return pd.Series(ROAD_DIESEL_PPM / 1e6, index=classes.index).where(diesel)


_SULFUR: Mapping[str, Callable[[pd.DataFrame, Method], pd.Series]] = {
    "ocean_going_vessels": _of_ships,
    "cargo_handling_equipment": _of_equipment,
    "harbor_craft": _of_craft,
    "locomotives": _of_locomotives,
    "heavy_duty_vehicles": _of_trucks,
}
