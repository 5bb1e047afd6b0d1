"""Cargo pumps of tankers: what drives them decides who works while cargo is pumped ashore.

Steam pumps load the boilers, electric and hydraulic ones the generators. No load by pump drive was read in
any document, so none is shipped: the load measured at the stop counts, then the ship's own, then a table that
the port brings, then the set's load of type and size, whatever drives the pumps, marked default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from factors.method import Method, MethodError
from factors.tables import FactorTable

SOURCE = "ocean_going_vessels"
NEED = "tanker_loads"
DISCHARGES = ("discharge", "both")
_KEYS = ("ship_type", "pump_drive", "cargo_operation")


def with_pump_loads(stays: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return stays with loads by pump drive and cargo operation, where the port brings them.

    Parameters
    ----------
    stays : pandas.DataFrame, shape (n, ...)
        ``kind, ship_type, pump_drive, cargo_operation`` and ``auxiliary_kw, boiler_kw`` [kW] with their marks
        ``auxiliary_from, boiler_from``; only loads marked default are replaced.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)

    Raises
    ------
    MethodError
        If the table gives one engine group of a case and not the other.
    """
    if not method.has_table(SOURCE, NEED):
        return stays
    table = method.table(SOURCE, NEED)
    _refuse_halves(table)
    out = stays.assign(is_load_by_pumps=False)
    asked = _asked(stays)
    for group in ("auxiliary", "boiler"):
        known = (stays["kind"] == "berth").to_numpy() & (stays[f"{group}_from"] == "default").to_numpy()
        known &= table.has(asked, "load", engine_group=group)
        if known.any():
            load = table.find(asked[known], "load", engine_group=group).to("kW")
            out.loc[known, f"{group}_kw"] = load
            out.loc[known, "is_load_by_pumps"] = True
    return out


def _asked(stays: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({key: stays[key].astype(object).fillna("").astype("str") for key in _KEYS})


def _refuse_halves(table: FactorTable) -> None:
    """Pumps that leave the boilers load the generators: one load without the other is half of the truth."""
    groups = table.frame.groupby(list(_KEYS))["engine_group"].nunique()
    halves = groups[groups < 2]
    if len(halves):
        cases = "; ".join(", ".join(map(str, case)) for case in halves.index[:5])
        raise MethodError(
            f"{table.name}: auxiliary and boiler loads belong together, because pumps that leave the boilers "
            f"load the generators. One of the two is missing for {cases}."
        )


@dataclass(frozen=True)
class AssumedPumpLoads:
    """Discharges of tankers whose boiler loads are neither the ship's nor by the drive of its pumps.

    Attributes
    ----------
    discharges_by_drive : mapping of str to int
        Number of discharges by ``pump_drive``, in order of its name.
    """

    discharges_by_drive: Mapping[str, int]


@dataclass(frozen=True)
class UncapturedPumpBoilers:
    """Discharges by steam-driven pumps whose boilers burnt on while the ship was plugged in or captured.

    Attributes
    ----------
    call_ids : tuple of str
        Call of each discharge, in order.
    """

    call_ids: tuple[str, ...]


@dataclass(frozen=True)
class UnstatedTankers:
    """Stays of tankers at berth whose loads are of their type, whatever they did there.

    Attributes
    ----------
    stays : int
        All stays of tankers at berth.
    without_either : int
        Those that lack one of the two below.
    without_operation, without_pump_drive : int
        Those that do not state ``cargo_operation``, and whose ships do not state ``pump_drive``.
    """

    stays: int
    without_either: int
    without_operation: int
    without_pump_drive: int


PumpFact = AssumedPumpLoads | UncapturedPumpBoilers | UnstatedTankers


def pump_facts(stays: pd.DataFrame) -> tuple[PumpFact, ...]:
    """Tell what drives the pumps of tankers, what nobody states of it, whose boilers burn on uncontrolled.

    Parameters
    ----------
    stays : pandas.DataFrame, shape (n, ...)
        As in `with_pump_loads`, with ``is_at_plugged_berth, captured_auxiliary, captured_boiler``; a stay may
        be in pieces.

    Returns
    -------
    tuple of PumpFact
    """
    tankers = stays[stays["ship_type"].str.contains("tanker")].drop_duplicates(["call_id", "seq"])
    facts: list[PumpFact] = [*_unstated(tankers)]
    tankers = tankers[tankers["pump_drive"].ne("") & tankers["cargo_operation"].isin(DISCHARGES)]
    by_pumps = pd.Series(tankers.get("is_load_by_pumps", False), index=tankers.index)
    guessed = tankers[(tankers["boiler_from"] == "default") & ~by_pumps]
    if len(guessed):
        drives = guessed["pump_drive"].value_counts().sort_index()
        facts.append(AssumedPumpLoads({str(drive): int(count) for drive, count in drives.items()}))
    controlled = (tankers["is_at_plugged_berth"] > 0) | (tankers["captured_auxiliary"] > 0)
    burning = tankers[(tankers["pump_drive"] == "steam") & controlled & ~(tankers["captured_boiler"] > 0)]
    if len(burning):
        facts.append(UncapturedPumpBoilers(tuple(burning["call_id"].astype(str))))
    return tuple(facts)


def _unstated(tankers: pd.DataFrame) -> tuple[UnstatedTankers, ...]:
    """Count tankers at berth of which nobody says what they did or what drives their pumps."""
    at_berth = tankers[(tankers["kind"] == "berth").to_numpy()]
    by_default = at_berth[(at_berth[["auxiliary_from", "boiler_from"]] == "default").any(axis=1)]
    asked = ("cargo_operation", "pump_drive")
    silent = {name: by_default[name].fillna("").astype(str) == "" for name in asked}
    either = silent["cargo_operation"] | silent["pump_drive"]
    if not either.any():
        return ()
    done, driven = (int(silent[name].sum()) for name in asked)
    return (UnstatedTankers(len(at_berth), int(either.sum()), done, driven),)
