"""A port's folder: what is read, and what is refused with a message that names file and key."""

import json

import pytest

from inventories.port.port import Port, PortError


def write_port(folder, text="", zones=None, routes=None):
    folder.mkdir(parents=True, exist_ok=True)
    body = text or 'name = "Small Harbor"\ntimezone = "Europe/Helsinki"\n'
    (folder / "port.toml").write_text(body, encoding="utf-8")
    for name, features in (("zones", zones), ("routes", routes)):
        if features is not None:
            content = {"type": "FeatureCollection", "features": features}
            (folder / f"{name}.geojson").write_text(json.dumps(content), encoding="utf-8")
    return folder


def square(zone, west=24.0, south=60.0, size=0.1, **more):
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"zone": zone, **more}, "geometry": shape}


def line(route, *points, **more):
    shape = {"type": "LineString", "coordinates": [list(point) for point in points]}
    return {"type": "Feature", "properties": {"route": route, **more}, "geometry": shape}


FULL = """
name = "Two Harbors"
timezone = "America/Los_Angeles"
illustrative = true
note = "drawn by us"
[method]
name = "epa-2022"
[method.options]
tier4 = "nonroad2008"
[ports.A]
name = "Port A"
[ports.B]
[terminals.A1]
port = "A"
kind = "container"
zone = "harbor"
[terminals.B1]
port = "B"
[speeds]
ocean = 15
[control_areas]
default = ["north_america"]
[tables.calls]
on_unusable = "reject"
[mapping.calls]
columns = { "Voyage" = "call_id" }
[mapping.calls.values.port]
"LA" = "A"
[units]
"vessels.main" = "hp"
"""


def test_a_port_says_its_name_ports_terminals_and_method(tmp_path):
    port = Port.load(write_port(tmp_path, FULL))
    assert (port.name, port.slug, port.timezone) == ("Two Harbors", "two-harbors", "America/Los_Angeles")
    assert port.illustrative
    assert port.method_name == "epa-2022"
    assert port.method_options == {"tier4": "nonroad2008"}
    assert port.ports == {"A": "Port A", "B": "B"}
    assert port.terminals["terminal"].tolist() == ["A1", "B1"]
    assert port.terminals.loc[0, "control"] == "tenant"
    assert port.speeds == {"ocean": 15.0}
    assert port.control_areas == {"default": ("north_america",)}
    assert port.tables["calls"].on_unusable == "reject"
    assert port.mapping["calls"].values["port"] == {"LA": "A"}


def test_a_port_without_ports_is_one_port_of_its_own_name(tmp_path):
    port = Port.load(write_port(tmp_path))
    assert port.ports == {"small-harbor": "Small Harbor"}
    assert port.terminals.empty
    assert port.zones().empty
    assert port.routes().empty
    assert port.route_distances().empty


def test_years_are_the_folders_of_activity_and_those_listed(tmp_path):
    write_port(tmp_path, 'name = "x"\ntimezone = "UTC"\nyears = [2005]\n')
    for name in ("2023", "2021", "notes"):
        (tmp_path / "activity" / name).mkdir(parents=True)
    assert Port.load(tmp_path).years() == [2005, 2021, 2023]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'name = "x"\ntimezone = "UTC"\ntimezon = "UTC"',
            r'unknown key "timezon"\. Did you mean "timezone"\?',
        ),
        ('timezone = "UTC"', 'key "name" is missing; it is required'),
        (
            'name = "x"\ntimezone = "Europe/Helsinky"',
            r'"Europe/Helsinky", which is no IANA.*"Europe/Helsinki"',
        ),
        (
            'name = "x"\ntimezone = "UTC"\n[terminals.T]\nknd = "bulk"',
            r'"terminals.T.knd"\. Did you mean "kind"',
        ),
        (
            'name = "x"\ntimezone = "UTC"\n[terminals.T]\ncontrol = "mine"',
            r'"terminals.T.control" is \'mine\'',
        ),
        (
            'name = "x"\ntimezone = "UTC"\n[ports.A]\n[terminals.T]\nport = "B"',
            r'"terminals.T.port" is "B"; the ports are A',
        ),
        (
            'name = "x"\ntimezone = "UTC"\n[ports.A]\n[ports.B]\n[terminals.T]',
            r'"terminals.T.port" is missing',
        ),
        ('name = "x"\ntimezone = "UTC"\n[tables.calls]\non_unusable = "drop"', r"on_unusable"),
        ('name = "x"\ntimezone = "UTC"\n[speeds]\nocean = 0', r'"speeds.ocean" is 0.0; a speed is above 0'),
        ("name = x", "is not valid TOML"),
    ],
)
def test_a_slip_in_port_toml_is_named_with_file_and_key(tmp_path, text, message):
    with pytest.raises(PortError, match=message) as error:
        Port.load(write_port(tmp_path, text))
    assert "port.toml" in str(error.value)


def test_all_slips_are_told_at_once(tmp_path):
    with pytest.raises(PortError) as error:
        Port.load(write_port(tmp_path, 'nam = "x"\nslugg = "y"'))
    assert len(error.value.problems) == 4


def test_a_folder_without_port_toml_is_told_what_to_do(tmp_path):
    with pytest.raises(PortError, match=r"not found.*caap init"):
        Port.load(tmp_path)


def test_a_terminal_in_an_unknown_zone_is_refused_with_the_nearest(tmp_path):
    text = 'name = "x"\ntimezone = "UTC"\n[terminals.T]\nzone = "harbr"'
    with pytest.raises(PortError, match=r'"harbr", which zones.geojson does not have. Did you mean "harbor"'):
        Port.load(write_port(tmp_path, text, zones=[square("harbor")]))


def test_zones_come_with_the_highest_priority_first_and_defaults_filled(tmp_path):
    zones = [square("sea", kind="ocean", priority=0, in_domain=False), square("harbor", priority=5)]
    found = Port.load(write_port(tmp_path, zones=zones)).zones()
    assert found["zone"].tolist() == ["harbor", "sea"]
    assert found["in_domain"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("zones", "message"),
    [
        ([square("a"), square("a")], "zones given twice: a"),
        ([square("a", kind="harbour")], r'unknown kind "harbour". Did you mean "harbor"'),
        ([square("a", mode="sailing")], 'unknown mode "sailing"'),
    ],
)
def test_zones_that_cannot_be_used_are_refused(tmp_path, zones, message):
    port = Port.load(write_port(tmp_path, zones=zones))
    with pytest.raises(PortError, match=message):
        port.zones()


def test_distances_by_hand_are_given_and_both_units_agree(tmp_path):
    write_port(tmp_path, zones=[square("sea"), square("harbor", west=24.1)])
    (tmp_path / "routes.csv").write_text(
        "route,seq,zone,distance_nmi,speed_kn\nwest,1,sea,10,14\nwest,2,harbor,2,6\n"
    )
    port = Port.load(tmp_path)
    found = port.route_distances()
    assert found["distance_nmi"].tolist() == [10.0, 2.0]
    assert found["distance_mile"].tolist() == pytest.approx([11.5077945, 2.3015589])
    assert set(found["distance_from"]) == {"given"}
    assert port.known_routes() == ["west"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "route,seq,zone,distance_nmi,distance_mile\nr,1,sea,1,1\n",
            "rows 2: give one of distance_nmi and distance_mile",
        ),
        ("route,seq,zone,distance_nmi\nr,1,see,1\n", "zones that zones.geojson does not have: see"),
        ("route,seq,zone,km\nr,1,sea,1\n", 'unknown column "km"'),
        ("route,seq,zone,distance_nmi\nr,1,sea,1\nr,1,sea,2\n", "the same seq twice"),
    ],
)
def test_distances_by_hand_that_cannot_be_used_are_refused(tmp_path, text, message):
    write_port(tmp_path, zones=[square("sea")])
    (tmp_path / "routes.csv").write_text(text)
    with pytest.raises(PortError, match=message):
        Port.load(tmp_path).route_distances()
