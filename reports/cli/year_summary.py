"""What is printed of a year: a screenful, or all that its page says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.cli.terminal import console, hanging, natural_width, print_remarks, print_whole

if TYPE_CHECKING:
    from rich.console import Console

    from inventories.year.inventory import Inventory
    from reports.year.hydrocarbons import Hydrocarbons
    from reports.year.summary import Summary
    from reports.year.well_to_wake import WakeTable

MAY_BE_LEFT_OUT = {"offsite": "what power stations emit", "outside": "what lies outside the domain"}
"""Lines that a narrow terminal does without, in this order; sources and their total are never left out."""


def print_essentials(inventory: Inventory, summary: Summary, *, page: bool) -> None:
    """Print the summary table, the foremost remarks, and how much more there is."""
    from reports.year.essentials import essential, legend, remarks

    screen = console()
    table, without = essential(summary), []
    for kind in MAY_BE_LEFT_OUT:
        if natural_width(screen, table.to_rich(compact=True)) <= screen.width:
            break
        if any(line.kind == kind for line in table.lines):
            without.append(kind)
            table = essential(summary, without=without)
    print_whole(screen, table.to_rich(compact=True))
    missing = " and ".join(MAY_BE_LEFT_OUT[kind] for kind in without)
    below = [legend(table), f"No room here for {missing}." if missing else "", _basis(inventory)]
    screen.print(hanging(" ".join(filter(None, below))))
    screen.print("")
    print_remarks(screen, remarks(inventory, summary), "shares, well to wake, options", page=page)


def _basis(inventory: Inventory) -> str:
    """Method, domain and warming potentials, without which a total says nothing."""
    potentials = inventory.gwp_set if "@" in inventory.gwp_set else f"{inventory.gwp_set}, 100 years"
    method, domain = inventory.manifest["method"]["name"], inventory.manifest["domain"]["name"]
    return f"Method {method}; domain {domain}; CO2e by {potentials}."


def print_all(inventory: Inventory, summary: Summary) -> None:
    """Print all that the page says in words and tables, but for figures, checks and worked examples."""
    from reports.year.hydrocarbons import hydrocarbons
    from reports.year.well_to_wake import wake_table

    screen = console()
    broad = summary.to_rich(upright=False)
    fits = natural_width(screen, broad) <= screen.width
    print_whole(screen, broad if fits else summary.to_rich())
    for heading, lines in summary.footer_lines():
        if not lines:
            continue
        if heading == "Method":
            print_whole(screen, summary.shares_rich())
            _print_species(screen, hydrocarbons(inventory, summary))
            _print_wake(screen, wake_table(inventory))
        if heading:
            screen.print(heading, style="bold", markup=False)
        for line in lines:
            screen.print(hanging(f"  {line}" if heading else line))
    screen.print("")
    screen.file.flush()


def _print_species(screen: Console, species: Hydrocarbons) -> None:
    from reports.year.hydrocarbons import NOTE

    print_whole(screen, species.to_rich())
    for line in (NOTE, *species.reasons):
        screen.print(hanging(f"  {line}"))
    screen.print("")


def _print_wake(screen: Console, wake: WakeTable) -> None:
    print_whole(screen, wake.to_rich())
    for line in (*wake.notes, *(f"NE, not zero: {text}" for text in wake.not_estimated)):
        screen.print(hanging(f"  {line}"))
    screen.print("")
