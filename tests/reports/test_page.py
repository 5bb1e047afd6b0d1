"""The page is one file, the same to the byte, and draws itself with no network."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reports.year.page import page

VIEWPORTS = {"desk": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="session")
def text(bay) -> str:
    return page(bay.inventory, bay.port)


@pytest.fixture(scope="session")
def file(text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(text, encoding="utf-8")
    return path


def without_plotly(text: str) -> str:
    from reports.page_parts import plotly_script

    return text.replace(plotly_script(), "")


def test_the_same_inventory_gives_the_same_bytes(harbor) -> None:
    again = replace(harbor.inventory, work=harbor.inventory.work.copy())
    assert page(harbor.inventory, harbor.port) == page(again, harbor.port)


def test_the_page_names_no_outside_file_and_holds_plotly_once(text: str) -> None:
    own = without_plotly(text)
    assert not re.search(r'<(script|link|img|iframe)[^>]*(src|href)="(?!data:|#)', own)
    assert "@import" not in own
    assert len(text) - len(own) > 3_000_000
    assert text.count("Plotly=") <= own.count("Plotly=") + 2


def test_the_page_says_that_it_is_illustrative(text: str) -> None:
    assert 'class="banner"' in text
    assert "ILLUSTRATIVE" in text


def test_the_page_of_a_screening_says_so(harbor) -> None:
    manifest = {**harbor.inventory.manifest}
    manifest["port"] = {**manifest["port"], "screening": "sizes are <guessed>", "illustrative": False}
    own = without_plotly(page(replace(harbor.inventory, manifest=manifest), harbor.port))
    assert "SCREENING: not an inventory, because sizes are &lt;guessed&gt;." in own
    assert "ILLUSTRATIVE" not in own


def test_text_of_a_port_cannot_become_script(harbor) -> None:
    manifest = {**harbor.inventory.manifest}
    manifest["port"] = {**manifest["port"], "name": "</script><script>alert(1)</script>"}
    own = without_plotly(page(replace(harbor.inventory, manifest=manifest), harbor.port))
    assert "<script>alert(1)" not in own


def test_a_page_without_a_port_has_no_map(harbor) -> None:
    assert 'id="figure-map"' not in page(harbor.inventory)


def test_numbers_are_explained_on_the_page(text: str) -> None:
    assert "Factor rows, as printed:" in text
    assert "caap explain FOLDER 2023 NOx --where" in text


@pytest.mark.browser
@pytest.mark.parametrize("size", VIEWPORTS)
def test_the_page_draws_itself_offline(chromium, file: Path, size: str) -> None:
    width, height = VIEWPORTS[size]
    view = chromium.new_page(viewport={"width": width, "height": height})
    asked: list[str] = []
    said: list[str] = []
    view.on("request", lambda request: asked.append(request.url))
    view.on("console", lambda message: said.append(message.text))
    view.on("pageerror", lambda error: said.append(str(error)))
    view.goto(file.as_uri())
    for name in ("figure-source", "figure-view", "figure-map"):
        view.wait_for_selector(f"#{name} .main-svg")
    assert view.locator("#figure-source .bars .point").count() > 5
    assert view.locator("#figure-view .bars .point").count() >= 12
    assert view.locator("#figure-map .scatterlayer .js-fill").count() > 20

    assert view.locator("#figure-source .xtitle").text_content() == "NOx, short tons"
    view.select_option("#pollutant", "CO2e")
    view.wait_for_function("document.querySelector('#figure-source .xtitle').textContent == 'CO2e, tonnes'")
    view.select_option("#pollutant", "CO")
    absent = view.locator(".absent").first.inner_text()
    assert absent.startswith("Without parts that are not estimated: ")
    assert "Heavy-duty vehicles" in absent
    assert "Harbor craft" not in absent
    view.select_option("#view", "terminal")
    view.wait_for_function("document.querySelectorAll('#figure-view .ytick').length > 12")
    view.click("button[data-view=port]")
    assert view.get_attribute("button[data-view=port]", "aria-pressed") == "true"
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    view.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert said == []
