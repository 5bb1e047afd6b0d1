"""Zero-emission trucks: drayage by battery, fuel cell or natural gas instead of diesel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from inventories.scenarios.adoption import Adoption
from inventories.scenarios.measures.estimated import problems_of
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure

if TYPE_CHECKING:
    from inventories.scenarios.base import BaseYear

TRUCKS = "heavy_duty_vehicles"
Technology = Literal["battery", "fuel_cell", "natural_gas"]
_FUEL = {"battery": "electric", "fuel_cell": "hydrogen", "natural_gas": "natural_gas"}


class ZeroEmissionTrucks(ShareMeasure):
    """Shares of truck miles by technology; the rest stays as the base year's mix.

    A battery or fuel-cell truck has no tailpipe and still has brakes and tyres; idling on its engine
    disappears.

    Attributes
    ----------
    technologies : mapping of technology to Adoption
        Share of miles each reaches; they are shares of one whole.
    share_of : {"miles"}
    displaces : {"proportional", "oldest"}
        Which diesel trucks leave: all model years alike, or the oldest first.
    accept_not_estimated : tuple of str
        Pollutants that may be not estimated of the technology though they are of diesel trucks.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = (TRUCKS,)

    technologies: Annotated[Mapping[Technology, Adoption], Field(min_length=1)]
    share_of: Literal["miles"]
    displaces: Literal["proportional", "oldest"] = "proportional"
    accept_not_estimated: tuple[str, ...] = ()

    def check(self, base: BaseYear) -> list[str]:
        """The new classes need factors: miles moved to what is not estimated look like a reduction."""
        if TRUCKS not in base.rows:
            return [f"{self.title}: the port has no trucks"]
        if "natural_gas" in self.technologies and base.method.option("natural_gas") == "not_estimated":
            return [
                f"{self.title}: the method does not estimate the exhaust of natural gas trucks "
                "(natural_gas = not_estimated), so moving miles to them would look like a reduction. "
                "Bring a table of rates."
            ]
        return problems_of(base, self, self.accept_not_estimated)

    def options(self) -> list[Option]:
        """One way a technology."""
        return [Option(self, technology) for technology in self.technologies]

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """All work of drayage trucks: miles and idling."""
        return np.ones(len(rows), dtype=bool)

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Trucks of any technology of this measure are not displaced by another."""
        done = np.zeros(len(rows), dtype=bool)
        for technology in self.technologies:
            done |= _is(rows, technology)
        return done

    def present(self, base: BaseYear, option: Option) -> float:
        """Return the share of miles already driven by the technology."""
        rows = base.rows[TRUCKS]
        miles = rows[(rows["process_set"] == "running").to_numpy()]
        total = miles["quantity"].sum()
        return float(miles.loc[_is(miles, option.label), "quantity"].sum() / total) if total > 0 else 0.0

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Give the miles to the technology; idling on an engine goes with the engine."""
        taken = rows if option.label == "natural_gas" else rows[(rows["process_set"] == "running").to_numpy()]
        return taken.assign(key_fuel=_FUEL[option.label])

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share of miles by the technology."""
        named = {str(technology): adoption for technology, adoption in self.technologies.items()}
        return named[option.label].level(years, present)

    def spread(self, base: BaseYear, option: Option, fraction: Array) -> Array:
        """All model years alike, or the oldest first."""
        if self.displaces == "proportional":
            return super().spread(base, option, fraction)
        # All technologies together take the oldest; each takes its part of every model year.
        years = base.year + np.arange(len(fraction))
        named = [(other, self.present(base, other)) for other in self.options()]
        left = max(1.0 - sum(now for _, now in named), 0.0)
        together = np.zeros(len(fraction))
        for other, now in named:
            together[1:] += np.maximum(self.level(other, years, now) - now, 0.0)[1:] / (left or 1.0)
        part = np.divide(fraction, together, out=np.zeros(len(fraction)), where=together > 0)
        return self._oldest(base, option, together) * part[:, None]

    def _oldest(self, base: BaseYear, option: Option, fraction: Array) -> Array:
        """Fraction of each group that goes when a fraction of all miles leaves the oldest trucks."""
        rows = base.rows[TRUCKS]
        free = ~self.changed(TRUCKS, rows, option) & (rows["process_set"] == "running").to_numpy()
        miles = base.quantity(TRUCKS, free)
        vintage = base.groups["vintage"].to_numpy()
        older = np.array([miles[vintage < year].sum() for year in np.unique(vintage)])
        own = np.array([miles[vintage == year].sum() for year in np.unique(vintage)])
        place = np.searchsorted(np.unique(vintage), vintage)
        displaced = fraction[:, None] * miles.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (displaced - older[place][None, :]) / own[place][None, :]
        return np.clip(np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)


def _is(rows: pd.DataFrame, technology: str) -> Mask:
    return (rows["key_fuel"].astype(str) == _FUEL[technology]).to_numpy(dtype=bool)
