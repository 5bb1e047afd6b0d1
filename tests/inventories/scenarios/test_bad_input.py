"""What a scenario file gets wrong is told with file, table, key and the way out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inventories import compare, project
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.base_year.base import BaseYear

Write = Callable[..., BaseYear]
HEAD = 'name = "mine"\nhorizon = 2040\n'
PLUG = '[[measures]]\nkind = "shore_power"\nshare_of = "stops"\nadoption = { table = { 2030 = 0.5 } }\n'
SHIPS = "ocean_going_vessels"
HOTELLING = {"mode_or_segment": "hotelling", "stay_hours": 30.0, "hours": 30.0, "quantity": 3_000.0}


def refusal(folder: Path, text: str, base: BaseYear | None = None) -> str:
    """Write a file, read it, project it, and return what is said against it."""
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")

    def use() -> None:
        scenario = Scenario.load(path)
        if base is not None:
            Projector(base, "AR5").project(scenario)

    with pytest.raises(ScenarioError) as told:
        use()
    said = str(told.value)
    assert said.startswith("mine.toml: "), said
    return said


@pytest.fixture
def base(write_base: Write) -> BaseYear:
    """Four stays of thirty hours, two of them plugged in."""
    rows = [{**HOTELLING, "is_at_plugged_berth": 0.0}, {**HOTELLING, "is_at_plugged_berth": 1.0}]
    stays = [{"record_id": str(n), "stay_hours": 30.0, "is_at_plugged_berth": float(n % 2)} for n in range(4)]
    return write_base({SHIPS: rows}, stays)


TRUCKS = '[[measures]]\nkind = "zero_emission_trucks"\nshare_of = "miles"\n'
WRITTEN: dict[str, tuple[str, list[str]]] = {
    "a share over 1": (
        PLUG.replace("0.5", "1.2"),
        ["number 1 (shore_power), adoption.table.2030", "less than or equal to 1; found 1.2", "0.5 for half"],
    ),
    "a share that does not say of what": (
        PLUG.replace('share_of = "stops"\n', ""),
        ["number 1 (shore_power): share_of is missing", "say of what", 'share_of = "stops"'],
    ),
    "a share of the wrong thing": (PLUG.replace("stops", "miles"), ["share_of", "'stops'", "'miles'"]),
    "no adoption": (PLUG.partition("adoption")[0], ["adoption is missing", "the share reached by year"]),
    "a form of adoption that is none": (
        PLUG.replace("{ table = { 2030 = 0.5 } }", "{ tabel = { 2030 = 0.5 } }"),
        ["number 1 (shore_power), adoption", "'tabel'", "write { table = "],
    ),
    "a bare number for an adoption": (
        PLUG.replace("{ table = { 2030 = 0.5 } }", "0.5"),
        ["adoption: 0.5 says no share by year; write { table ="],
    ),
    "a line that runs backward": (
        PLUG.replace("{ table = { 2030 = 0.5 } }", "{ from = 2035, to = 2025, reaches = 1.0 }"),
        ["a line ends after it begins: from = 2035, to = 2025"],
    ),
    "a point beyond the horizon": (
        PLUG.replace("2030 = 0.5", "2030 = 0.5, 2045 = 1.0"),
        ["number 1 (shore_power), adoption: 2045 lies beyond the horizon 2040", "horizon = 2045"],
    ),
    "a line wholly beyond the horizon": (
        TRUCKS + "technologies = { battery = { from = 2041, to = 2050, reaches = 1.0 } }\n",
        ["technologies.battery: 2041 lies beyond the horizon 2040"],
    ),
    "a growth beyond the horizon": (
        '[[measures]]\nkind = "growth"\nindex = { 2045 = 1.2 }\n',
        ["index: 2045 lies beyond"],
    ),
    "an unknown fuel": (
        '[[measures]]\nkind = "ship_fuel"\nfuel = "methanole"\nshare_of = "calls"\n'
        "adoption = { table = { 2030 = 0.1 } }\n",
        ["number 1 (ship_fuel), fuel", "found 'methanole'", "did you mean 'methanol'"],
    ),
    "an unknown technology": (
        TRUCKS + "technologies = { steam = { table = { 2030 = 0.1 } } }\n",
        ["(zero_emission_trucks), technologies.steam", "'battery'"],
    ),
    "a measure that is none": (
        PLUG.replace('"shore_power"', '"shore_powr"'),
        ["kind: 'shore_powr' is none", "did you mean 'shore_power'"],
    ),
    "a measure without a kind": (PLUG.replace('kind = "shore_power"\n', ""), ["number 1: kind is missing"]),
    "an unknown key of a measure": (
        PLUG + "eficiency = 0.9\n",
        ["(shore_power): unknown key 'eficiency'", "did you mean 'efficiency'"],
    ),
    "a wrong type in a measure": (
        PLUG + 'vessel_types = "container"\n',
        ["(shore_power), vessel_types", "found 'container'"],
    ),
    "true for a share": (
        PLUG.replace("2030 = 0.5", "2030 = true"),
        ["(shore_power), adoption.table.2030: a number is wanted; found true"],
    ),
    "a year that is a word": (
        PLUG.replace("2030 = 0.5", "soon = 0.5"),
        ["(shore_power), adoption.table.soon, the key: a whole number is wanted", "found 'soon'"],
    ),
    "two ways in one adoption": (
        PLUG.replace("{ table", "{ from = 2025, table"),
        ["adoption: from do not go with the other keys; choose one way; write { table"],
    ),
    "a list written as one name": (
        PLUG + 'vessel_types = "container"\n',
        ['(shore_power), vessel_types: a list is wanted, as ["one", "two"]; found'],
    ),
    "a misspelt key of a law": (
        'law = { as_of = "2026-11-01", jurisdiction = ["California"] }\n',
        ["unknown key 'jurisdiction'; did you mean 'jurisdictions'"],
    ),
    "a law that names no day": (
        'law = { jurisdictions = ["California"] }\n',
        ["law: as_of is missing"],
    ),
    "a law of nobody": (
        'law = { as_of = "2026-11-01", jurisdictions = [] }\n',
        ["law: jurisdictions is a list with at least one name; found []"],
    ),
    "an unknown key of the file": (
        "horizont = 2050\n" + PLUG,
        ["unknown key 'horizont'; did you mean 'horizon'"],
    ),
    "measures in single brackets": (PLUG.replace("[[measures]]", "[measures]"), ["measures", "[[measures]]"]),
    "a measure that is no table": ("measures = [3]\n", ["number 1: 3 is no table; head each"]),
    "two measures of one name": (PLUG + PLUG, ["2 measures are called 'shore_power'", "name of its own"]),
    "without that is no list": (
        'extends = "current-law"\nwithout = "growth"\n',
        ["without: a list", '["turnover"]'],
    ),
    "without what is not there": (
        'extends = "current-law"\nwithout = ["turnovr"]\n',
        ["without: 'turnovr'", "did you mean 'turnover'"],
    ),
    "an extends that is no name": (
        "extends = [3]\n",
        ["extends: a name, or a list of names", "found [3]"],
    ),
    "an extends that is not there": (
        'extends = "curent-law"\n',
        ["extends: there is no scenario 'curent-law'; did you mean 'current-law'"],
    ),
    "a law of no day": (
        'law = { as_of = "soon", jurisdictions = ["California"] }\n',
        ["law, as_of: 'soon' is no day", 'write as_of = "2026-11-01"'],
    ),
    "a law of one jurisdiction as text": (
        'law = { as_of = "2026-01-01", jurisdictions = "California" }\n',
        ['write law = { as_of = "2026-11-01"'],
    ),
    "a day that is none": (
        PLUG.replace("{ table = { 2030 = 0.5 } }", '{ from = "2030-02-30", share = 0.5 }'),
        ["(shore_power), adoption.from: '2030-02-30' is no day", 'write from = "2025-01-01"'],
    ),
}


@pytest.mark.parametrize("what", sorted(WRITTEN))
def test_a_file_is_refused_with_table_key_and_fix(tmp_path: Path, what: str) -> None:
    text, says = WRITTEN[what]
    said = refusal(tmp_path, HEAD + text)
    for part in says:
        assert part in said, said
    assert "Table" not in said.replace("TOML", ""), said
    assert "Reached" not in said, said


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    said = refusal(tmp_path, 'nam = "x"\n' + PLUG.replace("0.5", "1.5") + PLUG.replace("stops", "calls"))
    for part in ("'nam'", "give the scenario a name", "number 1 (shore_power)", "number 2 (shore_power)"):
        assert part in said, said


def test_a_horizon_is_a_year(tmp_path: Path) -> None:
    for written in ('"2050"', "2050.5", "true", "20500"):
        said = refusal(tmp_path, f'name = "mine"\nhorizon = {written}\n{PLUG}')
        assert "horizon: the last year, as horizon = 2050" in said


def test_toml_that_does_not_parse_names_the_line(tmp_path: Path) -> None:
    said = refusal(tmp_path, 'name = "mine"\nhorizon = \n')
    assert "is not valid TOML" in said
    assert "line 2" in said


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes('name = "Hafen Köln"'.encode("latin-1"))
    with pytest.raises(ScenarioError, match="not UTF-8 text"):
        Scenario.load(tmp_path / "mine.toml")


def test_a_missing_file_is_named_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(HEAD, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mien.toml: .*\n.*no such file; did you mean 'mine.toml'"):
        Scenario.load(tmp_path / "mien.toml")
    with pytest.raises(ScenarioError, match=r"is a folder; name a \.toml file"):
        Scenario.load(tmp_path)


def test_a_scenario_that_extends_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('name = "other"\nextends = "mine"\n', encoding="utf-8")
    (tmp_path / "mine.toml").write_text('name = "mine"\nextends = "other"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"extends itself: mine -> other -> mine\. Take extends out"):
        Scenario.load(tmp_path / "mine.toml")


def test_dates_are_read_as_toml_writes_them(tmp_path: Path) -> None:
    plain = PLUG.replace("{ table = { 2030 = 0.5 } }", "{ from = 2030-07-02, share = 0.5 }")
    (tmp_path / "mine.toml").write_text(
        HEAD + 'law = { as_of = 2024-06-01, jurisdictions = ["California"] }\n' + plain, encoding="utf-8"
    )
    scenario = Scenario.load(tmp_path / "mine.toml")
    assert str(scenario.law and scenario.law.as_of) == "2024-06-01"
    quoted = Scenario.from_dict({"name": "q", "measures": [
        {"kind": "shore_power", "share_of": "stops", "adoption": {"from": "2030-07-02", "share": 0.5}}
    ]})  # fmt: skip
    assert scenario.measures[-1] == quoted.measures[-1]


AT_THE_PORT: dict[str, tuple[str, list[str]]] = {
    "a share below today's level": (
        PLUG.replace("2030 = 0.5", "2030 = 0.2"),
        ["[[measures]] number 1, shore_power", "0.2 in 2030", "below today's level of 0.5", "allow_decrease"],
    ),
    "a vessel type the port does not have": (
        PLUG + 'vessel_types = ["tanker"]\n',
        ["[[measures]] number 1 (shore_power)", "tanker", "container"],
    ),
    "two measures that contradict": (
        PLUG.replace("0.5", "0.85") + 'name = "a"\n' + PLUG.replace("0.5", "0.85") + 'name = "b"\n',
        ["[[measures]] number 2, adoption) exclude each other", "140%", "Lower one of the shares"],
    ),
    "a horizon before the base year": (
        PLUG.replace("2030", "2015").join(['name = "mine"\nhorizon = 2020\n', ""]),
        ["horizon 2020 lies before"],
    ),
    "a measure for what the port does not have": (
        TRUCKS + "technologies = { battery = { table = { 2030 = 0.5 } } }\n",
        ["has no trucks"],
    ),
}


@pytest.mark.parametrize("what", sorted(AT_THE_PORT))
def test_a_port_refuses_with_file_table_and_fix(tmp_path: Path, base: BaseYear, what: str) -> None:
    text, says = AT_THE_PORT[what]
    said = refusal(tmp_path, text if text.startswith("name") else HEAD + text, base)
    for part in says:
        assert part in said, said


def test_a_share_may_fall_where_the_scenario_says_so(tmp_path: Path, base: BaseYear) -> None:
    """Nothing more is changed, what is recorded stays, and the result says so."""
    (tmp_path / "mine.toml").write_text(
        HEAD + PLUG.replace("2030 = 0.5", "2030 = 0.2") + "allow_decrease = true\n", encoding="utf-8"
    )
    outlook = Projector(base, "AR5").project(Scenario.load(tmp_path / "mine.toml"))
    assert outlook.series("NOx").nunique() == 1
    (warning,) = outlook.warnings
    assert "below today's level of 0.5" in warning
    assert "stays as recorded" in warning


def test_an_end_before_the_base_year_is_refused(tmp_path: Path, base: BaseYear) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + PLUG.replace("0.5", "0.9"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="until 2020 lies before the base year 2023"):
        Projector(base, "AR5").project(Scenario.load(path), until=2020)


def test_a_pollutant_that_nobody_knows_is_no_zero(tmp_path: Path, base: BaseYear) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + PLUG.replace("0.5", "0.9"), encoding="utf-8")
    outlook = Projector(base, "AR5").project(Scenario.load(path))
    with pytest.raises(ValueError, match=r"no pollutant 'Nox'.*did you mean 'NOx'"):
        outlook.series("Nox")


def test_shares_that_exceed_the_whole_name_their_tables_and_keys(tmp_path: Path, write_base: Write) -> None:
    base = write_base({"cargo_handling_equipment": [{"quantity": 1_000.0, "hours": 10.0}]})
    machines = """
[[measures]]
kind = "equipment"
name = "{name}"
share_of = "hours"
accept_not_estimated = ["CH4", "N2O"]
fuel_saving = 0.2
kwh_per_hour = {{ yard_tractor = 20.0 }}
technologies.{technology} = {{ table = {{ 2030 = {share} }} }}
"""
    text = HEAD + machines.format(name="a", technology="battery", share=0.7)
    said = refusal(tmp_path, text + machines.format(name="b", technology="hybrid", share=0.5), base)
    assert "a (battery; [[measures]] number 1, technologies.battery)" in said
    assert "b (hybrid; [[measures]] number 2, technologies.hybrid) exclude each other and reach 120%" in said


def test_what_a_port_cannot_carry_of_several_scenarios_is_told_at_once(base: BaseYear) -> None:
    trucks = {"kind": "zero_emission_trucks", "share_of": "miles",
              "technologies": {"battery": {"table": {2030: 0.5}}}}  # fmt: skip
    rail = {
        "kind": "locomotives",
        "share_of": "energy",
        "technologies": {"renewable_diesel": {"table": {2030: 0.5}}},
    }
    scenarios = [
        Scenario.from_dict({"name": name, "horizon": 2031, "measures": [measure]}, file=f"{name}.toml")
        for name, measure in (("trucks", trucks), ("rail", rail))
    ]
    with pytest.raises(ScenarioError) as told:
        compare(Projector(base, "AR5"), scenarios)
    said = str(told.value)
    assert said.startswith("2 scenarios: cannot be used")
    assert "trucks.toml: " in said
    assert "rail.toml: " in said
    assert "the port has no trucks" in said


def test_an_accepted_pollutant_that_nobody_knows_is_refused(tmp_path: Path, base: BaseYear) -> None:
    fuel = (
        '[[measures]]\nkind = "ship_fuel"\nfuel = "LNG"\ncycle = "otto_medium_speed"\nshare_of = "calls"\n'
        'engine_groups = ["auxiliary"]\naccept_not_estimated = ["BC", "Nox"]\n'
        "adoption = { table = { 2030 = 0.5 } }\n"
    )
    said = refusal(tmp_path, HEAD + fuel, base)
    assert 'accept_not_estimated: no method states a pollutant "Nox"; there are ' in said
    assert "NOx" in said


def test_a_source_that_is_not_there_is_refused_by_name(base: BaseYear) -> None:
    outlook = Projector(base, "AR5").project(Scenario.from_dict({"name": "plain", "horizon": 2025}))
    with pytest.raises(ValueError, match=r"no source 'ships'.*There are .*ocean_going_vessels"):
        outlook.series("NOx", source="ships")


def test_shares_that_end_before_the_first_projected_year_are_said_to_hold(base: BaseYear) -> None:
    told = {}
    for last in (2022, 2030):
        measure = {"kind": "shore_power", "share_of": "stops", "adoption": {"table": {2020: 0.5, last: 0.7}}}
        scenario = Scenario.from_dict({"name": "mine", "horizon": 2031, "measures": [measure]})
        told[last] = Projector(base, "AR5").project(scenario).warnings
    assert not [text for text in told[2030] if "no year after" in text]
    (said,) = [text for text in told[2022] if "no year after" in text]
    assert said.startswith(
        "shore_power, adoption: no year after the base year 2023 is named (the last is 2022)"
    )
    assert "holds in full from 2024 on" in said


BELOW = {
    "a curve": ("{ year_10_pct = 2026, year_90_pct = 2032, ceiling = 0.3 }", "ceiling = 0.3 lies below"),
    "a day": ('{ from = "2027-01-01", share = 0.3 }', "share = 0.3 lies below"),
}


@pytest.mark.parametrize("what", sorted(BELOW))
def test_a_curve_or_a_day_below_todays_level_is_refused_like_a_table(
    tmp_path: Path, base: BaseYear, what: str
) -> None:
    written, says = BELOW[what]
    plug = PLUG.replace("{ table = { 2030 = 0.5 } }", written)
    said = refusal(tmp_path, HEAD + plug, base)
    assert f"adoption: {says} today's level of 0.5" in said
    assert "allow_decrease = true" in said
    (tmp_path / "mine.toml").write_text(HEAD + plug + "allow_decrease = true\n", encoding="utf-8")
    outlook = Projector(base, "AR5").project(Scenario.load(tmp_path / "mine.toml"))
    assert outlook.series("NOx").nunique() == 1


def test_a_line_begun_before_the_base_year_goes_on_from_the_level_found(base: BaseYear) -> None:
    """Half of the stops are plugged in in 2023: a line to all of them in 2033 has no jump in 2024."""
    levels = {}
    for first in (2013, 2023):
        line = {"from": first, "to": 2033, "reaches": 1.0}
        measure = {"kind": "shore_power", "share_of": "stops", "adoption": line}
        scenario = Scenario.from_dict({"name": "mine", "horizon": 2034, "measures": [measure]})
        levels[first] = Projector(base, "AR5").project(scenario).levels["level"].to_numpy()
    np.testing.assert_allclose(levels[2013], [*np.linspace(0.5, 1.0, 11), 1.0])
    np.testing.assert_array_equal(levels[2013], levels[2023])


GROWN = '[[measures]]\nkind = "growth"\n'


@pytest.mark.parametrize(
    ("index", "then"), [("{ 2023 = 1.1, 2030 = 1.2 }", "1.1"), ("{ 2020 = 1.0, 2026 = 1.2 }", "1.1")]
)
def test_an_index_that_is_not_one_in_the_base_year_is_refused(
    tmp_path: Path, base: BaseYear, index: str, then: str
) -> None:
    """The first projected year is the inventory: an index of another year would change it, or be misread."""
    said = refusal(tmp_path, f"{HEAD}{GROWN}index = {index}\n", base)
    assert "[[measures]] number 1 (growth), growth, index: " in said
    assert f"it is {then} in the base year 2023" in said
    assert f"divide every value by {then}" in said


def test_growth_of_types_that_a_source_does_not_have_is_refused(tmp_path: Path, write_base: Write) -> None:
    base = write_base({SHIPS: [HOTELLING], "cargo_handling_equipment": [{"quantity": 1.0, "hours": 1.0}]})
    grown = GROWN + 'rate = 0.02\nsources = ["ocean_going_vessels"]\nsource_types = ["yard_tractor"]\n'
    assert "nothing would grow" in refusal(tmp_path, HEAD + grown, base)


MACHINES = """
[[measures]]
kind = "equipment"
share_of = "hours"
types = ["yard_tractor"]
technologies.battery = { table = { 2030 = 1.0 } }
"""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('fuels = ["petrol"]', "fuels: no machine meant runs on petrol; they run on diesel"),
        (
            "kwh_per_hour = { yard_tracter = 30.0 }",
            "kwh_per_hour: the port has no types yard_tracter; did you mean 'yard_tractor'",
        ),
        (
            "hydrogen_kg_per_hour = { yard_tracter = 30.0 }",
            "hydrogen_kg_per_hour: the port has no types yard_tracter; did you mean 'yard_tractor'",
        ),
    ],
)
def test_a_fuel_or_a_type_that_no_machine_has_is_refused(
    tmp_path: Path, write_base: Write, line: str, says: str
) -> None:
    """It would change nothing, or leave the rate of the method in place of the one that is written."""
    base = write_base({"cargo_handling_equipment": [{"quantity": 1_000.0, "hours": 10.0}]})
    assert says in refusal(tmp_path, HEAD + MACHINES + line + "\n", base)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[measures]]\nkind = "fleet_turnover"\nsurvival = { 10 = 1.2 }\n', "survival.10"),
        (
            PLUG.replace("} }", "}, limits = { ships = { stock = { 2025 = 1 }, of = 0 } } }"),
            "adoption.limits.ships.of",
        ),
        (
            '[[measures]]\nkind = "ship_fuel"\nfuel = "HVO"\nshare_of = "calls"\n'
            'engine_groups = ["auxiliaries"]\nadoption = { table = { 2030 = 0.5 } }\n',
            "engine_groups.0",
        ),
    ],
)
def test_one_slip_is_told_once(tmp_path: Path, text: str, says: str) -> None:
    """A key that can be written in two ways, or a list of which one is wrong, is no second problem."""
    told = refusal(tmp_path, HEAD + text).splitlines()[1:]
    assert len(told) == 1, told
    assert f", {says}: " in told[0]


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """As editors on Windows write it, with their line ends."""
    (tmp_path / "mine.toml").write_bytes((HEAD + PLUG).replace("\n", "\r\n").encode("utf-8-sig"))
    assert Scenario.load(tmp_path / "mine.toml").name == "mine"


@pytest.mark.parametrize("until", [20244, 2030.5, "2030", True])
def test_a_last_year_is_a_year(base: BaseYear, until: object) -> None:
    with pytest.raises(ScenarioError, match="until: the last year, a whole number before 2200"):
        Projector(base, "AR5").project(Scenario.from_dict({"name": "mine"}), until=until)  # type: ignore[arg-type]


def test_what_is_no_scenario_is_refused_by_name() -> None:
    with pytest.raises(ScenarioError, match=r"a scenario is a table of keys such as name; found \[\]"):
        Scenario.from_dict([])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"project takes a Scenario.* found 'current-law'"):
        project(None, "current-law")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="compare takes a list of scenarios"):
        compare(None, Scenario.from_dict({"name": "mine"}))  # type: ignore[arg-type]
