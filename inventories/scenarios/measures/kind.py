"""What all measures have in common."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from inventories.scenarios.base_year.base import BaseYear

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


ADOPTIONS = ("adoption", "technologies")
"""Fields that hold shares by year: nothing of a varied row depends on them."""


class MeasureError(ValueError):
    """A measure cannot be applied to this port; the message says which key and what to do."""


class Measure(BaseModel, ABC):
    """One thing a scenario does.

    Attributes
    ----------
    name : str
        What tables and figures call it; one of a kind in a scenario.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    LEVEL: ClassVar[int]
    """1 volume, 2 operations, 3 fleet, 4 at berth, 5 devices; levels are applied in this order."""

    SOURCES: ClassVar[tuple[str, ...]]
    """Source categories whose rows it may change."""

    IS_SETTING: ClassVar[bool] = False
    """Whether it says how energy is supplied rather than what a port does; it then contributes nothing."""

    name: str = ""

    @classmethod
    def kind(cls) -> str:
        """Return the name that scenario files use.

        Examples
        --------
        >>> from inventories.scenarios.measures import KINDS
        >>> sorted(KINDS)[0]
        'arrival'
        """
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @property
    def title(self) -> str:
        """The name given, or the kind."""
        return self.name or self.kind()

    def check(self, base: BaseYear) -> list[str]:
        """Return what is wrong with this measure at this port; nothing where all is well."""
        return []

    def fingerprint(self) -> str:
        """Everything but shares that decides what a varied row looks like."""
        return self.model_dump_json(exclude={"name", *ADOPTIONS, "share_of", "allow_decrease"})


@dataclass(frozen=True)
class Option:
    """One way in which a share measure changes a row; options of a family exclude each other.

    Attributes
    ----------
    measure : ShareMeasure
    label : str
    """

    measure: ShareMeasure
    label: str

    @property
    def key(self) -> tuple[str, str]:
        """What a cache knows the option by: nothing of it depends on shares."""
        return self.measure.fingerprint(), self.label


class ShareMeasure(Measure):
    """A measure that reaches a share of some activity and changes it in one or more ways.

    Shares are levels reached in the whole affected activity. Of the part not yet changed, (s - s0) / (1 - s0)
    is changed; records that already are stay as recorded.

    Attributes
    ----------
    allow_decrease : bool
        Let a share lie below today's level: nothing more is changed then, and the result says so. Without it
        such a share is an error.
    """

    allow_decrease: bool = False

    def family(self) -> str:
        """Measures of one family exclude each other on the same rows: they are shares of one whole."""
        return self.kind()

    def options(self) -> list[Option]:
        """Return the ways this measure changes a row."""
        return [Option(self, self.kind())]

    @abstractmethod
    def affected(self, source: str, rows: pd.DataFrame) -> Mask:
        """Return the rows whose activity the shares are of, changed or not yet. Shape (n,)."""

    @abstractmethod
    def changed(self, source: str, rows: pd.DataFrame, option: Option) -> Mask:
        """Return which affected rows are already as the option would make them. Shape (n,)."""

    @abstractmethod
    def vary(self, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """Return the rows as the option makes them; may be more or fewer rows, ``group`` kept."""

    def vary_at(self, base: BaseYear, source: str, rows: pd.DataFrame, option: Option) -> pd.DataFrame:
        """As `vary`, for a measure that asks the base year's method for more."""
        return self.vary(source, rows, option)

    @abstractmethod
    def level(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Return the share reached, shape (n_years,), given the level present in the base year."""

    def wanted(self, option: Option, years: NDArray[np.int64], present: float) -> Array:
        """Return the share that would be reached if no stock were short; see `level`."""
        free = {name: _unlimited(getattr(self, name)) for name in ADOPTIONS if hasattr(self, name)}
        return self.model_copy(update=free).level(option, years, present)

    def told(
        self, base: BaseYear, option: Option, changed: Array, growth: Array
    ) -> dict[str, NDArray[np.float64]]:
        """Return further shares to be printed beside the level, by name and year.

        Parameters
        ----------
        base : BaseYear
        option : Option
        changed, growth : ndarray, shape (n_years, n_groups)
            Fraction of each group's unchanged part that is changed, and what its work is multiplied by.
        """
        return {}

    def standing(self, base: BaseYear, option: Option) -> tuple[Array, Array]:
        """Return the activity that is already as the option would make it, and all that shares are of.

        Both by group in the base year, in whatever the measure counts; shape (n_groups,).
        """
        done, whole = np.zeros(len(base.groups)), np.zeros(len(base.groups))
        for source in self.sources():
            rows = base.rows.get(source)
            if rows is None:
                continue
            mine = rows[self.affected(source, rows)]
            weight = mine["quantity"].to_numpy(dtype=float)
            whole += by_group(base, mine["group"], weight)
            done += by_group(base, mine["group"], weight * self.changed(source, mine, option))
        return done, whole

    def present(self, base: BaseYear, option: Option) -> float:
        """Return the share of the affected activity that is already as the option would make it."""
        done, whole = self.standing(base, option)
        return float(done.sum() / whole.sum()) if whole.sum() > 0 else 0.0

    def done(self, source: str, rows: pd.DataFrame, option: Option, others: Sequence[Option]) -> Mask:
        """Return which affected rows an option cannot change: by this measure, or by others that it meets."""
        found = self.changed(source, rows, option)
        for other in others:
            if other.measure is not self:
                found = found | (
                    other.measure.affected(source, rows) & other.measure.changed(source, rows, other)
                )
        return found

    def taken(self, base: BaseYear, option: Option, others: Sequence[Option]) -> Array | None:
        """Return the activity by group that the option cannot change, if the measure knows it.

        Counted as in `standing`. None where it is what is present of the option and of those that it meets.
        """
        return None

    def spread(self, base: BaseYear, option: Option, fraction: Array, together: Array, grown: Array) -> Array:
        """Return which fraction of each group's unchanged part is changed, shape (n_years, n_groups).

        Every group alike, unless the measure takes some before others.

        Parameters
        ----------
        base : BaseYear
        option : Option
        fraction : ndarray, shape (n_years,)
            Of the unchanged part of all groups together.
        together : ndarray, shape (n_years,)
            The fractions of all options of the measure.
        grown : ndarray, shape (n_years, n_groups)
            What growth and survival multiply the work of each group by.
        """
        return np.repeat(fraction[:, None], len(base.groups), axis=1)

    def sources(self) -> tuple[str, ...]:
        """Return the source categories that this measure changes."""
        return self.SOURCES


def by_group(base: BaseYear, group: pd.Series, weight: NDArray[np.float64] | pd.Series) -> Array:
    """Sum weights by group, shape (n_groups,)."""
    return np.bincount(group, weights=weight, minlength=len(base.groups)).astype(float)


def none_standing(base: BaseYear) -> tuple[Array, Array]:
    """What stands of a measure whose shares are of the base year's own activity: nothing of it is changed."""
    return np.zeros(len(base.groups)), np.zeros(len(base.groups))


def _unlimited(adoption: Any) -> Any:
    """An adoption, or several by name, without the stocks that it needs."""
    if isinstance(adoption, Mapping):
        return {name: _unlimited(one) for name, one in adoption.items()}
    return adoption.model_copy(update={"limits": {}}) if adoption is not None else None


def constant(frame: pd.DataFrame, **values: Any) -> pd.DataFrame:
    """Return rows with some columns set to one value, whatever their type was."""
    return frame.drop(columns=[name for name in values if name in frame]).assign(**values)
