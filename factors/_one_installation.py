"""The four packages stand together: they are one toolkit only if they come from one folder.

Python takes the first `factors` or `reports` it meets, and the folder one works in often comes first. A
stray `reports.py` beside a notebook would then take the place of ours, and fail later with a message about
something else. Each package therefore runs this file on import, by its place and not by its name, because
the name is what is in doubt. Nothing found on the way is executed.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

PACKAGES = ("factors", "emissions", "inventories", "reports")


def stand_together(home: Path, packages: tuple[str, ...] = PACKAGES) -> None:
    """Make sure that every package of the toolkit would be imported from one folder.

    Parameters
    ----------
    home : Path
        The folder that holds the package which is being imported.
    packages : tuple of str
        The top-level names that belong together.

    Raises
    ------
    ImportError
        If one of the names leads somewhere else; the message names every stray file and what to do.

    Examples
    --------
    >>> import factors
    >>> stand_together(Path(factors.__file__).parents[1])
    """
    strays = []
    for name in packages:
        found = _place(name)
        if found is not None and home.resolve() not in found.resolve().parents:
            strays.append((name, found))
    if not strays:
        return
    listed = "\n".join(f"  `{name}` would be taken from {place}" for name, place in strays)
    raise ImportError(
        f"caap-inventory is installed in {home}, but something else of the same name is found first:\n"
        f"{listed}\n"
        "Rename or move it, or start Python from another folder (`caap` itself never looks into the folder "
        "you are in).",
        name=strays[0][0],
        path=str(strays[0][1]),
    )


def _place(name: str) -> Path | None:
    """Where `import name` leads: a file, or None where nothing (or nothing with a file) is found."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):  # ValueError: a module put together by hand, without a spec
        return None
    if spec is None:
        return None
    if spec.origin is not None:
        return Path(spec.origin)
    return next((Path(folder) for folder in spec.submodule_search_locations or ()), None)


def on_first_use(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """Make a package's `__getattr__`, which imports a public name's module when the name is first asked for.

    Parameters
    ----------
    package : str
        Name of the package.
    homes : mapping of str to sequence of str
        For each module of the package, the public names that live in it.

    Returns
    -------
    callable
        Gives the object of a public name; raises `AttributeError` for any other.

    Examples
    --------
    >>> on_first_use("factors", {"units": ["registry"]})("registry").__module__
    'factors.units'
    """
    home = {name: module for module, names in homes.items() for name in names}

    def load(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(importlib.import_module(f"{package}.{home[name]}"), name)

    return load
