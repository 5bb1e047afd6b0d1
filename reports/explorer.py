"""Scenarios compared in one page that opens from disk: lines, wedges, stacked bars and dumbbells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from factors.units import conversion
from inventories.scenarios.answers.comparison import Comparison
from inventories.targets import NOT_ASSESSABLE
from reports.footer import illustrative, screening
from reports.page_parts import as_script, environment, plotly_script
from reports.scenario_figures import dumbbell, lines, stacked, wedges
from reports.words import UNIT_NAMES, number, percent, source_name, source_order, unit_of

if TYPE_CHECKING:
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
        lacking = states[pollutant].isin(["NE", "partial"]).any()
        return "NE" if pd.isna(text) else f"{text}{'*' if lacking else ''}"
    state = str(states[pollutant].get(source, "value"))
    if state in ("NE", "IE"):
        return state
    return "0" if pd.isna(text) else f"{text}{'*' if state == 'partial' else ''}"


def explorer_page(comparison: Comparison, inventory: Inventory) -> str:
    """Return the comparison as one self-contained HTML page.

    Parameters
    ----------
    comparison : Comparison
    inventory : Inventory
        The base year, for what must be said of it.

    Returns
    -------
    str
        The same text for the same input, to the byte.
    """
    pollutants = comparison.pollutants
    states = inventory.states("source_category", list(pollutants))
    lacking = {p for p in pollutants if states[p].isin(["NE", "partial"]).any()}
    figures = {
        "lines": {p: lines(comparison, p) for p in pollutants},
        "dumbbell": {p: dumbbell(comparison, p) for p in pollutants},
        "wedges": {n: {p: wedges(comparison, n, p) for p in pollutants} for n in comparison.names},
        "stacked": {n: {p: stacked(comparison, n, p) for p in pollutants} for n in comparison.names},
        "absent": {p: _absent(states[p]) for p in pollutants},
    }
    last = comparison.names[-1]
    table = ends_table(comparison, inventory)
    return (
        environment()
        .get_template("explorer.html.j2")
        .render(
            title=f"{inventory.port_name}: scenarios from {comparison.base_year}",
            port=inventory.port_name,
            base_year=comparison.base_year,
            end_year=max(o.years[-1] for o in comparison.outlooks),
            manifest=inventory.manifest,
            banners=[text for text in (illustrative(inventory), screening(inventory)) if text],
            baseline=comparison.baseline,
            scenarios=[o.scenario for o in comparison.outlooks],
            first_scenario=last,
            pollutants=pollutants,
            first=FIRST if FIRST in pollutants else pollutants[0],
            headings=[str(c).split(" ") for c in table.columns],
            ends=[(n, "All sources" if s == "total" else source_name(s), list(row), s == "total")
                  for (n, s), row in zip(table.index, table.to_numpy(), strict=True)],
            measures=_measures(comparison),
            energy=_energy(comparison),
            cumulative=_cumulative(comparison, lacking),
            moved=_moved(comparison, lacking),
            targets=_targets(comparison),
            laws=_laws(comparison),
            notes=comparison.notes,
            warnings=[f"{o.scenario.name}: {text}." for o in comparison.outlooks for text in o.warnings],
            assumptions=[*comparison.energies[last].assumptions, *accepted(comparison)],
            making_lacks=sorted({t for e in comparison.energies.values() for t in e.not_estimated}),
            figures=as_script(figures),
            plotly_js=plotly_script(),
        )
    )  # fmt: skip


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


# ------------------------------------------------------------------ parts


def _absent(states: pd.Series) -> str:
    said = []
    for state, words in (("NE", "Not estimated (NE)"), ("partial", "Without parts that are not estimated")):
        named = source_order([str(s) for s in states.index[states == state]])
        if named:
            said.append(f"{words}: {', '.join(source_name(s) for s in named)}.")
    return " ".join(said)


def _measures(comparison: Comparison) -> list[dict[str, Any]]:
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


def _energy(comparison: Comparison) -> list[dict[str, Any]]:
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


def _cumulative(comparison: Comparison, lacking: set[str]) -> list[tuple[str, list[str]]]:
    """Mass over all years after the base year; marked where a source does not estimate all of it."""
    told = [p for p in TOLD if p in comparison.pollutants]
    sums = {p: comparison.cumulative(p) * conversion("kg", unit_of(p)) for p in told}
    return [("", [f"{p} [{unit_of(p)}]" for p in told])] + [
        (name, [number(float(sums[p][name])) + "*" * (p in lacking) for p in told])
        for name in comparison.names
    ]


_ROUNDING = 1e-12
"""Of a mass: what sums in another order may leave."""

WHERE = {
    "avoided_in_domain": "in the domain",
    "moved_outside": "outside the domain, moved",
    "power_stations": "at power stations",
}


def _moved(comparison: Comparison, lacking: set[str]) -> list[tuple[str, str, list[str]]]:
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
                cells.append("NE" if value != value else number(value) + mark)
            rows.append((name, words, cells))
    return rows


def _targets(comparison: Comparison) -> list[list[str]]:
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


def _laws(comparison: Comparison) -> list[Any]:
    found = []
    for outlook in comparison.outlooks:
        law = outlook.scenario.law
        if law is not None and law not in found:
            found.append(law)
    return found
