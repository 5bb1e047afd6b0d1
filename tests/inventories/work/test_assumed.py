"""Attributes that nobody stated, by name: those that decide a row's work or factor, and no others."""

import pandas as pd

from inventories.work.assumed import assumed_attributes


def named(source: str, **columns: list[object]) -> list[str]:
    return list(assumed_attributes(source, pd.DataFrame(columns)))


def test_an_auxiliary_engine_does_not_rest_on_the_power_of_the_main_engine() -> None:
    told = named(
        "ocean_going_vessels",
        engine_group=["propulsion", "auxiliary", "boiler"],
        power_from=["median"] * 3,
        loads_from=["given", "default", "default"],
        tier_from=["default"] * 3,
    )
    assert told == [
        "peers' median main engine power|default engine tier",
        "default auxiliary loads|default engine tier",
        "default boiler loads",
    ]


def test_what_is_given_or_in_a_register_is_not_assumed() -> None:
    told = named(
        "ocean_going_vessels",
        engine_group=["propulsion", "propulsion"],
        power_from=["given", "registry"],
        loads_from=["given", "given"],
        tier_from=["same_ship", "given"],
    )
    assert told == ["", ""]


def test_trucks_rest_on_assumed_speeds_and_idling_where_these_are_defaults() -> None:
    told = named(
        "heavy_duty_vehicles",
        process_set=["running", "running", "idle_day", "idle_hour"],
        provenance=["given", "default", "default", "given"],
    )
    assert told == ["", "default speeds off the road", "default vehicle-days of idling", ""]


def test_equipment_without_a_load_of_its_own_rests_on_a_load_factor() -> None:
    told = named(
        "cargo_handling_equipment",
        technology=["combustion", "combustion", "electric_by_hours"],
        provenance=["given", "default", "default"],
    )
    assert told == ["", "default load factors", "default electricity draws"]


def test_craft_tell_an_assumed_tier_from_an_assumed_load_and_from_engines_put_in_place() -> None:
    told = named(
        "harbor_craft",
        is_tier_assumed=[True, False, True, False],
        is_load_assumed=[False, True, True, False],
        provenance=["default", "default", "default", "default"],
    )
    assert told == [
        "default engine tiers",
        "default load factors",
        "default engine tiers|default load factors",
        "default engines",
    ]


def test_a_table_without_rows_has_no_attributes() -> None:
    assert named("harbor_craft", provenance=[]) == []
