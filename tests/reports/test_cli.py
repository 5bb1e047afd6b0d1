"""The command, as a user types it, on real folders."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def port(caap, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder made by `init` and built once; tests must not change it."""
    folder = tmp_path_factory.mktemp("cli")
    assert caap("init", "p", "--example", "small-harbor", folder=folder).returncode == 0
    done = caap("build", "p", "2024", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder / "p"


def test_help_imports_nothing_heavy(repository: Path) -> None:
    code = (
        "import sys; from reports.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = ('pandas', 'numpy', 'plotly', 'pint', 'geopandas', 'rich', 'jinja2', 'pydantic')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "[]"
    assert "explain" in done.stdout


def test_build_prints_a_summary_and_writes_the_results(caap, port: Path) -> None:
    names = set(hashes(port / "results/2024"))
    assert {"manifest.json", "cells.parquet", "work.parquet", "cube.nc", "report.html"} <= names
    done = caap("build", port, "2024", folder=port.parent)
    assert "ILLUSTRATIVE" in done.stdout
    assert "NE" in done.stdout
    assert "short tons" in done.stdout
    assert "AR5" in done.stdout
    assert "reading activity" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_building_again_changes_nothing(caap, port: Path) -> None:
    before = hashes(port / "results/2024")
    done = caap("build", port, "2024", folder=port.parent)
    assert "nothing was changed" in done.stdout
    assert hashes(port / "results/2024") == before
    assert [path.name for path in (port / "results").iterdir()] == ["2024"]


def test_another_folder_gives_the_same_bytes(caap, port: Path, tmp_path: Path) -> None:
    caap("init", "elsewhere", "--example", "small-harbor", folder=tmp_path)
    assert caap("build", "elsewhere", "2024", folder=tmp_path).returncode == 0
    assert hashes(tmp_path / "elsewhere/results/2024") == hashes(port / "results/2024")


def test_existing_results_are_kept(caap, tmp_path: Path) -> None:
    caap("init", "p", "--example", "small-harbor", folder=tmp_path)
    results = tmp_path / "p/results/2024"
    results.mkdir(parents=True)
    (results / "mine.txt").write_text("mine", encoding="utf-8")
    done = caap("build", "p", "2024", "--no-page", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Earlier results are kept in" in done.stdout
    assert (tmp_path / "p/results/2024.before-1/mine.txt").read_text(encoding="utf-8") == "mine"
    assert not (results / "report.html").exists()


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("at", ["working out", "writing results"])
def test_a_stopped_build_leaves_nothing(repository: Path, caap, tmp_path: Path, how, at: str) -> None:
    caap("init", "p", "--example", "small-harbor", folder=tmp_path)
    running = subprocess.Popen(
        [sys.executable, "-m", "reports.cli", "build", "p", "2024"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(repository), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith(at):
            running.send_signal(how)
            break
    _, said = running.communicate(timeout=60)
    left = list((tmp_path / "p/results").glob("*")) + list((tmp_path / "p/results").glob(".*"))
    if running.returncode == 0:  # it had finished before the signal came
        assert [path.name for path in left] == ["2024"]
        return
    assert running.returncode == 130
    assert "Traceback" not in said
    assert "Stopped" in said
    assert left == []


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_a_killed_build_leaves_no_results_and_does_not_hinder_the_next(
    repository: Path, caap, tmp_path: Path
) -> None:
    caap("init", "p", "--example", "small-harbor", folder=tmp_path)
    running = subprocess.Popen(
        [sys.executable, "-m", "reports.cli", "build", "p", "2024"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(repository)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        if list((tmp_path / "p").glob("results/.2024-*")):
            running.kill()
            break
        time.sleep(0.001)
    running.wait()
    done = caap("build", "p", "2024", folder=tmp_path)
    assert done.returncode == 0
    assert "report.html" in hashes(tmp_path / "p/results/2024")


def test_check_lists_every_problem(caap, tmp_path: Path) -> None:
    caap("init", "p", "--example", "small-harbor", folder=tmp_path)
    assert caap("check", "p", "2024", folder=tmp_path).returncode == 0
    assert not (tmp_path / "p/results").exists()
    calls = tmp_path / "p/activity/2024/calls.csv"
    lines = calls.read_text(encoding="utf-8").splitlines()
    lines.append(lines[-1])
    calls.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = caap("check", "p", "2024", folder=tmp_path)
    assert done.returncode == 1
    assert "calls.csv" in done.stdout
    assert f"row {len(lines)}" in done.stdout
    assert "Traceback" not in done.stderr
    built = caap("build", "p", "2024", folder=tmp_path)
    assert built.returncode == 1
    assert "calls.csv" in built.stderr
    assert not (tmp_path / "p/results").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("build", "nowhere", "2024"), 1, "caap init"),
        (("build", "p", "twenty"), 2, "not a valid integer"),
        (("build", "p", "2024", "--option", "tier4"), 2, "name=value"),
        (("build", "p", "2024", "--option", "tier5=refuse"), 1, "did you mean 'tier4'"),
        (("build", "p", "2024", "--option", "tier4=maybe"), 1, "not among"),
        (("build", "p", "2024", "--method", "no-such"), 1, "shipped are"),
        (("build", "p", "1999"), 1, "1999"),
        (("explain", "p", "1999", "NOx"), 1, "caap build"),
        (("explain", "p", "2024", "NOxx"), 1, "Did you mean 'NOx'"),
        (("explain", "p", "2024", "NOx", "--where", "mode=hoteling"), 1, "Did you mean 'hotelling'"),
        (("explain", "p", "2024", "NOx", "--where", "mod=transit"), 1, "did you mean 'mode'"),
        (("explain", "p", "2024", "NOx", "--where", "mode"), 2, "name=value"),
        (("explain", "p", "2024", "NOx", "--where", "in_domain=perhaps"), 2, "true or false"),
        (("explain", "p", "2024", "NOx", "--unit", "ton"), 1, "short ton"),
        (("explain", "p", "2024", "NOx", "--unit", "kWh"), 1, "cannot be turned"),
        (("init", "p"), 1, "nothing was written"),
        (("init", "new", "--example", "atlantis"), 1, "small-harbor"),
        (("factors", "show", "epa-ogv-2022/nix"), 1, "Did you mean 'nox'"),
        (("factors", "show", "epa-ogv"), 1, "epa-ogv-2022"),
        (("factors", "show", "epa-ogv-2022/nox", "--where", "tear=1"), 1, "Did you mean 'tier'"),
        (("factors", "lint", "no-such"), 1, "neither a file"),
        (("no-such-verb",), 2, "No such command"),
    ],
)
def test_refusals_are_sentences(caap, port: Path, arguments, code: int, says: str) -> None:
    done = caap(*arguments, folder=port.parent)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_explain_goes_down_to_the_document(caap, port: Path) -> None:
    done = caap("explain", port, "2024", "NOx", "--where", "mode=hotelling", folder=port.parent)
    assert done.returncode == 0
    assert done.stdout.startswith("NOx of mode=hotelling: 0.59")
    assert "short_ton" in done.stdout
    assert "https://" in done.stdout
    several = caap(
        "explain",
        port,
        "2024",
        "NOx",
        "--where",
        "mode=hotelling",
        "--where",
        "mode=transit",
        folder=port.parent,
    )
    assert several.returncode == 0
    beyond = caap(
        "explain", port, "2024", "CO2", "--where", "in_domain=false", "--unit", "kg", folder=port.parent
    )
    assert re.match(r"CO2 of in_domain=False: [\d,]+\.\d kg \(partial", beyond.stdout)
    assert "Not in this number (NE): electricity" in beyond.stdout


def test_init_writes_templates_that_check_can_read(caap, tmp_path: Path) -> None:
    assert caap("init", "mine", folder=tmp_path).returncode == 0
    assert (tmp_path / "mine/port.toml").is_file()
    (year,) = (path.name for path in (tmp_path / "mine/activity").iterdir() if path.is_dir())
    done = caap("check", "mine", year, folder=tmp_path)
    assert done.returncode == 1
    assert "no work" in done.stderr


def test_a_port_that_drew_no_zones_builds_what_it_has(caap, tmp_path: Path) -> None:
    """The templates' empty map, one terminal and one machine: a first try of a landside port."""
    assert caap("init", "mine", folder=tmp_path).returncode == 0
    port = tmp_path / "mine"
    (year,) = (path.name for path in (port / "activity").iterdir() if path.is_dir())
    with (port / "port.toml").open("a", encoding="utf-8") as text:
        text.write('\n[terminals.T1]\nname = "Terminal 1"\n')
    (port / f"activity/{year}/equipment.csv").write_text(
        "unit_id,terminal,type,engine_model_year,power_kw,fuel,hours\na,T1,forklift,2015,50,lpg,900\n",
        encoding="utf-8",
    )
    done = caap("build", "mine", year, "--no-page", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "kWh" in done.stdout


def test_demo_never_writes_over_anything(caap, tmp_path: Path) -> None:
    (tmp_path / "caap-demo").mkdir()
    (tmp_path / "caap-demo/mine.txt").write_text("mine", encoding="utf-8")
    done = caap("demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "this demo goes to caap-demo-2" in done.stderr
    assert [path.name for path in (tmp_path / "caap-demo").iterdir()] == ["mine.txt"]
    assert (tmp_path / "caap-demo-2/results/2023/report.html").is_file()
    assert "Heavy-duty" in done.stdout or "Trucks" in done.stdout
    told = caap("explain", "caap-demo-2", "2023", "NOx", folder=tmp_path)
    assert told.returncode == 0


def test_factors_are_listed_with_how_far_they_are_verified(caap, tmp_path: Path) -> None:
    done = caap("factors", "list", folder=tmp_path)
    assert "spbp-unverified" in done.stdout
    assert "0 read, 0 derived" in done.stdout
    assert "outside_edition" in done.stdout


def test_every_edition_says_how_many_of_its_rows_are_read_derived_and_unverified(
    caap, tmp_path: Path, repository: Path
) -> None:
    """Counted again in the files: each row of each table of an edition says which of the three it is."""
    told = caap("factors", "list", folder=tmp_path).stdout
    editions = sorted((repository / "factors/editions").glob("*/edition.toml"))
    assert editions
    for declared in editions:
        tables = tomllib.loads(declared.read_text(encoding="utf-8"))["tables"]
        counts = dict.fromkeys(("read", "derived", "unverified"), 0)
        for table in tables.values():
            with (declared.parent / table["file"]).open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    counts[row["confidence"]] += 1
        words = ", ".join(f"{number:,} {level}" for level, number in counts.items())
        assert re.search(rf"^{declared.parent.name}: .* rows?: {words}$", told, flags=re.MULTILINE), words


@pytest.mark.parametrize(
    "table",
    [
        "epa-ogv-2022/nox", "harbor-craft-epa-proxy/emission_factors", "moves5-nonroad/emission_factors",
        "emfac2017/running", "locomotives-epa-2009/line_haul",
    ],
)  # fmt: skip
def test_a_factor_of_each_source_category_is_shown_with_document_and_address(
    caap, tmp_path: Path, table: str
) -> None:
    done = caap("factors", "show", table, "--where", "quantity=NOx", "--limit", "1", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    source = done.stdout[done.stdout.index("[1] ") :]
    assert re.match(r"\[1\] (read|derived|unverified): .+\n +\S*(http|github:)\S+", source), source


def test_an_edition_tells_publication_from_the_years_that_it_describes(caap, tmp_path: Path) -> None:
    """EMFAC2017 was published in 2017 and read for 2020, its ammonia for 2018; spans of the grid's years."""
    told = caap("factors", "list", folder=tmp_path).stdout
    assert "published 2017-12; describes years: 2018, 2020; applies: not stated" in told
    assert "describes years: 2010, 2016-2025, 2030, 2035, 2040, 2045, 2050;" in told
    shown = caap("factors", "show", "gwp", folder=tmp_path).stdout
    assert "published 2021; describes years: not stated; applies: not stated (" in shown


def test_a_factor_is_shown_as_printed_with_its_source(caap, tmp_path: Path) -> None:
    done = caap(
        "factors", "show", "epa-ogv-2022/nox", "--where", "tier=Tier 1", "--where", "engine_type=SSD",
        "--where", "fuel=MGO/MDO", folder=tmp_path,
    )  # fmt: skip
    assert "16.0" in done.stdout
    assert "[1] read:" in done.stdout
    assert "Table 3.5" in done.stdout
    for name in ("epa-ogv-2022", "epa-2022"):
        assert caap("factors", "show", name, folder=tmp_path).returncode == 0


def test_lint_finds_a_bare_ton_in_a_users_table(caap, tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_text(
        "tier,quantity,value,unit,source_document,table,source_address,confidence,note\n"
        "1,NOx,3,ton,own,1,here,read,\n",
        encoding="utf-8",
    )
    done = caap("factors", "lint", "my.csv", folder=tmp_path)
    assert done.returncode == 1
    assert "row 2" in done.stdout
    assert "short ton" in done.stdout
    assert caap("factors", "lint", "gwp", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("heading", "lines"),
    [
        ("engine_type,tier", ["MSD,Tier 2,NOx,7.7,g/kWh", "HSD,Tier 2,NOx,10.5,g/kWh"]),
        ("engine_group", ["boiler,BSFC,300,g/kWh", "boiler,CO2,616,g/kWh"]),
        ("vehicle", ["truck,NOx,3200,g/km"]),
    ],
    ids=["swapped engines", "boiler below its fuel", "milligrams labelled grams"],
)
def test_lint_of_a_table_with_a_published_fault_fails(
    caap, tmp_path: Path, heading: str, lines: list[str]
) -> None:
    text = [f"{heading},quantity,value,unit,source_document,table,source_address,confidence"]
    text += [f"{line},own,1,here,read" for line in lines]
    (tmp_path / "my.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    done = caap("factors", "lint", "my.csv", folder=tmp_path)
    assert done.returncode == 1
    assert "error: my.csv, row " in done.stdout


def test_a_stray_package_of_the_same_name_is_told(caap, tmp_path: Path) -> None:
    (tmp_path / "emissions.py").write_text("", encoding="utf-8")
    done = caap("--help", folder=tmp_path)
    assert done.returncode != 0
    assert "something else of the same name is found first" in done.stderr
