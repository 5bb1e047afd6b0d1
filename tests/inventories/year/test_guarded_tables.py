"""A year cannot be changed by accident into disagreeing with itself."""

from __future__ import annotations

import copy
import pickle
import warnings
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from factors import load_table
from inventories import Inventory


def _times_two(inventory: Inventory) -> None:
    inventory.cells["quantity"] *= 2


def _without_a_column(inventory: Inventory) -> None:
    del inventory.mass["NOx"]


def _set(table: pd.DataFrame, how: str) -> None:
    """Write zeros, or worse, into a table, each in another of the ways that people use."""
    if how == "column":
        table["NOx"] = 0.0
    elif how == "loc":
        table.loc[:, "NOx"] = 0.0
    elif how == "iloc":
        table.iloc[0] = 0.0
    elif how == "times":
        table *= 2
    elif how == "in place":
        table.mask(table > 0, 0.0, inplace=True)
    elif how == "update":
        table.update(table * 0.0)
    elif how == "insert":
        table.insert(0, "new", 0.0)
    elif how == "pop":
        table.pop("NOx")
    elif how == "heading":
        table.columns = [f"{name}!" for name in table]
    elif how == "row label":
        table.index = table.index + 1


ACCIDENTS: dict[str, Callable[[Inventory], object]] = {
    "mass, a column": lambda year: year.mass.__setitem__("NOx", 0.0),
    "mass, loc": lambda year: year.mass.loc.__setitem__((slice(None), "NOx"), 0.0),
    "mass, iloc": lambda year: year.mass.iloc.__setitem__((0, 0), 1.0),
    "mass, in place": lambda year: year.mass.mask(year.mass > 0, 0.0, inplace=True),
    "mass, a column in place": lambda year: year.mass["NOx"].mask(year.mass["NOx"] > 0, 0.0, inplace=True),
    "mass, taken out": _without_a_column,
    "cells, a column times two": _times_two,
    "cells, a column": lambda year: year.cells.__setitem__("in_domain", False),
    "work, a column": lambda year: year.work.__setitem__("quantity", 0.0),
    "what column() gives": lambda year: year.column("NOx").iloc.__setitem__(slice(None), 0.0),
    "factors": lambda year: year.classes.factor_rows.__setitem__("value", 0.0),
    "terms": lambda year: year.classes.terms.__setitem__("number", 0.0),
    "a dataset's new name": lambda year: year.cube.__setitem__("mass", year.cube["mass"] * 0),
}

WRITES_TO_ARRAYS: dict[str, Callable[[Inventory], object]] = {
    "mass": lambda year: year.mass.to_numpy().__setitem__(0, 1.0),
    "a column of mass": lambda year: year.mass["NOx"].to_numpy().__setitem__(0, 1.0),
    "a column of cells": lambda year: year.cells["quantity"].to_numpy().__setitem__(0, 1.0),
    "values of work": lambda year: year.work["quantity"].values.__setitem__(0, 1.0),
    "labels": lambda year: year.mass.index.to_numpy().__setitem__(0, 7),
    "factors of classes": lambda year: year.classes.matrix.__setitem__(0, 0.0),
    "values of terms": lambda year: year.classes.term_values.__setitem__(0, 0.0),
    "the cube": lambda year: year.cube["mass"].__setitem__(..., 0.0),
    "the cube's numbers": lambda year: year.cube["mass"].values.__setitem__(..., 0.0),
}


def _said(inventory: Inventory) -> tuple[float, ...]:
    """What the year says of itself on several ways, each of which must go on agreeing with the others."""
    inside = inventory.select()
    return (
        float(inventory.total("NOx", unit="kg").magnitude),
        float(inventory.mass["NOx"][inside].sum()),
        float(inventory.table(unit="kg", pollutants=["NOx"]).sum().iloc[0]),
        float(inventory.cube["mass"].sel(pollutant="NOx", in_domain=True).sum()),
        inventory.explain("NOx").total_kg,
        float(inventory.cells["quantity"].sum()),
    )


@pytest.mark.parametrize("accident", ACCIDENTS)
def test_what_is_written_into_a_table_of_a_year_changes_no_answer(small: Inventory, accident: str) -> None:
    before = _said(small)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas warns of some of these, depending on how they are written
        ACCIDENTS[accident](small)
    assert _said(small) == before
    assert before[:5] == pytest.approx((before[0],) * 5)


@pytest.mark.parametrize("written", WRITES_TO_ARRAYS)
def test_arrays_of_a_year_refuse_to_be_written_to(small: Inventory, written: str) -> None:
    before = _said(small)
    with pytest.raises(ValueError, match="read-only"):
        WRITES_TO_ARRAYS[written](small)
    assert _said(small) == before


@pytest.mark.parametrize(
    "how",
    ["column", "loc", "iloc", "times", "in place", "update", "insert", "pop", "heading", "row label"],
)
def test_a_table_that_was_taken_out_can_be_worked_on_and_the_year_stays(small: Inventory, how: str) -> None:
    before, mine = small.mass.copy(deep=True), small.mass
    numbers = mine.select_dtypes("number")
    _set(numbers, how)
    assert not numbers.equals(before)
    pd.testing.assert_frame_equal(small.mass, before)


def test_pandas_says_so_where_a_column_of_a_year_is_set_in_one_line(small: Inventory) -> None:
    with pytest.warns(pd.errors.ChainedAssignmentError):
        small.mass["NOx"] = 0.0


def test_the_frame_that_a_year_was_made_of_may_be_changed_afterwards(small: Inventory) -> None:
    own = small.cells.copy(deep=True)
    year = replace(small, cells=own)
    own["quantity"] = 0.0
    assert year.total("NOx") == small.total("NOx")


def test_fields_and_what_follows_from_them_cannot_be_set(small: Inventory) -> None:
    for name in ("cells", "mass", "work", "classes"):
        with pytest.raises(AttributeError):
            setattr(small, name, None)


def test_reading_tables_copies_no_numbers(small: Inventory) -> None:
    def address(column: str) -> int:
        return int(small.mass[column].to_numpy().__array_interface__["data"][0])

    assert address("NOx") == address("NOx")


def test_a_year_travels_to_other_processes(small: Inventory) -> None:
    for other in (pickle.loads(pickle.dumps(replace(small))), copy.deepcopy(replace(small))):
        assert other.total("NOx") == small.total("NOx")
        pd.testing.assert_frame_equal(other.cells, small.cells)


def test_a_factor_table_is_the_same_for_everybody_in_the_process() -> None:
    before = load_table("epa-ogv-2022", "nox").frame.copy(deep=True)
    mine = load_table("epa-ogv-2022", "nox").frame
    mine["value"] = 0.0
    pd.testing.assert_frame_equal(load_table("epa-ogv-2022", "nox").frame, before)
