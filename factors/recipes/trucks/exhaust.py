"""Exhaust of trucks by EMFAC's rates or those of a run: running, idling by the day or the hour, starts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from factors.method import Method, positive_option
from factors.recipes.trucks import moves
from factors.recipes.trucks.ages import SOURCE, declared, held, held_years, joined, pattern
from factors.recipes.trucks.greenhouse_gases import by_hub
from factors.recipes.trucks.hydrocarbons import printed_for_voc, reaches, voc_rows
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

PRINTED = ("NOx", "SOx", "PM10", "PM2.5", "CO", "CO2", "CH4", "N2O", "ROG", "TOG", "NH3")
"""Pollutants of EMFAC's exhaust rates, as printed; EMFAC2017 has no NH3."""

RUN_PRINTED = ("HC",)
"""Pollutants of a run of MOVES beside those; VOC is told apart (`factors.recipes.trucks.hydrocarbons`)."""

_CARBON_TO_CO2 = 44.0 / 12.0


class _Held:
    """Classes keyed as a table of rates is, for one pollutant at a time: each steps where its rates do."""

    def __init__(self, own: pd.DataFrame, table: FactorTable, method: Method) -> None:
        self._own, self._table, self._method = own, table, method
        self._found: dict[int, pd.DataFrame] = {}

    def of(self, quantity: str) -> pd.DataFrame:
        key = pattern(self._table, self._method, quantity)
        if key not in self._found:
            years = held_years(self._own, self._table, self._method, quantity)
            self._found[key] = held(self._own, self._table, self._method, years)
        return self._found[key]


class _Hours:
    """What turns grams per vehicle and day into grams per hour: by the rates' ratio to CO2, and CO2 per hour.

        mass/h = rate_p / rate_CO2 * CO2/h

    so that the hours of a vehicle-day, which EMFAC does not print, cancel.
    """

    def __init__(self, own: pd.DataFrame, co2: pd.DataFrame, table: FactorTable, method: Method) -> None:
        daily = pd.Series(table.find(co2, "CO2").to("g/vehicle/day"), index=co2.index)
        self.rows: pd.DataFrame | None = None
        self.extrapolated = pd.Series(False, index=own.index)
        given = method.option("idle_co2_g_per_h")
        if given or moves.idle_rate(method) == "emfac_ratio":
            needed_by = f'idle_rate = "{moves.idle_rate(method)}"'
            per_hour = positive_option(method, "idle_co2_g_per_h", needed_by)
            self.number, self.unit = per_hour / daily, "vehicle_day/h"
            self.said = f"number is the port's idle CO2 of {per_hour:g} g/h over the idle CO2 rate"
            return
        self.number, self.unit = 1.0 / daily, "vehicle_day/g"
        self.said = "number is one over the idle CO2 rate: CO2 per hour is MOVES's of extended idle, derived"
        self._table = method.table(SOURCE, "idle_co2")
        self.rows, off = moves.idle_co2_query(own, method)
        gas = ~own["drive"].str.startswith("diesel")
        self.extrapolated = off | gas

    def of(self, members: pd.DataFrame) -> Sequence[Rows]:
        if self.rows is None:
            return ()
        return (self._table.find(self.rows.loc[members.index], "CO2"),)


def exhaust(
    own: pd.DataFrame, need: str, process: str, method: Method, terms: TermBuilder, *, hourly: bool = False
) -> None:
    """Exhaust rates of one table of EMFAC or a run; by EMFAC's hour, through its idle rates' ratio to CO2."""
    if own.empty:
        return
    table = method.table(SOURCE, need)
    keyed = _Held(own, table, method)
    hours = _Hours(own, keyed.of("CO2"), table, method) if hourly else None

    def add(pollutant: str, members: pd.DataFrame, *rows: Rows, note: pd.Series, scale: float = 1.0) -> None:
        number: pd.Series | float = scale
        beyond = members["extrapolated"]
        if hours is not None:
            number = scale * hours.number[members.index]
            beyond = beyond | hours.extrapolated[members.index]
            note, rows = joined(note, hours.said), (*rows, *hours.of(members))
        unit = hours.unit if hours is not None else ""
        terms.add(pollutant, process, *rows, number=number, unit=unit, extrapolated=beyond, note=note)

    diesel = own["drive"].str.startswith("diesel")
    for pollutant in (*PRINTED, *RUN_PRINTED, "DPM"):
        printed = "PM10" if pollutant == "DPM" else pollutant
        if printed not in table.quantities:
            continue  # the coverage of the method says NE, or the build stops
        if by_hub(str(own["drive"].iloc[0]), pollutant, method):
            continue  # of the whole of driving, a mile
        members = keyed.of(printed)
        mine = members[diesel] if pollutant == "DPM" else members
        add(pollutant, mine, table.find(mine, printed), note=mine["note"])
    if printed := printed_for_voc(table, method):
        members = keyed.of(printed)
        mine = members[[reaches(printed, drive) for drive in members["drive"]]]
        rows, note = voc_rows(printed, mine, own.loc[mine.index, "model_year"], table, method)
        add("VOC", mine, *rows, note=note)
    mine = keyed.of("CO2")[diesel] if "CO2" in table.quantities else own[:0]
    if len(mine):
        per_co2 = diesel_per_co2(method)
        add(
            "fuel:diesel",
            mine,
            table.find(mine, "CO2"),
            note=joined(mine["note"], _by_carbon(per_co2)),
            scale=per_co2,
        )


def burnt_of_fleet(diesel: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Diesel burnt by MOVES4's fleet, all processes over the miles, by the carbon of its CO2."""
    if diesel.empty:
        return
    per_co2 = diesel_per_co2(method)
    terms.add(
        "fuel:diesel",
        "exhaust",
        method.table(SOURCE, "moves4_fleet").find(diesel, "CO2", process="all"),
        number=per_co2,
        extrapolated=diesel["extrapolated"],
        note=joined(diesel["note"], _by_carbon(per_co2)),
    )


def _by_carbon(fuel_per_co2: float) -> str:
    return f"{fuel_per_co2:.5f} kg of diesel per kg of CO2, by its carbon"


def diesel_per_co2(method: Method) -> float:
    """Mass of diesel burnt per mass of CO2, from its energy and carbon content. [1]"""
    table = method.table(SOURCE, "diesel")
    rows = declared(method, "rows")
    query = pd.DataFrame({"source_set": [rows["diesel_source"]], "fuel": [rows["diesel_fuel"]]})
    energy = table.find(query, "energy_content").to("kJ/g (MJ/kg)")[0]
    carbon = table.find(query, "carbon_content").to("g C per kJ")[0]
    burnt = table.find(query, "oxidation_fraction").value[0]
    return float(1.0 / (energy * carbon * burnt * _CARBON_TO_CO2))


def asked_years(own: pd.DataFrame, need: str, method: Method) -> list[pd.DataFrame]:
    """Return the distinct ways in which the pollutants of a table ask it for years."""
    table = method.table(SOURCE, need)
    wanted = {*PRINTED, *RUN_PRINTED, "VOC", "CO2"} & {*table.quantities}
    patterns = {pattern(table, method, quantity): quantity for quantity in sorted(wanted)}
    return [held_years(own, table, method, quantity) for quantity in patterns.values()]
