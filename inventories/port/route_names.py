"""Names of routes, drawn or by hand, and whether they run at sea or on land; nothing is measured."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from inventories.port.port_file import Geography, Terminal
from inventories.port.refusals import nearest

__all__ = ["route_media", "terminal_route_problems"]


def route_media(folder: Path, geography: Geography) -> dict[str, str]:
    """Return each route with its medium, ``sea`` or ``road``; those of a distance table replace drawn ones.

    Parameters
    ----------
    folder : Path
        The port's folder.
    geography : Geography
        What ``port.toml`` says of its files. A file that cannot be read has no routes here; its reader says
        what is wrong with it.
    """
    return _drawn(folder / geography.routes) | _by_hand(folder / geography.distances)


def _drawn(path: Path) -> dict[str, str]:
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        own = [feature["properties"] for feature in features]
        return {str(it["route"]): str(it.get("medium") or "sea") for it in own if it.get("route") is not None}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _by_hand(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    named = [row for row in rows if row.get("route")]
    return {str(row["route"]): "sea" if row.get("distance_nmi") else "road" for row in named}


def terminal_route_problems(terminals: dict[str, Terminal], folder: Path, geography: Geography) -> list[str]:
    """Say which terminals name a way for ships that is no route, or one of trucks.

    Parameters
    ----------
    terminals : dict of str to Terminal
        As in ``port.toml``.
    folder : Path
    geography : Geography

    Returns
    -------
    list of str
        A sentence each, with the nearest name.
    """
    asked = {
        f"terminals.{key}.{side}": route
        for key, terminal in terminals.items()
        for side in ("arrival_route", "departure_route")
        if (route := getattr(terminal, side))
    }
    files_there = [name for name in (geography.routes, geography.distances) if (folder / name).is_file()]
    if not asked or not files_there:
        return []
    media = route_media(folder, geography)
    sea = [name for name, medium in media.items() if medium != "road"]
    files = f"{geography.routes} and {geography.distances}"
    there = f"Routes of ships: {', '.join(sea)}." if sea else f"There are no routes of ships in {files} yet."
    problems = []
    for key, route in asked.items():
        if route not in media:
            what = f"which neither {geography.routes} nor {geography.distances} has"
        elif route not in sea:
            what = "which is a road; ships need a route at sea"
        else:
            continue
        words = [f'key "{key}" is "{route}", {what}.', nearest(route, sea), there]
        problems.append(" ".join(filter(None, words)))
    return problems
