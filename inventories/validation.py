"""Whether a folder of results follows its written format: `validate`."""

from __future__ import annotations

from pathlib import Path

from inventories.activity.problems import Problem
from inventories.scenarios.answers.format import projection_format, validate_projection
from inventories.year.agreement import validate_year
from inventories.year.format import year_format
from inventories.year.reading_results import (
    MANIFEST,
    FormatError,
    ResultsError,
    Validated,
    read_file,
    read_json,
)
from inventories.year.written_files import WrittenFormat

__all__ = ["FormatError", "ResultsError", "Validated", "validate"]


def validate(folder: str | Path) -> Validated:
    """Say whether a folder follows the format of a saved year or of a projection.

    Everything is read: which files there are, their columns, types, words and pointers, whether keys join,
    and whether sums are the same by every road. docs/result-format.md describes the formats.

    Parameters
    ----------
    folder : str or Path
        ``results/<year>`` or ``results/projections/<name>`` of a port.

    Returns
    -------
    Validated
        What the folder is, how many lines its tables have, and remarks that make nothing wrong.

    Raises
    ------
    FormatError
        Every problem: file, column, what stands there, what is expected, what to do. Where a table is broken,
        sums over it are not tried.
    ResultsError
        If there is no such folder, it holds no results, or its manifest cannot be read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from inventories import Inventory, Port, copy_example, validate
    >>> harbor = copy_example("small-harbor", pathlib.Path(tempfile.mkdtemp()) / "harbor")
    >>> saved = Inventory.build(Port.load(harbor), year=2024).save(harbor / "results" / "2024")
    >>> found = validate(saved)
    >>> found.kind, found.version, found.remarks
    ('saved year', 1, ())
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ResultsError(f"there is no folder {folder}; name results/<year> or results/projections/<name>")
    declared = _declared(folder)
    if not (folder / MANIFEST).is_file():
        advice = f"Run `{declared.remake}` again."
        absent = [Problem(name, "the file is not there.", advice=advice) for name in declared.absent(folder)]
        raise FormatError(folder, absent)
    manifest = read_file(folder / MANIFEST, read_json, declared.remake)
    check = validate_year if declared is year_format() else validate_projection
    return check(folder, manifest)


def _declared(folder: Path) -> WrittenFormat:
    """Return the format whose files a folder has most of."""
    formats = (year_format(), projection_format())
    held = [
        sum((folder / name).is_file() for name in declared.files if name != MANIFEST) for declared in formats
    ]
    if not any(held):
        raise ResultsError(
            f"{folder} holds neither a saved year nor a projection: none of their files. Name "
            "results/<year> or results/projections/<name>."
        )
    return formats[held.index(max(held))]
