"""All electricity of a year as one part: of ships, of what else draws, and of what meters read beyond."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from emissions import electricity, meters
from factors.method import Method
from factors.recipes import grid_losses
from inventories.activity import Activity
from inventories.port import Port
from inventories.work import notes
from inventories.work.part import Part


def with_electricity(
    parts: list[Part], activity: Activity, port: Port, year: int, method: Method
) -> list[Part]:
    """Make one part of all electricity: of ships, of what else draws, and of what meters read beyond."""
    if "electricity" not in method.sources:
        return parts
    ships = [part for part in parts if part.source_category == "electricity"]
    work = {part.source_category: part.rows for part in parts}
    if ships:
        work["electricity"] = pd.concat([part.rows for part in ships], ignore_index=True)
    rows, left_to_others = electricity_work(activity, port, year, method, work)
    frames = [frame for frame in (work.get("electricity"), rows) if frame is not None and len(frame)]
    if not frames:
        return parts
    others = [part for part in parts if part.source_category != "electricity"]
    told = (*(note for part in ships for note in part.notes), *map(notes.of_meters, left_to_others))
    at_meter = pd.concat(frames, ignore_index=True)
    made = [Part("electricity", at_meter, told)]
    if grid_losses.counted(method):
        made.append(Part(grid_losses.SOURCE, at_meter.assign(source_category=grid_losses.SOURCE)))
    return [*others, *made]


def electricity_work(
    activity: Activity, port: Port, year: int, method: Method, work: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, tuple[meters.MeterFact, ...]]:
    """Return work rows of what machines, trucks and craft draw and of what meters read beyond.

    Beside them, what the meters leave to other sources.

    Parameters
    ----------
    work : mapping of str to pandas.DataFrame
        Work rows by source category; electricity being that of ships at berth.
    """
    drawn = electricity.drawn(work, method)
    frames = [drawn.drop(columns="is_metered")] if len(drawn) else []
    left_to_others: tuple[meters.MeterFact, ...] = ()
    table = activity.tables["electricity"]
    if len(table):
        rows, left_to_others = meters.net_rows(table, port.terminals, carried(work, drawn), year)
        frames.append(rows)
    if not frames:
        return pd.DataFrame(), left_to_others
    return electricity.work_rows(pd.concat(frames, ignore_index=True), method, year), left_to_others


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
