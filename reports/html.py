"""The page of an inventory: one file that opens from disk, with no network and no server."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from inventories.coverage import CO2E
from reports._condensed import condensed
from reports.footer import illustrative, screening
from reports.tables import Summary, activity_table, split_heading, summarize
from reports.wake import Wake, wake
from reports.words import number, plain, source_name, source_order, unit_of

if TYPE_CHECKING:
    import jinja2

    from inventories.inventory import Inventory
    from inventories.port import Port

FIRST = "NOx"
"""The pollutant that figures show first and that the examples explain."""


@dataclass(frozen=True)
class Example:
    """One worked answer to "where does this number come from?"."""

    title: str
    text: str
    command: str


@cache
def environment() -> jinja2.Environment:
    """Return the templates of this package; text from inputs is always escaped."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("reports"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )


def page(
    inventory: Inventory, port: Port | None = None, summary: Summary | None = None, shown: Wake | None = None
) -> str:
    """Return the report of an inventory as one self-contained HTML page.

    Parameters
    ----------
    inventory : Inventory
    port : Port, optional
        For the map; a page without it has none.
    summary : Summary, optional
    shown : Wake, optional
        Where they are at hand already.

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
        .get_template("report.html.j2")
        .render(
            title=f"{inventory.port_name} {inventory.year}",
            port=inventory.port_name,
            year=inventory.year,
            manifest=manifest,
            banners=[text for text in (illustrative(inventory), screening(inventory)) if text],
            summary=summary,
            wake=shown or wake(inventory),
            pollutants=drawn,
            first=FIRST if FIRST in drawn else drawn[0],
            views=_views(),
            has_map=figures["map"] is not None,
            map_views=list(figures["map"]["layout"]["meta"]["views"]) if figures["map"] else [],
            activity=_activity(inventory),
            examples=_examples(inventory),
            inputs=manifest["inputs"],
            figures=_as_script(figures),
            plotly_js=plotly_script(),
        )
    )


def _views() -> dict[str, str]:
    from reports.figures import VIEWS

    return {view: words for view, words in VIEWS.items() if view != "mode"}


def _figures(inventory: Inventory, port: Port | None, pollutants: list[str]) -> dict[str, Any]:
    """All figures as plain data, for the page's own script to draw."""
    from reports import maps
    from reports.figures import VIEW_NOTES, VIEWS, drawing, split

    splits = {view: split(inventory, view) for view in VIEWS}
    return {
        "views": {
            view: {name: drawing(parts, name) for name in pollutants} for view, parts in splits.items()
        },
        "notes": {view: VIEW_NOTES.get(view, "") for view in VIEWS},
        "absent": {name: splits["mode"].missing(name) for name in pollutants},
        "map": maps.drawing(port, inventory) if port is not None else None,
    }


def plotly_script() -> str:
    """Return plotly.js as it comes with the Python package, without importing all of that."""
    from importlib.resources import files

    return (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")


def _as_script(data: object) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


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
    every = condensed(inventory)
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
