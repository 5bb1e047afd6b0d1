"""Scenarios compared in one page that opens from disk: lines, wedges, stacked bars and dumbbells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reports.page_parts import as_script, environment, plotly_script
from reports.scenarios import tables
from reports.scenarios.ends import last_years, names_with_end
from reports.scenarios.figures import dumbbell, lines, stacked, wedges
from reports.words import source_name, source_order
from reports.year.footer import illustrative, screening

if TYPE_CHECKING:
    from inventories.scenarios.answers.comparison import Comparison
    from inventories.year.inventory import Inventory


def comparison_page(comparison: Comparison, inventory: Inventory) -> str:
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
    lacking = {p for p in pollutants if tables.marked(states[p])}
    none = {p: state for p in pollutants if (state := tables.no_number(states[p]))}
    figures = {
        "lines": {p: lines(comparison, p) for p in pollutants},
        "dumbbell": {p: dumbbell(comparison, p) for p in pollutants},
        "wedges": {n: {p: wedges(comparison, n, p) for p in pollutants} for n in comparison.names},
        "stacked": {n: {p: stacked(comparison, n, p) for p in pollutants} for n in comparison.names},
        "absent": {p: _absent(states[p]) for p in pollutants},
    }
    last = comparison.names[-1]
    ends = tables.ends_table(comparison, inventory)
    called = names_with_end(comparison)
    return (
        environment()
        .get_template("comparison.html.j2")
        .render(
            title=f"{inventory.port_name}: scenarios from {comparison.base_year}",
            port=inventory.port_name,
            base_year=comparison.base_year,
            end_year=last_years(comparison),
            manifest=inventory.manifest,
            banners=[text for text in (illustrative(inventory), screening(inventory)) if text],
            baseline=comparison.baseline,
            scenarios=[o.scenario for o in comparison.outlooks],
            first_scenario=last,
            pollutants=pollutants,
            first=tables.FIRST if tables.FIRST in pollutants else pollutants[0],
            headings=[str(c).split(" ") for c in ends.columns],
            ends=[(called[n], "All sources" if s == "total" else source_name(s), list(row), s == "total")
                  for (n, s), row in zip(ends.index, ends.to_numpy(), strict=True)],
            measures=tables.measures(comparison),
            energy=tables.energy(comparison),
            cumulative=tables.cumulative(comparison, lacking, none),
            moved=tables.moved(comparison, lacking, none),
            targets=tables.targets(comparison),
            laws=tables.laws(comparison),
            notes=comparison.notes,
            warnings=[f"{o.scenario.name}: {text}." for o in comparison.outlooks for text in o.warnings],
            assumptions=[*comparison.energies[last].assumptions, *tables.accepted(comparison)],
            making_lacks=sorted({t for e in comparison.energies.values() for t in e.not_estimated}),
            figures=as_script(figures),
            plotly_js=plotly_script(),
        )
    )  # fmt: skip


def _absent(states: pd.Series) -> str:
    said = []
    for state, words in (("NE", "Not estimated (NE)"), ("partial", "Without parts that are not estimated")):
        named = source_order([str(s) for s in states.index[states == state]])
        if named:
            said.append(f"{words}: {', '.join(source_name(s) for s in named)}.")
    return " ".join(said)
