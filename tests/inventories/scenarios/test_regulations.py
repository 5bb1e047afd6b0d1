"""Current law: what is in force on a day, and what nothing carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from factors.tables import load_mapping
from inventories.examples import copy_example
from inventories.port.place import Place
from inventories.port.place_defaults import default_of, jurisdictions
from inventories.port.port import Port
from inventories.port.whereabouts import whereabouts
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.base_year.base import BaseYear
from inventories.scenarios.plan.current_law import current_law
from inventories.scenarios.plan.regulations import calendar, law_of
from inventories.scenarios.plan.scenario import find_scenario
from inventories.scenarios.plan.whose_rules import OF_AREAS, whose_rules
from inventories.year.inventory import Inventory

ACF = "zero-emission drayage by law"
RAIL = "locomotives: usage of cleaner engines"


BAY = ("World", "North America", "United States", "California", "South Coast", "San Pedro Bay")
"""Whose rules bind in San Pedro Bay."""


def bay_law(day: str, **more: Any) -> Scenario:
    return current_law(day, jurisdictions=BAY, **more)


def load(name: str) -> Scenario:
    return Scenario.load(find_scenario(name, Path("scenarios")))


def titles(scenario: Scenario) -> list[str]:
    return [measure.title for measure in scenario.measures]


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2023-12-31", False), ("2024-06-01", True), ("2025-01-13", True), ("2025-01-14", False)],
)
def test_a_withdrawn_rule_counts_before_that_day_and_not_after(day: str, counts: bool) -> None:
    assert (ACF in titles(bay_law(day))) is counts


def test_a_duty_yet_to_come_of_a_rule_in_force_is_current_law() -> None:
    assert "at-berth: tankers" in titles(bay_law("2022-01-01"))
    assert "at-berth: tankers" not in titles(bay_law("2020-12-31"))


def test_what_nothing_carries_is_named_and_never_implied() -> None:
    law = law_of("2026-11-01")
    assert any("steam-driven pumps" in line for line in law.not_represented)
    assert any("Cooperative Agreement" in line for line in law.not_represented)
    assert any("Advanced Clean Fleets" in line for line in law.not_in_force)
    assert any(line.startswith("at-berth: tankers") and "capture" in line for line in law.assumed)


def test_every_rule_defends_itself() -> None:
    for rule in calendar():
        assert rule.source_document, rule.name
        assert rule.confidence in ("read", "unverified"), rule.name
        assert rule.measure or rule.carried_by != "measure", rule.name
        assert not rule.measure or rule.carried_by in ("measure", "inventory"), rule.name
        assert rule.note or rule.assumes or rule.carried_by != "not_represented", rule.name
        assert not rule.measure or rule.assumes, rule.name
    assert len({rule.name for rule in calendar()}) == len(calendar())


def test_rules_of_elsewhere_do_not_bind() -> None:
    law = law_of("2026-11-01", ["Baltic and North Sea"])
    assert [rule.jurisdiction for rule in law.in_force] == ["Baltic and North Sea"]
    with pytest.raises(ValueError, match="no rules of Atlantis in the calendar; known are"):
        law_of("2026-11-01", ["Atlantis"])


def test_a_scenario_replaces_the_law_of_the_one_it_extends(tmp_path) -> None:
    (tmp_path / "then.toml").write_text(
        'name = "then"\nextends = "current-law"\n'
        'law = { as_of = "2024-06-01", jurisdictions = ["California"] }\n',
        encoding="utf-8",
    )
    then = Scenario.load(tmp_path / "then.toml")
    assert ACF in titles(then)
    assert then.law is not None
    assert str(then.law.as_of) == "2024-06-01"


def test_a_law_without_a_day_is_refused() -> None:
    with pytest.raises(ScenarioError, match="law: as_of is missing; write law = "):
        Scenario.from_dict({"name": "x", "law": {"jurisdictions": ["California"]}})
    with pytest.raises(ScenarioError, match="law, as_of: 'soon' is no day"):
        Scenario.from_dict({"name": "x", "law": {"as_of": "soon", "jurisdictions": ["California"]}})


# The dates by hand, from the schedule of rules that the calendar was made from.
# Rules without a measure are named below.
CARRIED = {
    # At-berth 2020 is law since 2021, with duties to come; the rules of trucks and locomotives are not yet.
    "2022-06-30": {"at-berth: container and reefer", "at-berth: cruise", "at-berth: vehicles and ro-ro",
                   "at-berth: tankers"},
    # Craft rule from 2023; trucks and locomotives from 2024 to the withdrawal of 2025-01-14.
    "2024-06-30": {"at-berth: container and reefer", "at-berth: cruise", "at-berth: vehicles and ro-ro",
                   "at-berth: tankers", "renewable diesel in harbor craft", ACF, RAIL},
    "2025-06-30": {"at-berth: container and reefer", "at-berth: cruise", "at-berth: vehicles and ro-ro",
                   "at-berth: tankers", "renewable diesel in harbor craft"},
    "2026-11-01": {"at-berth: container and reefer", "at-berth: cruise", "at-berth: vehicles and ro-ro",
                   "at-berth: tankers", "renewable diesel in harbor craft"},
}  # fmt: skip


@pytest.mark.parametrize("day", sorted(CARRIED))
def test_the_baseline_of_a_day_carries_the_rules_of_that_day(day: str) -> None:
    scenario = bay_law(day)
    assert set(titles(scenario)) - {"growth", "fleet_turnover"} == CARRIED[day]
    assert set(scenario.rules) == CARRIED[day]


@pytest.mark.parametrize(
    ("day", "named"),
    [
        ("2022-06-30", {"Clean Truck Fund rate": True, "idling of at most": False, "Cooperative": False}),
        ("2024-06-30", {"Clean Truck Fund rate": True, "idling of at most 30": True,
                        "particulate filter": True, "sales of zero-emission": True,
                        "Cooperative": False, "under 3 nautical": True}),
        ("2025-06-01", {"idling of at most 30": False, "particulate filter": False,
                        "sales of zero-emission": True, "under 3 nautical": False}),
        ("2025-06-30", {"sales of zero-emission": False, "Omnibus": False}),
        ("2026-11-01", {"idling of at most": False, "under 3 nautical": False,
                        "Cooperative": True, "forklifts": False, "Clean Truck Check": True}),
    ],
)  # fmt: skip
def test_what_is_law_and_not_represented_is_named_with_its_reason(day: str, named: dict[str, bool]) -> None:
    law = bay_law(day).law
    assert law is not None
    for words, there in named.items():
        lines = [line for line in law.not_represented if words in line]
        assert bool(lines) is there, words
        assert all(line.endswith(")") for line in lines)


def test_nothing_decided_yet_is_no_law() -> None:
    for day in CARRIED:
        law = bay_law(day).law
        assert law is not None
        assert any("forklifts" in line for line in law.not_in_force)


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("zero-emission drayage by law", "2025-01-14"),  # request closed by EPA
        ("locomotives: usage of cleaner engines", "2025-01-14"),
        ("harbor craft: filters by model year", "2025-01-13"),  # part withdrawn by CARB
        ("harbor craft: short ferries", "2025-01-13"),
        ("clean trucks: sales", "2025-06-12"),  # H.J.Res. 87 signed
        ("omnibus: low NOx engines", "2025-06-12"),  # H.J.Res. 89 signed
        ("Clean Truck Partnership", "2025-10-31"),  # preliminary injunction
        ("trucks: federal greenhouse gas standards", "2026-04-20"),  # 40 CFR 1036, 1037 repealed
    ],
)
def test_a_rule_that_was_withdrawn_repealed_or_stopped_ends_on_that_day(name: str, last: str) -> None:
    (rule,) = [rule for rule in calendar() if rule.name == name]
    assert str(rule.in_force_until) == last
    assert rule.name not in {rule.name for rule in law_of("2026-11-01").in_force}


@pytest.mark.parametrize(
    ("name", "begins", "binds"),
    [
        ("Canadian Arctic NOx area", "2026-03-01", "2026-03-01"),
        ("Canadian Arctic sulfur area", "2026-03-01", "2027-03-01"),
        ("Norwegian Sea sulfur area", "2026-03-01", "2027-03-01"),
        ("North-East Atlantic sulfur area", "2027-09-01", "2028-09-01"),
        ("Mediterranean sulfur area", "2024-05-01", "2025-05-01"),
        ("trucks: HD2027", "2023-01-24", "2027-01-01"),
        ("AFIR: shore power of ports", "2024-04-13", "2029-12-31"),
    ],
)
def test_a_rule_begins_when_it_is_law_and_binds_when_it_says(name: str, begins: str, binds: str) -> None:
    (rule,) = [rule for rule in calendar() if rule.name == name]
    assert (str(rule.in_force_from), rule.effective) == (begins, binds)


def test_federal_rules_of_engines_are_carried_by_turnover() -> None:
    federal = {rule.name: rule.carried_by for rule in law_of("2026-11-01", ["United States"]).in_force}
    assert federal == dict.fromkeys(
        ["equipment: federal Tier 4", "harbor craft: federal Tier 3", "harbor craft: federal Tier 4",
         "locomotives: federal tiers", "trucks: HD2027"],
        "fleet_turnover",
    )  # fmt: skip


def test_every_rule_has_a_jurisdiction_and_those_that_bind_a_port_have_rules() -> None:
    known = {rule.jurisdiction for rule in calendar()}
    assert "" not in known
    for place in (Place("US", "CA"), Place("US", "TX"), Place("EE"), Place("SG")):
        assert set(jurisdictions(place)) <= known, place


HARBORS = {
    "san-pedro-bay": BAY,
    "small-harbor": ("World", "European Union", "Baltic", "Baltic and North Sea"),
    "helsinki-screening": ("World", "European Union", "Baltic", "Baltic and North Sea"),
}


@pytest.mark.parametrize("example", HARBORS)
def test_the_rules_of_an_example_are_those_of_the_place_where_it_lies(example: str, tmp_path) -> None:
    port = Port.load(copy_example(example, tmp_path / "port"))
    scenario, notes = load("current-law").at(whereabouts(port))
    assert scenario.law is not None
    rules = {rule.jurisdiction for rule in (*scenario.law.in_force, *scenario.law.left_out)}
    assert rules == set(HARBORS[example])
    assert not any("at-berth" in title for title in titles(scenario)) or example == "san-pedro-bay"
    assert set(scenario.rules) <= set(titles(scenario))
    assert len(notes) == 1
    assert all(name in notes[0] for name in HARBORS[example])


def test_san_pedro_bay_keeps_the_law_that_is_named_for_it() -> None:
    bay = {
        "country": "US", "state": "CA", "districts": ["South Coast", "San Pedro Bay"],
        "control_areas": ["north_america"],
    }  # fmt: skip
    for day in CARRIED:
        found, _ = current_law(day).at(bay)
        assert found.law == bay_law(day).law
        assert found.measures == bay_law(day).measures
        assert found.rules == bay_law(day).rules


PLACES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "a port of California elsewhere": (
        {"country": "US", "state": "CA", "districts": [], "control_areas": ["north_america"]},
        {"World", "United States", "California", "California outside San Pedro Bay", "North America"},
    ),
    "a port of the South Coast outside the bay": (
        {"country": "US", "state": "CA", "districts": ["South Coast"], "control_areas": []},
        {"World", "United States", "California", "California outside San Pedro Bay", "South Coast"},
    ),
    "a port of Texas": (
        {"country": "US", "state": "TX", "districts": [], "control_areas": ["north_america"]},
        {"World", "United States", "North America"},
    ),
    "Rotterdam": (
        {"country": "NL", "state": "", "districts": [], "control_areas": ["north_sea"]},
        {"World", "European Union", "North Sea", "Baltic and North Sea"},
    ),
    "Singapore": ({"country": "SG", "state": "", "districts": [], "control_areas": []}, {"World"}),
    "nobody knows where": ({"country": "", "state": "", "districts": [], "control_areas": []}, {"World"}),
}


@pytest.mark.parametrize("where", PLACES)
def test_country_state_district_and_waters_decide_whose_rules_bind(where: str) -> None:
    place, expected = PLACES[where]
    assert set(whose_rules(place).jurisdictions) == expected


def test_a_port_that_states_no_country_is_told_that_the_world_alone_rules() -> None:
    (said,) = whose_rules(PLACES["nobody knows where"][0]).notes
    assert said.startswith("rules are those of World alone: port.toml states no country")


def test_a_port_of_california_is_told_which_districts_it_could_lie_in() -> None:
    said = whose_rules(PLACES["a port of California elsewhere"][0]).notes
    assert any('districts = ["South Coast", "San Pedro Bay"]' in note for note in said)
    assert not any("districts =" in n for n in whose_rules(PLACES["a port of Texas"][0]).notes)


def test_a_year_without_a_place_must_be_built_again_or_jurisdictions_named(write_base: Write) -> None:
    base = write_base({CRAFT: [{"quantity": 1_000.0}]})
    elsewhere = replace(base, place=None, cache={})
    with pytest.raises(ScenarioError, match=r"does not say where its port lies.* build it again .*or name"):
        Projector(elsewhere, "AR5").project(current_law("2026-11-01", horizon=2025))
    named = current_law("2026-11-01", horizon=2025, jurisdictions=["World"])
    assert Projector(elsewhere, "AR5").project(named).years[-1] == 2025


def test_a_rule_of_elsewhere_is_in_no_projection_and_no_note(tmp_path) -> None:
    port = Port.load(copy_example("small-harbor", tmp_path / "port"))
    saved = Inventory.build(port, 2024).save(tmp_path / "2024")
    outlook = Projector.of(Inventory.open(saved)).project(load("current-law"), until=2026)
    told = "\n".join([*outlook.notes, *outlook.warnings, *outlook.scenario.law.not_represented])
    assert "renewable diesel" not in told
    assert "at-berth" not in told
    assert "European Union" in told
    assert set(titles(outlook.scenario)) == {"growth", "turnover"}


def test_a_replaced_rule_stays_wherever_the_port_lies() -> None:
    """A scenario that puts a measure of its own in the place of a rule means it, law or no law."""
    own = Scenario.from_dict(
        {"name": "own", "law": {"as_of": "2026-11-01"}, "without": ["at-berth: cruise"],
         "measures": [{"kind": "growth", "name": "at-berth: container and reefer", "rate": 0.01}]}
    )  # fmt: skip
    found, _ = own.at(PLACES["Rotterdam"][0])
    assert titles(found) == ["at-berth: container and reefer"]


def test_every_jurisdiction_of_the_calendar_is_that_of_some_place() -> None:
    areas = load_mapping("control-areas-2026-11", "areas")["area"]
    assert set(OF_AREAS) == set(areas)
    reached = {
        name
        for country, state, districts in (
            ("US", "CA", ["South Coast", "San Pedro Bay"]), ("US", "CA", []), ("EE", "", [])
        )
        for name in whose_rules(
            {"country": country, "state": state, "districts": districts, "control_areas": list(areas)}
        ).jurisdictions
    }  # fmt: skip
    assert reached == {rule.jurisdiction for rule in calendar()}
    found = default_of(Place("US", "CA"), "districts")
    assert found is not None
    assert set(found.value.split("|")) == {"South Coast", "San Pedro Bay"}


def test_the_sulfur_areas_of_the_calendar_bind_as_the_edition_says() -> None:
    """The calendar and the limits that builds take are two tables: they have to agree."""
    areas = load_mapping("control-areas-2026-11", "areas")
    told = areas[areas["regulates"] == "sulfur"].set_index("area")["in_force_from"]
    rules = {rule.name: rule.effective for rule in calendar() if rule.name.endswith(" sulfur area")}
    of_area = {"north_america": "North American", "us_caribbean": "United States Caribbean"}
    found = {
        area: rules[
            f"{of_area.get(area) or area.replace('_', ' ').title()} sulfur area".replace(
                "North East", "North-East"
            )
        ]
        for area in told.index
    }
    assert found == told.to_dict()


# ---------------------------------------------------------------- floors

Write = Callable[..., BaseYear]
SHIPS, CRAFT = "ocean_going_vessels", "harbor_craft"
HOTELLING: dict[str, Any] = {"mode_or_segment": "hotelling", "stay_hours": 30.0, "hours": 30.0,
                             "quantity": 3_000.0, "is_at_plugged_berth": 0.0}  # fmt: skip
LAW = {"as_of": "2026-11-01", "jurisdictions": ["California"]}


@pytest.fixture
def liners(write_base: Write) -> BaseYear:
    """Two container stops and one of a bulk carrier, none plugged in."""
    rows = [HOTELLING, HOTELLING, {**HOTELLING, "source_type": "bulk_carrier"}]
    stays = [{"record_id": str(n), "stay_hours": 30.0, "is_at_plugged_berth": 0.0,
              "source_type": row.get("source_type", "container")} for n, row in enumerate(rows)]  # fmt: skip
    return write_base({SHIPS: rows}, stays)


def shore(share: float, **more: Any) -> dict[str, Any]:
    return {"kind": "shore_power", "share_of": "stops", "adoption": {"table": {2024: share}}, **more}


def project(base: BaseYear, *measures: dict[str, Any], **more: Any) -> Any:
    content = {"name": "mine", "horizon": 2030, "law": LAW, "measures": list(measures), **more}
    return Projector(base, "AR5").project(Scenario.from_dict(content))


@pytest.mark.parametrize("share", [0.6, 0.0])
def test_a_scenario_below_a_rule_is_warned_of_by_name(liners: BaseYear, share: float) -> None:
    outlook = project(liners, shore(share, vessel_types=["container"], name="at-berth: container and reefer"))
    (warning,) = outlook.warnings
    assert warning.startswith("at-berth: container and reefer (CARB At-Berth 2020), in force on 2026-11-01")
    assert f"asks for 100% in 2024; the scenario reaches {share:.0%}" in warning


def test_leaving_a_rule_out_is_warned_of(liners: BaseYear) -> None:
    # A file that extends the law and leaves a rule out.
    scenario = Scenario.from_dict({"name": "mine", "horizon": 2030, "law": LAW,
                                   "without": ["at-berth: container and reefer"]})  # fmt: skip
    (warning,) = Projector(liners, "AR5").project(scenario).warnings
    assert "the scenario reaches 0%" in warning


def test_a_scenario_at_or_above_its_rules_is_not_warned_of(liners: BaseYear) -> None:
    assert project(liners).warnings == ()
    wider = shore(1.0, name="all", vessel_types=["container", "bulk_carrier"])
    assert project(liners, wider, without=["at-berth: container and reefer"]).warnings == ()


def test_the_baseline_keeps_what_is_there_where_that_is_more_than_the_rule(write_base: Write) -> None:
    """All tugs burn renewable diesel already in 2020: the line of a rule from 2023 takes nothing back."""
    craft = {"quantity": 1_000.0, "key_fuel": "renewable_diesel"}
    base = write_base({CRAFT: [craft]})
    before = Projector(write_year(base, 2020), "AR5").project(bay_law("2024-06-30", horizon=2024))
    np.testing.assert_array_equal(before.series("NOx"), before.series("NOx").iloc[0])
    assert before.levels["level"].eq(1.0).all()


def write_year(base: BaseYear, year: int) -> BaseYear:
    return replace(base, year=year, cache={}, books={})


def test_a_rule_that_the_records_hold_acts_on_earlier_base_years_only(write_base: Write) -> None:
    base = write_base({CRAFT: [{"quantity": 1_000.0}]})
    law = bay_law("2024-06-30", horizon=2025)
    now = Projector(base, "AR5").project(law)
    assert now.series("CO2").loc[2025] == now.series("CO2").loc[2023] > 0
    assert any("renewable diesel in harbor craft: the records of 2023 hold it" in n for n in now.notes)
    then = Projector(write_year(base, 2021), "AR5").project(law).series("CO2")
    assert then.loc[2022] == then.loc[2021]
    assert then.loc[2023] == pytest.approx(0.0, abs=1e-9 * then.loc[2021])


def test_a_rule_that_a_port_cannot_carry_stops_no_baseline(liners: BaseYear) -> None:
    outlook = project(liners)
    assert [m.title for m in outlook.scenario.measures] == ["at-berth: container and reefer"]
    assert any(n.startswith("at-berth: cruise is in force and not represented here: ") for n in outlook.notes)


def test_the_locomotive_rule_acts_before_its_withdrawal_and_not_after(write_base: Write) -> None:
    """1,000 gallons of Tier 1: half of them by Tier 4 from 2030, all from 2035."""
    base = write_base({"locomotives": [{"quantity": 1_000.0}]})
    then, now = (
        Projector(base, "AR5").project(bay_law(day, horizon=2036)).series("NOx")
        for day in ("2024-06-30", "2026-11-01")
    )
    assert now.nunique() == 1
    newer = write_base({"locomotives": [{"quantity": 1_000.0, "key_tier": "Tier 4"}]})
    best = float(newer.totals.loc[("locomotives", True), "NOx"])
    assert then.loc[2034] == pytest.approx((now.iloc[0] + best) / 2, rel=1e-9)
    assert then.loc[2029] == now.iloc[0]
    assert then.loc[2036] == pytest.approx(best, rel=1e-9)


def test_what_is_left_out_says_since_when_and_until_when_it_is_law() -> None:
    """What is not law on the day may be in force today: its own days tell why it is left out."""
    before = "\n".join(law_of("2024-06-01", ["South Coast", "California"]).not_in_force)
    assert "by the ends of 2027, 2028 and 2029 (law from 2025-11-07; in force)" in before
    assert "rail yards: targets of NOx by year (not law yet; adopted" in before
    assert "phase-out from 2028 (class IV) and 2030 (class V) (law from 2024-09-16 to 2025-06-02" in before
    after = "\n".join(law_of("2026-11-01", ["California"]).not_in_force)
    assert (
        "drayage trucks (law from 2024-01-01 to 2025-01-14; request for a federal waiver withdrawn" in after
    )


@pytest.mark.parametrize(
    ("name", "day", "is_law"),
    [
        ("ship fuel: phase I", "2009-06-30", False),
        ("ship fuel: phase I", "2012-08-01", True),
        ("ship fuel: phase I", "2014-01-01", False),
        ("auxiliary engines of ships", "2026-01-01", False),
        ("warehouses: from 2023", "2023-01-01", True),
        ("warehouses: from 2024", "2023-12-31", False),
        ("EU ETS: offshore ships", "2026-12-31", False),
        ("EU ETS: offshore ships", "2027-01-01", True),
        ("EU ETS: voyages to and from outside", "2025-01-01", True),
        ("at-berth: terminal plans", "2022-01-01", True),
        ("at-berth: upheld on appeal", "2025-03-01", True),
        ("approved method of existing ships", "2026-01-01", True),
    ],
)
def test_steps_and_predecessors_of_rules_have_rows_of_their_own(name: str, day: str, is_law: bool) -> None:
    """Days as printed: West P&I, 517 F.3d 1108, AQMD newsletter of 2024, ABS, 17 CCR 93130."""
    assert (name in [rule.name for rule in law_of(day).in_force]) == is_law
