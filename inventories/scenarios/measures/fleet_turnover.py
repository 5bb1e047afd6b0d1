"""Fleet turnover: old ships, trucks and machines leave, new ones come, work by age stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
import pandas as pd
from pydantic import Field

from emissions.engines import TIER3_CUT_OUT_LOAD, tier_of_keel
from inventories.scenarios.measures.kind import Measure

if TYPE_CHECKING:
    from inventories.scenarios.base import BaseYear


class FleetTurnover(Measure):
    """The age distribution of the base year is kept: model and keel years move on by one each year.

    A tier is never improved by time alone: it follows the model year, and for ships the keel year with the
    date of the control area the port lies in. No ship's successor is of an older tier than the ship was.

    Attributes
    ----------
    sources : tuple of str
        Which fleets turn over; empty for all that have model years.
    tier3_keels_from : int
        Keel year from which Tier III binds at the port; North America 2016.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = (
        "ocean_going_vessels",
        "heavy_duty_vehicles",
        "cargo_handling_equipment",
    )

    sources: tuple[str, ...] = ()
    tier3_keels_from: Annotated[int, Field(ge=2000, le=2100)] = 2016

    def turns(self, source: str) -> bool:
        """Return whether a source's fleet turns over under this measure."""
        return source in (self.sources or self.SOURCES)

    def check(self, base: BaseYear) -> list[str]:
        """Only fleets with model years can turn over."""
        unknown = sorted(set(self.sources) - set(self.SOURCES))
        known = ", ".join(self.SOURCES)
        return (
            [f"{self.title}: sources {', '.join(unknown)} have no model years here; known are {known}"]
            if unknown
            else []
        )

    def keys_in(self, source: str, cells: pd.DataFrame, elapsed: int) -> pd.DataFrame:
        """Return the class keys of cells after some years.

        Parameters
        ----------
        source : str
        cells : pandas.DataFrame
            Key columns ``key_...``, ``model_year`` and ``low_load`` (main engine below the Tier III cut-out).
        elapsed : int
            Years since the base year.
        """
        if elapsed == 0 or not self.turns(source):
            return cells
        if source == "ocean_going_vessels":
            return self._ships(cells, elapsed)
        moved = {}
        if "key_model_year" in cells:
            year = cells["key_model_year"]
            moved["key_model_year"] = year.where(year <= 0, year + elapsed)
        if "key_calendar_year" in cells:
            moved["key_calendar_year"] = cells["key_calendar_year"] + elapsed
        return cells.assign(**moved)

    def _ships(self, cells: pd.DataFrame, elapsed: int) -> pd.DataFrame:
        keel = cells["model_year"].fillna(0).to_numpy() + elapsed
        tier = tier_of_keel(keel, self.tier3_keels_from)
        low = cells["low_load"].to_numpy(dtype=bool)
        tier = np.where((tier == 3) & low, 2, tier)
        now = cells["key_tier"].str[-1].astype(int).to_numpy()
        has_tier = cells["key_engine_type"].isin(["SSD", "MSD", "HSD", "MSD-ED"]).to_numpy()
        # Newer keels only: a ship's successor is never of an older tier than the ship was.
        better = np.where(has_tier, np.maximum(tier, now), now)
        return cells.assign(key_tier=pd.Series(better, index=cells.index).map("Tier {}".format))


LOW_LOAD = TIER3_CUT_OUT_LOAD
