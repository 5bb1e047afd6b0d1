"""Well to wake as staff meet it: on the page, in the terminal, beside the inventory's own total."""

from __future__ import annotations

import pandas as pd
import pytest
from rich.console import Console

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year.build import build
from reports.year.page import page
from reports.year.summary import summarize
from reports.year.well_to_wake import wake_table


def lines(shown):
    return {name: [text for text, _ in cells] for name, _, cells in shown.sources}


def test_every_source_stands_with_both_horizons_and_its_sets_named(bay) -> None:
    shown = wake_table(bay.inventory)
    below = [text for _, text in shown.headings]
    assert below == ["AR5, 100 years", "AR6_fossil, 20 years", "beside it", "AR4, 100 years", "100 years"]
    names = [name for name, _, _ in shown.sources]
    sources = [line.name for line in summarize(bay.inventory).lines if line.kind == "source"]
    assert names == [*sources, "Electricity at the port's meters", "Together"]


def test_tank_to_wake_is_the_co2e_of_the_summary(bay) -> None:
    summary = summarize(bay.inventory)
    text = summary.text()["CO2e [tonne]"]
    table = lines(wake_table(bay.inventory))
    for line in summary.lines:
        if line.kind == "source":
            assert table[line.name][0] == text[line.name]
    assert table["Together"][0] == text["Total in the domain"]


def test_a_fuel_whose_making_is_not_known_is_named_and_marks_the_sums(bay) -> None:
    shown = wake_table(bay.inventory)
    assert shown.is_partial
    assert any("LPG of Cargo handling equipment" in text for text in shown.not_estimated)
    lpg = next(cells for name, _, cells in shown.fuels if name == "Cargo handling equipment: LPG")
    assert [state for _, state in lpg][-2:] == ["NE", "NE"]
    assert lines(shown)["Cargo handling equipment"][3].endswith("*")
    assert "MOVES prints the carbon of compressed gas" in page(bay.inventory)


def test_the_terminal_shows_it_without_cutting_a_number(bay) -> None:
    console = Console(width=120, record=True)
    with console.capture() as got:
        console.print(wake_table(bay.inventory).to_rich())
    assert "Together" in got.get()
    for text in lines(wake_table(bay.inventory))["Together"]:
        assert text in got.get()


def test_biogenic_carbon_is_a_column_of_the_page_in_tonnes_and_not_of_co2e(tmp_path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    machines = folder / "activity" / "2024" / "equipment.csv"
    table = pd.read_csv(machines, dtype=str)
    table.loc[1, "fuel"] = "renewable_diesel"
    table.to_csv(machines, index=False)
    inventory = build(Port.load(folder), 2024)
    summary = summarize(inventory)
    assert summary.values.columns[-1] == "CO2_biogenic [tonne]"
    column = summary.values["CO2_biogenic [tonne]"]
    assert column["total"] == pytest.approx(inventory.total("CO2_biogenic", "tonne").magnitude)
    assert summary.values["CO2e [tonne]"]["total"] == pytest.approx(
        inventory.total("CO2e", "tonne").magnitude
    )
    html = page(inventory)
    assert "CO2_biogenic" in html
    assert "in neither CO2 nor CO2e" in html


def test_making_ships_fuel_is_in_no_line_of_the_summary(tmp_path) -> None:
    """It is CO2e of elsewhere: neither inside the domain nor work outside it."""
    port = Port.load(copy_example("small-harbor", tmp_path / "harbor"))
    plain, fueled = (summarize(build(port, 2024, None, more)) for more in ({}, {"well_to_tank": "fueleu"}))
    pd.testing.assert_frame_equal(plain.values, fueled.values)
    pd.testing.assert_frame_equal(plain.states, fueled.states)


def test_the_page_holds_the_activity_against_the_ports_own_ranges(bay) -> None:
    html = page(bay.inventory)
    assert "that were measured lie within their range" in html
    line = next(entry for entry in bay.inventory.manifest["checks"] if entry["quantity"] == "teu_total")
    assert "16,600,000 to 16,700,000" in html
    assert line["source"] in html
    assert "hp-hr per 1000 gross ton-miles of line haul" in html
