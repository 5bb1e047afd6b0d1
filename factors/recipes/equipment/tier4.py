"""Tier 4 diesel engines by MOVES5: whose model year's rates an engine takes, and what it is.

A model year of the technology mix is part older engines, part Tier 4. MOVES5's rates are of the Tier 4 part
as a whole, by power and model year. An engine whose standard is recorded is the interim or the final part of
the model year nearest to its own of which all Tier 4 engines are of that stage; where there is none, of the
year that has most of it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.recipes.equipment.names import SOURCE
from factors.tables import FactorTable, Rows

INTERIM, FINAL = "Tier 4 interim", "Tier 4 final"
_LEAST_SHARE = 1e-9


def in_force(method: Method) -> bool:
    """Return whether Tier 4 engines take the rates of MOVES5 by model year."""
    return method.option("tier4") == "moves5"


def rates(method: Method) -> FactorTable:
    """Return the table of zero-hour rates of Tier 4 engines by power and model year."""
    return method.table(SOURCE, "tier4_rates")


def stage(technology: str) -> str:
    """Return the stage of the Tier 4 standard that a technology meets; '' of older ones.

    Examples
    --------
    >>> stage("T4IB"), stage("T4FD"), stage("T4A"), stage("T4B"), stage("T3")
    ('Tier 4 interim', 'Tier 4 final', 'Tier 4 interim', 'Tier 4 final', '')
    """
    if not technology.startswith("T4"):
        return ""
    return FINAL if technology in ("T4B", "T4N") or technology.startswith("T4F") else INTERIM


def parts_of_stated(
    classes: pd.DataFrame, method: Method
) -> tuple[NDArray[np.int64], Rows, NDArray[np.float64], NDArray[np.int64]]:
    """Split engines of a stated Tier 4 standard into the technologies of that stage.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        ``scc_group, hp, model_year, tier``; each of a Tier 4 standard.
    method : Method

    Returns
    -------
    asked : ndarray of int, shape (m,)
        Position in `classes` of each part.
    rows : Rows, shape (m,)
        Rows of the technology mix: the share in the model year.
    scale : ndarray, shape (m,)
        By which shares are raised, so that those of an engine add up to 1.
    year : ndarray of int, shape (m,)
        Model year whose rates and mix each part takes.
    """
    year = _year_of_stage(classes, method)
    asked, rows = method.table(SOURCE, "tech_mix").expand(classes.assign(model_year=year), "fraction")
    stages = pd.Series(rows.member("tech_type")).astype(str).map(stage).to_numpy()
    mine = (stages == classes["tier"].to_numpy()[asked]) & (rows.value > _LEAST_SHARE)
    asked, rows = asked[mine], Rows(rows.table, rows.index[mine], rows.position[mine])
    whole = np.bincount(asked, weights=rows.value, minlength=len(classes))
    return asked, rows, 1.0 / whole[asked], year[asked]


def _year_of_stage(classes: pd.DataFrame, method: Method) -> NDArray[np.int64]:
    """The model year that stands for each engine, shape (n,)."""
    known = rates(method).frame["model_year_from"].unique()
    keys = classes[["scc_group", "hp", "tier"]].drop_duplicates().reset_index(drop=True)
    grid = keys.merge(pd.DataFrame({"model_year": np.sort(known)}), how="cross")
    grid = grid[rates(method).has(grid, "NOx")].reset_index(drop=True)
    asked, rows = method.table(SOURCE, "tech_mix").expand(grid, "fraction")
    stages = pd.Series(rows.member("tech_type")).astype(str).map(stage).to_numpy()
    of_stage = _summed(stages == grid["tier"].to_numpy()[asked], asked, rows, len(grid))
    of_tier4 = _summed(stages != "", asked, rows, len(grid))
    purity = of_stage / np.where(of_tier4 > 0, of_tier4, 1.0)
    grid = grid.assign(purity=purity.round(9))
    grid = grid[grid["purity"] == grid.groupby(["scc_group", "hp", "tier"])["purity"].transform("max")]
    near = (
        classes.reset_index(drop=True)
        .reset_index(names="place")[["place", "scc_group", "hp", "tier", "model_year"]]
        .merge(grid, on=["scc_group", "hp", "tier"], suffixes=("", "_of_stage"))
    )
    near["away"] = (near["model_year_of_stage"] - near["model_year"]).abs()
    near = near.sort_values(["place", "away", "model_year_of_stage"]).drop_duplicates("place")
    return near["model_year_of_stage"].to_numpy(dtype=np.int64)


def _summed(where: NDArray[np.bool_], asked: NDArray[np.int64], rows: Rows, n: int) -> NDArray[np.float64]:
    return np.bincount(asked, weights=np.where(where, rows.value, 0.0), minlength=n).astype(float)
