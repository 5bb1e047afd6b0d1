"""The tables of scenarios beside each other, as text: base and end year, measures, energy, targets, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from factors.units import conversion
from inventories.targets import NOT_ASSESSABLE
from inventories.year.coverage import joined
from reports.words import UNIT_NAMES, number, percent, source_order, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventories.scenarios import Scenario
    from inventories.scenarios.answers.comparison import Comparison
    from inventories.scenarios.projection.outlook import Outlook
    from inventories.year.inventory import Inventory

FIRST = "NOx"
TOLD = ("NOx", "SOx", "PM2.5", "DPM", "CO", "VOC", "CO2e")
"""Pollutants of the table of base and end year: criteria pollutants, diesel particles and CO2e."""


def ends_table(comparison: Comparison, inventory: Inventory | None = None) -> pd.DataFrame:
    """Return base -> end by scenario and source for criteria pollutants and CO2e, as text.

    What a source does not estimate is NE, never 0; a part that is missing from a number is marked ``*``.
    """
    states = inventory.states("source_category", list(TOLD)) if inventory is not None else pd.DataFrame()
    columns: dict[str, pd.Series] = {}
    for pollutant in TOLD:
        ends = comparison.ends(pollutant, unit_of(pollutant)).set_index(["scenario", "source_category"])
        texts = {
            key: f"{number(float(base))} → {number(float(end))}"
            for key, base, end in ends.itertuples(name=None)
        }
        columns[f"{pollutant} [{unit_of(pollutant)}]"] = pd.Series(texts, dtype=object)
    frame = pd.DataFrame(columns)
    order = [
        (name, source)
        for name in comparison.names
        for source in [
            *source_order(sorted({str(s) for n, s in frame.index if n == name} - {"total"})),
            "total",
        ]
    ]
    frame = frame.reindex(order).astype(object)
    for row, (_, source) in enumerate(order):
        for column, heading in enumerate(frame.columns):
            frame.iloc[row, column] = _stated(frame.iloc[row, column], source, heading.split(" ")[0], states)
    return frame.rename_axis(["scenario", "source_category"])


def _stated(text: Any, source: str, pollutant: str, states: pd.DataFrame) -> str:
    if pollutant not in states:
        return "0" if pd.isna(text) else str(text)
    if source == "total":
        none = no_number(states[pollutant])
        return none or ("NE" if pd.isna(text) else f"{text}{'*' if marked(states[pollutant]) else ''}")
    state = str(states[pollutant].get(source, "value"))
    if state in ("NE", "IE"):
        return state
    return "0" if pd.isna(text) else f"{text}{'*' if state == 'partial' else ''}"


def marked(states: pd.Series) -> bool:
    """Return whether a sum over sources of these states lacks a part."""
    return bool(states.isin(["NE", "partial"]).any())


def no_number(states: pd.Series) -> str:
    """Return the state of a sum over sources that has no number, ``NE`` or ``IE``; blank where it has one."""
    whole = joined(set(states), of_sources=len(states) > 1) if len(states) else "zero"
    return whole if whole in ("NE", "IE") else ""


def accepted(comparison: Comparison) -> list[str]:
    """Return what measures accept as not estimated, a sentence a measure."""
    found: dict[str, None] = {}
    for outlook in comparison.outlooks:
        for measure in outlook.scenario.measures:
            names = getattr(measure, "accept_not_estimated", ())
            if names:
                listed = ", ".join(names)
                said = f"{measure.title}: {listed} of the changed work is not estimated (NE), in no total."
                found[said] = None
    return list(found)


def measures(comparison: Comparison) -> list[dict[str, Any]]:
    """Contribution, alone and last in, of each measure in its scenario's last year, for two pollutants."""
    found = []
    for outlook in comparison.outlooks:
        name, year = outlook.scenario.name, outlook.years[-1]
        effect = comparison.effects[name]
        told = [p for p in (FIRST, "DPM", "CO2e") if p in comparison.pollutants]
        tables = {p: effect.table(p, year) * conversion("kg", unit_of(p)) for p in told}
        for measure in effect.measures:
            levels = level_reached(outlook, measure, year)
            cells = [number(float(v)) for p in told for v in np.asarray(tables[p].loc[measure])]
            found.append({"scenario": name, "measure": measure, "level": levels or "-", "cells": cells})
    return found


def level_reached(outlook: Outlook, measure: str, year: int) -> str:
    """Say which level a measure reached, with the share of energy and what limits prevent, where told."""
    reached = outlook.levels
    own = reached[(reached["measure"] == measure) & (reached["year"] == year)]
    said = []
    for row in own.to_dict("records"):
        text = f"{row['option']} {percent(row['level'])}" if len(own) > 1 else percent(row["level"])
        more = []
        if (energy := row.get("energy_share", np.nan)) == energy:
            more.append(f"{percent(energy)} of the energy")
        if row["unmet"] > 0:
            more.append(f"{percent(row['unmet'])} unmet, prevented by limits")
        said.append(f"{text} ({'; '.join(more)})" if more else text)
    return ", ".join(said)


def energy(comparison: Comparison) -> list[dict[str, Any]]:
    """Return electricity, fuels and greenhouse gases from well to wake in each scenario's last year."""
    rows = []
    for outlook in comparison.outlooks:
        name, year = outlook.scenario.name, outlook.years[-1]
        held = comparison.energies[name]
        tonnes = _year(held.carriers, year)
        tonnes = {key.removesuffix("_kg"): value / 1000 for key, value in tonnes.items() if "_kg" in key}
        hydrogen = tonnes.pop("hydrogen", 0.0)
        tank, well = _year(held.tank_to_wake, year), _year(held.well_to_wake, year)
        rows.append(
            {
                "scenario": name,
                "year": year,
                "electricity": _listed(_year(held.electricity, year)),
                "peak": _listed(_year(held.peak_mw, year)),
                "hydrogen": number(hydrogen),
                "fuels": _listed({fuel: value for fuel, value in tonnes.items() if value}),
                "well": [f"{g}: {number(tank[g] / 1000)} → {number(well[g] / 1000)}" for g in tank],
            }
        )
    return rows


def _year(frame: pd.DataFrame, year: int) -> dict[str, float]:
    return {str(name): float(column.loc[year]) for name, column in frame.items()}


def _listed(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {number(value)}" for name, value in values.items())


def cumulative(
    comparison: Comparison, lacking: set[str], none: Mapping[str, str]
) -> list[tuple[str, list[str]]]:
    """Mass over all years after the base year; marked where a source does not estimate all of it.

    Parameters
    ----------
    comparison : Comparison
    lacking : set of str
        Pollutants of which a part is not estimated.
    none : mapping of str to str
        Pollutants without a number, with the state that is told in its place.
    """
    told = [p for p in TOLD if p in comparison.pollutants]
    sums = {p: comparison.cumulative(p) * conversion("kg", unit_of(p)) for p in told}
    return [("", [f"{p} [{unit_of(p)}]" for p in told])] + [
        (name, [none.get(p) or number(float(sums[p][name])) + "*" * (p in lacking) for p in told])
        for name in comparison.names
    ]


_ROUNDING = 1e-12
"""Of a mass: what sums in another order may leave."""

WHERE = {
    "avoided_in_domain": "in the domain",
    "moved_outside": "outside the domain, moved",
    "power_stations": "at power stations",
}


def moved(
    comparison: Comparison, lacking: set[str], none: Mapping[str, str]
) -> list[tuple[str, str, list[str]]]:
    """The change over all years after the base year, told apart by where it happens.

    Marked where a source does not estimate all of it: what trucks do to a pollutant of which they have none
    is not known, and no 0. What rounding leaves of a mass that does not change is 0.
    """
    told = [p for p in TOLD if p in comparison.pollutants]
    rows = [("", "", [f"{p} [{unit_of(p)}]" for p in told])]
    for name in comparison.names:
        changes = {
            p: comparison.moved(name, p).iloc[1:].sum(min_count=1) * conversion("kg", unit_of(p))
            for p in told
        }
        for where, words in WHERE.items():
            cells = []
            for p in told:
                value = float(changes[p][where])
                whole = float(comparison.cumulative(p)[name]) * conversion("kg", unit_of(p))
                value = 0.0 if abs(value) <= _ROUNDING * abs(whole) else value
                mark = "*" * (p in lacking and where != "power_stations")
                state = none.get(p, "") if where != "power_stations" else ""
                cells.append(state or ("NE" if value != value else number(value) + mark))
            rows.append((name, words, cells))
    return rows


def targets(comparison: Comparison) -> list[list[str]]:
    """Return each target with what is required and projected, and whether it is met."""
    rows = []
    told = comparison.targets
    # What cannot be assessed is so for every scenario alike, and is said once.
    alike = told["status"].eq(NOT_ASSESSABLE)
    told = pd.concat([told[~alike], told[alike].drop_duplicates(["target", "year"]).assign(scenario="any")])
    for row in told.to_dict("records"):
        unit = unit_of(row["pollutant"]) if row["pollutant"] else ""

        def mass(key: str, row: dict[Any, Any] = row, unit: str = unit) -> str:
            return "" if pd.isna(row[key]) else number(row[key] * conversion("kg", unit))

        rows.append(
            [
                row["scenario"], row["target"], "" if pd.isna(row["year"]) else str(row["year"]),
                mass("base_kg"), mass("required_kg"), mass("projected_kg"),
                "" if pd.isna(row["year_first_met"]) else str(row["year_first_met"]),
                mass("margin_kg"), UNIT_NAMES.get(unit, "") if not row["why"] else "",
                row["status"] + (f": {row['why']}" if row["why"] else ""),
            ]
        )  # fmt: skip
    return rows


def laws(comparison: Comparison) -> list[Any]:
    """Return the laws that the scenarios name, each once."""
    found = []
    for outlook in comparison.outlooks:
        law = outlook.scenario.law
        if law is not None and law not in found:
            found.append(law)
    return found


def law_parts(scenario: Scenario) -> list[tuple[str, list[str]]]:
    """Return what a scenario's law assumes, could not represent and leaves out, under their headings."""
    law = scenario.law
    if law is None:
        return []
    return [
        ("assumed", law.assumed),
        ("in force, not represented", law.not_represented),
        ("left out, not in force", law.not_in_force),
    ]
