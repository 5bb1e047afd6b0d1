"""What must always hold, over every source of every packaged year and one that has all sources."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.mass import cell_mass, cell_sums, row_mass
from emissions.work import DIMENSIONS
from factors.terms import is_carrier
from inventories.year.inventory import Inventory

ALL = {"in_domain": [True, False]}


def sources(inventory: Inventory) -> list[str]:
    return sorted(inventory.cells["source_category"].astype(str).unique())


def total(inventory: Inventory, pollutant: str, **where: object) -> float:
    return float(
        inventory.total(pollutant, unit="kWh" if pollutant == "electricity" else "kg", **where).magnitude
    )


# --- sums ---


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_parts_add_up_to_the_whole_by_every_dimension(every_year: Inventory, dimension: str) -> None:
    for pollutant in (*every_year.pollutants, "CO2e"):
        by_part = every_year.column(pollutant).groupby(every_year.cells[dimension].astype(str)).sum()
        whole = total(every_year, pollutant, **ALL)
        assert by_part.sum() == pytest.approx(whole, rel=1e-9), pollutant


def test_a_table_adds_up_to_its_totals(every_year: Inventory) -> None:
    by_source = every_year.table(unit="kg", ghg_unit="kg")
    by_zone = every_year.table(rows=["source_category", "zone"], unit="kg", ghg_unit="kg")
    for column in by_source:
        whole = total(every_year, str(column).split(" [")[0])
        assert np.nansum(by_source[column]) == pytest.approx(whole, rel=1e-9), column
        assert np.nansum(by_zone[column]) == pytest.approx(whole, rel=1e-9), column


def test_mass_is_never_negative_and_missing_only_where_nothing_is_estimated(every_year: Inventory) -> None:
    mass = every_year.mass
    assert np.isfinite(mass.fillna(0.0).to_numpy()).all()
    assert (mass.fillna(0.0).to_numpy() >= 0).all()
    groups = every_year.classes.classes.loc[
        every_year.cells["class_id"], ["source_category", "coverage_group"]
    ]
    for pollutant in mass.columns[mass.isna().any()]:
        lacking = groups[mass[pollutant].isna().to_numpy()].drop_duplicates()
        stated = every_year.coverage().query("pollutant == @pollutant").merge(lacking)
        assert not set(stated["state"]) & {"value"}, pollutant
    # Single terms may subtract (sulfur below the certification fuel's, carbon left unburnt); factors may not.
    assert (every_year.classes.factors().to_numpy() >= 0).all()


def test_work_before_summing_is_the_work_after_it(every_year: Inventory) -> None:
    work = every_year.work
    kinds = ["source_category", "quantity_kind"]
    before = (work["quantity"] * work["port_share"]).groupby([work[k].astype(str) for k in kinds]).sum()
    after = every_year.cells.groupby([every_year.cells[k].astype(str) for k in kinds])["quantity"].sum()
    pd.testing.assert_series_equal(before, after, check_names=False, rtol=1e-10)


def test_cells_are_told_apart_and_every_row_points_at_its_own(every_year: Inventory) -> None:
    cells, work = every_year.cells, every_year.work
    keys = [*DIMENSIONS, "class_id"]
    assert not cells.duplicated(keys).any()
    sample = work.sample(min(len(work), 3000), random_state=1)
    pointed = cells.iloc[sample["cell"].to_numpy()]
    for name in DIMENSIONS:
        assert (pointed[name].astype(str).to_numpy() == sample[name].astype(str).to_numpy()).all(), name
    assert (pointed["class_id"].to_numpy() == sample["class_id"].to_numpy()).all()


def test_masses_by_row_are_the_masses_by_cell(every_year: Inventory) -> None:
    """The same total by another road: each work row multiplied out, instead of cells."""
    work = every_year.work
    by_row = row_mass(work, work["class_id"].to_numpy(), every_year.classes)
    by_source = by_row.groupby(work["source_category"].astype(str).to_numpy()).sum()
    by_cell = every_year.mass.groupby(every_year.cells["source_category"].astype(str).to_numpy()).sum()
    pd.testing.assert_frame_equal(
        by_row.groupby(work["source_category"].astype(str).to_numpy()).sum(), by_source
    )
    np.testing.assert_allclose(by_source[by_cell.columns], by_cell, rtol=1e-9, atol=1e-9)


def sampled(inventory: Inventory, places: list[int]) -> tuple[pd.DataFrame, np.ndarray]:
    rows = inventory.work.iloc[[place % len(inventory.work) for place in places]].reset_index(drop=True)
    return rows, rows["class_id"].to_numpy()


@settings(max_examples=15)
@given(places=st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_no_work_no_mass_and_twice_the_work_twice_the_mass(every_year: Inventory, places: list[int]) -> None:
    rows, class_id = sampled(every_year, places)

    def mass(frame: pd.DataFrame, classes: np.ndarray) -> np.ndarray:
        _, cells = cell_sums(frame, classes, every_year.classes, ["source_category", "month"])
        return cell_mass(cells, every_year.classes).sum().to_numpy()

    once = mass(rows, class_id)
    twice = mass(pd.concat([rows, rows], ignore_index=True), np.tile(class_id, 2))
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(
        mass(rows.assign(quantity=rows["quantity"] * 2), class_id), 2 * once, rtol=1e-12
    )
    assert (mass(rows.assign(quantity=0.0), class_id) == 0).all()


# --- coverage ---


def test_every_source_process_and_pollutant_is_stated(every_year: Inventory) -> None:
    """What is computed is stated as a value, and what is stated as a value is computed, class by class."""
    classes = every_year.classes
    given_terms = classes.terms[["class_id", "process", "pollutant"]].drop_duplicates()
    given_terms = given_terms[[not is_carrier(name) for name in given_terms["pollutant"]]]
    keys = classes.classes[["source_category", "coverage_group"]]
    given_terms = given_terms.join(keys, on="class_id")
    stated = classes.coverage.drop_duplicates()
    by = ["source_category", "coverage_group", "process", "pollutant"]
    assert not stated.duplicated(by).any(), stated[stated.duplicated(by, keep=False)]
    merged = given_terms.merge(stated, on=by, how="left")
    assert (merged["state"] == "value").all(), merged[merged["state"] != "value"].drop_duplicates(by)
    used = set(map(tuple, keys.drop_duplicates().to_numpy()))
    assert used <= set(map(tuple, stated[["source_category", "coverage_group"]].to_numpy()))


def test_every_class_says_of_every_pollutant_of_the_summary_where_it_stands(every_year: Inventory) -> None:
    coverage = every_year.coverage()
    wanted = set(every_year.manifest["pollutants"])
    for (source, group), lines in coverage.groupby(["source_category", "coverage_group"]):
        assert wanted <= set(lines["pollutant"]), (source, group)


def test_what_is_not_estimated_is_never_a_zero(every_year: Inventory) -> None:
    rows = ["source_category", "engine_group"]
    pollutants = every_year.pollutants
    table = every_year.table(rows=rows, unit="kg", ghg_unit="kg", pollutants=pollutants, **ALL)
    states = every_year.states(rows=rows, pollutants=pollutants, **ALL)
    table.columns = pollutants
    table, states = table.sort_index(), states.sort_index()
    for pollutant in pollutants:
        blank = table[pollutant].isna()
        not_estimated = states[pollutant].isin(["NE", "IE"])
        assert (blank == not_estimated).all(), pd.DataFrame(
            {"mass": table[pollutant], "state": states[pollutant]}
        )
        zero = table[pollutant][states[pollutant] == "zero"]
        assert (zero == 0).all(), zero


# --- physics ---


def test_carbon_dioxide_of_ships_follows_the_carbon_of_their_fuel(every_year: Inventory) -> None:
    ships = (every_year.cells["source_category"].astype(str) == "ocean_going_vessels").to_numpy()
    mass = every_year.mass[ships]
    carbon = {"fuel:MGO": 3.206, "fuel:RM": 3.114, "fuel:LNG": 2.75}
    burnt = sum(mass[name] * share for name, share in carbon.items() if name in mass)
    known = mass["CO2"].notna()
    assert known.any()
    np.testing.assert_allclose(mass["CO2"][known], burnt[known], rtol=1e-10)


def test_carbon_dioxide_of_every_engine_is_within_what_its_fuel_can_hold(every_year: Inventory) -> None:
    """Kilograms of CO2 a kilogram of fuel: 2.75 for methane, 3.2 for diesel, less what leaves unburnt."""
    for source in sources(every_year):
        cells = (every_year.cells["source_category"].astype(str) == source).to_numpy()
        fuels = [name for name in every_year.mass if str(name).startswith("fuel:")]
        burnt = every_year.mass.loc[cells, fuels].sum(axis=1)
        carbon = every_year.mass.loc[cells, [n for n in ("CO2", "CO2_biogenic") if n in every_year.mass]].sum(
            axis=1
        )
        there = (burnt > 1e-6).to_numpy() & (carbon > 0).to_numpy()
        ratio = carbon[there] / burnt[there]
        assert ratio.between(2.5, 3.25).all(), (source, ratio.describe())


def test_fine_particles_are_a_part_of_all_particles_and_diesels_of_ten_microns(every_year: Inventory) -> None:
    tolerance = 1 + 1e-9
    assert not (every_year.mass["PM2.5"] > every_year.mass["PM10"] * tolerance).any()
    assert not (every_year.mass["DPM"] > every_year.mass["PM10"] * tolerance).any()


def test_boilers_have_no_diesel_particles_and_only_ships_at_work_have_engines(every_year: Inventory) -> None:
    boilers = (every_year.cells["engine_group"].astype(str) == "boiler").to_numpy()
    assert (every_year.mass.loc[boilers, "DPM"].dropna() == 0).all()


def test_a_battery_truck_has_no_tailpipe_and_still_has_brakes_and_tyres(every_year: Inventory) -> None:
    cells = every_year.cells
    battery = (cells["source_category"].astype(str) == "heavy_duty_vehicles") & (
        cells["fuel"].astype(str).isin(["battery", "electric", "battery_electric"])
    )
    running = battery & (cells["quantity_kind"].astype(str) == "distance")
    if not running.any():
        pytest.skip("this port has no battery trucks")
    mass = every_year.mass[running.to_numpy()]
    for pollutant in ("NOx", "SOx", "DPM", "CO", "CO2"):
        assert (mass[pollutant].dropna() == 0).all(), pollutant
    assert (mass["PM10"] > 0).all()
    assert (mass["electricity"] > 0).all()


def test_grid_emissions_are_a_line_of_their_own(every_year: Inventory) -> None:
    processes = every_year.classes.terms.merge(
        every_year.classes.classes[["source_category"]], left_on="class_id", right_index=True
    )
    processes = processes[[not is_carrier(name) for name in processes["pollutant"]]]
    grid = set(processes.loc[processes["process"] == "grid", "source_category"])
    assert grid <= {"electricity"}


# --- one's word ---


def test_the_manifest_is_plain_json_without_time_of_day_or_path(every_year: Inventory) -> None:
    text = json.dumps(every_year.manifest, sort_keys=True, default=None)
    assert "/tmp" not in text
    assert every_year.manifest["year"] in (2023, 2024)
    for word in ("illustrative", "gwp_set", "editions", "options"):
        assert word in text


def test_every_factor_row_in_use_names_document_table_and_confidence(every_year: Inventory) -> None:
    rows = every_year.classes.factor_rows
    for column in ("source_document", "table", "confidence", "unit", "quantity"):
        assert (rows[column].astype(str).str.strip() != "").all(), column
    assert rows["confidence"].isin(["read", "derived", "unverified"]).all()
    assert rows["row_id"].is_unique or rows.duplicated(["row_id", "edition"]).any()


def test_provenance_is_one_of_the_ladder(every_year: Inventory) -> None:
    marks = set(every_year.cells["provenance"].astype(str))
    assert marks <= {"given", "registry", "same_ship", "median", "default"}
    assert marks
