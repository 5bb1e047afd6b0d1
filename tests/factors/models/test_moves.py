"""Runs of MOVES of a port's own: read as what they are, refused where unclear, preferred to the editions.

No file of a real run is in reach: those written here have the columns that EPA's own scripts give the output
tables (github:USEPA/EPA_MOVES_Model, database/CreateOutput.sql of MOVES3 to MOVES5), and numbers of the
edition or of this page.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.models.moves.reading import MovesError, MovesRun, read_moves
from factors.models.moves.untaken import MeanOfTimes, PollutantsNotTaken, SlowestBinNotTaken, said
from factors.own_tables import with_user_tables
from factors.tables import FactorMissing, load_table

SOURCE = "heavy_duty_vehicles"
METHOD = load_method("epa-2022")

RATE_COLUMNS = (
    "MOVESScenarioID,MOVESRunID,yearID,monthID,dayID,hourID,linkID,pollutantID,processID,sourceTypeID,regClassID,SCC"
    ",fuelTypeID,modelYearID,roadTypeID,avgSpeedBinID,temperature,relHumidity,ratePerDistance"
)
HOUR_COLUMNS = RATE_COLUMNS.replace("avgSpeedBinID,", "").replace("ratePerDistance", "ratePerHour")
START_COLUMNS = (
    "MOVESScenarioID,MOVESRunID,yearID,monthID,dayID,hourID,zoneID,sourceTypeID,regClassID,SCC,fuelTypeID,modelYearID"
    ",pollutantID,processID,temperature,relHumidity,ratePerStart"
)
OUTPUT_COLUMNS = (
    "MOVESRunID,iterationID,yearID,monthID,dayID,hourID,stateID,countyID,zoneID,linkID,pollutantID,processID,"
    "sourceTypeID,regClassID,fuelTypeID,fuelSubTypeID,modelYearID,roadTypeID,SCC,engTechID,sectorID,hpID,emissionQuant"
    ",emissionQuantMean,emissionQuantSigma"
)
ACTIVITY_COLUMNS = (
    "MOVESRunID,iterationID,yearID,monthID,dayID,hourID,stateID,countyID,zoneID,linkID,sourceTypeID,regClassID"
    ",fuelTypeID,fuelSubTypeID,modelYearID,roadTypeID,SCC,engTechID,sectorID,hpID,activityTypeID,activity,activityMean"
    ",activitySigma"
)
RUN_COLUMNS = (
    "MOVESRunID,outputTimePeriod,timeUnits,distanceUnits,massUnits,energyUnits,runSpecFileName,runSpecDescription"
    ",runSpecFileDateTime,runDateTime,scale,minutesDuration,defaultDatabaseUsed,masterVersion,masterComputerID"
    ",masterIDNumber,domain,domainCountyID,domainCountyName,domainDatabaseServer,domainDatabaseName,expectedDONEFiles"
    ",retrievedDONEFiles,models"
)
USUAL = {
    **{
        "MOVESScenarioID": "drayage",
        "MOVESRunID": 1,
        "iterationID": 1,
        "yearID": 2023,
        "monthID": 7,
        "dayID": 5,
    },
    **{"hourID": 9, "stateID": 48, "countyID": 48201, "zoneID": 482010, "linkID": 48201005, "regClassID": 0},
    **{"SCC": "0000000000", "sourceTypeID": 61, "fuelTypeID": 2, "modelYearID": 2018, "roadTypeID": 5},
    **{"avgSpeedBinID": 9, "temperature": 75.0, "relHumidity": 60.0, "processID": 1},
}
RUN = {
    **{
        "MOVESRunID": 1,
        "outputTimePeriod": "Hour",
        "timeUnits": "hours",
        "distanceUnits": "mi",
        "massUnits": "g",
    },
    **{
        "energyUnits": "J",
        "scale": "Rates",
        "defaultDatabaseUsed": "movesdb20241112",
        "masterVersion": "MOVES5.0.0",
    },
    **{"domain": "SINGLE", "domainCountyID": 48201, "models": "onroad"},
}

Row = dict[str, object]


def write(path: Path, columns: str, rows: Sequence[Row], separator: str = ",") -> Path:
    """Write rows in a table's whole layout; a column that a row does not state is NULL."""
    names = columns.split(",")
    lines = [separator.join(names)]
    lines += [separator.join(str({**USUAL, **row}.get(name, "NULL")) for name in names) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def movesrun(folder: Path, **said: object) -> Path:
    row = {name: "NULL" for name in RUN_COLUMNS.split(",")} | RUN | said
    return write(folder / "movesrun.csv", RUN_COLUMNS, [row])


def rate_run(folder: Path, *more: Row, **said: object) -> list[Path]:
    """A small run in rate mode: a model year, two speeds, idling and starts; `more` are rates by distance."""
    miles: list[Row] = [
        {"pollutantID": 3, "avgSpeedBinID": 9, "ratePerDistance": 2.5},
        {"pollutantID": 3, "processID": 15, "avgSpeedBinID": 9, "ratePerDistance": 0.5},
        {"pollutantID": 3, "avgSpeedBinID": 3, "ratePerDistance": 8.0},
        {"pollutantID": 90, "avgSpeedBinID": 9, "ratePerDistance": 1500},
        {"pollutantID": 90, "avgSpeedBinID": 3, "ratePerDistance": 3000},
        {"pollutantID": 100, "avgSpeedBinID": 9, "ratePerDistance": 0.02},
        {"pollutantID": 100, "avgSpeedBinID": 3, "ratePerDistance": 0.05},
        {"pollutantID": 91, "avgSpeedBinID": 9, "ratePerDistance": 2e7},
        {"pollutantID": 106, "processID": 9, "avgSpeedBinID": 9, "ratePerDistance": 0.08},
    ]
    hours: list[Row] = [
        {"pollutantID": 3, "roadTypeID": 1, "ratePerHour": 40},
        {"pollutantID": 90, "roadTypeID": 1, "ratePerHour": 7000},
        {"pollutantID": 100, "roadTypeID": 1, "ratePerHour": 0.3},
        {"pollutantID": 3, "processID": 90, "roadTypeID": 1, "ratePerHour": 80},
    ]
    starts: list[Row] = [{"pollutantID": 3, "processID": 2, "ratePerStart": 12}]
    return [
        write(folder / "rateperdistance.csv", RATE_COLUMNS, [*miles, *more]),
        write(folder / "rateperhour.csv", HOUR_COLUMNS, hours),
        write(folder / "rateperstart.csv", START_COLUMNS, starts),
        movesrun(folder, **said),
    ]


def mass(pollutant: int, grams: float, process: int = 1, **keys: object) -> Row:
    return {"pollutantID": pollutant, "processID": process, "emissionQuant": grams, **keys}


def done(kind: int, amount: float, **keys: object) -> Row:
    return {"activityTypeID": kind, "activity": amount, **keys}


MASSES = [
    *(
        mass(3, 3000),
        mass(3, 1000, 15),
        mass(90, 1_600_000),
        mass(3, 500, roadTypeID=1),
        mass(3, 70, 2, roadTypeID=1),
    ),
    *(mass(3, 9999, roadTypeID=4), mass(106, 80, 9)),
]
ACTIVITY = [
    *(done(1, 1000), done(1, 5000, roadTypeID=4), done(7, 10, roadTypeID=1), done(4, 12.5, roadTypeID=1)),
    *(done(4, 30), done(6, 3, roadTypeID=1)),
]


def inventory_run(
    folder: Path, masses: Sequence[Row] = MASSES, activity: Sequence[Row] = ACTIVITY, **said: object
) -> list[Path]:
    return [
        write(folder / "movesoutput.csv", OUTPUT_COLUMNS, masses),
        write(folder / "movesactivityoutput.csv", ACTIVITY_COLUMNS, activity),
        movesrun(folder, **{"scale": "Inv", **said}),
    ]


def rate(run: MovesRun, need: str, quantity: str, **keys: object) -> pd.Series:
    frame = run.tables[need].frame
    mine = frame[frame["quantity"] == quantity]
    for name, value in keys.items():
        mine = mine[mine[name] == value]
    assert len(mine) == 1
    return mine.iloc[0]


def with_run(method: Method, paths: Sequence[Path]) -> Method:
    return with_user_tables(method, {f"{SOURCE}.moves_{number}": path for number, path in enumerate(paths)})


def trucks(**keys: object) -> pd.DataFrame:
    usual: Row = {
        **{"emfac_category": "T7 other port", "fuel": "diesel", "technology": "", "season": "summer"},
        **{"model_year": 2018, "calendar_year": 2023, "process_set": "running", "speed_bin_mph": 40},
    }
    return pd.DataFrame([usual | keys])


def grams(method: Method, classes: pd.DataFrame, pollutant: str, process: str) -> float:
    resolved = resolve(SOURCE, classes, method)[1]
    mine = (resolved.components["pollutant"] == pollutant) & (resolved.components["process"] == process)
    return float(resolved.matrix[0, mine.to_numpy()].sum() * 1000)


# ---------------------------------------------------------------------------------------- rate mode


def test_a_rate_run_gives_a_rate_for_each_model_year_and_speed(tmp_path: Path) -> None:
    """By hand: running 2.5 and its crankcase 0.5 are 3.0 g NOx a mile in the bin centred on 40 mph."""
    run = read_moves(rate_run(tmp_path))
    assert run.mode == "rates"
    assert run.title == "MOVES5.0.0 (default database movesdb20241112), Emission Rates"
    nox = rate(run, "moves_running", "NOx", speed_bin_mph=40)
    assert (nox["value"], nox["unit"], nox["model_year"], nox["calendar_year"]) == (3.0, "g/mile", 2018, 2023)
    assert (nox["confidence"], nox["note"]) == ("derived", "line 2, column ratePerDistance, processID 1 + 15")
    slow = rate(run, "moves_running", "NOx", speed_bin_mph=10)
    assert (slow["value"], slow["confidence"]) == (8.0, "read")
    assert "sourceTypeID 61, Urban Unrestricted Access" in slow["table"]
    idle, start = rate(run, "moves_idle", "NOx"), rate(run, "moves_start", "NOx")
    assert (idle["value"], idle["unit"], start["value"], start["unit"]) == (40.0, "g/h", 12.0, "g/start")


def test_what_is_not_taken_is_named(tmp_path: Path) -> None:
    untaken = read_moves(rate_run(tmp_path)).untaken
    assert PollutantsNotTaken("rateperdistance.csv", ((91, "total energy"),)) in untaken
    assert "rateperdistance.csv: pollutants not taken: 91 (total energy)" in map(said, untaken)


def test_extended_idle_is_taken_on_request(tmp_path: Path) -> None:
    paths = rate_run(tmp_path)
    assert rate(read_moves(paths, idle="extended"), "moves_idle", "NOx")["value"] == 80.0


@pytest.mark.parametrize(
    ("said", "unit", "factor"),
    [({"massUnits": "lb"}, "lb/mile", 453.59237), ({"distanceUnits": "km"}, "g/km", 1.609344)],
)
def test_units_are_those_that_movesrun_states(
    tmp_path: Path, said: dict[str, object], unit: str, factor: float
) -> None:
    """The same grams a mile, written in other units."""
    paths = rate_run(tmp_path, **said)
    table = pd.read_csv(paths[0], dtype=str, keep_default_na=False)
    for path, column in zip(paths, ("ratePerDistance", "ratePerHour", "ratePerStart"), strict=False):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        hidden = factor if unit == "lb/mile" or column == "ratePerDistance" else 1.0
        table[column] = (table[column].astype(float) / hidden).map(repr)
        table.to_csv(path, index=False)
    run = read_moves(paths)
    assert rate(run, "moves_running", "NOx", speed_bin_mph=10)["unit"] == unit
    method = with_run(METHOD, paths)
    assert grams(method, trucks(speed_bin_mph=10), "NOx", "exhaust") == pytest.approx(8.0, rel=1e-9)


def test_the_shipped_moves3_rates_written_as_a_run_come_back(tmp_path: Path) -> None:
    """By another road: 4 roads, 16 speed bins, 5 pollutants of the edition, to the bit."""
    shipped = load_table("moves-trucks", "running_by_speed").frame
    shipped = shipped[shipped["calendar_year"] == 2020]
    names = {"NOx": 3, "CO": 2, "VOC": 87, "PM10": 100, "PM2.5": 110}
    roads = {"Rural Restricted Access": 2, "Rural Unrestricted Access": 3, "Urban Restricted Access": 4,
             "Urban Unrestricted Access": 5}  # fmt: skip
    rows: list[Row] = [
        {
            "yearID": 2020, "sourceTypeID": 62, "modelYearID": 0,
            "roadTypeID": roads[str(line["road"])],
            "avgSpeedBinID": 1 + int(float(line["speed_mph"]) // 5),
            "pollutantID": names[str(line["quantity"])],
            "linkID": 1000 * roads[str(line["road"])], "ratePerDistance": repr(line["value"]),
        }
        for line in shipped.to_dict("records")
    ]  # fmt: skip
    paths = [write(tmp_path / "rates.csv", RATE_COLUMNS, rows), movesrun(tmp_path)]
    run = read_moves(paths, haul="long-haul", road="Urban Restricted Access")
    frame = run.tables["moves_running"].frame
    assert "model_year" not in frame
    shipped = shipped.assign(speed_mph=shipped["speed_mph"].astype(float))
    mine = shipped[(shipped["road"] == "Urban Restricted Access") & (shipped["speed_mph"] != 2.5)]
    both = frame.merge(mine, left_on=["speed_bin_mph", "quantity"], right_on=["speed_mph", "quantity"])
    assert len(both) == len(frame) == len(mine) == 75
    assert (both["value_x"] == both["value_y"]).all()
    assert any(isinstance(fact, SlowestBinNotTaken) for fact in run.untaken)


def test_hours_are_averaged_only_on_request(tmp_path: Path) -> None:
    other: Row = {"pollutantID": 3, "avgSpeedBinID": 3, "hourID": 17, "ratePerDistance": 9.0}
    rows: list[Row] = [
        {"pollutantID": 3, "avgSpeedBinID": 3, "ratePerDistance": 8.0},
        other,
    ]
    paths = [write(tmp_path / "rates.csv", RATE_COLUMNS, rows), movesrun(tmp_path)]
    with pytest.raises(MovesError, match=r"rates of 2 times \(hourID 9, 17\).*moves_hours = \"mean\""):
        read_moves(paths)
    run = read_moves(paths, hours="mean")
    nox = rate(run, "moves_running", "NOx")
    assert (nox["value"], nox["confidence"]) == (8.5, "derived")
    assert "mean of 2 times" in nox["note"]
    assert MeanOfTimes("rates.csv", 2) in run.untaken


# ----------------------------------------------------------------------------------- inventory mode


def test_an_inventory_becomes_rates_by_the_activity_of_the_same_run(tmp_path: Path) -> None:
    """By hand: (3000 + 1000) g over 1,000 miles; 500 g over 12.5 h idled; 70 g over 10 starts."""
    run = read_moves(inventory_run(tmp_path))
    assert run.mode == "inventory"
    nox = rate(run, "moves_running", "NOx")
    assert (nox["value"], nox["unit"], nox["confidence"]) == (4.0, "g/mile", "derived")
    assert rate(run, "moves_idle", "NOx")["value"] == 40.0
    assert rate(run, "moves_start", "NOx")["value"] == 7.0
    assert rate(run, "moves_wear", "PM10", process="brake")["value"] == 0.08
    assert "speed_bin_mph" not in run.tables["moves_running"].frame


def test_the_road_asked_for_decides_the_miles(tmp_path: Path) -> None:
    run = read_moves(inventory_run(tmp_path), road="Urban Restricted Access")
    assert rate(run, "moves_running", "NOx")["value"] == pytest.approx(9999 / 5000)


def test_a_weekday_counts_five_times_and_a_weekend_day_twice(tmp_path: Path) -> None:
    """By hand: (5 x 300 + 2 x 30) g over (5 x 100 + 2 x 20) miles, for masses of typical days."""
    masses = [mass(3, 300, dayID=5), mass(3, 30, dayID=2)]
    activity = [done(1, 100, dayID=5), done(1, 20, dayID=2)]
    run = read_moves(inventory_run(tmp_path, masses, activity))
    assert rate(run, "moves_running", "NOx")["value"] == pytest.approx(1560 / 540)
    run = read_moves(inventory_run(tmp_path, masses, activity, timeUnits="month"))
    assert rate(run, "moves_running", "NOx")["value"] == pytest.approx(330 / 120)


@settings(max_examples=20, deadline=None)
@given(
    split=st.lists(st.floats(1.0, 1e5), min_size=1, max_size=6),
    miles=st.floats(10.0, 1e6),
    times=st.floats(1, 9),
)
def test_a_rate_knows_neither_how_rows_are_split_nor_the_size_of_the_fleet(
    tmp_path_factory: pytest.TempPathFactory, split: list[float], miles: float, times: float
) -> None:
    folder = tmp_path_factory.mktemp("run")
    whole = read_moves(inventory_run(folder, [mass(3, sum(split))], [done(1, miles)]))
    parts = [mass(3, part * times, linkID=number) for number, part in enumerate(split)]
    halves = [done(1, miles * times / 2, linkID=number) for number in (1, 2)]
    spread = read_moves(inventory_run(folder, parts, halves))
    one, other = (rate(run, "moves_running", "NOx")["value"] for run in (whole, spread))
    assert other == pytest.approx(one, rel=1e-9)


def test_tons_of_moves_are_short_tons(tmp_path: Path) -> None:
    """0.001 U.S. tons over 1,000 miles are 0.90718474 g/mile."""
    paths = inventory_run(tmp_path, [mass(3, 0.001)], [done(1, 1000)], massUnits="ton")
    assert rate(read_moves(paths), "moves_running", "NOx")["unit"] == "short ton/mile"
    assert grams(with_run(METHOD, paths), trucks(), "NOx", "exhaust") == pytest.approx(0.90718474, rel=1e-9)


def test_a_mass_without_its_activity_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        MovesError, match=r"moves\w*\.csv has start and .* has no activity of type 7 \(starts\)"
    ):
        read_moves(inventory_run(tmp_path, MASSES, [row for row in ACTIVITY if row["activityTypeID"] != 7]))
    with pytest.raises(
        MovesError, match=r"running of diesel trucks, model year 2011.*no activity of them above 0"
    ):
        read_moves(inventory_run(tmp_path, [*MASSES, mass(3, 5, modelYearID=2011)]))
    masses, _, run = inventory_run(tmp_path)
    with pytest.raises(MovesError, match="movesactivityoutput is not there"):
        read_moves([masses, run])


def test_starts_nobody_counts_need_no_activity(tmp_path: Path) -> None:
    paths = inventory_run(tmp_path, MASSES, [row for row in ACTIVITY if row["activityTypeID"] != 7])
    method = with_run(METHOD, paths)
    assert any("has start" in line and "not taken" in line for line in method.departs_from)


# ------------------------------------------------------------------------------------------ refusal


def test_a_mixture_of_modes_is_refused(tmp_path: Path) -> None:
    rates, masses = rate_run(tmp_path), inventory_run(tmp_path)
    with pytest.raises(MovesError, match=r"not clear whether this is a run of rates .* or an inventory"):
        read_moves([*rates[:3], *masses])


def test_a_rate_runs_interim_masses_are_no_inventory(tmp_path: Path) -> None:
    with pytest.raises(MovesError, match="column scale: 'Rates' is a run of rates"):
        read_moves(inventory_run(tmp_path, scale="Rates"))


def test_without_movesrun_there_are_no_units(tmp_path: Path) -> None:
    with pytest.raises(MovesError, match="no movesrun, which alone says the units"):
        read_moves(rate_run(tmp_path)[:3])


def test_an_unknown_unit_is_named(tmp_path: Path) -> None:
    with pytest.raises(MovesError, match="line 2, column massUnits: 'stone'; known are g, kg, lb, ton"):
        read_moves(rate_run(tmp_path, massUnits="stone"))


def test_a_file_that_is_no_output_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("terminal,visits\nT1,5\n", encoding="utf-8")
    with pytest.raises(MovesError, match=r"other\.csv, line 1: no output table of MOVES has these columns"):
        read_moves([*rate_run(tmp_path), tmp_path / "other.csv"])


def test_all_problems_come_in_one_message_with_line_and_column(tmp_path: Path) -> None:
    paths = rate_run(
        tmp_path,
        {"pollutantID": "NOx", "ratePerDistance": 1},
        {"pollutantID": 3, "modelYearID": 2011, "ratePerDistance": -4},
    )
    (tmp_path / "rateperhour.csv").unlink()
    with pytest.raises(MovesError) as refused:
        read_moves(paths)
    said = str(refused.value)
    assert "3 problems" in said
    assert "rateperdistance.csv, line 11, column pollutantID: 'NOx'; a whole number" in said
    assert "rateperdistance.csv, line 12, column ratePerDistance: '-4'; a number of 0 or more" in said
    assert "rateperhour.csv: there is no such file" in said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"regClassID": 47}, "differ in regClassID 0, 47. Rates cannot be added or averaged"),
        ({"avgSpeedBinID": 17}, "line 11, column avgSpeedBinID: 17; 1 to 16"),
        ({"modelYearID": 0}, r"column modelYearID: 0 \(added up over\) in some rows"),
        ({"fuelTypeID": "NULL"}, "column fuelTypeID: added up over; tick Fuel Type"),
        ({"processID": 0}, "column processID: added up over processes"),
        ({"MOVESRunID": 2}, r"rows of several runs \(column MOVESRunID\)"),
    ],
)
def test_rows_that_leave_open_which_truck_they_are_are_refused(tmp_path: Path, row: Row, words: str) -> None:
    more = {"pollutantID": 3, "avgSpeedBinID": 3, "ratePerDistance": 7.0} | row
    with pytest.raises(MovesError, match=words):
        read_moves(rate_run(tmp_path, more))


def test_trucks_and_roads_that_the_run_lacks_are_told_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(MovesError, match="moves_haul = 'long-haul' takes 62, and the file has 61"):
        read_moves(rate_run(tmp_path), haul="long-haul")
    with pytest.raises(
        MovesError, match=r"no rows of trucks on 2 .* the file has 5 \(Urban Unrestricted Access\)"
    ):
        read_moves(rate_run(tmp_path), road="Rural Restricted Access")


def test_an_inventory_that_adds_idling_to_miles_is_refused(tmp_path: Path) -> None:
    rows = [row | {"roadTypeID": 0} for row in MASSES]
    with pytest.raises(MovesError, match=r"column roadTypeID: added up over, and the idling off the network"):
        read_moves(inventory_run(tmp_path, rows))


def test_two_counties_are_not_one_port(tmp_path: Path) -> None:
    masses = [*MASSES, mass(3, 10, countyID=48157)]
    with pytest.raises(MovesError, match="column countyID: 48157, 48201; one is needed"):
        read_moves(inventory_run(tmp_path, masses))


def test_rates_of_another_size_than_a_trucks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MovesError, match=r"median running CO2 is 1.02e"):
        read_moves(rate_run(tmp_path, massUnits="lb"))


def test_a_table_that_was_cut_off_is_not_read_in_part(tmp_path: Path) -> None:
    paths = rate_run(tmp_path)
    cut = next(path for path in paths if "ratePerDistance" in path.read_text(encoding="utf-8"))
    cut.write_text(cut.read_text(encoding="utf-8").rstrip().rpartition(",")[0], encoding="utf-8")
    with pytest.raises(MovesError, match="cut off there"):
        read_moves(paths)


def test_a_table_in_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    paths = rate_run(tmp_path)
    paths[0].write_bytes(paths[0].read_bytes() + b"Do\xf1a\n")
    with pytest.raises(MovesError, match='not UTF-8: save the file as "CSV UTF-8'):
        read_moves(paths)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_cases_are_read(tmp_path: Path, separator: str) -> None:
    rows: list[Row] = [{"pollutantID": 3, "ratePerDistance": 2.5}]
    path = write(tmp_path / "rates.csv", RATE_COLUMNS, rows, separator)
    path.write_text(path.read_text(encoding="utf-8").lower(), encoding="utf-8")
    assert rate(read_moves([path, movesrun(tmp_path)]), "moves_running", "NOx")["value"] == 2.5


# ---------------------------------------------------------------------------------------- as method


def test_a_run_rates_the_trucks_and_says_so(tmp_path: Path) -> None:
    method = with_run(METHOD, rate_run(tmp_path))
    assert method.option("truck_rates") == "moves"
    assert grams(method, trucks(), "NOx", "exhaust") == pytest.approx(3.0)
    assert grams(method, trucks(), "DPM", "exhaust") == pytest.approx(0.02)
    assert grams(method, trucks(process_set="idle_hour", speed_bin_mph=0), "NOx", "idle") == pytest.approx(
        40.0
    )
    assert any("run of MOVES: MOVES5.0.0" in line for line in method.departs_from)


def test_what_the_run_lacks_is_not_estimated(tmp_path: Path) -> None:
    method = with_run(METHOD, rate_run(tmp_path))
    coverage = resolve(SOURCE, trucks(), method)[1].coverage
    mine = coverage[
        (coverage["coverage_group"] == "diesel_moves_running") & (coverage["process"] == "exhaust")
    ]
    states = dict(zip(mine["pollutant"], mine["state"], strict=True))
    assert [states[name] for name in ("NOx", "CO2", "DPM", "SOx", "VOC", "BC")] == [
        *("value", "value", "value", "NE", "NE", "NE")
    ]


def test_wear_is_moves4s_where_the_run_has_not_all_of_it(tmp_path: Path) -> None:
    """The run has brake wear of one size alone; MOVES4's short-haul fleet of the United States stands in."""
    method = with_run(METHOD.with_options(outside_edition="hold_by_age"), rate_run(tmp_path))
    fleet = load_table("moves-trucks", "fleet_2024").frame.query(
        "haul == 'short-haul' and region == 'US' and fuel == 'diesel' and process == 'brake' and quantity == "
        "'PM10'"
    )
    assert grams(method, trucks(), "PM10", "brake") == pytest.approx(fleet["value"].iloc[0])


def test_wear_is_the_runs_where_it_has_all_of_it(tmp_path: Path) -> None:
    more: list[Row] = [
        {"pollutantID": one, "processID": process, "ratePerDistance": value}
        for one, process, value in ((107, 10, 0.02), (116, 9, 0.01), (117, 10, 0.003))
    ]
    method = with_run(METHOD, rate_run(tmp_path, *more))
    assert grams(method, trucks(), "PM10", "brake") == pytest.approx(0.08)
    assert grams(method, trucks(), "PM2.5", "tyre") == pytest.approx(0.003)


def test_natural_gas_trucks_are_rated_where_the_run_has_them(tmp_path: Path) -> None:
    gas: list[Row] = [
        {"pollutantID": one, "fuelTypeID": 3, "avgSpeedBinID": 9, "ratePerDistance": value}
        for one, value in ((3, 0.4), (90, 1600), (100, 0.004))
    ]
    method = with_run(METHOD, rate_run(tmp_path, *gas))
    assert grams(method, trucks(fuel="natural_gas"), "NOx", "exhaust") == pytest.approx(0.4)
    resolved = resolve(SOURCE, trucks(fuel="natural_gas"), method)[1]
    assert "DPM" not in set(resolved.terms["pollutant"])
    with pytest.raises(FactorMissing, match='natural_gas = "not_estimated"'):
        resolve(SOURCE, trucks(fuel="natural_gas"), with_run(METHOD, rate_run(tmp_path)))


def test_a_model_year_that_the_run_lacks_stops_or_is_held_by_age(tmp_path: Path) -> None:
    method = with_run(METHOD, rate_run(tmp_path))
    with pytest.raises(FactorMissing, match="model_year"):
        resolve(SOURCE, trucks(model_year=2016), method)
    own = METHOD.with_options(outside_edition="hold_by_age", truck_ghg="rates")
    held = with_run(own, rate_run(tmp_path))
    resolved = resolve(SOURCE, trucks(model_year=2016), held)[1]
    exhaust = resolved.terms.query("process == 'exhaust'")
    assert exhaust["extrapolated"].all()
    assert exhaust["note"].str.contains("model year 2018 of calendar 2023").all()
    with pytest.raises(
        FactorMissing, match=r"diesel: model years 2009 .*the run has model years 2018 to 2018"
    ):
        resolve(SOURCE, trucks(model_year=2009), held)


def test_an_inventory_is_a_mean_over_speeds_and_marked_so(tmp_path: Path) -> None:
    method = with_run(METHOD.with_options(truck_ghg="rates"), inventory_run(tmp_path))
    terms = resolve(SOURCE, trucks(), method)[1].terms.query("process == 'exhaust'")
    assert terms["extrapolated"].all()
    assert terms["note"].str.contains("a mean over all speeds").all()


def test_rates_of_two_models_at_once_are_refused(tmp_path: Path) -> None:
    paths = rate_run(tmp_path)
    with pytest.raises(MethodError, match=r"truck_rates = 'emfac', and .* names a run of MOVES"):
        with_run(METHOD.with_options(truck_rates="emfac"), paths)


def test_asking_for_a_run_without_naming_one_says_how(tmp_path: Path) -> None:
    with pytest.raises(MethodError, match=r'"heavy_duty_vehicles\.moves_run" = "factors/movesrun\.csv"'):
        resolve(SOURCE, trucks(), METHOD.with_options(truck_rates="moves"))
