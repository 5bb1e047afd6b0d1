"""Emission capture: the exhaust of ships at berth or anchor is drawn off and cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from emissions.ship_fuels import DISTILLATE_SULFUR_PCT
from factors.recipes.ships.capture import (
    CAPTURED,
    FUEL_RATE,
    NEED,
    OWN,
    POWER,
    SYSTEM,
    SYSTEM_ENGINE,
    SYSTEM_GROUP,
)
from inventories.scenarios.measures.at_berth import FAMILY, SHIPS, AtBerth, Stays
from inventories.scenarios.measures.kind import Array, Mask, Option, constant

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

Group = Literal["auxiliary", "boiler"]
_MODES = {"berth": "hotelling", "anchorage": "anchorage"}
_COSTS = (CAPTURED, POWER, FUEL_RATE)


class EmissionCapture(AtBerth):
    """At a share of stops a system cleans the exhaust of some engine groups; CO2 passes.

    What it removes, and the power and fuel that it takes, are the system's in the port's own table of capture
    efficiencies. Stops already captured or connected stay as recorded. A system on auxiliary engines excludes
    shore power at the same stops; one on boilers alone does not.

    Attributes
    ----------
    system : str
        The ``capture_system`` of the port's table.
    share_of : {"stops"}
    engine_groups : tuple of {"auxiliary", "boiler"}
        Whose exhaust is captured.
    boilers_of : {"all", "steam_pumps"}
        Boilers of all ships, or only of tankers whose cargo pumps are driven by steam.
    places : tuple of {"berth", "anchorage"}
        Stops meant.
    """

    system: str
    share_of: Literal["stops"]
    engine_groups: Annotated[tuple[Group, ...], Field(min_length=1)] = ("auxiliary",)
    boilers_of: Literal["all", "steam_pumps"] = "all"
    places: Annotated[tuple[Literal["berth", "anchorage"], ...], Field(min_length=1)] = ("berth",)

    def family(self) -> str:
        """On auxiliary engines it is one of the ways a stop is treated; on boilers alone it stands apart."""
        return FAMILY if "auxiliary" in self.engine_groups else "boilers_captured"

    def check(self, base: BaseYear) -> list[str]:
        """The system's efficiencies are in the port's table, and ships with steam pumps are known."""
        problems = super().check(base)
        if not base.method.has_table(SHIPS, NEED):
            return [
                *problems,
                f"{self.title}: no efficiencies of a capture system are shipped. `caap factors template "
                f'{SHIPS}.{NEED}` writes a form; name it in port.toml under [factor_tables] "{SHIPS}.{NEED}" '
                "and build the base year again",
            ]
        table = base.method.table(SHIPS, NEED).frame
        removes = table[~table["quantity"].isin(_COSTS) & ~table["quantity"].str.endswith(OWN)]
        known = removes.loc[removes["capture_system"] == self.system, "engine_group"]
        for group in self.engine_groups:
            if group not in set(known):
                there = ", ".join(sorted({f"{s} on {g}" for s, g in zip(
                    removes["capture_system"], removes["engine_group"], strict=True)}))  # fmt: skip
                problems.append(
                    f"{self.title}: the table {NEED} has no efficiency of system {self.system!r} on {group} "
                    f"engines; it has {there or 'none'}"
                )
        if self._only_steam and not (base.rows[SHIPS]["has_steam_pumps"] > 0).any():
            problems.append(
                f"{self.title}: boilers_of = steam_pumps, and no ship here says pump_drive = steam; give it "
                "in the table vessels and build the base year again"
            )
        return problems

    @property
    def _only_steam(self) -> bool:
        return "boiler" in self.engine_groups and self.boilers_of == "steam_pumps"

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """The engine groups named of ships at the places named."""
        mine = rows["engine_group"].isin(self.engine_groups)
        mine &= rows["mode_or_segment"].isin([_MODES[place] for place in self.places])
        if self._only_steam:
            mine &= (rows["engine_group"] != "boiler") | (rows["has_steam_pumps"] > 0)
        return mine.to_numpy(dtype=bool) & self.of_types(rows)

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Stays during which the exhaust was captured; or the ship connected, if auxiliaries are meant."""
        done = rows["is_captured"] > 0
        if self.family() == FAMILY:
            done |= rows["is_at_plugged_berth"] > 0
        return done.to_numpy(dtype=bool)

    def stops(self, base: BaseYear) -> Stays:
        """Stops at the places meant; of ships with steam pumps where only their boilers are."""
        stays = base.stays
        mine = self.of_types(stays) & stays["mode_or_segment"].isin(
            [_MODES[place] for place in self.places]
        ).to_numpy(dtype=bool)
        if self._only_steam and self.family() != FAMILY:
            mine &= (stays["has_steam_pumps"] > 0).to_numpy(dtype=bool)
        return stays[mine]

    def treated(self, stops: Stays) -> Mask:
        """Stops at which a group meant was captured at some time."""
        named = [f"captured_{group}" for group in self.engine_groups]
        return (stops[named] > 0).any(axis=1).to_numpy(dtype=bool)

    def taken(self, base: BaseYear, option: Option, others: Sequence[Option]) -> Array | None:
        """Return the stops captured, or connected where that excludes capture."""
        stops = self.stops(base)
        done = self.treated(stops)
        if self.family() == FAMILY:
            done = done | (stops["is_at_plugged_berth"] > 0).to_numpy(dtype=bool)
        return self.counted(base, stops, done)

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Split each stay into the hours uncaptured and captured; the ship's own engines only."""
        captured = self.part(rows)
        before = rows.assign(
            quantity=rows["quantity"] * (1 - captured), hours=rows["hours"] * (1 - captured), is_captured=1.0
        )
        during = rows.assign(
            quantity=rows["quantity"] * captured,
            hours=rows["hours"] * captured,
            is_captured=1.0,
            key_capture=self.system,
        )
        return pd.concat([before, during[during["quantity"] > 0]], ignore_index=True)

    def vary_at(self, base: BaseYear, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """As `vary`, with what the system draws and burns while it works, on lines of its own."""
        # Hours of a stay count once, be one engine group captured or two.
        once = rows["engine_group"] == ("auxiliary" if "auxiliary" in self.engine_groups else "boiler")
        if not len(rows):
            return rows
        at_work = rows[once.to_numpy()]
        hours = at_work["hours"] * self.part(at_work)
        parts = [self.vary(source, rows, option)]
        if power := self._of_system(base, POWER, "kW"):
            parts.append(
                constant(
                    at_work,
                    quantity=hours * power,
                    hours=hours,
                    out_source="electricity",
                    in_domain=False,
                    key_use="emission_capture",
                )
            )
        if self._of_system(base, FUEL_RATE, "kg/h"):
            burning = {
                "engine_group": SYSTEM_GROUP,
                "key_engine_group": SYSTEM_GROUP,
                "key_engine_type": SYSTEM_ENGINE,
                "key_tier": "Tier 0",
                "key_fuel": "MGO/MDO",
                "key_sulfur_pct": DISTILLATE_SULFUR_PCT,
                "key_capture": self.system,
                "key_cycle": "",
                "key_engine_age": "",
                "key_after_treatment": "",
                "load_factor": np.nan,
            }
            parts.append(constant(at_work, quantity=hours, hours=hours, **burning))
        return pd.concat(parts, ignore_index=True)

    def _of_system(self, base: BaseYear, quantity: str, unit: str) -> float:
        """What the port's table says of the system itself; 0 where it says nothing."""
        table = base.method.table(SHIPS, NEED)
        asked = pd.DataFrame({"capture_system": [self.system], "engine_group": [SYSTEM]})
        if not table.has(asked, quantity).all():
            return 0.0
        return float(table.find(asked, quantity).to(unit)[0])

    def energy_today(self, base: BaseYear, rows: pd.DataFrame) -> Array:
        """Work of the engines whose exhaust was captured."""
        mine = rows[(rows["key_capture"] != "").to_numpy()]
        return np.bincount(mine["group"], weights=mine["quantity"], minlength=len(base.groups)).astype(float)
