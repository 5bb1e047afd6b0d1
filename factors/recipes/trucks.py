"""Drayage trucks: running exhaust by speed in g/mile, idle in g/vehicle/day, brake and tyre wear in g/mile.

CARB's EMFAC2017, statewide rates of calendar year 2020, by category, season, model year and speed bin, or a
port's own export of EMFAC; a port's own run of MOVES; or MOVES's fleet means (`truck_rates`). Energy of
battery trucks and their brake wear are from EPA's AVERT (MOVES). DPM repeats the exhaust PM10 of diesel
engines, that of starts too where they are counted (`truck_starts`). Fuel burnt follows CO2 by the carbon
content of diesel, so that carbon balances.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.method import Method, MethodError
from factors.recipes import _trucks_moves as moves
from factors.recipes._trucks_ages import SOURCE, declared, held, joined, listed_rows, listed_trucks
from factors.recipes._trucks_coverage import coverage, has_run_wear
from factors.tables import FactorMissing, FactorTable
from factors.terms import TermBuilder

__all__ = ["KEYS", "PRINTED", "SOURCE", "coverage", "describe", "positive_option", "resolve"]

KEYS = (
    "process_set",
    "emfac_category",
    "fuel",
    "technology",
    "season",
    "model_year",
    "calendar_year",
    "speed_bin_mph",
)
"""What a truck's factors depend on.

``process_set`` is ``running`` (per mile: exhaust, brake, tyre), ``idle_day`` (per vehicle-day), ``idle_hour``
(per hour) or ``start``. ``model_year`` is EMFAC's, of the vehicle; ``calendar_year`` is that of the work, for
a rate belongs to an age. ``speed_bin_mph`` is 0 for idle and starts.
"""

PRINTED = ("NOx", "SOx", "PM10", "PM2.5", "CO", "CO2", "CH4", "N2O", "ROG", "TOG", "NH3")
"""Pollutants of EMFAC's exhaust rates, as printed; EMFAC2017 has no NH3."""

RUN_PRINTED = ("VOC", "HC")
"""Pollutants of a run of MOVES beside those."""

_QUANTITY = {"running": "distance", "idle_day": "vehicle_day", "idle_hour": "duration", "start": "start"}
_DRIVE = {"diesel": "diesel", "electric": "battery", "hydrogen": "fuel_cell"}
_NATURAL_GAS = {
    "error": "natural_gas",
    "not_estimated": "natural_gas",
    "swcv_proxy": "natural_gas_proxy",
    "moves4_cng": "natural_gas_moves4",
}
_OWN_FUEL = {
    "diesel": "Diesel",
    "natural_gas_proxy": "Natural Gas",
    "natural_gas_emfac": "Natural Gas",
    "diesel_moves": "diesel",
    "natural_gas_moves": "natural_gas",
}
"""Drives rated by EMFAC or by a run of MOVES, and their fuel in its tables."""
_CARBON_TO_CO2 = 44.0 / 12.0


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it.

    Raises
    ------
    factors.tables.FactorMissing
        For a fuel that the edition has no trucks of.
    factors.method.MethodError
        If options of the method do not go together.
    ValueError
        For an unknown process set.
    """
    kind = classes["process_set"].map(_QUANTITY)
    if kind.isna().any():
        unknown = sorted(set(classes.loc[kind.isna(), "process_set"]))
        raise ValueError(f"process sets {unknown} are not among {', '.join(_QUANTITY)}")
    moves.check(method)
    drive = _drive(classes, method)
    idle, start = classes["process_set"].str.startswith("idle"), classes["process_set"] == "start"
    group = (drive + "_running").mask(idle, _idle_group(classes, drive, method))
    return classes.assign(quantity_kind=kind, coverage_group=group.mask(start, _start_group(drive, method)))


def _start_group(drive: pd.Series, method: Method) -> pd.Series:
    """Say where starts are counted: by themselves, in rates per mile that hold them, or not at all."""
    if method.option("truck_starts") == "excluded":
        return pd.Series("starts_excluded", index=drive.index)
    return (drive + "_start").mask(drive == "natural_gas_moves4", "start_in_fleet_rate")


def _idle_group(classes: pd.DataFrame, drive: pd.Series, method: Method) -> pd.Series:
    """Say where idling is counted: by itself, in vehicle-days, or in rates per mile that hold it."""
    rate = moves.idle_rate(method)
    hours = classes["process_set"] == "idle_hour"
    burning = ~drive.isin(["battery", "fuel_cell", "natural_gas"])
    diesel = drive.str.startswith("diesel")
    group = drive + "_idle"
    if rate == "vehicle_day":
        # EMFAC's grams per vehicle-day hold all idling of the day: hours are shown, not valued again.
        group = group.mask(hours & burning, "idle_hours_included")
    elif rate == "moves3":
        group = group.mask(hours & diesel, "diesel_moves3_idle")
        group = group.mask(hours & burning & ~diesel, "natural_gas_hours_idle")
    elif rate == "in_rate":
        group = group.mask(burning, "idle_in_fleet_rate")
    return group.mask(drive == "natural_gas_moves4", "idle_in_fleet_rate")


def _drive(classes: pd.DataFrame, method: Method) -> pd.Series:
    """Name what drives each class and whose rates it takes."""
    fuel, rates = classes["fuel"], method.option("truck_rates")
    gas = _NATURAL_GAS[method.option("natural_gas")]
    rated = pd.Series(False, index=classes.index)
    if rates == "emfac":
        frame = method.table(SOURCE, "running").frame
        known = set(frame.loc[frame["fuel"] == "Natural Gas", "emfac_category"])
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


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of truck classes: exhaust, idle, starts, wear, energy."""
    classes = classes.assign(drive=_drive(classes, method))
    running = classes[classes["process_set"] == "running"]
    own = _own(classes[classes["drive"].isin(list(_OWN_FUEL))], method)
    prefix = "moves_" if method.option("truck_rates") == "moves" else ""
    rated_apart = own["coverage_group"].isin([f"{drive}_idle" for drive in _OWN_FUEL])
    hours = own[(own["process_set"] == "idle_hour") & rated_apart]
    _exhaust(own[own["process_set"] == "running"], f"{prefix}running", "exhaust", method, terms)
    if not prefix:
        _exhaust(own[own["process_set"] == "idle_day"], "idle", "idle", method, terms)
        _exhaust(hours, "idle", "idle", method, terms, hourly=True)
    elif method.has_table(SOURCE, "moves_idle"):
        _exhaust(hours, "moves_idle", "idle", method, terms)
    if method.option("truck_starts") == "counted":
        _exhaust(own[own["process_set"] == "start"], f"{prefix}start", "start", method, terms)
    moves.exhaust_by_speed(running[running["drive"] == "diesel_moves3"], method, terms)
    moves.idle_by_hour(classes[classes["coverage_group"] == "diesel_moves3_idle"], method, terms)
    fleet = moves.exhaust_of_fleet(running[running["drive"].isin(list(moves.FUELS))], method, terms)
    table = method.table(SOURCE, "moves4_fleet")
    diesel = fleet[fleet["drive"] == "diesel_moves4"]
    _burnt(diesel, table, "exhaust", method, terms, process="all")
    _wear(running, method, terms)
    _zero_emission_energy(running, method, terms)


def _exhaust(
    own: pd.DataFrame, need: str, process: str, method: Method, terms: TermBuilder, *, hourly: bool = False
) -> None:
    """Exhaust rates of one table of EMFAC or a run; by EMFAC's hour, through its idle rates' ratio to CO2."""
    if own.empty:
        return
    table = method.table(SOURCE, need)
    members = held(own, table, method)
    number, unit = pd.Series(1.0, index=members.index), ""
    if hourly:
        # mass/h = rate_p / rate_CO2 * CO2/h: the rate in g/vehicle/day times vehicle-days per hour of idling.
        co2_g_per_h = positive_option(method, "idle_co2_g_per_h", 'idle_rate = "emfac_ratio"')
        co2_rate = pd.Series(table.find(members, "CO2").to("g/vehicle/day"), index=members.index)
        number, unit = co2_g_per_h / co2_rate, "vehicle_day/h"
        said = f"number is the port's idle CO2 of {co2_g_per_h:g} g/h over the idle CO2 rate"
        members = members.assign(note=joined(members["note"], said))
    diesel = members["drive"].str.startswith("diesel")
    for pollutant in (*PRINTED, *RUN_PRINTED, "DPM"):
        printed = "PM10" if pollutant == "DPM" else pollutant
        if printed not in table.quantities:
            continue  # the coverage of the method says NE, or the build stops
        mine = members[diesel] if pollutant == "DPM" else members
        terms.add(
            pollutant,
            process,
            table.find(mine, printed),
            number=number[mine.index],
            unit=unit,
            extrapolated=mine["extrapolated"],
            note=mine["note"],
        )
    if "CO2" in table.quantities:
        _burnt(members[diesel], table, process, method, terms, number=number[diesel], unit=unit)


def _burnt(
    diesel: pd.DataFrame,
    table: FactorTable,
    component: str,
    method: Method,
    terms: TermBuilder,
    *,
    number: pd.Series | float = 1.0,
    unit: str = "",
    **fixed: str,
) -> None:
    """Diesel burnt, by the carbon of its CO2."""
    if diesel.empty:
        return
    fuel_per_co2 = _diesel_per_co2(method)
    terms.add(
        "fuel:diesel",
        component,
        table.find(diesel, "CO2", **fixed),
        number=number * fuel_per_co2,
        unit=unit,
        extrapolated=diesel["extrapolated"],
        note=joined(diesel["note"], f"{fuel_per_co2:.5f} kg of diesel per kg of CO2, by its carbon"),
    )


def _diesel_per_co2(method: Method) -> float:
    """Mass of diesel burnt per mass of CO2, from its energy and carbon content. [1]"""
    table = method.table(SOURCE, "diesel")
    rows = declared(method, "rows")
    query = pd.DataFrame({"source_set": [rows["diesel_source"]], "fuel": [rows["diesel_fuel"]]})
    energy = table.find(query, "energy_content").to("kJ/g (MJ/kg)")[0]
    carbon = table.find(query, "carbon_content").to("g C per kJ")[0]
    burnt = table.find(query, "oxidation_fraction").value[0]
    return float(1.0 / (energy * carbon * burnt * _CARBON_TO_CO2))


def _wear_query(running: pd.DataFrame, method: Method) -> tuple[FactorTable, pd.DataFrame]:
    """Table of wear and what to ask it, with ``extrapolated`` and ``note``."""
    if method.option("truck_rates") != "emfac" and not has_run_wear(method):
        return method.table(SOURCE, "moves4_fleet"), moves.wear(running, method)
    if has_run_wear(method):
        table = method.table(SOURCE, "moves_wear")
        asked = listed_trucks(running.assign(fuel="diesel"), table, ["fuel"], method)
    else:
        table = method.table(SOURCE, "wear")
        asked = listed_trucks(running.assign(fuel="Diesel"), table, ["emfac_category", "fuel"], method)
    year = asked["calendar_year"]
    if "calendar_year" not in table.spec.keys:
        year = pd.Series(int(method.sources[SOURCE]["edition_calendar_year"]), index=running.index)
    other = (running["calendar_year"] != year) | (asked["model_year"] != running["model_year"])
    said = "wear rate of a truck of model year " + asked["model_year"].astype(str) + " in " + year.astype(str)
    return table, asked.assign(extrapolated=other, note=pd.Series("", index=running.index).mask(other, said))


def _wear(running: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Brake and tyre wear of every mile, whatever drives the truck; a battery truck spares its brakes."""
    if running.empty:
        return
    table, trucks = _wear_query(running, method)
    battery = running["drive"] == "battery"
    fuel_cell = running["drive"] == "fuel_cell"
    ratio = listed_rows("wear_ratio", _row(method, "wear_ratio"), running[battery], method)
    regenerating = "ratio of electric to diesel brake wear is printed for PM2.5, and used for PM10 too"
    unreduced = "no ratio is published for fuel-cell trucks: the brake wear of a diesel truck"
    for process in ("brake", "tyre"):
        for pollutant in ("PM10", "PM2.5"):
            reduced = battery if process == "brake" else battery & False
            plain = trucks[~reduced]
            note = plain["note"]
            if process == "brake":
                note = note.mask(fuel_cell[plain.index], joined(note, unreduced))
            terms.add(
                pollutant,
                process,
                table.find(plain, pollutant, process=process),
                extrapolated=plain["extrapolated"],
                note=note,
            )
            electric = trucks[reduced]
            if len(electric):
                terms.add(
                    pollutant,
                    process,
                    table.find(electric, pollutant, process=process),
                    method.table(SOURCE, "wear_ratio").find(ratio, "PM2.5", process=process),
                    extrapolated=electric["extrapolated"] | ratio["extrapolated"],
                    note=joined(ratio["note"], regenerating),
                )


def _zero_emission_energy(running: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Electricity at the wall of battery trucks; hydrogen of fuel-cell trucks."""
    battery = running[running["drive"] == "battery"]
    if len(battery):
        asked = listed_rows("battery_energy", _row(method, "battery_energy"), battery, method)
        rate = method.table(SOURCE, "battery_energy").find(asked, "energy_use")
        number, said = _wall(method)
        terms.add(
            "electricity",
            "grid",
            rate,
            number=number,
            extrapolated=asked["extrapolated"],
            note=joined(asked["note"], said),
        )
    cells = running[running["drive"] == "fuel_cell"]
    if len(cells):
        vehicle = _row(method, "hydrogen_energy").replace(
            "{cab}", method.option("hydrogen_cab").replace("_", " ")
        )
        asked = listed_rows("hydrogen_energy", vehicle, cells, method)
        asked["scenario"] = _row(method, "hydrogen_scenario")
        rate = method.table(SOURCE, "hydrogen_energy").find(asked, "hydrogen_use", technology="fuel cell")
        note = joined(asked["note"], "simulated, mostly highway; drayage takes more")
        terms.add("hydrogen", "exhaust", rate, extrapolated=asked["extrapolated"], note=note)


def _wall(method: Method) -> tuple[float, str]:
    """Energy at the wall per energy that the rate gives, and what is said of it. [1]"""
    given = method.option("charger_efficiency")
    if method.option("battery_energy_at") == "wall":
        if given:
            raise MethodError(
                f'charger_efficiency is {given!r}, but battery_energy_at is "wall": a rate at the wall holds '
                "the losses of charging already. Leave it blank, or set battery_energy_at = "
                '"battery" if your rate is there.'
            )
        return 1.0, ""
    efficiency = positive_option(method, "charger_efficiency", 'battery_energy_at = "battery"')
    if efficiency > 1:
        raise MethodError(f"charger_efficiency is {given!r}; a share in (0, 1] is needed, for example 0.9")
    return 1.0 / efficiency, f"energy at the battery over a charger efficiency of {efficiency:g}"


def _row(method: Method, need: str) -> str:
    return str(declared(method, "rows")[need])


def _own(burning: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Classes with the rates' category and fuel, and ``extrapolated`` and ``note`` to be added to."""
    proxy = burning["drive"] == "natural_gas_proxy"
    category = str(declared(method, "rows")["natural_gas_proxy"])
    own = burning.assign(
        emfac_category=burning["emfac_category"].mask(proxy, category),
        fuel=burning["drive"].map(_OWN_FUEL),
        extrapolated=proxy,
        note=pd.Series("", index=burning.index).mask(proxy, f"natural gas trucks of {category} stand in"),
    )
    plain = ~burning["technology"].isin(["", "conventional"])
    unrated = "no rate of its own for technology " + burning["technology"].astype(str)
    return own.assign(note=own["note"].mask(plain, joined(own["note"], unrated)))


def positive_option(method: Method, option: str, needed_by: str) -> float:
    """Return an option that has to be a number above zero.

    Raises
    ------
    factors.method.MethodError
        If it is not, saying what needs it and what it means.
    """
    text = method.option(option)
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not value > 0:
        raise MethodError(
            f"option {option} is {text!r}; {needed_by} needs a number above 0 that the port has a source "
            f"for. {method.declared[option].describes}"
        )
    return value
