"""Which heading is which column, and in which unit it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from factors.units import UnitError, conversion, registry, split_heading
from inventories.activity.columns import Column, Table
from inventories.activity.found_files import Source
from inventories.activity.problems import ProblemLog
from inventories.port.port import Port, TableMapping, nearest

__all__ = ["Heading", "is_heading_of", "resolve"]

_BRACKETS = re.compile(r"^(.*?)\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]$")
_VERY_NEAR = 0.85
_TON_WORDS = frozenset({"ton", "tons", "mt"})
_TON_KINDS = frozenset({"short", "metric", "long", "gross", "net", "register", "freight", "deadweight"})
_TON_ADVICE = 'A ton is 907.2 kg in the United States and 1000 kg elsewhere: write "short ton" or "tonne"'
_GALLON = re.compile(r"(?:(us|united states|imperial|imp|uk)(?: liquid)?)? ?(?:gal|gallons?)")
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


def is_heading_of(table: Table, mapping: TableMapping) -> Callable[[str], bool]:
    """Return what tells whether a text is a heading of a table, as it is declared or as a port maps it."""

    @cache
    def is_heading(text: str) -> bool:
        return text in mapping.columns or _fold(text) in table.refused or _match(text, table)[0] is not None

    return is_heading


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
    if name != original and not declared and column.unit and unit in ("", column.unit):
        # a mapping says which column it is; the unit is still what their heading says
        stated = _unit_of(original) or unit
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
        if not declared and _bare_ton(original):
            raise UnitError(f"a bare ton is refused. {_TON_ADVICE}.")
        source_unit = column.unit if stated == column.unit else _volume(stated)
        factor = conversion(source_unit, column.unit)
        also = {output: conversion(source_unit, other) for other, output in column.also.items()}
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
        conversion(_volume(text), _volume(text))
    except UnitError as error:
        return "refused" in str(error)
    return True


def _volume(unit: str) -> Any:
    """The unit, a gallon only where it says whose: the British one is a fifth larger than the American."""
    found = _GALLON.fullmatch(" ".join(unit.casefold().replace(".", "").replace("_", " ").split()))
    if not found:
        return unit
    if not found[1]:
        raise UnitError(
            f'unit "{unit}" is refused: a gallon is 3.785 L in the United States and 4.546 L in the imperial '
            'system. Write "US gal", "imperial gal" or "L".',
            spelling=unit,
        )
    return registry().Unit("gallon" if found[1] in ("us", "united states") else "imperial_gallon")


def _unit_of(heading: str) -> str:
    """The unit that a heading carries, known or refused; nothing where it has none."""
    brackets = _BRACKETS.match(heading.strip())
    if brackets:
        return brackets[2] if _is_unit(brackets[2]) else ""
    return split_heading(heading)[1] or ""


def _bare_ton(heading: str) -> bool:
    """Whether a heading speaks anywhere of tons and does not say which."""
    words = [word for word in re.split(r"[^a-z0-9]+", heading.casefold()) if word]
    return any(
        word in _TON_WORDS and (place == 0 or words[place - 1] not in _TON_KINDS)
        for place, word in enumerate(words)
    )


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
        for heading in dict.fromkeys((column.heading, *column.names))
    ]
    taken = [heading for column in table.columns if column.name in found for heading in column.names]
    own = []
    for theirs in unused:
        folded, unit = _fold(theirs), _unit_of(theirs)
        brackets = _BRACKETS.match(theirs.strip())
        stem = _fold(brackets[1]) if brackets else folded
        hint = nearest(folded, free) or nearest(stem, free)
        near = get_close_matches(stem, taken, n=1, cutoff=_VERY_NEAR)
        if _bare_ton(theirs):
            what = f"speaks of a bare ton, and is not a heading of the table {table.name}. {hint}"
            more = f"{_TON_ADVICE}. "
        elif hint or unit or near:
            what = f"is not a heading of the table {table.name}. {hint}"
            if not hint and near:
                what += f"It resembles {near[0]}, which is there already."
            elif not hint:
                what += f'It carries the unit "{unit}", so that it would be a number left unread.'
            more = ""
        else:
            own.append(theirs)
            continue
        log.add(
            what.strip(),
            column=theirs,
            allowed=", ".join(free),
            advice=f"{more}If the column is your own, list it in port.toml: "
            f'[mapping.{table.name}] ignore = ["{theirs}"].',
            **where,
        )
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
