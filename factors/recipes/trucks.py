"""Drayage trucks: running exhaust by speed in g/mile, idle in g/vehicle/day, brake and tyre wear in g/mile.

CARB's EMFAC2017, statewide rates of calendar year 2020, by category, season, model year and speed bin; energy
of battery trucks and their brake wear from EPA's AVERT (MOVES). DPM repeats the exhaust PM10 of diesel
engines. Fuel burnt follows CO2 by the carbon content of diesel, so that carbon balances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from factors.method import Method, MethodError
from factors.tables import FactorMissing, FactorTable
from factors.terms import TermBuilder

SOURCE = "heavy_duty_vehicles"

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

``process_set`` is ``running`` (per mile: exhaust, brake, tyre), ``idle_day`` (per vehicle-day) or
``idle_hour`` (per hour). ``model_year`` is EMFAC's, of the vehicle; ``calendar_year`` is that of the work,
for a rate belongs to an age. ``speed_bin_mph`` is 0 for idle.
"""

PRINTED = ("NOx", "SOx", "PM10", "PM2.5", "CO", "CO2", "CH4", "N2O", "ROG", "TOG")
"""Pollutants of EMFAC's exhaust rates, as printed."""

_QUANTITY = {"running": "distance", "idle_day": "vehicle_day", "idle_hour": "duration"}
_DRIVE = {"diesel": "diesel", "electric": "battery", "hydrogen": "fuel_cell"}
_NATURAL_GAS = {"error": "natural_gas", "not_estimated": "natural_gas", "swcv_proxy": "natural_gas_proxy"}
_EMFAC_FUEL = {"diesel": "Diesel", "natural_gas_proxy": "Natural Gas"}
_CARBON_TO_CO2 = 44.0 / 12.0


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it.

    Raises
    ------
    factors.tables.FactorMissing
        For a fuel that the edition has no trucks of.
    ValueError
        For an unknown process set.
    """
    kind = classes["process_set"].map(_QUANTITY)
    if kind.isna().any():
        unknown = sorted(set(classes.loc[kind.isna(), "process_set"]))
        raise ValueError(f"process sets {unknown} are not among {', '.join(_QUANTITY)}")
    drive = _drive(classes["fuel"], method)
    idle = classes["process_set"] != "running"
    group = drive + np.where(idle, "_idle", "_running")
    if method.option("idle_rate") == "vehicle_day":
        # EMFAC's grams per vehicle-day hold all idling of the day: hours are shown, not valued again.
        held = (classes["process_set"] == "idle_hour") & drive.isin(list(_EMFAC_FUEL))
        group = group.mask(held, "idle_hours_included")
    return classes.assign(quantity_kind=kind, coverage_group=group)


def _drive(fuel: pd.Series, method: Method) -> pd.Series:
    drives = {**_DRIVE, "natural_gas": _NATURAL_GAS[method.option("natural_gas")]}
    drive = fuel.map(drives)
    refused = drive.isna()
    if method.option("natural_gas") == "error":
        refused |= fuel == "natural_gas"
    if refused.any():
        table = method.table(SOURCE, "running")
        asked = sorted(set(fuel[refused]))
        advice = (
            'For natural gas choose natural_gas = "not_estimated" (miles shown, exhaust NE) or "swcv_proxy".'
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
    """Add the terms of truck classes: exhaust, idle, wear, energy."""
    drive = classes["coverage_group"].str.replace(r"_(running|idle)$", "", regex=True)
    driven = classes.assign(drive=drive)
    held = _held(driven[drive.isin(list(_EMFAC_FUEL))], method)
    _exhaust(held[held["process_set"] == "running"], "running", "exhaust", method, terms)
    _exhaust(held[held["process_set"] == "idle_day"], "idle", "idle", method, terms)
    _exhaust(held[held["process_set"] == "idle_hour"], "idle", "idle", method, terms, hourly=True)
    running = driven[driven["process_set"] == "running"]
    _wear(running, method, terms)
    _zero_emission_energy(running, method, terms)


def _exhaust(
    held: pd.DataFrame, need: str, process: str, method: Method, terms: TermBuilder, *, hourly: bool = False
) -> None:
    """Exhaust rates of one table; by the hour, through the ratio to CO2 in EMFAC's idle rates."""
    if held.empty:
        return
    table = method.table(SOURCE, need)
    number, unit = pd.Series(1.0, index=held.index), ""
    note = held["note"]
    if hourly:
        # mass/h = rate_p / rate_CO2 * CO2/h: the rate in g/vehicle/day times vehicle-days per hour of idling.
        co2_g_per_h = positive_option(method, "idle_co2_g_per_h", 'idle_rate = "emfac_ratio"')
        co2_rate = pd.Series(table.find(held, "CO2").to("g/vehicle/day"), index=held.index)
        number, unit = co2_g_per_h / co2_rate, "vehicle_day/h"
        note = _joined(note, f"number is the port's idle CO2 of {co2_g_per_h:g} g/h over the idle CO2 rate")
    diesel = held["drive"] == "diesel"
    for pollutant in (*PRINTED, "DPM"):
        members = held[diesel] if pollutant == "DPM" else held
        rate = table.find(members, "PM10" if pollutant == "DPM" else pollutant)
        terms.add(
            pollutant,
            process,
            rate,
            number=number[members.index],
            unit=unit,
            extrapolated=members["extrapolated"],
            note=note[members.index],
        )
    burnt = held[diesel]
    if len(burnt):
        fuel_per_co2 = _diesel_per_co2(method)
        terms.add(
            "fuel:diesel",
            process,
            table.find(burnt, "CO2"),
            number=number[burnt.index] * fuel_per_co2,
            unit=unit,
            extrapolated=burnt["extrapolated"],
            note=_joined(note[burnt.index], f"{fuel_per_co2:.5f} kg of diesel per kg of CO2, by its carbon"),
        )


def _diesel_per_co2(method: Method) -> float:
    """Mass of diesel burnt per mass of CO2, from its energy and carbon content. [1]"""
    table = method.table(SOURCE, "diesel")
    rows = _declared(method, "rows")
    query = pd.DataFrame({"source_set": [rows["diesel_source"]], "fuel": [rows["diesel_fuel"]]})
    energy = table.find(query, "energy_content").to("kJ/g (MJ/kg)")[0]
    carbon = table.find(query, "carbon_content").to("g C per kJ")[0]
    burnt = table.find(query, "oxidation_fraction").value[0]
    return float(1.0 / (energy * carbon * burnt * _CARBON_TO_CO2))


def _wear(running: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Brake and tyre wear of every mile, whatever drives the truck; a battery truck spares its brakes."""
    if running.empty:
        return
    table = method.table(SOURCE, "wear")
    trucks = _listed(running.assign(fuel="Diesel"), table, ["emfac_category", "fuel"], method)
    off_year = running["calendar_year"] != _edition_year(method)
    extrapolated = off_year | (trucks["model_year"] != running["model_year"])
    battery = running["drive"] == "battery"
    fuel_cell = running["drive"] == "fuel_cell"
    ratio = _listed_rows("wear_ratio", running[battery], method)
    regenerating = "ratio of electric to diesel brake wear is printed for PM2.5, and used for PM10 too"
    unreduced = "no ratio is published for fuel-cell trucks: the brake wear of a diesel truck"
    dated = pd.Series("", index=running.index).mask(
        extrapolated,
        "wear rate of a truck of model year "
        + trucks["model_year"].astype(str)
        + f" in {_edition_year(method)}",
    )
    for process in ("brake", "tyre"):
        for pollutant in ("PM10", "PM2.5"):
            reduced = battery if process == "brake" else battery & False
            plain = trucks[~reduced]
            note = dated[plain.index]
            if process == "brake":
                note = note.mask(fuel_cell[plain.index], _joined(note, unreduced))
            terms.add(
                pollutant,
                process,
                table.find(plain, pollutant, process=process),
                extrapolated=extrapolated[plain.index],
                note=note,
            )
            electric = trucks[reduced]
            if len(electric):
                terms.add(
                    pollutant,
                    process,
                    table.find(electric, pollutant, process=process),
                    method.table(SOURCE, "wear_ratio").find(ratio, "PM2.5", process=process),
                    extrapolated=extrapolated[electric.index] | ratio["extrapolated"],
                    note=_joined(ratio["note"], regenerating),
                )


def _zero_emission_energy(running: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Electricity at the wall of battery trucks; hydrogen of fuel-cell trucks."""
    battery = running[running["drive"] == "battery"]
    if len(battery):
        asked = _listed_rows("battery_energy", battery, method)
        rate = method.table(SOURCE, "battery_energy").find(asked, "energy_use")
        terms.add("electricity", "grid", rate, extrapolated=asked["extrapolated"], note=asked["note"])
    cells = running[running["drive"] == "fuel_cell"]
    if len(cells):
        asked = _listed_rows("hydrogen_energy", cells, method)
        asked["scenario"] = _declared(method, "rows")["hydrogen_scenario"]
        rate = method.table(SOURCE, "hydrogen_energy").find(asked, "hydrogen_use", technology="fuel cell")
        note = _joined(asked["note"], "simulated, mostly highway; drayage takes more")
        terms.add("hydrogen", "exhaust", rate, extrapolated=asked["extrapolated"], note=note)


def _listed_rows(need: str, members: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Query of a table by vehicle and model year: the named vehicle, the model year or the nearest listed."""
    table = method.table(SOURCE, need)
    vehicle = str(_declared(method, "rows")[need])
    shown = table.frame[["vehicle", "model_year"]].drop_duplicates()
    named = [vehicle.format(model_year=year) for year in shown["model_year"]]
    listed = shown[(shown["vehicle"] == named).to_numpy()]
    used = members["model_year"]
    if method.option("outside_edition") == "hold_by_age":
        used = _nearest_year(members, listed, [], members["model_year"])
    named = [vehicle.format(model_year=year) for year in used]
    asked = pd.DataFrame({"vehicle": named, "model_year": used}, index=members.index)
    asked["extrapolated"] = used != members["model_year"]
    stands_in = "model year " + used.astype(str) + " stands in for " + members["model_year"].astype(str)
    asked["note"] = pd.Series("", index=members.index).mask(asked["extrapolated"], stands_in)
    return asked


def _listed(trucks: pd.DataFrame, table: FactorTable, by: list[str], method: Method) -> pd.DataFrame:
    """Trucks with the model year of a table, or the nearest where the method allows it."""
    if method.option("outside_edition") == "error":
        return trucks
    listed = table.frame[[*by, "model_year"]].drop_duplicates()
    return trucks.assign(model_year=_nearest_year(trucks, listed, by, trucks["model_year"]))


def _held(burning: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Classes keyed as the edition is, with ``extrapolated`` and ``note`` where a rate stands in for another.

    By ``hold_by_age`` the rate is that of the same standard group at the same age in the edition's calendar
    year; where the edition lacks that age within the group, of the group's nearest model year.
    """
    proxy = burning["drive"] == "natural_gas_proxy"
    category = str(_declared(method, "rows")["natural_gas_proxy"])
    held = burning.assign(
        emfac_category=burning["emfac_category"].mask(proxy, category),
        fuel=burning["drive"].map(_EMFAC_FUEL),
        extrapolated=proxy,
        note=pd.Series("", index=burning.index).mask(proxy, f"natural gas trucks of {category} stand in"),
    )
    plain = ~burning["technology"].isin(["", "conventional"])
    unrated = "no rate of its own for technology " + burning["technology"].astype(str)
    held["note"] = held["note"].mask(plain, _joined(held["note"], unrated))
    year = _edition_year(method)
    if method.option("outside_edition") == "error":
        _refuse_other_years(held, year, method)
        return held
    wanted = burning["model_year"] - (burning["calendar_year"] - year)
    used = _same_group(held, wanted, method)
    stands = (used != burning["model_year"]) | (burning["calendar_year"] != year)
    note = (
        "model year " + used.astype(str) + f" of calendar {year} (age " + (year - used).astype(str)
        + ") stands in for model year " + burning["model_year"].astype(str)
        + " in " + burning["calendar_year"].astype(str)
    )  # fmt: skip
    return held.assign(
        model_year=used,
        extrapolated=held["extrapolated"] | stands,
        note=held["note"].mask(stands, _joined(held["note"], note)),
    )


def _refuse_other_years(held: pd.DataFrame, year: int, method: Method) -> None:
    off = held[held["calendar_year"] != year]
    if off.empty:
        return
    table = method.table(SOURCE, "running")
    keys = ["calendar_year", "model_year"]
    asked = off[keys].drop_duplicates().sort_values(keys)
    years = ", ".join(map(str, sorted(set(asked["calendar_year"]))))
    raise FactorMissing(
        table.name,
        "NOx",
        asked.reset_index(drop=True),
        f"{table.name} holds rates of calendar year {year}; {len(asked)} model years are asked for in "
        f"{years}. Nearest key: calendar_year={year}. "
        'Choose outside_edition = "hold_by_age" to take the rate of the same standard group at the same age, '
        "marked extrapolated.",
    )


def _same_group(held: pd.DataFrame, wanted: pd.Series, method: Method) -> pd.Series:
    """Return the edition's model year nearest to the wanted one within each truck's standard group."""
    groups: Sequence[Mapping[str, Any]] = method.sources[SOURCE]["standard_groups"]
    table = method.table(SOURCE, "idle")
    listed = table.frame[["emfac_category", "fuel", "model_year"]].drop_duplicates()
    listed = listed.assign(group=_group_of(listed["model_year"], groups))
    asked = held.assign(group=_group_of(held["model_year"], groups))
    by = ["emfac_category", "fuel", "group"]
    found = asked[by].merge(listed[by].drop_duplicates(), how="left", indicator=True)
    unheld = found["_merge"] == "left_only"
    if unheld.any():
        shown = asked[["emfac_category", "fuel", "model_year"]][unheld.to_numpy()].drop_duplicates()
        raise FactorMissing(table.name, "NOx", shown.reset_index(drop=True), _unheld(shown, listed, groups))
    return _nearest_year(asked, listed, by, wanted)


def _unheld(shown: pd.DataFrame, listed: pd.DataFrame, groups: Sequence[Mapping[str, Any]]) -> str:
    lines = []
    for (category, fuel), part in shown.groupby(["emfac_category", "fuel"]):
        known = listed[(listed["emfac_category"] == category) & (listed["fuel"] == fuel)]["model_year"]
        years = ", ".join(map(str, sorted(part["model_year"])))
        reach = f"has model years {known.min()} to {known.max()}" if len(known) else "has no rates at all"
        standard = ", ".join(sorted({str(groups[n]["name"]) for n in _group_of(part["model_year"], groups)}))
        lines.append(f"  {category}, {fuel}: model years {years} ({standard}); this category {reach}")
    advice = (
        "A cleaner standard never stands in for an older one; "
        'emfac_category = "T7 tractor" reaches back to model year 1976.'
    )
    return "\n".join(["emfac2017 has no truck of the same standard group for", *lines, advice])


def _group_of(model_year: pd.Series, groups: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """Number of the standard group of each model year."""
    starts = np.array([group.get("from", -np.inf) for group in groups], dtype=float)
    return np.searchsorted(starts, model_year.to_numpy(dtype=float), side="right") - 1


def _nearest_year(asked: pd.DataFrame, listed: pd.DataFrame, by: list[str], wanted: pd.Series) -> pd.Series:
    """Return for each row the listed model year nearest to the wanted, alike in `by`; the newer of two.

    A row with none listed keeps the wanted year, so that the look-up names it.
    """
    query = asked[by].assign(_all=0, _wanted=wanted, _row=np.arange(len(asked)))
    choices = listed[[*by, "model_year"]].drop_duplicates().assign(_all=0)
    paired = query.merge(choices, on=[*by, "_all"], how="left")
    paired["_far"] = (paired["model_year"] - paired["_wanted"]).abs()
    best = paired.sort_values(["_row", "_far", "model_year"], ascending=[True, True, False], kind="stable")
    best = best.drop_duplicates("_row")
    return pd.Series(best["model_year"].fillna(best["_wanted"]).astype("int64").to_numpy(), index=asked.index)


def _joined(first: pd.Series, second: pd.Series | str) -> pd.Series:
    both = first + "; " + second
    return both.str.removeprefix("; ")


def _declared(method: Method, name: str) -> Mapping[str, Any]:
    return method.sources[SOURCE][name]


def _edition_year(method: Method) -> int:
    return int(method.sources[SOURCE]["edition_calendar_year"])


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
