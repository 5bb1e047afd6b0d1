"""What records of ships say and hardly can be: tiers, keels, fuels and plugs that contradict each other.

Nothing here stops a build or changes a number: what was stated is taken, and told with file and row.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method

SOURCE = "ocean_going_vessels"
PLACE = ["_file", "_row"]
_KEEL_LAG_YEARS = 3
"""Years by which a keel may lie before the delivery, where only this is known."""

_BY_APPROVED_METHOD = (19900101, 20000101)
"""Keels whose engines an approved method may bring to Tier I (MARPOL Annex VI, regulation 13.7)."""


def unlawful_tiers(vessels: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return engines of ships whose stated tier their keel, or year of delivery, hardly can have.

    Parameters
    ----------
    vessels : pandas.DataFrame, shape (n, ...)
        ``vessel_id, keel_date, build_year, tier_main, tier_aux``, the last four where known.
    method : Method

    Returns
    -------
    pandas.DataFrame
        ``vessel_id, engine`` (main or aux), ``tier`` and ``least, most`` [tier number] of keels of that time,
        ``since``, what is stated of it, ``_file, _row``.
    """
    keel = pd.to_datetime(_column(vessels, "keel_date"))
    built = _column(vessels, "build_year").astype(float)
    day = (keel.dt.year * 10000 + keel.dt.month * 100 + keel.dt.day).astype(float)
    first = day.fillna((built - _KEEL_LAG_YEARS) * 10000 + 101)
    last = day.fillna(built * 10000 + 1231)
    known = first.notna()
    steps = method.table(SOURCE, "nox_tiers").frame
    steps = steps[steps["quantity"] == "tier"]
    least = _in_force(steps[steps["area"] == "global"], first)
    most = _in_force(steps, last)
    retrofit = (last >= _BY_APPROVED_METHOD[0]) & (first < _BY_APPROVED_METHOD[1])
    most = np.where(retrofit, np.maximum(most, 1), most)
    since = ("keel of " + keel.dt.strftime("%Y-%m-%d")).fillna("delivery in " + built.map("{:.0f}".format))
    found = []
    for engine in ("main", "aux"):
        stated = _column(vessels, f"tier_{engine}").astype("str")
        number = pd.to_numeric(stated.str.extract(r"(\d)")[0])
        wrong = known & number.notna() & ((number < least) | (number > most))
        found.append(
            _placed(vessels)[["vessel_id", *PLACE]]
            .assign(engine=engine, tier=number, least=least, most=most, since=since)
            .loc[wrong]
        )
    return pd.concat(found, ignore_index=True)


def keels_after_delivery(vessels: pd.DataFrame) -> pd.DataFrame:
    """Return ships whose keel was laid after the year of their delivery.

    Parameters
    ----------
    vessels : pandas.DataFrame, shape (n, ...)
        ``vessel_id, keel_date, build_year``.

    Returns
    -------
    pandas.DataFrame
        ``vessel_id, keel_date, build_year, _file, _row``.
    """
    keel, built = pd.to_datetime(_column(vessels, "keel_date")), _column(vessels, "build_year").astype(float)
    told = _placed(vessels)[["vessel_id", *PLACE]].assign(keel_date=keel, build_year=built)
    return told[(keel.dt.year > built).to_numpy()].reset_index(drop=True)


def plugged_without_plug(stops: pd.DataFrame, calls: pd.DataFrame, vessels: pd.DataFrame) -> pd.DataFrame:
    """Return stops on shore power of ships that are said to be unable to take it.

    Parameters
    ----------
    stops, calls, vessels : pandas.DataFrame
        Canonical tables.

    Returns
    -------
    pandas.DataFrame
        ``call_id, vessel_id, _file, _row``.
    """
    if "is_shore_power_capable" not in vessels:
        return pd.DataFrame(columns=["call_id", "vessel_id", *PLACE])
    able = vessels.set_index("vessel_id")["is_shore_power_capable"]
    unable = able.index[(able.notna() & ~able.fillna(True).astype(bool)).to_numpy()]
    on = stops["shore_power_from_utc"].notna() | (_column(stops, "shore_power_kwh").astype(float) > 0)
    if "shore_power_used" in stops:
        on |= stops["shore_power_used"].fillna(False).astype(bool)
    ship = stops["call_id"].map(calls.set_index("call_id")["vessel_id"])
    told = _placed(stops)[["call_id", *PLACE]].assign(vessel_id=ship)
    return told[(on & ship.isin(unable)).to_numpy()].reset_index(drop=True)


def above_limit(stays: pd.DataFrame, scrubbed: pd.Series) -> pd.DataFrame:
    """Return stays that state a fuel which the place does not allow to a ship without a scrubber.

    Parameters
    ----------
    stays : pandas.DataFrame, shape (n, ...)
        ``call_id, vessel_id, fuel_given, sulfur_given, area_sulfur_pct`` [% by mass].
    scrubbed : pandas.Series of bool
        Whether ships are said to have a scrubber, by ``vessel_id``.

    Returns
    -------
    pandas.DataFrame
        ``call_id, fuel_given, sulfur_given, area_sulfur_pct, _file, _row``, a stop once.
    """
    bare = ~stays["vessel_id"].map(scrubbed).astype(bool)
    limit, sulfur = stays["area_sulfur_pct"], stays["sulfur_given"].astype(float)
    too_much = sulfur > limit * (1 + 1e-9)
    residual = sulfur.isna() & stays["fuel_given"].isin(["RM/HFO", "VLSFO"]) & (limit <= _DISTILLATE_ONLY_PCT)
    columns = ["call_id", "fuel_given", "sulfur_given", "area_sulfur_pct", *PLACE]
    return (
        _placed(stays)
        .loc[bare & (too_much | residual), columns]
        .drop_duplicates(PLACE)
        .reset_index(drop=True)
    )


_DISTILLATE_ONLY_PCT = 0.1
"""Limit of sulfur that residual oils do not meet as a rule. [% by mass]"""


def _in_force(steps: pd.DataFrame, day: pd.Series) -> NDArray[np.float64]:
    """Highest tier among the steps up to each day; 0 before the first."""
    order = steps.astype({"keel_date_from": float, "value": float}).sort_values("keel_date_from")
    tiers = np.concatenate([[0.0], order["value"].cummax().to_numpy()])
    at = np.searchsorted(order["keel_date_from"].to_numpy(), day.fillna(0.0).to_numpy(), side="right")
    return np.asarray(tiers[at])


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series(np.nan, index=frame.index)


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows if "_row" in rows else rows.assign(_file="", _row=0)
