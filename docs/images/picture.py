"""Make the picture of the README from a report: python docs/images/picture.py REPORT.html PICTURE.png.

Needs playwright and Debian's chromium. Shows the title, the summary table, the first figure and the map.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ONLY = """
nav, .controls, #summary .footer, #summary ul, #wake, #checks, #activity, #explain, #inputs, figcaption, h2,
figure:has(#figure-view) { display: none !important; }
body { padding: 1rem 1.5rem 0.5rem; } figure { margin: 0.5rem 0 0; }
"""
FLAGS = (
    "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update"
)

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium", args=[f"--{flag}" for flag in FLAGS.split()]
    )
    page = browser.new_page(viewport={"width": 1560, "height": 900})
    page.goto(Path(sys.argv[1]).resolve().as_uri())
    page.wait_for_selector("#figure-map .main-svg")
    page.add_style_tag(content=ONLY)
    page.screenshot(path=sys.argv[2], full_page=True)
    browser.close()
