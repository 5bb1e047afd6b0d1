"""What lines of two methods side by side are called: keys and values, in words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from factors.terms import FactorClasses

NOT_KEYS = ("source_category", "coverage_group")
"""Columns of classes that are no keys of their factors."""


def class_labels(classes: FactorClasses) -> list[str]:
    """Name each class by its keys."""
    frame = classes.classes
    return labels(frame[[name for name in frame if name not in NOT_KEYS]])


def labels(frame: pd.DataFrame) -> list[str]:
    """Write each line as ``key=value, key=value``; what is blank or missing is left out.

    Examples
    --------
    >>> labels(pd.DataFrame({"tier": ["Tier 2", ""], "sulfur_pct": [0.1, 0.5]}))
    ['tier=Tier 2, sulfur_pct=0.1', 'sulfur_pct=0.5']
    """
    columns = [str(name) for name in frame]
    texts = [frame[name].map(plain_text).astype(str).to_list() for name in columns]
    return [
        ", ".join(
            f"{name}={text}" for name, text in zip(columns, line, strict=True) if text not in ("", "nan")
        )
        for line in zip(*texts, strict=True)
    ]


def plain_text(value: Any) -> str:
    """Return a key's value as text; a missing number is blank."""
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:g}"
    return str(value)
