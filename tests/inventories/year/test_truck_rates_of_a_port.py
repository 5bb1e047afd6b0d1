"""A port names whose rates its trucks take: an export of EMFAC in its folder, or MOVES's fleet."""

from __future__ import annotations

from pathlib import Path

import pytest

from factors.tables import load_table
from factors.user_tables import UserTableError
from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year.inventory import Inventory

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
    of_the_file_alone = 'truck_ghg = "rates"'
    inventory = Inventory.build(port(tmp_path / "gate", tables=OWN, options=of_the_file_alone), year=2023)
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


# ------------------------------------------------------------------------- a port's own run of MOVES

RATES = """yearID,MOVESRunID,monthID,dayID,hourID,pollutantID,processID,sourceTypeID,fuelTypeID,modelYearID,\
roadTypeID,avgSpeedBinID,ratePerDistance
2023,7,7,5,9,3,1,61,2,2018,5,3,6.0
2023,7,7,5,9,3,1,61,2,2018,5,9,2.0
2023,7,7,5,9,3,15,61,2,2018,5,9,0.5
2023,7,7,5,9,87,1,61,2,2018,5,3,0.3
2023,7,7,5,9,87,1,61,2,2018,5,9,0.1
"""
HOURS = """yearID,MOVESRunID,monthID,dayID,hourID,pollutantID,processID,sourceTypeID,fuelTypeID,modelYearID,\
roadTypeID,ratePerHour
2023,7,7,5,9,3,1,61,2,2018,1,50
"""
STARTS = """yearID,MOVESRunID,monthID,dayID,hourID,pollutantID,processID,sourceTypeID,fuelTypeID,modelYearID,\
ratePerStart
2023,7,7,5,9,3,2,61,2,2018,11
"""
RUN = """MOVESRunID,outputTimePeriod,timeUnits,distanceUnits,massUnits,energyUnits,scale,defaultDatabaseUsed
7,Hour,hours,mi,g,J,Rates,movesdb20241112
"""
OWN_RUN = """[factor_tables]
"heavy_duty_vehicles.moves_run" = "movesrun.csv"
"heavy_duty_vehicles.moves_rates" = "rateperdistance.csv"
"heavy_duty_vehicles.moves_hours" = "rateperhour.csv"
"heavy_duty_vehicles.moves_starts" = "rateperstart.csv"
"""


def port_with_run(folder: Path, options: str = "") -> Port:
    built = port(folder, options=options, tables=OWN_RUN)
    files = {"movesrun": RUN, "rateperdistance": RATES, "rateperhour": HOURS, "rateperstart": STARTS}
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return built


def with_starts(folder: Path, starts: str) -> None:
    visits = VISITS.format(fuel="diesel").replace("gate (h)", "gate (h),starts")
    path = folder / "activity" / "2023" / "gate_visits.csv"
    path.write_text(visits.rstrip("\n") + f",{starts}\n", encoding="utf-8")


def test_a_year_on_a_ports_own_run_of_moves_by_hand_and_after_saving(tmp_path: Path) -> None:
    """100 visits x 20 miles x (2.0 + 0.5) g and 100 x 0.1 h x 50 g/h of NOx are 5.5 kg; no starts."""
    inventory = Inventory.build(port_with_run(tmp_path / "gate"), year=2023)
    assert inventory.total("NOx", unit="kg").magnitude == pytest.approx(5.5, rel=1e-12)
    assert inventory.total("VOC", unit="kg").magnitude == pytest.approx(0.2, rel=1e-12)
    assert inventory.method.option("truck_rates") == "moves"
    assert any("a run of MOVES rates the trucks of POLA" in note for note in inventory.manifest["notes"])
    assert {entry["path"] for entry in inventory.manifest["inputs"]} >= {"movesrun.csv", "rateperhour.csv"}
    assert "rateperdistance, sourceTypeID 61" in str(inventory.explain("NOx"))
    inventory.save(tmp_path / "results")
    again = Inventory.open(tmp_path / "results")
    assert again.total("NOx", unit="kg").magnitude == inventory.total("NOx", unit="kg").magnitude
    assert set(again.method.own_tables) == set(inventory.method.own_tables)
    assert again.method.option("truck_rates") == "moves"


def test_starts_count_where_the_method_says_so_and_the_port_gives_them(tmp_path: Path) -> None:
    """100 visits x 0.5 starts x 11 g are 0.55 kg beside the 5.5 kg of miles and hours."""
    gate = port_with_run(tmp_path / "gate", options='truck_starts = "counted"')
    with_starts(tmp_path / "gate", "0.5")
    inventory = Inventory.build(gate, year=2023)
    assert inventory.total("NOx", unit="kg").magnitude == pytest.approx(6.05, rel=1e-12)
    stated = inventory.coverage().query("process == 'start' and pollutant == 'NOx'")
    assert set(stated["state"]) == {"value"}


def test_starts_given_and_not_counted_are_shown_and_not_estimated(tmp_path: Path) -> None:
    gate = port_with_run(tmp_path / "gate")
    with_starts(tmp_path / "gate", "0.5")
    inventory = Inventory.build(gate, year=2023)
    assert inventory.total("NOx", unit="kg").magnitude == pytest.approx(5.5, rel=1e-12)
    starts = inventory.work[inventory.work["process_set"].astype(str) == "start"]
    assert starts["quantity"].tolist() == [50.0]
    stated = inventory.coverage().query("coverage_group == 'starts_excluded'")
    assert set(stated["state"]) == {"NE"}


def test_starts_of_emfac2017_are_nox_alone(tmp_path: Path) -> None:
    """EMFAC prints grams per trip, which is a start."""
    gate = port(tmp_path / "gate", options='truck_starts = "counted"')
    with_starts(tmp_path / "gate", "2")
    counted = Inventory.build(gate, year=2023)
    without = Inventory.build(gate, year=2023, truck_starts="excluded")
    more = counted.total("NOx", unit="g").magnitude - without.total("NOx", unit="g").magnitude
    terms = counted.classes.terms.query("process == 'start'")
    assert set(terms["pollutant"]) == {"NOx"}
    rates = load_table("emfac2017", "start").frame.query(
        "emfac_category == 'T7 POLA' and fuel == 'Diesel' and season == 'winter' and model_year == 2015"
    )
    assert more == pytest.approx(200 * rates["value"].iloc[0])
    assert counted.total("PM10", unit="g").magnitude == without.total("PM10", unit="g").magnitude


def test_counting_starts_needs_them_in_every_row(tmp_path: Path) -> None:
    gate = port_with_run(tmp_path / "gate", options='truck_starts = "counted"')
    with pytest.raises(ValueError, match=r"1 rows have no starts .* engine starts per visit"):
        Inventory.build(gate, year=2023)


@pytest.mark.parametrize(
    ("rates", "words"),
    [("moves3", "no rates per start of MOVES3 were read"), ("moves4", "would count them twice")],
)
def test_counting_starts_needs_rates_per_start(tmp_path: Path, rates: str, words: str) -> None:
    options = f'truck_rates = "{rates}"\ntruck_starts = "counted"'
    gate = port(tmp_path / "gate", options=options)
    with_starts(tmp_path / "gate", "1")
    with pytest.raises(ValueError, match=words):
        Inventory.build(gate, year=2023)


def shipped(table: str, **keys: object) -> float:
    frame = load_table("moves-trucks", table).frame
    for name, value in ({"quantity": "NOx"} | keys).items():
        frame = frame[frame[name].astype(str) == str(value)]
    assert len(frame) == 1
    return float(frame["value"].iloc[0])


def test_a_port_elsewhere_takes_moves_in_one_line(tmp_path: Path) -> None:
    """Idling comes in the form of the rates: MOVES4's hold it, MOVES3's are per hour (100 visits x 0.1 h)."""
    fleet = shipped("fleet_2024", haul="short-haul", fuel="diesel", region="US", process="all")
    road = {"calendar_year": 2020, "road": "Urban Unrestricted Access", "speed_mph": 40.0}
    hour = {"calendar_year": 2020, "model": "MOVES 3", "place": "El Paso, July weekday", "process": "idle"}
    expected = {
        "moves4": 2000 * fleet,
        "moves3": 2000 * shipped("running_by_speed", **road) + 10 * shipped("idle_start", **hour),
    }
    for rates, grams in expected.items():
        gate = port(tmp_path / rates, options=f'truck_rates = "{rates}"')
        total = Inventory.build(gate, year=2023).total("NOx", unit="g").magnitude
        assert total == pytest.approx(grams, rel=1e-9)
    called = Inventory.build(port(tmp_path / "plain"), 2023, truck_rates="moves4")
    assert called.total("NOx", unit="g").magnitude == pytest.approx(expected["moves4"], rel=1e-9)


def test_emfac_and_a_run_of_moves_at_once_are_refused(tmp_path: Path) -> None:
    gate = port(tmp_path / "gate", tables=OWN_RUN + '"heavy_duty_vehicles.emfac" = "emfac.csv"')
    for name, text in {"movesrun": RUN, "rateperdistance": RATES}.items():
        (tmp_path / "gate" / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"EMFAC and .* MOVES"):
        Inventory.build(gate, year=2023)


@pytest.mark.parametrize("method", ["imo-ghg4", "shipef-0.2"])
def test_a_port_of_trucks_alone_needs_a_method_that_has_them(tmp_path: Path, method: str) -> None:
    with pytest.raises(ValueError, match=r"choose method epa-2022 or spbp-partial; whose rates trucks take"):
        Inventory.build(port(tmp_path / "gate"), year=2023, method=method)


def test_a_method_without_trucks_says_that_they_are_left_out_and_what_to_choose(tmp_path: Path) -> None:
    harbor = Port.load(copy_example("small-harbor", tmp_path / "harbor"))
    terminal = harbor.terminals["terminal"].iloc[0]
    visits = f"terminal,month,count,engine_model_year,fuel\n{terminal},2024-03,100,2018,diesel\n"
    (harbor.folder / "activity" / "2024" / "gate_visits.csv").write_text(visits, encoding="utf-8")
    notes = Inventory.build(harbor, year=2024, method="imo-ghg4").manifest["notes"]
    told = [note for note in notes if note.startswith("gate_visits:")]
    assert len(told) == 1
    assert "records are in no total, for method imo-ghg4 has no heavy duty vehicles" in told[0]
    assert "epa-2022 or spbp-partial; whose rates trucks take there" in told[0]


def test_the_san_pedro_bay_method_takes_trucks_without_further_options(tmp_path: Path) -> None:
    inventory = Inventory.build(port(tmp_path / "gate"), year=2023, method="spbp-partial")
    assert inventory.total("NOx", unit="kg").magnitude > 0
    assert not any("in no total" in note for note in inventory.manifest["notes"])
