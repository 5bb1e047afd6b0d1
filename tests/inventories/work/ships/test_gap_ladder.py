"""One ladder for every attribute of a ship, each step marked: given, registry, same ship, median, default."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from factors.method import load_method
from inventories import Inventory, Port
from inventories.examples import copy_example
from inventories.work.ships.gaps import fill_ships

METHOD = load_method("epa-2022")


def ships(**columns: list[object]) -> pd.DataFrame:
    known = {
        "size": [9000.0] * 4,
        "size_unit": ["TEU"] * 4,
        "engine_type": ["SSD"] * 4,
        "build_year": [2010] * 4,
    }
    table = {"vessel_id": ["A", "B", "C", "D"], "type": ["container"] * 4} | known | columns
    return pd.DataFrame(table)


def test_each_step_of_the_ladder_is_taken_in_order_and_marked() -> None:
    none = float("nan")
    vessels = ships(main_kw=[60_000.0, none, none, none])
    registry = ships(main_kw=[1.0, 50_000.0, none, none])
    earlier = ships(main_kw=[2.0, 2.0, 40_000.0, none])
    filled = fill_ships(vessels, METHOD, registry, earlier)
    assert filled.attributes["main_kw"].tolist() == [60_000, 50_000, 40_000, 50_000]
    assert filled.marks["main_kw"].tolist() == ["given", "registry", "same_ship", "median"]
    alone = fill_ships(vessels.iloc[[3]], METHOD)
    assert alone.marks["main_kw"].tolist() == ["default"]
    assert alone.attributes["main_kw"].tolist() == [61_000]  # EPA Table C.3, container ships to 12,000 TEU


def test_every_step_is_counted() -> None:
    none = float("nan")
    registry = ships(main_kw=[1.0, 50_000.0, none, none])
    steps = fill_ships(ships(main_kw=[60_000.0, none, none, none]), METHOD, registry).steps()
    assert steps["main_kw"] == {"given": 1, "median": 2, "registry": 1}


def test_a_register_and_earlier_years_are_found_in_the_ports_folder(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    now = folder / "activity" / "2024" / "vessels.csv"
    table = pd.read_csv(now, dtype=str)
    power = next(name for name in table if name.startswith("main"))
    stated = table[table[power].notna()].iloc[:2]
    before = folder / "activity" / "2023"
    before.mkdir(parents=True)
    stated.to_csv(before / "vessels.csv", index=False)
    stated.iloc[:1].to_csv(now.with_name("vessel_registry.csv"), index=False)
    table.loc[stated.index, power] = None
    table.to_csv(now, index=False)
    filled = Inventory.build(Port.load(folder), 2024).manifest["records"]["filled"]["ocean_going_vessels"]
    assert filled["main_kw"]["registry"] == 1
    assert filled["main_kw"]["same_ship"] == 1
