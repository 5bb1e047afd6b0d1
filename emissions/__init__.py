"""What work was done, and its mass: pure functions on arrays, a module per source category.

Knows nothing of ports, years and files.
"""

import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors; at run time a name is loaded on first use
    from emissions.curves import life as life
    from emissions.curves import load_fuel_rate as load_fuel_rate
    from emissions.curves import low_load_adjustment as low_load_adjustment
    from emissions.engines import engine_work as engine_work
    from emissions.engines import maximum_speed as maximum_speed
    from emissions.engines import propulsion_load as propulsion_load
    from emissions.engines import tier_at_load as tier_at_load
    from emissions.engines import tier_of_keel as tier_of_keel
    from emissions.equipment import life_used as life_used
    from emissions.mass import cell_mass as cell_mass
    from emissions.mass import row_mass as row_mass
    from emissions.ship_power import Hull as Hull
    from emissions.ship_power import ghg4_load as ghg4_load
    from emissions.ship_power import holtrop_mennen_load as holtrop_mennen_load
    from emissions.ship_power import kristensen_load as kristensen_load
    from emissions.ship_power import operating_mode as operating_mode
    from emissions.trucks import running_distance as running_distance
    from emissions.trucks import speed_bin as speed_bin
    from emissions.trucks import vehicle_days as vehicle_days

_HOMES = {
    "engines": ["engine_work", "propulsion_load", "maximum_speed", "tier_of_keel", "tier_at_load"],
    "ship_power": ["Hull", "holtrop_mennen_load", "kristensen_load", "ghg4_load", "operating_mode"],
    "curves": ["low_load_adjustment", "load_fuel_rate", "life"],
    "trucks": ["running_distance", "vehicle_days", "speed_bin"],
    "equipment": ["life_used"],
    "mass": ["row_mass", "cell_mass"],
}
__all__ = [name for names in _HOMES.values() for name in names]

_home = Path(__file__).parents[1]
_together = runpy.run_path(str(_home / "factors" / "_together.py"))
_together["stand_together"](_home)
__getattr__ = _together["on_first_use"](__name__, _HOMES)
