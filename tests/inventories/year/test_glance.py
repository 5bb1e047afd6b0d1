"""What a console and a notebook show of a year: few lines, no number where there is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factors import load_edition, load_method, load_table
from inventories import Inventory
from reports.year.summary import TOTAL, summarize

FEW = 12


def test_a_year_tells_port_year_method_sources_totals_and_records(small: Inventory) -> None:
    text = repr(small)
    assert text.count("\n") < FEW
    assert text.startswith("Inventory of Small Harbor (illustrative), 2024, by epa-2022\n")
    for source in small.cells["source_category"][small.cells["in_domain"]].unique():
        assert source in text
    assert f"NOx {small.total('NOx').to('short_ton').magnitude:.3g}" in text
    assert f"CO2e (AR5) {small.total('CO2e').magnitude:.0f}" in text
    assert f"{len(small.work)} work rows in {len(small.cells)} cells" in text
    assert "short tons" in text
    assert "tonnes" in text


def test_totals_at_a_glance_have_the_states_of_the_printed_table(small: Inventory) -> None:
    summary = summarize(small)
    printed = dict(zip(summary.pollutants, summary.states.loc[TOTAL], strict=True))
    words = repr(small).replace("\n", " ").replace(",", " ").split()
    for pollutant, state in printed.items():
        place = words.index(pollutant) + (2 if pollutant == "CO2e" else 1)
        assert words[place].endswith("*") == (state == "partial"), pollutant
        assert (words[place] == state) == (state in ("NE", "IE")), pollutant


def test_what_no_source_estimates_stands_as_ne_and_not_as_a_number(small: Inventory) -> None:
    year = replace(small, manifest={**small.manifest, "pollutants": ["NOx", "NH4"]})
    assert "NH4 NE" in repr(year)
    assert "NH4 0" not in repr(year)


def test_a_notebook_shows_a_small_table(small: Inventory) -> None:
    year = replace(small, manifest={**small.manifest, "pollutants": [*small.manifest["pollutants"], "NH4"]})
    shown = year._repr_html_()
    assert shown.count("<tr") <= 8
    assert "<th>ocean going vessels</th>" in shown
    assert "<th>total in the domain</th>" in shown
    assert "<td>NE</td>" in shown
    assert "<th>NOx [short tons]</th>" in shown


def test_a_name_of_a_port_cannot_become_part_of_a_page(small: Inventory) -> None:
    port = {**small.manifest["port"], "name": "<b>Harbor & Sons</b>"}
    shown = replace(small, manifest={**small.manifest, "port": port})._repr_html_()
    assert "&lt;b&gt;Harbor &amp; Sons&lt;/b&gt;" in shown
    assert "<b>" not in shown


def test_rejected_records_are_told(small: Inventory) -> None:
    lost = small.rejected.reindex(range(3))
    assert "3 of them rejected" in repr(replace(small, rejected=lost))


@pytest.mark.parametrize("what", ["explanation", "classes", "summary", "method", "edition", "table"])
def test_what_a_researcher_meets_is_told_in_few_lines(small: Inventory, what: str) -> None:
    met = {
        "explanation": lambda: small.explain("NOx"),
        "classes": lambda: small.classes,
        "summary": lambda: summarize(small),
        "method": lambda: load_method("epa-2022"),
        "edition": lambda: load_edition("epa-ogv-2022"),
        "table": lambda: load_table("epa-ogv-2022", "nox"),
    }
    text = repr(met[what]())
    assert 2 < text.count("\n") < FEW
    assert len(text) < 1_000


def test_printing_an_explanation_still_tells_all_of_it(small: Inventory) -> None:
    assert "Factor rows, as printed:" in str(small.explain("NOx"))
