"""Read the output of a MOVES run, of any edition since MOVES3, so that a port brings this year's truck rates.

A run is several tables. In **rate mode** MOVES fills ``rateperdistance`` (by speed bin and road),
``rateperhour`` (idling) and ``rateperstart``; in **inventory mode** ``movesoutput`` (masses) and
``movesactivityoutput`` (miles, starts, hours), and a rate is a mass over the activity of the same run. Units
are in ``movesrun``, which goes with both. Which mode the files are of is told by their tables and by what
``movesrun`` says; what is unclear is refused.

    exhaust   processes 1 and 15 (running, and its crankcase), g/mile        by model year, speed bin
    wear      9 and 10 (brake, tire), g/mile
    idle      1 and 15 on road type 1 (off-network), or 90 and 17 (extended), g/h
    start     2 and 16, g/start

The layout was read in EPA's scripts and documents (github:USEPA/EPA_MOVES_Model:
``database/CreateOutput.sql``, ``docs/AnatomyOfARunspec.md``, ``MassMeasurementSystem.java``), the identifiers
of pollutants and processes in run specifications. That off-network idling of a rate run stands in
``rateperhour`` under process 1 and road type 1 was not seen in code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from factors.models.moves.output import RATES, MovesError, Output, open_outputs
from factors.models.moves.rates import Wanted, from_inventory, from_rates
from factors.models.moves.untaken import Untaken
from factors.sources import KeyKind, TableSpec
from factors.tables import FactorTable, typed_frame

__all__ = ["MOVES_NEEDS", "SOURCE", "MovesError", "MovesRun", "read_moves"]

SOURCE = "heavy_duty_vehicles"
MOVES_NEEDS = ("moves_running", "moves_idle", "moves_start", "moves_wear")
KEYS = ("fuel", "calendar_year", "model_year", "speed_bin_mph")

_MASSES = {"g": "g", "kg": "kg", "lb": "lb", "ton": "short ton"}
_DISTANCES = {"mi": "mile", "mile": "mile", "miles": "mile", "km": "km", "kilom": "km"}
_PERIODS = {
    "hour": "hours",
    "hours": "hours",
    "day": "days",
    "days": "days",
    "porti": "portions of week",
    "week": "portions of week",
    "month": "months",
    "year": "years",
    "years": "years",
}
_SCALES = {"inv": "inventory", "macro": "inventory", "rates": "rates", "meso": "rates"}
_CO2_G_PER_MILE = (50.0, 20_000.0)


@dataclass(frozen=True)
class MovesRun:
    """What a run of MOVES holds, in the form of a user's factor tables.

    Attributes
    ----------
    files : tuple of str
    mode : {"rates", "inventory"}
    edition : str
        Version and default database, as ``movesrun`` says.
    tables : mapping of str to FactorTable
        By need, where the run has it: ``moves_running, moves_idle, moves_start, moves_wear``. What the run
        adds up over (all model years, all speeds) is no key of its table.
    untaken : tuple of Untaken
        What was not taken, and what was put together; `factors.models.moves.untaken.said` words it.
    """

    files: tuple[str, ...]
    mode: str
    edition: str
    tables: Mapping[str, FactorTable] = field(repr=False)
    untaken: tuple[Untaken, ...] = ()

    @property
    def title(self) -> str:
        """Edition and kind of run, as one would cite it."""
        return f"{self.edition}, {'Emission Rates' if self.mode == 'rates' else 'Inventory'}"


def read_moves(
    paths: Sequence[Path],
    *,
    haul: str = "short-haul",
    road: str = "Urban Unrestricted Access",
    hours: str = "refuse",
    idle: str = "off_network",
    needs: Sequence[str] = MOVES_NEEDS,
) -> MovesRun:
    r"""Read the output tables of one run of MOVES, in rate mode or inventory mode.

    Parameters
    ----------
    paths : sequence of Path
        CSV exports of ``movesrun`` and of the rate tables, or of ``movesrun``, ``movesoutput`` and
        ``movesactivityoutput``.
    haul : {"short-haul", "long-haul", "all"}
        Combination trucks to take: source type 61, 62 or both (in inventory mode).
    road : str
        Road type of miles, where the run tells them apart.
    hours : {"refuse", "mean"}
        Rates of several months, days or hours: refuse, or take their plain mean. An inventory adds them up.
    idle : {"off_network", "extended"}
        Idling to take: that of any truck, or that of long-haul trucks at rest.
    needs : sequence of str
        Those of `MOVES_NEEDS` that have to be had from an inventory; others are left out, with a note, where
        their activity is missing.

    Returns
    -------
    MovesRun

    Raises
    ------
    MovesError
        If the files are not of one mode, or numbers, identifiers or units cannot be read; if activity is
        missing; if rows stand for the same truck. Every problem in one message.

    Notes
    -----
    MOVES's "ton" is the U.S. (short) ton by its own code.

    Examples
    --------
    >>> import tempfile
    >>> head = "MOVESRunID,yearID,monthID,dayID,hourID,pollutantID,processID,sourceTypeID,fuelTypeID,"
    >>> head += "modelYearID,roadTypeID,avgSpeedBinID,ratePerDistance\n"
    >>> rates = head + "1,2023,7,5,9,3,1,61,2,2015,5,9,2.5\n"
    >>> run = "MOVESRunID,timeUnits,distanceUnits,massUnits,energyUnits,scale,defaultDatabaseUsed\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = [Path(folder) / "rateperdistance.csv", Path(folder) / "movesrun.csv"]
    ...     _ = files[0].write_text(rates)
    ...     _ = files[1].write_text(run + "1,hours,mi,g,J,Rates,movesdb20241112\n")
    ...     read = read_moves(files)
    >>> read.mode
    'rates'
    >>> read.tables["moves_running"].frame[["model_year", "speed_bin_mph", "value"]].iloc[0].tolist()
    [2015.0, 40.0, 2.5]
    """
    files = tuple(path.name for path in paths)
    outputs, problems = open_outputs(paths)
    if problems:
        raise MovesError(", ".join(files), problems)
    mode, run = _mode(files, outputs)
    units, edition = _units(files, run)
    wanted = Wanted(haul, road, hours, idle, units, tuple(needs))
    take = from_rates if mode == "rates" else from_inventory
    rates, untaken, problems = take([output for output in outputs if output.kind != "movesrun"], wanted)
    problems += _mixed(rates)
    if problems:
        raise MovesError(", ".join(files), problems)
    _plausible(files, rates, mode)
    cited = MovesRun(files, mode, edition, {}, untaken)
    tables = {need: _table(need, mine, cited) for need, mine in rates.items() if len(mine)}
    return MovesRun(files, mode, edition, tables, untaken)


def _mode(files: tuple[str, ...], outputs: list[Output]) -> tuple[str, pd.Series]:
    """Tell rates from an inventory by the tables and by ``movesrun``; refuse what is unclear."""
    by_kind: dict[str, list[str]] = {}
    for output in outputs:
        by_kind.setdefault(output.kind, []).append(output.file)
    problems = [
        f"{kind} is there twice: {', '.join(names)}" for kind, names in by_kind.items() if len(names) > 1
    ]
    rates = [kind for kind in by_kind if kind in RATES]
    masses = [kind for kind in by_kind if kind in ("movesoutput", "movesactivityoutput")]
    if "movesrun" not in by_kind:
        problems.append(
            "there is no movesrun, which alone says the units (massUnits, distanceUnits): export it and name "
            "it too"
        )
    if rates and masses:
        problems.append(
            f"it is not clear whether this is a run of rates ({', '.join(rates)}) or an inventory "
            f"({', '.join(masses)}): a rate run leaves interim rows in movesoutput, which are no inventory. "
            "Name the tables of one mode"
        )
    if not rates and not masses:
        problems.append(
            "there are neither rates (rateperdistance, rateperhour, rateperstart) nor an inventory "
            "(movesoutput and movesactivityoutput)"
        )
    if masses == ["movesoutput"]:
        problems.append(
            "movesoutput holds masses, and movesactivityoutput is not there: a mass becomes a rate by the "
            "activity of the same run. Tick Distance Traveled, Starts and Source Hours Operating below "
            "General Output, and export the table"
        )
    if masses == ["movesactivityoutput"]:
        problems.append("movesactivityoutput holds activity alone: export movesoutput too")
    if problems:
        raise MovesError(", ".join(files), problems)
    mode = "rates" if rates else "inventory"
    run = _run(files, outputs)
    said = str(run.get("scale", "")).strip().lower()[:5]
    if _SCALES.get(said, mode) != mode:
        raise MovesError(
            ", ".join(files),
            [
                f"movesrun, column scale: {run['scale']!r} is a run of {_SCALES[said]}, and the tables are "
                f"those of {'rates' if rates else 'an inventory'} ({', '.join(rates or masses)}): export the "
                "tables of its own mode"
            ],
        )
    return mode, run


def _run(files: tuple[str, ...], outputs: list[Output]) -> pd.Series:
    """The one run that all rows are of."""
    listed = next(output.rows for output in outputs if output.kind == "movesrun")
    known = listed["movesrunid"].str.strip() if "movesrunid" in listed else pd.Series("", index=listed.index)
    used = {
        output.file: sorted({str(number) for number in output.rows["movesrunid"]})
        for output in outputs
        if output.kind != "movesrun" and "movesrunid" in output.rows
    }
    numbers = sorted({number for each in used.values() for number in each}, key=int)
    problems = []
    if len(numbers) > 1:
        seen = "; ".join(f"{file}: {', '.join(each)}" for file, each in used.items())
        problems.append(f"rows of several runs (column MOVESRunID): {seen}. Export one run")
    elif numbers and numbers[0] not in set(known):
        problems.append(
            f"movesrun, column MOVESRunID: run {numbers[0]} is not there, it has "
            f"{', '.join(known) or 'no rows'}: "
            "export movesrun of the same database"
        )
    if problems:
        raise MovesError(", ".join(files), problems)
    return listed[(known == numbers[0]).to_numpy()].iloc[0] if numbers else listed.iloc[0]


def _units(files: tuple[str, ...], run: pd.Series) -> tuple[dict[str, str], str]:
    """Units of masses, distances and time that a run was made in, and what the run is called."""
    found, problems = {}, []
    for column, known in (("massUnits", _MASSES), ("distanceUnits", _DISTANCES), ("timeUnits", _PERIODS)):
        said = str(run.get(column.lower(), "")).strip()
        unit = known.get(said.lower())
        if unit is None:
            problems.append(
                f"movesrun, line {run['line']}, column {column}: {said!r}; known are {', '.join(known)}, as "
                "MOVES writes them"
            )
        found[column] = unit or ""
    if problems:
        raise MovesError(", ".join(files), problems)
    version = str(run.get("masterversion", "")).strip()
    database = str(run.get("defaultdatabaseused", "")).strip()
    edition = version if "moves" in version.lower() else f"MOVES {version}".strip()
    return found, f"{edition} (default database {database})" if database else edition


def _mixed(rates: Mapping[str, pd.DataFrame]) -> list[str]:
    """Keys that are added up over in some rows and not in others."""
    problems = []
    for need, rows in rates.items():
        for key, column in (("model_year", "modelYearID"), ("speed_bin_mph", "avgSpeedBinID")):
            added_up = rows[key].eq(0) if key in rows else pd.Series(dtype=bool)
            if added_up.any() and not added_up.all():
                problems.append(
                    f"{rows['file'].iloc[0]}, column {column}: 0 (added up over) in some rows of {need} and "
                    "not in others; export them apart"
                )
    return problems


def _plausible(files: tuple[str, ...], rates: Mapping[str, pd.DataFrame], mode: str) -> None:
    """Refuse numbers of another size than a truck's: wrong units, or masses that are not of this activity."""
    from factors.units import conversion

    rows = rates.get("moves_running", pd.DataFrame(columns=["quantity"]))
    mine = rows[rows["quantity"] == "CO2"]
    if mine.empty:
        return
    middle = float((mine["value"] * conversion(str(mine["unit"].iloc[0]), "g/mile")).median())
    low, high = _CO2_G_PER_MILE
    if not low <= middle <= high:
        raise MovesError(
            ", ".join(files),
            [
                f"read as {mode} in the units of movesrun, the median running CO2 is {middle:.3g} g/mile, "
                f"and no truck emits less than {low:g} or more than {high:g}: see massUnits and "
                "distanceUnits, and that all tables are of one run"
            ],
        )


def _table(need: str, rows: pd.DataFrame, run: MovesRun) -> FactorTable:
    """Rows of one need as a user's table has them."""
    keys = [
        key
        for key in KEYS
        if key in rows and not (key in ("model_year", "speed_bin_mph") and rows[key].eq(0).all())
    ]
    keys += ["process"] if need == "moves_wear" else []
    text = pd.DataFrame({key: rows[key].astype(str) for key in keys})
    text = text.assign(
        quantity=rows["quantity"],
        value=rows["value"].map(repr),
        unit=rows["unit"],
        source_document=run.title,
        table=rows["of"],
        source_address=rows["file"],
        confidence=rows["confidence"],
        note=rows["note"],
    ).reset_index(drop=True)
    kinds: dict[str, KeyKind] = dict.fromkeys(keys, "exact")
    spec = TableSpec("user", f"{SOURCE}.{need}", run.files[0], run.title, kinds)
    return FactorTable(spec, typed_frame(text, spec))
