"""Electricity taken from a grid: by ships at berth, machines, trucks, craft, and whatever a port meters.

Every kilowatt-hour that is drawn has one row here, and so its mass at power stations once. Rows of machines,
trucks and craft repeat what their own source has worked out: there the carrier is shown, here the mass.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from emissions._arguments import formula
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method
from factors.recipes.electricity.grid_hours import by_hour
from factors.recipes.electricity.recipe import DRAWN
from factors.terms import ELECTRICITY

SOURCE = "electricity"

_PLACE = ("terminal", "port", "zone", "operator", "control", "month", "port_share", "provenance")
_BLANK = {"month": 0, "port_share": 1.0, "provenance": "given"}


def drawn(work: Mapping[str, pd.DataFrame], method: Method) -> pd.DataFrame:
    """Return what electric machines, trucks and craft draw in the domain, metered or by their rates.

    Parameters
    ----------
    work : mapping of str to pandas.DataFrame
        Work rows by source category.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        ``use, source_type, is_metered, quantity`` [kWh at the meter], the place and the month, summed. What
        has neither meter nor rate is not estimated and has no row.
    """
    parts = []
    for category, use in DRAWN.items():
        rows = work.get(category)
        if rows is None or "fuel" not in rows:
            continue
        rows = rows[(rows["fuel"] == "electric").to_numpy() & rows["in_domain"].to_numpy(dtype=bool)]
        if not len(rows):
            continue
        rows = rows.reset_index(drop=True)
        class_id, classes = resolve(category, rows, method)
        # A port's share is applied once, when the electricity's own work is summed.
        taken = row_mass(rows.drop(columns="port_share", errors="ignore"), class_id, classes, [ELECTRICITY])
        if ELECTRICITY not in taken:
            continue
        place = {name: rows[name] if name in rows else _BLANK.get(name, "") for name in _PLACE}
        text = {name: pd.Series(value, index=rows.index) for name, value in place.items()}
        for name in ("terminal", "port", "zone", "operator", "control", "provenance"):
            text[name] = text[name].astype("str").fillna("")
        frame = pd.DataFrame(
            {
                **text,
                "source_type": rows["source_type"].astype("str"),
                "is_metered": (rows["quantity_kind"] == "electricity").to_numpy(dtype=bool),
                "quantity": taken[ELECTRICITY].to_numpy(),
            }
        )
        keys = [name for name in frame if name != "quantity"]
        summed = frame[frame["quantity"] > 0].groupby(keys, as_index=False)["quantity"].sum()
        parts.append(summed.assign(use=use, record_id=use + " " + summed["terminal"]))
    columns = ["use", "record_id", "source_type", "is_metered", "quantity", *_PLACE]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


@formula()
def work_rows(taken: pd.DataFrame, method: Method, year: int = 0) -> pd.DataFrame:
    """Return the work rows of electricity.

    Power stations are not in the port's domain: these rows are kept and shown as a line of their own, never
    summed with what leaves a stack or a tailpipe in the port.

    Parameters
    ----------
    taken : pandas.DataFrame, shape (n, ...)
        ``use`` (``shore_power`` ...), ``quantity`` [kWh at the meter], and the place, operator and month.
    method : Method
    year : int
        Calendar year in which it was drawn, for rates by the hour; that of the rates where left out.

    Returns
    -------
    pandas.DataFrame, shape (n, ...)

    References
    ----------
    Rates per kilowatt-hour and losses, and which rates hold the loss already: edition ``grid``; EPA, AVERT,
    https://www.epa.gov/avert, EPA, eGRID, https://www.epa.gov/egrid, and NREL, Cambium 2023, read in NREL's
    ALTRIOS, https://github.com/NREL/altrios (commit 72151a2990).
    """
    if by_hour(method):
        taken = taken.assign(grid_month=taken["month"].astype(int), grid_calendar=year)
    return taken.assign(
        source_category=SOURCE,
        source_type=taken["use"],
        engine_group="",
        process_set="grid",
        mode_or_segment=taken["use"],
        fuel="electricity",
        technology="",
        tier_or_model_year="",
        in_domain=False,
        jurisdiction="power stations",
        grid_region=method.option("grid_region"),
        quantity_kind="electricity",
    )
