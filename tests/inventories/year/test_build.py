"""From a folder to a year's inventory: worked by hand, and refused where it cannot be true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from inventories.activity import ActivityError
from inventories.port.port import Port
from inventories.work.ships.voyages import _binding
from inventories.year.build import BuildError
from inventories.year.inventory import Inventory

Harbor = Callable[..., Port]
Leg = Callable[..., dict[str, object]]
Record = dict[str, Any]

BERTH: Record = {
    "call_id": "C1",
    "seq": 1,
    "kind": "berth",
    "terminal": "T",
    "from": "2023-06-10 06:00",
    "to": "2023-06-11 06:00",
}


def build(port: Port, year: int = 2023, **options: str) -> Inventory:
    return Inventory.build(port, year=year, **options)


def nox_kg(inventory: Inventory, **where: object) -> float:
    return float(inventory.total("NOx", unit="kg", **where).magnitude)


def work_of(inventory: Inventory, group: str) -> Any:
    work = inventory.work
    return work[work["engine_group"].astype(str) == group]


# --- a ship under way ---


def tier_three(ship: Record) -> Record:
    return ship | {"keel_date": "2017-03-01"}


def test_a_tier_three_ship_of_60_megawatts_at_15_and_at_12_knots(
    harbor: Harbor, make_leg: Leg, ship: Record
) -> None:
    """20 nmi, maximum 24 kn, margin 15 %.

    At 15 kn: load 0.2808, Tier III: 60,000 x 0.2808 x 4/3 h x 3.4 g = 76.4 kg. At 12 kn: load 0.144, the
    after-treatment out, Tier II and low-load factor: 60,000 x 0.14375 x 5/3 h x 14.4 g x 1.076 = 222.7 kg.
    """
    at_15 = build(harbor(ships=[tier_three(ship)], legs=[make_leg(speed=15.0)]))
    assert nox_kg(at_15, engine_group="propulsion") == pytest.approx(76.4, abs=0.05)
    at_12 = build(harbor(ships=[tier_three(ship)], legs=[make_leg(speed=12.0)]))
    assert nox_kg(at_12, engine_group="propulsion") == pytest.approx(222.7, abs=0.05)
    assert work_of(at_15, "propulsion")["tier_or_model_year"].astype(str).tolist() == ["Tier 3"]
    assert work_of(at_12, "propulsion")["tier_or_model_year"].astype(str).tolist() == ["Tier 2"]


def test_a_ship_slowed_to_12_knots_stays_in_transit_with_its_transit_load(
    harbor: Harbor, make_leg: Leg, ship: Record
) -> None:
    fast, slow = (build(harbor(ships=[ship], legs=[make_leg(speed=speed)])) for speed in (24.0, 12.0))
    for inventory, hours in ((fast, 20 / 24), (slow, 20 / 12)):
        moving = work_of(inventory, "auxiliary")
        moving = moving[moving["zone"].astype(str) == "sea"]
        assert moving["mode_or_segment"].astype(str).tolist() == ["transit"]
        # 8,000-12,000 TEU: 1,630 kW in transit, 2,780 maneuvering (EPA Table E.1).
        assert moving["quantity"].sum() == pytest.approx(1630 * hours, rel=1e-9)


def test_by_epas_rule_the_slowed_ship_is_maneuvering_with_that_load(
    harbor: Harbor, make_leg: Leg, ship: Record
) -> None:
    slow = build(harbor(ships=[ship], legs=[make_leg(speed=12.0)]), mode_rule="epa_load")
    moving = work_of(slow, "auxiliary")
    moving = moving[moving["zone"].astype(str) == "sea"]
    assert moving["mode_or_segment"].astype(str).tolist() == ["maneuvering"]
    assert moving["quantity"].sum() == pytest.approx(2780 * 20 / 12, rel=1e-9)


def test_tier_follows_keel_and_place(harbor: Harbor, make_leg: Leg, ship: Record) -> None:
    def tier(areas: list[str], **known: object) -> str:
        port = harbor(ships=[ship | known], legs=[make_leg(speed=24.0)], areas=areas)
        return str(work_of(build(port), "propulsion")["tier_or_model_year"].astype(str).iloc[0])

    assert tier(["north_america"], keel_date="2017-03-01") == "Tier 3"
    assert tier(["baltic"], keel_date="2017-03-01") == "Tier 2"
    assert tier(["baltic"], keel_date="2021-03-01") == "Tier 3"
    assert tier([], keel_date="2021-03-01") == "Tier 2"
    assert tier(["north_america"], keel_date="2015-12-31") == "Tier 2"
    assert tier(["north_america"], keel_date="1999-12-31") == "Tier 0"
    # A build year alone never makes a Tier III; a certificate does, whatever the keel.
    assert tier(["north_america"], build_year=2022) == "Tier 2"
    assert tier(["baltic"], keel_date="2017-03-01", tier_main="Tier 3") == "Tier 3"


def test_an_area_binds_from_the_day_it_is_in_force_and_not_from_the_keels_that_it_will_bind(
    harbor: Harbor, make_leg: Leg, ship: Record
) -> None:
    """The Canadian Arctic binds keels from 2025 on, and does so from 1 March 2026."""
    known = ship | {"keel_date": "2025-02-01"}
    port = harbor(ships=[known], legs=[make_leg(speed=24.0)], areas=["canadian_arctic"])
    work = work_of(build(port), "propulsion")
    assert work["tier_or_model_year"].astype(str).tolist() == ["Tier 2"]
    places = pd.Series(["canadian_arctic", "canadian_arctic", "north_america|canadian_arctic", "", "our_bay"])
    days = pd.Series([20260228, 20260301, 20251231, 20260301, 20200101])
    assert _binding(places, days).tolist() == ["", "canadian_arctic", "north_america", "", "our_bay"]


def test_a_certified_tier_iii_may_count_as_tier_ii_outside_the_areas(
    harbor: Harbor, make_leg: Leg, ship: Record
) -> None:
    def tier(areas: list[str], choice: str) -> str:
        port = harbor(ships=[ship | {"tier_main": "Tier 3"}], legs=[make_leg(speed=24.0)], areas=areas)
        built = build(port, tier3_outside_areas=choice)
        return str(work_of(built, "propulsion")["tier_or_model_year"].astype(str).iloc[0])

    assert tier([], "as_certified") == "Tier 3"
    assert tier([], "tier2") == "Tier 2"
    assert tier(["baltic"], "tier2") == "Tier 3"


def test_a_sulfur_limit_that_begins_within_a_month_holds_for_later_calls(
    harbor: Harbor, make_leg: Leg, ship: Record, call: Record
) -> None:
    """The Baltic limit of 1.5 % began on 19 May 2006; before it the world's 4.5 % held."""

    def limit(day: int) -> float:
        here = call | {"arrival": f"2006-05-{day:02} 06:00", "departure": f"2006-05-{day + 1:02} 06:00"}
        port = harbor(year=2006, ships=[ship], calls=[here], legs=[make_leg()], areas=["baltic"])
        classes = Inventory.build(port, 2006).classes.classes
        return float(classes["area_sulfur_pct"].max())

    assert limit(21) == 1.5
    assert limit(10) == 4.5


def test_fuel_follows_the_control_area(harbor: Harbor, make_leg: Leg, ship: Record) -> None:
    inside = build(harbor(ships=[ship], legs=[make_leg()]))
    outside = build(harbor(ships=[ship], legs=[make_leg()], areas=[]))
    assert set(inside.work["fuel"].astype(str)) == {"MGO/MDO"}
    assert set(outside.work["fuel"].astype(str)) == {"RM/HFO"}
    # The fuel differs by five times in sulfur (0.1 and 0.5 %), and a little in consumption.
    ratio = outside.total("SOx", "kg") / inside.total("SOx", "kg")
    assert 5.0 < float(ratio) < 5.5


# --- a ship at berth ---


def test_a_day_at_berth_by_hand(harbor: Harbor, ship: Record) -> None:
    """9,000 TEU: 1,000 kW of auxiliaries (Tier II: 10.5 g/kWh) and 630 kW of boilers (2.0) for 24 h."""
    stay = build(harbor(ships=[ship | {"keel_date": "2012-01-01"}], stops=[BERTH]))
    assert work_of(stay, "auxiliary")["quantity"].sum() == pytest.approx(24_000)
    boiler = work_of(stay, "boiler")["quantity"].sum()
    assert nox_kg(stay) == pytest.approx((24_000 * 10.5 + boiler * 2.0) / 1000, rel=1e-9)
    assert not len(work_of(stay, "propulsion"))


def test_on_shore_power_the_auxiliary_is_off_and_the_boiler_on(harbor: Harbor, ship: Record) -> None:
    plugged = BERTH | {"shore_power_from": "2023-06-10 08:00", "shore_power_to": "2023-06-11 04:00"}
    without, connected = (
        build(harbor(ships=[ship], stops=[BERTH])),
        build(harbor(ships=[ship], stops=[plugged])),
    )
    # 4 of 24 hours are not connected; power stations are outside the domain, and a line of their own.
    assert work_of(connected, "auxiliary")["quantity"].sum() == pytest.approx(4 * 1000)
    assert work_of(connected, "boiler")["quantity"].sum() == pytest.approx(
        work_of(without, "boiler")["quantity"].sum()
    )
    assert float(connected.total("electricity", unit="kWh", in_domain=False).magnitude) == pytest.approx(
        20 * 1000
    )


def test_full_shore_power_leaves_no_auxiliary_exhaust(harbor: Harbor, ship: Record) -> None:
    plugged = BERTH | {"shore_power_from": BERTH["from"], "shore_power_to": BERTH["to"]}
    connected = build(harbor(ships=[ship], stops=[plugged]))
    assert not len(work_of(connected, "auxiliary"))
    boiler = work_of(connected, "boiler")["quantity"].sum()
    assert nox_kg(connected, source_category="ocean_going_vessels") == pytest.approx(boiler * 2.0 / 1000)


def test_metered_energy_stands_instead_of_load_times_hours(harbor: Harbor, ship: Record) -> None:
    plugged = BERTH | {
        "shore_power_from": "2023-06-10 08:00",
        "shore_power_to": "2023-06-11 04:00",
        "shore_power_kwh": 12_345,
    }
    connected = build(harbor(ships=[ship], stops=[plugged]))
    assert float(connected.total("electricity", unit="kWh", in_domain=False).magnitude) == pytest.approx(
        12_345
    )


# --- the calendar ---


def test_a_call_across_new_year_gives_each_year_its_hours(harbor: Harbor, ship: Record, call: Record) -> None:
    stop = BERTH | {"from": "2023-12-31 18:00", "to": "2024-01-01 10:00"}
    calls = [call | {"arrival": stop["from"], "departure": stop["to"]}]
    before = build(harbor(ships=[ship], calls=calls, stops=[stop]))
    assert work_of(before, "auxiliary")["quantity"].sum() == pytest.approx(6 * 1000)
    assert work_of(before, "auxiliary")["month"].tolist() == [12]
    assert any("10 hours" in note for note in before.manifest["notes"]), before.manifest["notes"]
    # The year after lists the same call, if its table is to have those hours.
    after = build(harbor(year=2024, ships=[ship], calls=calls, stops=[stop]), year=2024)
    assert work_of(after, "auxiliary")["quantity"].sum() == pytest.approx(10 * 1000)
    assert work_of(after, "auxiliary")["month"].tolist() == [1]


def test_days_of_daylight_saving_have_their_own_hours(harbor: Harbor, ship: Record, call: Record) -> None:
    def at_berth(day: str, until: str) -> float:
        stop = BERTH | {"from": f"{day} 00:00", "to": f"{until} 00:00"}
        port = harbor(
            ships=[ship], calls=[call | {"arrival": stop["from"], "departure": stop["to"]}], stops=[stop]
        )
        return float(work_of(build(port), "auxiliary")["quantity"].sum()) / 1000

    assert at_berth("2023-03-12", "2023-03-13") == pytest.approx(23)
    assert at_berth("2023-11-05", "2023-11-06") == pytest.approx(25)


def test_leap_day_counts(harbor: Harbor, ship: Record, call: Record) -> None:
    stop = BERTH | {"from": "2024-02-28 00:00", "to": "2024-03-01 00:00"}
    port = harbor(
        year=2024,
        ships=[ship],
        calls=[call | {"arrival": stop["from"], "departure": stop["to"]}],
        stops=[stop],
    )
    assert work_of(build(port, 2024), "auxiliary")["quantity"].sum() == pytest.approx(48 * 1000)


def test_a_stay_over_a_month_end_is_told_by_month(harbor: Harbor, ship: Record, call: Record) -> None:
    stop = BERTH | {"from": "2023-06-30 12:00", "to": "2023-07-01 06:00"}
    port = harbor(
        ships=[ship], calls=[call | {"arrival": stop["from"], "departure": stop["to"]}], stops=[stop]
    )
    by_month = work_of(build(port), "auxiliary").groupby("month")["quantity"].sum()
    assert by_month.to_dict() == pytest.approx({6: 12_000, 7: 6_000})


# --- the domain ---


def test_work_outside_the_domain_is_kept_and_not_counted(harbor: Harbor, make_leg: Leg, ship: Record) -> None:
    legs = [make_leg(1, "outside"), make_leg(2, "sea")]
    inventory = build(harbor(ships=[ship], legs=legs))
    inside, everywhere = nox_kg(inventory), nox_kg(inventory, in_domain=[True, False])
    outside = nox_kg(inventory, in_domain=False)
    assert 0 < inside < everywhere
    assert inside + outside == pytest.approx(everywhere, rel=1e-12)


# --- refusals ---


def test_two_equal_calls_are_refused_as_duplicates(harbor: Harbor, call: Record) -> None:
    with pytest.raises(ActivityError, match="C1"):
        build(harbor(calls=[call, call]))


def test_a_leg_without_speed_says_what_to_give(harbor: Harbor, make_leg: Leg, ship: Record) -> None:
    leg = make_leg(zone="basin") | {"speed (kn)": None}
    with pytest.raises(ValueError, match=r"zone 'basin'.*\[speeds\] basin"):
        build(harbor(ships=[ship], legs=[leg]))


def test_a_year_without_work_is_refused(harbor: Harbor) -> None:
    with pytest.raises((BuildError, ActivityError, ValueError), match=r"1999"):
        build(harbor(), year=1999)


def test_an_unknown_option_is_refused_with_the_nearest(harbor: Harbor) -> None:
    with pytest.raises(ValueError, match="did you mean 'mode_rule'"):
        build(harbor(), mode_ruel="zone")


def test_two_calls_like_one_have_twice_its_mass(harbor: Harbor, ship: Record, call: Record) -> None:
    """Same ship, same hours of stay, a week apart."""
    later = call | {"call_id": "C2", "arrival": "2023-06-17 06:00", "departure": "2023-06-18 06:00"}
    once, twice = build(harbor(ships=[ship])), build(harbor(ships=[ship], calls=[call, later]))
    for pollutant in once.pollutants:
        assert float(twice.total(pollutant, "kg").magnitude) == pytest.approx(
            2 * float(once.total(pollutant, "kg").magnitude), rel=1e-12
        )
    assert np.isfinite(nox_kg(once))
