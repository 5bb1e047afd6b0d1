"""Curves: one above their threshold, products, and the state they need."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emissions import curves
from factors.terms import ONE, CurveSpec

NOX = {"a": 0.1255, "x": 1.5, "b": 10.4496}
SPECS = {
    "one": ONE,
    "llaf_nox": CurveSpec("llaf_nox", "low_load_adjustment", NOX | {"threshold": 0.2}),
    "fuel_rate": CurveSpec("fuel_rate", "load_fuel_rate", {"a": 0.455, "b": -0.71, "c": 1.28}),
    "life": CurveSpec("life", "life", {"cap": 1.0}),
}


def rows(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_low_load_factor_by_hand_and_at_its_edges() -> None:
    """Table 3.10: NOx 4.63 at 2 %; exactly 1 at 20 %, above, and with the engine off."""
    got = curves.low_load_adjustment([0.02, 0.2, 0.2000001, 1.0, 0.0], **NOX)
    assert got[0] == pytest.approx(4.63, abs=0.005)
    assert got[1:].tolist() == [1, 1, 1, 1]


@given(st.floats(0.02, 0.2), st.floats(0.02, 0.2))
def test_a_lower_load_never_has_a_smaller_factor(first: float, second: float) -> None:
    low, high = sorted((first, second))
    at_low, at_high = curves.low_load_adjustment([low, high], **NOX)
    assert at_low >= at_high >= 1 - 1e-12


def test_load_fuel_rate_between_its_bounds_both_included() -> None:
    got = curves.load_fuel_rate([0.1, 0.2, 0.78, 1.0], a=0.455, b=-0.71, c=1.28, lowest=0.2)
    np.testing.assert_allclose(got, [1.0, 1.1562, 1.003022, 1.025], rtol=1e-9)


def test_life_is_capped() -> None:
    np.testing.assert_array_equal(curves.life([0.0, 0.5, 1.0, 7.0]), [0, 0.5, 1, 1])
    np.testing.assert_allclose(curves.life([4.0], exponent=0.5, cap=9.0), [2.0])


def test_a_product_of_curves_is_their_product() -> None:
    state = rows(load_factor=[0.05, 0.5])
    both = curves.evaluate("llaf_nox*fuel_rate", SPECS, state)
    parts = [curves.evaluate(name, SPECS, state) for name in ("llaf_nox", "fuel_rate")]
    np.testing.assert_allclose(both, parts[0] * parts[1], rtol=1e-15)
    np.testing.assert_array_equal(curves.evaluate("one", SPECS, state), [1, 1])


def test_a_row_without_the_state_its_curve_reads_is_refused() -> None:
    with pytest.raises(ValueError, match="1 work rows follow the curve 'llaf_nox' but have no load_factor"):
        curves.evaluate("llaf_nox", SPECS, rows(load_factor=[0.1, np.nan]))


def test_a_curve_says_which_state_it_reads() -> None:
    assert curves.state_columns("llaf_nox*fuel_rate", SPECS) == ["load_factor"]
    assert curves.state_columns("life", SPECS) == ["life_used"]
    assert curves.state_columns("one", SPECS) == []


@given(st.lists(st.floats(0.02, 1) | st.just(0.0), min_size=1, max_size=20))
def test_where_a_curve_is_said_not_to_vary_it_is_one(loads: list[float]) -> None:
    state = rows(load_factor=loads)
    varying = curves.varies("llaf_nox", SPECS, state)
    assert varying is not None
    assert (curves.evaluate("llaf_nox", SPECS, state)[~varying] == 1).all()
    assert curves.varies("llaf_nox*fuel_rate", SPECS, state) is None
    assert curves.varies("life", SPECS, state) is None


def test_a_missing_load_counts_as_varying_so_that_it_is_refused() -> None:
    assert curves.varies("llaf_nox", SPECS, rows(load_factor=[np.nan, 0.5])).tolist() == [True, False]
