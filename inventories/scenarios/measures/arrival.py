"""Arrival: less waiting at anchor, shorter ways in, and slower ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from inventories.scenarios.measures.adoption import Adoption
from inventories.scenarios.measures.kind import Array, Mask, Option, ShareMeasure, none_standing
from inventories.scenarios.measures.speed_reduction import SpeedReduction

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

SHIPS = "ocean_going_vessels"


class Arrival(ShareMeasure):
    """A share of the hours at anchor, or of the ways through some zones, is spared, or sailed more slowly.

    What is spared is *avoided* only where ships do not wait or sail elsewhere instead. Where they queue
    outside the domain it is *moved*: the work stays, out of the domain, and is shown there.

    Attributes
    ----------
    adoption : Adoption
        Share of the base year's anchorage hours spared; for approaches, of the way through the zones that is
        sailed on the shorter route, or of the main-engine hours there at or below the speed.
    share_of : {"hours"}
    at : {"anchorage", "approach"}
    fate : {"avoided", "moved"}
    zones : tuple of str
        Needed for approaches; empty for all anchorages.
    shorter_by : float
        Part of the distance through the zones that the shorter route spares. [1]
    speed_kn : float
        Speed of a slower approach, in place of `shorter_by`; zones outside the domain too. [kn]
    vessel_types : tuple of str
        Empty for all.
    """

    LEVEL: ClassVar[int] = 2
    SOURCES: ClassVar[tuple[str, ...]] = (SHIPS,)

    adoption: Adoption
    share_of: Literal["hours"]
    at: Literal["anchorage", "approach"] = "anchorage"
    fate: Literal["avoided", "moved"] = "avoided"
    zones: tuple[str, ...] = ()
    shorter_by: Annotated[float | None, Field(gt=0.0, le=1.0)] = None
    speed_kn: Annotated[float | None, Field(gt=0.0, le=40.0)] = None
    vessel_types: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _keys_go_together(self) -> Arrival:
        said = (self.shorter_by is not None) + (self.speed_kn is not None)
        if self.at == "approach" and not (self.zones and said == 1):
            raise ValueError(
                "an approach needs its zones, and either shorter_by, the part of the way spared, or speed_kn"
            )
        if self.at == "anchorage" and said:
            raise ValueError(
                'shorter_by and speed_kn are for at = "approach"; at anchor the adoption is the share'
            )
        if self.fate == "moved" and self.speed_kn is not None:
            raise ValueError(
                'a slower approach emits where it is sailed, and nothing is moved: leave fate = "moved" out'
            )
        return self

    def family(self) -> str:
        """Anchorage and each set of approach zones are wholes of their own."""
        slower = "slower" if self.speed_kn is not None else ""
        return " ".join([self.kind(), self.at, slower, *sorted(self.zones)])

    @property
    def _cap(self) -> SpeedReduction | None:
        """The speed of a slower approach as the measure that knows what speed does to work."""
        if self.speed_kn is None:
            return None
        return SpeedReduction(
            zones=self.zones,
            speed_kn=self.speed_kn,
            adoption=self.adoption,
            share_of="hours",
            vessel_types=self.vessel_types,
        )

    def check(self, base: BaseYear) -> list[str]:
        """Ships of the types wait or sail in the zones."""
        rows = base.rows.get(SHIPS)
        if rows is None:
            return [f"{self.title}: the port has no ships"]
        here = rows[_is_at(rows, self.at)]
        problems = []
        for name, column, known in (
            ("zones", "zone", set(here["zone"].unique().astype(str))),
            ("vessel_types", "source_type", set(here["source_type"].unique().astype(str))),
        ):
            unknown = sorted(set(getattr(self, name)) - known)
            if unknown:
                said = ", ".join(sorted(known)) or "none"
                problems.append(
                    f"{self.title}: {name} {', '.join(unknown)} have no ships "
                    f"{'at anchor' if self.at == 'anchorage' else 'sailing'}; known by {column}: {said}"
                )
        if not len(here):
            problems.append(
                f"{self.title}: no hours at {self.at} in the base year, so there is nothing to spare"
            )
        return problems

    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """All engines and boilers of ships at anchor, or on their way through the zones."""
        mine = _is_at(rows, self.at)
        if self.zones:
            mine = mine & rows["zone"].isin(self.zones).to_numpy(dtype=bool)
        if self.vessel_types:
            mine = mine & rows["source_type"].isin(self.vessel_types).to_numpy(dtype=bool)
        return mine

    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Nothing of the base year's hours has been spared of itself; slow ships are slow already."""
        if self._cap is not None:
            return self._cap.changed(source, rows, option)
        return np.zeros(len(rows), dtype=bool)

    def standing(self, base: BaseYear, option: Option) -> tuple[Array, Array]:
        """Nothing, for the share is of the base year's own hours; of speed, what is slow already."""
        return none_standing(base) if self._cap is None else self._cap.standing(base, option)

    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Spare the hours, move them out of the domain, or sail them more slowly."""
        if self._cap is not None:
            return self._cap.vary(source, rows, option)
        cut = 1.0 if self.shorter_by is None else self.shorter_by
        kept = rows.assign(quantity=rows["quantity"] * (1 - cut), hours=rows["hours"] * (1 - cut))
        kept = kept if cut < 1 else kept.iloc[:0]
        if self.fate == "avoided":
            return kept
        moved = rows.assign(quantity=rows["quantity"] * cut, hours=rows["hours"] * cut, in_domain=False)
        return pd.concat([kept, moved], ignore_index=True)

    def vary_at(self, base: BaseYear, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """As `vary`; what speed does to loads, by the method."""
        if self._cap is not None:
            return self._cap.vary_at(base, source, rows, option)
        return self.vary(source, rows, option)

    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Share spared."""
        return self.adoption.level(years, present)


def _is_at(rows: pd.DataFrame, at: str) -> Mask:
    if at == "anchorage":
        return (rows["mode_or_segment"].astype(str) == "anchorage").to_numpy()
    return (rows["speed_kn"] > 0).to_numpy(dtype=bool)
