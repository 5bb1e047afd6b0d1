"""Electricity: what a kilowatt-hour at the meter emits at power stations, elsewhere.

Four kinds of rate exist (average, marginal, projected, life cycle) and differ by a factor of two or more; a
method's options name the one in use. Losses between power station and meter are counted once, here.
"""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.terms import ELECTRICITY, TermBuilder

SOURCE = "electricity"

KEYS = ("use", "grid_region")
"""What the electricity is for, and the region of the grid it comes from; blank where nobody said."""

_PRINTED = {"NOx": "NOx", "SO2": "SOx", "CO2": "CO2", "CH4": "CH4", "N2O": "N2O"}


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    group = pd.Series("grid", index=classes.index).mask(classes["grid_region"] == "", "grid_unknown")
    return classes.assign(quantity_kind="electricity", coverage_group=group)


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the energy itself and, where the grid is known, the mass emitted to make it."""
    terms.add_number(ELECTRICITY, "grid", classes.index, 1.0, note="at the meter")
    known = classes[classes["grid_region"] != ""]
    if not len(known):
        return
    lost, note = _losses(method)
    table = method.table(SOURCE, "rates")
    query = known.assign(
        region=known["grid_region"],
        year=int(method.option("grid_year")),
        rate_type=method.option("grid_rate"),
        qualifier=method.option("grid_qualifier"),
    )
    for printed, pollutant in _PRINTED.items():
        rate = table.find(query, printed)
        terms.add(pollutant, "grid", rate, number=1 / (1 - lost), note=note)


def _losses(method: Method) -> tuple[float, str]:
    region = method.option("grid_loss_region")
    if not region:
        return 0.0, "no losses between power station and meter"
    table = method.table(SOURCE, "losses")
    row = table.find(
        pd.DataFrame({"region": [region], "year": [int(method.option("grid_loss_year"))]}), "loss_fraction"
    )
    lost = float(row.value[0])
    return lost, f"number is 1 / (1 - {lost:.4f}), the loss between power station and meter ({table.name})"
