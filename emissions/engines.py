"""Engines of ships: what kind they are, how hard they work, which NOx tier binds them.

Pure functions on arrays, in the order and with the numbers of EPA's ShipPowerModel and ShipEF.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from emissions._arguments import formula

Array = NDArray[np.float64]

SERVICE_OVER_MAX_SPEED = 0.94
LOAD_FLOOR = 0.02
TIER3_CUT_OUT_LOAD = 0.25
"""Below this load a Tier III main engine's after-treatment is out and it emits as Tier II."""


@formula(signed=("load_factor",))
def engine_work(power_kw: ArrayLike, load_factor: ArrayLike, duration_h: ArrayLike) -> Array:
    r"""Work done by an engine.

    Parameters
    ----------
    power_kw : array_like, shape (n,)
        Rated power. [kW]
    load_factor : array_like, shape (n,) or scalar
        Share of rated power in use, in [0, 1]. [1]
    duration_h : array_like, shape (n,)
        Time. [h]

    Returns
    -------
    ndarray, shape (n,)
        Work. [kWh]

    Raises
    ------
    ValueError
        If a load factor lies outside [0, 1], a duration or power is negative, or anything is missing.
    UnitError
        If a quantity is of another dimension; quantities of the right one are converted.

    Notes
    -----
    .. math:: E = P \, L \, t

    References
    ----------
    Ships: EPA, ShipPowerModel 0.2, ``calcPropPwr`` (power in use is installed power times load),
    https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Land: EPA, NONROAD2008a, ``NR08a/SOURCE/clcems.f`` (power times load factor times hours),
    https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31).

    Examples
    --------
    >>> engine_work([1000.0], [0.5], [2.0])
    array([1000.])
    >>> from factors.units import quantity
    >>> float(engine_work(quantity(40, "MW"), 0.5, quantity(120, "min")))
    40000.0
    """
    power, load, time = (np.asarray(value, dtype=float) for value in (power_kw, load_factor, duration_h))
    if np.any((load < 0) | (load > 1)):
        raise ValueError(f"load factors lie in [0, 1]; found {np.nanmin(load):g} to {np.nanmax(load):g}")
    return power * load * time


@formula()
def maximum_speed(service_speed_kn: ArrayLike) -> Array:
    """Maximum speed where only the service speed is known. [kn]

    References
    ----------
    EPA, ShipPowerModel 0.2, ``calcPropPwr``: the service speed is 0.94 of the maximum,
    https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> maximum_speed([18.8]).round(3)
    array([20.])
    """
    return np.asarray(service_speed_kn, dtype=float) / SERVICE_OVER_MAX_SPEED


@formula(positive=("max_speed_kn",), unbounded=("cap",))
def propulsion_load(
    speed_kn: ArrayLike,
    max_speed_kn: ArrayLike,
    *,
    margin_pct: ArrayLike = 15.0,
    draught_ratio: ArrayLike = 1.0,
    floor: float = LOAD_FLOOR,
    cap: float = 1.0,
) -> Array:
    r"""Share of installed propulsion power that a speed takes: propeller law, or admiralty with draught.

    Parameters
    ----------
    speed_kn, max_speed_kn : array_like, shape (n,)
        Speed through water, and at full power. [kn]
    margin_pct : float or array_like, shape (n,)
        Margin for sea and fouling. [%]
    draught_ratio : array_like, shape (n,)
        Actual over maximum draught; 1 gives the propeller law. [1]
    floor, cap : float
        Bounds of the load while the ship moves. [1]

    Returns
    -------
    ndarray, shape (n,)
        Load in [floor, cap]; 0 when the ship does not move. [1]

    Notes
    -----
    .. math:: L = \mathrm{clip}\left((T/T_{max})^{2/3} (V/V_{max})^3 (1 + m), L_{min}, L_{max}\right)

    The margin comes before the clip.

    References
    ----------
    EPA, ShipPowerModel 0.2, ``calcPropPwr`` (propeller law) and ``calcAdmPwr`` (admiralty formula),
    https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> propulsion_load([12.0, 0.0], [24.0, 24.0])
    array([0.14375, 0.     ])
    """
    speed = np.asarray(speed_kn, dtype=float)
    draught = np.asarray(draught_ratio, dtype=float) ** (2 / 3)
    margin = (100 + np.asarray(margin_pct, dtype=float)) / 100
    load = draught * (speed / np.asarray(max_speed_kn, dtype=float)) ** 3 * margin
    return np.where(speed == 0, 0.0, np.clip(load, floor, cap))


@formula()
def ship_category(bore_mm: ArrayLike, stroke_mm: ArrayLike) -> NDArray[np.int64]:
    """EPA engine category from displacement per cylinder: 3 from 30 L, 2 from 7 L, else 1.

    References
    ----------
    EPA, ShipEF 0.2, ``calcShipCategory``, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e);
    the bounds of 7 and 30 liters are those of 40 CFR 1042.901.

    Examples
    --------
    >>> ship_category([671.0, 300.0, 120.0], [555.0, 400.0, 150.0])
    array([3, 2, 1])
    """
    bore, stroke = np.asarray(bore_mm, dtype=float) / 10, np.asarray(stroke_mm, dtype=float) / 10
    litres = np.pi / 4 * bore**2 * stroke / 1000
    return np.select([litres >= 30, litres >= 7], [3, 2], 1)


@formula(unbounded=("tier3_from",), dates=("keel_year", "tier3_from"))
def tier_of_keel(keel_year: ArrayLike, tier3_from: ArrayLike = np.inf) -> NDArray[np.int64]:
    """NOx tier that a keel-laying year binds an engine to.

    Parameters
    ----------
    keel_year : array_like, shape (n,)
        Year (or decimal year, or date) the keel was laid.
    tier3_from : array_like, shape (n,)
        Keel year (or decimal year, or date) from which Tier III binds in the control area the ship works in;
        infinite outside any.

    Returns
    -------
    ndarray of int, shape (n,)
        0, 1, 2 or 3.

    Notes
    -----
    Tiers I and II are worldwide (MARPOL Annex VI, keels from 2000 and 2011). Tier III holds in NOx control
    areas only: a keel laid in 2017 is Tier III off California and Tier II in the Baltic.

    References
    ----------
    EPA, ShipEF 0.2, ``calcTier``, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e), for the
    years 2000 and 2011. The dates by area are those of the edition ``control-areas``: Lloyd's Register,
    class news 02-18, which quotes MARPOL Annex VI (second-hand),
    https://www.lr.org/en/knowledge/class-news/02-18.

    Examples
    --------
    >>> tier_of_keel([1998, 2005, 2017, 2017], [2016, 2016, 2016, 2021])
    array([0, 1, 3, 2])
    >>> tier_of_keel(pd.to_datetime(["1985-01-01"]), tier3_from=2016)
    array([0])
    """
    year = np.asarray(keel_year, dtype=float)
    tier = np.select([year >= 2011, year >= 2000], [2, 1], 0)
    return np.where(year >= np.asarray(tier3_from, dtype=float), 3, tier)


@formula(flags=("electric_drive",))
def tier_at_load(
    tier: ArrayLike,
    load_factor: ArrayLike,
    electric_drive: ArrayLike = False,
    *,
    electric_reverts: bool = False,
) -> NDArray[np.int64]:
    """NOx tier that a main engine emits by at its load: Tier III falls back to Tier II below 25 %.

    Parameters
    ----------
    tier : array_like of int, shape (n,)
    load_factor : array_like, shape (n,)
        [1]
    electric_drive : array_like of bool, shape (n,)
        Generators of electric-drive ships share the load and do not fall back, unless `electric_reverts`.

    Returns
    -------
    ndarray of int, shape (n,)

    References
    ----------
    EPA, ShipEF 0.2: strictly below 0.25, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> tier_at_load([3, 3, 1], [0.24, 0.25, 0.1])
    array([2, 3, 1])
    """
    engine = np.asarray(tier, dtype=np.int64)
    out = (engine == 3) & (np.asarray(load_factor, dtype=float) < TIER3_CUT_OUT_LOAD)
    if not electric_reverts:
        out &= ~np.asarray(electric_drive, dtype=bool)
    return np.where(out, 2, engine)


@formula(missing=("hotel_share",))
def generator_load(
    load_factor: ArrayLike, hotel_share: ArrayLike = 0.0, *, generators: float, reserve: float
) -> Array:
    r"""Load of each running generator of an electric-drive ship.

    Generators share the plant's load, and as few of them run as keep a reserve. The load of one of them is
    therefore far above that of the shaft when a ship goes slowly.

    Parameters
    ----------
    load_factor : array_like, shape (n,)
        Load of the shafts over installed power. [1]
    hotel_share : array_like, shape (n,) or scalar
        Load of all else on board over installed power; the same generators make it. NaN counts as 0. [1]
    generators : float
        How many generators of equal rating the ship has.
    reserve : float
        Share of the running generators' rating that is kept free. [1]

    Returns
    -------
    ndarray, shape (n,)
        In [0, 1]; 0 where the shafts do not turn. [1]

    Notes
    -----
    .. math:: k = \min\left(\max\left(\left\lceil \frac{n p}{1 - r} \right\rceil, 1\right), n\right),
        \quad L = \min\left(\frac{n p}{k}, 1\right)

    with the plant's load *p*, *n* generators of which *k* run, and the reserve *r*.

    References
    ----------
    A spinning reserve of at least 15 %, and running below 30 % of a generator's rating avoided: *TransNav*,
    on the power management of seven equal generators, https://www.transnav.eu/html,1675.html.

    Examples
    --------
    >>> generator_load([0.02, 0.3, 1.0, 0.0], generators=4, reserve=0.15).round(3)
    array([0.08, 0.6 , 1.  , 0.  ])
    >>> generator_load([0.02], [0.15], generators=4, reserve=0.15).round(3)
    array([0.68])
    """
    shaft = np.asarray(load_factor, dtype=float)
    plant = generators * (shaft + np.nan_to_num(np.asarray(hotel_share, dtype=float)))
    running = np.clip(np.ceil(np.round(plant / (1 - reserve), 12)), 1, generators)
    return np.where(shaft > 0, np.minimum(plant / running, 1.0), 0.0)


@formula()
def tier_label(tier: ArrayLike) -> pd.Categorical[str]:
    """Spell tiers as the factor tables do.

    Examples
    --------
    >>> list(tier_label([0, 3]))
    ['Tier 0', 'Tier 3']
    """
    labels = pd.Index(["Tier 0", "Tier 1", "Tier 2", "Tier 3"])
    return pd.Categorical.from_codes(np.asarray(tier, dtype=np.int64), categories=labels)
