"""The tables a port brings. A new kind of record is one module here and one line below."""

from inventories.activity.columns import Table
from inventories.activity.tables.calls import CALLS
from inventories.activity.tables.cargo import CARGO
from inventories.activity.tables.electricity import ELECTRICITY
from inventories.activity.tables.equipment import EQUIPMENT
from inventories.activity.tables.gate_visits import GATE_VISITS
from inventories.activity.tables.harbor_craft_engines import HARBOR_CRAFT_ENGINES
from inventories.activity.tables.legs import LEGS
from inventories.activity.tables.locomotives import LOCOMOTIVES
from inventories.activity.tables.other_sources import OTHER_SOURCES
from inventories.activity.tables.stops import STOPS
from inventories.activity.tables.truck_legs import TRUCK_LEGS
from inventories.activity.tables.vessels import VESSEL_REGISTRY, VESSELS

__all__ = ["TABLES"]

# Order is the order of reading and of the templates.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        CALLS,
        STOPS,
        LEGS,
        VESSELS,
        VESSEL_REGISTRY,
        GATE_VISITS,
        TRUCK_LEGS,
        EQUIPMENT,
        HARBOR_CRAFT_ENGINES,
        LOCOMOTIVES,
        ELECTRICITY,
        OTHER_SOURCES,
        CARGO,
    )
}
