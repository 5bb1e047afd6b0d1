"""What drives a truck, whose rates it takes, and which fuel and category these name."""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.recipes.trucks.ages import SOURCE, declared, joined
from factors.tables import FactorMissing

_DRIVE = {"diesel": "diesel", "electric": "battery", "hydrogen": "fuel_cell"}
_NATURAL_GAS = {
    "error": "natural_gas",
    "not_estimated": "natural_gas",
    "swcv_proxy": "natural_gas_proxy",
    "moves4_cng": "natural_gas_moves4",
}
OWN_FUEL = {
    "diesel": "Diesel",
    "natural_gas_proxy": "Natural Gas",
    "natural_gas_emfac": "Natural Gas",
    "diesel_moves": "diesel",
    "natural_gas_moves": "natural_gas",
}
"""Drives rated by EMFAC or by a run of MOVES, and their fuel in its tables."""


def drive_of(classes: pd.DataFrame, method: Method) -> pd.Series:
    """Name what drives each class and whose rates it takes."""
    fuel, rates = classes["fuel"], method.option("truck_rates")
    gas = _NATURAL_GAS[method.option("natural_gas")]
    rated = pd.Series(False, index=classes.index)
    if rates == "emfac":
        listed = method.table(SOURCE, "running").listed("fuel", "emfac_category")
        known = set(listed.loc[listed["fuel"] == "Natural Gas", "emfac_category"])
        rated = classes["emfac_category"].isin(known) & (fuel == "natural_gas")
    elif rates == "moves":
        rated = (fuel == "natural_gas") & (
            "natural_gas" in set(method.table(SOURCE, "moves_running").frame["fuel"])
        )
    diesel = "diesel" if rates == "emfac" else f"diesel_{rates}"
    drive = fuel.map({**_DRIVE, "diesel": diesel, "natural_gas": gas}).mask(rated, f"natural_gas_{rates}")
    refused = drive.isna()
    if method.option("natural_gas") == "error":
        refused |= (fuel == "natural_gas") & ~rated
    if refused.any():
        table = method.table(SOURCE, "moves_running" if rates == "moves" else "running")
        asked = sorted(set(fuel[refused]))
        advice = (
            'For natural gas choose natural_gas = "not_estimated" (miles shown, exhaust NE), "swcv_proxy" or '
            '"moves4_cng", or bring an export of EMFAC or a run of MOVES that has them.'
            if "natural_gas" in asked
            else f"Known fuels are {', '.join([*_DRIVE, 'natural_gas'])}."
        )
        raise FactorMissing(
            table.name,
            "NOx",
            pd.DataFrame({"fuel": asked}),
            f"{table.name} has no drayage trucks of fuel {', '.join(asked)}; nearest key: fuel=diesel. "
            + advice,
        )
    return drive


def rated_apart(burning: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Classes with the rates' category and fuel, and ``extrapolated`` and ``note`` to be added to."""
    proxy = burning["drive"] == "natural_gas_proxy"
    category = str(declared(method, "rows")["natural_gas_proxy"])
    own = burning.assign(
        emfac_category=burning["emfac_category"].mask(proxy, category),
        fuel=burning["drive"].map(OWN_FUEL),
        extrapolated=proxy,
        note=pd.Series("", index=burning.index).mask(proxy, f"natural gas trucks of {category} stand in"),
    )
    plain = ~burning["technology"].isin(["", "conventional"])
    unrated = "no rate of its own for technology " + burning["technology"].astype(str)
    return own.assign(note=own["note"].mask(plain, joined(own["note"], unrated)))
