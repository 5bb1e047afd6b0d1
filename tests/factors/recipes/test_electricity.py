"""Kinds of grid rate: each by itself, losses once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from emissions import electricity
from emissions.mass import row_mass
from factors.library import resolve
from factors.method import Method, MethodError, load_method
from factors.own_tables import with_user_tables
from factors.recipes.electricity.annual_rates import of_the_year
from factors.recipes.electricity.recipe import KINDS, chosen
from factors.tables import FactorMissing
from factors.terms import FactorClasses
from factors.units import conversion

MWH = pd.DataFrame({"use": ["cranes"], "quantity": [1000.0], "month": [1]})
POUND = conversion("lb", "kg")
CALIFORNIA = "California (AVERT region)"


def kilograms(**options: str) -> pd.Series:
    method = load_method("epa-2022").with_options(**options)
    rows = electricity.work_rows(MWH, method)
    class_id, classes = resolve("electricity", rows, method)
    return row_mass(rows, class_id, classes).iloc[0]


def test_average_rates_take_no_loss_of_any_grid():
    """eGRID2016 CAMX: 527.862405 lb CO2/MWh; eGRID2021 SRSO: 891.907, and 0.385 lb NOx."""
    assert kilograms(grid_region="CAMX", grid_year="2016")["CO2"] == pytest.approx(527.862405 * POUND)
    georgia = kilograms(grid_region="SRSO", grid_year="2021")
    assert georgia["CO2"] == pytest.approx(891.907 * POUND)
    assert georgia["NOx"] == pytest.approx(0.385 * POUND)


def test_what_is_lost_on_the_grid_is_a_source_of_its_own():
    """eGRID2022 CAMX: 497.443 lb CO2/MWh, gross loss 5.1 %: 0.051 / 0.949 of it beside the meter's."""
    method = load_method("epa-2022").with_options(
        grid_region="CAMX", grid_year="2022", grid_loss_region="own"
    )
    rows = electricity.work_rows(MWH, method)
    masses = {}
    for source in ("electricity", "grid_losses"):
        class_id, classes = resolve(source, rows, method)
        masses[source] = row_mass(rows, class_id, classes).iloc[0]
    assert masses["electricity"]["CO2"] == pytest.approx(497.443 * POUND)
    assert masses["grid_losses"]["CO2"] == pytest.approx(497.443 * POUND * 0.051 / 0.949)
    assert "electricity" not in masses["grid_losses"]  # the kilowatt-hours are those of the meters
    marginal = method.with_options(grid_kind="marginal", grid_region=CALIFORNIA, grid_year="2024")
    with pytest.raises(MethodError, match="goes with average rates"):
        resolve("grid_losses", rows, marginal)


@pytest.mark.parametrize(
    ("year", "quantity", "printed"),
    [
        ("2018", "CH4", 0.034),  # eGRID2018, SRCH4RTA
        ("2023", "CO2", 428.464),  # eGRID2023 revision 2; the first release has 428.464 as well
        ("2022", "N2O", 0.004),
    ],
)
def test_numbers_of_egrid_of_california(year, quantity, printed):
    assert kilograms(grid_region="CAMX", grid_year=year)[quantity] == pytest.approx(printed * POUND)


def test_revision_2_of_2023_stands_and_not_the_first_release():
    """SRSO: 842.329 lb CO2/MWh by revision 2 of June 2025, 840.893 by the first release."""
    assert kilograms(grid_region="SRSO", grid_year="2023")["CO2"] == pytest.approx(842.329 * POUND)


def test_gases_that_a_year_of_egrid_was_not_read_with_are_not_estimated():
    """Power Profiler's data of 2021 have CO2, NOx and SO2 alone."""
    _, classes = one_megawatt_hour(load_method("epa-2022").with_options(grid_region="SRSO", grid_year="2021"))
    states = stated_of_averages(classes)
    assert [states[name] for name in ("CO2", "NOx", "SOx", "CH4", "N2O")] == ["value"] * 3 + ["NE"] * 2


@pytest.mark.parametrize(
    ("region", "year", "taken"),
    [("SRSO", 2020, 2020), ("SRSO", 2030, 2023), ("SRSO", 2010, 2016), ("CAMX", 2017, 2018)],
)
def test_the_year_nearest_to_the_inventory_is_taken_and_said(region, year, taken):
    method = load_method("epa-2022").with_options(grid_region=region)
    settled, said = of_the_year(method, year, "average total output", "total output")
    assert settled.option("grid_year") == str(taken)
    assert said.startswith(f"grid rates of {region} are of {taken}")
    assert ("the nearest to" in said) == (taken != year)


def test_a_year_that_is_stated_is_not_changed():
    method = load_method("epa-2022").with_options(grid_region="SRSO", grid_year="2019")
    assert of_the_year(method, 2023, "average total output", "total output") == (method, "")


def test_marginal_rates_are_per_retail_megawatt_hour_and_take_no_loss():
    """AVERT 2024, Uniform EE: 1036 lb CO2 and 0.218 lb NOx per MWh."""
    mass = kilograms(grid_kind="marginal", grid_region=CALIFORNIA, grid_year="2024")
    assert mass["CO2"] == pytest.approx(1036 * POUND, rel=1e-3)
    assert mass["NOx"] == pytest.approx(0.218 * POUND, rel=5e-3)
    assert "CH4" not in mass
    assert mass["electricity"] == pytest.approx(1000)


def test_projected_rates_by_scenario_and_year():
    """Cambium 2023, CAISO mid case, long-run marginal: 186.7 kg CO2/MWh in 2025, loss 0.0539."""
    mid = {"grid_kind": "projected", "grid_region": "CAISO (MidCase)", "grid_year": "2025"}
    assert kilograms(**mid)["CO2"] == pytest.approx(186.7 / (1 - 0.0539))
    assert kilograms(**mid, grid_projected_at="meter")["CO2"] == pytest.approx(186.7)
    average = kilograms(**mid, grid_rate="average")
    assert average["CO2"] == pytest.approx(119.3 / (1 - 0.0359))
    assert average["CH4"] == pytest.approx(0.0051 / (1 - 0.0359))
    assert kilograms(**{**mid, "grid_year": "2045"})["CO2"] < kilograms(**mid)["CO2"]


def test_the_life_cycle_is_one_number_apart():
    """CA-GREET 2020: the mean of 24 hours lies within 42.5 and 134.6 g CO2e/MJ."""
    mass = kilograms(
        grid_kind="life_cycle", grid_region="California grid (LCFS/CA-GREET, hour of day)", grid_year="2020"
    )
    assert 42.5 < mass["CO2e_life_cycle"] / 3600 * 1000 < 134.6
    assert set(mass.index) == {"CO2e_life_cycle", "electricity"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"grid_rate": "long-run marginal"}, "of kind 'projected', and grid_kind = 'average': kinds"),
        ({"grid_kind": "marginal", "grid_rate": "average total output"}, "is of kind 'average'"),
        ({"grid_rate": "cheap"}, "is of no kind"),
        ({"grid_kind": "marginal", "grid_qualifier": "Onshore Wind"}, "there are Uniform EE, Portfolio EE"),
        ({"grid_kind": "life_cycle", "grid_rate": "average"}, "takes neither grid_rate nor grid_qualifier"),
    ],
)  # fmt: skip
def test_kinds_are_never_mixed(options: dict[str, str], words: str):
    with pytest.raises(MethodError, match=words):
        kilograms(grid_region="CAMX", **{"grid_year": "2022", **options})


def test_a_region_of_another_kind_is_missed_loudly():
    with pytest.raises(FactorMissing, match="region may be"):
        kilograms(grid_kind="marginal", grid_region="CAMX", grid_year="2024")


def test_a_region_or_year_without_rates_names_the_options_and_what_there_is():
    with pytest.raises(FactorMissing, match=r"California \(AVERT region\).*grid_region; grid_kind"):
        kilograms(grid_kind="marginal", grid_region="CAMX", grid_year="2024")
    with pytest.raises(FactorMissing, match=r"of CAMX in 2030; year may be .*2016.*grid_year"):
        kilograms(grid_region="CAMX", grid_year="2030")


def own_rates(folder: Path, **rates: float) -> Method:
    """A utility's rates at the meter. [kg/MWh]"""
    heading = "region,year,rate_type,qualifier,quantity,value,unit,source_document,table,source_address"
    lines = [
        f"Utility,2023,average total output,total output,{name},{value},kg/MWh,its report,1,-,read"
        for name, value in rates.items()
    ]
    path = folder / "rates.csv"
    path.write_text("\n".join([f"{heading},confidence", *lines, ""]), encoding="utf-8")
    method = load_method("epa-2022").with_options(
        grid_region="Utility", grid_year="2023", grid_loss_region=""
    )
    return with_user_tables(method, {"electricity.rates": path})


def one_megawatt_hour(method: Method) -> tuple[pd.Series, FactorClasses]:
    rows = electricity.work_rows(MWH, method)
    class_id, classes = resolve("electricity", rows, method)
    return row_mass(rows, class_id, classes).iloc[0], classes


def stated_of_averages(classes: FactorClasses) -> pd.Series:
    mine = classes.coverage[classes.coverage["coverage_group"] == "grid_average"]
    return mine.set_index("pollutant")["state"]


def test_a_utility_that_prints_carbon_dioxide_alone_leaves_the_others_not_estimated(tmp_path: Path):
    mass, classes = one_megawatt_hour(own_rates(tmp_path, CO2=200.0))
    assert mass.to_dict() == {"electricity": pytest.approx(1000), "CO2": pytest.approx(200)}
    states = stated_of_averages(classes)
    assert [states[name] for name in ("CO2", "NOx", "CH4", "PM2.5")] == ["value", "NE", "NE", "NE"]


def test_particles_of_a_ports_own_rates_count(tmp_path: Path):
    mass, classes = one_megawatt_hour(own_rates(tmp_path, CO2=200.0, **{"PM2.5": 0.01}))
    assert mass["PM2.5"] == pytest.approx(0.01)
    assert stated_of_averages(classes)["PM2.5"] == "value"


def test_a_pollutant_that_is_misspelt_in_a_ports_own_rates_is_told(tmp_path: Path):
    with pytest.raises(MethodError, match="NOX, which no rate of electricity is known by"):
        one_megawatt_hour(own_rates(tmp_path, CO2=200.0, NOX=0.1))


@pytest.mark.parametrize("kind", list(KINDS))
def test_without_a_region_the_energy_alone_is_shown(kind: str):
    assert kilograms(grid_kind=kind).to_dict() == {"electricity": pytest.approx(1000)}
    assert chosen(load_method("epa-2022").with_options(grid_kind=kind))[0] == kind
