"""Work rows of any source with the columns that all of them have in a year: texts as categories, states."""

from __future__ import annotations

import numpy as np
import pandas as pd

from emissions.work import DIMENSIONS

STATE_COLUMNS = (
    "load_factor",
    "hotel_share",
    "life_used",
    "hours",
    "speed_kn",
    "max_speed_kn",
    "model_year",
    "stay_hours",
    "is_at_plugged_berth",
    "is_captured",
    "has_steam_pumps",
)
"""What curves, and the measures of a scenario, read of a work row; missing where it means nothing.

``hotel_share`` is the auxiliary load of an electric-drive ship under way over its installed power, which
tells how many generators run; ``model_year`` is the keel year of a ship, else that of the engine or
locomotive; ``stay_hours`` the length of the whole stay that a row is a part of; ``is_at_plugged_berth``
says that the ship takes shore power at some time of the stay (1) or not (0); ``is_captured`` that the
exhaust of the row's engines is captured at some time of the stay; ``has_steam_pumps`` that steam drives the
ship's cargo pumps (1), something else does (0), or nobody says.
"""
TEXT_COLUMNS = (
    "record_id",
    *(name for name in DIMENSIONS if name not in ("in_domain", "month")),
    "process_set",
    "quantity_kind",
)
_BLANK = {"provenance": "given"}


def complete(rows: pd.DataFrame) -> pd.DataFrame:
    """Give work rows the columns their source has no use for, and all text as categories.

    Texts are compared once, here; classes, cells and files then work on their codes.
    """
    out = rows.reset_index(drop=True)
    for name, value in (
        {"in_domain": True, "month": 0, "port_share": 1.0} | dict.fromkeys(STATE_COLUMNS, np.nan)
    ).items():
        if name not in out:
            out[name] = value
    for name in (*TEXT_COLUMNS, *(str(key) for key in out if out[key].dtype == "str")):
        if name not in out:
            blank = pd.Index([_BLANK.get(name, "")])
            out[name] = pd.Categorical.from_codes(np.zeros(len(out), dtype=np.int64), categories=blank)
        elif not isinstance(out[name].dtype, pd.CategoricalDtype):
            out[name] = out[name].astype("str").fillna("").astype("category")
    return out
