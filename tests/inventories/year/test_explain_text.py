"""The printed answer to "where does this number come from?", read as a port's staff would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factors.terms import CurveSpec, FactorClasses, concat
from inventories import Inventory, Port
from inventories.examples import copy_example

SOURCES = {
    "ocean_going_vessels": True,
    "harbor_craft": True,
    "cargo_handling_equipment": True,
    "locomotives": True,
    "electricity": False,
}


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder: Path = copy_example("small-harbor", tmp_path_factory.mktemp("explained") / "harbor")
    return Inventory.build(Port.load(folder), 2024, grid_region="CAMX")


@pytest.mark.parametrize(("source", "in_domain"), SOURCES.items())
@pytest.mark.parametrize("pollutant", ["NOx", "CO2e"])
def test_every_factor_of_an_answer_has_document_table_and_address(
    harbor: Inventory, source: str, in_domain: bool, pollutant: str
) -> None:
    answer = harbor.explain(pollutant, source_category=source, in_domain=in_domain)
    text = str(answer)
    terms, _, rows = text.partition("Factor rows, as printed:")
    used = set(re.findall(r"\[([\w.-]+/[\w.-]+:\d+)\]", terms))
    assert used
    for row in answer.factor_rows.to_dict("records"):
        assert row["source_document"]
        assert row["table"]
        assert row["source_address"]
        assert f"[{row['row_id']}] {row['quantity']} = " in rows
        assert f"{row['source_document']}, {row['table']} ({row['confidence']})" in rows
    assert used == set(answer.factor_rows["row_id"])


@pytest.mark.parametrize(("source", "in_domain"), SOURCES.items())
def test_no_answer_has_powers_of_ten_open_ends_or_years_with_a_point(
    harbor: Inventory, source: str, in_domain: bool
) -> None:
    text = str(harbor.explain("NOx", source_category=source, in_domain=in_domain))
    assert not re.search(r"\de[+]\d", text)
    assert not re.search(r"\binf\b|\bnan\b|None|array\(|Timestamp|=0,", text)
    assert not re.search(r"\b(19|20)\d\d\.0\b", text)


def test_an_answer_names_the_table_of_each_curve_it_follows(harbor: Inventory) -> None:
    answer = harbor.explain("NOx", source_category="cargo_handling_equipment")
    followed = set(re.findall(r"following (\w+)", str(answer)))
    assert followed == set(answer.curves)
    for name, spec in answer.curves.items():
        assert "moves5-nonroad/deterioration" in spec.source
        assert f"  {name}: " in str(answer)


def test_one_name_of_two_different_curves_is_refused(harbor: Inventory) -> None:
    classes = harbor.classes
    other = FactorClasses(
        classes.classes,
        classes.terms,
        classes.factor_rows,
        classes.coverage,
        {"life": CurveSpec("life", "one")},
    )
    with pytest.raises(ValueError, match="different curves by 'life'"):
        concat([classes, other])
