"""Fleet turnover: old ships, trucks, machines and engines leave, new ones come, work by age stays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, model_validator

from inventories.scenarios.base_year import stock, successors
from inventories.scenarios.measures.kind import Measure

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

Age = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
RAIL = "locomotives"
_WHOLE = 1e-6


class FleetTurnover(Measure):
    """The age distribution of the base year is kept: model and keel years move on by one each year.

    With a survival table a fleet leaves by age instead, and purchases keep the work of each type what it is;
    work by age then drifts from that of the base year. Of ships the visits by keel year are the stock.

    A tier is never improved by time alone: it follows the model year, and for ships the keel year with the
    date of the control area the port lies in. No successor is of an older tier than what it stands for.

    Attributes
    ----------
    sources : tuple of str
        Which fleets turn over; empty for all.
    tier3_keels_from : int, optional
        Keel year from which Tier III binds at the port; that of the port's control areas where left out.
    survival : mapping of age to float, or of source category to such a mapping
        Share still there at an age; straight lines between, 1 at age 0 and 0 at the last age given. Empty for
        a constant age distribution; so are sources that a table by source leaves out.
    purchases : mapping of age to float, or of source category to such a mapping
        Share of what is bought by its age then, for a port whose fleet buys used: together 1. Empty where all
        that is bought is new. Only with survival, for without it nothing leaves.
    built : mapping of tier to int
        Year built of locomotives of a tier whose own year is not recorded.
    """

    LEVEL: ClassVar[int] = 3
    SOURCES: ClassVar[tuple[str, ...]] = tuple(stock.COUNTED)

    sources: tuple[str, ...] = ()
    tier3_keels_from: Annotated[int | None, Field(ge=2000, le=2100)] = None
    survival: Mapping[Age, Share] | Mapping[str, Mapping[Age, Share]] = Field(default_factory=dict)
    purchases: Mapping[Age, Share] | Mapping[str, Mapping[Age, Share]] = Field(default_factory=dict)
    built: Mapping[str, Annotated[int, Field(ge=1900, le=2100)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _survival_falls_to_none(self) -> FleetTurnover:
        for source in self.SOURCES:
            shares = [share for _, share in sorted(self.survival_of(source).items())]
            if shares and (shares[-1] > 0 or any(later > earlier for earlier, later in pairwise(shares))):
                raise ValueError(
                    "survival falls with age and ends with the age at which none is left: 30 = 0.0"
                )
        return self

    @model_validator(mode="after")
    def _purchases_are_of_ages_that_live(self) -> FleetTurnover:
        by_source = any(isinstance(value, Mapping) for value in self.purchases.values())
        for source in self.SOURCES:
            bought, left = _of(self.purchases, source), self.survival_of(source)
            if bought and not left:
                if not by_source and self.survival:
                    continue  # meant for those that leave
                raise ValueError(
                    "purchases need survival: without it a fleet keeps its ages and buys nothing; "
                    "write survival = { 10 = 0.9, 20 = 0.0 }"
                )
            if bought and (abs(sum(bought.values()) - 1) > _WHOLE or max(bought) >= max(left)):
                raise ValueError(
                    "purchases are shares by age that make 1, at ages below that at which none is left "
                    f"({max(left, default=0)}): {{ 0 = 0.4, 3 = 0.6 }}; they make {sum(bought.values()):g}, "
                    f"up to age {max(bought)}"
                )
        return self

    def survival_of(self, source: str) -> dict[int, float]:
        """Return the share left by age of a source; empty for a constant age distribution."""
        return _of(self.survival, source)

    def renewal(self, source: str) -> stock.Renewal:
        """Return how a source's fleet leaves and is bought."""
        return stock.Renewal(self.survival_of(source), _of(self.purchases, source))

    def turns(self, source: str) -> bool:
        """Return whether a source's fleet turns over under this measure."""
        return source in (self.sources or self.SOURCES)

    def check(self, base: BaseYear) -> list[str]:
        """Only fleets that have ages can turn over, and only what turns over can survive."""
        known = ", ".join(self.SOURCES)
        problems = []
        unknown = sorted(set(self.sources) - set(self.SOURCES))
        if unknown:
            problems.append(
                f"{self.title}: sources {', '.join(unknown)} have no model years here; known are {known}"
            )
        for field, table in (("survival", self.survival), ("purchases", self.purchases)):
            asked = [str(key) for key, value in table.items() if isinstance(value, Mapping)]
            still = [key for key in asked if key not in self.SOURCES or not self.turns(key)]
            if still:
                problems.append(
                    f"{self.title}: {field} of {', '.join(still)}, which does not turn over here; "
                    f"name it in sources, or leave it out. Known are {known}"
                )
        strange = sorted(set(self.built) - set(successors.RAIL_TIERS))
        if strange:
            problems.append(
                f"{self.title}: built names {', '.join(strange)}, no tier of locomotives; "
                f"known are {', '.join(successors.RAIL_TIERS)}"
            )
        return problems

    def keys_in(
        self, source: str, cells: pd.DataFrame, elapsed: NDArray[np.int64], base: BaseYear
    ) -> pd.DataFrame:
        """Return the class keys of cells after some years.

        Parameters
        ----------
        source : str
        cells : pandas.DataFrame
            Key columns ``key_...``, ``model_year`` and ``low_load`` (main engine below the Tier III cut-out).
        elapsed : ndarray of int, shape (n,)
            Years since the base year; in that year itself cells stay as recorded.
        base : BaseYear
        """
        later = elapsed > 0
        if not self.turns(source) or not later.any():
            return cells
        moved = self._successors(source, cells[later], elapsed[later], base)
        return pd.concat([cells[~later], moved]).sort_index()

    def _successors(
        self, source: str, cells: pd.DataFrame, elapsed: NDArray[np.int64], base: BaseYear
    ) -> pd.DataFrame:
        if source == stock.SHIPS:
            return successors.ships(cells, elapsed, self._keels_from(base))
        if source == "harbor_craft":
            return successors.craft(cells, elapsed, base.method, base.cache)
        if source == RAIL:
            return successors.locomotives(cells, elapsed, base.method, self.built)
        return successors.machines(cells, elapsed, base.method)

    def _keels_from(self, base: BaseYear) -> float:
        return base.tier3_keels_from if self.tier3_keels_from is None else self.tier3_keels_from

    def stock(self, base: BaseYear, source: str, elapsed: int) -> pd.DataFrame:
        """Return the stock of a source by type, port and age, in the base year and after some years.

        Returns
        -------
        pandas.DataFrame
            ``source_type, port, age, base, work``; both sum to the same for each type and port.
        """
        return stock.after(base, source, self.renewal(source), elapsed)

    def weights(
        self,
        base: BaseYear,
        source: str,
        group: NDArray[np.int64],
        model_year: NDArray[np.float64],
        elapsed: NDArray[np.int64],
    ) -> NDArray[np.float64] | None:
        """Return what the work of cells becomes, shape (n_years, n_cells); None where it stays."""
        renewal = self.renewal(source)
        if not renewal.survival or not self.turns(source):
            return None
        return stock.weights(base, source, group, model_year, renewal, elapsed)

    def notes(self, base: BaseYear) -> list[str]:
        """Return what this takes for granted of each fleet of the port, a line a source."""
        found = []
        for source in self.SOURCES:
            if source not in base.rows or not self.turns(source):
                continue
            how = (
                "leaves by the survival table, purchases"
                f"{' by age' if self.renewal(source).purchases else ''} keep demand"
                if self.survival_of(source)
                else "keeps the age distribution of the base year: model years move on by one each year"
            )
            unknown = self._without_year(base, source)
            held = f"; {unknown:.1%} of its work has no year and stays as it is" if unknown > 0 else ""
            keels = self._keels_from(base)
            tier3 = (
                f"Tier III binds keels from {keels:.0f}" if keels < math.inf else "no keel becomes Tier III"
            )
            asked = f"; {tier3}" if source == stock.SHIPS else ""
            if source == "harbor_craft":
                asked = self._stopped_at_tier_3(base)
            found.append(f"{source}: {how}, weighed by {stock.COUNTED[source]}{asked}{held}")
        return found

    def _stopped_at_tier_3(self, base: BaseYear) -> str:
        """Say which share of the work of craft stops at Tier 3, though its successors are held to Tier 4."""
        rows = base.rows["harbor_craft"]
        stops = successors.stops_before_tier_4(rows, base.method)
        work = rows["quantity"].to_numpy(dtype=float) * (rows["key_technology"] == "combustion").to_numpy()
        if not stops.any() or not work.sum():
            return ""
        return (
            f"; WARNING: engines from 600 kW, up to {float(work[stops].sum() / work.sum()):.1%} of its work, "
            "stop at Tier 3, for the method has no rates of Tier 4: harbor_craft_tier4 = certification_limit "
            "takes their limits as an upper bound"
        )

    def _without_year(self, base: BaseYear, source: str) -> float:
        """Share of the work that burns fuel whose age nobody knows."""
        rows = base.rows[source]
        if source in ("heavy_duty_vehicles", "cargo_handling_equipment"):
            year = rows["key_model_year"].to_numpy(dtype=float)
        elif source == RAIL:
            year = successors.years_built(rows, self.built).astype(float)
        else:
            year = rows["model_year"].fillna(0).to_numpy(dtype=float)
        burning = ~rows["key_fuel"].isin(["electric", "hydrogen"]).to_numpy()
        work = rows["quantity"].to_numpy(dtype=float) * burning
        return float(work[year <= 0].sum() / work.sum()) if work.sum() > 0 else 0.0


def _of(table: Mapping[int, float] | Mapping[str, Mapping[int, float]], source: str) -> dict[int, float]:
    """Shares by age of a source, from a table for all sources or from one by source."""
    found: dict[int, float] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            found |= dict(value) if key == source else {}
        else:
            found[int(key)] = value
    return found
