"""VOC of trucks: as printed, as California's ROG, or by EPA's ratios between groups of hydrocarbons.

EMFAC's ROG is all organic gases (TOG) less methane, ethane and acetone (EMFAC2000 technical support document,
section 4.13). The federal definition of VOC leaves out the same three (40 CFR 51.100(s)), and California's
inventories use both words for one thing (CARB, *Definitions of VOC and ROG*, which its page on VOC exemptions
names), so that ROG is VOC there without a factor.
"""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.recipes.trucks.ages import SOURCE, joined
from factors.tables import FactorTable, Rows

AS_ROG = "ROG is VOC by California's definition"
_RATIO = {"HC": "NMOG_over_THC", "TOG": "NMOG_over_TOG"}
_BY_RATIO = "NMOG by EPA's ratio for {name}: it holds ethane and acetone, which VOC does not"


def printed_for_voc(table: FactorTable, method: Method) -> str:
    """Return the quantity of a table of rates that VOC is taken from; empty where there is none.

    Examples
    --------
    >>> from factors.method import load_method
    >>> method = load_method("epa-2022")
    >>> printed_for_voc(method.table("heavy_duty_vehicles", "running"), method)
    'ROG'
    """
    held, choice = set(table.quantities), method.option("truck_voc")
    wanted = {"as_rates": ("VOC", "ROG", "HC", "TOG"), "rog": ("VOC", "ROG"), "nmog": ("VOC", "HC", "TOG")}
    return next((name for name in wanted[choice] if name in held), "")


def reaches(printed: str, drive: str) -> bool:
    """Return whether VOC follows from a quantity for what drives a truck: ratios are those of diesel engines.

    Examples
    --------
    >>> reaches("ROG", "natural_gas_proxy"), reaches("TOG", "natural_gas_proxy")
    (True, False)
    """
    return bool(printed) and (printed not in _RATIO or drive.startswith("diesel"))


def voc_rows(
    printed: str, members: pd.DataFrame, own_years: pd.Series, table: FactorTable, method: Method
) -> tuple[list[Rows], pd.Series]:
    """Return the factor rows whose product is VOC, and what is said of it.

    Parameters
    ----------
    printed : str
        As `printed_for_voc` says.
    members : pandas.DataFrame, shape (n, ...)
        Classes keyed as the table is, with ``note``.
    own_years : pandas.Series, shape (n,)
        Model years of the trucks themselves, by which ratios are asked.
    """
    rate = table.find(members, printed)
    if printed not in _RATIO:
        return [rate], joined(members["note"], AS_ROG if printed == "ROG" else "")
    asked = pd.DataFrame({"fuel": "diesel", "model_year": own_years}, index=members.index)
    ratio = method.table(SOURCE, "hydrocarbons").find(asked, _RATIO[printed])
    return [rate, ratio], joined(members["note"], _BY_RATIO.format(name=printed))
