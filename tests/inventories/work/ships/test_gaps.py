"""Filling what is missing: by rule, marked, and refused where it would be a guess."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from factors.method import load_method
from inventories.work.ships.gaps import Ships, fill_ships

EPA = load_method("epa-2022")


def fill(*ships: dict[str, object], **options: str) -> Ships:
    known = {"type": "container", "size": 9000.0, "size_unit": "TEU", "engine_type": "SSD"}
    table = pd.DataFrame([known | {"vessel_id": f"S{at}"} | ship for at, ship in enumerate(ships)])
    return fill_ships(table, EPA.with_options(**options))


def test_what_is_given_is_kept_and_marked_given() -> None:
    ships = fill({"main_kw": 55_000.0, "max_speed_kn": 23.0})
    assert ships.attributes.loc["S0", ["main_kw", "max_speed_kn"]].tolist() == [55_000.0, 23.0]
    assert ships.marks.loc["S0", ["main_kw", "max_speed_kn", "engine_type", "size"]].tolist() == ["given"] * 4


def test_a_service_speed_makes_a_maximum_speed() -> None:
    ships = fill({"main_kw": 55_000.0, "service_speed_kn": 18.8})
    assert ships.attributes.loc["S0", "max_speed_kn"] == pytest.approx(20.0)


def test_a_ship_of_unknown_age_is_marked_default_with_the_methods_tier() -> None:
    ships = fill({"main_kw": 1.0, "max_speed_kn": 20.0})
    assert ships.attributes.loc["S0", "keel_date"] == 20000101
    assert ships.marks.loc["S0", "tier_main"] == "default"
    older = fill({"main_kw": 1.0, "max_speed_kn": 20.0}, tier_unknown="Tier 0")
    assert older.attributes.loc["S0", "keel_date"] == 19000101


@pytest.mark.parametrize(
    ("known", "keel", "cap", "mark"),
    [
        ({"keel_date": "2017-03-05"}, 20170305, 3, "given"),
        ({"build_year": 2018}, 20170101, 2, "default"),
        ({"keel_date": "2017-03-05", "build_year": 2030}, 20170305, 3, "given"),
    ],
)
def test_keel_date_before_build_year_and_no_tier_three_without_a_keel(
    known: dict[str, object], keel: int, cap: int, mark: str
) -> None:
    ships = fill({"main_kw": 1.0, "max_speed_kn": 20.0} | known)
    assert ships.attributes.loc["S0", ["keel_date", "tier_cap"]].tolist() == [keel, cap]
    assert ships.marks.loc["S0", "tier_main"] == mark


def test_a_certificate_is_read_from_any_spelling_of_its_number() -> None:
    ships = fill({"main_kw": 1.0, "max_speed_kn": 20.0, "tier_main": "Tier 2", "tier_aux": "Tier 1"})
    assert ships.attributes.loc["S0", ["tier_main", "tier_aux"]].tolist() == [2, 1]
    assert ships.marks.loc["S0", ["tier_main", "tier_aux"]].tolist() == ["given", "given"]


@pytest.mark.parametrize("engine", ["ST", "GT", "LNG"])
def test_engines_without_a_nox_standard_have_no_tier(engine: str) -> None:
    ships = fill({"main_kw": 1.0, "max_speed_kn": 20.0, "engine_type": engine, "keel_date": "2017-03-05"})
    assert ships.attributes.loc["S0", "tier_main"] == 0
    assert ships.attributes.loc["S0", "tier_aux"] == -1, (
        "its auxiliaries are diesels with a tier of their own"
    )


@pytest.mark.parametrize(
    ("known", "engine"),
    [
        ({"propulsion": "steam"}, "ST"),
        ({"propulsion": "gas_turbine"}, "GT"),
        ({"propulsion": "diesel_electric"}, "MSD-ED"),
        ({"propulsion": "diesel", "fuel_types": "LNG"}, "LNG"),
        ({"propulsion": "steam", "fuel_types": "LNG"}, "ST"),
    ],
)
def test_propulsion_and_fuel_say_the_engine_type(known: dict[str, object], engine: str) -> None:
    ships = fill({"main_kw": 1.0, "max_speed_kn": 20.0, "engine_type": None} | known)
    assert ships.attributes.loc["S0", "engine_type"] == engine


def test_a_high_speed_main_engine_is_rated_as_epas_code_rates_it_and_marked() -> None:
    """Above 500 rpm is medium speed in ShipEF; there is no high-speed main engine in its tables."""
    ships = fill({"main_kw": 4000.0, "max_speed_kn": 30.0, "engine_type": "HSD"})
    assert ships.attributes.loc["S0", "engine_type"] == "MSD"
    assert ships.marks.loc["S0", "engine_type"] == "default"


@pytest.mark.parametrize(("size", "auxiliary"), [(7999.0, 1000.0), (8000.0, 1000.0), (11_999.0, 1000.0)])
def test_loads_at_berth_follow_the_size(size: float, auxiliary: float) -> None:
    loads = fill({"main_kw": 1.0, "max_speed_kn": 20.0, "size": size}).loads
    berth = loads[loads["mode"] == "hotelling"]
    table = EPA.table("ocean_going_vessels", "loads")
    query = pd.DataFrame(
        {"ship_type": ["container.ship"], "size": [size], "size_unit": ["TEU"], "mode": ["hotelling"]}
    )
    expected = table.find(query, "load", engine_group="auxiliary").to("kW")
    np.testing.assert_array_equal(berth["auxiliary_kw"], expected)
    if size >= 8000:
        assert berth["auxiliary_kw"].tolist() == [auxiliary]


def test_a_measured_load_stands_instead_of_the_tables_and_is_marked() -> None:
    loads = fill({"main_kw": 1.0, "max_speed_kn": 20.0, "auxiliary_hotelling_kw": 777.0}).loads
    berth = loads[loads["mode"] == "hotelling"].iloc[0]
    assert (berth["auxiliary_kw"], berth["auxiliary_from"], berth["boiler_from"]) == (
        777.0,
        "given",
        "default",
    )


def test_a_size_in_another_unit_than_its_types_bins_is_not_used_as_if_it_were() -> None:
    """150,000 gross tons are not 150,000 TEU."""
    ships = fill({"main_kw": 1.0, "max_speed_kn": 20.0, "size": 150_000.0, "size_unit": "GT"})
    assert ships.marks.loc["S0", "size"] == "default"


def test_every_mark_is_one_of_the_ladder_and_counted() -> None:
    ships = fill({"main_kw": 1.0, "max_speed_kn": 20.0}, {"max_speed_kn": 20.0}, {"size": None})
    marks = set(ships.marks.astype(str).to_numpy().ravel())
    assert marks <= {"given", "registry", "same_ship", "median", "default"}
    for counts in ships.steps().values():
        assert sum(counts.values()) == 3
