"""Sulfur of fuel at berth by the law of the port's country, beside the limits of control areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.tables import load_mapping
from inventories.port.place import Place

SOURCE = "ocean_going_vessels"
NEED = "berth_sulfur_limits"


@dataclass(frozen=True)
class BerthRule:
    """What the law of a port's country asks of fuel at berth, and what came of it.

    Attributes
    ----------
    country : str
        Blank where ``port.toml`` names none.
    limit_pct : float
        Lowest limit that was applied; NaN where none was. [% by mass]
    longer_than_h : float
        Length of stay beyond which it binds. [h]
    document : str
        Whence the limit is.
    hours, shorter_hours : float
        Hours at berth that burn to this limit and not to that of the place, and those of stays too short
        for it. [h]
    open_hours : float
        Hours at berth above 0.1 % sulfur where no country is named. [h]
    not_applied : tuple of str
        Rules in force that are not applied.
    """

    country: str
    limit_pct: float
    longer_than_h: float
    document: str
    hours: float
    shorter_hours: float
    open_hours: float
    not_applied: tuple[str, ...]


_ASKED_PCT = 0.1
"""Where a place asks for no more than this, no rule at berth asks for less. [% by mass]"""


def limits_at_berth(stays: pd.DataFrame, place: Place, method: Method) -> NDArray[np.float64]:
    """Return the limit of each stay by the law of the port's country; infinite where none binds it.

    Parameters
    ----------
    stays : pandas.DataFrame, shape (n, ...)
        ``kind, stay_hours`` [h], ``year, month, day``.
    place : Place
    method : Method

    Returns
    -------
    ndarray, shape (n,)
        [% by mass]
    """
    limit, longer = _of_law(stays, place, method)
    bound = (stays["kind"] == "berth").to_numpy() & (stays["stay_hours"].to_numpy(dtype=float) > longer)
    return np.where(bound, limit, np.inf)


def berth_rule(stays: pd.DataFrame, place: Place, method: Method) -> BerthRule | None:
    """Say what came of the rule of the port's country; None where there is nothing to say.

    Parameters
    ----------
    stays : pandas.DataFrame, shape (n, ...)
        As for `limits_at_berth`, with ``hours`` [h] and ``waters_sulfur_pct``, the limit without the rule.
    """
    here = stays[(stays["kind"] == "berth") & (stays["waters_sulfur_pct"] > _ASKED_PCT)]
    if not len(here):
        return None
    limit, longer = _of_law(here, place, method)
    lower = limit < here["waters_sulfur_pct"].to_numpy(dtype=float)
    bound = lower & (here["stay_hours"].to_numpy(dtype=float) > longer)
    hours = here["hours"].to_numpy(dtype=float)
    document, applied, least = "", np.nan, np.nan
    if lower.any():
        applied, least = float(limit[lower].min()), float(longer[lower].max())
        frame = method.table(SOURCE, NEED).frame
        document = str(frame.loc[frame["country"] == place.country, "source_document"].iloc[-1])
    told = BerthRule(
        place.country,
        applied,
        least,
        document,
        float(hours[bound].sum()),
        float(hours[lower & ~bound].sum()),
        0.0 if place.country else float(hours.sum()),
        _not_applied(place, int(here["year"].iloc[0])),
    )
    return told if lower.any() or told.open_hours or told.not_applied else None


def _of_law(
    stays: pd.DataFrame, place: Place, method: Method
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Limit and shortest stay by country and day; infinite where there is no such law."""
    day = (stays["year"] * 10000 + stays["month"] * 100 + stays["day"]).to_numpy(dtype=np.int64)
    days, number = np.unique(day, return_inverse=True)
    table = method.table(SOURCE, NEED)
    asked = pd.DataFrame({"country": place.country, "date": days})
    found = np.full((2, len(days)), np.inf)
    known = table.has(asked, "fuel_sulfur_limit") if place.country else np.zeros(len(days), dtype=bool)
    if known.any():
        found[0, known] = table.find(asked[known], "fuel_sulfur_limit").to("percent")
        found[1, known] = table.find(asked[known], "stay_longer_than").to("h")
    return found[0][number], found[1][number]


def _not_applied(place: Place, year: int) -> tuple[str, ...]:
    """Rules of the country or state that were in force in a year and are not applied."""
    rules = load_mapping("control-areas-2026-11", "port_rules_not_applied")
    ours = rules[(rules["country"] == place.country) & rules["state"].isin(["", place.state])]
    begun = ours["in_force_from"].str[:4].astype(int) <= year
    ended = ours["in_force_until"].where(ours["in_force_until"] != "", "9999").str[:4].astype(int) < year
    ours = ours[begun & ~ended]
    return tuple(
        f"{rule}, from {since} ({document})"
        for rule, since, document in zip(
            ours["rule"], ours["in_force_from"], ours["source_document"], strict=True
        )
    )
