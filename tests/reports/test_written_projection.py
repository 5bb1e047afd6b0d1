"""A projection that `caap project` wrote follows its format, and whatever does not is found and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xarray as xr

from inventories import FormatError, validate
from inventories.examples import copy_example
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.answers.comparison import compare
from inventories.scenarios.answers.format import projection_format
from reports.scenarios.files import write_comparison

Edit = Callable[[Path], None]


@pytest.fixture(scope="module")
def written(harbor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("projections") / "plugs"
    plugs = {"kind": "shore_power", "name": "plugs", "adoption": {"from": 2024, "to": 2030, "reaches": 0.8},
             "share_of": "stops"}  # fmt: skip
    base = Scenario.from_dict(
        {"name": "as usual", "horizon": 2030, "measures": [{"kind": "growth", "rate": 0.02}]}
    )
    plugged = Scenario.from_dict({"name": "plugged", "horizon": 2030, "measures": [plugs]})
    comparison = compare(Projector.of(harbor.inventory), [plugged], base)
    write_comparison(comparison, harbor.inventory, place)
    return place


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "plugs"))


def table(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Edit:
    """Rewrite one table of a projection."""

    def edit(folder: Path) -> None:
        path = folder / f"{name}.csv"
        change(pd.read_csv(path)).to_csv(path, index=False)

    return edit


def manifest(change: Callable[[dict[str, Any]], Any]) -> Edit:
    """Rewrite the manifest of a projection."""

    def edit(folder: Path) -> None:
        path = folder / "manifest.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return edit


def halve(folder: Path) -> None:
    data = xr.load_dataset(folder / "projection.nc", engine="h5netcdf")
    data["mass"] = (data["mass"] / 2).assign_attrs(data["mass"].attrs)
    data.to_netcdf(folder / "projection.nc", engine="h5netcdf")


def misspelt(fleet: pd.DataFrame) -> pd.DataFrame:
    line = {name: 1 for name in fleet} | {"scenario": "plugged", "counted": "vists"}
    return pd.DataFrame([line | {"stock": 0.5, "source_category": "harbor_craft"}])


def renamed(folder: Path) -> None:
    table("levels", lambda t: t.assign(measure="plugz"))(folder)


TAMPERED: dict[str, tuple[Edit, str, str]] = {
    "a file is missing": (lambda f: (f / "moved.csv").unlink(), "moved.csv", "is not there"),
    "a column is dropped": (
        table("masses", lambda t: t.drop(columns="pollutant")),
        "masses.csv",
        "pollutant",
    ),
    "a column is added": (table("stock", lambda t: t.assign(mine=1)), "stock.csv", "mine: no column"),
    "a type is changed": (
        table("masses", lambda t: t.assign(mass_kg="much")),
        "masses.csv",
        "mass_kg: another type",
    ),
    "a word is misspelt": (table("stock", misspelt), "stock.csv", '"vists".*visits'),
    "a line stands twice": (
        table("moved", lambda t: pd.concat([t, t.head(1)])),
        "moved.csv",
        "1 lines have the keys of another line",
    ),
    "a scenario is unknown": (
        table("carriers", lambda t: t.replace("plugged", "plugd")),
        "carriers.csv",
        '"plugd".*Allowed: as usual, plugged',
    ),
    "a measure is unknown": (renamed, "levels.csv", '"plugz"'),
    "a year is lost": (table("masses", lambda t: t[t["year"] != 2027]), "masses.csv", "year: .*2027"),
    "a sum is another": (
        table("cumulative", lambda t: t.assign(mass_kg=t["mass_kg"] * 1.1)),
        "cumulative.csv",
        "not the sum of masses.csv",
    ),
    "arrays are others": (halve, "projection.nc", "mass: .* not what the tables hold"),
    "the baseline is unknown": (manifest(lambda m: m.update(baseline="law")), "manifest.json", "baseline"),
    "the version is missing": (
        manifest(lambda m: m.pop("format")),
        "manifest.json",
        "format: .*caap project",
    ),
    "a newer toolkit wrote it": (
        manifest(lambda m: m.update(format=9)),
        "manifest.json",
        "format 9 of a projection is newer than this toolkit",
    ),
}


def test_a_projection_follows_its_format(written: Path) -> None:
    found = validate(written)
    assert (found.kind, found.version, found.remarks) == ("projection", 1, ())
    assert set(found.lines) == {name for name in projection_format().files if name.endswith(".csv")}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_tampered_with_is_found_and_named(how: str, folder: Path) -> None:
    edit, file, said = TAMPERED[how]
    edit(folder)
    with pytest.raises(FormatError, match=said) as refused:
        validate(folder)
    assert file in {problem.file for problem in refused.value.problems}


def test_the_command_says_whether_a_folder_is_whole(caap, written: Path, folder: Path) -> None:
    done = caap("validate", written, folder=folder)
    assert done.returncode == 0
    assert "follows format 1 of a projection" in done.stdout
    (folder / "masses.csv").unlink()
    done = caap("validate", folder, folder=folder)
    assert done.returncode == 1
    assert "masses.csv: the file is not there" in done.stderr


def test_a_small_port_is_projected_from_the_terminal_and_validated(caap, tmp_path: Path) -> None:
    copy_example("small-harbor", tmp_path / "port")
    for arguments in (("build", "port", "2024", "--no-page"), ("project", "port", "current-law")):
        assert caap(*arguments, folder=tmp_path).returncode == 0
    for place in ("port/results/2024", "port/results/projections/current-law"):
        assert caap("validate", place, folder=tmp_path).returncode == 0
