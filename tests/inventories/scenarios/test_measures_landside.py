"""Equipment, harbor craft, locomotives and truck operations, with a pencil."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factors.method import load_method
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.base_year.base import BaseYear
from inventories.scenarios.measures.fleet_turnover import FleetTurnover
from inventories.year.inventory import Inventory

Write = Callable[..., BaseYear]
Project = Callable[..., pd.DataFrame]
Masses = Callable[..., pd.Series]
Record = dict[str, Any]
CHE, CRAFT, RAIL, TRUCKS = "cargo_handling_equipment", "harbor_craft", "locomotives", "heavy_duty_vehicles"
TODAY = load_method("epa-2022").with_options(outside_edition="hold_by_age")
ELECTRIC: Record = {"key_technology": "electric", "key_scc": 0, "key_power_bin": "", "key_model_year": 0,
                    "key_fuel": "electric", "load_factor": np.nan, "life_used": np.nan}  # fmt: skip
FORKLIFT: Record = {"source_type": "forklift", "key_scc": 2267003020, "key_power_bin": "50-75 hp",
                    "key_fuel": "lpg"}  # fmt: skip


def reached(share: float) -> Record:
    return {"table": {2024: share}}


def equipment(share: float, technology: str = "battery", **more: Any) -> Record:
    return {"kind": "equipment", "share_of": "hours", "technologies": {technology: reached(share)}, **more}


@pytest.fixture
def yard(write_base: Write) -> BaseYear:
    """A thousand hours of diesel tractors at 100 kW in use, a quarter as much on batteries, metered."""
    return write_base({CHE: [
        {"quantity": 100_000.0, "hours": 1_000.0},
        {**ELECTRIC, "quantity": 5_000.0, "hours": 250.0},
        {**FORKLIFT, "quantity": 9_000.0, "hours": 600.0},
    ]})  # fmt: skip


# ---------------------------------------------------------------- equipment


@pytest.mark.parametrize(
    ("more", "kwh"),
    [
        ({"kwh_per_hour": {"yard_tractor": 21.0}}, 375 * 21.0),
        # Work over diesel efficiency and energy ratio: 37,500 kWh / 0.4 / 2.8.
        ({"diesel_efficiency": 0.4, "energy_ratio": 2.8}, 37_500 / 0.4 / 2.8),
        # The method's own estimate by the hour: 23.2 kWh, measured on yard tractors (equipment-measured).
        ({}, 375 * 23.2),
    ],
    ids=["by the hour", "by work", "the method's"],
)
def test_battery_tractors_take_the_hours_and_their_electricity(
    yard: BaseYear, project_by_hand: Project, more: Record, kwh: float
) -> None:
    # From 20 to 50 per cent of 1,250 hours: 375 hours leave the engines, 37.5 % of their work.
    found = project_by_hand(yard, [equipment(0.5, types=["yard_tractor"], **more)]).loc[CHE]
    before = yard.totals.loc[(CHE, True)]
    lift = project_by_hand(yard, [equipment(1.0, types=["forklift"], kwh_per_hour={"forklift": 9.0})]).loc[
        CHE
    ]
    tractors = lift["NOx"]
    assert found["NOx"] == pytest.approx(before["NOx"] - 0.375 * tractors, rel=1e-9)
    rate = 1e-4 if not more else 1e-9
    assert found["electricity"] - before["electricity"] == pytest.approx(kwh, rel=rate)


def test_hybrid_renewable_diesel_repower_and_hydrogen(
    yard: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    tractors = {"types": ["yard_tractor"]}
    before = yard.totals.loc[(CHE, True)]
    rows = yard.rows[CHE]
    diesel = masses(yard, CHE, rows.iloc[[0]]).groupby("pollutant").sum()

    hybrid = project_by_hand(yard, [equipment(0.4, "hybrid", fuel_saving=0.3, **tractors)]).loc[CHE]
    # 500 of 1,250 hours: half of the diesel work, saved by 30 per cent.
    assert hybrid["CO2"] == pytest.approx(before["CO2"] - 0.5 * 0.3 * diesel["CO2"], rel=1e-9)

    renewable = project_by_hand(yard, [equipment(0.8, "renewable_diesel", **tractors)]).loc[CHE]
    assert renewable["fuel:renewable_diesel"] == pytest.approx(diesel["fuel:diesel"], rel=1e-9)
    assert renewable["CO2_biogenic"] == pytest.approx(diesel["CO2"], rel=1e-9)
    assert renewable["NOx"] == pytest.approx(before["NOx"], rel=1e-9)

    new = {"tier": "Tier 4 final", "model_year": 2024}
    repower = project_by_hand(yard, [equipment(0.8, "repower", **new, **tractors)]).loc[CHE]
    engine = rows.iloc[[0]].assign(key_tier="Tier 4 final", key_model_year=2024)
    expected = masses(yard, CHE, engine).groupby("pollutant").sum()
    for pollutant in ("NOx", "PM10", "CO", "CO2"):
        assert repower[pollutant] == pytest.approx(
            before[pollutant] - diesel[pollutant] + expected[pollutant], rel=1e-9
        )

    cells = {"hydrogen_kg_per_hour": {"yard_tractor": 1.5}, **tractors}
    hydrogen = project_by_hand(yard, [equipment(0.4, "fuel_cell", **cells)]).loc[CHE]
    assert hydrogen["hydrogen"] == pytest.approx(500 * 1.5, rel=1e-9)
    assert hydrogen["NOx"] == pytest.approx(before["NOx"] - 0.5 * diesel["NOx"], rel=1e-9)


def test_all_machines_of_a_fuel_can_change_though_others_have_no_engine(
    yard: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    diesel = masses(yard, CHE, yard.rows[CHE].iloc[[0]]).groupby("pollutant").sum()
    found = project_by_hand(yard, [equipment(1.0, "renewable_diesel", fuels=["diesel"])]).loc[CHE]
    assert found["CO2_biogenic"] == pytest.approx(diesel["CO2"], rel=1e-9)
    with pytest.raises(ScenarioError, match="cannot reach 125% of what is left"):
        project_by_hand(yard, [equipment(1.0, "renewable_diesel", types=["yard_tractor"])])


def test_zero_and_todays_level_of_batteries_change_nothing(yard: BaseYear, project_by_hand: Project) -> None:
    more = {"types": ["yard_tractor"], "kwh_per_hour": {"yard_tractor": 20.0}}
    today = project_by_hand(yard, [equipment(250 / 1250, **more)]).loc[CHE]
    totals = yard.totals.loc[(CHE, True)]
    np.testing.assert_array_equal(today[totals.index], totals)


def test_equipment_of_a_built_year_has_its_hours(small: Inventory) -> None:
    projector = Projector.of(small)
    measure = equipment(1.0, types=["yard_tractor"], kwh_per_hour={"yard_tractor": 20.0})
    outlook = projector.project(Scenario.from_dict({"name": "all", "horizon": 2030, "measures": [measure]}))
    rows = projector.base.rows[CHE]
    hours = rows.loc[rows["source_type"] == "yard_tractor", "hours"].sum()
    assert hours > 0
    assert outlook.series("electricity")[2030] == pytest.approx(20.0 * hours)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=st.tuples(st.floats(0.2, 1.0), st.floats(0.2, 1.0)))
def test_more_battery_machines_never_raise_what_leaves_an_exhaust(
    yard: BaseYear, project_by_hand: Project, shares: tuple[float, float]
) -> None:
    more = {"types": ["yard_tractor"], "kwh_per_hour": {"yard_tractor": 20.0}}
    low, high = (project_by_hand(yard, [equipment(s, **more)]).loc[CHE] for s in sorted(shares))
    burnt = low.index.drop("electricity")
    assert (high[burnt] <= low[burnt] * (1 + 1e-12) + 1e-12).all()


BAD_EQUIPMENT = [
    (equipment(1.2), "less than or equal to 1"),
    (equipment(0.1, types=["yard_tractor"]), "below today's level of 0.2"),
    (equipment(0.5), "what electricity do forklift take"),
    (equipment(0.5, "renewable_diesel"), "forklift have others"),
    (equipment(0.5, "hybrid", types=["yard_tractor"]), "fuel_saving"),
    (equipment(0.5, "repower", types=["yard_tractor"]), "tier and model_year"),
    (equipment(0.5, "fuel_cell", types=["yard_tractor"]), "what hydrogen do yard_tractor take"),
    (equipment(0.5, types=["locomobile"]), "no types locomobile; it has forklift, yard_tractor"),
    (equipment(0.5, "steam"), "technologies"),
    ({**equipment(0.5), "share_of": "visits"}, "share_of"),
    ({key: value for key, value in equipment(0.5).items() if key != "share_of"}, "share_of"),
    ({**equipment(0.9, types=["yard_tractor"]),
      "technologies": {"battery": reached(0.84), "renewable_diesel": reached(0.32)}}, "reach 120%"),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "says"), BAD_EQUIPMENT, ids=[says for _, says in BAD_EQUIPMENT])
def test_equipment_that_cannot_be_is_refused(
    yard: BaseYear, project_by_hand: Project, measure: Record, says: str
) -> None:
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(yard, [measure])


def test_unmetered_machines_are_no_way_to_lose_emissions(write_base: Write, project_by_hand: Project) -> None:
    blind = TODAY.with_options(electric_tractor="NE")
    base = write_base({CHE: [{"quantity": 1_000.0, "hours": 10.0}]}, method=blind)
    with pytest.raises(ScenarioError, match="equipment"):
        project_by_hand(base, [equipment(0.5)])


# ---------------------------------------------------------------- harbor craft


def craft(share: float, technology: str, **more: Any) -> Record:
    return {
        "kind": "harbor_craft",
        "share_of": "energy",
        "technologies": {technology: reached(share)},
        **more,
    }


@pytest.fixture
def tugs(write_base: Write) -> BaseYear:
    return write_base({CRAFT: [
        {"quantity": 80_000.0},
        {"quantity": 20_000.0, "engine_group": "auxiliary", "key_power_bin": "100-175 hp",
         "key_tier": "Tier 3"},
    ]})  # fmt: skip


def test_repowered_hybrid_renewable_and_battery_craft(
    tugs: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    before, rows = tugs.totals.loc[(CRAFT, True)], tugs.rows[CRAFT]
    main = masses(tugs, CRAFT, rows.iloc[[0]]).groupby("pollutant").sum()
    # Tier 3 auxiliaries, a fifth of the work, are there already; half of all means 37.5 % of the rest.
    new = masses(tugs, CRAFT, rows.iloc[[0]].assign(key_tier="Tier 3")).groupby("pollutant").sum()
    found = project_by_hand(tugs, [craft(0.5, "repower", tier="Tier 3")]).loc[CRAFT]
    assert found["NOx"] == pytest.approx(before["NOx"] + 0.375 * (new["NOx"] - main["NOx"]), rel=1e-9)

    hybrid = project_by_hand(tugs, [craft(0.5, "hybrid", fuel_saving=0.2)]).loc[CRAFT]
    assert hybrid["CO2"] == pytest.approx(before["CO2"] * 0.9, rel=1e-9)

    renewable = project_by_hand(tugs, [craft(1.0, "renewable_diesel")]).loc[CRAFT]
    assert renewable["CO2"] == 0
    assert renewable["CO2_biogenic"] == pytest.approx(before["CO2"], rel=1e-9)

    only = {"engine_groups": ["auxiliary"], "drive_efficiency": 0.8}
    battery = project_by_hand(tugs, [craft(0.25, "battery", **only)]).loc[CRAFT]
    assert battery["electricity"] == pytest.approx(20_000 * 0.25 / 0.8, rel=1e-9)


BAD_CRAFT = [
    (craft(0.1, "repower", tier="Tier 3"), "below today's level of 0.2"),
    (craft(0.5, "repower"), "tier of the new engine"),
    (craft(0.5, "repower", tier="Tier 9"), "tier"),
    (craft(0.5, "battery"), "drive_efficiency"),
    (craft(0.5, "hybrid", types=["submarine"], fuel_saving=0.2), "no types submarine; it has tug"),
    (craft(1.5, "renewable_diesel"), "less than or equal to 1"),
    (craft(0.5, "repower", tier="Tier 4"), "no NOx"),
]


@pytest.mark.parametrize(("measure", "says"), BAD_CRAFT, ids=[says for _, says in BAD_CRAFT])
def test_craft_that_cannot_be_are_refused(
    tugs: BaseYear, project_by_hand: Project, measure: Record, says: str
) -> None:
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(tugs, [measure])


# ---------------------------------------------------------------- locomotives


def rail(share: float, technology: str, **more: Any) -> Record:
    return {"kind": "locomotives", "share_of": "energy", "technologies": {technology: reached(share)}, **more}


def test_repowered_renewable_and_battery_locomotives(write_base: Write, project_by_hand: Project) -> None:
    base = write_base({RAIL: [{"quantity": 600.0}, {"quantity": 400.0, "key_tier": "Tier 4"}]})
    before = base.totals.loc[(RAIL, True)]
    all_new = write_base({RAIL: [{"quantity": 1_000.0, "key_tier": "Tier 4"}]}).totals.loc[(RAIL, True)]
    found = project_by_hand(base, [rail(1.0, "repower", tier="Tier 4")]).loc[RAIL]
    assert found["NOx"] == pytest.approx(all_new["NOx"], rel=1e-9)
    half = project_by_hand(base, [rail(0.7, "repower", tier="Tier 4")]).loc[RAIL]
    assert half["NOx"] == pytest.approx((before["NOx"] + all_new["NOx"]) / 2, rel=1e-9)

    renewable = project_by_hand(base, [rail(0.5, "renewable_diesel")]).loc[RAIL]
    assert renewable["CO2"] == pytest.approx(before["CO2"] / 2, rel=1e-9)
    assert renewable["CO2_biogenic"] == pytest.approx(before["CO2"] / 2, rel=1e-9)

    battery = project_by_hand(base, [rail(0.25, "battery", kwh_per_gallon=14.0)])
    assert battery.loc["electricity", "electricity"] == pytest.approx(250 * 14.0, rel=1e-9)
    assert battery.loc[RAIL, "NOx"] == pytest.approx(0.75 * before["NOx"], rel=1e-9)


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (rail(0.5, "battery"), "kwh_per_gallon"),
        (rail(0.5, "battery", drive_efficiency=0.9), "give kwh_per_gallon"),
        (rail(0.3, "repower", tier="Tier 4"), "below today's level of 0.4"),
        (rail(0.5, "repower"), "tier of the new engine"),
        (rail(0.5, "renewable_diesel", types=["tram"]), "no types tram"),
    ],
)
def test_locomotives_that_cannot_be_are_refused(
    write_base: Write, project_by_hand: Project, measure: Record, says: str
) -> None:
    base = write_base({RAIL: [{"quantity": 600.0}, {"quantity": 400.0, "key_tier": "Tier 4"}]})
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(base, [measure])


# ---------------------------------------------------------------- truck operations

BY_HOURS = TODAY.with_options(idle_rate="emfac_ratio", idle_co2_g_per_h="8000")
IDLING: Record = {"process_set": "idle_hour", "key_speed_bin_mph": 0}
TRIPS: list[Record] = [
    {"quantity": 10_000.0},
    {**IDLING, "mode_or_segment": "on_port", "quantity": 300.0},
    {**IDLING, "mode_or_segment": "on_terminal", "quantity": 700.0},
]


def trucks(spares: str, share: float, share_of: str, **more: Any) -> Record:
    return {"kind": "truck_operations", "spares": spares, "share_of": share_of, "adoption": reached(share),
            **more}  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "left"),
    [
        (trucks("queue", 0.5, "hours"), (1.0, 0.5, 1.0)),
        (trucks("turn", 0.2, "hours"), (1.0, 1.0, 0.8)),
        (trucks("visits", 0.1, "visits"), (0.9, 0.9, 0.9)),
    ],
    ids=["queue", "turn", "visits"],
)
def test_spared_hours_and_visits(
    write_base: Write,
    project_by_hand: Project,
    masses: Masses,
    measure: Record,
    left: tuple[float, ...],
) -> None:
    base = write_base({TRUCKS: TRIPS}, method=BY_HOURS)
    found = project_by_hand(base, [measure]).loc[TRUCKS]
    rows = base.rows[TRUCKS]
    expected = masses(base, TRUCKS, rows.assign(quantity=rows["quantity"] * np.array(left)))
    for pollutant, kg in expected.groupby("pollutant").sum().items():
        assert found[pollutant] == pytest.approx(kg, rel=1e-9), pollutant


BY_HOUR: Record = {"by_hour": {8: 0.6, 14: 0.4}, "spared_by_hour": {8: 0.5, 14: 0.25}}
LIMIT: Record = {"idle_limit_min": 5.0, "idle_by_length_min": {15.0: 0.5, 4.0: 0.5}}


@pytest.mark.parametrize(
    ("measure", "left"),
    [
        # 0.6 x 0.5 + 0.4 x 0.25 = 0.4 of the queue is spared where there are appointments; half has them.
        (trucks("queue", 0.5, "hours", **BY_HOUR), (1.0, 0.8, 1.0)),
        (trucks("turn", 1.0, "hours", **BY_HOUR), (1.0, 1.0, 0.6)),
        # Of stops of 15 minutes ten are spared, of those of 4 none: a third of all idling.
        (trucks("idle", 1.0, "hours", **LIMIT), (1.0, 2 / 3, 2 / 3)),
        (trucks("idle", 0.3, "hours", **LIMIT), (1.0, 0.9, 0.9)),
    ],
    ids=["appointments", "turns by hour", "idle limit", "part of the trucks"],
)
def test_appointments_and_idle_limits_spare_what_their_hours_say(
    write_base: Write, project_by_hand: Project, masses: Masses, measure: Record, left: tuple[float, ...]
) -> None:
    base = write_base({TRUCKS: TRIPS}, method=BY_HOURS)
    found = project_by_hand(base, [measure]).loc[TRUCKS]
    rows = base.rows[TRUCKS]
    expected = masses(base, TRUCKS, rows.assign(quantity=rows["quantity"] * np.array(left)))
    for pollutant, kg in expected.groupby("pollutant").sum().items():
        assert found[pollutant] == pytest.approx(kg, rel=1e-9), pollutant


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (trucks("queue", 0.5, "hours", by_hour={8: 0.6}, spared_by_hour={8: 0.5}), "by_hour sums to 0.6"),
        (trucks("queue", 0.5, "hours", by_hour={8: 1.0}), "spared_by_hour is missing"),
        (
            trucks("queue", 0.5, "hours", by_hour={8: 1.0}, spared_by_hour={9: 0.5}),
            "names hours 9",
        ),
        (trucks("queue", 0.5, "hours", by_hour={24: 1.0}, spared_by_hour={24: 0.5}), "by_hour.24"),
        (trucks("visits", 0.5, "visits", **BY_HOUR), 'for spares = "queue" or "turn"'),
        (trucks("idle", 0.5, "hours"), "needs idle_limit_min"),
        (trucks("queue", 0.5, "hours", **LIMIT), "needs idle_limit_min"),
        (trucks("idle", 0.5, "hours", idle_limit_min=5.0, idle_by_length_min={9.0: 0.4}), "sums to 0.4"),
    ],
)
def test_hours_that_do_not_sum_are_refused(
    write_base: Write, project_by_hand: Project, measure: Record, says: str
) -> None:
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(write_base({TRUCKS: TRIPS}, method=BY_HOURS), [measure])


RAIL_WORK: Record = {"gross_ton_miles_per_truck_mile": 40.0, "gal_per_1000_gtm": 1.1,
                     "switch_gal_per_truck_mile": 0.0, "tier": "Tier 2", "switch_tier": "Tier 0"}  # fmt: skip


def test_containers_that_leave_by_rail_move_miles_to_trains(
    write_base: Write, project_by_hand: Project
) -> None:
    base = write_base({TRUCKS: TRIPS}, method=BY_HOURS)
    found = project_by_hand(base, [trucks("on_dock_rail", 0.25, "miles", rail=RAIL_WORK)])
    before = base.totals.loc[(TRUCKS, True)]
    assert found.loc[TRUCKS, "NOx"] == pytest.approx(0.75 * before["NOx"], rel=1e-9)
    gallons = write_base({RAIL: [{"quantity": 2_500 * 40 * 1.1 / 1000, "key_tier": "Tier 2"}]})
    by_train = gallons.totals.loc[(RAIL, True)]
    for pollutant in ("NOx", "PM10", "CO2"):
        assert found.loc[RAIL, pollutant] == pytest.approx(by_train[pollutant], rel=1e-9)


def test_trains_that_replace_trucks_do_not_take_their_model_years(
    write_base: Write, project_by_hand: Project
) -> None:
    """The scenario says Tier 2; trucks of 2014 turn over, and make no Tier 4 of a locomotive."""
    base = write_base({TRUCKS: [{**trip, "model_year": 2014.0} for trip in TRIPS]}, method=BY_HOURS)
    by_rail = trucks("on_dock_rail", 0.25, "miles", rail=RAIL_WORK)
    found = project_by_hand(base, [{"kind": "fleet_turnover"}, by_rail])
    gallons = write_base({RAIL: [{"quantity": 2_500 * 40 * 1.1 / 1000, "key_tier": "Tier 2"}]})
    assert found.loc[RAIL, "NOx"] == pytest.approx(gallons.totals.loc[(RAIL, True), "NOx"], rel=1e-9)


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (trucks("queue", 0.5, "visits"), 'share_of = "hours"'),
        (trucks("queue", 1.5, "hours"), "less than or equal to 1"),
        (trucks("on_dock_rail", 0.5, "miles"), "needs rail"),
        (trucks("on_dock_rail", 0.5, "miles", rail={**RAIL_WORK, "tier": "Tier 9"}), "Tier 9"),
        (
            trucks("on_dock_rail", 0.5, "miles", rail={**RAIL_WORK, "switch_gal_per_truck_mile": 0.1}),
            "memory",
        ),
        (trucks("naps", 0.5, "hours"), "spares"),
    ],
)
def test_truck_operations_that_cannot_be_are_refused(
    write_base: Write, project_by_hand: Project, measure: Record, says: str
) -> None:
    base = write_base({TRUCKS: TRIPS}, method=BY_HOURS)
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(base, [measure])


def test_hours_that_carry_no_mass_cannot_be_spared(write_base: Write, project_by_hand: Project) -> None:
    base = write_base({TRUCKS: TRIPS[:1]}, method=TODAY.with_options(idle_rate="vehicle_day"))
    with pytest.raises(
        ScenarioError, match=r"fewer hours change nothing\. Write idle_rate = .* port\.toml and build"
    ):
        project_by_hand(base, [trucks("queue", 0.5, "hours")])
    visits = [trucks("visits", 0.6, "visits"), trucks("on_dock_rail", 0.6, "miles", rail=RAIL_WORK)]
    named = [{**measure, "name": str(place)} for place, measure in enumerate(visits)]
    with pytest.raises(ScenarioError, match="reach 120%"):
        project_by_hand(base, named)


# ---------------------------------------------------------------- zero-emission trucks


def zero_emission(displaces: str = "proportional", **shares: float) -> Record:
    return {"kind": "zero_emission_trucks", "share_of": "miles", "displaces": displaces,
            "technologies": {name: reached(share) for name, share in shares.items()}}  # fmt: skip


@pytest.fixture
def drayage(write_base: Write) -> BaseYear:
    """A thousand miles by three model years, and idling with them."""
    years = ((2010, 100.0), (2014, 300.0), (2018, 600.0))
    driven = [{"key_model_year": year, "quantity": miles} for year, miles in years]
    days = {"process_set": "idle_day", "mode_or_segment": "on_terminal", "key_speed_bin_mph": 0}
    idling = [{**days, "key_model_year": year, "quantity": miles / 100} for year, miles in years]
    return write_base({TRUCKS: [*driven, *idling]}, method=TODAY)


def test_the_oldest_trucks_leave_first_whatever_replaces_them(
    drayage: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    rows = drayage.rows[TRUCKS]
    newest = masses(drayage, TRUCKS, rows[rows["key_model_year"] == 2018])["NOx"].sum()
    middle = masses(drayage, TRUCKS, rows[rows["key_model_year"] == 2014])["NOx"].sum()
    all_old = project_by_hand(drayage, [zero_emission("oldest", battery=0.3, fuel_cell=0.1)]).loc[TRUCKS]
    assert all_old["NOx"] == pytest.approx(newest, rel=1e-9)
    some = project_by_hand(drayage, [zero_emission("oldest", battery=0.25)]).loc[TRUCKS]
    assert some["NOx"] == pytest.approx(newest + middle / 2, rel=1e-9)


def test_the_oldest_trucks_of_a_year_make_up_the_share_when_few_survive(
    drayage: BaseYear, project_by_hand: Project
) -> None:
    """Ages 13, 9 and 5 drive 100, 300 and 600 miles today; with survival none are left at 13 in 2027."""
    leaving = {"kind": "fleet_turnover", "survival": {TRUCKS: {5: 1.0, 9: 0.5, 13: 0.0}}}
    found = project_by_hand(drayage, [leaving, zero_emission("oldest", battery=0.3)], year=2027)
    every = project_by_hand(drayage, [leaving, zero_emission("oldest", battery=1.0)], year=2027)
    drawn, whole = (table.loc[TRUCKS, "electricity"] for table in (found, every))
    assert drawn == pytest.approx(0.3 * whole, rel=0.02)  # newer battery trucks draw a little less


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shares=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
    displaces=st.sampled_from(["proportional", "oldest"]),
)
def test_more_battery_trucks_never_raise_a_pollutant(
    drayage: BaseYear, project_by_hand: Project, shares: tuple[float, float], displaces: str
) -> None:
    few, many = (zero_emission(displaces, battery=share) for share in sorted(shares))
    low, high = (project_by_hand(drayage, [measure]).loc[TRUCKS] for measure in (few, many))
    emitted = low.index.drop("electricity", errors="ignore")
    assert (high[emitted] <= low[emitted] * (1 + 1e-9) + 1e-9).all()


def test_battery_trucks_need_no_rate_of_their_model_year(write_base: Write, project_by_hand: Project) -> None:
    """Half of the miles by battery, of a model year that no table lists: half of the exhaust is left."""
    base = write_base({TRUCKS: [{"quantity": 1_000.0}]})
    before, half = (project_by_hand(base, [zero_emission(battery=share)]).loc[TRUCKS] for share in (0.0, 0.5))
    assert half["NOx"] == pytest.approx(before["NOx"] / 2, rel=1e-9)
    assert half["electricity"] > 0


def newer_diesel(share: float, year: int = 2014, **more: Any) -> Record:
    return {**zero_emission(diesel=share), "share_of": "trips", "model_year": year, **more}


def test_newer_diesel_takes_the_place_of_older(
    drayage: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    """Of 2014 or newer are nine in ten; 0.95 moves half of the miles and the idling of 2010 to 2014."""
    found = project_by_hand(drayage, [newer_diesel(0.95)]).loc[TRUCKS]
    rows = drayage.rows[TRUCKS]
    old = (rows["key_model_year"] == 2010).to_numpy()
    kept = rows.assign(quantity=rows["quantity"].where(~old, rows["quantity"] / 2))
    moved = rows[old].assign(quantity=rows["quantity"] / 2, key_model_year=2014)
    expected = masses(drayage, TRUCKS, pd.concat([kept, moved], ignore_index=True))
    for pollutant, kg in expected.groupby("pollutant").sum().items():
        assert found[pollutant] == pytest.approx(kg, rel=1e-9), pollutant
    same = project_by_hand(drayage, [newer_diesel(0.9)]).loc[TRUCKS, "NOx"]
    assert same == drayage.totals.loc[(TRUCKS, True), "NOx"]


def test_newer_diesel_is_newer_until_turnover_overtakes_it(
    drayage: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    """In 2025 what was of 2010 would be of 2012: it is of 2014. In 2029 it would be of 2016, and is."""
    turnover = {"kind": "fleet_turnover"}
    rows = drayage.rows[TRUCKS]
    for year, years in (
        (2025, {2010: 2014, 2014: 2016, 2018: 2020}),
        (2029, {2010: 2016, 2014: 2020, 2018: 2024}),
    ):
        found = project_by_hand(drayage, [turnover, newer_diesel(1.0)], year=year).loc[TRUCKS]
        later = rows.assign(
            key_model_year=rows["key_model_year"].map(years),
            key_calendar_year=rows["key_calendar_year"] + year - 2023,
        )
        assert found["NOx"] == pytest.approx(masses(drayage, TRUCKS, later)["NOx"].sum(), rel=1e-9)


def test_newer_diesel_takes_no_place_of_a_battery_truck(
    write_base: Write, project_by_hand: Project, masses: Masses
) -> None:
    """200 of 1,000 miles are on batteries: 0.4 by newer diesel is half of the 800 that burn any."""
    driven = [{"key_model_year": 2010, "quantity": 800.0}, {"key_fuel": "electric", "quantity": 200.0}]
    base = write_base({TRUCKS: driven}, method=TODAY)
    rows = base.rows[TRUCKS]
    newer = rows.iloc[[0]].assign(key_model_year=2014, quantity=400.0)
    changed = pd.concat([rows.assign(quantity=[400.0, 200.0]), newer], ignore_index=True)
    expected = masses(base, TRUCKS, changed).groupby("pollutant").sum()
    for displaces in ("proportional", "oldest"):
        found = project_by_hand(base, [newer_diesel(0.4, displaces=displaces)]).loc[TRUCKS]
        for pollutant, kg in expected.items():
            assert found[pollutant] == pytest.approx(kg, rel=1e-9), pollutant
    with pytest.raises(ScenarioError, match="of what is left"):
        project_by_hand(base, [newer_diesel(0.9)])


def test_diesel_and_battery_are_shares_of_one_whole(drayage: BaseYear, project_by_hand: Project) -> None:
    both = {**newer_diesel(0.95), "technologies": {"diesel": reached(0.95), "battery": reached(0.2)}}
    with pytest.raises(ScenarioError, match="exclude each other and reach"):
        project_by_hand(drayage, [both])
    with pytest.raises(ScenarioError, match=r"2027 is after the base year 2023.* Write model_year = 2023"):
        project_by_hand(drayage, [newer_diesel(0.95, 2027)])
    with pytest.raises(ScenarioError, match="diesel, and it alone, needs model_year"):
        project_by_hand(drayage, [zero_emission(diesel=0.95)])
    with pytest.raises(ScenarioError, match="diesel, and it alone, needs model_year"):
        project_by_hand(drayage, [{**zero_emission(battery=0.5), "model_year": 2014}])


# ---------------------------------------------------------------- fleet turnover


def test_survival_by_hand(drayage: BaseYear) -> None:
    """Half of the trucks leave between ages 5 and 9, the rest by age 13; ages 5, 9 and 13 work today."""
    turnover = FleetTurnover(sources=(TRUCKS,), survival={5: 1.0, 9: 0.5, 13: 0.0})
    now, later = (turnover.stock(drayage, TRUCKS, years) for years in (0, 4))
    assert now["age"].tolist() == [5, 9, 13]
    np.testing.assert_allclose(now["work"], [600, 300, 100])
    # Four years on: of 600 at age 5 half are at 9, of 300 at 9 none is left; the others are new.
    # Purchases of ages 0 to 3 take the place of the nearest age that works, 5.
    np.testing.assert_allclose(later["work"], [700, 300, 0])
    assert later["work"].sum() == pytest.approx(1_000)


def test_survival_moves_work_to_younger_trucks_and_conserves_it(
    drayage: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    aging = {"kind": "fleet_turnover", "sources": [TRUCKS]}
    leaving = {**aging, "survival": {5: 1.0, 9: 0.5, 13: 0.0}}
    slow, quick = (project_by_hand(drayage, [how], year=2027).loc[TRUCKS] for how in (aging, leaving))
    rows = drayage.rows[TRUCKS]
    later = {name: rows[name] + 4 for name in ("key_model_year", "key_calendar_year")}
    aged = rows.assign(**later)
    share = rows["key_model_year"].map({2018: 700 / 600, 2014: 1.0, 2010: 0.0})
    expected = masses(drayage, TRUCKS, aged.assign(quantity=rows["quantity"] * share))
    assert quick["NOx"] == pytest.approx(expected["NOx"].sum(), rel=1e-9)
    assert slow["NOx"] == pytest.approx(masses(drayage, TRUCKS, aged)["NOx"].sum(), rel=1e-9)
    assert quick["NOx"] != pytest.approx(slow["NOx"], rel=1e-3)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"survival": {"rockets": {10: 0.5, 20: 0.0}}}, "survival of rockets, which does not turn over"),
        ({"sources": [TRUCKS], "survival": {RAIL: {30: 0.0}}}, "name it in sources"),
        ({"built": {"Tier 9": 2030}}, "Tier 9, no tier of locomotives"),
        ({"sources": [TRUCKS], "survival": {10: 0.5}}, "survival falls with age"),
        ({"sources": [TRUCKS], "survival": {5: 0.4, 10: 0.5, 20: 0.0}}, "survival falls with age"),
        ({"sources": [TRUCKS], "survival": {5: 1.4, 20: 0.0}}, "less than or equal to 1"),
        ({"sources": ["rockets"]}, "rockets have no model years"),
    ],
)
def test_turnover_that_cannot_be_is_refused(
    drayage: BaseYear, project_by_hand: Project, more: Record, says: str
) -> None:
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(drayage, [{"kind": "fleet_turnover", **more}])
