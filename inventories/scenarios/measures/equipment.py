"""Equipment: shares of machine hours by battery, fuel cell, hybrid, new engine or renewable diesel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from inventories.scenarios.measures.adoption import Adoption

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear
from inventories.scenarios.base_year.successors import tier_rank
from inventories.scenarios.measures.file_problems import nearest
from inventories.scenarios.measures.kind import Array, Mask, Option
from inventories.scenarios.measures.technologies import TechnologyShares

CHE = "cargo_handling_equipment"
Technology = Literal["battery", "fuel_cell", "hybrid", "repower", "renewable_diesel"]
Tier = Literal["Tier 1", "Tier 2", "Tier 3", "Tier 4 interim", "Tier 4 final"]
Positive = Annotated[float, Field(gt=0.0)]
Part = Annotated[float, Field(gt=0.0, lt=1.0)]
_ORDER = ("Tier 0", "Tier 1", "Tier 2", "Tier 3", "Tier 4 interim", "Tier 4 final")
_TRACTORS = ("yard_tractor", "agv")
_NO_ENGINE: dict[str, Any] = {
    "key_scc": 0,
    "key_power_bin": "",
    "key_model_year": 0,
    "key_tier": "",
    "key_sulfur_wt_pct": np.nan,
    "key_certification": "",
    "key_device": "",
    "load_factor": np.nan,
    "life_used": np.nan,
}


class Equipment(TechnologyShares):
    """Shares of machine hours by technology.

    A battery machine takes, in this order: kilowatt-hours per machine hour that are given; engine work over
    diesel efficiency and energy ratio; for yard tractors the method's own rate by the hour. Nothing else is
    assumed: a machine without any of them is refused.

    Attributes
    ----------
    technologies : mapping of technology to Adoption
        ``battery, fuel_cell, hybrid, repower, renewable_diesel``: shares of one whole.
    share_of : {"hours"}
    fuels : tuple of str
        Only machines on these fuels, and those changed already; empty for all.
    kwh_per_hour : mapping of type to float
        Electricity at the meter in an hour of a machine. [kWh/h]
    diesel_efficiency, energy_ratio : float, optional
        Work of a diesel engine over the energy of its fuel; energy of that fuel over electricity. [1]
    hydrogen_kg_per_hour : mapping of type to float
    fuel_saving : float, optional
        Of a hybrid, measured. [1]
    tier, model_year : str and int, optional
        Of the engine of a repower.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = (CHE,)

    technologies: Annotated[Mapping[Technology, Adoption], Field(min_length=1)]  # type: ignore[assignment]
    share_of: Literal["hours"]
    fuels: tuple[str, ...] = ()
    kwh_per_hour: Mapping[str, Positive] = Field(default_factory=dict)
    diesel_efficiency: Part | None = None
    energy_ratio: Positive | None = None
    hydrogen_kg_per_hour: Mapping[str, Positive] = Field(default_factory=dict)
    fuel_saving: Part | None = None
    tier: Tier | None = None
    model_year: Annotated[int | None, Field(ge=1990, le=2100)] = None

    @model_validator(mode="after")
    def _technologies_are_told(self) -> Equipment:
        if (self.diesel_efficiency is None) != (self.energy_ratio is None):
            raise ValueError("diesel_efficiency and energy_ratio go together")
        if "hybrid" in self.technologies and self.fuel_saving is None:
            raise ValueError("a hybrid needs its measured fuel_saving")
        if "repower" in self.technologies and (self.tier is None or self.model_year is None):
            raise ValueError("a repower needs tier and model_year of the new engine")
        return self

    def family(self) -> str:
        """Technologies exclude each other on one machine."""
        return "equipment"

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """Machines of the types and fuels, with those that are changed already."""
        mine = super().affected(source, rows)
        if not self.fuels:
            return mine
        named = rows["key_fuel"].isin(self.fuels).to_numpy(dtype=bool)
        for technology in self.technologies:
            named = named | self.is_of(rows, technology)
        return mine & named

    def is_of(self, rows: pd.DataFrame, technology: str) -> Mask:
        """Battery and fuel cell by what drives the machine, a repower by the age or tier of its engine."""
        drive = rows["key_technology"].astype(str)
        if technology == "battery":
            found = drive.str.startswith("electric")
        elif technology == "fuel_cell":
            found = drive.str.startswith("fuel_cell")
        elif technology == "hybrid":
            found = drive == "hybrid"
        elif technology == "renewable_diesel":
            found = rows["key_fuel"] == "renewable_diesel"
        else:
            least = _ORDER.index(str(self.tier))
            newer = rows["key_model_year"] >= (self.model_year or 0)
            found = drive.isin(["combustion", "hybrid"]) & (
                newer | (tier_rank(rows["key_tier"], _ORDER) >= least)
            )
        return found.to_numpy(dtype=bool)

    def weight(self, rows: pd.DataFrame) -> Array:
        """Machine hours."""
        return rows["hours"].to_numpy(dtype=float)

    def lacking(self, rows: pd.DataFrame) -> list[str]:
        """Energy of battery and fuel-cell machines is never assumed."""
        problems = self.only_diesel(rows, "repower", "renewable_diesel")
        types = set(rows.loc[~self.changed(CHE, rows, Option(self, "")), "source_type"].unique().astype(str))
        bare = sorted(types - set(self.kwh_per_hour) - set(_TRACTORS))
        if "battery" in self.technologies and self.energy_ratio is None and bare:
            problems.append(
                f"{self.title}: what electricity do {', '.join(bare)} take? Give kwh_per_hour by type, or "
                "diesel_efficiency and energy_ratio"
            )
        bare = sorted(types - set(self.hydrogen_kg_per_hour))
        if "fuel_cell" in self.technologies and bare:
            problems.append(
                f"{self.title}: what hydrogen do {', '.join(bare)} take? Give hydrogen_kg_per_hour by type"
            )
        return problems

    def check(self, base: BaseYear) -> list[str]:
        """As for all technologies; and hours must be known."""
        rows = base.rows.get(CHE)
        problems = [*(self._unknown(rows) if rows is not None else []), *super().check(base)]
        if not problems and rows is not None and not rows["hours"].sum() > 0:
            return [f"{self.title}: the machine hours of the base year are not known; build the year again"]
        return problems

    def _unknown(self, rows: pd.DataFrame) -> list[str]:
        """Fuels that no machine meant burns, and energy given for types that the port does not have."""
        found = []
        types = sorted(set(rows["source_type"].unique().astype(str)))
        for key in ("kwh_per_hour", "hydrogen_kg_per_hour"):
            strange = sorted(set(getattr(self, key)) - set(types))
            if strange:
                near = nearest(strange[0], types).removesuffix(".")
                found.append(
                    f"{self.title}, {key}: the port has no types {', '.join(strange)}{near}; it has "
                    f"{', '.join(types)}"
                )
        mine = rows[super().affected(CHE, rows)]
        fuels = sorted(set(mine["key_fuel"].unique().astype(str)))
        strange = sorted(set(self.fuels) - set(fuels))
        if strange and fuels:
            found.append(
                f"{self.title}, fuels: no machine meant runs on {', '.join(strange)}; they run on "
                f"{', '.join(fuels)}"
            )
        return found

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Give the hours to the technology."""
        if option.label == "battery":
            return self._battery(rows)
        if option.label == "fuel_cell":
            rate = rows["source_type"].astype(str).map(dict(self.hydrogen_kg_per_hour)).astype(float)
            new = {**_NO_ENGINE, "key_technology": "fuel_cell_metered", "key_fuel": "hydrogen"}
            return rows.assign(**new, quantity=rows["hours"] * rate)
        if option.label == "hybrid":
            return rows.assign(
                key_technology="hybrid", quantity=rows["quantity"] * (1 - (self.fuel_saving or 0.0))
            )
        if option.label == "renewable_diesel":
            return rows.assign(key_fuel="renewable_diesel")
        return rows.assign(key_tier=self.tier, key_model_year=self.model_year, key_device=_none(rows))

    def _battery(self, rows: pd.DataFrame) -> pd.DataFrame:
        rate = rows["source_type"].astype(str).map(dict(self.kwh_per_hour)).astype(float)
        metered = rows["hours"] * rate
        if self.diesel_efficiency is not None and self.energy_ratio is not None:
            by_work = rows["quantity"] / self.diesel_efficiency / self.energy_ratio
            metered = metered.where(rate.notna(), by_work)
        by_hours = metered.isna()
        return rows.assign(
            **_NO_ENGINE,
            key_fuel="electric",
            key_technology=np.where(by_hours, "electric_by_hours", "electric"),
            quantity=metered.where(~by_hours, rows["hours"]),
        )


def _none(rows: pd.DataFrame) -> pd.Series:
    """A new engine has no retrofit device; the key is blank where the method does not ask for it."""
    return rows["key_device"].astype(str).map(lambda device: "none" if device else "")
