"""Goal seeking: the smallest level that meets a limit, proved on both sides; or what remains."""

from __future__ import annotations

import pytest

from inventories.build import build
from inventories.examples import copy_example
from inventories.port import Port
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.goals import TOLERANCE, seek

YEAR = 2030
PLUGS = {
    "kind": "shore_power",
    "name": "plugs",
    "share_of": "stops",
    "adoption": {"from": 2024, "to": YEAR, "reaches": 0.9},
}
GROWTH = {"kind": "growth", "name": "more", "rate": 0.01}


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Projector:
    port = Port.load(copy_example("small-harbor", tmp_path_factory.mktemp("goals") / "harbor"))
    return Projector.of(build(port, 2024))


def scenario(*measures, name: str = "s") -> Scenario:
    return Scenario.from_dict({"name": name, "horizon": 2035, "measures": list(measures)})


def nox(projector: Projector, share: float) -> float:
    plugs = {**PLUGS, "adoption": {"from": 2024, "to": YEAR, "reaches": share}}
    return float(projector.project(scenario(GROWTH, plugs)).series("NOx").loc[YEAR])


def test_the_level_found_is_the_smallest_and_both_sides_prove_it(projector: Projector) -> None:
    goal = seek(
        projector,
        scenario(GROWTH, PLUGS),
        "plugs",
        pollutant="NOx",
        year=YEAR,
        limit_kg=nox(projector, 0.613),
    )
    assert goal.adoption == pytest.approx(0.613, abs=TOLERANCE)
    assert goal.below is not None
    assert goal.mass_below_kg is not None
    assert goal.adoption - goal.below <= TOLERANCE
    assert goal.mass_kg <= goal.limit_kg < goal.mass_below_kg
    assert "too much" in str(goal)


def test_where_no_level_is_enough_it_says_what_remains_and_of_whom(projector: Projector) -> None:
    goal = seek(projector, scenario(GROWTH, PLUGS), "plugs", pollutant="NOx", year=YEAR, limit_kg=1.0)
    assert goal.adoption is None
    assert goal.highest == 1.0
    assert goal.remaining_kg == pytest.approx(nox(projector, 1.0) - 1.0)
    assert goal.left.sum() == pytest.approx(goal.mass_kg)
    assert str(goal).startswith("No level of plugs")


def test_a_limit_already_met_asks_for_nothing(projector: Projector) -> None:
    goal = seek(projector, scenario(PLUGS), "plugs", pollutant="NOx", year=YEAR, limit_kg=1e12)
    assert goal.below is None
    assert goal.adoption == goal.lowest


def test_what_cannot_be_sought_is_refused(projector: Projector) -> None:
    with pytest.raises(ScenarioError, match="no measure 'plug' has an adoption; there are plugs"):
        seek(projector, scenario(PLUGS), "plug", pollutant="NOx", year=YEAR, limit_kg=1.0)
    with pytest.raises(ScenarioError, match="year 2024 does not lie within 2025-2035"):
        seek(projector, scenario(PLUGS), "plugs", pollutant="NOx", year=2024, limit_kg=1.0)
