"""Stays within a call."""

from inventories.activity.columns import Column, Table
from inventories.activity.tables import cell_checks as _checks
from inventories.activity.tables.shared_columns import stay_columns

STOPS = Table(
    name="stops",
    description="One row per stay within a call. Left out, a call is one stay at berth.",
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
            "what kind of place",
            required=True,
            choices=("berth", "anchorage", "other"),
            synonyms={"anchor": "anchorage", "quay": "berth"},
            example="berth",
        ),
        Column("from", "time", "first line, or anchor down", required=True, example="2023-03-31 14:05"),
        Column("to", "time", "last line, or anchor up", required=True, example="2023-04-02 02:40"),
        *stay_columns(),
    ),
    checks=(
        _checks.in_order("from", "to"),
        _checks.stay_intervals,
        _checks.connected_or_captured,
        _checks.stops_do_not_overlap,
    ),
)
