"""Drayage trucks: miles by speed bin, idling, starts, and the work rows of gate visits.

    running  E = visits * miles per visit * rate(category, fuel, season, model year, speed bin)
    idle     E = hours * rate [g/h] where a visit records them, else vehicle-days * rate [g/vehicle/day]
    start    E = visits * starts per visit * rate [g/start], where starts are counted (truck_starts)
    queue    idling like the rest, or creeping: hours * mph * rate(slowest bins)

Three segments, always apart: on the terminal, on port roads (queues before the gate too), on regional roads.
Visits are summed to cells (terminal, month, model year, fuel, pattern of legs) *before* they are spread over
legs, so that five million visits cost no more than their some ten thousand cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions import _gate_visits
from emissions._arguments import formula
from emissions._truck_quantities import running_distance, season, speed_bin, vehicle_days, wall_energy
from emissions.work import WORK_COLUMNS
from factors.method import Method, positive_option
from factors.recipes.trucks.moves import BY_THE_DAY, BY_THE_HOUR, check, idle_rate

__all__ = [
    "SEGMENTS",
    "SOURCE",
    "Idling",
    "MovesRates",
    "idling",
    "moves_rates",
    "running_distance",
    "season",
    "speed_bin",
    "vehicle_days",
    "wall_energy",
    "work_rows",
]

SOURCE = "heavy_duty_vehicles"
SEGMENTS = _gate_visits.SEGMENTS

_DEFAULT = _gate_visits.PROVENANCE.index("default")
_FUELLED = ("diesel", "natural_gas", "gasoline")
_WITHOUT_ENGINE = ("electric", "hydrogen")
_QUANTITY = {"running": "distance", "idle_day": "vehicle_day", "idle_hour": "duration", "start": "start"}


@dataclass(frozen=True)
class MovesRates:
    """That trucks take rates of MOVES, and which of their ports have a model of their own.

    Attributes
    ----------
    is_own_run : bool
        Whether the rates are of a run that the port brought alone, and none of MOVES's national fleet.
    ports_with_own_model : tuple of str
        Ports of trucks in these rows for which MOVES's particles are not to be used, by name.
    """

    is_own_run: bool
    ports_with_own_model: tuple[str, ...]


def moves_rates(rows: pd.DataFrame, method: Method) -> MovesRates | None:
    """Tell whether work rows take rates of MOVES, and for which ports these are not made.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
        Work rows of trucks: ``port``.
    method : Method

    Returns
    -------
    MovesRates or None
        None where there are no trucks, or where none of their rates is of MOVES.

    Examples
    --------
    >>> from factors.method import load_method
    >>> rows = pd.DataFrame({"port": ["POLA"]})
    >>> moves_rates(rows, load_method("epa-2022").with_options(truck_rates="moves4"))
    MovesRates(is_own_run=False, ports_with_own_model=('POLA',))
    >>> moves_rates(rows, load_method("epa-2022")) is None
    True
    """
    by_run = method.option("truck_rates") == "moves"
    national = method.option("truck_rates") in ("moves3", "moves4") or idle_rate(method) == "moves3"
    if not len(rows) or not (national or by_run):
        return None
    kept = {str(port) for port in method.sources[SOURCE]["moves4"]["particles_never_for"]}
    return MovesRates(not national, tuple(sorted(kept & set(rows["port"].astype(str)))))


@dataclass(frozen=True)
class Idling:
    """How many gate visits idle by their recorded hours, and how many by EMFAC's vehicle-day.

    Attributes
    ----------
    by_hours, by_day : float
        Visits; a visit that records hours has no part of a vehicle-day.
    """

    by_hours: float
    by_day: float


def idling(gate_visits: pd.DataFrame, method: Method) -> Idling | None:
    """Count the visits whose idling goes by recorded hours and those that go by the day.

    Parameters
    ----------
    gate_visits : pandas.DataFrame, shape (n, ...)
        As for `work_rows`.
    method : Method

    Returns
    -------
    Idling or None
        None where all visits idle in one way, or where there are none.

    Examples
    --------
    >>> from factors.method import load_method
    >>> visits = pd.DataFrame({"count": [300, 100], "queue_h": [0.4, None]})
    >>> idling(visits, load_method("epa-2022"))
    Idling(by_hours=300.0, by_day=100.0)
    """
    if not len(gate_visits) or idle_rate(method) != "recorded":
        return None
    if "fuel" in gate_visits:  # what has no engine does not idle
        gate_visits = gate_visits[~gate_visits["fuel"].isin(_WITHOUT_ENGINE)]
    if not len(gate_visits):
        return None
    count = _gate_visits.counts(gate_visits)
    creep = _gate_visits.speeds(gate_visits, "queue_speed_mph", _creep_mph(method))
    hours = float(count[_gate_visits.hours_recorded(gate_visits, creep)].sum())
    return Idling(hours, float(count.sum()) - hours)


@formula()
def work_rows(
    gate_visits: pd.DataFrame,
    truck_legs: pd.DataFrame,
    terminals: pd.DataFrame,
    zones: pd.DataFrame | Mapping[str, Mapping[str, Any]],
    *,
    year: int,
    method: Method,
) -> pd.DataFrame:
    """Work of drayage trucks: miles by segment, zone and speed bin, and idling.

    Parameters
    ----------
    gate_visits : pandas.DataFrame, shape (n, ...)
        ``terminal, month`` (1-12), ``engine_model_year, fuel``; optional ``count`` (1), ``technology``,
        ``visit_key``, ``on_terminal_miles`` [mile], ``on_terminal_idle_h``, ``gate_h``, ``queue_h`` [h],
        ``starts`` per visit, ``on_terminal_speed_mph`` and ``queue_speed_mph`` (of a queue that creeps) [mph]
        where they are not the method's, and ``<column>_from`` provenance.
    truck_legs : pandas.DataFrame, shape (k, ...)
        ``visit_key, zone, miles, speed_mph``: every visit with the key drives all of its legs; optional
        ``port_share``, provenance.
    terminals : pandas.DataFrame
        ``terminal, port, operator, zone, control``.
    zones : pandas.DataFrame or mapping of zone to mapping
        ``zone, in_domain, jurisdiction``, optional ``kind`` and ``segment`` (on_port or regional; without it
        roads are regional and zones of kind harbor, berth and land are on_port). Empty where the port draws
        none: everything is then in the domain.
    year : int
        Calendar year of the visits.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        Work rows with the recipe's keys. Legs outside the domain are kept, ``in_domain`` False. Quantities:
        miles (``process_set`` running), vehicle-days (idle_day), hours (idle_hour; their mass is counted
        from them but under ``idle_rate`` vehicle_day and in_rate, where they are shown and it is in idle_day
        or in the rate per mile), starts (start; where they are excluded they are shown, not
        estimated). Hours of queues lie on port roads; under ``queue_creep_mph`` they are miles.

    Raises
    ------
    ValueError
        If a leg has no miles or speed, a terminal, zone or visit_key is unknown; all in one message.
    factors.method.MethodError
        If an option lacks its number.
    """
    check(method)
    placed = _gate_visits.places(zones)
    _gate_visits.check(
        gate_visits,
        truck_legs,
        terminals,
        placed,
        hours_needed=idle_rate(method) in BY_THE_HOUR,
        starts_needed=method.option("truck_starts") == "counted",
    )
    bins = speed_bin(truck_legs["speed_mph"], _bin_rule(method))
    legs = _gate_visits.legs(truck_legs, placed, bins)
    summed = _summed(gate_visits, method)
    cells = _gate_visits.with_terminals(summed, terminals, placed)
    _gate_visits.shared_categories(cells, legs)
    running = _driven(cells, legs)
    _gate_visits.same_miles(summed, legs, running)
    rows = pd.concat(
        [running, _idle_days(cells, legs, method), *_idle_hours(cells), _starts(cells)],
        ignore_index=True,
    )
    return _keyed(rows[rows["quantity"].to_numpy() > 0].reset_index(drop=True), year, method)


def _bin_rule(method: Method) -> str:
    """MOVES's bins are centred on their names; how EMFAC's are read is the method's choice."""
    by_moves = method.option("truck_rates") in ("moves3", "moves")
    return "nearest" if by_moves else method.option("speed_bin")


def _creep_mph(method: Method) -> float:
    """Speed of queues before the gate; 0 where they stand still. [mph]"""
    if not method.option("queue_creep_mph"):
        return 0.0
    return positive_option(method, "queue_creep_mph", "creeping in queues")


def _summed(gate_visits: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Visits as cells, with the speed bins of their ways on terminals and of queues that creep (0: none)."""
    usual = positive_option(method, "on_terminal_speed_mph", "miles on terminals")
    inside = _gate_visits.speeds(gate_visits, "on_terminal_speed_mph", usual)
    creep = _gate_visits.speeds(gate_visits, "queue_speed_mph", _creep_mph(method))
    queue_bin = np.zeros(len(gate_visits), dtype=np.int64)
    queue_bin[creep > 0] = speed_bin(creep[creep > 0], _bin_rule(method))
    return _gate_visits.cells(gate_visits, speed_bin(inside, _bin_rule(method)), creep, queue_bin)


def _driven(cells: pd.DataFrame, legs: pd.DataFrame) -> pd.DataFrame:
    """All miles, on terminals, in queues and on roads."""
    crept = cells[cells["crept_miles"].to_numpy() > 0].reset_index(drop=True)
    crept = _on_terminal(crept).assign(
        mode_or_segment=_segment("on_port", crept),
        speed_bin_mph=crept["queue_bin_mph"],
        provenance=crept["queue_provenance"],
        quantity=crept["crept_miles"],
    )
    return pd.concat([_on_terminal(cells), _on_roads(cells, legs), crept], ignore_index=True)


def _on_terminal(cells: pd.DataFrame) -> pd.DataFrame:
    """Miles on terminals; at the method's speed, their provenance is a default."""
    return cells.assign(
        process_set="running",
        mode_or_segment=_segment("on_terminal", cells),
        speed_bin_mph=cells["terminal_bin_mph"],
        port_share=1.0,
        provenance=cells["terminal_provenance"],
        quantity=cells["miles"],
    )


def _on_roads(cells: pd.DataFrame, legs: pd.DataFrame) -> pd.DataFrame:
    """Every cell's visits on all legs of their key."""
    keys, first, number = np.unique(legs["visit_key"].to_numpy(str), return_index=True, return_counts=True)
    code = pd.Index(keys, dtype="str").get_indexer(pd.Index(cells["visit_key"].astype("str")))
    # Visits without a key have code -1: the last entry, which has no legs.
    repeats, start = np.append(number, 0)[code], np.append(first, 0)[code]
    cell = np.repeat(np.arange(len(cells)), repeats)
    within = np.arange(len(cell)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    rows = cells.take(cell).reset_index(drop=True)
    along = legs.take(np.repeat(start, repeats) + within).reset_index(drop=True)
    # Port shares are applied with the mass, so that the row keeps the whole way.
    rows["quantity"] = running_distance(rows["visits"], along["miles"])
    for name in ("zone", "jurisdiction", "mode_or_segment", "in_domain", "speed_bin_mph", "port_share"):
        rows[name] = along[name]
    rows["process_set"] = "running"
    rows["provenance"] = np.maximum(rows["provenance"], along["provenance"])
    return rows


def _idle_days(cells: pd.DataFrame, legs: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Vehicle-days of trucks that burn fuel, from their miles or from their visits."""
    if idle_rate(method) not in BY_THE_DAY:
        return _on_terminal(cells.iloc[:0])
    if idle_rate(method) == "recorded":
        # A visit that records its hours has its idling counted by them.
        cells = cells[~cells["hours_recorded"].to_numpy(dtype=bool)].reset_index(drop=True)
    cells = cells[cells["fuel"].isin(_FUELLED).to_numpy()].reset_index(drop=True)
    if method.option("vehicle_days") == "visits":
        per_day = positive_option(method, "visits_per_vehicle_day", 'vehicle_days = "visits"')
        days = cells["visits"] / per_day
        source = cells.assign(mode_or_segment=_segment("on_terminal", cells), port_share=1.0, quantity=days)
    else:
        # Idle knows no speed: legs alike but for it are one.
        alike = [name for name in legs.columns if name not in ("speed_bin_mph", "miles")]
        ways = legs.groupby(alike, sort=False, as_index=False)["miles"].sum().assign(speed_bin_mph=0)
        source = _driven(cells, ways)
        years = source["engine_model_year"] + int(method.option("engine_year_lag"))
        days = vehicle_days(source["quantity"], _miles_per_vehicle_day(years, method))
        source = source.assign(quantity=days, provenance=_DEFAULT)
    return source.assign(process_set="idle_day", speed_bin_mph=0)


def _miles_per_vehicle_day(model_year: pd.Series, method: Method) -> NDArray[np.float64]:
    """EMFAC's miles per vehicle and day of the category, at the model year or the nearest there is."""
    frame = method.table(SOURCE, "activity").frame
    category = frame["emfac_category"] == method.option("emfac_category")
    mine = frame[category & (frame["fuel"] == "Diesel")]
    if "model_year" not in mine:
        mine = mine.assign(model_year=0)  # a mean over model years serves them all
    per_year = mine.pivot_table(index="model_year", columns="quantity", values="value")
    known = (per_year["vmt"] / per_year["population"]).sort_index()
    place = known.index.get_indexer(pd.Index(model_year), method="nearest")
    return known.to_numpy(dtype=float)[place]


def _idle_hours(cells: pd.DataFrame) -> list[pd.DataFrame]:
    """Hours of idling on terminals and at their gates, and in queues that stand, on the roads before them."""
    idle = cells.assign(process_set="idle_hour", speed_bin_mph=0, port_share=1.0)
    inside = idle.assign(mode_or_segment=_segment("on_terminal", cells), quantity=cells["idle_h"])
    return [inside, idle.assign(mode_or_segment=_segment("on_port", cells), quantity=cells["queue_h"])]


def _starts(cells: pd.DataFrame) -> pd.DataFrame:
    """Engine starts at terminals, of trucks that burn fuel."""
    burning = cells[cells["fuel"].isin(_FUELLED).to_numpy()].reset_index(drop=True)
    return burning.assign(
        process_set="start",
        mode_or_segment=_segment("on_terminal", burning),
        speed_bin_mph=0,
        port_share=1.0,
        quantity=burning["starts"],
    )


def _keyed(rows: pd.DataFrame, year: int, method: Method) -> pd.DataFrame:
    """Name every column of the work row and of the recipe's keys, and no more."""
    size = len(rows)
    named = ("record_id", "process_set", "mode_or_segment", "fuel", "technology", "terminal", "zone")
    text = {name: rows[name].astype("category") for name in (*named, "jurisdiction", "port", "operator")}
    text["control"] = rows["control"].astype("category")
    seasons = season(np.arange(1, 13), method.option("summer_months"))
    month = rows["month"].to_numpy(dtype=np.int64)
    keys = {
        "emfac_category": _constant(method.option("emfac_category"), size),
        "season": pd.Categorical(seasons[month - 1], categories=["summer", "winter"]),
        "model_year": (rows["engine_model_year"] + int(method.option("engine_year_lag"))).astype("category"),
        "calendar_year": _constant(year, size),
        "speed_bin_mph": rows["speed_bin_mph"].astype("int64").astype("category"),
    }
    work = {
        "source_category": _constant(SOURCE, size),
        "source_type": _constant("drayage_truck", size),
        "engine_group": _constant("truck", size),
        "tier_or_model_year": rows["engine_model_year"].astype("category").cat.rename_categories(str),
        "in_domain": rows["in_domain"].to_numpy(dtype=bool),
        "port_share": rows["port_share"].to_numpy(dtype=float),
        "month": month,
        "quantity_kind": text["process_set"].cat.rename_categories(_QUANTITY),
        "quantity": rows["quantity"].to_numpy(dtype=float),
        "provenance": pd.Categorical(_gate_visits.PROVENANCE).take(rows["provenance"].to_numpy()),
    }
    frame = pd.DataFrame({**text, **work, **keys})
    return frame[list(WORK_COLUMNS) + list(keys)]


def _segment(name: str, cells: pd.DataFrame) -> pd.Series:
    """Return one segment for all cells, in the categories of the zones."""
    dtype = pd.CategoricalDtype(cells["zone"].cat.categories)
    return pd.Series(name, index=cells.index).astype(dtype)


def _constant(value: str | int, size: int) -> pd.Series:
    return pd.Series(pd.Categorical([value])).repeat(size).reset_index(drop=True)
