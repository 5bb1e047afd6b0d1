"""A port's year: reading activity, filling gaps, choosing factors, and a result that explains itself.

Knows nothing of how it is printed.
"""

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors; at run time a name is loaded on first use
    from inventories.activity import Activity as Activity
    from inventories.activity import ActivityError as ActivityError
    from inventories.activity import check_activity as check_activity
    from inventories.activity import load_activity as load_activity
    from inventories.examples import copy_example as copy_example
    from inventories.examples import list_examples as list_examples
    from inventories.geography import GeographyError as GeographyError
    from inventories.geography import rings as rings
    from inventories.geography import route_distances as route_distances
    from inventories.inventory import Inventory as Inventory
    from inventories.methods import NotComparable as NotComparable
    from inventories.methods import check_comparable as check_comparable
    from inventories.methods import side_by_side as side_by_side
    from inventories.port import Port as Port
    from inventories.port import PortError as PortError
    from inventories.scenarios.comparison import Comparison as Comparison
    from inventories.scenarios.comparison import compare as compare
    from inventories.scenarios.outlook import Outlook as Outlook
    from inventories.scenarios.projection import project as project
    from inventories.scenarios.scenario import Scenario as Scenario
    from inventories.scenarios.scenario import ScenarioError as ScenarioError

_HOMES = {
    "inventory": ["Inventory"],
    "port": ["Port", "PortError"],
    "activity": ["Activity", "ActivityError", "check_activity", "load_activity"],
    "methods": ["side_by_side", "check_comparable", "NotComparable"],
    "scenarios.scenario": ["Scenario", "ScenarioError"],
    "scenarios.projection": ["project"],
    "scenarios.outlook": ["Outlook"],
    "scenarios.comparison": ["Comparison", "compare"],
    "geography": ["GeographyError", "rings", "route_distances"],
    "examples": ["list_examples", "copy_example"],
}
__all__ = [name for names in _HOMES.values() for name in names]

_home = Path(__file__).parents[1]
_together = runpy.run_path(str(_home / "factors" / "_together.py"))
_together["stand_together"](_home)
__getattr__ = _together["on_first_use"](__name__, _HOMES)
