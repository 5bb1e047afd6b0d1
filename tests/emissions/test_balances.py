"""What no engine can do: more sulfur or carbon than its fuel holds, more of a part than of the whole."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.balances import Breach, breaches, broken, told
from emissions.engines import generator_load
from emissions.mass import row_mass
from factors import library
from factors.method import Method, load_method

SHIPS = "ocean_going_vessels"
METHODS = ("epa-2022", "shipef-0.2", "spbp-partial", "imo-ghg4", "icct-save-2025")
OILS = (("MGO/MDO", 0.1), ("RM/HFO", 0.5), ("RM/HFO", 2.7), ("VLSFO", 0.5))
CYCLES = ("", "otto_medium_speed", "otto_low_speed", "diesel_high_pressure", "lean_burn")
LOADS = np.arange(0.02, 1.0001, 0.01)
KEYS = ["engine_group", "engine_type", "tier", "fuel", "sulfur_pct", "cycle", "hotel_share"]


def engines(name: str) -> pd.DataFrame:
    """Each kind of engine on oil or gas: diesels by tier and fuel, turbines, gas engines, boilers."""
    save = name == "icct-save-2025"
    rows: list[tuple[object, ...]] = []
    diesels = ("SSD", "MSD", "MSD-ED", *(["HSD"] if save else []))
    for engine, tier, oil in product(diesels, range(4), OILS):
        for hotel in (0.0, 0.2) if engine == "MSD-ED" else (np.nan,):
            rows.append(("propulsion", engine, f"Tier {tier}", *oil, "", hotel))
    for engine, oil in product(("ST", "GT"), OILS[:3]):
        rows.append(("propulsion", engine, "Tier 0", *oil, "", np.nan))
    for cycle in CYCLES:
        tier = "Tier 2" if save or cycle == "diesel_high_pressure" else "Tier 0"
        rows.append(("propulsion", "LNG", tier, "LNG", 0.1, cycle, np.nan))
    for tier, oil in product(range(4), OILS):
        rows.append(("auxiliary", "SSD" if save else "MSD", f"Tier {tier}", *oil, "", np.nan))
    rows += [("boiler", "Boiler", "Tier 0", *oil, "", np.nan) for oil in OILS]
    frame = pd.DataFrame(rows, columns=KEYS).assign(
        area_sulfur_pct=0.5, engine_age="after_2000", after_treatment="", capture="", hours=1.0, quantity=1.0
    )
    if save:
        kind = frame["engine_type"]
        frame["main_engine"] = kind.where(frame["engine_group"] != "boiler", "SSD")
        frame["rpm"] = np.where(kind.str.startswith("MSD"), 500.0, 0.0)
        frame["fuel_year"] = 2023
    return frame


def at(frame: pd.DataFrame, load: float) -> pd.DataFrame:
    return frame.assign(load_factor=np.where(frame["engine_group"] == "propulsion", load, np.nan))


def per_work(frame: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Mass of each row per unit of its work. [g/kWh]"""
    class_id, classes = library.resolve(SHIPS, frame, method)
    return row_mass(frame, class_id, classes) * 1000


def one(method: Method, load: float, **keys: object) -> pd.Series:
    frame = at(engines("epa-2022").iloc[:1].assign(**keys), load)
    return per_work(frame, method).iloc[0]


# ---------------------------------------------------------------- no method makes more than there is


@pytest.mark.parametrize("name", METHODS)
def test_no_engine_breaks_a_balance_at_any_load(name: str) -> None:
    method, kinds = load_method(name), engines(name)
    frame = pd.concat([at(kinds, load) for load in LOADS], ignore_index=True)
    class_id, classes = library.resolve(SHIPS, frame, method)
    assert told(breaches(SHIPS, frame, class_id, classes, method)) == []


@settings(max_examples=25, deadline=None)
@given(load=st.floats(0.02, 1.0), name=st.sampled_from(["epa-2022", "icct-save-2025"]))
def test_black_carbon_is_a_part_of_the_fine_particles_at_any_load(load: float, name: str) -> None:
    frame = at(engines(name), load)
    mass = per_work(frame, load_method(name))
    main = (frame["engine_group"] == "propulsion").to_numpy()
    assert (mass["BC"] <= mass["PM2.5"] * (1 + 1e-12))[main].all()


@settings(max_examples=25, deadline=None)
@given(load=st.floats(0.02, 1.0), slower=st.floats(0.5, 0.99))
def test_a_ship_that_slows_down_never_makes_more_sulfur_dioxide_than_its_fuel_holds(
    load: float, slower: float
) -> None:
    """SO2 over fuel is the same at both loads: 2 x 0.97753 x 0.1 %."""
    method = load_method("epa-2022")
    for at_load in (load, max(0.02, load * slower**3)):
        mass = one(method, at_load)
        assert mass["SOx"] / mass["fuel:MGO"] == pytest.approx(2 * 0.97753 * 0.001, rel=1e-12)


# ---------------------------------------------------------------- by hand


def test_sulfur_dioxide_follows_the_fuel_burnt_at_low_load_by_default() -> None:
    """185 g/kWh x 2 x 0.97753 x 0.001 = 0.36169; times 3.28, EPA's of CO2 at 2 % load, not 9.54."""
    plain = 185 * 2 * 0.97753 * 0.001
    assert one(load_method("epa-2022"), 0.5)["SOx"] == pytest.approx(plain, rel=1e-12)
    assert one(load_method("epa-2022"), 0.02)["SOx"] / plain == pytest.approx(3.28, abs=0.005)
    printed = load_method("epa-2022").with_options(llaf_so2="epa_table")
    assert one(printed, 0.02)["SOx"] / plain == pytest.approx(9.54, abs=0.005)
    flat = load_method("epa-2022").with_options(llaf_co2="none")
    assert one(flat, 0.02)["SOx"] == pytest.approx(plain, rel=1e-12)


def test_black_carbon_of_a_medium_speed_engine_is_bounded_where_its_curve_passes_the_particles() -> None:
    """At 10 % load 205 g/kWh x 1.60 g/kg = 0.328 g/kWh by ICCT 2017, Table F-3, is more than 0.196.

    That is 0.92 x 0.1545 g/kWh, the fine particles without sulfate, times EPA's regression 0.0059 L^-1.5 +
    0.2551 at 0.10 over that at 0.20. At full load nothing is bounded: 205 x 0.12 / 1000.
    """
    msd = {"engine_type": "MSD"}
    bounded = load_method("epa-2022")
    free = bounded.with_options(black_carbon_bound="none")
    assert one(free, 0.1, **msd)["BC"] == pytest.approx(0.328, rel=1e-12)
    low = (0.0059 * 0.1**-1.5 + 0.2551) / (0.0059 * 0.2**-1.5 + 0.2551)
    assert one(bounded, 0.1, **msd)["BC"] == pytest.approx(0.92 * 0.1545 * low, rel=1e-3)
    assert one(bounded, 1.0, **msd)["BC"] == pytest.approx(0.0246, rel=1e-12)


def test_hydrocarbons_of_a_gas_engine_hold_its_slip() -> None:
    gas = {"engine_type": "LNG", "tier": "Tier 0", "fuel": "LNG", "cycle": "otto_medium_speed"}
    mass = one(load_method("epa-2022"), 0.5, **gas)
    assert mass["HC"] == mass["CH4"] == pytest.approx(5.5)


# ---------------------------------------------------------------- electric drive


@pytest.mark.parametrize(
    ("shaft", "hotel", "running"),
    [
        (0.02, 0.00, 0.08),  # one of four
        (0.02, 0.18, 0.80),  # the hotel keeps it busy
        (0.05, 0.18, 0.46),  # 0.92 of one is more than 0.85: two run
        (0.60, 0.00, 0.80),  # three at 80 %
        (0.90, 0.20, 1.00),  # all four, at most what they have
    ],
)
def test_as_few_generators_run_as_keep_the_reserve(shaft: float, hotel: float, running: float) -> None:
    assert generator_load(shaft, hotel, generators=4, reserve=0.15) == pytest.approx(running)


@given(shaft=st.floats(0.001, 1.0), hotel=st.floats(0.0, 0.5), generators=st.integers(1, 12))
def test_running_generators_carry_the_plant_and_no_more_than_they_can(
    shaft: float, hotel: float, generators: int
) -> None:
    load = float(generator_load(shaft, hotel, generators=generators, reserve=0.15))
    assert min(shaft + hotel, 1.0) <= load + 1e-9 <= 1.0 + 2e-9
    if load < 0.425 * (1 - 1e-9):  # two of them would have run at half of 85 % at least
        assert load == pytest.approx(generators * (shaft + hotel))


def test_low_load_factors_of_electric_drives_follow_the_running_generators() -> None:
    method = load_method("epa-2022")
    drive = {"engine_type": "MSD-ED"}
    alone = one(method, 0.02, hotel_share=0.0, **drive)
    assert alone["HC"] == pytest.approx(one(method, 0.08, engine_type="MSD")["HC"])
    busy = one(method, 0.02, hotel_share=0.18, **drive)
    assert busy["HC"] == pytest.approx(one(method, 0.8, engine_type="MSD")["HC"])
    assert busy["BC"] == pytest.approx(one(method, 0.8, engine_type="MSD")["BC"])
    shaft = method.with_options(electric_drive_load="shaft")
    assert one(shaft, 0.02, **drive)["HC"] == pytest.approx(one(method, 0.5, engine_type="MSD")["HC"])


# ---------------------------------------------------------------- the check finds what is wrong


def test_a_method_that_makes_more_sulfur_dioxide_than_there_is_sulfur_is_told_with_class_and_loads() -> None:
    """EPA's printed column: 9.54 x 0.97753 / 3.28 = 2.84 times the sulfur of the fuel at 2 % load."""
    method = load_method("epa-2022").with_options(llaf_so2="epa_table", black_carbon_bound="none")
    kinds = engines("epa-2022")
    kinds = kinds[kinds["engine_type"].isin(["SSD", "MSD"]) & (kinds["fuel"] == "MGO/MDO")]
    frame = pd.concat([at(kinds, load) for load in LOADS], ignore_index=True)
    class_id, classes = library.resolve(SHIPS, frame, method)
    found = breaches(SHIPS, frame, class_id, classes, method)
    sulfur = [breach for breach in found if breach.balance.startswith("SO2")]
    assert len(sulfur) == 8, "both engines, four tiers"
    assert all(breach.ratio == pytest.approx(9.54 * 0.97753 / 3.28, rel=2e-3) for breach in sulfur)
    assert all(breach.loads == pytest.approx((0.02, 0.19)) for breach in sulfur)
    carbon = [breach for breach in found if breach.balance == "BC <= PM2.5"]
    assert {breach.engine.split()[1] for breach in carbon} == {"MSD"}
    assert all(breach.loads == pytest.approx((0.04, 0.17)) for breach in carbon)
    (first, *_) = told(found)
    assert "propulsion SSD Tier 0 MGO/MDO 0.1 has 2.84 times as much at loads of 0.02 to 0.19" in first


def test_each_balance_is_found_broken_where_it_is() -> None:
    mass = pd.DataFrame(
        {"BC": 1.1, "PM2.5": 1.0, "PM10": 0.9, "DPM": 1.2, "CH4": 2.0, "THC": 1.0, "SOx": 0.0025, "CO2": 3.3,
         "fuel:diesel": 1.0},
        index=[0],
    )  # fmt: skip
    found = broken(mass, mass > 0, np.array([0.001]))
    assert {name: round(float(ratio[0]), 4) for name, ratio in found.items()} == {
        "BC <= PM2.5": 1.1,
        "PM2.5 <= PM10": round(1 / 0.9, 4),
        "DPM <= PM10": round(1.2 / 0.9, 4),
        "CH4 <= THC": 2.0,
        "SO2 <= 2 x sulfur of the fuel": 1.25,
        "CO2 <= carbon of the fuel": round(3.3 / (0.87 * 44 / 12), 4),
    }


def test_what_is_not_known_is_not_said_to_be_broken() -> None:
    mass = pd.DataFrame({"SOx": [1.0], "CH4": [1.0], "THC": [0.0], "CO2": [9.0], "fuel:peat": [1.0]})
    given = pd.DataFrame({"SOx": [True], "CH4": [True], "THC": [False], "CO2": [True], "fuel:peat": [True]})
    assert all((ratio == 0).all() for ratio in broken(mass, given, np.array([np.nan])).values())


def test_what_is_made_of_nothing_is_broken_without_bounds() -> None:
    mass = pd.DataFrame({"CH4": [1.0], "HC": [0.0]})
    given = pd.DataFrame({"CH4": [True], "HC": [True]})
    assert broken(mass, given, np.array([np.nan]))["CH4 <= HC"].tolist() == [np.inf]


def test_more_than_can_be_read_is_counted() -> None:
    many = [Breach("BC <= PM2.5", SHIPS, f"engine {number}", 1 + number / 10) for number in range(30)]
    lines = told(many, most=2)
    assert "engine 29" in lines[0]
    assert lines[-1] == f"balance broken, BC <= PM2.5: 28 more classes of {SHIPS}"


def test_methane_and_voc_are_no_more_than_all_organic_gases():
    """MOVES5, Tier 4 without a filter: NMOG 1.161825 and CH4 0.098 of THC, the most of any diesel."""
    mass = pd.DataFrame({"CH4": [0.098, 1.0], "VOC": [1.161825, 1.1], "THC": [1.0, 1.0]})
    found = broken(mass, mass > 0, np.array([np.nan, np.nan]))["CH4 + VOC <= organic gases of THC"]
    assert found == pytest.approx([1.0, 2.1 / 1.259825])
    lacks = broken(mass, (mass > 0).assign(VOC=False), np.array([np.nan, np.nan]))
    assert (lacks["CH4 + VOC <= organic gases of THC"] == 0).all()
