"""Ship types and size bins of the published sets of loads.

Every set has types and bins of its own. The bins are read off the set's own table, so that loads of one set
are never asked by the bins of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.sources import load_edition
from factors.tables import FactorTable, load_mapping, load_table

EPA = "epa-ogv-2022"

_UNIT = {
    "DWT": "deadweight",
    "Deadweight": "deadweight",
    "TEU": "teu",
    "GT": "gross tonnage",
    "Gross_Tonnage": "gross tonnage",
    "CBM": "cubic metres",
    "m3": "cubic metres",
    "passengers": "passengers",
    "CEU": "cars",
    "Number_of_Passengers": "passengers",
}
"""What a size counts, by the spellings of our tables and of the sets; a remark in parentheses is dropped."""


@dataclass(frozen=True)
class SizeScheme:
    """Types and size bins of one set of loads.

    Attributes
    ----------
    bins : pandas.DataFrame
        ``ship_type, size_unit, ge, lt`` and whatever names the set gives its bins, by type and size.
    types : mapping of (str, str) to str
        Our vessel type and drive (``any`` or ``electric``) to the set's type.
    """

    bins: pd.DataFrame
    types: Mapping[tuple[str, str], str]

    def type_of(self, types: pd.Series, electric: pd.Series) -> pd.Series:
        """Return the set's type of each ship; missing where the set has none."""
        plain = [self.types.get((kind, "any")) for kind in types]
        driven = [self.types.get((kind, "electric")) for kind in types]
        chosen = [own if drive and own else other
                  for own, other, drive in zip(driven, plain, electric, strict=True)]  # fmt: skip
        return pd.Series(chosen, index=types.index, dtype=object)


def epa_scheme() -> SizeScheme:
    """Bins of EPA's ShipPowerModel with the names of the guidance's tables, for engine defaults."""
    bins = load_mapping(EPA, "subtypes")
    bins = bins[bins["size_unit"] != "m3"].reset_index(drop=True)
    return SizeScheme(_with_edges(bins), _types(EPA))


def scheme_of(table: FactorTable) -> SizeScheme:
    """Types and bins of a table of loads: the table's own, or those its labels stand for."""
    edition = table.spec.edition if "vessel_types" in _mappings(table) else EPA
    if "size" in table.spec.keys:
        columns = ["ship_type", "size_unit", "size_ge", "size_lt"]
        bins = table.frame[columns].drop_duplicates().sort_values(columns[:3]).reset_index(drop=True)
        bins["ge"], bins["lt"] = bins["size_ge"].astype(float), bins["size_lt"].astype(float)
        return SizeScheme(bins, _types(edition))
    # Tables E.1 and E.2 are asked by label; gas tankers are binned by cubic metres there.
    names = load_mapping(EPA, "subtypes")
    gas = names["guidance_ship_type"] == "Liquified Gas Tanker"
    named = names[(names["guidance_subtype"] != "") & (~gas | (names["size_unit"] == "m3"))]
    bins = _with_edges(named.reset_index(drop=True))
    known = set(table.frame["ship_type"])
    guidance = dict(zip(names["ship_type"], names["guidance_ship_type"], strict=True))
    bins = bins.assign(ship_type=bins["guidance_ship_type"], subtype=bins["guidance_subtype"])
    bins = bins.drop_duplicates(["ship_type", "subtype"]).reset_index(drop=True)
    types = {key: guidance[kind] for key, kind in _types(EPA).items() if guidance.get(kind) in known}
    return SizeScheme(bins, types)


def _mappings(table: FactorTable) -> Mapping[str, str]:
    return {} if table.spec.edition == "user" else load_edition(table.spec.edition).mappings


def _types(edition: str) -> dict[tuple[str, str], str]:
    named = load_mapping(edition, "vessel_types")
    return dict(zip(zip(named["vessel_type"], named["drive"], strict=True), named["ship_type"], strict=True))


def _with_edges(bins: pd.DataFrame) -> pd.DataFrame:
    upper = pd.to_numeric(bins["size_lt"].replace("", None)).astype(float).fillna(np.inf)
    return bins.assign(ge=pd.to_numeric(bins["size_ge"]).astype(float), lt=upper)


@dataclass(frozen=True)
class Binned:
    """Where ships stand among the size bins of a set.

    Attributes
    ----------
    bin : ndarray of int, shape (n,)
        Row of the set's bins.
    mark : pandas.Series, shape (n,)
        ``given, converted, median`` or ``default``.
    unusable : pandas.DataFrame
        Ships that state a size which the set cannot use: ``vessel_id, type, size, size_unit`` as stated,
        ``wanted``, the unit of the bins, ``stands_in``, what was taken in its place, ``_file, _row``.
    """

    bin: NDArray[np.int64]
    mark: pd.Series
    unusable: pd.DataFrame


def size_bin(types: pd.Series, ships: pd.DataFrame, bins: pd.DataFrame) -> Binned:
    """Find the size bin of each ship.

    By its size; else by a size in another unit, converted by a published relation; else by its peers' median;
    else the middle bin of its type, of an even number of bins the larger of the two in the middle, so that a
    ship of which nothing is known is not taken for a small one.

    Parameters
    ----------
    types : pandas.Series, shape (n,)
        The set's ship types, none missing.
    ships : pandas.DataFrame, shape (n, ...)
        ``size, size_unit, type`` where known.
    bins : pandas.DataFrame
        As in `SizeScheme`; the bins of a type stand behind each other in order of size.

    Returns
    -------
    Binned
    """
    ordered = bins.reset_index(drop=True)
    first = ordered.reset_index().groupby("ship_type")["index"].agg(["min", "max"]).loc[types]
    unit = _counted(ordered.groupby("ship_type")["size_unit"].first().loc[types]).set_axis(ships.index)
    blank = pd.Series(np.nan, index=ships.index)
    stated = ships["size"].astype(float) if "size" in ships else blank
    spelled = _counted(ships["size_unit"]) if "size_unit" in ships else pd.Series("", index=ships.index)
    single = (first["max"] == first["min"]).to_numpy()
    own = stated.where((spelled == unit) & ~single)
    kind = ships["type"].astype(str) if "type" in ships else pd.Series("", index=ships.index)
    turned = _converted(kind, stated, spelled, unit).where(own.isna() & ~single)
    size = own.fillna(turned)
    peers = size.groupby(types).transform("median")
    mark = np.select(
        [own.notna() | single, turned.notna(), peers.notna()], ["given", "converted", "median"], "default"
    )
    used = size.fillna(peers).to_numpy()
    found = ((first["min"] + first["max"] + 1) // 2).to_numpy(copy=True)
    edges = ordered["ge"].to_numpy()
    for name in np.unique(types.to_numpy(dtype=str)):
        ours = (types == name).to_numpy() & ~np.isnan(used)
        low, high = np.flatnonzero(ordered["ship_type"] == name)[[0, -1]]
        found[ours] = low + np.searchsorted(edges[low : high + 1], used[ours], side="right") - 1
    useless = stated.notna() & size.isna() & ~single
    lost = pd.DataFrame({"type": kind, "size": stated, "size_unit": spelled, "wanted": unit})
    by_peers = np.where(mark == "median", "by the median of its peers", "in the middle of its type")
    lost["stands_in"] = "the bin " + _described(ordered)[found] + ", " + by_peers
    lost["_file"] = ships.get("_file", "vessels")
    lost["_row"] = ships.get("_row", 0)
    told = lost[useless].rename_axis("vessel_id").reset_index()
    return Binned(found.astype(np.int64), pd.Series(mark, index=ships.index), told)


def _described(bins: pd.DataFrame) -> NDArray[np.object_]:
    """Each bin in words: from where to where, in its unit."""
    unit = _counted(bins["size_unit"]).map(SPELLED)
    return np.array(
        [
            f"from {low:,.0f} {name}" + (f" to {high:,.0f}" if np.isfinite(high) else "")
            for low, high, name in zip(bins["ge"], bins["lt"], unit, strict=True)
        ],
        dtype=object,
    )


SPELLED = {
    "deadweight": "DWT",
    "teu": "TEU",
    "cubic metres": "CBM",
    "gross tonnage": "GT",
    "passengers": "passengers",
    "cars": "CEU",
    "": "no unit",
}
"""What a size counts, as vessels.csv spells it."""


def _converted(kind: pd.Series, size: pd.Series, stated: pd.Series, wanted: pd.Series) -> pd.Series:
    """Sizes in the unit that is wanted, by a published relation; missing where none was read."""
    table = load_table("ship-sizes", "relations")
    asked = pd.DataFrame(
        {"vessel_type": kind, "from_unit": stated.map(SPELLED), "to_unit": wanted.map(SPELLED), "size": size}
    )
    asked = asked[(asked["from_unit"] != asked["to_unit"]) & asked["size"].notna()].fillna("")
    out = pd.Series(np.nan, index=size.index)
    # DWT = a TEU^b, turned round; no set bins container ships by anything but TEU.
    line = asked[table.has(asked, "a")] if len(asked) else asked
    if len(line):
        height, power = table.find(line, "a").value, table.find(line, "b").value
        out[line.index] = (line["size"].astype(float) / height) ** (1 / power)
    ratio = asked[table.has(asked, "ratio")] if len(asked) else asked
    if len(ratio):
        mass = table.find(ratio, "ratio").to("kg/m3") / 1000
        to_mass = (ratio["to_unit"] == "DWT").to_numpy()
        out[ratio.index] = ratio["size"].astype(float) * np.where(to_mass, mass, 1 / mass)
    by_class = asked[(asked["from_unit"] == "GT") & (asked["to_unit"] == "DWT")] if len(asked) else asked
    for name, ships in by_class.groupby(by_class["vessel_type"].map(_CLASSES)):
        out[ships.index] = _deadweight(str(name), ships["size"].to_numpy(dtype=float))
    return out


_CLASSES = {
    "oil_tanker": "tanker",
    "chemical_tanker": "tanker",
    "other_tanker": "tanker",
    "bulk_carrier": "bulk_carrier",
}
"""Our types whose classes have a typical gross tonnage and lightweight."""


def _deadweight(kind: str, gross: NDArray[np.float64]) -> NDArray[np.float64]:
    """Deadweight of a gross tonnage, on straight lines between typical ships of classes. [t]"""
    table = load_table("ship-sizes", "classes")
    classes = table.frame.loc[table.frame["vessel_type"] == kind, ["vessel_type", "size_class"]]
    classes = classes[classes["size_class"] != "all"].drop_duplicates().reset_index(drop=True)

    def middle(quantity: str, unit: str) -> NDArray[np.float64]:
        ends = [table.find(classes, f"{quantity}_{end}").to(unit) for end in ("least", "most")]
        return np.asarray(np.mean(ends, axis=0))

    share = table.find(classes.assign(size_class="all"), "deadweight_over_displacement").to("1")
    tonnage, deadweight = middle("gross_tonnage", "GT"), middle("lightweight", "t") * share / (1 - share)
    order = np.argsort(tonnage)
    tonnage, deadweight = tonnage[order], deadweight[order]
    between = np.interp(gross, tonnage, deadweight)
    return between * np.where(gross < tonnage[0], gross / tonnage[0], np.maximum(gross / tonnage[-1], 1.0))


def _counted(units: pd.Series) -> pd.Series:
    return units.astype("str").str.replace(r" \(.*\)$", "", regex=True).map(_UNIT).fillna("")
