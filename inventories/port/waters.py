"""Emission control areas of a port's waters: stated, or from where its zones lie.

Most specific first: ``[control_areas]`` of ``port.toml`` for a zone; the zone's own property
``control_areas``; ``default`` of ``[control_areas]``; where the zone is drawn; ``position``; and country and
state where all their coasts lie in one area. Where none of these answers, nobody knows, and the port is
asked: a silent "no control area" burns five times the sulfur in a port of the United States.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from inventories.port.control_area_names import stated_areas
from inventories.port.place_defaults import ASK, NONE, default_of
from inventories.port.port import Port
from inventories.port.refusals import PortError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Waters", "areas_at", "waters_of"]

_ON_LAND = ("road", "land")
_TOUCHES = 0.01  # less of a zone than this on the other side of a line is the line's coarseness
_HALF = 0.5


@dataclass(frozen=True)
class Waters:
    """Control areas of a port's zones, and of its waters where no zone is named.

    Attributes
    ----------
    here : tuple of str or None
        Areas of waters that no zone names; None where nobody can say.
    by_zone : mapping of str to (tuple of str or None)
        Areas of each zone of the zones file.
    notes : tuple of str
        How they were found, and which zones a boundary cuts.
    asked : str
        What has to be said, where anything is not known; else blank.
    """

    here: tuple[str, ...] | None
    by_zone: Mapping[str, tuple[str, ...] | None]
    notes: tuple[str, ...] = ()
    asked: str = ""

    def default(self) -> str:
        """Areas of waters that no zone names, joined by ``|``."""
        if self.here is None:
            raise PortError("port.toml", [f"it does not say {self.asked}."])
        return "|".join(self.here)

    def joined(self, zone: str) -> str | None:
        """Areas of a zone, joined by ``|``; None where nobody can say."""
        areas = self.by_zone[zone]
        return None if areas is None else "|".join(areas)


def areas_at(longitude: float, latitude: float) -> tuple[str, ...]:
    """Return the control areas of MARPOL Annex VI that a point lies in, whatever their dates.

    Harbors, rivers and lakes behind the coasts of an area count as inside; the lines are coarse (edition
    ``control-areas-2026-11``).

    Parameters
    ----------
    longitude, latitude : float
        WGS 84. [degree]

    Examples
    --------
    >>> areas_at(-118.25, 33.73), areas_at(24.76, 59.45), areas_at(103.8, 1.25)
    (('north_america',), ('baltic',), ())
    """
    from shapely.geometry import Point

    point = Point(longitude, latitude)
    return tuple(name for name, shape in _shapes().items() if shape.intersects(point))


def waters_of(port: Port) -> Waters:
    """Find the control areas of a port's zones and waters.

    Raises
    ------
    PortError
        If the place that the geometry shows is not the country that ``port.toml`` names.
    """
    stated = _stated_by_zones(port)
    everywhere = port.control_areas.get("default")
    by_zone: dict[str, tuple[str, ...] | None] = {}
    for zone, own in stated.items():
        by_zone[zone] = port.control_areas.get(zone, own if own is not None else everywhere)
    if everywhere is not None:
        return Waters(everywhere, by_zone)
    open_zones = [zone for zone, areas in by_zone.items() if areas is None]
    drawn, cut = _drawn(port, open_zones)
    _refuse_elsewhere(port, drawn)
    here, whence = _here(port, drawn)
    by_zone |= {zone: drawn.get(zone, here) for zone in open_zones}
    notes = [f"control areas {whence}: {_said(here)}"] if here is not None else []
    notes += cut
    differing = {zone: areas for zone, areas in drawn.items() if here is not None and areas != here}
    if differing:
        notes.append(
            "control areas of zones, from where they are drawn: "
            + "; ".join(f"{zone} {_said(areas)}" for zone, areas in differing.items())
        )
    unknown = here is None and (not by_zone or None in by_zone.values())
    return Waters(here, by_zone, tuple(notes), _asked(port) if unknown else "")


def _said(areas: tuple[str, ...] | None) -> str:
    return " and ".join(areas) if areas else "none"


def _here(port: Port, drawn: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...] | None, str]:
    """Areas of the port's own waters, and where they come from."""
    if port.place.position is not None:
        return areas_at(*port.place.position), "from position"
    if drawn:
        usual = Counter(drawn[zone] for zone in _own_waters(port, list(drawn))).most_common(1)
        return usual[0][0], "from where the zones are drawn"
    found = default_of(port.place, "control_areas")
    if found is None or found.value == ASK:
        return None, ""
    areas = () if found.value == NONE else tuple(found.value.split("|"))
    return areas, f"from country and state ({port.place}; {found.reason})"


def _own_waters(port: Port, zones: Sequence[str]) -> list[str]:
    """Zones that are the port's own waters: its harbor and berths, else all within the domain, else all."""
    table = port.zones().set_index("zone").loc[list(zones)]
    for mine in (
        table["in_domain"] & table["kind"].isin(["harbor", "berth", "anchorage"]),
        table["in_domain"],
    ):
        if mine.any():
            return [str(zone) for zone in table.index[mine]]
    return list(zones)


def _asked(port: Port) -> str:
    """Say what is missing, and why what is there does not do."""
    found = default_of(port.place, "control_areas")
    why = f" {port.place}: {found.reason}." if found is not None and found.value == ASK else ""
    return (
        "which emission control areas the port's waters lie in: no zones are drawn, no position is given, "
        f"and country and state do not say it.{why} Draw zones in {port.geography.zones}, or set "
        "position = [longitude, latitude], or country and state, or [control_areas] "
        'default = ["north_america"] ([] for none)'
    )


# ------------------------------------------------------------------ geometry


@cache
def _shapes() -> dict[str, BaseGeometry]:
    """Each area as one shape, from the corners of its parts."""
    import shapely

    from factors.tables import load_mapping

    corners = load_mapping("control-areas-2026-11", "boundaries")
    corners = corners.astype({"seq": int, "longitude_deg": float, "latitude_deg": float})
    corners = corners.sort_values(["area", "part", "seq"])
    parts: dict[str, list[BaseGeometry]] = {}
    for (area, _part), ring in corners.groupby(["area", "part"], sort=True):
        parts.setdefault(str(area), []).append(shapely.Polygon(ring[["longitude_deg", "latitude_deg"]]))
    return {area: shapely.unary_union(polygons) for area, polygons in parts.items()}


def _drawn(port: Port, zones: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Areas of drawn zones: those that hold more than half of one; and what is to be said of the cut ones."""
    if not zones:
        return {}, []
    table = port.zones()
    table = table[table["zone"].isin(zones) & ~table.geometry.is_empty & table.geometry.notna()]
    if not len(table):
        return {}, []
    shapes = table.to_crs("EPSG:4326") if table.crs is not None else table
    found: dict[str, tuple[str, ...]] = {}
    cut: list[str] = []
    for zone, kind, shape in zip(table["zone"], table["kind"], shapes.geometry.make_valid(), strict=True):
        inside = {area: _share(shape, whole) for area, whole in _shapes().items()}
        found[zone] = tuple(area for area, share in inside.items() if share > _HALF)
        cut += [
            f"zone {zone} lies to {share:.0%} in the control area {area} and counts as "
            f"{'inside' if share > _HALF else 'outside'}; draw it in two, or give it control_areas"
            for area, share in inside.items()
            if _TOUCHES < share < 1 - _TOUCHES and kind not in _ON_LAND
        ]
    return found, cut


def _share(shape: BaseGeometry, whole: BaseGeometry) -> float:
    """Share of a zone within an area; of a zone without extent, whether it lies there."""
    if not shape.area:
        return float(whole.intersects(shape))
    return float(shape.intersection(whole).area / shape.area) if whole.intersects(shape) else 0.0


def _refuse_elsewhere(port: Port, drawn: Mapping[str, tuple[str, ...]]) -> None:
    """Stop where no zone lies in the area of all coasts of the country, or one lies in an area it has not."""
    stated = default_of(port.place, "control_areas")
    if not drawn or stated is None or stated.value == ASK:
        return
    expected = set() if stated.value == NONE else set(stated.value.split("|"))
    seen: set[str] = set().union(*drawn.values())
    if (expected & seen) or (not expected and not seen):
        return
    west, south, east, north = port.zones().to_crs("EPSG:4326").total_bounds
    raise PortError(
        port.folder / port.geography.zones,
        [
            f"zones lie at longitude {west:.4g} to {east:.4g}, latitude {south:.4g} to {north:.4g}, in the "
            f"control areas: {', '.join(sorted(seen)) or 'none'}; but of {port.place} they would be "
            f"{', '.join(sorted(expected)) or 'none'} ({stated.reason}). See whether longitude and latitude "
            "are swapped, or country and state are others; [control_areas] of port.toml settles it"
        ],
    )


def _stated_by_zones(port: Port) -> dict[str, tuple[str, ...] | None]:
    """What each zone's own property says; None where it says nothing."""
    path = port.folder / port.geography.zones
    if not path.is_file():
        return {}
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    properties = [feature["properties"] for feature in features]
    return {str(entry["zone"]): stated_areas(entry.get("control_areas")) for entry in properties}
