"""A share is the level reached in the whole affected activity, also where parts of it grow apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factors.method import load_method
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.base_year.base import BaseYear

HELD = load_method("epa-2022").with_options(outside_edition="hold_by_age")
Write = Callable[..., BaseYear]
SHIPS = "ocean_going_vessels"
TRUCKS = "heavy_duty_vehicles"
YEAR = 2030
HOTELLING = {"mode_or_segment": "hotelling", "stay_hours": 30.0, "hours": 30.0, "quantity": 3_000.0}


def growth(kind: str, times: float) -> dict[str, object]:
    return {"kind": "growth", "name": f"more {kind}", "source_types": [kind], "index": {YEAR: times}}


def _plugged(write_base: Write) -> BaseYear:
    """Six stops of cruise ships, all connected, and four of container ships, none."""
    kinds = [("cruise", 1.0)] * 6 + [("container", 0.0)] * 4
    rows = [{**HOTELLING, "source_type": kind, "is_at_plugged_berth": on} for kind, on in kinds]
    stays = [
        {"record_id": str(n), "source_type": kind, "stay_hours": 30.0, "is_at_plugged_berth": on}
        for n, (kind, on) in enumerate(kinds)
    ]
    return write_base({SHIPS: rows}, stays)


@pytest.fixture
def plugged(write_base: Write) -> BaseYear:
    return _plugged(write_base)


def plugs(**table: float) -> dict[str, object]:
    shares = {int(year.removeprefix("y")): share for year, share in table.items()}
    return {"kind": "shore_power", "share_of": "stops", "connection_h": 0, "disconnection_h": 0,
            "adoption": {"table": shares}}  # fmt: skip


def test_ninety_per_cent_of_stops_are_ninety_per_cent_where_the_unconnected_double(plugged: BaseYear) -> None:
    """6 connected + 8 not: of 14 stops 12.6 are to be, so that 6.6 of the 8 are changed; 0.825, not 0.75."""
    scenario = Scenario.from_dict(
        {"name": "mine", "horizon": YEAR, "measures": [growth("container", 2.0), plugs(y2030=0.9)]}
    )
    outlook = Projector(plugged, "AR5").project(scenario)
    changed = outlook.reached["shore_power", "shore_power"].changed
    container = plugged.groups.index[plugged.groups["source_type"] == "container"][0]
    assert changed[-1, container] == pytest.approx(6.6 / 8, rel=1e-12)
    kwh = outlook.series("electricity", in_domain=False)
    assert kwh[YEAR] == pytest.approx(6.6 * 3_000.0, rel=1e-12)
    levels = outlook.levels.set_index("year")["level"]
    assert levels[2023] == pytest.approx(0.6)
    assert levels[YEAR] == pytest.approx(0.9)


def test_what_is_there_today_thins_out_where_nothing_is_done(plugged: BaseYear) -> None:
    """Of 14 stops the 6 of today are 0.43: the level says so, and nothing is changed for it."""
    scenario = Scenario.from_dict(
        {"name": "mine", "horizon": YEAR, "measures": [growth("container", 2.0), plugs(y2023=0.6)]}
    )
    outlook = Projector(plugged, "AR5").project(scenario)
    levels = outlook.levels.set_index("year")
    assert levels.loc[YEAR, "level"] == pytest.approx(6 / 14)
    assert levels.loc[YEAR, "unmet"] == 0
    assert not outlook.reached["shore_power", "shore_power"].changed.any()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cruise=st.floats(0.2, 4.0), container=st.floats(0.2, 4.0), share=st.floats(0.6, 1.0))
def test_stops_connected_over_all_stops_is_the_share_asked_for(
    write_base: Write, cruise: float, container: float, share: float
) -> None:
    base = _plugged(write_base)
    measures = [growth("cruise", cruise), growth("container", container), plugs(y2030=share)]
    scenario = Scenario.from_dict({"name": "mine", "horizon": YEAR, "measures": measures})
    outlook = Projector(base, "AR5").project(scenario)
    changed = outlook.reached["shore_power", "shore_power"].changed[-1]
    at = {kind: base.groups.index[base.groups["source_type"] == kind][0] for kind in ("cruise", "container")}
    connected = 6 * cruise + 4 * container * changed[at["container"]]
    reached = connected / (6 * cruise + 4 * container)
    today = 6 * cruise / (6 * cruise + 4 * container)
    expected = max(share, today) if share > 0.6 + 1e-9 else today
    assert reached == pytest.approx(expected, rel=1e-9)
    assert outlook.levels["level"].iloc[-1] == pytest.approx(expected, rel=1e-9)


def test_two_truck_technologies_reach_their_shares_where_electric_trucks_grow(write_base: Write) -> None:
    """Of a kind that doubles 20 of 100 miles are battery miles: 0.5 and 0.2 of 200 + 80 miles."""
    miles = [
        {"source_type": "A", "quantity": 80.0},
        {"source_type": "A", "quantity": 20.0, "key_fuel": "electric"},
        {"source_type": "B", "quantity": 80.0},
    ]
    base = write_base({TRUCKS: miles}, method=HELD)
    technologies = {"battery": {"table": {YEAR: 0.5}}, "fuel_cell": {"table": {YEAR: 0.2}}}
    trucks = {"kind": "zero_emission_trucks", "share_of": "miles", "technologies": technologies}
    for displaces in ("proportional", "oldest"):
        scenario = Scenario.from_dict(
            {"name": "mine", "horizon": YEAR,
             "measures": [growth("A", 2.0), {**trucks, "displaces": displaces}]}
        )  # fmt: skip
        outlook = Projector(base, "AR5").project(scenario)
        grown = np.array([2.0 if kind == "A" else 1.0 for kind in base.groups["source_type"]])
        free = base.quantity(TRUCKS, (base.rows[TRUCKS]["key_fuel"] != "electric").to_numpy()) * grown
        for label, before in (("battery", 40.0), ("fuel_cell", 0.0)):
            changed = outlook.reached["zero_emission_trucks", label].changed[-1]
            assert (before + changed @ free) / 280.0 == pytest.approx(technologies[label]["table"][YEAR])
