"""What people look at: tables, figures, maps, pages and the command `caap`.

Knows nothing of how a number was computed.
"""

import runpy
from pathlib import Path

_HOMES: dict[str, list[str]] = {}
__all__ = [name for names in _HOMES.values() for name in names]

_home = Path(__file__).parents[1]
_together = runpy.run_path(str(_home / "factors" / "_together.py"))
_together["stand_together"](_home)
__getattr__ = _together["on_first_use"](__name__, _HOMES)
