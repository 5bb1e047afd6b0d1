"""How long a second method takes on the same activity, and an explanation of the difference.

Run by hand: ``python tests/benchmarks/bench_methods.py``. Bar: under 2 s for each further method.
Asserts nothing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from inventories.examples import copy_example
from inventories.methods.side_by_side import side_by_side
from inventories.port.port import Port

METHODS = (
    "epa-2022",
    ("epa-2022", {"load_factor_set": "san_pedro_bay"}),
    ("epa-2022", {"llaf_so2": "none", "deterioration_hours": "own", "emfac_category": "T7 tractor"}),
    "shipef-0.2",
)


def main() -> None:
    """Compare two methods, then more, and print what each further one adds."""
    with tempfile.TemporaryDirectory() as somewhere:
        port = Port.load(copy_example("san-pedro-bay", Path(somewhere) / "port"))
        side_by_side(port, 2023, METHODS[:2])  # reads and caches all tables of factors
        before = 0.0
        for number in range(2, len(METHODS) + 1):
            start = time.perf_counter()
            both = side_by_side(port, 2023, METHODS[:number])
            taken = time.perf_counter() - start
            more = f", {taken - before:.2f} s more" if before else ""
            print(f"{both.labels[-1]}: {number} methods {taken:.2f} s{more}")
            before = taken
        start = time.perf_counter()
        both.explain("NOx", second=both.labels[2])
        print(f"explained: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
