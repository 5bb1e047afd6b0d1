"""The pages are true: their code runs, their commands work, their links lead somewhere."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).parents[2]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|#)(?P<target>[^)#\s]+)")

page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(REPOSITORY)))


def steps(text: str) -> list[tuple[str, str, int]]:
    """What a page tells the reader to do: (`python` or `caap`, code or command, line), in order."""
    found = []
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 2
        if fence["kind"] == "python":
            found.append(("python", fence["body"], line))
        elif fence["kind"] == "console":
            for offset, command in enumerate(fence["body"].splitlines()):
                if command.startswith("$ caap "):
                    found.append(("caap", command.removeprefix("$ caap "), line + offset))
    return found


def run_caap(arguments: str, folder: Path) -> None:
    """Run the command of this checkout in a folder; it must succeed."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", "from reports.cli.main import main; main()", *shlex.split(arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"$ caap {arguments}\n{done.stdout}\n{done.stderr}"


@page
def test_what_a_page_tells_to_do_works(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "page"}
    for kind, body, line in steps(page.read_text(encoding="utf-8")):
        if kind == "caap":
            run_caap(body, tmp_path)
            continue
        code = compile("\n" * (line - 1) + body, str(page), "exec")  # errors then show the line of the page
        with contextlib.redirect_stdout(io.StringIO()):
            exec(code, namespace)


@page
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    targets = [found["target"] for found in LINK.finditer(page.read_text(encoding="utf-8"))]
    lost = [target for target in targets if not (page.parent / target).exists()]
    assert not lost


def generator() -> ModuleType:
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", REPOSITORY / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@page
def test_generated_tables_of_a_page_are_current(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert generator().fill(text) == text, "run: python docs/generate.py"


def test_every_table_and_the_options_of_every_method_are_documented() -> None:
    from factors.method import list_methods
    from inventories.activity.tables import TABLES

    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert set(list_methods()) == set(re.findall(r"generated: options (\S+) \* -->", text))
    assert set(TABLES) == set(re.findall(r"generated: activity (\w+) -->", text))


def test_every_public_name_of_a_room_stands_in_the_reference() -> None:
    text = (REPOSITORY / "docs" / "reference.md").read_text(encoding="utf-8")
    asked = " ".join(re.findall(r"generated: reference ([^>]*?) -->", text)).replace("()", "").split()
    for room in ("factors", "emissions", "inventories", "reports"):
        lost = {f"{room}.{name}" for name in importlib.import_module(room).__all__} - set(asked)
        assert not lost, "name it where a newcomer would look, then run: python docs/generate.py"


def test_the_quick_start_is_two_lines() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    start = text[text.index("## Quick start") :]
    first = FENCE.search(start)
    assert first is not None
    job, tests = first["body"].splitlines()
    assert job.endswith("caap demo")
    assert "pytest" in tests
