"""Columns and choices that several tables share."""

from __future__ import annotations

from inventories.activity.columns import Column

SHIP_FUELS = ("MGO/MDO", "RM/HFO", "VLSFO", "LNG", "HVO", "FAME", "methanol", "ammonia", "hydrogen")
SHIP_FUEL_SYNONYMS = {
    "MGO": "MGO/MDO",
    "MDO": "MGO/MDO",
    "marine gas oil": "MGO/MDO",
    "marine diesel oil": "MGO/MDO",
    "HFO": "RM/HFO",
    "RM": "RM/HFO",
    "residual": "RM/HFO",
    "heavy fuel oil": "RM/HFO",
    "liquefied natural gas": "LNG",
    "very low sulfur fuel oil": "VLSFO",
    "renewable diesel": "HVO",
    "biodiesel": "FAME",
}

SHIP_TIERS = ("Tier 0", "Tier 1", "Tier 2", "Tier 3")


def tier_synonyms(tiers: tuple[str, ...]) -> dict[str, str]:
    """Spellings of tiers: ``2``, ``T2``, ``II``, ``Tier II``."""
    roman = {"0": "0", "1": "I", "2": "II", "3": "III", "4": "IV"}
    found = {}
    for tier in tiers:
        number, _, rest = tier.removeprefix("Tier ").partition(" ")
        for text in (number, roman[number]):
            for head in ("", "T", "Tier "):
                found[f"{head}{text} {rest}".strip()] = tier
                if rest:  # Tier 4f, T4i, 4 final as one letter
                    found[f"{head}{text}{rest[0]}"] = tier
    return found


def stay_columns() -> tuple[Column, ...]:
    """What one stay at a berth or an anchorage may say; calls in the simple form carry the same columns."""
    return (
        Column("terminal", description="terminal of port.toml", identifier=True, merge="first", example="T1"),
        Column("berth", description="name of the berth", identifier=True, merge="first", example="12"),
        Column(
            "zone",
            description="zone of zones.geojson; that of the terminal where blank",
            identifier=True,
            merge="first",
        ),
        Column(
            "cargo_operation",
            "choice",
            "what was done",
            choices=("load", "discharge", "both", "none", "passenger"),
            synonyms={
                "loading": "load",
                "discharging": "discharge",
                "unload": "discharge",
                "pax": "passenger",
            },
            merge="first",
        ),
        Column("teu", "number", "containers moved", unit="TEU", states_unit=True, minimum=0, merge="first"),
        Column(
            "tonnes",
            "number",
            "cargo moved",
            unit="tonne",
            output="cargo_tonnes",
            states_unit=True,
            minimum=0,
            merge="first",
        ),
        Column("passengers", "number", "passengers on and off", minimum=0, merge="first"),
        Column(
            "auxiliary",
            "number",
            "measured load of the auxiliary engines",
            unit="kW",
            output="auxiliary_kw",
            minimum=0,
            merge="first",
        ),
        Column(
            "boiler",
            "number",
            "measured load of the boilers",
            unit="kW",
            output="boiler_kw",
            minimum=0,
            merge="first",
        ),
        Column(
            "fuel",
            "choice",
            "fuel of the auxiliary engines",
            choices=SHIP_FUELS,
            synonyms=SHIP_FUEL_SYNONYMS,
            merge="first",
        ),
        Column(
            "sulfur_pct", "number", "sulfur in the fuel, percent by mass", minimum=0, maximum=5, merge="first"
        ),
        Column(
            "shore_power_used",
            "bool",
            "was on shore power, where neither times nor a meter say when",
            merge="first",
        ),
        Column("shore_power_from", "time", "first minute on shore power", merge="first"),
        Column("shore_power_to", "time", "last minute on shore power", merge="first"),
        Column(
            "shore_power",
            "number",
            "metered shore power",
            unit="kWh",
            output="shore_power_kwh",
            minimum=0,
            merge="first",
        ),
        Column("capture_from", "time", "first minute of exhaust capture", merge="first"),
        Column("capture_to", "time", "last minute of exhaust capture", merge="first"),
        Column("capture_system", description="name of the capture system", merge="first"),
        Column(
            "capture_groups",
            "choice",
            "engines whose exhaust is captured",
            choices=("auxiliary", "boiler"),
            synonyms={"aux": "auxiliary", "boilers": "boiler"},
            many=True,
            merge="first",
        ),
    )


CONTROL = Column(
    "control",
    "choice",
    "who controls it",
    choices=("port_owned", "tenant", "third_party"),
    synonyms={"port": "port_owned", "owned": "port_owned"},
)
