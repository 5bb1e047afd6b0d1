"""Rows and values that were not in a file: added in their own types, and marked with where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventories.activity.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

Frames = dict[str, "pd.DataFrame"]


def mark(frame: pd.DataFrame, column: str, mask: pd.Series, source: str) -> None:
    """Mark where the values of *column* under *mask* come from: given, registry or default."""
    import pandas as pd

    name = f"{column}_from"
    if name not in frame:
        frame[name] = pd.Series("given", index=frame.index, dtype="str").mask(frame[column].isna())
    frame[name] = frame[name].mask(mask, source)


def append(frames: Frames, name: str, made: pd.DataFrame) -> pd.DataFrame:
    """Add made rows to a table; columns that the rows do not have are blank in their own type."""
    import pandas as pd

    if name not in frames:
        return _empty_like(name, made)
    old = frames[name]
    marks = [column for column in map(str, made.columns) if column.endswith("_from") and column not in old]
    for column in marks:
        base = column.removesuffix("_from")
        old[column] = pd.Series("given", index=old.index, dtype="str").mask(old[base].isna())
    return pd.concat([old, _empty_like(name, made).reindex(columns=old.columns)], ignore_index=True)


def _empty_like(name: str, made: pd.DataFrame) -> pd.DataFrame:
    """Give made rows all columns of their table."""
    blank = blank_table(name).reindex(index=made.index)
    for column in blank.columns:
        if column not in made:
            made[column] = blank[column]
    return made.reset_index(drop=True)


def blank_table(name: str) -> pd.DataFrame:
    """An empty table with all its columns, each of its type."""
    import pandas as pd

    dtypes = {"number": "float64", "integer": "float64", "month": "float64", "bool": "boolean"}
    dtypes |= {"time": "datetime64[us, UTC]", "date": "datetime64[us]"}
    columns = {}
    for column in TABLES[name].columns:
        for out in (column.out, *column.also.values()):
            columns[out] = pd.Series(dtype=dtypes.get(column.kind, "str"))
    columns |= {
        "_file": pd.Series(dtype="str"),
        "_sheet": pd.Series(dtype="str"),
        "_row": pd.Series(dtype="int64"),
    }
    return pd.DataFrame(columns)
