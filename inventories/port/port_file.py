"""The shape of ``port.toml``: its keys, and one sentence for each that cannot be used."""

from __future__ import annotations

import zoneinfo
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from inventories.port.control_area_names import area_problem, known_areas, stated_areas
from inventories.port.flags import FlagError, read_flag
from inventories.port.geojson import read_features
from inventories.port.place import Place, place_problems
from inventories.port.place_defaults import district_problems
from inventories.port.refusals import PortError, nearest

Provenance = Literal["given", "registry", "default"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _PortEntry(_Strict):
    name: str = ""


class Terminal(_Strict):
    """A terminal: where it is, who controls it, and by which routes ships reach and leave it."""

    name: str = ""
    port: str = ""
    kind: str = ""
    operator: str = ""
    zone: str = ""
    control: Literal["port_owned", "tenant", "third_party"] = "tenant"
    arrival_route: str = ""
    departure_route: str = ""


class _Method(_Strict):
    name: str = "epa-2022"
    options: dict[str, Any] = Field(default_factory=dict)


class _Domain(_Strict):
    name: str = ""
    describes: str = ""


class Geography(_Strict):
    """The files of zones, routes and distances, and the projection they are measured in."""

    zones: str = "zones.geojson"
    routes: str = "routes.geojson"
    distances: str = "routes.csv"
    projected_crs: str = ""
    land_zones: tuple[str, ...] = ()
    coastline: str = ""


class FileEntry(_Strict):
    """Where one table is read from: ``path`` may hold ``{year}``; ``sheet`` is for workbooks."""

    table: str
    path: str
    sheet: str = ""


class TableMapping(_Strict):
    """How another system's file is read as one of our tables.

    ``columns``: theirs -> ours (one name or several). ``values``: ours -> {theirs: ours}.
    ``fallbacks``: ours -> their columns to take where the first is blank (marked *default*).
    ``defaults``: ours -> the value where all are blank (marked *default*).
    ``provenance``: ours -> how a column is to be marked when its values are an interpretation.
    ``distinct``: several rows may speak of the same record.
    ``only``: their column -> the values whose rows are read; the others are left out, with that reason.
    ``other_columns``: ``ignore`` leaves unmapped columns unread.
    """

    columns: dict[str, str | list[str]] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    fallbacks: dict[str, list[str]] = Field(default_factory=dict)
    defaults: dict[str, str | int | float | bool] = Field(default_factory=dict)
    provenance: dict[str, Provenance] = Field(default_factory=dict)
    distinct: bool = False
    only: dict[str, list[str]] = Field(default_factory=dict)
    other_columns: Literal["check", "ignore"] = "check"
    ignore: tuple[str, ...] = ()


class TablePolicy(_Strict):
    """What is done with rows that cannot be used, and what the word *trips* means in this port's files."""

    on_unusable: Literal["error", "reject"] = "error"
    trip_means: Literal["", "gate_visit", "one_way", "round_trip"] = ""


class FactorFile(BaseModel):
    """A table of factors: in place of the method's, or single rows over it."""

    model_config = ConfigDict(extra="forbid")

    file: str
    mode: Literal["replace", "over"] = "replace"

    @model_validator(mode="before")
    @classmethod
    def _a_plain_name_replaces(cls, given: Any) -> Any:
        return {"file": given} if isinstance(given, str) else given


class PortFile(_Strict):
    """All keys of ``port.toml``."""

    name: str
    slug: str = ""
    timezone: str
    country: str = ""
    state: str = ""
    position: tuple[float, float] | None = None
    districts: tuple[str, ...] = ()
    illustrative: bool = False
    note: str = ""
    screening: str = ""
    years: tuple[int, ...] = ()
    method: _Method = Field(default_factory=_Method)
    ports: dict[str, _PortEntry] = Field(default_factory=dict)
    terminals: dict[str, Terminal] = Field(default_factory=dict)
    domain: _Domain = Field(default_factory=_Domain)
    geography: Geography = Field(default_factory=Geography)
    speeds: dict[str, float] = Field(default_factory=dict)
    control_areas: dict[str, list[str]] = Field(default_factory=dict)
    files: tuple[FileEntry, ...] = ()
    tables: dict[str, TablePolicy] = Field(default_factory=dict)
    mapping: dict[str, TableMapping] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    targets: dict[str, Any] = Field(default_factory=dict)
    base_years: dict[str, Any] | list[int] = Field(default_factory=dict)
    denominators: dict[str, Any] = Field(default_factory=dict)
    factor_tables: dict[str, FactorFile] = Field(default_factory=dict)


def sentence(item: Any) -> str:
    """One validation error as a sentence that names the key."""
    location = [str(part) for part in item["loc"]]
    key = ".".join(location)
    if item["type"] == "extra_forbidden":
        known = _known_keys(item["loc"][:-1])
        return " ".join(
            filter(
                None,
                [f'unknown key "{key}".', nearest(location[-1], known), f"Known here: {', '.join(known)}."],
            )
        )
    if item["type"] == "missing":
        return f'key "{key}" is missing; it is required.'
    return f'key "{key}" is {item["input"]!r}: {item["msg"][0].lower()}{item["msg"][1:]}.'


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """Fields of the model at a place in the file."""
    tables: dict[str, type[BaseModel]] = {
        "ports": _PortEntry,
        "terminals": Terminal,
        "method": _Method,
        "domain": _Domain,
        "geography": Geography,
        "files": FileEntry,
        "factor_tables": FactorFile,
        "tables": TablePolicy,
        "mapping": TableMapping,
    }
    model = tables[str(location[0])] if location else PortFile
    return list(model.model_fields)


def cross_checks(data: PortFile, folder: Path) -> list[str]:
    """What one key says of another, and of the files beside it."""
    problems = []
    if data.timezone not in zoneinfo.available_timezones():
        hint = nearest(data.timezone, sorted(zoneinfo.available_timezones()))
        problems.append(
            f'key "timezone" is "{data.timezone}", which is no IANA time zone such as "Europe/Helsinki". '
            f"{hint}".strip()
        )
    ports = list(data.ports)
    for key, terminal in data.terminals.items():
        if terminal.port and ports and terminal.port not in ports:
            problems.append(
                f'key "terminals.{key}.port" is "{terminal.port}"; the ports are {", ".join(ports)}. '
                f"{nearest(terminal.port, ports)}".strip()
            )
        elif not terminal.port and len(ports) > 1:
            problems.append(
                f'key "terminals.{key}.port" is missing; there are several ports: {", ".join(ports)}.'
            )
    problems += [
        f'key "speeds.{zone}" is {speed}; a speed is above 0 kn.'
        for zone, speed in data.speeds.items()
        if not speed > 0
    ]
    place = Place.of(data.country, data.state, data.position, data.districts)
    problems += [*place_problems(place), *district_problems(place)]
    known = known_areas(folder, {need: entry.file for need, entry in data.factor_tables.items()})
    problems += [
        f'key "control_areas.{zone}": {why}.'
        for zone, areas in data.control_areas.items()
        for name in areas
        if (why := area_problem(name, known))
    ]
    return problems + _zone_checks(data, folder / data.geography.zones, known)


def _zone_checks(data: PortFile, path: Path, areas: tuple[str, ...]) -> list[str]:
    """Zones that ``port.toml`` speaks of exist in the zones file, read as JSON without its geometry.

    Control areas that zones name exist, too.
    """
    if not path.is_file():
        return []
    try:
        features = read_features(path)
    except PortError as error:
        return [f"{path.name}: {problem}" for problem in error.problems]
    unnamed = [place for place, one in enumerate(features, start=1) if one["properties"].get("zone") is None]
    if unnamed:
        return [f'{path.name}: every feature needs a property "zone"; feature {unnamed[0]} has none.']
    known = [str(feature["properties"]["zone"]) for feature in features]
    asked = {
        f"terminals.{key}.zone": terminal.zone for key, terminal in data.terminals.items() if terminal.zone
    }
    asked |= {f"speeds.{zone}": zone for zone in data.speeds}
    asked |= {f"control_areas.{zone}": zone for zone in data.control_areas if zone != "default"}
    asked |= {f"geography.land_zones.{zone}": zone for zone in data.geography.land_zones}
    unknown = [
        f'{path.name}, zone "{zone}", property "control_areas": {why}.'
        for zone, feature in zip(known, features, strict=True)
        for name in stated_areas(feature["properties"].get("control_areas")) or ()
        if (why := area_problem(name, areas))
    ]
    for zone, feature in zip(known, features, strict=True):
        try:
            read_flag(feature["properties"].get("in_domain", True))
        except FlagError as error:
            unknown.append(f'{path.name}, zone "{zone}", property "in_domain": {error}.')
    there = f"Its zones: {', '.join(known)}." if known else "It has no zones yet."
    return unknown + [
        f'key "{key}" speaks of zone "{zone}", which {path.name} does not have. {nearest(zone, known)} '
        + there
        for key, zone in asked.items()
        if zone not in known
    ]
