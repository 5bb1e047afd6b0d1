"""Kinds of grid rate: each by itself, losses once."""

from __future__ import annotations

import pandas as pd
import pytest

from emissions import electricity
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import MethodError, load_method
from factors.recipes.electricity import KINDS, chosen
from factors.tables import FactorMissing
from factors.units import conversion

MWH = pd.DataFrame({"use": ["cranes"], "quantity": [1000.0], "month": [1]})
POUND = conversion("lb", "kg")
CALIFORNIA = "California (AVERT region)"


def kilograms(**options: str) -> pd.Series:
    method = load_method("epa-2022").with_options(**options)
    rows = electricity.work_rows(MWH, method)
    class_id, classes = resolve("electricity", rows, method)
    return row_mass(rows, class_id, classes).iloc[0]


def test_average_rates_take_the_loss_of_the_interconnection_once():
    """eGRID2016 CAMX: 527.862405 lb CO2/MWh at the station; AVERT's loss is 0.0867."""
    at_meter = kilograms(grid_region="CAMX")
    at_station = kilograms(grid_region="CAMX", grid_loss_region="")
    assert at_station["CO2"] == pytest.approx(527.862405 * POUND)
    assert at_meter["CO2"] == pytest.approx(at_station["CO2"] / (1 - 0.0866994954028822))


def test_marginal_rates_are_per_retail_megawatt_hour_and_take_no_loss():
    """AVERT 2024, Uniform EE: 1036 lb CO2 and 0.218 lb NOx per MWh."""
    mass = kilograms(grid_kind="marginal", grid_region=CALIFORNIA, grid_year="2024")
    assert mass["CO2"] == pytest.approx(1036 * POUND, rel=1e-3)
    assert mass["NOx"] == pytest.approx(0.218 * POUND, rel=5e-3)
    assert "CH4" not in mass
    assert mass["electricity"] == pytest.approx(1000)


def test_projected_rates_by_scenario_and_year():
    """Cambium 2023, CAISO mid case, long-run marginal: 186.7 kg CO2/MWh in 2025, loss 0.0539."""
    mid = {"grid_kind": "projected", "grid_region": "CAISO (MidCase)", "grid_year": "2025"}
    assert kilograms(**mid)["CO2"] == pytest.approx(186.7 / (1 - 0.0539))
    assert kilograms(**mid, grid_projected_at="meter")["CO2"] == pytest.approx(186.7)
    average = kilograms(**mid, grid_rate="average")
    assert average["CO2"] == pytest.approx(119.3 / (1 - 0.0359))
    assert average["CH4"] == pytest.approx(0.0051 / (1 - 0.0359))
    assert kilograms(**{**mid, "grid_year": "2045"})["CO2"] < kilograms(**mid)["CO2"]


def test_the_life_cycle_is_one_number_apart():
    """CA-GREET 2020: the mean of 24 hours lies within 42.5 and 134.6 g CO2e/MJ."""
    mass = kilograms(
        grid_kind="life_cycle", grid_region="California grid (LCFS/CA-GREET, hour of day)", grid_year="2020"
    )
    assert 42.5 < mass["CO2e_life_cycle"] / 3600 * 1000 < 134.6
    assert set(mass.index) == {"CO2e_life_cycle", "electricity"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"grid_rate": "long-run marginal"}, "of kind 'projected', and grid_kind = 'average': kinds"),
        ({"grid_kind": "marginal", "grid_rate": "average total output"}, "is of kind 'average'"),
        ({"grid_rate": "cheap"}, "is of no kind"),
        ({"grid_kind": "marginal", "grid_qualifier": "Onshore Wind"}, "there are Uniform EE, Portfolio EE"),
        ({"grid_kind": "life_cycle", "grid_rate": "average"}, "takes neither grid_rate nor grid_qualifier"),
    ],
)  # fmt: skip
def test_kinds_are_never_mixed(options: dict[str, str], words: str):
    with pytest.raises(MethodError, match=words):
        kilograms(grid_region="CAMX", **options)


def test_a_region_of_another_kind_is_missed_loudly():
    with pytest.raises(FactorMissing, match="region may be"):
        kilograms(grid_kind="marginal", grid_region="CAMX", grid_year="2024")


@pytest.mark.parametrize("kind", list(KINDS))
def test_without_a_region_the_energy_alone_is_shown(kind: str):
    assert kilograms(grid_kind=kind).to_dict() == {"electricity": pytest.approx(1000)}
    assert chosen(load_method("epa-2022").with_options(grid_kind=kind))[0] == kind
