"""What each engine of a ship burns: by place, by the ship's plant, by what a stop states; blends split."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from factors.method import Method
from factors.recipes.ships.plants import by_main_engine, sulfur_pct

SOURCE = "ocean_going_vessels"
ALTERNATIVE = ("methanol", "ammonia", "hydrogen")
DISTILLATES = ("MGO/MDO", "HVO", "FAME")
DISTILLATE_SULFUR_PCT = 0.1
GLOBAL_LIMIT_PCT = 0.5
"""Sulfur limit outside control areas since 2020, which very low sulfur oil meets."""

GAS_AUXILIARY_CYCLE = "otto_medium_speed"
"""Auxiliary engines on gas are four-stroke Otto engines."""

_DEFAULTS: dict[str, Any] = {
    "draught_ratio": 1.0,
    "main_fuel": "",
    "residual_fuel": "RM/HFO",
    "has_scrubber": False,
    "scrubber_sulfur_pct": np.nan,
    "cycle": "",
    "engine_age": "",
    "after_treatment": "",
    "capture": "",
    "biofuel": "",
    "biofuel_share": 0.0,
    "gas_auxiliaries": False,
    "gas_boilers": False,
    "main_engine": "",
    "rpm": 0.0,
}


def with_defaults(periods: pd.DataFrame) -> pd.DataFrame:
    """Return legs or stays with what a plain oil-burning ship has, where nothing is said of it."""
    return periods.assign(**{name: value for name, value in _DEFAULTS.items() if name not in periods})


def fuel_of(
    engine_group: pd.Series, engine_type: pd.Series, location: pd.Series, method: Method
) -> pd.Series:
    """Return the fuel that an engine burns at a place, by the method's fuel table.

    Parameters
    ----------
    engine_group, engine_type, location : pandas.Series, shape (n,)
        Location is ``ECA``, ``OutsideECA`` or ``GreatLakes``.

    Returns
    -------
    pandas.Series, shape (n,)
        ``MGO/MDO``, ``RM/HFO`` or ``LNG``.

    Raises
    ------
    factors.tables.FactorMissing
        If the table names no fuel for a combination.
    """
    from factors.library import classify

    keys = pd.DataFrame({"engine_group": engine_group, "engine_type": engine_type, "location": location})
    number, distinct = classify(keys)
    asked, rows = method.table(SOURCE, "fuel_mix").expand(distinct, "fuel_share")
    burnt = rows.value == 1
    if not np.array_equal(asked[burnt], np.arange(len(distinct))):
        raise ValueError("the fuel table mixes fuels in one engine; give the fuel of such ships")
    chosen = rows.member("fuel")[burnt]
    return pd.Series(chosen[number], index=keys.index)


def fuelled(rows: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Give each engine its fuel, sulfur, gas cycle and after-treatment.

    A stop's own fuel comes first; then the ship's alternative fuel, for its propulsion; then that of the
    place. Ships with scrubbers burn residual fuel where the method says so.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
        Work rows with ``engine_group, engine_type, location, area_sulfur_pct, fuel_given, sulfur_given`` and
        the columns of `with_defaults`.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        With ``fuel, sulfur_pct, cycle, after_treatment``.
    """
    out = rows.copy()
    group, given = out["engine_group"], out["fuel_given"].astype(object)
    auxiliary, propulsion = group == "auxiliary", group == "propulsion"
    on_gas = auxiliary & ((given == "LNG") | (out["gas_auxiliaries"].astype(bool) & given.isna()))
    out["engine_type"] = out["engine_type"].mask(on_gas, "LNG")
    out["cycle"] = out["cycle"].where(propulsion, "").mask(on_gas, GAS_AUXILIARY_CYCLE)
    # The table of fuels by place knows neither fuel cells nor high-speed main engines.
    place_type = (
        out["engine_type"].replace({"FC": "MSD"}).mask(propulsion & (out["engine_type"] == "HSD"), "MSD")
    )
    by_place = fuel_of(group, place_type, out["location"], method)
    fuel = by_place.mask(by_place == "RM/HFO", _residual(out, method))
    oil = fuel != "LNG"
    scrubbed = (
        out["has_scrubber"].astype(bool) & oil & (place_type != "ST") & ~place_type.str.startswith("GT")
    )
    fuel = fuel.mask(scrubbed, out["residual_fuel"])
    fuel = fuel.mask(propulsion & (out["main_fuel"] != ""), out["main_fuel"])
    # A stop states the fuel of its oil burners; boilers change to another fuel only if it is an oil.
    stated = given.notna() & (out["engine_type"] != "LNG") & ~propulsion
    stated &= auxiliary | ~given.isin([*ALTERNATIVE, "LNG"])
    fuel = fuel.where(~stated, given)
    boiler = group == "boiler"
    fuel = fuel.mask(boiler & out["gas_boilers"].astype(bool) & (given.isna() | (given == "LNG")), "LNG")
    out["fuel"] = fuel.astype("str")
    out["after_treatment"] = np.where(scrubbed & fuel.isin(["RM/HFO", "VLSFO"]), "scrubber", "")
    # A distillate burner outside a control area burns distillate of its own sulfur, not the area's limit.
    distillate = out["fuel"].isin(DISTILLATES)
    limit = out["area_sulfur_pct"]
    sulfur = limit.where(~distillate, limit.clip(upper=DISTILLATE_SULFUR_PCT))
    sulfur = sulfur.mask(out["after_treatment"] == "scrubber", out["scrubber_sulfur_pct"])
    if by_main_engine(method):
        out["fuel_year"] = out["year"]
        out["rpm"] = out["rpm"].where(propulsion, 0.0)
        by_year = pd.Series(sulfur_pct(out["fuel"], out["year"], method), index=out.index)
        tabled = by_year.notna()
        if method.option("fuel_sulfur") == "area_limit":
            tabled &= out["fuel"].isin(["LNG", "methanol"])
        # Means of fuels sold anywhere never stand above what the place allows; a scrubber burns what it will.
        scrubs = out["after_treatment"] == "scrubber"
        sulfur = sulfur.mask(tabled, by_year.where(scrubs, by_year.clip(upper=limit)))
    out["sulfur_pct"] = out["sulfur_given"].astype(float).fillna(sulfur)
    return out


def _residual(rows: pd.DataFrame, method: Method) -> pd.Series:
    """Fuel of ships that burn residual fuel outside control areas: their own, or what the limit asks for."""
    own = rows["residual_fuel"]
    if not by_main_engine(method) or method.option("fuel_outside_areas") == "residual":
        return own
    return own.mask(rows["area_sulfur_pct"] <= GLOBAL_LIMIT_PCT, "VLSFO")


def blended(rows: pd.DataFrame) -> pd.DataFrame:
    """Split the work of engines that burn a blend: the biofuel's share of the energy, and the rest.

    Work and hours are conserved: the two parts of a row add up to it.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
        ``fuel, engine_type, quantity, biofuel`` and ``biofuel_share`` [1]; turbines and gas engines burn no
        biofuel.

    Returns
    -------
    pandas.DataFrame, shape (m, ...), m >= n
    """
    share = rows["biofuel_share"].astype(float).fillna(0.0)
    burns = rows["fuel"].isin(["MGO/MDO", "RM/HFO", "VLSFO"]) & (rows["biofuel"].fillna("") != "")
    burns &= ~rows["engine_type"].isin(["ST", "GT", "GT-ED"]) & (share > 0)
    if not burns.any():
        return rows

    def parted(taken: pd.Series) -> dict[str, pd.Series]:
        return {name: rows[name] * taken for name in ("quantity", "hours") if name in rows}

    part = rows.assign(**parted(share))[burns].assign(fuel=rows.loc[burns, "biofuel"], after_treatment="")
    rest = rows.assign(**parted(1 - share.where(burns, 0.0)))
    both = pd.concat([rest, part], ignore_index=True)
    return both[both["quantity"] > 0].reset_index(drop=True)
