"""Locomotives: by hand, by property, by refusal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.locomotives import SOURCE, gross_ton_miles, tiers, work_rows
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.own_tables import with_user_tables
from factors.tables import FactorMissing
from factors.units import conversion

EPA = load_method("epa-2022")
ACCEPTING = EPA.with_options(
    switch_locomotives="accept_unverified", locomotive_load_factor="accept_unverified"
)
HP = conversion("hp", "kW")


def locomotive(**row: object) -> pd.DataFrame:
    return pd.DataFrame([{"kind": "line_haul", "tier": "Tier 0+", "port": "P"} | row])


def kilograms(table: pd.DataFrame, method: Method = EPA) -> pd.Series:
    rows = work_rows(table, year=2023, method=method)
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes).sum()


def own_table(folder: Path, need: str, text: str, method: Method = EPA) -> Method:
    path = folder / f"{need}.csv"
    head, *lines = text.strip().split("\n")
    columns = ",quantity,value,unit,source_document,table,source_address,confidence\n"
    path.write_text(head + columns + "".join(f"{line},own measurements,1,none,read\n" for line in lines))
    return with_user_tables(method, {f"{SOURCE}.{need}": path})


def test_a_thousand_gallons_by_hand():
    """20.8 bhp-hr/gal: NOx 7.2, PM10 0.20, HC 0.30, CO 1.28 g/bhp-hr; CO2 10,084.14 g/gal."""
    mass = kilograms(locomotive(fuel_gal=1000.0))
    expected = {
        "NOx": 20.8 * 7.2, "PM10": 20.8 * 0.2, "DPM": 20.8 * 0.2, "PM2.5": 4.0352, "HC": 20.8 * 0.3,
        "VOC": 20.8 * 0.3 * 1.053, "CO": 26.624, "CO2": 10084.14, "SOx": 0.09325847817, "NH3": 0.083007336,
        "CH4": 0.8, "N2O": 0.26, "fuel:diesel": 3206.0,
    }  # fmt: skip
    assert mass.to_dict() == pytest.approx(expected, rel=1e-5)


def test_the_three_forms_agree():
    """1,000 gal = 20,800 bhp-hr = 800,000 gross ton-miles at 1.25 gal per 1,000."""
    by_fuel = kilograms(locomotive(fuel_gal=1000.0))
    by_hours = kilograms(locomotive(hours=20.0, power_kw=2080 * HP, load_factor=0.5))
    by_weight = kilograms(
        locomotive(gross_tons=4000.0, miles=20.0, trips=10.0, gal_per_1000_gtm=1.25)
    )  # fmt: skip
    assert by_hours.to_dict() == pytest.approx(by_fuel.to_dict())
    assert by_weight.to_dict() == pytest.approx(by_fuel.to_dict())
    assert gross_ton_miles([4000.0], [20.0], [10.0]).tolist() == [800_000.0]


@pytest.mark.parametrize(
    ("service", "work"), [("large_line_haul", 20.8), ("small_line_haul", 18.2), ("passenger", 20.8)]
)
def test_work_per_gallon_is_that_of_the_service(service: str, work: float):
    assert kilograms(locomotive(fuel_gal=100.0, service=service))["NOx"] == pytest.approx(work * 7.2 * 0.1)


def test_rates_of_switching_are_refused_unless_accepted(tmp_path: Path):
    switcher = locomotive(kind="switch", fuel_gal=1000.0)
    with pytest.raises(FactorMissing, match=r"from memory.*locomotives\.switch_rates.*accept_unverified"):
        kilograms(switcher)
    mass = kilograms(switcher, ACCEPTING)
    assert mass["NOx"] == pytest.approx(15.2 * 10.6)
    assert mass["CO"] == pytest.approx(15.2 * 1.83)
    rows = work_rows(switcher, year=2023, method=ACCEPTING)
    _, classes = resolve(SOURCE, rows, ACCEPTING)
    used = classes.factor_rows[classes.factor_rows["table_name"] == "switch"].set_index("quantity")[
        "confidence"
    ]
    assert used.to_dict() == {"NOx": "unverified", "PM10": "unverified", "HC": "unverified", "CO": "read"}
    own = "\n".join(["tier", *(f"Tier 0+,{p},2,g/bhp-hr" for p in ("NOx", "PM10", "HC", "CO"))])
    assert kilograms(switcher, own_table(tmp_path, "switch_rates", own))["NOx"] == pytest.approx(15.2 * 2)


def test_a_remanufactured_locomotive_meets_the_rule_of_2008():
    """40 CFR 1033, Appendix A: Tier 0 and 1 from 2010-01-01, Tier 2 from 2013-01-01."""
    table = pd.DataFrame(
        {
            "tier": ["Tier 1", "Tier 1", "Tier 2", "Tier 2", "Tier 0", "Tier 3"],
            "remanufacture_date": pd.to_datetime(
                ["2009-12-31", "2011-04-10", "2012-06-01", "2013-01-01", None, None]
            ),
        }
    )
    assert tiers(table, EPA).tolist() == ["Tier 1", "Tier 1+", "Tier 2", "Tier 2+", "Tier 0", "Tier 3"]


def test_line_haul_of_unknown_tier_is_the_fleet_of_2020():
    """2020 National Emissions Inventory, Class I average: NOx 120.5, PM10 3.04, VOC 4.85 g/gal."""
    unknown = locomotive(tier=None, fuel_gal=1000.0)
    mass = kilograms(unknown)
    assert mass["NOx"] == pytest.approx(120.5, abs=0.05)
    assert mass["PM10"] == pytest.approx(3.04, abs=0.005)
    assert "HC" not in mass
    rows = work_rows(unknown, year=2023, method=EPA)
    assert set(rows["provenance"]) == {"default"}
    with pytest.raises(ValueError, match="line_haul_tier_unknown = refuse"):
        work_rows(unknown, year=2023, method=EPA.with_options(line_haul_tier_unknown="refuse"))
    with pytest.raises(ValueError, match="switch locomotives have no tier"):
        work_rows(locomotive(kind="switch", tier=None, fuel_gal=1.0), year=2023, method=EPA)


def test_hours_without_a_load_factor_need_consent(tmp_path: Path):
    idle = locomotive(hours=100.0, power_kw=1000.0)
    with pytest.raises(MethodError, match="hours without load_factor"):
        work_rows(idle, year=2023, method=EPA)
    assert work_rows(idle, year=2023, method=ACCEPTING)["quantity"].sum() == pytest.approx(28_000)
    switcher = locomotive(kind="switch", hours=100.0, power_kw=1000.0)
    with pytest.raises(MethodError, match="no mean load of switching"):
        work_rows(switcher, year=2023, method=ACCEPTING)
    powers = {"idle": 0.01, "dynamic_brake": 0.02} | {f"N{n}": n / 8 for n in range(1, 9)}
    text = "\n".join(
        ["notch", *(f"{notch},power_fraction,{value},fraction" for notch, value in powers.items())]
    )
    with_powers = own_table(tmp_path, "notch_power", text, ACCEPTING)
    # The switch duty cycle: 59.8 % idle, then 12.4, 12.3, 5.8, 3.6, 3.6, 1.5, 0.2, 0.8 %.
    share = np.array([12.4, 12.3, 5.8, 3.6, 3.6, 1.5, 0.2, 0.8]) @ (np.arange(1, 9) / 8) / 100 + 0.598 * 0.01
    assert work_rows(switcher, year=2023, method=with_powers)["quantity"].sum() == pytest.approx(1e5 * share)
    notched = locomotive(kind="switch", hours=100.0, power_kw=1000.0, notch="N4")
    assert work_rows(notched, year=2023, method=with_powers)["quantity"].sum() == pytest.approx(50_000)
    with pytest.raises(MethodError, match=r"locomotives\.notch_power"):
        work_rows(notched, year=2023, method=ACCEPTING)


def test_the_way_beyond_the_domain_is_kept_apart():
    rows = work_rows(
        locomotive(gross_tons=5000.0, miles=100.0, domain_miles=30.0, gal_per_1000_gtm=1.1, month=5),
        year=2023, method=EPA,
    )  # fmt: skip
    by = rows.groupby("in_domain")["quantity"].sum()
    assert by[True] == pytest.approx(150_000)
    assert by[False] == pytest.approx(350_000)
    assert set(rows["month"]) == {5}


def test_a_port_counts_its_share_and_renewable_fuel_apart():
    whole = kilograms(locomotive(fuel_gal=1000.0))
    half = kilograms(locomotive(fuel_gal=1000.0, port_share=0.5))
    assert half.to_dict() == pytest.approx((whole / 2).to_dict())
    mixed = kilograms(locomotive(fuel_gal=1000.0, renewable_share=0.3))
    assert mixed["CO2"] == pytest.approx(0.7 * whole["CO2"])
    assert mixed["CO2_biogenic"] == pytest.approx(0.3 * whole["CO2"])
    assert mixed["NOx"] == pytest.approx(whole["NOx"])
    assert mixed["fuel:renewable_diesel"] == pytest.approx(0.3 * 3206)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, "neither fuel_gal, nor hours"),
        ({"fuel_gal": 1.0, "hours": 2.0, "power_kw": 3.0}, "more than one way"),
        ({"gross_tons": 5.0, "miles": 2.0}, "neither fuel_gal"),
    ],
)
def test_work_is_said_in_one_way(row: dict[str, object], words: str):
    with pytest.raises(ValueError, match=words):
        work_rows(locomotive(**row), year=2023, method=EPA)


def test_an_unknown_tier_is_told_with_those_there_are():
    with pytest.raises(FactorMissing, match=r"(?s)no .* for\n.*tier=Tier 9; tier may be .*Tier 3"):
        kilograms(locomotive(tier="Tier 9", fuel_gal=1.0))


@settings(max_examples=10)
@given(st.floats(1, 1e6), st.sampled_from(["fuel_gal", "hours"]))
def test_twice_the_work_twice_the_mass(amount: float, form: str):
    more = {} if form == "fuel_gal" else {"power_kw": 3000.0, "load_factor": 0.3}
    one, two = (kilograms(locomotive(**{form: n * amount}, **more)) for n in (1, 2))
    assert two.to_dict() == pytest.approx((2 * one).to_dict())


@pytest.mark.parametrize("kind", ["line_haul", "switch"])
def test_a_cleaner_tier_never_emits_more_nox(kind: str):
    order = ["Uncontrolled", "Tier 0", "Tier 0+", "Tier 1", "Tier 2", "Tier 3", "Tier 4"]
    nox = [kilograms(locomotive(kind=kind, tier=tier, fuel_gal=1.0), ACCEPTING)["NOx"] for tier in order]
    assert (np.diff(nox) <= 0).all()


@settings(max_examples=10)
@given(st.floats(0, 1), st.floats(0, 1))
def test_parts_add_up_to_the_whole(inside: float, renewable: float):
    rows = work_rows(
        locomotive(fuel_gal=1200.0, miles=10.0, domain_miles=10.0 * inside, renewable_share=renewable),
        year=2024, method=EPA,
    )  # fmt: skip
    assert rows["quantity"].sum() == pytest.approx(1200)
