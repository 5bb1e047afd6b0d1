"""What can be wrong with zones and routes, said in full."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from factors.units import conversion

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["OUTSIDE", "GeographyError", "check", "frame_problems", "zone_problems"]

OUTSIDE = "outside"
"""Zone of the parts of a route that lie in none of the port's zones."""

_SLIVER = 1e-6  # a shared area below this share of the smaller zone is inaccurate drawing, not a conflict
_MOST_DISTORTION = 0.02
"""Of a length: UTM keeps within 0.1 % in its zone, and within 2 % in a neighboring one."""
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


def check(routes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, projected_crs: Any) -> None:
    """Raise all that is wrong with routes and zones at once."""
    problems = [*_route_problems(routes, projected_crs), *zone_problems(zones, projected_crs)]
    if problems:
        raise GeographyError(dict.fromkeys(problems))


def _route_problems(routes: gpd.GeoDataFrame, projected_crs: Any) -> list[str]:
    import shapely

    problems = [*_column_problems("routes", routes, ["route", "medium"], "route")]
    problems += frame_problems("routes", routes, projected_crs)
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
    if not problems:
        problems += _distorted(routes, projected_crs)
    return problems


def _distorted(routes: gpd.GeoDataFrame, projected_crs: Any) -> list[str]:
    """Routes that a projection makes longer or shorter than they are on the globe, as web maps do."""
    import shapely
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    drawn = shapely.length(routes.to_crs(projected_crs).geometry.to_numpy())
    globe = np.array([geod.geometry_length(line) for line in routes.to_crs("EPSG:4326").geometry])
    far = np.abs(drawn / globe - 1) > _MOST_DISTORTION
    if not far.any():
        return []
    worst = int(np.argmax(np.abs(drawn / globe - 1)))
    nmi = [f"{length * conversion('m', 'nmi'):.3g}" for length in (drawn[worst], globe[worst])]
    return [
        f"projected_crs {projected_crs!r} distorts lengths: route {routes['route'].iloc[worst]!r} is "
        f"{nmi[0]} nmi in it and {nmi[1]} nmi on the globe. Choose the UTM zone of the port."
    ]


def zone_problems(zones: gpd.GeoDataFrame, projected_crs: Any) -> list[str]:
    """Say what is wrong with zones."""
    problems = [*_column_problems("zones", zones, ["zone", "priority"], "zone")]
    problems += frame_problems("zones", zones, projected_crs)
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


def frame_problems(what: str, frame: Any, projected_crs: Any) -> list[str]:
    """Say whether the coordinate systems are there and fit one another."""
    import shapely
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
    longitude, latitude = shapely.get_coordinates(frame.to_crs("EPSG:4326").geometry.to_numpy()).T
    west, south, east, north = longitude.min(), latitude.min(), longitude.max(), latitude.max()
    margin = _AREA_OF_USE_MARGIN_DEG
    # Areas such as that of Alaska reach over the 180th meridian, and so do drawings: count from the middle.
    width = (area.east - area.west) % 360 or 360.0
    off = (longitude - (area.west + width / 2) + 180) % 360 - 180
    fits = (
        np.isfinite(off).all()
        and np.isfinite(latitude).all()
        and (np.abs(off) < width / 2 + margin).all()
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
