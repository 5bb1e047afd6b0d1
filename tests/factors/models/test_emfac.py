"""EMFAC's own exports: read as what they are, refused where they do not say it, preferred to the edition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from factors.library import resolve
from factors.method import Method, load_method
from factors.models.emfac.reading import EmfacFile, read_emfac
from factors.own_tables import with_user_tables
from factors.recipes.trucks.recipe import alike
from factors.tables import FactorMissing, load_table
from factors.units import conversion
from factors.user_tables import UserTableError

SOURCE = "heavy_duty_vehicles"
METHOD = load_method("epa-2022").with_options(emfac_category="T7 POLA")
PRINTED = {"T7 POLA": "T7 POLA Class 8", "T7 SWCV": "T7 SWCV Class 8"}
FUELS = {"Diesel": "Dsl", "Natural Gas": "NG"}
UNITS_BY_SPEED = "miles/day for CVMT and EVMT, g/mile for RUNEX, PMBW and PMTW, mph for Speed"
UNITS_ALL = (
    "miles/day for VMT, trips/day for Trips, g/mile for RUNEX, PMBW and PMTW, g/trip for STREX, "
    "g/vehicle/day for IDLEX"
)
UNITS_INVENTORY = "miles/day for VMT, trips/day for Trips, tons/day for Emissions"
KEYS = ["Region", "Calendar Year", "Vehicle Category", "Model Year", "Speed", "Fuel"]


def write_export(
    path: Path,
    rows: pd.DataFrame,
    *,
    units: str,
    kind: str = "Emission Rates",
    season: str = "Summer",
    edition: str = "EMFAC2017 (v1.0.3)",
) -> Path:
    """Write rows in the layout of EMFAC's web database."""
    above = [f"{edition} {kind}", "Region Type: Statewide", "Region: California", "Calendar Year: 2020"]
    above += [f"Season: {season}", "Vehicle Classification: EMFAC2007 Categories", f'"Units: {units}"', ""]
    path.write_text("\n".join(above) + "\n" + rows.to_csv(index=False), encoding="utf-8")
    return path


def shipped(table: str, season: str, suffix: str, by_speed: bool, **only: str) -> pd.DataFrame:
    """Rows of the edition laid wide again, as EMFAC prints them."""
    frame = load_table("emfac2017", table).frame
    frame = frame[(frame["season"] == season) & frame["emfac_category"].isin(PRINTED)]
    for name, value in only.items():
        frame = frame[frame[name] == value]
    keys = ["emfac_category", "model_year", "fuel", *(["speed_bin_mph"] if by_speed else [])]
    wide = frame.pivot_table(index=keys, columns="quantity", values="value")
    return wide.rename(columns={name: f"{name}_{suffix}" for name in wide.columns})


def headed(wide: pd.DataFrame, year: int = 2020) -> pd.DataFrame:
    rows = wide.reset_index()
    ours = {"emfac_category": "Vehicle Category", "model_year": "Model Year", "fuel": "Fuel"}
    rows = rows.rename(columns={**ours, "speed_bin_mph": "Speed"})
    if "Speed" not in rows:
        rows["Speed"] = "Aggregate"
    rows = rows.assign(
        **{
            "Region": "Statewide",
            "Calendar Year": year,
            "Vehicle Category": rows["Vehicle Category"].map(PRINTED),
            "Fuel": rows["Fuel"].map(FUELS),
        }
    )
    return rows[[*KEYS, *(name for name in rows if name not in KEYS)]]


def by_speed(folder: Path, season: str = "summer", year: int = 2020, **header: str) -> Path:
    rates = shipped("running", season, "RUNEX", True)
    miles = shipped("activity_by_speed", season, "", True)
    rows = headed(rates.assign(**{"Total VMT": miles["vmt_"]}), year)
    rows = rows.rename(columns={"PM2.5_RUNEX": "PM2_5_RUNEX"})
    path = folder / f"by-speed-{season}-{year}.csv"
    return write_export(path, rows, **{"units": UNITS_BY_SPEED, "season": season.title(), **header})


def aggregate_rows(season: str = "summer") -> pd.DataFrame:
    activity = shipped("activity", season, "", False).rename(
        columns={"vmt_": "VMT", "population_": "Population", "trips_": "Trips"}
    )
    parts = [
        activity,
        shipped("running_mean", season, "RUNEX", False),
        shipped("idle", season, "IDLEX", False),
        shipped("start", season, "STREX", False),
        shipped("wear", season, "PMBW", False, process="brake"),
        shipped("wear", season, "PMTW", False, process="tyre"),
    ]
    return headed(pd.concat(parts, axis=1))


def aggregate(folder: Path, season: str = "summer", **header: str) -> Path:
    path = folder / f"aggregate-{season}.csv"
    rows = aggregate_rows(season)
    return write_export(path, rows, **{"units": UNITS_ALL, "season": season.title(), **header})


def trucks(year: int = 2020, **keys: object) -> pd.DataFrame:
    usual: dict[str, object] = {
        "emfac_category": "T7 POLA",
        "fuel": "diesel",
        "technology": "",
        "season": "summer",
        "model_year": 2014,
        "calendar_year": year,
    }
    line = usual | keys
    running = [line | {"process_set": "running", "speed_bin_mph": speed} for speed in (5, 40, 65)]
    return pd.DataFrame([*running, line | {"process_set": "idle_day", "speed_bin_mph": 0}])


def with_files(method: Method, *paths: Path) -> Method:
    return with_user_tables(method, {f"{SOURCE}.emfac_{n}": path for n, path in enumerate(paths)})


# -------------------------------------------------------------------------------------- round trip


def test_the_edition_written_as_an_export_gives_identical_factors(tmp_path: Path) -> None:
    seasons = ("summer", "winter")
    files = [write(tmp_path, season) for season in seasons for write in (by_speed, aggregate)]
    own = with_files(METHOD, *files)
    classes = pd.concat(
        [trucks(season=season, model_year=year) for season in seasons for year in (2008, 2021)]
    )
    ours, theirs = resolve(SOURCE, classes, METHOD)[1], resolve(SOURCE, classes, own)[1]
    pd.testing.assert_frame_equal(theirs.factors(), ours.factors(), check_exact=True)
    rows = theirs.factor_rows.set_index("table_name")
    assert rows.loc["heavy_duty_vehicles.running", "source_document"].iloc[0] == (
        "EMFAC2017 (v1.0.3) Emission Rates"
    )
    assert rows.loc["heavy_duty_vehicles.running", "note"].str.contains(r"line \d+, column NOx_RUNEX").any()


def test_every_number_of_the_edition_comes_back(tmp_path: Path) -> None:
    read = read_emfac(by_speed(tmp_path))
    assert (read.mode, read.edition, read.season) == ("rates", "EMFAC2017 (v1.0.3)", "summer")
    mine = read.tables["running"].frame
    shipped_frame = load_table("emfac2017", "running").frame
    keys = ["emfac_category", "fuel", "season", "model_year", "speed_bin_mph", "quantity"]
    both = mine.merge(shipped_frame, on=keys, suffixes=("", "_shipped"), validate="1:1")
    assert len(both) == len(mine) > 3000
    assert (both["value"] == both["value_shipped"]).all()
    assert set(mine["confidence"]) == {"read"}
    assert set(mine["unit"]) == {"g/mile"}


def test_an_aggregate_export_gives_idle_start_wear_and_activity(tmp_path: Path) -> None:
    tables = read_emfac(aggregate(tmp_path)).tables
    assert set(tables) == {"running", "idle", "start", "wear", "activity"}
    assert "speed_bin_mph" not in tables["running"].spec.keys
    assert set(tables["idle"].frame["unit"]) == {"g/vehicle/day"}
    assert set(tables["start"].frame["unit"]) == {"g/trip"}
    brake = tables["wear"].frame.query("process == 'brake' and quantity == 'PM10'")["value"]
    assert brake.mean() == pytest.approx(0.06174, rel=1e-6)


# --------------------------------------------------------------------------------------- inventory


def inventory_rows() -> pd.DataFrame:
    """The aggregate rates times their own activity, in short tons a day."""
    rows = aggregate_rows()
    grams = conversion("short ton", "g")
    per = {"RUNEX": "VMT", "PMBW": "VMT", "PMTW": "VMT", "IDLEX": "Population", "STREX": "Trips"}
    for name in rows:
        process = str(name).rpartition("_")[2]
        if process in per:
            rows[name] = rows[name] * rows[per[process]] / grams
    return rows.assign(NOx_TOTEX=rows["NOx_RUNEX"] + rows["NOx_IDLEX"] + rows["NOx_STREX"])


def test_an_inventory_becomes_rates_by_its_own_activity_and_is_marked(tmp_path: Path) -> None:
    path = write_export(
        tmp_path / "i.csv", inventory_rows(), units=UNITS_INVENTORY, kind="Emissions Inventory"
    )
    read, rates = read_emfac(path), read_emfac(aggregate(tmp_path))
    assert read.mode == "inventory"
    for need in ("running", "idle", "start", "wear"):
        found, expected = read.tables[need].frame, rates.tables[need].frame
        np.testing.assert_allclose(found["value"], expected["value"], rtol=1e-12)
        assert list(found["unit"]) == list(expected["unit"])
        assert set(found["confidence"]) == {"derived"}
        assert found["note"].str.contains("mass over activity").all()


def test_rates_over_all_speeds_are_marked_as_a_mean(tmp_path: Path) -> None:
    own = with_files(METHOD, aggregate(tmp_path))
    classes = resolve(SOURCE, trucks(), own)[1]
    nox = classes.terms.query("pollutant == 'NOx' and process == 'exhaust'")
    assert nox["extrapolated"].all()
    assert set(nox["note"]) == {"a mean over all speeds"}
    running = (classes.classes["process_set"] == "running").to_numpy()
    assert classes.factors()["NOx"][running].nunique() == 1


# ------------------------------------------------------------------------------- editions to come


def emfac2021(folder: Path, year: int = 2023, drop: str = "", **extra: object) -> Path:
    """A made-up fleet in the layout of EMFAC2021: annual, with NH3, natural gas and electric trucks."""
    rows = []
    for model_year in range(2012, year + 1):
        for fuel, nox in (("Dsl", 2.0), ("NG", 0.5), ("Elec", 0.0)):
            for speed in (5, 10, 15, 40, 65):
                burns = fuel != "Elec"
                line = dict(
                    zip(KEYS, ("Statewide", year, "T7 POLA Class 8", model_year, speed, fuel), strict=True)
                )
                rates = {
                    name: burns * value * (2021 - model_year + 20) / 20
                    for name, value in {"NOx": nox, "PM2.5": 0.01, "PM10": 0.0105, "CO2": 1400.0, "CH4": 0.02,
                                        "N2O": 0.2, "ROG": 0.02, "TOG": 0.025, "CO": 0.2, "SOx": 0.013,
                                        "NH3": 0.1}.items()
                }  # fmt: skip
                wear = {"PM10_PMBW": 0.05 + 0.5 / speed, "PM2.5_PMBW": 0.02 + 0.2 / speed}
                rows.append(
                    {**line, "Total VMT": 100.0, **{f"{k}_RUNEX": v for k, v in rates.items()}, **wear}
                )
    frame = pd.DataFrame(rows).assign(**extra)
    units = f"{UNITS_BY_SPEED}, kWh/mile for Energy Consumption. PHEV calculated based on total VMT."
    return write_export(
        folder / f"emfac2021-{year}.csv",
        frame.drop(columns=[name for name in frame if drop and str(name).startswith(drop)]),
        units=units,
        season="Annual",
        edition="Source: EMFAC2021 (v1.0.2)",
    )


def running_only(**keys: object) -> pd.DataFrame:
    return trucks(2023, **keys).query("process_set == 'running'")


def test_this_years_export_knows_its_own_year_and_its_newest_trucks(tmp_path: Path) -> None:
    own = with_files(METHOD, emfac2021(tmp_path))
    classes = resolve(SOURCE, running_only(season="winter", model_year=2021), own.with_options(
        outside_edition="hold_by_age"))[1]  # fmt: skip
    exhaust = classes.terms.query("process == 'exhaust'")
    assert not exhaust["extrapolated"].any()
    assert classes.factors()["NH3"].tolist() == pytest.approx([0.1] * 3)
    assert "EMFAC2021 (v1.0.2)" in own.departs_from[-1]
    with pytest.raises(
        FactorMissing, match=r"holds rates of calendar year 2023; 1 model years are asked for in 2024"
    ):
        resolve(SOURCE, running_only(calendar_year=2024), own)


def test_natural_gas_keeps_nox_and_methane_and_has_no_dpm(tmp_path: Path) -> None:
    own = with_files(METHOD, emfac2021(tmp_path)).with_options(outside_edition="hold_by_age")
    classes = resolve(SOURCE, running_only(fuel="natural_gas", model_year=2021), own)[1]
    factors = classes.factors()
    assert factors["NOx"].tolist() == pytest.approx([0.5] * 3)
    assert (factors["CH4"] > 0).all()
    assert "DPM" not in factors
    stated = classes.coverage.query("coverage_group == 'natural_gas_emfac_running' and pollutant == 'DPM'")
    assert stated["state"].iloc[0] == "zero"


def test_a_pollutant_that_the_file_lacks_is_not_estimated(tmp_path: Path) -> None:
    own = with_files(METHOD, emfac2021(tmp_path, drop="N2O")).with_options(
        outside_edition="hold_by_age", truck_ghg="rates"
    )
    classes = resolve(SOURCE, running_only(), own)[1]
    assert "N2O" not in classes.factors()
    stated = classes.coverage.query(
        "coverage_group == 'diesel_running' and process == 'exhaust' and pollutant == 'N2O'"
    )
    assert stated["state"].tolist() == ["NE"]
    assert "emfac2021-2023.csv" in stated["rule"].iloc[0]


def test_years_of_exports_that_share_their_rates_are_alike_and_others_are_not(tmp_path: Path) -> None:
    """Trucks of 2023 to 2040 by exports of 2023 and 2031: what is called alike has the same factors."""
    files = [emfac2021(tmp_path, year) for year in (2023, 2031)]
    own = with_files(METHOD, *files).with_options(outside_edition="hold_by_age")
    keys = pd.concat(
        [
            running_only(fuel=fuel, calendar_year=year, model_year=year - age)
            for fuel in ("diesel", "natural_gas", "electric")
            for year in range(2023, 2041)
            for age in (0, 3, 8)
        ],
        ignore_index=True,
    )
    told = alike(keys, own)
    kind = told.groupby(list(told), sort=False).ngroup().to_numpy()
    class_id, classes = resolve(SOURCE, keys, own)
    factors = classes.matrix[class_id]
    first = np.unique(kind, return_index=True)[1]
    assert np.array_equal(factors, factors[first][kind])
    distinct = len(np.unique(factors, axis=0))
    assert distinct <= len(first) < len(keys) / 3


def test_brakes_by_speed_and_tires_over_all_speeds_go_together(tmp_path: Path) -> None:
    over_all = aggregate_rows().query("`Vehicle Category` == 'T7 POLA Class 8'")
    over_all = over_all[[*KEYS, "VMT", "Population", "NOx_RUNEX", "CO2_RUNEX", "PM10_PMTW", "PM2.5_PMTW"]]
    path = write_export(
        tmp_path / "tires.csv", over_all.assign(**{"Calendar Year": 2023}), units=UNITS_ALL, season="Annual"
    )
    own = with_files(METHOD, emfac2021(tmp_path), path).with_options(outside_edition="hold_by_age")
    classes = resolve(SOURCE, running_only(model_year=2014), own)[1]
    worn = pd.DataFrame(classes.matrix * 1000, columns=pd.MultiIndex.from_frame(
        classes.components[["pollutant", "process"]]))  # fmt: skip
    assert worn["PM10", "brake"].tolist() == pytest.approx([0.15, 0.0625, 0.05 + 0.5 / 65])
    assert worn["PM10", "tyre"].tolist() == pytest.approx([0.036] * 3, rel=1e-6)


def test_a_saved_table_gives_what_the_export_gave(tmp_path: Path) -> None:
    """A year keeps the tables that it used; opened again they are the same method."""
    own = with_files(METHOD, emfac2021(tmp_path))
    kept = {}
    for (source, need), table in own.own_tables.items():
        kept[f"{source}.{need}"] = tmp_path / f"{source}.{need}.csv"
        table.text.to_csv(kept[f"{source}.{need}"], index=False)
    again = with_user_tables(METHOD, kept)
    classes = running_only(model_year=2020)
    held = {"outside_edition": "hold_by_age"}
    first = resolve(SOURCE, classes, own.with_options(**held))[1]
    second = resolve(SOURCE, classes, again.with_options(**held))[1]
    pd.testing.assert_frame_equal(second.factors(), first.factors(), check_exact=True)
    assert list(second.factor_rows["row_id"]) == list(first.factor_rows["row_id"])
    pd.testing.assert_frame_equal(second.coverage, first.coverage)
    assert again.departs_from == own.departs_from


# ----------------------------------------------------------------------------------------- refusals


def refused(path: Path, **options: str) -> str:
    with pytest.raises(UserTableError) as told:
        read_emfac(path, **options)
    return str(told.value)


def small(path: Path, units: str, kind: str, season: str = "Annual", **columns: object) -> Path:
    line = dict(zip(KEYS, ("Statewide", 2023, "T7 POLA Class 8", 2015, 40, "Dsl"), strict=True))
    rates = {"VMT": 10.0, "NOx_RUNEX": 2.5, "CO2_RUNEX": 1400.0} | columns
    return write_export(path, pd.DataFrame([line | rates]), units=units, kind=kind, season=season)


def test_a_file_that_says_neither_is_refused_with_what_was_seen(tmp_path: Path) -> None:
    told = refused(small(tmp_path / "a.csv", "miles/day for VMT", "Output"))
    assert "it is not clear whether the numbers are rates" in told
    assert "nothing that says which" in told
    assert "Region Type: Statewide" in told
    bare = tmp_path / "bare.csv"
    bare.write_text(
        "Region,Calendar Year,Vehicle Category,Model Year,Fuel,NOx_RUNEX\nX,2023,T7 POLA,2015,Dsl,2\n"
    )
    assert "no lines above the heading" in refused(bare)


def test_a_file_that_says_both_is_refused(tmp_path: Path) -> None:
    told = refused(small(tmp_path / "a.csv", UNITS_BY_SPEED, "Emission Rates", NOx_TOTEX=1.0))
    assert 'its title says "Emission Rates"' in told
    assert "it has totals over processes (NOx_TOTEX)" in told
    assert "not clear" in refused(small(tmp_path / "b.csv", UNITS_INVENTORY, "Emission Rates"))


def test_tons_under_the_title_of_rates_are_noticed_by_their_size(tmp_path: Path) -> None:
    told = refused(small(tmp_path / "a.csv", UNITS_BY_SPEED, "Emission Rates", CO2_RUNEX=0.0154))
    assert "its median running CO2 is 0.0154 g/mile" in told
    told = refused(small(tmp_path / "b.csv", UNITS_INVENTORY, "Emissions Inventory"))
    assert "rates and inventory may be mixed up" in told


def test_idle_without_its_unit_is_refused(tmp_path: Path) -> None:
    """Grams per vehicle-day and grams per hour bear the same column name."""
    told = refused(small(tmp_path / "a.csv", UNITS_BY_SPEED, "Emission Rates", NOx_IDLEX=36.7))
    assert 'the line "Units: ..." says nothing of IDLEX' in told
    assert "g/mile for RUNEX" in told


def test_idle_of_a_year_does_not_become_idle_of_a_day(tmp_path: Path) -> None:
    units = "miles/year for VMT, tons/year for Emissions"
    extra = {"CO2_RUNEX": 0.0154, "NOx_IDLEX": 0.1, "Population": 2.0}
    told = refused(small(tmp_path / "a.csv", units, "Emissions Inventory", **extra))
    assert "IDLEX by the year" in told


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"Fuel": "Steam"}, "fuels Steam are not among dsl"),
        ({"NOx_RUNEX": "a lot"}, "column NOx_RUNEX: 'a lot' is no number"),
        ({"Model Year": "new"}, "column model_year: 'new' is no number"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, columns: dict[str, object], words: str
) -> None:
    assert words in refused(small(tmp_path / "a.csv", UNITS_BY_SPEED, "Emission Rates", **columns))


def test_other_kinds_of_files_are_told_apart(tmp_path: Path) -> None:
    project = tmp_path / "project.csv"
    project.write_text(
        "calendar_year,fuel,process,speed_time,pollutant,emission_rate\n2023,Dsl,IDLEX,5,NOx,30\n"
    )
    assert "project-level output" in refused(project)
    other = tmp_path / "other.csv"
    other.write_text("terminal,count\nT1,5\n")
    assert "no heading with Fuel" in refused(other)
    assert "there is no such file" in refused(tmp_path / "nowhere.csv")
    assert 'no line "Season' in refused(
        small(tmp_path / "a.csv", UNITS_BY_SPEED, "Emission Rates", season="Mon")
    )


def test_several_regions_need_a_choice(tmp_path: Path) -> None:
    path = emfac2021(tmp_path)
    text = path.read_text().splitlines()
    path.write_text("\n".join([*text, *(line.replace("Statewide", "Los Angeles") for line in text[9:])]))
    assert "2 regions (Los Angeles, Statewide ...): say which with the option emfac_region" in refused(path)
    assert read_emfac(path, region="Los Angeles").region == "Los Angeles"
    assert "no region 'Mars'" in refused(path, region="Mars")


def test_rows_without_travel_are_missing_and_not_zero(tmp_path: Path) -> None:
    path = emfac2021(tmp_path)
    lines = path.read_text().splitlines()
    cells = lines[9].split(",")
    still = [*cells[:4], "75", *cells[5:6], "0", *["0"] * 11, *cells[18:]]
    path.write_text("\n".join([*lines, ",".join(still)]) + "\n")
    read = read_emfac(path)
    assert 75 not in set(read.tables["running"].frame["speed_bin_mph"])
    assert read.rows_without_travel == 1


def test_files_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserTableError, match=r"running: one is by emfac_category, .*, the other by .*season"):
        with_files(METHOD, emfac2021(tmp_path), by_speed(tmp_path))
    with pytest.raises(UserTableError, match="rates stand twice"):
        with_files(METHOD, by_speed(tmp_path), by_speed(tmp_path))


def test_a_category_that_the_file_lacks_names_those_it_has(tmp_path: Path) -> None:
    with pytest.raises(UserTableError, match=r"no rows of category T7 POAK.*the file has T7 POLA Class 8"):
        with_files(METHOD.with_options(emfac_category="T7 POAK"), emfac2021(tmp_path))


def test_an_emfac_file_says_what_it_is() -> None:
    assert EmfacFile("x.csv", "rates", "", "", "annual", {}).title == "EMFAC Emission Rates"


def test_starts_of_an_export_count_where_the_method_counts_them(tmp_path: Path) -> None:
    """STREX is grams per trip, which is a start of the engine; the export has NOx of them alone."""
    counted = METHOD.with_options(truck_starts="counted")
    own = with_files(counted, by_speed(tmp_path), aggregate(tmp_path))
    start = trucks().iloc[:1].assign(process_set="start", speed_bin_mph=0)
    classes = resolve(SOURCE, start, own)[1]
    printed = load_table("emfac2017", "start").frame.query(
        "emfac_category == 'T7 POLA' and fuel == 'Diesel' and season == 'summer' and model_year == 2014"
    )
    assert classes.matrix[0, :].sum() * 1000 == pytest.approx(printed["value"].iloc[0], rel=1e-12)
    stated = classes.coverage.query("coverage_group == 'diesel_start'").set_index("pollutant")["state"]
    assert (stated["NOx"], stated["CO2"], stated["DPM"]) == ("value", "NE", "NE")


def test_rates_under_the_title_of_an_inventory_are_noticed_by_their_idle(tmp_path: Path) -> None:
    """Miles of a whole state bring g/mile over miles near a truck's CO2; its idling cannot be hidden so."""
    rows = aggregate_rows().assign(CO2_RUNEX=1500.0, VMT=900_000.0)
    path = write_export(tmp_path / "mixed.csv", rows, units=UNITS_INVENTORY, kind="Emissions Inventory")
    with pytest.raises(UserTableError, match=r"median idle CO2 is .* g/vehicle/day; possible are 0 to 2"):
        read_emfac(path)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text.replace("California", "Ca\xf1ada").encode("latin-1"), "line 3 is not UTF-8"),
        (lambda text: text[:-40].encode(), "cut off there"),
        (lambda text: text.replace(",", ";").encode(), "parted by semicolons"),
        (lambda text: text.replace(",40,Dsl,", ",40,Dsl,0,").encode(), "more cells than the heading"),
        (lambda text: b"PK\x03\x04" + text.encode(), "workbook"),
    ],
)
def test_a_file_that_was_spoilt_on_its_way_says_how(
    tmp_path: Path, spoil: Callable[[str], bytes], words: str
) -> None:
    path = by_speed(tmp_path)
    path.write_bytes(spoil(path.read_text(encoding="utf-8")))
    with pytest.raises(UserTableError, match=words):
        read_emfac(path)
