"""The same work under two methods, line by line, and what each differing factor row is worth.

A line is work that both methods rate by one class each, or, where they part the work differently, work alike
in all that both tell apart. With work Q, factor f and mass M = Q f of the first and the second method

    M2 - M1 = Q1 (f2 - f1)  +  (Q2 - Q1) f2
              the factors       the work

and the first part is split among the factor rows of matching terms by logarithmic means, which leaves nothing
over: a term a = c x1 x2 .. that becomes b gives each row  (b - a) ln(x2/x1) / ln(b/a).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions.mass import CURVE_COLUMN, cell_components, cell_sums
from factors.library import classify
from factors.terms import ROW_COLUMNS, FactorClasses
from factors.units import canonical_unit, conversion, registry
from inventories.methods.labels import NOT_KEYS, class_labels, labels, plain_text
from inventories.year.coverage import joined

ESTIMATED = ("value", "partial", "zero")
SAME_ROW = ("record_id", "engine_group", "process_set", "mode_or_segment", "zone", "month", "quantity_kind")
ALIKE = ("source_type", "engine_group", "process_set", "mode_or_segment", "fuel", "tier_or_model_year",
         "quantity_kind")  # fmt: skip
_ONE_QUANTITY = {"SFC_baseline": "BSFC"}
"""Quantities that two sets print under names of their own: the fuel rate of an engine."""


@dataclass(frozen=True)
class Piece:
    """One source category under one method.

    Attributes
    ----------
    source_category : str
    rows : pandas.DataFrame
        Its work rows.
    class_id : ndarray of int
        Class of each row.
    classes : FactorClasses
    cells : pandas.DataFrame
        Quantity, and quantity times curve, summed by what totals are told apart by.
    """

    source_category: str
    rows: pd.DataFrame
    class_id: NDArray[np.int64]
    classes: FactorClasses
    cells: pd.DataFrame


def compare(first: Piece | None, second: Piece | None, weights: Mapping[str, float]) -> tuple[Any, Any]:
    """Compare a source under two methods.

    Parameters
    ----------
    first, second : Piece or None
        None where a method does not cover the source.
    weights : mapping of str to float
        Pollutants that are summed, each with its weight: one of weight 1, or gases with their GWP.

    Returns
    -------
    lines : pandas.DataFrame
        ``what, quantity_kind, work_first, work_second, first_kg, second_kg, state_first, state_second,
        factor_kg, work_kg, coverage_kg``; the last three add up to the difference.
    factor_rows : pandas.DataFrame
        ``what, first, second, kg, lines``: what differs, and the difference it makes; the sum is that of
        ``factor_kg`` over the lines that could be opened.
    """
    codes, labels = _lines(first, second)
    sides = [
        _side(piece, code, weights) if piece is not None else _nothing()
        for piece, code in zip((first, second), codes, strict=True)
    ]
    one, two = (side.groupby("line").agg(_AGGREGATE) for side in sides)
    both = _effects(_outer(one, two))
    rows = _attributed(both, sides, (first, second), weights)
    both.insert(0, "what", [labels[int(line)] for line in both.index])
    return both.reset_index(drop=True), rows


# ---------------------------------------------------------------- lines


def _lines(first: Piece | None, second: Piece | None) -> tuple[tuple[Any, Any], list[str]]:
    """Number the lines of both, and say what each is."""
    if first is None or second is None:
        piece = first or second
        assert piece is not None
        return (piece.class_id, piece.class_id), class_labels(piece.classes)
    if _is_same_work(first.rows, second.rows):
        pair = first.class_id * len(second.classes.classes) + second.class_id
        distinct, line = np.unique(pair, return_inverse=True)
        one, two = class_labels(first.classes), class_labels(second.classes)
        pairs = [divmod(int(code), len(two)) for code in distinct]
        labels = [one[a] if one[a] == two[b] else f"{one[a]} | {two[b]}" for a, b in pairs]
        return (line, line), labels
    kinds = [_kinds(first, second), _kinds(second, first)]
    names = sorted({*kinds[0][1], *kinds[1][1]})
    place = {name: number for number, name in enumerate(names)}
    numbered = [np.array([place[name] for name in texts], dtype=np.int64)[code] for code, texts in kinds]
    return (numbered[0], numbered[1]), names


def _is_same_work(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Whether two tables have the same pieces of work, row by row; their quantities may differ."""
    if first is second:
        return True
    if len(first) != len(second):
        return False
    return all(_equal(first[name], second[name]) for name in SAME_ROW)


def _equal(first: pd.Series, second: pd.Series) -> bool:
    if isinstance(first.dtype, pd.CategoricalDtype) and isinstance(second.dtype, pd.CategoricalDtype):
        known = second.cat.categories.get_indexer(first.cat.categories)
        return bool((known[first.cat.codes.to_numpy()] == second.cat.codes.to_numpy()).all())
    return bool((first.to_numpy() == second.to_numpy()).all())


def _kinds(piece: Piece, other: Piece) -> tuple[NDArray[np.int64], list[str]]:
    """Classes that both methods have, where they part the work by the same keys; else work that is alike."""
    own, theirs = (set(each.classes.classes) for each in (piece, other))
    if own != theirs:
        number, distinct = classify(piece.rows[list(ALIKE)])
        return number, labels(distinct)
    mine, yours = _used(piece), _used(other)
    if mine == yours:
        return piece.class_id, class_labels(piece.classes)
    frame = piece.classes.classes
    number, distinct = classify(frame[[name for name in frame if name in mine & yours]])
    told = {
        str(name): _told_of(piece, other, str(name), name in mine) for name in frame if name in mine ^ yours
    }
    number, pairs = classify(pd.DataFrame({"kind": number[piece.class_id], **told}))
    return number, labels(distinct.loc[pairs["kind"]].reset_index(drop=True).join(pairs[list(told)]))


def _used(piece: Piece) -> set[str]:
    """Keys by which a method parts its work: those that are not blank throughout."""
    frame = piece.classes.classes
    return {
        str(name)
        for name in frame
        if name not in NOT_KEYS and not frame[name].map(plain_text).astype(str).isin(["", "nan"]).all()
    }


def _told_of(piece: Piece, other: Piece, key: str, is_own: bool) -> NDArray[np.object_]:
    """Value of a key for each row; of a key that a method has no use for, the other's word of that engine.

    So that a fuel rate by engine age is set against one for engines of all ages, engine by engine.
    """
    theirs = piece if is_own else other
    values = theirs.classes.classes[key].map(plain_text).to_numpy(dtype=object)[theirs.class_id]
    if is_own:
        return np.asarray(values, dtype=object)
    engine = ["record_id", "engine_group"]
    number, engines = classify(other.rows[engine])
    pairs = pd.DataFrame({"engine": number, key: values}).drop_duplicates()
    pairs = pairs[~pairs["engine"].duplicated(keep=False)]
    known = engines.astype(str).loc[pairs["engine"]].assign(**{key: pairs[key].to_numpy()})
    number, asked = classify(piece.rows[engine])
    found = asked.astype(str).merge(known, on=engine, how="left")[key].fillna("")
    return np.asarray(found.to_numpy(dtype=object)[number])


# ---------------------------------------------------------------- sums


_AGGREGATE: dict[str, Any] = {
    "quantity_kind": "first",
    "quantity": "sum",
    "kg": "sum",
    "state": lambda states: joined(set(states)),
    "class_id": lambda ids: ids.iloc[0] if ids.nunique() == 1 else -1,
}


def _side(piece: Piece, line: NDArray[np.int64], weights: Mapping[str, float]) -> pd.DataFrame:
    """Work, mass and state of each line and class within the domain."""
    inside = piece.rows["in_domain"].to_numpy(dtype=bool)
    rows = piece.rows[inside].assign(line=line[inside])
    if not len(rows):
        return _nothing()
    _, cells = cell_sums(rows, piece.class_id[inside], piece.classes, ("line",))
    components = piece.classes.components["pollutant"].map(weights).fillna(0.0).to_numpy()
    states = _states(piece.classes, weights)
    return cells.assign(
        kg=cell_components(cells, piece.classes) @ components,
        state=states[cells["class_id"].to_numpy()],
        quantity_kind=cells["quantity_kind"].astype(str),
    )


def _states(classes: FactorClasses, weights: Mapping[str, float]) -> NDArray[np.object_]:
    stated = classes.coverage[classes.coverage["pollutant"].isin(list(weights))]
    by_group = stated.groupby("coverage_group")["state"].agg(lambda states: joined(set(states)))
    return np.asarray(classes.classes["coverage_group"].map(by_group).fillna("NE").to_numpy(dtype=object))


def _nothing() -> pd.DataFrame:
    columns = ["line", "class_id", "quantity_kind", "quantity", "kg", "state"]
    return pd.DataFrame({name: pd.Series(dtype=object if name in ("quantity_kind", "state") else float)
                         for name in columns}).astype({"line": np.int64, "class_id": np.int64})  # fmt: skip


def _outer(one: pd.DataFrame, two: pd.DataFrame) -> pd.DataFrame:
    lines = one.index.union(two.index)
    first, second = one.reindex(lines), two.reindex(lines)
    return pd.DataFrame(
        {
            "quantity_kind": first["quantity_kind"].fillna(second["quantity_kind"]),
            "work_first": first["quantity"].fillna(0.0),
            "work_second": second["quantity"].fillna(0.0),
            "first_kg": first["kg"].fillna(0.0),
            "second_kg": second["kg"].fillna(0.0),
            "state_first": first["state"].fillna(""),
            "state_second": second["state"].fillna(""),
            "class_first": first["class_id"].fillna(-1).astype(np.int64),
            "class_second": second["class_id"].fillna(-1).astype(np.int64),
        },
        index=lines,
    )


def _effects(both: pd.DataFrame) -> pd.DataFrame:
    """Part the difference of each line into factors, work, and what one side does not estimate."""
    q1, q2, m1, m2 = (
        both[name].to_numpy(dtype=float) for name in ("work_first", "work_second", "first_kg", "second_kg")
    )
    s1, s2 = both["state_first"], both["state_second"]
    one_sided = ((s1.isin(["NE", "IE"]) & (q1 > 0)) | (s2.isin(["NE", "IE"]) & (q2 > 0))).to_numpy()
    at_first = np.divide(m2, q2, out=np.zeros_like(m2), where=q2 > 0) * q1
    shared = (q1 > 0) & (q2 > 0)
    factor = np.where(shared, at_first - m1, 0.0)
    return both.assign(
        factor_kg=np.where(one_sided, 0.0, factor),
        work_kg=np.where(one_sided, 0.0, m2 - m1 - factor),
        coverage_kg=np.where(one_sided, m2 - m1, 0.0),
    )


# ---------------------------------------------------------------- factor rows


def _attributed(
    both: pd.DataFrame,
    sides: list[pd.DataFrame],
    pieces: tuple[Piece | None, Piece | None],
    weights: Mapping[str, float],
) -> pd.DataFrame:
    """Split what factors make of lines with one class on either side among the rows of their terms."""
    columns = ["what", "first", "second", "kg", "lines"]
    open_ = both[(both["factor_kg"] != 0) & (both["class_first"] >= 0) & (both["class_second"] >= 0)]
    if pieces[0] is None or pieces[1] is None or not len(open_):
        return pd.DataFrame(columns=columns)
    terms = [
        _terms(piece, side[side["line"].isin(open_.index)], weights)
        for piece, side in zip(pieces, sides, strict=True)
        if piece is not None
    ]
    scale = (open_["work_first"] / open_["work_second"]).rename("scale")
    terms[1] = terms[1].join(scale, on="line")
    terms[1]["kg"] *= terms[1]["scale"]
    keys = ["line", "pollutant", "process", "quantities", "occurrence"]
    met = terms[0].merge(terms[1], on=keys, how="outer", suffixes=("_1", "_2"), validate="1:1")
    found = pd.concat([_of_pairs(met[met["kg_1"].notna() & met["kg_2"].notna()]), _of_singles(met)])
    found = found[found["kg"] != 0]
    summed = found.groupby(["what", "first", "second"], sort=False).agg(
        kg=("kg", "sum"), lines=("line", "nunique")
    )
    order = summed["kg"].abs().sort_values(ascending=False, kind="stable").index
    # Rounding of sums leaves crumbs where rows are equal.
    largest = summed["kg"].abs().max() if len(summed) else 0.0
    summed = summed.loc[order]
    return summed[summed["kg"].abs() > 1e-12 * largest].reset_index()[columns]


def _terms(piece: Piece, side: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Terms of each line with their mass, and their factor rows with values in canonical units."""
    classes = piece.classes
    terms = classes.terms.assign(value=classes.term_values)
    terms = terms[terms["pollutant"].isin(list(weights)) & terms["class_id"].isin(side["class_id"])]
    curves = [str(name) for name in side if str(name).startswith(CURVE_COLUMN)]
    held = side[["line", "class_id", "quantity", *curves]].rename(columns={"quantity": f"{CURVE_COLUMN}one"})
    table = terms.merge(held, on="class_id")
    work = table[[f"{CURVE_COLUMN}one", *curves]].to_numpy(dtype=float)
    columns = {name: place for place, name in enumerate([f"{CURVE_COLUMN}one", *curves])}
    followed = work[np.arange(len(table)), table["curve"].map(lambda name: columns[CURVE_COLUMN + name])]
    rows = classes.factor_rows
    spelled = rows["quantity"].astype(str).replace(_ONE_QUANTITY)
    names = np.append(spelled.to_numpy(dtype=object), "")
    said = np.append(
        (rows["value"].map("{:g}".format) + " " + rows["unit"].astype(str) + " [" + rows["row_id"] + "]")
        .to_numpy(dtype=object), ""
    )  # fmt: skip
    units = {unit: canonical_unit(unit) for unit in rows["unit"].astype(str).unique()}
    scales = {unit: conversion(unit, registry().Unit(units[unit])) for unit in units}
    spelled = rows["unit"].astype(str)
    value = np.append(rows["value"].to_numpy(dtype=float) * spelled.map(scales).to_numpy(dtype=float), 1.0)
    unit = np.append(spelled.map(units).to_numpy(dtype=object), "")
    out = pd.DataFrame(
        {
            "line": table["line"],
            "pollutant": table["pollutant"],
            "process": table["process"],
            "curve": table["curve"],
            "kg": table["value"] * followed * table["pollutant"].map(weights).astype(float),
            "along": followed / table[f"{CURVE_COLUMN}one"],
        }
    )
    pointers = table[list(ROW_COLUMNS)].to_numpy()
    out["quantities"] = [" x ".join(filter(None, names[line])) for line in pointers]
    out["rows"] = [" x ".join(filter(None, said[line])) for line in pointers]
    for place in range(len(ROW_COLUMNS)):
        pointer = pointers[:, place]
        out[f"name{place}"], out[f"said{place}"] = names[pointer], said[pointer]
        out[f"value{place}"], out[f"unit{place}"] = value[pointer], unit[pointer]
    same = ["line", "pollutant", "process", "quantities"]
    return out.assign(occurrence=out.groupby(same).cumcount())


def _of_pairs(met: pd.DataFrame) -> pd.DataFrame:
    """Share the difference of matching terms among their rows, curve and number by logarithmic means."""
    a, b = (met[name].to_numpy(dtype=float) for name in ("kg_1", "kg_2"))
    open_ = (a * b > 0) & (a != b)
    mean = np.zeros(len(met))
    mean[open_] = (b[open_] - a[open_]) / np.log(b[open_] / a[open_])
    left = b - a
    parts = []

    def share(what: Any, first: pd.Series, second: pd.Series, ratio: NDArray[np.float64]) -> None:
        nonlocal left
        kg = np.where(open_, mean * np.log(ratio), 0.0)
        left = left - kg
        parts.append(
            pd.DataFrame({"what": what, "first": first, "second": second, "kg": kg, "line": met["line"]})
        )

    for place in range(len(ROW_COLUMNS)):
        one, two = (met[f"value{place}_{side}"].to_numpy(dtype=float) for side in (1, 2))
        alike = (met[f"unit{place}_1"] == met[f"unit{place}_2"]).to_numpy() & (one > 0) & (two > 0)
        ratio = np.divide(two, one, out=np.ones_like(one), where=alike)
        share(met[f"name{place}_1"], met[f"said{place}_1"], met[f"said{place}_2"], ratio)
    one, two = (met[f"along_{side}"].to_numpy(dtype=float) for side in (1, 2))
    ratio = np.divide(two, one, out=np.ones_like(one), where=(one > 0) & (two > 0))
    is_same = (met["curve_1"] == met["curve_2"]).to_numpy()
    share(np.where(is_same, "curve, at another point", "curve"), met["curve_1"], met["curve_2"], ratio)
    parts.append(
        pd.DataFrame(
            {
                "what": "number of the term " + met["quantities"],
                "first": "as the first method has it",
                "second": "as the second has it",
                "kg": np.where(np.abs(left) > 1e-12 * (np.abs(a) + np.abs(b)), left, 0.0),
                "line": met["line"],
            }
        )
    )
    return pd.concat(parts, ignore_index=True)


def _of_singles(met: pd.DataFrame) -> pd.DataFrame:
    """Terms that one method alone has."""
    parts = []
    for side, sign in ((1, -1.0), (2, 1.0)):
        alone = met[met[f"kg_{3 - side}"].isna()]
        rows = alone[f"rows_{side}"].to_numpy()
        none = np.full(len(alone), "no such term", dtype=object)
        said = {"first": rows if side == 1 else none, "second": none if side == 1 else rows}
        what = "term " + alone["quantities"].astype(str)
        parts.append(
            pd.DataFrame({"what": what, **said, "kg": sign * alone[f"kg_{side}"], "line": alone["line"]})
        )
    return pd.concat(parts, ignore_index=True)
