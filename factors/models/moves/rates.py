"""Rates of combination trucks out of the tables of a MOVES run: as printed, or masses over activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from factors.models.moves.output import Output, printed
from factors.models.moves.untaken import (
    ActivityMissing,
    FuelsNotTaken,
    MeanOfTimes,
    PollutantsNotTaken,
    ProcessesNotTaken,
    RoadsTogether,
    SlowestBinNotTaken,
    TableNotTaken,
    Untaken,
)

POLLUTANTS: Mapping[int, str] = {
    1: "HC",
    2: "CO",
    3: "NOx",
    5: "CH4",
    6: "N2O",
    30: "NH3",
    31: "SOx",
    86: "TOG",
    87: "VOC",
    90: "CO2",
    100: "PM10",
    110: "PM2.5",
}
"""MOVES's pollutantID and our name: hydrocarbons total, SO2, atmospheric CO2, total exhaust particles."""

WEAR: Mapping[int, tuple[str, str]] = {
    106: ("PM10", "brake"),
    107: ("PM10", "tyre"),
    116: ("PM2.5", "brake"),
    117: ("PM2.5", "tyre"),
}
SOURCE_TYPES = {"short-haul": (61,), "long-haul": (62,), "all": (61, 62)}
"""Combination trucks by the option moves_haul."""

FUELS = {2: "diesel", 3: "natural_gas"}
ROADS = {
    1: "Off-Network",
    2: "Rural Restricted Access",
    3: "Rural Unrestricted Access",
    4: "Urban Restricted Access",
    5: "Urban Unrestricted Access",
}
RUNNING, STARTING, EXTENDED, WEARING = (1, 15), (2, 16), (90, 17), (9, 10)
"""Processes: exhaust and its crankcase, while running, starting and in extended idle; brake and tire wear."""

_OFF_NETWORK = 1
_SLOWEST_BIN = 1
_FASTEST_BIN = 16
_NAMES = {
    79: "non-methane hydrocarbons",
    80: "non-methane organic gases",
    91: "total energy",
    98: "CO2 equivalent",
    112: "elemental carbon",
    118: "particles without elemental carbon",
}
_TIMES = ("monthid", "dayid", "hourid")
_TOLD_APART = (
    *("sourcetypeid", "regclassid", "scc", "stateid", "countyid", "zoneid", "linkid"),
    *("movesscenarioid", "temperature", "relhumidity"),
)
_KEYS = ["fuel", "calendar_year", "model_year"]

Taken = tuple[dict[str, pd.DataFrame], tuple[Untaken, ...], list[str]]


@dataclass(frozen=True)
class Wanted:
    """What is asked of a run: see `factors.models.moves.reading.read_moves`."""

    haul: str
    road: str
    hours: str
    idle: str
    units: Mapping[str, str]
    needs: tuple[str, ...]

    @property
    def idling(self) -> tuple[int, ...]:
        """Processes of the idling asked for."""
        return RUNNING if self.idle == "off_network" else EXTENDED


def from_rates(outputs: Sequence[Output], wanted: Wanted) -> Taken:
    """Rates of a run in rate mode, by need; with what was not taken, and problems."""
    untaken: list[Untaken] = []
    problems: list[str] = []
    mass, mile = wanted.units["massUnits"], wanted.units["distanceUnits"]
    found: dict[str, pd.DataFrame] = {}
    parts: dict[str, tuple[tuple[int, ...], pd.DataFrame, str]]
    for output in outputs:
        if output.kind not in ("rateperdistance", "rateperhour", "rateperstart"):
            untaken.append(TableNotTaken(output.file, output.kind))
            continue
        rows = _trucks(output, wanted, untaken, problems)
        if output.kind == "rateperdistance":
            rows = _binned(output, _on_road(output, rows, wanted, untaken, problems), untaken, problems)
            per = f"{mass}/{mile}"
            parts = {"moves_running": (RUNNING, rows, per), "moves_wear": (WEARING, rows, per)}
        elif output.kind == "rateperhour":
            at_rest = rows[rows["roadtypeid"].isin([0, _OFF_NETWORK])]
            parts = {"moves_idle": (wanted.idling, at_rest, f"{mass}/h")}
        else:
            parts = {"moves_start": (STARTING, rows, f"{mass}/start")}
        for need, (processes, mine, unit) in parts.items():
            mine = mine[mine["processid"].isin(processes)]
            if len(mine):
                found[need] = _summed(output, need, mine, wanted, untaken, problems).assign(unit=unit)
    if not len(found.get("moves_running", ())) and not problems:
        problems.append("there are no running rates of these trucks (rateperdistance, processID 1)")
    return found, tuple(dict.fromkeys(untaken)), problems


def from_inventory(outputs: Sequence[Output], wanted: Wanted) -> Taken:
    """Masses of a run over its own work, by need; with what was not taken, and problems."""
    untaken: list[Untaken] = []
    problems: list[str] = []
    by_kind = {output.kind: output for output in outputs}
    masses, activity = by_kind["movesoutput"], by_kind["movesactivityoutput"]
    rows = _trucks(masses, wanted, untaken, problems)
    work = _trucks(activity, wanted, [], problems)
    _one_county(masses, rows, problems)
    _roads_apart(masses, rows, problems)
    if wanted.units["timeUnits"] in ("hours", "days"):
        # A typical weekday and a typical weekend day stand for five and two days of the week.
        rows, work = _of_the_week(rows, "emissionquant"), _of_the_week(work, "activity")
    driven = _on_road(masses, rows[rows["processid"].isin((*RUNNING, *WEARING))], wanted, untaken, problems)
    at_rest = rows[rows["roadtypeid"].eq(_OFF_NETWORK)]
    miles = _on_road(
        activity, work[work["activitytypeid"] == 1], wanted, [], problems, "miles (activityTypeID 1)"
    )
    hours = _idle_hours(work, wanted)
    mass, mile = wanted.units["massUnits"], wanted.units["distanceUnits"]
    parts = {
        "moves_running": (RUNNING, driven, miles, f"{mass}/{mile}", "1 (distance)"),
        "moves_wear": (WEARING, driven, miles, f"{mass}/{mile}", "1 (distance)"),
        "moves_idle": (wanted.idling, at_rest, hours, f"{mass}/h", "4 on road type 1, or 3 (hours idled)"),
        "moves_start": (STARTING, rows, work[work["activitytypeid"] == 7], f"{mass}/start", "7 (starts)"),
    }
    found = {}
    for need, (processes, emitted, done, unit, asked) in parts.items():
        mine = emitted[emitted["processid"].isin(processes)]
        if mine.empty:
            continue
        if done.empty:
            rate = need.removeprefix("moves_")
            if need in wanted.needs:
                problems.append(
                    f"{masses.file} has {rate} and {activity.file} has no activity of type {asked}: tick it "
                    "below General Output, run MOVES again and export both tables"
                )
            else:
                untaken.append(ActivityMissing(masses.file, rate, activity.file, asked))
            continue
        found[need] = _over(masses, activity, need, mine, done, problems).assign(unit=unit)
    if "moves_running" not in found and not problems:
        problems.append(f"{masses.file}: there is no running exhaust of these trucks (processID 1 on a road)")
    return found, tuple(dict.fromkeys(untaken)), problems


# ------------------------------------------------------------------ which rows


def _trucks(output: Output, wanted: Wanted, untaken: list[Untaken], problems: list[str]) -> pd.DataFrame:
    """Rows of the trucks, fuels and pollutants that are taken, with our names."""
    rows = output.rows
    for column, what in (("sourcetypeid", "Source Use Type"), ("fueltypeid", "Fuel Type")):
        if (rows[column] == 0).any():
            problems.append(
                f"{output.file}, line {rows.loc[rows[column] == 0, 'line'].iloc[0]}, column "
                f"{printed(column)}: added up over; tick {what} in the output detail and run MOVES again"
            )
    if "processid" in rows and (rows["processid"] == 0).any():
        problems.append(
            f"{output.file}, line {rows.loc[rows['processid'] == 0, 'line'].iloc[0]}, column processID: "
            "added up over processes; tick Emission Process in the output detail and run MOVES again"
        )
    types = SOURCE_TYPES[wanted.haul]
    mine = rows[rows["sourcetypeid"].isin(types)]
    if mine.empty:
        seen = ", ".join(map(str, sorted(set(rows["sourcetypeid"]))[:12])) or "no rows"
        problems.append(
            f"{output.file}, column sourceTypeID: moves_haul = {wanted.haul!r} takes "
            f"{' and '.join(map(str, types))}, and the file has {seen}; run MOVES with combination trucks, "
            "or choose another moves_haul"
        )
    others = sorted(set(mine["fueltypeid"]) - {0, *FUELS})
    if others:
        untaken.append(FuelsNotTaken(output.file, tuple(others)))
    mine = mine[mine["fueltypeid"].isin(FUELS)]
    if "pollutantid" in mine:
        left = sorted(set(mine["pollutantid"]) - {*POLLUTANTS, *WEAR})
        if left:
            named = tuple((one, _NAMES.get(one, "")) for one in left)
            untaken.append(PollutantsNotTaken(output.file, named))
        unused = sorted(set(mine["processid"]) - {*RUNNING, *STARTING, *EXTENDED, *WEARING})
        if unused:
            untaken.append(ProcessesNotTaken(output.file, tuple(unused)))
        mine = mine[mine["pollutantid"].isin([*POLLUTANTS, *WEAR])]
        wears = mine["processid"].isin(WEARING) == mine["pollutantid"].isin(WEAR)
        mine = mine[wears.to_numpy()]
        mine = mine.assign(
            quantity=mine["pollutantid"].map(
                {**POLLUTANTS, **{one: name for one, (name, _) in WEAR.items()}}
            ),
            process=mine["pollutantid"].map({one: process for one, (_, process) in WEAR.items()}).fillna(""),
        )
    return mine.assign(
        fuel=mine["fueltypeid"].map(FUELS), calendar_year=mine["yearid"], model_year=mine["modelyearid"]
    ).reset_index(drop=True)


def _on_road(
    output: Output,
    rows: pd.DataFrame,
    wanted: Wanted,
    untaken: list[Untaken],
    problems: list[str],
    what: str = "rows of trucks",
) -> pd.DataFrame:
    """Rows of the road asked for; all, where the run does not tell roads apart."""
    driven = rows[rows["roadtypeid"] != _OFF_NETWORK]
    if driven.empty or (driven["roadtypeid"] == 0).all():
        if len(driven):
            untaken.append(RoadsTogether(output.file))
        return driven
    number = next(one for one, name in ROADS.items() if name == wanted.road)
    mine = driven[driven["roadtypeid"] == number]
    if mine.empty:
        seen = ", ".join(f"{one} ({ROADS.get(one, '?')})" for one in sorted(set(driven["roadtypeid"])))
        problems.append(
            f"{output.file}, column roadTypeID: no {what} on {number} ({wanted.road}), which moves_road asks "
            f"for; the file has {seen}. Choose one of them as moves_road"
        )
    return mine


def _binned(output: Output, rows: pd.DataFrame, untaken: list[Untaken], problems: list[str]) -> pd.DataFrame:
    """Give speed bins the speed they are centred on: bin 2 is 5 mph, bin 16 is 75 mph; 0 is none."""
    beyond = rows["avgspeedbinid"] > _FASTEST_BIN
    if beyond.any():
        first = rows[beyond].iloc[0]
        problems.append(
            f"{output.file}, line {first['line']}, column avgSpeedBinID: {first['avgspeedbinid']}; 1 to "
            f"{_FASTEST_BIN}"
        )
    slowest = rows["avgspeedbinid"] == _SLOWEST_BIN
    if slowest.any():
        untaken.append(SlowestBinNotTaken(output.file))
    kept = rows[~slowest & ~beyond]
    return kept.assign(speed_bin_mph=(kept["avgspeedbinid"] - 1).clip(lower=0) * 5)


def _idle_hours(work: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """Hours idled: of any truck off the network (source hours operating there), or of extended idle."""
    if wanted.idle != "off_network":
        return work[work["activitytypeid"] == 3]
    at_rest = work[work["roadtypeid"] == _OFF_NETWORK]
    operating = at_rest[at_rest["activitytypeid"] == 4]
    return operating if operating["activity"].gt(0).any() else at_rest[at_rest["activitytypeid"] == 16]


def _roads_apart(output: Output, rows: pd.DataFrame, problems: list[str]) -> None:
    """Masses over all roads hold idling off the network, which would be counted again by the hour."""
    running = rows[rows["processid"].isin(RUNNING)]
    if len(running) and (running["roadtypeid"] == 0).any():
        first = running.loc[running["roadtypeid"] == 0, "line"].iloc[0]
        problems.append(
            f"{output.file}, line {first}, column roadTypeID: added up over, and the idling off the network "
            "(road type 1) with it; tick Road Type in the output detail and run MOVES again"
        )


def _of_the_week(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    return rows.assign(**{measure: rows[measure] * rows["dayid"].clip(1)}) if "dayid" in rows else rows


def _one_county(output: Output, rows: pd.DataFrame, problems: list[str]) -> None:
    for column in ("stateid", "countyid"):
        seen = sorted(set(rows[column])) if column in rows else []
        if len(seen) > 1:
            problems.append(
                f"{output.file}, column {printed(column)}: {', '.join(map(str, seen[:8]))}; one is needed. "
                "Export the county of the port"
            )


# ------------------------------------------------------------------ one rate from several rows


def _summed(
    output: Output, need: str, rows: pd.DataFrame, wanted: Wanted, untaken: list[Untaken], problems: list[str]
) -> pd.DataFrame:
    """One rate for each key and pollutant: the mean over times, the sum over a process and its crankcase."""
    measure = output.kind
    rows = rows[rows[measure].notna()]
    keys = [*_KEYS, *(["speed_bin_mph"] if "speed_bin_mph" in rows else []), "quantity", "process"]
    times = [name for name in _TIMES if name in rows]
    by = [*keys, "processid"]
    twice = rows.duplicated([*by, *times], keep=False)
    if twice.any():
        problems.append(_alike(output, rows[twice], [*by, *times]))
        rows = rows.drop_duplicates([*by, *times])
    moments = rows[times].drop_duplicates() if times else rows.iloc[:1]
    many = len(moments) > 1
    if many and wanted.hours == "refuse":
        seen = "; ".join(
            f"{printed(name)} {_some(moments[name])}" for name in times if moments[name].nunique() > 1
        )
        problems.append(
            f"{output.file}: rates of {len(moments)} times ({seen}). Export one month, day and hour, or "
            "choose "
            'moves_hours = "mean" for their plain mean'
        )
    if many and wanted.hours == "mean":
        untaken.append(MeanOfTimes(output.file, len(moments)))
    each = rows.groupby(by, sort=True)[measure].mean().reset_index(name="value")
    first = rows.groupby(by, sort=True)[["line", "roadtypeid"] if "roadtypeid" in rows else ["line"]].first()
    each = each.assign(line=first["line"].to_numpy())
    total = each.groupby(keys, sort=True).agg(
        value=("value", "sum"), line=("line", "first"), parts=("processid", list)
    )
    total = total.reset_index()
    how = total["parts"].map(lambda parts: f"processID {' + '.join(map(str, parts))}")
    several = total["parts"].str.len() > 1
    note = "line " + total["line"].astype(str) + f", column {printed(measure)}, " + how
    return total.assign(
        note=note + (f", mean of {len(moments)} times" if many else ""),
        confidence=several.map({True: "derived", False: "derived" if many else "read"}),
        file=output.file,
        of=_of(output.kind, wanted, rows if need in ("moves_running", "moves_wear") else None),
    ).drop(columns=["line", "parts"])


def _over(
    masses: Output,
    activity: Output,
    need: str,
    emitted: pd.DataFrame,
    done: pd.DataFrame,
    problems: list[str],
) -> pd.DataFrame:
    """Masses over activity, each summed over all that the run tells apart besides."""
    summed = emitted.groupby([*_KEYS, "quantity", "process"], sort=True)
    mass = summed.agg(mass=("emissionquant", "sum"), line=("line", "first")).reset_index()
    work = done.groupby(_KEYS, sort=True)["activity"].sum().reset_index()
    both = mass.merge(work, on=_KEYS, how="left", validate="m:1")
    worked = both["activity"] > 0
    lacking = both[~worked & (both["mass"] > 0)]
    if len(lacking):
        first = lacking.iloc[0]
        problems.append(
            f"{masses.file}, line {first['line']}: {need.removeprefix('moves_')} of {first['fuel']} trucks, "
            f"model year {first['model_year']}, year {first['calendar_year']}, and {activity.file} has no "
            f"activity of them above 0 ({len(lacking)} like this): export both tables of the same run, with "
            "the same output detail"
        )
    both = both[worked].reset_index(drop=True)
    return both.assign(
        value=both["mass"] / both["activity"],
        note="line "
        + both["line"].astype(str)
        + ", column emissionQuant and like it, over activity of the same trucks",
        confidence="derived",
        file=masses.file,
        of=f"movesoutput over movesactivityoutput, {need.removeprefix('moves_')}",
    ).drop(columns=["mass", "activity", "line"])


def _alike(output: Output, rows: pd.DataFrame, by: list[str]) -> str:
    """Say in which columns rows differ that stand for the same truck."""
    differ = [name for name in _TOLD_APART if name in rows and (rows.groupby(by)[name].nunique() > 1).any()]
    seen = "; ".join(f"{printed(name)} {_some(rows[name])}" for name in differ) or "no column at all"
    return (
        f"{output.file}, line {rows['line'].iloc[0]}: {len(rows)} rows stand for the same truck, process and "
        f"time and differ in {seen}. Rates cannot be added or averaged without their activity: run MOVES "
        "without that detail, or export one of them"
    )


def _some(values: pd.Series) -> str:
    listed = [str(value) for value in sorted(set(values))]
    return ", ".join(listed[:6]) + (" ..." if len(listed) > 6 else "")


def _of(kind: str, wanted: Wanted, driven: pd.DataFrame | None) -> str:
    said = f"{kind}, sourceTypeID {' and '.join(map(str, SOURCE_TYPES[wanted.haul]))}"
    if driven is None:
        return said
    return f"{said}, {wanted.road if driven['roadtypeid'].gt(0).any() else 'all roads together'}"
