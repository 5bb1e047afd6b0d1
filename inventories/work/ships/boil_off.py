"""What gas carriers burn at berth: boil-off of their cargo, where the method has boilers on gas."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from factors.method import Method
from factors.recipes.ships.plants import by_main_engine

GAS_CARRIER = "liquefied_gas_tanker"


@dataclass(frozen=True)
class BoilersOnOil:
    """Boilers of gas carriers at berth that burn oil and no boil-off.

    Attributes
    ----------
    calls, calls_on_oil : int
        Calls of gas carriers with boilers at work at berth, and those of them whose boilers burn oil.
    kwh : float
        Work of these boilers. [kWh]
    method_has_gas : bool
        Whether the method has boilers on gas, so that it is the ships that name no gas.
    """

    calls: int
    calls_on_oil: int
    kwh: float
    method_has_gas: bool


def boilers_on_oil(rows: pd.DataFrame, method: Method) -> BoilersOnOil | None:
    """Tell of gas carriers at berth whose boilers burn oil; None where there are none.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, ...)
        Work rows of ships.
    method : Method
    """
    boilers = rows[(rows["type"] == GAS_CARRIER) & (rows["engine_group"] == "boiler")]
    at_berth = boilers[boilers["mode"] == "hotelling"]
    on_oil = at_berth[at_berth["fuel"] != "LNG"]
    if not len(on_oil):
        return None
    return BoilersOnOil(
        at_berth["record_id"].nunique(),
        on_oil["record_id"].nunique(),
        float(on_oil["quantity"].sum()),
        by_main_engine(method),
    )
