"""Ocean-going vessels: the work of propulsion and auxiliary engines and boilers during calls.

    work = load [kW] * time [h], by engine group, mode and zone

Propulsion works while the ship moves; its load follows from speed. Auxiliary engines and boilers have loads
by ship type, size and mode, which are kilowatts in use and not ratings: they are never multiplied by a load
factor as well. A connected ship's auxiliary engines are off; its boilers burn on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions import engines
from emissions._arguments import formula
from emissions.propulsion import propulsion_loads
from emissions.ship_fuels import DISTILLATE_SULFUR_PCT, blended, fuelled, with_defaults
from emissions.ship_fuels import fuel_of as fuel_of
from factors.method import Method
from factors.recipes.ships.capture import FUEL_RATE, POWER, SYSTEM_ENGINE, SYSTEM_GROUP
from factors.recipes.ships.curves import generators
from factors.recipes.ships.plants import by_main_engine

SOURCE = "ocean_going_vessels"
MODES = ("transit", "maneuvering", "anchorage", "hotelling")

PROVENANCE = ("given", "registry", "same_ship", "median", "default")
"""Where an attribute came from, best first; a work row carries the worst of those it used."""

Values: TypeAlias = "NDArray[Any] | pd.Series"
"""Columns of work rows: plain numbers, inside the room."""


@formula()
def propulsion_rows(legs: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Work of main engines on the legs of calls.

    Parameters
    ----------
    legs : pandas.DataFrame, shape (n, ...)
        ``hours`` [h], ``speed_kn``, ``mean_load`` (or NaN) [1], ``mode`` and the ship's ``main_kw``,
        ``max_speed_kn``, ``draught_ratio``, ``engine_type``, ``tier`` (0-3, at this place); what else the
        method's load model needs, as in `emissions.propulsion`.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        The legs with ``engine_group``, ``load_factor``, ``hotel_share`` of electric drives, ``tier`` at that
        load, and ``quantity`` [kWh].
    """
    legs = with_defaults(legs)
    load, replaced = propulsion_loads(legs, method)
    hotel = _hotel_share(legs, load, method)
    tier = tier_at_load(legs["tier"], load, legs["engine_type"], method, hotel)
    return legs.assign(
        engine_group="propulsion",
        load_factor=load,
        hotel_share=hotel,
        loads_from=np.where(replaced, "default", "given"),
        tier=tier,
        quantity=engines.engine_work(legs["main_kw"], load, legs["hours"]),
    )


def tier_at_load(
    tier: Values,
    load_factor: Values,
    engine_type: pd.Series,
    method: Method,
    hotel_share: Values | float = 0.0,
) -> NDArray[np.int64]:
    """NOx tier that main engines emit by at their load, by the method's options; see `engines.tier_at_load`.

    Parameters
    ----------
    tier : array_like of int, shape (n,)
    load_factor : ndarray, shape (n,)
        [1]
    engine_type : pandas.Series of str, shape (n,)
    method : Method
    hotel_share : array_like, shape (n,) or scalar
        Load of all but the shafts of an electric drive over its installed power. [1]

    Returns
    -------
    ndarray of int, shape (n,)
    """
    if method.option("tier3_low_load") == "as_certified":
        return np.asarray(tier, dtype=np.int64)
    electric = engine_type.str.endswith("-ED").to_numpy()
    load = engine_loads(load_factor, electric, method, hotel_share)
    reverts = method.option("tier3_electric_drive") == "reverts"
    return engines.tier_at_load(tier, load, electric, electric_reverts=reverts)


def engine_loads(
    load_factor: Values,
    electric_drive: Values,
    method: Method,
    hotel_share: Values | float = 0.0,
) -> NDArray[np.float64]:
    """Load of the engines that turn the shafts: the shaft's, or that of each running generator.

    Parameters
    ----------
    load_factor : array_like, shape (n,)
        Load of the shafts; NaN of engines that turn none, and stays so. [1]
    electric_drive : array_like of bool, shape (n,)
    method : Method
        Its options ``electric_drive_*``.
    hotel_share : array_like, shape (n,) or scalar
        [1]

    Returns
    -------
    ndarray, shape (n,)
    """
    load = np.asarray(load_factor, dtype=float)
    if method.option("electric_drive_load") == "shaft":
        return load
    shared = np.asarray(electric_drive, dtype=bool) & ~np.isnan(load)
    hotel = np.broadcast_to(np.asarray(hotel_share, dtype=float), load.shape)
    out = load.copy()
    out[shared] = engines.generator_load(load[shared], hotel[shared], **generators(method))
    return out


def _hotel_share(legs: pd.DataFrame, load: NDArray[np.float64], method: Method) -> NDArray[np.float64]:
    """Auxiliary load over installed power of electric drives, whose generators make both; else missing."""
    electric = legs["engine_type"].str.endswith("-ED").to_numpy()
    if not electric.any() or "auxiliary_transit_kw" not in legs:
        return np.full(len(legs), np.nan)
    transit = modes_by_load(legs["mode"], pd.Series(load, index=legs.index), method) == "transit"
    hotel = legs["auxiliary_transit_kw"].where(transit, legs["auxiliary_maneuvering_kw"])
    return np.where(electric, hotel / legs["main_kw"], np.nan)


def modes_by_load(mode: pd.Series, load_factor: pd.Series, method: Method) -> pd.Series:
    """Return the operating mode of moving ships by the method's rule.

    By ``zone`` the mode is the place's: a ship slowed to 12 knots stays in transit with its transit auxiliary
    load. By ``epa_load`` a main-engine load at or below 0.20 is maneuvering.
    """
    by_load = pd.Series(np.where(load_factor <= 0.20, "maneuvering", "transit"), index=mode.index)
    # A place that is not drawn has no mode of its own.
    return mode.where(mode != "", by_load) if method.option("mode_rule") == "zone" else by_load


@formula()
def auxiliary_rows(periods: pd.DataFrame) -> pd.DataFrame:
    """Work of auxiliary engines and boilers over the legs and stops of calls.

    Parameters
    ----------
    periods : pandas.DataFrame, shape (n, ...)
        ``hours`` [h], ``connected`` (bool), ``auxiliary_kw``, ``boiler_kw`` [kW],
        ``auxiliary_from``, ``boiler_from`` (provenance of the loads), ``aux_engine_type``, ``tier_aux``;
        ``boiler_tier`` and ``main_load`` [1] where a method rates boilers by the ship's tier, or fuel of all
        engines follows the load of the main one.

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        One row for the auxiliary engines of each period not connected, and one for the boilers of each period
        that has any; ``engine_group``, ``engine_type``, ``tier``, ``quantity`` [kWh].
    """
    running = periods[~periods["connected"].to_numpy(dtype=bool)]
    auxiliary = running.assign(
        engine_group="auxiliary",
        capture=_captured(running, "auxiliary"),
        is_captured=running.get("captured_auxiliary", np.nan),
        engine_type=running["aux_engine_type"],
        tier=running["tier_aux"],
        quantity=running["auxiliary_kw"] * running["hours"],
        loads_from=running["auxiliary_from"],
    )
    boiler = periods.assign(
        engine_group="boiler",
        capture=_captured(periods, "boiler"),
        is_captured=periods.get("captured_boiler", np.nan),
        engine_type="Boiler",
        tier=periods.get("boiler_tier", 0),
        quantity=periods["boiler_kw"] * periods["hours"],
        loads_from=periods["boiler_from"],
    )
    both = pd.concat([auxiliary, boiler], ignore_index=True)
    # A row of no work has no class to need: an LNG ship whose boiler is off needs no LNG boiler factor.
    return both[both["quantity"] > 0].assign(load_factor=both.get("main_load", np.nan))


def _captured(periods: pd.DataFrame, group: str) -> pd.Series:
    """Name of the system that captures the exhaust of an engine group, empty where none does."""
    nothing = pd.Series("", index=periods.index)
    if "captured_by" not in periods:
        return nothing
    named = periods["captured_by"].where(periods[f"captures_{group}"].astype(bool), "")
    return nothing.where(named.isna(), named)


@formula()
def shore_power_rows(periods: pd.DataFrame, efficiency: float = 1.0) -> pd.DataFrame:
    """Electricity that connected ships take, at the meter. [kWh]

    Parameters
    ----------
    periods : pandas.DataFrame, shape (n, ...)
        As for `auxiliary_rows`, with ``shore_power_kwh`` where metered (or NaN).
    efficiency : float
        Electricity at the ship over that at the meter, where it is not metered. [1]

    Returns
    -------
    pandas.DataFrame, shape (m, ...)

    References
    ----------
    Load times connected time over the efficiency, by what an efficiency is. What counts as connected: 17
    CCR 93130 and following (At Berth, 2020), as summarised by ABS (second-hand),
    https://ww2.eagle.org/en/rules-and-resources/regulatory-updates/CARB-at-Berth.html.
    """
    connected = periods[periods["connected"].to_numpy(dtype=bool)]
    estimated = connected["auxiliary_kw"] * connected["hours"] / efficiency
    metered = connected["shore_power_kwh"]
    return connected.assign(
        engine_group="shore_power",
        engine_type="",
        tier=0,
        quantity=metered.where(metered.notna(), estimated),
        loads_from=connected["auxiliary_from"].where(metered.isna(), "given"),
        load_factor=np.nan,
    )


def capture_power_rows(periods: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Electricity that capture systems take while they work, where the port's table gives their power. [kWh]

    Parameters
    ----------
    periods : pandas.DataFrame, shape (n, ...)
        Stays with ``captured_by`` and ``hours``.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
    """
    captured, power = _captured_with(periods, POWER, "kW", method)
    return captured.assign(
        engine_group="emission_capture", quantity=power * captured["hours"], loads_from="given"
    )


def capture_fuel_rows(periods: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Hours in which capture systems burn fuel of their own, where the port's table gives its rate. [h]

    Parameters
    ----------
    periods : pandas.DataFrame, shape (n, ...)
        As for `capture_power_rows`.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        With the keys of a class of its own, so that what a system emits is never taken for the ship's.
    """
    captured, _ = _captured_with(periods, FUEL_RATE, "kg/h", method)
    return captured.assign(
        engine_group=SYSTEM_GROUP,
        engine_type=SYSTEM_ENGINE,
        tier=0,
        capture=captured["captured_by"] if len(captured) else "",
        fuel="MGO/MDO",
        sulfur_pct=DISTILLATE_SULFUR_PCT,
        cycle="",
        engine_age="",
        after_treatment="",
        quantity=captured["hours"],
        loads_from="given",
        load_factor=np.nan,
    )


def _steam_pumps(rows: pd.DataFrame) -> pd.Series:
    """1 where steam drives the cargo pumps, 0 where something else does, missing where nobody says."""
    if "pump_drive" not in rows:
        return pd.Series(np.nan, index=rows.index)
    return (rows["pump_drive"] == "steam").astype(float).where(rows["pump_drive"].fillna("") != "")


def _captured_with(
    periods: pd.DataFrame, quantity: str, unit: str, method: Method
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Return captured stays whose system the port's table knows a quantity of, and the quantity."""
    named = periods["captured_by"].fillna("") if "captured_by" in periods else pd.Series("", periods.index)
    captured = periods[named != ""]
    if not len(captured):
        return captured, np.empty(0)
    table = method.table(SOURCE, "capture_efficiency")
    asked = pd.DataFrame({"capture_system": captured["captured_by"], "engine_group": "system"})
    known = table.has(asked, quantity)
    found = table.find(asked[known], quantity).to(unit) if known.any() else np.empty(0)
    return captured[known], found


def worst(marks: Mapping[str, pd.Series] | pd.DataFrame) -> pd.Series:
    """Return the worst provenance of several attributes, row by row.

    Examples
    --------
    >>> worst(pd.DataFrame({"power": ["given", "given"], "tier": ["given", "default"]})).tolist()
    ['given', 'default']
    """
    frame = pd.DataFrame(marks)
    rank = {mark: number for number, mark in enumerate(PROVENANCE)}
    codes = np.column_stack([frame[column].map(rank).fillna(0).to_numpy(dtype=int) for column in frame])
    return pd.Series(np.array(PROVENANCE, dtype=object)[codes.max(axis=1)], index=frame.index)


@formula()
def work_rows(legs: pd.DataFrame, stays: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the work rows of ships' engines and boilers.

    Parameters
    ----------
    legs : pandas.DataFrame, shape (n, ...)
        Moving ships, cut at months: the columns of `propulsion_rows`, those of `auxiliary_rows`, and the
        place: ``zone, location`` (``ECA`` ...), ``area_sulfur_pct, mode``. Loads are for all modes:
        ``auxiliary_<mode>_kw, boiler_<mode>_kw`` with their ``_from``.
    stays : pandas.DataFrame, shape (m, ...)
        Ships at berth or anchor, cut at months and at connections to shore power; ``auxiliary_kw, boiler_kw``
        for their own mode, ``fuel_given, sulfur_given`` where a stop states them.
    method : Method

    Returns
    -------
    pandas.DataFrame
        Work rows with the key columns of `factors.recipes.ships.recipe`; ``quantity`` in kWh.
    """
    whole = by_main_engine(method)
    if whole:
        legs, stays = (part.assign(boiler_tier=part["tier"]) for part in (legs, stays))
    main = propulsion_rows(legs, method)
    if whole and method.option("load_fuel_rate") == "all_engines":
        main, stays = main.assign(main_load=main["load_factor"]), stays.assign(main_load=0.0)
    mode = modes_by_load(main["mode"], main["load_factor"], method)
    main = main.assign(mode=mode, connected=False)
    moving = _loads_in_mode(
        main.drop(columns=["engine_group", "load_factor", "hotel_share", "tier", "quantity", "loads_from"])
    )
    periods = pd.concat([moving, with_defaults(stays)], ignore_index=True)
    rows = pd.concat([main[main["quantity"] > 0], auxiliary_rows(periods)], ignore_index=True)
    rows["has_steam_pumps"] = _steam_pumps(rows)
    rows = blended(fuelled(rows, method))
    systems = capture_fuel_rows(with_defaults(stays), method)
    if len(systems):
        rows = pd.concat([rows, systems], ignore_index=True)
    provenance = worst(rows[["ship_from", "tier_from", "loads_from", "times_from"]])
    return rows.assign(
        source_category=SOURCE,
        source_type=rows["type"],
        process_set="engine",
        mode_or_segment=rows["mode"],
        technology=rows["engine_type"].where(rows["cycle"] == "", rows["engine_type"] + " " + rows["cycle"]),
        tier=tier_text(rows["tier"]),
        tier_or_model_year=tier_text(rows["tier"]),
        quantity_kind=np.where(rows["engine_group"] == SYSTEM_GROUP, "duration", "energy"),
        provenance=provenance,
    )


def tier_text(tier: pd.Series) -> pd.Series:
    """Spell tiers as the factor tables do, as a column."""
    return pd.Series(engines.tier_label(tier), index=tier.index)


def _loads_in_mode(moving: pd.DataFrame) -> pd.DataFrame:
    """Pick the auxiliary and boiler loads of the mode each row is in."""
    picked = moving.copy()
    for group in ("auxiliary", "boiler"):
        for suffix in ("kw", "from"):
            choices = {mode: moving[f"{group}_{mode}_{suffix}"] for mode in ("transit", "maneuvering")}
            picked[f"{group}_{suffix}"] = choices["transit"].where(
                moving["mode"] == "transit", choices["maneuvering"]
            )
    return picked
