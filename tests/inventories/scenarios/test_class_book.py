"""What a projection knows of classes: the same factors as the library, however and how often it asks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from factors import library
from factors.method import load_method
from factors.terms import Factors
from inventories import Inventory, Scenario
from inventories.scenarios import Projector
from inventories.scenarios.base_year.class_book import ClassBook, Page

METHOD = load_method("epa-2022").with_options(outside_edition="hold_by_age")
SOURCE = "cargo_handling_equipment"


def machines(years: range, fuel: str = "diesel", scc: int = 2270003070) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "technology": "combustion", "scc": scc, "power_bin": "175-300 hp", "model_year": list(years),
            "tier": "", "fuel": fuel, "sulfur_wt_pct": np.nan, "certification": "", "device": "",
        }
    )  # fmt: skip


def named(class_id: np.ndarray, factors: Factors) -> pd.DataFrame:
    """Factors of rows by component, in an order of their own."""
    columns = pd.MultiIndex.from_frame(factors.components)
    frame = pd.DataFrame(factors.matrix[class_id], columns=columns)
    return frame.loc[:, (frame != 0).any()].sort_index(axis=1)


def test_a_book_gives_the_factors_of_the_library() -> None:
    book = ClassBook(SOURCE, METHOD)
    gas = machines(range(2001, 2030), "lpg", 2267003020)
    for keys in (machines(range(2000, 2012)), gas, machines(range(2005, 2049)), gas):
        pd.testing.assert_frame_equal(
            named(*book.resolve(keys)), named(*library.resolve(SOURCE, keys, METHOD)), check_exact=True
        )


def test_what_was_asked_before_is_not_resolved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing sulfur content is equal to no other number, and was looked up anew each time."""
    asked: list[int] = []

    def counted(source, keys, method, **options):
        asked.append(len(keys))
        return library.resolve(source, keys, method, **options)

    monkeypatch.setattr("inventories.scenarios.base_year.class_book.resolve", counted)
    book = ClassBook(SOURCE, METHOD)
    book.resolve(machines(range(2000, 2010)))
    book.resolve(machines(range(2003, 2010)))
    book.resolve(machines(range(2030, 2050)))
    book.resolve(machines(range(2035, 2045)))  # of the last step of the mixture, which is known
    assert asked == [10, 1]


def test_a_page_of_one_source_has_its_components_alone(small: Inventory) -> None:
    keys = small.classes.classes
    for source in keys["source_category"].unique():
        mine = np.flatnonzero(keys["source_category"] == source)
        page = Page.of(small.classes, mine)
        whole = named(mine, small.classes)
        pd.testing.assert_frame_equal(named(np.arange(len(mine)), page), whole, check_exact=True)
        assert page.given.any(axis=0).all()


def test_an_inventory_of_other_tables_is_resolved_anew(small: Inventory) -> None:
    """A year that an earlier version saved lends no classes: all of them come from today's tables."""
    old = {**small.manifest, "versions": {**small.manifest["versions"], "caap-inventory": "0.0.1"}}
    earlier = replace(small, manifest=old)
    assert small.is_current
    assert not earlier.is_current
    scenario = Scenario.from_dict(
        {
            "name": "older",
            "horizon": 2030,
            "measures": [{"kind": "growth", "rate": 0.02}, {"kind": "fleet_turnover"}],
        }
    )
    lent, anew = Projector.of(small), Projector.of(earlier)
    assert lent.base.books
    assert not anew.base.books
    one, other = lent.project(scenario), anew.project(scenario)
    assert one.outputs.equals(other.outputs)
    np.testing.assert_allclose(one.values, other.values, rtol=1e-12, atol=1e-9)
