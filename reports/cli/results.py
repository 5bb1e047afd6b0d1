"""`caap validate`: results of a year or a projection, held against their written format."""

from __future__ import annotations

from pathlib import Path

import click

from reports.cli.options import FOLDER


@click.command()
@click.argument("folder", type=FOLDER)
def validate(folder: Path) -> None:
    """Check a FOLDER of results against its written format.

    For example port/results/2023 or port/results/projections/NAME: files, columns, words, keys, sums.
    """
    from inventories import validate as validate_results

    click.echo(str(validate_results(folder)))
