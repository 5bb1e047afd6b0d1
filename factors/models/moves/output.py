"""Output tables of a MOVES run as they lie on disk: which table each file is, and its columns as numbers.

Tables are known by their columns, as MOVES's own scripts create them (``CreateOutput.sql`` of MOVES 3 to 5,
in github:USEPA/EPA_MOVES_Model): names in any case, rows separated by comma, semicolon or tab, and NULL as
MySQL and MariaDB write it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from factors.models.export_text import cut_off, ragged, utf8
from factors.user_tables import SHOWN, UserTableError

MEASURES: Mapping[str, str] = {
    "rateperdistance": "rateperdistance",
    "rateperhour": "rateperhour",
    "rateperstart": "rateperstart",
    "ratepervehicle": "ratepervehicle",
    "startspervehicle": "startspervehicle",
    "movesoutput": "emissionquant",
    "movesactivityoutput": "activity",
}
"""Tables of a run, and the column that is a table's measure and tells it from the others."""

RATES = ("rateperdistance", "rateperhour", "rateperstart", "ratepervehicle", "startspervehicle")
"""Tables that a run in rate mode fills; the other two are those of an inventory."""

PRINTED: Mapping[str, str] = {
    "rateperdistance": "ratePerDistance",
    "rateperhour": "ratePerHour",
    "rateperstart": "ratePerStart",
    "emissionquant": "emissionQuant",
    "yearid": "yearID",
    "monthid": "monthID",
    "dayid": "dayID",
    "hourid": "hourID",
    "linkid": "linkID",
    "zoneid": "zoneID",
    "stateid": "stateID",
    "countyid": "countyID",
    "pollutantid": "pollutantID",
    "processid": "processID",
    "sourcetypeid": "sourceTypeID",
    "regclassid": "regClassID",
    "fueltypeid": "fuelTypeID",
    "fuelsubtypeid": "fuelSubTypeID",
    "modelyearid": "modelYearID",
    "roadtypeid": "roadTypeID",
    "avgspeedbinid": "avgSpeedBinID",
    "activitytypeid": "activityTypeID",
    "movesrunid": "MOVESRunID",
    "movesscenarioid": "MOVESScenarioID",
    "scc": "SCC",
    "relhumidity": "relHumidity",
}
"""Columns as MOVES writes them, for messages."""

_KEYS = ("movesrunid", "yearid", "sourcetypeid", "fueltypeid", "modelyearid")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "rateperdistance": (*_KEYS, "pollutantid", "processid", "roadtypeid", "avgspeedbinid"),
    "rateperhour": (*_KEYS, "pollutantid", "processid", "roadtypeid"),
    "rateperstart": (*_KEYS, "pollutantid", "processid"),
    "movesoutput": (*_KEYS, "pollutantid", "processid", "roadtypeid"),
    "movesactivityoutput": (*_KEYS, "roadtypeid", "activitytypeid"),
}
_TIMES = ("monthid", "dayid", "hourid")
_TOLD_APART = ("regclassid", "stateid", "countyid", "zoneid", "linkid")
_NULL = ("", "null", "\\n", "none")


class MovesError(UserTableError):
    """Output of MOVES that cannot be used, or that leaves open what it holds; says what was seen in it."""


@dataclass(frozen=True)
class Output:
    """One table of a run: text of ``movesrun``, numbers of the others; `line` is that of the file.

    Attributes
    ----------
    file : str
    kind : str
        A name of `MEASURES`, or ``movesrun``.
    rows : pandas.DataFrame
        Columns in lower case. What MOVES left NULL or 0 because it was added up over is 0.
    """

    file: str
    kind: str
    rows: pd.DataFrame


def printed(column: str) -> str:
    """Return a column's name as MOVES writes it."""
    return PRINTED.get(column, column)


def open_outputs(paths: Sequence[Path]) -> tuple[list[Output], list[str]]:
    """Open the files of a run; return them with every problem that was met."""
    opened, problems = [], []
    for path in paths:
        output, found = _open(path)
        problems += found
        if output is not None:
            opened.append(output)
    return opened, problems


def _open(path: Path) -> tuple[Output | None, list[str]]:
    name = path.name
    if not path.is_file():
        return None, [f"{name}: there is no such file ({path}); export the table and name it in port.toml"]
    text, unread = utf8(path)
    if unread:
        return None, [f"{name}: {unread}"]
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    heading = [cell.strip().strip("`").lower() for cell in next(csv.reader([first], delimiter=separator), [])]
    if "massunits" in heading:
        kind = "movesrun"
    elif "temperatureprofileid" in heading:
        kind = "rateperprofile"
    else:
        kind = next((table for table, measure in MEASURES.items() if measure in heading), "")
    if not kind:
        return None, [_unknown(name, heading)]
    if short := cut_off(text.splitlines(), 0, separator):
        return None, [f"{name}: {short}"]
    try:
        rows = pd.read_csv(
            StringIO(text),
            sep=separator,
            dtype=str,
            keep_default_na=False,
            skipinitialspace=True,
            index_col=False,
        )
    except pd.errors.ParserError as error:
        return None, [f"{name}: {ragged(error)}"]
    rows.columns = pd.Index(heading)
    rows = rows.assign(line=np.arange(len(rows)) + 2)
    if kind in ("movesrun", "rateperprofile", "ratepervehicle", "startspervehicle"):
        return Output(name, kind, rows), []
    return _typed(name, kind, rows)


def _unknown(name: str, heading: list[str]) -> str:
    seen = ", ".join(heading[:8])
    if "emissionrate" in heading:
        return (
            f"{name}: this is baserateoutput, interim rates of a run before they are related to distance, "
            "starts and hours; export rateperdistance, rateperhour, rateperstart and movesrun instead"
        )
    return (
        f"{name}, line 1: no output table of MOVES has these columns ({seen} ...). Known are "
        f"{', '.join([*MEASURES, 'movesrun'])}, with their headings as MOVES writes them: export the whole "
        "table with its first line"
    )


def _typed(name: str, kind: str, rows: pd.DataFrame) -> tuple[Output | None, list[str]]:
    measure = MEASURES[kind]
    absent = [column for column in _NEEDED[kind] if column not in rows]
    if absent:
        shown = ", ".join(printed(column) for column in absent)
        return None, [
            f"{name}, line 1: {kind} has no column {shown}; export the whole table, with the columns MOVES "
            "gave it"
        ]
    problems: list[str] = []
    numbers = {"line": rows["line"]}
    for column in (*_NEEDED[kind], *_TIMES, *_TOLD_APART):
        if column in rows:
            numbers[column] = _identifiers(name, column, rows, problems)
    numbers[measure] = _measured(name, measure, rows, problems)
    for column in ("scc", "temperature", "relhumidity", "movesscenarioid"):
        if column in rows:
            numbers[column] = rows[column]
    return Output(name, kind, pd.DataFrame(numbers)), problems


def _identifiers(name: str, column: str, rows: pd.DataFrame, problems: list[str]) -> pd.Series:
    said = rows[column].str.strip()
    number = pd.to_numeric(said.mask(said.str.lower().isin(_NULL), "0"), errors="coerce")
    bad = number.isna() | (number < 0) | (number % 1 != 0)
    _tell(problems, name, column, rows, bad, "a whole number, MOVES's identifier; export the table undecoded")
    return number.where(~bad, 0).astype("int64")


def _measured(name: str, column: str, rows: pd.DataFrame, problems: list[str]) -> pd.Series:
    said = rows[column].str.strip()
    null = said.str.lower().isin(_NULL)
    number = pd.to_numeric(said.mask(null, "nan"), errors="coerce")
    bad = (number.isna() & ~null) | (number < 0) | np.isinf(number)
    _tell(problems, name, column, rows, bad, "a number of 0 or more, with a point for decimals")
    return number.where(~bad)


def _tell(
    problems: list[str], name: str, column: str, rows: pd.DataFrame, bad: pd.Series, allowed: str
) -> None:
    wrong = rows[bad.to_numpy()]
    for line, value in zip(wrong["line"][:SHOWN], wrong[column][:SHOWN], strict=True):
        problems.append(f"{name}, line {line}, column {printed(column)}: {value!r}; {allowed}")
    if len(wrong) > SHOWN:
        problems.append(f"{name}, column {printed(column)}: {len(wrong) - SHOWN} more lines like these")
