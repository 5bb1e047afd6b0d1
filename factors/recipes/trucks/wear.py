"""Wear of every mile, whatever drives the truck; electricity and hydrogen of trucks without an engine."""

from __future__ import annotations

import pandas as pd

from factors.method import Method, MethodError, positive_option
from factors.recipes.trucks import moves
from factors.recipes.trucks.ages import SOURCE, declared, joined, listed_rows, listed_trucks
from factors.recipes.trucks.coverage import has_run_wear
from factors.tables import FactorTable
from factors.terms import TermBuilder


def wear_query(running: pd.DataFrame, method: Method) -> tuple[FactorTable, pd.DataFrame]:
    """Table of wear and what to ask it, with ``extrapolated`` and ``note``."""
    if method.option("truck_rates") != "emfac" and not has_run_wear(method):
        return method.table(SOURCE, "moves4_fleet"), moves.wear(running, method)
    # The wear of a truck without an engine is no matter of its standard: the nearest year serves.
    held = running["drive"].isin(["battery", "fuel_cell"]).to_numpy(dtype=bool)
    held = held | (method.option("outside_edition") == "hold_by_age")
    if has_run_wear(method):
        table = method.table(SOURCE, "moves_wear")
        asked = listed_trucks(running.assign(fuel="diesel"), table, ["fuel"], held=held)
    else:
        table = method.table(SOURCE, "wear")
        asked = listed_trucks(running.assign(fuel="Diesel"), table, ["emfac_category", "fuel"], held=held)
    year = asked["calendar_year"]
    if "calendar_year" not in table.spec.keys:
        year = pd.Series(int(method.sources[SOURCE]["edition_calendar_year"]), index=running.index)
    other = (running["calendar_year"] != year) | (asked["model_year"] != running["model_year"])
    said = "wear rate of a truck of model year " + asked["model_year"].astype(str) + " in " + year.astype(str)
    return table, asked.assign(extrapolated=other, note=pd.Series("", index=running.index).mask(other, said))


def brake_ratio_query(battery: pd.DataFrame, method: Method) -> pd.DataFrame:
    """What the table of regenerating brakes is asked for battery trucks."""
    return listed_rows("wear_ratio", _row(method, "wear_ratio"), battery, method)


def battery_query(battery: pd.DataFrame, method: Method) -> pd.DataFrame:
    """What the table of battery trucks' energy is asked."""
    return listed_rows("battery_energy", _row(method, "battery_energy"), battery, method)


def hydrogen_query(cells: pd.DataFrame, method: Method) -> pd.DataFrame:
    """What the table of fuel-cell trucks' hydrogen is asked."""
    vehicle = _row(method, "hydrogen_energy").replace(
        "{cab}", method.option("hydrogen_cab").replace("_", " ")
    )
    asked = listed_rows("hydrogen_energy", vehicle, cells, method)
    return asked.assign(scenario=_row(method, "hydrogen_scenario"))


def wear(running: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Brake and tyre wear of every mile, whatever drives the truck; a battery truck spares its brakes.

    References
    ----------
    Brake and tire wear: CARB, EMFAC2017, https://arb.ca.gov/emfac/. Ratios of battery trucks: EPA, AVERT
    web edition, ``pm25-breakwear-tirewear-ev-ice-ratios.json``, https://github.com/USEPA/AVERT (commit
    d7188824f6).
    """
    if running.empty:
        return
    table, trucks = wear_query(running, method)
    battery = running["drive"] == "battery"
    fuel_cell = running["drive"] == "fuel_cell"
    ratio = brake_ratio_query(running[battery], method) if battery.any() else running[battery]
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


def zero_emission_energy(running: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Electricity at the wall of battery trucks; hydrogen of fuel-cell trucks.

    References
    ----------
    Battery: EPA, AVERT web edition, ``ev-efficiency-assumptions.json``, https://github.com/USEPA/AVERT
    (commit d7188824f6). Hydrogen: NREL, T3CO, simulated day cabs, https://github.com/NREL/T3CO (commit
    85017ca).
    """
    battery = running[running["drive"] == "battery"]
    if len(battery):
        asked = battery_query(battery, method)
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
        asked = hydrogen_query(cells, method)
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
