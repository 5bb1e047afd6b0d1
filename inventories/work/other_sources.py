"""Factor tables of other sources, and what a port does not count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from factors.method import Method, list_methods, load_method
from factors.recipes.other_sources import NEED, SOURCE
from factors.sources import TableSpec
from factors.tables import FactorTable, typed_frame
from factors.user_tables import UserTableError, read_user_table

if TYPE_CHECKING:
    from inventories.port.port import Port

_CHOICES = {
    "heavy_duty_vehicles": "whose rates trucks take there are its options truck_rates and emfac_category"
}
"""What else to choose where a source is to be counted after all."""


USUAL = (
    "construction",
    "transport refrigeration",
    "worker trips",
    "refrigerants",
    "fleet vehicles",
    "stationary engines and heating",
    "waste and water",
    "fuel storage and evaporation",
    "bunkering vapor",
    "tanker loading vapor",
    "private boats and marinas",
)
"""What ports usually count beside the source categories, whatever the method of a year."""


def with_factor_tables(method: Method, sources: pd.DataFrame, port: Port) -> Method:
    """Return the method with the tables that rows of `other_sources` name, put together as one.

    Parameters
    ----------
    method : Method
    sources : pandas.DataFrame
        ``name, factor_table``.
    port : Port

    Raises
    ------
    UserTableError
        If a table cannot be used, lies outside the port's folder, or has no row for a name.
    """
    if sources.empty or SOURCE not in method.sources:
        return method
    form = method.needs()[SOURCE, NEED]
    texts = []
    for file, rows in sources.groupby("factor_table", sort=True):
        path = (port.folder / str(file)).resolve()
        if not path.is_relative_to(port.folder.resolve()):
            raise UserTableError(str(file), ["it lies outside the port's folder; copy it there"])
        spec = TableSpec("user", str(file), str(file), form.describes, {"name": "exact"})
        text = read_user_table(path, spec, str(file)).text
        absent = sorted(set(rows["name"].astype(str)) - set(text["name"]))
        if absent:
            known = ", ".join(sorted(set(text["name"])))
            raise UserTableError(
                str(file), [f"no row for name {name!r}; there are {known}" for name in absent]
            )
        texts.append(text.assign(factor_table=str(file)))
    whole = pd.concat(texts, ignore_index=True)
    own = TableSpec("user", f"{SOURCE}.{NEED}", "", form.describes, form.keys)
    return method.with_tables({(SOURCE, NEED): FactorTable(own, typed_frame(whole, own))})


def not_included(method: Method, tables: Mapping[str, pd.DataFrame], known: Mapping[str, str]) -> list[str]:
    """Return what ports usually count and this year does not: source categories, then other sources.

    Parameters
    ----------
    method : Method
    tables : mapping of str to pandas.DataFrame
        Activity by table.
    known : mapping of str to str
        Source category to the table it comes from.
    """
    missing = [
        category.replace("_", " ")
        for category, table in known.items()
        if category != SOURCE and (category not in method.sources or tables[table].empty)
    ]
    # Records of other sources are in a total only where the method has a place for them.
    counted = tables[SOURCE]["name"].dropna() if SOURCE in method.sources else ()
    named = {_plain(name) for name in counted}
    return missing + [name for name in USUAL if _plain(name) not in named]


def uncovered(method: Method, tables: Mapping[str, pd.DataFrame], known: Mapping[str, str]) -> list[str]:
    """Say of each table with records that the method has no source for it, and which methods have.

    Parameters
    ----------
    method : Method
    tables : mapping of str to pandas.DataFrame
        Activity by table.
    known : mapping of str to str
        Source category to the table it comes from.
    """
    said = []
    for category, table in known.items():
        if category in method.sources or tables[table].empty:
            continue
        others = [name for name in list_methods() if category in load_method(name).sources]
        how = f"; {_CHOICES[category]}" if category in _CHOICES else ""
        said.append(
            f"{table}: {len(tables[table]):,} records are in no total, for method {method.name} has no "
            f"{category.replace('_', ' ')}. To count them choose method {' or '.join(others)}{how}."
        )
    return said


def _plain(name: object) -> str:
    return " ".join(str(name).casefold().replace("_", " ").replace("-", " ").split())
