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


def electricity_work(
    activity: Activity, port: Port, year: int, method: Method, work: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return work rows of what machines, trucks and craft draw and of what meters read beyond, and notes.

    Parameters
    ----------
    work : mapping of str to pandas.DataFrame
        Work rows by source category; electricity being that of ships at berth.
    """
    drawn = electricity.drawn(work, method)
    frames = [drawn.drop(columns="is_metered")] if len(drawn) else []
    notes: tuple[str, ...] = ()
    table = activity.tables["electricity"]
    if len(table):
        rows, notes = meters.net_rows(table, port.terminals, carried(work, drawn), year)
        frames.append(rows)
    if not frames:
        return pd.DataFrame(), notes
    return electricity.work_rows(pd.concat(frames, ignore_index=True), method, year), notes


def carried(work: Mapping[str, pd.DataFrame], drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the electricity that sources are counted with, which meters of the port may read too.

    Parameters
    ----------
    work : mapping of str to pandas.DataFrame
        Work rows by source category; electricity being that of ships at berth.
    drawn : pandas.DataFrame
        What all else draws; see `emissions.electricity.drawn`.

    Returns
    -------
    pandas.DataFrame
        ``group`` (one of `emissions.meters.GROUPS`), ``terminal, port, month, kwh`` [kWh].
    """
    columns = ["group", "terminal", "port", "month", "kwh"]
    frames = []
    if "electricity" in work:
        rows = work["electricity"]
        places = {name: rows[name].fillna("").astype("str") for name in ("terminal", "port")}
        group = rows["use"].astype("str")
        frames.append(
            pd.DataFrame({"group": group, **places, "month": rows["month"], "kwh": rows["quantity"]})
        )
    if len(drawn):
        crane = drawn["source_type"].str.contains("crane")
        machines = drawn["use"] == "equipment"
        group = pd.Series(meters.CRAFT, index=drawn.index)
        group = group.mask(drawn["use"] == "trucks", meters.TRUCKS)
        group = group.mask(machines & ~drawn["is_metered"], meters.BY_HOURS)
        group = group.mask(machines & drawn["is_metered"], meters.MACHINES)
        group = group.mask(machines & drawn["is_metered"] & crane, meters.CRANES)
        frames.append(drawn.assign(group=group, kwh=drawn["quantity"])[columns])
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
