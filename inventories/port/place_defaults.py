"""What follows from where a port lies, as data: ``place_defaults.csv``, with a reason in each row.

No default may hold in one place only. What depends on the place (whose rates trucks take, the region of the
grid, the jurisdictions whose rules bind) stands in a table by country and state; what the table cannot say is
asked of the port.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from inventories.port.place import Place

__all__ = [
    "ASK",
    "NONE",
    "PlaceDefault",
    "PlaceOptions",
    "default_of",
    "district_problems",
    "districts_of",
    "jurisdictions",
    "place_options",
]

ASK = "ask"
"""Value of what a place leaves open: the port has to say."""

NONE = "none"
"""Value of what does not exist at a place."""

_ANYWHERE = "*"


@dataclass(frozen=True)
class PlaceDefault:
    """One row of the table: a value, `ASK` or `NONE`, and why."""

    value: str
    reason: str
    place: str


@cache
def _table() -> dict[tuple[str, str, str], PlaceDefault]:
    text = (files("inventories.port") / "place_defaults.csv").read_text(encoding="utf-8")
    return {
        (row["key"], row["country"], row["state"]): PlaceDefault(
            row["value"], row["reason"], "-".join(filter(None, (row["country"], row["state"])))
        )
        for row in csv.DictReader(text.splitlines())
    }


def default_of(place: Place, key: str) -> PlaceDefault | None:
    """Return what a place has by default: that of its state, else of its country, else of anywhere.

    Parameters
    ----------
    place : Place
    key : str
        ``control_areas``, ``truck_rates``, ``truck_voc``, ``moves_region``, ``grid_region``,
        ``jurisdictions``, ``districts`` or ``harbor_craft_fuel_rule``.

    Returns
    -------
    PlaceDefault or None
        None where nobody said in which country the port lies.

    Examples
    --------
    >>> default_of(Place("US", "WA"), "grid_region").value
    'NWPP'
    >>> default_of(Place("EE"), "truck_rates").value
    'ask'
    """
    if not place.country:
        return None
    for country, state in ((place.country, place.state), (place.country, ""), (_ANYWHERE, "")):
        if found := _table().get((key, country, state)):
            return found
    return None


def jurisdictions(place: Place) -> tuple[str, ...]:
    """Return whose rules bind at a place, in the words of the calendar of rules, the widest first.

    None where its country is not said. Rules of control areas come beside these.

    Examples
    --------
    >>> jurisdictions(Place("US", "CA", districts=("South Coast",)))
    ('World', 'United States', 'California', 'South Coast')
    """
    found = default_of(place, "jurisdictions")
    return (*found.value.split("|"), *place.districts) if found else ()


def districts_of(place: Place) -> tuple[str, ...]:
    """Return the districts of a country and state that have rules in the calendar, the widest first.

    Examples
    --------
    >>> districts_of(Place("US", "CA")), districts_of(Place("EE"))
    (('South Coast', 'San Pedro Bay'), ())
    """
    found = _table().get(("districts", place.country, place.state)) if place.country else None
    return tuple(found.value.split("|")) if found else ()


def district_problems(place: Place) -> list[str]:
    """Say which districts of a place are not known there, one sentence each.

    Examples
    --------
    >>> district_problems(Place("EE", districts=("South Coast",)))
    ['key "districts" has "South Coast", which has no rules of its own at EE. Known there: none.']
    """
    known = districts_of(place)
    where = str(place) or "a port that states no country"
    return [
        f'key "districts" has "{name}", which has no rules of its own at {where}. '
        f"Known there: {', '.join(known) or 'none'}."
        for name in place.districts
        if name not in known
    ]


@dataclass(frozen=True)
class _Question:
    """An option that follows from the place: of which source, and what states it already."""

    option: str
    source: str
    stated_by: tuple[str, ...]
    tables: str
    means: str
    opt_out: str
    stops: bool


_TRUCKS = _Question(
    option="truck_rates",
    source="heavy_duty_vehicles",
    stated_by=("truck_rates", "emfac_category", "emfac_region"),
    tables="heavy_duty_vehicles.",
    means="whose rates trucks take",
    opt_out='set truck_rates to "emfac", "moves3" or "moves4", or name rates of your own in [factor_tables]',
    stops=True,
)
_GRID = _Question(
    option="grid_region",
    source="electricity",
    stated_by=("grid_region",),
    tables="electricity.rates",
    means="the region of the grid that electricity comes from",
    opt_out='set grid_region, or grid_region = "" to show the energy alone',
    stops=False,  # without a region the mass at power stations is not estimated, and says so
)


_RULES = {"harbor_craft": "harbor_craft_fuel_rule"}
"""Options that follow a rule of the place, by source; without one the records are taken as they are."""


@dataclass(frozen=True)
class PlaceOptions:
    """Options that follow from the place, and what is to be said of them.

    What has to be asked stops a build (`asked`), or leaves something not estimated (`open`).
    """

    options: Mapping[str, str]
    notes: tuple[str, ...]
    asked: tuple[str, ...]
    open: tuple[str, ...]


def place_options(
    place: Place,
    stated: Collection[str],
    own_tables: Collection[str],
    sources: Collection[str],
    kind: str = "average",
) -> PlaceOptions:
    """Return the options that follow from a place for the sources that have work.

    Parameters
    ----------
    place : Place
    stated : collection of str
        Options that the port or the call sets; they win.
    own_tables : collection of str
        Names under ``[factor_tables]``.
    sources : collection of str
        Source categories that the method covers and the year has records of.
    kind : str
        Kind of grid rate; the regions of the table are eGRID's, and so of average rates alone.

    Examples
    --------
    >>> place_options(Place("US", "TX"), (), (), ("heavy_duty_vehicles",)).options
    {'truck_rates': 'moves4', 'moves_region': 'South'}
    """
    options: dict[str, str] = {}
    notes: list[str] = []
    asked: list[tuple[_Question, str]] = []
    for question in (_TRUCKS, _GRID):
        if question.source not in sources or any(name in stated for name in question.stated_by):
            continue
        if any(name.startswith(question.tables) for name in own_tables):
            continue
        found = default_of(place, question.option)
        if found is None:
            why = f"set country (and state in the United States), or {question.opt_out}"
            asked.append((question, f"{question.means}: {why}"))
        elif question is _GRID and kind != "average":
            why = f"grid_kind = {kind!r} has regions of its own; {question.opt_out}"
            asked.append((question, f"{question.means}: {why}"))
        elif found.value == ASK:
            why = f"{found.reason}; {question.opt_out}"
            asked.append((question, f"{question.means}, at {place}: {why}"))
        elif found.value == NONE:
            notes.append(f"{question.option} is not set: {found.reason}")
        else:
            options[question.option] = found.value
            notes.append(f"{question.option} = {found.value}, from {found.place}: {found.reason}")
    if options.get("truck_rates", "").startswith("moves") and "moves_region" not in stated:
        region = default_of(place, "moves_region")
        if region is not None:
            options["moves_region"] = region.value
            notes.append(f"moves_region = {region.value}, from {region.place}: {region.reason}")
    for source, option in _RULES.items():
        found = default_of(place, option) if source in sources and option not in stated else None
        if found is not None and found.value != NONE:
            options[option] = found.value
            notes.append(f"{option} = {found.value}, from {found.place}: {found.reason}")
    asks_voc = _TRUCKS.source in sources and "truck_voc" not in stated and "moves_region" not in options
    if asks_voc and (voc := default_of(place, "truck_voc")):
        options["truck_voc"] = voc.value
        notes.append(f"truck_voc = {voc.value}, from {voc.place}: {voc.reason}")
    stopping = tuple(said for question, said in asked if question.stops)
    return PlaceOptions(
        options, tuple(notes), stopping, tuple(said for question, said in asked if not question.stops)
    )
