"""Locomotives: work by fuel used, by hours and power, or by gross ton-miles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from emissions._arguments import formula
from emissions._months_and_zones import over_months, zone_of
from factors.method import Method, MethodError
from factors.recipes.locomotives import FLEET, FORMS, KEYS

SOURCE = "locomotives"
_SERVICE = {"switch": "switching", "line_haul": "large_line_haul"}
_NOTCHES = ("idle", "dynamic_brake", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8")


@formula()
def gross_ton_miles(gross_tons: ArrayLike, miles: ArrayLike, trips: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Return the gross ton-miles of trains.

    Parameters
    ----------
    gross_tons : array_like, shape (n,)
        Weight of train and locomotives. [short ton]
    miles : array_like, shape (n,)
        Way of one trip. [mile]
    trips : array_like, shape (n,)

    Returns
    -------
    ndarray, shape (n,)
        [short ton mile]

    Raises
    ------
    ValueError
        If anything is negative.

    Examples
    --------
    >>> gross_ton_miles([6000.0], [20.0], [2.0])
    array([240000.])
    """
    parts = [np.asarray(value, dtype=float) for value in (gross_tons, miles, trips)]
    if any((part < 0).any() for part in parts):
        raise ValueError("gross tons, miles and trips must be 0 or more")
    return np.asarray(parts[0] * parts[1] * parts[2])


def tiers(locomotives: pd.DataFrame, method: Method) -> pd.Series:
    """Return the tier whose rates a locomotive takes, after its last remanufacture.

    Built to Tier 0 or 1 and remanufactured from 2010 on, or to Tier 2 and from 2013 on, it meets the rule of
    2008: Tier 0+, 1+, 2+. A tier that is not known stays blank.

    Parameters
    ----------
    locomotives : pandas.DataFrame, shape (n, ...)
        ``tier``; optional ``remanufacture_date``.
    method : Method

    Returns
    -------
    pandas.Series of str, shape (n,)

    References
    ----------
    40 CFR part 1033, Appendix A, paragraph (a), https://www.ecfr.gov/current/title-40/part-1033, read at
    govregs.com.
    """
    tier = _column(locomotives, "tier", "").astype("str")
    if "remanufacture_date" not in locomotives:
        return tier
    day = pd.to_datetime(locomotives["remanufacture_date"])
    number = (day.dt.year * 10000 + day.dt.month * 100 + day.dt.day).astype(float)
    table = method.table(SOURCE, "remanufacture")
    asked = pd.DataFrame({"tier": tier})
    known = table.has(asked, "rule_of_2008_from")
    since = pd.Series(np.inf, index=tier.index)
    since[known] = table.find(asked[known], "rule_of_2008_from").value
    return tier.where(~(number >= since), tier + "+")


@formula()
def work_rows(
    locomotives: pd.DataFrame, zones: pd.DataFrame | None = None, *, year: int, method: Method
) -> pd.DataFrame:
    """Work of locomotives in a year, month by month.

    Parameters
    ----------
    locomotives : pandas.DataFrame, shape (n, ...)
        ``kind`` (switch | line_haul) and one of ``fuel_gal`` [gal]; ``hours`` [h] with ``power_kw`` [kW]; or
        ``gross_tons`` [short ton], ``miles`` [mile] and ``gal_per_1000_gtm``. Optional ``record, service,
        tier, year_built, remanufacture_date, notch, load_factor`` [1], ``trips`` (1), ``domain_miles``
        [mile], ``on_off_dock, port_share`` (1), ``renewable_share`` (0), ``month, port, terminal, zone,
        railroad, control``.
    zones : pandas.DataFrame, optional
        ``zone, in_domain, jurisdiction``.
    year : int
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (m, ...)
        Work rows with the recipe's keys. Quantities: fuel [gal], work [kWh] or gross ton-miles. Work outside
        the domain is kept in rows of its own.

    Raises
    ------
    ValueError
        If a column is missing, a row says its work in no way or in several, or a switcher has no tier; all in
        one message.
    MethodError
        If a load factor is needed that only unverified numbers give.

    References
    ----------
    EPA, *Emission Factors for Locomotives*, EPA-420-F-09-025, April 2009, Table 3 (work per gallon),
    https://nepis.epa.gov/Exe/ZyPURL.cgi?Dockey=P100500B.txt; second-hand, as quoted by a public inventory
    code of Texas.
    """
    table = locomotives.reset_index(drop=True)
    form = _form(table)
    load = _load_factors(table, form, method)
    work = {
        "fuel": _number(table, "fuel_gal"),
        "work": _number(table, "hours") * _number(table, "power_kw") * load,
        "gross_ton_miles": gross_ton_miles(
            *(np.nan_to_num(_number(table, name)) for name in ("gross_tons", "miles", "trips"))
        ),
    }
    quantity = np.select([form == name for name in work], list(work.values()), np.nan)
    tier = tiers(table, method)
    unknown = tier == ""
    _tier_needed(table, unknown, method)
    given = _column(table, "load_factor", np.nan).notna()
    rows = _placed(table, zones).assign(
        form=form.to_numpy(),
        tier=tier.mask(unknown, FLEET),
        service=_column(table, "service", "")
        .astype("str")
        .mask(lambda s: s == "", table["kind"].map(_SERVICE)),
        gal_per_gtm=np.where(form == "gross_ton_miles", _number(table, "gal_per_1000_gtm") / 1000, np.nan),
        quantity_kind=form.map(FORMS),
        process_set=form.map(FORMS),
        load_factor=np.where(form == "work", load, np.nan),
        provenance=np.where(unknown | ((form == "work") & ~given), "default", "given"),
        quantity=quantity,
    )
    rows["tier_or_model_year"] = rows["tier"]
    return over_months(_shared_out(rows, table), ("quantity",), year)


def _column(frame: pd.DataFrame, name: str, otherwise: Any) -> pd.Series:
    if name not in frame:
        return pd.Series(otherwise, index=frame.index)
    return frame[name].where(frame[name].notna(), otherwise)


def _number(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    defaults = {"trips": 1.0}
    return _column(frame, name, defaults.get(name, np.nan)).to_numpy(dtype=float)


def _form(table: pd.DataFrame) -> pd.Series:
    """Which way each row says its work."""
    if "kind" not in table:
        raise ValueError("locomotives: column kind is missing")
    said = {
        "fuel": ~np.isnan(_number(table, "fuel_gal")),
        "work": ~np.isnan(_number(table, "hours") * _number(table, "power_kw")),
        "gross_ton_miles": ~np.isnan(
            _number(table, "gross_tons") * _number(table, "miles") * _number(table, "gal_per_1000_gtm")
        ),
    }
    ways = np.sum([flag.astype(int) for flag in said.values()], axis=0)
    problems = [
        f"{words} (rows {', '.join(str(row) for row in np.flatnonzero(bad)[:5])}; counted from 0)"
        for words, bad in (
            (
                "neither fuel_gal, nor hours and power_kw, nor gross_tons, miles and gal_per_1000_gtm",
                ways == 0,
            ),
            ("work said in more than one way", ways > 1),
        )
        if bad.any()
    ]
    if problems:
        raise ValueError("locomotives: " + "; ".join(problems))
    return pd.Series(np.select(list(said.values()), list(said), ""), index=table.index)


def _tier_needed(table: pd.DataFrame, unknown: pd.Series, method: Method) -> None:
    switch = unknown & (table["kind"] == "switch")
    if switch.any():
        raise ValueError(
            f"locomotives: {int(switch.sum())} switch locomotives have no tier; the fleet average is one of "
            "line "
            "haul. Fill tier, Uncontrolled where it was built before 1973 or never certified."
        )
    if unknown.any() and method.option("line_haul_tier_unknown") == "refuse":
        raise ValueError(
            f"locomotives: {int(unknown.sum())} line-haul rows have no tier, and line_haul_tier_unknown = "
            "refuse. "
            "Fill tier, or set it to fleet_2020, the national fleet of 2020."
        )


def _load_factors(table: pd.DataFrame, form: pd.Series, method: Method) -> NDArray[np.float64]:
    """Load factor given; else that of the notch; else of the duty cycle or the mean in port, if accepted."""
    load = _column(table, "load_factor", np.nan).to_numpy(dtype=float).copy()
    open_ = np.isnan(load) & (form == "work").to_numpy()
    if not open_.any():
        return load
    notch = _column(table, "notch", "").astype("str")
    brought = method.has_table(SOURCE, "notch_power")
    by_notch = open_ & (notch != "").to_numpy()
    if by_notch.any():
        if not brought:
            raise MethodError(
                "locomotives: a notch is given, and what share of rated power a notch uses is the "
                "locomotive's "
                "own: bring a table locomotives.notch_power (by notch), or give load_factor."
            )
        asked = pd.DataFrame({"notch": notch[by_notch]})
        load[by_notch] = method.table(SOURCE, "notch_power").find(asked, "power_fraction").to("1")
    rest = open_ & ~by_notch
    if rest.any():
        load[rest] = table["kind"][rest].map(_mean_load(sorted(set(table["kind"][rest])), brought, method))
    return load


def _mean_load(kinds: list[str], brought: bool, method: Method) -> dict[str, float]:
    """Mean load by kind: duty cycle times the port's own notch powers, else the mean in port of line haul."""
    if method.option("locomotive_load_factor") != "accept_unverified":
        raise MethodError(
            "locomotives: hours without load_factor. The mean load in port and the duty cycles are from "
            "memory "
            "and nobody could check them: give load_factor, or fuel_gal, or set "
            'locomotive_load_factor = "accept_unverified" under [method.options].'
        )
    found = {}
    for kind in kinds:
        if brought:
            asked = pd.DataFrame({"notch": list(_NOTCHES)})
            power = method.table(SOURCE, "notch_power").find(asked, "power_fraction").to("1")
            time = method.table(SOURCE, "duty_cycle").find(asked, "time_share", kind=kind).to("1")
            found[kind] = float((power * time).sum())
        elif kind == "line_haul":
            asked = pd.DataFrame({"kind": [kind]})
            found[kind] = float(method.table(SOURCE, "load_factor").find(asked, "load_factor").to("1")[0])
        else:
            raise MethodError(
                "locomotives: no mean load of switching was read; bring a table locomotives.notch_power (by "
                "notch), "
                "from which the duty cycle gives it, or give load_factor or fuel_gal."
            )
    return found


def _placed(table: pd.DataFrame, zones: pd.DataFrame | None) -> pd.DataFrame:
    zone = _column(table, "zone", "").astype("str")
    within, jurisdiction = zone_of(zone, zones)
    row = pd.Series(np.arange(1, len(table) + 1), index=table.index).astype(str)
    record = _column(table, "record", "").astype("str")
    kind = table["kind"].astype("str")
    dock = _column(table, "on_off_dock", "").astype("str")
    return pd.DataFrame(
        {
            "record_id": record.mask(record == "", kind + " " + row),
            "source_category": SOURCE,
            "source_type": kind,
            "engine_group": "locomotive",
            "kind": kind,
            "mode_or_segment": dock.mask(dock == "", kind),
            "technology": "",
            "terminal": _column(table, "terminal", "").astype("str"),
            "zone": zone,
            "jurisdiction": jurisdiction,
            "in_domain": within,
            "port": _column(table, "port", "").astype("str"),
            "operator": _column(table, "railroad", "").astype("str"),
            "control": _column(table, "control", "third_party").astype("str"),
            "port_share": _column(table, "port_share", 1.0).astype(float),
            "month": _column(table, "month", np.nan).astype(float),
            "year_built": _number(table, "year_built"),
        }
    )


def _shared_out(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Part the work by fuel, and by what lies within the domain."""
    renewable = _column(table, "renewable_share", 0.0).to_numpy(dtype=float)
    far = _number(table, "domain_miles") / np.where(
        _number(table, "miles") > 0, _number(table, "miles"), np.nan
    )
    inside = np.where(np.isnan(far), 1.0, far)
    parts = []
    for fuel, of_fuel in (("diesel", 1 - renewable), ("renewable_diesel", renewable)):
        for is_within, of_way in ((True, inside), (False, 1 - inside)):
            share = of_fuel * of_way
            here = np.flatnonzero(share > 0)
            part = rows.iloc[here]
            parts.append(
                part.assign(
                    fuel=fuel,
                    quantity=part["quantity"] * share[here],
                    in_domain=part["in_domain"] & is_within,
                )
            )
    found = pd.concat(parts, ignore_index=True)
    assert set(KEYS) <= set(found.columns)
    return found
