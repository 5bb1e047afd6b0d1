"""Ranges that a port gives for masses, source by source: totals may agree by errors that cancel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from factors.units import conversion
from inventories.work.plausibility import compare

if TYPE_CHECKING:
    from inventories.port.port import Port
    from inventories.year.inventory import Inventory

MASS = "mass."
"""Such quantities are ``mass.<pollutant>.<source_category>``, and ``.<port>`` where there are several."""


def check_masses(inventory: Inventory, manifest: dict[str, Any], port: Port) -> None:
    """Measure the masses that ``checks.csv`` gives ranges for, and hold them against these.

    Parameters
    ----------
    inventory : Inventory
    manifest : dict
        Its ``measured`` and ``checks`` gain the masses, in the unit that the range has.
    port : Port
    """
    found = {
        line["quantity"]: mass
        for line in manifest["checks"]
        if str(line["quantity"]).startswith(MASS)
        and (mass := _mass(inventory, str(line["quantity"]), str(line["unit"]))) is not None
    }
    if not found:
        return
    manifest["measured"] = dict(sorted({**manifest["measured"], **found}.items()))
    manifest["checks"] = json.loads(compare(manifest["measured"], port).to_json(orient="records"))


def _mass(inventory: Inventory, quantity: str, unit: str) -> float | None:
    """Mass in the domain of ``mass.PM2.5.harbor_craft.POLA``; None where it is not estimated or unknown."""
    asked = quantity.removeprefix(MASS)
    cells = inventory.cells
    for source in cells["source_category"].astype(str).unique():
        pollutant, named, port = asked.partition(f".{source}")
        if not named or pollutant not in inventory.mass:
            continue
        chosen = inventory.select(source_category=source)
        if port:
            chosen &= cells["port"].astype(str) == port.removeprefix(".")
        kilograms = inventory.mass.loc[chosen, pollutant].sum(min_count=1)
        return float(kilograms) * conversion("kg", unit) if pd.notna(kilograms) else None
    return None
