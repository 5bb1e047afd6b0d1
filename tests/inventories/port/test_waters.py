"""Control areas follow from where a port lies, and are asked for where nothing says it."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from inventories.activity.problems import ActivityError
from inventories.port.port import Port
from inventories.port.refusals import PortError
from inventories.port.waters import areas_at, waters_of
from inventories.year.inventory import Inventory

DATA = Path(__file__).parents[1] / "data"
HARBORS = pd.read_csv(DATA / "harbors_and_areas.csv", comment="#", keep_default_na=False)


@pytest.mark.parametrize(
    ("harbor", "longitude", "latitude", "area"), list(HARBORS.itertuples(index=False, name=None))
)
def test_well_known_harbors_lie_in_the_area_that_the_convention_defines(harbor, longitude, latitude, area):
    assert areas_at(longitude, latitude) == ((area,) if area else ()), harbor


def test_a_point_of_the_printed_line_has_the_area_on_its_landward_side_alone():
    """Point 9 of the Pacific list of the North American area: 30 33 25 N, 121 47 29 W."""
    longitude, latitude = -(121 + 47 / 60 + 29 / 3600), 30 + 33 / 60 + 25 / 3600
    assert areas_at(longitude + 0.1, latitude + 0.1) == ("north_america",)
    assert areas_at(longitude - 0.1, latitude - 0.1) == ()


def port_at(
    folder: Path, settings: str = "", center: tuple[float, float] | None = None, areas: object = None
) -> Port:
    """Write a port of one square zone of a fifth of a degree around a point, or of none, and load it."""
    folder.mkdir()
    (folder / "port.toml").write_text(f'name = "Somewhere"\ntimezone = "UTC"\n{settings}', encoding="utf-8")
    if center is not None:
        x, y = center
        ring = [[x - 0.1, y - 0.1], [x + 0.1, y - 0.1], [x + 0.1, y + 0.1], [x - 0.1, y + 0.1]]
        properties = {"zone": "bay", "kind": "harbor"} | ({} if areas is None else {"control_areas": areas})
        feature = {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        }
        content = {"type": "FeatureCollection", "features": [feature]}
        (folder / "zones.geojson").write_text(json.dumps(content), encoding="utf-8")
    return Port.load(folder)


MOBILE, TALLINN, SINGAPORE = (-88.0, 30.4), (24.76, 59.45), (103.8, 1.25)


@pytest.mark.parametrize(
    ("settings", "center", "areas", "expected"),
    [
        ("", MOBILE, None, ("north_america",)),
        ("", SINGAPORE, None, ()),
        ("", MOBILE, ["baltic"], ("baltic",)),
        ("", MOBILE, "baltic", ("baltic",)),
        ("", MOBILE, [], ()),
        ("[control_areas]\ndefault = []", MOBILE, None, ()),
        ('[control_areas]\ndefault = ["north_sea"]', MOBILE, ["baltic"], ("baltic",)),
        ('[control_areas]\nbay = ["north_sea"]', MOBILE, ["baltic"], ("north_sea",)),
        ('country = "US"\nstate = "AL"', MOBILE, None, ("north_america",)),
    ],
)
def test_what_is_stated_wins_and_where_a_zone_lies_comes_next(tmp_path, settings, center, areas, expected):
    assert waters_of(port_at(tmp_path / "port", settings, center, areas)).by_zone == {"bay": expected}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("position = [-88.0, 30.4]", ("north_america",)),
        ("position = [103.8, 1.25]", ()),
        ('country = "EE"', ("baltic",)),
        ('country = "us"\nstate = "US-AL"', ("north_america",)),
        ('country = "US"\nstate = "GU"', ()),
        ('country = "JP"', ()),
        ('country = "DE"\nposition = [10.0, 53.5]', ("north_sea",)),
    ],
)
def test_without_zones_position_or_country_and_state_tell_the_areas(tmp_path, settings, expected):
    waters = waters_of(port_at(tmp_path / "port", settings))
    assert waters.here == expected
    assert not waters.asked
    said = " and ".join(expected) or "none"
    assert any(note.endswith(said) for note in waters.notes)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ("", "no zones are drawn"),
        ('country = "US"', "US: Alaska and the islands"),
        ('country = "DE"', "on the Baltic Sea and on the North Sea"),
        ('country = "US"\nstate = "AK"', "Kodiak and the Aleutians do not"),
    ],
)
def test_what_country_and_state_leave_open_is_asked(tmp_path, settings, why):
    waters = waters_of(port_at(tmp_path / "port", settings))
    assert waters.here is None
    assert why in waters.asked
    with pytest.raises(PortError, match="it does not say which emission control areas"):
        waters.default()


def test_a_zone_that_a_line_cuts_is_told_with_its_share(tmp_path):
    """Half of a square around point 9 of the Pacific list, drawn a little to the seaward."""
    waters = waters_of(port_at(tmp_path / "port", center=(-121.85, 30.55)))
    assert waters.by_zone["bay"] == ()
    assert any("zone bay lies to" in note and "counts as outside" in note for note in waters.notes)


def test_zones_that_lie_elsewhere_than_the_country_are_refused(tmp_path):
    with pytest.raises(PortError, match=r"longitude 59.35 to 59.55.*FI they would be baltic.*swapped"):
        waters_of(port_at(tmp_path / "port", 'country = "FI"', (59.45, 24.76)))


@pytest.mark.parametrize(
    ("settings", "areas", "message"),
    [
        (
            '[control_areas]\ndefault = ["Baltic"]',
            None,
            r'key "control_areas.default": no control area "Baltic"; did you mean "baltic"\?',
        ),
        ("", ["north america"], r'zone "bay", property "control_areas": .*did you mean "north_america"\?'),
        ("", "mediteranean", r'no control area "mediteranean"; did you mean "mediterranean"\?'),
    ],
)
def test_a_name_of_no_control_area_is_refused_with_the_nearest(tmp_path, settings, areas, message):
    with pytest.raises(PortError, match=message):
        port_at(tmp_path / "port", settings, MOBILE, areas)


def test_an_area_of_the_ports_own_table_may_be_named(tmp_path):
    folder = tmp_path / "port"
    settings = (
        '[control_areas]\ndefault = ["china"]\n'
        '[factor_tables]\n"ocean_going_vessels.sulfur_limits" = "limits.csv"\n'
    )
    with pytest.raises(PortError, match='no control area "china"'):
        port_at(folder, settings, SINGAPORE)
    (folder / "limits.csv").write_text("area,date_from\nchina,20190101\n", encoding="utf-8")
    assert Port.load(folder).control_areas == {"default": ("china",)}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('country = "USA"', r'"USA", which is no ISO 3166-1 code of two letters. Did you mean "US"'),
        ('country = "Germany"', r'Did you mean "DE" \(Germany\)'),
        ('country = "US"\nstate = "Texas"', r'key "state" is "TEXAS".*Did you mean "TX" \(Texas\)'),
        ('state = "CA"', r'key "state" says nothing without "country"'),
        ("position = [33.7, -118.25]", r'key "position" is \[33.7, -118.25\].*Are they swapped\?'),
    ],
)
def test_a_place_that_is_none_is_refused_with_what_is_meant(tmp_path, settings, message):
    with pytest.raises(PortError, match=message):
        port_at(tmp_path / "port", settings)


CASE = DATA / "cases/no_control_area"


def built(folder: Path, settings: str = "") -> Inventory:
    copytree(CASE, folder)
    text = (folder / "port.toml").read_text(encoding="utf-8")
    (folder / "port.toml").write_text(text + settings, encoding="utf-8")
    return Inventory.build(Port.load(folder), 2023)


def test_ships_of_a_port_on_the_gulf_coast_burn_a_tenth_of_a_percent_of_sulfur_without_being_told(tmp_path):
    """The port says neither control area nor country: what its zones lie in decides."""
    derived = built(tmp_path / "derived")
    stated = built(tmp_path / "stated", '\n[control_areas]\ndefault = ["north_america"]\n')
    outside = built(tmp_path / "outside", "\n[control_areas]\ndefault = []\n")
    for pollutant in ("SOx", "NOx", "PM2.5"):
        assert derived.total(pollutant, unit="kg").m == stated.total(pollutant, unit="kg").m
    # 0.5 % of sulfur outside of all areas against 0.1 % inside, at nearly the same fuel.
    assert outside.total("SOx", unit="kg").m > 4.5 * derived.total("SOx", unit="kg").m
    assert "control areas from where the zones are drawn: north_america" in derived.manifest["notes"]


def test_without_zones_and_country_check_asks_for_the_place_in_one_list(tmp_path):
    copytree(CASE, tmp_path / "port")
    (tmp_path / "port/zones.geojson").unlink()
    (tmp_path / "port/routes.geojson").unlink()
    text = (tmp_path / "port/port.toml").read_text(encoding="utf-8").partition("[terminals.BCT]")[0]
    terminal = '[terminals.BCT]\nname = "T"\n[terminals.GCT]\nname = "U"\n'
    (tmp_path / "port/port.toml").write_text(text + terminal, encoding="utf-8")
    year = tmp_path / "port/activity/2023"
    (year / "gate_visits.csv").write_text(
        "terminal,month,count,engine_model_year,fuel\nBCT,2023-03,9,2018,diesel\n"
    )
    (year / "electricity.csv").write_text("meter,use,month,kwh\nM1,cranes,2023-03,1000\n")
    text = (tmp_path / "port/port.toml").read_text(encoding="utf-8").replace('truck_rates = "moves4"\n', "")
    (tmp_path / "port/port.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ActivityError) as refused:
        Inventory.build(Port.load(tmp_path / "port"), 2023)
    asked = [problem for problem in refused.value.problems if problem.file == "port.toml"]
    assert [str(problem).partition(":")[2].split(": ")[0].strip() for problem in asked] == [
        "it does not say which emission control areas the port's waters lie in",
        "it does not say whose rates trucks take",
        "it does not say the region of the grid that electricity comes from",
    ]
