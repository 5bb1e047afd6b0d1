"""Where the sources of equipment disagree: which option gives which number, each one pinned.

The numbers are those of the table in docs/methods/equipment.md, "Where sources disagree".
"""

from __future__ import annotations

import pandas as pd
import pytest

from emissions.equipment import unverified_loads, work_rows
from emissions.mass import row_mass
from factors.library import resolve
from factors.lint.linter import errors, lint_edition
from factors.method import Method, MethodError, load_method
from factors.tables import load_table

SOURCE = "cargo_handling_equipment"
METHOD = load_method("epa-2022")
TERMINALS = pd.DataFrame([{"terminal": "A", "port": "P", "zone": "z", "operator": "", "control": "tenant"}])


def work(*stated: dict[str, object], method: Method = METHOD, year: int = 2020) -> pd.DataFrame:
    usual = {"terminal": "A", "type": "yard_tractor", "engine_model_year": 2005, "power_kw": 150.0,
             "fuel": "diesel", "hours": 1000.0}  # fmt: skip
    fleet = pd.DataFrame([{"unit_id": f"U{n}"} | usual | unit for n, unit in enumerate(stated)])
    return work_rows(fleet, TERMINALS, year=year, method=method)


def first(*stated: dict[str, object], method: Method = METHOD) -> pd.DataFrame:
    return work(*stated, method=method).groupby("record_id").first()


def kilograms(rows: pd.DataFrame, method: Method = METHOD) -> pd.DataFrame:
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes).groupby(rows["record_id"].to_numpy()).sum()


@pytest.mark.parametrize(
    ("machine", "moves", "bay", "measured"),
    [
        ({"type": "yard_tractor"}, 0.59, 0.39, 0.195),
        ({"type": "forklift"}, 0.59, 0.30, 0.15),
        ({"type": "forklift", "fuel": "lpg", "power_kw": 50.0}, 0.30, 0.30, 0.15),
        ({"type": "forklift", "fuel": "cng", "power_kw": 50.0}, 0.30, 0.30, 0.15),
        ({"type": "rtg_crane"}, 0.43, 0.20, 0.10),
        ({"type": "crane"}, 0.43, 0.43, 0.215),
        ({"type": "top_handler"}, 0.21, 0.59, 0.295),
        ({"type": "side_handler"}, 0.21, 0.59, 0.295),
        ({"type": "dozer"}, 0.59, 0.59, 0.59),  # not listed by San Pedro Bay: MOVES under all
    ],
)
def test_load_factors_by_the_set_chosen(
    machine: dict[str, object], moves: float, bay: float, measured: float
) -> None:
    for chosen, expected in (("moves", moves), ("san_pedro_bay", bay), ("measured", measured)):
        method = METHOD.with_options(load_factor_set=chosen)
        assert first(machine, method=method)["load_factor"].tolist() == pytest.approx([expected]), chosen
    own = machine | {"load_factor": 0.33}
    assert first(own, method=METHOD.with_options(load_factor_set="measured"))["load_factor"].tolist() == [
        0.33
    ]


def test_load_factors_of_san_pedro_bay_are_unverified_and_the_measured_ratio_was_read() -> None:
    assert set(METHOD.table(SOURCE, "load_factors").frame["confidence"]) == {"unverified"}
    assert set(METHOD.table(SOURCE, "in_use").frame["confidence"]) == {"read"}


def test_a_new_engine_has_aged_a_year_in_moves_and_not_at_all_in_california() -> None:
    """MOVES counts calendar year - model year + 1; a propane forklift's first year is 0.12 of its life."""
    new = {"type": "forklift", "fuel": "lpg", "power_kw": 50.0, "engine_model_year": 2020}
    assert first(new)["life_used"].tolist() == pytest.approx([1800 * 0.30 / 4500])
    unaged = METHOD.with_options(engine_age="new_first_year")
    assert first(new, method=unaged)["life_used"].tolist() == [0]
    older = new | {"engine_model_year": 2018}
    assert first(older, method=unaged)["life_used"].tolist() == pytest.approx([2 * 1800 * 0.30 / 4500])
    ratio = kilograms(work(new)) / kilograms(work(new, method=unaged), unaged)
    assert ratio.loc["U0", "NOx"] == pytest.approx(1.018)  # off by one year: 1.8 % of its NOx


def test_hours_stated_for_the_engine_come_before_any_count_of_years() -> None:
    own = METHOD.with_options(deterioration_hours="own", engine_age="new_first_year")
    assert first({"cumulative_hours": 0.0}, method=own)["life_used"].tolist() == [0]


def test_deterioration_is_a_factor_that_ends_at_one_median_life_in_moves() -> None:
    machines = [{"engine_model_year": year, "tier": "Tier 2"} for year in (1990, 2000, 2020)]
    rows = work(*machines, method=METHOD)
    nox = kilograms(rows)["NOx"]
    assert rows.groupby("record_id")["life_used"].first().tolist()[0] > 1
    assert nox["U0"] == pytest.approx(nox["U1"]), "both past their median life"
    used = rows.groupby("record_id")["life_used"].first()["U2"]
    assert nox["U0"] / nox["U2"] == pytest.approx((1 + 0.009) / (1 + 0.009 * used))


def test_no_option_scales_to_emissions_in_use() -> None:
    """In use 2.7 times the NOx and 2.2 times the PM2.5 of certification: shown, never applied."""
    table = load_table("equipment-measured", "in_use")
    query = pd.DataFrame({"machines": ["eight machines at the two ports"]})
    assert table.find(query, "NOx_over_certification").value.tolist() == [2.7]
    assert table.find(query, "PM2.5_over_certification").value.tolist() == [2.2]
    assert not any("in_use" in name or "certification" in name for name in METHOD.declared)


@pytest.mark.parametrize(
    ("load", "economy", "kwh"),
    [
        ("moves", "eer_2.8", 70.1),
        ("moves", "eer_3.7", 53.1),
        ("san_pedro_bay", "eer_2.8", 46.3),
        ("san_pedro_bay", "eer_3.7", 35.1),
        ("measured", "eer_2.8", 23.2),
        ("measured", "eer_3.7", 17.6),
    ],
)
def test_electricity_of_a_tractor_without_a_meter(load: str, economy: str, kwh: float) -> None:
    """A diesel tractor's 196 kWh of fuel an hour over the ratio, at the load of each set; all derived."""
    method = METHOD.with_options(load_factor_set=load, electric_tractor=economy)
    assert kilograms(work({"fuel": "electric"}, method=method), method)[
        "electricity"
    ].tolist() == pytest.approx([kwh * 1000])


def test_the_ratio_of_the_fuel_standard_is_not_offered_because_it_was_not_read() -> None:
    """2.7, from memory, is no choice; 2.8 to 3.7 were read."""
    with pytest.raises(MethodError, match=r"eer_2\.8"):
        METHOD.with_options(electric_tractor="eer_2.7")


def test_a_meter_comes_before_any_estimate() -> None:
    for load in ("moves", "san_pedro_bay", "measured"):
        method = METHOD.with_options(load_factor_set=load)
        rows = work({"fuel": "electric", "kwh_metered": 31_000.0}, method=method)
        assert kilograms(rows, method)["electricity"].sum() == pytest.approx(31_000)


def test_the_work_on_unverified_load_factors_is_told() -> None:
    bay = METHOD.with_options(load_factor_set="san_pedro_bay")
    machines = ({}, {"load_factor": 0.39}, {"type": "dozer", "hours": 0.0}, {"fuel": "electric"})
    told = unverified_loads(work(*machines, method=bay), bay)
    assert told is not None
    assert told.load_factor_set == "san_pedro_bay"
    assert told.unverified_kwh == pytest.approx(0.5 * told.engine_kwh)
    assert told.engine_kwh > 0
    assert unverified_loads(work(*machines), METHOD) is None


# ---------------------------------------------------------------- hybrids and fuel cells


def test_a_hybrid_saves_its_measured_share_else_that_of_the_demonstration() -> None:
    rows = work({}, {"is_hybrid": True}, {"is_hybrid": True, "fuel_saving": 0.3}, {"fuel_saving": 0.3})
    by_machine = rows.groupby("record_id")["quantity"].sum()
    ratio = (by_machine / by_machine["U0"]).tolist()
    assert ratio == pytest.approx([1, 0.88, 0.7, 0.7])
    told = rows.groupby("record_id")["technology"].first().tolist()
    assert told == ["combustion", "hybrid", "hybrid", "hybrid"]
    nox = kilograms(rows)["NOx"]
    assert (nox / nox["U0"]).tolist() == pytest.approx(ratio)


def test_how_much_a_hybrid_saves_is_an_option_and_other_types_need_a_share_of_their_own() -> None:
    tractor, crane = {"is_hybrid": True}, {"is_hybrid": True, "type": "rtg_crane"}
    for chosen, saving in (("calstart_low", 0.12), ("calstart_high", 0.18), ("none", 0.0)):
        method = METHOD.with_options(hybrid_saving=chosen)
        work_of = work(tractor, {}, crane, crane | {"is_hybrid": False}, method=method)
        by_machine = work_of.groupby("record_id")["quantity"].sum()
        assert by_machine["U0"] / by_machine["U1"] == pytest.approx(1 - saving)
        assert by_machine["U2"] == pytest.approx(by_machine["U3"])


def test_a_saving_that_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="fuel_saving is a share"):
        work({"fuel_saving": 12.0})


def test_hydrogen_of_a_fuel_cell_machine_is_its_own_record_else_not_estimated() -> None:
    rows = work({"fuel": "hydrogen", "hydrogen_used_kg": 800.0, "count": 2}, {"fuel": "hydrogen"})
    class_id, classes = resolve(SOURCE, rows, METHOD)
    mass = row_mass(rows, class_id, classes)
    assert mass["hydrogen"].sum() == pytest.approx(1600)
    assert set(rows["technology"]) == {"fuel_cell", "fuel_cell_metered"}
    states = classes.coverage.set_index(["coverage_group", "process", "pollutant"])["state"]
    assert states["fuel_cell", "upstream", "hydrogen"] == "NE"
    assert states["fuel_cell_metered", "exhaust", "NOx"] == "zero"


def test_what_was_measured_passes_the_linter() -> None:
    assert errors(lint_edition("equipment-measured")) == []
