"""How measures meet: shares split and never scale, levels count what is there, order means nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventories.port.port import Port
from inventories.scenarios import Projector, Scenario, ScenarioError, project
from inventories.scenarios.base_year.base import BaseYear
from inventories.scenarios.measures import ShareMeasure
from inventories.year.inventory import Inventory

Write = Callable[..., BaseYear]
Project = Callable[..., pd.DataFrame]
Record = dict[str, Any]
SHIPS = "ocean_going_vessels"
OIL = {"key_fuel": "RM/HFO", "key_sulfur_pct": 0.5, "key_area_sulfur_pct": 0.5}
SAILING = {**OIL, "mode_or_segment": "transit", "zone": "sea", "max_speed_kn": 22.0}
BERTHED = {**OIL, "mode_or_segment": "hotelling", "zone": "quay", "stay_hours": 30.0}
ROWS: list[Record] = [
    {**SAILING, "engine_group": "propulsion", "key_engine_type": "SSD", "key_tier": "Tier 3",
     "load_factor": 0.42, "speed_kn": 16.0, "hours": 10.0, "quantity": 170_000.0},
    {**SAILING, "engine_group": "propulsion", "key_engine_type": "SSD", "key_tier": "Tier 1",
     "load_factor": 0.12, "speed_kn": 10.0, "hours": 4.0, "quantity": 20_000.0},
    {**SAILING, "speed_kn": 16.0, "hours": 10.0, "quantity": 12_000.0},
    {**SAILING, "engine_group": "boiler", "key_engine_type": "Boiler", "key_tier": "Tier 0",
     "speed_kn": 16.0, "hours": 10.0, "quantity": 3_000.0},
    {**BERTHED, "is_at_plugged_berth": 0.0, "hours": 90.0, "quantity": 90_000.0},
    {**BERTHED, "is_at_plugged_berth": 1.0, "hours": 4.0, "quantity": 4_100.0},
    {**BERTHED, "is_at_plugged_berth": 0.0, "stay_hours": 1.5, "hours": 1.5, "quantity": 1_500.0},
    {**BERTHED, "engine_group": "boiler", "key_engine_type": "Boiler", "key_tier": "Tier 0",
     "is_at_plugged_berth": 0.0, "hours": 90.0, "quantity": 40_000.0},
    {**BERTHED, "source_type": "tanker", "is_at_plugged_berth": 0.0, "hours": 30.0, "quantity": 21_000.0},
]  # fmt: skip
STAYS: list[Record] = [
    *({"record_id": f"A{n}", "stay_hours": 30.0, "is_at_plugged_berth": 0.0} for n in range(3)),
    {"record_id": "B", "stay_hours": 30.0, "is_at_plugged_berth": 1.0},
    {"record_id": "C", "stay_hours": 1.5, "is_at_plugged_berth": 0.0},
    {"record_id": "D", "stay_hours": 30.0, "is_at_plugged_berth": 0.0, "source_type": "tanker"},
]


def reached(share: float) -> Record:
    return {"table": {2024: share}}


GROWTH: Record = {"kind": "growth", "index": {2030: 1.3}}
SLOW: Record = {"kind": "speed_reduction", "zones": ["sea"], "speed_kn": 12, "share_of": "hours",
                "adoption": reached(0.6)}  # fmt: skip
FUEL: Record = {"kind": "ship_fuel", "fuel": "MGO/MDO", "share_of": "calls", "adoption": reached(0.5),
                "engine_groups": ["propulsion", "auxiliary"]}  # fmt: skip
PLUG: Record = {"kind": "shore_power", "share_of": "stops", "adoption": reached(0.7), "efficiency": 0.97}
ALL = [GROWTH, SLOW, FUEL, PLUG]


@pytest.fixture
def base(write_base: Write) -> BaseYear:
    return write_base({SHIPS: ROWS, "electricity": [{"quantity": 26_000.0}]}, STAYS)


def read(*measures: Record, horizon: int = 2030) -> Scenario:
    return Scenario.from_dict({"name": "test", "horizon": horizon, "measures": list(measures)})


def split_literally(base: BaseYear, rows: pd.DataFrame, measure: ShareMeasure, share: float) -> pd.DataFrame:
    """Split each record into the share of itself that is changed and the rest, one after the other."""
    option = measure.options()[0]
    now = measure.present(base, option)
    fraction = (share - now) / (1 - now)
    parts = []
    for number in range(len(rows)):
        row = rows.iloc[[number]]
        away = "out_source" in row and row["out_source"].notna().all()
        if away or not measure.affected(SHIPS, row)[0] or measure.changed(SHIPS, row, option)[0]:
            parts.append(row)
            continue
        parts.append(row.assign(quantity=row["quantity"] * (1 - fraction)))
        parts.append(
            measure.vary(SHIPS, row, option).assign(quantity=lambda made: made["quantity"] * fraction)
        )
    return pd.concat(parts, ignore_index=True)


def test_a_year_equals_literal_splitting(
    base: BaseYear, project_by_hand: Project, masses: Callable[..., pd.Series]
) -> None:
    scenario = read(*ALL)
    rows = base.rows[SHIPS].assign(out_source=pd.Series(np.nan, index=base.rows[SHIPS].index, dtype=object))
    for measure, share in zip(scenario.measures[1:], (0.6, 0.5, 0.7), strict=True):
        assert isinstance(measure, ShareMeasure)
        rows = split_literally(base, rows, measure, share)
    rows = rows.assign(quantity=rows["quantity"] * 1.3)
    stay = rows["out_source"].isna()
    expected = masses(base, SHIPS, rows[stay]).groupby("pollutant").sum()
    found = project_by_hand(base, ALL)
    own = found.loc[SHIPS]
    assert expected["NOx"] > 0
    for pollutant, kg in expected.items():
        assert own[pollutant] == pytest.approx(kg, rel=1e-12), pollutant
    plugged = rows.loc[~stay, "quantity"].sum() + 1.3 * 26_000
    assert found.loc["electricity", "electricity"] == pytest.approx(plugged, rel=1e-12)


def test_the_order_of_measures_changes_no_total(base: BaseYear, project_by_hand: Project) -> None:
    first = project_by_hand(base, ALL)
    for order in permutations(ALL):
        pd.testing.assert_frame_equal(project_by_hand(base, order), first, rtol=1e-12, check_like=True)


def test_zero_adoption_and_todays_level_change_nothing(small: Inventory) -> None:
    projector = Projector.of(small)
    zones = [str(z) for z in projector.base.rows[SHIPS].query("speed_kn > 0")["zone"].unique()]
    measures = []
    for number, measure in enumerate(
        ({**SLOW, "zones": zones[:1]}, PLUG, {**PLUG, "vessel_types": ["container"]})
    ):
        today = read(measure).measures[0]
        assert isinstance(today, ShareMeasure)
        now = today.present(projector.base, today.options()[0])
        measures.append({**measure, "name": str(number), "adoption": reached(now)})
    assert measures[2]["adoption"] == reached(0.0)
    for chosen in (measures[:2], measures[2:]):
        mass = projector.project(read(*chosen)).mass.set_index(
            ["source_category", "in_domain", "pollutant", "year"]
        )["mass_kg"]
        by_year = mass.unstack("year")
        for year in by_year:
            np.testing.assert_array_equal(by_year[year], by_year[2024])
        totals = projector.base.totals.stack()
        np.testing.assert_array_equal(by_year[2024].reindex(totals.index), totals)


def test_a_year_is_made_ready_for_projecting_once(small: Inventory) -> None:
    scenario = Scenario.from_dict({"name": "as it is", "horizon": 2026, "measures": []})
    project(small, scenario)
    assert Projector.of(small) is Projector.of(small)
    ready = dict(Projector.of(small).base.cache)
    project(small, replace(scenario, name="again"))
    assert Projector.of(small).base.cache.keys() == ready.keys(), "the second scenario finds all worked out"


def test_the_first_year_is_the_inventory(base: BaseYear) -> None:
    mass = Projector(base, "AR5").project(read(*ALL)).mass
    first = mass[mass["year"] == base.year].set_index(["source_category", "in_domain", "pollutant"])[
        "mass_kg"
    ]
    totals = base.totals.stack()
    np.testing.assert_array_equal(first.reindex(totals.index), totals)


def test_growth_fuel_and_shore_power_together_equal_a_direct_build(
    harbor: Callable[..., Port], call: Record, ship: Record
) -> None:
    """Ten calls become twelve: half of them on gas oil, half of each plugged in."""

    def calls(kinds: list[tuple[bool, bool]]) -> Port:
        stops = []
        for number, (on_gas_oil, plugged) in enumerate(kinds):
            stop: Record = {"call_id": f"C{number}", "seq": 1, "kind": "berth", "terminal": "T",
                            "from": "2023-06-10 06:00", "to": "2023-06-11 06:00",
                            "fuel": "MGO" if on_gas_oil else ""}  # fmt: skip
            times = ("2023-06-10 07:00", "2023-06-11 05:00") if plugged else ("", "")
            stops.append({**stop, "shore_power_from": times[0], "shore_power_to": times[1]})
        named = [{"call_id": f"C{number}", "vessel_id": f"S{number}"} for number in range(len(kinds))]
        ships = [{**ship, "vessel_id": name["vessel_id"]} for name in named]
        return harbor(areas=(), ships=ships, calls=[{**call, **name} for name in named], stops=stops)

    base = Inventory.build(calls([(False, False)] * 10), 2023)
    measures = [
        {"kind": "growth", "index": {2030: 1.2}},
        {**FUEL, "engine_groups": ["auxiliary", "boiler"]},
        {**PLUG, "adoption": reached(0.5), "efficiency": 1.0},
    ]
    outlook = Projector.of(base).project(read(*measures))
    combined = outlook.mass[outlook.mass["year"] == 2030].set_index(
        ["source_category", "in_domain", "pollutant"]
    )["mass_kg"]
    kinds = [(fuel, plug) for fuel in (False, True) for plug in (False, True) for _ in range(3)]
    direct = Inventory.build(calls(kinds), 2023)
    totals = Projector.of(direct).base.totals.stack()
    assert totals["electricity", False, "electricity"] > 0
    np.testing.assert_allclose(combined.reindex(totals.index).fillna(0.0), totals, rtol=1e-9, atol=1e-9)


def test_full_shore_power_leaves_connection_hours_and_boilers(
    base: BaseYear, project_by_hand: Project, masses: Callable[..., pd.Series]
) -> None:
    found = project_by_hand(base, [{**PLUG, "adoption": reached(1.0)}]).loc[SHIPS]
    rows = base.rows[SHIPS]
    left = rows["quantity"].copy()
    left[4] *= 2 / 30
    left[8] *= 2 / 30
    # A stop of an hour and a half is too short to connect; what was connected stays as recorded.
    expected = masses(base, SHIPS, rows.assign(quantity=left)).groupby("pollutant").sum()
    for pollutant, kg in expected.items():
        assert found[pollutant] == pytest.approx(kg, rel=1e-9), pollutant


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=st.tuples(st.floats(0.17, 1.0), st.floats(0.17, 1.0)))
def test_more_shore_power_never_raises_what_leaves_a_stack(
    base: BaseYear, project_by_hand: Project, shares: tuple[float, float]
) -> None:
    less, more = (
        project_by_hand(base, [{**PLUG, "adoption": reached(s)}]).loc[SHIPS] for s in sorted(shares)
    )
    assert (more <= less * (1 + 1e-12) + 1e-9).all()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0.17, 1.0), efficiency=st.floats(0.6, 1.0))
def test_shore_power_conserves_work(
    base: BaseYear, project_by_hand: Project, share: float, efficiency: float
) -> None:
    plug = {**PLUG, "adoption": reached(share), "efficiency": efficiency, "vessel_types": ["tanker"]}
    found = project_by_hand(base, [plug])
    plugged = (found.loc["electricity", "electricity"] - 26_000) * efficiency
    burnt = (base.totals.loc[(SHIPS, True), "fuel:RM"] - found.loc[SHIPS, "fuel:RM"]) / (
        base.totals.loc[(SHIPS, True), "fuel:RM"]
    )
    assert plugged == pytest.approx(21_000 * share * 28 / 30, rel=1e-9)
    assert burnt > 0


def test_measures_of_one_kind_for_other_ships_do_not_exclude_each_other(
    base: BaseYear, project_by_hand: Project
) -> None:
    boxes = {**PLUG, "name": "boxes", "vessel_types": ["container"], "adoption": reached(0.8)}
    tankers = {**PLUG, "name": "tankers", "vessel_types": ["tanker"], "adoption": reached(0.9)}
    together = project_by_hand(base, [boxes, tankers])
    alone = [project_by_hand(base, [measure]) for measure in (boxes, tankers)]
    before = project_by_hand(base, [])
    change = sum(part.sub(before, fill_value=0.0) for part in alone)
    pd.testing.assert_frame_equal(
        together.sub(before, fill_value=0.0), change, check_like=True, rtol=1e-9, atol=1e-6
    )


def test_a_projector_knows_a_measure_again_under_another_name(base: BaseYear) -> None:
    projector = Projector(base, "AR5")
    first, second = (projector.project(read({**PLUG, "name": name})) for name in ("one", "two"))
    pd.testing.assert_series_equal(first.series("NOx"), second.series("NOx"))
    assert second.levels["measure"].unique().tolist() == ["two"]


REFUSED = [
    ([{**PLUG, "adoption": reached(1.2)}], "less than or equal to 1"),
    ([{**PLUG, "adoption": reached(0.1)}], "below today's level of 0.167"),
    ([{key: value for key, value in PLUG.items() if key != "share_of"}], "share_of"),
    ([{**PLUG, "share_of": "miles"}], "share_of"),
    ([{**PLUG, "vessel_types": ["submarine"]}], "submarine"),
    ([{**SLOW, "zones": ["moon"]}], "moon"),
    ([{**SLOW, "speed_kn": 0}], "speed_kn"),
    ([{**FUEL, "fuel": "coal"}], "fuel"),
    ([{**FUEL, "name": "a", "adoption": reached(0.7)},
      {**FUEL, "name": "b", "adoption": reached(0.5)}], "120%"),
    ([{**PLUG, "name": "a"}, {**PLUG, "name": "a"}], "called 'a'"),
    ([{"kind": "growth", "rate": 0.02, "index": {2030: 1.1}}], "either rate or index"),
    ([{"kind": "growth", "rate": 0.02, "sources": ["rockets"]}], "rockets"),
    ([{"kind": "shore_powr"}], "did you mean 'shore_power'"),
    ([{**PLUG, "conection_h": 1.0}], "did you mean 'connection_h'"),
]  # fmt: skip


@pytest.mark.parametrize(("measures", "says"), REFUSED, ids=[says for _, says in REFUSED])
def test_what_cannot_be_is_refused_with_its_reason(
    base: BaseYear, project_by_hand: Project, measures: list[Record], says: str
) -> None:
    with pytest.raises(ScenarioError, match=says.replace("(", r"\(")):
        project_by_hand(base, measures)


def test_a_horizon_before_the_base_year_is_refused(base: BaseYear) -> None:
    with pytest.raises(ScenarioError, match="horizon 2020"):
        Projector(base, "AR5").project(read(PLUG, horizon=2020))
