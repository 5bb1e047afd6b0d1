"""What work was done and its mass: one module of pure functions per source category."""

import runpy
from pathlib import Path

_home = Path(__file__).parents[1]
runpy.run_path(str(_home / "factors" / "_together.py"))["stand_together"](_home)
