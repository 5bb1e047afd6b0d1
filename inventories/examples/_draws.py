"""Seeded draws, assumptions and small files for the scripts that make example ports."""

from __future__ import annotations

import csv
import json
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Assumptions", "Draws", "facts", "largest_remainder", "write_csv", "write_geojson"]

FloatArray = NDArray[np.float64]


class Draws:
    """Random numbers from one seed, one stream per purpose.

    A stream depends on the seed and its own name alone, so a change in one part of an example leaves the
    others as they were. Only uniform numbers are asked of numpy, whose stream of them is stable
    between versions.
    """

    def __init__(self, seed: int, name: str = "") -> None:
        self.seed, self.name = seed, name
        self._generator = np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode())]))

    def stream(self, name: str) -> Draws:
        """Start the stream of that name."""
        return Draws(self.seed, f"{self.name}/{name}")

    def uniform(self, n: int, low: float = 0.0, high: float = 1.0) -> FloatArray:
        """Return ``n`` numbers in [low, high)."""
        return low + (high - low) * self._generator.random(n)

    def normal(self, n: int, mean: float = 0.0, sd: float = 1.0) -> FloatArray:
        """Return ``n`` normal numbers (Box and Muller), cut at 2.5 standard deviations."""
        one, other = 1.0 - self._generator.random(n), self._generator.random(n)
        standard = np.sqrt(-2.0 * np.log(one)) * np.cos(2.0 * np.pi * other)
        return mean + sd * np.clip(standard, -2.5, 2.5)

    def lognormal(self, n: int, mean: float, spread: float) -> FloatArray:
        """Return ``n`` positive numbers about that mean; ``spread`` is the deviation of their logarithm."""
        return mean * np.exp(self.normal(n, -(spread**2) / 2, spread))

    def pick(self, weights: Sequence[float] | FloatArray, n: int) -> NDArray[np.int64]:
        """Return ``n`` positions, each in proportion to its weight."""
        edges = np.cumsum(np.asarray(weights, dtype=float))
        return np.searchsorted(edges / edges[-1], self._generator.random(n), side="right").clip(
            0, len(edges) - 1
        )

    def happens(self, share: float | FloatArray, n: int) -> NDArray[np.bool_]:
        """Return ``n`` yes or no, yes with the given share."""
        return self._generator.random(n) < share


class Assumptions:
    """The numbers of ``assumptions.csv`` by name, so that none hides in the script."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self._values = {row["name"]: float(row["value"]) for row in rows}
        if len(self._values) != len(rows):
            raise ValueError(f"{path}: a name appears twice.")
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> float:
        self._read.add(name)
        return self._values[name]

    def get(self, name: str, default: float = 0.0) -> float:
        """Return the value, or ``default`` where none is assumed."""
        self._read.add(name)
        return self._values.get(name, default)

    def under(self, prefix: str) -> dict[str, float]:
        """Return what is below ``prefix.``, in the order of the file: ``under("calls.share")``."""
        start = f"{prefix}."
        found = {name[len(start) :]: value for name, value in self._values.items() if name.startswith(start)}
        found = {name: value for name, value in found.items() if "." not in name}
        self._read.update(f"{start}{name}" for name in found)
        return found

    def unread(self) -> list[str]:
        """Return names that nobody has asked for: an assumption that is written down and not made."""
        return [name for name in self._values if name not in self._read]


def facts(name: str) -> pd.DataFrame:
    """Read one of the small tables of published counts and shapes beside this module."""
    return pd.read_csv(Path(__file__).parent / "facts" / f"{name}.csv")


def largest_remainder(weights: FloatArray, total: int) -> NDArray[np.int64]:
    """Split a whole number in proportion to weights, without losing or adding one."""
    exact = np.asarray(weights, dtype=float) / np.sum(weights) * total
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write with line feeds on every platform, so that the bytes agree."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_geojson(features: Sequence[tuple[Mapping[str, Any], Any]], note: str, path: Path) -> None:
    """Write (properties, shape) pairs as GeoJSON with 4 decimals (some 10 m), one feature a line."""
    import shapely

    lines = []
    for properties, shape in features:
        geometry = json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-4)))
        feature = {"type": "Feature", "properties": dict(properties), "geometry": _rounded(geometry)}
        lines.append(json.dumps(feature, ensure_ascii=False))
    head = f'{{"type": "FeatureCollection", "note": {json.dumps(note)}, "features": [\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")


def _rounded(item: Any) -> Any:
    if isinstance(item, dict):
        return {key: _rounded(value) for key, value in item.items()}
    if isinstance(item, list):
        return [_rounded(value) for value in item]
    return round(item, 4) if isinstance(item, float) else item
