"""The command `caap`: its groups, its version, and how it ends."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from reports.cli.factors import factors
from reports.cli.methods import methods
from reports.cli.project import project
from reports.cli.results import validate
from reports.cli.scenarios import scenarios
from reports.cli.years import build, check, demo, explain, init

OURS = ("factors", "emissions", "inventories", "reports")
STOPPED = 130

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _version(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"caap-inventory {version('caap-inventory')}")
        except PackageNotFoundError:
            click.echo("caap-inventory, from a checkout that is not installed")
        context.exit()


@click.group(context_settings=_HELP)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
              help="Show the version and stop.")  # fmt: skip
def caap() -> None:
    """Yearly emission inventories of ports: activity times factors, summed, and every number explained."""


for _command in (demo, init, check, build, explain, methods, project, scenarios, factors, validate):
    caap.add_command(_command)


def message(error: BaseException) -> str | None:
    """Return what to tell the user of an error of ours or of the file system; None of a fault in the code."""
    ours = type(error).__module__.partition(".")[0] in OURS
    if ours and isinstance(error, (ValueError, LookupError, OSError)):
        # A KeyError shows its message in quotes unless it is asked for it.
        return str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    if isinstance(error, OSError):
        return str(error)
    return None


def _stop(_signal: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and leave with its exit code.

    0 is well, 1 something wrong in the inputs, 2 wrong usage, 130 stopped.
    """
    # A polite request to end is treated as Ctrl-C: what was begun is taken away before leaving.
    signal.signal(signal.SIGTERM, _stop)
    code: int | None = 0
    try:
        code = caap.main(
            args=None if arguments is None else list(arguments), prog_name="caap", standalone_mode=False
        )
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped. No half results were left.", err=True)
        code = STOPPED
    except Exception as error:
        told = message(error)
        if told is None:
            raise
        click.echo(told, err=True)
        code = 1
    sys.exit(code or 0)


if __name__ == "__main__":
    main()
