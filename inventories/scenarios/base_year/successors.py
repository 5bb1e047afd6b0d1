"""Successors: what an engine is that stands, some years on, where another stood at the same age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions import harbor_craft
from emissions.engines import tier_of_keel
from factors.method import Method
from factors.recipes import harbor_craft as craft_recipe
from factors.recipes import locomotives as rail_recipe
from factors.recipes import power_bins
from factors.recipes.equipment.names import TIERS as MACHINE_TIERS
from factors.recipes.equipment.parts import least_tier
from factors.units import conversion

CRAFT_TIERS = ("Base", "Tier 0", "Tier 1", "Tier 2", "Tier 3", "Tier 4")
RAIL_TIERS = (
    "Uncontrolled",
    *("Tier 0", "Tier 0+", "Tier 1", "Tier 1+"),
    *("Tier 2", "Tier 2+", "Tier 3", "Tier 4C", "Tier 4"),
)
_LAST_WITH_PLUS = 2
"""Locomotives built to a later tier than this have no rule of 2008 to be remanufactured to."""

_TIER_4_FROM_KW = 600
"""Least power that 40 CFR 1042 has Tier 4 for."""

Years = int | NDArray[np.int64]
"""Years since the base year, at least one: the same for all cells, or shape (n_cells,)."""

BEFORE_TIERS = 1900
"""Stands for the keel that nobody knows: long before any tier, however far a year lies ahead."""


def ships(cells: pd.DataFrame, elapsed: Years, tier3_keels_from: float) -> pd.DataFrame:
    """Return the keys of ships whose keels are some years newer; a successor is never of an older tier.

    Parameters
    ----------
    cells : pandas.DataFrame
        ``key_tier, key_engine_type``, ``key_cycle`` if the recipe has it, ``model_year`` (the keel's),
        ``low_load`` (main engine below the Tier III cut-out).
    elapsed : int or ndarray of int, shape (n,)
    tier3_keels_from : float
        Keel year from which Tier III binds; infinite where it never does.
    """
    keels = cells["model_year"].fillna(0).clip(lower=BEFORE_TIERS).to_numpy() + elapsed
    tier = tier_of_keel(keels, tier3_keels_from)
    tier = np.where((tier == 3) & cells["low_load"].to_numpy(dtype=bool), 2, tier)
    now = cells["key_tier"].str[-1].astype(int).to_numpy()
    has_tier = cells["key_engine_type"].isin(["SSD", "MSD", "HSD", "MSD-ED"]).to_numpy()
    if "key_cycle" in cells:  # gas burnt in the diesel cycle keeps to the tiers, low pressure does not
        has_tier = has_tier | (cells["key_cycle"] == "diesel_high_pressure").to_numpy()
    better = np.where(has_tier, np.maximum(tier, now), now)
    return cells.assign(key_tier=pd.Series(better, index=cells.index).map("Tier {}".format))


def machines(cells: pd.DataFrame, elapsed: Years, method: Method | None = None) -> pd.DataFrame:
    """Return the keys of trucks and machines whose model years are some years newer.

    What a measure has given a newer model year keeps it until the successor of what it replaced is newer. A
    machine whose standard is recorded has a successor of the mixture of its own model year, as soon as no
    engine of that mixture is of an older standard; ``method`` knows the mixtures.
    """
    moved = {}
    if "key_model_year" in cells:
        year = cells["key_model_year"]
        built = cells["model_year"].fillna(0)
        replaced = (built > 0) & (built < year)
        newer = year.mask(replaced, np.maximum(year, built + elapsed)).where(replaced, year + elapsed)
        moved["key_model_year"] = year.where(year <= 0, newer.astype(np.int64))
    if "key_calendar_year" in cells:
        moved["key_calendar_year"] = cells["key_calendar_year"] + elapsed
    out = cells.assign(**moved)
    return out if method is None or "key_power_bin" not in cells else _by_mixture(out, cells, method)


def _by_mixture(out: pd.DataFrame, cells: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Machines whose model year has moved on without the standard that was recorded of the one before."""
    stated = (cells["key_tier"].astype(str) != "") & (out["key_model_year"] > cells["key_model_year"])
    if not stated.any() or method.option("equipment_form") != "nonroad":
        return out
    mine = _plain(out[stated])
    asked = mine.assign(hp=mine["power_bin"].astype(str).map(power_bins.inside))
    newer = least_tier(asked, method) >= tier_rank(mine["tier"], MACHINE_TIERS)
    tier = out["key_tier"].astype(str).to_numpy(dtype=object, copy=True)
    tier[np.flatnonzero(stated)[newer]] = ""
    return out.assign(key_tier=pd.Series(tier, index=out.index))


def craft(
    cells: pd.DataFrame, elapsed: Years, method: Method, memo: dict[Any, Any] | None = None
) -> pd.DataFrame:
    """Return the keys of engines of harbor craft that are some years newer.

    The tier follows the model year; where cylinder and power are known by class only, the latest first model
    year among them counts. An engine never moves to a tier or year that the method has no rates for: it stops
    at the last that has.

    Parameters
    ----------
    cells : pandas.DataFrame
        Keys of the recipe as ``key_...``, and ``model_year``, missing or 0 where it is not known.
    elapsed : int or ndarray of int, shape (n,)
    method : Method
    memo : dict, optional
        Remembers first model years from one call to the next; of one method.
    """
    known = (cells["key_technology"].astype(str) == "combustion") & (cells["model_year"].fillna(0) > 0)
    by_year = known & (cells["key_model_year"] > 0)
    out = cells
    if (known & ~by_year).any():
        out = _newer_tiers(
            out, (known & ~by_year).to_numpy(dtype=bool), elapsed, method, {} if memo is None else memo
        )
    if by_year.any():
        out = _newer_years(out, by_year.to_numpy(dtype=bool), elapsed, method)
    return out


def stops_before_tier_4(cells: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Return which engines of craft reach the powers of Tier 4 and have no rates of it, shape (n,).

    Parameters
    ----------
    cells : pandas.DataFrame
        Keys of the recipe as ``key_...``.
    method : Method
    """
    burning = (cells["key_technology"].astype(str) == "combustion") & (cells["key_model_year"] == 0)
    bins = cells["key_power_bin"].astype(str)
    high = bins.str.extract(r"-(\S+) hp", expand=False).astype(float) * conversion("hp", "kW")
    stops = (burning & (high > _TIER_4_FROM_KW)).to_numpy(dtype=bool, copy=True)
    if stops.any():
        stops[stops] = ~craft_recipe.rated(_plain(cells[stops]).assign(tier="Tier 4"), method)
    return stops


def locomotives(
    cells: pd.DataFrame, elapsed: Years, method: Method, built: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return the keys of locomotives built some years later.

    A locomotive that was remanufactured to the rule of 2008 (a plus) has a successor that is, too. What has
    neither a year nor one by its tier keeps its tier, and so does the fleet of an inventory.

    Parameters
    ----------
    cells : pandas.DataFrame
        Keys of the recipe as ``key_...``, and ``model_year``, missing or 0 where it is not known.
    elapsed : int or ndarray of int, shape (n,)
    method : Method
    built : mapping of str to int, optional
        Year built by tier, for work whose own is not known.
    """
    now = cells["key_tier"].astype(str)
    own = years_built(cells, built)
    if not (own > 0).any():
        return cells
    year = own + elapsed
    asked = pd.DataFrame({"kind": cells["key_kind"].astype(str), "model_year": year})
    table = method.table(rail_recipe.SOURCE, "tier_dates")
    known = (year > elapsed) & now.isin(RAIL_TIERS).to_numpy() & table.has(asked, "tier")
    tier = np.full(len(cells), -1)
    tier[known] = table.find(asked[known], "tier").value.astype(int)
    plus = now.str.endswith("+").to_numpy() & (tier <= _LAST_WITH_PLUS)
    name = pd.Series(
        [f"Tier {n}+" if p else f"Tier {n}" for n, p in zip(tier, plus, strict=True)], index=cells.index
    )
    better = known & (tier_rank(name, RAIL_TIERS) > tier_rank(now, RAIL_TIERS))
    moved = cells.assign(key_tier=now.mask(better, name))
    rated = rail_recipe.rated(_plain(moved), method)
    return moved.assign(key_tier=moved["key_tier"].where(rated, now))


def years_built(rows: pd.DataFrame, built: Mapping[str, int] | None = None) -> NDArray[np.int64]:
    """Return the year each locomotive was built, by its record or else by its tier; 0 where neither says."""
    own = rows["model_year"].fillna(0).to_numpy(dtype=np.int64)
    by_tier = rows["key_tier"].astype(str).map(dict(built or {})).fillna(0).to_numpy(dtype=np.int64)
    return np.where(own > 0, own, by_tier)


def tier_rank(tier: pd.Series, order: tuple[str, ...]) -> NDArray[np.int64]:
    """Return the place of each tier in an order, the cleanest last; -1 where it is not in it."""
    places = {name: place for place, name in enumerate(order)}
    return tier.astype(str).map(lambda name: places.get(name, -1)).to_numpy(dtype=np.int64)


def _newer_tiers(
    cells: pd.DataFrame, mine: NDArray[np.bool_], elapsed: Years, method: Method, memo: dict[Any, Any]
) -> pd.DataFrame:
    """Cells with the tier of their new model year, or the best below it that has rates; never a lower one."""
    now = cells["key_tier"].astype(str)
    rank = tier_rank(now, CRAFT_TIERS)
    year = cells["model_year"].fillna(0) + elapsed
    wanted = np.where(mine, _tier_of_year(cells, year, mine, method, memo), -1)
    reached = now.to_numpy(dtype=object, copy=True)
    pending = mine.copy()
    for number in range(int(wanted.max()), -1, -1):
        name = f"Tier {number}"
        asks = pending & (wanted >= number) & (CRAFT_TIERS.index(name) > rank)
        if asks.any():
            place = np.flatnonzero(asks)
            rated = craft_recipe.rated(_plain(cells[asks]).assign(tier=name), method)
            reached[place[rated]] = name
            pending[place[rated]] = False
    return cells.assign(key_tier=pd.Series(reached, index=cells.index).astype(str))


def _newer_years(
    cells: pd.DataFrame, mine: NDArray[np.bool_], elapsed: Years, method: Method
) -> pd.DataFrame:
    """Cells with their new model year, or the last before it that has rates."""
    year = cells["key_model_year"].to_numpy(dtype=np.int64, copy=True)
    pending = mine.copy()
    for passed in range(int(np.max(elapsed)), 0, -1):
        place = np.flatnonzero(pending & (elapsed >= passed))
        if not len(place):
            continue
        asked = _plain(cells.iloc[place])
        rated = craft_recipe.rated(asked.assign(model_year=asked["model_year"] + passed), method)
        place = place[rated]
        year[place] += passed
        pending[place] = False
    return cells.assign(key_model_year=year)


def _tier_of_year(
    cells: pd.DataFrame,
    model_year: pd.Series,
    mine: NDArray[np.bool_],
    method: Method,
    memo: dict[Any, Any],
) -> NDArray[np.int64]:
    """The tier of a model year that every displacement and power within an engine's class has reached."""
    tier, year = np.zeros(len(cells), dtype=np.int64), model_year.to_numpy()
    classes = (cells["key_category"].astype(str) + "|" + cells["key_power_bin"].astype(str)).to_numpy()
    for named in np.unique(classes[mine]):
        if ("first years", named) not in memo:
            category, _, label = str(named).partition("|")
            memo["first years", named] = _first_years(_dates_of(category, label, method))
        here = mine & (classes == named)
        tier[here] = np.searchsorted(memo["first years", named], year[here], side="right")
    return tier


def _dates_of(category: str, label: str, method: Method) -> pd.DataFrame:
    """First model years of the tiers of a category, at the powers within a bin."""
    low, high = (float(edge) * conversion("hp", "kW") for edge in label.removesuffix(" hp").split("-"))
    frame = method.table(harbor_craft.SOURCE, "tier_dates").frame
    own = frame[frame["category"] == category]
    # Below the least power that has a standard the first class stands in.
    smallest = own["power_kw_ge"].min()
    low, high = max(low, smallest), max(high, smallest + 1)
    return own[(own["power_kw_ge"] < high) & (own["power_kw_lt"].fillna(np.inf) > low)]


def _first_years(dates: pd.DataFrame) -> NDArray[np.float64]:
    """The first model year by which every displacement and power has reached Tier 1, 2, 3 and 4."""
    number = dates.groupby(["cylinder_l_ge", "power_kw_ge"], dropna=False).ngroup().to_numpy()
    value, since = dates["value"].to_numpy(), dates["model_year_from"].to_numpy(dtype=float)
    first = np.full((4, number.max() + 1), np.inf)
    for tier in range(1, 5):
        np.minimum.at(first[tier - 1], number[value >= tier], since[value >= tier])
    return np.asarray(first.max(axis=1))


def _plain(cells: pd.DataFrame) -> pd.DataFrame:
    keys = [name for name in cells if str(name).startswith("key_")]
    return cells[keys].rename(columns=lambda name: str(name).removeprefix("key_"))
