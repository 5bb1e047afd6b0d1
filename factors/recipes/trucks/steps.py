"""Where the rates of a table step from one model year to the next: its standard groups.

Trucks of one standard differ by a year of ageing from the next model year; trucks of another standard by far
more. EMFAC has both in its rates, so that the groups are read from the rates themselves: no year of a rule is
written down here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import classify
from factors.method import Method
from factors.tables import FactorTable, load_table


def steps(profile: pd.Series, *, usual_changes: float, least_change: float) -> NDArray[np.int64]:
    """Return the model years with which a new group begins.

    Parameters
    ----------
    profile : pandas.Series, shape (n,)
        Rate by model year, the index.
    usual_changes : float
        A step is more than so many times the usual change, the median of those between neighbours. [1]
    least_change : float
        And more than this share of the greater of both rates. [1]

    Returns
    -------
    ndarray of int, shape (k,)
        Ascending.

    Examples
    --------
    Rates fall by 0.1 a year, and by 1.5 with 2012:

    >>> rates = pd.Series([5.2, 5.1, 5.0, 3.5, 3.4], index=range(2009, 2014))
    >>> steps(rates, usual_changes=2.0, least_change=0.05)
    array([2012])
    """
    known = profile.dropna().sort_index()
    years, value = known.index.to_numpy(dtype=np.int64), known.to_numpy(dtype=float)
    return _steps(years, value, usual_changes, least_change)


def _steps(
    years: NDArray[np.int64], value: NDArray[np.float64], usual_changes: float, least_change: float
) -> NDArray[np.int64]:
    """The years of `steps`, of rates in the order of their model years."""
    if len(value) < 2:
        return years[:0]
    change = np.abs(np.diff(value))
    greater = np.maximum(np.abs(value[1:]), np.abs(value[:-1]))
    beyond = (change > usual_changes * np.median(change)) & (change > least_change * greater)
    return years[1:][beyond]


def groups_of(trucks: pd.DataFrame, by: Sequence[str], table: FactorTable, quantity: str, method: Method
              ) -> pd.Series:  # fmt: skip
    """Return the number of the group of each truck's model year, by what the table has of its like.

    Parameters
    ----------
    trucks : pandas.DataFrame, shape (n, ...)
        ``model_year`` and `by`.
    by : sequence of str
        Keys that trucks of one profile share: category, fuel, calendar year.
    table : FactorTable
    quantity : str
        Each pollutant steps where its own rates do: CO2 with the fuel, not with the standards of exhaust.
    method : Method

    Returns
    -------
    pandas.Series of int, shape (n,)
        Only numbers of trucks that are alike in `by` compare. Model years before the table's first are told
        apart by the steps of the reference profile, and numbered -1 before that one's first.
    """
    starts = _starts(table, tuple(by), quantity, method)
    found = np.zeros(len(trucks), dtype=np.int64)
    years = trucks["model_year"].to_numpy(dtype=np.int64)
    number, told = classify(trucks[list(by)].assign(_all=0))
    for place, keys in enumerate(told[list(by)].itertuples(index=False, name=None)):
        if keys in starts:
            mine = number == place
            found[mine] = np.searchsorted(starts[keys], years[mine], side="right") - 1
    return pd.Series(found, index=trucks.index)


def step_pattern(by: Sequence[str], table: FactorTable, quantity: str, method: Method) -> int:
    """Return a number that quantities of a table share whose rates step, and age, alike throughout."""
    starts = _starts(table, tuple(by), quantity, method)
    alike = tuple((keys, years.tobytes()) for keys, years in starts.items())
    return hash((ages(table, quantity, method), alike))


def ages(table: FactorTable, quantity: str, method: Method) -> bool:
    """Return whether the rates of a quantity grow with the age of a truck, by the table's own rows.

    EMFAC lets exhaust deteriorate with each year, and neither idling nor the fuel burnt: two young model
    years in a row then have the same rate to the last digit, which no rate that ages has. Tables of other
    models count in groups of ages, and are taken to age.
    """
    if "emfac_category" not in table.spec.keys:
        return True
    young = int(method.sources["heavy_duty_vehicles"]["steps"]["young_years"])
    asked = ("ages", quantity, young)
    if asked not in table.kept:
        by = [name for name in ("emfac_category", "fuel", "calendar_year") if name in table.spec.keys]
        newest = [rates[-young:] for _, _, rates in _profiles(table, quantity, by)]
        same = [
            bool(np.isclose(rates[1:], rates[:-1], rtol=1e-9).any()) for rates in newest if len(rates) > 1
        ]
        table.kept[asked] = not same or 2 * sum(same) <= len(same)
    return bool(table.kept[asked])


def _starts(
    table: FactorTable, by: tuple[str, ...], quantity: str, method: Method
) -> dict[tuple[object, ...], NDArray[np.int64]]:
    """Return the first model years of the groups of each profile of a table."""
    rule = method.sources["heavy_duty_vehicles"]["steps"]
    limits = {name: float(rule[name]) for name in ("usual_changes", "least_change")}
    asked = ("starts of groups", by, quantity, *rule.values())
    if asked in table.kept:
        return cast("dict[tuple[object, ...], NDArray[np.int64]]", table.kept[asked])
    older, oldest = _reference(quantity, method, limits)
    found: dict[tuple[object, ...], NDArray[np.int64]] = {}
    for keys, years, rates in _profiles(table, quantity, by):
        first = int(years[0])
        found[keys] = np.unique([min(first, oldest), *older[older <= first], *_steps(years, rates, **limits)])
    table.kept[asked] = found
    return found


def _profiles(
    table: FactorTable, quantity: str, by: Sequence[str]
) -> Iterator[tuple[tuple[object, ...], NDArray[np.int64], NDArray[np.float64]]]:
    """Yield the keys of each profile of a table, its model years in order, and the rate of each."""
    wide = table.means(quantity, (*by, "model_year")).unstack("model_year").sort_index(axis=1)
    years, values = wide.columns.to_numpy(dtype=np.int64), wide.to_numpy(dtype=float)
    for keys, rates in zip(wide.index, values, strict=True):
        known = ~np.isnan(rates)
        yield keys if isinstance(keys, tuple) else (keys,), years[known], rates[known]


def _reference(quantity: str, method: Method, limits: Mapping[str, float]) -> tuple[NDArray[np.int64], int]:
    """Steps of the profile that reaches furthest back, and its first model year."""
    rule = method.sources["heavy_duty_vehicles"]["steps"]
    edition, _, name = str(rule["reference"]).partition("/")
    table = load_table(edition, name)
    by = ("emfac_category", "fuel")
    profile = table.means(quantity if quantity in table.quantities else "NOx", (*by, "model_year"))
    profile = profile.xs((rule["reference_category"], "Diesel"), level=by)
    return steps(profile, **limits), int(profile.index.min())
