"""Every measure has a page, whose example reads and whose table names each of its keys."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from inventories.scenarios import Scenario
from inventories.scenarios.measures import KINDS

PAGES = Path(__file__).parents[3] / "docs" / "measures"
LEFT_TO_ALL = {"name", "allow_decrease", "accept_not_estimated", "types", "kind", "vessel_types"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_page_of_a_measure_is_true(kind: str) -> None:
    text = (PAGES / f"{kind.replace('_', '-')}.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert example is not None
    scenario = Scenario.from_dict({"name": kind, **tomllib.loads(example[1])})
    assert [measure.kind() for measure in scenario.measures] == [kind]
    keys = {field.alias or name for name, field in KINDS[kind].model_fields.items()}
    table = text[text.index("## Keys") : text.index("## Worked example")]
    assert {key for key in keys - LEFT_TO_ALL if not re.search(rf"`{key}\b", table)} == set()


def test_no_page_is_of_a_measure_that_is_not() -> None:
    assert {path.stem.replace("-", "_") for path in PAGES.glob("*.md")} == set(KINDS)
