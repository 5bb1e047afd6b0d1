"""The table of greenhouse gases from well to wake: a line for each source, and one for each of its fuels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from inventories.year.well_to_wake import MASSES, SHIPS, TOTAL, WellToWake, well_to_wake
from reports.words import number, plain, source_name, source_order
from reports.year.summary import printed

if TYPE_CHECKING:
    from rich.console import RenderableType

    from inventories.year.inventory import Inventory

TITLE = "CO2e from tank to wake and from well to wake, in tonnes"
METER = "Electricity at the port's meters"


@dataclass(frozen=True)
class WakeTable:
    """What is printed of well to wake.

    Attributes
    ----------
    headings : tuple of (str, str)
        Name and, below it, the set of warming potentials of each column.
    sources : tuple of (str, str, tuple of (str, str))
        Name, kind (``source``, ``offsite``, ``total``) and cells of a line: text and coverage state.
    fuels : tuple of (str, str, tuple of (str, str))
        The same a source and fuel, with the factor of making it.
    notes, not_estimated : tuple of str
    """

    headings: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    fuels: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    notes: tuple[str, ...]
    not_estimated: tuple[str, ...]

    @property
    def is_partial(self) -> bool:
        """Whether any number lacks a part."""
        return any(state == "partial" for _, _, cells in self.sources for _, state in cells)

    def to_rich(self) -> RenderableType:
        """Return the lines of sources for a terminal."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(title=Text(TITLE), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("")
        for name, below in self.headings:
            heading = Text(f"{name.replace(' to ', ' to' + chr(10))}{chr(10)}{below}")
            table.add_column(heading, justify="right", no_wrap=True)
        for name, kind, cells in self.sources:
            table.add_row(name, *(text for text, _ in cells), style="bold" if kind == "total" else "")
        return table


def wake_table(inventory: Inventory) -> WakeTable:
    """Return what is printed of an inventory's greenhouse gases from well to wake.

    Examples
    --------
    >>> from inventories.examples import copy_example
    >>> from inventories import Inventory, Port
    >>> import tempfile, pathlib
    >>> folder = copy_example("small-harbor", pathlib.Path(tempfile.mkdtemp()) / "harbor")
    >>> shown = wake_table(Inventory.build(Port.load(folder), 2024))
    >>> shown.headings[0], shown.sources[0][0]
    (('Tank to wake', 'AR5, 100 years'), 'Ocean-going vessels')
    """
    found = well_to_wake(inventory)
    values, states = found.by_source()
    keys = source_order([str(key) for key in values.index if key not in ("electricity", TOTAL)])
    keys += [key for key in ("electricity", TOTAL) if key in values.index]
    lines = [(_name(key), _kind(key), _cells(values.loc[key], states.loc[key])) for key in keys]
    return WakeTable(
        _headings(found), tuple(lines), tuple(_fuels(found, keys)), found.notes, tuple(_lacking(found))
    )


def _headings(found: WellToWake) -> tuple[tuple[str, str], ...]:
    return (
        ("Tank to wake", _set(found.gwp["tank_to_wake"])),
        ("Tank to wake", _set(found.gwp["tank_to_wake_20_years"])),
        ("Biogenic CO2", "beside it"),
        ("Well to tank", _set(found.gwp["well_to_tank"])),
        ("Well to wake", "100 years"),
    )


def _set(gwp: str) -> str:
    """Name a set of warming potentials with its horizon."""
    name, _, years = gwp.partition("@")
    return f"{name}, {years or '100'} years"


def _name(key: str) -> str:
    return {"electricity": METER, TOTAL: "Together"}.get(key, source_name(key))


def _kind(key: str) -> str:
    return {"electricity": "offsite", TOTAL: "total"}.get(key, "source")


def _cells(values: Any, states: Any) -> tuple[tuple[str, str], ...]:
    return tuple((printed(float(values[name]), str(states[name])), str(states[name])) for name in MASSES)


def _fuels(found: WellToWake, keys: list[str]) -> list[Any]:
    lines = []
    rate = found.makings["kg_co2e_per_kg"].reindex(found.values.index)
    for key in keys:
        if key == TOTAL:
            continue
        for fuel in found.values.loc[[key]].index.get_level_values("fuel"):
            line, state = found.values.loc[(key, fuel)], found.states.loc[(key, fuel)]
            name = f"{_name(key)}: {_fuel(key, fuel)}"
            burnt = number(float(line["fuel_burnt"])) if line["fuel_burnt"] else ""
            drawn = number(float(line["electricity"]) / 1000) if line["electricity"] else ""
            each = rate.loc[(key, fuel)]
            more = [(burnt, "work"), (drawn, "work"), ("" if pd.isna(each) else number(float(each)), "work")]
            lines.append((name, _kind(key), (*more, *_cells(line, state))))
    return lines


def _fuel(source: str, fuel: str) -> str:
    return fuel if source == SHIPS else plain(fuel)


def _lacking(found: WellToWake) -> list[str]:
    lacking = found.makings[found.makings["kg_co2e_per_kg"].isna() & found.makings["why_not"].ne("")]
    pairs = zip(lacking.index, lacking["why_not"], strict=True)
    return [f"making of {_fuel(*key)} of {source_name(key[0])}: {why}" for key, why in pairs]
