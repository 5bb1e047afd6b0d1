"""A ship's engines and hull beyond power and speed: gas cycle, other fuels, age, scrubber, dimensions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from emissions.ship_power import propellers, waterline_length
from factors.method import Method
from factors.recipes.ships.plants import by_main_engine

SOURCE = "ocean_going_vessels"

_ALTERNATIVE = ("methanol", "ammonia", "hydrogen")

_SMALL: dict[str, tuple[str, float]] = {
    "bulk_carrier": ("DWT", 10_000),
    "chemical_tanker": ("DWT", 10_000),
    "oil_tanker": ("DWT", 10_000),
    "general_cargo": ("DWT", 10_000),
    "cruise": ("GT", 2_000),
    "roro": ("DWT", 5_000),
}
"""Sizes below which the Fourth IMO GHG Study takes the weather of coastal ships."""

_ALWAYS_SMALL = (
    "ferry_passenger",
    "ferry_ropax",
    "service_tug",
    "service_other",
    "offshore",
    "fishing",
    "miscellaneous",
)


def add_plant(ships: pd.DataFrame, out: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the ships' attributes with what their engines and hulls are besides.

    Parameters
    ----------
    ships : pandas.DataFrame, shape (n, ...)
        The vessel table, filled from registers; index ``vessel_id``.
    out : pandas.DataFrame, shape (n, ...)
        Attributes filled so far: ``type, table_type, engine_type``.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        With ``cycle, main_fuel, residual_fuel, gas_auxiliaries, has_scrubber, scrubber_sulfur_pct, biofuel,
        biofuel_share, engine_age, pump_drive``, the hull and the weather of the IMO study.
    """
    gas = out["engine_type"] == "LNG"
    unknown = method.option("lng_cycle_unknown")
    cycle = _text(ships, "lng_cycle").where(gas, "")
    cycle = cycle.mask(gas & (cycle == ""), "" if unknown == "NE" else unknown)
    fuels = _text(ships, "fuel_types")
    main_fuel = pd.Series("", index=ships.index)
    for fuel in _ALTERNATIVE:
        main_fuel = main_fuel.mask(fuels.str.contains(fuel, regex=False) & ~gas, fuel)
    residual = fuels.str.contains("VLSFO", regex=False).map({True: "VLSFO", False: "RM/HFO"})
    scrubber = _flag(ships, "has_scrubber") & (method.option("scrubber") == "burns_residual")
    filled = out.assign(
        cycle=cycle,
        main_fuel=main_fuel,
        residual_fuel=residual,
        gas_auxiliaries=gas & (method.option("gas_ship_auxiliaries") == "gas"),
        has_scrubber=scrubber,
        scrubber_stated=_flag(ships, "has_scrubber"),
        scrubber_sulfur_pct=float(method.option("scrubber_sulfur_pct")),
        biofuel=_text(ships, "biofuel"),
        biofuel_share=_number(ships, "biofuel_share_pct").fillna(0.0) / 100,
        engine_age=_age(ships, method),
        pump_drive=_text(ships, "pump_drive"),
        **_hull(ships, out),
        **_weather(ships, out, method),
        **_built(ships, method),
    )
    return _main_engine(ships, filled, method) if by_main_engine(method) else filled


def _main_engine(ships: pd.DataFrame, out: pd.DataFrame, method: Method) -> pd.DataFrame:
    """What a set keyed by the main engine asks besides: the plant, its rated speed, gas under its boilers."""
    gas, turbine = out["engine_type"] == "LNG", out["engine_type"].isin(["ST", "GT"])
    on_gas = gas | (turbine & _text(ships, "fuel_types").str.contains("LNG", regex=False))
    stated = _number(ships, "rpm")
    peers = stated.groupby([out["type"], out["engine_type"]]).transform("median")
    medium = out["engine_type"].str.replace("-ED", "") == "MSD"
    rpm = stated.fillna(peers).fillna(float(method.option("rpm_unknown"))).where(medium, 0.0)
    return out.assign(
        main_engine=out["engine_type"].mask(gas, out["cycle"]),
        rpm=rpm,
        main_fuel=out["main_fuel"].mask(turbine & on_gas, "LNG"),
        gas_auxiliaries=on_gas & (method.option("gas_ship_auxiliaries") == "gas"),
        gas_boilers=on_gas & (method.option("gas_ship_boilers") == "gas"),
    )


def _built(ships: pd.DataFrame, method: Method) -> dict[str, pd.Series]:
    """Year of delivery, by which SAVE ages the hull; missing where nothing tells it."""
    if method.option("load_model") != "icct_save":
        return {}
    return {"build_year": _delivered(ships, method)}


def _delivered(ships: pd.DataFrame, method: Method) -> pd.Series:
    keel = pd.to_datetime(ships["keel_date"]).dt.year if "keel_date" in ships else np.nan
    return _number(ships, "build_year").fillna(keel + int(method.option("keel_lag_years")))


def _age(ships: pd.DataFrame, method: Method) -> pd.Series:
    """Step of the engine's age by which the IMO study gives fuel rates; empty where the method has none."""
    if "engine_age" not in method.table(SOURCE, "bsfc").spec.keys:
        return pd.Series("", index=ships.index)
    built = _delivered(ships, method)
    # A ship of unknown age is taken as newer than 2000, as most ships in service are.
    return pd.Series(
        np.select([built < 1984, built <= 2000], ["before_1984", "1984-2000"], "after_2000"),
        index=ships.index,
    )


def _hull(ships: pd.DataFrame, out: pd.DataFrame) -> dict[str, pd.Series]:
    length = pd.Series(waterline_length(out["table_type"], _number(ships, "length_m")), index=ships.index)
    screws = _number(ships, "propellers").fillna(pd.Series(propellers(out["table_type"]), index=ships.index))
    given = _number(ships, "deadweight_t")
    by_size = _number(ships, "size").where(_text(ships, "size_unit") == "DWT")
    return {
        "hull_type": out["table_type"],
        "length_m": length,
        "breadth_m": _number(ships, "breadth_m"),
        "draught_max_m": _number(ships, "draught_max_m"),
        "displacement_m3": _number(ships, "displacement_m3"),
        "deadweight_t": given.fillna(by_size),
        "screws": screws,
    }


def _weather(ships: pd.DataFrame, out: pd.DataFrame, method: Method) -> dict[str, pd.Series]:
    """Weather efficiency and speed-power correction of the IMO study; a size not known counts as large."""
    if method.option("load_model") != "imo_ghg4":
        return {}
    table = method.table(SOURCE, "ghg4_power")
    number = dict(zip(table.frame["quantity"].astype(str), table.values.astype(float), strict=True))
    kind, size, unit = out["type"], _number(ships, "size"), _text(ships, "size_unit")
    weather = pd.Series(number["eta_w_weather"], index=ships.index)
    for name, (counted, below) in _SMALL.items():
        weather = weather.mask(
            (kind == name) & (unit == counted) & (size < below), number["eta_w_weather_small"]
        )
    weather = weather.mask(kind.isin(_ALWAYS_SMALL), number["eta_w_weather_small"])
    boxes = (kind == "container") & (unit == "TEU")
    weather = weather.mask(boxes & (size < 1000), number["eta_w_weather_container_small"])
    correction = pd.Series(1.0, index=ships.index).mask(kind == "cruise", number["delta_w_cruise"])
    correction = correction.mask(boxes & (size > 14_500), number["delta_w_container_gt_14500TEU"])
    return {"ghg4_weather": weather, "ghg4_correction": correction}


def _text(ships: pd.DataFrame, column: str) -> pd.Series:
    if column not in ships:
        return pd.Series("", index=ships.index)
    return ships[column].astype(object).where(ships[column].notna(), "").astype("str")


def _flag(ships: pd.DataFrame, column: str) -> pd.Series:
    return (
        ships[column].fillna(False).astype(bool) if column in ships else pd.Series(False, index=ships.index)
    )


def _number(ships: pd.DataFrame, column: str) -> pd.Series:
    return ships[column].astype(float) if column in ships else pd.Series(np.nan, index=ships.index)
