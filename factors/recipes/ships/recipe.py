"""Ocean-going vessels: propulsion and auxiliary engines and boilers, in g/kWh of engine work.

EPA-420-B-22-011 (2022), section 3, and EPA's ShipEF 0.2; fuel rates and slip of the Fourth IMO GHG Study
where a method says so. Fuel consumption carries CO2 and sulfur; PM10 is a base rate plus the sulfate of the
fuel's sulfur; the rest are tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from factors.method import Method
from factors.recipes.ships.capture import Captured, add_system, is_system
from factors.recipes.ships.coverage import amended, coverage_groups
from factors.recipes.ships.curves import BOUND_NOTE, black_carbon, bounded, curves_of, product
from factors.recipes.ships.fuels import (
    ALTERNATIVE_GROUPS,
    BIOFUELS,
    SOURCE,
    add_alternative,
    add_carbon,
    add_pilot,
    add_slip,
    as_table,
    carbon,
    fuel_rates,
)
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

KEYS = (
    "engine_group",
    "engine_type",
    "tier",
    "fuel",
    "sulfur_pct",
    "area_sulfur_pct",
    "cycle",
    "engine_age",
    "after_treatment",
    "capture",
)
"""Engine group and type, the tier in effect at the place, date and load, and the fuel with its sulfur.

``area_sulfur_pct`` is the sulfur limit of the place; it differs from the fuel's own only where an engine
burns a cleaner fuel than it must, or a scrubber cleans its exhaust. ``cycle`` is that of a gas engine,
``engine_age`` the step of the Fourth IMO GHG Study, ``after_treatment`` a scrubber, ``capture`` the system
that draws the exhaust off at berth; blank where there is none.
"""

DEFAULTS = {"cycle": "", "engine_age": "", "after_treatment": "", "capture": ""}

Curves = Mapping[str, pd.Series]

SCRUBBER = "scrubber"


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    kind = is_system(classes).map({True: "duration", False: "energy"})
    return classes.assign(quantity_kind=kind, coverage_group=coverage_groups(classes, method))


def coverage(classes: pd.DataFrame, method: Method, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the method's coverage as its options and the port's own tables change it."""
    return amended(classes, method, stated)


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of engine classes, pollutant by pollutant.

    References
    ----------
    EPA, ShipEF 0.2, ``calcEF``, https://github.com/USEPA/Marine_Emissions_Tools (commit 752696e): NOx by
    table, SO2 from fuel rate and sulfur, PM from a base and sulfur, CO2 from fuel rate and carbon.

    EPA, *Ports Emissions Inventory Guidance*, EPA-420-B-22-011, April 2022, Tables 3.5 and 3.6,
    https://nepis.epa.gov/Exe/ZyPDF.cgi?Dockey=P1014J1S.pdf, read through EPA's package and the life-cycle
    database FLCAC-admin/uslci-marine (second-hand).
    """
    add_system(classes, method, terms, carbon)
    classes = classes[~is_system(classes)]
    if not len(classes):
        return
    curve = curves_of(classes, method, terms)
    terms = Captured.over(terms, classes, method)
    add_carbon(classes, method, terms, curve)
    add_slip(classes, method, terms)
    add_pilot(classes, method, terms)
    add_alternative(classes, method, terms)
    engines = classes[~classes["coverage_group"].isin(ALTERNATIVE_GROUPS)]
    if not len(engines):
        return
    nox = method.table(SOURCE, "nox").find(_nox_keys(engines), "NOx")
    terms.add("NOx", "exhaust", nox, curve=curve["NOx"].loc[engines.index])
    _hydrocarbons_and_co(engines, method, terms, curve)
    _sulfur_dioxide(engines, method, terms, curve)
    _particles(engines, method, terms, curve)
    _black_carbon(engines, method, terms, curve)
    oil = engines[engines["fuel"] != "LNG"]
    if method.option("n2o") == "table" and len(oil):
        n2o = method.table(SOURCE, "ghg").find(as_table(oil), "N2O")
        note = "low-load curve of NOx taken for N2O: unverified" if method.option("llaf_n2o") == "nox" else ""
        terms.add("N2O", "exhaust", n2o, curve=curve["N2O"].loc[oil.index], note=note)


def _nox_keys(classes: pd.DataFrame) -> pd.DataFrame:
    """A gas engine of the diesel cycle is no low-NOx engine: it takes the slow-speed diesel's tier."""
    keys = as_table(classes)
    diesel = (keys["engine_type"] == "LNG") & (keys["cycle"] == "diesel_high_pressure")
    gas = (keys["engine_type"] == "LNG") & ~diesel
    return keys.assign(
        engine_type=keys["engine_type"].mask(diesel, "SSD"),
        engine_group=keys["engine_group"].mask(diesel, "propulsion"),
        fuel=keys["fuel"].mask(diesel, "MGO/MDO"),
        tier=keys["tier"].astype("str").mask(gas, "Tier 0"),
    )


def _hydrocarbons_and_co(classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves) -> None:
    table = method.table(SOURCE, "hc_co")
    hydrocarbon = table.find(classes, "HC")
    follows = curve["HC"].loc[classes.index]
    terms.add("CO", "exhaust", table.find(classes, "CO"), curve=curve["CO"].loc[classes.index])
    terms.add("HC", "exhaust", hydrocarbon, curve=follows)
    ratios = method.table(SOURCE, "ratios")
    ratio = _same(ratios, classes, "VOC_over_HC", engine_category="C3")
    terms.add("VOC", "exhaust", hydrocarbon, ratio, curve=follows)
    # Methane of an LNG engine is slip, by engine cycle; the oil-fuel ratio says nothing of it.
    oil = classes[classes["fuel"] != "LNG"]
    terms.add(
        "CH4",
        "exhaust",
        table.find(oil, "HC"),
        _same(ratios, oil, "CH4_over_HC", engine_category="C3"),
        curve=follows.loc[oil.index],
    )


def _sulfur_dioxide(classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves) -> None:
    """SO2 = fuel x 2 x the share of sulfur that becomes SO2 x sulfur content; LNG by a rate per fuel.

    A scrubber must bring SO2 down to that of a fuel of the area's limit, and is taken to do just that.
    """
    table = method.table(SOURCE, "sulfur")
    for rate in fuel_rates(classes[~classes["fuel"].isin(BIOFUELS)], method):
        told: dict[str, Any] = {"extrapolated": rate.extrapolated}
        oil = rate.classes[rate.classes["fuel"] != "LNG"]
        scrubbed = oil["after_treatment"] == SCRUBBER
        terms.add(
            "SOx",
            "exhaust",
            _part(rate.rows, rate.classes, oil),
            _same(table, oil, "SO2_S_to_SO2_mass_ratio", fuel="oil"),
            _same(table, oil, "SO2_S_conversion_fraction", fuel="oil"),
            number=oil["sulfur_pct"].mask(scrubbed, oil["area_sulfur_pct"]).to_numpy(),
            unit="%",
            curve=curve["SOx"].loc[oil.index],
            note=scrubbed.map(
                {
                    False: "number is the fuel's sulfur content",
                    True: "number is the sulfur limit that the scrubber must meet",
                }
            ),
            **told,
        )
        gas = rate.classes[rate.classes["fuel"] == "LNG"]
        terms.add(
            "SOx",
            "exhaust",
            _part(rate.rows, rate.classes, gas),
            _same(table, gas, "SO2_LNG_per_fuel", fuel="LNG"),
            curve=curve["SOx"].loc[gas.index],
            **told,
        )


def _particles(classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves) -> None:
    """PM10, its fine part, and DPM where the engine is a diesel."""
    table = method.table(SOURCE, "sulfur")
    fixed = classes["coverage_group"].isin(["turbine", "gas_engine", "gas_engine_by_cycle"])
    by_sulfur, by_table = as_table(classes[~fixed]), classes[fixed]
    diesel = by_sulfur["coverage_group"].isin(["diesel_engine", "diesel_auxiliary", "biofuel_engine"])
    for pollutant, members in (("PM10", by_sulfur), ("PM2.5", by_sulfur), ("DPM", by_sulfur[diesel])):
        fine = _fine(table, members) if pollutant == "PM2.5" else ()
        terms.add(
            pollutant,
            "exhaust",
            *fine,
            table.find(members, "PM10_base"),
            curve=curve["PM"].loc[members.index],
            note="base rate",
        )
        _sulfate(pollutant, classes.loc[members.index], method, terms, curve)
    rate = method.table(SOURCE, "pm_fixed").find(by_table, "PM10")
    terms.add("PM10", "exhaust", rate, curve=curve["PM"].loc[by_table.index])
    terms.add("PM2.5", "exhaust", *_fine(table, by_table), rate, curve=curve["PM"].loc[by_table.index])


def _sulfate(
    pollutant: str, classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves
) -> None:
    """Sulfate of the fuel's own sulfur, none of biofuels; no credit for a scrubber: none was read."""
    table = method.table(SOURCE, "sulfur")
    for rate in fuel_rates(classes[~classes["fuel"].isin(BIOFUELS)], method):
        members = as_table(rate.classes)
        terms.add(
            pollutant,
            "exhaust",
            *(_fine(table, members) if pollutant == "PM2.5" else ()),
            rate.rows,
            table.find(members, "FSC"),
            table.find(members, "MWR"),
            number=members["sulfur_pct"].to_numpy(),
            unit="%",
            curve=curve["PM sulfate"].loc[members.index],
            extrapolated=rate.extrapolated,
            note="sulfate; number is the fuel's sulfur content",
        )


def _fine(table: FactorTable, classes: pd.DataFrame) -> tuple[Rows, ...]:
    return (_same(table, classes, "PM2.5_over_PM10", fuel="all"),)


def _black_carbon(classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Curves) -> None:
    """Black carbon of propulsion diesels, per fuel by load (ICCT); its own curve, no low-load factor."""
    members = classes[classes["coverage_group"] == "diesel_engine"]
    if method.option("black_carbon") == "NE" or not len(members):
        return
    sulfur = method.table(SOURCE, "sulfur")
    for rate in fuel_rates(members, method):
        index = rate.classes.index
        keys, by_load = black_carbon(rate.classes, method, terms)
        per_fuel = method.table(SOURCE, "black_carbon").find(keys, "BC")
        oil = as_table(rate.classes)
        fine = _same(sulfur, oil, "PM2.5_over_PM10", fuel="all").value
        base = fine * sulfur.find(oil, "PM10_base").to("g/kWh")
        most = base / (rate.rows.to("kg/kWh") * per_fuel.to("g/kg") * rate.number)
        follows = product(by_load, curve["fuel"].loc[index])
        terms.add(
            "BC",
            "exhaust",
            rate.rows,
            per_fuel,
            number=rate.number,
            curve=bounded(follows, most, curve["PM"].loc[index], method, terms),
            extrapolated=rate.extrapolated,
            note=BOUND_NOTE if method.option("black_carbon_bound") != "none" else "",
        )


def _part(rows: Rows, of: pd.DataFrame, members: pd.DataFrame) -> Rows:
    return Rows(rows.table, members.index, rows.position[of.index.get_indexer(members.index)])


def _same(table: FactorTable, classes: pd.DataFrame, quantity: str, **keys: str) -> Rows:
    """Return the same row for all classes."""
    return table.find(classes, quantity, **keys)
