"""Golden vectors of drayage trucks, through classes, terms and curves as in an inventory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emissions import trucks
from emissions.mass import cell_components, cell_mass, cell_sums, row_mass
from factors.library import resolve
from factors.method import load_method
from factors.sources import TableSpec
from factors.tables import FactorTable, load_table, typed_frame
from factors.terms import TermBuilder
from factors.units import conversion

SOURCE = "heavy_duty_vehicles"
METHOD = load_method("epa-2022")
FUEL = {"Diesel": "diesel", "Natural Gas": "natural_gas"}
EXHAUST = ("NOx", "PM2.5", "PM10", "CO2", "CH4", "N2O", "ROG", "TOG", "CO", "SOx")


def vectors(folder: Path, name: str, **options: object) -> pd.DataFrame:
    if not (folder / name).exists():
        pytest.skip(f"{name} is not in {folder}")
    return pd.read_csv(folder / name, **options)


def worst_error(got: np.ndarray, expected: np.ndarray) -> float:
    scale = np.where(expected == 0, 1.0, np.abs(expected))
    return float(np.max(np.abs(np.asarray(got) - expected) / scale, initial=0.0))


def test_three_segment_trips_give_emfacs_rates_times_miles(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """golden_drayage_trips_emfac2017.csv: exhaust, brake and tyre grams of 300 trips, relative 1e-9."""
    cases = vectors(golden, "golden_drayage_trips_emfac2017.csv")
    segments = [
        cases.assign(
            process_set="running",
            fuel=cases["fuel"].map(FUEL),
            technology="",
            calendar_year=2020,
            speed_bin_mph=cases[f"seg{number}_speed_bin_mph"],
            quantity=trucks.running_distance(cases["trips"], cases[f"seg{number}_miles"]),
        )
        for number in (1, 2, 3)
    ]
    rows = pd.concat(segments, ignore_index=True)
    class_id, classes = resolve(SOURCE, rows, METHOD)
    cell, cells = cell_sums(rows, class_id, classes, ["case_id"])
    assert len(cell) == 3 * len(cases)
    parts = cell_components(cells, classes) * conversion("kg", "g")
    by_case = cells["case_id"].to_numpy()
    expected = cases.set_index("case_id")
    names = {("exhaust", p): f"expected_{p}_exhaust_g" for p in EXHAUST}
    for pollutant in ("PM10", "PM2.5"):
        names |= {("brake", pollutant): f"expected_{pollutant}_PMBW_g"}
        names |= {("tyre", pollutant): f"expected_{pollutant}_PMTW_g"}
    worst = 0.0
    components = classes.components
    for (process, pollutant), column in names.items():
        mine = (components["pollutant"] == pollutant) & (components["process"] == process)
        got = pd.Series(parts[:, mine.to_numpy()].sum(axis=1)).groupby(by_case).sum()
        worst = max(worst, worst_error(got.reindex(expected.index).to_numpy(), expected[column].to_numpy()))
    with capsys.disabled():
        print(
            f"\ngolden_drayage_trips_emfac2017: {len(cases)} cases x {len(names)} masses, "
            f"worst relative error {worst:.1e}"
        )
    assert worst < 1e-9


def emfac_as_gate_visits(category: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """EMFAC's own statewide miles a day as one visit per model year and season, a leg per speed bin."""
    miles = load_table("emfac2017", "activity_by_speed").frame
    miles = miles[(miles["emfac_category"] == category) & (miles["quantity"] == "vmt")]
    key = miles["season"] + "-" + miles["model_year"].astype(str)
    legs = pd.DataFrame(
        {"visit_key": key, "miles": miles["value"], "speed_mph": miles["speed_bin_mph"].astype(float)}
    )
    first = miles.assign(visit_key=key).drop_duplicates("visit_key")
    visits = pd.DataFrame(
        {
            "terminal": "T1",
            "month": first["season"].map({"summer": 7, "winter": 1}),
            "engine_model_year": first["model_year"],
            "fuel": first["fuel"].map(FUEL),
            "visit_key": first["visit_key"],
        }
    )
    return visits.reset_index(drop=True), legs.reset_index(drop=True)


def test_emfacs_own_activity_gives_emfacs_fleet_average_rates(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """golden_emfac2017_vmt_weighted.csv: EMFAC's miles by speed, as visits, give its mean rates, 1e-9."""
    cases = vectors(golden, "golden_emfac2017_vmt_weighted.csv")
    terminals = pd.DataFrame({"terminal": ["T1"]})
    found = []
    for category in sorted(set(cases["emfac_category"])):
        # EMFAC's only natural gas trucks are reached as the proxy of drayage trucks on natural gas.
        gas = {"natural_gas": "swcv_proxy", "emfac_category": "T7 tractor"}
        method = METHOD.with_options(**(gas if category == "T7 SWCV" else {"emfac_category": category}))
        visits, legs = emfac_as_gate_visits(category)
        rows = trucks.work_rows(visits, legs, terminals, {}, year=2020, method=method)
        rows = rows[rows["process_set"] == "running"]
        class_id, classes = resolve(SOURCE, rows, method)
        _, cells = cell_sums(rows, class_id, classes, ["season", "model_year", "fuel"])
        exhaust = classes.components["process"] == "exhaust"
        mass = cell_components(cells, classes)[:, exhaust.to_numpy()]
        grams = pd.DataFrame(mass, columns=classes.components.loc[exhaust, "pollutant"]) * conversion(
            "kg", "g"
        )
        keyed = [cells[name].astype(str) for name in ("season", "model_year")]
        total = grams.groupby(keyed).sum()
        vmt = cells["quantity"].groupby(keyed).sum()
        rates = total.div(vmt, axis=0).assign(vmt=vmt, emfac_category=category).reset_index()
        found.append(rates)
    cases = cases.assign(model_year=cases["model_year"].astype(str))
    both = cases.merge(pd.concat(found), on=["emfac_category", "season", "model_year"], validate="1:1")
    assert len(both) == len(cases)
    columns = {p: f"{p}_RUNEX_g_per_mile" for p in EXHAUST} | {"vmt": "vmt_miles_per_day"}
    worst = max(
        worst_error(both[mine].to_numpy(), both[theirs].to_numpy()) for mine, theirs in columns.items()
    )
    with capsys.disabled():
        print(
            f"\ngolden_emfac2017_vmt_weighted: {len(cases)} cases x {len(columns)} numbers, "
            f"worst relative error {worst:.1e}"
        )
    assert worst < 1e-9


def test_all_of_emfacs_port_trucks_give_its_fleet_average() -> None:
    """T7 POLA of calendar 2020, all model years and speeds: NOx 5.46 g/mile, idle 57 g/vehicle/day.

    EMFAC2017, calendar 2020, T7 POLA, summer, weighted with its own miles; half the last printed digit.
    """
    method = METHOD.with_options(emfac_category="T7 POLA")
    visits, legs = emfac_as_gate_visits("T7 POLA")
    summer = visits[visits["month"] == 7]
    rows = trucks.work_rows(summer, legs, pd.DataFrame({"terminal": ["T1"]}), {}, year=2020, method=method)
    class_id, classes = resolve(SOURCE, rows, method)
    _, cells = cell_sums(rows, class_id, classes, ["process_set"])
    mass = cell_mass(cells, classes).groupby(cells["process_set"].astype(str)).sum() * conversion("kg", "g")
    work = cells["quantity"].groupby(cells["process_set"].astype(str)).sum()
    rate = mass.loc["running"] / work["running"]
    rate["PM2.5"] -= 0.02646 + 0.009  # brake and tyre
    printed = {"NOx": (5.46, 2), "PM2.5": (0.0390, 4), "CO2": (1728, 0), "CO": (0.69, 2), "ROG": (0.209, 3)}
    for pollutant, (value, digits) in printed.items():
        assert rate[pollutant] == pytest.approx(value, abs=0.5 * 10.0**-digits), pollutant
    assert mass.loc["idle_day", "NOx"] / work["idle_day"] == pytest.approx(57.0, abs=0.05)


def test_printed_trips_of_a_project_study(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """cases_hdv_trips.csv: lb/day and short ton/yr as printed, half the last printed digit."""
    cases = vectors(golden, "cases_hdv_trips.csv", dtype=str)
    text = pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "pollutant": cases["pollutant"],
            "quantity": "rate",
            "value": cases["ef_g_per_mile"],
            "unit": "g/mile",
            **{name: "" for name in ("source_document", "table", "source_address", "confidence", "note")},
        }
    )
    spec = TableSpec("study", "rates", "", "", {"case_id": "exact", "pollutant": "exact"})
    table = FactorTable(spec, typed_frame(text, spec))
    classes = cases[["case_id"]].drop_duplicates().reset_index(drop=True)
    classes = classes.assign(quantity_kind="distance", coverage_group="truck")
    terms = TermBuilder(classes)
    for pollutant in sorted(set(cases["pollutant"])):
        asked = classes[classes["case_id"].isin(cases.loc[cases["pollutant"] == pollutant, "case_id"])]
        terms.add(pollutant, "exhaust", table.find(asked, "rate", pollutant=pollutant))
    resolved = terms.build(pd.DataFrame())
    first = cases.drop_duplicates("case_id")
    trips = first["daily_one_way_trips"].astype(float)
    # Printed as one-way trips, and counted there and back.
    rows = pd.DataFrame(
        {"quantity": trucks.running_distance(2 * trips, first["one_way_trip_mile"].astype(float))}
    )
    mass_kg_per_day = row_mass(rows, np.arange(len(rows)), resolved)
    worst = 0.0
    for case in cases.to_dict("records"):
        kg = mass_kg_per_day[case["pollutant"]].iloc[list(classes["case_id"]).index(case["case_id"])]
        for got, printed in (
            (kg * conversion("kg", "lb"), case["published_lb_per_day"]),
            (kg * conversion("kg", "short_ton") * float(case["operating_day_per_year"]),
             case["published_short_ton_per_year"]),
        ):  # fmt: skip
            half = 0.5 * 10.0 ** -len(printed.partition(".")[2])
            worst = max(worst, abs(got - float(printed)) / half)
            assert abs(got - float(printed)) <= half * (1 + 1e-9), (
                case["case_id"],
                case["pollutant"],
                got,
                printed,
            )
    with capsys.disabled():
        print(f"\ncases_hdv_trips: {len(cases)} cases, worst {worst:.2f} of half the last printed digit")


def test_brake_over_tyre_wear_is_alike_in_every_county(real_data: Path) -> None:
    """CARB's independent EMFAC2017 day of 2018: our brake to tyre ratio, 0.06174 / 0.036, everywhere."""
    path = real_data / "trucks" / "emfac2017_hdv_2018-07-19.parquet"
    if not path.exists():
        pytest.skip(f"{path.name} is not in {path.parent}")
    day = pd.read_parquet(path)
    emissions = next(name for name in day.columns if name.startswith("emissions"))
    mine = day[
        day["vehicle_class"].isin(["T7 POLA", "T7 POAK", "T7 other port"]) & (day["pollutant"] == "PM10")
    ]
    wide = mine.pivot_table(
        index=["vehicle_class", "region"], columns="process", values=emissions, aggfunc="sum"
    )
    wide = wide[wide["PMTW"] > 0]
    wear = METHOD.table(SOURCE, "wear").frame
    printed = wear[(wear["emfac_category"] == "T7 POLA") & (wear["quantity"] == "PM10")]
    rate = printed.groupby("process")["value"].mean()
    assert rate["brake"] == pytest.approx(0.06174, rel=1e-6)
    assert rate["tyre"] == pytest.approx(0.036, rel=1e-6)
    ratio = wide["PMBW"] / wide["PMTW"]
    print(f"{len(wide)} counties and categories, ratio {ratio.min():.6f} to {ratio.max():.6f}")
    assert len(wide) > 50
    np.testing.assert_allclose(ratio, 0.06174 / 0.036, rtol=1e-6)


@pytest.mark.parametrize(("calendar_year", "tolerance"), [(2020, 6e-4), (2023, 6e-4)])
def test_an_hour_of_idling_by_emfacs_ratio_and_movess_co2(
    golden: Path, capsys: pytest.CaptureFixture[str], calendar_year: int, tolerance: float
) -> None:
    """golden_truck_idle_hourly.csv: g/h by category, season and model year, printed to four digits.

    EMFAC does not age idling, so that a truck held in another calendar year has the rate of its own model
    year.
    """
    cases = vectors(golden, "golden_truck_idle_hourly.csv")
    rows = cases.assign(
        process_set="idle_hour", fuel="diesel", technology="", calendar_year=calendar_year, speed_bin_mph=0
    )
    class_id, classes = resolve(SOURCE, rows, METHOD.with_options(outside_edition="hold_by_age"))
    factors = classes.factors("g").iloc[class_id]
    got = np.array(
        [factors[pollutant].iloc[place] for place, pollutant in enumerate(cases["pollutant"])], dtype=float
    )
    worst = worst_error(got, cases["g_per_h"].to_numpy())
    with capsys.disabled():
        print(f"\ngolden_truck_idle_hourly, {calendar_year}: {len(cases)} rates, worst {worst:.1e}")
    assert worst < tolerance
