"""The linter finds faults that published tools and guidance have really had, and none once they are mended.

A boiler whose CO2 is 36 % below its own fuel; medium- and high-speed auxiliary NOx swapped (EPA's guidance of
2020, mended in 2022); milligrams per kilometre labelled grams.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from factors.lint.linter import Finding, errors, lint_file, lint_table
from factors.sources import list_editions, row_counts

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    return lint_file(DATA / "three_published_defects.csv")


def told(found: list[Finding], check: str) -> list[Finding]:
    return [finding for finding in errors(found) if finding.check == check]


def test_a_boiler_whose_carbon_dioxide_is_36_percent_below_its_own_fuel(found):
    (finding,) = told(found, "carbon balance")
    assert finding.row == 3
    assert "36% below its own fuel" in finding.message


def test_swapped_nox_of_medium_and_high_speed_auxiliaries(found):
    (finding,) = told(found, "engine order")
    assert finding.row == 5
    assert "in all 4 tiers" in finding.message
    assert "swapped" in finding.message


def test_milligrams_labelled_grams(found):
    assert {finding.row for finding in told(found, "unit")} >= {13, 14, 15}
    kilometres = [finding for finding in told(found, "band") if finding.row == 13]
    assert "mg labelled g" in kilometres[0].message


def test_the_three_faults_are_all_the_errors_there_are(found):
    assert {finding.row for finding in errors(found)} == {3, 5, 13, 14, 15}


def test_the_same_table_without_the_faults_has_no_findings():
    assert lint_file(DATA / "three_published_defects_mended.csv") == []


def table(**columns: object) -> pd.DataFrame:
    source = {"source_document": "a", "table": "b", "source_address": "c", "confidence": "read"}
    return pd.DataFrame(columns | source)


def test_milligrams_are_seen_beside_carbon_dioxide_even_where_the_value_would_pass():
    """A van's 60 mg/km of NOx labelled g/km passes for an old truck's; beside 150 g/km of CO2 it does not."""
    frame = table(vehicle="van", quantity=["NOx", "CO2"], value=["60", "150"], unit="g/km")
    (finding,) = lint_table(frame)
    assert (finding.check, finding.row, finding.severity) == ("unit", 2, "error")


@pytest.mark.parametrize(
    ("co2", "words"),
    [
        ("715.4", "kilowatt-hours for horsepower-hours"),
        ("262", "carbon for carbon dioxide"),
        ("435153", "pounds for grams"),
        ("961800", "milli for whole units"),
    ],
)
def test_a_carbon_balance_that_is_off_by_a_unit_says_which(co2, words):
    rows = table(engine="boiler", fuel="MGO", quantity=["BSFC", "CO2"], value=["300", co2], unit="g/kWh")
    balance = next(finding for finding in lint_table(rows) if finding.check == "carbon balance")
    assert words in balance.message


def test_one_pair_out_of_order_is_a_remark_and_all_tiers_are_an_error():
    def pairs(*values: tuple[str, str]) -> pd.DataFrame:
        tiers = [f"Tier {tier}" for tier in range(len(values)) for _ in (0, 1)]
        return table(
            engine_type=["MSD", "HSD"] * len(values), tier=tiers, quantity="NOx",
            value=[number for pair in values for number in pair], unit="g/kWh",
        )  # fmt: skip

    once = lint_table(pairs(("13.8", "10.9"), ("12.2", "12.9"), ("10.5", "7.7")))
    assert {finding.severity for finding in once if finding.check == "engine order"} == {"warning"}
    always = lint_table(pairs(("10.9", "13.8"), ("9.8", "12.2"), ("7.7", "10.5")))
    assert len([finding for finding in errors(always) if finding.check == "engine order"]) == 1


@pytest.mark.parametrize("edition", list_editions())
def test_each_edition_counts_its_rows_by_how_far_they_are_verified(edition):
    counts = row_counts(edition)
    assert list(counts) == ["read", "derived", "unverified"]
    assert sum(counts.values()) > 0


def test_the_counts_of_an_edition_are_those_of_its_page():
    assert row_counts("equipment-measured") == {"read": 5, "derived": 0, "unverified": 0}
    assert row_counts("spbp-che-unverified")["unverified"] == 14
