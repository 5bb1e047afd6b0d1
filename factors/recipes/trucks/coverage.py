"""What is estimated of trucks where tables of the port's own, or the count of starts, decide it."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from factors.method import Method
from factors.recipes.trucks import greenhouse_gases
from factors.recipes.trucks.ages import SOURCE
from factors.recipes.trucks.hydrocarbons import printed_for_voc, reaches

_EMFAC_DRIVES = ("diesel", "natural_gas_proxy", "natural_gas_emfac")
_DRIVES = ("diesel_moves", "natural_gas_moves")
_NOT_DIESEL = "a spark-ignited gas engine is not a diesel engine"
_LEFT_OUT = "starts are left out: trucks are warm at the gate (truck_starts = excluded, unverified)"
_POLLUTANTS = (
    "NOx", "SOx", "PM10", "PM2.5", "DPM", "CO", "CO2", "CH4", "N2O", "ROG", "TOG", "HC", "VOC", "NH3", "BC",
)  # fmt: skip

Line = tuple[str, str, str, str, str]


def coverage(classes: pd.DataFrame, method: Method, stated: pd.DataFrame) -> pd.DataFrame:
    """Add what tables say to the method's own statement: a port's own run of MOVES, and starts."""
    groups = set(classes["coverage_group"])
    counted = method.option("truck_starts") == "counted"
    if counted:
        stated = stated[~((stated["process"] == "start") & stated["coverage_group"].str.endswith("_running"))]
    lines: list[Line] = []
    if method.option("truck_rates") == "emfac":
        stated = _voc_stated(stated, method)
    if method.option("truck_rates") == "moves":
        lines += _of_run(method, stated, counted=counted)
    lines += _of_starts(groups, method)
    columns = ["coverage_group", "process", "pollutant", "state", "rule"]
    found = pd.DataFrame(lines, columns=columns).assign(source_category=SOURCE)
    if found.empty:
        return greenhouse_gases.stated(stated.reset_index(drop=True), method)
    whole = pd.concat([stated, found[list(stated.columns)]], ignore_index=True)
    return greenhouse_gases.stated(whole, method)


def _voc_stated(stated: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say of EMFAC's trucks whether their VOC follows from what the rates print."""
    stated = stated.copy()
    for process, need in (("exhaust", "running"), ("idle", "idle")):
        table = method.table(SOURCE, need)
        printed = printed_for_voc(table, method)
        for drive in _EMFAC_DRIVES:
            group = f"{drive}_{'running' if process == 'exhaust' else 'idle'}"
            line = (stated["coverage_group"] == group) & (stated["process"] == process)
            line &= stated["pollutant"] == "VOC"
            held = reaches(printed, drive)
            stated.loc[line, "state"] = "value" if held else "NE"
            stated.loc[line, "rule"] = "" if held else _no_voc(table.name, method)
    return stated


def _no_voc(table: str, method: Method) -> str:
    return f"truck_voc = {method.option('truck_voc')} finds nothing in {table} to take VOC from"


def has_run_wear(method: Method) -> bool:
    """Return whether the port's own run has both brake and tire wear, of both sizes of particles."""
    if method.option("truck_rates") != "moves" or not method.has_table(SOURCE, "moves_wear"):
        return False
    frame = method.table(SOURCE, "moves_wear").frame
    return len(frame[["process", "quantity"]].drop_duplicates()) == 4


def _of_run(method: Method, stated: pd.DataFrame, *, counted: bool) -> list[Line]:
    """Running, idling and wear of trucks rated by a run."""
    lines: list[Line] = []
    wear = stated[(stated["coverage_group"] == "diesel_running") & stated["process"].isin(["brake", "tyre"])]
    for drive in _DRIVES:
        lines += _by_table(method, "moves_running", f"{drive}_running", "exhaust", drive)
        lines += _by_table(method, "moves_idle", f"{drive}_idle", "idle", drive)
        lines += [
            (f"{drive}_running", str(process), str(pollutant), str(state), str(rule))
            for process, pollutant, state, rule in zip(
                wear["process"], wear["pollutant"], wear["state"], wear["rule"], strict=True
            )
        ]
        if not counted:
            lines.append((f"{drive}_running", "start", "NOx", "NE", _LEFT_OUT))
    return lines


def _of_starts(groups: Iterable[str], method: Method) -> list[Line]:
    """Starts by the rates there are, of the groups that have any."""
    prefix = "moves_" if method.option("truck_rates") == "moves" else ""
    lines: list[Line] = []
    for group in sorted(groups):
        if group == "starts_excluded":
            lines += [(group, "start", name, "NE", _LEFT_OUT) for name in _POLLUTANTS]
        elif group == "start_in_fleet_rate":
            said = "in MOVES4's fleet rate per mile, which holds running, starts and idling"
            lines += [(group, "start", name, "IE", said) for name in _POLLUTANTS if name != "BC"]
        elif group == "natural_gas_start":
            lines += [
                (group, "start", name, "NE", "no natural gas trucks in the rates") for name in _POLLUTANTS
            ]
        elif group.endswith("_start"):
            lines += _by_table(method, f"{prefix}start", group, "start", group.removesuffix("_start"))
    return lines


def _by_table(method: Method, need: str, group: str, process: str, drive: str) -> list[Line]:
    """State as estimated what a table has, as zero the DPM of gas engines, and the rest as not estimated."""
    diesel = drive.startswith("diesel")
    if not method.has_table(SOURCE, need):
        lacking = f"the port's own run has no rates per {'hour' if process == 'idle' else process}"
        return [(group, process, name, *_absent(name, diesel, lacking)) for name in _POLLUTANTS]
    table = method.table(SOURCE, need)
    held = set(table.quantities)
    if diesel and "PM10" in held:
        held.add("DPM")
    if reaches(printed_for_voc(table, method), drive):
        held.add("VOC")
    lacking = f"not in {table.name}"
    return [
        (group, process, name, *(("value", "") if name in held else _absent(name, diesel, lacking)))
        for name in _POLLUTANTS
    ]


def _absent(name: str, diesel: bool, lacking: str) -> tuple[str, str]:
    return ("zero", _NOT_DIESEL) if name == "DPM" and not diesel else ("NE", lacking)
