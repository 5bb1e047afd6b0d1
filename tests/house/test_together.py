"""A file of the user that bears the name of one of our packages is named, never imported by mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run_in(folder: Path, code: str, repository: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder which it searches first, as a notebook or `python -m` does; ours comes later."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    script = f"import sys; sys.path.insert(0, ''); sys.path.append({str(repository)!r})\n{code}"
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("stray", ["factors.py", "reports.py", "reports/__init__.py"])
def test_a_stray_file_in_the_working_folder_is_named_and_not_run(
    tmp_path: Path, repository: Path, stray: str
) -> None:
    place = tmp_path / stray
    place.parent.mkdir(exist_ok=True)
    place.write_text("print('the stray ran')\n", encoding="utf-8")
    done = run_in(tmp_path, "import inventories", repository)
    assert done.returncode != 0
    last = done.stderr[done.stderr.index("ImportError") :]
    assert str(place) in last
    assert "Rename or move it" in last
    assert "the stray ran" not in done.stdout


def test_a_folder_of_results_called_reports_is_no_stray(tmp_path: Path, repository: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "2023.txt").write_text("a result of mine", encoding="utf-8")
    done = run_in(tmp_path, "import inventories, reports; print(reports.__file__)", repository)
    assert done.stderr == ""
    assert Path(done.stdout.strip()) == repository / "reports" / "__init__.py"


def test_all_strays_are_told_at_once(tmp_path: Path, repository: Path) -> None:
    for name in ("factors.py", "reports.py"):
        (tmp_path / name).touch()
    done = run_in(tmp_path, "import emissions", repository)
    assert "factors.py" in done.stderr
    assert "reports.py" in done.stderr
