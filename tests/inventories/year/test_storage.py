"""Results on disk: the same bytes twice, nothing lost, nothing half."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year import storage
from inventories.year.inventory import Inventory
from inventories.year.storage import ResultsError


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_a_year_built_twice_from_two_copies_has_the_same_bytes(tmp_path: Path) -> None:
    saved = []
    for name in ("first", "second/further/down"):
        port = Port.load(copy_example("small-harbor", tmp_path / name))
        saved.append(digests(Inventory.build(port, year=2024).save(port.folder / "results" / "2024")))
    assert saved[0] == saved[1]
    assert {"manifest.json", "work.parquet", "cells.parquet", "terms.parquet", "cube.nc"} <= set(saved[0])


def test_a_saved_year_opens_as_it_was(small: Inventory, tmp_path: Path) -> None:
    opened = Inventory.open(small.save(tmp_path / "2024"))
    pd.testing.assert_frame_equal(opened.mass, small.mass)
    pd.testing.assert_frame_equal(opened.table(), small.table())
    assert opened.manifest == json.loads(json.dumps(small.manifest, default=str))
    np.testing.assert_array_equal(opened.classes.matrix, small.classes.matrix)
    for pollutant in ("NOx", "CO2e"):
        assert str(opened.explain(pollutant)) == str(small.explain(pollutant))
    # And saved again it is the same file by file.
    assert digests(opened.save(tmp_path / "again")) == digests(tmp_path / "2024")


def test_no_time_of_day_and_no_path_is_in_the_files(small: Inventory, tmp_path: Path) -> None:
    folder = small.save(tmp_path / "elsewhere-secret-name")
    for path in folder.iterdir():
        content = path.read_bytes()
        assert b"elsewhere-secret-name" not in content, path.name
        assert str(tmp_path).encode() not in content, path.name


def test_saving_the_same_again_keeps_one_folder(small: Inventory, tmp_path: Path) -> None:
    small.save(tmp_path / "2024")
    before = digests(tmp_path / "2024")
    small.save(tmp_path / "2024")
    assert digests(tmp_path / "2024") == before
    assert [path.name for path in tmp_path.iterdir()] == ["2024"]


def test_results_that_differ_are_kept_beside(small: Inventory, tmp_path: Path) -> None:
    folder = small.save(tmp_path / "2024")
    (folder / "manifest.json").write_text("older", encoding="utf-8")
    (folder / "my-notes.txt").write_text("mine", encoding="utf-8")
    small.save(folder)
    kept = tmp_path / "2024.before-1"
    assert (kept / "manifest.json").read_text(encoding="utf-8") == "older"
    assert (kept / "my-notes.txt").read_text(encoding="utf-8") == "mine"
    (folder / "manifest.json").write_text("older still", encoding="utf-8")
    small.save(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2024", "2024.before-1", "2024.before-2"]


def test_an_interrupted_run_leaves_no_half_results(
    small: Inventory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = small.save(tmp_path / "2024")
    before = digests(folder)

    def stop(inventory: Inventory) -> dict[str, float]:
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "_totals", stop)  # the last thing written, after all tables
    for target in (folder, tmp_path / "2025"):
        with pytest.raises(KeyboardInterrupt):
            small.save(target)
    assert digests(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["2024"]


@pytest.mark.parametrize("lost", ["manifest.json", "terms.parquet", "work.parquet"])
def test_a_folder_that_lacks_a_file_is_refused_by_name(small: Inventory, tmp_path: Path, lost: str) -> None:
    folder = small.save(tmp_path / "2024")
    (folder / lost).unlink()
    with pytest.raises(ResultsError, match=f"no {lost}"):
        Inventory.open(folder)


def test_a_folder_without_results_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="Run `caap build` first"):
        Inventory.open(tmp_path)


def test_the_manifest_says_what_the_year_rests_on(small: Inventory) -> None:
    manifest = small.manifest
    assert manifest["method"]["name"] == "epa-2022"
    assert manifest["method"]["options"]["tier4"] == "moves5"
    assert manifest["port"]["illustrative"] is True
    assert {"epa-ogv-2022", "moves5-nonroad", "control-areas"} <= set(manifest["editions"])
    names = {entry["path"].rsplit("/", 1)[-1] for entry in manifest["inputs"]}
    assert {"port.toml", "zones.geojson", "calls.csv", "vessels.csv"} <= names
    assert all(len(entry["sha256"]) == 64 for entry in manifest["inputs"])
    assert manifest["records"]["work_rows"] == len(small.work)


def test_a_saved_year_is_small(example: Inventory, tmp_path: Path) -> None:
    folder = example.save(tmp_path / "year")
    megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    assert megabytes < 20, {path.name: path.stat().st_size for path in folder.iterdir()}


def test_every_rejected_record_is_saved_with_its_place_and_reason(small: Inventory, tmp_path: Path) -> None:
    line = {
        "table": "calls",
        "file": "calls.csv",
        "sheet": "",
        "row": 7,
        "record": "007",
        "reason": "no arrival",
    }
    rejected = pd.DataFrame([line])
    folder = replace(small, rejected=rejected).save(tmp_path / "2024")
    assert Inventory.open(folder).rejected.to_dict("records") == [line]


@pytest.mark.parametrize("name", ["cells.parquet", "manifest.json"])
def test_a_file_that_was_cut_short_is_named(small: Inventory, tmp_path: Path, name: str) -> None:
    small.save(tmp_path / "2024")
    (tmp_path / "2024" / name).write_bytes(b"PAR1")
    with pytest.raises(ResultsError, match=rf"{name} cannot be read .* run `caap build` again"):
        Inventory.open(tmp_path / "2024")
