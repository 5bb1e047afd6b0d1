"""A port's year: reading activity, filling gaps, choosing factors, and the result that explains itself."""

import runpy
from pathlib import Path

_home = Path(__file__).parents[1]
runpy.run_path(str(_home / "factors" / "_together.py"))["stand_together"](_home)
