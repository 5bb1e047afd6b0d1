"""Scenarios as a user meets them: the command, its files, and a page that draws itself with no network."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from inventories.examples import copy_example
from inventories.scenarios import Projector, Scenario
from inventories.scenarios.answers.comparison import Comparison, compare
from reports.page_parts import plotly_script
from reports.scenarios.essentials import totals_table
from reports.scenarios.figures import dumbbell, lines, stacked, wedges
from reports.scenarios.page import comparison_page
from reports.scenarios.tables import cumulative, ends_table, level_reached, moved, no_number

MEASURES = [
    {"kind": "growth", "name": "more", "rate": 0.02},
    {
        "kind": "shore_power",
        "name": "plugs <b>",
        "share_of": "stops",
        "adoption": {"from": 2024, "to": 2030, "reaches": 0.8},
    },
]
OWN = """name = "own"
describes = "Plugs."
horizon = 2030
[[measures]]
kind = "shore_power"
share_of = "stops"
adoption = { from = 2024, to = 2030, reaches = 0.8 }
"""


@pytest.fixture(scope="module")
def comparison(harbor) -> Comparison:
    def scenario(name: str, measures) -> Scenario:
        return Scenario.from_dict({"name": name, "horizon": 2030, "measures": measures})

    base = scenario("as usual", MEASURES[:1])
    return compare(Projector.of(harbor.inventory), [scenario("plugged", MEASURES)], base)


def test_figures_hold_the_numbers_of_the_comparison(comparison: Comparison) -> None:
    drawn = lines(comparison, "NOx")["data"]
    assert [line["name"] for line in drawn] == ["as usual", "plugged"]
    assert drawn[1]["y"][-1] == pytest.approx(
        comparison.series("NOx")["plugged"].iloc[-1] / 907.18474, rel=1e-5
    )
    assert stacked(comparison, "plugged", "NOx")["data"][0]["type"] == "bar"
    assert len(dumbbell(comparison, "NOx")["data"]) == 3


def test_wedges_fill_the_way_from_the_scenario_to_what_it_would_be_without(comparison: Comparison) -> None:
    own, wedge, without = wedges(comparison, "plugged", "NOx")["data"]
    assert wedge["fill"] == "tonexty"
    assert wedge["y"] == pytest.approx(without["y"], rel=1e-5)
    assert without["y"] == pytest.approx(lines(comparison, "NOx")["data"][0]["y"], rel=1e-5)
    assert own["y"][-1] < wedge["y"][-1]


def test_a_level_tells_stops_from_energy_and_what_limits_prevent(harbor) -> None:
    half = {"stock": {2024: 50}, "of": 100}
    plugs = {**MEASURES[1], "adoption": {"table": {2030: 0.8}, "limits": {"capable_ships": half}}}
    scenario = Scenario.from_dict({"name": "held", "horizon": 2030, "measures": [plugs]})
    outlook = Projector.of(harbor.inventory).project(scenario)
    said = level_reached(outlook, "plugs <b>", 2030)
    assert re.fullmatch(r"50 % \(\d+ % of the energy; 30 % unmet, prevented by limits\)", said)
    assert level_reached(outlook, "no such measure", 2030) == ""


def test_what_is_not_estimated_is_never_zero(comparison: Comparison, harbor) -> None:
    table = ends_table(comparison, harbor.inventory)
    states = harbor.inventory.states("source_category", ["VOC"])["VOC"]
    for (_, source), text in table["VOC [short_ton]"].items():
        assert (states.get(source) == "NE") == (text == "NE")


def test_a_sum_of_nothing_estimated_is_told_by_its_state_and_never_as_zero(
    comparison: Comparison, harbor, monkeypatch
) -> None:
    real = type(harbor.inventory).states

    def without_diesel_particles(self, rows="source_category", pollutants=None, **where):
        found = real(self, rows, pollutants, **where)
        return found.assign(**{name: "NE" for name in ("DPM",) if name in found})

    monkeypatch.setattr(type(harbor.inventory), "states", without_diesel_particles)
    ends = ends_table(comparison, harbor.inventory)
    assert set(ends["DPM [short_ton]"]) == {"NE"}
    assert "NE" not in set(ends.xs("total", level="source_category")["NOx [short_ton]"])
    totals = totals_table(comparison, harbor.inventory)["DPM"]
    assert set(totals[~totals.index.str.startswith(" ")]) == {"NE"}
    assert set(totals[totals.index.str.startswith(" ")]) == {""}
    states = harbor.inventory.states("source_category", ["DPM", "NOx"])
    none = {name: no_number(states[name]) for name in states}
    assert none == {"DPM": "NE", "NOx": ""}
    heading, *rows = cumulative(comparison, {"DPM"}, none)
    place = next(i for i, text in enumerate(heading[1]) if text.startswith("DPM"))
    assert {cells[place] for _, cells in rows} == {"NE"}
    heading_of_moved, *changes = moved(comparison, {"DPM"}, none)
    place = next(i for i, text in enumerate(heading_of_moved[2]) if text.startswith("DPM"))
    assert {cells[place] for _, where, cells in changes if where != "at power stations"} == {"NE"}


def test_what_all_sources_count_elsewhere_is_told_as_such() -> None:
    assert no_number(pd.Series(["IE", "IE"])) == "IE"
    assert no_number(pd.Series(["IE", "NE", "zero"])) == "NE"
    assert no_number(pd.Series(["NE", "partial"])) == ""
    assert no_number(pd.Series([], dtype=object)) == ""


def test_the_page_is_one_file_and_the_same_to_the_byte(comparison: Comparison, harbor) -> None:
    page = comparison_page(comparison, harbor.inventory)
    assert page == comparison_page(comparison, harbor.inventory)
    own = page.replace(plotly_script(), "")
    assert not re.search(r'<(script|link|img|iframe)[^>]*(src|href)="(?!data:|#)', own)
    assert "plugs <b>" not in own  # text of a user is never markup
    assert "ILLUSTRATIVE" in own


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_draws_itself_offline(
    chromium, comparison: Comparison, harbor, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "comparison.html"
    file.write_text(comparison_page(comparison, harbor.inventory), encoding="utf-8")
    view = chromium.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    said: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.on("console", lambda message: said.append(message.text))
    view.on("pageerror", lambda error: said.append(str(error)))
    view.goto(file.as_uri())
    for name in ("lines", "wedges", "stacked", "dumbbell"):
        view.wait_for_selector(f"#figure-{name} .main-svg")
    view.select_option("#pollutant", "CO2e")
    view.wait_for_function("document.querySelector('#figure-lines .ytitle').textContent == 'CO2e, tonnes'")
    view.select_option("#scenario", "as usual")
    assert view.locator(".chosen-scenario").first.inner_text() == "as usual"
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    view.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert said == []


def test_a_user_projects_and_finds_the_files(caap, tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "port")
    before = caap("project", "port", "current-law", folder=tmp_path)
    assert before.returncode == 1
    assert "Run `caap build port YEAR` first" in before.stderr
    assert caap("build", "port", "2024", "--no-page", folder=tmp_path).returncode == 0
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "own.toml").write_text(OWN, encoding="utf-8")
    done = caap("project", "port", "own", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    place = folder / "results" / "projections" / "own"
    assert {path.name for path in place.iterdir()} >= {
        "comparison.html", "masses.csv", "contributions.csv", "carriers.csv", "projection.nc", "manifest.json"
    }  # fmt: skip
    assert "own, 2030" in done.stdout
    assert "since 2024" in done.stdout
    assert str(place.relative_to(tmp_path)) in done.stdout.replace("\n", "")
    again = caap("project", "port", "own", folder=tmp_path)
    assert again.returncode == 0
    assert [path.name for path in place.parent.iterdir()] == ["own"]  # the same bytes: nothing was kept aside


def test_what_does_not_fit_the_port_is_told_and_nothing_written(caap, tmp_path: Path) -> None:
    folder = copy_example("small-harbor", tmp_path / "port")
    assert caap("build", "port", "2024", "--no-page", folder=tmp_path).returncode == 0
    (tmp_path / "bad.toml").write_text(
        OWN.replace('share_of = "stops"', 'share_of = "stop"'), encoding="utf-8"
    )
    for command in (("project", "port", "bad.toml"), ("scenarios", "check", "port", "bad.toml")):
        done = caap(*command, folder=tmp_path)
        assert done.returncode == 1
        assert "share_of" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
    assert not (folder / "results" / "projections").exists()


def test_scenarios_are_listed_and_shown_with_their_law(caap, tmp_path: Path) -> None:
    assert "throughput-85: " in caap("scenarios", "list", folder=tmp_path).stdout
    shown = caap("scenarios", "show", "everything", folder=tmp_path).stdout
    assert "zero-emission trucks (zero_emission_trucks)" in shown
    assert "in force, not represented:" in shown
    for command in (("list", "--folder", "nowhere"), ("check", "nowhere", "everything")):
        lost = caap("scenarios", *command, folder=tmp_path)
        assert lost.returncode == 1
        assert "there is no folder nowhere" in lost.stderr
    unknown = caap("scenarios", "show", "evrything", folder=tmp_path)
    assert unknown.returncode == 1
    assert "there is no scenario 'evrything'" in unknown.stderr


def test_a_broken_file_hides_no_other(caap, tmp_path: Path) -> None:
    """Listing goes on past what cannot be used; projecting tells all that is wrong at once."""
    folder = copy_example("small-harbor", tmp_path / "port")
    (folder / "scenarios").mkdir()
    for name, text in {"a": OWN.replace("0.8", "80"), "b": OWN.replace("stops", "calls"), "c": OWN}.items():
        (folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    listed = caap("scenarios", "list", "--folder", "port", folder=tmp_path)
    assert listed.returncode == 1
    for said in ("cannot be used", "found 80", "share_of", "c (port/scenarios/c.toml): Plugs."):
        assert said in listed.stdout
    told = caap("project", "port", "a", "b", folder=tmp_path).stderr
    assert "a.toml: cannot be used" in told
    assert "b.toml: cannot be used" in told


def test_the_page_tells_avoided_and_moved_apart(comparison: Comparison, harbor) -> None:
    page = comparison_page(comparison, harbor.inventory)
    section = page[page.index("Avoided, and moved") :].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="word">(.*?)</td>(.*?)</tr>', section)
    told = {(name, where): re.findall(r"<td>(.*?)</td>", cells)[0] for name, where, cells in rows}
    fallen = comparison.moved("plugged", "NOx").iloc[1:].sum() / 907.18474
    assert float(told["plugged", "in the domain"].rstrip("*")) == pytest.approx(
        fallen["avoided_in_domain"], rel=0.01
    )
    assert fallen["avoided_in_domain"] < 0
    assert told["plugged", "at power stations"] == "NE"  # the small harbor names no grid region
    assert {where for _, where in told} == {"in the domain", "outside the domain, moved", "at power stations"}


ALL = ["California", "San Pedro Bay"]


def test_page_and_command_say_what_is_warned_of_and_taken_for_granted(harbor, caap, tmp_path: Path) -> None:
    """Of each scenario: where it falls below a rule, what a port has nothing of, how fleets turn over."""

    def scenario(name: str, day: str, **more: object) -> Scenario:
        law = {"as_of": day, "jurisdictions": ALL}
        return Scenario.from_dict({"name": name, "horizon": 2028, "law": law, **more})

    aging = scenario("aging", "2024-06-01", measures=[{"kind": "fleet_turnover"}])
    below = scenario("below", "2026-11-01", without=["at-berth: container and reefer"])
    page = comparison_page(compare(Projector.of(harbor.inventory), [aging, below]), harbor.inventory)
    section = page[page.index("<h2>Rules and assumptions") :]
    assert (
        "below: at-berth: container and reefer (CARB At-Berth 2020), in force on 2026-11-01, asks" in section
    )
    assert "ocean_going_vessels: keeps the age distribution of the base year" in section
    assert "at-berth: cruise is in force and not represented here" in section

    folder = copy_example("small-harbor", tmp_path / "port")
    harbor.inventory.save(folder / "results" / "2024")
    (folder / "scenarios").mkdir()
    for name, day in (("a", "2024-06-01"), ("b", "2026-11-01")):
        law = f'law = {{ as_of = "{day}", jurisdictions = ["California"] }}'
        text = OWN.replace("own", name).replace("[[measures]]", f"{law}\n[[measures]]").partition("[[")[0]
        (folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    done = caap("project", "port", "a", "b", "--verbose", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for day in ("2024-06-01", "2026-11-01"):
        assert f"Rules in force on {day}; in force and not represented:" in done.stdout


def test_a_change_of_what_is_not_estimated_in_part_is_marked(comparison: Comparison, harbor) -> None:
    page = comparison_page(comparison, harbor.inventory)
    section = page[page.index("Over all years after") : page.index("What each measure does")]
    states = harbor.inventory.states("source_category", ["NOx", "SOx"])
    assert states["NOx"].isin(["NE", "partial"]).any()  # a machine whose exhaust nobody knows
    headings = re.findall(r'<th scope="col">(NOx|SOx)', section.split("</table>")[0])
    assert headings == ["NOx", "SOx"]
    for where in ("in the domain", "outside the domain, moved"):
        for cells in re.findall(rf"{where}</td><td>(.*?)</td><td>(.*?)</td>", section):
            assert [text.endswith("*") for text in cells] == [
                True,
                bool(states["SOx"].isin(["NE", "partial"]).any()),
            ]
    assert "&lt;0.01" not in "".join(re.findall(r"moved</td>(.*?)</tr>", section))


def test_scenarios_that_end_in_other_years_stand_beside_one_another(harbor) -> None:
    """Each line ends with its scenario, and the page says no number of a year that one of them lacks."""
    short, long = (
        Scenario.from_dict({"name": f"to {year}", "horizon": year, "measures": MEASURES})
        for year in (2027, 2030)
    )
    for baseline, scenario in ((short, long), (long, short)):
        comparison = compare(Projector.of(harbor.inventory), [scenario], baseline)
        drawn = {line["name"]: line["x"] for line in lines(comparison, "NOx")["data"]}
        assert (max(drawn["to 2027"]), max(drawn["to 2030"])) == (2027, 2030)
        page = comparison_page(comparison, harbor.inventory)
        assert "NaN" not in page.replace(plotly_script(), "")
        assert "to <b>2027 and 2030</b>" in page
        assert "to 2027 (to 2027)" in page, "beside numbers of the last year stands which year that is"
        _, _, at_the_end = dumbbell(comparison, "NOx")["data"]
        assert at_the_end["name"] == "2027 and 2030"
        assert {row.partition(": ")[2] for row in at_the_end["y"]} == {
            "to 2027 (to 2027)",
            "to 2030 (to 2030)",
        }
