"""Adoption: the share of activity that a measure has reached, by year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Array = NDArray[np.float64]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Table(_Strict):
    """Shares at named years, straight lines between them.

    Before the first year the level found in the base year holds; after the last the last is held. With
    ``basis = "year_end"`` a share is a stock at the end of its year, and a year's average is the mean of it
    and the year before.

    Examples
    --------
    >>> Table(table={2025: 0.2, 2030: 0.7}).level([2024, 2025, 2026, 2040], 0.1).round(3)
    array([0.1, 0.2, 0.3, 0.7])
    """

    table: Mapping[int, Share]
    basis: Literal["annual_average", "year_end"] = "annual_average"

    @model_validator(mode="after")
    def _has_years(self) -> Table:
        if not self.table:
            raise ValueError("an adoption table needs at least one year = share")
        return self

    def level(self, years: ArrayLike, present: float) -> Array:
        """Return the share reached in each year.

        Parameters
        ----------
        years : array_like, shape (n,)
        present : float
            Level found in the base year.

        Returns
        -------
        ndarray, shape (n,)
        """
        wanted = np.asarray(years, dtype=float)
        if self.basis == "year_end":
            return (self._at(wanted, present) + self._at(wanted - 1, present)) / 2
        return self._at(wanted, present)

    def _at(self, years: Array, present: float) -> Array:
        known = sorted(self.table)
        shares = [self.table[year] for year in known]
        return np.where(years < known[0], present, np.interp(years, known, shares))


class Line(_Strict):
    """A straight line from the level of one year to a share in another, then held.

    Examples
    --------
    >>> Line.model_validate({"from": 2025, "to": 2035, "reaches": 1.0}).level([2025, 2030, 2050], 0.2)
    array([0.2, 0.6, 1. ])
    """

    first: Annotated[int, Field(alias="from")]
    last: Annotated[int, Field(alias="to")]
    reaches: Share

    @model_validator(mode="after")
    def _runs_forward(self) -> Line:
        if self.last <= self.first:
            raise ValueError(f"a line ends after it begins: from = {self.first}, to = {self.last}")
        return self

    def level(self, years: ArrayLike, present: float) -> Array:
        """Return the share reached in each year; see `Table.level`."""
        return np.interp(np.asarray(years, dtype=float), [self.first, self.last], [present, self.reaches])


class Logistic(_Strict):
    """An S-curve given by the years in which it passes 10 % and 90 % of its ceiling.

    Examples
    --------
    >>> curve = Logistic(year_10_pct=2026, year_90_pct=2034, ceiling=1.0)
    >>> curve.level([2026, 2030, 2034], 0.0).round(3)
    array([0.1, 0.5, 0.9])
    """

    year_10_pct: float
    year_90_pct: float
    ceiling: Share = 1.0

    @model_validator(mode="after")
    def _rises(self) -> Logistic:
        if self.year_90_pct <= self.year_10_pct:
            raise ValueError("year_90_pct comes after year_10_pct")
        return self

    def level(self, years: ArrayLike, present: float) -> Array:
        """Return the share reached in each year, never below the level found; see `Table.level`."""
        middle = (self.year_10_pct + self.year_90_pct) / 2
        steepness = 2 * np.log(9) / (self.year_90_pct - self.year_10_pct)
        curve = self.ceiling / (1 + np.exp(-steepness * (np.asarray(years, dtype=float) - middle)))
        return np.maximum(curve, present)


class Reached(_Strict):
    """A share in force from a date on: a rule. The year of the date counts by its days.

    Examples
    --------
    >>> Reached.model_validate({"from": "2025-07-02", "share": 0.8}).level([2024, 2025, 2026], 0.0).round(2)
    array([0. , 0.4, 0.8])
    """

    since: Annotated[str, Field(alias="from", pattern=r"^\d{4}-\d{2}-\d{2}$")]
    share: Share

    @field_validator("since")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        date.fromisoformat(text)
        return text

    def level(self, years: ArrayLike, present: float) -> Array:
        """Return the share reached in each year; see `Table.level`."""
        day = np.datetime64(self.since)
        wanted = np.asarray(years, dtype=np.int64)
        starts = (wanted - 1970).astype("datetime64[Y]").astype("datetime64[D]")
        ends = (wanted - 1969).astype("datetime64[Y]").astype("datetime64[D]")
        part = np.clip((ends - day) / (ends - starts), 0.0, 1.0)
        reached = max(self.share, present)
        return present + (reached - present) * part


Adoption = Table | Line | Logistic | Reached
