"""Classes that a recipe calls alike have the same factors: worked out for every one of them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from factors.library import recipe_for, resolve
from factors.method import Method, load_method
from factors.tables import load_table

TRUCKS = "heavy_duty_vehicles"
MACHINES = "cargo_handling_equipment"
DEFAULT_SETS = ("running", "idle_day", "idle_hour")
METHOD = load_method("epa-2022").with_options(outside_edition="hold_by_age")


def check(source: str, keys: pd.DataFrame, method: Method) -> tuple[int, int]:
    """See that every class has the factors of the first like it; how many classes, how many kinds."""
    alike = recipe_for(source, method).alike(keys, method)  # type: ignore[attr-defined]
    assert len(alike) == len(keys)
    kind = alike.groupby(list(alike), dropna=False, sort=False).ngroup().to_numpy()
    class_id, classes = resolve(source, keys, method)
    factors = classes.matrix[class_id]
    first = np.unique(kind, return_index=True)[1]
    assert np.array_equal(factors, factors[first][kind])
    given = classes.given[class_id]
    assert np.array_equal(given, given[first][kind])
    group = classes.classes["coverage_group"].to_numpy()[class_id]
    assert (group == group[first][kind]).all()
    return len(keys), len(first)


def trucks(
    fuels: tuple[str, ...], sets: tuple[str, ...] = ("running", "idle_day", "idle_hour")
) -> pd.DataFrame:
    """Trucks of every age in every year of a projection."""
    frame = pd.DataFrame(
        product(sets, ("T7 POLA", "T7 other port"), fuels, ("summer", "winter"), range(0, 13, 3),
                (2020, 2023, 2024, 2031, 2048), (10, 40)),
        columns=["process_set", "emfac_category", "fuel", "season", "age", "calendar_year", "speed_bin_mph"],
    )  # fmt: skip
    idle = frame["process_set"] != "running"
    return frame.assign(
        technology="",
        model_year=frame["calendar_year"] - frame["age"],
        speed_bin_mph=frame["speed_bin_mph"].mask(idle, 0),
    ).drop(columns="age").drop_duplicates(ignore_index=True)  # fmt: skip


@pytest.mark.parametrize(
    ("options", "fuels", "sets"),
    [
        ({}, ("diesel", "electric", "hydrogen"), ("running", "idle_day", "idle_hour")),
        ({"natural_gas": "not_estimated"}, ("natural_gas", "diesel"), ("running", "idle_day", "idle_hour")),
        ({"natural_gas": "swcv_proxy"}, ("natural_gas",), ("running", "idle_day")),
        ({"natural_gas": "moves4_cng"}, ("natural_gas", "diesel"), ("running",)),
        ({"idle_rate": "emfac_ratio", "idle_co2_g_per_h": "9000"}, ("diesel",), ("running", "idle_hour")),
        ({"idle_rate": "moves3"}, ("diesel",), ("running", "idle_hour")),
        ({"truck_starts": "counted"}, ("diesel",), ("running", "start")),
        ({"truck_rates": "moves3"}, ("diesel",), ("running", "idle_hour")),
        ({"truck_rates": "moves4"}, ("diesel",), ("running", "idle_hour")),
    ],
)  # fmt: skip
def test_trucks_whose_years_are_answered_alike(
    options: dict[str, str], fuels: tuple[str, ...], sets: tuple[str, ...]
) -> None:
    method = METHOD.with_options(**options)
    classes, kinds = check(TRUCKS, trucks(fuels, sets), method)
    keep_their_years = {"truck_rates", "moves4_cng", "moves3"} & {*options, *options.values()}
    # Each pollutant's rates step in years of their own, so that fewer trucks agree in all of them.
    assert kinds <= classes if keep_their_years else kinds < 0.65 * classes


def test_trucks_are_told_apart_by_every_key_where_other_years_are_refused() -> None:
    method = METHOD.with_options(outside_edition="error")
    keys = trucks(("diesel",))
    keys = keys[keys["calendar_year"] == 2020].reset_index(drop=True)
    classes, kinds = check(TRUCKS, keys, method)
    assert kinds == classes


def machines(**other: object) -> pd.DataFrame:
    listed = [("diesel", 2270003070), ("renewable_diesel", 2270003070), ("lpg", 2267003020),
              ("gasoline", 2265003020), ("cng", 2268003020)]  # fmt: skip
    frame = pd.DataFrame(
        [
            (*fuel, power, year)
            for fuel, power, year in product(listed, ("50-75 hp", "100-175 hp"), range(1985, 2049))
        ],
        columns=["fuel", "scc", "power_bin", "model_year"],
    )
    usual = {
        "technology": "combustion",
        "tier": "",
        "sulfur_wt_pct": np.nan,
        "certification": "",
        "device": "",
    }
    return frame.assign(**(usual | other))


def test_machines_of_one_step_of_the_technology_mix() -> None:
    classes, kinds = check(MACHINES, machines(), METHOD)
    assert kinds < classes / 2


def test_machines_of_a_known_tier() -> None:
    keys = machines(tier="Tier 0", sulfur_wt_pct=0.0015)
    keys = keys[keys["fuel"].isin(["diesel", "renewable_diesel"])].reset_index(drop=True)
    classes, kinds = check(MACHINES, keys, METHOD)
    assert 2 * 2 * 2 <= kinds < classes / 2  # the uncontrolled engines before 1988 have another name


def test_same_values_are_counted_over_all_other_keys() -> None:
    table = load_table("emfac2017", "wear")
    keys = ("emfac_category", "fuel", "model_year")
    numbered = table.same_values(*keys)
    rows = table.frame.merge(numbered, on=list(keys), validate="many_to_one")
    assert len(rows) == len(table.frame)
    rest = ["season", "process", "quantity", "unit"]
    whole = rows.groupby("number").apply(lambda part: part.groupby(rest)["value"].nunique().max() == 1)
    assert bool(whole.all())
    spelled = rows.sort_values(rest).groupby(list(keys))
    listed = spelled.apply(lambda part: tuple(part[[*rest, "value"]].itertuples(index=False, name=None)))
    assert listed.nunique() == numbered["number"].nunique() < len(numbered)
