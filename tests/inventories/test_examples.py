"""The packaged example ports: they load, they are plausible, and they say that they are illustrative."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inventories.activity import load_activity
from inventories.examples import copy_example, list_examples
from inventories.examples._draws import Draws, facts, largest_remainder
from inventories.examples._san_pedro_bay_harbor import first_tier_4, legal_years
from inventories.examples._san_pedro_bay_landside import first_tier_4 as first_tier_4_off_road
from inventories.examples.make_san_pedro_bay import make
from inventories.port.port import Port

EXAMPLES = Path(facts.__code__.co_filename).parent
SPB = EXAMPLES / "san-pedro-bay"
SMALL = EXAMPLES / "small-harbor"
HOUR = pd.Timedelta(hours=1)


@lru_cache(maxsize=2)
def activity_of(name: str, year: int) -> dict[str, pd.DataFrame]:
    return load_activity(Port.load(EXAMPLES / name), year).tables


@pytest.fixture
def spb() -> dict[str, pd.DataFrame]:
    return activity_of("san-pedro-bay", 2023)


@pytest.fixture
def small() -> dict[str, pd.DataFrame]:
    return activity_of("small-harbor", 2024)


def hours(stops: pd.DataFrame) -> pd.Series:
    return (stops["to_utc"] - stops["from_utc"]) / HOUR


# --- copying ---


def test_both_ports_are_listed() -> None:
    assert {"san-pedro-bay", "small-harbor"} <= set(list_examples())


def test_a_copied_example_is_whole_and_loads(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "new" / "my-port")
    copied = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    packaged = {path.relative_to(SMALL) for path in SMALL.rglob("*") if path.is_file()}
    assert copied == packaged
    assert Port.load(folder).slug == "small-harbor"
    assert [path.name for path in folder.parent.iterdir()] == ["my-port"], "nothing is left beside it"


def test_an_example_may_be_copied_into_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "my-port").mkdir()
    assert (copy_example("small-harbor", tmp_path / "my-port") / "port.toml").is_file()


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "port.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="is not empty; nothing was written"):
        copy_example("small-harbor", tmp_path)
    assert (tmp_path / "port.toml").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["port.toml"]
    with pytest.raises(FileExistsError, match="is a file"):
        copy_example("small-harbor", tmp_path / "port.toml")


def test_an_unknown_example_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no example called 'atlantis'.*small-harbor"):
        copy_example("atlantis", "anywhere")


@pytest.mark.parametrize("name", ["san-pedro-bay", "small-harbor"])
def test_every_example_calls_itself_illustrative(name: str) -> None:
    port = Port.load(EXAMPLES / name)
    assert port.illustrative
    assert "llustrative" in port.note
    assert "illustrative" in port.name
    for file in ("README.md", "zones.geojson", "routes.geojson", "port.toml"):
        assert "llustrative" in (EXAMPLES / name / file).read_text(encoding="utf-8")


def test_the_package_stays_small() -> None:
    assert sum(path.stat().st_size for path in SPB.rglob("*") if path.is_file()) < 3_000_000


# --- the script ---


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    make(tmp_path / "one")
    make(tmp_path / "two")
    make(tmp_path / "other", seed=7)
    files = sorted(
        path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()
    )
    assert len(files) == 13
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
    worked_out = ("truck_legs", "locomotives", "electricity")
    drawn = [file for file in files if file.suffix != ".geojson" and file.stem not in worked_out]
    for file in drawn:
        assert (tmp_path / "one" / file).read_bytes() != (tmp_path / "other" / file).read_bytes(), file
    # What is packaged is what the script writes. Compression may differ between versions of the libraries
    # that write Parquet and Excel, so those two are compared by what they hold.
    for file in files:
        fresh, packaged = tmp_path / "one" / file, SPB / file
        if file.suffix == ".parquet":
            pd.testing.assert_frame_equal(pd.read_parquet(fresh), pd.read_parquet(packaged))
        elif file.suffix == ".xlsx":
            read = [pd.read_excel(path, engine="openpyxl") for path in (fresh, packaged)]
            pd.testing.assert_frame_equal(*read)
        else:
            assert fresh.read_bytes() == packaged.read_bytes(), file


def test_an_assumption_that_nobody_makes_is_refused(tmp_path: Path) -> None:
    text = (SPB / "assumptions.csv").read_text(encoding="utf-8")
    (tmp_path / "assumptions.csv").write_text(text + "calls.moons,1,call,assumption,none\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"calls\.moons"):
        make(tmp_path)


@pytest.mark.parametrize("file", ["assumptions.csv", "checks.csv"])
def test_every_assumption_and_check_has_a_number_a_unit_and_a_source(file: str) -> None:
    with (SPB / file).open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) >= 29
    for row in rows:
        assert all(value.strip() for value in row.values()), row
        for number in ("value", "low", "high"):
            float(row.get(number, "0"))


def test_every_row_of_the_published_counts_names_its_source() -> None:
    for path in (EXAMPLES / "facts").glob("*.csv"):
        table = pd.read_csv(path)
        assert len(table)
        assert table["source"].notna().all(), path.name


def test_shares_of_the_assumptions_add_up_to_one() -> None:
    table = pd.read_csv(SPB / "assumptions.csv").set_index("name")["value"]
    kinds = [name for name in table.index if name.startswith("calls.share.") and "POL" not in name]
    assert table[kinds].sum() == pytest.approx(1)
    for prefix in ("approach.share.", "trucks.share.", "trucks.natural_gas_model_year.", "equipment.share."):
        assert table[table.index.str.startswith(prefix)].sum() == pytest.approx(1), prefix
    fuels = table[table.index.str.startswith("equipment.fuel.")]
    assert (fuels.groupby(fuels.index.str.split(".").str[2]).sum().round(9) == 1).all()


def test_whole_numbers_are_split_without_loss() -> None:
    assert largest_remainder(np.array([1.0, 1.0, 1.0]), 10).tolist() == [4, 3, 3]
    draws = Draws(1).stream("weights").uniform(500)
    assert largest_remainder(draws, 12_345).sum() == 12_345


def test_streams_of_draws_do_not_disturb_one_another() -> None:
    one, other = Draws(5), Draws(5)
    other.stream("first").uniform(10)
    np.testing.assert_array_equal(one.stream("second").uniform(3), other.stream("second").uniform(3))
    assert not np.array_equal(one.stream("a").uniform(3), one.stream("b").uniform(3))


# --- San Pedro Bay, from its activity alone ---


def measured(spb: dict[str, pd.DataFrame]) -> dict[str, float]:
    """What `checks.csv` gives ranges for, as far as activity alone can say it."""
    calls, stops, legs = spb["calls"], spb["stops"], spb["legs"]
    kind = calls.set_index("call_id")["vessel_id"].map(spb["vessels"].set_index("vessel_id")["type"])
    local = calls.set_index("call_id")["arrival_utc"].dt.tz_convert("America/Los_Angeles")
    here = local.index[local.dt.year == 2023]
    berths = stops[(stops["kind"] == "berth") & stops["call_id"].isin(here)].assign(hours=hours)
    per_call = berths.groupby("call_id")["hours"].sum().groupby(kind).mean()
    teu = float(berths["teu"].sum())
    found = {
        "calls": len(here),
        "teu_total": teu,
        "teu_per_call.container": teu / (kind[here] == "container").sum(),
    }
    found |= {f"berth_hours_per_call.{name}": value for name, value in per_call.items()}
    for ring in ("ring-20", "ring-40"):
        found[f"vsr_share.{ring}"] = (legs.loc[legs["zone"] == ring, "speed_kn"] <= 12).mean()
    container = berths[berths["call_id"].map(kind) == "container"]
    found["shore_power_share.container"] = container["shore_power_from_utc"].notna().mean()

    visits, ways = spb["gate_visits"], spb["truck_legs"]
    total = visits["count"].sum()
    within = ways[ways["zone"] != "beyond-basin"].groupby("visit_key")["miles"].sum()
    driven = visits["count"] * (visits["visit_key"].map(within) + visits["on_terminal_miles"])
    found["visits_per_teu"] = total / teu
    found["miles_per_visit_in_domain"] = driven.sum() / total
    found["miles_per_teu_in_domain"] = driven.sum() / teu
    trains = spb["locomotives"].dropna(subset=["gal_per_1000_gtm"])
    moved = trains["gross_tons"] * trains["miles"] * trains["trips"]
    # EPA-420-F-09-025, Table 3: 20.8 bhp-hr from a gallon in large line haul.
    found["hp_hr_per_1000_gross_ton_mile"] = (moved * trains["gal_per_1000_gtm"]).sum() / moved.sum() * 20.8
    found["diesel_share_of_visits"] = visits.loc[visits["fuel"] == "diesel", "count"].sum() / total

    machines = spb["equipment"]
    found["equipment_units"] = machines["count"].sum()
    found["electric_share_of_equipment"] = (machines["fuel"] == "electric").mean()
    found["hours_per_machine.all"] = machines["hours"].mean()
    found |= {f"hours_per_machine.{n}": h for n, h in machines.groupby("type")["hours"].mean().items()}
    return found


def test_san_pedro_bay_is_plausible_by_its_own_table_of_checks(spb: dict[str, pd.DataFrame]) -> None:
    checks = pd.read_csv(SPB / "checks.csv").set_index("quantity")
    found = measured(spb)
    # Loads by engine, and masses, are known of a year that is built.
    later = {name for name in checks.index if name.startswith(("auxiliary_kwh_per_call", "mass."))}
    assert set(checks.index) - later <= set(found)
    wrong = {
        name: (found[name], low, high)
        for name, low, high in checks.drop(later)[["low", "high"]].itertuples()
        if not low <= found[name] <= high
    }
    assert not wrong


def test_gate_visits_are_five_million_and_each_drives_a_known_pattern(spb: dict[str, pd.DataFrame]) -> None:
    assert spb["gate_visits"]["count"].sum() == 5_000_000
    assert set(spb["gate_visits"]["visit_key"]) == set(spb["truck_legs"]["visit_key"])


def test_a_visit_drives_its_route_there_and_back(spb: dict[str, pd.DataFrame]) -> None:
    distances = Port.load(SPB).route_distances()
    route = distances[distances["medium"] == "road"].groupby("route")["distance_mile"].sum()
    driven = spb["truck_legs"].groupby("visit_key")["miles"].sum()
    np.testing.assert_allclose(driven, 2 * route.loc[driven.index], atol=0.002)


def test_truck_speeds_by_zone_follow_the_published_histogram(spb: dict[str, pd.DataFrame]) -> None:
    legs = spb["truck_legs"].assign(h=lambda t: t["miles"] / t["speed_mph"])
    by_zone = legs.groupby("zone")[["miles", "h"]].sum().eval("miles / h")
    bins = facts("truck_speed_bins").query("speed_mph_from >= 1")
    assert by_zone["near-port"] == pytest.approx(bins["miles"].sum() / bins["hours"].sum(), rel=0.005)
    assert by_zone["port-la"] < by_zone["near-port"] < by_zone["south-coast"]


def test_teu_of_cargo_are_the_published_ones_by_port_and_month() -> None:
    published = facts("teu_by_month").set_index(["port", "month"])
    raw = pd.read_csv(SPB / "activity/2023/cargo.csv")
    cargo = raw.assign(port=raw["terminal"].str[:2].map({"LA": "POLA", "LB": "POLB"}))
    sums = cargo.groupby(["port", "period"])[["teu_loaded", "teu_empty"]].sum()
    np.testing.assert_allclose(sums, published.loc[sums.index, ["teu_loaded", "teu_empty"]], atol=1.0)
    assert len(sums) == 24


def test_some_calls_cross_new_year_both_ways_and_some_a_month(spb: dict[str, pd.DataFrame]) -> None:
    calls = spb["calls"]
    arrival, departure = (
        calls[f"{x}_utc"].dt.tz_convert("America/Los_Angeles") for x in ("arrival", "departure")
    )
    assert (arrival.dt.year == 2022).sum() == 12
    assert (departure[arrival.dt.year == 2022].dt.year == 2023).all()
    assert (departure.dt.year == 2024).sum() > 5
    assert (arrival.dt.month != departure.dt.month).mean() > 0.05


def test_a_call_is_from_its_first_stop_to_its_last(spb: dict[str, pd.DataFrame]) -> None:
    stops = spb["stops"].groupby("call_id").agg(first=("from_utc", "min"), last=("to_utc", "max"))
    calls = spb["calls"].set_index("call_id")
    assert (calls["arrival_utc"] == stops["first"].loc[calls.index]).all()
    assert (calls["departure_utc"] == stops["last"].loc[calls.index]).all()
    assert spb["stops"].groupby("call_id").size().max() == 3, "anchorage, berth, second berth"


def test_every_call_sails_in_and_out_along_its_routes(spb: dict[str, pd.DataFrame]) -> None:
    legs, calls = spb["legs"], spb["calls"].set_index("call_id")
    ways = Port.load(SPB).route_distances().groupby("route")["distance_nmi"].sum()
    sailed = legs[legs["kind"] == "outbound"].groupby("call_id")["distance_nmi"].sum()
    expected = calls["departure_route"].map(ways)
    np.testing.assert_allclose(sailed.loc[calls.index], expected, atol=0.01)
    assert set(legs[legs["kind"] == "inbound"]["call_id"]) == set(calls.index)
    zones = set(Port.load(SPB).zones()["zone"])
    assert set(legs["zone"]) <= zones


def test_who_keeps_the_limit_within_40_miles_keeps_it_within_20(spb: dict[str, pd.DataFrame]) -> None:
    legs = spb["legs"][spb["legs"]["kind"] != "shift"]
    speed = legs[legs["zone"].isin(["ring-20", "ring-40"])].pivot(
        index=["call_id", "kind"], columns="zone", values="speed_kn"
    )
    assert (speed.loc[speed["ring-40"] <= 12, "ring-20"] <= 12).all()


def test_the_register_has_gaps_to_fill_and_knows_early_keels() -> None:
    vessels = pd.read_csv(SPB / "activity/2023/vessels.csv")
    assert vessels["type"].notna().all()
    for column in ("main_kw", "max_speed_kn", "keel_date", "engine_type"):
        assert 0.03 < vessels[column].isna().mean() < 0.6, column
    both = vessels.dropna(subset=["build_year", "keel_date"])
    keel = both["keel_date"].str[:4].astype(int)
    assert (keel < both["build_year"] + 1).all()
    assert ((both["build_year"] >= 2016) & (keel < 2016)).any(), "built after 2016 is not Tier III by itself"


# --- San Pedro Bay, by the rules of its year ---


def test_marine_engines_are_tier_4_by_power_and_model_year() -> None:
    # 40 CFR 1042: 600 to 1,400 kW from 2017, to 2,000 kW from 2016; above, the phase-in begins in 2014.
    power = np.array([590, 600, 1390, 1400, 1990, 2000])
    assert first_tier_4(power).tolist() == [9999, 2017, 2017, 2016, 2016, 2014]


def test_engines_that_the_first_craft_rule_bound_were_renewed_and_others_kept() -> None:
    old, small = np.array([1995, 2006, 2007, 2020]), np.full(4, 300)
    tug = legal_years("tug", old, small, 0.0, Draws(1).stream("a"))
    assert (tug[:2] >= 2009).all()
    assert tug[2:].tolist() == [2007, 2020]
    assert legal_years("work_boat", old, small, 0.0, Draws(1).stream("a")).tolist() == old.tolist()


def test_a_large_engine_of_a_tier_4_year_is_tier_4_or_was_bought_before() -> None:
    year, power = np.array([2018, 2018, 2016]), np.array([700, 1500, 700])
    assert legal_years("work_boat", year, power, 0.0, Draws(1).stream("a")).tolist() == [2016, 2015, 2016]
    assert legal_years("work_boat", year, power, 1.0, Draws(1).stream("a")).tolist() == year.tolist()


def test_no_craft_engine_has_a_certificate_that_its_power_and_year_forbid() -> None:
    engines = pd.read_csv(SPB / "activity/2023/harbor_craft_engines.csv")
    assert len(engines) == 290, "two rows a craft"
    large = engines[engines["power_kw"] >= 600]
    assert len(large) >= 35, "25 tugs and 10 ocean tugs of some 1,700 kW, and others"
    assert not ((large["tier"] == "Tier 3") & (large["model_year"] >= 2017)).any()
    assert not ((large["tier"] == "Tier 3") & (large["model_year"] >= 2016))[large["power_kw"] >= 1400].any()
    bound = ["tug", "ocean_tug", "towboat", "ferry", "excursion", "crew_boat"]
    assert engines.loc[engines["craft_type"].isin(bound), "model_year"].min() >= 2007, "Tier 2 at least"
    assert set(engines["fuel"]) == {"renewable_diesel"}, "13 CCR 2299.5(b) asks for R99 or R100 from 2023"


def test_equipment_is_retired_and_fitted_as_the_rule_on_cargo_handling_demanded(
    spb: dict[str, pd.DataFrame],
) -> None:
    machines = spb["equipment"]
    assert len(machines) == 3200
    diesel = machines[machines["fuel"] == "diesel"]
    tractors = diesel[diesel["type"] == "yard_tractor"]
    assert tractors["engine_model_year"].min() > 2006, "the last off-road ones went by the end of 2013"
    early = tractors[tractors["engine_model_year"] < 2014]
    assert early["has_on_road_engine"].astype(bool).all(), "no final Tier 4 off-road engine was to be had"
    others = diesel[~diesel["type"].isin(["yard_tractor", "sweeper", "crane", "aerial_lift", "truck"])]
    assert others["engine_model_year"].min() >= 2004
    before = others["engine_model_year"] < first_tier_4_off_road(others["power_kw"] / 0.7456998715822702)
    fitted = others["device_level"] == "3"
    assert not (fitted & ~before).any(), "Tier 4 engines are certified with their treatment"
    assert 0.8 < fitted[before].mean() < 0.9
    assert (machines.loc[machines["fuel"] != "diesel", "device_level"].fillna("none") == "none").all()


def test_off_road_engines_are_tier_4_by_power() -> None:
    # 40 CFR 1039.1, Table 1: 130 to 560 kW and above from 2011, 56 to 130 kW from 2012, below from 2008.
    assert first_tier_4_off_road(pd.Series([60.0, 80.0, 225.0, 900.0])).tolist() == [2008, 2012, 2011, 2011]


def test_locomotives_were_built_in_the_years_of_their_tier() -> None:
    table = pd.read_csv(SPB / "activity/2023/locomotives.csv")
    built = table.groupby("tier")["year_built"].agg(["min", "max"])
    years = {
        "Tier 1+": (1993, 2004), "Tier 2": (2005, 2011), "Tier 2+": (2005, 2011), "Tier 3": (2011, 2014),
        "Tier 4": (2015, 2023),
    }  # fmt: skip
    for tier, (first, last) in years.items():
        assert first <= built.loc[tier, "min"] <= built.loc[tier, "max"] <= last, tier


def test_ships_that_the_rule_binds_plug_in_and_the_others_do_not(spb: dict[str, pd.DataFrame]) -> None:
    stops = spb["stops"][spb["stops"]["kind"] == "berth"]
    ship = stops["call_id"].map(spb["calls"].set_index("call_id")["vessel_id"])
    kind = ship.map(spb["vessels"].set_index("vessel_id")["type"])
    plugged = stops["shore_power_from_utc"].notna().groupby(kind).mean()
    assert (plugged[["container", "cruise", "reefer"]] > 0.74).all(), "74 % of the power of 2022, statewide"
    assert (plugged.drop(["container", "cruise", "reefer"]) == 0).all(), "others from 2025"


def test_names_are_invented(spb: dict[str, pd.DataFrame]) -> None:
    assert spb["vessels"]["vessel_id"].str.fullmatch(r"V\d{4}").all()
    assert Port.load(SPB).terminals["name"].str.contains("invented").all()


def test_zones_of_san_pedro_bay_leave_no_stretch_of_a_route_outside() -> None:
    assert "outside" not in set(Port.load(SPB).route_distances()["zone"])


# --- Small Harbor, by hand ---


def test_small_harbor_lies_at_berth_for_the_hours_its_page_says(small: dict[str, pd.DataFrame]) -> None:
    stops = small["stops"].assign(hours=hours)
    berth = stops[stops["kind"] == "berth"].set_index("call_id")["hours"]
    assert berth.to_dict() == {"H1": 36, "H2": 36, "H3": 24, "H4": 12, "H5": 25, "H6": 24}
    assert stops.loc[stops["kind"] == "anchorage", "hours"].tolist() == [12]
    plugged = stops["shore_power_to_utc"] - stops["shore_power_from_utc"]
    assert plugged.dropna().tolist() == [10 * HOUR]


def test_small_harbor_crosses_new_year_and_a_leap_day(small: dict[str, pd.DataFrame]) -> None:
    calls = small["calls"].set_index("call_id")
    departure = calls["departure_utc"].dt.tz_convert("Europe/Tallinn")
    assert departure["H6"].year == 2025
    stay = pd.date_range(calls.loc["H2", "arrival_utc"], calls.loc["H2", "departure_utc"], freq="h")
    assert (stay.tz_convert("Europe/Tallinn").strftime("%m-%d") == "02-29").sum() == 24


def test_small_harbor_is_metric_and_its_ways_are_round_numbers(small: dict[str, pd.DataFrame]) -> None:
    legs = small["legs"][small["legs"]["call_id"] == "H5"]
    np.testing.assert_allclose(legs["distance_nmi"], [12, 2, 2, 12], rtol=1e-9)
    np.testing.assert_allclose(legs["speed_kn"], [12, 6, 6, 12], rtol=1e-9)
    assert small["vessels"].set_index("vessel_id").loc["bulk-1", "main_kw"] == pytest.approx(6900)
    by_hand = small["legs"][small["legs"]["call_id"] == "H1"]
    np.testing.assert_allclose(by_hand["distance_nmi"], [5, 12, 2, 2, 12, 5], rtol=1e-9)


def test_small_harbor_has_five_machines_and_no_trucks(small: dict[str, pd.DataFrame]) -> None:
    machines = small["equipment"]
    assert machines["count"].sum() == 5
    assert (machines["count"] * machines["hours"]).sum() == 4400
    assert "gate_visits" not in small or small["gate_visits"].empty


def test_small_harbor_is_in_the_baltic_and_leaves_nothing_outside() -> None:
    port = Port.load(SMALL)
    assert port.control_areas["default"] == ("baltic",)
    assert "outside" not in set(port.route_distances()["zone"])
