"""GeoJSON as RFC 7946 defines it, read from the file's own text: no other file is opened, no address asked.

Programs that read any map file follow links in it (a coordinate system by address, a virtual file that names
another). A port's drawings come from anywhere, so they are read as JSON and nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from inventories.port.refusals import PortError, nearest

if TYPE_CHECKING:
    import geopandas as gpd

_MOST_BYTES = 200_000_000
_SHAPEFILE_NAME = 10
"""A shapefile keeps so many letters of the name of a property."""


def read_features(path: Path) -> list[dict[str, Any]]:
    """Return the features of a file, each with ``properties`` and ``geometry``.

    Raises
    ------
    PortError
        If it is no FeatureCollection; the message says where.
    """
    features: list[dict[str, Any]] = _collection(path)["features"]
    return features


def read_frame(path: Path, known: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return the features of a file as a table, in longitude and latitude unless the file names a system.

    Parameters
    ----------
    path : Path
    known : tuple of str
        Properties that mean something here.

    Returns
    -------
    geopandas.GeoDataFrame
        All properties, and ``attrs["unused"]``: those that mean nothing here.

    Raises
    ------
    PortError
        For a property that must be a slip of a known one, coordinates that are no numbers, or a coordinate
        system that is not known by its name.
    """
    import geopandas as gpd

    collection = _collection(path)
    features = collection["features"]
    named = dict.fromkeys(name for feature in features for name in feature["properties"])
    unused = [name for name in named if name not in known]
    problems = [
        f'unknown property "{name}". {hint} Properties here are {", ".join(known)}.'
        for name in unused
        if (hint := _slip(name, [one for one in known if one not in named]))
    ]
    problems += _geometry_problems(features)
    if problems:
        raise PortError(path, problems)
    crs = _system(collection.get("crs"), path)
    try:
        frame = gpd.GeoDataFrame.from_features(features, crs=crs)
    except Exception as error:  # shapely's own kinds of refusal, all of them about one geometry
        raise PortError(path, [f"holds a geometry that is no shape: {error}."]) from None
    for name in named:
        if name not in frame:
            frame[name] = None
    frame.attrs["unused"] = unused
    return frame


def _collection(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MOST_BYTES:
        raise PortError(
            path, [f"is larger than {_MOST_BYTES / 1e6:.0f} MB; zones and routes are simple lines."]
        )
    data = path.read_bytes()
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
        found = json.loads(text, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PortError(path, [f"line {line} is not UTF-8 text; save it as GeoJSON, which is."]) from None
    except RecursionError:
        raise PortError(path, ["is nested deeper than any GeoJSON."]) from None
    except ValueError as error:
        raise PortError(path, [f"is no GeoJSON: {error}."]) from None
    if not isinstance(found, dict) or not isinstance(found.get("features"), list):
        raise PortError(path, ["is no GeoJSON FeatureCollection: it has no list of features."])
    for place, feature in enumerate(found["features"], start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise PortError(path, [f"feature {place} has no properties: it is no GeoJSON feature."])
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _slip(name: str, free: list[str]) -> str:
    """What a property was meant to be: the beginning of a longer name that a shapefile cut, or a near one."""
    cut = [one for one in free if len(name) == _SHAPEFILE_NAME < len(one) and one.startswith(name)]
    if cut:
        return f'Did you mean "{cut[0]}"? Shapefiles keep ten letters of a name.'
    return nearest(name, free)


def _geometry_problems(features: list[dict[str, Any]]) -> list[str]:
    problems = []
    for place, feature in enumerate(features, start=1):
        geometry = feature.get("geometry")
        if geometry is not None and (not isinstance(geometry, dict) or "coordinates" not in geometry):
            problems.append(f"feature {place} has a geometry without coordinates.")
        elif geometry is not None and not _are_numbers(geometry["coordinates"]):
            problems.append(f"feature {place} has coordinates that are no finite numbers.")
    return problems


def _are_numbers(coordinates: Any) -> bool:
    """Whether lists within lists end in numbers."""
    open_lists = [coordinates]
    while open_lists:
        item = open_lists.pop()
        if isinstance(item, list):
            open_lists.extend(item)
        elif isinstance(item, bool) or not isinstance(item, int | float) or abs(item) > 1e12:
            return False
    return True


def _system(stated: Any, path: Path) -> Any:
    """The coordinate system that older files name; a link to one is not followed."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if stated is None:
        return "EPSG:4326"
    properties = stated.get("properties") if isinstance(stated, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or "://" in name or len(name) > 200:
        raise PortError(
            path,
            [
                '"crs" does not name its coordinate system; a link is not followed. Leave "crs" out for '
                'longitude and latitude, or name it: {"type": "name", "properties": {"name": "EPSG:26911"}}.'
            ],
        )
    if name.upper().endswith(("CRS84", "EPSG::4326", "EPSG:4326")):
        return "EPSG:4326"
    try:
        return CRS.from_user_input(name)
    except CRSError:
        raise PortError(
            path, [f'"crs" names "{name}", which is no coordinate system that is known.']
        ) from None
