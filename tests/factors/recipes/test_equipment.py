"""Factor classes of cargo handling equipment, against sums done by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emissions.equipment import life_used
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.recipes.equipment.recipe import power_bin
from factors.tables import FactorMissing, load_table
from factors.terms import FactorClasses, TermBuilder
from factors.units import UnitError, conversion

SOURCE = "cargo_handling_equipment"
HP_HOUR = conversion("hp-hr", "kWh")
POUND = 453.59237

TRACTOR = {"scc": 2270003070, "power_hp": 419.0, "model_year": 2003}
"""The terminal tractor worked in the method page: of 2003, 300-600 hp, 10 % Tier 1 and 90 % Tier 2."""


@pytest.fixture(scope="module")
def method() -> Method:
    return load_method("epa-2022")


def machines(*stated: dict[str, object]) -> pd.DataFrame:
    """Work rows of one horsepower-hour each; diesels past their median life where nothing else is said."""
    usual = {
        "technology": "combustion",
        "tier": "",
        "fuel": "diesel",
        "sulfur_wt_pct": np.nan,
        "certification": "",
        "device": "",
        "life_used": 2.0,
        "quantity": HP_HOUR,
    }
    rows = pd.DataFrame([usual | machine for machine in stated])
    rows["power_bin"] = power_bin(rows.pop("power_hp"), load_method("epa-2022"))
    return rows


def grams(rows: pd.DataFrame, method: Method) -> tuple[pd.DataFrame, FactorClasses]:
    """Masses in g, so g/hp-hr for rows of one horsepower-hour."""
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes) * 1000, classes


# ---------------------------------------------------------------- by hand


def test_nox_of_the_tractor_worked_by_hand(method):
    mass, _ = grams(machines(TRACTOR), method)
    by_hand = 0.1 * 5.70 * (1 + 0.024) + 0.9 * 4.11 * (1 + 0.009)
    assert mass.loc[0, "NOx"] == pytest.approx(by_hand, rel=1e-12)
    assert mass.loc[0, "NOx"] == pytest.approx(4.31597, abs=5e-6)


def test_particles_of_the_tractor_worked_by_hand(method):
    mass, _ = grams(machines(TRACTOR), method)
    aged = 0.1 * 0.25 * 1.473 + 0.9 * 0.16 * 1.473
    sulfur = 0.1 * (0.33 - 0.0006) + 0.9 * (0.20 - 0.0006)
    by_hand = aged - 0.371 * POUND * 7.0 * 0.02247 * 0.01 * sulfur
    assert mass.loc[0, "PM10"] == pytest.approx(by_hand, rel=1e-12)
    assert mass.loc[0, "PM10"] == pytest.approx(0.19272, abs=5e-6)
    assert mass.loc[0, "PM2.5"] == pytest.approx(0.97 * by_hand, rel=1e-12)
    assert mass.loc[0, "DPM"] == pytest.approx(by_hand, rel=1e-12)


def test_a_propane_forklift_in_its_first_year_worked_by_hand(method):
    used = life_used([1], [1800], [0.30], [4500])[0]
    assert used == pytest.approx(0.12)
    forklift = {"scc": 2267003020, "power_hp": 58.0, "model_year": 2020, "fuel": "lpg", "life_used": used}
    mass, _ = grams(machines(forklift), method)
    assert mass.loc[0, "NOx"] == pytest.approx(0.85 * (1 + 0.15 * 0.12), rel=1e-12)
    assert mass.loc[0, "NOx"] == pytest.approx(0.8653, abs=5e-5)
    assert "DPM" not in mass


def test_carbon_dioxide_and_sulfur_dioxide_follow_the_fuel_less_what_leaves_unburnt(method):
    mass, _ = grams(machines(TRACTOR), method)
    rates = load_table("moves5-nonroad", "emission_factors")
    asked = pd.DataFrame({"scc": 2270003070, "hp": 419.0, "tech_type": ["T1", "T2"]})
    hydrocarbons = rates.find(asked, "THC").value * np.array([1.036, 1.034])
    burnt = 0.371 * POUND
    share = np.array([0.1, 0.9])
    assert mass.loc[0, "THC"] == pytest.approx(share @ hydrocarbons * (1 + 0.02), rel=1e-12)
    assert mass.loc[0, "fuel:diesel"] == pytest.approx(burnt, rel=1e-12)
    carbon = share @ (burnt - hydrocarbons) * 0.87 * 44 / 12
    assert mass.loc[0, "CO2"] == pytest.approx(carbon, rel=1e-12)
    sulfur = share @ (burnt * (1 - 0.02247) - hydrocarbons) * 6e-6 * 2
    assert mass.loc[0, "SOx"] == pytest.approx(sulfur, rel=1e-12)


def test_crankcase_is_two_percent_of_exhaust_hydrocarbons_and_nothing_of_a_tier_4(method):
    _, classes = grams(machines(TRACTOR, TRACTOR | {"tier": "Tier 4 final"}), method)
    terms = classes.terms.assign(value=classes.term_values)
    hydrocarbons = terms[terms["pollutant"] == "THC"].pivot_table(
        index="class_id", columns="process", values="value", aggfunc="sum"
    )
    ratio = (hydrocarbons["crankcase"] / hydrocarbons["exhaust"]).to_numpy()
    by_tier = dict(zip(classes.classes["tier"], ratio, strict=True))
    assert by_tier[""] == pytest.approx(0.02)
    assert by_tier["Tier 4 final"] == 0


def test_a_tenth_more_zero_hour_particles_is_thirteen_percent_more_particles(method):
    """Deterioration and sulfur are terms: 10 % more of Z is 12.9 % more PM10 of the tractor, not 10."""
    rows = machines(TRACTOR)
    class_id, classes = resolve(SOURCE, rows, method)
    before = row_mass(rows, class_id, classes)["PM10"].iloc[0]
    changed = classes.factor_rows.copy()
    zero_hour = (changed["table_name"] == "emission_factors") & (changed["quantity"] == "PM10")
    assert zero_hour.sum() == 2
    changed.loc[zero_hour, "value"] *= 1.1
    after = row_mass(rows, class_id, classes.with_values(changed))["PM10"].iloc[0]
    assert after / before - 1 == pytest.approx(0.129, abs=5e-4)


# ---------------------------------------------------------------- terms and sources


def test_every_term_points_at_rows_and_says_what_it_is(method):
    _, classes = grams(machines(TRACTOR, TRACTOR | {"model_year": 2019}), method)
    assert (classes.terms["row_1"] >= 0).all()
    assert (classes.terms.loc[~classes.terms["pollutant"].str.startswith("fuel:"), "note"] != "").all()
    assert set(classes.components["curve"]) == {"one", "life"}
    sulfur = classes.terms["note"].str.contains("certification fuel")
    assert (classes.terms.loc[sulfur, "curve"] == "one").all()
    folded = classes.terms["note"].str.contains("number holds")
    plain = classes.terms["number"].abs() == 1
    assert (folded | plain).all(), "a number that is not one comes with a word on what it holds"


def test_a_machine_of_known_tier_is_a_mixture_of_one(method):
    mass, classes = grams(machines(TRACTOR | {"tier": "Tier 2"}), method)
    assert mass.loc[0, "NOx"] == pytest.approx(4.11 * 1.009, rel=1e-12)
    assert not (classes.factor_rows["table_name"] == "tech_mix").any()


def test_tier_4_takes_the_rates_of_2008_where_asked_and_is_marked(method):
    old = method.with_options(tier4="nonroad2008")
    _, classes = grams(machines(TRACTOR | {"model_year": 2017}), old)
    exhaust = classes.terms[classes.terms["pollutant"] == "NOx"]
    marked = exhaust["extrapolated"].to_numpy()
    shares = classes.factor_rows["value"].to_numpy()[exhaust["row_1"].to_numpy()]
    zero_hour = (exhaust["curve"] == "one").to_numpy()
    assert shares[zero_hour & marked].sum() == pytest.approx(0.952)
    assert shares[zero_hour & ~marked].sum() == pytest.approx(0.048)
    used = classes.factor_rows[classes.factor_rows["table_name"] == "emission_factors"]["keys"]
    assert used.str.contains("tech_type=T4N").any()
    assert not used.str.contains("tech_type=T4F").any()


def test_a_tier_4_tractor_of_2017_worked_by_hand_from_the_rates_of_moves5(method):
    """300-600 hp: 4.8 % Tier 3 of 2.5 g/hp-hr times 1.04, the rest the Tier 4 mean of 0.1123 g/hp-hr."""
    mass, classes = grams(machines(TRACTOR | {"model_year": 2017}), method)
    tier3 = load_table("moves5-nonroad", "emission_factors").find(
        pd.DataFrame({"scc": [2270003070], "hp": [419.0], "tech_type": ["T3"]}), "NOx"
    )
    by_hand = 0.048 * tier3.value[0] * 1.008 + 0.952 * 0.1123 * 1.008
    assert mass.loc[0, "NOx"] == pytest.approx(by_hand, rel=1e-9)
    of_nox = classes.terms[classes.terms["pollutant"] == "NOx"]
    assert not of_nox["extrapolated"].any(), "derived rates of the machine's own year stand in for nothing"
    of_thc = classes.terms[(classes.terms["pollutant"] == "THC") & (classes.terms["curve"] == "one")]
    assert of_thc["extrapolated"].any(), "hydrocarbons of Tier 4 are those of 2008"
    table = classes.factor_rows[classes.factor_rows["table_name"] == "zero_hour"]
    assert set(table["confidence"]) == {"derived"}


def test_a_stated_tier_4_final_engine_is_the_tier_4_part_of_its_year(method):
    stated = TRACTOR | {"model_year": 2017, "tier": "Tier 4 final"}
    mass, _ = grams(machines(stated), method)
    assert mass.loc[0, "NOx"] == pytest.approx(0.1123 * 1.008, rel=1e-9)
    assert mass.loc[0, "CO"] == pytest.approx(0.01767 * 1.151, rel=1e-9)


def test_a_stated_tier_4_stage_takes_the_nearest_year_of_that_stage(method):
    """A final engine of 2013 is one of 2014, an interim one of 2016 is one of 2013."""
    early = TRACTOR | {"model_year": 2013, "tier": "Tier 4 final"}
    late = TRACTOR | {"model_year": 2016, "tier": "Tier 4 interim"}
    same = TRACTOR | {"model_year": 2013, "tier": "Tier 4 interim"}
    final = TRACTOR | {"model_year": 2014, "tier": "Tier 4 final"}
    mass, _ = grams(machines(early, late, same, final), method)
    assert mass.loc[1, "NOx"] == mass.loc[2, "NOx"] == pytest.approx(1.126 * 1.008, rel=1e-9)
    assert mass.loc[0, "NOx"] == mass.loc[3, "NOx"] < 0.2


def test_each_stated_tier_4_stage_of_each_power_is_a_whole_engine(method):
    """Whatever the bin, the parts of a stated standard add up to one engine: its fuel is one engine's."""
    powers = [9.0, 20.0, 40.0, 60.0, 90.0, 150.0, 250.0, 400.0, 700.0, 900.0]
    stated = [
        TRACTOR | {"power_hp": power, "model_year": year, "tier": tier}
        for power in powers
        for year, tier in ((2012, "Tier 4 interim"), (2018, "Tier 4 final"))
    ]
    mass, classes = grams(machines(*stated), method)
    fuel = classes.terms[classes.terms["pollutant"] == "fuel:diesel"]
    rate = classes.factor_rows["value"].to_numpy()[fuel["row_2"].to_numpy()]
    share = classes.factor_rows["value"].to_numpy()[fuel["row_1"].to_numpy()] * fuel["number"].to_numpy()
    whole = pd.Series(share).groupby(fuel["class_id"].to_numpy()).sum()
    assert whole.to_numpy() == pytest.approx(1.0, abs=1e-12)
    assert (rate > 0.3).all()
    assert (mass["NOx"] > 0).all()


def test_the_port_s_own_table_of_tier_4_rates_is_used(method, tmp_path: Path):
    header = (
        "scc,hp_gt,hp_le,tech_type,quantity,value,unit,source_document,table,source_address,confidence,note"
    )
    rates = {"NOx": "0.30,g/hp-hr", "CO": "0.10,g/hp-hr", "THC": "0.05,g/hp-hr", "PM10": "0.01,g/hp-hr"}
    rates["BSFC"] = "0.367,lb/hp-hr"
    lines = [f"2270000000,175,600,T4N,{p},{value},own measurement,t,a,read," for p, value in rates.items()]
    path = tmp_path / "tier4.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    own = method.with_options(tier4="user", tier4_table=str(path))
    mass, classes = grams(machines(TRACTOR | {"tier": "Tier 4 final"}), own)
    assert mass.loc[0, "NOx"] == pytest.approx(0.30 * 1.008, rel=1e-12)
    assert not classes.terms["extrapolated"].any()
    with pytest.raises(MethodError, match="needs tier4_table"):
        grams(machines(TRACTOR | {"tier": "Tier 4 final"}), method.with_options(tier4="user"))
    gone = method.with_options(tier4="user", tier4_table=str(tmp_path / "gone.csv"))
    with pytest.raises(MethodError, match="no file"):
        grams(machines(TRACTOR | {"tier": "Tier 4 final"}), gone)


def test_sulfur_stated_by_the_option_or_the_machine_takes_the_place_of_the_method_s(method):
    limit = method.with_options(diesel_sulfur_ppm="15")
    by_option, _ = grams(machines(TRACTOR), limit)
    by_machine, _ = grams(machines(TRACTOR | {"sulfur_wt_pct": 0.0015}), method)
    usual, _ = grams(machines(TRACTOR), method)
    assert by_option.loc[0, "SOx"] == pytest.approx(usual.loc[0, "SOx"] * 2.5)
    assert by_option.loc[0, "PM10"] > usual.loc[0, "PM10"]
    pd.testing.assert_frame_equal(by_option, by_machine)


def test_renewable_diesel_has_the_particles_of_diesel_and_biogenic_carbon_apart(method):
    mass, classes = grams(machines(TRACTOR, TRACTOR | {"fuel": "renewable_diesel"}), method)
    assert mass.loc[1, "DPM"] == mass.loc[0, "DPM"] > 0
    assert mass.loc[1, "CO2"] == 0
    assert mass.loc[1, "CO2_biogenic"] == pytest.approx(mass.loc[0, "CO2"])
    renewable = classes.classes.index[classes.classes["fuel"] == "renewable_diesel"]
    assert classes.terms.loc[classes.terms["class_id"].isin(renewable), "extrapolated"].all()


@pytest.mark.parametrize(
    ("fuel", "scc"), [("lpg", 2267003020), ("cng", 2268003020), ("lng", 2268003020), ("gasoline", 2265003020)]
)
def test_spark_ignition_engines_have_particles_but_no_diesel_particles(method, fuel, scc):
    machine = {"scc": scc, "power_hp": 80.0, "model_year": 2000, "fuel": fuel}
    mass, classes = grams(machines(machine), method)
    assert mass.loc[0, "PM10"] > 0
    assert mass.loc[0, "PM2.5"] == pytest.approx(mass.loc[0, "PM10"] * (0.92 if fuel == "gasoline" else 1.0))
    assert "DPM" not in mass
    states = classes.coverage.set_index(["coverage_group", "process", "pollutant"])["state"]
    group = "cng" if fuel == "lng" else fuel
    assert states[group, "exhaust", "DPM"] == "zero"
    assert mass.loc[0, "fuel:LNG" if fuel == "lng" else f"fuel:{fuel}"] > 0


def test_methane_and_nitrous_oxide_follow_the_gallons_of_fuel(method):
    """EPA's hub of 2025, industrial diesel: 0.43 g CH4 and 0.62 g N2O a gallon of 3,206 g."""
    mass, classes = grams(machines(TRACTOR), method)
    gallons = mass.loc[0, "fuel:diesel"] / 3206
    assert mass.loc[0, "CH4"] == pytest.approx(0.43 * gallons, rel=1e-9)
    assert mass.loc[0, "N2O"] == pytest.approx(0.62 * gallons, rel=1e-9)
    assert "NH3" not in mass
    states = classes.coverage.set_index(["coverage_group", "process", "pollutant"])["state"]
    assert states["diesel", "exhaust", "NH3"] == "NE"
    assert states["cng", "exhaust", "N2O"] == "NE"


def test_an_earlier_edition_of_the_hub_can_be_taken(method):
    mass, _ = grams(machines(TRACTOR), method.with_options(off_road_ghg="hub_2021"))
    assert mass.loc[0, "CH4"] / mass.loc[0, "N2O"] == pytest.approx(0.23 / 0.47, rel=1e-9)


def test_an_excavator_is_construction_and_a_tractor_industrial_equipment(method):
    """Construction diesel of 2025: 1.01 g CH4 a gallon."""
    as_printed = method.with_options(equipment_methane_bound="none")
    mass, _ = grams(machines(TRACTOR | {"scc": 2270002036}), as_printed)
    assert mass.loc[0, "CH4"] == pytest.approx(1.01 * mass.loc[0, "fuel:diesel"] / 3206, rel=1e-9)


def test_methane_of_natural_gas_is_its_share_of_the_hydrocarbons(method):
    """MOVES5: 0.886 of THC; of the exhaust alone."""
    gas = {"scc": 2268003020, "power_hp": 80.0, "model_year": 2000, "fuel": "cng"}
    mass, classes = grams(machines(gas), method)
    vented = (
        1
        + classes.factor_rows.loc[
            classes.factor_rows["quantity"] == "crankcase_THC_over_exhaust_THC", "value"
        ].iloc[0]
    )
    assert mass.loc[0, "CH4"] == pytest.approx(0.886 * mass.loc[0, "THC"] / vented, rel=1e-9)
    assert "N2O" not in mass


def test_organic_gases_of_diesels_go_by_technology(method):
    """10 % Tier 1 at 1.09145 and 90 % Tier 2 at 1.11217 of THC; or 1.053 of all."""
    usual, _ = grams(machines(TRACTOR), method)
    tiers, _ = grams(machines(TRACTOR | {"tier": "Tier 1"}, TRACTOR | {"tier": "Tier 2"}), method)
    by_hand = 0.1 * 1.09145 * tiers.loc[0, "THC"] + 0.9 * 1.11217 * tiers.loc[1, "THC"]
    assert usual.loc[0, "VOC"] == pytest.approx(by_hand, rel=1e-9)
    old, _ = grams(machines(TRACTOR), method.with_options(nonroad_voc="epa_2009"))
    assert old.loc[0, "VOC"] == pytest.approx(1.053 * old.loc[0, "THC"], rel=1e-9)


# ---------------------------------------------------------------- devices and on-road engines


@pytest.mark.parametrize(("level", "left"), [("1", 0.75), ("2", 0.5), ("3", 0.15), ("3+", 0.15)])
def test_a_verified_device_leaves_its_level_s_share_of_particles_alone(method, level, left):
    mass, _ = grams(machines(TRACTOR, TRACTOR | {"device": level}), method)
    for pollutant in ("PM10", "PM2.5", "DPM"):
        assert mass.loc[1, pollutant] == pytest.approx(left * mass.loc[0, pollutant], rel=1e-9)
    for pollutant in ("NOx", "CO", "THC", "SOx", "CO2"):
        assert mass.loc[1, pollutant] == pytest.approx(mass.loc[0, pollutant], rel=1e-12)


def test_a_device_is_not_credited_to_a_tier_4_engine_or_where_it_is_only_recorded(method):
    modern = TRACTOR | {"model_year": 2018}
    mass, _ = grams(machines(modern, modern | {"device": "3"}), method)
    assert mass.loc[1, "PM10"] == mass.loc[0, "PM10"]
    recorded = method.with_options(device_credit="none")
    mass, _ = grams(machines(TRACTOR, TRACTOR | {"device": "3"}), recorded)
    assert mass.loc[1, "PM10"] == mass.loc[0, "PM10"]


@pytest.mark.parametrize(
    ("year", "tier"),
    [(1985, "Tier 0"), (1995, "Tier 1"), (2000, "Tier 2"), (2005, "Tier 3"), (2008, "Tier 4 interim"),
     (2013, "Tier 4 final")],
)  # fmt: skip
def test_an_on_road_engine_is_the_off_road_standard_whose_limits_it_meets(method, year, tier):
    on_road = TRACTOR | {"model_year": year, "certification": "on_road"}
    mass, classes = grams(machines(on_road, TRACTOR | {"model_year": year, "tier": tier}), method)
    assert mass.loc[0, "NOx"] == pytest.approx(mass.loc[1, "NOx"], rel=1e-9)
    of_first = classes.terms[classes.terms["class_id"] == classes.classes.query("tier == ''").index[0]]
    assert of_first["extrapolated"].all()
    assert of_first["note"].str.contains("on-road").all()
    ignored = method.with_options(on_road_engines="ignore")
    plain, _ = grams(machines(on_road, TRACTOR | {"model_year": year}), ignored)
    assert plain.loc[0, "NOx"] == plain.loc[1, "NOx"]


# ---------------------------------------------------------------- look-up


def test_power_bins_are_open_below_and_closed_above(method):
    labels = power_bin([100.0, 100.2, 75.0, 9.0, 750.0], method).tolist()
    assert labels == ["75-100 hp", "100-175 hp", "50-75 hp", "0-11 hp", "600-750 hp"]
    # 100 hp written in kilowatts to two places is still 100 hp.
    assert power_bin([round(100 * conversion("hp", "kW"), 2) * conversion("kW", "hp")], method) == [
        "75-100 hp"
    ]


def test_fuel_rates_use_coarser_bins_than_emission_rates(method):
    _, classes = grams(machines(TRACTOR | {"power_hp": 60.0}, TRACTOR | {"power_hp": 90.0}), method)
    keys = classes.factor_rows.set_index("quantity")["keys"]
    assert keys.loc[["BSFC"]].str.contains("hp_gt=50.0, hp_le=100.0").all()
    assert keys.loc[["NOx"]].str.contains("hp_gt=50.0, hp_le=75.0").any()


@pytest.mark.parametrize(
    ("scc", "taken"),
    [
        (2270003070, 2270003070),
        (2270004056, 2270004000),
        (2270006015, 2270006000),
        (2270002051, 2270002057),  # no row of its own nor of its group: another of its transient class
    ],
)
def test_a_code_without_rates_takes_those_of_its_group_or_transient_class(method, scc, taken):
    _, classes = grams(machines(TRACTOR | {"scc": scc}), method)
    used = classes.factor_rows[classes.factor_rows["table_name"] == "emission_factors"]
    nox = used[used["quantity"] == "NOx"]["keys"]
    assert nox.str.startswith(f"scc={taken},").all()


def test_gas_codes_fall_back_to_all_gas_engines(method):
    machine = {"scc": 2267003070, "power_hp": 190.0, "model_year": 2010, "fuel": "lpg"}
    _, classes = grams(machines(machine), method)
    used = classes.factor_rows[classes.factor_rows["table_name"] == "emission_factors"]
    assert used["keys"].str.startswith("scc=2267000000,").all()


# ---------------------------------------------------------------- refusals


def test_a_code_that_no_table_has_is_refused_with_the_nearest_keys(method):
    with pytest.raises(FactorMissing, match=r"scc=2270009999.*scc may be"):
        grams(machines(TRACTOR | {"scc": 2270009999}), method)


def test_a_model_year_before_1900_is_refused(method):
    with pytest.raises(FactorMissing, match=r"model_year=1899.*model_year may be 1900"):
        grams(machines(TRACTOR | {"model_year": 1899}), method)


def test_tier_4_is_refused_by_name_where_the_method_says_so(method):
    strict = method.with_options(tier4="refuse")
    with pytest.raises(FactorMissing, match="T4FB, T4FC, T4FD, and tier4 = refuse"):
        grams(machines(TRACTOR | {"model_year": 2018}), strict)
    mass, _ = grams(machines(TRACTOR), strict)  # older machines do not mind
    assert mass.loc[0, "NOx"] > 0


def test_unknown_fuels_tiers_and_technologies_are_refused_together(method):
    odd = machines(
        TRACTOR | {"fuel": "peat"}, TRACTOR | {"tier": "Tier 9"}, TRACTOR | {"technology": "clockwork"}
    )
    with pytest.raises(ValueError, match=r"technology clockwork.*fuel peat.*tier Tier 9"):
        grams(odd, method)


def test_a_code_of_another_engine_and_a_tier_of_a_gas_engine_are_refused(method):
    with pytest.raises(ValueError, match="2270003070 is not of a LPG engine"):
        grams(machines(TRACTOR | {"fuel": "lpg"}), method)
    gas = {"scc": 2267003020, "power_hp": 60.0, "model_year": 2010, "fuel": "lpg", "tier": "Tier 3"}
    with pytest.raises(ValueError, match="leave them out for lpg"):
        grams(machines(gas), method)


def test_gasoline_engines_up_to_25_hp_are_refused(method):
    small = {"scc": 2265003030, "power_hp": 20.0, "model_year": 2010, "fuel": "gasoline"}
    with pytest.raises(FactorMissing, match="hp may be 25"):
        grams(machines(small), method)


def test_engine_work_cannot_be_hours(method):
    _, classes = grams(machines(TRACTOR), method)
    hours = classes.classes.assign(quantity_kind="duration")
    asked = hours.assign(hp=419.0, tech_type="T2")
    rate = load_table("moves5-nonroad", "emission_factors").find(asked, "NOx")
    builder = TermBuilder(hours)
    with pytest.raises(UnitError, match="NOx"):
        builder.add("NOx", "exhaust", rate)


@pytest.mark.parametrize("power", [0.0, -5.0, 10_000.0])
def test_a_power_outside_all_bins_is_refused(method, power):
    with pytest.raises(ValueError, match="power must be above 0 and at most 9999 hp"):
        power_bin([power], method)
