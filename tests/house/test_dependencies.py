"""What the packages import is asked for by the installation, and nothing else is."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

ROOMS = ("factors", "emissions", "inventories", "reports")
DISTRIBUTION = {"python_calamine": "python-calamine"}
ENGINES = {"python-calamine", "h5netcdf", "h5py", "pyarrow"}
"""Used by name through pandas and xarray, and never imported by us."""


def imported(folder: Path) -> set[str]:
    """Top-level names of other people's packages that the Python files of a folder import."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.add(node.module.split(".")[0])
    return {DISTRIBUTION.get(name, name) for name in names - set(sys.stdlib_module_names) - set(ROOMS)}


def test_the_packages_import_what_the_installation_brings_and_no_more(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split(r"[^\w.-]", requirement)[0] for requirement in project["dependencies"]}
    used = set().union(*(imported(repository / room) for room in ROOMS))
    assert used - asked == set(), "imported, and missing in pyproject.toml"
    assert asked - used - ENGINES == set(), "in pyproject.toml, and imported nowhere"
