"""Gate visits and truck legs, checked, placed and summed before visits are spread over legs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import classify

SEGMENTS = ("on_terminal", "on_port", "regional")

PROVENANCE = ("given", "registry", "default")
"""Where an attribute came from, best first; a work row carries the worst of those it used."""

_PORT_ROADS = ("harbor", "berth", "land")
_CELL = (
    *("terminal", "month", "engine_model_year", "fuel", "technology", "visit_key", "provenance"),
    *("terminal_bin_mph", "terminal_provenance", "queue_bin_mph", "queue_provenance", "hours_recorded"),
)


def places(zones: pd.DataFrame | Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Zones by name: ``in_domain, jurisdiction, segment``; the empty name is a place without a zone."""
    if isinstance(zones, Mapping):
        zones = pd.DataFrame([{"zone": name, **dict(place)} for name, place in zones.items()])
    if not len(zones):
        zones = pd.DataFrame({"zone": pd.Series(dtype="str")})
    kind = text(zones, "kind")
    by_kind = np.where(kind.isin(_PORT_ROADS), "on_port", "regional")
    stated = text(zones, "segment")
    places = pd.DataFrame(
        {
            "in_domain": zones["in_domain"].to_numpy(dtype=bool) if "in_domain" in zones else True,
            "jurisdiction": text(zones, "jurisdiction").to_numpy(),
            "segment": stated.mask(stated == "", by_kind).to_numpy(),
        },
        index=pd.Index(zones["zone"].astype("str").to_numpy(), name="zone"),
    )
    wrong = sorted(set(places["segment"]) - set(SEGMENTS))
    if wrong:
        raise ValueError(f"zones: segments {', '.join(wrong)} are not among {', '.join(SEGMENTS)}")
    nowhere = pd.DataFrame({"in_domain": [True], "jurisdiction": [""], "segment": ["regional"]}, index=[""])
    return pd.concat([places, nowhere])


def check(
    visits: pd.DataFrame,
    truck_legs: pd.DataFrame,
    terminals: pd.DataFrame,
    placed: pd.DataFrame,
    *,
    hours_needed: bool,
    starts_needed: bool = False,
) -> None:
    """Gather all that would leave work without a place, a length or a speed, and raise once."""
    problems = []

    def unknown(table: str, frame: pd.DataFrame, column: str, known: Any, where: str) -> None:
        values = text(frame, column)
        odd = sorted(set(values[values != ""]) - set(known))
        if odd:
            problems.append(f"{table}: {column} {', '.join(odd[:5])} not in {where}")

    unknown("gate_visits", visits, "terminal", terminals["terminal"], "the port's terminals")
    unknown("gate_visits", visits, "visit_key", truck_legs["visit_key"], "truck_legs")
    if len(placed) > 1:  # a port that draws no zones may name any
        unknown("truck_legs", truck_legs, "zone", placed.index, "the port's zones")
        unknown("terminals", terminals, "zone", placed.index, "the port's zones")
    lengths = (
        ("miles", "of 0 or more", truck_legs["miles"] >= 0),
        ("speed_mph", "above 0", truck_legs["speed_mph"] > 0),
    )
    for column, bound, fits in lengths:
        lacking = truck_legs.index[~fits.to_numpy()]
        if len(lacking):
            first = ", ".join(map(str, lacking[:3]))
            problems.append(f"truck_legs: {len(lacking)} legs have no {column} {bound} (first: {first})")
    if hours_needed:
        hours = visits.reindex(columns=["on_terminal_idle_h", "gate_h", "queue_h"])
        lacking = visits.index[hours.isna().all(axis=1).to_numpy()]
        if len(lacking):
            problems.append(
                f"gate_visits: {len(lacking)} rows have neither on_terminal_idle_h nor queue_h; "
                "this idle_rate values hours, so write 0 where there are none"
            )
    if starts_needed:
        lacking = visits.index[visits.reindex(columns=["starts"])["starts"].isna().to_numpy()]
        if len(lacking):
            first = ", ".join(map(str, lacking[:3]))
            problems.append(
                f"gate_visits: {len(lacking)} rows have no starts (first: {first}); truck_starts = counted "
                "values engine starts per visit, so write 0 where trucks keep their engines on, or leave "
                "truck_starts out"
            )
    if problems:
        raise ValueError("; ".join(problems))


def speeds(visits: pd.DataFrame, column: str, usual_mph: float) -> NDArray[np.float64]:
    """Speed of each row, the usual one where it states none. [mph]"""
    if column not in visits:
        return np.full(len(visits), usual_mph)
    return visits[column].fillna(usual_mph).to_numpy(dtype=float)


def counts(visits: pd.DataFrame) -> NDArray[np.float64]:
    """Return how many visits each row stands for."""
    return visits["count"].to_numpy(dtype=float) if "count" in visits else np.ones(len(visits))


def hours_recorded(visits: pd.DataFrame, creep_mph: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which rows say how long their trucks idle, be it 0 h; a queue that creeps is no idling."""
    hours = visits.reindex(columns=["on_terminal_idle_h", "gate_h", "queue_h"]).notna().to_numpy()
    return np.asarray(hours[:, :2].any(axis=1) | (hours[:, 2] & (creep_mph == 0)))


def cells(
    visits: pd.DataFrame, terminal_bin_mph: NDArray[np.int64], creep_mph: NDArray[np.float64],
    queue_bin_mph: NDArray[np.int64],
) -> pd.DataFrame:  # fmt: skip
    """Sum visits, and miles, hours and starts at the terminal, over all that the work does not tell apart.

    Hours of queues that creep are miles, at the speed of the row; the others are hours.
    """
    provenance = worst(visits)
    stated = visits.reindex(columns=["on_terminal_speed_mph", "queue_speed_mph"]).notna().to_numpy()
    keys = pd.DataFrame(
        {
            "terminal": visits["terminal"].astype("str").to_numpy(),
            "month": visits["month"].to_numpy(dtype=np.int64),
            "engine_model_year": visits["engine_model_year"].to_numpy(dtype=np.int64),
            "fuel": visits["fuel"].astype("str").to_numpy(),
            "technology": text(visits, "technology").to_numpy(),
            "visit_key": text(visits, "visit_key").to_numpy(),
            "provenance": provenance,
            "terminal_bin_mph": terminal_bin_mph,
            "terminal_provenance": np.where(stated[:, 0], provenance, PROVENANCE.index("default")),
            "queue_bin_mph": queue_bin_mph,
            "queue_provenance": np.where(stated[:, 1], provenance, PROVENANCE.index("default")),
            "hours_recorded": hours_recorded(visits, creep_mph),
        }
    )
    number, summed = classify(keys[list(_CELL)])
    count = counts(visits)
    names = ["on_terminal_miles", "on_terminal_idle_h", "gate_h", "queue_h", "starts"]
    per_visit = visits.reindex(columns=names).fillna(0.0)
    idle = per_visit["on_terminal_idle_h"] + per_visit["gate_h"]
    sums = {
        "visits": 1.0,
        "miles": per_visit["on_terminal_miles"],
        "idle_h": idle,
        "queue_h": per_visit["queue_h"].where(creep_mph == 0, 0.0),
        "crept_miles": per_visit["queue_h"] * creep_mph,
        "starts": per_visit["starts"],
    }
    for name, value in sums.items():
        weights = count * np.asarray(value, dtype=float)
        summed[name] = np.bincount(number, weights=weights, minlength=len(summed))
    return summed


def legs(truck_legs: pd.DataFrame, placed: pd.DataFrame, speed_bin_mph: NDArray[np.int64]) -> pd.DataFrame:
    """Legs by visit_key with their place and speed bin; alike ones summed, ordered by visit_key."""
    zone = text(truck_legs, "zone")
    at = placed.reindex(zone.where(zone.isin(placed.index), "").to_numpy())
    share = truck_legs["port_share"].fillna(1.0).to_numpy(dtype=float) if "port_share" in truck_legs else 1.0
    framed = pd.DataFrame(
        {
            "visit_key": truck_legs["visit_key"].astype("str").to_numpy(),
            "zone": zone.to_numpy(),
            "mode_or_segment": at["segment"].to_numpy(),
            "jurisdiction": at["jurisdiction"].to_numpy(),
            "in_domain": at["in_domain"].to_numpy(dtype=bool),
            "speed_bin_mph": speed_bin_mph,
            "port_share": share,
            "provenance": worst(truck_legs),
        }
    )
    number, alike = classify(framed)
    miles = truck_legs["miles"].to_numpy(dtype=float)
    alike["miles"] = np.bincount(number, weights=miles, minlength=len(alike))
    return alike.sort_values("visit_key", kind="stable").reset_index(drop=True)


def with_terminals(summed: pd.DataFrame, terminals: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """Cells with what belongs to their terminal, as categories: they are repeated over legs next."""
    listed = terminals.set_index("terminal")
    ends = summed.copy()
    for name in ("port", "operator", "control", "zone"):
        ends[name] = text(listed, name).reindex(summed["terminal"]).to_numpy()
    at = placed.reindex(ends["zone"].where(ends["zone"].isin(placed.index), "").to_numpy())
    ends["jurisdiction"] = at["jurisdiction"].to_numpy()
    ends["in_domain"] = at["in_domain"].to_numpy(dtype=bool)
    parts = [
        summed[name].astype("str")
        for name in ("month", "engine_model_year", "fuel", "technology", "visit_key")
    ]
    record = summed["terminal"]
    for part in parts:
        record = record + "/" + part
    ends["record_id"] = record
    for name in ends.columns[ends.dtypes == "str"]:
        ends[name] = ends[name].astype("category")
    return ends


def same_miles(summed: pd.DataFrame, ways: pd.DataFrame, running: pd.DataFrame) -> None:
    """Miles before the spread over legs, with those crept in queues, equal those after it.

    Raises
    ------
    ArithmeticError
        If they do not: a fault of ours, never of the data.
    """
    per_key = ways.groupby("visit_key")["miles"].sum()
    along = summed["visit_key"].map(per_key).fillna(0.0)
    before = float((summed["visits"] * along + summed["miles"] + summed["crept_miles"]).sum())
    after = float(running["quantity"].sum())
    if not np.isclose(before, after, rtol=1e-9, atol=1e-9):
        raise ArithmeticError(f"{before:,.3f} miles became {after:,.3f} when visits were spread over legs")


def worst(records: pd.DataFrame) -> NDArray[np.int64]:
    """Worst provenance that a record's columns carry, as a place in `PROVENANCE`."""
    place = np.zeros(len(records), dtype=np.int64)
    for name in records.columns[records.columns.str.endswith("_from")]:
        marks = pd.Categorical(records[name], categories=list(PROVENANCE))
        place = np.maximum(place, marks.codes)  # unmarked is -1: given
    return place


def shared_categories(*frames: pd.DataFrame) -> None:
    """Give the text of places the same categories in all frames, to be joined by code; in place."""
    for name in ("zone", "jurisdiction", "mode_or_segment"):
        having = [frame for frame in frames if name in frame]
        values = sorted(set().union(*(frame[name].unique() for frame in having), SEGMENTS))
        for frame in having:
            frame[name] = frame[name].astype("str").astype(pd.CategoricalDtype(values))


def text(frame: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as text, blanks where it is missing."""
    if column not in frame:
        return pd.Series("", index=frame.index, dtype="str")
    return frame[column].astype("str").fillna("")
