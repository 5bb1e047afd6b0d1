"""Fuels, gas cycles, after-treatment and capture of ships, by hand and by refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions import vessels
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.own_tables import with_user_tables
from factors.tables import FactorMissing, load_table

SOURCE = "ocean_going_vessels"
EPA = load_method("epa-2022")


def engine(**keys: Any) -> pd.DataFrame:
    """One kilowatt-hour of one engine; by default a slow-speed main engine on gas oil."""
    known = {
        "engine_group": "propulsion",
        "engine_type": "SSD",
        "tier": "Tier 2",
        "fuel": "MGO/MDO",
        "sulfur_pct": 0.1,
        "area_sulfur_pct": 0.1,
        "load_factor": 0.8,
        "quantity": 1.0,
    }
    return pd.DataFrame([known | keys])


def gas(cycle: str, **keys: Any) -> pd.DataFrame:
    return engine(engine_type="LNG", fuel="LNG", cycle=cycle, **keys)


def grams(rows: pd.DataFrame, method: Method = EPA) -> pd.Series:
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes).sum() * 1000


def state(rows: pd.DataFrame, process: str, pollutant: str, method: Method = EPA) -> str:
    _, classes = resolve(SOURCE, rows, method)
    group = classes.classes["coverage_group"].iloc[0]
    lines = classes.coverage.set_index(["coverage_group", "process", "pollutant"])["state"]
    return str(lines.get((group, process, pollutant), "unsaid"))


def brought(method: Method, folder: Path, need: str, text: str) -> Method:
    """The method with a table of the port's own."""
    file = folder / f"{need}.csv"
    file.write_text(text, encoding="utf-8")
    return with_user_tables(method, {f"{SOURCE}.{need}": file})


# --- gas engines: measures.md, worked check 3 ---


@pytest.mark.parametrize(
    ("cycle", "oil", "slip", "carbon", "co2e", "on_oil", "twenty"),
    [
        ("otto_medium_speed", "MSD", 5.5, 441.4, 595.4, 657.2, 895.1),
        ("otto_low_speed", "SSD", 2.5, 449.6, 519.6, 593.1, 655.9),
        ("diesel_high_pressure", "SSD", 0.2, 456.0, 461.6, 593.1, 472.4),
    ],
)
def test_lng_against_gas_oil_by_engine_cycle(
    cycle: str, oil: str, slip: float, carbon: float, co2e: float, on_oil: float, twenty: float
) -> None:
    """CO2 = 2.75 x (166 - slip), methane at GWP100 28 and GWP20 82.5, against gas oil of the same speed."""
    got = grams(gas(cycle))
    assert got["CH4"] == pytest.approx(slip)
    assert got["CO2"] == pytest.approx(carbon, abs=0.05)
    assert got["CO2"] + 28 * got["CH4"] == pytest.approx(co2e, abs=0.05)
    assert got["CO2"] + 82.5 * got["CH4"] == pytest.approx(twenty, abs=0.11)
    assert grams(engine(engine_type=oil))["CO2"] == pytest.approx(on_oil, abs=0.05)


def test_slipped_carbon_is_deducted_or_added() -> None:
    added = EPA.with_options(slip_carbon="added")
    assert grams(gas("otto_medium_speed"), added)["CO2"] == pytest.approx(456.5)
    assert grams(gas("otto_medium_speed"))["CO2"] == pytest.approx(456.5 - 2.75 * 5.5)


def test_slip_of_fueleu_is_a_share_of_the_fuel() -> None:
    """3.1 percent of 166 g/kWh."""
    got = grams(gas("otto_medium_speed"), EPA.with_options(slip="fueleu"))
    assert got["CH4"] == pytest.approx(0.031 * 166)
    assert got["CO2"] == pytest.approx(2.75 * 166 * (1 - 0.031))


def test_a_gas_engine_of_the_diesel_cycle_takes_the_diesel_tier() -> None:
    for tier, rate in (("Tier 0", 17.0), ("Tier 2", 14.4), ("Tier 3", 3.4)):
        assert grams(gas("diesel_high_pressure", tier=tier))["NOx"] == pytest.approx(rate)
    assert grams(gas("otto_low_speed"))["NOx"] == pytest.approx(1.3)


def test_a_cycle_not_known_leaves_slip_not_estimated() -> None:
    assert state(gas(""), "exhaust", "CH4") == "NE"
    assert "CH4" not in grams(gas(""))
    assert grams(gas(""))["CO2"] == pytest.approx(456.5)


def test_pilot_fuel_is_not_estimated_until_its_rate_is_brought(tmp_path: Path) -> None:
    rows = gas("otto_medium_speed")
    assert state(rows, "pilot", "SOx") == state(rows, "pilot", "CO2") == "NE"
    text = (
        "engine_type,cycle,fuel,quantity,value,unit,source_document,table,source_address,confidence,note\n"
        "LNG,otto_medium_speed,LNG,BSFC,2,g/kWh,A maker's project guide,3,,read,\n"
    )
    method = brought(EPA, tmp_path, "pilot_fuel", text)
    plain, piloted = grams(rows), grams(rows, method)
    assert state(rows, "pilot", "SOx", method) == "value"
    assert piloted["CO2"] - plain["CO2"] == pytest.approx(2 * 3.206)
    assert piloted["SOx"] - plain["SOx"] == pytest.approx(2 * 2 * 0.97753 * 0.001)
    assert piloted["fuel:MGO"] == pytest.approx(2)
    assert state(rows, "pilot", "PM10", method) == "NE"


# --- other fuels ---


@pytest.mark.parametrize("fuel", ["ammonia", "hydrogen"])
def test_nox_and_nitrous_oxide_of_ammonia_and_hydrogen_are_asked_for(fuel: str, tmp_path: Path) -> None:
    rows = engine(fuel=fuel)
    for pollutant in ("NOx", "N2O", "NH3"):
        assert state(rows, "exhaust", pollutant) == "NE"
    assert state(rows, "exhaust", "CO2") == "zero"
    assert "NOx" not in grams(rows)
    text = (
        "engine_group,engine_type,fuel,tier,quantity,value,unit,source_document,table,source_address,"
        "confidence,note\n"
        f"propulsion,SSD,{fuel},Tier 2,N2O,0.05,g/kWh,A sea trial,1,,read,\n"
        f"propulsion,SSD,{fuel},Tier 2,NOx,3,g/kWh,A sea trial,1,,read,\n"
    )
    method = brought(EPA, tmp_path, "alternative_engines", text)
    assert grams(rows, method)["N2O"] == pytest.approx(0.05)
    assert state(rows, "exhaust", "NOx", method) == "value"
    assert state(rows, "exhaust", "NH3", method) == "NE"


def test_pilot_fuel_of_an_engine_without_a_gas_cycle_is_keyed_none(tmp_path: Path) -> None:
    text = (
        "engine_type,cycle,fuel,quantity,value,unit,source_document,table,source_address,confidence,note\n"
        "SSD,none,ammonia,BSFC,9,g/kWh,A maker's project guide,3,,read,\n"
    )
    method = brought(EPA, tmp_path, "pilot_fuel", text)
    assert grams(engine(fuel="ammonia"), method)["CO2"] == pytest.approx(9 * 3.206)


def test_a_table_of_ammonia_leaves_methanol_and_gas_ships_as_they_were(tmp_path: Path) -> None:
    """What a maker says of one fuel is asked of no other; within that fuel a missing tier stops the build."""
    own = (
        "engine_group,engine_type,fuel,tier,quantity,value,unit,source_document,table,source_address,"
        "confidence,note\n"
        "propulsion,SSD,ammonia,Tier 2,BSFC,390,g/kWh,A sea trial,1,,read,\n"
        "propulsion,SSD,ammonia,Tier 2,NOx,8,g/kWh,A sea trial,1,,read,\n"
    )
    pilot = (
        "engine_type,cycle,fuel,quantity,value,unit,source_document,table,source_address,confidence,note\n"
        "SSD,none,ammonia,BSFC,9,g/kWh,A maker's project guide,3,,read,\n"
        "SSD,none,ammonia,PM10,0.1,g/kWh,A maker's project guide,3,,read,\n"
    )
    method = brought(brought(EPA, tmp_path, "alternative_engines", own), tmp_path, "pilot_fuel", pilot)
    fleet = pd.concat(
        [engine(fuel="ammonia"), engine(fuel="methanol"), gas("otto_low_speed")], ignore_index=True
    ).fillna({"cycle": ""})
    class_id, classes = resolve(SOURCE, fleet, method)
    got = row_mass(fleet, class_id, classes) * 1000
    assert got.loc[0, "NOx"] == pytest.approx(8)
    assert got.loc[0, "fuel:ammonia"] == pytest.approx(390)
    assert got.loc[0, "CO2"] == pytest.approx(9 * 3.206)
    assert got.loc[1, "fuel:methanol"] == pytest.approx(185 * 0.0427 / 0.0199)
    assert state(engine(fuel="methanol"), "exhaust", "NOx", method) == "NE"
    assert state(engine(fuel="methanol"), "pilot", "CO2", method) == "NE"
    assert state(gas("otto_low_speed"), "pilot", "PM10", method) == "NE"
    assert state(engine(fuel="ammonia"), "pilot", "PM10", method) == "value"
    with pytest.raises(FactorMissing, match="Tier 3"):
        grams(engine(fuel="ammonia", tier="Tier 3"), method)


def test_a_gas_engine_of_unknown_cycle_takes_the_rate_of_all_cycles_where_a_set_has_none() -> None:
    """The fourth IMO study has fuel rates by cycle alone; EPA's 166 g/kWh stands for one nobody stated."""
    imo = load_method("imo-ghg4").with_options(load_fuel_rate="off")
    rows = gas("").assign(engine_age="after_2000")
    assert grams(rows, imo)["CO2"] == pytest.approx(166 * 2.75)
    assert state(rows, "exhaust", "CH4", imo) == "NE"


def test_the_carbon_of_gas_made_from_biomass_is_biogenic_and_slip_is_taken_off_it() -> None:
    bio = EPA.with_options(fuel_pathway="bio")
    got = grams(gas("otto_medium_speed"), bio)
    assert got["CO2_biogenic"] == pytest.approx((166 - 5.5) * 2.75)
    assert got["CH4"] == pytest.approx(5.5)
    assert "CO2" not in got
    assert state(gas("otto_medium_speed"), "exhaust", "CO2", bio) == "zero"
    assert grams(gas("otto_medium_speed"))["CO2"] == pytest.approx((166 - 5.5) * 2.75)


def test_a_fuel_cell_on_hydrogen_has_no_exhaust_and_its_fuel_is_not_guessed() -> None:
    rows = engine(engine_type="FC", fuel="hydrogen", tier="Tier 0")
    assert state(rows, "exhaust", "NOx") == "zero"
    assert grams(rows).empty


def test_methanol_burns_by_energy_or_by_the_imo_study() -> None:
    """350 g/kWh in Table 19; by equal efficiency 185 x 42.7 / 19.9 of EPA's rate on gas oil."""
    by_energy = grams(engine(fuel="methanol"))
    assert by_energy["fuel:methanol"] == pytest.approx(185 * 0.0427 / 0.0199)
    assert by_energy["CO2"] == pytest.approx(by_energy["fuel:methanol"] * 1.375)
    imo = load_method("imo-ghg4").with_options(load_fuel_rate="off")
    assert grams(engine(fuel="methanol", engine_age="after_2000"), imo)["fuel:methanol"] == pytest.approx(350)


def test_biofuel_carbon_is_biogenic_and_holds_no_sulfur() -> None:
    got = grams(engine(fuel="HVO"))
    burnt = 185 * 0.0427 / 0.044
    assert got["fuel:HVO"] == pytest.approx(burnt)
    assert got["CO2_biogenic"] == pytest.approx(burnt * 3.115)
    assert "CO2" not in got
    assert "SOx" not in got
    assert got["NOx"] == pytest.approx(14.4)
    assert got["PM10"] == pytest.approx(0.1545)


def test_vlsfo_is_residual_fuel_of_half_a_percent() -> None:
    vlsfo = grams(engine(fuel="VLSFO", sulfur_pct=0.5, area_sulfur_pct=0.5))
    residual = grams(engine(fuel="RM/HFO", sulfur_pct=0.5, area_sulfur_pct=0.5))
    for pollutant in ("NOx", "SOx", "PM10", "CO2"):
        assert vlsfo[pollutant] == pytest.approx(residual[pollutant])
    assert vlsfo["fuel:VLSFO"] == pytest.approx(residual["fuel:RM"])


def test_a_scrubber_meets_the_limit_for_sulfur_and_takes_no_credit_for_particles() -> None:
    rows = engine(fuel="RM/HFO", sulfur_pct=2.7, area_sulfur_pct=0.1, after_treatment="scrubber")
    got, bare = grams(rows), grams(rows.assign(after_treatment=""))
    assert got["SOx"] == pytest.approx(195 * 2 * 0.97753 * 0.001)
    assert bare["SOx"] == pytest.approx(27 * got["SOx"])
    assert got["PM10"] == pytest.approx(bare["PM10"])


def test_a_boiler_on_methanol_and_a_turbine_on_biofuel_are_refused() -> None:
    with pytest.raises(ValueError, match="no factors for ST on HVO"):
        grams(engine(engine_type="ST", fuel="HVO", tier="Tier 0"))
    with pytest.raises(ValueError, match="no factors for Boiler on methanol"):
        grams(engine(engine_group="boiler", engine_type="Boiler", fuel="methanol"))


# --- black carbon ---


def test_black_carbon_follows_its_own_load_curve_and_no_low_load_factor() -> None:
    method = EPA.with_options(black_carbon="icct", black_carbon_bound="none")
    table = load_table("imo-ghg4", "black_carbon").frame
    rows = table[(table["engine"] == "4-stroke") & (table["fuel"] == "distillate")]
    for load, printed in zip(rows["load"].astype(float), rows["value"], strict=True):
        got = grams(engine(engine_type="MSD", load_factor=load), method)["BC"]
        assert got == pytest.approx(205 * printed / 1000)
    auxiliary = engine(engine_group="auxiliary", engine_type="MSD", load_factor=np.nan)
    assert state(auxiliary, "exhaust", "BC", method) == "NE"
    assert state(engine(), "exhaust", "BC", EPA.with_options(black_carbon="NE")) == "NE"


# --- a fuel rate by load beside low-load factors ---


def test_a_fuel_rate_by_load_beside_low_load_factors_of_fuel_is_refused() -> None:
    with pytest.raises(MethodError, match="llaf_co2 and llaf_so2 count the same fuel twice"):
        grams(engine(), EPA.with_options(load_fuel_rate="on", llaf_so2="epa_table"))
    with pytest.raises(MethodError, match=r"llaf_co2 count the same fuel twice .* Set llaf_co2 = none with"):
        grams(engine(), EPA.with_options(load_fuel_rate="on"))
    both = EPA.with_options(load_fuel_rate="on", llaf_co2="none")
    got = grams(engine(load_factor=0.1), both)
    curve = 0.455 * 0.01 - 0.71 * 0.1 + 1.28
    assert got["CO2"] == pytest.approx(593.11 * curve)
    assert got["SOx"] / got["CO2"] == pytest.approx(0.361686 / 593.11, rel=1e-4)


# --- capture ---

CAPTURE = (
    "capture_system,engine_group,quantity,value,unit,source_document,table,source_address,confidence,note\n"
    "barge,auxiliary,NOx,0.8,fraction,A verification letter,1,,read,\n"
    "barge,auxiliary,PM10,0.9,fraction,A verification letter,1,,read,\n"
    "barge,system,electric_power,300,kW,A data sheet,1,,read,\n"
)


def test_capture_takes_off_what_it_removes_and_leaves_carbon_dioxide(tmp_path: Path) -> None:
    method = brought(EPA, tmp_path, "capture_efficiency", CAPTURE)
    aux = engine(engine_group="auxiliary", engine_type="MSD", load_factor=np.nan)
    plain, cleaned = grams(aux, method), grams(aux.assign(capture="barge"), method)
    assert cleaned["NOx"] == pytest.approx(0.2 * plain["NOx"])
    assert cleaned["PM10"] == pytest.approx(0.1 * plain["PM10"])
    assert cleaned["DPM"] == pytest.approx(cleaned["PM10"])
    for untouched in ("CO2", "SOx", "fuel:MGO"):
        assert cleaned[untouched] == pytest.approx(plain[untouched])


def test_capture_without_an_efficiency_is_refused_with_advice() -> None:
    with pytest.raises(MethodError, match="bring your table"):
        grams(engine(engine_group="auxiliary", engine_type="MSD", load_factor=np.nan, capture="barge"))


def test_the_power_of_a_capture_system_is_a_line_of_its_own(tmp_path: Path) -> None:
    method = brought(EPA, tmp_path, "capture_efficiency", CAPTURE)
    stays = pd.DataFrame({"captured_by": ["barge", ""], "hours": [10.0, 5.0]})
    rows = vessels.capture_power_rows(stays, method)
    assert rows["quantity"].tolist() == [3000.0]


# --- properties ---


@given(
    group=st.sampled_from(["propulsion", "auxiliary"]),
    kind=st.sampled_from(["SSD", "MSD"]),
    fuel=st.sampled_from(["MGO/MDO", "RM/HFO", "HVO", "VLSFO"]),
    load=st.floats(0.25, 1.0),
    method=st.sampled_from(["epa-2022", "spbp-partial", "imo-ghg4"]),
)
@settings(max_examples=25)
def test_a_cleaner_tier_never_emits_more_nox(
    group: str, kind: str, fuel: str, load: float, method: str
) -> None:
    """At and above the load at which a Tier III engine works as one."""
    kind = "MSD" if group == "auxiliary" else kind
    load_factor = load if group == "propulsion" else np.nan
    rows = pd.concat(
        [
            engine(
                engine_group=group, engine_type=kind, fuel=fuel, tier=f"Tier {tier}", load_factor=load_factor,
                engine_age="after_2000",
            )
            for tier in range(4)
        ],
        ignore_index=True,
    )  # fmt: skip
    class_id, classes = resolve(SOURCE, rows, load_method(method))
    nox = row_mass(rows, class_id, classes)["NOx"].to_numpy()
    assert (np.diff(nox) <= 0).all()


@given(share=st.floats(0, 1), work=st.floats(1, 1e6))
@settings(max_examples=25)
def test_a_blend_splits_work_and_conserves_it(share: float, work: float) -> None:
    from emissions.ship_fuels import blended, with_defaults

    rows = with_defaults(engine(quantity=work)).assign(biofuel="HVO", biofuel_share=share)
    split = blended(rows)
    assert split["quantity"].sum() == pytest.approx(work)
    bio = split.loc[split["fuel"] == "HVO", "quantity"].sum()
    assert bio == pytest.approx(share * work)


def test_a_tier_three_ship_slowed_to_twelve_knots_emits_more() -> None:
    """measures.md, worked check 6: 60 MW, 24 kn, 20 nmi, margin 15 %: 76.4 kg at 15 kn, 222.7 kg at 12 kn."""
    masses = {}
    for speed in (15.0, 12.0):
        leg = pd.DataFrame(
            {
                "hours": [20 / speed], "speed_kn": speed, "mean_load": np.nan, "mode": "transit",
                "main_kw": 60_000.0, "max_speed_kn": 24.0, "engine_type": "SSD", "tier": 3,
            }
        )  # fmt: skip
        row = vessels.propulsion_rows(leg, EPA).iloc[0]
        work = engine(tier=f"Tier {row['tier']}", load_factor=row["load_factor"], quantity=row["quantity"])
        masses[speed] = grams(work)["NOx"] / 1000
    assert masses[15.0] == pytest.approx(76.4, abs=0.05)
    assert masses[12.0] == pytest.approx(222.7, abs=0.05)
