"""The work behind the masses, by source and mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from factors.terms import QUANTITY_UNITS
from reports.words import SOURCES_OFF_SITE, plain, source_name, source_order
from reports.year.summed_cells import summed_cells

if TYPE_CHECKING:
    from inventories.year.inventory import Inventory


def activity_table(inventory: Inventory) -> pd.DataFrame:
    """Return the work behind the masses by source category and mode or segment, in and outside the domain.

    Returns
    -------
    pandas.DataFrame
        Index of source, mode and place in words; a column a kind of work with its unit; missing where a
        line has no such work.
    """
    cells = summed_cells(inventory)
    source, mode = cells["source_category"], cells["mode_or_segment"]
    domain = cells["in_domain"].map({True: "inside", False: "outside"})
    grouped = cells["quantity"].groupby([source, mode, domain, cells["quantity_kind"]]).sum()
    wide = grouped.unstack()
    wide.columns = [f"{plain(kind)} [{plain(QUANTITY_UNITS[str(kind)])}]" for kind in wide.columns]
    order = source_order([str(key) for key in source.unique()])
    wide = wide.sort_index(
        level=0, key=lambda keys: keys.map(order.index), sort_remaining=False, kind="stable"
    )
    names = [
        (source_name(key), plain(part) or "all", "at power stations" if key in SOURCES_OFF_SITE else place)
        for key, part, place in wide.index
    ]
    headings = ["source", "mode or segment", "domain"]
    return wide.set_axis(pd.MultiIndex.from_tuples(names, names=headings), axis="index")
