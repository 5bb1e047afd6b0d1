"""What each room offers by name is there, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOMS = ("factors", "emissions", "inventories", "reports")
HEAVY = ("pandas", "geopandas", "plotly", "pint", "duckdb", "xarray", "typer", "rich")


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_of_a_room_is_there(room: str) -> None:
    package = import_module(room)
    assert package.__doc__
    missing = [name for name in package.__all__ if not hasattr(package, name)]
    assert not missing


@pytest.mark.parametrize("room", ROOMS)
def test_a_name_that_a_room_does_not_offer_is_an_attribute_error(room: str) -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = import_module(room).no_such_name


def test_importing_all_rooms_imports_nothing_heavy(repository: Path) -> None:
    code = f"import sys, {', '.join(ROOMS)}; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
