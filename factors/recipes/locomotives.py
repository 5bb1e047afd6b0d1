"""Locomotives: mass per work, per gallon, or per gross ton-mile.

    by fuel               gallons * work per gallon * rate        (what leaves with the fuel: gallons * rate)
    by hours              work * rate                             (work * gallons per work * rate)
    by gross ton-miles    gross ton-miles * gallons per gross ton-mile, then as by fuel

EPA-420-F-09-025: rates by tier in g/bhp-hr, work per gallon by service. `line_haul_rates = nei_2020` takes
the rates per gallon of the 2020 National Emissions Inventory instead; they are the same to five digits but
for CO2, SO2 and NH3, which differ by up to one percent. Rates of switching by tier are from memory: refused
unless the option accepts them or a port brings its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from factors.method import Method
from factors.tables import FactorMissing, FactorTable, Rows
from factors.terms import TermBuilder

SOURCE = "locomotives"
KEYS = ("kind", "tier", "service", "form", "fuel", "gal_per_gtm")
"""switch or line_haul; tier, or ``fleet 2020``; service of the conversion; form of the work; fuel; gallons
per gross ton-mile (NaN where the work is not in gross ton-miles)."""

FORMS: Mapping[str, str] = {"fuel": "fuel_volume", "work": "energy", "gross_ton_miles": "gross_ton_mile"}
FLEET = "fleet 2020"
FUELS = ("diesel", "renewable_diesel")
_STAND_IN = "rates of petroleum diesel"
_OF_LINE_HAUL = "per gallon of line haul"


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    problems = []
    for column, allowed in (("form", tuple(FORMS)), ("fuel", FUELS), ("kind", ("switch", "line_haul"))):
        unknown = sorted(set(classes[column].astype(str)) - set(allowed))
        if unknown:
            problems.append(f"{column} {', '.join(unknown)} is not among {', '.join(allowed)}")
    if problems:
        raise ValueError(f"{SOURCE}: " + "; ".join(problems))
    group = pd.Series("tier_rates", index=classes.index).mask(_by_gallon(classes, method), "inventory_2020")
    return classes.assign(
        quantity_kind=classes["form"].map(FORMS),
        coverage_group=group.mask(classes["fuel"] == "renewable_diesel", group + "_renewable"),
    )


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of all classes.

    References
    ----------
    EPA, *Emission Factors for Locomotives*, EPA-420-F-09-025, April 2009, Tables 1 to 3,
    https://nepis.epa.gov/Exe/ZyPURL.cgi?Dockey=P100500B.txt: Table 1 read through the rates of the 2020
    National Emissions Inventory, Table 3 as quoted by a public inventory code of Texas (second-hand), Table
    2 from memory.
    """
    by_gallon = _by_gallon(classes, method)
    switch = (classes["kind"] == "switch").to_numpy()
    for takes, add in (
        (by_gallon, _inventory_2020),
        (switch, _switch),
        (~by_gallon & ~switch, _line_haul),
    ):
        for _, part in classes[takes].groupby(["form", "fuel"], sort=True):
            add(part, method, terms)


def rated(classes: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Return which classes the method has rates for, shape (n,)."""
    switch = (classes["kind"] == "switch").to_numpy()
    own = "switch_rates" if method.has_table(SOURCE, "switch_rates") else "switch"
    by_tier = np.where(
        switch,
        method.table(SOURCE, own).has(classes, "NOx"),
        method.table(SOURCE, "line_haul").has(classes, "NOx"),
    )
    listed = method.table(SOURCE, "nei_2020").has(classes, "NOx")
    return np.where(_by_gallon(classes, method), listed, by_tier)


def _by_gallon(classes: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Line haul by the 2020 inventory: where the option says so, and where EPA's table has no such tier."""
    line_haul = classes["kind"] == "line_haul"
    listed = classes["tier"].isin((FLEET, "Tier 4C"))
    chosen = method.option("line_haul_rates") == "nei_2020"
    return np.asarray(line_haul & (chosen | listed))


class _Scale:
    """Takes rates per work and per gallon to the quantity that the classes of one form take."""

    def __init__(self, classes: pd.DataFrame, method: Method) -> None:
        self.classes, self.form = classes, str(classes["form"].iloc[0])
        self.table = method.table(SOURCE, "conversion")
        self.fuel = str(classes["fuel"].iloc[0])
        by_weight = self.form == "gross_ton_miles"
        self.number = classes["gal_per_gtm"].to_numpy(dtype=float) if by_weight else np.ones(len(classes))
        self.unit = "gal/gross_ton_mile" if by_weight else ""

    def per_work(self) -> tuple[Rows, ...]:
        if self.form == "work":
            return ()
        return (self.table.find(self.classes, "work_per_fuel"),)

    def per_gallon(self) -> tuple[Rows, ...]:
        if self.form == "work":
            return (self.table.find(self.classes, "fuel_per_work"),)
        return ()

    def add(
        self, terms: TermBuilder, pollutant: str, *rows: Rows, note: str = "", stand_in: bool = False
    ) -> None:
        renewable = self.fuel == "renewable_diesel"
        said = "; ".join(filter(None, [note, _STAND_IN if renewable else ""]))
        terms.add(
            pollutant,
            "exhaust",
            *rows,
            number=self.number,
            unit=self.unit,
            extrapolated=renewable or stand_in,
            note=said,
        )

    def carbon(self, terms: TermBuilder, *rows: Rows) -> None:
        """CO2: that of renewable diesel is biogenic and a line of its own."""
        renewable = self.fuel == "renewable_diesel"
        terms.add(
            "CO2_biogenic" if renewable else "CO2",
            "exhaust",
            *rows,
            number=self.number,
            unit=self.unit,
            extrapolated=renewable,
            note=_STAND_IN if renewable else "",
        )


def _line_haul(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    table = method.table(SOURCE, "line_haul")
    _by_tier(classes, table, table.find(classes, "CO", tier="all"), method, terms)


def _switch(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    if method.has_table(SOURCE, "switch_rates"):
        table = method.table(SOURCE, "switch_rates")
        carbon_monoxide = table.find(classes, "CO")
    else:
        table = method.table(SOURCE, "switch")
        if method.option("switch_locomotives") != "accept_unverified":
            raise _refused(classes, table)
        carbon_monoxide = table.find(classes, "CO", tier="all")
    _by_tier(classes, table, carbon_monoxide, method, terms)


def _refused(classes: pd.DataFrame, table: FactorTable) -> FactorMissing:
    keys = classes[["kind", "tier"]].drop_duplicates()
    tiers = ", ".join(sorted(set(keys["tier"].astype(str))))
    return FactorMissing(
        table.name,
        "NOx",
        keys,
        f"{table.name}: the rates of switch locomotives by tier (asked for: {tiers}) are from memory and "
        "nobody "
        "could check them, so they are not used. Bring your own: a table locomotives.switch_rates, by tier, "
        "named "
        'in port.toml under [factor_tables]; or set switch_locomotives = "accept_unverified" under '
        "[method.options], and every total says what share rests on them.",
    )


def _by_tier(
    classes: pd.DataFrame, table: FactorTable, carbon_monoxide: Rows, method: Method, terms: TermBuilder
) -> None:
    """Rates per work by tier; what leaves with the fuel, per gallon."""
    scale, common = _Scale(classes, method), method.table(SOURCE, "fuel")
    work, gallon = scale.per_work(), scale.per_gallon()
    fine = common.find(classes, "PM2.5_over_PM10", sulfur="all")
    organic = common.find(classes, "VOC_over_HC", sulfur="all")
    particles, hydrocarbons = table.find(classes, "PM10"), table.find(classes, "HC")
    scale.add(terms, "NOx", table.find(classes, "NOx"), *work)
    scale.add(terms, "CO", carbon_monoxide, *work)
    scale.add(terms, "PM10", particles, *work)
    scale.add(terms, "DPM", particles, *work)
    scale.add(terms, "PM2.5", particles, *work, fine)
    scale.add(terms, "HC", hydrocarbons, *work)
    scale.add(terms, "VOC", hydrocarbons, *work, organic)
    sulfur = f"{method.option('locomotive_sulfur_ppm')} ppm"
    scale.add(terms, "SOx", common.find(classes, "SO2", sulfur=sulfur), *gallon)
    scale.add(terms, "NH3", common.find(classes, "NH3", sulfur="all"), *gallon)
    scale.carbon(terms, common.find(classes, "CO2", sulfur="all"), *gallon)
    inventory, switch = method.table(SOURCE, "nei_2020"), str(classes["kind"].iloc[0]) == "switch"
    for gas in ("CH4", "N2O"):
        # The same for every tier, so that of the fleet stands for all.
        rate = inventory.find(classes, gas, tier=FLEET)
        scale.add(terms, gas, rate, *gallon, note=_OF_LINE_HAUL if switch else "", stand_in=switch)
    _carrier(classes, method, scale, terms)


def _inventory_2020(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """All rates per gallon, by tier or of the fleet."""
    scale, table = _Scale(classes, method), method.table(SOURCE, "nei_2020")
    gallon = scale.per_gallon()
    named = {"SO2": "SOx"}
    for printed in ("NOx", "PM10", "PM2.5", "VOC", "CO", "SO2", "NH3", "CH4", "N2O"):
        scale.add(terms, named.get(printed, printed), table.find(classes, printed), *gallon)
    scale.add(terms, "DPM", table.find(classes, "PM10"), *gallon)
    scale.carbon(terms, table.find(classes, "CO2"), *gallon)
    _carrier(classes, method, scale, terms)


def _carrier(classes: pd.DataFrame, method: Method, scale: _Scale, terms: TermBuilder) -> None:
    density = method.table(SOURCE, "diesel").find(
        classes.drop(columns="fuel"),
        "density",
        source_set="CA-GREET factors shipped in ALTRIOS",
        fuel="ultra low sulfur diesel",
    )
    scale.add(terms, f"fuel:{scale.fuel}", density, *scale.per_gallon())
