"""The checks a reviewer makes first, measured on every build and held against the port's own ranges."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from inventories import Inventory, Port
from inventories.examples import copy_example
from inventories.work.plausibility import ChecksError, compare


@pytest.fixture(scope="module")
def san_pedro_bay(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder = copy_example("san-pedro-bay", tmp_path_factory.mktemp("checks") / "port")
    return Inventory.build(Port.load(folder), 2023)


def test_san_pedro_bay_lies_within_every_range_of_its_own_checks(san_pedro_bay: Inventory) -> None:
    checks = pd.DataFrame(san_pedro_bay.manifest["checks"])
    assert len(checks) >= 29
    wrong = checks[checks["verdict"] != "within"]
    assert not len(wrong), wrong.to_string()


def test_auxiliary_work_per_call_counts_shore_power_with_the_engines(san_pedro_bay: Inventory) -> None:
    work = san_pedro_bay.work
    container = (work["source_type"].astype(str) == "container") & (
        work["engine_group"].astype(str) == "auxiliary"
    )
    engines = work.loc[container, "quantity"].sum() / 1896
    assert san_pedro_bay.manifest["measured"]["auxiliary_kwh_per_call.container"] > engines


def test_a_quantity_out_of_its_range_or_not_measured_is_said_so(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    text = "quantity,low,high,unit,source\ncalls,100,200,call,judgement\nvsr_share.nowhere,0,1,1,judgement\n"
    (folder / "checks.csv").write_text(text, encoding="utf-8")
    found = compare({"calls": 6.0}, Port.load(folder))
    assert found["verdict"].tolist() == ["outside", "not measured"]


def test_a_table_of_checks_without_a_source_is_refused(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    (folder / "checks.csv").write_text("quantity,low,high,unit\ncalls,1,2,call\n", encoding="utf-8")
    with pytest.raises(ChecksError, match="no column source"):
        compare({}, Port.load(folder))


@pytest.mark.parametrize(("pollutant", "published"), [("DPM", 89.0), ("NOx", 4400.0), ("SOx", 106.0)])
def test_the_los_angeles_half_is_of_the_published_order(
    san_pedro_bay: Inventory, pollutant: str, published: float
) -> None:
    """Published 2024: 2005 totals times published changes, so of mixed vintages; within a factor of two."""
    half = float(san_pedro_bay.total(pollutant, unit="short_ton", port="POLA").magnitude)
    assert published / 2 < half < published * 2


def test_gallons_and_freight_stand_beside_the_other_work(san_pedro_bay: Inventory) -> None:
    """Another road: railroads' own gallons, and gross ton-miles times the gallons they take."""
    rail = san_pedro_bay.activity().loc["locomotives"]
    switch = rail["fuel_volume [gal]"]
    line_haul = rail["gross_ton_mile [gross_ton_mile]"] * 1.1 / 1000
    assert rail["fuel burnt [gal]"] == pytest.approx(switch + line_haul, rel=1e-9)
    assert rail["fuel burnt [tonne]"] == pytest.approx((switch + line_haul) * 3.206 / 1000, rel=1e-9)
    ships = san_pedro_bay.activity().loc["ocean_going_vessels"]
    assert ships["fuel burnt [gal]"] * 3.785411784 * 0.895 / 1000 == pytest.approx(
        ships["fuel burnt [tonne]"]
    )


def test_what_has_no_gallons_has_its_tonnes(san_pedro_bay: Inventory) -> None:
    """Compressed gas is no liquid: tonnes alone."""
    gas = san_pedro_bay.activity("fuel", source_category="cargo_handling_equipment").loc["cng"]
    assert gas["fuel burnt [tonne]"] > 1000
    assert pd.isna(gas["fuel burnt [gal]"])
    electric = san_pedro_bay.activity("fuel", source_category="cargo_handling_equipment").loc["electric"]
    assert pd.isna(electric["fuel burnt [tonne]"])
