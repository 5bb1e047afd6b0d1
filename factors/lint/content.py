"""What physics and the standards say about a table of factors: the linter's checks of content."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
import pandas as pd

from factors import units
from factors.units import conversion

Severity = Literal["error", "warning"]
# Severity, check, line, message; and the column where it is not the value.
Remark = tuple[Severity, str, int, str] | tuple[Severity, str, int, str, str]

POLLUTANTS = frozenset(
    {"NOx", "SOx", "SO2", "PM10", "PM2.5", "PM", "DPM", "CO", "HC", "THC", "TOG", "ROG", "VOC", "NMHC",
     "NMVOC", "CO2", "CH4", "N2O", "NH3", "BC", "CO2e"}
)  # fmt: skip

# Units in which a value is compared: one for each dimension that a factor can have.
_STANDARD = ("g/kWh", "g/km", "g/h", "g/vehicle/day", "g/start", "g/call", "1", "kW", "hp", "kWh/mile",
             "kg/mile", "g/gal", "kg/m3", "h/yr", "%")  # fmt: skip

# What a quantity that is no pollutant must measure.
_DIMENSION_OF = {
    "BSFC": ("g/kWh", "1"), "SFC_baseline": ("g/kWh",), "CO2_per_fuel": ("1",), "load": ("kW",),
    "load_factor": ("1",), "fraction": ("1",), "fuel_share": ("1",), "density": ("kg/m3",),
    "installed_propulsion_power": ("kW",), "max_speed": ("kn",), "max_draft": ("m",),
    "energy_use": ("kWh/mile",), "hydrogen_use": ("kg/mile",), "average_hp": ("hp",),
    "fuel_sulfur_limit": ("1",), "CH4_slip": ("g/kWh", "1"), "LCV": ("MJ/kg",),
}  # fmt: skip
# A pollutant is a mass per something, or a pure number: per fuel mass, a multiplier, a GWP.
_PER_UNITS = ("g/kWh", "g/km", "g/h", "g/vehicle/day", "g/start", "g/call", "g/gal", "kg CO2/scf", "1")
# Quantities by the names that tables have for them.
KNOWN = POLLUTANTS | frozenset(_DIMENSION_OF)
# How far beyond its band a value cannot be right, where the band does not say it itself.
_FAR = 10.0
# Percent of sulfur by mass: residual fuel was sold with up to 5 at most; the cleanest diesel has 0.0006.
_MOST_SULFUR_PCT, _LEAST_SULFUR_PCT, _LEAST_MARINE_SULFUR_PCT = 5.0, 0.0001, 0.005
# Residual fuel without another word has what was sold as such; blends of ultra low sulfur say so.
_LEAST_RESIDUAL_SULFUR_PCT = 0.5
_RESIDUAL = r"\bhfo|rm/|residual|\bifo"
_ULTRA_LOW = r"ulsfo|vlsfo|ultra|low.sulfur|\beca\b"
_LEAST_SLIP_PCT = 0.1
_MARINE_FUEL = r"mgo|mdo|hfo|rm/|residual|ifo|vlsfo|ulsfo|distillate"
_BURNT = r"diesel|mgo|mdo|hfo|rm/|residual|vlsfo|lng|lpg|cng|propane|gasoline|natural.gas|methanol"


@dataclass(frozen=True)
class Table:
    """A table made ready for the checks.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row a factor: ``quantity``, ``unit``, ``number`` (value in ``standard``), ``standard`` (unit of
        comparison, blank where there is none), ``basis``, and the key columns as text. Rows whose value or
        unit cannot be read are left out; the index is that of the file.
    keys : tuple of str
        Key and member columns.
    """

    rows: pd.DataFrame
    keys: tuple[str, ...]
    sulfur_pct: float | None


def prepare(text: pd.DataFrame, columns: tuple[str, ...], sulfur_pct: float | None) -> Table:
    """Read values and units of a table for comparison; `columns` are those of its keys and members."""
    rows = text[[*columns, "quantity", "unit"]].copy()
    read = {spelling: _standard(spelling) for spelling in rows["unit"].unique()}
    rows["standard"] = rows["unit"].map({spelling: found[0] for spelling, found in read.items()})
    rows["basis"] = rows["unit"].map({spelling: found[2] for spelling, found in read.items()})
    scale = rows["unit"].map({spelling: found[1] for spelling, found in read.items()}).astype(float)
    rows["printed"] = pd.to_numeric(text["value"], errors="coerce")
    rows["number"] = rows["printed"] * scale
    return Table(rows[np.isfinite(rows["printed"].to_numpy(dtype=float))], columns, sulfur_pct)


@cache
def _standard(spelling: str) -> tuple[str, float, str]:
    """Unit of comparison, factor to it, and basis of a unit text."""
    try:
        unit, basis = units.parse_unit(spelling), units.describe(spelling).basis
    except units.UnitError:
        return "", np.nan, ""
    # hours per year are a rate; percent is compared as printed only by its own band, in ones elsewhere
    candidates = ("h/yr",) if units.describe(spelling).unit == "hour/year" else _STANDARD
    for standard in candidates:
        # A mass over a volume is a density, but of what is sold by the gallon.
        if standard == "g/gal" and "gallon" not in units.describe(spelling).unit:
            continue
        if units.same_dimension(unit, standard):
            return standard, units.conversion(unit, standard), basis
    return "", np.nan, basis


def others(table: Table, *without: str) -> list[str]:
    """Return the keys of a table other than some."""
    return [key for key in table.keys if key not in without]


def side_by_side(table: Table, quantities: tuple[str, ...], standard: str) -> pd.DataFrame:
    """One row a key, one column a quantity; beside each the row it came from."""
    rows = table.rows
    chosen = rows[rows["quantity"].isin(quantities) & (rows["standard"] == standard)]
    chosen = chosen[~chosen["basis"].str.contains("fuel energy|energy delivered")]
    chosen = chosen.assign(line=chosen.index).drop_duplicates([*table.keys, "quantity"])
    if not len(chosen):
        return pd.DataFrame(columns=[*table.keys])
    keys = list(table.keys) or ["_all"]
    wide = chosen.assign(_all="").pivot(index=keys, columns="quantity", values=["number", "line"])
    pairs: list[Any] = wide.columns.to_list()
    wide.columns = [name if kind == "number" else f"line {name}" for kind, name in pairs]
    return wide.reset_index()


def words_of(frame: pd.DataFrame, keys: tuple[str, ...]) -> pd.Series:
    """All keys of each row as one lowercase text, to look for words in."""
    words = pd.Series("", index=frame.index, dtype="str")
    for key in keys:
        words = words + " " + frame[key].astype("str")
    return words.str.lower()


def line_of(value: object) -> int:
    """Line of the file that a row stands on, the heading being line 1."""
    return int(float(str(value))) + 2


def dimensions(table: Table) -> list[Remark]:
    """A quantity measures what its name says."""
    found: list[Remark] = []
    for (quantity, spelling), rows in table.rows.groupby(["quantity", "unit"], sort=False):
        allowed = _PER_UNITS if quantity in POLLUTANTS else _DIMENSION_OF.get(str(quantity), ())
        if not allowed or spelling not in _readable():
            continue
        if not any(units.same_dimension(str(spelling), other) for other in allowed):
            kind = "a mass per something" if quantity in POLLUTANTS else f'for example "{allowed[0]}"'
            more = f" ({len(rows)} rows)" if len(rows) > 1 else ""
            message = f'{quantity} is in "{spelling}"; {kind} is needed{more}'
            found.append(("error", "dimension", int(rows.index[0]) + 2, message))
    return found


@cache
def _readable() -> frozenset[str]:
    return frozenset(text for text, entry in units.vocabulary().items() if not entry.is_refused)


@cache
def _bands() -> list[dict[str, str]]:
    text = resources.files("factors").joinpath("lint_bands.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def plausible(table: Table) -> list[Remark]:
    """A value lies in the band usual for its quantity and engine; far outside it, a unit is wrong."""
    found: list[Remark] = []
    rows = table.rows[(table.rows["number"] > 0) & (table.rows["unit"] != "multiplier")]
    rows = rows[~rows["basis"].str.contains("fuel energy|energy delivered|factor")]
    told = pd.Series(False, index=rows.index)
    words = words_of(rows, table.keys)
    # The narrower bands, those for a kind of engine, come first and are the ones that count.
    for band in sorted(_bands(), key=lambda band: band["where"] == ""):
        standard, scale, _ = _standard(band["unit"])
        here = (rows["quantity"] == band["quantity"]) & (rows["standard"] == standard) & ~told
        if band["where"]:
            here &= words.str.contains(band["where"].lower(), regex=True)
        low, high = float(band["low"]) * scale, float(band["high"]) * scale
        told |= here
        for line in rows.index[here & ((rows["number"] < low) | (rows["number"] > high))]:
            number = rows["number"][line]
            beyond = float(band["error_factor"] or _FAR)
            far = number > beyond * high or number < low / beyond
            advice = _other_unit(number, rows["printed"][line], rows["unit"][line], low, high)
            message = (
                f"{rows['quantity'][line]} is {_with_unit(number, standard)}; usual is {low:g} to {high:g} "
                f"({band['source']}){advice}"
            )
            found.append(("error" if far else "warning", "band", int(line) + 2, message))
    return found


def _with_unit(number: float, unit: str) -> str:
    """Return a number with its unit; what has none stands alone."""
    return f"{number:.4g}" if unit == "1" else f"{number:.4g} {unit}"


def _other_unit(number: float, printed: float, unit: str, low: float, high: float) -> str:
    """Ask about the other unit that would make a value usual."""
    if unit in ("1", "fraction", "ratio") and low <= number / 100 <= high:
        return "; is it a percentage? Correct the unit or the value"
    for scale, labelled in ((1000.0, "mg labelled g"), (0.001, "g labelled mg")):
        if low <= number / scale <= high:
            return f"; it would be usual with a factor of 1000: {labelled}, or the like? Correct the unit"
    work = conversion("g/kWh", "g/hp-hr")
    for of, meant, scale in (("hp", "kWh", work), ("kW", "hp-hr", 1 / work)):
        if of in unit and low <= number * scale <= high:
            return f"; is it {printed:g} per {meant}? Look at it, and at its unit, in the document"
    return "; look at it, at its unit and its decimal point, in the document"


def sulfur_of_a_fuel(table: Table) -> list[Remark]:
    """Fuel sulfur is a few percent at most; a fraction or parts per million labelled percent is not."""
    found: list[Remark] = []
    words = words_of(table.rows, table.keys)
    places = [(key, table.rows[key]) for key in table.keys if _is_sulfur(key)]
    named = table.rows["quantity"].str.contains("sulfur|sulphur", case=False)
    percent = named & table.rows["unit"].str.startswith("%")
    places.append(("value", table.rows["printed"].where(percent)))
    for column, text in places:
        pct = pd.to_numeric(text, errors="coerce") / (1e4 if "ppm" in column else 1)
        least = np.where(words.str.contains(_MARINE_FUEL), _LEAST_MARINE_SULFUR_PCT, _LEAST_SULFUR_PCT)
        residual = words.str.contains(_RESIDUAL) & ~words.str.contains(_ULTRA_LOW)
        low = residual & (pct >= least) & (pct < _LEAST_RESIDUAL_SULFUR_PCT)
        # A hundred times as much is what residual fuel has: the heading is that of another writing.
        fraction = low & (pct * 100 >= _LEAST_RESIDUAL_SULFUR_PCT) & (pct * 100 <= _MOST_SULFUR_PCT)
        told: tuple[tuple[pd.Series, Severity, str], ...] = (
            (fraction, "error", "residual fuel by its name; a fraction labelled percent?"),
            (low & ~fraction, "warning", "little for a residual fuel by its name"),
            (pct > _MOST_SULFUR_PCT, "error", "a hundred times too high, or ppm labelled percent?"),
            ((pct > 0) & (pct < least), "warning", "a fraction labelled percent?"),
        )
        for bad, severity, meant in told:
            for _, rows in table.rows[bad].groupby(text[bad]):
                more = f" ({len(rows)} rows)" if len(rows) > 1 else ""
                message = (
                    f"fuel sulfur is {pct[rows.index[0]]:g} %{more}; fuels have "
                    f"{_LEAST_SULFUR_PCT:g} to {_MOST_SULFUR_PCT:g} % by mass, those of ships "
                    f"{_LEAST_MARINE_SULFUR_PCT:g} or more: {meant}"
                )
                found.append((severity, "sulfur", int(rows.index[0]) + 2, message, column))
    return found


def methane_slip(table: Table) -> list[Remark]:
    """Slip of engines is some tenths of a percent of the gas at least; less is mostly a fraction."""
    rows = table.rows
    named = rows["quantity"].str.contains("slip", case=False) & rows["unit"].str.startswith("%")
    # Of boilers and turbines next to nothing slips.
    named &= ~words_of(rows, table.keys).str.contains(r"turbine|boiler|steam|cell|\bst\b|\bgt\b")
    few = rows[named & (rows["printed"] > 0) & (rows["printed"] < _LEAST_SLIP_PCT)]
    return [
        (
            "warning", "percent", int(line) + 2,
            f"{few['quantity'][line]} is {few['printed'][line]:g} %; engines that burn gas slip "
            f"{_LEAST_SLIP_PCT:g} % of it or more: is it a fraction? Write "
            f"{100 * few['printed'][line]:g} %, or the unit fraction",
        )
        for line in few.index
    ]  # fmt: skip


def _is_sulfur(key: str) -> bool:
    return "sulfur" in key.lower() or "sulphur" in key.lower()


def one_unit_each(table: Table) -> list[Remark]:
    """A table prints a quantity in one unit; the few rows in another of the same kind are slips at times."""
    found: list[Remark] = []
    rows = table.rows[table.rows["quantity"].isin(POLLUTANTS | {"BSFC"}) & (table.rows["standard"] != "")]
    for (quantity, standard), same in rows.groupby(["quantity", "standard"], sort=False):
        count = same.groupby("unit", sort=False).size()
        scales = {unit: _standard(str(unit))[1] for unit in count.index}
        most = str(count.idxmax())
        # Rates of a grid are gathered from several documents, each in its unit.
        if any(str(unit).endswith("Wh") and "M" in str(unit) for unit in count.index):
            continue
        for unit, number in count.items():
            if scales[unit] == scales[most] or number * 2 >= len(same) or standard == "1":
                continue
            line = int(same.index[same["unit"] == unit][0])
            more = f" (and {number - 1} more)" if number > 1 else ""
            message = (
                f'{quantity} is in "{unit}" here{more} and in "{most}" in {count[most]} other rows: is it so '
                "in the document?"
            )
            found.append(("warning", "mixed units", line + 2, message))
    return found


def nothing_from_a_flame(table: Table) -> list[Remark]:
    """What burns makes NOx and CO2: a zero there is mostly a blank."""
    found: list[Remark] = []
    rows = table.rows[table.rows["quantity"].isin(["NOx", "CO2"]) & (table.rows["number"] == 0)]
    rows = rows[rows["standard"].isin(["g/kWh", "g/km", "g/h"])]
    words = words_of(rows, table.keys)
    for line in rows.index[words.str.contains(_BURNT)]:
        message = (
            f"{rows['quantity'][line]} of a fuel that burns is 0: leave the row out where nothing is known; "
            "zero is good news"
        )
        found.append(("warning", "zero", int(line) + 2, message))
    return found


CHECKS: tuple[Callable[[Table], list[Remark]], ...] = (
    dimensions,
    plausible,
    sulfur_of_a_fuel,
    methane_slip,
    one_unit_each,
    nothing_from_a_flame,
)
