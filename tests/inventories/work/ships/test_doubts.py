"""Tiers, keels, fuels and plugs of ships that contradict each other are told with file and row."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from factors.method import load_method
from inventories.port.port import Port
from inventories.work.ships.doubts import unlawful_tiers
from inventories.year.inventory import Inventory

Record = dict[str, object]
Harbor = Callable[..., Port]
BERTH: Record = {
    "call_id": "C1",
    "seq": 1,
    "kind": "berth",
    "terminal": "T",
    "from": "2023-06-10 06:00",
    "to": "2023-06-11 06:00",
}


def warned(port: Port, words: str) -> list[str]:
    notes = Inventory.build(port, year=2023).manifest["notes"]
    return [note for note in notes if note.startswith("WARNING") and words in note]


@pytest.mark.parametrize(
    ("known", "lawful"),
    [
        # MARPOL Annex VI, regulation 13: Tier I keels of 2000, II of 2011, III of 2016 in some areas.
        ({"keel_date": "1995-03-01", "tier_main": "Tier 3"}, False),
        ({"keel_date": "1995-03-01", "tier_main": "Tier 1"}, True),  # regulation 13.7, approved method
        ({"keel_date": "1985-03-01", "tier_main": "Tier 1"}, False),
        ({"keel_date": "2019-03-01", "tier_main": "Tier 0"}, False),
        ({"keel_date": "2019-03-01", "tier_main": "Tier 2"}, True),
        ({"keel_date": "2019-03-01", "tier_main": "Tier 3"}, True),
        ({"keel_date": "2015-12-31", "tier_main": "Tier 3"}, False),
        ({"build_year": 2019, "tier_aux": "Tier 0"}, False),
        ({"build_year": 2018, "tier_main": "Tier 3"}, True),
        ({"build_year": 2012, "tier_main": "Tier 1"}, True),  # a keel of 2009 or 2010
        ({"tier_main": "Tier 3"}, True),
    ],
)
def test_a_tier_that_keels_of_its_time_cannot_have_is_found(known: Record, lawful: bool) -> None:
    vessels = pd.DataFrame([{"vessel_id": "S1", "_file": "vessels.csv", "_row": 2} | known])
    found = unlawful_tiers(vessels, load_method("epa-2022"))
    assert found.empty == lawful


def test_an_unlawful_tier_is_a_warning_with_file_and_row(harbor: Harbor, ship: Record) -> None:
    (said,) = warned(harbor(ships=[ship | {"keel_date": "1995-03-01", "tier_main": "Tier III"}]), "NOx tiers")
    assert "vessels.csv row 2: S1, tier_main is Tier 3 by keel of 1995-03-01, when Tier 0 to 1 held" in said


def test_a_keel_after_the_delivery_is_a_warning_with_file_and_row(harbor: Harbor, ship: Record) -> None:
    (said,) = warned(harbor(ships=[ship | {"keel_date": "2015-03-01", "build_year": 2012}]), "keels")
    assert "vessels.csv row 2: S1, keel 2015-03-01, delivered 2012" in said


def test_sulfur_beyond_the_area_is_a_warning_unless_a_scrubber_is_stated(
    harbor: Harbor, ship: Record
) -> None:
    """The North American area asks for 0.1 %."""
    stop = BERTH | {"sulfur_pct": 5}
    (said,) = warned(harbor(stops=[stop]), "fuel beyond")
    assert "stops.csv row 2: call C1, sulfur 5 %, above the limit of 0.1 %" in said
    assert not warned(harbor(ships=[ship | {"scrubber": "yes"}], stops=[stop]), "fuel beyond")
    assert not warned(harbor(stops=[BERTH | {"sulfur_pct": 0.1}]), "fuel beyond")


def test_heavy_fuel_oil_in_a_distillate_area_is_a_warning(harbor: Harbor) -> None:
    (said,) = warned(harbor(stops=[BERTH | {"fuel": "HFO"}]), "fuel beyond")
    assert "stops.csv row 2: call C1, RM/HFO, above the limit of 0.1 %" in said
    assert not warned(harbor(stops=[BERTH | {"fuel": "HFO"}], areas=()), "fuel beyond")


def test_shore_power_of_a_ship_that_cannot_take_it_is_a_warning(harbor: Harbor, ship: Record) -> None:
    plugged = BERTH | {"shore_power_from": "2023-06-10 08:00", "shore_power_to": "2023-06-11 05:00"}
    state = 'country = "US"\nstate = "CA"\n'
    for able, expected in (("no", 1), ("yes", 0), ("", 0)):
        port = harbor(ships=[ship | {"shore_power_capable": able}], stops=[plugged])
        text = (port.folder / "port.toml").read_text()
        (port.folder / "port.toml").write_text(state + text)
        said = warned(Port.load(port.folder), "shore_power_capable = no")
        assert len(said) == expected
        if said:
            assert "stops.csv row 2: call C1, ship S1" in said[0]
