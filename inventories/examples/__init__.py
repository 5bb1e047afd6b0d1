"""Example ports that come with the toolkit, so that an installed one can show itself.

Every example is illustrative: its ships, terminals, trucks and machines are invented.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

__all__ = ["copy_example", "list_examples"]

_LEFT_OUT = shutil.ignore_patterns("__pycache__", "results", ".*")


def list_examples() -> list[str]:
    """Name the packaged example ports.

    Returns
    -------
    list of str
        In alphabetical order.

    Examples
    --------
    >>> "small-harbor" in list_examples()
    True
    """
    return sorted(item.name for item in files(__name__).iterdir() if item.joinpath("port.toml").is_file())


def copy_example(name: str, folder: str | Path) -> Path:
    """Copy an example port out of the package, as a start for an own one.

    The copy is complete or absent: it is written beside the folder first and renamed when it is whole.

    Parameters
    ----------
    name : str
        One of :func:`list_examples`.
    folder : str or Path
        Folder to make. It may exist if it is empty; nothing is ever written over.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ValueError
        If there is no such example.
    FileExistsError
        If the folder exists and is not empty, or is a file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as somewhere:
    ...     port = copy_example("small-harbor", Path(somewhere) / "my-port")
    ...     (port / "port.toml").is_file()
    True
    """
    known = list_examples()
    if name not in known:
        raise ValueError(f"There is no example called {name!r}. Packaged examples: {', '.join(known)}.")
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        what = "is not empty" if target.is_dir() else "is a file"
        raise FileExistsError(
            f"{target} exists and {what}; nothing was written. Choose another folder, or move it."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    # In the same parent, so that the renaming stays within one file system.
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        whole = beside / "copy"
        with as_file(files(__name__).joinpath(name)) as source:
            shutil.copytree(source, whole, ignore=_LEFT_OUT)
        if target.exists():
            target.rmdir()  # empty; refuses otherwise, so a file that appeared meanwhile is not lost
        os.rename(whole, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target
