"""What a reader has to know of the work of equipment, in words: devices, on-road engines, stated fuel."""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.fuel_volume import density
from factors.method import Method
from factors.recipes.equipment import carb, devices
from factors.recipes.equipment.names import ENGINES, SOURCE
from inventories.work import fuel_notes

_TELL_FROM = 0.05
"""Share by which stated and implied fuel may differ without being called far off."""


def of_devices(rows: pd.DataFrame, method: Method) -> tuple[str, ...]:
    """Say how many records have verified particle devices, and what became of them; nothing without any.

    Parameters
    ----------
    rows : pandas.DataFrame
        Work rows of equipment.
    method : Method
    """
    fitted = ~rows["device"].isin(["", "none"])
    if not fitted.any():
        return ()
    levels = ", ".join(f"level {level}" for level in sorted(set(rows.loc[fitted, "device"])))
    head = f"verified particle devices ({levels}) on {_records(rows, fitted)}"
    own = carb.in_force(method) and method.has_table(SOURCE, carb.CONTROL)
    if not own and method.option("device_credit") == "none":
        return (f"{head}: recorded and not credited (device_credit = none)",)
    mine = rows[fitted]
    work = mine["quantity"].to_numpy(dtype=float)
    whole = float(work.sum())
    if not whole:
        return (f"{head}: nothing to credit",)
    diesel = (mine["fuel"].map(ENGINES) == "diesel").to_numpy()
    older = devices.older_share(mine, method)
    if carb.in_force(method) and carb.brings_own(method):
        older = np.ceil(older)  # the form goes by model year: a mixture with older engines counts as older
    parts = {
        "by the port's own table" if own else "with the least reduction of the level": older,
        "not credited, as engines of Tier 4 are certified with the treatment they have": (1 - older) * diesel,
        "not credited on engines that are no diesels: 13 CCR 2702 verifies diesel strategies": ~diesel,
    }
    shares = {words: float((work * share).sum()) / whole for words, share in parts.items()}
    credited, *others = (f"{share:.1%} of that work {words}" for words, share in shares.items() if share > 0)
    if shares[next(iter(shares))] > 0:
        credited = f"credited on {credited}"
    return (f"{head}: {'; '.join([credited, *others])}",)


def of_unmetered(rows: pd.DataFrame) -> tuple[str, ...]:
    """Warn of machines without a meter whose electricity nobody knows; nothing where all is known.

    Parameters
    ----------
    rows : pandas.DataFrame
        Work rows of equipment.
    """
    mine = rows[(rows["technology"] == "electric_unmetered") & (rows["quantity"] > 0)]
    if mine.empty:
        return ()
    kinds = mine.groupby("source_type", sort=True)["record_id"].nunique()
    named = ", ".join(f"{count:,} {str(kind).replace('_', ' ')}" for kind, count in kinds.items())
    return (
        f"WARNING: electricity of {int(kinds.sum()):,} records of electric equipment without kwh_metered is "
        f"not estimated, and sums of electricity lack it ({named}): give kwh_metered; only yard tractors and "
        "AGVs have a draw by the hour (option electric_tractor)",
    )


def of_on_road_engines(rows: pd.DataFrame, method: Method) -> tuple[str, ...]:
    """Say how many records have on-road diesels without an off-road standard, and how these are rated.

    Parameters
    ----------
    rows : pandas.DataFrame
        Work rows of equipment.
    method : Method
    """
    mine = (rows["certification"] == "on_road") & (rows["tier"] == "")
    mine &= rows["fuel"].map(ENGINES) == "diesel"
    if not mine.any() or (carb.in_force(method) and carb.brings_own(method)):
        return ()
    did = (
        "rated as the off-road standard whose limits they meet, marked"
        if method.option("on_road_engines") == "by_limits"
        else "rated as off-road engines of their year (on_road_engines = ignore)"
    )
    return (f"on-road engines in {_records(rows, mine)}: {did}",)


def _records(rows: pd.DataFrame, those: pd.Series) -> str:
    """Number of records, and their share of the engine work."""
    is_engine = rows["quantity_kind"] == "energy"
    whole = float(rows.loc[is_engine, "quantity"].sum())
    mine = rows[those & is_engine]
    share = float(mine["quantity"].sum()) / whole if whole else 0.0
    return f"{mine['record_id'].nunique():,} records of equipment ({share:.1%} of its engine work)"


def of_fuel(fuel: pd.DataFrame, method: Method, table: pd.DataFrame | None = None) -> tuple[str, ...]:
    """Say how stated fuel compares with implied fuel, by type of machine, and what became of it.

    Parameters
    ----------
    fuel : pandas.DataFrame
        As `by_machine` gives it.
    method : Method
    table : pandas.DataFrame, optional
        The activity, row for row; ``_file`` and ``_row`` say where a record is.

    Returns
    -------
    tuple of str
        Empty where no fuel was stated.
    """
    if not (fuel["state"] != "blank").any():
        return ()
    said = []
    compared = fuel[fuel["state"] == "compared"]
    if len(compared):
        taken = method.option("equipment_fuel") == "stated"
        parts = [_of_type(str(kind), group) for kind, group in compared.groupby("type", sort=True)]
        did = "the work was scaled to it" if taken else "hours and load were kept (option equipment_fuel)"
        said.append(f"stated fuel of equipment against what its work implies: {'; '.join(parts)}; {did}")
        ratio = (compared["stated_kg"] / compared["implied_kg"]).where(compared["implied_kg"] > 0)
        said += fuel_notes.far_off(
            ratio, compared["unit_id"].astype("str"), table, "records of equipment", did
        )
    for state, words in (
        ("zero", "is 0, which was not taken"),
        ("no engine work", "stands with a machine that does no engine work, and was not used"),
        ("no density", "is of a fuel without a density in the tables, and was not compared"),
    ):
        here = fuel.loc[fuel["state"] == state, "unit_id"]
        if len(here):
            first = ", ".join(here.head(3))
            said.append(f"fuel_used of {len(here):,} rows of equipment {words} (first: {first})")
    return tuple(said)


def _of_type(kind: str, group: pd.DataFrame) -> str:
    stated, implied = group["stated_kg"].sum(), group["implied_kg"].sum()
    off = (group["stated_kg"] / group["implied_kg"] - 1).abs() > _TELL_FROM
    volume = density("fuel:diesel")
    gallons = volume.gallons_per_kg if volume else np.nan
    far = f", {int(off.sum()):,} of {len(group):,} rows more than {_TELL_FROM:.0%} off"
    return (
        f"{kind.replace('_', ' ')} {stated * gallons:,.0f} stated and {implied * gallons:,.0f} implied "
        f"gallons as diesel ({stated / implied:.2f}{far})"
    )
