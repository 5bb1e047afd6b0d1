"""Every public function that follows a formula says whose formula it is."""

from __future__ import annotations

import inspect

import pytest

import emissions
from emissions import meters, vessels
from factors import fuel_volume, warming, well_to_tank
from factors.recipes import fuel_supply, harbor_craft, locomotives
from factors.recipes.electricity import recipe as electricity_recipe
from factors.recipes.equipment import recipe as equipment_recipe
from factors.recipes.ships import recipe as ships_recipe
from factors.recipes.trucks import recipe as trucks_recipe

ROOM = [getattr(emissions, name) for name in dir(emissions) if not name.startswith("_")]
CALLED = [one for one in ROOM if callable(one)]
RECIPES = [
    *(ships_recipe, equipment_recipe, trucks_recipe, electricity_recipe),
    *(harbor_craft, locomotives, fuel_supply),
]
OTHERS = [
    *(meters.net_rows, vessels.shore_power_rows, fuel_volume.density),
    *(warming.warming_potentials, well_to_tank.of_ships, well_to_tank.of_land),
    *(recipe.resolve for recipe in RECIPES),
]


def _section(docstring: str, heading: str) -> str:
    """Text of a NumPy section, up to the next one."""
    lines = docstring.split("\n")
    if heading not in lines:
        return ""
    start = lines.index(heading) + 2
    ends = [at for at in range(start, len(lines)) if lines[at].startswith("---")]
    return "\n".join(lines[start : ends[0] - 1 if ends else None]).strip()


def test_the_room_shows_its_formulas() -> None:
    assert len(CALLED) > 15


@pytest.mark.parametrize("function", [*CALLED, *OTHERS], ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_a_formula_names_its_document_or_says_that_it_is_ours(function: object) -> None:
    told = inspect.getdoc(function) or ""
    assert _section(told, "References") or _section(told, "Notes")
    cited = _section(told, "References")
    if cited:
        assert "http" in cited or "doi.org" in cited or "`emissions." in cited, cited
