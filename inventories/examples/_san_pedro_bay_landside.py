"""Trucks, machines and cargo of the illustrative San Pedro Bay, from ``assumptions.csv`` and ``facts/``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from factors.units import conversion
from inventories.examples._draws import Assumptions, Draws, facts, largest_remainder

__all__ = ["make_cargo", "make_equipment", "make_gate_visits", "make_truck_legs"]

YEAR = 2023
PURPOSE = {"inland": "local", "beyond": "local"}  # the other destinations are called what they are
_LAST_OFF_ROAD_TRACTOR = 2006  # 13 CCR 2479, Table 1: the last of them had to go by the end of 2013
_FIRST_FINAL_TRACTOR = 2014  # final Tier 4 of 175 to 300 hp; until then new ones had on-road engines
_REPLACED = (2008, 2013)  # years in which the rule's steps fell
_TIER_4_FROM_KW = {0: 2008, 56: 2012, 130: 2011}
"""First model year of Tier 4, interim or final, by power from [kW]: 40 CFR 1039.1, Table 1. Below 56 kW its
first year is that of the interim standard."""
_OTHER_RULES = ("sweeper", "crane", "aerial_lift", "truck")
"""Types under other rules of California, or none, since 2008 or because they do not handle cargo."""
_PORT_ROAD_MPH, _FREEWAY_MPH = 30.0, 25.0  # terminal streets up to the one, freeways from the other


def make_gate_visits(a: Assumptions, draws: Draws) -> pd.DataFrame:
    """Counts by terminal, month, model year, fuel and pattern; they add up to the assumed number exactly."""
    terminals = facts("terminals")
    terminals = terminals[terminals["kind"] == "container"].reset_index(drop=True)
    half = a["trucks.terminal_spread"]
    n = len(terminals)
    terminals["on_terminal_idle_h"] = (
        a["trucks.terminal_idle"] * draws.uniform(n, 1 - half, 1 + half)
    ).round(2)
    terminals["on_terminal_miles"] = (
        a["trucks.terminal_miles"] * draws.uniform(n, 1 - half, 1 + half)
    ).round(2)
    terminals["queue_h"] = (a["trucks.queue"] * draws.uniform(n, 1 - half, 1 + half)).round(2)

    month = facts("teu_by_month").assign(teu=lambda t: t["teu_loaded"] + t["teu_empty"])[
        ["port", "month", "teu"]
    ]
    where = pd.DataFrame(
        {"to": list(a.under("trucks.share")), "to_share": list(a.under("trucks.share").values())}
    )
    cells = terminals.merge(month, on="port").merge(where, how="cross").merge(_engines(a), how="cross")
    # A tenth of spread, so that terminals differ in their fleets as they do.
    noise = 1 + draws.normal(len(cells), 0, 0.1)
    weight = cells["share"] * cells["teu"] * cells["to_share"] * cells["engine_share"] * noise
    cells["count"] = largest_remainder(weight.to_numpy(), round(a["trucks.visits"]))
    cells["visit_key"] = cells["port"].map({"POLA": "la", "POLB": "lb"}) + "-" + cells["to"]
    columns = ["terminal", "month", "count", "engine_model_year", "fuel", "visit_key"]
    per_visit = ["on_terminal_idle_h", "on_terminal_miles", "queue_h"]
    return cells.loc[cells["count"] > 0, [*columns, *per_visit]].reset_index(drop=True)


def _engines(a: Assumptions) -> pd.DataFrame:
    """Shares of visits by fuel and model year."""
    gas = a["trucks.natural_gas_share"]
    battery = a["trucks.battery_share"]
    published = facts("truck_model_years")
    diesel = pd.DataFrame(
        {
            "engine_model_year": published["model_year"] + round(a["trucks.model_year_shift"]),
            "fuel": "diesel",
            "engine_share": published["vmt_miles_per_day"]
            / published["vmt_miles_per_day"].sum()
            * (1 - gas - battery),
        }
    )
    years = a.under("trucks.natural_gas_model_year")
    natural_gas = pd.DataFrame({"engine_model_year": [int(year) for year in years], "fuel": "natural_gas"})
    natural_gas["engine_share"] = np.array(list(years.values())) * gas
    electric = pd.DataFrame({"engine_model_year": [YEAR], "fuel": "electric", "engine_share": [battery]})
    found = pd.concat([diesel, natural_gas, electric], ignore_index=True)
    return found.loc[found["engine_share"] > 0]


def make_truck_legs(distances: pd.DataFrame) -> pd.DataFrame:
    """What each visit drives outside the terminal: there and back, by zone, over the published speeds."""
    road = distances.loc[distances["medium"] == "road", ["route", "zone", "distance_mile"]]
    road = road.groupby(["route", "zone"], sort=False)[["distance_mile"]].sum().reset_index()
    bins = facts("truck_speed_bins")
    bins = bins[bins["speed_mph_from"] >= 1].assign(speed_mph=lambda t: (t["miles"] / t["hours"]).round(1))
    legs = road.merge(bins[["speed_mph_from", "speed_mph_to", "speed_mph", "miles"]], how="cross")
    on_port = legs["zone"].str.startswith("port-")
    freeway = legs["zone"].isin(["south-coast", "beyond-basin"])
    fits = (~on_port | (legs["speed_mph_to"] <= _PORT_ROAD_MPH)) & (
        ~freeway | (legs["speed_mph_from"] >= _FREEWAY_MPH)
    )
    legs = legs[fits].copy()
    part = legs["miles"] / legs.groupby(["route", "zone"])["miles"].transform("sum")
    legs["miles"] = (2 * legs["distance_mile"] * part).round(4)
    destination = legs["route"].str.split("-", n=1).str[1]
    legs["purpose"] = destination.replace(PURPOSE)
    legs["visit_key"] = legs["route"]
    return legs[["visit_key", "zone", "route", "miles", "speed_mph", "purpose"]].reset_index(drop=True)


def make_equipment(a: Assumptions, draws: Draws) -> pd.DataFrame:
    """Machines one by one, by type and fuel, at the terminals where their kind works."""
    shares = a.under("equipment.share")
    parts = []
    for port in ("POLA", "POLB"):
        number = largest_remainder(np.array(list(shares.values())), round(a[f"equipment.count.{port}"]))
        for kind, n in zip(shares, number, strict=True):
            parts.append(_machines(kind, port, int(n), a, draws.stream(f"{port} {kind}")))
    machines = pd.concat(parts, ignore_index=True)
    machines = _under_the_rule(machines, a, draws.stream("rule"))
    machines.insert(0, "unit_id", [f"E{i:04d}" for i in range(1, len(machines) + 1)])
    n = len(machines)
    known = ~draws.happens(a["equipment.blank.machine_model_year"], n)
    machines["machine_model_year"] = machines["engine_model_year"].astype("Int64").where(known)
    metered = (
        draws.happens(a["equipment.cumulative_hours_share"], n) & (machines["fuel"] != "electric").to_numpy()
    )
    worked = machines["hours"] * (YEAR + 1 - machines["engine_model_year"]) * draws.uniform(n, 0.7, 1.1)
    machines["cumulative_hours"] = worked.round().clip(upper=60000).astype("Int64").where(metered)
    return machines


def _under_the_rule(machines: pd.DataFrame, a: Assumptions, draws: Draws) -> pd.DataFrame:
    """Replace and retrofit diesels as California's rule demanded by the year (13 CCR 2479).

    Yard tractors: none with an off-road engine of before Tier 4; they were replaced by on-road engines.
    Others that handle cargo: engines from before Tier 2 replaced, those before Tier 4 with the highest
    verified level that was to be had, which is level 3 or, where none was verified for the engine, none.
    """
    n = len(machines)
    diesel, year = machines["fuel"] == "diesel", machines["engine_model_year"]
    tractor = diesel & (machines["type"] == "yard_tractor")
    other = diesel & ~tractor & ~machines["type"].isin(_OTHER_RULES)
    replaced = np.floor(draws.uniform(n, _REPLACED[0], _REPLACED[1] + 1)).astype(int)
    gone = (tractor & (year <= _LAST_OFF_ROAD_TRACTOR)) | (other & (year < a["equipment.first_model_year"]))
    year = year.where(~gone, replaced)
    on_road = (year < _FIRST_FINAL_TRACTOR) | draws.happens(a["equipment.on_road_share"], n)
    before = year < first_tier_4(machines["power_hp"])
    fitted = other & before & draws.happens(a["equipment.device_share"], n)
    return machines.assign(
        engine_model_year=year,
        on_road_engine=np.where(tractor & on_road, "yes", np.where(tractor, "no", "")),
        device_level=np.where(fitted, "3", np.where(diesel, "none", "")),
    )


def first_tier_4(power_hp: pd.Series) -> pd.Series:
    """Return the first model year of Tier 4 engines, interim or final, of these powers."""
    power_kw = power_hp * conversion("hp", "kW")
    first = pd.Series(0, index=power_hp.index)
    for power, year in _TIER_4_FROM_KW.items():
        first = first.mask(power_kw >= power, year)
    return first


def _machines(kind: str, port: str, n: int, a: Assumptions, draws: Draws) -> pd.DataFrame:
    fuels = a.under(f"equipment.fuel.{kind}")
    fuel = np.repeat(list(fuels), largest_remainder(np.array(list(fuels.values())), n))
    year = YEAR - np.abs(draws.normal(n, a[f"equipment.age.{kind}"], 0.45 * a[f"equipment.age.{kind}"]))
    hours = draws.lognormal(n, a[f"equipment.hours.{kind}"], a["equipment.hours_spread"])
    power = draws.lognormal(n, a[f"equipment.power.{kind}"], a["equipment.power_spread"])
    terminals = facts("terminals")
    terminals = terminals[(terminals["port"] == port) & (terminals["kind"] != "cruise")]
    container = (terminals["kind"] == "container").to_numpy()
    only = kind in {
        "ship_to_shore_crane",
        "rail_gantry_crane",
        "agv",
        "rtg_crane",
        "top_handler",
        "side_handler",
    }
    weight = np.where(container, terminals["share"], 0.0)
    if not only:
        elsewhere = (1 - a["equipment.container_share"]) / (~container).sum()
        weight = np.where(container, terminals["share"] * a["equipment.container_share"], elsewhere)
    place = terminals["terminal"].to_numpy()[draws.pick(weight, n)]
    return pd.DataFrame(
        {
            "terminal": place,
            "type": kind,
            "engine_model_year": np.floor(year).clip(YEAR - a["equipment.age_max"], YEAR).astype(int),
            "power_hp": np.round(power / 5) * 5,
            "fuel": fuel,
            "hours": np.round(hours.clip(20, 6500)),
        }
    ).astype({"power_hp": int, "hours": int})


def make_cargo(stops: pd.DataFrame, months: pd.Series, a: Assumptions) -> pd.DataFrame:
    """Cargo by terminal and month: the published TEU, and what the other ships' calls brought.

    ``months`` is the month of arrival of each stop's call, ``NaN`` for calls of the year before.
    """
    published = facts("teu_by_month").set_index(["port", "month"])
    port = facts("terminals").set_index("terminal")["port"]
    kinds = facts("terminals").set_index("terminal")["kind"]
    berth = stops.assign(period=months)[(stops["kind"] == "berth") & months.notna()]
    sums = (
        berth.groupby(["terminal", "period"])[["teu", "tonnes", "passengers"]].sum(min_count=1).reset_index()
    )
    sums["autos"] = sums["terminal"].map(kinds).eq("auto") * a["cargo.autos_per_call"]
    visits = berth.groupby(["terminal", "period"]).size().reset_index(name="calls")
    sums = sums.merge(visits, on=["terminal", "period"], validate="1:1")
    sums["autos"] = (sums["autos"] * sums["calls"]).where(sums["autos"] > 0)
    key = pd.MultiIndex.from_arrays([sums["terminal"].map(port), sums["period"]])
    loaded, empty = (
        published["teu_loaded"].reindex(key).to_numpy(),
        published["teu_empty"].reindex(key).to_numpy(),
    )
    total = sums["teu"].groupby([sums["terminal"].map(port), sums["period"]]).transform("sum").to_numpy()
    return pd.DataFrame(
        {
            "terminal": sums["terminal"],
            "period": sums["period"],
            "teu_loaded": (sums["teu"] / total * loaded).round(1),
            "teu_empty": (sums["teu"] / total * empty).round(1),
            "lifts": (sums["teu"] / a["cargo.teu_per_lift"]).round().astype("Int64"),
            "tonnes": sums["tonnes"].round().astype("Int64"),
            "autos": sums["autos"].astype("Int64"),
            "passengers": sums["passengers"].astype("Int64"),
        }
    )
