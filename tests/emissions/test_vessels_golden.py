"""Golden vectors from EPA's ShipEF 0.2, through classes, terms and curves as in an inventory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emissions import engines
from emissions.mass import row_mass
from emissions.vessels import fuel_of
from factors.library import resolve
from factors.method import Method, load_method

SOURCE = "ocean_going_vessels"
POLLUTANTS = {
    "hc": "HC",
    "co2": "CO2",
    "co": "CO",
    "nox": "NOx",
    "pm25": "PM2.5",
    "so2": "SOx",
    "pm10": "PM10",
}
LOAD_FUEL_RATE = {"N": "off", "Y": "on", "0.2,1": "0.2-1"}


def vectors(folder: Path, name: str) -> pd.DataFrame:
    if not (folder / name).exists():
        pytest.skip(f"{name} is not in {folder}")
    return pd.read_csv(folder / name, keep_default_na=False)


def worst_error(got: np.ndarray, expected: np.ndarray) -> float:
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    scale = np.where(expected == 0, 1.0, np.abs(expected))
    return float(np.max(np.abs(got - expected) / scale, initial=0.0))


def one_kilowatt_hour(cases: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Work rows of 1 kWh each, keyed as `emissions.vessels` keys an inventory's."""
    group = cases["engine_group"].replace({"main": "propulsion", "aux": "auxiliary"})
    # Boilers have no tier column in some vectors; EPA codes them Tier 0.
    tier = cases["tier"].where(cases["tier"].str.startswith("Tier"), "Tier 0").str[-1].astype(int)
    load = pd.to_numeric(cases["load_factor"]).where(group == "propulsion", np.nan)
    electric = cases["engine_type"].str.endswith("-ED")
    at_load = engines.tier_at_load(tier, load.fillna(1.0), electric, electric_reverts=True)
    fuel = fuel_of(group, cases["engine_type"], cases["location"], method)
    inside = cases["location"] != "OutsideECA"
    area = pd.to_numeric(cases["eca_sulfur_pct"]).where(inside, pd.to_numeric(cases["global_sulfur_pct"]))
    return pd.DataFrame(
        {
            "engine_group": group,
            "engine_type": cases["engine_type"],
            "tier": engines.tier_label(at_load),
            "fuel": fuel,
            # Turbines burn distillate outside too, with its own sulfur.
            "sulfur_pct": area.where(fuel != "MGO/MDO", pd.to_numeric(cases["eca_sulfur_pct"])),
            "area_sulfur_pct": area,
            "load_factor": load,
            "quantity": 1.0,
        }
    )


def masses(cases: pd.DataFrame, **options: str) -> pd.DataFrame:
    """Grams of 1 kWh in each case, by the path that an inventory takes."""
    parts = []
    for spelling, part in cases.groupby("load_based_bsfc"):
        method = load_method("shipef-0.2").with_options(
            load_fuel_rate=LOAD_FUEL_RATE[str(spelling)], **options
        )
        rows = one_kilowatt_hour(part, method)
        class_id, classes = resolve(SOURCE, rows, method)
        parts.append(row_mass(rows, class_id, classes) * 1000)
    return pd.concat(parts).loc[cases.index]


def test_shipef_factors_are_reproduced_through_classes_terms_and_curves(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = vectors(golden, "golden_shipef.csv")
    adjusted, plain = masses(cases), masses(cases, llaf_engines="none")
    is_plain = (cases["output"] == "EF").to_numpy()
    errors = {}
    for column, pollutant in POLLUTANTS.items():
        got = np.where(is_plain, plain[pollutant], adjusted[pollutant])
        errors[pollutant] = worst_error(got, cases[f"ef_{column}_g_per_kwh"].to_numpy())
    with capsys.disabled():
        print(f"\ngolden_shipef.csv: {len(cases)} cases x 7, worst relative error {max(errors.values()):.1e}")
    assert max(errors.values()) < 1e-9, errors


def test_shipef_low_load_factors_are_the_ratio_of_adjusted_to_plain(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = vectors(golden, "golden_shipef.csv")
    cases = cases[cases["engine_group"] == "main"]
    adjusted, plain = masses(cases), masses(cases, llaf_engines="none")
    errors = {}
    for column, pollutant in POLLUTANTS.items():
        printed = pd.to_numeric(cases[f"llaf_{column}"], errors="coerce")
        # A factor of zero has no ratio to look at: HC of gas engines.
        there = (printed.notna() & (plain[pollutant] > 0)).to_numpy()
        ratio = adjusted[pollutant][there] / plain[pollutant][there]
        errors[pollutant] = worst_error(ratio.to_numpy(), printed[there].to_numpy())
    with capsys.disabled():
        print(f"\ngolden_shipef.csv: {len(cases)} low-load factors x 7, worst {max(errors.values()):.1e}")
    assert max(errors.values()) < 1e-9, errors


def test_category_and_tier_follow_epas_code(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = vectors(golden, "golden_classify.csv")
    category = engines.ship_category(cases["bore_mm"], cases["stroke_mm"])
    assert (category == cases["ship_category"]).all()
    # EPA's code knows North America's date alone, and gives engines without a NOx standard Tier 0.
    tier = engines.tier_of_keel(cases["keel_laid_year"], 2016)
    tier = np.where(cases["engine_type"].isin(["ST", "GT", "GT-ED", "LNG"]), 0, tier)
    diesel = category == 3
    expected = cases["tier"].str.extract(r"(\d)")[0].astype(float)
    assert (tier[diesel] == expected[diesel]).all()
    with capsys.disabled():
        print(f"\ngolden_classify.csv: {len(cases)} cases, all equal")
