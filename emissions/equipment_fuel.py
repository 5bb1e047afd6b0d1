"""Fuel that machines are stated to have used, against what their work implies, and work scaled to it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.fuel_volume import density
from factors.library import resolve
from factors.method import Method
from factors.recipes.equipment.names import SOURCE
from factors.recipes.equipment.terms import carrier
from factors.units import conversion

STATED = "fuel_used_l"


def implied_kg(rows: pd.DataFrame, method: Method) -> NDArray[np.float64]:
    """Return the fuel that work rows of engines burn by the method, shape (n,). [kg] 0 of other rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        Work rows of equipment.
    method : Method
    """
    burnt = np.zeros(len(rows))
    engines = np.flatnonzero((rows["quantity_kind"] == "energy").to_numpy())
    if not len(engines):
        return burnt
    mine = rows.iloc[engines].reset_index(drop=True)
    class_id, classes = resolve(SOURCE, mine, method)
    fuels = classes.components["pollutant"].astype(str).str.startswith("fuel:").to_numpy()
    rate = classes.matrix[:, fuels].sum(axis=1)
    burnt[engines] = rate[class_id] * mine["quantity"].to_numpy(dtype=float)
    return burnt


def by_machine(equipment: pd.DataFrame, rows: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the stated and the implied fuel of each record of equipment.

    Parameters
    ----------
    equipment : pandas.DataFrame, shape (n, ...)
        As `emissions.equipment.work_rows` takes it; ``fuel_used_l`` [L, of one machine].
    rows : pandas.DataFrame
        Its work rows, before any scaling.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, 5)
        ``unit_id, type, stated_kg, implied_kg, state``: *compared*; *blank*, *zero* where nothing was stated;
        *no engine work*; *no density* of a fuel that is no liquid. Stated and implied are of all machines
        of the record.
    """
    count = equipment["count"].fillna(1).astype(float) if "count" in equipment else 1.0
    litres = equipment[STATED].astype(float) if STATED in equipment else np.nan
    found = pd.DataFrame(
        {
            "unit_id": equipment["unit_id"].astype(str),
            "type": equipment["type"].astype(str),
            "fuel": equipment["fuel"].astype(str),
            "litres": np.asarray(litres, dtype=float) * np.asarray(count, dtype=float),
        }
    ).reset_index(drop=True)
    weight = {
        fuel: volume.gallons_per_kg
        for fuel in found["fuel"].unique()
        if (volume := density("fuel:diesel" if fuel == "renewable_diesel" else carrier(fuel)))
    }
    found["stated_kg"] = found["litres"] * conversion("L", "gal") / found["fuel"].map(weight)
    work = pd.Series(implied_kg(rows, method)).groupby(rows["record_id"].astype(str).to_numpy()).sum()
    found["implied_kg"] = found["unit_id"].map(work).fillna(0.0)
    found["state"] = np.select(
        [
            found["litres"].isna(),
            found["litres"] == 0,
            found["implied_kg"] <= 0,
            found["stated_kg"].isna(),
        ],
        ["blank", "zero", "no engine work", "no density"],
        "compared",
    )
    return found[["unit_id", "type", "stated_kg", "implied_kg", "state"]]


def scaled(rows: pd.DataFrame, fuel: pd.DataFrame) -> pd.DataFrame:
    """Return work rows whose engines burn the stated fuel; hours stay as recorded.

    Parameters
    ----------
    rows : pandas.DataFrame
        Work rows.
    fuel : pandas.DataFrame
        As `by_machine` gives it, of the same rows.
    """
    compared = fuel[fuel["state"] == "compared"]
    ratio = pd.Series(
        (compared["stated_kg"] / compared["implied_kg"]).to_numpy(), index=compared["unit_id"].to_numpy()
    )
    scale = rows["record_id"].astype(str).map(ratio).fillna(1.0)
    is_engine = rows["quantity_kind"] == "energy"
    return rows.assign(quantity=rows["quantity"] * scale.where(is_engine, 1.0))
