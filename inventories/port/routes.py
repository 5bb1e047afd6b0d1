"""Distances of routes by zone: measured on the drawn lines, or by hand in ``routes.csv``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inventories.port.port_file import Geography
from inventories.port.refusals import PortError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["route_distances", "stretches_outside"]

_SLIVER_DEG = 1e-4

COLUMNS = (
    "route", "seq", "zone", "medium", "distance_nmi", "distance_mile", "speed_kn", "speed_mph", "segment",
    "distance_from",
)  # fmt: skip


def route_distances(
    folder: Path, geography: Geography, zones: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame
) -> pd.DataFrame:
    """All routes of a port; see :meth:`inventories.port.port.Port.route_distances`.

    Parameters
    ----------
    folder : Path
        The port's folder.
    geography : Geography
        What ``port.toml`` says of its drawings.
    zones, drawn : GeoDataFrame
        Its zones, and its routes as drawn.
    """
    import pandas as pd

    given = _by_hand(folder, geography, zones)
    drawn = drawn.loc[~drawn["route"].isin(given["route"])]
    parts = [frame for frame in (given, _measured(folder, geography, zones, drawn)) if not frame.empty]
    if not parts:
        return given
    return (
        pd.concat(parts, ignore_index=True)
        .sort_values(["route", "seq"], kind="stable")
        .reset_index(drop=True)
    )


def stretches_outside(folder: Path, geography: Geography, used: set[str]) -> dict[str, list[str]]:
    """Say of drawn routes where they run outside of all zones.

    Parameters
    ----------
    folder : Path
        The port's folder.
    geography : Geography
        What ``port.toml`` says of its drawings.
    used : set of str
        Names of the routes to look at; those with distances by hand are not measured.

    Returns
    -------
    dict of str to list of str
        By route the length, beginning and end of each such stretch, in words; empty for a port without zones.
    """
    import shapely
    from pyproj import Geod

    from factors.units import conversion
    from inventories.port.places import read_routes, read_zones

    zones, drawn = read_zones(folder / geography.zones), read_routes(folder / geography.routes)
    by_hand = _by_hand(folder, geography, zones)["route"]
    drawn = drawn[drawn["route"].isin(used) & ~drawn["route"].isin(by_hand)]
    if zones.empty or drawn.empty:
        return {}
    lines, areas = (frame.to_crs("EPSG:4326").geometry.to_numpy() for frame in (drawn, zones))
    middle = float(shapely.get_coordinates(lines)[0, 0])
    lines, areas = (_around(middle, shapes) for shapes in (lines, areas))
    # A drawing is no survey: what lies within some ten metres of a zone lies in it.
    rest = shapely.difference(lines, shapely.buffer(shapely.union_all(areas), _SLIVER_DEG))
    geod, found = Geod(ellps="WGS84"), {}
    for name, shape in zip(drawn["route"], rest, strict=True):
        told = []
        for part in shapely.get_parts(shapely.line_merge(shape)):
            if part.is_empty:
                continue
            miles = geod.geometry_length(part) * conversion("m", "nmi")
            (x0, y0), (x1, y1) = part.coords[0][:2], part.coords[-1][:2]
            x0, x1 = ((x + 180) % 360 - 180 for x in (x0, x1))
            told.append(f"{miles:.3g} nmi from latitude {y0:.4f}, longitude {x0:.4f} to {y1:.4f}, {x1:.4f}")
        if told:
            found[str(name)] = told
    return found


def _around(middle: float, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes with longitudes within 180 degrees of one, so that nothing is cut at the 180th meridian."""
    import shapely

    def turned(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([middle + (points[:, 0] - middle + 180) % 360 - 180, points[:, 1]])

    found: NDArray[np.object_] = shapely.transform(shapes, turned)
    return found


def _measured(
    folder: Path, geography: Geography, zones: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame
) -> pd.DataFrame:
    import pandas as pd

    from factors.units import conversion

    empty = pd.DataFrame(columns=list(COLUMNS))
    if drawn.empty:
        return empty
    if not geography.projected_crs:
        raise PortError(
            folder / "port.toml",
            [
                'key "geography.projected_crs" is missing; it is needed to measure routes, for example '
                '"EPSG:26911".'
            ],
        )
    from inventories.port.geography import route_distances as measure

    measured = measure(drawn, zones, geography.projected_crs)
    keep = [name for name in ("route", "seq", "zone", "distance_nmi", "distance_mile") if name in measured]
    frame = pd.DataFrame(measured[keep])
    mile = conversion("nmi", "mile")
    if "distance_nmi" not in frame:
        frame["distance_nmi"] = frame["distance_mile"] / mile
    elif "distance_mile" not in frame:
        frame["distance_mile"] = frame["distance_nmi"] * mile
    else:
        frame["distance_nmi"] = frame["distance_nmi"].fillna(frame["distance_mile"] / mile)
        frame["distance_mile"] = frame["distance_mile"].fillna(frame["distance_nmi"] * mile)
    frame = frame.merge(
        drawn[["route", "medium", "speed_kn", "speed_mph"]], on="route", how="left", validate="m:1"
    )
    frame["segment"] = ""
    frame["distance_from"] = "registry"
    return frame.reindex(columns=list(COLUMNS))


def _by_hand(folder: Path, geography: Geography, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    from factors.units import conversion

    path = folder / geography.distances
    if not path.is_file():
        return pd.DataFrame(
            {
                name: pd.Series(
                    dtype="float64" if name.startswith(("distance_n", "distance_m", "speed")) else "str"
                )
                for name in COLUMNS
            }
        )
    frame = pd.read_csv(path, dtype={"route": "str", "zone": "str", "segment": "str"}, comment="#")
    allowed = ("route", "seq", "zone", "distance_nmi", "distance_mile", "speed_kn", "speed_mph", "segment")
    problems = [
        f'unknown column "{name}"; columns are {", ".join(allowed)}.'
        for name in frame.columns
        if name not in allowed
    ]
    problems += [f'column "{name}" is missing.' for name in ("route", "seq", "zone") if name not in frame]
    for name in ("distance_nmi", "distance_mile", "speed_kn", "speed_mph", "segment"):
        if name not in frame:
            frame[name] = np.nan if name != "segment" else ""
    if not problems:
        for name in ("distance_nmi", "distance_mile"):
            frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("float64")
        numbers = frame[["distance_nmi", "distance_mile"]]
        both = numbers.notna().sum(axis=1) != 1
        negative = (numbers < 0).any(axis=1)
        rows = ", ".join(str(row + 2) for row in frame.index[both | negative][:5])
        if rows:
            problems.append(f"rows {rows}: give one of distance_nmi and distance_mile, 0 or more.")
        unknown = sorted(set(frame["zone"].dropna()) - set(zones["zone"]))
        if unknown and not zones.empty:
            problems.append(f"zones that {geography.zones} does not have: {', '.join(unknown)}.")
        if frame.duplicated(["route", "seq"]).any():
            problems.append("a route has the same seq twice.")
    if problems:
        raise PortError(path, problems)
    mile = conversion("nmi", "mile")
    frame["medium"] = np.where(frame["distance_nmi"].notna(), "sea", "road")
    frame["distance_nmi"] = frame["distance_nmi"].fillna(frame["distance_mile"] / mile)
    frame["distance_mile"] = frame["distance_mile"].fillna(frame["distance_nmi"] * mile)
    frame["segment"] = frame["segment"].fillna("").astype("str")
    frame["distance_from"] = "given"
    return frame.reindex(columns=list(COLUMNS))
