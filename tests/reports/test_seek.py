"""Seeking from the command line: the smallest level of a measure, its proof, and what cannot be sought."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from inventories.examples import copy_example
from inventories.scenarios import Scenario, project
from inventories.year.inventory import Inventory

OWN = """name = "plugs"
describes = "Plugs."
horizon = 2030
[[measures]]
kind = "shore_power"
name = "plugs"
share_of = "stops"
adoption = { from = 2024, to = 2030, reaches = 0.5 }
"""
TARGETS = """
[targets.less]
pollutant = "NOx"
reduction_percent = 10
base_year = 2024
year = 2030

[targets.from-2005]
pollutant = "NOx"
reduction_percent = 10
base_year = 2005
year = 2030
"""


@pytest.fixture(scope="module")
def folder(harbor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = copy_example("small-harbor", tmp_path_factory.mktemp("seek") / "port")
    harbor.inventory.save(place / "results" / "2024")
    (place / "scenarios").mkdir(exist_ok=True)
    (place / "scenarios" / "plugs.toml").write_text(OWN, encoding="utf-8")
    with (place / "port.toml").open("a", encoding="utf-8") as file:
        file.write(TARGETS)
    return place


def test_the_level_found_meets_the_target_and_a_little_less_does_not(
    caap: Callable, folder: Path, harbor
) -> None:
    told = caap("scenarios", "seek", folder, "plugs", "plugs", "--target", "less", folder=folder)
    assert told.returncode == 0, told.stderr
    level, limit = re.findall(r"at ([\d.]+)% gives .* at most ([\d,]+) kg", told.stdout)[0]
    wanted = 0.9 * harbor.inventory.total("NOx", unit="kg").magnitude
    assert float(limit.replace(",", "")) == pytest.approx(wanted, abs=0.5)
    assert _mass(harbor.inventory, float(level) / 100 + 1e-4) <= wanted
    assert _mass(harbor.inventory, float(level) / 100 - 2e-4) > wanted


def _mass(inventory: Inventory, level: float) -> float:
    shared = {"from": 2024, "to": 2030, "reaches": level}
    plugs = {"kind": "shore_power", "share_of": "stops", "adoption": shared}
    scenario = Scenario.from_dict({"name": "by hand", "horizon": 2030, "measures": [plugs]})
    return float(project(inventory, scenario).series("NOx").loc[2030])


def test_where_no_level_does_it_what_remains_is_said(caap: Callable, folder: Path) -> None:
    asked = ["--at-most", "1 short_ton", "--pollutant", "NOx", "--year", "2030"]
    told = caap("scenarios", "seek", folder, "plugs", "plugs", *asked, folder=folder)
    assert told.returncode == 1
    assert re.search(r"No level of plugs .* at 100.000%, [\d,]+ kg stay, [\d,]+ kg too much", told.stdout)


def test_a_line_that_still_rises_tells_what_it_reaches_in_the_year(caap: Callable, folder: Path) -> None:
    asked = ["--at-most", "1 short_ton", "--pollutant", "NOx", "--year", "2027"]
    told = caap("scenarios", "seek", folder, "plugs", "plugs", *asked, folder=folder)
    assert "at 100.000% (" in told.stdout
    assert "is reached in 2027)" in told.stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--target", "from-2005"], "not assessable: no inventory of 2005 by this method"),
        (["--target", "lass"], "no target 'lass' here; there are less, from-2005"),
        (["--target", "less", "--year", "2040"], "due in 2040, outside 2024-2030"),
        (["--at-most", "9 ton", "--pollutant", "NOx", "--year", "2030"], 'write "short ton" or "tonne"'),
        (["--at-most", "nan tonne", "--pollutant", "NOx", "--year", "2030"], "a mass is 0 or more"),
        (["--at-most", "-9 tonne", "--pollutant", "NOx", "--year", "2030"], "a mass is 0 or more"),
        (["--at-most", "9 tonne"], "--at-most needs --pollutant and --year"),
        ([], "name a target"),
        (["--target", "less", "--at-most", "9 tonne"], "not both"),
        (
            ["--at-most", "9 tonne", "--pollutant", "NOX", "--year", "2030"],
            "no NOX is estimated in the domain",
        ),
        (["--at-most", "9 tonne", "--pollutant", "NOx", "--year", "2031"], "does not lie within 2025-2030"),
    ],
)
def test_what_cannot_be_sought_is_told(caap: Callable, folder: Path, asked: list[str], said: str) -> None:
    told = caap("scenarios", "seek", folder, "plugs", "plugs", *asked, folder=folder)
    assert told.returncode != 0
    assert "Traceback" not in told.stderr
    assert said in told.stdout + told.stderr
