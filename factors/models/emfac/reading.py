"""Read EMFAC's own CSV exports, of any edition, so that a port brings this year's rates.

The web database of CARB's EMFAC writes a few lines about the export (edition, region, calendar year, season,
units), then one row per region, year, category, model year, speed and fuel, with a column per pollutant and
process: ``NOx_RUNEX``, ``PM2.5_PMBW``, ``CO2_IDLEX``. Two exports share these column names: *Emission Rates*
(grams per mile) and *Emissions Inventory* (tons a day). They differ by a factor of a million or so, and which
one a file is must be said in it: `read_emfac` looks at the title, the units, the columns and the size of the
numbers, and refuses a file that leaves it open.

The layout was read in public code that consumes such files: the lines above the heading of EMFAC2014 (title,
Region Type, Region, Calendar Year, Season, Vehicle Classification, Units), the units line of EMFAC2021 rates
("miles/day for CVMT and EVMT, g/mile for RUNEX, PMBW and PMTW, mph for Speed, ..."), the heading ``Region,
Calendar Year, Vehicle Category, Model Year, Speed, Fuel, Total VMT, CVMT, EVMT`` and pollutants as ``PM2.5_``
or ``PM2_5_``. EMFAC2025's files were not seen; its categories and fuels were (form of its web page), and its
columns are taken to be EMFAC2021's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from factors.models.emfac.export import EmfacError, Export, export_mode, open_export, typed_rows
from factors.sources import KeyKind, TableSpec
from factors.tables import FactorTable, typed_frame
from factors.units import UnitError, conversion, parse_unit

SOURCE = "heavy_duty_vehicles"
BURNING = ("Diesel", "Natural Gas", "Gasoline")
EMFAC_NEEDS = ("running", "idle", "start", "wear", "activity")
NEEDS = {"running": "RUNEX", "idle": "IDLEX", "start": "STREX"}
WEAR = {"PMBW": "brake", "PMTW": "tyre"}
_NAMES = {"RUNEX": "running", "IDLEX": "idle", "PMTW": "tire wear"}

POLLUTANTS = ("NOx", "PM2.5", "PM10", "CO2", "CH4", "N2O", "ROG", "TOG", "CO", "SOx", "NH3")
_SIZES = (
    ("CO2", "RUNEX", "g/mile", 50.0, 20_000.0),
    # 24 hours at 10 kg an hour are more than a truck can idle in a day; EMFAC2017 prints 1.4 to 44 kg.
    ("CO2", "IDLEX", "g/vehicle/day", 0.0, 250_000.0),
    # EMFAC2017 prints 0.036 of heavy trucks whatever the speed, and 0.012 of lighter ones with fewer tires.
    ("PM10", "PMTW", "g/mile", 0.001, 0.5),
)
"""Pollutant, process, unit and bounds of a median: what tells grams from tons a day by physics alone."""

KEYS = ("emfac_category", "fuel", "calendar_year", "season", "model_year", "speed_bin_mph")
_MASS_UNITS = {"tons": "short ton", "short tons": "short ton", "metric tons": "tonne", "tonnes": "tonne"}


@dataclass(frozen=True)
class EmfacFile:
    """What an EMFAC export holds, in the form of a user's factor tables.

    Attributes
    ----------
    file : str
    mode : {"rates", "inventory"}
        As exported; rates of an inventory are its masses over its miles, vehicles or starts, marked derived.
    edition : str
        As its title says, for example ``EMFAC2021 (v1.0.2)``.
    region, season : str
        ``season`` is ``annual``, ``summer`` or ``winter``.
    tables : mapping of str to FactorTable
        By need, where the file has it: ``running``, ``idle``, ``start``, ``wear``, ``activity``. What the
        export adds up over (``Aggregate`` speed or model year) is no key of its table.
    rows_without_travel : int
        Rows of speeds or years at which nobody drives, left out: all their running rates are 0.
    """

    file: str
    mode: str
    edition: str
    region: str
    season: str
    tables: Mapping[str, FactorTable] = field(repr=False)
    rows_without_travel: int = 0

    @property
    def title(self) -> str:
        """Edition and kind of export, as one would cite it."""
        kind = "Emission Rates" if self.mode == "rates" else "Emissions Inventory"
        return f"{self.edition or 'EMFAC'} {kind}"


def read_emfac(path: Path, *, region: str = "", categories: tuple[str, ...] = ()) -> EmfacFile:
    """Read an export of EMFAC's web database, in rate mode or inventory mode.

    Parameters
    ----------
    path : Path
        CSV as downloaded, with the lines above the heading: they say what the numbers are.
    region : str
        Region to take, as the file spells it; needed where the file has several.
    categories : tuple of str
        Categories to keep, as in `CATEGORIES`; all where empty.

    Returns
    -------
    EmfacFile

    Raises
    ------
    EmfacError
        If the file does not say whether it holds rates or an inventory, says both, or holds numbers of
        another size than it says; if a unit is not stated; if it has several regions and none was chosen; if
        numbers, fuels or keys cannot be read. With what was seen.

    Notes
    -----
    EMFAC's "tons" are short tons (as the public EMFAC2017 masses of 19 July 2018 are labelled). Rows of a
    burning fuel without any running emission are speeds at which nobody drives: missing, not zero, left out.

    Examples
    --------
    >>> import tempfile
    >>> text = '''EMFAC2021 (v1.0.2) Emission Rates
    ... Region Type: Statewide
    ... Season: Annual
    ... Units: miles/day for VMT, g/mile for RUNEX, PMBW and PMTW
    ...
    ... Region,Calendar Year,Vehicle Category,Model Year,Speed,Fuel,VMT,NOx_RUNEX,CO2_RUNEX
    ... Statewide,2023,T7 POLA Class 8,2015,40,Dsl,10,2.5,1400
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "emfac.csv"
    ...     _ = path.write_text(text)
    ...     read = read_emfac(path)
    >>> read.mode, read.edition, read.tables["running"].frame["emfac_category"].iloc[0]
    ('rates', 'EMFAC2021 (v1.0.2)', 'T7 POLA')
    """
    export = open_export(path)
    mode = export_mode(export)
    rows = typed_rows(export, region)
    if categories:
        rows = rows[rows["emfac_category"].isin(categories)]
    if rows.empty:
        seen = ", ".join(sorted(set(export.rows["emfac_category"]))[:12])
        raise EmfacError(export.file, [f"no rows of category {', '.join(categories)}; the file has {seen}"])
    rows, still = _driven(rows, export)
    season = _season(export)
    edition = re.search(r"EMFAC\d{4}(\s*\(?v[\w.]+\)?)?", " ".join(export.above))
    file = EmfacFile(
        export.file, mode, edition[0] if edition else "", rows["region"].iloc[0], season, {}, still
    )
    rates = _rates(export, rows, mode)
    _plausible(export, rates, mode)
    tables = {}
    for need in EMFAC_NEEDS:
        long = _long(need, file, export, rates)
        if len(long):
            spec = TableSpec("user", f"{SOURCE}.{need}", file.file, file.title, _spec(long, need))
            tables[need] = FactorTable(spec, typed_frame(long, spec))
    return EmfacFile(file.file, mode, file.edition, file.region, season, tables, still)


def _driven(rows: pd.DataFrame, export: Export) -> tuple[pd.DataFrame, int]:
    """Drop rows of a burning fuel at which nobody drives, all running rates zero, and count them."""
    running = [name for name, (_, process) in export.columns.items() if process == "RUNEX"]
    still = rows["fuel"].isin(BURNING) & (rows[running].fillna(0.0) == 0).all(axis=1) if running else None
    if still is None or not still.any():
        return rows, 0
    kept = rows[~still]
    if kept.empty:
        raise EmfacError(export.file, ["every row of a burning fuel has running emissions of 0"])
    return kept.reset_index(drop=True), int(still.sum())


def _season(export: Export) -> str:
    said = export.said("Season").lower()
    if said not in ("annual", "summer", "winter"):
        raise EmfacError(
            export.file,
            [f'no line "Season: Annual" (or Summer, Winter) above the heading; seen: {said or "none"}'],
        )
    return said


def _rates(export: Export, rows: pd.DataFrame, mode: str) -> pd.DataFrame:
    """Values by pollutant and process with their units: as printed, or masses over what they belong to."""
    parts = []
    problems = []
    for name, (pollutant, process) in export.columns.items():
        if process in ("TOTEX", "TOTAL"):
            continue
        unit, per = _unit_of(export, process, mode)
        if not unit:
            problems.append(per)
            continue
        value = rows[name]
        if mode == "inventory":
            if per not in rows:
                problems.append(f"{process} needs the column {per} to become a rate, and there is none")
                continue
            value = value.div(rows[per].where(rows[per] > 0)) * _grams(export)
        part = rows[[*(key for key in KEYS if key in rows), "line", "printed"]]
        parts.append(part.assign(quantity=pollutant, process=process, column=name, value=value, unit=unit))
    for name, unit in (("vmt", "miles/day"), ("population", "vehicles")):
        # A rate file's own activity serves vehicle-days; only numbers of one day are comparable with it.
        said = {export.units.get(said) for said in ("VMT", "CVMT", "TOTAL VMT")}
        if name in rows and (name == "population" or "miles/day" in said):
            part = rows[[*(key for key in KEYS if key in rows), "line", "printed"]]
            parts.append(
                part.assign(quantity=name, process="activity", column=name, value=rows[name], unit=unit)
            )
    if problems:
        raise EmfacError(export.file, list(dict.fromkeys(problems)))
    rates = pd.concat(parts, ignore_index=True)
    return rates[rates["value"].notna()].reset_index(drop=True)


def _unit_of(export: Export, process: str, mode: str) -> tuple[str, str]:
    """Return unit and, in an inventory, what masses are divided by; or no unit, and the problem."""
    if mode == "inventory":
        daily = export.units["EMISSIONS"].lower().endswith("/day")
        if process == "IDLEX" and not daily:
            return "", "IDLEX by the year does not become grams per vehicle and day; export tons/day"
        known = {"IDLEX": ("g/vehicle/day", "population"), "STREX": ("g/trip", "trips")}
        return known.get(process, ("g/mile", "vmt"))
    unit = export.units.get(process, "")
    if not unit:
        stated = ", ".join(f"{per} for {name}" for name, per in export.units.items())
        return "", (
            f'the line "Units: ..." says nothing of {process} (EMFAC prints idle per vehicle-day in some '
            f"outputs and per hour in others); it says {stated}"
        )
    try:
        parse_unit(unit)
    except UnitError as problem:
        return "", f"unit of {process}: {problem}"
    return unit, ""


def _grams(export: Export) -> float:
    """Grams in the mass unit of an inventory."""
    spelled = export.units["EMISSIONS"].lower().partition("/")[0].strip()
    if spelled not in _MASS_UNITS:
        known = ", ".join(_MASS_UNITS)
        raise EmfacError(export.file, [f"masses are in {spelled!r}; known are {known}"])
    return conversion(_MASS_UNITS[spelled], "g")


def _plausible(export: Export, rates: pd.DataFrame, mode: str) -> None:
    """Refuse numbers of another size than the file says: the title of one export over rows of the other."""
    burnt = rates[rates["fuel"].isin(BURNING)]
    problems = []
    for pollutant, process, unit, low, high in _SIZES:
        mine = burnt[(burnt["quantity"] == pollutant) & (burnt["process"] == process) & (burnt["value"] > 0)]
        scale = mine["unit"].map({said: _per(str(said), unit) for said in mine["unit"].unique()})
        middle = float((mine["value"] * scale.astype(float)).median())
        if middle < low or middle > high:
            problems.append(
                f"the file says it holds {mode}, but its median {_NAMES[process]} {pollutant} is "
                f"{middle:.3g} {unit}; possible are {low:g} to {high:g}: rates and inventory may be mixed up"
            )
    if problems:
        raise EmfacError(export.file, problems)


def _per(said: str, unit: str) -> float:
    """Factor from the unit that the file states; missing where it is of another kind (idle by the hour)."""
    try:
        return conversion(said, unit)
    except UnitError:
        return np.nan


def _long(need: str, file: EmfacFile, export: Export, rates: pd.DataFrame) -> pd.DataFrame:
    """Rows of one need as a user's table has them."""
    processes = list(WEAR) if need == "wear" else [NEEDS.get(need, "activity")]
    mine = rates[rates["process"].isin(processes)]
    if mine.empty:
        return mine
    derived = file.mode == "inventory" and need != "activity"
    note = "line " + mine["line"].astype(str) + ", column " + mine["column"] + ", " + mine["printed"]
    text = pd.DataFrame(
        {
            **{name: mine[name] for name in ("emfac_category", "fuel", "quantity", "unit")},
            "calendar_year": mine["calendar_year"].astype("int64").astype(str),
            "source_document": file.title,
            "table": f"{file.region}, {file.season}",
            "source_address": file.file,
            "confidence": "derived" if derived else "read",
            "note": note + "; mass over activity of the same row" if derived else note,
            "value": mine["value"].astype(str),
        }
    )
    if file.season != "annual":
        text["season"] = file.season
    for name in ("model_year", "speed_bin_mph"):
        by_speed = name == "speed_bin_mph" and need not in ("running", "wear")
        if mine[name].notna().all() and not by_speed:
            text[name] = mine[name].astype("int64").astype(str)
    if need == "wear":
        text["process"] = mine["process"].map(WEAR)
    if need in ("idle", "start", "activity") and mine["speed_bin_mph"].notna().any():
        # By the vehicle and not by the speed: an export by speed repeats or splits it.
        return text.iloc[:0]
    return text.reset_index(drop=True)


def _spec(long: pd.DataFrame, need: str) -> dict[str, KeyKind]:
    keys = [name for name in KEYS if name in long]
    return dict.fromkeys([*keys, "process"] if need == "wear" else keys, "exact")
