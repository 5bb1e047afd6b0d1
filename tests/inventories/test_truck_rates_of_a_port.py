"""A port names whose rates its trucks take: an export of EMFAC in its folder, or MOVES's fleet."""

from __future__ import annotations

from pathlib import Path

import pytest

from factors.user_tables import UserTableError
from inventories.inventory import Inventory
from inventories.port import Port

PORT = """
name = "Gate (illustrative)"
slug = "gate"
timezone = "America/Los_Angeles"
illustrative = true
[method]
name = "epa-2022"
[method.options]
emfac_category = "T7 POLA"
outside_edition = "hold_by_age"
{options}
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
{tables}
"""
VISITS = """terminal,month,count,engine_model_year,fuel,visit_key,gate (h)
T1,2023-03,100,2018,{fuel},way,0.1
"""
ZONES = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"zone": "road",
"name": "Road", "kind": "road", "mode": "transit", "in_domain": true, "jurisdiction": "", "priority": 1},
"geometry": {"type": "Polygon", "coordinates":
[[[-118, 33], [-117, 33], [-117, 34], [-118, 34], [-118, 33]]]}}]}
"""
LEGS = """visit_key,miles,speed (mph)
way,20,40
"""
EMFAC = """EMFAC2021 (v1.0.2) Emission Rates
Region Type: Statewide
Season: Annual
Units: miles/day for VMT, g/mile for RUNEX, g/vehicle/day for IDLEX

Region,Calendar Year,Vehicle Category,Model Year,Speed,Fuel,VMT,NOx_RUNEX,PM10_RUNEX,PM2.5_RUNEX,CO2_RUNEX
Statewide,2023,T7 POLA Class 8,2018,10,Dsl,10,6.0,0.02,0.019,2500
Statewide,2023,T7 POLA Class 8,2018,40,Dsl,10,2.5,0.01,0.0095,1400
Statewide,2023,T7 POLA Class 8,2018,40,NG,10,0.5,0.001,0.001,1300
"""


def port(folder: Path, options: str = "", tables: str = "", fuel: str = "diesel") -> Port:
    year = folder / "activity" / "2023"
    year.mkdir(parents=True)
    (folder / "port.toml").write_text(PORT.format(options=options, tables=tables), encoding="utf-8")
    (year / "gate_visits.csv").write_text(VISITS.format(fuel=fuel), encoding="utf-8")
    (year / "truck_legs.csv").write_text(LEGS, encoding="utf-8")
    (folder / "zones.geojson").write_text(ZONES, encoding="utf-8")
    (folder / "emfac.csv").write_text(EMFAC, encoding="utf-8")
    return Port.load(folder)


OWN = '[factor_tables]\n"heavy_duty_vehicles.emfac" = "emfac.csv"'


def test_a_year_on_a_ports_own_emfac_by_hand_and_after_saving(tmp_path: Path) -> None:
    """100 visits x 20 miles x 2.5 g NOx = 5.0 kg of running exhaust; idle stays EMFAC2017's."""
    inventory = Inventory.build(port(tmp_path / "gate", tables=OWN), year=2023)
    rows = inventory.classes.terms.query("pollutant == 'NOx' and process == 'exhaust'")
    assert not rows["extrapolated"].any()
    work = inventory.work
    miles = float(work.loc[work["process_set"].astype(str) == "running", "quantity"].sum())
    assert miles == pytest.approx(2000)
    days = inventory.classes.terms.query("pollutant == 'NOx' and process == 'idle'")
    assert days["extrapolated"].all()
    text = inventory.explain("NOx")
    assert "EMFAC2021 (v1.0.2) Emission Rates" in str(text)
    assert any(entry["path"] == "emfac.csv" for entry in inventory.manifest["inputs"])
    inventory.save(tmp_path / "results")
    again = Inventory.open(tmp_path / "results")
    assert again.total("NOx", unit="kg").magnitude == inventory.total("NOx", unit="kg").magnitude
    assert set(again.method.own_tables) == set(inventory.method.own_tables)
    assert "EMFAC2021" in again.method.departs_from[-1]


def test_what_the_file_lacks_is_not_printed_as_zero(tmp_path: Path) -> None:
    inventory = Inventory.build(port(tmp_path / "gate", tables=OWN), year=2023)
    stated = inventory.coverage().query(
        "coverage_group == 'diesel_running' and process == 'exhaust' and pollutant == 'N2O'"
    )
    assert stated["state"].tolist() == ["NE"]


def test_an_export_that_does_not_say_what_it_is_stops_the_build(tmp_path: Path) -> None:
    gate = port(tmp_path / "gate", tables=OWN)
    bare = "\n".join(EMFAC.splitlines()[5:])
    (tmp_path / "gate" / "emfac.csv").write_text(bare, encoding="utf-8")
    with pytest.raises(UserTableError, match=r"emfac\.csv.*\n.*not clear whether the numbers are rates"):
        Inventory.build(gate, year=2023)


def test_national_rates_for_san_pedro_bay_warn_in_the_years_notes(tmp_path: Path) -> None:
    options = 'truck_rates = "moves4"\nidle_rate = "in_rate"\nmoves_region = "West"'
    inventory = Inventory.build(port(tmp_path / "gate", options=options), year=2023)
    assert any("WARNING: PM10, PM2.5 and DPM of trucks" in note for note in inventory.manifest["notes"])
    # 2,000 miles x 3.40 g of a West short-haul fleet of 2024.
    assert inventory.total("NOx", unit="kg").magnitude == pytest.approx(6.8, abs=0.01)


def test_trips_need_their_meaning(tmp_path: Path) -> None:
    gate = port(tmp_path / "gate")
    visits = tmp_path / "gate" / "activity" / "2023" / "gate_visits.csv"
    visits.write_text(VISITS.replace("count", "trips").format(fuel="diesel"), encoding="utf-8")
    with pytest.raises(ValueError, match="trip_means"):
        Inventory.build(gate, year=2023)
