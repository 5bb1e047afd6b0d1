"""Saved years follow their written format, and whatever does not is found and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from emissions.vessels import PROVENANCE
from emissions.work import DIMENSIONS, WORK_COLUMNS
from factors.terms import QUANTITY_UNITS
from inventories import FormatError, Inventory, Port, validate
from inventories.examples import copy_example
from inventories.work.rows import STATE_COLUMNS
from inventories.year.format import TABLES, year_format
from inventories.year.reading_results import ResultsError

Edit = Callable[[Path], None]


@pytest.fixture(scope="module")
def saved(whole: Inventory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole.save(tmp_path_factory.mktemp("saved") / "2024")


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(saved, tmp_path / "2024"))


def table(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Edit:
    """Rewrite one table of a saved year."""

    def edit(folder: Path) -> None:
        path = folder / f"{name}.parquet"
        change(pd.read_parquet(path)).to_parquet(path, index=False)

    return edit


def first(name: str, value: Any) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Set the first value of a column."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        values = frame[name].tolist()
        kind = "category" if isinstance(frame[name].dtype, pd.CategoricalDtype) else frame[name].dtype
        return frame.assign(**{name: pd.Series([value, *values[1:]], index=frame.index).astype(kind)})

    return change


def greatest(name: str, factor: float) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Multiply the greatest value of a column."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        values = frame[name].to_numpy(copy=True)
        values[values.argmax()] *= factor
        return frame.assign(**{name: values})

    return change


def manifest(change: Callable[[dict[str, Any]], Any]) -> Edit:
    """Rewrite the manifest of a folder."""

    def edit(folder: Path) -> None:
        path = folder / "manifest.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return edit


def cube(change: Callable[[xr.Dataset], xr.Dataset]) -> Edit:
    """Rewrite the cube of a saved year."""

    def edit(folder: Path) -> None:
        changed = change(xr.load_dataset(folder / "cube.nc", engine="h5netcdf"))
        changed.to_netcdf(folder / "cube.nc", engine="h5netcdf")

    return edit


def flip(content: dict[str, Any]) -> None:
    content["totals_kg"]["NOx"] *= -1


def more(data: xr.Dataset) -> xr.Dataset:
    return data.assign(mass=(data["mass"] * 1.001).assign_attrs(data["mass"].attrs))


def spread(state: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """State of all that ships' engines make something else than a value."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(state=frame["state"].mask(frame["state"] == "value", state))

    return change


TAMPERED: dict[str, tuple[Edit, str, str]] = {
    # what was done: (how, file, what the message says)
    "a file is missing": (lambda f: (f / "cube.nc").unlink(), "cube.nc", "is not there"),
    "a table is missing": (lambda f: (f / "terms.parquet").unlink(), "terms.parquet", "is not there"),
    "a file is cut short": (lambda f: (f / "cube.nc").write_bytes(b"CDF"), "cube.nc", "cannot be read"),
    "a column is dropped": (
        table("work", lambda t: t.drop(columns="month")),
        "work.parquet",
        "month: .* not there",
    ),
    "a column is added": (table("terms", lambda t: t.assign(mine=1)), "terms.parquet", "mine: no column"),
    "a type is changed": (
        table("cells", lambda t: t.assign(month=t["month"].astype(str))),
        "cells.parquet",
        'month: another type .*"str".*Allowed: integer',
    ),
    "a state is misspelt": (
        table("coverage", first("state", "N.E.")),
        "coverage.parquet",
        'state: 1 of .* hold another word .*"N.E.".*value, zero, NE, IE',
    ),
    "a confidence is misspelt": (
        table("factor_rows", first("confidence", "raed")),
        "factor_rows.parquet",
        'confidence: .*"raed"',
    ),
    "a month is out of range": (
        table("work", first("month", 13)),
        "work.parquet",
        'month: .*out of range.*"13"',
    ),
    "a class is out of range": (
        table("cells", first("class_id", 9999)),
        "cells.parquet",
        'class_id: 1 of .* the number of no line of classes.parquet.*"9999"',
    ),
    "a term's class is out of range": (table("terms", first("class_id", -1)), "terms.parquet", "class_id"),
    "a factor row is out of range": (
        table("terms", first("row_2", 10**6)),
        "terms.parquet",
        "row_2: .*no line of factor_rows.parquet",
    ),
    "a cell is out of range": (table("work", first("cell", -1)), "work.parquet", "cell: .*cells.parquet"),
    "a number is missing": (
        table("work", first("quantity", np.nan)),
        "work.parquet",
        "quantity: .*have no value",
    ),
    "a factor is infinite": (table("factor_rows", first("value", np.inf)), "factor_rows.parquet", "value: "),
    "a row lies in another cell": (
        table("work", lambda t: t.assign(cell=t["cell"].to_numpy()[::-1])),
        "work.parquet",
        "lie in cells whose",
    ),
    "a cell has another quantity": (
        table("cells", greatest("quantity", 1.000001)),
        "cells.parquet",
        "quantity: 1 cells do not hold the sum",
    ),
    "a curve is not summed": (
        table("cells", greatest("curve:llaf_nox", 1.01)),
        "cells.parquet",
        "curve:llaf_nox: 1 cells do not hold",
    ),
    "a curve has no column": (
        table("cells", lambda t: t.drop(columns="curve:life")),
        "cells.parquet",
        "curve:life",
    ),
    "a curve is not declared": (
        manifest(lambda m: m["curves"].pop("life")),
        "terms.parquet",
        'no such curve.*"life"',
    ),
    "what has terms is stated zero": (
        table("coverage", spread("zero")),
        "coverage.parquet",
        "Allowed: value",
    ),
    "a group is not covered": (
        table("coverage", lambda t: t[t["coverage_group"] != "boiler"]),
        "classes.parquet",
        'states nothing.*"boiler"',
    ),
    "a total is flipped": (manifest(flip), "manifest.json", r"totals_kg.NOx: the total is not the sum .*-"),
    "a total is missing": (manifest(lambda m: m["totals_kg"].pop("CO2")), "manifest.json", "totals_kg.CO2"),
    "a total's state is another": (
        manifest(lambda m: m["totals_state"].update(NOx="NE")),
        "manifest.json",
        'totals_state.NOx: the state is not .*"NE".*Allowed: (value|partial)',
    ),
    "a total's state is missing": (
        manifest(lambda m: m["totals_state"].pop("CO2")),
        "manifest.json",
        "totals_state.CO2",
    ),
    "a state of the cube is another": (
        cube(lambda d: d.assign(state=(d["state"] * 0 + 2).astype("int8").assign_attrs(d["state"].attrs))),
        "cube.nc",
        "state: .*are not those of cells and coverage",
    ),
    "flags of the cube mean something else": (
        cube(lambda d: d.assign(state=d["state"].assign_attrs(flag_meanings="zero value partial NE IE"))),
        "cube.nc",
        "attribute flag_meanings",
    ),
    "a factor is another": (table("factor_rows", greatest("value", 2.0)), "manifest.json", "totals_kg"),
    "a key is missing": (
        manifest(lambda m: m.pop("editions")),
        "manifest.json",
        "editions: the key is not there",
    ),
    "a key is of another kind": (
        manifest(lambda m: m.update(year="2024")),
        "manifest.json",
        "year: another kind",
    ),
    "a hash is none": (
        manifest(lambda m: m["inputs"][0].update(sha256="abc")),
        "manifest.json",
        "no SHA-256",
    ),
    "rows are miscounted": (
        manifest(lambda m: m["records"].update(work_rows=1)),
        "manifest.json",
        "work_rows",
    ),
    "a cube is scaled": (cube(more), "cube.nc", "do not hold the sum of the cells"),
    "a cube says zero for not estimated": (cube(lambda d: d.fillna(0.0)), "cube.nc", "do not hold"),
    "a cube lacks a zone": (
        cube(lambda d: d.isel(zone=slice(1, None))),
        "cube.nc",
        "zone: cells have labels",
    ),
    "a cube has another unit": (
        cube(lambda d: d.assign(mass=d["mass"].assign_attrs(units="g"))),
        "cube.nc",
        'mass: another unit .*"g".*kg',
    ),
    "an own table is missing": (
        lambda f: next((f / "factor_tables").iterdir()).unlink(),
        "factor_tables/",
        "own_tables",
    ),
    "a newer toolkit wrote it": (
        manifest(lambda m: m.update(format=2)),
        "manifest.json",
        "format 2 of a saved year is newer than this toolkit, which reads formats up to 1",
    ),
}


def test_a_saved_year_follows_its_format(every_year: Inventory, tmp_path: Path) -> None:
    found = validate(every_year.save(tmp_path / "year"))
    assert (found.kind, found.version, found.remarks) == ("saved year", 1, ())
    assert found.lines["work.parquet"] == len(every_year.work)


@pytest.mark.parametrize("method", ["spbp-partial", "shipef-0.2", "imo-ghg4"])
def test_a_year_of_every_method_follows_the_format(method: str, write_whole, tmp_path: Path) -> None:
    built = Inventory.build(Port.load(write_whole(tmp_path / "port")), 2024, method)
    assert validate(built.save(tmp_path / "2024")).kind == "saved year"


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_tampered_with_is_found_and_named(how: str, folder: Path) -> None:
    edit, file, said = TAMPERED[how]
    edit(folder)
    with pytest.raises(FormatError, match=said) as refused:
        validate(folder)
    assert any(problem.file.startswith(file) for problem in refused.value.problems)
    assert str(folder) in str(refused.value)
    assert (
        "again" in str(refused.value)
        or "newer caap-inventory" in str(refused.value)
        or "mine" in str(refused.value)
    )


def test_problems_of_several_files_are_told_at_once(folder: Path) -> None:
    for how in ("a state is misspelt", "a month is out of range", "a key is missing", "a file is missing"):
        TAMPERED[how][0](folder)
    with pytest.raises(FormatError) as refused:
        validate(folder)
    named = {problem.file for problem in refused.value.problems}
    assert named == {"coverage.parquet", "work.parquet", "manifest.json", "cube.nc"}


@pytest.mark.parametrize(
    "how", ["a column is dropped", "a type is changed", "a key is missing", "a newer toolkit wrote it"]
)
def test_opening_a_year_checks_version_columns_and_types(how: str, folder: Path) -> None:
    edit, _, said = TAMPERED[how]
    edit(folder)
    with pytest.raises(FormatError, match=said):
        Inventory.open(folder)


def test_a_year_of_before_states_were_written_opens_and_is_whole(folder: Path) -> None:
    manifest(lambda m: m.pop("totals_state"))(folder)
    cube(lambda data: data.drop_vars("state"))(folder)
    assert validate(folder).remarks == ()
    assert Inventory.open(folder).cube["state"].dims == ("source_category", "in_domain", "pollutant")


def test_the_manifest_tells_the_state_of_each_total(saved: Path) -> None:
    year = Inventory.open(saved)
    content = json.loads((saved / "manifest.json").read_text(encoding="utf-8"))
    told = content["totals_state"]
    assert told == {name: year.state(name) for name in told}
    assert set(told) >= {*year.pollutants, *content["pollutants"]}
    assert not [name for name in content["totals_kg"] if name.endswith("_kg") and name in told]


def test_files_beside_the_format_and_inputs_that_changed_are_remarks(tmp_path: Path) -> None:
    port = Port.load(copy_example("small-harbor", tmp_path / "port"))
    folder = Inventory.build(port, year=2024).save(port.folder / "results" / "2024")
    assert validate(folder).remarks == ()
    (folder / "my-notes.txt").write_text("mine", encoding="utf-8")
    (port.folder / "activity/2024/cargo.csv").unlink()
    with (port.folder / "activity/2024/calls.csv").open("a", encoding="utf-8") as calls:
        calls.write("\n")
    notes, *inputs = validate(folder).remarks
    assert "my-notes.txt" in notes
    assert any("calls.csv has changed" in remark for remark in inputs)
    assert any("cargo.csv was read for the year and is no longer there" in remark for remark in inputs)


def test_a_folder_that_holds_no_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="neither a saved year nor a projection"):
        validate(tmp_path)
    with pytest.raises(ResultsError, match="no folder"):
        validate(tmp_path / "nowhere")


def test_a_year_without_manifest_says_so(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    with pytest.raises(FormatError, match=r"manifest\.json: the file is not there"):
        validate(folder)


# ------------------------------------------------------------------ the declaration is that of the code


def columns(name: str) -> list[str]:
    return [column.name for column in year_format().columns[f"{name}.parquet"]]


def test_the_declared_columns_are_those_of_work_and_cells() -> None:
    assert columns("work") == [*WORK_COLUMNS, *STATE_COLUMNS, "class_id", "cell"]
    assert columns("cells") == [*DIMENSIONS, "class_id", "quantity_kind", "quantity", "curve:*"]


def test_the_declared_words_are_those_of_the_code() -> None:
    declared = {(c.file, c.name): c.vocabulary for file in year_format().columns.values() for c in file}
    for name in ("work", "cells", "classes"):
        assert declared[f"{name}.parquet", "quantity_kind"] == tuple(QUANTITY_UNITS)
    for name in ("work", "cells"):
        assert declared[f"{name}.parquet", "provenance"] == PROVENANCE


def test_every_column_says_what_it_is_where_its_table_is_not_another_ones_sum() -> None:
    silent = [(c.file, c.name) for file in year_format().columns.values() for c in file if not c.meaning]
    assert {file for file, _ in silent} == {"cells.parquet"}
    assert {name for _, name in silent} <= set(DIMENSIONS)
    assert set(TABLES) <= {name.removesuffix(".parquet") for name in year_format().files}
