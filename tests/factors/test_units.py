"""Units: what agencies write, what is refused, and that conversions keep the quantity."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors import units

ACCEPTED = sorted(text for text, entry in units.vocabulary().items() if not entry.is_refused)
REFUSED = sorted(text for text, entry in units.vocabulary().items() if entry.is_refused)


def test_a_horsepower_is_the_mechanical_one():
    """550 foot-pounds per second, exact by definition."""
    assert units.conversion("hp", "kW") == pytest.approx(0.7456998715822702, rel=1e-12)
    assert units.conversion("bhp", "hp") == 1.0
    assert units.conversion("PS", "kW") == pytest.approx(0.73549875, rel=1e-9)


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("kg/gal", "g/gal", 1000.0),
        ("short ton", "kg", 907.18474),
        ("tonne", "short ton", 1.1023113109243878),
        ("lb/MWh", "kg/MWh", 0.45359237),
        ("g/hp-hr", "g/kWh", 1.341022089595028),
        ("g/bhp-hr", "g/kW-hr", 1.341022089595028),
        ("nmi", "km", 1.852),
        ("mile", "km", 1.609344),
        ("gal", "L", 3.785411784),
        ("kWh", "MJ", 3.6),
        ("MMBtu", "GJ", 1.055056),
        ("tpy", "short ton/year", 1.0),
        ("% mass", "1", 0.01),
        ("mg/km", "g/km", 0.001),
    ],
)
def test_conversions_agree_with_their_definitions(source, target, factor):
    assert units.conversion(source, target) == pytest.approx(factor, rel=1e-9)


@pytest.mark.parametrize(
    "text", ["ton", "tons", "Tons", "TON", "T", "MT", "mt", "kt", "KT", "nm", "trips", "MBtu"]
)
def test_a_unit_with_two_meanings_is_refused_with_advice(text):
    with pytest.raises(units.UnitError, match="write"):
        units.parse_unit(text)


def test_refusals_hold_inside_the_registry_too():
    with pytest.raises(units.UnitError, match="short ton"):
        units.registry()("5 ton")
    with pytest.raises(units.UnitError, match="tonne"):
        units.registry().Unit("MT/year")
    assert units.registry()("5 short_ton").m_as("kg") == pytest.approx(4535.9237)


def test_an_unknown_spelling_names_the_nearest():
    with pytest.raises(units.UnitError, match="g/kWh") as caught:
        units.parse_unit("g/kWhh")
    assert "g/kWh" in caught.value.nearest


def test_an_empty_unit_is_refused():
    with pytest.raises(units.UnitError, match="empty"):
        units.parse_unit(" ")


def test_grams_per_vehicle_day_are_not_grams_per_hour():
    with pytest.raises(units.UnitError, match="cannot be turned"):
        units.conversion("g/vehicle/day", "g/h")
    product = units.quantity(36.7, "g/vehicle/day") * units.quantity(2, "vehicle_day")
    assert product.m_as("gram") == pytest.approx(73.4)


def test_grams_per_start_are_not_grams_per_mile():
    assert not units.same_dimension("g/trip", "g/mile")
    assert units.same_dimension("g/trip", "g/start")


def test_a_spelling_carries_species_and_basis():
    entry = units.describe("g C per kJ")
    assert (entry.unit, entry.species, entry.basis) == ("gram/kilojoule", "C", "of fuel energy")


def test_spaces_and_capitals_do_not_matter_where_they_carry_no_meaning():
    assert units.parse_unit(" g / KWH ") == units.parse_unit("g/kWh")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("hp-hr", "kilowatt_hour"),
        ("MW", "kilowatt"),
        ("short ton", "kilogram"),
        ("min", "hour"),
        ("km", "mile"),
        ("mph", "mile/hour"),
        ("g/vehicle/day", "kilogram/vehicle_day"),
        ("lb/hp-hr", "kilogram/kilowatt_hour"),
        ("kWh/mile (MOVES-based)", "kilowatt_hour/mile"),
        ("h/yr", "hour/year"),
        ("%", "dimensionless"),
    ],
)
def test_canonical_unit_of_a_dimension(text, canonical):
    assert units.canonical_unit(text) == canonical


def test_distance_at_sea_is_in_nautical_miles():
    assert units.canonical_unit("km", distance="nautical_mile") == "nautical_mile"
    assert units.canonical_unit("km/h", distance="nautical_mile") == "nautical_mile/hour"


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Power (hp)", ("power", "hp")),
        ("power [hp]", ("power", "hp")),
        ("power_hp", ("power", "hp")),
        ("Rated power, kW", ("rated_power", "kW")),
        ("ef_pm25_g_per_kwh", ("ef_pm25", "g/kwh")),
        ("Cargo (tons)", ("cargo", "tons")),
        ("hours", ("hours", None)),
        ("build_year", ("build_year", None)),
        ("terminal", ("terminal", None)),
    ],
)
def test_headings_part_into_name_and_unit(heading, expected):
    assert units.split_heading(heading) == expected


@given(text=st.sampled_from(ACCEPTED))
def test_every_known_spelling_is_readable_and_its_pint_text_reads_back(text):
    unit = units.parse_unit(text)
    assert units.registry().Unit(str(unit)) == unit
    assert units.parse_unit(units.describe(text).unit) == unit


@given(text=st.sampled_from(REFUSED))
def test_every_refused_spelling_says_what_to_write(text):
    with pytest.raises(units.UnitError) as caught:
        units.parse_unit(text)
    assert "write" in str(caught.value)


@given(
    texts=st.sampled_from(
        [
            ("g/hp-hr", "lb/hp-hr", "kg/MWh"),
            ("short ton", "lb", "tonne"),
            ("km", "nmi", "mile"),
            ("MJ", "hp-hr", "kWh"),
        ]
    ),
    value=st.floats(1e-6, 1e9),
)
def test_conversions_compose_and_return(texts, value):
    first, second, third = texts
    there = value * units.conversion(first, second) * units.conversion(second, third)
    assert there == pytest.approx(value * units.conversion(first, third), rel=1e-12)
    assert there * units.conversion(third, first) == pytest.approx(value, rel=1e-12)


def test_importing_units_does_not_import_pint():
    code = "import sys, factors.units; sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_registry_works_without_a_cache_folder(tmp_path):
    closed = tmp_path / "a-file-not-a-folder"
    closed.write_text("")
    code = "from factors.units import conversion; print(conversion('hp', 'kW'))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env=os.environ | {"XDG_CACHE_HOME": str(closed), "HOME": str(closed)},
    )  # fmt: skip
    assert run.stdout.startswith("0.7456"), run.stderr
