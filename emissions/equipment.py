"""Cargo handling equipment: engine work, and the share of its life that an engine has used up.

    work = power * load factor * hours                                   [kWh]
    a    = (calendar year - model year + 1) * hours a year * load factor / median life at full load

NONROAD2008a as in MOVES5. A machine in its first year has aged by a full year of hours. Electric machines do
no engine work; they draw energy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from emissions import equipment_fuel
from emissions._arguments import formula
from emissions._equipment_defaults import (
    SOURCE,
    UnverifiedLoads,
    activity_defaults,
    equipment_types,
    hybrid_saving,
    load_factors,
    unverified_loads,
)
from emissions.engines import engine_work
from factors.brief import counted
from factors.method import Method
from factors.missing_keys import FactorMissing
from factors.recipes.equipment import carb
from factors.recipes.equipment.recipe import BURNING, ENGINES, KEYS, power_bin
from factors.units import conversion

__all__ = [
    "EquipmentError",
    "UnverifiedLoads",
    "activity_defaults",
    "equipment_types",
    "fuel_of_machines",
    "life_used",
    "months_in_service",
    "unverified_loads",
    "work_rows",
]

_FAMILIES = {"diesel": "diesel", "LPG": "lpg", "CNG": "cng", "gasoline": "gasoline"}
_TRACTORS = ("yard_tractor", "agv")
_NEEDED = ("unit_id", "terminal", "type", "engine_model_year", "power_kw", "fuel", "hours")


class EquipmentError(ValueError):
    """Machines whose work cannot be told; the message names what and where."""


@formula()
def life_used(
    age_years: ArrayLike, hours_per_year: ArrayLike, load_factor: ArrayLike, median_life_h: ArrayLike
) -> NDArray[np.float64]:
    r"""Share of its median life that an engine has used up.

    Parameters
    ----------
    age_years : array_like, shape (n,)
        Years in use: calendar year - model year + 1. With ``hours_per_year`` = 1 these are hours in all.
    hours_per_year : array_like, shape (n,)
        [h]
    load_factor : array_like, shape (n,)
        Share of rated power in use. [1]
    median_life_h : array_like, shape (n,)
        Median life at full load. [h]

    Returns
    -------
    ndarray, shape (n,)
        In median lives; not capped (the curve `emissions.curves.life` caps it).

    Raises
    ------
    ValueError
        If years or hours are negative, or a life is not above zero.

    Notes
    -----
    .. math:: a = (CY - MY + 1) \, h \, L / M

    References
    ----------
    EPA, NONROAD2008a, ``NR08a/SOURCE/clcems.f`` and ``agedist``; hours, load factor and median life in
    MOVES5, table ``nrsourceusetype``, https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31).

    Examples
    --------
    A terminal tractor of 2003 in 2020:

    >>> life_used([18], [1257], [0.59], [7000]).round(3)
    array([1.907])
    """
    given = (age_years, hours_per_year, median_life_h)
    age, hours, life = (np.asarray(value, dtype=float) for value in given)
    if (age < 0).any() or (hours < 0).any() or (life <= 0).any():
        raise ValueError("years and hours in use must be 0 or more, and a median life above 0")
    return np.asarray(age * hours * np.asarray(load_factor, dtype=float) / life)


def months_in_service(first: pd.Series, last: pd.Series, year: int) -> NDArray[np.float64]:
    """Return the days of each month of a year in which machines are in service.

    Parameters
    ----------
    first, last : pandas.Series of datetime64, shape (n,)
        First and last day in service, both included; missing where that is not within the year.
    year : int

    Returns
    -------
    ndarray, shape (n, 12)
        Days.

    Examples
    --------
    >>> bought = pd.Series(pd.to_datetime(["2023-02-27"]))
    >>> months_in_service(bought, pd.Series(pd.to_datetime([None])), 2023)[0, :3]
    array([ 0.,  2., 31.])
    """
    starts = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="MS")
    edges = starts.to_numpy("datetime64[D]").astype(float)
    begin = _days(first, edges[0])[:, None]
    end = _days(last, edges[-1] - 1)[:, None] + 1
    days = np.minimum(end, edges[None, 1:]) - np.maximum(begin, edges[None, :-1])
    return np.asarray(np.maximum(days, 0.0))


def _days(dates: pd.Series, missing: float) -> NDArray[np.float64]:
    moments = pd.to_datetime(dates)
    days = moments.to_numpy("datetime64[D]").astype(float)
    return np.where(moments.isna().to_numpy(), missing, days)


@formula()
def work_rows(
    equipment: pd.DataFrame,
    terminals: pd.DataFrame,
    zones: pd.DataFrame | None = None,
    *,
    year: int,
    method: Method,
) -> pd.DataFrame:
    """Work of cargo handling equipment in a year, month by month.

    A machine's hours are spread over the months by its days in service within the year.

    Parameters
    ----------
    equipment : pandas.DataFrame, shape (n, ...)
        ``unit_id, terminal, type, engine_model_year, fuel, power_kw`` [kW], ``hours`` [h, of one machine in
        the year]; optional ``count`` (1), ``power_hp`` [hp] (for the power bin, before power_kw), ``tier``,
        ``scc``, ``load_factor`` [1], ``cumulative_hours`` [h], ``kwh_metered`` [kWh, of one machine],
        ``hydrogen_used_kg`` [kg, of one machine], ``is_hybrid``, ``fuel_saving`` [1, of a hybrid],
        ``device_level, device_date, has_on_road_engine, fuel_used_l`` [L, of one machine], ``sulfur_wt_pct``,
        ``in_service_from_date, in_service_to_date, operator, control``.
    terminals : pandas.DataFrame
        ``terminal, port, operator, zone, control``.
    zones : pandas.DataFrame, optional
        ``zone, in_domain, jurisdiction``. Without it all terminals are in the domain.
    year : int
        Calendar year of the hours.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        Work rows with the recipe's keys, the curve state ``life_used`` [median lives; of the hours at which
        deterioration ends in California's form], ``load_factor`` [1], ``machine_hours`` [h]. Quantities:
        engine work [kWh], metered electricity [kWh], metered hydrogen [kg], or hours [h] of electric
        machines and fuel cells without a meter.

    Raises
    ------
    ValueError
        If a column is missing, a type, fuel or terminal unknown, an engine newer than next year's, or a
        machine with hours was not in service in the year; all in one message.
    FactorMissing
        If a code given in ``scc`` is not in the method's tables.
    """
    _check(equipment, terminals, year)
    units = _filled(equipment.reset_index(drop=True), method)
    units = _aged(units, year, method)
    placed = _placed(units, terminals, zones)
    rows = _monthly(placed, year)
    if method.option("equipment_fuel") == "stated":
        rows = equipment_fuel.scaled(rows, equipment_fuel.by_machine(equipment, rows, method))
    return rows


def fuel_of_machines(
    equipment: pd.DataFrame,
    terminals: pd.DataFrame,
    *,
    year: int,
    method: Method,
) -> pd.DataFrame:
    """Return the stated and the implied fuel of each record, whatever the method takes.

    Parameters
    ----------
    equipment, terminals, year, method
        As for `work_rows`.

    Returns
    -------
    pandas.DataFrame, shape (n, 5)
        As `emissions.equipment_fuel.by_machine` gives it.
    """
    plain = method.with_options(equipment_fuel="compare")
    rows = work_rows(equipment, terminals, year=year, method=plain)
    return equipment_fuel.by_machine(equipment, rows, plain)


def _column(frame: pd.DataFrame, name: str, otherwise: Any) -> pd.Series:
    """Return a column with its gaps filled, or a whole column of the same."""
    if name not in frame:
        return pd.Series(otherwise, index=frame.index)
    return frame[name].where(frame[name].notna(), otherwise)


def _check(equipment: pd.DataFrame, terminals: pd.DataFrame, year: int) -> None:
    absent = [name for name in _NEEDED if name not in equipment]
    if absent:
        raise EquipmentError(f"equipment: column {', '.join(absent)} is missing")
    problems = []
    for column, known in (
        ("type", list(equipment_types().index)),
        ("fuel", [*ENGINES, "electric", "hydrogen"]),
        ("terminal", list(terminals["terminal"])),
    ):
        odd = ~equipment[column].isin(known)
        if odd.any():
            names = ", ".join(sorted(set(equipment.loc[odd, column].astype(str))))
            allowed = ", ".join(map(str, known))
            problems.append(f"{column} {names} is not among {allowed}{_where(equipment, odd)}")
    newer = equipment["engine_model_year"] > year + 1
    if newer.any():
        problems.append(f"engine_model_year is after {year + 1}{_where(equipment, newer)}")
    for column, wrong in (("hours", ~(equipment["hours"] >= 0)), ("power_kw", ~(equipment["power_kw"] > 0))):
        if wrong.any():
            problems.append(f"{column} is missing or not positive{_where(equipment, wrong)}")
    saving = _column(equipment, "fuel_saving", 0.0).astype(float)
    odd = ~((saving >= 0) & (saving < 1))
    if odd.any():
        problems.append(f"fuel_saving is a share, 0 or more and below 1{_where(equipment, odd)}")
    days = months_in_service(*_service(equipment), year).sum(axis=1)
    idle = pd.Series((days == 0) & (equipment["hours"].to_numpy(dtype=float) > 0), index=equipment.index)
    if idle.any():
        problems.append(f"hours are given, but in_service_from and in_service_to leave no day of {year}"
                        f"{_where(equipment, idle)}")  # fmt: skip
    if problems:
        raise EquipmentError("equipment: " + "; ".join(problems))


def _where(equipment: pd.DataFrame, wrong: pd.Series) -> str:
    units = equipment.loc[wrong, "unit_id"].astype(str).tolist()
    return f" ({len(units)} of {len(equipment)} rows, first: {', '.join(units[:3])})"


def _service(equipment: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    return _column(equipment, "in_service_from_date", pd.NaT), _column(
        equipment, "in_service_to_date", pd.NaT
    )


def _filled(equipment: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Give each machine its code, its power bin and what the method assumes of its load."""
    hp = equipment["power_kw"] * conversion("kW", "hp")
    if "power_hp" in equipment:
        hp = equipment["power_hp"].where(equipment["power_hp"].notna(), hp)
    engine = equipment["fuel"].map(ENGINES)
    burning = engine.notna()
    metered = _column(equipment, "kwh_metered", np.nan).notna()
    weighed = (equipment["fuel"] == "hydrogen") & _column(equipment, "hydrogen_used_kg", np.nan).notna()
    own = _column(equipment, "fuel_saving", np.nan).astype(float)
    hybrid = burning & (_column(equipment, "is_hybrid", False).astype(bool) | (own > 0))
    tractor = equipment["type"].isin(_TRACTORS) & (method.option("electric_tractor") != "NE")
    technology = np.select(
        [hybrid, burning, weighed, equipment["fuel"] == "hydrogen", metered, tractor],
        ["hybrid", "combustion", "fuel_cell_metered", "fuel_cell", "electric", "electric_by_hours"],
        "electric_unmetered",
    )
    # Diesel standards say nothing of gas and gasoline engines, nor of machines without an engine.
    tier = _column(equipment, "tier", "").astype("str").where(engine == "diesel", "")
    units = equipment.assign(
        technology=technology,
        power_hp=hp,
        tier=tier,
        count=_column(equipment, "count", 1).astype(float),
        scc=_codes(equipment, engine),
        power_bin="",
        model_year=equipment["engine_model_year"].where(burning, 0).astype(np.int64),
        sulfur_wt_pct=_column(equipment, "sulfur_wt_pct", np.nan).astype(float),
        saving=own.where(own.notna(), hybrid_saving(equipment, method)).where(hybrid, 0.0),
        is_saving_assumed=hybrid & own.isna(),
        certification="",
        device="",
        provenance="given",
    )
    on_road = _column(equipment, "has_on_road_engine", False).astype(bool)
    certified = pd.Series(np.where(on_road, "on_road", "off_road"), index=units.index)
    units["certification"] = certified.where(burning, "")
    units["device"] = _column(equipment, "device_level", "none").astype("str").where(burning, "")
    units.loc[burning, "power_bin"] = power_bin(hp[burning], method)
    return _loaded(units, burning, method)


def _codes(equipment: pd.DataFrame, engine: pd.Series) -> pd.Series:
    """Equipment codes: as given, else by type and engine; 0 without an engine."""
    known = equipment_types()[list(_FAMILIES.values())].stack()
    family = engine.map(_FAMILIES)
    asked = pd.MultiIndex.from_arrays([equipment["type"], family.fillna("diesel")])
    by_type = pd.Series(known.reindex(asked).to_numpy(), index=equipment.index)
    given = pd.to_numeric(_column(equipment, "scc", np.nan))
    return given.where(given.notna(), by_type).where(engine.notna(), 0).astype(np.int64)


def _loaded(units: pd.DataFrame, burning: pd.Series, method: Method) -> pd.DataFrame:
    """Load factor given, else by the method's set; hours and life behind the deterioration."""
    columns = ["load_factor", "hours_per_year", "median_life_h"]
    defaults = pd.DataFrame(np.nan, index=units.index, columns=columns)
    machines = units[burning]
    if len(machines):
        found = activity_defaults(machines["scc"], machines["power_hp"], method)
        defaults.loc[burning, columns] = found[columns].to_numpy()
    load = load_factors(units, defaults["load_factor"], method).where(burning)
    given = _column(units, "load_factor", np.nan).astype(float)
    assumed = (burning & given.isna()) | (units["technology"] == "electric_by_hours")
    assumed |= units["is_saving_assumed"]
    return units.assign(
        load_factor=given.where(given.notna(), load),
        hours_per_year=defaults["hours_per_year"],
        median_life_h=defaults["median_life_h"],
        provenance=np.where(assumed, "default", "given"),
    )


def _aged(units: pd.DataFrame, year: int, method: Method) -> pd.DataFrame:
    """Add the share of its life that an engine has used up, by default hours or by the machine's own."""
    california = carb.in_force(method)
    ageing = method.option("engine_age")
    fresh = california if ageing == "form" else ageing == "new_first_year"
    years = (year - units["engine_model_year"] + (0 if fresh else 1)).clip(lower=0).to_numpy(dtype=float)
    hours = units["hours_per_year"].to_numpy(dtype=float)
    if california or method.option("deterioration_hours") == "own":
        total = _column(units, "cumulative_hours", np.nan).to_numpy(dtype=float)
        hours = np.where(np.isnan(total), units["hours"].to_numpy(dtype=float), total)
        years = np.where(np.isnan(total), years, 1.0)
    burning = units["technology"].isin(BURNING).to_numpy()
    load, life = units.loc[burning, "load_factor"], units.loc[burning, "median_life_h"]
    if california:
        # Hours in use, whatever the load, over the hours at which California's deterioration ends.
        machines = units[burning].assign(hp=units["power_hp"].round(1))
        load, life = pd.Series(1.0, index=machines.index), _californian_cap(machines, method)
    used = np.full(len(units), np.nan)
    used[burning] = life_used(years[burning], hours[burning], load, life)
    return units.assign(life_used=used)


def _californian_cap(machines: pd.DataFrame, method: Method) -> pd.Series:
    """Hours at which deterioration ends [h]; machines that the form's table lacks are named."""
    try:
        return carb.hours_cap(machines, method)
    except FactorMissing as missing:
        lacking = machines[~carb.answered(machines, method)]
        first = [
            f"{unit} ({kind}, {fuel}, {power:.4g} hp, {year:.0f})"
            for unit, kind, fuel, power, year in lacking[
                ["unit_id", "type", "fuel", "hp", "engine_model_year"]
            ].head(3).itertuples(index=False, name=None)
        ]  # fmt: skip
        more = f" and {len(lacking) - 3:,} more" if len(lacking) > 3 else ""
        raise FactorMissing(
            missing.table, missing.quantity, missing.missing,
            f"equipment: equipment_form = carb has no rates for {len(lacking):,} of "
            f"{counted(len(machines), 'record')} with an engine: {', '.join(first)}{more}. Correct power, "
            "fuel or engine_model_year; or bring rates of them in a table carb_emission_factors "
            "([factor_tables] of port.toml); or take equipment_form = nonroad. "
            f"{missing}",
        ) from missing  # fmt: skip


def _placed(units: pd.DataFrame, terminals: pd.DataFrame, zones: pd.DataFrame | None) -> pd.DataFrame:
    """Add what belongs to the terminal of each machine."""
    at = terminals.set_index("terminal").reindex(units["terminal"])
    zone = at["zone"].astype("str").to_numpy()
    port = at["port"].astype("str").to_numpy()
    placed = units.assign(port=port, zone=zone, jurisdiction="", in_domain=True)
    for name in ("operator", "control"):
        own = _column(units, name, "").astype("str").to_numpy()
        placed[name] = np.where(own == "", at[name].astype("str").to_numpy(), own)
    if zones is not None and len(zones):
        listed = zones.set_index("zone").reindex(zone)
        # A terminal of which no zone is drawn is the port's own ground.
        placed["in_domain"] = (listed["in_domain"].isna() | listed["in_domain"].eq(True)).to_numpy(dtype=bool)
        placed["jurisdiction"] = listed["jurisdiction"].fillna("").astype("str").to_numpy()
    return placed


def _monthly(units: pd.DataFrame, year: int) -> pd.DataFrame:
    """Spread the year's work over the months and keep the columns of work rows."""
    machine_hours = (units["count"] * units["hours"]).to_numpy(dtype=float)
    work = engine_work(units["power_kw"], units["load_factor"].fillna(0.0), machine_hours)
    work = work * (1.0 - units["saving"].to_numpy())
    metered = (units["count"] * _column(units, "kwh_metered", 0.0)).to_numpy(dtype=float)
    hydrogen = (units["count"] * _column(units, "hydrogen_used_kg", 0.0)).to_numpy(dtype=float)
    kinds = [units["technology"].isin(BURNING)]
    kinds += [units["technology"] == name for name in ("electric", "fuel_cell_metered")]
    kind = np.select(kinds, ["energy", "electricity", "fuel"], "duration")
    quantity = np.select(kinds, [work, metered, hydrogen], machine_hours)
    days = months_in_service(*_service(units), year)
    total = days.sum(axis=1)
    share = np.divide(days, total[:, None], out=np.zeros_like(days), where=total[:, None] > 0)
    row, month = np.nonzero(share)
    spread = units.iloc[row]
    part = share[row, month]
    label = units["tier"].where(units["tier"] != "", units["engine_model_year"].astype(str)).to_numpy()
    rows = pd.DataFrame(
        {
            "record_id": spread["unit_id"].astype("str").to_numpy(),
            "source_category": SOURCE,
            "source_type": spread["type"].to_numpy(),
            "engine_group": "equipment",
            "process_set": kind[row],
            "mode_or_segment": "on_terminal",
            "tier_or_model_year": label[row],
            "terminal": spread["terminal"].to_numpy(),
            "month": month.astype(np.int64) + 1,
            "quantity_kind": kind[row],
            "quantity": quantity[row] * part,
            "machine_hours": machine_hours[row] * part,
            "hours": machine_hours[row] * part,
            "port_share": 1.0,
        }
    )
    place = ("zone", "jurisdiction", "in_domain", "port", "operator", "control")
    for name in (*KEYS, *place, "life_used", "load_factor", "provenance"):
        rows[name] = spread[name].to_numpy()
    # A device is credited from the first month that it was in use from the first day.
    fitted = _column(spread, "device_date", pd.NaT).to_numpy("datetime64[D]")
    begins = (np.datetime64(f"{year}-01") + month).astype("datetime64[D]")
    rows.loc[(begins < fitted) & (rows["device"] != "").to_numpy(), "device"] = "none"
    return rows
