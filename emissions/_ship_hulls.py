"""Shape of a ship's hull below water, as the resistance models need it.

Regressions on a ship's main dimensions, as EPA's ShipPowerModel 0.2 arranges them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from emissions._arguments import formula, plain_fields

Array = NDArray[np.float64]

GRAVITY_M_PER_S2 = 9.81
SEAWATER_T_PER_M3 = 1.025
SEAWATER_C = 15.0

_GROUPS = {
    "tanker": (
        "tanker",
        "chemical.tanker",
        "liquified.gas.tanker",
        "oil.tanker",
        "other.tanker",
        "bulk.carrier",
    ),
    "tug": ("service.tug", "tug"),
    "passenger": ("passenger", "ferry.pax", "ferry.ro.pax", "cruise", "cruise.ed", "yacht", "ro.ro"),
    "general cargo": ("general.cargo",),
    "container": ("container.ship",),
}
_GROUP_OF_TYPE = {kind: group for group, kinds in _GROUPS.items() for kind in kinds}
_TWIN_SCREW = frozenset({*_GROUPS["tug"], *_GROUPS["passenger"]} - {"ro.ro"})


def hull_group(ship_type: ArrayLike) -> NDArray[np.object_]:
    """Group of hulls that a ship type is modelled with: tanker (bulk carriers too), container and so on."""
    types = np.asarray(ship_type, dtype=object)
    return np.array([_GROUP_OF_TYPE.get(str(kind), "other") for kind in types.ravel()], dtype=object).reshape(
        types.shape
    )


def propellers(ship_type: ArrayLike) -> Array:
    """Number of propellers usual for a ship type: two for passenger ships and tugs, else one.

    References
    ----------
    EPA, ShipPowerModel 0.2, ``calcPropNum``, https://github.com/USEPA/Marine_Emissions_Tools (commit
    752696e).

    Examples
    --------
    >>> propellers(["cruise", "ro.ro", "oil.tanker"])
    array([2., 1., 1.])
    """
    types = np.asarray(ship_type, dtype=object)
    twin = [str(kind) in _TWIN_SCREW for kind in types.ravel()]
    return np.where(np.array(twin, dtype=bool).reshape(types.shape), 2.0, 1.0)


@formula(missing=("between_perpendiculars_m",), text=("ship_type",))
def waterline_length(ship_type: ArrayLike, between_perpendiculars_m: ArrayLike) -> Array:
    """Length of the waterline from the length between perpendiculars. [m]

    References
    ----------
    EPA, ShipPowerModel 0.2, ``calclwl``, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e),
    after Kristensen's Ship-Desmo, https://gitlab.gbar.dtu.dk/oceanwave3d/Ship-Desmo (second-hand).

    Examples
    --------
    >>> waterline_length(["bulk.carrier", "cruise"], [200.0, 200.0])
    array([204., 207.])
    """
    group = hull_group(ship_type)
    full = np.isin(group, ["tanker", "general cargo"])
    scale = np.select([full, group == "passenger"], [1.02, 1.035], 1.01)
    return np.asarray(between_perpendiculars_m, dtype=float) * scale


@dataclass(frozen=True)
class Hull:
    """Main dimensions of ships, one element a ship (or a message of a ship).

    Attributes
    ----------
    ship_type : array_like of str, shape (n,)
        As in EPA's package: ``container.ship``, ``oil.tanker`` ...
    length_m : array_like, shape (n,)
        Waterline. [m]
    breadth_m, draught_max_m, draught_m : array_like, shape (n,)
        Moulded breadth; draught on the summer load line; draught now. [m]
    displacement_m3 : array_like, shape (n,)
        Volume displaced on the summer load line. [m3]
    deadweight_t : array_like, shape (n,)
        Only Kristensen's air resistance asks for it. [tonne]
    screws : array_like, shape (n,)
        Number of propellers.

    References
    ----------
    EPA, ShipPowerModel 0.2, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e): ``calcCb``,
    ``calcCm``, ``calcActualDisp`` and ``calcPropDia``, which take Riddlesworth's block coefficient from
    MAN, *Basic principles of propulsion*, 2011, and midship section and propeller from Kristensen and
    Luetzen, *Prediction of resistance and propulsion power of ships*, 2013 (second-hand).
    """

    ship_type: Any
    length_m: Any
    breadth_m: Any
    draught_max_m: Any
    draught_m: Any
    displacement_m3: Any
    deadweight_t: Any = np.nan
    screws: Any = 1

    def __post_init__(self) -> None:
        plain_fields(self)
        for name in ("length_m", "breadth_m", "draught_max_m", "draught_m", "displacement_m3",
                     "deadweight_t", "screws"):  # fmt: skip
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=float))

    @cached_property
    def group(self) -> NDArray[np.object_]:
        """As `hull_group`."""
        return hull_group(self.ship_type)

    def block_full(self) -> Array:
        """Block coefficient on the summer load line, at most 0.99. [1]"""
        box = self.length_m * self.breadth_m * self.draught_max_m
        return np.minimum(0.99, self.displacement_m3 / box)

    def block(self) -> Array:
        """Block coefficient at the draught now, by Riddlesworth. [1]"""
        ratio = self.draught_max_m / np.minimum(self.draught_m, self.draught_max_m)
        return np.minimum(0.99, 1 - (1 - self.block_full()) * ratio ** (1 / 3))

    def midship(self) -> Array:
        """Midship section coefficient at the draught now, by Kristensen. [1]"""
        full = np.select(
            [self.group == "tanker", self.group == "tug", self.group == "passenger"],
            [0.995, 0.92, 0.95],
            0.98,
        )
        return 1 - self.draught_max_m / self.draught_m * (1 - full)

    def displacement_now(self) -> Array:
        """Volume displaced at the draught now. [m3]"""
        return self.block_full() / self.block() * self.draught_m / self.draught_max_m * self.displacement_m3

    def propeller_diameter(self) -> Array:
        """Diameter of the propeller, by Kristensen. [m]"""
        draught = self.draught_max_m
        return np.select(
            [np.isin(self.group, ["tanker", "general cargo"]), self.group == "container"],
            [0.395 * draught + 1.3, 0.623 * draught - 0.16],
            0.713 * draught - 0.08,
        )


def froude_number(speed_m_per_s: Array, length_m: Array) -> Array:
    """Speed over the square root of gravity times length. [1]"""
    return speed_m_per_s / np.sqrt(GRAVITY_M_PER_S2 * length_m)


def frictional_coefficient(speed_m_per_s: Array, length_m: Array) -> Array:
    """Frictional resistance by the ITTC 1957 line, in seawater of 15 degrees Celsius. [1]

    References
    ----------
    EPA, ShipPowerModel 0.2, ``calcCf``, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e):
    the friction line that the International Towing Tank Conference agreed in 1957 (second-hand).
    """
    density = SEAWATER_T_PER_M3
    viscosity = (
        (43.4233 - 31.38 * density) * (SEAWATER_C + 20) ** (1.72 * density - 2.202) + 4.7478 - 5.779 * density
    ) * 1e-6
    return 0.075 / (np.log10(speed_m_per_s * length_m / viscosity) - 2) ** 2


def propulsive_power(
    resistance_kn: Array, speed_m_per_s: Array, thrust: Array, wake: Array, hull: Hull, shaft: float = 0.98
) -> Array:
    """Power at the engine that a resistance takes, by hull, open-water and shaft efficiency. [kW]"""
    diameter = hull.propeller_diameter()
    inflow = (1 - wake) * speed_m_per_s * diameter
    loading = 8 / np.pi * resistance_kn / (1 - thrust) / hull.screws / SEAWATER_T_PER_M3 / inflow**2
    open_water = 2 / (1 + np.sqrt(loading + 1)) * np.maximum(0.65, 0.81 - 0.014 * loading)
    return resistance_kn * speed_m_per_s / ((1 - thrust) / (1 - wake) * open_water * shaft)
