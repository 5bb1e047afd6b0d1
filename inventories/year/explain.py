"""Walk from a total back to the documents: cells, records, class, terms, factor rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from emissions.mass import cell_mass, cell_sums, row_mass, term_mass
from emissions.work import DIMENSIONS
from factors.brief import lines
from factors.library import classify
from factors.terms import QUANTITY_UNITS, ROW_COLUMNS, CurveSpec, curves_named, result_unit
from factors.units import conversion
from factors.warming import warming_potentials
from inventories.year.changed_factors import effects, sentence
from inventories.year.coverage import CO2E

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory

SHOWN = 5
RECORD = "record_id"
"""One call, machine or gate cell may be explained as well as a part of the whole."""

_PLURALS = {
    "mile": "miles",
    "gross_ton_mile": "gross ton-miles",
    "vehicle_day": "vehicle-days",
    "start": "starts",
}
_WHERE_NOT = ("source_category", "coverage_group", "process")
_NO_YEAR = ("model_year", "calendar_year", "grid_month", "grid_calendar")
"""Keys whose zero says that the class is told apart by something else, such as a tier."""

_OPEN_BIN = re.compile(r"\b([\d.]+)-inf\b")

_NO_WORK = (
    "no work was done here: zero. Power stations, and work beyond the domain, are explained with "
    "in_domain=False."
)

_SPLITS = ("source_category", "source_type", "mode_or_segment", "engine_group", "tier_or_model_year", "zone")


@dataclass(frozen=True)
class Explanation:
    """Where a number comes from, from the top down.

    Attributes
    ----------
    pollutant : str
    where : dict
    total_kg : float
    state : str
        ``value``, ``partial`` (the number lacks what is in `not_estimated`), ``zero``, ``NE`` or ``IE``.
    n_cells, n_rows, n_records, n_classes : int
    splits : dict of str to pandas.Series
        Mass by dimension, largest first. [kg]
    records : pandas.DataFrame
        The records that weigh most: ``record_id``, what and where, quantity, mass. [kg]
    classes : pandas.DataFrame
        The classes that weigh most, with their keys, work and mass. [kg]
    terms : pandas.DataFrame
        Terms of those classes: the product of factor rows, its curve, and the mass that follows. [kg]
    factor_rows : pandas.DataFrame
        The rows those terms rest on, as printed, with their source.
    not_estimated : pandas.DataFrame
        Parts for which the pollutant is NE, with the reason.
    curves : dict of str to CurveSpec
        The curves those terms follow.
    own_factors : tuple of str
        Single factors given by the port that the number rests on, with the old value and the effect. [kg]
    unit : str
        Unit of the text.
    """

    pollutant: str
    where: Mapping[str, object]
    total_kg: float
    state: str
    n_cells: int
    n_rows: int
    n_records: int
    n_classes: int
    splits: Mapping[str, pd.Series]
    records: pd.DataFrame
    classes: pd.DataFrame
    terms: pd.DataFrame
    factor_rows: pd.DataFrame
    not_estimated: pd.DataFrame
    curves: Mapping[str, CurveSpec] = field(default_factory=dict)
    own_factors: tuple[str, ...] = ()
    unit: str = "kg"

    def __repr__(self) -> str:
        first, second = self._lines()[:2]
        parts = "splits, records, classes, terms, factor_rows, curves, not_estimated"
        told = {"of": first, "made of": second.strip(), "parts": parts, "see": "print() tells all"}
        return lines("Explanation", told)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _mass(self, value: float) -> str:
        if self.state in ("NE", "IE"):
            return self.state
        if result_unit(self.pollutant) == "kWh":
            return f"{_figure(value)} kWh"
        return f"{_figure(value * conversion('kg', self.unit))} {self.unit}"

    def _lines(self) -> list[str]:
        condition = ", ".join(f"{name}={value}" for name, value in self.where.items()) or "the whole domain"
        lacks = " (partial: parts are not estimated, see below)" if self.state == "partial" else ""
        lines = [f"{self.pollutant} of {condition}: {self._mass(self.total_kg)}{lacks}"]
        if not self.n_cells:
            return [*lines, f"  {_NO_WORK}"]
        lines.append(
            f"  the sum of {self.n_cells:,} cells, from {self.n_rows:,} work rows of {self.n_records:,} "
            f"records, in {self.n_classes:,} factor classes"
        )
        for name, split in self.splits.items():
            parts = [
                f"{_words(str(key)) or '(none)'} {self._mass(float(mass))}"
                for key, mass in split.head(SHOWN).items()
            ]
            lines.append(f"  by {name}: {'; '.join(parts)}{' ...' if len(split) > SHOWN else ''}")
        lines.append("")
        lines.append(f"Work that weighs most, by record and place (of {self.n_records:,} records):")
        for entry in self.records.head(SHOWN).to_dict("records"):
            work = _work(entry)
            lines.append(f"  {entry['record_id']}: {entry['what']}; {work} -> {self._mass(entry['mass_kg'])}")
        lines.append("")
        lines.append(f"Factor classes that weigh most ({len(self.classes)} of {self.n_classes:,}):")
        for entry in self.classes.to_dict("records"):
            lines += self._class_lines(entry)
        lines.append("")
        lines.append("Factor rows, as printed:")
        for row in self.factor_rows.to_dict("records"):
            note = f"; {row['note']}" if row["note"] else ""
            lines.append(
                f"  [{row['row_id']}] {row['quantity']} = {row['value']:g} {row['unit']} "
                f"({_readable(row['keys'])})"
            )
            lines.append(f"      {row['source_document']}, {row['table']} ({row['confidence']}){note}")
            lines.append(f"      {row['source_address']}")
        if self.curves:
            lines += ["", "Curves, with the table their numbers were read in:"]
        for name, spec in self.curves.items():
            numbers = ", ".join(f"{key} {value:g}" for key, value in sorted(spec.parameters.items()))
            given = f" with {numbers}" if numbers else ""
            lines.append(f"  {name}: {spec.function.replace('_', ' ')}{given} ({spec.source or 'no table'})")
        lines += ["", *self.own_factors] if self.own_factors else []
        lines += [""] if len(self.not_estimated) else []
        for entry in self.not_estimated.to_dict("records"):
            where = ", ".join(_words(str(entry[key])) for key in _WHERE_NOT)
            lines.append(f"Not in this number (NE): {where}: {entry['rule']}")
        return lines

    def _class_lines(self, entry: Mapping[Any, Any]) -> list[str]:
        work = _work(entry)
        lines = [f"  class {entry['class_id']} ({entry['keys']}): {work} -> {self._mass(entry['mass_kg'])}"]
        for term in self.terms[self.terms["class_id"] == entry["class_id"]].to_dict("records"):
            follows = "" if term["curve"] == "one" else f", following {term['curve']}"
            marks = ", extrapolated" if term["extrapolated"] else ""
            note = f" ({term['note']}{marks})" if term["note"] or marks else ""
            number = "" if term["number"] == 1 else f"{term['number']:.6g} x "
            rows = " x ".join(f"[{row}]" for row in term["rows"])
            lines.append(
                f"      {term['process']}: {number}{rows}{follows}{note} = {term['value'] * 1000:.6g} g per "
                f"{_words(QUANTITY_UNITS[str(entry['quantity_kind'])])} -> {self._mass(term['mass_kg'])}"
            )
        return lines


def explain(inventory: Inventory, pollutant: str, where: Mapping[str, object]) -> Explanation:
    """Explain a total; see `Inventory.explain`."""
    pollutant = inventory.pollutant(pollutant)
    cells, work = _meant(inventory, where)
    state = inventory.state(pollutant, **{name: value for name, value in where.items() if name != RECORD})
    # Everything below a CO2e total is CO2e too, so that what is listed adds up to it.
    weights = warming_potentials(inventory.gwp_set) if pollutant == CO2E else {pollutant: 1.0}
    gases = list(weights)
    masses = cell_mass(cells, inventory.classes)
    mass = masses[[gas for gas in gases if gas in masses]].mul(pd.Series(weights)).sum(axis=1)
    heavy = mass.groupby(cells["class_id"]).sum().sort_values(ascending=False, kind="stable").head(SHOWN)
    # A class without mass is not estimated, or zero by definition: what is below says which.
    heavy = heavy[heavy != 0] if heavy.any() else heavy
    terms = _terms(inventory, cells, weights, heavy.index.to_numpy())
    used = sorted({pointer for rows in terms.pop("pointers") for pointer in rows})
    coverage = inventory.coverage()
    missing = coverage[(coverage["pollutant"].isin(gases)) & (coverage["state"] == "NE")]
    present = inventory.classes.classes.loc[
        np.unique(cells["class_id"]), ["source_category", "coverage_group"]
    ]
    missing = missing.merge(present.drop_duplicates(), on=["source_category", "coverage_group"])
    return Explanation(
        pollutant=pollutant,
        where=dict(where),
        total_kg=float(mass.sum()) if state not in ("NE", "IE") else float("nan"),
        state=state,
        n_cells=len(cells),
        n_rows=len(work),
        n_records=int(work["record_id"].nunique()),
        n_classes=int(cells["class_id"].nunique()),
        splits={name: split for name in _SPLITS if len(split := _split(cells, mass, name)) > 1},
        records=_records(inventory, work, weights),
        classes=_classes(inventory, cells, heavy),
        terms=terms,
        factor_rows=inventory.classes.factor_rows.iloc[used],
        not_estimated=missing,
        curves=_curves(inventory, terms),
        own_factors=_own_factors(inventory, cells, gases),
    )


def _own_factors(inventory: Inventory, cells: pd.DataFrame, gases: list[str]) -> tuple[str, ...]:
    """Single factors that a port gave and this number rests on, each with its effect on it."""
    told = effects(inventory.method.changes, cells, inventory.classes) if inventory.method.changes else []
    mine = [
        {**one, "mass_kg": {gas: one["mass_kg"][gas] for gas in gases if gas in one["mass_kg"]}}
        for one in told
    ]
    return tuple(sentence(one) for one in mine if one["mass_kg"])


def _curves(inventory: Inventory, terms: pd.DataFrame) -> dict[str, CurveSpec]:
    """The curves that terms follow; of a product, or the lesser of two, each of them."""
    names = dict.fromkeys(part for name in terms["curve"] for part in curves_named(str(name)))
    return {name: inventory.classes.curves[name] for name in names if name != "one"}


def _figure(value: float) -> str:
    """A number with six digits, and whole where it has more: never a power of ten."""
    return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"


def _work(entry: Mapping[Any, Any]) -> str:
    unit = QUANTITY_UNITS[str(entry["quantity_kind"])]
    return f"{_figure(entry['quantity'])} {_PLURALS.get(unit, unit)}"


def _words(text: str) -> str:
    """A key of the data as a reader says it; a year that was read beside blanks is whole again."""
    return text.removesuffix(".0").replace("_", " ")


def _readable(keys: str) -> str:
    """Keys of a row without open ends of bins, and whole numbers without a point."""
    parts = [part for part in keys.split(", ") if not part.endswith(("=inf", "=-inf"))]
    return re.sub(r"(?<=\d)\.0(?=,|$)", "", ", ".join(parts))


def _meant(inventory: Inventory, where: Mapping[str, object]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cells and work rows that are meant; of single records where ``record_id`` is asked for."""
    dimensions = {name: value for name, value in where.items() if name != RECORD}
    cells = inventory.cells.loc[inventory.select(**dimensions)]
    work = inventory.work[inventory.work["cell"].isin(cells.index).to_numpy()]
    if RECORD not in where:
        return cells, work
    asked = where[RECORD]
    wanted = [str(item) for item in (asked if isinstance(asked, (list, tuple, set)) else [asked])]
    records = work["record_id"].astype(str)
    unknown = [name for name in wanted if not (records == name).any()]
    if unknown:
        near = get_close_matches(unknown[0], sorted(records.unique())[:20_000], n=3)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise ValueError(f"no record {unknown[0]!r} has work here.{hint}")
    ours = work[records.isin(wanted)]
    _, summed = cell_sums(ours, ours["class_id"].to_numpy(), inventory.classes, DIMENSIONS)
    return summed, ours


def _split(cells: pd.DataFrame, mass: pd.Series, name: str) -> pd.Series:
    split = mass.groupby(cells[name].astype(str)).sum().sort_values(ascending=False, kind="stable")
    return split[split != 0] if (split != 0).any() else split


def _records(inventory: Inventory, work: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Masses of single work rows, summed by what a record did where; those that weigh most."""
    masses = row_mass(work, work["class_id"].to_numpy(), inventory.classes, list(weights))
    value = masses.mul(pd.Series(weights)[masses.columns]).sum(axis=1).to_numpy()
    told = ["mode_or_segment", "engine_group", "source_type", "zone"]
    number, distinct = classify(work[["record_id", *told, "quantity_kind"]])
    mass = np.bincount(number, weights=value, minlength=len(distinct))
    quantity = np.bincount(number, weights=work["quantity"] * work["port_share"], minlength=len(distinct))
    heaviest = np.argsort(-mass, kind="stable")[: 4 * SHOWN]
    top = distinct.iloc[heaviest].astype(str).reset_index(drop=True)
    return pd.DataFrame(
        {
            "record_id": top["record_id"],
            "what": [_told(line) for line in top[told].to_numpy().tolist()],
            "quantity_kind": top["quantity_kind"],
            "quantity": quantity[heaviest],
            "mass_kg": mass[heaviest],
        }
    )


def _told(parts: list[str]) -> str:
    """What a record did where, each word once."""
    return " ".join(dict.fromkeys(filter(None, (_words(part) for part in parts))))


def _classes(inventory: Inventory, cells: pd.DataFrame, heavy: pd.Series) -> pd.DataFrame:
    described = inventory.classes.classes.loc[heavy.index]
    keys = [name for name in described if name not in ("source_category", "quantity_kind", "coverage_group")]
    texts = [
        ", ".join(
            f"{key}={_plain(value)}"
            for key, value in row.items()
            if not (pd.isna(value) or value == "" or (key in _NO_YEAR and value == 0))
        )
        for row in described[keys].to_dict("records")
    ]
    quantity = cells.groupby("class_id")["quantity"].sum()
    return pd.DataFrame(
        {
            "class_id": heavy.index,
            "keys": texts,
            "quantity_kind": described["quantity_kind"].astype(str).to_numpy(),
            "quantity": quantity.loc[heavy.index].to_numpy(),
            "mass_kg": heavy.to_numpy(),
        }
    )


def _plain(value: Any) -> Any:
    """A model year stays whole where the classes of other sources have none; a bin has no open end."""
    if isinstance(value, str):
        return _OPEN_BIN.sub(r"over \1", value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _terms(
    inventory: Inventory, cells: pd.DataFrame, weights: Mapping[str, float], class_ids: np.ndarray
) -> pd.DataFrame:
    """Terms of some classes with the mass of each: its value times the class's work along its curve."""
    classes = inventory.classes
    terms = classes.terms
    mine = np.flatnonzero(terms["class_id"].isin(class_ids) & terms["pollutant"].isin(list(weights)))
    picked = terms.iloc[mine].copy()
    picked["value"] = classes.term_values[mine]
    weight = picked["pollutant"].map(weights).to_numpy(dtype=float)
    picked["mass_kg"] = term_mass(cells, classes, mine) * weight
    if len(weights) > 1:
        times = [f"{gas} x {weights[gas]:g} by {inventory.gwp_set}" for gas in picked["pollutant"]]
        picked["note"] = [
            f"{note}; {text}" if note else text for note, text in zip(picked["note"], times, strict=True)
        ]
    row_ids = classes.factor_rows["row_id"].to_numpy()
    pointers = [[p for p in line if p >= 0] for line in picked[list(ROW_COLUMNS)].to_numpy().tolist()]
    picked["pointers"] = pointers
    picked["rows"] = [[str(row_ids[p]) for p in line] for line in pointers]
    order = picked["class_id"].map({value: place for place, value in enumerate(class_ids)})
    return picked.assign(_order=order).sort_values("_order", kind="stable").drop(columns="_order")
