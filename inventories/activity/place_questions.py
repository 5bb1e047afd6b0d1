"""What a year's records need to know of the place, asked where ``port.toml`` does not say it.

Asked in one list, with the other problems of the inputs, and only of sources that have records.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from factors.method import load_method
from inventories.activity.problems import ActivityError, ProblemLog
from inventories.activity.read import Activity, read_activity
from inventories.port.place_defaults import place_options
from inventories.port.port import Port
from inventories.port.refusals import PortError
from inventories.port.waters import waters_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["load_placed_activity"]

_FILE = "port.toml"
_POWERED = ("equipment", "gate_visits", "harbor_craft_engines")


def load_placed_activity(
    port: Port, year: int, method: str | None = None, options: Mapping[str, str] = MappingProxyType({})
) -> Activity:
    """Read a year's activity, and ask in the same list what its records need to know of the place.

    Parameters
    ----------
    port : Port
    year : int
    method : str, optional
        Method of the call; the port's where left out.
    options : mapping of str to str
        Options of the call, beside the port's: what they state is not asked.

    Returns
    -------
    Activity
        With notes on what followed from the place.

    Raises
    ------
    ActivityError
        With every problem of every file, and every question.
    """
    activity, problems = read_activity(port, year)
    log = ProblemLog()
    _ask_of_the_place(activity.tables, port, method, options, log, told=bool(problems))
    problems = [*problems, *log.problems()]
    if problems:
        raise ActivityError(problems, f"{port.name}, {year}")
    activity.notes += [note for note in log.notes if note not in activity.notes]
    return activity


def _ask_of_the_place(
    frames: Mapping[str, pd.DataFrame],
    port: Port,
    method: str | None,
    options: Mapping[str, str],
    log: ProblemLog,
    told: bool,
) -> None:
    """Add what is missing; what would only stay not estimated stops nothing, and is listed with what does."""
    name = method or port.method_name
    covered = load_method(name).sources
    rows = {table: len(frame) for table, frame in frames.items()}
    if rows.get("calls") and "ocean_going_vessels" in covered:
        _ask_of_the_waters(port, log)
    asking = {
        source
        for source, needed in (
            ("heavy_duty_vehicles", bool(rows.get("gate_visits"))),
            ("electricity", _draws_electricity(frames)),
        )
        if needed and source in covered
    }
    stated = {**port.method_options, **options}
    kind = str(stated.get("grid_kind", "average"))
    found = place_options(port.place, stated, port.whole_tables, asking, kind)
    stops = bool(found.asked or log.problems() or told)
    for question in (*found.asked, *(found.open if stops else ())):
        log.add(f"it does not say {question}.", file=_FILE)
    for question in found.open:
        log.note(f"port.toml does not say {question}")
    for said in found.notes:
        log.note(said)


def _ask_of_the_waters(port: Port, log: ProblemLog) -> None:
    try:
        waters = waters_of(port)
    except PortError as error:
        for problem in error.problems:
            log.add(problem, file=error.file)
        return
    if waters.asked:
        log.add(f"it does not say {waters.asked}.", file=_FILE)
    for said in waters.notes:
        log.note(said)


def _draws_electricity(frames: Mapping[str, pd.DataFrame]) -> bool:
    """Whether anything draws electricity: meters, ships at a plug, or machines without an engine."""
    if len(frames.get("electricity", ())):
        return True
    for name in ("calls", "stops"):
        frame = frames.get(name)
        if frame is not None:
            plugged = [column for column in frame if str(column).startswith("shore_power")]
            if (
                frame[plugged]
                .drop(columns=[c for c in plugged if str(c).endswith("_from")])
                .notna()
                .any(axis=None)
            ):
                return True
    return any(
        "fuel" in frames[name] and bool((frames[name]["fuel"] == "electric").any())
        for name in _POWERED
        if name in frames
    )
