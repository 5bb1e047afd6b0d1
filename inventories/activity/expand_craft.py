"""Harbor craft in the simple form, one row per craft, as engines; what is assumed is marked default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factors.tables import load_table
from inventories.activity.marked_rows import mark
from inventories.activity.problems import ProblemLog

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["expand_craft"]

_EDITION, _TABLE = "harbor-craft-epa-proxy", "auxiliary_power"


def expand_craft(engines: pd.DataFrame, log: ProblemLog) -> pd.DataFrame:
    """Give each craft its engines.

    A row with neither engine nor role is a craft: its propulsion engines share the power, and its auxiliaries
    are those of ``auxiliary_kw``, else what EPA's guidance has for tugs and pilot boats. They run the hours
    of the craft and have its model year.

    Parameters
    ----------
    engines : pandas.DataFrame
        Rows as read.
    log : ProblemLog
        Told what was assumed.

    Returns
    -------
    pandas.DataFrame
        With ``role_from, engine_id_from, power_kw_from`` where something was assumed.
    """
    import pandas as pd

    craft = engines["role"].isna() & engines["engine_id"].isna()
    auxiliaries = _auxiliaries(engines[craft], log)
    found = engines.copy()
    nameless = found["engine_id"].isna() & ~craft
    roleless = found["role"].isna()
    mark(found, "role", roleless, "default")
    mark(found, "engine_id", craft | nameless, "default")
    mark(found, "power_kw", craft & False, "default")
    number = found.groupby("craft_id", sort=False).cumcount() + 1
    # Fuel of a row per craft is that of all its engines.
    found["is_fuel_of_craft"] = craft & found["fuel_used_l"].notna()
    found["role"] = found["role"].mask(roleless, "propulsion")
    found["engine_id"] = found["engine_id"].mask(craft, "propulsion")
    found["engine_id"] = found["engine_id"].mask(nameless, found["role"] + " " + number.astype("str"))
    for column in ("power_kw", "power_hp"):
        found[column] = found[column].mask(craft, found[column] / found["count"])
    # What is done at the home berth is done by the auxiliaries.
    for column in ("home_hours", "home_kwh_metered"):
        found[column] = found[column].mask(craft)
    if craft.any():
        log.note(
            f"{int(craft.sum()):,} harbor craft given as one row each were taken as engines, marked default"
        )
    if auxiliaries.empty:
        return found
    return pd.concat([found, auxiliaries.reindex(columns=found.columns)], ignore_index=True)


def _auxiliaries(craft: pd.DataFrame, log: ProblemLog) -> pd.DataFrame:
    import numpy as np

    table = load_table(_EDITION, _TABLE)
    asked = craft[["craft_type"]].assign(role="auxiliary")
    usual = table.has(asked, "installed_power")
    power = craft["auxiliary_kw"].copy()
    assumed = power.isna() & usual
    power[assumed] = table.find(asked[assumed], "installed_power").to("kW")
    if (power.isna()).any():
        log.note(
            f"{int(power.isna().sum()):,} harbor craft given as one row each have no auxiliary engines: "
            "auxiliary_kw "
            "is blank, and no usual power was read for their type"
        )
    found = craft.assign(
        power_kw=power,
        power_hp=np.nan,
        count=1.0,
        role="auxiliary",
        engine_id="auxiliary",
        role_from="default",
        engine_id_from="default",
        power_kw_from=np.where(assumed, "default", "given"),
        load_factor=np.nan,
        cumulative_hours=np.nan,
        cylinder_l=np.nan,
        kwh_metered=np.nan,
        is_fuel_of_craft=craft["fuel_used_l"].notna(),
    )
    # An electric craft has no auxiliary engine unless it says so.
    keep = (found["power_kw"] > 0) & ((found["fuel"] != "electric") | craft["auxiliary_kw"].notna())
    return found[keep]
