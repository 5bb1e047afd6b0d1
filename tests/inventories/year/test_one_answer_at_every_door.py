"""What an inventory says of a pollutant is one thing, whoever is asked: state, total, table, glance, page."""

from __future__ import annotations

import html
import math
import re
import warnings
from pathlib import Path

import pandas as pd
import pytest

from factors.terms import is_carrier
from factors.warming import GREENHOUSE_GASES, is_climate
from inventories import Inventory, NotEstimated, PartialTotal, Port
from inventories.examples import copy_example
from inventories.year.coverage import CO2E, OTHER_SPECIES
from inventories.year.glance import _printed
from reports.year.figures import split
from reports.year.summary import TOTAL, printed, summarize

HAWAII, ALABAMA = 'country = "US"\nstate = "HI"', 'country = "US"\nstate = "AL"'
METER = "meter,use,from,to,kwh,terminal\nM,reefers,2023-01-01,2023-12-31,1000,T\n"
TRUCK = (
    "terminal,date_or_month,count,engine_model_year,fuel,on_terminal_miles\nT,2023-03,10,{year},{fuel},2\n"
)
MACHINE = (
    "unit_id,terminal,type,engine_model_year,power_kw,fuel,hours\nE,T,yard_tractor,{year},150,{fuel},900\n"
)
PORTS = {
    "a meter alone, its rates asked for": ({"electricity": METER}, HAWAII, 'grid_region = "HIOA"'),
    "a meter alone": ({"electricity": METER}, ALABAMA, ""),
    "hydrogen trucks": ({"gate_visits": TRUCK.format(year=2023, fuel="hydrogen")}, ALABAMA, ""),
    "battery trucks": ({"gate_visits": TRUCK.format(year=2023, fuel="electric")}, ALABAMA, ""),
    "diesel trucks": (
        {"gate_visits": TRUCK.format(year=2012, fuel="diesel")},
        ALABAMA,
        'outside_edition = "hold_by_age"',
    ),
    "an electric machine": ({"equipment": MACHINE.format(year=2020, fuel="electric")}, ALABAMA, ""),
    "a hydrogen machine": ({"equipment": MACHINE.format(year=2020, fuel="hydrogen")}, ALABAMA, ""),
    "a machine and hydrogen trucks": (
        {
            "equipment": MACHINE.format(year=2012, fuel="diesel"),
            "gate_visits": TRUCK.format(year=2023, fuel="hydrogen"),
        },
        ALABAMA,
        "",
    ),
}


def built(folder: Path, tables: dict[str, str], place: str, options: str) -> Inventory:
    """Build a port of one terminal from a few lines."""
    activity = folder / "activity" / "2023"
    activity.mkdir(parents=True)
    for name, text in tables.items():
        (activity / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "port.toml").write_text(
        f'name = "Tiny"\ntimezone = "America/Chicago"\n{place}\n[method]\nname = "epa-2022"\n'
        f'[method.options]\n{options}\n[domain]\nname = "d"\ndescribes = "d"\n'
        '[terminals.T]\nname = "T"\nkind = "container"\n',
        encoding="utf-8",
    )
    return Inventory.build(Port.load(folder), 2023)


@pytest.fixture(scope="module", params=[*PORTS, "small-harbor"])
def year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    folder = tmp_path_factory.mktemp("port") / "tiny"
    if request.param == "small-harbor":
        return Inventory.build(Port.load(copy_example("small-harbor", folder)), 2024)
    return built(folder, *PORTS[request.param])


def asked(year: Inventory) -> list[str]:
    """Pollutants of the method and of every coverage, with CO2e."""
    stated = [str(name) for name in year.classes.coverage["pollutant"].unique() if not is_carrier(str(name))]
    return list(dict.fromkeys([*year.manifest["pollutants"], *stated, CO2E]))


def by_hand(year: Inventory, pollutant: str, inside: tuple[bool, ...]) -> str:
    """State of a total by the printed rule, from coverage lines alone: group, then source, then all."""

    def joined(states: list[str], *, elsewhere_lacks: bool) -> str:
        found = set(states)
        if found & {"value", "partial"}:
            lacking = {"NE", "partial"} | ({"IE"} if elsewhere_lacks else set())
            return "partial" if found & lacking else "value"
        if found == {"zero", "IE"} and not elsewhere_lacks:
            return "zero"
        return next((state for state in ("NE", "IE") if state in found), "zero")

    def of_group(source: str, group: str, name: str) -> str:
        lines = year.classes.coverage
        mine = lines[(lines["source_category"] == source) & (lines["coverage_group"] == group)]
        states = mine.loc[mine["pollutant"] == name, "state"].tolist()
        if not states:
            return "zero" if name == "CO2_biogenic" else "NE"
        return joined(states, elsewhere_lacks=False)

    cells = year.cells[year.cells["in_domain"].isin(inside)]
    groups = year.classes.classes.loc[cells["class_id"].unique(), ["source_category", "coverage_group"]]
    sources: dict[str, list[str]] = {}
    for source, group in groups.drop_duplicates().itertuples(index=False, name=None):
        state = of_group(source, group, pollutant)
        if pollutant == CO2E:
            gases = {gas: of_group(source, group, gas) for gas in GREENHOUSE_GASES}
            none = gases["CO2"] in ("NE", "IE")
            state = "NE" if none else joined(list(gases.values()), elsewhere_lacks=False)
        sources.setdefault(source, []).append(state)
    whole = [joined(states, elsewhere_lacks=False) for states in sources.values()]
    return joined(whole, elsewhere_lacks=len(whole) > 1)


@pytest.mark.parametrize("inside", [(True,), (False,), (True, False)])
def test_state_total_explanation_and_column_agree(year: Inventory, inside: tuple[bool, ...]) -> None:
    warnings.simplefilter("ignore", PartialTotal)
    where = {"in_domain": list(inside)}
    estimated, met = year.estimated(**where), set()
    for name in asked(year):
        state = year.state(name, **where)
        assert state == by_hand(year, name, inside), name
        if state not in met or name == CO2E:  # an explanation takes a while, and is made the same way for all
            met.add(state)
            explained = year.explain(name, **where)
            assert explained.state == state
            number = year.column(name)[year.select(**where)].sum() if state not in ("NE", "IE") else math.nan
            assert explained.total_kg == pytest.approx(number, rel=1e-9, nan_ok=True)
        assert (name in estimated) == (state not in ("NE", "IE")), name
        if state in ("NE", "IE"):
            with pytest.raises(NotEstimated) as told:
                year.total(name, **where)
            first = str(told.value).splitlines()[0].removesuffix(".")
            listed = first.partition("Estimated are: ")[2].split(", ")
            assert not {one for one in listed if one != "none" and year.state(one, **where) in ("NE", "IE")}
            assert year.column(name)[year.select(**where)].fillna(0.0).eq(0.0).all()
            continue
        mass = year.total(name, "kg", **where).magnitude
        assert (mass > 0) == (state in ("value", "partial")) or mass == 0
        assert state != "zero" or mass == 0
        assert year.column(name)[year.select(**where)].sum() == pytest.approx(mass, rel=1e-12)


def test_the_table_and_its_states_agree_with_totals(year: Inventory) -> None:
    warnings.simplefilter("ignore", PartialTotal)
    names = asked(year)
    states = year.states("source_category", names)
    table = year.table(pollutants=names, unit="kg", ghg_unit="kg")
    assert list(table.index) == list(states.index)
    for source, line in table.iterrows():
        for name, value in zip(names, line, strict=True):
            state = states.loc[source, name]
            assert math.isnan(value) == (state in ("NE", "IE")), (source, name)
            if not math.isnan(value):
                assert value == pytest.approx(year.total(name, "kg", source=source).magnitude, rel=1e-12)
            assert year.state(name, source=source) == state


def test_the_printed_summary_the_page_and_the_glance_tell_what_totals_tell(year: Inventory) -> None:
    warnings.simplefilter("ignore", PartialTotal)
    summary = summarize(year)
    shown = dict(summary.html_rows())[next(line for line in summary.lines if line.key == TOTAL)]
    page = summary.to_html()
    words = re.sub(r"\s+", " ", repr(year)).replace(f"{CO2E} ({year.gwp_set})", CO2E)
    for place, name in enumerate(summary.pollutants):
        state = year.state(name)
        assert summary.states.loc[TOTAL, name] == state, name
        unit = "tonne" if is_climate(name) else "short_ton"
        value = math.nan if state in ("NE", "IE") else year.total(name, unit).magnitude
        held = summary.values.iloc[list(summary.values.index).index(TOTAL), place]
        assert held == pytest.approx(value, rel=1e-9, nan_ok=True)
        assert summary.text().loc["Total in the domain"].iloc[place] == printed(value, state)
        assert shown[place] == (printed(value, state), state)
        assert html.escape(printed(value, state)) in page
        if name not in OTHER_SPECIES and name in [*year.manifest["pollutants"], CO2E]:
            assert re.search(rf"(?<!\S){re.escape(name)} {re.escape(_printed(value, state))}(,| )", words), (
                name
            )


def test_figures_have_the_states_of_the_table(year: Inventory) -> None:
    parts = split(year, "month")
    told = year.states(["source_category", "month"], list(parts.mass))
    told.index = told.index.set_names(["source", "part"])
    pd.testing.assert_frame_equal(parts.states.sort_index(), told.sort_index(), check_names=False)


def test_a_year_without_work_in_the_domain_says_so(tmp_path: Path) -> None:
    year = built(tmp_path / "tiny", *PORTS["a meter alone"])
    assert "no work in the domain" in repr(year)
    assert "nan" not in repr(year)
    assert year.total("NOx").magnitude == 0
    assert str(year.explain("NOx")).splitlines()[1].strip().startswith("no work was done here: zero")
    assert year.total("NOx", in_domain=False).magnitude > 0
