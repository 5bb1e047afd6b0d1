"""Locomotives: shares of work by new engine, renewable diesel or battery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import pandas as pd
from pydantic import Field, model_validator

from inventories.scenarios.base_year.successors import RAIL_TIERS, tier_rank
from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.kind import Array, Mask, Option, constant
from inventories.scenarios.measures.technologies import TechnologyShares

RAIL = "locomotives"
Technology = Literal["battery", "repower", "renewable_diesel"]
Tier = Literal["Tier 0+", "Tier 1+", "Tier 2", "Tier 2+", "Tier 3", "Tier 4"]


class Locomotives(TechnologyShares):
    """Shares of the work of locomotives by technology.

    Battery locomotives take electricity at the meter: by the gallon they replace where work is counted in
    fuel, by the work where it is counted in kilowatt-hours.

    Attributes
    ----------
    technologies : mapping of technology to Adoption
        ``battery, repower, renewable_diesel``: shares of one whole.
    share_of : {"energy"}
        Of the fuel or the work, as the base year counts it.
    kinds : tuple of str
        ``switch``, ``line_haul``; empty for both.
    kwh_per_gallon : float, optional
        Electricity at the meter for a gallon of diesel replaced. [kWh/gal]
    drive_efficiency : float, optional
        Work at the engine's shaft over electricity at the meter, where work is in kilowatt-hours. [1]
    tier : str, optional
        Of a repower.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = (RAIL,)

    technologies: Annotated[Mapping[Technology, Adoption], Field(min_length=1)]  # type: ignore[assignment]
    share_of: Literal["energy"]
    kinds: tuple[Literal["switch", "line_haul"], ...] = ()
    kwh_per_gallon: Annotated[float | None, Field(gt=0.0)] = None
    drive_efficiency: Annotated[float | None, Field(gt=0.0, le=1.0)] = None
    tier: Tier | None = None

    @model_validator(mode="after")
    def _technologies_are_told(self) -> Locomotives:
        if "battery" in self.technologies and (self.kwh_per_gallon, self.drive_efficiency) == (None, None):
            raise ValueError(
                "battery locomotives need kwh_per_gallon, or drive_efficiency where work is in kWh"
            )
        if "repower" in self.technologies and self.tier is None:
            raise ValueError("a repower needs the tier of the new engine")
        return self

    def family(self) -> str:
        """Technologies exclude each other on one locomotive."""
        return "locomotives"

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """Locomotives of the kinds."""
        mine = super().affected(source, rows)
        if self.kinds:
            mine = mine & rows["key_kind"].isin(self.kinds).to_numpy(dtype=bool)
        return mine

    def is_of(self, rows: pd.DataFrame, technology: str) -> Mask:
        """A repower by the tier; the base year has no battery locomotives among its work."""
        if technology == "renewable_diesel":
            found = rows["key_fuel"] == "renewable_diesel"
        elif technology == "battery":
            found = rows["key_fuel"] == "electric"
        else:
            found = pd.Series(
                tier_rank(rows["key_tier"], RAIL_TIERS) >= RAIL_TIERS.index(str(self.tier)), index=rows.index
            )
        return found.to_numpy(dtype=bool)

    def weight(self, rows: pd.DataFrame) -> Array:
        """Fuel, work or gross ton-miles, as recorded."""
        return rows["quantity"].to_numpy(dtype=float)

    def lacking(self, rows: pd.DataFrame) -> list[str]:
        """Gallons, kilowatt-hours and ton-miles cannot be shares of one whole."""
        forms = sorted(set(rows["key_form"].unique().astype(str)))
        if len(forms) > 1:
            return [
                f"{self.title}: work is counted in {', '.join(forms)}, which have no common share; "
                "use one measure for each of kinds"
            ]
        if "battery" not in self.technologies:
            return []
        needed = {"fuel": self.kwh_per_gallon, "work": self.drive_efficiency}
        if forms and needed.get(forms[0]) is None:
            told = {"fuel": "give kwh_per_gallon", "work": "give drive_efficiency"}
            why = told.get(forms[0], "no electricity of work in gross ton-miles is known")
            return [f"{self.title}: battery locomotives where work is counted in {forms[0]}: {why}"]
        return []

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Give the work to the technology."""
        if option.label == "renewable_diesel":
            return rows.assign(key_fuel="renewable_diesel")
        if option.label == "repower":
            return rows.assign(key_tier=self.tier)
        by_fuel = rows["key_form"] == "fuel"
        taken = (rows["quantity"] * (self.kwh_per_gallon or 0.0)).where(
            by_fuel, rows["quantity"] / (self.drive_efficiency or 1.0)
        )
        return constant(
            rows, quantity=taken, out_source="electricity", in_domain=False, key_use="battery_locomotives"
        )
