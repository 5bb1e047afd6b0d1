"""Sphinx settings: `pip install -e ".[docs]" && sphinx-build docs docs/_build`."""

project = "caap-inventory"
author = "caap-inventory developers"
copyright = "2026, caap-inventory developers"
extensions = ["myst_parser"]
myst_heading_anchors = 3
html_theme = "furo"
# Changes that are not released yet go to CHANGELOG.md, and the release is for those who make it.
exclude_patterns = ["_build", "changes", "RELEASE.md", "SECURITY.md"]
