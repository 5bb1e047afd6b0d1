"""Which classes of trucks have the same factors: those whose years every table answers by the same years.

Tables of rates reach few calendar and model years, so that most years of a projection rest on the same rows.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.library import classify
from factors.method import Method
from factors.recipes.trucks import moves
from factors.recipes.trucks.ages import SOURCE
from factors.recipes.trucks.drives import OWN_FUEL, drive_of, rated_apart
from factors.recipes.trucks.exhaust import asked_years
from factors.recipes.trucks.greenhouse_gases import HOLDS_TO
from factors.recipes.trucks.wear import battery_query, brake_ratio_query, hydrogen_query, wear_query
from factors.tables import FactorTable

_UNRATED = ("battery", "fuel_cell", "natural_gas")
"""Drives without rates of exhaust; those of natural gas where the method says so."""
_YEARS = ["model_year", "calendar_year"]
_BY_VEHICLE = (
    ("drawn", "battery", battery_query),
    ("braked", "battery", brake_ratio_query),
    ("burnt", "fuel_cell", hydrogen_query),
)
_DATED = ["process_set", "emfac_category", "fuel", "technology", *_YEARS]
"""What decides which years of the tables a class takes: neither speed nor season does."""


def alike(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return what tells the factors of classes apart.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        The recipe's keys.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        Classes that agree in all columns have the same factors: the years that tables are asked for stand
        in place of a truck's own.
    """
    if method.option("truck_rates") != "emfac" or method.option("outside_edition") == "error":
        return classes
    number, dated = classify(classes[_DATED])
    dated = dated.assign(drive=drive_of(dated, method))
    asked = dated[_YEARS].copy()
    known = dated["drive"].isin([*OWN_FUEL, *_UNRATED])
    known &= (dated["process_set"] != "idle_hour") | (moves.idle_rate(method) != "moves3")
    asked[known] = 0
    valued = {
        "running": True,
        "idle_day": True,
        "idle_hour": moves.idle_rate(method) in moves.THROUGH_CO2,
        "start": method.option("truck_starts") == "counted",
    }
    own = rated_apart(dated[known & dated["drive"].isin(list(OWN_FUEL))], method)
    for process, need in (
        ("running", "running"),
        ("idle_day", "idle"),
        ("idle_hour", "idle"),
        ("start", "start"),
    ):
        mine = own[own["process_set"] == process]
        if len(mine) and valued[process]:
            for place, years in enumerate(asked_years(mine, need, method)):
                for name in _YEARS:
                    column = f"{name}_{place}"
                    asked[column] = years[name].reindex(asked.index).fillna(asked.get(column, 0))
    if not method.option("idle_co2_g_per_h"):
        hours = own[own["process_set"] == "idle_hour"]
        asked["per_hour"] = _step(hours, "idle_co2", method).reindex(asked.index)
    if method.option("truck_voc") != "rog":
        asked["hydrocarbons"] = _step(own, "hydrocarbons", method).reindex(asked.index)
    if method.option("truck_ghg") == "hub":
        asked["greenhouse_gases"] = _step(own, "greenhouse_gases", method).reindex(asked.index)
        asked["hub_ends"] = (dated["model_year"] > HOLDS_TO).astype("int64")
    asked = asked.fillna(0)
    running = dated[dated["process_set"] == "running"]
    table, trucks = wear_query(running, method)
    asked["wear"] = _years_alike(trucks, table).reindex(asked.index, fill_value=0)
    for name, drive, query in _BY_VEHICLE:
        mine = running[running["drive"] == drive]
        asked[name] = 0
        if len(mine):
            asked[name] = query(mine, method)["model_year"].reindex(asked.index, fill_value=0)
    told = asked.iloc[number].set_axis(classes.index)
    # Trucks without exhaust rates draw and wear alike at every speed and in every season.
    still = dated["drive"].isin(_UNRATED).to_numpy()[number]
    return classes.assign(
        season=classes["season"].mask(still & ("season" not in table.spec.keys), ""),
        speed_bin_mph=classes["speed_bin_mph"].mask(still & ("speed_bin_mph" not in table.spec.keys), 0),
        **{str(name): told[name].to_numpy(dtype=np.int64) for name in told},
    )


def _step(trucks: pd.DataFrame, need: str, method: Method) -> pd.Series:
    """Number of the step of a table by model year that each truck's own year stands on."""
    starts = np.unique(method.table(SOURCE, need).frame["model_year_from"].to_numpy(dtype=float))
    years = trucks["model_year"].to_numpy(dtype=float)
    return pd.Series(np.maximum(np.searchsorted(starts, years, side="right"), 1), index=trucks.index)


def _years_alike(trucks: pd.DataFrame, table: FactorTable) -> pd.Series:
    """Number the years that trucks ask a table for, years with the same values in all else alike."""
    keys = [name for name in ("emfac_category", "fuel", *_YEARS) if name in table.spec.keys]
    found = trucks[keys].merge(table.same_values(*keys), how="left", on=keys)["number"]
    # What the table does not have is told apart by the look-up, which names it.
    return pd.Series(found.fillna(-1).to_numpy(dtype=np.int64), index=trucks.index)
