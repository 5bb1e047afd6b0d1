"""Names of tables: as files and sheets are called after them, and as ``port.toml`` speaks of them."""

from __future__ import annotations

import re

from inventories.activity.tables import TABLES
from inventories.port.port import Port
from inventories.port.refusals import PortError, nearest


def check_table_names(port: Port) -> None:
    """Refuse keys of ``port.toml`` that name a table which the toolkit does not know.

    Raises
    ------
    PortError
        With a sentence for each such key, and the nearest table there is.
    """
    problems = []
    named = {
        "mapping": list(port.mapping),
        "tables": list(port.tables),
        "files": [entry.table for entry in port.files],
    }
    for section, keys in named.items():
        for key in keys:
            if key not in TABLES:
                problems.append(
                    f'"{section}" names the table "{key}". {nearest(key, list(TABLES))} The tables are '
                    f"{', '.join(TABLES)}."
                )
    for key in port.units:
        table = key.partition(".")[0]
        if table not in TABLES or "." not in key:
            problems.append(
                f'key "units.{key}" does not read "table.column"; for example "calls.power" = "hp" within '
                f"[units]."
            )
    if problems:
        raise PortError(port.folder / "port.toml", problems)


def table_named(name: str, year: int | None = None) -> str:
    """Return the table that a file or a sheet is called after, or nothing.

    Examples
    --------
    >>> table_named("Equipment "), table_named("Gate Visits 2024", 2024), table_named("equipmant")
    ('equipment', 'gate_visits', '')
    """
    folded = re.sub(r"[\s_-]+", "_", name.strip().casefold()).strip("_")
    if year is not None:
        folded = folded.removesuffix(f"_{year}").removeprefix(f"{year}_")
    return folded if folded in TABLES else ""
