"""EPA's own chain from AIS positions to grams: tier, power, mode, loads, factors, mass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emissions import engines
from emissions.mass import row_mass
from emissions.ship_power import operating_mode
from emissions.vessels import fuel_of
from factors.library import resolve
from factors.method import Method, load_method
from factors.tables import load_mapping

SOURCE = "ocean_going_vessels"
SIZE = {"Deadweight": "dwt_t", "Gross_Tonnage": "gt", "TEU": "teu"}
MODE = {"Transit": "transit", "Maneuvering": "maneuvering", "Anchorage": "anchorage", "Berth": "hotelling"}
PRINTED = {"hc": "HC", "co2": "CO2", "co": "CO", "nox": "NOx", "pm25": "PM2.5", "so2": "SOx", "pm10": "PM10"}
GROUPS = {"propulsion": "main", "auxiliary": "aux", "boiler": "boiler"}


def relative(got: np.ndarray, expected: np.ndarray) -> float:
    return float(np.max(np.abs(got - expected) / np.where(expected == 0, 1.0, np.abs(expected))))


def loads(cases: pd.DataFrame, mode: np.ndarray, method: Method) -> dict[str, np.ndarray]:
    """Auxiliary and boiler kilowatts by type, size and mode."""
    bins = load_mapping("epa-ogv-2022", "subtypes")
    unit = cases["ship_type"].map(
        bins[bins["size_unit"] != "m3"].drop_duplicates("ship_type").set_index("ship_type")["size_unit"]
    )
    size = np.select([unit == name for name in SIZE], [cases[column] for column in SIZE.values()], np.nan)
    query = pd.DataFrame(
        {"ship_type": cases["ship_type"], "size_unit": unit, "size": size.astype(float), "mode": mode}
    )
    table = method.table(SOURCE, "loads")
    return {
        group: table.find(query, "load", engine_group=group).to("kW") for group in ("auxiliary", "boiler")
    }


def speed_of_the_first(cases: pd.DataFrame) -> float:
    """Maximum speed of the ship that came first in EPA's call, be it among these cases or not.

    One load between floor and cap tells it, by the admiralty formula with 15 %; all others are held to it.
    """
    load = cases["load_factor"]
    case = cases[load.between(0.05, 0.95)].iloc[0]
    draught = case["actual_draft_m"] / case["max_draft_m"]
    return float(case["ship_speed_kn"] * (1.15 * draught ** (2 / 3) / case["load_factor"]) ** (1 / 3))


def test_positions_become_grams_as_in_epas_packages(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = golden / "golden_ais_chain.csv"
    if not file.exists():
        pytest.skip(f"golden_ais_chain.csv is not in {golden}")
    cases = pd.read_csv(file)
    method = load_method("shipef-0.2")
    no_tier = cases["main_engine_type"].isin(["ST", "GT", "GT-ED", "LNG"])
    tier = engines.tier_of_keel(cases["keel_laid_year"], 2016)
    main_tier = np.where(no_tier, 0, tier)
    assert engines.tier_label(main_tier).tolist() == cases["tier"].tolist()
    assert engines.tier_label(tier).tolist() == cases["aux_tier"].tolist()

    # calcAdmPwr chooses the reference speed by R's ifelse() on one word, "serviceSpeed", which answers with
    # one number: the first ship's speed stands for all ships of a call. The vectors hold that slip.
    draught = cases["actual_draft_m"] / cases["max_draft_m"]
    load = engines.propulsion_load(cases["ship_speed_kn"], speed_of_the_first(cases), draught_ratio=draught)
    assert relative(load, cases["load_factor"].to_numpy()) < 1e-9
    mode = operating_mode(cases["ship_speed_kn"], load, cases["berth"], cases["anchorage"])
    assert mode.tolist() == cases["op_mode"].map(MODE).tolist()
    power = {"propulsion": load * cases["installed_kw"].to_numpy(), **loads(cases, mode, method)}
    for group, column in (("propulsion", "main_kw"), ("auxiliary", "aux_kw"), ("boiler", "boiler_kw")):
        assert relative(power[group], cases[column].to_numpy(dtype=float)) < 1e-9

    electric = cases["main_engine_type"].str.endswith("-ED")
    by_load = engines.tier_at_load(main_tier, load, electric, electric_reverts=True)
    of_group = {
        "propulsion": (cases["main_engine_type"], by_load),
        "auxiliary": (cases["aux_engine_type"], tier),
        "boiler": (pd.Series("Boiler", index=cases.index), np.zeros(len(cases), dtype=int)),
    }
    rows = pd.concat(
        [
            pd.DataFrame(
                {
                    "case": cases.index,
                    "engine_group": group,
                    "engine_type": kind,
                    "tier": engines.tier_label(tiers).astype(str),
                    "location": cases["location"],
                    "load_factor": load if group == "propulsion" else np.nan,
                    "quantity": power[group] * cases["hours"],
                }
            )
            for group, (kind, tiers) in of_group.items()
        ],
        ignore_index=True,
    )
    rows["fuel"] = fuel_of(rows["engine_group"], rows["engine_type"], rows["location"], method)
    rows["area_sulfur_pct"] = np.where(rows["location"] == "ECA", 0.1, 0.5)
    rows["sulfur_pct"] = rows["area_sulfur_pct"].where(rows["fuel"] != "MGO/MDO", 0.1)
    class_id, classes = resolve(SOURCE, rows, method)
    grams = row_mass(rows, class_id, classes) * 1000
    errors = {}
    for group, short in GROUPS.items():
        ours = grams[(rows["engine_group"] == group).to_numpy()].reset_index(drop=True)
        for printed, pollutant in PRINTED.items():
            expected = cases[f"{short}_{printed}_g"].to_numpy(dtype=float)
            errors[short, pollutant] = relative(ours[pollutant].to_numpy(), expected)
    with capsys.disabled():
        print(f"\ngolden_ais_chain.csv: {len(cases)} x {len(errors)}, worst {max(errors.values()):.1e}")
    assert max(errors.values()) < 1e-9, errors
