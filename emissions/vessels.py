"""Ocean-going vessels: the work of propulsion and auxiliary engines and boilers during calls.

    work = load [kW] * time [h], by engine group, mode and zone

Propulsion works while the ship moves; its load follows from speed. Auxiliary engines and boilers have loads
by ship type, size and mode, which are kilowatts in use and not ratings: they are never multiplied by a load
factor as well. A connected ship's auxiliary engines are off; its boilers burn on.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from emissions import engines
from factors.method import Method

SOURCE = "ocean_going_vessels"
MODES = ("transit", "maneuvering", "anchorage", "hotelling")

PROVENANCE = ("given", "registry", "same_ship", "median", "default")
"""Where an attribute came from, best first; a work row carries the worst of those it used."""


def propulsion_rows(legs: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Work of main engines on the legs of calls.

    Parameters
    ----------
    legs : pandas.DataFrame, shape (n, ...)
        ``hours`` [h], ``speed_kn``, ``mean_load`` (or NaN) [1], ``mode`` and the ship's ``main_kw``,
        ``max_speed_kn``, ``draught_ratio``, ``engine_type``, ``tier`` (0-3, at this place).
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        The legs with ``engine_group``, ``load_factor``, ``tier`` at that load, and ``quantity`` [kWh].
    """
    margin = float(method.option("speed_margin_pct"))
    draught = legs["draught_ratio"] if method.option("load_model") == "admiralty" else 1.0
    from_speed = engines.propulsion_load(
        legs["speed_kn"], legs["max_speed_kn"], margin_pct=margin, draught_ratio=draught
    )
    load = np.where(legs["mean_load"].isna(), from_speed, legs["mean_load"])
    electric = legs["engine_type"].str.endswith("-ED").to_numpy()
    tier = engines.tier_at_load(
        legs["tier"], load, electric, electric_reverts=method.option("tier3_electric_drive") == "reverts"
    )
    return legs.assign(
        engine_group="propulsion",
        load_factor=load,
        tier=tier,
        quantity=engines.engine_work(legs["main_kw"], load, legs["hours"]),
    )


def modes_by_load(mode: pd.Series, load_factor: pd.Series, method: Method) -> pd.Series:
    """Return the operating mode of moving ships by the method's rule.

    By ``zone`` the mode is the place's: a ship slowed to 12 knots stays in transit with its transit auxiliary
    load. By ``epa_load`` a main-engine load at or below 0.20 is maneuvering.
    """
    if method.option("mode_rule") == "zone":
        return mode
    return pd.Series(np.where(load_factor <= 0.20, "maneuvering", "transit"), index=mode.index)


def auxiliary_rows(periods: pd.DataFrame) -> pd.DataFrame:
    """Work of auxiliary engines and boilers over the legs and stops of calls.

    Parameters
    ----------
    periods : pandas.DataFrame, shape (n, ...)
        ``hours`` [h], ``connected`` (bool), ``auxiliary_kw``, ``boiler_kw`` [kW],
        ``auxiliary_from``, ``boiler_from`` (provenance of the loads), ``aux_engine_type``, ``tier_aux``.

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        One row for the auxiliary engines of each period not connected, and one for the boilers of each period
        that has any; ``engine_group``, ``engine_type``, ``tier``, ``quantity`` [kWh].
    """
    running = periods[~periods["connected"].to_numpy(dtype=bool)]
    auxiliary = running.assign(
        engine_group="auxiliary",
        engine_type=running["aux_engine_type"],
        tier=running["tier_aux"],
        quantity=running["auxiliary_kw"] * running["hours"],
        loads_from=running["auxiliary_from"],
    )
    boiler = periods.assign(
        engine_group="boiler",
        engine_type="Boiler",
        tier=0,
        quantity=periods["boiler_kw"] * periods["hours"],
        loads_from=periods["boiler_from"],
    )
    both = pd.concat([auxiliary, boiler], ignore_index=True)
    # A row of no work has no class to need: an LNG ship whose boiler is off needs no LNG boiler factor.
    return both[both["quantity"] > 0].assign(load_factor=np.nan)


def shore_power_rows(periods: pd.DataFrame) -> pd.DataFrame:
    """Electricity that connected ships take, at the ship. [kWh]

    Parameters
    ----------
    periods : pandas.DataFrame, shape (n, ...)
        As for `auxiliary_rows`, with ``shore_power_kwh`` where metered (or NaN).

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
    """
    connected = periods[periods["connected"].to_numpy(dtype=bool)]
    estimated = connected["auxiliary_kw"] * connected["hours"]
    metered = connected["shore_power_kwh"]
    return connected.assign(
        engine_group="shore_power",
        engine_type="",
        tier=0,
        quantity=metered.where(metered.notna(), estimated),
        loads_from=connected["auxiliary_from"].where(metered.isna(), "given"),
        load_factor=np.nan,
    )


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
        Work rows with the key columns of `factors.recipes.vessels`; ``quantity`` in kWh.
    """
    main = propulsion_rows(legs, method)
    mode = modes_by_load(main["mode"], main["load_factor"], method)
    main = main.assign(mode=mode, loads_from="given", connected=False)
    moving = _loads_in_mode(main.drop(columns=["engine_group", "load_factor", "tier", "quantity"]))
    periods = pd.concat([moving, stays], ignore_index=True)
    rows = pd.concat([main[main["quantity"] > 0], auxiliary_rows(periods)], ignore_index=True)
    rows["fuel"] = _fuel(rows, method)
    given = rows["sulfur_given"].astype(float)
    # A distillate burner outside a control area burns distillate of its own sulfur, not the area's limit.
    distillate = rows["fuel"] == "MGO/MDO"
    rows["sulfur_pct"] = given.fillna(
        rows["area_sulfur_pct"].where(~distillate, rows["area_sulfur_pct"].clip(upper=0.1))
    )
    provenance = worst(rows[["ship_from", "tier_from", "loads_from", "times_from"]])
    return rows.assign(
        source_category=SOURCE,
        source_type=rows["type"],
        process_set="engine",
        mode_or_segment=rows["mode"],
        technology=rows["engine_type"],
        tier=tier_text(rows["tier"]),
        tier_or_model_year=tier_text(rows["tier"]),
        quantity_kind="energy",
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


def _fuel(rows: pd.DataFrame, method: Method) -> pd.Series:
    by_table = fuel_of(rows["engine_group"], rows["engine_type"], rows["location"], method)
    given = rows["fuel_given"]
    # A stop states the fuel of its oil burners; a gas engine's class is its own.
    return given.where(given.notna() & (rows["engine_type"] != "LNG"), by_table)
