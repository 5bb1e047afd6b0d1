"""Electricity at the meter: rates of the grid by kind, region, year and hour."""

from factors.recipes.electricity.recipe import DEFAULTS as DEFAULTS
from factors.recipes.electricity.recipe import KEYS as KEYS
from factors.recipes.electricity.recipe import coverage as coverage
from factors.recipes.electricity.recipe import describe as describe
from factors.recipes.electricity.recipe import resolve as resolve
