"""Hydrogen supply: how hydrogen is made, on which what it emits upstream depends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from inventories.scenarios.measures.kind import Measure

DEFAULT_PATHWAY = "fossil_gas"


class HydrogenSupply(Measure):
    """How the hydrogen of trucks, machines and ships is made, in all years.

    Attributes
    ----------
    pathway : str
        A key of `inventories.scenarios.base_year.well_to_tank.HYDROGEN_PATHWAYS`.
    """

    LEVEL: ClassVar[int] = 5
    SOURCES: ClassVar[tuple[str, ...]] = ()
    IS_SETTING: ClassVar[bool] = True

    pathway: Literal["fossil_gas", "landfill_gas", "grid_electrolysis", "renewable_electrolysis"]


def pathway_of(measures: Iterable[Measure]) -> str:
    """Return how a scenario makes its hydrogen; from fossil gas where it does not say.

    Examples
    --------
    >>> pathway_of([HydrogenSupply(pathway="grid_electrolysis")]), pathway_of([])
    ('grid_electrolysis', 'fossil_gas')
    """
    return next((m.pathway for m in measures if isinstance(m, HydrogenSupply)), DEFAULT_PATHWAY)
