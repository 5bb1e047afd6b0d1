"""One year's activity under two or more methods: totals side by side, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.brief import lines, listed
from factors.method import Method
from factors.units import conversion
from factors.warming import GREENHOUSE_GASES, is_climate, warming_potentials
from inventories.methods.difference import Difference
from inventories.methods.lines import ESTIMATED, Piece, compare
from inventories.methods.reuse import Reuse
from inventories.methods.totals import ALL, BOTH, completed, difference, piece_of, totals_of
from inventories.work.part import Part
from inventories.year.build import chosen_method, in_year, work_of
from inventories.year.coverage import CO2E
from inventories.year.inventory import Inventory

if TYPE_CHECKING:
    from inventories.port.port import Port

Asked = str | tuple[str, Mapping[str, str]]
"""A method by name, or by name with options set otherwise than by the port."""

BASIS = ("port", "domain", "year", "method", "toolkit", "activity", "gwp_set")
"""What a stored total rests on."""


class NotComparable(ValueError):
    """Totals rest on different ground, and nobody has said that this is meant."""


@dataclass(frozen=True)
class SideBySide:
    """A year under several methods.

    Attributes
    ----------
    port_name, domain : str
    year : int
    labels : tuple of str
        The methods, each with the options that tell it apart.
    gwp_set : str
        Global warming potentials of CO2e, the same for all.
    totals : pandas.DataFrame
        ``source_category, pollutant, method, kg, state``; kg is missing where a method does not estimate.
        The state of a sum over sources is ``partial`` where one of them is not estimated.
    """

    port_name: str
    domain: str
    year: int
    labels: tuple[str, ...]
    gwp_set: str
    totals: pd.DataFrame
    _pieces: Mapping[str, Mapping[str, Piece]] = field(repr=False)

    def __repr__(self) -> str:
        sources = [name for name in self.totals["source_category"].unique() if name not in (ALL, BOTH)]
        return lines(
            f"SideBySide of {self.port_name}, {self.year}",
            {
                "methods": "; ".join(self.labels),
                "domain": self.domain,
                "sources": listed(sources, most=12),
                "pollutants": f"{listed(self.totals['pollutant'].unique(), most=12)}; CO2e by {self.gwp_set}",
                "see": "print(), .table(), .explain(pollutant)",
            },
        )

    def table(
        self, unit: str = "short_ton", ghg_unit: str = "tonne", pollutants: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Return totals by source and pollutant, a column a method, and differences from the first.

        Parameters
        ----------
        unit, ghg_unit : str
            Units of criteria pollutants, and of greenhouse gases and CO2e.
        pollutants : sequence of str, optional
            All where left out.

        Returns
        -------
        pandas.DataFrame
            Index ``source_category, pollutant, unit``. Missing where a method does not estimate (`states`
            says NE or IE); then the difference is missing too. The rows *all sources* are whole totals, and
            have a difference only where the two methods estimate the same sources; the rows *estimated by all
            methods* leave out what one of them does not.
        """
        kept = self.totals if pollutants is None else self.totals[self.totals["pollutant"].isin(pollutants)]
        wide = self._wide(kept, "kg")
        states = self._wide(kept, "state")
        wide = wide.mask(states.isin(["NE", "IE"])).astype(float)
        pollutant = wide.index.get_level_values("pollutant")
        units = [ghg_unit if is_climate(name) else unit for name in pollutant]
        wide = wide.mul([conversion("kg", each) for each in units], axis=0)
        out = wide.copy()
        for label in self.labels[1:]:
            change = difference(wide[self.labels[0]], wide[label]).mask(self._is_uneven(wide.index, label))
            out[f"{label} - {self.labels[0]}"] = change
            out[f"{label} - {self.labels[0]} [%]"] = 100 * change / wide[self.labels[0]].replace(0.0, np.nan)
        return out.set_index(pd.Index(units, name="unit"), append=True)

    def states(self) -> pd.DataFrame:
        """Return ``value, partial, zero, NE, IE`` by source and pollutant, a column a method."""
        return self._wide(self.totals, "state")

    def explain(
        self, pollutant: str, source: str | None = None, first: str | None = None, second: str | None = None
    ) -> Difference:
        """Say why a pollutant differs between two methods.

        Parameters
        ----------
        pollutant : str
            ``CO2e`` is taken apart into its gases by the set of warming potentials.
        source : str, optional
            A source category; all where left out.
        first, second : str, optional
            Labels; the first two methods where left out.

        Returns
        -------
        Difference

        Raises
        ------
        KeyError
            If there is no such method, source or pollutant.
        """
        one, two = first or self.labels[0], second or self.labels[1]
        for label in (one, two):
            if label not in self._pieces:
                raise KeyError(f"no method {label!r} here; there are {', '.join(self.labels)}")
        present = list(dict.fromkeys(name for pieces in self._pieces.values() for name in pieces))
        if source is not None and source not in present:
            raise KeyError(f"no source {source!r} here; there are {', '.join(present)}")
        weights = {pollutant: 1.0}
        if pollutant == CO2E:
            potentials = warming_potentials(self.gwp_set)
            weights = {gas: potentials[gas] for gas in GREENHOUSE_GASES}
        elif pollutant not in set(self.totals["pollutant"]):
            raise KeyError(
                f"no pollutant {pollutant!r} here; there are {', '.join(self.totals['pollutant'].unique())}"
            )
        lines, rows = [], []
        for name in [source] if source else present:
            pair = self._pieces[one].get(name), self._pieces[two].get(name)
            if pair == (None, None):
                continue
            for gas, weight in weights.items():
                found, differing = compare(*pair, {gas: weight})
                lines.append(_with_source(found, name, *pair).assign(pollutant=gas))
                rows.append(differing.assign(source_category=name, pollutant=gas))
        every = pd.concat(rows, ignore_index=True)
        order = every["kg"].astype(float).abs().sort_values(ascending=False, kind="stable").index
        columns = ["source_category", "pollutant", "what", "first", "second", "kg", "lines"]
        named = tuple(dict.fromkeys(name for part in lines for name in part["source_category"]))
        return Difference(
            pollutant, one, two, named, pd.concat(lines, ignore_index=True), every.loc[order, columns]
        )

    def _is_uneven(self, index: pd.Index, label: str) -> NDArray[np.bool_]:
        """Whether a row is the total of sources that the first method and another do not both estimate."""
        states = self.states()[[self.labels[0], label]]
        single = states.drop(index=[ALL, BOTH], level="source_category")
        one_sided = single.isin(ESTIMATED).nunique(axis=1) > 1
        uneven = set(one_sided[one_sided].index.get_level_values("pollutant"))
        source, pollutant = (index.get_level_values(name) for name in ("source_category", "pollutant"))
        return np.asarray((source == ALL) & pollutant.isin(uneven), dtype=bool)

    def _wide(self, totals: pd.DataFrame, column: str) -> pd.DataFrame:
        wide = totals.pivot(index=["source_category", "pollutant"], columns="method", values=column)
        order = totals[["source_category", "pollutant"]].drop_duplicates()
        return wide.reindex(index=pd.MultiIndex.from_frame(order), columns=list(self.labels))

    def __str__(self) -> str:
        table = self.table()
        states = self.states().loc[table.reset_index("unit").index]
        shown = table.map(lambda value: "" if pd.isna(value) else f"{value:,.4g}")
        for label in self.labels:
            state = states[label].to_numpy()
            shown[label] = np.where(np.isin(state, ["NE", "IE"]), state, shown[label])
            shown[label] = shown[label] + np.where(state == "partial", " (partial)", "")
        head = f"{self.port_name} {self.year}, {self.domain}; CO2e by {self.gwp_set}"
        return f"{head}\n{shown.to_string()}"


def side_by_side(port: Port, year: int, methods: Sequence[Asked], *, gwp: str | None = None) -> SideBySide:
    """Put one year's activity through two or more methods.

    Activity is read once; work and factors that a method would get as another did are not done again.

    Parameters
    ----------
    port : Port
    year : int
    methods : sequence of str or (str, mapping)
        Shipped methods, or a method with options. The port's own options hold for each that declares them.
    gwp : str, optional
        Warming potentials of CO2e for all; needed where the methods use different sets.

    Returns
    -------
    SideBySide

    Raises
    ------
    NotComparable
        If the methods use different sets of warming potentials and none is named.
    ValueError
        If fewer than two methods are named, or one twice.

    Examples
    --------
    >>> from inventories import Port, copy_example, side_by_side
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp()) / "harbor"
    >>> _ = copy_example("small-harbor", folder)
    >>> bay = ("epa-2022", {"load_factor_set": "san_pedro_bay"})
    >>> both = side_by_side(Port.load(folder), 2024, ["epa-2022", bay])
    >>> both.labels
    ('epa-2022', 'epa-2022 (load_factor_set = san_pedro_bay)')
    >>> bool(both.explain("NOx", "cargo_handling_equipment").effects["work_kg"].iloc[0] != 0)
    True
    """
    from inventories.activity.place_questions import load_placed_activity

    chosen = {label: in_year(method, year)[0] for label, method in _chosen(port, methods).items()}
    named = gwp or _one_set(chosen)
    activity = load_placed_activity(port, year, options=_stated_by_all(methods))
    reuse = Reuse()
    pieces: dict[str, dict[str, Piece]] = {}
    totals = []
    for label, method in chosen.items():

        def work(name: str, source: Any, asked: Method) -> list[Part]:
            parts = reuse.answer(("work", name), asked, name, lambda m: source.work(activity, port, year, m))
            return cast("list[Part]", parts)

        own, parts = work_of(activity, port, year, method, worker=work)
        held = [piece_of(part, own, reuse) for part in parts if len(part.rows)]
        pieces[label] = {piece.source_category: piece for piece in held}
        totals.append(totals_of(held, own, named).assign(method=label))
    return SideBySide(
        port_name=port.name,
        domain=port.domain["name"],
        year=year,
        labels=tuple(chosen),
        gwp_set=named,
        totals=completed(pd.concat(totals, ignore_index=True), tuple(chosen)),
        _pieces=pieces,
    )


def check_comparable(first: Inventory, second: Inventory, across: Sequence[str] = ()) -> None:
    """Refuse to set the totals of two inventories against each other where they rest on different ground.

    Parameters
    ----------
    first, second : Inventory
        Built, or opened from results.
    across : sequence of str
        What is meant to differ: some of `BASIS`, for example ``["method"]``.

    Raises
    ------
    NotComparable
        Naming everything else that differs, with both sides.
    ValueError
        If `across` names something that is no part of the basis.
    """
    unknown = sorted(set(across) - set(BASIS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: totals rest on {', '.join(BASIS)}")
    one, two = _basis(first), _basis(second)
    differs = [name for name in BASIS if one[name] != two[name] and name not in across]
    if differs:
        lines = [f"  {name}: {_brief(one[name], two[name])}" for name in differs]
        raise NotComparable(
            "these totals rest on different ground:\n" + "\n".join(lines)
            + f"\nIf that is meant, say so: across={differs!r}."
        )  # fmt: skip


# ---------------------------------------------------------------- methods


def _chosen(port: Port, methods: Sequence[Asked]) -> dict[str, Method]:
    found: dict[str, Method] = {}
    for asked in methods:
        name, options = (asked, {}) if isinstance(asked, str) else asked
        told = ", ".join(f"{key} = {value}" for key, value in options.items())
        label = f"{name} ({told})" if told else name
        if label in found:
            raise ValueError(f"{label} is named twice")
        found[label] = chosen_method(port, name, options)
    if len(found) < 2:
        raise ValueError("side by side needs two methods or more; name a method with other options as "
                         '("epa-2022", {"load_factor_set": "san_pedro_bay"})')  # fmt: skip
    return found


def _stated_by_all(methods: Sequence[Asked]) -> dict[str, str]:
    """Options that every method is named with: what they state is not asked of the port."""
    told = [{} if isinstance(asked, str) else dict(asked[1]) for asked in methods]
    shared = set(told[0]).intersection(*told[1:])
    return {name: str(told[0][name]) for name in sorted(shared)}


def _one_set(chosen: Mapping[str, Method]) -> str:
    sets = {label: method.gwp_set for label, method in chosen.items()}
    if len(set(sets.values())) > 1:
        told = ", ".join(f"{label} {name}" for label, name in sets.items())
        raise NotComparable(
            f"the methods use different warming potentials ({told}), so their CO2e is not comparable; name "
            f"one set for all: gwp={next(iter(sets.values()))!r}"
        )
    return next(iter(sets.values()))


# ---------------------------------------------------------------- words


def _with_source(lines: pd.DataFrame, name: str, first: Piece | None, second: Piece | None) -> pd.DataFrame:
    """Name the source; where one method has none of it, all of it is what the other alone estimates."""
    lines = lines.drop(columns=["class_first", "class_second"])
    lines.insert(0, "source_category", name)
    if first is None or second is None:
        missing = "state_first" if first is None else "state_second"
        change = lines["second_kg"] - lines["first_kg"]
        lines = lines.assign(factor_kg=0.0, work_kg=0.0, coverage_kg=change)
        lines[missing] = "NE"
    return lines


def _basis(inventory: Inventory) -> dict[str, Any]:
    manifest = inventory.manifest
    domain = manifest["domain"]
    return {
        "port": manifest["port"]["name"],
        "domain": dict(domain),
        "year": manifest["year"],
        "method": {"name": manifest["method"]["name"], **manifest["method"]["options"]},
        "toolkit": manifest["versions"]["caap-inventory"],
        "activity": sorted((entry["path"], entry["sha256"]) for entry in manifest["inputs"]),
        "gwp_set": manifest["gwp_set"],
    }


def _brief(one: Any, two: Any) -> str:
    if isinstance(one, Mapping):
        names = [name for name in {**one, **two} if one.get(name) != two.get(name)]
        return ", ".join(f"{name} {one.get(name, '(none)')} and {two.get(name, '(none)')}" for name in names)
    if isinstance(one, list):
        changed = sorted({path for path, _ in set(one) ^ set(two)})
        return f"{len(changed)} files differ, such as {changed[0]}"
    return f"{one} and {two}"
