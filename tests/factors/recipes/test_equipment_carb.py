"""Equipment in California's form, with tables of a user's own: sums by hand, and what is refused.

The numbers are invented for the tests; no CARB table is shipped.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.equipment import work_rows
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.own_tables import with_user_tables
from factors.tables import FactorMissing
from factors.units import conversion
from factors.user_tables import UserTableError, template

SOURCE = "cargo_handling_equipment"
NEEDS = ("carb_emission_factors", "fuel_correction", "control_factors")
SAID = ",invented for a test,t,a,read,"
RATES = {
    "NOx": "4.0,g/bhp-hr",
    "NOx_deterioration": "0.0001,g/bhp-hr/h",
    "PM10": "0.10,g/bhp-hr",
    "PM10_deterioration": "5e-6,g/bhp-hr2",
    "CO": "1.0,g/bhp-hr",
    "CO_deterioration": "0.00002,g/bhp-hr/h",
    "HC": "0.2,g/bhp-hr",
    "HC_deterioration": "0.00001,g/bhp-hr/h",
    "hours_cap": "12000,h",
    "BSFC": "0.367,lb/bhp-hr",
}
TERMINALS = pd.DataFrame([{"terminal": "A", "port": "P", "zone": "z", "operator": "", "control": "tenant"}])
HP = 200.0
TRACTOR = {
    "unit_id": "YT",
    "terminal": "A",
    "type": "yard_tractor",
    "engine_model_year": 2010,
    "power_kw": HP * conversion("hp", "kW"),
    "fuel": "diesel",
    "hours": 1000.0,
    "load_factor": 0.5,
}


def lines(
    keys: str = "off_road,diesel,120,250,2000", rates: dict[str, str] | None = None, **other: str
) -> list[str]:
    return [f"{keys},{quantity},{value}{SAID}" for quantity, value in ((rates or RATES) | other).items()]


def tables(folder: Path, factors: list[str], **needs: list[str]) -> Method:
    """The method with the form of California and the tables of a test."""
    method = load_method("epa-2022").with_options(equipment_form="carb")
    written = {}
    for need, body in {"carb_emission_factors": factors, **needs}.items():
        path = folder / f"{need}.csv"
        header = template(method.needs()[SOURCE, need]).splitlines()[0]
        path.write_text("\n".join([header, *body]) + "\n", encoding="utf-8")
        written[f"{SOURCE}.{need}"] = path
    return with_user_tables(method, written)


def corrected(nox: float = 0.93, particles: float = 0.72) -> list[str]:
    left = {"NOx": nox, "PM10": particles, "CO": 1.0, "HC": 0.72}
    return [f"diesel,1900,{quantity},{value},ratio{SAID}" for quantity, value in left.items()]


def kilograms(method: Method, *machines: dict[str, object], year: int = 2020) -> pd.DataFrame:
    fleet = pd.DataFrame([TRACTOR | {"unit_id": f"M{n}"} | machine for n, machine in enumerate(machines)])
    rows = work_rows(fleet, TERMINALS, year=year, method=method)
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes).groupby(rows["record_id"].to_numpy()).sum()


# ---------------------------------------------------------------- by hand


def test_the_form_by_hand(tmp_path: Path) -> None:
    """(ZH + DR x hours) x fuel correction x hp x load x hours; ten years of 1000 h, below the cap."""
    method = tables(tmp_path, lines(), fuel_correction=corrected())
    mass = kilograms(method, {}).loc["M0"]
    work = HP * 0.5 * 1000 / 1000  # thousands of hp-hr: kg for g/hp-hr
    assert mass["NOx"] == pytest.approx((4.0 + 0.0001 * 10_000) * 0.93 * work)
    particles = (0.10 + 5e-6 * 10_000) * 0.72 * work
    assert mass["PM10"] == pytest.approx(particles)
    assert mass["PM2.5"] == pytest.approx(0.97 * particles)
    assert mass["DPM"] == pytest.approx(particles)
    assert mass["HC"] == pytest.approx((0.2 + 0.1) * 0.72 * work)
    burnt = 0.367 * 453.59237 * work
    assert mass["fuel:diesel"] == pytest.approx(burnt)
    assert mass["CO2"] == pytest.approx(burnt * 0.87 * 44 / 12)
    assert mass["SOx"] == pytest.approx(burnt * 6e-6 * 2)


def test_deterioration_ends_at_the_cap(tmp_path: Path) -> None:
    method = tables(tmp_path, lines(), fuel_correction=corrected(nox=1.0))
    mass = kilograms(
        method, {"cumulative_hours": 12_000.0}, {"cumulative_hours": 30_000.0}, {"hours": 2000.0}
    )
    work = HP * 0.5
    assert mass.loc["M0", "NOx"] == pytest.approx((4.0 + 1.2) * work)
    assert mass.loc["M1", "NOx"] == pytest.approx((4.0 + 1.2) * work)
    assert mass.loc["M2", "NOx"] == pytest.approx((4.0 + 1.2) * 2 * work)  # 10 years of 2000 h


def test_rates_for_the_fuel_in_use_already_need_no_correction(tmp_path: Path) -> None:
    method = tables(tmp_path, lines())
    with pytest.raises(MethodError, match="fuel_correction"):
        kilograms(method, {})
    as_is = kilograms(method.with_options(carb_fuel_correction="none"), {})
    assert as_is.loc["M0", "NOx"] == pytest.approx(5.0 * HP * 0.5)


def test_a_device_leaves_its_share_from_the_first_whole_month(tmp_path: Path) -> None:
    left = [f"3,PM10,0.15,ratio{SAID}"]
    method = tables(tmp_path, lines(), fuel_correction=corrected(), control_factors=left)
    fitted = pd.Timestamp("2020-06-15")
    mass = kilograms(
        method,
        {"device_level": "none", "device_date": pd.NaT},
        {"device_level": "3", "device_date": pd.NaT},
        {"device_level": "3", "device_date": fitted},
    )
    ratio = mass["PM10"] / mass.loc["M0", "PM10"]
    assert ratio["M1"] == pytest.approx(0.15)
    days = 182 / 366  # January to June of 2020
    assert ratio["M2"] == pytest.approx(days + 0.15 * (1 - days))
    assert mass["DPM"].to_numpy() == pytest.approx(mass["PM10"].to_numpy())
    assert mass["NOx"].nunique() == 1, "a pollutant without a line is not reduced"


def test_on_road_engines_take_rates_of_their_own(tmp_path: Path) -> None:
    both = lines() + lines(
        "on_road,diesel,120,250,2000", NOx="1.5,g/bhp-hr", NOx_deterioration="0,g/bhp-hr/h"
    )
    method = tables(tmp_path, both, fuel_correction=corrected(nox=1.0))
    mass = kilograms(method, {"has_on_road_engine": False}, {"has_on_road_engine": True})
    assert mass.loc["M1", "NOx"] == pytest.approx(1.5 * HP * 0.5)
    assert mass.loc["M0", "NOx"] == pytest.approx(5.0 * HP * 0.5)


def test_the_bins_of_the_user_s_table_part_the_machines(tmp_path: Path) -> None:
    """CARB's bins (50-120 hp) cut across those of NONROAD (75-100, 100-175)."""
    both = lines("off_road,diesel,50,120,1990") + lines("off_road,diesel,120,250,1990", NOx="3.0,g/bhp-hr")
    method = tables(tmp_path, both, fuel_correction=corrected(nox=1.0))
    power = conversion("hp", "kW")
    mass = kilograms(method, {"power_kw": 119 * power}, {"power_kw": 121 * power}, {"power_kw": 120 * power})
    per_hp = mass["NOx"] / np.array([119, 121, 120]) / 0.5
    assert per_hp.tolist() == pytest.approx([5.0, 4.0, 5.0])


def test_spark_engines_have_no_correction_and_no_diesel_particles(tmp_path: Path) -> None:
    both = lines() + lines("off_road,lpg,120,250,2000", HC="1.0,g/bhp-hr")
    method = tables(tmp_path, both, fuel_correction=corrected())
    mass = kilograms(method, {}, {"fuel": "lpg", "type": "forklift"})
    assert mass.loc["M1", "NOx"] == pytest.approx(5.0 * HP * 0.5)
    assert mass.loc["M1", "DPM"] == 0
    assert mass.loc["M1", "PM10"] > 0
    assert mass.loc["M1", "CO2"] == pytest.approx(0.367 * 0.45359237 * HP * 0.5 * 1000 * 0.817 * 44 / 12)


def test_renewable_diesel_takes_diesel_marked_or_rows_of_its_own(tmp_path: Path) -> None:
    method = tables(tmp_path, lines(), fuel_correction=corrected())
    machine = pd.DataFrame([TRACTOR | {"fuel": "renewable_diesel"}])
    rows = work_rows(machine, TERMINALS, year=2020, method=method)
    with pytest.raises(FactorMissing, match="renewable_diesel"):
        resolve(SOURCE, rows, method.with_options(carb_fuel_correction="table").with_tables({
            (SOURCE, "carb_emission_factors"): tables(
                tmp_path, lines("off_road,renewable_diesel,120,250,2000")
            ).table(SOURCE, "carb_emission_factors")
        }))  # fmt: skip
    method = tables(tmp_path, lines(), fuel_correction=corrected())
    _, classes = resolve(SOURCE, rows, method)
    assert classes.terms["extrapolated"].all()
    assert {"CO2_biogenic"} <= set(classes.terms["pollutant"])
    assert "CO2" not in set(classes.terms["pollutant"])


def test_methane_and_nitrous_oxide_are_estimated_where_the_table_has_them(tmp_path: Path) -> None:
    gases = lines(CH4="0.01,g/bhp-hr", N2O="0.02,g/bhp-hr")
    method = tables(tmp_path, gases, fuel_correction=corrected())
    mass = kilograms(method, {})
    assert mass.loc["M0", "N2O"] == pytest.approx(0.02 * HP * 0.5)
    alone = tables(tmp_path, lines(CH4="0.01,g/bhp-hr"), fuel_correction=corrected())
    with pytest.raises(UserTableError, match="CH4 alone"):
        kilograms(alone, {})
    without = tables(tmp_path, lines(), fuel_correction=corrected())
    hub = kilograms(without, {}).loc["M0"]
    assert hub["CH4"] / hub["fuel:diesel"] == pytest.approx(0.43 / 3206)


def test_every_term_points_at_the_user_s_rows(tmp_path: Path) -> None:
    method = tables(tmp_path, lines(), fuel_correction=corrected())
    rows = work_rows(pd.DataFrame([TRACTOR]), TERMINALS, year=2020, method=method)
    _, classes = resolve(SOURCE, rows, method)
    assert (classes.terms["row_1"] >= 0).all()
    ids = classes.factor_rows["row_id"]
    assert ids.str.startswith(f"user/{SOURCE}.carb_emission_factors:").sum() == len(RATES)
    assert not (classes.factor_rows["edition"] == "moves5-nonroad").any() or set(
        classes.factor_rows.loc[classes.factor_rows["edition"] == "moves5-nonroad", "table_name"]
    ) == {"fuels"}


# ---------------------------------------------------------------- properties


@settings(max_examples=5)
@given(hours=st.floats(1, 4000), more=st.floats(0, 20_000))
def test_an_engine_with_more_hours_is_never_cleaner(
    tmp_path_factory: pytest.TempPathFactory, hours: float, more: float
) -> None:
    method = tables(tmp_path_factory.mktemp("t"), lines(), fuel_correction=corrected())
    mass = kilograms(
        method, {"cumulative_hours": hours}, {"cumulative_hours": hours + more}, {"hours": 2000.0}
    )
    for pollutant in ("NOx", "PM10", "CO", "HC"):
        assert mass.loc["M1", pollutant] >= mass.loc["M0", pollutant] * (1 - 1e-12)


# ---------------------------------------------------------------- refusals


def test_without_a_table_the_form_takes_the_rates_of_the_moyer_guidelines() -> None:
    """Table D-9, 175 to 299 hp, Tier 2: NOx 4.15 + 6.0e-5 h, ROG 0.11 + 2.2e-5 h, PM 0.088 + 4.6e-6 h."""
    method = load_method("epa-2022").with_options(equipment_form="carb")
    machine = {"tier": "Tier 2", "cumulative_hours": 10_000.0}
    mass = kilograms(method, machine).loc["M0"]
    work = HP * 0.5
    assert mass["NOx"] == pytest.approx((4.15 + 6.0e-5 * 10_000) * work, rel=1e-9)
    assert mass["ROG"] == pytest.approx((0.11 + 2.2e-5 * 10_000) * work, rel=1e-9)
    assert mass["PM10"] == mass["DPM"] == pytest.approx((0.088 + 4.6e-6 * 10_000) * work, rel=1e-9)
    assert mass["VOC"] == mass["ROG"]
    assert "CO" not in mass
    filtered = kilograms(method, machine | {"device_level": "3"}).loc["M0"]
    assert filtered["PM10"] == pytest.approx(0.15 * mass["PM10"], rel=1e-9)
    worn = kilograms(method, machine | {"cumulative_hours": 50_000.0}).loc["M0"]
    assert worn["NOx"] == pytest.approx((4.15 + 6.0e-5 * 12_000) * work, rel=1e-9)


def test_a_power_between_the_printed_bins_of_the_guidelines_has_one() -> None:
    """49 to 50 hp of diesels, 50 to 51 hp of others: no machine falls between two bins."""
    method = load_method("epa-2022").with_options(equipment_form="carb")
    for hp in (25.0, 49.4, 49.9, 50.0, 74.6, 99.8, 174.7, 299.6, 750.0, 750.6):
        powered = {"power_kw": hp / 1.341022, "power_hp": hp, "tier": "Tier 2"}
        assert kilograms(method, powered).loc["M0", "NOx"] > 0
    with pytest.raises(FactorMissing, match=r"M0 \(yard_tractor, diesel, 20 hp.*equipment_form = nonroad"):
        kilograms(method, {"power_kw": 15.0, "power_hp": 20.0, "tier": "Tier 2"})


@pytest.mark.parametrize("need", NEEDS)
def test_the_template_has_a_line_for_each_quantity_and_says_what_may_stand_there(need: str) -> None:
    spec = load_method("epa-2022").needs()[SOURCE, need]
    head, *body = template(spec).splitlines()
    assert head.endswith("quantity,value,unit,source_document,table,source_address,confidence,note")
    assert len(body) == len(spec.quantities)
    assert " | " in body[0]


def test_a_template_that_was_not_filled_is_refused_cell_by_cell(tmp_path: Path) -> None:
    method = load_method("epa-2022")
    path = tmp_path / "own.csv"
    path.write_text(template(method.needs()[SOURCE, "fuel_correction"]), encoding="utf-8")
    with pytest.raises(UserTableError) as caught:
        with_user_tables(method, {f"{SOURCE}.fuel_correction": path})
    for told in ("line 2, column fuel", "one of diesel, renewable_diesel", "line 2, column value",
                 "line 2, column source_document", "line 2, column confidence"):  # fmt: skip
        assert told in str(caught.value)


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    wrong = RATES | {"NOx": "4.0,g/bhp-hr2", "PM10": "-0.1,g/bhp-hr", "NOx_deteriration": "1,g/bhp-hr/h"}
    del wrong["CO_deterioration"]
    bad = lines(rates=wrong) + lines("off_road,diesel,200,300,2000", rates={"HC": "0.2,g/bhp-hr"})
    bad += lines("of_road,diesel,300,400,2000", rates={"HC": "0.2,g/bhp-hr"})
    with pytest.raises(UserTableError) as caught:
        tables(tmp_path, bad)
    for told in (
        "NOx is in 'g/bhp-hr2'; a unit of the kind 'g/bhp-hr' is needed",
        "PM10 is -0.1 g/bhp-hr: a factor cannot be negative",
        "did you mean 'NOx_deterioration'",
        "there is no line for CO_deterioration",
        "hp 200 to 300 overlaps",
        "'of_road'; one of off_road, on_road",
    ):
        assert told in str(caught.value), str(caught.value)


def test_a_share_removed_for_a_share_left_is_recognized(tmp_path: Path) -> None:
    """A level 3 filter removes at least 85 %: it leaves 0.15."""
    removed = tables(
        tmp_path, lines(), fuel_correction=corrected(), control_factors=[f"3,PM10,0.85,ratio{SAID}"]
    )
    with pytest.raises(UserTableError, match=r"line 2: .*is 0\.85 the share that it removes"):
        kilograms(removed, {"device_level": "3"})


def test_a_level_or_a_machine_that_the_tables_lack_is_missed_loudly(tmp_path: Path) -> None:
    method = tables(
        tmp_path, lines(), fuel_correction=corrected(), control_factors=[f"3,PM10,0.15,ratio{SAID}"]
    )
    with pytest.raises(FactorMissing, match=r"device_level=1; device_level may be 3"):
        kilograms(method, {"device_level": "1"})
    with pytest.raises(FactorMissing, match="model_year may be 2000"):
        kilograms(method, {"engine_model_year": 1995})
    with pytest.raises(FactorMissing, match="hp may be"):
        kilograms(method, {"power_kw": 300.0})
