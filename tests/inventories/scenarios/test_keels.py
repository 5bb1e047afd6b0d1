"""Tier III of ships to come: from the keels on that the port's own control areas bind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inventories.port.port import Port
from inventories.scenarios import Projector, Scenario, project
from inventories.year.inventory import Inventory

Harbor = Callable[..., Port]
AGING: dict[str, Any] = {"kind": "fleet_turnover"}
SHIPS = "ocean_going_vessels"


def first_fall(inventory: Inventory, **more: object) -> int | None:
    """Year in which the ships' NOx first falls below that of the base year; None if it never does."""
    scenario = Scenario.from_dict({"name": "aging", "horizon": 2050, "measures": [AGING | more]})
    nox = project(inventory, scenario).series("NOx", source=SHIPS)
    below = nox.index[nox.to_numpy() < 0.99 * nox.iloc[0]]
    return int(below[0]) if len(below) else None


@pytest.mark.parametrize(
    ("areas", "falls"),
    [
        (["north_america"], 2026),
        (["baltic"], 2031),
        (["norwegian_sea"], 2036),
        (["mediterranean"], None),
        ([], None),
    ],
)
def test_a_keel_of_2013_is_followed_by_tier_three_when_the_ports_waters_ask_for_it(
    harbor: Harbor, ship: dict[str, Any], tmp_path: Path, areas: Sequence[str], falls: int | None
) -> None:
    """Ten years old in 2023: ships of 2026, 2031 and 2036 have keels of 2016, 2021 and 2026.

    The Mediterranean limits sulfur alone; outside of all areas Tier III binds nobody.
    """
    port = harbor(areas=areas, ships=[ship | {"keel_date": "2013-06-01"}])
    built = Inventory.build(port, year=2023)
    for inventory in (built, Inventory.open(built.save(tmp_path / "2023"))):
        assert first_fall(inventory) == falls
        assert first_fall(inventory, tier3_keels_from=2018) == 2028
    (note,) = project(built, Scenario.from_dict({"name": "aging", "measures": [AGING]})).notes
    assert ("no keel becomes Tier III" if falls is None else f"keels from {falls - 10}") in note


def test_a_year_of_an_earlier_version_takes_north_america(harbor: Harbor, ship: dict[str, Any]) -> None:
    port = harbor(areas=["baltic"], ships=[ship | {"keel_date": "2013-06-01"}])
    built = Inventory.build(port, year=2023)
    kept = {key: value for key, value in built.manifest.items() if key != "tier3_keels_from"}
    assert first_fall(replace(built, manifest=kept)) == 2026


def test_areas_named_by_zone_alone_count(harbor: Harbor, ship: dict[str, Any]) -> None:
    port = harbor(areas=[], ships=[ship | {"keel_date": "2013-06-01"}])
    text = (port.folder / "port.toml").read_text(encoding="utf-8")
    named = text.replace("default = []", 'sea = ["baltic"]\nquay = ["baltic"]')
    (port.folder / "port.toml").write_text(named, encoding="utf-8")
    inventory = Inventory.build(Port.load(port.folder), year=2023)
    assert inventory.manifest["tier3_keels_from"] == 2021
    assert np.isfinite(Projector.of(inventory).base.tier3_keels_from)
