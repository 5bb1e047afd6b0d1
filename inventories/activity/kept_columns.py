"""Columns that are read, checked and kept for the port's own use, and that no number rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KEPT_COLUMNS", "kept_in"]

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
        if name in tables and column in tables[name] and tables[name][column].notna().any()
    ]
