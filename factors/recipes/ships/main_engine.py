"""Ocean-going vessels in a set keyed by the main engine: ICCT's SAVE, which follows the Fourth IMO GHG Study.

    CO2, SO2       fuel rate x curve of the load x content of the fuel
    PM10           base + baseline fuel rate x 7 x 0.02247 x (sulfur - sulfur of the base), or fixed
    NOx            by tier; of medium-speed main engines K x rpm^p
    black carbon   main diesels a x load^-x, per kilogram of fuel; else fixed
    CH4, N2O, CO, NMVOC   tables

Auxiliary engines and boilers too are rated by the type of the ship's main engine. Low-load factors stand on
all but CO2, SO2, which follow the fuel, and black carbon, which has its own curve.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.method import Method
from factors.recipes.ships.capture import Captured, add_system, is_system
from factors.recipes.ships.coverage import amended, as_value, coverage_groups
from factors.recipes.ships.curves import Declared
from factors.recipes.ships.fuels import (
    BIOFUELS,
    CARRIER,
    PILOT_FUEL,
    add_alternative,
    add_carbon,
    carbon,
    fuel_rates,
    is_biogenic,
)
from factors.recipes.ships.main_engine_particles import Curves, add_black_carbon, add_particles
from factors.recipes.ships.plants import (
    SOURCE,
    as_printed,
    held_age,
    sulfur_of_another_year,
    sulfur_pct,
)
from factors.terms import TermBuilder

KEYS = (
    "engine_group",
    "engine_type",
    "main_engine",
    "rpm",
    "tier",
    "fuel",
    "fuel_year",
    "sulfur_pct",
    "area_sulfur_pct",
    "cycle",
    "engine_age",
    "after_treatment",
    "capture",
)
"""As in `factors.recipes.ships.recipe`, with the ship's main engine (or its gas cycle), its rated speed in
revolutions per minute, and the year whose fuels it burns."""

DEFAULTS = {
    "main_engine": "",
    "rpm": 0.0,
    "fuel_year": 2023,
    "cycle": "",
    "engine_age": "",
    "after_treatment": "",
    "capture": "",
}

_WITHOUT_NOX = "_without_nox"
_PILOTED = "_piloted"
_LOW_LOAD = ("NOx", "PM10", "N2O", "CH4", "CO", "NMVOC")


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    kind = is_system(classes).map({True: "duration", False: "energy"})
    return classes.assign(quantity_kind=kind, coverage_group=_groups(classes, method))


def _groups(classes: pd.DataFrame, method: Method) -> pd.Series:
    """Groups as of other sets; turbines by the plant; gas engines whose NOx or pilot fuel is known apart."""
    plain = method.with_options(black_carbon="NE")
    kind = classes["engine_type"].mask(classes["engine_group"] == "boiler", "Boiler")
    gas = (kind == "LNG") & (classes["cycle"] == "")
    # Boilers burn whatever the ship does, methanol and gas too.
    fuel = classes["fuel"].mask((kind == "Boiler") & (classes["fuel"] == "methanol"), PILOT_FUEL)
    told = classes.assign(engine_type=kind, fuel=fuel, cycle=classes["cycle"].mask(gas, "?"))
    group = coverage_groups(told, plain)
    asked = as_printed(classes, method)
    turbine = asked["engine_type"].isin(["ST", "GT"]) & (classes["engine_group"] != "boiler")
    turbine &= classes["engine_type"] != "FC"
    group = group.mask(
        turbine & group.isin(["diesel_engine", "gas_engine", "gas_engine_by_cycle"]), "turbine"
    )
    on_gas = (classes["fuel"] == "LNG") & ~is_system(classes)
    if on_gas.any():
        piloted = on_gas & (method.option("pilot") != "none") & _has_pilot(asked, method)
        group = group.mask(piloted, group + _PILOTED)
        rated = pd.Series(method.table(SOURCE, "nox").has(asked, "NOx"), index=classes.index)
        group = group.mask(on_gas & ~rated, group + _WITHOUT_NOX)
    return group


def _has_pilot(asked: pd.DataFrame, method: Method) -> pd.Series:
    table = method.table(SOURCE, "bsfc")
    age = held_age(asked, table, "SFC_baseline")
    return pd.Series(table.has(asked.assign(engine_age=age), "SFC_pilot"), index=asked.index)


def coverage(classes: pd.DataFrame, method: Method, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the method's coverage as its options and the port's own tables change it."""
    out = amended(classes, method, stated, black_carbon_by_load=False)
    out = _not_estimated(out, method, "black_carbon", "BC", "left out (option black_carbon)")
    for group in sorted(
        {name for name in classes["coverage_group"] if name not in set(out["coverage_group"])}
    ):
        base = group.removesuffix(_WITHOUT_NOX).removesuffix(_PILOTED)
        lines = out[out["coverage_group"] == base].assign(coverage_group=group)
        if group.endswith(_WITHOUT_NOX):
            burnt = (lines["pollutant"] == "NOx") & (lines["process"] == "exhaust")
            lines = lines.assign(
                state=lines["state"].mask(burnt, "NE"),
                rule=lines["rule"].mask(burnt, "Table 17 of SAVE has no such engine before Tier I"),
            )
        out = pd.concat([out, lines], ignore_index=True)
        if _PILOTED in group:
            out = as_value(out, (group,), "pilot", ["CO2", "SOx"])
    return out


def _not_estimated(
    stated: pd.DataFrame, method: Method, option: str, pollutant: str, rule: str
) -> pd.DataFrame:
    if method.option(option) != "NE":
        return stated
    here = (stated["pollutant"] == pollutant) & (stated["state"] == "value")
    return stated.assign(state=stated["state"].mask(here, "NE"), rule=stated["rule"].mask(here, rule))


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of engine classes, pollutant by pollutant."""
    add_system(classes, method, terms, carbon)
    classes = classes[~is_system(classes)]
    if not len(classes):
        return
    curve = _curves(classes, method, terms)
    terms = Captured.over(terms, classes, method)
    add_carbon(classes, method, terms, curve)
    add_alternative(classes, method, terms)
    engines = classes[(classes["engine_type"] != "FC") & ~classes["fuel"].isin(["ammonia", "hydrogen"])]
    if not len(engines):
        return
    asked = as_printed(engines, method)
    _tables(engines, asked, method, terms, curve)
    _nox(engines, asked, method, terms, curve)
    _sulfur_dioxide(engines, method, terms, curve)
    add_particles(engines, asked, method, terms, curve)
    add_black_carbon(engines, asked, method, terms, curve)
    _pilot(engines, asked, method, terms)


def _curves(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> dict[str, pd.Series]:
    """Declare the curves of low load and of the fuel rate; return which one each class follows."""
    one = pd.Series("one", index=classes.index)
    declared = Declared(classes, method, terms)
    propulsion = classes["engine_group"] == "propulsion"
    adjusted = propulsion & ~classes["engine_type"].str.endswith("-ED") & (classes["engine_type"] != "FC")
    if method.option("llaf_engines") == "none":
        adjusted &= False
    table = method.table(SOURCE, "llaf")
    threshold = _numbers(method, "low_load")["applies_below_load"] / 100
    low = {}
    for name in _LOW_LOAD:
        rows = table.frame[table.frame["quantity"] == name]
        points = {str(load): float(value) for load, value in zip(rows["load"], rows["value"], strict=True)}
        spelled = declared.curve(
            f"save_low_load_{name.lower()}", "rounded_load", points | {"threshold": threshold}, table.name
        )
        low[name] = one.mask(adjusted, spelled)
    return low | _fuel_curve(classes, method, declared, one)


def _fuel_curve(
    classes: pd.DataFrame, method: Method, declared: Declared, one: pd.Series
) -> dict[str, pd.Series]:
    """Which classes burn fuel along the curve of equation 8: whose load it is, is not said there."""
    chosen = method.option("load_fuel_rate")
    follows = classes["engine_group"].isin(["propulsion", "auxiliary", "boiler"])
    if chosen != "all_engines":
        follows &= classes["engine_group"] == "propulsion"
    if chosen == "reciprocating":
        follows &= ~as_printed(classes, method)["engine_type"].isin(["ST", "GT"])
    follows &= (classes["engine_type"] != "FC") & (chosen != "off")
    numbers = _numbers(method, "sfoc_curve")
    name = declared.curve(
        "fuel_rate",
        "load_fuel_rate",
        {part: numbers[part] for part in ("a", "b", "c")},
        method.table(SOURCE, "load_model").name,
    )
    rate = one.mask(follows, name)
    return {"CO2": rate, "SOx": rate, "fuel": rate}


def _numbers(method: Method, model: str) -> dict[str, float]:
    """Numbers of one part of the load model, as printed."""
    table = method.table(SOURCE, "load_model")
    rows = table.frame[table.frame["model"] == model]
    return {str(name): float(value) for name, value in zip(rows["quantity"], rows["value"], strict=True)}


def _tables(
    classes: pd.DataFrame, asked: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves
) -> None:
    """N2O, CO and NMVOC; CH4, which of gas engines is slip; and the carbon of what slips."""
    table = method.table(SOURCE, "n2o_co_nmvoc")
    for pollutant in ("N2O", "CO", "NMVOC"):
        members = classes.index
        if pollutant == "N2O" and method.option("n2o") == "NE":
            continue
        rows = table.find(asked, pollutant)
        terms.add(pollutant, "exhaust", rows, curve=curve[pollutant].loc[members])
    slips = classes["coverage_group"].str.startswith("gas_engine")
    methane = method.table(SOURCE, "ch4")
    oil = classes[~slips]
    terms.add("CH4", "exhaust", methane.find(asked.loc[oil.index], "CH4"), curve=curve["CH4"].loc[oil.index])
    gas = classes[slips]
    if not len(gas) or method.option("slip") == "NE":
        return
    rows = methane.find(asked.loc[gas.index], "CH4")
    terms.add("CH4", "slip", rows, curve=curve["CH4"].loc[gas.index])
    if method.option("slip_carbon") == "deducted":
        terms.add(
            "CO2_biogenic" if is_biogenic("LNG", method) else "CO2",
            "exhaust",
            rows,
            carbon(gas, method),
            number=-1.0,
            curve=curve["CH4"].loc[gas.index],
            note="slipped gas is not burnt",
        )


def _nox(
    classes: pd.DataFrame, asked: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves
) -> None:
    """By tier; of medium-speed main engines by rated speed where the set says so."""
    by_speed = method.table(SOURCE, "nox_rpm")
    fast = (classes["engine_group"] == "propulsion") & (classes["fuel"] != "LNG")
    fast &= by_speed.has(asked, "K")
    spun = asked[fast]
    if len(spun):
        speed = classes.loc[spun.index, "rpm"].to_numpy(dtype=float)
        if not (speed > 0).all():
            raise ValueError("medium-speed main engines of Tier I and later need their rated speed (rpm)")
        power = by_speed.find(spun, "p").value
        terms.add(
            "NOx",
            "exhaust",
            by_speed.find(spun, "K"),
            number=speed**power,
            unit="g/kWh",
            curve=curve["NOx"].loc[spun.index],
            note=np.array(
                [f"number is {rpm:g} rpm to the power {p:g}" for rpm, p in zip(speed, power, strict=True)]
            ),
        )
    table = method.table(SOURCE, "nox")
    rest = asked[~fast & ~classes["coverage_group"].str.endswith(_WITHOUT_NOX)]
    terms.add("NOx", "exhaust", table.find(rest, "NOx"), curve=curve["NOx"].loc[rest.index])


def _sulfur_dioxide(classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves) -> None:
    """SO2 = fuel x 2 x the share of sulfur that becomes SO2 x sulfur content, none of biofuels.

    A scrubber is taken to bring SO2 down to that of a fuel of the area's limit.
    """
    table = method.table(SOURCE, "sulfur_equations")
    for rate in fuel_rates(classes[~classes["fuel"].isin(BIOFUELS)], method):
        members = rate.classes
        scrubbed = members["after_treatment"] != ""
        held = sulfur_of_another_year(members, method) & ~scrubbed
        terms.add(
            "SOx",
            "exhaust",
            rate.rows,
            table.find(members, "SO2_per_sulfur", fuel="any"),
            table.find(members, "sulfur_to_SO2", fuel="any"),
            number=members["sulfur_pct"].mask(scrubbed, members["area_sulfur_pct"]).to_numpy(),
            unit="%",
            curve=curve["SOx"].loc[members.index],
            extrapolated=held | rate.extrapolated,
            note=scrubbed.map(
                {
                    False: "number is the fuel's sulfur content",
                    True: "number is the sulfur limit that the scrubber must meet",
                }
            ).mask(held, "number is the fuel's sulfur content of the nearest year that the table has"),
        )


def _pilot(classes: pd.DataFrame, asked: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Distillate that ignites the gas: constant over load, with the sulfur of the year; CO2 and SO2 alone."""
    lit = classes[classes["coverage_group"].str.contains(_PILOTED)]
    if not len(lit):
        return
    table = method.table(SOURCE, "bsfc")
    printed = asked.loc[lit.index]
    age = held_age(printed, table, "SFC_baseline")
    rate = table.find(printed.assign(engine_age=age), "SFC_pilot")
    held = (age != printed["engine_age"]).to_numpy()
    oil = lit.assign(fuel=PILOT_FUEL)
    content = sulfur_pct(oil["fuel"], oil["fuel_year"], method)
    terms.add(CARRIER[PILOT_FUEL], "pilot", rate, extrapolated=held)
    terms.add("CO2", "pilot", rate, carbon(oil, method), extrapolated=held)
    equations = method.table(SOURCE, "sulfur_equations")
    terms.add(
        "SOx",
        "pilot",
        rate,
        equations.find(lit, "SO2_per_sulfur", fuel="any"),
        equations.find(lit, "sulfur_to_SO2", fuel="any"),
        number=content,
        unit="%",
        extrapolated=held | sulfur_of_another_year(oil.assign(sulfur_pct=content), method),
        note="number is the sulfur content of distillate in the year",
    )
