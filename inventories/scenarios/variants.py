"""Variants: each way that measures together make a row, worked out once and summed to groups.

A year is base + sum over variants of share[group, year] * (variant - base); no record is visited per year.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions.engines import TIER3_CUT_OUT_LOAD
from emissions.mass import CURVE_COLUMN, cell_components, cell_sums
from factors.library import classify, recipe_for
from factors.terms import FactorClasses
from inventories.scenarios.base import BaseYear
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.scenarios.measures.kind import MeasureError, Option, ShareMeasure

MOST_VARIANTS = 64

Choice = tuple[int, ...]
"""For each family, 0 for unchanged or the number of the option taken."""


@dataclass(frozen=True)
class Variants:
    """Masses of one source category by part, choice and year.

    Attributes
    ----------
    families : list of list of Option
        Options that exclude each other.
    parts : pandas.DataFrame
        Groups told apart by which options touch their rows: ``group`` and one ``touched`` tuple per family.
    choices : list of Choice
        Choices that occur, the unchanged one first.
    mass : ndarray, shape (n_years or 1, n_parts, n_choices, n_outputs)
        [kg; kWh of electricity]
    outputs : pandas.DataFrame
        ``source_category, in_domain, pollutant`` of each output.
    """

    families: list[list[Option]]
    parts: pd.DataFrame
    choices: list[Choice]
    mass: NDArray[np.float64]
    outputs: pd.DataFrame


def work_out(
    base: BaseYear,
    source: str,
    measures: list[ShareMeasure],
    turnover: FleetTurnover | None,
    years: NDArray[np.int64],
) -> Variants:
    """Work out all variants of a source's rows.

    Raises
    ------
    MeasureError
        If measures meet in more than 64 ways.
    """
    families = _families(measures)
    rows = base.rows[source]
    touched = _touched(source, rows, families)
    part, parts = _parts(rows, touched)
    rows = rows.assign(part=part)
    choices = list(product(*(range(len(family) + 1) for family in families)))
    if len(choices) > MOST_VARIANTS:
        names = ", ".join(measure.title for measure in measures)
        raise MeasureError(
            f"{source}: {names} meet in {len(choices)} ways; at most {MOST_VARIANTS} are worked out"
        )
    signature = hash(part.tobytes())
    cells = [
        _cells(base, source, rows, families, choice, touched, signature).assign(choice=number)
        for number, choice in enumerate(choices)
    ]
    elapsed = (
        years - base.year if turnover is not None and turnover.turns(source) else np.zeros(1, dtype=np.int64)
    )
    held = pd.concat([frame for frame in cells if len(frame)], ignore_index=True)
    mass, outputs = _masses(base, held, turnover, elapsed, len(parts), len(choices))
    return Variants(families, parts, choices, mass, outputs)


def _families(measures: list[ShareMeasure]) -> list[list[Option]]:
    ordered = sorted(measures, key=lambda measure: (measure.LEVEL, measure.family()))
    named: dict[tuple[int, str], list[Option]] = {}
    for measure in ordered:
        named.setdefault((measure.LEVEL, measure.family()), []).extend(measure.options())
    return list(named.values())


def _touches(source: str, rows: pd.DataFrame, option: Option) -> NDArray[np.bool_]:
    affected = option.measure.affected(source, rows)
    return affected & ~option.measure.changed(source, rows, option)


def _touched(source: str, rows: pd.DataFrame, families: list[list[Option]]) -> list[NDArray[np.int64]]:
    """Return for each family which of its options touch each row, as bits."""
    bits = []
    for family in families:
        mask = np.zeros(len(rows), dtype=np.int64)
        for number, option in enumerate(family):
            mask |= _touches(source, rows, option).astype(np.int64) << number
        bits.append(mask)
    return bits


def _parts(rows: pd.DataFrame, touched: list[NDArray[np.int64]]) -> tuple[NDArray[np.int64], pd.DataFrame]:
    frame = pd.DataFrame(
        {"group": rows["group"].to_numpy(), **{f"touched_{n}": bits for n, bits in enumerate(touched)}}
    )
    return classify(frame)


def _cells(
    base: BaseYear,
    source: str,
    rows: pd.DataFrame,
    families: list[list[Option]],
    choice: Choice,
    touched: list[NDArray[np.int64]],
    signature: int,
) -> pd.DataFrame:
    """Rows of one choice, summed to cells by part and class; remembered, as they depend on no share."""
    taken = [
        (family[number - 1], number - 1) for family, number in zip(families, choice, strict=True) if number
    ]
    known = (source, signature, tuple(option.key for option, _ in taken))
    if known not in base.cache:
        mine = np.ones(len(rows), dtype=bool)
        for bits, number in zip(touched, choice, strict=True):
            if number:
                mine &= (bits >> (number - 1)) & 1 == 1
        varied = rows[mine] if taken else rows
        for option, _ in taken:
            varied = _apply(source, varied, option)
        base.cache[known] = _summed(base, source, varied)
    found: pd.DataFrame = base.cache[known]
    return found


def _apply(source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
    """Vary the rows that the option still touches; what an earlier level made of the others stands."""
    still = _touches(source, rows, option)
    if "out_source" in rows:
        still &= (rows["out_source"].isna() | (rows["out_source"] == source)).to_numpy()
    return pd.concat([rows[~still], option.measure.vary(source, rows[still], option)], ignore_index=True)


def _summed(base: BaseYear, source: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Sum rows to cells: by part, output, class keys, and what turnover reads."""
    if not len(rows):
        return pd.DataFrame()
    out = rows["out_source"].fillna(source) if "out_source" in rows else pd.Series(source, index=rows.index)
    cells = []
    for target in sorted(out.unique()):
        mine = rows[(out == target).to_numpy()]
        keys = list(recipe_for(str(target), base.method).KEYS)
        mine = _with_keys(mine, keys, base)
        low = (mine["load_factor"] < TIER3_CUT_OUT_LOAD) & (mine["engine_group"] == "propulsion")
        mine = mine.assign(
            low_load=low, model_year=mine["model_year"].fillna(0).astype(np.int64), port_share=1.0
        )
        class_id, classes = base.resolve(str(target), mine[keys])
        named = ["part", "in_domain", "low_load", "model_year"]
        _, summed = cell_sums(mine, class_id, classes, named)
        _blank_unfollowed(summed, classes)
        described = classes.classes.loc[summed["class_id"], keys].reset_index(drop=True).add_prefix("key_")
        cells.append(
            pd.concat([summed.drop(columns="class_id"), described], axis=1).assign(out_source=target)
        )
    return pd.concat(cells, ignore_index=True)


def _blank_unfollowed(cells: pd.DataFrame, classes: FactorClasses) -> None:
    """Mark sums along curves that a cell's class does not follow as missing: they were not worked out."""
    for name in classes.components["curve"].unique():
        if name != "one":
            follows = np.zeros(len(classes.classes), dtype=bool)
            follows[classes.terms.loc[classes.terms["curve"] == name, "class_id"].to_numpy()] = True
            column = CURVE_COLUMN + str(name)
            cells[column] = cells[column].where(follows[cells["class_id"].to_numpy()])


def _require_curves(source: str, work: pd.DataFrame, classes: FactorClasses) -> None:
    """Refuse classes, new by turnover, that follow a curve their cells were not summed along."""
    factor = classes.matrix[work["class_id"].to_numpy()]
    for number, name in enumerate(classes.components["curve"]):
        if name == "one":
            continue
        column = CURVE_COLUMN + str(name)
        lacking = work[column].isna().to_numpy() if column in work else np.ones(len(work), dtype=bool)
        if (lacking & (factor[:, number] != 0)).any():
            raise MeasureError(
                f"{source}: after turnover some classes follow the curve {name!r}, which their work was not "
                "summed along"
            )


def _with_keys(rows: pd.DataFrame, keys: list[str], base: BaseYear) -> pd.DataFrame:
    """Name the class keys as the recipe does; the grid that new electricity comes from is the method's."""
    named = {key: rows[f"key_{key}"].to_numpy() for key in keys if f"key_{key}" in rows}
    if "grid_region" in keys and "grid_region" not in named:
        named["grid_region"] = np.full(len(rows), base.method.option("grid_region"), dtype=object)
    return rows.drop(columns=[key for key in keys if key in rows]).assign(**named)


def _masses(
    base: BaseYear,
    cells: pd.DataFrame,
    turnover: FleetTurnover | None,
    elapsed: NDArray[np.int64],
    n_parts: int,
    n_choices: int,
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Masses of all cells in all years, as an array by year, part, choice and output."""
    outputs: list[tuple[str, bool, str]] = []
    pieces: list[tuple[NDArray[Any], NDArray[np.float64], int]] = []
    for target in sorted(cells["out_source"].unique()):
        mine = cells[(cells["out_source"] == target).to_numpy()].reset_index(drop=True)
        keys = [f"key_{key}" for key in recipe_for(str(target), base.method).KEYS]
        aged = [turnover.keys_in(str(target), mine, int(years)) if turnover else mine for years in elapsed]
        every = pd.concat([frame[keys] for frame in aged], ignore_index=True)
        class_id, classes = base.resolve(
            str(target), every.set_axis([key.removeprefix("key_") for key in keys], axis=1)
        )
        work = pd.concat([mine] * len(elapsed), ignore_index=True).assign(class_id=class_id)
        _require_curves(str(target), work, classes)
        work = work.fillna({column: 0.0 for column in work if str(column).startswith(CURVE_COLUMN)})
        components = cell_components(work, classes)
        year = np.repeat(np.arange(len(elapsed)), len(mine))
        place = (year * n_parts + work["part"].to_numpy()) * n_choices + work["choice"].to_numpy()
        names = classes.components["pollutant"].to_numpy()
        for inside in (True, False):
            here = (work["in_domain"] == inside).to_numpy()
            if not here.any():
                continue
            for pollutant in pd.unique(names):
                outputs.append((str(target), inside, str(pollutant)))
                mass = components[:, names == pollutant].sum(axis=1)
                pieces.append((place[here], mass[here], len(outputs) - 1))
    shape = (len(elapsed), n_parts, n_choices)
    out = np.zeros((int(np.prod(shape)), len(outputs)))
    for where, mass, number in pieces:
        out[:, number] = np.bincount(where, weights=mass, minlength=len(out))
    frame = pd.DataFrame(outputs, columns=["source_category", "in_domain", "pollutant"])
    return out.reshape(*shape, len(outputs)), frame
