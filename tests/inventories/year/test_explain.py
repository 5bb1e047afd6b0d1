"""Explanations: the same total from the top and from the documents."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year.inventory import Inventory

VESSELS = {"source_category": "ocean_going_vessels"}


@pytest.mark.parametrize("pollutant", ["NOx", "SOx", "PM10", "CO2", "CO2e"])
def test_an_explained_total_is_the_total_and_its_parts_add_up(small: Inventory, pollutant: str) -> None:
    told = small.explain(pollutant, **VESSELS)
    total = float(small.total(pollutant, unit="kg", **VESSELS).magnitude)
    assert told.total_kg == pytest.approx(total, rel=1e-12)
    for name, split in told.splits.items():
        assert split.sum() == pytest.approx(total, rel=1e-9), name
        assert split.is_monotonic_decreasing, name


@pytest.mark.parametrize("pollutant", ["NOx", "SOx", "PM10", "CO2"])
def test_terms_of_a_class_add_up_to_its_mass(small: Inventory, pollutant: str) -> None:
    told = small.explain(pollutant, **VESSELS)
    by_class = told.terms.groupby("class_id")["mass_kg"].sum()
    for entry in told.classes.to_dict("records"):
        assert by_class[entry["class_id"]] == pytest.approx(entry["mass_kg"], rel=1e-9)


def test_records_classes_and_cells_of_one_mode_add_up(small: Inventory) -> None:
    told = small.explain("NOx", **VESSELS, mode="hotelling")
    assert told.n_classes == len(told.classes), "few enough to list all"
    assert told.classes["mass_kg"].sum() == pytest.approx(told.total_kg, rel=1e-9)
    assert told.records["mass_kg"].sum() == pytest.approx(told.total_kg, rel=1e-9)
    assert told.n_records <= told.n_rows


def test_warming_potentials_are_in_the_terms_of_co2e(small: Inventory) -> None:
    """Masses shown beside a CO2e total are CO2e as well, so that what is listed adds up to it."""
    told = small.explain("CO2e", **VESSELS, mode="hotelling")
    assert told.classes["mass_kg"].sum() == pytest.approx(told.total_kg, rel=1e-9)
    assert told.records["mass_kg"].sum() == pytest.approx(told.total_kg, rel=1e-9)
    assert told.terms["mass_kg"].sum() == pytest.approx(told.total_kg, rel=1e-9)


def test_the_text_leads_to_documents_and_lines(small: Inventory) -> None:
    text = str(small.explain("SOx", **VESSELS, mode="hotelling"))
    assert "SOx of source_category=ocean_going_vessels, mode=hotelling" in text
    assert "[epa-ogv-2022/bsfc:" in text
    assert "EPA" in text
    assert "(read)" in text
    assert "https://" in text


def test_what_is_not_in_the_number_is_said(small: Inventory) -> None:
    text = str(small.explain("BC"))
    assert "Not in this number (NE): cargo handling equipment" in text


def test_every_factor_row_of_an_explanation_has_its_source(small: Inventory) -> None:
    for pollutant in ("NOx", "PM10", "CO2"):
        rows = small.explain(pollutant).factor_rows
        assert len(rows)
        assert (rows[["source_document", "table", "confidence"]].astype(str) != "").all().all()


def test_a_single_record_is_explained_and_all_records_add_up(small: Inventory) -> None:
    inside = small.work[small.work["in_domain"]]
    records = sorted(inside["record_id"].astype(str).unique())
    each = [small.explain("NOx", record_id=name) for name in records]
    total = float(small.total("NOx", unit="kg").magnitude)
    assert sum(told.total_kg for told in each) == pytest.approx(total, rel=1e-9)
    assert all(told.n_records == 1 for told in each)
    assert "H1" in str(small.explain("NOx", record_id="H1"))


def test_a_record_that_is_not_there_is_refused(small: Inventory) -> None:
    with pytest.raises(ValueError, match="no record 'H99' has work here"):
        small.explain("NOx", record_id="H99")


def test_what_lies_outside_the_domain_alone_says_how_to_ask(small: Inventory) -> None:
    nothing = small.explain("electricity", source_category="electricity")
    assert (nothing.state, nothing.total_kg, nothing.n_cells) == ("zero", 0.0, 0)
    assert "in_domain=False" in str(nothing)
    told = small.explain("electricity", source_category="electricity", in_domain=False)
    assert math.isnan(told.total_kg), "the port names no grid, so that nothing is known of its electricity"
    assert "NE" in str(told)


def test_a_class_that_is_not_estimated_is_not_shown_as_zero(tmp_path: Path) -> None:
    """Black carbon is known of main engines alone; of the others it is told as not estimated."""
    port = Port.load(copy_example("small-harbor", tmp_path / "harbor"))
    told = Inventory.build(port, year=2024).explain("BC", source_category="ocean_going_vessels")
    assert (told.classes["mass_kg"] > 0).all()
    assert set(told.not_estimated["coverage_group"]) == {"diesel_auxiliary", "boiler"}
