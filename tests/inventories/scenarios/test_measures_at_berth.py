"""Shore power and emission capture at berth and anchor, with a pencil; stocks that hold adoption back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factors.method import load_method
from factors.own_tables import with_user_tables
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.base_year.base import BaseYear

Write = Callable[..., BaseYear]
Project = Callable[..., pd.DataFrame]
Record = dict[str, Any]
SHIPS = "ocean_going_vessels"
HEAD = (
    "capture_system,engine_group,quantity,value,unit,source_document,table,source_address,confidence,note\n"
)
REMOVES = (
    "barge,auxiliary,captured,90,%,A letter,1,,read,\n"
    "barge,auxiliary,NOx,0.8,fraction,A letter,1,,read,\n"
    "barge,auxiliary,PM10,1,fraction,A letter,1,,read,\n"
    "barge,boiler,NOx,0.5,fraction,A letter,1,,read,\n"
)
COSTS = (
    "barge,system,electric_power,300,kW,A sheet,1,,read,\n"
    "barge,system,fuel_rate,20,kg/h,A sheet,1,,read,\n"
    "barge,system,NOx_emitted,100,g/h,A sheet,1,,read,\n"
)
AUX: Record = {
    "mode_or_segment": "hotelling",
    "stay_hours": 40.0,
    "is_at_plugged_berth": 0.0,
    "is_captured": 0.0,
}
BOILER: Record = {**AUX, "engine_group": "boiler", "key_engine_type": "Boiler", "key_tier": "Tier 0"}
# A hundred stops of 40 h, at 1,000 kW of auxiliary engines and 500 kW of boilers.
WORK: list[Record] = [
    {**AUX, "quantity": 4_000_000.0, "hours": 4_000.0},
    {**BOILER, "quantity": 2_000_000.0, "hours": 4_000.0},
]
STAYS = [
    {"record_id": f"C{n}", "stay_hours": 40.0, "is_at_plugged_berth": 0.0, "captured_auxiliary": 0.0,
     "captured_boiler": 0.0} for n in range(100)
]  # fmt: skip


def table(share: float, **more: Any) -> Record:
    return {"table": {2024: share}, **more}


def shore(share: float, **more: Any) -> Record:
    return {"kind": "shore_power", "share_of": "stops", "adoption": table(share), **more}


def capture(share: float, **more: Any) -> Record:
    return {
        "kind": "emission_capture",
        "system": "barge",
        "share_of": "stops",
        "adoption": table(share),
        **more,
    }


def stock(here: float, of: float) -> Record:
    return {"stock": {2024: here}, "of": of, "basis": "annual_average"}


@pytest.fixture
def brought(tmp_path: Path) -> Callable[[str], Any]:
    def method(lines: str = REMOVES + COSTS) -> Any:
        (tmp_path / "capture.csv").write_text(HEAD + lines)
        need = {f"{SHIPS}.capture_efficiency": tmp_path / "capture.csv"}
        return with_user_tables(load_method("epa-2022"), need)

    return method


@pytest.fixture
def base(write_base: Write, brought: Callable[..., Any]) -> BaseYear:
    return write_base({SHIPS: WORK}, STAYS, method=brought())


def one(base: BaseYear, row: int) -> pd.Series:
    """Masses of one row of the base year."""
    return base.rows[SHIPS].iloc[[row]]


def levels(base: BaseYear, *measures: Record, year: int = 2030) -> pd.DataFrame:
    scenario = Scenario.from_dict({"name": "test", "horizon": year, "measures": list(measures)})
    found = Projector(base, "AR5").project(scenario).levels
    return found[found["year"] == year].set_index("measure")


# --- emission capture ---


def test_capture_takes_off_captured_times_removed_and_its_own_lines_stand_apart(
    base: BaseYear, project_by_hand: Project, masses: Callable[..., pd.Series]
) -> None:
    found, before = project_by_hand(base, [capture(0.5)]), base.totals.loc[(SHIPS, True)]
    hours = 50 * 38
    engines = masses(base, SHIPS, one(base, 0)).groupby("pollutant").sum()
    spared = 0.5 * 38 / 40
    own_nox = hours * 0.1
    assert found.loc[SHIPS, "NOx"] == pytest.approx(
        before["NOx"] - spared * 0.9 * 0.8 * engines["NOx"] + own_nox, rel=1e-12
    )
    for particles in ("PM10", "PM2.5", "DPM"):
        assert found.loc[SHIPS, particles] == pytest.approx(
            before[particles] - spared * 0.9 * engines[particles], rel=1e-12
        )
    # What burns aboard burns on; the system's own gas oil comes on top.
    assert found.loc[SHIPS, "fuel:MGO"] == pytest.approx(before["fuel:MGO"] + hours * 20, rel=1e-12)
    assert found.loc[SHIPS, "CO2"] == pytest.approx(before["CO2"] + hours * 20 * 3.206, rel=1e-12)
    assert found.loc[SHIPS, "SOx"] == pytest.approx(before["SOx"], rel=1e-12)
    assert found.loc["electricity", "electricity"] == pytest.approx(hours * 300, rel=1e-12)


def test_a_system_on_both_engine_groups_works_its_hours_once(
    base: BaseYear, project_by_hand: Project
) -> None:
    both = project_by_hand(base, [capture(0.5, engine_groups=["auxiliary", "boiler"])])
    assert both.loc["electricity", "electricity"] == pytest.approx(50 * 38 * 300, rel=1e-12)
    alone = project_by_hand(base, [capture(0.5)])
    assert both.loc[SHIPS, "NOx"] < alone.loc[SHIPS, "NOx"]


def test_stops_on_shore_power_and_captured_stops_are_shares_of_one_whole(
    base: BaseYear, project_by_hand: Project, masses: Callable[..., pd.Series]
) -> None:
    found = project_by_hand(base, [shore(0.6), capture(0.4)])
    assert found.loc["electricity", "electricity"] == pytest.approx(60 * 38 * 1000 + 40 * 38 * 300, rel=1e-12)
    engines = masses(base, SHIPS, one(base, 0)).groupby("pollutant").sum()
    left = 0.6 * 2 / 40 + 0.4 * (2 + 38 * (1 - 0.72)) / 40
    before = base.totals.loc[(SHIPS, True)]
    assert found.loc[SHIPS, "NOx"] == pytest.approx(
        before["NOx"] - (1 - left) * engines["NOx"] + 40 * 38 * 0.1, rel=1e-12
    )
    with pytest.raises(ScenarioError, match="exclude each other and reach 120% of what is left"):
        project_by_hand(base, [shore(0.7), capture(0.5)])


def test_boilers_of_ships_with_steam_pumps_are_captured_beside_shore_power(
    write_base: Write, brought: Callable[..., Any], project_by_hand: Project, masses: Callable[..., pd.Series]
) -> None:
    steam = {"source_type": "oil_tanker", "has_steam_pumps": 1.0}
    electric = {"source_type": "oil_tanker", "has_steam_pumps": 0.0}
    rows = [row | drive for drive in (steam, electric) for row in WORK]
    stays = [stay | steam for stay in STAYS] + [stay | electric | {"record_id": "E"} for stay in STAYS[:1]]
    base = write_base({SHIPS: rows}, stays, method=brought())
    boilers = capture(
        1.0, engine_groups=["boiler"], boilers_of="steam_pumps", connection_h=0, disconnection_h=0
    )
    plugged = shore(1.0, connection_h=0, disconnection_h=0)
    found = project_by_hand(base, [plugged, boilers])
    boiler = masses(base, SHIPS, one(base, 1)).groupby("pollutant").sum()
    # Half of the NOx of the one tanker's boilers, all of the other's, and what the system emits in 4,000 h.
    assert found.loc[SHIPS, "NOx"] == pytest.approx(1.5 * boiler["NOx"] + 400, rel=1e-12)


def test_capture_at_anchorage_needs_to_be_said(
    write_base: Write, brought: Callable[..., Any], project_by_hand: Project
) -> None:
    away = {"mode_or_segment": "anchorage"}
    stays = [stay | away for stay in STAYS]
    base = write_base({SHIPS: [row | away for row in WORK]}, stays, method=brought(REMOVES))
    before = base.totals.loc[(SHIPS, True)]
    berth_only = project_by_hand(base, [capture(1.0)]).loc[SHIPS]
    assert berth_only["NOx"] == before["NOx"]
    assert project_by_hand(base, [capture(1.0, places=["anchorage"])]).loc[SHIPS, "NOx"] < before["NOx"]


def test_stops_captured_already_stay_as_recorded(
    write_base: Write, brought: Callable[..., Any], project_by_hand: Project
) -> None:
    recorded = [
        {**AUX, "quantity": 50 * 2_000.0, "hours": 100.0, "is_captured": 1.0},
        {**AUX, "quantity": 50 * 38_000.0, "hours": 1_900.0, "is_captured": 1.0, "key_capture": "barge"},
        {**AUX, "quantity": 50 * 40_000.0, "hours": 2_000.0},
    ]
    stays = [stay | {"captured_auxiliary": float(n < 50)} for n, stay in enumerate(STAYS)]
    base = write_base({SHIPS: recorded}, stays, method=brought())
    before = base.totals.loc[(SHIPS, True)]
    same = project_by_hand(base, [capture(0.5)]).loc[SHIPS]
    np.testing.assert_array_equal(same[before.index], before)
    told = levels(base, capture(0.75)).loc["emission_capture"]
    assert told["present"] == 0.5
    assert told["energy_share"] == pytest.approx(0.75 * 38 / 40, rel=1e-12)


@given(share=st.floats(0, 1), lost=st.floats(0, 12))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_capture_conserves_work_and_leaves_carbon_dioxide(
    base: BaseYear, project_by_hand: Project, share: float, lost: float
) -> None:
    found = project_by_hand(base, [capture(share, connection_h=lost, engine_groups=["auxiliary", "boiler"])])
    before = base.totals.loc[(SHIPS, True)]
    hours = 100 * share * max(0.0, 40 - lost - 1)
    assert found.loc[SHIPS, "fuel:MGO"] == pytest.approx(before["fuel:MGO"] + 20 * hours, rel=1e-9)
    assert found.loc[SHIPS, "CO2"] == pytest.approx(before["CO2"] + 20 * 3.206 * hours, rel=1e-9)


@pytest.mark.parametrize(
    ("measure", "match"),
    [
        (capture(0.5, system="crane"), "no efficiency of system 'crane' on auxiliary"),
        (capture(0.5, engine_groups=["boiler"], boilers_of="steam_pumps"), "says pump_drive = steam"),
        (capture(0.5, vessel_types=["cruise"]), "cruise do not call here"),
        (capture(1.2), "less than or equal to 1"),
        (capture(0.5, engine_groups=["propulsion"]), "'auxiliary' or 'boiler'"),
        (capture(0.5, engine_groups=[]), "at least 1"),
    ],
)  # fmt: skip
def test_captures_that_cannot_be_are_refused(
    base: BaseYear, project_by_hand: Project, measure: Record, match: str
) -> None:
    with pytest.raises(ScenarioError, match=match):
        project_by_hand(base, [measure])


def test_capture_without_efficiencies_is_refused_with_the_form_to_fill(
    write_base: Write, project_by_hand: Project
) -> None:
    base = write_base({SHIPS: WORK}, STAYS)
    with pytest.raises(ScenarioError, match=r"caap factors template ocean_going_vessels\.capture_efficiency"):
        project_by_hand(base, [capture(0.5)])


# --- limits ---


def test_a_stop_is_connected_where_ship_and_berth_are_capable_and_it_succeeds(base: BaseYear) -> None:
    limits = {"capable_ships": stock(60, 100), "capable_berths": stock(5, 10)}
    told = levels(base, shore(0.0, adoption=table(0.8, limits=limits), success=0.9)).loc["shore_power"]
    assert told["level"] == pytest.approx(0.6 * 0.5 * 0.9, rel=1e-12)
    assert told["unmet"] == pytest.approx((0.8 - 0.6 * 0.5) * 0.9, rel=1e-12)
    assert told["energy_share"] == pytest.approx(0.27 * 38 / 40, rel=1e-12)
    sent = table(0.8, limits=limits, limits_meet="matched")
    assert levels(base, shore(0.0, adoption=sent)).loc["shore_power", "level"] == pytest.approx(0.5)


def test_what_limits_prevent_stays_on_engines(base: BaseYear, project_by_hand: Project) -> None:
    held = shore(0.0, adoption=table(0.8, limits={"capable_ships": stock(30, 100)}))
    pd.testing.assert_frame_equal(project_by_hand(base, [held]), project_by_hand(base, [shore(0.3)]))


def test_ample_stocks_hold_nothing_back(base: BaseYear, project_by_hand: Project) -> None:
    free = shore(0.0, adoption=table(0.8, limits={"capable_ships": stock(90, 100)}))
    pd.testing.assert_frame_equal(project_by_hand(base, [free]), project_by_hand(base, [shore(0.8)]))
    assert levels(base, free).loc["shore_power", "unmet"] == 0


def test_a_stock_of_trucks_holds_back_batteries(write_base: Write) -> None:
    today = load_method("epa-2022").with_options(outside_edition="hold_by_age")
    base = write_base({"heavy_duty_vehicles": [{"quantity": 30_000.0}]}, method=today)
    battery = table(1.0, limits={"trucks": stock(3_000, 12_000)})
    measure = {"kind": "zero_emission_trucks", "share_of": "miles", "technologies": {"battery": battery},
               "accept_not_estimated": ["VOC", "HC", "CH4", "N2O", "NH3", "BC"]}  # fmt: skip
    told = levels(base, measure).loc["zero_emission_trucks"]
    assert (told["level"], told["unmet"]) == (0.25, 0.75)


def test_limits_below_what_is_there_are_no_limits(write_base: Write, project_by_hand: Project) -> None:
    stays = [stay | {"is_at_plugged_berth": float(n < 50)} for n, stay in enumerate(STAYS)]
    base = write_base({SHIPS: WORK}, stays)
    limits = {"capable_ships": stock(70, 100), "capable_berths": stock(60, 100)}
    with pytest.raises(
        ScenarioError, match=r"limits allow less than there is: a share of 0\.42 in 2024.*matched"
    ):
        project_by_hand(base, [shore(0.0, adoption=table(0.8, limits=limits))])
    with pytest.raises(
        ScenarioError, match=r"lies below today's level of 0.5\. A share is the level reached"
    ):
        project_by_hand(base, [shore(0.4)])


@pytest.mark.parametrize(
    ("limit", "match"),
    [
        ({"stock": {2025: 40}, "of": 30}, "a stock of 40 in 2025 is more than the 30"),
        ({"stock": {2025: 4}, "of": {2020: 10, 2030: 5}, "year": 3}, r"limits\.berths: unknown key 'year'"),
        ({"stock": {}, "of": 30}, "at least one year"),
        ({"stock": {2025: 4}}, r"limits\.berths\.of is missing; write \{ stock = "),
        ({"stock": {2025: -1}, "of": 30}, "greater than or equal to 0"),
    ],
)
def test_what_is_no_stock_is_refused(limit: Record, match: str) -> None:
    with pytest.raises(ScenarioError, match=match):
        Scenario.from_dict(
            {"name": "test", "measures": [shore(0.0, adoption=table(0.8, limits={"berths": limit}))]}
        )


# --- the two shares of shore power ---


def test_stops_connected_and_energy_connected_are_two_shares(write_base: Write) -> None:
    """Worked check 7: fifty stops on shore power for 34 of 40 hours, and a target of 80 % with 2 h lost."""
    recorded = [
        {**AUX, "quantity": 50 * 6_000.0, "hours": 300.0, "is_at_plugged_berth": 1.0},
        {**AUX, "quantity": 50 * 40_000.0, "hours": 2_000.0},
    ]
    stays = [
        stay | {"is_at_plugged_berth": float(n < 50), "connected_kwh": 34_000.0 * (n < 50)}
        for n, stay in enumerate(STAYS)
    ]
    base = write_base({SHIPS: recorded, "electricity": [{"quantity": 50 * 34_000.0}]}, stays)
    told = levels(base, shore(0.8)).loc["shore_power"]
    assert told["level"] == pytest.approx(0.8)
    assert told["energy_share"] == pytest.approx(2_840 / 4_000, rel=1e-12)
