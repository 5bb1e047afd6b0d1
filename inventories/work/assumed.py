"""What a work row rests on that nobody stated: its attributes from defaults, peers or conversions, by name.

The provenance of a row is the worst of its attributes. Here each attribute is told by itself, as a reader
calls it, so that a total can say what its largest weakness is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import classify

ASSUMED = ("converted", "median", "default")
"""Provenance that is an assumption about a record; given, registry and same ship are statements of it."""
APART = "|"
"""Parts the names of attributes in a text."""

_WORDS = {"converted": "converted", "median": "peers' median", "default": "default"}
_SHIP = "ocean_going_vessels"
_SHIP_LOADS = {"auxiliary": "auxiliary loads", "boiler": "boiler loads"}
_MOVING = {
    "power_from": "main engine power",
    "speed_from": "maximum speed",
    "engine_from": "main engine type",
}
_READ = (
    *("engine_group", "process_set", "technology", "provenance"),
    *("loads_from", *_MOVING, "tier_from", "times_from"),
    *("is_tier_assumed", "is_load_assumed"),
)


def assumed_attributes(source_category: str, rows: pd.DataFrame) -> pd.Categorical:
    """Return which attributes of each row are assumed, in words, parted by `APART`; empty where none is.

    Parameters
    ----------
    source_category : str
    rows : pandas.DataFrame, shape (n, ...)
        Work rows with ``engine_group, process_set, provenance``; of ships the ``_from`` columns of their
        attributes, too.

    Returns
    -------
    pandas.Categorical, shape (n,)

    Examples
    --------
    >>> rows = pd.DataFrame({"engine_group": ["auxiliary", "boiler"], "loads_from": ["default", "given"]})
    >>> list(assumed_attributes("ocean_going_vessels", rows))
    ['default auxiliary loads', '']
    """
    number, rows = classify(rows[[name for name in _READ if name in rows]])  # few differ in what is read here
    of_source = {_SHIP: _of_ships, "harbor_craft": _of_craft}.get(source_category)
    flags = of_source(rows) if of_source else _of_others(source_category, rows)
    code = np.zeros(len(rows), dtype=np.int64)
    for place, is_so in enumerate(flags.values()):
        code |= is_so.astype(np.int64) << place
    met, row_code = np.unique(code, return_inverse=True)
    names = list(flags)
    texts = [APART.join(name for place, name in enumerate(names) if one >> place & 1) for one in met.tolist()]
    return pd.Categorical.from_codes(row_code[number], categories=texts)  # type: ignore[call-overload]


def _of_ships(rows: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Attributes that decide the work or the factor of each engine group, and no others."""
    group = rows["engine_group"].astype(str).to_numpy()
    flags: dict[str, NDArray[np.bool_]] = {}
    for name, words in _SHIP_LOADS.items():
        flags |= _marked(rows, "loads_from", words, group == name)
    for column, words in _MOVING.items():
        flags |= _marked(rows, column, words, group == "propulsion")
    flags |= _marked(rows, "tier_from", "engine tier", group != "boiler")
    return flags | _marked(rows, "times_from", "times", np.full(len(rows), True))


def _marked(
    rows: pd.DataFrame, column: str, words: str, matters: NDArray[np.bool_]
) -> dict[str, NDArray[np.bool_]]:
    if column not in rows:
        return {}
    mark = rows[column].astype(str).to_numpy()
    return {f"{_WORDS[kind]} {words}": matters & (mark == kind) for kind in ASSUMED}


def _of_others(source_category: str, rows: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Sources whose rows know only that something is assumed: what it is follows from the kind of work."""
    names = _assumption_of(source_category, rows)
    mark = rows["provenance"].astype(str).to_numpy() if "provenance" in rows else np.full(len(rows), "given")
    assumed = np.isin(mark, ASSUMED)
    return {
        f"{_WORDS[kind]} {name}": assumed & (mark == kind) & (names == name)
        for kind in ASSUMED
        for name in dict.fromkeys(names[mark == kind].tolist())
    }


def _assumption_of(source_category: str, rows: pd.DataFrame) -> NDArray[np.object_]:
    process = _text(rows, "process_set")
    if source_category == "heavy_duty_vehicles":
        by_process = {"idle_day": "vehicle-days of idling", "running": "speeds off the road"}
        return np.array([by_process.get(name, "truck activity") for name in process], dtype=object)
    if source_category == "cargo_handling_equipment":
        by_hours = _text(rows, "technology") == "electric_by_hours"
        return np.where(by_hours, "electricity draws", "load factors").astype(object)
    if source_category == "locomotives":
        by_work = process == "work"
        return np.where(by_work, "load factors or tiers", "locomotive tiers").astype(object)
    return np.full(len(rows), "activity", dtype=object)


def _of_craft(rows: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Tiers by model year, load factors, and engines that were put in place of a craft's own."""
    names = {"is_tier_assumed": "default engine tiers", "is_load_assumed": "default load factors"}
    flags = {words: rows[column].to_numpy(dtype=bool) for column, words in names.items() if column in rows}
    told = np.any(list(flags.values()), axis=0) if flags else np.full(len(rows), False)
    return flags | {"default engines": np.isin(_text(rows, "provenance"), ASSUMED) & ~told}


def _text(rows: pd.DataFrame, column: str) -> NDArray[np.object_]:
    if column not in rows:
        return np.full(len(rows), "", dtype=object)
    return np.asarray(rows[column].astype(str).to_numpy(), dtype=object)
