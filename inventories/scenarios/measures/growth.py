"""Growth: how much more, or less, work there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from inventories.scenarios.base_year.base import DRAWN_BY_SHIPS, GRID, SHIPS
from inventories.scenarios.measures.kind import Array, Measure

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

ALL = (
    "ocean_going_vessels",
    "heavy_duty_vehicles",
    "cargo_handling_equipment",
    "harbor_craft",
    "locomotives",
    "electricity",
    "other_sources",
)

SLACK = 1e-9


class Growth(Measure):
    """Work of some sources as an index of the base year, by a rate or a table of years.

    Attributes
    ----------
    sources, source_types : tuple of str
        What grows; empty for all.
    rate : float, optional
        Growth a year, compound; 0.02 is two per cent.
    index : mapping of year to float, optional
        Index of work, the base year 1; straight lines between years, held after the last.
    elasticity : float
        Work grows by index to this power: equipment hours may follow lifts less than fully.
    """

    LEVEL: ClassVar[int] = 1
    SOURCES: ClassVar[tuple[str, ...]] = ALL

    sources: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    rate: Annotated[float | None, Field(gt=-1.0, lt=1.0)] = None
    index: Mapping[int, Annotated[float, Field(ge=0.0, le=20.0)]] = Field(default_factory=dict)
    elasticity: Annotated[float, Field(ge=0.0, le=2.0)] = 1.0

    def check(self, base: BaseYear) -> list[str]:
        """A growth says how fast in exactly one way, and of what there is."""
        problems = []
        if (self.rate is None) == (not self.index):
            problems.append(f"{self.title}: give either rate or index")
        if self.index and min(self.index) <= base.year:
            at = sorted(self.index)
            then = float(np.interp(base.year, at, [self.index[year] for year in at]))
            if abs(then - 1.0) > SLACK:
                problems.append(
                    f"{self.title}, index: it is {then:.4g} in the base year {base.year}, which is 1 by "
                    f"definition; divide every value by {then:.4g}, or leave out the years up to {base.year}"
                )
        for name, known in (
            ("sources", base.groups["source_category"]),
            ("source_types", base.groups["source_type"]),
        ):
            unknown = sorted(set(getattr(self, name)) - set(known))
            if unknown:
                problems.append(
                    f"{self.title}: {name} {', '.join(unknown)}; the port has {', '.join(sorted(set(known)))}"
                )
        if not problems and not self._grows(base).any():
            problems.append(
                f"{self.title}: nothing is of sources {', '.join(self.sources)} and of source_types "
                f"{', '.join(self.source_types)} at once, so that nothing would grow; leave one out"
            )
        return problems

    def _follows(self, groups: pd.DataFrame) -> pd.Series:
        """Source whose work each group follows: what connected ships draw follows their calls."""
        source, kind = groups["source_category"], groups["source_type"]
        # Of electricity without a call the type is what it is drawn for.
        ships = {*kind[source == SHIPS], *DRAWN_BY_SHIPS}
        return source.mask((source == GRID) & kind.isin(ships), SHIPS)

    def _grows(self, base: BaseYear) -> NDArray[np.bool_]:
        """Which groups are of the sources and types named, shape (n_groups,)."""
        groups = base.groups
        grows = np.ones(len(groups), dtype=bool)
        if self.sources:
            grows &= self._follows(groups).isin(self.sources).to_numpy()
        if self.source_types:
            grows &= groups["source_type"].isin(self.source_types).to_numpy()
        return grows

    def factor(self, base: BaseYear, years: NDArray[np.int64]) -> Array:
        """Return what the work of each group is multiplied by, shape (n_years, n_groups)."""
        if self.rate is not None:
            index = (1 + self.rate) ** (years - base.year).astype(float)
        else:
            known = {base.year: 1.0, **self.index}
            at = sorted(known)
            index = np.interp(years, at, [known[year] for year in at])
        return np.where(self._grows(base), (index**self.elasticity)[:, None], 1.0)
