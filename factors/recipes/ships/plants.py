"""What a set keyed by the main engine calls ships' plants, fuels and ages, and the sulfur of its fuels.

ICCT's SAVE rates a ship's auxiliary engines and boilers by the type of its *main* engine, and knows gas
engines by their cycle. A class keeps this toolkit's words and is translated here.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.tables import FactorTable

SOURCE = "ocean_going_vessels"
RECIPE = "ships.main_engine"
SAVE = "icct-save-2025"

CYCLES = {
    "otto_medium_speed": "LPDF 4-stroke",
    "otto_low_speed": "LPDF 2-stroke",
    "diesel_high_pressure": "HPDF",
    "lean_burn": "LBSI",
}
"""Gas engines by this toolkit's cycle and by the name that SAVE prints."""

FUELS = {
    "MGO/MDO": "Distillate",
    "RM/HFO": "Residual",
    "HVO": "Distillate",
    "FAME": "Distillate",
    "LNG": "LNG",
    "methanol": "Methanol",
}
CARBON_FUELS = {
    "MGO/MDO": "Distillate",
    "RM/HFO": "Residual",
    "VLSFO": "VLSFO",
    "LNG": "LNG",
    "methanol": "Methanol",
}
"""Fuels of which the set knows carbon and sulfur; the rates of VLSFO are those of another oil."""

UNKNOWN_CYCLE = "LPDF 4-stroke"
"""All gas engines of which nothing more is known (SAVE, section 1.5, line 318)."""

_ON_OIL = {"LPDF 4-stroke": "MSD", "LBSI": "MSD", "LPDF 2-stroke": "SSD", "HPDF": "SSD"}
_NEWER = {"before_1984": "1984-2000", "1984-2000": "after_2000"}
NEWEST = "after_2000"


def by_main_engine(method: Method) -> bool:
    """Return whether a method rates ships' engines by the type of their main engine."""
    return SOURCE in method.sources and method.recipe(SOURCE) == RECIPE


def plant(classes: pd.DataFrame) -> pd.Series:
    """Return the main engine by which the rows of each class are found, as the set spells it.

    A dual-fuel plant that burns oil is rated as the diesel that it then is; methanol as burnt in the slow- or
    medium-speed engines for which rows are printed.
    """
    propulsion = classes["engine_group"] == "propulsion"
    own = classes["engine_type"].mask(classes["engine_type"] == "LNG", classes["cycle"])
    named = own.where(propulsion, classes["main_engine"]).replace({"": "MSD", "FC": "MSD", "Boiler": "MSD"})
    named = named.replace(CYCLES).str.replace("-ED", "")
    named = named.mask(propulsion & (own == ""), UNKNOWN_CYCLE)
    on_gas = classes["fuel"] == "LNG"
    is_gas_plant = named.isin([*_ON_OIL, "ST", "GT"])
    by_cycle = classes["cycle"].map(CYCLES).fillna(UNKNOWN_CYCLE)
    named = named.mask(on_gas & ~is_gas_plant, by_cycle)
    named = named.mask(~on_gas, named.replace(_ON_OIL))
    return named.mask((classes["fuel"] == "methanol") & (named == "HSD"), "MSD")


def fuel_rows(fuels: pd.Series, method: Method) -> pd.Series:
    """Return the fuel whose rows rate each class; the option `vlsfo_rows` says which for VLSFO."""
    return fuels.map(FUELS).fillna(method.option("vlsfo_rows"))


def as_printed(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the classes with main engine, fuel and age as the set spells them."""
    return classes.assign(
        engine_type=plant(classes),
        fuel=fuel_rows(classes["fuel"], method),
        engine_age=classes["engine_age"].replace("", NEWEST),
    )


def held_age(asked: pd.DataFrame, table: FactorTable, quantity: str) -> pd.Series:
    """Return the age by which a table answers each class: its own, else the next newer one it has."""
    age = asked["engine_age"]
    for _ in _NEWER:
        known = table.has(asked.assign(engine_age=age), quantity)
        age = age.where(known, age.replace(_NEWER))
    return age


def sulfur_pct(fuels: pd.Series, years: pd.Series, method: Method) -> NDArray[np.float64]:
    """Return the sulfur content of fuels by year, the nearest year that the set has. [% by mass]

    Parameters
    ----------
    fuels : pandas.Series of str, shape (n,)
        As this toolkit spells them, those of `CARBON_FUELS`; missing for others.
    years : pandas.Series of int, shape (n,)

    Returns
    -------
    ndarray, shape (n,)
    """
    asked = _sulfur_year(fuels, years, method)
    out = np.full(len(fuels), np.nan)
    if len(asked):
        known = fuels.isin(CARBON_FUELS).to_numpy()
        out[known] = method.table(SOURCE, "fuel_sulfur").find(asked, "fuel_sulfur").to("percent")
    return out


def sulfur_of_another_year(classes: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Return whether the sulfur of each class is the set's, of another year than the one it stands in for.

    Sulfur that a stop stated, or that an area's limit gives, is of no year.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        ``fuel, fuel_year, sulfur_pct``.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    fuels, years = classes["fuel"], classes["fuel_year"]
    asked = _sulfur_year(fuels, years, method)
    other = (asked["year"] != years[asked.index].astype(np.int64)).reindex(fuels.index, fill_value=False)
    tabled = np.isclose(classes["sulfur_pct"].astype(float), sulfur_pct(fuels, years, method), rtol=1e-12)
    return np.asarray(other.to_numpy(dtype=bool) & tabled)


def _sulfur_year(fuels: pd.Series, years: pd.Series, method: Method) -> pd.DataFrame:
    """``fuel`` and ``year`` by which the set's sulfur answers, of fuels that it knows: the nearest year."""
    spans = method.table(SOURCE, "fuel_sulfur").frame.groupby("fuel")["year"].agg(["min", "max"])
    named = fuels.map(CARBON_FUELS).dropna().astype("str")
    span = spans.loc[named.tolist()]
    wanted = years[named.index].to_numpy(dtype=np.int64)
    year = np.clip(wanted, span["min"].to_numpy(), span["max"].to_numpy())
    return pd.DataFrame({"fuel": named, "year": year}, index=named.index)
