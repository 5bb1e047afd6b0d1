"""Ships: what is known of each."""

from dataclasses import replace

from inventories.activity.columns import Column, Table
from inventories.activity.tables.shared_columns import (
    SHIP_FUEL_SYNONYMS,
    SHIP_FUELS,
    SHIP_TIERS,
    tier_synonyms,
)
from inventories.activity.types import synonyms, types

_MODES = ("transit", "maneuvering", "hotelling", "anchorage")


def _loads(group: str) -> list[Column]:
    return [
        Column(
            f"{group}_{mode}",
            "number",
            f"load of the {group} in {mode}",
            unit="kW",
            output=f"{group}_{mode}_kw",
            minimum=0,
        )
        for mode in _MODES
    ]


VESSELS = Table(
    name="vessels",
    description="One row per ship. Only its type is required; what is left out is filled and marked.",
    key=("vessel_id",),
    register=True,
    columns=(
        Column(
            "vessel_id",
            description="IMO number, or an own number",
            required=True,
            identifier=True,
            aliases=("imo",),
            example="9000001",
        ),
        Column("name", description="name of the ship", merge="first"),
        Column(
            "type",
            "choice",
            "type of ship",
            required=True,
            choices=types("vessel_types.csv"),
            synonyms=synonyms("vessel_types.csv"),
            example="container",
        ),
        Column("size", "number", "size, in the unit of the next column", above=0, maximum=1e6),
        Column(
            "size_unit",
            "choice",
            "what the size counts",
            choices=("DWT", "TEU", "GT", "CBM", "passengers", "CEU"),
            synonyms={
                "deadweight": "DWT",
                "gross_tonnage": "GT",
                "gross tonnage": "GT",
                "m3": "CBM",
                "number of passengers": "passengers",
                "pax": "passengers",
                "cars": "CEU",
                "car equivalent units": "CEU",
            },
        ),
        Column(
            "service_speed",
            "number",
            "service speed",
            unit="kn",
            output="service_speed_kn",
            above=0,
            maximum=60,
        ),
        Column("max_speed", "number", "maximum speed", unit="kn", output="max_speed_kn", above=0, maximum=60),
        Column(
            "propulsion",
            "choice",
            "kind of propulsion",
            choices=("diesel", "diesel_electric", "steam", "gas_turbine", "dual_fuel"),
            synonyms={"steam turbine": "steam", "turbine": "gas_turbine", "dual fuel": "dual_fuel"},
        ),
        Column("engine_count", "integer", "number of main engines", minimum=1, maximum=20),
        Column(
            "main",
            "number",
            "rated power of all main engines",
            unit="kW",
            output="main_kw",
            above=0,
            maximum=200_000,
            aliases=("main_power", "power"),
        ),
        Column(
            "engine_type",
            "choice",
            "type of main engine; HSD is rated as MSD, for no factors of high-speed main engines were read",
            choices=("SSD", "MSD", "HSD", "GT", "ST", "FC"),
            synonyms={
                "slow speed diesel": "SSD",
                "medium speed diesel": "MSD",
                "high speed diesel": "HSD",
                "gas turbine": "GT",
                "steam turbine": "ST",
                "fuel cell": "FC",
            },
        ),
        Column(
            "rpm",
            "number",
            "rated speed of the main engine, revolutions per minute",
            above=0,
            maximum=5000,
            aliases=("rated_speed", "main_rpm"),
        ),
        Column(
            "cylinder",
            "number",
            "displacement of one cylinder of the main engine",
            unit="L",
            output="cylinder_l",
            above=0,
            maximum=3000,
        ),
        Column("keel_date", "date", "keel laid"),
        Column("build_year", "integer", "year of delivery", minimum=1900, maximum=2100),
        Column(
            "tier_main",
            "choice",
            "NOx tier of the main engines, by certificate",
            choices=SHIP_TIERS,
            synonyms=tier_synonyms(SHIP_TIERS),
        ),
        Column(
            "tier_aux",
            "choice",
            "NOx tier of the auxiliary engines, by certificate",
            choices=SHIP_TIERS,
            synonyms=tier_synonyms(SHIP_TIERS),
        ),
        Column(
            "fuel_types",
            "choice",
            "fuels that the main engines burn",
            choices=SHIP_FUELS,
            synonyms=SHIP_FUEL_SYNONYMS,
            many=True,
        ),
        Column(
            "lng_cycle",
            "choice",
            "cycle of a gas engine",
            choices=("otto_low_speed", "otto_medium_speed", "diesel_high_pressure", "lean_burn"),
            synonyms={
                "lpdf 2 stroke": "otto_low_speed",
                "lpdf 4 stroke": "otto_medium_speed",
                "hpdf": "diesel_high_pressure",
                "lbsi": "lean_burn",
            },
        ),
        Column("shore_power_capable", "bool", "can take shore power", output="is_shore_power_capable"),
        Column("scrubber", "bool", "has an exhaust gas cleaning system", output="has_scrubber"),
        Column(
            "pump_drive",
            "choice",
            "what drives a tanker's cargo pumps",
            choices=("steam", "electric", "hydraulic", "none"),
        ),
        *_loads("auxiliary"),
        *_loads("boiler"),
        Column(
            "draught_max", "number", "maximum draught", unit="m", output="draught_max_m", above=0, maximum=40
        ),
        Column(
            "length",
            "number",
            "length between perpendiculars",
            unit="m",
            output="length_m",
            above=0,
            maximum=500,
        ),
        Column("breadth", "number", "moulded breadth", unit="m", output="breadth_m", above=0, maximum=90),
        Column(
            "displacement",
            "number",
            "volume displaced at the maximum draught",
            unit="m3",
            output="displacement_m3",
            above=0,
            maximum=1e6,
        ),
        Column(
            "deadweight", "number", "deadweight", unit="tonne", output="deadweight_t", above=0, maximum=6e5
        ),
        Column("propellers", "integer", "number of propellers", minimum=1, maximum=4),
        Column(
            "biofuel",
            "choice",
            "biofuel blended into the ship's oil",
            choices=("HVO", "FAME"),
            synonyms={"renewable diesel": "HVO", "biodiesel": "FAME"},
        ),
        Column("biofuel_share_pct", "number", "its share of the energy, percent", minimum=0, maximum=100),
    ),
)

VESSEL_REGISTRY = Table(
    name="vessel_registry",
    description="A register of ships: it fills what the port's own table leaves out, marked registry.",
    key=("vessel_id",),
    columns=tuple(
        replace(column, required=False) if column.name == "type" else column for column in VESSELS.columns
    ),
    register=True,
)
