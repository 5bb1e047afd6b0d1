"""Other sources: quantities of anything, by a factor table of the port's own."""

from __future__ import annotations

import pandas as pd

from emissions._arguments import formula
from emissions._months_and_zones import over_months, zone_of
from factors.terms import QUANTITY_UNITS
from factors.units import UnitError, conversion, parse_unit, same_dimension

SOURCE = "other_sources"
_KINDS = ("energy", "distance", "duration", "fuel", "fuel_volume", "vehicle_day", "start", "gross_ton_mile")
_COUNTS = ("1", "count", "each", "number")


def quantity_kind(unit: str) -> tuple[str, float]:
    """Return the kind of quantity a unit measures, and the factor to that kind's unit.

    Raises
    ------
    UnitError
        If the unit is not known, or measures none of the kinds.

    Examples
    --------
    >>> quantity_kind("gal")
    ('fuel_volume', 1.0)
    """
    if unit in _COUNTS:
        return "count", 1.0
    parsed = parse_unit(unit)
    for kind in _KINDS:
        if same_dimension(parsed, parse_unit(QUANTITY_UNITS[kind])):
            return kind, conversion(unit, QUANTITY_UNITS[kind])
    raise UnitError(
        f"unit {unit!r} measures none of {', '.join(_KINDS)} and is no count (write 1): a quantity is work "
        "done, "
        "never an emitted mass"
    )


@formula()
def work_rows(sources: pd.DataFrame, zones: pd.DataFrame | None = None, *, year: int) -> pd.DataFrame:
    """Work of other sources in a year, month by month.

    Parameters
    ----------
    sources : pandas.DataFrame, shape (n, ...)
        ``name, quantity, unit, factor_table``; optional ``scope, zone, month, port, terminal``.
    zones : pandas.DataFrame, optional
        ``zone, in_domain, jurisdiction``.
    year : int

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        Work rows with the recipe's keys.

    Raises
    ------
    ValueError
        If a unit cannot be used; all in one message.
    """
    table = sources.reset_index(drop=True)
    kinds, problems = {}, []
    for unit in table["unit"].unique():
        try:
            kinds[unit] = quantity_kind(str(unit))
        except UnitError as problem:
            problems.append(str(problem))
    if problems:
        raise ValueError("other_sources: " + "; ".join(problems))
    blank = pd.Series("", index=table.index, dtype="str")
    zone, port, terminal, scope = (
        table[name].fillna("").astype("str") if name in table else blank
        for name in ("zone", "port", "terminal", "scope")
    )
    within, jurisdiction = zone_of(zone, zones)
    kind = table["unit"].map({unit: found[0] for unit, found in kinds.items()})
    rows = pd.DataFrame(
        {
            "record_id": table["name"].astype("str"),
            "source_category": SOURCE,
            "source_type": table["name"].astype("str"),
            "engine_group": ("scope " + scope).where(scope != "", ""),
            "process_set": kind,
            "mode_or_segment": "other",
            "tier_or_model_year": "",
            "terminal": terminal,
            "zone": zone,
            "jurisdiction": jurisdiction,
            "in_domain": within,
            "port": port,
            "operator": "",
            "control": "",
            "provenance": "given",
            "port_share": 1.0,
            "quantity_kind": kind,
            "quantity": table["quantity"]
            * table["unit"].map({unit: found[1] for unit, found in kinds.items()}),
            "month": table["month"].astype(float) if "month" in table else float("nan"),
            "name": table["name"].astype("str"),
            "factor_table": table["factor_table"].astype("str"),
            "kind": kind,
        }
    )
    return over_months(rows, ("quantity",), year)
