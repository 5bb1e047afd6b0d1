"""Resolving: keys of work rows to classes, with coverage held against what the method states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors.library import CoverageError, check_coverage, classify, resolve
from factors.method import Method, MethodError, load_method
from factors.tables import FactorMissing

SOURCE = "ocean_going_vessels"
EPA = load_method("epa-2022")


def engines(**changes: object) -> pd.DataFrame:
    engine = {
        "engine_group": "propulsion", "engine_type": "SSD", "tier": "Tier 2", "fuel": "MGO/MDO",
        "sulfur_pct": 0.1, "area_sulfur_pct": 0.1,
    }  # fmt: skip
    return pd.DataFrame([engine | changes])


# --- numbering classes ---


def test_equal_keys_are_one_class() -> None:
    keys = pd.DataFrame({"tier": ["II", "I", "II"], "fuel": ["MGO"] * 3, "sulfur": [0.1, 0.1, 0.1]})
    number, distinct = classify(keys)
    assert number[0] == number[2] != number[1]
    assert len(distinct) == 2
    pd.testing.assert_frame_equal(distinct.iloc[number].reset_index(drop=True), keys)


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from([0.1, 0.5])), max_size=40)
)
def test_a_class_gives_back_the_keys_of_its_rows(rows: list[tuple[str, int, float]]) -> None:
    keys = pd.DataFrame(rows, columns=["text", "year", "sulfur"]).astype(
        {"text": "str", "year": np.int64, "sulfur": float}
    )
    number, distinct = classify(keys)
    assert len(distinct) == len(set(rows))
    pd.testing.assert_frame_equal(distinct.iloc[number].reset_index(drop=True), keys)
    as_category, same = classify(keys.astype({"text": "category"}))
    assert len(same) == len(distinct)
    pd.testing.assert_frame_equal(same.iloc[as_category].reset_index(drop=True), keys, check_dtype=False)


def test_a_great_many_columns_do_not_run_out_of_numbers() -> None:
    generator = np.random.default_rng(1)
    keys = pd.DataFrame({f"k{i}": generator.integers(0, 1000, 2000) for i in range(12)})
    keys = pd.concat([keys, keys], ignore_index=True)
    number, distinct = classify(keys)
    assert len(distinct) == 2000
    assert (number[:2000] == number[2000:]).all()


def test_missing_keys_are_a_class_of_their_own() -> None:
    number, distinct = classify(pd.DataFrame({"size": [1.0, np.nan, 1.0, np.nan]}))
    assert len(distinct) == 2
    assert number[1] == number[3] != number[0]


def test_no_rows_have_no_classes() -> None:
    number, distinct = classify(pd.DataFrame({"tier": pd.Series([], dtype="str")}))
    assert len(number) == len(distinct) == 0


# --- resolving ---


def test_each_row_points_at_the_class_of_its_keys() -> None:
    rows = pd.concat([engines(tier=f"Tier {n}") for n in (2, 0, 2, 1)], ignore_index=True)
    class_id, classes = resolve(SOURCE, rows, EPA)
    assert len(classes.classes) == 3
    nox = classes.factors()["NOx"].to_numpy()[class_id]
    np.testing.assert_allclose(nox, [14.4, 17.0, 14.4, 16.0])


def test_the_order_of_rows_does_not_change_the_classes() -> None:
    rows = pd.concat(
        [engines(tier=f"Tier {n}", engine_type=kind) for n in range(3) for kind in ("SSD", "MSD")]
    )
    _, first = resolve(SOURCE, rows.reset_index(drop=True), EPA)
    _, second = resolve(SOURCE, rows.iloc[::-1].reset_index(drop=True), EPA)
    pd.testing.assert_frame_equal(first.classes, second.classes)
    pd.testing.assert_frame_equal(first.terms, second.terms)


def test_an_unknown_tier_stops_naming_the_nearest_keys() -> None:
    with pytest.raises(FactorMissing, match=r"no NOx for\n.*tier=Tier 7.*tier may be Tier 0 \| Tier 1"):
        resolve(SOURCE, engines(tier="Tier 7"), EPA)


def test_an_unknown_engine_stops_naming_those_known() -> None:
    with pytest.raises(ValueError, match=r"engine types \['SDD'\] are not among SSD, MSD"):
        resolve(SOURCE, engines(engine_type="SDD"), EPA)


def test_rows_without_the_recipes_keys_are_refused() -> None:
    with pytest.raises(MethodError, match="lack the key columns tier"):
        resolve(SOURCE, engines().drop(columns="tier"), EPA)


# --- coverage ---


def with_coverage(change: Any, group: str = "diesel_engine") -> Method:
    """The method with what it states of one kind of engine's exhaust changed, or left out (None)."""
    content = dict(EPA.sources[SOURCE])
    entries = [
        change(dict(entry)) if (entry["group"], entry["process"]) == (group, "exhaust") else entry
        for entry in content["coverage"]
    ]
    content["coverage"] = [entry for entry in entries if entry]
    return replace(EPA, sources={**EPA.sources, SOURCE: content})


def test_a_class_without_a_coverage_statement_stops_the_build() -> None:
    silent = with_coverage(lambda entry: None, "boiler")
    boiler = engines(engine_group="boiler", engine_type="Boiler", tier="Tier 0")
    with pytest.raises(CoverageError, match="boiler has no coverage statement at all"):
        resolve(SOURCE, boiler, silent)


def test_a_pollutant_the_method_does_not_state_stops_the_build() -> None:
    silent = with_coverage(lambda entry: {**entry, "value": [p for p in entry["value"] if p != "CO"]})
    said = "diesel_engine / exhaust / CO is computed but stated as nothing"
    with pytest.raises(CoverageError, match=said):
        resolve(SOURCE, engines(), silent)


def test_a_pollutant_stated_as_not_estimated_may_not_be_computed() -> None:
    def unsay(entry: dict[str, Any]) -> dict[str, Any]:
        return {
            **entry,
            "value": [p for p in entry["value"] if p != "CO"],
            "NE": {**entry["NE"], "CO": "why"},
        }

    with pytest.raises(CoverageError, match="CO is computed but stated as NE"):
        resolve(SOURCE, engines(), with_coverage(unsay))


def test_a_promised_pollutant_without_a_factor_stops_the_build() -> None:
    promised = with_coverage(lambda entry: {**entry, "value": [*entry["value"], "Hg"]})
    with pytest.raises(
        CoverageError, match="diesel_engine / exhaust / Hg is stated as estimated but has no factor"
    ):
        resolve(SOURCE, engines(), promised)


def test_what_a_method_states_and_a_recipe_gives_agree_for_every_engine() -> None:
    kinds = [("propulsion", kind) for kind in ("SSD", "MSD", "MSD-ED", "ST", "GT", "GT-ED", "LNG")]
    kinds += [("auxiliary", "MSD"), ("auxiliary", "HSD"), ("boiler", "Boiler")]
    for name in ("epa-2022", "shipef-0.2"):
        for group, kind in kinds:
            fuel = "LNG" if kind == "LNG" else "MGO/MDO"
            _, classes = resolve(
                SOURCE,
                engines(engine_group=group, engine_type=kind, tier="Tier 0", fuel=fuel),
                load_method(name),
            )
            check_coverage(classes)
            assert (classes.matrix >= 0).all(), (name, kind)
