"""Curves that ships' components follow: low-load factors, load-dependent fuel rate, black carbon by load."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method, MethodError
from factors.terms import LESSER, TermBuilder

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
    factors = [name for name in ("llaf_co2", "llaf_so2") if method.option(name) not in ("none", "fuel")]
    if rate != "off" and factors and method.option("llaf_and_fuel_rate") == "refuse":
        raise MethodError(
            f"method {method.name!r}: load_fuel_rate = {rate} and {' and '.join(factors)} count the same "
            f"fuel twice at low load. Set {' and '.join(f'{name} = none' for name in factors)} with the "
            "load-dependent fuel rate, or load_fuel_rate = off; llaf_and_fuel_rate = multiply does as EPA's "
            "code."
        )


def by_generators(classes: pd.DataFrame, method: Method) -> pd.Series:
    """Return which classes follow the load of each running generator: electric drives, by the option."""
    electric = (classes["engine_group"] == "propulsion") & classes["engine_type"].str.endswith("-ED")
    return electric & (method.option("electric_drive_load") == "generators")


def generators(method: Method) -> dict[str, float]:
    """Return the generators of an electric-drive ship, and the reserve that the running ones keep.

    See Also
    --------
    emissions.engines.generator_load : what is made of them.
    """
    return {
        "generators": float(method.option("electric_drive_generators")),
        "reserve": float(method.option("electric_drive_reserve_pct")) / 100,
    }


class Declared:
    """Declares curves by the load of the shaft, and once more by that of each running generator.

    Parameters
    ----------
    classes : pandas.DataFrame
        Engine classes; those of `by_generators` follow the second.
    method : Method
    terms : TermBuilder
    """

    def __init__(self, classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
        self._terms = terms
        self._shared = by_generators(classes, method)
        self._generators = generators(method)

    def curve(self, name: str, function: str, parameters: Mapping[str, float], source: str) -> pd.Series:
        """Declare a curve and return which one each class follows."""
        names = pd.Series(self._terms.curve(name, function, parameters, source), index=self._shared.index)
        if self._shared.any():
            shared = dict(parameters) | self._generators
            names = names.mask(
                self._shared, self._terms.curve(f"{name}_generators", function, shared, source)
            )
        return names


def curves_of(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> dict[str, pd.Series]:
    """Declare the curves the options ask for and return, by pollutant, which curve each class follows.

    References
    ----------
    EPA, *Ports Emissions Inventory Guidance*, EPA-420-B-22-011, April 2022, Table 3.10,
    https://nepis.epa.gov/Exe/ZyPDF.cgi?Dockey=P1014J1S.pdf; the functions at `emissions.curves` cite
    theirs.
    """
    refuse_counting_twice(method)
    declared = Declared(classes, method, terms)
    propulsion = classes["engine_group"] == "propulsion"
    electric = classes["engine_type"].str.endswith("-ED")
    diesel = classes["coverage_group"].isin(["diesel_engine", "biofuel_engine"])
    if method.option("llaf_engines") == "diesel_only":
        adjusted = propulsion & diesel & (~electric | by_generators(classes, method))
    elif method.option("llaf_engines") == "none":
        adjusted = propulsion & False
    else:
        adjusted = propulsion & ~electric
    one = pd.Series("one", index=classes.index)
    low = {name: one.mask(adjusted, curve) for name, curve in _low_load(classes, method, declared).items()}
    rate = one
    if method.option("load_fuel_rate") != "off":
        follows = propulsion
        if method.option("load_fuel_rate") == "reciprocating":
            follows = propulsion & ~classes["engine_type"].isin(["ST", "GT", "GT-ED", "FC"])
        rate = rate.mask(follows, _fuel_rate(method, declared))
    carbon = product(low["CO2"], rate)
    return {
        "NOx": low["NOx"],
        "HC": low["HC"],
        "CO": low["CO"],
        "PM": low["PM10"],
        "PM sulfate": product(low["PM10"], rate),
        "CO2": carbon,
        # By default sulfur leaves with the fuel that is burnt at the load, which CO2 follows too.
        "SOx": carbon if method.option("llaf_so2") == "fuel" else product(low["SO2"], rate),
        "N2O": low["NOx"] if method.option("llaf_n2o") == "nox" else one,
        "fuel": rate,
    }


def _low_load(classes: pd.DataFrame, method: Method, declared: Declared) -> dict[str, pd.Series]:
    """Declare the low-load curves from the published coefficients."""
    table = method.table(SOURCE, "llaf")
    coefficient = {
        (str(pollutant), str(quantity)): float(value)
        for pollutant, quantity, value in zip(
            table.frame["pollutant"], table.frame["quantity"], table.values, strict=True
        )
    }
    threshold = {"threshold": coefficient["all", "threshold_load"]}
    named = {}
    for pollutant in ("NOx", "HC", "CO", "PM10", "CO2"):
        parameters = {part: coefficient[pollutant, part] for part in ("a", "x", "b")} | threshold
        named[pollutant] = declared.curve(
            f"llaf_{pollutant.lower()}", "low_load_adjustment", parameters, table.name
        )
    one = pd.Series("one", index=classes.index)
    if method.option("llaf_co2") == "none":
        named["CO2"] = one
    named["SO2"] = one
    sulfur = {"epa_table": pd.Series(0.001, index=classes.index), "shipef": classes["area_sulfur_pct"]}
    if (chosen := method.option("llaf_so2")) in sulfur:
        parameters = {
            "a": coefficient["SO2", "a"],
            "b": coefficient["SO2", "b"],
            "slope": coefficient["SO2", "fuel_consumption_slope"],
            "intercept": coefficient["SO2", "fuel_consumption_intercept"],
        } | threshold
        content = sulfur[chosen].astype(float)
        for value in np.unique(content):
            regression = parameters | {"sulfur": float(value)}
            curve = declared.curve(f"llaf_so2_{value:g}", "low_load_sulfur", regression, table.name)
            named["SO2"] = named["SO2"].mask(content == value, curve)
    return named


def _fuel_rate(method: Method, declared: Declared) -> pd.Series:
    table = method.table(SOURCE, "power_models")
    numbers = dict(zip(table.frame["quantity"].astype(str), table.values.astype(float), strict=True))
    parameters = {part: numbers[f"bsfc_load_{part}"] for part in ("a", "b", "c")}
    if method.option("load_fuel_rate") == "0.2-1":
        parameters |= {"lowest": 0.2, "highest": 1.0}
    return declared.curve("fuel_rate", "load_fuel_rate", parameters, table.name)


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
    declared = Declared(classes, method, terms)
    kind = np.where(classes["fuel"].isin(["RM/HFO", "VLSFO"]), "residual", "distillate")
    keys = pd.DataFrame(
        {"engine": classes["engine_type"].map(_STROKES), "fuel": kind, "load": "1.0"}, index=classes.index
    )
    rows = table.frame.assign(at=pd.to_numeric(table.frame["load"], errors="coerce"))
    rows = rows[rows["at"].notna() & (rows["quantity"] == "BC")]
    follows = pd.Series("one", index=classes.index)
    for (engine, fuel), part in rows.groupby(["engine", "fuel"]):
        at_full = float(part.loc[part["at"] == 1, "value"].iloc[0])
        points = {
            f"{load:g}": float(value) / at_full for load, value in zip(part["at"], part["value"], strict=True)
        }
        mine = (keys["engine"] == engine) & (keys["fuel"] == fuel)
        curve = declared.curve(f"black_carbon_{engine}_{fuel}", "by_load", points, table.name)
        follows = follows.mask(mine, curve)
    return keys, follows


BOUND_NOTE = "never more than the fine particles that are no sulfate (option black_carbon_bound)"


def bounded(
    curve: pd.Series, most: NDArray[np.float64], particles: pd.Series, method: Method, terms: TermBuilder
) -> pd.Series:
    """Let black carbon be no more than the fine particles, of which it is a part, where the method says so.

    Curves of black carbon and low-load factors of particles come from different measurements, and at low load
    the first climb faster for medium-speed engines.

    Parameters
    ----------
    curve : pandas.Series of str, shape (n,)
        The curve that each class's black carbon follows.
    most : ndarray, shape (n,)
        Fine particles that are no sulfate over black carbon, where all curves are one. [1]
    particles : pandas.Series of str, shape (n,)
        The curve that particles follow.
    method : Method
    terms : TermBuilder

    Returns
    -------
    pandas.Series of str
        The lesser of the two curves.
    """
    if method.option("black_carbon_bound") == "none":
        return curve
    names = [f"at_most_{value:.6g}" for value in most]
    for name, value in zip(names, most, strict=True):
        terms.curve(name, "constant", {"value": float(value)}, "PM2.5 without sulfate over BC")
    return curve + LESSER + product(pd.Series(names, index=curve.index), particles)
