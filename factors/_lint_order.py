"""What must fall along a table: NOx with tier and rated speed, rates along the model years."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from factors._lint_checks import POLLUTANTS, Remark, Table
from factors._lint_checks import others as keys_but


def tier_order(table: Table) -> list[Remark]:
    """A later tier never emits more NOx: the certification limits order them."""
    found: list[Remark] = []
    for column in ("tier", "imo_tier", "tech_type"):
        if column not in table.keys:
            continue
        # Only plain tiers: the sub-types of Tier 4 (T4IA, T4FB) are not ordered among themselves.
        rank = table.rows[column].str.extract(r"^(?:tier\s*|t)(\d)$", flags=re.IGNORECASE)[0].astype(float)
        message = "a later tier is certified to less NOx"
        found += _rising(table, column, rank, "tier order", message, slack=1.0001)
    return found


_SWAPPED_TIERS = 3


def engine_order(table: Table) -> list[Remark]:
    """A faster engine emits less NOx: the limits fall with rated speed."""
    if "engine_type" not in table.keys:
        return []
    rank = table.rows["engine_type"].map({"SSD": 0.0, "MSD": 1.0, "HSD": 2.0})
    message = "NOx falls with rated speed (MARPOL Annex VI regulation 13); are the two swapped?"
    found = _rising(table, "engine_type", rank, "engine order", message, slack=1.02)
    return [*found, *_swapped(table)]


def _swapped(table: Table) -> list[Remark]:
    """One pair out of order may be so; all tiers of an engine and fuel out of order are swapped rows."""
    rows = table.rows
    nox = rows[(rows["quantity"] == "NOx") & (rows["standard"] == "g/kWh")]
    if "tier" not in table.keys or not len(nox):
        return []
    others = keys_but(table, "engine_type", "tier")
    nox = nox.assign(_all="", _line=nox.index).drop_duplicates([*others, "tier", "engine_type"])
    found: list[Remark] = []
    for slow, fast in (("SSD", "MSD"), ("MSD", "HSD")):
        pair = [nox[nox["engine_type"] == name].set_index([*others, "_all", "tier"]) for name in (slow, fast)]
        both = pair[0][["number", "_line"]].join(pair[1]["number"].rename("fast"), how="inner")
        both["out"] = both["fast"] > both["number"] * 1.02
        groups = both.groupby(level=[*others, "_all"], sort=False)
        told = groups.agg(n=("out", "size"), reversed=("out", "all"), line=("_line", "min"))
        for group in told[told["reversed"] & (told["n"] >= _SWAPPED_TIERS)].itertuples():
            message = (
                f"NOx of {fast} is above that of {slow} in all {group.n} tiers: the rows of the two engine "
                "types are swapped (NOx falls with rated speed, MARPOL Annex VI regulation 13)"
            )
            found.append(("error", "engine order", int(str(group.line)) + 2, message))
    return found


def _rising(
    table: Table, column: str, rank: pd.Series, check: str, why: str, *, slack: float
) -> list[Remark]:
    rows = table.rows.assign(rank=rank)
    rows = rows[(rows["quantity"] == "NOx") & (rows["standard"] == "g/kWh") & rows["rank"].notna()]
    others = keys_but(table, column)
    rows = rows.assign(_all="").sort_values([*others, "rank"], kind="stable")
    groups = [rows[key] for key in [*others, "_all"]]
    before = rows["number"].groupby(groups).shift()
    label = rows[column].groupby(groups).shift()
    found: list[Remark] = []
    for line in rows.index[(rows["number"] > before * slack).to_numpy()]:
        message = (
            f"NOx of {rows[column][line]} is {rows['number'][line]:.4g} g/kWh, of {label[line]} "
            f"{before[line]:.4g}: {why}"
        )
        found.append(("warning", check, int(line) + 2, message))
    return found


def model_year_jumps(table: Table) -> list[Remark]:
    """Along the model years a rate falls or creeps; one that doubles, or stands out, is looked at."""
    column = next((name for name in ("model_year", "engine_model_year") if name in table.keys), None)
    if column is None:
        return []
    rows = table.rows[table.rows["quantity"].isin(POLLUTANTS) & (table.rows["number"] > 0)]
    rows = rows.assign(_year=pd.to_numeric(rows[column], errors="coerce"), _all="")
    others = [*keys_but(table, column), "quantity", "unit"]
    rows = rows.sort_values([*others, "_year"], kind="stable")
    by = rows.groupby([*others, "_all"], sort=False)["number"]
    before, after = by.shift(), by.shift(-1)
    doubled = rows["number"] > 2 * before
    spike = (rows["number"] > 3 * np.maximum(before, after)) | (
        rows["number"] * 3 < np.minimum(before, after)
    )
    found: list[Remark] = []
    for line in rows.index[(doubled | spike).to_numpy()]:
        message = (
            f"{rows['quantity'][line]} of model year {rows[column][line]} is {rows['number'][line]:.4g}, "
            f"of the one before {before[line]:.4g} {rows['standard'][line]}"
        )
        found.append(("warning", "jump", int(line) + 2, message))
    return found


CHECKS: tuple[Callable[[Table], list[Remark]], ...] = (tier_order, engine_order, model_year_jumps)
