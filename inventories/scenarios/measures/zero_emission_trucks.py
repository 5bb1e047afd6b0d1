"""Zero-emission trucks: drayage by battery, fuel cell, natural gas or newer diesel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.estimated import problems_of
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, by_group

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

TRUCKS = "heavy_duty_vehicles"
Technology = Literal["battery", "fuel_cell", "natural_gas", "diesel"]
_FUEL = {"battery": "electric", "fuel_cell": "hydrogen", "natural_gas": "natural_gas", "diesel": "diesel"}
_HAS_ENGINE = ("natural_gas", "diesel")
_NO_TAILPIPE = ("electric", "hydrogen")


class ZeroEmissionTrucks(ShareMeasure):
    """Shares of truck trips by technology; the rest stays as the base year's mix.

    A battery or fuel-cell truck has no tailpipe and still has brakes and tyres; idling on its engine
    disappears. A diesel truck of a model year, or a newer one, is a technology too: which older ones it
    takes the place of, `displaces` says.

    Attributes
    ----------
    technologies : mapping of technology to Adoption
        Share each reaches; they are shares of one whole.
    share_of : {"trips", "miles"}
        Trips of a group of trucks are alike, so that both are counted by miles.
    model_year : int, optional
        Of the diesel trucks, at least; needed with ``diesel``. Turnover may bring newer ones still.
    natural_gas_model_year : int, optional
        Of the natural gas trucks, where the rates go by model year; that of what they displace if left out.
    displaces : {"proportional", "oldest"}
        Which trucks leave: all model years alike, or the oldest first.
    accept_not_estimated : tuple of str
        Pollutants that may be not estimated of the technology though they are of diesel trucks.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = (TRUCKS,)

    technologies: Annotated[Mapping[Technology, Adoption], Field(min_length=1)]
    share_of: Literal["trips", "miles"]
    model_year: Annotated[int | None, Field(ge=1990, le=2100)] = None
    natural_gas_model_year: Annotated[int | None, Field(ge=1990, le=2100)] = None
    displaces: Literal["proportional", "oldest"] = "proportional"
    accept_not_estimated: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _years_are_told(self) -> ZeroEmissionTrucks:
        if ("diesel" in self.technologies) != (self.model_year is not None):
            raise ValueError("diesel, and it alone, needs model_year: the oldest of the newer trucks")
        if self.natural_gas_model_year is not None and "natural_gas" not in self.technologies:
            raise ValueError("natural_gas_model_year is for the technology natural_gas")
        return self

    def check(self, base: BaseYear) -> list[str]:
        """The new classes need factors: miles moved to what is not estimated look like a reduction."""
        if TRUCKS not in base.rows:
            return [f"{self.title}: the port has no trucks"]
        for key in ("model_year", "natural_gas_model_year"):
            year = getattr(self, key)
            if year is not None and year > base.year:
                return [
                    f"{self.title}: {key} = {year} is after the base year {base.year}, and nobody knows the "
                    "rates of trucks that are not built: turnover brings newer ones year by year. Write "
                    f"{key} = {base.year} or earlier"
                ]
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
        """Trucks of a technology of this measure are not displaced, nor those without an engine by one."""
        done = np.zeros(len(rows), dtype=bool)
        for technology in self.technologies:
            done |= self._is(rows, technology)
        if option.label in _HAS_ENGINE:
            done |= rows["key_fuel"].isin(_NO_TAILPIPE).to_numpy(dtype=bool)
        return done

    def taken(self, base: BaseYear, option: Option, others: Sequence[Option]) -> Array:
        """Return the miles that the option cannot change."""
        rows = base.rows[TRUCKS]
        miles = rows[(rows["process_set"] == "running").to_numpy()]
        return by_group(base, miles["group"], miles["quantity"] * self.done(TRUCKS, miles, option, others))

    def standing(self, base: BaseYear, option: Option) -> tuple[Array, Array]:
        """Return the miles already driven by the technology, and all miles."""
        rows = base.rows[TRUCKS]
        miles = rows[(rows["process_set"] == "running").to_numpy()]
        own = miles["quantity"] * self._is(miles, option.label)
        return by_group(base, miles["group"], own), by_group(base, miles["group"], miles["quantity"])

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Give the miles to the technology; idling on an engine goes with the engine."""
        taken = rows if option.label in _HAS_ENGINE else rows[(rows["process_set"] == "running").to_numpy()]
        taken = taken.assign(key_fuel=_FUEL[option.label])
        year = {"diesel": self.model_year, "natural_gas": self.natural_gas_model_year}.get(option.label)
        if year is None:
            return taken
        # What it takes the place of: once turnover passes the model year, its successors are newer still.
        was = taken["key_model_year"]
        return taken.assign(model_year=was.astype(float), key_model_year=was.clip(lower=year))

    def _is(self, rows: pd.DataFrame, technology: str) -> Mask:
        """Which rows are of a technology already; of diesel, those of the model year or newer."""
        same = (rows["key_fuel"] == _FUEL[technology]).to_numpy(dtype=bool)
        if technology == "diesel":
            same = same & (rows["key_model_year"] >= (self.model_year or 0)).to_numpy(dtype=bool)
        return same

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share by the technology."""
        named = {str(technology): adoption for technology, adoption in self.technologies.items()}
        return named[option.label].level(years, present)

    def spread(self, base: BaseYear, option: Option, fraction: Array, together: Array, grown: Array) -> Array:
        """All model years alike, or the oldest first."""
        if self.displaces == "proportional":
            return super().spread(base, option, fraction, together, grown)
        # All technologies together take the oldest; each takes its part of every model year.
        part = np.divide(fraction, together, out=np.zeros(len(fraction)), where=together > 0)
        return self._oldest(base, option, together, grown) * part[:, None]

    def _oldest(self, base: BaseYear, option: Option, fraction: Array, grown: Array) -> Array:
        """Fraction of each group that goes when a fraction of a year's miles leaves the oldest trucks."""
        rows = base.rows[TRUCKS]
        free = ~self.changed(TRUCKS, rows, option) & (rows["process_set"] == "running").to_numpy()
        vintages, place = np.unique(base.groups["vintage"].to_numpy(), return_inverse=True)
        # With survival a year's miles by age are not the base year's: few old trucks are soon used up.
        miles = base.quantity(TRUCKS, free) * grown
        own = miles @ (place[:, None] == np.arange(len(vintages))).astype(float)
        older = np.cumsum(own, axis=1) - own
        displaced = fraction[:, None] * own.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (displaced - older) / own
        return np.clip(np.nan_to_num(share, nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)[:, place]
