"""Craft, locomotives and meters of the illustrative San Pedro Bay, by ``assumptions.csv`` and ``facts/``."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inventories.examples._draws import Assumptions, Draws, facts, largest_remainder

__all__ = ["make_electricity", "make_harbor_craft", "make_locomotives"]

YEAR = 2023
_FIRST_TIER_3 = 2014  # of all displacements (40 CFR 1042.1)
_TIER_3_BY_YEAR_FROM_KW = 75  # below, the first year hangs on the displacement, which nobody states here
_TIER_4_FROM = {600: 2017, 1400: 2016, 2000: 2014}
"""First model year of Tier 4 of commercial engines by power from [kW], 40 CFR 1042.101; below 600 kW none. Of
those above 2,000 kW the first year of the whole phase-in is taken, for the one of theirs was not read."""
_BOUND_IN_USE = ("tug", "ocean_tug", "towboat", "ferry", "excursion", "crew_boat")
"""Craft whose engines in use California's rule of 2007 renewed until 2022; others were bound when new."""
_FIRST_TIER_2 = 2007  # of all displacements
_RENEWED = (2009, 2016)  # from the rule's first day; nobody is presumed to have waited for its last


def make_harbor_craft(a: Assumptions, draws: Draws) -> pd.DataFrame:
    """Engines by craft: two or so of propulsion, and auxiliaries."""
    parts = []
    for port in ("POLA", "POLB"):
        counts = a.under(f"craft.count.{port}")
        parts += [
            _craft(kind, port, round(n), a, draws.stream(f"{port} {kind}")) for kind, n in counts.items()
        ]
    engines = pd.concat(parts, ignore_index=True)
    order = [
        "craft_id",
        "craft_type",
        "engine_id",
        "role",
        "power_kw",
        "count",
        "model_year",
        "tier",
        "hours",
        "fuel",
    ]
    return engines[[*order, "load_factor", "in_domain_share", "port", "zone"]]


def legal_years(
    kind: str, year: NDArray[np.int64], power_kw: NDArray[np.int64], tier4_share: float, draws: Draws
) -> NDArray[np.int64]:
    """Return model years that engines of these craft could have in the year.

    Engines in use that California's first harbor craft rule bound are of Tier 2 at least: older ones were
    renewed. An engine that its power and year would make Tier 4 is of Tier 4 in the share given; the others
    were renewed the year before the standard.
    """
    n = len(year)
    renewed = np.floor(draws.uniform(n, _RENEWED[0], _RENEWED[1] + 1)).astype(np.int64)
    legal = np.where((year < _FIRST_TIER_2) & (kind in _BOUND_IN_USE), renewed, year)
    before = ~draws.happens(tier4_share, n)
    return np.where(before, np.minimum(legal, first_tier_4(power_kw) - 1), legal)


def first_tier_4(power_kw: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first model year in which engines must be of Tier 4; far in the future where none is."""
    first = np.full(len(power_kw), 9999)
    for power, year in _TIER_4_FROM.items():
        first = np.where(power_kw >= power, year, first)
    return first


def _craft(kind: str, port: str, n: int, a: Assumptions, draws: Draws) -> pd.DataFrame:
    age = np.abs(draws.normal(n, a["craft.age"], a["craft.age_spread"]))
    spread = a["craft.spread"]
    hours = draws.lognormal(n, a[f"craft.hours.{kind}"], spread)
    power = draws.lognormal(n, a[f"craft.power.{kind}"], spread)
    power_kw = np.round(power / 10).astype(np.int64) * 10
    year = np.floor(YEAR - age).clip(YEAR - a["craft.age_max"], YEAR).astype(np.int64)
    year = legal_years(kind, year, power_kw, a["craft.tier4_share"], draws.stream("renewed"))
    name = pd.Series(np.arange(1, n + 1)).map(lambda i: f"{port}-{kind}-{i:02d}")
    shared = pd.DataFrame(
        {
            "craft_id": name,
            "craft_type": kind,
            "model_year": year,
            "fuel": "renewable_diesel" if a["craft.renewable_diesel"] == 1 else "diesel",
            "hours": np.round(hours.clip(50, 6000)).astype(int),
            "in_domain_share": a.get(f"craft.in_domain_share.{kind}", 1.0),
            "port": port,
            "zone": "harbor",
        }
    )
    load = a.get(f"craft.load_factor.{kind}", np.nan)
    main = shared.assign(
        engine_id="main",
        role="propulsion",
        power_kw=power_kw,
        tier=_certificate(year, power_kw),
        count=round(a[f"craft.engines.{kind}"]),
        load_factor=load,
    )
    # Types that EPA's guidance does not name have no default; their auxiliaries take that of those it names.
    small = np.full(n, round(a[f"craft.auxiliary_power.{kind}"]))
    aux = shared.assign(
        engine_id="aux",
        role="auxiliary",
        power_kw=small,
        tier=_certificate(year, small),
        count=1,
        load_factor=np.nan if np.isnan(load) else a["craft.auxiliary_load_factor"],
    )
    return pd.concat([main, aux], ignore_index=True).sort_values(
        ["craft_id", "role"], ascending=[True, False]
    )


def _certificate(year: NDArray[np.int64], power_kw: NDArray[np.int64]) -> NDArray[np.str_]:
    """Tier that every engine of that year and power has; blank where it depends on the displacement."""
    by_year = np.where((year >= _FIRST_TIER_3) & (power_kw >= _TIER_3_BY_YEAR_FROM_KW), "Tier 3", "")
    return np.where(year >= first_tier_4(power_kw), "Tier 4", by_year)


def _teu() -> pd.Series:
    table = facts("teu_by_month")
    return (table["teu_loaded"] + table["teu_empty"]).groupby(table["port"]).sum()


def make_locomotives(a: Assumptions) -> pd.DataFrame:
    """Switchers by their fuel; trains by gross ton-miles, to the edge of the South Coast and beyond."""
    tiers = a.under("rail.tier")
    built = {tier: round(a[f"rail.year_built.{tier}"]) for tier in tiers if tier != "unknown"}
    teu = _teu()
    rows: list[dict[str, object]] = []
    for port in ("POLA", "POLB"):
        zone = {"POLA": "port-la", "POLB": "port-lb"}[port]
        for i in range(1, round(a[f"rail.switch.count.{port}"]) + 1):
            rows.append(
                {"kind": "switch", "record": f"{port}-switch-{i}", "tier": "Tier 3",
                 "year_built": round(a["rail.year_built.switch"]),
                 "fuel_gal": round(a["rail.switch.fuel"]), "port": port, "zone": zone}
            )  # fmt: skip
        for dock in ("on_dock", "near_dock"):
            trains = round(teu[port] * a[f"rail.share.{dock}"] / a["rail.teu_per_train"])
            for tier, trips in zip(
                tiers, largest_remainder(np.array(list(tiers.values())), trains), strict=True
            ):
                rows.append(
                    {"kind": "line_haul", "record": f"{port}-{dock}-{tier}",
                     "tier": "" if tier == "unknown" else tier.replace("_", " ").title(),
                     "year_built": built.get(tier),
                     "gross_tons": round(a["rail.gross_tons"]), "miles": a["rail.miles"], "trips": int(trips),
                     "gal_per_1000_gtm": a["rail.gal_per_1000_gtm"], "domain_miles": a["rail.domain_miles"],
                     "on_off_dock": dock, "port": port, "zone": "south-coast"}
                )  # fmt: skip
    whole = dict.fromkeys(("year_built", "fuel_gal", "gross_tons", "trips"), "Int64")
    return pd.DataFrame(rows).astype(whole)


def make_electricity(a: Assumptions) -> pd.DataFrame:
    """One meter for each use of each container terminal, read quarter by quarter; one at other terminals."""
    terminals = facts("terminals")
    teu = _teu()
    rows = []
    quarters = pd.date_range(f"{YEAR}-01-01", periods=5, freq="QS")
    days = np.diff(quarters).astype("timedelta64[D]").astype(int)
    for terminal in terminals.to_dict("records"):
        boxes = teu[terminal["port"]] * terminal["share"]
        uses = (
            {use: boxes * per_teu for use, per_teu in a.under("electricity.kwh_per_teu").items()}
            if terminal["kind"] == "container"
            else {"buildings": a["electricity.kwh.other_terminal"]}
        )
        for use, kwh in uses.items():
            for number, part in enumerate(days):
                rows.append(
                    {"meter": f"{terminal['terminal']}-{use}", "use": use,
                     "from": quarters[number].strftime("%Y-%m-%d"),
                     "to": (quarters[number + 1] - pd.Timedelta(days=1)).strftime("%Y-%m-%d"),
                     "kwh": round(kwh * part / days.sum(), -2), "terminal": terminal["terminal"]}
                )  # fmt: skip
    return pd.DataFrame(rows).astype({"kwh": int})
