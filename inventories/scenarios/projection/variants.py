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
from emissions.mass import CURVE_COLUMN, cell_sums
from emissions.vessels import engine_loads
from factors.library import classify, recipe_for
from factors.terms import Factors, following
from inventories.scenarios.base_year.base import BaseYear
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.scenarios.measures.kind import MeasureError, Option, ShareMeasure

MOST_VARIANTS = 64

Output = tuple[str, bool, str]
Outputs = list[Output]
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
    outputs : list of Output
        Source category, whether in the domain, and pollutant of each output.
    """

    families: list[list[Option]]
    parts: pd.DataFrame
    choices: list[Choice]
    mass: NDArray[np.float64]
    outputs: Outputs


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
    families = families_of(measures)
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
    cells = [_cells(base, source, rows, families, choice, touched, signature) for choice in choices]
    if turnover is not None and not turnover.turns(source):
        turnover = None
    elapsed = years - base.year if turnover is not None else np.zeros(1, dtype=np.int64)
    turning = turnover.model_dump_json() if turnover is not None else ""
    known = [
        ("mass", source, signature, _keys(families, choice), turning, elapsed.tobytes()) for choice in choices
    ]
    new = [number for number, key in enumerate(known) if key not in base.cache]
    if new:
        found = _masses(base, source, [cells[number] for number in new], turnover, elapsed, parts)
        base.cache.update(zip((known[number] for number in new), found, strict=True))
    outputs, mass = _side_by_side([base.cache[key] for key in known], len(elapsed), len(parts))
    return Variants(families, parts, choices, mass, outputs)


def families_of(measures: list[ShareMeasure]) -> list[list[Option]]:
    """Return the options that exclude each other, family by family, in the order of levels."""
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
            mine = _touches(source, rows, option)
            for other in family:
                # What another measure of the family has changed already stays as recorded.
                if other.measure is not option.measure and other.label != option.label:
                    mine &= ~(
                        other.measure.affected(source, rows) & other.measure.changed(source, rows, other)
                    )
            mask |= mine.astype(np.int64) << number
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
    taken = _taken(families, choice)
    known = (source, signature, _keys(families, choice))
    if known not in base.cache:
        mine = np.ones(len(rows), dtype=bool)
        for bits, number in zip(touched, choice, strict=True):
            if number:
                mine &= (bits >> (number - 1)) & 1 == 1
        varied = rows[mine] if taken else rows
        for option in taken:
            varied = _apply(base, source, varied, option)
        base.cache[known] = _summed(base, source, varied)
    found: pd.DataFrame = base.cache[known]
    return found


def _taken(families: list[list[Option]], choice: Choice) -> list[Option]:
    return [family[number - 1] for family, number in zip(families, choice, strict=True) if number]


def _keys(families: list[list[Option]], choice: Choice) -> tuple[tuple[str, str], ...]:
    return tuple(option.key for option in _taken(families, choice))


def _apply(base: BaseYear, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
    """Vary the rows that the option still touches; what an earlier level made of the others stands."""
    still = _touches(source, rows, option)
    if "out_source" in rows:
        still &= (rows["out_source"].isna() | (rows["out_source"] == source)).to_numpy()
    return pd.concat(
        [rows[~still], option.measure.vary_at(base, source, rows[still], option)], ignore_index=True
    )


def _summed(base: BaseYear, source: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Sum rows to cells: by part, output, class keys, and what turnover reads."""
    if not len(rows):
        return pd.DataFrame()
    out = rows["out_source"].fillna(source) if "out_source" in rows else pd.Series(source, index=rows.index)
    cells = []
    for target in sorted(out.unique()):
        mine = rows[(out == target).to_numpy()]
        keys = list(recipe_for(str(target), base.method).KEYS)
        # The year of the engine itself: a class key of that name may hold another, or none.
        built = mine["model_year"].fillna(0).to_numpy(dtype=np.int64)
        mine = _with_keys(mine, keys, base)
        low = _is_cut_out(mine, base)
        # Classes that share their factors today may part as they age.
        key, distinct = classify(mine[keys])
        of_key, classes = base.resolve(str(target), distinct)
        mine = mine.assign(low_load=low, model_year=built, port_share=1.0, key=key)
        named = ["part", "in_domain", "low_load", "model_year", "key"]
        _, summed = cell_sums(mine, of_key[key], classes, named)
        _blank_unfollowed(summed, classes)
        described = distinct.iloc[summed.pop("key")].reset_index(drop=True).add_prefix("key_")
        cells.append(
            pd.concat([summed.drop(columns="class_id"), described], axis=1).assign(out_source=target)
        )
    return pd.concat(cells, ignore_index=True)


def _is_cut_out(rows: pd.DataFrame, base: BaseYear) -> pd.Series:
    """Which rows are of main engines below the load at which Tier III is out; see `engines.tier_at_load`."""
    if base.method.option("tier3_low_load") == "as_certified":
        return pd.Series(False, index=rows.index)
    propulsion = rows["engine_group"] == "propulsion"
    if "engine_type" not in rows:
        return (rows["load_factor"] < TIER3_CUT_OUT_LOAD) & propulsion
    names = [name for name in rows["engine_type"].unique() if str(name).endswith("-ED")]
    electric = rows["engine_type"].isin(names)
    at = engine_loads(rows["load_factor"], electric, base.method, rows["hotel_share"])
    low = pd.Series(at < TIER3_CUT_OUT_LOAD, index=rows.index)
    if base.method.option("tier3_electric_drive") == "never":
        low &= ~electric
    return low & propulsion


def _blank_unfollowed(cells: pd.DataFrame, classes: Factors) -> None:
    """Mark sums along curves that a cell's class does not follow as missing: they were not worked out."""
    for name in classes.components["curve"].unique():
        if name != "one":
            column = CURVE_COLUMN + str(name)
            cells[column] = cells[column].where(following(classes, name)[cells["class_id"].to_numpy()])


def _by_pollutant(
    source: str, cells: pd.DataFrame, class_id: NDArray[np.int64], classes: Factors
) -> dict[str, NDArray[np.float64]]:
    """Mass of each cell in each year, shape (n_years, n_cells); ``class_id`` has that shape too. [kg; kWh]

    Raises
    ------
    MeasureError
        If classes, new by turnover, follow a curve that their cells were not summed along.
    """
    work = {str(name): _work(cells, str(name)) for name in classes.components["curve"].unique()}
    missing = {name: np.flatnonzero(np.isnan(values)) for name, values in work.items()}
    known = {name: np.nan_to_num(values) for name, values in work.items()}
    names = classes.components["pollutant"].to_numpy()
    mass = {str(name): np.zeros(class_id.shape) for name in pd.unique(names)}
    factors = np.ascontiguousarray(classes.matrix.T)
    for factor, name, curve in zip(factors, names, classes.components["curve"], strict=True):
        if not factor.any():
            continue
        each = factor[class_id]
        if (each[:, missing[str(curve)]] != 0).any():
            raise MeasureError(
                f"{source}: after turnover some classes follow the curve {curve!r}, which their work was not "
                "summed along"
            )
        mass[str(name)] += known[str(curve)] * each
    return mass


def _with_keys(rows: pd.DataFrame, keys: list[str], base: BaseYear) -> pd.DataFrame:
    """Name the class keys as the recipe does; the grid that new electricity comes from is the method's."""
    named: dict[str, Any] = {key: rows[f"key_{key}"] for key in keys if f"key_{key}" in rows}
    for key, value in base.grid_keys.items():
        if key in keys and key not in named:
            named[key] = np.full(len(rows), value, dtype=object if isinstance(value, str) else np.int64)
    return rows.drop(columns=[key for key in keys if key in rows]).assign(**named)


def _masses(
    base: BaseYear,
    source: str,
    choices: list[pd.DataFrame],
    turnover: FleetTurnover | None,
    elapsed: NDArray[np.int64],
    parts: pd.DataFrame,
) -> list[tuple[Outputs, NDArray[np.float64]]]:
    """Masses of the cells of each choice in all years, as arrays by year, part and output."""
    told = [cells.assign(choice=number) for number, cells in enumerate(choices) if len(cells)]
    every = pd.concat(told, ignore_index=True) if told else pd.DataFrame()
    outputs: list[Outputs] = [[] for _ in choices]
    pieces: list[list[NDArray[np.float64]]] = [[] for _ in choices]
    groups = parts["group"].to_numpy(dtype=np.int64)
    for target in sorted(every["out_source"].unique()) if len(every) else []:
        mine = every[(every["out_source"] == target).to_numpy()]
        # What several choices ask of factors is asked once.
        class_id, classes = _classes_by_year(base, str(target), mine, turnover, elapsed)
        mass = _by_pollutant(str(target), mine, class_id, classes)
        stock = None
        if turnover is not None and len(elapsed) > 1:
            # Masses are linear in work: who works at each age, against the base year.
            ages = mine["model_year"].to_numpy(dtype=float)
            stock = turnover.weights(base, source, groups[mine["part"].to_numpy()], ages, elapsed)
        part, inside = mine["part"].to_numpy(), mine["in_domain"].to_numpy(dtype=bool)
        choice = mine["choice"].to_numpy()
        for number, side in product(range(len(choices)), (True, False)):
            here = np.flatnonzero((choice == number) & (inside == side))
            if len(here):
                order = here[np.argsort(part[here], kind="stable")]
                starts = np.flatnonzero(np.diff(part[order], prepend=-1))
                for name, values in mass.items():
                    values = values if stock is None else values * stock
                    summed = np.zeros((len(elapsed), len(parts)))
                    summed[:, part[order][starts]] = np.add.reduceat(values[:, order], starts, axis=1)
                    outputs[number].append((str(target), side, name))
                    pieces[number].append(summed)
    empty = np.zeros((len(elapsed), len(parts), 0))
    return [
        (names, np.stack(found, axis=-1) if found else empty)
        for names, found in zip(outputs, pieces, strict=True)
    ]


def _classes_by_year(
    base: BaseYear,
    target: str,
    cells: pd.DataFrame,
    turnover: FleetTurnover | None,
    elapsed: NDArray[np.int64],
) -> tuple[NDArray[np.int64], Factors]:
    """Class of each cell in each year, shape (n_years, n_cells); what turnover reads is told apart once."""
    keys = [f"key_{key}" for key in recipe_for(target, base.method).KEYS]
    number, distinct = classify(cells[[*keys, "low_load", "model_year"]])
    words = [key for key in keys if not pd.api.types.is_numeric_dtype(distinct[key])]
    distinct = distinct.astype(dict.fromkeys(words, "category"))
    every = distinct.iloc[np.tile(np.arange(len(distinct)), len(elapsed))].reset_index(drop=True)
    if turnover is not None:
        every = turnover.keys_in(target, every, np.repeat(elapsed, len(distinct)), base)
    named = every[keys].set_axis([key.removeprefix("key_") for key in keys], axis=1)
    class_id, classes = base.resolve(target, named)
    return class_id.reshape(len(elapsed), len(distinct))[:, number], classes


def _work(cells: pd.DataFrame, curve: str) -> NDArray[np.float64]:
    """Work along a curve; missing where the cells were not summed along it."""
    column = "quantity" if curve == "one" else CURVE_COLUMN + curve
    if column not in cells:
        return np.full(len(cells), np.nan)
    return cells[column].to_numpy(dtype=float)


def _side_by_side(
    found: list[tuple[Outputs, NDArray[np.float64]]], n_years: int, n_parts: int
) -> tuple[Outputs, NDArray[np.float64]]:
    """Choices beside each other: an output that a choice has not is zero there."""
    place: dict[Output, int] = {}
    for outputs, _ in found:
        for name in outputs:
            place.setdefault(name, len(place))
    mass = np.zeros((n_years, n_parts, len(found), len(place)))
    for number, (outputs, values) in enumerate(found):
        mass[:, :, number, [place[name] for name in outputs]] = values
    return list(place), mass
