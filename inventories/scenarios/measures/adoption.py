"""Adoption: the share of activity that a measure has reached, by year, and the stocks that hold it back."""

from __future__ import annotations

from abc import ABC, abstractmethod
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


class Limit(_Strict):
    """A stock that adoption needs: ships that can connect, berths that can, trucks that exist.

    Stock over the whole it is part of is the share that it allows; straight lines between the years named,
    and the last is held. Before the first year the level found in the base year is allowed. A stock is
    counted at the end of its year, so that a year has the mean of two, unless ``basis`` says otherwise.

    Attributes
    ----------
    stock : mapping of int to float
        What is there, by year.
    of : float, or mapping of int to float
        The whole: all ships that call, all berths, all trucks; 1 where the stock is given as a share.
    basis : {"year_end", "annual_average"}

    Examples
    --------
    40 of 200 ships in 2025, 120 in 2027; nothing is known of 2024:

    >>> Limit(stock={2025: 40, 2027: 120}, of=200).share([2024, 2025, 2026, 2027, 2028])
    array([nan, 0.2, 0.4, 0.6, 0.6])
    """

    stock: Mapping[int, Annotated[float, Field(ge=0.0)]]
    of: Annotated[float, Field(gt=0.0)] | Mapping[int, Annotated[float, Field(gt=0.0)]]
    basis: Literal["annual_average", "year_end"] = "year_end"

    @model_validator(mode="after")
    def _is_a_part_of_the_whole(self) -> Limit:
        if not self.stock or self.of == {}:
            raise ValueError("a limit needs at least one year = stock, and what it is of")
        for year, stock in self.stock.items():
            if stock > (whole := float(self._whole(np.array([year]))[0])):
                raise ValueError(f"a stock of {stock:g} in {year} is more than the {whole:g} that it is of")
        return self

    def _whole(self, years: ArrayLike) -> Array:
        wanted = np.asarray(years, dtype=float)
        if not isinstance(self.of, Mapping):
            return np.full(len(wanted), self.of)
        known = sorted(self.of)
        return np.interp(wanted, known, [self.of[year] for year in known])

    def share(self, years: ArrayLike) -> Array:
        """Return the stock over its whole at the instants counted, shape (n,); missing before the first."""
        wanted = np.asarray(years, dtype=float)
        known = sorted(self.stock)
        stock = np.interp(wanted, known, [self.stock[year] for year in known])
        return np.where(wanted < known[0], np.nan, np.minimum(stock / self._whole(wanted), 1.0))


class _Limited(_Strict, ABC):
    """What every adoption has besides its shares: the stocks that it needs.

    Attributes
    ----------
    limits : mapping of str to Limit
        By name, such as ``capable_ships`` and ``capable_berths``.
    limits_meet : {"independent", "matched"}
        A capable ship finds a capable berth by chance, so that shares multiply; or is sent to one, so that
        the smaller share counts.
    """

    limits: Mapping[str, Limit] = Field(default_factory=dict)
    limits_meet: Literal["independent", "matched"] = "independent"

    @abstractmethod
    def wanted(self, years: ArrayLike, present: float) -> Array:
        """Return the share asked for in each year, as if no stock were short; see `Table.level`."""

    def allowed(self, years: ArrayLike, present: float) -> Array:
        """Return the share that the stocks allow on the average of each year; 1 where none is named."""
        wanted = np.asarray(years, dtype=float)
        if not self.limits:
            return np.ones(len(wanted))
        return (self._met(wanted, 0, present) + self._met(wanted, 1, present)) / 2

    def _met(self, years: Array, before: int, present: float) -> Array:
        """What all stocks together allow; stocks at year end are met as they were some years before."""
        shares = np.stack(
            [lim.share(years - before * (lim.basis == "year_end")) for lim in self.limits.values()]
        )
        together = shares.min(axis=0) if self.limits_meet == "matched" else shares.prod(axis=0)
        return np.where(np.isnan(together), present, together)

    def level(self, years: ArrayLike, present: float) -> Array:
        """Return the share reached in each year: what is wanted, as far as the stocks allow.

        Parameters
        ----------
        years : array_like, shape (n,)
        present : float
            Level found in the base year.

        Returns
        -------
        ndarray, shape (n,)
        """
        wanted = self.wanted(years, present)
        return np.minimum(wanted, self.allowed(years, present)) if self.limits else wanted


class Table(_Limited):
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

    def wanted(self, years: ArrayLike, present: float) -> Array:
        """Return the share asked for in each year; see `Table.level`."""
        wanted = np.asarray(years, dtype=float)
        if self.basis == "year_end":
            return (self._at(wanted, present) + self._at(wanted - 1, present)) / 2
        return self._at(wanted, present)

    def _at(self, years: Array, present: float) -> Array:
        known = sorted(self.table)
        shares = [self.table[year] for year in known]
        return np.where(years < known[0], present, np.interp(years, known, shares))


class Line(_Limited):
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

    def wanted(self, years: ArrayLike, present: float) -> Array:
        """Return the share asked for in each year; see `Table.level`."""
        return np.interp(np.asarray(years, dtype=float), [self.first, self.last], [present, self.reaches])


class Logistic(_Limited):
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

    def wanted(self, years: ArrayLike, present: float) -> Array:
        """Return the share asked for in each year, never below the level found; see `Table.level`."""
        middle = (self.year_10_pct + self.year_90_pct) / 2
        steepness = 2 * np.log(9) / (self.year_90_pct - self.year_10_pct)
        curve = self.ceiling / (1 + np.exp(-steepness * (np.asarray(years, dtype=float) - middle)))
        return np.maximum(curve, present)


class Reached(_Limited):
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
        try:
            date.fromisoformat(text)
        except ValueError as problem:
            raise ValueError(f'{text!r} is no day of the calendar; write from = "2025-01-01"') from problem
        return text

    def wanted(self, years: ArrayLike, present: float) -> Array:
        """Return the share asked for in each year; see `Table.level`."""
        day = np.datetime64(self.since)
        wanted = np.asarray(years, dtype=np.int64)
        starts = (wanted - 1970).astype("datetime64[Y]").astype("datetime64[D]")
        ends = (wanted - 1969).astype("datetime64[Y]").astype("datetime64[D]")
        part = np.clip((ends - day) / (ends - starts), 0.0, 1.0)
        reached = max(self.share, present)
        return present + (reached - present) * part


Adoption = Table | Line | Logistic | Reached
