"""Golden vectors of locomotives and grid rates, through classes, terms and mass."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emissions import electricity, locomotives
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, load_method
from factors.tables import FactorTable, load_table
from factors.units import conversion, quantity

SPECIES = {"SO2": "SOx"}


def vectors(folder: Path, name: str) -> pd.DataFrame:
    if not (folder / name).exists():
        pytest.skip(f"{name} is not in {folder}")
    return pd.read_csv(folder / name)


def grams(rows: pd.DataFrame, source: str, method: Method) -> pd.DataFrame:
    class_id, classes = resolve(source, rows, method)
    return row_mass(rows, class_id, classes) * 1000


def told(capsys: pytest.CaptureFixture[str], words: str) -> None:
    with capsys.disabled():
        print(f"\n{words}")


def test_line_haul_by_tier(golden: Path, capsys: pytest.CaptureFixture[str]):
    """2020 National Emissions Inventory, slips corrected: gallons and tier to grams, relative 1e-5."""
    cases = vectors(golden, "golden_locomotive_linehaul_tiers.csv")
    method = load_method("epa-2022").with_options(line_haul_rates="nei_2020")
    bought = pd.DataFrame(
        {"kind": "line_haul", "tier": cases["tier"], "fuel_gal": cases["gallons"].astype(float), "month": 7,
         "record": cases.index.astype(str)}
    )  # fmt: skip
    rows = locomotives.work_rows(bought, year=2020, method=method)
    mass = grams(rows, "locomotives", method).set_index(rows["record_id"])
    species = cases["pollutant"].replace(SPECIES)
    found = np.array([mass.loc[str(case), name] for case, name in species.items()])
    error = np.abs(found / cases["expected_g"].to_numpy() - 1)
    told(capsys, f"golden_locomotive_linehaul_tiers: {len(cases)} cases, worst {error.max():.1e}")
    assert error.max() < 1e-5


def test_both_sets_of_line_haul_rates_agree(golden: Path):
    """EPA-420-F-09-025 gives the inventory's NOx, PM2.5 and CO to five digits, and its VOC to four."""
    cases = vectors(golden, "golden_locomotive_linehaul_tiers.csv")
    cases = cases[
        cases["pollutant"].isin(["NOx", "PM10", "PM2.5", "CO", "VOC"]) & (cases["tier"] != "Tier 4C")
    ]
    method = load_method("epa-2022")
    bought = pd.DataFrame(
        {"kind": "line_haul", "tier": cases["tier"], "fuel_gal": cases["gallons"].astype(float), "month": 7,
         "record": cases.index.astype(str)}
    )  # fmt: skip
    rows = locomotives.work_rows(bought, year=2020, method=method)
    mass = grams(rows, "locomotives", method).set_index(rows["record_id"])
    for case, row in cases.iterrows():
        close = 2e-4 if row["pollutant"] == "VOC" else 1e-5
        assert mass.loc[str(case), row["pollutant"]] == pytest.approx(row["expected_g"], rel=close)


def test_published_constants_per_gallon(golden: Path, capsys: pytest.CaptureFixture[str]):
    """EPA-420-F-09-025 by the constants of a Texas inventory code: g/gal, relative 1e-9."""
    cases = vectors(golden, "golden_locomotive_g_per_gal.csv").set_index("case")["expected"]
    method = load_method("epa-2022").with_options(switch_locomotives="accept_unverified")
    bought = pd.DataFrame({"kind": ["line_haul", "switch"], "tier": "Tier 0", "fuel_gal": 1.0, "month": 1})
    rows = locomotives.work_rows(bought, year=2024, method=method)
    mass = grams(rows, "locomotives", method).set_index(rows["source_type"])
    found = {
        "line_haul_CO_g_per_gal": mass.loc["line_haul", "CO"],
        "switch_CO_g_per_gal": mass.loc["switch", "CO"],
        "NH3_g_per_gal": mass.loc["line_haul", "NH3"],
        "PM25_from_PM10_line_haul_tier0": mass.loc["line_haul", "PM2.5"],
    }
    unknown = sorted(set(cases.index) - set(found))
    assert not unknown, f"no road through the classes to {', '.join(unknown)}"
    error = max(abs(found[name] / value - 1) for name, value in cases.items())
    told(capsys, f"golden_locomotive_g_per_gal: {len(cases)} cases, worst {error:.1e}")
    assert error < 1e-9


def test_grid_rates(golden: Path, capsys: pytest.CaptureFixture[str]):
    """eGRID2016 subregions: mass over generation is kg/MWh and lb/MWh, relative 1e-9."""
    cases = vectors(golden, "golden_grid_rates.csv")
    per_mwh = cases["mass_kg"] / cases["net_generation_MWh"]
    assert per_mwh.to_numpy() == pytest.approx(cases["expected_kg_per_MWh"].to_numpy(), rel=1e-9)
    pounds = [quantity(value, "kg/MWh").to("lb/MWh").magnitude for value in per_mwh]
    assert pounds == pytest.approx(cases["expected_lb_per_MWh"].tolist(), rel=1e-9)
    shipped = load_table("grid", "rates")
    frame = shipped.frame.copy()
    for case in cases.to_dict("records"):
        here = (
            (frame["region"] == case["subregion"])
            & (frame["year"] == case["year"])
            & (frame["quantity"] == case["pollutant"])
            & (frame["rate_type"] == "average total output")
        )
        rate = case["mass_kg"] / case["net_generation_MWh"] * conversion("kg", "lb")
        if here.any():
            # The edition keeps six decimals of lb/MWh.
            assert frame.loc[here, "value"].tolist() == pytest.approx(
                [case["expected_lb_per_MWh"]], abs=5.1e-7
            )
            frame.loc[here, "value"] = rate
            continue
        # A subregion that the edition does not ship is read as a port's own would be.
        like = frame[(frame["rate_type"] == "average total output") & (frame["unit"] == "lb/MWh")].iloc[[0]]
        keys = {
            "region": case["subregion"],
            "year": case["year"],
            "quantity": case["pollutant"],
            "value": rate,
        }
        frame = pd.concat([frame, like.assign(**keys)], ignore_index=True)
    method = load_method("epa-2022").with_options(grid_loss_region="")
    method = method.with_tables({("electricity", "rates"): FactorTable(shipped.spec, frame)})
    regions = cases["subregion"].unique()
    taken = pd.DataFrame({"use": "cranes", "quantity": 1000.0, "month": 1}, index=range(len(regions)))
    rows = electricity.work_rows(taken, method).assign(grid_region=regions)
    mass = grams(rows, "electricity", method).set_index(rows["grid_region"]) / 1000
    species = cases["pollutant"].replace(SPECIES)
    found = np.array(
        [mass.loc[region, name] for region, name in zip(cases["subregion"], species, strict=True)]
    )
    error = np.abs(found / cases["expected_kg_per_MWh"].to_numpy() - 1).max()
    told(capsys, f"golden_grid_rates: {len(cases)} cases, worst {error:.1e}")
    assert error < 1e-9
