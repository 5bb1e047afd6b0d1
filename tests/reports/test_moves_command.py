"""`caap factors moves` tells what a run of MOVES would give, or why it cannot be used."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from reports.cli.main import caap

HEADING = "MOVESRunID,yearID,monthID,dayID,hourID,pollutantID,processID,sourceTypeID,fuelTypeID,modelYearID,"
RATES = HEADING + "roadTypeID,avgSpeedBinID,ratePerDistance\n4,2023,7,5,9,{pollutant},1,61,2,2018,5,9,2.5\n"
RUN = "MOVESRunID,timeUnits,distanceUnits,massUnits,scale,defaultDatabaseUsed\n"
RUN += "4,hours,mi,g,Rates,movesdb20241112\n"


def told(folder: Path, *options: str, pollutant: str = "3") -> tuple[int, str]:
    files = {"rateperdistance.csv": RATES.format(pollutant=pollutant), "movesrun.csv": RUN}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    run = CliRunner().invoke(caap, ["factors", "moves", *(str(folder / name) for name in files), *options])
    return run.exit_code, run.output


def test_a_run_is_summed_up_in_a_line_for_each_kind_of_rate(tmp_path: Path) -> None:
    code, output = told(tmp_path)
    assert code == 0
    assert "movesdb20241112), Emission Rates: a run of rates" in output
    line = next(line for line in output.splitlines() if "running" in line)
    assert line.split() == ["running", "diesel", "2023", "2018", "1", "NOx", "g/mile"]


def test_a_refused_run_says_where_and_what_to_do(tmp_path: Path) -> None:
    code, output = told(tmp_path, "--haul", "long-haul")
    assert code == 1
    assert "moves_haul = 'long-haul' takes 62, and the file has 61" in output
    code, output = told(tmp_path, pollutant="NOx")
    assert code == 1
    assert "rateperdistance.csv, line 2, column pollutantID: 'NOx'; a whole number" in output
