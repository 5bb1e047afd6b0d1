"""Ships: engines, boilers, gas and other fuels, capture, low loads."""

from factors.recipes.ships.recipe import DEFAULTS as DEFAULTS
from factors.recipes.ships.recipe import KEYS as KEYS
from factors.recipes.ships.recipe import coverage as coverage
from factors.recipes.ships.recipe import describe as describe
from factors.recipes.ships.recipe import resolve as resolve
