"""Activity: the records that a port brings, read from its files, checked, and made whole."""

from inventories.activity.columns import Column, Table
from inventories.activity.problems import ActivityError, Problem
from inventories.activity.read import Activity, check_activity, load_activity
from inventories.activity.tables import TABLES
from inventories.activity.types import equipment_types, vessel_types

__all__ = [
    "TABLES",
    "Activity",
    "ActivityError",
    "Column",
    "Problem",
    "Table",
    "check_activity",
    "equipment_types",
    "load_activity",
    "vessel_types",
]
