"""Movements of ships between sea, anchorage and berth."""

from inventories.activity.columns import Column, Table
from inventories.activity.tables import cell_checks as _checks

LEGS = Table(
    name="legs",
    description="One row per call and zone sailed through. Left out, the routes of the call give them.",
    key=("call_id", "seq"),
    columns=(
        Column(
            "call_id",
            description="call that it is part of",
            required=True,
            identifier=True,
            example="2023-0001",
        ),
        Column("seq", "integer", "order within the call", required=True, minimum=1, example="1"),
        Column(
            "kind",
            "choice",
            "direction",
            choices=("inbound", "outbound", "shift"),
            synonyms={"in": "inbound", "out": "outbound"},
            example="inbound",
        ),
        Column("zone", description="zone of zones.geojson", required=True, identifier=True, example="harbor"),
        Column(
            "distance",
            "number",
            "way through the zone",
            unit="nmi",
            output="distance_nmi",
            required=True,
            minimum=0,
            example="3.2",
        ),
        Column(
            "speed", "number", "mean speed in the zone", unit="kn", output="speed_kn", above=0, maximum=60
        ),
        Column(
            "hours",
            "number",
            "time in the zone",
            unit="h",
            states_unit=True,
            minimum=0,
            maximum=2000,
            aliases=("duration",),
        ),
        Column("draught", "number", "mean draught", unit="m", output="draught_m", above=0, maximum=40),
        Column("mean_load", "number", "mean share of main engine power", minimum=0, maximum=1.0),
    ),
    checks=(_checks.hours_agree_with_speed,),
)
