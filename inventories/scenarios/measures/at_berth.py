"""What shore power and emission capture have in common: a share of stops, and hours of each."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, by_group

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

SHIPS = "ocean_going_vessels"
FAMILY = "at_berth"
"""A ship is connected or captured at one time: shares of stops that exclude each other."""

Hours = Annotated[float, Field(ge=0.0, le=24.0)]
Stays = pd.DataFrame


class AtBerth(ShareMeasure):
    """A share of the stops of ships is treated during the stay, less the hours it takes to begin and to end.

    Attributes
    ----------
    adoption : Adoption
        Share of stops at which it is tried, those of today included; its limits are stocks of capable ships
        and berths.
    vessel_types : tuple of str
        Types of ship; empty for all.
    connection_h, disconnection_h : float
        Hours of each stop before it begins and after it ends. [h]
    success : float
        Share of attempts that succeed. [1]
    """

    LEVEL: ClassVar[int] = 4
    SOURCES: ClassVar[tuple[str, ...]] = (SHIPS,)

    adoption: Adoption
    vessel_types: tuple[str, ...] = ()
    connection_h: Hours = 1.0
    disconnection_h: Hours = 1.0
    success: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0

    def family(self) -> str:
        """Connected and captured stops are shares of one whole."""
        return FAMILY

    def check(self, base: BaseYear) -> list[str]:
        """Types must be ones that call."""
        known = set(base.groups.loc[base.groups["source_category"] == SHIPS, "source_type"])
        unknown = sorted(set(self.vessel_types) - known)
        if unknown:
            return [
                f"{self.title}: vessel_types {', '.join(unknown)} do not call here; "
                f"{', '.join(sorted(known))} do"
            ]
        return []

    def of_types(self, rows: pd.DataFrame) -> Mask:
        """Return which rows, or stays, are of the types meant."""
        if not self.vessel_types:
            return np.ones(len(rows), dtype=bool)
        return rows["source_type"].isin(self.vessel_types).to_numpy(dtype=bool)

    def stops(self, base: BaseYear) -> Stays:
        """Return the stops that shares are of."""
        stays = base.stays
        return stays[self.of_types(stays) & (stays["mode_or_segment"] == "hotelling").to_numpy()]

    @abstractmethod
    def treated(self, stops: Stays) -> Mask:
        """Return which stops are treated in the base year."""

    def standing(self, base: BaseYear, option: Option) -> tuple[Array, Array]:
        """Return the stops treated in the base year, and all of them."""
        stops = self.stops(base)
        return self.counted(base, stops, self.treated(stops)), self.counted(base, stops)

    @staticmethod
    def counted(base: BaseYear, stops: Stays, mask: Mask | None = None) -> Array:
        """Count stops by group of ships, shape (n_groups,)."""
        return by_group(
            base, base.stay_groups[stops.index], np.ones(len(stops)) if mask is None else mask.astype(float)
        )

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share of stops treated: of the attempts that capable ships and berths allow, those that succeed."""
        tried = present / self.success
        wanted = self.adoption.wanted(years, tried) * self.success
        # Today's level is that of attempts that succeeded; more attempts never leave less.
        wanted = np.maximum(wanted, present) if self.success < 1 else wanted
        if not self.adoption.limits:
            return np.asarray(wanted, dtype=float)
        return np.minimum(wanted, self.adoption.allowed(years, tried) * self.success)

    def part(self, rows: pd.DataFrame) -> Array:
        """Return the part of each row's stay that is treated: none of a stay too short. [1]"""
        stay = rows["stay_hours"].to_numpy(dtype=float)
        lost = self.connection_h + self.disconnection_h
        return np.clip(stay - lost, 0.0, None) / np.where(stay > 0, stay, 1.0)

    @abstractmethod
    def energy_today(self, base: BaseYear, rows: pd.DataFrame) -> Array:
        """Return the work of each group that is treated in the base year, shape (n_groups,). [kWh]"""

    def told(
        self, base: BaseYear, option: Option, changed: Array, growth: Array
    ) -> dict[str, NDArray[np.float64]]:
        """Return the treated share of the hotelling energy, apart from that of stops."""
        key = ("energy share", option.key)
        if key not in base.cache:
            base.cache[key] = self._energies(base, option)
        today, moved_kwh, engines = base.cache[key]
        whole = growth @ (engines + self.energy_off_engines(today))
        treated = growth @ today + (growth * changed) @ moved_kwh
        return {"energy_share": np.divide(treated, whole, out=np.zeros(len(growth)), where=whole > 0)}

    def _energies(self, base: BaseYear, option: Option) -> tuple[Array, Array, Array]:
        """What is treated today, what would be if all were, and all engine work meant, by group. [kWh]"""
        rows = base.rows[SHIPS]
        rows = rows[self.affected(SHIPS, rows)]
        touched = rows[~self.changed(SHIPS, rows, option)]
        return (
            self.energy_today(base, rows),
            by_group(base, touched["group"], touched["quantity"] * self.part(touched)),
            by_group(base, rows["group"], rows["quantity"]),
        )

    def energy_off_engines(self, today: Array) -> Array:
        """Return the part of what is treated today that is no engine work any more."""
        return np.zeros_like(today)
