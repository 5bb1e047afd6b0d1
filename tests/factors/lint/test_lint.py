"""The linter: each fault is found in a small faulty table, and the shipped editions have no errors."""

from __future__ import annotations

import pandas as pd
import pytest

from factors.lint.linter import Finding, errors, lint_edition, lint_file, lint_table
from factors.sources import list_editions

HEADING = (
    "engine_group,engine_type,fuel,tier,quantity,value,unit,source_document,table,source_address,confidence\n"
)
SOURCE = ",a report,Table 1,example.org,read\n"
GOOD = (
    "propulsion,SSD,MGO/MDO,Tier 1,NOx,16.0,g/kWh",
    "propulsion,SSD,MGO/MDO,Tier 2,NOx,14.4,g/kWh",
    "propulsion,SSD,MGO/MDO,Tier 2,BSFC,185,g/kWh",
    "propulsion,SSD,MGO/MDO,Tier 2,CO2,593.11,g/kWh",
)


def lint_lines(
    tmp_path, *lines: str, heading: str = HEADING, source: str = SOURCE, **options
) -> list[Finding]:
    path = tmp_path / "own.csv"
    path.write_text(heading + "".join(line + source for line in lines), encoding="utf-8")
    return lint_file(path, **options)


def only(findings: list[Finding], check: str) -> Finding:
    assert [finding.check for finding in findings] == [check], [str(f) for f in findings]
    return findings[0]


def test_a_good_table_has_no_findings(tmp_path):
    assert lint_lines(tmp_path, *GOOD) == []


def test_a_finding_names_file_and_row(tmp_path):
    finding = only(lint_lines(tmp_path, *GOOD, "propulsion,MSD,MGO/MDO,Tier 2,NOx,-10.5,g/kWh"), "value")
    assert (finding.table, finding.row, finding.severity) == ("own.csv", 6, "error")
    assert "negative" in str(finding)


@pytest.mark.parametrize(("value", "says"), [("", "blank"), ("n/a", "not a number"), ("inf", "not a number")])
def test_a_value_that_is_no_number(tmp_path, value, says):
    finding = only(lint_lines(tmp_path, f"propulsion,SSD,MGO/MDO,Tier 2,NOx,{value},g/kWh"), "value")
    assert says in finding.message


def test_an_unknown_unit_names_the_nearest(tmp_path):
    finding = only(lint_lines(tmp_path, "propulsion,SSD,MGO/MDO,Tier 2,NOx,14.4,g/kWhh"), "unit")
    assert "g/kWh" in finding.message


def test_a_bare_ton_is_refused(tmp_path):
    assert "short ton" in only(lint_lines(tmp_path, "x,SSD,MGO,Tier 2,cargo,1,tons"), "unit").message


def test_a_unit_of_another_dimension(tmp_path):
    finding = only(lint_lines(tmp_path, "auxiliary,MSD,MGO/MDO,Tier 2,load,1000,kWh"), "dimension")
    assert "kW" in finding.message
    assert (
        only(lint_lines(tmp_path, "propulsion,SSD,MGO/MDO,Tier 2,NOx,14.4,kWh"), "dimension").severity
        == "error"
    )


def test_milligrams_labelled_grams_are_a_factor_of_a_thousand(tmp_path):
    heading = "euro,quantity,value,unit,source_document,table,source_address,confidence\n"
    finding = only(lint_lines(tmp_path, "VI,NOx,3200,g/km", heading=heading), "band")
    assert finding.severity == "error"
    assert "1000" in finding.message


def test_an_unusual_value_is_a_warning(tmp_path):
    assert (
        only(lint_lines(tmp_path, "propulsion,SSD,MGO/MDO,Tier 0,NOx,31,g/kWh"), "band").severity == "warning"
    )


def test_co2_of_a_boiler_that_does_not_follow_its_fuel(tmp_path):
    """300 g/kWh of distillate are 962 g/kWh of CO2; 616 are 36 % less."""
    found = lint_lines(
        tmp_path, "boiler,Boiler,MGO/MDO,none,BSFC,300,g/kWh", "boiler,Boiler,MGO/MDO,none,CO2,616,g/kWh"
    )
    balance = next(finding for finding in found if finding.check == "carbon balance")
    assert balance.severity == "error"
    assert "34% below" in balance.message or "36% below" in balance.message


def test_co2_of_a_boiler_without_a_fuel_rate_is_still_noticed(tmp_path):
    assert only(lint_lines(tmp_path, "boiler,Boiler,MGO/MDO,none,CO2,616,g/kWh"), "band").row == 2


@pytest.mark.parametrize(("fuel", "co2"), [("LNG", 456.5), ("RM/HFO", 516.9), ("methanol", 228.3)])
def test_carbon_balance_knows_the_fuel(tmp_path, fuel, co2):
    found = lint_lines(
        tmp_path, f"propulsion,X,{fuel},none,BSFC,166,g/kWh", f"propulsion,X,{fuel},none,CO2,{co2},g/kWh"
    )
    assert found == []


def test_more_sulfur_out_than_in(tmp_path):
    lines = (
        "propulsion,SSD,MGO 0.1 %S,Tier 2,BSFC,185,g/kWh",
        "propulsion,SSD,MGO 0.1 %S,Tier 2,SO2,0.9,g/kWh",
    )
    finding = only(lint_lines(tmp_path, *lines), "sulfur balance")
    assert finding.severity == "error"
    assert "0.37" in finding.message


def test_sulfur_of_the_fuel_may_be_given(tmp_path):
    lines = ("propulsion,SSD,MGO,Tier 2,BSFC,185,g/kWh", "propulsion,SSD,MGO,Tier 2,SOx,0.9,g/kWh")
    assert lint_lines(tmp_path, *lines) == []
    assert only(lint_lines(tmp_path, *lines, sulfur_pct=0.1), "sulfur balance").row == 3
    assert lint_lines(tmp_path, *lines, sulfur_pct=0.5) == []


def test_fine_particles_are_part_of_coarse(tmp_path):
    lines = ("propulsion,SSD,MGO,Tier 2,PM10,0.18,g/kWh", "propulsion,SSD,MGO,Tier 2,PM2.5,0.19,g/kWh")
    assert only(lint_lines(tmp_path, *lines), "PM2.5 in PM10").row == 3


def test_a_later_tier_with_more_nox(tmp_path):
    lines = ("auxiliary,MSD,MGO,Tier 1,NOx,10.5,g/kWh", "auxiliary,MSD,MGO,Tier 2,NOx,12.2,g/kWh")
    assert only(lint_lines(tmp_path, *lines), "tier order").row == 3


def test_medium_and_high_speed_nox_swapped(tmp_path):
    """As printed in the guidance of 2020; that of 2022 has them right."""
    lines = ("auxiliary,MSD,MGO,Tier 0,NOx,10.9,g/kWh", "auxiliary,HSD,MGO,Tier 0,NOx,13.8,g/kWh")
    assert "swapped" in only(lint_lines(tmp_path, *lines), "engine order").message


def test_a_jump_along_the_model_years(tmp_path):
    heading = "model_year,quantity,value,unit,source_document,table,source_address,confidence\n"
    lines = [
        f"{year},NOx,{rate},g/mile" for year, rate in ((2010, 4.1), (2011, 4.0), (2012, 40.0), (2013, 3.9))
    ]
    assert only(lint_lines(tmp_path, *lines, heading=heading), "jump").row == 4


def test_a_key_that_stands_twice(tmp_path):
    finding = only(lint_lines(tmp_path, *GOOD, GOOD[0]), "duplicate")
    assert (finding.row, finding.severity) == (6, "error")
    assert "row 2" in finding.message


def test_intervals_that_overlap(tmp_path):
    heading = "hp_gt,hp_le,quantity,value,unit,source_document,table,source_address,confidence\n"
    apart = ("50,75,NOx,4.7,g/hp-hr", "75,100,NOx,4.5,g/hp-hr", "50,100,BSFC,0.408,lb/hp-hr")
    assert lint_lines(tmp_path, *apart, heading=heading) == []
    assert only(lint_lines(tmp_path, *apart, "90,,NOx,4.4,g/hp-hr", heading=heading), "overlap").row == 5


def test_an_interval_upside_down(tmp_path):
    heading = "hp_gt,hp_le,quantity,value,unit,source_document,table,source_address,confidence\n"
    assert only(lint_lines(tmp_path, "100,75,NOx,4.7,g/hp-hr", heading=heading), "keys").row == 2


def test_a_blank_key(tmp_path):
    assert only(lint_lines(tmp_path, "propulsion,,MGO/MDO,Tier 2,NOx,14.4,g/kWh"), "keys").severity == "error"


def test_shares_that_do_not_make_one():
    frame = pd.DataFrame(
        {
            "model_year_from": [2010, 2010],
            "tech_type": ["T3", "T4"],
            "quantity": "fraction",
            "value": [0.5, 0.4],
            "unit": "fraction",
            "source_document": "a",
            "table": "b",
            "source_address": "c",
            "confidence": "read",
        }
    )
    found = lint_table(frame, {"model_year": "from"}, member=["tech_type"], mixture=True)
    assert "0.9" in only(found, "mixture").message


def test_missing_columns_and_sources(tmp_path):
    bare = lint_lines(tmp_path, "NOx,14.4", heading="quantity,value\n", source="\n")
    assert "unit" in only(bare, "columns").message
    no_source = lint_lines(
        tmp_path, "SSD,NOx,14.4,g/kWh", heading="engine,pollutant,value,unit\n", source="\n"
    )
    assert {finding.check for finding in no_source} == {"source"}
    assert len(errors(no_source)) == 2


def test_a_confidence_that_is_none(tmp_path):
    found = lint_lines(tmp_path, GOOD[0], source=",a report,Table 1,example.org,sure\n")
    assert "unverified" in only(found, "source").message


def test_an_empty_file(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("")
    assert "empty" in only(lint_file(path), "columns").message
    path.write_text(HEADING)
    assert "no rows" in only(lint_file(path), "columns").message


def test_many_findings_of_a_kind_are_counted_not_listed(tmp_path):
    lines = [f"propulsion,E{number},MGO,Tier 2,NOx,-1,g/kWh" for number in range(50)]
    found = lint_lines(tmp_path, *lines)
    assert len(found) == 21
    assert "30 more" in found[-1].message


def test_the_low_load_factor_of_so2_is_questioned_and_not_refused():
    """EPA-420-B-22-011 Table 3.10 prints 9.54 at 2 % load, where CO2, and so fuel, rises to 3.28."""
    found = lint_edition("epa-ogv-2022")
    assert errors(found) == []
    finding = next(finding for finding in found if finding.check == "low load")
    assert finding.severity == "warning"
    assert "9.54" in finding.message
    assert "3.28" in finding.message


# What documents really print: EMFAC's years with a new device, Tier 4 of small engines that keeps Tier 3's
# limit, SO2 of EPA's Table 3.10, and a grid that emits less for one more kilowatt-hour.
KNOWN = {
    "emfac2017": {"jump"},
    "epa-ogv-2022": {"low load"},
    "grid": {"value"},
    "icct-save-2025": {"band"},  # SAVE gives boilers of gas-turbine ships 6.1 g/kWh of NOx
    "moves5-nonroad": {"jump", "tier order"},
}


@pytest.mark.parametrize("edition", list_editions())
def test_a_shipped_edition_has_no_errors_and_no_warnings_but_those_known(edition):
    found = lint_edition(edition)
    assert [str(finding) for finding in errors(found)] == []
    assert {finding.check for finding in found} == KNOWN.get(edition, set())


def test_an_unknown_edition_lists_those_there_are():
    with pytest.raises(KeyError, match="epa-ogv-2022"):
        lint_edition("epa-ogv-1999")
