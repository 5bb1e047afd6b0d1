"""Which mark parts decimals in a file whose cells are parted by semicolons: one reading for all of it.

Such files come from places that write 74,6 for seventy-four and six tenths, and 1.250 for one thousand two
hundred and fifty; but also from places that write semicolons and a decimal point. A cell such as ``1.250``
may be either. What the other numbers of the file say decides; where they say nothing, it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EITHER", "mark_of"]

EITHER = r"^[+-]?[1-9]\d{0,2}(?:[.]\d{3})+$"
"""A number whose points may part thousands, or the one point the decimals."""

_COMMA = r"^[+-]?(?:\d+,\d+|\d{1,3}(?:[.]\d{3})+,\d+|\d{1,3}(?:[.]\d{3}){2,})$"
_POINT = r"^[+-]?(?:\d+[.]\d+|\d{1,3}(?:,\d{3})+[.]\d+|\d{1,3}(?:,\d{3}){2,})$"


def mark_of(columns: Iterable[pd.Series]) -> str:
    """Return the decimal mark that the numbers of a file agree on.

    Parameters
    ----------
    columns : iterable of pandas.Series of str
        The cells of all columns of numbers.

    Returns
    -------
    str
        ``,`` or ``.``; ``?`` where numbers of both kinds are there; empty where nothing says it.

    Examples
    --------
    >>> import pandas as pd
    >>> [mark_of([pd.Series(cells)]) for cells in (["74,6", "1.250"], ["11.45"], ["1.250"])]
    [',', '.', '']
    """
    comma = point = False
    for text in columns:
        comma = comma or bool(text.str.match(_COMMA).any())
        point = point or bool((text.str.match(_POINT) & ~text.str.match(EITHER)).any())
    return {(True, True): "?", (True, False): ",", (False, True): ".", (False, False): ""}[comma, point]
