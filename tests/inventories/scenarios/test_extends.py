"""Scenarios made of scenarios: what several hold alike counts once; what they hold otherwise is decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventories.scenarios import Scenario, ScenarioError

GROWTH = '[[measures]]\nname = "growth"\nkind = "growth"\nrate = {rate}\n'
SLOW = '[[measures]]\nname = "slower"\nkind = "speed_reduction"\nzones = ["approach"]\nspeed_kn = 10.0\n' \
       'share_of = "hours"\nadoption = { from = 2025, to = 2030, reaches = 0.5 }\n'  # fmt: skip


def written(folder: Path, name: str, text: str, head: str = "") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(f'name = "{name}"\n{head}\n{text}', encoding="utf-8")
    return file


def test_what_several_hold_alike_counts_once(tmp_path: Path) -> None:
    written(tmp_path, "one", GROWTH.format(rate=0.02) + SLOW, "horizon = 2040")
    written(tmp_path, "two", GROWTH.format(rate=0.02), "horizon = 2045")
    both = Scenario.load(written(tmp_path, "both", "", 'extends = ["one", "two"]'))
    assert sorted(measure.title for measure in both.measures) == ["growth", "slower"]
    assert both.horizon == 2045


def test_what_they_hold_otherwise_is_refused_unless_decided(tmp_path: Path) -> None:
    written(tmp_path, "one", GROWTH.format(rate=0.02))
    written(tmp_path, "two", GROWTH.format(rate=0.03))
    head = 'extends = ["one", "two"]'
    with pytest.raises(
        ScenarioError, match=r"'growth' is not the same in one, two; leave it out \(without\)"
    ):
        Scenario.load(written(tmp_path, "both", "", head))
    decided = Scenario.load(written(tmp_path, "decided", GROWTH.format(rate=0.01), head))
    assert [measure.model_dump()["rate"] for measure in decided.measures] == [0.01]
    left_out = Scenario.load(written(tmp_path, "left-out", "", head + '\nwithout = ["growth"]'))
    assert left_out.measures == ()


def test_scenarios_on_different_law_do_not_join(tmp_path: Path) -> None:
    for year in (2022, 2026):
        day = f'law = {{ as_of = "{year}-06-01", jurisdictions = ["California"] }}'
        written(tmp_path, f"law-{year}", "", day)
    with pytest.raises(
        ScenarioError, match=r"they stand on different law \(law-2022 of 2022-06-01, law-2026"
    ):
        Scenario.load(written(tmp_path, "both", "", 'extends = ["law-2022", "law-2026"]'))


def test_one_of_several_that_extends_the_file_itself_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "other", "", 'extends = "mine"')
    written(tmp_path, "plain", "")
    with pytest.raises(ScenarioError, match=r"it extends itself: mine -> other -> mine"):
        Scenario.load(written(tmp_path, "mine", "", 'extends = ["plain", "other"]'))


def test_everything_holds_what_each_packaged_plan_holds() -> None:
    from inventories.scenarios.plan.scenario import find_scenario

    def titles(name: str) -> set[str]:
        return {measure.title for measure in Scenario.load(find_scenario(name, Path("."))).measures}

    plans = ("current-law", "shore-power-100", "zero-emission-trucks-2035", "lng-hydrogen-ships")
    assert titles("everything") > set().union(*map(titles, plans))
