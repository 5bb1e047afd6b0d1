"""What was released cannot change unseen, and says which years it is of."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import factors
from factors import editions_registry, sources
from factors.editions_registry import EditionReleasedError, differences, register, release

FOLDER = Path(factors.__file__).parent / "editions"


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def editions(tmp_path: Path) -> Path:
    """A folder with one edition that was released in 1.0.0."""
    (tmp_path / "tugs-2020").mkdir()
    (tmp_path / "tugs-2020" / "nox.csv").write_text("tier,value\nTier 2,8.0\n", encoding="utf-8")
    (tmp_path / "registry.csv").write_text("edition,file,sha256,released_in\n", encoding="utf-8")
    register("tugs-2020", tmp_path)
    assert release("1.0.0", tmp_path) == ["tugs-2020"]
    return tmp_path


def test_no_released_edition_has_changed() -> None:
    """Hashed here once more, by another road than the registry's own."""
    there = {
        (path.parent.name, path.name): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in FOLDER.glob("*/*")
        if path.is_file()
    }
    registered = {(row["edition"], row["file"]): row["sha256"] for row in lines(FOLDER / "registry.csv")}
    wrong = sorted("/".join(key) for key, _ in there.items() ^ registered.items())
    assert not wrong, "\n".join([*dict.fromkeys(wrong), editions_registry.WHAT_TO_DO])
    assert differences() == []


def test_an_edition_is_released_as_a_whole_and_each_file_stands_once() -> None:
    rows = lines(FOLDER / "registry.csv")
    assert len({(row["edition"], row["file"]) for row in rows}) == len(rows)
    versions = {(row["edition"], row["released_in"]) for row in rows}
    assert sorted(edition for edition, _ in versions) == sources.list_editions()


def test_files_that_changed_went_or_came_are_each_named(editions: Path) -> None:
    (editions / "tugs-2020" / "nox.csv").write_text("tier,value\nTier 2,7.0\n", encoding="utf-8")
    (editions / "tugs-2020" / "pm.csv").write_text("tier,value\n", encoding="utf-8")
    (editions / "ferries").mkdir()
    (editions / "ferries" / "nox.csv").touch()
    assert differences(editions) == [
        "ferries/nox.csv: is not registered",
        "tugs-2020/nox.csv: differs from what is registered, released in 1.0.0",
        "tugs-2020/pm.csv: is not registered",
    ]
    (editions / "tugs-2020" / "nox.csv").unlink()
    assert "tugs-2020/nox.csv: is missing; registered, released in 1.0.0" in differences(editions)


@pytest.mark.parametrize("change", ["another number", "a further table", "a table less"])
def test_a_released_edition_is_not_registered_again(editions: Path, change: str) -> None:
    before = (editions / "registry.csv").read_bytes()
    if change == "another number":
        (editions / "tugs-2020" / "nox.csv").write_text("tier,value\nTier 2,7.0\n", encoding="utf-8")
    elif change == "a further table":
        (editions / "tugs-2020" / "pm.csv").touch()
    else:
        (editions / "tugs-2020" / "nox.csv").unlink()
    with pytest.raises(EditionReleasedError, match=r"tugs-2020/.*\n.*is a new edition.*errata\.csv"):
        register("tugs-2020", editions)
    assert (editions / "registry.csv").read_bytes() == before


def test_an_edition_may_change_until_it_is_released(editions: Path) -> None:
    table = editions / "tugs-2023" / "nox.csv"
    table.parent.mkdir()
    for text in ("tier,value\nTier 2,7.0\n", "tier,value\nTier 2,7.5\n"):
        table.write_text(text, encoding="utf-8")
        (taken,) = register("tugs-2023", editions)
        assert (taken.sha256, taken.released_in) == (hashlib.sha256(text.encode()).hexdigest(), "unreleased")
        assert differences(editions) == []
    assert release("1.1.0", editions) == ["tugs-2023"]
    assert [row["released_in"] for row in lines(editions / "registry.csv")] == ["1.0.0", "1.1.0"]
    assert release("1.2.0", editions) == []


def test_what_differs_from_the_registry_is_not_released(editions: Path) -> None:
    (editions / "tugs-2023").mkdir()
    (editions / "tugs-2023" / "nox.csv").touch()
    with pytest.raises(ValueError, match=r"tugs-2023/nox\.csv: is not registered"):
        release("1.1.0", editions)


def test_an_edition_that_is_not_there_is_refused_with_those_that_are(editions: Path) -> None:
    with pytest.raises(KeyError, match="no edition 'tug'; there are tugs-2020"):
        register("tug", editions)


def test_the_command_says_what_it_did_and_how_it_is_called(
    editions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(editions_registry, "_checkout", lambda: editions)
    assert editions_registry.main(["register", "tugs-2020"]) == 0
    assert editions_registry.main(["release", "1.1.0"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "tugs-2020: 1 registered files", "first released in 1.1.0: no edition",
    ]  # fmt: skip
    assert editions_registry.main(["register", "tug"]) == 1
    (editions / "tugs-2020" / "nox.csv").unlink()
    assert editions_registry.main(["register", "tugs-2020"]) == 1
    assert editions_registry.main([]) == 2
    assert "register EDITION ... | release VERSION" in capsys.readouterr().err


# ---------------------------------------------------------------- what stands beside the editions


def test_every_edition_says_which_years_it_is_of_or_why_it_names_none() -> None:
    rows = lines(FOLDER / "years.csv")
    assert [row["edition"] for row in rows] == sources.list_editions()
    assert all(row["as_stated"].strip() for row in rows)


@pytest.mark.parametrize("name", sources.list_editions())
def test_the_years_that_tables_are_keyed_by_are_those_that_the_edition_describes(name: str) -> None:
    """Counted in the files: whatever calendar year a row is keyed by."""
    edition = sources.load_edition(name)
    keyed = {
        int(row[key])
        for spec in edition.tables.values()
        for key in ("year", "calendar_year")
        if key in spec.keys
        for row in lines(FOLDER / name / spec.file)
    }
    assert not keyed or keyed == set(edition.describes_years)


@pytest.mark.parametrize(
    ("name", "years"),
    [("emfac2017", (2018, 2020)), ("starcrest-ghg3", (2016,)), ("moves5-nonroad", (2020,)), ("gwp", ())],
)
def test_years_that_an_edition_tells_in_its_text(name: str, years: tuple[int, ...]) -> None:
    edition = sources.load_edition(name)
    assert edition.describes_years == years
    text = (FOLDER / name / "README.md").read_text(encoding="utf-8") + (
        FOLDER / name / "edition.toml"
    ).read_text(encoding="utf-8")
    assert all(str(year) in text for year in years)


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shipped folder of global warming potentials, with other files beside it."""
    (tmp_path / "gwp").symlink_to(FOLDER / "gwp")
    for file in ("years.csv", "errata.csv"):
        (tmp_path / file).write_bytes((FOLDER / file).read_bytes())
    monkeypatch.setattr(sources, "_editions_folder", lambda: tmp_path)
    sources.load_edition.cache_clear()
    yield tmp_path
    sources.load_edition.cache_clear()


def test_dates_and_later_errata_of_an_edition_are_read_from_beside_it(beside: Path) -> None:
    (beside / "years.csv").write_text(
        "edition,describes_years,applies_from,applies_until,as_stated\n"
        'gwp,"2010, 2016-2018",2019-08-15,,told in the test\n',
        encoding="utf-8",
    )
    before = sources.load_edition("gwp").errata
    (beside / "errata.csv").write_text(
        "edition,date,erratum\ngwp,2027-01-31,A digit was exchanged.\nfuels,2027-02-01,Of another edition.\n",
        encoding="utf-8",
    )
    sources.load_edition.cache_clear()
    edition = sources.load_edition("gwp")
    assert edition.describes_years == (2010, 2016, 2017, 2018)
    assert (edition.applies_from, edition.applies_until) == (date(2019, 8, 15), None)
    assert edition.errata == (*before, "2027-01-31: A digit was exchanged.")


def test_errata_are_dated_lines_about_editions_that_are_there() -> None:
    text = (FOLDER / "errata.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "edition,date,erratum"
    for row in lines(FOLDER / "errata.csv"):
        assert row["edition"] in sources.list_editions()
        assert date.fromisoformat(row["date"])
        assert row["erratum"].strip()


def test_what_stands_beside_an_edition_does_not_change_the_hash_that_years_name_it_by(beside: Path) -> None:
    folder = beside / "gwp"
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    assert sources.edition_hashes(["gwp"]) == {"gwp": digest.hexdigest()}
