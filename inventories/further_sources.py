"""Work of harbor craft, locomotives, other sources and the port's meters, from its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from emissions import electricity, harbor_craft, locomotives, meters, other_sources
from factors.method import Method
from factors.recipes.harbor_craft import proxied
from inventories.voyages import zone_table

if TYPE_CHECKING:
    from inventories.activity import Activity
    from inventories.port import Port

SCREENING = (
    "harbor craft are a screening: EPA's recreational marine diesel set stands in for commercial engines; "
    "bring "
    "a table harbor_craft.emission_factors or harbor_craft.zero_hour"
)


def harbor_craft_work(
    activity: Activity, port: Port, year: int, method: Method
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return work rows of harbor craft, and a note where they rest on the proxy: a screening."""
    table = activity.tables["harbor_craft_engines"]
    rows = harbor_craft.work_rows(table, zone_table(port), year=year, method=method)
    return rows, (SCREENING,) if proxied(rows, method).any() else ()


def locomotive_work(activity: Activity, port: Port, year: int, method: Method) -> pd.DataFrame:
    """Return work rows of locomotives."""
    return locomotives.work_rows(activity.tables["locomotives"], zone_table(port), year=year, method=method)


def other_work(activity: Activity, port: Port, year: int) -> pd.DataFrame:
    """Return work rows of other sources."""
    return other_sources.work_rows(activity.tables["other_sources"], zone_table(port), year=year)


def metered_work(
    activity: Activity, port: Port, year: int, method: Method, work: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return work rows of what meters read beyond what the work of other sources has already, and notes."""
    table = activity.tables["electricity"]
    rows, notes = meters.net_rows(table, port.terminals, carried(work), year)
    return electricity.work_rows(rows, method), notes


def carried(work: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the electricity that sources are counted with.

    Parameters
    ----------
    work : mapping of str to pandas.DataFrame
        Work rows by source category; electricity being that of ships at berth.

    Returns
    -------
    pandas.DataFrame
        ``group`` (shore_power, machines, cranes, craft), ``terminal, port, month, kwh`` [kWh].
    """
    found = []
    for category, usual in (
        ("electricity", "shore_power"),
        ("cargo_handling_equipment", "machines"),
        ("harbor_craft", "craft"),
    ):
        if category not in work:
            continue
        rows = work[category]
        rows = rows[rows["quantity_kind"].astype(str) == "electricity"]
        group = pd.Series(usual, index=rows.index)
        if usual == "machines":
            group = group.mask(rows["source_type"].astype(str).str.contains("crane"), "cranes")
        places = {name: rows[name].fillna("").astype("str") for name in ("terminal", "port")}
        found.append(
            pd.DataFrame({"group": group, **places, "month": rows["month"], "kwh": rows["quantity"]})
        )
    columns = ["group", "terminal", "port", "month", "kwh"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
