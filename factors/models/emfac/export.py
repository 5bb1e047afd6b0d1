"""An export of EMFAC as it lies on disk: its lines above the heading, its heading, its rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pandas as pd

from factors.models.export_text import cut_off, ragged, utf8
from factors.user_tables import UserTableError

HEADINGS = {
    "region": "region",
    "subarea": "region",
    "calendaryear": "calendar_year",
    "calyr": "calendar_year",
    "vehiclecategory": "emfac_category",
    "vehclass": "emfac_category",
    "vehicleclass": "emfac_category",
    "modelyear": "model_year",
    "mdlyr": "model_year",
    "speed": "speed_bin_mph",
    "fuel": "fuel",
    "totalvmt": "vmt",
    "vmt": "vmt",
    "population": "population",
    "trips": "trips",
}
"""EMFAC's headings of all editions, letters and digits alone, and ours."""

FUELS = {
    "dsl": "Diesel",
    "diesel": "Diesel",
    "ng": "Natural Gas",
    "natural gas": "Natural Gas",
    "gas": "Gasoline",
    "gasoline": "Gasoline",
    "elec": "Electricity",
    "electricity": "Electricity",
    "phe": "Plug-in Hybrid",
    "plug-in hybrid": "Plug-in Hybrid",
    "h2fc": "Hydrogen",
    "fuel cell electric vehicle": "Hydrogen",
    "hydrogen": "Hydrogen",
}
"""Names of fuels in EMFAC's files and its web page, and ours."""

CATEGORIES = {
    "t7 pola": "T7 POLA",
    "t7 poak": "T7 POAK",
    "t7 other port": "T7 other port",
    "t7 tractor": "T7 tractor",
    "t7 cairp": "T7 CAIRP",
    "t7 swcv": "T7 SWCV",
}
"""Truck categories as edition emfac2017 writes them; later editions add the weight class ("Class 8")."""

_COLUMN = re.compile(
    r"(?P<pollutant>NOx|PM2[._]5|PM10|CO2|CH4|N2O|ROG|TOG|CO|SOx|NH3)_"
    r"(?P<process>RUNEX|IDLEX|STREX|PMBW|PMTW|TOTEX|TOTAL)$",
    re.IGNORECASE,
)
_SPELLED = {name.lower(): name for name in
            ("NOx", "PM2.5", "PM10", "CO2", "CH4", "N2O", "ROG", "TOG", "CO", "SOx", "NH3")}  # fmt: skip
_PREAMBLE = 40


class EmfacError(UserTableError):
    """An EMFAC file that cannot be used, or that leaves open what it holds; says what was seen in it."""


@dataclass(frozen=True)
class Export:
    """A file opened: what stands above its heading, and its rows as text."""

    file: str
    above: tuple[str, ...]
    rows: pd.DataFrame
    columns: Mapping[str, tuple[str, str]]
    first_line: int

    @property
    def units(self) -> dict[str, str]:
        """Unit of each thing that the Units line names, in capitals."""
        line = next((text for text in self.above if text.lower().startswith("units")), "")
        found, unit = {}, ""
        for part in re.split(r",|\band\b|\.\s", line.partition(":")[2]):
            said = re.fullmatch(r"\s*(?:(?P<unit>.+?)\s+for\s+)?(?P<name>[\w .]+?)\s*\.?", part)
            if said:
                unit = said["unit"] or unit
                found[said["name"].strip().upper()] = unit
        return found

    def said(self, name: str) -> str:
        """Return what a line such as ``Season: Annual`` says; blank where there is none."""
        for text in self.above:
            head, _, rest = text.partition(":")
            if head.strip().lower() == name.lower():
                return rest.strip()
        return ""


def open_export(path: Path) -> Export:
    """Open a file that EMFAC exported; refuse one that is cut off, ragged or no export."""
    if not path.is_file():
        raise EmfacError(path.name, [f"there is no such file ({path})"])
    text, unread = utf8(path)
    if unread:
        raise EmfacError(path.name, [unread])
    lines = text.splitlines()
    for line in lines[:_PREAMBLE]:
        cells = [cell.strip() for cell in next(csv.reader([line]), [])]
        matched = [_COLUMN.match(cell) for cell in cells]
        plain = [_plain(cell) for cell in cells]
        if "fuel" in plain and any(matched):
            number = lines.index(line)
            break
    else:
        raise EmfacError(path.name, [_no_heading(lines)])
    if short := cut_off(lines, number):
        raise EmfacError(path.name, [short])
    try:
        rows = pd.read_csv(
            StringIO(text), skiprows=number, dtype=str, keep_default_na=False, skipinitialspace=True,
            header=0, skip_blank_lines=False,
        )  # fmt: skip
    except pd.errors.ParserError as error:
        raise EmfacError(path.name, [ragged(error)]) from error
    rows.columns = pd.Index([str(name).strip() for name in rows.columns])
    names = {str(name): HEADINGS[_plain(str(name))] for name in rows.columns if _plain(str(name)) in HEADINGS}
    rows = rows.rename(columns=names)
    columns = {}
    for name in rows.columns:
        found = _COLUMN.match(str(name))
        if found:
            columns[str(name)] = (
                _SPELLED[found["pollutant"].lower().replace("_", ".")],
                found["process"].upper(),
            )
    wanted = ("region", "calendar_year", "emfac_category", "model_year", "fuel")
    absent = [name for name in wanted if name not in rows]
    if absent:
        seen = ", ".join(map(str, rows.columns[:12]))
        raise EmfacError(
            path.name, [f"there is no column for {', '.join(absent)}; the heading has {seen} ..."]
        )
    if "speed_bin_mph" not in rows:
        rows["speed_bin_mph"] = "Aggregate"
    rows = rows[rows["fuel"] != ""]  # blank lines
    above = tuple(text.replace('"', "").rstrip(", ").strip() for text in lines[:number])
    return Export(path.name, tuple(text for text in above if text), rows, columns, number + 2)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())


def _no_heading(lines: list[str]) -> str:
    seen = " | ".join(line[:70] for line in lines[:3])
    if any("speed_time" in line.lower() and "emission_rate" in line.lower() for line in lines[:_PREAMBLE]):
        return (
            "this is EMFAC's project-level output (process, speed_time, emission_rate), whose units are not "
            "in the file; export Emission Rates from the web database instead"
        )
    if any(line.count(";") > 5 and "fuel" in line.lower() for line in lines[:_PREAMBLE]):
        return "its cells are parted by semicolons: export it again, or save it as CSV (comma delimited)"
    return (
        f"no heading with Fuel and columns such as NOx_RUNEX in the first {_PREAMBLE} lines. The file "
        f"begins: {seen}. Export Emission Rates from EMFAC's web database and keep all its lines"
    )


def export_mode(export: Export) -> str:
    """Tell rates from an inventory by all that the file says; refuse what is unclear."""
    above = " ".join(export.above).lower()
    running = export.units.get("RUNEX", "")
    mass = export.units.get("EMISSIONS", "")
    totals = [name for name, (_, process) in export.columns.items() if process in ("TOTEX", "TOTAL")]
    rates = ['its title says "Emission Rates"'] * ("emission rates" in above)
    rates += [f"its units say {running} for RUNEX"] * bool(running)
    inventory = ['its title says "Emissions Inventory"'] * ("emissions inventory" in above)
    inventory += [f"its units say {mass} for Emissions"] * bool(mass)
    inventory += [f"it has totals over processes ({name})" for name in totals[:1]]
    if rates and not inventory and running:
        return "rates"
    if inventory and not rates and mass:
        return "inventory"
    seen = "; ".join([*rates, *inventory]) or "nothing that says which"
    lines = " | ".join(export.above) or "no lines above the heading"
    raise EmfacError(
        export.file,
        [
            "it is not clear whether the numbers are rates (g/mile) or an inventory (tons/day), which share "
            f"their column names. Seen: {seen}. Lines above the heading: {lines}. Export the file again and "
            'keep its first lines: the title ("Emission Rates" or "Emissions Inventory") and the "Units: ..."'
        ],
    )


def typed_rows(export: Export, region: str) -> pd.DataFrame:
    """Give rows their keys as ours and their numbers as numbers; `line` is that of the file."""
    rows = export.rows.assign(line=export.first_line + export.rows.index)
    problems = []
    regions = sorted(set(rows["region"]))
    if region and region not in regions:
        problems.append(f"no region {region!r}; the file has {', '.join(regions[:12])}")
    elif not region and len(regions) > 1:
        problems.append(
            f"{len(regions)} regions ({', '.join(regions[:6])} ...): say which with the option emfac_region"
        )
    if region:
        rows = rows[rows["region"] == region]
    fuel = rows["fuel"].str.strip().str.lower().map(FUELS)
    unknown = sorted(set(rows.loc[fuel.isna(), "fuel"]))
    if unknown:
        problems.append(f"fuels {', '.join(unknown)} are not among {', '.join(FUELS)}")
    category = rows["emfac_category"].str.strip()
    plain = category.str.lower().str.replace(r"\s+class\s+8$", "", regex=True)
    rows = rows.assign(
        printed=category, emfac_category=plain.map(CATEGORIES).fillna(category), fuel=fuel.fillna("")
    )
    added_up = {}
    for name in ("model_year", "speed_bin_mph"):
        whole = rows[name].str.lower().str.startswith("aggregat") | rows[name].str.lower().eq("allmyr")
        added_up[name] = whole
        if whole.any() and not whole.all():
            problems.append(f"column {name} is Aggregate in some rows and not in others: export them apart")
    measured = [*export.columns, *(name for name in ("vmt", "population", "trips") if name in rows)]
    for name in (*measured, "calendar_year", "model_year", "speed_bin_mph"):
        blank = "" if name in measured else None
        number = pd.to_numeric(rows[name].replace("", "nan"), errors="coerce")
        bad = number.isna() & ~added_up.get(name, pd.Series(False, index=rows.index)) & (rows[name] != blank)
        if bad.any():
            first = rows.loc[bad].iloc[0]
            problems.append(
                f"line {first['line']}, column {name}: {first[name]!r} is no number ({bad.sum()} lines)"
            )
        rows = rows.assign(**{name: number})
    if problems:
        raise EmfacError(export.file, problems)
    twice = rows.duplicated(
        ["emfac_category", "fuel", "calendar_year", "model_year", "speed_bin_mph"], keep=False
    )
    if twice.any():
        first = rows.loc[twice].iloc[0]
        shown = f"{first['printed']}, {first['fuel']}, {first['model_year']}, {first['speed_bin_mph']}"
        raise EmfacError(
            export.file, [f"line {first['line']}: {int(twice.sum())} rows share their keys ({shown})"]
        )
    return rows.reset_index(drop=True)
