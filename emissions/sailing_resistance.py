"""What a ship's main engine does beyond the cube of speed: a rough hull, weather, draught.

The form of ICCT SAVE (Systematic Assessment of Vessel Emissions), v2025.03.1. Functions hold no number: those
come from the table of the load model of its edition.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emissions._arguments import bare, formula

Array = NDArray[np.float64]
MICROMETRE = 1e-6


@formula()
def hull_roughness(age_years: ArrayLike, by_age: ArrayLike, *, growth: float, interval: float) -> Array:
    """Roughness of a hull with what grew since it was last docked, every `interval` years from delivery.

    Parameters
    ----------
    age_years : array_like, shape (n,)
        Whole years since delivery. [year]
    by_age : array_like, shape (n,)
        Average roughness of hulls of that age. [um]
    growth : float
        [um per year since docking]
    interval : float
        [year]

    Returns
    -------
    ndarray, shape (n,)
        [um]

    References
    ----------
    SAVE v2025.03.1, section 3.2 and Table 10.

    Examples
    --------
    >>> hull_roughness([1, 7], [120, 200], growth=30, interval=5)
    array([150., 260.])
    """
    age = np.asarray(age_years, dtype=float)
    return np.asarray(by_age, dtype=float) + growth * np.mod(age, interval)


@formula(missing=("roughness_um",))
def hull_fouling_factor(
    roughness_um: ArrayLike,
    *,
    base: float,
    friction: float,
    resistance: float,
    exponent: float,
    new_um: float,
) -> Array:
    r"""Power of a fouled hull over that of a smooth one.

    Parameters
    ----------
    roughness_um : array_like, shape (n,)
        [um]
    base, friction, resistance, exponent : float
        Numbers of the equation. [1]
    new_um : float
        Roughness of a new ship's hull. [um]

    Returns
    -------
    ndarray, shape (n,)
        [1]

    Notes
    -----
    .. math:: HFF = h + f \frac{(k_2/L)^e - (k_1/L)^e}{r L^{-1/3}}

    Roughness and length in metres; with an exponent of 1/3 the length cancels, and is not asked for.

    References
    ----------
    SAVE v2025.03.1, equation 5.

    Examples
    --------
    >>> printed = dict(base=1.02, friction=0.044, resistance=0.018, exponent=1 / 3, new_um=120)
    >>> hull_fouling_factor([120, 300, 500], **printed).round(3)
    array([1.02 , 1.063, 1.093])
    """
    rough = (np.asarray(roughness_um, dtype=float) * MICROMETRE) ** exponent
    return base + friction * (rough - (new_um * MICROMETRE) ** exponent) / resistance


@formula(missing=("distance_to_shore_nmi",))
def weather_factor(
    distance_to_shore_nmi: ArrayLike, *, coastal_limit_nmi: float, coastal_pct: float, open_sea_pct: float
) -> Array:
    """Power in waves over that in still water: one factor near the coast, its limit included, one beyond.

    Parameters
    ----------
    distance_to_shore_nmi : array_like, shape (n,)
        [nmi]
    coastal_limit_nmi, coastal_pct, open_sea_pct : float
        [nmi], [%], [%]

    Returns
    -------
    ndarray, shape (n,)
        [1] NaN where the distance is.

    References
    ----------
    SAVE v2025.03.1, section 3.3.

    Examples
    --------
    >>> weather_factor([5.0, 5.1], coastal_limit_nmi=5, coastal_pct=10, open_sea_pct=15)
    array([1.1 , 1.15])
    """
    distance = np.asarray(distance_to_shore_nmi, dtype=float)
    factor = np.where(distance <= coastal_limit_nmi, 1 + coastal_pct / 100, 1 + open_sea_pct / 100)
    return np.where(np.isnan(distance), np.nan, factor)


@formula()
def draught_factor(draught_ratio: ArrayLike, *, exponent: float) -> Array:
    """Power at a draught over that at the design draught.

    Parameters
    ----------
    draught_ratio : array_like, shape (n,)
        Draught over design draught. [1]
    exponent : float

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    SAVE v2025.03.1, equation 6.

    Examples
    --------
    >>> draught_factor([1.0, 0.729], exponent=2 / 3).round(3)
    array([1.  , 0.81])
    """
    return np.asarray(draught_ratio, dtype=float) ** exponent


@formula(missing=("ballast_ratio", "loaded_ratio", "ballast_share"))
def mean_draught_factor(
    ballast_ratio: ArrayLike, loaded_ratio: ArrayLike, ballast_share: ArrayLike, *, exponent: float
) -> Array:
    """Draught factor of a ship's year, weighted by the time it sails in ballast and loaded.

    Parameters
    ----------
    ballast_ratio, loaded_ratio : array_like, shape (n,)
        Mean draught over design draught in ballast and loaded. [1]
    ballast_share : array_like, shape (n,)
        Share of time in ballast. [1]
    exponent : float

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    SAVE v2025.03.1, equation 7.

    Examples
    --------
    >>> mean_draught_factor([0.512], [1.0], [0.5], exponent=2 / 3).round(3)
    array([0.82])
    """
    share = np.asarray(ballast_share, dtype=float)
    power = bare(draught_factor)  # of ships whose draughts are not known there is none
    light = power(ballast_ratio, exponent=exponent)
    return share * light + (1 - share) * power(loaded_ratio, exponent=exponent)


@formula(positive=("max_speed_kn",))
def sailing_load(
    speed_kn: ArrayLike,
    max_speed_kn: ArrayLike,
    *,
    fouling: ArrayLike,
    weather: ArrayLike,
    draught: ArrayLike,
    exponent: float,
    cap: float,
) -> Array:
    """Share of installed power that a speed takes; what exceeds the whole of it becomes the cap.

    Parameters
    ----------
    speed_kn, max_speed_kn : array_like, shape (n,)
        [kn]
    fouling, weather, draught : array_like, shape (n,)
        Factors on power. [1]
    exponent, cap : float

    Returns
    -------
    ndarray, shape (n,)
        [1] A load between the cap and 1 stays.

    References
    ----------
    SAVE v2025.03.1, equation 3 and section 3.1.

    Examples
    --------
    >>> sailing_load([10, 20], [20, 20], fouling=1.06, weather=1.1, draught=1.0, exponent=3, cap=0.98)
    array([0.14575, 0.98   ])
    """
    ratio = np.asarray(speed_kn, dtype=float) / np.asarray(max_speed_kn, dtype=float)
    load = ratio**exponent * np.asarray(fouling) * np.asarray(weather) * np.asarray(draught)
    return np.where(load > 1, cap, load)
