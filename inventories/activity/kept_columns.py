"""Columns that are read, checked and kept for the port's own use, and that no number rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventories.activity.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KEPT_COLUMNS", "idle_hulls", "idle_in", "kept_in"]

_OF_STAY = ("berth", "cargo_tonnes", "passengers")

KEPT_COLUMNS: dict[str, tuple[str, ...]] = {
    "calls": ("purpose", "service", "confidential", *_OF_STAY),
    "stops": _OF_STAY,
    "vessels": ("name", "engine_count", "is_shore_power_capable"),
    "vessel_registry": ("name", "engine_count", "is_shore_power_capable"),
    "gate_visits": ("truck_id",),
    "truck_legs": ("load_state", "purpose"),
    "equipment": ("repower_date", "owner"),
    "electricity": ("supplier", "contract"),
    "other_sources": ("note",),
    "cargo": ("share_truck", "share_on_dock", "share_near_dock", "share_off_dock"),
}
"""By table, under their names after reading. A column that no calculation uses belongs here."""


def kept_in(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Return the kept columns that a port's files fill, as ``table.column``.

    Examples
    --------
    >>> import pandas as pd
    >>> kept_in({"electricity": pd.DataFrame({"supplier": ["city"], "contract": [None]})})
    ['electricity.supplier']
    """
    return [
        f"{name}.{column}"
        for name, columns in KEPT_COLUMNS.items()
        for column in columns
        if name in tables
        and column in tables[name]
        and _is_filled(tables[name][column], TABLES[name].column(column).default)
    ]


def _is_filled(values: pd.Series, default: object) -> bool:
    """Whether anybody wrote something: the default in every row may stand there unwritten."""
    written = values.dropna()
    return bool(len(written)) and not (default is not None and bool((written == default).all()))


_ELECTRIC = ("electric",)
_BURNLESS = ("electric", "hydrogen")
_TANKERS = ("oil_tanker", "chemical_tanker", "liquefied_gas_tanker", "other_tanker")
_DIESEL = ("diesel", "renewable_diesel", "biodiesel")


_LAWS_OF_SPEED = ("propeller_law", "fixed")
_LAWS_OF_HULLS = ("holtrop_mennen", "kristensen")
_HULLS = ("length_m", "breadth_m", "displacement_m3", "deadweight_t", "propellers")


def idle_hulls(tables: dict[str, pd.DataFrame], load_model: str) -> list[str]:
    """Say which filled dimensions of ships a model of propulsion load has no use for.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
    load_model : str
        The method's option; empty where it has no such option.

    Examples
    --------
    >>> import pandas as pd
    >>> ships = pd.DataFrame({"length_m": [200.0], "draught_max_m": [12.0]})
    >>> idle_hulls({"vessels": ships}, "admiralty")
    ['vessels: used for nothing with load_model = admiralty: length_m']
    """
    if not load_model:
        return []
    idle = () if load_model in _LAWS_OF_HULLS else _HULLS
    idle = (*idle, "draught_max_m") if load_model in _LAWS_OF_SPEED else idle
    said = []
    for table in ("vessels", "vessel_registry"):
        frame = tables.get(table)
        filled = [name for name in idle if frame is not None and name in frame and frame[name].notna().any()]
        if filled:
            said.append(f"{table}: used for nothing with load_model = {load_model}: {', '.join(filled)}")
    return said


def idle_in(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Say of which rows a filled column is used for nothing, since the record is not of the kind it is of.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        Activity, with ``_file`` and ``_row``.

    Returns
    -------
    list of str
        A sentence for each column; empty where every cell is used.

    Examples
    --------
    >>> import pandas as pd
    >>> loader = pd.DataFrame({"fuel": ["diesel"], "kwh_metered": [5.0], "_file": ["e.csv"], "_row": [2]})
    >>> idle_in({"equipment": loader})[0].partition(" (")[0]
    'equipment.kwh_metered is used for nothing in 1 row of machines that are not electric'
    """
    said = []
    for table, column, kinds, inside, words in (
        ("equipment", "kwh_metered", _ELECTRIC, False, "machines that are not electric"),
        ("equipment", "hydrogen_used_kg", ("hydrogen",), False, "machines that use no hydrogen"),
        ("equipment", "cumulative_hours", _BURNLESS, True, "machines without an engine"),
        ("equipment", "device_level", _BURNLESS, True, "machines without an engine"),
        ("equipment", "tier", _DIESEL, False, "machines that are no diesels"),
        ("equipment", "scc", _BURNLESS, True, "machines without an engine"),
        ("equipment", "load_factor", _BURNLESS, True, "machines without an engine"),
        ("harbor_craft_engines", "kwh_metered", _ELECTRIC, False, "engines that are not electric"),
        ("harbor_craft_engines", "tier", _ELECTRIC, True, "electric drives"),
        ("harbor_craft_engines", "cumulative_hours", _ELECTRIC, True, "electric drives"),
        ("harbor_craft_engines", "load_factor", _ELECTRIC, True, "electric drives"),
        ("vessels", "pump_drive", _TANKERS, False, "ships that are no tankers"),
    ):
        frame = tables.get(table)
        if frame is None or column not in frame or not len(frame):
            continue
        written = frame[column].notna() & ~frame[column].astype("str").isin(["", "none"])
        kind = frame["type" if table == "vessels" else "fuel"]
        idle = frame[written & (kind.isin(kinds) == inside)]
        if len(idle):
            first = f"{idle['_file'].iloc[0]} row {idle['_row'].iloc[0]}"
            rows = f"{len(idle):,} row{'s' if len(idle) > 1 else ''}"
            said.append(f"{table}.{column} is used for nothing in {rows} of {words} (first: {first})")
    return said
