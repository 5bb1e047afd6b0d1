"""Engines: work, propeller law, tiers by keel and by load; first by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emissions import engines


def test_a_hundred_kilowatts_for_two_hours_at_half_load_are_a_hundred_kilowatt_hours() -> None:
    assert engines.engine_work(100.0, 0.5, 2.0) == 100.0


def test_work_of_arrays_series_and_nothing() -> None:
    np.testing.assert_array_equal(engines.engine_work([100, 200], 0.5, [2, 1]), [100, 100])
    np.testing.assert_array_equal(
        engines.engine_work(pd.Series([100.0]), pd.Series([1.0]), pd.Series([0.0])), [0]
    )
    assert len(engines.engine_work([], [], [])) == 0


@pytest.mark.parametrize("load", [-0.01, 1.01])
def test_a_load_outside_zero_to_one_is_refused(load: float) -> None:
    with pytest.raises(ValueError, match=r"load factors lie in \[0, 1\]"):
        engines.engine_work([100.0, 100.0], [0.5, load], [1.0, 1.0])


def test_negative_hours_and_powers_are_refused() -> None:
    with pytest.raises(ValueError, match="is negative"):
        engines.engine_work(100.0, 0.5, -1.0)
    with pytest.raises(ValueError, match="is negative"):
        engines.engine_work(-100.0, 0.5, 1.0)


def test_half_the_speed_is_an_eighth_of_the_power_and_its_margin() -> None:
    assert engines.propulsion_load(12.0, 24.0) == pytest.approx(0.14375, rel=1e-12)
    assert engines.propulsion_load(12.0, 24.0, margin_pct=0) == pytest.approx(0.125, rel=1e-12)


def test_the_margin_comes_before_the_cap_and_the_floor() -> None:
    # 0.9^3 * 1.15 = 0.838; at 0.97 of the speed the margin alone passes full load.
    got = engines.propulsion_load([9.0, 9.7, 10.0, 12.0, 0.5, 0.0], 10.0)
    np.testing.assert_allclose(got, [0.83835, 1.0, 1.0, 1.0, 0.02, 0.0], rtol=1e-12)


def test_a_lighter_ship_takes_less_power() -> None:
    assert engines.propulsion_load(12.0, 24.0, draught_ratio=0.125) == pytest.approx(0.14375 / 4)


@given(st.floats(0.1, 30), st.floats(0.1, 30), st.floats(10, 30))
def test_a_faster_ship_never_takes_less_power(first: float, second: float, maximum: float) -> None:
    slow, fast = sorted((first, second))
    low, high = engines.propulsion_load([slow, fast], maximum)
    assert 0.02 <= low <= high <= 1.0


def test_service_speed_is_ninety_four_percent_of_the_maximum() -> None:
    assert engines.maximum_speed(18.8) == pytest.approx(20.0)


def test_tier_three_binds_from_the_areas_own_year() -> None:
    keel = [1999, 2000, 2010, 2011, 2015, 2016, 2017, 2020, 2021]
    assert engines.tier_of_keel(keel, 2016).tolist() == [0, 1, 1, 2, 2, 3, 3, 3, 3]
    assert engines.tier_of_keel(keel, 2021).tolist() == [0, 1, 1, 2, 2, 2, 2, 2, 3]
    assert engines.tier_of_keel(keel).tolist() == [0, 1, 1, 2, 2, 2, 2, 2, 2]


def test_tier_three_falls_back_strictly_below_a_quarter_of_full_load() -> None:
    loads = [0.0, 0.2, 0.2499999, 0.25, 1.0]
    assert engines.tier_at_load([3] * 5, loads).tolist() == [2, 2, 2, 3, 3]
    assert engines.tier_at_load([0, 1, 2], [0.1] * 3).tolist() == [0, 1, 2]
    assert engines.tier_at_load([3], [0.1], [True]).tolist() == [3]
    assert engines.tier_at_load([3], [0.1], [True], electric_reverts=True).tolist() == [2]


def test_category_follows_displacement_per_cylinder() -> None:
    # pi/4 * 10^2 * 10 cm = 0.785 L
    assert engines.ship_category(100.0, 100.0) == 1
    bore = np.sqrt(np.array([6.999, 7.0001, 29.999, 30.001]) * 1000 / (np.pi / 4) / 50) * 10
    assert engines.ship_category(bore, 500.0).tolist() == [1, 2, 2, 3]


def test_tiers_are_spelled_as_in_the_tables() -> None:
    assert list(engines.tier_label([3, 0])) == ["Tier 3", "Tier 0"]
