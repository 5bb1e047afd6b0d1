"""How commands refuse: a sentence that names what there is instead of a traceback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click


@contextmanager
def refusing(*kinds: type[Exception]) -> Iterator[None]:
    """Turn plain errors, which these calls raise on purpose, into a message without a traceback."""
    try:
        yield
    except kinds as error:
        text = error.args[0] if isinstance(error, KeyError) and error.args else error
        raise click.ClickException(str(text)) from error


def nearest(name: str, known: Sequence[str]) -> str:
    """Say which known name is meant, if one is near, and what names there are.

    Examples
    --------
    >>> nearest("nix", ["nox", "sox"])
    "Did you mean 'nox'? There are: nox, sox."
    """
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    shown = ", ".join(known[:30]) + (" ..." if len(known) > 30 else "")
    return f"{hint}There are: {shown}."
