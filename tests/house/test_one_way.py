"""Imports run one way: reports -> inventories -> emissions -> factors, and never back."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOMS = ("factors", "emissions", "inventories", "reports")


def imported_names(source: str, module: str, is_package: bool) -> list[tuple[int, str]]:
    """Every module that a file imports, with its line, relative imports made absolute."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = module.split(".") if is_package else module.split(".")[:-1]
                kept = parents[: len(parents) - node.level + 1]
                base = ".".join([*kept, *([base] if base else [])])
            found += [(node.lineno, f"{base}.{alias.name}".lstrip(".")) for alias in node.names]
    return found


def wrong_way(room: str, source: str, module: str, is_package: bool = False) -> list[tuple[int, str]]:
    """The imports of one file that lead to a room further on, or to the tests."""
    later = {*ROOMS[ROOMS.index(room) + 1 :], "tests"}
    names = imported_names(source, module, is_package)
    return [(line, name) for line, name in names if name.split(".")[0] in later]


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_a_later_one(repository: Path, room: str) -> None:
    wrong = []
    for path in sorted((repository / room).rglob("*.py")):
        parts = path.relative_to(repository).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        text = path.read_text(encoding="utf-8")
        for line, name in wrong_way(room, text, module, is_package):
            wrong.append(f"{path.relative_to(repository)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "line",
    [
        "import reports.html",
        "from reports import html",
        "def later():\n    from inventories.port.port import Port",
        "if TYPE_CHECKING:\n    import inventories",
        "from tests.conftest import golden",
    ],
)
def test_the_check_sees_a_wrong_import_wherever_it_hides(line: str) -> None:
    assert wrong_way("emissions", line, "emissions.vessels")


def test_the_check_follows_relative_imports() -> None:
    names = imported_names(
        "from . import curves\nfrom ..units import registry", "factors.recipes.ships.recipe", False
    )
    assert [name for _, name in names] == ["factors.recipes.curves", "factors.units.registry"]
    assert not wrong_way("reports", "from .html import page\nimport inventories", "reports.cli.main")
