"""Resistance of ships by Holtrop and Mennen, and by Kristensen: forms `shippower-0.2` and `mended`.

The first is what EPA's ShipPowerModel 0.2 computes, slips included; the second departs from it where the
package contradicts the publications it cites. `emissions.ship_power` lists the differences.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from emissions._ship_hulls import (
    GRAVITY_M_PER_S2,
    SEAWATER_T_PER_M3,
    Array,
    Hull,
    frictional_coefficient,
    froude_number,
    propulsive_power,
)

Mask = NDArray[np.bool_]

_G = GRAVITY_M_PER_S2
_RHO = SEAWATER_T_PER_M3


def holtrop_mennen_kw(speed_m_per_s: Array, hull: Hull, margin_pct: float | Array, mended: bool) -> Array:
    """Power that a speed takes by Holtrop and Mennen (1982, 1984), before floor and cap. [kW]

    References
    ----------
    Holtrop and Mennen, 1982, https://doi.org/10.3233/ISP-1982-2933501, and Holtrop, 1984; in full at
    `emissions.ship_power.holtrop_mennen_load`.
    """
    length, beam, depth = hull.length_m, hull.breadth_m, hull.draught_max_m
    block, midship = hull.block(), hull.midship()
    prismatic = _bounded_prismatic(block / midship, hull, mended)
    plane = 0.55 + 0.45 * block
    transom, bulb, bulb_height = 0.051 * midship * beam * depth, 0.08 * midship * beam * depth, 0.4 * depth
    # Centre of buoyancy forward of half the length, as the package estimates it.
    centre = -0.75 * (length / 2) / 100
    friction = frictional_coefficient(speed_m_per_s, length)
    form = _form_factor(hull, prismatic, centre if mended else -centre)
    wetted = length * (2 * hull.draught_m + beam) * np.sqrt(midship) * (
        0.453 + 0.4425 * block - 0.2862 * midship - 0.003467 * beam / hull.draught_m + 0.3696 * plane
    ) + 2.38 * bulb / block  # fmt: skip
    damping = _bulb_damping(bulb, hull, bulb_height)
    roughness = (
        0.006 * (length + 100) ** -0.16
        - 0.00205
        + 0.003 * np.sqrt(length / 7.5) * block**4 * damping * (0.04 - np.minimum(depth / length, 0.04))
    )
    wave = _wave_resistance(speed_m_per_s, hull, prismatic, plane, midship, transom, damping, centre)
    dynamic = 0.5 * _RHO * speed_m_per_s**2
    resistance = (
        wave
        + _bulb_resistance(speed_m_per_s, depth, bulb, bulb_height)
        + _transom_resistance(speed_m_per_s, beam, plane, transom)
        + dynamic * wetted * (friction * form + roughness)
    ) * (1 + np.asarray(margin_pct) / 100)
    viscous = form * friction + roughness
    wake = _wake_fraction(hull, wetted, viscous, block, prismatic, midship, centre)
    thrust = _thrust_deduction(hull, block, prismatic, centre, mended)
    return propulsive_power(resistance, speed_m_per_s, thrust, wake, hull)


def _bounded_prismatic(prismatic: Array, hull: Hull, mended: bool) -> Array:
    """Bounds within which the regressions hold; the package swaps those of tankers and bulk carriers."""
    tanker = np.clip(prismatic, 0.73, 0.85) if mended else np.full_like(prismatic, 0.85)
    return np.select(
        [
            np.isin(hull.group, ["passenger", "container"]),
            hull.group == "general cargo",
            hull.group == "tanker",
        ],
        [np.clip(prismatic, 0.55, 0.67), np.clip(prismatic, 0.56, 0.75), tanker],
        prismatic,
    )


def _run_over_length(prismatic: Array, centre: Array) -> Array:
    return 1 - prismatic + 0.06 * prismatic * centre / (4 * prismatic - 1)


def _form_factor(hull: Hull, prismatic: Array, centre: Array) -> Array:
    length, beam, depth = hull.length_m, hull.breadth_m, hull.draught_max_m
    return (
        0.93
        + 0.487118
        * (beam / length) ** 1.06806
        * (depth / length) ** 0.46106
        * (1 / _run_over_length(prismatic, centre)) ** 0.121563
        * (length**3 / hull.displacement_m3) ** 0.36486
        * (1 - prismatic) ** -0.604247
    )


def _bulb_damping(bulb: Array, hull: Hull, height: Array) -> Array:
    """Reduction of wave resistance by a bulbous bow."""
    depth = hull.draught_max_m
    immersed = 0.31 * np.sqrt(bulb) + depth - height
    return np.exp(-1.89 * np.sqrt(0.56 * bulb**1.5 / (hull.breadth_m * depth * immersed)))


def _wave_resistance(
    speed: Array,
    hull: Hull,
    prismatic: Array,
    plane: Array,
    midship: Array,
    transom: Array,
    damping: Array,
    centre: Array,
) -> Array:
    """Wave resistance: the form of 1982 below a Froude number of 0.55, that of 1984 from there on. [kN]"""
    length, beam, depth = hull.length_m, hull.breadth_m, hull.draught_max_m
    volume = hull.displacement_m3
    froude = froude_number(speed, length)
    slender = length**3 / volume
    weight = volume * _RHO * _G
    ratio = beam / length
    c7 = np.select([ratio < 0.11, ratio < 0.25], [0.229577 * ratio**0.33333, ratio], 0.5 - 0.0625 / ratio)
    run = length * _run_over_length(prismatic, centre)
    entrance = 1 + 89 * np.exp(
        -((1 / ratio) ** 0.80856)
        * (1 - plane) ** 0.30484
        * (1 - prismatic - 0.0225 * centre) ** 0.6367
        * (run / beam) ** 0.34574
        * (100 / slender) ** 0.16302
    )
    c1 = 2223105 * c7**3.78613 * (depth / beam) ** 1.07961 * (90 - entrance) ** -1.37565
    c5 = 1 - 0.8 * transom / (beam * depth * midship)
    c15 = np.select(
        [slender < 512, slender < 1726.91],
        [-1.69385, -1.69385 + (length / volume ** (1 / 3) - 8) / 2.36],
        0.0,
    )
    c16 = np.where(
        prismatic < 0.8,
        8.07981 * prismatic - 13.8673 * prismatic**2 + 6.984388 * prismatic**3,
        1.73014 - 0.7067 * prismatic,
    )
    m1 = 0.0140407 * length / depth - 1.75254 * volume ** (1 / 3) / length - 4.79323 * ratio - c16
    m2 = c15 * prismatic**2 * np.exp(-0.1 * froude**-2)
    phase = np.cos((1.446 * prismatic - np.where(1 / ratio < 12, 0.03 / ratio, 0.36)) * froude**-2)
    slow = c1 * np.exp(m1 * froude**-0.9 + m2 * phase)
    with np.errstate(invalid="ignore"):
        c17 = 6919.3 * midship**-1.3346 * (1 / slender) ** 2.00977 * (1 / ratio - 2) ** 1.40692
    m3 = -7.2035 * ratio**0.326869 * (depth / beam) ** 0.605375
    m4 = c15 * 0.4 * np.exp(-0.034 * froude**-3.29)
    fast = c17 * np.exp(m3 * froude**-0.9 + m4 * phase)
    return np.where(froude < 0.55, slow, fast) * damping * c5 * weight


def _bulb_resistance(speed: Array, depth: Array, bulb: Array, height: Array) -> Array:
    """Pressure resistance of a bulb near the surface. [kN]"""
    emergence = 0.56 * np.sqrt(bulb) / (depth - 1.5 * height)
    froude = speed / np.sqrt(_G * (depth - height - 0.25 * np.sqrt(bulb)) + 0.15 * speed**2)
    return 0.11 * np.exp(-3 * emergence**-2) * froude**3 * bulb**1.5 * _RHO * _G / (1 + froude**2)


def _transom_resistance(speed: Array, beam: Array, plane: Array, transom: Array) -> Array:
    """Pressure resistance of an immersed transom. [kN]"""
    froude = speed / np.sqrt(2 * _G * transom / (beam + beam * plane))
    return np.where(froude < 5, 0.5 * _RHO * speed**2 * transom * 0.2 * (1 - 0.2 * froude), 0.0)


def _wake_fraction(
    hull: Hull, wetted: Array, viscous: Array, block: Array, prismatic: Array, midship: Array, centre: Array
) -> Array:
    """Wake fraction: the form of 1984 for one propeller, that of 1982 for two."""
    length, beam, depth = hull.length_m, hull.breadth_m, hull.draught_max_m
    diameter = hull.propeller_diameter()
    wide = beam / depth
    with np.errstate(divide="ignore", invalid="ignore"):
        c8 = np.where(
            wide < 5,
            beam * wetted / (length * diameter * depth),
            wetted * (7 * wide - 25) / (length * diameter * (wide - 3)),
        )
        c9 = np.where(c8 < 28, c8, 32 - 16 / (c8 - 24))
        c19 = np.where(
            prismatic < 0.7,
            0.12997 / (0.95 - block) - 0.11056 / (0.95 - prismatic),
            0.18567 / (1.3571 - midship) - 0.71276 + 0.38648 * prismatic,
        )
        c11 = np.where(depth / diameter < 2, depth / diameter, 0.0833333 * (depth / diameter) ** 3 + 1.33333)
        fineness = 1 - (1.45 * prismatic - 0.315 - 0.0225 * centre)
        single = (
            c9 * viscous * length / depth * (0.050776 + 0.93405 * c11 * viscous / fineness)
            + 0.27915 * np.sqrt(beam / (length * fineness))
            + c19
        )
    twin = 0.3095 * block + 10 * viscous * block - 0.23 * diameter / np.sqrt(beam * depth)
    # The root of the single-screw form has no value for the fullest hulls; the package then takes the other.
    return np.where((hull.screws == 1) & (fineness > 0), single, twin)


def _thrust_deduction(hull: Hull, block: Array, prismatic: Array, centre: Array, mended: bool) -> Array:
    """Thrust deduction; the publication's D is the propeller's diameter, the package takes displacement."""
    beam, depth = hull.breadth_m, hull.draught_max_m
    diameter = hull.propeller_diameter()
    size = np.sqrt(beam * depth) / (diameter if mended else hull.displacement_m3)
    single = (
        0.25014
        * (beam / hull.length_m) ** 0.28956
        * size**0.2624
        / (1 - prismatic + 0.0225 * centre) ** 0.01762
    )
    return np.where(hull.screws == 1, single, 0.325 * block - 0.1885 * diameter / np.sqrt(beam * depth))


def kristensen_kw(speed_m_per_s: Array, hull: Hull, margin_pct: float | Array, mended: bool) -> Array:
    """Power that a speed takes by Kristensen (2013, 2016), before floor and cap. [kW]

    NaN for ships other than tankers, bulk carriers, general cargo and container ships.

    References
    ----------
    Kristensen and Luetzen, 2013, and Kristensen, 2016; in full at `emissions.ship_power.kristensen_load`.
    """
    length, beam = hull.length_m, hull.breadth_m
    full = np.isin(hull.group, ["tanker", "general cargo"])
    container = hull.group == "container"
    block = hull.block()
    volume = hull.displacement_now()
    slenderness = length / volume ** (1 / 3)
    wetted = _kristensen_wetted(hull, block, full, container, mended)
    log = np.log10(volume)
    rough = 0.5 * log - 0.1 * log**2
    roughness = np.select([container, full], [rough, np.maximum(-0.1, rough)], np.nan) / 1000
    residual = _residual_coefficient(
        froude_number(speed_m_per_s, length), slenderness, block / hull.midship(), beam / hull.draught_m, full
    )
    total = (
        frictional_coefficient(speed_m_per_s, length)
        + residual
        + roughness
        + _air_coefficient(hull.deadweight_t, full, container)
    )
    resistance = wetted * total * _RHO * speed_m_per_s**2 * 0.5 * (1 + np.asarray(margin_pct) / 100)
    wake, thrust = _harvald(hull, block, slenderness)
    return propulsive_power(resistance, speed_m_per_s, thrust, wake, hull)


def _kristensen_wetted(hull: Hull, block: Array, full: Mask, container: Mask, mended: bool) -> Array:
    """Wetted surface. [m2] The regressions want a volume; the package divides it by density once more."""
    length, depth = hull.length_m, hull.draught_max_m
    mean = hull.displacement_m3 / depth / (1.0 if mended else _RHO)
    dry = (depth - hull.draught_m) * (length + hull.breadth_m)
    fineness = 1.2 - 0.34 * block
    return np.select(
        [container, full, np.isin(hull.group, ["passenger", "tug"])],
        [
            0.995 * (mean + 1.9 * length * depth) - 2.4 * dry,
            0.99 * (mean + 1.9 * length * depth) - 2 * dry,
            1.21 * (mean + 1.3 * length * depth) * fineness - 2.5 * dry,
        ],
        0.87 * (mean + 2.7 * length * depth) * fineness - 3 * dry,
    )


def _air_coefficient(deadweight: Array, full: Mask, container: Mask) -> Array:
    """Air resistance: of container ships by the containers that a deadweight carries."""
    bulk = np.select([deadweight <= 55000, deadweight <= 200000], [0.07, 0.05], 0.04)
    teu = np.select(
        [deadweight <= 35000, deadweight <= 60000],
        [(deadweight / 15.19) ** (1 / 0.9814), (deadweight / 28.81) ** (1 / 0.902)],
        (deadweight / 37) ** (1 / 0.875),
    )
    boxes = np.maximum(0.28 * teu**-0.126, 0.09)
    return np.where(np.isnan(deadweight), np.nan, np.select([full, container], [bulk, boxes], np.nan)) / 1000


def _residual_coefficient(
    froude: Array, slenderness: Array, prismatic: Array, beam_over_draught: Array, full: Mask
) -> Array:
    """Guldhammer and Harvald's residual resistance, corrected for bulbous bows."""
    m, cp = slenderness, prismatic
    with np.errstate(over="ignore"):
        base = (
            1.35 - 0.23 * m + 0.012 * m**2 + 1.5 * froude**1.8 + 0.0011 * m**9.1 * froude ** (2 * m - 3.7)
        ) * (0.98 + 2.5 / (m - 2) ** 4) + (m - 5) ** 4 * (froude - 0.1) ** 4
        hump = (7 - 0.09 * m**2) * (5 * cp - 2.5) ** 2 / (600 * (froude - 0.315) ** 2 + 1) ** 1.5
        steep = np.exp(80 * (froude - (0.04 + 0.59 * cp) - 0.015 * (m - 5)))
        rest = 180 * froude**3.7 * np.exp(20 * cp - 16)
        residual = (base + hump + steep + rest + 0.16 * (beam_over_draught - 2.5)) / 1000
    bulk = residual + np.maximum(-0.4, -0.1 - 1.6 * froude) / 1000
    other = residual * (1 + np.maximum(-50, 250 * froude - 90) / 100)
    return np.where(full, bulk, other)


def _harvald(hull: Hull, block: Array, slenderness: Array) -> tuple[Array, Array]:
    """Wake fraction and thrust deduction by Harvald, with Kristensen's corrections of 2016."""
    length = hull.length_m
    ratio = hull.breadth_m / length
    diameter = hull.propeller_diameter() / length
    tanker = hull.group == "tanker"
    one = hull.screws == 1
    fine = (0.98 - block) ** 3
    wake = np.where(
        one,
        0.1 * ratio
        + 0.149
        + (0.05 * ratio + 0.449) / ((585 - 5027 * ratio + 11700 * ratio**2) * fine + 1)
        + np.minimum(0.1, -0.18 + 0.00756 / (diameter + 0.002)),
        1.133 * block**2 - 0.797 * block + 0.215,
    )
    corrected = np.where(one & tanker, 0.7 * wake - 0.45 + 0.08 * slenderness, 0.7 * wake)
    single = (
        0.625 * ratio
        + 0.08
        + (0.165 - 0.25 * ratio) / ((825 - 8060 * ratio + 20300 * ratio**2) * fine + 1)
        + 2 * (diameter - 0.04)
    )
    thrust = np.where(
        one,
        np.where(tanker, single - 0.26 + 0.04 * slenderness, single),
        0.0665 + 0.62833 * (1.133 * block**2 - 0.797 * block + 0.215),
    )
    return corrected, thrust
