"""Fuel that ships burn, as a quantity of its own: what making it emitted is counted elsewhere."""

from __future__ import annotations

import pandas as pd

from emissions._arguments import formula
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method
from factors.recipes.ships.fuels import CARRIER

SOURCE = "fuel_supply"
SHIPS = "ocean_going_vessels"

_KEPT = ("source_category", "port", "terminal", "operator", "month", "port_share")


@formula()
def work_rows(ships: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the fuel of ships' work rows, summed by fuel, place and month. [kg]

    Where the fuel was made is not known and not in the port's domain: these rows are kept apart and never
    summed with what leaves a stack in the port.

    Parameters
    ----------
    ships : pandas.DataFrame, shape (n, ...)
        Work rows of ocean-going vessels.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
    """
    rows = ships.reset_index(drop=True)
    inside = rows[rows["in_domain"].astype(bool)] if "in_domain" in rows else rows
    inside = inside.reset_index(drop=True)
    class_id, classes = resolve(SHIPS, inside, method)
    # The share of a port is applied once, when the fuel's own work is summed.
    burnt = row_mass(
        inside.drop(columns="port_share", errors="ignore"), class_id, classes, list(CARRIER.values())
    )
    parts = []
    keys = [name for name in _KEPT if name in inside and name != "source_category"]
    for fuel, carrier in CARRIER.items():
        if carrier not in burnt:
            continue
        mass = burnt[carrier].to_numpy()
        summed = inside.assign(quantity=mass)[mass > 0].groupby(keys, observed=True)["quantity"].sum()
        parts.append(summed.reset_index().assign(fuel=fuel))
    made = pd.concat(parts, ignore_index=True)
    return made.assign(
        record_id=made["fuel"],
        source_category=SOURCE,
        source_type=SHIPS,
        engine_group="",
        process_set="upstream",
        mode_or_segment="fuel supply",
        technology="",
        tier_or_model_year="",
        zone="",
        in_domain=False,
        jurisdiction="fuel production",
        quantity_kind="fuel",
    )
