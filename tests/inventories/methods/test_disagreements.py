"""Where published sources disagree, and what each method makes of it: the rows that no other test pins.

What other tests hold, by the numbers that differ:

* ships: low-load factors of SO2 and CO2, floor, margins, fuel rates, boilers, loads at berth, gas tankers of
  guidance and package, LNG's heating value (``tests/inventories/work/ships/test_ship_methods.py``);
* equipment: load factors, age of a new engine, deterioration, in use against certified, diesel against
  electric (``tests/emissions/test_equipment_choices.py``, ``tests/factors/recipes/test_equipment_carb.py``);
* trucks: rates, wear, sulfur, energy of EMFAC and MOVES (``tests/emissions/test_truck_rates.py``);
* locomotives: work per gallon of each service (``tests/emissions/test_locomotives.py``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from emissions import electricity, engines, locomotives
from emissions.mass import row_mass
from emissions.propulsion import propulsion_loads
from emissions.vessels import tier_at_load
from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.tables import load_table
from factors.units import conversion
from factors.warming import warming_potentials
from inventories.work.ships.gaps import fill_ships

METHODS = {name: load_method(name) for name in ("epa-2022", "shipef-0.2", "spbp-partial", "imo-ghg4")}
EPA, SHIPEF, SPBP, IMO = METHODS.values()
SHIPS = "ocean_going_vessels"
POUND = conversion("lb", "kg")


def grams(method: Method, **keys: Any) -> pd.Series:
    """Grams of one kilowatt-hour of a slow-speed engine of Tier I on distillate, but for what is said."""
    row = {"engine_group": "propulsion", "engine_type": "SSD", "tier": "Tier 1", "fuel": "MGO/MDO",
           "sulfur_pct": 0.1, "area_sulfur_pct": 0.1, "load_factor": 1.0, "quantity": 1.0,
           "engine_age": "after_2000"}  # fmt: skip
    rows = pd.DataFrame([row | keys])
    class_id, classes = resolve(SHIPS, rows, method)
    return row_mass(rows, class_id, classes).sum() * 1000


def at_two_percent(method: Method, **keys: Any) -> pd.Series:
    """Masses at 2 % load over those at full load, of a fuel rate that is the same at all loads."""
    flat = method.with_options(load_fuel_rate="off")
    low, full = grams(flat, **keys, load_factor=0.02), grams(flat, **keys)
    return low[full > 0] / full[full > 0]


# --- low load ---


@pytest.mark.parametrize("engine", ["ST", "GT"])
@pytest.mark.parametrize(
    ("name", "nox"), [("epa-2022", 1), ("shipef-0.2", 4.63), ("spbp-partial", 1), ("imo-ghg4", 1)]
)
def test_turbines_take_the_diesels_low_load_factor_in_epas_code_alone(
    engine: str, name: str, nox: float
) -> None:
    ratio = at_two_percent(METHODS[name], engine_type=engine, tier="Tier 0")
    assert ratio["NOx"] == pytest.approx(nox, abs=0.005)


@pytest.mark.parametrize("name", METHODS)
def test_gas_engines_take_the_diesels_low_load_factor_in_epas_code_alone(name: str) -> None:
    gas = {"engine_type": "LNG", "fuel": "LNG", "tier": "Tier 0", "cycle": "otto_medium_speed"}
    expected = 4.63 if name == "shipef-0.2" else 1.0
    assert at_two_percent(METHODS[name], **gas)["NOx"] == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("name", METHODS)
def test_electric_drive_has_no_low_load_factor_in_any_method(name: str) -> None:
    """2 % of the shafts and 18 % for all else on board are 80 % of one of four generators."""
    ratio = at_two_percent(METHODS[name], engine_type="MSD-ED", tier="Tier 2", hotel_share=0.18)
    # Black carbon has a load curve of its own, which is no low-load factor.
    assert ratio.drop("BC", errors="ignore").to_numpy() == pytest.approx(1.0)


@pytest.mark.parametrize("name", METHODS)
def test_hydrocarbons_gases_and_particles_follow_their_own_curves(name: str) -> None:
    """At 2 % load: NOx 4.63, CO 9.68; VOC and CH4 as HC, 21.18; PM2.5 and DPM as PM10, 7.29."""
    ratio = at_two_percent(METHODS[name])
    printed = {
        "NOx": 4.63,
        "CO": 9.68,
        "HC": 21.18,
        "VOC": 21.18,
        "CH4": 21.18,
        "PM10": 7.29,
        "PM2.5": 7.29,
        "DPM": 7.29,
    }
    for pollutant, factor in printed.items():
        assert ratio[pollutant] == pytest.approx(factor, abs=0.005), pollutant


@pytest.mark.parametrize(
    ("name", "factor"), [("epa-2022", 1.0), ("shipef-0.2", None), ("spbp-partial", 4.63), ("imo-ghg4", 1.0)]
)
def test_nitrous_oxide_at_low_load(name: str, factor: float | None) -> None:
    """As it is at EPA, not estimated in EPA's code, with NOx in San Pedro Bay (unverified)."""
    ratio = at_two_percent(METHODS[name])
    if factor is None:
        assert "N2O" not in ratio
    else:
        assert ratio["N2O"] == pytest.approx(factor, abs=0.005)


@pytest.mark.parametrize("name", METHODS)
def test_black_carbon_has_its_own_load_curve_at_epa_and_is_not_estimated_elsewhere(name: str) -> None:
    own = grams(METHODS[name], load_factor=0.25)
    if name == "epa-2022":
        assert own["BC"] > 0
        assert "BC" not in grams(EPA.with_options(black_carbon="NE"), load_factor=0.25)
    else:
        assert "BC" not in own


@pytest.mark.parametrize(
    ("name", "tier"), [("epa-2022", 3), ("shipef-0.2", 2), ("spbp-partial", 3), ("imo-ghg4", 3)]
)
def test_electric_drive_of_tier_three_reverts_below_a_quarter_of_its_power_in_epas_code_alone(
    name: str, tier: int
) -> None:
    """Elsewhere the load is that of the generators that run: 20 % of the shaft is 80 % of one of four."""
    reverts = METHODS[name].option("tier3_electric_drive") == "reverts"
    drive = pd.Series(["MSD-ED"])
    assert tier_at_load(np.array([3]), np.array([0.2]), drive, METHODS[name]).tolist() == [tier]
    # A main engine that drives its propeller reverts in all; at exactly a quarter none does.
    assert engines.tier_at_load([3, 3], [0.2, 0.25], [False, False], electric_reverts=reverts).tolist() == [
        2,
        3,
    ]


# --- power, speed and fuel rate ---


@pytest.mark.parametrize(
    ("name", "load"),
    [("epa-2022", 0.0699), ("shipef-0.2", 0.0699), ("spbp-partial", 0.0699), ("imo-ghg4", 0.0)],
)
def test_a_main_engine_below_seven_percent_is_off_at_imo_alone(name: str, load: float) -> None:
    leg = pd.DataFrame(
        {"speed_kn": [10.0], "max_speed_kn": 24.0, "main_kw": 40_000.0, "mode": "transit",
         "mean_load": 0.0699, "draught_ratio": 1.0, "ghg4_weather": 0.867, "ghg4_correction": 1.0}
    )  # fmt: skip
    assert propulsion_loads(leg, METHODS[name])[0][0] == pytest.approx(load)
    above = propulsion_loads(leg.assign(mean_load=0.0701), METHODS[name])[0][0]
    assert above == pytest.approx(0.0701)


@pytest.mark.parametrize("name", ["epa-2022", "spbp-partial", "imo-ghg4"])
def test_every_method_takes_the_service_speed_over_094_for_the_greatest(name: str) -> None:
    """EPA's ratio; 1.066 of a rating sheet and the design speed of the IMO study are taken by none."""
    ship = pd.DataFrame(
        [{"vessel_id": "1", "type": "container", "size": 9000, "size_unit": "TEU", "main_kw": 40_000.0,
          "service_speed_kn": 20.0, "engine_type": "SSD"}]
    )  # fmt: skip
    speed = fill_ships(ship, METHODS[name]).attributes["max_speed_kn"].iloc[0]
    assert speed == pytest.approx(20 / 0.94)


@pytest.mark.parametrize(
    ("name", "rises"),
    [("epa-2022", False), ("shipef-0.2", False), ("spbp-partial", False), ("imo-ghg4", True)],
)
def test_the_fuel_rate_follows_the_load_at_imo_alone(name: str, rises: bool) -> None:
    """0.455 L^2 - 0.71 L + 1.28: at half load 1.03875 for 1.025 at full load."""
    flat = METHODS[name].with_options(llaf_co2="none", llaf_so2="none")
    ratio = grams(flat, load_factor=0.5)["fuel:MGO"] / grams(flat)["fuel:MGO"]
    assert ratio == pytest.approx(1.03875 / 1.025 if rises else 1.0)


@pytest.mark.parametrize("name", METHODS)
def test_boilers_burn_300_grams_a_kilowatt_hour_and_320_at_imo(name: str) -> None:
    boiler = {"engine_group": "boiler", "engine_type": "Boiler", "tier": "Tier 0", "load_factor": np.nan}
    assert grams(METHODS[name], **boiler)["fuel:MGO"] == pytest.approx(320 if name == "imo-ghg4" else 300)


def test_the_share_of_fine_particles_in_older_tables_is_kept_and_taken_by_no_method() -> None:
    """0.92 of distillate, 0.80 of residual fuel in the older table; 0.97 of a life-cycle file is not here."""
    table = load_table("starcrest-ghg3", "ef_baseline").frame
    rows = table[(table["engine_type"] == "SSD") & (table["tier"] == "Tier 1")]
    wide = rows.pivot_table(index="fuel", columns="quantity", values="value")
    assert wide.loc["HFO", "PM2.5"] / wide.loc["HFO", "PM10"] == pytest.approx(0.80)
    assert wide.loc["MDO", "PM2.5"] / wide.loc["MDO", "PM10"] == pytest.approx(0.92, abs=0.005)
    for method in METHODS.values():
        for fuel, sulfur in (("MGO/MDO", 0.1), ("RM/HFO", 0.5)):
            mass = grams(method, fuel=fuel, sulfur_pct=sulfur, area_sulfur_pct=sulfur)
            assert mass["PM2.5"] / mass["PM10"] == pytest.approx(0.92)


# --- NOx of auxiliaries, and gas ---


@pytest.mark.parametrize("name", METHODS)
def test_auxiliary_nox_is_that_of_2022_and_not_the_swapped_print_of_2020(name: str) -> None:
    """Medium speed 13.8, 12.2, 10.5, 2.6; high speed 10.9, 9.8, 7.7, 2.0 g/kWh."""
    for engine, printed in (("MSD", (13.8, 12.2, 10.5, 2.6)), ("HSD", (10.9, 9.8, 7.7, 2.0))):
        keys = {"engine_group": "auxiliary", "engine_type": engine, "load_factor": np.nan}
        found = [grams(METHODS[name], **keys, tier=f"Tier {tier}")["NOx"] for tier in range(4)]
        assert found == pytest.approx(list(printed))


@pytest.mark.parametrize(
    ("cycle", "imo", "fueleu_pct"),
    [("otto_medium_speed", 5.5, 3.1), ("otto_low_speed", 2.5, 1.7), ("diesel_high_pressure", 0.2, 0.2)],
)
def test_methane_slip_of_each_cycle_by_each_source(cycle: str, imo: float, fueleu_pct: float) -> None:
    """Grams per kWh of the Fourth IMO study, percent of the fuel in FuelEU, none in EPA's code."""
    gas = {"engine_type": "LNG", "fuel": "LNG", "tier": "Tier 2", "cycle": cycle}
    for method in (EPA, SPBP, IMO):
        assert grams(method, **gas)["CH4"] == pytest.approx(imo)
    european = grams(EPA.with_options(slip="fueleu"), **gas)
    assert european["CH4"] == pytest.approx(166 * fueleu_pct / 100)
    assert "CH4" not in grams(SHIPEF, **gas)
    # EPA's code leaves the carbon of the slip in its CO2; the others take it off.
    assert grams(SHIPEF, **gas)["CO2"] == pytest.approx(2.75 * 166)
    assert grams(EPA, **gas)["CO2"] == pytest.approx(2.75 * (166 - imo))


def test_a_gas_tanker_called_100_000_has_240_kilowatts_in_the_guidance_and_1710_in_older_tables() -> None:
    """Table E.1 against the bin of 50,000 to 200,000 of the Third IMO study, as deadweight in the package."""
    ship = pd.DataFrame(
        [{"vessel_id": "1", "type": "liquefied_gas_tanker", "size": 80_000, "size_unit": "CBM",
          "main_kw": 20_000.0, "max_speed_kn": 18.0, "engine_type": "ST"}]
    )  # fmt: skip
    found = {}
    for load_set, unit in (
        ("epa_appendix_e", "CBM"),
        ("shippower", "CBM"),
        ("shippower", "DWT"),
        ("imo_ghg4", "CBM"),
    ):
        method = EPA.with_options(load_set=load_set)
        loads = fill_ships(ship.assign(size_unit=unit), method).loads.set_index("mode")
        found[load_set, unit] = loads.loc["hotelling", "auxiliary_kw"]
    assert found["epa_appendix_e", "CBM"] == 240
    assert found["shippower", "DWT"] == 1710
    assert found["imo_ghg4", "CBM"] == 1700


@pytest.mark.parametrize(
    ("gwp_set", "methane", "oxide"), [("AR4", 25, 298), ("AR5", 28, 265), ("AR6", 27.9, 273)]
)
def test_warming_potentials_by_set(gwp_set: str, methane: float, oxide: float) -> None:
    """FuelEU has those of AR4; FEEMS, after it, 27 (of methane that is not fossil) and 273 of AR6."""
    found = warming_potentials(gwp_set)
    assert (found["CH4"], found["N2O"]) == (methane, oxide)
    assert all(method.gwp_set == "AR5" for method in METHODS.values())


def test_methane_of_the_sixth_assessment_by_origin() -> None:
    table = load_table("gwp", "gwp")
    asked = pd.DataFrame({"gwp_set": ["AR6"], "horizon": [100]})
    assert table.find(asked, "CH4_nonfossil").value.tolist() == [27.0]
    assert table.find(asked, "CH4_fossil").value.tolist() == [29.8]


# --- locomotives ---


def test_per_gallon_co2_so2_and_ammonia_of_two_sets_of_line_haul_rates() -> None:
    """EPA-420-F-09-025 at 15 ppm: 10,084.14, 0.0933, 0.0830 g/gal; the inventory of 2020 is up to 1 % off."""
    bought = pd.DataFrame({"kind": ["line_haul"], "tier": "Tier 2", "fuel_gal": 1.0, "month": 7})

    def per_gallon(**options: str) -> pd.Series:
        method = EPA.with_options(**options)
        rows = locomotives.work_rows(bought, year=2020, method=method)
        class_id, classes = resolve("locomotives", rows, method)
        return row_mass(rows, class_id, classes).sum() * 1000

    sheet, inventory = per_gallon(), per_gallon(line_haul_rates="nei_2020")
    assert sheet["CO2"] == pytest.approx(2778 * 0.99 * 44 / 12)
    assert sheet["SOx"] == pytest.approx(0.0933, abs=5e-5)
    assert sheet["NH3"] == pytest.approx(0.0830, abs=5e-5)
    assert inventory["NH3"] == pytest.approx(0.0833, abs=5e-5)
    for pollutant in ("CO2", "SOx", "NH3"):
        assert 1e-4 < abs(inventory[pollutant] / sheet[pollutant] - 1) < 0.011, pollutant
    for pollutant in ("NOx", "PM2.5", "CO"):
        assert inventory[pollutant] == pytest.approx(sheet[pollutant], rel=1e-5), pollutant


# --- the grid: four kinds of rate for California ---

CAISO = "CAISO (MidCase)"


def per_mwh(**options: str) -> pd.Series:
    method = EPA.with_options(**options)
    taken = pd.DataFrame({"use": ["cranes"], "quantity": [1000.0], "month": [1]})
    rows = electricity.work_rows(taken, method)
    class_id, classes = resolve("electricity", rows, method)
    return row_mass(rows, class_id, classes).iloc[0]


def test_average_marginal_and_projected_rates_of_california_differ_by_two_and_more() -> None:
    """CO2 of a megawatt-hour: 527.9 lb on average in 2016, 1036 lb at the margin, 187 kg projected."""
    average = per_mwh(grid_region="CAMX", grid_year="2016")["CO2"]
    marginal = per_mwh(grid_kind="marginal", grid_region="California (AVERT region)", grid_year="2024")
    projected = per_mwh(grid_kind="projected", grid_region=CAISO, grid_year="2025", grid_projected_at="meter")
    assert average == pytest.approx(527.9 * POUND, rel=1e-4)
    assert marginal["CO2"] == pytest.approx(1036 * POUND, rel=1e-3)
    assert marginal["SOx"] == pytest.approx(0.046 * POUND, rel=0.02)
    assert marginal["PM2.5"] == pytest.approx(0.042 * POUND, rel=0.02)
    assert projected["CO2"] == pytest.approx(186.7)
    assert marginal["CO2"] / projected["CO2"] > 2


@pytest.mark.parametrize(("year", "value"), [(2025, 254), (2030, 184), (2035, 70), (2045, 28)])
def test_projected_rates_with_precombustion_are_a_row_of_their_own(year: int, value: float) -> None:
    """254, 184, 70 and 28 kg CO2e/MWh hold the fuel's way to the station; combustion alone is less."""
    table = load_table("grid", "rates").frame
    rows = table[
        (table["region"] == CAISO) & (table["year"] == year) & (table["rate_type"] == "long-run marginal")
    ]
    rates = rows.set_index(["qualifier", "quantity"])["value"]
    assert rates["with precombustion", "CO2e"] == pytest.approx(value, abs=0.5)
    assert rates["combustion only", "CO2"] < value
    with pytest.raises(MethodError, match="there are combustion only"):
        per_mwh(
            grid_kind="projected", grid_region=CAISO, grid_year=str(year), grid_qualifier="with precombustion"
        )


@pytest.mark.parametrize(
    ("year", "value", "unit", "co2"),
    [(2022, 0.226469, "kg/kWh", 497.443), (2023, 429.98, "lb/MWh", 428.464)],
)
def test_second_hand_averages_of_co2e_are_kept_and_no_build_takes_them_for_co2(
    year: int, value: float, unit: str, co2: float
) -> None:
    """CO2 of eGRID itself is what is taken of these years. [lb/MWh]"""
    table = load_table("grid", "rates").frame
    rows = table[(table["region"] == "CAMX") & (table["year"] == year) & (table["quantity"] == "CO2e")]
    assert rows[["value", "unit"]].to_numpy().tolist() == [[value, unit]]
    assert per_mwh(grid_region="CAMX", grid_year=str(year))["CO2"] == pytest.approx(co2 * POUND)


def test_a_flat_change_of_demand_holds_the_line_losses_that_wind_power_does_not() -> None:
    """AVERT 2024: Uniform EE is per retail megawatt-hour; over wind about 1.095 = 1 / (1 - 0.0867)."""
    table = load_table("grid", "rates").frame
    rows = table[
        (table["region"] == "California (AVERT region)")
        & (table["year"] == 2024)
        & (table["quantity"] == "CO2")
    ]
    rates = rows.set_index("qualifier")["value"]
    assert rates["Uniform EE"] / rates["Onshore Wind"] == pytest.approx(1 / (1 - 0.0867), rel=0.01)


def test_life_cycle_rates_of_the_hours_of_2020() -> None:
    """42.5 to 134.6 g CO2e/MJ, for fuel pathways alone."""
    table = load_table("grid", "life_cycle_by_hour").frame
    values = table.loc[table["year"] == 2020, "value"]
    assert len(values) == 24
    assert (values.min(), values.max()) == (42.5, 134.6)
