"""Which technologies the machines of a class are, and whose rates each technology takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method, MethodError
from factors.recipes.equipment import on_road, tier4
from factors.recipes.equipment.names import ENGINES as ENGINES
from factors.recipes.equipment.names import (
    FIRST_CONTROLLED,
    SCC_GROUPS,
    SOURCE,
    STAND_IN_FUELS,
    TIERS,
    TRANSITIONAL,
)
from factors.sources import TableSpec
from factors.tables import FactorMissing, FactorTable, Rows, load_table, typed_frame


@dataclass(frozen=True)
class Part:
    """Technologies of classes that are resolved alike.

    Attributes
    ----------
    members : pandas.DataFrame
        A row for each class and technology, indexed by class: the keys, ``hp``, ``tech_type``, ``rate_tech``;
        ``scale``, by which the shares of a stated standard are raised; ``model_year`` is that of the rates.
    share : tuple of Rows
        Fraction of the model year that each technology is; empty where the tier is known.
    rates : FactorTable
        Where the zero-hour rates are read.
    fuel : str
    modern : bool
        Whether the technologies meet Tier 4.
    borrowed : str
        What the rates of another fuel or kind of engine stand in for; '' where they are its own.
    superseded : str
        Why rates of NONROAD2008a are no longer those of the technologies; '' where they are.
    device : str
        Level of a verified particle device; '' or none.
    tier4 : FactorTable, optional
        Where zero-hour rates of Tier 4 are read, of the quantities that it has.
    transient : mapping of int to float
        The ratio by which equipment codes differ, which tells codes of the same transient class.
    found : dict
        Rows that were looked up already.
    """

    members: pd.DataFrame
    share: tuple[Rows, ...]
    rates: FactorTable
    fuel: str
    modern: bool = False
    borrowed: str = ""
    superseded: str = ""
    device: str = ""
    tier4: FactorTable | None = None
    transient: Mapping[int, float] = field(default_factory=dict, repr=False)
    found: dict[tuple[object, ...], Rows] = field(default_factory=dict, repr=False)

    @property
    def engine(self) -> str:
        """Kind of engine, by the names of the fuel tables."""
        return ENGINES[self.fuel]

    def rate(self, quantity: str) -> Rows:
        """Return the zero-hour rate, or the fuel rate, of each member."""
        if self.tier4 is not None and quantity in self.tier4.quantities:
            return self.look_up(self.tier4, quantity)
        return self._once(("rate", quantity), lambda: self._rate(quantity))

    def stands_in(self, quantity: str) -> bool:
        """Return whether the rate of a quantity stands in for another: by fuel, engine or age of table."""
        return bool(self.borrowed) or self._is_superseded(quantity)

    def remark(self, quantity: str) -> str:
        """Return what is to be said of the rate of a quantity; of rates of another table where it is ''."""
        said = (self.borrowed, self.superseded if self._is_superseded(quantity) else "")
        return "; ".join(filter(None, said))

    def _is_superseded(self, quantity: str) -> bool:
        newer = self.tier4 is not None and quantity in self.tier4.quantities
        return bool(self.superseded) and bool(quantity) and not newer

    def look_up(self, table: FactorTable, quantity: str, **fixed: str) -> Rows:
        """Return the row of each member in another table; the same question is answered once."""
        key = (table.name, quantity, *fixed.items())
        return self._once(key, lambda: table.find(self.members, quantity, **fixed))

    def _once(self, key: tuple[object, ...], answer: Callable[[], Rows]) -> Rows:
        if key not in self.found:
            self.found[key] = answer()
        return self.found[key]

    def _rate(self, quantity: str) -> Rows:
        listed = self.rates.listed("quantity", "scc")
        held = {int(code) for code in listed.loc[listed["quantity"] == quantity, "scc"]}
        asked = self.members.assign(
            tech_type=self.members["rate_tech"], scc=_rate_scc(self.members["scc"], held, self.transient)
        )
        return self.rates.find(asked, quantity)


def parts_of(burning: pd.DataFrame, method: Method) -> Iterator[Part]:
    """Split classes into technologies, and these into groups that take the same terms.

    Parameters
    ----------
    burning : pandas.DataFrame, shape (n, ...)
        Classes with an engine: the recipe's keys and ``hp``, a power inside the class's bin.
    method : Method

    Yields
    ------
    Part

    Raises
    ------
    FactorMissing
        If a model year has no technology mix, or a technology no rates under ``tier4 = refuse``.
    """
    burning = on_road.as_off_road(burning, method)
    engine = burning["fuel"].map(ENGINES)
    classes = burning.assign(engine=engine, scc_group=engine.map(SCC_GROUPS))
    known = classes["tier"] != ""
    gasoline = engine == "gasoline"
    modern = known & classes["tier"].isin([tier4.INTERIM, tier4.FINAL]) & tier4.in_force(method)
    if modern.any():
        named = classes[modern]
        technology_of_tier(named)  # refuses standards of engines that are no diesels
        asked, rows, scale, year = tier4.parts_of_stated(named, method)
        members = named.iloc[asked].assign(tech_type=rows.member("tech_type"), scale=scale, model_year=year)
        yield from _alike(members, rows, method)
    if (known & ~modern).any():
        named = classes[known & ~modern]
        yield from _alike(named.assign(tech_type=technology_of_tier(named)), None, method)
    for need, takes in (("tech_mix", ~gasoline), ("tech_mix_gasoline", gasoline)):
        mixed = classes[takes & ~known]
        if len(mixed):
            asked, rows = method.table(SOURCE, need).expand(mixed, "fraction")
            yield from _alike(mixed.iloc[asked].assign(tech_type=rows.member("tech_type")), rows, method)


def _alike(members: pd.DataFrame, share: Rows | None, method: Method) -> Iterator[Part]:
    edition = method.table(SOURCE, "emission_factors")
    transient = _transient_ratios(method.table(SOURCE, "taf_ratios"))
    modern = members["tech_type"].str.startswith("T4")
    replaced = modern & ~members["tech_type"].isin(TRANSITIONAL)
    members = members.assign(rate_tech=_rate_technology(members, replaced, method))
    newer = tier4.rates(method) if tier4.in_force(method) else None
    stated = members["sulfur_wt_pct"].notna()
    own = replaced & (method.option("tier4") == "user")
    columns = [members["fuel"], modern, own, stated, members["device"], members["stood_in"]]
    alike = pd.MultiIndex.from_arrays(columns)
    codes, _ = alike.factorize()
    for code in range(codes.max() + 1):
        positions = np.flatnonzero(codes == code)
        rows, first = members.iloc[positions], positions[0]
        fuel, from_own = str(members["fuel"].iloc[first]), bool(own.iloc[first])
        rates = _own_table(method, edition.spec) if from_own else edition
        is_modern = bool(modern.iloc[first])
        borrowed = [STAND_IN_FUELS.get(fuel, ""), on_road.NOTE if members["stood_in"].iloc[first] else ""]
        yield Part(
            members=rows,
            share=() if share is None else (Rows(share.table, rows.index, share.position[positions]),),
            rates=rates,
            fuel=fuel,
            modern=is_modern,
            borrowed="; ".join(filter(None, borrowed)),
            superseded="Tier 4 by the rates of 2008" if is_modern and not from_own else "",
            device=str(members["device"].iloc[first]),
            tier4=newer if is_modern else None,
            transient=transient,
        )


def technology_of_tier(classes: pd.DataFrame) -> NDArray[np.object_]:
    """Return the one technology of machines whose standard is known.

    Up to 75 hp the technology mix of MOVES knows interim Tier 4 as T4A, and final up to 25 hp as T4B; Tier 3
    of 50 to 100 hp came with low-sulfur fuel (T3B). Of larger Tier 4 engines the exhaust treatment is not
    known, so they have the general T4 or T4N.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        ``tier, hp, model_year, engine, fuel``.

    Returns
    -------
    ndarray of str, shape (n,)

    Raises
    ------
    ValueError
        If a tier is given for an engine that is no diesel.
    """
    tier, hp = classes["tier"], classes["hp"]
    spark = classes["engine"] != "diesel"
    if spark.any():
        fuels = ", ".join(sorted(set(classes.loc[spark, "fuel"])))
        raise ValueError(f"{SOURCE}: the tiers are standards of diesel engines; leave them out for {fuels}")
    chosen = np.select(
        [
            (tier == "Tier 0") & (classes["model_year"] < FIRST_CONTROLLED) & (hp > 50),
            tier == "Tier 0",
            tier == "Tier 1",
            tier == "Tier 2",
            (tier == "Tier 3") & (hp > 50) & (hp <= 100),
            tier == "Tier 3",
            (tier == "Tier 4 interim") & (hp <= 75),
            tier == "Tier 4 interim",
            (tier == "Tier 4 final") & (hp <= 25),
        ],
        ["Base", "T0", "T1", "T2", "T3B", "T3", "T4A", "T4", "T4B"],
        default="T4N",
    )
    return np.asarray(chosen, dtype=object)


def least_tier(classes: pd.DataFrame, method: Method) -> NDArray[np.int64]:
    """Return the place in `TIERS` of the oldest standard in the technology mix of diesel machines.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        ``hp, model_year`` and the recipe's other keys, of diesel engines.
    method : Method

    Returns
    -------
    ndarray of int, shape (n,)
    """
    return tiers_of_mix(classes, method)[0]


def tiers_of_mix(classes: pd.DataFrame, method: Method) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places in `TIERS` of the oldest and the newest standard in the mix of diesel machines.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        ``hp, model_year``, of diesel engines.
    method : Method

    Returns
    -------
    least, most : ndarray of int, shape (n,)
    """
    least, most = np.full(len(classes), len(TIERS)), np.zeros(len(classes), dtype=np.int64)
    if not len(classes):
        return least, most
    table = method.table(SOURCE, "tech_mix")
    asked, rows = table.expand(classes.assign(scc_group=SCC_GROUPS["diesel"]), "fraction")
    of_tech = pd.Series(rows.member("tech_type")).astype(str).map(_tier_place).to_numpy()
    there = rows.value > 0
    np.minimum.at(least, np.asarray(asked)[there], of_tech[there])
    np.maximum.at(most, np.asarray(asked)[there], of_tech[there])
    return least, most


def _tier_place(technology: str) -> int:
    if technology in ("Base", "T0"):
        return 0
    return TIERS.index(tier4.stage(technology)) if technology.startswith("T4") else int(technology[1])


def _rate_technology(members: pd.DataFrame, replaced: pd.Series, method: Method) -> pd.Series:
    """Return the technology whose zero-hour rates are read, by the option `tier4`."""
    technology = members["tech_type"]
    policy = method.option("tier4")
    if policy == "refuse" and replaced.any():
        table = method.table(SOURCE, "emission_factors").name
        named = ", ".join(sorted(set(technology[replaced])))
        keys = members.loc[replaced.to_numpy(), ["scc", "power_bin", "model_year", "tier"]].drop_duplicates()
        raise FactorMissing(
            table, "zero-hour rates", keys,
            f"{table} has no rates that still hold for the technologies {named}, and tier4 = refuse; "
            f"{len(keys)} kinds of machines need them (first: {keys.iloc[0].to_dict()}). "
            "tier4 = moves5 takes those derived from MOVES5; tier4 = nonroad2008 "
            "takes the superseded rates of 2008 and marks them; tier4 = user takes a "
            "table of your own.",
        )  # fmt: skip
    if policy == "user":
        return technology
    general = technology.where(~technology.str.startswith("T4I"), "T4")
    return general.where(~technology.str.startswith("T4F"), "T4N")


def _transient_ratios(table: FactorTable) -> dict[int, float]:
    """Transient adjustment of particles by equipment code, over that of its technology."""
    particles = table.frame[(table.frame["quantity"] == "PM10").to_numpy()]
    return dict(zip(particles["scc"].astype(int).tolist(), particles["value"].tolist(), strict=True))


def _rate_scc(codes: pd.Series, held: set[int], transient: Mapping[int, float]) -> pd.Series:
    """Return the code whose rates a code takes, of those that a quantity has.

    The code itself; else its first seven digits and 000; else its first four and 000000 (the order of
    NONROAD); else the nearest code of the same transient class, which has the same rates because the
    transient adjustment is all that tells the codes of diesels apart.
    """

    def rates_of(code: int) -> int:
        for candidate in (code, code // 1_000 * 1_000, code // 1_000_000 * 1_000_000):
            if candidate in held:
                return candidate
        alike = [other for other in held if code in transient and transient.get(other) == transient[code]]
        # Where there is none the code stays, and is missed loudly.
        return min(alike, key=lambda other: (abs(other - code), other), default=code)

    return codes.map({code: rates_of(int(code)) for code in codes.unique()})


def _own_table(method: Method, spec: TableSpec) -> FactorTable:
    """Read the table of Tier 4 rates that the option `tier4_table` names."""
    named = method.option("tier4_table")
    if not named:
        raise MethodError(
            "tier4 = user needs tier4_table: a CSV file with the columns of moves5-nonroad/emission_factors, "
            "or edition/table"
        )
    if not named.endswith(".csv"):
        edition, _, table = named.partition("/")
        return load_table(edition, table)
    path = Path(named)
    if not path.is_file():
        raise MethodError(f"tier4_table: there is no file {named}")
    own = TableSpec("user", path.stem, path.name, "Tier 4 rates of the port's own", spec.keys)
    return FactorTable(own, typed_frame(pd.read_csv(path, dtype=str, keep_default_na=False), own))
