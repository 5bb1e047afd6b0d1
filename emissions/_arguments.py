"""What a formula is handed: quantities converted, dates read or refused, what is no fit number refused.

A formula works on plain floats in the unit that a parameter's name ends in. A quantity of pint in another
unit would lose it on the way into an array, so every public formula is looked after by `formula`: it converts
what has a unit, and refuses what is no number of the kind that it asks for. What is plain already passes
through as it is.
"""

from __future__ import annotations

import datetime as dt
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.units import UnitError, registry

_DATES = (dt.date, dt.timedelta, np.datetime64, np.timedelta64)

__all__ = ["bare", "formula", "plain_fields", "unit_of"]

Function = TypeVar("Function", bound=Callable[..., Any])

_BY_NAME = {
    "hours": "hour",
    "hours_per_year": "hour",
    "miles": "mile",
    "miles_per_visit": "mile",
    "miles_per_vehicle_day": "mile",
    "kwh_per_mile": "kilowatt_hour / mile",
    "gross_tons": "short_ton",
    "years": "year",
}
_BY_ENDING = {
    "kw": "kilowatt",
    "hp": "horsepower",
    "h": "hour",
    "years": "year",
    "kn": "knot",
    "mph": "mile / hour",
    "nmi": "nautical_mile",
    "mm": "millimeter",
    "um": "micrometer",
    "m": "meter",
    "m3": "meter ** 3",
    "t": "tonne",
    "pct": "percent",
}
FIRST_YEAR, LAST_YEAR = 1800, 2200
"""What a year may be: a day written as a number, such as 20160101, is none."""
_YEARS = ("keel_year", "tier3_from", "model_year", "calendar_year")
_ARRAYS = ("ArrayLike", "Array", "NDArray[np.float64]", "Array | float", "float | Array")
_SCALARS = ("float", "float | None")


def unit_of(parameter: str) -> str:
    """Unit that the name of a parameter ends in, as pint writes it; ``dimensionless`` where it names none.

    Examples
    --------
    >>> unit_of("power_kw"), unit_of("duration_h"), unit_of("load_factor")
    ('kilowatt', 'hour', 'dimensionless')
    """
    if parameter in _BY_NAME:
        return _BY_NAME[parameter]
    head, _, ending = parameter.rpartition("_")
    return _BY_ENDING.get(ending, "dimensionless") if head else "dimensionless"


@dataclass(frozen=True)
class _Parameter:
    """What may be handed to one parameter of a formula."""

    name: str
    kind: str
    missing: bool = False
    unbounded: bool = False
    signed: bool = False
    positive: bool = False
    dates: bool = False
    optional: bool = False

    def take(self, function: str, value: Any) -> Any:
        """Return the value as the formula takes it; see `formula` for what is refused."""
        where = f"{function}: {self.name}"
        if value is None:
            if self.optional or self.kind in ("table", "text"):
                return None
            raise TypeError(f"{where} is None; a value is needed. What is not known cannot be computed with.")
        if self.kind == "table":
            _refuse_units_of_columns(where, value)
            return value
        if self.kind == "flag":
            _refuse_texts(where, value)
            return value
        if self.kind == "text":
            return value
        if _is_quantity(value):
            value = _converted(where, value, unit_of(self.name))
        if _holds_dates(value):
            if not self.dates:
                raise TypeError(f"{where} is a date; a number is needed ({_words(self.name)}).")
            value = _decimal_years(value)
        self._check(where, value)
        return value

    def _check(self, where: str, value: Any) -> None:
        number = _as_floats(where, value)
        gone = np.isnan(number)
        if gone.any() and not self.missing:
            raise ValueError(
                f"{where} is missing (NaN) in {int(gone.sum()):,} of {number.size:,}; what is not "
                "known cannot be computed with. Leave these out, or fill them and say so."
            )
        many = f"in {{:,}} of {number.size:,}"
        if not self.unbounded and (endless := np.isinf(number)).any():
            raise ValueError(f"{where} is infinite {many.format(int(endless.sum()))}.")
        below = number < 0
        if (
            below.any()
            and not self.signed
            and (self.kind == "array" or unit_of(self.name) != "dimensionless")
        ):
            lowest = f"{many.format(int(below.sum()))} (lowest {np.nanmin(number):g})"
            raise ValueError(f"{where} is negative {lowest}; it is 0 or more.")
        if self.positive and (none := number == 0).any():
            raise ValueError(f"{where} is 0 {many.format(int(none.sum()))}; it is divided by, and above 0.")
        if self.name == "month":
            self._among(where, number, (number >= 1) & (number <= 12) & (number % 1 == 0), "a month, 1 to 12")
        if self.name in _YEARS:
            years = (number >= FIRST_YEAR) & (number <= LAST_YEAR) | np.isinf(number) | np.isnan(number)
            allowed = f"a year from {FIRST_YEAR} to {LAST_YEAR}, such as 2016, or a date"
            self._among(where, number, years, allowed)

    def _among(self, where: str, number: NDArray[np.float64], good: NDArray[np.bool_], allowed: str) -> None:
        if not good.all():
            first = number[~good][0]
            raise ValueError(
                f"{where} is {first:.12g} and in {int((~good).sum()):,} of {number.size:,} not {allowed}."
            )


def formula(
    *,
    missing: Iterable[str] = (),
    unbounded: Iterable[str] = (),
    signed: Iterable[str] = (),
    positive: Iterable[str] = (),
    dates: Iterable[str] = (),
    text: Iterable[str] = (),
    flags: Iterable[str] = (),
) -> Callable[[Function], Function]:
    """Look after the arguments of a public formula.

    A `pint.Quantity` is converted to the unit in the parameter's name (``power_kw``: kW; none of its own:
    dimensionless). Refused are quantities of another dimension or within lists and columns, dates, text,
    None, True and False, NaN, infinities and negative numbers, months that are not 1 to 12 and years that are
    none (20160101), but for what is named here.

    Parameters
    ----------
    missing : iterable of str
        Parameters in which NaN means *not known* and gives NaN.
    unbounded : iterable of str
        Parameters that may be infinite.
    signed : iterable of str
        Parameters that may be negative.
    positive : iterable of str
        Parameters that must be above 0, as what is divided by.
    dates : iterable of str
        Parameters of years in which dates are read, as decimal years.
    text : iterable of str
        Parameters of words.
    flags : iterable of str
        Parameters of yes or no, in which text is refused: ``"no"`` would count as yes.

    Returns
    -------
    callable
        Decorator; the function itself stays reachable by `bare`.

    Raises
    ------
    UnitError
        By the decorated function: a quantity whose unit cannot be converted.
    TypeError
        By the decorated function: text or dates in place of numbers.
    ValueError
        By the decorated function: NaN, infinities, negative numbers.
    """
    named = {
        "missing": missing, "unbounded": unbounded, "signed": signed, "positive": positive, "dates": dates,
    }  # fmt: skip
    allowed = {rule: frozenset(names) for rule, names in named.items()}
    words, booleans = frozenset(text), frozenset(flags)

    def decorate(function: Function) -> Function:
        signature = inspect.signature(function)
        looked_after = {}
        for name, parameter in signature.parameters.items():
            annotation = str(parameter.annotation)
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                continue
            if name in words:
                kind = "text"
            elif name in booleans:
                kind = "flag"
            elif annotation in _ARRAYS:
                kind = "array"
            elif annotation in _SCALARS:
                kind = "number"
            elif annotation.startswith(("pd.DataFrame", "pd.Series")):
                kind = "table"
            else:
                continue
            rules = {rule: name in names for rule, names in allowed.items()}
            optional = parameter.default is None
            looked_after[name] = _Parameter(name, kind, optional=optional, **rules)

        @wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            for name, value in bound.arguments.items():
                if name in looked_after:
                    bound.arguments[name] = looked_after[name].take(function.__name__, value)
            return function(*bound.args, **bound.kwargs)

        return checked  # type: ignore[return-value]

    return decorate


def bare(function: Function) -> Function:
    """Return a formula as it is written, for callers that know their numbers, missing ones included.

    Examples
    --------
    >>> bare(len) is len
    True
    """
    return getattr(function, "__wrapped__", function)


def plain_fields(thing: Any) -> None:
    """Convert the quantities among the fields of a frozen dataclass, each to the unit in its name; in place.

    Parameters
    ----------
    thing : dataclass

    Raises
    ------
    UnitError
        If a field's unit cannot be converted.
    """
    for field in fields(thing):
        value = getattr(thing, field.name)
        if _is_quantity(value):
            where = f"{type(thing).__name__}: {field.name}"
            object.__setattr__(thing, field.name, _converted(where, value, unit_of(field.name)))


def _is_quantity(value: Any) -> bool:
    """Say whether a value carries a unit; pint is not imported to find out that it was not used."""
    pint = sys.modules.get("pint")
    return pint is not None and isinstance(value, pint.Quantity)


def _converted(where: str, value: Any, unit: str) -> Any:
    """Return the magnitude in a unit; a quantity of another registry is read by the name of its unit."""
    try:
        own = registry().Quantity(value.magnitude, str(value.units))
        return own.m_as(unit)
    except Exception as error:  # pint's errors of dimension and of definition share no base class of ours
        raise UnitError(
            f'{where} is in "{value.units}", which cannot be turned into "{unit}".', spelling=str(value.units)
        ) from error


def _words(name: str) -> str:
    unit = unit_of(name)
    if name.endswith("_year"):
        return "a year such as 2016"
    return f"in {unit}" if unit != "dimensionless" else "without a unit"


def _elements(value: Any) -> list[Any]:
    """Elements that a list or an array of objects holds; none of a typed array, which is looked at whole."""
    if isinstance(value, list | tuple):
        return list(value)
    dtype = getattr(value, "dtype", None)
    if dtype is not None and str(dtype).startswith(("object", "pint[")):
        return list(value) if getattr(value, "ndim", 1) else [value.item()]
    return []


def _holds_dates(value: Any) -> bool:
    if isinstance(value, _DATES):
        return True
    if str(getattr(value, "dtype", "")).startswith(("datetime64", "timedelta64", "<M8", "<m8", "period[")):
        return True
    return any(isinstance(element, _DATES) for element in _elements(value))


def _decimal_years(value: Any) -> Any:
    """Years of dates, with the share of the year that has passed."""
    given = value if np.shape(value) else [value]
    if np.all(pd.isna(given)):  # of no day there is no year; a NaT of numpy may have no unit to be read in
        return np.full(np.shape(value), np.nan) if np.shape(value) else float("nan")
    days = pd.DatetimeIndex(pd.to_datetime(given))
    passed: NDArray[np.float64] = (np.asarray(days.day_of_year) - 1) / np.where(days.is_leap_year, 366, 365)
    years = np.asarray(days.year + passed, dtype=float)
    return years.reshape(np.shape(value)) if np.shape(value) else years[0]


def _as_floats(where: str, value: Any) -> NDArray[np.float64]:
    """Return numbers as an array, to be looked at; what holds no numbers is refused."""
    if any(_is_quantity(element) for element in _elements(value)):
        raise TypeError(
            f"{where} holds quantities one by one; hand over one quantity of an array, such as "
            'quantity([1, 2], "kW").'
        )
    if _is_text(value):
        raise TypeError(f"{where} is text; a number is needed.")
    if _is_of(value, bool | np.bool_, ("b",)):
        raise TypeError(f"{where} is True or False; a number is needed.")
    if _is_of(value, complex | np.complexfloating, ("c",)):
        raise TypeError(f"{where} is a complex number; a plain one is needed.")
    if isinstance(value, pd.Series | pd.Index):
        return np.atleast_1d(value.to_numpy(dtype=float, na_value=np.nan))
    try:
        return np.atleast_1d(np.asarray(value, dtype=float))
    except (TypeError, ValueError) as error:
        raise TypeError(f"{where} is no number or array of numbers.") from error


def _is_of(value: Any, types: Any, kinds: tuple[str, ...]) -> bool:
    """Whether a value, its array, or any element of a list is of some types."""
    if isinstance(value, types) or getattr(getattr(value, "dtype", None), "kind", "") in kinds:
        return True
    return any(isinstance(element, types) for element in _elements(value))


def _is_text(value: Any) -> bool:
    dtype = getattr(value, "dtype", None)
    if isinstance(value, str | bytes) or getattr(dtype, "kind", "") in ("U", "S") or str(dtype) == "str":
        return True
    return any(isinstance(element, str | bytes) for element in _elements(value))


def _refuse_texts(where: str, value: Any) -> None:
    if _is_text(value):
        raise TypeError(f'{where} is text; True or False is needed. The text "no" would count as yes.')
    if _is_quantity(value):
        raise TypeError(f"{where} is a quantity; True or False is needed.")


def _refuse_units_of_columns(where: str, value: Any) -> None:
    """A column with units of its own is refused: an array of it would be numbers in whatever unit."""
    if "pint" not in sys.modules or not isinstance(value, pd.DataFrame | pd.Series):
        return
    table = value.to_frame() if isinstance(value, pd.Series) else value
    odd = [
        str(name)
        for name, column in table.items()
        if str(column.dtype).startswith("pint[")
        or (str(column.dtype) == "object" and any(_is_quantity(element) for element in column.head(100)))
    ]
    if odd:
        raise TypeError(
            f"{where}: column {', '.join(odd)} holds quantities; a table holds plain numbers, in the unit "
            'that its columns end in. Convert it, for example column.pint.to("kW").pint.magnitude.'
        )
