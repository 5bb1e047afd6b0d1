"""The written format of a saved year: declared in ``format.csv``, described in docs/result-format.md."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from inventories.activity.problems import ProblemLog
from inventories.year.reading_results import FormatError
from inventories.year.written_files import WrittenFormat

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

VERSION = 1
"""Version that is written. It rises when a reader of the version before would misread a folder."""

TABLES = ("work", "cells", "classes", "terms", "factor_rows", "coverage")
"""The tables of a year, a Parquet file each."""


@cache
def year_format() -> WrittenFormat:
    """Return the declared files and columns of a saved year."""
    return WrittenFormat.declared("saved year", VERSION, __package__, "caap build")


def check_shape(folder: Path, frames: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any]) -> None:
    """Check what every opening checks: keys of the manifest, columns of the tables and their types.

    Raises
    ------
    FormatError
        Every problem.
    """
    log = ProblemLog()
    year_format().check_manifest(manifest, log)
    for name in TABLES:
        year_format().check_columns(f"{name}.parquet", frames[name], log)
    if len(log):
        raise FormatError(folder, log.problems())
