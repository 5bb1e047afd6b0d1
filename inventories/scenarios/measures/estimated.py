"""What a change of class would leave unestimated: a factor that is missing must not look like a reduction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from factors.library import recipe_for
from factors.terms import is_carrier

if TYPE_CHECKING:
    from inventories.scenarios.base import BaseYear
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
    known = set(base.method.coverage["pollutant"].astype(str))
    there = ", ".join(sorted(name for name in known if not is_carrier(name)))
    found = [
        f'{measure.title}, accept_not_estimated: no method states a pollutant "{name}"; there are {there}'
        for name in accepted
        if name not in known
    ]
    for option in measure.options():
        for source in measure.sources():
            rows = base.rows.get(source)
            if rows is None:
                continue
            key = ("problems", source, option.key)
            if key not in base.cache:
                base.cache[key] = _problems(base, source, rows, option)
            broken, lost = base.cache[key]
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


def _problems(base: BaseYear, source: str, rows: pd.DataFrame, option: Option) -> tuple[str, tuple[str, ...]]:
    measure = option.measure
    touched = rows[measure.affected(source, rows) & ~measure.changed(source, rows, option)]
    if not len(touched):
        return "", ()
    varied = measure.vary(source, touched, option)
    out = varied["out_source"].fillna(source) if "out_source" in varied else pd.Series(source, varied.index)
    after: dict[str, bool] = {}
    for target in sorted(out.unique()):
        try:
            states = _states(base, str(target), varied[(out == target).to_numpy()])
        except (ValueError, LookupError) as problem:
            return str(problem), ()
        if target == source:
            after = states
    before = _states(base, source, touched)
    return "", tuple(name for name, known in before.items() if known and after.get(name) is False)


def _states(base: BaseYear, source: str, rows: pd.DataFrame) -> dict[str, bool]:
    """By pollutant: whether all classes of the rows estimate it; pollutants that no line names are left out.

    A pollutant is estimated where some process of the class has a value, or no process lacks one. Pilot fuel
    does not count: it neither makes up for an engine of which nothing is known, nor stands against it.
    """
    keys = list(recipe_for(source, base.method).KEYS)
    grid = {f"key_{name}": value for name, value in base.grid_keys.items() if name in keys}
    rows = rows.assign(**{name: value for name, value in grid.items() if name not in rows})
    named = rows[[f"key_{name}" for name in keys]].set_axis(keys, axis=1)
    class_id, classes = base.resolve(source, named)
    groups = classes.classes.loc[pd.unique(class_id), "coverage_group"].unique()
    stated = classes.coverage[classes.coverage["coverage_group"].isin(groups)]
    stated = stated[stated["process"] != "pilot"]
    by = [stated["coverage_group"], stated["pollutant"]]
    known = (stated["state"] == "value").groupby(by).any() | ~(stated["state"] == "NE").groupby(by).any()
    return {str(name): bool(all_of) for name, all_of in known.groupby(level=1).all().items()}
