"""Factors of drayage trucks: rates, ages outside the edition, idle units, zero-emission trucks."""

from __future__ import annotations

import pandas as pd
import pytest

from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.tables import FactorMissing, load_table
from factors.terms import FactorClasses, TermBuilder
from factors.units import UnitError

SOURCE = "heavy_duty_vehicles"
METHOD = load_method("epa-2022")
HELD = METHOD.with_options(outside_edition="hold_by_age")


def truck(**keys: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "process_set": "running",
        "emfac_category": "T7 POLA",
        "fuel": "diesel",
        "technology": "",
        "season": "summer",
        "model_year": 2014,
        "calendar_year": 2020,
        "speed_bin_mph": 40,
    }
    return usual | keys


def resolved(method: Method = METHOD, *trucks: dict[str, object]) -> FactorClasses:
    return resolve(SOURCE, pd.DataFrame(list(trucks) or [truck()]), method)[1]


def grams(classes: FactorClasses, pollutant: str, process: str) -> float:
    """Factor of the only class, in g per mile, vehicle-day or hour."""
    mine = (classes.components["pollutant"] == pollutant) & (classes.components["process"] == process)
    return float(classes.matrix[0, mine.to_numpy()].sum() * 1000)


def printed(table: str, quantity: str, **keys: object) -> float:
    frame = load_table("emfac2017", table).frame
    for name, value in {"quantity": quantity, **keys}.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return float(frame["value"].iloc[0])


T7_2014 = {"emfac_category": "T7 POLA", "season": "summer", "model_year": 2014, "fuel": "Diesel"}


def test_a_mile_emits_the_printed_grams() -> None:
    classes = resolved()
    for pollutant in ("NOx", "SOx", "PM10", "PM2.5", "CO", "CO2", "CH4", "N2O", "ROG", "TOG"):
        expected = printed("running", pollutant, speed_bin_mph=40, **T7_2014)
        assert grams(classes, pollutant, "exhaust") == pytest.approx(expected, rel=1e-12)
    assert grams(classes, "PM10", "brake") == pytest.approx(0.06174, rel=1e-6)
    assert grams(classes, "PM10", "tyre") == pytest.approx(0.036, rel=1e-6)
    assert grams(classes, "PM2.5", "brake") == pytest.approx(0.02646, rel=1e-6)
    assert grams(classes, "PM2.5", "tyre") == pytest.approx(0.009, rel=1e-6)


def test_dpm_is_the_exhaust_pm10_of_diesels_and_never_wear() -> None:
    for process_set, process in (("running", "exhaust"), ("idle_day", "idle")):
        speed = 40 if process_set == "running" else 0
        classes = resolved(METHOD, truck(process_set=process_set, speed_bin_mph=speed))
        assert grams(classes, "DPM", process) == grams(classes, "PM10", process) > 0
    components = classes.components
    assert set(components.loc[components["pollutant"] == "DPM", "process"]) <= {"exhaust", "idle"}


def test_diesel_burnt_holds_the_carbon_of_its_co2() -> None:
    """42.869 kJ/g and 0.02022 g C/kJ (MOVES5, nrfuelsubtype): 3.178 g of CO2 a gram."""
    classes = resolved()
    co2_per_fuel = grams(classes, "CO2", "exhaust") / grams(classes, "fuel:diesel", "exhaust")
    assert co2_per_fuel == pytest.approx(42.869 * 0.02022 * 44 / 12, rel=1e-12)


def test_sulfur_out_is_that_of_ultra_low_sulfur_diesel() -> None:
    """SO2 = 2 x sulfur x fuel gives back a sulfur content below California's 15 ppm."""
    classes = resolved()
    sulfur = grams(classes, "SOx", "exhaust") / 2 / grams(classes, "fuel:diesel", "exhaust")
    assert 5e-6 < sulfur < 16e-6


# ------------------------------------------------------------------------------------------- idle


def test_grams_per_vehicle_day_times_hours_are_refused() -> None:
    classes = pd.DataFrame([truck(process_set="idle_hour", quantity_kind="duration", coverage_group="idle")])
    rate = METHOD.table(SOURCE, "idle").find(classes.replace({"fuel": {"diesel": "Diesel"}}), "NOx")
    with pytest.raises(UnitError, match=r"g/vehicle/day times duration in h"):
        TermBuilder(classes).add("NOx", "idle", rate)
    with pytest.raises(UnitError):
        rate.to("g/h")


def test_idle_of_a_vehicle_day_is_emfacs_own() -> None:
    classes = resolved(METHOD, truck(process_set="idle_day", speed_bin_mph=0))
    assert classes.classes["quantity_kind"].tolist() == ["vehicle_day"]
    assert grams(classes, "NOx", "idle") == pytest.approx(printed("idle", "NOx", **T7_2014), rel=1e-12)


def test_idle_by_the_hour_keeps_emfacs_ratio_to_co2() -> None:
    method = METHOD.with_options(idle_rate="emfac_ratio", idle_co2_g_per_h="8000")
    classes = resolved(method, truck(process_set="idle_hour", speed_bin_mph=0))
    assert grams(classes, "CO2", "idle") == pytest.approx(8000, rel=1e-12)
    # By hand: 36.7069 / 7921.08 x 8000 = 37.07 g/h.
    assert grams(classes, "NOx", "idle") == pytest.approx(37.07, abs=0.005)


@pytest.mark.parametrize("given", ["", "-1", "much"])
def test_idle_by_the_hour_wants_the_ports_own_co2(given: str) -> None:
    method = METHOD.with_options(idle_rate="emfac_ratio", idle_co2_g_per_h=given)
    with pytest.raises(MethodError, match=r"idle_co2_g_per_h.*needs a number above 0"):
        resolved(method, truck(process_set="idle_hour", speed_bin_mph=0))


def test_hours_are_shown_but_not_valued_again_beside_vehicle_days() -> None:
    rows = truck(process_set="idle_hour", speed_bin_mph=0), truck()
    classes = resolved(METHOD.with_options(idle_rate="vehicle_day"), *rows)
    hours = classes.classes.index[classes.classes["process_set"] == "idle_hour"]
    assert not classes.terms["class_id"].isin(hours).any()
    stated = classes.coverage[classes.coverage["coverage_group"] == "idle_hours_included"]
    assert stated.set_index("pollutant").loc["NOx", "state"] == "IE"
    assert not set(stated["state"]) & {"value", "zero"}


# --------------------------------------------------------------------------------------------- VOC


def test_voc_is_rog_by_the_definition_of_the_state_whose_rates_they_are() -> None:
    classes = resolved()
    assert grams(classes, "VOC", "exhaust") == grams(classes, "ROG", "exhaust") > 0
    terms = classes.terms[classes.terms["pollutant"] == "VOC"]
    assert terms["note"].str.contains("ROG is VOC by California's definition").all()
    idle = resolved(METHOD, truck(process_set="idle_day", speed_bin_mph=0))
    assert grams(idle, "VOC", "idle") == pytest.approx(printed("idle", "ROG", **T7_2014), rel=1e-12)


@pytest.mark.parametrize(("model_year", "ratio"), [(2008, 0.55197 / (0.55197 + 0.589)),
                                                   (2014, 0.6727 / (0.6727 + 0.38))])  # fmt: skip
def test_voc_by_epas_ratio_is_the_part_of_tog_that_is_not_methane(model_year: int, ratio: float) -> None:
    """MOVES5: NMOG/THC 0.55197 and CH4/THC 0.589 of model years 2007 to 2009; 0.6727 and 0.38 from 2010."""
    classes = resolved(METHOD.with_options(truck_voc="nmog"), truck(model_year=model_year))
    tog = printed("running", "TOG", speed_bin_mph=40, **(T7_2014 | {"model_year": model_year}))
    assert grams(classes, "VOC", "exhaust") == pytest.approx(tog * ratio, rel=1e-5)
    said = classes.terms.loc[classes.terms["pollutant"] == "VOC", "note"]
    assert said.str.contains("holds ethane and acetone").all()


def test_epas_ratios_are_of_diesel_and_leave_gas_trucks_without_voc() -> None:
    gas = METHOD.with_options(natural_gas="swcv_proxy", truck_voc="nmog")
    classes = resolved(gas, truck(fuel="natural_gas", model_year=2014))
    assert "VOC" not in set(classes.components["pollutant"])
    stated = classes.coverage.query(
        "coverage_group == 'natural_gas_proxy_running' and process == 'exhaust' and pollutant == 'VOC'"
    )
    assert stated["state"].tolist() == ["NE"]
    assert "truck_voc = nmog" in stated["rule"].iloc[0]


# ----------------------------------------------------------------------------- outside the edition


def test_another_calendar_year_stops_and_names_the_way_out() -> None:
    with pytest.raises(
        FactorMissing, match=r"calendar year 2020; 1 model years are asked for in 2023.*hold_by_age"
    ):
        resolved(METHOD, truck(calendar_year=2023))


def test_an_unknown_model_year_stops_and_names_the_nearest_keys() -> None:
    with pytest.raises(FactorMissing, match=r"model_year=2007.*model_year may be 2008"):
        resolved(METHOD, truck(model_year=2007))


def test_a_speed_beyond_the_bins_stops_and_names_the_bins() -> None:
    with pytest.raises(FactorMissing, match=r"speed_bin_mph=75.*speed_bin_mph may be 5"):
        resolved(METHOD, truck(speed_bin_mph=75))


@pytest.mark.parametrize(
    ("model_year", "calendar_year", "used"),
    [
        (2018, 2023, 2015),  # age 5, same standard group
        (2021, 2023, 2018),
        (2024, 2023, 2021),  # age -1, as the edition's newest
        (2030, 2032, 2018),
        (2016, 2023, 2014),  # age 7 would be a 2013 truck, of an older standard
        (2013, 2023, 2012),  # age 10 would be a 2010 truck, of an older standard; NOx steps with 2012
        (2012, 2023, 2012),
        (2011, 2023, 2011),  # NOx steps with 2011 and again with 2012
        (2010, 2023, 2010),  # and with 2010
        (2009, 2023, 2008),  # the group's oldest in the edition
        (2012, 2018, 2013),  # an earlier year: the standard's newest
        (2015, 2018, 2017),
    ],
)
def test_hold_by_age_takes_the_same_age_of_the_same_standard(
    model_year: int, calendar_year: int, used: int
) -> None:
    classes = resolved(HELD, truck(model_year=model_year, calendar_year=calendar_year))
    expected = printed("running", "NOx", speed_bin_mph=40, **(T7_2014 | {"model_year": used}))
    assert grams(classes, "NOx", "exhaust") == pytest.approx(expected, rel=1e-12)
    nox = classes.terms[classes.terms["pollutant"] == "NOx"]
    assert nox["extrapolated"].all()
    assert nox["note"].iloc[0].startswith(f"model year {used} of calendar 2020 (age {2020 - used})")


def test_within_the_edition_nothing_is_held() -> None:
    inside = resolved(HELD, truck())
    assert not inside.terms["extrapolated"].any()
    pd.testing.assert_frame_equal(inside.factors(), resolved(METHOD, truck()).factors())


def test_a_cleaner_standard_never_stands_in_for_an_older_one() -> None:
    with pytest.raises(
        FactorMissing, match=r"T7 POLA, Diesel: model years 2005 .*has model years 2008 to 2021"
    ):
        resolved(HELD, truck(model_year=2005, calendar_year=2023))
    reached = resolved(HELD, truck(model_year=2005, calendar_year=2010, emfac_category="T7 tractor"))
    assert grams(reached, "NOx", "exhaust") > 5


# ---------------------------------------------------------------------------- fuels and technology


def test_a_battery_truck_has_no_tailpipe_and_keeps_brakes_and_tyres() -> None:
    classes = resolved(HELD, truck(fuel="electric", model_year=2025, calendar_year=2025))
    assert set(classes.components["process"]) == {"brake", "tyre", "grid"}
    # AVERT: ratio of brake wear 0.2311 for 2025; tyre wear is that of any truck; 2.70 kWh/mile at the wall.
    assert grams(classes, "PM10", "brake") == pytest.approx(0.06174 * 0.2311, rel=1e-6)
    assert grams(classes, "PM10", "tyre") == pytest.approx(0.036, rel=1e-6)
    assert grams(classes, "electricity", "grid") / 1000 == pytest.approx(2.70, abs=0.005)
    stated = classes.coverage[classes.coverage["coverage_group"] == "battery_running"]
    assert set(stated.loc[stated["process"] == "exhaust", "state"]) == {"zero"}


def test_a_zero_emission_truck_of_any_model_year_builds_by_the_nearest_listed() -> None:
    """It has no exhaust and no standard: 2.70 kWh/mile, EMFAC's wear, brakes by AVERT's ratio of 2024."""
    ratio = load_table("moves-trucks", "wear_ratio").frame
    ratio = ratio[(ratio["vehicle"] == "Heavy-duty combination trucks") & (ratio["process"] == "brake")]
    oldest = ratio.sort_values("model_year")["value"].iloc[0]
    for method in (METHOD, HELD):
        for year in (2019, 2022, 2040):
            classes = resolved(method, truck(fuel="electric", model_year=year, calendar_year=2023))
            assert grams(classes, "PM10", "tyre") == pytest.approx(0.036, rel=1e-6)
            if year == 2019:
                assert grams(classes, "PM10", "brake") == pytest.approx(0.06174 * oldest, rel=1e-6)
            assert classes.terms["extrapolated"].all()
        classes = resolved(method, truck(fuel="hydrogen", model_year=2020, calendar_year=2023))
        assert grams(classes, "hydrogen", "exhaust") > 0


def test_a_fuel_cell_truck_takes_hydrogen_and_wears_its_brakes_in_full() -> None:
    classes = resolved(HELD, truck(fuel="hydrogen", model_year=2025, calendar_year=2025))
    assert 0.09 < grams(classes, "hydrogen", "exhaust") / 1000 < 0.12  # kg/mile, as simulated
    assert grams(classes, "PM10", "brake") == pytest.approx(0.06174, rel=1e-6)


def test_natural_gas_stops_unless_the_method_says_what_to_do() -> None:
    gas = truck(fuel="natural_gas")
    with pytest.raises(FactorMissing, match='natural_gas = "not_estimated"'):
        resolved(METHOD, gas)
    shown = resolved(METHOD.with_options(natural_gas="not_estimated"), gas)
    assert set(shown.components["process"]) == {"brake", "tyre", "exhaust"}
    exhaust = shown.components[shown.components["process"] == "exhaust"]
    assert set(exhaust["pollutant"]) == {"CH4", "N2O"}, "which EPA's hub has by the mile"
    stated = shown.coverage[shown.coverage["coverage_group"] == "natural_gas_running"].set_index("pollutant")
    assert stated.loc["NOx", "state"].tolist()[0] == "NE"
    proxy = resolved(METHOD.with_options(natural_gas="swcv_proxy"), gas)
    assert grams(proxy, "NOx", "exhaust") > 0
    assert "DPM" not in set(proxy.components["pollutant"])
    exhaust = proxy.terms[proxy.terms["process"] == "exhaust"]
    assert exhaust["extrapolated"].all()
    assert exhaust["note"].str.contains("T7 SWCV").all()


def test_an_unknown_fuel_or_process_set_is_named() -> None:
    with pytest.raises(FactorMissing, match=r"fuel gasoline.*Known fuels are diesel, electric, hydrogen"):
        resolved(METHOD, truck(fuel="gasoline"))
    with pytest.raises(ValueError, match=r"driving.*running, idle_day, idle_hour"):
        resolved(METHOD, truck(process_set="driving"))


def test_a_technology_without_rates_is_told_in_the_explanation() -> None:
    classes = resolved(METHOD, truck(technology="low_nox"))
    assert classes.terms["note"].str.contains("no rate of its own for technology low_nox").any()


def test_winter_nox_is_above_summer_and_particles_are_equal() -> None:
    """TRUCKS reference: 4 to 6 % for NOx, PM and CO2 equal."""
    summer, winter = resolved(), resolved(METHOD, truck(season="winter"))
    assert 1.03 < grams(winter, "NOx", "exhaust") / grams(summer, "NOx", "exhaust") < 1.07
    assert grams(winter, "PM10", "exhaust") == pytest.approx(grams(summer, "PM10", "exhaust"), rel=1e-9)


# ------------------------------------------------------------------------------ method and builder


def test_one_coverage_statement_may_speak_of_several_groups_and_processes() -> None:
    stated = METHOD.coverage
    worn = stated[(stated["pollutant"] == "PM10") & stated["process"].isin(["brake", "tyre"])]
    assert len(worn[worn["source_category"] == SOURCE]) == 18
    assert (worn["state"] == "value").all()
    assert not stated.duplicated(["source_category", "coverage_group", "process", "pollutant"]).any()


def test_notes_may_differ_from_class_to_class() -> None:
    years = [truck(model_year=year, calendar_year=2023) for year in (2018, 2019)]
    nox = resolved(HELD, *years).terms.query("pollutant == 'NOx'")["note"].tolist()
    assert nox[0].startswith("model year 2015")
    assert nox[1].startswith("model year 2016")


# ---------------------------------------------------------------- CH4 and N2O by EPA's hub

HUB = {
    ("diesel", 2005): (0.0051, 0.0048),
    ("diesel", 2007): (0.0095, 0.0431),
    ("diesel", 2022): (0.0095, 0.0431),
    ("natural_gas", 2014): (0.921, 0.017),
}
"""g/mile of the hub of January 2025, Table 4: heavy-duty vehicles by model year, trucks on CNG."""


def states_of(classes: FactorClasses) -> pd.Series:
    group = classes.classes["coverage_group"].iloc[0]
    mine = classes.coverage[classes.coverage["coverage_group"] == group]
    return mine.set_index(["process", "pollutant"])["state"]


@pytest.mark.parametrize(("fuel", "year"), HUB)
def test_trucks_whose_rates_have_no_methane_take_the_hub_s_by_the_mile(fuel: str, year: int) -> None:
    method = HELD.with_options(truck_rates="moves3", natural_gas="not_estimated", truck_starts="excluded")
    classes = resolved(method, truck(fuel=fuel, model_year=year))
    for gas, expected in zip(("CH4", "N2O"), HUB[fuel, year], strict=True):
        assert grams(classes, gas, "exhaust") == pytest.approx(expected, rel=1e-12)
    states = states_of(classes)
    assert states["exhaust", "CH4"] == states["exhaust", "N2O"] == "value"
    terms = classes.terms[classes.terms["pollutant"].isin(["CH4", "N2O"])]
    assert not terms["extrapolated"].any(), "the hub names these years"


def test_a_truck_newer_than_the_hub_is_marked_and_one_with_emfac_s_rates_keeps_them() -> None:
    method = HELD.with_options(truck_rates="moves3")
    newer = resolved(method, truck(model_year=2024, calendar_year=2024))
    gases = newer.terms["pollutant"].isin(["CH4", "N2O"])
    assert newer.terms.loc[gases, "extrapolated"].all()
    assert grams(newer, "N2O", "exhaust") == pytest.approx(0.0431, rel=1e-12)
    by_emfac = grams(resolved(), "CH4", "exhaust")
    assert by_emfac == pytest.approx(printed("running", "CH4", speed_bin_mph=40, **T7_2014), rel=1e-12)
    by_hub = resolved(METHOD.with_options(truck_ghg="hub"))
    assert grams(by_hub, "CH4", "exhaust") == pytest.approx(0.0095, rel=1e-12)


def test_idling_is_in_the_hub_s_miles_and_never_counted_again() -> None:
    idle = truck(process_set="idle_day", speed_bin_mph=0)
    classes = resolved(METHOD.with_options(truck_ghg="hub"), idle)
    states = states_of(classes)
    assert states["idle", "CH4"] == states["idle", "N2O"] == "IE"
    assert grams(classes, "CH4", "idle") == 0
    alone = resolved(HELD.with_options(truck_rates="moves3", truck_ghg="rates"))
    assert states_of(alone)["exhaust", "CH4"] == "NE"
