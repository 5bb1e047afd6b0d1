"""What follows from where a port lies: a row of a table with its reason, never a place in the code."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from factors.method import load_method
from inventories.examples import copy_example
from inventories.port.place import Place
from inventories.port.place_defaults import ASK, NONE, default_of, place_options
from inventories.port.port import Port
from inventories.port.refusals import PortError
from inventories.port.whereabouts import whereabouts

ROWS = list(
    csv.DictReader(
        (files("inventories.port") / "place_defaults.csv").read_text(encoding="utf-8").splitlines()
    )
)


def test_every_row_says_why_and_how_firm_it_is() -> None:
    for row in ROWS:
        assert row["reason"], row
        assert row["confidence"] in ("read", "derived", "unverified"), row


def test_a_district_of_elsewhere_is_refused_with_those_that_are_known(tmp_path) -> None:
    folder = copy_example("small-harbor", tmp_path / "port")
    path = folder / "port.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('country = "EE"', 'country = "EE"\ndistricts = ["South Coast"]'), "utf-8")
    with pytest.raises(PortError, match=r'"South Coast", which has no rules of its own at EE.*: none'):
        Port.load(folder)
    california = 'country = "US"\nstate = "CA"\ndistricts = ["Bay Area"]'
    path.write_text(text.replace('country = "EE"', california), "utf-8")
    with pytest.raises(PortError, match=r"Known there: South Coast, San Pedro Bay"):
        Port.load(folder)


def test_a_port_keeps_where_it_lies_and_the_control_areas_of_its_waters(tmp_path) -> None:
    port = Port.load(copy_example("small-harbor", tmp_path / "port"))
    assert whereabouts(port) == {
        "country": "EE", "state": "", "position": None, "districts": [], "control_areas": ["baltic"],
    }  # fmt: skip


def test_every_option_that_a_place_gives_is_one_that_a_method_knows() -> None:
    declared = load_method("epa-2022").declared
    for row in ROWS:
        if row["key"] in declared and row["value"] not in (ASK, NONE):
            load_method("epa-2022").with_options(**{row["key"]: row["value"]})


@pytest.mark.parametrize(
    ("place", "options"),
    [
        (Place("US", "CA"), {"harbor_craft_fuel_rule": "california"}),
        (Place("US", "TX"), {}),
        (Place("FI"), {}),
        (Place(), {}),
    ],
)
def test_renewable_diesel_of_craft_is_a_rule_of_california_alone(
    place: Place, options: dict[str, str]
) -> None:
    assert place_options(place, (), (), ("harbor_craft",)).options == options


def test_what_a_port_states_wins_over_the_rule_of_its_place() -> None:
    stated = place_options(Place("US", "CA"), ("harbor_craft_fuel_rule",), (), ("harbor_craft",))
    assert not stated.options
    assert not stated.notes


def test_truck_rates_of_california_are_taken_nowhere_else() -> None:
    taken = {(row["country"], row["state"]) for row in ROWS if row["value"] == "emfac"}
    assert taken == {("US", "CA")}
    found = default_of(Place("NO"), "truck_rates")
    assert found is not None
    assert found.value == ASK
