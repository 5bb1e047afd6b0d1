"""What a unit of work emits, and who says so: units, factor tables, editions, methods.

Knows nothing of who uses it.
"""

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors; at run time a name is loaded on first use
    from factors.method import Method as Method
    from factors.method import MethodError as MethodError
    from factors.method import list_methods as list_methods
    from factors.method import load_method as load_method
    from factors.sources import Edition as Edition
    from factors.sources import list_editions as list_editions
    from factors.sources import load_edition as load_edition
    from factors.sources import row_counts as row_counts
    from factors.tables import FactorMissing as FactorMissing
    from factors.tables import FactorTable as FactorTable
    from factors.tables import load_table as load_table
    from factors.units import UnitError as UnitError
    from factors.units import parse_unit as parse_unit
    from factors.units import quantity as quantity
    from factors.units import registry as registry

_HOMES = {
    "units": ["registry", "quantity", "parse_unit", "UnitError"],
    "sources": ["Edition", "load_edition", "list_editions", "row_counts"],
    "tables": ["FactorTable", "load_table", "FactorMissing"],
    "method": ["Method", "load_method", "list_methods", "MethodError"],
}
__all__ = [name for names in _HOMES.values() for name in names]

_home = Path(__file__).parents[1]
_together = runpy.run_path(str(_home / "factors" / "_together.py"))
_together["stand_together"](_home)
__getattr__ = _together["on_first_use"](__name__, _HOMES)
