"""What the method assumes of port equipment: NONROAD codes, load factors, hours a year and lives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from factors.method import Method
from factors.missing_keys import FactorMissing
from factors.recipes.equipment.names import ENGINES
from factors.recipes.equipment.recipe import load_set

SOURCE = "cargo_handling_equipment"

_LIFE_EDGES_HP = (50, 300)
"""Power at which the median lives of MOVES step; a bin that stands for another lies on the same side."""


@cache
def equipment_types() -> pd.DataFrame:
    """Return the NONROAD codes of port equipment by engine: ``diesel, lpg, cng, gasoline, basis, note``.

    ``basis`` is *source* where the code's own name says the type, else *judgement*.

    Examples
    --------
    >>> int(equipment_types().loc["yard_tractor", "diesel"])
    2270003070
    """
    with (files("emissions") / "equipment_types.csv").open("rb") as stream:
        return pd.read_csv(stream, index_col="type")


def activity_defaults(scc: ArrayLike, power_hp: ArrayLike, method: Method) -> pd.DataFrame:
    """Return load factor, hours a year and median life by equipment code and power.

    Parameters
    ----------
    scc : array_like of int, shape (n,)
        NONROAD codes.
    power_hp : array_like, shape (n,)
        Rated power. [hp]
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, 4)
        ``load_factor`` [1], ``hours_per_year`` [h], ``median_life_h`` [h], ``is_nearest_bin``: the national
        fleet has no machine of that power, and the nearest power bin of the code stands for it.

    Raises
    ------
    FactorMissing
        If a code has no rows at all; the message names the codes.

    Examples
    --------
    >>> from factors.method import load_method
    >>> activity_defaults([2270003070], [419.0], load_method("epa-2022")).loc[0, "median_life_h"]
    np.float64(7000.0)
    """
    table = method.table(SOURCE, "activity_defaults")
    held = table.frame["quantity"] == "load_factor"
    bins = table.frame.loc[held, ["scc", "hp_gt", "hp_le"]].drop_duplicates()
    power = np.asarray(power_hp, dtype=float).round(1)
    asked = pd.DataFrame({"scc": np.asarray(scc, dtype=np.int64), "hp": power})
    distinct = asked.drop_duplicates().reset_index(drop=True)
    unknown = sorted(set(distinct["scc"]) - set(bins["scc"]))
    if unknown:
        raise FactorMissing(
            table.name,
            "load_factor",
            pd.DataFrame({"scc": unknown}),
            f"{table.name} has no load factor for equipment code {', '.join(map(str, unknown))}; "
            "give a code (scc) that it has, or the type without a code",
        )
    near = distinct.reset_index(names="query").merge(bins, on="scc")
    # How many times above or below the bin; 1 inside it, which is open below and closed above.
    below = np.maximum(near["hp_gt"] / near["hp"], 1.0) + np.where(near["hp"] == near["hp_gt"], 1e-9, 0.0)
    near["distance"] = np.maximum(below, near["hp"] / near["hp_le"])
    near["other_life"] = np.digitize(near["hp"], _LIFE_EDGES_HP, right=True) != np.digitize(
        near["hp_le"], _LIFE_EDGES_HP, right=True
    )
    order = ["query", "other_life", "distance", "hp_gt"]
    near = near.sort_values(order, kind="stable").drop_duplicates("query")
    found = near.assign(hp=near["hp_le"]).reset_index(drop=True)
    values = pd.DataFrame(
        {
            "load_factor": table.find(found, "load_factor").to("1"),
            "hours_per_year": table.find(found, "hours_per_year").value,
            "median_life_h": table.find(found, "median_life_at_full_load").to("h"),
            "is_nearest_bin": found["distance"].to_numpy() > 1,
        }
    )
    merged = asked.merge(distinct.join(values), on=["scc", "hp"], how="left", validate="m:1")
    return merged[list(values.columns)]


def load_factors(machines: pd.DataFrame, by_code: pd.Series, method: Method) -> pd.Series:
    """Return load factors by the method's set: by code, or by type where the set lists it.

    Parameters
    ----------
    machines : pandas.DataFrame, shape (n, ...)
        ``type, fuel``.
    by_code : pandas.Series, shape (n,)
        Load factors of MOVES by equipment code. [1]
    method : Method

    Returns
    -------
    pandas.Series, shape (n,)
        Share of rated power in use. [1]

    References
    ----------
    EPA, MOVES5, table ``nrsourceusetype``, https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31).

    San Pedro Bay: the ports' inventories and CARB, 2011, from memory (edition ``spbp-che-unverified``),
    https://www.portoflosangeles.org/environment/air-quality/air-emissions-inventory.

    Measured: Science of the Total Environment 927, 172084, 2024, abstract,
    https://www.pubmed.gov/38556023/: eight machines at about half of CARB's load factors.
    """
    chosen = load_set(method)
    if chosen == "moves":
        return by_code
    if chosen == "carb_2017":
        return _by_guidelines(machines, by_code, method)
    table = method.table(SOURCE, "load_factors")
    listed = table.has(machines, "load_factor")
    load = by_code.copy()
    load[listed] = table.find(machines[listed], "load_factor").to("1")
    if chosen == "measured":
        query = pd.DataFrame({"machines": [_MEASURED]})
        load[listed] *= method.table(SOURCE, "in_use").find(query, "load_factor_over_CARB").to("1")[0]
    return load


def _by_guidelines(machines: pd.DataFrame, by_code: pd.Series, method: Method) -> pd.Series:
    """Load factors of the Moyer Guidelines by engine and type; MOVES's of types that they do not list."""
    diesel = machines["fuel"].map(ENGINES) == "diesel"
    asked = machines[["type"]].assign(engine=np.where(diesel, "diesel", "spark"))
    table = method.table(SOURCE, "moyer_load_factors")
    listed = table.has(asked, "load_factor")
    load = by_code.copy()
    load[listed] = table.find(asked[listed], "load_factor").to("1")
    return load


_MEASURED = "eight machines at the two ports"


def hybrid_saving(machines: pd.DataFrame, method: Method) -> pd.Series:
    """Return the share of fuel that hybrids of a type save by the method; 0 where it has none for the type.

    Parameters
    ----------
    machines : pandas.DataFrame, shape (n, ...)
        ``type``.
    method : Method

    Examples
    --------
    >>> from factors.method import load_method
    >>> hybrid_saving(pd.DataFrame({"type": ["yard_tractor", "rtg_crane"]}), load_method("epa-2022")).tolist()
    [0.12, 0.0]
    """
    saving = pd.Series(0.0, index=machines.index)
    chosen = method.option("hybrid_saving")
    if chosen == "none":
        return saving
    table, bound = method.table(SOURCE, "hybrid_saving"), chosen.removeprefix("calstart_")
    listed = table.has(machines, "fuel_saving", bound=bound)
    saving[listed] = table.find(machines[listed], "fuel_saving", bound=bound).to("1")
    return saving


@dataclass(frozen=True)
class UnverifiedLoads:
    """How much engine work rests on load factors that could not be verified.

    Attributes
    ----------
    load_factor_set : str
        The method's option.
    unverified_kwh, engine_kwh : float
        Engine work by such load factors, and all engine work of equipment. [kWh]
    """

    load_factor_set: str
    unverified_kwh: float
    engine_kwh: float


def unverified_loads(rows: pd.DataFrame, method: Method) -> UnverifiedLoads | None:
    """Sum the engine work that rests on load factors that could not be verified.

    Load factors are part of the work, not of a factor, so no share of unverified factors shows them.

    Parameters
    ----------
    rows : pandas.DataFrame
        Work rows of equipment.
    method : Method

    Returns
    -------
    UnverifiedLoads or None
        None where the method's load factors were read.
    """
    if load_set(method) in ("moves", "carb_2017"):
        return None
    engines = rows[rows["quantity_kind"] == "energy"]
    held = method.table(SOURCE, "load_factors").has(
        engines.rename(columns={"source_type": "type"}), "load_factor"
    )
    assumed = engines["provenance"].eq("default").to_numpy() & held
    return UnverifiedLoads(
        method.option("load_factor_set"),
        float(engines.loc[assumed, "quantity"].sum()),
        float(engines["quantity"].sum()),
    )
