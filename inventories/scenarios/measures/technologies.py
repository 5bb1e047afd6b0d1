"""Technologies as shares of one whole: what machines, craft and locomotives have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.estimated import problems_of
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, by_group, none_standing

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear


class TechnologyShares(ShareMeasure):
    """Shares of one whole by technology; the rest stays as the base year's mix.

    Attributes
    ----------
    types : tuple of str
        Types of machine, craft or locomotive; empty for all.
    accept_not_estimated : tuple of str
        Pollutants that may be not estimated of the technology though they are of what it replaces.
    """

    technologies: Annotated[Mapping[str, Adoption], Field(min_length=1)]
    types: tuple[str, ...] = ()
    accept_not_estimated: tuple[str, ...] = ()

    def options(self) -> list[Option]:
        """One way a technology."""
        return [Option(self, technology) for technology in self.technologies]

    def fingerprint(self) -> str:
        """The names of the technologies, not their shares, decide what a varied row looks like."""
        return super().fingerprint() + " ".join(sorted(self.technologies))

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """All work of the types."""
        if not self.types:
            return np.ones(len(rows), dtype=bool)
        return rows["source_type"].isin(self.types).to_numpy(dtype=bool)

    @abstractmethod
    def is_of(self, rows: pd.DataFrame, technology: str) -> Mask:
        """Return which rows are of a technology already."""

    def has_engine(self, rows: pd.DataFrame) -> Mask:
        """Return which rows burn a fuel: what does not is never given an engine again."""
        return ~rows["key_fuel"].isin(["electric", "hydrogen"]).to_numpy(dtype=bool)

    @abstractmethod
    def weight(self, rows: pd.DataFrame) -> Array:
        """Return what shares are counted in."""

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Rows of any technology of the measure, and what has no engine, are not replaced by another."""
        done = ~self.has_engine(rows)
        for technology in self.technologies:
            done |= self.is_of(rows, technology)
        return done

    def standing(self, base: BaseYear, option: Option) -> tuple[Array, Array]:
        """Return what the technology does in the base year, and all that shares are of."""
        rows = base.rows.get(self.SOURCES[0])
        if rows is None:
            return none_standing(base)
        mine = rows[self.affected(self.SOURCES[0], rows)]
        weight = self.weight(mine)
        whole = by_group(base, mine["group"], weight)
        # Each row counts once, for the first technology that it is of.
        earlier = np.zeros(len(mine), dtype=bool)
        for technology in self.technologies:
            own = self.is_of(mine, technology) & ~earlier
            if technology == option.label:
                return by_group(base, mine["group"], weight * own), whole
            earlier |= own
        return np.zeros(len(whole)), whole

    def taken(self, base: BaseYear, option: Option, others: Sequence[Option]) -> Array | None:
        """Return what is of a technology of this or a meeting measure, or has no engine."""
        source = self.SOURCES[0]
        mine = base.rows[source]
        mine = mine[self.affected(source, mine)]
        return by_group(base, mine["group"], self.weight(mine) * self.done(source, mine, option, others))

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share reached by the technology."""
        return {str(name): how for name, how in self.technologies.items()}[option.label].level(years, present)

    def check(self, base: BaseYear) -> list[str]:
        """The source and types exist, what the technologies need is given, and factors are known."""
        source = self.SOURCES[0]
        rows = base.rows.get(source)
        if rows is None:
            return [f"{self.title}: the port has no {source.replace('_', ' ')}"]
        known = sorted(set(rows["source_type"].unique().astype(str)))
        unknown = sorted(set(self.types) - set(known))
        if unknown:
            return [f"{self.title}: the port has no types {', '.join(unknown)}; it has {', '.join(known)}"]
        problems = self.lacking(rows[self.affected(source, rows)])
        return problems or problems_of(base, self, self.accept_not_estimated)

    def lacking(self, rows: pd.DataFrame) -> list[str]:
        """Return what the technologies need and the scenario does not say."""
        return []

    def only_diesel(self, rows: pd.DataFrame, *technologies: str) -> list[str]:
        """Refuse technologies that only diesel engines can take where other fuels would be touched."""
        asked = [name for name in technologies if name in self.technologies]
        mine = rows[~self.changed(self.SOURCES[0], rows, Option(self, ""))]
        other = mine.loc[~mine["key_fuel"].isin(["diesel", "renewable_diesel", "biodiesel"]), "source_type"]
        if not asked or not len(other):
            return []
        names = ", ".join(sorted(set(other.astype(str))))
        return [
            f"{self.title}: {', '.join(asked)} is for diesel engines, and of the types meant {names} have "
            'others; name the types that burn diesel, or fuels = ["diesel"]'
        ]
