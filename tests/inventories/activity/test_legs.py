"""A leg that says hours, distance and speed must say the same thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventories import Inventory, Port
from inventories.activity import ActivityError, load_activity
from inventories.examples import copy_example


def legs(folder: Path, *lines: str) -> Path:
    text = "call_id,seq,kind,zone,distance_nmi,speed_kn,hours (h)\n" + "\n".join(lines) + "\n"
    (folder / "activity" / "2024" / "legs.csv").write_text(text, encoding="utf-8")
    return folder


def first_call_and_zone(folder: Path) -> tuple[str, str]:
    port = Port.load(folder)
    made = load_activity(port, 2024).tables["legs"].iloc[0]
    return str(made["call_id"]), str(made["zone"])


def test_hours_that_contradict_distance_over_speed_are_told_with_both(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    call, zone = first_call_and_zone(folder)
    legs(folder, f"{call},1,inbound,{zone},20,15,3")
    with pytest.raises(
        ActivityError, match=r"legs.csv.*row 2.*hours contradict distance over speed"
    ) as caught:
        load_activity(Port.load(folder), 2024)
    assert "3.0 h, not 1.33 h" in str(caught.value)


def test_rounded_hours_pass(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    call, zone = first_call_and_zone(folder)
    legs(folder, f"{call},1,inbound,{zone},20,15,1.33")
    assert len(load_activity(Port.load(folder), 2024).tables["legs"]) >= 1


def test_a_load_above_one_is_told_by_row(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    call, zone = first_call_and_zone(folder)
    path = folder / "activity" / "2024" / "legs.csv"
    path.write_text(
        f"call_id,seq,kind,zone,distance_nmi,speed_kn,mean_load\n{call},1,inbound,{zone},20,15,1.1\n"
    )
    with pytest.raises(ActivityError, match=r"mean_load"):
        load_activity(Port.load(folder), 2024)


def test_a_port_that_draws_no_zones_builds_what_needs_none(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    (folder / "zones.geojson").unlink()
    for name in ("calls", "stops", "legs", "vessels"):
        (folder / "activity" / "2024" / f"{name}.csv").unlink(missing_ok=True)
    inventory = Inventory.build(Port.load(folder), 2024)
    assert inventory.total("NOx", unit="kg", source="cargo_handling_equipment").magnitude > 0
