"""Electricity supply: the port's own and contracted power, where power stations stand, and peak power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from factors.method import MethodError
from factors.tables import FactorMissing
from inventories.scenarios.measures.kind import Array, Measure

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

USES = ("ships and meters", "trucks", "equipment", "harbor craft")

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Amount = Annotated[float, Field(ge=0.0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Supply(_Part):
    """Power that is not the grid's own mix: made by the port itself, or bought under a contract.

    Attributes
    ----------
    name : str
    what : str
        ``own`` power feeds the port's meters, so that the grid supplies less; a ``contract`` changes whose
        power is bought, not which plants run: it counts in the market-based sum alone.
    share : mapping of year to float
        Of all kilowatt-hours drawn; 0 before the first year, straight lines, held after the last.
    kg_per_mwh : mapping of pollutant to float
        What it emits, at the meter. [kg/MWh] A pollutant left out is not estimated.
    source : str
        The document that says so.
    """

    name: str
    what: Literal["own", "contract"]
    share: Annotated[Mapping[int, Share], Field(min_length=1)]
    kg_per_mwh: Mapping[str, Amount]
    source: Annotated[str, Field(min_length=1)]

    def level(self, years: NDArray[np.int64]) -> Array:
        """Return the share supplied in each year.

        Examples
        --------
        >>> roofs = Supply(name="roofs", what="own", share={2026: 0.1, 2030: 0.3}, kg_per_mwh={"CO2": 0.0},
        ...     source="meter of the roofs")
        >>> roofs.level(np.array([2025, 2026, 2028, 2040])).round(3)
        array([0. , 0.1, 0.2, 0.3])
        """
        known = sorted(self.share)
        line = np.interp(years, known, [self.share[year] for year in known])
        return np.where(years < known[0], 0.0, line)


class AtOnce(_Part):
    """How many berths or chargers of one use are busy at once, and what each takes.

    Attributes
    ----------
    use : str
        One of `USES`.
    count : mapping of year to float
        Straight lines between years, held at either end.
    kw_each : float
        [kW]
    source : str
        Who says so.
    """

    use: Literal["ships and meters", "trucks", "equipment", "harbor craft"]
    count: Annotated[Mapping[int, Amount], Field(min_length=1)]
    kw_each: Annotated[float, Field(gt=0.0)]
    source: Annotated[str, Field(min_length=1)]

    def peak_mw(self, years: NDArray[np.int64]) -> Array:
        """Return the power of all that are busy at once. [MW]

        Examples
        --------
        >>> berths = AtOnce(use="ships and meters", count={2025: 4, 2030: 10}, kw_each=2000, source="T1")
        >>> berths.peak_mw(np.array([2025, 2030])).tolist()
        [8.0, 20.0]
        """
        known = sorted(self.count)
        return np.asarray(np.interp(years, known, [self.count[year] for year in known]) * self.kw_each / 1000)


class ElectricitySupply(Measure):
    """What the electricity of a scenario comes from; changes what is printed beside the trend, not the trend.

    Attributes
    ----------
    supplies : tuple of Supply
    in_basin_share : float, optional
        Share of the grid's emissions that leave stacks in the port's air basin. [1]
    in_basin_source : str
        The document that says so.
    marginal_region : str
        Region of marginal rates by which the change of demand since the base year is printed apart.
    marginal_year : int
        Year of these rates, held in all years.
    at_once : tuple of AtOnce
        Where given, peak power is theirs and not an average over a load factor.
    """

    LEVEL: ClassVar[int] = 5
    SOURCES: ClassVar[tuple[str, ...]] = ()
    IS_SETTING: ClassVar[bool] = True

    supplies: tuple[Supply, ...] = ()
    in_basin_share: Share | None = None
    in_basin_source: str = ""
    marginal_region: str = ""
    marginal_year: int = 2024
    at_once: tuple[AtOnce, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> ElectricitySupply:
        years = np.array(sorted({year for supply in self.supplies for year in supply.share}), dtype=np.int64)
        if len(years):
            total = np.sum([supply.level(years) for supply in self.supplies], axis=0)
            if (total > 1 + 1e-9).any():
                at = int(np.argmax(total))
                raise ValueError(
                    f"supplies reach {total[at]:.0%} of all electricity in {years[at]}; at most 100 %. "
                    "Lower one of the shares"
                )
        if self.in_basin_share is not None and not self.in_basin_source:
            raise ValueError("in_basin_share needs in_basin_source, the document that says so")
        return self

    def check(self, base: BaseYear) -> list[str]:
        """Marginal rates must be there; own and contracted power need a grid to differ from."""
        from inventories.scenarios.base_year.grid_rates import marginal_rates

        problems = []
        if self.marginal_region:
            try:
                marginal_rates(base, self.marginal_region, self.marginal_year)
            except (FactorMissing, MethodError) as error:
                problems.append(f"{self.title}, marginal_region: {error}")
        if (self.supplies or self.in_basin_share is not None) and not base.method.option("grid_region"):
            problems.append(
                f"{self.title}: the port names no grid_region, so that no grid emissions are known; set it "
                "in [method.options] of port.toml"
            )
        return problems
