from .answers.goals import seek as seek
from .plan.scenario import Scenario as Scenario
from .plan.scenario import ScenarioError as ScenarioError
from .plan.scenario import list_scenarios as list_scenarios
from .projection.outlook import Outlook as Outlook
from .projection.projector import Projector as Projector
from .projection.projector import project as project
