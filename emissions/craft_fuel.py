"""Harbor craft by the fuel that they used: hours where there are none, a comparison where there are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.fuel_volume import density
from factors.method import Method
from factors.recipes.harbor_craft import KEYS, fuel_rates
from factors.units import conversion

STATED = "fuel_used_l"
OF_CRAFT = "is_fuel_of_craft"
_RULE_SINCE = 2023
"""13 CCR 2299.5(b): renewable diesel in harbor craft from 1 January 2023."""


def by_rule(engines: pd.DataFrame, year: int, method: Method) -> pd.DataFrame:
    """Give diesels renewable diesel where the method follows California's rule and the year is under it.

    Parameters
    ----------
    engines : pandas.DataFrame
        ``fuel``.
    year : int
    method : Method
    """
    if method.option("harbor_craft_fuel_rule") != "california" or year < _RULE_SINCE:
        return engines
    return engines.assign(fuel=engines["fuel"].replace("diesel", "renewable_diesel"))


def states_fuel(engines: pd.DataFrame) -> bool:
    """Return whether any engine states the fuel that it used."""
    return STATED in engines and bool(engines[STATED].notna().any())


def against_work(engines: pd.DataFrame, filled: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return, engine by engine, the stated fuel and what an hour of work burns.

    Parameters
    ----------
    engines : pandas.DataFrame, shape (n, ...)
        ``craft_id, hours`` (with gaps), ``fuel, power_kw``, ``fuel_used_l`` [L, of one engine; of the whole
        craft where ``is_fuel_of_craft``], optional ``count``.
    filled : pandas.DataFrame, shape (n, ...)
        The same engines with the recipe's keys and ``load_factor`` [1].
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, 5)
        ``stated_kg`` [kg], ``per_hour_kg`` and ``implied_kg`` of what the statement is of, an engine or a
        craft [kg]; ``state``: *blank*, *zero*, *electric*, *gives hours*, *compared*; ``ratio`` of stated to
        implied fuel, where it was compared. [1]
    """
    burning = (filled["technology"] == "combustion").to_numpy()
    rate = pd.Series(0.0, index=engines.index)
    stated = engines[STATED].astype(float)
    rated = burning & (stated > 0).to_numpy()
    if rated.any():
        asked = filled[rated].assign(role=filled["role_key"])
        rate[rated] = fuel_rates(asked[list(KEYS)], method)
    shared = _column(engines, OF_CRAFT, False).astype(bool)
    number = _column(engines, "count", 1).astype(float).where(shared, 1.0)
    hour = engines["power_kw"] * filled["load_factor"].fillna(0.0) * rate * number
    whole = (hour * engines["hours"].fillna(0.0)).where(burning, 0.0)
    for values in (hour, whole):
        values[shared] = values[shared].groupby(engines.loc[shared, "craft_id"]).transform("sum")
    kilograms = engines["fuel"].map(_kilograms_per_litre(engines["fuel"]))
    found = pd.DataFrame({"stated_kg": stated * kilograms, "per_hour_kg": hour, "implied_kg": whole})
    found["state"] = np.select(
        [stated.isna(), stated == 0, ~burning, engines["hours"].isna()],
        ["blank", "zero", "electric", "gives hours"],
        "compared",
    )
    compared = (found["state"] == "compared") & (found["implied_kg"] > 0)
    found["ratio"] = (found["stated_kg"] / found["implied_kg"]).where(compared)
    return found


def with_hours(engines: pd.DataFrame, filled: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Fill hours from the fuel of engines that state fuel alone; on request, load from fuel and hours.

    Work by fuel is the fuel over the fuel rate: the load factor only says how many hours that took.

    Parameters
    ----------
    engines, filled, method
        As for `against_work`.

    Returns
    -------
    pandas.DataFrame
        The engines with ``hours`` [h] and ``load_factor`` [1]; `is_work_by_fuel` tells those whose work is
        that of their own stated fuel.
    """
    fuel = against_work(engines, filled, method)
    gives = fuel["state"] == "gives hours"
    hours = engines["hours"].where(~gives, fuel["stated_kg"] / fuel["per_hour_kg"].where(gives, 1.0))
    load = _column(engines, "load_factor", np.nan).astype(float)
    taken = fuel["ratio"].notna() & (method.option("harbor_craft_fuel_used") == "stated")
    load = load.where(~taken, filled["load_factor"] * fuel["ratio"])
    own = ~_column(engines, OF_CRAFT, False).astype(bool)
    return engines.assign(hours=hours, load_factor=load, is_work_by_fuel=(gives | taken) & own)


def _kilograms_per_litre(fuels: pd.Series) -> dict[str, float]:
    found = {}
    for fuel in fuels.unique():
        volume = density("fuel:biodiesel" if fuel == "biodiesel" else "fuel:diesel")
        if volume is not None:
            found[fuel] = conversion("L", "gal") / volume.gallons_per_kg
    return found


def _column(frame: pd.DataFrame, name: str, otherwise: object) -> pd.Series:
    if name not in frame:
        return pd.Series(otherwise, index=frame.index)
    return frame[name].where(frame[name].notna(), otherwise)
