"""Calls of ships: one row per visit of one ship to the port."""

from inventories.activity.columns import Column, Table
from inventories.activity.tables import cell_checks as _checks
from inventories.activity.tables.shared_columns import stay_columns

CALLS = Table(
    name="calls",
    description="One row per visit of a ship. A call counts in the year of its arrival.",
    key=("call_id",),
    columns=(
        Column(
            "call_id",
            description="own number of the call",
            required=True,
            identifier=True,
            example="2023-0001",
        ),
        Column(
            "port",
            description="port of port.toml; may be left out where there is one",
            required=True,
            identifier=True,
            merge="first",
        ),
        Column(
            "vessel_id",
            description="IMO number, or an own number",
            required=True,
            identifier=True,
            aliases=("imo",),
            example="9000001",
        ),
        Column(
            "arrival",
            "time",
            "first line at the first stop, or begin of waiting at anchor",
            required=True,
            merge="min",
            example="2023-03-31 14:05",
        ),
        Column(
            "departure",
            "time",
            "last line at the last stop",
            required=True,
            merge="max",
            example="2023-04-02 02:40",
        ),
        Column("arrival_route", description="route of routes.geojson", identifier=True, merge="first"),
        Column("departure_route", description="route of routes.geojson", identifier=True, merge="first"),
        Column("purpose", description="why the ship came", merge="first"),
        Column("service", description="liner service", merge="first"),
        Column("operator", description="line or operator", merge="first"),
        Column("confidential", "bool", "not to be shown by itself", default=False, merge="first"),
        # the simple form: a call without rows in `stops` is one stay at berth from arrival to departure
        *stay_columns(),
    ),
    checks=(
        _checks.in_order("arrival", "departure"),
        _checks.stay_intervals,
        _checks.connected_or_captured,
        _checks.one_place_at_a_time,
    ),
)
