"""Whether the files of a saved year agree: keys that join, and sums that are the same by every road."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from emissions import curves
from emissions.mass import CURVE_COLUMN, cell_mass
from emissions.work import DIMENSIONS
from factors.terms import ELECTRICITY, CurveSpec, FactorClasses, curves_named, following, is_carrier
from inventories.activity.problems import ProblemLog
from inventories.year.coverage import STATES, joined, states_by
from inventories.year.cube import DIMENSIONS as AXES
from inventories.year.cube import STATE_DIMENSIONS, state_attributes, state_flags, without_number
from inventories.year.format import TABLES, year_format
from inventories.year.reading_results import MANIFEST, SHOWN, Validated, close
from inventories.year.written_files import WrittenFormat

CUBE = "cube.nc"
REJECTED = "rejected.csv"
WELL_TO_WAKE = "well_to_wake.csv"
_SHA256 = 64


@dataclass(frozen=True)
class _Year:
    """What was read of a saved year, whatever could be."""

    folder: Path
    manifest: Mapping[str, Any]
    frames: Mapping[str, pd.DataFrame]
    log: ProblemLog

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[f"{name}.parquet"]

    @cached_property
    def classes(self) -> FactorClasses:
        specs = {
            name: CurveSpec(name, entry["function"], entry["parameters"], entry["source"])
            for name, entry in self.manifest["curves"].items()
        }
        return FactorClasses(self["classes"], self["terms"], self["factor_rows"], self["coverage"], specs)

    @cached_property
    def mass(self) -> pd.DataFrame:
        return cell_mass(self["cells"], self.classes)

    def tell(self, file: str, what: str, column: str = "", values: object = (), allowed: str = "") -> None:
        listed = list(values) if isinstance(values, (list, tuple, set)) else [values]
        self.log.add(what, file=file, column=column, values=listed[: SHOWN + 1], allowed=allowed,
                     advice=year_format().advice)  # fmt: skip


def validate_year(folder: Path, manifest: Mapping[str, Any]) -> Validated:
    """Check a saved year against its format, every file and every sum; see `inventories.validate`."""
    declared = year_format()
    declared.check_version(folder, manifest)
    log = ProblemLog()
    for name in declared.absent(folder):
        log.add("the file is not there.", file=name, advice=f"Run `{declared.remake}` again.")
    declared.check_manifest(manifest, log)
    frames = _read_tables(folder, declared, log)
    year = _Year(folder, manifest, frames, log)
    lengths = {name: len(frame) for name, frame in frames.items()}
    for name, frame in frames.items():
        declared.check_columns(name, frame, log)
        declared.check_values(name, frame, lengths, log)
    _check_own_tables(year)
    for checks in (_OF_KEYS, _OF_SUMS):
        # A sum over a broken table would only say in other words what was said of the table.
        broken = {problem.file for problem in log.problems()}
        for needed, check in checks:
            if not broken & set(needed):
                check(year)
    declared.refuse(folder, log)
    remarks = [f"{name} is no file of the format; nothing reads it" for name in declared.strange(folder)]
    return Validated(folder, declared.kind, int(manifest["format"]), lengths,
                     (*remarks, *_changed_since(folder, manifest)))  # fmt: skip


def _read_tables(folder: Path, declared: WrittenFormat, log: ProblemLog) -> dict[str, pd.DataFrame]:
    frames = {}
    for name in (*(f"{table}.parquet" for table in TABLES), REJECTED, WELL_TO_WAKE):
        path = folder / name
        if path.is_file():
            found = declared.table(path, log)
            if found is not None:
                frames[name] = found
    return frames


# ------------------------------------------------------------------ keys


def _work_lies_in_its_cells(year: _Year) -> None:
    work, cells = year["work"], year["cells"]
    cell = work["cell"].to_numpy()
    for name in ("class_id", *DIMENSIONS, "quantity_kind"):
        mine, other = _alike(work[name], cells[name])
        wrong = np.flatnonzero(mine != other[cell])
        if len(wrong):
            shown = [str(value) for value in work[name].iloc[wrong[:SHOWN]]]
            what = f"{len(wrong):,} work rows lie in cells whose {name} is another."
            year.tell("work.parquet", what, name, shown, "that of the cell")
    keys = cells[[*DIMENSIONS, "class_id"]]
    twice = int(keys.duplicated().sum())
    if twice:
        year.tell("cells.parquet", f"{twice:,} cells have the dimensions and class of another cell.")


def _alike(one: pd.Series, other: pd.Series) -> tuple[NDArray[Any], NDArray[Any]]:
    """Values of two columns as numbers that can be compared; texts by their place in one list."""
    if not isinstance(one.dtype, pd.CategoricalDtype):
        return one.to_numpy(), other.to_numpy()
    both = one.cat.categories.union(other.cat.categories)
    found = []
    for column in (one, other):
        place = np.append(both.get_indexer(column.cat.categories), -1)
        found.append(place[column.cat.codes.to_numpy()])
    return found[0], found[1]


def _cells_are_of_their_classes(year: _Year) -> None:
    cells, classes = year["cells"], year["classes"]
    class_id = cells["class_id"].to_numpy()
    for name in ("source_category", "quantity_kind"):
        wrong = np.flatnonzero(cells[name].astype(str).to_numpy() != classes[name].to_numpy()[class_id])
        if len(wrong):
            shown = [str(value) for value in cells[name].iloc[wrong[:SHOWN]]]
            what = f"{len(wrong):,} cells have another {name} than their class."
            year.tell("cells.parquet", what, name, shown, "that of the class")


def _terms_are_covered(year: _Year) -> None:
    keys = ["source_category", "coverage_group", "process", "pollutant"]
    coverage, terms = year["coverage"], year["terms"]
    twice = int(coverage[keys].duplicated().sum())
    if twice:
        year.tell("coverage.parquet", f"{twice:,} lines state what another line states.")
    groups = ["source_category", "coverage_group"]
    unstated = year["classes"][groups].drop_duplicates().merge(coverage[groups].drop_duplicates(), how="left",
                                                               indicator="_there")  # fmt: skip
    lacking = unstated.loc[unstated["_there"] == "left_only", "coverage_group"]
    if len(lacking):
        year.tell("classes.parquet", "of these groups coverage.parquet states nothing.", "coverage_group",
                  list(lacking))  # fmt: skip
        return
    ours = terms.loc[~terms["pollutant"].map(is_carrier), ["class_id", "process", "pollutant"]]
    met = ours.join(year["classes"][groups], on="class_id")[keys].drop_duplicates()
    stated = met.merge(coverage.drop_duplicates(keys)[[*keys, "state"]], how="left")
    wrong = stated[stated["state"] != "value"]
    if len(wrong):
        shown = [" ".join(map(str, line)) for line in wrong[keys].head(SHOWN).to_numpy()]
        year.tell("coverage.parquet", f"{len(wrong):,} pairs have terms and are not stated to be a value.",
                  "state", shown, "value")  # fmt: skip


def _curves_are_declared(year: _Year) -> None:
    used = [str(name) for name in year["terms"]["curve"].unique() if name != "one"]
    unknown = sorted({part for name in used for part in curves_named(name)} - set(year.manifest["curves"]))
    if unknown:
        year.tell("terms.parquet", "the manifest has no such curve.", "curve", unknown)
    held = {
        str(name).removeprefix(CURVE_COLUMN) for name in year["cells"] if str(name).startswith(CURVE_COLUMN)
    }
    for name in sorted(set(used) - held):
        year.tell("cells.parquet", "no such column, and terms follow the curve.", CURVE_COLUMN + name)
    for name in sorted(held - set(used)):
        year.tell("cells.parquet", "no term follows the curve.", CURVE_COLUMN + name)


def _check_own_tables(year: _Year) -> None:
    method = year.manifest.get("method")
    for key, end in (("own_tables", ".csv"), ("tables_over", ".over.csv")):
        for name in method.get(key, ()) if isinstance(method, dict) else ():
            file = f"factor_tables/{name}{end}"
            if not (year.folder / file).is_file():
                year.tell(file, f"the file is not there, and the manifest's method.{key} names it.")


# ------------------------------------------------------------------ sums


def _cells_sum_their_work(year: _Year) -> None:
    work, cells = year["work"], year["cells"]
    cell, class_id = work["cell"].to_numpy(), work["class_id"].to_numpy()
    quantity = work["quantity"].to_numpy() * work["port_share"].to_numpy()
    sums = {"quantity": np.bincount(cell, weights=quantity, minlength=len(cells))}
    classes = year.classes
    for name in (str(name) for name in year["terms"]["curve"].unique() if name != "one"):
        column = CURVE_COLUMN + name
        if column not in cells or any(part not in classes.curves for part in curves_named(name)):
            continue  # told already
        taken = np.flatnonzero(following(classes, name)[class_id])
        state = curves.states(name, classes.curves, work).iloc[taken]
        along = quantity[taken] * curves.evaluate(name, classes.curves, state)
        sums[column] = np.bincount(cell[taken], weights=along, minlength=len(cells))
    for column, summed in sums.items():
        wrong = np.flatnonzero(~close(cells[column], summed))
        if len(wrong):
            first = wrong[0]
            year.tell("cells.parquet", f"{len(wrong):,} cells do not hold the sum of their work rows (lines "
                      f"from 0: {', '.join(map(str, wrong[:SHOWN]))}).", column,
                      str(cells[column].iloc[first]), repr(float(summed[first])))  # fmt: skip


def _totals_are_those_of_cells(year: _Year) -> None:
    told = year.manifest["totals_kg"]
    inside = year["cells"]["in_domain"].to_numpy(dtype=bool)
    sums = year.mass[inside].sum()
    for name in sorted({*told, *map(str, sums.index)}):
        if name not in told or name not in sums:
            what = (
                "the key is not there, and cells have the mass." if name in sums else "no cell has the mass."
            )
            year.tell(MANIFEST, what, f"totals_kg.{name}")
        elif not isinstance(told[name], (int, float)) or not close(told[name], sums[name]).all():
            year.tell(MANIFEST, "the total is not the sum of the cells in the domain.", f"totals_kg.{name}",
                      repr(told[name]), repr(float(sums[name])))  # fmt: skip


def _records_are_counted(year: _Year) -> None:
    told = year.manifest["records"]
    if told.get("work_rows") != len(year["work"]):
        year.tell(MANIFEST, "the count is not that of work.parquet.", "records.work_rows",
                  str(told.get("work_rows")), str(len(year["work"])))  # fmt: skip
    rejected = year.frames[REJECTED]
    counted = sum(count for reasons in told.get("rejected", {}).values() for count in reasons.values())
    if counted != len(rejected):
        year.tell(MANIFEST, f"the count is not that of {REJECTED}.", "records.rejected", str(counted),
                  str(len(rejected)))  # fmt: skip


def _hashes_are_hashes(year: _Year) -> None:
    listed = [(f"inputs {entry.get('path', '')}", entry.get("sha256")) for entry in year.manifest["inputs"]]
    for name, found in [*listed, *((f"editions.{k}", v) for k, v in year.manifest["editions"].items())]:
        if not isinstance(found, str) or len(found) != _SHA256 or set(found) - set("0123456789abcdef"):
            year.tell(MANIFEST, "no SHA-256.", name, str(found), "64 digits of 0-9 and a-f")


def _cube_is_that_of_cells(year: _Year) -> None:
    try:
        cube = xr.load_dataset(year.folder / CUBE, engine="h5netcdf")
    except (OSError, ValueError) as problem:
        year.tell(CUBE, f"the file cannot be read ({problem}).")
        return
    if not year_format().check_arrays(CUBE, cube, year.log):
        return
    cells, mass = year["cells"], year.mass
    labels = {name: pd.Index(cube[name].to_numpy()).astype(object) for name in AXES}
    codes = [labels[name].get_indexer(cells[name].astype(object)) for name in AXES]
    lost = [name for name, code in zip(AXES, codes, strict=True) if (code < 0).any()]
    if lost:
        year.tell(CUBE, "cells have labels that the dimension lacks.", ", ".join(lost))
        return
    shape = tuple(len(labels[name]) for name in AXES)
    flat = np.ravel_multi_index(codes, shape)
    flags = _flags_of_cells(year, cube)
    _states_are_those_of_cells(year, cube, flags)
    known = {str(name): place for place, name in enumerate(cube["pollutant"].to_numpy())}
    lacking = [str(name) for name in mass if not is_carrier(str(name)) and str(name) not in known]
    if lacking:
        year.tell(CUBE, "the cube lacks pollutants of the cells.", "pollutant", lacking)
    if (ELECTRICITY in mass) != (ELECTRICITY in cube):
        year.tell(CUBE, "electricity stands in one of cells and cube only.", ELECTRICITY)
    for name in mass:
        if name == ELECTRICITY and name in cube:
            array = cube[ELECTRICITY]
        elif str(name) in known:
            array = cube["mass"].sel(pollutant=str(name))
        else:
            continue
        expected: NDArray[Any] = np.bincount(
            flat, weights=mass[name].to_numpy(), minlength=int(np.prod(shape))
        ).reshape(shape)
        if not is_carrier(str(name)):
            expected = without_number(expected, flags[..., known[str(name)]])
        wrong = np.argwhere(~close(array.transpose(*AXES).to_numpy(), expected))
        if len(wrong):
            place = [str(labels[axis][at]) for axis, at in zip(AXES, wrong[0], strict=True)]
            year.tell(
                CUBE, f"{len(wrong):,} places do not hold the sum of the cells.", str(name), ", ".join(place)
            )


def _flags_of_cells(year: _Year, cube: xr.Dataset) -> NDArray[np.int8]:
    """States of the cube's sources, sides of the domain and pollutants, got from cells and coverage.

    A cube of before states were written knows sources alone, whatever side of the domain they are on.
    """
    sources, sides = cube["source_category"].to_numpy(), cube["in_domain"].to_numpy()
    pollutants = [str(name) for name in cube["pollutant"].to_numpy()]
    by = ["source_category", "in_domain"] if "state" in cube else ["source_category"]
    met = year["cells"][[*by, "class_id"]].astype({name: str for name in by})
    told = states_by(met, year.classes, pollutants)
    if "state" not in cube:
        told = pd.concat({str(side): told for side in sides}).swaplevel()
    return state_flags(told, sources, sides, pollutants)


def _states_are_those_of_cells(year: _Year, cube: xr.Dataset, flags: NDArray[np.int8]) -> None:
    if "state" not in cube:
        return
    held = cube["state"]
    for name, wanted in state_attributes().items():
        found = held.attrs.get(name)
        if name.startswith("flag") and not np.array_equal(np.asarray(found), np.asarray(wanted)):
            year.tell(CUBE, f"the flags are not those of the format (attribute {name}).", "state", str(found),
                      " ".join(map(str, np.atleast_1d(np.asarray(wanted)))))  # fmt: skip
    wrong = np.argwhere(held.transpose(*STATE_DIMENSIONS).to_numpy() != flags)
    if len(wrong):
        place = [str(cube[axis].to_numpy()[at]) for axis, at in zip(STATE_DIMENSIONS, wrong[0], strict=True)]
        year.tell(CUBE, f"{len(wrong):,} states are not those of cells and coverage ({', '.join(place)}).",
                  "state", str(held.transpose(*STATE_DIMENSIONS).to_numpy()[tuple(wrong[0])]),
                  f"{flags[tuple(wrong[0])]} ({STATES[flags[tuple(wrong[0])]]})")  # fmt: skip


def _states_of_totals(year: _Year) -> None:
    told = year.manifest.get("totals_state")
    if told is None:
        return
    cells = year["cells"]
    inside = cells.loc[cells["in_domain"].to_numpy(dtype=bool), ["source_category", "class_id"]]
    named = [name for name in year.mass if not is_carrier(str(name))]
    states = states_by(
        inside.astype({"source_category": str}), year.classes, [*map(str, told), *map(str, named)]
    )
    for name in map(str, states):
        wanted = joined(set(states[name]), of_sources=len(states) > 1) if len(states) else "zero"
        if told.get(name) != wanted:
            year.tell(MANIFEST, "the state is not that of the cells in the domain.", f"totals_state.{name}",
                      str(told.get(name)), wanted)  # fmt: skip


_Check = Callable[[_Year], None]
_WORK, _CELLS, _CLASSES, _TERMS, _ROWS, _COVERAGE = (f"{table}.parquet" for table in TABLES)
_FACTORS = (_CLASSES, _TERMS, _ROWS, _COVERAGE, MANIFEST)

_Checks = tuple[tuple[tuple[str, ...], _Check], ...]
"""Checks across files, each with the files that must be sound for it."""

_OF_KEYS: _Checks = (
    ((_WORK, _CELLS), _work_lies_in_its_cells),
    ((_CELLS, _CLASSES), _cells_are_of_their_classes),
    ((_CLASSES, _TERMS, _COVERAGE), _terms_are_covered),
    ((_TERMS, _CELLS, MANIFEST), _curves_are_declared),
    ((MANIFEST,), _hashes_are_hashes),
)

_OF_SUMS: _Checks = (
    ((_WORK, _CELLS, *_FACTORS), _cells_sum_their_work),
    ((_CELLS, *_FACTORS), _totals_are_those_of_cells),
    ((_CELLS, *_FACTORS), _states_of_totals),
    ((_WORK, REJECTED, MANIFEST), _records_are_counted),
    ((CUBE, _CELLS, *_FACTORS), _cube_is_that_of_cells),
)


def _changed_since(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Say which inputs are no longer those that were read, where the year lies in its port's folder."""
    port = folder.resolve().parents[1]
    if not (port / "port.toml").is_file():
        return []
    remarks = []
    for entry in manifest["inputs"]:
        path = port / entry["path"]
        if not path.is_file():
            remarks.append(f"{entry['path']} was read for the year and is no longer there")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            remarks.append(f"{entry['path']} has changed since the year was built")
    return remarks
