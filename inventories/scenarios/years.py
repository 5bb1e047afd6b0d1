"""The years that a measure names: points of its tables, and the first of its curves."""

from __future__ import annotations

from collections.abc import Mapping

from inventories.scenarios.adoption import Adoption, Line, Logistic, Reached, Table
from inventories.scenarios.measures.kind import Measure


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


def _years(adoption: Adoption) -> list[int]:
    if isinstance(adoption, Table):
        return sorted(adoption.table)
    if isinstance(adoption, Line):
        return [adoption.first]
    if isinstance(adoption, Logistic):
        return [int(adoption.year_10_pct)]
    return [int(adoption.since[:4])] if isinstance(adoption, Reached) else []
