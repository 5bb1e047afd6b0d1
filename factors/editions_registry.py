"""The registry of editions: a hash of every file, so that what was released cannot change unseen.

As a command it writes the registry. ``python -m factors.editions_registry register EDITION`` takes in an
edition that was not released yet; ``release VERSION`` says in which version those that wait are released.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

UNRELEASED = "unreleased"
WHAT_TO_DO = (
    "A released edition never changes. A number, key or table that changes is a new edition, in a folder of "
    "its own; what is found wrong is a dated line of factors/editions/errata.csv. An edition that was not "
    "released yet is taken in by: python -m factors.editions_registry register EDITION"
)


class EditionReleasedError(ValueError):
    """An edition that was released would be registered with other files."""


@dataclass(frozen=True)
class RegisteredFile:
    """One file of an edition, as it was registered.

    Attributes
    ----------
    edition, file : str
        Folder of the edition, and name of the file in it.
    sha256 : str
        Hash of the bytes of the file, in hexadecimal digits.
    released_in : str
        The version that first released it; ``unreleased`` until then.
    """

    edition: str
    file: str
    sha256: str
    released_in: str


COLUMNS = tuple(RegisteredFile.__dataclass_fields__)


def registered_files(editions: Traversable | None = None) -> list[RegisteredFile]:
    """Return every file of every edition that is registered.

    Parameters
    ----------
    editions : path, optional
        Folder of the editions; by default the shipped ones.

    Examples
    --------
    >>> sorted({row.released_in for row in registered_files() if row.edition == "epa-ogv-2022"})
    ['0.2.0']
    """
    text = ((editions or _shipped()) / "registry.csv").read_text(encoding="utf-8")
    return [RegisteredFile(**row) for row in csv.DictReader(io.StringIO(text, newline=""))]


def differences(editions: Traversable | None = None) -> list[str]:
    """Return one line for each file that differs from the registry, is missing, or is not registered.

    Parameters
    ----------
    editions : path, optional
        Folder of the editions; by default the shipped ones.

    Examples
    --------
    >>> differences()
    []
    """
    folder = editions or _shipped()
    registered = {(row.edition, row.file): row for row in registered_files(folder)}
    hashes = {edition: _hashes(folder / edition) for edition in _folders(folder)}
    there = {(edition, file): sha for edition, found in hashes.items() for file, sha in found.items()}
    lines = []
    for edition, file in sorted(registered.keys() | there.keys()):
        row, found = registered.get((edition, file)), there.get((edition, file))
        if row is None:
            lines.append(f"{edition}/{file}: is not registered")
        elif found is None:
            lines.append(f"{edition}/{file}: is missing; registered, {_since(row)}")
        elif found != row.sha256:
            lines.append(f"{edition}/{file}: differs from what is registered, {_since(row)}")
    return lines


def register(edition: str, editions: Path | None = None) -> list[RegisteredFile]:
    """Take an edition that was not released yet into the registry, with the files that it has now.

    Parameters
    ----------
    edition : str
        Folder of the edition. What was registered of it before its release is replaced.
    editions : path, optional
        Folder of the editions; by default that of this checkout.

    Returns
    -------
    list of RegisteredFile
        What is registered of the edition now.

    Raises
    ------
    EditionReleasedError
        If the edition was released already and its files are others now.
    KeyError
        If there is no such edition; the message lists those there are.
    """
    folder = editions or _checkout()
    if edition not in _folders(folder):
        raise KeyError(f"no edition {edition!r}; there are {', '.join(_folders(folder))}")
    kept = registered_files(folder)
    before = {row.file: row for row in kept if row.edition == edition}
    now = _hashes(folder / edition)
    released = sorted({row.released_in for row in before.values()} - {UNRELEASED})
    if released:
        if {file: row.sha256 for file, row in before.items()} == now:
            return list(before.values())
        changed = [line for line in differences(folder) if line.startswith(f"{edition}/")]
        raise EditionReleasedError("\n".join([*changed, WHAT_TO_DO]))
    taken = [RegisteredFile(edition, file, sha, UNRELEASED) for file, sha in now.items()]
    _write(folder, [row for row in kept if row.edition != edition] + taken)
    return taken


def release(version: str, editions: Path | None = None) -> list[str]:
    """Say that the editions which wait are first released in a version, and return their names.

    Raises
    ------
    ValueError
        If a file differs from the registry: what is released must be what is registered.
    """
    folder = editions or _checkout()
    wrong = differences(folder)
    if wrong:
        raise ValueError("\n".join([*wrong, WHAT_TO_DO]))
    rows = registered_files(folder)
    waiting = sorted({row.edition for row in rows if row.released_in == UNRELEASED})
    _write(
        folder, [replace(row, released_in=version) if row.released_in == UNRELEASED else row for row in rows]
    )
    return waiting


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a command: ``register EDITION ...`` or ``release VERSION``."""
    match list(sys.argv[1:] if arguments is None else arguments):
        case ["register", edition, *more]:
            for name in (edition, *more):
                try:
                    print(f"{name}: {len(register(name))} registered files")
                except (EditionReleasedError, KeyError) as refused:
                    print(refused.args[0], file=sys.stderr)
                    return 1
            return 0
        case ["release", version]:
            try:
                waiting = release(version)
            except ValueError as refused:
                print(refused, file=sys.stderr)
                return 1
            print(f"first released in {version}: {', '.join(waiting) or 'no edition'}")
            return 0
    print("python -m factors.editions_registry register EDITION ... | release VERSION", file=sys.stderr)
    return 2


def _shipped() -> Traversable:
    return files("factors") / "editions"


def _checkout() -> Path:
    return Path(str(_shipped()))


def _folders(editions: Traversable) -> list[str]:
    return sorted(entry.name for entry in editions.iterdir() if entry.is_dir())


def _hashes(edition: Traversable) -> Mapping[str, str]:
    """Hash of every file in the folder of an edition, by name."""
    entries = sorted((entry for entry in edition.iterdir() if entry.is_file()), key=lambda entry: entry.name)
    return {entry.name: hashlib.sha256(entry.read_bytes()).hexdigest() for entry in entries}


def _since(row: RegisteredFile) -> str:
    return "not released yet" if row.released_in == UNRELEASED else f"released in {row.released_in}"


def _write(editions: Path, rows: Sequence[RegisteredFile]) -> None:
    with (editions / "registry.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in sorted(rows, key=lambda row: (row.edition, row.file)):
            writer.writerow([getattr(row, column) for column in COLUMNS])


if __name__ == "__main__":
    sys.exit(main())
