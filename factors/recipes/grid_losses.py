"""What is lost between power station and meter: mass at power stations beside that of what the meters read.

    mass = energy at the meter * loss / (1 - loss) * rate

The loss is a share of what the grid disposes of, so that a kilowatt-hour at the meter loses
loss / (1 - loss). It is Scope 3 of whoever draws, and never a part of the lines of electricity (Scope 2).
"""

from __future__ import annotations

import pandas as pd

from factors.method import Method, MethodError
from factors.recipes.electricity import recipe as electricity
from factors.recipes.electricity.annual_rates import rate_year, table_for
from factors.tables import Rows
from factors.terms import TermBuilder

SOURCE = "grid_losses"
KEYS = ("grid_region",)
OWN = "own"
"""Value of the option that takes the loss of the grid region itself."""


def counted(method: Method) -> bool:
    """Return whether the losses are asked for.

    Raises
    ------
    MethodError
        If they are, of a method that does not cover them.
    """
    asked = "grid_loss_region" in method.declared and bool(method.option("grid_loss_region"))
    if asked and SOURCE not in method.sources:
        raise MethodError(
            f"method {method.name!r} does not count what grids lose; leave grid_loss_region blank"
        )
    return asked


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    known = classes["grid_region"] != ""
    group = known.map({True: "grid_average", False: "grid_unknown"})
    return classes.assign(quantity_kind="electricity", coverage_group=group)


def coverage(classes: pd.DataFrame, method: Method, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the method's coverage, by what the rates of the region and year have."""
    return electricity.coverage(classes, method, stated)


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the rates of what is lost.

    Raises
    ------
    MethodError
        If the kind of rate holds the losses already.
    """
    name, rate_type, qualifier = electricity.chosen(method)
    if name != "average":
        raise MethodError(
            f"grid_loss_region goes with average rates, and grid_kind = {name!r}, whose rates hold or add "
            "losses of their own; leave it blank"
        )
    known = classes[classes["grid_region"] != ""]
    regions = [str(region) for region in known["grid_region"].unique()]
    if not regions:
        return
    year = rate_year(method, regions, rate_type, qualifier)
    loss = _loss(known, method, year)
    share = loss.to("fraction")
    table = table_for(method, regions, year, rate_type, qualifier)
    query = known.assign(region=known["grid_region"], year=year, rate_type=rate_type, qualifier=qualifier)
    note = [f"number is {part:.4f} / (1 - {part:.4f}), the gross loss of the grid" for part in share]
    for printed, pollutant in (electricity.found_rates(regions, method) or {}).items():
        rate = table.find(query, printed)
        terms.add(pollutant, "grid", rate, number=share / (1 - share), note=note)


def _loss(known: pd.DataFrame, method: Method, year: int) -> Rows:
    """Gross loss of each class's region, or of the region that the option names, in the year of the rates."""
    asked = method.option("grid_loss_region")
    table = method.table(electricity.SOURCE, "gross_loss")
    region = known["grid_region"] if asked == OWN else pd.Series(asked, index=known.index)
    return table.find(pd.DataFrame({"region": region, "year": year}, index=known.index), "gross_loss")
