"""Balances of the linter: carbon, sulfur and particles that cannot be more than what they are part of."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd

from factors.lint.content import Remark, Table, line_of, side_by_side, words_of

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
# Keys that match any other, and so many pairs of rows are compared at most.
_SAYS_NOTHING = ("", "none", "all", "any", "-", "n/a", "na", "*")
_MOST_PAIRS = 1_000_000
# So much of the fuel's sulfur leaves as SO2 at least, where nothing washes it out.
_LEAST_SULFUR_SHARE = 0.3
_WASHED = "scrub|egcs|lng|gas"
# A fuel rate inferred from CO2 is as good as the guess of the fuel's carbon.
_TOLERANCE_INFERRED = 0.10


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
    for standard in ("g/kWh", "g/km", "g/h", "g/vehicle/day", "g/gal"):
        wide = side_by_side(table, (*_MOST_OVER_CO2, "CO2"), standard)
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
                found.append(("error", "unit", line_of(wide[f"line {species}"][at]), message))
    return found


def carbon_balance(table: Table) -> list[Remark]:
    """CO2 is the fuel's carbon: CO2 over fuel rate is that of the fuel."""
    wide = side_by_side(table, ("CO2", "BSFC"), "g/kWh")
    if not {"CO2", "BSFC"} <= set(wide.columns):
        return []
    found: list[Remark] = []
    wide = _with_fuel_rates_of_near_keys(wide, table.keys)
    wide = wide[wide["CO2"].notna() & wide["BSFC"].notna()]
    words = words_of(wide, table.keys)
    for at in wide.index:
        _, low, high, usual = next(entry for entry in _CARBON if re.search(entry[0], words[at]))
        co2, fuel = wide["CO2"][at], wide["BSFC"][at]
        ratio = co2 / fuel
        if not low * (1 - _TOLERANCE) <= ratio <= high * (1 + _TOLERANCE):
            share = ratio / usual - 1
            away = (
                f"{abs(share):.0%} {'below' if share < 0 else 'above'}"
                if share < 2
                else f"{share + 1:.4g} times"
            )
            message = (
                f"CO2 over fuel is {ratio:.3f} ({co2:.4g} g/kWh of CO2 from {fuel:.4g} of fuel in row "
                f"{line_of(wide['line BSFC'][at])}); this fuel's carbon gives {low:g} to {high:g}, usually "
                f"{usual:g}: CO2 is {away} its own fuel{_slip(ratio / usual)}"
            )
            found.append(("error", "carbon balance", line_of(wide["line CO2"][at]), message))
    return found


def _with_fuel_rates_of_near_keys(wide: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """Give CO2 without a fuel rate of its own that of the keys which differ only by what says nothing.

    A fuel rate knows no tier, and its row says "none", "all" or nothing where that of CO2 says a tier.
    """
    rates = wide[wide["BSFC"].notna()]
    lonely = wide[wide["BSFC"].isna() & wide["CO2"].notna()]
    if not len(rates) or not len(lonely) or len(rates) * len(lonely) > _MOST_PAIRS:
        return wide
    left, right = np.repeat(np.arange(len(lonely)), len(rates)), np.tile(np.arange(len(rates)), len(lonely))
    fits = np.ones(len(left), dtype=bool)
    for key in keys:
        mine, theirs = (frame[key].astype("str").str.strip().str.casefold() for frame in (lonely, rates))
        same = mine.to_numpy()[left] == theirs.to_numpy()[right]
        open_ = mine.isin(_SAYS_NOTHING).to_numpy()[left] | theirs.isin(_SAYS_NOTHING).to_numpy()[right]
        fits &= same | open_
    pairs = pd.DataFrame({"co2": lonely.index[left[fits]], "rate": rates.index[right[fits]]})
    # Where several fit, which is meant cannot be known.
    pairs = pairs.drop_duplicates("co2", keep=False)
    wide = wide.copy()
    for column in ("BSFC", "line BSFC"):
        wide.loc[pairs["co2"], column] = wide.loc[pairs["rate"], column].to_numpy()
    return wide


def sulfur_balance(table: Table) -> list[Remark]:
    """No more sulfur leaves the engine than came in with the fuel: SO2 <= 2 x S x fuel rate."""
    found: list[Remark] = []
    for species in ("SO2", "SOx"):
        wide = side_by_side(table, (species, "CO2", "BSFC"), "g/kWh")
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
            found.append((severity, "sulfur balance", line_of(wide[f"line {species}"][at]), message))
        washed = words_of(wide, table.keys).str.contains(_WASHED)
        little = wide[species].astype(float) < most * _LEAST_SULFUR_SHARE
        for at in wide.index[(little & (wide[species] > 0) & ~washed).to_numpy()]:
            message = (
                f"{species} is {wide[species][at]:.4g} g/kWh, {wide[species][at] / most[at]:.2g} of the "
                f"{most[at]:.4g} that {sulfur[at]:g} % sulfur in {fuel[at]:.0f} g/kWh of fuel would give: is "
                "the sulfur too high, or is it washed out? Say so in the fuel's name"
            )
            found.append(("warning", "sulfur balance", line_of(wide[f"line {species}"][at]), message))
    return found


def _sulfur_of(table: Table, wide: pd.DataFrame) -> pd.Series:
    """Fuel sulfur in percent: a key column, else in the fuel's name, else what the caller says."""
    given = pd.Series(np.nan, index=wide.index, dtype=float)
    for key in table.keys:
        if key in ("sulfur_pct", "fuel_sulfur_pct", "sulfur"):
            given = given.fillna(pd.to_numeric(wide[key], errors="coerce"))
    named = words_of(wide, table.keys).str.extract(r"([\d.]+)\s*%\s*s\b")[0]
    given = given.fillna(pd.to_numeric(named, errors="coerce"))
    return given.fillna(np.nan if table.sulfur_pct is None else table.sulfur_pct)


def fine_is_part_of_coarse(table: Table) -> list[Remark]:
    """PM2.5, and the particles of diesel engines, are part of PM10; black carbon is part of PM2.5."""
    found: list[Remark] = []
    for standard in ("g/kWh", "g/km", "g/h", "g/vehicle/day", "g/start", "g/gal"):
        wide = side_by_side(table, ("PM10", "PM2.5", "DPM", "BC"), standard)
        for part, whole in (("PM2.5", "PM10"), ("DPM", "PM10"), ("BC", "PM2.5"), ("BC", "PM10")):
            if not {whole, part} <= set(wide.columns):
                continue
            more = wide[part].astype(float) > wide[whole].astype(float) * 1.0001
            if (part, whole) == ("BC", "PM10") and "PM2.5" in wide.columns:
                more &= wide["PM2.5"].isna()  # told beside PM2.5 already
            check = f"BC in {whole}" if part == "BC" else "PM2.5 in PM10"
            for at in wide.index[more.to_numpy()]:
                message = (
                    f"{part} {wide[part][at]:.4g} is more than {whole} {wide[whole][at]:.4g} {standard} in "
                    f"row {line_of(wide[f'line {whole}'][at])}, of which it is a part: are the two exchanged?"
                )
                found.append(("error", check, line_of(wide[f"line {part}"][at]), message))
    return found


def low_load_follows_fuel(table: Table) -> list[Remark]:
    """At low load SO2 per work rises as fuel per work does, which is the curve of CO2."""
    rows = table.rows[table.rows["unit"] == "multiplier"]
    if not len(rows) or not any(key.startswith("load") for key in table.keys):
        return []
    wide = side_by_side(Table(rows, table.keys, None), ("SO2", "SOx", "CO2"), "1")
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
            found.append(("warning", "low load", line_of(part[f"line {species}"][at]), message))
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
    relative_to_carbon,
    carbon_balance,
    sulfur_balance,
    fine_is_part_of_coarse,
    low_load_follows_fuel,
)
