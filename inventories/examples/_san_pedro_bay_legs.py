"""Routes, legs and speeds of the ships of the illustrative San Pedro Bay."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inventories.examples._draws import Assumptions, Draws, facts

__all__ = ["PORTS", "choose_routes", "make_legs"]

PORTS = {"POLA": "la", "POLB": "lb"}
"""Port and the ending of its routes' names."""


def choose_routes(calls: pd.DataFrame, a: Assumptions, draws: Draws) -> pd.DataFrame:
    """Give each call an approach to arrive by and one to leave by."""
    sides = a.under("approach.share")
    names, n = np.array(list(sides)), len(calls)
    suffix = calls["port"].map(PORTS)
    found = {}
    for column in ("arrival_route", "departure_route"):
        found[column] = pd.Series(names[draws.pick(list(sides.values()), n)]) + "-" + suffix
    return calls.assign(**found)


def make_legs(
    calls: pd.DataFrame, stops: pd.DataFrame, distances: pd.DataFrame, a: Assumptions, draws: Draws
) -> pd.DataFrame:
    """Every stretch of every call: inbound, shifts, outbound, with the distance of its route and a speed."""
    sea = distances.loc[distances["medium"] == "sea", ["route", "seq", "zone", "distance_nmi"]]
    inbound = (
        calls[["call_id", "arrival_route"]]
        .set_axis(["call_id", "route"], axis=1)
        .assign(kind="inbound", way=0)
    )
    outbound = (
        calls[["call_id", "departure_route"]]
        .set_axis(["call_id", "route"], axis=1)
        .assign(kind="outbound", way=9)
    )
    later = stops[stops["seq"] > 1].copy()
    before = stops["zone"].shift()[stops["seq"] > 1]
    suffix = later["call_id"].map(calls.set_index("call_id")["port"]).map(PORTS)
    from_where = before.str.removeprefix("anchorage-").where(before.str.startswith("anchorage-"), "within")
    later["route"] = "shift-" + from_where + "-" + suffix
    shifts = later[["call_id", "route", "seq"]].rename(columns={"seq": "way"}).assign(kind="shift")
    # A ship that waits outside the breakwater first sails to the anchorage only: its inbound way ends there.
    waits = stops[(stops["seq"] == 1) & (stops["kind"] == "anchorage")]
    ways = pd.concat([inbound, shifts, outbound], ignore_index=True)
    legs = ways.merge(sea, on="route", how="left", validate="m:m")
    legs["turned"] = np.where(legs["kind"] == "outbound", -legs["seq"], legs["seq"])
    legs = legs.sort_values(["call_id", "way", "turned"], ignore_index=True)
    stays_out = legs["call_id"].isin(waits.loc[waits["zone"] == "anchorage-outer", "call_id"])
    legs = legs[~(stays_out & (legs["kind"] == "inbound") & (legs["zone"] == "harbor"))].reset_index(
        drop=True
    )
    legs["speed_kn"] = _speeds(legs, calls, a, draws)
    legs["seq"] = legs.groupby("call_id").cumcount() + 1
    legs = legs.assign(distance_nmi=legs["distance_nmi"].round(3), speed_kn=legs["speed_kn"].round(1))
    legs["speed_kn"] = _in_time(legs, a["stop.shift_hours"])
    return legs[["call_id", "seq", "kind", "zone", "distance_nmi", "speed_kn"]]


def _in_time(legs: pd.DataFrame, shift_hours: float) -> pd.Series:
    """Speeds with which a shift ends before the next stop begins, whose times are written to the minute."""
    late = (legs["distance_nmi"] / legs["speed_kn"]).groupby([legs["call_id"], legs["way"]]).transform("sum")
    late = late / (shift_hours - 1 / 60)
    faster = np.ceil(legs["speed_kn"] * late * 10) / 10
    return legs["speed_kn"].mask((legs["kind"] == "shift") & (late > 1), faster.round(1))


def _speeds(legs: pd.DataFrame, calls: pd.DataFrame, a: Assumptions, draws: Draws) -> pd.Series:
    """Speed of each leg: who keeps the limit within 40 nmi keeps it within 20; the rest sail at sea speed."""
    ratio = calls["type"].map(facts("transit_speeds").set_index("type")["transit_over_max_speed"])
    sea_speed = pd.Series((ratio * calls["max_speed_kn"]).to_numpy(), index=calls["call_id"])
    limit, out = a["speed.vsr_limit"], len(legs)
    luck = {
        way: pd.Series(draws.uniform(len(calls)), index=calls["call_id"]) for way in ("inbound", "outbound")
    }
    slow = {
        way: pd.Series(
            draws.normal(len(calls), a["speed.vsr_mean"], a["speed.vsr_sd"]), index=calls["call_id"]
        )
        for way in ("inbound", "outbound")
    }
    call, inbound = legs["call_id"], legs["kind"] == "inbound"
    chance = call.map(luck["inbound"]).where(inbound, call.map(luck["outbound"]))
    kept = call.map(slow["inbound"]).where(inbound, call.map(slow["outbound"])).clip(upper=limit)
    free = call.map(sea_speed)
    keeps = pd.Series(np.inf, index=legs.index).mask(legs["zone"] == "ring-20", a["speed.vsr_share_20nm"])
    keeps = keeps.mask(legs["zone"] == "ring-40", a["speed.vsr_share_40nm"]).mask(
        legs["zone"] == "beyond-40", -1.0
    )
    speed = free.where(chance >= keeps, np.minimum(kept, free))
    # Slow ships keep the limit anyway; whoever breaks it is seen to: at least half a knot above.
    broken = (chance >= keeps) & (keeps >= 0)
    speed = speed.mask(broken & (speed <= limit), limit + 0.5)
    noise = pd.Series(draws.normal(out, 0, a["speed.sd"]), index=legs.index)
    speed = speed.mask(legs["zone"] == "precautionary", a["speed.precautionary"] + noise)
    speed = speed.mask(
        legs["zone"].isin(["harbor", "anchorage-inner", "anchorage-outer"]), a["speed.harbor"] + noise
    )
    return speed.mask((legs["kind"] == "shift") & (legs["zone"] != "precautionary"), a["speed.shift"] + noise)
