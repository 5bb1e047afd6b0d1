"""The published faults in a small table of a user's own, and faults that people make when they type a table.

Every table here is faulty on purpose but the good ones; each fault is found with its row and column.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from factors.lint.linter import Finding, errors, lint_file

SOURCE = "source_document,table,source_address,confidence"
MSD = {"Tier 0": "10.9", "Tier 1": "9.8", "Tier 2": "7.7", "Tier 3": "2.0"}  # of HSD, and the other way round
HSD = {"Tier 0": "13.8", "Tier 1": "12.2", "Tier 2": "10.5", "Tier 3": "2.6"}


def write(folder: Path, heading: str, *lines: str) -> Path:
    path = folder / "my.csv"
    rows = [f"{heading},{SOURCE}", *(f"{line},a report,Table 1,example.org,read" for line in lines)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def lint(folder: Path, heading: str, *lines: str) -> list[Finding]:
    return lint_file(write(folder, heading, *lines))


def the(found: list[Finding], check: str) -> Finding:
    told = [finding for finding in found if finding.check == check]
    assert len(told) == 1, [str(finding) for finding in found]
    return told[0]


# --- the three published faults, as a user would have them ---


def swapped(*tiers: str) -> list[str]:
    return [f"{engine},{tier},NOx,{values[tier]},g/kWh" for engine, values in (("MSD", MSD), ("HSD", HSD))
            for tier in tiers]  # fmt: skip


@pytest.mark.parametrize("tiers", [("Tier 2",), ("Tier 1", "Tier 2"), tuple(MSD)])
def test_swapped_nox_in_however_few_tiers_is_an_error(tmp_path: Path, tiers: tuple[str, ...]) -> None:
    found = lint(tmp_path, "engine_type,tier,quantity,value,unit", *swapped(*tiers))
    (finding,) = found
    assert (finding.severity, finding.check, finding.row, finding.column) == (
        "error",
        "engine order",
        2,
        "value",
    )
    assert "swapped" in finding.message
    for tier in tiers:
        assert f"{HSD[tier]} above {float(MSD[tier]):g}" in finding.message


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("quantity,value,unit,engine", ["NOx,7.7,g/kWh,medium-speed auxiliary",
                                        "NOx,10.5,g/kWh,high speed auxiliary"]),
        ("value,unit,quantity,tier,engine_type", ["9.8,g/kWh,NOx,I,MSD", "7.7,g/kWh,NOx,II,MSD",
                                                  "12.2,g/kWh,NOx,I,HSD", "10.5,g/kWh,NOx,II,HSD"]),
        ("unit,engine_group,value,type,quantity", ["g/kWh,auxiliary,7.7,MSD,NOx",
                                                    "g/kWh,auxiliary,10.5,HSD,NOx"]),
        ("quantity,type,value,unit", ["NOx,Medium Speed Diesel,5.74,g/hp-hr",
                                      "NOx,High Speed Diesel,7.83,g/hp-hr"]),
    ],
    ids=["no tiers, engine in words", "other order, roman tiers", "one engine group", "horsepower"],
)  # fmt: skip
def test_swapped_nox_is_found_whatever_the_columns_and_their_order(
    tmp_path: Path, heading: str, lines: list[str]
) -> None:
    finding = the(lint(tmp_path, heading, *lines), "engine order")
    assert finding.severity == "error"
    assert "swapped" in finding.message


@pytest.mark.parametrize(("engine", "values", "other"), [("MSD", MSD, "HSD"), ("HSD", HSD, "MSD")])
def test_the_half_of_a_swapped_table_is_told_by_what_is_printed_for_the_other_engine(
    tmp_path: Path, engine: str, values: dict[str, str], other: str
) -> None:
    lines = [f"{engine},{tier},NOx,{value},g/kWh" for tier, value in values.items()]
    finding = the(lint(tmp_path, "engine_type,tier,quantity,value,unit", *lines), "engine order")
    assert finding.severity == "error"
    assert f"prints for {other}, and not for {engine}" in finding.message


def test_the_right_rows_of_one_engine_have_no_findings(tmp_path: Path) -> None:
    """As EPA-420-B-22-011, Table 3.5, prints them."""
    heading = "engine_type,tier,quantity,value,unit"
    for engine, values in (("HSD", MSD), ("MSD", HSD)):
        lines = [f"{engine},{tier},NOx,{value},g/kWh" for tier, value in values.items()]
        assert lint(tmp_path, heading, *lines) == []


def test_one_pair_among_others_in_order_is_a_remark(tmp_path: Path) -> None:
    lines = ["MSD,Tier 0,NOx,13.8,g/kWh", "HSD,Tier 0,NOx,10.9,g/kWh",
             "MSD,Tier 1,NOx,12.2,g/kWh", "HSD,Tier 1,NOx,12.9,g/kWh"]  # fmt: skip
    found = lint(tmp_path, "engine_type,tier,quantity,value,unit", *lines)
    assert the(found, "engine order").severity == "warning"


def test_two_swaps_among_three_engine_types_are_both_told(tmp_path: Path) -> None:
    lines = [f"{engine},NOx,{value},g/kWh" for engine, value in (("SSD", 8), ("MSD", 10), ("HSD", 12))]
    found = lint(tmp_path, "engine_type,quantity,value,unit", *lines)
    assert [finding.check for finding in errors(found)] == ["engine order", "engine order"]


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("engine_group,quantity,value,unit", ["boiler,CO2,616,g/kWh", "boiler,BSFC,300,g/kWh"]),
        ("value,quantity,unit,engine_group,fuel", ["300,BSFC,g/kWh,boiler,MGO", "616,CO2,g/kWh,boiler,MGO"]),
        ("engine,fuel,tier,quantity,value,unit", ["boiler,MGO,none,BSFC,300,g/kWh",
                                                   "boiler,MGO,Tier 0,CO2,616,g/kWh"]),
        ("engine,fuel,quantity,value,unit", ["boiler,MGO,SFOC,300,g/kWh", "boiler,MGO,CO2,616,g/kWh"]),
        ("engine,fuel,quantity,value,unit", ["boiler,MGO,BSFC,0.3,kg/kWh", "boiler,MGO,CO2,616,g/kWh"]),
    ],
    ids=["no fuel", "other order", "fuel rate without tier", "fuel rate by another name", "kilograms"],
)  # fmt: skip
def test_a_boiler_below_its_own_fuel_is_an_error_in_any_small_table(
    tmp_path: Path, heading: str, lines: list[str]
) -> None:
    finding = the(lint(tmp_path, heading, *lines), "carbon balance")
    assert finding.severity == "error"
    assert "36% below its own fuel" in finding.message


def test_a_boiler_without_a_fuel_rate_beside_it_is_still_an_error(tmp_path: Path) -> None:
    finding = the(lint(tmp_path, "engine_group,quantity,value,unit", "boiler,CO2,616,g/kWh"), "band")
    assert finding.severity == "error"
    assert "770 to 1100" in finding.message


@pytest.mark.parametrize(
    "line",
    ["truck,NOx,3200,g/km", "Euro VI,NOx,200,g/km", "Euro VI,NOx,460,g/mile", "car,NOx,60,g/km",
     "passenger car,PM10,4.5,g/km", "Euro 6 truck,PM2.5,5,g/km", "truck,PM10,30,g/km"],
)  # fmt: skip
def test_milligrams_labelled_grams_are_an_error_without_carbon_dioxide_beside_them(
    tmp_path: Path, line: str
) -> None:
    finding = the(lint(tmp_path, "vehicle,quantity,value,unit", line), "band")
    assert (finding.severity, finding.row) == ("error", 2)
    assert "mg labelled g" in finding.message


# --- faults of typing ---

SHIP = "engine_group,engine_type,fuel,tier,quantity,value,unit"
TIERS = "tier,quantity,value,unit"
YEARS = "model_year_from,model_year_to,quantity,value,unit"
BINS = "hp_gt,hp_le,quantity,value,unit"
FUEL = "fuel,sulfur_pct,quantity,value,unit"


@pytest.mark.parametrize(
    ("heading", "lines", "check", "place", "says"),
    [
        (SHIP, ["propulsion,SSD,MGO,Tier 2,BSFC,185,g/hp-hr"], "band", (2, "value"), "is it 185 per kWh?"),
        (SHIP, ["propulsion,SSD,MGO,Tier 2,NOx,14.4,g/hp-hr"], "NOx limit", (2, "value"), "1.34 times"),
        (SHIP, ["propulsion,SSD,MGO,Tier 2,BSFC,138,g/kWh"], "band", (2, "value"), "is it 138 per hp-hr?"),
        (SHIP, ["propulsion,SSD,MGO,Tier 2,NOx,14400,g/kWh"], "band", (2, "value"), "factor of 1000"),
        (SHIP, ["propulsion,SSD,MGO,Tier 2,NOx,14.4,kg/kWh"], "band", (2, "value"), "factor of 1000"),
        (SHIP, ["propulsion,SSD,MGO,Tier 2,CO2,0.593,g/kWh"], "band", (2, "value"), "factor of 1000"),
        (TIERS, ["Tier 2,NOx,2.6,g/kWh", "Tier 3,NOx,10.5,g/kWh"], "tier order", (3, "value"), "exchanged"),
        (TIERS, ["T0,NOx,3,g/kWh", "T1,NOx,6,g/kWh"], "tier order", (3, "value"), "certified to less"),
        (YEARS, ["2000,2007,NOx,9,g/mile", "2007,2010,NOx,5,g/mile"], "overlap", (3, "model_year_from"),
         "2007"),
        (YEARS, ["2000,2006,NOx,9,g/mile", "2010,2012,NOx,5,g/mile"], "gap", (3, "model_year_from"), "2006"),
        (BINS, ["50,100,NOx,5,g/hp-hr", "75,175,NOx,4,g/hp-hr"], "overlap", (3, "hp_gt"), "goes to 100"),
        (BINS, ["50,75,NOx,5,g/hp-hr", "100,175,NOx,4,g/hp-hr"], "gap", (3, "hp_gt"), "ends at 75"),
        (TIERS, ["Tier 1,CO,5,g/kWh", "tier 1,CO,5,g/kWh"], "duplicate", (3, ""), "with the same value"),
        (FUEL, ["MGO,10,SO2,0.36,g/kWh"], "sulfur", (2, "sulfur_pct"), "hundred times"),
        (FUEL, ["MGO,0.001,SO2,0.0036,g/kWh"], "sulfur", (2, "sulfur_pct"), "fraction labelled percent"),
        ("fuel,quantity,value,unit", ["MGO,fuel_sulfur,10,%"], "sulfur", (2, "value"), "10 %"),
        (FUEL, ["HFO,3,SO2,0.36,g/kWh", "HFO,3,BSFC,195,g/kWh"], "sulfur balance", (2, "value"), "too high"),
        ("fuel,quantity,value,unit", ["MGO,PM10,0.17,g/kWh", "MGO,PM2.5,0.19,g/kWh"], "PM2.5 in PM10",
         (3, "value"), "row 2"),
        ("fuel,quantity,value,unit", ["MGO,PM10,0.17,g/kWh", "MGO,DPM,0.19,g/kWh"], "PM2.5 in PM10",
         (3, "value"), "DPM"),
        ("fuel,quantity,value,unit", ["MGO,BSFC,217,g/kWh", "MGO,CO2,190,g/kWh"], "carbon balance",
         (3, "value"), "carbon for carbon dioxide"),
        (TIERS, ['Tier 1,NOx,"9,8",g/kWh'], "value", (2, "value"), "write 9.8"),
        (TIERS, ["Tier 1,NOx,9,8,g/kWh"], "columns", (2, ""), "decimal comma in the value"),
        (TIERS, ['Tier 1,CO2,"1,200",g/kWh'], "value", (2, "value"), "write 1200, or 1.200"),
        (TIERS, ["Tier 1,NOx,<9,g/kWh"], "value", (2, "value"), "a bound is not a value"),
        (TIERS, ["Tier 1,NOx,9.8 g/kWh,g/kWh"], "value", (2, "value"), "put 9.8 alone here"),
        (TIERS, ["Tier 1,NOx,n.a.,g/kWh"], "value", (2, "value"), "leave the row out"),
        (TIERS, ["Tier 1,NOX,9.8,g/kWh"], "quantity", (2, "quantity"), "read as NOx"),
        (TIERS, ["Tier 1,NOx\u200b,9.8,g/kWh"], "blanks", (2, "quantity"), "hidden characters"),
        (TIERS, ["Tier 1 ,NOx,9.8,g/kWh"], "blanks", (2, "tier"), "take them out"),
        ("machine,quantity,value,unit", ["crane,load_factor,43,1"], "band", (2, "value"), "percentage"),
        ("model_year,quantity,value,unit", ["20111,NOx,2,g/mile"], "keys", (2, "model_year"), "four digits"),
        ("fuel,quantity,value,unit", ["diesel,NOx,0,g/kWh"], "zero", (2, "value"), "leave the row out"),
        (TIERS, ["Tier 1,NOx,6.9,g/kWh", "Tier 2,NOx,4.9,g/kWh", "Tier 3,NOx,3,g/hp-hr"], "mixed units",
         (4, "value"), "g/hp-hr"),
        ("tier,Pollutant,Value,unit", ["Tier 1,NOx,9.8,g/kWh"], "columns", (1, "Value"), "read as value"),
    ],
)  # fmt: skip
def test_a_fault_of_typing_is_found_where_it_stands(
    tmp_path: Path, heading: str, lines: list[str], check: str, place: tuple[int, str], says: str
) -> None:
    found = [finding for finding in lint(tmp_path, heading, *lines) if finding.check == check]
    assert place in [(finding.row, finding.column) for finding in found], [str(finding) for finding in found]
    assert says in " ".join(finding.message for finding in found)


def test_intervals_that_meet_have_no_findings(tmp_path: Path) -> None:
    assert lint(tmp_path, BINS, "50,75,NOx,5,g/hp-hr", "75,175,NOx,4,g/hp-hr") == []
    found = lint(tmp_path, YEARS, "2000,2006,NOx,9,g/mile", "2007,2010,NOx,5,g/mile")
    assert [finding.check for finding in found] == ["columns"]
    assert errors(found) == []


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        # Gas engines by cycle: NOx follows the cycle.
        ("engine_type,quantity,value,unit", ["LNG Otto slow speed,NOx,1.3,g/kWh",
                                              "LNG Otto medium speed,NOx,2.6,g/kWh"]),
        # Craft that are fast, and engines of their own limits.
        ("craft_type,tier,quantity,value,unit", ["high-speed ferry,Tier 1,NOx,13,g/kWh",
                                                  "tug,Tier 1,NOx,9.8,g/kWh"]),
        # A machine's rates, each with a remark of its own.
        ("hp_gt,hp_le,model_year_from,quantity,value,unit,comments",
         ["100,175,2007,NOx,2.5,g/hp-hr,as printed", "100,175,2012,NOx,0.26,g/hp-hr,"]),
        # Cleaner diesel on land, and a shore-side meter.
        ("fuel,sulfur_pct,quantity,value,unit", ["diesel,0.0015,SO2,0.0066,g/kWh",
                                                   "diesel,0.0015,BSFC,225,g/kWh"]),
        # Particles may rise with the tier.
        ("tier,quantity,value,unit", ["Tier 1,PM10,0.2,g/kWh", "Tier 2,PM10,0.3,g/kWh"]),
        # Battery machines have none.
        ("fuel,quantity,value,unit", ["battery,NOx,0,g/kWh", "battery,CO2,0,g/kWh"]),
    ],
    ids=["gas", "fast craft", "comments", "land diesel", "particles", "battery"],
)  # fmt: skip
def test_what_is_right_has_no_findings(tmp_path: Path, heading: str, lines: list[str]) -> None:
    assert [str(finding) for finding in lint(tmp_path, heading, *lines)] == []


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, TIERS, "Tier 1,NOx,9.8,g/kWh")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert lint_file(path) == []


def test_a_table_of_semicolons_and_decimal_commas_is_read_and_both_are_told(tmp_path: Path) -> None:
    path = write(tmp_path, TIERS, "Tier 1,NOx,9.8,g/kWh", "Tier 2,NOx,7.7,g/kWh")
    path.write_text(path.read_text().replace(",", ";").replace("9.8", "9,8"))
    told = {(finding.check, finding.row): finding.message for finding in lint_file(path)}
    assert "semicolons" in told["columns", None]
    assert "write 9.8" in told["value", 2]
    assert len(told) == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("tier,note\nTier 1,f\xfcr\n".encode("latin-1"), "line 2 is not UTF-8"),
        (b"PK\x03\x04anything", "workbook"),
        (b" \n", "empty"),
    ],
)
def test_a_file_that_is_no_table_says_how_to_save_it(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "my.csv"
    path.write_bytes(content)
    (finding,) = lint_file(path)
    assert says in finding.message


def test_lines_are_those_of_the_file_although_some_are_blank_or_run_over_two(tmp_path: Path) -> None:
    path = write(tmp_path, TIERS, "Tier 1,NOx,x,g/kWh", "Tier 2,NOx,y,g/kWh", "Tier 3,NOx,z,g/kWh")
    lines = path.read_text().splitlines()
    lines[1] = lines[1].replace("a report", '"a report\nof two lines"')
    path.write_text("\n".join([lines[0], "", lines[1], lines[2], ",,,,,,,", lines[3]]) + "\n")
    assert [finding.row for finding in lint_file(path)] == [3, 5, 7]
