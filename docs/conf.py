"""Sphinx settings: `pip install -e ".[docs]" && sphinx-build docs docs/_build`."""

project = "caap-inventory"
author = "caap-inventory developers"
copyright = "2026, caap-inventory developers"
extensions = ["myst_parser"]
myst_heading_anchors = 3
html_theme = "furo"
exclude_patterns = ["_build", "changes"]  # changes that are not released yet go to CHANGELOG.md
