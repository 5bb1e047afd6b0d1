"""Fuels of ships: how much an engine burns, the carbon in it, what slips and what pilots it.

Sets spell fuels and engines each in their own way; a class keeps one spelling and is translated here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.recipes.ships.plants import CARBON_FUELS, SAVE, as_printed, held_age
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

SOURCE = "ocean_going_vessels"
BIOFUELS = ("HVO", "FAME")
ALTERNATIVE = ("methanol", "ammonia", "hydrogen")
CARRIER = {
    "MGO/MDO": "fuel:MGO",
    "RM/HFO": "fuel:RM",
    "VLSFO": "fuel:VLSFO",
    "LNG": "fuel:LNG",
    "HVO": "fuel:HVO",
    "FAME": "fuel:FAME",
    "methanol": "fuel:methanol",
    "ammonia": "fuel:ammonia",
    "hydrogen": "hydrogen",
}
LIFECYCLE = {
    "MGO/MDO": ("Fossil", "Diesel"),
    "RM/HFO": ("Fossil", "HFO"),
    "VLSFO": ("Fossil", "VLSFO"),
    "LNG": ("Fossil", "LNG"),
    "HVO": ("BIO", "HVO"),
    "FAME": ("BIO", "Diesel"),
    "methanol": ("Fossil", "Methanol"),
    "ammonia": ("Fossil", "NH3"),
    "hydrogen": ("Fossil", "H2"),
}
"""Class and name of each fuel in FuelEU Maritime, Annex II."""

FUELEU = "FuelEU_via_FEEMS"
PILOT_FUEL = "MGO/MDO"
NO_CYCLE = "none"
"""What a port's table of pilot fuel says for engines without a gas cycle, or of an unknown one."""

_LOOKED_UP_AS = {"VLSFO": "RM/HFO", "HVO": "MGO/MDO", "FAME": "MGO/MDO"}
"""Fuels that the engine tables do not know, by the one whose engine they burn in."""

_RATE_FUEL = {"imo-ghg4": {"MGO/MDO": "MDO", "RM/HFO": "HFO", "methanol": "MeOH"}}
_IMO_CARBON = {"MGO/MDO": "Diesel", "RM/HFO": "HFO", "methanol": "Methanol"}
_CARBON_FUEL = {"imo-ghg4": _IMO_CARBON, "imo-ghg4-2026-11": _IMO_CARBON, SAVE: CARBON_FUELS}
_RATE_CYCLE = {"otto_medium_speed": "LNG-Otto-MS", "lean_burn": "LBSI"}
_SLIP_ENGINE = {
    "imo_ghg4": {
        "otto_medium_speed": "LNG Otto medium speed 4-stroke",
        "otto_low_speed": "LNG Otto slow speed 2-stroke",
        "diesel_high_pressure": "LNG Diesel high pressure 2-stroke",
        "lean_burn": "LBSI",
    },
    "fueleu": {
        "otto_medium_speed": "LNG Otto medium speed",
        "otto_low_speed": "LNG Otto slow speed",
        "diesel_high_pressure": "LNG Diesel slow speed",
        "lean_burn": "LBSI",
    },
}
_SLIP_SET = {"imo_ghg4": "IMO_GHG4", "fueleu": "FuelEU"}


@dataclass(frozen=True)
class FuelRate:
    """How much fuel some of the classes burn per unit of engine work.

    Attributes
    ----------
    classes : pandas.DataFrame
    rows : Rows
        Their fuel rate in the table, mass per energy.
    number : ndarray, shape (n,)
        What the rate is multiplied by: a ratio of calorific values for a fuel that the table lacks.
    extrapolated : bool
    note : str
    """

    classes: pd.DataFrame
    rows: Rows
    number: NDArray[np.float64]
    extrapolated: bool = False
    note: str = ""


def as_table(classes: pd.DataFrame) -> pd.DataFrame:
    """Return the classes with fuels by the name under which engine tables know their like."""
    return classes.assign(fuel=classes["fuel"].replace(_LOOKED_UP_AS))


def fuel_rates(classes: pd.DataFrame, method: Method) -> Iterator[FuelRate]:
    """Give the fuel rate of all classes that burn a fuel whose rate is known, part by part."""
    alternative = classes["fuel"].isin(ALTERNATIVE)
    bio = classes["fuel"].isin(BIOFUELS)
    plain = classes[~alternative & ~bio]
    table = method.table(SOURCE, "bsfc")
    asked = _spelled(plain, table, method)
    quantity = _rate_quantity(table)
    # A set that lacks a cycle, or knows none without a cycle, leaves the gas engine to the table for all.
    lent = (plain["fuel"] == "LNG") & ~pd.Series(table.has(asked, quantity), index=plain.index)
    aged = _held(plain, asked)
    yield _direct(plain[~lent & ~aged], table.find(asked[~lent & ~aged], quantity))
    if aged.any():
        yield FuelRate(
            plain[aged],
            table.find(asked[aged], quantity),
            np.ones(int(aged.sum())),
            extrapolated=True,
            note=f"{table.name} has no engine of this age; the next newer one",
        )
    if lent.any():
        other = method.table(SOURCE, "bsfc_gas")
        yield FuelRate(
            plain[lent],
            other.find(_spelled(plain[lent], other, method), _rate_quantity(other)),
            np.ones(int(lent.sum())),
            extrapolated=True,
            note=f"{table.name} has no fuel rate of this gas cycle; that of all cycles",
        )
    if bio.any():
        yield _by_energy(classes[bio], method)
    for fuel in ALTERNATIVE:
        members = classes[classes["fuel"] == fuel]
        if len(members):
            yield from _alternative_rate(members, method)


def _direct(classes: pd.DataFrame, rows: Rows, note: str = "") -> FuelRate:
    return FuelRate(classes, rows, np.ones(len(classes)), note=note)


def _rate_quantity(table: FactorTable) -> str:
    return "BSFC" if "BSFC" in table.quantities else "SFC_baseline"


def _held(classes: pd.DataFrame, asked: pd.DataFrame) -> pd.Series:
    """Which classes ask for an age that is not their own, because the table lacks theirs."""
    return (asked["engine_age"] != classes["engine_age"]) & (classes["engine_age"] != "")


def _spelled(classes: pd.DataFrame, table: FactorTable, method: Method) -> pd.DataFrame:
    """Spell fuels and engines as a table of fuel rates does."""
    if _form(table) == SAVE:
        printed = as_printed(classes, method)
        return printed.assign(engine_age=held_age(printed, table, _rate_quantity(table)))
    asked = as_table(classes)
    names = _RATE_FUEL.get(_form(table))
    if names is None:
        return asked
    engine = (
        asked["engine_type"].str.replace("-ED", "").mask(asked["engine_group"] == "auxiliary", "Auxiliary")
    )
    by_cycle = (asked["fuel"] == "LNG") & (asked["engine_group"] == "propulsion") & (asked["cycle"] != "")
    engine = engine.mask(by_cycle, asked["cycle"].map(_RATE_CYCLE).fillna("no such engine"))
    return asked.assign(fuel=asked["fuel"].replace(names), engine_type=engine)


def _form(table: FactorTable) -> str:
    """Whose spelling a table follows: a user's own table that of the form it was made after."""
    if table.spec.edition == SAVE:
        return SAVE
    return "imo-ghg4" if "engine_age" in table.spec.keys else table.spec.edition


def _by_energy(classes: pd.DataFrame, method: Method) -> FuelRate:
    """Fuel rate of the engine on gas oil, by the ratio of lower calorific values: equal efficiency."""
    table = method.table(SOURCE, "bsfc")
    asked = _spelled(classes.assign(fuel=PILOT_FUEL), table, method)
    oil = _calorific(pd.Series([PILOT_FUEL]), method)[0]
    ratio = oil / _calorific(classes["fuel"], method)
    note = "number is the calorific value of gas oil over that of the fuel (FuelEU); equal efficiency assumed"
    return FuelRate(classes, table.find(asked, _rate_quantity(table)), ratio, extrapolated=True, note=note)


def _alternative_rate(classes: pd.DataFrame, method: Method) -> Iterator[FuelRate]:
    """A user's own fuel rate; else the set's; else by energy, but never for fuel cells."""
    own = classes[classes["coverage_group"].isin(served(method, "alternative_engines", "BSFC"))]
    if len(own):
        rows = method.table(SOURCE, "alternative_engines").find(own, "BSFC")
        yield _direct(own, rows, note="the port's own fuel rate")
    burning = classes[(classes["engine_type"] != "FC") & ~classes.index.isin(own.index)]
    if not len(burning):
        return
    table = method.table(SOURCE, "bsfc")
    asked = _spelled(burning, table, method)
    known = table.has(asked, _rate_quantity(table))
    if known.any():
        yield _direct(burning[known], table.find(asked[known], _rate_quantity(table)))
    if (~known).any():
        yield _by_energy(burning[~known], method)


def lifecycle_keys(fuels: pd.Series, pathway: str = "") -> pd.DataFrame:
    """Keys of fuels in FuelEU's table; `pathway` ``BIO`` or ``RFNBO`` in place of ``Fossil``."""
    known = pd.DataFrame(
        [LIFECYCLE[str(fuel)] for fuel in fuels], columns=["fuel_class", "fuel"], index=fuels.index
    )
    if pathway:
        moved = fuels.isin([*ALTERNATIVE, "LNG"])
        known["fuel_class"] = known["fuel_class"].mask(moved, pathway)
    gas = np.where(fuels == "LNG", "LBSI", "ALL ICEs")
    return known.assign(source_set=FUELEU, consumer=gas)


def _calorific(fuels: pd.Series, method: Method) -> NDArray[np.float64]:
    rows = method.table(SOURCE, "lifecycle").find(lifecycle_keys(fuels), "LCV")
    return rows.to("MJ/g")


def pathway(method: Method) -> str:
    """Class of alternative fuels in FuelEU's table by the method's option; empty for fossil ones."""
    return {"fossil": "", "bio": "BIO", "rfnbo": "RFNBO"}[method.option("fuel_pathway")]


def brought(method: Method, need: str) -> list[str]:
    """Return the quantities of a table that a port brought for a need, none where it brought no table."""
    return method.table(SOURCE, need).quantities if method.has_table(SOURCE, need) else []


def served(method: Method, need: str, quantity: str) -> list[str]:
    """Return the coverage groups for which a port's own table has a quantity.

    A table of ammonia says nothing of methanol, whose engines stay as the method has them; an engine of a
    group that is served, and that the table does not list, is refused.
    """
    if quantity not in brought(method, need):
        return []
    frame = method.table(SOURCE, need).frame
    lines = frame[frame["quantity"] == quantity]
    fuel = lines["fuel"].astype("str")
    group = (
        (fuel + "_engine").mask(lines["engine_type"] == "FC", "fuel_cell").mask(fuel == "LNG", "gas_engine")
    )
    if "cycle" in lines and method.option("slip") != "NE":
        group = group.mask((fuel == "LNG") & (lines["cycle"] != NO_CYCLE), "gas_engine_by_cycle")
    return sorted(set(group))


def is_biogenic(fuel: str, method: Method) -> bool:
    """Say whether the carbon of a ship's fuel was taken from the air by plants."""
    return fuel in BIOFUELS or (fuel in ("methanol", "LNG") and pathway(method) == "BIO")


def add_carbon(
    classes: pd.DataFrame, method: Method, terms: TermBuilder, curve: Mapping[str, pd.Series]
) -> None:
    """CO2 and the fuel burnt, by the same rate and curve, so that carbon balances at every load.

    The carbon of biofuels is biogenic: a component of its own, never summed with the other.
    """
    for rate in fuel_rates(classes, method):
        for fuel, carrier in CARRIER.items():
            members = rate.classes[rate.classes["fuel"] == fuel]
            if not len(members):
                continue
            at = rate.classes.index.get_indexer(members.index)
            rows = Rows(rate.rows.table, members.index, rate.rows.position[at])
            told = {
                "number": rate.number[at],
                "curve": curve["CO2"].loc[members.index],
                "extrapolated": rate.extrapolated,
                "note": rate.note,
            }
            terms.add(carrier, "exhaust", rows, **told)  # type: ignore[arg-type]
            if fuel in ("ammonia", "hydrogen"):
                continue
            terms.add(
                "CO2_biogenic" if is_biogenic(fuel, method) else "CO2",
                "exhaust",
                rows,
                carbon(members, method),
                **told,  # type: ignore[arg-type]
            )


def carbon(classes: pd.DataFrame, method: Method) -> Rows:
    """Return the CO2 per fuel of classes that all burn one fuel."""
    fuel = str(classes["fuel"].iloc[0])
    table = method.table(SOURCE, "carbon")
    names = _CARBON_FUEL.get(table.spec.edition, {})
    known = classes["fuel"].isin(list(names))
    asked = classes.assign(fuel=classes["fuel"].where(known, as_table(classes)["fuel"]).replace(names))
    if fuel not in BIOFUELS and table.has(asked, "CO2_per_fuel").all():
        return table.find(asked, "CO2_per_fuel")
    keys = lifecycle_keys(classes["fuel"])
    return method.table(SOURCE, "lifecycle").find(keys, "TtW_CO2")


def add_slip(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Methane that leaves gas engines unburnt, by engine cycle; and its carbon, taken off the CO2.

    ``slip_carbon = deducted``: slipped fuel is not burnt, CO2 = carbon x (fuel - slip), as FuelEU has it;
    ``added`` leaves the CO2 of all fuel as it is.

    References
    ----------
    Regulation (EU) 2023/1805 (FuelEU Maritime), Annex II, for slip as a share of the fuel and its deduction
    from what is burnt, https://eur-lex.europa.eu/eli/reg/2023/1805/oj (read in transcriptions); IMO,
    *Fourth IMO Greenhouse Gas Study 2020*, for slip per engine work (second-hand).
    """
    chosen = method.option("slip")
    gas = classes[classes["coverage_group"] == "gas_engine_by_cycle"]
    if chosen == "NE" or not len(gas):
        return
    table = method.table(SOURCE, "slip")
    asked = gas.assign(engine_type=gas["cycle"].map(_SLIP_ENGINE[chosen]), source_set=_SLIP_SET[chosen])
    rows = table.find(asked, "CH4_slip")
    # Hydrocarbons hold their methane; the 0 that EPA's table has for gas engines holds none.
    held = "methane of the slip"
    if chosen == "imo_ghg4":
        terms.add("CH4", "slip", rows)
        terms.add("HC", "slip", rows, note=held)
        factors: list[tuple[pd.DataFrame, tuple[Rows, ...]]] = [(gas, (rows,))]
    else:
        factors = []
        for rate in fuel_rates(gas, method):
            at = gas.index.get_indexer(rate.classes.index)
            part = Rows(table, rate.classes.index, rows.position[at])
            told: dict[str, Any] = {"extrapolated": rate.extrapolated}
            terms.add("CH4", "slip", part, rate.rows, note=rate.note, **told)
            terms.add("HC", "slip", part, rate.rows, note=f"{held}; {rate.note}".removesuffix("; "), **told)
            factors.append((rate.classes, (part, rate.rows)))
    if method.option("slip_carbon") == "deducted":
        for members, found in factors:
            terms.add(
                "CO2_biogenic" if is_biogenic("LNG", method) else "CO2",
                "exhaust",
                *found,
                carbon(members, method),
                number=-1.0,
                note="slipped gas is not burnt",
            )


def add_pilot(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Pilot fuel of gas and alternative engines, where the port brought its rate: gas oil, with its sulfur.

    What the table gives beside the rate (NOx, PM10 ...) is added as it stands.
    """
    members = classes[classes["coverage_group"].isin(served(method, "pilot_fuel", "BSFC"))]
    members = members[members["coverage_group"].isin(PILOTED)]
    if not len(members):
        return
    table = method.table(SOURCE, "pilot_fuel")
    asked = members.assign(cycle=members["cycle"].replace("", NO_CYCLE))
    rate = table.find(asked, "BSFC")
    oil = members.assign(fuel=PILOT_FUEL)
    terms.add(CARRIER[PILOT_FUEL], "pilot", rate)
    terms.add("CO2", "pilot", rate, carbon(oil, method))
    sulfur = method.table(SOURCE, "sulfur")
    terms.add(
        "SOx",
        "pilot",
        rate,
        sulfur.find(members, "SO2_S_to_SO2_mass_ratio", fuel="oil"),
        sulfur.find(members, "SO2_S_conversion_fraction", fuel="oil"),
        number=members["area_sulfur_pct"].clip(upper=0.1).to_numpy(),
        unit="%",
        note="number is the sulfur of gas oil",
    )
    for pollutant in table.quantities:
        known = asked[asked["coverage_group"].isin(served(method, "pilot_fuel", pollutant))]
        if pollutant != "BSFC" and len(known):
            terms.add(pollutant, "pilot", table.find(known, pollutant))


PILOTED = ("gas_engine", "gas_engine_by_cycle", "methanol_engine", "ammonia_engine", "hydrogen_engine")
"""Coverage groups of engines that a pilot fuel ignites."""


def add_alternative(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """What the port brought of engines on methanol, ammonia and hydrogen, and of fuel cells."""
    for pollutant in brought(method, "alternative_engines"):
        members = classes[classes["coverage_group"].isin(served(method, "alternative_engines", pollutant))]
        if pollutant != "BSFC" and len(members):
            rows = method.table(SOURCE, "alternative_engines").find(members, pollutant)
            terms.add(pollutant, "exhaust", rows, note="the port's own factor")


ALTERNATIVE_GROUPS = ("methanol_engine", "ammonia_engine", "hydrogen_engine", "fuel_cell")
