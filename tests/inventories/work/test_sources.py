"""Harbor craft, locomotives, meters and other sources of a port's year: read, expanded, built, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from factors.user_tables import UserTableError
from inventories import Inventory
from inventories.activity import ActivityError, load_activity
from inventories.examples import copy_example
from inventories.port.port import Port

YEAR = 2024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small harbor without its ships and machines: craft, a switcher and a meter."""
    path = copy_example("small-harbor", tmp_path / "harbor")
    for name in ("calls", "stops", "legs", "vessels", "equipment", "cargo"):
        (path / f"activity/{YEAR}/{name}.csv").unlink()
    return path


def write(folder: Path, table: str, text: str) -> None:
    (folder / f"activity/{YEAR}/{table}.csv").write_text(text.strip() + "\n", encoding="utf-8")


def build(folder: Path) -> Inventory:
    return Inventory.build(Port.load(folder), YEAR)


def problems(folder: Path) -> str:
    with pytest.raises(ActivityError) as told:
        load_activity(Port.load(folder), YEAR)
    return str(told.value)


def test_the_small_harbor_by_hand(folder: Path) -> None:
    """1,000 kW x 2 x 0.5 x 500 h x 0.8 = 400,000 kWh; 100 kW x 0.43 x 600 h = 25,800 kWh; 2,000 gal."""
    inventory = build(folder)
    work = inventory.work
    craft = work[work["source_category"].astype(str) == "harbor_craft"]
    by = craft.groupby(["engine_group", "in_domain"], observed=True)["quantity"].sum()
    assert by["propulsion", True] == pytest.approx(400_000)
    assert by["propulsion", False] == pytest.approx(100_000)
    assert by["auxiliary", True] == pytest.approx(25_800)
    switched = inventory.total("NOx", unit="kg", source_category="locomotives").magnitude
    assert switched == pytest.approx(2000 * 15.2 * 10.6 / 1000)
    assert any("screening" in note for note in inventory.manifest["notes"])


def test_a_terminal_meter_is_net_of_the_ships_that_call(tmp_path: Path) -> None:
    """Ten hours of shore power and the meter: together what the meter reads."""
    path = copy_example("small-harbor", tmp_path / "harbor")
    inventory = build(path)
    taken = inventory.work[inventory.work["source_category"].astype(str) == "electricity"]
    by = taken.groupby("source_type", observed=True)["quantity"].sum()
    assert by["shore_power"] > 0
    assert by["shore_power"] + by["terminal"] == pytest.approx(250_000)
    assert not taken["in_domain"].any()
    assert any("counted with shore_power" in note for note in inventory.manifest["notes"])


def test_a_row_per_craft_is_expanded_and_marked(folder: Path) -> None:
    write(folder, "harbor_craft_engines", """
craft_id,craft_type,power (hp),count,model_year,hours,auxiliary_kw
tug-1,assist tug,4000,2,2012,1500,
ferry-1,ferry,2000,1,2012,1500,
pilot-1,pilot boat,600,1,2012,1500,40
""")  # fmt: skip
    activity = load_activity(Port.load(folder), YEAR)
    table = activity.tables["harbor_craft_engines"].set_index(["craft_id", "engine_id"])
    assert table.loc[("tug-1", "propulsion"), "power_hp"] == pytest.approx(2000)
    assert table.loc[("tug-1", "auxiliary"), "power_kw"] == 285
    assert table.loc[("tug-1", "auxiliary"), "power_kw_from"] == "default"
    assert table.loc[("pilot-1", "auxiliary"), "power_kw"] == 40
    assert table.loc[("pilot-1", "auxiliary"), "power_kw_from"] == "given"
    assert ("ferry-1", "auxiliary") not in table.index
    assert set(table["role_from"]) == {"default"}
    assert any("no auxiliary engines" in note for note in activity.notes)


def test_all_problems_of_all_tables_come_at_once(folder: Path) -> None:
    write(folder, "harbor_craft_engines", """
craft_id,craft_type,engine_id,role,power,model_year,hours
tug-1,submarine,main,propulsion,1000,2012,500
tug-2,tug,,,1000,2012,500
tug-2,tug,2,auxiliary,100,2012,500
""")  # fmt: skip
    write(folder, "locomotives", """
kind,tier,fuel_gal,hours,power (hp),miles,domain_miles,remanufacture_date
switch,Tier 0,,,,,,
switch,Tier 0,100,5,2000,,,
switch,Tier 0,100,,,10,12,
switch,,100,,,,,2012-05-01
""")  # fmt: skip
    write(folder, "electricity", """
meter,use,from,to,kwh,net_of
A,terminal,2024-01-01,2024-06-30,100,B
A,terminal,2024-06-30,2024-12-31,100,A
C,cranes,2023-01-01,2023-12-31,100,
D,ovens,2024-01-01,2024-12-31,100,
""")  # fmt: skip
    told = problems(folder)
    for words in (
        '"submarine" is not known as craft_type',
        "column power: has no unit",
        "the craft has a row of its own and other rows",
        "the row says neither fuel, hours nor gross tons",
        "the row says its work in more than one way",
        "domain_miles is more than miles",
        "remanufacture_date needs the tier as built",
        "net_of names no meter of this table",
        "a meter is net of itself",
        "begins before the reading before it ends",
        "lies outside 2024",
        '"ovens" is not known as use',
    ):
        assert words.casefold() in told.casefold(), f"{words}\n{told}"


def test_switchers_without_consent_stop_the_build(folder: Path) -> None:
    text = (folder / "port.toml").read_text(encoding="utf-8")
    (folder / "port.toml").write_text(text.replace("switch_locomotives =", "# switch_locomotives ="), "utf-8")
    with pytest.raises(KeyError, match="from memory and nobody"):
        build(folder)


OWN = """name,quantity,value,unit,source_document,table,source_address,confidence
construction,NOx,50,g/gal,own fuel study,1,none,read
construction,CO2,10.2,kg CO2/gal,own fuel study,1,none,read
refrigerants,HFC-134a,1,kg/kg,by definition,-,none,derived
"""


def other(folder: Path, *rows: str, table: str = OWN) -> None:
    (folder / "factors").mkdir(exist_ok=True)
    (folder / "factors/own.csv").write_text(table, encoding="utf-8")
    write(folder, "other_sources", "\n".join(["name,quantity,unit,factor_table,scope,month", *rows]))


def test_other_sources_follow_the_same_formula(folder: Path) -> None:
    other(folder, "construction,1000,gal,factors/own.csv,1,5", "refrigerants,12,kg,factors/own.csv,1,")
    inventory = build(folder)
    assert inventory.total("NOx", unit="kg", source_category="other_sources").magnitude == pytest.approx(50)
    assert inventory.total("HFC-134a", unit="kg").magnitude == pytest.approx(12)
    listed = inventory.manifest["not_included"]
    assert "construction" not in listed
    assert "worker trips" in listed
    assert "ocean going vessels" in listed
    assert "factors/own.csv" in {entry["path"] for entry in inventory.manifest["inputs"]}
    coverage = inventory.classes.coverage
    group = "refrigerants by factors/own.csv"
    states = coverage[coverage["coverage_group"] == group].set_index("pollutant")["state"]
    assert states["NOx"] == "NE"
    again = Inventory.open(inventory.save(folder / "results"))
    assert again.total("HFC-134a", unit="kg").magnitude == pytest.approx(12)


@pytest.mark.parametrize("method", ["epa-2022", "icct-save-2025", "imo-ghg4", "shipef-0.2", "spbp-partial"])
def test_what_ports_usually_count_is_named_as_left_out_whatever_the_method(
    tmp_path: Path, method: str
) -> None:
    """The exclusions that a reader of any inventory asks for: none may hang on the method."""
    port = Port.load(copy_example("small-harbor", tmp_path / "harbor"))
    listed = set(Inventory.build(port, YEAR, method=method).manifest["not_included"])
    assert {
        "construction", "transport refrigeration", "worker trips", "refrigerants",
        "fuel storage and evaporation", "bunkering vapor", "tanker loading vapor",
    } <= listed  # fmt: skip


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "painting,5,gal,factors/own.csv,,",
            "no row for name 'painting'; there are construction, refrigerants",
        ),
        ("construction,5,gal,factors/lost.csv,,", "there is no such file"),
        ("construction,5,gal,../lost.csv,,", "outside the port's folder"),
    ],
)
def test_factor_tables_that_cannot_be_used_are_refused(folder: Path, row: str, words: str) -> None:
    other(folder, row)
    with pytest.raises(UserTableError, match=words):
        build(folder)


def test_units_of_other_sources_are_checked(folder: Path) -> None:
    other(folder, "construction,5,h,factors/own.csv,,")
    with pytest.raises(ValueError, match=r"gal times duration in h"):
        build(folder)
    other(folder, "construction,5,tons,factors/own.csv,,")
    with pytest.raises(ValueError, match="short ton"):
        build(folder)
