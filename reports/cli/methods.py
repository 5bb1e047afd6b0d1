"""What `caap compare-methods` and `caap factors template` do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from factors.method import load_method


def compare(folder: Path, year: int, methods: Sequence[str], pollutant: str | None, gwp: str | None) -> None:
    """Show one year's activity under several methods and, for one pollutant, why they differ."""
    from inventories.methods.side_by_side import side_by_side
    from inventories.port.port import Port

    if len(methods) < 2:
        raise click.UsageError("name two methods at least; `caap factors list` shows them")
    both = side_by_side(Port.load(folder), year, list(methods), gwp=gwp)
    click.echo(str(both))
    if pollutant is not None:
        for second in methods[1:]:
            click.echo("")
            click.echo(str(both.explain(pollutant, second=second)))


def template(need: str, method: str, file: Path | None) -> None:
    """Write the empty form of a table that a user may bring, to a new file or to the screen."""
    from difflib import get_close_matches

    from factors import user_tables

    source, _, name = need.partition(".")
    known = load_method(method).needs()
    if (source, name) not in known:
        names = sorted(".".join(parts) for parts in known)
        near = get_close_matches(need, names, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise click.ClickException(
            f"method {method!r} has no need {need!r}. {hint}There are: {', '.join(names)}."
        )
    text = user_tables.template(known[source, name])
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise click.ClickException(f"{file} exists; nothing was written") from error
    click.echo(f"{file}: fill it, and name it in port.toml under [factor_tables]")
    click.echo(f'"{need}" = "{file.name}"')
