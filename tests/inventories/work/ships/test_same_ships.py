"""A register of ships is matched by number, however the key is spelled, or is told to know none."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventories import Inventory, Port, copy_example

HEAD = "vessel_id,type,main_kw,max_speed_kn,engine_type,keel_date,build_year\n"
FACTS = "chemical_tanker,9480,15.1,SSD,2019-05-20,2020\n"


def built(folder: Path, key: str, in_register: str) -> Inventory:
    """The small harbor, its tanker with a key of its own and nothing known but by a register."""
    year = copy_example("small-harbor", folder / "harbor") / "activity" / "2024"
    tanker = next(
        line.split(",")[0] for line in (year / "vessels.csv").read_text().splitlines() if "tanker" in line
    )
    for name in ("vessels.csv", "calls.csv"):
        text = (year / name).read_text(encoding="utf-8")
        (year / name).write_text(text.replace(tanker, key), encoding="utf-8")
    (year / "vessel_registry.csv").write_text(f"{HEAD}{in_register},{FACTS}", encoding="utf-8")
    return Inventory.build(Port.load(year.parents[1]), 2024)


def register_notes(inventory: Inventory) -> list[str]:
    return [note for note in inventory.manifest["notes"] if "register" in note]


@pytest.mark.parametrize(
    ("key", "in_register"),
    [
        ("9345678", "IMO 9345678"),
        ("9345678", "imo9345678"),
        ("IMO 9345678", "9345678"),
        ("0912681", "912681"),
    ],
)
def test_a_ship_is_found_by_its_number_however_it_is_spelled(
    tmp_path: Path, key: str, in_register: str
) -> None:
    alike = built(tmp_path / "alike", key, key).total("NOx", "kg", source="ocean_going_vessels")
    other = built(tmp_path / "other", key, in_register)
    assert other.total("NOx", "kg", source="ocean_going_vessels").magnitude == pytest.approx(alike.magnitude)
    assert register_notes(other) == [
        "1 ships were found in the register by their number alone, without IMO or leading zeros"
    ]


def test_a_register_that_knows_none_of_the_ships_is_told(tmp_path: Path) -> None:
    notes = register_notes(built(tmp_path, "9345678", "LR 12"))
    assert len(notes) == 1
    assert notes[0].startswith("WARNING: the register (vessel_registry) knows none of the 5 ships")
    assert '"LR 12"' in notes[0]


def test_a_number_that_two_rows_of_the_register_have_is_not_taken(tmp_path: Path) -> None:
    notes = register_notes(built(tmp_path, "9345678", f"IMO 9345678,{FACTS.strip()}\n09345678"))
    assert notes[0].startswith("WARNING: the register")
