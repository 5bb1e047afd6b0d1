"""Current law: what is in force on a day, and what nothing carries."""

from __future__ import annotations

import pytest

from inventories.scenarios import Scenario, ScenarioError
from inventories.scenarios.regulations import calendar, current_law, law_of

ACF = "zero-emission drayage by law"


def titles(scenario: Scenario) -> list[str]:
    return [measure.title for measure in scenario.measures]


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2023-12-31", False), ("2024-06-01", True), ("2025-01-13", True), ("2025-01-14", False)],
)
def test_a_withdrawn_rule_counts_before_that_day_and_not_after(day: str, counts: bool) -> None:
    assert (ACF in titles(current_law(day))) is counts


def test_a_duty_yet_to_come_of_a_rule_in_force_is_current_law() -> None:
    assert "at-berth: tankers" in titles(current_law("2022-01-01"))
    assert "at-berth: tankers" not in titles(current_law("2020-12-31"))


def test_what_nothing_carries_is_named_and_never_implied() -> None:
    law = law_of("2026-11-01")
    assert any("steam-driven pumps" in line for line in law.not_represented)
    assert any("Cooperative Agreement" in line for line in law.not_represented)
    assert any("Advanced Clean Fleets" in line for line in law.not_in_force)
    assert any(line.startswith("at-berth: tankers") and "capture" in line for line in law.assumed)


def test_every_rule_defends_itself() -> None:
    for rule in calendar():
        assert rule.source_document, rule.name
        assert rule.confidence in ("read", "unverified"), rule.name
        assert bool(rule.measure) == (rule.carried_by == "measure"), rule.name
        assert not rule.measure or rule.assumes, rule.name
    assert len({rule.name for rule in calendar()}) == len(calendar())


def test_rules_of_elsewhere_do_not_bind() -> None:
    law = law_of("2026-11-01", ["Baltic and North Sea"])
    assert [rule.jurisdiction for rule in law.in_force] == ["Baltic and North Sea"]
    with pytest.raises(ValueError, match="no rules of Atlantis in the calendar; known are"):
        law_of("2026-11-01", ["Atlantis"])


def test_a_scenario_replaces_the_law_of_the_one_it_extends(tmp_path) -> None:
    (tmp_path / "then.toml").write_text(
        'name = "then"\nextends = "current-law"\n'
        'law = { as_of = "2024-06-01", jurisdictions = ["California"] }\n',
        encoding="utf-8",
    )
    then = Scenario.load(tmp_path / "then.toml")
    assert ACF in titles(then)
    assert then.law is not None
    assert str(then.law.as_of) == "2024-06-01"


def test_a_law_without_a_day_is_refused() -> None:
    with pytest.raises(ScenarioError, match="law: write law = "):
        Scenario.from_dict({"name": "x", "law": {"jurisdictions": ["California"]}})
    with pytest.raises(ScenarioError, match="law: Invalid isoformat"):
        Scenario.from_dict({"name": "x", "law": {"as_of": "soon", "jurisdictions": ["California"]}})
