"""Packaged scenarios: they load, they run on the full-size example, and they do what they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import Outlook, Projector, Scenario, list_scenarios
from inventories.scenarios.answers.comparison import Comparison, compare
from inventories.scenarios.plan.scenario import find_scenario
from inventories.year.build import build

NAMES = [
    "congestion",
    "current-law",
    "everything",
    "lng-hydrogen-ships",
    "shore-power-100",
    "throughput-85",
    "zero-emission-trucks-2035",
]


def load(name: str) -> Scenario:
    return Scenario.load(find_scenario(name, Path()))


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    port = Port.load(copy_example("san-pedro-bay", tmp_path_factory.mktemp("packaged") / "bay"))
    projector = Projector.of(build(port, 2023))
    return compare(projector, [load(name) for name in NAMES], load("current-law"))


def test_the_packaged_scenarios_are_these() -> None:
    assert list_scenarios() == NAMES


def test_the_first_year_of_each_is_the_inventory_to_the_bit(comparison: Comparison) -> None:
    first = comparison.outlooks[0]
    own = {
        key: value for key, value in zip(map(tuple, first.outputs.to_numpy()), first.values[0], strict=True)
    }
    for outlook in comparison.outlooks:
        for key, value in zip(map(tuple, outlook.outputs.to_numpy()), outlook.values[0], strict=True):
            assert value == own.get(key, 0.0), (outlook.scenario.name, key)


def outlook_of(comparison: Comparison, name: str) -> Outlook:
    return comparison.outlook(name)


def test_each_does_what_it_says(comparison: Comparison) -> None:
    nox = comparison.series("NOx")
    assert nox.loc[2035, "shore-power-100"] < nox.loc[2035, "current-law"]
    assert nox.loc[2028, "congestion"] > nox.loc[2028, "current-law"]
    assert nox.loc[2030, "congestion"] == pytest.approx(nox.loc[2030, "current-law"], rel=1e-12)
    assert nox.loc[2027, "throughput-85"] == pytest.approx(0.85 * nox.loc[2027, "current-law"])
    trucks = comparison.by_source("zero-emission-trucks-2035", "DPM")["heavy_duty_vehicles"]
    assert trucks.loc[2035] == pytest.approx(0.0, abs=1e-9 * trucks.loc[2023])
    wear = comparison.by_source("zero-emission-trucks-2035", "PM2.5")["heavy_duty_vehicles"]
    assert wear.loc[2035] > 0  # brakes and tyres stay


def test_contributions_sum_to_the_difference_from_the_baseline(comparison: Comparison) -> None:
    for name in set(NAMES) - {"current-law"}:
        for pollutant in ("NOx", "CO2e"):
            series = comparison.series(pollutant)
            effect = comparison.effects[name].series(pollutant).sum(axis=1)
            scale = series["current-law"].iloc[0]
            np.testing.assert_allclose(effect, series[name] - series["current-law"], atol=1e-9 * scale)


def test_one_dataset_holds_all(comparison: Comparison) -> None:
    data = comparison.dataset()
    assert set(data["mass"].dims) == {"scenario", "year", "source_category", "pollutant"}
    assert data["mass"].attrs["units"] == "kg"
    assert data["contribution"].attrs["units"] == "kg"
    total = float(data["mass"].sel(scenario="everything", year=2040, pollutant="NOx").sum())
    assert total == pytest.approx(comparison.series("NOx").loc[2040, "everything"])
    assert comparison.cumulative("NOx")["everything"] < comparison.cumulative("NOx")["current-law"]
