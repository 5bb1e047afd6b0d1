"""Yes and no in files that people edit: a word is read or refused, never taken as yes because it is there."""

from __future__ import annotations

from typing import Any

__all__ = ["FlagError", "read_flag"]

_YES = ("yes", "y", "true", "t", "1")
_NO = ("no", "n", "false", "f", "0", "none", "null")


class FlagError(ValueError):
    """A value that is neither yes nor no."""


def read_flag(value: Any) -> bool:
    """Read a value that means yes or no; nothing (null) is no.

    Parameters
    ----------
    value : object
        A truth value, 1 or 0, or one of the words yes, y, true, t, no, n, false, f in any case.

    Raises
    ------
    FlagError
        For anything else.

    Examples
    --------
    >>> read_flag("No"), read_flag("0"), read_flag(None), read_flag(1.0), read_flag("true")
    (False, False, False, True, True)
    """
    if value is None or value != value:
        return False
    if isinstance(value, str):
        word = value.strip().casefold()
        if word in _YES or word in _NO:
            return word in _YES
    elif value in (0, 1):
        return bool(value)
    raise FlagError(f"{value!r} is neither yes nor no; write true or false")
