"""As installed: what is built holds all that is tracked, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOMS = ("factors", "emissions", "inventories", "reports")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command as on another machine (no PYTHONPATH); give what it prints, or fail with it."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The sdist, and the wheel made from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, repository, cwd=folder)
    (sdist,) = folder.glob("*.tar.gz")
    assert sdist.name.startswith("caap_inventory-")
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The folder of commands of a clean environment that holds the wheel, and borrows its dependencies."""
    folder = tmp_path_factory.mktemp("clean")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    python = commands / "python"
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel, cwd=folder)
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", where, cwd=folder).strip())
    # A .pth inside a borrowed folder is not followed, so an editable install of ours does not shine through.
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "borrowed.pth").write_text("\n".join(sorted(borrowed)), encoding="utf-8")
    return commands


def test_the_wheel_holds_the_four_packages_and_no_more(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top = {name.split("/")[0] for name in archive.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == set(ROOMS)
    assert len(top) == len(ROOMS) + 1


def test_every_tracked_file_of_the_packages_is_in_the_wheel(wheel: Path, repository: Path) -> None:
    if not (repository / ".git").exists():
        pytest.skip("tracked files: not a git checkout")
    listed = run("git", "ls-files", "-z", "--", *ROOMS, cwd=repository)
    tracked = {name for name in listed.split("\0") if name and (repository / name).exists()}
    with zipfile.ZipFile(wheel) as archive:
        missing = sorted(tracked - set(archive.namelist()))
    assert tracked
    assert not missing, f"not in the wheel (is a pattern of .gitignore too wide?): {missing}"


def test_installed_packages_come_from_where_they_were_installed(installed: Path, tmp_path: Path) -> None:
    code = f"import {', '.join(ROOMS)}\nfor room in ({', '.join(ROOMS)}): print(room.__file__)"
    places = run(installed / "python", "-c", code, cwd=tmp_path).split()
    assert len(places) == len(ROOMS)
    assert all(Path(place).is_relative_to(installed.parent) for place in places)


def test_a_factor_table_is_read_where_it_was_installed(installed: Path, tmp_path: Path) -> None:
    code = "from factors import load_table; print(len(load_table('epa-ogv-2022', 'nox').available('NOx')))"
    assert int(run(installed / "python", "-W", "error", "-c", code, cwd=tmp_path)) > 0


def test_the_installed_command_helps(installed: Path, tmp_path: Path) -> None:
    text = run(installed / "caap", "--help", cwd=tmp_path)
    for verb in ("demo", "init", "check", "build", "explain", "factors"):
        assert verb in text
