"""Electricity: what a kilowatt-hour at the meter emits at power stations, elsewhere.

Four kinds of rate exist (average, marginal, projected, life cycle) and differ by a factor of two or more; the
option `grid_kind` names the one in use, and a rate of another kind is refused. What is lost between power
station and meter is no part of what a port draws (Scope 2): it stands in a source of its own, where asked
(`grid_loss_region`). By the hour (`grid_hours`), rates are weighted by when electricity is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from factors.method import Method, MethodError
from factors.recipes.electricity import grid_hours as hours
from factors.recipes.electricity.annual_rates import rate_year, stated_year, table_for, tables_of, years_of
from factors.tables import FactorMissing, FactorTable, Rows
from factors.terms import ELECTRICITY, TermBuilder

SOURCE = "electricity"

KEYS = ("use", "grid_region", "grid_month", "grid_calendar")
"""What the electricity is for, and the region of the grid it comes from, blank where nobody said; where rates
go by the hour, the month in which it was drawn and the year whose weekends count, 0 for a whole year."""

DEFAULTS = {"grid_month": 0, "grid_calendar": 0}

DRAWN: Mapping[str, str] = {
    "cargo_handling_equipment": "equipment",
    "heavy_duty_vehicles": "trucks",
    "harbor_craft": "harbor_craft",
}
"""Sources whose own lines show the kilowatt-hours that they draw, and the use their grid mass stands under.

Classes of these uses give the mass at power stations alone: the carrier stays with the source, so that a sum
of kilowatt-hours over all sources has each once.
"""

LIFE_CYCLE = "CO2e_life_cycle"
"""Life-cycle greenhouse gases as one printed number: never added to masses of single gases."""


OWN = {
    **{name: name for name in ("PM10", "PM2.5", "VOC", "CO", "NH3", "CH4", "N2O")},
    "SO2": "SOx",
}
"""What a port's own table of rates may have beside the pollutants of its kind."""


@dataclass(frozen=True)
class Kind:
    """A kind of rate: the rate types and qualifiers of the edition that are of it, the usual one first."""

    rates: Mapping[str, tuple[str, ...]]
    pollutants: Mapping[str, str]
    per_retail_kwh: bool = False


KINDS: Mapping[str, Kind] = {
    "average": Kind(
        {"average total output": ("total output",)},
        {"NOx": "NOx", "SO2": "SOx", "CO2": "CO2", "CH4": "CH4", "N2O": "N2O"},
    ),
    # Rates of what more or less demand changes. Those of wind and solar plants answer another question.
    "marginal": Kind(
        {"marginal (fossil, avoided-emission)": ("Uniform EE", "Portfolio EE")},
        {"NOx": "NOx", "SO2": "SOx", "PM2.5": "PM2.5", "VOC": "VOC", "NH3": "NH3", "CO2": "CO2"},
        per_retail_kwh=True,
    ),
    "projected": Kind(
        {
            "long-run marginal": ("combustion only",),
            "short-run marginal": ("combustion only",),
            "average": ("combustion only",),
        },
        {"CO2": "CO2"},
    ),
    "life_cycle": Kind({}, {"CO2e": LIFE_CYCLE}),
}


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    kind, rate, _ = chosen(method)
    # Projected averages have methane and nitrous oxide, projected marginal rates have not.
    group = "grid_projected_average" if (kind, rate) == ("projected", "average") else f"grid_{kind}"
    if hours.by_hour(method) and kind != "life_cycle":
        group = hours.GROUP
    known = pd.Series(group, index=classes.index).mask(classes["grid_region"] == "", "grid_unknown")
    return classes.assign(quantity_kind="electricity", coverage_group=known)


def coverage(classes: pd.DataFrame, method: Method, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the method's coverage; by the hour, what the tables of hourly and annual rates have."""
    regions = [str(region) for region in classes["grid_region"].unique() if region]
    kind, rate_type, qualifier = chosen(method)
    if kind == "life_cycle" or not regions:
        return stated
    if not hours.by_hour(method):
        return _stated(regions, method, stated)
    known = [hours.served(region, rate_type, qualifier, KINDS[kind].pollutants, method) for region in regions]
    both = [name for name in known[0] if all(name in other for other in known)]
    values = (stated["coverage_group"] == hours.GROUP) & stated["pollutant"].isin(both)
    return stated.assign(state=stated["state"].mask(values, "value"), rule=stated["rule"].mask(values, ""))


def found_rates(regions: list[str], method: Method) -> dict[str, str] | None:
    """Return the pollutants of the annual rates in force, by printed name; None where the kind has none.

    A utility often prints carbon dioxide alone, and not all years of eGRID were read with methane and nitrous
    oxide: the others are then not estimated, and no reason to stop.
    """
    name, rate_type, qualifier = chosen(method)
    year = rate_year(method, regions, rate_type, qualifier)
    table = table_for(method, regions, year, rate_type, qualifier)
    own = table.spec.edition == "user"
    if not own and name != "average":
        return None
    asked = pd.DataFrame(
        {"region": regions, "year": year, "rate_type": rate_type, "qualifier": qualifier}
    )  # fmt: skip
    every = {**KINDS[name].pollutants, **(OWN if own else {})}
    unknown = [printed for printed in table.quantities if printed not in every] if own else []
    if unknown:
        raise MethodError(
            f"{table.name} has {', '.join(unknown)}, which no rate of electricity is known by; it may have "
            f"{', '.join(every)}"
        )
    found = {
        printed: reported for printed, reported in every.items() if bool(np.all(table.has(asked, printed)))
    }
    if not found:
        _refuse_unknown(method, asked)
    return found


def _refuse_unknown(method: Method, asked: pd.DataFrame) -> None:
    """Stop at a region, or a year of it, without any rate of the kind; name the options that choose them."""
    for row in asked.drop_duplicates().to_dict("records"):
        rate_type, qualifier, region = str(row["rate_type"]), str(row["qualifier"]), str(row["region"])
        years = years_of(method, region, rate_type, qualifier)
        if row["year"] in years:
            continue
        tables = tables_of(method, rate_type)
        if years:
            other = f"in {row['year']}; year may be {' | '.join(map(str, years))} (grid_year)"
        else:
            regions: set[str] = set()
            for table in tables:
                kind = table.frame[table.frame["rate_type"] == rate_type]
                regions |= set(kind.loc[kind["qualifier"] == qualifier, "region"].astype(str))
            known = " | ".join(sorted(regions)) or "none of this kind"
            other = f"at all; region may be {known} (grid_region; grid_kind chooses the kind)"
        names = " and ".join(table.name for table in tables)
        have = "has" if len(tables) == 1 else "have"
        what = f"{names} {have} no {row['rate_type']!r}, {row['qualifier']!r}, of {row['region']}"
        raise FactorMissing(tables[0].name, "CO2", pd.DataFrame([row]), f"{what} {other}")


def _stated(regions: list[str], method: Method, stated: pd.DataFrame) -> pd.DataFrame:
    """Coverage by what the annual rates in force have: values, and NE for the rest."""
    found = found_rates(regions, method)
    if found is None:
        return stated
    mine = stated["coverage_group"].str.startswith(f"grid_{method.option('grid_kind')}")
    values = mine & stated["pollutant"].isin(list(found.values()))
    lacking = mine & ~values & (stated["state"] == "value")
    state = stated["state"].mask(values, "value").mask(lacking, "NE")
    rule = stated["rule"].mask(values, "").mask(lacking, "the grid rates of this region and year have none")
    return stated.assign(state=state, rule=rule)


def chosen(method: Method) -> tuple[str, str, str]:
    """Return the kind of rate in force, its rate type and its qualifier.

    Raises
    ------
    MethodError
        If `grid_rate` or `grid_qualifier` is not of the kind that `grid_kind` names.

    Examples
    --------
    >>> from factors.method import load_method
    >>> chosen(load_method("epa-2022").with_options(grid_kind="marginal"))
    ('marginal', 'marginal (fossil, avoided-emission)', 'Uniform EE')
    """
    name, rate, qualifier = (method.option(f"grid_{part}") for part in ("kind", "rate", "qualifier"))
    kind = KINDS[name]
    if not kind.rates:
        if rate or qualifier:
            raise MethodError(
                f"grid_kind = {name!r} takes neither grid_rate nor grid_qualifier: leave them blank"
            )
        return name, "", ""
    rate = rate or next(iter(kind.rates))
    if rate not in kind.rates:
        owner = next((other for other, known in KINDS.items() if rate in known.rates), "")
        whose = f"is of kind {owner!r}" if owner else "is of no kind"
        raise MethodError(
            f"grid_rate {rate!r} {whose}, and grid_kind = {name!r}: kinds of rate are never mixed. "
            f"Of this kind are {', '.join(kind.rates)}."
        )
    qualifier = qualifier or kind.rates[rate][0]
    if qualifier not in kind.rates[rate]:
        raise MethodError(
            f"grid_qualifier {qualifier!r} is not a rate for electricity taken, by grid_kind = {name!r}; "
            f"there are {', '.join(kind.rates[rate])}"
        )
    return name, rate, qualifier


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the energy, unless its own source shows it, and where the grid is known what making it emits.

    References
    ----------
    Rates and losses by region: edition ``grid``, which names EPA's AVERT, https://www.epa.gov/avert, and
    eGRID, https://www.epa.gov/egrid, and NREL's Cambium 2023 as shipped in ALTRIOS,
    https://github.com/NREL/altrios (commit 72151a2990).
    """
    own = classes[~classes["use"].isin(DRAWN.values())]
    terms.add_number(ELECTRICITY, "grid", own.index, 1.0, note="at the meter")
    known = classes[classes["grid_region"] != ""]
    if not len(known):
        return
    name, rate_type, qualifier = chosen(method)
    if name == "life_cycle":
        _life_cycle(known, method, terms)
        return
    lost, note = _losses(name, rate_type, known, method)
    if hours.by_hour(method):
        for region, part in known.groupby("grid_region"):
            found = hours.served(str(region), rate_type, qualifier, KINDS[name].pollutants, method)
            hours.resolve(part, rate_type, qualifier, found, 1 / (1 - lost), note, method, terms)
        return
    regions = [str(region) for region in known["grid_region"].unique()]
    year = rate_year(method, regions, rate_type, qualifier)
    query = known.assign(region=known["grid_region"], year=year, rate_type=rate_type, qualifier=qualifier)
    _refuse_unknown(method, query[["region", "year", "rate_type", "qualifier"]])
    table = table_for(method, regions, year, rate_type, qualifier)
    found = dict(KINDS[name].pollutants)
    if rate_type == "average":
        found |= {"CH4": "CH4", "N2O": "N2O"}
    found = found_rates(regions, method) or found
    for printed, pollutant in found.items():
        rate = table.find(query, printed)
        terms.add(pollutant, "grid", rate, number=1 / (1 - lost), note=note)


def _losses(name: str, rate_type: str, known: pd.DataFrame, method: Method) -> tuple[float, str]:
    """Loss between power station and meter as a share of generation, and what the terms say of it."""
    if KINDS[name].per_retail_kwh:
        return 0.0, "per kilowatt-hour at the meter: line losses are inside the rate"
    if name == "projected":
        if method.option("grid_projected_at") == "meter":
            return 0.0, "taken as per kilowatt-hour at the meter (grid_projected_at)"
        table = method.table(SOURCE, "losses")
        quantity = "distloss_rate_avg" if rate_type == "average" else "distloss_rate_marg"
        asked = pd.DataFrame({"region": known["grid_region"].unique(), "year": stated_year(method)})
        row = table.find(asked, quantity)
        if len(np.unique(row.value)) > 1:
            raise MethodError("regions of different losses need an inventory each")
        return _said(row, table)
    return 0.0, "of what the meter reads; what is lost on the way is a source of its own (grid_loss_region)"


def _said(row: Rows, table: FactorTable) -> tuple[float, str]:
    lost = float(row.value[0])
    return lost, f"number is 1 / (1 - {lost:.4f}), the loss between power station and meter ({table.name})"


def _life_cycle(known: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """The mean of the hours of a day: what a flat load takes; else weighted by when energy is drawn."""
    table = method.table(SOURCE, "life_cycle_by_hour")
    share = hours.shares(known, method) if hours.by_hour(method) else None
    for hour in sorted(table.frame["hour"].unique()):
        query = known.assign(region=known["grid_region"], year=stated_year(method), hour=int(hour))
        number: float | pd.Series = 1 / table.frame["hour"].nunique()
        note = "mean of the hours of a day; delivered energy, no losses again"
        if share is not None:
            mine = share[share["hour"] == hour]
            number = mine.groupby(mine.index)["share"].sum().reindex(known.index, fill_value=0.0)
            note = "share of the energy drawn in this hour of the day; delivered energy, no losses again"
        terms.add(LIFE_CYCLE, "grid", table.find(query, "CO2e"), number=number, note=note)
