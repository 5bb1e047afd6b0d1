"""What follows from where a port lies: a row of a table with its reason, never a place in the code."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from factors.method import load_method
from inventories.port.place import Place
from inventories.port.place_defaults import ASK, NONE, default_of, place_options

ROWS = list(
    csv.DictReader(
        (files("inventories.port") / "place_defaults.csv").read_text(encoding="utf-8").splitlines()
    )
)


def test_every_row_says_why_and_how_firm_it_is() -> None:
    for row in ROWS:
        assert row["reason"], row
        assert row["confidence"] in ("read", "derived", "unverified"), row


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
