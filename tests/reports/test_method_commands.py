"""`caap methods` and `caap factors template`, as typed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def caap(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reports.cli", *arguments]
    known = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=known)


def test_two_methods_stand_side_by_side_with_the_reason(tmp_path: Path) -> None:
    assert caap("init", "port", "--example", "small-harbor", folder=tmp_path).returncode == 0
    told = caap("methods", "port", "2024", "epa-2022", "shipef-0.2", "--why", "SOx", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "shipef-0.2" in told.stdout
    assert "llaf_so2" in told.stdout


def test_one_method_alone_is_no_comparison(tmp_path: Path) -> None:
    caap("init", "port", "--example", "small-harbor", folder=tmp_path)
    told = caap("methods", "port", "2024", "epa-2022", folder=tmp_path)
    assert told.returncode == 2
    assert "name two methods at least" in told.stderr


def test_a_template_is_written_once_and_says_where_to_name_it(tmp_path: Path) -> None:
    told = caap("factors", "template", "harbor_craft.emission_factors", "--file", "mine.csv", folder=tmp_path)
    assert told.returncode == 0, told.stderr
    assert '"harbor_craft.emission_factors" = "mine.csv"' in told.stdout
    heading = (tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()[0]
    assert heading.endswith("quantity,value,unit,source_document,table,source_address,confidence,note")
    again = caap(
        "factors", "template", "harbor_craft.emission_factors", "--file", "mine.csv", folder=tmp_path
    )
    assert again.returncode == 1
    assert "exists; nothing was written" in again.stderr


def test_a_need_that_there_is_not_names_the_nearest(tmp_path: Path) -> None:
    told = caap("factors", "template", "harbor_craft.emission_factor", folder=tmp_path)
    assert told.returncode == 1
    assert "Did you mean 'harbor_craft.emission_factors'" in told.stderr
