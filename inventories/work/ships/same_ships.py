"""The same ship in two tables: by its key as written, else by its number, however that is spelled.

Registers write "IMO 9345678"; spreadsheets lose the zeros that a number begins with. A register that knows
none of the ships, for its keys are another kind, is told and not taken for one that has nothing to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Found:
    """Rows of another table for each ship, and how they were found.

    Attributes
    ----------
    rows : pandas.DataFrame
        Index as the ships asked for; missing where the other table does not know one.
    by_key, by_number : int
        Ships found by their key as written, and by their number alone.
    first : str
        A key of the other table, for a message.
    """

    rows: pd.DataFrame
    by_key: int
    by_number: int
    first: str


def same_ships(table: pd.DataFrame, ships: pd.Index) -> Found:
    """Return the rows of a table on some ships.

    Parameters
    ----------
    table : pandas.DataFrame
        With ``vessel_id``; of several rows on one ship the first counts.
    ships : pandas.Index of str

    Examples
    --------
    >>> register = pd.DataFrame({"vessel_id": ["IMO 9345678", "912681", "A-1"], "main_kw": [9.0, 8.0, 7.0]})
    >>> found = same_ships(register, pd.Index(["9345678", "0912681", "A-1", "A1"]))
    >>> found.rows["main_kw"].tolist(), found.by_key, found.by_number
    ([9.0, 8.0, 7.0, nan], 1, 2)
    """
    own = table.drop_duplicates("vessel_id").set_index("vessel_id", drop=False)
    place = own.index.get_indexer(ships)
    by_key = int((place >= 0).sum())
    theirs, asked = _numbers(own.index), _numbers(ships)
    sole = theirs[theirs.notna() & ~theirs.duplicated(keep=False)]
    numbered = pd.Series(range(len(theirs)), index=theirs.index).loc[sole.index]
    by_number = asked.map(pd.Series(numbered.to_numpy(), index=sole.to_numpy())).fillna(-1).astype("int64")
    usable = (place < 0) & asked.notna().to_numpy() & ~asked.duplicated(keep=False).to_numpy()
    place[usable] = by_number.to_numpy()[usable]
    rows = own.iloc[place.clip(min=0)].set_axis(ships)
    rows = rows.where(pd.Series(place >= 0, index=ships), axis=0)
    return Found(rows, by_key, int((place >= 0).sum()) - by_key, str(own.index[0]))


def _numbers(keys: pd.Index) -> pd.Series:
    """Number of each key without "IMO" and leading zeros; missing where it is none."""
    text = pd.Series(keys.astype("str"), dtype="str").str.casefold().str.strip()
    text = text.str.replace(r"^imo(?:\s*(?:no|nr|number))?[\s.:#-]*", "", regex=True)
    return text.where(text.str.fullmatch(r"\d{5,}")).str.lstrip("0")
