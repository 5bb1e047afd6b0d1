"""EPA's own eGRID workbook (``egrid2023_data_rev2.xlsx``): rates and gross loss by subregion.

Read by the names of its columns, never by their letters: columns were added between the years, and moved
all that follow. Sheet ``SRL{yy}`` has the subregions, ``GGL{yy}`` the gross loss by interconnection; the
first row says what each column is and in which unit, the second has the field names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from factors.sources import TableSpec
from factors.tables import VALUE_COLUMNS, FactorTable, load_mapping, typed_frame
from factors.units import UnitError, parse_unit, same_dimension
from factors.user_tables import UserTableError, named

__all__ = ["SUFFIXES", "is_workbook", "read_egrid"]

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls")
RATES = {"SRCO2RTA": "CO2", "SRCH4RTA": "CH4", "SRN2ORTA": "N2O", "SRNOXRTA": "NOx", "SRSO2RTA": "SO2"}
"""Fields of the annual total output rates, and what they are of."""

_SUBREGIONS = re.compile(r"SRL(\d\d)")
_SUMMARY = "Table 1"
_UNIT = re.compile(r"\(([a-zA-Z]+/[a-zA-Z]+)\)")
_HEAD = 5  # rows in which the field names may stand: notes may come before them


def is_workbook(path: Path) -> bool:
    """Return whether a file is a workbook by its name."""
    return path.suffix.lower() in SUFFIXES


def read_egrid(path: Path, specs: Mapping[str, TableSpec], label: str = "") -> dict[str, FactorTable]:
    """Read a workbook of eGRID as tables of a method.

    Parameters
    ----------
    path : Path
    specs : mapping of str to TableSpec
        Forms of the needs ``egrid`` and ``gross_loss``.
    label : str
        What factor rows call the file; its name where left out.

    Returns
    -------
    dict of str to FactorTable
        ``egrid``, and ``gross_loss`` where the workbook has that sheet.

    Raises
    ------
    UserTableError
        If it is another file, or a sheet, field, unit or number is missing; all problems.
    """
    name = named(label or path.name, path)
    if not path.is_file():
        raise UserTableError(name, ["there is no such file"])
    try:
        book = pd.ExcelFile(path, engine="calamine")
    except Exception as error:  # calamine's own errors share no base class with pandas'
        raise UserTableError(
            name, [f"is no workbook that can be read ({error}); bring EPA's .xlsx as it is"]
        ) from error
    with book:
        sheets = [str(sheet) for sheet in book.sheet_names]
        year = _year(sheets, name)
        frames = {
            sheet: pd.read_excel(book, sheet_name=sheet, header=None, dtype=object)
            for sheet in (f"SRL{year % 100:02d}", f"GGL{year % 100:02d}")
            if sheet in sheets
        }
    source = f"EPA eGRID workbook {path.name}"
    subregions = f"SRL{year % 100:02d}"
    tables = {"egrid": _rates(frames[subregions], subregions, year, name, source, specs["egrid"])}
    losses = f"GGL{year % 100:02d}"
    if losses in frames:
        tables["gross_loss"] = _losses(frames[losses], losses, year, name, source, specs["gross_loss"])
    return tables


def _year(sheets: list[str], name: str) -> int:
    """Data year of the workbook, from the name of its sheet of subregions."""
    years = [int(match[1]) for sheet in sheets if (match := _SUBREGIONS.fullmatch(sheet))]
    if len(years) == 1:
        return 2000 + years[0]
    listed = f"its sheets are {', '.join(sheets[:12])}"
    if years:
        raise UserTableError(
            name, [f"has several sheets of subregions ({listed}); bring one year's workbook"]
        )
    hint = ""
    if _SUMMARY in sheets:
        hint = " It looks like EPA's summary tables, which are rounded: bring the data workbook."
    raise UserTableError(
        name,
        [f"is not EPA's eGRID data workbook, which has a sheet of subregions such as SRL23; {listed}.{hint}"],
    )


def _fields(frame: pd.DataFrame, key: str, sheet: str, name: str) -> tuple[int, dict[str, int]]:
    """Row of the field names, and the column of each."""
    for row in range(min(_HEAD, len(frame))):
        fields = {str(value).strip(): place for place, value in enumerate(frame.iloc[row]) if pd.notna(value)}
        if key in fields:
            return row, fields
    raise UserTableError(
        name, [f"sheet {sheet}: no row of field names with {key} among its first {_HEAD} rows"]
    )


def _rates(
    frame: pd.DataFrame, sheet: str, year: int, name: str, source: str, spec: TableSpec
) -> FactorTable:
    head, fields = _fields(frame, "SUBRGN", sheet, name)
    missing = [field for field in RATES if field not in fields]
    problems = [f"sheet {sheet}: there is no column {', '.join(missing)}"] if missing else []
    units = {}
    for field in (field for field in RATES if field in fields):
        text = str(frame.iloc[head - 1, fields[field]]) if head else ""
        found = _UNIT.findall(text)
        if not found or not _is_rate(found[-1]):
            problems.append(
                f"sheet {sheet}, column {field}: the row above its name does not say its unit, for example "
                f'"(lb/MWh)"; it says "{text if text != "nan" else ""}"'
            )
        else:
            units[field] = found[-1]
    if problems:
        raise UserTableError(name, problems)
    body = frame.iloc[head + 1 :]
    regions = body.iloc[:, fields["SUBRGN"]]
    told = body.iloc[:, fields["YEAR"]][regions.notna()] if "YEAR" in fields else pd.Series(year)
    years = {int(value) for value in told}
    if years != {year}:
        problems.append(f"sheet {sheet}, column YEAR: {sorted(years)}; the name of the sheet says {year}")
    rows: list[dict[str, Any]] = []
    numbers = {field: pd.to_numeric(body.iloc[:, fields[field]], errors="coerce") for field in RATES}
    for place, region in enumerate(regions):
        if pd.isna(region):
            continue
        line = head + 2 + place
        for field, quantity in RATES.items():
            value = body.iloc[place, fields[field]]
            number = float(numbers[field].iloc[place])
            if not number >= 0:
                problems.append(f"sheet {sheet}, row {line}, column {field}: {value!r} is no rate")
                continue
            rows.append(
                {
                    "region": str(region).strip(),
                    "year": year,
                    "rate_type": "average total output",
                    "qualifier": "total output",
                    "quantity": quantity,
                    "value": repr(number),
                    "unit": units[field],
                    "table": f"{sheet}, {field}, row {line}",
                }
            )
    if not rows and not problems:
        problems.append(f"sheet {sheet} has no subregions")
    if problems:
        raise UserTableError(name, problems)
    return _table(rows, source, spec, name)


def _is_rate(unit: str) -> bool:
    try:
        parse_unit(unit)
    except UnitError:
        return False
    return same_dimension(unit, "lb/MWh")


def _losses(
    frame: pd.DataFrame, sheet: str, year: int, name: str, source: str, spec: TableSpec
) -> FactorTable:
    """Gross loss of each subregion, which is that of its interconnection."""
    head, fields = _fields(frame, "REGION", sheet, name)
    if "GGRSLOSS" not in fields:
        raise UserTableError(name, [f"sheet {sheet}: there is no column GGRSLOSS"])
    body = frame.iloc[head + 1 :]
    regions = body.iloc[:, fields["REGION"]]
    shares = pd.to_numeric(body.iloc[:, fields["GGRSLOSS"]], errors="coerce")
    found = {
        str(region).strip(): float(share)
        for region, share in zip(regions, shares, strict=True)
        if pd.notna(region)
    }
    wrong = {region: loss for region, loss in found.items() if not 0 <= loss < 1}
    if wrong:
        told = ", ".join(f"{region} {loss}" for region, loss in wrong.items())
        raise UserTableError(name, [f"sheet {sheet}, column GGRSLOSS: {told}; a share from 0 to 1 is needed"])
    belongs = load_mapping("egrid", "interconnects")
    rows = [
        {
            "region": region,
            "year": year,
            "quantity": "gross_loss",
            "value": repr(float(found[interconnect])),
            "unit": "fraction",
            "table": f"{sheet}, GGRSLOSS, {interconnect}",
        }
        for region, interconnect in zip(belongs["region"], belongs["interconnect"], strict=True)
        if interconnect in found
    ]
    return _table(rows, source, spec, name)


def _table(rows: list[dict[str, Any]], source: str, spec: TableSpec, name: str) -> FactorTable:
    text = pd.DataFrame(rows).astype(str)
    text = text.assign(
        source_document=source, source_address="https://www.epa.gov/egrid", confidence="read", note=""
    )
    own = replace(spec, edition="user", name=name, file=name)
    keys = [column for columns in spec.columns.values() for column in columns]
    return FactorTable(own, typed_frame(text[[*keys, *VALUE_COLUMNS]], own))
