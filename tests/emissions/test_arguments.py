"""What formulas are handed: a unit is converted or refused, never lost; what is no number is refused."""

import datetime as dt
import importlib
import inspect
import pkgutil

import numpy as np
import pandas as pd
import pytest

import emissions
from emissions import engine_work, operating_mode, propulsion_load, tier_of_keel, vehicle_days
from emissions._arguments import bare, unit_of
from emissions.ship_power import Hull, clipped_load, fixed_load
from emissions.trucks import running_distance, season
from factors.units import UnitError, quantity, registry

NUMBERS = ("ArrayLike", "Array")
FREE = {  # no numbers of a dimension go in, whatever their annotation says
    "hull_group": "names of ship types",
    "propellers": "names of ship types",
    "fixed_load": "names of modes",
    "one": "anything of a shape",
    "activity_defaults": "codes and powers of a table, inside the room",
}


def public_formulas():
    """Every public function of every public module of the room that takes arrays of numbers."""
    found = {}
    for module in pkgutil.iter_modules(emissions.__path__):
        if module.name.startswith("_"):
            continue
        room = importlib.import_module(f"emissions.{module.name}")
        for name, thing in inspect.getmembers(room, inspect.isfunction):
            own = thing.__module__ == room.__name__ or name in getattr(room, "__all__", ())
            if name.startswith("_") or not own:
                continue
            numbers = [
                parameter.name
                for parameter in inspect.signature(thing).parameters.values()
                if str(parameter.annotation) in NUMBERS
            ]
            if numbers and name not in FREE:
                found[f"{module.name}.{name}"] = (thing, numbers)
    return found


FORMULAS = public_formulas()
TEXTS = {"form": "mended", "rule": "nearest", "summer_months": "5-10", "at": "wall", "ship_type": "cruise"}
WORDS = ("mode", "ship_type", "at_berth", "at_anchorage", "electric_drive")


def arguments(function, value=0.5):
    """Arguments that a formula can be called with, the same number wherever a number is asked for."""
    made = {}
    for name, parameter in inspect.signature(bare(function)).parameters.items():
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            made["1"] = 1.0
        elif name in TEXTS:
            made[name] = TEXTS[name]
        elif name == "hull":
            made[name] = Hull("bulk.carrier", 218.75, 32.25, 13.57, 12.48, 80097.0)
        elif name in ("at_berth", "at_anchorage"):
            made[name] = [False]
        elif name in ("tier", "month"):
            made[name] = np.array([1])
        elif name == "keel_year":
            made[name] = np.array([2005.0])
        elif parameter.default is inspect.Parameter.empty:
            made[name] = np.array([value]) if str(parameter.annotation) in NUMBERS else 1.5 * value
    return made


def test_public_formulas_are_found() -> None:
    assert {
        "engines.engine_work",
        "trucks.speed_bin",
        "curves.life",
        "sailing_resistance.sailing_load",
    } <= set(FORMULAS)
    assert len(FORMULAS) > 25


@pytest.mark.parametrize("name", FORMULAS)
def test_a_unit_of_another_dimension_is_refused_by_every_public_formula(name: str) -> None:
    function, numbers = FORMULAS[name]
    for parameter in numbers:
        if parameter in WORDS:
            continue
        given = arguments(function) | {parameter: registry().Quantity(np.array([1.0]), "pascal")}
        with pytest.raises(UnitError, match=parameter):
            function(**given)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_unit_is_converted_by_every_public_formula(name: str) -> None:
    function, numbers = FORMULAS[name]
    plain = arguments(function)
    expected = function(**plain)
    for parameter in numbers:
        if parameter in WORDS or parameter not in plain or plain[parameter].dtype == int:
            continue
        own = registry().Quantity(plain[parameter], unit_of(parameter))
        other = own.to_base_units() if unit_of(parameter) != "dimensionless" else own.to("percent")
        got = function(**plain | {parameter: other})
        pd.testing.assert_series_equal(pd.Series(got), pd.Series(expected), rtol=1e-12)


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize(
    "what", ["missing", "none", "text", "date", "infinite", "negative", "boolean", "complex"]
)
def test_what_is_no_number_is_refused_by_every_public_formula(name: str, what: str) -> None:
    values = {
        "missing": np.array([np.nan]), "text": ["half"], "date": pd.to_datetime(["2020-01-01"]),
        "infinite": np.array([np.inf]), "negative": np.array([-1.0]), "none": None,
        "boolean": np.array([True]), "complex": np.array([1 + 2j]),
    }  # fmt: skip
    has_meaning = {
        ("missing", "distance_to_shore_nmi"), ("infinite", "tier3_from"),
        ("missing", "between_perpendiculars_m"), ("date", "keel_year"), ("date", "tier3_from"),
        ("missing", "hotel_share"),
        ("missing", "roughness_um"),
        ("missing", "ballast_ratio"), ("missing", "loaded_ratio"), ("missing", "ballast_share"),
    }  # fmt: skip
    function, numbers = FORMULAS[name]
    for parameter in numbers:
        if parameter in WORDS or (what, parameter) in has_meaning:
            continue
        with pytest.raises((TypeError, ValueError), match=parameter.replace("_", ".")):
            function(**arguments(function) | {parameter: values[what]})


def test_forty_megawatts_at_half_load_for_two_hours_are_forty_thousand_kwh() -> None:
    power, time = quantity(40, "MW"), quantity(120, "min")
    assert engine_work(power_kw=power, load_factor=0.5, duration_h=time) == pytest.approx(40_000)
    assert engine_work(power, quantity(50, "%"), time) == pytest.approx(40_000)


def test_quantities_one_by_one_in_a_list_are_refused() -> None:
    with pytest.raises(TypeError, match="one quantity of an array"):
        engine_work([quantity(40, "MW")], [0.5], [2.0])


def test_a_column_of_quantities_is_refused() -> None:
    from emissions import vessels

    stays = pd.DataFrame({"hours": [2.0], "auxiliary_kw": pd.Series([quantity(1, "MW")], dtype=object)})
    with pytest.raises(TypeError, match="auxiliary_kw holds quantities"):
        vessels.auxiliary_rows(stays)


def test_a_hull_takes_its_dimensions_in_any_unit_of_length() -> None:
    hull = Hull("cruise", registry().Quantity(100, "foot"), 10.0, 5.0, 5.0, 1000.0)
    assert hull.length_m == pytest.approx(30.48)
    with pytest.raises(UnitError, match="length_m"):
        Hull("cruise", quantity(100, "kg"), 10.0, 5.0, 5.0, 1000.0)


@pytest.mark.parametrize(
    "keel",
    [
        pd.to_datetime(["1985-01-01"]),
        pd.Series(pd.to_datetime(["1985-01-01"])),
        pd.to_datetime(["1985-01-01"], utc=True),
        [dt.date(1985, 1, 1)],
        np.array(["1985-01-01"], dtype="datetime64[D]"),
    ],
)
def test_a_keel_laid_in_1985_has_no_tier_however_its_date_is_written(keel) -> None:
    assert tier_of_keel(keel, tier3_from=2016).tolist() == [0]


def test_a_keel_laid_on_the_last_day_of_2010_is_tier_1() -> None:
    assert tier_of_keel(pd.to_datetime(["2010-12-31", "2011-01-01"])).tolist() == [1, 2]


def test_a_word_in_place_of_yes_or_no_is_refused() -> None:
    with pytest.raises(TypeError, match="at_berth is text"):
        operating_mode([0.0], [0.0], ["no"], [False])


def test_the_input_stays_as_it_was() -> None:
    power = quantity(np.array([40.0]), "MW")
    engine_work(power, 0.5, 2.0)
    assert power.units == registry().megawatt


def test_words_and_plain_numbers_pass() -> None:
    assert fixed_load(["transit"], {"transit": 0.8}).tolist() == [0.8]
    assert running_distance(pd.Series([2.0]), pd.Series([3.0])).tolist() == [6.0]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_zero_gives_a_number_or_is_refused_by_every_public_formula(name: str) -> None:
    """Nothing is divided by zero: no infinity, no NaN and no bound in their place."""
    function, numbers = FORMULAS[name]
    if pd.isna(pd.Series(function(**arguments(function)))).any():
        return  # a hull of such dimensions has no resistance that the formula knows
    for parameter in numbers:
        if parameter in WORDS:
            continue
        try:
            with np.errstate(divide="raise", invalid="raise"):
                got = function(**arguments(function) | {parameter: np.array([0.0])})
        except ValueError:
            continue
        except FloatingPointError:
            pytest.fail(f"{name}: {parameter} = 0 is divided by")
        number = pd.to_numeric(pd.Series(got), errors="coerce")
        assert np.isfinite(number).all() or pd.Series(got).dtype in ("str", "object", "category"), parameter


@pytest.mark.parametrize("name", FORMULAS)
def test_a_single_number_may_not_be_missing_none_or_yes_where_one_is_needed(name: str) -> None:
    function = FORMULAS[name][0]
    for parameter in inspect.signature(bare(function)).parameters.values():
        if str(parameter.annotation) != "float":
            continue
        for odd in (float("nan"), None, True, "half"):
            with pytest.raises((TypeError, ValueError), match=parameter.name):
                function(**arguments(function) | {parameter.name: odd})


@pytest.mark.parametrize("month", [0, 13, 6.5, -1])
def test_a_month_is_one_of_twelve(month: float) -> None:
    with pytest.raises(ValueError, match="month"):
        season([month])
    assert season([6]).tolist() == ["summer"]


def test_a_day_written_as_a_number_is_no_year() -> None:
    with pytest.raises(ValueError, match=r"keel_year is 19850101 .* or a date"):
        tier_of_keel(19850101, tier3_from=2016)
    with pytest.raises(ValueError, match="tier3_from is 20160101"):
        tier_of_keel(2017, tier3_from=20160101)
    with pytest.raises(ValueError, match="keel_year is 17 "):
        tier_of_keel(17)
    # MARPOL Annex VI, regulation 13: Tier III off North America for keels from 2016-01-01.
    days = pd.to_datetime(["2015-12-31", "2016-01-01"])
    assert tier_of_keel(days, tier3_from=pd.Timestamp("2016-01-01")).tolist() == [2, 3]
    assert int(tier_of_keel(pd.Timestamp("2017-01-01"), tier3_from=pd.Timestamp("2016-01-01"))) == 3


@pytest.mark.parametrize("nothing", [pd.NaT, np.datetime64("NaT"), [pd.NaT], None, float("nan"), pd.NA])
def test_a_keel_that_nobody_knows_has_no_tier(nothing: object) -> None:
    with pytest.raises((TypeError, ValueError), match="keel_year is "):
        tier_of_keel(nothing)


@pytest.mark.parametrize(
    ("call", "culprit"),
    [
        (lambda: vehicle_days(100, 0), "miles_per_vehicle_day is 0"),
        (lambda: propulsion_load(10, 0), "max_speed_kn is 0"),
        (lambda: clipped_load(float("nan"), 10), "demand is missing"),
        (lambda: engine_work(None, 0.5, 2), "power_kw is None"),
        (lambda: engine_work(True, 0.5, 2), "power_kw is True or False"),
        (lambda: engine_work([1.0, True], 0.5, 2), "power_kw is True or False"),
    ],
)
def test_what_no_work_can_be_made_of_is_refused_by_name(call, culprit: str) -> None:
    with pytest.raises((TypeError, ValueError), match=culprit):
        call()
