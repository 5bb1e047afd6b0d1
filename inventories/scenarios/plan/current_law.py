"""The baseline that follows from what is law on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from inventories.scenarios.plan.scenario import Scenario


def current_law(
    as_of: date | str,
    *,
    jurisdictions: Iterable[str] | None = None,
    growth: float = 0.0,
    horizon: int = 2050,
) -> Scenario:
    """Return the baseline: growth, natural turnover of fleets, and the rules in force on a day.

    Parameters
    ----------
    as_of : date or str
        As year-month-day; kept in the scenario, and printed with its results.
    jurisdictions : iterable of str, optional
        Whose rules hold; where left out, those of the place of the port that is projected.
    growth : float
        Growth of all work a year. [1]
    horizon : int
        Last year.

    Examples
    --------
    >>> before, after = current_law("2024-06-01"), current_law("2026-01-01")
    >>> [m.title for m in before.measures if m not in after.measures]
    ['locomotives: usage of cleaner engines', 'zero-emission drayage by law']
    """
    whose = {} if jurisdictions is None else {"jurisdictions": list(jurisdictions)}
    return Scenario.from_dict(
        {
            "name": "current-law",
            "describes": f"Growth of {growth:.1%} a year, natural turnover, the rules in force on {as_of}.",
            "horizon": horizon,
            "law": {"as_of": str(as_of), **whose},
            "measures": [{"kind": "growth", "rate": growth}, {"kind": "fleet_turnover"}],
        },
        "current law",
    )
