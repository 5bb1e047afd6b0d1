"""Units: one pint registry, the field's own units, and the spellings that agencies use.

A unit text met in a table or a heading never goes straight to pint. Pint reads ``MT`` as megatesla, ``mt`` as
one kilogram, ``kt`` as a knot, and ``g/hp-hr`` as a subtraction. So every spelling is looked up first
(`factors.spellings`), and one that is not listed is refused with the nearest ones that are.

Pint is imported when the first unit is asked for, not before: the command line starts without it.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factors.spellings import Spelling, UnitError, describe, split_heading, vocabulary

if TYPE_CHECKING:
    import pint

__all__ = [
    "Spelling",
    "UnitError",
    "canonical_unit",
    "conversion",
    "describe",
    "parse_unit",
    "quantity",
    "registry",
    "same_dimension",
    "split_heading",
    "vocabulary",
]

# What pint would read silently as something else, wherever it stands in an expression.
_DANGEROUS_WORD = re.compile(r"(?<![\w.])(tons?|MT|mt|kt)(?![\w])")

# One canonical unit for each dimension of a quantity or a result. Distance is the caller's choice.
_CANONICAL = (
    "dimensionless",
    "kilogram",
    "kilowatt",
    "kilowatt_hour",
    "hour",
    "liter",
    "vehicle_day",
    "vehicle",
    "start",
    "call",
    "gate_visit",
    "gross_ton_mile",
    "twenty_foot_equivalent",
    "gross_tonnage",
    "dollar",
    "diesel_gallon_equivalent",
    "gasoline_gallon_equivalent",
    "standard_cubic_foot",
    "median_life",
    "liter/cylinder",
    "revolution/minute",
)

# Time per time is a rate and no share: 1800 hours a year must not become 0.2.
_KEPT = frozenset({"hour/year"})


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The one pint registry of the toolkit, made on first use and set as the application registry.

    Returns
    -------
    pint.UnitRegistry
        Pint's own units, the field's units of ``units.txt``, and a guard: an expression with a bare ``ton``,
        ``MT``, ``mt`` or ``kt`` raises :class:`UnitError` instead of being read as something else.

    Examples
    --------
    >>> round(registry().Quantity(1, "short_ton").m_as("kilogram"), 5)
    907.18474
    """
    import pint

    options: dict[str, Any] = {"on_redefinition": "ignore", "preprocessors": [_refuse_dangerous_words]}
    folder = _cache_folder(pint.__version__)
    made: pint.UnitRegistry[Any] | None = None
    if folder is not None:
        try:
            made = pint.UnitRegistry(cache_folder=folder, **options)
        except Exception:  # a broken or half-written cache costs a tenth of a second, never an answer
            made = None
    if made is None:
        made = pint.UnitRegistry(**options)
    definitions = resources.files("factors").joinpath("units.txt").read_text(encoding="utf-8")
    made.load_definitions(definitions.splitlines())
    pint.set_application_registry(made)  # type: ignore[no-untyped-call]
    return made


def _refuse_dangerous_words(expression: str) -> str:
    found = _DANGEROUS_WORD.search(expression)
    if found:
        word = found.group(1)
        remark = vocabulary()[word].remark
        raise UnitError(f'unit "{word}" in "{expression}" is refused: {remark}.', spelling=expression)
    return expression


def _cache_folder(pint_version: str) -> Path | None:
    """A folder of the user's own for pint's parsed definitions, or None where there is no safe one.

    The cache is read as pickles, so a folder that others could write to is not used.
    """
    try:
        if sys.platform == "win32":
            base = Path(os.environ["LOCALAPPDATA"])
        else:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        python = f"{sys.version_info[0]}.{sys.version_info[1]}"
        folder = base / "caap-inventory" / f"pint-{pint_version}-python-{python}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            return None
        if hasattr(os, "getuid"):
            state = folder.stat()
            if state.st_uid != os.getuid() or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                return None
    except (OSError, KeyError, RuntimeError):
        return None
    return folder


@cache
def parse_unit(text: str) -> pint.Unit:
    """The pint unit of a spelling that the vocabulary knows.

    Parameters
    ----------
    text : str
        A unit as agencies write it, for example ``"g/hp-hr"``, ``"lb/MWh"``, ``"tpy"``.

    Returns
    -------
    pint.Unit

    Raises
    ------
    UnitError
        For an unknown spelling (with the nearest known ones) and for a refused one such as a bare ``"ton"``.

    Examples
    --------
    >>> f"{parse_unit('g/kW-hr')}"
    'gram / kilowatt_hour'
    """
    return registry().Unit(describe(text).unit)


def _unit(unit: str | pint.Unit) -> pint.Unit:
    return parse_unit(unit) if isinstance(unit, str) else unit


def conversion(source: str | pint.Unit, target: str | pint.Unit) -> float:
    """The number by which a value in one unit is multiplied to have it in another.

    Parameters
    ----------
    source, target : str or pint.Unit
        Spellings of the vocabulary, or units of :func:`registry`.

    Returns
    -------
    float

    Raises
    ------
    UnitError
        If a spelling is unknown or refused, or if the two have different dimensions.

    Examples
    --------
    >>> round(conversion("g/hp-hr", "g/kWh"), 6)
    1.341022
    """
    return _conversion(_unit(source), _unit(target))


@cache
def _conversion(source: pint.Unit, target: pint.Unit) -> float:
    import pint

    try:
        return float(registry().convert(1.0, source, target))
    except pint.DimensionalityError as error:
        raise UnitError(
            f'"{source}" [{source.dimensionality}] cannot be turned into '
            f'"{target}" [{target.dimensionality}].',
            spelling=str(source),
        ) from error


def same_dimension(one: str | pint.Unit, other: str | pint.Unit) -> bool:
    """Whether two units measure the same kind of thing.

    Examples
    --------
    >>> same_dimension("g/hp-hr", "kg/kWh"), same_dimension("g/vehicle/day", "g/h")
    (True, False)
    """
    return bool(_unit(one).dimensionality == _unit(other).dimensionality)


def quantity(value: Any, unit: str | pint.Unit) -> pint.Quantity[Any]:
    """A value with its unit, as a quantity of the toolkit's registry.

    Parameters
    ----------
    value : float or array_like
        The number or numbers.
    unit : str or pint.Unit
        A spelling of the vocabulary, or a unit of :func:`registry`.

    Returns
    -------
    pint.Quantity

    Examples
    --------
    >>> round(quantity(500, "hp").m_as("kilowatt"), 3)
    372.85
    """
    return registry().Quantity(value, _unit(unit))


@cache
def canonical_unit(text: str, *, distance: str = "mile") -> str:
    """The unit in which the toolkit computes quantities of this dimension.

    Parameters
    ----------
    text : str
        A spelling of the vocabulary.
    distance : {"mile", "nautical_mile", "kilometer"}
        The unit of distance that the caller works in: miles on roads, nautical miles at sea.

    Returns
    -------
    str
        Pint text: ``kilowatt_hour`` for energy, ``kilowatt`` for power, ``kilogram`` for mass, ``hour`` for
        time, ``kilogram/...`` for a rate per one of these. A dimension without a canonical unit of its own
        keeps the unit it came in.

    Raises
    ------
    UnitError
        If the spelling is unknown or refused.

    Examples
    --------
    >>> canonical_unit("hp-hr"), canonical_unit("g/hp-hr"), canonical_unit("kn", distance="nautical_mile")
    ('kilowatt_hour', 'kilogram/kilowatt_hour', 'nautical_mile/hour')
    """
    if describe(text).unit in _KEPT:
        return describe(text).unit
    wanted = parse_unit(text).dimensionality
    for candidate in (*_CANONICAL, distance, f"{distance}/hour"):
        if registry().Unit(candidate).dimensionality == wanted:
            return candidate
    for above in ("kilogram", "kilowatt_hour"):
        for below in (*_CANONICAL[1:], distance):
            if registry().Unit(f"{above}/({below})").dimensionality == wanted:
                return f"{above}/{below}" if "/" not in below and "*" not in below else f"{above}/({below})"
    return describe(text).unit
