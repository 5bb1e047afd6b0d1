"""Goal seeking: the smallest level that meets a limit, proved on both sides; or what remains."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from factors.method import load_method
from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.answers.goals import TOLERANCE, seek
from inventories.scenarios.base_year.base import BaseYear
from inventories.year.build import build

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


def test_the_highest_level_is_what_other_measures_and_machines_leave(projector: Projector) -> None:
    """Diesel machines that a measure of the same family takes 30 % of leave 70 %, and that is said."""
    shares = {"kind": "equipment", "share_of": "hours", "fuels": ["diesel"], "fuel_saving": 0.1}
    hybrid = {**shares, "name": "hybrids", "technologies": {"hybrid": {"table": {YEAR: 0.2}}}}
    renewable = {**shares, "name": "fuel", "technologies": {"renewable_diesel": {"table": {YEAR: 0.3}}}}
    goal = seek(projector, scenario(hybrid, renewable), "hybrids", pollutant="NOx", year=YEAR, limit_kg=1.0)
    assert goal.adoption is None
    assert goal.highest == pytest.approx(0.7, abs=1e-6)


def test_a_level_between_is_found_where_the_newest_trucks_are_cleaner_than_what_replaces_them(
    write_base: Callable[..., BaseYear],
) -> None:
    """The old trucks creep and the new ones roll: gas spares CO2 of the old, and adds to that of the new."""
    method = load_method("epa-2022").with_options(outside_edition="hold_by_age", natural_gas="moves4_cng")
    driven = [
        {"key_model_year": year, "quantity": 500.0, "key_speed_bin_mph": speed}
        for year, speed in ((2011, 10), (2021, 55))
    ]
    trucks = Projector(write_base({"heavy_duty_vehicles": driven}, method=method), "AR5")
    gas = {"kind": "zero_emission_trucks", "share_of": "miles", "displaces": "oldest",
           "technologies": {"natural_gas": {"table": {YEAR: 0.5}}},
           "accept_not_estimated": ["BC", "NH3"]}  # fmt: skip

    def at(share: float) -> float:
        varied = {**gas, "technologies": {"natural_gas": {"table": {YEAR: share}}}}
        return float(trucks.project(scenario(varied)).series("CO2").loc[YEAR])

    least, most = at(0.5), at(1.0)
    assert least < most < at(0.0)
    limit = least + 0.5 * (most - least)
    goal = seek(trucks, scenario(gas), "zero_emission_trucks", pollutant="CO2", year=YEAR, limit_kg=limit)
    assert goal.adoption is not None
    assert goal.adoption < 0.5
    assert goal.mass_kg <= limit < goal.mass_below_kg
    none = seek(
        trucks, scenario(gas), "zero_emission_trucks", pollutant="CO2", year=YEAR, limit_kg=0.9 * least
    )
    assert none.adoption is None
    assert none.highest == pytest.approx(0.5, abs=0.01)
