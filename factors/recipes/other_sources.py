"""Other sources: whatever a port counts by a factor table of its own."""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.tables import FactorTable
from factors.terms import TermBuilder, is_carrier

SOURCE = "other_sources"
NEED = "factors"
KEYS = ("name", "factor_table", "kind")
"""Name of the source, a key of its table; the table's file; the kind of quantity."""

_NOT_GIVEN = "the port's factor table does not give it"


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes; every source has coverage lines of its own."""
    return classes.assign(
        quantity_kind=classes["kind"], coverage_group=classes["name"] + " by " + classes["factor_table"]
    )


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add one term for each quantity that a source's own table has for its name."""
    table = method.table(SOURCE, NEED)
    for quantity in table.quantities:
        answered = classes[table.has(classes, quantity)]
        if len(answered):
            terms.add(quantity, "exhaust", table.find(answered, quantity), note="the port's own factor")


def coverage(classes: pd.DataFrame, method: Method, stated: pd.DataFrame) -> pd.DataFrame:
    """Say what is estimated: what the tables give for a name; no other of the method's pollutants."""
    table = method.table(SOURCE, NEED)
    lines = []
    for name, file, group in classes[["name", "factor_table", "coverage_group"]].drop_duplicates().to_numpy():
        given = _given(table, str(name), str(file))
        lines += [(group, pollutant, "value", "") for pollutant in given]
        lines += [(group, other, "NE", _NOT_GIVEN) for other in method.pollutants if other not in given]
    found = pd.DataFrame(lines, columns=["coverage_group", "pollutant", "state", "rule"])
    found = found.assign(source_category=SOURCE, process="exhaust")
    return pd.concat([stated, found[list(stated.columns)]], ignore_index=True)


def _given(table: FactorTable, name: str, file: str) -> list[str]:
    here = (table.frame["name"].astype(str) == name) & (table.frame["factor_table"].astype(str) == file)
    return sorted({str(one) for one in table.frame.loc[here, "quantity"] if not is_carrier(str(one))})
