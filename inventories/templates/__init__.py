"""A folder to start a port from: ``port.toml`` with comments, empty tables, and what they mean."""

from __future__ import annotations

import csv
import datetime as dt
from importlib.resources import files
from pathlib import Path

from inventories.activity.columns import Column, Table
from inventories.activity.tables import TABLES

__all__ = ["describe_tables", "write_template"]

_STATIC = ("port.toml", "zones.geojson", "routes.geojson")


def write_template(folder: str | Path, year: int | None = None) -> list[Path]:
    """Write a port folder with templates that explain themselves.

    Parameters
    ----------
    folder : path
        A folder that does not exist yet, or is empty: nothing is ever written over.
    year : int, optional
        Year of the activity folder; the last full year where left out.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    FileExistsError
        If there is something in the folder already.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(
            f"{folder} is there already and is not empty; nothing was written. Name another folder."
        )
    year = year or dt.date.today().year - 1
    place = folder / "activity" / str(year)
    place.mkdir(parents=True)
    written = []
    for name in _STATIC:
        text = files("inventories.templates").joinpath(name).read_text(encoding="utf-8")
        written.append(folder / name)
        written[-1].write_text(text, encoding="utf-8")
    for table in TABLES.values():
        written.append(place / f"{table.name}.csv")
        with written[-1].open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerow(table.headings)
    written.append(folder / "activity" / "README.md")
    written[-1].write_text(describe_tables(), encoding="utf-8")
    return written


def describe_tables() -> str:
    """All tables and columns as Markdown, from the same declarations that the reader follows."""
    parts = [_INTRODUCTION]
    parts += [_describe(table) for table in TABLES.values()]
    return "\n".join(parts)


_INTRODUCTION = """# Tables of activity

One file per table and year: `activity/<year>/<table>.csv`, or `.xlsx`, or `.parquet`; or one workbook
`activity/<year>/activity.xlsx` with a sheet for each table. Take away what the port does not have. The first
row holds the headings; their order does not matter, and columns that are not required may be left out.

- **Units** stand in the heading: `power_kw`, `power (hp)` and `power [hp]` are all understood, and whatever
  fits the dimension is converted. A bare *ton* is refused: write short_ton or tonne.
- **Times** are year-month-day hour:minute. Without an offset they are the port's local time; within the hour
  that the clocks pass twice in autumn they are taken as its first passing. An offset
  (`2023-11-05T01:30-08:00`) settles it.
- **Blank** cells mean *not known*; they are filled by named rules, and every fill is marked.
- Columns of other systems are read through `[mapping.<table>]` in `port.toml`.
"""


def _describe(table: Table) -> str:
    key = f" Told apart by {' and '.join(f'`{name}`' for name in table.key)}." if table.key else ""
    lines = [f"## {table.name}", "", table.description + key, ""]
    lines += ["| column | unit | required | allowed | meaning |", "|---|---|---|---|---|"]
    lines += [_line(column) for column in table.columns]
    return "\n".join([*lines, ""])


def _line(column: Column) -> str:
    required = "yes" if column.required else ""
    if column.default is not None:
        required = f"no; {str(column.default).lower()} if blank"
    allowed = column.allowed.replace("|", "/")
    return f"| `{column.heading}` | {column.unit} | {required} | {allowed} | {column.description} |"
