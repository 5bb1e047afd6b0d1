"""Change between two years as clean air plans print it: in percent, per unit of cargo, along a chain.

Change is signed: negative is a reduction. Work in unrounded masses and round what is shown; percentages of
rounded masses can be a point off.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

PER_TEU = 10_000
"""Containers (TEU) to which intensities are printed."""


def percent_change(base: float, value: float) -> float:
    """Return the change from a base year. [%]

    Parameters
    ----------
    base, value : float
        Masses, intensities or activity, in one unit.

    Raises
    ------
    ValueError
        If the base is zero, so that there is no percentage.

    Examples
    --------
    >>> round(percent_change(261, 63), 1)
    -75.9
    """
    if base == 0:
        raise ValueError("the base year is 0, so a change from it has no percentage; show the masses instead")
    return 100 * (value / base - 1)


def intensity(mass: float, teu: float, per: float = PER_TEU) -> float:
    """Return mass per 10,000 TEU, in the unit of the mass.

    Raises
    ------
    ValueError
        If there is no cargo to divide by.

    Examples
    --------
    >>> round(intensity(277, 7_831_902), 3)
    0.354
    """
    if teu <= 0:
        raise ValueError(f"{teu:,} TEU: an intensity needs cargo above 0")
    return mass * per / teu


def intensity_change(mass_change: float, cargo_change: float) -> float:
    """Return the change of an intensity from those of mass and of cargo. [%]

    Parameters
    ----------
    mass_change, cargo_change : float
        Both from the same base year. [%]

    Raises
    ------
    ValueError
        If no cargo is left to divide by.

    Examples
    --------
    >>> round(intensity_change(-90, 38), 1)
    -92.8
    """
    if cargo_change <= -100:
        raise ValueError(f"cargo changed by {cargo_change:g} %, so there is none to divide by")
    return 100 * ((1 + mass_change / 100) / (1 + cargo_change / 100) - 1)


def chained_change(changes: Iterable[float]) -> float:
    """Return the change over a chain of years, each from the one before. [%]

    The links must be of one vintage of estimates: reports re-estimate earlier years by newer methods.

    Examples
    --------
    >>> round(chained_change([-24, 8]), 1)
    -17.9
    """
    return 100 * (prod(1 + change / 100 for change in changes) - 1)
