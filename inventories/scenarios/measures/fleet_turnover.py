"""Fleet turnover: old ships, trucks and machines leave, new ones come, work by age stays."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from emissions.engines import TIER3_CUT_OUT_LOAD, tier_of_keel
from inventories.scenarios.measures.kind import Measure

if TYPE_CHECKING:
    from inventories.scenarios.base import BaseYear


class FleetTurnover(Measure):
    """The age distribution of the base year is kept: model and keel years move on by one each year.

    With a survival table trucks and machines leave by age instead, and purchases keep the work of each type
    what it is; work by age then drifts from that of the base year.

    A tier is never improved by time alone: it follows the model year, and for ships the keel year with the
    date of the control area the port lies in. No ship's successor is of an older tier than the ship was.

    Attributes
    ----------
    sources : tuple of str
        Which fleets turn over; empty for all that have model years.
    tier3_keels_from : int
        Keel year from which Tier III binds at the port; North America 2016.
    survival : mapping of age to float
        Share of trucks and machines still there at an age; straight lines between, 1 at age 0 and 0 at the
        last age given. Empty for a constant age distribution.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = (
        "ocean_going_vessels",
        "heavy_duty_vehicles",
        "cargo_handling_equipment",
    )

    sources: tuple[str, ...] = ()
    tier3_keels_from: Annotated[int, Field(ge=2000, le=2100)] = 2016
    survival: Mapping[Annotated[int, Field(ge=0)], Annotated[float, Field(ge=0.0, le=1.0)]] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _survival_falls_to_none(self) -> FleetTurnover:
        shares = [share for _, share in sorted(self.survival.items())]
        if shares and (shares[-1] > 0 or any(later > earlier for earlier, later in pairwise(shares))):
            raise ValueError("survival falls with age and ends with the age at which none is left: 30 = 0.0")
        return self

    def turns(self, source: str) -> bool:
        """Return whether a source's fleet turns over under this measure."""
        return source in (self.sources or self.SOURCES)

    def check(self, base: BaseYear) -> list[str]:
        """Only fleets with model years can turn over."""
        unknown = sorted(set(self.sources) - set(self.SOURCES))
        if self.survival and "ocean_going_vessels" in (self.sources or self.SOURCES):
            return [
                f"{self.title}: survival is of a stock that a port's work keeps, and ships that call are "
                'none; name sources = ["heavy_duty_vehicles"], ["cargo_handling_equipment"] or both'
            ]
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

    def stock(self, base: BaseYear, source: str, elapsed: int) -> pd.DataFrame:
        """Return the work of a source by type, port and age, in the base year and after some years.

        Returns
        -------
        pandas.DataFrame
            ``source_type, port, age, base, work``; both sum to the same for each type and port.
        """
        groups = base.groups[(base.groups["source_category"] == source) & (base.groups["vintage"] > 0)]
        work = base.quantity(source, _counted(source, base.rows[source]))[groups.index]
        age = (base.year - groups["vintage"]).clip(lower=0)
        each = groups[["source_type", "port"]].assign(age=age, base=work)
        table = each.groupby(["source_type", "port", "age"])["base"].sum().reset_index()
        table["work"] = table["base"]
        for _, part in table.groupby(["source_type", "port"]):
            table.loc[part.index, "work"] = self._survived(
                part["age"].to_numpy(), part["base"].to_numpy(dtype=float), elapsed
            )
        return table

    def _survived(
        self, age: NDArray[np.int64], work: NDArray[np.float64], elapsed: int
    ) -> NDArray[np.float64]:
        """Work by age after some years of leaving and purchases; ages without work lend it to the nearest."""
        if not self.survival or elapsed == 0 or not work.sum() > 0:
            return work
        oldest = max(int(age.max()), max(self.survival)) + 1
        known = {0: 1.0, **self.survival}
        left = np.interp(np.arange(oldest + 1), sorted(known), [known[at] for at in sorted(known)])
        stays = np.divide(left[1:], left[:-1], out=np.zeros(oldest), where=left[:-1] > 0)
        stock = np.bincount(age, weights=work, minlength=oldest + 1).astype(float)
        for _ in range(elapsed):
            older = np.concatenate([[0.0], stock[:-1] * stays])
            older[0] = stock.sum() - older.sum()
            stock = older
        present = age[work > 0]
        nearest = present[np.abs(np.arange(oldest + 1)[:, None] - present[None, :]).argmin(axis=1)]
        by_age = np.bincount(nearest, weights=stock, minlength=oldest + 1)
        return np.where(work > 0, by_age[age], 0.0)

    def weights(
        self, base: BaseYear, source: str, group: NDArray[np.int64], elapsed: int
    ) -> NDArray[np.float64]:
        """Return what the work of each cell's group becomes, over what it was, shape (n_cells,)."""
        if not self.survival or elapsed == 0 or not self.turns(source):
            return np.ones(len(group))
        table = self.stock(base, source, elapsed)
        now, was = table["work"].to_numpy(), table["base"].to_numpy()
        ratio = np.divide(now, was, out=np.ones(len(table)), where=was > 0)
        named = pd.Series(ratio, pd.MultiIndex.from_frame(table[["source_type", "port", "age"]]))
        groups = base.groups
        age = (base.year - groups["vintage"]).clip(lower=0)
        asked = pd.MultiIndex.from_arrays([groups["source_type"], groups["port"], age])
        by_group = np.where(groups["vintage"] > 0, named.reindex(asked).fillna(1.0), 1.0)
        return np.asarray(by_group[group], dtype=float)

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


def _counted(source: str, rows: pd.DataFrame) -> NDArray[np.bool_]:
    """What a stock is weighed by: miles of trucks, all work of machines."""
    if source == "heavy_duty_vehicles":
        return (rows["process_set"].astype(str) == "running").to_numpy()
    return np.ones(len(rows), dtype=bool)


LOW_LOAD = TIER3_CUT_OUT_LOAD
