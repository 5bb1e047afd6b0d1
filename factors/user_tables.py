"""A user's own factor tables: their form, read and checked.

The form is that of our own tables: the key columns, then ``quantity, value, unit`` and where the number comes
from. `template` writes an empty one.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from factors.csv_text import read_csv_text
from factors.lint.linter import lint_table
from factors.sources import CONFIDENCES, TableSpec
from factors.tables import SOURCE_COLUMNS, VALUE_COLUMNS, FactorTable, typed_frame
from factors.units import UnitError, conversion, parse_unit, same_dimension

SHOWN = 10


class UserTableError(ValueError):
    """A user's table cannot be used; every problem with its line in one message."""

    def __init__(self, file: str, problems: list[str]) -> None:
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        super().__init__(f"{file}: {count}\n" + "\n".join(f"  - {line}" for line in problems))
        self.file = file
        self.problems = problems


def template(spec: TableSpec) -> str:
    """Return an empty table in the form that a need asks for, as CSV text.

    Where the form names its quantities there is a line for each, with a unit it may have and its keys to be
    filled; reading tells every cell that was left blank.

    Examples
    --------
    >>> spec = TableSpec("user", "craft", "", "", {"tier": "exact", "power_kw": "gt_le"})
    >>> template(spec).splitlines()[0]
    'tier,power_kw_gt,power_kw_le,quantity,value,unit,source_document,table,source_address,confidence,note'
    """
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    keys = [*_key_columns(spec), *spec.member]
    lines.writerow([*keys, *VALUE_COLUMNS])
    for quantity, unit in spec.quantities.items():
        note = "may be left out" if quantity in spec.optional else ""
        choices = [" | ".join(spec.allowed.get(key, ())) for key in keys]
        lines.writerow([*choices, quantity, "", unit, "", "", "", "", note])
    return text.getvalue()


def read_user_table(path: Path, spec: TableSpec, label: str = "") -> FactorTable:
    """Read a user's table of a known form.

    Parameters
    ----------
    path : Path
    spec : TableSpec
        The form: its keys and how they are matched.
    label : str
        What factor rows call the file; its name where left out.

    Returns
    -------
    FactorTable
        Its rows are named ``user/<label>:<line>``.

    Raises
    ------
    UserTableError
        All problems: missing columns, numbers that are none, unknown units, missing sources, repeated or
        overlapping keys, quantities that the form does not know or that are missing.
    """
    name = label or path.name
    if not path.is_file():
        raise UserTableError(named(name, path), ["there is no such file"])
    text, problems = read_csv_text(path)
    if problems:
        raise UserTableError(named(name, path), problems)
    return checked_table(text, replace(spec, file=path.name), name, named(name, path))


def checked_table(text: pd.DataFrame, spec: TableSpec, name: str, place: str) -> FactorTable:
    """Return a user's table from its text, all columns of it.

    Raises
    ------
    UserTableError
        As `read_user_table` does; `place` is what it names.
    """
    own = replace(spec, edition="user", name=name)
    problems = _missing_columns(text, own)
    if not problems:
        text = text.assign(**{column: "" for column in ("note",) if column not in text})
        problems = [*_bad_cells(text, own), *_bad_quantities(text, own), *_repeated(text, own)]
        problems += [*_bad_intervals(text, own), *_over_one(text, own)]
    if problems:
        raise UserTableError(place, problems)
    return FactorTable(own, typed_frame(text, own))


def named(need: str, file: Path | str) -> str:
    """Say which need a file serves, so that a refusal tells both; the file alone where it is called by name.

    Examples
    --------
    >>> named("harbor_craft.zero_hour", "factors/mine.csv")
    'factors/mine.csv (harbor_craft.zero_hour)'
    >>> named("factors/mine.csv", "port/factors/mine.csv")
    'port/factors/mine.csv'
    """
    place = Path(file).as_posix()
    return place if place.endswith(Path(need).as_posix()) else f"{place} ({need})"


def _key_columns(spec: TableSpec) -> list[str]:
    return [column for columns in spec.columns.values() for column in columns]


def _missing_columns(text: pd.DataFrame, spec: TableSpec) -> list[str]:
    wanted = [*_key_columns(spec), *spec.member, *(column for column in VALUE_COLUMNS if column != "note")]
    problems = []
    for column in wanted:
        if column not in text:
            near = get_close_matches(column, [str(name) for name in text], n=1)
            hint = f"; is it your {near[0]!r}?" if near else ""
            problems.append(f"there is no column {column!r}{hint} Columns: {', '.join(wanted)}.")
    return problems


def _bad_cells(text: pd.DataFrame, spec: TableSpec) -> list[str]:
    problems = []

    def tell(bad: pd.Series, column: str, allowed: str) -> None:
        for row in text.index[bad][:SHOWN]:
            problems.append(f"line {row + 2}, column {column}: {text.loc[row, column]!r}; {allowed}")
        if int(bad.sum()) > SHOWN:
            problems.append(f"column {column}: {int(bad.sum()) - SHOWN} more lines like these")

    number = _numbers(text["value"])
    needed = "a number is needed, with a point for decimals; leave a line out if unknown"
    tell(~np.isfinite(number), "value", needed)
    for key, kind in spec.keys.items():
        for column in spec.columns[key]:
            if kind == "exact":
                choices = spec.allowed.get(key, ())
                tell(text[column] == "", column, "a key is needed")
                if choices:
                    odd = ~text[column].isin(choices) & (text[column] != "")
                    tell(odd, column, f"one of {', '.join(choices)}")
            else:
                bound = _numbers(text[column].replace("", "0"))
                tell(bound.isna(), column, "a number, or blank where there is no bound")
    for unit, same in text.groupby("unit", sort=False):
        if why := _is_unit(str(unit)):
            problems.append(f"{_lines(same.index)}, column unit: {why}")
    tell(~text["confidence"].isin(CONFIDENCES), "confidence", f"one of {', '.join(CONFIDENCES)}")
    for column in SOURCE_COLUMNS[:1]:
        tell(text[column] == "", column, "say which document the number stands in")
    return problems


def _numbers(text: pd.Series) -> pd.Series:
    """Numbers as they are written here: digits of other scripts, which some readers take, are none."""
    return pd.to_numeric(text.where(text.map(str.isascii)), errors="coerce").astype("float64")


def _lines(rows: pd.Index) -> str:
    """Name lines of the file: ``line 3``, ``lines 3, 5 and 8``, or the first ten and how many more."""
    numbers = [str(row + 2) for row in rows]
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    if len(numbers) > SHOWN:
        return f"lines {', '.join(numbers[:SHOWN])} and {len(numbers) - SHOWN} more"
    return f"lines {', '.join(numbers[:-1])} and {numbers[-1]}"


def _bad_quantities(text: pd.DataFrame, spec: TableSpec) -> list[str]:
    """Quantities that the form does not know, that are in a unit of another kind, or that are missing."""
    problems = []
    for quantity, lines in text.groupby("quantity", sort=False) if spec.quantities else ():
        if quantity not in spec.quantities:
            near = get_close_matches(str(quantity), list(spec.quantities), n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            problems.append(
                f"line {lines.index[0] + 2}, column quantity: {quantity!r} is not known here; {hint}"
                f"there are {', '.join(spec.quantities)}"
            )
            continue
        wanted = spec.quantities[str(quantity)]
        for unit, same in lines.groupby("unit", sort=False):
            if not _is_unit(str(unit)) and not same_dimension(str(unit), wanted):
                problems.append(
                    f"line {same.index[0] + 2}, column unit: {quantity} is in {unit!r}; a unit of the kind "
                    f"{wanted!r} is needed"
                )
    present = set(text["quantity"])
    missing = [name for name in spec.quantities if name not in present and name not in spec.optional]
    if missing:
        problems.append(f"there is no line for {', '.join(missing)}")
    return problems


def _bad_intervals(text: pd.DataFrame, spec: TableSpec) -> list[str]:
    """What the linter says of bounds and signs; the rest of its remarks are for `caap factors lint`."""
    found = lint_table(text, spec.keys, member=spec.member)
    told = [finding for finding in found if finding.check == "overlap" or "not below" in finding.message]
    told += [finding for finding in found if "cannot be negative" in finding.message]
    return [f"line {finding.row}: {finding.message}" for finding in told if finding.severity == "error"]


def _over_one(text: pd.DataFrame, spec: TableSpec) -> list[str]:
    """Parts of a whole that are more than the whole; most often percent written as a fraction."""
    told = []
    for row in text.index[text["quantity"].isin(spec.shares)]:
        number, unit = pd.to_numeric(text.loc[row, "value"], errors="coerce"), str(text.loc[row, "unit"])
        if _is_unit(unit) or not same_dimension(unit, "fraction") or pd.isna(number):
            continue
        if number * conversion(unit, "fraction") > 1:
            told.append(
                f"line {row + 2}, column value: {text.loc[row, 'quantity']} of {number:g} {unit} is "
                "more than the whole; at most 1 fraction, or 100 %"
            )
    return told[:SHOWN]


def _is_unit(spelling: str) -> str:
    try:
        parse_unit(spelling)
    except UnitError as problem:
        return str(problem)
    return ""


def _repeated(text: pd.DataFrame, spec: TableSpec) -> list[str]:
    keys = [*_key_columns(spec), *spec.member, "quantity"]
    twice = text.duplicated(keys, keep=False)
    return [
        f"line {row + 2}: the same keys stand in another line ({', '.join(text.loc[row, keys])})"
        for row in text.index[twice][:SHOWN]
    ]
