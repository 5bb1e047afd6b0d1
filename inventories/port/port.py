"""A port as data: the folder that staff keep under version control.

``port.toml`` names the port, its terminals, the method, the speeds and areas that hold by default, and how
other
systems' columns are read. Zones and routes are GeoJSON beside it. Nothing about any one port is in the code.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from factors.brief import lines, listed
from inventories.port.place import Place
from inventories.port.places import read_routes, read_zones
from inventories.port.port_file import (
    FileEntry,
    Geography,
    PortFile,
    TableMapping,
    TablePolicy,
    Terminal,
    cross_checks,
    sentence,
)
from inventories.port.refusals import PortError, nearest
from inventories.port.route_names import route_media, terminal_route_problems

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["FileEntry", "Port", "PortError", "TableMapping", "TablePolicy", "nearest"]


@dataclass(frozen=True)
class Port:
    """One port (or several that share an inventory), read from its folder by `load`.

    Attributes
    ----------
    name, slug, timezone, note, screening : str
        As in ``port.toml``; a non-empty ``screening`` says why results are a screening only.
    place : Place
        Country, state and coordinates, as far as ``port.toml`` states them.
    method_name, method_options
        The named method and the options chosen for this port.
    ports : dict[str, str]
        Port id -> printed name.
    terminals : DataFrame
        ``terminal, name, port, kind, operator, zone, control, arrival_route, departure_route``.
    speeds : dict[str, float]
        Zone -> speed of ships where none is given. [kn]
    control_areas : dict[str, tuple[str, ...]]
        Zone (or ``default``) -> emission control areas, as ``port.toml`` states them; see
        `inventories.port.waters` for those that follow from where the port lies.
    factor_tables : dict[str, str]
        ``source_category.need`` -> the port's own factor table, a file of the folder.
    factors_over : tuple of str
        Those of them whose rows are laid over the method's table; the others stand in its place.
    folder : Path
        Where all of it lies.
    """

    name: str
    slug: str
    timezone: str
    illustrative: bool
    note: str
    screening: str
    method_name: str
    method_options: dict[str, Any]
    ports: dict[str, str]
    domain: dict[str, str]
    geography: Geography
    speeds: dict[str, float]
    control_areas: dict[str, tuple[str, ...]]
    files: tuple[FileEntry, ...]
    tables: dict[str, TablePolicy]
    mapping: dict[str, TableMapping]
    units: dict[str, str]
    targets: dict[str, Any]
    base_years: dict[str, Any] | list[int]
    denominators: dict[str, Any]
    factor_tables: dict[str, str]
    factors_over: tuple[str, ...]
    folder: Path
    place: Place = field(default_factory=Place)
    _terminals: dict[str, dict[str, str]] = field(repr=False, default_factory=dict)
    _years: tuple[int, ...] = ()

    def __repr__(self) -> str:
        years = self.years()
        return lines(
            f"Port {self.name}",
            {
                "method": self.method_name,
                "options": ", ".join(f"{name} = {value}" for name, value in self.method_options.items()),
                "domain": self.domain.get("name", ""),
                "terminals": f"{len(self._terminals):,}: {listed(self._terminals)}",
                "years": listed(years, most=12),
                "own factors": ", ".join(self.factor_tables),
                "folder": self.folder,
            },
        )

    @property
    def whole_tables(self) -> tuple[str, ...]:
        """Names of the tables that stand in place of the method's, without those laid over them."""
        return tuple(need for need in self.factor_tables if need not in self.factors_over)

    @classmethod
    def load(cls, folder: str | Path) -> Port:
        """Read ``port.toml`` in *folder*.

        Raises
        ------
        PortError
            Naming the file, the key, what is allowed, and for an unknown key the nearest known one.
        """
        folder = Path(folder)
        path = folder / "port.toml"
        if not path.is_file():
            raise PortError(
                path, ["not found. A port's folder needs a port.toml; `caap init` makes one to start from."]
            )
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except tomllib.TOMLDecodeError as error:
            raise PortError(path, [f"is not valid TOML: {error}"]) from error
        try:
            data = PortFile.model_validate(content)
        except ValidationError as error:
            raise PortError(path, [sentence(item) for item in error.errors()]) from error
        problems = [
            *cross_checks(data, folder),
            *terminal_route_problems(data.terminals, folder, data.geography),
        ]
        if problems:
            raise PortError(path, problems)
        return cls._from_file(data, folder)

    @classmethod
    def _from_file(cls, data: PortFile, folder: Path) -> Port:
        slug = data.slug or re.sub(r"[^a-z0-9]+", "-", data.name.casefold()).strip("-")
        ports = {key: entry.name or key for key, entry in data.ports.items()} or {slug: data.name}
        only = next(iter(ports)) if len(ports) == 1 else ""
        terminals = {
            key: {
                "terminal": key,
                **entry.model_dump(),
                "name": entry.name or key,
                "port": entry.port or only,
            }
            for key, entry in data.terminals.items()
        }
        return cls(
            name=data.name,
            slug=slug,
            timezone=data.timezone,
            illustrative=data.illustrative,
            note=data.note,
            screening=data.screening,
            method_name=data.method.name,
            method_options=dict(data.method.options),
            ports=ports,
            domain=data.domain.model_dump(),
            geography=data.geography,
            speeds=dict(data.speeds),
            control_areas={key: tuple(areas) for key, areas in data.control_areas.items()},
            files=data.files,
            tables=dict(data.tables),
            mapping=dict(data.mapping),
            units=dict(data.units),
            targets=dict(data.targets),
            base_years=data.base_years,
            denominators=dict(data.denominators),
            factor_tables={need: entry.file for need, entry in data.factor_tables.items()},
            factors_over=tuple(need for need, entry in data.factor_tables.items() if entry.mode == "over"),
            folder=folder,
            place=Place.of(data.country, data.state, data.position, data.districts),
            _terminals=terminals,
            _years=data.years,
        )

    @property
    def terminals(self) -> pd.DataFrame:
        """One row per terminal, in the order of ``port.toml``."""
        import pandas as pd

        columns = ["terminal", *Terminal.model_fields]
        return pd.DataFrame(list(self._terminals.values()), columns=columns).astype("str")

    def zones(self) -> gpd.GeoDataFrame:
        """Zones of the port, by ``priority`` (highest first); an empty frame where the port has none."""
        return read_zones(self.folder / self.geography.zones)

    def routes(self) -> gpd.GeoDataFrame:
        """Routes with ``route, name, medium, speed_kn, speed_mph`` and a line; empty where there are none."""
        return read_routes(self.folder / self.geography.routes)

    def route_distances(self) -> pd.DataFrame:
        """Distance of each route in each zone, in order along it.

        Rows of the hand-written table (``routes.csv``) replace all that geometry says of the same route.

        Returns
        -------
        DataFrame
            ``route, seq, zone, medium, distance_nmi, distance_mile, speed_kn, speed_mph, segment,
            distance_from``;
            ``distance_from`` is *given* for values by hand, *registry* for those measured on the drawn line.
        """
        from inventories.port.routes import route_distances

        return route_distances(self.folder, self.geography, self.zones(), self.routes())

    def known_routes(self) -> list[str]:
        """Names of all routes, drawn or by hand; nothing is measured."""
        return list(self.route_media())

    def route_media(self) -> dict[str, str]:
        """Each route, drawn or by hand, with its medium, ``sea`` or ``road``; nothing is measured."""
        return route_media(self.folder, self.geography)

    def years(self) -> list[int]:
        """Years with activity: the folders ``activity/<year>`` and the list ``years`` of ``port.toml``."""
        base = self.folder / "activity"
        found = (
            {int(p.name) for p in base.iterdir() if p.is_dir() and re.fullmatch(r"\d{4}", p.name)}
            if base.is_dir()
            else set()
        )
        return sorted(found | set(self._years))
