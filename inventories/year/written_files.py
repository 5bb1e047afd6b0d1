"""Files of results as a format declares them: which there are, their columns, and what may stand there.

A format is a CSV: a line a column (or key of the manifest, or variable of a NetCDF file), and a line without
a column for each file. The pages of the documentation are made from the same lines that are checked here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from inventories.activity.problems import Problem, ProblemLog
from inventories.year.reading_results import MANIFEST, SHOWN, FormatError

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

STATES = ("NE", "IE")

_RANGE = re.compile(r"(?P<low>-?\d+) (?:to (?P<high>-?\d+)|or more)")
_JSON: Mapping[str, tuple[type, ...]] = {
    "integer": (int,),
    "integer or null": (int, type(None)),
    "number": (int, float),
    "text": (str,),
    "list": (list,),
    "object": (dict,),
}


@dataclass(frozen=True)
class Column:
    """A column of a table, a key of a manifest, or a variable of a NetCDF file.

    Attributes
    ----------
    file, name : str
        A ``*`` in the name stands for any text.
    type : str
        ``text, category, number, integer, boolean, any, number or integer, number or state``; of keys
        ``object, list`` as well; of variables ``array``.
    unit, meaning : str
    always : bool
        Whether it is there in every folder.
    may_be_missing : bool
        Whether single values may.
    allowed : str
        A vocabulary (``a | b``) or a range (``0 to 12``, ``0 or more``); empty for no bound.
    points_to : str
        The file whose line the value is the number of; of arrays, their dimensions.
    """

    file: str
    name: str
    type: str
    unit: str
    always: bool
    may_be_missing: bool
    allowed: str
    points_to: str
    meaning: str

    def matches(self, name: str) -> bool:
        """Whether a name is this column's."""
        return name == self.name or ("*" in self.name and bool(self._pattern.fullmatch(name)))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.name).replace(r"\*", ".*"))

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """What may stand there, where that is a list of words."""
        return tuple(self.allowed.split(" | ")) if self.allowed and not _RANGE.match(self.allowed) else ()

    @cached_property
    def bounds(self) -> tuple[float, float] | None:
        """Least and greatest number that may stand there."""
        found = _RANGE.fullmatch(self.allowed)
        if found is None:
            return None
        return float(found["low"]), float(found["high"]) if found["high"] else np.inf


@dataclass(frozen=True)
class WrittenFormat:
    """The declared files and columns of one kind of results folder.

    Attributes
    ----------
    kind : str
        As people call it: ``saved year``.
    version : int
        The newest version that this toolkit writes and reads.
    files : dict of str to Column
        What each file is, by its name; a ``*`` stands for any text.
    columns : dict of str to tuple of Column
    remake : str
        The command that writes such a folder.
    """

    kind: str
    version: int
    files: Mapping[str, Column]
    columns: Mapping[str, tuple[Column, ...]]
    remake: str

    @classmethod
    def declared(cls, kind: str, version: int, package: str, remake: str) -> WrittenFormat:
        """Read ``format.csv`` of a package."""
        with (files(package) / "format.csv").open(encoding="utf-8") as text:
            lines = pd.read_csv(text, dtype=str, keep_default_na=False).to_dict("records")
        every = [
            Column(
                line["file"], line["column"], line["type"], line["unit"], line["presence"] == "always",
                line["missing"] == "yes", line["allowed"], line["points_to"], line["meaning"],
            )
            for line in lines
        ]  # fmt: skip
        whole = {column.file: column for column in every if not column.name}
        columns = {name: tuple(c for c in every if c.file == name and c.name) for name in whole}
        return cls(kind, version, whole, columns, remake)

    @property
    def advice(self) -> str:
        """What to do about a folder that is broken."""
        return f"It was cut short or written over: run `{self.remake}` again."

    def absent(self, folder: Path) -> list[str]:
        """Return the files that every folder has and this one lacks."""
        return [name for name, file in self.files.items() if file.always and not (folder / name).is_file()]

    def strange(self, folder: Path) -> list[str]:
        """Return the files of a folder that the format does not know."""
        there = sorted(path for path in folder.rglob("*") if path.is_file())
        names = [path.relative_to(folder).as_posix() for path in there]
        return [name for name in names if not any(file.matches_file(name) for file in self._patterns)]

    @cached_property
    def _patterns(self) -> tuple[_FileName, ...]:
        return tuple(_FileName(name) for name in self.files)

    def check_version(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        """Refuse a folder that a newer toolkit wrote, before anything else is said of it.

        Raises
        ------
        FormatError
        """
        found = manifest.get("format")
        if isinstance(found, int) and not isinstance(found, bool) and found > self.version:
            newer = Problem(
                MANIFEST,
                f"format {found} of a {self.kind} is newer than this toolkit, which reads formats up to "
                f"{self.version}.",
                column="format",
                advice="Install a newer caap-inventory to read it.",
            )
            raise FormatError(folder, [newer])

    def check_manifest(self, manifest: Mapping[str, Any], log: ProblemLog) -> None:
        """Check the keys of a manifest and the kinds of their values."""
        declared = {column.name: column for column in self.columns[MANIFEST]}
        for name, column in declared.items():
            if name not in manifest:
                if column.always:
                    before = f"Version 0.1.0 wrote none into projections: run `{self.remake}` again."
                    log.add("the key is not there.", file=MANIFEST, column=name, allowed=column.type,
                            advice=before if name == "format" else self.advice)  # fmt: skip
            elif isinstance(manifest[name], bool) or not isinstance(manifest[name], _JSON[column.type]):
                log.add("another kind of value is expected.", file=MANIFEST, column=name,
                        values=[json.dumps(manifest[name], default=str)[:60]], allowed=column.type,
                        advice=self.advice)  # fmt: skip
        version = manifest.get("format")
        if isinstance(version, int) and version < 1:
            log.add("no such version.", file=MANIFEST, column="format", values=[version],
                    allowed=f"1 to {self.version}", advice=self.advice)  # fmt: skip
        for name in manifest:
            if name not in declared:
                log.add(f"no key of a {self.kind}.", file=MANIFEST, column=str(name), advice=self.advice)

    def refuse(self, folder: Path, log: ProblemLog) -> None:
        """Raise all that was found, if anything was.

        Raises
        ------
        FormatError
        """
        if len(log):
            raise FormatError(folder, log.problems())

    def table(self, path: Path, log: ProblemLog) -> pd.DataFrame | None:
        """Read a table as the format declares it; None where it cannot be read, which is told.

        A CSV that holds nothing but a line end is a table without lines.
        """
        try:
            if path.suffix == ".parquet":
                return pd.read_parquet(path)
            texts = [column for column in self.columns[path.name] if column.type == "text"]
            if not path.read_text(encoding="utf-8").strip():
                return pd.DataFrame(
                    columns=[column.name for column in self.columns[path.name] if column.always]
                )
            heading = [str(name) for name in pd.read_csv(path, nrows=0)]
            kept: dict[str, Any] = {
                name: str for name in heading if any(column.matches(name) for column in texts)
            }
            blank = {name: [""] for name in heading if name not in kept}
            found = pd.read_csv(path, dtype=kept, keep_default_na=False, na_values=blank)
            return self._as_declared(path.name, found)
        except (ValueError, OSError) as problem:
            log.add(f"the file cannot be read ({problem}).", file=path.name, advice=self.advice)
            return None

    def _as_declared(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Give whole numbers of a CSV the type that is declared, which the text of a CSV does not tell."""
        for found in frame:
            column = self.column(name, str(found))
            values = frame[found]
            if column is None or not pd.api.types.is_numeric_dtype(values.dtype):
                continue
            if column.type == "number":
                frame[found] = values.astype(float)
            elif column.type == "integer" and column.may_be_missing and (values.dropna() % 1 == 0).all():
                frame[found] = values.astype("Int64")
        return frame

    def check_arrays(self, name: str, data: xr.Dataset, log: ProblemLog) -> bool:
        """Check the variables of a NetCDF file: dimensions, labels, units. Return whether all is well."""
        before = len(log)
        declared = {column.name: column for column in self.columns[name]}
        for key, column in declared.items():
            dimensions = tuple(column.points_to.split())
            if key not in data:
                if column.always:
                    log.add("the variable is not there.", file=name, column=key, advice=self.advice)
                continue
            if data[key].dims != dimensions:
                log.add("other dimensions are expected.", file=name, column=key,
                        values=[" ".join(map(str, data[key].dims))], allowed=column.points_to,
                        advice=self.advice)  # fmt: skip
            if data[key].attrs.get("units", "") != column.unit:
                log.add("another unit is expected.", file=name, column=key,
                        values=[data[key].attrs.get("units", "none")], allowed=column.unit,
                        advice=self.advice)  # fmt: skip
            if not column.may_be_missing and bool(data[key].isnull().any()):
                log.add("values are missing.", file=name, column=key, advice=self.advice)
            for dimension in dimensions:
                if dimension not in data.coords:
                    log.add("the labels of the dimension are not there.", file=name, column=dimension,
                            advice=self.advice)  # fmt: skip
        for key in map(str, data.data_vars):
            if key not in declared:
                log.add(f"no variable of a {self.kind}.", file=name, column=key, advice=self.advice)
        return len(log) == before

    def check_columns(self, name: str, frame: pd.DataFrame, log: ProblemLog) -> bool:
        """Check which columns a table has, and their types; cheap. Return whether all is well."""
        before = len(log)
        declared = self.columns[name]
        for column in declared:
            if column.always and not any(column.matches(str(found)) for found in frame):
                log.add("the column is not there.", file=name, column=column.name, allowed=column.type,
                        advice=self.advice)  # fmt: skip
        for found in frame:
            column_of = self.column(name, str(found))
            if column_of is None:
                log.add(f"no column of a {self.kind}.", file=name, column=str(found),
                        advice="Take it out; what is no part of a format has a file of its own.")  # fmt: skip
            elif len(frame) and not _is_of(column_of.type, frame[found]):
                log.add("another type is expected.", file=name, column=str(found),
                        values=[frame[found].dtype], allowed=column_of.type, advice=self.advice)  # fmt: skip
        return len(log) == before

    def column(self, name: str, found: str) -> Column | None:
        """Return what is declared of a column: the one of that name before a pattern."""
        declared = self.columns[name]
        exact = [column for column in declared if column.name == found]
        return next(iter([*exact, *(column for column in declared if column.matches(found))]), None)

    def check_values(
        self, name: str, frame: pd.DataFrame, lengths: Mapping[str, int], log: ProblemLog
    ) -> None:
        """Check what stands in the columns of a table: missing values, vocabularies, ranges, pointers.

        Parameters
        ----------
        lengths : mapping of str to int
            Lines of the files that columns point to.
        """
        for found in frame:
            column = self.column(name, str(found))
            if column is None or not _is_of(column.type, frame[found]):
                continue  # told already
            for wrong, what, allowed in _wrong_values(column, frame[found], lengths):
                rows = np.flatnonzero(wrong)
                first = ", ".join(str(row) for row in rows[:SHOWN])
                texts = list(dict.fromkeys(str(value) for value in frame[found].iloc[rows[:1000]]))
                log.add(
                    f"{len(rows):,} of {len(frame):,} lines {what} (lines from 0: {first}"
                    f"{', ...' if len(rows) > SHOWN else ''}).",
                    file=name, column=str(found), values=texts, allowed=allowed, advice=self.advice,
                )  # fmt: skip


@dataclass(frozen=True)
class _FileName:
    """A name of a file, in which ``*`` stands for any text."""

    name: str

    def matches_file(self, found: str) -> bool:
        return bool(re.fullmatch(re.escape(self.name).replace(r"\*", "[^/]*"), found))


def _is_of(kind: str, values: pd.Series) -> bool:
    dtype = values.dtype
    if kind == "any" or (kind == "number or state" and pd.api.types.is_numeric_dtype(dtype)):
        return True
    if kind == "category":
        return isinstance(dtype, pd.CategoricalDtype)
    if kind == "boolean":
        return bool(pd.api.types.is_bool_dtype(dtype))
    if kind == "integer":
        return bool(pd.api.types.is_integer_dtype(dtype))
    if kind == "number or integer":  # whole in a year whose every row has one
        return bool(pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype))
    if kind == "number":
        return bool(pd.api.types.is_float_dtype(dtype))
    # Text, and numbers with states among them, which are told apart value by value.
    return bool(pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype))


def _wrong_values(
    column: Column, values: pd.Series, lengths: Mapping[str, int]
) -> Iterable[tuple[NDArray[np.bool_], str, str]]:
    """Where a column breaks a rule, which one, and what is allowed."""
    absent = values.isna().to_numpy()
    if not column.may_be_missing and absent.any():
        yield absent, "have no value", column.allowed or column.type
    if column.vocabulary:
        wrong = ~values.isin(column.vocabulary).to_numpy() & ~absent
        if wrong.any():
            yield wrong, "hold another word", column.allowed.replace(" | ", ", ")
    if column.type == "number or state":
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
        wrong = ~np.isfinite(numbers) & ~values.isin(STATES).to_numpy() & ~absent
        if wrong.any():
            yield wrong, "hold neither a number nor a state", f"a number, {', '.join(STATES)}"
    elif column.type in ("number", "integer", "number or integer"):
        numbers = values.to_numpy(dtype=float, na_value=np.nan)
        low, high = column.bounds or (-np.inf, np.inf)
        if column.points_to:
            target, _, none = column.points_to.partition(" or ")
            low, high = (float(none) if none else 0.0), lengths.get(target, np.inf) - 1
        with np.errstate(invalid="ignore"):
            wrong = ~absent & ((numbers < low) | (numbers > high) | np.isinf(numbers))
        if wrong.any():
            what = (
                f"are the number of no line of {column.points_to}" if column.points_to else "are out of range"
            )
            yield wrong, what, f"{low:.0f} to {high:.0f}" if column.points_to else column.allowed or "finite"
