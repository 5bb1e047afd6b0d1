"""Scenarios beside each other: what is moved stands apart from what is avoided; names are one of a kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.scenarios import Projector, Scenario, ScenarioError
from inventories.scenarios.answers.comparison import Comparison, compare
from inventories.year.build import build

YEAR = 2030


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Projector:
    port = Port.load(copy_example("small-harbor", tmp_path_factory.mktemp("comparison") / "harbor"))
    return Projector.of(build(port, 2024))


def scenario(name: str, *measures) -> Scenario:
    return Scenario.from_dict({"name": name, "horizon": YEAR, "measures": list(measures)})


def spared(fate: str) -> dict[str, object]:
    return {
        "kind": "arrival",
        "share_of": "hours",
        "fate": fate,
        "adoption": {"from": 2024, "to": YEAR, "reaches": 1.0},
    }


def test_moved_is_told_apart_from_avoided(projector: Projector) -> None:
    nothing = scenario("nothing")
    every = [scenario("gone", spared("avoided")), scenario("outside", spared("moved"))]
    comparison = compare(projector, every, nothing)
    gone, outside = (comparison.moved(name, "NOx").loc[YEAR] for name in ("gone", "outside"))
    assert gone["avoided_in_domain"] == pytest.approx(outside["avoided_in_domain"])
    assert gone["avoided_in_domain"] < 0
    assert gone["moved_outside"] == 0
    assert outside["moved_outside"] == pytest.approx(-outside["avoided_in_domain"])


def test_a_scenario_on_its_own_moves_against_growth_alone(projector: Projector) -> None:
    """As its contributions do; before, a single scenario was set against itself and moved nothing."""
    growing = {"kind": "growth", "rate": 0.02}
    alone = compare(projector, [scenario("outside", growing, spared("moved"))])
    beside = compare(projector, [scenario("outside", growing, spared("moved"))], scenario("more", growing))
    found, expected = (one.moved("outside", "NOx").loc[YEAR] for one in (alone, beside))
    assert found["moved_outside"] > 0
    # Power stations are missing in both: the small harbor names no grid region.
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), nan_ok=True)
    told = alone.effects["outside"].table("NOx", YEAR)["contribution_kg"].sum()
    assert found["avoided_in_domain"] == pytest.approx(told)
    written = alone.tables()["moved"]
    assert set(written["scenario"]) == {"outside"}
    assert set(beside.tables()["moved"]["scenario"]) == {"more", "outside"}


def test_base_and_end_by_source_add_up(projector: Projector) -> None:
    comparison = compare(projector, [scenario("more", {"kind": "growth", "rate": 0.02})])
    ends = comparison.ends("NOx").set_index("source_category")
    assert ends.drop("total").iloc[:, 1:].sum().to_numpy() == pytest.approx(
        ends.loc["total"].iloc[1:].tolist()
    )


def test_two_of_one_name_are_refused(projector: Projector) -> None:
    with pytest.raises(ScenarioError, match="several scenarios are called same"):
        compare(projector, [scenario("same"), scenario("same", {"kind": "growth", "rate": 0.1})])
    with pytest.raises(ScenarioError, match="name at least one scenario"):
        compare(projector, [])


def both(projector: Projector) -> Comparison:
    plugged = {
        "kind": "shore_power",
        "share_of": "stops",
        "adoption": {"from": 2024, "to": YEAR, "reaches": 1.0},
    }
    grown = {"kind": "growth", "rate": 0.02}
    return compare(projector, [scenario("less", grown, spared("avoided"), plugged)], scenario("more", grown))


@pytest.mark.parametrize("pollutant", ["NOx", "CO2e"])
def test_contributions_add_up_to_the_effect_source_by_source(projector: Projector, pollutant: str) -> None:
    comparison = both(projector)
    told = comparison.tables()["contributions"]
    told = told[(told["scenario"] == "less") & (told["pollutant"] == pollutant) & (told["year"] == YEAR)]
    assert set(told["measure"]) == set(comparison.effects["less"].measures)
    for inside in (True, False):
        mine = told[told["in_domain"].astype(bool) == inside]
        for source, summed in mine.groupby("source_category")["contribution_kg"].sum().items():
            was, now = (
                comparison.outlook(name).series(pollutant, in_domain=inside, source=str(source)).loc[YEAR]
                for name in ("more", "less")
            )
            assert summed == pytest.approx(now - was, rel=1e-9)


def test_what_is_emitted_over_the_years_is_the_sum_of_the_years(projector: Projector) -> None:
    comparison = both(projector)
    frame = comparison.tables()["cumulative"].set_index(["scenario", "pollutant"])
    nox = comparison.series("NOx").loc[2025:]
    assert frame.loc[("less", "NOx"), "mass_kg"] == pytest.approx(nox["less"].sum())
    assert frame.loc[("less", "NOx"), "change_kg"] == pytest.approx(nox["less"].sum() - nox["more"].sum())
    assert frame.loc[("more", "NOx"), "change_kg"] != frame.loc[("more", "NOx"), "change_kg"]


def test_the_tables_hold_energy_and_levels_by_year(projector: Projector) -> None:
    comparison = both(projector)
    told = comparison.tables()
    held = comparison.energies["less"]
    power = told["electricity"].set_index(["scenario", "year", "use"])
    for use in held.electricity:
        assert power.loc[("less", YEAR, use), "mwh"] == held.electricity.loc[YEAR, use]
        assert power.loc[("less", YEAR, use), "peak_mw"] == held.peak_mw.loc[YEAR, use]
    wake = told["well_to_wake"].set_index(["scenario", "year", "gwp_set"])
    assert {"AR5", "AR6_fossil@20"} <= set(wake.index.get_level_values("gwp_set"))
    assert (wake["well_to_wake_kg"] > wake["tank_to_wake_kg"]).all()
    reached = told["levels"].set_index(["scenario", "year", "measure"])["level"].sort_index()
    assert reached.loc[("less", YEAR)].eq(1.0).all()


def test_the_dataset_has_the_measures_beside_the_masses(projector: Projector) -> None:
    comparison = both(projector)
    data = comparison.dataset()
    assert set(data["contribution"].dims) == {"scenario", "year", "source_category", "measure", "pollutant"}
    end = data.sel(scenario="less", year=YEAR, pollutant="NOx")
    effect = end["mass"].sum() - data["mass"].sel(scenario="more", year=YEAR, pollutant="NOx").sum()
    assert float(end["contribution"].sum()) == pytest.approx(float(effect), rel=1e-9)
    assert all(data[name].attrs["units"] for name in data.data_vars)


def test_an_inventory_is_compared_as_its_projector_is(projector: Projector, tmp_path: Path) -> None:
    inventory = build(Port.load(copy_example("small-harbor", tmp_path / "harbor")), 2024)
    plain = scenario("more", {"kind": "growth", "rate": 0.02})
    ours, theirs = compare(inventory, [plain]), compare(projector, [plain])
    assert ours.series("NOx").equals(theirs.series("NOx"))


def test_power_stations_without_a_factor_are_missing_and_no_zero(projector: Projector) -> None:
    """The small harbor names no grid region: more is drawn, and what making it emits is not known."""
    comparison = both(projector)
    assert comparison.energies["less"].electricity.loc[YEAR].sum() > 0
    moved = comparison.moved("less", "NOx").loc[YEAR]
    assert moved.isna().to_dict() == {
        "avoided_in_domain": False, "moved_outside": False, "power_stations": True,
    }  # fmt: skip
    told = comparison.tables()["moved"]
    told = told[(told["year"] == YEAR) & (told["pollutant"] == "NOx")]
    assert told["power_stations_kg"].isna().all()


def test_what_one_scenario_alone_takes_for_granted_is_told_with_its_name(projector: Projector) -> None:
    """Ships leave in the one by a table, in the other not: two sentences that would contradict each other."""
    leaving = {"kind": "fleet_turnover", "survival": {"ocean_going_vessels": {20: 0.5, 30: 0.0}}}
    comparison = compare(
        projector, [scenario("table", leaving), scenario("plain", {"kind": "fleet_turnover"})]
    )
    of_ships = [line for line in comparison.notes if "ocean_going_vessels" in line]
    assert [line.partition(":")[0] for line in of_ships] == ["table", "plain"]
    (craft,) = [line for line in comparison.notes if "harbor_craft" in line]
    assert craft.startswith("harbor_craft: keeps the age distribution")
