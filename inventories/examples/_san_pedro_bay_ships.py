"""Ships, calls, stops and legs of the illustrative San Pedro Bay.

The order of the work is that of a year: a fleet, who arrives when, where each ship waits and berths. Shares,
hours and speeds are in ``assumptions.csv``; sizes, speeds and powers by size in ``facts/``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inventories.examples._draws import Assumptions, Draws, facts, largest_remainder
from inventories.examples._san_pedro_bay_legs import PORTS, choose_routes, make_legs

__all__ = ["Ships", "make_ships"]

YEAR = 2023
ZONE = "America/Los_Angeles"
TERMINAL_KIND = {
    "container": "container", "oil_tanker": "liquid_bulk", "chemical_tanker": "liquid_bulk",
    "cruise": "cruise", "bulk_carrier": "dry_bulk", "vehicle_carrier": "auto",
    "general_cargo": "break_bulk", "reefer": "break_bulk", "roro": "break_bulk",
}  # fmt: skip
OPERATION = {
    "container": "both", "oil_tanker": "discharge", "chemical_tanker": "both", "cruise": "passenger",
    "bulk_carrier": "load", "vehicle_carrier": "discharge", "general_cargo": "discharge",
    "reefer": "discharge",
    "roro": "both",
}  # fmt: skip
_MIN_GAP_DAYS = {"cruise": 4.0}  # from one arrival of a ship to its next: never before it has left
_OTHER_GAP_DAYS = 24.0
_MINUTE = pd.Timedelta(minutes=1)


@dataclass(frozen=True)
class Ships:
    """The four tables of ships' activity, as they are written."""

    vessels: pd.DataFrame
    calls: pd.DataFrame
    stops: pd.DataFrame
    legs: pd.DataFrame


def make_ships(a: Assumptions, draws: Draws, distances: pd.DataFrame) -> Ships:
    """Make a year of ships from the assumptions, the draws and the distances of the routes by zone."""
    arrivals = _arrivals(a, draws.stream("arrivals"))
    fleet = _fleet(a, draws.stream("fleet"), arrivals["type"].value_counts())
    calls = _who_comes(arrivals, fleet, draws.stream("rotation"))
    calls = _cargo(calls, a, draws.stream("cargo"))
    stops = _stops(calls, a, draws.stream("stops"))
    times = stops.groupby("call_id").agg(arrival=("from", "min"), departure=("to", "max"))
    calls = calls.drop(columns="arrival").join(times, on="call_id")
    _assert_one_place_at_a_time(calls)
    calls = choose_routes(calls, a, draws.stream("routes"))
    legs = make_legs(calls, stops, distances, a, draws.stream("legs"))
    written = _as_stops(stops, calls, a, draws)
    plugged = written.loc[written["shore_power_from"] != "", "call_id"]
    seen = calls.loc[calls["call_id"].isin(plugged), "vessel_id"]
    return Ships(_as_register(fleet, seen, a, draws.stream("blanks")), _as_calls(calls), written, legs)


# --- who comes, and when ---


def _arrivals(a: Assumptions, draws: Draws) -> pd.DataFrame:
    """Port, type and minute of arrival of each call, in order; container ships follow the TEU by month."""
    teu = facts("teu_by_month").assign(teu=lambda t: t["teu_loaded"] + t["teu_empty"])
    shares = a.under("calls.share")
    types = [name for name in shares if name not in PORTS]
    pola = round(a["calls.total"] * shares["POLA"])
    starts = pd.date_range(f"{YEAR}-01-01", periods=13, freq="MS", tz=ZONE).tz_convert("UTC")
    days = np.diff(starts) / pd.Timedelta(days=1)
    parts: list[pd.DataFrame] = []
    for port, total in (("POLA", pola), ("POLB", round(a["calls.total"]) - pola)):
        number = largest_remainder(np.array([shares[name] for name in types]), total)
        by_month = teu.loc[teu["port"] == port, "teu"].to_numpy()
        for name, n in zip(types, number, strict=True):
            month = np.repeat(np.arange(12), largest_remainder(by_month if name == "container" else days, n))
            minute = np.floor(draws.uniform(n) * days[month] * 1440)
            when = starts[month] + pd.to_timedelta(minute, unit="min")
            parts.append(pd.DataFrame({"port": port, "type": name, "arrival": when, "month": month}))
    # Ships that came in the last days of the year before and are still there on New Year's Day.
    n = round(a["calls.carried_over"])
    before = starts[0] - pd.to_timedelta(np.floor(draws.uniform(n, 6 * 60, 40 * 60)), unit="min")
    either = np.where(np.arange(n) % 2 == 0, "POLA", "POLB")
    parts.append(pd.DataFrame({"port": either, "type": "container", "arrival": before, "month": -1}))
    return pd.concat(parts).sort_values(["arrival", "port", "type"], ignore_index=True)


def _fleet(a: Assumptions, draws: Draws, calls: pd.Series) -> pd.DataFrame:
    """Ships of each type: as many as the calls per ship ask for, sized and aged by the assumptions."""
    sizes = facts("ship_sizes")
    parts = []
    for kind in [name for name in a.under("calls.share") if name not in PORTS]:
        n = int(np.ceil(calls[kind] / a[f"ships.calls_per_ship.{kind}"]))
        row = sizes[sizes["type"] == kind].reset_index(drop=True)
        chosen = row.loc[draws.pick(row["share"].to_numpy(), n)].reset_index(drop=True)
        size = draws.uniform(n) * (chosen["size_max"] - chosen["size_min"]) + chosen["size_min"]
        step = 100.0 if kind == "container" else 500.0
        top = chosen["max_speed_kn"] + draws.normal(n, 0, a["ship.speed_spread"])
        parts.append(
            pd.DataFrame(
                {
                    "type": kind,
                    "size": (size / step).round() * step,
                    "size_unit": chosen["size_unit"],
                    "main_kw": (
                        chosen["main_kw"] * (1 + draws.normal(n, 0, a["ship.power_spread"])) / 10
                    ).round()
                    * 10,
                    "max_speed_kn": top.round(1),
                    "service_speed_kn": (top * a["ship.service_over_max_speed"]).round(1),
                    "engine_type": chosen["engine_type"].str.removesuffix("-ED"),
                    "propulsion": np.where(
                        chosen["engine_type"].str.endswith("-ED"), "diesel_electric", "diesel"
                    ),
                }
            )
        )
    fleet = pd.concat(parts, ignore_index=True)
    n = len(fleet)
    built = YEAR - draws.normal(n, a["ship.age_mean"], a["ship.age_sd"]).clip(0.6, a["ship.age_max"])
    keel = built - draws.uniform(n, a["ship.keel_lag_low"], a["ship.keel_lag_high"])
    # Many ships of 2016-2019 were begun before the North American NOx date: keels of the second half of 2015.
    early = (
        (np.floor(built) >= 2016) & (np.floor(built) <= 2019) & draws.happens(a["ship.early_keel_share"], n)
    )
    keel = np.where(early, np.minimum(keel, draws.uniform(n, 2015.5, 2015.99)), keel)
    fleet["build_year"] = np.floor(built).astype(int)
    day = pd.to_timedelta(np.floor((keel % 1) * 365), unit="D")
    fleet["keel_date"] = pd.to_datetime(np.floor(keel).astype(int).astype(str) + np.full(n, "-01-01")) + day
    fleet.insert(0, "vessel_id", [f"V{i:04d}" for i in range(1, n + 1)])
    return fleet


def _who_comes(arrivals: pd.DataFrame, fleet: pd.DataFrame, draws: Draws) -> pd.DataFrame:
    """Give each arrival a ship of its type that has been away long enough."""
    pools = {kind: group.index.to_numpy() for kind, group in fleet.groupby("type")}
    hours = (arrivals["arrival"] - arrivals["arrival"].iloc[0]) / pd.Timedelta(hours=1)
    last = np.full(len(fleet), -1e9)
    luck = draws.uniform(len(arrivals))
    ship = np.zeros(len(arrivals), dtype=np.int64)
    for i, (kind, now) in enumerate(
        zip(arrivals["type"], hours, strict=True)
    ):  # each choice depends on the one before
        pool = pools[kind]
        free = pool[last[pool] < now - 24 * _MIN_GAP_DAYS.get(kind, _OTHER_GAP_DAYS)]
        ship[i] = free[int(luck[i] * len(free))]
        last[ship[i]] = now
    calls = arrivals.join(fleet.loc[ship].drop(columns="type").reset_index(drop=True))
    calls.insert(0, "call_id", [f"C{i:04d}" for i in range(1, len(calls) + 1)])
    return calls


def _cargo(calls: pd.DataFrame, a: Assumptions, draws: Draws) -> pd.DataFrame:
    """TEU, tonnes and passengers of each call; the TEU of a port and month add up to the published ones."""
    n = len(calls)
    teu = facts("teu_by_month").assign(teu=lambda t: t["teu_loaded"] + t["teu_empty"])
    teu["month"] = teu["month"].str[-2:].astype(int) - 1
    container = calls["type"] == "container"
    weight = (calls["size"] ** 0.9 * np.exp(draws.normal(n, 0, 0.25))).where(container, 0.0)
    total = calls[["port", "month"]].merge(teu, on=["port", "month"], how="left")["teu"].to_numpy()
    per_month = weight / weight.groupby([calls["port"], calls["month"]]).transform("sum")
    usual = float(teu["teu"].sum() / (container & (calls["month"] >= 0)).sum() / weight[container].mean())
    # Calls of the year before have cargo too, of the usual intensity; it belongs to the year they came in.
    found = np.where(calls["month"] >= 0, per_month * total, weight * usual)
    bulk = calls["type"].isin(
        ["oil_tanker", "chemical_tanker", "bulk_carrier", "general_cargo", "reefer", "roro"]
    )
    tonnes = calls["size"] * a["cargo.tonnes_over_size"] * np.exp(draws.normal(n, 0, 0.25))
    guests = calls["size"] * a["cargo.passengers_over_gt"] * (1 + draws.normal(n, 0, 0.08))
    return calls.assign(
        teu=np.where(container, found, np.nan),
        tonnes=np.where(bulk, (tonnes / 100).round() * 100, np.nan),
        passengers=np.where(calls["type"] == "cruise", guests.round(), np.nan),
    )


# --- where they stop ---


def _stops(calls: pd.DataFrame, a: Assumptions, draws: Draws) -> pd.DataFrame:
    """Anchorage, berth and second berth of each call, one after the other."""
    n, kind = len(calls), calls["type"]
    waits = draws.happens(kind.map(lambda t: a.get(f"stop.anchorage_share.{t}")).to_numpy(), n) & (
        calls["month"] >= 0
    )
    wait_h = draws.lognormal(n, 1.0, a["stop.anchorage_spread"]) * kind.map(
        lambda t: a.get(f"stop.anchorage_hours.{t}")
    )
    two = draws.happens(kind.map(lambda t: a.get(f"stop.two_berth_share.{t}")).to_numpy(), n)
    spread = kind.map(lambda t: a.get(f"stop.berth_spread.{t}", a["stop.container_spread"]))
    noise = np.exp(draws.normal(n) * spread - spread**2 / 2)
    mean = kind.map(lambda t: a.get(f"stop.berth_hours.{t}"))
    work_h = a["stop.container_hours_fixed"] + calls["teu"] / a["stop.teu_per_hour"]
    berth_h = noise * work_h.where(kind == "container", mean)
    outer = draws.happens(a["stop.outer_anchorage_share"], n)
    first_share = np.where(two, 0.6, 1.0)
    terminal, second = _terminals(calls, draws)

    shift_h = np.full(n, a["stop.shift_hours"])
    start = np.zeros(n)
    anchor_to = start + wait_h
    first_from = np.where(waits, anchor_to + shift_h, start)
    first_to = first_from + berth_h * first_share
    second_from = first_to + shift_h
    second_to = second_from + berth_h * (1 - first_share)

    def part(
        order: int, here: NDArray[np.bool_], begin: object, end: object, share: Any, **more: object
    ) -> pd.DataFrame:
        frame = pd.DataFrame(
            {"call_id": calls["call_id"], "order": order, "begin": begin, "end": end, **more}
        )
        for amount in ("teu", "tonnes", "passengers"):
            frame[amount] = calls[amount] * share
        return frame[np.asarray(here)]

    zone = np.where(outer, "anchorage-outer", "anchorage-inner")
    everyone = np.full(n, True)
    stops = pd.concat(
        [
            part(1, waits, start, anchor_to, np.nan, kind="anchorage", zone=zone, terminal=None),
            part(
                2, everyone, first_from, first_to, first_share, kind="berth", zone=terminal, terminal=terminal
            ),
            part(3, two, second_from, second_to, 1 - first_share, kind="berth", zone=second, terminal=second),
        ]
    ).sort_values(["call_id", "order"], ignore_index=True)
    arrival = stops["call_id"].map(calls.set_index("call_id")["arrival"].rename("at"))
    stops["from"] = arrival + pd.to_timedelta(stops.pop("begin").mul(60).round(), unit="min")
    stops["to"] = arrival + pd.to_timedelta(stops.pop("end").mul(60).round(), unit="min")
    stops["seq"] = stops.groupby("call_id").cumcount() + 1
    return stops


def _terminals(calls: pd.DataFrame, draws: Draws) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """First berth by the share of the terminals of its kind; second at a sister terminal or the same."""
    terminals = facts("terminals")
    first = np.full(len(calls), "", dtype=object)
    second = np.full(len(calls), "", dtype=object)
    for port in PORTS:
        for kind, place in TERMINAL_KIND.items():
            here = np.flatnonzero((calls["port"] == port) & (calls["type"] == kind))
            able = terminals[(terminals["port"] == port) & (terminals["kind"] == place)]
            chosen = draws.pick(able["share"].to_numpy(), len(here))
            first[here] = able["terminal"].to_numpy()[chosen]
            second[here] = able["terminal"].to_numpy()[(chosen + 1) % len(able)]
    return first, second


def _assert_one_place_at_a_time(calls: pd.DataFrame) -> None:
    order = calls.sort_values(["vessel_id", "arrival"])
    same = order["vessel_id"] == order["vessel_id"].shift()
    assert (order["arrival"] > order["departure"].shift())[same].all(), "a ship would be at two calls at once"


# --- as written ---


def _local(times: pd.Series) -> pd.Series:
    """``2023-03-31T14:05-07:00``: local time with its offset, which daylight saving cannot make doubtful."""
    text = times.dt.tz_convert(ZONE).dt.strftime("%Y-%m-%dT%H:%M%z")
    return (text.str[:-2] + ":" + text.str[-2:]).where(times.notna(), "")


def _as_register(fleet: pd.DataFrame, seen: pd.Series, a: Assumptions, draws: Draws) -> pd.DataFrame:
    """The fleet as a register knows it: with gaps; ships *seen* on shore power can take it."""
    n = len(fleet)
    bound = [kind for kind, share in a.under("shore_power.share").items() if share > 0]
    plugs = fleet["type"].isin(bound).to_numpy()
    able = draws.happens(a["shore_power.capable_share"], n) & plugs
    able |= fleet["vessel_id"].isin(seen).to_numpy()
    register = fleet.assign(shore_power_capable=np.where(able, "yes", np.where(plugs, "no", "")))
    register["keel_date"] = register["keel_date"].dt.strftime("%Y-%m-%d")
    for column in ("size", "main_kw", "build_year"):
        register[column] = register[column].astype("Int64")
    for column, share in a.under("ship.blank").items():
        register[column] = register[column].mask(draws.happens(share, n))
    register["size_unit"] = register["size_unit"].mask(register["size"].isna())
    return register


def _as_calls(calls: pd.DataFrame) -> pd.DataFrame:
    columns = ["call_id", "port", "vessel_id", "arrival", "departure", "arrival_route", "departure_route"]
    return calls[columns].assign(arrival=_local(calls["arrival"]), departure=_local(calls["departure"]))


def _as_stops(stops: pd.DataFrame, calls: pd.DataFrame, a: Assumptions, draws: Draws) -> pd.DataFrame:
    """Stops with shore power: plugged in some time after the first line, until some time before the last."""
    n, power = len(stops), draws.stream("shore power")
    kind = stops["call_id"].map(calls.set_index("call_id")["type"])
    plugs = power.happens(kind.map(lambda t: a.get(f"shore_power.share.{t}")).to_numpy(), n) & (
        stops["kind"] == "berth"
    )
    after = power.uniform(n, a["shore_power.connect_low"], a["shore_power.connect_high"])
    until = power.uniform(n, a["shore_power.disconnect_low"], a["shore_power.disconnect_high"])
    begin = stops["from"] + pd.to_timedelta(np.round(after * 60), unit="min")
    end = stops["to"] - pd.to_timedelta(np.round(until * 60), unit="min")
    plugs &= end - begin > 60 * _MINUTE
    return pd.DataFrame(
        {
            "call_id": stops["call_id"],
            "seq": stops["seq"],
            "kind": stops["kind"],
            "terminal": stops["terminal"],
            "zone": stops["zone"].where(stops["kind"] == "anchorage"),  # a berth lies where its terminal lies
            "from": _local(stops["from"]),
            "to": _local(stops["to"]),
            "cargo_operation": kind.map(OPERATION).where(stops["kind"] == "berth", "none"),
            "teu": stops["teu"].round(1),
            "tonnes": stops["tonnes"].round().astype("Int64"),
            "passengers": stops["passengers"].round().astype("Int64"),
            "shore_power_from": _local(begin.where(plugs)),
            "shore_power_to": _local(end.where(plugs)),
        }
    )
