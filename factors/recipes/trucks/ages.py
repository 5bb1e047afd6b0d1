"""Which truck of a table stands for another: model years, calendar years, fleet means, each said aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from factors.library import classify
from factors.method import Method
from factors.tables import FactorMissing, FactorTable

SOURCE = "heavy_duty_vehicles"


def declared(method: Method, name: str) -> Mapping[str, Any]:
    """Return what the method file declares of trucks under a name."""
    return method.sources[SOURCE][name]


def joined(first: pd.Series, second: pd.Series | str) -> pd.Series:
    """Put one note behind another."""
    both = first + "; " + second
    return both.str.removeprefix("; ").str.removesuffix("; ")


def held(burning: pd.DataFrame, table: FactorTable, method: Method) -> pd.DataFrame:
    """Classes keyed as a table of rates is, with ``extrapolated`` and ``note`` where a rate stands in.

    By ``hold_by_age`` the rate is that of the same standard group at the same age in the nearest calendar
    year that the table has; where it lacks that age within the group, of the group's nearest model year. A
    table over all model years or speeds stands for each of them, and says so.
    """
    means = _means(burning, table)
    years = held_years(burning, table, method)
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


def held_years(burning: pd.DataFrame, table: FactorTable, method: Method) -> pd.DataFrame:
    """Return the ``model_year`` and ``calendar_year`` by which a table of rates is asked; see `held`."""
    base = _base_year(burning, table, method)
    if method.option("outside_edition") == "error":
        own = "calendar_year" in table.spec.keys
        _refuse_other_years(
            burning, set(table.frame["calendar_year"]) if own else {declared_year(method)}, table
        )
    used = burning["model_year"]
    if _by_age(table, method):
        wanted = used - (burning["calendar_year"] - base)
        used = _same_group(burning.assign(calendar_year=base), wanted, table, method)
    return pd.DataFrame({"model_year": used, "calendar_year": base})


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


def _same_group(asked: pd.DataFrame, wanted: pd.Series, table: FactorTable, method: Method) -> pd.Series:
    """Return the table's model year nearest to the wanted one within each truck's standard group."""
    groups: Sequence[Mapping[str, Any]] = method.sources[SOURCE]["standard_groups"]
    by = [name for name in ("emfac_category", "fuel", "calendar_year") if name in table.spec.keys]
    listed = table.listed(*by, "model_year")
    listed = listed.assign(group=_group_of(listed["model_year"], groups))
    asked = asked.assign(group=_group_of(asked["model_year"], groups))
    by.append("group")
    number, _ = classify(pd.concat([asked[by], listed[by]], ignore_index=True))
    unheld = ~np.isin(number[: len(asked)], number[len(asked) :])
    if unheld.any():
        told = ["emfac_category"] * ("emfac_category" in by) + ["fuel", "model_year"]
        shown = asked[told][unheld].drop_duplicates()
        edition = "emfac2017" if table.spec.edition == "emfac2017" else table.name
        message = _unheld(edition, shown, listed, groups)
        raise FactorMissing(table.name, "NOx", shown.reset_index(drop=True), message)
    return nearest_year(asked, listed, by, wanted)


def _unheld(
    edition: str, shown: pd.DataFrame, listed: pd.DataFrame, groups: Sequence[Mapping[str, Any]]
) -> str:
    lines = []
    by = [name for name in ("emfac_category", "fuel") if name in shown]
    for alike, part in shown.groupby(by):
        known = listed[(listed[by] == pd.Series(dict(zip(by, alike, strict=True)))).all(axis=1)]["model_year"]
        years = ", ".join(map(str, sorted(part["model_year"])))
        reach = f"has model years {known.min()} to {known.max()}" if len(known) else "has no rates at all"
        standard = ", ".join(sorted({str(groups[n]["name"]) for n in _group_of(part["model_year"], groups)}))
        whose = "this category" if "emfac_category" in by else "the run"
        lines.append(f"  {', '.join(map(str, alike))}: model years {years} ({standard}); {whose} {reach}")
    advice = "A cleaner standard never stands in for an older one" + (
        '; emfac_category = "T7 tractor" reaches back to model year 1976.'
        if "emfac_category" in by
        else "; run MOVES for a calendar year whose fleet has them."
    )
    return "\n".join([f"{edition} has no truck of the same standard group for", *lines, advice])


def _group_of(model_year: pd.Series, groups: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """Number of the standard group of each model year."""
    starts = np.array([group.get("from", -np.inf) for group in groups], dtype=float)
    return np.searchsorted(starts, model_year.to_numpy(dtype=float), side="right") - 1


def listed_trucks(trucks: pd.DataFrame, table: FactorTable, by: list[str], method: Method) -> pd.DataFrame:
    """Trucks with the calendar and model year of a table, or the nearest where the method allows it."""
    if method.option("outside_edition") == "error":
        return trucks
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


def _refuse_unlisted(need: str, members: pd.DataFrame, listed: pd.DataFrame, table: FactorTable) -> None:
    """Stop at model years that a table by vehicle does not list, and name the option that takes others."""
    off = members[~members["model_year"].isin(listed["model_year"])]
    if off.empty:
        return
    drives = {"battery": "battery trucks", "fuel_cell": "fuel-cell trucks"}
    whose = " and ".join(drives.get(str(drive), str(drive)) for drive in sorted(off["drive"].unique()))
    asked = off[["model_year"]].drop_duplicates().sort_values("model_year").reset_index(drop=True)
    raise FactorMissing(
        table.name,
        need,
        asked,
        f"{table.name} has {need.replace('_', ' ')} of {whose} of model year "
        f"{', '.join(map(str, sorted(listed['model_year'])))}, not of "
        f'{", ".join(map(str, asked["model_year"]))}. Choose outside_edition = "hold_by_age" to take the '
        f"nearest model year, marked extrapolated; or bring a table of your own, heavy_duty_vehicles.{need}.",
    )


def listed_rows(need: str, vehicle: str, members: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Query of a table by vehicle and model year: the named vehicle, the model year or the nearest listed.

    `vehicle` may hold ``{model_year}``. A port's own table of another vehicle serves where it has but one.
    """
    table = method.table(SOURCE, need)
    shown = table.listed("vehicle", "model_year")
    if table.spec.edition == "user" and shown["vehicle"].nunique() == 1:
        vehicle = str(shown["vehicle"].iloc[0])
    named = [vehicle.format(model_year=year) for year in shown["model_year"]]
    listed = shown[(shown["vehicle"] == named).to_numpy()]
    used = members["model_year"]
    if method.option("outside_edition") == "hold_by_age":
        used = nearest_year(members, listed, [], members["model_year"])
    elif len(listed):
        _refuse_unlisted(need, members, listed, table)
    named = [vehicle.format(model_year=year) for year in used]
    asked = pd.DataFrame({"vehicle": named, "model_year": used}, index=members.index)
    asked["extrapolated"] = used != members["model_year"]
    stands_in = "model year " + used.astype(str) + " stands in for " + members["model_year"].astype(str)
    asked["note"] = pd.Series("", index=members.index).mask(asked["extrapolated"], stands_in)
    return asked
