"""A user's own factor table: read, checked, and preferred to the method's."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

from factors.library import resolve
from factors.method import MethodError, load_method
from factors.own_tables import with_user_tables
from factors.user_tables import UserTableError, template

NEED = "ocean_going_vessels.bsfc"
SPEC = load_method("epa-2022").needs()["ocean_going_vessels", "bsfc"]
LINE = "propulsion,SSD,MGO/MDO,BSFC,{value},{unit},Our sea trials,Table 1,,read,"


def table(folder: Path, *lines: str) -> Path:
    path = folder / "bsfc.csv"
    path.write_text(template(SPEC) + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def one_engine() -> pd.DataFrame:
    keys = {"engine_group": "propulsion", "engine_type": "SSD", "tier": "Tier 2", "fuel": "MGO/MDO"}
    return pd.DataFrame([keys | {"sulfur_pct": 0.1, "area_sulfur_pct": 0.1}])


def test_a_users_table_is_preferred_and_named_in_the_factor_rows(tmp_path: Path) -> None:
    method = with_user_tables(
        load_method("epa-2022"), {NEED: table(tmp_path, LINE.format(value="0.17", unit="kg/kWh"))}
    )
    _, classes = resolve("ocean_going_vessels", one_engine(), method)
    assert classes.factors()["CO2"].tolist() == pytest.approx([170 * 3.206])
    rows = classes.factor_rows
    assert rows.loc[rows["quantity"] == "BSFC", "row_id"].tolist() == [f"user/{NEED}:2"]


def test_all_problems_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        LINE.format(value="a lot", unit="g/kWh"),
        LINE.format(value="170", unit="tons/kWh"),
        "propulsion,SSD,MGO/MDO,BSFC,1,g/kWh,,Table 1,,certain,",
    )
    with pytest.raises(UserTableError) as caught:
        with_user_tables(load_method("epa-2022"), {NEED: path})
    text = str(caught.value)
    for part in (
        "line 2, column value",
        "tons",
        "line 4, column confidence",
        "line 4, column source_document",
        "line 3",
    ):
        assert part in text


def test_a_missing_column_names_the_one_that_may_be_meant(tmp_path: Path) -> None:
    path = tmp_path / "bsfc.csv"
    path.write_text(
        "engine_group,engine_typ,fuel,quantity,value,unit,source_document,table,source_address,confidence\n"
    )
    with pytest.raises(UserTableError, match="is it your 'engine_typ'"):
        with_user_tables(load_method("epa-2022"), {NEED: path})


def test_a_need_that_there_is_not_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(MethodError, match=r"did you mean 'ocean_going_vessels\.bsfc'"):
        with_user_tables(load_method("epa-2022"), {"ocean_going_vessels.bfsc": tmp_path / "x.csv"})


def test_a_refusal_names_the_file_and_the_need(tmp_path: Path) -> None:
    path = table(tmp_path, LINE.format(value="a lot", unit="g/kWh"))
    with pytest.raises(UserTableError, match=r"bsfc\.csv \(ocean_going_vessels\.bsfc\): 1 problem\n"):
        with_user_tables(load_method("epa-2022"), {NEED: path})
    with pytest.raises(UserTableError, match=r"none\.csv \(ocean_going_vessels\.bsfc\): .*\n.*no such file"):
        with_user_tables(load_method("epa-2022"), {NEED: tmp_path / "none.csv"})


def test_a_bad_unit_is_told_once_with_its_lines_and_reason(tmp_path: Path) -> None:
    bad = LINE.format(value="170", unit="tons/kWh")
    path = table(tmp_path, bad, LINE.format(value="170", unit="g/kWh"), bad.replace("SSD", "MSD"))
    with pytest.raises(UserTableError) as caught:
        with_user_tables(load_method("epa-2022"), {NEED: path})
    told = [problem for problem in caught.value.problems if "tons/kWh" in problem]
    assert len(told) == 1
    assert told[0].startswith("lines 2 and 4, column unit: ")
    assert "not a unit known here" in told[0]


def test_a_bad_unit_on_many_lines_is_cut_short(tmp_path: Path) -> None:
    lines = [LINE.format(value="170", unit="furlong").replace("SSD", f"E{n}") for n in range(12)]
    with pytest.raises(UserTableError, match=r"lines 2, 3, .*, 11 and 2 more, column unit"):
        with_user_tables(load_method("epa-2022"), {NEED: table(tmp_path, *lines)})


@pytest.mark.parametrize("name", ["epa-2022", "imo-ghg4", "shipef-0.2", "spbp-partial"])
@pytest.mark.parametrize("need", ["pilot_fuel", "alternative_engines"])
def test_tables_of_ships_fuels_list_quantities_units_and_keys(name: str, need: str, tmp_path: Path) -> None:
    spec = load_method(name).needs()["ocean_going_vessels", need]
    lines = pd.read_csv(StringIO(template(spec)), dtype=str, keep_default_na=False).set_index("quantity")
    assert {"BSFC", "NOx", "PM10", "PM2.5", "N2O", "NH3"} <= set(lines.index)
    assert (lines["unit"] == "g/kWh").all()
    assert set(spec.allowed) == set(spec.keys)
    assert lines.loc["NOx", "fuel"].endswith("methanol | ammonia | hydrogen")
    # The carbon and sulfur of a fuel are worked out from what is burnt, so neither is asked for.
    assert not {"CO2", "SOx"} & set(lines.index)


def test_a_fuel_that_ships_tables_do_not_know_is_refused_with_those_they_do(tmp_path: Path) -> None:
    path = tmp_path / "pilot.csv"
    path.write_text(
        "engine_type,cycle,fuel,quantity,value,unit,source_document,table,source_address,confidence,note\n"
        "LNG,none,Methane,BSFC,2,g/kWh,A maker's project guide,3,,read,\n"
        "LNG,none,LNG,NOX,2,kWh,A maker's project guide,3,,read,\n"
    )
    with pytest.raises(UserTableError) as caught:
        with_user_tables(load_method("epa-2022"), {"ocean_going_vessels.pilot_fuel": path})
    assert "one of LNG, methanol, ammonia, hydrogen" in str(caught.value)
    assert "did you mean 'NOx'" in str(caught.value)


# ------------------------------------------------------------------ files that are no tables

HEAD = template(SPEC).splitlines()[0]
GOOD = LINE.format(value="170", unit="g/kWh")
NO_TABLES = {
    "nothing at all": (b"", "is empty"),
    "a blank first line": (b"\n" + HEAD.encode(), "is empty, or its first line is"),
    "bytes of another code page": (HEAD.encode() + b"\nTi\xa0,\xef0x", "line 2: is not UTF-8 text"),
    "a NUL character": (HEAD.encode() + b"\n\0", "line 2: holds a NUL character"),
    "a cell too many": (
        f"{HEAD}\n{GOOD}\n{GOOD},x".encode(),
        "line 3: has more cells than there are columns",
    ),
    "a column twice": (f"{HEAD},unit\n{GOOD},".encode(), "column 'unit' is there twice"),
    "digits of another script": (
        f"{HEAD}\n{LINE.format(value='１７０', unit='g/kWh')}".encode(),
        "line 2, column value",
    ),
    "infinity": (f"{HEAD}\n{LINE.format(value='inf', unit='g/kWh')}".encode(), "line 2, column value"),
    "shifted cells": (f"{HEAD}\n{GOOD.replace('170,', '')}".encode(), "line 2, column value: 'g/kWh'"),
}


@pytest.mark.parametrize("case", NO_TABLES)
def test_a_file_that_is_no_table_is_refused_with_its_line(tmp_path: Path, case: str) -> None:
    content, said = NO_TABLES[case]
    path = tmp_path / "bsfc.csv"
    path.write_bytes(content)
    with pytest.raises(UserTableError) as caught:
        with_user_tables(load_method("epa-2022"), {NEED: path})
    assert said in str(caught.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("trailing", ["", ",", ",,"])
def test_a_table_is_the_same_with_any_line_end_mark_and_empty_cells(
    tmp_path: Path, end: str, encoding: str, trailing: str
) -> None:
    path = tmp_path / "bsfc.csv"
    text = end.join(line + trailing for line in (HEAD, GOOD, "", GOOD.replace("SSD", "MSD")))
    path.write_bytes(text.encode(encoding))
    method = with_user_tables(load_method("epa-2022"), {NEED: path})
    _, classes = resolve("ocean_going_vessels", one_engine(), method)
    assert classes.factors()["CO2"].tolist() == pytest.approx([170 * 3.206])
