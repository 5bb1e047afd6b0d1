"""Questions to an inventory: totals, tables and states, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from factors.units import UnitError
from factors.warming import warming_potentials
from inventories.examples import copy_example
from inventories.port.port import Port
from inventories.year.inventory import Inventory


def kg(inventory: Inventory, pollutant: str, **where: object) -> float:
    return float(inventory.total(pollutant, unit="kg", **where).magnitude)


def test_a_short_ton_and_a_tonne_are_not_the_same(small: Inventory) -> None:
    short, metric = (float(small.total("NOx", unit=unit).magnitude) for unit in ("short_ton", "tonne"))
    assert short / metric == pytest.approx(1e6 / 907_184.74, rel=1e-12)
    assert str(small.total("NOx", unit="short_ton").units) == "short_ton"


@pytest.mark.parametrize("unit", ["ton", "tons", "T", "MT", "kt"])
def test_a_bare_ton_is_refused(small: Inventory, unit: str) -> None:
    with pytest.raises(UnitError, match=r"short_ton|tonne"):
        small.total("NOx", unit=unit)
    with pytest.raises(UnitError, match=r"short_ton|tonne"):
        small.table(unit=unit)


def test_a_unit_that_is_no_mass_is_refused(small: Inventory) -> None:
    with pytest.raises(UnitError):
        small.total("NOx", unit="kWh")


def test_criteria_and_greenhouse_gases_are_not_added(small: Inventory) -> None:
    """One is in short tons, the other in tonnes; every heading says which."""
    table = small.table()
    assert {"NOx [short_ton]", "CO2 [tonne]", "CO2e [tonne]"} <= set(table.columns)
    units = {name.split(" [")[1].rstrip("]") for name in table.columns}
    assert units == {"short_ton", "tonne"}
    for name in table.columns:
        gas = name.split(" [")[0] in ("CO2", "CH4", "N2O", "CO2e")
        assert name.endswith("[tonne]") == gas, name


def test_co2e_names_its_set_and_follows_it(small: Inventory) -> None:
    where = {"source_category": "ocean_going_vessels"}
    gases = {gas: kg(small, gas, **where) for gas in ("CO2", "CH4", "N2O")}
    assert small.gwp_set == "AR5"
    assert kg(small, "CO2e", **where) == pytest.approx(gases["CO2"] + 28 * gases["CH4"] + 265 * gases["N2O"])
    ar4 = float(small.total("CO2e", "kg", gwp="AR4", **where).magnitude)
    assert ar4 == pytest.approx(gases["CO2"] + 25 * gases["CH4"] + 298 * gases["N2O"])
    with pytest.raises(ValueError, match=r"no warming potentials .* 'AR99'; there are .*AR5"):
        small.total("CO2e", gwp="AR99")
    assert warming_potentials("AR4@20")["CH4"] == 72


def test_an_unknown_pollutant_is_not_zero(small: Inventory, tmp_path: Path) -> None:
    port = Port.load(copy_example("small-harbor", tmp_path / "harbor"))
    with pytest.raises(KeyError, match=r"^BC is not estimated \(NE\)"):
        Inventory.build(port, year=2024, black_carbon="NE").total("BC")
    with pytest.raises(KeyError, match="Did you mean 'NOx'"):
        small.total("NO2x")


def test_an_unknown_dimension_or_value_names_those_there_are(small: Inventory) -> None:
    with pytest.raises(KeyError, match="did you mean 'zone'"):
        small.total("NOx", zonne="quay")
    with pytest.raises(ValueError, match=r"no mode 'hoteling'. Did you mean 'hotelling'\?"):
        small.total("NOx", mode="hoteling")


def test_short_names_of_dimensions_are_the_long_ones(small: Inventory) -> None:
    assert kg(small, "NOx", mode="hotelling") == kg(small, "NOx", mode_or_segment="hotelling")
    both = kg(small, "NOx", mode=["transit", "hotelling"])
    assert both == pytest.approx(kg(small, "NOx", mode="transit") + kg(small, "NOx", mode="hotelling"))


def test_what_is_not_estimated_is_blank_in_a_table_and_zero_by_rule_is_zero(small: Inventory) -> None:
    table = small.table(rows=["source_category", "engine_group"], pollutants=["NOx", "DPM", "BC", "CO2"])
    states = small.states(rows=["source_category", "engine_group"], pollutants=["NOx", "DPM", "BC", "CO2"])
    boiler = ("ocean_going_vessels", "boiler")
    assert table.loc[boiler, "DPM [short_ton]"] == 0
    assert states.loc[boiler, "DPM"] == "zero"
    machines = table.loc["cargo_handling_equipment"]
    assert machines["BC [short_ton]"].isna().all()
    assert (states.loc["cargo_handling_equipment", "BC"] == "NE").all()


def test_activity_stands_beside_the_masses(small: Inventory) -> None:
    table = small.activity()
    energy = table.loc["ocean_going_vessels", "energy [kWh]"]
    assert energy > 0
    assert table.loc["ocean_going_vessels", "energy [hp-hr]"] == pytest.approx(energy / 0.745699872, rel=1e-8)


def test_shares_on_defaults_and_marked_factors_are_shares(small: Inventory) -> None:
    shares = small.shares("NOx")
    assert set(shares) == {"default", "median", "unverified", "derived", "extrapolated"}
    assert all(0 <= value <= 1 for value in shares.values())


def test_the_cube_holds_the_same_masses(small: Inventory) -> None:
    cube = small.cube
    assert cube["mass"].attrs["units"] == "kg"
    assert cube.attrs["gwp_set"] == "AR5"
    nox = cube["mass"].sel(pollutant="NOx")
    assert float(nox.sum()) == pytest.approx(kg(small, "NOx", in_domain=[True, False]), rel=1e-12)
    assert float(nox.sel(in_domain=True).sum()) == pytest.approx(kg(small, "NOx"), rel=1e-12)
    methane = cube["mass"].sel(pollutant="BC", source_category="cargo_handling_equipment")
    assert np.isnan(methane).all(), "not estimated is missing, not zero"


def test_the_cube_tells_the_state_of_each_source_and_side_of_the_domain(small: Inventory) -> None:
    state = small.cube["state"]
    assert state.dims == ("source_category", "in_domain", "pollutant")
    words = np.array(state.attrs["flag_meanings"].split())
    assert words.tolist() == ["value", "partial", "zero", "NE", "IE"]
    assert state.attrs["flag_values"].tolist() == [0, 1, 2, 3, 4]
    told = {
        (source, side): words[state.sel(source_category=source, in_domain=side)]
        for source in state["source_category"].to_numpy()
        for side in (True, False)
    }
    worked = set(
        small.cells[["source_category", "in_domain"]].astype(object).itertuples(index=False, name=None)
    )
    for (source, side), flags in told.items():
        for pollutant, word in zip(state["pollutant"].to_numpy(), flags, strict=True):
            if (source, side) in worked:
                assert word == small.state(str(pollutant), source=source, in_domain=side), (source, side)
            else:
                assert word in ("zero", "NE", "IE")
    assert ("cargo_handling_equipment", True) in worked
    equipment = state.sel(source_category="cargo_handling_equipment", in_domain=True)
    assert words[int(equipment.sel(pollutant="BC"))] == "NE"
    assert words[int(equipment.sel(pollutant="NOx"))] in ("value", "partial")


def test_a_mass_of_the_cube_is_missing_where_its_state_says_that_there_is_no_number(small: Inventory) -> None:
    cube = small.cube
    between = [name for name in cube["mass"].dims if name not in cube["state"].dims]
    missing = cube["mass"].isnull()
    none = cube["state"].isin([3, 4])
    assert bool((missing.all(between) == none).all())
    assert bool((missing.any(between) == none).all())
    assert bool(none.any())
    assert bool((~none).any())
