"""Stated fuel that is beyond what hours and load can mean, whatever a method takes of it."""

from __future__ import annotations

import pandas as pd

FAR = 3.0
"""Times above or below implied fuel from which a statement is warned of: load factors of one kind of machine
differ by a factor of three between sources, so more is a wrong unit, count or number of hours."""

_NAMED = 3


def far_off(
    ratio: pd.Series, names: pd.Series, table: pd.DataFrame | None, what: str, did: str
) -> tuple[str, ...]:
    """Warn of stated fuel outside a third to three times what hours and load imply.

    Parameters
    ----------
    ratio : pandas.Series of float, shape (n,)
        Stated over implied fuel, indexed by position in `table`. [1]
    names : pandas.Series of str, shape (n,)
        Of the records.
    table : pandas.DataFrame or None
        The activity, with ``_file`` and ``_row``.
    what : str
        The records, in the plural.
    did : str
        What became of the statement.

    Examples
    --------
    >>> far_off(pd.Series([336.0, 1.1]), pd.Series(["L1", "L2"]), None, "records", "scaled")[0][:66]
    'WARNING: fuel_used of 1 records is less than a third or more than '
    """
    far = ratio[(ratio > FAR) | (ratio < 1 / FAR)]
    if far.empty:
        return ()
    places = _places(far, table)
    placed = [
        f"{name}, {where}{times:.3g} times"
        for name, where, times in zip(names[far.index], places, far, strict=True)
    ]
    more = f"; and {len(placed) - _NAMED:,} more" if len(placed) > _NAMED else ""
    return (
        f"WARNING: fuel_used of {len(far):,} {what} is less than a third or more than three times what hours "
        f"and load imply ({'; '.join(placed[:_NAMED])}{more}): {did}. Look at its unit, at whether it is of "
        "one machine, and at hours, power and load_factor",
    )


def _places(far: pd.Series, table: pd.DataFrame | None) -> list[str]:
    if table is None or "_file" not in table:
        return [""] * len(far)
    rows = table.iloc[far.index.to_numpy(dtype=int)]
    return [f"{file} row {row}: " for file, row in zip(rows["_file"], rows["_row"], strict=True)]
