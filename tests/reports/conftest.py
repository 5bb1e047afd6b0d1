"""The packaged examples, built once for all tests of reports."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year.build import build
from inventories.year.inventory import Inventory

Caap = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Built:
    port: Port
    inventory: Inventory


@pytest.fixture(scope="session")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small harbor, built."""
    port = Port.load(copy_example("small-harbor", tmp_path_factory.mktemp("reports") / "harbor"))
    return Built(port, build(port, 2024))


@pytest.fixture(scope="session")
def bay(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The full-size example, built."""
    port = Port.load(copy_example("san-pedro-bay", tmp_path_factory.mktemp("reports") / "bay"))
    return Built(port, build(port, 2023))


@pytest.fixture(scope="session")
def caap(repository: Path) -> Caap:
    """Run the command as a user does, in a folder; give what it printed and its exit code."""

    def run(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "reports.cli", *map(str, arguments)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(repository), "COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
