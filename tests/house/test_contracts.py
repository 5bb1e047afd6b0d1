"""Imports run one way: the contracts that pyproject.toml states hold, and would be seen to break."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOMS = ("factors", "emissions", "inventories", "reports")
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of a checkout."""
    environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_four_rooms_stand_in_one_direction(repository: Path) -> None:
    stated = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = stated["tool"]["importlinter"]["contracts"]
    assert list(reversed(ROOMS)) in [contract.get("layers") for contract in contracts]
    assert {contract["type"] for contract in contracts} >= {"layers", "private_modules", "acyclic_siblings"}


def test_every_import_keeps_the_contracts(repository: Path) -> None:
    done = lint(repository)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> str:
    """What is said of a copy in which modules import the wrong way, each where it is easily overlooked."""
    folder = tmp_path_factory.mktemp("spoilt")
    shutil.copy(repository / "pyproject.toml", folder)
    for room in ROOMS:
        shutil.copytree(
            repository / room,
            folder / room,
            ignore=lambda place, names: [
                n for n in names if not n.endswith(".py") and (Path(place) / n).is_file()
            ],
        )
    (folder / "emissions" / "hidden.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import inventories.year.cube\n"
        "def later():\n    from reports.year import page\n",
        encoding="utf-8",
    )
    (folder / "inventories" / "port" / "hidden.py").write_text(
        "from inventories.activity import read\nfrom factors import _term_arrays\n", encoding="utf-8"
    )
    done = lint(folder)
    assert done.returncode != 0
    return done.stdout


@pytest.mark.parametrize(
    "chain",
    [
        "emissions.hidden -> inventories.year.cube",
        "emissions.hidden -> reports.year.page",
        "inventories.port.hidden -> inventories.activity.read",
        "inventories.port.hidden -> factors._term_arrays",
    ],
)
def test_an_import_the_wrong_way_is_named_wherever_it_hides(spoilt: str, chain: str) -> None:
    assert chain in spoilt
