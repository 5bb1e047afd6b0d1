"""What a year says of ships: tiers by keels nobody dated, tankers nobody asked, gas carriers on oil."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inventories.port.port import Port
from inventories.year.inventory import Inventory

Record = dict[str, object]


def told(year: Inventory, words: str) -> list[str]:
    return [note for note in year.manifest["notes"] if words in note]


def built(harbor: Callable[..., Port], ship: Record, method: str = "epa-2022", **more: object) -> Inventory:
    return Inventory.build(harbor(ships=[ship], **more), year=2023, method=method)


def test_a_build_year_alone_leaves_a_tier_at_stake_and_the_year_says_how_much_nox(
    harbor: Callable[..., Port], ship: Record
) -> None:
    """1,000 kW for 24 h at berth: 252 kg at Tier II (10.5 g/kWh), 62.4 kg at Tier III (2.6)."""
    note = told(built(harbor, ship | {"build_year": 2019}), "NOx tiers by keel")
    assert len(note) == 1
    assert "1 of 1 calls" in note[0]
    assert "0.252 tonnes" in note[0]
    assert "0.0624 to 0.252" in note[0]
    assert note[0].endswith("of 1 ships")


@pytest.mark.parametrize(
    "known",
    [
        {"build_year": 2019, "keel_date": "2018-02-01"},
        {"build_year": 2019, "tier_main": "Tier II", "tier_aux": "Tier II"},
        {"build_year": 2008},
        {},
    ],
    ids=["keel", "certificates", "one tier whatever the keel", "nothing known"],
)
def test_nothing_is_at_stake_where_the_keel_is_known_or_does_not_matter(
    harbor: Callable[..., Port], ship: Record, known: Record
) -> None:
    assert not told(built(harbor, ship | known), "NOx tiers by keel")


def test_a_delivery_near_the_year_2000_is_at_stake_between_tiers_0_and_1(
    harbor: Callable[..., Port], ship: Record
) -> None:
    """Delivered 2001: Tier I by a keel of 2000, Tier 0 by one of 1998 or 1999: 12.2 and 13.8 g/kWh."""
    note = told(built(harbor, ship | {"build_year": 2001}), "NOx tiers by keel")
    assert "0.293 tonnes" in note[0]
    assert "0.293 to 0.331" in note[0]


GAS_CARRIER: Record = {
    "vessel_id": "S1",
    "type": "liquefied_gas_tanker",
    "size": 145_000,
    "size_unit": "CBM",
    "main (kW)": 28_000,
    "max_speed (kn)": 19.5,
    "engine_type": "ST",
    "keel_date": "2006-01-01",
}


def boiler_fuels(year: Inventory) -> set[str]:
    classes = year.classes.classes
    return set(classes.loc[classes["engine_group"] == "boiler", "fuel"])


def test_a_gas_carrier_burns_boil_off_at_berth_by_save(harbor: Callable[..., Port]) -> None:
    year = built(harbor, GAS_CARRIER | {"fuel_types": "LNG"}, "icct-save-2025")
    assert boiler_fuels(year) == {"LNG"}
    assert not told(year, "boil-off")
    assert year.total("CH4", source="ocean_going_vessels").magnitude > 0


def test_a_gas_carrier_that_names_no_gas_burns_oil_and_the_year_says_what_to_write(
    harbor: Callable[..., Port],
) -> None:
    year = built(harbor, GAS_CARRIER, "icct-save-2025")
    assert boiler_fuels(year) == {"MGO/MDO"}
    assert "fuel_types name no LNG" in told(year, "no boil-off")[0]


def test_a_method_without_boilers_on_gas_says_why_a_gas_carrier_burns_oil(
    harbor: Callable[..., Port],
) -> None:
    year = built(harbor, GAS_CARRIER | {"fuel_types": "LNG"})
    assert "1 of 1 calls at berth" in told(year, "no boil-off")[0]
    assert "no table of this method has a boiler on gas" in told(year, "no boil-off")[0]


TANKER: Record = {
    "vessel_id": "S1",
    "type": "oil_tanker",
    "size": 40_000,
    "size_unit": "DWT",
    "main (kW)": 9_000,
    "max_speed (kn)": 15,
    "engine_type": "SSD",
}
STOP: Record = {
    "call_id": "C1",
    "seq": 1,
    "kind": "berth",
    "terminal": "T",
    "from": "2023-06-10 06:00",
    "to": "2023-06-11 06:00",
}


def test_tankers_of_which_nobody_says_what_they_did_are_counted(harbor: Callable[..., Port]) -> None:
    silent = told(built(harbor, TANKER, stops=[STOP]), "stays of tankers at berth")
    assert silent[0].startswith("1 of 1 stays")
    assert "1 do not state cargo_operation" in silent[0]
    assert "1 no pump_drive" in silent[0]
    half = told(built(harbor, TANKER, stops=[STOP | {"cargo_operation": "discharge"}]), "stays of tankers")
    assert "0 do not state cargo_operation" in half[0]


def test_tankers_that_state_operation_and_pumps_or_bring_their_loads_are_not(
    harbor: Callable[..., Port],
) -> None:
    stop = STOP | {"cargo_operation": "discharge"}
    assert not told(
        built(harbor, TANKER | {"pump_drive": "steam"}, stops=[stop]), "stays of tankers at berth"
    )
    measured = STOP | {"auxiliary (kW)": 500, "boiler (kW)": 2_000}
    assert not told(built(harbor, TANKER, stops=[measured]), "stays of tankers at berth")
