"""Tankers by what drives their pumps, and exhaust captured at berth, in the pencil harbor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from factors.method import MethodError
from inventories.activity import ActivityError
from inventories.port.port import Port
from inventories.scenarios import Projector
from inventories.year.inventory import Inventory

Record = dict[str, object]
SHIPS = "ocean_going_vessels"
HEAD = ",quantity,value,unit,source_document,table,source_address,confidence,note\n"
CAPTURES = "capture_system,engine_group" + HEAD + (
    "barge,auxiliary,NOx,80,%,A letter,1,,read,\n"
    "barge,boiler,NOx,50,%,A letter,1,,read,\n"
    "barge,system,electric_power,300,kW,A sheet,1,,read,\n"
    "barge,system,fuel_rate,20,kg/h,A sheet,1,,read,\n"
    "barge,system,NOx_emitted,100,g/h,A sheet,1,,read,\n"
)  # fmt: skip
BOARDED = "ship_type,pump_drive,cargo_operation,engine_group" + HEAD + (
    "oil_tanker,steam,discharge,auxiliary,load,700,kW,Boardings,1,,read,\n"
    "oil_tanker,steam,discharge,boiler,load,2500,kW,Boardings,1,,read,\n"
    "oil_tanker,electric,discharge,auxiliary,load,1900,kW,Boardings,1,,read,\n"
    "oil_tanker,electric,discharge,boiler,load,200,kW,Boardings,1,,read,\n"
)  # fmt: skip


def tanker(name: str, drive: str, **more: object) -> Record:
    return {"vessel_id": name, "type": "oil_tanker", "size": 45_000, "size_unit": "DWT", "main (kW)": 9_000,
            "max_speed (kn)": 15, "engine_type": "SSD", "pump_drive": drive} | more  # fmt: skip


def visit(ship: str, **more: object) -> list[Record]:
    call = {"call_id": f"call {ship}", "port": "P", "vessel_id": ship, "arrival": "2023-06-10 00:00",
            "departure": "2023-06-12 00:00", "terminal": "T"}  # fmt: skip
    stop = {"call_id": f"call {ship}", "seq": 1, "kind": "berth", "terminal": "T", "from": "2023-06-10 00:00",
            "to": "2023-06-12 00:00", "cargo_operation": "discharge"} | more  # fmt: skip
    return [call, stop]


@pytest.fixture
def build(harbor: Callable[..., Port]) -> Callable[..., Inventory]:
    def built(
        ships: list[Record], visits: list[list[Record]], table: str = "", need: str = "", **changes: Any
    ) -> Inventory:
        settings = f'[factor_tables]\n"{SHIPS}.{need}" = "own.csv"\n' if table else ""
        calls, stops = ([visit[part] for visit in visits] for part in (0, 1))
        port = harbor(ships=ships, calls=calls, stops=stops, settings=settings, **changes)
        if table:
            (Path(port.folder) / "own.csv").write_text(table, encoding="utf-8")
        return Inventory.build(port, 2023)

    return built


def work(inventory: Inventory) -> pd.Series:
    rows = inventory.work.astype({"record_id": str, "engine_group": str})
    return rows.groupby(["record_id", "engine_group"])["quantity"].sum()


TWO = [tanker("S", "steam"), tanker("E", "electric")]
SHORE = {"shore_power_from": "2023-06-10 02:00", "shore_power_to": "2023-06-11 23:00"}
CAUGHT = {"capture_from": "2023-06-10 02:00", "capture_to": "2023-06-11 22:00", "capture_system": "barge"}


def test_the_sets_load_holds_whatever_drives_the_pumps_and_says_so(build: Callable[..., Inventory]) -> None:
    year = build(TWO, [visit("S"), visit("E")])
    done = work(year)
    assert done["call S", "boiler"] == done["call E", "boiler"] == 48 * 1_500
    told = [note for note in year.manifest["notes"] if "no load by pump drive was read" in note]
    assert len(told) == 1
    assert told[0].startswith("2 discharges")
    assert "1 electric, 1 steam" in told[0]
    assert set(year.work["provenance"].astype(str)) == {"default"}


def test_loads_by_pump_drive_are_the_ports_own(build: Callable[..., Inventory]) -> None:
    year = build(TWO, [visit("S"), visit("E", cargo_operation="load")], table=BOARDED, need="tanker_loads")
    done = work(year)
    assert done["call S", "boiler"] == 48 * 2_500
    assert done["call S", "auxiliary"] == 48 * 700
    # Of loading the table says nothing: the set's load of the type and size.
    assert done["call E", "boiler"] == 48 * 1_500


def test_electric_pumps_load_the_generators_and_spare_the_boilers(build: Callable[..., Inventory]) -> None:
    year = build(TWO, [visit("S"), visit("E")], table=BOARDED, need="tanker_loads")
    done = work(year)
    assert (done["call E", "auxiliary"], done["call E", "boiler"]) == (48 * 1_900, 48 * 200)
    assert not [note for note in year.manifest["notes"] if "no load by pump drive" in note]
    # On shore power the electric pumps of the one go with its generators, the boilers of the other burn on.
    plugged = work(build(TWO, [visit("S", **SHORE), visit("E", **SHORE)], table=BOARDED, need="tanker_loads"))
    assert plugged["call E", "auxiliary"] == 3 * 1_900
    assert (plugged["call E", "boiler"], plugged["call S", "boiler"]) == (48 * 200, 48 * 2_500)


def test_measured_loads_come_before_the_ports_table(build: Callable[..., Inventory]) -> None:
    ships = [tanker("S", "steam"), tanker("E", "electric", **{"boiler_hotelling (kW)": 100})]
    visits = [visit("S", **{"boiler (kW)": 3_000}), visit("E")]
    done = work(build(ships, visits, table=BOARDED, need="tanker_loads"))
    assert (done["call S", "boiler"], done["call E", "boiler"]) == (48 * 3_000, 48 * 100)


def test_one_load_without_the_other_is_refused(build: Callable[..., Inventory]) -> None:
    half = "\n".join(line for line in BOARDED.splitlines() if "electric,discharge,auxiliary,load" not in line)
    with pytest.raises(MethodError, match="missing for oil_tanker, electric, discharge"):
        build(TWO, [visit("S"), visit("E")], table=half, need="tanker_loads")


def test_boilers_of_steam_pumps_that_burn_on_uncaptured_are_named(build: Callable[..., Inventory]) -> None:
    year = build(TWO, [visit("S", **SHORE), visit("E", **SHORE)])
    told = [note for note in year.manifest["notes"] if "93130.7(c)" in note]
    assert len(told) == 1
    assert told[0].startswith("1 discharges of tankers with steam-driven pumps")
    assert "call S" in told[0]
    covered = CAUGHT | {"capture_groups": "boiler"}
    year = build(TWO, [visit("S", **SHORE, **covered)], table=CAPTURES, need="capture_efficiency")
    assert not [note for note in year.manifest["notes"] if "93130.7(c)" in note]


def test_capture_at_berth_by_hand_with_its_own_power_and_fuel(build: Callable[..., Inventory]) -> None:
    ships, both = [tanker("S", "steam")], {"capture_groups": "auxiliary;boiler"}
    plain = build(ships, [visit("S")])
    year = build(ships, [visit("S", **CAUGHT, **both)], table=CAPTURES, need="capture_efficiency")
    before, after = (y.mass.groupby(y.cells["engine_group"].astype(str)).sum() for y in (plain, year))
    held = 44 / 48
    assert after.loc["auxiliary", "NOx"] == pytest.approx(before.loc["auxiliary", "NOx"] * (1 - held * 0.8))
    assert after.loc["boiler", "NOx"] == pytest.approx(before.loc["boiler", "NOx"] * (1 - held * 0.5))
    for untouched in ("CO2", "SOx", "PM10"):
        assert after.loc["boiler", untouched] == pytest.approx(before.loc["boiler", untouched])
    assert after.loc["capture_system", "NOx"] == pytest.approx(44 * 0.1)
    assert after.loc["capture_system", "CO2"] == pytest.approx(44 * 20 * 3.206)
    drawn = work(year)["call S", ""]
    assert drawn == pytest.approx(44 * 300)


def test_a_captured_stop_is_told_to_scenarios(build: Callable[..., Inventory]) -> None:
    year = build(TWO, [visit("S", **CAUGHT), visit("E")], table=CAPTURES, need="capture_efficiency")
    base = Projector.of(year).base
    stays = base.stays.set_index("record_id")
    assert stays["captured_auxiliary"].to_dict() == {"call S": 1.0, "call E": 0.0}
    assert stays["has_steam_pumps"].to_dict() == {"call S": 1.0, "call E": 0.0}


def test_a_system_without_an_efficiency_is_refused_by_name(build: Callable[..., Inventory]) -> None:
    stop = CAUGHT | {"capture_system": "crane"}
    with pytest.raises(MethodError, match="captured by crane on auxiliary engines, and the table has no eff"):
        build(TWO[:1], [visit("S", **stop)], table=CAPTURES, need="capture_efficiency")
    with pytest.raises(MethodError, match="bring your table"):
        build(TWO[:1], [visit("S", **stop)])


def test_percent_written_as_a_fraction_is_refused(build: Callable[..., Inventory]) -> None:
    wrong = CAPTURES.replace("80,%", "80,fraction")
    with pytest.raises(ValueError, match=r"line 2, column value: NOx of 80 fraction is more than the whole"):
        build(TWO[:1], [visit("S", **CAUGHT)], table=wrong, need="capture_efficiency")


def test_connected_and_captured_at_one_time_is_told_with_file_and_row(
    build: Callable[..., Inventory],
) -> None:
    with pytest.raises(ActivityError, match="on shore power while the exhaust") as told:
        build(TWO[:1], [visit("S", **SHORE, **CAUGHT)], table=CAPTURES, need="capture_efficiency")
    assert "stops.csv" in str(told.value)
    assert "row 2" in str(told.value)
