"""Ways of trucks outside the terminals, by pattern."""

from inventories.activity.columns import Column, Table

TRUCK_LEGS = Table(
    name="truck_legs",
    description="Each gate visit with a visit_key drives all the ways listed here under that key.",
    columns=(
        Column(
            "visit_key", description="name of the pattern", required=True, identifier=True, example="local"
        ),
        Column("zone", description="zone of zones.geojson", identifier=True, example="port_roads"),
        Column(
            "route",
            description="route of routes.geojson; gives zones and miles where they are left out",
            identifier=True,
        ),
        Column(
            "miles",
            "number",
            "way per visit",
            unit="mile",
            states_unit=True,
            minimum=0,
            maximum=5000,
            aliases=("distance",),
            example="12.5",
        ),
        Column(
            "speed",
            "number",
            "mean speed",
            unit="mph",
            output="speed_mph",
            above=0,
            maximum=100,
            example="35",
        ),
        Column(
            "load_state",
            "choice",
            "what the truck carries",
            choices=("loaded", "empty", "bobtail", "chassis"),
        ),
        Column(
            "purpose",
            "choice",
            "where it goes",
            choices=("local", "transload", "near_dock", "off_dock"),
            synonyms={"near-dock": "near_dock", "off-dock": "off_dock"},
        ),
        Column(
            "port_share", "number", "share of the way that is the port's", minimum=0, maximum=1, default=1.0
        ),
    ),
)
