"""Which truck of a table stands for another: model years, calendar years, fleet means, each said aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.library import classify
from factors.method import Method
from factors.recipes.trucks.steps import ages, groups_of, step_pattern
from factors.tables import FactorMissing, FactorTable

SOURCE = "heavy_duty_vehicles"


def declared(method: Method, name: str) -> Mapping[str, Any]:
    """Return what the method file declares of trucks under a name."""
    return method.sources[SOURCE][name]


def joined(first: pd.Series, second: pd.Series | str) -> pd.Series:
    """Put one note behind another."""
    both = first + "; " + second
    return both.str.removeprefix("; ").str.removesuffix("; ")


def held(burning: pd.DataFrame, table: FactorTable, method: Method, years: pd.DataFrame) -> pd.DataFrame:
    """Classes keyed as a table of rates is, with ``extrapolated`` and ``note`` where a rate stands in.

    `years` are those of `held_years`.

    A table over all model years or speeds stands for each of them, and says so.
    """
    means = _means(burning, table)
    base, used = years["calendar_year"], years["model_year"]
    stands = (used != burning["model_year"]) | (base != burning["calendar_year"])
    if _by_age(table, method):
        note = (
            "model year " + used.astype(str) + " of calendar " + base.astype(str)
            + " (age " + (base - used).astype(str) + ") stands in for model year "
            + burning["model_year"].astype(str) + " in " + burning["calendar_year"].astype(str)
        )  # fmt: skip
    else:
        note = "rates of " + base.astype(str) + " stand in for " + burning["calendar_year"].astype(str)
    return burning.assign(
        model_year=used,
        calendar_year=base,
        extrapolated=burning["extrapolated"] | stands | (means != ""),
        note=joined(burning["note"].mask(stands, joined(burning["note"], note)), means),
    )


def held_years(burning: pd.DataFrame, table: FactorTable, method: Method, quantity: str) -> pd.DataFrame:
    """Return the ``model_year`` and ``calendar_year`` by which a table of rates is asked for a quantity.

    By ``hold_by_age`` the rate is that of the same standard group at the same age in the nearest calendar
    year that the table has; where it lacks that age within the group, of the group's nearest model year. The
    groups are those between the steps of the quantity's own rates (`factors.recipes.trucks.steps`). A rate
    that does not age (of idling, of the fuel burnt) is that of the model year itself.
    """
    base = _base_year(burning, table, method)
    if method.option("outside_edition") == "error":
        own = "calendar_year" in table.spec.keys
        _refuse_other_years(
            burning, set(table.frame["calendar_year"]) if own else {declared_year(method)}, table
        )
    used = burning["model_year"]
    if _by_age(table, method):
        wanted = used - (burning["calendar_year"] - base) * ages(table, quantity, method)
        used = _same_group(burning.assign(calendar_year=base), wanted, table, method, quantity)
    return pd.DataFrame({"model_year": used, "calendar_year": base})


def pattern(table: FactorTable, method: Method, quantity: str) -> int:
    """Return a number that quantities share which ask a table for the same years, whatever the truck."""
    return step_pattern(_alike_by(table), table, quantity, method) if _by_age(table, method) else 0


def _alike_by(table: FactorTable) -> list[str]:
    return [name for name in ("emfac_category", "fuel", "calendar_year") if name in table.spec.keys]


def _by_age(table: FactorTable, method: Method) -> bool:
    return method.option("outside_edition") != "error" and "model_year" in table.spec.keys


def _means(burning: pd.DataFrame, table: FactorTable) -> pd.Series:
    """Say what a table has added up over: the mean is no rate of a speed or a model year."""
    over = []
    if "model_year" not in table.spec.keys:
        over.append("all model years")
    if "speed_bin_mph" not in table.spec.keys and table.spec.name.endswith("running"):
        over.append("all speeds")
    said = f"a mean over {' and '.join(over)}" if over else ""
    return pd.Series(said, index=burning.index, dtype="str")


def declared_year(method: Method) -> int:
    """Return the calendar year of the shipped edition's rates."""
    return int(method.sources[SOURCE]["edition_calendar_year"])


def nearest_calendar_year(classes: pd.DataFrame, years: Sequence[int]) -> pd.Series:
    """Return for each class the year of a table nearest to its own; the newer of two."""
    listed = np.array(sorted(years, reverse=True))
    away = np.abs(classes["calendar_year"].to_numpy()[:, None] - listed[None, :])
    return pd.Series(listed[np.argmin(away, axis=1)], index=classes.index)


def _base_year(burning: pd.DataFrame, table: FactorTable, method: Method) -> pd.Series:
    if "calendar_year" not in table.spec.keys:
        return pd.Series(declared_year(method), index=burning.index)
    if method.option("outside_edition") == "error":
        return burning["calendar_year"]  # the look-up names a year that is not there
    return nearest_calendar_year(burning, sorted(set(table.frame["calendar_year"])))


def _refuse_other_years(burning: pd.DataFrame, held_years: set[int], table: FactorTable) -> None:
    off = burning[~burning["calendar_year"].isin(held_years)]
    if off.empty:
        return
    keys = ["calendar_year", "model_year"]
    asked = off[keys].drop_duplicates().sort_values(keys)
    years = ", ".join(map(str, sorted(set(asked["calendar_year"]))))
    near = min(held_years, key=lambda year: abs(year - int(asked["calendar_year"].iloc[0])))
    raise FactorMissing(
        table.name,
        "NOx",
        asked.reset_index(drop=True),
        f"{table.name} holds rates of calendar year {', '.join(map(str, sorted(held_years)))}; {len(asked)} "
        f"model years are asked for in {years}. "
        f"Nearest key: calendar_year={near}. "
        'Choose outside_edition = "hold_by_age" to take the rate of the same standard group at the same age, '
        "marked extrapolated.",
    )


def _same_group(
    asked: pd.DataFrame, wanted: pd.Series, table: FactorTable, method: Method, quantity: str
) -> pd.Series:
    """Return the table's model year nearest to the wanted one within each truck's standard group."""
    by = _alike_by(table)
    listed = table.listed(*by, "model_year")
    both = pd.concat([asked[[*by, "model_year"]], listed], ignore_index=True)
    group = groups_of(both, by, table, quantity, method).to_numpy()
    asked, listed = asked.assign(group=group[: len(asked)]), listed.assign(group=group[len(asked) :])
    by.append("group")
    number, _ = classify(pd.concat([asked[by], listed[by]], ignore_index=True))
    unheld = ~np.isin(number[: len(asked)], number[len(asked) :])
    if unheld.any():
        told = ["emfac_category"] * ("emfac_category" in by) + ["fuel", "model_year"]
        shown = asked[told][unheld].drop_duplicates()
        edition = "emfac2017" if table.spec.edition == "emfac2017" else table.name
        raise FactorMissing(
            table.name, quantity, shown.reset_index(drop=True), _unheld(edition, shown, listed)
        )
    return nearest_year(asked, listed, by, wanted)


def _unheld(edition: str, shown: pd.DataFrame, listed: pd.DataFrame) -> str:
    lines = []
    by = [name for name in ("emfac_category", "fuel") if name in shown]
    for alike, part in shown.groupby(by):
        known = listed[(listed[by] == pd.Series(dict(zip(by, alike, strict=True)))).all(axis=1)]["model_year"]
        years = ", ".join(map(str, sorted(part["model_year"])))
        reach = f"has model years {known.min()} to {known.max()}" if len(known) else "has no rates at all"
        whose = "this category" if "emfac_category" in by else "the run"
        lines.append(f"  {', '.join(map(str, alike))}: model years {years} (of an older standard, by where "
                     f"rates step); {whose} {reach}")  # fmt: skip
    advice = "A cleaner standard never stands in for an older one" + (
        '; emfac_category = "T7 tractor" reaches back to model year 1976.'
        if "emfac_category" in by
        else "; run MOVES for a calendar year whose fleet has them."
    )
    return "\n".join([f"{edition} has no truck of the same standard group for", *lines, advice])


def listed_trucks(
    trucks: pd.DataFrame, table: FactorTable, by: list[str], *, held: NDArray[np.bool_]
) -> pd.DataFrame:
    """Trucks with the calendar and model year of a table; of those that are held, the nearest there is."""
    if not held.all():
        exact, near = trucks[~held], trucks[held]
        near = listed_trucks(near, table, by, held=held[held]) if len(near) else near
        return pd.concat([exact, near]).reindex(trucks.index)
    if "calendar_year" in table.spec.keys:
        years = sorted(set(table.frame["calendar_year"]))
        trucks = trucks.assign(calendar_year=nearest_calendar_year(trucks, years))
        by = [*by, "calendar_year"]
    if "model_year" not in table.spec.keys:
        return trucks
    listed = table.listed(*by, "model_year")
    return trucks.assign(model_year=nearest_year(trucks, listed, by, trucks["model_year"]))


def nearest_year(asked: pd.DataFrame, listed: pd.DataFrame, by: list[str], wanted: pd.Series) -> pd.Series:
    """Return for each row the listed model year nearest to the wanted, alike in `by`; the newer of two.

    A row with none listed keeps the wanted year, so that the look-up names it.
    """
    both = pd.concat([asked[by], listed[by]], ignore_index=True)
    number, _ = classify(both.assign(_all=0))
    mine, group = number[: len(asked)], number[len(asked) :]
    want, years = wanted.to_numpy(dtype=np.int64), listed["model_year"].to_numpy(dtype=np.int64)
    used = want.copy()
    for one in np.intersect1d(mine, group):
        here, choices = mine == one, np.unique(years[group == one])
        after = np.searchsorted(choices, want[here])
        newer, older = choices[np.minimum(after, len(choices) - 1)], choices[np.maximum(after - 1, 0)]
        used[here] = np.where(np.abs(newer - want[here]) <= np.abs(want[here] - older), newer, older)
    return pd.Series(used, index=asked.index)


def listed_rows(need: str, vehicle: str, members: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Query of a table by vehicle and model year: the named vehicle, the model year or the nearest listed.

    Energy and wear of zero-emission trucks are no matter of a standard, so that the nearest year serves under
    either `outside_edition`, marked. `vehicle` may hold ``{model_year}``. A port's own table of another
    vehicle serves where it has but one.
    """
    table = method.table(SOURCE, need)
    shown = table.listed("vehicle", "model_year")
    if table.spec.edition == "user" and shown["vehicle"].nunique() == 1:
        vehicle = str(shown["vehicle"].iloc[0])
    named = [vehicle.format(model_year=year) for year in shown["model_year"]]
    listed = shown[(shown["vehicle"] == named).to_numpy()]
    used = nearest_year(members, listed, [], members["model_year"])
    named = [vehicle.format(model_year=year) for year in used]
    asked = pd.DataFrame({"vehicle": named, "model_year": used}, index=members.index)
    asked["extrapolated"] = used != members["model_year"]
    stands_in = "model year " + used.astype(str) + " stands in for " + members["model_year"].astype(str)
    asked["note"] = pd.Series("", index=members.index).mask(asked["extrapolated"], stands_in)
    return asked
