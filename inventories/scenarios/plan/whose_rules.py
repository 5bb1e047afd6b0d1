"""Whose rules bind at a port: of the calendar's jurisdictions, those that follow from where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inventories.port.place import Place
from inventories.port.place_defaults import districts_of, jurisdictions
from inventories.scenarios.plan.regulations import calendar

WORLD = "World"
OF_AREAS = {
    "north_america": ("North America",),
    "us_caribbean": ("United States Caribbean",),
    "baltic": ("Baltic", "Baltic and North Sea"),
    "north_sea": ("North Sea", "Baltic and North Sea"),
    "mediterranean": ("Mediterranean",),
    "canadian_arctic": ("Canadian Arctic",),
    "norwegian_sea": ("Norwegian Sea",),
    "north_east_atlantic": ("North-East Atlantic",),
}
"""Control areas, as ports name them, in the words of the calendar."""

_OUTSIDE = " outside "
"""Between a jurisdiction and the part of it that a rule does not reach."""


@dataclass(frozen=True)
class Whose:
    """The jurisdictions of a port, and how they were found.

    Attributes
    ----------
    jurisdictions : tuple of str
        The widest first.
    notes : tuple of str
    """

    jurisdictions: tuple[str, ...]
    notes: tuple[str, ...]


def whose_rules(place: Mapping[str, Any] | None) -> Whose:
    """Return whose rules bind at a place.

    Parameters
    ----------
    place : mapping or None
        As a saved year keeps it in its manifest; see `inventories.port.whereabouts`.

    Raises
    ------
    ValueError
        If the year does not say where its port lies.

    Examples
    --------
    >>> whose_rules({"country": "EE", "control_areas": ["baltic"]}).jurisdictions
    ('World', 'European Union', 'Baltic', 'Baltic and North Sea')
    """
    if place is None:
        raise ValueError(
            "the saved year does not say where its port lies, so that nobody can say whose rules bind: build "
            "it again (`caap build`), or name jurisdictions in the law of the scenario, as law = { as_of = "
            '"2026-11-01", jurisdictions = ["World"] }'
        )
    here = Place(place["country"], place.get("state", ""), districts=tuple(place.get("districts", ())))
    areas = [str(name) for name in place.get("control_areas", ())]
    named = [*(jurisdictions(here) or (WORLD,)), *(word for area in areas for word in OF_AREAS.get(area, ()))]
    named += _around(named)
    return Whose(tuple(dict.fromkeys(named)), tuple(_notes(here, areas, named)))


def _around(named: list[str]) -> list[str]:
    """Jurisdictions but for a part of theirs, where the port is not in that part."""
    found = []
    for name in dict.fromkeys(rule.jurisdiction for rule in calendar() if _OUTSIDE in rule.jurisdiction):
        whole, _, part = name.partition(_OUTSIDE)
        if whole in named and part not in named:
            found.append(name)
    return found


def _notes(here: Place, areas: list[str], named: list[str]) -> list[str]:
    listed = ", ".join(dict.fromkeys(named))
    if not here.country:
        return [
            f"rules are those of {listed} alone: port.toml states no country, whose rules would come beside "
            "them"
        ]
    waters = f", control areas: {', '.join(areas)}" if areas else ""
    said = [f"rules are those of {listed}, by the place of the port ({here}{waters})"]
    unsaid = [name for name in districts_of(here) if name not in here.districts]
    if unsaid and not here.districts:
        said.append(
            f"rules of {', '.join(unsaid)} are left out: port.toml names no districts; a port that lies "
            f"there writes districts = [{', '.join(map(_quoted, unsaid))}]"
        )
    return said


def _quoted(name: str) -> str:
    return f'"{name}"'
