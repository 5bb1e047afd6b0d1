"""Zones and routes as GeoJSON beside ``port.toml``, read with their optional properties filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inventories.port.flags import read_flag
from inventories.port.geojson import read_features, read_frame
from inventories.port.refusals import PortError, nearest

if TYPE_CHECKING:
    import geopandas as gpd

ZONE_KINDS = ("ocean", "precautionary", "harbor", "anchorage", "berth", "road", "land")


def read_zones(path: Path) -> gpd.GeoDataFrame:
    """Zones of a GeoJSON file, highest priority first; an empty frame where there is no file."""
    import geopandas as gpd
    import numpy as np

    optional: dict[str, Any] = {
        "name": "",
        "kind": "harbor",
        "mode": "",
        "in_domain": True,
        "jurisdiction": "",
        "priority": 0,
        "speed_limit_kn": np.nan,
        "control_areas": None,
    }
    zones = read_frame(path, ("zone", *optional)) if path.is_file() else gpd.GeoDataFrame()
    if zones.empty:
        return gpd.GeoDataFrame({"zone": [], **{key: [] for key in optional}}, geometry=[], crs="EPSG:4326")
    problems = []
    if "zone" not in zones or zones["zone"].isna().any():
        raise PortError(path, ['every feature needs a property "zone".'])
    for key, value in optional.items():
        if key not in zones:
            zones[key] = value
    doubled = sorted(set(zones.loc[zones["zone"].duplicated(), "zone"]))
    if doubled:
        problems.append(
            f"zones given twice: {', '.join(doubled)}. One feature per zone; use a MultiPolygon for parts."
        )
    for kind in sorted(set(zones["kind"].dropna()) - set(ZONE_KINDS)):
        problems.append(f'unknown kind "{kind}". {nearest(kind, ZONE_KINDS)} Kinds: {", ".join(ZONE_KINDS)}.')
    for mode in sorted(set(zones["mode"].dropna()) - {"", "transit", "maneuvering"}):
        problems.append(f'unknown mode "{mode}" of moving ships. It is transit or maneuvering.')
    if problems:
        raise PortError(path, problems)
    zones["in_domain"] = _in_domain(path)
    zones["priority"] = zones["priority"].fillna(0).astype(int)
    for key in ("name", "mode", "jurisdiction"):
        zones[key] = zones[key].fillna("").astype("str")
    zones["zone"] = zones["zone"].astype("str")
    return zones.sort_values("priority", ascending=False, kind="stable").reset_index(drop=True)


def _in_domain(path: Path) -> list[bool]:
    """Whether each zone counts, by the file's own text: nothing (null) is no, a property left out is yes."""
    return [read_flag(feature["properties"].get("in_domain", True)) for feature in read_features(path)]


def read_routes(path: Path) -> gpd.GeoDataFrame:
    """Routes of a GeoJSON file; an empty frame where there is no file."""
    import geopandas as gpd
    import numpy as np

    optional: dict[str, Any] = {"name": "", "medium": "sea", "speed_kn": np.nan, "speed_mph": np.nan}
    routes = read_frame(path, ("route", *optional)) if path.is_file() else gpd.GeoDataFrame()
    if routes.empty:
        return gpd.GeoDataFrame({"route": [], **{key: [] for key in optional}}, geometry=[], crs="EPSG:4326")
    if "route" not in routes or routes["route"].isna().any():
        raise PortError(path, ['every feature needs a property "route".'])
    for key, value in optional.items():
        if key not in routes:
            routes[key] = value
    problems = [
        f'unknown medium "{m}". It is sea or road.' for m in sorted(set(routes["medium"]) - {"sea", "road"})
    ]
    doubled = sorted(set(routes.loc[routes["route"].duplicated(), "route"]))
    if doubled:
        problems.append(f"routes given twice: {', '.join(doubled)}.")
    if problems:
        raise PortError(path, problems)
    routes["route"] = routes["route"].astype("str")
    return routes
