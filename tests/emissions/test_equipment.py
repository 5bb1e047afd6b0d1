"""Work of cargo handling equipment: loads, ages, months, electricity, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.equipment import activity_defaults, equipment_types, life_used, months_in_service, work_rows
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, load_method
from factors.units import conversion
from inventories.activity.types import types

SOURCE = "cargo_handling_equipment"
METHOD = load_method("epa-2022")
TERMINALS = pd.DataFrame(
    [
        {"terminal": "A", "port": "north", "zone": "harbor", "operator": "A Inc.", "control": "tenant"},
        {"terminal": "B", "port": "south", "zone": "inland", "operator": "B Inc.", "control": "port_owned"},
    ]
)
ZONES = pd.DataFrame(
    {"zone": ["harbor", "inland"], "in_domain": [True, False], "jurisdiction": ["city", "county"]}
)


def fleet(*stated: dict[str, object]) -> pd.DataFrame:
    usual = {
        "terminal": "A",
        "type": "yard_tractor",
        "engine_model_year": 2003,
        "power_kw": 312.4,
        "fuel": "diesel",
        "hours": 1000.0,
    }
    return pd.DataFrame([{"unit_id": f"U{n}"} | usual | unit for n, unit in enumerate(stated)])


def work(
    *stated: dict[str, object], year: int = 2020, method: Method = METHOD, **more: object
) -> pd.DataFrame:
    return work_rows(fleet(*stated), TERMINALS, year=year, method=method, **more)


def kilograms(rows: pd.DataFrame, method: Method = METHOD) -> pd.DataFrame:
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes)


# ---------------------------------------------------------------- by hand


def test_life_used_by_hand():
    assert life_used([18], [1257], [0.59], [7000]) == pytest.approx([1.907], abs=5e-4)
    assert life_used([0], [1257], [0.59], [7000]) == [0]
    assert life_used([], [], [], []).shape == (0,)
    with pytest.raises(ValueError, match="0 or more"):
        life_used([-1], [1257], [0.59], [7000])


def test_a_yard_tractor_s_year_by_hand():
    rows = work({"count": 3})
    assert rows["quantity"].sum() == pytest.approx(3 * 312.4 * 0.59 * 1000)
    assert rows["machine_hours"].sum() == pytest.approx(3000)
    assert set(rows["quantity_kind"]) == {"energy"}
    assert set(rows["power_bin"]) == {"300-600 hp"}
    assert rows["life_used"].iloc[0] == pytest.approx(18 * 1257 * 0.59 / 7000)
    hp_hours = 3 * 312.4 * conversion("kW", "hp") * 0.59 * 1000
    rate = 0.1 * 5.70 * 1.024 + 0.9 * 4.11 * 1.009
    assert kilograms(rows)["NOx"].sum() == pytest.approx(hp_hours * rate / 1000)


def test_load_factor_hours_and_life_of_moves():
    found = activity_defaults([2270003070, 2267003020, 2270002045], [419, 58, 200], METHOD)
    assert found["load_factor"].tolist() == [0.59, 0.3, 0.43]
    assert found["hours_per_year"].tolist() == [1257, 1800, 990]
    assert found["median_life_h"].tolist() == [7000, 4500, 4667]
    assert not found["is_nearest_bin"].any()


def test_a_power_that_the_national_fleet_lacks_takes_the_nearest_bin():
    found = activity_defaults([2270003050, 2270003050], [700.0, 45.0], METHOD)
    assert found["is_nearest_bin"].all()
    assert found["median_life_h"].tolist() == [7000, 2500]


def test_months_follow_the_days_in_service():
    rows = work({"in_service_from_date": pd.Timestamp("2020-11-16"), "in_service_to_date": pd.NaT})
    by_month = rows.set_index("month")["quantity"]
    assert by_month.index.tolist() == [11, 12]
    assert by_month[11] / by_month[12] == pytest.approx(15 / 31)
    assert by_month.sum() == pytest.approx(312.4 * 0.59 * 1000)
    sold = pd.Series(pd.to_datetime(["2020-02-29"]))
    assert months_in_service(pd.Series(pd.to_datetime(["2015-06-01"])), sold, 2020)[0, :3].tolist() == [
        31,
        29,
        0,
    ]


def test_a_machine_works_where_its_terminal_is():
    rows = work({}, {"terminal": "B", "operator": "Crane Co."}, zones=ZONES)
    first = rows.groupby("record_id").first()
    assert first["port"].tolist() == ["north", "south"]
    assert first["zone"].tolist() == ["harbor", "inland"]
    assert first["in_domain"].tolist() == [True, False]
    assert first["jurisdiction"].tolist() == ["city", "county"]
    assert first["operator"].tolist() == ["A Inc.", "Crane Co."]
    assert first["control"].tolist() == ["tenant", "port_owned"]


def test_the_load_factor_is_the_method_s_choice_unless_given():
    bay = METHOD.with_options(load_factor_set="san_pedro_bay")
    rows = work({}, {"load_factor": 0.25}, {"type": "dozer"}, method=bay).groupby("record_id").first()
    assert rows["load_factor"].tolist() == [0.39, 0.25, 0.59]  # the dozer has no row there: MOVES
    assert rows["provenance"].tolist() == ["default", "given", "default"]
    assert (bay.table(SOURCE, "load_factors").frame["confidence"] == "unverified").all()


def test_deterioration_by_the_machine_s_own_hours():
    own = METHOD.with_options(deterioration_hours="own")
    rows = work({}, {"cumulative_hours": 5000.0}, method=own).groupby("record_id").first()
    assert rows["life_used"].tolist() == pytest.approx([18 * 1000 * 0.59 / 7000, 5000 * 0.59 / 7000])


def test_gaps_in_optional_columns_are_filled_like_missing_columns():
    columns = (
        "count",
        "tier",
        "scc",
        "load_factor",
        "cumulative_hours",
        "kwh_metered",
        "power_hp",
        "operator",
    )
    empty = dict.fromkeys(columns, None)
    pd.testing.assert_frame_equal(work(empty), work({}), check_dtype=False)


# ---------------------------------------------------------------- electricity


def test_a_metered_electric_machine_draws_its_meter_and_emits_nothing():
    rows = work({"fuel": "electric", "type": "rtg_crane", "kwh_metered": 50_000.0, "count": 2})
    assert set(rows["quantity_kind"]) == {"electricity"}
    mass = kilograms(rows)
    assert mass.columns.tolist() == ["electricity"]
    assert mass["electricity"].sum() == pytest.approx(100_000)


def test_an_electric_tractor_without_a_meter_is_estimated_and_marked():
    rows = work({"fuel": "electric"})
    assert set(rows["quantity_kind"]) == {"duration"}
    assert set(rows["provenance"]) == {"default"}
    assert kilograms(rows)["electricity"].sum() == pytest.approx(23.2 * 1000), "at the measured load"
    other = METHOD.with_options(electric_tractor="eer_3.7", load_factor_set="san_pedro_bay")
    assert kilograms(work({"fuel": "electric"}, method=other), other)["electricity"].sum() == pytest.approx(
        35_100
    )


def test_electricity_of_other_unmetered_machines_is_not_estimated_and_not_zero():
    rows = work({"fuel": "electric", "type": "forklift"}, {"fuel": "hydrogen"}, {})
    class_id, classes = resolve(SOURCE, rows, METHOD)
    unmetered = rows["technology"] == "electric_unmetered"
    assert not classes.terms["class_id"].isin(class_id[unmetered.to_numpy()]).any()
    states = classes.coverage.set_index(["coverage_group", "process", "pollutant"])["state"]
    assert states["electric_unmetered", "grid", "electricity"] == "NE"
    assert states["electric_unmetered", "exhaust", "NOx"] == "zero"
    assert states["fuel_cell", "upstream", "hydrogen"] == "NE"


# ---------------------------------------------------------------- types


def test_every_type_of_the_equipment_table_has_a_code_of_every_engine_and_resolves():
    mapped = equipment_types()
    assert set(mapped.index) == set(types("equipment_types.csv"))
    assert set(mapped["basis"]) == {"source", "judgement"}
    machines = [
        {"type": kind, "fuel": fuel, "power_kw": 200.0, "engine_model_year": 2012}
        for kind in mapped.index
        for fuel in ("diesel", "lpg", "cng", "gasoline")
    ]
    assert (kilograms(work(*machines))["NOx"] > 0).all()


def test_a_code_given_with_the_machine_comes_before_its_type():
    rows = (
        work({"type": "top_handler", "scc": 2270003070}, {"type": "top_handler"}).groupby("record_id").first()
    )
    assert rows["scc"].tolist() == [2270003070, 2270003050]
    assert rows["load_factor"].tolist() == [0.59, 0.21]


def test_a_tier_is_a_standard_of_diesels_and_left_out_of_others():
    rows = work({"tier": "Tier 3"}, {"tier": "Tier 3", "fuel": "lpg", "power_kw": 60.0})
    first = rows.groupby("record_id").first()
    assert first["tier"].tolist() == ["Tier 3", ""]
    assert first["tier_or_model_year"].tolist() == ["Tier 3", "2003"]


# ---------------------------------------------------------------- properties

ENGINES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["yard_tractor", "top_handler", "forklift", "rtg_crane"]),
        "engine_model_year": st.integers(1970, 2021),
        "power_kw": st.floats(20, 800),
        "fuel": st.sampled_from(["diesel", "lpg", "gasoline", "renewable_diesel"]),
        "hours": st.floats(1, 8000),
    }
)
FEW = settings(max_examples=6)


@FEW
@given(ENGINES)
def test_twice_the_hours_are_twice_the_mass_and_two_machines_too(engine):
    doubled = engine | {"hours": engine["hours"] * 2}
    mass = kilograms(work(engine, doubled, engine | {"count": 2}, engine))
    total = mass.groupby(np.repeat([0, 1, 2, 3], 12)).sum()
    pd.testing.assert_series_equal(total.loc[1], 2 * total.loc[0], check_names=False)
    pd.testing.assert_series_equal(total.loc[2], 2 * total.loc[0], check_names=False)
    pd.testing.assert_series_equal(total.loc[3], total.loc[0], check_names=False)


@FEW
@given(ENGINES)
def test_the_unit_of_power_does_not_matter(engine):
    hp = engine["power_kw"] * conversion("kW", "hp")
    there_and_back = hp * conversion("hp", "kW")
    mass = kilograms(work(engine, engine | {"power_kw": there_and_back, "power_hp": hp}))
    total = mass.groupby(np.repeat([0, 1], 12)).sum()
    pd.testing.assert_series_equal(total.loc[0], total.loc[1], check_names=False, rtol=1e-9)


@FEW
@given(
    st.sampled_from(["Tier 0", "Tier 1", "Tier 2", "Tier 3"]),
    st.floats(20, 800),
    st.integers(1990, 2018),
)
def test_an_older_engine_of_the_same_technology_is_never_cleaner(tier, power, model_year):
    """Not of Tier 4, whose rates are EPA's averages over the technologies sold in each model year."""
    older = {"tier": tier, "power_kw": power, "engine_model_year": model_year}
    mass = kilograms(work(older, older | {"engine_model_year": model_year + 1}, {"hours": 0.0}))
    total = mass.groupby(np.repeat([0, 1, 2], 12)).sum()
    for pollutant in ("NOx", "CO", "THC", "PM10", "DPM", "VOC"):
        assert total.loc[0, pollutant] >= total.loc[1, pollutant]
    assert (total.loc[2] == 0).all(), "no hours, no mass"


@FEW
@given(st.lists(ENGINES, min_size=2, max_size=3))
def test_parts_add_up_to_the_whole(engines):
    together = kilograms(work(*engines)).sum()
    apart = pd.concat([kilograms(work(engine)).sum() for engine in engines], axis=1).sum(axis=1)
    pd.testing.assert_series_equal(together.sort_index(), apart.sort_index(), check_names=False)


# ---------------------------------------------------------------- refusals


def test_everything_wrong_is_told_at_once():
    wrong = fleet(
        {"type": "yard tracktor"},
        {"fuel": "peat"},
        {"terminal": "Z"},
        {"engine_model_year": 2022},
        {"hours": -1.0},
    )
    with pytest.raises(ValueError, match="yard tracktor") as caught:
        work_rows(wrong, TERMINALS, year=2020, method=METHOD)
    message = str(caught.value)
    for told in (
        "type yard tracktor",
        "first: U0",
        "fuel peat",
        "terminal Z",
        "after 2021",
        "hours is missing or",
    ):
        assert told in message


def test_missing_columns_are_named():
    with pytest.raises(ValueError, match="column fuel, hours is missing"):
        work_rows(fleet({}).drop(columns=["fuel", "hours"]), TERMINALS, year=2020, method=METHOD)


def test_hours_outside_the_time_in_service_are_refused():
    sold = {"in_service_to_date": pd.Timestamp("2019-12-31")}
    with pytest.raises(ValueError, match="leave no day of 2020"):
        work(sold)
    assert len(work(sold | {"hours": 0.0})) == 0


def test_a_code_that_moves_does_not_know_is_refused():
    with pytest.raises(KeyError, match="2270009999"):
        work({"scc": 2270009999})


def test_an_empty_table_is_no_work():
    assert len(work_rows(fleet({}).iloc[:0], TERMINALS, year=2020, method=METHOD)) == 0
