"""Truck operations: shorter queues, turns and idling, fewer empty hauls, containers that leave by rail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from factors.recipes.trucks.moves import idle_rate
from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.estimated import problems_of
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, constant, none_standing

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

TRUCKS = "heavy_duty_vehicles"
RAIL = "locomotives"
_COUNTED_IN = {
    "queue": "hours",
    "turn": "hours",
    "idle": "hours",
    "visits": "visits",
    "on_dock_rail": "miles",
}
_WHOLE = 1e-6
SLOWEST_BIN_MPH = 5
"""Miles on port roads in speed bins up to this are queues that creep."""

Hour = Annotated[int, Field(ge=0, le=23)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
NonNegative = Annotated[float, Field(ge=0.0)]


class RailWork(BaseModel):
    """Work that rail does for a truck mile: from the on-dock yard to where the baseline train began.

    Attributes
    ----------
    gross_ton_miles_per_truck_mile : float
        [short ton mile/mile] The line haul that was there already is not part of it.
    gal_per_1000_gtm : float
    switch_gal_per_truck_mile : float
        Switching on the dock. [gal/mile]
    tier, switch_tier : str
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    gross_ton_miles_per_truck_mile: NonNegative
    gal_per_1000_gtm: Annotated[float, Field(gt=0.0)]
    switch_gal_per_truck_mile: NonNegative
    tier: str
    switch_tier: str


class TruckOperations(ShareMeasure):
    """A share of queueing, of turn time or of visits is spared, or of miles goes by rail.

    Attributes
    ----------
    spares : {"queue", "turn", "idle", "visits", "on_dock_rail"}
        ``queue``: hours or creeping miles before the gate; ``turn``: idle hours on the terminal; ``idle``:
        idling beyond a limit, anywhere; ``visits``: whole visits, for fewer empty hauls are fewer visits for
        the same cargo; ``on_dock_rail``: visits whose container leaves by train from the dock.
    adoption : Adoption
        Share of the base year's hours, visits or miles that is spared; with hours of the day or a limit, the
        share of the hours that these reach.
    by_hour, spared_by_hour : mapping of hour to float
        Share of the queueing (or turn) hours in each hour of the day, and what appointments or longer gate
        hours spare of each. [1]
    idle_limit_min : float, optional
        Needed by ``idle``. [min]
    idle_by_length_min : mapping of minutes to float
        Share of the idle hours in stops of each length. [1]
    share_of : {"hours", "visits", "miles"}
        Hours of queues and turns, visits, miles that go by rail.
    rail : RailWork, optional
        Needed by ``on_dock_rail``.
    """

    LEVEL: ClassVar[int] = 2
    SOURCES: ClassVar[tuple[str, ...]] = (TRUCKS,)

    spares: Literal["queue", "turn", "idle", "visits", "on_dock_rail"]
    adoption: Adoption
    share_of: Literal["hours", "visits", "miles"]
    rail: RailWork | None = None
    by_hour: Mapping[Hour, Share] = Field(default_factory=dict)
    spared_by_hour: Mapping[Hour, Share] = Field(default_factory=dict)
    idle_limit_min: NonNegative | None = None
    idle_by_length_min: Mapping[Annotated[float, Field(gt=0.0)], Share] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _keys_go_together(self) -> TruckOperations:
        wanted = _COUNTED_IN[self.spares]
        if self.share_of != wanted:
            raise ValueError(f'spares = "{self.spares}" is a share of {wanted}: share_of = "{wanted}"')
        if (self.spares == "on_dock_rail") != (self.rail is not None):
            raise ValueError(
                "on_dock_rail, and it alone, needs rail: the work of trains that replaces a truck mile"
            )
        self._check_hours()
        self._check_limit()
        return self

    def _check_hours(self) -> None:
        if not self.by_hour and not self.spared_by_hour:
            return
        if self.spares not in ("queue", "turn"):
            raise ValueError('by_hour and spared_by_hour are for spares = "queue" or "turn"')
        total = sum(self.by_hour.values())
        if abs(total - 1) > _WHOLE:
            raise ValueError(
                f"by_hour sums to {total:.3g}; the shares of all hours of the day with a queue sum to 1"
            )
        strange = sorted(set(self.spared_by_hour) - set(self.by_hour))
        if strange or not self.spared_by_hour:
            named = (
                f"names hours {', '.join(map(str, strange))} that by_hour lacks" if strange else "is missing"
            )
            raise ValueError(f"spared_by_hour {named}; give what is spared of hours of by_hour")

    def _check_limit(self) -> None:
        if (self.spares == "idle") != (self.idle_limit_min is not None and bool(self.idle_by_length_min)):
            raise ValueError(
                'spares = "idle", and it alone, needs idle_limit_min and idle_by_length_min, the shares of '
                "the idle hours in stops of each length"
            )
        total = sum(self.idle_by_length_min.values())
        if self.idle_by_length_min and abs(total - 1) > _WHOLE:
            raise ValueError(f"idle_by_length_min sums to {total:.3g}; the shares of all lengths sum to 1")

    @property
    def effect(self) -> float:
        """Part of the hours that is spared where the measure reaches. [1]"""
        if self.by_hour:
            return sum(share * self.spared_by_hour.get(hour, 0.0) for hour, share in self.by_hour.items())
        if self.idle_limit_min is not None:
            lengths = self.idle_by_length_min.items()
            return sum(share * max(0.0, 1 - self.idle_limit_min / minutes) for minutes, share in lengths)
        return 1.0

    def family(self) -> str:
        """Visits and containers by rail are shares of all visits; queue, turn and idling are wholes."""
        whole = self.spares if self.spares in ("queue", "turn", "idle") else "visits"
        return f"{self.kind()} {whole}"

    def options(self) -> list[Option]:
        """One way, by what it spares."""
        return [Option(self, self.spares)]

    def check(self, base: BaseYear) -> list[str]:
        """What is spared must carry mass of its own in the method, and rail must be known."""
        rows = base.rows.get(TRUCKS)
        if rows is None:
            return [f"{self.title}: the port has no trucks"]
        if self.spares in ("queue", "turn", "idle"):
            return self._check_idle(base, rows)
        if self.spares == "on_dock_rail" and RAIL not in base.method.sources:
            return [
                f"{self.title}: method {base.method.name!r} has no locomotives, so miles moved to rail would "
                "look avoided. Choose a method that has them."
            ]
        return problems_of(base, self) if self.rail is not None else []

    def _check_idle(self, base: BaseYear, rows: pd.DataFrame) -> list[str]:
        drives = (rows["process_set"].astype(str) == "running").to_numpy() & self.affected(TRUCKS, rows)
        creeping = self.spares == "queue" and (bool(base.method.option("queue_creep_mph")) or drives.any())
        rate = idle_rate(base.method)
        if rate in ("vehicle_day", "in_rate") and not creeping:
            return [
                f"{self.title}: with idle_rate = {rate!r} the method counts idling by the day or in its "
                "rates per mile, whatever the hours are, so that fewer hours change nothing. Write "
                'idle_rate = "recorded", "hourly" or "moves3", or a run of MOVES of your own, which count '
                "hours, "
                "under [method.options] of "
                "port.toml and build the year again; where queues creep, queue_creep_mph there does as well"
            ]
        if not self.affected(TRUCKS, rows).any():
            return [f"{self.title}: the base year has no hours of trucks in {self.spares}; nothing to spare"]
        return []

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """What is counted before the gate, on the terminal, or all of the visits."""
        segment, process = rows["mode_or_segment"].astype(str), rows["process_set"].astype(str)
        if self.spares == "idle":
            mine = process == "idle_hour"
        elif self.spares == "turn":
            mine = (segment == "on_terminal") & (process == "idle_hour")
        elif self.spares == "queue":
            creeps = (process == "running") & (rows["key_speed_bin_mph"] <= SLOWEST_BIN_MPH)
            mine = (segment == "on_port") & ((process == "idle_hour") | creeps)
        else:
            mine = pd.Series(True, index=rows.index)
        return mine.to_numpy(dtype=bool)

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Nothing of the base year's own work has been spared of itself."""
        return np.zeros(len(rows), dtype=bool)

    def standing(self, base: BaseYear, option: Option) -> tuple[Array, Array]:
        """Nothing: the share is of the base year's own work."""
        return none_standing(base)

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Spare the work, or the part of it that hours or a limit leave; by rail, add the work of trains."""
        if self.rail is None:
            left = 1 - self.effect
            return rows.assign(quantity=rows["quantity"] * left) if left > 0 else rows.iloc[:0]
        miles = rows[(rows["process_set"].astype(str) == "running").to_numpy()]
        told = self.rail
        train = constant(
            miles,
            quantity=miles["quantity"] * told.gross_ton_miles_per_truck_mile,
            key_kind="line_haul",
            key_service="large_line_haul",
            key_tier=told.tier,
            key_form="gross_ton_miles",
            key_gal_per_gtm=told.gal_per_1000_gtm / 1000,
        )
        switching = constant(
            miles,
            quantity=miles["quantity"] * told.switch_gal_per_truck_mile,
            key_kind="switch",
            key_service="switching",
            key_tier=told.switch_tier,
            key_form="fuel",
            key_gal_per_gtm=np.nan,
        )
        both = pd.concat([train, switching], ignore_index=True)
        # A train is of the tier that is stated; the model year of the trucks is not its own.
        both = constant(both, out_source=RAIL, key_fuel="diesel", model_year=np.nan)
        return both[both["quantity"] > 0].reset_index(drop=True)

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share spared."""
        return self.adoption.level(years, present)
