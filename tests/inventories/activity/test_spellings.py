"""Spellings that staff write: read where they say one thing, refused with the choices where they say two."""

from __future__ import annotations

import pandas as pd
import pytest

from emissions.trucks import idling
from factors.method import MethodError, load_method
from inventories.activity.tables.equipment import EQUIPMENT
from inventories.activity.values import parse
from inventories.port.flags import FlagError, read_flag


def read(column: str, text: str) -> tuple[object, list[str]]:
    found = parse(pd.Series([text]), EQUIPMENT.column(column), timezone="UTC")
    return found.values.iloc[0], [finding.what for finding in found.findings if finding.mask.any()]


@pytest.mark.parametrize(
    ("text", "tier"),
    [("T3", "Tier 3"), ("Tier 4f", "Tier 4 final"), ("T4i", "Tier 4 interim"), ("4 final", "Tier 4 final")],
)
def test_tiers_are_read_as_staff_write_them(text: str, tier: str):
    assert read("tier", text) == (tier, [])


@pytest.mark.parametrize("text", ["Tier 4", "T4", "4", "IV"])
def test_a_tier_4_without_its_stage_is_refused_with_both(text: str):
    _, (told,) = read("tier", text)
    assert 'Did you mean "Tier 4 interim" or "Tier 4 final"?' in told


@pytest.mark.parametrize("text", ["3", "L3", "III", "level 3", "Level III", "DPF"])
def test_levels_of_devices_are_read_as_staff_write_them(text: str):
    assert read("device_level", text) == ("3", [])


def test_a_cross_is_neither_yes_nor_no():
    assert read("hybrid", "x")[1] == ["is neither yes nor no."]
    with pytest.raises(FlagError):
        read_flag("")


@pytest.mark.parametrize(
    ("option", "value", "meant"), [("equipment_form", "CARB", "carb"), ("tier4", "Moves5", "moves5")]
)
def test_a_choice_of_an_option_is_suggested_whatever_its_case(option: str, value: str, meant: str):
    with pytest.raises(MethodError, match=f"did you mean '{meant}'"):
        load_method("epa-2022").with_options(**{option: value})


def test_trucks_without_an_engine_are_not_said_to_idle():
    visits = pd.DataFrame({"count": [300, 1000], "queue_h": [0.4, 0.4], "fuel": ["diesel", "electric"]})
    found = idling(visits, load_method("epa-2022"))
    assert found is not None
    assert (found.by_hours, found.by_day) == (300.0, 0.0)
    assert idling(visits[1:].reset_index(drop=True), load_method("epa-2022")) is None
