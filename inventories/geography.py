"""Zones and routes as geometry: how far each route runs in each zone.

A port draws its zones (rings, precautionary area, harbor, anchorages, roads) as polygons and its approaches
and truck roads as lines. Everything here answers one question: of a line, how much lies in which zone, and
in which order. Zones may overlap; the one with the higher ``priority`` wins, so a ring can be drawn as a
full disc under the harbor. What lies in no zone is kept and called ``"outside"``, because lost miles are
lost emissions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:  # geopandas costs half a second: only pay for it when a port has geometry
    import geopandas as gpd

__all__ = ["OUTSIDE", "GeographyError", "rings", "route_distances", "zones_at"]

OUTSIDE = "outside"
"""Zone of the parts of a route that lie in none of the port's zones."""

# Both exact by definition (international nautical mile 1929; international yard and pound agreement 1959).
_METRES_PER_NMI = 1852.0
_METRES_PER_MILE = 1609.344

_CUT_TOLERANCE_M = 1e-3  # two cuts nearer than this are one cut seen twice (shared borders, floating point)
_SLIVER = 1e-6  # a shared area below this share of the smaller zone is inaccurate drawing, not a conflict
_AREA_OF_USE_MARGIN_DEG = 6.0  # a neighboring UTM zone is tolerable, another continent is not


class GeographyError(ValueError):
    """Zones or routes that cannot be used, with every problem found.

    Parameters
    ----------
    problems : iterable of str
        One sentence or two per problem: what is wrong, where, and what to do.

    Attributes
    ----------
    problems : tuple of str
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        heading = "1 problem" if count == 1 else f"{count} problems"
        lines = [f"{heading} in the port's geometry:", *(f"- {problem}" for problem in self.problems)]
        super().__init__("\n".join(lines))


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
            np.full(points, radius * _METRES_PER_NMI),
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

    _check(routes, zones, projected_crs)
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
            "distance_nmi": np.where(medium == "sea", length / _METRES_PER_NMI, np.nan),
            "distance_mile": np.where(medium == "road", length / _METRES_PER_MILE, np.nan),
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
    problems = [*_frame_problems("points", points, projected_crs), *_zone_problems(zones, projected_crs)]
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


# --- checks ---


def _check(routes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, projected_crs: Any) -> None:
    problems = [*_route_problems(routes, projected_crs), *_zone_problems(zones, projected_crs)]
    if problems:
        raise GeographyError(dict.fromkeys(problems))


def _route_problems(routes: gpd.GeoDataFrame, projected_crs: Any) -> list[str]:
    import shapely

    problems = [*_column_problems("routes", routes, ["route", "medium"], "route")]
    problems += _frame_problems("routes", routes, projected_crs)
    if not problems:
        unknown = routes.loc[~routes["medium"].isin(["sea", "road"]), ["route", "medium"]]
        problems += [
            f"routes: route {name!r} has the medium {medium!r}; allowed are 'sea' and 'road'."
            for name, medium in unknown.itertuples(index=False)
        ]
        problems += _shape_problems("routes", "route", routes, {"LineString"})
        problems += [
            f"routes: route {name!r} has no length: its points are all the same."
            for name in routes.loc[shapely.length(routes.geometry.to_numpy()) == 0, "route"]
        ]
    return problems


def _zone_problems(zones: gpd.GeoDataFrame, projected_crs: Any) -> list[str]:
    problems = [*_column_problems("zones", zones, ["zone", "priority"], "zone")]
    problems += _frame_problems("zones", zones, projected_crs)
    if not problems:
        unranked = zones.loc[pd.to_numeric(zones["priority"], errors="coerce").isna(), "zone"].tolist()
        if unranked:
            problems.append(f"zones: {unranked} have no number as `priority`; give a whole number.")
        if OUTSIDE in zones["zone"].tolist():
            problems.append(f"zones: the name {OUTSIDE!r} means what lies in no zone; rename that zone.")
        problems += _shape_problems("zones", "zone", zones, {"Polygon", "MultiPolygon"})
    if not problems:
        problems += _overlap_problems(zones.to_crs(projected_crs))
    return problems


def _column_problems(what: str, frame: gpd.GeoDataFrame, columns: list[str], key: str) -> list[str]:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        return [f"{what}: without the properties {missing}; the file has {list(frame.columns)}."]
    problems = []
    repeated = frame.loc[frame[key].duplicated(), key].unique().tolist()
    if repeated:
        problems.append(f"{what}: {repeated} appear more than once; one feature each (or a MultiPolygon).")
    if frame[key].isna().any():
        problems.append(f"{what}: feature {int(np.flatnonzero(frame[key].isna())[0]) + 1} has no `{key}`.")
    return problems


def _frame_problems(what: str, frame: Any, projected_crs: Any) -> list[str]:
    from pyproj import CRS

    try:
        target = CRS.from_user_input(projected_crs)
    except Exception as error:  # pyproj raises several kinds; all mean the same here
        return [f"projected_crs {projected_crs!r} is not a coordinate system that pyproj knows: {error}."]
    if not target.is_projected or any(axis.unit_name != "metre" for axis in target.axis_info):
        return [
            f"projected_crs {projected_crs!r} ({target.name}) is not a projected system in metres; lengths "
            "need one, such as EPSG:26911 (UTM 11 N, Southern California) or EPSG:32635 (UTM 35 N, Gulf of "
            "Finland)."
        ]
    if frame.crs is None:
        return [
            f"{what}: no coordinate system. GeoJSON is EPSG:4326; for other files set it, for example "
            f"`{what}.set_crs('EPSG:4326')`."
        ]
    area = target.area_of_use
    if area is None or not len(frame) or frame.geometry.is_empty.all():
        return []
    west, south, east, north = frame.to_crs("EPSG:4326").total_bounds
    margin = _AREA_OF_USE_MARGIN_DEG
    fits = (
        np.isfinite([west, south, east, north]).all()
        and west > area.west - margin
        and east < area.east + margin
        and south > area.south - margin
        and north < area.north + margin
    )
    if fits:
        return []
    return [
        f"{what}: lie at longitude {west:.4g} to {east:.4g}, latitude {south:.4g} to {north:.4g}, but "
        f"projected_crs {projected_crs!r} ({target.name}) is for longitude {area.west:g} to {area.east:g}, "
        f"latitude {area.south:g} to {area.north:g}. Choose the UTM zone of the port, or see whether "
        "longitude and latitude are swapped."
    ]


def _shape_problems(what: str, key: str, frame: gpd.GeoDataFrame, allowed: set[str]) -> list[str]:
    import shapely

    problems = []
    for name, shape in zip(frame[key], frame.geometry, strict=True):
        thing = f"{what}: {key} {name!r}"
        if shape is None or shape.is_empty:
            problems.append(f"{thing} has no geometry.")
        elif shape.geom_type not in allowed:
            problems.append(f"{thing} is a {shape.geom_type}; allowed: {', '.join(sorted(allowed))}.")
        elif not shape.is_valid:
            reason = shapely.is_valid_reason(shape)
            problems.append(f"{thing} is not a valid shape: {reason}. Redraw it, or try make_valid().")
    return problems


def _overlap_problems(zones: gpd.GeoDataFrame) -> list[str]:
    """Pairs of zones that share ground and have the same priority: nobody could say which one counts."""
    import shapely

    shapes = zones.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    rank = zones["priority"].astype(float).to_numpy()
    pair = (one < other) & (rank[one] == rank[other])
    one, other = one[pair], other[pair]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    area = shapely.area(shapes)
    conflict = shared > _SLIVER * np.minimum(area[one], area[other])
    names = zones["zone"].tolist()
    return [
        f"zones: {names[a]!r} and {names[b]!r} overlap on {s / 1e6:.3g} km2 and both have priority "
        f"{rank[a]:g}; give the one that counts there a higher priority."
        for a, b, s in zip(one[conflict], other[conflict], shared[conflict], strict=True)
    ]
