"""Which heading is which column, and in which unit it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from factors.units import UnitError, conversion
from inventories.activity.columns import Column, Table
from inventories.activity.files import Source
from inventories.activity.problems import ProblemLog
from inventories.port import Port, TableMapping, nearest

__all__ = ["Heading", "resolve"]

_BRACKETS = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]$")
_TRIPS = {"gate_visit": 1.0, "one_way": 0.5, "round_trip": 1.0}


@dataclass(frozen=True)
class Heading:
    """One column of ours as found in a file: their headings in order of preference, and their unit."""

    column: Column
    theirs: tuple[str, ...]
    unit: str = ""
    factor: float = 1.0
    also: dict[str, float] = field(default_factory=dict)


def _fold(text: str) -> str:
    return re.sub(r"[\s\-]+", "_", text.strip().casefold()).strip("_")


def resolve(
    headings: list[str], table: Table, source: Source, port: Port, log: ProblemLog
) -> dict[str, Heading]:
    """Tell what each heading of a file is.

    Returns
    -------
    dict
        Name of our column -> :class:`Heading`. What cannot be told is in the log.
    """
    mapping = port.mapping.get(table.name, TableMapping())
    found: dict[str, Heading] = {}
    unused: list[str] = []
    where: dict[str, Any] = {"file": source.label, "sheet": source.sheet, "table": table.name}
    _mapped_columns_exist(headings, mapping, where, log)
    for theirs in headings:
        if theirs in mapping.columns:
            ours = mapping.columns[theirs]
            targets = [(name, theirs) for name in ([ours] if isinstance(ours, str) else ours)]
        elif mapping.other_columns == "ignore" or theirs in mapping.ignore:
            continue
        else:
            targets = [(theirs, theirs)]
        for name, original in targets:
            heading = _one(name, original, table, port, where, log)
            if heading is None:
                unused.append(original)
            elif heading.column.name in found:
                other = found[heading.column.name].theirs[0]
                log.add(
                    f'"{other}" and "{original}" both mean {heading.column.name}.',
                    column=original,
                    advice="Keep one.",
                    **where,
                )
            else:
                found[heading.column.name] = heading
    _unknown(unused, table, found, where, log)
    return _with_fallbacks(found, headings, table, mapping, where, log)


def _mapped_columns_exist(
    headings: list[str], mapping: TableMapping, where: dict[str, Any], log: ProblemLog
) -> None:
    for theirs in mapping.columns:
        if theirs not in headings:
            log.add(
                f'the heading "{theirs}" of [mapping.{where["table"]}] is not in the file. '
                f"{nearest(theirs, headings)}".strip(),
                advice=f"Its headings: {', '.join(headings)}.",
                **where,
            )


def _one(
    name: str, original: str, table: Table, port: Port, where: dict[str, Any], log: ProblemLog
) -> Heading | None:
    """The column that a heading names, with its unit; None if it names none."""
    folded = _fold(name)
    if folded in table.refused or (_fold(original) in table.refused and folded == "count"):
        return _trips(original, _fold(original), table, port, where, log)
    column, unit = _match(name, table)
    if column is None:
        return None
    declared = port.units.get(f"{table.name}.{original}") or port.units.get(f"{table.name}.{column.name}")
    stated = declared or unit
    if column.kind not in ("number", "integer") or not column.unit:
        return Heading(column, (original,))
    if not stated:
        if not column.states_unit:
            log.add(
                f"has no unit; {column.unit} or a like unit is needed.",
                column=original,
                advice=f'Write the unit in the heading, such as "{column.heading}", or in port.toml: '
                f'[units] "{table.name}.{original}" = "{column.unit}".',
                **where,
            )
        stated = column.unit
    try:
        factor = conversion(stated, column.unit)
        also = {output: conversion(stated, other) for other, output in column.also.items()}
    except UnitError as error:
        log.add(
            f'is in "{stated}", which does not fit: {error}',
            column=original,
            allowed=f"{column.unit} or a like unit",
            advice="If the heading is wrong, say so in port.toml: "
            f'[units] "{table.name}.{original}" = "{column.unit}".',
            **where,
        )
        factor, also = 1.0, {output: 1.0 for output in column.also.values()}
    return Heading(column, (original,), stated, factor, also)


def _match(name: str, table: Table) -> tuple[Column | None, str]:
    """Column and unit text of a heading: our name, ``name (unit)``, ``name [unit]``, ``name_unit``."""
    folded = _fold(name)
    for column in table.columns:
        if folded in map(_fold, (column.heading, column.out)) and (column.output or column.states_unit):
            return column, column.unit
        if folded in map(_fold, column.names):
            return column, ""
    brackets = _BRACKETS.match(name.strip())
    if brackets:
        stem, unit = _fold(brackets[1]), brackets[2]
        for column in table.columns:
            if stem in map(_fold, column.names):
                return column, unit
    for column in sorted(table.columns, key=lambda item: -len(item.name)):
        for stem in map(_fold, (column.name, *column.aliases)):
            if column.unit and folded.startswith(stem + "_"):
                unit = _fold(name)[len(stem) + 1 :]
                if _is_unit(unit):
                    return column, unit
    return None, ""


def _is_unit(text: str) -> bool:
    """Whether a heading ends in a unit: one that is known, or one that is known to be refused."""
    try:
        conversion(text, text)
    except UnitError as error:
        return "refused" in str(error)
    return True


def _trips(
    original: str, folded: str, table: Table, port: Port, where: dict[str, Any], log: ProblemLog
) -> Heading | None:
    policy = port.tables.get(table.name)
    meaning = policy.trip_means if policy else ""
    count = table.column("count")
    if not meaning:
        log.add(
            "cannot be read: " + table.refused.get(folded, next(iter(table.refused.values()))),
            column=original,
            **where,
        )
        return Heading(count, (original,))
    factor = _TRIPS[meaning]
    words = {
        "gate_visit": "one gate visit each",
        "one_way": "two to a gate visit",
        "round_trip": "one gate visit each",
    }[meaning]
    log.note(f'{where["file"]}: "{original}" read as {meaning.replace("_", " ")}s, {words}')
    return Heading(count, (original,), "", factor)


def _unknown(
    unused: list[str], table: Table, found: dict[str, Heading], where: dict[str, Any], log: ProblemLog
) -> None:
    """A slip of the pen is a problem; a column of the user's own is noted and left unread."""
    free = [
        heading
        for column in table.columns
        if column.name not in found
        for heading in dict.fromkeys((column.heading, column.name))
    ]
    own = []
    for theirs in unused:
        hint = nearest(_fold(theirs), free)
        if hint:
            log.add(
                f"is not a heading of the table {table.name}. {hint}",
                column=theirs,
                advice="If the column is your own, list it in port.toml: "
                f'[mapping.{table.name}] ignore = ["{theirs}"].',
                **where,
            )
        else:
            own.append(theirs)
    if own:
        log.note(f"{where['file']}: columns not read: {', '.join(own)}")


def _with_fallbacks(
    found: dict[str, Heading],
    headings: list[str],
    table: Table,
    mapping: TableMapping,
    where: dict[str, Any],
    log: ProblemLog,
) -> dict[str, Heading]:
    for ours, others in mapping.fallbacks.items():
        try:
            column = table.column(ours)
        except KeyError:
            log.add(
                f'[mapping.{table.name}] fallbacks speaks of "{ours}", which is no column of {table.name}. '
                + nearest(ours, table.headings),
                **where,
            )
            continue
        missing = [name for name in others if name not in headings]
        if missing:
            log.add(
                f"[mapping.{table.name}] fallbacks: no heading {', '.join(missing)} in the file.", **where
            )
        here = tuple(name for name in others if name in headings)
        first = found.get(column.name)
        found[column.name] = (
            Heading(column, (*first.theirs, *here), first.unit, first.factor, first.also)
            if first
            else Heading(column, ("", *here), column.unit)
        )
    return found
