"""What is told of harbor craft: fuel, tiers, limits, renewable diesel."""

from __future__ import annotations

import numpy as np
import pandas as pd

from emissions.craft_tiers import unlawful_tiers
from emissions.harbor_craft import fuel_of_engines, work_rows
from factors.method import load_method
from inventories.scenarios.base_year.successors import craft, stops_before_tier_4
from inventories.work.craft_notes import of_fuel, of_limits, of_rule
from inventories.work.tier_notes import of_craft

EPA = load_method("epa-2022")
LIMITS = EPA.with_options(harbor_craft_tier4="certification_limit")


def engines(*changes: dict[str, object]) -> pd.DataFrame:
    row: dict[str, object] = {
        "craft_id": "tug-1", "craft_type": "tug", "role": "propulsion", "model_year": 2010, "port": "P",
        "power_kw": 1000.0, "hours": 1000.0, "fuel": "diesel", "tier": "Tier 2", "fuel_used_l": np.nan,
    }  # fmt: skip
    return pd.DataFrame([row | {"engine_id": str(n)} | change for n, change in enumerate(changes)])


def test_fuel_that_needs_more_hours_than_a_year_has_is_warned_of():
    table = engines({"hours": np.nan, "fuel_used_l": 1e7}, {"fuel_used_l": 1e5}, {"fuel_used_l": 0.0}, {})
    said = of_fuel(fuel_of_engines(table, year=2024, method=EPA), EPA)
    assert any("work of 1 engines of harbor craft follows from the fuel" in text for text in said)
    assert any(text.startswith("WARNING") and "tug-1/0" in text for text in said)
    assert any("compared only" in text and "tug-1/1" in text for text in said)
    assert any("is 0 and was not taken" in text and "tug-1/2" in text for text in said)
    assert of_fuel(fuel_of_engines(engines({}), year=2024, method=EPA), EPA) == ()


def test_a_tier_that_the_law_does_not_give_is_told_with_the_one_it_gives():
    table = engines({"tier": "Tier 3", "model_year": 2018, "power_kw": 1500.0})
    (told,) = of_craft(unlawful_tiers(table, EPA), table)
    assert "tug-1/0 Tier 3 of 2018, 1,500 kW, where Tier 4 was the standard" in told
    assert of_craft(unlawful_tiers(engines({}), EPA), engines({})) == ()


def test_limits_taken_for_rates_and_diesel_taken_for_renewable_are_told():
    table = engines({"tier": "Tier 4", "model_year": 2018, "power_kw": 2000.0}, {})
    (told,) = of_limits(work_rows(table, year=2024, method=LIMITS), LIMITS)
    assert told.startswith("66.7% of the engine work")
    ruled = EPA.with_options(harbor_craft_fuel_rule="california")
    plain = engines({}, {"fuel": "biodiesel"})
    (told,) = of_rule(plain, work_rows(plain, year=2023, method=ruled), ruled)
    assert told.startswith("1 engines of harbor craft recorded on diesel")
    assert of_rule(plain, work_rows(plain, year=2022, method=ruled), ruled) == ()
    assert of_rule(plain, work_rows(plain, year=2023, method=EPA), EPA) == ()


def test_turnover_of_craft_reaches_tier_4_where_its_limits_are_rates():
    rows = work_rows(engines({"model_year": 2012, "power_kw": 2000.0}), year=2024, method=LIMITS)
    cells = rows.head(1).rename(
        columns=lambda name: (
            f"key_{name}"
            if name in ("technology", "category", "tier", "role", "power_bin", "model_year", "fuel")
            else name
        )
    )
    cells = cells.assign(model_year=2012)
    assert craft(cells, 12, LIMITS)["key_tier"].tolist() == ["Tier 4"]
    plain = cells.assign(key_power_bin="1200-inf hp")
    assert craft(plain, 12, EPA)["key_tier"].tolist() == ["Tier 3"]


def test_turnover_says_which_craft_stop_at_tier_3_without_rates_of_tier_4():
    """40 CFR 1042: Tier 4 from 600 kW; 2,000 kW (2,682 hp) is, 100 kW is not."""
    rows = work_rows(engines({"power_kw": 2000.0}, {"power_kw": 100.0}), year=2024, method=EPA)
    keys = ("technology", "category", "tier", "role", "power_bin", "model_year", "fuel")
    cells = rows.rename(columns={name: f"key_{name}" for name in keys})
    large = (cells["record_id"] == "tug-1/0").to_numpy()
    assert (stops_before_tier_4(cells, EPA) == large).all()
    assert not stops_before_tier_4(cells, LIMITS).any()
