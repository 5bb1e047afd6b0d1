"""Shore power: auxiliary work at berth leaves the engines and becomes electricity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from inventories.scenarios.adoption import Adoption
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, constant

if TYPE_CHECKING:
    from inventories.scenarios.base import BaseYear

SHIPS = "ocean_going_vessels"


class ShorePower(ShareMeasure):
    """A share of stops at berth is connected; boilers burn on.

    Per stop, hours connected = max(0, hotelling hours - connection - disconnection). Auxiliary work of those
    hours becomes electricity at the ship; the meter reads that over the efficiency of the transformer. Stops
    already connected stay as recorded, with the hours they were connected.

    Attributes
    ----------
    adoption : Adoption
        Share of stops connected.
    share_of : {"stops"}
    vessel_types : tuple of str
        Types that connect; empty for all.
    connection_h, disconnection_h : float
        Hours of each stop on engines before and after. [h]
    success : float
        Share of attempts that succeed. [1]
    efficiency : float
        Electricity at the ship over electricity at the meter. [1]
    """

    LEVEL: ClassVar[int] = 4
    SOURCES: ClassVar[tuple[str, ...]] = (SHIPS,)

    adoption: Adoption
    share_of: Literal["stops"]
    vessel_types: tuple[str, ...] = ()
    connection_h: Annotated[float, Field(ge=0.0, le=24.0)] = 1.0
    disconnection_h: Annotated[float, Field(ge=0.0, le=24.0)] = 1.0
    success: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    efficiency: Annotated[float, Field(gt=0.5, le=1.0)] = 1.0

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

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """Auxiliary engines of ships at berth."""
        mine = (rows["engine_group"] == "auxiliary") & (rows["mode_or_segment"] == "hotelling")
        if self.vessel_types:
            mine &= rows["source_type"].isin(self.vessel_types)
        return mine.to_numpy(dtype=bool)

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Stays during which the ship was connected for some time: what is left on engines is as recorded."""
        return (rows["is_at_plugged_berth"] > 0).to_numpy(dtype=bool)

    def present(self, base: BaseYear, option: Option) -> float:
        """Return the share of stops connected in the base year."""
        stays = base.stays
        if self.vessel_types:
            stays = stays[stays["source_type"].isin(self.vessel_types)]
        return float((stays["is_at_plugged_berth"] > 0).mean()) if len(stays) else 0.0

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Split each stay into the hours on engines and the hours connected."""
        stay = rows["stay_hours"].to_numpy(dtype=float)
        lost = self.connection_h + self.disconnection_h
        connected = np.clip(stay - lost, 0.0, None) / np.where(stay > 0, stay, 1.0)
        on_engines = rows.assign(
            quantity=rows["quantity"] * (1 - connected),
            hours=rows["hours"] * (1 - connected),
            is_at_plugged_berth=1.0,
        )
        plugged = constant(
            rows,
            quantity=rows["quantity"] * connected / self.efficiency,
            hours=rows["hours"] * connected,
            out_source="electricity",
            in_domain=False,
            key_use="shore_power",
        )
        return pd.concat([on_engines, plugged[plugged["quantity"] > 0]], ignore_index=True)

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share of stops connected: of the attempts, those that succeed."""
        attempts = self.adoption.level(years, present / self.success)
        return np.maximum(attempts * self.success, present) if self.success < 1 else attempts
