"""Ocean-going vessels: propulsion and auxiliary engines and boilers, in g/kWh of engine work.

EPA-420-B-22-011 (2022), section 3, and EPA's ShipEF 0.2. Fuel consumption carries CO2 and sulfur; PM10 is a
base rate plus the sulfate of the fuel's sulfur; the rest are tables.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from factors.method import Method
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

SOURCE = "ocean_going_vessels"

KEYS = ("engine_group", "engine_type", "tier", "fuel", "sulfur_pct", "area_sulfur_pct")
"""Engine group and type, the tier in effect at the place, date and load, and the fuel with its sulfur.

``area_sulfur_pct`` is the sulfur limit of the place; it differs from the fuel's own only where an engine
burns a cleaner fuel than it must, and only ShipEF's low-load rule for SO2 reads it.
"""

_GROUP_OF_TYPE = {
    "SSD": "diesel_engine",
    "MSD": "diesel_engine",
    "HSD": "diesel_engine",
    "MSD-ED": "diesel_engine",
    "ST": "turbine",
    "GT": "turbine",
    "GT-ED": "turbine",
    "LNG": "gas_engine",
    "Boiler": "boiler",
}
_CARRIER = {"MGO/MDO": "fuel:MGO", "RM/HFO": "fuel:RM", "LNG": "fuel:LNG"}


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    group = classes["engine_type"].map(_GROUP_OF_TYPE)
    unknown = sorted(set(classes.loc[group.isna(), "engine_type"]))
    if unknown:
        raise ValueError(f"engine types {unknown} are not among {', '.join(_GROUP_OF_TYPE)}")
    return classes.assign(quantity_kind="energy", coverage_group=group)


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of engine classes, pollutant by pollutant."""
    curve = _curves(classes, method, terms)
    bsfc = method.table(SOURCE, "bsfc").find(classes, "BSFC")

    nox = method.table(SOURCE, "nox").find(classes, "NOx")
    terms.add("NOx", "exhaust", nox, curve=curve["NOx"])
    _hydrocarbons_and_co(classes, method, terms, curve)

    carbon = method.table(SOURCE, "carbon").find(classes, "CO2_per_fuel")
    terms.add("CO2", "exhaust", bsfc, carbon, curve=curve["CO2"])
    _fuel(classes, method, terms, curve)
    _sulfur_dioxide(classes, method, terms, curve)
    _particles(classes, method, terms, curve)

    oil = classes[classes["fuel"] != "LNG"]
    if method.option("n2o") == "table" and len(oil):
        n2o = method.table(SOURCE, "ghg").find(oil, "N2O")
        terms.add("N2O", "exhaust", n2o, curve=curve["N2O"].loc[oil.index])


def _hydrocarbons_and_co(
    classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Mapping[str, pd.Series]
) -> None:
    table = method.table(SOURCE, "hc_co")
    hydrocarbon = table.find(classes, "HC")
    terms.add("CO", "exhaust", table.find(classes, "CO"), curve=curve["CO"])
    terms.add("HC", "exhaust", hydrocarbon, curve=curve["HC"])
    ratios = method.table(SOURCE, "ratios")
    terms.add(
        "VOC",
        "exhaust",
        hydrocarbon,
        _same(ratios, classes, "VOC_over_HC", engine_category="C3"),
        curve=curve["HC"],
    )
    # Methane of an LNG engine is slip, by engine cycle; the oil-fuel ratio says nothing of it.
    oil = classes[classes["fuel"] != "LNG"]
    terms.add(
        "CH4",
        "exhaust",
        table.find(oil, "HC"),
        _same(ratios, oil, "CH4_over_HC", engine_category="C3"),
        curve=curve["HC"].loc[oil.index],
    )


def _fuel(classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Mapping[str, pd.Series]) -> None:
    """Fuel burnt follows CO2, so that carbon balances at every load."""
    for fuel, carrier in _CARRIER.items():
        burning = classes[classes["fuel"] == fuel]
        bsfc = method.table(SOURCE, "bsfc").find(burning, "BSFC")
        terms.add(carrier, "exhaust", bsfc, curve=curve["CO2"].loc[burning.index])


def _sulfur_dioxide(
    classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Mapping[str, pd.Series]
) -> None:
    """SO2 = BSFC x 2 x the share of sulfur that becomes SO2 x sulfur content; LNG by a rate per fuel."""
    table, bsfc = method.table(SOURCE, "sulfur"), method.table(SOURCE, "bsfc")
    oil = classes[classes["fuel"] != "LNG"]
    terms.add(
        "SOx",
        "exhaust",
        bsfc.find(oil, "BSFC"),
        _same(table, oil, "SO2_S_to_SO2_mass_ratio", fuel="oil"),
        _same(table, oil, "SO2_S_conversion_fraction", fuel="oil"),
        number=oil["sulfur_pct"].to_numpy(),
        unit="%",
        curve=curve["SOx"].loc[oil.index],
        note="number is the fuel's sulfur content",
    )
    gas = classes[classes["fuel"] == "LNG"]
    terms.add(
        "SOx",
        "exhaust",
        bsfc.find(gas, "BSFC"),
        _same(table, gas, "SO2_LNG_per_fuel", fuel="LNG"),
        curve=curve["SOx"].loc[gas.index],
    )


def _particles(
    classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Mapping[str, pd.Series]
) -> None:
    """PM10, its fine part, and DPM where the engine is a diesel."""
    table, bsfc = method.table(SOURCE, "sulfur"), method.table(SOURCE, "bsfc")
    fixed = classes["coverage_group"].isin(["turbine", "gas_engine"])
    by_sulfur, by_table = classes[~fixed], classes[fixed]
    diesel = by_sulfur[by_sulfur["coverage_group"] == "diesel_engine"]
    for pollutant, members in (("PM10", by_sulfur), ("PM2.5", by_sulfur), ("DPM", diesel)):
        fine = (_same(table, members, "PM2.5_over_PM10", fuel="all"),) if pollutant == "PM2.5" else ()
        terms.add(
            pollutant,
            "exhaust",
            *fine,
            table.find(members, "PM10_base"),
            curve=curve["PM"].loc[members.index],
            note="base rate",
        )
        terms.add(
            pollutant,
            "exhaust",
            *fine,
            bsfc.find(members, "BSFC"),
            table.find(members, "FSC"),
            table.find(members, "MWR"),
            number=members["sulfur_pct"].to_numpy(),
            unit="%",
            curve=curve["PM sulfate"].loc[members.index],
            note="sulfate; number is the fuel's sulfur content",
        )
    rate = method.table(SOURCE, "pm_fixed").find(by_table, "PM10")
    terms.add("PM10", "exhaust", rate, curve=curve["PM"].loc[by_table.index])
    ratio = _same(table, by_table, "PM2.5_over_PM10", fuel="all")
    terms.add("PM2.5", "exhaust", ratio, rate, curve=curve["PM"].loc[by_table.index])


def _same(table: FactorTable, classes: pd.DataFrame, quantity: str, **keys: str) -> Rows:
    """Return the same row for all classes."""
    return table.find(classes, quantity, **keys)


def _curves(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> dict[str, pd.Series]:
    """Declare the curves the options ask for and return, by pollutant, which curve each class follows."""
    propulsion = classes["engine_group"] == "propulsion"
    electric = classes["engine_type"].str.endswith("-ED")
    diesel = classes["coverage_group"] == "diesel_engine"
    adjusted = propulsion & ~electric
    if method.option("llaf_engines") == "diesel_only":
        adjusted &= diesel
    elif method.option("llaf_engines") == "none":
        adjusted &= False
    low = _low_load(classes, method, terms)
    rate = pd.Series("one", index=classes.index)
    if method.option("load_fuel_rate") != "off":
        rate = rate.mask(propulsion, _fuel_rate(method, terms))

    def by_load(name: pd.Series | str) -> pd.Series:
        return pd.Series("one", index=classes.index).mask(adjusted, name)

    return {
        "NOx": by_load(low["NOx"]),
        "HC": by_load(low["HC"]),
        "CO": by_load(low["CO"]),
        "PM": by_load(low["PM10"]),
        "PM sulfate": _product(by_load(low["PM10"]), rate),
        "CO2": _product(by_load(low["CO2"]), rate),
        "SOx": _product(by_load(low["SO2"]), rate),
        "N2O": by_load(low["NOx"] if method.option("llaf_n2o") == "nox" else "one"),
    }


def _low_load(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> dict[str, pd.Series | str]:
    """Declare the low-load curves from the published coefficients."""
    table = method.table(SOURCE, "llaf")
    coefficient = {
        (str(pollutant), str(quantity)): float(value)
        for pollutant, quantity, value in zip(
            table.frame["pollutant"], table.frame["quantity"], table.values, strict=True
        )
    }
    threshold = coefficient["all", "threshold_load"]
    named: dict[str, pd.Series | str] = {}
    for pollutant in ("NOx", "HC", "CO", "PM10", "CO2"):
        parameters = {part: coefficient[pollutant, part] for part in ("a", "x", "b")}
        named[pollutant] = terms.curve(
            f"llaf_{pollutant.lower()}",
            "low_load_adjustment",
            parameters | {"threshold": threshold},
            table.name,
        )
    sulfur = {"epa_table": pd.Series(0.001, index=classes.index), "shipef": classes["area_sulfur_pct"]}
    so2 = {
        "a": coefficient["SO2", "a"],
        "b": coefficient["SO2", "b"],
        "slope": coefficient["SO2", "fuel_consumption_slope"],
        "intercept": coefficient["SO2", "fuel_consumption_intercept"],
        "threshold": threshold,
    }
    if method.option("llaf_so2") == "none":
        named["SO2"] = "one"
    else:
        content = sulfur[method.option("llaf_so2")].astype(float)
        for value in np.unique(content):
            terms.curve(f"llaf_so2_{value:g}", "low_load_sulfur", so2 | {"sulfur": float(value)}, table.name)
        named["SO2"] = content.map({value: f"llaf_so2_{value:g}" for value in np.unique(content)})
    if method.option("llaf_co2") == "none":
        named["CO2"] = "one"
    return named


def _fuel_rate(method: Method, terms: TermBuilder) -> str:
    table = method.table(SOURCE, "power_models")
    numbers = dict(zip(table.frame["quantity"].astype(str), table.values.astype(float), strict=True))
    parameters = {part: numbers[f"bsfc_load_{part}"] for part in ("a", "b", "c")}
    if method.option("load_fuel_rate") == "0.2-1":
        parameters |= {"lowest": 0.2, "highest": 1.0}
    return terms.curve("fuel_rate", "load_fuel_rate", parameters, table.name)


def _product(first: pd.Series, second: pd.Series) -> pd.Series:
    """Name the product of two curves, class by class; one times a curve is that curve."""
    joined = (first + "*" + second).str.replace(r"\*one$", "", regex=True)
    return joined.str.replace(r"^one\*", "", regex=True)
