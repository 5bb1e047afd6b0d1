"""The page of an inventory: one file that opens from disk, with no network and no server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from inventories.year.coverage import CO2E
from reports.condensed import condensed
from reports.footer import illustrative, screening
from reports.hydrocarbons import NOTE, hydrocarbons
from reports.page_parts import as_script, environment, plotly_script
from reports.tables import Summary, activity_table, split_heading, summarize
from reports.wake import Wake, wake
from reports.words import number, percent, plain, source_name, source_order, unit_of

if TYPE_CHECKING:
    from inventories.port.port import Port
    from inventories.year.inventory import Inventory

FIRST = "NOx"
"""The pollutant that figures show first and that the examples explain."""


_CHECK_NAMES = {
    "teu_total": "TEU",
    "teu_per_call": "TEU per call",
    "visits_per_teu": "gate visits per TEU",
    "miles_per_teu_in_domain": "truck miles per TEU, in the domain",
    "miles_per_visit_in_domain": "truck miles per gate visit, in the domain",
    "berth_hours_per_call": "berth hours per call",
    "auxiliary_kwh_per_call": "auxiliary kWh per call, with shore power",
    "shore_power_share": "calls on shore power",
    "vsr_share": "legs within the speed limit",
    "hours_per_machine": "hours per machine",
    "hp_hr_per_1000_gross_ton_mile": "hp-hr per 1000 gross ton-miles of line haul",
    "equipment_units": "machines",
    "electric_share_of_equipment": "electric machines",
    "diesel_share_of_visits": "gate visits of diesel trucks",
    "natural_gas_share_of_visits": "gate visits of natural gas trucks",
}


@dataclass(frozen=True)
class Example:
    """One worked answer to "where does this number come from?"."""

    title: str
    text: str
    command: str


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
            species=hydrocarbons(inventory, summary),
            species_note=NOTE,
            pollutants=drawn,
            first=FIRST if FIRST in drawn else drawn[0],
            views=_views(),
            has_map=figures["map"] is not None,
            map_views=list(figures["map"]["layout"]["meta"]["views"]) if figures["map"] else [],
            activity=_activity(inventory),
            checks=_checks(inventory),
            examples=_examples(inventory),
            inputs=manifest["inputs"],
            figures=as_script(figures),
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


def _activity(inventory: Inventory) -> dict[str, Any]:
    table = activity_table(inventory)
    rows = [
        (keys, ["" if pd.isna(value) else number(float(value)) for value in values])
        for keys, values in zip(table.index, table.to_numpy(), strict=True)
    ]
    return {"headings": [split_heading(str(name)) for name in table], "rows": rows}


def _checks(inventory: Inventory) -> list[dict[str, str]]:
    """What reviewers look at first: each quantity with the port's own range for it, where it gives one."""
    ranges = {str(line["quantity"]): line for line in inventory.manifest["checks"]}
    measured = inventory.manifest["measured"]
    found = []
    for name in [*ranges, *(name for name in measured if name not in ranges)]:
        line = ranges.get(name, {})
        quantity, _, of = name.partition(".")
        value = measured.get(name)
        share = line.get("unit") == "1" or "_share" in name
        found.append(
            {
                "name": f"{_CHECK_NAMES.get(quantity, plain(quantity))}{f': {plain(of)}' if of else ''}",
                "value": "" if value is None else (percent if share else number)(float(value)),
                "range": _range(line, share) if line else "",
                "unit": "" if share else str(line.get("unit", "")),
                "verdict": str(line.get("verdict", "no range")),
                "source": str(line.get("source", "")),
            }
        )
    return found


def _range(line: Mapping[str, Any], share: bool) -> str:
    low, high = (float(line[end]) for end in ("low", "high"))
    return f"{100 * low:g} to {100 * high:g} %" if share else f"{low:,.10g} to {high:,.10g}"


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
