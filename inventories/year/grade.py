"""The grade of a total: what it rests on, its largest weakness, and models that others have superseded.

Facts, and one sentence a pollutant made of them. The facts stand in the manifest, so that a saved year tells
its grade as it was when it was built.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from emissions.mass import cell_mass, cell_sums, term_mass
from factors.superseded import SupersededTable, superseded_tables
from factors.terms import ROW_COLUMNS, FactorClasses, is_carrier
from factors.warming import warming_potentials
from inventories.work.assumed import APART, assumed_attributes
from inventories.year.confidence import FACTORS
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory

ASSUMED_KG = "assumed_kg"
GRADE = "grade"
NOT_KNOWN = "not known"
_TOLD_FROM = 0.005
"""Least share that is told; below it would be printed as nothing."""
_SPOKEN_OF_FROM = 0.05
"""Least share of a superseded model that the sentence speaks of; lesser ones stand in the facts."""
_PARTS = {"three quarters": 0.75, "two thirds": 2 / 3, "half": 0.5, "a third": 1 / 3, "a quarter": 0.25}
_NEAR = 0.03
_TERMS = "terms of the grade"


@dataclass(frozen=True)
class Weakness:
    """The attribute that most of a total rests on without being stated by anybody.

    Attributes
    ----------
    source_category : str
    attribute : str
        What was assumed and how, such as ``default auxiliary loads``.
    share : float
        Of the pollutant's mass in the domain. [1]
    """

    source_category: str
    attribute: str
    share: float


@dataclass(frozen=True)
class SupersededShare:
    """What of a total comes from a model that its makers have superseded, and where that is known to lean.

    Attributes
    ----------
    model, superseded_by : str
    share : float
        Of the pollutant's mass in the domain. [1]
    bias : str
        ``understates``, ``overstates``, ``either way`` or ``not known``.
    why, source : str
        What the bias rests on, and the document; empty where none was read.
    """

    model: str
    superseded_by: str
    share: float
    bias: str
    why: str
    source: str


@dataclass(frozen=True)
class Grade:
    """How firm a pollutant's total in the domain is.

    Attributes
    ----------
    pollutant : str
    activity : dict of str to float
        Share by the worst origin of the work behind it: ``given``, ``registry``, ``default`` ... [1]
    factors : dict of str to float
        Share by ``read``, ``derived``, ``unverified`` factors, which add up to one, and ``extrapolated``,
        which may be any of them. [1]
    weakness : Weakness or None
        None where all is stated, or where the year was saved by a version that did not keep it.
    is_kept : bool
        Whether the year keeps what its work rests on.
    superseded : tuple of SupersededShare
        Largest first.
    """

    pollutant: str
    activity: Mapping[str, float]
    factors: Mapping[str, float]
    weakness: Weakness | None
    superseded: tuple[SupersededShare, ...]
    is_kept: bool = True

    def __str__(self) -> str:
        """Return the grade in one line."""
        models = [one for one in self.superseded if one.share >= _SPOKEN_OF_FROM]
        return " ".join([self._of_activity(), *(self._of_model(one) for one in models)])

    def _of_activity(self) -> str:
        if not self.is_kept:
            return (
                f"{self.pollutant}: what its activity rests on was not kept with this year; build it again."
            )
        if self.weakness is None or self.weakness.share < _TOLD_FROM:
            return f"{self.pollutant}: no part rests on assumed activity."
        weak = self.weakness
        source = weak.source_category.replace("_", " ")
        return f"{self.pollutant}: {in_words(weak.share)} rests on {weak.attribute} of {source}."

    def _of_model(self, one: SupersededShare) -> str:
        leaning = {
            "understates": f"which is known to understate it: {one.why} ({one.source})",
            "overstates": f"which is known to overstate it: {one.why} ({one.source})",
            "either way": f"which is known to err either way: {one.why} ({one.source})",
        }.get(one.bias, "whose bias is not known")
        return (
            f"{in_words(one.share).capitalize()} comes from {one.model}, superseded by {one.superseded_by}, "
            f"{leaning}."
        )


def in_words(share: float) -> str:
    """Return a share as a reader says it, with its percent.

    Examples
    --------
    >>> in_words(0.66), in_words(0.04), in_words(1.0)
    ('two thirds (66 %)', '4 %', 'all')
    """
    if round(100 * share) >= 100:
        return "all"
    percent = f"{100 * share:.0f} %"
    near = [word for word, exact in _PARTS.items() if abs(share - exact) <= _NEAR]
    return f"{near[0]} ({percent})" if near else percent


def assumed_masses(
    source_category: str, rows: pd.DataFrame, class_id: NDArray[np.int64], classes: FactorClasses
) -> dict[str, dict[str, float]]:
    """Return the mass in the domain that rests on each assumed attribute of a source's work.

    Parameters
    ----------
    source_category : str
    rows : pandas.DataFrame, shape (n, ...)
        Work rows as `cell_sums` takes them, with what `assumed_attributes` reads.
    class_id : ndarray of int, shape (n,)
    classes : FactorClasses

    Returns
    -------
    dict of str to dict of str to float
        Attribute to pollutant to mass. [kg] A row of several attributes counts for each.
    """
    told = rows.assign(assumed=assumed_attributes(source_category, rows))
    _, sums = cell_sums(told, class_id, classes, ("assumed", "in_domain"))
    inside = sums[sums["in_domain"].astype(str) == "True"]
    mass = cell_mass(inside, classes).groupby(inside["assumed"].astype(str)).sum()
    mass = mass[[name for name in mass if not is_carrier(str(name))]]
    found: dict[str, dict[str, float]] = {}
    for attribute in dict.fromkeys(name for text in mass.index for name in str(text).split(APART) if name):
        mine = mass[[attribute in str(text).split(APART) for text in mass.index]].sum()
        found[attribute] = {str(name): float(kg) for name, kg in mine.items() if kg > 0}
    return found


def grade(inventory: Inventory, pollutant: str) -> Grade:
    """Return the grade of a pollutant's total; see `Inventory.grade`."""
    name = inventory.pollutant(pollutant)
    stored = inventory.manifest.get(GRADE, {}).get(name)
    return _from_facts(name, stored) if stored else _worked_out(inventory, name)


def grades(inventory: Inventory, pollutants: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the facts of the grades of some pollutants, for the manifest, but of those not estimated."""
    known = [name for name in pollutants if name == CO2E or name in inventory.mass]
    found = {}
    for name in known:
        if inventory.column(name)[inventory.select()].sum() > 0:
            found[name] = {
                key: value
                for key, value in asdict(_worked_out(inventory, name)).items()
                if key not in ("pollutant", "is_kept")
            }
    return found


def _from_facts(pollutant: str, facts: Mapping[str, Any]) -> Grade:
    weak = facts["weakness"]
    # A year that has its grades was built by a version that keeps what they rest on.
    return Grade(
        pollutant,
        facts["activity"],
        facts["factors"],
        Weakness(**weak) if weak else None,
        tuple(SupersededShare(**one) for one in facts["superseded"]),
    )


def _worked_out(inventory: Inventory, pollutant: str) -> Grade:
    chosen = inventory.select()
    mass = inventory.column(pollutant)[chosen].fillna(0.0)
    total = float(mass.sum())
    origin = inventory.cells.loc[chosen, "provenance"]
    by_origin = mass.groupby(origin, observed=True).sum() / (total or 1.0)
    shares = inventory.shares(pollutant)
    factors = {name: shares[name] for name in FACTORS}
    read = 1.0 - shares["derived"] - shares["unverified"] if total else 0.0
    weights = warming_potentials(inventory.gwp_set) if pollutant == CO2E else {pollutant: 1.0}
    return Grade(
        pollutant,
        {str(name): float(share) for name, share in by_origin.items()},
        {"read": read, **factors},
        _weakness(inventory.manifest.get(ASSUMED_KG, {}), weights, total),
        _superseded(inventory, weights),
        ASSUMED_KG in inventory.manifest,
    )


def _weakness(
    assumed: Mapping[str, Mapping[str, Mapping[str, float]]], weights: Mapping[str, float], total: float
) -> Weakness | None:
    found = [
        Weakness(source, attribute, sum(kg.get(gas, 0.0) * by for gas, by in weights.items()) / total)
        for source, attributes in assumed.items()
        for attribute, kg in attributes.items()
        if total
    ]
    found = [one for one in found if one.share > 0]
    return max(found, key=lambda one: one.share, default=None)


@dataclass(frozen=True)
class _TermsMade:
    """What each term makes in the domain, and which terms rest on each superseded table; worked out once."""

    made: NDArray[np.float64]
    pollutant: NDArray[np.object_]
    of_line: tuple[tuple[SupersededTable, NDArray[np.bool_]], ...]

    @classmethod
    def of(cls, inventory: Inventory) -> _TermsMade:
        if _TERMS not in inventory.kept:
            classes = inventory.classes
            pollutant, number = (
                classes.terms["pollutant"].astype(str),
                classes.terms[list(ROW_COLUMNS)].to_numpy(),
            )
            names = pollutant.unique()
            of_line = []
            for line in superseded_tables():
                rests = np.append(_rows_of(classes.factor_rows, line), False)[number].any(axis=1)
                spoken = pollutant.map({name: line.speaks_of(name) for name in names}).to_numpy(dtype=bool)
                of_line.append((line, rests & spoken))
            made = np.abs(term_mass(inventory.cells[inventory.select()], classes))
            inventory.kept[_TERMS] = cls(made, pollutant.to_numpy(dtype=object), tuple(of_line))
        found: _TermsMade = inventory.kept[_TERMS]
        return found


def _superseded(inventory: Inventory, weights: Mapping[str, float]) -> tuple[SupersededShare, ...]:
    """Share of each superseded model: of the size of its terms, as factors count by their confidence."""
    terms = _TermsMade.of(inventory)
    made = np.zeros(len(terms.made))
    for gas, weight in weights.items():
        mine = terms.pollutant == gas
        made[mine] = terms.made[mine] * weight
    whole = float(made.sum())
    told: dict[tuple[str, ...], float] = {}
    for line, takes in terms.of_line:
        share = float(made[takes].sum()) / whole if whole else 0.0
        if share >= _TOLD_FROM:
            key = (line.model, line.superseded_by, line.bias, line.why, line.source_document)
            told[key] = told.get(key, 0.0) + share
    found = [
        SupersededShare(model, by, float(share), bias, why, source)
        for (model, by, bias, why, source), share in told.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.share))


def _rows_of(rows: pd.DataFrame, line: SupersededTable) -> NDArray[np.bool_]:
    hit = rows["edition"].astype(str) == line.edition
    if line.table:
        hit &= rows["table_name"].astype(str) == line.table
    if line.keys:
        hit &= rows["keys"].astype(str).str.contains(line.keys, regex=True)
    return hit.to_numpy(dtype=bool)
