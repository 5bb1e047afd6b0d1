"""The changelog: fragments that a release can gather, and an entry for the version that is built."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def project(repository: Path) -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


def draft(folder: Path) -> subprocess.CompletedProcess[str]:
    """What a release would write, from the fragments of a checkout."""
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "next", "--dir"]
    return subprocess.run(
        [*command, str(folder)], capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_a_release_can_gather_every_change(repository: Path) -> None:
    done = draft(repository)
    assert done.returncode == 0, f"docs/changes/README.md says how a fragment is named\n{done.stderr}"


def test_a_change_of_an_unknown_type_is_refused_and_not_passed_over(tmp_path: Path, repository: Path) -> None:
    folder = tmp_path / "docs" / "changes"
    folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_bytes((repository / "pyproject.toml").read_bytes())
    (folder / "README.md").touch()
    (folder / "+nox-of-tugs.factors.md").write_text("NOx of tugs is 3 kg (2 kg).\n", encoding="utf-8")
    gathered = draft(tmp_path)
    assert "### Factors and methods\n\n- NOx of tugs is 3 kg (2 kg).\n" in gathered.stdout
    (folder / "+nox-of-tugs.numbers.md").write_text("NOx of tugs is 3 kg (2 kg).\n", encoding="utf-8")
    refused = draft(tmp_path)
    assert refused.returncode != 0
    assert "+nox-of-tugs.numbers.md" in refused.stderr


def test_the_guide_explains_every_type_of_change(repository: Path, project: dict[str, Any]) -> None:
    guide = (repository / "docs" / "changes" / "README.md").read_text(encoding="utf-8")
    explained = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", guide, re.MULTILINE))
    types = project["tool"]["towncrier"]["fragment"]
    assert explained == {slug: entry["name"] for slug, entry in types.items()}


def test_the_newest_version_of_the_changelog_is_the_one_that_is_built(
    repository: Path, project: dict[str, Any]
) -> None:
    text = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", text, re.MULTILINE)
    assert released[0][0] == project["project"]["version"]
    dates = [date for _, date in released]
    assert dates == sorted(dates, reverse=True)


def test_the_citation_is_of_the_newest_release(repository: Path) -> None:
    changelog = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    citation = (repository / "CITATION.cff").read_text(encoding="utf-8")
    version, date = re.findall(r"^## (\S+) \((\S+)\)$", changelog, re.MULTILINE)[0]
    assert re.findall(r"^version: (.+)$", citation, re.MULTILINE) == [version]
    assert re.findall(r'^date-released: "(.+)"$', citation, re.MULTILINE) == [date]
