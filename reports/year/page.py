"""The page of an inventory: one file that opens from disk, with no network and no server."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from inventories.year.coverage import CO2E
from reports.page_parts import as_script, environment, plotly_script
from reports.words import number, plain, source_name, source_order, split_heading, unit_of
from reports.year.activity import activity_table
from reports.year.checks import checks
from reports.year.footer import illustrative, screening
from reports.year.hydrocarbons import NOTE, hydrocarbons
from reports.year.summary import Summary, summarize
from reports.year.summed_cells import summed_cells
from reports.year.well_to_wake import wake_table

if TYPE_CHECKING:
    from inventories.port.port import Port
    from inventories.year.inventory import Inventory

FIRST = "NOx"
"""The pollutant that figures show first and that the examples explain."""


@dataclass(frozen=True)
class Example:
    """One worked answer to "where does this number come from?"."""

    title: str
    text: str
    command: str


def page(inventory: Inventory, port: Port | None = None, summary: Summary | None = None) -> str:
    """Return the report of an inventory as one self-contained HTML page.

    Parameters
    ----------
    inventory : Inventory
    port : Port, optional
        For the map; a page without it has none.
    summary : Summary, optional
        Where it is at hand already.

    Returns
    -------
    str
        The same text for the same inventory, to the byte: no time of day, no path, fixed names of parts.
    """
    summary = summary or summarize(inventory)
    drawn = [name for name in summary.pollutants if name == CO2E or name in inventory.mass]
    figures = _figures(inventory, port, drawn)
    manifest = inventory.manifest
    return (
        environment()
        .get_template("year.html.j2")
        .render(
            title=f"{inventory.port_name} {inventory.year}",
            port=inventory.port_name,
            year=inventory.year,
            manifest=manifest,
            banners=[text for text in (illustrative(inventory), screening(inventory)) if text],
            summary=summary,
            wake=wake_table(inventory),
            species=hydrocarbons(inventory, summary),
            species_note=NOTE,
            pollutants=drawn,
            first=FIRST if FIRST in drawn else drawn[0],
            views=_views(),
            has_map=figures["map"] is not None,
            map_views=list(figures["map"]["layout"]["meta"]["views"]) if figures["map"] else [],
            activity=_activity(inventory),
            checks=checks(inventory),
            examples=_examples(inventory),
            inputs=manifest["inputs"],
            figures=as_script(figures),
            plotly_js=plotly_script(),
        )
    )


def _views() -> dict[str, str]:
    from reports.year.figures import VIEWS

    return {view: words for view, words in VIEWS.items() if view != "mode"}


def _figures(inventory: Inventory, port: Port | None, pollutants: list[str]) -> dict[str, Any]:
    """All figures as plain data, for the page's own script to draw."""
    from reports.year import maps
    from reports.year.figures import VIEW_NOTES, VIEWS, drawing, split

    splits = {view: split(inventory, view) for view in VIEWS}
    return {
        "views": {
            view: {name: drawing(parts, name) for name in pollutants} for view, parts in splits.items()
        },
        "notes": {view: VIEW_NOTES.get(view, "") for view in VIEWS},
        "absent": {name: splits["mode"].missing(name) for name in pollutants},
        "map": maps.drawing(port, inventory) if port is not None else None,
    }


def _activity(inventory: Inventory) -> dict[str, Any]:
    table = activity_table(inventory)
    rows = [
        (keys, ["" if pd.isna(value) else number(float(value)) for value in values])
        for keys, values in zip(table.index, table.to_numpy(), strict=True)
    ]
    return {"headings": [split_heading(str(name)) for name in table], "rows": rows}


def _examples(inventory: Inventory) -> list[Example]:
    """Explain, for each source category, the mode that emits most of one pollutant."""
    found: list[Example] = []
    every = summed_cells(inventory)
    if FIRST not in every:
        return found
    by_mode_of = every[every["in_domain"]].groupby(["source_category", "mode_or_segment"])[FIRST].sum()
    for name in source_order(sorted({str(key) for key, _ in by_mode_of.index})):
        by_mode = by_mode_of.loc[name]
        if not by_mode.max() > 0:
            continue
        mode = str(by_mode.idxmax())
        where = {"source_category": name} | ({"mode": mode} if mode else {})
        answer = replace(inventory.explain(FIRST, **where), unit=unit_of(FIRST))
        asked = " ".join(f"--where {key}={value}" for key, value in where.items())
        title = f"{FIRST} of {source_name(name)}" + (f", {plain(mode)}" if mode else "")
        found.append(Example(title, str(answer), f"caap explain FOLDER {inventory.year} {FIRST} {asked}"))
    return found
