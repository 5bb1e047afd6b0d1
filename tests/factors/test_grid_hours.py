"""Rates by the hour: weighted by when electricity is drawn, losses once, flat where nobody says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions import electricity
from emissions.mass import row_mass
from factors.grid_hours import days_of, hours_of, profile_by_hour, rates_by_hour
from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.own_tables import with_user_tables
from factors.tables import FactorMissing, load_table
from factors.units import conversion
from factors.user_tables import UserTableError

POUND = conversion("lb", "kg")
CALIFORNIA = "California (AVERT region)"
MARGINAL = {"grid_kind": "marginal", "grid_region": CALIFORNIA, "grid_year": "2023", "grid_hours": "by_hour"}
HOURLY = load_method("epa-2022").with_options(**MARGINAL)
SOURCE = {"source_document": "invented for a test"}


def kilograms(method: Method, use: str = "cranes", month: int = 0, year: int = 2023) -> pd.Series:
    """Mass of a megawatt-hour drawn in a month; 0 for the whole year."""
    taken = pd.DataFrame({"use": [use], "quantity": [1000.0], "month": [month]})
    rows = electricity.work_rows(taken, method, year)
    class_id, classes = resolve("electricity", rows, method)
    return row_mass(rows, class_id, classes).iloc[0]


def own(path: Path, need: str, table: pd.DataFrame, method: Method = HOURLY) -> Method:
    table.to_csv(path / "own.csv", index=False)
    return with_user_tables(method, {f"electricity.{need}": path / "own.csv"})


def loads(use: str, load: np.ndarray, year: int = 2023) -> pd.DataFrame:
    """A profile of the loads in all hours of a year. [kW]"""
    times = pd.date_range(f"{year}-01-01", periods=len(load), freq="h")
    return profile_by_hour(times, load, use=use, source=SOURCE)


# ---------------------------------------------------------------- by hand


def test_a_year_has_its_own_weekends():
    days = days_of(2023).pivot(index="month", columns="day_type", values="days")
    assert days.loc[1].tolist() == [22, 9]  # 1 January 2023 is a Sunday
    assert days.to_numpy().sum() == 365
    assert days_of(2024)["days"].sum() == 366
    assert len(hours_of(2024)) == 8784


def test_a_load_at_noon_of_weekdays_takes_the_rates_of_noon(tmp_path: Path):
    """Noon emits 1 and all other hours 3 kg/MWh: at noon 1, all day (1 + 23 x 3) / 24."""
    hours = hours_of(2023)
    series = np.where(hours["hour"] == 12, 1.0, 3.0)
    table = rates_by_hour({"CO2": series}, 2023, region="Here", unit="kg/MWh", source=SOURCE,
                          rate_type="marginal (fossil, avoided-emission)")  # fmt: skip
    method = own(tmp_path, "by_hour", table, HOURLY.with_options(grid_region="Here"))
    assert kilograms(method)["CO2"] == pytest.approx((1 + 23 * 3) / 24)
    noon = loads("cranes", np.where((hours["hour"] == 12) & (hours["day_type"] == "weekday"), 500.0, 0.0))
    (tmp_path / "profile").mkdir()
    method = own(tmp_path / "profile", "profile", noon, method)
    assert kilograms(method)["CO2"] == pytest.approx(1)
    assert kilograms(method, month=4)["CO2"] == pytest.approx(1)
    assert kilograms(method, "reefers")["CO2"] == pytest.approx((1 + 23 * 3) / 24)  # no profile: flat


def test_readings_of_half_hours_become_kilowatts_of_hours():
    times = pd.date_range(
        "2023-01-02", "2023-01-16", freq="30min", inclusive="left"
    )  # a weekend, ten weekdays
    kwh = np.where(times.hour == 8, 30.0, 5.0)
    table = profile_by_hour(times, kwh, use="charging", source=SOURCE).astype({"value": float})
    assert set(table.loc[table["hour"] == 8, "value"]) == {60.0}
    assert set(table.loc[table["hour"] != 8, "value"]) == {10.0}
    assert len(table) == 48


def test_average_rates_by_the_hour_take_no_losses(tmp_path: Path):
    table = rates_by_hour({"CO2": np.full(8784, 200.0)}, 2024, region="Here", unit="kg/MWh", source=SOURCE,
                          rate_type="average total output")  # fmt: skip
    options = {"grid_kind": "average", "grid_region": "Here", "grid_year": "2024"}
    method = own(tmp_path, "by_hour", table, HOURLY.with_options(**options))
    assert kilograms(method)["CO2"] == pytest.approx(200)


def test_a_pollutant_of_the_hours_alone_leaves_the_others_not_estimated(tmp_path: Path):
    table = rates_by_hour({"CO2": np.full(8784, 200.0)}, 2024, region="Here", unit="kg/MWh", source=SOURCE,
                          rate_type="average total output")  # fmt: skip
    options = {"grid_kind": "average", "grid_region": "Here", "grid_year": "2024"}
    method = own(tmp_path, "by_hour", table, HOURLY.with_options(**options))
    assert set(kilograms(method).index) == {"electricity", "CO2"}


# ---------------------------------------------------------------- the shipped rates


def test_flat_hourly_rates_lie_beside_the_annual_ones_as_the_edition_says():
    """AVERT 2023, California: CO2 0.5 % below Uniform EE and SO2 15 %; no loss is added to either."""
    flat = kilograms(HOURLY)
    annual = kilograms(HOURLY.with_options(grid_hours="annual"))
    assert flat["CO2"] / POUND == pytest.approx(1031.98, abs=0.01)
    assert annual["CO2"] / POUND == pytest.approx(1037.04, abs=0.01)
    assert flat["SOx"] / annual["SOx"] == pytest.approx(0.853, abs=0.001)
    assert flat["VOC"] == annual["VOC"]  # no hourly rate was read: the annual one
    assert flat["NH3"] == annual["NH3"]


def test_months_and_the_year_are_weighted_by_their_days():
    months = [kilograms(HOURLY, month=month)["CO2"] for month in range(1, 13)]
    days = days_of(2023).groupby("month")["days"].sum()
    assert np.average(months, weights=days) == pytest.approx(kilograms(HOURLY)["CO2"])


def test_terms_say_that_a_load_was_taken_as_flat():
    _, classes = resolve(
        "electricity", pd.DataFrame({"use": ["cranes"], "grid_region": [CALIFORNIA]}), HOURLY
    )
    assert classes.terms["note"].str.contains("flat load").sum() == 4 * 576
    assert classes.terms["note"].str.contains("losses are inside").sum() == 4 * 576 + 2


def test_rates_are_the_means_of_the_hours_that_were_read(real_data: Path):
    """Another road: a weighted mean of 8,760 hours in numpy, for loads that follow month, day and hour."""
    hours = pd.read_parquet(real_data / "grid" / "avert_2023_hourly_lb_per_kwh.parquet")
    series = hours.pivot(index="Timestamp", columns="pollutant", values="CA")
    keys = hours_of(2023)
    table = load_table("grid", "by_hour").frame
    for mine, printed in {"CO2": "CO2", "NOx": "NOx", "PM25": "PM2.5", "SO2": "SO2"}.items():
        told = table[table["quantity"] == printed].set_index(["month", "day_type", "hour"])["value"]
        found = keys.assign(rate=series[mine].to_numpy() * 1000).groupby(["month", "day_type", "hour"])[
            "rate"
        ]
        pd.testing.assert_series_equal(
            told.sort_index(), found.mean(), check_names=False, check_index_type=False
        )


def test_a_profile_gives_the_weighted_mean_of_all_hours(real_data: Path, tmp_path: Path):
    hours = pd.read_parquet(real_data / "grid" / "avert_2023_hourly_lb_per_kwh.parquet")
    series = hours.pivot(index="Timestamp", columns="pollutant", values="CA")
    keys = hours_of(2023)
    weekend = (keys["day_type"] == "weekend").to_numpy()
    load = 100 + 40 * np.sin(keys["hour"] / 24 * 6.28) + 15 * keys["month"] - 30 * weekend
    method = own(tmp_path, "profile", loads("cranes", load.to_numpy()))
    mass = kilograms(method)
    for mine, reported in {"CO2": "CO2", "NOx": "NOx", "PM25": "PM2.5", "SO2": "SOx"}.items():
        direct = np.average(series[mine].to_numpy(), weights=load) * 1000 * POUND
        assert mass[reported] == pytest.approx(direct, rel=1e-12)
    june = (keys["month"] == 6).to_numpy()
    direct = np.average(series["CO2"].to_numpy()[june], weights=load[june]) * 1000 * POUND
    assert kilograms(method, month=6)["CO2"] == pytest.approx(direct, rel=1e-12)


# ---------------------------------------------------------------- by property


@settings(max_examples=20)
@given(st.floats(0.1, 1000), st.lists(st.floats(0, 100), min_size=24, max_size=24))
def test_only_the_shape_of_a_load_matters(tmp_path_factory: pytest.TempPathFactory, scale: float, day: list):
    shape = np.asarray(day) + 1.0
    tables = [loads("cranes", np.tile(shape * factor, 365)) for factor in (1.0, scale)]
    folder = tmp_path_factory.mktemp("shape")
    one, other = (kilograms(own(folder, "profile", table)) for table in tables)
    assert other["CO2"] == pytest.approx(one["CO2"])
    printed = load_table("grid", "by_hour").frame.query("quantity == 'CO2'")["value"] * POUND
    assert printed.min() <= one["CO2"] <= printed.max()


# ---------------------------------------------------------------- life cycle


def test_the_life_cycle_too_goes_by_the_hour_of_the_day(tmp_path: Path):
    region = "California grid (LCFS/CA-GREET, hour of day)"
    options = {"grid_kind": "life_cycle", "grid_region": region, "grid_year": "2020"}
    method = HOURLY.with_options(**options)
    flat = kilograms(method.with_options(grid_hours="annual"))["CO2e_life_cycle"]
    assert kilograms(method)["CO2e_life_cycle"] == pytest.approx(flat)
    noon = np.where(hours_of(2020)["hour"] == 12, 1.0, 0.0)
    printed = load_table("grid", "life_cycle_by_hour").frame.query("hour == 12")["value"].iloc[0]
    method = own(tmp_path, "profile", loads("cranes", noon, 2020), method)
    assert kilograms(method)["CO2e_life_cycle"] == pytest.approx(printed * 3600 / 1000)


# ---------------------------------------------------------------- refusals


def test_hours_that_do_not_fit_the_year_are_refused_all_at_once():
    gap = np.full(8760, 1.0)
    gap[7] = np.nan
    with pytest.raises(ValueError, match=r"8,760 hours; 2024 has 8,784.*not a unit") as told:
        rates_by_hour({"CO2": gap}, 2024, region="Here", rate_type="x", unit="lb/moon", source={})
    assert "source_document" in str(told.value)
    with pytest.raises(ValueError, match=r"no number in 1 hours \(first: hour 7"):
        rates_by_hour({"CO2": gap}, 2023, region="Here", rate_type="x", unit="lb/MWh", source=SOURCE)


def test_a_year_without_hourly_rates_names_those_there_are():
    with pytest.raises(MethodError, match=r"no hourly rates of California.*in 2024.*there are: California"):
        kilograms(HOURLY.with_options(grid_year="2024"))


def test_a_profile_without_an_hour_is_refused(tmp_path: Path):
    table = loads("cranes", np.full(8760, 5.0))
    with pytest.raises(FactorMissing, match="hour=3"):
        kilograms(own(tmp_path, "profile", table[table["hour"] != 3]))


def test_a_profile_without_load_where_electricity_is_drawn_is_refused(tmp_path: Path):
    winter = np.where(hours_of(2023)["month"] < 3, 5.0, 0.0)
    method = own(tmp_path, "profile", loads("cranes", winter))
    assert kilograms(method, month=2)["CO2"] > 0
    with pytest.raises(MethodError, match="no load of cranes in month 7"):
        kilograms(method, month=7)


def test_a_profile_of_an_unknown_use_is_refused(tmp_path: Path):
    table = loads("cranes", np.full(8760, 5.0)).assign(use="fountains")
    with pytest.raises(UserTableError, match="'fountains'; one of shore_power"):
        own(tmp_path, "profile", table)
