"""Methods: options with names, tables by need, and coverage that is stated for every pair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factors.method import STATES, Method, MethodError, list_methods, load_method
from factors.tables import FactorTable

METHODS = list_methods()


@pytest.mark.parametrize("name", METHODS)
def test_a_method_says_what_it_implements_departs_from_and_misses(name: str) -> None:
    method = load_method(name)
    assert method.name == name
    assert method.implements
    assert method.missing
    assert method.gwp_set
    for option in method.declared.values():
        assert option.describes.strip(), option.name
        assert not option.problem(option.default), option.name


@pytest.mark.parametrize("name", METHODS)
def test_every_table_that_a_method_names_is_there(name: str) -> None:
    method = load_method(name)
    for source, content in method.sources.items():
        for need in content.get("tables", {}):
            assert isinstance(method.table(source, need), FactorTable), (source, need)


@pytest.mark.parametrize("name", METHODS)
def test_coverage_states_each_pair_once_with_a_rule_where_there_is_no_value(name: str) -> None:
    coverage = load_method(name).coverage
    keys = ["source_category", "coverage_group", "process", "pollutant"]
    twice = coverage[coverage.duplicated(keys, keep=False)]
    assert twice.empty, twice
    assert set(coverage["state"]) <= set(STATES)
    without = coverage[(coverage["state"] != "value") & (coverage["rule"].str.strip() == "")]
    assert without.empty, without


@pytest.mark.parametrize("name", METHODS)
def test_every_group_says_of_every_pollutant_of_the_method_where_it_stands(name: str) -> None:
    """Of each coverage group, some process speaks of every pollutant of the summary table."""
    method = load_method(name)
    silent = []
    for (source, group), lines in method.coverage.groupby(["source_category", "coverage_group"]):
        silent += [(source, group, p) for p in method.pollutants if p not in set(lines["pollutant"])]
    assert silent == []


def test_the_options_of_the_design_have_their_defaults() -> None:
    options = load_method("epa-2022").options
    assert options["mode_rule"] == "zone"
    assert options["outside_edition"] == "error"
    assert options["llaf_so2"] == "fuel"
    assert options["llaf_engines"] == "diesel_only"
    assert (options["tier3_electric_drive"], options["electric_drive_load"]) == ("reverts", "generators")
    assert {"tier4", "idle_rate", "speed_bin"} <= set(options)
    shipef = load_method("shipef-0.2").options
    assert shipef["llaf_so2"] == "shipef"
    assert shipef["llaf_engines"] == "all_but_electric_drive"
    assert (shipef["tier3_electric_drive"], shipef["electric_drive_load"]) == ("reverts", "shaft")


def test_an_unknown_option_or_choice_is_refused_all_at_once() -> None:
    with pytest.raises(MethodError) as problem:
        load_method("epa-2022").with_options(mode_ruel="zone", llaf_so2="sometimes")
    text = str(problem.value)
    assert "no option 'mode_ruel'; did you mean 'mode_rule'?" in text
    assert "llaf_so2 = 'sometimes' is not among fuel, epa_table, shipef, none" in text


def test_options_set_twice_keep_the_last_and_leave_the_method_as_it_was() -> None:
    method = load_method("epa-2022")
    other = method.with_options(llaf_so2="none").with_options(mode_rule="epa_load", llaf_so2="shipef")
    assert (other.option("llaf_so2"), other.option("mode_rule")) == ("shipef", "epa_load")
    assert method.option("llaf_so2") == "fuel"


def test_unknown_methods_sources_and_needs_name_those_there_are() -> None:
    with pytest.raises(MethodError, match=r"no method 'epa'; shipped are epa-2022"):
        load_method("epa")
    method = load_method("shipef-0.2")
    with pytest.raises(MethodError, match="has no heavy_duty_vehicles; it covers ocean_going_vessels"):
        method.table("heavy_duty_vehicles", "running")
    with pytest.raises(MethodError, match="names no table for 'noxx'"):
        method.table("ocean_going_vessels", "noxx")
    with pytest.raises(MethodError, match="no option 'tier4'"):
        method.option("tier4")


def test_one_statement_may_speak_of_several_groups_and_processes() -> None:
    entry = {"group": ["a", "b"], "process": ["exhaust", "idle"], "value": ["NOx"], "NE": {"CH4": "no table"}}
    method: Method = replace(load_method("epa-2022"), sources={"boats": {"coverage": [entry]}})
    assert len(method.coverage) == 8
    assert method.coverage.query("pollutant == 'CH4'")["rule"].unique().tolist() == ["no table"]


def test_editions_of_a_method_are_those_of_its_tables() -> None:
    method = load_method("shipef-0.2")
    named = {
        str(table).partition("/")[0]
        for content in method.sources.values()
        for table in content.get("tables", {}).values()
    }
    assert {"control-areas", "epa-ogv-2022"} <= set(method.editions())
    assert set(method.editions()) == named
    assert method.editions() == sorted(method.editions())


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("load_floor", "2 %", "0.02"),
        ("load_cap", "1.5", "0.9"),
        ("shore_power_efficiency", "0", "0.97"),
        ("shore_power_efficiency", "97", "0.97"),
        ("speed_margin_pct", "-5", "10"),
        ("scrubber_sulfur_pct", "nan", "3"),
        ("connect_h", "two", ""),
    ],
)
def test_a_number_option_says_its_name_and_what_may_stand_there(name: str, wrong: str, right: str) -> None:
    method = load_method("epa-2022")
    with pytest.raises(MethodError, match=f"{name} = '{wrong}' is not a number from .* to "):
        method.with_options(**{name: wrong})
    assert method.with_options(**{name: right}).option(name) == right
