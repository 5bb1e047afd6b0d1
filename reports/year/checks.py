"""What reviewers look at first: activity held against the port's own ranges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reports.words import number, percent, plain

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory

_CHECK_NAMES = {
    "teu_total": "TEU",
    "cargo_teu": "TEU, of the table cargo",
    "cargo_tonnes": "tonnes of cargo",
    "cargo_lifts": "container lifts",
    "cargo_autos": "vehicles handled",
    "cargo_passengers": "passengers, of the table cargo",
    "teu_per_call": "TEU per call",
    "visits_per_teu": "gate visits per TEU",
    "miles_per_teu_in_domain": "truck miles per TEU, in the domain",
    "miles_per_visit_in_domain": "truck miles per gate visit, in the domain",
    "berth_hours_per_call": "berth hours per call",
    "auxiliary_kwh_per_call": "auxiliary kWh per call, with shore power",
    "shore_power_share": "calls on shore power",
    "vsr_share": "legs within the speed limit",
    "hours_per_machine": "hours per machine",
    "mass": "emissions in the domain",
    "hp_hr_per_1000_gross_ton_mile": "hp-hr per 1000 gross ton-miles of line haul",
    "equipment_units": "machines",
    "electric_share_of_equipment": "electric machines",
    "diesel_share_of_visits": "gate visits of diesel trucks",
    "natural_gas_share_of_visits": "gate visits of natural gas trucks",
}


def checks(inventory: Inventory) -> list[dict[str, str]]:
    """What reviewers look at first: each quantity with the port's own range for it, where it gives one."""
    ranges = {str(line["quantity"]): line for line in inventory.manifest["checks"]}
    measured = inventory.manifest["measured"]
    found = []
    for name in [*ranges, *(name for name in measured if name not in ranges)]:
        line = ranges.get(name, {})
        quantity, _, of = name.partition(".")
        value = measured.get(name)
        share = line.get("unit") == "1" or "_share" in name
        found.append(
            {
                "name": f"{_CHECK_NAMES.get(quantity, plain(quantity))}{f': {plain(of)}' if of else ''}",
                "value": "" if value is None else (percent if share else number)(float(value)),
                "range": _range(line, share) if line else "",
                "unit": "" if share else str(line.get("unit", "")),
                "verdict": str(line.get("verdict", "no range")),
                "source": str(line.get("source", "")),
            }
        )
    return found


def _range(line: Mapping[str, Any], share: bool) -> str:
    low, high = (float(line[end]) for end in ("low", "high"))
    return f"{100 * low:g} to {100 * high:g} %" if share else f"{low:,.10g} to {high:,.10g}"
