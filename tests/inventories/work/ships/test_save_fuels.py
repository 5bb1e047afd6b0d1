"""Fuel and sulfur of ICCT's SAVE in years and places that its Table 13 does not have."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inventories.port.port import Port
from inventories.year.inventory import Inventory

Harbor = Callable[..., Port]


def built(harbor: Harbor, year: int, areas: tuple[str, ...]) -> Inventory:
    call = {
        "call_id": "C1", "port": "P", "vessel_id": "S1", "terminal": "T",
        "arrival": f"{year}-06-10 06:00", "departure": f"{year}-06-10 18:00",
    }  # fmt: skip
    return Inventory.build(harbor(year=year, areas=areas, calls=[call]), year=year, method="icct-save-2025")


def sulfur_pct(year: Inventory) -> float:
    """SOx = fuel x 2 x 0.97753 x S (SAVE, equation 10)."""
    fuel = year.mass[[name for name in year.mass if name.startswith("fuel:")]].to_numpy().sum()
    return float(year.total("SOx", unit="kg").magnitude / fuel / (2 * 0.97753) * 100)


def held(year: Inventory) -> bool:
    terms = year.classes.terms
    return bool(terms.loc[terms["pollutant"] == "SOx", "extrapolated"].astype(bool).all())


@pytest.mark.parametrize(
    ("year", "areas", "fuel", "sulfur", "extrapolated"),
    [
        # Inside an area ships take distillate (section 1.3, lines 299-300), of the nearest year of Table 13.
        (2009, ("baltic",), "fuel:MGO", 0.08, True),
        (2012, ("baltic",), "fuel:MGO", 0.08, True),
        (2016, ("baltic",), "fuel:MGO", 0.08, False),
        (2023, ("baltic",), "fuel:MGO", 0.06, False),
        (2025, ("baltic",), "fuel:MGO", 0.06, True),
        (2012, (), "fuel:RM", 2.58, True),
        (2016, (), "fuel:RM", 2.58, False),
    ],
)
def test_save_never_burns_more_sulfur_than_an_area_allows_and_marks_another_years(
    harbor: Harbor, year: int, areas: tuple[str, ...], fuel: str, sulfur: float, extrapolated: bool
) -> None:
    inventory = built(harbor, year, areas)
    burnt = inventory.mass[[name for name in inventory.mass if name.startswith("fuel:")]].sum()
    assert burnt[burnt > 0].index.tolist() == [fuel]
    assert sulfur_pct(inventory) == pytest.approx(sulfur, rel=1e-6)
    assert held(inventory) == extrapolated


def test_residual_oil_of_the_table_is_not_burnt_above_the_limit_of_the_world(harbor: Harbor) -> None:
    """Table 13 has 2.7 % in 2023; without a scrubber 0.5 % is allowed."""
    call = {
        "call_id": "C1", "port": "P", "vessel_id": "S1", "terminal": "T",
        "arrival": "2023-06-10 06:00", "departure": "2023-06-10 18:00",
    }  # fmt: skip
    year = Inventory.build(
        harbor(areas=(), calls=[call]), year=2023, method="icct-save-2025",
        fuel_outside_areas="residual",
    )  # fmt: skip
    assert sulfur_pct(year) == pytest.approx(0.5, rel=1e-6)
