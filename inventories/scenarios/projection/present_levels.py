"""What stands of options today, and what share that is where parts of the activity grow apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inventories.scenarios.base_year.base import BaseYear
from inventories.scenarios.measures.kind import Option
from inventories.scenarios.projection.outlook import Array

ROUNDING = 1e-12
"""Shares nearer to each other than this are one."""


@dataclass(frozen=True)
class Standing:
    """Levels of a base year; each is asked once, as it depends on no share of a scenario.

    Attributes
    ----------
    base : BaseYear
    """

    base: BaseYear

    def present(self, option: Option) -> float:
        """Return the level of an option in the base year."""
        key = ("present", option.key)
        if key not in self.base.cache:
            self.base.cache[key] = option.measure.present(self.base, option)
        return float(self.base.cache[key])

    def share(self, option: Option, grown: Array) -> Array:
        """Return the level of an option by year if nothing more is done, shape (n_years,).

        Parameters
        ----------
        option : Option
        grown : ndarray, shape (n_years, n_groups)
            What growth and survival multiply the work of each group by.
        """
        return _over(grown, *self._by_group(option))

    def already(self, option: Option, present: list[tuple[Option, Array]], grown: Array) -> Array:
        """Return the share of an option's activity that is changed by it or by those it meets, by year.

        Measures of one family that touch no rows in common (two types of ship) say nothing of each other.

        Parameters
        ----------
        option : Option
        present : list of (Option, ndarray of shape (n_years,))
            Levels of all options of the family.
        grown : ndarray, shape (n_years, n_groups)
        """
        met = [(other, now) for other, now in present if other.label != option.label]
        met = [(other, now) for other, now in met if self._meet(option, other)]
        key = ("taken", option.key, tuple(other.key for other, _ in met))
        if key not in self.base.cache:
            known = option.measure.taken(self.base, option, [other for other, _ in met])
            self.base.cache[key] = known
        if self.base.cache[key] is not None:
            return _over(grown, self.base.cache[key], self._by_group(option)[1])
        others: dict[str, Array] = {}
        for other, stands in met:
            others[other.label] = np.maximum(stands, others.get(other.label, 0.0))
        return np.asarray(self.share(option, grown) + sum(others.values()))

    def _by_group(self, option: Option) -> tuple[Array, Array]:
        """What stands of an option, and what its shares are of, shape (n_groups,) each."""
        key = ("standing", option.key)
        if key not in self.base.cache:
            self.base.cache[key] = option.measure.standing(self.base, option)
        found: tuple[Array, Array] = self.base.cache[key]
        return found

    def _meet(self, one: Option, other: Option) -> bool:
        if one.measure is other.measure:
            return True
        key = ("meet", one.key, other.key)
        if key not in self.base.cache:
            self.base.cache[key] = any(
                bool((one.measure.affected(source, rows) & other.measure.affected(source, rows)).any())
                for source, rows in self.base.rows.items()
                if source in one.measure.sources() and source in other.measure.sources()
            )
        found: bool = self.base.cache[key]
        return found


def _over(grown: Array, part: Array, whole: Array) -> Array:
    """Part over whole by year, where groups grow; exactly that of the base year where they grow alike."""
    total = grown @ whole
    share = np.divide(grown @ part, total, out=np.zeros(len(grown)), where=total > 0)
    return np.where(np.abs(share - share[0]) <= ROUNDING, share[0], share)
