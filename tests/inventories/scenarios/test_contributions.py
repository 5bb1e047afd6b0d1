"""Contributions: they sum to the effect, whatever the order, and equal an average over all orders."""

from __future__ import annotations

from itertools import permutations
from math import factorial

import numpy as np
import pytest

from inventories.build import build
from inventories.examples import copy_example
from inventories.port import Port
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.contributions import contributions

MEASURES = [
    {"kind": "growth", "name": "more ships", "rate": 0.03, "sources": ["ocean_going_vessels"]},
    {"kind": "fleet_turnover", "name": "younger", "tier3_keels_from": 2021},
    {
        "kind": "shore_power",
        "name": "plugs",
        "share_of": "stops",
        "adoption": {"from": 2024, "to": 2030, "reaches": 0.8},
    },
    {
        "kind": "speed_reduction",
        "name": "slow",
        "zones": ["approach"],
        "speed_kn": 8.0,
        "share_of": "hours",
        "adoption": {"from": 2024, "to": 2028, "reaches": 0.9},
    },
    {
        "kind": "ship_fuel",
        "name": "gas",
        "fuel": "LNG",
        "cycle": "otto_medium_speed",
        "engine_groups": ["propulsion", "auxiliary"],
        "share_of": "calls",
        "accept_not_estimated": ["BC", "N2O"],
        "adoption": {"from": 2024, "to": 2030, "reaches": 0.5},
    },
]
YEAR = 2030


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Projector:
    port = Port.load(copy_example("small-harbor", tmp_path_factory.mktemp("contributions") / "harbor"))
    return Projector.of(build(port, 2024))


def scenario(measures) -> Scenario:
    return Scenario.from_dict({"name": "all", "horizon": YEAR, "measures": list(measures)})


EMPTY = Scenario.from_dict({"name": "nothing", "horizon": YEAR})


def mass(projector: Projector, measures) -> float:
    return float(projector.project(scenario(measures)).series("NOx").loc[YEAR])


def test_contributions_sum_to_the_effect(projector: Projector) -> None:
    effect = contributions(projector, scenario(MEASURES), EMPTY)
    whole = projector.project(scenario(MEASURES))
    for pollutant in ("NOx", "PM2.5", "CO2e"):
        series = whole.series(pollutant)
        sums = effect.series(pollutant).sum(axis=1)
        np.testing.assert_allclose(sums, series - series.iloc[0], rtol=1e-9, atol=1e-9 * series.iloc[0])


def test_contributions_equal_the_average_over_all_orders(projector: Projector) -> None:
    by_name = {entry["name"]: entry for entry in MEASURES}
    known: dict[frozenset[str], float] = {}

    def of(names: frozenset[str]) -> float:
        if names not in known:
            known[names] = mass(projector, [by_name[name] for name in by_name if name in names])
        return known[names]

    average = dict.fromkeys(by_name, 0.0)
    for order in permutations(by_name):
        for place, name in enumerate(order):
            before = frozenset(order[:place])
            average[name] += (of(before | {name}) - of(before)) / factorial(len(order))
    table = contributions(projector, scenario(MEASURES), EMPTY).table("NOx", YEAR)
    for name, value in average.items():
        assert table.loc[name, "contribution_kg"] == pytest.approx(value, rel=1e-9, abs=1e-6)
        assert table.loc[name, "alone_kg"] == pytest.approx(of(frozenset([name])) - of(frozenset()), abs=1e-6)
        rest = frozenset(by_name) - {name}
        assert table.loc[name, "last_in_kg"] == pytest.approx(of(frozenset(by_name)) - of(rest), abs=1e-6)


def test_the_order_of_measures_changes_nothing(projector: Projector) -> None:
    first = contributions(projector, scenario(MEASURES), EMPTY).table("NOx", YEAR)
    other = contributions(projector, scenario(reversed(MEASURES)), EMPTY).table("NOx", YEAR)
    np.testing.assert_allclose(other.loc[first.index], first, rtol=1e-9, atol=1e-6)


def test_what_the_baseline_holds_is_there_from_the_start(projector: Projector) -> None:
    effect = contributions(projector, scenario(MEASURES), scenario(MEASURES[:3]))
    assert effect.measures == ("gas", "slow")
    assert contributions(projector, scenario(MEASURES)).measures == ("gas", "plugs", "slow")


def test_a_year_that_was_not_projected_is_refused(projector: Projector) -> None:
    with pytest.raises(ValueError, match="year 2050 lies outside the horizon 2024-2030"):
        contributions(projector, scenario(MEASURES)).table("NOx", 2050)
