"""Figures of scenarios beside each other: lines, wedges by measure, stacked bars by source, dumbbells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from factors.units import conversion
from reports.figure_style import COLORS, GRID, INK, OTHER_COLOR, axis_title, layout
from reports.scenarios.ends import last_years, names_with_end
from reports.words import UNIT_NAMES, number, source_name, source_order, unit_of

if TYPE_CHECKING:
    from inventories.scenarios.answers.comparison import Comparison

# Okabe and Ito's colours again, in an order in which neighbours differ; the baseline is ink.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7a5195", "#8c6d31", "#444444")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def lines(comparison: Comparison, pollutant: str) -> dict[str, Any]:
    """Draw one pollutant by year, a line a scenario; the baseline is black."""
    frame = comparison.series(pollutant) * conversion("kg", unit_of(pollutant))
    data = []
    for place, name in enumerate(frame):
        is_baseline = name == comparison.baseline
        shade = place - (1 if comparison.baseline else 0)
        look = {
            "color": INK if is_baseline else PALETTE[shade % len(PALETTE)],
            "width": 3 if is_baseline else 2.2,
            "dash": "solid" if is_baseline else DASHES[(shade // len(PALETTE)) % len(DASHES)],
        }
        data.append(_line(str(name), frame[name], pollutant, line=look, mode="lines"))
    return {"data": data, "layout": _by_year(pollutant, 440)}


def wedges(comparison: Comparison, scenario: str, pollutant: str) -> dict[str, Any]:
    """Draw what each measure of a scenario takes off (or adds), between its outlook and what it would be."""
    factor = conversion("kg", unit_of(pollutant))
    own = comparison.outlook(scenario).series(pollutant) * factor
    effect = comparison.effects[scenario].series(pollutant) * factor
    order = list(effect.sum().sort_values(kind="stable").index)
    shrinks = [name for name in order if effect[name].sum() <= 0]
    grows = [name for name in order if effect[name].sum() > 0]
    data = [_line(scenario, own, pollutant, line={"color": INK, "width": 2}, mode="lines")]
    level = own
    for place, name in enumerate(shrinks):
        above = level - effect[name]
        shade = PALETTE[place % len(PALETTE)]
        said = [f"{number(float(v))} {UNIT_NAMES[unit_of(pollutant)]}" for v in effect[name]]
        wedge = _line(str(name), above, pollutant, line={"color": shade, "width": 0.8}, mode="lines")
        data.append(
            wedge
            | {"fill": "tonexty", "fillcolor": f"{shade}99", "text": said, "hovertemplate": "%{x}: %{text}"}
        )
        level = above
    without = _line(
        f"{scenario} without its measures", own - effect.sum(axis=1), pollutant,
        line={"color": INK, "width": 1.5, "dash": "dash"}, mode="lines",
    )  # fmt: skip
    data.append(without)
    for place, name in enumerate(grows):
        data.append(
            _line(f"{name} (adds)", own - effect[name], pollutant, mode="lines",
                  line={"color": PALETTE[-1 - place % 3], "width": 1.5, "dash": "dot"})
        )  # fmt: skip
    return {"data": data, "layout": _by_year(pollutant, 460)}


def stacked(comparison: Comparison, scenario: str, pollutant: str) -> dict[str, Any]:
    """Draw one scenario by year, stacked by source category."""
    frame = comparison.by_source(scenario, pollutant) * conversion("kg", unit_of(pollutant))
    data = []
    for source in source_order([str(name) for name in frame]):
        bar = _line(source_name(source), frame[source], pollutant)
        data.append(
            bar
            | {"type": "bar", "textposition": "none", "marker": {"color": COLORS.get(source, OTHER_COLOR)}}
        )
    return {"data": data, "layout": _by_year(pollutant, 420) | {"barmode": "stack", "bargap": 0.15}}


def dumbbell(comparison: Comparison, pollutant: str) -> dict[str, Any]:
    """Draw base and end year of each scenario, in all and by source, joined by a line."""
    ends = comparison.ends(pollutant, unit_of(pollutant))
    base, end = ends.columns[2], ends.columns[3]
    called = names_with_end(comparison)
    sources = [*source_order([str(s) for s in ends["source_category"].unique() if s != "total"]), "total"]
    rows = [
        (f"{'All sources' if source == 'total' else source_name(source)}: {called[entry['scenario']]}", entry)
        for source in sources
        for entry in ends[ends["source_category"] == source].to_dict("records")
    ]
    joins_x: list[float | None] = []
    joins_y: list[str | None] = []
    for label, entry in rows:
        joins_x += [_round(entry[base]), _round(entry[end]), None]
        joins_y += [label, label, None]
    unit = UNIT_NAMES[unit_of(pollutant)]

    def dots(name: str, column: str, color: str, symbol: str) -> dict[str, Any]:
        values = [_round(entry[column]) for _, entry in rows]
        return {
            "type": "scatter", "mode": "markers", "name": name, "x": values, "y": [r[0] for r in rows],
            "marker": {"color": color, "size": 11, "symbol": symbol}, "text": [number(v) for v in values],
            "hovertemplate": f"%{{y}}: %{{text}} {unit}", "cliponaxis": False,
        }  # fmt: skip

    data = [
        {"type": "scatter", "mode": "lines", "x": joins_x, "y": joins_y, "showlegend": False,
         "line": {"color": "#9aa4ae", "width": 3}, "hoverinfo": "skip"},
        dots(str(comparison.base_year), base, "#ffffff", "circle") | {"marker": {
            "color": "#ffffff", "size": 11, "line": {"color": INK, "width": 2}}},
        dots(last_years(comparison), end, "#0072b2", "circle"),
    ]  # fmt: skip
    axes = {
        "xaxis": _numbers(pollutant),
        "yaxis": {
            "type": "category", "categoryorder": "array", "categoryarray": [r[0] for r in rows][::-1],
            "automargin": True, "fixedrange": True, "gridcolor": GRID, "ticklabelstandoff": 6,
            "range": [-0.6, len(rows) - 0.4],
        },
    }  # fmt: skip
    return {"data": data, "layout": layout(height=120 + 26 * len(rows), hovermode="closest", **axes)}


def _round(value: float) -> float:
    return float(f"{float(value):.6g}")


def _line(name: str, values: pd.Series, pollutant: str, **more: Any) -> dict[str, Any]:
    """A line through the years that have a number: scenarios may end before others do."""
    values = values.dropna()
    rounded = [_round(v) for v in values]
    return {
        "type": "scatter", "name": name, "x": [int(year) for year in values.index], "y": rounded,
        "text": [number(v) for v in rounded],
        "hovertemplate": f"%{{x}}: %{{text}} {UNIT_NAMES[unit_of(pollutant)]}", **more,
    }  # fmt: skip


def _numbers(pollutant: str) -> dict[str, Any]:
    return {
        "title": {"text": axis_title(pollutant), "standoff": 10}, "gridcolor": GRID, "rangemode": "tozero",
        "zeroline": True, "zerolinecolor": INK, "fixedrange": True, "automargin": True,
        "separatethousands": True, "exponentformat": "none",
    }  # fmt: skip


def _by_year(pollutant: str, height: int) -> dict[str, Any]:
    years = {"fixedrange": True, "gridcolor": GRID, "tickformat": "d", "automargin": True}
    return layout(height=height, hovermode="closest", showlegend=True, xaxis=years, yaxis=_numbers(pollutant))
