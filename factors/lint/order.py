"""What must fall along a table: NOx with tier and rated speed, rates along the model years."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

from factors.lint.content import POLLUTANTS, Remark, Table, words_of
from factors.lint.content import others as keys_but
from factors.lint.names import SPEEDS, speeds, tiers

_REGULATION = "MARPOL Annex VI regulation 13"
_SLACK = 1.02
_NOT_BY_SPEED = (
    r"\blng\b|\bcng\b|\bgas\b|natural.gas|otto|dual|methanol|ammonia|hydrogen|boiler|steam|turbine"
)
# Two rows alone are the wrong way round where one is so much above the other; by less, they may be so.
_CLEARLY = 1.1
# Rated speed at which a class begins, so that the limit there is the highest of the class. [rpm]
_SLOWEST_RPM = {"SSD": 0.0, "MSD": 300.0, "HSD": 900.0}
# Published factors for residual fuel lie up to 8 % above the limit, which holds for distillate.
_OVER_LIMIT, _BEYOND_LIMIT = 1.1, 10.0


def _nox(table: Table) -> pd.DataFrame:
    rows = table.rows
    return rows[(rows["quantity"] == "NOx") & (rows["standard"] == "g/kWh") & (rows["number"] > 0)]


def _diesel_nox(table: Table) -> pd.DataFrame:
    """Without engines that burn gas or the like, whose NOx follows their cycle and not their speed."""
    rows = _nox(table)
    return rows[~words_of(rows, table.keys).str.contains(_NOT_BY_SPEED)]


def tier_order(table: Table) -> list[Remark]:
    """A later tier never emits more NOx: the certification limits order them."""
    rows = _nox(table)
    column, tier = tiers(rows, table.keys)
    if not column:
        return []
    others = [*keys_but(table, column), "_all"]
    rows = rows.assign(tier_=tier, _all="", line=rows.index).dropna(subset="tier_")
    rows = rows.drop_duplicates([*others, "tier_"]).sort_values([*others, "tier_"], kind="stable")
    by = rows.groupby(others, sort=False)
    rows["before"], rows["label"], rows["at"] = by["number"].shift(), by[column].shift(), by["line"].shift()
    steps = rows[rows["before"].notna()].assign(rise=lambda rows: rows["number"] / rows["before"])
    told = steps.groupby(others, sort=False)["rise"]
    steps["inverted"] = (told.transform("min") > 1) & (told.transform("max") > _CLEARLY)
    found: list[Remark] = []
    for step in steps[(steps["rise"] > 1.0001).to_numpy()].itertuples():
        low, high = (f"{getattr(step, name):.4g}" for name in ("before", "number"))
        message = (
            f"NOx of {getattr(step, column)} is {high} g/kWh, of {step.label} {low} in row "
            f"{int(float(str(step.at))) + 2}: a later tier is certified to less NOx; are the rows exchanged?"
        )
        found.append(("error" if step.inverted else "warning", "tier order", _row(step.line), message))
    return found


def engine_order(table: Table) -> list[Remark]:
    """A faster engine emits less NOx: the limits fall with rated speed.

    One pair out of order among others that are in order may be so; where all are out of order, be it one pair
    or all tiers of an engine and fuel, the rows are swapped.
    """
    rows = _diesel_nox(table)
    column, speed, rest = speeds(rows, table.keys)
    if not column:
        return []
    tier_column, _ = tiers(rows, table.keys)
    others = [*keys_but(table, column, tier_column), "_rest"]
    rows = rows.assign(
        _rest=rest, _speed=speed, _tier=rows[tier_column] if tier_column else "", line=rows.index
    )
    rows = rows[rows["_speed"] != ""].drop_duplicates([*others, "_tier", "_speed"])
    found: list[Remark] = []
    done: set[tuple[object, ...]] = set()
    for slow, fast in (("SSD", "MSD"), ("MSD", "HSD"), ("SSD", "HSD")):
        pairs = rows[rows["_speed"] == slow].merge(
            rows[rows["_speed"] == fast], on=[*others, "_tier"], suffixes=("", "_fast")
        )
        pairs["out"] = pairs["number_fast"] > pairs["number"] * _SLACK
        pairs = pairs[pairs.groupby(others, sort=False)["out"].transform("any")]
        for where, group in pairs.groupby(others, sort=False):
            # What SSD against MSD, and MSD against HSD, have told need not be told of SSD against HSD.
            if where in done and (slow, fast) == ("SSD", "HSD"):
                continue
            done.add(where)
            out = group[group["out"]]
            found += _swapped(group, slow, fast) if len(out) == len(group) else _out_of_order(out, slow, fast)
    return found


def _swapped(group: pd.DataFrame, slow: str, fast: str) -> list[Remark]:
    number = len(group)
    tiers_of = f"in all {number} tiers" if number > 1 else f"({group['_tier'].iloc[0]})".replace("()", "")
    values = "; ".join(
        f"row {line_fast + 2}: {high:.4g} above {low:.4g} of row {line + 2}"
        for line, line_fast, low, high in zip(
            group["line"], group["line_fast"], group["number"], group["number_fast"], strict=True
        )
    )
    message = (
        f"NOx of {fast} is above that of {slow} {tiers_of} ({values}): the rows of the two engine types are "
        f"swapped (NOx falls with rated speed, {_REGULATION}); exchange them"
    ).replace("  ", " ")
    return [("error", "engine order", _row(group["line"].min()), message)]


def _out_of_order(out: pd.DataFrame, slow: str, fast: str) -> list[Remark]:
    return [
        (
            "warning",
            "engine order",
            _row(line_fast),
            f"NOx of {fast} is {high:.4g} g/kWh, of {slow} {low:.4g} in row {_row(line)}: NOx falls with "
            f"rated speed ({_REGULATION}); are the two swapped?",
        )
        for line, line_fast, low, high in zip(
            out["line"], out["line_fast"], out["number"], out["number_fast"], strict=True
        )
    ]


def engines_alone(table: Table) -> list[Remark]:
    """Engines without another speed beside them: NOx against what is printed and allowed for their own.

    Swapped rows of which a table has only the one half show in this alone.
    """
    rows = _diesel_nox(table)
    column, speed, rest = speeds(rows, table.keys)
    tier_column, tier = tiers(rows, table.keys)
    if not column or not tier_column:
        return []
    others = [*keys_but(table, column, tier_column), "_rest"]
    rows = rows.assign(_rest=rest, _speed=speed, _tier=tier, _line=rows.index).dropna(subset="_tier")
    rows = rows[(rows["_speed"] != "") & (rows.groupby(others)["_speed"].transform("nunique") == 1)]
    told = pd.Series(False, index=rows.index)
    for (kind, level), same in rows.groupby(["_speed", "_tier"], sort=False):
        printed = [value for name in SPEEDS if name != kind for t, value in _printed()[name] if t == level]
        over = same["number"] > _limit(str(kind), int(float(str(level)))) * _OVER_LIMIT
        told[same.index] = over | same["number"].round(6).isin(printed)
    # Few tables have such rows, and most of a table's groups none.
    by = [*others, "_speed"]
    rows = rows[told.groupby([rows[name] for name in by], sort=False).transform("any")]
    found: list[Remark] = []
    for _, group in rows.groupby(by, sort=False):
        found += _of_another(group) or _over_limit(group)
    return found


def _of_another(group: pd.DataFrame) -> list[Remark]:
    """Every value is printed for another speed, and none for its own."""
    own, printed = str(group["_speed"].iloc[0]), _printed()
    for other in SPEEDS:
        pairs = [(t, v) for t, v in zip(group["_tier"], group["number"].round(6), strict=True)]
        theirs = all(pair in printed[other] for pair in pairs)
        if other == own or not theirs or any(pair in printed[own] for pair in pairs):
            continue
        message = (
            f"NOx of {own} is {', '.join(f'{value:g}' for _, value in pairs)} g/kWh in rows "
            f"{', '.join(str(_row(line)) for line in group['_line'])}: just what EPA-420-B-22-011 Table 3.5 "
            f"prints for {other}, and not for {own}; are the rows those of the other engine type, as in the "
            "guidance of 2020, where the two were swapped?"
        )
        severity = "error" if len(pairs) > 1 else "warning"
        return [(severity, "engine order", _row(group["_line"].min()), message)]  # type: ignore[list-item]
    return []


def _over_limit(group: pd.DataFrame) -> list[Remark]:
    found: list[Remark] = []
    for line, speed, tier, number in zip(
        group["_line"], group["_speed"], group["_tier"], group["number"], strict=True
    ):
        limit = _limit(str(speed), int(tier))
        # What is many times the limit is told by its band.
        if not limit * _OVER_LIMIT < number < limit * _BEYOND_LIMIT:
            continue
        message = (
            f"NOx of {speed}, Tier {int(tier)}, is {number:.4g} g/kWh; no engine of this kind is certified "
            f"above {limit:.3g} ({_REGULATION}): is it the row of a slower engine or an earlier tier, or "
            "another unit (a value per kWh labelled per hp-hr is 1.34 times itself)?"
        )
        found.append(("warning", "NOx limit", _row(line), message))
    return found


@cache
def _printed() -> dict[str, frozenset[tuple[float, float]]]:
    """Tier and NOx as EPA's port emissions guidance prints them, by rated speed."""
    from factors.tables import load_table

    table = load_table("epa-ogv-2022", "nox").frame
    tier = pd.to_numeric(table["tier"].str[-1]).astype(float)
    pairs = list(zip(table["engine_type"], tier, table["value"].round(6), strict=True))
    return {speed: frozenset((t, value) for kind, t, value in pairs if kind == speed) for speed in SPEEDS}


@cache
def _limit(speed: str, tier: int) -> float:
    """Highest NOx to which an engine of this class and tier is certified. [g/kWh]"""
    from factors.tables import load_table

    table = load_table("epa-ogv-2022", "nox_limits").frame
    rows = table[table["tier"].astype(str).str.endswith(str(tier))].set_index("quantity")["value"]
    if not len(rows):
        return float("inf")
    if speed == "SSD":
        return float(rows["NOx_limit_rpm_lt_130"])
    return float(rows["NOx_limit_coefficient_K"] * _SLOWEST_RPM[speed] ** rows["NOx_limit_exponent_p"])


def _row(line: object) -> int:
    return int(float(str(line))) + 2


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
            f"of the one before {before[line]:.4g} {rows['standard'][line]}: is it so in the document?"
        )
        found.append(("warning", "jump", _row(line), message))
    return found


CHECKS: tuple[Callable[[Table], list[Remark]], ...] = (
    tier_order,
    engine_order,
    engines_alone,
    model_year_jumps,
)
