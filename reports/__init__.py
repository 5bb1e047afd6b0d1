"""What people look at: tables, figures, maps, pages and the command `caap`.

Knows nothing of how a number was computed.
"""

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors; at run time a name is loaded on first use
    from reports.figures import by_source as by_source
    from reports.figures import by_view as by_view
    from reports.html import page as page
    from reports.maps import port_map as port_map
    from reports.tables import Summary as Summary
    from reports.tables import activity_table as activity_table
    from reports.tables import summarize as summarize

_HOMES = {
    "tables": ["Summary", "summarize", "activity_table"],
    "figures": ["by_source", "by_view"],
    "maps": ["port_map"],
    "html": ["page"],
}
__all__ = [name for names in _HOMES.values() for name in names]

_home = Path(__file__).parents[1]
_together = runpy.run_path(str(_home / "factors" / "_together.py"))
_together["stand_together"](_home)
__getattr__ = _together["on_first_use"](__name__, _HOMES)
