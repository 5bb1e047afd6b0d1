"""Drawings are read from their own text: nothing is fetched, no other file opened, no property lost."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod

from inventories import Inventory, Port, copy_example
from inventories.port.places import read_routes, read_zones
from inventories.port.port_file import Geography
from inventories.port.refusals import PortError
from inventories.port.routes import route_distances, stretches_outside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_example("small-harbor", tmp_path / "harbor")


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine, and what was asked of it."""
    asked: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], asked
        server.shutdown()


def edit(path: Path, change: Any) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def refusal(folder: Path) -> str:
    def read() -> None:
        port = Port.load(folder)
        port.zones()
        port.routes()

    with pytest.raises(PortError) as told:
        read()
    return str(told.value)


@pytest.mark.parametrize("name", ["zones.geojson", "routes.geojson"])
@pytest.mark.parametrize("kind", ["link", "name", "vrt", "vrt link"])
def test_no_drawing_makes_the_toolkit_ask_an_address(
    folder: Path, listener: tuple[int, list[bytes]], name: str, kind: str
) -> None:
    port, asked = listener
    address = f"http://127.0.0.1:{port}/crs"
    path = folder / name
    if kind == "link":
        edit(
            path,
            lambda file: file.update(crs={"type": "link", "properties": {"href": address, "type": "ogcwkt"}}),
        )
    elif kind == "name":
        edit(path, lambda file: file.update(crs={"type": "name", "properties": {"name": address}}))
    else:
        source = f"/vsicurl/{address}" if kind == "vrt link" else "/etc/hosts"
        path.write_text(
            f"<OGRVRTDataSource><OGRVRTLayer name='z'><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>"
            "</OGRVRTDataSource>",
            encoding="utf-8",
        )
    assert name in refusal(folder)
    assert asked == []


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_longitude_and_latitude_by_name_are_what_they_are_without_one(folder: Path, name: str) -> None:
    before = Port.load(folder).zones().geometry.to_wkt().tolist()
    edit(
        folder / "zones.geojson", lambda file: file.update(crs={"type": "name", "properties": {"name": name}})
    )
    assert Port.load(folder).zones().geometry.to_wkt().tolist() == before


def test_a_drawing_in_metres_that_names_its_system_gives_the_same_inventory(folder: Path) -> None:
    before = Inventory.build(Port.load(folder), 2024).total("NOx", "kg").magnitude
    for name in ("zones.geojson", "routes.geojson"):
        port = Port.load(folder)
        drawn = port.zones() if name.startswith("zones") else port.routes()
        content = json.loads((folder / name).read_text(encoding="utf-8"))
        moved = json.loads(drawn.to_crs("EPSG:32635").to_json())
        by_name = {one["properties"][name[:-9]]: one["geometry"] for one in moved["features"]}
        for one in content["features"]:
            one["geometry"] = by_name[one["properties"][name[:-9]]]
        content["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32635"}}
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    after = Inventory.build(Port.load(folder), 2024).total("NOx", "kg").magnitude
    assert after == pytest.approx(before, rel=1e-9)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("control_ar", "control_areas"), ("jurisdicti", "jurisdiction"), ("indomain", "in_domain")],
)
def test_a_property_with_a_slip_is_told_and_what_is_advised_works(
    folder: Path, written: str, meant: str
) -> None:
    def rename(content: dict[str, Any], old: str, new: str) -> None:
        for feature in content["features"]:
            feature["properties"][new] = feature["properties"].pop(old, None)

    before = Port.load(folder).zones()
    edit(folder / "zones.geojson", lambda file: rename(file, meant, written))
    told = refusal(folder)
    assert f'unknown property "{written}"' in told
    assert f'"{meant}"' in told
    edit(folder / "zones.geojson", lambda file: rename(file, written, meant))
    assert Port.load(folder).zones()["in_domain"].tolist() == before["in_domain"].tolist()


NO_DRAWINGS = {
    "nothing": b"",
    "a list": b"[]",
    "null": b"null",
    "features that are none": b'{"features": [1]}',
    "features without properties": b'{"features": [{"geometry": null}]}',
    "not a number": b'{"features": [{"properties": {"zone": "a"}, "geometry": {"coordinates": [NaN, 1]}}]}',
    "text for a number": b'{"features": [{"properties": {"zone": "a"}, "geometry": {"type": "Point", '
    b'"coordinates": ["1", 1]}}]}',
    "no coordinates": b'{"features": [{"properties": {"zone": "a"}, "geometry": {"type": "Polygon"}}]}',
    "a polygon of two points": b'{"features": [{"properties": {"zone": "a"}, "geometry": {"type": "Polygon", '
    b'"coordinates": [[[1, 1], [2, 2]]]}}]}',
    "another code page": b'{"features": [{"properties": {"zone": "\xe9"}}]}',
    "nested without end": b'{"features": ' + b"[" * 200_000,
}


@pytest.mark.parametrize("case", NO_DRAWINGS)
def test_a_file_that_is_no_drawing_is_refused_as_ours(folder: Path, case: str) -> None:
    (folder / "zones.geojson").write_bytes(NO_DRAWINGS[case])
    assert "zones.geojson" in refusal(folder)


# ------------------------------------------------------------------ anywhere on the globe


def moved(folder: Path, east_deg: float, north_deg: float, crs: str) -> Path:
    """The harbor somewhere else: its drawings moved, longitudes brought within 180 degrees."""

    def shift(item: Any) -> Any:
        if isinstance(item[0], list):
            return [shift(part) for part in item]
        return [(item[0] + east_deg + 180) % 360 - 180, item[1] + north_deg]

    for name in ("zones.geojson", "routes.geojson"):
        edit(
            folder / name,
            lambda file: [one["geometry"].update(coordinates=shift(one["geometry"]["coordinates"]))
                          for one in file["features"]],
        )  # fmt: skip
    settings = (folder / "port.toml").read_text(encoding="utf-8")
    (folder / "port.toml").write_text(settings.replace("EPSG:32635", crs), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("east_deg", "north_deg", "crs"),
    [
        (-176.0, 1.5, "EPSG:3338"),  # Anchorage, Alaska Albers, whose area begins beyond the 180th meridian
        (-193.0, -6.0, "EPSG:26903"),  # Dutch Harbor, UTM zone 3
        (152.5, -77.9, "EPSG:3460"),  # Suva, Fiji 1986
        (148.8, -96.6, "EPSG:3851"),  # Auckland, NZGD2000 continental shelf
    ],
)
def test_a_port_near_the_180th_meridian_is_measured_as_on_the_globe(
    folder: Path, east_deg: float, north_deg: float, crs: str
) -> None:
    port = Port.load(moved(folder, east_deg, north_deg, crs))
    ways = port.route_distances()
    drawn = ways[ways["distance_from"] != "given"].groupby("route")["distance_nmi"].sum()
    routes = port.routes().set_index("route").geometry
    for name, nmi in drawn.items():
        assert nmi == pytest.approx(Geod(ellps="WGS84").geometry_length(routes[name]) / 1852, rel=0.02)
    assert len(drawn)


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:3395", "EPSG:54009"])
def test_a_projection_that_distorts_lengths_is_refused(folder: Path, crs: str) -> None:
    settings = (folder / "port.toml").read_text(encoding="utf-8")
    (folder / "port.toml").write_text(settings.replace("EPSG:32635", crs), encoding="utf-8")
    with pytest.raises(ValueError, match=r"distorts lengths|is not a coordinate system"):
        Port.load(folder).route_distances()


def test_zones_that_are_cut_at_the_180th_meridian_hold_a_route_across_it(folder: Path) -> None:
    """As RFC 7946, 3.1.9, asks: one zone in two parts, left and right of it, and a line over it."""

    def box(west: float, east: float) -> list[list[list[float]]]:
        return [[[west, -18], [east, -18], [east, -17], [west, -17], [west, -18]]]

    def draw_zone(file: dict[str, Any]) -> None:
        zone = file["features"][0]
        zone["geometry"] = {"type": "MultiPolygon", "coordinates": [box(179, 180), box(-180, -179)]}
        file["features"] = [zone]

    def draw_route(file: dict[str, Any]) -> None:
        file["features"] = file["features"][:1]
        file["features"][0]["geometry"]["coordinates"] = [[-179.5, -17.3], [179.6, -17.4]]

    edit(folder / "zones.geojson", draw_zone)
    edit(folder / "routes.geojson", draw_route)
    zones, routes = read_zones(folder / "zones.geojson"), read_routes(folder / "routes.geojson")
    name = str(routes["route"].iloc[0])
    geography = Geography(zones="zones.geojson", routes="routes.geojson", projected_crs="EPSG:3460")
    (folder / "routes.csv").unlink()
    assert stretches_outside(folder, geography, {name}) == {}
    ways = route_distances(folder, geography, zones, routes)
    assert ways["zone"].unique().tolist() == zones["zone"].tolist()
    on_the_globe = Geod(ellps="WGS84").geometry_length(routes.geometry.iloc[0]) / 1852
    assert ways["distance_nmi"].sum() == pytest.approx(on_the_globe, rel=2e-3)
    assert 51 < on_the_globe < 53, "0.9 degrees of longitude at 17 degrees south"
