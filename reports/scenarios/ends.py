"""The last year of each scenario, said wherever numbers of scenarios that end in different years meet."""

from __future__ import annotations

from inventories.scenarios.answers.comparison import Comparison


def last_years(comparison: Comparison) -> str:
    """Return the last years of the scenarios: ``2050``, or ``2035 and 2050`` where they differ."""
    years = sorted({int(outlook.years[-1]) for outlook in comparison.outlooks})
    return " and ".join(str(year) for year in years)


def names_with_end(comparison: Comparison) -> dict[str, str]:
    """Return what each scenario is called beside numbers of its last year: with it where they differ."""
    ends = {outlook.scenario.name: int(outlook.years[-1]) for outlook in comparison.outlooks}
    alike = len(set(ends.values())) == 1
    return {name: name if alike else f"{name} (to {year})" for name, year in ends.items()}
