"""Truck visits to terminals, one by one or as counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventories.activity.columns import Column, Table
from inventories.activity.tables.cell_checks import tell

if TYPE_CHECKING:
    import pandas as pd

    from inventories.activity.problems import ProblemLog

TRUCK_FUELS = ("diesel", "natural_gas", "gasoline", "electric", "hydrogen")
TRUCK_FUEL_SYNONYMS = {
    "dsl": "diesel",
    "cng": "natural_gas",
    "lng": "natural_gas",
    "natural gas": "natural_gas",
    "gas": "gasoline",
    "battery": "electric",
    "battery electric": "electric",
    "electricity": "electric",
    "fuel cell": "hydrogen",
    "h2": "hydrogen",
}

_TRIPS = (
    '"trips" may be gate visits, ways in one direction, or round trips, and a factor of two hides between '
    "them. "
    'Say which in port.toml: [tables.gate_visits] trip_means = "gate_visit", "one_way" or "round_trip".'
)

_WORK = ("on_terminal_idle_h", "on_terminal_miles", "gate_h", "queue_h", "starts")


def visits_have_work(frame: pd.DataFrame, log: ProblemLog) -> None:
    """A visit that says neither where it drives nor how long it idles would count as nothing, in silence."""
    nowhere = frame["visit_key"].isna() & frame["route"].isna()
    tell(
        log,
        "gate_visits",
        frame,
        nowhere & frame[list(_WORK)].isna().all(axis=1) & ~(frame["count"] == 0),
        "the visits have no way, no hours and no starts: nothing of them could be counted.",
        column="visit_key",
        allowed=(
            "a visit_key of truck_legs or a route for the way on roads; on_terminal_miles, "
            "on_terminal_idle (h), gate (h) or queue (h) for the terminal"
        ),
        advice=(
            "Add visit_key and the table truck_legs, or a route of routes.geojson, and what is known of the "
            "terminal; write 0 where there is none."
        ),
    )


GATE_VISITS = Table(
    name="gate_visits",
    description="A gate visit is from entering one terminal to leaving it. One row per visit, or counts.",
    repeats=True,
    sums=True,
    columns=(
        Column("terminal", description="terminal of port.toml", required=True, identifier=True, example="T1"),
        Column(
            "date_or_month",
            "month",
            "day or month of the visit",
            output="month",
            required=True,
            aliases=("date", "month", "time_in", "gate_in"),
            example="2023-03",
        ),
        Column(
            "count",
            "number",
            "visits of this row; 1 where the column is left out",
            minimum=0,
            default=1,
            aliases=("visits", "gate_visits"),
            example="120",
        ),
        Column("truck_id", description="truck or licence, used only to count", identifier=True),
        Column(
            "engine_model_year",
            "integer",
            "model year of the engine",
            required=True,
            minimum=1950,
            maximum=2060,
            example="2014",
        ),
        Column(
            "fuel",
            "choice",
            "fuel",
            required=True,
            choices=TRUCK_FUELS,
            synonyms=TRUCK_FUEL_SYNONYMS,
            example="diesel",
        ),
        Column("technology", description="further technology, such as low_nox"),
        Column(
            "visit_key",
            description="pattern of ways in truck_legs that each of these visits drives",
            identifier=True,
            example="local",
        ),
        Column(
            "route",
            description="route that each visit drives in and out, instead of a visit_key",
            identifier=True,
        ),
        Column(
            "on_terminal_idle",
            "number",
            "idling on the terminal, per visit",
            unit="h",
            output="on_terminal_idle_h",
            minimum=0,
            maximum=48,
        ),
        Column(
            "on_terminal_miles",
            "number",
            "way on the terminal, per visit",
            unit="mile",
            states_unit=True,
            minimum=0,
            maximum=100,
        ),
        Column(
            "on_terminal_speed",
            "number",
            "mean speed on the terminal; the option on_terminal_speed_mph where it is left out",
            unit="mph",
            output="on_terminal_speed_mph",
            above=0,
            maximum=60,
        ),
        Column(
            "gate",
            "number",
            "idling at the gate while it is passed, in and out, per visit",
            unit="h",
            output="gate_h",
            minimum=0,
            maximum=48,
        ),
        Column(
            "queue",
            "number",
            "waiting before the gate, per visit",
            unit="h",
            output="queue_h",
            minimum=0,
            maximum=48,
        ),
        Column(
            "queue_speed",
            "number",
            "mean speed of a queue that creeps, whose hours are then slow miles; the option queue_creep_mph "
            "where it is left out",
            unit="mph",
            output="queue_speed_mph",
            above=0,
            maximum=30,
        ),
        Column(
            "starts",
            "number",
            "engine starts per visit; counted with truck_starts = counted",
            minimum=0,
            maximum=50,
            aliases=("starts_per_visit", "engine_starts"),
        ),
    ),
    refused={name: _TRIPS for name in ("trips", "trip", "truck_trips", "number_of_trips", "trip_count")},
)
