"""Calls in time: when legs are sailed, when a ship is connected, and that no hour or kWh is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from inventories.port.port import Port
from inventories.year.inventory import Inventory

Harbor = Callable[..., Port]
Leg = Callable[..., dict[str, object]]
BERTH: dict[str, Any] = {
    "call_id": "C1",
    "seq": 1,
    "kind": "berth",
    "terminal": "T",
    "from": "2023-06-10 06:00",
    "to": "2023-06-11 06:00",
}


def kwh(port: Port, group: str, **where: str) -> float:
    work = Inventory.build(port, year=2023).work
    chosen = work["engine_group"].astype(str) == group
    for name, value in where.items():
        chosen &= work[name].astype(str) == value
    return float(work.loc[chosen, "quantity"].sum())


def shore_kwh(port: Port) -> float:
    return float(Inventory.build(port, year=2023).total("electricity", unit="kWh", in_domain=False).magnitude)


def test_a_leg_takes_its_distance_over_its_speed(harbor: Harbor, make_leg: Leg) -> None:
    port = harbor(legs=[make_leg(speed=17.0)])
    assert kwh(port, "auxiliary", zone="sea") == pytest.approx(1630 * 20 / 17, rel=1e-9)


def test_a_leg_of_stated_hours_has_its_mean_speed(harbor: Harbor, make_leg: Leg) -> None:
    stated = {name: value for name, value in make_leg().items() if "speed" not in name} | {"hours": 4 / 3}
    by_hours, by_speed = harbor(legs=[stated]), None
    work = kwh(by_hours, "propulsion")
    by_speed = kwh(harbor(legs=[make_leg(speed=15.0)]), "propulsion")
    assert work == pytest.approx(by_speed, rel=1e-9)


def test_a_measured_mean_load_stands_instead_of_the_propeller_law(harbor: Harbor, make_leg: Leg) -> None:
    port = harbor(legs=[make_leg(speed=20.0) | {"mean_load": 0.5}])
    assert kwh(port, "propulsion") == pytest.approx(60_000 * 0.5 * 1.0, rel=1e-9)


def test_a_measured_load_below_the_floor_counts_as_the_floor_and_none_as_an_engine_that_is_off(
    harbor: Harbor, make_leg: Leg
) -> None:
    """Half a percent would take 31 times the NOx of 20 percent load, where EPA's table ends at 4.6 times."""
    for stated, counted in ((0.005, 0.02), (0.02, 0.02), (0.03, 0.03), (0.0, 0.0)):
        port = harbor(legs=[make_leg(speed=20.0) | {"mean_load": stated}])
        assert kwh(port, "propulsion") == pytest.approx(60_000 * counted * 1.0, rel=1e-9)


def test_inbound_legs_end_at_the_arrival_and_outbound_legs_begin_at_the_departure(
    harbor: Harbor, make_leg: Leg, call: dict[str, Any]
) -> None:
    """Arriving at 00:30 on the first, half of an hour's leg lies in the month before."""
    calls = [call | {"arrival": "2023-07-01 00:30", "departure": "2023-07-31 23:45"}]
    stops = [BERTH | {"from": "2023-07-01 00:30", "to": "2023-07-31 23:45"}]
    legs = [make_leg(1, distance=20.0, speed=20.0), make_leg(2, distance=20.0, speed=20.0, kind="outbound")]
    work = Inventory.build(harbor(calls=calls, stops=stops, legs=legs), year=2023).work
    sea = work[(work["zone"].astype(str) == "sea") & (work["engine_group"].astype(str) == "auxiliary")]
    by_month = sea.groupby("month")["quantity"].sum() / 1630
    assert by_month.to_dict() == pytest.approx({6: 0.5, 7: 0.75, 8: 0.75})


def test_zones_sailed_in_order_do_not_overlap(harbor: Harbor, make_leg: Leg) -> None:
    legs = [make_leg(1, "sea", 20.0, 20.0), make_leg(2, "basin", 3.0, 6.0)]
    port = harbor(legs=legs)
    assert kwh(port, "auxiliary", zone="sea") == pytest.approx(1630 * 1.0)
    assert kwh(port, "auxiliary", zone="basin") == pytest.approx(2780 * 0.5)


def test_an_anchorage_stay_has_auxiliary_and_boiler_and_no_main_engine(harbor: Harbor) -> None:
    anchored = BERTH | {"kind": "anchorage", "terminal": "", "zone": "basin"}
    port = harbor(stops=[anchored])
    assert kwh(port, "auxiliary", mode_or_segment="anchorage") > 0
    assert kwh(port, "boiler", mode_or_segment="anchorage") > 0
    assert kwh(port, "propulsion") == 0


def test_two_berths_and_an_anchorage_keep_all_their_hours(harbor: Harbor) -> None:
    stops = [
        BERTH | {"seq": 1, "kind": "anchorage", "terminal": "", "zone": "basin", "to": "2023-06-10 10:00"},
        BERTH | {"seq": 2, "from": "2023-06-10 11:00", "to": "2023-06-10 20:00"},
        BERTH | {"seq": 3, "from": "2023-06-10 21:30"},
    ]
    port = harbor(stops=stops)
    assert kwh(port, "auxiliary", mode_or_segment="hotelling") == pytest.approx(1000 * (9 + 8.5))


@pytest.mark.parametrize(
    ("known", "engines", "shore"),
    [
        ({}, 24_000.0, 0.0),
        ({"shore_power_kwh": 5000}, 19_000.0, 5_000.0),
        ({"shore_power_kwh": 50_000}, 0.0, 50_000.0),
        ({"shore_power_kwh": 5000, "auxiliary (kW)": 0}, 0.0, 5_000.0),
        ({"shore_power_from": "2023-06-10 10:00", "shore_power_to": "2023-06-10 20:00"}, 14_000.0, 10_000.0),
    ],
)
def test_what_a_meter_read_is_never_lost(
    harbor: Harbor, known: dict[str, Any], engines: float, shore: float
) -> None:
    port = harbor(stops=[BERTH | known])
    assert kwh(port, "auxiliary") == pytest.approx(engines)
    if shore:
        assert shore_kwh(port) == pytest.approx(shore)


def test_metered_energy_across_a_month_end_is_shared_by_hours(harbor: Harbor, call: dict[str, Any]) -> None:
    times = {"from": "2023-06-30 12:00", "to": "2023-07-01 06:00"}
    plugged = {
        "shore_power_from": "2023-06-30 14:00",
        "shore_power_to": "2023-07-01 04:00",
        "shore_power_kwh": 1400,
    }
    calls = [call | {"arrival": times["from"], "departure": times["to"]}]
    inventory = Inventory.build(harbor(calls=calls, stops=[BERTH | times | plugged]), year=2023)
    by_month = {m: inventory.total("electricity", "kWh", in_domain=False, month=m).magnitude for m in (6, 7)}
    assert by_month == pytest.approx({6: 1000, 7: 400})


def test_a_stop_states_its_fuel_and_sulfur(harbor: Harbor) -> None:
    own = Inventory.build(harbor(stops=[BERTH | {"fuel": "HFO", "sulfur_pct": 0.5}]), year=2023)
    assert set(own.work["fuel"].astype(str)) == {"RM/HFO"}
    assert set(own.classes.classes["sulfur_pct"]) == {0.5}


@pytest.mark.parametrize("efficiency", ["1", "0.97"])
def test_hours_by_a_meter_alone_are_those_that_give_its_energy(harbor: Harbor, efficiency: str) -> None:
    """Ten hours on the cable without a meter, and the energy of these hours as all that is known."""
    timed = BERTH | {"shore_power_from": "2023-06-10 20:00", "shore_power_to": "2023-06-11 06:00"}
    first = Inventory.build(harbor(stops=[timed]), year=2023, shore_power_efficiency=efficiency)
    energy = float(first.total("electricity", unit="kWh", in_domain=False).magnitude)
    metered = harbor(stops=[BERTH | {"shore_power (kWh)": energy}])
    second = Inventory.build(metered, year=2023, shore_power_efficiency=efficiency)
    assert float(second.total("electricity", unit="kWh", in_domain=False).magnitude) == pytest.approx(energy)
    for group in ("auxiliary", "boiler"):
        left, right = (
            inventory.work.loc[inventory.work["engine_group"].astype(str) == group, "quantity"].sum()
            for inventory in (first, second)
        )
        assert right == pytest.approx(left), group
