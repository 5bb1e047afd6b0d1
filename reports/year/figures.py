"""Figures of an annual inventory: where its emissions come from, and when.

Every figure takes one pollutant, so that a page can offer them all behind one selector and a notebook can
draw the one it wants. What is not estimated has no bar and is named beside the figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from factors.units import conversion
from inventories.year.coverage import CO2E, GROUP, joined, states_of
from reports.figure_style import COLORS, GRID, INK, OTHER_COLOR, axis_title, layout
from reports.words import UNIT_NAMES, number, plain, source_name, source_order, unit_of
from reports.year.summed_cells import summed_cells

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from inventories.year.inventory import Inventory

VIEWS = {"mode": "by mode", "month": "by month", "type": "by type", "terminal": "by terminal"}
"""How the domain's emissions can be split."""

VIEW_NOTES = {
    "terminal": "Ships count while they lie there; trucks, wherever they drive, to the terminal they visit."
}
"""What a reader must know of a split."""

MODE_ORDER = (
    "transit",
    "maneuvering",
    "anchorage",
    "hotelling",
    "unaccounted",
    "on_terminal",
    "on_port",
    "regional",
    "idle",
)
MONTHS = ("no month", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ELSEWHERE = "not at a terminal"
MOST_BARS = 12
BAR_HEIGHT = 26
_NOT_A_NUMBER = ("NE", "IE")


@dataclass(frozen=True)
class Split:
    """Emissions in the domain, split one way, for all pollutants.

    Attributes
    ----------
    view : str
        One of `VIEWS`.
    mass : pandas.DataFrame
        Rows (source category, part), columns pollutants. [short tons; greenhouse gases tonnes]
    states : pandas.DataFrame
        Coverage state of the same rows and columns.
    order : tuple of str
        Parts in the order in which they are drawn: the same for every pollutant.
    """

    view: str
    mass: pd.DataFrame
    states: pd.DataFrame
    order: tuple[str, ...]

    @property
    def labels(self) -> list[str]:
        """Names of the parts as drawn."""
        if self.view == "month":
            return [MONTHS[int(part)] for part in self.order]
        if self.view == "terminal":
            return list(self.order)
        return [plain(part.partition("/")[2]) for part in self.order]

    def missing(self, pollutant: str) -> str:
        """Return in words which sources have no bar of a pollutant, or not a whole one."""
        by_source = self.states[pollutant].groupby(level=0).agg(lambda states: joined(set(states)))
        named = {
            state: ", ".join(source_name(str(key)) for key in by_source.index[by_source == state])
            for state in ("NE", "partial")
        }
        said = [f"Not estimated (NE): {named['NE']}."] if named["NE"] else []
        said += [f"Without parts that are not estimated: {named['partial']}."] if named["partial"] else []
        return " ".join(said)


def split(inventory: Inventory, view: str) -> Split:
    """Split the emissions in the domain.

    Parameters
    ----------
    inventory : Inventory
    view : {"mode", "month", "type", "terminal"}
        By mode, a source that has one mode only is split by its types.

    Raises
    ------
    ValueError
        If there is no such view.
    """
    if view not in VIEWS:
        raise ValueError(f"no view {view!r}; there are {', '.join(VIEWS)}")
    every = summed_cells(inventory)
    cells = every[every["in_domain"]]
    source = cells["source_category"]
    part = _parts(cells, source, view)
    if view in ("mode", "type"):
        heavy = cells[CO2E].groupby(part).sum().sort_values(ascending=False, kind="stable").index[:MOST_BARS]
        part = part.where(part.isin(heavy), source + "/all others")
    pollutants = [*inventory.pollutants, CO2E]
    mass = cells[pollutants].groupby([source.rename("source"), part.rename("part")]).sum()
    mass = mass * [conversion("kg", unit_of(name)) for name in pollutants]
    states = _states(inventory, cells, part, pollutants).reindex(mass.index)
    order = _order(mass[CO2E].groupby(level=1).sum(), view)
    return Split(view, mass, states, order)


def by_source(inventory: Inventory, pollutant: str) -> go.Figure:
    """Draw emissions in the domain by source category and mode, a colour a source category.

    Parameters
    ----------
    inventory : Inventory
    pollutant : str

    Returns
    -------
    plotly.graph_objects.Figure
        Short tons; greenhouse gases tonnes.
    """
    return draw(split(inventory, "mode"), pollutant)


def by_view(inventory: Inventory, pollutant: str, view: str) -> go.Figure:
    """Draw emissions in the domain by month, type or terminal; see `split`."""
    return draw(split(inventory, view), pollutant)


def draw(parts: Split, pollutant: str) -> go.Figure:
    """Draw one pollutant of a split: months upright, all else along.

    Raises
    ------
    KeyError
        If no source estimates the pollutant.
    """
    import plotly.graph_objects as go

    return go.Figure(drawing(parts, pollutant))


def drawing(parts: Split, pollutant: str) -> dict[str, Any]:
    """Return what `draw` draws as plain data and layout; a page of many figures spares plotly's checks."""
    if pollutant not in parts.mass:
        raise KeyError(f"{pollutant!r} is not estimated (NE) for any source here")
    along = parts.view != "month"
    sources = source_order(sorted(set(parts.mass.index.get_level_values(0))))
    bars = [_bars(parts, source, pollutant, along) for source in sources]
    numbers = _value_axis(axis_title(pollutant))
    if along and parts.view != "terminal":
        numbers["range"] = [0, 1.15 * float(parts.mass[pollutant].max()) or 1.0]
    names = _name_axis(parts, pollutant, along)
    height = 120 + BAR_HEIGHT * len(parts.order) if along else 420
    axes = {"xaxis": numbers, "yaxis": names} if along else {"xaxis": names, "yaxis": numbers}
    look = layout(height=height, bargap=0.25, barmode="stack", showlegend=True, **axes)
    return {"data": [bar for bar in bars if bar["x"]], "layout": look}


# ------------------------------------------------------------------ parts


def _parts(cells: pd.DataFrame, source: pd.Series, view: str) -> pd.Series:
    """Which part of the split each cell belongs to."""
    if view == "month":
        return cells["month"].astype(int).astype(str)
    if view == "terminal":
        return cells["terminal"].replace("", ELSEWHERE)
    kind = cells["source_type"]
    if view == "mode":
        mode = cells["mode_or_segment"]
        moded = mode.groupby(source).transform("nunique") > 1
        kind = mode.where(moded, kind)
    return source + "/" + kind.where(kind != "", "all")


def _states(
    inventory: Inventory, cells: pd.DataFrame, part: pd.Series, pollutants: list[str]
) -> pd.DataFrame:
    """Coverage state of each part and pollutant."""
    met = cells[list(GROUP)].add_prefix("_").assign(source=cells["source_category"], part=part)
    return states_of(met, inventory.classes, pollutants)


def _order(weight: pd.Series, view: str) -> tuple[str, ...]:
    """Parts in the order of a reader: months as they come, modes as a call goes, all else by CO2e."""
    if view == "month":
        whole = sorted({*range(1, 13), *(int(part) for part in weight.index)})
        return tuple(str(month) for month in [*[m for m in whole if m], *[m for m in whole if not m]])
    heavy = [str(part) for part in weight.sort_values(ascending=False, kind="stable").index]
    if view == "terminal":
        return tuple(sorted(heavy, key=lambda part: part == ELSEWHERE))
    sources = source_order(sorted({part.partition("/")[0] for part in heavy}))
    rank = {mode: place for place, mode in enumerate(MODE_ORDER)} if view == "mode" else {}

    def place(part: str) -> tuple[int, bool, int]:
        source, _, kind = part.partition("/")
        return sources.index(source), kind == "all others", rank.get(kind, len(rank))

    return tuple(sorted(heavy, key=place))


def _bars(parts: Split, source: str, pollutant: str, along: bool) -> dict[str, Any]:
    mass = parts.mass[pollutant].loc[source]
    states = parts.states[pollutant].loc[source]
    known = [part for part in parts.order if part in mass.index and states[part] not in _NOT_A_NUMBER]
    values = [float(f"{mass[part]:.6g}") for part in known]
    marks = ["*" if states[part] == "partial" else "" for part in known]
    said = [number(value) + mark for value, mark in zip(values, marks, strict=True)]
    axis = "y" if along else "x"
    written = {"text": said, "textposition": "outside"} if parts.view in ("mode", "type") else {}
    return {
        "type": "bar",
        "orientation": "h" if along else "v",
        "name": source_name(source),
        "x": values if along else known,
        "y": known if along else values,
        "marker": {"color": COLORS.get(source, OTHER_COLOR)},
        "customdata": said,
        "hovertemplate": f"%{{{axis}}}: %{{customdata}} {UNIT_NAMES[unit_of(pollutant)]}",
        "cliponaxis": False,
        **written,
    }


def _value_axis(title: str) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 10},
        "gridcolor": GRID,
        "zeroline": True,
        "zerolinecolor": INK,
        "fixedrange": True,
        "automargin": True,
        "separatethousands": True,
        "exponentformat": "none",
        "rangemode": "tozero",
    }


def _name_axis(parts: Split, pollutant: str, along: bool) -> dict[str, Any]:
    order = list(parts.order)
    state = parts.states[pollutant].groupby(level=1).agg(lambda states: joined(set(states)))
    marks = [f" ({state[part]})" if state.get(part) in _NOT_A_NUMBER else "" for part in order]
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": order[::-1] if along else order,
        "tickmode": "array",
        "tickvals": order,
        "ticktext": [label + mark for label, mark in zip(parts.labels, marks, strict=True)],
        "range": [-0.6, len(order) - 0.4],
        "automargin": True,
        "fixedrange": True,
        "ticks": "",
        "ticklabelstandoff": 5,
        "showgrid": False,
    }
