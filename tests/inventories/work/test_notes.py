"""Facts of a year's work are worded in one place, and warn where a reader would use numbers wrongly."""

from __future__ import annotations

import pytest

from emissions.equipment import UnverifiedLoads
from emissions.meters import CallsOverMeters, EstimateOverMeter
from emissions.trucks import Idling, MovesRates
from inventories.work import notes
from inventories.work.ships.tanker_pumps import UncapturedPumpBoilers


@pytest.mark.parametrize("is_own_run", [True, False])
def test_moves_for_a_port_that_has_its_own_model_is_a_warning_that_names_the_port(is_own_run: bool) -> None:
    (said,) = notes.of_moves_rates(MovesRates(is_own_run, ("POLA", "POLB")))
    assert "WARNING" in said
    assert "POLA, POLB" in said


def test_moves_elsewhere_is_no_warning_and_emfac_is_no_note() -> None:
    (said,) = notes.of_moves_rates(MovesRates(False, ()))
    assert "WARNING" not in said
    assert notes.of_moves_rates(MovesRates(True, ())) == ()
    assert notes.of_moves_rates(None) == ()


def test_visits_by_the_hour_and_by_the_day_are_told_with_both_numbers() -> None:
    (said,) = notes.of_idling(Idling(by_hours=1200, by_day=34))
    assert "1,200 visits is counted by their recorded hours" in said
    assert "34 visits, which record none, by EMFAC's vehicle-day" in said
    assert notes.of_idling(None) == ()


def test_a_year_of_idle_equipment_rests_to_no_percent_on_unverified_loads() -> None:
    assert notes.of_unverified_loads(UnverifiedLoads("measured", 0.0, 0.0))[0].startswith("0.0% of")
    assert notes.of_unverified_loads(None) == ()


def test_meters_beside_calls_and_below_estimates_are_told_with_both_numbers() -> None:
    said = notes.of_meters(CallsOverMeters("port POLA", 61_000.0, 60_000.0))
    assert "61,000 kWh" in said
    assert "60,000 kWh" in said
    said = notes.of_meters(EstimateOverMeter("B", "charging", "trucks", 20_000.0, 6_000.0))
    assert "20,000 kWh" in said
    assert "6,000 kWh for them" in said


def test_uncaptured_boilers_count_every_discharge_and_name_the_first_three_calls() -> None:
    said = notes.of_pumps(UncapturedPumpBoilers(("C1", "C2", "C3", "C4")))
    assert said.startswith("4 discharges")
    assert "(calls C1, C2, C3)" in said


def test_nothing_is_said_of_hours_in_other_years_where_there_are_none() -> None:
    assert notes.of_other_years(0.0, 2023) == ()
    assert notes.of_proxies(False) == ()
