"""Curves: named pure functions of a work row's state that a component's factor follows.

A curve never contains a factor value. Its parameters (coefficients of a published regression, thresholds)
are set by the method and travel with the resolved classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from emissions._arguments import formula
from emissions.engines import generator_load
from factors.terms import CurveSpec, curve_parts, curves_named

Array = NDArray[np.float64]


@formula()
def low_load_adjustment(
    load_factor: ArrayLike, *, a: float, x: float, b: float, threshold: float = 0.2
) -> Array:
    r"""Multiplier on a propulsion engine's factor at small loads.

    Parameters
    ----------
    load_factor : array_like, shape (n,)
        Share of rated power in use. [1]
    a, x, b : float
        Coefficients of the regression ``a * load**-x + b``.
    threshold : float
        Load up to which the adjustment holds; 1 above it, and where the engine is off. [1]

    Returns
    -------
    ndarray, shape (n,)
        Multiplier. [1]

    Notes
    -----
    .. math:: LLAF(L) = \frac{a L^{-x} + b}{a\,0.2^{-x} + b} \qquad 0 < L \le 0.2

    References
    ----------
    EPA, *Ports Emissions Inventory Guidance*, EPA-420-B-22-011, April 2022, Table 3.10,
    https://nepis.epa.gov/Exe/ZyPDF.cgi?Dockey=P1014J1S.pdf.

    EPA, *Regulatory Impact Analysis: Control of Emissions of Air Pollution from Category 3 Marine Diesel
    Engines*, 2009, eq. 3-26, p. 3-27: second-hand, as EPA's ShipEF 0.2 cites it beside the coefficients
    (``LLAFCoeff``), https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> low_load_adjustment([0.02, 0.2, 0.5], a=0.1255, x=1.5, b=10.4496).round(2)
    array([4.63, 1.  , 1.  ])
    """
    load = np.asarray(load_factor, dtype=float)
    out = np.ones(load.shape)
    low = (load > 0) & (load <= threshold)
    out[low] = (a * load[low] ** -x + b) / (a * threshold**-x + b)
    return out


@formula()
def low_load_sulfur(
    load_factor: ArrayLike,
    *,
    a: float,
    b: float,
    slope: float,
    intercept: float,
    sulfur: float,
    threshold: float = 0.2,
) -> Array:
    """Multiplier on SO2 at small loads by EPA's regression on fuel consumption.

    The regression ``a * (slope / load + intercept) * sulfur + b`` wants the sulfur *fraction* (0.001); EPA's
    Table 3.10 uses it. ShipEF's code hands it the percent instead. `sulfur` is whichever the method chose.

    Parameters
    ----------
    load_factor : array_like, shape (n,)
        Share of rated power in use. [1]
    a, b, slope, intercept, sulfur : float
        Coefficients; slope and intercept of fuel consumption. [g/kWh]
    threshold : float
        Load up to which the adjustment holds. [1]

    Returns
    -------
    ndarray, shape (n,)
        Multiplier. [1]

    References
    ----------
    EPA, *Regulatory Impact Analysis: Control of Emissions of Air Pollution from Category 3 Marine Diesel
    Engines*, 2009, eq. 3-26, p. 3-27: second-hand, through EPA's ShipEF 0.2, ``calcLLAF`` and
    ``LLAFCoeff``, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> low_load_sulfur([0.02], a=2.3735, b=-0.4792, slope=14.1205, intercept=205.7169, sulfur=0.001).round(2)
    array([9.54])
    """
    load = np.asarray(load_factor, dtype=float)
    out = np.ones(load.shape)
    low = (load > 0) & (load <= threshold)
    reference = a * (slope / threshold + intercept) * sulfur + b
    out[low] = (a * (slope / load[low] + intercept) * sulfur + b) / reference
    return out


@formula()
def load_fuel_rate(
    load_factor: ArrayLike, *, a: float, b: float, c: float, lowest: float = 0.0, highest: float = 1.0
) -> Array:
    """Multiplier on the fuel rate by load: ``a * load**2 + b * load + c`` within [lowest, highest], else 1.

    Parameters
    ----------
    load_factor : array_like, shape (n,)
        Share of rated power in use. [1]
    a, b, c : float
        Coefficients. [1]
    lowest, highest : float
        Loads between which the curve applies, both included; the load itself is not changed, as a floor and
        a cap would. [1]

    Returns
    -------
    ndarray, shape (n,)
        Multiplier. [1]

    References
    ----------
    Jalkanen, J.-P. et al., *Extension of an assessment model of ship traffic exhaust emissions for
    particulate matter and carbon monoxide*, Atmospheric Chemistry and Physics 12, 2012, pp. 2641-2659,
    https://doi.org/10.5194/acp-12-2641-2012, taken up by the Third and Fourth IMO Greenhouse Gas Studies.

    Second-hand, as in EPA's ShipEF 0.2, ``calcLoadBSFC``, https://github.com/USEPA/Marine_Emissions_Tools
    (commit 752696e).

    Examples
    --------
    >>> load_fuel_rate([0.78], a=0.455, b=-0.71, c=1.28).round(3)
    array([1.003])
    """
    # Saved years keep these parameters by name, so the names cannot change without changing them.
    load = np.asarray(load_factor, dtype=float)
    curve = a * load**2 + b * load + c
    return np.where((load >= lowest) & (load <= highest), curve, 1.0)


@formula()
def by_load(load_factor: ArrayLike, **points: float) -> Array:
    """Multiplier given at some loads and drawn straight between them; held beyond the first and the last.

    Parameters
    ----------
    load_factor : array_like, shape (n,)
        Share of rated power in use. [1]
    **points : float
        Multiplier by load, the load as a name. [1]

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    Used for black carbon per fuel by load: ICCT, *Greenhouse gas emissions from global shipping, 2013-2015:
    detailed methodology*, 2017, Table F-3,
    https://theicct.org/sites/default/files/Global-shipping-GHG-emissions-2013-2015_Methodology_17102017_vF.pdf.

    Examples
    --------
    >>> by_load([0.1, 0.3, 1.0], **{"0.2": 3.0, "0.4": 2.0, "1": 1.0})
    array([3. , 2.5, 1. ])
    """
    order = sorted(points, key=float)
    loads = np.array([float(load) for load in order])
    return np.interp(np.asarray(load_factor, dtype=float), loads, [points[load] for load in order])


@formula()
def rounded_load(load_factor: ArrayLike, *, threshold: float, **points: float) -> Array:
    """Multiplier of a table of loads, taken at the load rounded to a hundredth; 1 from a threshold on.

    Parameters
    ----------
    load_factor : array_like, shape (n,)
        Share of rated power in use. [1]
    threshold : float
        Load below which the table holds. [1]
    **points : float
        Multiplier by load, the load as a name. Below the first load the first multiplier is held. [1]

    Returns
    -------
    ndarray, shape (n,)

    Notes
    -----
    Halves are rounded up; the document says neither this nor what holds below its first load of 0.02.

    References
    ----------
    ICCT, SAVE v2025.03.1 documentation, section 5.8 and Table 21.

    Examples
    --------
    >>> rounded_load([0.004, 0.052, 0.2], threshold=0.2, **{"0.02": 4.63, "0.05": 1.6, "0.06": 1.44})
    array([4.63, 1.6 , 1.  ])
    """
    load = np.asarray(load_factor, dtype=float)
    order = sorted(points, key=float)
    steps = np.round(100 * np.array([float(name) for name in order])).astype(np.int64)
    hundredth = np.floor(100 * load + 0.5).astype(np.int64)
    place = np.clip(np.searchsorted(steps, hundredth, side="right") - 1, 0, None)
    value = np.array([points[name] for name in order])[place]
    return np.where((load > 0) & (load < threshold), value, 1.0)


@formula()
def power_of_load(load_factor: ArrayLike, *, exponent: float) -> Array:
    """Multiplier ``load ** -exponent``; 0 where the engine is off.

    Parameters
    ----------
    load_factor : array_like, shape (n,)
        Share of rated power in use. [1]
    exponent : float

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    Black carbon of main engines: ICCT, SAVE v2025.03.1 documentation, equations 13 to 16.

    Examples
    --------
    >>> power_of_load([0.25, 1.0, 0.0], exponent=0.5)
    array([2., 1., 0.])
    """
    load = np.asarray(load_factor, dtype=float)
    out = np.zeros(load.shape)
    out[load > 0] = load[load > 0] ** -exponent
    return out


@formula()
def life(life_used: ArrayLike, *, exponent: float = 1.0, cap: float = 1.0) -> Array:
    """Share of its median life that a machine has used, capped: what deterioration grows with.

    Parameters
    ----------
    life_used : array_like, shape (n,)
        Hours at full load since new over the median life at full load. [1]
    exponent, cap : float
        ``min(life_used, cap) ** exponent``.

    Returns
    -------
    ndarray, shape (n,)

    References
    ----------
    EPA, NONROAD2008a, ``NR08a/SOURCE/clcems.f``; caps and exponents in MOVES5, table ``nrdeterioration``,
    https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31).

    Examples
    --------
    >>> life([0.4, 1.9])
    array([0.4, 1. ])
    """
    return np.minimum(np.asarray(life_used, dtype=float), cap) ** exponent


@formula()
def constant(load_factor: ArrayLike, *, value: float) -> Array:
    """Return the same multiplier at all loads: a bound, where the lesser of two curves holds.

    Examples
    --------
    >>> constant([0.02, 1.0], value=2.5)
    array([2.5, 2.5])
    """
    return np.full(np.asarray(load_factor).shape, value)


def one(first: ArrayLike) -> Array:
    """Return ones: the component follows the quantity itself."""
    return np.ones(np.asarray(first).shape)


_STATE: Mapping[str, tuple[Callable[..., Array], str]] = {
    "low_load_adjustment": (low_load_adjustment, "load_factor"),
    "low_load_sulfur": (low_load_sulfur, "load_factor"),
    "load_fuel_rate": (load_fuel_rate, "load_factor"),
    "by_load": (by_load, "load_factor"),
    "rounded_load": (rounded_load, "load_factor"),
    "power_of_load": (power_of_load, "load_factor"),
    "constant": (constant, "load_factor"),
    "life": (life, "life_used"),
}
"""Each function with the state column it reads."""

_HOTEL = "hotel_share"
_GENERATORS = ("generators", "reserve")
"""Parameters of a curve that follows the load of each running generator, in place of that of the shaft."""


def state_columns(name: str, specs: Mapping[str, CurveSpec]) -> list[str]:
    """Return the state columns that a curve, a product of curves, or the lesser of two reads."""
    found: dict[str, None] = {}
    for part in curves_named(name):
        if specs[part].function in _STATE:
            found[_STATE[specs[part].function][1]] = None
            if "generators" in specs[part].parameters:
                found[_HOTEL] = None
    return list(found)


def states(name: str, specs: Mapping[str, CurveSpec], rows: pd.DataFrame) -> pd.DataFrame:
    """Return the state columns that a curve reads; without a hotel share the shafts alone are the load.

    Parameters
    ----------
    name : str
    specs : mapping of str to CurveSpec
    rows : pandas.DataFrame, shape (n, ...)

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
    """
    return rows[[column for column in state_columns(name, specs) if column != _HOTEL or column in rows]]


def varies(name: str, specs: Mapping[str, CurveSpec], rows: pd.DataFrame) -> NDArray[np.bool_] | None:
    """Say on which work rows a curve can differ from one, or None where it may do so on all.

    Low-load adjustments differ from one at low loads alone; a sum over a million rows need not evaluate them
    on the rest.

    Parameters
    ----------
    name : str
    specs : mapping of str to CurveSpec
    rows : pandas.DataFrame, shape (n, ...)

    Returns
    -------
    ndarray of bool, shape (n,), or None
        A row whose state is missing counts as one that varies, so that `evaluate` refuses it.
    """
    parts = [specs[part] for part in curves_named(name)]
    low_only = ("low_load_adjustment", "low_load_sulfur", "rounded_load")
    if any(spec.function not in low_only or "generators" in spec.parameters for spec in parts):
        return None
    threshold = max(float(spec.parameters.get("threshold", 0.2)) for spec in parts)
    return ~(rows["load_factor"].to_numpy(dtype=float) > threshold)


def evaluate(name: str, specs: Mapping[str, CurveSpec], rows: pd.DataFrame) -> Array:
    """Evaluate a curve, a product ``a*b`` of curves, or the lesser ``a min b`` of two, on work rows.

    Parameters
    ----------
    name : str
        A declared curve, or declared curves joined as `factors.terms.curve_parts` reads them.
    specs : mapping of str to CurveSpec
        As in `factors.terms.FactorClasses.curves`.
    rows : pandas.DataFrame, shape (n, ...)
        Work rows with the state columns that the curves read.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the state is missing for a row whose class follows the curve.
    """
    products = []
    for parts in curve_parts(name):
        value = np.ones(len(rows))
        for part in parts:
            if specs[part].function != "one":
                value = value * _evaluate(part, specs[part], rows)
        products.append(value)
    least = products[0]
    for other in products[1:]:
        least = np.minimum(least, other)
    return least


def _evaluate(name: str, spec: CurveSpec, rows: pd.DataFrame) -> Array:
    function, state = _STATE[spec.function]
    given = rows[state].to_numpy(dtype=float)
    if np.isnan(given).any():
        raise ValueError(
            f"{int(np.isnan(given).sum())} work rows follow the curve {name!r} but have no {state}"
        )
    parameters = dict(spec.parameters)
    if "generators" in parameters:
        shared = {part: float(parameters.pop(part)) for part in _GENERATORS}
        hotel = rows[_HOTEL].to_numpy(dtype=float) if _HOTEL in rows else 0.0
        given = generator_load(given, hotel, **shared)
    return function(given, **parameters)
