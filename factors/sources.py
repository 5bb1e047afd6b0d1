"""Editions of published factors: what document a table comes from, and how far it was verified."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, cast

from factors.brief import lines, listed

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
    """One published document, or one release of a model, as a folder of tables.

    Attributes
    ----------
    name, title, publisher, address : str
        What the edition is, and where its document is found.
    published : str
        Year, month or day of publication.
    describes_years : tuple of int
        The calendar years that its factors describe; empty where it does not state any.
    applies_from, applies_until : date or None
        First and last day on which its factors are to be used; None where it does not state it.
    as_stated : str
        Where in the edition these years stand, or why there are none.
    errata : tuple of str
        Slips in the document that the edition itself names, then what was found later, with its date.
    tables : mapping of str to TableSpec
        Its tables of factors.
    mappings : mapping of str to str
        Files of its lists from names to names.
    folder : path
        Where its files are.
    """

    name: str
    title: str
    publisher: str
    published: str
    describes_years: tuple[int, ...]
    applies_from: date | None
    applies_until: date | None
    as_stated: str
    address: str
    errata: tuple[str, ...]
    tables: Mapping[str, TableSpec]
    mappings: Mapping[str, str]
    folder: Traversable

    def __repr__(self) -> str:
        return lines(
            f"Edition {self.name}",
            {
                "title": self.title,
                "published": f"{self.publisher}, {self.published}",
                "address": self.address,
                "tables": listed(self.tables, most=12),
                "errata": f"{len(self.errata):,}" if self.errata else "",
            },
        )

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
    # What is said of an edition once it is released stands beside its folder, whose bytes never change.
    years = next(iter(_lines_beside("years.csv", name)), {})
    later = tuple(f"{line['date']}: {line['erratum']}" for line in _lines_beside("errata.csv", name))
    return Edition(
        name=content["name"],
        title=content["title"],
        publisher=content["publisher"],
        published=str(content["published"]),
        describes_years=_years(years.get("describes_years", "")),
        applies_from=_day(years.get("applies_from", "")),
        applies_until=_day(years.get("applies_until", "")),
        as_stated=years.get("as_stated", ""),
        address=content["address"],
        errata=(*content.get("errata", ()), *later),
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


def _lines_beside(file: str, edition: str) -> list[dict[str, str]]:
    """Return the lines about an edition in one of the files beside the editions."""
    text = (_editions_folder() / file).read_text(encoding="utf-8")
    return [line for line in csv.DictReader(io.StringIO(text, newline="")) if line["edition"] == edition]


def _years(text: str) -> tuple[int, ...]:
    """Read single years and spans: ``2010, 2016-2018``."""
    years: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, _, last = part.partition("-")
        years.update(range(int(first), int(last or first) + 1))
    return tuple(sorted(years))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


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
