"""What no engine can do: emit more of a thing than its fuel holds, or more of a part than of the whole.

    SO2 <= 2 x sulfur of the fuel burnt         CO2 <= carbon of the fuel burnt x 44/12
    BC <= PM2.5 <= PM10, DPM <= PM10            CH4 <= hydrocarbons that hold it
    CH4 + VOC <= the organic gases that MOVES5 has at most for the hydrocarbons (THC)

Held by class at each load, or share of its life, at which the class works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions.mass import row_mass
from factors.fuel_contents import PILOT_SULFUR_PCT, carbon_dioxide, sulfur
from factors.method import Method
from factors.recipes.equipment.greenhouse_gases import ORGANIC_OVER_THC
from factors.terms import FactorClasses

PARTS = (
    ("BC", "PM2.5"),
    ("PM2.5", "PM10"),
    ("DPM", "PM10"),
    ("CH4", "HC"),
    ("CH4", "THC"),
    ("CH4", "TOG"),
)
"""A pollutant, and one that holds it."""

ROUNDING = 5e-3
"""What printed factors may be off by, each rounded on its own, before sulfur or carbon counts as made."""

_PILOT = "fuel:MGO"
_STATE = ("load_factor", "hotel_share", "life_used")
_EXACT = 1e-9
_NAMED = ("engine_group", "engine_type", "technology", "category", "kind", "tier", "model_year", "fuel",
          "sulfur_pct", "cycle")  # fmt: skip


@dataclass(frozen=True)
class Breach:
    """One balance that one class does not keep.

    Attributes
    ----------
    balance : str
        For example ``BC <= PM2.5``.
    source_category : str
    engine : str
        The class, by its keys.
    ratio : float
        The left side over the right at its worst.
    loads : tuple of float
        Least and greatest load at which the class breaks it; empty where it has no load.
    """

    balance: str
    source_category: str
    engine: str
    ratio: float
    loads: tuple[float, ...] = ()

    def __str__(self) -> str:
        at = f" at loads of {self.loads[0]:.2g} to {self.loads[1]:.2g}" if self.loads else ""
        return (
            f"balance broken, {self.balance}: {self.source_category} {self.engine} has {self.ratio:.3g} "
            f"times as much{at}"
        )


def broken(
    mass: pd.DataFrame, given: pd.DataFrame, sulfur: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Return, by balance, the left side over the right of each row; 0 where the balance says nothing.

    Parameters
    ----------
    mass : pandas.DataFrame, shape (n, ...)
        Mass by pollutant and energy carrier. [kg]
    given : pandas.DataFrame of bool, shape (n, ...)
        Whether the row's class has the pollutant, be it zero; columns as `mass`.
    sulfur : ndarray, shape (n,)
        Sulfur of the fuel; NaN where it is not known. [1]

    Returns
    -------
    dict of str to ndarray, shape (n,)
        A balance is kept up to 1, and where fuels are concerned up to 1 + `ROUNDING`.

    Examples
    --------
    >>> mass = pd.DataFrame({"BC": [2.0, 1.0], "PM2.5": [1.0, 1.0]})
    >>> broken(mass, mass > 0, np.array([np.nan, np.nan]))["BC <= PM2.5"].tolist()
    [2.0, 1.0]
    """
    nothing = pd.Series(0.0, index=mass.index)
    out = {}
    for part, whole in PARTS:
        if part in mass and whole in mass:
            both = (given[part] & given[whole]).to_numpy()
            out[f"{part} <= {whole}"] = _ratio(mass[part], mass[whole], both)
    if {"CH4", "VOC", "THC"} <= set(mass):
        all_three = (given["CH4"] & given["VOC"] & given["THC"]).to_numpy()
        organic = ORGANIC_OVER_THC * mass["THC"]
        out["CH4 + VOC <= organic gases of THC"] = _ratio(mass["CH4"] + mass["VOC"], organic, all_three)
    carriers = [str(name) for name in mass if str(name).startswith("fuel:")]
    burns = mass[carriers].sum(axis=1) if carriers else nothing
    if "SOx" in mass:
        pilot = mass.get(_PILOT, nothing)
        own = burns - pilot
        # Gas oil beside another fuel ignites it; alone it is the fuel, with the sulfur of the class.
        held = np.where(own > 0, sulfur * own + PILOT_SULFUR_PCT / 100 * pilot, sulfur * pilot)
        knows = (burns > 0).to_numpy() & ~np.isnan(sulfur)
        out["SO2 <= 2 x sulfur of the fuel"] = _ratio(mass["SOx"], pd.Series(2 * held, mass.index), knows)
    printed = carbon_dioxide()
    made = nothing
    for name in ("CO2", "CO2_biogenic"):
        made = made + mass[name] if name in mass else made
    carbon = nothing
    for name in carriers:
        carbon = carbon + printed[name] * mass[name] if name in printed else carbon
    unknown = [name for name in carriers if name not in printed]
    known = (burns > 0) & ~(mass[unknown] > 0).any(axis=1)
    out["CO2 <= carbon of the fuel"] = _ratio(made, carbon, known.to_numpy())
    return out


def _ratio(left: pd.Series, right: pd.Series, known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Left over right where a balance is known to hold; infinite where there is something of nothing."""
    above, below = left.to_numpy(dtype=float), right.to_numpy(dtype=float)
    out = np.zeros(len(above))
    some = known & (below > 0)
    out[some] = above[some] / below[some]
    out[known & (below <= 0) & (above > 0)] = np.inf
    return out


def allowed(balance: str) -> float:
    """Return what the left side of a balance may be over the right."""
    return 1 + (ROUNDING if "fuel" in balance else _EXACT)


def breaches(
    source: str, rows: pd.DataFrame, class_id: NDArray[np.int64], classes: FactorClasses, method: Method
) -> list[Breach]:
    """Check the balances of each class at each hundredth of load, or of life, at which it works.

    Parameters
    ----------
    source : str
    rows : pandas.DataFrame, shape (n, ...)
        Work rows with the states that curves read.
    class_id : ndarray of int, shape (n,)
    classes : FactorClasses
    method : Method

    Returns
    -------
    list of Breach
        One of each class and balance, in the order of the classes.
    """
    first = _worked_at(rows, class_id)
    work = rows.iloc[first].assign(quantity=1.0, port_share=1.0)
    of = class_id[first]
    mass = row_mass(work, of, classes).reset_index(drop=True)
    has = pd.DataFrame(classes.given, columns=list(classes.components["pollutant"]))
    has = has.T.groupby(level=0).any().T
    content = sulfur(source, classes.classes, method).to_numpy()[of]
    load = work["load_factor"].to_numpy(dtype=float) if "load_factor" in work else np.full(len(of), np.nan)
    found = []
    for balance, ratio in broken(mass, has[mass.columns].iloc[of].reset_index(drop=True), content).items():
        for number in np.unique(of[ratio > allowed(balance)]):
            mine = (of == number) & (ratio > allowed(balance))
            at = load[mine]
            loads = () if np.isnan(at).any() else (float(at.min()), float(at.max()))
            engine = _engine(classes.classes.loc[number])
            found.append(Breach(balance, source, engine, float(ratio[mine].max()), loads))
    return found


def _worked_at(rows: pd.DataFrame, class_id: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one row of each class and hundredth of its states."""
    keys = {"class": class_id}
    for name in _STATE:
        if name in rows and rows[name].notna().any():
            keys[name] = np.round(100 * rows[name].fillna(-1.0).to_numpy(dtype=float)).astype(np.int64)
    return np.flatnonzero(~pd.DataFrame(keys).duplicated().to_numpy())


def _engine(keys: pd.Series) -> str:
    named = [str(keys[name]) for name in _NAMED if name in keys and str(keys[name]) not in ("", "nan")]
    return " ".join(named)


def told(found: Sequence[Breach], most: int = 3) -> list[str]:
    """Say which balances are broken: of each and each source the worst classes, and how many more there are.

    Parameters
    ----------
    found : sequence of Breach
    most : int
        Classes named of each balance and source.

    Returns
    -------
    list of str
    """
    groups: dict[tuple[str, str], list[Breach]] = {}
    for breach in sorted(found, key=lambda breach: -breach.ratio):
        groups.setdefault((breach.balance, breach.source_category), []).append(breach)
    lines = []
    for (balance, source), ours in groups.items():
        lines += [str(breach) for breach in ours[:most]]
        if len(ours) > most:
            lines.append(f"balance broken, {balance}: {len(ours) - most} more classes of {source}")
    return lines
