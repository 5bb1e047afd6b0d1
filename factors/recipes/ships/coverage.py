"""Which coverage lines a ship's class has, and how options and a port's own tables change them."""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.recipes.ships.capture import OWN, SYSTEM_ENGINE, SYSTEM_GROUP, own_emissions
from factors.recipes.ships.fuels import ALTERNATIVE_GROUPS, BIOFUELS, PILOTED, brought, served

_GROUP_OF_TYPE = {
    "SSD": "diesel_engine",
    "MSD": "diesel_engine",
    "HSD": "diesel_engine",
    "MSD-ED": "diesel_engine",
    "ST": "turbine",
    "GT": "turbine",
    "GT-ED": "turbine",
    "LNG": "gas_engine",
    "FC": "fuel_cell",
    "Boiler": "boiler",
    SYSTEM_ENGINE: SYSTEM_GROUP,
}
_OF_BIOMASS = ("methanol_engine", "gas_engine", "gas_engine_by_cycle")
"""Groups whose fuel is made from biomass with ``fuel_pathway = bio``."""


def coverage_groups(classes: pd.DataFrame, method: Method) -> pd.Series:
    """Return the coverage group of each class.

    Raises
    ------
    ValueError
        If an engine type is not known, or burns a fuel it cannot.
    """
    group = classes["engine_type"].map(_GROUP_OF_TYPE)
    unknown = sorted(set(classes.loc[group.isna(), "engine_type"]))
    if unknown:
        raise ValueError(f"engine types {unknown} are not among {', '.join(_GROUP_OF_TYPE)}")
    if method.option("slip") != "NE":
        group = group.mask((group == "gas_engine") & (classes["cycle"] != ""), "gas_engine_by_cycle")
    if method.option("black_carbon") != "NE":
        auxiliary = (group == "diesel_engine") & (classes["engine_group"] != "propulsion")
        group = group.mask(auxiliary, "diesel_auxiliary")
    bio = classes["fuel"].isin(BIOFUELS)
    group = group.mask(bio & (group == "boiler"), "biofuel_boiler").mask(
        bio & group.isin(["diesel_engine", "diesel_auxiliary"]), "biofuel_engine"
    )
    diesel = group.isin(["diesel_engine", "diesel_auxiliary"])
    for fuel in ("methanol", "ammonia", "hydrogen"):
        group = group.mask(diesel & (classes["fuel"] == fuel), f"{fuel}_engine")
    strange = bio & ~group.isin(["biofuel_engine", "biofuel_boiler"])
    strange |= classes["fuel"].isin(["methanol", "ammonia", "hydrogen"]) & ~group.isin(ALTERNATIVE_GROUPS)
    if strange.any():
        pairs = sorted(set(zip(classes["engine_type"][strange], classes["fuel"][strange], strict=True)))
        raise ValueError(
            "no factors for "
            + "; ".join(f"{engine} on {fuel}" for engine, fuel in pairs)
            + ". Biofuels burn in diesel engines and boilers; "
            "methanol, ammonia and hydrogen in diesel engines and fuel cells (FC)."
        )
    return group


def amended(
    classes: pd.DataFrame, method: Method, stated: pd.DataFrame, *, black_carbon_by_load: bool = True
) -> pd.DataFrame:
    """Return the method's coverage as its options and the port's own tables change it.

    Where black carbon is known by load, it is so for propulsion engines alone.
    """
    out = stated
    if method.option("n2o") == "NE":
        computed = (stated["pollutant"] == "N2O") & (stated["state"] == "value")
        rules = stated["rule"].mask(computed, "not estimated (option n2o)")
        out = stated = stated.assign(state=stated["state"].mask(computed, "NE"), rule=rules)
    if black_carbon_by_load and method.option("black_carbon") != "NE":
        auxiliary = stated[stated["coverage_group"] == "diesel_engine"].assign(
            coverage_group="diesel_auxiliary"
        )
        rule = "black carbon is known by the load of propulsion engines; the load of auxiliary engines is not"
        auxiliary = auxiliary.assign(rule=auxiliary["rule"].mask(auxiliary["pollutant"] == "BC", rule))
        out = pd.concat([out, auxiliary], ignore_index=True)
        out = as_value(out, ("diesel_engine",), "exhaust", ["BC"])
    piloted = [name for name in served(method, "pilot_fuel", "BSFC") if name in PILOTED]
    out = as_value(out, tuple(piloted), "pilot", ["CO2", "SOx"])
    for name in brought(method, "pilot_fuel"):
        if name != "BSFC":
            known = [group for group in served(method, "pilot_fuel", name) if group in piloted]
            out = as_value(out, tuple(known), "pilot", [name])
    emitted = [name.removesuffix(OWN) for name in own_emissions(method)]
    out = as_value(out, (SYSTEM_GROUP,), SYSTEM_GROUP, emitted)
    for name in brought(method, "alternative_engines"):
        if name != "BSFC":
            out = as_value(out, tuple(served(method, "alternative_engines", name)), "exhaust", [name])
    if method.option("fuel_pathway") == "bio":
        for group in _OF_BIOMASS:
            burnt = (out["coverage_group"] == group) & (out["process"] == "exhaust")
            if burnt.any():
                out = out[~(burnt & (out["pollutant"] == "CO2"))]
                zero = {"CO2": "the carbon of fuel made from biomass is shown as CO2_biogenic"}
                out = pd.concat([out, _lines(out, group, "exhaust", "zero", zero)], ignore_index=True)
        out = as_value(out, _OF_BIOMASS, "exhaust", ["CO2_biogenic"])
    return out.reset_index(drop=True)


def _lines(stated: pd.DataFrame, group: str, process: str, state: str, rules: dict[str, str]) -> pd.DataFrame:
    source = stated["source_category"].iloc[0]
    return pd.DataFrame(
        [(source, group, process, name, state, rule) for name, rule in rules.items()], columns=stated.columns
    )


def as_value(
    stated: pd.DataFrame, groups: tuple[str, ...], process: str, pollutants: list[str]
) -> pd.DataFrame:
    """State pollutants of some groups as estimated."""
    here = stated["coverage_group"].isin(groups) & (stated["process"] == process)
    kept = stated[~(here & stated["pollutant"].isin(pollutants))]
    present = [group for group in groups if (stated["coverage_group"] == group).any()]
    added = [_lines(stated, group, process, "value", dict.fromkeys(pollutants, "")) for group in present]
    return pd.concat([kept, *added], ignore_index=True) if pollutants else stated
