"""Futures: measures, adoption and projection of an inventory."""

from inventories.scenarios.outlook import Outlook
from inventories.scenarios.projection import Projector, project
from inventories.scenarios.scenario import Scenario, ScenarioError, list_scenarios

__all__ = ["Outlook", "Projector", "Scenario", "ScenarioError", "list_scenarios", "project"]
