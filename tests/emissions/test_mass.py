"""Mass: work by class, summed before or after it is multiplied, is the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.mass import cell_mass, cell_sums, row_mass
from factors.library import resolve
from factors.method import load_method
from factors.terms import FactorClasses

SOURCE = "ocean_going_vessels"
EPA = load_method("epa-2022")
KINDS = [
    ("propulsion", "SSD", "Tier 2", "MGO/MDO", 0.1),
    ("propulsion", "MSD", "Tier 0", "RM/HFO", 0.5),
    ("auxiliary", "MSD", "Tier 1", "MGO/MDO", 0.1),
    ("boiler", "Boiler", "Tier 0", "MGO/MDO", 0.1),
    ("propulsion", "LNG", "Tier 0", "LNG", 0.1),
    ("propulsion", "ST", "Tier 0", "MGO/MDO", 0.1),
]
BASE = pd.DataFrame(KINDS, columns=["engine_group", "engine_type", "tier", "fuel", "sulfur_pct"])
BASE["area_sulfur_pct"] = 0.1
_OF_KIND, CLASSES = resolve(SOURCE, BASE, EPA)

engines = st.tuples(
    st.integers(0, len(KINDS) - 1),
    st.integers(0, 10**7).map(lambda tenths: tenths / 10),
    st.floats(0.02, 1),
    st.sampled_from(["berth", "sea"]),
)
few = settings(max_examples=40)


def work(rows: list[tuple[int, float, float, str]]) -> tuple[pd.DataFrame, np.ndarray, FactorClasses]:
    kind = np.array([row[0] for row in rows], dtype=int)
    frame = pd.DataFrame(
        {
            "quantity": [row[1] for row in rows],
            "load_factor": [row[2] if KINDS[row[0]][0] == "propulsion" else np.nan for row in rows],
            "zone": [row[3] for row in rows],
        }
    )
    return frame, _OF_KIND[kind], CLASSES


def total(frame: pd.DataFrame, class_id: np.ndarray, classes: FactorClasses) -> pd.Series:
    _, cells = cell_sums(frame, class_id, classes, ["zone"])
    return cell_mass(cells, classes).sum()


def test_a_hundred_kilowatt_hours_of_a_tier_two_engine_emit_1440_grams() -> None:
    mass = row_mass(*work([(0, 100.0, 0.5, "sea")])).iloc[0]
    assert mass["NOx"] == pytest.approx(1.440)
    assert mass["CO2"] == pytest.approx(59.311)
    assert mass["fuel:MGO"] == pytest.approx(18.5)
    # SO2: 185 g/kWh x 2 x 0.97753 x 0.1 % = 0.36169 g/kWh
    assert mass["SOx"] == pytest.approx(0.0361686, rel=1e-6)


def test_no_work_has_no_mass() -> None:
    assert (total(*work([(at, 0.0, 0.05, "sea") for at in range(len(KINDS))])) == 0).all()
    empty, class_id, classes = work([])
    assert len(row_mass(empty, class_id, classes)) == 0


@few
@given(engines)
def test_two_equal_rows_have_twice_the_mass_of_one(row: tuple[int, float, float, str]) -> None:
    once, twice = total(*work([row])), total(*work([row, row]))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-12)


@few
@given(st.lists(engines, min_size=1, max_size=15))
def test_summed_to_cells_first_or_row_by_row_is_the_same_mass(
    rows: list[tuple[int, float, float, str]],
) -> None:
    by_row = row_mass(*work(rows)).sum()
    np.testing.assert_allclose(total(*work(rows)), by_row, rtol=1e-11, atol=1e-9)


@few
@given(st.lists(engines, min_size=1, max_size=15))
def test_cells_keep_the_work_they_were_given(rows: list[tuple[int, float, float, str]]) -> None:
    frame, class_id, classes = work(rows)
    cell, cells = cell_sums(frame, class_id, classes, ["zone"])
    assert cells["quantity"].sum() == pytest.approx(frame["quantity"].sum(), rel=1e-12)
    assert (cells["zone"].to_numpy()[cell] == frame["zone"].to_numpy()).all()
    assert (cells["class_id"].to_numpy()[cell] == class_id).all()


@few
@given(st.lists(engines, min_size=1, max_size=15))
def test_carbon_and_sulfur_follow_the_fuel_burnt(rows: list[tuple[int, float, float, str]]) -> None:
    """CO2 is the fuel's mass times its carbon row at any load; EPA's SO2 curve is the exception it names."""
    frame, class_id, classes = work(rows)
    mass = row_mass(frame, class_id, classes)
    carbon = 3.206 * mass["fuel:MGO"] + 3.114 * mass["fuel:RM"] + 2.75 * mass["fuel:LNG"]
    np.testing.assert_allclose(mass["CO2"], carbon, rtol=1e-12)


def test_sulfur_dioxide_is_the_fuels_sulfur_where_no_low_load_curve_bends_it() -> None:
    method = EPA.with_options(llaf_so2="none", llaf_co2="none")
    class_id, classes = resolve(SOURCE, BASE, method)
    mass = row_mass(BASE.assign(quantity=1000.0, load_factor=0.05), class_id, classes)
    oil = (BASE["fuel"] != "LNG").to_numpy()
    fuel = (mass["fuel:MGO"] + mass["fuel:RM"])[oil]
    sulfur = fuel * BASE["sulfur_pct"][oil] / 100
    np.testing.assert_allclose(mass["SOx"][oil], sulfur * 2 * 0.97753, rtol=1e-12)


def test_a_share_of_the_work_is_a_share_of_the_mass() -> None:
    frame, class_id, classes = work([(0, 100.0, 0.1, "sea"), (2, 50.0, 1.0, "berth")])
    half = frame.assign(port_share=0.5)
    np.testing.assert_allclose(
        total(half, class_id, classes), total(frame, class_id, classes) / 2, rtol=1e-12
    )
    np.testing.assert_allclose(row_mass(half, class_id, classes), row_mass(frame, class_id, classes) / 2)


def test_an_engine_that_follows_a_load_curve_needs_its_load() -> None:
    frame, class_id, classes = work([(0, 100.0, 0.1, "sea")])
    with pytest.raises(ValueError, match="have no load_factor"):
        cell_sums(frame.assign(load_factor=np.nan), class_id, classes, ["zone"])


def test_one_pollutant_asked_for_is_as_among_all() -> None:
    frame, class_id, classes = work([(0, 100.0, 0.1, "sea"), (4, 10.0, 0.5, "sea")])
    alone = row_mass(frame, class_id, classes, ["NOx"])
    np.testing.assert_array_equal(alone["NOx"], row_mass(frame, class_id, classes)["NOx"])


@pytest.mark.parametrize("group", ["propulsion", "auxiliary"])
@pytest.mark.parametrize("kind", ["SSD", "MSD", "MSD-ED", "HSD"])
@pytest.mark.parametrize("fuel", ["MGO/MDO", "RM/HFO"])
def test_a_cleaner_tier_never_emits_more_nox_for_the_same_work(group: str, kind: str, fuel: str) -> None:
    table = EPA.table(SOURCE, "nox")
    asked = pd.DataFrame({"tier": [f"Tier {n}" for n in range(4)]})
    keys = {"engine_group": group, "engine_type": kind, "fuel": fuel}
    there = table.has(asked, "NOx", **keys)
    rates = table.find(asked[there], "NOx", **keys).to("g/kWh")
    assert (np.diff(rates) <= 0).all(), rates
    if (group, kind) not in (("propulsion", "HSD"), ("auxiliary", "SSD"), ("auxiliary", "MSD-ED")):
        assert there.any()
