"""Drayage trucks: running exhaust by speed in g/mile, idle in g/vehicle/day, brake and tyre wear in g/mile.

CARB's EMFAC2017, statewide rates of calendar year 2020, by category, season, model year and speed bin, or a
port's own export of EMFAC; a port's own run of MOVES; or MOVES's fleet means (`truck_rates`). Energy of
battery trucks and their brake wear are from EPA's AVERT (MOVES). DPM repeats the exhaust PM10 of diesel
engines, that of starts too where they are counted (`truck_starts`). Fuel burnt follows CO2 by the carbon
content of diesel, so that carbon balances.
"""

from __future__ import annotations

import pandas as pd

from factors.method import Method, positive_option
from factors.recipes.trucks import moves
from factors.recipes.trucks.ages import SOURCE, declared, held, joined
from factors.recipes.trucks.coverage import coverage
from factors.recipes.trucks.drives import OWN_FUEL, drive_of, rated_apart
from factors.recipes.trucks.shared_factors import alike
from factors.recipes.trucks.wear import wear, zero_emission_energy
from factors.tables import FactorTable
from factors.terms import TermBuilder

__all__ = ["KEYS", "PRINTED", "SOURCE", "alike", "coverage", "describe", "resolve"]

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
    drive = drive_of(classes, method)
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


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of truck classes: exhaust, idle, starts, wear, energy.

    References
    ----------
    CARB, EMFAC2017, https://arb.ca.gov/emfac/, read through the R package vein,
    https://github.com/ibarraespinosa/vein (second-hand); MOVES: EPA, https://www.epa.gov/moves.
    """
    classes = classes.assign(drive=drive_of(classes, method))
    running = classes[classes["process_set"] == "running"]
    own = rated_apart(classes[classes["drive"].isin(list(OWN_FUEL))], method)
    prefix = "moves_" if method.option("truck_rates") == "moves" else ""
    by_hour = own["coverage_group"].isin([f"{drive}_idle" for drive in OWN_FUEL])
    hours = own[(own["process_set"] == "idle_hour") & by_hour]
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
    wear(running, method, terms)
    zero_emission_energy(running, method, terms)


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
