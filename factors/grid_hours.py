"""Hours of a grid: from a series of the hours of a year to rates, and loads, by month, day type and hour.

A year has 8,760 or 8,784 hours; what a port knows of its load, and what matters of a grid's rates, is by
month, by weekday or weekend, and by hour of the day. Both tables made here are in the form that
``[factor_tables]`` of a port reads as CSV (``electricity.by_hour``, ``electricity.profile``).
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from factors.units import UnitError, parse_unit

DAY_TYPES = ("weekday", "weekend")
"""Monday to Friday; Saturday and Sunday. A holiday is of the type of its weekday."""

KEYS = ("month", "day_type", "hour")
_NOISE = 1e-13
_SOURCE = ("source_document", "table", "source_address")


def hours_of(year: int) -> pd.DataFrame:
    """Return month, day type and hour of every hour of a year, from 0:00 of 1 January on.

    Returns
    -------
    pandas.DataFrame, shape (8760 or 8784, 3)

    Examples
    --------
    >>> len(hours_of(2023)), len(hours_of(2024)), hours_of(2023)["day_type"].iloc[0]
    (8760, 8784, 'weekend')
    """
    return _keys(pd.Series(pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="h", inclusive="left")))


def _keys(times: pd.Series) -> pd.DataFrame:
    day_type = np.where(times.dt.day_of_week < 5, *DAY_TYPES)
    return pd.DataFrame({"month": times.dt.month, "day_type": day_type, "hour": times.dt.hour})


def days_of(year: int) -> pd.DataFrame:
    """Return how many days of each type each month of a year has: ``month, day_type, days``.

    Examples
    --------
    >>> days_of(2023).query("month == 1")["days"].tolist()
    [22, 9]
    """
    midnights = hours_of(year).query("hour == 0")
    return midnights.groupby(["month", "day_type"]).size().rename("days").reset_index()


def rates_by_hour(
    rates: Mapping[str, ArrayLike],
    year: int,
    *,
    region: str,
    rate_type: str,
    unit: str,
    source: Mapping[str, str],
) -> pd.DataFrame:
    """Return mean rates by month, day type and hour, from those of all hours of a year.

    Parameters
    ----------
    rates : mapping of str to array_like, shape (8760,) or (8784,)
        Pollutant, as the edition `grid` spells it, to its rate in each hour from 0:00 of 1 January on, in the
        clock that the source keeps.
    year : int
        Calendar year of the hours; says which days are weekends.
    region, rate_type : str
        What the method's options ``grid_region`` and ``grid_rate`` name.
    unit : str
        Of all rates, for example ``lb/MWh``.
    source : mapping of str to str
        ``source_document``, and ``table`` and ``source_address`` if any.

    Returns
    -------
    pandas.DataFrame, shape (576 times the number of pollutants, ...)
        In the form of the need ``electricity.by_hour``; ``confidence`` derived.

    Raises
    ------
    ValueError
        If a series has not as many hours as the year, or a gap; or the unit is none; all in one message.

    Examples
    --------
    >>> flat = rates_by_hour({"CO2": [0.5] * 8760}, 2023, region="Here", rate_type="average total output",
    ...     unit="kg/kWh", source={"source_document": "invented"})
    >>> len(flat), float(flat["value"].astype(float).max())
    (576, 0.5)
    """
    wanted = 8784 if isleap(year) else 8760
    series = {name: np.asarray(values, dtype=float) for name, values in rates.items()}
    problems = []
    for name, values in series.items():
        if values.shape != (wanted,):
            problems.append(f"{name} has {values.size:,} hours; {year} has {wanted:,}")
        elif np.isnan(values).any():
            gaps = np.flatnonzero(np.isnan(values))
            problems.append(f"{name} has no number in {len(gaps)} hours (first: hour {gaps[0]} of the year)")
    try:
        parse_unit(unit)
    except UnitError as problem:
        problems.append(str(problem))
    if not source.get("source_document"):
        problems.append("say in source_document where the rates stand")
    if problems:
        raise ValueError("hourly rates cannot be used: " + "; ".join(problems))
    keys = hours_of(year)
    parts = []
    for name, values in series.items():
        grouped = keys.assign(value=values).groupby(list(KEYS))["value"]
        mean = grouped.mean().reset_index()
        # Rates above and below zero that cancel leave rounding, not a rate.
        mean["value"] = mean["value"].where(mean["value"].abs() > _NOISE * np.abs(values).max(), 0.0)
        note = "mean of " + grouped.size().astype(str).to_numpy() + " hours"
        parts.append(mean.assign(quantity=name, note=note))
    table = pd.concat(parts, ignore_index=True)
    return _in_form(
        table.assign(region=region, year=year, rate_type=rate_type),
        ["region", "year", "rate_type", *KEYS],
        unit,
        source,
    )


def profile_by_hour(times: ArrayLike, kwh: ArrayLike, *, use: str, source: Mapping[str, str]) -> pd.DataFrame:
    """Return the mean load of a use by month, day type and hour, from readings of an interval meter.

    Parameters
    ----------
    times : array_like of datetime, shape (n,)
        When each interval begins, in local time. Intervals of an hour or of an even part of one.
    kwh : array_like, shape (n,)
        Energy of each interval. [kWh]
    use : str
        Use of the electricity, for example ``shore_power`` or ``cranes``.
    source : mapping of str to str
        ``source_document`` (which meter), and ``table`` and ``source_address`` if any.

    Returns
    -------
    pandas.DataFrame
        In the form of the need ``electricity.profile``: mean load in kW, for each month, day type and hour
        that has readings.

    Raises
    ------
    ValueError
        If times and energies differ in number, or an energy is missing or negative.

    Examples
    --------
    >>> times = pd.date_range("2023-01-02", periods=4, freq="30min")
    >>> profile_by_hour(times, [1.0, 3.0, 2.0, 2.0], use="cranes", source={"source_document": "meter C1"})[
    ...     ["hour", "value"]].values.tolist()
    [[0, '4.0'], [1, '4.0']]
    """
    begin = pd.Series(pd.to_datetime(np.asarray(times)))
    energy: NDArray[np.float64] = np.asarray(kwh, dtype=float)
    if len(begin) != len(energy):
        raise ValueError(f"{len(begin)} times and {len(energy)} energies; an energy for each time is needed")
    odd = np.flatnonzero(~(energy >= 0))
    if len(odd):
        raise ValueError(
            f"{len(odd)} of {len(energy)} intervals have no energy of 0 kWh or more (first: "
            f"{begin.iloc[odd[0]]})"
        )
    whole = pd.Series(energy).groupby(begin.dt.floor("h").to_numpy()).sum()  # kWh of an hour is mean kW
    keys = _keys(pd.Series(whole.index))
    mean = keys.assign(value=whole.to_numpy()).groupby(list(KEYS))["value"].mean().reset_index()
    table = mean.assign(use=use, quantity="load", note="")
    return _in_form(table, ["use", *KEYS], "kW", source)


def _in_form(table: pd.DataFrame, keys: list[str], unit: str, source: Mapping[str, str]) -> pd.DataFrame:
    named = {name: source.get(name, "") for name in _SOURCE}
    told = table.assign(value=table["value"].map(repr), unit=unit, confidence="derived", **named)
    columns = [*keys, "quantity", "value", "unit", *_SOURCE, "confidence", "note"]
    return told[columns].sort_values([*keys, "quantity"], kind="stable").reset_index(drop=True)
