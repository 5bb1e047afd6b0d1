"""Templates say what the reader reads, because both follow the same declarations."""

import csv

import pytest

from inventories.activity import TABLES, check_activity, load_activity
from inventories.port.port import Port
from inventories.templates import describe_tables, write_template


def test_the_template_has_the_headings_of_every_table(tmp_path):
    write_template(tmp_path / "my-port", 2023)
    for name, table in TABLES.items():
        with (tmp_path / f"my-port/activity/2023/{name}.csv").open(encoding="utf-8", newline="") as stream:
            assert list(csv.reader(stream)) == [[column.heading for column in table.columns]]


def test_the_companion_explains_every_column(tmp_path):
    write_template(tmp_path / "my-port", 2023)
    text = (tmp_path / "my-port/activity/README.md").read_text(encoding="utf-8")
    assert text == describe_tables()
    for table in TABLES.values():
        section = text.split(f"## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            line = next(line for line in section.splitlines() if line.startswith(f"| `{column.heading}` |"))
            assert f"| {column.unit} |" in line
            assert column.description in line
            assert column.description
            assert ("| yes |" in line) == column.required


def test_the_template_loads_as_it_is_and_has_no_activity(tmp_path):
    write_template(tmp_path / "my-port", 2023)
    port = Port.load(tmp_path / "my-port")
    assert port.years() == [2023]
    assert check_activity(port, 2023) == []


def test_the_examples_of_the_declarations_are_good_rows(tmp_path):
    write_template(tmp_path / "my-port", 2023)
    with (tmp_path / "my-port/port.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n[terminals.T1]\n")
    for name, table in TABLES.items():
        used = [column for column in table.columns if column.example]
        assert all(column.example for column in table.columns if column.required and column.name != "port")
        with (tmp_path / f"my-port/activity/2023/{name}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as stream:
            csv.writer(stream).writerows([[c.heading for c in used], [c.example for c in used]])
    tables = load_activity(Port.load(tmp_path / "my-port"), 2023).tables
    assert [len(tables[name]) for name in TABLES] == [1] * len(TABLES)


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="is not empty; nothing was written"):
        write_template(tmp_path, 2023)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
