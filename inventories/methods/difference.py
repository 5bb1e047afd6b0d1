"""Why a pollutant differs between two methods, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from factors.brief import lines
from factors.terms import QUANTITY_UNITS

SHOWN = 12
_CRUMB = 1e-9
"""Kilograms below which a difference is rounding of sums."""


@dataclass(frozen=True)
class Difference:
    """Why a pollutant differs between two methods.

    Attributes
    ----------
    pollutant : str
    first, second : str
        The two methods.
    sources : tuple of str
    lines : pandas.DataFrame
        Work that is rated alike: its quantity, mass and state under both, and the difference that the
        factors make (at the work of the first), the work makes, and what one side alone estimates. [kg]
        Gases of CO2e stand apart (``pollutant``), each weighted by its potential.
    factor_rows : pandas.DataFrame
        ``source_category, pollutant, what, first, second, kg, lines``: the rows, curves and terms that
        differ, and the difference that each makes. [kg]
    """

    pollutant: str
    first: str
    second: str
    sources: tuple[str, ...]
    lines: pd.DataFrame
    factor_rows: pd.DataFrame

    def __repr__(self) -> str:
        told = {"of": str(self).partition("\n")[0], "see": "print(), .effects, .factor_rows"}
        return lines("Difference", told)

    @property
    def effects(self) -> pd.DataFrame:
        """Mass under both and its difference by source: factors, work, coverage. [kg]"""
        columns = ["first_kg", "second_kg", "factor_kg", "work_kg", "coverage_kg"]
        return self.lines.groupby("source_category", sort=False)[columns].sum()

    def __str__(self) -> str:
        whole = self.lines[["first_kg", "second_kg", "factor_kg", "work_kg", "coverage_kg"]].sum()
        text = [
            f"{self.pollutant} of {', '.join(self.sources)}: {_kg(whole['first_kg'])} by {self.first}, "
            f"{_kg(whole['second_kg'])} by {self.second}, {_signed(whole['second_kg'] - whole['first_kg'])}",
            f"  by other factors for the same work   {_signed(whole['factor_kg'])}",
            f"  by other work (quantities)           {_signed(whole['work_kg'])}",
            f"  not estimated (NE) by one of the two {_signed(whole['coverage_kg'])}",
        ]
        if len(self.factor_rows):
            text.append("Factors that differ:")
        for row in self.factor_rows.head(SHOWN).to_dict("records"):
            text.append(
                f"  {row['what']}: {row['first']} -> {row['second']}: {_signed(row['kg'])} "
                f"in {row['lines']} kinds of work"
            )
        if len(self.factor_rows) > SHOWN:
            text.append(f"  and {len(self.factor_rows) - SHOWN} more")
        moved = self.lines[self.lines["work_kg"].abs() > _CRUMB]
        moved = moved.loc[moved["work_kg"].abs().sort_values(ascending=False, kind="stable").index]
        if len(moved):
            text.append("Work that differs:")
        for row in moved.head(SHOWN).to_dict("records"):
            unit = QUANTITY_UNITS[str(row["quantity_kind"])]
            text.append(
                f"  {row['source_category']}: {row['what']}: {row['work_first']:,.6g} -> "
                f"{row['work_second']:,.6g} {unit}: {_signed(row['work_kg'])}"
            )
        if len(moved) > SHOWN:
            text.append(f"  and {len(moved) - SHOWN} more")
        one_sided = self.lines[self.lines["coverage_kg"].abs() > _CRUMB]
        by = ["source_category", "pollutant", "state_first", "state_second"]
        for key, part in one_sided.groupby(by, sort=False):
            source, pollutant, *states = (str(name) for name in key)
            told = " -> ".join(state or "no such work" for state in states)
            text.append(
                f"Estimated by one alone: {pollutant} of {source}, {len(part)} kinds of work: {told}: "
                f"{_signed(part['coverage_kg'].sum())}"
            )
        return "\n".join(text)


def _kg(value: float) -> str:
    return f"{value:,.6g} kg"


def _signed(value: float) -> str:
    return f"{value if abs(value) > _CRUMB else 0.0:+,.6g} kg"
