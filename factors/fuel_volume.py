"""Gallons of a fuel from its mass, by a density that a document prints: what railroads and tanks count in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from factors.tables import load_table
from factors.terms import ELECTRICITY, is_carrier

_CA_GREET = "CA-GREET factors shipped in ALTRIOS"
_DENSITIES: dict[str, tuple[str, str, dict[str, str]]] = {
    "fuel:diesel": ("fuels", "landside", {"source_set": _CA_GREET, "fuel": "ultra low sulfur diesel"}),
    "fuel:biodiesel": ("fuels", "landside", {"source_set": _CA_GREET, "fuel": "soybean biodiesel"}),
    "fuel:gasoline": ("moves5-nonroad", "fuels", {"fuel": "gasoline"}),
    "fuel:lpg": ("moves5-nonroad", "fuels", {"fuel": "LPG"}),
    "fuel:MGO": ("imo-ghg4-2026-11", "fuel_density", {"fuel": "MDO"}),
    "fuel:RM": ("imo-ghg4-2026-11", "fuel_density", {"fuel": "HFO"}),
    "fuel:methanol": ("imo-ghg4-2026-11", "fuel_density", {"fuel": "MeOH"}),
}
"""Where the density of each fuel stands; gases and fuels without a row have no gallons."""


@dataclass(frozen=True)
class Density:
    """Gallons that a kilogram of fuel fills, and the document that says so."""

    gallons_per_kg: float
    document: str


@cache
def density(carrier: str) -> Density | None:
    """Return the density of a fuel; None where it is no liquid, or none was read.

    References
    ----------
    CA-GREET densities as shipped in NREL's ALTRIOS, https://github.com/NREL/altrios (commit 72151a2990);
    EPA, MOVES5, https://github.com/USEPA/EPA_MOVES_Model; Fourth IMO Greenhouse Gas Study 2020. Each row of
    the editions ``fuels``, ``moves5-nonroad`` and ``imo-ghg4`` names its own.

    Examples
    --------
    >>> round(1 / density("fuel:diesel").gallons_per_kg, 3), density("fuel:cng") is None
    (3.206, True)
    """
    if carrier not in _DENSITIES:
        return None
    edition, table, keys = _DENSITIES[carrier]
    row = load_table(edition, table).find(pd.DataFrame({"one": [1]}), "density", **keys)
    return Density(1000 / float(row.to("g/gal")[0]), str(row.member("source_document")[0]))


def burnt(mass: pd.DataFrame) -> pd.DataFrame:
    """Return the fuel of some masses of carriers, in tonnes and, of liquids, in gallons.

    Parameters
    ----------
    mass : pandas.DataFrame, shape (n, ...)
        A column a carrier or pollutant. [kg]

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        ``fuel burnt [tonne], fuel burnt [gal]``; missing where there is none.
    """
    fuels = [str(name) for name in mass if is_carrier(str(name)) and name != ELECTRICITY]
    volume = {name: found.gallons_per_kg for name in fuels if (found := density(name))}
    kilograms = mass[fuels].to_numpy(dtype=float)
    gallons = mass[list(volume)].to_numpy(dtype=float) @ np.array(list(volume.values()), dtype=float)
    told = {"fuel burnt [tonne]": kilograms.sum(axis=1) / 1000, "fuel burnt [gal]": gallons}
    frame = pd.DataFrame(told, index=mass.index)
    return frame.where(frame > 0)
