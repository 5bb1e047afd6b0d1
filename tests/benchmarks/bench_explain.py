"""How long a saved year takes to explain itself, and `caap --help`; how large the year is.

Run by hand: ``python tests/benchmarks/bench_explain.py``. Bars: under 1 s from opening, under 20 MB, under
0.25 s. Asserts nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year.inventory import Inventory

REPOSITORY = Path(__file__).parents[2]


def main() -> None:
    """Build once, then measure and print."""
    with tempfile.TemporaryDirectory() as somewhere:
        port = Port.load(copy_example("san-pedro-bay", Path(somewhere) / "port"))
        folder = Inventory.build(port, year=2023).save(Path(somewhere) / "2023")
        print(f"a saved year: {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.1f} MB")
        for pollutant, where in (("NOx", {}), ("NOx", {"mode": "hotelling"}), ("CO2e", {}), ("PM10", {})):
            start = time.perf_counter()
            opened = Inventory.open(folder)
            read = time.perf_counter()
            text = str(opened.explain(pollutant, **where))
            told = time.perf_counter()
            print(
                f"{pollutant} {where or ''}: {read - start:.2f} s to open, {told - read:.2f} s to explain, "
                f"{told - start:.2f} s, {len(text.splitlines())} lines"
            )
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        command = [sys.executable, "-c", "from reports.cli.main import main; main()", "--help"]
        subprocess.run(
            command, env=os.environ | {"PYTHONPATH": str(REPOSITORY)}, capture_output=True, check=True
        )
        taken.append(time.perf_counter() - start)
    print(f"caap --help: {min(taken):.2f} s (best of five)")


if __name__ == "__main__":
    main()
