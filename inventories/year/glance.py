"""A year at a glance: what `repr` tells in a console, and the small table that a notebook shows."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from factors.brief import lines
from factors.units import conversion
from factors.warming import is_climate
from inventories.year.coverage import CO2E, OTHER_SPECIES, joined

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory

_PLURALS = {"short_ton": "short tons", "tonne": "tonnes"}

TOTAL = "total in the domain"
NO_WORK = "no work in the domain"
PARTIAL = "*"
_SAID = "* lacks a part that is not estimated (NE)"


def in_text(inventory: Inventory) -> str:
    """Return port, year, method, sources, totals and records in a few lines."""
    figures = _figures(inventory)
    by_unit: dict[str, list[str]] = {}
    for heading, text in zip(figures, figures.loc[TOTAL], strict=True):
        name, _, unit = str(heading).rstrip("]").partition(" [")
        by_unit.setdefault(unit, []).append(f"{name} {text}")
    return lines(
        _head(inventory),
        {
            "sources": ", ".join(str(name) for name in figures.index if name != TOTAL) or NO_WORK,
            **{unit: ", ".join(told) for unit, told in by_unit.items()},
            "": _SAID if figures.loc[TOTAL].str.endswith(PARTIAL).any() else "",
            "records": _records(inventory),
        },
    )


def in_html(inventory: Inventory) -> str:
    """Return a small table, a row a source category, that needs nothing else to be shown."""
    figures = _figures(inventory)
    figures.index = figures.index.str.replace("_", " ")
    below = [_SAID] if figures.map(lambda text: text.endswith(PARTIAL)).to_numpy().any() else []
    told = "<br>".join(escape(line) for line in [*below, _records(inventory)])
    table = figures.to_html(escape=True, border=0)
    return f"<div><strong>{escape(_head(inventory))}</strong>\n{table}\n<small>{told}</small></div>"


def _head(inventory: Inventory) -> str:
    return f"Inventory of {inventory.port_name}, {inventory.year}, by {inventory.method.name}"


def _figures(inventory: Inventory) -> pd.DataFrame:
    """Masses in the domain as printed, a row a source and one for all; its unit in each heading.

    Of the hydrocarbons VOC alone, which every source can be asked for and which has a sum.
    """
    named = [str(name) for name in inventory.manifest["pollutants"] if name not in OTHER_SPECIES]
    states = inventory.states("source_category", [*named, CO2E])
    states.loc[TOTAL] = [joined(set(states[name]), of_sources=True) for name in states]
    source = inventory.cells["source_category"].where(inventory.cells["in_domain"]).astype("object")
    masses = pd.DataFrame({name: inventory.column(name) for name in [*named, CO2E]})
    summed = masses.groupby(source).sum()
    summed.loc[TOTAL] = summed.sum()
    text = {}
    for name in [*named, CO2E]:
        unit = "tonne" if is_climate(name) else "short_ton"
        label = name if name != CO2E else f"{CO2E} ({inventory.gwp_set})"
        told = zip(summed[name] * conversion("kg", unit), states[name].reindex(summed.index), strict=True)
        text[f"{label} [{_PLURALS[unit]}]"] = [_printed(value, state) for value, state in told]
    return pd.DataFrame(text, index=summed.index.astype(str)).rename_axis(index=None)


def _printed(value: float, state: str) -> str:
    if state in ("NE", "IE"):
        return state
    figure = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return figure + (PARTIAL if state == "partial" else "")


def _records(inventory: Inventory) -> str:
    read = sum(inventory.manifest["records"]["in"].values())
    left = f", {len(inventory.rejected):,} of them rejected" if len(inventory.rejected) else ""
    return f"{read:,}{left}; {len(inventory.work):,} work rows in {len(inventory.cells):,} cells"
