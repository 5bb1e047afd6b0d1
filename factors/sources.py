"""Editions of published factors: what document a table comes from, and how far it was verified."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, cast

Confidence = Literal["read", "derived", "unverified"]
CONFIDENCES: tuple[Confidence, ...] = ("read", "derived", "unverified")

KeyKind = Literal["exact", "gt_le", "ge_lt", "from"]
KEY_KINDS: tuple[KeyKind, ...] = ("exact", "gt_le", "ge_lt", "from")


@dataclass(frozen=True)
class TableSpec:
    """How one table of an edition is keyed.

    Attributes
    ----------
    edition, name : str
        The edition and the table's name in it.
    file : str
        CSV file in the edition's folder.
    describes : str
        One sentence on what the table holds.
    keys : mapping of str to {"exact", "gt_le", "ge_lt", "from"}
        Query keys and how each is matched. Interval kinds read the columns ``<key>_gt``/``<key>_le``,
        ``<key>_ge``/``<key>_lt`` or ``<key>_from``.
    member : tuple of str
        Columns that tell the parts of a mixture apart; empty when each key has one row.
    quantities : mapping of str to str
        For a user's table: what it may hold, each with a unit of the dimension it needs; empty for any.
    optional : tuple of str
        Those of `quantities` that may be left out altogether.
    allowed : mapping of str to tuple of str
        For a user's table: what may stand in an exact key; any text for keys that are not named.
    shares : tuple of str
        Those of `quantities` that are parts of a whole: never above 1.
    """

    edition: str
    name: str
    file: str
    describes: str
    keys: Mapping[str, KeyKind]
    member: tuple[str, ...] = ()
    quantities: Mapping[str, str] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shares: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Key columns in the file, by query key."""
        suffixes = {"exact": ("",), "gt_le": ("_gt", "_le"), "ge_lt": ("_ge", "_lt"), "from": ("_from",)}
        return {key: tuple(key + suffix for suffix in suffixes[kind]) for key, kind in self.keys.items()}


@dataclass(frozen=True)
class Edition:
    """One published document, or one release of a model, as a folder of tables."""

    name: str
    title: str
    publisher: str
    published: str
    address: str
    errata: tuple[str, ...]
    tables: Mapping[str, TableSpec]
    mappings: Mapping[str, str]
    folder: Traversable

    def path(self, table: str) -> Traversable:
        """Return the file of a table of this edition."""
        return self.folder / self.tables[table].file


def _editions_folder() -> Traversable:
    return files("factors") / "editions"


def list_editions() -> list[str]:
    """Return the names of the editions that are shipped.

    Examples
    --------
    >>> "epa-ogv-2022" in list_editions()
    True
    """
    return sorted(entry.name for entry in _editions_folder().iterdir() if (entry / "edition.toml").is_file())


@cache
def load_edition(name: str) -> Edition:
    """Read what an edition says about itself.

    Parameters
    ----------
    name : str
        One of `list_editions`.

    Returns
    -------
    Edition

    Raises
    ------
    KeyError
        If there is no such edition; the message lists those there are.
    """
    folder = _editions_folder() / name
    declared = folder / "edition.toml"
    if not declared.is_file():
        raise KeyError(f"no edition {name!r}; shipped are {', '.join(list_editions())}")
    content = tomllib.loads(declared.read_text(encoding="utf-8"))
    tables = {key: _table_spec(name, key, entry) for key, entry in content.get("tables", {}).items()}
    return Edition(
        name=content["name"],
        title=content["title"],
        publisher=content["publisher"],
        published=str(content["published"]),
        address=content["address"],
        errata=tuple(content.get("errata", ())),
        tables=tables,
        mappings={key: str(entry["file"]) for key, entry in content.get("mappings", {}).items()},
        folder=folder,
    )


def row_counts(name: str) -> dict[str, int]:
    """Return how many rows of an edition were read in a document, derived, or could not be verified.

    Parameters
    ----------
    name : str
        One of `list_editions`.

    Returns
    -------
    dict
        ``read, derived, unverified``, in this order.

    Examples
    --------
    >>> row_counts("equipment-measured")
    {'read': 5, 'derived': 0, 'unverified': 0}
    """
    edition = load_edition(name)
    counts = dict.fromkeys(CONFIDENCES, 0)
    for table in edition.tables:
        text = edition.path(table).read_text(encoding="utf-8")
        for row in csv.DictReader(io.StringIO(text, newline="")):
            counts[cast(Confidence, row["confidence"])] += 1
    return {str(level): number for level, number in counts.items()}


def edition_hashes(names: Iterable[str]) -> dict[str, str]:
    """Return a sha256 over all files of each edition, so that a saved year says which numbers it used."""
    return {name: _edition_hash(name) for name in names}


@cache
def _edition_hash(name: str) -> str:
    digest = hashlib.sha256()
    for entry in sorted(load_edition(name).folder.iterdir(), key=lambda item: item.name):
        if entry.is_file():
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()


def _table_spec(edition: str, name: str, entry: Mapping[str, object]) -> TableSpec:
    keys = cast("dict[str, KeyKind]", entry.get("keys", {}))
    unknown = {key: kind for key, kind in keys.items() if kind not in KEY_KINDS}
    if unknown:
        raise ValueError(f"{edition}/{name}: key kinds {unknown} are not among {', '.join(KEY_KINDS)}")
    return TableSpec(
        edition=edition,
        name=name,
        file=str(entry["file"]),
        describes=str(entry.get("describes", "")),
        keys=keys,
        member=tuple(cast("list[str]", entry.get("member", []))),
    )
