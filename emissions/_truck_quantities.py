"""What a dray takes: its miles, its speed bin, its season, its share of a vehicle-day, its electricity."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emissions._arguments import formula
from factors.method import MethodError

SPEED_BIN_RULES = ("at_or_above", "nearest")
_BIN_WIDTH_MPH = 5


@formula()
def speed_bin(speed_mph: ArrayLike, rule: str = "at_or_above") -> NDArray[np.int64]:
    """Return the name of EMFAC's speed bin of each mean speed.

    Bins are named 5, 10, 15, ... mph. A bin that the edition lacks (70 is the fastest of port trucks) is told
    when its factor is looked up.

    Parameters
    ----------
    speed_mph : array_like, shape (n,)
        Mean speed. [mph]
    rule : {"at_or_above", "nearest"}
        The bin at or above the speed, as the R package vein reads EMFAC's names, or the nearest (the faster
        of two).

    Returns
    -------
    ndarray of int, shape (n,)
        Bin. [mph]

    Raises
    ------
    ValueError
        If a speed is missing, zero or negative, or the rule unknown.

    References
    ----------
    How EMFAC's bins are read: R package vein, ``ef_emfac``, https://github.com/ibarraespinosa/vein (commit
    efae85977c).

    Examples
    --------
    >>> speed_bin([2.0, 12.0, 15.0, 55.1])
    array([ 5, 15, 15, 60])
    >>> speed_bin([2.0, 12.0, 15.0, 55.1], rule="nearest")
    array([ 5, 10, 15, 55])
    """
    if rule not in SPEED_BIN_RULES:
        raise ValueError(f"speed bin rule {rule!r} is not among {', '.join(SPEED_BIN_RULES)}")
    speed = np.asarray(speed_mph, dtype=float)
    if not np.all(speed > 0):
        raise ValueError(f"{int(np.sum(~(speed > 0)))} speeds are missing or not above 0 mph")
    steps = speed / _BIN_WIDTH_MPH
    # A speed converted from km/h may miss its bin's upper edge by a rounding error.
    up = np.ceil(np.round(steps, 9)) if rule == "at_or_above" else np.floor(steps + 0.5)
    return (np.maximum(up, 1) * _BIN_WIDTH_MPH).astype(np.int64)


@formula()
def running_distance(visits: ArrayLike, miles_per_visit: ArrayLike, port_share: ArrayLike = 1.0) -> Any:
    """Miles that trucks drive on a stretch that each visit drives once.

    Parameters
    ----------
    visits : array_like, shape (n,)
        Gate visits. [1]
    miles_per_visit : array_like, shape (n,)
        Length of the stretch; count it twice if it is driven in and out. [mile]
    port_share : array_like, shape (n,)
        Share of the way that is the port's, in [0, 1]. [1]

    Returns
    -------
    ndarray, shape (n,)
        Distance. [mile]

    Raises
    ------
    ValueError
        If visits or miles are negative, or a share lies outside [0, 1].

    References
    ----------
    CARB, EMFAC2017, https://arb.ca.gov/emfac/: running exhaust, brake and tire wear are rates per mile.

    Examples
    --------
    >>> running_distance([100.0], [12.5])
    array([1250.])
    """
    count, miles, share = (np.asarray(value, dtype=float) for value in (visits, miles_per_visit, port_share))
    if np.any(count < 0) or np.any(miles < 0):
        raise ValueError("visits and miles per visit are 0 or more")
    if np.any((share < 0) | (share > 1)):
        raise ValueError("a share lies in [0, 1]")
    return count * miles * share


@formula()
def season(month: ArrayLike, summer_months: str = "5-10") -> NDArray[Any]:
    """Return EMFAC's season, ``summer`` or ``winter``, of local months.

    Parameters
    ----------
    month : array_like of int, shape (n,)
        1 to 12.
    summer_months : str
        First and last month of summer, ``"5-10"``.

    Examples
    --------
    >>> season([1, 5, 10, 11]).tolist()
    ['winter', 'summer', 'summer', 'winter']
    """
    first, _, last = summer_months.partition("-")
    if not (first.strip().isdigit() and last.strip().isdigit() and 1 <= int(first) <= int(last) <= 12):
        raise MethodError(f"option summer_months is {summer_months!r}; write first-last, for example 5-10")
    number = np.asarray(month)
    return np.where((number >= int(first)) & (number <= int(last)), "summer", "winter")


@formula(positive=("miles_per_vehicle_day",))
def vehicle_days(miles: ArrayLike, miles_per_vehicle_day: ArrayLike) -> Any:
    """Vehicle-days that a distance stands for, at a category's mean miles per vehicle and day. [vehicle_day]

    EMFAC prints idle in grams per vehicle-day and, for the same trucks, miles per vehicle-day (122 for T7
    POLA). Their quotient is idle per mile; this is the same thing in two steps, so that the rate stays as
    printed.

    References
    ----------
    CARB, EMFAC2017, https://arb.ca.gov/emfac/: statewide output of calendar year 2020, read through the R
    package vein, https://github.com/ibarraespinosa/vein (second-hand).

    Examples
    --------
    >>> vehicle_days([244.924], [122.462])
    array([2.])
    """
    return np.asarray(miles, dtype=float) / np.asarray(miles_per_vehicle_day, dtype=float)


@formula()
def wall_energy(
    miles: ArrayLike, kwh_per_mile: ArrayLike, *, at: str, charger_efficiency: float | None = None
) -> Any:
    """Electricity that battery trucks take from the wall.

    Parameters
    ----------
    miles : array_like, shape (n,)
        Distance. [mile]
    kwh_per_mile : array_like, shape (n,) or scalar
        Energy use. [kWh/mile]
    at : {"wall", "battery"}
        Where the rate counts: before the charger's losses (AVERT, from MOVES) or after them.
    charger_efficiency : float, optional
        Energy into the battery over energy from the wall, in (0, 1]; for a rate at the battery alone. [1]

    Returns
    -------
    ndarray, shape (n,)
        Energy at the wall. [kWh]

    Raises
    ------
    ValueError
        If a rate at the wall comes with an efficiency, which would count twice; at the battery, without.

    References
    ----------
    EPA, AVERT web edition, ``ev-efficiency-assumptions.json``, https://github.com/USEPA/AVERT (commit
    d7188824f6).

    EPA, MOVES5, ``docs/MOVESDatabaseTables.md``, ``evEfficiency``: MOVES has divided by battery and
    charging efficiency, https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31); that AVERT keeps its
    energy at the wall is inferred.

    Examples
    --------
    >>> wall_energy([7500.0], 2.70, at="wall")
    array([20250.])
    >>> wall_energy([7500.0], 2.43, at="battery", charger_efficiency=0.9).round(6)
    array([20250.])
    """
    if at not in ("wall", "battery"):
        raise ValueError(f"a rate is at the wall or at the battery, not at {at!r}")
    if at == "wall" and charger_efficiency is not None:
        raise ValueError(
            "a rate at the wall holds the losses of charging already; give no charger_efficiency"
        )
    if at == "battery" and (charger_efficiency is None or not 0 < charger_efficiency <= 1):
        raise ValueError(
            f"a rate at the battery needs a charger_efficiency in (0, 1], not {charger_efficiency}"
        )
    return (
        np.asarray(miles, dtype=float) * np.asarray(kwh_per_mile, dtype=float) / (charger_efficiency or 1.0)
    )
