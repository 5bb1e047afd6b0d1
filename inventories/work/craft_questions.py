"""What keeps engines of harbor craft from being worked out, with record, column, value and remedy."""

from __future__ import annotations

from emissions import harbor_craft
from factors.method import Method
from inventories.activity import Activity
from inventories.activity.problems import ActivityError, ProblemLog
from inventories.activity.tables.cell_checks import tell
from inventories.port import Port

_TIER_4_FROM_KW = 600
_TABLE = "harbor_craft_engines"
_OWN_RATES = (
    "bring rates of your own, a table harbor_craft.emission_factors (by category, tier and hp) or "
    "harbor_craft.zero_hour (by role, hp and model year) under [factor_tables] of port.toml"
)


def ask_of_craft(activity: Activity, port: Port, year: int, method: Method) -> None:
    """Refuse engines that the method has no rates for, and fuel that more than full load would burn.

    Raises
    ------
    ActivityError
        With every such engine.
    """
    table = activity.tables[_TABLE]
    log = ProblemLog()
    unrated = harbor_craft.unrated(table, year=year, method=method)
    tier = unrated["tier"]
    power = table["power_kw"].astype(float)
    shown = (
        table["craft_id"].astype("str") + "/" + table["engine_id"].astype("str") + " " + tier
        + ", " + power.round(1).astype("str") + " kW"
    )  # fmt: skip
    of_four = unrated["is_unrated"] & (tier == "Tier 4")
    small = of_four & (power < _TIER_4_FROM_KW)
    limits = method.option("harbor_craft_tier4") == "certification_limit"
    for mask, what, allowed, advice in (
        (
            small,
            f"Tier 4 begins at {_TIER_4_FROM_KW} kW (40 CFR 1042), and the method has no rates below.",
            "Tier 0 to Tier 3",
            "Correct tier or power.",
        ),
        (
            of_four & ~small,
            "the method has no rates of Tier 4 engines of this category and power.",
            "",
            ("" if limits else "Take their certification limits as an upper bound "
             "(harbor_craft_tier4 = certification_limit); or ") + f"{_OWN_RATES}.",
        ),
        (
            unrated["is_unrated"] & ~of_four,
            "the method has no rates of engines of this category, tier and power.",
            "",
            f"State the tier of the certificate where it was taken from the model year; or {_OWN_RATES}.",
        ),
    ):  # fmt: skip
        tell(log, _TABLE, table, mask, what, column="tier", values=shown, allowed=allowed, advice=advice)
    if not log and method.option("harbor_craft_fuel_used") == "stated":
        load = harbor_craft.load_by_fuel(table, year=year, method=method)
        tell(
            log, _TABLE, table, load > 1,
            "the engine would have to run above full load to burn it (harbor_craft_fuel_used = stated).",
            column="fuel_used",
            values=shown + ", load factor " + load.round(2).astype("str"),
            allowed="fuel that hours at a load factor of at most 1 burn",
            advice="Correct fuel_used, its unit, hours or power; or leave hours blank, so that fuel gives "
            "them; or take harbor_craft_fuel_used = compare.",
        )  # fmt: skip
    if problems := log.problems():
        raise ActivityError(problems, f"{port.name}, {year}")
