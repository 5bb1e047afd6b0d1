"""Zones and routes as geometry: how far each route runs in each zone.

A port draws its zones (rings, precautionary area, harbor, anchorages, roads) as polygons and its approaches
and truck roads as lines. Everything here answers one question: of a line, how much lies in which zone, and
in which order. Zones may overlap; the one with the higher ``priority`` wins, so a ring can be drawn as a
full disc under the harbor. What lies in no zone is kept and called ``"outside"``, because lost miles are
lost emissions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.units import conversion
from inventories.port.geometry_checks import OUTSIDE, GeographyError, check, frame_problems, zone_problems

if TYPE_CHECKING:  # geopandas costs half a second: only pay for it when a port has geometry
    import geopandas as gpd

__all__ = ["OUTSIDE", "GeographyError", "rings", "route_distances", "zones_at"]


_CUT_TOLERANCE_M = 1e-3  # two cuts nearer than this are one cut seen twice (shared borders, floating point)


def rings(center: tuple[float, float], radii_nmi: Sequence[float], *, points: int = 72) -> gpd.GeoDataFrame:
    """Draw geodesic circles, such as the 20 and 40 nmi speed-reduction rings.

    Parameters
    ----------
    center : (longitude, latitude)
        Middle of the circles, WGS 84. [degree]
    radii_nmi : sequence of float
        Radii. [nmi]
    points : int
        Corners of each polygon. They lie on the circle, so the polygon is inside it: with 72 corners its
        area is 0.13 % short.

    Returns
    -------
    geopandas.GeoDataFrame
        ``radius_nmi`` and one full disc per radius, in EPSG:4326, in the order given.

    Raises
    ------
    ValueError
        If a radius is not positive or fewer than 3 points are asked for.

    Examples
    --------
    >>> discs = rings((-118.2937, 33.7053), [20.0, 40.0])
    >>> discs["radius_nmi"].tolist()
    [20.0, 40.0]
    >>> float(discs.to_crs("EPSG:26911").area.iloc[0] / 1852.0**2).__round__(-1)
    1250.0
    """
    import geopandas as gpd
    from pyproj import Geod
    from shapely.geometry import Polygon

    if points < 3:
        raise ValueError(f"A ring needs at least 3 points, not {points}.")
    wrong = [radius for radius in radii_nmi if not radius > 0]
    if wrong:
        raise ValueError(f"Radii of rings must be positive nautical miles; got {wrong}.")
    geod = Geod(ellps="WGS84")
    bearings = np.linspace(360.0, 0.0, points, endpoint=False)  # counter-clockwise, as GeoJSON wants
    discs = []
    for radius in radii_nmi:
        longitude, latitude, _ = geod.fwd(
            np.full(points, center[0]),
            np.full(points, center[1]),
            bearings,
            np.full(points, radius * conversion("nmi", "m")),
        )
        discs.append(Polygon(np.column_stack([longitude, latitude])))
    return gpd.GeoDataFrame({"radius_nmi": [float(r) for r in radii_nmi]}, geometry=discs, crs="EPSG:4326")


def route_distances(routes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, projected_crs: Any) -> pd.DataFrame:
    """Cut each route by the zones, in the order in which it is driven or sailed.

    Where zones overlap the highest ``priority`` counts, so no stretch is counted twice. The parts of a
    route add up to its projected length, which is asserted.

    Parameters
    ----------
    routes : geopandas.GeoDataFrame, n lines
        ``route`` (unique), ``medium`` (``sea`` or ``road``) and LineStrings.
    zones : geopandas.GeoDataFrame
        ``zone`` (unique), ``priority`` (int; higher wins) and Polygons or MultiPolygons.
    projected_crs : anything pyproj understands
        A projected system in metres that fits the port, such as ``"EPSG:26911"`` (UTM 11 N). Lengths are
        those of the projection: within 0.1 % of the ground for a UTM zone and its near surroundings.

    Returns
    -------
    pandas.DataFrame
        ``route, medium, seq, zone, distance_nmi, distance_mile``, one row per stretch, ``seq`` from 1 along
        the line. Sea routes have ``distance_nmi`` [nmi], roads ``distance_mile`` [mile]; the other is NaN.
        A zone appears twice when the route leaves it and comes back. Stretches in no zone have the zone
        ``"outside"``.

    Raises
    ------
    GeographyError
        Missing columns or CRS, a CRS that does not fit, invalid or empty geometry, repeated names, or zones
        of equal priority that overlap. All problems are told at once.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import LineString, box
    >>> zones = gpd.GeoDataFrame({"zone": ["sea", "harbor"], "priority": [1, 2]},
    ...     geometry=[box(0, 0, 20 * 1852, 10), box(15 * 1852, 0, 20 * 1852, 10)], crs="EPSG:32611")
    >>> routes = gpd.GeoDataFrame({"route": ["west"], "medium": ["sea"]},
    ...     geometry=[LineString([(-1852, 5), (20 * 1852, 5)])], crs="EPSG:32611")
    >>> route_distances(routes, zones, "EPSG:32611")[["route", "seq", "zone", "distance_nmi"]]
      route  seq     zone  distance_nmi
    0  west    1  outside           1.0
    1  west    2      sea          15.0
    2  west    3   harbor           5.0
    """
    import shapely

    check(routes, zones, projected_crs)
    lines = routes.to_crs(projected_crs)
    polygons = _by_priority(zones.to_crs(projected_crs))

    segments, owner = _segments(lines.geometry.to_numpy())
    segment, start_m, end_m = _cut(segments, polygons.geometry.to_numpy())
    middle = shapely.line_interpolate_point(segments[segment], (start_m + end_m) / 2)
    names = _first_zone(middle, polygons)
    pieces = pd.DataFrame({"line": owner[segment], "zone": names, "length_m": end_m - start_m})

    # Neighboring pieces in the same zone, across the corners of the line too, are one stretch.
    changed = (pieces["line"] != pieces["line"].shift()) | (pieces["zone"] != pieces["zone"].shift())
    pieces["stretch"] = changed.cumsum()
    found = pieces.groupby("stretch", sort=True).agg(
        line=("line", "first"), zone=("zone", "first"), length_m=("length_m", "sum")
    )
    _assert_whole(found, lines.geometry.length.to_numpy(), lines["route"].tolist())

    line = found["line"].to_numpy()
    medium = lines["medium"].to_numpy()[line]
    length = found["length_m"].to_numpy()
    return pd.DataFrame(
        {
            "route": lines["route"].to_numpy()[line],
            "medium": medium,
            "seq": found.groupby("line").cumcount().to_numpy() + 1,
            "zone": found["zone"].to_numpy(),
            "distance_nmi": np.where(medium == "sea", length * conversion("m", "nmi"), np.nan),
            "distance_mile": np.where(medium == "road", length * conversion("m", "mile"), np.nan),
        }
    )


def zones_at(points: gpd.GeoSeries, zones: gpd.GeoDataFrame, projected_crs: Any) -> pd.Series:
    """Name the zone of each point: exactly one per point, by priority.

    Parameters
    ----------
    points : geopandas.GeoSeries, n points
    zones : geopandas.GeoDataFrame
        As in :func:`route_distances`.
    projected_crs : anything pyproj understands
        As in :func:`route_distances`.

    Returns
    -------
    pandas.Series of str, length n
        With the index of ``points``; ``"outside"`` where no zone holds the point.

    Raises
    ------
    GeographyError
        As :func:`route_distances`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely.geometry import Point, box
    >>> zones = gpd.GeoDataFrame({"zone": ["bay"], "priority": [1]}, geometry=[box(0, 0, 9, 9)],
    ...     crs="EPSG:32611")
    >>> zones_at(gpd.GeoSeries([Point(1, 1), Point(20, 1)], crs="EPSG:32611"), zones, "EPSG:32611").tolist()
    ['bay', 'outside']
    """
    problems = [*frame_problems("points", points, projected_crs), *zone_problems(zones, projected_crs)]
    if problems:
        raise GeographyError(problems)
    polygons = _by_priority(zones.to_crs(projected_crs))
    names = _first_zone(points.to_crs(projected_crs).to_numpy(), polygons)
    return pd.Series(names, index=points.index, name="zone")


# --- cutting ---


def _by_priority(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Highest priority first, equal ones by name: the result never depends on the order in the file."""
    order = zones.assign(_priority=-zones["priority"].astype(float)).sort_values(["_priority", "zone"])
    return order.drop(columns="_priority").reset_index(drop=True)


def _segments(lines: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Straight pieces between corners, in order, and the line each belongs to.

    On a straight piece "how far along" has one meaning, which it has not on a line that crosses or repeats
    itself.
    """
    import shapely

    corners, line = shapely.get_coordinates(lines, return_index=True)
    joined = line[:-1] == line[1:]
    longer = np.hypot(*(corners[1:] - corners[:-1]).T) > 0  # a corner given twice makes no piece
    keep = joined & longer
    ends = np.stack([corners[:-1][keep], corners[1:][keep]], axis=1)
    return np.asarray(shapely.linestrings(ends)), line[:-1][keep]


def _cut(
    segments: NDArray[Any], polygons: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Cut segments where they meet a zone's border: number, start and end [m from its start]."""
    import shapely

    length = np.asarray(shapely.length(segments))
    number = np.arange(len(segments))
    at_segment = [number, number]
    at_m = [np.zeros(len(segments)), length]
    if len(polygons):
        borders = shapely.boundary(polygons)
        segment, zone = shapely.STRtree(borders).query(segments, predicate="intersects")
        met = shapely.intersection(segments[segment], borders[zone])
        # Borders met in a point give that point; borders followed for a while give a line, cut at its two
        # ends.
        point, pair = shapely.get_coordinates(met, return_index=True)
        owner = segment[pair]
        at_segment.append(owner)
        at_m.append(np.asarray(shapely.line_locate_point(segments[owner], shapely.points(point))))
    cuts = pd.DataFrame({"segment": np.concatenate(at_segment), "m": np.concatenate(at_m)})
    cuts = cuts.sort_values(["segment", "m"], ignore_index=True)
    last = cuts["segment"] != cuts["segment"].shift(-1)
    first = cuts["segment"] != cuts["segment"].shift()
    # Of cuts that lie on one another keep the first, but always keep both ends of the segment.
    gap = cuts["m"].diff()
    to_end = cuts["segment"].map(pd.Series(length)) - cuts["m"]
    keep = first | last | ((gap > _CUT_TOLERANCE_M) & (to_end > _CUT_TOLERANCE_M))
    cuts = cuts[keep].reset_index(drop=True)
    same = (cuts["segment"].to_numpy()[:-1] == cuts["segment"].to_numpy()[1:]).nonzero()[0]
    m = cuts["m"].to_numpy()
    return cuts["segment"].to_numpy()[same], m[same], m[same + 1]


def _first_zone(points: NDArray[Any], polygons: gpd.GeoDataFrame) -> NDArray[Any]:
    """Zone of highest priority at each point; ``polygons`` come in order of priority."""
    import shapely

    none = len(polygons)
    best = np.full(len(points), none)
    if none:
        point, zone = shapely.STRtree(polygons.geometry.to_numpy()).query(points, predicate="intersects")
        np.minimum.at(best, point, zone)
    return np.asarray([*polygons["zone"].tolist(), OUTSIDE], dtype=object)[best]


def _assert_whole(found: pd.DataFrame, length_m: NDArray[np.float64], names: list[str]) -> None:
    """Parts add up to the whole, for every route."""
    total = found.groupby("line")["length_m"].sum().reindex(range(len(names)), fill_value=0.0).to_numpy()
    bad = np.flatnonzero(~np.isclose(total, length_m, rtol=1e-9, atol=1e-6))
    where = bad[0] if len(bad) else 0
    assert not len(bad), f"route {names[where]!r}: parts are {total[where]} m, the line {length_m[where]} m"
