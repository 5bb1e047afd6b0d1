"""The essential of a year: the summary with columns joined, and what must be known before it is used."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from inventories.year.coverage import CO2E, joined
from inventories.year.grade import in_words
from reports.words import OFF_SITE, percent, plain
from reports.year.checks import checks
from reports.year.footer import illustrative, screening
from reports.year.summary import Line, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventories.year.inventory import Inventory

WORK = ("fuel burnt [tonne]", "energy [kWh]", "distance [mile]")
"""Work shown, one unit of each kind; tonnes of fuel stand below those of greenhouse gases."""

MOST_NAMED = 3

GRADED = ("NOx",)
"""Pollutants whose largest weakness is told; the full summary tells that of all."""

_RESTS_ON = {
    "default": "default activity",
    "median": "medians",
    "unverified": "unverified",
    "derived": "derived",
    "extrapolated": "extrapolated",
}


def essential(summary: Summary, *, without: Sequence[str] = ()) -> Summary:
    """Return a summary with all that is off site in one line, and one unit of each kind of work.

    Parameters
    ----------
    summary : Summary
    without : sequence of str
        Lines to leave out besides, by kind: ``outside``, ``offsite``.

    Returns
    -------
    Summary
        The same numbers of the sources and of their total; a sum over off-site uses is marked where one of
        them is not estimated.
    """
    off = [line.key for line in summary.lines if line.kind == "offsite"]
    on = [line for line in summary.lines if line.kind != "offsite"]
    values, states, work = (frame.drop(index=off) for frame in (summary.values, summary.states, summary.work))
    if off:
        on.append(Line(OFF_SITE, "Off site: power stations", "offsite", "Off site"))
        values.loc[OFF_SITE] = summary.values.loc[off].sum(min_count=1)
        work.loc[OFF_SITE] = summary.work.loc[off].sum(min_count=1)
        parts = summary.states.loc[off]
        states.loc[OFF_SITE] = [joined(set(parts[name]), of_sources=True) for name in parts]
    kept = [line for line in on if line.kind not in without]
    keys = [line.key for line in kept]
    shown = [name for name in WORK if name in work]
    values, states, work = values.loc[keys], states.loc[keys], work.loc[keys, shown]
    off_line = {(OFF_SITE if key in off else key, name) for key, name in summary.partial_work}
    partial = frozenset(mark for mark in off_line if mark[0] in keys)
    return replace(summary, lines=tuple(kept), values=values, states=states, work=work, partial_work=partial)


def remarks(inventory: Inventory, summary: Summary) -> list[str]:
    """Return what must be known of a year's numbers, the foremost first.

    The rule: what could make somebody misuse a number comes before what refines it. First that it is no
    result at all; then what was given and is not in it (rejected rows); then what looks wrong in it (activity
    outside its range); then what it lacks (parts not estimated, sources not included); then how firm it is;
    last what the build notes, and the port of itself.
    """
    manifest = inventory.manifest
    said = [
        illustrative(inventory),
        screening(inventory),
        _rejected(manifest["records"]["rejected"]),
        _outside(inventory),
        _lacking(summary),
        _left_out(manifest["not_included"]),
        _firmness(summary.footer.shares),
        _weakest(inventory, summary),
        *(str(note) for note in manifest["notes"]),
        str(manifest["port"]["note"]).strip(),
    ]
    return [text for text in said if text]


def _rejected(tables: dict[str, dict[str, int]]) -> str:
    counts = ", ".join(f"{sum(reasons.values()):,} of {table}" for table, reasons in tables.items())
    return f"Rejected rows, in no number: {counts}; rejected.csv has each with its reason." if counts else ""


def _outside(inventory: Inventory) -> str:
    ranged = [line for line in checks(inventory) if line["verdict"] != "no range"]
    outside = [line for line in ranged if line["verdict"] == "outside"]
    if not outside:
        return ""
    named = [f"{line['name']} {line['value']} (range {line['range']})" for line in outside[:MOST_NAMED]]
    more = f"; and {len(outside) - MOST_NAMED} more" if len(outside) > MOST_NAMED else ""
    return f"Activity outside its range, {len(outside)} of {len(ranged)} checks: {'; '.join(named)}{more}."


def _lacking(summary: Summary) -> str:
    """Say of each source what it does not estimate; CO2e lacks what its gases lack, and is not repeated."""
    said = []
    gases = [name for name in summary.pollutants if name != CO2E]
    for line in summary.lines:
        if line.kind != "source":
            continue
        states = summary.states.loc[line.key]
        none = ", ".join(name for name in gases if states[name] == "NE")
        part = ", ".join(name for name in gases if states[name] == "partial")
        what = " and ".join(text for text in (none, f"part of {part}" if part else "") if text)
        if what:
            said.append(f"{what} of {line.short}")
    return f"Not estimated (NE) and not zero, in no total: {'; '.join(said)}." if said else ""


def _left_out(names: Sequence[str]) -> str:
    return f"Not included: {', '.join(names)}." if len(names) else ""


def _firmness(shares: pd.DataFrame) -> str:
    """Say how much rests on what is less firm than records and factors that were read, where it is most."""
    said = []
    for kind, words in _RESTS_ON.items():
        row = shares.T[kind].dropna()
        if len(row) and row.max() > 0:
            said.append(f"{percent(float(row.max()))} {words} ({row.idxmax()})")
    if not said:
        return ""
    return f"How firm where least: {', '.join(said)}."


def _weakest(inventory: Inventory, summary: Summary) -> str:
    """Say what most of the foremost totals rests on that nobody stated."""
    shown = [name for name in GRADED if name in summary.footer.shares.dropna(axis="columns")]
    weak = [(name, found) for name in shown if (found := inventory.grade(name).weakness)]
    said = [
        f"{name}, {in_words(one.share)} on {one.attribute} of {plain(one.source_category)}"
        for name, one in weak
    ]
    return f"Weakest: {'; '.join(said)}." if said else ""


def legend(summary: Summary) -> str:
    """Return what the marks of a table mean, as far as they occur in it."""
    states = set(summary.states.to_numpy().ravel())
    said = {
        "NE": "NE not estimated",
        "IE": "IE counted elsewhere",
        "partial": "* not in all parts",
    }
    if summary.partial_work:
        states = states | {"partial"}
    marks = [words for state, words in said.items() if state in states]
    return f"{'; '.join(marks)}." if marks else ""
