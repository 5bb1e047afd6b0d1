"""A port lays single factors of its own over the method's: the year says which, and what they change."""

from __future__ import annotations

from pathlib import Path

import pytest

from factors.user_tables import UserTableError
from inventories.port.port import Port
from inventories.port.refusals import PortError
from inventories.year.inventory import Inventory

PORT = """
name = "Gate (illustrative)"
slug = "gate"
timezone = "America/Los_Angeles"
country = "US"
state = "CA"
illustrative = true
[method]
name = "epa-2022"
[method.options]
emfac_category = "T7 POLA"
outside_edition = "hold_by_age"
[domain]
name = "all"
describes = "Everything."
[ports.POLA]
name = "A port"
[terminals.T1]
name = "A terminal"
port = "POLA"
kind = "container"
operator = "One"
zone = ""
control = "tenant"
"""
VISITS = """terminal,month,count,engine_model_year,fuel,visit_key,gate (h)
T1,2023-03,100,2018,diesel,way,0.1
"""
LEGS = """visit_key,miles,speed (mph)
way,20,40
"""
ZONES = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"zone": "road",
"name": "Road", "kind": "road", "mode": "transit", "in_domain": true, "jurisdiction": "", "priority": 1},
"geometry": {"type": "Polygon", "coordinates":
[[[-118, 33], [-117, 33], [-117, 34], [-118, 34], [-118, 33]]]}}]}
"""
NEED = "heavy_duty_vehicles.wear"
OVER = f'[factor_tables]\n"{NEED}" = {{ file = "wear.csv", mode = "over" }}'
HEAD = "emfac_category,season,model_year,fuel,process,quantity,value,unit,source_document,table,"
BRAKE = "T7 POLA,winter,2018,Diesel,brake,PM10,{value},{unit},own test of brakes,3,port,read,"


def gate(folder: Path, *lines: str, tables: str = OVER) -> Port:
    year = folder / "activity" / "2023"
    year.mkdir(parents=True)
    table = "\n".join([HEAD + "source_address,confidence,note", *lines]) + "\n"
    files = {"port.toml": PORT + tables, "zones.geojson": ZONES, "wear.csv": table}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    (year / "gate_visits.csv").write_text(VISITS, encoding="utf-8")
    (year / "truck_legs.csv").write_text(LEGS, encoding="utf-8")
    return Port.load(folder)


def test_one_factor_over_the_methods_by_hand_explained_and_after_saving(tmp_path: Path) -> None:
    """100 visits x 20 miles in March x 0.1 g PM10 of brakes = 0.2 kg, where EMFAC's 0.06174 gave 0.12348."""
    plain = Inventory.build(gate(tmp_path / "plain", tables=""), year=2023)
    inventory = Inventory.build(gate(tmp_path / "gate", BRAKE.format(value=0.1, unit="g/mile")), year=2023)
    changed = inventory.total("PM10", unit="kg").magnitude - plain.total("PM10", unit="kg").magnitude
    assert changed == pytest.approx(0.2 - 2000 * 0.0617400176947421 / 1000, rel=1e-9)
    assert inventory.total("NOx", unit="kg").magnitude == plain.total("NOx", unit="kg").magnitude

    (told,) = inventory.manifest["method"]["overrides"]
    assert told["need"] == NEED
    assert told["value"] == 0.1
    assert told["old_value"] == pytest.approx(0.06174, rel=1e-5)
    assert told["source"] == "own test of brakes, 3"
    assert set(told["mass_kg"]) == {"PM10"}
    assert told["mass_kg"]["PM10"]["now"] == pytest.approx(0.2, rel=1e-9)
    assert told["mass_kg"]["PM10"]["before"] == pytest.approx(0.1234800354, rel=1e-8)
    assert any(
        note.startswith("Own factor: heavy_duty_vehicles.wear, PM10") for note in inventory.manifest["notes"]
    )
    assert any(entry["path"] == "wear.csv" for entry in inventory.manifest["inputs"])
    assert inventory.manifest["method"]["own_tables"] == []
    assert (
        "1 row of heavy_duty_vehicles.wear is the port's own"
        in inventory.manifest["method"]["departs_from"][-1]
    )

    said = str(inventory.explain("PM10"))
    assert "Own factor: heavy_duty_vehicles.wear, PM10" in said
    assert "[user/heavy_duty_vehicles.wear:2]" in said
    assert "Own factor" not in str(inventory.explain("NOx"))

    inventory.save(tmp_path / "results")
    again = Inventory.open(tmp_path / "results")
    assert again.method.changes == inventory.method.changes
    assert again.manifest["method"] == inventory.manifest["method"]
    assert again.total("PM10", unit="kg").magnitude == inventory.total("PM10", unit="kg").magnitude
    assert again.method.departs_from == inventory.method.departs_from


def test_a_row_that_nothing_rests_on_says_so(tmp_path: Path) -> None:
    summer = BRAKE.replace("winter", "summer").format(value=0.1, unit="g/mile")
    inventory = Inventory.build(gate(tmp_path / "gate", summer), year=2023)
    assert inventory.manifest["method"]["overrides"][0]["mass_kg"] == {}
    assert any("No term of the year rests on it" in note for note in inventory.manifest["notes"])


def test_rows_of_a_file_that_do_not_fit_stop_the_build_and_name_it(tmp_path: Path) -> None:
    lines = [
        BRAKE.format(value=0.1, unit="g/kWh"),
        BRAKE.replace("2018", "1999").format(value=1, unit="g/mile"),
    ]
    with pytest.raises(UserTableError, match=r"wear\.csv.*2 problems") as refused:
        Inventory.build(gate(tmp_path / "gate", *lines), year=2023)
    assert "line 2, column unit" in str(refused.value)
    assert "line 3" in str(refused.value)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('{ file = "wear.csv", mode = "beside" }', "mode"),
        ('{ path = "wear.csv" }', "file"),
        ("3", "factor_tables"),
    ],
)
def test_an_entry_of_factor_tables_that_is_none_is_refused_by_its_key(
    tmp_path: Path, entry: str, told: str
) -> None:
    with pytest.raises(PortError, match=told):
        gate(tmp_path / "gate", tables=f'[factor_tables]\n"{NEED}" = {entry}')
