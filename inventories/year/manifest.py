"""The manifest of a year: inputs by hash, method and options, versions, records by fate, checks and notes.

It holds no time of day and no path of a machine, so that the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from factors.overrides import ORIGIN
from factors.sources import edition_hashes
from inventories.work.other_sources import not_included, uncovered
from inventories.year.accounting import accounts, unused
from inventories.year.format import VERSION
from inventories.year.versions import package_versions, toolkit_version

if TYPE_CHECKING:
    from factors.method import Method
    from factors.tables import FactorTable
    from inventories.activity import Activity
    from inventories.port.port import Port
    from inventories.work.part import Part


def manifest_of(
    activity: Activity,
    port: Port,
    year: int,
    method: Method,
    parts: Sequence[Part],
    work: pd.DataFrame,
    known: Mapping[str, str],
) -> dict[str, Any]:
    """Return the manifest of a year.

    Parameters
    ----------
    activity : Activity
    port : Port
    year : int
    method : Method
    parts : sequence of Part
        What each source category brought.
    work : pandas.DataFrame
        The work rows of all of them.
    known : mapping of str to str
        Source category to the table it comes from.
    """
    from inventories.port.whereabouts import whereabouts
    from inventories.port.zone_table import zone_table
    from inventories.work import plausibility as checks
    from inventories.work.ships.voyages import SOURCE as SHIPS
    from inventories.work.ships.voyages import tier3_keels_from

    rows = {part.source_category: part.rows for part in parts}
    told = accounts(activity, parts, known, method.sources)
    measured = checks.measure(activity.tables, rows, zone_table(port), year, port.timezone)
    return {
        "format": VERSION,
        "port": {
            "name": port.name,
            "slug": port.slug,
            "timezone": port.timezone,
            "illustrative": port.illustrative,
            "note": port.note,
            "screening": port.screening,
            "ports": port.ports,
            "terminals": {row["terminal"]: row["name"] for row in port.terminals.to_dict("records")},
        },
        "place": whereabouts(port),
        "year": year,
        "domain": port.domain,
        "method": {
            "name": method.name,
            "title": method.title,
            "options": method.options,
            "implements": list(method.implements),
            "departs_from": list(method.departs_from),
            "missing": list(method.missing),
            "own_tables": sorted(".".join(need) for need in whole_tables(method)),
            "tables_over": sorted(".".join(need) for need in method.overrides),
            "overrides": [],
        },
        "gwp_set": method.gwp_set,
        **({"tier3_keels_from": tier3_keels_from(port, method)} if SHIPS in rows else {}),
        "pollutants": list(method.pollutants),
        "inputs": [
            *_port_files(port, activity.tables["other_sources"]["factor_table"].astype(str)),
            *activity.files[["path", "sha256", "rows"]].to_dict("records"),
        ],
        "editions": edition_hashes(method.editions()),
        "records": {
            "in": {name: len(table) for name, table in sorted(activity.tables.items()) if len(table)},
            "rejected": _rejected(activity),
            "accounts": {entry.table: entry.numbers() for entry in told},
            "work_rows": len(work),
            "filled": {part.source_category: part.filled for part in parts if part.filled},
        },
        "measured": measured,
        "checks": json.loads(checks.compare(measured, port).to_json(orient="records")),
        "not_included": not_included(method, activity.tables, known),
        "notes": [
            *activity.notes,
            *uncovered(method, activity.tables, known),
            *(note for part in parts for note in part.notes),
            *filter(None, (entry.sentence() for entry in told)),
            *unused(activity, port, str(method.options.get("load_model", ""))),
            *checks.of_cargo(measured),
        ],
        "versions": {"caap-inventory": toolkit_version(), **package_versions()},
    }


def whole_tables(method: Method) -> dict[tuple[str, str], FactorTable]:
    """Return the tables that a port brought whole, not those that are the method's but for single rows."""
    found = {}
    for need, table in method.own_tables.items():
        if need in method.overrides:
            base = method.overrides[need].base
            if base.spec.edition == "user":
                found[need] = base
        elif ORIGIN not in table.frame:
            found[need] = table
    return found


def _port_files(port: Port, factor_files: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The port's own files, which decide zones and distances, by hash."""
    shapes = (port.geography.zones, port.geography.routes, port.geography.distances)
    names = ("port.toml", *shapes, *sorted({*port.factor_tables.values(), *factor_files}))
    files = [port.folder / name for name in names]
    return [
        {"path": str(path.relative_to(port.folder)), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in files
        if path.is_file()
    ]


def _rejected(activity: Activity) -> dict[str, dict[str, int]]:
    rejected = activity.rejected
    if not len(rejected):
        return {}
    counted = rejected.groupby(["table", "reason"]).size()
    return {str(table): {str(reason): int(n) for reason, n in part.droplevel(0).items()}
            for table, part in counted.groupby(level=0)}  # fmt: skip
