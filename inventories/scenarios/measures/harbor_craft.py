"""Harbor craft: shares of engine work by new engine, hybrid, renewable diesel, battery or shore power."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from inventories.scenarios.base_year.successors import CRAFT_TIERS, tier_rank
from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.kind import Array, Mask, Option
from inventories.scenarios.measures.technologies import TechnologyShares

CRAFT = "harbor_craft"
Technology = Literal["battery", "hybrid", "repower", "renewable_diesel", "shore_power"]
Tier = Literal["Tier 1", "Tier 2", "Tier 3", "Tier 4"]
Part = Annotated[float, Field(gt=0.0, lt=1.0)]
HOME = "home_berth"


class HarborCraft(TechnologyShares):
    """Shares of the engine work of harbor craft by technology.

    Attributes
    ----------
    technologies : mapping of technology to Adoption
        ``battery, hybrid, repower, renewable_diesel``: shares of one whole. Or ``shore_power`` alone, of the
        auxiliary work at home berths, whatever engines do it.
    share_of : {"energy"}
        Of engine work; a craft on batteries counts what its motors deliver.
    engine_groups : tuple of str
        Roles of the engines (propulsion, auxiliary ...); empty for all.
    drive_efficiency : float, optional
        Work of the motors over electricity at the meter. [1]
    fuel_saving : float, optional
        Of a hybrid, measured. [1]
    efficiency : float
        Of shore power: electricity at the craft over electricity at the meter. [1]
    tier, model_year : str and int, optional
        Of the engines of a repower; the year only where the rates go by model year.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = (CRAFT,)

    technologies: Annotated[Mapping[Technology, Adoption], Field(min_length=1)]  # type: ignore[assignment]
    share_of: Literal["energy"]
    engine_groups: tuple[str, ...] = ()
    drive_efficiency: Annotated[float | None, Field(gt=0.0, le=1.0)] = None
    fuel_saving: Part | None = None
    efficiency: Annotated[float, Field(gt=0.5, le=1.0)] = 1.0
    tier: Tier | None = None
    model_year: Annotated[int | None, Field(ge=1990, le=2100)] = None

    @model_validator(mode="after")
    def _technologies_are_told(self) -> HarborCraft:
        if "battery" in self.technologies and self.drive_efficiency is None:
            raise ValueError(
                "battery craft need drive_efficiency, the work of motors over electricity metered"
            )
        if "hybrid" in self.technologies and self.fuel_saving is None:
            raise ValueError("a hybrid needs its measured fuel_saving")
        if "repower" in self.technologies and self.tier is None:
            raise ValueError("a repower needs the tier of the new engine")
        if self._at_home and len(self.technologies) > 1:
            raise ValueError(
                "shore_power is a share of the work at home berths, and the others are shares of all work: "
                "give it a measure of its own"
            )
        return self

    @property
    def _at_home(self) -> bool:
        return "shore_power" in self.technologies

    def family(self) -> str:
        """Technologies exclude each other on one craft; shore power goes with any that burns fuel."""
        return "harbor_craft_at_home" if self._at_home else "harbor_craft"

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """Engines of the types and roles whose work is known."""
        mine = super().affected(source, rows) & (rows["key_technology"] != "electric_unmetered").to_numpy()
        if self.engine_groups:
            mine = mine & rows["engine_group"].isin(self.engine_groups).to_numpy(dtype=bool)
        home = (rows["mode_or_segment"] == HOME).to_numpy(dtype=bool)
        plugged = home & (rows["key_technology"] == "electric").to_numpy(dtype=bool)
        # A craft on shore power is no battery craft: its work there is no part of the other shares.
        return mine & (home if self._at_home else ~plugged)

    def is_of(self, rows: pd.DataFrame, technology: str) -> Mask:
        """Battery by the drive, a repower by the tier; which craft are hybrids is not recorded."""
        burning = rows["key_technology"] == "combustion"
        if technology in ("battery", "shore_power"):
            found = ~burning
        elif technology == "renewable_diesel":
            found = burning & rows["key_fuel"].isin(["renewable_diesel"])
        elif technology == "hybrid":
            found = burning & False
        elif self.model_year is not None and (rows["key_model_year"] > 0).any():
            found = burning & (rows["key_model_year"] >= self.model_year)
        else:
            found = burning & (tier_rank(rows["key_tier"], CRAFT_TIERS) >= CRAFT_TIERS.index(str(self.tier)))
        return found.to_numpy(dtype=bool)

    def weight(self, rows: pd.DataFrame) -> Array:
        """Engine work, and of batteries what the motors deliver."""
        electric = (rows["key_technology"] == "electric").to_numpy()
        efficiency = self.efficiency if self._at_home else self.drive_efficiency or 1.0
        return rows["quantity"].to_numpy(dtype=float) * np.where(electric, efficiency, 1.0)

    def lacking(self, rows: pd.DataFrame) -> list[str]:
        """Hours at home berths, and for rates by model year the year of a new engine."""
        if self._at_home and not len(rows):
            return [
                f"{self.title}: no work at home berths is known; give home_hours of the auxiliary engines in "
                "the table harbor_craft_engines and build the base year again"
            ]
        if "repower" in self.technologies and (rows["key_model_year"] > 0).any() and self.model_year is None:
            return [f"{self.title}: the port's rates go by model year; give model_year of the new engines"]
        return []

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Give the work to the technology."""
        if option.label in ("battery", "shore_power"):
            efficiency = self.efficiency if self._at_home else self.drive_efficiency or 1.0
            keys: dict[str, Any] = dict.fromkeys(
                ("key_category", "key_tier", "key_role", "key_power_bin"), ""
            )
            return rows.assign(
                **keys,
                key_model_year=0,
                key_technology="electric",
                key_fuel="electric",
                quantity=rows["quantity"] / efficiency,
            )
        if option.label == "hybrid":
            return rows.assign(quantity=rows["quantity"] * (1 - (self.fuel_saving or 0.0)))
        if option.label == "renewable_diesel":
            return rows.assign(key_fuel="renewable_diesel")
        by_year = rows["key_model_year"] > 0
        return rows.assign(
            key_tier=rows["key_tier"].astype(str).where(by_year, self.tier),
            key_model_year=rows["key_model_year"].mask(by_year, self.model_year or 0),
        )
