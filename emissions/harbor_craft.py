"""Harbor craft: work of the engines of tugs, ferries, workboats, dredgers and barges.

work = power * load factor * hours * share within the domain
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from emissions import craft_fuel
from emissions._arguments import bare, formula
from emissions._months_and_zones import over_months, zone_of
from emissions.craft_tiers import SMALLER_THAN_C2, tiers
from emissions.engines import engine_work
from factors.method import Method
from factors.recipes.harbor_craft import FUELS, KEYS, power_bin, rated, zero_hour_form
from factors.tables import FactorMissing, FactorTable
from factors.units import conversion

SOURCE = "harbor_craft"
_NEEDED = ("craft_id", "craft_type", "engine_id", "role", "model_year", "power_kw", "hours", "fuel")
_MAIN = ("propulsion",)


@formula()
def life_used(age_years: ArrayLike, useful_life_years: ArrayLike) -> NDArray[np.float64]:
    """Return the share of an engine's useful life that is used up.

    Parameters
    ----------
    age_years : array_like, shape (n,)
        Years in use; hours in use where the life is in hours.
    useful_life_years : array_like, shape (n,)
        In the same unit.

    Returns
    -------
    ndarray, shape (n,)
        Not capped. [1]

    Raises
    ------
    ValueError
        If an age is negative or a life not above zero.

    Notes
    -----
    .. math:: a = t / T

    References
    ----------
    CARB, commercial harbor craft inventory,
    https://ww2.arb.ca.gov/our-work/programs/commercial-harbor-craft: EF = ZH (1 + DF age / useful life);
    the form was seen in CARB's flow chart, the numbers are from memory.

    40 CFR 1042: a useful life of 10 years or 10,000 hours of Category 1 commercial engines,
    https://www.ecfr.gov/current/title-40/part-1042.

    Examples
    --------
    >>> life_used([5.0], [20.0])
    array([0.25])
    """
    age, life = (np.asarray(value, dtype=float) for value in (age_years, useful_life_years))
    if (age < 0).any() or (life <= 0).any():
        raise ValueError("an age must be 0 or more, and a useful life above 0")
    return np.asarray(age / life)


@formula()
def work_rows(
    engines: pd.DataFrame, zones: pd.DataFrame | None = None, *, year: int, method: Method
) -> pd.DataFrame:
    """Work of the engines of harbor craft in a year, month by month.

    Parameters
    ----------
    engines : pandas.DataFrame, shape (n, ...)
        ``craft_id, craft_type, engine_id, role, model_year, power_kw`` [kW, of one engine], ``hours`` [h, of
        one engine; missing where ``fuel_used_l`` gives them], ``fuel``; optional ``fuel_used_l`` [L, of one
        engine, of the whole craft where ``is_fuel_of_craft``], ``count`` (1), ``power_hp`` [hp] (for the
        power bin, before power_kw),
        ``tier``, ``category``, ``cylinder_l`` [L], ``load_factor`` [1], ``useful_life`` [years],
        ``cumulative_hours`` [h], ``in_domain_share`` (1), ``kwh_metered`` [kWh], ``home_hours`` [h] (those of
        the hours at the home berth), ``has_home_shore_power``, ``home_kwh_metered`` [kWh], ``port``,
        ``zone``, ``operator``, ``control``.
    zones : pandas.DataFrame, optional
        ``zone, in_domain, jurisdiction``.
    year : int
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        Work rows with the recipe's keys and the curve state ``life_used`` [1]. Quantities: engine work [kWh],
        metered electricity [kWh], or hours [h] of electric drives without a meter. Work outside the domain is
        kept in rows of its own, and so is work at the home berth (``home_berth``), which is electricity where
        the craft is plugged in there.

    Raises
    ------
    ValueError
        If a column is missing, a fuel or role unknown, or a model year later than next year; all in one
        message.
    FactorMissing
        If the method has no load factor for a craft and role and none is given.
    """
    _check(engines, year)
    engines = _with_hours(craft_fuel.by_rule(engines.reset_index(drop=True), year, method), year, method)
    engines = _with_home_hours(engines)
    table = _by_place(_filled(engines, year, method))
    inside = _split(table, zones)
    return over_months(inside, ("quantity", "engine_hours"), year)


def fuel_of_engines(engines: pd.DataFrame, *, year: int, method: Method) -> pd.DataFrame:
    """Return the stated fuel of each engine, and what its hours imply.

    Parameters
    ----------
    engines, year, method
        As for `work_rows`.

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        ``craft_id, engine_id, hours`` and the columns of `emissions.craft_fuel.against_work`; empty where no
        engine states fuel.
    """
    if not craft_fuel.states_fuel(engines):
        return pd.DataFrame(columns=["craft_id", "engine_id", "hours", "state"])
    known = craft_fuel.by_rule(engines.reset_index(drop=True), year, method)
    filled = _filled(known.assign(hours=known["hours"].fillna(0.0)), year, method)
    fuel = craft_fuel.against_work(known, filled, method)
    hours = craft_fuel.with_hours(known, filled, method)["hours"]
    names = known[["craft_id", "engine_id"]].astype(str)
    return names.assign(hours=hours, **{str(name): fuel[name] for name in fuel})


def unrated(engines: pd.DataFrame, *, year: int, method: Method) -> pd.DataFrame:
    """Return of which engines the method has no rates, before any work is counted.

    Parameters
    ----------
    engines, year, method
        As for `work_rows`.

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        ``tier``, stated or of the model year, and ``is_unrated``; the index is that of `engines`.
    """
    _check(engines, year)
    known = craft_fuel.by_rule(engines.reset_index(drop=True), year, method)
    filled = _filled(known.assign(hours=known["hours"].fillna(0.0)), year, method)
    burning = (filled["technology"] == "combustion").to_numpy()
    lacking = burning.copy()
    asked = filled[burning].assign(role=filled["role_key"])
    lacking[burning] = ~rated(asked[list(KEYS)], method)
    found = pd.DataFrame({"tier": filled["tier_shown"].astype("str"), "is_unrated": lacking})
    return found.set_axis(engines.index)


def load_by_fuel(engines: pd.DataFrame, *, year: int, method: Method) -> pd.Series:
    """Return the load at which engines would burn their stated fuel in their hours; NaN of others.

    Parameters
    ----------
    engines, year, method
        As for `work_rows`.
    """
    if not craft_fuel.states_fuel(engines):
        return pd.Series(np.nan, index=engines.index)
    known = craft_fuel.by_rule(engines.reset_index(drop=True), year, method)
    filled = _filled(known.assign(hours=known["hours"].fillna(0.0)), year, method)
    load = filled["load_factor"] * craft_fuel.against_work(known, filled, method)["ratio"]
    return load.set_axis(engines.index)


def _with_hours(engines: pd.DataFrame, year: int, method: Method) -> pd.DataFrame:
    if not craft_fuel.states_fuel(engines):
        return engines
    filled = _filled(engines.assign(hours=engines["hours"].fillna(0.0)), year, method)
    found = craft_fuel.with_hours(engines, filled, method)
    above = found["load_factor"] > 1
    if above.any():
        who = engines.loc[above, "craft_id"].astype(str) + "/" + engines.loc[above, "engine_id"].astype(str)
        raise ValueError(
            f"harbor_craft_engines: fuel_used of {int(above.sum())} engines needs more than full load "
            f"(first: {', '.join(who.head(3))}), and harbor_craft_fuel_used = stated takes it: correct "
            "fuel_used, hours or power, or take harbor_craft_fuel_used = compare"
        )
    return found


def _column(frame: pd.DataFrame, name: str, otherwise: Any) -> pd.Series:
    if name not in frame:
        return pd.Series(otherwise, index=frame.index)
    return frame[name].where(frame[name].notna(), otherwise)


def _check(engines: pd.DataFrame, year: int) -> None:
    absent = [name for name in _NEEDED if name not in engines]
    if absent:
        raise ValueError(f"harbor_craft_engines: column {', '.join(absent)} is missing")
    problems = []
    known = [*FUELS, "electric"]
    by_fuel = engines["hours"].isna() & (_column(engines, craft_fuel.STATED, 0.0) > 0)
    for bad, words in (
        (~engines["fuel"].isin(known), f"fuel is not among {', '.join(known)}"),
        (engines["model_year"] > year + 1, f"model_year is after {year + 1}"),
        (~(engines["hours"] >= 0) & ~by_fuel, "hours are missing or negative, and no fuel_used gives them"),
        (
            by_fuel & (engines["fuel"] == "electric"),
            "hours are missing, which fuel gives none of electric drives",
        ),
        (by_fuel & (_column(engines, "home_hours", 0.0) > 0), "home_hours stand without hours"),
        (~(engines["power_kw"] > 0), "power_kw is missing or not positive"),
        (_column(engines, "home_hours", 0.0) > engines["hours"], "home_hours are more than hours"),
    ):
        if bad.any():
            who = engines.loc[bad, "craft_id"].astype(str) + "/" + engines.loc[bad, "engine_id"].astype(str)
            first = ", ".join(who.tolist()[:3])
            problems.append(f"{words} ({int(bad.sum())} of {len(engines)} rows, first: {first})")
    if problems:
        raise ValueError("harbor_craft_engines: " + "; ".join(problems))


def _with_home_hours(engines: pd.DataFrame) -> pd.DataFrame:
    """Tell hours at the home berth on shore power from those on the engine, which alone age it."""
    home = _column(engines, "home_hours", 0.0).astype(float)
    home = home.where(engines["fuel"] != "electric", 0.0)
    plugged = _column(engines, "has_home_shore_power", False).astype(bool)
    return engines.assign(
        hours=engines["hours"] - home.where(plugged, 0.0),
        hours_plugged=home.where(plugged, 0.0),
        hours_at_home=home.where(~plugged, 0.0),
    )


def _by_place(table: pd.DataFrame) -> pd.DataFrame:
    """Rows at work, at the home berth on the engine, and there on shore power: metered, or its work."""
    at_home, plugged = table["hours_at_home"], table["hours_plugged"]
    parts = [table.assign(mode="working", hours=table["hours"] - at_home)]
    if (at_home > 0).any():
        parts.append(table[at_home > 0].assign(mode="home_berth", hours=at_home))
    if (plugged > 0).any():
        mine = table[plugged > 0]
        work = engine_work(mine["power_kw"], mine["load_factor"], mine["hours_plugged"])
        metered = _column(mine, "home_kwh_metered", np.nan).astype(float)
        blank = dict.fromkeys(("category", "tier", "tier_shown", "power_bin", "role_key"), "")
        parts.append(
            mine.assign(
                **blank,
                mode="home_berth",
                technology="electric",
                fuel="electric",
                hours=mine["hours_plugged"],
                kwh_metered=metered.where(metered.notna(), work),
                model_year=0,
                load_factor=np.nan,
                life_used=0.0,
            )
        )
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _filled(engines: pd.DataFrame, year: int, method: Method) -> pd.DataFrame:
    """Give each engine its category, tier, power bin, load factor and share of life used."""
    hp = engines["power_kw"] * conversion("kW", "hp")
    if "power_hp" in engines:
        hp = engines["power_hp"].where(engines["power_hp"].notna(), hp)
    burning = engines["fuel"] != "electric"
    metered = _column(engines, "kwh_metered", np.nan).notna()
    kind = np.select([burning, metered], ["combustion", "electric"], "electric_unmetered")
    cylinder = _column(engines, "cylinder_l", np.nan).astype(float)
    by_size = pd.Series("C1", index=engines.index, dtype="str").mask(cylinder >= SMALLER_THAN_C2, "C2")
    category = _column(engines, "category", "").astype("str")
    category = category.where(category != "", by_size)
    found = engines.assign(
        technology=kind,
        category=category,
        year_built=engines["model_year"].astype(float),
        cylinder_l=cylinder,
        count=_column(engines, "count", 1).astype(float),
        power_bin="",
        life_used=0.0,
    )
    found.loc[burning, "power_bin"] = power_bin(hp[burning], method) if burning.any() else ""
    tier, assumed = tiers(found, method)
    load, load_from = _load_factors(found, method)
    by_fuel = _column(engines, "is_work_by_fuel", False).astype(bool)
    guessed = assumed | (load_from & ~by_fuel)
    for name in ("role_from", "power_kw_from", "engine_id_from"):
        guessed = guessed | _column(engines, name, "given").eq("default")
    form = zero_hour_form(method)
    found = found.assign(
        tier=tier.where(burning, ""),
        tier_shown=tier.where(burning, ""),
        load_factor=load.where(burning, np.nan),
        model_year=np.where(burning & form, engines["model_year"], 0).astype(np.int64),
        role_key=np.where(
            burning & form, np.where(engines["role"].isin(_MAIN), "propulsion", "auxiliary"), ""
        ),
        provenance=np.where(guessed & burning, "default", "given"),
        is_tier_assumed=assumed & burning,
        is_load_assumed=load_from & ~by_fuel & burning,
    )
    if form:
        # CARB's form knows model years, not tiers and categories.
        found = found.assign(tier="", category="")
    found.loc[~burning, "category"] = ""
    found.loc[burning, "life_used"] = _life(found[burning], engines.loc[burning, "model_year"], year, method)
    return found


def _load_factors(engines: pd.DataFrame, method: Method) -> tuple[pd.Series, pd.Series]:
    """Load factor given, else by type of craft and role; pumps, cranes and winches count as auxiliaries."""
    given = _column(engines, "load_factor", np.nan).astype(float)
    blank = given.isna() & (engines["fuel"] != "electric")
    if not blank.any():
        return given, blank
    chosen = method.option("harbor_craft_load_factors")
    table = method.table(SOURCE, "load_factors" if chosen == "epa" else "carb_load_factors")
    role = engines["role"].where(engines["role"].isin(_MAIN), "auxiliary")
    asked = engines[["craft_type"]].assign(role=role)[blank]
    lacking = asked[~table.has(asked, "load_factor")]
    if len(lacking):
        raise _no_load_factor(engines.loc[lacking.index], lacking, table, chosen)
    return given.where(~blank, pd.Series(table.find(asked, "load_factor").to("1"), index=asked.index)), blank


def _no_load_factor(
    engines: pd.DataFrame, asked: pd.DataFrame, table: FactorTable, chosen: str
) -> FactorMissing:
    """Name the craft, kind by kind, and what can be done."""
    name = engines["craft_id"].astype(str) + "/" + engines["engine_id"].astype(str)
    lines = []
    for (craft, role), members in name.groupby([asked["craft_type"], asked["role"]]):
        first = ", ".join(members.head(3)) + (f" and {len(members) - 3} more" if len(members) > 3 else "")
        lines.append(f"  craft_type={craft}, role={role}: {first}")
    listed = ", ".join(sorted(set(table.frame["craft_type"].astype(str))))
    other = (
        "" if chosen == "carb" else ", or take California's (harbor_craft_load_factors = carb, unverified)"
    )
    return FactorMissing(
        table.name,
        "load_factor",
        asked.drop_duplicates(),
        f"harbor_craft_engines: {table.name} has no load_factor for\n"
        + "\n".join(lines)
        + f"\nIt has {listed}. Write load_factor, the mean share of rated power in use, in the rows of these "
        f"engines{other}.",
    )


def _life(engines: pd.DataFrame, model_year: pd.Series, year: int, method: Method) -> NDArray[np.float64]:
    """Share of life used: by the years given; else by CARB's years with CARB's form, else by 10,000 hours."""
    own = _column(engines, "useful_life", np.nan).to_numpy(dtype=float)
    age = (year - model_year).to_numpy(dtype=float).clip(min=0)
    if zero_hour_form(method):
        role = engines["role"].where(engines["role"].isin(_MAIN), "auxiliary")
        asked = engines[["craft_type"]].assign(role=role)[np.isnan(own)]
        years = own.copy()
        years[np.isnan(own)] = method.table(SOURCE, "carb_useful_life").find(asked, "useful_life").value
        return bare(life_used)(age, years)
    # NONROAD counts the model year itself as a full year.
    run = (age + 1) * engines["hours"].to_numpy(dtype=float)
    total = _column(engines, "cumulative_hours", np.nan).to_numpy(dtype=float)
    run = np.where(np.isnan(total), run, total)
    hours = method.table(SOURCE, "useful_life").find(engines.assign(category="C1"), "useful_life_hours").value
    by_years = np.where(np.isnan(own), 1.0, own)
    used = bare(life_used)  # of engines whose age nobody knows there is none, which is told elsewhere
    return np.where(np.isnan(own), used(run, hours), used(age + 1, by_years))


def _split(table: pd.DataFrame, zones: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of the work within the domain and, where there is any, of the work outside it."""
    hours = (table["hours"] * table["count"]).to_numpy(dtype=float)
    work = engine_work(table["power_kw"], table["load_factor"].fillna(0.0), hours)
    metered = (_column(table, "kwh_metered", 0.0) * table["count"]).to_numpy(dtype=float)
    kind = table["technology"].map({"combustion": "energy", "electric": "electricity"}).fillna("duration")
    quantity = np.select([kind == "energy", kind == "electricity"], [work, metered], hours)
    share = _column(table, "in_domain_share", 1.0).to_numpy(dtype=float)
    within, jurisdiction = zone_of(_column(table, "zone", ""), zones)
    rows = pd.DataFrame(
        {
            "record_id": table["craft_id"].astype("str") + "/" + table["engine_id"].astype("str"),
            "source_category": SOURCE,
            "source_type": table["craft_type"],
            "engine_group": table["role"],
            "process_set": kind,
            "mode_or_segment": table["mode"],
            "tier_or_model_year": table["tier_shown"],
            "terminal": "",
            "zone": _column(table, "zone", "").astype("str"),
            "jurisdiction": jurisdiction,
            "port": _column(table, "port", "").astype("str"),
            "operator": _column(table, "operator", "").astype("str"),
            "control": _column(table, "control", "third_party").astype("str"),
            "quantity_kind": kind,
            "role": table["role_key"],
            "year_built": table["year_built"],
            "port_share": 1.0,
        }
    )
    told = ("life_used", "load_factor", "provenance", "is_tier_assumed", "is_load_assumed")
    for name in (*(key for key in KEYS if key != "role"), *told):
        rows[name] = table[name]
    parts = []
    for takes, is_within in ((share, True), (1 - share, False)):
        here = np.flatnonzero((takes > 0) | (is_within & (share == 0) & (hours == 0)))
        part = rows.iloc[here].assign(
            quantity=quantity[here] * takes[here],
            engine_hours=hours[here] * takes[here],
            in_domain=within[here] & is_within,
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
