"""Curves that ships' components follow: low-load factors, load-dependent fuel rate, black carbon by load."""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.method import Method, MethodError
from factors.terms import TermBuilder

SOURCE = "ocean_going_vessels"

_STROKES = {"SSD": "2-stroke", "MSD": "4-stroke", "HSD": "4-stroke", "MSD-ED": "4-stroke"}


def refuse_counting_twice(method: Method) -> None:
    """Refuse a load-dependent fuel rate beside low-load factors that hold the same fuel.

    Raises
    ------
    MethodError
        Unless the method says that it multiplies them, as EPA's code does.
    """
    rate = method.option("load_fuel_rate")
    factors = [name for name in ("llaf_co2", "llaf_so2") if method.option(name) != "none"]
    if rate != "off" and factors and method.option("llaf_and_fuel_rate") == "refuse":
        raise MethodError(
            f"method {method.name!r}: load_fuel_rate = {rate} and {' and '.join(factors)} count the same "
            "fuel twice at low load. Set llaf_co2 = none and llaf_so2 = none with the load-dependent fuel "
            "rate, or load_fuel_rate = off; llaf_and_fuel_rate = multiply does as EPA's code."
        )


def curves_of(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> dict[str, pd.Series]:
    """Declare the curves the options ask for and return, by pollutant, which curve each class follows.

    References
    ----------
    EPA, *Ports Emissions Inventory Guidance*, EPA-420-B-22-011, April 2022, Table 3.10,
    https://nepis.epa.gov/Exe/ZyPDF.cgi?Dockey=P1014J1S.pdf; the functions at `emissions.curves` cite
    theirs.
    """
    refuse_counting_twice(method)
    propulsion = classes["engine_group"] == "propulsion"
    electric = classes["engine_type"].str.endswith("-ED")
    diesel = classes["coverage_group"].isin(["diesel_engine", "biofuel_engine"])
    adjusted = propulsion & ~electric
    if method.option("llaf_engines") == "diesel_only":
        adjusted &= diesel
    elif method.option("llaf_engines") == "none":
        adjusted &= False
    low = _low_load(classes, method, terms)
    rate = pd.Series("one", index=classes.index)
    if method.option("load_fuel_rate") != "off":
        follows = propulsion
        if method.option("load_fuel_rate") == "reciprocating":
            follows = propulsion & ~classes["engine_type"].isin(["ST", "GT", "GT-ED", "FC"])
        rate = rate.mask(follows, _fuel_rate(method, terms))

    def by_load(name: pd.Series | str) -> pd.Series:
        return pd.Series("one", index=classes.index).mask(adjusted, name)

    return {
        "NOx": by_load(low["NOx"]),
        "HC": by_load(low["HC"]),
        "CO": by_load(low["CO"]),
        "PM": by_load(low["PM10"]),
        "PM sulfate": product(by_load(low["PM10"]), rate),
        "CO2": product(by_load(low["CO2"]), rate),
        "SOx": product(by_load(low["SO2"]), rate),
        "N2O": by_load(low["NOx"] if method.option("llaf_n2o") == "nox" else "one"),
        "fuel": rate,
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


def product(first: pd.Series, second: pd.Series) -> pd.Series:
    """Name the product of two curves, class by class; one times a curve is that curve."""
    joined = (first + "*" + second).str.replace(r"\*one$", "", regex=True)
    return joined.str.replace(r"^one\*", "", regex=True)


def black_carbon(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> tuple[pd.DataFrame, pd.Series]:
    """Keys of propulsion diesels in the table of black carbon at full load, and the curve of each.

    The curve is the table itself, relative to full load and drawn straight between its loads. It takes the
    place of a low-load factor and never joins one.

    References
    ----------
    ICCT, *Greenhouse gas emissions from global shipping, 2013-2015: detailed methodology*, 2017, Table F-3,
    https://theicct.org/sites/default/files/Global-shipping-GHG-emissions-2013-2015_Methodology_17102017_vF.pdf.
    """
    table = method.table(SOURCE, "black_carbon")
    kind = np.where(classes["fuel"].isin(["RM/HFO", "VLSFO"]), "residual", "distillate")
    keys = pd.DataFrame(
        {"engine": classes["engine_type"].map(_STROKES), "fuel": kind, "load": "1.0"}, index=classes.index
    )
    rows = table.frame.assign(at=pd.to_numeric(table.frame["load"], errors="coerce"))
    rows = rows[rows["at"].notna() & (rows["quantity"] == "BC")]
    for (engine, fuel), part in rows.groupby(["engine", "fuel"]):
        at_full = float(part.loc[part["at"] == 1, "value"].iloc[0])
        points = {
            f"{load:g}": float(value) / at_full for load, value in zip(part["at"], part["value"], strict=True)
        }
        terms.curve(f"black_carbon_{engine}_{fuel}", "by_load", points, table.name)
    return keys, "black_carbon_" + keys["engine"] + "_" + keys["fuel"]
