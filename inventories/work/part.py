"""What one source category brings to a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Part:
    """What one source category brings: its work rows, with key columns, and what is to be said of them.

    `filled` counts, by attribute, how many records had it given and how many by each step of gap filling.
    """

    source_category: str
    rows: pd.DataFrame
    notes: tuple[str, ...] = ()
    filled: Mapping[str, Mapping[str, int]] | None = None
