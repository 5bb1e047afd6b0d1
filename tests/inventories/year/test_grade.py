"""The grade of a total: shares, the largest weakness, superseded models, and one line of them."""

from pathlib import Path

import pandas as pd
import pytest

from factors.method import load_method
from factors.terms import CurveSpec, FactorClasses
from inventories import Inventory
from inventories.year.grade import Grade, SupersededShare, Weakness, assumed_masses, in_words


def classes() -> FactorClasses:
    """Two classes: 2 kg NOx per kWh, and 1 kg NOx and 3 kg CO2 by EMFAC2017."""
    rows = pd.DataFrame(
        {
            "edition": ["epa-ogv-2022", "emfac2017", "emfac2017"],
            "table_name": ["nox", "running", "running"],
            "keys": ["", "", ""],
            "value": [2.0, 1.0, 3.0],
            "confidence": ["read", "derived", "read"],
        }
    )
    shared = {"process": "exhaust", "curve": "one", "number": 1.0, "conversion": 1.0, "extrapolated": False}
    none = {"row_2": -1, "row_3": -1, "row_4": -1, "note": ""}
    terms = pd.DataFrame(
        [
            {"class_id": 0, "pollutant": "NOx", "row_1": 0, **shared, **none},
            {"class_id": 1, "pollutant": "NOx", "row_1": 1, **shared, **none},
            {"class_id": 1, "pollutant": "CO2", "row_1": 2, **shared, **none},
        ]
    )
    coverage = pd.DataFrame(
        [
            ("x", "ship", "exhaust", "NOx", "value", ""),
            ("x", "truck", "exhaust", "NOx", "value", ""),
            ("x", "truck", "exhaust", "CO2", "value", ""),
        ],
        columns=["source_category", "coverage_group", "process", "pollutant", "state", "rule"],
    )
    both = pd.DataFrame(
        {"source_category": "x", "coverage_group": ["ship", "truck"], "quantity_kind": "energy"}
    )
    return FactorClasses(both, terms, rows, coverage, {"one": CurveSpec("one", "one")})


@pytest.fixture
def tiny() -> Inventory:
    """30 and 10 kWh of the first class (60 and 20 kg NOx), 20 kWh of the second (20 kg): 100 kg."""
    cells = pd.DataFrame(
        {
            "class_id": [0, 0, 1],
            "quantity": [30.0, 10.0, 20.0],
            "in_domain": True,
            "provenance": ["default", "given", "registry"],
        }
    )
    manifest = {
        "gwp_set": "AR5",
        "pollutants": ["NOx"],
        "assumed_kg": {
            "ocean_going_vessels": {"default auxiliary loads": {"NOx": 60.0}, "default times": {"NOx": 15.0}},
            "harbor_craft": {"default load factors": {"NOx": 5.0}},
        },
    }
    return Inventory(pd.DataFrame(), cells, classes(), manifest, load_method("epa-2022"), pd.DataFrame())


def test_a_grade_tells_where_activity_and_factors_come_from(tiny: Inventory) -> None:
    grade = tiny.grade("NOx")
    assert grade.activity == pytest.approx({"default": 0.6, "given": 0.2, "registry": 0.2})
    assert grade.factors == pytest.approx(
        {"read": 0.8, "derived": 0.2, "unverified": 0.0, "extrapolated": 0.0}
    )


def test_the_largest_weakness_is_the_attribute_that_most_of_the_mass_rests_on(tiny: Inventory) -> None:
    assert tiny.grade("NOx").weakness == Weakness("ocean_going_vessels", "default auxiliary loads", 0.6)


def test_a_superseded_model_counts_for_the_mass_that_it_makes(tiny: Inventory) -> None:
    (model,) = tiny.grade("NOx").superseded
    assert (model.model, model.share, model.bias) == ("EMFAC2017", pytest.approx(0.2), "not known")


def test_a_line_that_a_reader_understands(tiny: Inventory) -> None:
    assert str(tiny.grade("NOx")) == (
        "NOx: 60 % rests on default auxiliary loads of ocean going vessels. "
        "20 % comes from EMFAC2017, superseded by EMFAC2021 and EMFAC2025, whose bias is not known."
    )


def test_a_pollutant_of_stated_work_alone_says_so(tiny: Inventory) -> None:
    assert str(tiny.grade("CO2")).startswith(
        "CO2: no part rests on assumed activity. All comes from EMFAC2017"
    )


def test_a_year_saved_before_grades_were_kept_says_that_it_does_not_know(tiny: Inventory) -> None:
    old = {name: value for name, value in tiny.manifest.items() if name != "assumed_kg"}
    inventory = Inventory(tiny.work, tiny.cells, tiny.classes, old, tiny.method, tiny.rejected)
    assert "was not kept with this year" in str(inventory.grade("NOx"))


def test_a_known_bias_names_its_reason_and_document() -> None:
    model = SupersededShare("MOVES3", "MOVES5", 0.66, "understates", "measured twice it", "A paper")
    line = str(Grade("NOx", {}, {}, None, (model,)))
    assert line.endswith(
        "Two thirds (66 %) comes from MOVES3, superseded by MOVES5, which is known to understate it: "
        "measured twice it (A paper)."
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.996, "all"), (0.74, "three quarters (74 %)"), (2 / 3, "two thirds (67 %)"), (0.5, "half (50 %)"),
     (0.58, "58 %"), (0.05, "5 %")],
)  # fmt: skip
def test_shares_are_said_as_people_say_them(share: float, said: str) -> None:
    assert in_words(share) == said


def test_a_row_of_two_assumptions_counts_for_each_and_rows_outside_for_none() -> None:
    rows = pd.DataFrame(
        {
            "engine_group": ["auxiliary", "auxiliary", "propulsion", "auxiliary"],
            "loads_from": ["default", "default", "given", "default"],
            "tier_from": ["default", "given", "default", "default"],
            "in_domain": [True, True, True, False],
            "port_share": [1.0, 0.5, 1.0, 1.0],
            "quantity": [10.0, 20.0, 5.0, 1000.0],
        }
    )
    found = assumed_masses("ocean_going_vessels", rows, pd.Series([0, 0, 0, 0]).to_numpy(), classes())
    # 2 kg a kWh: loads 10 + half of 20, tiers 10 + 5.
    assert found == {"default auxiliary loads": {"NOx": 40.0}, "default engine tier": {"NOx": 30.0}}


def test_all_of_the_craft_of_small_harbor_rests_on_default_load_factors(small: Inventory) -> None:
    """No craft of that port states a load factor, so the whole mass of the source rests on it."""
    craft = small.total("NOx", unit="kg", source="harbor_craft").magnitude
    assert small.manifest["assumed_kg"]["harbor_craft"]["default load factors"]["NOx"] == pytest.approx(craft)
    share = craft / small.total("NOx", unit="kg").magnitude
    weak = max(
        kg["NOx"] for source in small.manifest["assumed_kg"].values() for kg in source.values() if "NOx" in kg
    )
    assert weak == pytest.approx(craft)
    assert small.grade("NOx").weakness == Weakness(
        "harbor_craft", "default load factors", pytest.approx(share)
    )


def test_a_saved_year_has_the_grade_that_it_was_built_with(small: Inventory, tmp_path: Path) -> None:
    opened = Inventory.open(small.save(tmp_path / "year"))
    for pollutant in ("NOx", "DPM", "CO2e"):
        assert opened.grade(pollutant) == small.grade(pollutant)
