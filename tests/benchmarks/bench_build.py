"""A whole `caap build` of San Pedro Bay, and of the same year with one row a gate visit.

Run by hand: ``python tests/benchmarks/bench_build.py [--visits] [--no-page]``. Each build runs in a process
of its own, imports included; wall and CPU seconds and peak memory are printed (bar: 10 s and 2 GB, 6 s
without the page), and the NOx of the year, which is the same for counts and for visits. Asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))

from inventories.examples import copy_example

REPOSITORY = Path(__file__).parents[2]
YEAR = 2023


def one_row_a_visit(port: Path, seed: int = 1) -> int:
    """Write each gate visit of a port's counts as a row of its own, in Parquet, at times within its month."""
    folder = port / "activity" / str(YEAR)
    counts = pd.read_csv(folder / "gate_visits.csv")
    visit = np.repeat(np.arange(len(counts)), counts["count"])
    np.random.default_rng(seed).shuffle(visit)  # as gates see them, not sorted by what they are
    rows = counts.drop(columns="count").iloc[visit].reset_index(drop=True)
    for name in ("terminal", "month", "fuel", "visit_key"):
        rows[name] = rows[name].astype("category")
    rows["truck_id"] = np.arange(len(rows)) % 20_000
    rows.to_parquet(folder / "gate_visits.parquet", index=False)
    (folder / "gate_visits.csv").unlink()
    return len(rows)


def timed(port: Path, *options: str) -> str:
    """Build in a process of its own and say what it took."""
    command = [
        sys.executable,
        "-c",
        "from reports.cli.main import main; main()",
        "build",
        str(port),
        str(YEAR),
        *options,
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    run = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode:
        return f"failed:\n{run.stderr[-2000:]}"
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    saved = sum(path.stat().st_size for path in (port / "results" / str(YEAR)).iterdir())
    manifest = json.loads((port / "results" / str(YEAR) / "manifest.json").read_text(encoding="utf-8"))
    nox, peak = manifest["totals_kg"]["NOx"], after.ru_maxrss / 1e6
    return f"NOx {nox:,.3f} kg; {wall:.1f} s, {cpu:.1f} CPU-s, peak {peak:.2f} GB, saved {saved / 1e6:.1f} MB"


def main() -> None:
    """Build and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", action="store_true", help="one row a gate visit, in Parquet")
    parser.add_argument("--no-page", action="store_true", help="without the HTML page")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as somewhere:
        port = copy_example("san-pedro-bay", Path(somewhere) / "port")
        what = "gate visits as counts"
        if asked.visits:
            what = f"{one_row_a_visit(port):,} gate visits, one row each"
        options = ["--no-page"] if asked.no_page else []
        page = "without page" if asked.no_page else "page included"
        print(f"san-pedro-bay, {what}, {page}: {timed(port, *options)}")


if __name__ == "__main__":
    main()
