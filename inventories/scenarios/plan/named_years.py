"""The years that a measure names: points of its tables, and the first of its curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from inventories.scenarios.measures.adoption import Adoption, Line, Logistic, Reached, Table
from inventories.scenarios.measures.kind import Measure

Kept = TypeVar("Kept", bound=Measure)


def years_named(measure: Measure) -> list[tuple[str, list[int]]]:
    """Return the years that a projection must reach for a measure to be what it says, by key.

    Every point of a table; of a line, a curve and a date the first, for the rest may lie beyond.

    Examples
    --------
    >>> from inventories.scenarios.measures import KINDS
    >>> growth = KINDS["growth"].model_validate({"index": {2030: 1.2, 2060: 1.5}})
    >>> years_named(growth)
    [('index', [2030, 2060])]
    """
    found = []
    adoption = getattr(measure, "adoption", None)
    if adoption is not None:
        found.append(("adoption", _years(adoption)))
    technologies = getattr(measure, "technologies", None)
    if isinstance(technologies, Mapping):
        found += [(f"technologies.{name}", _years(how)) for name, how in technologies.items()]
    index = getattr(measure, "index", None)
    if isinstance(index, Mapping) and index:
        found.append(("index", sorted(int(year) for year in index)))
    return found


def last_years(measure: Measure) -> list[tuple[str, int]]:
    """Return the year from which a table or a line stays where it is, by key.

    Examples
    --------
    >>> from inventories.scenarios.measures import KINDS
    >>> plugs = {"share_of": "stops", "adoption": {"table": {2024: 0.7, 2030: 0.9}}}
    >>> last_years(KINDS["shore_power"].model_validate(plugs))
    [('adoption', 2030)]
    """
    shares = {"adoption": getattr(measure, "adoption", None)}
    technologies = getattr(measure, "technologies", None)
    if isinstance(technologies, Mapping):
        shares |= {f"technologies.{name}": how for name, how in technologies.items()}
    ends = {
        key: max(how.table) if isinstance(how, Table) else how.last
        for key, how in shares.items()
        if isinstance(how, (Table, Line))
    }
    return list(ends.items())


def begun(measure: Kept, base_year: int) -> Kept:
    """Return a measure whose lines from before the base year go on from the level found in the base year.

    Nobody says what the level was when such a line began; that of the base year is in its records.

    Examples
    --------
    >>> from inventories.scenarios.measures import KINDS
    >>> plugs = {"share_of": "stops", "adoption": {"from": 2014, "to": 2034, "reaches": 1.0}}
    >>> begun(KINDS["shore_power"].model_validate(plugs), 2024).adoption.first
    2024
    """
    changed: dict[str, object] = {}
    adoption = getattr(measure, "adoption", None)
    if adoption is not None and (later := _begun(adoption, base_year)) is not adoption:
        changed["adoption"] = later
    technologies = getattr(measure, "technologies", None)
    if isinstance(technologies, Mapping):
        then = {name: _begun(how, base_year) for name, how in technologies.items()}
        if any(then[name] is not how for name, how in technologies.items()):
            changed["technologies"] = then
    return measure.model_copy(update=changed) if changed else measure


def _begun(adoption: Adoption, base_year: int) -> Adoption:
    if isinstance(adoption, Line) and adoption.first < base_year < adoption.last:
        return adoption.model_copy(update={"first": base_year})
    return adoption


def _years(adoption: Adoption) -> list[int]:
    if isinstance(adoption, Table):
        return sorted(adoption.table)
    if isinstance(adoption, Line):
        return [adoption.first]
    if isinstance(adoption, Logistic):
        return [int(adoption.year_10_pct)]
    return [int(adoption.since[:4])] if isinstance(adoption, Reached) else []
