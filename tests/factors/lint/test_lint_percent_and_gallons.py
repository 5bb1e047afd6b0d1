"""The linter on fractions in percent, masses per gallon, and black carbon above all fine particles."""

from __future__ import annotations

import pandas as pd
import pytest

from factors.lint.linter import lint_table
from factors.units import same_dimension

SOURCE = {"source_document": "own", "table": "1", "source_address": "x", "confidence": "read"}


def told(rows: list[dict[str, object]], check: str) -> list[str]:
    frame = pd.DataFrame([{**row, **SOURCE} for row in rows])
    return [f"{found.severity}: {found.message}" for found in lint_table(frame) if found.check == check]


def shares(*values: float, quantity: str = "time_share", unit: str = "%") -> list[dict[str, object]]:
    return [
        {"mode": f"m{place}", "quantity": quantity, "value": str(value), "unit": unit}
        for place, value in enumerate(values)
    ]


def test_shares_that_are_all_fractions_under_percent_are_an_error() -> None:
    (message,) = told(shares(0.6, 0.3, 0.1), "percent")
    assert message.startswith("error: time_share is 0.6 % (and 2 more of at most 1), and all are at most 1")
    assert "Write 60 %" in message


def test_one_fraction_among_percentages_is_asked_about() -> None:
    (message,) = told(shares(0.83, 77, 92), "percent")
    assert message.startswith("warning: time_share is 0.83 %, and the others begin at 77 %")


@pytest.mark.parametrize("values", [(60, 30, 10), (59.8, 12.4, 0.8), (0, 50, 50), (1, 20, 60)])
def test_percentages_are_left_alone(values: tuple[float, ...]) -> None:
    assert told(shares(*values), "percent") == []


def test_small_percentages_of_sulfur_and_slip_are_usual() -> None:
    assert told(shares(0.1, 0.5, quantity="fuel_sulfur_limit", unit="% mass"), "percent") == []
    assert told(shares(0.2, 0.9, quantity="CH4_slip", unit="% of fuel mass"), "percent") == []


def test_a_key_under_a_heading_in_percent_is_looked_at_too() -> None:
    rows = [{"load_pct": str(load), "quantity": "NOx", "value": "2", "unit": "multiplier"}
            for load in (0.02, 0.1, 0.2)]  # fmt: skip
    (message,) = told(rows, "percent")
    assert message.startswith("error: load_pct is 0.02 %")
    whole = [{**row, "load_pct": str(load)} for row, load in zip(rows, (2, 10, 20), strict=True)]
    assert told(whole, "percent") == []


def gallon(quantity: str, value: float, unit: str, fuel: str = "diesel") -> list[dict[str, object]]:
    return [{"fuel": fuel, "quantity": quantity, "value": str(value), "unit": unit}]


@pytest.mark.parametrize(
    ("fuel", "value"),
    [("diesel", 10.21), ("motor gasoline", 8.78), ("LNG", 4.5), ("propane", 5.72), ("biodiesel 100", 9.45),
     ("residual fuel oil", 11.27)],
)  # fmt: skip
def test_carbon_dioxide_of_a_gallon_as_epa_prints_it_is_usual(fuel: str, value: float) -> None:
    """EPA GHG Emission Factors Hub 2025, Table 2."""
    assert told(gallon("CO2", value, "kg CO2/gal", fuel), "band") == []
    assert told(gallon("CO2", 1000 * value, "g/gal", fuel), "band") == []


def test_carbon_dioxide_of_a_gallon_in_another_unit_is_an_error() -> None:
    (pounds,) = told(gallon("CO2", 22.5, "kg CO2/gal"), "band")  # 22.5 lb a gallon
    assert pounds.startswith("error: CO2 is 2.25e+04 g/gal")
    (litre,) = told(gallon("CO2", 2.70, "kg CO2/gal"), "band")  # a litre's
    assert litre.startswith("error")
    (milli,) = told(gallon("CO2", 10.21, "g/gal"), "band")
    assert milli.startswith("error")
    assert "factor of 1000" in milli


def test_grams_of_a_gallon_have_bands() -> None:
    """EPA-420-F-09-025: 13.0 g/bhp-hr of NOx times 20.8 bhp-hr/gal is 270 g/gal."""
    assert told(gallon("NOx", 270.4, "g/gal"), "band") == []
    assert told(gallon("PM10", 6.7, "g/gal"), "band") == []
    assert told(gallon("NOx", 270.4, "kg/gal"), "band")[0].startswith("error")
    assert told(gallon("PM10", 6700, "g/gal"), "band")[0].startswith("error")


def test_a_density_is_no_rate_of_a_gallon() -> None:
    assert told(gallon("density", 3206, "g/gal"), "band") == []
    assert told(gallon("density", 3206, "g/gal"), "dimension") == []


def test_black_carbon_is_part_of_fine_particles() -> None:
    def engine(bc: float) -> list[dict[str, object]]:
        parts = {"PM10": 0.2, "PM2.5": 0.18, "BC": bc}
        return [{"engine": "MSD", "quantity": name, "value": str(value), "unit": "g/kWh"}
                for name, value in parts.items()]  # fmt: skip

    assert told(engine(0.18), "BC in PM2.5") == []
    (message,) = told(engine(0.19), "BC in PM2.5")
    assert message.startswith("error: BC 0.19 is more than PM2.5 0.18 g/kWh")
    assert told(engine(0.25), "BC in PM10") == []  # told once, beside PM2.5
    coarse = [row for row in engine(0.25) if row["quantity"] != "PM2.5"]
    assert len(told(coarse, "BC in PM10")) == 1


def _one(**row: str) -> list[str]:
    sourced = {"source_document": "own", "table": "1", "source_address": "x", "confidence": "read"}
    return [str(finding) for finding in lint_table(pd.DataFrame([{**row, **sourced}]))]


@pytest.mark.parametrize(
    ("fuel", "value", "told"),
    [("HFO", "0.0258", True), ("HFO", "2.58", False), ("ULSFO", "0.09", False), ("RM/HFO", "0.027", True)],
)
def test_sulfur_of_residual_fuel_as_a_fraction_is_told(fuel: str, value: str, told: bool) -> None:
    """By hand: 0.0258 is the fraction of 2.58 %, and residual fuel is sold with 0.5 to 5 % by mass."""
    found = _one(fuel=fuel, quantity="fuel_sulfur", value=value, unit="%")
    assert any("fraction labelled percent" in line for line in found) == told, found


@pytest.mark.parametrize(
    ("value", "engine", "told"), [("0.031", "MSD", True), ("3.1", "MSD", False), ("0.01", "boiler", False)]
)
def test_slip_of_methane_as_a_fraction_is_told(value: str, engine: str, told: bool) -> None:
    """FuelEU Maritime, annex II: 3.1 % of the gas of medium-speed Otto engines."""
    found = _one(fuel="LNG", engine=engine, quantity="CH4_slip", value=value, unit="%")
    assert any("Write 3.1 %" in line for line in found) == told, found


@pytest.mark.parametrize(
    ("unit", "same"), [("kg/US gal", "kg/gal"), ("US gal", "gal"), ("mg/kWh", "g/kWh"), ("g/L", "kg/m3")]
)
def test_units_of_activity_headings_and_of_exhaust_rules_are_known(unit: str, same: str) -> None:
    assert same_dimension(unit, same)


def test_a_share_out_of_its_band_is_told_without_a_unit_of_one() -> None:
    found = _one(engine="x", quantity="load_factor", value="0.0043", unit="fraction")
    assert any("load_factor is 0.0043;" in line for line in found), found
