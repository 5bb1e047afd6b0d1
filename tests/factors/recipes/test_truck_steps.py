"""Standard groups of trucks are read from where the rates step, pollutant by pollutant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factors.library import resolve
from factors.method import load_method
from factors.recipes.trucks.steps import ages, groups_of, steps
from factors.tables import FactorMissing, load_table

METHOD = load_method("epa-2022")
RUNNING, IDLE = load_table("emfac2017", "running"), load_table("emfac2017", "idle")
LIMITS = {"usual_changes": 2.0, "least_change": 0.05}
BY = ("emfac_category", "fuel")


def profile(rates: list[float], first: int = 2009) -> pd.Series:
    return pd.Series(rates, index=range(first, first + len(rates)))


def starts(quantity: str, category: str = "T7 POLA") -> list[int]:
    years = pd.DataFrame({"emfac_category": category, "fuel": "Diesel", "model_year": range(2008, 2026)})
    group = groups_of(years, BY, RUNNING, quantity, METHOD).to_numpy()
    return years["model_year"].to_numpy()[1:][np.diff(group) > 0].tolist()


def test_a_year_of_ageing_is_no_step_and_a_new_standard_is() -> None:
    assert steps(profile([5.2, 5.1, 5.0, 3.5, 3.4]), **LIMITS).tolist() == [2012]
    assert steps(profile([5.2, 5.1, 5.0, 4.9, 4.8]), **LIMITS).tolist() == []


def test_rates_that_do_not_age_step_wherever_they_change_by_more_than_a_twentieth() -> None:
    assert steps(profile([10, 10, 10, 9.6, 9.6, 8.0, 8.0]), **LIMITS).tolist() == [2014]


def test_one_model_year_or_none_has_no_steps() -> None:
    assert steps(profile([5.0]), **LIMITS).tolist() == []
    assert steps(profile([]).astype(float), **LIMITS).tolist() == []


@settings(max_examples=50, deadline=None)
@given(
    rates=st.lists(st.floats(0.01, 100, allow_subnormal=False), min_size=2, max_size=12),
    unit=st.sampled_from([0.5, 2.0, 1024.0]),
)
def test_the_unit_of_a_rate_does_not_move_its_steps(rates: list[float], unit: float) -> None:
    one = steps(profile(rates), **LIMITS)
    assert one.tolist() == steps(profile([rate * unit for rate in rates]), **LIMITS).tolist()


def test_nox_steps_with_2012_and_2014_and_carbon_dioxide_with_2014_and_2021() -> None:
    """T7 POLA of EMFAC2017: 2011 is half the NOx of 2010, and 2012 a fifth less than 2011."""
    assert starts("NOx") == [2010, 2011, 2012, 2014]
    assert {2011, 2012, 2014} <= set(starts("PM2.5"))
    assert starts("CO2") == [2014, 2021]
    assert starts("NOx", "T7 CAIRP") == [2010, 2011, 2012, 2014]


def test_each_pollutant_of_a_truck_beyond_the_table_takes_its_own_group() -> None:
    """Model year 2022 in 2023 is one year old: NOx of 2019 in 2020, but the fuel of the standard of 2021."""
    method = METHOD.with_options(outside_edition="hold_by_age")
    truck = pd.DataFrame([{
        "process_set": "running", "emfac_category": "T7 POLA", "fuel": "diesel", "technology": "",
        "season": "summer", "model_year": 2022, "calendar_year": 2023, "speed_bin_mph": 40,
    }])  # fmt: skip
    terms = resolve("heavy_duty_vehicles", truck, method)[1].terms
    exhaust = terms[terms["process"] == "exhaust"].set_index("pollutant")["note"]
    assert exhaust["NOx"].startswith("model year 2019 of calendar 2020 (age 1)")
    assert exhaust["CO2"].startswith("model year 2021 of calendar 2020 (age -1)")
    of_2016 = resolve("heavy_duty_vehicles", truck.assign(model_year=2016), method)[1].terms
    said = of_2016[of_2016["process"] == "exhaust"].set_index("pollutant")["note"]
    assert said["NOx"].startswith("model year 2014 of calendar 2020")
    assert said["CO2"].startswith("model year 2016 of calendar 2020")
    assert exhaust["fuel:diesel"].startswith("model year 2021 of calendar 2020")


@pytest.mark.parametrize("year", [2021, 2023, 2025, 2030])
def test_idle_that_emfac_does_not_age_is_held_at_its_own_rate(year: int) -> None:
    """EMFAC2017's own idle rates of every model year of T7 POLA, asked for in another calendar year.

    They are alike at any age, so that the rate of the year itself is the right answer.
    """
    method = METHOD.with_options(outside_edition="hold_by_age", idle_rate="vehicle_day")
    own = IDLE.frame.query("emfac_category == 'T7 POLA' and season == 'summer'")
    trucks = pd.DataFrame({"model_year": sorted(own["model_year"].unique())}).assign(
        process_set="idle_day", emfac_category="T7 POLA", fuel="diesel", technology="", season="summer",
        calendar_year=year, speed_bin_mph=0,
    )  # fmt: skip
    class_id, classes = resolve("heavy_duty_vehicles", trucks, method)
    factors = classes.factors("g").iloc[class_id]
    for pollutant in ("NOx", "PM2.5", "CO", "CO2"):
        printed = own[own["quantity"] == pollutant].set_index("model_year")["value"]
        got = factors[pollutant].to_numpy()
        assert got == pytest.approx(printed[trucks["model_year"]].to_numpy(), rel=1e-9), pollutant


def test_exhaust_ages_and_fuel_and_idling_do_not() -> None:
    for quantity in ("NOx", "PM2.5", "ROG", "CO"):
        assert ages(RUNNING, quantity, METHOD)
    for quantity in ("CO2", "N2O", "SOx"):
        assert not ages(RUNNING, quantity, METHOD)
    for quantity in ("NOx", "PM2.5", "CO", "CO2"):
        assert not ages(IDLE, quantity, METHOD)
    assert ages(load_table("moves-trucks", "running_by_speed"), "NOx", METHOD)


def test_years_before_a_table_are_told_apart_by_the_category_that_reaches_further_back() -> None:
    """T7 POLA begins with 2008, where T7 tractor has NOx step: 2007 is of another standard."""
    years = pd.DataFrame({"emfac_category": "T7 POLA", "fuel": "Diesel", "model_year": [1999, 2007, 2008]})
    group = groups_of(years, BY, RUNNING, "NOx", METHOD).tolist()
    assert group[0] < group[1] < group[2]
    method = METHOD.with_options(outside_edition="hold_by_age")
    truck = pd.DataFrame([{
        "process_set": "running", "emfac_category": "T7 POLA", "fuel": "diesel", "technology": "",
        "season": "summer", "model_year": 2007, "calendar_year": 2023, "speed_bin_mph": 40,
    }])  # fmt: skip
    with pytest.raises(FactorMissing, match=r"model years 2007 \(of an older standard"):
        resolve("heavy_duty_vehicles", truck, method)
