"""Shore power: auxiliary work at berth leaves the engines and becomes electricity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import pandas as pd
from pydantic import Field

from inventories.scenarios.measures.at_berth import AtBerth, Stays
from inventories.scenarios.measures.kind import Array, Mask, Option, by_group, constant

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear


class ShorePower(AtBerth):
    """A share of stops at berth is connected; boilers burn on.

    Per stop, hours connected = max(0, hotelling hours - connection - disconnection). Auxiliary work of those
    hours becomes electricity at the ship; the meter reads that over the efficiency of the transformer. Stops
    already connected stay as recorded, with the hours they were connected.

    Attributes
    ----------
    share_of : {"stops"}
    efficiency : float
        Electricity at the ship over electricity at the meter. [1]
    """

    share_of: Literal["stops"]
    efficiency: Annotated[float, Field(gt=0.5, le=1.0)] = 1.0

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """Auxiliary engines of ships at berth."""
        mine = (rows["engine_group"] == "auxiliary") & (rows["mode_or_segment"] == "hotelling")
        return mine.to_numpy(dtype=bool) & self.of_types(rows)

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Stays during which the ship was connected for some time: what is left on engines is as recorded."""
        return (rows["is_at_plugged_berth"] > 0).to_numpy(dtype=bool)

    def treated(self, stops: Stays) -> Mask:
        """Stops that were connected at some time."""
        return (stops["is_at_plugged_berth"] > 0).to_numpy(dtype=bool)

    def taken(self, base: BaseYear, option: Option, others: Sequence[Option]) -> Array | None:
        """Return the stops connected, or captured where the scenario leaves captured stops alone."""
        stops = self.stops(base)
        done = self.treated(stops)
        for other in others:
            if isinstance(other.measure, AtBerth):
                done = done | (other.measure.of_types(stops) & other.measure.treated(stops))
        return self.counted(base, stops, done)

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Split each stay into the hours on engines and the hours connected."""
        connected = self.part(rows)
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

    def energy_today(self, base: BaseYear, rows: pd.DataFrame) -> Array:
        """Electricity that connected ships took, at the ship, by type and port."""
        stops = self.stops(base)
        return by_group(base, base.stay_groups[stops.index], stops["connected_kwh"])

    def energy_off_engines(self, today: Array) -> Array:
        """All of it: what was connected is in no engine's work."""
        return today
