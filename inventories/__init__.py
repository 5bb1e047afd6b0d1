"""A port's year: reading activity, filling gaps, choosing factors, and a result that explains itself.

Knows nothing of how it is printed.
"""

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors; at run time a name is loaded on first use
    from inventories.geography import GeographyError as GeographyError
    from inventories.geography import rings as rings
    from inventories.geography import route_distances as route_distances

_HOMES = {
    "geography": ["route_distances", "rings", "GeographyError"],
}
__all__ = [name for names in _HOMES.values() for name in names]

_home = Path(__file__).parents[1]
_together = runpy.run_path(str(_home / "factors" / "_together.py"))
_together["stand_together"](_home)
__getattr__ = _together["on_first_use"](__name__, _HOMES)
