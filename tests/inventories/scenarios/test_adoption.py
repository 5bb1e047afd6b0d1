"""Adoption curves: shares by year."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from inventories.scenarios.measures.adoption import Adoption, Line, Logistic, Reached, Table

YEARS = np.arange(2023, 2051)
shares = st.floats(0.0, 1.0)
READ: TypeAdapter[Adoption] = TypeAdapter(Adoption)


def test_a_table_holds_todays_level_before_and_the_last_after() -> None:
    found = Table(table={2025: 0.4, 2030: 0.9}).level([2023, 2024, 2025, 2027, 2030, 2050], 0.25)
    np.testing.assert_allclose(found, [0.25, 0.25, 0.4, 0.6, 0.9, 0.9])


def test_a_stock_at_year_end_is_averaged_with_the_year_before() -> None:
    found = Table(table={2025: 0.2, 2026: 0.4}, basis="year_end").level([2024, 2025, 2026, 2027, 2028], 0.1)
    np.testing.assert_allclose(found, [0.1, 0.15, 0.3, 0.4, 0.4])


def test_a_line_starts_at_todays_level_and_is_held() -> None:
    line = Line.model_validate({"from": 2025, "to": 2035, "reaches": 0.7})
    np.testing.assert_allclose(line.level([2023, 2025, 2030, 2035, 2040], 0.3), [0.3, 0.3, 0.5, 0.7, 0.7])


def test_a_logistic_passes_ten_and_ninety_per_cent_of_its_ceiling() -> None:
    curve = Logistic(year_10_pct=2026, year_90_pct=2036, ceiling=0.8)
    np.testing.assert_allclose(curve.level([2026, 2031, 2036], 0.0), [0.08, 0.4, 0.72])


def test_a_rule_counts_the_days_of_its_first_year() -> None:
    rule = Reached.model_validate({"from": "2028-03-01", "share": 1.0})
    days_after = 366 - 60  # a leap year
    np.testing.assert_allclose(rule.level([2027, 2028, 2029], 0.0), [0.0, days_after / 366, 1.0])
    # A floor below what is there already changes nothing.
    np.testing.assert_array_equal(rule.model_copy(update={"share": 0.2}).level(YEARS, 0.5), 0.5)


@given(present=shares, target=shares)
def test_every_curve_stays_within_zero_and_one(present: float, target: float) -> None:
    curves: list[Adoption] = [
        Table(table={2025: present, 2040: target}),
        Table(table={2025: present, 2040: target}, basis="year_end"),
        Line.model_validate({"from": 2024, "to": 2040, "reaches": target}),
        Logistic(year_10_pct=2025, year_90_pct=2035, ceiling=target),
        Reached.model_validate({"from": "2030-07-01", "share": target}),
    ]
    for curve in curves:
        found = curve.level(YEARS, present)
        assert found.shape == YEARS.shape
        assert found.min() >= -1e-12
        assert found.max() <= 1 + 1e-12


@given(present=shares)
def test_a_target_at_todays_level_is_todays_level_exactly(present: float) -> None:
    for given_as in (
        {"table": {2025: present, 2040: present}},
        {"from": 2024, "to": 2040, "reaches": present},
        {"from": "2030-07-01", "share": present},
    ):
        found = READ.validate_python(given_as).level(YEARS, present)
        np.testing.assert_array_equal(found, present)


@pytest.mark.parametrize(
    "given_as",
    [
        {"table": {2030: 1.2}},
        {"table": {2030: -0.1}},
        {"table": {}},
        {"from": 2030, "to": 2030, "reaches": 0.5},
        {"from": 2030, "to": 2040, "reaches": 1.01},
        {"year_10_pct": 2040, "year_90_pct": 2030},
        {"year_10_pct": 2030, "year_90_pct": 2040, "ceiling": 2.0},
        {"from": "2030", "share": 0.5},
        {"from": "2030-02-31", "share": 0.5},
        {"from": "2030-01-01", "share": 0.5, "until": 2040},
    ],
)
def test_what_is_no_adoption_is_refused(given_as: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        READ.validate_python(given_as)
