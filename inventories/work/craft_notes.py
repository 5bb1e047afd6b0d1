"""What a reader has to know of the work of harbor craft, in words: fuel, tiers, limits, renewable diesel."""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.recipes.harbor_craft import limited
from inventories.work import fuel_notes

_HOURS_OF_A_YEAR = 8784
_NAMED = 3


def of_fuel(fuel: pd.DataFrame, method: Method, table: pd.DataFrame | None = None) -> tuple[str, ...]:
    """Say what became of the fuel that engines of harbor craft state.

    Parameters
    ----------
    fuel : pandas.DataFrame
        As `emissions.harbor_craft.fuel_of_engines` gives it.
    method : Method
    table : pandas.DataFrame, optional
        The activity, row for row; ``_file`` and ``_row`` say where a record is.
    """
    said = []
    gives = fuel[fuel["state"] == "gives hours"]
    if len(gives):
        said.append(f"work of {len(gives):,} engines of harbor craft follows from the fuel that they used")
        long = gives[gives["hours"] > _HOURS_OF_A_YEAR]
        if len(long):
            said.append(
                f"WARNING: the fuel of {len(long):,} engines of harbor craft needs more than "
                f"{_HOURS_OF_A_YEAR:,} hours at their load ({_first(long)}): power, load or fuel is wrong"
            )
    compared = fuel[fuel["state"] == "compared"]
    if len(compared):
        taken = method.option("harbor_craft_fuel_used") == "stated"
        did = "taken, by the mean load that burns it" if taken else "compared only; hours and load were kept"
        low, high = compared["ratio"].min(), compared["ratio"].max()
        said.append(
            f"stated fuel of {len(compared):,} engines of harbor craft is {low:.2f} to {high:.2f} times what "
            f"their hours imply (first: {_first(compared)}): {did} (option harbor_craft_fuel_used)"
        )
        names = compared["craft_id"] + "/" + compared["engine_id"]
        said += fuel_notes.far_off(compared["ratio"], names, table, "engines of harbor craft", did)
    unused = {"zero": "is 0 and was not taken", "electric": "is of electric drives and was not used"}
    for state, words in unused.items():
        here = fuel[fuel["state"] == state]
        if len(here):
            said.append(f"fuel_used of {len(here):,} engines of harbor craft {words} (first: {_first(here)})")
    return tuple(said)


def of_limits(rows: pd.DataFrame, method: Method) -> tuple[str, ...]:
    """Say how much engine work takes certification limits for rates.

    Parameters
    ----------
    rows : pandas.DataFrame
        Work rows of harbor craft.
    method : Method
    """
    those = limited(rows, method)
    if not those.any():
        return ()
    is_engine = rows["quantity_kind"] == "energy"
    share = rows.loc[those, "quantity"].sum() / rows.loc[is_engine, "quantity"].sum()
    return (
        f"{share:.1%} of the engine work of harbor craft takes the certification limits of Tier 4, an upper "
        "bound (harbor_craft_tier4 = certification_limit)",
    )


def of_rule(engines: pd.DataFrame, rows: pd.DataFrame, method: Method) -> tuple[str, ...]:
    """Say how many engines recorded on diesel were given renewable diesel by California's rule.

    Parameters
    ----------
    engines : pandas.DataFrame
        As recorded.
    rows : pandas.DataFrame
        Their work rows.
    method : Method
    """
    moved = int((engines["fuel"] == "diesel").sum())
    taken = (rows["fuel"] == "renewable_diesel").any() and not (rows["fuel"] == "diesel").any()
    if method.option("harbor_craft_fuel_rule") != "california" or not moved or not taken:
        return ()
    return (
        f"{moved:,} engines of harbor craft recorded on diesel burn renewable diesel by California's rule "
        "(13 CCR 2299.5(b), in force since 2023): their CO2 is biogenic and on a line of its own",
    )


def _first(rows: pd.DataFrame) -> str:
    return ", ".join((rows["craft_id"] + "/" + rows["engine_id"]).head(_NAMED))
