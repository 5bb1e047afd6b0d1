"""Hydrocarbons on the page: VOC of every source, other species as printed and never summed."""

from __future__ import annotations

import pytest

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year.coverage import OTHER_SPECIES
from inventories.year.inventory import Inventory
from reports.year.hydrocarbons import hydrocarbons
from reports.year.page import page
from reports.year.summary import summarize


@pytest.fixture(scope="module")
def table(bay):
    found = hydrocarbons(bay.inventory, summarize(bay.inventory))
    return {name: dict(zip(found.species, cells, strict=True)) for name, _, cells in found.lines}


def test_a_reader_sees_voc_for_every_source_or_why_there_is_none(bay, table) -> None:
    summary = summarize(bay.inventory)
    text = summary.text()["VOC [short_ton]"]
    for line in summary.lines:
        if line.kind in ("source", "total"):
            assert table[line.name]["VOC"][0] == text[line.name]
    # ROG is VOC by California's definition; natural gas trucks have none of either.
    assert table["Heavy-duty vehicles"]["VOC"] == table["Heavy-duty vehicles"]["ROG"]
    assert table["Heavy-duty vehicles"]["VOC"][1] == "partial"
    reasons = hydrocarbons(bay.inventory, summary).reasons
    assert any("no rates of natural gas port trucks" in line for line in reasons)
    assert reasons[0] in page(bay.inventory).replace("&#39;", "'")


def test_no_species_but_voc_has_a_total(bay, table) -> None:
    total = table["Total in the domain"]
    assert {name for name, (text, _) in total.items() if text} == {"VOC"}
    summary = summarize(bay.inventory)
    assert not set(OTHER_SPECIES) & set(summary.pollutants)


def test_each_source_keeps_the_species_that_its_tables_print(bay, table) -> None:
    inventory = bay.inventory
    printed = {
        name: {key for key, (text, _) in row.items() if text not in ("–", "")} for name, row in table.items()
    }
    assert printed["Ocean-going vessels"] == {"HC", "VOC"}
    assert printed["Cargo handling equipment"] == {"THC", "VOC"}
    assert printed["Heavy-duty vehicles"] == {"TOG", "ROG", "VOC"}
    crafts = inventory.total("THC", "short_ton", source_category="harbor_craft").magnitude
    assert float(table["Harbor craft"]["THC"][0]) == pytest.approx(crafts, rel=0.005)


def test_a_species_of_some_engines_alone_is_marked(table) -> None:
    """Switch locomotives and line haul without a tier are printed as VOC alone."""
    assert table["Locomotives"]["HC"][1] == "partial"
    assert table["Locomotives"]["HC"][0].endswith("*")


def test_a_source_that_prints_nmvoc_keeps_it_and_has_no_voc(tmp_path) -> None:
    """ICCT's SAVE prints NMVOC, which holds more than EPA's VOC; no ratio was read."""
    port = Port.load(copy_example("small-harbor", tmp_path / "harbor"))
    year = Inventory.build(port, 2024, method="icct-save-2025")
    shown = summarize(year)
    species = hydrocarbons(year, shown)
    assert "NMVOC" in species.species
    assert {cells[-1][1] for _, _, cells in species.lines} == {"NE"}
    assert "NMVOC" in page(year, port, shown)
