"""Lists of vessel and equipment types, kept as data beside this module."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["equipment_types", "synonyms", "types", "vessel_types"]


@lru_cache(maxsize=4)
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = files("inventories.activity").joinpath(name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def types(name: str) -> tuple[str, ...]:
    """Canonical types of one list, ``vessel_types.csv`` or ``equipment_types.csv``."""
    return tuple(row["type"] for row in _rows(name))


def synonyms(name: str) -> dict[str, str]:
    """Other spellings -> canonical type; EPA's names of ship types are among them."""
    found = {}
    for row in _rows(name):
        for alias in [*row["aliases"].split("|"), row["description"]]:
            found[alias] = row["type"]
    for row in _rows(name):
        if row.get("epa_ship_type"):
            found.setdefault(row["epa_ship_type"], row["type"])
    return found


def vessel_types() -> pd.DataFrame:
    """Vessel types: ``type, epa_ship_type, description, aliases``, with EPA's names as its tables print them.

    Examples
    --------
    >>> vessel_types().set_index("type").loc["container", "epa_ship_type"]
    'Container Ship'
    """
    import pandas as pd

    return pd.DataFrame(list(_rows("vessel_types.csv"))).astype("str")


def equipment_types() -> pd.DataFrame:
    """Types of cargo handling equipment: ``type, description, aliases``."""
    import pandas as pd

    return pd.DataFrame(list(_rows("equipment_types.csv"))).astype("str")
