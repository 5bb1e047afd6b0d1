"""Harbor craft: shares of engine work by new engine, hybrid drive, renewable diesel or battery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from inventories.scenarios.adoption import Adoption
from inventories.scenarios.measures.kind import Array, Mask, Option
from inventories.scenarios.measures.technologies import TechnologyShares
from inventories.scenarios.successors import CRAFT_TIERS, tier_rank

CRAFT = "harbor_craft"
Technology = Literal["battery", "hybrid", "repower", "renewable_diesel"]
Tier = Literal["Tier 1", "Tier 2", "Tier 3", "Tier 4"]
Part = Annotated[float, Field(gt=0.0, lt=1.0)]


class HarborCraft(TechnologyShares):
    """Shares of the engine work of harbor craft by technology.

    Attributes
    ----------
    technologies : mapping of technology to Adoption
        ``battery, hybrid, repower, renewable_diesel``: shares of one whole.
    share_of : {"energy"}
        Of engine work; a craft on batteries counts what its motors deliver.
    engine_groups : tuple of str
        Roles of the engines (propulsion, auxiliary ...); empty for all.
    drive_efficiency : float, optional
        Work of the motors over electricity at the meter. [1]
    fuel_saving : float, optional
        Of a hybrid, measured. [1]
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
        return self

    def family(self) -> str:
        """Technologies exclude each other on one craft."""
        return "harbor_craft"

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """Engines of the types and roles whose work is known."""
        mine = super().affected(source, rows) & (rows["key_technology"] != "electric_unmetered").to_numpy()
        if self.engine_groups:
            mine = mine & rows["engine_group"].isin(self.engine_groups).to_numpy(dtype=bool)
        return mine

    def is_of(self, rows: pd.DataFrame, technology: str) -> Mask:
        """Battery by the drive, a repower by the tier; which craft are hybrids is not recorded."""
        burning = rows["key_technology"].astype(str) == "combustion"
        if technology == "battery":
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
        electric = (rows["key_technology"].astype(str) == "electric").to_numpy()
        return rows["quantity"].to_numpy(dtype=float) * np.where(electric, self.drive_efficiency or 1.0, 1.0)

    def lacking(self, rows: pd.DataFrame) -> list[str]:
        """Rates by model year need the year of a new engine."""
        if "repower" in self.technologies and (rows["key_model_year"] > 0).any() and self.model_year is None:
            return [f"{self.title}: the port's rates go by model year; give model_year of the new engines"]
        return []

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Give the work to the technology."""
        if option.label == "battery":
            keys: dict[str, Any] = dict.fromkeys(
                ("key_category", "key_tier", "key_role", "key_power_bin"), ""
            )
            return rows.assign(
                **keys,
                key_model_year=0,
                key_technology="electric",
                key_fuel="electric",
                quantity=rows["quantity"] / (self.drive_efficiency or 1.0),
            )
        if option.label == "hybrid":
            return rows.assign(quantity=rows["quantity"] * (1 - (self.fuel_saving or 0.0)))
        if option.label == "renewable_diesel":
            return rows.assign(key_fuel="renewable_diesel")
        by_year = rows["key_model_year"] > 0
        return rows.assign(
            key_tier=rows["key_tier"].where(by_year, self.tier),
            key_model_year=rows["key_model_year"].mask(by_year, self.model_year or 0),
        )
