"""What rests on keels that nobody dated: the NOx tier of ships of which only the year of delivery is known.

Tiers go by keel, and many ships lie long between keel and delivery; so a year of delivery never makes a
Tier III here. How much hangs on that is said, not guessed away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from emissions.engines import tier_label
from emissions.mass import row_mass
from emissions.vessels import tier_at_load
from factors.library import resolve
from factors.method import Method

SOURCE = "ocean_going_vessels"
LAGS = (0, 1, 2, 3)
"""Years from keel to delivery that are plausible; the option `keel_lag_years` is one of them."""

LEAST, MOST = "keel_tier_least", "keel_tier_most"
"""Lowest and highest tier that a plausible keel would have at the place; missing where the keel is dated."""


@dataclass(frozen=True)
class UndatedKeels:
    """What would have another NOx tier were the keels laid in other years, in the domain.

    Attributes
    ----------
    calls, calls_moved : int
        Calls with engines whose tier goes by a build year alone, and those whose tier could be another.
    ships_moved : int
    nox_t, lowest_nox_t, highest_nox_t : float
        NOx of the engines concerned, as taken and with the cleanest and the dirtiest of the tiers. [tonne]
    """

    calls: int
    calls_moved: int
    ships_moved: int
    nox_t: float
    lowest_nox_t: float
    highest_nox_t: float


def undated_keels(rows: pd.DataFrame, method: Method) -> UndatedKeels | None:
    """Tell how many calls, and how much NOx, have a tier that another plausible keel would change.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
        Work rows of ships with `LEAST` and `MOST`, ``keel_main, keel_aux`` (whether the tier of these engines
        goes by the keel) and ``vessel_id``.
    method : Method

    Returns
    -------
    UndatedKeels or None
        None where no call in the domain is concerned.
    """
    if MOST not in rows:
        return None
    here = rows[rows["in_domain"].astype(bool)]
    by_keel = np.where(here["engine_group"] == "propulsion", here["keel_main"], here["keel_aux"])
    engines = here["engine_group"].isin(["propulsion", "auxiliary"]) & by_keel.astype(bool)
    asked = here[engines & here[MOST].notna()]
    known = {name: _tiers(asked, name, method) for name in (LEAST, MOST)}
    taken = asked["tier"].astype(str).str[-1].astype(int).to_numpy()
    differs = (known[LEAST] != taken) | (known[MOST] != taken)
    moved = asked[differs]
    if not len(moved):
        return None
    asks = [moved, *(moved.assign(tier=tier_label(tier[differs])) for tier in known.values())]
    tonnes, *could = _nox_t(asks, method)
    return UndatedKeels(
        calls=asked["record_id"].nunique(),
        calls_moved=moved["record_id"].nunique(),
        ships_moved=moved["vessel_id"].nunique(),
        nox_t=tonnes,
        lowest_nox_t=min(tonnes, *could),
        highest_nox_t=max(tonnes, *could),
    )


def _tiers(rows: pd.DataFrame, column: str, method: Method) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Tier of each row with another keel, at the load of its engine."""
    tier = rows[column].to_numpy(dtype=np.int64)
    load = rows["load_factor"].where(rows["engine_group"] == "propulsion", 1.0).to_numpy(dtype=float)
    return np.asarray(tier_at_load(tier, load, rows["engine_type"].astype(str), method))


def _nox_t(asked: list[pd.DataFrame], method: Method) -> list[float]:
    """NOx of the same rows as they are and with other tiers, their classes resolved together. [tonne]"""
    rows = pd.concat(asked, ignore_index=True)
    class_id, classes = resolve(SOURCE, rows, method, described=False)
    mass = row_mass(rows, class_id, classes, ["NOx"]).to_numpy().sum(axis=1)
    return [float(part.sum()) / 1000 for part in np.split(mass, len(asked))]
