"""Targets: what a plan asks of a port's emissions, against what a projection gives.

A reduction is counted from a base year. Its mass is estimated again by the method of the projection; where
there is no such inventory the target is *not assessable*, and no published total stands in for it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

if TYPE_CHECKING:
    from inventories.port.port import Port
    from inventories.year.inventory import Inventory

MET, MISSED, NOT_ASSESSABLE = "met", "missed", "not assessable"
KEYS = ("pollutant", "reduction_percent", "base_year", "year", "plan")


class TargetError(ValueError):
    """A target cannot be read; the message names the key and what to write."""


@dataclass(frozen=True)
class Target:
    """A reduction of one pollutant from a base year.

    Attributes
    ----------
    name, plan, pollutant : str
    reduction : float
        Share of the base year's mass to be gone. [1]
    base_year, year : int or None
        From when it is counted, and when it is due.
    not_assessable : str
        Why no mass can tell, where none can.
    source, confidence, note : str
    """

    name: str
    plan: str
    pollutant: str
    reduction: float
    base_year: int | None
    year: int | None
    not_assessable: str = ""
    source: str = ""
    confidence: str = "unverified"
    note: str = ""


class Projected(Protocol):
    """What targets ask of a projection: its years, how it was computed, and a pollutant's mass by year."""

    @property
    def years(self) -> Sequence[int]:
        """The base year first."""
        ...

    @property
    def gwp_set(self) -> str:
        """Global warming potentials of CO2e."""
        ...

    @property
    def method(self) -> str:
        """Name of the method."""
        ...

    def series(self, pollutant: str) -> pd.Series:
        """Return the mass in the domain by year. [kg]"""
        ...


@cache
def caap_targets() -> tuple[Target, ...]:
    """Return the targets of the San Pedro Bay Clean Air Action Plans, as printed.

    Examples
    --------
    >>> [t.reduction for t in caap_targets() if t.pollutant == "NOx" and t.year == 2023]
    [0.59]
    """
    text = (files("inventories") / "targets.csv").read_text(encoding="utf-8")
    return tuple(
        Target(
            row["name"],
            row["plan"],
            row["pollutant"],
            float(row["reduction_percent"]) / 100,
            int(row["base_year"]) if row["base_year"] else None,
            int(row["target_year"]) if row["target_year"] else None,
            row["not_assessable"],
            row["source"],
            row["confidence"],
            row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def port_targets(port: Port) -> tuple[Target, ...]:
    """Return the targets that a port's own file states.

    Raises
    ------
    TargetError
        If one lacks a key or has an unknown one.
    """
    return tuple(_own(name, content) for name, content in port.targets.items())


def _own(name: str, content: Any) -> Target:
    if not isinstance(content, Mapping) or not {"pollutant", "reduction_percent", "base_year", "year"} <= set(
        content
    ):
        raise TargetError(
            f"[targets.{name}] needs pollutant, reduction_percent, base_year and year; for example "
            'pollutant = "NOx", reduction_percent = 59, base_year = 2005, year = 2023'
        )
    unknown = sorted(set(content) - set(KEYS))
    if unknown:
        raise TargetError(
            f"[targets.{name}] has unknown keys {', '.join(unknown)}; known are {', '.join(KEYS)}"
        )
    return Target(
        name,
        str(content.get("plan", "")),
        str(content["pollutant"]),
        float(content["reduction_percent"]) / 100,
        int(content["base_year"]),
        int(content["year"]),
        source="port.toml",
        confidence="read",
    )


def assess(
    targets: Iterable[Target], outlook: Projected, base_years: Mapping[int, Inventory] | None = None
) -> pd.DataFrame:
    """Hold a projection against targets.

    Parameters
    ----------
    targets : iterable of Target
    outlook : Projected
    base_years : mapping of int to Inventory, optional
        Inventories of the years that reductions are counted from, by the method of the projection.

    Returns
    -------
    pandas.DataFrame
        A row a target: ``target, pollutant, base_year, year, base_kg, required_kg, projected_kg,
        year_first_met, margin_kg, status, why``. A negative margin is what is still too much; numbers that
        are not known are missing.
    """
    columns = ["target", "pollutant", "base_year", "year", "base_kg", "required_kg", "projected_kg",
               "year_first_met", "margin_kg", "status", "why"]  # fmt: skip
    rows = [_row(target, outlook, base_years or {}) for target in targets]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({name: "Int64" for name in ("base_year", "year", "year_first_met")})


def _row(target: Target, outlook: Projected, base_years: Mapping[int, Inventory]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "target": target.name,
        "pollutant": target.pollutant,
        "base_year": target.base_year,
        "year": target.year,
        "status": NOT_ASSESSABLE,
        "why": _why_not(target, outlook, base_years),
    }
    if row["why"]:
        return row
    assert target.base_year is not None
    assert target.year is not None
    before = base_years[target.base_year].total(target.pollutant, unit="kg").magnitude
    required = before * (1 - target.reduction)
    series = outlook.series(target.pollutant)
    met = series.index[series <= required]
    projected = float(series.loc[target.year])
    return row | {
        "base_kg": before,
        "required_kg": required,
        "projected_kg": projected,
        "year_first_met": int(met[0]) if len(met) else None,
        "margin_kg": required - projected,
        "status": MET if projected <= required else MISSED,
    }


def _why_not(target: Target, outlook: Projected, base_years: Mapping[int, Inventory]) -> str:
    if target.not_assessable:
        return target.not_assessable
    if target.year is None or target.base_year is None:
        return "names no year"
    if target.year not in outlook.years:
        return f"due in {target.year}, outside {outlook.years[0]}-{outlook.years[-1]}"
    inventory = base_years.get(target.base_year)
    if inventory is None:
        return f"no inventory of {target.base_year} by this method"
    if inventory.gwp_set != outlook.gwp_set:
        return f"the inventory of {target.base_year} counts with {inventory.gwp_set}, not {outlook.gwp_set}"
    method = inventory.manifest["method"]["name"]
    if outlook.method and method != outlook.method:
        return f"the inventory of {target.base_year} is by {method}, not {outlook.method}"
    return ""
