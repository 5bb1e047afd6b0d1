"""The source categories of a year: the table that each comes from, and how it is turned into work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from emissions import (
    craft_tiers,
    electricity,
    equipment,
    equipment_tiers,
    fuel_supply,
    harbor_craft,
    locomotive_tiers,
    locomotives,
    other_sources,
    trucks,
    vessels,
)
from factors.method import Method
from factors.recipes.harbor_craft import proxied
from inventories.activity import Activity
from inventories.activity.problems import ActivityError, ProblemLog
from inventories.activity.read import earlier_vessels
from inventories.activity.tables.gate_visits import visits_have_work
from inventories.port import Port
from inventories.port.zone_table import zone_table
from inventories.work import craft_notes, equipment_notes, notes, ship_notes, tier_notes
from inventories.work.craft_questions import ask_of_craft
from inventories.work.part import Part
from inventories.work.rows import complete
from inventories.work.ships.bases import bases
from inventories.work.ships.boil_off import boilers_on_oil
from inventories.work.ships.doubts import keels_after_delivery, plugged_without_plug, unlawful_tiers
from inventories.work.ships.gaps import fill_ships
from inventories.work.ships.keels import undated_keels
from inventories.work.ships.voyages import voyages


@dataclass(frozen=True)
class Source:
    """The activity table that a source category comes from, and how it is turned into work."""

    table: str
    work: Callable[[Activity, Port, int, Method], list[Part]]


Worker = Callable[[str, Source, Method], list[Part]]


def sources() -> list[tuple[str, Source]]:
    """Return the source categories that come from a table of records, in the order they are worked out."""
    return [
        ("ocean_going_vessels", Source("calls", _vessels)),
        ("heavy_duty_vehicles", Source("gate_visits", _trucks)),
        ("cargo_handling_equipment", Source("equipment", _equipment)),
        ("harbor_craft", Source("harbor_craft_engines", _harbor_craft)),
        ("locomotives", Source("locomotives", _locomotives)),
        ("other_sources", Source("other_sources", _other_sources)),
    ]


def tables_of_sources() -> dict[str, str]:
    """Return the activity table that each source category comes from."""
    return {name: source.table for name, source in sources()} | {"electricity": "electricity"}


def _vessels(activity: Activity, port: Port, year: int, method: Method) -> list[Part]:
    tables = activity.tables
    ships = fill_ships(tables["vessels"], method, tables["vessel_registry"], earlier_vessels(port, year))
    placed = voyages(tables, port, ships, year, method)
    rows = vessels.work_rows(placed.legs, placed.stays, method)
    whole = complete(rows)
    told = (
        *notes.of_other_years(placed.hours_elsewhere, year),
        *notes.of_time_between(placed.between),
        *map(notes.of_pumps, placed.pumps),
        *ship_notes.of_register(ships.register, tables["vessels"]),
        *ship_notes.of_sizes(ships.unusable),
        *ship_notes.of_tiers(unlawful_tiers(tables["vessels"], method)),
        *ship_notes.of_keels(keels_after_delivery(tables["vessels"])),
        *ship_notes.of_berth_rule(placed.berth_rule),
        *ship_notes.of_fuels(placed.above_limit),
        *ship_notes.of_plugs(plugged_without_plug(tables["stops"], tables["calls"], tables["vessels"])),
        *notes.of_bases(bases(ships.marks, whole, method)),
        *notes.of_keels(undated_keels(whole, method)),
        *notes.of_boil_off(boilers_on_oil(whole, method)),
    )
    parts = [Part("ocean_going_vessels", whole, told, ships.steps())]
    taken = {
        "shore_power": vessels.shore_power_rows(placed.stays, float(method.option("shore_power_efficiency"))),
        "emission_capture": vessels.capture_power_rows(placed.stays, method),
    }
    for use, plugged in taken.items():
        if len(plugged) and electricity.SOURCE in method.sources:
            plugged = plugged.assign(use=use, provenance=plugged["loads_from"])
            parts.append(Part(electricity.SOURCE, electricity.work_rows(plugged, method, year)))
    if method.option("well_to_tank") != "NE" and len(rows):
        parts.append(Part(fuel_supply.SOURCE, fuel_supply.work_rows(rows, method)))
    return parts


def _trucks(activity: Activity, port: Port, year: int, method: Method) -> list[Part]:

    tables = activity.tables
    log = ProblemLog()
    visits_have_work(tables["gate_visits"], log)
    if problems := log.problems():
        raise ActivityError(problems, f"{port.name}, {year}")
    rows = trucks.work_rows(
        tables["gate_visits"],
        tables["truck_legs"],
        port.terminals,
        zone_table(port),
        year=year,
        method=method,
    )
    said = (
        *notes.of_idling(trucks.idling(tables["gate_visits"], method)),
        *notes.of_moves_rates(trucks.moves_rates(rows, method)),
    )
    return [Part("heavy_duty_vehicles", rows, said)]


def _equipment(activity: Activity, port: Port, year: int, method: Method) -> list[Part]:

    table = activity.tables["equipment"]
    rows = equipment.work_rows(table, port.terminals, zone_table(port), year=year, method=method)
    loads = equipment.unverified_loads(rows, method)
    said = [
        *notes.of_unverified_loads(loads),
        *equipment_notes.of_devices(rows, method),
        *equipment_notes.of_on_road_engines(rows, method),
        *equipment_notes.of_unmetered(rows),
        *tier_notes.of_equipment(equipment_tiers.unlawful_tiers(table, method), table),
    ]
    filled = None
    if "fuel_used_l" in table and table["fuel_used_l"].notna().any():
        fuel = equipment.fuel_of_machines(table, port.terminals, year=year, method=method)
        said += equipment_notes.of_fuel(fuel, method, table)
        filled = {"fuel_used": {str(k): int(n) for k, n in fuel["state"].value_counts(sort=False).items()}}
    return [Part("cargo_handling_equipment", rows, tuple(said), filled)]


def _harbor_craft(activity: Activity, port: Port, year: int, method: Method) -> list[Part]:
    table = activity.tables["harbor_craft_engines"]
    ask_of_craft(activity, port, year, method)
    rows = harbor_craft.work_rows(table, zone_table(port), year=year, method=method)
    fuel = harbor_craft.fuel_of_engines(table, year=year, method=method)
    said = (
        *notes.of_proxies(bool(proxied(rows, method).any())),
        *craft_notes.of_limits(rows, method),
        *tier_notes.of_craft(craft_tiers.unlawful_tiers(table, method), table),
        *craft_notes.of_rule(table, rows, method),
        *craft_notes.of_fuel(fuel, method, table),
    )
    states = {str(k): int(n) for k, n in fuel["state"].value_counts(sort=False).items()}
    return [Part("harbor_craft", rows, said, {"fuel_used": states} if states else None)]


def _locomotives(activity: Activity, port: Port, year: int, method: Method) -> list[Part]:
    table = activity.tables["locomotives"]
    rows = locomotives.work_rows(table, zone_table(port), year=year, method=method)
    said = tier_notes.of_locomotives(locomotive_tiers.unlawful_tiers(table, method), table)
    return [Part("locomotives", rows, said)]


def _other_sources(activity: Activity, port: Port, year: int, method: Method) -> list[Part]:
    table = activity.tables["other_sources"]
    return [Part("other_sources", other_sources.work_rows(table, zone_table(port), year=year))]
