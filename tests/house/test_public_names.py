"""What each room offers by name is there, and costs nothing until it is used."""

from __future__ import annotations

import pydoc
import rlcompleter
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOMS = ("factors", "emissions", "inventories", "reports")
LAZY = (*ROOMS, "inventories.scenarios")
HEAVY = ("pandas", "geopandas", "plotly", "pint", "duckdb", "xarray", "numpy", "typer", "rich")


@pytest.mark.parametrize("room", LAZY)
def test_every_public_name_of_a_room_is_there(room: str) -> None:
    package = import_module(room)
    assert package.__doc__
    missing = [name for name in package.__all__ if not hasattr(package, name)]
    assert not missing


@pytest.mark.parametrize("room", LAZY)
def test_a_name_that_a_room_does_not_offer_is_an_attribute_error(room: str) -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = import_module(room).no_such_name


@pytest.mark.parametrize("room", LAZY)
def test_asking_a_room_what_it_offers_names_all_and_loads_none(room: str, repository: Path) -> None:
    code = (
        f"import sys, {room} as room; print(*[name for name in {HEAVY} if name in sys.modules], *dir(room))"
    )
    names = import_module(room).__all__
    assert len(names) > 5
    assert _of_a_new_python(code, repository) == sorted(names)


@pytest.mark.parametrize("room", LAZY)
def test_tab_completes_the_names_of_a_room(room: str) -> None:
    package = import_module(room)
    completer = rlcompleter.Completer({"room": package})
    found = completer.attr_matches("room.")
    assert {match.removeprefix("room.").rstrip("()") for match in found} >= set(package.__all__)
    first = package.__all__[0]
    assert any(match.startswith(f"room.{first}") for match in completer.attr_matches(f"room.{first[:3]}"))


@pytest.mark.parametrize("room", LAZY)
def test_help_of_a_room_describes_each_of_its_names(room: str) -> None:
    package = import_module(room)
    text = pydoc.plain(pydoc.render_doc(package))
    for name in package.__all__:
        thing = getattr(package, name)
        first = (thing.__doc__ or "").strip().partition("\n")[0]
        assert name in text, name
        assert first, f"{room}.{name} has no docstring"
        assert first in text, name


@pytest.mark.parametrize("room", LAZY)
def test_a_star_import_brings_the_names_of_a_room(room: str) -> None:
    namespace: dict[str, object] = {}
    exec(f"from {room} import *", namespace)
    assert set(import_module(room).__all__) <= set(namespace)


def _of_a_new_python(code: str, repository: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_importing_all_rooms_imports_nothing_heavy(repository: Path) -> None:
    code = f"import sys, {', '.join(ROOMS)}; print(*[name for name in {HEAVY} if name in sys.modules])"
    assert _of_a_new_python(code, repository) == []
