"""Sulfur of fuel at berth by the law of the port's country; (EU) 2016/802 article 7."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inventories.port.port import Port
from inventories.year.inventory import Inventory

Record = dict[str, object]
Harbor = Callable[..., Port]
SO2_PER_SULFUR = 2 * 0.97753  # EPA, equation of SO2


def stop(hours: int, kind: str = "berth", year: int = 2023) -> Record:
    end = f"{year}-06-10 {6 + hours:02d}:00"
    where = {"terminal": "T"} if kind == "berth" else {"zone": "basin"}
    return {"call_id": "C1", "seq": 1, "kind": kind, "from": f"{year}-06-10 06:00", "to": end, **where}


def built(
    harbor: Harbor,
    country: str,
    year: int = 2023,
    hours: int = 12,
    kind: str = "berth",
    method: str = "epa-2022",
) -> Inventory:
    call = {
        "call_id": "C1", "port": "P", "vessel_id": "S1", "terminal": "T",
        "arrival": f"{year}-06-10 06:00", "departure": f"{year}-06-10 {6 + hours:02d}:00",
    }  # fmt: skip
    port = harbor(year=year, areas=(), calls=[call], stops=[stop(hours, kind, year)])
    file = port.folder / "port.toml"
    if country:
        file.write_text(f'country = "{country}"\n' + file.read_text())
    return Inventory.build(Port.load(port.folder), year=year, method=method)


def sulfur_pct(year: Inventory) -> float:
    """Sulfur of the fuel burnt, from its SO2 and its mass."""
    fuel = year.mass[[name for name in year.mass if name.startswith("fuel:")]].to_numpy().sum()
    return float(year.total("SOx", unit="kg").magnitude / fuel / SO2_PER_SULFUR * 100)


@pytest.mark.parametrize("country", ["ES", "GR", "GB", "NO", "IS", "TR"])
def test_ships_at_berth_burn_a_tenth_of_a_percent_where_the_law_asks_for_it(
    harbor: Harbor, country: str
) -> None:
    year = built(harbor, country)
    assert sulfur_pct(year) == pytest.approx(0.1, rel=1e-6)
    (said,) = [note for note in year.manifest["notes"] if note.startswith("fuel at berth: 0.1 % sulfur")]
    assert f"by the law of {country}" in said
    assert "12.0 hours at berth burn to it" in said


def test_elsewhere_they_burn_to_the_limit_of_their_waters(harbor: Harbor) -> None:
    assert sulfur_pct(built(harbor, "SG")) == pytest.approx(0.5, rel=1e-6)


def test_the_rule_begins_with_2010_and_leaves_short_stays_and_anchorages(harbor: Harbor) -> None:
    """In 2009 and at anchor the world's limits hold: 4.5 % by MARPOL before 2012, 0.5 % since 2020."""
    assert sulfur_pct(built(harbor, "ES", year=2010)) == pytest.approx(0.1, rel=1e-6)
    assert sulfur_pct(built(harbor, "ES", year=2009)) == pytest.approx(4.5, rel=1e-6)
    assert sulfur_pct(built(harbor, "ES", hours=2)) == pytest.approx(0.5, rel=1e-6)
    assert sulfur_pct(built(harbor, "ES", hours=3)) == pytest.approx(0.1, rel=1e-6)
    assert sulfur_pct(built(harbor, "ES", kind="anchorage")) == pytest.approx(0.5, rel=1e-6)


@pytest.mark.parametrize("country", ["KR", "CN"])
def test_a_rule_of_part_of_a_country_is_told_and_not_applied(harbor: Harbor, country: str) -> None:
    year = built(harbor, country)
    assert sulfur_pct(year) == pytest.approx(0.5, rel=1e-6)
    (said,) = [note for note in year.manifest["notes"] if "is not applied" in note]
    assert said.startswith(f"WARNING: a rule of {country} may ask")


def test_a_port_outside_control_areas_that_names_no_country_is_told_what_may_be_missing(
    harbor: Harbor,
) -> None:
    (said,) = [note for note in built(harbor, "").manifest["notes"] if "names no country" in note]
    assert said.startswith("WARNING: 12.0 hours at berth")


def test_save_puts_ships_on_distillate_at_such_a_berth(harbor: Harbor) -> None:
    """Table 13: distillate of 0.06 % in 2023."""
    assert sulfur_pct(built(harbor, "ES", method="icct-save-2025")) == pytest.approx(0.06, rel=1e-6)
