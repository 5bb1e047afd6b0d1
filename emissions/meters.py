"""The port's own meters: electricity of cranes, reefers, buildings and whole terminals, counted once.

Rule: a kilowatt-hour is counted where the thing that uses it is counted. Ships at berth bring their shore
power with their calls, electric machines what they were metered with or are estimated to take, battery trucks
what they take by the mile; a meter of the port that also reads them counts only the rest.

- `net_of` names what a meter also reads: other meters, or shore_power, equipment, trucks, craft.
- Without it, a meter of a whole `terminal` is net of shore power and of machines there, unless these have
  meters of their own (use shore_power, charging, cranes) at the same place.
- A meter of use `shore_power` is the ships' own electricity: where calls bring any at that place it adds
  nothing. `cranes` is net of metered cranes there. `charging` is net of machines there and of the trucks that
  call there, unless its net_of names who charges (equipment, trucks, craft): then of these alone.
- What is metered comes off whole, and more than a meter reads is a contradiction. What is estimated comes off
  no further than to nothing: trucks also charge elsewhere.

Several meters that are net of the same thing share it in proportion to what they read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions._arguments import formula

CRANES = "cranes"
MACHINES = "machines"
SHIPS = "shore_power"
CAPTURE = "emission_capture"
CRAFT = "craft"
BY_HOURS = "machines by hours"
TRUCKS = "trucks"
GROUPS = (SHIPS, CAPTURE, CRANES, MACHINES, CRAFT, BY_HOURS, TRUCKS)
"""Who brings electricity of its own; what is metered before what is estimated."""

ESTIMATED = (BY_HOURS, TRUCKS)
SOURCES = {
    "equipment": (CRANES, MACHINES, BY_HOURS),
    "trucks": (TRUCKS,),
    "shore_power": (SHIPS, CAPTURE),
    "craft": (CRAFT,),
}
_OF_ITSELF = {"charging": (MACHINES, BY_HOURS, TRUCKS), "cranes": (CRANES,)}
_APART = {SHIPS: "shore_power", MACHINES: "charging", BY_HOURS: "charging", CRANES: "cranes"}
_NEVER_UNSAID = (CRAFT, TRUCKS)
"""Whose electricity a whole terminal's meter reads only where its net_of says so: they charge elsewhere."""

_CHARGING = ("equipment", "trucks", "craft")
_TOLERANCE = 1e-6


class MeterError(ValueError):
    """Meters contradict what ships and machines took; the message names the readings."""


@dataclass(frozen=True)
class CountedElsewhere:
    """Electricity that meters at a place read, and that a group of sources is counted with.

    Attributes
    ----------
    place : str
        ``terminal <name>`` or ``port <name>``.
    group : str
        One of `GROUPS`.
    kwh : float
        Taken off the meters. [kWh]
    """

    place: str
    group: str
    kwh: float


@dataclass(frozen=True)
class CallsOverMeters:
    """Shore power that both meters and the calls of ships tell of: the calls are counted.

    Attributes
    ----------
    place : str
        ``terminal <name>`` or ``port <name>``.
    metered_kwh, calls_kwh : float
        What the meters read, and what the calls bring. [kWh]
    """

    place: str
    metered_kwh: float
    calls_kwh: float


@dataclass(frozen=True)
class EstimateOverMeter:
    """An estimate of more than a meter has left for it: the estimate is counted.

    Attributes
    ----------
    meter, use : str
    group : str
        One of `ESTIMATED`.
    estimated_kwh, left_kwh : float
        What the group is estimated to take of this meter, and what the meter has for it. [kWh]
    """

    meter: str
    use: str
    group: str
    estimated_kwh: float
    left_kwh: float


MeterFact = CountedElsewhere | CallsOverMeters | EstimateOverMeter


@formula()
def net_rows(
    meters: pd.DataFrame, terminals: pd.DataFrame, carried: pd.DataFrame, year: int
) -> tuple[pd.DataFrame, tuple[MeterFact, ...]]:
    """Electricity of meters that nothing else is counted with, month by month.

    Parameters
    ----------
    meters : pandas.DataFrame, shape (n, ...)
        ``meter, use, from_date, to_date, kwh`` [kWh]; optional ``net_of, port, terminal, operator``.
    terminals : pandas.DataFrame
        ``terminal, port, operator, zone, control``.
    carried : pandas.DataFrame, shape (m, ...)
        What other sources are counted with: ``group`` (one of `GROUPS`), ``terminal, port, month, kwh``
        [kWh].
    year : int

    Returns
    -------
    rows : pandas.DataFrame
        ``record_id, use, terminal, port, zone, operator, control, month, quantity`` [kWh at the meter].
    left_to_others : tuple of MeterFact
        What was left to other sources, and where an estimate of theirs is more than a meter reads.

    Raises
    ------
    MeterError
        If what a meter is net of is more than it reads.

    Notes
    -----
    Which kilowatt-hours a meter shares with other sources is a rule of this project, so that each is
    counted once.

    Examples
    --------
    >>> year = pd.to_datetime(["2023-01-01", "2023-12-31"])
    >>> meters = pd.DataFrame({"meter": ["M1"], "use": ["terminal"], "from_date": year[:1],
    ...     "to_date": year[1:], "kwh": [365_000.0], "terminal": ["T1"]})
    >>> place = pd.DataFrame({"terminal": ["T1"], "port": ["P"], "operator": [""], "zone": ["T1"],
    ...     "control": ["tenant"]})
    >>> ships = pd.DataFrame({"group": ["shore_power"], "terminal": ["T1"], "port": ["P"], "month": [7],
    ...     "kwh": [65_000.0]})
    >>> rows, _ = net_rows(meters, place, ships, 2023)
    >>> float(rows["quantity"].sum().round(6))
    300000.0
    """
    readings = _placed(meters.reset_index(drop=True), terminals)
    gross = _by_month(readings, year)
    net = gross - _of_other_meters(readings, year)
    facts: list[MeterFact] = []
    for group in GROUPS:
        claims = _claims(readings, group)
        taken = _shared(readings, claims, gross, carried[carried["group"] == group])
        if group in ESTIMATED:
            taken, beyond = _no_further(readings, group, net, taken)
            facts += beyond
        own = (
            (readings["use"] == "shore_power").to_numpy() if group == SHIPS else np.zeros(len(readings), bool)
        )
        facts += _left_to(readings, group, gross, taken, own)
        # What a shore power meter reads is the ships' electricity, whatever their calls say of it.
        plugged = own & (taken.sum(axis=1) > 0)
        taken = np.where(plugged[:, None], gross, taken)
        net = net - taken
    _check_left(readings, gross, net)
    return _rows(readings, gross, net), tuple(facts)


def _placed(meters: pd.DataFrame, terminals: pd.DataFrame) -> pd.DataFrame:
    blank = pd.Series("", index=meters.index, dtype="str")
    terminal, port, operator, net_of = (
        meters[name].fillna("").astype("str") if name in meters else blank
        for name in ("terminal", "port", "operator", "net_of")
    )
    at = terminals.set_index("terminal").reindex(terminal)
    filled = {
        name: own.where(own != "", pd.Series(at[name].fillna("").astype("str").to_numpy(), index=own.index))
        for name, own in (("port", port), ("operator", operator))
    }
    place = ("terminal " + terminal).where(terminal != "", "port " + filled["port"])
    other = {name: at[name].fillna("").astype("str").to_numpy() for name in ("zone", "control")}
    return meters.assign(terminal=terminal, net_of=net_of, place=place, **filled, **other)


def _by_month(readings: pd.DataFrame, year: int) -> NDArray[np.float64]:
    """Energy of each reading in each month of the year, spread by days, shape (n, 12)."""
    edges = (
        pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq="MS").to_numpy("datetime64[D]").astype(float)
    )
    first = readings["from_date"].to_numpy("datetime64[D]").astype(float)
    after = readings["to_date"].to_numpy("datetime64[D]").astype(float) + 1
    inside = np.minimum(after[:, None], edges[None, 1:]) - np.maximum(first[:, None], edges[None, :-1])
    per_day = readings["kwh"].to_numpy(dtype=float) / (after - first)
    return np.asarray(np.maximum(inside, 0.0) * per_day[:, None])


def _of_other_meters(readings: pd.DataFrame, year: int) -> NDArray[np.float64]:
    """What the meters named in net_of read, by day, while the meter itself was read; shape (n, 12)."""
    less = np.zeros((len(readings), 12))
    listed = readings["net_of"].str.split(";").explode().str.strip()
    for position, name in zip(listed.index.to_numpy(dtype=int), listed, strict=True):
        others = readings[readings["meter"] == name]
        if others.empty:
            continue
        mine = readings.iloc[position]
        begin = others["from_date"].clip(lower=mine["from_date"])
        end = others["to_date"].clip(upper=mine["to_date"])
        both = (end - begin).dt.days + 1
        whole = (others["to_date"] - others["from_date"]).dt.days + 1
        part = others.assign(
            from_date=begin, to_date=end, kwh=others["kwh"] * both.clip(lower=0) / whole
        )[both > 0]  # fmt: skip
        less[position] += _by_month(part, year).sum(axis=0)
    return less


def _claims(readings: pd.DataFrame, group: str) -> NDArray[np.bool_]:
    """Which readings are net of what a group is counted with."""
    words = next(word for word, groups in SOURCES.items() if group in groups)
    named = readings["net_of"].str.split(";").map(lambda parts: {part.strip() for part in parts})
    said = named.map(lambda names: words in names)
    apart = readings.loc[readings["use"] == _APART.get(group, ""), "place"]
    whole = (readings["use"] == "terminal") & ~readings["place"].isin(apart) & (group not in _NEVER_UNSAID)
    itself = readings["use"].map(lambda use: group in _OF_ITSELF.get(use, ()))
    # A charging meter that names who charges is net of these alone.
    itself &= ~((readings["use"] == "charging") & named.map(lambda names: bool(names & set(_CHARGING))))
    ships = (readings["use"] == "shore_power") & (group == SHIPS)
    return np.asarray((said | whole | itself | ships).to_numpy(dtype=bool))


def _shared(
    readings: pd.DataFrame, claims: NDArray[np.bool_], gross: NDArray[np.float64], carried: pd.DataFrame
) -> NDArray[np.float64]:
    """What each reading leaves to a group, in proportion to the readings that claim it; shape (n, 12)."""
    taken = np.zeros_like(gross)
    if not claims.any() or carried.empty:
        return taken
    left = carried.assign(
        terminal="terminal " + carried["terminal"].astype(str), port="port " + carried["port"].astype(str)
    )
    places = readings["place"].to_numpy()
    # A terminal's own meters come first; those of a port take what is at terminals without any.
    for place in sorted(set(places[claims]), key=lambda name: not name.startswith("terminal ")):
        column = "terminal" if place.startswith("terminal ") else "port"
        here = left[left[column] == place]
        left = left.drop(here.index)
        amount = here.groupby("month")["kwh"].sum().reindex(range(1, 13), fill_value=0.0).to_numpy()
        mine = claims & (places == place)
        whole = gross[mine].sum(axis=0)
        share = np.divide(gross[mine], whole, out=np.zeros_like(gross[mine]), where=whole > 0)
        taken[mine] = share * amount
    return taken


def _no_further(
    readings: pd.DataFrame, group: str, net: NDArray[np.float64], taken: NDArray[np.float64]
) -> tuple[NDArray[np.float64], list[EstimateOverMeter]]:
    """Take an estimate off meters down to nothing and no further, and tell where it is more."""
    wanted, left = taken.sum(axis=1), np.maximum(net.sum(axis=1), 0.0)
    share = np.divide(np.minimum(wanted, left), wanted, out=np.zeros_like(wanted), where=wanted > 0)
    beyond = [
        EstimateOverMeter(
            str(readings["meter"].iloc[row]), str(readings["use"].iloc[row]), group,
            float(wanted[row]), float(left[row]),
        )
        for row in np.flatnonzero(wanted > left * (1 + _TOLERANCE))
    ]  # fmt: skip
    return taken * share[:, None], beyond


def _left_to(
    readings: pd.DataFrame,
    group: str,
    gross: NDArray[np.float64],
    taken: NDArray[np.float64],
    own: NDArray[np.bool_],
) -> list[MeterFact]:
    """What meters leave to a group, place by place; `own` marks meters of the ships' own electricity."""
    facts: list[MeterFact] = []
    for place in readings["place"].unique():
        here = (readings["place"] == place).to_numpy()
        left, plugged = float(taken[here & ~own].sum()), float(taken[here & own].sum())
        if left > 0:
            facts.append(CountedElsewhere(str(place), group, left))
        if plugged > 0:
            facts.append(CallsOverMeters(str(place), float(gross[here & own].sum()), plugged))
    return facts


def _check_left(readings: pd.DataFrame, gross: NDArray[np.float64], net: NDArray[np.float64]) -> None:
    read, left = gross.sum(axis=1), net.sum(axis=1)
    bad = np.flatnonzero(left < -_TOLERANCE * np.maximum(read, 1.0))
    if len(bad):
        lines = [
            f"  {readings['meter'].iloc[row]} ({readings['use'].iloc[row]}): reads {read[row]:,.0f} kWh, is "
            "net of "
            f"{read[row] - left[row]:,.0f} kWh"
            for row in bad[:10]
        ]
        raise MeterError(
            "electricity: meters are net of more than they read:\n"
            + "\n".join(lines)
            + "\nCorrect net_of; or give "
            "shore power and charging meters of their own (use shore_power, charging) where they are "
            "metered apart."
        )


def _rows(readings: pd.DataFrame, gross: NDArray[np.float64], net: NDArray[np.float64]) -> pd.DataFrame:
    """Rows by month: what is left of the year, spread as the meter ran."""
    read, left = gross.sum(axis=1), np.maximum(net.sum(axis=1), 0.0)
    share = np.divide(gross, read[:, None], out=np.zeros_like(gross), where=read[:, None] > 0)
    row, month = np.nonzero(share * (left > 0)[:, None])
    spread = readings.iloc[row].reset_index(drop=True)
    return pd.DataFrame(
        {
            "record_id": "meter " + spread["meter"].astype("str"),
            "use": spread["use"].astype("str"),
            **{
                name: spread[name].astype("str")
                for name in ("terminal", "port", "zone", "operator", "control")
            },
            "month": month.astype(np.int64) + 1,
            "quantity": left[row] * share[row, month],
            "provenance": "given",
            "port_share": 1.0,
        }
    )
