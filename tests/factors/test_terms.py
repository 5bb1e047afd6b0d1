"""Terms: products of factor rows with their units checked, summed to factors of classes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from factors.tables import load_table
from factors.terms import QUANTITY_UNITS, FactorClasses, TermBuilder, concat, is_carrier, result_unit
from factors.units import UnitError, registry

ENGINES = pd.DataFrame(
    {
        "engine_group": "propulsion",
        "engine_type": ["SSD", "MSD"],
        "fuel": "MGO/MDO",
        "tier": ["Tier 2", "Tier 3"],
        "quantity_kind": "energy",
        "coverage_group": "diesel_engine",
    }
)
NO_COVERAGE = pd.DataFrame(
    columns=["source_category", "coverage_group", "process", "pollutant", "state", "rule"], dtype=str
)
BSFC, CARBON, NOX = (load_table("epa-ogv-2022", name) for name in ("bsfc", "carbon", "nox"))


def resolved() -> FactorClasses:
    terms = TermBuilder(ENGINES)
    terms.add("NOx", "exhaust", NOX.find(ENGINES, "NOx"))
    terms.add("CO2", "exhaust", BSFC.find(ENGINES, "BSFC"), CARBON.find(ENGINES, "CO2_per_fuel"))
    return terms.build(NO_COVERAGE)


def test_a_factor_is_the_product_of_its_rows() -> None:
    """185 g/kWh x 3.206 = 593.11 g CO2/kWh; 205 x 3.206 = 657.23 (METHOD, worked check)."""
    factors = resolved().factors("g")
    np.testing.assert_allclose(factors["CO2"], [593.11, 657.23], rtol=1e-12)
    np.testing.assert_allclose(factors["NOx"], [14.4, 2.6], rtol=1e-12)


def test_several_terms_of_one_component_add_up() -> None:
    terms = TermBuilder(ENGINES)
    rate = NOX.find(ENGINES, "NOx")
    terms.add("NOx", "exhaust", rate, number=0.25)
    terms.add("NOx", "exhaust", rate, number=[0.75, -0.25])
    classes = terms.build(NO_COVERAGE)
    assert len(classes.components) == 1
    np.testing.assert_allclose(classes.factors()["NOx"], [14.4, 0.0], atol=1e-15)


def test_terms_point_at_the_rows_as_printed() -> None:
    classes = resolved()
    term = classes.terms.query("pollutant == 'CO2' and class_id == 0").iloc[0]
    rows = classes.factor_rows.iloc[[term["row_1"], term["row_2"]]]
    assert rows["quantity"].tolist() == ["BSFC", "CO2_per_fuel"]
    assert rows["value"].tolist() == [185.0, 3.206]
    assert term["row_3"] == term["row_4"] == -1
    assert rows["confidence"].isin(["read", "derived", "unverified"]).all()
    assert (rows["source_document"] != "").all()
    # A row says on which line of its edition's file it stands.
    line = int(rows["line"].iloc[0])
    assert BSFC.frame.iloc[line - 2]["value"] == 185.0


def test_a_change_of_a_factor_row_changes_exactly_what_rests_on_it() -> None:
    classes = resolved()
    rows = classes.factor_rows.copy()
    rows.loc[rows["quantity"] == "CO2_per_fuel", "value"] *= 1.1
    moved = classes.with_values(rows).factors()
    np.testing.assert_allclose(moved["CO2"], classes.factors()["CO2"] * 1.1, rtol=1e-12)
    np.testing.assert_array_equal(moved["NOx"], classes.factors()["NOx"])
    with pytest.raises(ValueError, match="same rows"):
        classes.with_values(rows.iloc[::-1])


@pytest.mark.parametrize("kind", sorted(set(QUANTITY_UNITS) - {"energy", "electricity"}))
def test_grams_per_kilowatt_hour_times_anything_else_is_refused(kind: str) -> None:
    terms = TermBuilder(ENGINES.assign(quantity_kind=kind))
    with pytest.raises(UnitError, match="takes another kind of work than its factor is per"):
        terms.add("NOx", "exhaust", NOX.find(ENGINES, "NOx"))


def test_grams_per_vehicle_day_times_hours_is_refused() -> None:
    """EMFAC's idle rates are per vehicle and day; a port that counts hours cannot use them as they are."""
    idle = load_table("emfac2017", "idle")
    trucks = idle.frame[idle.frame["quantity"] == "NOx"].head(1).reset_index(drop=True)
    rate = idle.find(trucks, "NOx")
    by_day = TermBuilder(trucks.assign(quantity_kind="vehicle_day"))
    by_day.add("NOx", "idle", rate)
    by_hour = TermBuilder(trucks.assign(quantity_kind="duration"))
    with pytest.raises(UnitError, match=r"NOx: a factor in g/vehicle/day times duration in h is .*not kg"):
        by_hour.add("NOx", "idle", rate)


def test_a_unit_too_many_is_refused() -> None:
    terms = TermBuilder(ENGINES)
    rate = NOX.find(ENGINES, "NOx")
    with pytest.raises(UnitError):
        terms.add("NOx", "exhaust", rate, rate)
    with pytest.raises(UnitError):
        terms.add("NOx", "exhaust", rate, number=2.0, unit="kWh")


def test_percent_is_a_hundredth() -> None:
    terms = TermBuilder(ENGINES)
    terms.add("NOx", "exhaust", NOX.find(ENGINES, "NOx"), number=50.0, unit="%")
    np.testing.assert_allclose(terms.build(NO_COVERAGE).factors()["NOx"], [7.2, 1.3])


def test_a_term_of_more_than_four_rows_or_of_other_classes_is_refused() -> None:
    terms = TermBuilder(ENGINES)
    rate = NOX.find(ENGINES, "NOx")
    with pytest.raises(ValueError, match="not 5"):
        terms.add("NOx", "exhaust", *[rate] * 5)
    with pytest.raises(ValueError, match="not 0"):
        terms.add("NOx", "exhaust")
    with pytest.raises(ValueError, match="answer different classes"):
        terms.add("CO2", "exhaust", rate, BSFC.find(ENGINES.iloc[::-1], "BSFC"))


def test_terms_of_no_class_leave_no_trace() -> None:
    terms = TermBuilder(ENGINES)
    terms.add("NOx", "exhaust", NOX.find(ENGINES, "NOx"))
    terms.add("SOx", "exhaust", NOX.find(ENGINES.iloc[:0], "NOx"))
    assert terms.build(NO_COVERAGE).components["pollutant"].tolist() == ["NOx"]


def test_a_class_that_only_carries_its_own_quantity_over_needs_no_factor_row() -> None:
    meters = pd.DataFrame({"use": ["cranes"], "quantity_kind": "electricity", "coverage_group": "grid"})
    terms = TermBuilder(meters)
    terms.add_number("electricity", "grid", meters.index, 1.0, note="at the meter")
    classes = terms.build(NO_COVERAGE)
    assert classes.matrix.tolist() == [[1.0]]
    assert len(classes.factor_rows) == 0
    # Put beside other classes, the others' numbers keep their type.
    both = concat([resolved(), classes])
    assert both.factor_rows["value"].dtype == float
    assert both.matrix[2].tolist() == [0.0, 0.0, 1.0]


def test_classes_behind_each_other_keep_their_factors() -> None:
    first = resolved()
    both = concat([first, first])
    np.testing.assert_array_equal(both.matrix[:2], first.matrix)
    np.testing.assert_array_equal(both.matrix[2:], first.matrix)


def test_every_kind_of_work_has_a_unit_that_is_known() -> None:
    for kind, unit in QUANTITY_UNITS.items():
        assert registry().Unit(unit) is not None, kind


def test_carriers_are_told_from_pollutants() -> None:
    assert [name for name in ("fuel:MGO", "hydrogen", "electricity", "NOx", "CO2") if is_carrier(name)] == [
        "fuel:MGO", "hydrogen", "electricity",
    ]  # fmt: skip
    assert (result_unit("electricity"), result_unit("fuel:MGO"), result_unit("NOx")) == ("kWh", "kg", "kg")
