"""Real port calls of Finland, read as Digitraffic publishes them, through the mapping of the example."""

import shutil
from importlib.resources import files

import pandas as pd
import pytest

from inventories.activity import load_activity
from inventories.port.port import Port

FILE = "port_calls/finland_digitraffic_portcalls_2025-03-03.csv"


@pytest.fixture
def helsinki(tmp_path, real_data):
    source = files("inventories.examples").joinpath("helsinki-screening")
    folder = tmp_path / "helsinki"
    shutil.copytree(str(source), folder)
    (folder / "activity/2025").mkdir(parents=True)
    shutil.copyfile(real_data / FILE, folder / "activity/2025/portcalls.csv")
    return Port.load(folder)


def test_the_example_says_that_it_is_a_screening_and_why():
    port = Port.load(str(files("inventories.examples").joinpath("helsinki-screening")))
    assert "neither the size nor the engines" in port.screening
    assert port.control_areas == {"default": ("baltic",)}
    assert port.years() == [2025]
    assert set(port.route_distances()["distance_from"]) == {"given"}
    assert not port.zones().set_index("zone")["in_domain"]["loviisa"]


def test_every_call_is_used_or_left_out_with_its_reason(helsinki):
    activity = load_activity(helsinki, 2025)
    calls = activity.tables["calls"]
    out = activity.rejected.loc[activity.rejected["table"] == "calls"]
    assert len(calls) == 37
    assert calls["call_id"].nunique() + out["record"].nunique() == 314
    assert (out["record"] != "").all()
    reasons = out["reason"].str.replace(r'"\w+"', "...", regex=True).value_counts().to_dict()
    assert reasons == {
        "portToVisit is ..., not FIHEL": 266,
        "arrival is blank; it is required (column ata)": 12,
        "vessel_id is blank; it is required (column imoLloyds)": 1,
    }


def test_planned_departures_stand_in_and_are_marked(helsinki):
    calls = load_activity(helsinki, 2025).tables["calls"].set_index("call_id")
    assert calls["departure_utc_from"].value_counts().to_dict() == {"given": 29, "default": 8}
    # Finneco II was still at berth when the list was made
    assert calls.loc["3178470", "departure_utc"] == pd.Timestamp("2025-03-03T20:30Z")
    assert calls.loc["3178470", "departure_utc_from"] == "default"
    # Ajax lay at two port areas in one call: the actual times of one row, not the planned ones of the other
    assert calls.loc["3219912", "departure_utc"] == pd.Timestamp("2025-03-02T23:00Z")
    assert calls.loc["3219912", "departure_utc_from"] == "given"


def test_ships_come_from_the_same_file_and_their_types_are_marked(helsinki):
    tables = load_activity(helsinki, 2025).tables
    ships = tables["vessels"].set_index("vessel_id")
    assert ships.index.is_unique
    assert set(tables["calls"]["vessel_id"]) <= set(ships.index)
    assert ships.loc["9856842", ["name", "type", "type_from"]].tolist() == ["Finneco II", "roro", "default"]
    assert ships.loc["9773064", "type"] == "ferry_ropax"
    assert set(ships["type_from"]) == {"default"}


def test_all_codes_of_the_file_have_a_meaning(helsinki, real_data):
    codes = pd.read_csv(real_data / FILE, dtype={"vesselTypeCode": "str"})["vesselTypeCode"].unique()
    assert set(codes) <= set(helsinki.mapping["vessels"].values["type"])


def test_stays_and_ways_are_made_from_the_calls(helsinki):
    tables = load_activity(helsinki, 2025).tables
    assert len(tables["stops"]) == 37
    assert set(tables["stops"]["from_utc_from"]) == {"default"}
    assert set(tables["stops"]["zone"]) == {"harbor", "kantvik"}
    legs = tables["legs"].groupby("call_id")["distance_nmi"].sum()
    assert len(legs) == 36  # nobody drew a way to Kantvik
    assert legs["3178470"] == pytest.approx(2 * (11.5 + 5.9))
