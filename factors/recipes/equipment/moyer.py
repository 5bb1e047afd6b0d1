"""The California form with the rates of the Carl Moyer Guidelines of 2017, where a port brings no table.

    EF = (ZH + DR * min(hours, cap)) * share that a device leaves        [g/bhp-hr]

Rates go by standard: that of each technology of the model year, or of the certificate. They are for
California's diesel already, so no fuel correction applies. ROG is counted as VOC, which is how California
defines it. The Guidelines have no carbon monoxide and no fuel rate: CO is not estimated, and fuel, CO2 and
SOx follow the fuel rates of NONROAD.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.recipes.equipment import devices, greenhouse_gases, tier4
from factors.recipes.equipment.names import ENGINES, SOURCE
from factors.recipes.equipment.parts import Part, parts_of
from factors.recipes.equipment.terms import add, fuel_carbon_and_sulfur, ratio
from factors.tables import FactorTable, Rows
from factors.terms import TermBuilder

_ENGINES = {"diesel": "diesel", "LPG": "gas", "CNG": "gas", "gasoline": "gasoline"}
_STANDARDS = {"Base": "t0", "T0": "t0", "T1": "t1", "T2": "t2", "T3": "t3", "T3B": "t3"}
_LAST_UNCONTROLLED = 2003
"""Of spark-ignition engines: controlled ones begin in 2001, and a cleaner engine is never presumed."""
_PHASE_IN_HP = (75, 750)
"""Powers at which interim Tier 4 engines were phased in by two sets of limits."""


def table(method: Method) -> FactorTable:
    """Return the table of zero-hour rates."""
    return method.table(SOURCE, "moyer_rates")


def hours_cap(machines: pd.DataFrame, method: Method) -> NDArray[np.float64]:
    """Return the hours at which deterioration ends, shape (n,). [h]

    Parameters
    ----------
    machines : pandas.DataFrame, shape (n, ...)
        ``fuel, hp, model_year``.
    method : Method
    """
    return table(method).find(_asked_cap(machines), "hours_cap").to("h")


def answered(machines: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Return of which machines the Guidelines have the hours at which deterioration ends, shape (n,).

    Parameters
    ----------
    machines : pandas.DataFrame, shape (n, ...)
        ``fuel, hp, model_year``.
    method : Method
    """
    return table(method).has(_asked_cap(machines), "hours_cap")


def _asked_cap(machines: pd.DataFrame) -> pd.DataFrame:
    engine = machines["fuel"].map(ENGINES).map(_ENGINES)
    return machines.assign(engine=engine, standard=_of_spark(machines).where(engine != "diesel", "t1"))


def resolve(burning: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of engines by the Guidelines' rates.

    Parameters
    ----------
    burning : pandas.DataFrame, shape (n, ...)
        Classes with an engine: the recipe's keys and ``hp``.
    method : Method
    terms : TermBuilder

    Raises
    ------
    factors.tables.FactorMissing
        If the Guidelines have no rates of an engine, as below 25 hp.
    """
    for part in parts_of(burning, method):
        members = part.members.assign(
            engine=_ENGINES[part.engine],
            standard=_standards(part, method),
        )
        left = devices.left(part, method)
        fine = ratio(part, method, "PM2.5_over_PM10")
        _ageing(part, members, terms, method, "NOx", "NOx")
        _ageing(part, members, terms, method, "ROG", "ROG")
        _ageing(part, members, terms, method, "VOC", "ROG", note="ROG, as California counts VOC")
        _ageing(part, members, terms, method, "PM10", "PM10", ratios=left)
        _ageing(part, members, terms, method, "PM2.5", "PM10", ratios=(*left, fine))
        if part.engine == "diesel":
            _ageing(part, members, terms, method, "DPM", "PM10", ratios=left)
        fuel_carbon_and_sulfur(part, terms, method, part.rate("BSFC"))
        greenhouse_gases.of_fuel(part, terms, method, part.rate("BSFC"))


def _ageing(
    part: Part,
    members: pd.DataFrame,
    terms: TermBuilder,
    method: Method,
    pollutant: str,
    quantity: str,
    *,
    ratios: tuple[Rows, ...] = (),
    note: str = "",
) -> None:
    """Add ZH and, along the curve `life`, DR times the cap."""
    rates = table(method)
    fresh, growth, cap = (
        rates.find(members, name) for name in (quantity, f"{quantity}_deterioration", "hours_cap")
    )
    terms.curve("life", "life", {"exponent": 1.0, "cap": 1.0}, rates.name)
    said = f"{note}, " if note else ""
    add(part, terms, pollutant, "exhaust", fresh, ratios=ratios, of="", note=f"{said}zero-hour rate")
    add(part, terms, pollutant, "exhaust", growth, cap, ratios=ratios, of="", curve="life",
        note=f"{said}deterioration")  # fmt: skip


def _standards(part: Part, method: Method) -> pd.Series:
    """Return the standard whose rates each member takes, by the names of the Guidelines."""
    members = part.members
    if part.engine != "diesel":
        return _of_spark(members)
    technology = members["tech_type"].astype(str)
    stage = technology.map(tier4.stage)
    low, high = _PHASE_IN_HP
    phased = (members["hp"] > low - 0.1) & (members["hp"] <= high)
    interim = "t4po" if method.option("carb_interim_tier4") == "phase_out" else "t4pian"
    found = technology.map(_STANDARDS)
    found = found.mask(stage == tier4.FINAL, "t4f")
    found = found.mask((stage == tier4.INTERIM) & phased, interim)
    return found.mask((stage == tier4.INTERIM) & ~phased, "t4i")


def _of_spark(machines: pd.DataFrame) -> pd.Series:
    uncontrolled = machines["model_year"] <= _LAST_UNCONTROLLED
    return pd.Series(np.where(uncontrolled, "uc", "c"), index=machines.index)
