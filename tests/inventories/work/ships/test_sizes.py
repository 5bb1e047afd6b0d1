"""Sizes of ships in another unit than a set's bins: converted, or said to be of no use."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from factors.method import load_method
from inventories import Inventory
from inventories.port.port import Port
from inventories.work import notes, ship_notes
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
    ships = fleet(("roro", 12_000, "DWT"), ("container", 150_000, "GT"), ("cruise", 300, "passengers"))
    assert ships.marks["size"].tolist() == ["default"] * 3
    said = ship_notes.of_sizes(ships.unusable)
    assert len(said) == 3
    for kind, stated, wanted in (
        ("roro", "12,000 DWT", "GT"),
        ("container", "150,000 GT", "TEU"),
        ("cruise", "300 passengers", "GT"),
    ):
        (note,) = [text for text in said if f"of type {kind} is" in text]
        assert note.startswith("WARNING: the size of 1 ships")
        assert stated in note
        assert f"count {wanted}, and the bin from" in note
        assert "in the middle of its type, stands in" in note
        assert note.endswith(f"Give size in {wanted}")


def test_ships_of_one_type_and_unit_are_told_in_one_warning_with_their_first_rows() -> None:
    table = pd.DataFrame(
        [
            {"vessel_id": f"V{number}", "type": "container", "size": 150_000.0, "size_unit": "GT", **KNOWN}
            for number in range(5)
        ]
    ).assign(_file="vessels.csv", _row=range(2, 7))
    (said,) = ship_notes.of_sizes(fill_ships(table, EPA).unusable)
    assert "the size of 5 ships of type container is in GT" in said
    assert "vessels.csv row 2: V0, 150,000 GT; vessels.csv row 3: V1" in said
    assert "vessels.csv row 4: V2, 150,000 GT and 2 more" in said


def test_a_wrong_unit_warns_before_and_in_the_build(
    harbor: Callable[..., Port], ship: dict[str, object]
) -> None:
    year = Inventory.build(harbor(ships=[ship | {"size": 150_000, "size_unit": "GT"}]), year=2023)
    assert [note for note in year.manifest["notes"] if "vessels.csv row 2: S1, 150,000 GT" in note]


@pytest.mark.parametrize(
    ("kind", "gross", "low", "high"),
    [
        ("oil_tanker", 40_000, 55_000, 80_000),  # Panamax
        ("oil_tanker", 56_000, 80_000, 120_000),  # Aframax: the middle of 45,000 to 67,000 GT
        ("oil_tanker", 80_000, 120_000, 170_000),  # Suezmax
        ("oil_tanker", 159_000, 170_000, 330_000),  # VLCC
        ("bulk_carrier", 40_000, 60_000, 100_000),  # Panamax
        ("bulk_carrier", 82_000, 100_000, 200_000),  # Capesize
    ],
)
def test_deadweight_of_a_typical_gross_tonnage_lies_within_its_class(
    kind: str, gross: float, low: float, high: float
) -> None:
    """Bounds of tankers by Kristensen, of bulk carriers by the Third IMO GHG Study, Table 40."""
    bins = pd.DataFrame(
        {"ship_type": "any", "size_unit": "DWT", "ge": [0.0, low, high], "lt": [low, high, np.inf]}
    )
    ship = pd.DataFrame({"type": [kind], "size": [float(gross)], "size_unit": ["GT"]})
    binned = size_bin(pd.Series(["any"]), ship, bins)
    assert (binned.bin.tolist(), binned.mark.tolist()) == ([1], ["converted"])


def test_deadweight_between_classes_is_on_the_line_between_them() -> None:
    """Tankers of 60,000 GT: 16,500 and 22,000 long tons at 56,000 and 80,000 GT, of 0.8582 / 0.1418.

    16,500 x 1.0160469 x 6.0521862 = 101,463.5 t and 22,000 x 1.0160469 x 6.0521862 = 135,284.7 t: a sixth of
    the way between them is 107,100.4 t.
    """
    edges = [107_100.0, 107_101.0]
    bins = pd.DataFrame({"ship_type": "any", "size_unit": "DWT", "ge": [0.0, *edges], "lt": [*edges, np.inf]})
    ship = pd.DataFrame({"type": ["oil_tanker"], "size": [60_000.0], "size_unit": ["GT"]})
    assert size_bin(pd.Series(["any"]), ship, bins).bin.tolist() == [1]


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
