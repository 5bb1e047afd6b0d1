"""Which cells a question means: dimensions by their names and short names, values that there are."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

import numpy as np
import pandas as pd

from emissions.work import DIMENSIONS

ALIASES = {"mode": "mode_or_segment", "segment": "mode_or_segment", "source": "source_category"}


def dimension(name: str) -> str:
    """Return the full name of a dimension.

    Raises
    ------
    KeyError
        If there is none of that name.
    """
    full = ALIASES.get(name, name)
    if full not in DIMENSIONS:
        near = get_close_matches(name, (*DIMENSIONS, *ALIASES), n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise KeyError(f"no dimension {name!r}; {hint}there are {', '.join(DIMENSIONS)}")
    return full


def select(cells: pd.DataFrame, where: Mapping[str, object]) -> pd.Series:
    """Return which cells are meant, as a boolean Series; see `Inventory.select`."""
    asked = {"in_domain": True, **where}
    chosen = np.full(len(cells), True)
    for name, value in asked.items():
        column_name = dimension(name)
        wanted = list(value) if isinstance(value, (list, tuple, set)) else [value]
        column = cells[column_name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, values = column.cat.codes.to_numpy(), column.cat.categories
        else:  # the domain and months: few values, met in many rows
            codes, values = pd.factorize(column)
        names = [str(item) for item in values]
        texts = [str(item) for item in wanted]
        present = set(names)
        if column_name == "in_domain":
            texts = [_truth(item) for item in wanted]
            present |= {"True", "False"}
        unknown = [text for text in texts if text not in present]
        if unknown:
            near = get_close_matches(unknown[0], sorted(present), n=1)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            raise ValueError(f"no {name} {unknown[0]!r}. {hint}There are: {', '.join(sorted(present))}.")
        # A last place for rows without a value, which have the code -1.
        chosen &= np.array([*(item in texts for item in names), False])[codes]
    return pd.Series(chosen, index=cells.index)


def _truth(value: object) -> str:
    """True or false as the cells spell it; anything else is refused."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        return value.capitalize()
    raise ValueError(f"in_domain is True or False, or a list of both; found {value!r}")
