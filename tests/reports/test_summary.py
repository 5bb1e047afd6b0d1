"""The summary table says what it knows, marks what it lacks, and adds up."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from factors.warming import GREENHOUSE_GASES
from inventories.year.grade import in_words
from inventories.year.inventory import Inventory
from reports.words import number, percent
from reports.year.activity import activity_table
from reports.year.figures import VIEWS, by_source, by_view, draw, split
from reports.year.maps import port_map
from reports.year.summary import joined, printed, summarize


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_what_is_not_zero_is_never_printed_as_zero(value: float) -> None:
    text = number(value)
    assert (text.strip("-<>0.") == "") == (value == 0)


@given(st.floats(min_value=0.01, max_value=1e12))
def test_a_number_keeps_three_digits_or_is_whole(value: float) -> None:
    read = float(number(value).replace(",", ""))
    assert math.isclose(read, value, rel_tol=0.00501) or abs(read - value) <= 0.5 + 1e-9


def test_a_missing_value_cannot_be_printed_as_a_number() -> None:
    with pytest.raises(ValueError, match="state"):
        number(math.nan)


@pytest.mark.parametrize("state", ["NE", "IE"])
@pytest.mark.parametrize("value", [0.0, 3.0, math.nan])
def test_what_is_not_estimated_is_never_a_digit(state: str, value: float) -> None:
    assert printed(value, state) == state


def test_a_share_is_neither_rounded_to_nothing_nor_to_all() -> None:
    assert [percent(share) for share in (1e-9, 0.99999)] == ["<0.1 %", ">99 %"]


def test_a_source_that_is_elsewhere_makes_the_total_partial() -> None:
    assert joined({"value", "IE"}, of_sources=True) == "partial"
    assert joined({"value", "IE"}) == "value"


def test_ne_of_the_table_is_what_the_method_states(bay) -> None:
    summary = summarize(bay.inventory)
    stated = bay.inventory.states("source_category", summary.pollutants)
    for source, row in stated.iterrows():
        for name, state in row.items():
            assert summary.states.loc[source, name] == state, (source, name)
    text = summary.text().set_axis(summary.states.index)
    headings = dict(zip(summary.pollutants, summary.values, strict=True))
    missing = [(s, n) for s, row in summary.states.iterrows() for n, state in row.items() if state == "NE"]
    assert missing, "power stations have no rate of particles"
    for source, name in missing:
        assert text.loc[source, headings[name]] == "NE"
        assert pd.isna(summary.values.loc[source, headings[name]])


def test_nothing_ne_is_printed_as_zero_anywhere(harbor, bay) -> None:
    for built in (harbor, bay):
        summary = summarize(built.inventory)
        for name, heading in zip(summary.pollutants, summary.values, strict=True):
            texts = summary.text()[heading].to_list()
            for text, state in zip(texts, summary.states[name], strict=True):
                assert (text == state) == (state in ("NE", "IE"))
                assert text != "0" or state == "zero" or state == "value"


def test_co2e_without_nitrous_oxide_of_some_engines_says_so(bay) -> None:
    """No N2O of natural gas equipment was read."""
    summary = summarize(bay.inventory)
    assert summary.states.loc["cargo_handling_equipment", "N2O"] == "partial"
    assert summary.states.loc["cargo_handling_equipment", "CO2e"] == "partial"


def test_the_lines_add_up_to_the_inventorys_own_totals(bay) -> None:
    summary = summarize(bay.inventory)
    inside = [line.key for line in summary.lines if line.kind == "source"]
    for name, heading in zip(summary.pollutants, summary.values, strict=True):
        unit = "tonne" if name in (*GREENHOUSE_GASES, "CO2e", "CO2_biogenic") else "short_ton"
        total = summary.values.loc["total", heading]
        assert total == pytest.approx(bay.inventory.total(name, unit).magnitude, rel=1e-9)
        assert total == pytest.approx(summary.values.loc[inside, heading].sum(), rel=1e-9)
    beyond = bay.inventory.total("NOx", "short_ton", in_domain=False, source_category=inside)
    assert summary.values.loc["outside", "NOx [short_ton]"] == pytest.approx(beyond.magnitude, rel=1e-9)


def test_electricity_stands_apart_and_outside_the_total(bay) -> None:
    summary = summarize(bay.inventory)
    lines = {line.key for line in summary.lines if line.kind == "offsite"}
    uses = ("buildings", "cranes", "equipment", "lighting", "reefers", "shore_power")
    assert lines == {f"electricity/{use}" for use in uses}
    for line in lines:
        assert summary.values.loc[line, "CO2 [tonne]"] > 0
        assert summary.work.loc[line, "energy [kWh]"] > 0


def test_work_stands_beside_the_masses(bay) -> None:
    work = summarize(bay.inventory).work
    assert list(work) == [
        "energy [kWh]",
        "energy [hp-hr]",
        "distance [mile]",
        "freight moved [gross_ton_mile]",
        "fuel burnt [tonne]",
        "fuel burnt [gal]",
    ]
    inside = [line.key for line in summarize(bay.inventory).lines if line.kind == "source"]
    diesel = [key for key in inside if key != "harbor_craft"]
    assert work.loc[diesel, "fuel burnt [gal]"].notna().all(), "gallons beside the tons of every source"
    assert pd.isna(work.loc["harbor_craft", "fuel burnt [gal]"]), "no density of renewable diesel was read"
    assert work.loc["ocean_going_vessels", "energy [hp-hr]"] == pytest.approx(
        work.loc["ocean_going_vessels", "energy [kWh]"] / 0.745699871582270, rel=1e-9
    )
    assert pd.isna(work.loc["ocean_going_vessels", "distance [mile]"])


def test_activity_is_the_work_of_all_cells(bay) -> None:
    table = activity_table(bay.inventory)
    cells = bay.inventory.cells
    for heading, kind in (("energy [kWh]", "energy"), ("distance [mile]", "distance")):
        stated = cells.loc[cells["quantity_kind"].astype(str) == kind, "quantity"].sum()
        assert table[heading].sum() == pytest.approx(stated, rel=1e-9)


def test_the_footer_tells_what_the_total_rests_on(bay) -> None:
    below = summarize(bay.inventory).footer
    assert any("ILLUSTRATIVE" in text for text in below.statements)
    assert any("AR5" in text for text in below.units)
    assert {"outside_edition = hold_by_age", "tier4 = moves5 (default)"} <= set(map(str, below.telling))
    assert below.implements
    assert below.departs_from
    assert below.missing
    assert below.shares.loc["extrapolated", "NOx"] == bay.inventory.shares("NOx")["extrapolated"]
    assert any("crankcase" in line for line in below.not_estimated)


def test_the_footer_tells_how_much_rests_on_unverified_factors(harbor) -> None:
    """By hand: the switcher's 2,000 gallons x 15.2 bhp-hr x 10.6 g of NOx, of all the harbor's NOx."""
    total = harbor.inventory.total("NOx", unit="kg").magnitude
    share = 2000 * 15.2 * 10.6 / 1000 / total
    below = summarize(harbor.inventory).footer
    assert below.shares.loc["unverified", "NOx"] == pytest.approx(share)
    assert below.shares_text().loc["unverified factors", "NOx"] == percent(share)


def test_a_port_without_trucks_is_not_told_of_their_options(harbor) -> None:
    names = {choice.name for choice in summarize(harbor.inventory).footer.telling}
    assert "tier4" in names
    assert "idle_rate" not in names


def test_a_screening_says_so_and_why(harbor) -> None:
    manifest = dict(harbor.inventory.manifest)
    manifest["port"] = {**manifest["port"], "screening": "sizes are guessed"}
    manifest["records"] = {**manifest["records"], "rejected": {"calls": {"no departure": 7}}}
    below = summarize(replace(harbor.inventory, manifest=manifest)).footer
    assert any("SCREENING" in text and "sizes are guessed" in text for text in below.statements)
    assert "Rejected rows of calls: 7" in below.records
    assert "    7: no departure" in below.records


@pytest.mark.parametrize("upright", [True, False])
def test_no_digit_is_lost_on_a_terminal(bay, upright: bool) -> None:
    summary = summarize(bay.inventory)
    console = Console(width=400, record=True)
    console.print(summary.to_rich(upright=upright))
    text = console.export_text()
    for heading in summary.values:
        for printed_number in summary.text()[heading]:
            assert printed_number in text
    assert "…" not in text


@pytest.mark.parametrize("view", VIEWS)
def test_figures_add_up_to_the_total_and_plotly_takes_them(bay, view: str) -> None:
    figure = draw(split(bay.inventory, view), "NOx")
    values = [value for bar in figure.data for value in (bar.x if bar.orientation == "h" else bar.y)]
    assert sum(values) == pytest.approx(bay.inventory.total("NOx", "short_ton").magnitude, rel=1e-4)


def test_a_source_that_is_not_estimated_has_no_bar(bay) -> None:
    assert "Cargo handling equipment" in {bar.name for bar in by_source(bay.inventory, "NOx").data}
    assert "Cargo handling equipment" not in {bar.name for bar in by_source(bay.inventory, "BC").data}
    assert "Cargo handling equipment" not in {bar.name for bar in by_view(bay.inventory, "BC", "month").data}
    assert "Cargo handling equipment" in split(bay.inventory, "mode").missing("BC")


def test_an_unknown_view_or_pollutant_is_refused(harbor) -> None:
    with pytest.raises(ValueError, match="there are mode"):
        split(harbor.inventory, "moon")
    with pytest.raises(KeyError, match="not estimated"):
        by_source(Inventory.build(harbor.port, 2024, black_carbon="NE"), "BC")


def test_the_map_draws_every_zone_and_route(bay) -> None:
    figure = port_map(bay.port, bay.inventory)
    assert figure is not None
    filled = [trace for trace in figure.data if trace.fill == "toself"]
    assert len(filled) == len(bay.port.zones())
    assert len(figure.data) == len(bay.port.zones()) + len(bay.port.routes())
    assert all(trace.type == "scatter" for trace in figure.data)
    assert figure.layout.yaxis.scaleanchor == "x"


def test_what_is_not_counted_stands_right_below_the_table(harbor) -> None:
    summary = summarize(harbor.inventory)
    lines = dict(summary.footer_lines())
    assert "transport refrigeration" in lines["Not included"][0]
    assert "construction" in lines["Not included"][0]
    headings = [heading for heading, _ in summary.footer_lines()]
    assert headings.index("Not included") == 1, "after the statements and before all else"
    page = summary.to_html()
    assert page.index("</table>") < page.index("Not included") < page.index('<div class="footer">')


def test_each_total_has_a_line_on_its_largest_weakness(harbor) -> None:
    """No craft of the harbor states a load factor, and most of its NOx is theirs."""
    summary = summarize(harbor.inventory)
    (line,) = [text for text in summary.footer.grades if text.startswith("NOx: ")]
    share = harbor.inventory.total("NOx", source="harbor_craft") / harbor.inventory.total("NOx")
    assert line.startswith(f"NOx: {in_words(share.magnitude)} rests on default load factors of harbor craft.")
    assert line.split(".")[0] in summary.to_html()


def test_shares_of_activity_add_up_to_the_whole_and_so_do_those_of_factors(harbor) -> None:
    shares = summarize(harbor.inventory).footer.shares.dropna(axis="columns")
    assert len(shares.columns) > 5
    activity = shares.loc[["given", "registry", "converted", "median", "default"]].sum()
    factors = shares.loc[["read", "derived", "unverified"]].sum()
    assert activity.to_numpy() == pytest.approx(1.0)
    assert factors.to_numpy() == pytest.approx(1.0)


def test_shares_that_nothing_rests_on_are_not_printed(harbor) -> None:
    """The harbor has neither a register of ships nor peers to take medians from."""
    printed = summarize(harbor.inventory).footer.shares_text(short=True).index
    assert "from registers" not in printed
    assert {"given activity", "defaults", "read factors"} <= set(printed)
