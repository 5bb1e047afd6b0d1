"""Scenarios beside each other: what is moved stands apart from what is avoided; names are one of a kind."""

from __future__ import annotations

import pytest

from inventories.build import build
from inventories.examples import copy_example
from inventories.port import Port
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.comparison import compare_scenarios

YEAR = 2030


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Projector:
    port = Port.load(copy_example("small-harbor", tmp_path_factory.mktemp("comparison") / "harbor"))
    return Projector.of(build(port, 2024))


def scenario(name: str, *measures) -> Scenario:
    return Scenario.from_dict({"name": name, "horizon": YEAR, "measures": list(measures)})


def spared(fate: str) -> dict[str, object]:
    return {
        "kind": "arrival",
        "share_of": "hours",
        "fate": fate,
        "adoption": {"from": 2024, "to": YEAR, "reaches": 1.0},
    }


def test_moved_is_told_apart_from_avoided(projector: Projector) -> None:
    nothing = scenario("nothing")
    every = [scenario("gone", spared("avoided")), scenario("outside", spared("moved"))]
    comparison = compare_scenarios(projector, every, nothing)
    gone, outside = (comparison.moved(name, "NOx").loc[YEAR] for name in ("gone", "outside"))
    assert gone["avoided_in_domain"] == pytest.approx(outside["avoided_in_domain"])
    assert gone["avoided_in_domain"] < 0
    assert gone["moved_outside"] == 0
    assert outside["moved_outside"] == pytest.approx(-outside["avoided_in_domain"])


def test_base_and_end_by_source_add_up(projector: Projector) -> None:
    comparison = compare_scenarios(projector, [scenario("more", {"kind": "growth", "rate": 0.02})])
    ends = comparison.ends("NOx").set_index("source_category")
    assert ends.drop("total").iloc[:, 1:].sum().to_numpy() == pytest.approx(
        ends.loc["total"].iloc[1:].tolist()
    )


def test_two_of_one_name_are_refused(projector: Projector) -> None:
    with pytest.raises(ScenarioError, match="several scenarios are called same"):
        compare_scenarios(projector, [scenario("same"), scenario("same", {"kind": "growth", "rate": 0.1})])
    with pytest.raises(ScenarioError, match="name at least one scenario"):
        compare_scenarios(projector, [])
