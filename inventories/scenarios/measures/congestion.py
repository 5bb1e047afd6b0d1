"""Congestion: ships wait longer at anchor, as in a year when berths cannot take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, none_standing

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

SHIPS = "ocean_going_vessels"


class Congestion(ShareMeasure):
    """A share of the waiting at anchor lasts several times as long.

    Engines and boilers at anchor work as they did, for more hours. Calls, and what ships do at berth, stay
    as they are; a fall or rise of cargo is a `growth` beside it.

    Attributes
    ----------
    adoption : Adoption
        Share of the base year's hours at anchor that are lengthened; a table may rise and fall.
    share_of : {"hours"}
    times : float
        How many times as long these last. [1]
    in_domain : bool
        Whether the added hours are spent in the domain; ships that queue outside emit there.
    vessel_types : tuple of str
        Empty for all.
    """

    LEVEL: ClassVar[int] = 1
    SOURCES: ClassVar[tuple[str, ...]] = (SHIPS,)

    adoption: Adoption
    share_of: Literal["hours"]
    times: Annotated[float, Field(gt=1.0, le=100.0)]
    in_domain: bool = True
    vessel_types: tuple[str, ...] = ()

    def check(self, base: BaseYear) -> list[str]:
        """Ships of the types wait at anchor in the base year: what there is none of cannot grow."""
        rows = base.rows.get(SHIPS)
        here = set() if rows is None else set(rows.loc[_at_anchor(rows), "source_type"].unique())
        unknown = sorted(set(self.vessel_types) - here)
        if unknown or not here:
            said = ", ".join(unknown) or "no ships"
            known = ", ".join(sorted(map(str, here))) or "none"
            return [f"{self.title}: vessel_types {said} do not wait at anchor here; known are {known}"]
        return []

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """Engines and boilers of ships at anchor."""
        mine = _at_anchor(rows)
        if self.vessel_types:
            mine = mine & rows["source_type"].isin(self.vessel_types).to_numpy(dtype=bool)
        return mine

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """None: the base year's hours are what is lengthened."""
        return np.zeros(len(rows), dtype=bool)

    def standing(self, base: BaseYear, option: Option) -> tuple[Array, Array]:
        """Nothing: the share is of the base year's own hours."""
        return none_standing(base)

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Wait longer; the added hours in the domain or out of it."""
        if self.in_domain:
            return rows.assign(quantity=rows["quantity"] * self.times, hours=rows["hours"] * self.times)
        more = self.times - 1.0
        added = rows.assign(quantity=rows["quantity"] * more, hours=rows["hours"] * more, in_domain=False)
        return pd.concat([rows, added], ignore_index=True)

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share of hours lengthened."""
        return self.adoption.level(years, present)


def _at_anchor(rows: pd.DataFrame) -> Mask:
    return (rows["mode_or_segment"].astype(str) == "anchorage").to_numpy(dtype=bool)
