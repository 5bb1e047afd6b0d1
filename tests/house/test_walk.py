"""A walk through all rooms, from a workbook to a projection: what a library that is too old would stop.

Before a change is taken, the walk is taken a second time with the lowest versions that pyproject.toml names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

import factors
from emissions import engine_work
from inventories import Comparison, Inventory, Port, Scenario, compare, copy_example
from reports import by_source, page, port_map, summarize

YEAR = 2024
VISITS, MILES = 40, 2.0
PLUGGED = {
    "name": "plugged",
    "describes": "Every stop plugs in within three years.",
    "horizon": YEAR + 3,
    "measures": [
        {
            "name": "shore power",
            "kind": "shore_power",
            "share_of": "stops",
            "adoption": {"from": YEAR, "to": YEAR + 3, "reaches": 1.0},
        }
    ],
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Port:
    """The small harbor as a folder of one's own: machines in a workbook, and truck visits in Parquet."""
    folder = copy_example("small-harbor", tmp_path_factory.mktemp("walk") / "harbor")
    activity = folder / "activity" / str(YEAR)
    machines = pd.read_csv(activity / "equipment.csv")
    machines.to_excel(activity / "equipment.xlsx", sheet_name="equipment", index=False, engine="xlsxwriter")
    (activity / "equipment.csv").unlink()
    visit = {"visit_key": "town", "terminal": "quay", "month": 3, "engine_model_year": 2015, "fuel": "diesel"}
    pd.DataFrame([visit] * VISITS).to_parquet(activity / "gate_visits.parquet", index=False)
    (activity / "truck_legs.csv").write_text(
        f"visit_key,seq,zone,miles,speed_mph\ntown,1,quay,{MILES},25\n", encoding="utf-8"
    )
    settings = folder / "port.toml"
    text = settings.read_text(encoding="utf-8")
    option = 'outside_edition = "hold_by_age"  # rates of trucks are those of 2020'
    settings.write_text(text.replace("[method.options]", f"[method.options]\n{option}"), encoding="utf-8")
    return Port.load(folder)


@pytest.fixture(scope="module")
def inventory(port: Port) -> Inventory:
    """Its year."""
    return Inventory.build(port, year=YEAR)


@pytest.fixture(scope="module")
def future(inventory: Inventory) -> Comparison:
    """Its year and three more, in which ships plug in."""
    return compare(inventory, [Scenario.from_dict(PLUGGED)])


def test_a_factor_is_read_with_its_unit() -> None:
    """EPA-420-B-22-011, Table 3.5: 14.4 g/kWh of a slow-speed main engine of Tier 2 on distillate."""
    engine = pd.DataFrame(
        {"engine_group": "propulsion", "engine_type": "SSD", "fuel": "MGO/MDO", "tier": "Tier 2"}, index=[0]
    )
    nox = factors.load_table("epa-ogv-2022", "nox").find(engine, "NOx")
    assert nox.to("g/kWh") == pytest.approx([14.4])
    assert factors.quantity(14.4, "g/kW-hr").to("kg/kWh").magnitude == pytest.approx(0.0144)
    assert engine_work(power_kw=[1000.0], load_factor=[0.5], duration_h=[2.0]) == pytest.approx([1000.0])


def test_machines_of_a_workbook_and_visits_of_a_parquet_file_do_the_work_that_was_written(
    inventory: Inventory, port: Port
) -> None:
    """By hand: 40 visits of 2 miles are 80 miles."""
    assert summarize(inventory).work.loc["heavy_duty_vehicles", "distance [mile]"] == pytest.approx(80.0)
    written = pd.read_excel(port.folder / "activity" / str(YEAR) / "equipment.xlsx", engine="calamine")
    machines = inventory.work[inventory.work["source_category"] == "cargo_handling_equipment"]
    assert set(machines["record_id"].astype(str)) == set(written["unit_id"])


def test_a_saved_year_is_the_year_that_was_built(inventory: Inventory, tmp_path: Path) -> None:
    folder = inventory.save(tmp_path / "saved")
    again = Inventory.open(folder)
    pd.testing.assert_frame_equal(again.cells, inventory.cells)
    pd.testing.assert_frame_equal(again.mass, inventory.mass)
    with xr.open_dataset(folder / "cube.nc", engine="h5netcdf") as cube:
        assert set(cube.data_vars) == set(inventory.cube.data_vars)
    assert "epa-ogv-2022/nox" in str(again.explain("NOx", source_category="ocean_going_vessels"))


def test_a_year_is_drawn_on_a_page(inventory: Inventory, port: Port) -> None:
    text = page(inventory, port)
    assert text.rstrip().endswith("</html>")
    assert port.name in text
    assert by_source(inventory, "NOx").data
    figure = port_map(port, inventory)
    assert figure is not None
    assert figure.data


def test_ships_that_plug_in_move_mass_from_the_quay_to_power_stations(
    inventory: Inventory, future: Comparison
) -> None:
    """The first year is the inventory itself; what engines no longer do, the meters show."""
    (outlook,) = future.outlooks
    nox = outlook.series("NOx", source="ocean_going_vessels")
    assert nox.loc[YEAR] == pytest.approx(
        inventory.total("NOx", "kg", source_category="ocean_going_vessels").magnitude
    )
    drawn = outlook.series("electricity", in_domain=False)
    assert (nox.diff().dropna() < 0).all()
    assert (drawn.diff().dropna() > 0).all()


def test_the_command_builds_the_same_harbor(port: Port, repository: Path) -> None:
    command = [sys.executable, "-m", "reports.cli", "build", str(port.folder), str(YEAR), "--no-page"]
    done = subprocess.run(
        command, cwd=port.folder, env=os.environ | {"PYTHONPATH": str(repository)},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
