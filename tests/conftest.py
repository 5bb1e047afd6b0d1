"""What all tests share: where real data and golden vectors are, and a browser where there is one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

REPOSITORY = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")

# Shared machines are slow at times; a property is about the answer, not about the clock. At home each run
# tries new examples; before a change is taken (CI) the same ones, so that a failure is its own fault.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout itself."""
    return REPOSITORY


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real and synthetic data sets (CAAP_DATA), or a skip that says so."""
    folder = os.environ.get("CAAP_DATA")
    if not folder:
        pytest.skip("real data: set CAAP_DATA to the folder that holds it")
    path = Path(folder)
    assert path.is_dir(), f"CAAP_DATA names {folder}, which is no folder"
    return path


@pytest.fixture(scope="session")
def golden() -> Path:
    """Folder of golden vectors: CAAP_GOLDEN, or tests/golden."""
    return Path(os.environ.get("CAAP_GOLDEN") or REPOSITORY / "tests" / "golden")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium without a window and with no wish to phone home, or a skip that says so."""
    if not CHROMIUM.exists():
        pytest.skip(f"pages are opened in {CHROMIUM}, which is not installed")
    from playwright.sync_api import sync_playwright

    flags = "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking"
    flags += " disable-component-update disable-sync"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=[f"--{flag}" for flag in flags.split()],
        )
        yield browser
        browser.close()
