"""A method with some of its needs served by a user's own tables, or by what EMFAC and MOVES exported."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from factors.method import Method, MethodError
from factors.overrides import with_overrides
from factors.user_tables import read_user_table

_TRUCKS = "heavy_duty_vehicles"
_EGRID = "electricity.egrid"


def with_user_tables(
    method: Method, tables: Mapping[str, Path], over: Mapping[str, Path] = MappingProxyType({})
) -> Method:
    """Return the method with some of its needs served by a user's tables.

    Parameters
    ----------
    method : Method
    tables : mapping of str to Path
        ``source_category.need`` to file, for example ``harbor_craft.emission_factors``; names that begin with
        ``heavy_duty_vehicles.emfac`` are exports of EMFAC's own web database (see `factors.models.emfac`),
        with ``heavy_duty_vehicles.moves`` or ``moves_`` the output tables of one run of MOVES (see
        `factors.models.moves`); ``electricity.egrid`` may be EPA's own workbook (see `factors.models.egrid`).
    over : mapping of str to Path
        ``source_category.need`` to a file of single rows over that table; see `factors.overrides`.

    Raises
    ------
    factors.method.MethodError
        If the method has no such need.
    factors.user_tables.UserTableError
        If a table cannot be used.
    """
    method, tables = _with_emfac(method, tables)
    method, tables = _with_moves(method, tables)
    method, tables = _with_egrid(method, tables)
    own = {}
    for name, path in tables.items():
        source, _, need = name.partition(".")
        specs = method.needs()
        if (source, need) not in specs:
            known = [f"{known_source}.{known_need}" for known_source, known_need in specs]
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise MethodError(f"method {method.name!r} has no need {name!r}; {hint}it has {', '.join(known)}")
        own[source, need] = read_user_table(path, specs[source, need], name)
    return with_overrides(method.with_tables(own), over)


def _with_emfac(method: Method, tables: Mapping[str, Path]) -> tuple[Method, dict[str, Path]]:
    """Take EMFAC's own files, as exported or as a year has kept them; return the tables that are left."""
    trucks = {name: path for name, path in tables.items() if name.startswith(f"{_TRUCKS}.")}
    if not trucks or _TRUCKS not in method.sources:
        return method, dict(tables)
    from factors.models.emfac.method import saved_tables, with_emfac, with_emfac_tables
    from factors.models.emfac.reading import read_emfac

    exports = {name: path for name, path in trucks.items() if name.startswith(f"{_TRUCKS}.emfac")}
    if exports:
        proxy = str(method.sources[_TRUCKS]["rows"]["natural_gas_proxy"])
        categories = (method.option("emfac_category"), proxy)
        region = method.option("emfac_region")
        files = [read_emfac(path, region=region, categories=categories) for path in exports.values()]
        return with_emfac(method, files), {name: path for name, path in tables.items() if name not in exports}
    kept = saved_tables(trucks)
    if (_TRUCKS, "running") in kept:
        method = with_emfac_tables(method, kept)
        tables = {name: path for name, path in tables.items() if tuple(name.split(".", 1)) not in kept}
    return method, dict(tables)


def _with_moves(method: Method, tables: Mapping[str, Path]) -> tuple[Method, dict[str, Path]]:
    """Take a run of MOVES, as exported or as a year has kept it; return the tables that are left."""
    if _TRUCKS not in method.sources or not any(name.startswith(f"{_TRUCKS}.moves") for name in tables):
        return method, dict(tables)
    from factors.models.moves.method import named_for_moves, with_moves

    run = {name: path for name, path in tables.items() if named_for_moves(name)}
    if not run:
        return method, dict(tables)
    emfac = sorted(need for source, need in method.own_tables if source == _TRUCKS)
    if emfac:
        raise MethodError(
            f"[factor_tables] names rates of EMFAC and a run of MOVES ({', '.join(sorted(run))}) for the "
            "same trucks: keep one of them"
        )
    return with_moves(method, run), {name: path for name, path in tables.items() if name not in run}


def _with_egrid(method: Method, tables: Mapping[str, Path]) -> tuple[Method, dict[str, Path]]:
    """Take EPA's own workbook of eGRID; return the tables that are left, a CSV of the usual form too."""
    path = tables.get(_EGRID)
    if path is None or ("electricity", "egrid") not in method.needs():
        return method, dict(tables)
    from factors.models.egrid import is_workbook, read_egrid

    if not is_workbook(path):
        return method, dict(tables)
    forms = method.needs()
    found = read_egrid(path, {need: forms["electricity", need] for need in ("egrid", "gross_loss")}, _EGRID)
    left = {name: other for name, other in tables.items() if name != _EGRID}
    own = {("electricity", need): table for need, table in found.items() if f"electricity.{need}" not in left}
    return method.with_tables(own), left
