"""The California form of equipment factors, with tables of the port's own.

    EF = (ZH + DR * min(hours, cap)) * fuel correction * share that a device leaves        [g/bhp-hr]

ZH, DR and the cap by horsepower and model year from `carb_emission_factors`; the correction to the fuel in
use by model year from `fuel_correction`; what a verified device leaves, by its level, from
`control_factors`. The curve `life` is the share of the cap's hours that the engine has run, so that DR times
the cap grows with it. CO2 is the whole carbon of the fuel, SOx the whole sulfur: both follow the fuel rate.

A port that brings no such table gets the rates of the Carl Moyer Guidelines (`moyer`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.recipes.equipment import devices, greenhouse_gases, moyer
from factors.recipes.equipment.names import SOURCE, STAND_IN_FUELS
from factors.recipes.equipment.parts import Part
from factors.recipes.equipment.terms import add, fuel_carbon_and_sulfur, ratio
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder
from factors.user_tables import UserTableError, named

FACTORS, CORRECTION, CONTROL = "carb_emission_factors", "fuel_correction", "control_factors"
GREENHOUSE = ("CH4", "N2O")
_LEAST_OLDER = 1e-9

_STAND_IN = {"renewable_diesel": "diesel", "biodiesel": "diesel", "lng": "cng"}
_MOST_LEFT = {"1": 0.75, "2": 0.5, "3": 0.15, "3+": 0.15}
"""Share of particles that a device of a level leaves at most; the levels are 25, 50 and 85 % reduction."""


def in_force(method: Method) -> bool:
    """Return whether the method computes equipment by the California form."""
    return method.option("equipment_form") == "carb"


def brings_own(method: Method) -> bool:
    """Return whether the port brought CARB's rates itself; else those of the Moyer Guidelines serve."""
    return method.has_table(SOURCE, FACTORS)


def fuel_in_table(classes: pd.DataFrame, table: FactorTable) -> pd.Series:
    """Return the fuel whose rows each class takes: its own, else that of the fuel it stands in for."""
    held = set(table.frame["fuel"])
    fuels = {fuel: fuel if fuel in held else _STAND_IN.get(fuel, fuel) for fuel in classes["fuel"].unique()}
    return classes["fuel"].map(fuels)


def hours_cap(machines: pd.DataFrame, method: Method) -> pd.Series:
    """Return the hours at which deterioration ends. [h]

    Parameters
    ----------
    machines : pandas.DataFrame, shape (n, ...)
        ``certification, fuel, hp, model_year``.
    method : Method

    Raises
    ------
    factors.tables.FactorMissing
        If it has no row for a machine.
    """
    if not brings_own(method):
        return pd.Series(moyer.hours_cap(machines, method), index=machines.index)
    table = method.table(SOURCE, FACTORS)
    rows = table.find(machines.assign(fuel=fuel_in_table(machines, table)), "hours_cap")
    return pd.Series(rows.to("h"), index=machines.index)


def answered(machines: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Return of which machines the form's table has the hours at which deterioration ends, shape (n,).

    Parameters
    ----------
    machines : pandas.DataFrame, shape (n, ...)
        ``certification, fuel, hp, model_year``.
    method : Method
    """
    if not brings_own(method):
        return moyer.answered(machines, method)
    table = method.table(SOURCE, FACTORS)
    return table.has(machines.assign(fuel=fuel_in_table(machines, table)), "hours_cap")


def has_greenhouse_gases(method: Method) -> bool:
    """Return whether the user's table has both CH4 and N2O.

    Raises
    ------
    UserTableError
        If it has one of them alone: CO2e then lacks a part that the table could have had.
    """
    table = method.table(SOURCE, FACTORS)
    given = [gas for gas in GREENHOUSE if gas in table.quantities]
    if len(given) == 1:
        raise UserTableError(
            named(table.spec.name, table.spec.file),
            [f"it has {given[0]} alone; bring CH4 and N2O, or neither"],
        )
    return bool(given)


def resolve(burning: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of engines in the California form.

    Parameters
    ----------
    burning : pandas.DataFrame, shape (n, ...)
        Classes with an engine: the recipe's keys and ``hp``.
    method : Method
    terms : TermBuilder

    Raises
    ------
    factors.method.MethodError
        If a table that is needed was not brought.
    factors.tables.FactorMissing
        If it has no row for a class.
    UserTableError
        If a control factor is a share removed where the share left is needed.

    References
    ----------
    CARB, off-road emission inventories: the form is from memory and could not be verified; so no table of
    CARB's is shipped.
    """
    if not brings_own(method):
        moyer.resolve(burning, method, terms)
        return
    gases = has_greenhouse_gases(method)
    for part in _parts(burning, method):
        for pollutant in ("NOx", "CO", "HC"):
            _ageing(part, terms, method, pollutant, pollutant)
        _ageing(part, terms, method, "PM10", "PM10")
        _ageing(part, terms, method, "PM2.5", "PM10", ratios=(ratio(part, method, "PM2.5_over_PM10"),))
        if part.engine == "diesel":
            _ageing(part, terms, method, "DPM", "PM10")
        fuel_carbon_and_sulfur(part, terms, method, part.look_up(part.rates, "BSFC"))
        if not gases:
            greenhouse_gases.of_fuel(part, terms, method, part.look_up(part.rates, "BSFC"))
        for gas in GREENHOUSE if gases else ():
            add(part, terms, gas, "exhaust", part.look_up(part.rates, gas), note="as printed")


def _parts(burning: pd.DataFrame, method: Method) -> Iterator[Part]:
    """Split classes into groups of the same terms: by fuel, device, Tier 4, and whether sulfur is stated.

    The form goes by model year, so an engine is of Tier 4 where its certificate says so or no older engine is
    in the mixture of its year.
    """
    if not len(burning):
        return
    table = method.table(SOURCE, FACTORS)
    taken = fuel_in_table(burning, table)
    stated = burning["sulfur_wt_pct"].notna()
    modern = pd.Series(devices.older_share(burning, method) <= _LEAST_OLDER, index=burning.index)
    alike = [burning["fuel"], burning["device"], modern, stated]
    codes, _ = pd.MultiIndex.from_arrays(alike).factorize()
    for code in range(codes.max() + 1):
        rows = burning.iloc[np.flatnonzero(codes == code)]
        fuel = str(rows["fuel"].iloc[0])
        stand_in = str(taken.loc[rows.index[0]]) != fuel
        yield Part(
            members=rows.assign(fuel=taken.loc[rows.index]),
            share=(),
            rates=table,
            fuel=fuel,
            modern=bool(modern[rows.index[0]]),
            borrowed=STAND_IN_FUELS[fuel] if stand_in else "",
            device=str(rows["device"].iloc[0]),
        )


def _ageing(
    part: Part,
    terms: TermBuilder,
    method: Method,
    pollutant: str,
    quantity: str,
    *,
    ratios: tuple[Rows, ...] = (),
) -> None:
    """Add ZH and, along the curve `life`, DR times the cap; both corrected for fuel and device."""
    fresh = part.look_up(part.rates, quantity)
    growth = part.look_up(part.rates, f"{quantity}_deterioration")
    cap = part.look_up(part.rates, "hours_cap")
    corrections = (*_correction(part, method, quantity), *_control(part, method, quantity))
    terms.curve("life", "life", {"exponent": 1.0, "cap": 1.0}, part.rates.name)
    both = (*corrections, *ratios)
    add(part, terms, pollutant, "exhaust", fresh, ratios=both, note="zero-hour rate")
    add(part, terms, pollutant, "exhaust", growth, cap, ratios=both, curve="life", note="deterioration")


def _correction(part: Part, method: Method, quantity: str) -> tuple[Rows, ...]:
    if part.engine != "diesel" or method.option("carb_fuel_correction") == "none":
        return ()
    return (part.look_up(method.table(SOURCE, CORRECTION), quantity),)


def _control(part: Part, method: Method, quantity: str) -> tuple[Rows, ...]:
    """What a device leaves. A pollutant of which its level has no row is not reduced."""
    level = part.device
    if not devices.is_credited(part):
        return ()
    if not method.has_table(SOURCE, CONTROL):
        return devices.left(part, method) if quantity == "PM10" else ()
    table = method.table(SOURCE, CONTROL)
    _check_left(table)
    asked = part.members.assign(device_level=level)
    if not table.has(asked, quantity).all():
        # A level that has no row at all is a gap in the table and missed loudly.
        table.find(asked, "PM10")
        return ()
    return (table.find(asked, quantity),)


def _check_left(table: FactorTable) -> None:
    particles = table.frame[table.frame["quantity"] == "PM10"]
    levels = particles["device_level"].astype(str)
    scale = Rows(table, particles.index, particles.index.to_numpy()).to("1")
    wrong = scale > levels.map(_MOST_LEFT).to_numpy(dtype=float) + 1e-9
    if wrong.any():
        lines = [
            f"line {line + 2}: a device of level {level} leaves at most {_MOST_LEFT[level]:g} of the "
            f"particles, not {value:g}; is {value:g} the share that it removes? Write the share it leaves."
            for line, level, value in zip(particles.index[wrong], levels[wrong], scale[wrong], strict=True)
        ]
        raise UserTableError(named(table.spec.name, table.spec.file), lines)
