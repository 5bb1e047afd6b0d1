"""What the terms of all equipment share: adding one, ratios by fuel, sulfur of the fuel."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from factors.method import Method
from factors.recipes.equipment.names import SOURCE
from factors.recipes.equipment.parts import Part
from factors.tables import Rows
from factors.terms import MAX_ROWS, TermBuilder

RENEWABLE = ("renewable_diesel", "biodiesel")
CARRIERS = {"lng": "fuel:LNG"}


def add(
    part: Part,
    terms: TermBuilder,
    pollutant: str,
    process: str,
    *rows: Rows,
    ratios: tuple[Rows, ...] = (),
    number: ArrayLike = 1.0,
    unit: str = "",
    curve: str | ArrayLike = "one",
    note: str = "",
    of: str = "BSFC",
) -> None:
    """Add a term of a part. Ratios without room among the rows go into the number, and the note says so.

    ``of`` is the quantity whose rate the term rests on: it decides whether the term stands in for another; ''
    where the rate is of another table than NONROAD's.
    """
    factors = (*part.share, *rows)
    room = MAX_ROWS - len(factors)
    scale = np.asarray(number, dtype=float)
    if "scale" in part.members:
        scale = scale * part.members["scale"].fillna(1.0).to_numpy()
    for one in ratios[room:]:
        scale = scale * one.to("1")
    folded = [f"number holds {one.member('quantity')[0]} of {one.table.name}" for one in ratios[room:]]
    terms.add(
        pollutant,
        process,
        *factors,
        *ratios[:room],
        number=scale,
        unit=unit,
        curve=curve,
        extrapolated=part.stands_in(of),
        note="; ".join(filter(None, [note, *folded, part.remark(of)])),
    )


def ratio(part: Part, method: Method, quantity: str) -> Rows:
    """Return a ratio of the calculation by the fuel that the engine was made for."""
    return part.look_up(method.table(SOURCE, "ratios"), quantity, fuel=part.engine)


def fuel_sulfur(part: Part, method: Method) -> tuple[tuple[Rows, ...], ArrayLike]:
    """Sulfur of the fuel, as a row of the method's or as the number that a class or an option states. [1]

    References
    ----------
    EPA, NONROAD2008a, ``NR08a/SOURCE/clcems.f``: (fuel rate (1 - c) - THC) times sulfur times 2,
    https://github.com/USEPA/EPA_MOVES_Model (commit 2c4cd1ab31).
    """
    stated = part.members["sulfur_wt_pct"].to_numpy(dtype=float)
    if not np.isnan(stated).any():
        return (), stated / 100
    if part.engine != "diesel":
        return (ratio(part, method, "in_use_sulfur"),), 1.0
    chosen = method.option("diesel_sulfur_ppm")
    if chosen != "moves":
        return (), np.full(len(stated), float(chosen) / 1e6)
    return (part.look_up(method.table(SOURCE, "fuels"), "in_use_sulfur", fuel="diesel"),), 1.0


def carbon_dioxide(fuel: str) -> str:
    """Return the line that a fuel's carbon stands on: renewable carbon is biogenic, outside fossil CO2."""
    return "CO2_biogenic" if fuel in RENEWABLE else "CO2"


def carrier(fuel: str) -> str:
    """Return the component that a fuel's mass is."""
    return CARRIERS.get(fuel, f"fuel:{fuel}")


def fuel_carbon_and_sulfur(part: Part, terms: TermBuilder, method: Method, burnt: Rows) -> None:
    """Add the whole carbon of the fuel as CO2, its whole sulfur as SOx, and the fuel itself."""
    carbon = part.look_up(method.table(SOURCE, "fuels"), "carbon_mass_fraction", fuel=part.engine)
    heavier = ratio(part, method, "CO2_over_carbon")
    add(part, terms, carbon_dioxide(part.fuel), "exhaust", burnt, ratios=(carbon, heavier),
        note="carbon of the fuel")  # fmt: skip
    sulfur, content = fuel_sulfur(part, method)
    double = ratio(part, method, "SO2_over_sulfur")
    add(part, terms, "SOx", "exhaust", burnt, *sulfur, ratios=(double,), number=content,
        note="sulfur of the fuel")  # fmt: skip
    add(part, terms, carrier(part.fuel), "exhaust", burnt)
