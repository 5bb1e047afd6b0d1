"""Single factors of one's own over a method's table: the rest of the table stays the method's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.own_tables import with_user_tables
from factors.user_tables import UserTableError

METHOD = load_method("epa-2022").with_options(emfac_category="T7 POLA")
NEED = "heavy_duty_vehicles.wear"
SOURCED = {"source_document": "own measurement", "table": "1", "source_address": "port", "confidence": "read"}
BRAKE = {"emfac_category": "T7 POLA", "season": "summer", "model_year": 2014, "fuel": "Diesel",
         "process": "brake", "quantity": "PM10", "unit": "g/mile"}  # fmt: skip


def rows(*lines: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([{"need": NEED, **BRAKE, **SOURCED, "value": 0.05, **line} for line in lines or [{}]])


def factor(method: Method, process: str, pollutant: str = "PM10", **keys: object) -> float:
    truck = {"process_set": "running", "emfac_category": "T7 POLA", "fuel": "diesel", "technology": "",
             "season": "summer", "model_year": 2014, "calendar_year": 2020, "speed_bin_mph": 40}  # fmt: skip
    classes = resolve("heavy_duty_vehicles", pd.DataFrame([truck | keys]), method)[1]
    mine = (classes.components["pollutant"] == pollutant) & (classes.components["process"] == process)
    return float(classes.matrix[0, mine.to_numpy()].sum() * 1000)


def write(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "own.csv"
    rows(*lines).drop(columns="need").assign(note="").to_csv(path, index=False)
    return path


def test_one_row_is_replaced_and_its_neighbours_stay() -> None:
    own = METHOD.with_factors(rows())
    assert factor(own, "brake") == pytest.approx(0.05, rel=1e-12)
    assert factor(own, "brake", season="winter") == pytest.approx(0.06174, rel=1e-6)
    assert factor(own, "tyre") == pytest.approx(0.036, rel=1e-6)
    assert factor(METHOD, "brake") == pytest.approx(0.06174, rel=1e-6)  # the method itself is not changed


def test_a_change_says_its_old_and_new_value_and_its_source() -> None:
    (change,) = METHOD.with_factors(rows()).changes
    assert (change.need, change.quantity, change.value, change.added) == (NEED, "PM10", 0.05, False)
    assert change.old_value == pytest.approx(0.06174, rel=1e-6)
    assert change.ratio == pytest.approx(0.05 / 0.06174, rel=1e-6)
    assert change.source == "own measurement, 1"


def test_a_row_may_be_in_another_unit_of_its_kind() -> None:
    own = METHOD.with_factors(rows({"value": 0.05 / 1.609344, "unit": "g/km"}))
    assert factor(own, "brake") == pytest.approx(0.05, rel=1e-9)
    assert own.changes[0].ratio == pytest.approx(0.05 / 0.06174, rel=1e-6)


def test_the_explanation_names_the_file_of_a_row_that_stands_in() -> None:
    own = METHOD.with_factors(rows())
    truck = {"process_set": "running", "emfac_category": "T7 POLA", "fuel": "diesel", "technology": "",
             "season": "summer", "model_year": 2014, "calendar_year": 2020, "speed_bin_mph": 40}  # fmt: skip
    described = resolve("heavy_duty_vehicles", pd.DataFrame([truck]), own)[1].factor_rows.set_index("row_id")
    assert described.loc[f"user/{NEED}:2", "value"] == 0.05
    assert described.loc[f"user/{NEED}:2", "edition"] == "user"
    assert described.loc[f"user/{NEED}:2", "source_document"] == "own measurement"
    assert (described["edition"] == "emfac2017").sum() > 10


def test_a_file_does_what_a_table_in_memory_does(tmp_path: Path) -> None:
    by_file = with_user_tables(METHOD, {}, {NEED: write(tmp_path, {})})
    in_memory = METHOD.with_factors(rows())
    assert by_file.changes == in_memory.changes
    assert factor(by_file, "brake") == factor(in_memory, "brake")


def test_rows_given_later_take_the_place_of_those_given_before() -> None:
    own = METHOD.with_factors(rows()).with_factors(rows({"value": 0.04}, {"value": 0.03, "season": "winter"}))
    assert factor(own, "brake") == pytest.approx(0.04)
    assert factor(own, "brake", season="winter") == pytest.approx(0.03)
    assert [change.old_value for change in own.changes] == pytest.approx([0.06174, 0.06174], rel=1e-5)


def test_a_new_row_is_added_where_it_says_so() -> None:
    older = {"model_year": 1999, "add": "yes"}
    both = [older, {**older, "process": "tyre"}, {**older, "quantity": "PM2.5"},
            {**older, "quantity": "PM2.5", "process": "tyre"}]  # fmt: skip
    own = METHOD.with_factors(rows(*both))
    assert factor(own, "brake", fuel="electric", model_year=1999) > 0
    assert [change.added for change in own.changes] == [True] * 4
    assert np.isnan(own.changes[0].ratio)


def test_needs_that_name_one_table_read_the_same_row() -> None:
    """Ships' fuel rates of gas engines and of others stand in one table."""
    own = pd.DataFrame([{**SOURCED, "need": "ocean_going_vessels.bsfc", "engine_group": "propulsion",
                         "engine_type": "SSD", "fuel": "MGO/MDO", "quantity": "BSFC", "value": 180,
                         "unit": "g/kWh"}])  # fmt: skip
    changed = METHOD.with_factors(own)
    for need in ("bsfc", "bsfc_gas"):
        query = own[["engine_group", "engine_type", "fuel"]]
        assert changed.table("ocean_going_vessels", need).find(query, "BSFC").value.tolist() == [180]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"model_year": 1999}, r"has no row of .*model_year=1999.*model_year may be 2008.*add says yes"),
        ({"process": "clutch"}, r"process may be brake, tyre"),
        ({"quantity": "NOx"}, r"has no row of .*quantity=NOx"),
        ({"unit": "g/kWh"}, r"column unit.*is in 'g/kWh'; emfac2017/wear has it in 'g/mile'"),
        ({"unit": "g/smile"}, r"column unit"),
        ({"add": "yes"}, r"has a row of .* already; leave the column add blank"),
        ({"add": "perhaps"}, r"column add: 'perhaps'; write yes"),
        ({"source_document": ""}, r"say which document"),
        ({"confidence": "sure"}, r"one of read, derived, unverified"),
        ({"value": "much"}, r"a number is needed"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_what_would(line: dict[str, object], told: str) -> None:
    with pytest.raises(UserTableError, match=told):
        METHOD.with_factors(rows(line))


def test_all_rows_that_do_not_fit_are_told_at_once() -> None:
    with pytest.raises(UserTableError, match=r"2 problems") as refused:
        METHOD.with_factors(rows({"model_year": 1999}, {}, {"unit": "g/kWh", "season": "winter"}))
    assert "line 2" in str(refused.value)
    assert "line 4" in str(refused.value)


def test_what_cannot_be_laid_over_is_said(tmp_path: Path) -> None:
    with pytest.raises(MethodError, match=r'no column "need"'):
        METHOD.with_factors(rows().drop(columns="need"))
    with pytest.raises(MethodError, match=r"did you mean 'heavy_duty_vehicles.wear'"):
        METHOD.with_factors(rows().assign(need="heavy_duty_vehicles.wears"))
    with pytest.raises(
        MethodError, match=r"has no zero_hour for harbor_craft of its own.*give the whole table"
    ):
        METHOD.with_factors(rows().assign(need="harbor_craft.zero_hour"))
    with pytest.raises(MethodError, match="replaces whole tables"):
        with_user_tables(METHOD, {}, {"heavy_duty_vehicles.emfac": write(tmp_path)})


def bsfc(**line: object) -> pd.DataFrame:
    """The base fuel rate of slow engines, 185 g/kWh in EPA's guidance of 2022."""
    keys = {"engine_group": "propulsion", "engine_type": "SSD", "fuel": "MGO/MDO", "quantity": "BSFC"}
    whole = {"need": "ocean_going_vessels.bsfc", **keys, **SOURCED, "value": 180.0, "unit": "g/kWh", **line}
    return pd.DataFrame([whole])


def test_a_value_that_cannot_be_right_is_refused_as_the_linter_says() -> None:
    with pytest.raises(UserTableError, match=r"line 2: BSFC is 1.8e\+05 g/kWh; usual is"):
        METHOD.with_factors(bsfc(value=180_000.0))


def test_an_unusual_value_and_a_column_that_nothing_reads_are_told() -> None:
    assert METHOD.with_factors(bsfc()).remarks == ()
    told = METHOD.with_factors(bsfc(value=240.0, foo=1)).remarks
    assert any("BSFC is 240 g/kWh; usual is" in line for line in told)
    assert any("nothing reads the columns foo" in line for line in told)


def test_a_value_a_hundred_times_the_methods_own_is_told_with_the_ratio() -> None:
    """By hand: 0.05 g/mile of one row, then a hundredth of it."""
    plain = METHOD.with_factors(rows())
    own = plain.changes[0].old_value
    told = METHOD.with_factors(rows({"value": own * 100})).remarks
    assert any("is 100 times the method's own" in line for line in told)
    near = METHOD.with_factors(rows({"value": own * 9})).remarks
    assert not any("times the method's own" in line for line in near)
