"""Propulsion load of ships: propeller law, admiralty formula, Holtrop-Mennen, Kristensen, IMO's GHG4 form.

Every model gives the share of installed power in use while the ship moves, with margin first, then floor and
cap. The resistance models come in two forms, by name:

``shippower-0.2``
    What EPA's ShipPowerModel 0.2 computes, which the golden vectors hold.
``mended``
    The same with what the package does otherwise than the publications it cites put right: Cp of tankers and
    bulk carriers kept within 0.73 to 0.85 (the package swaps the bounds and pins it at 0.85); the propeller's
    diameter in the thrust deduction (the package takes displacement); one sign for the centre of buoyancy;
    Kristensen's wetted surface from the volume displaced, not from volume over density; 0.514444 m/s a knot.

Left as they are in both: wave resistance and wake are taken at the summer draught, and Kristensen's model has
no air resistance for ships other than tankers, bulk carriers, general cargo and container ships (NaN).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emissions._arguments import bare, formula
from emissions._ship_hulls import Hull, hull_group, propellers, waterline_length
from emissions._ship_resistance import holtrop_mennen_kw, kristensen_kw

__all__ = [
    "FORMS",
    "Hull",
    "clipped_load",
    "fixed_load",
    "ghg4_load",
    "holtrop_mennen_load",
    "hull_group",
    "kristensen_load",
    "operating_mode",
    "propellers",
    "waterline_length",
]

Array = NDArray[np.float64]

FORMS = ("shippower-0.2", "mended")
M_PER_S_PER_KN = {"shippower-0.2": 0.5144, "mended": 1852 / 3600}


@formula()
def clipped_load(demand: ArrayLike, speed_kn: ArrayLike, *, floor: float = 0.02, cap: float = 1.0) -> Array:
    """Share of installed power within floor and cap while the ship moves; 0 when it does not.

    Parameters
    ----------
    demand : array_like, shape (n,)
        Power asked for over power installed, margin included. [1]
    speed_kn : array_like, shape (n,)
        [kn]
    floor, cap : float
        [1]

    Returns
    -------
    ndarray, shape (n,)
        NaN where the demand is.

    References
    ----------
    EPA, ShipPowerModel 0.2, ``calcPropPwr``: 0.02 and 1, after the margin,
    https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> clipped_load([0.005, 0.4, 1.3, 0.4], [3.0, 12.0, 20.0, 0.0])
    array([0.02, 0.4 , 1.  , 0.  ])
    """
    return np.where(np.asarray(speed_kn, dtype=float) == 0, 0.0, np.clip(demand, floor, cap))


@formula(positive=("power_kw",))
def holtrop_mennen_load(
    speed_kn: ArrayLike,
    power_kw: ArrayLike,
    hull: Hull,
    *,
    margin_pct: ArrayLike = 15.0,
    floor: float = 0.02,
    cap: float = 1.0,
    form: str = "mended",
) -> Array:
    """Share of installed power by resistance after Holtrop and Mennen.

    Parameters
    ----------
    speed_kn : array_like, shape (n,)
        Speed through water. [kn]
    power_kw : array_like, shape (n,)
        Rated power of all main engines together. [kW]
    hull : Hull
        Dimensions, one element a speed.
    margin_pct : array_like
        Added resistance of sea and fouling. [%]
    floor, cap : float
        [1]
    form : str
        ``mended`` or ``shippower-0.2``; see the module.

    Returns
    -------
    ndarray, shape (n,)
        [1]

    Raises
    ------
    ValueError
        If there is no such form.

    References
    ----------
    Holtrop, J. and Mennen, G.G.J., *An approximate power prediction method*, International Shipbuilding
    Progress 29 (335), 1982, pp. 166-170, https://doi.org/10.3233/ISP-1982-2933501.

    Holtrop, J., *A statistical re-analysis of resistance and propulsion data*, International Shipbuilding
    Progress 31 (363), 1984, pp. 272-276.

    Both second-hand, as arranged in EPA's ShipPowerModel 0.2, ``calcHMPwr``,
    https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> hull = Hull("bulk.carrier", 218.75, 32.25, 13.57, 12.48, 80097.0)
    >>> holtrop_mennen_load(np.array([14.0]), 9363.0, hull, form="mended").round(2)
    array([0.98])
    """
    return _load(holtrop_mennen_kw, speed_kn, power_kw, hull, margin_pct, floor, cap, form)


@formula(positive=("power_kw",))
def kristensen_load(
    speed_kn: ArrayLike,
    power_kw: ArrayLike,
    hull: Hull,
    *,
    margin_pct: ArrayLike = 15.0,
    floor: float = 0.02,
    cap: float = 1.0,
    form: str = "mended",
) -> Array:
    """Share of installed power by resistance after Kristensen; NaN for ship types that the model lacks.

    Parameters, returns and errors as `holtrop_mennen_load`; the hull needs its deadweight.

    References
    ----------
    Kristensen, H.O. and Luetzen, M., *Prediction of resistance and propulsion power of ships*, 2013.

    Kristensen, H.O., *Revision of statistical analysis and determination of regression formulas for main
    dimensions of container ships based on data from Clarkson*, 2016; Ship-Desmo,
    https://gitlab.gbar.dtu.dk/oceanwave3d/Ship-Desmo.

    All second-hand, as arranged in EPA's ShipPowerModel 0.2, ``calcKristPwr``,
    https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> hull = Hull("cruise", 218.75, 32.25, 8.0, 7.5, 40000.0, deadweight_t=8000.0, screws=2)
    >>> kristensen_load(np.array([14.0, 0.0]), 30000.0, hull)
    array([nan,  0.])
    """
    return _load(kristensen_kw, speed_kn, power_kw, hull, margin_pct, floor, cap, form)


def _load(
    model: object,
    speed_kn: ArrayLike,
    power_kw: ArrayLike,
    hull: Hull,
    margin_pct: ArrayLike,
    floor: float,
    cap: float,
    form: str,
) -> Array:
    if form not in FORMS:
        raise ValueError(f"no form {form!r} of a resistance model; there are {', '.join(FORMS)}")
    speed = np.atleast_1d(np.asarray(speed_kn, dtype=float)) * M_PER_S_PER_KN[form]
    moving = np.where(speed == 0, np.nan, speed)
    # Hulls outside the range of the regressions have no value; that is said by NaN, not by a warning.
    with np.errstate(invalid="ignore", divide="ignore"):
        demand_kw = model(moving, hull, np.asarray(margin_pct, dtype=float), form == "mended")  # type: ignore[operator]
    return bare(clipped_load)(demand_kw / np.asarray(power_kw, dtype=float), speed, floor=floor, cap=cap)


@formula(positive=("design_speed_kn", "weather", "fouling"))
def ghg4_load(
    speed_kn: ArrayLike,
    design_speed_kn: ArrayLike,
    draught_ratio: ArrayLike = 1.0,
    *,
    weather: ArrayLike = 0.867,
    fouling: float = 0.917,
    correction: ArrayLike = 1.0,
    floor: float = 0.0,
    cap: float = 1.0,
) -> Array:
    r"""Share of installed power by the form of the Fourth IMO GHG Study.

    Parameters
    ----------
    speed_kn, design_speed_kn : array_like, shape (n,)
        Speed over ground, and the reference speed of the ship's installed power. [kn]
    draught_ratio : array_like, shape (n,)
        Draught over summer draught. [1]
    weather, fouling : array_like, float
        Efficiencies by which the power is divided. [1]
    correction : array_like, shape (n,)
        The study's speed-power correction of cruise and the largest container ships. [1]
    floor, cap : float
        [1]

    Returns
    -------
    ndarray, shape (n,)
        [1]

    Notes
    -----
    .. math:: L = \frac{\delta \, (T/T_d)^{2/3} \, (V/V_d)^3}{\eta_w \, \eta_f}

    References
    ----------
    IMO, *Fourth IMO Greenhouse Gas Study 2020*, eq. 8, p. 64,
    https://www.imo.org/en/ourwork/environment/pages/fourth-imo-greenhouse-gas-study-2020.aspx. Second-hand,
    as implemented in RISE-Maritime/cetos (commit 464122e), ``cetos/imo.py``, where the exponent of the
    draught is 2/3; the study was not read.

    Examples
    --------
    >>> ghg4_load([20.0, 10.0], 20.0).round(3)
    array([1.   , 0.157])
    """
    ratio = np.asarray(speed_kn, dtype=float) / np.asarray(design_speed_kn, dtype=float)
    draught = np.asarray(draught_ratio, dtype=float) ** (2 / 3)
    demand = np.asarray(correction, dtype=float) * draught * ratio**3 / (np.asarray(weather) * fouling)
    return bare(clipped_load)(demand, speed_kn, floor=floor, cap=cap)


@formula(text=("mode",))
def fixed_load(mode: ArrayLike, loads: dict[str, float]) -> Array:
    """Share of installed power fixed by operating mode, for screenings without speeds.

    Parameters
    ----------
    mode : array_like of str, shape (n,)
    loads : dict of str to float
        For example ``{"transit": 0.8, "maneuvering": 0.1}``. [1]

    Raises
    ------
    ValueError
        If a mode has no load.

    Examples
    --------
    >>> fixed_load(["transit", "maneuvering"], {"transit": 0.8, "maneuvering": 0.1})
    array([0.8, 0.1])
    """
    asked = np.asarray(mode, dtype=object)
    unknown = sorted({str(name) for name in asked} - set(loads))
    if unknown:
        raise ValueError(f"no fixed load for mode {', '.join(unknown)}; given are {', '.join(loads)}")
    return np.array([loads[str(name)] for name in asked], dtype=float)


@formula(flags=("at_berth", "at_anchorage"))
def operating_mode(
    speed_kn: ArrayLike, load_factor: ArrayLike, at_berth: ArrayLike, at_anchorage: ArrayLike
) -> NDArray[np.str_]:
    """Operating mode of a ship by EPA's rule for AIS messages.

    Parameters
    ----------
    speed_kn, load_factor : array_like, shape (n,)
        [kn], [1]
    at_berth, at_anchorage : array_like of bool, shape (n,)
        Whether the message lies in a berth's or an anchorage's area.

    Returns
    -------
    ndarray of str, shape (n,)
        ``anchorage, hotelling, maneuvering`` or ``transit``.

    References
    ----------
    EPA, *Ports Emissions Inventory Guidance*, EPA-420-B-22-011, April 2022, Table 3.11,
    https://nepis.epa.gov/Exe/ZyPDF.cgi?Dockey=P1014J1S.pdf; simplified as in EPA's ShipPowerModel 0.2,
    ``calcOperatingMode``, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e).

    Examples
    --------
    >>> operating_mode([0.5, 2.0, 8.0, 18.0], [0.02, 0.02, 0.1, 0.6], [True, False, False, False],
    ...                [False, True, False, False]).tolist()
    ['hotelling', 'anchorage', 'maneuvering', 'transit']
    """
    speed, load = np.asarray(speed_kn, dtype=float), np.asarray(load_factor, dtype=float)
    anchored = np.asarray(at_anchorage, dtype=bool) & (speed <= 3)
    moored = np.asarray(at_berth, dtype=bool) & (speed <= 1)
    slow, fast = (speed > 1) & (load <= 0.2), load > 0.2
    names = ["anchorage", "hotelling", "maneuvering", "transit"]
    return np.select([anchored, moored, slow, fast], names, "anchorage")
