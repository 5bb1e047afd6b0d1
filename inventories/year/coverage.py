"""What a sum is when its parts are values, zeros, not estimated (NE) or included elsewhere (IE)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from factors.warming import GREENHOUSE_GASES

if TYPE_CHECKING:
    from factors.terms import FactorClasses

CO2E = "CO2e"

STATES = ("value", "partial", "zero", "NE", "IE")
"""What a sum can be, in the order in which files number them from 0."""

UNSAID = {"CO2_biogenic": "zero"}
"""States of what no line of coverage speaks of: fuels that count as fossil have no biogenic carbon; all else
that is not spoken of is NE."""

OTHER_SPECIES = ("HC", "THC", "TOG", "ROG", "NMVOC")
"""Hydrocarbons under the names that sources print; what is reported of all is VOC."""


GROUP = ("source_category", "coverage_group")
"""What coverage is stated of: classes of a source with the same factors at hand."""
_OF_GROUP = tuple(f"_{name}" for name in GROUP)


class NotEstimated(KeyError):
    """Nothing of what was asked is estimated, so that there is no number to give: never 0.

    Attributes
    ----------
    pollutant : str
    reasons : tuple of str
        Why, by source, as the method states it.
    """

    def __init__(self, pollutant: str, message: str, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.pollutant = pollutant
        self.reasons = reasons
        self.message = message

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  - {reason}" for reason in self.reasons)])


class PartialTotal(UserWarning):
    """A total lacks parts that are not estimated: what is emitted is more than its number."""


def joined(states: set[str], *, of_sources: bool = False) -> str:
    """Return the state of a sum of parts.

    Parameters
    ----------
    states : set of str
    of_sources : bool
        Whether the parts are whole sources. What one process has elsewhere (IE) is in another process of its
        source; what a whole source has elsewhere is not in this sum.

    Examples
    --------
    >>> joined({"value", "NE"}), joined({"zero", "value"}), joined({"zero", "NE"})
    ('partial', 'value', 'NE')
    >>> joined({"value", "IE"}), joined({"value", "IE"}, of_sources=True)
    ('value', 'partial')
    >>> joined({"zero", "IE"}), joined({"zero", "IE"}, of_sources=True)
    ('zero', 'IE')
    """
    lacks = {"partial", "NE", "IE"} if of_sources else {"partial", "NE"}
    if states & {"value", "partial"}:
        return "partial" if states & lacks else "value"
    if states == {"zero", "IE"} and not of_sources:
        return (
            "zero"  # carbon of renewable diesel: none in the exhaust, where that of the crankcase is counted
        )
    for state in ("NE", "IE"):
        if state in states:
            return state
    return "zero"


def of_co2e(gases: Mapping[Any, Any]) -> str:
    """Return the state of CO2e by those of its gases: none without CO2, partial without one of the others.

    Of one group of classes: sums of groups, and of sources, join their CO2e as that of any pollutant.

    Examples
    --------
    >>> of_co2e({"CO2": "value", "CH4": "NE", "N2O": "value"}), of_co2e({"CO2": "NE", "CH4": "value"})
    ('partial', 'NE')
    """
    return "NE" if gases["CO2"] in ("NE", "IE") else joined(set(gases.values()))


def unestimated(classes: FactorClasses, pollutants: Sequence[str]) -> pd.DataFrame:
    """Return for each class and pollutant whether there is no number: not estimated, or counted elsewhere.

    Parameters
    ----------
    classes : FactorClasses
    pollutants : sequence of str

    Returns
    -------
    pandas.DataFrame, shape (n_classes, n_pollutants)
        True where the state over all processes is NE or IE, or nothing is stated.
    """
    lacking = group_states(classes, pollutants).isin(["NE", "IE"])
    groups = pd.MultiIndex.from_frame(classes.classes[list(GROUP)].astype(str))
    return lacking.reindex(groups, fill_value=True).reset_index(drop=True)


def group_states(classes: FactorClasses, pollutants: Sequence[str]) -> pd.DataFrame:
    """Return the state of each pollutant for each group of classes: what every other state is joined of.

    Parameters
    ----------
    classes : FactorClasses
    pollutants : sequence of str
        ``CO2e`` among them or not.

    Returns
    -------
    pandas.DataFrame
        Index ``source_category, coverage_group``, a column a pollutant. What nothing is stated of is NE.
    """
    wanted = list(dict.fromkeys(pollutants))
    asked = {*wanted, *(GREENHOUSE_GASES if CO2E in wanted else ())}
    stated = classes.coverage[classes.coverage["pollutant"].isin(asked)]
    told = stated.groupby([*GROUP, "pollutant"])["state"].agg(_joined)
    every = pd.MultiIndex.from_frame(classes.coverage[list(GROUP)].drop_duplicates())
    wide = told.unstack("pollutant").reindex(index=every, columns=sorted(asked))
    wide = wide.astype(object).fillna(UNSAID).fillna("NE")
    if CO2E in wanted:
        wide[CO2E] = [of_co2e(row) for row in wide[list(GREENHOUSE_GASES)].to_dict("records")]
    return wide[wanted]


def states_of(met: pd.DataFrame, classes: FactorClasses, pollutants: Sequence[str]) -> pd.DataFrame:
    """Return the state of each pollutant for the distinct keys of groups of classes.

    Parameters
    ----------
    met : pandas.DataFrame
        ``source_category`` and ``coverage_group`` as ``_source_category`` and ``_coverage_group``, and keys.
    classes : FactorClasses
    pollutants : sequence of str

    Returns
    -------
    pandas.DataFrame
        A row for each combination of keys, a column a pollutant: ``value, partial, zero, NE, IE``.
    """
    keys = [str(name) for name in met if name not in _OF_GROUP]
    told = group_states(classes, pollutants)
    of_group = met.drop_duplicates()
    here = told.reindex(pd.MultiIndex.from_frame(of_group[list(_OF_GROUP)].astype(str)), fill_value="NE")
    by = [of_group[name].to_numpy() for name in keys]
    placed = here.set_axis(of_group.index)
    found = {str(name): placed[name].groupby(by).agg(_joined) for name in placed}
    return pd.DataFrame(found, columns=here.columns).rename_axis(index=keys)


def _joined(states: pd.Series[str]) -> str:
    return joined(set(states))


def states_by(cells: pd.DataFrame, classes: FactorClasses, pollutants: Sequence[str]) -> pd.DataFrame:
    """Return the state of each pollutant for the distinct keys of some cells.

    Parameters
    ----------
    cells : pandas.DataFrame
        ``class_id`` and the keys.
    classes : FactorClasses
    pollutants : sequence of str
        ``CO2e`` among them or not.

    Returns
    -------
    pandas.DataFrame
        A row for each combination of keys, a column a pollutant: ``value, partial, zero, NE, IE``. What
        nothing is stated of is NE.
    """
    groups = classes.classes[list(GROUP)].add_prefix("_")
    met = cells.drop_duplicates().join(groups, on="class_id").drop(columns="class_id")
    return states_of(met, classes, pollutants)


def refuse_or_warn(
    pollutant: str, states: pd.DataFrame, coverage: pd.DataFrame, estimated: Callable[[], Sequence[str]]
) -> None:
    """Refuse a total of which nothing is estimated; warn of one that lacks a part.

    Parameters
    ----------
    pollutant : str
    states : pandas.DataFrame
        Its state by source, as `Inventory.states` gives it.
    coverage : pandas.DataFrame
        What is stated of the classes in use.
    estimated : callable
        Gives the pollutants that are estimated where this one is not; asked where it is refused.

    Raises
    ------
    NotEstimated
    """
    found = states[pollutant]
    if not len(found):
        return
    whole = joined(set(found), of_sources=len(found) > 1)
    lacking = [str(name).replace("_", " ") for name in found[found.isin(["partial", "NE", "IE"])].index]
    if whole in ("NE", "IE"):
        said = "is not estimated (NE)" if whole == "NE" else "is included elsewhere (IE)"
        there = ", ".join(estimated()) or "none"
        raise NotEstimated(
            pollutant,
            f"{pollutant} {said} for {', '.join(lacking)}: there is no number. Estimated are: {there}.",
            reasons(pollutant, coverage, found.index.astype(str).tolist()),
        )
    if whole == "partial":
        warnings.warn(
            f"{pollutant} lacks parts of {', '.join(lacking)} that are not estimated: what is emitted is "
            "more. inventory.states() says which, inventory.coverage() why.",
            PartialTotal,
            stacklevel=3,
        )


def reasons(pollutant: str, coverage: pd.DataFrame, sources: Sequence[str] | None = None) -> tuple[str, ...]:
    """Say, by source and process, why parts are not estimated or are counted elsewhere; each once."""
    gases = [pollutant] if pollutant != CO2E else list(GREENHOUSE_GASES)
    mine = coverage[coverage["pollutant"].isin(gases) & coverage["state"].isin(["NE", "IE"])]
    if sources is not None:
        mine = mine[mine["source_category"].isin(list(sources))]
    told = [
        f"{line['source_category']}, {line['process']}: {line['rule']} ({line['state']})".replace("_", " ")
        for line in mine.to_dict("records")
    ]
    return tuple(dict.fromkeys(told))
