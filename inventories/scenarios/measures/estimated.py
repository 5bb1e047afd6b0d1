"""What a change of class would leave unestimated: a factor that is missing must not look like a reduction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from factors.library import recipe_for
from factors.terms import is_carrier

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear
    from inventories.scenarios.measures.kind import Option, ShareMeasure


def problems_of(base: BaseYear, measure: ShareMeasure, accepted: tuple[str, ...] = ()) -> list[str]:
    """Return what the factors cannot say of the rows that a measure would make.

    Two things are refused: classes that the method has no factors for, and pollutants that are estimated
    today and would not be estimated of the changed work, unless the scenario accepts them by name.

    Parameters
    ----------
    base : BaseYear
    measure : ShareMeasure
    accepted : tuple of str
        Pollutants that may become not estimated.
    """
    found = _unknown(base, measure, accepted) if accepted else []
    sources = [source for source in measure.sources() if source in base.rows]
    new = [(source, option) for source in sources for option in measure.options()]
    new = [(source, option) for source, option in new if ("problems", source, option.key) not in base.cache]
    made = {(source, option.key): _made(base, source, option) for source, option in new}
    _resolve_together(base, list(made.values()))
    for source, option in new:
        lacking = _lacking(base, source, *made[source, option.key])
        base.cache["problems", source, option.key] = lacking
    for option in measure.options():
        for source in sources:
            broken, lost = base.cache["problems", source, option.key]
            if broken:
                found.append(f"{measure.title} ({option.label}): {broken}")
            left = sorted(set(lost) - set(accepted))
            if left:
                listed = ", ".join(f'"{name}"' for name in left)
                found.append(
                    f"{measure.title} ({option.label}): the method does not estimate {', '.join(left)} of "
                    "the changed work, so that it would look like a reduction. Bring a table of factors, or "
                    f"say accept_not_estimated = [{listed}]"
                )
    return found


def _unknown(base: BaseYear, measure: ShareMeasure, accepted: tuple[str, ...]) -> list[str]:
    """What is accepted by a name that no pollutant has."""
    known = set(base.method.coverage["pollutant"].astype(str))
    there = ", ".join(sorted(name for name in known if not is_carrier(name)))
    return [
        f'{measure.title}, accept_not_estimated: no method states a pollutant "{name}"; there are {there}'
        for name in accepted
        if name not in known
    ]


Made = tuple[pd.DataFrame, dict[str, pd.DataFrame]]
"""Rows that an option touches, and what it makes of them, by the source that these are of."""


def _made(base: BaseYear, source: str, option: Option) -> Made:
    measure, rows = option.measure, base.rows[source]
    touched = rows[measure.affected(source, rows) & ~measure.changed(source, rows, option)]
    if not len(touched):
        return touched, {}
    varied = measure.vary(source, touched, option)
    out = varied["out_source"].fillna(source) if "out_source" in varied else pd.Series(source, varied.index)
    return touched, {str(target): varied[(out == target).to_numpy()] for target in sorted(out.unique())}


def _resolve_together(base: BaseYear, made: list[Made]) -> None:
    """Ask for the classes of all options at once, which costs little more than those of one."""
    for target in {target for _, by_target in made for target in by_target}:
        named = [_named(base, target, by_target[target]) for _, by_target in made if target in by_target]
        try:
            base.resolve(target, pd.concat(named, ignore_index=True))
        except (ValueError, LookupError):
            continue  # which option it is of is told by each alone


def _lacking(
    base: BaseYear, source: str, touched: pd.DataFrame, made: dict[str, pd.DataFrame]
) -> tuple[str, tuple[str, ...]]:
    """What is missing of the rows made, in words; and what is estimated today and would not be."""
    if not len(touched):
        return "", ()
    after: dict[str, bool] = {}
    for target, rows in made.items():
        try:
            states = _states(base, target, rows)
        except (ValueError, LookupError) as problem:
            return str(problem), ()
        if target == source:
            after = states
    before = _states(base, source, touched)
    return "", tuple(name for name, known in before.items() if known and after.get(name) is False)


def _named(base: BaseYear, source: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The class keys of rows, by the names of the recipe; the grid of new electricity is the method's."""
    keys = list(recipe_for(source, base.method).KEYS)
    grid = {f"key_{name}": value for name, value in base.grid_keys.items() if name in keys}
    rows = rows.assign(**{name: value for name, value in grid.items() if name not in rows})
    return rows[[f"key_{name}" for name in keys]].set_axis(keys, axis=1)


def _states(base: BaseYear, source: str, rows: pd.DataFrame) -> dict[str, bool]:
    """By pollutant: whether all classes of the rows estimate it; pollutants that no line names are left out.

    A pollutant is estimated where some process of the class has a value, or no process lacks one. Pilot fuel
    does not count: it neither makes up for an engine of which nothing is known, nor stands against it.
    """
    class_id, classes = base.resolve(source, _named(base, source, rows))
    groups = classes.classes.loc[pd.unique(class_id), "coverage_group"].unique()
    stated = classes.coverage[classes.coverage["coverage_group"].isin(groups)]
    stated = stated[stated["process"] != "pilot"]
    by = [stated["coverage_group"], stated["pollutant"]]
    known = (stated["state"] == "value").groupby(by).any() | ~(stated["state"] == "NE").groupby(by).any()
    return {str(name): bool(all_of) for name, all_of in known.groupby(level=1).all().items()}
