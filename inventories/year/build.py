"""Build the inventory of a year: read, fill, work, resolve, sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from emissions.balances import Breach, breaches, told
from emissions.mass import CURVE_COLUMN, cell_sums
from emissions.work import DIMENSIONS, WORK_COLUMNS
from factors import library, terms
from factors.method import Method, load_method
from factors.own_tables import with_user_tables
from factors.recipes.electricity import recipe as grid
from factors.recipes.electricity.annual_rates import of_the_year
from inventories.port.place_defaults import place_options
from inventories.work.electricity import with_electricity
from inventories.work.other_sources import uncovered, with_factor_tables
from inventories.work.part import Part
from inventories.work.rows import STATE_COLUMNS, TEXT_COLUMNS, complete
from inventories.work.sources import Worker, sources, tables_of_sources
from inventories.year.changed_factors import effects, sentence
from inventories.year.coverage import CO2E
from inventories.year.grade import ASSUMED_KG, GRADE, assumed_masses, grades
from inventories.year.inventory import Inventory
from inventories.year.manifest import manifest_of
from inventories.year.mass_checks import check_masses

if TYPE_CHECKING:
    from inventories.activity import Activity
    from inventories.port.port import Port

Progress = Callable[[str], None]


class BuildError(ValueError):
    """The year cannot be built; the message says what to do."""


def build(
    port: Port,
    year: int,
    method: str | None = None,
    options: Mapping[str, str] | None = None,
    progress: Progress = lambda _: None,
) -> Inventory:
    """Build an inventory; see `Inventory.build`.

    Parameters
    ----------
    progress : callable
        Called with a few words at each step.
    """
    from inventories.activity.place_questions import load_placed_activity

    chosen, said = in_year(chosen_method(port, method, options or {}), year)
    progress("reading activity")
    activity = load_placed_activity(port, year, method, options or {})
    chosen, parts = work_of(activity, port, year, chosen, progress)
    if not parts or not any(len(part.rows) for part in parts):
        left_out = "".join(f" {said}" for said in uncovered(chosen, activity.tables, tables_of_sources()))
        raise BuildError(
            f"{port.name} has no work in {year} that method {chosen.name!r} covers: no calls, gate visits, "
            f"equipment, craft, locomotives or meters.{left_out} Put tables into "
            f"{port.folder}/activity/{year}/; `caap init` writes templates."
        )
    if any(part.source_category == grid.SOURCE for part in parts):
        activity.notes += said
    progress("resolving factors and summing")
    return assemble(parts, activity, port, year, chosen)


def work_of(
    activity: Activity,
    port: Port,
    year: int,
    method: Method,
    progress: Progress = lambda _: None,
    worker: Worker | None = None,
) -> tuple[Method, list[Part]]:
    """Return the work of all sources that a method covers, and the method with the tables records name.

    Parameters
    ----------
    worker : callable, optional
        Called with a source's name, the source and the method in place of the source's own work; it may know
        the answer already.
    """
    method = with_factor_tables(method, activity.tables["other_sources"], port)
    parts: list[Part] = []
    for name, source in sources():
        if name in method.sources and len(activity.tables[source.table]):
            progress(f"working out {name.replace('_', ' ')}")
            try:
                parts += worker(name, source, method) if worker else source.work(activity, port, year, method)
            except ValueError as problem:
                if type(problem) is not ValueError:
                    raise
                # A bare refusal of a formula is about the port's records: told as such, without a traceback.
                raise BuildError(f"{name.replace('_', ' ')}, {year}: {problem}") from problem
    return method, with_electricity(parts, activity, port, year, method)


def chosen_method(port: Port, method: str | None, options: Mapping[str, str]) -> Method:
    """Return the method asked for, with what follows from the place, options of the port and of the call.

    What the place leaves open is asked where records need it; see `inventories.activity.place_questions`.
    """
    named = load_method(method or port.method_name)
    # Options of the port's own method mean nothing to another method that does not declare them.
    own = {key: str(value) for key, value in port.method_options.items()}
    if method is not None and method != port.method_name:
        own = {key: value for key, value in own.items() if key in named.declared}
    stated = {**own, **options}
    follows = place_options(
        port.place, stated, port.whole_tables, named.sources, str(stated.get("grid_kind", "average"))
    ).options
    of_the_place = {key: value for key, value in follows.items() if key in named.declared}
    with_options = named.with_options(**{**of_the_place, **stated})
    tables = {need: port.folder / path for need, path in port.factor_tables.items()}
    if named.name != port.method_name:
        tables = {need: path for need, path in tables.items() if need.partition(".")[0] in named.sources}
    over = {need: path for need, path in tables.items() if need in port.factors_over}
    return with_user_tables(
        with_options, {need: path for need, path in tables.items() if need not in over}, over
    )


def in_year(method: Method, year: int) -> tuple[Method, list[str]]:
    """Return the method with the year of grid rates nearest to the inventory's, and what to say of it."""
    if grid.SOURCE not in method.sources:
        return method, []
    _, rate_type, qualifier = grid.chosen(method)
    method, said = of_the_year(method, year, rate_type, qualifier)
    return method, [said] if said else []


def assemble(parts: Iterable[Part], activity: Activity, port: Port, year: int, method: Method) -> Inventory:
    """Resolve the classes of all parts and sum their work to cells."""
    works, cells, resolved = [], [], []
    unkept: list[Breach] = []
    assumed: dict[str, dict[str, dict[str, float]]] = {}
    parts = list(parts)
    n_classes = n_cells = 0
    for part in parts:
        if not len(part.rows):
            continue
        rows = complete(part.rows)
        class_id, classes = library.resolve(part.source_category, rows, method)
        cell, summed = cell_sums(rows, class_id, classes, DIMENSIONS)
        unkept += breaches(part.source_category, rows, class_id, classes, method)
        if found := assumed_masses(part.source_category, rows, class_id, classes):
            assumed[part.source_category] = found
        keep = [*WORK_COLUMNS, *STATE_COLUMNS]
        works.append(
            rows[keep].assign(
                model_year=_year_built(rows), class_id=class_id + n_classes, cell=cell + n_cells
            )
        )
        cells.append(summed.assign(class_id=summed["class_id"] + n_classes))
        resolved.append(classes)
        n_classes += len(classes.classes)
        n_cells += len(summed)
    curves = dict.fromkeys(str(name) for part in cells for name in part if str(name).startswith(CURVE_COLUMN))
    work = _joined(works)
    inventory_cells = _joined(
        [part.assign(**dict.fromkeys((name for name in curves if name not in part), 0.0)) for part in cells]
    )
    _check_conserved(work, inventory_cells)
    manifest = manifest_of(activity, port, year, method, parts, work, tables_of_sources())
    manifest["notes"] += [*told(unkept), *method.remarks]
    classes = terms.concat(resolved)
    if method.changes:
        inside = inventory_cells[inventory_cells["in_domain"].to_numpy(dtype=bool)]
        manifest["method"]["overrides"] = changed = effects(method.changes, inside, classes)
        manifest["notes"] += [sentence(entry) for entry in changed]
    manifest[ASSUMED_KG] = assumed
    built = Inventory(work, inventory_cells, classes, manifest, method, activity.rejected)
    # An inventory that is built has its masses and grades; one that is opened works its masses out.
    check_masses(built, manifest, port)
    manifest[GRADE] = grades(built, [*method.pollutants, CO2E])
    return built


def _year_built(rows: pd.DataFrame) -> pd.Series:
    """Year of the engine itself, where the model year of its factor class is another or none."""
    return rows["year_built"] if "year_built" in rows else rows["model_year"]


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of several sources behind each other; categories are sorted: equal inputs, equal files."""
    columns: dict[str, Any] = {}
    for name in parts[0]:
        if name in TEXT_COLUMNS:
            columns[str(name)] = _one_category([part[name] for part in parts])
        else:
            held = [part[name] if name in part else pd.Series(0.0, index=part.index) for part in parts]
            columns[str(name)] = pd.concat(held, ignore_index=True)
    return pd.DataFrame(columns)


def _one_category(columns: list[pd.Series]) -> pd.Categorical:
    texts = [column.astype("category").cat for column in columns]
    used = [text.categories[np.unique(text.codes[text.codes >= 0])].astype(str) for text in texts]
    categories = sorted(set().union(*used))
    codes = [
        pd.Index(categories).get_indexer(text.categories.astype(str))[text.codes.to_numpy()] for text in texts
    ]
    return pd.Categorical.from_codes(np.concatenate(codes), categories=categories)  # type: ignore[call-overload]


def _check_conserved(work: pd.DataFrame, cells: pd.DataFrame) -> None:
    """Work before summing equals work after it, kind by kind."""
    before = (work["quantity"] * work["port_share"]).groupby(work["quantity_kind"].astype(str)).sum()
    after = cells.groupby(cells["quantity_kind"].astype(str))["quantity"].sum()
    if not np.allclose(before.sort_index(), after.sort_index(), rtol=1e-9):
        raise AssertionError(f"work is not conserved: {before.to_dict()} before, {after.to_dict()} after")
