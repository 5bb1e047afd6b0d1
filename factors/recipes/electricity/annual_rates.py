"""Annual rates: which table has them, and of which year.

Average rates stand in the edition of eGRID, by year and subregion, and older or single ones in `grid`; a
port's own table, or EPA's own workbook, comes first. The year is the one asked for, or the nearest to the
inventory's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from factors.method import Method, MethodError
from factors.tables import FactorTable

SOURCE = "electricity"
NEAREST = "nearest"
_MARK = "CO2"  # what a year has to have for a region to count as there
_AVERAGE = "average total output"


def tables_of(method: Method, rate_type: str) -> list[FactorTable]:
    """Return the tables that may have annual rates of a type, the one to be preferred first."""
    rates = method.table(SOURCE, "rates")
    if rates.spec.edition == "user" or (SOURCE, "rates") in method.own_tables:
        return [rates]
    if rate_type != _AVERAGE or not method.has_table(SOURCE, "egrid"):
        return [rates]
    egrid = method.table(SOURCE, "egrid")
    if (SOURCE, "egrid") in method.own_tables:  # a workbook has one year; the others stay
        return [egrid, replace(method, own_tables={}).table(SOURCE, "egrid"), rates]
    return [egrid, rates]


def years_of(method: Method, region: str, rate_type: str, qualifier: str) -> list[int]:
    """Return the years of which a region has annual rates, ascending."""
    found: set[int] = set()
    for table in tables_of(method, rate_type):
        frame = table.frame
        mine = (frame["region"].astype(str) == region) & (frame["rate_type"] == rate_type)
        mine &= (frame["qualifier"] == qualifier) & (frame["quantity"] == _MARK)
        found |= {int(year) for year in frame.loc[mine, "year"]}
    return sorted(found)


def nearest(years: Sequence[int], year: int) -> int:
    """Return the nearest of some years; of two alike the later.

    Examples
    --------
    >>> nearest([2016, 2018, 2023], 2017), nearest([2016, 2018, 2023], 2030)
    (2018, 2023)
    """
    return min(years, key=lambda known: (abs(known - year), -known))


def rate_year(method: Method, regions: Sequence[str], rate_type: str, qualifier: str) -> int:
    """Return the year of the rates: as the option says; of `nearest` without an inventory, the newest.

    Raises
    ------
    MethodError
        If the option is neither a year nor `nearest`.
    """
    asked = method.option("grid_year")
    if asked != NEAREST:
        return stated_year(method)
    shared: set[int] | None = None
    for region in regions:
        years = set(years_of(method, region, rate_type, qualifier))
        shared = years if shared is None else shared & years
    return max(shared) if shared else 0


def stated_year(method: Method) -> int:
    """Return the year that the option states.

    Raises
    ------
    MethodError
        If it is `nearest`, and no inventory has said to which year; or no number.
    """
    asked = method.option("grid_year")
    if not asked.isdecimal():
        what = "needs the year of an inventory" if asked == NEAREST else "is no year"
        raise MethodError(f"grid_year = {asked!r} {what}; set grid_year to a year, for example 2023")
    return int(asked)


def of_the_year(method: Method, year: int, rate_type: str, qualifier: str) -> tuple[Method, str]:
    """Return the method with the year of rates that is nearest to an inventory's, and what to say of it.

    Parameters
    ----------
    method : Method
    year : int
        Of the inventory.
    rate_type, qualifier : str
        Of the kind of rate in force; blank where the kind is not by annual rates.
    """
    if "grid_year" not in method.declared or method.option("grid_year") != NEAREST:
        return method, ""
    region = method.option("grid_region")
    years = years_of(method, region, rate_type, qualifier) if region and rate_type else []
    chosen = nearest(years, year) if years else year
    said = f"grid rates of {region} are of {chosen}" if years else ""
    if years and chosen != year:
        said += f", the nearest to {year} of {', '.join(map(str, years))}"
    return method.with_options(grid_year=str(chosen)), said


def table_for(
    method: Method, regions: Sequence[str], year: int, rate_type: str, qualifier: str
) -> FactorTable:
    """Return the first table that has rates of all regions in a year; the last where none has."""
    tables = tables_of(method, rate_type)
    asked = pd.DataFrame(
        {"region": list(regions), "year": year, "rate_type": rate_type, "qualifier": qualifier}
    )
    for table in tables:
        if len(asked) and bool(np.all(table.has(asked, _MARK))):
            return table
    return tables[-1] if len(tables) == 1 else tables[0]
