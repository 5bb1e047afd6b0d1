"""What both example ports emit, by every shipped method, is in their fuels."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventories import Inventory
from inventories.examples import copy_example
from inventories.port.port import Port

METHODS = ("epa-2022", "shipef-0.2", "spbp-partial", "imo-ghg4", "icct-save-2025")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("example", "year"), [("small-harbor", 2024), ("san-pedro-bay", 2023)])
def test_no_shipped_method_breaks_a_balance_by_default(
    example: str, year: int, method: str, tmp_path: Path
) -> None:
    copy_example(example, tmp_path / "port")
    built = Inventory.build(Port.load(tmp_path / "port"), year, method)
    said = [note for note in built.manifest["notes"] if note.startswith("balance broken")]
    assert said == []


def test_a_build_says_which_balance_an_option_breaks(tmp_path: Path) -> None:
    copy_example("small-harbor", tmp_path / "port")
    built = Inventory.build(Port.load(tmp_path / "port"), 2024, llaf_so2="epa_table")
    said = [note for note in built.manifest["notes"] if note.startswith("balance broken, SO2")]
    assert said
    assert "ocean_going_vessels propulsion" in said[0]
