"""From facts to sentences: what a reader of a year has to know of its work, in words.

Rooms that compute return facts (how many, which, how much); here they are worded, once. A manifest keeps the
sentences, so a word changed here is a change of every saved year.
"""

from __future__ import annotations

from collections.abc import Sequence

from emissions.equipment import UnverifiedLoads
from emissions.meters import CallsOverMeters, CountedElsewhere, MeterFact
from emissions.trucks import Idling, MovesRates
from inventories.work.ships.bases import Basis
from inventories.work.ships.between_stops import TimeBetween
from inventories.work.ships.boil_off import BoilersOnOil
from inventories.work.ships.keels import LAGS, UndatedKeels
from inventories.work.ships.tanker_pumps import (
    NEED,
    SOURCE,
    AssumedPumpLoads,
    PumpFact,
    UnstatedTankers,
)

_CALLS_NAMED = 3


def of_other_years(hours: float, year: int) -> tuple[str, ...]:
    """Say how many hours of the year's calls fall in other years; nothing where none do.

    Examples
    --------
    >>> of_other_years(1234.0, 2023)
    ('1,234 hours of these calls fall in other years and are not counted in 2023',)
    """
    if hours <= 0:
        return ()
    return (f"{hours:,.0f} hours of these calls fall in other years and are not counted in {year}",)


def of_bases(found: Sequence[Basis]) -> tuple[str, ...]:
    """Say on how many ships, and on what share of NOx, each attribute was converted or filled.

    Examples
    --------
    >>> of_bases([Basis("size", "converted", 3, 10, 0.25)])
    ("ships' NOx rests on: size converted of 3 of 10 ships (25.0% of NOx)",)
    """
    if not found:
        return ()
    said = [
        f"{basis.attribute} {basis.mark} of {basis.ships:,} of {basis.of_ships:,} ships "
        f"({basis.nox_share:.1%}{' of NOx' if place == 0 else ''})"
        for place, basis in enumerate(found)
    ]
    return ("ships' NOx rests on: " + "; ".join(said),)


def of_time_between(fact: TimeBetween) -> tuple[str, ...]:
    """Say what was made of hours of calls that no stop covers; nothing where there are none.

    Examples
    --------
    >>> of_time_between(TimeBetween(1, 1.5, 0, 0.0, (), 0, 0.0, (), 4.0))[0][:66]
    '1 shifts between stops, 1.5 hours that no leg covers: auxiliary en'
    """
    said = []
    if fact.shifts:
        said.append(
            f"{fact.shifts:,} shifts between stops, {fact.shift_hours:,.1f} hours that no leg covers: "
            "auxiliary engines and boilers count at their maneuvering loads, marked default; propulsion does "
            f"not, as nothing says how far (option shift_h: up to {fact.bound_hours:g} h each)"
        )
    if fact.unaccounted:
        places = _places(fact.longest)
        said.append(
            f"WARNING: {fact.unaccounted_hours:,.1f} hours of calls, in {fact.unaccounted:,} intervals, are "
            f"unaccounted: no stop and no leg says where the ship was ({places}). They count as at anchor in "
            "the zone of the stop before, marked default. Add the stops or shift legs that are missing"
        )
    if fact.crowded:
        said.append(
            f"WARNING: shift legs of {fact.crowded:,} calls take {fact.crowded_hours:,.1f} hours longer than "
            f"their stops leave between them ({_places(fact.most_crowded)}): counted as given, so that these "
            "calls have more hours than from arrival to departure. Correct distance, speed or hours of the "
            "legs, or the times of the stops"
        )
    return tuple(said)


def _places(rows: Sequence[tuple[str, int, str, float]]) -> str:
    return "; ".join(f"{file} row {row}, call {call}: {hours:,.1f} h" for file, row, call, hours in rows)


def of_pumps(fact: PumpFact) -> str:
    """Say what drives the pumps of tankers, what nobody says of them, or whose boilers burn on uncontrolled.

    Examples
    --------
    >>> of_pumps(AssumedPumpLoads({"electric": 1, "steam": 2}))[:79]
    "3 discharges of tankers take boiler loads that are not the ship's own (pumps dr"
    """
    if isinstance(fact, AssumedPumpLoads):
        drives = fact.discharges_by_drive
        said = ", ".join(f"{count:,} {drive}" for drive, count in drives.items())
        return (
            f"{sum(drives.values()):,} discharges of tankers take boiler loads that are not the ship's own "
            f"(pumps driven by {said}): no load by pump drive was read. Give boiler_hotelling (kW) of the "
            f"ships, boiler (kW) of the stops, or a table {SOURCE}.{NEED}"
        )
    if isinstance(fact, UnstatedTankers):
        return (
            f"{fact.without_either:,} of {fact.stays:,} stays of tankers at berth take one load of their "
            f"type and size whatever they did: {fact.without_operation:,} do not state cargo_operation "
            f"(load, discharge, both, none) in stops, {fact.without_pump_drive:,} no pump_drive in vessels"
        )
    calls = ", ".join(fact.call_ids[:_CALLS_NAMED])
    return (
        f"{len(fact.call_ids):,} discharges of tankers with steam-driven pumps were on shore power or "
        f"captured while their boilers burnt on uncaptured (calls {calls}); "
        "California's rule asks that such boilers be controlled too (17 CCR 93130.7(c))"
    )


def of_keels(fact: UndatedKeels | None) -> tuple[str, ...]:
    """Say how many calls, and how much NOx, have a tier that rests on a keel nobody dated.

    Examples
    --------
    >>> of_keels(UndatedKeels(12, 5, 3, 7.5, 2.0, 7.5))[0][:41]
    'NOx tiers by keel: 5 of 12 calls of ships'
    """
    if fact is None:
        return ()
    return (
        f"NOx tiers by keel: {fact.calls_moved:,} of {fact.calls:,} calls of ships with a build year and "
        f"neither keel nor certificate would have another tier were the keel laid {LAGS[0]} to {LAGS[-1]} "
        "years before delivery; a build year alone is never Tier III here. The engines concerned emit "
        f"{fact.nox_t:,.3g} tonnes of NOx in the domain, and {fact.lowest_nox_t:,.3g} to "
        f"{fact.highest_nox_t:,.3g} with the other tiers. Give keel_date, or tier_main and tier_aux, of "
        f"{fact.ships_moved:,} ships",
    )


def of_boil_off(fact: BoilersOnOil | None) -> tuple[str, ...]:
    """Say of gas carriers whose boilers burn oil at berth why they do.

    Examples
    --------
    >>> of_boil_off(BoilersOnOil(4, 3, 1500.0, False))[0][-69:]
    'no table of this method has a boiler on gas (icct-save-2025 has some)'
    """
    if fact is None:
        return ()
    why = (
        "their ships' fuel_types name no LNG; write it there where boil-off is burnt"
        if fact.method_has_gas
        else "no table of this method has a boiler on gas (icct-save-2025 has some)"
    )
    return (
        f"boilers of gas carriers burn oil, and no boil-off, in {fact.calls_on_oil:,} of {fact.calls:,} "
        f"calls at berth ({fact.kwh:,.0f} kWh): {why}",
    )


def of_idling(visits: Idling | None) -> tuple[str, ...]:
    """Say how many visits of trucks idle by the hour and how many by the day.

    Examples
    --------
    >>> of_idling(Idling(300.0, 100.0))[0][:51]
    'Trucks: idling of 300 visits is counted by their re'
    """
    if visits is None:
        return ()
    return (
        f"Trucks: idling of {visits.by_hours:,.0f} visits is counted by their recorded hours, of "
        f"{visits.by_day:,.0f} visits, which record none, by EMFAC's vehicle-day; of none by both.",
    )


def of_moves_rates(used: MovesRates | None) -> tuple[str, ...]:
    """Say what a reader of trucks by MOVES has to know, and warn where California's model is to be used.

    Examples
    --------
    >>> of_moves_rates(MovesRates(is_own_run=True, ports_with_own_model=("POLA",)))[0][:57]
    'Trucks: WARNING: a run of MOVES rates the trucks of POLA;'
    """
    if used is None:
        return ()
    named = ", ".join(used.ports_with_own_model)
    if used.is_own_run:
        if not named:
            return ()
        return (
            f"Trucks: WARNING: a run of MOVES rates the trucks of {named}; California's model is EMFAC: name "
            "an export of it in place of the run.",
        )
    said = (
        "Trucks: MOVES is a national fleet mean; its particles are two to six times those of a fleet that "
        "has filters throughout, so they are not for California."
    )
    if named:
        said += (
            f" WARNING: PM10, PM2.5 and DPM of trucks are not to be used for {named}: choose "
            'truck_rates = "emfac".'
        )
    return (said,)


def of_unverified_loads(loads: UnverifiedLoads | None) -> tuple[str, ...]:
    """Say what share of the engine work of equipment rests on load factors that could not be verified.

    Examples
    --------
    >>> of_unverified_loads(UnverifiedLoads("san_pedro_bay", 1.0, 2.0))[0][:43]
    '50.0% of the engine work of equipment rests'
    """
    if loads is None:
        return ()
    share = loads.unverified_kwh / loads.engine_kwh if loads.engine_kwh else 0.0
    return (
        f"{share:.1%} of the engine work of equipment rests on load factors of San Pedro Bay that could not "
        f"be verified (load_factor_set = {loads.load_factor_set})",
    )


def of_proxies(any_proxied: bool) -> tuple[str, ...]:
    """Say that harbor craft are a screening, where a proxy stands in for their engines."""
    if not any_proxied:
        return ()
    return (
        "harbor craft are a screening: EPA's recreational marine diesel set stands in for commercial "
        "engines; bring a table harbor_craft.emission_factors or harbor_craft.zero_hour",
    )


def of_meters(fact: MeterFact) -> str:
    """Say what of the port's meters is counted with somebody else.

    Examples
    --------
    >>> of_meters(CountedElsewhere("terminal T1", "machines", 40_000.0))
    'electricity, terminal T1: 40,000 kWh of its meters are counted with machines and not here'
    """
    if isinstance(fact, CountedElsewhere):
        return (
            f"electricity, {fact.place}: {fact.kwh:,.0f} kWh of its meters are counted with {fact.group} and "
            "not here"
        )
    if isinstance(fact, CallsOverMeters):
        return (
            f"electricity, {fact.place}: shore power meters read {fact.metered_kwh:,.0f} kWh, the calls of "
            f"ships bring {fact.calls_kwh:,.0f} kWh; the calls are counted, the meters are not"
        )
    return (
        f"electricity, {fact.meter} ({fact.use}): {fact.group} are estimated to take "
        f"{fact.estimated_kwh:,.0f} kWh and the meter has {fact.left_kwh:,.0f} kWh for them; the estimate is "
        "counted. Where they are metered give kwh_metered, or name in net_of who charges here"
    )
