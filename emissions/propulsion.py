"""Propulsion load of legs by the load model that a method names."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions import engines, sailing_resistance, ship_power
from factors.method import Method, MethodError

Array = NDArray[np.float64]

_HULL = ("length_m", "breadth_m", "draught_max_m", "displacement_m3")


def propulsion_loads(legs: pd.DataFrame, method: Method) -> tuple[Array, NDArray[np.bool_]]:
    """Share of installed power of each leg.

    Parameters
    ----------
    legs : pandas.DataFrame, shape (n, ...)
        ``speed_kn, mean_load, mode, max_speed_kn, main_kw``; for the models that need them ``draught_ratio``,
        the hull's ``hull_type, length_m, breadth_m, draught_m, draught_max_m, displacement_m3, deadweight_t,
        screws``, the IMO study's ``ghg4_weather, ghg4_correction``, or SAVE's ``year`` and ``build_year`` (or
        ``roughness_um``), ``distance_to_shore_nmi`` and ``draught_factor`` where known.
    method : Method

    Returns
    -------
    load : ndarray, shape (n,)
        Given where a leg states it, else by the model; 0 where the engine counts as off. [1]
    replaced : ndarray of bool, shape (n,)
        Where the model had no answer for the ship, and the admiralty formula or a mean stood in.

    Raises
    ------
    MethodError
        If the model needs a number that the method does not have.
    """
    model = method.option("load_model")
    floor, cap = float(method.option("load_floor")), float(method.option("load_cap"))
    replaced = np.zeros(len(legs), dtype=bool)
    if model == "fixed":
        load = ship_power.fixed_load(legs["mode"], _fixed(method))
    elif model == "imo_ghg4":
        load = _ghg4(legs, method, cap)
    elif model == "icct_save":
        load, replaced = _save(legs, method)
    else:
        margin = _margin(legs, method)
        ratio = 1.0 if model == "propeller_law" else legs["draught_ratio"]
        load = engines.propulsion_load(
            legs["speed_kn"],
            legs["max_speed_kn"],
            margin_pct=margin,
            draught_ratio=ratio,
            floor=floor,
            cap=cap,
        )
        if model in ("holtrop_mennen", "kristensen"):
            by_hull = _by_hull(legs, method, margin, floor, cap)
            replaced = np.isnan(by_hull)
            load = np.where(replaced, load, by_hull)
    stated = legs["mean_load"].notna().to_numpy()
    given = legs["mean_load"].to_numpy(dtype=float)
    # Low-load factors are regressions from 2 percent up: a stated load is floored as a computed one is.
    load = np.where(stated, np.where(given > 0, np.maximum(given, floor), 0.0), load)
    off = float(method.option("main_engine_off_below"))
    return np.where(load < off, 0.0, load), replaced & ~stated


def slowed_loads(rows: pd.DataFrame, speed_kn: float, method: Method) -> Array:
    """Share of installed power of main engines that sail more slowly than they did.

    The load follows the cube of speed from the one it was, within the method's floor and cap. Where the cap
    held the load and the propeller law is in force, it follows from what the law asks for without a cap;
    loads fixed by mode stay.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
        ``load_factor, speed_kn, max_speed_kn, mode`` as recorded.
    speed_kn : float
        The new speed, at most that of the rows. [kn]
    method : Method

    Returns
    -------
    ndarray, shape (n,)
        0 where the engine counts as off. [1]
    """
    load = rows["load_factor"].to_numpy(dtype=float)
    if method.option("load_model") == "fixed":
        return load
    floor, cap = float(method.option("load_floor")), float(method.option("load_cap"))
    was = load
    if method.option("load_model") == "propeller_law":
        # A ship whose maximum speed nobody knows was not held by the cap of a law that needs it.
        capped = (load >= cap) & rows["max_speed_kn"].notna().to_numpy()
        held = rows[capped]
        law = engines.propulsion_load(
            held["speed_kn"], held["max_speed_kn"], margin_pct=_margin(held, method), floor=0, cap=np.inf
        )
        was = load.copy()
        was[capped] = np.maximum(law, load[capped])
    cube = was * (speed_kn / rows["speed_kn"].to_numpy(dtype=float)) ** 3
    slowed = np.minimum(np.maximum(cube, np.minimum(floor, load)), cap)
    return np.where(slowed < float(method.option("main_engine_off_below")), 0.0, slowed)


def _margin(legs: pd.DataFrame, method: Method) -> Array:
    sea = float(method.option("speed_margin_pct"))
    near = method.option("speed_margin_maneuvering_pct")
    return np.where(legs["mode"] == "maneuvering", float(near) if near else sea, sea)


def _fixed(method: Method) -> dict[str, float]:
    loads = {mode: method.option(f"fixed_load_{mode}") for mode in ("transit", "maneuvering")}
    missing = [f"fixed_load_{mode}" for mode, load in loads.items() if not load]
    if missing:
        raise MethodError(
            f"method {method.name!r}: load_model = fixed needs {' and '.join(missing)}, from a source you "
            "can name; set them in port.toml under [method.options]"
        )
    return {mode: float(load) for mode, load in loads.items()}


def _ghg4(legs: pd.DataFrame, method: Method, cap: float) -> Array:
    table = method.table("ocean_going_vessels", "ghg4_power")
    number = dict(zip(table.frame["quantity"].astype(str), table.values, strict=True))
    return ship_power.ghg4_load(
        legs["speed_kn"],
        legs["max_speed_kn"],
        legs["draught_ratio"],
        weather=legs["ghg4_weather"].to_numpy(dtype=float),
        fouling=float(number["eta_f_fouling"]),
        correction=legs["ghg4_correction"].to_numpy(dtype=float),
        cap=cap,
    )


def _save(legs: pd.DataFrame, method: Method) -> tuple[Array, NDArray[np.bool_]]:
    """Load by ICCT's SAVE, and where the mean of hull fouling stands in for an age not known."""
    number = _numbers(method)
    fouling = number["hull_fouling"]
    factor = sailing_resistance.hull_fouling_factor(
        _roughness(legs, method, fouling),
        base=fouling["base"],
        friction=fouling["friction_coefficient"],
        resistance=fouling["total_resistance_coefficient"],
        exponent=fouling["roughness_exponent"],
        new_um=fouling["new_ship_roughness"],
    )
    unknown = np.isnan(factor)
    draught = sailing_resistance.draught_factor(legs["draught_ratio"], exponent=number["draught"]["exponent"])
    if "draught_factor" in legs:
        draught = legs["draught_factor"].fillna(pd.Series(draught, index=legs.index)).to_numpy(dtype=float)
    load = sailing_resistance.sailing_load(
        legs["speed_kn"],
        legs["max_speed_kn"],
        fouling=np.where(unknown, 1 + fouling["mean_power_increase"] / 100, factor),
        weather=_weather(legs, method, number["weather"]),
        draught=draught,
        exponent=number["load_factor"]["speed_exponent"],
        cap=number["load_factor"]["cap"],
    )
    return load, unknown


def _numbers(method: Method) -> dict[str, dict[str, float]]:
    """Numbers of SAVE's load model by part and name, as printed."""
    frame = method.table("ocean_going_vessels", "load_model").frame
    return {
        str(part): dict(zip(rows["quantity"].astype(str), rows["value"].astype(float), strict=True))
        for part, rows in frame.groupby("model")
    }


def _roughness(legs: pd.DataFrame, method: Method, number: dict[str, float]) -> Array:
    """Roughness as given, else by the ship's age; NaN where that is not known. [um]"""
    if "roughness_um" in legs:
        return legs["roughness_um"].to_numpy(dtype=float)
    age = (legs["year"] - legs["build_year"]).clip(lower=0)
    known = age[age.notna()]
    out = np.full(len(legs), np.nan)
    table = method.table("ocean_going_vessels", "hull_roughness")
    if len(known):
        years = pd.DataFrame({"age": np.unique(known)})
        by_age = dict(zip(years["age"], table.find(years, "average_hull_roughness").to("um"), strict=True))
        grows = method.option("hull_roughness") == "with_growth"
        out[age.notna().to_numpy()] = sailing_resistance.hull_roughness(
            known,
            known.map(by_age),
            growth=number["roughness_growth"] if grows else 0.0,
            interval=number["dry_docking_interval"],
        )
    return out


def _weather(legs: pd.DataFrame, method: Method, number: dict[str, float]) -> Array:
    """Weather by the distance to shore where known, else as the option says."""
    near, far = number["power_increase_coastal"], number["power_increase_open_sea"]
    nothing = pd.Series(np.nan, index=legs.index)
    by_distance = sailing_resistance.weather_factor(
        legs.get("distance_to_shore_nmi", nothing),
        coastal_limit_nmi=number["coastal_limit"],
        coastal_pct=near,
        open_sea_pct=far,
    )
    chosen = method.option("weather")
    coastal = (legs["mode"] == "maneuvering") if chosen == "by_mode" else chosen == "coastal"
    return np.where(np.isnan(by_distance), 1 + np.where(coastal, near, far) / 100, by_distance)


def _by_hull(legs: pd.DataFrame, method: Method, margin: Array, floor: float, cap: float) -> Array:
    known = np.all([legs[column].notna() for column in _HULL], axis=0)
    load = np.full(len(legs), np.nan)
    ours = legs[known]
    if not len(ours):
        return load
    draught = ours["draught_ratio"] * ours["draught_max_m"]
    hull = ship_power.Hull(
        ours["hull_type"].to_numpy(dtype=object),
        ours["length_m"],
        ours["breadth_m"],
        ours["draught_max_m"],
        draught,
        ours["displacement_m3"],
        ours["deadweight_t"],
        ours["screws"],
    )
    model = {
        "holtrop_mennen": ship_power.holtrop_mennen_load,
        "kristensen": ship_power.kristensen_load,
    }[method.option("load_model")]
    load[known] = model(
        ours["speed_kn"],
        ours["main_kw"],
        hull,
        margin_pct=margin[known],
        floor=floor,
        cap=cap,
        form=method.option("resistance_form"),
    )
    return load
