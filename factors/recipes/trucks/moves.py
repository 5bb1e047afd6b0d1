"""Trucks by MOVES, outside California: a fleet mean by speed (MOVES3) or by region of 2024 (MOVES4).

A port's own run of MOVES goes by the way of EMFAC's rates (`factors.recipes.trucks.recipe`).
"""

from __future__ import annotations

import pandas as pd

from factors.method import Method, MethodError
from factors.recipes.trucks.ages import SOURCE, declared, joined, nearest_calendar_year
from factors.recipes.trucks.greenhouse_gases import by_hub
from factors.tables import FactorMissing, Rows
from factors.terms import TermBuilder

IDLE_RATES = {
    "emfac": ("recorded", "hourly", "vehicle_day", "emfac_ratio", "moves3"),
    "moves3": ("moves3",),
    "moves4": ("in_rate",),
    "moves": ("moves", "moves3"),
}
"""Rates of idling that go with each set of rates per mile; the first is that of `as_rates`."""

BY_THE_HOUR = ("hourly", "emfac_ratio", "moves3", "moves")
"""Rates of idling that are times hours, of every visit."""

THROUGH_CO2 = ("recorded", "hourly", "emfac_ratio")
"""Rates of idling that take EMFAC's grams per vehicle-day to the hour by their ratio to CO2."""

BY_THE_DAY = ("vehicle_day", "recorded")
"""Rates of idling that are times vehicle-days: of all visits, or of those that record no hours."""

RUN = ("moves_running", "moves_idle", "moves_start", "moves_wear")
"""Tables of a port's own run of MOVES."""

BY_SPEED = ("NOx", "CO", "VOC", "PM10", "PM2.5")
FLEET = {
    "NOx": "NOx",
    "SOx": "SO2",
    "CO": "CO",
    "CO2": "CO2",
    "CH4": "CH4",
    "N2O": "N2O",
    "NH3": "NH3",
    "VOC": "VOC",
}
"""Pollutants of all processes together in MOVES4's fleet rates, ours and as printed."""

FUELS = {"diesel_moves4": "diesel", "natural_gas_moves4": "compressed natural gas"}
_PARTICLES = ("PM10", "PM2.5", "DPM")
_NATIONAL = (
    "national fleet: two to six times the particles of trucks that all have filters; never for San Pedro Bay"
)


def idle_rate(method: Method) -> str:
    """Return how idling is rated: as the option says, or in the form that goes with the rates per mile.

    A port's own export of EMFAC without CO2 of idling cannot be taken to the hour: vehicle-days then.
    """
    stated = method.option("idle_rate")
    if stated != "as_rates":
        return stated
    rates = method.option("truck_rates")
    if rates == "emfac" and "CO2" not in method.table(SOURCE, "idle").quantities:
        return "vehicle_day"
    return IDLE_RATES[rates][0]


def idle_co2_query(trucks: pd.DataFrame, method: Method) -> tuple[pd.DataFrame, pd.Series]:
    """What the table of CO2 per idling hour is asked, and which trucks it does not reach. shape (n,)"""
    years = method.table(SOURCE, "idle_co2").frame["model_year_from"]
    wanted = trucks["model_year"].astype("int64")
    off = (wanted < years.min()) | (wanted > years.max())
    return pd.DataFrame({"model_year": wanted.clip(lower=int(years.min()))}), off


def check(method: Method) -> None:
    """See that the options of trucks go together, and that the port has brought what they need.

    Raises
    ------
    factors.method.MethodError
        If they do not.
    """
    rates, idle = method.option("truck_rates"), idle_rate(method)
    if idle not in IDLE_RATES[rates]:
        raise MethodError(
            f"idle_rate = {idle!r} does not go with truck_rates = {rates!r}: EMFAC's idle is per "
            "vehicle-day, MOVES3's and a run's own per hour, and MOVES4's rates per mile hold idling "
            f"already. Set idle_rate to {' or '.join(IDLE_RATES[rates])}, or leave it out."
        )
    if rates != "emfac" and method.option("natural_gas") == "swcv_proxy":
        raise MethodError(
            'natural_gas = "swcv_proxy" is a rate of EMFAC; it goes with truck_rates = "emfac" alone'
        )
    if rates == "moves" and not method.has_table(SOURCE, "moves_running"):
        raise MethodError(
            'truck_rates = "moves" takes the port\'s own run of MOVES, and none is named. In port.toml, '
            'below [factor_tables], name its tables: "heavy_duty_vehicles.moves_run" = '
            '"factors/movesrun.csv" and "heavy_duty_vehicles.moves_rates" = "factors/rateperdistance.csv" '
            "(or movesoutput and "
            "movesactivityoutput), each under a name of its own that begins with heavy_duty_vehicles.moves. "
            "Without a "
            'run of your own, truck_rates = "moves3" and "moves4" are shipped.'
        )
    if method.option("truck_starts") == "counted":
        _check_starts(method, rates)


def _check_starts(method: Method, rates: str) -> None:
    lacking = {
        "moves3": "no rates per start of MOVES3 were read. Bring a run of your own (rateperstart)",
        "moves4": "MOVES4's rates per mile hold starts already, and would count them twice",
        "moves": "the port's own run of MOVES has none. Name rateperstart, or movesoutput with process 2 and "
        "movesactivityoutput with activityTypeID 7",
    }
    if rates == "emfac" or (rates == "moves" and method.has_table(SOURCE, "moves_start")):
        return
    raise MethodError(
        f'truck_starts = "counted" needs rates per start, and with truck_rates = {rates!r} {lacking[rates]}; '
        'or set truck_starts = "excluded".'
    )


def exhaust_by_speed(running: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add running exhaust of MOVES3's long-haul fleet, by road and speed."""
    if running.empty:
        return
    table = method.table(SOURCE, "moves3_running")
    dated = _dated(running, sorted(set(table.frame["calendar_year"])), table.name, method)
    asked = dated.assign(road=method.option("moves_road"), speed_mph=dated["speed_bin_mph"].astype(float))
    for pollutant in (*BY_SPEED, "DPM"):
        rate = table.find(asked, "PM10" if pollutant == "DPM" else pollutant)
        _add(terms, pollutant, "exhaust", rate, dated)


def idle_by_hour(idle: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add idling of MOVES3's long-haul fleet, in grams per hour."""
    if idle.empty:
        return
    table = method.table(SOURCE, "moves3_idle")
    row = declared(method, "moves3_idle")
    mine = table.frame[(table.frame["model"] == row["model"]) & (table.frame["place"] == row["place"])]
    dated = _dated(idle, sorted(set(mine["calendar_year"])), table.name, method)
    for pollutant in (*BY_SPEED, "DPM"):
        quantity = "PM10" if pollutant == "DPM" else pollutant
        _add(terms, pollutant, "idle", table.find(dated, quantity, process="idle", **row), dated)


def exhaust_of_fleet(running: pd.DataFrame, method: Method, terms: TermBuilder) -> pd.DataFrame:
    """Add exhaust of MOVES4's fleet of 2024, all processes over the miles; return the dated classes."""
    if running.empty:
        return running
    table = method.table(SOURCE, "moves4_fleet")
    dated = _fleet_query(running, method)
    for pollutant, printed in FLEET.items():
        if by_hub("diesel_moves4", pollutant, method):
            continue
        _add(terms, pollutant, "exhaust", table.find(dated, printed, process="all"), dated)
    diesel = dated["drive"] == "diesel_moves4"
    for pollutant in _PARTICLES:
        members = dated[diesel] if pollutant == "DPM" else dated
        rate = table.find(members, "PM10" if pollutant == "DPM" else pollutant, process="exhaust")
        _add(terms, pollutant, "exhaust", rate, members)
    return dated


def wear(running: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the query of MOVES4's brake and tire wear, diesel's for drives that have none of their own.

    Rates by speed come without wear, so that of the fleet of 2024 stands in for any year, marked.
    """
    return _fleet_query(running, method.with_options(outside_edition="hold_by_age"))


def _fleet_query(running: pd.DataFrame, method: Method) -> pd.DataFrame:
    year = int(declared(method, "moves4")["calendar_year"])
    dated = _dated(running, [year], "moves-trucks/fleet_2024", method)
    gas = dated["drive"] == "natural_gas_moves4"
    tiny = "MOVES4's natural gas trucks are a tiny, old population (CH4 near 20 g/mile)"
    return dated.assign(
        haul=method.option("moves_haul"),
        region=method.option("moves_region"),
        fuel=dated["drive"].map(FUELS).fillna("diesel"),
        extrapolated=dated["extrapolated"] | gas,
        note=dated["note"].mask(gas, joined(dated["note"], tiny)),
    )


def _dated(members: pd.DataFrame, years: list[int], table: str, method: Method) -> pd.DataFrame:
    """Classes with a calendar year that a fleet table has, marked where it is not their own."""
    if method.option("outside_edition") == "error":
        off = sorted(set(members["calendar_year"]) - set(years))
        if off:
            raise FactorMissing(
                table,
                "NOx",
                pd.DataFrame({"calendar_year": off}),
                f"{table} holds fleets of calendar year {', '.join(map(str, years))}, not of "
                f'{", ".join(map(str, off))}. Choose outside_edition = "hold_by_age" to take the fleet of '
                "the nearest year, marked extrapolated.",
            )
    used = nearest_calendar_year(members, years)
    away = used != members["calendar_year"]
    stands = "fleet of " + used.astype(str) + " stands in for " + members["calendar_year"].astype(str)
    return members.assign(
        calendar_year=used, extrapolated=away, note=pd.Series("", index=members.index).mask(away, stands)
    )


def _add(terms: TermBuilder, pollutant: str, process: str, rate: Rows, members: pd.DataFrame) -> None:
    note = joined(members["note"], _NATIONAL) if pollutant in _PARTICLES else members["note"]
    terms.add(pollutant, process, rate, extrapolated=members["extrapolated"], note=note)
