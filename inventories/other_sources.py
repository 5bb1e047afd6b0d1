"""Factor tables of other sources, and what a port does not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from factors.method import Method
from factors.sources import TableSpec
from factors.terms import is_carrier
from factors.user_tables import UserTableError, read_user_table

if TYPE_CHECKING:
    import pandas as pd

    from inventories.port import Port

SOURCE = "other_sources"
_NOT_GIVEN = "the port's factor table does not give it"


def with_factor_tables(method: Method, sources: pd.DataFrame, port: Port) -> Method:
    """Return the method with the tables that rows of `other_sources` name, and what they cover.

    Every pollutant that a table has for a name is estimated; any other of the method's is not.

    Raises
    ------
    UserTableError
        If a table cannot be used, lies outside the port's folder, or has no row for a name.
    """
    if sources.empty or SOURCE not in method.sources:
        return method
    tables = {}
    coverage = []
    for file, rows in sources.groupby("factor_table", sort=True):
        path = (port.folder / str(file)).resolve()
        if not path.is_relative_to(port.folder.resolve()):
            raise UserTableError(str(file), ["it lies outside the port's folder; copy it there"])
        spec = TableSpec("user", str(file), str(file), "factors of other sources", {"name": "exact"})
        table = read_user_table(path, spec, str(file))
        tables[SOURCE, str(file)] = table
        names = table.frame["name"].astype(str)
        absent = sorted(set(rows["name"].astype(str)) - set(names))
        if absent:
            known = ", ".join(sorted(set(names)))
            raise UserTableError(
                str(file), [f"no row for name {name!r}; there are {known}" for name in absent]
            )
        for name in sorted(set(rows["name"].astype(str))):
            given = sorted(set(table.frame.loc[names == name, "quantity"].astype(str)))
            coverage.append(_line(name, given, method.pollutants))
    content = {**method.sources[SOURCE], "coverage": coverage}
    return replace(method.with_tables(tables), sources={**method.sources, SOURCE: content})


def _line(name: str, given: list[str], pollutants: Iterable[str]) -> Mapping[str, object]:
    emitted = [quantity for quantity in given if not is_carrier(quantity)]
    rest = {pollutant: _NOT_GIVEN for pollutant in pollutants if pollutant not in emitted}
    return {"group": name, "process": "exhaust", "value": emitted, "NE": rest}


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
    usual = method.sources.get(SOURCE, {}).get("usual", [])
    named = {_plain(name) for name in tables[SOURCE]["name"].dropna()}
    return missing + [name for name in usual if _plain(name) not in named]


def _plain(name: object) -> str:
    return " ".join(str(name).casefold().replace("_", " ").replace("-", " ").split())
