"""Natural turnover of ships, harbor craft and locomotives, with a pencil."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from factors.method import load_method
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.base_year.base import BaseYear
from inventories.scenarios.base_year.stock import Renewal, survived
from inventories.scenarios.measures.fleet_turnover import FleetTurnover

Write = Callable[..., BaseYear]
Project = Callable[..., pd.DataFrame]
Masses = Callable[..., pd.Series]
Record = dict[str, Any]
SHIPS, CRAFT, RAIL = "ocean_going_vessels", "harbor_craft", "locomotives"
TRUCKS = "heavy_duty_vehicles"
HELD = load_method("epa-2022").with_options(outside_edition="hold_by_age")
AGING: Record = {"kind": "fleet_turnover"}
HOTELLING: Record = {"mode_or_segment": "hotelling", "stay_hours": 20.0, "hours": 20.0, "load_factor": 0.3}


def expect(found: pd.Series, expected: pd.Series) -> None:
    for pollutant, kg in expected.groupby("pollutant").sum().items():
        assert found[pollutant] == pytest.approx(kg, rel=1e-9), pollutant


# ---------------------------------------------------------------- harbor craft


def test_a_tug_of_2008_stands_in_2030_for_one_of_2015(
    write_base: Write, project_by_hand: Project, masses: Masses
) -> None:
    """750 to 1200 hp is 559 to 895 kW: in 2015 Tier 3 of every displacement, at any power between."""
    base = write_base({CRAFT: [{"quantity": 1_000.0, "key_tier": "Tier 2", "model_year": 2008.0}]})
    rows = base.rows[CRAFT]
    expect(project_by_hand(base, [AGING]).loc[CRAFT], masses(base, CRAFT, rows.assign(key_tier="Tier 3")))
    expect(project_by_hand(base, [AGING], year=2027).loc[CRAFT], masses(base, CRAFT, rows))


def test_no_tug_moves_to_a_tier_without_rates(
    write_base: Write, project_by_hand: Project, masses: Masses
) -> None:
    """The proxy has no Tier 4 above 100 hp: the fleet stops at Tier 3 rather than stopping the projection."""
    base = write_base({CRAFT: [{"quantity": 1_000.0, "key_tier": "Tier 3", "model_year": 2015.0}]})
    expect(project_by_hand(base, [AGING], year=2045).loc[CRAFT], masses(base, CRAFT, base.rows[CRAFT]))


def test_time_alone_improves_no_engine_whose_year_nobody_knows(
    write_base: Write, project_by_hand: Project
) -> None:
    rows = {
        CRAFT: [{"quantity": 1_000.0, "key_tier": "Tier 1"}],
        RAIL: [{"quantity": 500.0, "key_tier": "Tier 1"}, {"quantity": 500.0, "key_tier": "fleet 2020"}],
    }
    base = write_base(rows)
    found = project_by_hand(base, [AGING], year=2045)
    for source in rows:
        own = base.totals.loc[(source, True)]
        pd.testing.assert_series_equal(found.loc[source, own.index], own, check_names=False, rtol=1e-12)
    notes = Projector(base, "AR5").project(read(AGING)).notes
    assert any(line.startswith("harbor_craft") and "100.0% of its work has no year" in line for line in notes)


def test_a_better_certificate_than_the_year_asks_for_is_kept(
    write_base: Write, project_by_hand: Project, masses: Masses
) -> None:
    base = write_base({CRAFT: [{"quantity": 1_000.0, "key_tier": "Tier 3", "model_year": 2000.0}]})
    expect(project_by_hand(base, [AGING], year=2025).loc[CRAFT], masses(base, CRAFT, base.rows[CRAFT]))


# ---------------------------------------------------------------- locomotives


@pytest.mark.parametrize(
    ("tier", "built", "year", "successor"),
    [
        ("Tier 1", 2000.0, 2027, "Tier 1"),  # built 2004
        ("Tier 1", 2000.0, 2028, "Tier 2"),  # built 2005
        ("Tier 1+", 2000.0, 2028, "Tier 2+"),
        ("Tier 1", 2000.0, 2035, "Tier 3"),  # built 2012
        ("Tier 2+", 2008.0, 2030, "Tier 4"),  # built 2015
        ("Uncontrolled", 1960.0, 2030, "Uncontrolled"),  # built 1967
    ],
)
def test_a_locomotive_stands_for_one_built_later(
    write_base: Write,
    project_by_hand: Project,
    masses: Masses,
    tier: str,
    built: float,
    year: int,
    successor: str,
) -> None:
    base = write_base({RAIL: [{"quantity": 1_000.0, "key_tier": tier, "model_year": built}]})
    expected = masses(base, RAIL, base.rows[RAIL].assign(key_tier=successor))
    expect(project_by_hand(base, [AGING], year=year).loc[RAIL], expected)


def test_a_port_may_say_when_locomotives_of_a_tier_were_built(
    write_base: Write, project_by_hand: Project, masses: Masses
) -> None:
    base = write_base({RAIL: [{"quantity": 1_000.0, "key_tier": "Tier 1"}]})
    told = {**AGING, "built": {"Tier 1": 2000}}
    expected = masses(base, RAIL, base.rows[RAIL].assign(key_tier="Tier 2"))
    expect(project_by_hand(base, [told], year=2028).loc[RAIL], expected)


def test_locomotives_leave_by_survival(write_base: Write, project_by_hand: Project, masses: Masses) -> None:
    """Built 2003 and 2013; all leave at 21. In 2024 those of 2003 are gone, their work is bought new."""
    old, new = ({"quantity": q, "model_year": y, "key_tier": t} for q, y, t in
                ((600.0, 2003.0, "Tier 1"), (400.0, 2013.0, "Tier 3")))  # fmt: skip
    base = write_base({RAIL: [old, new]})
    leaving = {**AGING, "survival": {RAIL: {20: 1.0, 21: 0.0}}}
    rows = base.rows[RAIL]
    # Ages of 2023 are 20 and 10. In 2024 600 at 20 leave; bought at 0 they work as the nearest age, 10; the
    # 400 at 10 are 11, nearest 10. At age 10 the year 2014 is Tier 3.
    expected = masses(base, RAIL, rows.iloc[[1]].assign(quantity=1_000.0))
    expect(project_by_hand(base, [leaving], year=2024).loc[RAIL], expected)


# ---------------------------------------------------------------- ships


@pytest.fixture
def callers(write_base: Write) -> BaseYear:
    """Ten visits of ships of keel 2008, three times the work each, and thirty of keel 2013."""
    ships = ((2008.0, "Tier 1", 10), (2013.0, "Tier 2", 30))
    rows = [{**HOTELLING, "model_year": keel, "quantity": 3_000.0, "key_tier": tier}
            for keel, tier, _ in ships]  # fmt: skip
    stays = [
        {"record_id": f"{keel}-{n}", "stay_hours": 20.0, "is_at_plugged_berth": 0.0, "model_year": keel}
        for keel, _, visits in ships
        for n in range(visits)
    ]
    return write_base({SHIPS: rows}, stays)


def test_the_stock_of_ships_is_their_visits(callers: BaseYear) -> None:
    stock = FleetTurnover(survival={SHIPS: {12: 1.0, 20: 0.0}}).stock(callers, SHIPS, 5)
    assert stock["age"].tolist() == [10, 15]
    assert stock["base"].tolist() == [30, 10]
    # Of 15 at age: 5 of 8 parts left; five years on, age 20, none. Of 30 at age 10, at 15 five eighths stay.
    np.testing.assert_allclose(stock["work"], [40 - 30 * 5 / 8, 30 * 5 / 8])


def test_work_of_ships_follows_their_visits(
    callers: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    leaving = {**AGING, "survival": {SHIPS: {12: 1.0, 20: 0.0}}}
    found = project_by_hand(callers, [leaving], year=2028).loc[SHIPS]
    # Keels five years on: 2013 and 2018. Auxiliary engines of 2018 are Tier 3.
    later = callers.rows[SHIPS].assign(
        quantity=[3_000 * 18.75 / 10, 3_000 * 21.25 / 30], key_tier=["Tier 2", "Tier 3"]
    )
    expect(found, masses(callers, SHIPS, later))


UNDER_WAY: Record = {
    "engine_group": "propulsion", "mode_or_segment": "transit", "hours": 2.0, "load_factor": 0.5,
    "quantity": 1_000.0, "key_engine_type": "SSD", "key_tier": "Tier 2", "model_year": 2010.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("cycle", "load", "tier"),
    [
        ("diesel_high_pressure", 0.5, "Tier 3"),
        ("diesel_high_pressure", 0.2, "Tier 2"),  # cut out, as in any main engine of Tier III
        ("otto_low_speed", 0.5, "Tier 2"),  # gas at low pressure follows no tier
    ],
)
def test_a_new_gas_engine_of_the_diesel_cycle_is_of_the_tier_of_its_keel(
    write_base: Write, project_by_hand: Project, masses: Masses, cycle: str, load: float, tier: str
) -> None:
    gas = {"kind": "ship_fuel", "fuel": "LNG", "cycle": cycle, "share_of": "calls",
           "adoption": {"table": {2024: 1.0}}, "accept_not_estimated": ["BC", "N2O"]}  # fmt: skip
    base = write_base({SHIPS: [{**UNDER_WAY, "load_factor": load}]})
    found = project_by_hand(base, [AGING, gas], year=2030).loc[SHIPS]  # a keel of 2017
    later = base.rows[SHIPS].assign(
        key_fuel="LNG", key_engine_type="LNG", key_cycle=cycle, key_sulfur_pct=0.1, key_tier=tier
    )
    expect(found, masses(base, SHIPS, later))


def test_a_new_electric_drive_keeps_its_tier_at_low_load(
    write_base: Write, project_by_hand: Project, masses: Masses
) -> None:
    """As few generators run as can: 20 % of the shaft is 80 % of one of four, far above the cut-out."""
    base = write_base({SHIPS: [{**UNDER_WAY, "load_factor": 0.2, "key_engine_type": "MSD-ED"}]})
    found = project_by_hand(base, [AGING], year=2030).loc[SHIPS]  # a keel of 2017
    expect(found, masses(base, SHIPS, base.rows[SHIPS].assign(key_tier="Tier 3")))


def read(*measures: Record, horizon: int = 2030) -> Scenario:
    return Scenario.from_dict({"name": "test", "horizon": horizon, "measures": list(measures)})


def test_the_stock_of_a_projection_sums_to_demand_in_every_year(callers: BaseYear) -> None:
    outlook = Projector(callers, "AR5").project(read({**AGING, "survival": {5: 1.0, 17: 0.0}}))
    stock = outlook.stock
    assert set(stock["counted"]) == {"visits"}
    np.testing.assert_allclose(stock.groupby("year")["stock"].sum(), 40.0)
    assert stock["year"].nunique() == 8


def test_the_default_is_stated(callers: BaseYear) -> None:
    (note,) = Projector(callers, "AR5").project(read(AGING)).notes
    assert note == (
        "ocean_going_vessels: keeps the age distribution of the base year: model years move on by one each "
        "year, weighed by visits; Tier III binds keels from 2016"
    )


def test_survival_by_hand_over_two_years() -> None:
    """Sixty new and forty of age 1; half leave in the second year of life and all by the third."""
    first = survived(np.array([0, 1, 2]), np.array([60.0, 30.0, 10.0]), Renewal({1: 1.0, 2: 0.5, 3: 0.0}), 1)
    np.testing.assert_allclose(first, [25.0, 60.0, 15.0])
    second = survived(np.array([0, 1, 2]), np.array([60.0, 30.0, 10.0]), Renewal({1: 1.0, 2: 0.5, 3: 0.0}), 2)
    np.testing.assert_allclose(second, [45.0, 25.0, 30.0])


def test_used_trucks_that_are_bought_are_of_their_age() -> None:
    """Of 60 + 30 + 10 the 30 become 15, and 10 leave: 25 are bought, a fifth new, the rest a year old."""
    renewal = Renewal({1: 1.0, 2: 0.5, 3: 0.0}, {0: 0.2, 1: 0.8})
    work = np.array([60.0, 30.0, 10.0])
    first = survived(np.array([0, 1, 2]), work, renewal, 1)
    np.testing.assert_allclose(first, [5.0, 60.0 + 20.0, 15.0])
    second = survived(np.array([0, 1, 2]), work, renewal, 2)
    np.testing.assert_allclose(second, [11.0, 5.0 + 44.0, 40.0])
    new = survived(np.array([0, 1, 2]), work, Renewal(renewal.survival, {0: 1.0}), 2)
    np.testing.assert_array_equal(new, survived(np.array([0, 1, 2]), work, Renewal(renewal.survival), 2))


def test_a_fleet_that_buys_used_is_older_and_emits_more(
    write_base: Write, project_by_hand: Project, masses: Masses
) -> None:
    trucks = [{"quantity": 100.0, "key_model_year": year} for year in range(2009, 2021)]
    base = write_base({TRUCKS: trucks}, method=HELD)
    leaves = {**AGING, "survival": {8: 0.8, 14: 0.0}}
    new = project_by_hand(base, [leaves])
    used = project_by_hand(base, [{**leaves, "purchases": {TRUCKS: {0: 0.3, 5: 0.7}}}])
    assert used.loc[TRUCKS, "NOx"].sum() > new.loc[TRUCKS, "NOx"].sum()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"purchases": {0: 1.0}}, "purchases need survival"),
        ({"purchases": {0: 0.5, 3: 0.4}, "survival": {5: 0.5, 9: 0.0}}, "they make 0.9, up to age 3"),
        ({"purchases": {9: 1.0}, "survival": {5: 0.5, 9: 0.0}}, r"none is left \(9\)"),
        ({"purchases": {TRUCKS: {0: 1.0}}, "survival": {SHIPS: {9: 0.0}}}, "purchases need survival"),
    ],
)
def test_purchases_that_cannot_be_are_refused(told: dict[str, object], said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        read({**AGING, **told})


def test_a_fleet_whose_years_nobody_knows_stays_under_survival(
    write_base: Write, project_by_hand: Project
) -> None:
    base = write_base({RAIL: [{"quantity": 500.0}], CRAFT: [{"quantity": 500.0}]})
    found = project_by_hand(base, [{**AGING, "survival": {5: 1.0, 17: 0.0}}])
    for source in (RAIL, CRAFT):
        own = base.totals.loc[(source, True)]
        pd.testing.assert_series_equal(found.loc[source, own.index], own, check_names=False, rtol=1e-12)


def test_survival_on_its_way_equals_survival_in_one_step(callers: BaseYear) -> None:
    """The stock of each year, found on the way to the last, is that of a projection ending in it."""
    leaving = FleetTurnover(survival={SHIPS: {12: 1.0, 20: 0.0}})
    long = Projector(callers, "AR5").project(read({**AGING, "survival": {SHIPS: {12: 1.0, 20: 0.0}}}))
    for passed in (1, 3, 7):
        short = leaving.stock(callers, SHIPS, passed)["work"].to_numpy()
        told = long.stock[long.stock["year"] == 2023 + passed]["stock"].to_numpy()
        np.testing.assert_allclose(told, short)
        ended = read({**AGING, "survival": {SHIPS: {12: 1.0, 20: 0.0}}}, horizon=2023 + passed)
        last = Projector(callers, "AR5").project(ended).series("NOx").iloc[-1]
        assert last == pytest.approx(long.series("NOx").loc[2023 + passed], rel=1e-12)
