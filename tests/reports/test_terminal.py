"""The terminal says the essential: a screenful, by a stated rule, and what it leaves out is on the page."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pandas as pd
import pytest
from rich.console import Console

from inventories.scenarios import Projector, Scenario
from inventories.scenarios.answers.comparison import compare
from reports.cli.project_summary import print_all as print_all_of_scenarios
from reports.cli.terminal import MOST_REMARKS
from reports.cli.year_summary import print_all, print_essentials
from reports.scenarios.essentials import remarks as remarks_of_scenarios
from reports.scenarios.essentials import totals_table
from reports.scenarios.page import comparison_page
from reports.year.essentials import essential, remarks
from reports.year.page import page
from reports.year.summary import summarize

SCREEN = 36
"""Lines of a screen of 40 that are free when a command has said where its files are."""


def words(text: str) -> str:
    """A page as a reader sees it: without tags, with single spaces."""
    shown = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, call) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    call()
    return capsys.readouterr().out


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_a_year_is_a_screenful_that_fits_the_terminal(bay, capsys, monkeypatch, width: int) -> None:
    summary = summarize(bay.inventory)
    out = printed(capsys, monkeypatch, width, lambda: print_essentials(bay.inventory, summary, page=True))
    lines = out.splitlines()
    more = int("CO2_biogenic" in summary.pollutants)  # renewable fuels have a line of their own
    assert len(lines) <= SCREEN + 1 + more
    assert max(map(len, lines)) <= width
    assert sum(line.startswith("- ") for line in lines) == MOST_REMARKS


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_digit_of_a_source_is_cut_however_narrow_the_terminal(
    bay, capsys, monkeypatch, width: int
) -> None:
    summary = summarize(bay.inventory)
    out = printed(capsys, monkeypatch, width, lambda: print_essentials(bay.inventory, summary, page=True))
    text = summary.text()
    for line, (_, row) in zip(summary.lines, text.iterrows(), strict=True):
        if line.kind in ("source", "total"):
            for name, number in zip(summary.pollutants, row, strict=False):
                told = next(text for text in out.splitlines() if text.split()[:1] == [name])
                assert number in told.split()
    assert "…" not in out


def test_what_has_no_room_is_said(bay, capsys, monkeypatch) -> None:
    summary = summarize(bay.inventory)
    out = printed(capsys, monkeypatch, 60, lambda: print_essentials(bay.inventory, summary, page=True))
    assert "No room here for what power stations emit and what lies outside the domain." in " ".join(
        out.split()
    )


def test_power_stations_are_joined_to_the_sum_of_their_uses(bay) -> None:
    summary = summarize(bay.inventory)
    joined = essential(summary)
    off = [line.key for line in summary.lines if line.kind == "offsite"]
    assert len(off) > 1
    for heading in summary.values:
        known = summary.values.loc[off, heading].dropna()
        told = joined.values.loc["electricity", heading]
        assert told == pytest.approx(known.sum()) if len(known) else pd.isna(told)
    assert joined.states.loc["electricity", "PM10"] == "NE"
    pd.testing.assert_series_equal(joined.values.loc["total"], summary.values.loc["total"])


def test_what_could_mislead_most_comes_first(harbor) -> None:
    """Rejected rows and activity out of its range go before what is merely less firm."""
    manifest = {**harbor.inventory.manifest}
    manifest["records"] = {**manifest["records"], "rejected": {"calls": {"no zone": 2, "no time": 1}}}
    check = {"quantity": "calls", "low": 1.0, "high": 3.0, "unit": "call", "source": "a book", "value": 6.0}
    manifest["checks"] = [
        {**check, "verdict": "outside"},
        {**check, "quantity": "hours_per_machine", "verdict": "within"},
    ]
    manifest["measured"] = {"calls": 6.0}
    manifest["port"] = {**manifest["port"], "screening": "sizes are guessed"}
    told = remarks(replace(harbor.inventory, manifest=manifest), summarize(harbor.inventory))
    starts = [
        "ILLUSTRATIVE", "SCREENING", "Rejected rows, in no number: 3 of calls", "Activity outside its range",
        "Not estimated (NE)", "Not included", "How firm",
    ]  # fmt: skip
    assert [text[: len(start)] for text, start in zip(told, starts, strict=False)] == starts


def test_a_source_is_named_with_what_it_lacks(bay) -> None:
    summary = summarize(bay.inventory)
    (told,) = (text for text in remarks(bay.inventory, summary) if text.startswith("Not estimated"))
    assert "Harbor craft" not in told, "its methane goes by the gallon"
    assert "part of NOx, SOx, PM10, PM2.5, VOC, CO, CO2 of Trucks" in told
    assert "Vessels" not in told
    assert "CO2e" not in told


def test_all_that_verbose_prints_of_a_year_is_on_its_page(bay, capsys, monkeypatch) -> None:
    summary = summarize(bay.inventory)
    shown = words(page(bay.inventory, bay.port, summary))
    missing = []
    for heading, lines in summary.footer_lines():
        told = [line.lstrip("* ").strip() for line in lines]
        missing += [line for line in told if heading != "Units and domain" and line not in shown]
    assert missing == []
    for line in summary.footer.units:
        assert line in shown
    for text in remarks(bay.inventory, summary):
        if not text.startswith(
            ("Not estimated", "Not included", "How firm", "Rejected", "Activity outside", "Weakest")
        ):
            assert text in shown  # the others are worded from tables that stand there
    for name in bay.inventory.manifest["not_included"]:
        assert name in shown
    out = printed(capsys, monkeypatch, 200, lambda: print_all(bay.inventory, summary))
    assert "tier4 = moves5" in out
    assert "Together" in out


@pytest.fixture(scope="module")
def comparison(harbor):
    law = {"as_of": "2026-11-01", "jurisdictions": ["California"]}
    below = {"name": "below", "horizon": 2028, "law": law, "without": ["at-berth: container and reefer"]}
    return compare(Projector.of(harbor.inventory), [Scenario.from_dict(below)])


def test_all_that_verbose_prints_of_scenarios_is_on_their_page(
    harbor, comparison, capsys, monkeypatch
) -> None:
    shown = words(comparison_page(comparison, harbor.inventory))
    out = printed(capsys, monkeypatch, 300, lambda: print_all_of_scenarios(comparison, harbor.inventory))
    below = out[out.index("NE not estimated;") :].splitlines()[1:]
    plain = [line.strip().removeprefix("Warning, ").rstrip(".") for line in below]
    ours = ("Rules in force on", "Making these", "below, ", "none")
    assert [line for line in plain if line and not line.startswith(ours) and line not in shown] == []


def test_a_scenario_below_the_law_is_warned_of_before_what_is_taken_for_granted(harbor, comparison) -> None:
    told = remarks_of_scenarios(comparison, harbor.inventory)
    warned = next(place for place, text in enumerate(told) if text.startswith("Warning, below: at-berth"))
    assert told[0].startswith("ILLUSTRATIVE")
    assert comparison.notes
    assert 0 < warned < min(told.index(note) for note in comparison.notes)


def test_totals_of_scenarios_start_from_the_inventory_and_tell_the_change(harbor, comparison) -> None:
    table = totals_table(comparison, harbor.inventory)
    assert list(table.index) == ["2024", "below, 2028", "  since 2024"]
    base, end = (comparison.series("CO2e")["below"].iloc[place] for place in (0, -1))
    assert table["CO2e"].iloc[2] == f"{100 * (end / base - 1):+.0f} %"
    assert table["CO2e"].iloc[0] == summarize(harbor.inventory).text()["CO2e [tonne]"]["Total in the domain"]


def test_a_pipe_gets_plain_text(caap, tmp_path) -> None:
    assert caap("init", "p", "--example", "small-harbor", folder=tmp_path).returncode == 0
    done = caap("build", "p", "2024", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert len(done.stdout.splitlines()) <= 40
    assert "--verbose" in done.stdout
    longer = caap("build", "p", "2024", "--verbose", folder=tmp_path)
    assert len(longer.stdout.splitlines()) > 100


def test_a_terminal_keeps_no_line_of_the_steps(monkeypatch) -> None:
    from reports.cli import terminal

    screen = Console(force_terminal=True, width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    monkeypatch.setattr(terminal, "console", lambda **_: screen)
    with terminal.progress() as step:
        step("reading")
        step("summing")
    assert screen.export_text().strip().splitlines()[-1].startswith("built in")
    screen.file.close()
