"""Successors: what an engine is that stands, some years on, where another stood at the same age."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions import harbor_craft
from emissions.engines import tier_of_keel
from factors.method import Method
from factors.recipes import harbor_craft as craft_recipe
from factors.recipes import locomotives as rail_recipe
from factors.units import conversion

CRAFT_TIERS = ("Base", "Tier 0", "Tier 1", "Tier 2", "Tier 3", "Tier 4")
RAIL_TIERS = (
    "Uncontrolled",
    *("Tier 0", "Tier 0+", "Tier 1", "Tier 1+"),
    *("Tier 2", "Tier 2+", "Tier 3", "Tier 4C", "Tier 4"),
)
_LAST_WITH_PLUS = 2
"""Locomotives built to a later tier than this have no rule of 2008 to be remanufactured to."""


def ships(cells: pd.DataFrame, elapsed: int, tier3_keels_from: int) -> pd.DataFrame:
    """Return the keys of ships whose keels are some years newer; a successor is never of an older tier.

    Parameters
    ----------
    cells : pandas.DataFrame
        ``key_tier, key_engine_type``, ``model_year`` (the keel's), ``low_load`` (main engine below the
        Tier III cut-out).
    elapsed : int
    tier3_keels_from : int
        Keel year from which Tier III binds.
    """
    tier = tier_of_keel(cells["model_year"].fillna(0).to_numpy() + elapsed, tier3_keels_from)
    tier = np.where((tier == 3) & cells["low_load"].to_numpy(dtype=bool), 2, tier)
    now = cells["key_tier"].str[-1].astype(int).to_numpy()
    has_tier = cells["key_engine_type"].isin(["SSD", "MSD", "HSD", "MSD-ED"]).to_numpy()
    better = np.where(has_tier, np.maximum(tier, now), now)
    return cells.assign(key_tier=pd.Series(better, index=cells.index).map("Tier {}".format))


def machines(cells: pd.DataFrame, elapsed: int) -> pd.DataFrame:
    """Return the keys of trucks and machines whose model years are some years newer.

    What a measure has given a newer model year keeps it until the successor of what it replaced is newer.
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
    return cells.assign(**moved)


def craft(cells: pd.DataFrame, elapsed: int, method: Method) -> pd.DataFrame:
    """Return the keys of engines of harbor craft that are some years newer.

    The tier follows the model year; where cylinder and power are known by class only, the latest first model
    year among them counts. An engine never moves to a tier or year that the method has no rates for: it stops
    at the last that has.

    Parameters
    ----------
    cells : pandas.DataFrame
        Keys of the recipe as ``key_...``, and ``model_year``, missing or 0 where it is not known.
    elapsed : int
    method : Method
    """
    out = cells.copy()
    known = (cells["key_technology"].astype(str) == "combustion") & (cells["model_year"].fillna(0) > 0)
    pending = known.to_numpy(dtype=bool, copy=True)
    for passed in range(elapsed, 0, -1):
        if not pending.any():
            break
        newer = _newer_craft(cells[pending], passed, method)
        rated = craft_recipe.rated(_plain(newer), method)
        place = np.flatnonzero(pending)[rated]
        for name in ("key_tier", "key_model_year"):
            out[name] = _put(out[name], place, newer[name].to_numpy()[rated])
        pending[place] = False
    return out


def locomotives(
    cells: pd.DataFrame, elapsed: int, method: Method, built: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return the keys of locomotives built some years later.

    A locomotive that was remanufactured to the rule of 2008 (a plus) has a successor that is, too. What has
    neither a year nor one by its tier keeps its tier, and so does the fleet of an inventory.

    Parameters
    ----------
    cells : pandas.DataFrame
        Keys of the recipe as ``key_...``, and ``model_year``, missing or 0 where it is not known.
    elapsed : int
    method : Method
    built : mapping of str to int, optional
        Year built by tier, for work whose own is not known.
    """
    now = cells["key_tier"].astype(str)
    year = years_built(cells, built) + elapsed
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


def _newer_craft(cells: pd.DataFrame, passed: int, method: Method) -> pd.DataFrame:
    by_year = cells["key_model_year"] > 0
    if by_year.all():
        return cells.assign(key_model_year=cells["key_model_year"] + passed)
    tier = _least_tier(cells, cells["model_year"].to_numpy() + passed, method)
    now = cells["key_tier"].astype(str)
    better = tier_rank(tier, CRAFT_TIERS) > tier_rank(now, CRAFT_TIERS)
    return cells.assign(
        key_tier=now.mask(better & ~by_year, tier),
        key_model_year=cells["key_model_year"].mask(by_year, cells["key_model_year"] + passed),
    )


def _least_tier(cells: pd.DataFrame, model_year: NDArray[np.int64], method: Method) -> pd.Series:
    """The tier of a model year that every power within the bin has reached."""
    edges = method.table(harbor_craft.SOURCE, "tier_dates").frame["power_kw_ge"].unique()
    least = np.full(len(cells), len(CRAFT_TIERS))
    label = cells["key_power_bin"].astype(str)
    for name in label.unique():
        low, high = (float(edge) * conversion("hp", "kW") for edge in name.removesuffix(" hp").split("-"))
        inside = [edge for edge in edges if low < edge < high]
        mine = (label == name).to_numpy()
        for power in (*inside, np.nextafter(low, np.inf)):
            engines = pd.DataFrame(
                {
                    "category": cells.loc[mine, "key_category"].astype(str),
                    "cylinder_l": np.nan,
                    # Below the least power that has a standard the first class stands in.
                    "power_kw": max(power, float(min(edges))),
                    "model_year": model_year[mine],
                    "tier": "",
                }
            )
            tier, _ = harbor_craft.tiers(engines, method)
            least[mine] = np.minimum(least[mine], tier.str[-1].astype(int).to_numpy())
    return pd.Series(least, index=cells.index).map("Tier {}".format)


def _plain(cells: pd.DataFrame) -> pd.DataFrame:
    keys = [name for name in cells if str(name).startswith("key_")]
    return cells[keys].rename(columns=lambda name: str(name).removeprefix("key_"))


def _put(column: pd.Series, place: NDArray[np.int64], values: NDArray[np.object_]) -> pd.Series:
    held = column.to_numpy(dtype=object, copy=True)
    held[place] = values
    return pd.Series(held, index=column.index).astype(str if isinstance(held[0], str) else np.int64)
