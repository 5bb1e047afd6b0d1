"""Harbor craft by fuel used, Tier 4 by certification limits, unlawful tiers, renewable diesel by rule."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.craft_tiers import unlawful_tiers
from emissions.harbor_craft import SOURCE, fuel_of_engines, work_rows
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, load_method
from factors.recipes.harbor_craft import limited, proxied
from factors.tables import FactorMissing
from factors.units import conversion

EPA = load_method("epa-2022")
LIMITS = EPA.with_options(harbor_craft_tier4="certification_limit")
GALLON = conversion("gal", "L")
KG_PER_GALLON = 3.206


def engines(*changes: dict[str, object]) -> pd.DataFrame:
    """Main engines of tugs: 1,000 kW, Tier 2, hours as said."""
    row: dict[str, object] = {
        "craft_id": "tug-1", "craft_type": "tug", "role": "propulsion", "model_year": 2010,
        "power_kw": 1000.0, "hours": np.nan, "fuel": "diesel", "tier": "Tier 2", "port": "P",
    }  # fmt: skip
    return pd.DataFrame([row | {"engine_id": str(n)} | change for n, change in enumerate(changes)])


def kilograms(table: pd.DataFrame, method: Method = EPA, year: int = 2024) -> pd.DataFrame:
    rows = work_rows(table, year=year, method=method)
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes).groupby(rows["record_id"].to_numpy()).sum()


# ---------------------------------------------------------------- fuel


def test_a_tug_that_knows_its_gallons_alone_burns_them():
    """By hand: its work is 10,000 gal x 3.206 kg / 0.367 lb/hp-hr; at half load that is so many hours."""
    table = engines({"fuel_used_l": 10_000 * GALLON})
    rows = work_rows(table, year=2024, method=EPA)
    work = 10_000 * KG_PER_GALLON / (0.367 * 0.45359237 / conversion("hp-hr", "kWh"))
    assert rows["quantity"].sum() == pytest.approx(work, rel=1e-9)
    assert rows["engine_hours"].sum() == pytest.approx(work / 500, rel=1e-9)
    assert set(rows["provenance"]) == {"given"}, "the load does not change work by fuel"
    assert kilograms(table).loc["tug-1/0", "fuel:diesel"] == pytest.approx(10_000 * KG_PER_GALLON, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.floats(1.0, 1e6), st.floats(0.1, 0.9))
def test_work_by_fuel_is_the_same_whatever_the_load(gallons: float, load: float):
    stated = engines(
        {"fuel_used_l": gallons * GALLON}, {"fuel_used_l": gallons * GALLON, "load_factor": load}
    )
    work = work_rows(stated, year=2024, method=EPA).groupby("record_id")["quantity"].sum()
    assert work["tug-1/0"] == pytest.approx(work["tug-1/1"], rel=1e-9)


def test_fuel_of_a_whole_craft_is_shared_by_its_engines_who_run_the_same_hours():
    whole = {"fuel_used_l": 50_000 * GALLON, "is_fuel_of_craft": True}
    table = engines(whole | {"count": 2}, whole | {"role": "auxiliary", "power_kw": 285.0})
    mass = kilograms(table)
    assert mass["fuel:diesel"].sum() == pytest.approx(50_000 * KG_PER_GALLON, rel=1e-9)
    rows = work_rows(table, year=2024, method=EPA)
    hours = rows.groupby("record_id")["engine_hours"].sum()
    assert hours["tug-1/0"] == pytest.approx(2 * hours["tug-1/1"], rel=1e-9)


def test_fuel_beside_hours_is_compared_and_taken_only_on_request():
    table = engines({"hours": 1000.0, "fuel_used_l": 20_000 * GALLON}, {"hours": 1000.0})
    plain = kilograms(table)
    assert plain.loc["tug-1/0", "NOx"] == plain.loc["tug-1/1", "NOx"]
    taken = EPA.with_options(harbor_craft_fuel_used="stated")
    assert kilograms(table, taken).loc["tug-1/0", "fuel:diesel"] == pytest.approx(
        20_000 * KG_PER_GALLON, rel=1e-9
    )
    assert work_rows(table, year=2024, method=taken)["engine_hours"].sum() == pytest.approx(2000)
    fuel = fuel_of_engines(table, year=2024, method=EPA)
    assert fuel["state"].tolist() == ["compared", "blank"]
    assert fuel["ratio"].iloc[0] == pytest.approx(
        20_000 * KG_PER_GALLON / plain.loc["tug-1/0", "fuel:diesel"], rel=1e-9
    )


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"fuel_used_l": 0.0},
        {"fuel_used_l": 5.0, "fuel": "electric"},
        {"fuel_used_l": 5.0, "home_hours": 3.0},
    ],
)
def test_an_engine_without_hours_or_fuel_is_refused(change: dict[str, object]):
    with pytest.raises(ValueError, match=r"hours are missing|home_hours"):
        work_rows(engines(change), year=2024, method=EPA)


# ---------------------------------------------------------------- tier 4


@pytest.mark.parametrize(
    ("power", "category", "particles"), [(600.0, "C1", 0.04), (2000.0, "C2", 0.04), (4000.0, "C2", 0.06)]
)
def test_a_tier_4_engine_takes_its_limit_where_asked(power: float, category: str, particles: float):
    """40 CFR 1042.101: NOx 1.8, HC 0.19, CO 5.0 g/kWh; particles 0.04, from 3,700 kW 0.06; no growth."""
    table = engines(
        {"power_kw": power, "category": category, "tier": "Tier 4", "model_year": 2018, "hours": 1000.0}
    )
    rows = work_rows(table, year=2024, method=LIMITS)
    class_id, classes = resolve(SOURCE, rows, LIMITS)
    mass = row_mass(rows, class_id, classes).sum()
    work = power * 0.5 * 1000
    printed = {"NOx": 1.8, "PM10": particles, "DPM": particles, "THC": 0.19, "CO": 5.0}
    for pollutant, limit in printed.items():
        assert mass[pollutant] == pytest.approx(limit * work / 1000, rel=1e-9), pollutant
    assert classes.terms["extrapolated"].all(), "a limit is not a rate"
    assert limited(rows, LIMITS).all()
    assert not proxied(rows, LIMITS).any()


def test_tier_4_engines_stop_the_build_unless_their_limit_is_asked_for():
    table = engines({"tier": "Tier 4", "model_year": 2018, "hours": 1000.0, "power_kw": 2000.0})
    with pytest.raises(FactorMissing, match="harbor_craft_tier4 = certification_limit"):
        kilograms(table)
    small = engines({"tier": "Tier 4", "model_year": 2018, "hours": 1000.0, "power_kw": 500.0})
    with pytest.raises(FactorMissing, match="Tier 4"):
        kilograms(small, LIMITS)


def test_older_engines_are_the_same_with_and_without_limits():
    table = engines({"hours": 1000.0}, {"hours": 1000.0, "power_kw": 3800.0, "tier": "Tier 3"})
    pd.testing.assert_frame_equal(kilograms(table), kilograms(table, LIMITS))


def test_a_tier_that_power_and_year_cannot_have_is_found():
    table = engines(
        {"tier": "Tier 3", "model_year": 2018, "power_kw": 1500.0},  # Tier 4 from 2016 at 1,400 kW
        {"tier": "Tier 4", "model_year": 2018, "power_kw": 400.0},  # there is no Tier 4 below 600 kW
        {"tier": "Tier 4", "model_year": 2018, "power_kw": 1500.0},
        {"tier": "Tier 2", "model_year": 2010, "power_kw": 1500.0},
        {"tier": None, "model_year": 2018, "power_kw": 1500.0},
        {"tier": "Tier 1", "model_year": 2018, "power_kw": 1500.0, "fuel": "electric"},
    )
    found = unlawful_tiers(table, EPA)
    assert found["engine_id"].tolist() == ["0", "1"]
    assert found["least"].tolist() == [4, 3]
    assert unlawful_tiers(table.iloc[2:4], EPA).empty


# ---------------------------------------------------------------- renewable diesel


def test_california_s_rule_makes_diesel_renewable_from_2023():
    table = engines({"hours": 1000.0}, {"hours": 1000.0, "fuel": "biodiesel"})
    ruled = EPA.with_options(harbor_craft_fuel_rule="california")
    before, after = kilograms(table, ruled, 2022), kilograms(table, ruled, 2023)
    assert before.loc["tug-1/0", "CO2"] > 0
    assert "CO2" not in after or after["CO2"].sum() == 0
    plain = kilograms(table, EPA, 2023)
    assert after.loc["tug-1/0", "CO2_biogenic"] == pytest.approx(plain.loc["tug-1/0", "CO2"])
    assert after.loc["tug-1/0", "NOx"] == plain.loc["tug-1/0", "NOx"]
    assert after.loc["tug-1/1"].get("fuel:biodiesel") == plain.loc["tug-1/1"].get("fuel:biodiesel")
