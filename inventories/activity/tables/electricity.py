"""Electricity: what the port's meters read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventories.activity.columns import Column, Table
from inventories.activity.problems import ProblemLog
from inventories.activity.tables.cell_checks import tell

if TYPE_CHECKING:
    import pandas as pd

    from inventories.port.port import Port

USES = ("cranes", "reefers", "buildings", "lighting", "terminal", "shore_power", "charging")
SOURCES = ("shore_power", "equipment", "trucks", "craft")
"""What a meter may be net of beside other meters: what ships, machines, trucks and craft are counted with."""


def periods(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """A reading ends after it begins and reaches into the year; readings of one meter do not overlap."""
    import pandas as pd

    first, last = frame["from_date"], frame["to_date"]
    tell(
        log,
        "electricity",
        frame,
        last < first,
        "to is before from.",
        column="to",
        values=last.dt.strftime("%Y-%m-%d"),
    )
    outside = (last < pd.Timestamp(year, 1, 1)) | (first > pd.Timestamp(year, 12, 31))
    tell(
        log,
        "electricity",
        frame,
        outside,
        f"lies outside {year}.",
        column="from",
        values=first.dt.strftime("%Y-%m-%d"),
        advice="Move it to the folder of its year.",
    )
    ordered = frame.sort_values(["meter", "from_date"], kind="stable")
    before = ordered.groupby("meter")["to_date"].shift()
    tell(
        log,
        "electricity",
        ordered,
        ordered["from_date"] <= before,
        "begins before the reading before it ends.",
        column="from",
        values=ordered["meter"],
        advice="from and to are both included: the next reading begins on the day after.",
    )


def known_deductions(frame: pd.DataFrame, port: Port, year: int, log: ProblemLog) -> None:
    """`net_of` names meters of the table, or shore_power, equipment, trucks, craft; never itself."""
    listed = frame.assign(part=frame["net_of"].fillna("").str.split(";")).explode("part")
    listed["part"] = listed["part"].str.strip()
    listed = listed[listed["part"] != ""]
    meters = frame["meter"].dropna().unique().tolist()
    unknown = ~listed["part"].isin([*SOURCES, *meters])
    tell(
        log,
        "electricity",
        listed,
        unknown,
        "net_of names no meter of this table.",
        column="net_of",
        values=listed["part"],
        allowed=f"other meters; {', '.join(SOURCES)}; parted by ;",
    )
    itself = listed["part"] == listed["meter"]
    tell(
        log,
        "electricity",
        listed,
        itself,
        "a meter is net of itself.",
        column="net_of",
        values=listed["part"],
    )
    pairs = set(zip(listed["meter"], listed["part"], strict=True))
    for meter, part in sorted(pairs):  # what one reads of the other leads down, never back
        reach = {part}
        while more := {onward for name, onward in pairs if name in reach} - reach:
            reach |= more
        if meter in reach and meter != part:
            tell(
                log,
                "electricity",
                listed,
                (listed["meter"] == meter) & (listed["part"] == part),
                "meters are net of each other, so nothing of them would be counted.",
                column="net_of",
                values=listed["part"],
                advice="Of two meters only the outer one, which also reads the other, is net of it.",
            )


ELECTRICITY = Table(
    name="electricity",
    description="One row per meter and reading: what was taken from the grid, first and last day included.",
    key=("meter", "from"),
    columns=(
        Column("meter", description="own number of the meter", required=True, identifier=True, example="M1"),
        Column(
            "use",
            "choice",
            "what it supplies; terminal where it is a whole terminal",
            required=True,
            choices=USES,
            synonyms={
                "crane": "cranes",
                "reefer": "reefers",
                "reefer racks": "reefers",
                "building": "buildings",
                "whole terminal": "terminal",
                "shore power": "shore_power",
                "amp": "shore_power",
                "cold ironing": "shore_power",
                "chargers": "charging",
            },
            example="cranes",
        ),
        Column(
            "from",
            "date",
            "first day of the reading",
            required=True,
            output="from_date",
            example="2023-01-01",
        ),
        Column(
            "to", "date", "last day of the reading", required=True, output="to_date", example="2023-12-31"
        ),
        Column(
            "kwh",
            "number",
            "energy of the reading",
            unit="kWh",
            states_unit=True,
            required=True,
            minimum=0,
            example="100000",
        ),
        Column("supplier", description="who supplies it"),
        Column("contract", description="tariff or contract; recorded, a region's mix is what is counted"),
        Column(
            "net_of",
            description="what this meter also reads and is counted elsewhere, parted by ;: "
            "other meters, shore_power, equipment, trucks, craft",
        ),
        Column("port", description="port of port.toml; may be left out where there is one", identifier=True),
        Column("terminal", description="terminal of port.toml", identifier=True),
        Column("operator", description="who pays for it; that of the terminal where left out"),
    ),
    checks=(periods, known_deductions),
)
