"""Locomotives: switching and line haul, by fuel, by hours, or by gross ton-miles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventories.activity.columns import Column, Table
from inventories.activity.problems import ProblemLog
from inventories.activity.tables.cell_checks import model_year_is_of_the_year, tell
from inventories.activity.tables.shared_columns import CONTROL, tier_synonyms

if TYPE_CHECKING:
    import pandas as pd

    from inventories.port.port import Port

NOTCHES = ("idle", "dynamic_brake", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8")
TIERS = (
    "Uncontrolled",
    "Tier 0",
    "Tier 0+",
    "Tier 1",
    "Tier 1+",
    "Tier 2",
    "Tier 2+",
    "Tier 3",
    "Tier 4",
    "Tier 4C",
)
_PLAIN = tuple(tier for tier in TIERS if tier[-1].isdigit())
_TIER_SYNONYMS = tier_synonyms(_PLAIN) | {
    "pre-tier 0": "Uncontrolled",
    "none": "Uncontrolled",
    **{
        f"{head}{tier.removeprefix('Tier ')}": tier
        for head in ("", "T")
        for tier in TIERS
        if tier[-1] in "+C"
    },
}  # fmt: skip


def one_form(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """Each row says its work in one way: fuel, hours and power, or gross ton-miles with their fuel."""
    fuel, hours = frame["fuel_gal"].notna(), frame["hours"].notna()
    gross = frame["gross_tons"].notna()
    forms = fuel.astype(int) + hours.astype(int) + gross.astype(int)
    allowed = "fuel_gal; or hours and power; or gross_tons, miles and gal_per_1000_gtm"
    tell(
        log,
        "locomotives",
        frame,
        forms == 0,
        "the row says neither fuel, hours nor gross tons.",
        column="fuel_gal",
        allowed=allowed,
    )
    tell(
        log,
        "locomotives",
        frame,
        forms > 1,
        "the row says its work in more than one way.",
        column="fuel_gal",
        allowed=allowed,
        advice="Leave one, the fuel if it is measured.",
    )
    for form, needed in ((hours, ("power_kw",)), (gross, ("miles", "gal_per_1000_gtm"))):
        for column in needed:
            name = "power" if column == "power_kw" else column
            tell(
                log,
                "locomotives",
                frame,
                form & frame[column].isna() & (forms == 1),
                f"{name} is blank.",
                column=name,
                allowed=allowed,
            )
    far = frame["domain_miles"] > frame["miles"]
    tell(
        log,
        "locomotives",
        frame,
        far,
        "domain_miles is more than miles.",
        column="domain_miles",
        values=frame["domain_miles"],
        allowed="at most miles",
    )
    alone = frame["domain_miles"].notna() & frame["miles"].isna()
    tell(
        log,
        "locomotives",
        frame,
        alone,
        "domain_miles needs miles.",
        column="miles",
        advice="The share within the domain is domain_miles over miles.",
    )
    built = frame["tier"].isin(("Tier 3", "Tier 4", "Tier 4C", "Uncontrolled"))
    odd = frame["remanufacture_date"].notna() & (frame["tier"].isna() | built)
    tell(
        log,
        "locomotives",
        frame,
        odd,
        "remanufacture_date needs the tier as built: Tier 0, 1 or 2.",
        column="remanufacture_date",
    )


LOCOMOTIVES = Table(
    name="locomotives",
    description=(
        "One row per locomotive, or group of like ones. Its work is fuel_gal; or hours and power; "
        "or gross_tons, miles and gal_per_1000_gtm."
    ),
    columns=(
        Column(
            "kind",
            "choice",
            "switching in and about the port, or line haul",
            required=True,
            choices=("switch", "line_haul"),
            synonyms={
                "switching": "switch",
                "switcher": "switch",
                "yard": "switch",
                "line-haul": "line_haul",
            },
            example="switch",
        ),
        Column("record", description="own number of the locomotive or group", identifier=True),
        Column("railroad", description="railroad that runs it"),
        Column(
            "service",
            "choice",
            "service that says how much work a gallon does; by kind where left out",
            choices=("large_line_haul", "small_line_haul", "passenger", "switching"),
            synonyms={
                "class I": "large_line_haul",
                "class 1": "large_line_haul",
                "short line": "small_line_haul",
            },
        ),
        Column(
            "tier",
            "choice",
            "tier; with a plus where remanufactured to the rule of 2008, or as built with remanufacture_date",
            choices=TIERS,
            synonyms=_TIER_SYNONYMS,
        ),
        Column("remanufacture_date", "date", "last remanufacture"),
        Column(
            "year_built",
            "integer",
            "year it was built; scenarios renew the fleet by it",
            minimum=1900,
            maximum=2060,
        ),
        Column(
            "fuel_gal", "number", "fuel in the year", unit="gal", states_unit=True, minimum=0, example="52000"
        ),
        Column("hours", "number", "hours in the year", unit="h", states_unit=True, minimum=0, maximum=1e6),
        Column(
            "power",
            "number",
            "rated power of one locomotive",
            unit="kW",
            output="power_kw",
            also={"hp": "power_hp"},
            above=0,
            maximum=6000,
        ),
        Column(
            "notch",
            "choice",
            "notch of these hours; all, by duty cycle, where left out",
            choices=NOTCHES,
            synonyms={**{str(n): f"N{n}" for n in range(1, 9)}, "db": "dynamic_brake"},
        ),
        Column("load_factor", "number", "mean share of rated power in use", minimum=0, maximum=1),
        Column(
            "gross_tons",
            "number",
            "weight of train and locomotives, of one trip, in short tons",
            minimum=0,
        ),
        Column("miles", "number", "way of one trip", unit="mile", states_unit=True, minimum=0, maximum=5000),
        Column("trips", "number", "trips in the year; 1 where left out", minimum=0, default=1),
        Column(
            "gal_per_1000_gtm",
            "number",
            "gallons per 1,000 gross ton-miles, as the railroad reports it",
            above=0,
            maximum=20,
        ),
        Column(
            "domain_miles",
            "number",
            "part of the way within the port's domain; the rest is shown as outside",
            unit="mile",
            states_unit=True,
            minimum=0,
            maximum=5000,
        ),
        Column(
            "on_off_dock",
            "choice",
            "where the trains are made up",
            choices=("on_dock", "near_dock", "off_dock"),
        ),
        Column(
            "port_share", "number", "share of the work that is the port's", minimum=0, maximum=1, default=1
        ),
        Column(
            "renewable_share",
            "number",
            "share of the fuel that is renewable diesel",
            minimum=0,
            maximum=1,
            default=0,
        ),
        Column("month", "integer", "month of the work; the whole year where left out", minimum=1, maximum=12),
        Column("port", description="port of port.toml; may be left out where there is one", identifier=True),
        Column("terminal", description="terminal of port.toml", identifier=True),
        Column("zone", description="zone of zones.geojson", identifier=True),
        CONTROL,
    ),
    checks=(one_form, model_year_is_of_the_year("year_built")),
)
