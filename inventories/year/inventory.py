"""An inventory: a port's year as work rows, classes and cells, and the questions one asks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from emissions.mass import cell_mass
from factors.guarded import guarded, guarded_property
from factors.library import classify
from factors.terms import FactorClasses, is_carrier
from factors.units import conversion, quantity
from factors.warming import GREENHOUSE_GASES, is_climate, warming_potentials
from inventories.year import carriers
from inventories.year.coverage import CO2E, joined, refuse_or_warn, unestimated
from inventories.year.selection import dimension, select

if TYPE_CHECKING:
    import pint
    import xarray as xr

    from factors.method import Method
    from inventories.port.port import Port
    from inventories.year.explain import Explanation
    from inventories.year.grade import Grade


@guarded("work", "cells", "rejected")
@dataclass(frozen=True, eq=False)
class Inventory:
    """A port's year.

    Build one with `Inventory.build`, read a saved one with `Inventory.open`.

    Attributes
    ----------
    work : pandas.DataFrame
        Work rows: records, dimensions, quantity, curve state, ``class_id`` and ``cell``.
    cells : pandas.DataFrame
        Quantity, and quantity times curve, summed by `DIMENSIONS` and class.
    classes : FactorClasses
        Classes, terms and factor rows, saved with the year so that it explains itself.
    method : Method
        The method with its options and the port's own tables, so that other work can be put through it.
    rejected : pandas.DataFrame
        Records that could not be used: ``table, file, sheet, row, record, reason``.
    manifest : dict
        Inputs and editions by hash, method and options, versions, rows by fate, notes, domain.
    kept : dict
        What later rooms worked out of this year and keep with it, such as its projector.
    """

    work: pd.DataFrame
    cells: pd.DataFrame
    classes: FactorClasses
    manifest: Mapping[str, Any] = field(repr=False)
    method: Method = field(repr=False)
    rejected: pd.DataFrame = field(repr=False)
    kept: dict[str, Any] = field(init=False, repr=False, default_factory=dict)

    def __repr__(self) -> str:
        from inventories.year.glance import in_text

        return in_text(self)

    def _repr_html_(self) -> str:
        """Return the table that a notebook shows."""
        from inventories.year.glance import in_html

        return in_html(self)

    @classmethod
    def build(cls, port: Port, year: int, method: str | None = None, **options: str) -> Inventory:
        """Build the inventory of a year.

        Parameters
        ----------
        port : Port
        year : int
        method : str, optional
            A shipped method; that of ``port.toml`` where left out.
        **options : str
            Options of the method set otherwise than by the port and by default.

        Raises
        ------
        inventories.activity.ActivityError
            All problems of all input files, in one message.

        Examples
        --------
        >>> from inventories import Inventory, Port
        >>> from inventories.examples import copy_example
        >>> import tempfile, pathlib
        >>> folder = pathlib.Path(tempfile.mkdtemp()) / "harbor"
        >>> _ = copy_example("small-harbor", folder)
        >>> harbor = Inventory.build(Port.load(folder), year=2024)
        >>> bool(harbor.total("NOx", unit="kg").magnitude > 0)
        True
        """
        from inventories.year.build import build

        return build(port, year, method, options)

    @classmethod
    def open(cls, folder: str | Path) -> Inventory:
        """Read a saved inventory."""
        from inventories.year.storage import open_inventory

        return open_inventory(Path(folder))

    def save(self, folder: str | Path) -> Path:
        """Write the inventory; whole or not at all. Results already there are kept beside it."""
        from inventories.year.storage import save_inventory

        return save_inventory(self, Path(folder))

    @property
    def year(self) -> int:
        """The inventory year."""
        return int(self.manifest["year"])

    @property
    def port_name(self) -> str:
        """The port as reports call it."""
        return str(self.manifest["port"]["name"])

    @property
    def gwp_set(self) -> str:
        """The global warming potentials that CO2e uses unless told otherwise."""
        return str(self.manifest["gwp_set"])

    @cached_property
    def is_current(self) -> bool:
        """Whether this version of the toolkit, with the editions it ships, would resolve the same factors."""
        from factors.sources import edition_hashes
        from inventories.year.versions import toolkit_version

        by_this = self.manifest["versions"]["caap-inventory"] == toolkit_version()
        return bool(by_this and self.manifest["editions"] == edition_hashes(self.method.editions()))

    @property
    def pollutants(self) -> list[str]:
        """Pollutants with a value for some source, those of the method first."""
        found = [str(name) for name in self.mass if not is_carrier(str(name))]
        wanted = [name for name in self.manifest["pollutants"] if name in found]
        return wanted + sorted(set(found) - set(wanted))

    @guarded_property
    def mass(self) -> pd.DataFrame:
        """Mass of each cell, a column a pollutant or carrier. [kg; kWh of electricity]

        Missing (NaN) where the cell's class has no estimate (NE), or is counted elsewhere (IE); 0 where there
        is none by definition, or no work.
        """
        mass = cell_mass(self.cells, self.classes)
        lacking = unestimated(self.classes, [str(name) for name in mass if not is_carrier(str(name))])
        missing = lacking.reindex(columns=mass.columns, fill_value=False).to_numpy(dtype=bool)
        return mass.mask(missing[self.cells["class_id"].to_numpy()])

    def select(self, **where: object) -> pd.Series:
        """Return which cells are meant, as a boolean Series.

        Parameters
        ----------
        **where
            Dimension = value, or a list of values; ``mode`` and ``source`` are short for ``mode_or_segment``
            and ``source_category``. Rows outside the domain are left out unless ``in_domain`` is asked for.

        Raises
        ------
        KeyError
            If there is no such dimension.
        ValueError
            If no cell has such a value; the message says which there are.
        """
        return select(self.cells, where)

    @staticmethod
    def dimension(name: str) -> str:
        """Return the full name of a dimension.

        Examples
        --------
        >>> Inventory.dimension("mode")
        'mode_or_segment'
        """
        return dimension(name)

    def total(
        self, pollutant: str, unit: str = "tonne", *, gwp: str | None = None, **where: object
    ) -> pint.Quantity:
        """Return the mass of a pollutant in the domain.

        Parameters
        ----------
        pollutant : str
            ``CO2e`` is made from masses and the named set of warming potentials.
        unit : str
            ``short_ton``, ``tonne``, ``kg`` ...; a bare ``ton`` is refused.
        gwp : str, optional
            Name of the set, for example ``AR5``; that of the method where left out.
        **where
            As for `select`.

        Returns
        -------
        pint.Quantity

        Raises
        ------
        inventories.NotEstimated
            If nothing of what was asked is estimated (NE), or all of it is counted elsewhere (IE): a
            ``KeyError`` with the reason of each source. There is no number then, and 0 would be none.

        Warns
        -----
        inventories.PartialTotal
            If a part of what was asked is not estimated; `states` says which, and `coverage` why.
        """
        pollutant = self.pollutant(pollutant)
        if not is_carrier(pollutant):
            states = self.states("source_category", [pollutant], **where)
            refuse_or_warn(pollutant, states, self.coverage(), lambda: self.estimated(**where))
        chosen = self.select(**where)
        kilograms = float(self.column(pollutant, gwp=gwp)[chosen].sum())
        if is_carrier(pollutant):
            carriers.refuse_or_warn(self.cells[chosen], self.classes, pollutant, kilograms)
        source = "kWh" if pollutant == "electricity" else "kg"
        return quantity(kilograms * conversion(source, unit), unit)

    def state(self, pollutant: str, **where: object) -> str:
        """Return what a total is: ``value, partial, zero, NE`` or ``IE``; ``zero`` where no work was done.

        Parameters
        ----------
        pollutant : str
        **where
            As for `select`.
        """
        found = self.states("source_category", [self.pollutant(pollutant)], **where)
        return joined(set(found.iloc[:, 0]), of_sources=len(found) > 1) if len(found) else "zero"

    def estimated(self, **where: object) -> list[str]:
        """Return the pollutants of which something is estimated or known to be zero, CO2e among them or not.

        Parameters
        ----------
        **where
            As for `select`.
        """
        states = self.states("source_category", [*self._named(), CO2E], **where)
        joint = {str(name): joined(set(states[name]), of_sources=len(states) > 1) for name in states}
        return [name for name, state in joint.items() if state not in ("NE", "IE")]

    def _named(self) -> list[str]:
        """Pollutants of the method, and those that coverage speaks of."""
        stated = self.classes.coverage["pollutant"].astype(str).unique().tolist()
        named = dict.fromkeys([*self.pollutants, *self.manifest["pollutants"], *stated])
        return [name for name in named if not is_carrier(name)]

    def pollutant(self, name: str) -> str:
        """Return a pollutant or carrier as it is written here; letters may be large or small.

        Raises
        ------
        KeyError
            If nothing is called so; the message has the nearest name.

        Examples
        --------
        >>> from inventories import Inventory, Port, copy_example
        >>> import tempfile, pathlib
        >>> folder = copy_example("small-harbor", pathlib.Path(tempfile.mkdtemp()) / "harbor")
        >>> Inventory.build(Port.load(folder), year=2024).pollutant("nox")
        'NOx'
        """
        known = list(dict.fromkeys([*self._named(), CO2E, *map(str, self.mass)]))
        if name in known:
            return name
        folded = {text.casefold(): text for text in reversed(known)}
        plain = str(name).casefold()
        if plain in folded:
            return folded[plain]
        near = get_close_matches(plain, list(folded), n=1)
        hint = f"Did you mean {folded[near[0]]!r}? " if near else ""
        raise KeyError(f"no pollutant {name!r}. {hint}There are: {', '.join([*self._named(), CO2E])}.")

    def column(self, pollutant: str, *, gwp: str | None = None) -> pd.Series:
        """Return the mass of a pollutant (CO2e included) in each cell; missing or 0 as in `mass`. [kg]

        Raises
        ------
        KeyError
            If nothing is called so.
        """
        if pollutant == CO2E:
            potentials = warming_potentials(gwp or self.gwp_set)
            # A gas that is not estimated leaves the sum partial; without CO2 there is none.
            held = {gas: self.column(gas) * potentials[gas] for gas in GREENHOUSE_GASES}
            parts = [mass if gas == "CO2" else mass.fillna(0.0) for gas, mass in held.items()]
            return pd.Series(np.sum(parts, axis=0), index=self.cells.index)
        if pollutant in self.mass:
            return self.mass[pollutant]
        # No class has a number of it: zero by definition, or none at all.
        lacking = unestimated(self.classes, [self.pollutant(pollutant)]).iloc[:, 0].to_numpy()
        missing = lacking[self.cells["class_id"].to_numpy()]
        return pd.Series(np.where(missing, np.nan, 0.0), index=self.cells.index)

    def table(
        self,
        rows: str | Sequence[str] = "source_category",
        unit: str = "short_ton",
        ghg_unit: str = "tonne",
        pollutants: Sequence[str] | None = None,
        *,
        gwp: str | None = None,
        **where: object,
    ) -> pd.DataFrame:
        """Return masses by one or more dimensions, a column a pollutant with its unit in the heading.

        Parameters
        ----------
        rows : str or sequence of str
            Dimensions.
        unit, ghg_unit : str
            Units of criteria pollutants, and of greenhouse gases and CO2e.
        pollutants : sequence of str, optional
            Those of the method, and CO2e, where left out.
        gwp : str, optional
        **where
            As for `select`.

        Returns
        -------
        pandas.DataFrame
            Missing (NaN) where a pollutant is not estimated for any part of the row; `coverage` says why.
        """
        dimensions = [self.dimension(name) for name in ([rows] if isinstance(rows, str) else rows)]
        wanted = list(pollutants) if pollutants is not None else [*self.pollutants, CO2E]
        chosen = self.select(**where)
        keys = [self.cells.loc[chosen, name].astype(str) for name in dimensions]
        told = [name for name in wanted if not is_carrier(name)]
        states = self.states(rows, told, **where)
        columns = {}
        for name in wanted:
            target = ghg_unit if is_climate(name) else unit
            source = "kWh" if name == "electricity" else "kg"
            target = "kWh" if name == "electricity" else target
            summed = self.column(name, gwp=gwp)[chosen].groupby(keys).sum() * conversion(source, target)
            if name in states:
                summed = summed.mask(states[name].isin(["NE", "IE"]))
            columns[f"{name} [{target}]"] = summed
        return pd.DataFrame(columns)

    def states(
        self,
        rows: str | Sequence[str] = "source_category",
        pollutants: Sequence[str] | None = None,
        **where: object,
    ) -> pd.DataFrame:
        """Return for each row and pollutant of `table` one of ``value, partial, zero, NE, IE``.

        ``partial`` is a number that lacks a part which is not estimated.
        """
        from inventories.year.coverage import states_by

        dimensions = [self.dimension(name) for name in ([rows] if isinstance(rows, str) else rows)]
        wanted = list(pollutants) if pollutants is not None else [*self.pollutants, CO2E]
        chosen = self.select(**where)
        # Thousands of cells share what decides their states.
        _, distinct = classify(self.cells.loc[chosen, [*dimensions, "class_id"]])
        return states_by(distinct.astype(dict.fromkeys(dimensions, str)), self.classes, wanted)

    def coverage(self) -> pd.DataFrame:
        """Return what is estimated, zero, not estimated or included elsewhere, for the classes in use."""
        used = self.classes.classes[["source_category", "coverage_group"]].drop_duplicates()
        return used.merge(self.classes.coverage, how="left").reset_index(drop=True)

    def activity(self, rows: str | Sequence[str] = "source_category", **where: object) -> pd.DataFrame:
        """Return the work behind the masses: kWh, miles, vehicle-days by dimension, unit in the heading.

        Engine work is also given in hp-hr, as equipment is counted in, and the fuel burnt in tonnes and, of
        liquids, in gallons.
        """
        from factors.fuel_volume import burnt
        from factors.terms import QUANTITY_UNITS

        dimensions = [self.dimension(name) for name in ([rows] if isinstance(rows, str) else rows)]
        cells = self.cells[self.select(**where)]
        keys = [cells[name].astype(str) for name in dimensions]
        wide = cells.groupby([*keys, "quantity_kind"])["quantity"].sum().unstack("quantity_kind")
        wide.columns = [f"{kind} [{QUANTITY_UNITS[str(kind)]}]" for kind in wide.columns]
        if "energy [kWh]" in wide:
            wide["energy [hp-hr]"] = wide["energy [kWh]"] * conversion("kWh", "hp-hr")
        fuel = burnt(self.mass.loc[cells.index].groupby(keys).sum())
        return wide.join(fuel.dropna(axis="columns", how="all"))

    def shares(self, pollutant: str, **where: object) -> dict[str, float]:
        """Return which share of a pollutant rests on which activity, and on which factors; 0 to 1.

        Returns
        -------
        dict
            ``default`` (activity filled by a published default or a rule), ``median`` (filled from peers);
            ``unverified``, ``derived``, ``extrapolated`` factors. A factor counts for the part of the mass
            that it makes, not for all its class emits; see `inventories.year.confidence`.
        """
        from inventories.year.confidence import shares

        return shares(self, pollutant, where)

    def grade(self, pollutant: str) -> Grade:
        """Return how firm a pollutant's total in the domain is, and its largest weakness in one line.

        Parameters
        ----------
        pollutant : str

        Returns
        -------
        inventories.year.grade.Grade
            Shares by the origin of the activity and by the confidence of factors; the attribute that most of
            the mass rests on without being stated; models that others have superseded, with their bias.

        Raises
        ------
        KeyError
            If nothing is called so; `inventories.NotEstimated`, its child, if it is estimated for no source.

        Examples
        --------
        >>> from inventories import Inventory, Port, copy_example
        >>> import tempfile, pathlib
        >>> folder = copy_example("small-harbor", pathlib.Path(tempfile.mkdtemp()) / "harbor")
        >>> grade = Inventory.build(Port.load(folder), year=2024).grade("NOx")
        >>> grade.weakness.attribute
        'default load factors'
        """
        from inventories.year.grade import grade

        return grade(self, pollutant)

    @property
    def cube(self) -> xr.Dataset:
        """Masses as an xarray Dataset over source, port, zone, mode, month and pollutant, units in attrs.

        Its arrays are read-only; ``cube.copy(deep=True)`` may be changed.
        """
        return self._cube.copy(deep=False)

    @cached_property
    def _cube(self) -> xr.Dataset:
        from inventories.year.cube import cube

        return cube(self)

    def explain(self, pollutant: str, **where: object) -> Explanation:
        """Say where a number comes from: total, cells, records, class, terms, factor rows, documents."""
        from inventories.year.explain import explain

        return explain(self, pollutant, where)
