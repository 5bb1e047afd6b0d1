"""From calls, stops and legs to stretches of time in one place and month, with the ship's attributes.

A call counts in the year it arrives; its hours fall in the year and month in which they happen, so every
stretch is cut at local month boundaries, and a stay also where shore power begins and ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions.vessels import worst
from factors.library import classify
from factors.method import Method
from factors.recipes.ships.plants import by_main_engine
from factors.tables import FactorTable, load_mapping
from inventories.port.calendar import split_by_month
from inventories.port.port import Port
from inventories.port.waters import waters_of
from inventories.port.zone_table import zone_table
from inventories.work.ships.berth import stay_pieces
from inventories.work.ships.berth_sulfur import BerthRule, berth_rule, limits_at_berth
from inventories.work.ships.between_stops import (
    SHIFT,
    UNACCOUNTED,
    TimeBetween,
    intervals,
    rests,
    shift_starts,
)
from inventories.work.ships.doubts import PLACE, above_limit
from inventories.work.ships.gaps import MODES, Ships
from inventories.work.ships.keels import LAGS, LEAST, MOST
from inventories.work.ships.tanker_pumps import PumpFact, pump_facts, with_pump_loads

SOURCE = "ocean_going_vessels"
_MODE_OF_STOP = {
    "berth": "hotelling",
    "anchorage": "anchorage",
    "other": "hotelling",
    SHIFT: "maneuvering",
    UNACCOUNTED: "anchorage",
}
_ECA_SULFUR_PCT = 0.1
_KEELS = (2000, 2101)
"""Keel years among which the first of Tier III is sought."""

_MARKS_TOLD = {"power_from": "main_kw", "speed_from": "max_speed_kn", "engine_from": "engine_type"}
"""Where single attributes of a ship came from, by the columns in which work rows say it."""

_NOT_OF_WORK = (
    "table_type",
    "subtype",
    "bin",
    "transit_speed_kn",
    "keel_date",
    "tier_main",
    "tier_aux",
    "tier_cap",
    "built_only",
    "scrubber_stated",
)
"""Attributes of ships that are used before their work is known, and not after."""


class VoyageError(ValueError):
    """Legs or stops cannot be placed in time; all problems in one message."""


@dataclass(frozen=True)
class Voyages:
    """Moving and staying ships of one inventory year.

    Attributes
    ----------
    legs, stays : pandas.DataFrame
        As `emissions.vessels.work_rows` takes them.
    hours_elsewhere : float
        Hours of these calls that fall in other years. [h]
    pumps : tuple of PumpFact
        What drives the pumps of tankers that discharge, and whose boilers burn on.
    between : TimeBetween
        Hours of calls that no stop covers.
    above_limit : pandas.DataFrame
        Stays that state a fuel which the place does not allow; see `doubts.above_limit`.
    berth_rule : BerthRule or None
        What the law of the port's country asks of fuel at berth.
    """

    legs: pd.DataFrame
    stays: pd.DataFrame
    hours_elsewhere: float
    pumps: tuple[PumpFact, ...]
    between: TimeBetween
    above_limit: pd.DataFrame
    berth_rule: BerthRule | None


def _hours(start: pd.Series, end: pd.Series) -> pd.Series:
    return (end - start).dt.total_seconds() / 3600


def voyages(
    tables: Mapping[str, pd.DataFrame], port: Port, ships: Ships, year: int, method: Method
) -> Voyages:
    """Place the legs and stops of a year's calls in time, zone and month.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Canonical ``calls``, ``stops``, ``legs``.
    port : Port
    ships : Ships
    year : int
        Only hours in this local year are kept.
    method : Method

    Raises
    ------
    VoyageError
        If a leg has no speed that could be filled, or its zone no mode.
    """
    zones = zone_table(port)
    calls = _calls(tables)
    free = intervals(tables["stops"], calls)
    legs = _legs(tables["legs"], calls, zones, ships, free) if "legs" in tables else None
    shifts = pd.DataFrame({"call_id": [], "hours": []}) if legs is None else legs[legs["kind"] == SHIFT]
    rest, between = rests(free, shifts, calls, tables["stops"], float(method.option("shift_h")))
    stays = _stays(_with_rests(tables["stops"], rest), calls, ships, method)
    parts = {"stays": stays} if legs is None else {"legs": legs, "stays": stays}
    cut = {name: _cut(part, port, year) for name, part in parts.items()}
    elsewhere = float(sum(hours for _, hours in cut.values()))
    placed = {name: _placed(part, zones, ships, port, method) for name, (part, _) in cut.items()}
    # Rows of the files are not of the work: they are told here and go no further.
    where = cut["stays"][0].reindex(columns=PLACE)
    told = above_limit(placed["stays"].assign(**where), ships.attributes["scrubber_stated"])
    return Voyages(
        placed.get("legs", placed["stays"].iloc[:0]),
        placed["stays"],
        elsewhere,
        pump_facts(stays),
        between,
        told,
        berth_rule(placed["stays"], port.place, method),
    )


def _calls(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    calls = tables["calls"].set_index("call_id")
    wanted = calls[["port", "vessel_id", "arrival_utc", "departure_utc"]].copy()
    wanted["operator"] = calls["operator"].fillna("") if "operator" in calls else ""
    marks = [f"{name}_from" for name in ("arrival_utc", "departure_utc") if f"{name}_from" in calls]
    guessed = calls[marks].isin(["default"]).any(axis=1) if marks else pd.Series(False, index=calls.index)
    wanted["times_from"] = np.where(guessed, "default", "given")
    return wanted


def _with_rests(stops: pd.DataFrame, rest: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([stops, rest], ignore_index=True) if len(rest) else stops


def _legs(
    legs: pd.DataFrame, calls: pd.DataFrame, zones: pd.DataFrame, ships: Ships, free: pd.DataFrame
) -> pd.DataFrame:
    out = legs.join(calls, on="call_id")
    # A zone that only a table of distances names says no mode: that of its ships follows from their load.
    place = zones.set_index("zone").reindex(out["zone"])
    drawn = out["zone"].isin(zones["zone"])
    out["mode"] = place["mode"].astype(object).where(drawn.to_numpy(), "").to_numpy()
    transit = (
        out["vessel_id"]
        .map(ships.attributes["transit_speed_kn"])
        .clip(upper=pd.Series(place["speed_limit_kn"].to_numpy(dtype=float), index=out.index).fillna(np.inf))
    )
    stated = out["hours"].notna()
    by_ship = out["speed_kn"].isna() & (out["mode"] == "transit")
    guessed = by_ship & ~stated
    # A leg of stated hours has its mean speed; a transit leg of neither sails at its type's usual speed.
    speed = out["speed_kn"].fillna((out["distance_nmi"] / out["hours"]).where(stated & (out["hours"] > 0)))
    speed = speed.fillna(transit.where(by_ship))
    _refuse_unplaceable(out, speed, drawn)
    out["speed_kn"] = speed
    out["hours"] = out["hours"].fillna(out["distance_nmi"] / speed)
    mark = out["speed_kn_from"] if "speed_kn_from" in out else pd.Series("given", index=out.index)
    out["times_from"] = np.where(guessed | (mark == "default"), "default", out["times_from"])
    start, end = _leg_times(out, free)
    out["terminal"] = ""
    return out.assign(start=start, end=end, connected=False, fuel_given=None, sulfur_given=np.nan)


def _refuse_unplaceable(legs: pd.DataFrame, speed: pd.Series, drawn: pd.Series) -> None:
    problems = []
    for zone, group in legs[speed.isna()].groupby("zone"):
        problems.append(
            f"legs: {len(group):,} legs in zone {zone!r} have neither speed nor hours (first: call "
            f"{group['call_id'].iloc[0]}). Give them, or the zone's usual speed in port.toml: "
            f"[speeds] {zone} = 6"
        )
    for zone in sorted(set(legs.loc[drawn & ~legs["mode"].isin(MODES[:2]), "zone"])):
        problems.append(
            f"zones: ships sail through zone {zone!r}, which has no mode. Set its property mode to "
            "transit or maneuvering."
        )
    if problems:
        raise VoyageError("\n".join(problems))


def _leg_times(legs: pd.DataFrame, free: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Inbound legs end at the arrival, outbound legs begin at the departure, shifts lie between stops.

    Shifts of a call whose stops leave no time follow its arrival.
    """
    order = legs.sort_values(["call_id", "seq"], kind="stable")
    kind = order["kind"].fillna("inbound")
    groups = [order["call_id"], kind]
    passed = order.groupby(groups)["hours"].cumsum()
    total = order.groupby(groups)["hours"].transform("sum")
    inbound = kind == "inbound"
    anchor = order["departure_utc"].where(kind == "outbound", order["arrival_utc"])
    end = anchor + pd.to_timedelta((passed - total).where(inbound, passed), unit="h")
    start = end - pd.to_timedelta(order["hours"], unit="h")
    shift = kind == SHIFT
    if shift.any() and len(free):
        waiting = order[shift].assign(passed=(passed - order["hours"])[shift])
        between = shift_starts(waiting, free).dropna()
        start = start.mask(start.index.isin(between.index), between.reindex(start.index))
        end = start + pd.to_timedelta(order["hours"], unit="h")
    return start.reindex(legs.index), end.reindex(legs.index)


def _stays(stops: pd.DataFrame, calls: pd.DataFrame, ships: Ships, method: Method) -> pd.DataFrame:
    out = stops.join(calls, on="call_id")
    out["mode"] = out["kind"].map(_MODE_OF_STOP)
    out = _of_pumps(_with_loads(out, ships), ships, method)
    out["terminal"] = out["terminal"].fillna("")
    out["fuel_given"] = out["fuel"].astype(object).where(out["fuel"].notna(), None)
    out["sulfur_given"] = out["sulfur_pct"].astype(float)
    marks = [name for name in ("from_utc_from", "to_utc_from") if name in out]
    guessed = out[marks].isin(["default"]).any(axis=1) if marks else pd.Series(False, index=out.index)
    # A stay made from its call's own times is as good as those.
    out["times_from"] = np.where(guessed & (out["times_from"] == "default"), "default", out["times_from"])
    nowhere = out["kind"].isin([SHIFT, UNACCOUNTED])
    out["times_from"] = np.where(nowhere, "default", out["times_from"])
    # Loads are those of its like at anchor; the name says that no record tells where the ship was.
    out["mode"] = out["mode"].mask(out["kind"] == UNACCOUNTED, UNACCOUNTED)
    out["stay_hours"] = _hours(out["from_utc"], out["to_utc"])
    pieces = stay_pieces(out, method)
    metered = pieces["shore_power_kwh"].astype(float).where(pieces["connected"])
    length = _hours(pieces["start"], pieces["end"])
    return pieces.assign(shore_power_kwh_per_h=metered / length)


def _with_loads(stays: pd.DataFrame, ships: Ships) -> pd.DataFrame:
    """Loads of the stay's own mode: measured at the stop, else the ship's."""
    loads = ships.loads.rename(columns={"auxiliary_kw": "auxiliary_ship", "boiler_kw": "boiler_ship"})
    out = stays.merge(loads, on=["vessel_id", "mode"], how="left", validate="m:1")
    for group in ("auxiliary", "boiler"):
        measured = out[f"{group}_kw"].notna()
        out[f"{group}_kw"] = out[f"{group}_kw"].fillna(out[f"{group}_ship"])
        out[f"{group}_from"] = out[f"{group}_from"].mask(measured, "given")
    return out


def _of_pumps(stays: pd.DataFrame, ships: Ships, method: Method) -> pd.DataFrame:
    """Say of each stay what drives the ship's pumps, and take the port's loads by it."""
    own = ships.attributes.loc[stays["vessel_id"]]
    told = stays.assign(ship_type=own["type"].to_numpy(), pump_drive=own["pump_drive"].to_numpy())
    return with_pump_loads(told, method)


def _cut(stretches: pd.DataFrame, port: Port, year: int) -> tuple[pd.DataFrame, float]:
    """Cut stretches at months and keep the year; return them with the hours that fall elsewhere."""
    pieces = split_by_month(stretches["start"], stretches["end"], port.timezone)
    stated = _hours(stretches["start"], stretches["end"]).sum()
    if not np.isclose(pieces["hours"].sum(), stated, rtol=1e-9, atol=1e-6):
        raise AssertionError(f"hours before the cut {stated} and after {pieces['hours'].sum()} differ")
    ours = (pieces["year"] == year).to_numpy() & (pieces["hours"] > 0).to_numpy()
    kept = pieces[ours]
    out = stretches.iloc[kept["interval"].to_numpy()].reset_index(drop=True)
    out["hours"], out["month"] = kept["hours"].to_numpy(), kept["month"].to_numpy()
    out["year"] = year
    # A rule that begins within a month holds for what begins after it: pieces are not cut at rules' dates.
    local = out["start"].dt.tz_convert(port.timezone)
    begun = (local.dt.year == year) & (local.dt.month == out["month"])
    out["day"] = local.dt.day.where(begun, 1)
    if "shore_power_kwh_per_h" in out:
        out["shore_power_kwh"] = out["shore_power_kwh_per_h"] * out["hours"]
    return out, float(pieces.loc[~ours, "hours"].sum())


def _placed(
    stretches: pd.DataFrame, zones: pd.DataFrame, ships: Ships, port: Port, method: Method
) -> pd.DataFrame:
    """Add what holds at the place and date, and the ship's attributes."""
    out = stretches.drop(columns=[name for name in stretches if str(name).startswith("_")])
    place = zones.set_index("zone").reindex(out["zone"])
    out["in_domain"] = place["in_domain"].fillna(True).astype(bool).to_numpy()
    out["jurisdiction"] = place["jurisdiction"].fillna("").to_numpy()
    out["zone"] = out["zone"].fillna("")
    own = ships.attributes.drop(columns=list(_NOT_OF_WORK), errors="ignore")
    out = out.drop(columns=[name for name in own if name in out]).join(own, on="vessel_id")
    marks = ships.marks.loc[out["vessel_id"]]
    used = marks[["main_kw", "max_speed_kn", "engine_type"]]
    out["ship_from"] = worst(used).to_numpy()
    out["tier_from"] = marks["tier_main"].to_numpy()
    for name, attribute in _MARKS_TOLD.items():
        out[name] = marks[attribute].to_numpy()
    draught = out["draught_m"].astype(float) if "draught_m" in out else pd.Series(np.nan, index=out.index)
    out["draught_ratio"] = (draught / out["draught_max_m"]).clip(upper=1.0).fillna(1.0)
    out["mean_load"] = out["mean_load"].astype(float) if "mean_load" in out else np.nan
    out["speed_kn"] = out.get("speed_kn", 0.0)
    # A stay that names no zone is in the port's own waters, where the default areas hold.
    areas = zones.set_index("zone")["areas"].reindex(out["zone"]).reset_index(drop=True)
    if areas.isna().any():
        areas = areas.fillna(waters_of(port).default())
    _sulfur(out, areas, port, method)
    _tiers(out, areas, ships, method)
    if "auxiliary_kw" not in out:
        wide = ships.loads.pivot(index="vessel_id", columns="mode")
        names, modes = wide.columns.get_level_values(0), wide.columns.get_level_values(1)
        group, suffix = names.str.rsplit("_", n=1).str[0], names.str.rsplit("_", n=1).str[1]
        wide.columns = group + "_" + modes + "_" + suffix
        out = out.join(wide, on="vessel_id")
        out["shore_power_kwh"] = np.nan
    return out.assign(record_id=out["call_id"], port_share=1.0, control="third_party")


def _combined(areas: pd.Series, date: pd.Series) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """Number the distinct pairs of a place's areas and a date."""
    return classify(pd.DataFrame({"areas": areas.to_numpy(), "date": date.to_numpy()}))


def _strictest(
    table: FactorTable, pairs: pd.DataFrame, quantity: str, key: str, lowest: bool
) -> NDArray[np.float64]:
    """Strictest value among the areas that a place is in, and the world."""
    best = np.full(len(pairs), np.inf if lowest else -np.inf)
    inside = pairs["areas"].str.split("|")
    known = sorted({area for areas in inside for area in areas if area})
    for area in ("global", *known):
        here = pairs if area == "global" else pairs[inside.map(set).map({area}.issubset)]
        query = here.rename(columns={"date": key})
        answered = table.has(query, quantity, area=area)
        value = table.find(query[answered], quantity, area=area).value
        where = query.index[answered].to_numpy()
        best[where] = np.minimum(best[where], value) if lowest else np.maximum(best[where], value)
    return best


def _sulfur(out: pd.DataFrame, areas: pd.Series, port: Port, method: Method) -> None:
    number, pairs = _combined(areas, out["year"] * 10000 + out["month"] * 100 + out["day"])
    table = method.table(SOURCE, "sulfur_limits")
    limit = _strictest(table, pairs, "fuel_sulfur_limit", "date", lowest=True)[number]
    out["waters_sulfur_pct"] = limit
    if "stay_hours" in out:
        limit = np.minimum(limit, limits_at_berth(out, port.place, method))
    out["area_sulfur_pct"] = limit
    inside = limit <= _ECA_SULFUR_PCT
    if by_main_engine(method):
        # SAVE has ships on distillate in every control area, whatever its limit (section 1.3, line 299).
        world = table.find(pairs.rename(columns={"areas": "area"}).assign(area="global"), "fuel_sulfur_limit")
        inside = inside | (limit < world.value[number])
    out["location"] = np.where(inside, "ECA", "OutsideECA")


def _binding(areas: pd.Series, day: pd.Series) -> pd.Series:
    """Leave of each place's areas those whose NOx rule is in force on the day of the work.

    A rule may bind keels laid before it came into force. An area that only a port's own table knows binds
    from the keel dates of that table.
    """
    listed = load_mapping("control-areas-2026-11", "areas")
    listed = listed[listed["regulates"] == "NOx"]
    begins = dict(zip(listed["area"], listed["in_force_from"].str.replace("-", "").astype(int), strict=True))
    number, pairs = _combined(areas, day)
    kept = [
        "|".join(area for area in names.split("|") if begins.get(area, 0) <= date)
        for names, date in pairs.itertuples(index=False, name=None)
    ]
    return pd.Series(np.array(kept, dtype=object)[number], index=areas.index)


def tier3_keels_from(port: Port, method: Method) -> int | None:
    """Return the first year whose keels Tier III binds in a port's waters; None outside of all NOx areas.

    The waters are where the default control areas hold; of a port that names areas by zone alone, its domain.
    A rule that begins within a year counts for its keels if it does so before July.
    """
    zones, waters = zone_table(port), waters_of(port)
    own = zones.loc[zones["in_domain"], "areas"] if len(zones) else zones["areas"]
    areas = "|".join(waters.here or ()) or "|".join(filter(None, own.dropna()))
    years = np.arange(*_KEELS)
    asked = _strictest(
        method.table(SOURCE, "nox_tiers"),
        pd.DataFrame({"areas": areas, "date": years * 10000 + 701}),
        "tier",
        "keel_date",
        lowest=False,
    )
    return next((int(year) for year in years[asked == 3]), None)


def _plausible(
    areas: pd.Series, built: pd.Series, table: FactorTable
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest tier of plausible keels where only the delivery is known, else missing."""
    known = built.notna().to_numpy()
    asked = []
    for lag in LAGS:
        keel = ((built[known] - lag) * 10000 + 101).astype(np.int64)
        number, pairs = _combined(areas[known], keel)
        asked.append(_strictest(table, pairs, "tier", "keel_date", lowest=False)[number])
    least, most = np.full(len(built), np.nan), np.full(len(built), np.nan)
    if known.any():
        least[known], most[known] = np.min(asked, axis=0), np.max(asked, axis=0)
    return least, most


def _tiers(out: pd.DataFrame, areas: pd.Series, ships: Ships, method: Method) -> None:
    """Certificate first; else what keel date and place ask for, capped where only a build year is known."""
    ship = ships.attributes.loc[out["vessel_id"]]
    day = out["year"] * 10000 + out["month"] * 100 + out["day"]
    number, pairs = _combined(_binding(areas, day), ship["keel_date"])
    table = method.table(SOURCE, "nox_tiers")
    asked = _strictest(table, pairs, "tier", "keel_date", lowest=False)[number]
    by_keel = np.minimum(asked, ship["tier_cap"].to_numpy())
    if method.option("tier3_outside_areas") == "tier2":
        # What binds a keel laid tomorrow tells whether the place lies in a NOx control area at all.
        newest = pairs.assign(date=99991231)
        in_area = _strictest(table, newest, "tier", "keel_date", lowest=False)[number] == 3
    else:
        in_area = np.ones(len(out), dtype=bool)
    for column, part in (("tier", "main"), ("tier_aux", "aux")):
        certified = ship[f"tier_{part}"].to_numpy()
        certified = np.where((certified == 3) & ~in_area, 2, certified)
        out[column] = np.where(certified >= 0, certified, by_keel).astype(np.int64)
        out[f"keel_{part}"] = certified < 0
    out[LEAST], out[MOST] = _plausible(_binding(areas, day), ship["built_only"], table)
    out["model_year"] = ship["keel_date"].to_numpy() // 10000
