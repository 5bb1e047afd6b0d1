"""Fuel that machines are stated to have used: compared with their work by default, taken on request."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from emissions.equipment import fuel_of_machines, work_rows
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import load_method
from factors.units import conversion
from inventories.work.equipment_notes import of_fuel

METHOD = load_method("epa-2022")
TERMINALS = pd.DataFrame([{"terminal": "A", "port": "P", "zone": "z", "operator": "", "control": "tenant"}])
GALLON = conversion("gal", "L")
CRANE = {
    "unit_id": "RTG-1",
    "terminal": "A",
    "type": "rtg_crane",
    "engine_model_year": 2012,
    "power_kw": 454 * conversion("hp", "kW"),
    "power_hp": 454.0,
    "fuel": "diesel",
    "hours": 3100.0,
}
"""An RTG crane as a terminal's file has it: 454 hp, model year 2012, 3,100 hours."""


def fleet(*stated: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([CRANE | {"unit_id": f"U{n}"} | machine for n, machine in enumerate(stated)])


def burnt(machines: pd.DataFrame, **options: str) -> pd.Series:
    """Diesel of each record, in gallons of 3,206 g."""
    method = METHOD.with_options(**options)
    rows = work_rows(machines, TERMINALS, year=2023, method=method)
    class_id, classes = resolve("cargo_handling_equipment", rows, method)
    mass = row_mass(rows, class_id, classes)
    return mass["fuel:diesel"].groupby(rows["record_id"].to_numpy()).sum() * 1000 / 3206


def test_a_crane_s_hours_imply_31_423_gallons_against_21_500_stated():
    """By hand: 454 hp x 0.43 x 3,100 h x 0.367 lb/hp-hr / (3,206 g/gal): what the machine's file implies."""
    fuel = fuel_of_machines(fleet({"fuel_used_l": 21_500 * GALLON}), TERMINALS, year=2023, method=METHOD)
    implied = fuel["implied_kg"].iloc[0] * 1000 / 3206
    assert implied == pytest.approx(454 * 0.43 * 3100 * 0.367 * 453.59237 / 3206, rel=1e-9)
    assert implied == pytest.approx(31_423, abs=0.5)
    assert fuel["state"].tolist() == ["compared"]
    (told,) = of_fuel(fuel, METHOD)
    assert "rtg crane 21,500 stated and 31,423 implied gallons" in told
    assert "hours and load were kept" in told


def test_stated_fuel_changes_nothing_unless_it_is_asked_for():
    stated = burnt(fleet({"fuel_used_l": 21_500 * GALLON}, {}))
    assert stated["U0"] == stated["U1"] == pytest.approx(31_423, abs=0.5)


@pytest.mark.parametrize("gallons", [21_500.0, 999_999.0, 1.0])
def test_on_request_the_machine_burns_what_was_stated(gallons: float):
    machines = fleet({"fuel_used_l": gallons * GALLON, "count": 3})
    assert burnt(machines, equipment_fuel="stated")["U0"] == pytest.approx(3 * gallons, rel=1e-12)
    rows = work_rows(machines, TERMINALS, year=2023, method=METHOD.with_options(equipment_fuel="stated"))
    assert rows["machine_hours"].sum() == pytest.approx(3 * 3100)


def test_blank_and_zero_fuel_are_not_taken_and_zero_is_told():
    machines = fleet({"fuel_used_l": 0.0}, {"fuel_used_l": np.nan}, {"fuel_used_l": 10_000 * GALLON})
    gallons = burnt(machines, equipment_fuel="stated")
    assert gallons["U0"] == gallons["U1"] == pytest.approx(31_423, abs=0.5)
    assert gallons["U2"] == pytest.approx(10_000)
    fuel = fuel_of_machines(machines, TERMINALS, year=2023, method=METHOD)
    assert fuel["state"].tolist() == ["zero", "blank", "compared"]
    said = " ".join(of_fuel(fuel, METHOD.with_options(equipment_fuel="stated")))
    assert "the work was scaled to it" in said
    assert "fuel_used of 1 rows of equipment is 0, which was not taken (first: U0)" in said


def test_fuel_of_gas_and_of_electric_machines_is_told_as_unused():
    machines = fleet(
        {"fuel": "cng", "type": "forklift", "fuel_used_l": 5.0}, {"fuel": "electric", "fuel_used_l": 5.0}
    )
    fuel = fuel_of_machines(machines, TERMINALS, year=2023, method=METHOD)
    assert fuel["state"].tolist() == ["no density", "no engine work"]
    assert len(of_fuel(fuel, METHOD)) == 2


def test_a_fleet_that_states_no_fuel_says_nothing_of_it():
    fuel = fuel_of_machines(fleet({}), TERMINALS, year=2023, method=METHOD)
    assert of_fuel(fuel, METHOD) == ()


def test_machines_with_the_stated_fuel_have_the_stated_carbon_in_either_form():
    """CO2 a gallon is the same whatever the work: scaling touches nothing but the amount."""
    machines = fleet({"fuel_used_l": 21_500 * GALLON, "tier": "Tier 3"})
    for form in ("nonroad", "carb"):
        method = METHOD.with_options(equipment_form=form, equipment_fuel="stated")
        rows = work_rows(machines, TERMINALS, year=2023, method=method)
        class_id, classes = resolve("cargo_handling_equipment", rows, method)
        mass = row_mass(rows, class_id, classes).sum()
        assert mass["fuel:diesel"] == pytest.approx(21_500 * 3.206, rel=1e-9)
        assert mass["CO2"] == pytest.approx(21_500 * 3.206 * 0.87 * 44 / 12, rel=3e-3)
