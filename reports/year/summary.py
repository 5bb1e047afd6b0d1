"""The summary table of an inventory: source category by pollutant, the work beside it, the footer below."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from factors.brief import lines, listed
from factors.fuel_volume import burnt
from factors.units import conversion
from inventories.year.carriers import unknown
from inventories.year.coverage import CO2E, GROUP, OTHER_SPECIES, joined, states_of
from inventories.year.well_to_wake import BIOGENIC
from reports.words import (
    LOSSES,
    SHORT_NAMES,
    SOURCES_OFF_SITE,
    UNIT_NAMES,
    number,
    plain,
    source_name,
    source_order,
    split_heading,
    unit_of,
)
from reports.year.footer import Footer, footer
from reports.year.summed_cells import summed_cells

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventories.year.inventory import Inventory

Kind = Literal["source", "total", "outside", "offsite"]

TOTAL = "total"
OUTSIDE = "outside"
LARGE = 1e7
"""Work from which on it is printed in millions. [kWh, hp-hr, miles]"""
PARTIAL = "*"
PARTIAL_NOTE = (
    f"{PARTIAL} without parts that are not estimated (NE), or a source whose number is elsewhere (IE)."
)
ENERGY = "energy [kWh]"


@dataclass(frozen=True)
class Line:
    """One line of the summary: a source category, the total, what is outside, electricity off site."""

    key: str
    name: str
    kind: Kind
    short: str


@dataclass(frozen=True)
class Summary:
    """The summary table.

    Attributes
    ----------
    title : str
    lines : tuple of Line
    values : pandas.DataFrame
        A row a line, a column a pollutant, its unit in the heading; missing where not estimated.
    states : pandas.DataFrame
        ``value, partial, zero, NE, IE`` for each number; the columns are pollutants.
    work : pandas.DataFrame
        kWh, hp-hr and miles of each line; missing where a line has no such work.
    footer : Footer
    partial_work : frozenset of (str, str)
        Keys of lines and headings of work that lack a part: electricity that nobody knows.
    """

    title: str
    lines: tuple[Line, ...]
    values: pd.DataFrame
    states: pd.DataFrame
    work: pd.DataFrame
    footer: Footer
    partial_work: frozenset[tuple[str, str]] = frozenset()

    def __repr__(self) -> str:
        return lines(
            f"Summary of {self.title}",
            {
                "lines": listed((line.name for line in self.lines), most=16),
                "pollutants": listed(self.pollutants, most=16),
                "see": ".text(), .frame(), .states, .footer",
            },
        )

    def _repr_html_(self) -> str:
        """Return the table and its footer as a notebook shows them."""
        return self.to_html()

    @property
    def pollutants(self) -> list[str]:
        """Pollutants in order."""
        return list(self.states.columns)

    def frame(self) -> pd.DataFrame:
        """Return numbers as a DataFrame, unit in each heading; missing (NaN) is never zero."""
        names = pd.Index([line.name for line in self.lines], name="source")
        return pd.concat([self.values, self.work], axis=1).set_axis(names, axis="index")

    def text(self) -> pd.DataFrame:
        """Return what is printed: numbers, NE, IE, marks of partial sums; large work in millions."""
        out = pd.DataFrame(index=self.values.index)
        for heading, name in zip(self.values, self.pollutants, strict=True):
            out[heading] = [
                printed(value, state)
                for value, state in zip(self.values[heading], self.states[name], strict=True)
            ]
        for heading in self.work:
            name, unit = split_heading(str(heading))
            scale, word = (1e6, "million ") if self.work[heading].max() >= LARGE else (1.0, "")
            out[f"{name} [{word}{unit}]"] = [
                ("" if pd.isna(value) else number(value / scale))
                + ("*" if (key, str(heading)) in self.partial_work else "")
                for key, value in self.work[heading].items()
            ]
        return out.set_axis(pd.Index([line.name for line in self.lines], name="source"), axis="index")

    @property
    def is_partial(self) -> bool:
        """Whether any number lacks a part."""
        return bool((self.states == "partial").to_numpy().any()) or bool(self.partial_work)

    def to_rich(self, *, upright: bool = True, compact: bool = False) -> RenderableType:
        """Return the table for a terminal: pollutants down the side where *upright*, else sources.

        A *compact* one, upright, has no blank lines or edges.
        """
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(title=Text(self.title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        table.show_edge = not compact
        table.padding = (0, 0, 0, 0 if compact else 1)
        table.add_column("", no_wrap=True)
        text = self.text()
        styles = ["bold" if line.kind == "total" else "" for line in self.lines]
        if not upright:
            for heading in text:
                table.add_column(Text("\n".join(split_heading(str(heading)))), justify="right", no_wrap=True)
            for style, (name, row) in zip(styles, text.iterrows(), strict=True):
                table.add_row(str(name), *row, style=style)
            return table
        for style, line in zip(styles, self.lines, strict=True):
            # One word a line: numbers, which must not be cut, then decide how wide a column is.
            heading = Text(line.short.replace(" ", "\n"))
            table.add_column(heading, justify="right", style=style, no_wrap=True)
        unit = ""
        for heading in self.values:
            name, in_unit = split_heading(str(heading))
            if in_unit != unit:
                unit = in_unit
                if not compact:
                    table.add_section()
                table.add_row(Text(unit, style="italic"))
            table.add_row(name, *text[heading])
        if not compact:
            table.add_section()
        for heading in list(text)[len(self.values.columns) :]:
            name, in_unit = split_heading(str(heading))
            table.add_row(name if compact and in_unit == unit else work_label(str(heading)), *text[heading])
        return table

    def footer_lines(self) -> list[tuple[str, list[str]]]:
        """Return the footer as headings with sentences, for a terminal."""
        below = self.footer
        marks = [PARTIAL_NOTE] if self.is_partial else []
        return [
            ("", list(below.statements)),
            ("Not included", [", ".join(below.not_included)] if below.not_included else []),
            ("How firm the totals are", list(below.grades)),
            ("Units and domain", [*below.units, *marks]),
            ("Not estimated (NE): not in these numbers, and not zero", list(below.not_estimated)),
            ("Method", [below.method]),
            ("  implements", list(below.implements)),
            ("  departs from it", list(below.departs_from)),
            ("  is missing", list(below.missing)),
            ("Options that matter", [str(choice) for choice in below.telling]),
            ("Records", list(below.records)),
        ]

    def shares_rich(self) -> RenderableType:
        """Return the shares of the footer for a terminal."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        text = self.footer.shares_text(short=True).T
        title = Text("Share of the domain's emissions that rests on")
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("")
        for name in text:
            table.add_column(Text(str(name).replace(" ", "\n")), justify="right", no_wrap=True)
        for name, row in text.iterrows():
            table.add_row(str(name), *row)
        return table

    def to_html(self) -> str:
        """Return the table and its footer as HTML, without a page around it."""
        from reports.page_parts import environment

        return environment().get_template("year_summary.html.j2").render(summary=self)

    def html_rows(self) -> list[tuple[Line, list[tuple[str, str]]]]:
        """Return lines with cells for a template: printed text and state."""
        text = self.text()
        states = [*(self.states[name].tolist() for name in self.pollutants)]
        states += [["work"] * len(self.lines)] * len(self.work.columns)
        return [
            (line, [(str(text.iloc[row, place]), states[place][row]) for place in range(text.shape[1])])
            for row, line in enumerate(self.lines)
        ]

    def html_headings(self) -> tuple[list[tuple[str, int]], list[str]]:
        """Return headings for a template: units with the columns they span, and names; of work, its units."""
        units = [unit for _, unit in map(split_heading, map(str, self.values))]
        groups = [(unit, units.count(unit)) for unit in dict.fromkeys(units)]
        work = [work_label(str(heading)) for heading in list(self.text())[len(units) :]]
        return [*groups, ("work", len(work))], [*self.pollutants, *work]


def printed(value: float, state: str) -> str:
    """Return a number as printed, by its coverage state; what is NE is never a digit.

    Examples
    --------
    >>> printed(12.345, "value"), printed(12.345, "partial"), printed(0.0, "zero"), printed(0.0, "NE")
    ('12.3', '12.3*', '0', 'NE')
    """
    if state in ("NE", "IE"):
        return state
    if state == "zero":
        return "0"
    return number(value) + (PARTIAL if state == "partial" else "")


def work_label(heading: str) -> str:
    """Return how a column of work is called: by its unit, and for fuel by what is measured.

    Examples
    --------
    >>> work_label("energy [kWh]"), work_label("fuel burnt [million gal]")
    ('kWh', 'million gallons of fuel')
    """
    name, unit = split_heading(heading)
    scale, _, bare = unit.rpartition(" ")
    words = f"{scale} {UNIT_NAMES.get(bare, bare)}".strip()
    return f"{words} of fuel" if name.startswith("fuel") else words


def summarize(inventory: Inventory) -> Summary:
    """Return the summary table of an inventory.

    Parameters
    ----------
    inventory : Inventory

    Returns
    -------
    Summary
        Source categories in the domain and their total; what lies outside the domain in its own line;
        electricity made off site in lines of its own, outside the total.

    Examples
    --------
    >>> from inventories.examples import copy_example
    >>> from inventories import Inventory, Port
    >>> import tempfile, pathlib
    >>> folder = copy_example("small-harbor", pathlib.Path(tempfile.mkdtemp()) / "harbor")
    >>> summary = summarize(Inventory.build(Port.load(folder), 2024))
    >>> summary.lines[0].name, summary.values.columns[0]
    ('Ocean-going vessels', 'NOx [short_ton]')
    """
    pollutants = _pollutants(inventory)
    # What making a ship's fuel emitted is CO2e alone, and stands in the table of well to wake.
    cells = summed_cells(inventory)
    cells = cells[cells["source_category"] != "fuel_supply"]
    where = _line_of_cells(cells)
    lines = _lines(where)
    keys = [line.key for line in lines]
    # Where no work was done in the domain, its total is zero.
    masses = _by_line(where, lambda name: _mass(cells, name), pollutants, keys).fillna(0.0)
    states = _states(inventory, cells, where, pollutants, keys)
    values = masses.mask(states.isin(["NE", "IE"]))
    values.columns = [f"{name} [{unit_of(name)}]" for name in pollutants]
    title = f"{inventory.port_name} {inventory.year}"
    work = _work(cells, where, keys)
    partial = _partial_work(inventory, work)
    return Summary(title, lines, values, states, work, footer(inventory, pollutants), partial)


def _pollutants(inventory: Inventory) -> list[str]:
    """Those of the method and CO2e, and what a reader must see beside CO2 where it is emitted.

    Of hydrocarbons the reported species alone: each source prints others, which have no sum.
    """
    biogenic = [BIOGENIC] if BIOGENIC in inventory.mass else []
    named = [name for name in inventory.manifest["pollutants"] if name not in OTHER_SPECIES]
    return [*named, CO2E, *biogenic]


def _line_of_cells(cells: pd.DataFrame) -> pd.Series:
    """Which line each cell belongs to; the total comes on top of those in the domain."""
    source, inside = cells["source_category"], cells["in_domain"]
    off_site = (source + "/" + cells["source_type"]).mask(source == LOSSES, f"{LOSSES}/")
    return source.where(inside, off_site.where(source.isin(SOURCES_OFF_SITE), OUTSIDE))


def _lines(where: pd.Series) -> tuple[Line, ...]:
    found = sorted(where.unique())
    sources = source_order([key for key in found if "/" not in key and key != OUTSIDE])
    lines = [Line(key, source_name(key), "source", SHORT_NAMES.get(key, source_name(key))) for key in sources]
    lines.append(Line(TOTAL, "Total in the domain", "total", "Total in domain"))
    if OUTSIDE in found:
        lines.append(Line(OUTSIDE, "Outside the domain", "outside", "Outside domain"))
    for key in found:
        if key == f"{LOSSES}/":
            lines.append(
                Line(key, "Off site: lost on the grid (Scope 3)", "offsite", "Off site: grid losses")
            )
        elif "/" in key:
            use = plain(key.partition("/")[2])
            lines.append(Line(key, f"Off site: electricity for {use}", "offsite", f"Off site: {use}"))
    return tuple(lines)


def _by_line(
    where: pd.Series, column: Callable[[str], pd.Series], names: Iterable[str], keys: list[str]
) -> pd.DataFrame:
    """Sum columns of the cells by line, and those in the domain to the total."""
    summed = pd.DataFrame({name: column(name).groupby(where).sum() for name in names})
    inside = [key for key in summed.index if "/" not in key and key != OUTSIDE]
    summed.loc[TOTAL] = summed.loc[inside].sum(min_count=1)
    return summed.reindex(keys)


def _mass(cells: pd.DataFrame, pollutant: str) -> pd.Series:
    if pollutant not in cells:  # of no class a number: the states say whether it is zero or none at all
        return pd.Series(0.0, index=cells.index)
    return cells[pollutant] * conversion("kg", unit_of(pollutant))


def _work(cells: pd.DataFrame, where: pd.Series, keys: list[str]) -> pd.DataFrame:
    """Work of each line; blank where there is none of a kind."""
    cells = cells[cells["source_category"] != LOSSES]  # its kilowatt-hours are those of the meters again
    kind = cells["quantity_kind"]
    energy = kind.isin(["energy", "electricity"])
    # What battery trucks take by the mile, and machines by the hour, is the carrier of their classes.
    drawn = cells["electricity"].where(cells["electricity"] > 0) if "electricity" in cells else np.nan
    columns = {
        ENERGY: cells["quantity"].where(energy, drawn),
        "energy [hp-hr]": cells["quantity"].where(kind == "energy") * conversion("kWh", "hp-hr"),
        "distance [mile]": cells["quantity"].where(kind == "distance"),
        "freight moved [gross_ton_mile]": cells["quantity"].where(kind == "gross_ton_mile"),
        **{str(name): column for name, column in burnt(cells).items()},
    }
    summed = pd.DataFrame({name: column.groupby(where).sum(min_count=1) for name, column in columns.items()})
    inside = [key for key in summed.index if "/" not in key and key != OUTSIDE]
    summed.loc[TOTAL] = summed.loc[inside].sum(min_count=1)
    return summed.reindex(keys).dropna(axis=1, how="all")


def _partial_work(inventory: Inventory, work: pd.DataFrame) -> frozenset[tuple[str, str]]:
    """Return the lines whose energy lacks electricity that is drawn and not known."""
    if ENERGY not in work:
        return frozenset()
    lacking = inventory.cells[unknown(inventory.cells, inventory.classes, "electricity")]
    named = lacking.astype({"source_category": "str", "source_type": "str"})
    keys = set(_line_of_cells(named)) if len(named) else set()
    if any("/" not in key and key != OUTSIDE for key in keys):
        keys.add(TOTAL)
    return frozenset((key, ENERGY) for key in keys)


# ------------------------------------------------------------------ states


def _states(
    inventory: Inventory, cells: pd.DataFrame, where: pd.Series, pollutants: list[str], keys: list[str]
) -> pd.DataFrame:
    """Coverage state of each number: of a source as stated, of sums joined over their sources."""
    met = cells[list(GROUP)].add_prefix("_").assign(line=where, source=cells["source_category"])
    by_source = states_of(met, inventory.classes, pollutants)
    rows = {
        str(line): {name: joined(set(part[name]), of_sources=True) for name in pollutants}
        for line, part in by_source.groupby(level="line")
    }
    inside = [row for line, row in rows.items() if "/" not in line and line != OUTSIDE]
    rows[TOTAL] = {name: joined({row[name] for row in inside}, of_sources=True) for name in pollutants}
    return pd.DataFrame(rows, dtype=object).T.reindex(index=keys, columns=pollutants)
