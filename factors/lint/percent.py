"""Fractions that stand under a heading in percent: 0.83 where 83 % is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from factors.lint.content import Remark, Severity, Table

_HEADING = re.compile(r"(_|\b)(pct|percent)\b|%", re.IGNORECASE)
# Of a fuel's sulfur, and of slip, less than 1 % is usual; its own check looks at sulfur.
_SMALL = re.compile(r"sul(f|ph)ur|FSC|slip|(?:^|_)S(?:_|$)", re.IGNORECASE)
_OF_A_WHOLE = re.compile(r"share|load|fraction|efficien|part", re.IGNORECASE)
# Percentages that are all so far above what stands at 1 or below it are of another writing.
_GAP = 20.0


def fractions_in_percent(table: Table) -> list[Remark]:
    """Numbers of at most 1 in a column of percent are mostly fractions.

    Where all of a column are, it is the unit; where some are and the next is twenty times as much, these are.
    """
    found: list[Remark] = []
    for name, column, number in _percentages(table):
        small = number[(number > 0) & (number <= 1)]
        large = number[number > 1]
        # One per cent itself is a load, and a step of a table of loads.
        small = small[small < 1] if len(large) else small
        if small.empty or (len(large) and large.min() < _GAP * small.max()):
            continue
        whole = not len(large)
        severity: Severity = "error" if whole and _OF_A_WHOLE.search(name) else "warning"
        more = f" (and {len(small) - 1} more of at most 1)" if len(small) > 1 else ""
        beside = "all are at most 1" if whole else f"the others begin at {large.min():g} %"
        line = int(small.index[0])
        message = (
            f"{name} is {small.iloc[0]:g} %{more}, and {beside}: is it a fraction? "
            f"Write {100 * small.iloc[0]:g} %, or the unit fraction"
        )
        found.append((severity, "percent", line + 2, message, column))
    return found


def _percentages(table: Table) -> Iterator[tuple[str, str, pd.Series]]:
    """Name, column and numbers of each quantity and each key in percent."""
    rows = table.rows
    for key in table.keys:
        if _HEADING.search(key) and not _SMALL.search(key):
            yield key, key, pd.to_numeric(rows[key], errors="coerce").dropna().drop_duplicates()
    in_percent = rows[rows["unit"].str.startswith("%")]
    for quantity, same in in_percent.groupby("quantity", sort=False):
        if not _SMALL.search(f"{quantity} {same['unit'].iloc[0]}"):
            yield str(quantity), "value", same["printed"]
