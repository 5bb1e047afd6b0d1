"""Every file and sheet in a year's folder is a table that is read, or is named."""

from __future__ import annotations

import gzip
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.styles import numbers

from inventories import Port, copy_example
from inventories.activity import Activity, ActivityError, load_activity

HEADINGS = [
    "unit_id",
    "terminal",
    "type",
    "count",
    "engine_model_year",
    "power (kW)",
    "fuel",
    "hours",
    "tier",
]
MACHINES = [
    ["reach-1", "quay", "reach_stacker", 1, 2012, 250, "diesel", 1000, None],
    ["tractor-1", "quay", "yard_tractor", 2, 2015, 150, "diesel", 1200, "Tier 4 final"],
]
HOURS = [1000.0, 1200.0]
CSV = "\n".join(
    ",".join("" if cell is None else str(cell) for cell in line) for line in (HEADINGS, *MACHINES)
)


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """The year's folder of a small harbor without machines."""
    folder = copy_example("small-harbor", tmp_path / "harbor") / "activity" / "2024"
    (folder / "equipment.csv").unlink()
    return folder


def read(year: Path) -> Activity:
    return load_activity(Port.load(year.parents[1]), 2024)


def refused(year: Path) -> str:
    with pytest.raises(ActivityError) as told:
        read(year)
    return str(told.value)


def hours(activity: Activity) -> list[float]:
    return activity.tables["equipment"]["hours"].tolist()


def book(*lines: list[object], sheet: str = "Sheet1") -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.title = sheet
    for line in lines:
        made.active.append(line)
    return made


@pytest.mark.parametrize(
    "name", ["equipment.CSV", "Equipment.csv", "EQUIPMENT.txt", "equipment.csv.txt", "equipment 2024.csv"]
)
def test_a_table_is_known_however_its_file_is_spelled(year: Path, name: str) -> None:
    (year / name).write_text(CSV, encoding="utf-8")
    assert hours(read(year)) == HOURS


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_table_as_text_is_the_same_in_every_spelling(
    year: Path, mark: str, end: str, encoding: str
) -> None:
    text = CSV.replace("reach-1", "reach-é").replace(",", mark).replace("\n", end)
    (year / "equipment.csv").write_bytes(text.encode(encoding))
    activity = read(year)
    assert hours(activity) == HOURS
    assert activity.tables["equipment"]["unit_id"].tolist() == ["reach-é", "tractor-1"]
    assert any("Windows-1252" in note for note in activity.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("sheet", ["equipment", "Equipment", "equipment ", "EQUIPMENT 2024"])
def test_a_sheet_is_known_however_it_is_spelled(year: Path, sheet: str) -> None:
    book(HEADINGS, *MACHINES, sheet=sheet).save(year / "activity.xlsx")
    assert hours(read(year)) == HOURS


def test_a_sheet_with_a_slip_in_its_name_is_told(year: Path) -> None:
    book(HEADINGS, *MACHINES, sheet="equipmant").save(year / "activity.xlsx")
    assert 'sheet equipmant: is not the name of a table. Did you mean "equipment"?' in refused(year)


def test_a_sheet_that_is_no_table_is_named(year: Path) -> None:
    made = book(HEADINGS, *MACHINES, sheet="equipment")
    made.create_sheet("remarks of the terminal")
    made.save(year / "activity.xlsx")
    notes = read(year).notes
    assert any("sheet remarks of the terminal" in note and "not read" in note for note in notes)


def test_the_same_table_twice_is_told_with_both_places(year: Path) -> None:
    (year / "equipment.csv").write_text(CSV, encoding="utf-8")
    (year / "Equipment.TSV").write_text(CSV.replace(",", "\t"), encoding="utf-8")
    told = refused(year)
    assert "the table equipment is there 2 times" in told
    assert "equipment.csv" in told
    assert "Equipment.TSV" in told


def test_a_table_in_a_form_that_is_not_read_is_told(year: Path) -> None:
    (year / "equipment.pdf").write_bytes(b"%PDF")
    assert 'equipment.pdf: has the ending ".pdf", which is not read' in refused(year)


def test_files_that_are_no_tables_are_named_and_those_of_systems_are_not(year: Path) -> None:
    (year / "photos of berths.zip").write_bytes(gzip.compress(b"x"))
    (year / "raw").mkdir()
    (year / ".DS_Store").write_bytes(b"x")
    (year / "~$equipment.xlsx").write_bytes(b"x")
    notes = " ".join(read(year).notes)
    assert "photos of berths.zip" in notes
    assert "folder activity/2024/raw" in notes
    assert "DS_Store" not in notes
    assert "~$" not in notes


def test_text_that_is_called_a_workbook_is_told_and_what_is_advised_works(year: Path) -> None:
    (year / "equipment.xls").write_text(CSV, encoding="utf-8")
    assert "equipment.xls: is no workbook" in refused(year)
    (year / "equipment.xls").rename(year / "equipment.csv")
    assert hours(read(year)) == HOURS


# ------------------------------------------------------------------ lines above, below and beyond


@pytest.mark.parametrize("above", ["\n", "\n\n", ",,,,,,,,\n", " , ,\n"])
def test_blank_lines_above_the_headings_are_passed_over(year: Path, above: str) -> None:
    (year / "equipment.csv").write_text(above + CSV, encoding="utf-8")
    activity = read(year)
    assert hours(activity) == HOURS
    assert activity.tables["equipment"]["_row"].tolist() == [2 + above.count("\n"), 3 + above.count("\n")]


def test_a_blank_row_above_the_headings_of_a_sheet_is_passed_over(year: Path) -> None:
    book([], HEADINGS, *MACHINES).save(year / "equipment.xlsx")
    activity = read(year)
    assert hours(activity) == HOURS
    assert activity.tables["equipment"]["_row"].tolist() == [3, 4]


def test_a_title_above_the_headings_is_one_problem_that_says_where_they_are(year: Path) -> None:
    (year / "equipment.csv").write_text(
        f"Equipment of the quay,,\nprinted 2025-01-07,,\n{CSV}", encoding="utf-8"
    )
    told = refused(year)
    assert "1 problem in 1 file" in told
    assert "the headings seem to be in row 3" in told
    assert "Equipment of the quay" in told


@pytest.mark.parametrize("row", [1, 2])
def test_a_number_with_a_comma_that_is_not_quoted_is_told_in_whichever_row(year: Path, row: int) -> None:
    lines = CSV.split("\n")
    lines[row] = lines[row].replace(",1000,", ",1,000,").replace(",1200,", ",1,200,")
    (year / "equipment.csv").write_text("\n".join(lines), encoding="utf-8")
    told = refused(year)
    assert f"a row has more cells than there are headings (9): row {row + 1}" in told


def test_empty_cells_beyond_the_headings_do_no_harm(year: Path) -> None:
    (year / "equipment.csv").write_text(CSV.replace("\n", ",,\n") + ",,", encoding="utf-8")
    assert hours(read(year)) == HOURS


def test_values_without_a_heading_are_told_by_the_letter_of_their_column(year: Path) -> None:
    book([*HEADINGS[:-1], None], *MACHINES).save(year / "equipment.xlsx")
    assert "column I has values and no heading, the first in row 3" in refused(year)
    (year / "equipment.xlsx").unlink()
    (year / "equipment.csv").write_text(CSV.replace("hours", ""), encoding="utf-8")
    assert "column H has values and no heading, the first in row 2" in refused(year)


# ------------------------------------------------------------------ cells that are no values


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!"])
@pytest.mark.parametrize("column", ["tier", "hours", "unit_id"])
def test_an_error_of_a_spreadsheet_is_a_problem_and_no_blank(year: Path, error: str, column: str) -> None:
    made = book(HEADINGS, *MACHINES)
    made.active.cell(3, HEADINGS.index(column) + 1).value = error  # openpyxl writes these as errors
    made.save(year / "equipment.xlsx")
    for name in ("equipment.xlsx", "equipment.csv"):
        told = refused(year)
        assert "1 problem in 1 file" in told
        assert f"row 3, column {column}: is an error of the spreadsheet" in told
        assert error in told
        (year / name).unlink()
        lines = [list(HEADINGS), *(list(line) for line in MACHINES)]
        lines[2][HEADINGS.index(column)] = error
        text = "\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines)
        (year / "equipment.csv").write_text(text, encoding="utf-8")


def test_a_formula_that_was_never_calculated_is_a_problem_and_no_blank(year: Path) -> None:
    made = book(HEADINGS, *MACHINES)
    made.active["H3"] = "=600*2"
    made.save(year / "equipment.xlsx")
    told = refused(year)
    assert "row 3, column hours: is a formula without a value" in told
    assert "1 problem in 1 file" in told


def test_a_number_formatted_in_percent_is_a_problem(year: Path) -> None:
    made = book([*HEADINGS, "load_factor"], *([*line, 0.5] for line in MACHINES))
    made.active["J2"].number_format = numbers.FORMAT_PERCENTAGE_00
    made.save(year / "equipment.xlsx")
    told = refused(year)
    assert "row 2, column load_factor: is formatted in percent" in told
    assert "row 3" not in told


def test_a_blank_cell_and_a_text_in_a_column_formatted_in_percent_are_what_they_are(year: Path) -> None:
    made = book([*HEADINGS, "load_factor"], *([*line, None] for line in MACHINES))
    for place in ("A2", "A3", "J2", "J3"):
        made.active[place].number_format = numbers.FORMAT_PERCENTAGE
    made.save(year / "equipment.xlsx")
    table = read(year).tables["equipment"]
    assert table["unit_id"].tolist() == ["reach-1", "tractor-1"]
    assert table["load_factor"].isna().all()


def test_a_formula_that_gives_an_empty_text_is_a_blank_cell(year: Path) -> None:
    """Excel writes an empty value of the kind text where ``=IF(x="","",x)`` has been calculated."""
    made = book(HEADINGS, *MACHINES)
    made.active["I2"] = '=IF(J2="","",J2)'
    made.save(year / "made.xlsx")
    with ZipFile(year / "made.xlsx") as found, ZipFile(year / "equipment.xlsx", "w") as written:
        for name in found.namelist():
            content = found.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert content.count(b'<c r="I2">') == 1
                content = content.replace(b'<c r="I2">', b'<c r="I2" t="str">')
            written.writestr(name, content)
    (year / "made.xlsx").unlink()
    assert read(year).tables["equipment"]["tier"].isna().tolist() == [True, False]


def test_a_cell_in_the_last_column_of_a_sheet_is_a_message(year: Path) -> None:
    made = book(HEADINGS, *MACHINES)
    made.active["XFD1048576"] = "x"
    made.save(year / "equipment.xlsx")
    assert "has a cell in column 16,384" in refused(year)
