"""Other sources: whatever a port counts by a factor table of its own."""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.terms import TermBuilder

SOURCE = "other_sources"
KEYS = ("name", "factor_table", "kind")
"""Name of the source, a key of its table; the table's file; the kind of quantity."""


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes; every source has coverage lines of its own."""
    return classes.assign(quantity_kind=classes["kind"], coverage_group=classes["name"])


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add one term for each quantity that a source's own table has for its name."""
    for file, part in classes.groupby("factor_table", sort=True):
        table = method.table(SOURCE, str(file))
        for quantity in table.quantities:
            answered = part[table.has(part, quantity)]
            if len(answered):
                terms.add(quantity, "exhaust", table.find(answered, quantity), note="the port's own factor")
