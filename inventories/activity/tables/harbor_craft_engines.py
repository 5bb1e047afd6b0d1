"""Harbor craft: tugs, ferries, workboats, dredgers, barges, as lists of engines."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from inventories.activity.columns import Column, Table
from inventories.activity.problems import ProblemLog
from inventories.activity.tables.cell_checks import model_year_is_of_the_year, tell
from inventories.activity.tables.shared_columns import CONTROL, tier_synonyms

if TYPE_CHECKING:
    import pandas as pd

    from inventories.port.port import Port

CRAFT_TYPES = (
    "tug",
    "towboat",
    "ocean_tug",
    "pilot_boat",
    "ferry",
    "excursion",
    "crew_boat",
    "work_boat",
    "supply_boat",
    "government",
    "fishing",
    "dredge",
    "barge",
    "other",
)
_CRAFT_SYNONYMS = {
    "assist tug": "tug",
    "tugboat": "tug",
    "harbor tug": "tug",
    "escort tug": "tug",
    "pushboat": "towboat",
    "towboat/pushboat": "towboat",
    "push boat": "towboat",
    "ATB": "ocean_tug",
    "articulated tug barge": "ocean_tug",
    "ocean tug (ATB)": "ocean_tug",
    "pilot": "pilot_boat",
    "pilot vessel": "pilot_boat",
    "excursion vessel": "excursion",
    "crew boat": "crew_boat",
    "crewboat": "crew_boat",
    "workboat": "work_boat",
    "supply": "supply_boat",
    "commercial fishing": "fishing",
    "dredger": "dredge",
    "tank barge": "barge",
}
ROLES = ("propulsion", "auxiliary", "pump", "crane", "winch")
TIERS = ("Tier 0", "Tier 1", "Tier 2", "Tier 3", "Tier 4")
FUELS = ("diesel", "renewable_diesel", "biodiesel", "electric")


def one_form(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """A craft stands in one row without engine and role, or in a row for each engine."""
    craft = frame["role"].isna() & frame["engine_id"].isna()
    twice = craft & frame["craft_id"].duplicated(keep=False)
    tell(
        log,
        "harbor_craft_engines",
        frame,
        twice,
        "the craft has a row of its own and other rows.",
        column="craft_id",
        values=frame["craft_id"],
        advice="Give each row its engine_id and role, or leave one row for the craft.",
    )
    stray = ~craft & frame["auxiliary_kw"].notna()
    tell(
        log,
        "harbor_craft_engines",
        frame,
        stray,
        "auxiliary_kw is for a row per craft.",
        column="auxiliary_kw",
        advice="Give the auxiliary engines rows of their own.",
    )


def hours_or_fuel(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """Each engine has its hours, or the fuel from which they follow."""
    blank = frame["hours"].isna()
    log_it = partial(tell, log, "harbor_craft_engines", frame)
    log_it(
        blank & ~(frame["fuel_used_l"] > 0),
        "hours are blank, and so is fuel_used.",
        column="hours",
        allowed="hours, or fuel_used above 0 from which they follow",
        advice="Write one of them.",
    )
    log_it(
        blank & (frame["fuel_used_l"] > 0) & (frame["fuel"] == "electric"),
        "fuel_used gives no hours of an electric drive.",
        column="hours",
        allowed="hours, or kwh_metered beside them",
        advice="Write the hours.",
    )
    log_it(
        blank & (frame["home_hours"] > 0),
        "home_hours stand without the hours that they are a part of.",
        column="home_hours",
        values=frame["home_hours"],
        allowed="with hours",
        advice="Write the hours, or leave home_hours blank.",
    )


def home_berth(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """Hours at the home berth are a part of the hours, of an engine that shore power can stand in for."""
    home = frame["home_hours"]
    log_it = partial(tell, log, "harbor_craft_engines", frame)
    log_it(
        home > frame["hours"],
        "home_hours are more than hours.",
        column="home_hours",
        values=home,
        allowed="a part of hours",
        advice="hours are all those in which the engine's power is needed, at the home berth too.",
    )
    craft = frame["role"].isna() & frame["engine_id"].isna()
    log_it(
        (home > 0) & ~craft & frame["role"].fillna("propulsion").ne("auxiliary"),
        "home_hours are given of an engine that is not an auxiliary.",
        column="home_hours",
        values=home,
        allowed="home_hours of auxiliary engines",
        advice="Leave them blank here.",
    )
    log_it(
        (home > 0) & (frame["fuel"] == "electric"),
        "home_hours are given of an electric drive.",
        column="home_hours",
        values=home,
        allowed="home_hours of engines that burn fuel",
        advice="Give kwh_metered, which holds what it draws at the home berth.",
    )
    plugged = frame["has_home_shore_power"].fillna(False).astype(bool)
    log_it(
        frame["home_kwh_metered"].notna() & ~(plugged & (home > 0)),
        "home_kwh_metered stands without the hours that it replaces.",
        column="home_kwh_metered",
        values=frame["home_kwh_metered"],
        allowed="with home_shore_power = yes and home_hours",
        advice="Give both, or leave it blank.",
    )
    blank = int((plugged & ~craft & home.isna() & (frame["role"] == "auxiliary")).sum())
    blank += int((plugged & craft & home.isna()).sum())
    if blank:
        log.note(
            f"{blank:,} rows of harbor craft are plugged in at home and give no home_hours: all their hours "
            "count on engines"
        )


HARBOR_CRAFT_ENGINES = Table(
    name="harbor_craft_engines",
    description=(
        "One row per engine of a craft. One row per craft, without engine and role, is its propulsion; "
        "the auxiliaries are then those of auxiliary_kw, or EPA's for tugs and pilot boats, marked default."
    ),
    key=("craft_id", "engine_id"),
    columns=(
        Column(
            "craft_id",
            description="own number or name of the craft",
            required=True,
            identifier=True,
            example="tug-1",
        ),
        Column(
            "craft_type",
            "choice",
            "type of craft",
            required=True,
            choices=CRAFT_TYPES,
            synonyms=_CRAFT_SYNONYMS,
            example="tug",
        ),
        Column(
            "engine_id",
            description="own number of the engine on its craft",
            identifier=True,
            example="1",
        ),
        Column(
            "role",
            "choice",
            "what the engine drives; propulsion where the row is a craft",
            choices=ROLES,
            synonyms={"main": "propulsion", "aux": "auxiliary", "generator": "auxiliary"},
            example="propulsion",
        ),
        Column(
            "power",
            "number",
            "rated power: of the engine, or of all propulsion engines where the row is a craft",
            unit="kW",
            output="power_kw",
            also={"hp": "power_hp"},
            required=True,
            above=0,
            maximum=20_000,
            example="1800",
        ),
        Column(
            "count",
            "integer",
            "engines alike, each of that power; in a row per craft, its propulsion engines, which share it",
            minimum=1,
            maximum=20,
            default=1,
        ),
        Column(
            "model_year",
            "integer",
            "model year of the engine",
            required=True,
            minimum=1900,
            maximum=2060,
            example="2012",
        ),
        Column(
            "tier",
            "choice",
            "standard of the engine, by certificate; else by model year",
            choices=TIERS,
            synonyms=tier_synonyms(TIERS),
        ),
        Column(
            "category",
            "choice",
            "category of the marine engine; by displacement where left out, else C1",
            choices=("C1", "C2"),
            synonyms={"1": "C1", "2": "C2", "category 1": "C1", "category 2": "C2"},
        ),
        Column(
            "cylinder",
            "number",
            "displacement of one cylinder",
            unit="L",
            output="cylinder_l",
            above=0,
            maximum=30,
        ),
        Column(
            "hours",
            "number",
            "hours in the year, of one engine; may be blank where fuel_used gives them",
            unit="h",
            states_unit=True,
            minimum=0,
            maximum=8784,
            example="1800",
        ),
        Column(
            "fuel_used",
            "number",
            "fuel in the year: of one engine, or of the whole craft in a row per craft",
            unit="L",
            output="fuel_used_l",
            minimum=0,
        ),
        Column("load_factor", "number", "mean share of rated power in use", minimum=0, maximum=1),
        Column(
            "fuel",
            "choice",
            "fuel; diesel where left out",
            choices=FUELS,
            default="diesel",
            synonyms={
                "ulsd": "diesel",
                "dsl": "diesel",
                "rd": "renewable_diesel",
                "battery": "electric",
                "renewable diesel": "renewable_diesel",
            },
        ),
        Column("useful_life", "number", "useful life of the engine, in years", above=0, maximum=60),
        Column(
            "cumulative_hours",
            "number",
            "hours on the engine at the end of the year",
            unit="h",
            states_unit=True,
            minimum=0,
            maximum=300_000,
        ),
        Column(
            "in_domain_share",
            "number",
            "share of the hours within the port's domain; the rest is shown as outside",
            minimum=0,
            maximum=1,
            default=1,
        ),
        Column(
            "auxiliary",
            "number",
            "in a row per craft: rated power of its auxiliary engines together",
            unit="kW",
            output="auxiliary_kw",
            minimum=0,
            maximum=10_000,
        ),
        Column(
            "kwh_metered",
            "number",
            "metered energy of an electric drive in the year",
            unit="kWh",
            states_unit=True,
            minimum=0,
        ),
        Column(
            "home_hours",
            "number",
            "of an auxiliary engine, or of those of a row per craft: those of the hours at the home berth",
            unit="h",
            states_unit=True,
            minimum=0,
            maximum=8784,
        ),
        Column(
            "home_shore_power",
            "bool",
            "plugged in at its home berth: its home_hours are electricity",
            output="has_home_shore_power",
        ),
        Column(
            "home_kwh_metered",
            "number",
            "metered shore power at the home berth in the year, of one engine; else the engine's work there",
            unit="kWh",
            states_unit=True,
            minimum=0,
        ),
        Column("port", description="port of port.toml; may be left out where there is one", identifier=True),
        Column("zone", description="zone of zones.geojson where it works", identifier=True),
        Column("operator", description="who runs it"),
        CONTROL,
    ),
    checks=(one_form, hours_or_fuel, home_berth, model_year_is_of_the_year("model_year")),
)
