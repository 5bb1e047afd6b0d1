"""Time of scenarios on the full-size example: run it, read it; nothing here fails on a slow machine.

python tests/benchmarks/bench_scenarios.py
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.answers.contributions import contributions
from inventories.year.build import build
from inventories.year.inventory import Inventory

UNTIL = 2048


def scenario(share: float, hours: float = 1.0) -> Scenario:
    """Growth, turnover, shore power, trucks by two technologies, and slower ships."""
    battery = {"from": 2023, "to": 2035, "reaches": share / 2}
    trucks = {"battery": battery, "fuel_cell": {"from": 2023, "to": 2040, "reaches": 0.2}}
    return Scenario.from_dict(
        {
            "name": f"at {share:.2f}",
            "horizon": UNTIL,
            "measures": [
                {"kind": "growth", "rate": 0.02},
                {"kind": "fleet_turnover"},
                {"kind": "shore_power", "share_of": "stops", "connection_h": hours,
                 "adoption": {"from": 2023, "to": 2035, "reaches": share}},
                {"kind": "zero_emission_trucks", "share_of": "miles", "technologies": trucks},
                {"kind": "speed_reduction", "share_of": "hours", "zones": ["ring-20", "ring-40"],
                 "speed_kn": 10.0, "adoption": {"from": 2023, "to": 2030, "reaches": 0.95}},
            ],
        }
    )  # fmt: skip


def timed(words: str, work: Callable[[], Any], bar: str = "") -> Any:
    """Print how long some work takes, beside the bar."""
    began = time.perf_counter()
    done = work()
    print(f"{words:<58} {time.perf_counter() - began:8.3f} s {bar}")
    return done


def first(inventory: Inventory, scenarios: list[Scenario]) -> Projector:
    """Take a year apart, resolve its classes for all years, and project."""
    began = time.perf_counter()
    projector = Projector.of(inventory)
    apart = time.perf_counter()
    projector.project(scenarios[0])
    print(f"  take the year apart {apart - began:.3f} s, first scenario {time.perf_counter() - apart:.3f} s")
    for one in scenarios[1:]:
        projector.project(one)
    return projector


def main() -> None:
    """Build, prepare, and time what people do many times a day."""
    with tempfile.TemporaryDirectory() as folder:
        port = Port.load(copy_example("san-pedro-bay", Path(folder) / "bay"))
        inventory = timed("build", lambda: build(port, 2023))
    twenty = [scenario(0.85 + number / 200) for number in range(20)]
    projector = timed(
        "20 scenarios x 25 years, the first ones of the year", lambda: first(inventory, twenty), "(bar 1 s)"
    )
    timed("20 scenarios x 25 years, again", lambda: [projector.project(one) for one in twenty])
    timed("one changed adoption", lambda: projector.project(scenario(0.8888)), "(bar 0.02 s)")
    timed("one new parameter", lambda: projector.project(scenario(0.9, hours=1.25)), "(bar 0.2 s)")
    nothing = replace(scenario(0.9), measures=())
    contributions(projector, scenario(0.9), nothing)
    timed("contributions of all measures, exact", lambda: contributions(projector, scenario(0.9), nothing),
          "(bar 1 s a source)")  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{'highest memory':<58} {peak:8.2f} GB (bar 2 GB)")


if __name__ == "__main__":
    main()
