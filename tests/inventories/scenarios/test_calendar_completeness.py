"""Every row of a schedule of rules, compiled from its sources, is in the calendar or left out by name.

``regulatory_schedule_2026.csv``: what a rule is, its dates, the document and address of each row as of
November 2026; ``calendar`` names the rule of the calendar that holds it, blank for what is left out.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from inventories.scenarios.plan.regulations import Rule, calendar

WHOSE = {
    "us": {"United States"},
    "california": {"California", "California outside San Pedro Bay", "San Pedro Bay"},
    "south_coast": {"South Coast"},
    "san_pedro_bay": {"San Pedro Bay"},
    "eu": {"European Union"},
    "imo": {
        "World", "North America", "United States Caribbean", "Baltic", "North Sea", "Baltic and North Sea",
        "Mediterranean", "Canadian Arctic", "Norwegian Sea", "North-East Atlantic",
    },
}  # fmt: skip
"""The jurisdictions of the schedule in the words of the calendar: rules of the IMO bind in their areas."""

ENDS_BY_STEPS = {("phase I", "2012-08-01"): "1.0 from 2012-08-01"}
"""Days on which a step of a rule ends and its next begins, in the words of the calendar."""


def _text(path: Any) -> pd.DataFrame:
    with path.open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype=str, keep_default_na=False)


@cache
def schedule() -> list[dict[str, str]]:
    return _text(Path(__file__).with_name("regulatory_schedule_2026.csv")).to_dict("records")


@cache
def left_out() -> dict[tuple[str, str], dict[str, str]]:
    rows = _text(files("inventories") / "scenarios" / "rules" / "left_out.csv").to_dict("records")
    return {(row["rule"], row["item"]): row for row in rows}


@cache
def rules() -> dict[str, Rule]:
    return {rule.name: rule for rule in calendar()}


def held() -> list[tuple[dict[str, str], Rule]]:
    return [(row, rules()[row["calendar"]]) for row in schedule() if row["calendar"]]


def test_every_row_of_the_schedule_is_in_the_calendar_or_left_out_by_name() -> None:
    assert len(schedule()) == 200
    lost = [
        (row["rule"], row["item"])
        for row in schedule()
        if (row["calendar"] in rules()) == ((row["rule"], row["item"]) in left_out())
    ]
    assert lost == []


def test_what_is_left_out_is_in_the_schedule_has_a_reason_and_stands_beside_a_rule() -> None:
    known = {(row["rule"], row["item"]) for row in schedule()}
    assert set(left_out()) <= known
    rows = _text(files("inventories") / "scenarios" / "rules" / "left_out.csv")
    assert not rows.duplicated(["rule", "item"]).any()
    for (rule, item), row in left_out().items():
        assert len(row["why"].split()) > 4, (rule, item)
        assert row["beside"] in rules() or row["beside"] == "", (rule, item)


def test_every_row_has_a_source() -> None:
    assert [row["item"] for row in schedule() if not (row["source_document"] and row["source_address"])] == []


def test_a_rule_is_of_the_jurisdiction_that_the_schedule_says() -> None:
    for row, rule in held():
        assert rule.jurisdiction in WHOSE[row["jurisdiction"]], (row["rule"], row["item"])


def _begin(rule: Rule) -> str:
    return str(rule.in_force_from or "")


def test_a_rule_becomes_law_on_the_day_of_the_schedule() -> None:
    told = [(row, rule) for row, rule in held() if row["in_force_from"]]
    assert len(told) > 30
    for row, rule in told:
        assert _begin(rule) == row["in_force_from"], (row["rule"], row["item"])


def test_a_rule_ends_on_the_day_of_the_schedule() -> None:
    told = [(row, rule) for row, rule in held() if row["in_force_until"]]
    assert len(told) > 10
    for row, rule in told:
        step = ENDS_BY_STEPS.get((row["item"], row["in_force_until"]))
        if step is not None:
            assert step in rule.item
        else:
            assert str(rule.in_force_until) == row["in_force_until"], (row["rule"], row["item"])


def test_a_duty_binds_on_the_day_of_the_schedule_or_within_the_steps_that_the_calendar_tells() -> None:
    told = [(row, rule) for row, rule in held() if row["effective"]]
    assert len(told) > 60
    for row, rule in told:
        if row["effective"] in (rule.effective, str(rule.in_force_until)):
            continue
        named = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", f"{rule.effective} {rule.item}")]
        year = int(row["effective"][:4])
        assert min(named) <= year <= max(named), (row["rule"], row["item"])
        assert min(named) < max(named), (row["rule"], row["item"])


@pytest.mark.parametrize(
    ("words", "name"),
    [("withdrawn", "zero-emission drayage by law"), ("withdrawn", "locomotives: usage of cleaner engines")],
)
def test_what_the_schedule_calls_withdrawn_has_an_end(words: str, name: str) -> None:
    assert any(words in row["item"] for row in schedule() if row["calendar"] == name)
    assert rules()[name].in_force_until is not None
