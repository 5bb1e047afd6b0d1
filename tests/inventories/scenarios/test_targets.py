"""Targets: required, projected, first met, margin; or why they cannot be assessed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from inventories.scenarios import Outlook, Scenario
from inventories.targets import (
    MET,
    MISSED,
    NOT_ASSESSABLE,
    Target,
    TargetError,
    assess,
    caap_targets,
    port_targets,
)


class Base:
    """An inventory as a target sees it: one number, its method and its warming potentials."""

    def __init__(self, kg: float, method: str = "epa-2022", gwp_set: str = "AR5") -> None:
        self.kg, self.gwp_set = kg, gwp_set
        self.manifest = {"method": {"name": method}}

    def total(self, pollutant: str, unit: str):
        from factors.units import quantity

        return quantity(self.kg, unit)


def outlook(*masses: float) -> Outlook:
    outputs = pd.DataFrame([("ships", True, "NOx")], columns=["source_category", "in_domain", "pollutant"])
    scenario = Scenario.from_dict({"name": "s"})
    years = np.arange(2023, 2023 + len(masses))
    return Outlook(scenario, 2023, years, outputs, np.array(masses)[:, None], {}, "AR5", "epa-2022")


TARGET = Target("half", "plan", "NOx", 0.5, 2005, 2025)


def test_a_target_by_hand() -> None:
    row = assess([TARGET], outlook(90, 60, 40), {2005: Base(100)}).iloc[0]
    assert row["required_kg"] == pytest.approx(50)
    assert row["projected_kg"] == 40
    assert row["year_first_met"] == 2025
    assert row["margin_kg"] == pytest.approx(10)
    assert row["status"] == MET


def test_a_target_that_is_missed_keeps_what_is_too_much() -> None:
    row = assess([TARGET], outlook(90, 70, 60), {2005: Base(100)}).iloc[0]
    assert (row["status"], row["margin_kg"]) == (MISSED, pytest.approx(-10))
    assert row["year_first_met"] is pd.NA


@pytest.mark.parametrize(
    ("target", "bases", "why"),
    [
        (TARGET, {}, "no inventory of 2005 by this method"),
        (TARGET, {2005: Base(1, method="other")}, "is by other, not epa-2022"),
        (TARGET, {2005: Base(1, gwp_set="AR4")}, "counts with AR4"),
        (replace(TARGET, year=2040), {2005: Base(1)}, "outside 2023-2025"),
        (replace(TARGET, base_year=None), {2005: Base(1)}, "names no year"),
        (replace(TARGET, not_assessable="a share"), {2005: Base(1)}, "a share"),
    ],
)
def test_what_cannot_be_assessed_says_why(target: Target, bases, why: str) -> None:
    row = assess([target], outlook(90, 60, 40), bases).iloc[0]
    assert row["status"] == NOT_ASSESSABLE
    assert why in row["why"]
    assert pd.isna(row["required_kg"])


def test_the_plans_targets_are_data() -> None:
    found = {
        (t.pollutant, t.year): t.reduction
        for t in caap_targets()
        if t.base_year == 2005 and not t.not_assessable
    }
    assert found[("DPM", 2023)] == pytest.approx(0.77)
    assert found[("SOx", 2023)] == pytest.approx(0.93)
    assert all(t.source for t in caap_targets())


def test_a_port_states_its_own_targets() -> None:
    stated = {"half": {"pollutant": "NOx", "reduction_percent": 50, "base_year": 2005, "year": 2025}}
    assert port_targets(SimpleNamespace(targets=stated))[0].reduction == 0.5
    with pytest.raises(TargetError, match=r"\[targets.half\] needs pollutant, reduction_percent"):
        port_targets(SimpleNamespace(targets={"half": {"pollutant": "NOx"}}))
