"""Golden vectors of ICCT's SAVE: a ship-hour from speed and hull to grams, by the path an inventory takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from emissions import sailing_resistance, vessels
from emissions.mass import row_mass
from emissions.propulsion import propulsion_loads
from factors.library import resolve
from factors.method import Method, load_method

SOURCE = "ocean_going_vessels"
FILE = "golden_save.csv"
TOLERANCE = 1e-9

CYCLE = {
    "LPDF 4-stroke": "otto_medium_speed",
    "LPDF 2-stroke": "otto_low_speed",
    "HPDF": "diesel_high_pressure",
    "LBSI": "lean_burn",
}
FUEL = {
    "Residual": "RM/HFO",
    "Distillate": "MGO/MDO",
    "VLSFO": "VLSFO",
    "LNG": "LNG",
    "Methanol": "methanol",
}
LIMIT = {"none": 0.5, "in_eca": 0.1, "outside_eca": 0.5}
CURVE = {"ghg4": "reciprocating", "all_main": "on", "printed": "all_engines"}
POLLUTANTS = {
    "co2": "CO2",
    "sox": "SOx",
    "ch4": "CH4",
    "pm10": "PM10",
    "pm25": "PM2.5",
    "nox": "NOx",
    "n2o": "N2O",
    "co": "CO",
    "nmvoc": "NMVOC",
}
GROUP = {"propulsion": "main", "auxiliary": "aux", "boiler": "boiler"}


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> pd.DataFrame:
    golden: Path = request.getfixturevalue("golden")
    if not (golden / FILE).exists():
        pytest.skip(f"{FILE} is not in {golden}")
    return pd.read_csv(golden / FILE, keep_default_na=False).reset_index(drop=True)


def number(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column.replace("", np.nan)).astype(float)


def moving(case: pd.DataFrame) -> pd.Series:
    return case["mode"].isin(["transit", "maneuvering"])


def periods(cases: pd.DataFrame, method: Method) -> pd.DataFrame:
    """The cases as an inventory's legs and stays, before their fuel is known."""
    gas = cases["engine_type"].map(CYCLE)
    turbine = cases["engine_type"].isin(["ST", "GT"])
    exponent = float(printed(method, "draught", "exponent"))
    light, loaded = number(cases["draught_ratio_ballast"]), number(cases["draught_ratio_loaded"])
    mean = sailing_resistance.mean_draught_factor(
        light, loaded, number(cases["ballast_share"]), exponent=exponent
    )
    ballast = cases["is_ballast_ship"].astype(str).str.upper() == "TRUE"
    query = pd.DataFrame(
        {"ship_type": cases["ship_type"], "size": cases["size"], "mode": cases["mode"]}
    ).assign(size_unit=cases["size_unit"])
    loads = vessels_loads(query, method)
    burns_gas = cases["fuel"] == "LNG"
    return pd.DataFrame(
        {
            "hours": cases["hours"].astype(float),
            "mode": cases["mode"],
            "year": cases["year"].astype(int),
            "speed_kn": cases["sog_kn"].astype(float) * cases["saf"].astype(float),
            "max_speed_kn": cases["max_speed_kn"].astype(float),
            "main_kw": cases["installed_kw"].astype(float),
            "mean_load": np.nan,
            "draught_ratio": number(cases["draught_ratio"]).fillna(1.0),
            "draught_factor": pd.Series(mean, index=cases.index).where(ballast),
            "roughness_um": cases["roughness_um"].astype(float),
            "distance_to_shore_nmi": cases["distance_to_shore_nmi"].astype(float),
            "engine_type": cases["engine_type"].where(gas.isna(), "LNG"),
            "main_engine": cases["engine_type"].where(gas.isna(), gas),
            "cycle": gas.fillna(""),
            "rpm": number(cases["rpm"]).fillna(0.0),
            "engine_age": cases["engine_age"],
            "tier": cases["tier"].str[-1].astype(int),
            "tier_aux": cases["tier"].str[-1].astype(int),
            "boiler_tier": cases["tier"].str[-1].astype(int),
            # Generators of turbine ships are rated with the turbine; those of gas engines burn gas as well.
            "aux_engine_type": np.where(burns_gas & ~turbine, "LNG", "MSD"),
            "auxiliary_kw": loads["auxiliary"],
            "boiler_kw": loads["boiler"],
            "auxiliary_from": "default",
            "boiler_from": "default",
            "connected": False,
            "fuel": cases["fuel"].map(FUEL),
            "case": np.arange(len(cases)),
        }
    )


def vessels_loads(query: pd.DataFrame, method: Method) -> dict[str, np.ndarray]:
    table = method.table(SOURCE, "loads")
    return {
        group: table.find(query, "load", engine_group=group).to("kW") for group in ("auxiliary", "boiler")
    }


def printed(method: Method, model: str, quantity: str) -> float:
    rows = method.table(SOURCE, "load_model").frame
    return float(rows.loc[(rows["model"] == model) & (rows["quantity"] == quantity), "value"].iloc[0])


def worked(cases: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Work rows of main engines, auxiliary engines and boilers, with their fuel and its sulfur."""
    from factors.recipes.ships.plants import sulfur_pct

    stretches = periods(cases, method)
    sails = moving(cases)
    main = vessels.propulsion_rows(stretches[sails.to_numpy()], method)
    load = pd.Series(0.0, index=stretches.index)
    load[main.index] = main["load_factor"]
    if method.option("load_fuel_rate") == "all_engines":
        stretches = stretches.assign(main_load=load)
    rows = pd.concat([main, vessels.auxiliary_rows(stretches)], ignore_index=True)
    scrubbed = cases["scrubber"].iloc[rows["case"]].to_numpy() != "none"
    return rows.assign(
        fuel_year=rows["year"],
        sulfur_pct=sulfur_pct(rows["fuel"], rows["year"], method),
        area_sulfur_pct=cases["scrubber"].map(LIMIT).iloc[rows["case"]].to_numpy(),
        after_treatment=np.where(scrubbed, "scrubber", ""),
        capture="",
        tier=vessels.tier_text(rows["tier"]),
    )


def by_method(cases: pd.DataFrame) -> list[tuple[Method, pd.DataFrame]]:
    """Cases by the options that they ask for."""
    shipped = load_method("icct-save-2025")
    parts = []
    rows_of = cases["rows_of"].where(cases["fuel"] == "VLSFO", "Residual")
    for (curve, pilot, vlsfo), part in cases.groupby(["sfoc_curve", "pilot", rows_of]):
        method = shipped.with_options(
            load_fuel_rate=CURVE[curve], pilot=pilot, vlsfo_rows=vlsfo, black_carbon_bound="none"
        )
        parts.append((method, part.reset_index(drop=True)))
    return parts


def worst(got: np.ndarray, expected: np.ndarray) -> float:
    """Worst relative error; a zero is to be hit exactly."""
    exact = expected == 0
    assert (got[exact] == 0).all()
    return float(np.max(np.abs(got[~exact] / expected[~exact] - 1), initial=0.0))


def test_load_factors_of_save_follow_from_speed_hull_weather_and_draught(
    cases: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    sailing = cases[moving(cases)].reset_index(drop=True)
    method = load_method("icct-save-2025")
    load, replaced = propulsion_loads(periods(sailing, method), method)
    error = worst(load, sailing["load_factor"].to_numpy(dtype=float))
    assert not replaced.any()
    assert error < TOLERANCE
    with capsys.disabled():
        print(f"\n{FILE}: {len(sailing)} load factors, worst relative error {error:.1e}")


def test_save_is_reproduced_from_hull_to_grams(
    cases: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    errors: dict[str, float] = {}
    seen = 0
    for method, part in by_method(cases):
        rows = worked(part, method)
        class_id, classes = resolve(SOURCE, rows, method)
        grams = row_mass(rows, class_id, classes) * 1000
        states = classes.coverage.set_index(["coverage_group", "process", "pollutant"])["state"]
        groups = classes.classes["coverage_group"].to_numpy()[class_id]
        for group, short in GROUP.items():
            mine = (rows["engine_group"] == group).to_numpy()
            at = rows["case"].to_numpy()[mine]
            wanted = POLLUTANTS | {"bc_per_fuel" if group == "propulsion" else "bc": "BC"}
            for name, pollutant in wanted.items():
                expected = number(part[f"{short}_{name}_g"])
                got = np.zeros(len(part))
                got[at] = grams[pollutant].to_numpy()[mine]
                blank = expected.isna().to_numpy()
                for place in np.flatnonzero(blank[at]):
                    key = (groups[mine][place], "exhaust", pollutant)
                    assert states[key] == "NE", "a blank is a factor that the source does not have"
                key_name = f"{short} {pollutant}"
                error = worst(got[~blank], expected[~blank].to_numpy())
                errors[key_name] = max(errors.get(key_name, 0.0), error)
                seen += len(part)
            fuel = [name for name in grams if name.startswith("fuel:")]
            burnt = np.zeros(len(part))
            burnt[at] = grams[fuel].to_numpy().sum(axis=1)[mine]
            meant = number(part[f"{short}_fuel_g"]).to_numpy()
            if short == "main":
                meant = meant + number(part["main_pilot_g"]).to_numpy()
            errors[f"{short} fuel"] = max(errors.get(f"{short} fuel", 0.0), worst(burnt, meant))
        assert worst(kilowatts(rows, part, "propulsion"), part["main_kw"].to_numpy(dtype=float)) < TOLERANCE
        assert (kilowatts(rows, part, "auxiliary") == part["aux_kw"].astype(float)).all()
        assert (kilowatts(rows, part, "boiler") == part["boiler_kw"].astype(float)).all()
    with capsys.disabled():
        print(f"\n{FILE}: {len(cases)} cases, {seen} masses, worst relative error {max(errors.values()):.1e}")
    assert max(errors.values()) < TOLERANCE, errors


def kilowatts(rows: pd.DataFrame, part: pd.DataFrame, group: str) -> np.ndarray:
    mine = rows[rows["engine_group"] == group]
    out = np.zeros(len(part))
    out[mine["case"]] = (
        (mine["main_kw"] * mine["load_factor"]) if group == "propulsion" else mine[f"{group}_kw"]
    )
    return out


def test_black_carbon_of_main_engines_is_read_per_kilowatt_hour_as_well(
    cases: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    worst_of = 0.0
    for method, part in by_method(cases):
        rows = worked(part, method)
        mine = rows[rows["engine_group"] == "propulsion"]
        if not len(mine):
            continue
        class_id, classes = resolve(SOURCE, mine, method.with_options(black_carbon="per_kwh"))
        got = np.zeros(len(part))
        got[mine["case"]] = row_mass(mine, class_id, classes, ["BC"])["BC"].to_numpy() * 1000
        worst_of = max(worst_of, worst(got, number(part["main_bc_per_kwh_g"]).to_numpy()))
    with capsys.disabled():
        print(f"\n{FILE}: black carbon per kWh, worst relative error {worst_of:.1e}")
    assert worst_of < TOLERANCE


def test_every_engine_fuel_tier_and_age_of_save_has_its_factors_or_says_that_it_has_none() -> None:
    """Whatever other rows of the form ask for: no combination of what the tables print stops a build."""
    method = load_method("icct-save-2025")
    engines = method.table(SOURCE, "bsfc").listed("engine_group", "engine_type", "fuel")
    spelled = {name: ours for ours, name in FUEL_OF.items()}
    rows = engines.merge(pd.DataFrame({"tier": [f"Tier {step}" for step in range(4)]}), how="cross").merge(
        pd.DataFrame({"engine_age": ["before_1984", "1984-2000", "after_2000"]}), how="cross"
    )
    gas = rows["engine_type"].map(CYCLE)
    group = rows["engine_group"]
    own = rows["engine_type"].where(gas.isna(), "LNG")
    rows = rows.assign(
        main_engine=rows["engine_type"].where(gas.isna(), gas),
        cycle=gas.fillna(""),
        fuel=rows["fuel"].map(spelled),
        engine_type=own.mask(group == "boiler", "Boiler"),
        rpm=np.where((group == "propulsion") & (own == "MSD"), 514.0, 0.0),
        sulfur_pct=0.1,
        area_sulfur_pct=0.1,
        load_factor=np.where(group == "propulsion", 0.05, np.nan),
        quantity=1.0,
    )
    class_id, classes = resolve(SOURCE, rows, method)
    assert len(classes.classes) == len(rows)
    grams = row_mass(rows, class_id, classes) * 1000
    needed = ["PM10", "PM2.5", "SOx", "CO2", "CO", "N2O", "NMVOC", "CH4", "BC"]
    # Tables 18 to 20 print 0 of boilers on methanol.
    zero = (group == "boiler") & (rows["fuel"] == "methanol")
    assert (grams.loc[~zero, needed] > 0).all(axis=None)
    assert (grams.loc[zero, ["CO", "N2O", "NMVOC"]] == 0).all(axis=None)
    lacking = rows.assign(group=classes.classes["coverage_group"].to_numpy()[class_id])[grams["NOx"] == 0]
    assert lacking["group"].str.endswith("_without_nox").all()
    assert set(lacking["tier"]) == {"Tier 0"}
    assert set(lacking["main_engine"]) == {"otto_medium_speed", "diesel_high_pressure", "GT"}


FUEL_OF = {"RM/HFO": "Residual", "MGO/MDO": "Distillate", "LNG": "LNG", "methanol": "Methanol"}


def grams_of_a_kilowatt_hour(**known: object) -> pd.Series:
    """Factors of one engine under the method's defaults, with some keys set."""
    row: dict[str, object] = {
        "engine_group": "propulsion",
        "engine_type": "SSD",
        "main_engine": "SSD",
        "tier": "Tier 2",
        "fuel": "MGO/MDO",
        "sulfur_pct": 0.06,
        "area_sulfur_pct": 0.1,
        "engine_age": "after_2000",
        "load_factor": 0.5,
        "quantity": 1.0,
    }
    rows = pd.DataFrame([row | known])
    class_id, classes = resolve(SOURCE, rows, load_method("icct-save-2025"))
    return row_mass(rows, class_id, classes).iloc[0] * 1000


def test_a_slow_speed_engine_on_distillate_by_hand() -> None:
    """Tables 11 to 17, equations 8 to 12 and 15: 165 g/kWh x 1.03875 at half load, 0.06 % sulfur."""
    grams = grams_of_a_kilowatt_hour()
    fuel = 165 * (0.455 * 0.25 - 0.71 * 0.5 + 1.28)
    assert grams["fuel:MGO"] == pytest.approx(fuel, rel=1e-12)
    assert grams["CO2"] == pytest.approx(fuel * 3.206, rel=1e-12)
    assert grams["SOx"] == pytest.approx(fuel * 2 * 0.97753 * 0.0006, rel=1e-12)
    assert grams["PM10"] == pytest.approx(0.23 + 165 * 7 * 0.02247 * (0.0006 - 0.0024), rel=1e-12)
    assert grams["NOx"] == pytest.approx(14.4, rel=1e-12)
    assert grams["BC"] == pytest.approx(0.0311 * 0.5**-0.397 * fuel / 1000, rel=1e-12)


def test_nox_of_a_medium_speed_engine_follows_its_rated_speed() -> None:
    """Equation 18: 44 x 720^-0.23; without a rated speed there is no factor."""
    engine = {"engine_type": "MSD", "main_engine": "MSD"}
    assert grams_of_a_kilowatt_hour(**engine, rpm=720.0)["NOx"] == pytest.approx(44 * 720**-0.23, rel=1e-12)
    with pytest.raises(ValueError, match="rated speed"):
        grams_of_a_kilowatt_hour(**engine)


def test_sulfur_of_ships_never_leaves_more_than_came_with_the_fuel() -> None:
    for load in (0.02, 0.1, 0.5, 1.0):
        grams = grams_of_a_kilowatt_hour(load_factor=load)
        assert grams["SOx"] <= 2 * 0.0006 * grams["fuel:MGO"]
        assert grams["BC"] <= grams["PM2.5"] <= grams["PM10"] == grams["DPM"]


def test_the_pilot_fuel_of_a_gas_engine_burns_beside_the_gas() -> None:
    """Table 11: 6 g of pilot fuel per kWh in the diesel cycle, CO2 3.206 per gram; 135 g of gas at 2.75."""
    gas = {"engine_type": "LNG", "main_engine": "diesel_high_pressure", "cycle": "diesel_high_pressure"}
    grams = grams_of_a_kilowatt_hour(**gas, fuel="LNG", tier="Tier 3", sulfur_pct=8.29e-4, load_factor=0.7802)
    curve = 0.455 * 0.7802**2 - 0.71 * 0.7802 + 1.28
    assert grams["fuel:MGO"] == pytest.approx(6, rel=1e-12)
    assert grams["CO2"] == pytest.approx(6 * 3.206 + 135 * curve * 2.75, rel=1e-12)
    assert grams["CH4"] == pytest.approx(0.2, rel=1e-12)
