"""Superseded models: each line names tables that exist, and a bias that is known has a document."""

import re

import pytest

from factors.sources import list_editions, load_edition
from factors.superseded import BIASES, SupersededTable, superseded_tables


@pytest.mark.parametrize("line", superseded_tables(), ids=lambda line: f"{line.edition}/{line.table}")
def test_a_line_names_an_edition_and_a_table_that_are_shipped(line: SupersededTable) -> None:
    assert line.edition in list_editions()
    assert not line.table or line.table in load_edition(line.edition).tables
    re.compile(line.keys)


@pytest.mark.parametrize("line", superseded_tables(), ids=lambda line: f"{line.edition}/{line.table}")
def test_a_bias_that_is_known_says_why_and_where_it_was_read(line: SupersededTable) -> None:
    assert line.bias in BIASES
    told = (line.why, line.source_document, line.confidence)
    if line.bias == "not known":
        assert not any(told)
    else:
        assert all(told)
        assert line.confidence in ("read", "derived")
        assert line.source_address.startswith("https://") or line.confidence == "derived"


def test_no_pollutant_of_a_table_is_told_twice() -> None:
    names = ("NOx", "PM10", "PM2.5", "DPM", "SOx", "CO", "VOC", "CO2", "CH4", "BC")
    told = [
        (line.edition, line.table, line.keys, name)
        for line in superseded_tables()
        for name in names
        if line.speaks_of(name)
    ]
    assert len(told) == len(set(told))


def test_a_line_without_pollutants_speaks_of_all_but_the_excepted() -> None:
    line = next(one for one in superseded_tables() if one.edition == "imo-ghg4")
    assert line.speaks_of("NOx")
    assert not line.speaks_of("BC"), "the curves are ICCT's, which SAVE keeps"
