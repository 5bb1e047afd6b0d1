"""What making a fuel emitted before it was burnt: kilograms of CO2e for each kilogram of fuel.

    ships' fuels   calorific value x CO2e per energy, well to tank                   (FuelEU Maritime)
    land fuels     calorific value x (CO2e per energy, well to wheel - carbon burnt)  (LCFS look-up; MOVES)

Both are printed as one sum of gases over a hundred years; no other warming potentials can be applied to them.
A fuel without a value is not estimated, and says why: it is never made for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from factors.library import resolve
from factors.method import Method
from factors.recipes.fuel_supply import COMPONENT, SOURCE
from factors.tables import Rows, load_table
from factors.terms import ROW_COLUMNS, FactorClasses, TermBuilder

COLUMNS = ("kg_co2e_per_kg", "confidence", "source", "why_not")

LCFS = "17 CCR 95488.5 Table 7-1 (LCFS lookup pathways, 2018 regulation)"
MOVES = "MOVES5 default database"
LAND_FUELS = {
    "fuel:diesel": ("ULSD", "Conventional Diesel Fuel"),
    "fuel:gasoline": ("CARBOB", "Conventional Gasoline"),
    "fuel:cng": ("fossil CNG", "Compressed Natural Gas (CNG)"),
}
"""Names of each fuel in the look-up table of California's fuel standard, and in MOVES."""

_WHY_NOT = {
    "fuel:lpg": "MOVES prints the carbon of compressed gas for it, so the part that is burnt is not known",
    "fuel:renewable_diesel": "its value is that of each producer's pathway, which records do not state",
    "fuel:biodiesel": "its value is that of each producer's pathway, which records do not state",
    "fuel:LNG": "no pathway of liquefied gas was read for land",
    "hydrogen": "how it was made is not recorded",
}
_FIRMNESS = ("read", "derived", "unverified")


def of_ships(fuels: Sequence[str], method: Method) -> pd.DataFrame:
    """Return what making ships' fuels emitted, by the method's pathway.

    Parameters
    ----------
    fuels : sequence of str
        As ships' classes spell them, such as ``MGO/MDO``.
    method : Method

    Returns
    -------
    pandas.DataFrame
        Index `fuels`; ``kg_co2e_per_kg`` (missing where not estimated), ``confidence``, ``source``,
        ``why_not``.

    References
    ----------
    Regulation (EU) 2023/1805 (FuelEU Maritime), Annex II, https://eur-lex.europa.eu/eli/reg/2023/1805/oj;
    read in two independent transcriptions (second-hand).

    Examples
    --------
    >>> from factors.method import load_method
    >>> method = load_method("epa-2022").with_options(fuel_pathway="rfnbo")
    >>> made = of_ships(["MGO/MDO", "ammonia"], method)
    >>> made["kg_co2e_per_kg"].round(4).tolist()
    [0.6149, nan]
    """
    if SOURCE not in method.sources or not len(fuels):
        return _none(fuels, f"{method.name} names no table for it")
    class_id, classes = resolve(SOURCE, pd.DataFrame({"fuel": list(fuels)}), method)
    told = _told(classes, COMPONENT)
    rule = "FuelEU has no value for this pathway, or prints a zero, which is a placeholder"
    return told.iloc[class_id].set_axis(pd.Index(fuels), axis="index").pipe(_with_reason, rule)


def of_land(carriers: Sequence[str]) -> pd.DataFrame:
    """Return what making fuels of craft, machines, trucks and locomotives emitted; see `of_ships`.

    References
    ----------
    17 CCR 95488.5, Table 7-1 (look-up pathways of the Low Carbon Fuel Standard, 2018),
    https://regulations.justia.com/states/california/title-17/division-3/chapter-1/subchapter-10/article-4/.

    Calorific values and carbon: EPA, MOVES5 default database, https://github.com/USEPA/EPA_MOVES_Model
    (commit 2c4cd1ab31).

    Examples
    --------
    >>> of_land(["fuel:diesel", "fuel:lpg"])["kg_co2e_per_kg"].round(4).tolist()
    [1.1279, nan]
    """
    known = [name for name in carriers if name in LAND_FUELS]
    out = _none(carriers, "no value was read")
    out["why_not"] = [_WHY_NOT.get(name, "no value was read") for name in carriers]
    if known:
        out.loc[known] = _told(_land_classes(known), COMPONENT).set_axis(pd.Index(known), axis="index")
    return out


def _land_classes(carriers: Sequence[str]) -> FactorClasses:
    """Two terms: the whole life of the fuel, less the carbon that leaves the tailpipe."""
    classes = pd.DataFrame({"fuel": list(carriers), "quantity_kind": "fuel"})
    table = load_table("fuels", "landside")
    whole = classes["fuel"].map({name: lcfs for name, (lcfs, _) in LAND_FUELS.items()})
    burnt = classes["fuel"].map({name: moves for name, (_, moves) in LAND_FUELS.items()})

    def row(quantity: str, source_set: str, fuel: pd.Series) -> Rows:
        return table.find(pd.DataFrame({"fuel": fuel}), quantity, source_set=source_set)

    energy = row("energy_content", MOVES, burnt)
    terms = TermBuilder(classes)
    terms.add(COMPONENT, "upstream", energy, row("LCFS_lookup_carbon_intensity", LCFS, whole))
    carbon = row("CO2_per_energy_from_carbon", MOVES, burnt)
    terms.add(COMPONENT, "upstream", energy, carbon, number=-1.0, note="burnt, and counted there")
    return terms.build(pd.DataFrame(columns=["source_category", "coverage_group", "process", "pollutant"]))


def _told(classes: FactorClasses, component: str) -> pd.DataFrame:
    """Value, least confidence and documents of one component of each class."""
    terms = classes.terms[classes.terms["pollutant"] == component]
    value = pd.Series(classes.term_values[terms.index], index=terms["class_id"]).groupby(level=0).sum()
    out = _none(range(len(classes.classes)), "")
    rows = classes.factor_rows
    for class_id, part in terms.groupby("class_id"):
        used = np.unique(part[list(ROW_COLUMNS)].to_numpy())
        met = rows.iloc[used[used >= 0]]
        firm = max(met["confidence"], key=_FIRMNESS.index)
        out.loc[class_id] = [value.loc[class_id], firm, "; ".join(dict.fromkeys(met["source_document"])), ""]
    return out


def _none(index: Sequence[str] | range, why: str) -> pd.DataFrame:
    blank = {"kg_co2e_per_kg": np.nan, "confidence": "", "source": "", "why_not": why}
    return pd.DataFrame(blank, index=pd.Index(index))


def _with_reason(told: pd.DataFrame, rule: str) -> pd.DataFrame:
    return told.assign(why_not=told["why_not"].mask(told["kg_co2e_per_kg"].isna(), rule))
