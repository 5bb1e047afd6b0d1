"""Drayage trucks: running exhaust by speed in g/mile, idle in g/vehicle/day, brake and tyre wear in g/mile.

CARB's EMFAC2017, statewide rates of calendar year 2020, by category, season, model year and speed bin, or a
port's own export of EMFAC; a port's own run of MOVES; or MOVES's fleet means (`truck_rates`). Energy of
battery trucks and their brake wear are from EPA's AVERT (MOVES). DPM repeats the exhaust PM10 of diesel
engines, that of starts too where they are counted (`truck_starts`). Fuel burnt follows CO2 by the carbon
content of diesel, so that carbon balances.
"""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.recipes.trucks import greenhouse_gases, moves
from factors.recipes.trucks.ages import SOURCE
from factors.recipes.trucks.coverage import coverage
from factors.recipes.trucks.drives import OWN_FUEL, drive_of, rated_apart
from factors.recipes.trucks.exhaust import PRINTED, burnt_of_fleet, exhaust
from factors.recipes.trucks.shared_factors import alike
from factors.recipes.trucks.wear import wear, zero_emission_energy
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

_QUANTITY = {"running": "distance", "idle_day": "vehicle_day", "idle_hour": "duration", "start": "start"}


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
    exhaust(own[own["process_set"] == "running"], f"{prefix}running", "exhaust", method, terms)
    if not prefix:
        exhaust(own[own["process_set"] == "idle_day"], "idle", "idle", method, terms)
        exhaust(hours, "idle", "idle", method, terms, hourly=True)
    elif method.has_table(SOURCE, "moves_idle"):
        exhaust(hours, "moves_idle", "idle", method, terms)
    if method.option("truck_starts") == "counted":
        exhaust(own[own["process_set"] == "start"], f"{prefix}start", "start", method, terms)
    moves.exhaust_by_speed(running[running["drive"] == "diesel_moves3"], method, terms)
    moves.idle_by_hour(classes[classes["coverage_group"] == "diesel_moves3_idle"], method, terms)
    fleet = moves.exhaust_of_fleet(running[running["drive"].isin(list(moves.FUELS))], method, terms)
    burnt_of_fleet(fleet[fleet["drive"] == "diesel_moves4"], method, terms)
    greenhouse_gases.of_miles(running, method, terms)
    wear(running, method, terms)
    zero_emission_energy(running, method, terms)
