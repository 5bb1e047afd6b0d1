"""What a method says of itself names what was run: its sentences follow the options and tables in force."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from factors.method import TEXTS, Method, list_methods, load_method
from factors.own_tables import with_user_tables
from factors.tables import FactorTable

EPA = load_method("epa-2022")

SOURCE_CHANGING = {
    "ocean_going_vessels": (
        "llaf_so2", "llaf_co2", "llaf_engines", "llaf_n2o", "load_set", "load_model", "load_fuel_rate",
        "slip", "lng_cycle_unknown", "black_carbon", "n2o", "tier3_electric_drive", "mode_rule",
        "electric_drive_load", "black_carbon_bound",
        "well_to_tank",
    ),
    "heavy_duty_vehicles": ("truck_rates", "truck_voc", "idle_rate", "natural_gas", "truck_starts"),
    "cargo_handling_equipment": (
        "tier4", "equipment_form", "on_road_engines", "device_credit", "load_factor_set", "off_road_ghg",
        "nonroad_voc",
    ),
    "harbor_craft": ("harbor_craft_load_factors", "harbor_craft_tier4"),
    "locomotives": ("line_haul_rates", "switch_locomotives"),
    "electricity": ("grid_kind",),
}  # fmt: skip
"""Options by which a source category takes its factors from another document, form or rule."""


def text(method: Method) -> str:
    return " | ".join((method.title, *method.implements, *method.departs_from, *method.missing))


@pytest.mark.parametrize("name", [name for names in SOURCE_CHANGING.values() for name in names])
def test_another_source_of_factors_is_another_text(name: str) -> None:
    option = EPA.declared[name]
    assert any(option.says.values()), f"{name} has no sentence"
    told = {choice: text(EPA.with_options(**{name: choice})) for choice in option.allowed}
    assert len(set(told.values())) > 1, f"{name} says the same whatever is chosen"


@pytest.mark.parametrize("name", list_methods())
def test_sentences_are_declared_for_choices_that_there_are(name: str) -> None:
    for option in load_method(name).declared.values():
        for part, sentences in option.says.items():
            assert part in TEXTS
            assert set(sentences) <= set(option.allowed), f"{name}, {option.name}"


@pytest.mark.parametrize("rates", ["moves3", "moves4", "moves"])
def test_trucks_by_moves_are_not_said_to_be_by_emfac(rates: str) -> None:
    said = text(EPA.with_options(truck_rates=rates))
    assert "EMFAC2017" not in said
    assert ("MOVES3" if rates == "moves3" else "MOVES4" if rates == "moves4" else "") in said
    assert "EMFAC2017, calendar year 2020" in text(EPA)


def test_equipment_by_californias_form_is_not_said_to_be_by_nonroad() -> None:
    said = EPA.with_options(equipment_form="carb").implements
    assert not any(line.startswith("MOVES5 NONROAD") for line in said)
    assert any("California's form" in line for line in said)


def test_a_ports_own_table_takes_the_sentence_of_the_methods_away() -> None:
    running = EPA.table("heavy_duty_vehicles", "running")
    own = EPA.with_tables({("heavy_duty_vehicles", "running"): FactorTable(running.spec, running.frame)})
    assert "EMFAC2017, calendar year 2020" not in " ".join(own.implements)


def test_a_row_laid_over_keeps_the_sentence_and_is_told_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    row = EPA.table("heavy_duty_vehicles", "running").text.head(1)
    row.assign(value=1.0).to_csv(path, index=False)
    own = with_user_tables(EPA, {}, {"heavy_duty_vehicles.running": path})
    assert "EMFAC2017, calendar year 2020" in " ".join(own.implements)
    told = "1 row of heavy_duty_vehicles.running is the port's own, laid over the method's"
    assert own.departs_from[-1] == told
    assert pd.isna(own.changes[0].old_value) is False


def test_a_method_that_extends_another_says_its_own_of_an_option() -> None:
    bay = load_method("spbp-partial")
    assert any("no low-load factor on CO2" in line for line in bay.implements)
    assert not any("low-load factor of CO2" in line for line in bay.departs_from)
    assert any("EPA Table 3.10" in line for line in bay.with_options(llaf_co2="epa_table").departs_from)
