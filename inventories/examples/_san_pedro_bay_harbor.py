"""Craft, locomotives and meters of the illustrative San Pedro Bay, by ``assumptions.csv`` and ``facts/``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from inventories.examples._draws import Assumptions, Draws, facts, largest_remainder

__all__ = ["make_electricity", "make_harbor_craft", "make_locomotives"]

YEAR = 2023
_FIRST_TIER_3 = 2014  # of all displacements; engines of Tier 4 have no rates, and the example has none


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
    ]
    return engines[[*order, "load_factor", "in_domain_share", "port", "zone"]]


def _craft(kind: str, port: str, n: int, a: Assumptions, draws: Draws) -> pd.DataFrame:
    age = np.abs(draws.normal(n, a["craft.age"], a["craft.age_spread"]))
    spread = a["craft.spread"]
    hours = draws.lognormal(n, a[f"craft.hours.{kind}"], spread)
    power = draws.lognormal(n, a[f"craft.power.{kind}"], spread)
    year = np.floor(YEAR - age).clip(YEAR - a["craft.age_max"], YEAR).astype(int)
    name = pd.Series(np.arange(1, n + 1)).map(lambda i: f"{port}-{kind}-{i:02d}")
    shared = pd.DataFrame(
        {
            "craft_id": name,
            "craft_type": kind,
            "model_year": year,
            "tier": np.where(year >= _FIRST_TIER_3, "Tier 3", ""),
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
        power_kw=np.round(power / 10).astype(int) * 10,
        count=round(a[f"craft.engines.{kind}"]),
        load_factor=load,
    )
    # Types that EPA's guidance does not name have no default; their auxiliaries take that of those it names.
    aux = shared.assign(
        engine_id="aux",
        role="auxiliary",
        power_kw=round(a[f"craft.auxiliary_power.{kind}"]),
        count=1,
        load_factor=np.nan if np.isnan(load) else a["craft.auxiliary_load_factor"],
    )
    return pd.concat([main, aux], ignore_index=True).sort_values(
        ["craft_id", "role"], ascending=[True, False]
    )


def _teu() -> pd.Series:
    table = facts("teu_by_month")
    return (table["teu_loaded"] + table["teu_empty"]).groupby(table["port"]).sum()


def make_locomotives(a: Assumptions) -> pd.DataFrame:
    """Switchers by their fuel; trains by gross ton-miles, to the edge of the South Coast and beyond."""
    tiers = a.under("rail.tier")
    teu = _teu()
    rows: list[dict[str, object]] = []
    for port in ("POLA", "POLB"):
        zone = {"POLA": "port-la", "POLB": "port-lb"}[port]
        for i in range(1, round(a[f"rail.switch.count.{port}"]) + 1):
            rows.append(
                {"kind": "switch", "record": f"{port}-switch-{i}", "tier": "Tier 3",
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
                     "gross_tons": round(a["rail.gross_tons"]), "miles": a["rail.miles"], "trips": int(trips),
                     "gal_per_1000_gtm": a["rail.gal_per_1000_gtm"], "domain_miles": a["rail.domain_miles"],
                     "on_off_dock": dock, "port": port, "zone": "south-coast"}
                )  # fmt: skip
    return pd.DataFrame(rows).astype({"fuel_gal": "Int64", "gross_tons": "Int64", "trips": "Int64"})


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
