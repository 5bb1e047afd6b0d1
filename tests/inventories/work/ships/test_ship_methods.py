"""Where sources disagree about ships, which method gives which; and what happens at berth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from emissions import engines, vessels
from emissions.mass import row_mass
from emissions.propulsion import propulsion_loads
from factors.library import resolve
from factors.method import MethodError, load_method
from factors.tables import load_table
from factors.warming import warming_potentials
from inventories.work.ships.berth import BerthError, stay_pieces
from inventories.work.ships.gaps import GapError, fill_ships

SOURCE = "ocean_going_vessels"
EPA, SPBP, IMO, SHIPEF = (
    load_method(name) for name in ("epa-2022", "spbp-partial", "imo-ghg4", "shipef-0.2")
)
METHODS = {"epa-2022": EPA, "spbp-partial": SPBP, "imo-ghg4": IMO}


def ship(kind: str, size: float = np.nan, unit: str | None = None, **known: Any) -> pd.DataFrame:
    stated = {"vessel_id": "9000001", "type": kind, "size": size, "size_unit": unit, "main_kw": 40_000.0,
              "max_speed_kn": 24.0, "engine_type": "SSD"}  # fmt: skip
    return pd.DataFrame([stated | known])


def load_kw(method: str, vessel: pd.DataFrame, group: str, mode: str = "hotelling", **options: str) -> float:
    filled = fill_ships(vessel, METHODS[method].with_options(**options))
    loads = filled.loads.set_index("mode")[f"{group}_kw"]
    return float(loads[mode])


def one_kwh(method: Any, **keys: Any) -> pd.Series:
    row = {"engine_group": "propulsion", "engine_type": "SSD", "tier": "Tier 1", "fuel": "MGO/MDO",
           "sulfur_pct": 0.1, "area_sulfur_pct": 0.1, "load_factor": 1.0, "quantity": 1.0,
           "engine_age": "after_2000"}  # fmt: skip
    rows = pd.DataFrame([row | keys])
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes).sum() * 1000


# --- METHOD: where the sources disagree, row by row ---


@pytest.mark.parametrize(
    ("method", "so2", "co2"), [(EPA, 3.28, 3.28), (SHIPEF, 3.32, 3.28), (SPBP, 1.0, 1.0), (IMO, 1.0, 1.0)]
)
def test_low_load_factors_of_so2_and_co2_at_two_percent(method: Any, so2: float, co2: float) -> None:
    low, full = one_kwh(method, load_factor=0.02), one_kwh(method, load_factor=1.0)
    curve = 1.0
    if method is IMO:  # its fuel rate follows load instead
        curve = (0.455 * 0.0004 - 0.71 * 0.02 + 1.28) / (0.455 - 0.71 + 1.28)
    assert low["SOx"] / full["SOx"] == pytest.approx(so2 * curve, abs=0.005)
    assert low["CO2"] / full["CO2"] == pytest.approx(co2 * curve, abs=0.005)


def test_nitrous_oxide_follows_nox_at_low_load_in_san_pedro_bay_alone() -> None:
    for method, factor in ((EPA, 1.0), (SPBP, 4.63)):
        ratio = one_kwh(method, load_factor=0.02)["N2O"] / one_kwh(method)["N2O"]
        assert ratio == pytest.approx(factor, abs=0.005)


def test_the_load_floor_and_the_engine_that_is_off() -> None:
    leg = pd.DataFrame(
        {"speed_kn": [3.0], "max_speed_kn": 24.0, "main_kw": 40_000.0, "mode": "maneuvering",
         "mean_load": np.nan, "draught_ratio": 1.0, "ghg4_weather": 0.867, "ghg4_correction": 1.0}
    )  # fmt: skip
    for method, load in ((EPA, 0.02), (SPBP, 0.02), (IMO, 0.0)):
        assert propulsion_loads(leg, method)[0][0] == load


def test_speed_margins() -> None:
    """15 % at EPA, none found for San Pedro Bay, divisors of weather and fouling at IMO."""
    leg = pd.DataFrame(
        {"speed_kn": [12.0], "max_speed_kn": 24.0, "main_kw": 40_000.0, "mode": "transit",
         "mean_load": np.nan, "draught_ratio": 1.0, "ghg4_weather": 0.867, "ghg4_correction": 1.0}
    )  # fmt: skip
    for method, margin in ((EPA, 1.15), (SPBP, 1.0), (IMO, 1 / (0.867 * 0.917))):
        assert propulsion_loads(leg, method)[0][0] == pytest.approx(0.125 * margin)
    coastal = EPA.with_options(speed_margin_maneuvering_pct="10")
    assert propulsion_loads(leg.assign(mode="maneuvering"), coastal)[0][0] == pytest.approx(0.1375)


def test_fuel_rate_of_a_slow_speed_engine_on_gas_oil() -> None:
    """185 g/kWh at any age; 165, 175 and 190 by age at IMO."""
    for method in (EPA, SPBP, SHIPEF):
        assert one_kwh(method)["fuel:MGO"] == pytest.approx(185)
    flat = IMO.with_options(load_fuel_rate="off")
    for age, rate in (("after_2000", 165), ("1984-2000", 175), ("before_1984", 190)):
        assert one_kwh(flat, engine_age=age)["fuel:MGO"] == pytest.approx(rate)


def test_engine_age_follows_the_build_year() -> None:
    for year, age in ((1980, "before_1984"), (1984, "1984-2000"), (2000, "1984-2000"), (2001, "after_2000")):
        filled = fill_ships(ship("bulk_carrier", 50_000, "DWT", build_year=year), IMO)
        assert filled.attributes["engine_age"].iloc[0] == age
    assert fill_ships(ship("bulk_carrier", 50_000, "DWT"), EPA).attributes["engine_age"].iloc[0] == ""


def test_fuel_rate_of_a_boiler_on_gas_oil() -> None:
    boiler = {"engine_group": "boiler", "engine_type": "Boiler", "tier": "Tier 0", "load_factor": np.nan}
    for method, rate in ((EPA, 300), (SPBP, 300), (IMO, 320)):
        assert one_kwh(method, **boiler)["fuel:MGO"] == pytest.approx(rate)


def test_fine_particles_are_092_of_pm10_everywhere() -> None:
    for method in METHODS.values():
        got = one_kwh(method)
        assert got["PM2.5"] / got["PM10"] == pytest.approx(0.92)


def test_maximum_speed_from_service_speed() -> None:
    """Over 0.94 as in EPA's code, not times 1.066."""
    assert engines.maximum_speed([20.0])[0] == pytest.approx(20 / 0.94)


@pytest.mark.parametrize(
    ("method", "teu", "kilowatts"),
    [("epa-2022", 8500, 1000), ("epa-2022", 11_500, 1000), ("spbp-partial", 8500, 902),
     ("spbp-partial", 11_500, 1500), ("imo-ghg4", 8500, 1150), ("imo-ghg4", 11_500, 1150)],
)  # fmt: skip
def test_auxiliary_load_of_container_ships_at_berth(method: str, teu: float, kilowatts: float) -> None:
    assert load_kw(method, ship("container", teu, "TEU"), "auxiliary") == kilowatts


@pytest.mark.parametrize(
    ("method", "kilowatts"), [("epa-2022", 1500), ("spbp-partial", 2586), ("imo-ghg4", 2700)]
)
def test_boiler_load_of_an_oil_tanker_of_45_000_tonnes_at_berth(method: str, kilowatts: float) -> None:
    assert load_kw(method, ship("oil_tanker", 45_000, "DWT"), "boiler") == kilowatts


@pytest.mark.parametrize(
    ("method", "auxiliary", "boiler"),
    [("epa-2022", 11_480, 500), ("spbp-partial", 6004, 612), ("imo-ghg4", 11_500, 1100)],
)
def test_loads_of_a_cruise_ship_of_80_000_gross_tons_at_berth(
    method: str, auxiliary: float, boiler: float
) -> None:
    vessel = ship("cruise", 80_000, "GT")
    assert load_kw(method, vessel, "auxiliary") == auxiliary
    assert load_kw(method, vessel, "boiler") == boiler


def test_diesel_electric_cruise_ships_have_bins_of_their_own_in_the_2016_set() -> None:
    """By passengers, with the boilers off at berth."""
    vessel = ship("cruise", 2700, "passengers", propulsion="diesel_electric", engine_type=None)
    assert load_kw("spbp-partial", vessel, "auxiliary") == 10_000
    assert load_kw("spbp-partial", vessel, "boiler") == 0


def test_a_size_of_another_kind_is_not_taken_for_the_bins_of_a_set() -> None:
    """80,000 gross tons are not 80,000 passengers: the middle bin, as if no size were given."""
    by_tonnage = ship("cruise", 80_000, "GT", propulsion="diesel_electric", engine_type=None)
    unsized = ship("cruise", propulsion="diesel_electric", engine_type=None)
    assert load_kw("spbp-partial", by_tonnage, "auxiliary") == load_kw("spbp-partial", unsized, "auxiliary")


def test_gas_tankers_in_the_guidance_and_in_its_package() -> None:
    """Table E.2 prints 150/300/1500/300 kW at "100,000"; the package 100/200/1000/200, by deadweight."""
    by_volume = ship("liquefied_gas_tanker", 80_000, "CBM")
    by_weight = ship("liquefied_gas_tanker", 8_000, "DWT")
    modes = ("transit", "maneuvering", "hotelling", "anchorage")
    printed = [load_kw("epa-2022", by_volume, "boiler", mode, load_set="epa_appendix_e") for mode in modes]
    package = [load_kw("epa-2022", by_weight, "boiler", mode) for mode in modes]
    assert printed == [150, 300, 1500, 300]
    assert package == [100, 200, 1000, 200]


@pytest.mark.parametrize("load_set", ["shippower", "epa_appendix_e", "starcrest_2016", "imo_ghg4"])
def test_every_type_of_a_set_is_found_in_its_table(load_set: str) -> None:
    from inventories.work.ships.gaps import loads_table
    from inventories.work.ships.sizes import scheme_of

    method = EPA.with_options(load_set=load_set)
    scheme = scheme_of(loads_table(method))
    for kind, drive in scheme.types:
        if drive == "any":
            assert fill_ships(ship(kind), method).loads["auxiliary_kw"].notna().all(), kind
    assert set(scheme.types.values()) <= set(scheme.bins["ship_type"])


def test_a_type_without_loads_in_the_set_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        GapError, match=r"ferry_passenger have no loads in starcrest-ghg3.*choose another method"
    ):
        fill_ships(ship("ferry_passenger"), SPBP)
    own: dict[str, Any] = {f"{group}_{mode}_kw": 100.0 for group in ("auxiliary", "boiler")
           for mode in ("transit", "maneuvering", "anchorage", "hotelling")}  # fmt: skip
    assert (fill_ships(ship("ferry_passenger", **own), SPBP).loads["auxiliary_kw"] == 100).all()


def test_slip_by_method() -> None:
    gas = {"engine_type": "LNG", "fuel": "LNG", "cycle": "otto_medium_speed"}
    assert one_kwh(EPA, **gas)["CH4"] == pytest.approx(5.5)
    assert "CH4" not in one_kwh(SHIPEF, **gas)
    assert one_kwh(IMO, **gas)["CH4"] == pytest.approx(5.5)
    assert one_kwh(IMO.with_options(load_fuel_rate="off"), **gas)["fuel:LNG"] == pytest.approx(156)
    slow = gas | {"cycle": "otto_low_speed"}
    assert one_kwh(IMO.with_options(load_fuel_rate="off"), **slow)["fuel:LNG"] == pytest.approx(166)


def test_warming_potentials_by_set() -> None:
    assert warming_potentials("AR4")["CH4"] == 25
    assert warming_potentials("AR4")["N2O"] == 298
    assert all(method.gwp_set == "AR5" for method in METHODS.values())


def test_calorific_value_of_lng_differs_between_transcriptions() -> None:
    """0.0491 in the second transcription, 0.048 in FEEMS after IMO; the method takes FEEMS."""
    table = load_table("fuels", "lifecycle").frame
    rows = table[(table["quantity"] == "LCV") & table["fuel"].str.startswith("LNG")]
    fossil = rows[rows["fuel_class"] == "Fossil"].groupby("source_set")["value"].unique()
    assert set(fossil["FuelEU_second_transcription"]) == {0.0491}
    assert set(fossil["FuelEU_via_FEEMS"]) == {0.048}


def test_a_fixed_load_has_no_default() -> None:
    leg = pd.DataFrame({"mode": ["transit"], "mean_load": np.nan, "speed_kn": 10.0})
    with pytest.raises(MethodError, match="fixed_load_transit and fixed_load_maneuvering"):
        propulsion_loads(leg, EPA.with_options(load_model="fixed"))


def test_a_hull_not_known_follows_the_admiralty_formula_and_says_so() -> None:
    leg = pd.DataFrame(
        {"speed_kn": [12.0, 12.0], "max_speed_kn": 20.0, "main_kw": 10_000.0, "mode": "transit",
         "mean_load": np.nan, "draught_ratio": 0.9, "hull_type": "bulk.carrier", "length_m": [218.75, np.nan],
         "breadth_m": 32.25, "draught_max_m": 13.57, "displacement_m3": 80_097.0, "deadweight_t": 70_000.0,
         "screws": 1.0}
    )  # fmt: skip
    load, replaced = propulsion_loads(leg, EPA.with_options(load_model="holtrop_mennen"))
    assert replaced.tolist() == [False, True]
    assert load[1] == pytest.approx(0.9 ** (2 / 3) * 0.6**3 * 1.15)
    assert 0.02 < load[0] < 1


# --- at berth ---


def stays(count: int = 1, hours: float = 40.0, **known: Any) -> pd.DataFrame:
    start = pd.Timestamp("2023-03-01", tz="UTC")
    blank = pd.Series(pd.NaT, index=range(count)).dt.tz_localize("UTC")
    frame = pd.DataFrame(
        {
            "call_id": [f"C{number}" for number in range(count)], "from_utc": start,
            "to_utc": start + pd.Timedelta(hours=hours), "auxiliary_kw": 1000.0, "boiler_kw": 500.0,
            "shore_power_from_utc": blank, "shore_power_to_utc": blank, "shore_power_kwh": np.nan,
            "shore_power_used": False, "capture_from_utc": blank, "capture_to_utc": blank,
            "aux_engine_type": "MSD", "tier_aux": 2, "auxiliary_from": "given", "boiler_from": "given",
        }
    )  # fmt: skip
    return frame.assign(**known)


def hours_of(pieces: pd.DataFrame) -> pd.DataFrame:
    return pieces.assign(hours=(pieces["end"] - pieces["start"]).dt.total_seconds() / 3600)


def test_eighty_of_a_hundred_calls_connected() -> None:
    """measures.md, worked check 1: 960,000 kWh of engines, 3,040,000 kWh of electricity, 4,000,000 in all."""
    method = EPA.with_options(connect_h="1", disconnect_h="1")
    pieces = hours_of(stay_pieces(stays(100, shore_power_used=np.arange(100) < 80), method))
    assert pieces["hours"].sum() == pytest.approx(4000)
    burnt = vessels.auxiliary_rows(pieces).groupby("engine_group")["quantity"].sum()
    plugged = vessels.shore_power_rows(pieces)["quantity"].sum()
    assert burnt["auxiliary"] == pytest.approx(960_000)
    assert plugged == pytest.approx(3_040_000)
    assert burnt["boiler"] == pytest.approx(2_000_000), "boilers burn on"
    assert vessels.shore_power_rows(pieces, 0.95)["quantity"].sum() == pytest.approx(3_040_000 / 0.95)


def test_a_stay_too_short_to_connect_stays_on_its_engines() -> None:
    method = EPA.with_options(connect_h="1", disconnect_h="1")
    pieces = stay_pieces(stays(hours=1.5, shore_power_used=True), method)
    assert not pieces["connected"].any()


def test_a_marked_stop_without_hours_to_connect_is_refused() -> None:
    with pytest.raises(BerthError, match="connect_h and disconnect_h"):
        stay_pieces(stays(shore_power_used=True), EPA)


def test_measured_times_come_before_the_methods_hours() -> None:
    begin = pd.Timestamp("2023-03-01 05:00", tz="UTC")
    method = EPA.with_options(connect_h="1", disconnect_h="1")
    measured = stays(
        shore_power_used=True, shore_power_from_utc=begin, shore_power_to_utc=begin + pd.Timedelta(hours=10)
    )
    pieces = hours_of(stay_pieces(measured, method))
    assert pieces.loc[pieces["connected"], "hours"].sum() == pytest.approx(10)
    assert pieces["hours"].sum() == pytest.approx(40)


def test_capture_and_shore_power_follow_each_other_and_never_meet() -> None:
    at = pd.Timestamp("2023-03-01", tz="UTC")
    both: dict[str, Any] = {
        "shore_power_from_utc": at + pd.Timedelta(hours=2), "shore_power_to_utc": at + pd.Timedelta(hours=10),
        "capture_from_utc": at + pd.Timedelta(hours=12), "capture_to_utc": at + pd.Timedelta(hours=30),
        "capture_system": "barge", "capture_groups": "auxiliary;boiler",
    }  # fmt: skip
    pieces = hours_of(stay_pieces(stays(**both), EPA))
    caught = pieces["captured_by"] == "barge"
    assert pieces.loc[caught, "hours"].sum() == pytest.approx(18)
    assert pieces.loc[pieces["connected"], "hours"].sum() == pytest.approx(8)
    rows = vessels.auxiliary_rows(pieces)
    assert rows.loc[rows["capture"] == "barge"].groupby("engine_group")["quantity"].sum().to_dict() == {
        "auxiliary": 18_000.0,
        "boiler": 9_000.0,
    }
    with pytest.raises(BerthError, match="connected or captured at one time"):
        stay_pieces(stays(**both | {"capture_from_utc": at + pd.Timedelta(hours=5)}), EPA)


# --- a whole port under each method ---


@pytest.mark.parametrize("method", METHODS)
def test_parts_add_up_under_every_method_and_fuel_made_elsewhere_stays_apart(method: str) -> None:
    from importlib.resources import files
    from pathlib import Path

    from inventories import Inventory, Port
    from inventories.year.well_to_wake import well_to_wake

    port = Port.load(Path(str(files("inventories") / "examples" / "small-harbor")))
    year = max(int(folder.name) for folder in (port.folder / "activity").iterdir() if folder.name.isdigit())
    built = Inventory.build(port, year=year, method=method, well_to_tank="fueleu")
    plain = Inventory.build(port, year=year, method=method)
    ships = {"source_category": SOURCE}
    for pollutant in ("NOx", "SOx", "CO2"):
        total = built.total(pollutant, unit="kg", **ships).magnitude
        assert total == pytest.approx(plain.total(pollutant, unit="kg", **ships).magnitude, rel=1e-12)
        for dimension in ("mode", "engine_group", "zone", "month"):
            parts = built.table(rows=dimension, unit="kg", ghg_unit="kg", pollutants=[pollutant], **ships)
            assert parts.iloc[:, 0].sum() == pytest.approx(total, rel=1e-9)
    assert "CO2e_well_to_tank" not in plain.mass
    found = well_to_wake(plain)
    assert found.gwp["tank_to_wake"] == "AR5"
    assert found.gwp["well_to_tank"] == "AR4"
    burnt = found.values.loc[(SOURCE, "MGO/MDO")]
    inside = built.cells["in_domain"].astype(bool) & (built.cells["source_category"].astype(str) == SOURCE)
    fuel = built.mass["fuel:MGO"][inside].sum() / 1000
    assert burnt["well_to_tank"] == pytest.approx(fuel * 42.7 * 14.4 / 1000)
    assert burnt["well_to_wake"] == pytest.approx(burnt["tank_to_wake"] + burnt["well_to_tank"])
    elsewhere = built.mass["CO2e_well_to_tank"].sum() / 1000
    assert elsewhere == pytest.approx(burnt["well_to_tank"])
