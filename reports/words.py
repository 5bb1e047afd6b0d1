"""Names, units and numbers as reports print them."""

from __future__ import annotations

import math

from factors.warming import is_climate

SOURCE_NAMES = {
    "ocean_going_vessels": "Ocean-going vessels",
    "harbor_craft": "Harbor craft",
    "cargo_handling_equipment": "Cargo handling equipment",
    "locomotives": "Locomotives",
    "heavy_duty_vehicles": "Heavy-duty vehicles",
    "electricity": "Electricity",
    "grid_losses": "Grid losses",
}
"""Headings of source categories, in the order of a report."""

SHORT_NAMES = {
    "ocean_going_vessels": "Vessels",
    "cargo_handling_equipment": "Equipment",
    "heavy_duty_vehicles": "Trucks",
}
"""Where a heading has little room."""

OFF_SITE = "electricity"
LOSSES = "grid_losses"
SOURCES_OFF_SITE = (OFF_SITE, LOSSES)
"""What is emitted at power stations, away from the port, and in no total of it."""

UNIT_NAMES = {
    "short_ton": "short tons",
    "tonne": "tonnes",
    "kWh": "kWh",
    "hp-hr": "hp-hr",
    "mile": "miles",
    "gal": "gallons",
    "gross_ton_mile": "gross ton-miles",
}

_AS_WRITTEN = {"rtg": "RTG", "roro": "ro-ro", "ropax": "ro-pax", "lpg": "LPG", "cng": "CNG", "lng": "LNG"}

POLLUTANTS = ("NOx", "SOx", "PM10", "PM2.5", "DPM", "VOC", "CO", "CO2", "CH4", "N2O", "CO2e")
"""What reports show of every method, in their order."""

CRITERIA_UNIT = "short_ton"
GHG_UNIT = "tonne"
SMALLEST = 0.01


def split_heading(heading: str) -> tuple[str, str]:
    """Return name and unit in words of a heading.

    Examples
    --------
    >>> split_heading("NOx [short_ton]")
    ('NOx', 'short tons')
    """
    name, _, unit = heading.rstrip("]").partition(" [")
    return name, UNIT_NAMES.get(unit, unit)


def unit_of(pollutant: str) -> str:
    """Return the unit a report gives a pollutant in: short tons, greenhouse gases tonnes.

    Examples
    --------
    >>> unit_of("NOx"), unit_of("CO2e")
    ('short_ton', 'tonne')
    """
    return GHG_UNIT if is_climate(pollutant) else CRITERIA_UNIT


def plain(key: str) -> str:
    """Return a key of the data as words.

    Examples
    --------
    >>> plain("general_cargo"), plain("rtg_crane")
    ('general cargo', 'RTG crane')
    """
    return " ".join(_AS_WRITTEN.get(word, word) for word in str(key).split("_"))


def source_name(key: str) -> str:
    """Return the heading of a source category."""
    return SOURCE_NAMES.get(key, plain(key).capitalize())


def source_order(keys: list[str]) -> list[str]:
    """Return source categories in the order of a report, unknown ones last."""
    known = list(SOURCE_NAMES)
    return sorted(keys, key=lambda key: (known.index(key) if key in known else len(known), key))


def number(value: float) -> str:
    """Return a number with three significant digits, or whole where it has more.

    What is not zero is never printed as zero.

    Raises
    ------
    ValueError
        If there is no number; what is not estimated is not a number and must be printed by its state.

    Examples
    --------
    >>> [number(value) for value in (6191.14, 99.97, 21.9327, 0.04231, 0.0031, 0.0)]
    ['6,191', '100', '21.9', '0.0423', '<0.01', '0']
    """
    if math.isnan(value):
        raise ValueError("a missing value has no digits; print its state (NE, IE) instead")
    size = abs(value)
    sign = "-" if value < 0 else ""
    if size == 0:
        return "0"
    if size < SMALLEST:
        return f"<{SMALLEST}" if not sign else f">-{SMALLEST}"
    text = f"{size:,.0f}" if size >= 100 else f"{size:#.3g}".rstrip(".")
    return sign + text


def percent(share: float) -> str:
    """Return a share as percent; neither a part as nothing nor most as all.

    Examples
    --------
    >>> [percent(share) for share in (0.0, 0.0004, 0.0412, 0.6915, 0.9999, 1.0)]
    ['0 %', '<0.1 %', '4.1 %', '69 %', '>99 %', '100 %']
    """
    if share <= 0:
        return "0 %"
    if share < 0.001:
        return "<0.1 %"
    if share < 0.0995:
        return f"{100 * share:.1f} %"
    if 0.995 <= share < 1 - 1e-12:
        return ">99 %"
    return f"{100 * share:.0f} %"
