"""The base year as a projection sees it: work rows with their class keys, in groups that shares speak of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.brief import brief
from factors.library import classify, plain, recipe_for
from factors.recipes.electricity.recipe import DRAWN
from factors.recipes.fuel_supply import SOURCE as FUEL_SUPPLY
from factors.recipes.grid_losses import SOURCE as GRID_LOSSES
from factors.terms import Factors
from inventories.scenarios.base_year.class_book import ClassBook, Page
from inventories.work.rows import STATE_COLUMNS

if TYPE_CHECKING:
    from factors.method import Method
    from inventories.year.inventory import Inventory

SHIPS = "ocean_going_vessels"
GRID = "electricity"
DRAWN_BY_SHIPS = ("shore_power", "emission_capture")
"""What electricity is for that ships draw, or systems that clean their exhaust."""
NORTH_AMERICA_FROM = 2016
"""Keel year of the North American NOx area."""

GROUP = ("source_category", "source_type", "port")
"""What a share may differ by, besides the model year of trucks and machines."""

KEPT = (
    "source_category",
    "source_type",
    "port",
    "engine_group",
    "mode_or_segment",
    "zone",
    "terminal",
    "in_domain",
    "process_set",
)
SUMMED = ("quantity", "hours")
STATE = tuple(name for name in STATE_COLUMNS if name not in SUMMED)
OUT = ("out_source", "out_in_domain")


@dataclass(frozen=True)
class BaseYear:
    """Work of the base year, summed over what no measure asks about.

    Attributes
    ----------
    year : int
    method : Method
    rows : dict of str to pandas.DataFrame
        By source category: `KEPT`, `STATE`, `SUMMED`, the class keys of the source, and ``group``.
    groups : pandas.DataFrame
        ``source_category, source_type, port, vintage``; the index is the group.
    stays : pandas.DataFrame
        Stays of ships at berth and anchor: ``record_id, terminal, stay_hours, mode_or_segment, source_type,
        port, is_at_plugged_berth, captured_auxiliary, captured_boiler, has_steam_pumps``, and
        ``connected_kwh`` at the ship, and ``model_year``, that of the keel.
    totals : pandas.DataFrame
        The inventory's own masses by source category and ``in_domain``. [kg; kWh of electricity]
    drawn : pandas.DataFrame
        Rows of electricity that repeat what machines, trucks and craft draw: they follow their own source,
        and are no rows that a measure could change.
    counts_fuel_supply : bool
        Whether the inventory counts what making ships' fuels emits: that follows what ships burn.
    tier3_keels_from : float
        Keel year from which Tier III binds in the port's waters; infinite outside of all NOx areas. North
        America's for a year saved by an earlier version, which does not say.
    place : mapping, optional
        Where the port lies, as the year's manifest has it; None for a year saved by an earlier version.
    """

    year: int
    method: Method
    rows: dict[str, pd.DataFrame]
    groups: pd.DataFrame
    stays: pd.DataFrame
    totals: pd.DataFrame
    cache: dict[Any, Any] = field(default_factory=dict, repr=False)
    books: dict[str, ClassBook] = field(default_factory=dict, repr=False)
    drawn: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    counts_fuel_supply: bool = False
    tier3_keels_from: float = NORTH_AMERICA_FROM
    place: Mapping[str, Any] | None = field(default=None, repr=False)

    __repr__ = brief

    @classmethod
    def of(cls, inventory: Inventory, method: Method) -> BaseYear:
        """Take an inventory apart for projection."""
        rows: dict[str, pd.DataFrame] = {}
        # A year saved by an earlier version says nothing of what was told apart since.
        absent = {name: np.nan for name in STATE if name not in inventory.work}
        work = inventory.work.assign(**absent) if absent else inventory.work
        keys = inventory.classes.classes
        for source in work["source_category"].cat.categories:
            place = np.flatnonzero(work["source_category"] == source)
            if len(place):
                # An inventory keeps the rows of a source together.
                together = place[-1] - place[0] + 1 == len(place)
                mine = work.iloc[place[0] : place[-1] + 1] if together else work.iloc[place]
                mine = _of_ships(mine, work) if source == GRID else mine
                rows[str(source)] = _summed(mine, keys, str(source), method)
        books = _known_classes(rows, inventory, method)
        rows = {source: frame.drop(columns="class_id") for source, frame in rows.items()}
        drawn = _take_drawn(rows)
        fuel_supply = rows.pop(FUEL_SUPPLY, None)
        rows.pop(GRID_LOSSES, None)  # a line of the inventory beside its electricity; not projected
        groups = _number_groups(rows)
        keels = inventory.manifest.get("tier3_keels_from", NORTH_AMERICA_FROM)
        return cls(
            inventory.year,
            method,
            rows,
            groups,
            _stays(work, float(method.option("shore_power_efficiency"))),
            _totals(inventory),
            books=books,
            drawn=drawn,
            counts_fuel_supply=fuel_supply is not None,
            tier3_keels_from=math.inf if keels is None else float(keels),
            place=inventory.manifest.get("place"),
        )

    def quantity(self, source: str, mask: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Return the work of each group, shape (n_groups,); of some rows where a mask is given."""
        rows = self.rows[source]
        taken = rows if mask is None else rows[mask]
        summed = np.bincount(taken["group"], weights=taken["quantity"], minlength=len(self.groups))
        return summed.astype(float)

    def resolve(self, source: str, rows: pd.DataFrame) -> tuple[NDArray[np.int64], Factors]:
        """Resolve the classes of varied rows, each class once."""
        if source not in self.books:
            self.books[source] = ClassBook(source, self.method)
        return self.books[source].resolve(rows)

    @cached_property
    def stay_groups(self) -> pd.Series:
        """The group of ships that each of `stays` belongs to: by type and port alone."""
        ships = self.groups[self.groups["source_category"] == SHIPS]
        key = ["source_type", "port"]
        number = pd.Series(ships.index, index=pd.MultiIndex.from_frame(ships[key].astype(str)))
        found = number.reindex(pd.MultiIndex.from_frame(self.stays[key].astype(str)))
        return found.set_axis(self.stays.index)

    @cached_property
    def grid_keys(self) -> dict[str, str | int]:
        """Class keys of new electricity: the method's grid, drawn over the whole of the base year."""
        if "grid_region" not in self.method.declared:
            return {}
        by_hour = self.method.option("grid_hours") == "by_hour"
        region = self.method.option("grid_region")
        return {"grid_region": region, "grid_month": 0, "grid_calendar": self.year if by_hour else 0}

    @cached_property
    def anchor(self) -> dict[tuple[str, bool, str], float]:
        """The inventory's own mass by source category, ``in_domain`` and pollutant. [kg; kWh]"""
        return {
            (str(source), bool(inside), str(pollutant)): float(value)
            for (source, inside), row in zip(self.totals.index, self.totals.to_numpy(), strict=True)
            for pollutant, value in zip(self.totals.columns, row, strict=True)
        }

    @cached_property
    def sources(self) -> list[str]:
        """Source categories with work."""
        return sorted(self.rows)


def _of_ships(power: pd.DataFrame, work: pd.DataFrame) -> pd.DataFrame:
    """Electricity, that of connected or captured ships with the type of the ship: it follows their calls."""
    drawn = power["source_type"].isin(DRAWN_BY_SHIPS).to_numpy()
    ships = work.loc[work["source_category"] == SHIPS, ["record_id", "source_type"]]
    if not drawn.any() or not len(ships):
        return power
    called = ships.drop_duplicates("record_id")
    types = pd.Series(plain(called["source_type"]).to_numpy(), index=plain(called["record_id"]).to_numpy())
    own = plain(power["record_id"]).map(types).where(drawn)
    return power.assign(source_type=own.where(own.notna(), plain(power["source_type"])))


def _summed(work: pd.DataFrame, classes: pd.DataFrame, source: str, method: Method) -> pd.DataFrame:
    """Sum work rows that differ in nothing a measure could ask about, and give them their class keys."""
    # Categories stay: every measure asks for them of all rows.
    number, distinct = classify(work[[*KEPT, *STATE, "class_id"]], keep_categories=True)
    shared = work["quantity"].to_numpy() * work["port_share"].to_numpy()
    out = distinct.assign(
        quantity=np.bincount(number, weights=shared, minlength=len(distinct)),
        hours=np.bincount(number, weights=work["hours"].fillna(0.0), minlength=len(distinct)),
    )
    place, class_id = pd.factorize(out["class_id"])
    known = classes.loc[class_id]
    recipe = recipe_for(source, method)
    for key in recipe.KEYS:
        if key not in known:  # a year saved before the recipe had the key
            out[f"key_{key}"] = recipe.DEFAULTS[key]  # type: ignore[attr-defined]
            continue
        column = known[key]
        # Classes of several sources share a frame, in which whole numbers have become floats.
        whole = pd.api.types.is_float_dtype(column) and bool((column == np.floor(column)).all())
        if not pd.api.types.is_numeric_dtype(column):
            column = column.astype("category")
        column = column.astype(np.int64) if whole and "sulfur" not in key else column
        out[f"key_{key}"] = column.array.take(place)
    return out


def _known_classes(
    rows: dict[str, pd.DataFrame], inventory: Inventory, method: Method
) -> dict[str, ClassBook]:
    """The classes of the inventory itself, where it was built by these very tables, so that all agree."""
    if method is not inventory.method or not inventory.is_current:
        return {}
    books = {}
    for source, frame in rows.items():
        keys = list(recipe_for(source, method).KEYS)
        classes = frame.drop_duplicates("class_id").sort_values("class_id")
        named = classes[[f"key_{key}" for key in keys]].set_axis(keys, axis=1).reset_index(drop=True)
        books[source] = ClassBook(source, method)
        books[source].learn(named, Page.of(inventory.classes, classes["class_id"].to_numpy()))
    return books


def _take_drawn(rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Take out of electricity what follows another source."""
    power = rows.pop("electricity", None)
    if power is None:
        return pd.DataFrame()
    repeats = power["key_use"].isin(DRAWN.values()).to_numpy(dtype=bool)
    if not repeats.all():
        rows["electricity"] = power[~repeats].reset_index(drop=True)
    return power[repeats].reset_index(drop=True)


def _number_groups(rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Number groups over all sources; trucks, machines, craft and locomotives differ by vintage as well."""
    own = [classify(frame[list(GROUP)].assign(vintage=_vintage(frame))) for frame in rows.values()]
    every = pd.concat([distinct for _, distinct in own], ignore_index=True)
    group, groups = classify(every.astype(dict.fromkeys(GROUP, str)))
    start = 0
    for frame, (number, distinct) in zip(rows.values(), own, strict=True):
        frame["group"] = group[start : start + len(distinct)][number]
        start += len(distinct)
    return groups


def _vintage(frame: pd.DataFrame) -> NDArray[np.int64]:
    """Model year of trucks, machines and engines, 0 where not known; ships would make too many groups."""
    asked = frame["key_model_year"] if "key_model_year" in frame else pd.Series(0, index=frame.index)
    ships = (frame["source_category"] == SHIPS).to_numpy(dtype=bool)
    own = np.where(ships, 0, frame["model_year"].fillna(0).to_numpy(dtype=np.int64))
    return np.where(asked > 0, asked, own).astype(np.int64)


def _totals(inventory: Inventory) -> pd.DataFrame:
    source = plain(inventory.cells["source_category"])
    return inventory.mass.groupby([source, inventory.cells["in_domain"]]).sum()


STAY = ("record_id", "terminal", "stay_hours", "mode_or_segment")
"""What tells stays apart."""

OF_STAY = ("is_at_plugged_berth", "captured_auxiliary", "captured_boiler", "has_steam_pumps")


def _stays(work: pd.DataFrame, efficiency: float) -> pd.DataFrame:
    """Stays at berth and anchor, each once, be its engines on or the ship plugged in from end to end."""
    vessels = work["source_category"] == SHIPS
    ships = vessels & work["engine_group"].isin(["auxiliary", "boiler"])
    ships &= work["mode_or_segment"].isin(["hotelling", "anchorage"])
    plugged = (work["source_category"] == "electricity") & (work["mode_or_segment"] == "shore_power")
    read = [*STAY, "engine_group", "port", "is_at_plugged_berth", "is_captured", "has_steam_pumps"]
    rows = work.loc[ships | plugged, [*read, "quantity", "port_share"]]
    rows = rows.assign(**{name: plain(rows[name]) for name in ("record_id", "terminal", "port")})
    rows["mode_or_segment"] = plain(rows["mode_or_segment"]).replace("shore_power", "hotelling")
    for name in ("auxiliary", "boiler"):
        rows[f"captured_{name}"] = rows["is_captured"].where(rows["engine_group"] == name)
    at_ship = rows["quantity"] * rows["port_share"] * efficiency
    rows["connected_kwh"] = at_ship.where(plugged[rows.index], 0.0)
    found = rows.groupby(list(STAY), sort=False)
    stays = found[["port", *OF_STAY]].max().assign(connected_kwh=found["connected_kwh"].sum()).reset_index()
    called = work.loc[vessels, ["record_id", "source_type", "model_year"]].drop_duplicates("record_id")
    called = called.set_axis(plain(called["record_id"]))
    stays["source_type"] = stays["record_id"].map(plain(called["source_type"]))
    stays["model_year"] = stays["record_id"].map(called["model_year"].astype(float))
    return stays
