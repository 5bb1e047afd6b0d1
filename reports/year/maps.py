"""The map of a port: its zones and routes, drawn as plain shapes so that no tile or outline is fetched."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from factors.units import conversion
from inventories.year.coverage import CO2E
from reports.figure_style import GRID, INK, layout
from reports.words import UNIT_NAMES, number, unit_of
from reports.year.summed_cells import summed_cells

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from inventories.port.port import Port
    from inventories.year.inventory import Inventory

LOOKS = {
    "ocean": ("#cfe3f1", "sea"),
    "precautionary": ("#a9cfe8", "precautionary area"),
    "harbor": ("#7fb6da", "harbor"),
    "anchorage": ("#f2d98b", "anchorage"),
    "berth": ("#3d4b5c", "terminal"),
    "road": ("#eee7d8", "roads"),
    "land": ("#e0e4d2", "land"),
}
"""Fill colour and legend of each kind of zone."""

OUTSIDE_FILL = {"road": "#f8f6f1", "land": "#f8f6f1"}
OUTSIDE_DEFAULT = "#eef4f8"
ROUTES = {"sea": ("#0b4f7d", "dot", "ship routes"), "road": ("#9a4f00", "solid", "truck routes")}
CLOSE = ("berth", "harbor", "anchorage")
SHOWN = ("NOx", "DPM", CO2E)
HEIGHT = 640


def port_map(port: Port, inventory: Inventory | None = None) -> go.Figure | None:
    """Draw zones and routes of a port.

    Parameters
    ----------
    port : Port
    inventory : Inventory, optional
        With it, each zone tells its emissions.

    Returns
    -------
    plotly.graph_objects.Figure or None
        None where the port has no geometry. Longitude and latitude, with the aspect of its middle latitude;
        ``layout.meta["views"]`` holds the ranges of the domain, the port itself and the whole map.
    """
    import plotly.graph_objects as go

    found = drawing(port, inventory)
    return None if found is None else go.Figure(found)


def drawing(port: Port, inventory: Inventory | None = None) -> dict[str, Any] | None:
    """Return what `port_map` draws as plain data and layout."""
    zones, routes = port.zones(), port.routes()
    if zones.empty and routes.empty:
        return None
    told = _zone_masses(inventory) if inventory is not None else {}
    seen: set[str] = set()
    traces: list[dict[str, Any]] = []
    # Higher priority wins on overlap, so it is drawn last, on top.
    for zone in zones.sort_values("priority", kind="stable").to_dict("records"):
        traces.append(_zone_trace(zone, told.get(str(zone["zone"]), ""), seen))
    for route in routes.to_dict("records"):
        traces.append(_route_trace(route, seen))
    traces.sort(key=lambda trace: trace["mode"] == "lines" and trace.get("fill") is None)
    bounds = _bounds([zones, routes])
    middle = (bounds[1] + bounds[3]) / 2
    views = _views(zones, bounds)
    first = next(iter(views.values()))
    axis = {
        "showgrid": False,
        "zeroline": False,
        "ticks": "outside",
        "tickcolor": INK,
        "automargin": True,
        "constrain": "domain",
        "showline": True,
        "mirror": True,
        "linecolor": GRID,
        "ticksuffix": "°",
        "nticks": 6,
    }
    look = layout(
        height=HEIGHT,
        meta={"views": views},
        legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 12}},
        xaxis={**axis, "range": first["x"]},
        yaxis={
            **axis,
            "range": first["y"],
            "scaleanchor": "x",
            "scaleratio": 1 / math.cos(math.radians(middle)),
        },
        hovermode="closest",
        dragmode="pan",
    )
    return {"data": traces, "layout": look}


def _views(zones: Any, bounds: tuple[float, float, float, float]) -> dict[str, dict[str, list[float]]]:
    """Ranges worth looking at, the first being shown first; views that show the same are one."""
    if not len(zones):
        return {"whole map": _view(bounds, 0.02)}
    inside, near = zones[zones["in_domain"]], zones[zones["kind"].isin(CLOSE)]
    views = {}
    if 0 < len(inside) < len(zones):
        views["domain"] = _view(_bounds([inside]), 0.04)
    if 0 < len(near) < len(zones):
        views["port"] = _view(_bounds([near]), 0.04)
    return {**views, "whole map": _view(bounds, 0.02)}


def _zone_trace(zone: dict[str, Any], told: str, seen: set[str]) -> dict[str, Any]:
    kind = str(zone["kind"])
    fill, legend = LOOKS.get(kind, ("#dddddd", kind))
    inside = bool(zone["in_domain"])
    if not inside:
        fill, legend = OUTSIDE_FILL.get(kind, OUTSIDE_DEFAULT), "outside the domain"
    x, y = _rings(zone["geometry"])
    where = "" if inside else "<br>outside the domain"
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "fillcolor": fill,
        "line": {"color": "#6b7785", "width": 0.8, "dash": "solid" if inside else "dash"},
        "x": x,
        "y": y,
        "name": legend,
        "legendgroup": legend,
        "showlegend": _first(legend, seen),
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": f"<b>{zone['name'] or zone['zone']}</b>{where}{told}",
    }


def _route_trace(route: dict[str, Any], seen: set[str]) -> dict[str, Any]:
    color, dash, legend = ROUTES.get(str(route["medium"]), ROUTES["road"])
    x, y = _points(route["geometry"])
    name = route["name"] if isinstance(route["name"], str) and route["name"] else route["route"]
    return {
        "type": "scatter",
        "mode": "lines",
        "line": {"color": color, "width": 1.6, "dash": dash},
        "x": x,
        "y": y,
        "name": legend,
        "legendgroup": legend,
        "showlegend": _first(legend, seen),
        "hoverinfo": "text",
        "text": f"route: {name}",
    }


def _first(legend: str, seen: set[str]) -> bool:
    fresh = legend not in seen
    seen.add(legend)
    return fresh


def _rings(shape: Any) -> tuple[list[float | None], list[float | None]]:
    """Rings of a polygon behind each other with gaps; holes turn the other way and so stay open."""
    from shapely.geometry.polygon import orient

    x: list[float | None] = []
    y: list[float | None] = []
    for polygon in getattr(shape, "geoms", [shape]):
        turned = orient(polygon)
        for ring in (turned.exterior, *turned.interiors):
            _append(x, y, ring.coords)
    return x, y


def _points(shape: Any) -> tuple[list[float | None], list[float | None]]:
    x: list[float | None] = []
    y: list[float | None] = []
    for line in getattr(shape, "geoms", [shape]):
        _append(x, y, line.coords)
    return x, y


def _append(x: list[float | None], y: list[float | None], corners: Iterable[Any]) -> None:
    if x:
        x.append(None)
        y.append(None)
    for corner in corners:
        x.append(round(float(corner[0]), 5))
        y.append(round(float(corner[1]), 5))


def _bounds(frames: Iterable[Any]) -> tuple[float, float, float, float]:
    parts = [frame.total_bounds for frame in frames if len(frame)]
    return (
        min(float(part[0]) for part in parts),
        min(float(part[1]) for part in parts),
        max(float(part[2]) for part in parts),
        max(float(part[3]) for part in parts),
    )


def _view(bounds: tuple[float, float, float, float], margin: float) -> dict[str, list[float]]:
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    edge = margin * max(width, height)
    return {
        "x": [round(bounds[0] - edge, 5), round(bounds[2] + edge, 5)],
        "y": [round(bounds[1] - edge, 5), round(bounds[3] + edge, 5)],
    }


def _zone_masses(inventory: Inventory) -> dict[str, str]:
    """What each zone emits, in words."""
    cells = summed_cells(inventory)
    names = [name for name in SHOWN if name in cells]
    # Electricity is drawn in a zone and emitted elsewhere.
    here = cells[cells["source_category"] != "electricity"]
    summed = here.groupby("zone")[names].sum() * [conversion("kg", unit_of(name)) for name in names]
    told = {}
    for key, row in summed.iterrows():
        lines = [f"{name}: {number(float(row[name]))} {UNIT_NAMES[unit_of(name)]}" for name in names]
        told[str(key)] = "".join(f"<br>{line}" for line in lines)
    return told
