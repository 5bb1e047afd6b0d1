"""CH4 and N2O of trucks a mile from EPA's hub, where the rates that trucks take do not print them.

The hub's grams per mile are of the whole of driving: what a truck emits at idle or at its start is in them.
"""

from __future__ import annotations

import pandas as pd

from factors.method import Method
from factors.recipes.trucks.ages import SOURCE, joined
from factors.terms import TermBuilder

GASES = ("CH4", "N2O")
IN_MILES = "in EPA's hub rate per mile (option truck_ghg)"
_FUELS = {"diesel": "diesel", "natural_gas": "CNG"}
HOLDS_TO = 2022
"""Last model year that the hub names; later ones take the last step, marked."""
_TABLES = {
    "diesel": "running",
    "natural_gas_proxy": "running",
    "natural_gas_emfac": "running",
    "diesel_moves": "moves_running",
    "natural_gas_moves": "moves_running",
}
_PRINTS = ("diesel_moves4", "natural_gas_moves4")
_PRINTS_NOT = ("diesel_moves3", "natural_gas")


def by_hub(drive: str, gas: str, method: Method) -> bool:
    """Return whether a gas of trucks with a drive comes from the hub.

    Examples
    --------
    >>> from factors.method import load_method
    >>> method = load_method("epa-2022")
    >>> by_hub("diesel", "CH4", method), by_hub("natural_gas", "CH4", method)
    (False, True)
    """
    choice = method.option("truck_ghg")
    burns = drive in (*_TABLES, *_PRINTS, *_PRINTS_NOT)
    if gas not in GASES or not burns or choice == "rates":
        return False
    if choice == "hub":
        return True
    if drive in _TABLES:
        return gas not in method.table(SOURCE, _TABLES[drive]).quantities
    return drive in _PRINTS_NOT


def of_miles(running: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add CH4 and N2O of running trucks whose gases come from the hub.

    Parameters
    ----------
    running : pandas.DataFrame, shape (n, ...)
        Running classes with ``drive``.
    method : Method
    terms : TermBuilder
    """
    table = method.table(SOURCE, "greenhouse_gases")
    for gas in GASES:
        takes = {drive: by_hub(str(drive), gas, method) for drive in running["drive"].unique()}
        mine = running[running["drive"].map(takes).to_numpy(dtype=bool)]
        if mine.empty:
            continue
        first = table.frame.loc[table.frame["fuel"] == "diesel", "model_year_from"].astype(int).min()
        year = mine["model_year"].astype("int64")
        fuel = mine["drive"].str.replace(r"^(diesel|natural_gas).*", r"\1", regex=True).map(_FUELS)
        asked = mine.assign(fuel=fuel, model_year=year.clip(lower=first), hub_edition="2025")
        diesel = fuel == "diesel"
        beyond = diesel & ((year > HOLDS_TO) | (year < first))
        note = pd.Series("by the mile, idling and starts with it", index=mine.index)
        note = note.mask(beyond, joined(note, f"the hub names model years {first} to {HOLDS_TO}"))
        rate = table.find(asked, gas, vehicle="heavy-duty")
        terms.add(gas, "exhaust", rate, extrapolated=beyond, note=note)


def stated(coverage: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return the coverage of trucks with what the hub brings: values per mile, and nothing beside them."""
    coverage = coverage.copy()
    for gas in GASES:
        lines = coverage[coverage["pollutant"] == gas]
        for process, ending in (("exhaust", "_running"), ("idle", "_idle"), ("start", "_start")):
            mine = lines[(lines["process"] == process) & lines["coverage_group"].str.endswith(ending)]
            drives = mine["coverage_group"].str.removesuffix(ending)
            hub = mine.index[[by_hub(str(drive), gas, method) for drive in drives]]
            coverage.loc[hub, "state"] = "value" if process == "exhaust" else "IE"
            coverage.loc[hub, "rule"] = "" if process == "exhaust" else IN_MILES
    return coverage
