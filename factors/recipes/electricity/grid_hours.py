"""Rates by month, day type and hour of the day, weighted by when electricity is drawn.

    rate[class, p] = sum over hours h of  share[class, h] * rate[h, p]
    share[class, h] = days of the type in the month * load[h], over their sum

The load is the port's profile of the use; a use without one is a flat load.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from factors.grid_hours import days_of
from factors.method import Method, MethodError
from factors.recipes.electricity.annual_rates import stated_year, table_for
from factors.terms import TermBuilder

SOURCE = "electricity"
GROUP = "grid_by_hour"
PROFILE = "profile"


def by_hour(method: Method) -> bool:
    """Return whether rates go by the hour."""
    return "grid_hours" in method.declared and method.option("grid_hours") == "by_hour"


def shares(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return when each class draws its electricity, as shares that sum to one.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        ``use``, ``grid_month`` (0: all of them), ``grid_calendar`` (0: the year of the rates).
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (48 n to 576 n, 5)
        Index that of `classes`, repeated; ``month, day_type, hour, share, is_flat``.

    Raises
    ------
    factors.tables.FactorMissing
        If a profile lacks an hour.
    MethodError
        If a profile has no load in a month in which electricity is drawn.
    """
    asked = classes[["use", "grid_month", "grid_calendar"]].copy()
    asked["grid_calendar"] = asked["grid_calendar"].where(asked["grid_calendar"] > 0, stated_year(method))
    asked["class"] = asked.index
    days = pd.concat(
        [days_of(int(year)).assign(grid_calendar=year) for year in asked["grid_calendar"].unique()]
    )
    spread = asked.merge(days, on="grid_calendar")
    spread = spread[(spread["grid_month"] == 0) | (spread["grid_month"] == spread["month"])]
    spread = spread.merge(pd.DataFrame({"hour": np.arange(24)}), how="cross")
    spread["load"] = 1.0
    spread["is_flat"] = True
    if method.has_table(SOURCE, PROFILE):
        table = method.table(SOURCE, PROFILE)
        told = spread["use"].isin(set(table.frame["use"]))
        if told.any():
            spread.loc[told, "load"] = table.find(spread[told], "load").value
            spread.loc[told, "is_flat"] = False
    spread = spread.sort_values(["class", "month", "day_type", "hour"], kind="stable").set_index("class")
    weight = spread["load"] * spread["days"]
    whole = weight.groupby(level=0).transform("sum")
    if (whole <= 0).any():
        first = spread[(whole <= 0).to_numpy()].iloc[0]
        when = f"month {first['month']}" if first["grid_month"] else "the whole year"
        raise MethodError(
            f"electricity.profile has no load of {first['use']} in {when}, in which electricity is drawn; "
            "give the hours a load, or leave the use out for a flat one"
        )
    return spread.assign(share=weight / whole)[["month", "day_type", "hour", "share", "is_flat"]]


def served(
    region: str, rate_type: str, qualifier: str, pollutants: Mapping[str, str], method: Method
) -> dict[str, str]:
    """Return which pollutants a region has rates of, by the hour or for the year, by their reported name."""
    hourly = _hourly(region, rate_type, method)
    annual = pd.DataFrame(
        {"region": [region], "year": [stated_year(method)], "rate_type": [rate_type],
         "qualifier": [qualifier]}
    )  # fmt: skip
    rates = table_for(method, [region], stated_year(method), rate_type, qualifier)
    every = {**pollutants, "CH4": "CH4", "N2O": "N2O"}
    return {
        reported: printed
        for printed, reported in every.items()
        if printed in hourly or bool(rates.has(annual, printed)[0])
    }


def _hourly(region: str, rate_type: str, method: Method) -> set[str]:
    """Pollutants that a region has hourly rates of in the year of the rates."""
    frame = method.table(SOURCE, "by_hour").frame
    mine = (frame["region"] == region) & (frame["rate_type"] == rate_type)
    mine &= frame["year"] == stated_year(method)
    if not mine.any():
        known = frame[["region", "year", "rate_type"]].drop_duplicates().astype(str).agg(", ".join, axis=1)
        raise MethodError(
            f"grid_hours = 'by_hour': no hourly rates of {region} in {stated_year(method)} "
            f"({rate_type}); there are: {'; '.join(known)}. Bring your own: [factor_tables] "
            '"electricity.by_hour"; `factors.grid_hours.rates_by_hour` makes it of the hours of a year.'
        )
    return {str(name) for name in frame.loc[mine, "quantity"].unique()}


def resolve(
    classes: pd.DataFrame,
    rate_type: str,
    qualifier: str,
    pollutants: Mapping[str, str],
    number: ArrayLike,
    note: str,
    method: Method,
    terms: TermBuilder,
) -> None:
    """Add a term for each hour; the annual rate of what has no hourly one.

    Parameters
    ----------
    classes : pandas.DataFrame
        Of one region.
    pollutants : mapping of str to str
        As `served` returns them.
    number : float
        What losses multiply by. [1]
    """
    region, year = str(classes["grid_region"].iloc[0]), stated_year(method)
    asked = classes.assign(region=region, year=year, rate_type=rate_type, qualifier=qualifier)
    hourly = _hourly(region, rate_type, method)
    when = shares(classes, method)
    query = when.assign(region=region, year=year, rate_type=rate_type)
    flat = f"share of the energy, flat load; {note}"
    told = f"share of the energy by electricity.profile; {note}"
    said = np.where(when["is_flat"], flat, told)
    table = method.table(SOURCE, "by_hour")
    rates = table_for(method, [region], year, rate_type, qualifier)
    for reported, printed in pollutants.items():
        if printed in hourly:
            terms.add(
                reported,
                "grid",
                table.find(query, printed),
                number=when["share"].to_numpy() * np.asarray(number),
                note=said,
            )
        else:
            text = f"annual rate, as no hourly one was read; {note}"
            terms.add(reported, "grid", rates.find(asked, printed), number=number, note=text)
