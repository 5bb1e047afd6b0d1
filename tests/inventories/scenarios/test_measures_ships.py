"""Fuels, arrivals and speed of ships, with a pencil."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from factors.library import recipe_for
from factors.method import load_method
from inventories.scenarios import ScenarioError
from inventories.scenarios.base_year.base import BaseYear

Write = Callable[..., BaseYear]
Project = Callable[..., pd.DataFrame]
Masses = Callable[..., pd.Series]
Record = dict[str, Any]
SHIPS = "ocean_going_vessels"
OIL: Record = {"key_fuel": "RM/HFO", "key_sulfur_pct": 0.5, "key_area_sulfur_pct": 0.5}
MAIN: Record = {**OIL, "engine_group": "propulsion", "key_engine_type": "SSD", "mode_or_segment": "transit",
                "zone": "sea", "speed_kn": 14.0, "load_factor": 0.5, "hours": 5.0}  # fmt: skip
BOILER: Record = {**OIL, "engine_group": "boiler", "key_engine_type": "Boiler", "key_tier": "Tier 0"}
ROWS: list[Record] = [
    {**MAIN, "quantity": 50_000.0},
    {**OIL, "mode_or_segment": "transit", "zone": "sea", "speed_kn": 14.0, "hours": 5.0, "quantity": 5_000.0},
    {**OIL, "mode_or_segment": "anchorage", "zone": "roads", "hours": 20.0, "quantity": 16_000.0},
    {**BOILER, "mode_or_segment": "anchorage", "zone": "roads", "hours": 20.0, "quantity": 8_000.0},
    {**MAIN, "source_type": "tanker", "quantity": 30_000.0},
]
knows_fuels = pytest.mark.skipif(
    "cycle" not in recipe_for(SHIPS, load_method("epa-2022")).KEYS,
    reason="the recipe of ships knows no engine cycle and no alternative fuel",
)


def reached(share: float) -> Record:
    return {"table": {2024: share}}


NO_BC: Record = {"accept_not_estimated": ["BC"]}
"""Black carbon is of oil in main diesels alone."""


def fuel(name: str, share: float = 1.0, **more: Any) -> Record:
    return {"kind": "ship_fuel", "fuel": name, "share_of": "calls", "adoption": reached(share), **more}


def arrival(share: float, **more: Any) -> Record:
    return {"kind": "arrival", "share_of": "hours", "adoption": reached(share), **more}


@pytest.fixture
def base(write_base: Write) -> BaseYear:
    return write_base({SHIPS: ROWS})


def test_another_oil_changes_the_engines_named_and_no_others(
    base: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    only = {"vessel_types": ["tanker"]}
    found = project_by_hand(base, [fuel("MGO/MDO", 0.4, **only)]).loc[SHIPS]
    rows = base.rows[SHIPS]
    tanker = rows.iloc[[4]].assign(quantity=0.4 * 30_000)
    old = masses(base, SHIPS, tanker).groupby("pollutant").sum()
    new = (
        masses(base, SHIPS, tanker.assign(key_fuel="MGO/MDO", key_sulfur_pct=0.1)).groupby("pollutant").sum()
    )
    before = base.totals.loc[(SHIPS, True)]
    assert found["fuel:MGO"] == pytest.approx(new["fuel:MGO"], rel=1e-9)
    for pollutant in ("NOx", "SOx", "PM10", "CO2"):
        assert found[pollutant] == pytest.approx(
            before[pollutant] - old[pollutant] + new[pollutant], rel=1e-9
        )


@knows_fuels
def test_a_share_of_all_ships_is_reached_where_some_types_have_another_fuel(
    write_base: Write, project_by_hand: Project
) -> None:
    """400 of 1,000 kWh of containers are on HVO, none of 9,000 of cruise ships; 30 % of all go on FAME."""
    main = {**MAIN, "key_fuel": "MGO/MDO", "key_sulfur_pct": 0.1}
    base = write_base({SHIPS: [
        {**main, "key_fuel": "HVO", "quantity": 400.0},
        {**main, "quantity": 600.0},
        {**main, "source_type": "cruise", "quantity": 9_000.0},
    ]})  # fmt: skip
    some = {**fuel("HVO", 0.5, vessel_types=["container"], **NO_BC), "name": "boxes"}
    other = fuel("FAME", 0.3, **NO_BC)
    whole = project_by_hand(base, [fuel("FAME", 0.3, **NO_BC)]).loc[SHIPS, "fuel:FAME"]
    beside = project_by_hand(base, [some, other]).loc[SHIPS]
    assert beside["fuel:FAME"] == pytest.approx(whole, rel=1e-9)
    today = base.totals.loc[(SHIPS, True), "fuel:HVO"]
    assert beside["fuel:HVO"] == pytest.approx(today * 500 / 400, rel=1e-9)


@knows_fuels
def test_a_diesel_cycle_gas_engine_keeps_the_nox_of_its_tier(
    write_base: Write, project_by_hand: Project
) -> None:
    base = write_base({SHIPS: [{**MAIN, "quantity": 1_000.0, "key_fuel": "MGO/MDO", "key_sulfur_pct": 0.1}]})
    accepted = {"accept_not_estimated": ["BC", "N2O"]}
    high = project_by_hand(base, [fuel("LNG", cycle="diesel_high_pressure", **accepted)]).loc[SHIPS]
    otto = project_by_hand(base, [fuel("LNG", cycle="otto_low_speed", **accepted)]).loc[SHIPS]
    before = base.totals.loc[(SHIPS, True)]
    assert high["NOx"] == pytest.approx(before["NOx"], rel=1e-9)
    assert otto["NOx"] < 0.2 * before["NOx"]


@knows_fuels
def test_a_blend_splits_the_work_and_its_carbon_is_biogenic(base: BaseYear, project_by_hand: Project) -> None:
    found = project_by_hand(base, [fuel("HVO", 0.5, blend=0.2, engine_groups=["propulsion"], **NO_BC)]).loc[
        SHIPS
    ]
    before = base.totals.loc[(SHIPS, True)]
    assert found["CO2_biogenic"] > 0
    # A tenth of the propulsion work, 8,000 of 80,000 kWh, leaves residual fuel.
    all_of_it = project_by_hand(base, [fuel("HVO", 1.0, **NO_BC)]).loc[SHIPS]
    for pollutant in ("CO2", "fuel:RM"):
        burnt = before[pollutant] - all_of_it[pollutant]
        assert found[pollutant] == pytest.approx(before[pollutant] - 0.1 * burnt, rel=1e-9)


@knows_fuels
@pytest.mark.parametrize("name", ["methanol", "ammonia", "hydrogen"])
def test_what_nobody_measured_is_refused_and_named(
    base: BaseYear, project_by_hand: Project, name: str
) -> None:
    with pytest.raises(ScenarioError, match=r"does not estimate .*NOx.*accept_not_estimated"):
        project_by_hand(base, [fuel(name, 0.5)])


@knows_fuels
def test_a_table_of_the_ports_own_lets_ammonia_in(
    write_base: Write, project_by_hand: Project, tmp_path: Path
) -> None:
    from factors.own_tables import with_user_tables

    rates = {"BSFC": 400, "NOx": 3.0, "PM10": 0.05, "PM2.5": 0.04, "HC": 0.1, "VOC": 0.1, "CO": 0.5,
             "N2O": 0.2, "NH3": 0.3, "CH4": 0.0, "SOx": 0.0}  # fmt: skip
    path = tmp_path / "alternative.csv"
    frame = pd.DataFrame({"engine_group": "propulsion", "engine_type": "SSD", "fuel": "ammonia",
                          "tier": "Tier 2", "quantity": list(rates), "value": list(rates.values()),
                          "unit": "g/kWh", "source_document": "test", "table": "1", "source_address": "here",
                          "confidence": "read", "note": ""})  # fmt: skip
    frame = frame[~frame["quantity"].isin(["SOx", "CH4"])]
    frame.to_csv(path, index=False)
    method = with_user_tables(load_method("epa-2022"), {"ocean_going_vessels.alternative_engines": path})
    base = write_base({SHIPS: [{**MAIN, "quantity": 1_000.0}]}, method=method)
    found = project_by_hand(base, [fuel("ammonia", accept_not_estimated=["BC", "CH4", "DPM"])]).loc[SHIPS]
    assert found["NOx"] == pytest.approx(3.0, rel=1e-9)
    assert found["N2O"] == pytest.approx(0.2, rel=1e-9)
    assert found["CO2"] == pytest.approx(0.0, abs=1e-9)


BAD_FUEL = [
    (fuel("LNG"), "LNG needs the cycle"),
    (fuel("LNG", cycle="otto_fast"), "cycle"),
    (fuel("MGO/MDO", cycle="otto_low_speed"), "other fuels have none"),
    (fuel("coal"), "fuel"),
    (fuel("MGO/MDO", 1.2), "less than or equal to 1"),
    (fuel("MGO/MDO", vessel_types=["submarine"]), "submarine do not call here; container, tanker do"),
    (fuel("MGO/MDO", fuel_cell=True), "fuel cells run on"),
    (fuel("LNG", cycle="lean_burn", engine_groups=["boiler"]), "boilers have no engine cycle"),
    (fuel("MGO/MDO", blend=0.5), "blends are of"),
    ({**fuel("MGO/MDO"), "share_of": "ships"}, "share_of"),
]


@pytest.mark.parametrize(("measure", "says"), BAD_FUEL, ids=[says for _, says in BAD_FUEL])
def test_fuels_that_cannot_be_are_refused(
    base: BaseYear, project_by_hand: Project, measure: Record, says: str
) -> None:
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(base, [measure])


def test_a_level_below_todays_fuel_is_refused(write_base: Write, project_by_hand: Project) -> None:
    today = {**MAIN, "key_fuel": "MGO/MDO", "key_sulfur_pct": 0.1, "quantity": 600.0}
    base = write_base({SHIPS: [{**MAIN, "quantity": 400.0}, today]})
    with pytest.raises(ScenarioError, match=r"below today's level of 0\.6"):
        project_by_hand(base, [fuel("MGO/MDO", 0.5)])


# ---------------------------------------------------------------- arrival


def test_hours_at_anchor_are_avoided_or_moved(
    base: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    waiting = masses(base, SHIPS, base.rows[SHIPS].iloc[[2, 3]]).groupby("pollutant").sum()
    before = base.totals.loc[(SHIPS, True)]
    avoided = project_by_hand(base, [arrival(0.25)]).loc[SHIPS]
    moved = project_by_hand(base, [arrival(0.25, fate="moved")]).loc[SHIPS]
    for pollutant in ("NOx", "SOx", "PM10", "CO2"):
        assert avoided[pollutant] == pytest.approx(before[pollutant] - 0.25 * waiting[pollutant], rel=1e-9)
        # In and out of the domain together nothing has gone.
        assert moved[pollutant] == pytest.approx(before[pollutant], rel=1e-9)


def test_what_is_moved_is_shown_out_of_the_domain(base: BaseYear, masses: Masses) -> None:
    from inventories.scenarios import Projector, Scenario

    waiting = masses(base, SHIPS, base.rows[SHIPS].iloc[[2, 3]])["NOx"].sum()
    scenario = {"name": "queue", "horizon": 2030, "measures": [arrival(0.5, fate="moved")]}
    outlook = Projector(base, "AR5").project(Scenario.from_dict(scenario))
    assert outlook.series("NOx", in_domain=False)[2030] == pytest.approx(waiting / 2, rel=1e-9)
    assert outlook.series("NOx")[2023] - outlook.series("NOx")[2030] == pytest.approx(waiting / 2, rel=1e-9)


def test_a_shorter_approach_spares_all_engines_under_way(
    base: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    way = masses(base, SHIPS, base.rows[SHIPS].iloc[[0, 1, 4]]).groupby("pollutant").sum()
    measure = arrival(0.5, at="approach", zones=["sea"], shorter_by=0.1)
    found, before = project_by_hand(base, [measure]).loc[SHIPS], base.totals.loc[(SHIPS, True)]
    assert found["NOx"] == pytest.approx(before["NOx"] - 0.05 * way["NOx"], rel=1e-9)
    nothing = project_by_hand(base, [arrival(0.0)]).loc[SHIPS]
    np.testing.assert_array_equal(nothing[before.index], before)


def test_a_slower_approach_lengthens_hours_where_it_is_sailed(write_base: Write, masses: Masses) -> None:
    """From 14 to 7 knots outside the domain: hours double, propulsion work falls to a quarter."""
    from inventories.scenarios import Projector, Scenario

    outer = [{**row, "zone": "outer", "in_domain": False} for row in (ROWS[0], ROWS[1])]
    base = write_base({SHIPS: [*ROWS, *outer]})
    rows = base.rows[SHIPS].iloc[5:]
    slow = rows.assign(quantity=[12_500.0, 10_000.0], load_factor=[0.5 / 8, np.nan], speed_kn=7.0)
    measure = arrival(1.0, at="approach", zones=["outer"], speed_kn=7.0)
    scenario = {"name": "slow", "horizon": 2025, "measures": [measure, {**arrival(0.5), "name": "queue"}]}
    outlook = Projector(base, "AR5").project(Scenario.from_dict(scenario))
    expected = masses(base, SHIPS, slow).groupby("pollutant").sum()
    for pollutant in ("NOx", "PM10", "CO2"):
        outside = outlook.series(pollutant, in_domain=False)
        assert outside[2025] == pytest.approx(expected[pollutant], rel=1e-9), pollutant
    # In the domain only the queue is shorter: half of the hours at anchor.
    waiting = masses(base, SHIPS, base.rows[SHIPS].iloc[[2, 3]])["NOx"].sum()
    inside = outlook.series("NOx")
    assert inside[2023] - inside[2025] == pytest.approx(waiting / 2, rel=1e-9)


def test_ships_that_are_slow_already_are_part_of_the_share(
    write_base: Write, project_by_hand: Project
) -> None:
    slow = {**MAIN, "speed_kn": 7.0, "load_factor": 0.0625, "hours": 5.0, "quantity": 6_250.0}
    base = write_base({SHIPS: [ROWS[0], slow]})
    half = arrival(0.5, at="approach", zones=["sea"], speed_kn=7.0)
    found, before = project_by_hand(base, [half]).loc[SHIPS], base.totals.loc[(SHIPS, True)]
    np.testing.assert_array_equal(found[before.index], before)
    with pytest.raises(ScenarioError, match=r"below today's level of 0\.5"):
        project_by_hand(base, [arrival(0.4, at="approach", zones=["sea"], speed_kn=7.0)])


# ---------------------------------------------------------------- congestion


def queue(share: float, times: float, **more: Any) -> Record:
    return {"kind": "congestion", "share_of": "hours", "adoption": reached(share), "times": times, **more}


def test_a_queue_lengthens_the_hours_at_anchor_and_nothing_else(
    base: BaseYear, project_by_hand: Project, masses: Masses
) -> None:
    """Half of the hours three times as long: 16,000 kWh become 8,000 + 3 x 8,000 = 32,000."""
    rows = base.rows[SHIPS]
    longer = rows.assign(quantity=[50_000.0, 5_000.0, 32_000.0, 16_000.0, 30_000.0])
    expected = masses(base, SHIPS, longer).groupby("pollutant").sum()
    found = project_by_hand(base, [queue(0.5, 3.0)]).loc[SHIPS]
    for pollutant, kg in expected.items():
        assert found[pollutant] == pytest.approx(kg, rel=1e-9), pollutant


def test_a_queue_outside_the_domain_emits_there(base: BaseYear, masses: Masses) -> None:
    from inventories.scenarios import Projector, Scenario

    waiting = masses(base, SHIPS, base.rows[SHIPS].iloc[[2, 3]])["NOx"].sum()
    measure = queue(1.0, 4.0, in_domain=False)
    scenario = Scenario.from_dict({"name": "queue", "horizon": 2025, "measures": [measure]})
    outlook = Projector(base, "AR5").project(scenario)
    assert outlook.series("NOx").nunique() == 1
    assert outlook.series("NOx", in_domain=False)[2025] == pytest.approx(3 * waiting, rel=1e-9)


def test_a_queue_comes_and_goes(base: BaseYear, masses: Masses) -> None:
    """The congestion of 2021 and 2022 in small: four times the hours for a year, then back to none."""
    from inventories.scenarios import Projector, Scenario

    waiting = masses(base, SHIPS, base.rows[SHIPS].iloc[[2, 3]])["NOx"].sum()
    measure = {**queue(0.0, 4.0), "adoption": {"table": {2024: 0.0, 2025: 1.0, 2026: 0.5, 2027: 0.0}}}
    scenario = Scenario.from_dict({"name": "queue", "horizon": 2028, "measures": [measure]})
    series = Projector(base, "AR5").project(scenario).series("NOx")
    more = (series - series.iloc[0]) / waiting
    np.testing.assert_allclose(more, [0, 0, 3.0, 1.5, 0, 0], atol=1e-9)


def test_a_queue_of_some_types_leaves_the_others(write_base: Write, project_by_hand: Project) -> None:
    tanker = {**ROWS[2], "source_type": "tanker"}
    base = write_base({SHIPS: [ROWS[2], tanker]})
    before = base.totals.loc[(SHIPS, True), "NOx"]
    found = project_by_hand(base, [queue(1.0, 2.0, vessel_types=["tanker"])]).loc[SHIPS, "NOx"]
    assert found == pytest.approx(1.5 * before, rel=1e-9)


def test_a_longer_queue_and_hours_spared_meet(base: BaseYear, project_by_hand: Project) -> None:
    """All hours twice as long, and then half of them spared: as before."""
    found = project_by_hand(base, [queue(1.0, 2.0), arrival(0.5)]).loc[SHIPS]
    before = base.totals.loc[(SHIPS, True)]
    np.testing.assert_allclose(found[before.index], before, rtol=1e-9)


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (queue(0.5, 1.0), "times"),
        (queue(1.5, 2.0), "less than or equal to 1"),
        (queue(0.5, 2.0, vessel_types=["tanker"]), "tanker do not wait at anchor here; known are container"),
        ({**queue(0.5, 2.0), "share_of": "calls"}, "share_of"),
    ],
)
def test_a_queue_that_cannot_be_is_refused(
    base: BaseYear, project_by_hand: Project, measure: Record, says: str
) -> None:
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(base, [measure])


BAD_ARRIVAL = [
    (arrival(1.5), "less than or equal to 1"),
    (arrival(0.5, zones=["moon"]), "zones moon have no ships at anchor"),
    (arrival(0.5, vessel_types=["tanker"]), "tanker have no ships at anchor"),
    (arrival(0.5, at="approach"), "needs its zones, and either shorter_by"),
    (arrival(0.5, shorter_by=0.1), "shorter_by and speed_kn are for"),
    (arrival(0.5, at="approach", zones=["sea"], shorter_by=0.1, speed_kn=9.0), "either shorter_by"),
    (arrival(0.5, at="approach", zones=["sea"], speed_kn=9.0, fate="moved"), "nothing is moved"),
    (arrival(0.5, at="approach", zones=["roads"], speed_kn=9.0), "zones roads have no ships sailing"),
    (arrival(0.5, fate="lost"), "fate"),
    ({key: value for key, value in arrival(0.5).items() if key != "share_of"}, "share_of"),
]


@pytest.mark.parametrize(("measure", "says"), BAD_ARRIVAL, ids=[says for _, says in BAD_ARRIVAL])
def test_arrivals_that_cannot_be_are_refused(
    base: BaseYear, project_by_hand: Project, measure: Record, says: str
) -> None:
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(base, [measure])


def test_two_measures_that_spare_the_same_hours_cannot_spare_more_than_all(
    base: BaseYear, project_by_hand: Project
) -> None:
    both = [{**arrival(0.7), "name": "fewer"}, {**arrival(0.5, fate="moved"), "name": "outside"}]
    with pytest.raises(ScenarioError, match="reach 120%"):
        project_by_hand(base, both)
