"""Drayage trucks: miles by speed bin, idling, and the work rows of gate visits.

    running  E = visits * miles per visit * rate(category, fuel, season, model year, speed bin)
    idle     E = vehicle-days * rate [g/vehicle/day], or hours * rate [g/h]

Three segments, always apart: on the terminal, on port roads, on regional roads. Visits are summed to cells
(terminal, month, model year, fuel, pattern of legs) *before* they are spread over legs, so that five million
visits cost no more than their some ten thousand cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from emissions import _gate_visits
from factors.method import Method, MethodError
from factors.recipes.trucks import positive_option

SOURCE = "heavy_duty_vehicles"
SEGMENTS = _gate_visits.SEGMENTS
SPEED_BIN_RULES = ("at_or_above", "nearest")

WORK_COLUMNS = (
    *(
        "record_id",
        "source_category",
        "source_type",
        "engine_group",
        "process_set",
        "mode_or_segment",
        "fuel",
    ),
    *(
        "technology",
        "tier_or_model_year",
        "terminal",
        "zone",
        "jurisdiction",
        "in_domain",
        "port",
        "port_share",
    ),
    *("operator", "control", "month", "quantity_kind", "quantity", "provenance"),
)
"""Columns of a truck's work row, before the keys of its factor class."""

_BIN_WIDTH_MPH = 5
_DEFAULT = _gate_visits.PROVENANCE.index("default")
_FUELLED = ("diesel", "natural_gas", "gasoline")
_QUANTITY = {"running": "distance", "idle_day": "vehicle_day", "idle_hour": "duration"}


def speed_bin(speed_mph: ArrayLike, rule: str = "at_or_above") -> NDArray[np.int64]:
    """Return the name of EMFAC's speed bin of each mean speed.

    Bins are named 5, 10, 15, ... mph. A bin that the edition lacks (70 is the fastest of port trucks) is told
    when its factor is looked up.

    Parameters
    ----------
    speed_mph : array_like, shape (n,)
        Mean speed. [mph]
    rule : {"at_or_above", "nearest"}
        The bin at or above the speed, as the R package vein reads EMFAC's names, or the nearest (the faster
        of two).

    Returns
    -------
    ndarray of int, shape (n,)
        Bin. [mph]

    Raises
    ------
    ValueError
        If a speed is missing, zero or negative, or the rule unknown.

    References
    ----------
    R package vein, ``ef_emfac``, github.com/ibarraespinosa/vein at efae85977c.

    Examples
    --------
    >>> speed_bin([2.0, 12.0, 15.0, 55.1])
    array([ 5, 15, 15, 60])
    >>> speed_bin([2.0, 12.0, 15.0, 55.1], rule="nearest")
    array([ 5, 10, 15, 55])
    """
    if rule not in SPEED_BIN_RULES:
        raise ValueError(f"speed bin rule {rule!r} is not among {', '.join(SPEED_BIN_RULES)}")
    speed = np.asarray(speed_mph, dtype=float)
    if not np.all(speed > 0):
        raise ValueError(f"{int(np.sum(~(speed > 0)))} speeds are missing or not above 0 mph")
    steps = speed / _BIN_WIDTH_MPH
    # A speed converted from km/h may miss its bin's upper edge by a rounding error.
    up = np.ceil(np.round(steps, 9)) if rule == "at_or_above" else np.floor(steps + 0.5)
    return (np.maximum(up, 1) * _BIN_WIDTH_MPH).astype(np.int64)


def running_distance(visits: ArrayLike, miles_per_visit: ArrayLike, port_share: ArrayLike = 1.0) -> Any:
    """Miles that trucks drive on a stretch that each visit drives once.

    Parameters
    ----------
    visits : array_like, shape (n,)
        Gate visits. [1]
    miles_per_visit : array_like, shape (n,)
        Length of the stretch; count it twice if it is driven in and out. [mile]
    port_share : array_like, shape (n,)
        Share of the way that is the port's, in [0, 1]. [1]

    Returns
    -------
    ndarray, shape (n,)
        Distance. [mile]

    Raises
    ------
    ValueError
        If visits or miles are negative, or a share lies outside [0, 1].

    Examples
    --------
    >>> running_distance([100.0], [12.5])
    array([1250.])
    """
    count, miles, share = (np.asarray(value, dtype=float) for value in (visits, miles_per_visit, port_share))
    if np.any(count < 0) or np.any(miles < 0):
        raise ValueError("visits and miles per visit are 0 or more")
    if np.any((share < 0) | (share > 1)):
        raise ValueError("a share lies in [0, 1]")
    return count * miles * share


def season(month: ArrayLike, summer_months: str = "5-10") -> NDArray[Any]:
    """Return EMFAC's season, ``summer`` or ``winter``, of local months.

    Parameters
    ----------
    month : array_like of int, shape (n,)
        1 to 12.
    summer_months : str
        First and last month of summer, ``"5-10"``.

    Examples
    --------
    >>> season([1, 5, 10, 11]).tolist()
    ['winter', 'summer', 'summer', 'winter']
    """
    first, _, last = summer_months.partition("-")
    if not (first.strip().isdigit() and last.strip().isdigit() and 1 <= int(first) <= int(last) <= 12):
        raise MethodError(f"option summer_months is {summer_months!r}; write first-last, for example 5-10")
    number = np.asarray(month)
    return np.where((number >= int(first)) & (number <= int(last)), "summer", "winter")


def vehicle_days(miles: ArrayLike, miles_per_vehicle_day: ArrayLike) -> Any:
    """Vehicle-days that a distance stands for, at a category's mean miles per vehicle and day. [vehicle_day]

    EMFAC prints idle in grams per vehicle-day and, for the same trucks, miles per vehicle-day (122 for T7
    POLA). Their quotient is idle per mile; this is the same thing in two steps, so that the rate stays as
    printed.

    Examples
    --------
    >>> vehicle_days([244.924], [122.462])
    array([2.])
    """
    return np.asarray(miles, dtype=float) / np.asarray(miles_per_vehicle_day, dtype=float)


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
        ``visit_key``, ``on_terminal_miles`` [mile], ``on_terminal_idle_h``, ``queue_h`` [h] per visit, and
        ``<column>_from`` provenance.
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
        miles (``process_set`` running), vehicle-days (idle_day), hours (idle_hour; mass is counted from them
        only under ``idle_rate = emfac_ratio``, otherwise they are shown and their mass is in idle_day).

    Raises
    ------
    ValueError
        If a leg has no miles or speed, a terminal, zone or visit_key is unknown; all in one message.
    factors.method.MethodError
        If an option lacks its number.
    """
    placed = _gate_visits.places(zones)
    hours_needed = method.option("idle_rate") == "emfac_ratio"
    _gate_visits.check(gate_visits, truck_legs, terminals, placed, hours_needed=hours_needed)
    bins = speed_bin(truck_legs["speed_mph"], method.option("speed_bin"))
    legs = _gate_visits.legs(truck_legs, placed, bins)
    summed = _gate_visits.cells(gate_visits)
    cells = _gate_visits.with_terminals(summed, terminals, placed)
    _gate_visits.shared_categories(cells, legs)
    running = _driven(cells, legs, method)
    _gate_visits.same_miles(summed, legs, running)
    rows = pd.concat([running, _idle_days(cells, legs, method), _idle_hours(cells)], ignore_index=True)
    return _keyed(rows[rows["quantity"].to_numpy() > 0].reset_index(drop=True), year, method)


def _driven(cells: pd.DataFrame, legs: pd.DataFrame, method: Method) -> pd.DataFrame:
    """All miles, on terminals and on roads."""
    return pd.concat([_on_terminal(cells, method), _on_roads(cells, legs)], ignore_index=True)


def _on_terminal(cells: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Miles on terminals, at the method's speed: its provenance is a default."""
    speed = positive_option(method, "on_terminal_speed_mph", "miles on terminals")
    return cells.assign(
        process_set="running",
        mode_or_segment=_segment("on_terminal", cells),
        speed_bin_mph=speed_bin([speed], method.option("speed_bin"))[0],
        port_share=1.0,
        provenance=_DEFAULT,
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
    if method.option("idle_rate") != "vehicle_day":
        return _on_terminal(cells.iloc[:0], method)
    cells = cells[cells["fuel"].isin(_FUELLED).to_numpy()].reset_index(drop=True)
    if method.option("vehicle_days") == "visits":
        per_day = positive_option(method, "visits_per_vehicle_day", 'vehicle_days = "visits"')
        days = cells["visits"] / per_day
        source = cells.assign(mode_or_segment=_segment("on_terminal", cells), port_share=1.0, quantity=days)
    else:
        # Idle knows no speed: legs alike but for it are one.
        alike = [name for name in legs.columns if name not in ("speed_bin_mph", "miles")]
        ways = legs.groupby(alike, sort=False, as_index=False)["miles"].sum().assign(speed_bin_mph=0)
        source = _driven(cells, ways, method)
        years = source["engine_model_year"] + int(method.option("engine_year_lag"))
        days = vehicle_days(source["quantity"], _miles_per_vehicle_day(years, method))
        source = source.assign(quantity=days, provenance=_DEFAULT)
    return source.assign(process_set="idle_day", speed_bin_mph=0)


def _miles_per_vehicle_day(model_year: pd.Series, method: Method) -> NDArray[np.float64]:
    """EMFAC's miles per vehicle and day of the category, at the model year or the nearest there is."""
    frame = method.table(SOURCE, "activity").frame
    category = frame["emfac_category"] == method.option("emfac_category")
    mine = frame[category & (frame["fuel"] == "Diesel")]
    per_year = mine.pivot_table(index="model_year", columns="quantity", values="value")
    known = (per_year["vmt"] / per_year["population"]).sort_index()
    place = known.index.get_indexer(pd.Index(model_year), method="nearest")
    return known.to_numpy(dtype=float)[place]


def _idle_hours(cells: pd.DataFrame) -> pd.DataFrame:
    """Hours of idling and queueing at terminals."""
    return cells.assign(
        process_set="idle_hour",
        mode_or_segment=_segment("on_terminal", cells),
        speed_bin_mph=0,
        port_share=1.0,
        quantity=cells["idle_h"],
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
