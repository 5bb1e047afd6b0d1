"""Cargo handling equipment: engines by technology type, in g/hp-hr of engine work.

    EF = sum over technologies of  fraction * ( Z * (1 + A * min(a, cap)^b) - S )
    S   = fuel rate * c * 7.0 * (base sulfur - fuel sulfur)                      (PM of diesel only)
    SO2 = (fuel rate * (1 - c) - THC) * sulfur * 2
    CO2 = (fuel rate - THC) * carbon fraction * 44/12

NONROAD2008a, SOURCE/clcems.f, with the tables of MOVES5. *Z* is the zero-hour rate with the transient
adjustment inside, *A* its deterioration, *a* the share of the median life used up: the curve `life`. The
sulfur correction is subtracted after deterioration and not scaled by it. The program's 453.6 g/lb is the
exact pound here, 1.7e-5 less. The option `equipment_form` takes California's form instead.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from factors.method import Method
from factors.recipes import power_bins
from factors.recipes.equipment import carb, devices, greenhouse_gases, tier4
from factors.recipes.equipment.names import ENGINES as ENGINES
from factors.recipes.equipment.names import FIRST_CONTROLLED, SOURCE, TIERS
from factors.recipes.equipment.parts import Part, parts_of
from factors.recipes.equipment.terms import add, carbon_dioxide, carrier, fuel_sulfur, ratio
from factors.tables import Rows
from factors.terms import TermBuilder

KEYS = (
    "technology",
    "scc",
    "power_bin",
    "model_year",
    "tier",
    "fuel",
    "sulfur_wt_pct",
    "certification",
    "device",
)
"""What a machine is, its NONROAD code, its power bin (``300-600 hp``), the model year of its engine, its
standard where known ('' where not: the mixture of the model year), its fuel, and the fuel's sulfur where
stated (NaN where not: as the method says). For the California form whether the engine is certified
``off_road`` or ``on_road``, and the level of its device (``none``); '' in the form of NONROAD."""

BURNING = ("combustion", "hybrid")
TECHNOLOGIES = (
    *BURNING,
    "electric",
    "electric_by_hours",
    "electric_unmetered",
    "fuel_cell",
    "fuel_cell_metered",
)

_WORK = {"combustion": "energy", "hybrid": "energy", "electric": "electricity", "fuel_cell_metered": "fuel"}
_PREFIXES = {"diesel": ("2270", "2285002"), "LPG": ("2267",), "CNG": ("2268",), "gasoline": ("2265",)}
_GROUPS = {"renewable_diesel": "renewable_diesel", "biodiesel": "renewable_diesel", "lng": "cng"}
_SULFUR_FUEL = {"diesel": "nonroad diesel", "LPG": "LPG", "CNG": "CNG"}


def describe(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Say what each class takes and which coverage lines apply to it.

    Raises
    ------
    ValueError
        Naming every technology, fuel, tier or code that cannot be used.
    """
    burning = classes["technology"].isin(BURNING)
    problems = []
    for column, allowed, of in (
        ("technology", TECHNOLOGIES, classes),
        ("fuel", tuple(ENGINES), classes[burning]),
        ("tier", TIERS, classes[classes["tier"] != ""]),
        ("certification", ("off_road", "on_road", ""), classes[burning]),
        ("device", (*devices.LEVELS, ""), classes[burning]),
    ):
        unknown = sorted(set(of[column].astype(str)) - set(allowed))
        if unknown:
            problems.append(f"{column} {', '.join(unknown)} is not among {', '.join(allowed)}")
    engine = classes["fuel"].map(ENGINES)
    for name, codes in classes[burning].groupby(engine[burning])["scc"]:
        other = sorted({str(code) for code in codes if not str(code).startswith(_PREFIXES[str(name)])})
        if other:
            problems.append(f"equipment code {', '.join(other)} is not of a {name} engine")
    if problems:
        raise ValueError(f"{SOURCE}: " + "; ".join(problems))
    group = classes["fuel"].map({fuel: _GROUPS.get(fuel, fuel) for fuel in classes["fuel"].unique()})
    if burning.any() and carb.in_force(method):
        group = _california_group(group, method)
    group = group.where(burning, classes["technology"])
    return classes.assign(
        quantity_kind=classes["technology"].map(_WORK).fillna("duration"),
        coverage_group=group.replace("electric_by_hours", "electric"),
    )


def _california_group(group: pd.Series, method: Method) -> pd.Series:
    if not carb.brings_own(method):
        return "moyer_" + group
    return "carb_" + group + ("_ghg" if carb.has_greenhouse_gases(method) else "")


def alike(classes: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Return what tells the factors of classes apart: steps of the technology mix in place of model years.

    Parameters
    ----------
    classes : pandas.DataFrame, shape (n, ...)
        The recipe's keys.
    method : Method

    Returns
    -------
    pandas.DataFrame, shape (n, ...)
        Classes that agree in all columns have the same factors.
    """
    if carb.in_force(method):
        return classes  # its tables go by the model year itself
    on_road = (classes["certification"] == "on_road").to_numpy()
    year = classes["model_year"].to_numpy(dtype=float)
    step = np.searchsorted(_mix_steps(method, "tech_mix"), year, side="right")
    gasoline = (classes["fuel"] == "gasoline").to_numpy()
    step[gasoline] = np.searchsorted(_mix_steps(method, "tech_mix_gasoline"), year[gasoline], side="right")
    # An on-road engine's standard goes by its model year itself.
    return classes.assign(model_year=np.where(on_road, -year, step))


def _mix_steps(method: Method, need: str) -> NDArray[np.float64]:
    """Model years from which the mixture of technologies, or what its members take, changes."""
    steps = np.union1d(method.table(SOURCE, need).frame["model_year_from"], [FIRST_CONTROLLED])
    if tier4.in_force(method):
        steps = np.union1d(steps, tier4.rates(method).frame["model_year_from"])
    return steps


def resolve(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of all classes: engines by the method's form, then what machines draw.

    References
    ----------
    EPA, NONROAD2008a, ``NR08a/SOURCE/clcems.f``, with the rates, technology mix, deterioration and sulfur
    of the MOVES5 default database, https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31).
    """
    burning = classes[classes["technology"].isin(BURNING)]
    burning = burning.assign(hp=burning["power_bin"].map(power_bins.inside))
    if carb.in_force(method):
        carb.resolve(burning, method, terms)
    else:
        _nonroad(burning, method, terms)
    _draw(classes, method, terms)


def _nonroad(burning: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the terms of engines as NONROAD has them, technology by technology."""
    for part in parts_of(burning, method):
        _deteriorating(part, terms, method, "NOx", "NOx")
        _deteriorating(part, terms, method, "CO", "CO")
        _hydrocarbons(part, terms, method)
        _particles(part, terms, method)
        _sulfur_dioxide(part, terms, method)
        _fuel_and_carbon(part, terms, method)
        greenhouse_gases.of_fuel(part, terms, method, part.rate("BSFC"), _organic(part, method))
        _methane_of_natural_gas(part, terms, method)


def _draw(classes: pd.DataFrame, method: Method, terms: TermBuilder) -> None:
    """Add the electricity and the hydrogen of machines without an engine."""
    metered = classes[classes["technology"] == "electric"]
    rate = method.table(SOURCE, "metered").find(metered, "electricity_at_meter", fuel="electric")
    terms.add("electricity", "grid", rate)
    by_hours = classes[classes["technology"] == "electric_by_hours"]
    if len(by_hours):
        keys = electric_tractor_keys(method)
        rate = method.table(SOURCE, "electric_tractor").find(by_hours, "electricity_use", **keys)
        terms.add("electricity", "grid", rate, note="estimated from the fuel of a diesel tractor")
    fuel_cells = classes.index[classes["technology"] == "fuel_cell_metered"]
    if len(fuel_cells):
        terms.add_number("hydrogen", "upstream", fuel_cells, 1.0, "metered hydrogen")


def load_set(method: Method) -> str:
    """Return the set that load factors come from: that of the form of equipment where none is named.

    Examples
    --------
    >>> from factors.method import load_method
    >>> method = load_method("epa-2022")
    >>> load_set(method), load_set(method.with_options(equipment_form="carb"))
    ('moves', 'carb_2017')
    """
    chosen = method.option("load_factor_set")
    if chosen != "form":
        return chosen
    return "carb_2017" if method.option("equipment_form") == "carb" else "moves"


def electric_tractor_keys(method: Method) -> dict[str, str]:
    """Return the keys of the energy of an unmetered electric yard tractor, by the method's options."""
    chosen = method.option("electric_tractor")
    scenario = {
        "moves": "MOVES4 load factor 0.59",
        "carb_2017": "scaled to load factor 0.39 (memory)",
        "san_pedro_bay": "scaled to load factor 0.39 (memory)",
        "measured": "scaled to the measured load factor, half of 0.39 (memory)",
    }["measured" if chosen.startswith("measured_") else load_set(method)]
    return {"scenario": scenario, "efficiency_ratio": chosen.removeprefix("measured_").removeprefix("eer_")}


# ---------------------------------------------------------------- power bins


def power_edges(method: Method) -> NDArray[np.float64]:
    """Return the edges of the finest power bins of all tables. [hp]"""
    own = []
    if carb.in_force(method):
        own = [carb.FACTORS if carb.brings_own(method) else "moyer_rates"]
    needs = ("emission_factors", "tech_mix", "tier4_rates", *own)
    found = power_bins.edges_of(method.table(SOURCE, need) for need in needs)
    return found[np.isfinite(found)]


def power_bin(power_hp: ArrayLike, method: Method) -> NDArray[np.object_]:
    """Return the power bin of engines, open below and closed above.

    Parameters
    ----------
    power_hp : array_like, shape (n,)
        Rated power. [hp] Taken to 0.1 hp, so that 100 hp written in kilowatts is still 100.
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
    >>> power_bin([100.0, 100.2, 419.0], load_method("epa-2022")).tolist()
    ['75-100 hp', '100-175 hp', '300-600 hp']
    """
    return power_bins.label(power_hp, power_edges(method), SOURCE)


# ---------------------------------------------------------------- terms


def _deteriorating(
    part: Part,
    terms: TermBuilder,
    method: Method,
    pollutant: str,
    quantity: str,
    *,
    process: str = "exhaust",
    ratios: tuple[Rows, ...] = (),
    number: ArrayLike = 1.0,
    note: str = "",
) -> None:
    """Add ``number * Z`` and, along the curve `life`, ``number * Z * A``."""
    rate = part.rate(quantity)
    table = method.table(SOURCE, "deterioration")
    growth, cap, power = (part.look_up(table, name, pollutant=quantity) for name in ("A", "cap", "b"))
    shapes, codes = np.unique(np.column_stack([cap.value, power.value]), axis=0, return_inverse=True)
    curves = np.array([_life(terms, *shape, source=table.name) for shape in shapes], dtype=object)
    said = f"{note}, " if note else ""
    add(
        part, terms, pollutant, process, rate, ratios=ratios, number=number, of=quantity,
        note=f"{said}zero-hour rate",
    )  # fmt: skip
    # The curve counts in median lives and A is per median life: the number's unit makes them cancel.
    add(
        part, terms, pollutant, process, rate, growth, ratios=ratios, number=number, unit="median lives",
        curve=curves[codes.ravel()], of=quantity, note=f"{said}deterioration",
    )  # fmt: skip


def _life(terms: TermBuilder, cap: float, exponent: float, *, source: str) -> str:
    name = "life" if cap == 1 and exponent == 1 else f"life_{cap:g}_{exponent:g}"
    return terms.curve(name, "life", {"exponent": float(exponent), "cap": float(cap)}, source)


def _hydrocarbons(part: Part, terms: TermBuilder, method: Method) -> None:
    """THC as printed, VOC by a named ratio; both from the exhaust and from the crankcase."""
    need = "crankcase_gasoline" if part.engine == "gasoline" else "crankcase"
    table, quantity = method.table(SOURCE, need), "crankcase_THC_over_exhaust_THC"
    named = table.has(part.members, quantity)
    asked = part.members.assign(tech_type=part.members["tech_type"].where(named, "ALL"))
    vented, organic = table.find(asked, quantity), _organic(part, method)
    _deteriorating(part, terms, method, "THC", "THC")
    _deteriorating(part, terms, method, "VOC", "THC", ratios=(organic,))
    _deteriorating(part, terms, method, "THC", "THC", process="crankcase", ratios=(vented,))
    _deteriorating(part, terms, method, "VOC", "THC", process="crankcase", ratios=(vented, organic))


def _organic(part: Part, method: Method) -> Rows:
    """VOC over THC: of diesels MOVES5's non-methane organic gases by technology, or one ratio for all."""
    if part.engine != "diesel" or method.option("nonroad_voc") == "epa_2009":
        return ratio(part, method, "VOC_over_THC")
    return part.look_up(method.table(SOURCE, "species"), "NMOG_over_THC")


def _methane_of_natural_gas(part: Part, terms: TermBuilder, method: Method) -> None:
    if part.engine == "CNG":
        methane = part.look_up(method.table(SOURCE, "species"), "CH4_over_THC")
        _deteriorating(part, terms, method, "CH4", "THC", ratios=(methane,), note="methane in THC")


def _sulfate_share(part: Part, method: Method) -> Rows:
    """Share of the fuel's sulfur that leaves as sulfate and not as SO2: c."""
    quantity = "sulfate_conversion_fraction"
    if part.engine == "gasoline":
        return part.look_up(method.table(SOURCE, "fuels"), quantity, fuel="gasoline")
    return part.look_up(method.table(SOURCE, "sulfur"), quantity, fuel=_SULFUR_FUEL[part.engine])


def _particles(part: Part, terms: TermBuilder, method: Method) -> None:
    """PM10, its fine part, and DPM of diesel engines, with the correction for the sulfur of today's fuel."""
    left = devices.left(part, method)
    reported: list[tuple[str, tuple[Rows, ...]]] = [
        ("PM10", left),
        ("PM2.5", (ratio(part, method, "PM2.5_over_PM10"), *left)),
    ]
    if part.engine != "diesel":
        for pollutant, ratios in reported:
            _deteriorating(part, terms, method, pollutant, "PM10", ratios=ratios)
        return
    burnt, share = part.rate("BSFC"), _sulfate_share(part, method)
    base = part.look_up(method.table(SOURCE, "sulfur"), "PM_base_sulfur", fuel="nonroad diesel")
    mass = ratio(part, method, "sulfate_over_sulfur")
    sulfur, content = fuel_sulfur(part, method)
    for pollutant, ratios in (*reported, ("DPM", left)):
        _deteriorating(part, terms, method, pollutant, "PM10", ratios=ratios)
        add(
            part, terms, pollutant, "exhaust", burnt, share, base, ratios=(mass, *ratios), number=-1.0,
            note="less the sulfate of the certification fuel",
        )  # fmt: skip
        add(
            part, terms, pollutant, "exhaust", burnt, share, *sulfur, ratios=(mass, *ratios), number=content,
            note="sulfate of the fuel in use",
        )  # fmt: skip


def _sulfur_dioxide(part: Part, terms: TermBuilder, method: Method) -> None:
    """SO2: sulfur of the fuel that neither becomes sulfate nor is in unburnt hydrocarbons."""
    burnt, share = part.rate("BSFC"), _sulfate_share(part, method)
    double = ratio(part, method, "SO2_over_sulfur")
    sulfur, content = fuel_sulfur(part, method)
    less = -np.asarray(content)
    add(
        part, terms, "SOx", "exhaust", burnt, *sulfur, ratios=(double,), number=content,
        note="sulfur of the fuel",
    )  # fmt: skip
    add(
        part, terms, "SOx", "exhaust", burnt, share, *sulfur, ratios=(double,), number=less,
        note="less what becomes sulfate",
    )  # fmt: skip
    _deteriorating(
        part, terms, method, "SOx", "THC", ratios=(*sulfur, double), number=less, note="less unburnt fuel"
    )


def _fuel_and_carbon(part: Part, terms: TermBuilder, method: Method) -> None:
    """Fuel burnt; CO2 from its carbon that does not leave as hydrocarbons."""
    burnt, heavier = part.rate("BSFC"), ratio(part, method, "CO2_over_carbon")
    carbon = part.look_up(method.table(SOURCE, "fuels"), "carbon_mass_fraction", fuel=part.engine)
    pollutant = carbon_dioxide(part.fuel)
    add(part, terms, pollutant, "exhaust", burnt, ratios=(carbon, heavier), note="carbon of the fuel")
    _deteriorating(
        part, terms, method, pollutant, "THC", ratios=(carbon, heavier), number=-1.0, note="less unburnt fuel"
    )
    add(part, terms, carrier(part.fuel), "exhaust", burnt)
