"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(path_type=Path)


def pairs(_context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, list[str]]:
    """Read ``name=value`` options; a name given twice gathers its values."""
    found: dict[str, list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{text!r} is not of the form name=value", param=parameter)
        found.setdefault(name.strip(), []).append(value.strip())
    return found


def _last_of_pairs(
    context: click.Context, parameter: click.Parameter, given: Sequence[str]
) -> dict[str, str]:
    return {name: values[-1] for name, values in pairs(context, parameter, given).items()}


def with_method(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose a method and set its options."""
    for option in (
        click.option("--option", "options", multiple=True, metavar="NAME=VALUE", callback=_last_of_pairs,
                     help="Set an option of the method; may be given several times."),
        click.option("--method", metavar="NAME", help="A shipped method instead of the port's own."),
    ):  # fmt: skip
        command = option(command)
    return command


verbose = click.option("-v", "--verbose", is_flag=True, help="Print all that can be said, not a screenful.")
