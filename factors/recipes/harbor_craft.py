"""Harbor craft: marine diesel engines, in mass per engine work.

    EF = Z * (1 + A * share of life used) * fuel correction
    SO2 = (fuel rate * (1 - c) - THC) * sulfur * 2
    CO2 = (fuel rate - THC) * carbon fraction * 44/12

Z and A come, in this order, from a port's own zero-hour table by model year (CARB's form), from its own table
by category and tier, or from EPA's recreational marine diesel set, a proxy whose results are a screening. The
fuel correction is CARB's multiplier with CARB's form; with the proxy it is what NONROAD subtracts from
particles for the sulfur that its test fuel had and today's has not. A port's own table by tier is taken as it
is. Tier 4 engines, which the proxy lacks, may take their certification limits, an upper bound. CH4 and N2O
go by the gallon of fuel. Formulas of SO2 and CO2 are those of NONROAD2008a, clcems.f.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from factors.fuel_volume import density
from factors.method import Method
from factors.recipes import power_bins
from factors.tables import FactorMissing, FactorTable, Rows
from factors.terms import MAX_ROWS, TermBuilder

SOURCE = "harbor_craft"
KEYS = ("technology", "category", "tier", "role", "power_bin", "model_year", "fuel")
"""Combustion or electric; category of the engine and its tier; role and model year where a zero-hour table
asks for them ('' and 0 where not); power bin in hp; fuel."""

TECHNOLOGIES = ("combustion", "electric", "electric_unmetered")
FUELS = ("diesel", "renewable_diesel", "biodiesel")
BIOGENIC = ("renewable_diesel", "biodiesel")
PRINTED = ("NOx", "CO", "THC", "PM10")
_STAND_IN = "rates of petroleum diesel"
_PROXY_NOTE = "recreational Category 1 set, a proxy"
_LIMIT_NOTE = "certification limit of Tier 4, an upper bound"
_SPECIES_TIERS = {"Base": "BaseM", **{f"Tier {number}": f"T{min(number, 3)}M" for number in range(5)}}
"""Recreational marine technologies of MOVES5 by tier; it has none of Tier 4, and Tier 3 stands in."""
# A base sulfur of 1.0 percent is a placeholder of the source: applied, particles come out negative.
_PLACEHOLDER_WT_PCT = 1.0
_UNCAPPED = 1e9


def zero_hour_form(method: Method) -> bool:
    """Return whether the port brought a zero-hour table by model year."""
    return method.has_table(SOURCE, "zero_hour")


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it."""
    burning = classes["technology"] == "combustion"
    unknown = sorted(set(classes.loc[burning, "fuel"].astype(str)) - set(FUELS))
    if unknown:
        raise ValueError(f"{SOURCE}: fuel {', '.join(unknown)} is not among {', '.join(FUELS)}")
    group = classes["fuel"].mask(classes["fuel"].isin(BIOGENIC), "renewable_diesel")
    kind = classes["technology"].map({"combustion": "energy", "electric": "electricity"}).fillna("duration")
    return classes.assign(quantity_kind=kind, coverage_group=group.where(burning, classes["technology"]))


def power_bin(power_hp: ArrayLike, method: Method) -> NDArray[np.object_]:
    """Return the power bin of engines, open below and closed above, the finest that any table has.

    Parameters
    ----------
    power_hp : array_like, shape (n,)
        Rated power of one engine. [hp] Taken to 0.1 hp.
    method : Method

    Returns
    -------
    ndarray of str, shape (n,)

    Raises
    ------
    ValueError
        If a power is not above zero, or beyond the last bin.

    Examples
    --------
    >>> from factors.method import load_method
    >>> power_bin([99.0, 2414.0], load_method("epa-2022")).tolist()
    ['75-100 hp', '1200-inf hp']
    """
    edges = power_bins.edges_of([*_tables(method), method.table(SOURCE, "carb_deterioration")])
    return power_bins.label(power_hp, np.union1d([0.0], edges), SOURCE)


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of all classes.

    References
    ----------
    EPA, NONROAD2008a, ``NR08a/SOURCE/clcems.f`` and its set of recreational marine diesel engines, a proxy,
    https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31).

    CARB, commercial harbor craft inventory,
    https://ww2.arb.ca.gov/our-work/programs/commercial-harbor-craft, for the form of a zero-hour table; its
    numbers are from memory.
    """
    burning = classes[classes["technology"] == "combustion"]
    for part in _parts(burning.assign(hp=burning["power_bin"].map(power_bins.inside)), method):
        for pollutant in ("NOx", "CO"):
            _deteriorating(part, terms, pollutant, pollutant)
        _deteriorating(part, terms, "THC", "THC")
        _deteriorating(part, terms, "VOC", "THC", ratios=(part.organic(),))
        _particles(part, terms)
        _sulfur_and_carbon(part, terms)
        _greenhouse_gases(part, terms)
    metered = classes[classes["technology"] == "electric"]
    if len(metered):
        rate = method.table(SOURCE, "metered").find(metered, "electricity_at_meter", fuel="electric")
        terms.add("electricity", "grid", rate)


def proxied(classes: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Return which classes rest on the recreational proxy, shape (n,)."""
    burning = (classes["technology"] == "combustion").to_numpy()
    if zero_hour_form(method):
        return np.zeros(len(classes), dtype=bool)
    asked = classes.assign(hp=classes["power_bin"].where(burning, "0-1 hp").map(power_bins.inside))
    answered = np.zeros(len(classes), dtype=bool)
    for table in _tables(method)[:-1]:
        answered |= table.has(asked, "NOx")
    return np.asarray(burning & ~answered)


def limited(classes: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Return which classes take a certification limit for a rate, shape (n,)."""
    burning = (classes["technology"] == "combustion").to_numpy()
    if zero_hour_form(method) or not _limits_count(method):
        return np.zeros(len(classes), dtype=bool)
    asked = classes.assign(hp=classes["power_bin"].where(burning, "0-1 hp").map(power_bins.inside))
    own = np.zeros(len(classes), dtype=bool)
    if method.has_table(SOURCE, "emission_factors"):
        own = method.table(SOURCE, "emission_factors").has(asked, "NOx")
    return np.asarray(burning & ~own & method.table(SOURCE, "tier4_limits").has(asked, "NOx"))


def fuel_rates(classes: pd.DataFrame, method: Method) -> pd.Series:
    """Return the fuel that engines burn for their work, shape (n,). [kg/kWh]

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        The recipe's keys, of burning engines; each index once.
    method : Method

    Raises
    ------
    factors.tables.FactorMissing
        If an engine has no rates.
    """
    rate = pd.Series(np.nan, index=classes.index)
    for part in _parts(classes.assign(hp=classes["power_bin"].map(power_bins.inside)), method):
        rate[part.classes.index] = part.rate("BSFC").to("kg/kWh")
    return rate


def rated(classes: pd.DataFrame, method: Method) -> NDArray[np.bool_]:
    """Return which classes of burning engines the method has rates for, shape (n,)."""
    asked = classes.assign(hp=classes["power_bin"].map(power_bins.inside))
    found = np.zeros(len(classes), dtype=bool)
    for table in _tables(method):
        found |= table.has(asked, "NOx")
    return found


# ---------------------------------------------------------------- parts: classes whose rates come alike


@dataclass(frozen=True)
class _Part:
    form: str  # proxy, own, limit or zero_hour
    classes: pd.DataFrame
    rates: FactorTable
    method: Method
    fuel: str
    corrected: bool

    @property
    def note(self) -> str:
        by_form = {"proxy": _PROXY_NOTE, "limit": _LIMIT_NOTE}.get(self.form, "")
        said = (by_form, _STAND_IN if self.fuel != "diesel" else "")
        return "; ".join(filter(None, said))

    def rate(self, quantity: str) -> Rows:
        return self.rates.find(self.classes, quantity)

    def ratio(self, quantity: str) -> Rows:
        return self.method.table(SOURCE, "ratios").find(self.classes, quantity, fuel="diesel")

    def organic(self) -> Rows:
        """VOC over THC: MOVES5's organic gases by technology, or one ratio where tiers are not known."""
        if self.form == "zero_hour" or self.method.option("nonroad_voc") == "epa_2009":
            return self.ratio("VOC_over_THC")
        return self.species("NMOG_over_THC")

    def species(self, quantity: str) -> Rows:
        """Share of a species in THC by MOVES5; that of the newest marine engines where none is known."""
        known = self.classes["tier"].astype(str).map(_SPECIES_TIERS).fillna(_SPECIES_TIERS["Tier 3"])
        return self.method.table(SOURCE, "species").find(self.classes.assign(tech_type=known), quantity)

    def fuel_row(self, quantity: str) -> Rows:
        return self.method.table(SOURCE, "fuels").find(self.classes, quantity, fuel="diesel")

    def correction(self, quantity: str) -> tuple[Rows, ...]:
        """CARB's fuel correction, which goes with zero-hour rates; it has none for CO."""
        table = self.method.table(SOURCE, "carb_fuel_correction")
        if self.form != "zero_hour" or not self.corrected or not table.has(
            self.classes, "fuel_correction", pollutant=quantity
        ).all():  # fmt: skip
            return ()
        return (table.find(self.classes, "fuel_correction", pollutant=quantity),)

    def growth(self, quantity: str) -> tuple[Rows, ...]:
        """Deterioration over the life; none where a port's own table by tier does not give it."""
        if self.method.option("harbor_craft_deterioration") == "none":
            return ()
        own = f"{quantity}_deterioration"
        if self.form != "proxy" and own in self.rates.quantities:
            return (self.rate(own),)
        if self.form == "zero_hour":
            table = self.method.table(SOURCE, "carb_deterioration")
            answered = table.has(self.classes, "A", pollutant=quantity)
            if not answered.all():
                return ()  # below the bands that California's factors have
            return (table.find(self.classes, "A", pollutant=quantity),)
        if self.form in ("own", "limit"):
            return ()
        return (self.method.table(SOURCE, "deterioration").find(self.classes, "A", pollutant=quantity),)

    @property
    def curve(self) -> tuple[str, dict[str, float]]:
        if self.form == "zero_hour":
            return "life_uncapped", {"exponent": 1.0, "cap": _UNCAPPED}
        return "life", {"exponent": 1.0, "cap": 1.0}


def _tables(method: Method) -> list[FactorTable]:
    """The rate tables in play, the preferred first."""
    if zero_hour_form(method):
        return [method.table(SOURCE, "zero_hour")]
    own = [method.table(SOURCE, "emission_factors")] if method.has_table(SOURCE, "emission_factors") else []
    limits = [method.table(SOURCE, "tier4_limits")] if _limits_count(method) else []
    return [*own, *limits, method.table(SOURCE, "proxy")]


def _limits_count(method: Method) -> bool:
    return method.option("harbor_craft_tier4") == "certification_limit"


def _parts(burning: pd.DataFrame, method: Method) -> Iterator[_Part]:
    rest = burning
    corrected = method.option("harbor_craft_fuel_correction") == "table"
    for table in _tables(method):
        answered = table.has(rest, "NOx")
        here = rest[answered]
        rest = rest[~answered]
        form = _form(table, method)
        alike: list[object] = [here["fuel"]]
        if form == "proxy":
            alike.append(_sulfur_applies(here, method) & corrected)
        if form == "zero_hour":
            low = here["hp"] <= 25  # the bands of California's deterioration begin there
            alike.append(low)
        for key, part in here.groupby(alike, sort=True):
            named = key if isinstance(key, tuple) else (key,)
            takes = bool(named[1]) if form == "proxy" else corrected
            yield _Part(form, part, table, method, str(named[0]), takes)
    if len(rest):
        raise _no_rates(rest, method)


def _form(table: FactorTable, method: Method) -> str:
    """Whose rates a table holds: proxy, limit, own or zero_hour."""
    for need, form in (("zero_hour", "zero_hour"), ("emission_factors", "own")):
        if method.own_tables.get((SOURCE, need)) is table:
            return form
    return "limit" if table is method.table(SOURCE, "tier4_limits") else "proxy"


def _sulfur_applies(classes: pd.DataFrame, method: Method) -> pd.Series:
    base = method.table(SOURCE, "pm_base_sulfur").find(classes, "PM_base_sulfur").value
    return pd.Series(base < _PLACEHOLDER_WT_PCT, index=classes.index)


def _no_rates(rest: pd.DataFrame, method: Method) -> FactorMissing:
    table = _tables(method)[-1]
    keys = rest[["category", "tier", "role", "power_bin", "model_year"]].drop_duplicates()
    lines = [
        "  " + ", ".join(f"{name}={value}" for name, value in entry.items() if value not in ("", 0))
        for entry in keys.head(5).to_dict("records")
    ]
    more = f"\n  and {len(keys) - 5} more" if len(keys) > 5 else ""
    why = (
        "The proxy is of Category 1 engines, and has no Tier 4 above 100 hp. "
        if table.name == method.table(SOURCE, "proxy").name
        else ""
    )
    return FactorMissing(
        table.name,
        "NOx",
        keys,
        f"{table.name} has no NOx for engines of harbor craft with\n"
        + "\n".join(lines)
        + more
        + f"\n{why}Bring rates of your own: a table harbor_craft.emission_factors (by category, tier and hp) "
        "or harbor_craft.zero_hour (CARB's, by role, hp and model year), named in port.toml under "
        "[factor_tables]; or, for Tier 4 engines from 600 kW, take their certification limits as an upper "
        "bound (harbor_craft_tier4 = certification_limit); "
        "or state the tier of the certificate where it was taken from the model year.",
    )


# ---------------------------------------------------------------- terms


def _add(
    part: _Part,
    terms: TermBuilder,
    pollutant: str,
    *rows: Rows,
    ratios: tuple[Rows, ...] = (),
    number: ArrayLike = 1.0,
    unit: str = "",
    curve: str = "one",
    note: str = "",
) -> None:
    """Add a term; ratios without room among the rows go into the number, and the note says so."""
    room = MAX_ROWS - len(rows)
    scale = np.broadcast_to(np.asarray(number, dtype=float), len(part.classes))
    for ratio in ratios[room:]:
        scale = scale * ratio.to("1")
    folded = [f"number holds {ratio.member('quantity')[0]} of {ratio.table.name}" for ratio in ratios[room:]]
    terms.add(
        pollutant,
        "exhaust",
        *rows,
        *ratios[:room],
        number=scale,
        unit=unit,
        curve=curve,
        extrapolated=part.fuel != "diesel" or part.form in ("proxy", "limit"),
        note="; ".join(filter(None, [note, *folded, part.note])),
    )


def _deteriorating(
    part: _Part,
    terms: TermBuilder,
    pollutant: str,
    quantity: str,
    *,
    ratios: tuple[Rows, ...] = (),
    number: float = 1.0,
    note: str = "",
) -> None:
    """Add ``number * Z`` and, along the curve of life used, ``number * Z * A``."""
    rows = (part.rate(quantity), *part.correction(quantity))
    said = f"{note}, " if note else ""
    _add(part, terms, pollutant, *rows, ratios=ratios, number=number, note=f"{said}zero-hour rate")
    growth = part.growth(quantity)
    if growth:
        name, parameters = part.curve
        curve = terms.curve(name, "life", parameters, growth[0].table.name)
        _add(
            part,
            terms,
            pollutant,
            *rows,
            *growth,
            ratios=ratios,
            number=number,
            curve=curve,
            note=f"{said}deterioration",
        )


def _particles(part: _Part, terms: TermBuilder) -> None:
    reported: tuple[tuple[str, tuple[Rows, ...]], ...] = (
        ("PM10", ()),
        ("PM2.5", (part.ratio("PM2.5_over_PM10"),)),
        ("DPM", ()),
    )
    sulfur = _sulfur(part.method)
    for pollutant, ratios in reported:
        _deteriorating(part, terms, pollutant, "PM10", ratios=ratios)
        if part.form != "proxy" or not part.corrected:
            continue
        burnt, share = part.rate("BSFC"), part.fuel_row("sulfate_conversion_fraction")
        base = part.method.table(SOURCE, "pm_base_sulfur").find(part.classes, "PM_base_sulfur")
        mass = part.ratio("sulfate_over_sulfur")
        _add(
            part,
            terms,
            pollutant,
            burnt,
            share,
            base,
            ratios=(mass, *ratios),
            number=-1.0,
            note="less the sulfate of the test fuel",
        )
        _add(
            part,
            terms,
            pollutant,
            burnt,
            share,
            mass,
            ratios=ratios,
            number=sulfur,
            note="sulfate of the fuel in use",
        )


def _sulfur(method: Method) -> float:
    """Sulfur of the fuel, as a fraction of its mass."""
    return float(method.option("marine_diesel_sulfur_ppm")) / 1e6


def _sulfur_and_carbon(part: _Part, terms: TermBuilder) -> None:
    burnt, share = part.rate("BSFC"), part.fuel_row("sulfate_conversion_fraction")
    double, sulfur = part.ratio("SO2_over_sulfur"), _sulfur(part.method)
    _add(part, terms, "SOx", burnt, ratios=(double,), number=sulfur, note="sulfur of the fuel")
    _add(part, terms, "SOx", burnt, share, ratios=(double,), number=-sulfur, note="less what becomes sulfate")
    _deteriorating(part, terms, "SOx", "THC", ratios=(double,), number=-sulfur, note="less unburnt fuel")
    carbon, heavier = part.fuel_row("carbon_mass_fraction"), part.ratio("CO2_over_carbon")
    # The carbon of renewable fuels is biogenic: a line of its own, outside fossil CO2.
    pollutant = "CO2_biogenic" if part.fuel in BIOGENIC else "CO2"
    _add(part, terms, pollutant, burnt, ratios=(carbon, heavier), note="carbon of the fuel")
    _deteriorating(
        part, terms, pollutant, "THC", ratios=(carbon, heavier), number=-1.0, note="less unburnt fuel"
    )
    _add(part, terms, f"fuel:{part.fuel}", burnt)


def _greenhouse_gases(part: _Part, terms: TermBuilder) -> None:
    """Add CH4 and N2O by the gallon of diesel that EPA's hub counts for ships and boats."""
    volume = density("fuel:diesel")
    if volume is None:
        raise ValueError("no density of diesel was read")
    table = part.method.table(SOURCE, "greenhouse_gases")
    edition = part.method.option("off_road_ghg").removeprefix("hub_")
    for gas in ("CH4", "N2O"):
        keys = {"hub_edition": edition, "equipment": "ships and boats", "fuel": "diesel"}
        rate = table.find(part.classes.drop(columns="fuel"), gas, **keys)
        note = f"by the gallon; number holds the density of {volume.document}"
        scale: ArrayLike = 1.0
        bound = part.method.option("harbor_craft_methane_bound")
        if gas == "CH4" and bound != "none":
            made = part.rate("BSFC").to("kg/kWh") * rate.to("g/gal") * volume.gallons_per_kg
            most = part.rate("THC").to("g/kWh") * np.prod(
                [row.to("1") for row in part.correction("THC")], axis=0
            )
            if bound == "species":
                most = most * part.species("CH4_over_THC").to("1")
            scale = np.minimum(1.0, most / made)
            note += f" and keeps methane to its share of hydrocarbons (harbor_craft_methane_bound = {bound})"
        _add(part, terms, gas, part.rate("BSFC"), rate, number=volume.gallons_per_kg * np.asarray(scale),
             unit="gal/kg", note=note)  # fmt: skip
