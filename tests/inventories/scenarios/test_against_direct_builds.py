"""A projected year against an inventory that is built of the changed activity."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import Scenario, project
from inventories.year.inventory import Inventory

SHIPS, CHE, GRID = "ocean_going_vessels", "cargo_handling_equipment", "electricity"
SPARED = {"kind": "speed_reduction", "zones": ["approach"], "share_of": "hours",
          "adoption": {"table": {2025: 1.0}}}  # fmt: skip
TURNED = {"kind": "fleet_turnover", "sources": [CHE]}


def scenario(*measures, horizon: int = 2025) -> Scenario:
    return Scenario.from_dict({"name": "s", "horizon": horizon, "measures": list(measures)})


def slowed(folder: Path, knots: float) -> Port:
    """The small harbor whose ships approach at a speed, on all routes."""
    path = copy_example("small-harbor", folder)
    port = (path / "port.toml").read_text(encoding="utf-8")
    (path / "port.toml").write_text(port.replace("approach = 12.0", f"approach = {knots}"), encoding="utf-8")
    routes = (path / "routes.csv").read_text(encoding="utf-8")
    routes = routes.replace("approach,12,12,", f"approach,12,{knots},")
    (path / "routes.csv").write_text(routes, encoding="utf-8")
    legs = path / "activity/2024/legs.csv"
    text = legs.read_text(encoding="utf-8")
    legs.write_text(text.replace("22.224,22.224", f"22.224,{knots * 1.852:.10g}"), encoding="utf-8")
    return Port.load(path)


@pytest.mark.parametrize(
    ("method", "knots", "options"),
    [
        ("epa-2022", 8.0, {}),
        ("epa-2022", 8.0, {"load_floor": "0.2"}),
        ("epa-2022", 8.0, {"load_cap": "0.4"}),  # held by the cap at 12 knots, not at 8
        ("epa-2022", 8.0, {"main_engine_off_below": "0.25"}),
        (
            "epa-2022",
            8.0,
            {"load_model": "fixed", "fixed_load_transit": "0.6", "fixed_load_maneuvering": "0.3"},
        ),
        ("imo-ghg4", 5.0, {}),  # off below 7 %
        ("icct-save-2025", 8.0, {}),
        ("icct-save-2025", 8.0, {"load_fuel_rate": "all_engines"}),  # by the load of the main engine
    ],
)
def test_slower_ships_are_those_of_a_year_in_which_they_sailed_so(
    tmp_path: Path, method: str, knots: float, options: dict[str, str]
) -> None:
    before = Inventory.build(slowed(tmp_path / "fast", 12.0), 2024, method=method, **options)
    after = Inventory.build(slowed(tmp_path / "slow", knots), 2024, method=method, **options)
    outlook = project(before, scenario({**SPARED, "speed_kn": knots}))
    mine = (after.cells["source_category"] == SHIPS) & after.cells["in_domain"]
    for pollutant in ("NOx", "PM10", "CO2", "CH4"):
        built = after.mass.loc[mine, pollutant].sum()
        assert outlook.series(pollutant, source=SHIPS)[2025] == pytest.approx(built, rel=1e-9), pollutant


def with_tiers(folder: Path, **tiers: str) -> Inventory:
    path = copy_example("small-harbor", folder)
    table = path / "activity/2024/equipment.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], "tier"])
        writer.writeheader()
        writer.writerows({**row, "tier": tiers.get(re.sub(r"\W", "_", row["unit_id"]), "")} for row in rows)
    return Inventory.build(Port.load(path), 2024)


def test_a_machine_whose_standard_is_recorded_turns_over_as_others_do(tmp_path: Path) -> None:
    """Ten years on, both stand for machines of 2022 and 2025, whatever was recorded of the old ones."""
    stated = project(with_tiers(tmp_path / "stated", reach_1="Tier 2", tractor_1="Tier 3"),
                     scenario(TURNED, horizon=2034))  # fmt: skip
    unstated = project(with_tiers(tmp_path / "not"), scenario(TURNED, horizon=2034))
    for pollutant in ("NOx", "PM10", "CO"):
        old, new = (outlook.series(pollutant, source=CHE) for outlook in (stated, unstated))
        assert old[2024] > new[2024]
        assert old[2034] == pytest.approx(new[2034], rel=1e-9)


def test_no_successor_is_of_an_older_standard_than_the_machine_it_stands_for(tmp_path: Path) -> None:
    """A reach stacker of 2012 is recorded as Tier 4 final: those of 2013 are mostly interim."""
    best = project(with_tiers(tmp_path / "best", reach_1="Tier 4 final"), scenario(TURNED, horizon=2034))
    nox = best.series("NOx", source=CHE)
    mixed = project(with_tiers(tmp_path / "mixed"), scenario(TURNED, horizon=2034)).series("NOx", source=CHE)
    assert nox[2025] < mixed[2025]
    assert nox[2034] == pytest.approx(mixed[2034], rel=1e-9)


@pytest.mark.parametrize("of", [{"sources": [SHIPS]}, {"source_types": ["roro"]}])
def test_connected_ships_draw_more_as_more_ships_call(small: Inventory, of: dict[str, list[str]]) -> None:
    """The one ship that connects is a ro-ro; meters of the port stay."""
    connected = small.work.loc[small.work["source_type"] == "shore_power", "quantity"].sum()
    assert connected > 0
    outlook = project(small, scenario({"kind": "growth", "index": {2025: 1.5}, **of}))
    drawn = outlook.series("electricity", in_domain=False, source=GRID)
    assert drawn[2025] - drawn[2024] == pytest.approx(0.5 * connected, rel=1e-9)
