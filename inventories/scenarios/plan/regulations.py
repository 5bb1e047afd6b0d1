"""The calendar of rules as data, and the baseline that follows from what is law on a day."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from factors.brief import lines, listed

EVERYWHERE = "any"
"""A jurisdiction that takes in all rules of the calendar."""


@dataclass(frozen=True)
class Rule:
    """A rule, or the part of it that one row of the calendar holds.

    Attributes
    ----------
    name, rule, item, jurisdiction : str
    in_force_from, in_force_until : date or None
        When it is law; None for not yet, and for no end.
    effective : str
        The day its duty binds.
    status, federal_authorization : str
    carried_by : {"measure", "fleet_turnover", "inventory", "not_represented"}
    measure : dict
        As in a scenario file; empty unless a measure carries it. With ``inventory`` it acts on base years
        before the rule's own only: later records hold it.
    assumes, source_document, source_address, confidence, note : str
    """

    name: str
    rule: str
    item: str
    jurisdiction: str
    in_force_from: date | None
    in_force_until: date | None
    effective: str
    status: str
    federal_authorization: str
    carried_by: str
    measure: dict[str, Any]
    assumes: str
    source_document: str
    source_address: str
    confidence: str
    note: str

    @property
    def is_carried(self) -> bool:
        """Whether something stands for the rule: a measure, turnover, or the base year."""
        return self.carried_by != "not_represented"

    @property
    def span(self) -> str:
        """Since when, and until when, it is law, in words."""
        if self.in_force_from is None:
            return "not law yet"
        until = f" to {self.in_force_until}" if self.in_force_until is not None else ""
        return f"law from {self.in_force_from}{until}"

    def is_law(self, day: date) -> bool:
        """Return whether the rule is in force on a day."""
        begun = self.in_force_from is not None and self.in_force_from <= day
        return begun and (self.in_force_until is None or day < self.in_force_until)


@dataclass(frozen=True)
class Law:
    """What is law on a day, and how far measures carry it.

    Attributes
    ----------
    as_of : date
    in_force, left_out : tuple of Rule
        Of the jurisdictions asked for.
    is_of_port : bool
        Whether the port decides whose rules are meant: all of the calendar until a port is known.
    """

    as_of: date
    in_force: tuple[Rule, ...]
    left_out: tuple[Rule, ...]
    is_of_port: bool = False

    def __repr__(self) -> str:
        return lines(
            f"Law as of {self.as_of}",
            {
                "in force": listed(rule.name for rule in self.in_force),
                "not in force": listed(rule.name for rule in self.left_out),
                "not represented": f"{len(self.not_represented):,} in force that no measure carries",
            },
        )

    def of_port(self, jurisdictions: Iterable[str]) -> Law:
        """Return the law of the same day in a port's jurisdictions."""
        return law_of(self.as_of, jurisdictions)

    @property
    def assumed(self) -> list[str]:
        """What the baseline takes for granted, a line a rule."""
        return [f"{rule.name}: {rule.assumes}" for rule in self.in_force if rule.assumes and rule.is_carried]

    @property
    def not_represented(self) -> list[str]:
        """Rules in force that no measure here carries, and why."""
        return [
            f"{rule.rule}: {rule.item}"
            + (f" ({rule.note or rule.assumes})" if rule.note or rule.assumes else "")
            for rule in self.in_force
            if not rule.is_carried
        ]

    @property
    def not_in_force(self) -> list[str]:
        """Rules that are not law on the day: since and until when they are, and their status."""
        return [f"{rule.rule}: {rule.item} ({rule.span}; {rule.status})" for rule in self.left_out]

    def measures(self) -> list[dict[str, Any]]:
        """Return the measures of the rules in force, as a scenario file has them."""
        return [{"name": rule.name, **rule.measure} for rule in self.in_force if rule.measure]


@cache
def calendar() -> tuple[Rule, ...]:
    """Return all rules, as the packaged table has them.

    Examples
    --------
    >>> sorted({rule.carried_by for rule in calendar()})
    ['fleet_turnover', 'inventory', 'measure', 'not_represented']
    """
    text = (files("inventories") / "scenarios" / "rules" / "calendar.csv").read_text(encoding="utf-8")
    return tuple(_rule(row) for row in csv.DictReader(text.splitlines()))


def law_of_port(as_of: date | str) -> Law:
    """Return what is law on a day wherever a port will lie; `Law.of_port` tells it for one."""
    return replace(law_of(as_of), is_of_port=True)


def law_of(as_of: date | str, jurisdictions: Iterable[str] = (EVERYWHERE,)) -> Law:
    """Return what is law on a day.

    Parameters
    ----------
    as_of : date or str
        As year-month-day.
    jurisdictions : iterable of str
        Whose rules; all of the calendar where left out.

    Raises
    ------
    ValueError
        If the day is no date, or the calendar knows no such jurisdiction.
    """
    day = as_of if isinstance(as_of, date) else date.fromisoformat(as_of)
    asked = tuple(jurisdictions)
    known = {rule.jurisdiction for rule in calendar()} | {EVERYWHERE}
    unknown = sorted(set(asked) - known)
    if unknown:
        raise ValueError(
            f"no rules of {', '.join(unknown)} in the calendar; known are "
            + ", ".join(sorted(known - {EVERYWHERE}))
        )
    mine = [rule for rule in calendar() if EVERYWHERE in asked or rule.jurisdiction in asked]
    return Law(
        day,
        tuple(rule for rule in mine if rule.is_law(day)),
        tuple(rule for rule in mine if not rule.is_law(day)),
    )


def _rule(row: Mapping[str, str]) -> Rule:
    fields = {name: value for name, value in row.items() if name != "status_date"}
    return Rule(
        **{
            **fields,
            "in_force_from": _day(row["in_force_from"]),
            "in_force_until": _day(row["in_force_until"]),
            "measure": json.loads(row["measure"]) if row["measure"] else {},
        }
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
