"""Hydrocarbons as each source prints them, beside the VOC that is reported: never summed over species."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factors.units import conversion
from inventories.year.coverage import OTHER_SPECIES, joined
from reports.words import CRITERIA_UNIT, source_name, source_order
from reports.year.summary import TOTAL, Summary, printed
from reports.year.summed_cells import summed_cells

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventories.year.inventory import Inventory

REPORTED = "VOC"
NOT_PRINTED = "–"
TITLE = "Hydrocarbons by the species each source prints, in short tons"
NOTE = (
    f"Reported is {REPORTED}, by the ratio of each source. Other species are as printed and have no total, "
    f"because they hold different compounds. {NOT_PRINTED} is a species that the source does not print; * "
    "stands where some of its engines are printed under another, or are not estimated."
)


@dataclass(frozen=True)
class Hydrocarbons:
    """The table of species.

    Attributes
    ----------
    species : tuple of str
        Columns: those that some source prints, the reported one last.
    lines : tuple of (str, str, tuple of (str, str))
        Name, kind and cells of a line: text and coverage state.
    reasons : tuple of str
        Why a source has no VOC.
    """

    species: tuple[str, ...]
    lines: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    reasons: tuple[str, ...]

    def to_rich(self) -> RenderableType:
        """Return the table for a terminal."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(title=Text(TITLE), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("")
        for name in self.species:
            table.add_column(name, justify="right", no_wrap=True)
        for name, kind, cells in self.lines:
            table.add_row(name, *(text for text, _ in cells), style="bold" if kind == "total" else "")
        return table


def hydrocarbons(inventory: Inventory, summary: Summary) -> Hydrocarbons:
    """Return species by source, with the VOC of the summary."""
    cells = summed_cells(inventory)
    inside = cells[cells["in_domain"]]
    keys = source_order(sorted(inside["source_category"].unique()))
    state = _states(inventory)
    found = [
        name
        for name in OTHER_SPECIES
        if name in cells and any(state.get((key, name)) in ("value", "partial") for key in keys)
    ]
    masses = inside.groupby("source_category")[found].sum() * conversion("kg", CRITERIA_UNIT)
    lines = []
    for key in keys:
        row = [_cell(float(masses[name][key]), state.get((key, name), "NE")) for name in found]
        lines.append((source_name(key), "source", (*row, _reported(summary, key))))
    blank = [("", "work")] * len(found)
    lines.append(("Total in the domain", "total", (*blank, _reported(summary, TOTAL))))
    return Hydrocarbons((*found, REPORTED), tuple(lines), tuple(_reasons(inventory)))


def _states(inventory: Inventory) -> dict[tuple[str, str], str]:
    """State by source and species; what one kind of engine prints under another name makes it partial."""
    coverage = inventory.coverage()
    mine = coverage[coverage["pollutant"].isin(OTHER_SPECIES)]
    keys = ["source_category", "pollutant"]
    groups = mine.groupby([*keys, "coverage_group"])["state"].agg(lambda part: joined(set(part)))
    found = groups.groupby(level=keys).agg(lambda part: joined(set(part) - {"zero"}, of_sources=True))
    sources, names = (found.index.get_level_values(key).astype(str) for key in keys)
    return dict(zip(zip(sources, names, strict=True), found.astype(str), strict=True))


def _cell(mass: float, state: str) -> tuple[str, str]:
    return (printed(mass, state), state) if state in ("value", "partial", "zero") else (NOT_PRINTED, "work")


def _reported(summary: Summary, key: str) -> tuple[str, str]:
    place = [line.key for line in summary.lines].index(key)
    state = str(summary.states[REPORTED].iloc[place])
    return printed(float(summary.values[f"{REPORTED} [{CRITERIA_UNIT}]"].iloc[place]), state), state


def _reasons(inventory: Inventory) -> list[str]:
    from reports.year.footer import stated

    return [line for line in stated(inventory, [REPORTED], "NE", only=True) if "Electricity" not in line]
