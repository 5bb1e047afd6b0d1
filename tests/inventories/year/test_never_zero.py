"""What is not estimated is no number, through every door of an inventory; what lacks a part says so."""

from __future__ import annotations

import math
import warnings

import pytest

from inventories import Inventory, NotEstimated, PartialTotal
from inventories.examples import copy_example
from inventories.port import Port
from inventories.year.coverage import CO2E


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder = copy_example("small-harbor", tmp_path_factory.mktemp("port") / "harbor")
    return Inventory.build(Port.load(folder), year=2024)


def test_a_total_of_which_nothing_is_estimated_is_refused_with_the_reason(harbor: Inventory) -> None:
    with pytest.raises(NotEstimated, match=r"NH3 is not estimated \(NE\) for harbor craft") as told:
        harbor.total("NH3", source="harbor_craft")
    assert told.value.reasons
    assert isinstance(told.value, KeyError)


def test_every_source_and_pollutant_without_an_estimate_is_refused_and_no_other(harbor: Inventory) -> None:
    warnings.simplefilter("ignore", PartialTotal)
    states = harbor.states(pollutants=[*harbor.pollutants, CO2E])
    for source, line in states.iterrows():
        for pollutant, state in line.items():
            if state in ("NE", "IE"):
                with pytest.raises(NotEstimated):
                    harbor.total(pollutant, source=source)
                assert math.isnan(harbor.explain(pollutant, source=source).total_kg)
                assert harbor.column(pollutant)[harbor.select(source=source)].isna().all()
            else:
                assert harbor.total(pollutant, source=source).magnitude >= 0
            assert harbor.state(pollutant, source=source) == state
            assert harbor.explain(pollutant, source=source).state == state


def test_a_total_that_lacks_a_part_warns_and_one_that_lacks_none_does_not(harbor: Inventory) -> None:
    with pytest.warns(
        PartialTotal, match="NH3 lacks parts of cargo handling equipment, harbor craft, ocean going vessels"
    ):
        harbor.total("NH3")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        harbor.total("SOx")
        harbor.total("NH3", source="locomotives")


def test_sums_of_cells_are_those_of_totals(harbor: Inventory) -> None:
    warnings.simplefilter("ignore", PartialTotal)
    inside = harbor.select()
    for pollutant in [*harbor.pollutants, CO2E]:
        summed = harbor.column(pollutant)[inside].sum()
        assert harbor.total(pollutant, "kg").magnitude == pytest.approx(summed, rel=1e-12)


def test_the_text_of_an_explanation_says_that_a_number_is_partial_or_none(harbor: Inventory) -> None:
    assert str(harbor.explain("NH3", source="harbor_craft")).startswith("NH3 of source=harbor_craft: NE\n")
    assert "(partial: parts are not estimated" in str(harbor.explain("NH3"))
    assert "partial" not in str(harbor.explain("SOx"))


def test_letters_of_a_pollutant_may_be_small_and_a_wrong_name_is_told_the_nearest(harbor: Inventory) -> None:
    assert harbor.total("sox", "kg") == harbor.total("SOx", "kg")
    assert harbor.total("SOx", "short ton") == harbor.total("SOx", "short_ton")
    with pytest.raises(KeyError, match=r"no pollutant 'pm25'. Did you mean 'PM2.5'"):
        harbor.total("pm25")


@pytest.mark.parametrize("value", ["yes", "", 1, None, "inside"])
def test_a_domain_that_is_neither_true_nor_false_is_refused(harbor: Inventory, value: object) -> None:
    with pytest.raises(ValueError, match="in_domain is True or False"):
        harbor.total("SOx", in_domain=value)
