"""Ships' engines: work by hand, fuel by place, and the state that rows carry."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions import vessels
from factors.method import load_method

EPA = load_method("epa-2022")


def legs(**changes: object) -> pd.DataFrame:
    one = {
        "hours": 2.0,
        "speed_kn": 12.0,
        "max_speed_kn": 24.0,
        "mean_load": np.nan,
        "mode": "transit",
        "draught_ratio": 1.0,
        "main_kw": 100.0,
        "engine_type": "SSD",
        "tier": 3,
    }
    return pd.DataFrame([one | changes])


def periods(**changes: object) -> pd.DataFrame:
    one = {
        "hours": 2.0,
        "connected": False,
        "auxiliary_kw": 100.0,
        "boiler_kw": 50.0,
        "auxiliary_from": "default",
        "boiler_from": "default",
        "aux_engine_type": "MSD",
        "tier_aux": 2,
        "shore_power_kwh": np.nan,
    }
    return pd.DataFrame([one | changes])


def test_a_hundred_kilowatts_for_two_hours_at_half_speed() -> None:
    """100 kW x 0.14375 x 2 h = 28.75 kWh."""
    rows = vessels.propulsion_rows(legs(), EPA)
    assert rows["quantity"].tolist() == pytest.approx([28.75])
    assert rows["load_factor"].tolist() == pytest.approx([0.14375])
    assert rows["tier"].tolist() == [2], "after-treatment is out below a quarter of full load"


def test_options_of_margin_draught_and_electric_drive() -> None:
    half = vessels.propulsion_rows(legs(), EPA.with_options(speed_margin_pct="0"))
    assert half["load_factor"].tolist() == pytest.approx([0.125])
    light = vessels.propulsion_rows(legs(draught_ratio=0.5), EPA.with_options(load_model="admiralty"))
    assert light["load_factor"].tolist() == pytest.approx([0.14375 * 0.5 ** (2 / 3)])
    assert vessels.propulsion_rows(legs(draught_ratio=0.5), EPA)["load_factor"].tolist() == pytest.approx(
        [0.14375]
    )
    electric = legs(engine_type="MSD-ED")
    assert vessels.propulsion_rows(electric, EPA)["tier"].tolist() == [3], "one of four generators at 58 %"
    shaft = EPA.with_options(electric_drive_load="shaft")
    assert vessels.propulsion_rows(electric, shaft)["tier"].tolist() == [2]
    never = shaft.with_options(tier3_electric_drive="never")
    assert vessels.propulsion_rows(electric, never)["tier"].tolist() == [3]


def test_the_generators_of_an_electric_drive_make_its_auxiliary_load_too() -> None:
    """10 % of installed power, in the mode of the place, beside what the shafts take."""
    hotel = legs(engine_type="MSD-ED", auxiliary_transit_kw=4_000.0, auxiliary_maneuvering_kw=8_000.0)
    assert (vessels.propulsion_rows(hotel, EPA)["hotel_share"] == 4_000.0 / hotel["main_kw"]).all()
    assert vessels.propulsion_rows(hotel.assign(engine_type="SSD"), EPA)["hotel_share"].isna().all()


def test_auxiliary_and_boiler_loads_are_loads_and_not_ratings() -> None:
    rows = vessels.auxiliary_rows(periods()).set_index("engine_group")
    assert rows["quantity"].to_dict() == {"auxiliary": 200.0, "boiler": 100.0}
    assert rows.loc["boiler", ["engine_type", "tier"]].tolist() == ["Boiler", 0]
    assert rows["load_factor"].isna().all(), "no low-load factor for auxiliaries and boilers"


def test_while_connected_the_boiler_works_alone_and_the_shore_delivers() -> None:
    plugged = periods(connected=True)
    assert vessels.auxiliary_rows(plugged)["engine_group"].tolist() == ["boiler"]
    assert vessels.shore_power_rows(plugged)["quantity"].tolist() == [200.0]
    assert vessels.shore_power_rows(periods()).empty
    metered = vessels.shore_power_rows(periods(connected=True, shore_power_kwh=150.0))
    assert metered[["quantity", "loads_from"]].to_numpy().tolist() == [[150.0, "given"]]


@settings(max_examples=40)
@given(st.floats(0, 5000), st.floats(0, 100), st.floats(0, 1))
def test_connected_or_not_the_auxiliary_energy_is_the_same(
    kilowatts: float, hours: float, share: float
) -> None:
    parts = pd.concat(
        [
            periods(auxiliary_kw=kilowatts, hours=hours * share, connected=True),
            periods(auxiliary_kw=kilowatts, hours=hours * (1 - share)),
        ],
        ignore_index=True,
    )
    engines = vessels.auxiliary_rows(parts)
    delivered = engines.loc[engines["engine_group"] == "auxiliary", "quantity"].sum()
    shore = vessels.shore_power_rows(parts)["quantity"].sum()
    assert delivered + shore == pytest.approx(kilowatts * hours, rel=1e-9, abs=1e-9)


def test_work_of_nothing_needs_no_factor() -> None:
    assert vessels.auxiliary_rows(periods(auxiliary_kw=0.0, boiler_kw=0.0)).empty
    assert vessels.auxiliary_rows(periods().iloc[:0]).empty
    assert vessels.propulsion_rows(legs().iloc[:0], EPA).empty


@pytest.mark.parametrize(
    ("group", "engine", "place", "fuel"),
    [
        ("propulsion", "SSD", "ECA", "MGO/MDO"),
        ("propulsion", "SSD", "OutsideECA", "RM/HFO"),
        ("propulsion", "ST", "OutsideECA", "MGO/MDO"),
        ("propulsion", "LNG", "ECA", "LNG"),
        ("auxiliary", "MSD", "OutsideECA", "RM/HFO"),
        ("boiler", "Boiler", "OutsideECA", "RM/HFO"),
        ("boiler", "Boiler", "ECA", "MGO/MDO"),
    ],
)
def test_fuel_follows_engine_and_place(group: str, engine: str, place: str, fuel: str) -> None:
    asked = (pd.Series([text]) for text in (group, engine, place))
    assert vessels.fuel_of(*asked, EPA).tolist() == [fuel]


def test_mode_follows_the_place_or_by_option_the_load() -> None:
    mode, load = pd.Series(["transit", "maneuvering", "transit"]), pd.Series([0.14, 0.5, 0.2])
    assert vessels.modes_by_load(mode, load, EPA).tolist() == mode.tolist()
    by_load = EPA.with_options(mode_rule="epa_load")
    assert vessels.modes_by_load(mode, load, by_load).tolist() == ["maneuvering", "transit", "maneuvering"]


def test_a_row_carries_the_worst_of_its_marks() -> None:
    marks = pd.DataFrame({"a": ["given", "median", "registry"], "b": ["default", "given", "same_ship"]})
    assert vessels.worst(marks).tolist() == ["default", "median", "same_ship"]
