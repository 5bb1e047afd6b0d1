"""Zones and routes of the illustrative San Pedro Bay, drawn by us.

Corners are positions of headlands, breakwater lights and freeways as any chart or road map prints them,
rounded to about a kilometre at sea and 100 m in the harbor. Nothing is copied from a map's geometry. Not for
navigation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from inventories.examples._draws import facts, write_geojson
from inventories.port.geography import rings, route_distances

__all__ = ["CRS", "distances", "draw"]

CRS = "EPSG:26911"  # UTM 11 N
POINT_FERMIN = (-118.2937, 33.7053)
NOTE = "Illustrative: drawn for the packaged example from rounded public coordinates. Not for navigation."

# Headlands from northwest to southeast, then around inland.
_COAST = [
    (-119.60, 34.40), (-119.29, 34.27), (-119.22, 34.15), (-119.10, 34.09), (-118.81, 34.00),
    (-118.68, 34.03), (-118.50, 34.01), (-118.46, 33.96), (-118.39, 33.84), (-118.43, 33.77),
    (-118.41, 33.74), (-118.294, 33.705), (-118.284, 33.711), (-118.270, 33.713), (-118.262, 33.735),
    (-118.190, 33.737), (-118.180, 33.757), (-118.11, 33.74), (-118.00, 33.655), (-117.88, 33.595),
    (-117.72, 33.46), (-117.62, 33.42), (-117.39, 33.19), (-117.28, 33.00), (-117.25, 32.60),
    (-115.90, 32.60), (-115.90, 35.30), (-119.60, 35.30),
]  # fmt: skip
_CATALINA = [
    (-118.60, 33.48),
    (-118.48, 33.44),
    (-118.33, 33.35),
    (-118.31, 33.31),
    (-118.46, 33.32),
    (-118.49, 33.41),
]
_BASIN = [
    (-118.66, 34.02), (-118.66, 34.30), (-118.40, 34.45), (-118.05, 34.35), (-117.65, 34.28),
    (-117.35, 34.22), (-116.95, 34.15), (-116.65, 33.95), (-116.75, 33.45), (-117.50, 33.42),
    (-117.62, 33.38), (-118.10, 33.60), (-118.45, 33.65), (-118.60, 33.95),
]  # fmt: skip
_NEAR = [(-118.31, 33.72), (-118.31, 33.86), (-118.16, 33.86), (-118.16, 33.72)]
_PORT_LA = [(-118.290, 33.734), (-118.290, 33.783), (-118.2365, 33.783), (-118.2365, 33.734)]
_PORT_LB = [(-118.2365, 33.734), (-118.2365, 33.783), (-118.183, 33.783), (-118.183, 33.734)]
_PRECAUTIONARY = [
    (-118.300, 33.703),
    (-118.330, 33.590),
    (-118.110, 33.570),
    (-118.080, 33.720),
    (-118.140, 33.740),
]
_HARBOR = [
    (-118.284, 33.711), (-118.270, 33.708), (-118.248, 33.706), (-118.183, 33.722), (-118.150, 33.726),
    (-118.150, 33.745), (-118.183, 33.750), (-118.200, 33.739), (-118.211, 33.744), (-118.211, 33.766),
    (-118.2142, 33.766), (-118.2142, 33.744), (-118.218, 33.735), (-118.254, 33.726), (-118.271, 33.737),
    (-118.271, 33.764), (-118.2738, 33.764), (-118.2738, 33.737),
]  # fmt: skip
_INNER_ANCHORAGE = [(-118.238, 33.714), (-118.215, 33.7195), (-118.215, 33.728), (-118.238, 33.724)]
_OUTER_ANCHORAGE = [(-118.155, 33.655), (-118.105, 33.655), (-118.105, 33.705), (-118.155, 33.705)]
_TERMINAL_HALF = (0.0037, 0.0028)  # degrees: a rectangle of 680 m by 620 m

_LA_GATE = [
    (-118.262, 33.660),
    (-118.248, 33.707),
    (-118.268, 33.722),
    (-118.2725, 33.736),
    (-118.2725, 33.762),
]
_LB_GATE = [
    (-118.215, 33.660),
    (-118.183, 33.722),
    (-118.200, 33.734),
    (-118.2126, 33.744),
    (-118.2126, 33.764),
]
_APPROACH = {
    "north": [(-119.25, 34.00), (-118.85, 33.88), (-118.45, 33.66), (-118.30, 33.62)],
    "west": [(-119.28, 33.44), (-118.65, 33.54), (-118.31, 33.61)],
    "south": [(-117.80, 32.98), (-118.08, 33.35), (-118.22, 33.58)],
}
_SHIFT = {
    "shift-inner-la": [
        (-118.230, 33.722),
        (-118.258, 33.719),
        (-118.268, 33.722),
        (-118.2725, 33.736),
        (-118.2725, 33.755),
    ],
    "shift-inner-lb": [
        (-118.230, 33.722),
        (-118.205, 33.728),
        (-118.200, 33.734),
        (-118.2126, 33.744),
        (-118.2126, 33.755),
    ],
    "shift-outer-la": [(-118.130, 33.680), (-118.230, 33.680), *_LA_GATE[1:]],
    "shift-outer-lb": [(-118.130, 33.680), (-118.170, 33.705), *_LB_GATE[1:]],
    "shift-within-la": [(-118.2725, 33.760), (-118.2725, 33.736), (-118.268, 33.724)],
    "shift-within-lb": [(-118.2126, 33.762), (-118.2126, 33.744), (-118.200, 33.735), (-118.188, 33.730)],
}
_START = {
    "la": [(-118.2525, 33.7480), (-118.2525, 33.7790), (-118.2150, 33.7900), (-118.2060, 33.8100)],
    "lb": [(-118.2260, 33.7550), (-118.2260, 33.7790), (-118.2100, 33.7900), (-118.2060, 33.8100)],
}
_710 = [(-118.180, 33.870), (-118.170, 33.930)]
_TO = {
    "near_dock": [(-118.2250, 33.8180)],
    "off_dock": [*_710, (-118.190, 34.000)],
    "local": [(-118.2000, 33.8400), (-118.2400, 33.8700)],
    "transload": [*_710, (-118.100, 33.930), (-118.060, 33.935)],
    "inland": [*_710, (-118.100, 33.960), (-117.930, 34.020), (-117.700, 34.030), (-117.500, 34.070)],
    "beyond": [*_710, (-118.100, 33.960), (-117.930, 34.020), (-117.700, 34.030), (-117.450, 34.150),
               (-117.400, 34.320), (-117.300, 34.530), (-117.020, 34.880)],
}  # fmt: skip
_NAMES = {
    "near_dock": "near-dock rail yard", "off_dock": "off-dock rail yards", "local": "local warehouses",
    "transload": "cross-docks of the central basin", "inland": "warehouses of the inland valleys",
    "beyond": "over the pass",
}  # fmt: skip


def _zone(
    zone: str, name: str, kind: str, priority: int, shape: Any, **more: Any
) -> tuple[dict[str, Any], Any]:
    properties = {
        "zone": zone,
        "name": name,
        "kind": kind,
        "priority": priority,
        "in_domain": True,
        "jurisdiction": "CA",
    }
    return {**properties, **more}, shape


def _zones() -> list[tuple[dict[str, Any], Any]]:
    from shapely.geometry import Polygon, box

    main = Polygon(_COAST)
    land = main.union(Polygon(_CATALINA))
    disc20, disc40, disc60 = rings(POINT_FERMIN, [20, 40, 60]).geometry
    sailing = {"mode": "transit", "jurisdiction": "over water"}
    inside = {"mode": "maneuvering", "jurisdiction": "over water"}
    basin = {"jurisdiction": "South Coast"}
    outer, inner = Polygon(_OUTER_ANCHORAGE), Polygon(_INNER_ANCHORAGE)
    near, port_la, port_lb = Polygon(_NEAR), Polygon(_PORT_LA), Polygon(_PORT_LB)
    zones = [
        _zone("beyond-40", "Sea beyond 40 nmi", "ocean", 0, disc60 - land, in_domain=False, **sailing),
        _zone(
            "ring-40",
            "Sea 20 to 40 nmi from Point Fermin",
            "ocean",
            2,
            disc40 - land,
            speed_limit_kn=12,
            **sailing,
        ),
        _zone(
            "ring-20",
            "Sea within 20 nmi of Point Fermin",
            "ocean",
            4,
            disc20 - land,
            speed_limit_kn=12,
            **sailing,
        ),
        _zone(
            "precautionary",
            "Precautionary area",
            "precautionary",
            7,
            Polygon(_PRECAUTIONARY) - main,
            **inside,
        ),
        _zone("anchorage-outer", "Anchorage outside the breakwater", "anchorage", 8, outer, **inside),
        _zone("harbor", "Harbor within the breakwater", "harbor", 9, Polygon(_HARBOR), **inside),
        _zone("anchorage-inner", "Anchorage within the breakwater", "anchorage", 10, inner, **inside),
        _zone(
            "beyond-basin", "Roads beyond the South Coast", "road", 1, main - Polygon(_BASIN), in_domain=False
        ),
        _zone("south-coast", "Roads of the South Coast", "road", 3, main & Polygon(_BASIN), **basin),
        _zone("near-port", "Roads within some 8 miles of the ports", "road", 5, main & near, **basin),
        _zone("port-la", "Roads of the Port of Los Angeles", "land", 6, main & port_la, **basin),
        _zone("port-lb", "Roads of the Port of Long Beach", "land", 6, main & port_lb, **basin),
    ]
    across, up = _TERMINAL_HALF
    for terminal, kind, x, y in facts("terminals")[["terminal", "kind", "longitude", "latitude"]].itertuples(
        index=False
    ):
        name = f"Terminal {terminal} ({kind.replace('_', ' ')}, invented)"
        shape = box(x - across, y - up, x + across, y + up)
        zones.append(
            _zone(terminal, name, "berth", 11, shape, mode="maneuvering", jurisdiction="South Coast")
        )
    return zones


def _routes() -> list[tuple[dict[str, Any], Any]]:
    from shapely.geometry import LineString

    lines: list[tuple[dict[str, Any], Any]] = []
    for side, points in _APPROACH.items():
        for port, gate in (("la", _LA_GATE), ("lb", _LB_GATE)):
            route = {
                "route": f"{side}-{port}",
                "name": f"{side.title()} approach to {port.upper()}",
                "medium": "sea",
            }
            lines.append((route, LineString([*points, *gate])))
    for name, points in _SHIFT.items():
        lines.append(({"route": name, "name": name.replace("-", " "), "medium": "sea"}, LineString(points)))
    for port, start in _START.items():
        for key, points in _TO.items():
            route = {"route": f"{port}-{key}", "name": f"{port.upper()} to {_NAMES[key]}", "medium": "road"}
            lines.append((route, LineString([*start, *points])))
    return lines


def draw(folder: Path) -> None:
    """Write ``zones.geojson`` and ``routes.geojson``."""
    write_geojson(_zones(), NOTE, folder / "zones.geojson")
    write_geojson(_routes(), NOTE, folder / "routes.geojson")


def distances(folder: Path) -> pd.DataFrame:
    """Distances of all routes by zone, measured on the files as written."""
    import geopandas as gpd

    zones, routes = gpd.read_file(folder / "zones.geojson"), gpd.read_file(folder / "routes.geojson")
    return route_distances(routes, zones, CRS)
