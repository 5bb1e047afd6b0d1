"""Names of emission control areas: those of MARPOL Annex VI, and any that a port's own tables hold."""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from factors.sources import load_edition

__all__ = ["area_problem", "known_areas", "stated_areas"]

_TABLES = ("ocean_going_vessels.sulfur_limits", "ocean_going_vessels.nox_tiers")


@cache
def _shipped() -> tuple[str, ...]:
    edition = load_edition("control-areas-2026-11")
    text = (edition.folder / edition.mappings["areas"]).read_text(encoding="utf-8")
    return tuple(dict.fromkeys(row["area"] for row in csv.DictReader(text.splitlines())))


def known_areas(folder: Path, factor_tables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names that control areas of a port may have.

    Parameters
    ----------
    folder : Path
        The port's.
    factor_tables : mapping of str to str
        As in ``port.toml``: a port may bring areas in tables of its own limits and tiers.
    """
    own: list[str] = []
    for need in _TABLES:
        path = folder / factor_tables.get(need, "")
        if need in factor_tables and path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as stream:
                own += [row.get("area") or "" for row in csv.DictReader(stream)]
    return tuple(dict.fromkeys([*_shipped(), *(name for name in own if name not in ("", "global"))]))


def stated_areas(written: Any) -> tuple[str, ...] | None:
    """Read the property ``control_areas`` of a zone: a list, or a text that other programs made of one.

    Examples
    --------
    >>> stated_areas(["baltic"]), stated_areas("baltic, north_sea"), stated_areas([])
    (('baltic',), ('baltic', 'north_sea'), ())
    >>> stated_areas('["baltic"]')
    ('baltic',)
    >>> stated_areas(None) is None, stated_areas("") is None
    (True, True)
    """
    if written is None or written == "":
        return None
    if isinstance(written, str):
        text = written.strip()
        try:
            written = (
                json.loads(text)
                if text.startswith("[")
                else text.replace("|", ",").replace(";", ",").split(",")
            )
        except ValueError:
            written = [text]
    if not isinstance(written, Iterable):
        return (str(written),)
    return tuple(str(name).strip() for name in written)


def area_problem(name: str, known: tuple[str, ...]) -> str:
    """Say that a name is that of no control area, with the nearest; nothing where it is one.

    Examples
    --------
    >>> area_problem("Baltic", ("baltic", "north_sea"))
    'no control area "Baltic"; did you mean "baltic"? There are baltic, north_sea'
    """
    if name in known:
        return ""
    folded = {entry.casefold(): entry for entry in known}
    asked = name.casefold().replace(" ", "_").replace("-", "_").removesuffix("_sea")
    near = difflib.get_close_matches(asked, list(folded), n=1, cutoff=0.5)
    hint = f'did you mean "{folded[near[0]]}"? ' if near else ""
    return f'no control area "{name}"; {hint}There are {", ".join(known)}'
