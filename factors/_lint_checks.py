"""What physics and the standards say about a table of factors: the linter's checks of content."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np
import pandas as pd

from factors import units

Remark = tuple[Literal["error", "warning"], str, int | None, str]

POLLUTANTS = frozenset(
    {"NOx", "SOx", "SO2", "PM10", "PM2.5", "PM", "DPM", "CO", "HC", "THC", "TOG", "ROG", "VOC", "NMHC", "CO2",
     "CH4", "N2O", "NH3", "BC", "CO2e"}
)  # fmt: skip

# Units in which a value is compared: one for each dimension that a factor can have.
_STANDARD = ("g/kWh", "g/km", "g/h", "g/vehicle/day", "g/start", "g/call", "1", "kW", "hp", "kWh/mile",
             "kg/mile", "kg/m3", "h/yr", "%")  # fmt: skip

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

# Mass of CO2 per mass of fuel, by what the fuel is called: least, most, usual (MEPC.308, EPA ShipEF, NONROAD
# carbon fractions).
_CARBON = (
    (r"lng|cng|natural gas|methane", 2.6, 2.8, 2.75),
    (r"lpg|propane", 2.9, 3.05, 3.0),
    (r"methanol|meoh", 1.35, 1.4, 1.375),
    (r"hfo|rm/|residual|ifo", 3.05, 3.2, 3.114),
    (r"mgo|mdo|distillate|lfo", 3.1, 3.25, 3.206),
    (r"diesel|ulsd", 3.1, 3.25, 3.19),
    (r"", 2.6, 3.25, 3.2),
)
# By how much a value is off when a unit is taken for another, and what happened then.
_SLIPS = (
    (1000.0, "milli for whole units, as in mg labelled g"),
    (453.59237, "pounds for grams"),
    (28.349523, "ounces for grams"),
    (1.3410221, "kilowatt-hours for horsepower-hours"),
    (3.6667, "carbon for carbon dioxide"),
    (1.609344, "miles for kilometres"),
    (2.2046226, "kilograms for pounds"),
    (3.6, "megajoules for kilowatt-hours"),
    (100.0, "percent for a fraction"),
)
# Mass over mass of CO2 of the same engine that no fuel or flame gives; so much more is another unit.
_MOST_OVER_CO2 = {
    "NOx": 0.15, "PM10": 0.02, "PM2.5": 0.02, "PM": 0.02, "DPM": 0.02, "BC": 0.02, "SO2": 0.07, "SOx": 0.07,
    "CO": 1.5, "HC": 1.0, "THC": 1.0, "VOC": 1.0, "N2O": 0.02, "NH3": 0.05,
}  # fmt: skip
_TOLERANCE = 0.03
# A fuel rate inferred from CO2 is as good as the guess of the fuel's carbon.
_TOLERANCE_INFERRED = 0.10


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


def prepare(
    text: pd.DataFrame, keys: Mapping[str, str], member: tuple[str, ...], sulfur_pct: float | None
) -> Table:
    """Read values and units of a table for comparison."""
    suffixes = {"exact": ("",), "gt_le": ("_gt", "_le"), "ge_lt": ("_ge", "_lt"), "from": ("_from",)}
    columns = (*(key + end for key, kind in keys.items() for end in suffixes[kind]), *member)
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
        if units.same_dimension(unit, standard):
            return standard, units.conversion(unit, standard), basis
    return "", np.nan, basis


def others(table: Table, *without: str) -> list[str]:
    """Return the keys of a table other than some."""
    return [key for key in table.keys if key not in without]


def _side_by_side(table: Table, quantities: tuple[str, ...], standard: str) -> pd.DataFrame:
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


def _words(frame: pd.DataFrame, keys: tuple[str, ...]) -> pd.Series:
    words = pd.Series("", index=frame.index, dtype="str")
    for key in keys:
        words = words + " " + frame[key].astype("str")
    return words.str.lower()


def _line(value: object) -> int:
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
    words = _words(rows, table.keys)
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
            far = number > 10 * high or number < low / 10
            advice = _is_milli(number, low, high) if far else ""
            message = (
                f"{rows['quantity'][line]} is {number:.4g} {standard}; usual is {low:g} to {high:g} "
                f"({band['source']}){advice}"
            )
            found.append(("error" if far else "warning", "band", int(line) + 2, message))
    return found


def _is_milli(number: float, low: float, high: float) -> str:
    for scale, labelled in ((1000.0, "mg labelled g"), (0.001, "g labelled mg")):
        if low <= number / scale <= high:
            return f"; it would be usual with a factor of 1000: {labelled}, or the like?"
    return "; a factor of 1000 or a wrong unit?"


def _slip(ratio: float, tolerance: float = 0.02) -> str:
    """What would explain that a value is so many times what it should be."""
    for factor, words in _SLIPS:
        for known in (factor, 1 / factor):
            if abs(ratio / known - 1) <= tolerance:
                return f"; that is a factor of {known:.4g}: {words}, or the other way round?"
    return ""


def relative_to_carbon(table: Table) -> list[Remark]:
    """No engine emits so much of a pollutant for its CO2: where it seems to, a unit is another one.

    This sees milligrams labelled grams where the value itself would pass for that of a dirtier engine.
    """
    found: list[Remark] = []
    for standard in ("g/kWh", "g/km", "g/h", "g/vehicle/day"):
        wide = _side_by_side(table, (*_MOST_OVER_CO2, "CO2"), standard)
        if "CO2" not in wide.columns:
            continue
        for species, most in _MOST_OVER_CO2.items():
            if species not in wide.columns:
                continue
            ratio = (wide[species] / wide["CO2"].where(wide["CO2"] > 0)).astype(float)
            for at in wide.index[(ratio > most).to_numpy()]:
                message = (
                    f"{species} is {wide[species][at]:.4g} {standard} beside {wide['CO2'][at]:.4g} of CO2: "
                    f"{ratio[at]:.2g} of its mass, and at most about {most:g} is known; is one of the two in "
                    "another unit, as mg labelled g?"
                )
                found.append(("error", "unit", _line(wide[f"line {species}"][at]), message))
    return found


def carbon_balance(table: Table) -> list[Remark]:
    """CO2 is the fuel's carbon: CO2 over fuel rate is that of the fuel."""
    wide = _side_by_side(table, ("CO2", "BSFC"), "g/kWh")
    if not {"CO2", "BSFC"} <= set(wide.columns):
        return []
    found: list[Remark] = []
    wide = wide[wide["CO2"].notna() & wide["BSFC"].notna()]
    words = _words(wide, table.keys)
    for at in wide.index:
        _, low, high, usual = next(entry for entry in _CARBON if re.search(entry[0], words[at]))
        ratio = wide["CO2"][at] / wide["BSFC"][at]
        if not low * (1 - _TOLERANCE) <= ratio <= high * (1 + _TOLERANCE):
            share = ratio / usual - 1
            away = (
                f"{abs(share):.0%} {'below' if share < 0 else 'above'}"
                if share < 2
                else f"{share + 1:.4g} times"
            )
            message = (
                f"CO2 over fuel is {ratio:.3f}; this fuel's carbon gives {low:g} to {high:g}, usually "
                f"{usual:g}: CO2 is {away} its own fuel{_slip(ratio / usual)}"
            )
            found.append(("error", "carbon balance", _line(wide["line CO2"][at]), message))
    return found


def sulfur_balance(table: Table) -> list[Remark]:
    """No more sulfur leaves the engine than came in with the fuel: SO2 <= 2 x S x fuel rate."""
    found: list[Remark] = []
    for species in ("SO2", "SOx"):
        wide = _side_by_side(table, (species, "CO2", "BSFC"), "g/kWh")
        if species not in wide.columns:
            continue
        sulfur = _sulfur_of(table, wide)
        measured = wide["BSFC"] if "BSFC" in wide.columns else pd.Series(np.nan, index=wide.index)
        from_carbon = wide["CO2"] / 3.1 if "CO2" in wide.columns else pd.Series(np.nan, index=wide.index)
        fuel = measured.fillna(from_carbon).astype(float)
        most = 2 * sulfur / 100 * fuel
        slack = 1 + np.where(measured.notna(), _TOLERANCE, _TOLERANCE_INFERRED)
        for at in wide.index[(wide[species].astype(float) > most * slack).to_numpy()]:
            origin = "" if pd.notna(measured[at]) else " (fuel rate estimated from CO2)"
            message = (
                f"{species} is {wide[species][at]:.4g} g/kWh; {sulfur[at]:g} % sulfur in "
                f"{fuel[at]:.0f} g/kWh of fuel{origin} gives at most {most[at]:.4g}"
            )
            severity: Literal["error", "warning"] = "error" if pd.notna(measured[at]) else "warning"
            found.append((severity, "sulfur balance", _line(wide[f"line {species}"][at]), message))
    return found


def _sulfur_of(table: Table, wide: pd.DataFrame) -> pd.Series:
    """Fuel sulfur in percent: a key column, else in the fuel's name, else what the caller says."""
    given = pd.Series(np.nan, index=wide.index, dtype=float)
    for key in table.keys:
        if key in ("sulfur_pct", "fuel_sulfur_pct", "sulfur"):
            given = given.fillna(pd.to_numeric(wide[key], errors="coerce"))
    named = _words(wide, table.keys).str.extract(r"([\d.]+)\s*%\s*s\b")[0]
    given = given.fillna(pd.to_numeric(named, errors="coerce"))
    return given.fillna(np.nan if table.sulfur_pct is None else table.sulfur_pct)


def fine_is_part_of_coarse(table: Table) -> list[Remark]:
    """PM2.5 is part of PM10."""
    found: list[Remark] = []
    for standard in ("g/kWh", "g/km", "g/h", "g/vehicle/day", "g/start"):
        wide = _side_by_side(table, ("PM10", "PM2.5"), standard)
        if {"PM10", "PM2.5"} <= set(wide.columns):
            for at in wide.index[
                (wide["PM2.5"].astype(float) > wide["PM10"].astype(float) * 1.0001).to_numpy()
            ]:
                message = f"PM2.5 {wide['PM2.5'][at]:.4g} is more than PM10 {wide['PM10'][at]:.4g} {standard}"
                found.append(("error", "PM2.5 in PM10", _line(wide["line PM2.5"][at]), message))
    return found


def low_load_follows_fuel(table: Table) -> list[Remark]:
    """At low load SO2 per work rises as fuel per work does, which is the curve of CO2."""
    rows = table.rows[table.rows["unit"] == "multiplier"]
    if not len(rows) or not any(key.startswith("load") for key in table.keys):
        return []
    wide = _side_by_side(Table(rows, table.keys, None), ("SO2", "SOx", "CO2"), "1")
    found: list[Remark] = []
    for species in ("SO2", "SOx"):
        if not {species, "CO2"} <= set(wide.columns):
            continue
        part = wide[wide[species].notna() & wide["CO2"].notna()]
        for at in part.index[((part[species] / part["CO2"] - 1).abs() > 0.1).to_numpy()]:
            where = ", ".join(f"{key} {part[key][at]}" for key in table.keys)
            message = (
                f"low-load factor of {species} is {part[species][at]:g} at {where}, "
                f"of CO2 {part['CO2'][at]:g}: sulfur leaves with the fuel, so the two rise alike; "
                "state which one your method takes"
            )
            found.append(("warning", "low load", _line(part[f"line {species}"][at]), message))
    return found


def shares_make_one(table: Table) -> list[Remark]:
    """The parts of a mixture add up to one (three printed decimals may miss by 0.001)."""
    members = [key for key in table.keys if key in ("tech_type", "fuel", "technology", "member")]
    whole = [key for key in table.keys if key not in members[-1:]]
    rows = table.rows.assign(_all="")
    sums = rows.groupby([*whole, "_all", "quantity"], sort=False)["number"].transform("sum")
    first = ~rows.duplicated([*whole, "quantity"])
    found: list[Remark] = []
    for line in rows.index[((sums - 1).abs() > 0.002) & first]:
        message = f"the shares that begin here add up to {sums[line]:.4g}, not 1"
        found.append(("error", "mixture", int(line) + 2, message))
    return found


CHECKS: tuple[Callable[[Table], list[Remark]], ...] = (
    dimensions,
    plausible,
    relative_to_carbon,
    carbon_balance,
    sulfur_balance,
    fine_is_part_of_coarse,
    low_load_follows_fuel,
)
