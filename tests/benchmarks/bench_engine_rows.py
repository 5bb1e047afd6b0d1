"""A million engine rows and seven pollutants, beside a plain numpy multiply of the same arrays.

Run by hand: ``python tests/benchmarks/bench_engine_rows.py``. Prints CPU seconds (best of five), the ratio to
numpy (bar: 6) and rows a CPU-second (bar: 100 times ShipEF's 26,000). Asserts nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[2]))

from emissions.mass import cell_mass, cell_sums
from factors.library import resolve
from factors.method import load_method

N = 1_000_000
SHIPEF_ROWS_A_SECOND = 26_000
POLLUTANTS = ("NOx", "SOx", "PM10", "PM2.5", "HC", "CO", "CO2")
SOURCE = "ocean_going_vessels"


def engine_rows(n: int = N, seed: int = 1) -> pd.DataFrame:
    """Main engines as in ShipEF's own speed test (reference METHOD, section 5), with a month and a mode."""
    draw = np.random.default_rng(seed)
    types = np.array(["SSD", "MSD", "MSD-ED", "ST", "GT", "LNG"])
    engine = draw.integers(0, 6, n)
    tier = np.where(engine < 3, draw.integers(0, 4, n), 0)
    outside = draw.random(n) < 0.5
    fuel = np.select([engine == 5, outside & (engine < 3)], [2, 1], 0)
    categories = {
        "engine_group": (np.zeros(n, dtype=np.int64), ["propulsion"]),
        "engine_type": (engine, list(types)),
        "tier": (tier, [f"Tier {number}" for number in range(4)]),
        "fuel": (fuel, ["MGO/MDO", "RM/HFO", "LNG"]),
        "mode_or_segment": (draw.integers(0, 2, n), ["transit", "maneuvering"]),
    }
    frame = pd.DataFrame({name: pd.Categorical.from_codes(*pair) for name, pair in categories.items()})
    return frame.assign(
        sulfur_pct=np.where(fuel == 1, 0.5, 0.1),
        area_sulfur_pct=np.where(outside, 0.5, 0.1),
        month=draw.integers(1, 13, n),
        load_factor=draw.uniform(0.02, 1, n),
        quantity=draw.uniform(10, 10_000, n),
    )


def best(work: Callable[[], object], repeats: int = 5) -> float:
    """Least CPU seconds of a few runs."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    """Measure and print."""
    method = load_method("epa-2022")
    rows = engine_rows()
    resolve(SOURCE, rows.head(1000), method)  # tables are read once, as in any session

    def ours() -> float:
        class_id, classes = resolve(SOURCE, rows, method)
        _, cells = cell_sums(rows, class_id, classes, ["mode_or_segment", "month"])
        return float(cell_mass(cells, classes)["NOx"].sum())

    taken = best(ours)
    print(
        f"{N:,} engine rows, all pollutants, summed by cell: {taken:.3f} CPU-s, {N / taken:,.0f} rows a "
        f"CPU-second ({N / taken / SHIPEF_ROWS_A_SECOND:.0f} x ShipEF)"
    )
    for what, seconds in numpy_multiplies(rows).items():
        print(f"numpy, {what}: {seconds:.3f} CPU-s; ours takes {taken / seconds:.1f} x")


def numpy_multiplies(rows: pd.DataFrame) -> dict[str, float]:
    """CPU seconds of what one would write by hand, from the barest to the same work."""
    draw = np.random.default_rng(2)
    n, k = len(rows), len(POLLUTANTS)
    power, hours, work = draw.random(n), draw.random(n), rows["quantity"].to_numpy()
    load = rows["load_factor"].to_numpy()
    factor, adjustment = draw.random((k, n)), draw.random((k, n))
    of_class, by_class = draw.integers(0, 30, n), draw.random((k, 30))

    def low_load(a: float, x: float, b: float) -> NDArray[np.float64]:
        return np.where(load <= 0.2, (a * load**-x + b) / (a * 0.2**-x + b), 1.0)

    return {
        "kWh x factor, both given by row": best(lambda: [work * factor[at] for at in range(k)]),
        "kW x load x h x factor x low-load factor, all given by row": best(
            lambda: [power * load * hours * factor[at] * adjustment[at] for at in range(k)]
        ),
        "the same, factor taken by class and low-load factor worked out": best(
            lambda: [work * by_class[at][of_class] * low_load(0.1, 1.5, 10.0 + at) for at in range(k)]
        ),
    }


if __name__ == "__main__":
    main()
