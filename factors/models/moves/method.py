"""A method whose trucks are rated by a port's own run of MOVES."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from factors.method import Method, MethodError
from factors.models.moves.reading import MOVES_NEEDS, SOURCE, MovesError, MovesRun, read_moves
from factors.models.moves.untaken import said
from factors.sources import TableSpec
from factors.tables import FactorTable
from factors.user_tables import read_user_table

_PREFIX = f"{SOURCE}.moves"
_KEYS = ("fuel", "calendar_year", "model_year", "speed_bin_mph")


def named_for_moves(name: str) -> bool:
    """Return whether a name of ``[factor_tables]`` is of a port's own run of MOVES.

    Examples
    --------
    >>> named_for_moves("heavy_duty_vehicles.moves_rates")
    True
    >>> named_for_moves("heavy_duty_vehicles.moves4_fleet")
    False
    """
    return name == _PREFIX or name.startswith(f"{_PREFIX}_")


def with_moves(method: Method, tables: Mapping[str, Path]) -> Method:
    """Return the method with its trucks rated by a run of MOVES.

    Parameters
    ----------
    method : Method
    tables : mapping of str to Path
        Files of one run, by names that begin with ``heavy_duty_vehicles.moves``: as MOVES's tables were
        exported, or all of them as a year keeps them.

    Raises
    ------
    MovesError
        If the files cannot be used.
    factors.method.MethodError
        If the method's options ask for other truck rates.
    """
    rates = method.chosen.get("truck_rates", "moves")
    if rates != "moves":
        raise MethodError(
            f"truck_rates = {rates!r}, and [factor_tables] names a run of MOVES "
            f"({', '.join(sorted(tables))}): leave "
            'truck_rates out or set truck_rates = "moves" to take it, or name no run'
        )
    method = method.with_options(truck_rates="moves")
    kept = {name: path for name, path in tables.items() if _is_kept(name, path)}
    if kept and len(kept) < len(tables):
        odd = ", ".join(sorted(set(tables) - set(kept)))
        raise MovesError(
            ", ".join(sorted(path.name for path in tables.values())),
            [f"{odd}: exports of MOVES beside tables in the toolkit's own form; name the one or the other"],
        )
    if kept:
        return _rated(
            method, {(SOURCE, name.partition(".")[2]): _read(name, path) for name, path in kept.items()}
        )
    run = read_moves(
        list(tables.values()),
        haul=method.option("moves_haul"),
        road=method.option("moves_road"),
        hours=method.option("moves_hours"),
        idle=method.option("moves_idle"),
        needs=_needs(method),
    )
    own = {(SOURCE, need): table for need, table in run.tables.items()}
    return _rated(method, own, run)


def _needs(method: Method) -> tuple[str, ...]:
    """What the options count by the run's own rates."""
    asked = {
        "moves_idle": method.option("idle_rate") in ("as_rates", "moves"),
        "moves_start": method.option("truck_starts") == "counted",
    }
    return tuple(need for need in MOVES_NEEDS if asked.get(need, True))


def _rated(method: Method, own: Mapping[tuple[str, str], FactorTable], run: MovesRun | None = None) -> Method:
    if (SOURCE, "moves_running") not in own:
        names = ", ".join(table.spec.file for table in own.values())
        raise MovesError(names, ["there is no table moves_running: rates per mile are needed"])
    text = f"trucks by the port's own run of MOVES: {cited(own[SOURCE, 'moves_running'])}"
    untaken = (f"the port's own run of MOVES: {said(fact)}" for fact in (run.untaken if run else ()))
    return method.with_tables(own).saying("departs_from", text, *untaken)


def cited(table: FactorTable) -> str:
    """Say from which documents and files the rows of a table are."""
    rows = table.frame[["source_document", "table", "source_address"]].drop_duplicates()
    named = rows["source_document"] + ", " + rows["table"] + " (" + rows["source_address"] + ")"
    return "; ".join(sorted(named))


def _is_kept(name: str, path: Path) -> bool:
    """Whether a file is in the form that a year keeps, and not as MOVES exports it."""
    if name.partition(".")[2] not in MOVES_NEEDS or not path.is_file():
        return False
    return {"quantity", "value", "fuel"} <= set(_heading(path))


def _heading(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream), [])


def _read(name: str, path: Path) -> FactorTable:
    keys = [key for key in _KEYS if key in _heading(path)]
    keys += ["process"] if name.endswith("wear") else []
    return read_user_table(path, TableSpec("user", name, path.name, "", dict.fromkeys(keys, "exact")), name)
