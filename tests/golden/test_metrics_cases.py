"""Published metrics: intensity per 10,000 TEU, chains of years, percent from tons, and TEU from calls."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from inventories.years.changes import chained_change, intensity, intensity_change, percent_change

FILE = "cases_metrics.csv"
PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?) %")
Pairs = list[tuple[float, float]]


def percents(text: str) -> list[float]:
    return [float(number) for number in PERCENT.findall(text)]


def listed(text: str) -> list[float]:
    """Signed numbers of an answer such as ``-71 / -52 / -76 %``; remarks in brackets are none."""
    return [float(number) for number in re.findall(r"(?<![\w.])-\d+(?:\.\d+)?", text.partition("(")[0])]


def of_intensity(inputs: str, expected: str) -> Pairs:
    """Percent of mass and of TEU, or tons and TEU of two years, each as later / base."""
    given = percents(inputs)
    if given:
        mass, teu = given
        return [(intensity_change(mass, teu), percents(expected)[-1])]
    tons, _, cargo = inputs.partition("TEU")
    later, base = (float(text.replace(",", "")) for text in cargo.split("/"))
    out = []
    for value, start in re.findall(r"(\d+)/(\d+)", tons):
        out.append(percent_change(intensity(float(start), base), intensity(float(value), later)))
    return list(zip(out, listed(expected), strict=True))


def of_chain(inputs: str, expected: str) -> Pairs:
    return [(chained_change(percents(inputs)), percents(expected)[0])]


def of_vintages(inputs: str, expected: str) -> Pairs:
    """A year by the report of that year (chained on), and by the next report (its own link taken off)."""
    link, before, next_link, next_whole = (float(n) for n in re.findall(r"[+-]\d+(?= %)", inputs))
    first = chained_change([before, link])
    second = chained_change([next_whole, percent_change(1 + next_link / 100, 1)])
    return list(zip((first, second), percents(expected), strict=True))


def of_tons(inputs: str, expected: str) -> Pairs:
    tons = re.findall(r"(\d+) -> (\d+)", inputs)
    changes = [percent_change(float(base), float(value)) for base, value in tons]
    return list(zip(changes, listed(expected), strict=True))


def of_activity(inputs: str, expected: str) -> Pairs:
    calls, each = (float(text.replace(",", "")) for text in re.findall(r"([\d,]+) x ([\d,]+)", inputs)[0])
    return [(calls * each, float(teu)) for teu in re.findall(r"\d\.\d+e\d", expected)]


KINDS: dict[str, Callable[[str, str], Pairs]] = {
    "intensity": of_intensity,
    "year-on-year chain": of_chain,
    "year-on-year chain, vintages differ": of_vintages,
    "percent from tons": of_tons,
    "activity identity": of_activity,
}


def test_published_metrics_are_reproduced(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """cases_metrics.csv: within the tolerance of each row; a point of percent where it names none."""
    if not (golden / FILE).exists():
        pytest.skip(f"{FILE} is not in {golden}")
    cases = pd.read_csv(golden / FILE, dtype=str, keep_default_na=False)
    unknown = sorted(set(cases["kind"]) - set(KINDS))
    assert not unknown, f"no test for cases of {', '.join(unknown)}"
    points, wrong, numbers = {}, [], 0
    for case in cases.to_dict("records"):
        pairs = KINDS[case["kind"]](case["inputs"], case["expected"])
        assert pairs, f"{case['case_id']} gives nothing to compare"
        found = re.match(r"\d[\d.e]*", case["tolerance"])
        tolerance = float(found.group()) if found else 1.0
        worst = max(abs(mine - printed) for mine, printed in pairs)
        numbers += len(pairs)
        points[case["case_id"]] = worst / tolerance
        if worst > tolerance:
            wrong.append(f"{case['case_id']}: {pairs}")
    name = max(points, key=lambda case: points[case])
    with capsys.disabled():
        print(
            f"\ncases_metrics: {len(cases)} cases, {numbers} numbers; worst difference "
            f"{points[name]:.0%} of its tolerance ({name})"
        )
    assert not wrong, "\n".join(wrong)


def test_estimates_of_one_year_differ_by_vintage(golden: Path) -> None:
    """What two reports imply for one year is points apart, so chains must not mix vintages."""
    if not (golden / FILE).exists():
        pytest.skip(f"{FILE} is not in {golden}")
    cases = pd.read_csv(golden / FILE, dtype=str, keep_default_na=False)
    mixed = cases[cases["kind"] == "year-on-year chain, vintages differ"]
    for case in mixed.to_dict("records"):
        (first, _), (second, _) = of_vintages(case["inputs"], case["expected"])
        apart = float(re.findall(r"(\d+) points apart", case["expected"])[0])
        assert abs(first - second) == pytest.approx(apart, abs=1.0)


def test_a_base_of_nothing_has_no_percentage() -> None:
    with pytest.raises(ValueError, match="show the masses"):
        percent_change(0.0, 5.0)
    with pytest.raises(ValueError, match="needs cargo"):
        intensity(1.0, 0.0)
    with pytest.raises(ValueError, match="none to divide by"):
        intensity_change(-50.0, -100.0)
