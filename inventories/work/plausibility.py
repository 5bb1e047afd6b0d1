"""The checks a reviewer makes first: is the activity behind the tons plausible?

Hours at berth and auxiliary work per call, TEU per call, miles per visit, hours per machine: measured on
every build, held against the ranges of the port's own ``checks.csv`` where it has one, and kept in the
manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from factors.tables import load_table

if TYPE_CHECKING:
    from inventories.port.port import Port

RANGES = "checks.csv"
COLUMNS = ("quantity", "low", "high", "unit", "source")


class ChecksError(ValueError):
    """A port's ``checks.csv`` cannot be used."""


def measure(
    tables: Mapping[str, pd.DataFrame],
    work: Mapping[str, pd.DataFrame],
    zones: pd.DataFrame,
    year: int,
    timezone: str,
) -> dict[str, float]:
    """Measure what reviewers look at.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Canonical activity.
    work : mapping of str to pandas.DataFrame
        Work rows by source category.
    zones : pandas.DataFrame
        ``zone, speed_limit_kn``.
    year : int
    timezone : str

    Returns
    -------
    dict
        ``calls``, ``teu_total`` of the stops; of the table cargo ``cargo_teu, cargo_tonnes, cargo_lifts,
        cargo_autos, cargo_passengers``, the denominators of a report;
        by type of ship ``berth_hours_per_call.<type>``,
        ``auxiliary_kwh_per_call.<type>``, ``teu_per_call.<type>``, ``shore_power_share.<type>``; by zone
        ``vsr_share.<zone>`` (legs at or below the zone's speed limit); ``gate_visits``, ``visits_per_teu``,
        ``miles_per_visit_in_domain``, ``miles_per_teu_in_domain``, ``<fuel>_share_of_visits``;
        the two per TEU by the table cargo where it has containers, else by the stops;
        ``hp_hr_per_1000_gross_ton_mile`` of line haul; ``equipment_units``,
        ``electric_share_of_equipment``, ``hours_per_machine.<type>`` and ``.all``; as far as the port has the
        tables.
    """
    found: dict[str, float] = {}
    if len(tables["calls"]):
        found |= _of_calls(tables, work, year, timezone)
        found |= _of_speeds(tables["legs"], zones)
    cargo = _of_cargo(tables["cargo"])
    found |= cargo
    if len(tables["gate_visits"]):
        found |= _of_visits(tables, work, cargo.get("cargo_teu") or found.get("teu_total", 0.0))
    if "locomotives" in work:
        found |= _of_trains(work["locomotives"])
    if len(tables["equipment"]):
        found |= _of_machines(tables["equipment"])
    return {name: float(value) for name, value in sorted(found.items())}


def compare(measured: Mapping[str, float], port: Port) -> pd.DataFrame:
    """Hold measured quantities against the port's ranges.

    Returns
    -------
    pandas.DataFrame
        ``quantity, value, low, high, unit, source, verdict``; the verdict is ``within``, ``outside``, or
        ``not measured`` for a range whose quantity the activity does not give. Empty without ``checks.csv``.

    Raises
    ------
    ChecksError
        If the file lacks a column.
    """
    path = port.folder / RANGES
    if not path.is_file():
        return pd.DataFrame(columns=[*COLUMNS, "value", "verdict"])
    ranges = pd.read_csv(path)
    absent = [name for name in COLUMNS if name not in ranges]
    if absent:
        raise ChecksError(f"{path}: no column {', '.join(absent)}; it needs {', '.join(COLUMNS)}")
    value = ranges["quantity"].map(dict(measured)).astype(float)
    inside = value.between(ranges["low"], ranges["high"])
    verdict = inside.map({True: "within", False: "outside"}).mask(value.isna(), "not measured")
    return ranges[list(COLUMNS)].assign(value=value, verdict=verdict)


def _of_calls(
    tables: Mapping[str, pd.DataFrame], work: Mapping[str, pd.DataFrame], year: int, timezone: str
) -> dict[str, float]:
    calls = tables["calls"].set_index("call_id")
    kind = calls["vessel_id"].map(tables["vessels"].set_index("vessel_id")["type"])
    ours = calls.index[calls["arrival_utc"].dt.tz_convert(timezone).dt.year == year]
    stops = tables["stops"]
    berths = stops[(stops["kind"] == "berth") & stops["call_id"].isin(ours)]
    hours = (berths["to_utc"] - berths["from_utc"]).dt.total_seconds() / 3600
    per_call = hours.groupby(berths["call_id"]).sum()
    found = {"calls": float(len(ours)), "teu_total": float(berths["teu"].sum())}
    found |= _by("berth_hours_per_call", per_call.groupby(kind).mean())
    teu = berths.groupby(berths["call_id"].map(kind))["teu"].sum()
    counted = teu[teu > 0]
    found |= _by("teu_per_call", counted / kind[ours].value_counts().reindex(counted.index))
    connected = berths["shore_power_from_utc"].notna() | (berths["shore_power_kwh"] > 0)
    found |= _by("shore_power_share", connected.groupby(berths["call_id"].map(kind)).mean())
    vessels = work.get("ocean_going_vessels")
    if vessels is not None:
        # What a ship's auxiliaries deliver, whether from their engines or from shore.
        engines = vessels[vessels["engine_group"].astype(str) == "auxiliary"]
        plugged = work.get("electricity")
        parts = [engines, *([] if plugged is None else [plugged[plugged["use"] == "shore_power"]])]
        rows = pd.concat([part[["record_id", "quantity"]] for part in parts], ignore_index=True)
        by_type = rows.groupby(rows["record_id"].astype(str).map(kind))["quantity"].sum()
        found |= _by("auxiliary_kwh_per_call", by_type / kind[ours].value_counts())
    return found


def _of_cargo(cargo: pd.DataFrame) -> dict[str, float]:
    """Cargo of the year: of each terminal its row of the whole year, or those of its months."""
    if not len(cargo):
        return {}
    whole = cargo["period"].astype("str").str.fullmatch(r"\d{4}")
    counted = cargo[whole | ~cargo["terminal"].isin(cargo.loc[whole, "terminal"])]
    found = {
        "cargo_teu": counted[["teu_loaded", "teu_empty"]].sum().sum(),
        "cargo_tonnes": counted["cargo_tonnes"].sum(),
        "cargo_lifts": counted["lifts"].sum(),
        "cargo_autos": counted["autos"].sum(),
        "cargo_passengers": counted["passengers"].sum(),
    }
    return {name: float(value) for name, value in found.items() if value > 0}


def of_cargo(measured: Mapping[str, float]) -> list[str]:
    """Say which TEU the quantities per TEU are divided by, where the port states them twice.

    Parameters
    ----------
    measured : mapping of str to float
        As `measure` returns.

    Returns
    -------
    list of str
    """
    teu, of_stops = measured.get("cargo_teu", 0.0), measured.get("teu_total", 0.0)
    if not teu:
        return []
    beside = f"; the stops of ships state {of_stops:,.0f}" if of_stops else ""
    return [f"quantities per TEU are divided by the {teu:,.0f} TEU of the table cargo{beside}"]


def _of_speeds(legs: pd.DataFrame, zones: pd.DataFrame) -> dict[str, float]:
    """Share of legs that keep to the speed limit of a zone that has one."""
    # Without legs the column of zones is empty text, and would stay text.
    limit = legs["zone"].map(zones.set_index("zone")["speed_limit_kn"]).astype(float)
    limited = limit.notna() & legs["speed_kn"].notna()
    kept = legs.loc[limited, "speed_kn"] <= limit[limited]
    return _by("vsr_share", kept.groupby(legs.loc[limited, "zone"]).mean())


def _of_visits(
    tables: Mapping[str, pd.DataFrame], work: Mapping[str, pd.DataFrame], teu: float
) -> dict[str, float]:
    visits = tables["gate_visits"]
    total = float(visits["count"].sum())
    found = {"gate_visits": total}
    found |= {
        f"{fuel}_share_of_visits": count / total
        for fuel, count in visits.groupby("fuel")["count"].sum().items()
    }
    if teu > 0:
        found["visits_per_teu"] = total / teu
    trucks = work.get("heavy_duty_vehicles")
    if trucks is not None:
        miles = trucks[(trucks["quantity_kind"].astype(str) == "distance") & trucks["in_domain"]]
        found["miles_per_visit_in_domain"] = float(miles["quantity"].sum()) / total
        if teu > 0:
            found["miles_per_teu_in_domain"] = float(miles["quantity"].sum()) / teu
    return found


def _of_trains(trains: pd.DataFrame) -> dict[str, float]:
    """Engine work behind the freight that trains move, by EPA's work per gallon of each service."""
    moved = trains[(trains["quantity_kind"] == "gross_ton_mile").to_numpy(dtype=bool)]
    if not len(moved):
        return {}
    conversion = load_table("locomotives-epa-2009", "conversion")
    work = conversion.find(moved.reset_index(drop=True), "work_per_fuel").to("bhp-hr/gal")
    freight = moved["quantity"].to_numpy(dtype=float)
    per_mile = moved["gal_per_gtm"].to_numpy(dtype=float) * work
    return {"hp_hr_per_1000_gross_ton_mile": float((freight * per_mile).sum() / freight.sum() * 1000)}


def _of_machines(machines: pd.DataFrame) -> dict[str, float]:
    count = machines["count"]
    electric = machines["fuel"] == "electric"
    by_type = (machines["hours"] * count).groupby(machines["type"]).sum() / count.groupby(
        machines["type"]
    ).sum()
    found = {
        "equipment_units": float(count.sum()),
        "electric_share_of_equipment": float(count[electric].sum() / count.sum()),
        "hours_per_machine.all": float((machines["hours"] * count).sum() / count.sum()),
    }
    return found | _by("hours_per_machine", by_type)


def _by(name: str, values: pd.Series) -> dict[str, float]:
    return {f"{name}.{key}": float(value) for key, value in values.dropna().items()}
