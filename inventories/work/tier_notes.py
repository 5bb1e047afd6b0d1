"""Tiers that records state and the law does not give them, in words: the first, then all."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

NAMED = 3
"""Records named in the warning; the remark after it has all."""


def of_craft(found: pd.DataFrame, table: pd.DataFrame) -> tuple[str, ...]:
    """Say which engines of harbor craft state a tier that their power and model year cannot have.

    Parameters
    ----------
    found : pandas.DataFrame
        As `emissions.craft_tiers.unlawful_tiers` gives it.
    table : pandas.DataFrame
        The activity; ``_file`` and ``_row`` say where a record is.
    """
    lines = [
        f"{craft}/{engine} {tier} of {year:.0f}, {power:,.0f} kW, where {_range(least, most)} was the "
        "standard"
        f"{', and Tier 4 begins at 600 kW' if tier == 'Tier 4' and most < 4 and power < 600 else ''}"
        for craft, engine, tier, year, power, least, most in found[
            ["craft_id", "engine_id", "tier", "model_year", "power_kw", "least", "most"]
        ].itertuples(index=False, name=None)
    ]  # fmt: skip
    return _told(
        found, table, lines, "engines of harbor craft", "40 CFR 1042",
        "a wrong tier, year or power, an exemption, or an engine certified early",
    )  # fmt: skip


def of_equipment(found: pd.DataFrame, table: pd.DataFrame) -> tuple[str, ...]:
    """Say which machines state a standard that diesels of their power and model year did not have.

    Parameters
    ----------
    found : pandas.DataFrame
        As `emissions.equipment_tiers.unlawful_tiers` gives it.
    table : pandas.DataFrame
        The activity.
    """
    lines = [
        f"{unit} {tier} of {year:.0f}, {power:,.0f} kW, where "
        f"{least if least == most else f'{least} to {most}'} was the standard"
        for unit, tier, year, power, least, most in found[
            ["unit_id", "tier", "engine_model_year", "power_kw", "least", "most"]
        ].itertuples(index=False, name=None)
    ]  # fmt: skip
    return _told(
        found, table, lines, "records of equipment", "40 CFR 89 and 1039",
        "a wrong tier, year or power, a repower whose engine_model_year is not told, or an engine certified "
        "early",
    )  # fmt: skip


def of_locomotives(found: pd.DataFrame, table: pd.DataFrame) -> tuple[str, ...]:
    """Say which locomotives state a tier that is not that of the year in which they were built.

    Parameters
    ----------
    found : pandas.DataFrame
        As `emissions.locomotive_tiers.unlawful_tiers` gives it.
    table : pandas.DataFrame
        The activity.
    """
    lines = [
        f"{kind.replace('_', ' ')} {tier} built in {year:.0f}, where Tier {lawful} was the standard"
        for kind, tier, year, lawful in found[["kind", "tier", "year_built", "lawful"]].itertuples(
            index=False, name=None
        )
    ]
    switch = (found["kind"] == "switch").any() if len(found) else False
    unsure = "; the years of switch locomotives could not be verified" if switch else ""
    return _told(
        found, table, lines, "locomotives", f"40 CFR 1033.101{unsure}",
        "a wrong tier or year, or a repower: year_built is then the year of the new engine",
    )  # fmt: skip


def _told(
    found: pd.DataFrame, table: pd.DataFrame, lines: Sequence[str], what: str, law: str, cause: str
) -> tuple[str, ...]:
    if found.empty:
        return ()
    placed = [f"{place}{line}" for place, line in zip(_places(found, table), lines, strict=True)]
    more = f"; and {len(placed) - NAMED:,} more" if len(placed) > NAMED else ""
    first = (
        f"WARNING: {len(found):,} {what} state a tier that the law does not give them ({law}): "
        f"{'; '.join(placed[:NAMED])}{more}. It is {cause}; the stated tier was taken"
    )
    if not more:
        return (first,)
    return (first, f"all {len(found):,} {what} with a tier that the law does not give: {'; '.join(placed)}")


def _places(found: pd.DataFrame, table: pd.DataFrame) -> list[str]:
    if "_file" not in table:
        return [""] * len(found)
    where = table.loc[found.index, ["_file", "_row"]].itertuples(index=False, name=None)
    return [f"{file} row {row}, " for file, row in where]


def _range(least: float, most: float) -> str:
    return f"Tier {least:.0f}" if least == most else f"Tier {least:.0f} to {most:.0f}"
