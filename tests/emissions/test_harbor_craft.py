"""Harbor craft: by hand, by property, by refusal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.harbor_craft import SOURCE, life_used, tiers, work_rows
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, load_method
from factors.own_tables import with_user_tables
from factors.recipes.harbor_craft import power_bin, proxied
from factors.tables import FactorMissing
from factors.units import conversion

EPA = load_method("epa-2022")
PER_HP_HOUR = conversion("g/hp-hr", "g/kWh")
NO_SULFUR = EPA.with_options(harbor_craft_fuel_correction="none")


def engines(**changes: object) -> pd.DataFrame:
    """One main engine of a tug: 1,000 kW, 1,000 h, Tier 2."""
    row: dict[str, object] = {
        "craft_id": "tug-1", "craft_type": "tug", "engine_id": "1", "role": "propulsion", "model_year": 2010,
        "power_kw": 1000.0, "hours": 1000.0, "fuel": "diesel", "tier": "Tier 2", "port": "P",
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def kilograms(table: pd.DataFrame, method: Method = EPA, year: int = 2024) -> pd.Series:
    rows = work_rows(table, year=year, method=method)
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes).sum()


def own_table(folder: Path, text: str, need: str = "emission_factors", method: Method = EPA) -> Method:
    path = folder / f"{need}.csv"
    source = ",own measurements,1,none,read"
    head = ",quantity,value,unit,source_document,table,source_address,confidence\n"
    lines = text.strip().split("\n")
    path.write_text(lines[0] + head + "".join(line + source + "\n" for line in lines[1:]))
    return with_user_tables(method, {f"{SOURCE}.{need}": path})


def test_a_tug_by_hand():
    """NOx = 1000 kW x 0.50 x 1000 h x 4.42 g/hp-hr x (1 + 0.009): 15 years of 1,000 h are past 10,000 h."""
    mass = kilograms(engines())
    assert mass["NOx"] == pytest.approx(500_000 * 4.42 * PER_HP_HOUR * 1.009 / 1000)
    assert mass["CO"] == pytest.approx(500_000 * 0.95 * PER_HP_HOUR * 1.101 / 1000)
    assert mass["VOC"] == pytest.approx(1.11217 * mass["THC"]), "organic gases of Tier 2 by MOVES5"
    gallons = mass["fuel:diesel"] / 3.206
    unbounded = kilograms(engines(), EPA.with_options(harbor_craft_methane_bound="none"))
    assert unbounded["CH4"] == pytest.approx(6.51 * gallons / 1000), "EPA's hub of 2025, ships and boats"
    new = mass["THC"] / (1 + 0.034)  # of Tier 2, DETFAC/EXHTHC.DET
    assert mass["CH4"] == pytest.approx(0.098 * new), "MOVES5's methane in THC of Tier 2 marine engines"
    bounded = kilograms(engines(), EPA.with_options(harbor_craft_methane_bound="thc"))
    assert bounded["CH4"] == pytest.approx(min(new, unbounded["CH4"]))
    assert mass["N2O"] == pytest.approx(0.17 * gallons / 1000)
    assert mass["DPM"] == mass["PM10"]
    assert mass["PM2.5"] == pytest.approx(0.97 * mass["PM10"])


def test_particles_lose_the_sulfate_of_the_test_fuel():
    """Tier 2: 0.082 x 1.473 - 0.367 lb x 453.59 x 7 x 0.02247 x (0.035 % - 15 ppm), in g/hp-hr."""
    fuel = 0.367 * 453.59237
    expected = 0.082 * 1.473 - fuel * 7 * 0.02247 * (0.00035 - 15e-6)
    assert kilograms(engines())["PM10"] == pytest.approx(500 * PER_HP_HOUR * expected, rel=1e-6)
    assert kilograms(engines(), NO_SULFUR)["PM10"] == pytest.approx(500 * PER_HP_HOUR * 0.082 * 1.473)


@pytest.mark.parametrize("tier", ["Tier 0", "Tier 1", "Tier 2", "Tier 3"])
def test_particles_never_fall_below_zero(tier: str):
    """The placeholder of 1.0 percent sulfur for Tier 3 is not applied."""
    mass = kilograms(engines(tier=tier, hours=10.0, model_year=2024))
    assert mass["PM10"] > 0
    if tier == "Tier 3":
        used = 10 / 10_000
        assert mass["PM10"] == pytest.approx(5 * PER_HP_HOUR * 0.064 * (1 + 0.473 * used))


def test_carbon_and_sulfur_follow_the_fuel():
    """CO2 = (fuel - THC) x 0.87 x 44/12, SO2 = (fuel x (1 - c) - THC) x 15 ppm x 2."""
    mass = kilograms(engines())
    assert mass["CO2"] == pytest.approx((mass["fuel:diesel"] - mass["THC"]) * 0.87 * 44 / 12)
    burnt = mass["fuel:diesel"] * (1 - 0.02247) - mass["THC"]
    assert mass["SOx"] == pytest.approx(burnt * 15e-6 * 2)
    more = kilograms(engines(), EPA.with_options(marine_diesel_sulfur_ppm="500"))
    assert more["SOx"] == pytest.approx(mass["SOx"] * 500 / 15)


def test_renewable_diesel_has_biogenic_carbon_on_its_own_line():
    fossil, renewable = kilograms(engines()), kilograms(engines(fuel="renewable_diesel"))
    assert renewable["CO2_biogenic"] == pytest.approx(fossil["CO2"])
    assert "CO2" not in renewable
    assert renewable["NOx"] == pytest.approx(fossil["NOx"])


def test_the_load_factor_of_a_tug_is_a_named_choice():
    """EPA 0.50, California 0.31: 38 percent apart; a load of its own comes first."""
    work = work_rows(engines(), year=2024, method=EPA)["quantity"].sum()
    carb = EPA.with_options(harbor_craft_load_factors="carb")
    assert work == pytest.approx(500_000)
    assert work_rows(engines(), year=2024, method=carb)["quantity"].sum() == pytest.approx(310_000)
    assert work_rows(engines(load_factor=0.2), year=2024, method=carb)["quantity"].sum() == pytest.approx(
        200_000
    )


@pytest.mark.parametrize(("role", "load"), [("auxiliary", 0.43), ("winch", 0.43), ("propulsion", 0.5)])
def test_pumps_and_winches_count_as_auxiliaries(role: str, load: float):
    rows = work_rows(engines(role=role), year=2024, method=EPA)
    assert rows["load_factor"].unique() == [load]
    assert set(rows["provenance"]) == {"default"}


def test_a_craft_without_a_load_factor_of_its_own_is_refused():
    with pytest.raises(FactorMissing, match=r"load_factor for\n.*craft_type=dredge") as refused:
        work_rows(engines(craft_type="dredge", craft_id="Mudlark"), year=2024, method=EPA)
    told = str(refused.value)
    assert "Mudlark/" in told, "the craft is named"
    assert "Write load_factor" in told
    assert "harbor_craft_load_factors = carb" in told


@pytest.mark.parametrize(
    ("model_year", "cylinder_l", "power_kw", "tier"),
    [
        (1985, None, 1000, "Tier 0"),
        (2004, None, 500, "Tier 0"),  # Tier 2 below 0.9 liters from 2005 only
        (2006, None, 500, "Tier 1"),  # Tier 2 from 2005 or 2007 by displacement
        (2006, 1.5, 500, "Tier 2"),
        (2005, 3.0, 500, "Tier 1"),
        (2013, None, 500, "Tier 2"),
        (2014, None, 500, "Tier 3"),
        (2012, 0.8, 500, "Tier 3"),
        (2020, None, 1000, "Tier 4"),
    ],
)
def test_a_cleaner_tier_is_never_presumed(
    model_year: int, cylinder_l: float | None, power_kw: int, tier: str
):
    """40 CFR 1042, Appendix I and section 1042.101, by first model years."""
    table = pd.DataFrame(
        {"category": "C1", "cylinder_l": [cylinder_l], "power_kw": power_kw, "model_year": model_year}
    ).astype({"cylinder_l": float})
    found, assumed = tiers(table, EPA)
    assert found.tolist() == [tier]
    assert assumed.all()


def test_a_certificate_comes_before_the_model_year():
    rows = work_rows(engines(model_year=2020, tier="Tier 3", load_factor=0.5), year=2024, method=EPA)
    assert set(rows["tier_or_model_year"]) == {"Tier 3"}
    assert set(rows["provenance"]) == {"given"}


@pytest.mark.parametrize("change", [{"category": "C2"}, {"tier": "Tier 4"}, {"cylinder_l": 9.0}])
def test_engines_that_the_proxy_lacks_ask_for_a_table(change: dict[str, object]):
    with pytest.raises(FactorMissing, match=r"(?s)no Tier 4 above 100 hp.*harbor_craft\.emission_factors"):
        kilograms(engines(**change))


def test_small_tier_4_engines_have_rows():
    assert kilograms(engines(tier="Tier 4", power_kw=50.0))["NOx"] > 0


OWN = """category,tier,hp_gt,hp_le
C2,Tier 2,0,,NOx,8.33,g/kWh
C2,Tier 2,0,,CO,1.1,g/kWh
C2,Tier 2,0,,THC,0.13,g/kWh
C2,Tier 2,0,,PM10,0.31,g/kWh
C2,Tier 2,0,,BSFC,213,g/kWh"""


def test_a_table_of_the_ports_own_is_preferred_and_taken_as_it_is(tmp_path: Path):
    method = own_table(tmp_path, OWN)
    mass = kilograms(engines(category="C2"), method)
    assert mass["NOx"] == pytest.approx(500_000 * 8.33 / 1000)
    assert mass["PM10"] == pytest.approx(500_000 * 0.31 / 1000)
    # The engines it does not list keep the proxy, and say so.
    assert kilograms(engines(), method)["NOx"] == pytest.approx(kilograms(engines())["NOx"])
    both = pd.concat([engines(), engines(engine_id="2", category="C2")], ignore_index=True)
    rows = work_rows(both, year=2024, method=method)
    assert proxied(rows, method).tolist() == (rows["category"] == "C1").tolist()


def test_a_table_of_the_ports_own_may_bring_its_deterioration(tmp_path: Path):
    more = "\n".join(f"C2,Tier 2,0,,{p}_deterioration,0.1,fraction" for p in ("NOx", "CO", "THC", "PM10"))
    mass = kilograms(engines(category="C2", useful_life=30.0), own_table(tmp_path, f"{OWN}\n{more}"))
    assert mass["NOx"] == pytest.approx(500_000 * 8.33 * (1 + 0.1 * 15 / 30) / 1000)


ZERO_HOUR = """role,hp_gt,hp_le,model_year_from
propulsion,250,,1900,NOx,10,g/hp-hr
propulsion,250,,2000,NOx,5,g/hp-hr
propulsion,250,,2000,CO,1,g/hp-hr
propulsion,250,,2000,THC,0.2,g/hp-hr
propulsion,250,,2000,PM10,0.15,g/hp-hr
propulsion,250,,2000,BSFC,184,g/hp-hr"""


def test_californias_form_by_hand(tmp_path: Path):
    """EF = ZH (1 + DF age / useful life) FCF: 5 x (1 + 0.21 x 14/21) x 0.948; PM 0.67 and 0.8."""
    method = own_table(tmp_path, ZERO_HOUR, "zero_hour")
    mass = kilograms(engines(), method)
    work = 500 * PER_HP_HOUR
    assert mass["NOx"] == pytest.approx(work * 5 * (1 + 0.21 * 14 / 21) * 0.948)
    assert mass["PM10"] == pytest.approx(work * 0.15 * (1 + 0.67 * 14 / 21) * 0.8)
    assert mass["CO"] == pytest.approx(work * 1.0 * (1 + 0.25 * 14 / 21))
    plain = method.with_options(harbor_craft_fuel_correction="none", harbor_craft_deterioration="none")
    assert kilograms(engines(), plain)["NOx"] == pytest.approx(work * 5)
    assert not proxied(work_rows(engines(), year=2024, method=method), method).any()


def test_californias_form_needs_its_roles(tmp_path: Path):
    with pytest.raises(FactorMissing, match="role=auxiliary"):
        kilograms(engines(role="pump"), own_table(tmp_path, ZERO_HOUR, "zero_hour"))


def test_work_outside_the_domain_is_kept_apart():
    rows = work_rows(engines(in_domain_share=0.25), year=2024, method=EPA)
    by = rows.groupby("in_domain")["quantity"].sum()
    assert by[True] == pytest.approx(125_000)
    assert by[False] == pytest.approx(375_000)


def test_electric_craft_draw_what_their_meter_says_and_burn_nothing():
    mass = kilograms(engines(fuel="electric", kwh_metered=42_000.0, tier=""))
    assert mass.to_dict() == {"electricity": pytest.approx(42_000.0)}
    rows = work_rows(engines(fuel="electric", tier=""), year=2024, method=EPA)
    assert set(rows["technology"]) == {"electric_unmetered"}


def test_useful_life_by_years_where_given():
    assert life_used([3.0], [12.0]).tolist() == [0.25]
    rows = work_rows(engines(useful_life=30.0), year=2024, method=EPA)
    assert rows["life_used"].unique() == pytest.approx([15 / 30])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fuel": "coal"}, "fuel is not among diesel"),
        ({"model_year": 2030}, "model_year is after 2025"),
        ({"hours": -1.0}, "hours are missing or negative"),
        ({"power_kw": 0.0}, "power_kw is missing or not positive"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], words: str):
    with pytest.raises(ValueError, match=words):
        work_rows(engines(**change), year=2024, method=EPA)
    with pytest.raises(ValueError, match="column hours is missing"):
        work_rows(engines().drop(columns="hours"), year=2024, method=EPA)


def test_bins_are_open_below_and_closed_above():
    assert power_bin([300.0, 300.1, 5000.0], EPA).tolist() == ["250-300 hp", "300-600 hp", "1200-inf hp"]
    with pytest.raises(ValueError, match="power must be above 0"):
        power_bin([0.0], EPA)


@settings(max_examples=10)
@given(st.floats(1, 4000), st.floats(30, 3000), st.sampled_from(["tug", "towboat", "pilot_boat"]))
def test_twice_the_engines_twice_the_mass(hours: float, power: float, craft: str):
    one = kilograms(engines(hours=hours, power_kw=power, craft_type=craft))
    two = kilograms(engines(hours=hours, power_kw=power, craft_type=craft, count=2))
    assert two.to_numpy() == pytest.approx(2 * one.to_numpy())


@settings(max_examples=10)
@given(st.floats(30, 4000), st.integers(2015, 2024))
def test_a_cleaner_tier_never_emits_more_nox(power: float, year: int):
    order = ["Tier 0", "Tier 1", "Tier 2", "Tier 3"]
    nox = [kilograms(engines(tier=tier, power_kw=power, model_year=year))["NOx"] for tier in order]
    assert (np.diff(nox) <= 1e-9).all()


@settings(max_examples=10)
@given(st.floats(0, 1))
def test_months_and_domain_add_up(share: float):
    rows = work_rows(engines(in_domain_share=share), year=2024, method=EPA)
    assert rows["quantity"].sum() == pytest.approx(500_000)
    assert set(rows["month"]) == set(range(1, 13))
