"""Speed reduction: ships sail slower in a zone; hours rise, and auxiliary work with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from emissions import engines
from emissions.propulsion import slowed_loads
from emissions.vessels import tier_at_load
from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, by_group

if TYPE_CHECKING:
    from factors.method import Method
    from inventories.scenarios.base_year.base import BaseYear

SHIPS = "ocean_going_vessels"


class SpeedReduction(ShareMeasure):
    """A share of the way through some zones is sailed at no more than a speed.

    Main-engine load falls with the cube of speed, not below the floor; hours are distance over speed, so
    auxiliary engines and boilers work longer. The mode does not change. A Tier III main engine below 25 %
    load emits as Tier II: slowing it can raise its NOx.

    Attributes
    ----------
    zones : tuple of str
    speed_kn : float
        The cap. [kn]
    adoption : Adoption
        Share of the main-engine hours in the zones at or below the cap.
    share_of : {"hours"}
    vessel_types : tuple of str
        Empty for all.
    """

    LEVEL: ClassVar[int] = 2
    SOURCES: ClassVar[tuple[str, ...]] = (SHIPS,)

    zones: Annotated[tuple[str, ...], Field(min_length=1)]
    speed_kn: Annotated[float, Field(gt=0.0, le=40.0)]
    adoption: Adoption
    share_of: Literal["hours"]
    vessel_types: tuple[str, ...] = ()

    def check(self, base: BaseYear) -> list[str]:
        """Zones and types must be ones where ships sail."""
        rows = base.rows.get(SHIPS)
        problems = []
        sailed = set() if rows is None else set(rows.loc[rows["speed_kn"] > 0, "zone"].unique().astype(str))
        types = set() if rows is None else set(rows["source_type"].unique().astype(str))
        for name, known in (("zones", sailed), ("vessel_types", types)):
            unknown = sorted(set(getattr(self, name)) - known)
            if unknown:
                problems.append(
                    f"{self.title}: no ships in {name} {', '.join(unknown)}; known {', '.join(sorted(known))}"
                )
        return problems

    def family(self) -> str:
        """Caps in different zones meet no rows in common; two caps in one zone are shares of one whole."""
        return f"{self.kind()} {' '.join(sorted(self.zones))}"

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """All engines of ships that sail through the zones."""
        mine = rows["zone"].isin(self.zones) & (rows["speed_kn"] > 0)
        if self.vessel_types:
            mine &= rows["source_type"].isin(self.vessel_types)
        return mine.to_numpy(dtype=bool)

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Legs at or below the cap already."""
        return (rows["speed_kn"] <= self.speed_kn).to_numpy(dtype=bool)

    def standing(self, base: BaseYear, option: Option) -> tuple[Array, Array]:
        """Return main-engine hours at or below the cap, and all of them."""
        rows = base.rows[SHIPS]
        sailing = rows[self.affected(SHIPS, rows) & (rows["engine_group"] == "propulsion").to_numpy()]
        slow = sailing["hours"] * self.changed(SHIPS, sailing, option)
        return by_group(base, sailing["group"], slow), by_group(base, sailing["group"], sailing["hours"])

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Sail at the cap, by a method that floors loads at 2 % and has no other rule."""
        load = rows["load_factor"].to_numpy(dtype=float)
        slower = self.speed_kn / rows["speed_kn"].to_numpy(dtype=float)
        return self._slowed(rows, np.maximum(load * slower**3, np.minimum(engines.LOAD_FLOOR, load)))

    def vary_at(self, base: BaseYear, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Sail at the cap: load by the method from the load recorded, hours by distance over speed."""
        mode = rows["mode_or_segment"].astype(str)
        loads = slowed_loads(rows.assign(mode=mode), self.speed_kn, base.method)
        return self._slowed(rows, loads, base.method)

    def _slowed(self, rows: pd.DataFrame, loads: Array, method: Method | None = None) -> pd.DataFrame:
        """The rows at the cap, main engines at some loads; those that are off do no work."""
        longer = rows["speed_kn"].to_numpy(dtype=float) / self.speed_kn
        main = (rows["engine_group"] == "propulsion").to_numpy()
        load = rows["load_factor"].to_numpy(dtype=float)
        # Auxiliary engines and boilers have a load of the main engine only where they follow it.
        slowed = np.where(np.isnan(load), load, loads)
        work = rows["quantity"].to_numpy() * longer * np.where(main, slowed / np.where(main, load, 1.0), 1.0)
        tier = np.asarray(rows["key_tier"].str[-1].astype(int), dtype=np.int64)
        # What the certificate says shows in the tier at the load recorded, unless that was below the cut-out.
        at = np.where(main, slowed, 1.0)
        engine = rows["key_engine_type"].astype(str)
        reached = (
            tier_at_load(tier, at, engine, method, rows["hotel_share"])
            if method
            else engines.tier_at_load(tier, at, engine.str.endswith("-ED"))
        )
        at_load = np.where(main, reached, tier)
        sailed = rows.assign(
            quantity=work,
            hours=rows["hours"] * longer,
            speed_kn=self.speed_kn,
            load_factor=slowed,
            key_tier=pd.Series(at_load, index=rows.index).map("Tier {}".format),
        )
        return sailed[~(main & (slowed == 0))]

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share of hours at or below the cap."""
        return self.adoption.level(years, present)
