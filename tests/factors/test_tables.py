"""Factor tables: exact and interval keys, mixtures, units as printed, and loud misses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factors.sources import TableSpec
from factors.tables import FactorMissing, FactorTable, Rows, load_mapping, load_table, typed_frame
from factors.units import UnitError

SOURCED = "source_document,table,source_address,confidence,note"


def table(text: str, member: tuple[str, ...] = (), **keys: str) -> FactorTable:
    """Make a table from the lines of a file; source columns are added to each."""
    head, *lines = [line.strip() for line in text.strip().splitlines()]
    cells = [[*line.split(","), "Doc", "1", "here", "read", ""] for line in lines]
    frame = pd.DataFrame(cells, columns=[*head.split(","), *SOURCED.split(",")])
    spec = TableSpec("mine", "rates", "rates.csv", "", keys, member)  # type: ignore[arg-type]
    return FactorTable(spec, typed_frame(frame, spec))


def ask(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


POWER = table(
    """hp_gt,hp_le,fuel,quantity,value,unit
    0,25,diesel,NOx,8.0,g/hp-hr
    25,50,diesel,NOx,5.0,g/hp-hr
    50,,diesel,NOx,0.3,g/hp-hr
    25,50,lpg,NOx,1.0,g/hp-hr""",
    hp="gt_le",
    fuel="exact",
)


def test_a_band_is_open_below_and_closed_above() -> None:
    rows = POWER.find(ask(hp=[25.0, 25.001, 50.0, 50.001, 9999.0]), "NOx", fuel="diesel")
    assert rows.value.tolist() == [8.0, 5.0, 5.0, 0.3, 0.3]


def test_a_size_bin_is_closed_below_and_open_above() -> None:
    sizes = table(
        """size_ge,size_lt,quantity,value,unit
        0,10000,load,190,kW
        10000,,load,300,kW""",
        size="ge_lt",
    )
    assert sizes.find(ask(size=[0.0, 9999.99, 10000.0]), "load").value.tolist() == [190, 190, 300]


def test_a_step_holds_from_its_year_until_the_next() -> None:
    steps = table(
        """model_year_from,quantity,value,unit
        1998,NOx,10,g/mile
        2007,NOx,4,g/mile
        2010,NOx,2,g/mile""",
        model_year="from",
    )
    assert steps.find(ask(model_year=[1998, 2006, 2007, 2009, 2035]), "NOx").value.tolist() == [
        10,
        10,
        4,
        4,
        2,
    ]
    with pytest.raises(FactorMissing, match=r"model_year=1990; model_year may be 1998.*2007"):
        steps.find(ask(model_year=[1990]), "NOx")


@given(st.floats(0.001, 5000, allow_nan=False))
def test_every_power_is_in_exactly_one_band(power: float) -> None:
    assert len(POWER.find(ask(hp=[power]), "NOx", fuel="diesel")) == 1


def test_rows_come_in_the_order_they_were_asked_for_and_keep_its_index() -> None:
    query = pd.DataFrame({"hp": [60.0, 10.0, 30.0]}, index=[7, 3, 5])
    rows = POWER.find(query, "NOx", fuel="diesel")
    assert rows.value.tolist() == [0.3, 8.0, 5.0]
    assert rows.index.tolist() == [7, 3, 5]


def test_nothing_asked_gives_nothing() -> None:
    assert len(POWER.find(ask(hp=np.array([], dtype=float)), "NOx", fuel="diesel")) == 0


def test_categorical_keys_are_asked_like_text() -> None:
    query = ask(
        hp=[30.0, 30.0], fuel=pd.Categorical(["lpg", "diesel"], categories=["diesel", "lpg", "never"])
    )
    assert POWER.find(query, "NOx").value.tolist() == [1.0, 5.0]


def test_a_missing_key_names_row_key_and_the_nearest_keys() -> None:
    with pytest.raises(FactorMissing) as problem:
        POWER.find(ask(hp=[10.0, 30.0], fuel=["lpg", "diesel"]), "NOx")
    text = str(problem.value)
    assert "mine/rates has no NOx for" in text
    assert "hp=10.0, fuel=lpg" in text
    assert "hp may be 25.0..50.0" in text, "the band that this fuel has"
    assert "fuel may be diesel" in text, "the fuel that this band has"
    assert len(problem.value.missing) == 1


def test_a_missing_number_is_a_missing_key_and_not_a_match() -> None:
    with pytest.raises(FactorMissing, match="hp=nan"):
        POWER.find(ask(hp=[np.nan]), "NOx", fuel="diesel")


def test_a_missing_pollutant_names_those_there_are() -> None:
    with pytest.raises(FactorMissing, match="has no CH4; it has NOx"):
        POWER.find(ask(hp=[30.0]), "CH4", fuel="diesel")


def test_has_asks_without_stopping() -> None:
    query = ask(hp=[10.0, 30.0])
    assert POWER.has(query, "NOx", fuel="lpg").tolist() == [False, True]
    assert POWER.has(query, "CH4", fuel="lpg").tolist() == [False, False]


def test_a_key_left_out_of_the_question_is_refused() -> None:
    with pytest.raises(TypeError, match="asked by hp, fuel; not given: fuel"):
        POWER.find(ask(hp=[30.0]), "NOx")


MIX = table(
    """model_year_from,tech,quantity,value,unit
    2000,T1,fraction,0.25,1
    2000,T2,fraction,0.75,1
    2004,T3,fraction,1.0,1""",
    member=("tech",),
    model_year="from",
)


def test_a_mixture_answers_with_all_its_members() -> None:
    asked, rows = MIX.expand(ask(model_year=[2005, 2001]), "fraction")
    assert asked.tolist() == [0, 1, 1]
    assert rows.member("tech").tolist() == ["T3", "T1", "T2"]
    with pytest.raises(ValueError, match="2 rows of fraction answer"):
        MIX.find(ask(model_year=[2001]), "fraction")


def test_values_stand_as_printed_and_are_converted_by_their_own_unit() -> None:
    mixed = table(
        """fuel,quantity,value,unit
        a,NOx,1.0,g/hp-hr
        b,NOx,1.0,g/kWh
        c,NOx,2.0,lb/MWh""",
        fuel="exact",
    )
    rows = mixed.find(ask(fuel=["a", "b", "c"]), "NOx")
    assert rows.value.tolist() == [1.0, 1.0, 2.0]
    # 1 g/hp-hr = 1 / 0.745699872 g/kWh; 2 lb/MWh = 907.18474 g / 1000 kWh
    np.testing.assert_allclose(rows.to("g/kWh"), [1.3410220896, 1.0, 0.90718474], rtol=1e-9)
    with pytest.raises(UnitError):
        rows.to("g/mile")


def test_whole_numbers_are_numbers_and_everything_else_is_text() -> None:
    codes = table("scc,quantity,value,unit\n2270002051,NOx,1,g/kWh", scc="exact")
    assert codes.find(ask(scc=[2270002051]), "NOx").value.tolist() == [1.0]
    tiers = table("tier,quantity,value,unit\nTier 0,NOx,1,g/kWh\n1,NOx,2,g/kWh", tier="exact")
    assert tiers.find(ask(tier=["1"]), "NOx").value.tolist() == [2.0]


@pytest.mark.parametrize("asked", ["unknown", 2270002051.7, None])
def test_what_is_not_the_number_of_a_key_is_a_miss_and_never_rounded_to_one(asked: object) -> None:
    codes = table("scc,quantity,value,unit\n2270002051,NOx,1,g/kWh", scc="exact")
    with pytest.raises(FactorMissing, match=r"scc=.*; scc may be 2270002051"):
        codes.find(ask(scc=[asked]), "NOx")
    assert codes.find(ask(scc=["2270002051", 2270002051.0]), "NOx").value.tolist() == [1.0, 1.0]


def test_a_file_without_its_key_columns_is_refused() -> None:
    spec = TableSpec("mine", "rates", "rates.csv", "", {"hp": "gt_le"}, ())
    empty = pd.DataFrame({column: [] for column in ("quantity", "value", "unit", *SOURCED.split(","))})
    with pytest.raises(ValueError, match="has no column hp_gt, hp_le"):
        typed_frame(empty, spec)


def test_unknown_tables_and_mappings_name_those_there_are() -> None:
    with pytest.raises(KeyError, match="has no table 'noxx'; it has nox"):
        load_table("epa-ogv-2022", "noxx")
    with pytest.raises(KeyError, match="has no mapping 'nix'"):
        load_mapping("epa-ogv-2022", "nix")
    with pytest.raises(KeyError, match="no edition 'epa-ogv'; shipped are"):
        load_table("epa-ogv", "nox")


def test_every_row_of_a_shipped_exact_table_finds_itself() -> None:
    nox = load_table("epa-ogv-2022", "nox")
    rows: Rows = nox.find(nox.frame, "NOx")
    assert rows.position.tolist() == list(range(len(nox.frame)))


def test_the_newest_step_is_sought_among_rows_that_the_other_keys_leave() -> None:
    """A newer step of another size must not hide that of the size asked for, however keys are ordered."""
    lines = [
        {"year_from": "2000", "hp_gt": "0", "hp_le": "50", "value": "1"},
        {"year_from": "2010", "hp_gt": "50", "hp_le": "100", "value": "2"},
    ]
    rest = {name: "x" for name in ("source_document", "table", "source_address", "confidence", "note")}
    text = pd.DataFrame([line | {"quantity": "NOx", "unit": "g/kWh"} | rest for line in lines])
    query = pd.DataFrame({"year": [2015], "hp": [40.0]})
    for keys in ({"year": "from", "hp": "gt_le"}, {"hp": "gt_le", "year": "from"}):
        spec = TableSpec("own", "steps", "", "", keys)  # type: ignore[arg-type]
        assert FactorTable(spec, typed_frame(text, spec)).find(query, "NOx").value.tolist() == [1.0]
