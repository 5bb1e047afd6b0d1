"""Cargo handling equipment."""

from inventories.activity.columns import Column, Table
from inventories.activity.tables import cell_checks as _checks
from inventories.activity.tables.equipment_codes import code_is_of_the_engine
from inventories.activity.tables.shared_columns import CONTROL, tier_synonyms
from inventories.activity.types import synonyms, types

TIERS = ("Tier 0", "Tier 1", "Tier 2", "Tier 3", "Tier 4 interim", "Tier 4 final")
FUELS = ("diesel", "renewable_diesel", "biodiesel", "gasoline", "lpg", "cng", "lng", "electric", "hydrogen")
FUEL_SYNONYMS = {
    "dsl": "diesel",
    "ulsd": "diesel",
    "renewable diesel": "renewable_diesel",
    "rd": "renewable_diesel",
    "gas": "gasoline",
    "propane": "lpg",
    "natural gas": "cng",
    "battery": "electric",
    "battery electric": "electric",
    "grid": "electric",
    "electricity": "electric",
    "fuel cell": "hydrogen",
}


def _device_synonyms() -> dict[str, str]:
    """Spellings of levels: ``L3``, ``III``, ``level 3``, ``Level III``."""
    found = {"dpf": "3"}
    for level, roman in (("1", "I"), ("2", "II"), ("3", "III"), ("3+", "III+")):
        for head in ("", "L", "level ", "level"):
            found |= {f"{head}{level}": level, f"{head}{roman}": level}
    return found


EQUIPMENT = Table(
    name="equipment",
    description="One row per machine, or per group of like machines with a count.",
    key=("unit_id",),
    columns=(
        Column(
            "unit_id",
            description="own number of the machine or group",
            required=True,
            identifier=True,
            example="YT-001",
        ),
        Column("terminal", description="terminal of port.toml", required=True, identifier=True, example="T1"),
        Column(
            "type",
            "choice",
            "type of machine",
            required=True,
            choices=types("equipment_types.csv"),
            synonyms=synonyms("equipment_types.csv"),
            example="yard_tractor",
        ),
        Column("count", "integer", "machines in this row; 1 where left out", minimum=1, default=1),
        Column(
            "engine_model_year",
            "integer",
            "model year of the engine",
            required=True,
            minimum=1950,
            maximum=2060,
            example="2012",
        ),
        Column(
            "machine_model_year",
            "integer",
            "model year of the machine; that of the engine where left out",
            minimum=1950,
            maximum=2060,
        ),
        Column(
            "power",
            "number",
            "rated power of the engine of one machine",
            unit="kW",
            output="power_kw",
            also={"hp": "power_hp"},
            required=True,
            above=0,
            maximum=5000,
            example="170",
        ),
        Column(
            "fuel", "choice", "fuel", required=True, choices=FUELS, synonyms=FUEL_SYNONYMS, example="diesel"
        ),
        Column(
            "hours",
            "number",
            "hours of one machine in the year",
            unit="h",
            states_unit=True,
            required=True,
            minimum=0,
            maximum=8784,
            example="1850",
        ),
        Column(
            "tier",
            "choice",
            "standard of the engine, by certificate",
            choices=TIERS,
            synonyms=tier_synonyms(TIERS),
        ),
        Column(
            "device_level",
            "choice",
            "verified level of a particulate device",
            choices=("none", "1", "2", "3", "3+"),
            synonyms=_device_synonyms(),
        ),
        Column("device_date", "date", "device in use since; credited from the next whole month"),
        Column("on_road_engine", "bool", "certified to on-road standards", output="has_on_road_engine"),
        Column("hybrid", "bool", "engine with a battery or flywheel that saves fuel", output="is_hybrid"),
        Column(
            "fuel_saving",
            "number",
            "share of fuel that a hybrid saves against the same machine without, as measured",
            minimum=0,
            maximum=0.95,
        ),
        Column(
            "load_factor",
            "number",
            "share of rated power in use, as measured; by the method where left out",
            above=0,
            maximum=1,
        ),
        Column("repower_date", "date", "present engine in use since"),
        Column(
            "in_service_from",
            "date",
            "first day in service, if within the year",
            output="in_service_from_date",
        ),
        Column(
            "in_service_to", "date", "last day in service, if within the year", output="in_service_to_date"
        ),
        Column(
            "cumulative_hours",
            "number",
            "hours on the engine at the end of the year",
            unit="h",
            states_unit=True,
            minimum=0,
            maximum=200_000,
        ),
        Column(
            "kwh_metered",
            "number",
            "metered energy of one machine in the year",
            unit="kWh",
            states_unit=True,
            minimum=0,
        ),
        Column(
            "hydrogen_used",
            "number",
            "hydrogen of one fuel-cell machine in the year",
            unit="kg",
            output="hydrogen_used_kg",
            minimum=0,
        ),
        Column(
            "fuel_used",
            "number",
            "fuel of one machine in the year",
            unit="L",
            output="fuel_used_l",
            minimum=0,
        ),
        Column("owner", description="who owns it"),
        Column("operator", description="who runs it; that of the terminal where left out"),
        CONTROL,
        Column(
            "scc",
            description="NONROAD source classification code, where it is known better than the type",
            identifier=True,
        ),
    ),
    checks=(
        _checks.in_order("in_service_from", "in_service_to"),
        _checks.model_year_is_of_the_year("engine_model_year"),
        _checks.model_year_is_of_the_year("machine_model_year"),
        _checks.in_service_within_the_year,
        code_is_of_the_engine,
    ),
)
