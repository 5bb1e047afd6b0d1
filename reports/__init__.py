"""What people look at: tables, figures, pages and the command `caap`."""

import runpy
from pathlib import Path

_home = Path(__file__).parents[1]
runpy.run_path(str(_home / "factors" / "_together.py"))["stand_together"](_home)
