"""Electricity taken from a grid: shore power of ships, and whatever else plugs in."""

from __future__ import annotations

import pandas as pd

from factors.method import Method

SOURCE = "electricity"


def work_rows(taken: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the work rows of electricity.

    Power stations are not in the port's domain: these rows are kept and shown as a line of their own, never
    summed with what leaves a stack or a tailpipe in the port.

    Parameters
    ----------
    taken : pandas.DataFrame, shape (n, ...)
        ``use`` (``shore_power`` ...), ``quantity`` [kWh at the meter], and the place, operator and month.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
    """
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
