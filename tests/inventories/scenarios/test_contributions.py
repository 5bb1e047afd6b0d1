"""Contributions: they sum to the effect, whatever the order, and equal an average over all orders."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from math import factorial

import numpy as np
import pytest

from factors.method import load_method
from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.answers.contributions import contributions
from inventories.scenarios.base_year.base import BaseYear
from inventories.year.build import build

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


def test_what_replaces_a_measure_of_the_baseline_counts_against_it(projector: Projector) -> None:
    """More growth, younger ships, more plugs: the same names, other numbers."""
    more = [{**MEASURES[0], "rate": 0.05}, {**MEASURES[1], "tier3_keels_from": 2016},
            {**MEASURES[2], "adoption": {"from": 2024, "to": 2030, "reaches": 0.95}}]  # fmt: skip
    effect = contributions(projector, scenario([*more, MEASURES[3]]), scenario(MEASURES[:3]))
    assert effect.measures == ("more ships", "plugs", "slow", "younger")
    against = mass(projector, MEASURES[:3])
    table = effect.table("NOx", YEAR)
    whole = mass(projector, [*more, MEASURES[3]]) - against
    assert table["contribution_kg"].sum() == pytest.approx(whole, rel=1e-9)
    for place, measure in enumerate(more):
        changed = [*MEASURES[:place], measure, *MEASURES[place + 1 : 3]]
        alone = mass(projector, changed) - against
        assert table.loc[measure["name"], "alone_kg"] == pytest.approx(alone, rel=1e-9), measure["name"]


def test_a_share_of_types_that_grow_apart_is_told_apart_by_enumeration(projector: Projector) -> None:
    """Few of the ships connect today: as others grow, a share of all stops is another number of stops."""
    boxes = {"kind": "growth", "name": "boxes", "source_types": ["container"], "index": {YEAR: 1.8}}
    bulk = {"kind": "growth", "name": "bulk", "source_types": ["bulk_carrier", "roro"], "index": {YEAR: 0.6}}
    by_name = {entry["name"]: entry for entry in (boxes, bulk, MEASURES[2])}
    table = contributions(projector, scenario(by_name.values()), EMPTY).table("NOx", YEAR)
    average = dict.fromkeys(by_name, 0.0)
    for order in permutations(by_name):
        for place, name in enumerate(order):
            before, after = ([by_name[n] for n in order[:last]] for last in (place, place + 1))
            average[name] += (mass(projector, after) - mass(projector, before)) / factorial(len(order))
    for name, value in average.items():
        assert table.loc[name, "contribution_kg"] == pytest.approx(value, rel=1e-9, abs=1e-6), name


def test_a_technology_that_the_baseline_has_not_counts_whole(write_base: Callable[..., BaseYear]) -> None:
    driven = [{"key_model_year": 2014, "quantity": 100.0}]
    method = load_method("epa-2022").with_options(outside_edition="hold_by_age")
    trucks = Projector(write_base({"heavy_duty_vehicles": driven}, method=method), "AR5")
    kind = {"kind": "zero_emission_trucks", "name": "electric", "share_of": "miles"}
    some = {**kind, "technologies": {"battery": {"table": {2024: 0.2}}}}
    more = {**kind, "technologies": {"battery": {"table": {2024: 0.3}}, "fuel_cell": {"table": {2024: 0.1}}}}
    table = contributions(trucks, scenario([more]), scenario([some])).table("NOx", YEAR)
    whole = mass(trucks, [more]) - mass(trucks, [some])
    assert whole < 0
    assert table.loc["electric", "contribution_kg"] == pytest.approx(whole, rel=1e-9)


def test_the_oldest_trucks_are_others_without_turnover(write_base: Callable[..., BaseYear]) -> None:
    """By enumeration: survival leaves few old trucks, so that a share of all takes newer ones."""
    years = ((2010, 100.0), (2014, 300.0), (2018, 600.0))
    method = load_method("epa-2022").with_options(outside_edition="hold_by_age")
    driven = [{"key_model_year": year, "quantity": miles} for year, miles in years]
    trucks = Projector(write_base({"heavy_duty_vehicles": driven}, method=method), "AR5")
    leaving = {"kind": "fleet_turnover", "name": "leaving", "survival": {5: 1.0, 9: 0.5, 13: 0.0}}
    electric = {"kind": "zero_emission_trucks", "name": "electric", "share_of": "miles",
                "displaces": "oldest", "technologies": {"battery": {"table": {2024: 0.3}}}}  # fmt: skip
    table = contributions(trucks, scenario([leaving, electric]), EMPTY).table("NOx", YEAR)
    nothing, both = mass(trucks, []), mass(trucks, [leaving, electric])
    one, other = mass(trucks, [leaving]), mass(trucks, [electric])
    assert table.loc["electric", "alone_kg"] == pytest.approx(other - nothing, rel=1e-9)
    assert table.loc["leaving", "last_in_kg"] == pytest.approx(both - other, rel=1e-9)
    shared = ((one - nothing) + (both - other)) / 2
    assert table.loc["leaving", "contribution_kg"] == pytest.approx(shared, rel=1e-9)


def test_a_year_that_was_not_projected_is_refused(projector: Projector) -> None:
    with pytest.raises(ValueError, match="year 2050 lies outside the horizon 2024-2030"):
        contributions(projector, scenario(MEASURES)).table("NOx", 2050)
