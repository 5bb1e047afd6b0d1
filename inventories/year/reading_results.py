"""A results folder is read, or refused by name: what cannot be read, what does not follow its format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inventories.activity.problems import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANIFEST = "manifest.json"
SHOWN = 3
"""So many of a kind are shown in a message."""


class ResultsError(ValueError):
    """A results folder cannot be read or written."""


class FormatError(ResultsError):
    """A results folder does not follow its format; ``problems`` lists each finding."""

    def __init__(self, folder: Path, problems: Iterable[Problem]) -> None:
        self.folder = folder
        self.problems = list(problems)
        n_files = len({problem.file for problem in self.problems})
        noun = "problem" if len(self.problems) == 1 else "problems"
        head = f"{folder}: {len(self.problems)} {noun} in {n_files} file{'s' if n_files > 1 else ''}"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))


@dataclass(frozen=True)
class Validated:
    """A results folder that follows its format.

    Attributes
    ----------
    folder : pathlib.Path
    kind : str
        ``saved year`` or ``projection``.
    version : int
        Version of the format that the folder is written in.
    lines : dict of str to int
        Lines of each table.
    remarks : tuple of str
        What stands beside the format and makes nothing wrong: files that nothing reads, inputs that have
        changed since.
    """

    folder: Path
    kind: str
    version: int
    lines: Mapping[str, int]
    remarks: tuple[str, ...]

    def __str__(self) -> str:
        """Say it in a few lines."""
        tables = ", ".join(f"{name.partition('.')[0]} {count:,}" for name, count in self.lines.items())
        head = f"{self.folder} follows format {self.version} of a {self.kind}. Lines: {tables}."
        return "\n".join([head, *(f"  - {remark}" for remark in self.remarks)])


def read_file(path: Path, how: Callable[[Path], Any], remake: str) -> Any:
    """Read a file of results; one that is cut short or written over is named.

    Raises
    ------
    ResultsError
    """
    try:
        return how(path)
    except (ValueError, OSError) as problem:
        raise ResultsError(
            f"{path} cannot be read ({problem}). It was cut short or written over: run `{remake}` again."
        ) from problem


def read_json(path: Path) -> Any:
    """Read a manifest."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def close(one: Any, other: Any, scale: float | None = None) -> NDArray[np.bool_]:
    """Say where two sums of the same numbers agree; they may differ by the order in which they were added.

    ``scale`` is the size of what was added, where the sum itself may cancel; the greatest of *other* where
    left out.
    """
    one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if scale is None:
        scale = float(np.nanmax(np.abs(other), initial=0.0))
    return np.isclose(one, other, rtol=1e-9, atol=1e-12 * scale, equal_nan=True)
