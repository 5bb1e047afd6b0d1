"""Anything else that a port counts, by the same formula."""

from inventories.activity.columns import Column, Table

OTHER_SOURCES = Table(
    name="other_sources",
    description=(
        "One row per source: so much of something, and a factor table of the port's own that says what a "
        "unit "
        "of it emits."
    ),
    columns=(
        Column(
            "name",
            description="name of the source; a key of the factor table",
            required=True,
            identifier=True,
            example="construction",
        ),
        Column("quantity", "number", "how much", required=True, minimum=0, example="12000"),
        Column("unit", description="unit of the quantity", required=True, example="gal"),
        Column(
            "factor_table",
            description="CSV file in the port's folder, in the form of a factor table",
            required=True,
            example="factors/construction.csv",
        ),
        Column("scope", "choice", "scope of greenhouse gas reporting", choices=("1", "2", "3")),
        Column("zone", description="zone of zones.geojson", identifier=True),
        Column("month", "integer", "month; the whole year where left out", minimum=1, maximum=12),
        Column("port", description="port of port.toml; may be left out where there is one", identifier=True),
        Column("terminal", description="terminal of port.toml", identifier=True),
        Column("note", description="what a reader should know"),
    ),
)
