"""Harbor craft plugged in at their home berths, in a year and in a scenario."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.harbor_craft import work_rows
from factors.method import load_method
from inventories.activity import ActivityError, load_activity
from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import ScenarioError
from inventories.scenarios.base_year.base import BaseYear

Record = dict[str, Any]
Project = Callable[..., pd.DataFrame]
CRAFT = "harbor_craft"
EPA = load_method("epa-2022")


def engine(**changes: object) -> pd.DataFrame:
    """An auxiliary engine of a tug: 100 kW at a load factor of 0.4, 3,000 h, of these 2,000 at home."""
    row: dict[str, object] = {
        "craft_id": "tug-1", "craft_type": "tug", "engine_id": "a", "role": "auxiliary", "model_year": 2020,
        "power_kw": 100.0, "hours": 3_000.0, "fuel": "diesel", "tier": "Tier 3", "load_factor": 0.4,
        "home_hours": 2_000.0, "has_home_shore_power": False, "port": "P",
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def worked(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    rows = work_rows(table, year=2024, method=EPA)
    summed = rows.groupby(["mode_or_segment", "technology"])["quantity"].sum()
    return {(str(mode), str(kind)): float(kwh) for (mode, kind), kwh in summed[summed > 0].items()}


def test_hours_at_home_are_electricity_where_the_craft_is_plugged_in() -> None:
    burning = {("working", "combustion"): 40_000.0, ("home_berth", "combustion"): 80_000.0}
    assert worked(engine()) == pytest.approx(burning)
    plugged = {("working", "combustion"): 40_000.0, ("home_berth", "electric"): 80_000.0}
    assert worked(engine(has_home_shore_power=True)) == pytest.approx(plugged)
    metered = engine(has_home_shore_power=True, home_kwh_metered=70_000.0)
    assert worked(metered)["home_berth", "electric"] == pytest.approx(70_000)
    assert worked(engine(home_hours=None)) == pytest.approx({("working", "combustion"): 120_000.0})


def test_hours_on_shore_power_do_not_age_an_engine() -> None:
    young = work_rows(
        engine(has_home_shore_power=True, tier="Tier 2", model_year=2022), year=2024, method=EPA
    )
    old = work_rows(engine(tier="Tier 2", model_year=2022), year=2024, method=EPA)
    burning = young[young["technology"] == "combustion"]
    # Three years of 1,000 h, or of 3,000, of a life of 10,000.
    assert set(burning["life_used"].round(12)) == {0.3}
    assert set(old["life_used"].round(12)) == {0.9}


@given(home=st.floats(0, 3_000), inside=st.floats(0, 1), count=st.integers(1, 4))
@settings(max_examples=20)
def test_work_is_conserved_wherever_it_is_done(home: float, inside: float, count: int) -> None:
    for plugged in (False, True):
        table = engine(home_hours=home, in_domain_share=inside, count=count, has_home_shore_power=plugged)
        rows = work_rows(table, year=2024, method=EPA)
        assert rows["quantity"].sum() == pytest.approx(120_000 * count, rel=1e-9)


# --- as a port writes it ---

HEAD = "craft_id,craft_type,engine_id,role,power (kW),model_year,hours,home_hours,home_shore_power,fuel\n"


def read(tmp_path: Path, lines: str) -> Any:
    folder = copy_example("small-harbor", tmp_path / "harbor")
    (folder / "activity/2024/harbor_craft_engines.csv").write_text(HEAD + lines, encoding="utf-8")
    return load_activity(Port.load(folder), 2024)


def test_a_row_per_craft_is_at_home_by_its_auxiliaries(tmp_path: Path) -> None:
    activity = read(tmp_path, "tug-1,tug,,,2000,2012,3000,2000,yes,\n")
    table = activity.tables["harbor_craft_engines"].set_index("engine_id")
    assert pd.isna(table.loc["propulsion", "home_hours"])
    assert table.loc["auxiliary", "home_hours"] == 2_000


def test_plugged_in_craft_without_hours_are_named(tmp_path: Path) -> None:
    activity = read(tmp_path, "tug-1,tug,a,auxiliary,100,2012,3000,,yes,\n")
    assert any("1 rows of harbor craft are plugged in at home" in note for note in activity.notes)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("tug-1,tug,a,auxiliary,100,2012,3000,4000,yes,", "home_hours are more than hours"),
        ("tug-1,tug,m,propulsion,100,2012,3000,100,yes,", "of an engine that is not an auxiliary"),
        ("tug-1,tug,a,auxiliary,100,2012,3000,100,yes,electric", "home_hours are given of an electric drive"),
    ],
)  # fmt: skip
def test_home_hours_that_cannot_be_are_refused_with_their_row(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(ActivityError, match=says) as told:
        read(tmp_path, line + "\n")
    assert "row 2" in str(told.value)


# --- as a measure ---


def at_home(share: float, **more: Any) -> Record:
    return {"kind": CRAFT, "share_of": "energy", "technologies": {"shore_power": {"table": {2024: share}}},
            **more}  # fmt: skip


@pytest.fixture
def tugs(write_base: Callable[..., BaseYear]) -> BaseYear:
    """Main engines, and auxiliaries at home: 60,000 kWh on engines, 20,000 plugged in already."""
    auxiliary = {"engine_group": "auxiliary", "key_power_bin": "100-175 hp", "mode_or_segment": "home_berth"}
    blank = dict.fromkeys(("key_category", "key_tier", "key_role", "key_power_bin"), "")
    plugged = {**auxiliary, **blank, "key_technology": "electric", "key_fuel": "electric"}
    at_home = [{**auxiliary, "quantity": 60_000.0}, {**plugged, "quantity": 20_000.0}]
    return write_base({CRAFT: [{"quantity": 400_000.0}, *at_home]})


def test_shore_power_at_home_reaches_its_level_and_no_other_work(
    tugs: BaseYear, project_by_hand: Project, masses: Callable[..., pd.Series]
) -> None:
    # What is plugged in counts what the craft draw, as the engines' work does.
    found = project_by_hand(tugs, [at_home(0.5, efficiency=0.8)]).loc[CRAFT]
    present = 20_000 * 0.8 / (60_000 + 20_000 * 0.8)
    moved = (0.5 - present) / (1 - present) * 60_000
    assert found["electricity"] == pytest.approx(20_000 + moved / 0.8, rel=1e-12)
    engine = masses(tugs, CRAFT, tugs.rows[CRAFT].iloc[[1]]).groupby("pollutant").sum()
    before = tugs.totals.loc[(CRAFT, True)]
    assert found["NOx"] == pytest.approx(before["NOx"] - moved / 60_000 * engine["NOx"], rel=1e-12)


def test_today_is_no_change_and_all_leaves_the_main_engines(tugs: BaseYear, project_by_hand: Project) -> None:
    before = tugs.totals.loc[(CRAFT, True)]
    same = project_by_hand(tugs, [at_home(0.25)]).loc[CRAFT]
    assert (same[before.index] == before).all()
    found = project_by_hand(tugs, [at_home(1.0)]).loc[CRAFT]
    assert found["electricity"] == pytest.approx(80_000)


def test_shore_power_goes_with_new_engines(tugs: BaseYear, project_by_hand: Project) -> None:
    repower = {"kind": CRAFT, "name": "new engines", "share_of": "energy", "tier": "Tier 3",
               "technologies": {"repower": {"table": {2024: 1.0}}}}  # fmt: skip
    both = project_by_hand(tugs, [at_home(1.0), repower]).loc[CRAFT]
    alone = project_by_hand(tugs, [repower]).loc[CRAFT]
    assert both["electricity"] == pytest.approx(80_000)
    assert both["NOx"] < alone["NOx"]


@pytest.mark.parametrize(
    ("measure", "says"),
    [
        (at_home(0.1), "below today's level of 0.25"),
        (at_home(1.1), "less than or equal to 1"),
        (at_home(0.5, types=["ferry"]), "no types ferry"),
        (at_home(0.5, engine_groups=["propulsion"]), "no work at home berths is known; give home_hours"),
        (at_home(0.5, efficiency=1.5), "less than or equal to 1"),
    ],
)
def test_shore_power_at_home_that_cannot_be_is_refused(
    tugs: BaseYear, project_by_hand: Project, measure: Record, says: str
) -> None:
    with pytest.raises(ScenarioError, match=says):
        project_by_hand(tugs, [measure])
    mixed = at_home(0.5)
    mixed["technologies"]["renewable_diesel"] = {"table": {2024: 0.5}}
    with pytest.raises(ScenarioError, match="give it a measure of its own"):
        project_by_hand(tugs, [mixed])
