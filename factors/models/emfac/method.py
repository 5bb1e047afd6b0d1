"""A method whose trucks are rated by a port's own exports of EMFAC."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from factors.method import Method
from factors.models.emfac.export import EmfacError
from factors.models.emfac.reading import EMFAC_NEEDS, KEYS, POLLUTANTS, SOURCE, WEAR, EmfacFile
from factors.sources import TableSpec
from factors.tables import FactorTable
from factors.user_tables import read_user_table


def with_emfac(method: Method, files: Sequence[EmfacFile]) -> Method:
    """Return the method with truck rates from EMFAC files in place of the shipped edition's.

    Parameters
    ----------
    method : Method
    files : sequence of EmfacFile
        Exports that complete each other: by speed and over all speeds, summer and winter, several years.

    Returns
    -------
    Method
        Its coverage follows the files: a pollutant that they have (NH3) is estimated, one they lack is NE.

    Raises
    ------
    EmfacError
        If the files do not fit together.
    """
    own = {}
    for need in EMFAC_NEEDS:
        tables = [file.tables[need] for file in files if need in file.tables]
        if need == "running" and any("speed_bin_mph" in table.spec.keys for table in tables):
            tables = [table for table in tables if "speed_bin_mph" in table.spec.keys]
        if need == "wear":
            tables = _over_speeds(tables)
            if {process for table in tables for process in table.frame["process"]} != set(WEAR.values()):
                continue  # an export by speed may lack tires: the method's own table has both
        if tables:
            own[SOURCE, need] = _one_table(need, tables)
    if (SOURCE, "running") not in own:
        names = ", ".join(file.file for file in files)
        raise EmfacError(names, ["no running rates (columns such as NOx_RUNEX)"])
    return with_emfac_tables(method, own)


def with_emfac_tables(method: Method, own: Mapping[tuple[str, str], FactorTable]) -> Method:
    """Return the method with tables that came from EMFAC, and its coverage as they have it."""
    running = own[SOURCE, "running"].frame[["source_document", "table", "source_address"]].drop_duplicates()
    files = running["source_document"] + ", " + running["table"] + " (" + running["source_address"] + ")"
    cited = "; ".join(sorted(files))
    rated = replace(
        method.with_tables(own),
        sources={**method.sources, SOURCE: _covered(method.sources[SOURCE], own, cited)},
    )
    return rated.saying("departs_from", f"trucks by the port's own export of EMFAC: {cited}")


def saved_tables(tables: Mapping[str, Path]) -> dict[tuple[str, str], FactorTable]:
    """Read tables in the form that `read_emfac` gives: as a year keeps them, or as a port wrote them itself.

    Parameters
    ----------
    tables : mapping of str to Path
        By ``heavy_duty_vehicles.<need>``. Those without the key ``calendar_year`` are not of this form: they
        are left to be read as the shipped edition's.
    """
    found = {}
    for name, path in tables.items():
        source, _, need = name.partition(".")
        if source != SOURCE or need not in EMFAC_NEEDS or not path.is_file():
            continue
        with path.open(encoding="utf-8-sig", newline="") as stream:
            heading = next(csv.reader(stream), [])
        if "calendar_year" in heading:
            keys = [key for key in (*KEYS, *(["process"] if need == "wear" else [])) if key in heading]
            spec = TableSpec("user", name, path.name, "", dict.fromkeys(keys, "exact"))
            found[source, need] = read_user_table(path, spec, name)
    return found


def _over_speeds(tables: list[FactorTable]) -> list[FactorTable]:
    """Give a wear process that is known over all speeds alone the speeds of the other."""
    by_speed = [table for table in tables if "speed_bin_mph" in table.spec.keys]
    if not by_speed:
        return tables
    known = {process for table in by_speed for process in table.frame["process"]}
    speeds = pd.concat([table.frame["speed_bin_mph"] for table in by_speed]).drop_duplicates()
    for table in tables:
        lacking = table.frame[~table.frame["process"].isin(known)]
        if table not in by_speed and len(lacking):
            wide = lacking.merge(speeds.to_frame(), how="cross")
            keys = {**table.spec.keys, "speed_bin_mph": "exact"}
            by_speed.append(FactorTable(replace(table.spec, keys=keys), wide))
    return by_speed


def _one_table(need: str, tables: list[FactorTable]) -> FactorTable:
    """Put the tables of several files behind each other."""
    first = tables[0].spec
    for table in tables[1:]:
        if set(table.spec.keys) != set(first.keys):
            raise EmfacError(
                f"{first.file} and {table.spec.file}",
                [f"{need}: one is by {', '.join(first.keys)}, the other by {', '.join(table.spec.keys)}"],
            )
    frame = pd.concat([table.frame for table in tables], ignore_index=True)
    twice = frame.duplicated([*first.keys, "quantity"])
    if twice.any():
        shown = frame.loc[twice, ["quantity", *first.keys]].iloc[0].to_dict()
        files = sorted({table.spec.file for table in tables})
        raise EmfacError(" and ".join(files), [f"{need}: {int(twice.sum())} rates stand twice ({shown})"])
    return FactorTable(first, frame)


def _covered(
    source: Mapping[str, Any], own: Mapping[tuple[str, str], FactorTable], cited: str
) -> dict[str, Any]:
    """State anew what is estimated, where the files decide it: exhaust and idle by EMFAC's rates."""
    held = {
        process: set(own[SOURCE, need].quantities)
        for process, need in (("exhaust", "running"), ("idle", "idle"))
        if (SOURCE, need) in own
    }
    lines = []
    for line in source["coverage"]:
        process = line["process"]
        if not line.get("by_emfac") or process not in held:
            lines.append(line)
            continue
        stated = {*line.get("value", ()), *line.get("NE", {})} & {*POLLUTANTS}
        diesel = {"DPM"} if "DPM" in line.get("value", ()) and "PM10" in held[process] else set()
        value = sorted((stated & held[process]) | diesel)
        lacking = {name: f"not in {cited}" for name in sorted({*line["value"]} - set(value))}
        kept = {name: why for name, why in line.get("NE", {}).items() if name not in value}
        lines.append({**line, "value": value, "NE": {**kept, **lacking}})
    return {**source, "coverage": lines}
