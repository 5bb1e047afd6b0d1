"""A harbor small enough to check with a pencil, written to a folder and read like any port."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from shutil import copyfile

import pandas as pd
import pytest

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year.inventory import Inventory

Record = dict[str, object]

ZONES = {  # zone: kind, mode
    "sea": ("ocean", "transit"),
    "basin": ("harbor", "maneuvering"),
    "quay": ("berth", "maneuvering"),
    "outside": ("ocean", "transit"),
}
SHIP: Record = {
    "vessel_id": "S1",
    "type": "container",
    "size": 9000,
    "size_unit": "TEU",
    "main (kW)": 60_000,
    "max_speed (kn)": 24,
    "engine_type": "SSD",
}
CALL: Record = {
    "call_id": "C1",
    "port": "P",
    "vessel_id": "S1",
    "arrival": "2023-06-10 06:00",
    "departure": "2023-06-11 06:00",
    "terminal": "T",
}


def write_harbor(
    folder: Path,
    *,
    year: int = 2023,
    timezone: str = "America/Los_Angeles",
    areas: Sequence[str] = ("north_america",),
    ships: Sequence[Record] = (SHIP,),
    calls: Sequence[Record] = (CALL,),
    stops: Sequence[Record] = (),
    legs: Sequence[Record] = (),
    settings: str = "",
) -> Port:
    """Write a port of one terminal and its tables of a year, and load it."""
    tables = {"vessels": ships, "calls": calls, "stops": stops, "legs": legs}
    activity = folder / "activity" / str(year)
    activity.mkdir(parents=True, exist_ok=True)
    for name, records in tables.items():
        if records:
            pd.DataFrame(list(records)).to_csv(activity / f"{name}.csv", index=False)
    (folder / "port.toml").write_text(
        f'name = "Pencil Harbor"\nslug = "pencil"\ntimezone = "{timezone}"\n'
        f'[method]\nname = "epa-2022"\n[domain]\nname = "harbor"\ndescribes = "all but outside"\n'
        f'[geography]\nzones = "zones.geojson"\nroutes = "routes.geojson"\nprojected_crs = "EPSG:3857"\n'
        f"[control_areas]\ndefault = {json.dumps(list(areas))}\n"
        f'[ports.P]\nname = "Pencil"\n'
        f'[terminals.T]\nname = "The quay"\nport = "P"\nkind = "container"\nzone = "quay"\n'
        f'control = "tenant"\n'
        f"{settings}",
        encoding="utf-8",
    )
    features = []
    for place, (zone, (kind, mode)) in enumerate(ZONES.items()):
        ring = [[place, 0], [place + 1, 0], [place + 1, 1], [place, 1], [place, 0]]
        properties = {
            "zone": zone, "name": zone, "kind": kind, "mode": mode, "priority": place,
            "in_domain": zone != "outside", "jurisdiction": "here",
        }  # fmt: skip
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    line = {"type": "LineString", "coordinates": [[0.1, 0.5], [1.9, 0.5]]}
    route = {
        "type": "Feature",
        "properties": {"route": "main", "name": "main", "medium": "sea"},
        "geometry": line,
    }
    for name, content in (("zones", features), ("routes", [route])):
        collection = {"type": "FeatureCollection", "features": content}
        (folder / f"{name}.geojson").write_text(json.dumps(collection), encoding="utf-8")
    return Port.load(folder)


def leg(seq: int = 1, zone: str = "sea", distance: float = 20.0, speed: float = 15.0, kind: str = "inbound",
        call: str = "C1") -> Record:  # fmt: skip
    """One leg of a call, by hand."""
    return {
        "call_id": call,
        "seq": seq,
        "kind": kind,
        "zone": zone,
        "distance (nmi)": distance,
        "speed (kn)": speed,
    }


@pytest.fixture
def harbor(tmp_path: Path) -> Callable[..., Port]:
    """Make a pencil harbor: `write_harbor` in a folder of the test's own."""
    return lambda **changes: write_harbor(tmp_path / "harbor", **changes)


@pytest.fixture
def make_leg() -> Callable[..., Record]:
    """Make one leg of a call."""
    return leg


@pytest.fixture
def ship() -> Record:
    """The ship of the pencil harbor."""
    return dict(SHIP)


@pytest.fixture
def call() -> Record:
    """The call of the pencil harbor."""
    return dict(CALL)


WHOLE_HARBOR = Path(__file__).parent / "data" / "whole_harbor"


def write_whole_harbor(folder: Path) -> Path:
    """Write the small harbor with records of every source category."""
    copy_example("small-harbor", folder)
    for records in WHOLE_HARBOR.glob("*.csv"):
        copyfile(records, folder / "activity/2024" / records.name)
    (folder / "factors").mkdir()
    (folder / "activity/2024/own_factors.csv").rename(folder / "factors/own.csv")
    options = 'tier4 = "nonroad2008"\noutside_edition = "hold_by_age"\ngrid_region = "CAMX"'
    settings = (folder / "port.toml").read_text(encoding="utf-8")
    (folder / "port.toml").write_text(settings.replace('tier4 = "moves5"', options), encoding="utf-8")
    return folder


YEARS = {"small-harbor": 2024, "san-pedro-bay": 2023}


@cache
def _example(name: str, folder: str) -> Inventory:
    return Inventory.build(Port.load(copy_example(name, Path(folder) / name)), year=YEARS[name])


@cache
def _whole(folder: str) -> Inventory:
    return Inventory.build(Port.load(write_whole_harbor(Path(folder) / "whole-harbor")), year=2024)


@pytest.fixture(scope="session", params=sorted(YEARS))
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """Each packaged example year, built once."""
    return _example(request.param, str(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """A year with records of every source category, built once."""
    return _whole(str(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session", params=[*sorted(YEARS), "whole-harbor"])
def every_year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """Each packaged example year, and the one of every source category."""
    folder = str(tmp_path_factory.getbasetemp())
    return _whole(folder) if request.param == "whole-harbor" else _example(request.param, folder)


@pytest.fixture(scope="session")
def write_whole() -> Callable[[Path], Path]:
    """Write a folder with records of every source category."""
    return write_whole_harbor


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """The small harbor, built once."""
    return _example("small-harbor", str(tmp_path_factory.getbasetemp()))
