"""Golden vectors of EPA's code and documents, through classes, terms and curves as in an inventory."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emissions import engines, vessels
from emissions.mass import row_mass
from emissions.vessels import fuel_of
from factors.library import resolve
from factors.method import Method, load_method
from factors.tables import load_mapping, load_table
from inventories.work.ships.gaps import fill_ships

SOURCE = "ocean_going_vessels"
POLLUTANTS = {
    "hc": "HC",
    "co2": "CO2",
    "co": "CO",
    "nox": "NOx",
    "pm25": "PM2.5",
    "so2": "SOx",
    "pm10": "PM10",
}
LOAD_FUEL_RATE = {"N": "off", "Y": "on", "0.2,1": "0.2-1"}


def vectors(folder: Path, name: str) -> pd.DataFrame:
    if not (folder / name).exists():
        pytest.skip(f"{name} is not in {folder}")
    return pd.read_csv(folder / name, keep_default_na=False)


def worst_error(got: np.ndarray, expected: np.ndarray) -> float:
    got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    scale = np.where(expected == 0, 1.0, np.abs(expected))
    return float(np.max(np.abs(got - expected) / scale, initial=0.0))


def one_kilowatt_hour(cases: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Work rows of 1 kWh each, keyed as `emissions.vessels` keys an inventory's."""
    group = cases["engine_group"].replace({"main": "propulsion", "aux": "auxiliary"})
    # Boilers have no tier column in some vectors; EPA codes them Tier 0.
    tier = cases["tier"].where(cases["tier"].str.startswith("Tier"), "Tier 0").str[-1].astype(int)
    load = pd.to_numeric(cases["load_factor"]).where(group == "propulsion", np.nan)
    electric = cases["engine_type"].str.endswith("-ED")
    at_load = engines.tier_at_load(tier, load.fillna(1.0), electric, electric_reverts=True)
    fuel = fuel_of(group, cases["engine_type"], cases["location"], method)
    inside = cases["location"] != "OutsideECA"
    area = pd.to_numeric(cases["eca_sulfur_pct"]).where(inside, pd.to_numeric(cases["global_sulfur_pct"]))
    return pd.DataFrame(
        {
            "engine_group": group,
            "engine_type": cases["engine_type"],
            "tier": engines.tier_label(at_load),
            "fuel": fuel,
            # Turbines burn distillate outside too, with its own sulfur.
            "sulfur_pct": area.where(fuel != "MGO/MDO", pd.to_numeric(cases["eca_sulfur_pct"])),
            "area_sulfur_pct": area,
            "load_factor": load,
            "quantity": 1.0,
        }
    )


def masses(cases: pd.DataFrame, **options: str) -> pd.DataFrame:
    """Grams of 1 kWh in each case, by the path that an inventory takes."""
    parts = []
    for spelling, part in cases.groupby("load_based_bsfc"):
        method = load_method("shipef-0.2").with_options(
            load_fuel_rate=LOAD_FUEL_RATE[str(spelling)], **options
        )
        rows = one_kilowatt_hour(part, method)
        class_id, classes = resolve(SOURCE, rows, method)
        parts.append(row_mass(rows, class_id, classes) * 1000)
    return pd.concat(parts).loc[cases.index]


def test_shipef_factors_are_reproduced_through_classes_terms_and_curves(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = vectors(golden, "golden_shipef.csv")
    adjusted, plain = masses(cases), masses(cases, llaf_engines="none")
    is_plain = (cases["output"] == "EF").to_numpy()
    errors = {}
    for column, pollutant in POLLUTANTS.items():
        got = np.where(is_plain, plain[pollutant], adjusted[pollutant])
        errors[pollutant] = worst_error(got, cases[f"ef_{column}_g_per_kwh"].to_numpy())
    with capsys.disabled():
        print(f"\ngolden_shipef.csv: {len(cases)} cases x 7, worst relative error {max(errors.values()):.1e}")
    assert max(errors.values()) < 1e-9, errors


def test_shipef_low_load_factors_are_the_ratio_of_adjusted_to_plain(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = vectors(golden, "golden_shipef.csv")
    cases = cases[cases["engine_group"] == "main"]
    if cases.empty:
        pytest.skip("golden_shipef.csv: no main engine among these vectors")
    adjusted, plain = masses(cases), masses(cases, llaf_engines="none")
    errors = {}
    for column, pollutant in POLLUTANTS.items():
        printed = pd.to_numeric(cases[f"llaf_{column}"], errors="coerce")
        # A factor of zero has no ratio to look at: HC of gas engines.
        there = (printed.notna() & (plain[pollutant] > 0)).to_numpy()
        ratio = adjusted[pollutant][there] / plain[pollutant][there]
        errors[pollutant] = worst_error(ratio.to_numpy(), printed[there].to_numpy())
    with capsys.disabled():
        print(f"\ngolden_shipef.csv: {len(cases)} low-load factors x 7, worst {max(errors.values()):.1e}")
    assert max(errors.values()) < 1e-9, errors


def test_category_and_tier_follow_epas_code(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = vectors(golden, "golden_classify.csv")
    category = engines.ship_category(cases["bore_mm"], cases["stroke_mm"])
    assert (category == cases["ship_category"]).all()
    # EPA's code knows North America's date alone, and gives engines without a NOx standard Tier 0.
    tier = engines.tier_of_keel(cases["keel_laid_year"], 2016)
    tier = np.where(cases["engine_type"].isin(["ST", "GT", "GT-ED", "LNG"]), 0, tier)
    diesel = category == 3
    expected = cases["tier"].str.extract(r"(\d)")[0].astype(float)
    assert (tier[diesel] == expected[diesel]).all()
    with capsys.disabled():
        print(f"\ngolden_classify.csv: {len(cases)} cases, all equal")


# --- auxiliary and boiler loads, EPA's ShipPowerModel ---

MODE = {"Transit": "transit", "Maneuvering": "maneuvering", "Anchorage": "anchorage", "Berth": "hotelling"}
SIZE_COLUMN = {
    "Deadweight": "dwt_t",
    "Gross_Tonnage": "gt",
    "TEU": "teu",
    "Number_of_Passengers": "passengers",
}
SCHEMES = {
    "imo": ("epa-ogv-2022", "aux_boiler_loads_shippower"),
    "starcrest": ("starcrest-ghg3", "aux_boiler_loads"),
}


def sized(cases: pd.DataFrame, edition: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Queries for a load table, each ship by the size its type is binned by; and the scheme's subtypes."""
    names = load_mapping(edition, "subtypes")
    names = names[names["size_unit"] != "m3"]
    unit = cases["ship_type"].map(names.drop_duplicates("ship_type").set_index("ship_type")["size_unit"])
    size = np.select(
        [unit == name for name in SIZE_COLUMN], [cases[name] for name in SIZE_COLUMN.values()], ""
    )
    query = pd.DataFrame(
        {
            "ship_type": cases["ship_type"],
            "size_unit": unit,
            "size": pd.to_numeric(pd.Series(size, index=cases.index)),
            "mode": cases["op_mode"].map(MODE),
        }
    )
    return query, names


@pytest.mark.parametrize("scheme", SCHEMES)
def test_auxiliary_and_boiler_loads_are_found_by_type_size_and_mode(
    golden: Path, capsys: pytest.CaptureFixture[str], scheme: str
) -> None:
    cases = vectors(golden, "golden_auxboiler.csv")
    cases = cases[cases["method"] == scheme].reset_index(drop=True)
    edition, name = SCHEMES[scheme]
    query, names = sized(cases, edition)
    table = load_table(edition, name)
    for group, column in (("auxiliary", "aux_kw"), ("boiler", "boiler_kw")):
        rows = table.find(query, "load", engine_group=group)
        np.testing.assert_array_equal(rows.to("kW"), pd.to_numeric(cases[column]), err_msg=group)
    # The bin that answers is the one EPA's code calls the ship's subtype.
    below = table.frame["size_ge"].to_numpy()[rows.position]
    subtype = {(kind, float(edge)): text for kind, edge, text in
               zip(names["ship_type"], names["size_ge"], names["subtype"], strict=True)}  # fmt: skip
    found = [subtype[key] for key in zip(cases["ship_type"], below, strict=True)]
    assert found == cases["sub_type"].tolist()
    with capsys.disabled():
        print(f"\ngolden_auxboiler.csv, {scheme}: {len(cases)} cases x 2 loads and subtype, all equal")


def test_ships_of_an_inventory_get_the_loads_of_epas_code(
    golden: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same vectors by the road a port's own vessel table takes."""
    cases = vectors(golden, "golden_auxboiler.csv")
    cases = cases[cases["method"] == "imo"].reset_index(drop=True)
    query, _ = sized(cases, "epa-ogv-2022")
    ours = {"container.ship": "container", "liquified.gas.tanker": "liquefied_gas_tanker", "ro.ro": "roro",
            "ferry.pax": "ferry_passenger", "ferry.ro.pax": "ferry_ropax", "miscellaneous.fishing": "fishing",
            "miscellaneous.other": "miscellaneous"}  # fmt: skip
    unit = {"Deadweight": "DWT", "Gross_Tonnage": "GT", "TEU": "TEU"}
    ships = pd.DataFrame(
        {
            "vessel_id": cases["case_id"],
            "type": [ours.get(kind, kind.replace(".", "_")) for kind in cases["ship_type"]],
            "size": query["size"],
            "size_unit": query["size_unit"].map(unit),
            "main_kw": 10_000.0,
            "max_speed_kn": 20.0,
            "engine_type": "SSD",
        }
    )
    filled = fill_ships(ships, load_method("shipef-0.2"))
    loads = filled.loads.set_index(["vessel_id", "mode"]).loc[
        list(zip(cases["case_id"], query["mode"], strict=True))
    ]
    np.testing.assert_array_equal(loads["auxiliary_kw"], pd.to_numeric(cases["aux_kw"]))
    np.testing.assert_array_equal(loads["boiler_kw"], pd.to_numeric(cases["boiler_kw"]))
    assert filled.attributes.loc[cases["case_id"], "subtype"].tolist() == cases["sub_type"].tolist()
    with capsys.disabled():
        print(f"\ngolden_auxboiler.csv, imo, as a vessel table: {len(cases)} cases x 2, all equal")


# --- published values (EPA's own test values, a worked call, a sample track) ---

UNITS_OF_CASES = {"NOx": "NOx", "CO2": "CO2", "PM10": "PM10", "SO2": "SOx", "HC": "HC", "CO": "CO",
                  "BSFC": "fuel:MGO"}  # fmt: skip


OF_FUEL_RATE = {"300": "GT", "185": "SSD", "205": "MSD"}


def test_epas_own_test_values_of_factors(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ShipEF, testEmissionFactorAssignments.r: factors without low-load adjustment."""
    cases = vectors(golden, "cases_ogv_factors_epa.csv")
    rates = cases[cases["unit"] == "g/kWh"].reset_index(drop=True)
    if rates.empty:
        pytest.skip("cases_ogv_factors_epa.csv: no rate per kWh among these vectors")
    text = (rates["function"] + " " + rates["engine"]).str.casefold()
    boiler = rates["engine"].str.casefold().str.contains("boiler")
    auxiliary = text.str.contains("aux ") | (text.str.contains("aux/boiler") & ~boiler)
    group = np.select([boiler, auxiliary], ["boiler", "auxiliary"], "main")
    engine = rates["engine"].str.extract(r"\b(SSD|MSD|HSD|ST|GT|LNG)\b")[0]
    # "load-based BSFC of a baseline of 300 g/kWh" is a gas turbine on distillate, of 185 a slow-speed engine.
    baseline = rates["engine"].str.extract(r"baseline (\d+)")[0].map(OF_FUEL_RATE)
    engine = engine.where(rates["pollutant"] != "BSFC", baseline).mask(boiler, "Boiler")
    load_based = text.str.contains("load-based")
    asked = pd.DataFrame(
        {
            "engine_group": group,
            "engine_type": engine,
            "tier": rates["tier"].replace("", "Tier 0"),
            "location": rates["location"].replace("", "ECA"),
            "load_factor": rates["load_factor"].replace("", "1"),
            "load_based_bsfc": np.where(load_based, "Y", "N"),
            "eca_sulfur_pct": "0.1",
            "global_sulfur_pct": "0.5",
        }
    )
    assert not asked.isna().any().any(), "every case says which engine it is about"
    got = masses(asked, llaf_engines="none")
    value = np.array([got.loc[at, UNITS_OF_CASES[name]] for at, name in rates["pollutant"].items()])
    expected = pd.to_numeric(rates["expected"]).to_numpy()
    allowed = np.where(rates["tolerance"] == "exact", 1e-12 * expected, pd.to_numeric(
        rates["tolerance"].where(rates["tolerance"] != "exact", "0")) / 2)  # fmt: skip
    assert (np.abs(value - expected) <= allowed + 1e-12).all(), rates.assign(got=value)
    with capsys.disabled():
        worst = worst_error(value, expected)
        print(f"\ncases_ogv_factors_epa.csv: {len(rates)} factors, worst relative error {worst:.1e}")


def test_epas_own_test_values_of_power_and_loads(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ShipPowerModel's tests: the propeller law, and default loads of named subtypes."""
    cases = vectors(golden, "cases_ogv_factors_epa.csv")
    kilowatts = cases[cases["unit"] == "kW"]
    power = kilowatts[kilowatts["pollutant"] == "power"]
    for case in power.to_dict("records"):
        speed, reference, rated = (
            float(pd.Series([case["engine"]]).str.extract(pattern)[0].iloc[0])
            for pattern in (r"V=([\d.]+)", r"ref (?:max|service) ([\d.]+)", r"MCR ([\d.]+)")
        )
        margin = pd.Series([case["engine"]]).str.extract(r"margin (\d+)")[0].iloc[0]
        service = "service" in case["engine"]
        leg = one_leg(
            main_kw=rated,
            max_speed_kn=float(engines.maximum_speed(reference)) if service else reference,
            speed_kn=speed,
        )
        rows = vessels.propulsion_rows(leg, load_method("shipef-0.2").with_options(speed_margin_pct=margin))
        # Printed values are exact or to four decimals.
        assert rows["quantity"].iloc[0] == pytest.approx(float(case["expected"]), abs=0.5e-4), case["case_id"]
    loads = kilowatts[kilowatts["pollutant"] != "power"]
    names = load_mapping("starcrest-ghg3", "subtypes").set_index("subtype").loc[loads["engine"]]
    query = pd.DataFrame(
        {
            "ship_type": names["ship_type"].to_numpy(),
            "size": pd.to_numeric(names["size_ge"]).to_numpy(),
            "size_unit": names["size_unit"].to_numpy(),
            "mode": loads["tier"].where(loads["tier"] != "", loads["load_factor"]).map(MODE).to_numpy(),
            "engine_group": np.where(loads["pollutant"] == "aux load", "auxiliary", "boiler"),
        }
    )
    got = load_table("starcrest-ghg3", "aux_boiler_loads").find(query, "load").to("kW")
    np.testing.assert_array_equal(got, pd.to_numeric(loads["expected"]))
    with capsys.disabled():
        print(f"\ncases_ogv_factors_epa.csv: {len(power)} powers and {len(loads)} loads, all equal")
    factors = cases[cases["unit"] == "g/kWh"]
    assert len(power) + len(loads) + len(factors) == len(cases), "no case is left out"


def one_leg(**known: object) -> pd.DataFrame:
    """One hour of one ship under way, as `emissions.vessels.propulsion_rows` takes it."""
    leg: dict[str, object] = {
        "hours": 1.0,
        "mean_load": np.nan,
        "mode": "transit",
        "draught_ratio": 1.0,
        "engine_type": "SSD",
        "tier": 0,
    }
    return pd.DataFrame([leg | known])


def work_of_call(case: pd.Series) -> pd.DataFrame:
    """Work rows of a call of poeminv's table: kilowatts by mode, and speeds at points of a track."""
    hours, points = float(case["hours"]), re.findall(r"\d+(?:\.\d+)?", str(case["stw_kn_at_points"]))
    stay = pd.DataFrame(
        {
            "hours": [hours],
            "connected": False,
            "auxiliary_kw": float(case["aux_kw"] or 0),
            "boiler_kw": float(case["boiler_kw"] or 0),
            "auxiliary_from": "given",
            "boiler_from": "given",
            "aux_engine_type": "MSD",
            "tier_aux": 0,
        }
    )
    parts = [vessels.auxiliary_rows(stay)]
    if points:
        margin = float(case["sea_margin"])
        margin = (margin - 1) * 100 if margin >= 1 else margin * 100 if margin < 0.5 else margin
        # The load is worked out at each point, and its mean taken along each segment; all are equally long.
        load = engines.propulsion_load(
            np.array(points, dtype=float), float(case["max_speed_kn"]), margin_pct=margin
        )
        mean = float(((load[:-1] + load[1:]) / 2).mean())
        leg = one_leg(main_kw=float(case["propulsion_kw"]), mean_load=mean, hours=hours, max_speed_kn=1.0,
                      speed_kn=1.0)  # fmt: skip
        parts.append(vessels.propulsion_rows(leg, load_method("epa-2022")))
    return pd.concat(parts, ignore_index=True)


def grams_of_call(case: pd.Series) -> pd.Series:
    method = load_method("epa-2022")
    rows = work_of_call(case)
    rows["tier"] = vessels.tier_text(rows["tier"])
    location = pd.Series("ECA", index=rows.index)
    rows["fuel"] = fuel_of(rows["engine_group"], rows["engine_type"], location, method)
    rows = rows.assign(sulfur_pct=0.1, area_sulfur_pct=0.1)
    class_id, classes = resolve(SOURCE, rows, method)
    return row_mass(rows, class_id, classes).sum() * 1000


def test_calls_worked_by_poeminv(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Navisense/poeminv README: NOx and CO2 of a stay at berth, relative 1e-6."""
    cases = vectors(golden, "cases_ogv_call_poeminv.csv").astype(str)
    errors = []
    for _, case in cases.iterrows():
        grams = grams_of_call(case)
        for pollutant in ("NOx", "CO2"):
            printed = float(case[f"published_{pollutant.lower()}_g"])
            errors.append(abs(grams[pollutant] / printed - 1))
            assert grams[pollutant] == pytest.approx(printed, rel=1e-6), case["case_id"]
    with capsys.disabled():
        print(f"\ncases_ogv_call_poeminv.csv: {len(cases)} cases x 2, worst relative error {max(errors):.1e}")


def test_a_track_worked_by_poeminv() -> None:
    """Navisense/poeminv README: two hours of a ship of 37,000 kW and 25 kn through 24.5, 22, 20 kn.

    NOx 1,001,500.8768 g and CO2 35,536,764.08934 g, with a sea margin of a tenth and 1,390 kW of auxiliaries.
    """
    case = pd.Series(
        {
            "hours": "2", "aux_kw": "1390", "boiler_kw": "0", "sea_margin": "1.1", "propulsion_kw": "37000",
            "max_speed_kn": "25", "stw_kn_at_points": "24.5; 22; 20",
        }
    )  # fmt: skip
    grams = grams_of_call(case)
    assert grams["NOx"] == pytest.approx(1001500.8768, rel=1e-9)
    assert grams["CO2"] == pytest.approx(35536764.08934, rel=1e-9)


def test_epas_sample_track_of_two_ships(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """EPA's sample AIS messages: kW x h by message, through work rows, classes and curves."""
    track = vectors(golden, "cases_ogv_ais_epa_activity.csv")
    expected = vectors(golden, "cases_ogv_ais_epa_expected.csv")
    method = load_method("shipef-0.2")
    parts = []
    as_built = track["tier"].str[-1].astype(int)
    for group, ours, engine in (
        ("main", "propulsion", ""),
        ("aux", "auxiliary", "MSD"),
        ("boiler", "boiler", "Boiler"),
    ):
        kilowatts, hours = (
            pd.to_numeric(track[f"{group}_load_kw"]),
            pd.to_numeric(track["hours_since_previous"]),
        )
        load = kilowatts / pd.to_numeric(track["mcr_kw"])
        parts.append(
            pd.DataFrame(
                {
                    "case_id": track["case_id"],
                    "group": group,
                    "engine_group": ours,
                    "engine_type": engine or track["main_engine"],
                    # A main engine of Tier III is one of Tier II below a quarter of its power.
                    "tier": engines.tier_label(engines.tier_at_load(as_built, load, False)).astype(str)
                    if group == "main"
                    else track["tier"],
                    "location": track["location"],
                    "load_factor": load if group == "main" else np.nan,
                    "quantity": kilowatts * hours,
                }
            )
        )
    rows = pd.concat(parts, ignore_index=True)
    rows["fuel"] = fuel_of(rows["engine_group"], rows["engine_type"], rows["location"], method)
    rows["area_sulfur_pct"] = np.where(rows["location"] == "ECA", 0.1, 0.5)
    rows["sulfur_pct"] = rows["area_sulfur_pct"].where(rows["fuel"] != "MGO/MDO", 0.1)
    class_id, classes = resolve(SOURCE, rows, method)
    grams = (row_mass(rows, class_id, classes) * 1000).groupby([rows["case_id"], rows["group"]]).sum()
    asked = expected[["case_id", "engine_group", "pollutant"]].replace({"SO2": "SOx"}).to_numpy()
    got = np.array([grams.loc[(case, group), name] for case, group, name in asked])
    printed = pd.to_numeric(expected["expected"]).to_numpy()
    # Grams are printed to three decimals, from hours printed to six digits (0.333333).
    assert (np.abs(got - printed) <= 0.5e-3 + 1.5e-6 * printed).all(), expected.assign(got=got)
    with capsys.disabled():
        print(f"\ncases_ogv_ais_epa: {len(track)} messages, {len(printed)} totals, worst relative error "
              f"{worst_error(got, printed):.1e}")  # fmt: skip


def test_published_low_load_factors_to_two_decimals(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Factors of 2 to 20 % load, as ratio of the mass of a kWh at that load to one at full load."""
    cases = vectors(golden, "cases_low_load_factors.csv")
    load = pd.to_numeric(cases["load_fraction"])
    # The SO2 column does not state its sulfur; the regression at a fraction of 0.027 gives it in every digit.
    method = load_method("shipef-0.2")
    rows = pd.DataFrame(
        {
            "engine_group": "propulsion", "engine_type": "SSD", "tier": "Tier 1", "fuel": "RM/HFO",
            "sulfur_pct": 2.7, "area_sulfur_pct": 0.027, "load_factor": load, "quantity": 1.0,
        }
    )  # fmt: skip
    class_id, classes = resolve(SOURCE, rows, method)
    at_load = row_mass(rows, class_id, classes)
    at_full = row_mass(rows.assign(load_factor=1.0), class_id, classes)
    ratio = at_load / at_full
    names = {"PM": "PM10", "SO2": "SOx"}
    got = np.array([ratio.loc[at, names.get(name, name)] for at, name in cases["pollutant"].items()])
    printed = pd.to_numeric(cases["published_factor"]).to_numpy()
    assert (np.abs(got - printed) <= 0.005 + 1e-9).all(), cases.assign(got=got)
    with capsys.disabled():
        print(f"\ncases_low_load_factors.csv: {len(cases)} factors, largest difference "
              f"{np.abs(got - printed).max():.4f} of two decimals")  # fmt: skip


def test_low_load_table_of_the_edition_follows_from_its_coefficients() -> None:
    """EPA-420-B-22-011, Table 3.10, and the columns of ShipEF's code: four printed decimals."""
    table = load_table("epa-ogv-2022", "llaf_table").frame
    table = table[
        table["source_set"].isin(["EPA"]) & table["quantity"].isin(["NOx", "HC", "CO", "PM", "CO2"])
    ]
    rows = pd.DataFrame(
        {
            "engine_group": "propulsion", "engine_type": "SSD", "tier": "Tier 1", "fuel": "MGO/MDO",
            "sulfur_pct": 0.1, "area_sulfur_pct": 0.1, "quantity": 1.0,
            "load_factor": pd.to_numeric(table["load_pct"]).to_numpy() / 100,
        }
    )  # fmt: skip
    class_id, classes = resolve(SOURCE, rows, load_method("epa-2022"))
    ratio = row_mass(rows, class_id, classes) / row_mass(rows.assign(load_factor=1.0), class_id, classes)
    names = table["quantity"].replace({"PM": "PM10"}).tolist()
    got = np.array([ratio.loc[at, name] for at, name in enumerate(names)])
    assert len(got) >= 90
    np.testing.assert_allclose(got, table["value"], rtol=0, atol=0.5e-4 + 1e-9)
