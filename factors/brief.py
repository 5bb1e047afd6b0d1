"""What a result is, in a few lines, where Python would print all its tables: for a console or a notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any

WIDTH = 100
NAMED = 6
"""How many of a long list are named."""


def listed(names: Iterable[object], most: int = NAMED) -> str:
    """Return the first of some names, and how many there are besides.

    Examples
    --------
    >>> listed(["NOx", "PM10", "CO"], most=2), listed([])
    ('NOx, PM10 and 1 more', 'none')
    """
    every = [str(name) for name in names]
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more or "none"


def lines(head: str, told: Mapping[str, object]) -> str:
    """Return a heading and a line for each thing told of it; what is empty is left out.

    Examples
    --------
    >>> print(lines("Port of Example", {"method": "epa-2022", "note": ""}))
    Port of Example
      method  epa-2022
    """
    kept = {name: str(value) for name, value in told.items() if str(value)}
    broad = max(map(len, kept), default=0)
    text = [head]
    for name, value in kept.items():
        first = f"  {name:<{broad}}  "
        text += textwrap.wrap(
            value, WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
        )
    return "\n".join(text)


def one_line(value: Any) -> str:
    """Return what a value is: a number or text itself, of a table its size and headings.

    Examples
    --------
    >>> import pandas as pd
    >>> one_line(pd.DataFrame({"year": [2023, 2024], "kg": [1.0, 2.0]})), one_line((1, 2, 3))
    ('table of 2 rows: year, kg', '1, 2, 3')
    """
    dimensions = getattr(value, "shape", None)
    if dimensions is not None and hasattr(value, "columns"):
        return f"table of {counted(len(value), 'row')}: {listed(value.columns)}"
    if dimensions:
        return f"array of {' x '.join(f'{size:,}' for size in dimensions)}"
    if isinstance(value, str):
        return textwrap.shorten(value, WIDTH, placeholder=" ...")
    if isinstance(value, Mapping):
        return f"{len(value):,}: {listed(value)}" if value else ""
    if isinstance(value, Collection):
        if any(len(str(item)) > WIDTH // 4 for item in value):
            return f"{len(value):,} in all"
        return listed(value) if value else ""
    return textwrap.shorten(str(value).partition("\n")[0], WIDTH, placeholder=" ...")


def counted(number: int, noun: str) -> str:
    """Return a number of things.

    Examples
    --------
    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def brief(instance: Any) -> str:
    """Return the kind of a dataclass and a line for each field: what stands in it, not all of it."""
    shown = {
        each.name: one_line(getattr(instance, each.name))
        for each in fields(instance)
        if each.repr and not each.name.startswith("_")
    }
    return lines(type(instance).__name__, shown)
