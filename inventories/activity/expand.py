"""Simple forms made whole: what is assumed is marked *default* in a column ``<column>_from``.

A call without stops is one stay at berth; ways at sea and on land without legs follow from the routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventories.activity.expand_craft import expand_craft
from inventories.activity.marked_rows import Frames, append, blank_table, mark
from inventories.activity.problems import ProblemLog
from inventories.activity.tables.shared_columns import stay_columns
from inventories.port.port import Port

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["expand"]


def expand(frames: Frames, port: Port, log: ProblemLog) -> None:
    """Make stops, legs and truck legs where the simple form left them out; in place, table by table."""
    if "calls" in frames:
        _terminal_routes(frames, port)
        _stops(frames, log)
        _stop_zones(frames, port)
        _terminal_routes(frames, port)
        _legs(frames, port, log)
    _truck_legs(frames, port, log)
    if "equipment" in frames:
        machines = frames["equipment"]
        blank = machines["machine_model_year"].isna() & machines["engine_model_year"].notna()
        machines["machine_model_year"] = machines["machine_model_year"].fillna(machines["engine_model_year"])
        mark(machines, "machine_model_year", blank, "default")
    if "harbor_craft_engines" in frames:
        frames["harbor_craft_engines"] = expand_craft(frames["harbor_craft_engines"], log)


def _stops(frames: Frames, log: ProblemLog) -> None:
    """One stay at berth, from arrival to departure, for each call that has no stops."""
    import pandas as pd

    calls = frames["calls"]
    have = frames["stops"]["call_id"] if "stops" in frames else pd.Series(dtype="str")
    bare = calls.loc[
        ~calls["call_id"].isin(have) & calls["departure_utc"].notna() & calls["arrival_utc"].notna()
    ]
    if bare.empty:
        return
    shared = [column.out for column in stay_columns()]
    made = bare[["call_id", *shared, "_file", "_sheet", "_row"]].copy()
    made["seq"] = 1.0
    made["kind"] = "berth"
    made["from_utc"] = bare["arrival_utc"]
    made["to_utc"] = bare["departure_utc"]
    for column in ("seq", "kind", "from_utc", "to_utc"):
        made[f"{column}_from"] = "default"
    for name in map(str, bare.columns):
        if name.endswith("_from") and name.removesuffix("_from") in shared:
            made[name] = bare[name]
    log.note(f"{len(bare):,} calls without stops were taken as one stay at berth from arrival to departure")
    frames["stops"] = (
        append(frames, "stops", made).sort_values(["call_id", "seq"], kind="stable").reset_index(drop=True)
    )


def _stop_zones(frames: Frames, port: Port) -> None:
    """A stay without a zone is in the zone of its terminal."""
    if "stops" not in frames:
        return
    stops = frames["stops"]
    zone_of = port.terminals.set_index("terminal")["zone"].replace("", None)
    found = stops["terminal"].map(zone_of)
    blank = stops["zone"].isna() & found.notna()
    stops["zone"] = stops["zone"].fillna(found).astype("str")
    if blank.any():
        mark(stops, "zone", blank, "registry")


def _terminal_routes(frames: Frames, port: Port) -> None:
    """A call without routes takes those of its first and last terminal, where port.toml gives them."""
    calls = frames["calls"]
    if "stops" not in frames or frames["stops"].empty:
        return
    stops = frames["stops"].sort_values(["call_id", "seq"], kind="stable").dropna(subset=["terminal"])
    for column, which in (("arrival_route", "first"), ("departure_route", "last")):
        of_terminal = port.terminals.set_index("terminal")[column].replace("", None).dropna()
        if of_terminal.empty:
            continue
        place = stops.drop_duplicates("call_id", keep=which).set_index("call_id")["terminal"]  # type: ignore[call-overload]
        found = calls["call_id"].map(place).map(of_terminal)
        blank = calls[column].isna() & found.notna()
        if blank.any():
            calls[column] = calls[column].fillna(found).astype("str")
            mark(calls, column, blank, "default")


_WAYS = (("inbound", "arrival_route", "in"), ("outbound", "departure_route", "out"))


def _legs(frames: Frames, port: Port, log: ProblemLog) -> None:
    """Ways in and out along the routes, for calls that have none of that kind.

    Legs that are given stand: a call with legs inbound takes its way out from its route, one with a shift
    alone both. Legs of no stated kind may be either, so a call that has any takes nothing from routes.
    """
    import pandas as pd

    calls = frames["calls"]
    legs = frames["legs"] if "legs" in frames else blank_table("legs")
    with_legs = legs[["call_id", "kind"]].drop_duplicates()  # a call has many legs, and few kinds of them
    unsaid = calls["call_id"].isin(with_legs.loc[with_legs["kind"].isna(), "call_id"])
    some = calls["call_id"].isin(with_legs["call_id"].drop_duplicates())
    wanted = []
    for kind, column, word in _WAYS:
        lacking = calls.loc[
            ~unsaid & ~calls["call_id"].isin(with_legs.loc[with_legs["kind"] == kind, "call_id"])
        ]
        routed = lacking[column].notna()
        _tell_ways(lacking, routed, some, word, log)
        mine = lacking.loc[routed, ["call_id", column, "_file", "_sheet", "_row"]]
        wanted.append(mine.rename(columns={column: "route"}).assign(kind=kind))
    if unsaid.any():
        log.note(
            f"{int(unsaid.sum()):,} calls have legs that do not say their kind ({_first(calls[unsaid])}): "
            "these are taken as ways in, and nothing is added from routes"
        )
    if not any(len(mine) for mine in wanted):
        return
    ways = port.route_distances()
    ways = ways.loc[
        ways["medium"] == "sea", ["route", "seq", "zone", "distance_nmi", "speed_kn", "distance_from"]
    ]
    # routes are drawn from sea to berth; the way out runs along them backwards
    parts = [
        mine.merge(along, on="route", how="inner")
        for mine, along in zip(wanted, (ways, ways.assign(seq=-ways["seq"])), strict=True)
    ]
    nowhere = pd.concat([mine[~mine["route"].isin(ways["route"])] for mine in wanted])
    for route, lost in nowhere.groupby("route"):
        log.note(
            f'WARNING: route "{route}" has no distances, neither drawn nor by hand: {len(lost):,} ways of '
            f"calls ({_first(lost)}) are not counted"
        )
    made = pd.concat(parts, ignore_index=True).sort_values(["call_id", "kind", "seq"], kind="stable")
    before = made["call_id"].map(legs.groupby("call_id")["seq"].max()).fillna(0.0)
    made["seq"] = made.groupby("call_id").cumcount() + 1.0 + before
    made["distance_nmi_from"] = made.pop("distance_from")
    made["kind_from"] = "default"
    made = made.drop(columns="route")
    made["speed_kn_from"] = pd.Series("given", index=made.index, dtype="str").mask(made["speed_kn"].isna())
    usual = made["zone"].map(port.speeds)
    fill = made["speed_kn"].isna() & usual.notna()
    made["speed_kn"] = made["speed_kn"].fillna(usual).astype("float64")
    made["speed_kn_from"] = made["speed_kn_from"].mask(fill, "default")
    frames["legs"] = (
        append(frames, "legs", made).sort_values(["call_id", "seq"], kind="stable").reset_index(drop=True)
    )


def _tell_ways(lacking: pd.DataFrame, routed: pd.Series, some: pd.Series, word: str, log: ProblemLog) -> None:
    """Say which calls have no way of one direction, and which with legs of their own took it from routes."""
    without = lacking[~routed]
    if len(without):
        log.note(
            f"{len(without):,} calls have neither legs nor a route {word} ({_first(without)}): their way "
            f"{word} is not counted"
        )
    completed = lacking[routed & some.reindex(lacking.index)]
    if len(completed):
        log.note(
            f"{len(completed):,} calls have legs of their own but none {word} ({_first(completed)}): their "
            f"way {word} is taken from their routes"
        )


def _first(records: pd.DataFrame) -> str:
    """The file, row and number of the first of some calls, for a reader to look up."""
    first = records.iloc[0]
    return f"first: {first['call_id']}, {first['_file']} row {first['_row']}"


def _truck_legs(frames: Frames, port: Port, log: ProblemLog) -> None:
    """Routes of trucks as ways by zone: rows of truck_legs that name a route, and visits that name one."""
    import pandas as pd

    legs = frames.get("truck_legs")
    visits = frames.get("gate_visits")
    by_route = legs is not None and (legs["route"].notna() & legs["miles"].isna()).any()
    named = visits is not None and (visits["route"].notna() & visits["visit_key"].isna()).any()
    if not by_route and not named:
        return
    ways = port.route_distances()
    ways = ways.loc[
        ways["medium"] == "road", ["route", "zone", "distance_mile", "speed_mph", "distance_from"]
    ]
    if named and visits is not None:
        mine = visits["route"].notna() & visits["visit_key"].isna()
        keys = "route:" + visits.loc[mine, "route"]
        visits["visit_key"] = visits["visit_key"].mask(mine, keys.reindex(visits.index))
        mark(visits, "visit_key", mine, "default")
        source = visits.loc[mine].drop_duplicates("route")[["visit_key", "route", "_file", "_sheet", "_row"]]
        made = pd.concat([source, source], ignore_index=True)
        log.note("gate visits with a route and no visit_key drive it in and out again")
        legs = frames["truck_legs"] = append(frames, "truck_legs", made)
    assert legs is not None
    bare = legs["route"].notna() & legs["miles"].isna()
    made = (
        legs.loc[bare]
        .drop(columns=["zone", "miles"])
        .merge(ways, on="route", how="left", suffixes=("", "_of_route"))
    )
    made["miles"] = made.pop("distance_mile")
    made["miles_from"] = made.pop("distance_from")
    made["speed_mph"] = made["speed_mph"].fillna(made.pop("speed_mph_of_route"))
    kept = legs.loc[~bare].reset_index(drop=True)
    if "miles_from" not in kept:
        kept["miles_from"] = pd.Series("given", index=kept.index, dtype="str")
    frames["truck_legs"] = (
        pd.concat([kept, made.reindex(columns=kept.columns)], ignore_index=True) if len(kept) else made
    )
