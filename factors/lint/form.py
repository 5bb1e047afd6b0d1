"""Form of a table: columns, sources, values, units, keys, duplicates, and intervals that meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from factors import units
from factors.lint.finding import Finding, Severity
from factors.lint.names import REQUIRED, SOURCE
from factors.lint.names import quantity as quantity_named
from factors.lint.reading import why_no_number

_NOTES = ("note", "notes", "comment", "comments", "remark", "remarks", "confidence_detail")
_NOT_KEYS = frozenset((*REQUIRED, *SOURCE, *_NOTES))
_CONFIDENCE = ("read", "derived", "unverified")
_SUFFIXES = {"exact": ("",), "gt_le": ("_gt", "_le"), "ge_lt": ("_ge", "_lt"), "from": ("_from",),
             "ge_le": ("_ge", "_le")}  # fmt: skip
_PAIRS = (("_gt", "_le"), ("_ge", "_lt"), ("_ge", "_le"))
# How people of their own accord call the ends of an interval; both ends are taken to belong to it.
_ENDS = {"_from": ("_to", "_until"), "_min": ("_max",), "_low": ("_high",), "_start": ("_end",),
         "_lower": ("_upper",)}  # fmt: skip
# Units of the terms of fitted curves, which may be negative.
_MAY_BE_NEGATIVE = frozenset({"1", "coefficient", "exponent"})
_FIRST_MODEL_YEAR, _LAST_MODEL_YEAR = 1850, 2100
_YEARS = ("model_year", "engine_model_year", "calendar_year", "keel_laid_year", "build_year")


def check(text: pd.DataFrame, keys: Mapping[str, str], member: Sequence[str], *, gaps: bool) -> list[Finding]:
    """Everything about the form of a table that has its columns; `gaps` if intervals must meet."""
    found = [*_sources(text), *_values(text), *_units(text)]
    return [*found, *_bounds(text, keys), *_years(text, keys), *_duplicates(text, keys, member),
            *_intervals(text, keys, member, gaps)]  # fmt: skip


def columns(text: pd.DataFrame) -> list[Finding]:
    """Are the columns of a table of factors there, once each, and rows below them?"""
    absent = [column for column in REQUIRED if column not in text.columns]
    if absent:
        message = (
            f"columns are missing: {', '.join(absent)}; the file has {', '.join(text.columns)}. A table has "
            "one number a row: its keys, then quantity, value, unit and where it stands"
        )
        return [Finding("error", "columns", None, message)]
    repeated = sorted({c for c in text.columns if list(text.columns).count(c) > 1})
    if repeated:
        return [Finding("error", "columns", None, f"columns stand twice: {', '.join(repeated)}")]
    return [] if len(text) else [Finding("error", "columns", None, "the table has no rows")]


def with_known_quantities(text: pd.DataFrame, known: frozenset[str]) -> tuple[pd.DataFrame, list[Finding]]:
    """Read other spellings of a quantity (NOX, PM25, SFOC) as what they stand for, and say so."""
    found: list[Finding] = []
    meant = {name: quantity_named(name, known) for name in text["quantity"].unique()}
    for name, ours in meant.items():
        if name != ours:
            rows = text.index[text["quantity"] == name]
            more = f" ({len(rows)} rows)" if len(rows) > 1 else ""
            message = f'"{name}" is read as {ours}: write it so, or it is not found{more}'
            found.append(Finding("error", "quantity", int(rows[0]) + 2, message, column="quantity"))
    return text.assign(quantity=text["quantity"].map(meant)), found


def guess_keys(text: pd.DataFrame, member: Sequence[str]) -> dict[str, str]:
    """Read off the column names how each key is matched."""
    keys: dict[str, str] = {}
    for column in text.columns:
        if column in _NOT_KEYS or column in member:
            continue
        base, suffix = column[:-3], column[-3:]
        pair = next((pair for pair in _PAIRS if suffix in pair and base + pair[0] in text.columns
                     and base + pair[1] in text.columns), None)  # fmt: skip
        if pair:
            keys[base] = f"{pair[0][1:]}_{pair[1][1:]}"
        elif column.endswith("_from"):
            keys[column.removesuffix("_from")] = "from"
        else:
            keys[column] = "exact"
    return keys


def with_named_ends(text: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding], dict[str, str]]:
    """Read ``model_year_from`` with ``model_year_to``, and the like, as an interval with both its ends.

    Returns
    -------
    DataFrame, list of Finding
    dict
        What its owner calls a column, by what it is read as.
    """
    found: list[Finding] = []
    owned: dict[str, str] = {}
    for column in list(text.columns):
        for first, lasts in _ENDS.items():
            base = column.removesuffix(first)
            last = next((base + end for end in lasts if base + end in text.columns), "")
            if column.endswith(first) and last:
                message = (
                    f"{column} and {last} are read as an interval with both its ends; tables of a method "
                    f"have {base}_ge and {base}_lt, {base}_gt and {base}_le, or {base}_from alone"
                )
                found.append(Finding("warning", "columns", 1, message, column=column))
                read = {column: f"{base}_ge", last: f"{base}_le"}
                text = text.rename(columns=read)
                owned |= {ours: theirs for theirs, ours in read.items()}
    return text, found, owned


def columns_of(keys: Mapping[str, str]) -> list[str]:
    """Columns of a file by its keys."""
    return [key + suffix for key, kind in keys.items() for suffix in _SUFFIXES[kind]]


def _each(
    bad: pd.Series, column: str, check: str, message: Callable[[int], str], severity: Severity = "error"
) -> list[Finding]:
    return [Finding(severity, check, int(line) + 2, message(line), column=column) for line in bad.index[bad]]


def _sources(text: pd.DataFrame) -> list[Finding]:
    found: list[Finding] = []
    for column in SOURCE:
        severity: Severity = "error" if column in ("source_document", "confidence") else "warning"
        if column not in text.columns:
            message = f"no column {column}: every row says where its number comes from"
            found.append(Finding(severity, "source", None, message))
            continue
        blank = text[column].str.strip() == ""
        found += _each(
            blank, column, "source", lambda line: "blank: say where the number comes from", severity
        )
    if "confidence" in text.columns:
        given = text["confidence"].str.strip()
        allowed = f"it is one of {', '.join(_CONFIDENCE)}"
        found += _each(
            ~given.isin(_CONFIDENCE) & (given != ""), "confidence", "source",
            lambda line: f'confidence is "{given[line]}"; {allowed}',
        )  # fmt: skip
    return found


def _values(text: pd.DataFrame) -> list[Finding]:
    values = text["value"]
    blank = values.str.strip() == ""
    number = pd.to_numeric(values, errors="coerce")
    found = _each(
        blank, "value", "value",
        lambda line: "the value is blank: leave the row out where nothing is known; a blank is not a zero",
    )  # fmt: skip
    found += _each(
        ~blank & ~np.isfinite(number), "value", "value",
        lambda line: f'"{values[line]}" is not a number; {why_no_number(values[line])}',
    )  # fmt: skip
    # Fuels from plants and waste are credited, so a life-cycle value may well be below zero.
    below = (number < 0) & ~text["unit"].isin(_MAY_BE_NEGATIVE) & ~text["unit"].str.contains("CO2e")
    # A grid may emit less for one more kilowatt-hour, when it changes what is built or run.
    grid = text["unit"].str.endswith("/MWh")
    for part, severity in ((below & ~grid, "error"), (below & grid, "warning")):
        found += _each(
            part, "value", "value",
            lambda line: f"{text['quantity'][line]} is {values[line]} {text['unit'][line]}: a factor cannot "
                         "be negative",
            severity,  # type: ignore[arg-type]
        )  # fmt: skip
    return found + _each(
        text["quantity"].str.strip() == "", "quantity", "value", lambda line: "the quantity is blank"
    )


def _units(text: pd.DataFrame) -> list[Finding]:
    found: list[Finding] = []
    for spelling, rows in text.groupby("unit", sort=False):
        try:
            units.parse_unit(str(spelling))
        except units.UnitError as error:
            more = f" ({len(rows)} rows)" if len(rows) > 1 else ""
            found.append(Finding("error", "unit", int(rows.index[0]) + 2, f"{error}{more}", column="unit"))
    return found


def _bounds(text: pd.DataFrame, keys: Mapping[str, str]) -> list[Finding]:
    return [finding for key, kind in keys.items() for finding in _bounds_of(text, key, kind)]


def _bounds_of(text: pd.DataFrame, key: str, kind: str) -> list[Finding]:
    if kind == "exact":
        message = f'key {key} is blank: name it, or write "none" where it does not matter'
        return _each(text[key].str.strip() == "", key, "keys", lambda line: message)
    found: list[Finding] = []
    ends = columns_of({key: kind})
    for column in ends:
        given = text[column].str.strip()
        unreadable = (given != "") & pd.to_numeric(given, errors="coerce").isna()
        for line in given.index[unreadable]:
            message = f'{column} is "{given[line]}"; a bound is a number, or blank for none'
            found.append(Finding("error", "keys", int(line) + 2, message, column=column))
    if len(ends) == 2:
        first, last = ends
        low, high = (pd.to_numeric(text[column], errors="coerce") for column in ends)
        found += _each(
            low > high if kind == "ge_le" else low >= high, first, "keys",
            lambda line: f"{first} {low[line]:g} is not below {last} {high[line]:g}: are the two exchanged?",
        )  # fmt: skip
    return found


def _years(text: pd.DataFrame, keys: Mapping[str, str]) -> list[Finding]:
    """A year that no engine can be of is a slip of the pen."""
    found: list[Finding] = []
    for column in columns_of({key: kind for key, kind in keys.items() if key in _YEARS}):
        year = pd.to_numeric(text[column], errors="coerce")
        odd = year.notna() & (year != 0) & ~year.between(_FIRST_MODEL_YEAR, _LAST_MODEL_YEAR)
        for line in text.index[odd]:
            message = f"{text[column][line]} is no year of four digits that engines are of"
            found.append(Finding("error", "keys", int(line) + 2, message, column=column))
    return found


def _duplicates(text: pd.DataFrame, keys: Mapping[str, str], member: Sequence[str]) -> list[Finding]:
    by = [*columns_of(keys), *member, "quantity"]
    # A key is the same to its reader however it is written: Tier 2 and tier 2, 2010 and 2010.0.
    plain = text[by].copy()
    for key in by[:-1]:
        plain[key] = text[key].str.casefold().str.replace(r"^(-?\d+)\.0*$", r"\1", regex=True)
    first = text.index.to_series().groupby(plain.groupby(by, sort=False).ngroup()).transform("min")
    value = text["value"]

    def told(line: int) -> str:
        other = int(first[line])
        same = "with the same value" if value[other] == value[line] else f"with the value {value[other]}"
        return f"the same keys and quantity stand in row {other + 2} {same}: keep one"

    return _each(plain.duplicated(by), "", "duplicate", told)


def _intervals(
    text: pd.DataFrame, keys: Mapping[str, str], member: Sequence[str], gaps: bool
) -> list[Finding]:
    """Intervals of one key, all else equal, neither run into each other nor leave a gap between them."""
    found: list[Finding] = []
    by = [*columns_of(keys), *member, "quantity"]
    for key, kind in keys.items():
        if kind in ("gt_le", "ge_lt", "ge_le"):
            found += _intervals_of(text, key, kind, by, gaps)
    return found


def _intervals_of(text: pd.DataFrame, key: str, kind: str, by: list[str], gaps: bool) -> list[Finding]:
    low_name, high_name = columns_of({key: kind})
    others = [column for column in by if column not in (low_name, high_name)]
    bounds = text[others].assign(
        low=pd.to_numeric(text[low_name], errors="coerce").fillna(-np.inf),
        high=pd.to_numeric(text[high_name], errors="coerce").fillna(np.inf),
    )
    # Bins of different quantities may differ; equal bins are duplicates and told above.
    bounds = bounds[~text.duplicated(by) & (bounds["low"] <= bounds["high"])]
    bounds = bounds.sort_values([*others, "low", "high"], kind="stable")
    reached = bounds.groupby(others, sort=False)["high"].cummax()
    before = reached.groupby([bounds[column] for column in others], sort=False).shift()
    # Of years and other whole numbers the next interval begins one later, where both ends belong.
    closed = kind == "ge_le"
    whole = closed and bool((bounds["low"] % 1 == 0)[np.isfinite(bounds["low"])].all())
    step = 1 if whole else 0

    def named(line: int) -> str:
        return f"{key} {bounds['low'][line]:g} to {bounds['high'][line]:g}"

    found = _each(
        bounds["low"] <= before if closed else bounds["low"] < before, low_name, "overlap",
        lambda line: f"{named(line)} overlaps another row's interval, which goes to {before[line]:g}: begin "
                     f"{'after it' if closed else 'where it ends'}",
    )  # fmt: skip
    if gaps:
        found += _each(
            bounds["low"] > before + step, low_name, "gap",
            lambda line: f"{named(line)}: the interval before it ends at {before[line]:g}; what lies between "
                         "is not found. Add its row, or let the intervals meet",
            "warning",
        )  # fmt: skip
    return found
