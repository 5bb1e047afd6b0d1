"""Ranges for masses by source: measured where the port gives a range, and held against it."""

import re
from pathlib import Path

import pytest

from inventories import Inventory, Port, copy_example

PAGES = Path(__file__).parents[3] / "inventories" / "examples"
OF_LONG_BEACH = {"ocean-going vessels": "ocean_going_vessels.POLB", "trucks": "heavy_duty_vehicles.POLB"}
POUNDS_PER_KG = 1 / 0.45359237


def test_a_range_for_a_mass_is_held_against_the_mass_of_its_source(tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    (folder / "checks.csv").write_text(
        "quantity,low,high,unit,source\n"
        "mass.PM2.5.harbor_craft,0,1000,lb,a report\n"
        "mass.NOx.ocean_going_vessels,0,1,kg,a report\n"
        "mass.NOx.ferris_wheels,0,1,kg,a report\n",
        encoding="utf-8",
    )
    built = Inventory.build(Port.load(folder), 2024)
    verdicts = {line["quantity"]: line["verdict"] for line in built.manifest["checks"]}
    assert verdicts == {
        "mass.PM2.5.harbor_craft": "within",
        "mass.NOx.ocean_going_vessels": "outside",
        "mass.NOx.ferris_wheels": "not measured",
    }
    craft = built.total("PM2.5", "kg", source="harbor_craft").magnitude * POUNDS_PER_KG
    assert built.manifest["measured"]["mass.PM2.5.harbor_craft"] == pytest.approx(craft)


def test_the_page_of_an_example_compares_by_source_what_its_year_has(example: Inventory) -> None:
    """Each line "source, here, published, ratio" of the example's page against the year as it is built."""
    page = (PAGES / example.manifest["port"]["slug"] / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| ([a-z -]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", page, re.MULTILINE)
    measured = {
        name: mass for name, mass in example.manifest["measured"].items() if name.startswith("mass.DPM.")
    }
    assert len(lines) == len(measured)
    for source, here, published, ratio in lines:
        mass = measured[f"mass.DPM.{OF_LONG_BEACH[source]}"]
        assert f"{mass:.1f}" == here
        assert f"{mass / float(published):.2f}" == ratio
