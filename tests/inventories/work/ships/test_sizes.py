"""Sizes of ships in another unit than a set's bins: converted, or said to be of no use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from factors.method import load_method
from inventories import Inventory
from inventories.port.port import Port
from inventories.work import notes
from inventories.work.ships.bases import Basis
from inventories.work.ships.gaps import Ships, fill_ships
from inventories.work.ships.sizes import size_bin

CASES = Path(__file__).parents[2] / "data" / "cases"
EPA = load_method("epa-2022")
KNOWN = {"main_kw": 9_000.0, "service_speed_kn": 18.0, "engine_type": "SSD", "build_year": 2018.0}


def fleet(*ships: tuple[str, float | None, str | None], method: str = "epa-2022") -> Ships:
    table = pd.DataFrame(
        [
            {"vessel_id": str(number), "type": kind, "size": size, "size_unit": unit, **KNOWN}
            for number, (kind, size, unit) in enumerate(ships)
        ]
    ).astype({"size": float})
    return fill_ships(table, load_method(method))


def at_berth(ships: Ships, vessel: str = "0") -> tuple[float, float]:
    loads = ships.loads[(ships.loads["mode"] == "hotelling") & (ships.loads["vessel_id"] == vessel)]
    return float(loads["auxiliary_kw"].iloc[0]), float(loads["boiler_kw"].iloc[0])


def test_a_feeder_stated_in_deadweight_has_a_feeders_loads(tmp_path: Path) -> None:
    """9,800 DWT are (9800/15.19)^(1/0.9814) = 729 TEU: 340 and 120 kW, 0.226 short tons of NOx."""
    port = shutil.copytree(CASES / "container_size_in_dwt", tmp_path / "port")
    built = Inventory.build(Port.load(port), 2023)
    ships = fleet(("container", 9_800, "DWT"))
    assert at_berth(ships) == (340.0, 120.0)
    assert ships.marks["size"].tolist() == ["converted"]
    assert built.total("NOx", unit="short_ton").magnitude == pytest.approx(0.226, abs=5e-4)
    assert built.manifest["records"]["filled"]["ocean_going_vessels"]["size"] == {"converted": 1}
    (said,) = [note for note in built.manifest["notes"] if note.startswith("ships' NOx rests on")]
    assert said.startswith("ships' NOx rests on: size converted of 1 of 1 ships (100.0% of NOx)")


@pytest.mark.parametrize(("deadweight", "teu"), [(10_000, 744.5), (50_000, 3_902.9), (120_000, 10_293.1)])
def test_container_ships_by_deadweight_are_those_of_the_worked_examples(
    deadweight: float, teu: float
) -> None:
    """Feeder, Panamax and post-Panamax of EPA's calcTEU; the bins here end just below and above each."""
    bins = pd.DataFrame(
        {"ship_type": "box", "size_unit": "TEU", "ge": [0, teu - 0.05, teu + 0.05], "lt": [1, 2, 3]}
    )
    ship = pd.DataFrame({"type": ["container"], "size": [float(deadweight)], "size_unit": ["DWT"]})
    binned = size_bin(pd.Series(["box"]), ship, bins)
    assert (binned.bin.tolist(), binned.mark.tolist()) == ([1], ["converted"])


def test_a_large_gas_carrier_stated_in_cubic_metres_has_a_large_ships_boiler() -> None:
    """145,000 m3 of 0.48 t/m3 are 69,600 t of cargo at least: the bins by deadweight end at 20,000."""
    by_volume = fleet(("liquefied_gas_tanker", 145_000, "CBM"))
    by_weight = fleet(("liquefied_gas_tanker", 70_000, "DWT"))
    small = fleet(("liquefied_gas_tanker", 3_000, "DWT"))
    assert at_berth(by_volume) == at_berth(by_weight)
    assert at_berth(by_volume)[1] > at_berth(small)[1]
    assert by_volume.marks["size"].tolist() == ["converted"]


def test_sizes_that_no_relation_turns_are_told_with_the_unit_that_can_be_used() -> None:
    ships = fleet(("roro", 12_000, "DWT"), ("container", 100_000, "GT"), ("cruise", 2_000, "passengers"))
    assert ships.marks["size"].tolist() == ["default"] * 3
    said = "\n".join(notes.of_sizes(ships.unusable))
    for kind, stated, wanted in (
        ("roro", "DWT", "GT"),
        ("container", "GT", "TEU"),
        ("cruise", "passengers", "GT"),
    ):
        assert (
            f"the size of 1 ships of type {kind} is in {stated}, and engine defaults counts {wanted}" in said
        )
        assert f"Give size in {wanted}" in said


def test_of_an_even_number_of_bins_an_unknown_ship_is_in_the_larger_of_the_middle_two() -> None:
    """Eight bins of container ships: 5,000 to 8,000 TEU; two of ro-ros: from 5,000 GT."""
    assert at_berth(fleet(("container", None, None))) == at_berth(fleet(("container", 6_000, "TEU")))
    assert at_berth(fleet(("roro", None, None))) == at_berth(fleet(("roro", 20_000, "GT")))
    assert at_berth(fleet(("roro", 12_000, "DWT"))) == at_berth(fleet(("roro", 20_000, "GT")))


def test_a_peer_of_stated_size_stands_in_before_the_middle_bin() -> None:
    ships = fleet(("container", 1_500, "TEU"), ("container", None, None))
    assert ships.marks["size"].tolist() == ["given", "median"]
    assert at_berth(ships, "1") == at_berth(ships, "0")


def test_a_size_in_the_units_of_the_bins_is_not_touched() -> None:
    assert fleet(("container", 900, "TEU")).marks["size"].tolist() == ["given"]
    assert fleet(("container", 900, "TEU")).unusable["engine defaults"].empty


def test_what_rests_on_fills_is_said_with_ships_and_share_of_nox() -> None:
    found = [Basis("size", "converted", 3, 10, 0.25), Basis("main_kw", "default", 1, 10, 0.05)]
    assert notes.of_bases(found) == (
        "ships' NOx rests on: size converted of 3 of 10 ships (25.0% of NOx); "
        "main_kw default of 1 of 10 ships (5.0%)",
    )
    assert notes.of_bases([]) == ()
