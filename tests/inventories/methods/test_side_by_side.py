"""Two methods side by side on the small harbor: totals, and each difference found again by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from inventories import Inventory, NotComparable, Port, check_comparable, copy_example, side_by_side
from inventories.methods.side_by_side import ALL, BOTH, SideBySide
from inventories.methods.totals import NOISE, difference

BAY = ("epa-2022", {"load_factor_set": "san_pedro_bay"})
BAY_LABEL = "epa-2022 (load_factor_set = san_pedro_bay)"
FLAT = ("epa-2022", {"llaf_so2": "none"})
FLAT_LABEL = "epa-2022 (llaf_so2 = none)"
EQUIPMENT, SHIPS = "cargo_handling_equipment", "ocean_going_vessels"


@pytest.fixture(scope="module")
def harbor(tmp_path_factory: pytest.TempPathFactory) -> Port:
    folder = tmp_path_factory.mktemp("methods") / "harbor"
    copy_example("small-harbor", folder)
    return Port.load(folder)


@pytest.fixture(scope="module")
def compared(harbor: Port) -> SideBySide:
    sulfur = ("epa-2022", {"diesel_sulfur_ppm": "15"})
    return side_by_side(harbor, 2024, ["epa-2022", BAY, FLAT, "shipef-0.2", sulfur])


def kg(compared: SideBySide, source: str, pollutant: str, label: str) -> float:
    totals = compared.totals.set_index(["source_category", "pollutant", "method"])["kg"]
    return float(totals[source, pollutant, label])


# ---------------------------------------------------------------- totals


@pytest.mark.parametrize(("method", "options"), [("epa-2022", {}), BAY, ("shipef-0.2", {})])
def test_totals_are_those_of_an_inventory_built_alone(
    harbor: Port, compared: SideBySide, method: str, options: dict[str, str]
) -> None:
    alone = Inventory.build(harbor, 2024, method, **options)
    label = BAY_LABEL if options else method
    for pollutant in ("NOx", "SOx", "PM10", "DPM", "CO2", "CO2e"):
        expected = alone.total(pollutant, unit="kg").magnitude
        assert kg(compared, ALL, pollutant, label) == pytest.approx(expected, rel=1e-12), pollutant


def test_the_table_has_a_column_a_method_and_differences_from_the_first(compared: SideBySide) -> None:
    table = compared.table(unit="kg")
    row = table.loc[(EQUIPMENT, "NOx", "kg")]
    assert row[BAY_LABEL] - row["epa-2022"] == pytest.approx(row[f"{BAY_LABEL} - epa-2022"])
    assert row[f"{BAY_LABEL} - epa-2022 [%]"] == pytest.approx(100 * (row[BAY_LABEL] / row["epa-2022"] - 1))
    assert table.loc[(SHIPS, "CO2", "tonne"), "epa-2022"] == pytest.approx(
        kg(compared, SHIPS, "CO2", "epa-2022") / 1000
    )


def test_differences_of_rounding_are_shown_as_zero_and_others_are_kept(compared: SideBySide) -> None:
    first = pd.Series([1e6, 1e6, 0.0, 0.0, np.nan, 5.0])
    second = pd.Series([1e6 * (1 + 4e-16), 1e6 * (1 + 1e-10), 0.0, 1e-9, 1.0, 4.0])
    found = difference(first, second)
    assert found[0] == 0.0
    assert found[1] == pytest.approx(1e-4, rel=1e-3)
    assert found[2:].tolist() == pytest.approx([0.0, 1e-9, np.nan, -1.0], nan_ok=True)
    table = compared.table()
    for label in compared.labels[1:]:
        change = table[f"{label} - epa-2022"]
        larger = table[["epa-2022", label]].abs().max(axis=1)
        noise = (change != 0) & (change.abs() < NOISE * larger)
        assert not noise.any(), table[noise]
        assert (table.loc[change == 0, f"{label} - epa-2022 [%]"].fillna(0) == 0).all()


def test_what_a_method_does_not_estimate_is_not_zero(compared: SideBySide) -> None:
    """ShipEF has ships alone: its equipment is NE, and no total with equipment is set against it."""
    states = compared.states()
    assert states.loc[(EQUIPMENT, "NOx"), "shipef-0.2"] == "NE"
    assert states.loc[(SHIPS, "N2O"), "shipef-0.2"] == "NE"
    assert states.loc[(ALL, "NOx"), "shipef-0.2"] == "partial"
    table = compared.table(unit="kg")
    change = "shipef-0.2 - epa-2022"
    assert np.isnan(table.loc[(EQUIPMENT, "NOx", "kg"), "shipef-0.2"])
    assert np.isnan(table.loc[(EQUIPMENT, "NOx", "kg"), change])
    assert np.isnan(table.loc[(ALL, "NOx", "kg"), change])
    assert not np.isnan(table.loc[(ALL, "NOx", "kg"), f"{BAY_LABEL} - epa-2022"])
    both = table.loc[(BOTH, "NOx", "kg")]
    assert both["epa-2022"] == pytest.approx(table.loc[(SHIPS, "NOx", "kg"), "epa-2022"])
    assert " NE " in str(compared)


# ---------------------------------------------------------------- why, by hand


def test_other_work_is_told_from_other_factors(compared: SideBySide) -> None:
    """Load factors: a tractor 0.59 -> 0.39, a reach stacker 0.21 -> 0.59, a forklift the same.

    By hand from kW x hours; what is left over is deterioration, which follows the load.
    """
    found = compared.explain("NOx", EQUIPMENT, second=BAY_LABEL)
    lines = found.lines.assign(scc=found.lines["what"].str.extract(r"scc=(\d+)")[0]).set_index("scc")
    assert lines.loc["2270003070", "work_first"] == pytest.approx(2 * 150 * 0.59 * 1200)
    assert lines.loc["2270003070", "work_second"] == pytest.approx(2 * 150 * 0.39 * 1200)
    assert lines.loc["2270003050", "work_first"] == pytest.approx(250 * 0.21 * 1000)
    assert lines.loc["2270003050", "work_second"] == pytest.approx(250 * 0.59 * 1000)
    assert lines.loc["2267003020", "work_kg"] == 0
    assert lines.loc["2267003020", "factor_kg"] == 0
    tractor = lines.loc["2270003070"]
    rate = tractor["second_kg"] / tractor["work_second"]
    assert tractor["work_kg"] == pytest.approx((2 * 150 * 1200) * (0.39 - 0.59) * rate)
    assert set(found.factor_rows["what"]) <= {"curve, at another point"}


def test_a_low_load_factor_is_found_as_the_curve_that_differs(compared: SideBySide) -> None:
    found = compared.explain("SOx", SHIPS, second=FLAT_LABEL)
    effects = found.effects.loc[SHIPS]
    change = kg(compared, SHIPS, "SOx", FLAT_LABEL) - kg(compared, SHIPS, "SOx", "epa-2022")
    assert effects["factor_kg"] == pytest.approx(change, rel=1e-9)
    assert abs(effects["work_kg"]) < 1e-9
    (row,) = found.factor_rows.to_dict("records")
    assert row["what"] == "curve"
    assert row["first"].startswith("llaf_co2"), "sulfur leaves with the fuel, as carbon does"
    assert row["second"] == "one"
    assert row["kg"] == pytest.approx(change, rel=1e-9)


def test_a_factor_row_that_differs_is_named_with_what_it_is_worth(compared: SideBySide) -> None:
    """15 ppm for 6 of sulfur: SOx of diesel machines 2.5 times, none of it for other work."""
    label = "epa-2022 (diesel_sulfur_ppm = 15)"
    found = compared.explain("SOx", EQUIPMENT, second=label)
    assert found.effects.loc[EQUIPMENT, "work_kg"] == pytest.approx(0, abs=1e-12)
    diesel = found.lines[found.lines["what"].str.contains("fuel=diesel")]
    assert (diesel["second_kg"] / diesel["first_kg"]).to_numpy() == pytest.approx(2.5)
    assert found.factor_rows["kg"].sum() == pytest.approx(1.5 * diesel["first_kg"].sum(), rel=1e-9)
    assert found.factor_rows["first"].str.contains("in_use_sulfur|moves5-nonroad/fuels").any()


def test_a_fuel_rate_by_age_of_the_engine_is_set_against_one_for_all_ages(harbor: Port) -> None:
    """Boilers burn 320 g/kWh by the fourth IMO study and 300 by EPA: their carbon differs by 20/300."""
    both = side_by_side(harbor, 2024, ["epa-2022", ("imo-ghg4", {"load_set": "shippower"})])
    found = both.explain("CO2", SHIPS)
    boilers = found.lines[found.lines["what"].str.contains("engine_type=Boiler")]
    assert boilers["work_first"].to_numpy() == pytest.approx(boilers["work_second"].to_numpy())
    assert boilers["factor_kg"].sum() == pytest.approx(boilers["first_kg"].sum() * 20 / 300)
    rates = found.factor_rows[found.factor_rows["what"] == "BSFC"]
    worth = rates[rates["first"].str.startswith("300 ") & rates["second"].str.startswith("320 ")]
    assert worth["kg"].sum() == pytest.approx(boilers["factor_kg"].sum())
    assert found.factor_rows["kg"].sum() == pytest.approx(found.effects["factor_kg"].sum())
    back = both.explain("CO2", SHIPS, first=both.labels[1], second="epa-2022")
    assert back.effects["factor_kg"].sum() != 0


def test_biogenic_carbon_is_in_tonnes_as_in_the_summary(compared: SideBySide) -> None:
    pollutants = compared.totals["pollutant"].replace("CO", "CO2_biogenic")
    blend = dataclasses.replace(compared, totals=compared.totals.assign(pollutant=pollutants))
    units = blend.table().index.to_frame()
    assert set(units.loc[units["pollutant"].str.startswith("CO2"), "unit"]) == {"tonne"}
    assert set(units.loc[units["pollutant"] == "NOx", "unit"]) == {"short_ton"}


def test_what_one_method_alone_estimates_is_neither_factor_nor_work(compared: SideBySide) -> None:
    found = compared.explain("NOx", second="shipef-0.2")
    effects = found.effects
    assert effects.loc[EQUIPMENT, "coverage_kg"] == pytest.approx(-kg(compared, EQUIPMENT, "NOx", "epa-2022"))
    assert effects.loc[EQUIPMENT, ["factor_kg", "work_kg"]].tolist() == [0, 0]
    told = str(found)
    assert "Estimated by one alone: NOx of cargo_handling_equipment" in told
    assert "4 kinds of work: partial -> NE" in told  # of the crankcase NOx was NE before
    gases = compared.explain("CO2e", SHIPS, second="shipef-0.2")
    nitrous = gases.lines[gases.lines["pollutant"] == "N2O"]
    assert nitrous["coverage_kg"].sum() == pytest.approx(-265 * kg(compared, SHIPS, "N2O", "epa-2022"))
    assert nitrous[["factor_kg", "work_kg"]].abs().sum().sum() == 0


@pytest.mark.parametrize("pollutant", ["NOx", "SOx", "PM10", "CO2", "CO2e"])
def test_factors_work_and_coverage_add_up_and_the_rows_to_the_factors(
    compared: SideBySide, pollutant: str
) -> None:
    for label in compared.labels[1:]:
        found = compared.explain(pollutant, second=label)
        sums = found.effects.sum()
        parts = sums["factor_kg"] + sums["work_kg"] + sums["coverage_kg"]
        assert parts == pytest.approx(sums["second_kg"] - sums["first_kg"], abs=1e-9)
        assert found.factor_rows["kg"].sum() == pytest.approx(sums["factor_kg"], abs=1e-6)
        back = compared.explain(pollutant, first=label, second="epa-2022").effects.sum()
        assert back["second_kg"] == pytest.approx(sums["first_kg"])


def test_the_same_method_twice_differs_by_nothing(compared: SideBySide) -> None:
    found = compared.explain("NOx", SHIPS, second=FLAT_LABEL)
    assert found.lines[["factor_kg", "work_kg", "coverage_kg"]].abs().to_numpy().max() < 1e-9
    assert len(found.factor_rows) == 0


# ---------------------------------------------------------------- refusals


def test_methods_with_other_warming_potentials_are_not_compared_unsaid(
    harbor: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inventories.methods import side_by_side as module

    whole = module.chosen_method

    def older(port: Port, method: str | None, options: dict[str, str]):
        chosen = whole(port, method, options)
        return dataclasses.replace(chosen, gwp_set="AR4") if method == "shipef-0.2" else chosen

    monkeypatch.setattr(module, "chosen_method", older)
    with pytest.raises(NotComparable, match=r"epa-2022 AR5, shipef-0\.2 AR4.*gwp='AR5'"):
        side_by_side(harbor, 2024, ["epa-2022", "shipef-0.2"])
    said = side_by_side(harbor, 2024, ["epa-2022", "shipef-0.2"], gwp="AR4")
    assert said.gwp_set == "AR4"
    assert "CO2e by AR4" in str(said)


def test_one_method_or_one_named_twice_is_refused(harbor: Port) -> None:
    with pytest.raises(ValueError, match="two methods or more"):
        side_by_side(harbor, 2024, ["epa-2022"])
    with pytest.raises(ValueError, match="named twice"):
        side_by_side(harbor, 2024, ["epa-2022", "epa-2022"])


def test_unknown_names_are_refused_with_those_there_are(compared: SideBySide) -> None:
    with pytest.raises(KeyError, match="there are epa-2022"):
        compared.explain("NOx", second="epa-2023")
    with pytest.raises(KeyError, match="no source 'ships'"):
        compared.explain("NOx", "ships")
    with pytest.raises(KeyError, match="no pollutant 'NOX'"):
        compared.explain("NOX")


def test_totals_on_different_ground_are_not_compared_unless_it_is_said(harbor: Port, tmp_path: Path) -> None:
    first = Inventory.build(harbor, 2024)
    check_comparable(first, first)
    other = Inventory.build(harbor, 2024, load_factor_set="san_pedro_bay")
    with pytest.raises(NotComparable, match=r"load_factor_set form and san_pedro_bay\n.*across=\['method'\]"):
        check_comparable(first, other)
    check_comparable(first, other, across=["method"])
    moved = dataclasses.replace(
        first, manifest={**first.manifest, "domain": {"name": "the whole basin"}, "gwp_set": "AR4"}
    )
    with pytest.raises(
        NotComparable, match=r"(?s)name harbor and approach and the whole basin.*gwp_set: AR5 and AR4"
    ):
        check_comparable(first, moved)
    with pytest.raises(ValueError, match="totals rest on"):
        check_comparable(first, moved, across=["weather"])
