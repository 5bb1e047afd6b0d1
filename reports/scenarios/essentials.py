"""The essential of scenarios beside each other: totals, and what must be known before they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from inventories.targets import NOT_ASSESSABLE
from reports.scenarios.tables import TOLD, accepted, level_reached, marked, no_number
from reports.words import number, unit_of
from reports.year.footer import illustrative, screening

if TYPE_CHECKING:
    from inventories.scenarios.answers.comparison import Comparison
    from inventories.scenarios.projection.outlook import Outlook
    from inventories.year.inventory import Inventory


def totals_table(comparison: Comparison, inventory: Inventory) -> pd.DataFrame:
    """Return all sources together in the base year and in each scenario's last, with the change, as text.

    Returns
    -------
    pandas.DataFrame
        The base year; then of each scenario a row of its last year and one of the change since. A column a
        pollutant. [short tons; CO2e tonnes; %] A number that lacks a part is marked ``*``; NE or IE where
        there is none.
    """
    states = inventory.states("source_category", list(TOLD))
    columns = {}
    for pollutant in TOLD:
        ends = comparison.ends(pollutant, unit_of(pollutant))
        ends = ends[ends["source_category"] == "total"].set_index("scenario").drop(columns="source_category")
        mark = "*" if marked(states[pollutant]) else ""
        none = no_number(states[pollutant])
        cells: list[str] = []
        for name in comparison.names:
            base, end = map(float, ends.loc[name].to_numpy())
            change = f"{100 * (end / base - 1):+.0f} %" if base and not none else ""
            masses = [none or number(mass) + mark for mass in (base, end)]
            # All scenarios start from one year, which is told once.
            cells += [masses[-1], change] if cells else [*masses, change]
        columns[pollutant] = cells
    rows = [f"{comparison.base_year}"]
    for outlook in comparison.outlooks:
        rows += [f"{outlook.scenario.name}, {outlook.years[-1]}", f"  since {comparison.base_year}"]
    return pd.DataFrame(columns, index=rows)


def remarks(comparison: Comparison, inventory: Inventory) -> list[str]:
    """Return what must be known of projected numbers, the foremost first.

    The rule: that they are no results at all; whether targets are met, which is what was asked; where a
    scenario falls below the law; what limits prevent; what it changes without an estimate; which rules in
    force nothing represents; what well to wake lacks; last what is taken for granted.
    """
    said = [
        illustrative(inventory),
        screening(inventory),
        _targets(comparison),
        *(f"Warning, {o.scenario.name}: {line}." for o in comparison.outlooks for line in o.warnings),
        *prevented(comparison),
        *accepted(comparison),
        _not_represented(comparison),
        making_lacks(comparison),
        *comparison.notes,
    ]
    return [text for text in said if text]


def legend(table: pd.DataFrame) -> str:
    """Return what the marks of a table mean, as far as they occur in it."""
    cells = [str(text) for text in table.to_numpy().ravel()]
    said = ["NE not estimated" if "NE" in cells else ""]
    said.append("* a part of it is not estimated" if any(t.endswith("*") for t in cells) else "")
    marks = "; ".join(filter(None, said))
    return f"{marks}." if marks else ""


def prevented(comparison: Comparison) -> list[str]:
    """Return the levels of each scenario's last year of which limits prevent a part."""
    said = []
    for outlook in comparison.outlooks:
        year, levels = outlook.years[-1], outlook.levels
        held = levels.loc[(levels["unmet"] > 0) & (levels["year"] == year), "measure"].unique()
        said += [level_told(outlook, str(measure)) for measure in held]
    return said


def level_told(outlook: Outlook, measure: str) -> str:
    """Return the level that a measure reaches in the last year, with its scenario."""
    year = outlook.years[-1]
    return f"{outlook.scenario.name}, {measure}, {year}: {level_reached(outlook, measure, year)}"


def making_lacks(comparison: Comparison) -> str:
    """Return whose making is not estimated; empty where all is."""
    lacking = sorted({text for held in comparison.energies.values() for text in held.not_estimated})
    return f"Making these is not estimated, well to wake lacks it: {', '.join(lacking)}." if lacking else ""


def _targets(comparison: Comparison) -> str:
    """Count the targets that each scenario meets, and name them with the year in which they first are."""
    told = comparison.targets
    known = told[told["status"] != NOT_ASSESSABLE]
    said = []
    for name, own in known.groupby("scenario", sort=False):
        met = own[own["status"] == "met"]
        first = met["year_first_met"].fillna(met["year"]).astype(int)
        named = ", ".join(f"{t} in {y}" for t, y in zip(met["target"], first, strict=True))
        said.append(f"{name} {len(met)} of {len(own)}{f' ({named})' if named else ''}")
    parts = [f"Targets met: {'; '.join(said)}."] if said else []
    lacking = len(told[told["status"] == NOT_ASSESSABLE].drop_duplicates(["target", "year"]))
    if lacking:
        parts.append(f"{lacking} target{'s are' if lacking != 1 else ' is'} not assessable.")
    return " ".join(parts)


def _not_represented(comparison: Comparison) -> str:
    days: dict[str, int] = {}
    for outlook in comparison.outlooks:
        law = outlook.scenario.law
        if law is not None and law.not_represented:
            days[str(law.as_of)] = len(law.not_represented)
    said = ", ".join(f"{count} of those in force on {day}" for day, count in days.items())
    return f"Rules that nothing here represents: {said}; listed on the page." if said else ""
