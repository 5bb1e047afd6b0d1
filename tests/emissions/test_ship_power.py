"""Load models of ships: EPA's ShipPowerModel 0.2 case by case, and what is mended of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emissions import engines
from emissions.ship_power import (
    Hull,
    fixed_load,
    ghg4_load,
    holtrop_mennen_load,
    kristensen_load,
    operating_mode,
    propellers,
    waterline_length,
)

MODE = {"Transit": "transit", "Maneuvering": "maneuvering", "Anchorage": "anchorage", "Berth": "hotelling"}


def vectors(folder: Path) -> pd.DataFrame:
    file = folder / "golden_shippower.csv"
    if not file.exists():
        pytest.skip(f"golden_shippower.csv is not in {folder}")
    return pd.read_csv(file)


def hulls(cases: pd.DataFrame) -> Hull:
    return Hull(
        cases["ship_type"].to_numpy(),
        waterline_length(cases["ship_type"], cases["lbp_m"]),
        cases["breadth_m"],
        cases["max_draft_m"],
        cases["actual_draft_m"],
        cases["max_displacement_m3"],
        cases["dwt_t"],
        propellers(cases["ship_type"]),
    )


def worst(got: np.ndarray, expected: pd.Series) -> float:
    there = expected.notna().to_numpy()
    np.testing.assert_array_equal(np.isnan(got), ~there)
    return float(np.max(np.abs(got[there] / expected[there] - 1)))


@pytest.mark.parametrize(
    ("model", "column"),
    [(holtrop_mennen_load, "holtrop_mennen_kw"), (kristensen_load, "kristensen_kw")],
)
def test_resistance_models_reproduce_epas_package(golden, capsys, model, column) -> None:  # type: ignore[no-untyped-def]
    cases = vectors(golden)
    load = model(
        cases["ship_speed_kn"],
        cases["installed_kw"],
        hulls(cases),
        margin_pct=cases["service_margin_pct"],
        form="shippower-0.2",
    )
    error = worst(load * cases["installed_kw"].to_numpy(), cases[column])
    with capsys.disabled():
        print(f"\ngolden_shippower.csv, {column}: {cases[column].count()} cases, worst {error:.1e}")
    assert error < 1e-9


def test_propeller_law_admiralty_and_mode_reproduce_epas_package(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = vectors(golden)
    service = cases["ref_speed_type"] == "serviceSpeed"
    maximum = engines.maximum_speed(cases["ref_speed_kn"])
    maximum = np.where(service, maximum, cases["ref_speed_kn"])
    loads = {}
    for column, ratio in (
        ("prop_law_kw", 1.0),
        ("admiralty_kw", cases["actual_draft_m"] / cases["max_draft_m"]),
    ):
        loads[column] = engines.propulsion_load(
            cases["ship_speed_kn"], maximum, margin_pct=cases["service_margin_pct"], draught_ratio=ratio
        )
        error = worst(loads[column] * cases["installed_kw"].to_numpy(), cases[column])
        assert error < 1e-9
        with capsys.disabled():
            print(f"\ngolden_shippower.csv, {column}: {len(cases)} cases, worst {error:.1e}")
    mode = operating_mode(cases["ship_speed_kn"], loads["prop_law_kw"], cases["berth"], cases["anch"])
    assert mode.tolist() == cases["op_mode"].map(MODE).tolist()


def test_the_swapped_bounds_of_the_prismatic_coefficient_are_mended_under_another_name() -> None:
    """ShipPowerModel pins a tanker at Cp 0.85, so that hulls of any fineness take the same coefficient."""
    slim = Hull("oil.tanker", 240.0, 40.0, 14.0, 14.0, 100_000.0)
    full = Hull("oil.tanker", 240.0, 40.0, 14.0, 14.0, 114_000.0)
    from emissions._ship_resistance import _bounded_prismatic

    for hull, mended in ((slim, 0.7477), (full, 0.85)):
        prismatic = hull.block() / hull.midship()
        assert float(_bounded_prismatic(prismatic, hull, mended=False)) == 0.85
        assert float(_bounded_prismatic(prismatic, hull, mended=True)) == pytest.approx(mended, abs=1e-4)
    speed = np.array([12.0])
    assert holtrop_mennen_load(speed, 20_000.0, slim, form="mended") != holtrop_mennen_load(
        speed, 20_000.0, slim, form="shippower-0.2"
    )


def test_kristensen_has_no_value_for_a_moving_cruise_ship_and_zero_at_rest() -> None:
    """Its air resistance is given for tankers, bulk carriers, general cargo and container ships alone."""
    cruise = Hull("cruise", 280.0, 36.0, 8.5, 8.2, 52_000.0, 9_000.0, 2)
    for form in ("shippower-0.2", "mended"):
        load = kristensen_load([15.0, 0.0], 50_000.0, cruise, form=form)
        assert np.isnan(load[0])
        assert load[1] == 0


def test_an_unknown_form_is_refused_by_name() -> None:
    hull = Hull("cruise", 280.0, 36.0, 8.5, 8.2, 52_000.0)
    with pytest.raises(ValueError, match=r"no form 'fixed'.*shippower-0.2, mended"):
        holtrop_mennen_load([15.0], 50_000.0, hull, form="fixed")


def test_the_imo_form_divides_by_weather_and_fouling() -> None:
    """Half speed at full draught: 0.125 / (0.867 x 0.917) = 0.1572."""
    assert ghg4_load([10.0], 20.0)[0] == pytest.approx(0.125 / (0.867 * 0.917))
    assert ghg4_load([10.0], 20.0, 0.5)[0] == pytest.approx(0.5 ** (2 / 3) * 0.125 / (0.867 * 0.917))
    assert ghg4_load([10.0], 20.0, correction=0.7)[0] == pytest.approx(0.7 * 0.125 / (0.867 * 0.917))


def test_a_mode_without_a_fixed_load_is_refused() -> None:
    with pytest.raises(ValueError, match="no fixed load for mode drifting; given are transit"):
        fixed_load(["transit", "drifting"], {"transit": 0.8})
