"""Golden vectors of MOVES trucks: conversions through the one registry, rates through tables and classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from factors.library import resolve
from factors.method import load_method
from factors.tables import load_table
from factors.units import conversion, registry

SOURCE = "heavy_duty_vehicles"
FUELS = {"diesel": "diesel", "compressed natural gas": "natural_gas"}
PROCESSES = {"brake wear": "brake", "tire wear": "tyre", "exhaust": "exhaust"}


def vectors(folder: Path, name: str) -> pd.DataFrame:
    if not (folder / name).exists():
        pytest.skip(f"{name} is not in {folder}")
    return pd.read_csv(folder / name)


def worst(got: np.ndarray, expected: np.ndarray) -> float:
    scale = np.where(np.asarray(expected) == 0, 1.0, np.abs(expected))  # battery trucks are printed with 0
    return float(np.max(np.abs(np.asarray(got) - expected) / scale, initial=0.0))


def split(cases: pd.DataFrame) -> pd.DataFrame:
    """Pollutant and process of a printed name such as ``PM10 brake wear``."""
    name, _, process = (cases["pollutant"].str.partition(" ")[n] for n in (0, 1, 2))
    return cases.assign(quantity=name, process=process.map(PROCESSES).fillna("all"))


def test_per_tonne_km_becomes_per_mile_of_a_load(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """golden_moves4_lci_conversion.csv: value x 16.18 short tons, by pint, relative 1e-9.

    The source writes a short ton as 0.907185 t; an exact one (0.90718474 t) gives 2.87e-7 less, everywhere.
    """
    cases = vectors(golden, "golden_moves4_lci_conversion.csv")
    ureg = registry()
    errors, exact = [], []
    for (printed, unit), part in cases.groupby(["lci_unit", "unit"]):
        mass = str(printed).partition(" per ")[0]
        per_km = ureg.Quantity(part["lci_value"].to_numpy(), f"{mass}/(tonne*km)")
        load = ureg.Quantity(part["payload_short_tons"].to_numpy() * 0.907185, "tonne")
        errors.append(worst((per_km * load).to(str(unit)).magnitude, part["value"].to_numpy()))
        load = ureg.Quantity(part["payload_short_tons"].to_numpy(), "short_ton")
        there = (part["value"] != 0).to_numpy()
        exact += list(((per_km * load).to(str(unit)).magnitude[there] / part["value"][there]) - 1)
    with capsys.disabled():
        print(
            f"\ngolden_moves4_lci_conversion: {len(cases)} cases, worst {max(errors):.1e} "
            f"(by the exact short ton {max(map(abs, exact)):.1e})"
        )
    assert max(errors) < 1e-9
    np.testing.assert_allclose(exact, -2.866e-7, rtol=1e-3)


def test_the_fleet_table_holds_the_converted_values(golden: Path) -> None:
    """golden_moves4_lci_conversion.csv against the edition, through its keys, relative 1e-9."""
    cases = split(vectors(golden, "golden_moves4_lci_conversion.csv"))
    table = load_table("moves-trucks", "fleet_2024")
    errors = [
        worst(table.find(part, str(name)).value, part["value"].to_numpy())
        for name, part in cases.groupby("quantity")
    ]
    assert max(errors) < 1e-9


def test_fleet_rates_reach_the_classes_as_converted(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same values as factors of a mile, through method, terms and units, relative 1e-9."""
    cases = split(vectors(golden, "golden_moves4_lci_conversion.csv"))
    cases = cases[cases["fuel"].isin(list(FUELS)) & (cases["quantity"] != "energy")]
    truck = {
        "process_set": "running",
        "emfac_category": "T7 other port",
        "technology": "",
        "season": "summer",
    }
    # Long haul on gas is printed without particles of exhaust, so there is no complete class.
    cases = cases[(cases["haul"] != "long-haul") | (cases["fuel"] == "diesel")]
    errors = [0.0]
    for case in cases.to_dict("records"):
        method = load_method("epa-2022").with_options(
            truck_rates="moves4", idle_rate="in_rate", natural_gas="moves4_cng",
            moves_region=case["region"], moves_haul=case["haul"],
        )  # fmt: skip
        keys = pd.DataFrame(
            [
                {
                    **truck,
                    "fuel": FUELS[case["fuel"]],
                    "model_year": 2015,
                    "calendar_year": 2024,
                    "speed_bin_mph": 40,
                }
            ]
        )
        classes = resolve(SOURCE, keys, method)[1]
        pollutant = {"SO2": "SOx"}.get(case["quantity"], case["quantity"])
        process = "exhaust" if case["process"] == "all" else case["process"]
        parts = classes.components
        mine = (parts["pollutant"] == pollutant) & (parts["process"] == process)
        grams = float(classes.matrix[0, mine.to_numpy()].sum()) * conversion("kg", "g")
        assert grams == pytest.approx(case["value"], rel=1e-9), case
        errors.append(worst(np.array([grams]), np.array([case["value"]])))
    with capsys.disabled():
        print(f"\ngolden_moves4_lci_conversion: {len(cases)} cases as classes, worst {max(errors):.1e}")


def test_source_hours_times_rate_give_the_energy_that_moves_prints(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """golden_moves5_truck_energy.csv: hours x kJ/h / dayID (days of that kind in a week), 1e-5."""
    cases = vectors(golden, "golden_moves5_truck_energy.csv")
    ureg = registry()
    hours = ureg.Quantity(cases["source_hours"].to_numpy(), "hour")
    rate = ureg.Quantity(cases["energy_rate_kJ_per_source_hour_fuel_weighted"].to_numpy(), "kJ/hour")
    energy = (hours * rate).to("MMBtu").magnitude / cases["day_id"].to_numpy()
    error = worst(energy, cases["moves_output_MMBtu"].to_numpy())
    with capsys.disabled():
        print(f"\ngolden_moves5_truck_energy: {len(cases)} cases, worst {error:.1e}")
    assert error < 1e-5
