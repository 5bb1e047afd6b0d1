"""Which part of a number rests on which factors: each counts for the mass that it makes itself."""

from collections import defaultdict

import pandas as pd
import pytest

from factors.method import load_method
from factors.terms import CurveSpec, FactorClasses
from inventories import Inventory

GWP = {"CO2": 1.0, "CH4": 28.0, "N2O": 265.0}
"""AR5, over a hundred years."""


def term(class_id: int, pollutant: str, *rows: int, number: float = 1.0, extrapolated: bool = False) -> dict:
    pointers = [*rows, -1, -1, -1, -1][:4]
    return {
        "class_id": class_id,
        "pollutant": pollutant,
        "process": "exhaust",
        "curve": "one",
        "number": number,
        "conversion": 1.0,
        **{f"row_{place}": pointer for place, pointer in enumerate(pointers, start=1)},
        "extrapolated": extrapolated,
        "note": "",
    }


@pytest.fixture
def engine() -> Inventory:
    """100 kWh of one class: 1 kg CO2 (read), 0.01 kg CH4 (derived), 0.001 kg N2O (unverified) per kWh."""
    values = [1.0, 0.01, 0.001, 0.5]
    rows = pd.DataFrame(
        {
            "row_id": list("abcd"),
            "value": values,
            "confidence": ["read", "derived", "unverified", "derived"],
        }
    )
    terms = pd.DataFrame(
        [
            term(0, "CO2", 0),
            term(0, "CH4", 1, extrapolated=True),
            term(0, "N2O", 2),
            term(0, "PM10", 0),
            term(0, "PM10", 3, number=-0.5),
            term(0, "BC", 2, 3),
        ]
    )
    coverage = pd.DataFrame(
        {
            "source_category": "x",
            "coverage_group": "all",
            "process": "exhaust",
            "pollutant": ["CO2", "CH4", "N2O", "PM10", "BC"],
            "state": "value",
            "rule": "",
        }
    )
    one = pd.DataFrame({"source_category": ["x"], "coverage_group": ["all"]})
    classes = FactorClasses(one, terms, rows, coverage, {"one": CurveSpec("one", "one")})
    cells = pd.DataFrame(
        {"class_id": [0, 0], "quantity": [75.0, 25.0], "in_domain": True, "provenance": ["given", "default"]}
    )
    manifest = {"gwp_set": "AR5", "pollutants": []}
    return Inventory(pd.DataFrame(), cells, classes, manifest, load_method("epa-2022"), pd.DataFrame())


def test_a_derived_methane_factor_makes_only_its_own_part_of_co2e_derived(engine: Inventory) -> None:
    """Per kWh: CO2 1 + CH4 0.01 x 28 = 0.28 + N2O 0.001 x 265 = 0.265; together 1.545 kg."""
    shares = engine.shares("CO2e")
    assert shares["derived"] == pytest.approx(0.28 / 1.545)
    assert shares["unverified"] == pytest.approx(0.265 / 1.545)
    assert shares["extrapolated"] == pytest.approx(0.28 / 1.545)
    assert shares["default"] == pytest.approx(0.25)


def test_a_product_is_as_firm_as_its_least_firm_factor(engine: Inventory) -> None:
    assert engine.shares("BC")["unverified"] == 1.0
    assert engine.shares("BC")["derived"] == 0.0


def test_what_a_factor_takes_off_weighs_by_its_size(engine: Inventory) -> None:
    """PM10 = 1 (read) - 0.5 x 0.5 (derived): a fifth of what was multiplied is derived."""
    assert engine.shares("PM10")["derived"] == pytest.approx(0.25 / 1.25)


@pytest.mark.parametrize("pollutant", ["CO2e", "NOx", "PM2.5"])
def test_the_shares_of_a_year_are_those_summed_term_by_term(small: Inventory, pollutant: str) -> None:
    """Another road: plain Python over the terms of each class and the cells of each."""
    weights = GWP if pollutant == "CO2e" else {pollutant: 1.0}
    work: dict[tuple[int, str], float] = defaultdict(float)
    for cell in small.cells[small.select()].to_dict("records"):
        for name, value in cell.items():
            if name == "quantity" or str(name).startswith("curve:"):
                work[cell["class_id"], "one" if name == "quantity" else name.removeprefix("curve:")] += value
    rows = small.classes.factor_rows.to_dict("records")
    whole, made = 0.0, defaultdict(float)
    for entry in small.classes.terms.to_dict("records"):
        if entry["pollutant"] not in weights:
            continue
        used = [rows[entry[f"row_{n}"]] for n in (1, 2, 3, 4) if entry[f"row_{n}"] >= 0]
        mass = entry["number"] * entry["conversion"] * work[entry["class_id"], entry["curve"]]
        for row in used:
            mass *= row["value"]
        mass = abs(mass) * weights[entry["pollutant"]]
        levels = {row["confidence"] for row in used}
        whole += mass
        made[next(name for name in ("unverified", "derived", "read") if name in levels)] += mass
        made["extrapolated"] += mass * bool(entry["extrapolated"])
    shares = small.shares(pollutant)
    assert whole > 0
    for name in ("unverified", "derived", "extrapolated"):
        assert shares[name] == pytest.approx(made[name] / whole, rel=1e-9, abs=1e-12)
