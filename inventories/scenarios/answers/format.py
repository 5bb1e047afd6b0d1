"""The written format of a projection: declared in ``format.csv``, described in docs/result-format.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from inventories.activity.problems import ProblemLog
from inventories.scenarios.answers.tables import EFFECTS
from inventories.year.coverage import CO2E
from inventories.year.reading_results import MANIFEST, SHOWN, Validated, close
from inventories.year.written_files import WrittenFormat

VERSION = 1
"""Version that is written. It rises when a reader of the version before would misread a folder."""

CUBE = "projection.nc"
_MASS = ["scenario", "year", "source_category", "pollutant"]
_EFFECT = ["scenario", "year", "source_category", "measure", "pollutant"]


@cache
def projection_format() -> WrittenFormat:
    """Return the declared files and columns of a projection."""
    return WrittenFormat.declared("projection", VERSION, __package__, "caap project")


@dataclass(frozen=True)
class _Projection:
    """What was read of a projection, whatever could be."""

    folder: Path
    manifest: Mapping[str, Any]
    frames: Mapping[str, pd.DataFrame]
    log: ProblemLog

    def tell(self, file: str, what: str, column: str = "", values: object = (), allowed: str = "") -> None:
        listed = list(values) if isinstance(values, (list, tuple, set)) else [values]
        self.log.add(what, file=file, column=column, values=listed[: SHOWN + 1], allowed=allowed,
                     advice=projection_format().advice)  # fmt: skip


def validate_projection(folder: Path, manifest: Mapping[str, Any]) -> Validated:
    """Check a projection against its format, every file and every sum; see `inventories.validate`."""
    declared = projection_format()
    declared.check_version(folder, manifest)
    log = ProblemLog()
    for name in declared.absent(folder):
        log.add("the file is not there.", file=name, advice=f"Run `{declared.remake}` again.")
    declared.check_manifest(manifest, log)
    frames = {}
    for name in (name for name in declared.files if name.endswith(".csv") and (folder / name).is_file()):
        found = declared.table(folder / name, log)
        if found is not None:
            frames[name] = found
            declared.check_columns(name, found, log)
            declared.check_values(name, found, {}, log)
    projection = _Projection(folder, manifest, frames, log)
    sound = frames.keys() - {problem.file for problem in log.problems()}
    for name in sorted(sound):
        _lines_have_keys_of_their_own(projection, name)
        if MANIFEST not in {problem.file for problem in log.problems()}:
            _names_are_the_manifests(projection, name)
    # A sum over a broken table would only say in other words what was said of the table.
    broken = {problem.file for problem in log.problems()}
    for needed, check in _CHECKS:
        if not broken & set(needed):
            check(projection)
    declared.refuse(folder, log)
    remarks = tuple(f"{name} is no file of the format; nothing reads it" for name in declared.strange(folder))
    lengths = {name: len(frame) for name, frame in frames.items()}
    return Validated(folder, declared.kind, int(manifest["format"]), lengths, remarks)


# ------------------------------------------------------------------ keys


def _names_are_the_manifests(projection: _Projection, name: str) -> None:
    """Scenarios of a table, and its measures, are those that the manifest describes."""
    scenarios, frame = projection.manifest["scenarios"], projection.frames[name]
    strange = [found for found in frame["scenario"].unique() if found not in scenarios]
    if strange:
        projection.tell(name, "the manifest has no such scenario.", "scenario", strange, ", ".join(scenarios))
    if "measure" in frame:
        known = {(key, measure) for key, scenario in scenarios.items() for measure in scenario["measures"]}
        met = frame[["scenario", "measure"]].drop_duplicates().itertuples(index=False, name=None)
        lost = sorted(measure for key, measure in met if (key, measure) not in known and key in scenarios)
        if lost:
            projection.tell(name, "the manifest has no such measure of the scenario.", "measure", lost)


def _years_are_whole(projection: _Projection) -> None:
    manifest, masses = projection.manifest, projection.frames["masses.csv"]
    if manifest["baseline"] and manifest["baseline"] not in manifest["scenarios"]:
        projection.tell(MANIFEST, "no such scenario.", "baseline", manifest["baseline"],
                        ", ".join(manifest["scenarios"]))  # fmt: skip
    for name, scenario in manifest["scenarios"].items():
        expected = set(range(int(manifest["base"]["year"]), int(scenario["last_year"]) + 1))
        found = set(masses.loc[masses["scenario"] == name, "year"])
        if found != expected:
            projection.tell("masses.csv", f"scenario {name!r} lacks years, or has others.", "year",
                            sorted(expected ^ found), f"{min(expected)} to {max(expected)}")  # fmt: skip


def _lines_have_keys_of_their_own(projection: _Projection, name: str) -> None:
    """No two lines of a table are of the same thing: all that is no number is a key."""
    columns = projection_format().columns[name]
    keys = [c.name for c in columns if c.type != "number" and c.name in projection.frames[name]]
    twice = int(projection.frames[name][keys].duplicated().sum())
    if twice:
        projection.tell(name, f"{twice:,} lines have the keys of another line: {', '.join(keys)}.")


# ------------------------------------------------------------------ sums


def _years_sum_up(projection: _Projection) -> None:
    """What is emitted over all years is the sum of the years. CO2e has no masses of its own."""
    masses, told = projection.frames["masses.csv"], projection.frames["cumulative.csv"]
    inside = masses[masses["in_domain"]]
    for line in told[told["pollutant"].isin(inside["pollutant"])].to_dict("records"):
        mine = inside[(inside["scenario"] == line["scenario"]) & (inside["pollutant"] == line["pollutant"])]
        summed = float(mine.loc[mine["year"].between(line["first_year"], line["last_year"]), "mass_kg"].sum())
        if not close(line["mass_kg"], summed).all():
            where = f"{line['scenario']}, {line['pollutant']}"
            what = f"{where}: not the sum of masses.csv over the years."
            projection.tell("cumulative.csv", what, "mass_kg", repr(line["mass_kg"]), repr(summed))


def _arrays_are_the_tables(projection: _Projection) -> None:
    try:
        data = xr.load_dataset(projection.folder / CUBE, engine="h5netcdf")
    except (OSError, ValueError) as problem:
        projection.tell(CUBE, f"the file cannot be read ({problem}).")
        return
    if not projection_format().check_arrays(CUBE, data, projection.log):
        return
    masses, wake = projection.frames["masses.csv"], projection.frames["well_to_wake.csv"]
    _compare(projection, data["mass"], masses[masses["in_domain"]].set_index(_MASS)["mass_kg"])
    _compare(projection, data["mass_elsewhere"], masses[~masses["in_domain"]].set_index(_MASS)["mass_kg"])
    carriers = projection.frames["carriers.csv"].set_index(["scenario", "year", "carrier"])["quantity"]
    _compare(projection, data["carrier_quantity"], carriers)
    for side in ("tank_to_wake", "well_to_wake"):
        told = wake.set_index(["scenario", "year", "gwp_set"])[f"{side}_kg"]
        _compare(projection, data[f"CO2e_{side}"], told)
    effects = projection.frames["contributions.csv"]
    # CO2e is no label of the arrays' pollutants, and its effects stand in the table alone.
    inside = effects[effects["in_domain"].astype(bool) & (effects["pollutant"] != CO2E)]
    if len(inside):
        lacking = [effect for effect in EFFECTS if effect not in data]
        if lacking:
            projection.tell(CUBE, "no such variables, and contributions.csv has them.", values=lacking)
        for effect in (effect for effect in EFFECTS if effect in data):
            _compare(projection, data[effect], inside.set_index(_EFFECT)[f"{effect}_kg"])


def _compare(projection: _Projection, array: xr.DataArray, told: pd.Series) -> None:
    """Hold a variable against the lines of its table; where the table has no line there is none, or 0."""
    found = array.transpose(*(str(name) for name in told.index.names)).to_series()
    lost = told.index.difference(found.index)
    expected = told.reindex(found.index)
    values = found.to_numpy()
    same = close(values, expected.to_numpy()) | (expected.isna().to_numpy() & (np.nan_to_num(values) == 0))
    wrong = np.flatnonzero(~same)
    if len(wrong) or len(lost):
        place = found.index[wrong[0]] if len(wrong) else lost[0]
        projection.tell(CUBE, f"{len(wrong) + len(lost):,} places are not what the tables hold.",
                        str(array.name), ", ".join(map(str, place)))  # fmt: skip


_CHECKS: tuple[tuple[tuple[str, ...], Callable[[_Projection], None]], ...] = (
    ((MANIFEST, "masses.csv"), _years_are_whole),
    (("masses.csv", "cumulative.csv"), _years_sum_up),
    ((CUBE, "masses.csv", "carriers.csv", "well_to_wake.csv", "contributions.csv"), _arrays_are_the_tables),
)
"""Checks across files, each with the files that must be sound for it."""
