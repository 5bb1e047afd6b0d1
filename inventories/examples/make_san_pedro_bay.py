"""Make the illustrative San Pedro Bay 2023: ``python -m inventories.examples.make_san_pedro_bay``.

An invented year at the size of the two ports: about 4,000 calls, 5 million gate visits, 3,200 machines.
Counts and shapes that are published are in ``facts/``, with their sources; everything else is in
``assumptions.csv`` of the example, which this script reads. Nothing outside the repository is read. The same
seed gives the same bytes (with the same versions of the libraries that write Parquet and Excel files).
"""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

import pandas as pd

from inventories.examples import _san_pedro_bay_geography as geography
from inventories.examples._draws import Assumptions, Draws, write_csv
from inventories.examples._san_pedro_bay_harbor import (
    make_electricity,
    make_harbor_craft,
    make_locomotives,
)
from inventories.examples._san_pedro_bay_landside import (
    make_cargo,
    make_equipment,
    make_gate_visits,
    make_truck_legs,
)
from inventories.examples._san_pedro_bay_ships import make_ships

__all__ = ["SEED", "make", "main"]

SEED = 2023
YEAR = 2023
HERE = Path(__file__).parent / "san-pedro-bay"


def make(folder: Path, seed: int = SEED) -> None:
    """Write zones, routes and a year of activity into ``folder``, in which ``port.toml`` is kept by hand.

    Parameters
    ----------
    folder : Path
        Folder of the port; made if absent. ``assumptions.csv`` is read from it, or from the packaged example.
    seed : int
        Seed of all draws.
    """
    folder.mkdir(parents=True, exist_ok=True)
    activity = folder / "activity" / str(YEAR)
    activity.mkdir(parents=True, exist_ok=True)
    own = folder / "assumptions.csv"
    a = Assumptions(own if own.is_file() else HERE / "assumptions.csv")
    draws = Draws(seed)

    geography.draw(folder)
    distances = geography.distances(folder)

    ships = make_ships(a, draws.stream("ships"), distances)
    write_csv(ships.calls, activity / "calls.csv")
    write_csv(ships.stops, activity / "stops.csv")
    write_csv(ships.vessels, activity / "vessels.csv")
    _write_parquet(ships.legs.astype({"seq": "int32"}), activity / "legs.parquet")

    write_csv(make_gate_visits(a, draws.stream("trucks")), activity / "gate_visits.csv")
    write_csv(make_truck_legs(distances), activity / "truck_legs.csv")
    _write_workbook(make_equipment(a, draws.stream("equipment")), "equipment", activity / "equipment.xlsx")

    write_csv(make_harbor_craft(a, draws.stream("craft")), activity / "harbor_craft_engines.csv")
    write_csv(make_locomotives(a), activity / "locomotives.csv")
    write_csv(make_electricity(a), activity / "electricity.csv")

    arrived = ships.calls.set_index("call_id")["arrival"].str[:7]  # local month of the call
    months = ships.stops["call_id"].map(arrived.where(arrived.str.startswith(str(YEAR))))
    write_csv(make_cargo(ships.stops, months, a), activity / "cargo.csv")
    if a.unread():
        raise ValueError(f"assumptions.csv has rows that the script does not use: {', '.join(a.unread())}.")


def _write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write with a mark in the file's metadata, for a Parquet file has no first line to read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    marked = {**(table.schema.metadata or {}), b"note": b"Illustrative, made by a script."}
    pq.write_table(table.replace_schema_metadata(marked), path, compression="zstd")


def _write_workbook(frame: pd.DataFrame, sheet: str, path: Path) -> None:
    """Write one sheet with a fixed date of creation, so that the bytes are the same each time."""
    import xlsxwriter  # type: ignore[import-untyped]

    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties(
            {"created": datetime.datetime(2000, 1, 1), "comments": "Illustrative, made by a script."}
        )
        page = book.add_worksheet(sheet)
        page.write_row(0, 0, list(frame.columns), book.add_format({"bold": True}))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        for column, name in enumerate(frame.columns):
            page.set_column(column, column, max(10, len(name) + 2))
            values = frame[name].astype(object).where(frame[name].notna(), None).tolist()
            page.write_column(1, column, values)


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--folder", type=Path, default=HERE, help="folder of the port (default: the packaged example)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help=f"seed of all draws (default {SEED})")
    options = parser.parse_args(arguments)
    make(options.folder, options.seed)


if __name__ == "__main__":
    main()
