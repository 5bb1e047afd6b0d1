"""Versions that a year was built with."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version


def toolkit_version() -> str:
    """Return the version of this toolkit."""
    try:
        return version("caap-inventory")
    except PackageNotFoundError:  # running from a checkout that is not installed
        return "unknown"


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide numbers and bytes."""
    found = {name: version(name) for name in ("numpy", "pandas", "pint", "pyarrow")}
    return {"python": platform.python_version(), **found}
