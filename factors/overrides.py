"""Single rows of a method's table given by a port or a researcher: the rest stays the method's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import numpy as np
import pandas as pd

from factors.lint.finding import Finding, errors
from factors.lint.linter import lint_table
from factors.method_error import MethodError
from factors.sources import TableSpec
from factors.tables import SOURCE_COLUMNS, VALUE_COLUMNS, FactorTable
from factors.units import conversion, same_dimension
from factors.user_tables import UserTableError, checked_table, named, read_user_table

ADD = "add"
"""Column of rows that are meant to be new: their keys are not in the table."""

ORIGIN = "origin"
"""Column of a table with rows of others: file and line that a row came from, blank where it is its own."""

FAR = 10.0
"""How many times more, or less, than the method's own value one is told to look at."""

_CHECKS = ("band", "percent", "sulfur", "zero")
"""Checks of the linter that hold of a row by itself."""

_YES, _NO = ("yes", "true", "1"), ("", "no", "false", "0")


@dataclass(frozen=True)
class Change:
    """One row that stands in another's place, or was added.

    Attributes
    ----------
    need : str
        ``source_category.need``.
    row_id : str
        ``user/<need>:<line>``, as explanations name the row.
    keys, quantity : str
    value, unit : float, str
        As given.
    old_value, old_unit : float, str
        As the method had it; NaN and blank where the row was added.
    source : str
        Document and table that the row names.
    """

    need: str
    row_id: str
    keys: str
    quantity: str
    value: float
    unit: str
    old_value: float
    old_unit: str
    source: str

    @property
    def added(self) -> bool:
        """Whether the method had no such row."""
        return self.old_unit == ""

    @property
    def ratio(self) -> float:
        """New value over the old one, in one unit; NaN where there is no old one or it is zero. [1]"""
        if self.added or self.old_value == 0:
            return float("nan")
        return self.value * conversion(self.unit, self.old_unit) / self.old_value

    def __str__(self) -> str:
        was = "added" if self.added else f"{self.old_value:g} {self.old_unit} before"
        return f"{self.need}, {self.quantity} ({self.keys}): {self.value:g} {self.unit}, {was}; {self.source}"


@dataclass(frozen=True)
class Overridden:
    """Rows given over one table of a method.

    Attributes
    ----------
    rows : FactorTable
        As given, in the form of the table, with the column ``add`` where they have one.
    base : FactorTable
        The table below them: the method's own, or one that a port brought whole.
    changes : tuple of Change
    remarks : tuple of str
        What a reader should look at: values outside their usual band or far from the method's own, and
        columns that nothing reads.
    """

    rows: FactorTable = field(repr=False)
    base: FactorTable = field(repr=False)
    changes: tuple[Change, ...]
    remarks: tuple[str, ...] = ()


class Overridable(Protocol):
    """What laying rows over a method's tables needs of it."""

    @property
    def name(self) -> str:
        """Of the method."""

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """What it declares of each source category."""

    @property
    def own_tables(self) -> Mapping[tuple[str, str], FactorTable]:
        """Tables in place of its own."""

    @property
    def overrides(self) -> Mapping[tuple[str, str], Overridden]:
        """Rows laid over its tables so far."""

    def needs(self) -> dict[tuple[str, str], TableSpec]:
        """Return the form of every table."""

    def has_table(self, source_category: str, need: str) -> bool:
        """Return whether a need is served."""

    def table(self, source_category: str, need: str) -> FactorTable:
        """Return the table that serves a need."""

    def with_laid_over(
        self, tables: Mapping[tuple[str, str], FactorTable], overrides: Mapping[tuple[str, str], Overridden]
    ) -> Self:
        """Return the method with such tables."""


M = TypeVar("M", bound=Overridable)


def with_overrides(method: M, files: Mapping[str, Path]) -> M:
    """Return the method with single rows of its tables from files.

    Parameters
    ----------
    method : Method
    files : mapping of str to Path
        ``source_category.need`` to a CSV in the form of that table (`caap factors template` writes it); a
        further column ``add`` says ``yes`` in rows whose keys the table does not have.

    Raises
    ------
    factors.method.MethodError
        If the method has no such table.
    factors.user_tables.UserTableError
        If rows cannot be used; all of a file in one message.
    """
    for name, path in files.items():
        base = _base(method, name)
        given = read_user_table(path, base.spec, name)
        method = _laid_over(method, name, given, named(name, path))
    return method


def with_factors(method: M, frame: pd.DataFrame) -> M:
    """Return the method with single rows from a table in memory; see `factors.method.Method.with_factors`."""
    if "need" not in frame:
        raise MethodError(
            'with_factors: there is no column "need", the table that each row goes into, for example '
            f'"cargo_handling_equipment.emission_factors". Columns: {", ".join(map(str, frame))}.'
        )
    for name, part in frame.groupby("need", sort=False):
        base = _base(method, str(name))
        text = part.drop(columns="need").astype(object).where(part.drop(columns="need").notna(), "")
        text = text.map(_spelled).reset_index(drop=True)
        blank = {column: "" for column in SOURCE_COLUMNS[1:3] if column not in text}
        given = checked_table(text.assign(**blank), base.spec, str(name), f"with_factors ({name})")
        method = _laid_over(method, str(name), given, f"with_factors ({name})")
    return method


def _spelled(cell: object) -> str:
    """Return a cell as a file would hold it: whole numbers without a point, others in full."""
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return repr(float(cell)) if isinstance(cell, float | np.floating) else str(cell)


def _base(method: Overridable, name: str) -> FactorTable:
    source, _, need = name.partition(".")
    needs = method.needs()
    if (source, need) not in needs:
        known = [".".join(one) for one in needs]
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        exports = (
            "an export of EMFAC or a run of MOVES replaces whole tables and cannot be laid over one; "
            if need.startswith(("emfac", "moves_"))
            else ""
        )
        raise MethodError(
            f"method {method.name!r} has no need {name!r}; {exports}{hint}it has {', '.join(known)}"
        )
    if not method.has_table(source, need):
        raise MethodError(
            f"method {method.name!r} has no {need} for {source} of its own, so that there are no rows to lay "
            'others over: give the whole table, without mode = "over".'
        )
    return method.table(source, need)


def _laid_over(method: M, name: str, given: FactorTable, place: str) -> M:
    source, _, need = name.partition(".")
    before = method.overrides.get((source, need))
    base = before.base if before else method.table(source, need)
    if before:  # rows given again take the place of those given before
        both = pd.concat([before.rows.frame, given.frame], ignore_index=True)
        keys = [*_key_columns(base), "quantity"]
        given = FactorTable(given.spec, both.drop_duplicates(keys, keep="last", ignore_index=True))
    merged, changes = _merged(base, given, name, place)
    tables = {(source, need): merged}
    # Needs of a source that name the same table read the same rows.
    shipped = method.sources[source].get("tables", {})
    for other, table in shipped.items():
        if table == shipped.get(need) and (source, other) not in method.own_tables:
            tables[source, other] = merged
    remarks = tuple(_remarks(base, given, changes, place))
    return method.with_laid_over(tables, {(source, need): Overridden(given, base, tuple(changes), remarks)})


def _key_columns(table: FactorTable) -> list[str]:
    return [*(column for columns in table.spec.columns.values() for column in columns), *table.spec.member]


def _merged(base: FactorTable, given: FactorTable, name: str, place: str) -> tuple[FactorTable, list[Change]]:
    """Lay rows over those of the same keys; all that do not fit in one message."""
    keys = [*_key_columns(base), "quantity"]
    known = pd.Index(_identities(base.frame, keys))
    at = known.get_indexer(pd.Index(_identities(given.frame, keys)))
    say = _says_add(given)
    problems = list(_problems(base, given, keys, at, say))
    problems += [f"line {found.row}: {found.message}" for found in errors(_linted(given))]
    if problems:
        raise UserTableError(place, problems)
    frame = base.frame.copy()
    if ORIGIN not in frame:
        frame[ORIGIN] = ""
    columns = [column for column in VALUE_COLUMNS if column != "quantity"]
    rows = given.frame.assign(**{ORIGIN: [f"user/{name}:{line + 2}" for line in range(len(given.frame))]})
    over = at >= 0
    changes = []
    for place_of, line in zip(at, rows.to_dict("records"), strict=True):
        old = base.frame.iloc[place_of] if place_of >= 0 else None
        changes.append(
            Change(
                name,
                str(line[ORIGIN]),
                ", ".join(f"{key}={line[key]}" for key in keys[:-1]),
                str(line["quantity"]),
                float(line["value"]),
                str(line["unit"]),
                float("nan") if old is None else float(old["value"]),
                "" if old is None else str(old["unit"]),
                ", ".join(filter(None, [str(line["source_document"]), str(line["table"])])),
            )
        )
    for column in (*columns, ORIGIN):
        frame[column] = _put(frame[column], at[over], rows.loc[over, column])
    new = rows.loc[~over, [*keys, *columns, ORIGIN]].astype(frame.dtypes[[*keys, *columns, ORIGIN]].to_dict())
    return FactorTable(base.spec, pd.concat([frame, new], ignore_index=True)), changes


def _linted(given: FactorTable) -> list[Finding]:
    """What the linter says of the values given; of their keys and units they are checked otherwise."""
    rows = given.frame.drop(columns=[ADD], errors="ignore")
    told = lint_table(rows, given.spec.keys, member=given.spec.member)
    return [finding for finding in told if finding.check in _CHECKS and finding.row is not None]


def _remarks(base: FactorTable, given: FactorTable, changes: list[Change], place: str) -> Iterator[str]:
    for finding in _linted(given):
        yield f"WARNING: {place}, line {finding.row}: {finding.message}"
    for change in changes:
        if not np.isnan(change.ratio) and not 1 / FAR <= abs(change.ratio) <= FAR:
            yield (
                f"WARNING: {place}: {change} is {change.ratio:.4g} times the method's own; look at its unit "
                "and its decimal point"
            )
    known = {*_key_columns(base), *VALUE_COLUMNS, ADD, ORIGIN}
    unread = [str(column) for column in given.frame if column not in known]
    if unread:
        yield f"WARNING: {place}: nothing reads the columns {', '.join(unread)}"


def _put(column: pd.Series, at: np.ndarray, values: pd.Series) -> pd.Series:
    changed = column.copy()
    changed.iloc[at] = values.to_numpy()
    return changed


def _identities(frame: pd.DataFrame, keys: list[str]) -> list[tuple[str, ...]]:
    """Return the keys of rows as text: a key that a table types as a number may be text in another."""
    return list(zip(*(frame[key].astype(str) for key in keys), strict=True))


def _says_add(given: FactorTable) -> pd.Series:
    if ADD not in given.frame:
        return pd.Series("", index=given.frame.index)
    return given.frame[ADD].astype(str).str.strip().str.casefold()


def _problems(
    base: FactorTable, given: FactorTable, keys: list[str], at: np.ndarray, say: pd.Series
) -> Iterator[str]:
    for line, (place, said) in enumerate(zip(at, say, strict=True)):
        shown = ", ".join(f"{key}={given.frame[key].iloc[line]}" for key in keys)
        if said not in (*_YES, *_NO):
            yield f"line {line + 2}, column add: {said!r}; write yes, or leave it blank"
        elif place < 0 and said not in _YES:
            yield (
                f"line {line + 2}: {base.name} has no row of {shown}{_nearest(base, given, keys, line)}. "
                "A row that is not there is added only where its column add says yes"
            )
        elif place >= 0 and said in _YES:
            yield f"line {line + 2}: {base.name} has a row of {shown} already; leave the column add blank"
        elif place >= 0:
            unit, old = str(given.frame["unit"].iloc[line]), str(base.frame["unit"].iloc[place])
            if not same_dimension(unit, old):
                yield (
                    f"line {line + 2}, column unit: {shown} is in {unit!r}; {base.name} has it in {old!r}, "
                    "and a unit of that kind is needed"
                )


def _nearest(base: FactorTable, given: FactorTable, keys: list[str], line: int) -> str:
    """Name the first key at which nothing in the table agrees any more, and what stands there."""
    left = base.frame
    for key in (*keys[-1:], *keys[:-1]):
        value = str(given.frame[key].iloc[line])
        here = left[left[key].astype(str) == value]
        if here.empty:
            known = list(dict.fromkeys(left[key].astype(str)))
            shown = ", ".join(known[:8]) + (" ..." if len(known) > 8 else "")
            return f" ({key} may be {shown})"
        left = here
    return ""
