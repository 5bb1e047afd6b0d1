"""Every record is in the result, or named: by table, how many were read, worked, without work, rejected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from inventories.activity.kept_columns import idle_hulls, idle_in, kept_in

if TYPE_CHECKING:
    from inventories.activity import Activity
    from inventories.port.port import Port
    from inventories.work.part import Part

__all__ = ["Account", "account", "accounts", "unused"]

_NAMED = 3
_VISIT_NUMBERS = ("month", "engine_model_year")
_VISIT_TEXTS = ("fuel", "technology", "visit_key")


@dataclass(frozen=True)
class Account:
    """What became of the records of one table.

    Attributes
    ----------
    table : str
    read, worked, without_work, rejected : int
        Records that can be used, those that have work rows, those that have none, and rows in `rejected`. A
        record of counts (gate visits of one kind and month) is one.
    first : tuple of (str, str, int)
        Record, file and row of the first of those without work.
    """

    table: str
    read: int
    worked: int
    without_work: int
    rejected: int
    first: tuple[tuple[str, str, int], ...] = ()

    def numbers(self) -> dict[str, int]:
        """Return the counts, as a manifest keeps them."""
        return {"read": self.read, "worked": self.worked, "without_work": self.without_work,
                "rejected": self.rejected}  # fmt: skip

    def sentence(self) -> str:
        """Say what has no work; empty where all have."""
        if not self.without_work:
            return ""
        named = "; ".join(f"{record}, {file} row {row}" for record, file, row in self.first)
        return (
            f"{self.without_work:,} of {self.read:,} records of {self.table} have no work in this year: no "
            f"hours, fuel, energy or miles within it are counted for them ({named})"
        )


def accounts(
    activity: Activity, parts: Iterable[Part], known: Mapping[str, str], sources: Iterable[str]
) -> list[Account]:
    """Return the account of each table that a source of the method comes from.

    Parameters
    ----------
    activity : Activity
    parts : iterable of Part
        What each source category brought.
    known : mapping of str to str
        Source category to the table it comes from.
    sources : iterable of str
        Sources that the method covers; tables of others are named as not covered elsewhere.

    Raises
    ------
    AssertionError
        If there is work of a record that was not read: a fault of ours, never of the data.
    """
    rows: dict[str, set[str]] = {}
    work: dict[str, set[str]] = {}
    for part in parts:
        if len(part.rows):
            record = part.rows["record_id"].astype(str)
            rows.setdefault(part.source_category, set()).update(record.unique())
            some = (part.rows["quantity"] > 0).to_numpy()
            work.setdefault(part.source_category, set()).update(record[some].unique())
    covered = set(sources)
    return [
        account(table, activity, work.get(source, set()), rows.get(source, set()))
        for source, table in known.items()
        if source in covered and len(activity.tables[table])
    ]


def account(table: str, activity: Activity, worked: set[str], rows: set[str]) -> Account:
    """Account for the records of one table by the names that their work rows carry, with work or without."""
    frame = activity.tables[table]
    if table == "gate_visits":  # many are one record, and naming each would take longer than counting them
        frame = frame.drop_duplicates([*_VISIT_NUMBERS, *_VISIT_TEXTS, "terminal"])
    record = _record(table, frame)
    own = frame.assign(record=record).drop_duplicates("record")
    has = own["record"].isin(worked)
    strange = rows - set(own["record"]) if table != "electricity" else set()
    if strange:
        raise AssertionError(f"{table}: work of records that were not read: {sorted(strange)[:_NAMED]}")
    bare = own[~has].head(_NAMED)
    return Account(
        table=table,
        read=len(own),
        worked=int(has.sum()),
        without_work=int((~has).sum()),
        rejected=int((activity.rejected["table"] == table).sum()),
        first=tuple(
            (str(name), str(file), int(row))
            for name, file, row in zip(bare["record"], bare["_file"], bare["_row"], strict=True)
        ),
    )


def _record(table: str, frame: pd.DataFrame) -> pd.Series:
    """Name of each record as its work rows carry it."""
    if table == "calls":
        return frame["call_id"].astype("str")
    if table == "equipment":
        return frame["unit_id"].astype("str")
    if table == "harbor_craft_engines":
        return frame["craft_id"].astype("str") + "/" + frame["engine_id"].astype("str")
    if table == "electricity":
        return "meter " + frame["meter"].astype("str")
    if table == "other_sources":
        return frame["name"].astype("str")
    if table == "locomotives":
        number = pd.Series(range(1, len(frame) + 1), index=frame.index).astype("str")
        stated = frame["record"].astype("str").fillna("")
        return stated.mask(stated == "", frame["kind"].astype("str") + " " + number)
    if table == "gate_visits":
        named = frame["terminal"].astype("str")
        for part in _VISIT_NUMBERS:
            named = named + "/" + frame[part].astype("int64").astype("str")
        for part in _VISIT_TEXTS:
            named = named + "/" + frame[part].astype("str").fillna("")
        return named
    raise KeyError(table)


def unused(activity: Activity, port: Port, load_model: str = "") -> list[str]:
    """Say what was read and is used by nothing: columns, ships without a call, ways nobody drives, keys.

    Returns
    -------
    list of str
        A sentence each; empty where everything is used.
    """
    tables = activity.tables
    said = []
    kept = kept_in(tables)
    if kept:
        said.append(f"columns read and kept, on which no number rests: {', '.join(kept)}")
    said += [*idle_in(tables), *idle_hulls(tables, load_model)]
    for name, key, of, by, words in (
        ("vessels", "vessel_id", "calls", "vessel_id", "ships have no call in this year"),
        (
            "truck_legs",
            "visit_key",
            "gate_visits",
            "visit_key",
            "patterns of ways are driven by no gate visit",
        ),
    ):
        keys = tables[name][key].drop_duplicates()
        idle = keys[~keys.isin(tables[of][by].drop_duplicates())]
        if len(idle):
            named = ", ".join(idle.astype("str").head(_NAMED))
            said.append(f"{name}: {len(idle):,} {words} (first: {named}): they are not used")
    stated: dict[str, Any] = {
        "denominators": port.denominators,
        "geography.land_zones": port.geography.land_zones,
        "geography.coastline": port.geography.coastline,
    }
    keys_unused = [key for key, value in stated.items() if value]
    if keys_unused:
        said.append(f"port.toml: keys read and used by nothing: {', '.join(keys_unused)}")
    return said
