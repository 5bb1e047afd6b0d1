"""Particles and black carbon of ships in a set keyed by the main engine; see `main_engine`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.recipes.ships.curves import BOUND_NOTE, Declared, bounded, product
from factors.recipes.ships.fuels import BIOFUELS, FuelRate, fuel_rates
from factors.recipes.ships.plants import (
    SOURCE,
    as_printed,
    held_age,
    sulfur_of_another_year,
    sulfur_pct,
)
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

Curves = Mapping[str, pd.Series]


def add_particles(
    classes: pd.DataFrame, asked: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves
) -> None:
    """PM10, its fine part, and DPM of diesel engines: scrubbed, by table, or by the sulfur of the fuel."""
    table = method.table(SOURCE, "pm_fixed")
    scrubbed = classes["after_treatment"] != ""
    tenth = _rated(table, asked, "PM10_per_residual") & ~scrubbed
    fixed = _rated(table, asked, "PM10") & ~scrubbed
    by_sulfur = ~(scrubbed | tenth | fixed)
    rules = method.table(SOURCE, "rules")
    members = classes[scrubbed]
    rows = rules.find(members, "PM10", rule="scrubber", order=4)
    _add(members, (rows,), method, terms, curve, note="with a scrubber")
    members = classes[fixed]
    _add(members, (table.find(_aged(table, asked[fixed], "PM10"), "PM10"),), method, terms, curve)
    if tenth.any():
        part = table.find(_aged(table, asked[tenth], "PM10_per_residual"), "PM10_per_residual").value
        oil = classes[tenth].assign(fuel="RM/HFO")
        content = sulfur_pct(oil["fuel"], oil["fuel_year"], method)
        note = f"number holds {part[0]:g}, methanol's part of what residual fuel makes ({table.name})"
        _by_sulfur(oil, content, part, method, terms, curve, note)
    rest = classes[by_sulfur]
    content = rest["sulfur_pct"].mask(rest["fuel"].isin(BIOFUELS), 0.0).to_numpy(dtype=float)
    _by_sulfur(rest, content, np.ones(len(rest)), method, terms, curve, "")


def _rated(table: FactorTable, asked: pd.DataFrame, quantity: str) -> pd.Series:
    return pd.Series(table.has(_aged(table, asked, quantity), quantity), index=asked.index)


def _aged(table: FactorTable, asked: pd.DataFrame, quantity: str) -> pd.DataFrame:
    return asked.assign(engine_age=held_age(asked, table, quantity))


def _by_sulfur(
    classes: pd.DataFrame,
    content: NDArray[np.float64],
    part: NDArray[np.float64],
    method: Method,
    terms: TermBuilder,
    curve: Curves,
    note: str,
) -> None:
    """Add base and sulfate, equations 11 and 12; the fuel rate is the baseline, without its curve."""
    if not len(classes):
        return
    equations = method.table(SOURCE, "sulfur_equations")
    oil = as_printed(classes, method)
    base = equations.find(oil, "PM10_base")
    _add(classes, (base,), method, terms, curve, number=part, note="; ".join(filter(None, ("base", note))))
    held = pd.Series(equations.find(oil, "S_nominal").to("percent"), index=classes.index)
    sulfur = pd.Series(content, index=classes.index)
    share = pd.Series(part, index=classes.index)
    of_other_year = pd.Series(
        sulfur_of_another_year(classes.assign(sulfur_pct=sulfur), method), index=classes.index
    )
    for rate in fuel_rates(classes, method):
        members = rate.classes
        printed = as_printed(members, method)
        rows = (rate.rows, equations.find(printed, "FSC"), equations.find(printed, "MWR"))
        own, nominal = sulfur.loc[members.index], held.loc[members.index]
        said = [
            f"sulfate; number is the sulfur content, {value:g} %, less {less:g} % in the base (S_nominal)"
            for value, less in zip(own, nominal, strict=True)
        ]
        _add(
            members,
            rows,
            method,
            terms,
            curve,
            number=(share.loc[members.index] * (own - nominal)).to_numpy(dtype=float) * rate.number,
            unit="%",
            note=np.array([f"{text}; {note}".removesuffix("; ") for text in said]),
            extrapolated=rate.extrapolated | of_other_year.loc[members.index].to_numpy(dtype=bool),
        )


def _add(
    classes: pd.DataFrame,
    rows: tuple[Rows, ...],
    method: Method,
    terms: TermBuilder,
    curve: Curves,
    *,
    number: NDArray[np.float64] | float = 1.0,
    unit: str = "",
    note: str | NDArray[np.str_] = "",
    extrapolated: NDArray[np.bool_] | bool = False,
) -> None:
    """Add one part of PM10, the fine part of it, and the same as DPM where the engine is a diesel."""
    if not len(classes):
        return
    fine = method.table(SOURCE, "sulfur_equations").find(classes, "PM2.5_over_PM10", fuel="any")
    told: dict[str, Any] = {"unit": unit, "extrapolated": extrapolated}
    held = np.broadcast_to(np.asarray(extrapolated, dtype=bool), len(classes))
    follows = curve["PM10"].loc[classes.index]
    terms.add("PM10", "exhaust", *rows, number=number, curve=follows, note=note, **told)
    terms.add("PM2.5", "exhaust", fine, *rows, number=number, curve=follows, note=note, **told)
    diesel = classes["coverage_group"].isin(["diesel_engine", "biofuel_engine"]).to_numpy()
    if diesel.any():
        index = classes.index[diesel]
        some = tuple(Rows(row.table, index, row.position[diesel]) for row in rows)
        times = np.broadcast_to(np.asarray(number, dtype=float), len(classes))[diesel]
        said = note if isinstance(note, str) else note[diesel]
        terms.add(
            "DPM",
            "exhaust",
            *some,
            number=times,
            curve=follows.loc[index],
            note=said,
            **(told | {"extrapolated": held[diesel]}),
        )


def add_black_carbon(
    classes: pd.DataFrame, asked: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves
) -> None:
    """Main diesels on oil by load, per fuel or per work as the option reads it; all else by table."""
    chosen = method.option("black_carbon")
    if chosen == "NE":
        return
    known = ~classes["fuel"].isin(BIOFUELS)
    by_load = known & (classes["coverage_group"] == "diesel_engine")
    by_load &= classes["engine_group"] == "propulsion"
    rest = asked[known & ~by_load]
    terms.add("BC", "exhaust", method.table(SOURCE, "black_carbon").find(rest, "BC"))
    table = method.table(SOURCE, "black_carbon_curve")
    for rate in fuel_rates(classes[by_load], method):
        members = rate.classes
        printed = as_printed(members, method)
        height, slope = table.find(printed, "a"), table.find(printed, "x").value
        names = "black_carbon_" + printed["engine_type"] + "_" + printed["fuel"]
        declared = Declared(members, method, terms)
        follows = pd.Series("one", index=members.index)
        for name, exponent in dict(zip(names, slope, strict=True)).items():
            power = declared.curve(name, "power_of_load", {"exponent": float(exponent)}, table.name)
            follows = follows.mask(names == name, power)
        if chosen == "per_kwh":
            terms.add("BC", "exhaust", height, unit="g/kWh", curve=follows)
            continue
        follows = product(follows, curve["fuel"].loc[members.index])
        per_work = rate.rows.to("kg/kWh") * height.value * rate.number
        most = _without_sulfate(members, rate, method) / per_work
        terms.add(
            "BC",
            "exhaust",
            rate.rows,
            height,
            number=rate.number,
            unit="g/kg",
            curve=bounded(follows, most, curve["PM10"].loc[members.index], method, terms),
            extrapolated=rate.extrapolated,
            note=BOUND_NOTE if method.option("black_carbon_bound") != "none" else "",
        )


def _without_sulfate(classes: pd.DataFrame, rate: FuelRate, method: Method) -> NDArray[np.float64]:
    """Fine particles of diesels on fuel without sulfur, equations 11 and 12; with a scrubber, all. [g/kWh]"""
    equations, oil = method.table(SOURCE, "sulfur_equations"), as_printed(classes, method)
    share, mass, nominal = (equations.find(oil, name).to("1") for name in ("FSC", "MWR", "S_nominal"))
    held = rate.rows.to("g/kWh") * rate.number * share * mass * nominal
    burnt = equations.find(oil, "PM10_base").to("g/kWh") - held
    cleaned = method.table(SOURCE, "rules").find(classes, "PM10", rule="scrubber", order=4).to("g/kWh")
    fine = equations.find(classes, "PM2.5_over_PM10", fuel="any").to("1")
    return np.asarray(fine * np.where(classes["after_treatment"] != "", cleaned, burnt))
