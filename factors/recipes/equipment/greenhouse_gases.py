"""Methane and nitrous oxide of equipment, by the gallon of fuel."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from factors.fuel_volume import density
from factors.method import Method
from factors.recipes.equipment.names import SOURCE
from factors.recipes.equipment.parts import Part
from factors.recipes.equipment.terms import RENEWABLE, add
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

_KINDS = {
    2: "construction",
    3: "industrial",
    5: "agricultural",
    6: "industrial",
    8: "airport",
}
"""Kind of equipment of the hub by the group of the code: the hub has industrial and commercial as one."""
_RAILWAY_GROUP = 2285
_USUAL = "industrial"
_IN_GALLONS = {"diesel": "diesel", "LPG": "LPG", "gasoline": "gasoline"}


ORGANIC_OVER_THC = 1.161825 + 0.098
"""The most organic gases over THC that MOVES5 has of any diesel: NMOG and CH4 of Tier 4 without a filter
(edition ``moves5-hydrocarbons``). VOC and CH4 are both among them."""


def of_fuel(part: Part, terms: TermBuilder, method: Method, burnt: Rows, organic: Rows | None = None) -> None:
    """Add CH4 and N2O of a part: by the gallon from EPA's hub; CH4 of natural gas from its hydrocarbons.

    Where the form has THC and *organic*, VOC over THC, methane by the gallon is at most what VOC leaves of
    the organic gases of a new engine (option `equipment_methane_bound`).

    The hub has no off-road natural gas: there N2O stays not estimated, and CH4 is the share that MOVES5 gives
    it of THC, where the form has THC.
    """
    if part.engine not in _IN_GALLONS:
        return
    table = method.table(SOURCE, "greenhouse_gases")
    edition = method.option("off_road_ghg").removeprefix("hub_")
    asked = part.members.assign(equipment=kinds(part.members["scc"], table, part.engine), hub_edition=edition)
    volume = density(f"fuel:{_IN_GALLONS[part.engine].lower()}")
    if volume is None:
        raise ValueError(f"no density of {part.engine} was read")
    for gas in ("CH4", "N2O"):
        rate = table.find(asked, gas, fuel=_IN_GALLONS[part.engine])
        said = "as diesel, " if part.fuel in RENEWABLE else ""
        note = f"{said}by the gallon; number holds the density of {volume.document}"
        number: ArrayLike = volume.gallons_per_kg
        if gas == "CH4" and organic is not None and method.option("equipment_methane_bound") == "organic":
            made = burnt.to("kg/kWh") * rate.to("g/gal") * volume.gallons_per_kg
            most = part.rate("THC").to("g/kWh") * (ORGANIC_OVER_THC - organic.to("1"))
            number = volume.gallons_per_kg * np.minimum(1.0, most / made)
            note += " and keeps methane and VOC within organic gases (equipment_methane_bound)"
        add(part, terms, gas, "exhaust", burnt, rate, number=number, unit="gal/kg", note=note)


def kinds(codes: pd.Series, table: FactorTable, engine: str) -> pd.Series:
    """Return the hub's kind of equipment of each code, shape (n,); industrial where it has none.

    Examples
    --------
    >>> from factors.tables import load_table
    >>> table = load_table("ghg-hub-2025", "off_road")
    >>> kinds(pd.Series([2270003070, 2270002036, 2285002015]), table, "diesel").tolist()
    ['industrial', 'construction', 'railroad']
    """
    group = codes.astype("int64") // 1000 % 1000
    railway = codes.astype("int64") // 1_000_000 == _RAILWAY_GROUP
    found = group.map(_KINDS).fillna(_USUAL).mask(railway, "railroad")
    held = set(table.frame.loc[table.frame["fuel"] == _IN_GALLONS[engine], "equipment"])
    return found.where(found.isin(held), _USUAL)
