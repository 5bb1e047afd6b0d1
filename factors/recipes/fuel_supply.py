"""Making the fuel that ships burn: CO2e per kilogram, elsewhere, by FuelEU Maritime.

The values are sums of gases in CO2e by the potentials of the fourth IPCC report (methane 25, nitrous oxide
298), so that they are a component of their own and no other set can be applied to them. Those of biofuels
count the carbon taken up while growing.
"""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.recipes.ships.fuels import LIFECYCLE, lifecycle_keys, pathway
from factors.terms import TermBuilder

SOURCE = "fuel_supply"
SHIPS = "ocean_going_vessels"
KEYS = ("fuel",)
COMPONENT = "CO2e_well_to_tank"
_FOSSIL_GAS = {
    "source_set": "FuelEU_second_transcription", "fuel": "LNG Otto slow speed", "consumer": "ICE",
}  # fmt: skip
"""The line of the regulation for liquefied gas; well to tank is the same for all its engines."""


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    unknown = sorted(set(classes["fuel"]) - set(LIFECYCLE))
    if unknown:
        raise ValueError(f"fuels {unknown} are not among {', '.join(LIFECYCLE)}")
    table = method.table(SHIPS, "lifecycle")
    keys = _keys(classes, method)
    known = pd.Series(table.has(keys, "WtT"), index=classes.index)
    # A printed zero for making hydrogen or ammonia is a placeholder and never a value; some have no line.
    if known.any():
        known[known] = table.find(keys[known], "WtT").value != 0
    group = known.map({True: "fuel", False: "fuel_without_value"})
    return classes.assign(quantity_kind="fuel", coverage_group=group)


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add well-to-tank CO2e = calorific value x CO2e per energy.

    References
    ----------
    Regulation (EU) 2023/1805 (FuelEU Maritime), Annex II, https://eur-lex.europa.eu/eli/reg/2023/1805/oj,
    read in two independent transcriptions (second-hand).
    """
    told = classes[classes["coverage_group"] == "fuel"]
    table = method.table(SHIPS, "lifecycle")
    keys = _keys(told, method)
    note = "CO2e by the potentials of AR4"
    terms.add(COMPONENT, "upstream", table.find(keys, "LCV"), table.find(keys, "WtT"), note=note)


def _keys(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    keys = lifecycle_keys(classes["fuel"].astype("str"), pathway(method))
    # Energy and CO2e per energy belong together: one transcription prints the IMO's calorific value of
    # liquefied gas (0.048 MJ/g) beside the regulation's CO2e, the other the regulation's own (0.0491).
    fossil_gas = (classes["fuel"] == "LNG") & (keys["fuel_class"] == "Fossil")
    for column, value in _FOSSIL_GAS.items():
        keys[column] = keys[column].mask(fossil_gas, value)
    return keys
