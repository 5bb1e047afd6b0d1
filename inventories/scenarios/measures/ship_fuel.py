"""Ship fuel: a share of calls burns another fuel, in the engines that a scenario names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.estimated import problems_of
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, by_group

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

SHIPS = "ocean_going_vessels"
Fuel = Literal["MGO/MDO", "VLSFO", "LNG", "methanol", "ammonia", "hydrogen", "HVO", "FAME"]
Cycle = Literal["otto_medium_speed", "otto_low_speed", "diesel_high_pressure", "lean_burn"]
Group = Literal["propulsion", "auxiliary", "boiler"]
_IN_FUEL_CELLS = ("methanol", "ammonia", "hydrogen")
_IN_BLENDS = ("HVO", "FAME")


class ShipFuel(ShareMeasure):
    """A share of calls is made on another fuel; work stays, and its factor classes change.

    Gas engines take fuel rate, slip and NOx by their cycle; a high-pressure diesel-cycle engine keeps the
    NOx of its tier. What pilots them, and what methanol, ammonia and hydrogen engines emit, comes from
    tables that the port brings; without them the measure is refused.

    Attributes
    ----------
    fuel : str
    adoption : Adoption
        Share of calls; all calls of a group of ships are alike, so it is the share of the engines' work.
    share_of : {"calls"}
    cycle : str
        Of gas engines; LNG only, and needed there.
    vessel_types : tuple of str
        Empty for all.
    engine_groups : tuple of str
        Which engines change. Boilers and auxiliaries only if said.
    fuel_cell : bool
        Methanol, ammonia or hydrogen in fuel cells instead of engines.
    blend : float
        Share of the engine's energy that a biofuel gives. [1]
    sulfur_pct : float, optional
        Sulfur of an oil; the limit of the place where left out. [%]
    accept_not_estimated : tuple of str
        Pollutants that may be not estimated on the new fuel though they are on the old.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = (SHIPS,)

    fuel: Fuel
    adoption: Adoption
    share_of: Literal["calls"]
    cycle: Cycle | None = None
    vessel_types: tuple[str, ...] = ()
    engine_groups: Annotated[tuple[Group, ...], Field(min_length=1)] = ("propulsion",)
    fuel_cell: bool = False
    blend: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    sulfur_pct: Annotated[float | None, Field(ge=0.0, le=5.0)] = None
    accept_not_estimated: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _keys_go_together(self) -> ShipFuel:
        if (self.fuel == "LNG") != (self.cycle is not None):
            raise ValueError(
                "LNG needs the cycle of the engines, for slip and NOx differ by it: cycle = "
                '"otto_medium_speed", "otto_low_speed", "diesel_high_pressure" or "lean_burn"; '
                "other fuels have none"
            )
        if self.fuel_cell and self.fuel not in _IN_FUEL_CELLS:
            raise ValueError(f"fuel cells run on {', '.join(_IN_FUEL_CELLS)} here; not on {self.fuel}")
        if self.blend < 1 and self.fuel not in _IN_BLENDS:
            raise ValueError(f"blends are of {', '.join(_IN_BLENDS)}; not of {self.fuel}")
        if (self.fuel == "LNG" or self.fuel_cell) and "boiler" in self.engine_groups:
            raise ValueError("boilers have no engine cycle and are no fuel cells: leave them out here")
        return self

    def family(self) -> str:
        """Fuels exclude each other in one engine."""
        return "ship_fuel"

    def options(self) -> list[Option]:
        """One way, named by the fuel."""
        return [Option(self, " ".join(filter(None, [self.fuel, self.cycle or "", "FC" * self.fuel_cell])))]

    def check(self, base: BaseYear) -> list[str]:
        """Types call here, and the method has factors of the new classes."""
        rows = base.rows.get(SHIPS)
        if rows is None:
            return [f"{self.title}: the port has no ships"]
        known = sorted(set(rows["source_type"].unique().astype(str)))
        unknown = sorted(set(self.vessel_types) - set(known))
        if unknown:
            return [
                f"{self.title}: vessel_types {', '.join(unknown)} do not call here; {', '.join(known)} do"
            ]
        if self.cycle is not None and "key_cycle" not in rows:
            return [f"{self.title}: the method's ships know no engine cycle"]
        return problems_of(base, self, self.accept_not_estimated)

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """The engine groups named, in all modes and places."""
        mine = rows["engine_group"].isin(self.engine_groups)
        if self.vessel_types:
            mine &= rows["source_type"].isin(self.vessel_types)
        return mine.to_numpy(dtype=bool)

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Engines that burn the fuel already, in the same kind of engine."""
        same = rows["key_fuel"] == self.fuel
        if self.cycle is not None and "key_cycle" in rows:
            same &= rows["key_cycle"] == self.cycle
        if self.fuel in _IN_FUEL_CELLS:
            same &= (rows["key_engine_type"] == "FC") == self.fuel_cell
        return same.to_numpy(dtype=bool)

    def taken(self, base: BaseYear, option: Option, others: Sequence[Option]) -> Array:
        """Return the work that is on the fuel, or on that of another measure among the ships of that one."""
        rows = base.rows[SHIPS]
        mine = rows[self.affected(SHIPS, rows)]
        return by_group(base, mine["group"], mine["quantity"] * self.done(SHIPS, mine, option, others))

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Give the work to the fuel; of a blend its share of the energy."""
        burning = rows.assign(**self._keys(rows))
        if self.blend == 1:
            return burning
        rest = rows.assign(
            quantity=rows["quantity"] * (1 - self.blend), hours=rows["hours"] * (1 - self.blend)
        )
        part = burning.assign(quantity=rows["quantity"] * self.blend, hours=rows["hours"] * self.blend)
        return pd.concat([rest, part], ignore_index=True)

    def _keys(self, rows: pd.DataFrame) -> dict[str, Any]:
        limit = rows["key_area_sulfur_pct"]
        if self.sulfur_pct is not None:
            sulfur: Any = self.sulfur_pct
        else:
            sulfur = limit.clip(upper=0.1) if self.fuel in ("MGO/MDO", *_IN_BLENDS) else limit
        keys: dict[str, Any] = {"key_fuel": self.fuel, "key_sulfur_pct": sulfur}
        if "key_cycle" in rows:
            keys["key_cycle"] = self.cycle or ""
            keys["key_after_treatment"] = ""
        if self.fuel == "LNG":
            keys["key_engine_type"] = "LNG"
        elif self.fuel_cell:
            keys["key_engine_type"] = "FC"
        return keys

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share of calls on the fuel."""
        return self.adoption.level(years, present)
