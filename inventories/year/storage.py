"""Save and open an inventory: Parquet and one JSON manifest, whole or not at all, the same bytes twice."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from factors.method import Method, load_method
from factors.own_tables import with_user_tables
from factors.terms import CurveSpec, FactorClasses, is_carrier
from inventories.year.coverage import joined
from inventories.year.format import TABLES, check_shape, year_format
from inventories.year.inventory import Inventory
from inventories.year.manifest import whole_tables
from inventories.year.reading_results import MANIFEST, ResultsError, read_file, read_json
from inventories.year.well_to_wake import well_to_wake

WELL_TO_WAKE = "well_to_wake.csv"
"""CO2e from tank to wake and from well to wake, a line for each source and fuel."""

REJECTED = "rejected.csv"
"""Every record that could not be used, with its place and the reason."""

OWN_TABLES = "factor_tables"
OVER = ".over.csv"
"""Folder of a saved year with the port's own factor tables, as they were."""


def save_inventory(inventory: Inventory, folder: Path, also: Mapping[str, str] | None = None) -> Path:
    """Write an inventory to a folder.

    Parameters
    ----------
    inventory : Inventory
    folder : Path
        For example ``my-port/results/2023``. If it exists it is kept, renamed with a number, unless it
        equals what is written.

    Returns
    -------
    Path
        The folder.

    Notes
    -----
    Files are written beside and renamed at the end: an interrupted run leaves no half results. No time of day
    and no path goes into a file, and tables are written in one order by one thread.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _write(inventory, beside)
        for name, text in (also or {}).items():
            (beside / name).write_text(text, encoding="utf-8", newline="\n")
        put_in_place(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return folder


def put_in_place(beside: Path, folder: Path) -> None:
    """Rename a finished folder to its name; keep what stood there unless it holds each new file unchanged."""
    beside.chmod(0o755)
    if folder.exists():
        if _holds(folder, beside):
            shutil.rmtree(beside)
            return
        number = 1
        while (kept := folder.with_name(f"{folder.name}.before-{number}")).exists():
            number += 1
        os.rename(folder, kept)
    os.rename(beside, folder)


def _holds(old: Path, new: Path) -> bool:
    names = sorted(path.name for path in new.iterdir())
    return all(
        (old / name).is_file() and (old / name).read_bytes() == (new / name).read_bytes() for name in names
    )


def _write(inventory: Inventory, folder: Path) -> None:
    classes = inventory.classes
    frames = {
        "work": inventory.work,
        "cells": inventory.cells,
        "classes": classes.classes,
        "terms": classes.terms,
        "factor_rows": classes.factor_rows,
        "coverage": classes.coverage,
    }
    for name, frame in frames.items():
        # Single-threaded zstd at a fixed level: the same bytes for the same table.
        frame.to_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=3, index=False)
    inventory.cube.to_netcdf(folder / "cube.nc", engine="h5netcdf", encoding=_compressed(inventory))
    inventory.rejected.to_csv(folder / REJECTED, index=False, lineterminator="\n")
    wake = well_to_wake(inventory).table()
    wake.to_csv(folder / WELL_TO_WAKE, index=False, lineterminator="\n")
    kept = {f"{'.'.join(need)}.csv": table for need, table in whole_tables(inventory.method).items()}
    over = inventory.method.overrides.items()
    kept |= {f"{'.'.join(need)}{OVER}": laid.rows for need, laid in over}
    for name, table in kept.items():
        (folder / OWN_TABLES).mkdir(exist_ok=True)
        table.text.to_csv(folder / OWN_TABLES / name, index=False, lineterminator="\n")
    manifest = {
        **inventory.manifest,
        "curves": _curves(classes),
        "totals_kg": _totals(inventory),
        "totals_state": _total_states(inventory),
    }
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _compressed(inventory: Inventory) -> dict[str, dict[str, Any]]:
    return {str(name): {"zlib": True, "complevel": 4} for name in inventory.cube.data_vars}


def _curves(classes: FactorClasses) -> dict[str, Any]:
    return {
        name: {"function": spec.function, "parameters": dict(spec.parameters), "source": spec.source}
        for name, spec in sorted(classes.curves.items())
    }


def _totals(inventory: Inventory) -> dict[str, float]:
    inside = inventory.select()
    return {str(name): float(column[inside].sum()) for name, column in inventory.mass.items()}


def _total_states(inventory: Inventory) -> dict[str, str]:
    """What each total is; also of pollutants of the method that have no number anywhere."""
    named = [str(name) for name in inventory.mass if not is_carrier(str(name))]
    wanted = list(dict.fromkeys([*named, *inventory.manifest["pollutants"]]))
    states = inventory.states("source_category", wanted)
    several = len(states) > 1
    return {name: joined(set(states[name]), of_sources=several) if len(states) else "zero" for name in wanted}


def open_inventory(folder: Path) -> Inventory:
    """Read a saved inventory; see `Inventory.open`.

    Raises
    ------
    ResultsError
        If the folder holds no complete inventory.
    FormatError
        If a newer toolkit wrote it, or its columns or keys are not those of the format. What stands in the
        columns is checked by `inventories.validate`.
    """
    absent = [f"{name}.parquet" for name in TABLES if not (folder / f"{name}.parquet").is_file()]
    if not (folder / MANIFEST).is_file():
        absent.append(MANIFEST)
    if absent:
        raise ResultsError(
            f"{folder} holds no complete inventory: no {', '.join(absent)}. Run `caap build` first."
        )
    manifest = read_file(folder / MANIFEST, read_json, year_format().remake)
    year_format().check_version(folder, manifest)
    frames = {name: _table(folder / f"{name}.parquet") for name in TABLES}
    check_shape(folder, frames, manifest)
    curves = {
        name: CurveSpec(name, entry["function"], entry["parameters"], entry["source"])
        for name, entry in manifest.pop("curves").items()
    }
    manifest.pop("totals_kg")
    manifest.pop("totals_state", None)  # none in years of before it was written
    classes = FactorClasses(
        frames["classes"], frames["terms"], frames["factor_rows"], frames["coverage"], curves
    )
    return Inventory(
        frames["work"], frames["cells"], classes, manifest, _method(folder, manifest), _rejected(folder)
    )


def _table(path: Path) -> pd.DataFrame:
    return read_file(path, pd.read_parquet, year_format().remake)


def _rejected(folder: Path) -> pd.DataFrame:
    return pd.read_csv(
        folder / REJECTED,
        dtype={"table": str, "file": str, "sheet": str, "record": str},
        keep_default_na=False,
    )


def _method(folder: Path, manifest: Mapping[str, Any]) -> Method:
    """The method of a saved year: its options, and the port's own tables as they were then."""
    named = load_method(manifest["method"]["name"]).with_options(**manifest["method"]["options"])
    kept, told = folder / OWN_TABLES, manifest["method"]
    return with_user_tables(
        named,
        {need: kept / f"{need}.csv" for need in told["own_tables"]},
        {need: kept / f"{need}{OVER}" for need in told.get("tables_over", ())},
    )
